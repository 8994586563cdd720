"""What a published schema says of a document, read from the schema alone.

This is deliberately a second reading of the standard: it shares nothing with the declarations of `profiles`, so that
an element forgotten there is present in the documents that are made from it. Of XML Schema it knows what the
published schemas use: sequences, simple content with attributes, restrictions, unions and enumerations. Anything
else stops it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
_FACETS = {"maxLength", "pattern", "totalDigits", "minInclusive", "maxInclusive", "enumeration"}


@dataclass(frozen=True)
class Values:
    """A simple type: the built-in type below it, and every facet on the way to it.

    ``words`` are the values of an enumeration; ``local`` those of them that only the local part of a union
    has; ``unchecked`` says that a part of the union has no enumeration, so that any word is accepted.
    """

    built_in: str
    longest: int | None = None
    patterns: tuple[str, ...] = ()
    digits: int | None = None
    least: int | None = None
    greatest: int | None = None
    words: tuple[str, ...] = ()
    local: frozenset[str] = frozenset()
    unchecked: bool = False


@dataclass(frozen=True)
class Leaf:
    """An element with text, and its attributes; those in ``optional`` may be left out."""

    values: Values
    attributes: Mapping[str, Values]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Child:
    """One element of a sequence; ``most`` is None where it may occur without end."""

    name: str
    least: int
    most: int | None
    content: "Leaf | Branch"


@dataclass(frozen=True)
class Branch:
    """An element with children, in their order."""

    children: tuple[Child, ...]

    @cached_property
    def by_name(self) -> dict[str, Child]:
        return {child.name: child for child in self.children}


@dataclass(frozen=True)
class Schema:
    """A document as its schema has it."""

    path: Path
    namespace: str
    root: str
    branch: Branch

    def find(self, names: list[str]) -> Leaf | Branch | None:
        """Return what stands at a path of element names below the root, or None."""
        here: Leaf | Branch = self.branch
        for name in names:
            child = here.by_name.get(name) if isinstance(here, Branch) else None
            if child is None:
                return None
            here = child.content
        return here

    def leaves(self) -> Iterator[Leaf]:
        """Yield every simple element once per place."""
        yield from _leaves(self.branch)


def _leaves(branch: Branch) -> Iterator[Leaf]:
    for child in branch.children:
        if isinstance(child.content, Leaf):
            yield child.content
        else:
            yield from _leaves(child.content)


@cache
def read_schema(path: Path) -> Schema:
    """Read the schema at *path* with what it imports."""
    root = etree.parse(path).getroot()
    (element,) = root.findall(f"{XS}element")
    types = _Types(path)
    branch = types.content(_target(root), element.attrib["type"], element)
    if not isinstance(branch, Branch):
        raise TypeError(f"{path}: the root holds text")
    return Schema(path, _target(root), element.attrib["name"], branch)


def _target(root: etree._Element) -> str:
    return root.get("targetNamespace", "")


@cache
def _tree(path: Path) -> etree._Element:
    return etree.parse(path).getroot()


class _Types:
    """The named types of a schema and of its imports."""

    def __init__(self, path: Path) -> None:
        self.named: dict[tuple[str, str], etree._Element] = {}
        self._load(path, None)

    def _load(self, path: Path, namespace: str | None) -> None:
        root = _tree(path)
        space = _target(root) or namespace or ""
        for child in root:
            if child.tag in {f"{XS}simpleType", f"{XS}complexType"}:
                self.named[space, child.attrib["name"]] = child
            elif child.tag in {f"{XS}import", f"{XS}include"}:
                self._load(path.parent / child.attrib["schemaLocation"], child.get("namespace", space))

    def content(self, space: str, name: str, at: etree._Element) -> Leaf | Branch:
        """Return what an element of the type *name* holds."""
        key = self._key(space, name, at)
        if key[0] == XS or self.named[key].tag == f"{XS}simpleType":
            return Leaf(self.values(space, name, at), {})
        return self._complex(key[0], self.named[key])

    def _complex(self, space: str, type_: etree._Element) -> Leaf | Branch:
        (inner,) = type_.iterchildren(f"{XS}sequence", f"{XS}simpleContent")
        if inner.tag == f"{XS}sequence":
            return Branch(tuple(self._child(space, element) for element in inner))
        (extension,) = inner
        values = self.values(space, extension.attrib["base"], extension)
        optional = frozenset(attribute.attrib["name"] for attribute in extension if attribute.get("use") != "required")
        return Leaf(values, dict(self._attribute(space, attribute) for attribute in extension), optional)

    def _key(self, space: str, name: str, at: etree._Element) -> tuple[str, str]:
        prefix, _, local = name.rpartition(":")
        found = at.nsmap.get(prefix or None, space)
        return (XS if f"{{{found}}}" == XS else found, local)

    def _child(self, space: str, element: etree._Element) -> Child:
        if element.tag != f"{XS}element":
            raise TypeError(f"{element.tag!r} in a sequence")
        most, named = element.get("maxOccurs", "1"), element.get("type")
        if named is None:
            (nameless,) = element.iterchildren(f"{XS}complexType")
            content = self._complex(space, nameless)
        else:
            content = self.content(space, named, element)
        least = int(element.get("minOccurs", "1"))
        return Child(element.attrib["name"], least, None if most == "unbounded" else int(most), content)

    def _attribute(self, space: str, attribute: etree._Element) -> tuple[str, Values]:
        if attribute.tag != f"{XS}attribute":
            raise TypeError(f"{attribute.tag!r} among attributes")
        values = self.values(space, attribute.attrib["type"], attribute)
        fixed = attribute.get("fixed")
        return attribute.attrib["name"], values if fixed is None else replace(values, words=(fixed,), unchecked=False)

    def values(self, space: str, name: str, at: etree._Element) -> Values:
        """Return the simple type *name*."""
        key = self._key(space, name, at)
        if key[0] == XS:
            return Values(key[1])
        (inner,) = self.named[key].iterchildren(f"{XS}restriction", f"{XS}union")
        return self._restriction(key[0], inner) if inner.tag == f"{XS}restriction" else self._union(key[0], inner)

    def _restriction(self, space: str, restriction: etree._Element) -> Values:
        values = self.values(space, restriction.attrib["base"], restriction)
        facets = [
            (etree.QName(facet).localname, facet.attrib["value"]) for facet in restriction if _is_element(facet, XS)
        ]
        if unknown := {name for name, _ in facets} - _FACETS:
            raise TypeError(f"facets {unknown}")
        words = tuple(value for name, value in facets if name == "enumeration")
        patterns = tuple(value for name, value in facets if name == "pattern")
        number = {name: int(value) for name, value in facets if name not in {"enumeration", "pattern"}}
        return replace(
            values,
            longest=number.get("maxLength", values.longest),
            digits=number.get("totalDigits", values.digits),
            least=number.get("minInclusive", values.least),
            greatest=number.get("maxInclusive", values.greatest),
            words=words or values.words,
            patterns=values.patterns + patterns,
        )

    def _union(self, space: str, union: etree._Element) -> Values:
        first, *others = (self.values(space, name, union) for name in union.attrib["memberTypes"].split())
        local = frozenset(word for other in others for word in other.words)
        unchecked = any(not other.words for other in others)
        words = tuple(dict.fromkeys([*first.words, *sorted(local)]))
        return replace(first, words=words, local=local - {*first.words}, unchecked=unchecked)


def _is_element(node: etree._Element, namespace: str) -> bool:
    return isinstance(node.tag, str) and node.tag.startswith(namespace) and node.tag != f"{namespace}annotation"


def fits(values: Values, text: str) -> bool:
    """Whether *text* has the length and matches the patterns of *values*; numbers are left to the schema itself."""
    return (values.longest is None or len(text) <= values.longest) and all(
        re.fullmatch(pattern, text) for pattern in values.patterns
    )
