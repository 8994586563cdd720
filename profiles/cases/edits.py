"""Stated changes of a document: text, attribute, dropped, copied and added elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from gateway.errors import Misconfigured

Edit = tuple[str, ...]
"""Name of the change, path of the element (or old text), and what the change needs besides."""


def changed(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return *data* with the changes made, those of bytes first.

    Raises `Misconfigured` for a change that is unknown or has nothing to change.
    """
    steps = list(edits)
    for _, old, new in (step for step in steps if step[0] == "text"):
        if old.encode() not in data:
            raise Misconfigured("edit", "a text that the document has", repr(old))
        data = data.replace(old.encode(), new.encode())
    if all(step[0] == "text" for step in steps):
        return data
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for kind, path, *rest in (step for step in steps if step[0] != "text"):
        node = root.find("/".join(f"{{*}}{step}" for step in path.split("/")))
        if node is None or kind not in _EDITS:
            raise Misconfigured("edit", "a known change of an element that the document has", f"{kind} {path}")
        _EDITS[kind](node, *rest)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _set(node: etree._Element, text: str) -> None:
    node.text = text


def _attribute(node: etree._Element, name: str, value: str) -> None:
    node.set(name, value)


def _drop(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _copy(node: etree._Element) -> None:
    node.addnext(etree.fromstring(etree.tostring(node)))


def _fragment(node: etree._Element, xml: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns="{etree.QName(node).namespace}">{xml}</x>')[0]


def _after(node: etree._Element, xml: str) -> None:
    node.addnext(_fragment(node, xml))


def _before(node: etree._Element, xml: str) -> None:
    node.addprevious(_fragment(node, xml))


_EDITS: dict[str, Callable[..., None]] = {
    "set": _set,
    "attribute": _attribute,
    "drop": _drop,
    "copy": _copy,
    "after": _after,
    "before": _before,
}
