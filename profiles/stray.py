"""What stands in a tree though no declaration has a place for it.

The reader (`profiles.reader`) only counts; where its count differs from that of the XML library, this module
looks at every node and names the first that is too much.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from gateway.errors import Malformed
from profiles.edition import Edition
from profiles.lexical import XML_SPACE, Simple
from profiles.where import name_of, path_of, shown
from profiles.wire import Kind

SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
"""A hint for validators, the one attribute that the root element may have."""


_LONGEST_NAME = 100


def refuse_stray(
    root: etree._Element, edition: Edition, known: Mapping[etree._Element, Malformed] = MappingProxyType({})
) -> None:
    """Look for stray attributes, children and text under *root*.

    ``known``: children of the root that were searched before and are empty now, with what was found there.
    Returns where blanks between elements were all that was too much. Raises `Malformed` otherwise.
    """
    search(root, edition.document, edition, (SCHEMA_LOCATION,), known)


def search(
    node: etree._Element,
    cls: type[Any],
    edition: Edition,
    attributes: tuple[str, ...] = (),
    known: Mapping[etree._Element, Malformed] = MappingProxyType({}),
) -> None:
    """Search a compound element: no other attributes, no text between its children. Raises `Malformed`."""
    _refuse_attributes(node, attributes, edition)
    _refuse_text(node, node.text, edition)
    kinds: dict[object, Kind] = {entry.qname: entry.kind for entry in edition.fields(cls)}
    for child in node:
        _refuse_text(node, child.tail, edition)
        kind = kinds[child.tag]
        if child in known:
            raise known[child]
        if not isinstance(kind, Simple):
            search(child, kind, edition)
            continue
        _refuse_attributes(child, (kind.attribute.name,) if kind.attribute else (), edition)
        for stray in child:
            raise Malformed(path_of(stray, edition), "text only", f"<{name_of(stray.tag)}>")


def _refuse_attributes(node: etree._Element, allowed: tuple[str, ...], edition: Edition) -> None:
    for name in node.attrib:
        if name not in allowed:
            here = f"{path_of(node, edition)}/@{_attribute(name)}"
            raise Malformed(here, "no such attribute", shown(node.get(name, "")))


def _attribute(name: str) -> str:
    """Return the name of an attribute, with its namespace only where both are short."""
    return name if len(name) <= _LONGEST_NAME else name_of(name)


def _refuse_text(node: etree._Element, text: str | None, edition: Edition) -> None:
    if text is not None and text.strip(XML_SPACE):
        raise Malformed(path_of(node, edition), "elements only", shown(text.strip(XML_SPACE)))
