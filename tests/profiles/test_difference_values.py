"""Differences on a declaration of its own: every kind of value, records by identifier, position or order."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from gateway.errors import Misconfigured
from profiles.difference import Difference, differences
from profiles.edition import Edition
from profiles.lexical import Coded, Measured
from profiles.registry import named
from tests.profiles.forest import NEW, OLD, PLAIN, Nest, Tree, Twig, branch, tree

EIGHT = datetime(2027, 1, 14, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """A document with its edition."""

    document: object
    edition: Edition = PLAIN


def told(
    first: Tree, second: Tree, source: Edition = PLAIN, target: Edition = PLAIN
) -> list[tuple[str, str | None, str | None]]:
    """Return path, first and second of each difference."""
    found = differences(Given(first, source), Given(second, target))
    assert all(isinstance(one, Difference) for one in found)
    return [(one.path, one.first, one.second) for one in found]


FULL = tree(
    branch("b", length=Decimal("1.50"), lasting="PT60M", twigs=(Twig(position=1, colour="green"), Twig(position=2))),
    planted=EIGHT,
    power=Measured(Decimal("2.5"), "MAW"),
    mark=Coded("m", ""),
    rings=7,
    status="A06",
    colours=("green", "brown"),
)

# What differs; the second document; path, first and second value.
VALUES: list[tuple[str, Tree, list[tuple[str, str | None, str | None]]]] = [
    ("a number", tree(rings=8), [("/rings", None, "8")]),
    ("an instant", tree(planted=EIGHT), [("/planted", None, "2027-01-14T08:00:00Z")]),
    ("a power", tree(power=Measured(Decimal("1E2"), "MAW")), [("/power", None, "100 MAW")]),
    ("a code", tree(status="A06"), [("/status", None, "A06")]),
    ("an identifier with scheme", tree(owner=Coded("x", "A10")), [("/owner.mRID", "A01:10X1001A1001A38Y", "A10:x")]),
    ("an identifier without scheme", tree(mark=Coded("m", "")), [("/mark", None, "m")]),
    (
        "one of several",
        tree(colours=("green", "brown")),
        [("/colour[1]", None, "green"), ("/colour[2]", None, "brown")],
    ),
]


@pytest.mark.parametrize(("second", "expected"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_a_value_is_told_in_words(second: Tree, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert told(tree(), second) == expected
    assert told(second, tree()) == [(path, after, before) for path, before, after in expected]


def test_a_document_does_not_differ_from_itself() -> None:
    assert told(FULL, FULL) == []


SAME: list[tuple[str, Tree, Tree]] = [
    ("zeros behind the point", tree(branch(length=Decimal("1.50"))), tree(branch(length=Decimal("1.5")))),
    ("an exponent", tree(branch(length=Decimal("1E2"))), tree(branch(length=Decimal(100)))),
    ("a sign of zero", tree(branch(length=Decimal("-0"))), tree(branch(length=Decimal(0)))),
    ("a duration in hours", tree(branch(lasting="PT60M")), tree(branch(lasting="PT1H"))),
    ("a duration with zeros", tree(branch(lasting="PT15M")), tree(branch(lasting="P0Y0M0DT0H15M0.000S"))),
    ("an offset", tree(planted=EIGHT), tree(planted=EIGHT.astimezone(timezone(timedelta(hours=2))))),
    ("a curve of fixed blocks", tree(branch(curve_type="A01")), tree(branch())),
    ("the order of branches", tree(branch("a"), branch("b")), tree(branch("b"), branch("a"))),
    ("the order of twigs", tree(branch("a", 1, 2)), tree(branch("a", 2, 1))),
]


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_what_means_the_same_is_no_difference(first: Tree, second: Tree) -> None:
    assert told(first, second) == []


OTHER: list[tuple[str, Tree, Tree, list[tuple[str, str | None, str | None]]]] = [
    (
        "a day is not 24 hours",
        tree(branch(lasting="P1D")),
        tree(branch(lasting="PT24H")),
        [("/Branch[b]/lasting", "P1D", "PT1440M")],
    ),
    (
        "a negative duration",
        tree(branch(lasting="-PT60M")),
        tree(branch(lasting="-PT1H")),
        [("/Branch[b]/lasting", "-PT60M", "-PT1H")],
    ),
    (
        "a curve of variable blocks",
        tree(branch(curve_type="A03")),
        tree(branch()),
        [("/Branch[b]/curveType", "A03", "A01")],
    ),
    (
        "the order of texts",
        tree(branch(notes=("x", "y"))),
        tree(branch(notes=("y", "x"))),
        [("/Branch[b]/note[1]", "x", "y"), ("/Branch[b]/note[2]", "y", "x")],
    ),
    (
        "the unit of a power",
        tree(power=Measured(Decimal(1), "MAW")),
        tree(power=Measured(Decimal(1), "KWT")),
        [("/power", "1 MAW", "1 KWT")],
    ),
    ("blanks in a text", tree(branch(notes=("x",))), tree(branch(notes=("x ",))), [("/Branch[b]/note[1]", "x", "x ")]),
]


@pytest.mark.parametrize(("first", "second", "expected"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER])
def test_what_means_something_else_is_a_difference(
    first: Tree, second: Tree, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert told(first, second) == expected


# ------------------------------------------------------------------------------------------------------------- matching
def test_a_branch_that_is_missing_is_told_in_all_its_values() -> None:
    first, second = tree(branch("a"), branch("b", length=Decimal(3))), tree(branch("a"))
    assert told(first, second) == [
        ("/Branch[b]/mRID", "b", None),
        ("/Branch[b]/length", "3", None),
        ("/Branch[b]/curveType", "A01", None),
        ("/Branch[b]/Twig[1]/position", "1", None),
    ]


def test_what_only_the_second_has_comes_last() -> None:
    first, second = tree(branch("a", length=Decimal(1))), tree(branch("a", length=Decimal(2)), rings=1)
    assert [path for path, _, _ in told(first, second)] == ["/Branch[a]/length", "/rings"]


def test_records_without_names_of_their_own_are_matched_by_their_order() -> None:
    twice = tree(branch("a"), branch("a", length=Decimal(2)))
    changed = tree(branch("a"), branch("a", length=Decimal(3)))
    assert told(twice, changed) == [("/Branch[2]/length", "2", "3")]
    positions = tree(branch("a", twigs=(Twig(position=1, colour="green"), Twig(position=1))))
    recoloured = tree(branch("a", twigs=(Twig(position=1, colour="brown"), Twig(position=1))))
    assert told(positions, recoloured) == [("/Branch[a]/Twig[1]/colour", "green", "brown")]


# ------------------------------------------------------------------------------------------------------------- editions
def test_an_identifier_and_the_object_that_replaced_it_are_compared() -> None:
    older, newer = tree(branch(resource=Coded("r", "NNO"))), tree(branch(nest=Nest(id=Coded("r", "NNO"))))
    assert told(older, newer, PLAIN, NEW) == []
    other = tree(branch(nest=Nest(id=Coded("s", "NNO"), name="owl")))
    assert told(older, other, PLAIN, NEW) == [
        ("/Branch[b]/resource.mRID", "NNO:r", "NNO:s"),
        ("/Branch[b]/Nest/name", None, "owl"),
    ]


def test_names_are_those_of_the_declaration_whatever_the_edition() -> None:
    first, second = tree(branch(twigs=(Twig(position=1, colour="green"),))), tree(branch())
    assert (
        told(first, second, NEW, NEW)
        == told(first, second, PLAIN, OLD)
        == [("/Branch[b]/Twig[1]/colour", "green", None)]
    )


def test_documents_of_two_types_are_not_compared() -> None:
    with pytest.raises(Misconfigured) as caught:
        differences(Given(tree()), Given(tree(), named("glsk", "2.2")))
    assert caught.value.args[:3] == ("documents", "two of one type, such as Tree_Document", "GLSK_MarketDocument")
