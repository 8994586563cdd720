"""A document to bytes, derived from the declaration.

Rules
1. Elements stand in the order of the edition; absent values are left out.
2. Nothing wrong is written: a value that the edition has no place for, a missing one, one outside its facet or code
   list, a naive instant, a number that is not finite are refused: `Unwritable`, with the path.
3. The bytes are always the same for the same document: UTF-8 with its declaration, two blanks per level, the
   namespace as the default one.

The writer of each class is made once per edition. A line that was written before is looked up and not checked again,
and a path is put together only for a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from gateway.errors import Unwritable
from profiles import codes
from profiles.edition import Edition, Field
from profiles.lexical import Coded, NotLexical, Simple

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_PLAIN = re.compile("[^\t\n\u0020-\u0025\u0027-\u003b\u003d\u003f-\ud7ff]")
"""What has to be escaped, what XML does not allow, and some that are neither."""

_LINES, _LONGEST_KEPT = 8192, 200
"""How many lines are kept per element, and how long one may be."""

_BY_VALUE = frozenset({str, datetime})
"""Types of which equal values are written alike; equal numbers may differ in their zeros."""


def write(document: object, edition: Edition, *, overlay: str | None = None) -> bytes:
    """Return *document* as *edition* has it; ``overlay`` names the market's local codes.

    Raises `Unwritable`.
    """
    if type(document) is not edition.document:
        raise Unwritable(f"/{edition.root}", f"a {edition.document.__name__}", type(document).__name__)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{edition.root} xmlns="{edition.namespace}">']
    try:
        _writer(edition, edition.lists or overlay)(document, lines)
    except _Refusal as refusal:
        path = "".join(["/", edition.root, *reversed(refusal.steps)])
        raise Unwritable(path, refusal.expected, refusal.found) from refusal
    lines.append(f"</{edition.root}>\n")
    return "\n".join(lines).encode("utf-8")


class _Refusal(Exception):
    """What cannot be written; ``steps`` lead from there to the root."""

    def __init__(self, step: str, expected: str, found: str) -> None:
        super().__init__()
        self.steps, self.expected, self.found = [step], expected, found


Line = Callable[[Any], str]
"""Takes a value and returns its line. Raises `_Refusal`."""

Write = Callable[[Any, list[str]], None]
"""Takes a record, or all values of an element, and adds the lines. Raises `_Refusal`."""


# -------------------------------------------------------------------------------------------------------------- records
class _Entry(NamedTuple):
    """How one element is written: as a line where it is a simple one that does not repeat, else in its own way."""

    least: int
    line: Line | None
    write: Write


@lru_cache(maxsize=256)
def _writer(edition: Edition, overlay: str | None) -> Write:
    """Return the writer of what stands in the root element."""
    return _Compiler(edition, overlay).record(edition.document, "  ")


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Makes the writers of the classes of one edition; ``records`` has those that are made, by class and indent."""

    edition: Edition
    overlay: str | None
    records: dict[tuple[type[Any], str], Write] = field(default_factory=dict)

    def record(self, cls: type[Any], indent: str) -> Write:
        """Return the writer of the lines between the tags of a compound element."""
        key = cls, indent
        if key not in self.records:
            self.records[key] = self._record(cls, indent)
        return self.records[key]

    def _record(self, cls: type[Any], indent: str) -> Write:
        fields, absent = self.edition.fields(cls), self.edition.absent(cls)
        entries = tuple(self._entry(entry, indent) for entry in fields)
        values_of, homeless_of = _values([entry.name for entry in fields]), _values([name for name, _ in absent])

        def write_record(record: object, lines: list[str]) -> None:
            for value in homeless_of(record):
                if value is not None and value != ():
                    self._refuse_homeless(record)
            add = lines.append
            for (least, line, put), value in zip(entries, values_of(record)):  # noqa: B905 - see _values
                if line is None:
                    if value or least:
                        put(value, lines)
                elif value is not None:
                    add(line(value))
                elif least:
                    put(value, lines)

        return write_record

    def _entry(self, entry: Field, indent: str) -> _Entry:
        if isinstance(entry.kind, Simple):
            line = _line(entry.tag, entry.kind, self.overlay, indent)
            return _Entry(entry.least, None if entry.many else line, _repeated(self.edition, entry, line))
        inner = self.record(entry.kind, indent + "  ")
        return _Entry(entry.least, None, _compounds(self.edition, entry, inner, indent))

    def _refuse_homeless(self, record: object) -> None:
        """Refuse the first value for which the edition has no element."""
        for name, tag in self.edition.absent(type(record)):
            value = getattr(record, name)
            if value not in (None, ()):
                raise _Refusal(f"/{tag}", f"no such element in {self.edition}", repr(value))


def _values(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return the function that takes the named attributes from a record; the last one may come twice."""
    if not names:
        return lambda _: ()
    return attrgetter(*names, names[-1])  # with two names or more it returns a tuple


def _every(edition: Edition, entry: Field, value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - one value, or a tuple of them
    """Return the values of an element; refuse too few and too many."""
    values: tuple[Any, ...] = value if entry.many else () if value is None else (value,)
    if len(values) < entry.least:
        raise _Refusal(f"/{entry.tag}", f"at least {entry.least} in {edition}", str(len(values)))
    if entry.most is not None and len(values) > entry.most:
        raise _Refusal(f"/{entry.tag}", f"at most {entry.most} in {edition}", str(len(values)))
    return values


def _repeated(edition: Edition, entry: Field, line: Line) -> Write:
    """Return the writer of all values of a simple element."""

    def write_values(value: object, lines: list[str]) -> None:
        for number, one in enumerate(_every(edition, entry, value), 1):
            try:
                lines.append(line(one))
            except _Refusal as refusal:
                # The line named its element, and perhaps an attribute; which of them it is stands in between.
                if entry.many:
                    refusal.steps[-1] = refusal.steps[-1].replace(entry.tag, f"{entry.tag}[{number}]", 1)
                raise

    return write_values


def _compounds(edition: Edition, entry: Field, inner: Write, indent: str) -> Write:
    """Return the writer of all records of an element."""
    kind, opening, closing = entry.kind, f"{indent}<{entry.tag}>", f"{indent}</{entry.tag}>"
    expected = f"a {getattr(kind, '__name__', kind)}"

    def step(number: int) -> str:
        return f"/{entry.tag}[{number}]" if entry.many else f"/{entry.tag}"

    def write_records(value: object, lines: list[str]) -> None:
        add = lines.append
        for number, one in enumerate(_every(edition, entry, value), 1):
            if type(one) is not kind:
                raise _Refusal(step(number), expected, type(one).__name__)
            add(opening)
            try:
                inner(one, lines)
            except _Refusal as refusal:
                refusal.steps.append(step(number))
                raise
            add(closing)

    return write_records


# -------------------------------------------------------------------------------------------------------- simple values
def _line(tag: str, kind: Simple[Any], overlay: str | None, indent: str) -> Line:
    """Return the writer of the line of one simple element."""
    checked = _checked(tag, kind, overlay, indent)
    if kind.varied:
        return _varied(tag, kind, indent, checked)
    known: dict[object, str] = {}

    def line(value: Any) -> str:  # noqa: ANN401 - of whichever type
        if type(value) is Coded:
            key: object = (value.value, value.scheme)
        else:
            # With its type: a text is no number, whatever it reads like.
            key = value if type(value) in _BY_VALUE else (type(value), _text(tag, kind, value))
        found = known.get(key)
        if found is None:
            found = checked(value)
            if len(found) <= _LONGEST_KEPT:
                if len(known) >= _LINES:
                    known.clear()
                known[key] = found
        return found

    return line


def _varied(tag: str, kind: Simple[Any], indent: str, checked: Line) -> Line:
    """Return the writer of a line whose text hardly ever comes again."""
    before, after, longest = f"{indent}<{tag}>", f"</{tag}>", kind.longest or 0

    def line(value: Any) -> str:  # noqa: ANN401 - of whichever type
        if type(value) is str and len(value) <= longest and _NOT_PLAIN.search(value) is None:
            return before + value + after
        return checked(value)

    return line


def _checked(tag: str, kind: Simple[Any], overlay: str | None, indent: str) -> Line:
    """Return the writer of a line whose value has not been seen before."""
    attribute = kind.attribute

    def checked(value: Any) -> str:  # noqa: ANN401 - of whichever type
        text = _escaped(tag, kind, value, overlay)
        mark = attribute.get(value) if attribute else ""
        if attribute is None or not (mark or attribute.required):
            return f"{indent}<{tag}>{text}</{tag}>"
        if attribute.fixed not in {None, mark}:
            raise _Refusal(f"/{tag}/@{attribute.name}", str(attribute.fixed), repr(mark))
        _require_code(f"/{tag}/@{attribute.name}", attribute.codes, mark, overlay)
        return f'{indent}<{tag} {attribute.name}="{mark}">{text}</{tag}>'

    return checked


def _text(tag: str, kind: Simple[Any], value: object) -> str:
    """Return the text of a value."""
    try:
        return kind.write(value)
    except NotLexical as error:
        raise _Refusal(f"/{tag}", str(error), repr(value)) from error
    except (AttributeError, TypeError) as error:
        raise _Refusal(f"/{tag}", f"a value of {kind.name}", repr(value)) from error


def _escaped(tag: str, kind: Simple[Any], value: object, overlay: str | None) -> str:
    """Return the text of a value, checked and escaped."""
    text = _text(tag, kind, value)
    try:
        wanted = kind.facet(value)
        odd = _NOT_PLAIN.search(text) is not None
    except (AttributeError, TypeError) as error:
        raise _Refusal(f"/{tag}", f"a value of {kind.name}", repr(value)) from error
    if wanted is not None or (odd and _NOT_XML.search(text)):
        raise _Refusal(f"/{tag}", wanted or "characters that XML allows", repr(value))
    if kind.codes is not None:
        _require_code(f"/{tag}", kind.codes, text, overlay)
    return text.translate(_ESCAPES) if odd else text


def _require_code(step: str, name: str, value: str, overlay: str | None) -> None:
    if value not in codes.lookup(name, overlay):
        raise _Refusal(step, f"a value of {name}", repr(value))
