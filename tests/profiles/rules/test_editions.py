"""The rules speak the names of the edition that a document has, and say nothing of what it cannot hold."""

from __future__ import annotations

import pytest

from gateway.errors import Unwritable
from profiles import convert, parse, registry, write
from profiles.edition import Edition
from profiles.markets import load
from profiles.reserve_bid import Point
from profiles.rules.engine import check, rules
from profiles.rules.shape import ALL
from tests.profiles.rules.cases import BASES, Step, broken, changed, context, said, source

MARKET = load("project")


def forms(base: str) -> list[Edition]:
    """Return the editions of the document of a base without local codes of their own."""
    own = parse(source(base)).edition
    return [edition for edition in registry.EDITIONS if edition.document is own.document and edition.lists is None]


def rewritten(base: str, edition: Edition, *steps: Step) -> bytes | None:
    """Return a valid document, changed, in another edition; None where that edition cannot hold it."""
    parsed = parse(changed(base, steps) if steps else source(base))
    document, _ = convert(parsed.document, parsed.edition, edition)
    try:
        return write(document, edition)
    except Unwritable:
        return None


PAIRS = [(base, edition) for base in BASES for edition in forms(base)]
HELD = [(base, edition) for base, edition in PAIRS if rewritten(base, edition) is not None]
"""Where the edition can hold what the document says; an older one has no place for an id of 36 characters."""


@pytest.mark.parametrize(("base", "edition"), HELD, ids=lambda value: value if isinstance(value, str) else value.name)
def test_a_valid_document_breaks_no_rule_in_any_edition(base: str, edition: Edition) -> None:
    parsed = parse(rewritten(base, edition) or b"")
    assert parsed.edition is edition
    report = parsed.report + check(parsed.document, edition, MARKET, context())
    assert report.findings == ()


def test_most_editions_can_hold_the_valid_documents() -> None:
    assert len(HELD) >= 0.7 * len(PAIRS)
    assert {base for base, _ in HELD} == set(BASES)


UNITS = [
    ("7.4", "quantity_Measurement_Unit.name"),
    ("7.3", "quantity_Measurement_Unit.name"),
    ("7.2", "quantity_Measure_Unit.name"),
    ("7.1", "quantity_Measure_Unit.name"),
]


@pytest.mark.parametrize(("name", "tag"), UNITS)
def test_a_finding_has_the_name_that_the_edition_has(name: str, tag: str) -> None:
    edition = registry.named("reserve_bid", name)
    step = ("set", "Bid_TimeSeries[2]/quantity_Measurement_Unit.name", "KWT")
    short = [("set", "mRID", "short"), *[("set", f"Bid_TimeSeries[{n}]/mRID", f"bid {n}") for n in (1, 2, 3)]]
    data = rewritten("bids", edition, step, *short)
    assert data is not None
    parsed = parse(data)
    report = check(parsed.document, edition, MARKET)
    assert [(found.rule, found.path) for found in report.findings] == [
        ("TS-016", f"/ReserveBid_MarketDocument/Bid_TimeSeries[2]/{tag}")
    ]


@pytest.mark.parametrize(("name", "quality"), [("7.5", True), ("7.6", True), ("7.4", False), ("7.2", False)])
def test_only_the_newer_editions_have_a_quality_to_judge(name: str, *, quality: bool) -> None:
    tags = {entry.tag for entry in registry.named("reserve_bid", name).fields(Point)}
    assert ("quality" in tags) == quality


def test_an_element_of_a_later_edition_is_unreadable_in_an_earlier_one() -> None:
    inclusive = ("before", "Bid_TimeSeries[1]/Period", "<inclusiveBidsIdentification>all</inclusiveBidsIdentification>")
    older: list[Step] = [("text", "reservebiddocument:7:4", "reservebiddocument:7:3")]
    assert broken("bids", inclusive) == []
    assert [row[:3] for row in said("bids", *older, inclusive)] == [
        ("GEN-004", "999", "/Bid_TimeSeries[1]/inclusiveBidsIdentification")
    ]


def test_rules_of_the_balancing_markets_are_for_their_documents_alone() -> None:
    """Every other document is judged by what its shape alone allows to say, and by a family of its own at most."""
    others = {edition.document for edition in registry.EDITIONS} - set(ALL)
    assert len(others) > 20
    for document in others:
        families = {name.partition("-")[0] for name, entry in rules().items() if document in entry.documents}
        assert families.isdisjoint({"RB", "RN", "AR", "AC", "BA", "CA", "AK"})
        assert len(families - {"GEN", "TS"}) <= 1
        assert {"GEN-006", "GEN-008", "GEN-012", "GEN-016", "GEN-017"} <= {
            name for name, entry in rules().items() if document in entry.documents
        }
