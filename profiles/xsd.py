"""An edition as an XML schema of its own, made from the declaration.

A partner without the official files can validate with it. Rules

1. One file that imports nothing, in W3C XML Schema 1.0: a complex type for each class of elements, a simple type for
   each type of the standard, an enumeration with meanings for each code list.
2. It says what the reader checks (GEN-004, GEN-005), no less and no more: the forms of instants are those of the
   reader, narrower than the official ones where ``docs/reference/known-exceptions.md`` says so.
3. The codes are those of the release and of the overlay that is asked for. Neither the placeholder ``A01`` of the
   official local extension file nor its open lists are repeated.
4. What a schema cannot say (size, encoding, document type declaration) stays with the reader (GEN-001).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from profiles import codes
from profiles.edition import Edition, Field
from profiles.lexical import Attribute, Simple
from profiles.wire import elements

_XS = "http://www.w3.org/2001/XMLSchema"

_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_MONTHS = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])", "(0[469]|11)-(0[1-9]|[12][0-9]|30)", "02-(0[1-9]|1[0-9]|2[0-8])"
_DAY = f"({_YEAR}-({'|'.join(_MONTHS)})|{_LEAP}-02-29)"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = "(Z|[+\\-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_NUMBER = ".{1,200}"

Facets = tuple[tuple[str, str], ...]

_DURATION: tuple[str, Facets] = (
    "duration",
    (("pattern", "-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?"),),
)

_FORMS: Mapping[str, tuple[str, Facets]] = {
    "string": ("string", ()),
    "ESMPVersion_String": ("string", (("pattern", "[1-9][0-9]{0,2}"),)),
    "ESMP_DateTime": ("dateTime", (("pattern", f"{_DAY}T{_CLOCK}:[0-5][0-9]Z"),)),
    "YMDHM_DateTime": ("string", (("pattern", f"{_DAY}T{_CLOCK}Z"),)),
    "dateTime": ("dateTime", (("pattern", f"{_DAY}T{_CLOCK}:[0-5][0-9](\\.[0-9]{{1,6}})?{_OFFSET}"),)),
    "date": ("date", (("pattern", f"{_DAY}{_OFFSET}?"),)),
    "time": (
        "time",
        (("pattern", f"({_CLOCK}:[0-5][0-9](\\.[0-9]{{1,9}})?|24:00:00(\\.0{{1,9}})?){_OFFSET}?"),),
    ),
    "duration": _DURATION,
    "Duration": _DURATION,
    "decimal": ("decimal", (("pattern", _NUMBER),)),
    "Amount_Decimal": ("decimal", (("totalDigits", "17"), ("pattern", _NUMBER))),
    "ESMP_Float": ("decimal", (("pattern", "[0-9.]{1,200}"),)),
    "ESMP_ActivePower": ("decimal", (("pattern", "[0-9.]{1,200}"),)),
    "ESMP_Voltage": ("decimal", (("pattern", "[0-9.]{1,200}"),)),
    "integer": ("integer", (("pattern", _NUMBER),)),
    "Position_Integer": ("integer", (("minInclusive", "1"), ("maxInclusive", "999999"), ("pattern", _NUMBER))),
}
"""Built-in type and facets of each simple type that is neither a bounded text nor a code list."""


def schema(edition: Edition, overlay: str | None = None) -> bytes:
    """Return the schema of *edition* with the codes of *overlay*, or of the edition's own one, in UTF-8.

    Raises `Misconfigured` for an unknown overlay.
    """
    overlay = edition.lists or overlay
    drawing = _Drawing(edition, overlay)
    drawing.annotate(drawing.root, _about(edition, overlay))
    drawing.add(drawing.root, "element", name=edition.root, type=edition.document.__name__)
    for cls in elements(edition.document):
        drawing.record(cls)
    for kind in list(drawing.kinds.values()):
        drawing.simple(kind)
    for name in sorted(drawing.lists):
        drawing.code_list(name)
    return etree.tostring(drawing.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _about(edition: Edition, overlay: str | None) -> str:
    release = codes.lookup("MessageTypeList", overlay).release
    local = "" if overlay is None else f" with the local codes of {overlay}"
    return f"{edition}. Codes: ENTSO-E release {release}{local}. Made from the declaration of tso-dso-gateway."


@dataclass(slots=True)
class _Drawing:
    """A schema being drawn; ``kinds`` and ``lists`` are the simple types and code lists that it has met."""

    edition: Edition
    overlay: str | None
    root: etree._Element = field(init=False)
    kinds: dict[str, Simple[Any]] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        space = self.edition.namespace
        self.root = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS, None: space})
        self.root.set("targetNamespace", space)
        self.root.set("elementFormDefault", "qualified")

    def add(self, parent: etree._Element, what: str, **attributes: str) -> etree._Element:
        """Add a component of a schema below *parent*."""
        return etree.SubElement(parent, f"{{{_XS}}}{what}", attributes)

    def annotate(self, node: etree._Element, words: str) -> None:
        """Document *node*, which has no other child yet."""
        self.add(self.add(node, "annotation"), "documentation").text = words

    def record(self, cls: type[Any]) -> None:
        """Draw a class of elements: its children in the order of the edition."""
        node = self.add(self.root, "complexType", name=cls.__name__)
        self.annotate(node, summary(cls))
        sequence = self.add(node, "sequence")
        for entry in self.edition.fields(cls):
            self.add(sequence, "element", name=entry.tag, type=self._type(entry), **_occurs(entry))

    def _type(self, entry: Field) -> str:
        if not isinstance(entry.kind, Simple):
            return entry.kind.__name__
        if entry.kind.codes is not None:
            self.lists.add(entry.kind.codes)
            return entry.kind.codes
        self.kinds.setdefault(entry.kind.name, entry.kind)
        return entry.kind.name

    def simple(self, kind: Simple[Any]) -> None:
        """Draw a simple type; with an attribute beside it, it is a complex type over one."""
        if kind.attribute is None:
            self._restriction(self.add(self.root, "simpleType", name=kind.name), kind)
            return
        value = f"{kind.name}-value"
        self._restriction(self.add(self.root, "simpleType", name=value), kind)
        content = self.add(self.add(self.root, "complexType", name=kind.name), "simpleContent")
        self._attribute(self.add(content, "extension", base=value), kind.attribute)

    def _restriction(self, node: etree._Element, kind: Simple[Any]) -> None:
        base, facets = _form(kind)
        restriction = self.add(node, "restriction", base=f"xs:{base}")
        for name, value in facets:
            self.add(restriction, name, value=value)

    def _attribute(self, node: etree._Element, attribute: Attribute[Any]) -> None:
        use = "required" if attribute.required else "optional"
        if attribute.fixed is None:
            self.lists.add(attribute.codes)
            self.add(node, "attribute", name=attribute.name, type=attribute.codes, use=use)
        else:
            self.add(node, "attribute", name=attribute.name, type="xs:NMTOKEN", use=use, fixed=attribute.fixed)

    def code_list(self, name: str) -> None:
        """Draw a code list; each value says what it means where we have words for it."""
        values = codes.lookup(name, self.overlay)
        node = self.add(self.root, "simpleType", name=name)
        restriction = self.add(node, "restriction", base="xs:NMTOKEN")
        for code in values:
            entry = self.add(restriction, "enumeration", value=code)
            meaning = values.meaning(code)
            if meaning is not None:
                self.annotate(entry, meaning)


def summary(documented: type[Any]) -> str:
    """Return the first paragraph of a docstring on one line, without its quotes of code.

    >>> from profiles.parts import TimeInterval
    >>> summary(TimeInterval)
    'ESMP_DateTimeInterval: half-open, both ends in UTC to the minute.'
    """
    paragraph = inspect.cleandoc(documented.__doc__ or "").split("\n\n")[0]
    return " ".join(paragraph.replace("`", "").split())


def _form(kind: Simple[Any]) -> tuple[str, Facets]:
    """Return built-in type and facets of a simple type."""
    if kind.longest is not None:
        return "string", (("maxLength", str(kind.longest)),)
    if kind.allowed:
        return "NMTOKEN" if kind.collapse else "string", tuple(("enumeration", value) for value in kind.allowed)
    if kind.name not in _FORMS and not kind.collapse:
        return "string", ()  # a text without bound
    return _FORMS[kind.name]


def _occurs(entry: Field) -> dict[str, str]:
    """Return how often an element stands, where that is not exactly once."""
    bounds = {} if entry.least == 1 else {"minOccurs": str(entry.least)}
    return bounds | ({"maxOccurs": str(entry.most or "unbounded")} if entry.many else {})
