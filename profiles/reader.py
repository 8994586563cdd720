"""A tree of elements to a document, derived from the declaration.

Rules (GEN-004 structure, form and facets; GEN-005 codes)
1. Elements stand in the declared order, as often as declared, and nothing else stands there: no other element or
   attribute, no text between elements. A breach makes the document unreadable, as does a value that has not the form
   of its type: `Malformed`.
2. A value that breaks a facet or lies outside its code list is kept and reported: `Finding`.

How it is fast: the tags of a record's children are its *shape*. Order and number are checked once per shape, which
yields a plan; records of that shape are then read by the plan. Values that repeat are converted once. What a plan does
not look at (attributes, text between elements, children of simple elements) is counted by the XML library and compared
with what was read; only where the counts differ is the tree searched for the culprit (`profiles.stray`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from lxml import etree

from gateway.errors import Malformed
from gateway.report import Finding, Level, Severity
from profiles import codes
from profiles.edition import Edition, Field
from profiles.lexical import XML_SPACE, Coded, NotLexical, Simple
from profiles.stray import SCHEMA_LOCATION, refuse_stray
from profiles.where import path_of
from profiles.wire import Kind

_SHAPES = 1024
"""Shapes kept per class; a document of ever new ones is read all the same, only slower."""
_LONGEST_SHAPE = 128
_VALUES = 8192
"""Converted values kept per type."""

_CODES = {"BusinessTypeList": "A62", "ProcessTypeList": "A79", "CurrencyTypeList": "A61", "RoleTypeList": "A78"}
"""Reason code for a value outside a code list; 999 for the other lists."""

_count_elements = etree.XPath("count(//*)")
_count_attributes = etree.XPath("count(//@*)")
_count_texts = etree.XPath("count(//text())")


@dataclass(slots=True)
class _Notes:
    """What was seen while one document was read."""

    edition: Edition
    elements: int = 1
    leaves: int = 0
    empty: int = 0
    schemes: int = 0
    findings: list[Finding] = field(default_factory=list)

    def report(self, rule: str, code: str, path: str, expected: str, found: str) -> None:
        """Add a finding that refuses the document."""
        what = Finding(
            rule=rule,
            severity=Severity.REJECT,
            level=Level.DOCUMENT,
            code=code,
            path=path,
            expected=expected,
            found=_short(found),
        )
        self.findings.append(what)


_Convert = Callable[[Any, _Notes], Any]


@dataclass(frozen=True, slots=True)
class _Column:
    """The reader of one field: ``convert`` takes any node, ``known`` has the values of texts that were met before."""

    convert: _Convert
    known: dict[str | None, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to read the children of one shape: attribute, reader and place of each field.

    The values of ``repeated`` are looked up by their text; ``converted`` and ``runs`` (fields that may repeat, with
    first and last place) need their node. ``singles`` are ``repeated`` and ``converted`` together.
    """

    repeated: tuple[tuple[str, dict[str | None, Any], int], ...]
    converted: tuple[tuple[str, _Convert, int], ...]
    runs: tuple[tuple[str, _Convert, int, int], ...]
    singles: tuple[tuple[str, _Convert, int], ...]
    leaves: int
    schemes: int


def read_tree(root: etree._Element, edition: Edition, overlay: str | None) -> tuple[Any, tuple[Finding, ...]]:
    """Return the document under *root* and its findings. Raises `Malformed`."""
    notes = _Notes(edition)
    document = _document(edition, overlay).convert(root, notes)
    seen = (_count_elements(root), _count_attributes(root), _count_texts(root))
    attributes = notes.schemes + (SCHEMA_LOCATION in root.attrib)
    if seen != (notes.elements, attributes, notes.leaves - notes.empty):
        refuse_stray(root, edition)
    return document, tuple(notes.findings)


# -------------------------------------------------------------------------------------------------------------- records
@lru_cache(maxsize=256)
def _document(edition: Edition, overlay: str | None) -> _Column:
    """Return the reader of whole documents of *edition*; each class below has one reader."""
    records: dict[Any, _Column] = {}

    def column(kind: Kind) -> _Column:
        if isinstance(kind, Simple):
            return _simple(kind, overlay)
        if kind not in records:
            fields = edition.fields(kind)
            records[kind] = _record(edition, kind, fields, tuple(column(entry.kind) for entry in fields))
        return records[kind]

    return column(edition.document)


def _record(edition: Edition, cls: Any, fields: tuple[Field, ...], columns: tuple[_Column, ...]) -> _Column:  # noqa: ANN401 - a class of elements
    """Return the reader of the records of one class."""
    plans: dict[tuple[Any, ...], _Plan] = {}
    create, assign = object.__new__, object.__setattr__

    def learn(node: etree._Element, shape: tuple[Any, ...]) -> _Plan:
        plan = _plan(node, shape, fields, columns, edition)
        if len(plans) < _SHAPES and len(shape) <= _LONGEST_SHAPE:
            plans[shape] = plan
        return plan

    def read(node: etree._Element, notes: _Notes) -> Any:  # noqa: ANN401 - an instance of cls
        children = node[:]
        shape = tuple([child.tag for child in children])
        plan = plans.get(shape) or learn(node, shape)
        notes.elements += len(children)
        notes.leaves += plan.leaves
        notes.schemes += plan.schemes
        try:
            values = {name: known[children[at].text] for name, known, at in plan.repeated}
        except KeyError:
            values = {name: convert(children[at], notes) for name, convert, at in plan.singles}
        else:
            for name, convert, at in plan.converted:
                values[name] = convert(children[at], notes)
        for name, convert, start, stop in plan.runs:
            values[name] = tuple([convert(child, notes) for child in children[start:stop]])
        # A frozen dataclass sets its fields one by one; all at once is the same and five times as fast.
        # A field that is absent falls back to its default, which is an attribute of the class.
        record = create(cls)
        assign(record, "__dict__", values)
        return record

    return _Column(read)


def _plan(
    node: etree._Element,
    shape: tuple[Any, ...],
    fields: tuple[Field, ...],
    columns: tuple[_Column, ...],
    edition: Edition,
) -> _Plan:
    """Check order and number of *shape* and say how to read it. Raises `Malformed`."""
    singles: list[tuple[str, _Column, int]] = []
    runs, simple, at = [], [], 0
    for entry, column in zip(fields, columns, strict=True):
        start = at
        while at < len(shape) and shape[at] == entry.qname and (entry.many or at == start):
            at += 1
        if at - start < entry.least:
            _refuse_missing(node, shape, at, entry, edition)
        if entry.many and at > start:
            runs.append((entry.name, column.convert, start, at))
        elif at > start:
            singles.append((entry.name, column, start))
        if isinstance(entry.kind, Simple):
            simple += [entry.kind] * (at - start)
    if at < len(shape):
        _refuse_unknown(node, shape, at, fields, edition)
    return _Plan(
        repeated=tuple((name, column.known, place) for name, column, place in singles if column.known is not None),
        converted=tuple((name, column.convert, place) for name, column, place in singles if column.known is None),
        runs=tuple(runs),
        singles=tuple((name, column.convert, place) for name, column, place in singles),
        leaves=len(simple),
        schemes=sum(kind.scheme for kind in simple),
    )


def _refuse_missing(node: etree._Element, shape: tuple[Any, ...], at: int, wanted: Field, edition: Edition) -> NoReturn:
    found = f"<{_local(shape[at])}>" if at < len(shape) else "the end of its parent"
    if wanted.qname in shape:
        raise Malformed(path_of(node[at], edition), f"<{wanted.tag}> before it", found)
    raise Malformed(f"{path_of(node, edition)}/{wanted.tag}", f"<{wanted.tag}>", found, "A69")


def _refuse_unknown(
    node: etree._Element, shape: tuple[Any, ...], at: int, fields: tuple[Field, ...], edition: Edition
) -> NoReturn:
    known = {entry.qname: entry for entry in fields}
    parent = path_of(node, edition).rpartition("/")[2]
    if shape[at] not in known:
        raise Malformed(path_of(node[at], edition), f"an element of {parent}", f"<{_local(shape[at])}>")
    what = "once only" if shape[at] == shape[at - 1] else f"before <{_local(shape[at - 1])}>"
    raise Malformed(path_of(node[at], edition), f"<{_local(shape[at])}> {what}", "it stands here")


def _local(tag: object) -> str:
    return etree.QName(tag).localname if isinstance(tag, str) else "?"


# -------------------------------------------------------------------------------------------------------- simple values
@lru_cache(maxsize=256)
def _simple(kind: Simple[Any], overlay: str | None) -> _Column:
    """Return the reader of the values of one simple type."""
    if kind.scheme:
        return _coded(kind, overlay)
    if kind.varied:
        return _varied(kind)
    return _repeated(kind, None if kind.codes is None else codes.lookup(kind.codes, overlay).values)


def _repeated(kind: Simple[Any], allowed: frozenset[str] | None) -> _Column:
    known: dict[str | None, Any] = {}

    def convert(node: etree._Element, notes: _Notes) -> Any:  # noqa: ANN401 - of whichever type
        text = _text(node, notes)
        if text in known:
            return known[text]
        value = _value(kind, text, node, notes)
        if allowed is not None and value not in allowed:
            reason = _CODES.get(str(kind.codes), "999")
            notes.report("GEN-005", reason, path_of(node, notes.edition), f"a value of {kind.codes}", value)
        elif not _facet_broken(kind, value, node, notes) and text:
            _remember(known, text, value)
        return value

    return _Column(convert, known)


def _varied(kind: Simple[Any]) -> _Column:
    longest = kind.longest or 0

    def convert(node: etree._Element, notes: _Notes) -> str:
        text = node.text or _text(node, notes)
        if len(text) > longest:
            _facet_broken(kind, text, node, notes)
        return text

    return _Column(convert)


def _coded(kind: Simple[Any], overlay: str | None) -> _Column:
    schemes = codes.lookup("CodingSchemeTypeList", overlay).values
    known: dict[tuple[str | None, str | None], Coded] = {}

    def convert(node: etree._Element, notes: _Notes) -> Coded:
        key = node.text, node.get("codingScheme")
        return known.get(key) or learn(key, node, notes)

    def learn(key: tuple[str | None, str | None], node: etree._Element, notes: _Notes) -> Coded:
        text, scheme = _text(node, notes), key[1]
        where = f"{path_of(node, notes.edition)}/@codingScheme"
        if scheme is None:
            raise Malformed(where, "the attribute codingScheme", "none")
        value = Coded(text, scheme.strip(XML_SPACE))
        if value.scheme not in schemes:
            notes.report("GEN-005", "999", where, "a value of CodingSchemeTypeList", scheme)
        elif not _facet_broken(kind, value, node, notes) and text:
            _remember(known, key, value)
        return value

    return _Column(convert)


def _remember(known: dict[Any, Any], key: object, value: object) -> None:
    if len(known) >= _VALUES:
        known.clear()
    known[key] = value


def _text(node: etree._Element, notes: _Notes) -> str:
    if node.text is None:
        notes.empty += 1
    return node.text or ""


def _value(kind: Simple[Any], text: str, node: etree._Element, notes: _Notes) -> Any:  # noqa: ANN401 - of whichever type
    try:
        return kind.read(text.strip(XML_SPACE) if kind.collapse else text)
    except NotLexical as error:
        raise Malformed(path_of(node, notes.edition), str(error), _short(text)) from error


def _facet_broken(kind: Simple[Any], value: object, node: etree._Element, notes: _Notes) -> bool:
    wanted = kind.facet(value)
    if wanted is not None:
        notes.report("GEN-004", "999", path_of(node, notes.edition), wanted, node.text or "")
    return wanted is not None


def _short(text: str) -> str:
    longest = 80
    return repr(text) if len(text) <= longest else f"{text[:longest]!r} and {len(text) - longest} characters more"
