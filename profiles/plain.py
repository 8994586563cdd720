"""The short way from bytes to a document: its declaration as regular expressions.

Most documents are *plain*: UTF-8, the namespace as the default one, the declared elements and nothing else, and no
value that a finding is about. Rules
1. Every character is matched by an expression that is derived from the edition. What matches is therefore well-formed,
   and is the document that the tree reader (`profiles.reader`) would have read.
2. What does not match is not judged here. References, comments, prefixes, carriage returns, other attributes, wrong
   values, an unknown namespace: the tree reader reads those, or says what is wrong with them.

It takes a third of the time of parsing a tree and reading that: no object is made for an element, and what repeats
(codes, numbers, identifiers, whole intervals) is converted once and looked up by its text afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from profiles import codes
from profiles.edition import Edition, Field
from profiles.hardening import Opening
from profiles.lexical import XML_SPACE, NotLexical, Simple

_VALUES, _LONGEST_KEPT = 8192, 200
"""How many converted values are kept per element, and how long the text of one may be."""

_FORMS = 32
"""Expressions kept for the simple elements of one class; to compile one takes a thousand times as long as to use it."""

_LONGEST_TEXT = 10_000
"""A longer text, or blank, is left to the tree reader, whose parser has a bound of its own."""

_SPACE = f"[ \t\n]{{0,{_LONGEST_TEXT}}}"
_CONTROL = "\x00-\x08\x0b-\x1f\ufffe\uffff"
_CHARACTER = f"[^<>&{_CONTROL}]"
_MARK = f'[^"<>&\t\n{_CONTROL}]{{0,{_LONGEST_KEPT}}}'

_ROOT = re.compile(
    rf"""{_SPACE}<([A-Za-z_]+)[ ]xmlns="({_MARK})"(?:"""
    rf"""[ \n]+xmlns:xsi="http://www\.w3\.org/2001/XMLSchema-instance"[ \n]+xsi:schemaLocation="{_MARK}")?>{_SPACE}"""
)


class _NotPlain(Exception):
    """Something that the tree reader has to judge."""


Read = Callable[[str, int], tuple[Any, int]]
"""Takes a text and a place in it; returns the record that begins there, and the place after it."""

Step = Callable[[str, int, dict[str, Any]], int]
"""Takes a text and a place in it; puts what stands there into the values of a record, returns the place after it."""


def read_plain(
    data: bytes, opening: Opening, editions: Mapping[str, Edition], overlay: str | None
) -> tuple[Any, Edition] | None:
    """Return the document in *data* and its edition, one of *editions* by namespace; None where it is not plain."""
    if opening.encoding != "UTF-8":
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    root = _ROOT.match(text, opening.prolog)
    edition = None if root is None else editions.get(root[2])
    if root is None or edition is None or edition.root != root[1]:
        return None
    try:
        document, end = _reader(edition, edition.lists or overlay)(text, root.end())
    except _NotPlain:
        return None
    return (document, edition) if end == len(text) else None


# -------------------------------------------------------------------------------------------------------- simple values
class _Known(dict[str, Any]):
    """Values by the text they stand for; one that is not known is converted, which raises `_NotPlain`."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, text: str) -> Any:  # noqa: ANN401 - of whichever type
        value = self._convert(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _VALUES:
                self.clear()
            self[text] = value
        return value


class _Leaf(NamedTuple):
    """An element whose content is one group of an expression: *opening*, content, *closing*.

    ``tag`` is escaped. ``known`` has the values of contents; None where the content is the value.
    """

    name: str
    tag: str
    opening: str
    content: str
    closing: str
    known: _Known | None
    required: bool

    def expression(self, *, sure: bool, group: str = "(") -> str:
        """Return the expression; where the element is not *sure* to stand there, its content is None then."""
        whole = f"{self.opening}{group}{self.content}){self.closing}"
        return whole if sure or self.required else f"(?:{whole})?"

    def value(self, content: str) -> Any:  # noqa: ANN401 - of whichever type
        """Return what *content* stands for. Raises `_NotPlain`."""
        return content if self.known is None else self.known[content]


def _simple(entry: Field, kind: Simple[Any], overlay: str | None) -> _Leaf:
    """Return the leaf of a simple element; the attribute beside it is part of its text, up to the ">"."""
    tag, attribute, longest = re.escape(entry.tag), kind.attribute, kind.longest or _LONGEST_TEXT
    closing, required = f"</{tag}>{_SPACE}", bool(entry.least)
    if kind.varied:
        return _Leaf(entry.name, tag, f"<{tag}>", f"{_CHARACTER}{{0,{longest}}}", closing, None, required)
    mark = "" if attribute is None else f'(?: {attribute.name}="{_MARK}"){"" if attribute.required else "?"}'
    content = f"{mark}>{_CHARACTER}{{0,{_LONGEST_TEXT}}}"
    return _Leaf(entry.name, tag, f"<{tag}", content, closing, _Known(_conversion(kind, overlay)), required)


def _conversion(kind: Simple[Any], overlay: str | None) -> Callable[[str], Any]:
    """Return what turns the text of a simple element, with its attribute, into a value without finding."""
    allowed = None if kind.codes is None else codes.lookup(kind.codes, overlay).values
    attribute, marks = kind.attribute, frozenset[str]()
    if attribute is not None:
        marks = frozenset({attribute.fixed}) if attribute.fixed else codes.lookup(attribute.codes, overlay).values

    def convert(raw: str) -> Any:  # noqa: ANN401 - of whichever type
        quoted, _, text = raw.partition(">")
        try:
            value = kind.read(text.strip(XML_SPACE) if kind.collapse else text)
        except NotLexical as error:
            raise _NotPlain from error
        if attribute is not None:
            mark = quoted.partition("=")[2][1:-1].strip(XML_SPACE)
            value = attribute.put(value, mark)
            if quoted and mark not in marks:
                raise _NotPlain
        if (allowed is not None and value not in allowed) or kind.facet(value) is not None:
            raise _NotPlain
        return value

    return convert


# --------------------------------------------------------------------------------------------------------------- leaves
class _Form(NamedTuple):
    """An expression for some leaves, and what its groups are."""

    match: Callable[[str, int], re.Match[str] | None]
    leaves: tuple[_Leaf, ...]
    names: tuple[str, ...]
    known: tuple[_Known | None, ...]


@dataclass(slots=True)
class _Leaves:
    """Leaves that follow each other, with what stands before and after them.

    Most records have the same optional elements as the one before. An expression without question marks is twice as
    fast, so that of the record before is tried first.
    """

    leaves: tuple[_Leaf, ...]
    before: str = ""
    after: str = ""
    forms: dict[tuple[str, ...], _Form] = field(default_factory=dict)
    whole: _Form = field(init=False)
    latest: _Form = field(init=False)

    def __post_init__(self) -> None:
        self.latest = self.whole = self._form(self.leaves, sure=False)

    def read(self, text: str, at: int, values: dict[str, Any]) -> int:
        """Put the leaves that stand at a place into *values* and return the place after them. Raises `_NotPlain`."""
        form = self.latest
        found = form.match(text, at)
        if found is None or form is self.whole:
            return self._search(text, at, values)
        for name, known, content in zip(form.names, form.known, found.groups()):  # noqa: B905 - of one length, and hot
            values[name] = content if known is None else known[content]
        return found.end()

    def _search(self, text: str, at: int, values: dict[str, Any]) -> int:
        """Read leaves of any form, and the next ones by the form of these."""
        found = self.whole.match(text, at)
        if found is None:
            raise _NotPlain
        contents = zip(self.leaves, found.groups(), strict=True)
        present = [(leaf, content) for leaf, content in contents if content is not None]
        values.update((leaf.name, leaf.value(content)) for leaf, content in present)
        names = tuple(leaf.name for leaf, _ in present)
        if names not in self.forms and len(self.forms) < _FORMS:
            self.forms[names] = self._form(tuple(leaf for leaf, _ in present), sure=True)
        self.latest = self.forms.get(names, self.whole)
        return found.end()

    def _form(self, leaves: tuple[_Leaf, ...], *, sure: bool) -> _Form:
        body = "".join(leaf.expression(sure=sure) for leaf in leaves)
        # Where the form ends early, none of the leaves that it lacks may follow: they belong here. A blank may not
        # either, or the expression would give blanks back to get past this.
        missing = self.leaves[self.leaves.index(leaves[-1]) + 1 :] if leaves else self.leaves
        guard = f"(?![ \t\n]|{'|'.join(f'<{leaf.tag}[ >]' for leaf in missing)})" if sure and missing else ""
        match = re.compile(self.before + body + guard + self.after).match
        return _Form(match, leaves, tuple(leaf.name for leaf in leaves), tuple(leaf.known for leaf in leaves))


# -------------------------------------------------------------------------------------------------------------- records
@lru_cache(maxsize=256)
def _reader(edition: Edition, overlay: str | None) -> Read:
    """Return the reader of what stands in the root element, to its end tag; each class below has one."""
    return _Compiler(edition, overlay).record(edition.document, edition.root, "")


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Makes the readers of the classes of one edition; ``records`` has those that are made, by tag and class."""

    edition: Edition
    overlay: str | None
    records: dict[tuple[str, type[Any]], Read] = field(default_factory=dict)

    def record(self, cls: type[Any], tag: str, before: str) -> Read:
        """Return the reader of a class of elements, from what stands *before* its children to its end tag."""
        end = f"</{re.escape(tag)}>{_SPACE}"
        steps: list[tuple[Step, int]] = []
        together: list[_Leaf] = []
        for entry in self.edition.fields(cls):
            leaf = self._leaf(entry)
            if leaf is not None:
                together.append(leaf)
                continue
            if together or before:
                steps.append((_Leaves(tuple(together), before).read, sum(one.required for one in together)))
            before, together = "", []
            steps.append((self._run(entry), entry.least))
        if not steps:
            return _flat(cls, _Leaves(tuple(together), before, end))
        if together:
            steps.append((_Leaves(tuple(together)).read, sum(one.required for one in together)))
        return _deep(cls, steps, re.compile(end).match)

    def _leaf(self, entry: Field) -> _Leaf | None:
        """Return *entry* as a leaf, None where it may repeat, or where its children do or hardly ever repeat a text."""
        if entry.many:
            return None
        if isinstance(entry.kind, Simple):
            return _simple(entry, entry.kind, self.overlay)
        below = [self._leaf(inner) for inner in self.edition.fields(entry.kind)]
        leaves = tuple(leaf for leaf in below if leaf is not None and leaf.known is not None)
        return None if len(leaves) < len(below) else _compound(entry, entry.kind, leaves)

    def _run(self, entry: Field) -> Step:
        """Return the reader of an element that may repeat, or whose children may."""
        if isinstance(entry.kind, Simple):
            return _values(entry, _simple(entry, entry.kind, self.overlay))
        key = entry.tag, entry.kind
        if key not in self.records:
            self.records[key] = self.record(entry.kind, entry.tag, f"<{re.escape(entry.tag)}>{_SPACE}")
        return _records(entry, self.records[key])


def _flat(cls: type[Any], leaves: _Leaves) -> Read:
    """Return the reader of a class that has leaves only."""
    create, assign = object.__new__, object.__setattr__

    def read(text: str, at: int) -> tuple[Any, int]:
        values: dict[str, Any] = {}
        at = leaves.read(text, at, values)
        # As in the tree reader: all fields of a frozen dataclass at once; what is absent is its default.
        made = create(cls)
        assign(made, "__dict__", values)
        return made, at

    return read


def _deep(cls: type[Any], steps: list[tuple[Step, int]], end: Callable[[str, int], re.Match[str] | None]) -> Read:
    """Return the reader of any other class: its steps, each with the least number of elements that it reads.

    The end may come as soon as nothing more is required. It mostly does after the first element that repeats, so it is
    looked for before each further step.
    """
    create, assign = object.__new__, object.__setattr__
    needed = [any(least for _, least in steps[number:]) for number in range(1, len(steps) + 1)]
    plan = tuple((step, more) for (step, _), more in zip(steps, needed, strict=True))

    def read(text: str, at: int) -> tuple[Any, int]:
        values: dict[str, Any] = {}
        for step, more in plan:
            at = step(text, at, values)
            ending = None if more else end(text, at)
            if ending is not None:
                made = create(cls)
                assign(made, "__dict__", values)
                return made, ending.end()
        raise _NotPlain

    return read


def _compound(entry: Field, cls: type[Any], leaves: tuple[_Leaf, ...]) -> _Leaf:
    """Return a compound element of leaves as one leaf: equal texts are the same record."""
    inside = _flat(cls, _Leaves(leaves, after=r"\Z"))
    tag = re.escape(entry.tag)
    content = "".join(leaf.expression(sure=False, group="(?:") for leaf in leaves)

    def convert(text: str) -> Any:  # noqa: ANN401 - an instance of cls
        return inside(text, 0)[0]

    return _Leaf(entry.name, tag, f"<{tag}>{_SPACE}", content, f"</{tag}>{_SPACE}", _Known(convert), bool(entry.least))


def _records(entry: Field, read: Read) -> Step:
    """Return the reader of all records of one element."""
    name, opening, least, most = entry.name, f"<{entry.tag}>", entry.least, entry.most

    def collect(text: str, at: int, values: dict[str, Any]) -> int:
        found = []
        while text.startswith(opening, at):
            made, at = read(text, at)
            found.append(made)
        if not least <= len(found) <= (len(found) if most is None else most) or (len(found) > 1 and not entry.many):
            raise _NotPlain
        if found:
            values[name] = tuple(found) if entry.many else found[0]
        return at

    return collect


def _values(entry: Field, leaf: _Leaf) -> Step:
    """Return the reader of all values of a simple element that may repeat."""
    name, least, most = entry.name, entry.least, entry.most
    match = re.compile(leaf.expression(sure=True)).match

    def collect(text: str, at: int, values: dict[str, Any]) -> int:
        found = []
        while (one := match(text, at)) is not None:
            found.append(leaf.value(one[1]))
            at = one.end()
        if not least <= len(found) <= (len(found) if most is None else most):
            raise _NotPlain
        if found:
            values[name] = tuple(found)
        return at

    return collect
