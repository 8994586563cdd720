"""Bounds of the simple types, the attribute beside a value, and the types that a declaration makes for itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from profiles.lexical import (
    ACTIVE_POWER,
    AMOUNT,
    AREA,
    ATTRIBUTE_VALUE,
    DATE,
    DATE_TIME,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    INTEGER,
    MEASUREMENT_POINT,
    MINUTE,
    PARTY,
    PAYLOAD_ID,
    POSITION,
    REASON_TEXT,
    RESOURCE,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    SHORT_MEASUREMENT_POINT,
    SHORT_RESOURCE,
    STRING,
    TIME,
    VOLTAGE,
    XML_SPACE,
    Coded,
    Measured,
    NotLexical,
    Simple,
    code,
    enumerated,
    read_duration,
    text,
    write_decimal,
)

# -------------------------------------------------------------------------------------------------------------- facets
LENGTHS: list[tuple[Simple[Any], int]] = [
    (IDENTIFIER, 60),
    (SHORT_IDENTIFIER, 35),
    (REASON_TEXT, 512),
    (PAYLOAD_ID, 150),
    (PARTY, 16),
    (AREA, 18),
    (RESOURCE, 60),
    (SHORT_RESOURCE, 18),
    (MEASUREMENT_POINT, 60),
    (SHORT_MEASUREMENT_POINT, 35),
    (ATTRIBUTE_VALUE, 150),
]


@pytest.mark.parametrize(("kind", "longest"), LENGTHS, ids=[f"{kind.name} {longest}" for kind, longest in LENGTHS])
def test_a_text_has_at_most_its_number_of_characters(kind: Simple[Any], longest: int) -> None:
    assert kind.longest == longest
    assert kind.facet(kind.read("\U0001d11e" * longest)) is None
    assert kind.facet(kind.read("x" * (longest + 1))) == f"at most {longest} characters"


def test_a_string_without_bound_has_none() -> None:
    assert STRING.longest is None
    assert STRING.facet("x" * 10_000) is None


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("1", True),
        ("999", True),
        ("10", True),
        ("0", False),
        ("1000", False),
        ("01", False),
        ("", False),
        ("1 ", False),
        ("\u0661", False),
    ],
)
def test_a_revision_is_1_to_999(value: str, *, right: bool) -> None:
    assert REVISION.facet(value) == (None if right else "a whole number from 1 to 999, no leading zero")


@pytest.mark.parametrize(("value", "right"), [(-1, False), (0, False), (1, True), (999_999, True), (1_000_000, False)])
def test_a_position_is_1_to_999_999(value: int, *, right: bool) -> None:
    assert POSITION.facet(value) == (None if right else "a whole number from 1 to 999999")


@pytest.mark.parametrize("value", ["1E16", "-1E16", "0.00000000000000001", "1.50000000000000000000", "0"])
def test_an_amount_counts_its_digits_without_padding(value: str) -> None:
    assert AMOUNT.facet(Decimal(value)) is None


@pytest.mark.parametrize("value", ["1E17", "-1E17", "0.000000000000000001", "12345678901234567.5"])
def test_an_amount_of_18_digits_is_too_long(value: str) -> None:
    assert AMOUNT.facet(Decimal(value)) == "at most 17 digits"


# -------------------------------------------------------------------------------------------------- types that are made
def test_an_enumeration_says_what_it_allows() -> None:
    kind = enumerated("Colour", "red", "green")
    assert (kind.allowed, kind.codes, kind.collapse) == (("red", "green"), None, False)
    assert [kind.facet(value) for value in ("red", "green")] == [None, None]
    assert [kind.facet(value) for value in ("Red", " red", "")] == ["one of red, green"] * 3


def test_a_code_names_its_list_and_is_no_string() -> None:
    kind = code("MessageTypeList")
    assert (kind.name, kind.codes, kind.collapse, kind.longest) == ("MessageTypeList", "MessageTypeList", True, None)
    assert kind.read(" A37") == " A37"


@pytest.mark.parametrize(
    ("kind", "required"), [(PARTY, True), (ATTRIBUTE_VALUE, False)], ids=["party", "attribute value"]
)
def test_an_identifier_has_its_scheme_beside_it(kind: Simple[Coded], *, required: bool) -> None:
    attribute = kind.attribute
    assert attribute is not None
    assert (attribute.name, attribute.codes, attribute.required, attribute.fixed) == (
        "codingScheme",
        "CodingSchemeTypeList",
        required,
        None,
    )
    value = attribute.put(kind.read("x"), "A10")
    assert value == Coded("x", "A10")
    assert (attribute.get(value), kind.write(value)) == ("A10", "x")


@pytest.mark.parametrize(("kind", "unit"), [(ACTIVE_POWER, "MAW"), (VOLTAGE, "KVT")])
def test_a_technical_value_has_one_unit_beside_it(kind: Simple[Measured], unit: str) -> None:
    attribute = kind.attribute
    assert attribute is not None
    assert (attribute.name, attribute.codes, attribute.required, attribute.fixed) == ("unit", "UnitSymbol", True, unit)
    assert attribute.put(kind.read("1.5"), unit) == Measured(Decimal("1.5"), unit)
    with pytest.raises(NotLexical, match="without sign"):
        kind.read("-1.5")


def test_white_space_matters_in_strings_and_ends_of_intervals_only() -> None:
    kept: list[Simple[Any]] = [STRING, IDENTIFIER, REASON_TEXT, REVISION, PARTY, MINUTE, text("X", 3)]
    collapsed: list[Simple[Any]] = [DECIMAL, INTEGER, SECOND, DATE_TIME, DURATION, DATE, TIME, code("MessageTypeList")]
    assert [kind.collapse for kind in kept] == [False] * len(kept)
    assert [kind.collapse for kind in collapsed] == [True] * len(collapsed)
    assert set(XML_SPACE) == {" ", "\t", "\r", "\n"}


@pytest.mark.parametrize("function", [read_duration, DURATION.write], ids=["read", "write"])
def test_a_duration_is_not_rewritten(function: Callable[[str], str]) -> None:
    assert function("PT60M") == "PT60M"


def test_an_exponent_is_never_written() -> None:
    assert [write_decimal(Decimal(value)) for value in ("1E+20", "-2.5E-10", "0E-5")] == [
        "1" + "0" * 20,
        "-0.00000000025",
        "0.00000",
    ]
