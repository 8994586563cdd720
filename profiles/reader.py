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

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from gateway.errors import Malformed
from gateway.report import Finding, Level, Severity
from profiles import codes
from profiles.edition import Edition, Field
from profiles.lexical import XML_SPACE, Attribute, NotLexical, Simple
from profiles.plan import Column, Plans
from profiles.stray import SCHEMA_LOCATION, refuse_stray
from profiles.where import Places, shown
from profiles.wire import Kind, elements

_VALUES, _LONGEST_VALUE = 8192, 64
"""How many converted values are kept per type, and how long the text of one may be."""

_FINDINGS = 1000
"""Findings of one document; what is wrong beyond these is not told one by one."""

_CODES = {"BusinessTypeList": "A62", "ProcessTypeList": "A79", "CurrencyTypeList": "A61", "RoleTypeList": "A78"}
"""Reason code for a value outside a code list; 999 for the other lists."""

_count_elements = etree.XPath("count(//*)")
_count_attributes = etree.XPath("count(//@*)")
_count_texts = etree.XPath("count(//text())")


@dataclass(slots=True)
class Notes:
    """What was seen while one document was read."""

    places: Places
    elements: int = 1
    leaves: int = 0
    empty: int = 0
    schemes: int = 0
    findings: list[Finding] = field(default_factory=list)

    def path(self, node: etree._Element) -> str:
        """Return the path of *node*."""
        return self.places.path(node)

    def room(self, node: etree._Element) -> bool:
        """Whether one more finding is told; where the first is not, say that there are more."""
        if len(self.findings) == _FINDINGS:
            self._overflow(self.path(node))
        return len(self.findings) < _FINDINGS

    def take(self, findings: Iterable[Finding]) -> None:
        """Add *findings* that other notes have, as if they had been made here."""
        for finding in findings:
            if len(self.findings) == _FINDINGS:
                self._overflow(finding.path)
            elif len(self.findings) < _FINDINGS:
                self.findings.append(finding)

    def _overflow(self, path: str) -> None:
        most = f"at most {_FINDINGS} wrong values"
        self.findings.append(_finding("GEN-004", "999", path, most, "more, which are not told"))


def read_tree(root: etree._Element, edition: Edition, overlay: str | None) -> tuple[Any, tuple[Finding, ...]]:
    """Return the document under *root* and its findings. Raises `Malformed`."""
    notes = Notes(Places(edition))
    document = readers(edition, edition.lists or overlay)[edition.document].convert(root, notes)
    seen = (_count_elements(root), _count_attributes(root), _count_texts(root))
    attributes = notes.schemes + (SCHEMA_LOCATION in root.attrib)
    if seen != (notes.elements, attributes, notes.leaves - notes.empty):
        refuse_stray(root, edition)
    return document, tuple(notes.findings)


# -------------------------------------------------------------------------------------------------------------- records
@lru_cache(maxsize=256)
def readers(edition: Edition, overlay: str | None) -> dict[Kind, Column]:
    """Return the reader of each class of elements of *edition*; ``overlay`` as the edition or the market has it."""
    records: dict[Kind, Column] = {}
    for cls in reversed(elements(edition.document)):
        column(edition, cls, overlay, records)
    return records


def column(edition: Edition, kind: Kind, overlay: str | None, records: dict[Kind, Column]) -> Column:
    """Return the reader of one kind of elements; *records* has those of classes, and gets those that it lacks."""
    if isinstance(kind, Simple):
        return _simple(kind, overlay)
    if kind not in records:
        fields = edition.fields(kind)
        below = tuple(column(edition, entry.kind, overlay, records) for entry in fields)
        records[kind] = record_reader(edition, kind, fields, below)
    return records[kind]


def record_reader(edition: Edition, cls: Any, fields: tuple[Field, ...], columns: tuple[Column, ...]) -> Column:  # noqa: ANN401 - a class of elements
    """Return the reader of the records of one class."""
    plans = Plans(edition, fields, columns)
    latest, find = plans.latest, plans.find
    create, assign = object.__new__, object.__setattr__

    def read(node: etree._Element, notes: Notes) -> Any:  # noqa: ANN401 - an instance of cls
        children = node[:]
        shape = tuple([child.tag for child in children])
        plan = latest.get(len(shape))
        if plan is None or plan.shape != shape:
            plan = find(node, shape)
        notes.elements += len(children)
        notes.leaves += plan.leaves
        notes.schemes += plan.schemes
        try:
            values = {name: values_of[children[at].text] for name, values_of, at in plan.repeated}
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

    return Column(read)


# -------------------------------------------------------------------------------------------------------- simple values
@lru_cache(maxsize=256)
def _simple(kind: Simple[Any], overlay: str | None) -> Column:
    """Return the reader of the values of one simple type."""
    if kind.attribute is not None:
        return _marked(kind, kind.attribute, overlay)
    if kind.varied:
        return _varied(kind)
    return _repeated(kind, None if kind.codes is None else codes.lookup(kind.codes, overlay).values)


def _repeated(kind: Simple[Any], allowed: frozenset[str] | None) -> Column:
    known: dict[str | None, Any] = {}

    def convert(node: etree._Element, notes: Notes) -> Any:  # noqa: ANN401 - of whichever type
        text = _text(node, notes)
        if text in known:
            return known[text]
        value = _value(kind, text, node, notes)
        if allowed is not None and value not in allowed:
            if notes.room(node):
                reason, wanted = _CODES.get(str(kind.codes), "999"), f"a value of {kind.codes}"
                notes.findings.append(_finding("GEN-005", reason, notes.path(node), wanted, value))
        elif not _facet_broken(kind, value, node, notes) and 0 < len(text) <= _LONGEST_VALUE:
            _remember(known, text, value)
        return value

    return Column(convert, known)


def _varied(kind: Simple[Any]) -> Column:
    longest = kind.longest or 0

    def convert(node: etree._Element, notes: Notes) -> str:
        text = node.text or _text(node, notes)
        if len(text) > longest:
            _facet_broken(kind, text, node, notes)
        return text

    return Column(convert)


def _marked(kind: Simple[Any], attribute: Attribute[Any], overlay: str | None) -> Column:
    """Return the reader of values with an attribute beside them."""
    allowed = {attribute.fixed} if attribute.fixed else codes.lookup(attribute.codes, overlay).values
    known: dict[tuple[str | None, str | None], Any] = {}
    name, optional = attribute.name, not attribute.required

    def convert(node: etree._Element, notes: Notes) -> Any:  # noqa: ANN401 - of whichever type
        key = node.text, node.get(name)
        if optional and key[1] is not None:
            notes.schemes += 1
        return known.get(key) or learn(key, node, notes)

    def learn(key: tuple[str | None, str | None], node: etree._Element, notes: Notes) -> Any:  # noqa: ANN401 - as above
        text, mark = _text(node, notes), key[1]
        if mark is None and not optional:
            raise Malformed(f"{notes.path(node)}/@{name}", f"the attribute {name}", "none")
        mark = None if mark is None else mark.strip(XML_SPACE)
        value = attribute.put(_value(kind, text, node, notes), mark or "")
        if mark is not None and mark not in allowed:
            if notes.room(node):
                wanted, where = attribute.fixed or f"a value of {attribute.codes}", f"{notes.path(node)}/@{name}"
                notes.findings.append(_finding("GEN-005", "999", where, wanted, mark))
        elif not _facet_broken(kind, value, node, notes) and 0 < len(text) <= _LONGEST_VALUE:
            _remember(known, key, value)
        return value

    return Column(convert)


def _remember(known: dict[Any, Any], key: object, value: object) -> None:
    if len(known) >= _VALUES:
        known.clear()
    known[key] = value


def _text(node: etree._Element, notes: Notes) -> str:
    if node.text is None:
        notes.empty += 1
    return node.text or ""


def _value(kind: Simple[Any], text: str, node: etree._Element, notes: Notes) -> Any:  # noqa: ANN401 - of whichever type
    try:
        return kind.read(text.strip(XML_SPACE) if kind.collapse else text)
    except NotLexical as error:
        raise Malformed(notes.path(node), str(error), shown(text)) from error


def _facet_broken(kind: Simple[Any], value: object, node: etree._Element, notes: Notes) -> bool:
    wanted = kind.facet(value)
    if wanted is not None and notes.room(node):
        notes.findings.append(_finding("GEN-004", "999", notes.path(node), wanted, node.text or ""))
    return wanted is not None


def _finding(rule: str, code: str, path: str, expected: str, found: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.REJECT,
        level=Level.DOCUMENT,
        code=code,
        path=path,
        expected=expected,
        found=shown(found),
    )
