"""A published schema as the tree of its elements, in the form of the trees that come with the reference data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_XS = "{http://www.w3.org/2001/XMLSchema}"


def tree_of(path: Path) -> str:
    """Return the tree of the one global element of a schema: two lines of head, then a line for each element."""
    return "\n".join(_Schema.read(path).lines())


@dataclass(frozen=True)
class _Schema:
    file: str
    root: etree._Element
    types: dict[str, etree._Element]

    @staticmethod
    def read(path: Path) -> "_Schema":
        root = etree.parse(path).getroot()
        named = (node for node in root if node.tag in {f"{_XS}complexType", f"{_XS}simpleType"})
        return _Schema(path.name, root, {str(node.get("name")): node for node in named})

    def lines(self) -> Iterator[str]:
        (element,) = self.root.findall(f"{_XS}element")
        yield f"# {self.file}  ns={self.root.get('targetNamespace')}"
        yield f"ROOT {element.get('name')} : {element.get('name')}"
        yield from self._children(element, "  ")

    def _children(self, element: etree._Element, indent: str) -> Iterator[str]:
        content = self._complex(element)
        for child in [] if content is None else content.findall(f"{_XS}sequence/{_XS}element"):
            most = str(child.get("maxOccurs", "1")).replace("unbounded", "*")
            yield f"{indent}{child.get('name')} [{child.get('minOccurs', '1')}..{most}] : {self._kind(child)}"
            yield from self._children(child, f"{indent}  ")

    def _complex(self, element: etree._Element) -> etree._Element | None:
        """Return the content of an element that has children."""
        named = self.types.get(_local(element.get("type")))
        content = element.find(f"{_XS}complexType") if named is None else named
        return content if content is not None and content.find(f"{_XS}sequence") is not None else None

    def _kind(self, element: etree._Element) -> str:
        """Return the type: its code list as ``Name<ecl:List>``, its greatest length, its attributes."""
        name = _local(element.get("type"))
        node = self.types.get(name)
        if node is None:
            return name or "anonymous"
        attributes = "".join(f" @{attribute.get('name')}" for attribute in node.iter(f"{_XS}attribute"))
        restriction = node.find(f"{_XS}restriction")
        base = "" if restriction is None else str(restriction.get("base"))
        lists = f"<{base}>" if base.startswith("ecl:") else ""
        return f"{name}{lists}{attributes}" if lists or attributes else name


def _local(name: str | None) -> str:
    return re.sub(r"^[^:]*:", "", name or "")
