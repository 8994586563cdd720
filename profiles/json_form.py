"""The JSON form of market documents, derived from the declaration like the XML form.

Rules
1. A document is one object with two members: ``"@namespace"``, the namespace of the edition, and the document itself
   under the name of its root element.
2. An element is a member with the name of its tag: an object where it has children, an array where it may repeat, else
   a string in the very form that it has in XML. Whole numbers are JSON numbers. A value with an attribute is an object
   with ``value`` and the attribute, such as ``codingScheme``.
3. Order says nothing; members are written in the order of the standard. What is absent in XML is absent here, and
   ``null`` is refused.
4. What is read is judged by the same reader as XML, with the same findings and the same paths.

A document of two limits begins so::

    {"@namespace": "urn:tso-dso-gateway:constraint-table:1:0",
     "ConstraintTable_MarketDocument": {
       "mRID": "c-1", "revisionNumber": "1",
       "sender_MarketParticipant.mRID": {"value": "10X1001A1001A38Y", "codingScheme": "A01"},
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from lxml import etree

from gateway.errors import Malformed
from gateway.report import Report
from profiles import reading, registry
from profiles.edition import Edition, Field
from profiles.hardening import LIMITS, Limits
from profiles.lexical import INTEGER, POSITION, Simple
from profiles.reader import read_tree
from profiles.writer import write

_NAMESPACE = "@namespace"
_WHOLE = {INTEGER.name, POSITION.name}
"""Simple types whose values are JSON numbers."""


def write_json(document: object, edition: Edition, *, overlay: str | None = None, indent: int | None = None) -> bytes:
    """Return *document* in the JSON form of *edition*. Raises `Unwritable` for whatever XML could not hold either."""
    write(document, edition, overlay=overlay)
    whole = {_NAMESPACE: edition.namespace, edition.root: _object(document, edition)}
    return json.dumps(whole, ensure_ascii=False, indent=indent).encode() + b"\n"


def _object(record: object, edition: Edition) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for entry in edition.fields(type(record)):
        value = getattr(record, entry.name)
        if entry.many and value:
            members[entry.tag] = [_value(one, entry, edition) for one in value]
        elif not entry.many and value is not None:
            members[entry.tag] = _value(value, entry, edition)
    return members


def _value(value: Any, entry: Field, edition: Edition) -> Any:  # noqa: ANN401 - of whichever type
    kind = entry.kind
    if not isinstance(kind, Simple):
        return _object(value, edition)
    if kind.name in _WHOLE:
        return value
    text = kind.write(value)
    if kind.attribute is None:
        return text
    mark = kind.attribute.get(value)
    return {"value": text} | ({kind.attribute.name: mark} if mark else {})


def read_json(data: bytes, *, overlay: str | None = None, limits: Limits = LIMITS) -> reading.Parsed:
    """Read a document in the JSON form of any known edition.

    Raises `Malformed` as `profiles.parse` does, and for JSON that has not the form above.
    """
    if len(data) > limits.size_bytes:
        raise _refusal("/", f"at most {limits.size_bytes} bytes", f"{len(data)} bytes")
    # Every element is a member or an item of an array.
    if data.count(b":") + data.count(b",") > 2 * limits.elements:
        raise _refusal("/", f"at most {limits.elements} elements", "more")
    try:
        whole = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_members)
    except (ValueError, RecursionError) as error:
        raise _refusal("/", "a JSON text in UTF-8", str(error)) from error
    edition, content = _edition(whole)
    root = etree.Element(f"{{{edition.namespace}}}{edition.root}")
    _fill(root, content, edition.document, edition, f"/{edition.root}")
    document, findings = read_tree(root, edition, overlay)
    digest = hashlib.sha256(data).hexdigest()
    return reading.Parsed(document=document, edition=edition, report=Report(findings=findings), digest=digest)


def _refusal(path: str, expected: str, found: str) -> Malformed:
    return Malformed(path, expected, found, "A94", "GEN-001")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of an object; one that stands twice would vanish."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands twice in an object")
    return members


def _edition(whole: Any) -> tuple[Edition, Any]:  # noqa: ANN401 - whatever JSON holds
    members = whole if isinstance(whole, dict) else {}
    edition = registry.BY_NAMESPACE.get(str(members.get(_NAMESPACE)))
    if edition is None:
        found = repr(members.get(_NAMESPACE))
        raise Malformed(f"/{_NAMESPACE}", "the namespace of a known edition", found, "A94", "GEN-002")
    if members.keys() != {_NAMESPACE, edition.root}:
        found = ", ".join(sorted(members.keys() - {_NAMESPACE})) or "nothing"
        raise Malformed("/", f"the member {edition.root} and no other", found, "A94", "GEN-003")
    return edition, members[edition.root]


def _fill(parent: etree._Element, content: Any, cls: type[Any], edition: Edition, path: str) -> None:  # noqa: ANN401 - as above
    """Give *parent* the children that *content* names, in the order of the standard."""
    members = _checked(dict, content, path, "an object")
    known = {entry.tag: entry for entry in edition.fields(cls)}
    for name in members:
        if name not in known:
            raise Malformed(f"{path}/{name}", f"a member of {cls.__name__}", "an unknown one")
    for entry in known.values():
        if entry.tag not in members:
            continue
        value, here = members[entry.tag], f"{path}/{entry.tag}"
        every = _checked(list, value, here, "an array") if entry.many else [value]
        for number, one in enumerate(every, 1):
            where = f"{here}[{number}]" if entry.many else here
            _append(parent, one, entry, edition, where)


def _append(parent: etree._Element, value: Any, entry: Field, edition: Edition, path: str) -> None:  # noqa: ANN401 - as above
    node = etree.SubElement(parent, entry.qname)
    kind = entry.kind
    if not isinstance(kind, Simple):
        _fill(node, value, kind, edition, path)
        return
    if kind.attribute is not None:
        members = _checked(dict, value, path, f"an object with value and {kind.attribute.name}")
        if members.keys() - {kind.attribute.name} != {"value"}:
            raise Malformed(path, f"the members value and {kind.attribute.name}", ", ".join(members) or "none")
        if kind.attribute.name in members:
            mark = _checked(str, members[kind.attribute.name], f"{path}/@{kind.attribute.name}", "a string")
            _set(node, path, mark, kind.attribute.name)
        value = members["value"]
    wanted = int if kind.name in _WHOLE else str
    _set(node, path, str(_checked(wanted, value, path, "a whole number" if wanted is int else "a string")))


def _set(node: etree._Element, path: str, text: str, attribute: str | None = None) -> None:
    try:
        if attribute is None:
            node.text = text or None
        else:
            node.set(attribute, text)
    except ValueError as error:
        raise Malformed(path, "characters that XML allows", repr(text[:80])) from error


def _checked(kind: type[Any], value: Any, path: str, wanted: str) -> Any:  # noqa: ANN401 - as above
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(path, wanted, json.dumps(value, ensure_ascii=False)[:80])
    return value
