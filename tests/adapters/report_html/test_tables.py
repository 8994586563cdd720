"""The long tables: every bid, need, document and step has its row, in an order a person expects."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.report_html import DocumentRow, MarketReport
from adapters.report_html.tables import BidRow, bid_rows, file_rows, need_rows, step_rows
from adapters.report_html.zones import slices
from gateway.flow import Flow
from gateway.report import Report, Severity
from gateway.results import Award, Fate, Verdict
from gateway.schemes import named
from tests.adapters.example import PROVIDER, QUARTER, QUARTERS, SOUTH, envelopes
from tests.adapters.report_html.pages import refusal, report
from tests.adapters.report_html.results import NEXT, award, figures_of, need, report_of, result

SCHEME = named("centralised")


def rows(*awards: Award) -> tuple[BidRow, ...]:
    return bid_rows(slices(result(*awards)), figures_of(*awards))


# ---- bids


def test_bids_stand_by_time_area_direction_and_price() -> None:
    pieces = (
        replace(award("late", 10, 1), interval=NEXT),
        award("south", 10, 1, area=SOUTH),
        award("down-poor", -10, 20),
        award("down-rich", -10, 50),
        award("free", 10, None, Fate.NO_PRICE),
        award("dear", 10, 90),
        award("cheap", 10, 5),
    )
    assert [row.bid_id for row in rows(*pieces)] == [
        "cheap",
        "dear",
        "free",
        "down-rich",
        "down-poor",
        "south",
        "late",
    ]


def test_a_bid_tells_its_figures_for_people_and_for_sorting() -> None:
    (row,) = rows(replace(award("a", 1_250, 40, Fate.PARTLY_ACCEPTED), reason="It shares a tie."))
    assert (row.area, row.direction, row.provider) == ("North", "up", PROVIDER.id.value)
    assert row.offered == ("1250", "1\u202f250")
    assert row.accepted == ("625", "625")
    assert row.bid_price == ("40", "40.00")
    assert row.price == ("60", "60.00")
    assert (row.start, row.anchor) == ("2027-01-14T07:00:00Z", "interval-20270114T070000Z")
    assert row.reason == "It shares a tie."


def test_a_bid_without_prices_sorts_as_nothing() -> None:
    (row,) = rows(replace(award("a", 10, None, Fate.NO_PRICE), price=None))
    assert (row.bid_price, row.price) == (("", "\u2013"), ("", "\u2013"))


@pytest.mark.parametrize("fate", Fate)
def test_every_fate_has_a_shape_and_a_reason(fate: Fate) -> None:
    (row,) = rows(award("a", 10, 40, fate))
    unusable = fate.value.startswith("not usable")
    assert row.shape == {Fate.ACCEPTED: "●", Fate.PARTLY_ACCEPTED: "◐"}.get(fate, "✕" if unusable else "○")
    assert row.fate == fate.value.split(":")[0]
    assert row.reason or fate is Fate.ACCEPTED


def test_a_bid_that_a_limit_stops_is_accepted_in_part() -> None:
    (row,) = rows(replace(award("a", 10, 40, Fate.LIMITED), quantity_mw=Decimal(4)))
    assert (row.shape, row.fate) == ("◐", "not accepted further")


def test_areas_are_named_in_reasons() -> None:
    (row,) = rows(replace(award("a", 10, 40), reason=f"The border to {SOUTH.value} is full."))
    assert row.reason == "The border to South is full."


# ---- needs


@pytest.mark.parametrize(
    ("served", "limit", "state", "abnormal"),
    [
        (10, None, "served in full", False),
        (4, None, "6 MW unserved", True),
        (4, 50, "6 MW not served within its limit price", False),
        (0, 50, "not served within its limit price", False),
    ],
)
def test_a_need_tells_whether_it_is_met(served: int, limit: int | None, state: str, *, abnormal: bool) -> None:
    piece = need("a", 10, served, limit)
    (row,) = need_rows(slices(result(piece)), figures_of(piece))
    assert (row.state, row.abnormal) == (state, abnormal)
    assert row.limit == (("", "\u2013") if limit is None else ("50", "50.00"))


def test_a_need_tells_its_excess() -> None:
    piece = replace(need("a", 10, 10), excess_mw=Decimal(5))
    (row,) = need_rows(slices(result(piece)), figures_of(piece))
    assert (row.state, row.abnormal) == ("served in full, 5 MW beyond it within its tolerance", False)


def test_needs_stand_by_area_and_direction() -> None:
    pieces = (need("s", 10, 10, area=SOUTH), need("down", -10, 10), need("up", 10, 10))
    assert [row.need_id for row in need_rows(slices(result(*pieces)), figures_of(*pieces))] == ["up", "down", "s"]


# ---- documents


def test_refused_documents_stand_first() -> None:
    documents = tuple(
        DocumentRow(file=file, verdict=verdict, report=Report())
        for file, verdict in (("a", Verdict.ACCEPTED), ("c", Verdict.REFUSED), ("b", Verdict.PARTLY_ACCEPTED))
    )
    found = file_rows(replace(report_of(), documents=documents))
    assert [(row.row.file, row.shape, row.abnormal) for row in found] == [
        ("c", "✕", True),
        ("a", "●", False),
        ("b", "◐", True),
    ]


def test_findings_are_told_with_what_follows() -> None:
    findings = (refusal(), replace(refusal(), severity=Severity.WARN, rule="RB-001", code="A59"))
    documents = (DocumentRow(file="a", verdict=Verdict.REFUSED, report=Report(findings=findings)),)
    (row,) = file_rows(replace(report_of(), documents=documents))
    assert [(finding.rule, finding.severity, finding.code) for finding in row.findings] == [
        ("GEN-004", "refuses", "999"),
        ("RB-001", "warns", "A59"),
    ]


# ---- steps


def with_flows(*flows: Flow) -> MarketReport:
    empty = report_of()
    timed = tuple(zip(QUARTERS, flows, strict=False))
    return replace(empty, procurement=replace(empty.procurement, flows=timed))


def test_every_step_of_the_scheme_has_its_row() -> None:
    found = step_rows(report())
    assert [row.number for row in found] == list(range(1, 14))
    assert (found[1].origin, found[1].action, found[1].recipients) == (
        "Buyer (TSO)",
        "communicates volumes",
        "MO (TSO)",
    )
    assert [row.kind for row in found[:8]] == ["done"] * 3 + ["skipped", "done", "skipped", "done", "waiting"]


def test_rounds_are_counted() -> None:
    two = [*envelopes().values(), replace(envelopes()["need.xml"], id="again")]
    assert [row.rounds for row in step_rows(report(two))][1] == 2


def test_intervals_that_differ_are_counted() -> None:
    begun = Flow.begin(SCHEME.steps, {2: QUARTER.start}).advance(1, QUARTER.start)
    needed = begun.advance(2, QUARTER.start, "N").close(2)
    rows_of = step_rows(with_flows(begun, needed, needed))
    assert (rows_of[1].state, rows_of[1].kind) == ("done 2, waiting 1", "waiting")
    late = step_rows(with_flows(begun.tick(QUARTER.start), needed))[1]
    assert (late.state, late.kind) == ("done 1, late 1", "late")


def test_without_intervals_every_step_waits() -> None:
    assert {row.state for row in step_rows(report_of())} == {"waiting"}
