"""The generated schema judged by libxml2: every simple type, attribute and number of times, as the reader judges them."""

from functools import cache
from typing import Any

import pytest
from lxml import etree

from gateway.errors import Malformed, Misconfigured
from profiles import codes
from profiles.edition import Edition
from profiles.hardening import parse_tree
from profiles.lexical import (
    ACTIVE_POWER,
    AMOUNT,
    ATTRIBUTE_VALUE,
    DATE_TIME,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    REVISION,
    STRING,
    Simple,
    code,
    enumerated,
)
from profiles.reader import read_tree
from profiles.wire import element, one
from profiles.xsd import schema
from tests.profiles.forest import BRANCH, HEAD, NEW, OLD, PLAIN, TWIG, text_of
from tests.profiles.test_lexical_tables import READ

XS = "{http://www.w3.org/2001/XMLSchema}"


@cache
def holder(kind: Simple[Any]) -> Edition:
    """Return an edition of a document that holds one value of *kind*."""

    @element
    class Holder:
        """A document of one value."""

        value: Any = one("value", kind)

    return Edition(document=Holder, name="1.0", root="Holder_Document", namespace="urn:holder")


@cache
def validator(edition: Edition, overlay: str | None = None) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema(edition, overlay)))


def by_schema(text: str, edition: Edition, overlay: str | None = None) -> bool:
    return bool(validator(edition, overlay).validate(etree.fromstring(text)))


def by_reader(text: str, edition: Edition, overlay: str | None = None) -> bool:
    try:
        return not read_tree(parse_tree(text.encode()), edition, overlay)[1]
    except Malformed:
        return False


def held(value: str, attribute: str = "") -> str:
    return f'<Holder_Document xmlns="urn:holder"><value{attribute}>{value}</value></Holder_Document>'


DIFFER = {
    (DATE_TIME, "9999-12-31T23:59:59-00:01"): "an instant beyond the calendar of the program",
    (DURATION, "P" + "0" * 198 + "1D"): "a duration of more than 200 characters",
}
"""Where the reader is narrower than a pattern can be; docs/reference/known-exceptions.md says why."""

TEXTS = [
    pytest.param(kind, text, text in {one for one, _ in good}, id=f"{kind.name} {text[:40]}")
    for kind, good, bad, _ in READ
    for text in [*(one for one, _ in good), *bad]
    if text.strip() == text and (kind, text) not in DIFFER and kind not in {AMOUNT, POSITION}
]


@pytest.mark.parametrize(("kind", "text", "right"), TEXTS)
def test_schema_and_reader_agree_on_every_form(kind: Simple[Any], text: str, *, right: bool) -> None:
    edition = holder(kind)
    assert (by_schema(held(text), edition), by_reader(held(text), edition)) == (right, right)


@pytest.mark.parametrize(("kind", "text"), DIFFER, ids=DIFFER.values())
def test_only_the_reader_refuses_what_the_calendar_does_not_hold(kind: Simple[Any], text: str) -> None:
    assert (by_schema(held(text), holder(kind)), by_reader(held(text), holder(kind))) == (True, False)


COLOUR = enumerated("Colour", "green", "brown")
FACETS: list[tuple[Simple[Any], str, str, bool]] = [
    (IDENTIFIER, "x" * 60, "", True),
    (IDENTIFIER, "x" * 61, "", False),
    (IDENTIFIER, "", "", True),
    (STRING, "x" * 5000, "", True),
    (REVISION, "999", "", True),
    (REVISION, "1000", "", False),
    (REVISION, "01", "", False),
    (REVISION, " 1", "", False),
    (POSITION, "1", "", True),
    (POSITION, "999999", "", True),
    (POSITION, "0", "", False),
    (POSITION, "1000000", "", False),
    (POSITION, "+7", "", True),
    (AMOUNT, "12345678901234567", "", True),
    (AMOUNT, "123456789012345678", "", False),
    (AMOUNT, "0.12345678901234567", "", True),
    (AMOUNT, "-1234567890123456.78", "", False),
    (COLOUR, "green", "", True),
    (COLOUR, "red", "", False),
    (COLOUR, " green", "", False),
    (code("CurveTypeList"), "A03", "", True),
    (code("CurveTypeList"), "\n A03 ", "", True),
    (code("CurveTypeList"), "A06", "", False),
    (code("CurveTypeList"), "", "", False),
    (PARTY, "x" * 16, " codingScheme='A01'", True),
    (PARTY, "x" * 17, " codingScheme='A01'", False),
    (PARTY, "x", " codingScheme=' A01 '", True),
    (PARTY, "x", " codingScheme='Q9'", False),
    (PARTY, "x", "", False),
    (ATTRIBUTE_VALUE, "x" * 150, "", True),
    (ATTRIBUTE_VALUE, "x", " codingScheme='A10'", True),
    (ATTRIBUTE_VALUE, "x", " codingScheme='Q9'", False),
    (ACTIVE_POWER, "1.5", " unit='MAW'", True),
    (ACTIVE_POWER, "1.5", " unit='KWT'", False),
    (ACTIVE_POWER, "1.5", "", False),
    (ACTIVE_POWER, "-1.5", " unit='MAW'", False),
    (ACTIVE_POWER, "1.5", " unit='MAW' scale='k'", False),
]


@pytest.mark.parametrize(
    ("kind", "text", "attribute", "right"), FACETS, ids=[f"{row[0].name} {row[1][:20]!r}{row[2]}" for row in FACETS]
)
def test_schema_and_reader_agree_on_every_bound(kind: Simple[Any], text: str, attribute: str, *, right: bool) -> None:
    edition = holder(kind)
    document = held(text, attribute)
    assert (by_schema(document, edition), by_reader(document, edition)) == (right, right)


# ---------------------------------------------------------------------------------------------------------- whole trees
TREES: list[tuple[str, str, Edition, bool]] = [
    ("the least", HEAD, PLAIN, True),
    ("a branch", HEAD + BRANCH, PLAIN, True),
    ("three twigs", HEAD + BRANCH.replace(TWIG, TWIG * 3), PLAIN, True),
    ("four twigs", HEAD + BRANCH.replace(TWIG, TWIG * 4), PLAIN, False),
    ("no twig", HEAD + BRANCH.replace(TWIG, ""), PLAIN, False),
    ("two colours", HEAD + "<colour>green</colour>" * 2, PLAIN, True),
    ("three colours", HEAD + "<colour>green</colour>" * 3, PLAIN, False),
    ("nothing", "", PLAIN, False),
    ("another order", BRANCH + HEAD, PLAIN, False),
    ("an unknown element", f"{HEAD}<leaf/>", PLAIN, False),
    ("an unknown attribute", HEAD + BRANCH.replace("<Branch>", "<Branch a='1'>"), PLAIN, False),
    ("text between elements", f"{HEAD}x{BRANCH}", PLAIN, False),
    ("blanks between elements", f" {HEAD}\n{BRANCH} ", PLAIN, True),
    ("no branch in the old edition", HEAD, OLD, False),
    ("a branch in the old edition", HEAD + BRANCH, OLD, True),
    ("rings in the old edition", f"{HEAD}<rings>1</rings>{BRANCH}", OLD, False),
    ("36 characters in the old edition", HEAD + BRANCH.replace("<mRID>b", f"<mRID>{'b' * 36}"), OLD, False),
    ("the declared order in the new edition", f"{HEAD}<colour>green</colour>", NEW, False),
    (
        "the order of the new edition",
        "<mRID>t</mRID><colour>green</colour><Limb><mRID>l</mRID></Limb>" + HEAD.removeprefix("<mRID>t</mRID>"),
        NEW,
        True,
    ),
    (
        "the declared name in the new edition",
        "<mRID>t</mRID><colour>green</colour><Branch><mRID>l</mRID></Branch>" + HEAD.removeprefix("<mRID>t</mRID>"),
        NEW,
        False,
    ),
]


@pytest.mark.parametrize(("inner", "edition", "right"), [row[1:] for row in TREES], ids=[row[0] for row in TREES])
def test_schema_and_reader_agree_on_every_shape(inner: str, edition: Edition, *, right: bool) -> None:
    text = text_of(inner, edition)
    assert (by_schema(text, edition), by_reader(text, edition)) == (right, right)


def test_a_schema_is_of_its_own_namespace_and_root() -> None:
    root = etree.fromstring(schema(NEW))
    assert (root.tag, root.get("targetNamespace"), root.get("elementFormDefault")) == (
        f"{XS}schema",
        "urn:tree:3:",
        "qualified",
    )
    assert [node.get("name") for node in root.findall(f"{XS}element")] == ["Tree_Document"]
    assert root.findall(f"{XS}import") == root.findall(f"{XS}include") == []
    assert not by_schema(text_of(HEAD, OLD), PLAIN)


def test_a_type_stands_once_however_often_it_is_used() -> None:
    names = [node.get("name") for node in etree.fromstring(schema(PLAIN)) if node.get("name")]
    assert len(names) == len(set(names))
    assert {"Tree", "Branch", "Twig", "ID_String", "PartyID_String", "PartyID_String-value", "CurveTypeList"} <= set(
        names
    )
    assert "Nest" in names


def test_code_lists_say_what_their_values_mean() -> None:
    root = etree.fromstring(schema(PLAIN))
    (curves,) = root.findall(f"{XS}simpleType[@name='CurveTypeList']")
    entries = {node.get("value"): "".join(node.itertext()).strip() for node in curves.iter(f"{XS}enumeration")}
    wanted = codes.lookup("CurveTypeList")
    assert list(entries) == ["A01", "A02", "A03", "A04", "A05"]
    assert entries == {value: wanted.meaning(value) or "" for value in wanted}


def test_an_overlay_adds_its_codes_and_says_so() -> None:
    local = text_of(HEAD.replace("A01", "AIIDA"))
    assert (by_schema(local, PLAIN), by_schema(local, PLAIN, "eddie")) == (False, True)
    assert (by_reader(local, PLAIN), by_reader(local, PLAIN, "eddie")) == (False, True)
    assert "with the local codes of eddie" in schema(PLAIN, "eddie").decode()
    assert "with the local codes" not in schema(PLAIN).decode()
    with pytest.raises(Misconfigured, match="overlay"):
        schema(PLAIN, "nowhere")


def test_the_same_edition_has_the_same_schema() -> None:
    assert schema(PLAIN) == schema(PLAIN)
    assert schema(PLAIN) != schema(NEW)
    assert DURATION.name in schema(PLAIN).decode()
