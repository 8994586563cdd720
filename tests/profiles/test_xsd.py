"""The parts of a generated schema, on a declaration of its own and over all editions."""

import pytest
from lxml import etree

from gateway.errors import Misconfigured
from profiles.edition import Edition, Field
from profiles.lexical import ACTIVE_POWER, IDENTIFIER, Measured, Simple, code, enumerated
from profiles.registry import EDITIONS, named
from profiles.wire import element, elements, later, many, one, opt
from profiles.xsd import _FORMS, schema, summary


@element
class Twig:
    """``Twig`` with a colour.

    And more words.
    """

    colour: str = one("colour", enumerated("Colour", "green", "brown"))


@element
class Tree:
    """A document of three parts."""

    id: str = one("mRID", IDENTIFIER)
    status: str | None = opt("status", code("StatusTypeList"))
    power: Measured | None = opt("power", ACTIVE_POWER)
    twigs: tuple[Twig, ...] = many("Twig", Twig, least=1, most=2)
    leaf: str | None = later("leaf", IDENTIFIER)


FIRST = Edition(document=Tree, name="1.0", root="Tree_Document", namespace="urn:tree:1")
SECOND = Edition(
    document=Tree,
    name="2.0",
    root="Tree_Document",
    namespace="urn:tree:2",
    rename={"Twig": "Branch"},
    added=frozenset({"leaf"}),
    last=("status",),
    least={"Twig": 0},
)
TWIG = "<Twig><colour>green</colour></Twig>"


def valid(inner: str, edition: Edition = FIRST) -> bool:
    text = f'<Tree_Document xmlns="{edition.namespace}"><mRID>a</mRID>{inner}</Tree_Document>'
    return bool(etree.XMLSchema(etree.fromstring(schema(edition))).validate(etree.fromstring(text)))


@pytest.mark.parametrize(
    ("inner", "is_valid"),
    [
        (TWIG, True),
        (TWIG * 2, True),
        (TWIG * 3, False),
        ("", False),
        ("<status>A06</status>" + TWIG, True),
        (TWIG + "<status>A06</status>", False),
        ("<status>blue</status>" + TWIG, False),
        ("<Twig><colour>blue</colour></Twig>", False),
        ("<Twig><colour> green</colour></Twig>", False),
        (TWIG + "<leaf>a</leaf>", False),
        ('<power unit="MAW">1.5</power>' + TWIG, True),
        ('<power unit="KWT">1.5</power>' + TWIG, False),
        ("<power>1.5</power>" + TWIG, False),
        ('<power unit="MAW">-1.5</power>' + TWIG, False),
    ],
)
def test_order_number_and_values_are_those_of_the_declaration(inner: str, *, is_valid: bool) -> None:
    assert valid(inner) is is_valid


@pytest.mark.parametrize(
    ("inner", "is_valid"),
    [
        ("", True),
        (TWIG.replace("Twig", "Branch"), True),
        (TWIG, False),
        ("<leaf>a</leaf><status>A06</status>", True),
        ("<status>A06</status><leaf>a</leaf>", False),
    ],
)
def test_an_edition_differs_as_it_is_declared(inner: str, *, is_valid: bool) -> None:
    assert valid(inner, SECOND) is is_valid


def test_a_docstring_is_told_in_its_first_paragraph() -> None:
    assert summary(Twig) == "Twig with a colour."
    assert "Twig with a colour." in schema(FIRST).decode()


def fields(edition: Edition) -> list[Field]:
    return [entry for cls in elements(edition.document) for entry in edition.fields(cls)]


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_every_simple_type_has_a_form_and_one_meaning(edition: Edition) -> None:
    kinds = [entry.kind for entry in fields(edition) if isinstance(entry.kind, Simple) and entry.kind.codes is None]
    assert [
        kind.name for kind in kinds if not (kind.name in _FORMS or kind.longest or kind.allowed or not kind.collapse)
    ] == []
    meanings: dict[str, set[tuple[object, ...]]] = {}
    for kind in kinds:
        meanings.setdefault(kind.name, set()).add((kind.longest, kind.allowed))
    assert [name for name, found in meanings.items() if len(found) > 1] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_every_element_is_there_in_its_order(edition: Edition) -> None:
    root = etree.fromstring(schema(edition))
    for cls in elements(edition.document):
        (drawn,) = root.findall(f"{{*}}complexType[@name='{cls.__name__}']")
        names = [node.get("name") for node in drawn.iterfind("{*}sequence/{*}element")]
        assert names == [entry.tag for entry in edition.fields(cls)]


def test_an_edition_is_found_by_file_or_root() -> None:
    assert named("reserve_bid", "7.2-nbm") is named("ReserveBid_MarketDocument", "7.2-nbm")
    assert named("reserve_bid", "7.2-nbm").namespace.endswith(":nbm:reservebiddocument:7:2")


@pytest.mark.parametrize(("document", "edition"), [("reserve", "7.4"), ("reserve_bid", "7")])
def test_an_unknown_edition_is_refused_with_those_that_there_are(document: str, edition: str) -> None:
    with pytest.raises(Misconfigured, match="expected one of"):
        named(document, edition)
