"""A declaration of its own for tests of the wire engine: a document with every kind of element, in three editions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from lxml import etree

from gateway.errors import Malformed, Unwritable
from gateway.report import Finding
from profiles.edition import Edition
from profiles.hardening import parse_tree
from profiles.lexical import (
    ACTIVE_POWER,
    ATTRIBUTE_VALUE,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    INTEGER,
    PARTY,
    POSITION,
    RESOURCE,
    SECOND,
    SHORT_IDENTIFIER,
    STRING,
    Coded,
    Measured,
    code,
    enumerated,
)
from profiles.reader import read_tree
from profiles.wire import element, later, many, one, opt
from profiles.writer import write


@element
class Twig:
    """A part of a branch."""

    position: int = one("position", POSITION)
    colour: str | None = opt("colour", enumerated("Colour", "green", "brown"))


@element
class Nest:
    """An object that replaced a plain identifier."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)


@element
class Branch:
    """A part of a tree that may repeat."""

    id: str = one("mRID", IDENTIFIER)
    length: Decimal | None = opt("length", DECIMAL)
    lasting: str | None = opt("lasting", DURATION)
    resource: Coded | None = opt("resource.mRID", RESOURCE)
    nest: Nest | None = later("Nest", Nest, instead="resource")
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    twigs: tuple[Twig, ...] = many("Twig", Twig, least=1, most=3)
    notes: tuple[str, ...] = many("note", STRING)


@element
class Tree:
    """The document."""

    id: str = one("mRID", IDENTIFIER)
    owner: Coded = one("owner.mRID", PARTY)
    planted: datetime | None = opt("planted", SECOND)
    power: Measured | None = opt("power", ACTIVE_POWER)
    mark: Coded | None = opt("mark", ATTRIBUTE_VALUE)
    rings: int | None = opt("rings", INTEGER)
    status: str | None = opt("status", code("StatusTypeList"))
    colours: tuple[str, ...] = many("colour", enumerated("Colour", "green", "brown"), most=2)
    branches: tuple[Branch, ...] = many("Branch", Branch)


ROOT = "Tree_Document"
OLD = Edition(
    document=Tree,
    name="1.0",
    root=ROOT,
    namespace="urn:tree:1",
    without=frozenset({"curveType", "Tree/colour", "rings"}),
    kinds={"ID_String": SHORT_IDENTIFIER},
    least={"Branch": 1},
)
PLAIN = Edition(document=Tree, name="2.0", root=ROOT, namespace="urn:tree:2")
NEW = Edition(
    document=Tree,
    name="3.0",
    root=ROOT,
    namespace="urn:tree:3:",
    rename={"Branch": "Limb", "Twig/colour": "hue"},
    without=frozenset({"resource.mRID"}),
    added=frozenset({"Nest"}),
    last=("status", "owner.mRID"),
    least={"Twig": 0, "Tree/colour": 1},
)

OWNER = Coded("10X1001A1001A38Y", "A01")
HEAD = '<mRID>t</mRID><owner.mRID codingScheme="A01">10X1001A1001A38Y</owner.mRID>'
TWIG = "<Twig><position>1</position></Twig>"
BRANCH = f"<Branch><mRID>b</mRID>{TWIG}</Branch>"


def text_of(inner: str, edition: Edition = PLAIN) -> str:
    """Return a document with *inner* in its root element."""
    return f'<{ROOT} xmlns="{edition.namespace}">{inner}</{ROOT}>'


def read(inner: str, edition: Edition = PLAIN, overlay: str | None = None) -> tuple[Tree, tuple[Finding, ...]]:
    """Return the document with *inner* in its root element, and its findings."""
    document, findings = read_tree(parse_tree(text_of(inner, edition).encode()), edition, overlay)
    assert isinstance(document, Tree)
    return document, findings


def found(inner: str, edition: Edition = PLAIN) -> list[tuple[str, str, str, str, str]]:
    """Return rule, reason code, path, expected and found of what is wrong with values."""
    return [(one.rule, one.code, one.path, one.expected, one.found) for one in read(inner, edition)[1]]


def unreadable(inner: str, edition: Edition = PLAIN) -> tuple[str, str, str, str]:
    """Return why the document cannot be read: path, expected, found, reason code."""
    with pytest.raises(Malformed) as caught:
        read(inner, edition)
    assert caught.value.rule == "GEN-004"
    return caught.value.path, caught.value.expected, caught.value.found, caught.value.code


def unwritable(tree: object, edition: Edition = PLAIN) -> tuple[str, str, str]:
    """Return why *tree* is not written: path, expected, found."""
    with pytest.raises(Unwritable) as caught:
        write(tree, edition)
    return caught.value.path, caught.value.expected, caught.value.found


def lines(tree: Tree, edition: Edition = PLAIN) -> list[str]:
    """Return what stands in the root element of *tree*, line by line."""
    data = write(tree, edition)
    assert etree.fromstring(data).tag == f"{{{edition.namespace}}}{ROOT}"
    return data.decode().split("\n")[2:-2]


def tree(*branches: Branch, **more: object) -> Tree:
    """Return a document of some branches."""
    values: dict[str, object] = {"id": "t", "owner": OWNER, "branches": branches}
    return Tree(**(values | more))  # type: ignore[arg-type]  # values of the right types


def branch(id_: str = "b", *positions: int, **more: object) -> Branch:
    """Return a branch with twigs, one where none is named."""
    values: dict[str, object] = {"id": id_, "twigs": tuple(Twig(position=at) for at in positions or (1,))}
    return Branch(**(values | more))  # type: ignore[arg-type]  # values of the right types
