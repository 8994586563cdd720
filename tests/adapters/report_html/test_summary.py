"""The head of the report: few figures, right sums, and what is abnormal in the order of its gravity."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.report_html import DocumentRow, MarketReport
from adapters.report_html.summary import Problem, Tile, headline, period, problems, tiles, unserved
from adapters.report_html.zones import slices
from gateway.flow import Flow
from gateway.report import Finding, Report, Severity
from gateway.results import Award, ClearingPrice, ExchangeFlow, Fate, ServedNeed, Verdict
from gateway.schemes import named
from gateway.time import Interval
from tests.adapters.example import NORTH, QUARTER, QUARTERS, SOUTH
from tests.adapters.report_html.pages import refusal, report
from tests.adapters.report_html.results import NEXT, award, figures_of, flow, need, price, report_of, result

Piece = Award | ServedNeed | ClearingPrice | ExchangeFlow


def tile(label: str, *pieces: Piece) -> Tile:
    """Return one tile of a report of *pieces*."""
    of = report_of(*pieces)
    found = tiles(of, slices(of.procurement.result), figures_of(*pieces))
    return next(each for each in found if each.label == label)


# ---- headline


def test_the_title_names_reserve_and_time_and_the_sentence_who_cleared_what() -> None:
    of = report_of(price(NORTH, 60))
    title, sentence = headline(of, slices(of.procurement.result), figures_of(price(NORTH, 60)))
    assert title == "mFRR market result, 2027-01-14 08:00\u201308:15 CET"
    assert sentence == "Centralised AS market. Cleared by 10X1001A1001A418 (market operator): 1 interval."


def test_without_any_interval_the_title_says_so() -> None:
    assert headline(report_of(), (), figures_of())[0] == "mFRR market result, no interval"
    assert period(()) is None


def test_the_period_runs_from_the_first_to_the_last_interval() -> None:
    later = replace(price(NORTH, 60), interval=NEXT)
    parts = slices(result(later, price(NORTH, 60)))
    assert period(parts) == Interval(QUARTER.start, NEXT.end)


# ---- tiles


def test_needs_are_summed_as_energy() -> None:
    hour = replace(need("long", 10, 10), interval=Interval(QUARTERS[0].start, QUARTERS[-1].end))
    assert tile("Needs served", need("a", 100, 100), hour) == Tile(
        "Needs served", "35.0 of 35.0 MWh", "no inelastic need is left unserved"
    )


def test_an_inelastic_need_that_is_not_met_is_abnormal() -> None:
    found = tile("Needs served", need("a", 100, 60), need("b", 100, 60, limit=50))
    assert found == Tile("Needs served", "30.0 of 50.0 MWh", "10.0 MWh unserved", abnormal=True)


@pytest.mark.parametrize(("limit", "served", "expected"), [(None, 9, True), (None, 10, False), (50, 0, False)])
def test_a_need_is_unserved_only_where_no_price_is_the_cause(limit: int | None, served: int, *, expected: bool) -> None:
    assert unserved(need("a", 10, served, limit)) is expected


def test_bids_are_counted_by_what_delivers() -> None:
    pieces = (
        award("a", 10, 40, Fate.ACCEPTED),
        award("b", 10, 50, Fate.PARTLY_ACCEPTED),
        award("c", 10, 70),
        award("d", 10, 45, Fate.BLOCKED),
    )
    assert tile("Bids accepted", *pieces) == Tile("Bids accepted", "2 of 4", "1 blocked by a system operator")
    assert tile("Bids accepted", *pieces[:3]).note == "none blocked"


@pytest.mark.parametrize(
    ("prices", "value", "note"),
    [
        ((), "\u2013", "no price was formed"),
        ((price(NORTH, 60),), "60.00 EUR/MWh", "1 area, median 60.00"),
        ((price(NORTH, 60), price(SOUTH, 60)), "60.00 EUR/MWh", "2 areas, median 60.00"),
        ((price(NORTH, -5), price(SOUTH, 90)), "\u22125.00 to 90.00 EUR/MWh", "2 areas, median 42.50"),
    ],
)
def test_prices_are_told_as_a_range(prices: tuple[ClearingPrice, ...], value: str, note: str) -> None:
    assert tile("Clearing price", *prices) == Tile("Clearing price", value, note)


def test_full_borders_are_counted_once_for_both_directions() -> None:
    pieces = (flow(45, 45), flow(0, 45, SOUTH, NORTH), price(NORTH, 60), price(SOUTH, 90))
    assert tile("Full borders", *pieces).value == "1 of 1"
    assert tile("Full borders", flow(44, 45)).value == "0 of 1"


def test_providers_of_down_bids_pay() -> None:
    up = award("a", 40, 50, Fate.ACCEPTED)
    down = award("b", -40, 70, Fate.ACCEPTED)
    assert tile("Cost at clearing prices", up).value == "600 EUR"
    assert tile("Cost at clearing prices", up, down).value == "0 EUR"
    assert tile("Cost at clearing prices", down).value == "\u2212600 EUR"
    assert tile("Cost at clearing prices", replace(up, price=None)).value == "0 EUR"


@pytest.mark.parametrize(
    ("verdicts", "note", "abnormal"),
    [
        ([Verdict.ACCEPTED], "0 refused", False),
        ([Verdict.ACCEPTED, Verdict.REFUSED], "1 refused", True),
        ([Verdict.PARTLY_ACCEPTED, Verdict.PARTLY_ACCEPTED], "0 refused, 2 in part", True),
    ],
)
def test_refused_documents_are_counted(verdicts: list[Verdict], note: str, *, abnormal: bool) -> None:
    rows = tuple(DocumentRow(file=f"{v}.xml", verdict=v, report=Report()) for v in verdicts)
    of = replace(report_of(), documents=rows)
    documents = next(each for each in tiles(of, (), figures_of()) if each.label == "Documents read")
    assert documents == Tile("Documents read", str(len(rows)), note, abnormal=abnormal)


# ---- what is abnormal


def told(of: MarketReport) -> list[tuple[str, str]]:
    return [(problem.kind, problem.text) for problem in problems(of, figures_of())]


def row(file: str, verdict: Verdict, *findings: Finding) -> DocumentRow:
    return DocumentRow(file=file, verdict=verdict, report=Report(findings=findings))


def test_nothing_abnormal_is_nothing() -> None:
    assert told(report()) == []


def test_refused_documents_come_before_partly_refused_ones() -> None:
    rows = (row("a.xml", Verdict.PARTLY_ACCEPTED, refusal()), row("b.xml", Verdict.REFUSED, refusal(), refusal("x")))
    words = "GEN-004 /ReserveBid_MarketDocument: expected an element, found nothing"
    assert told(replace(report_of(), documents=rows)) == [
        ("Document refused", f"b.xml: {words} (and 1 more)"),
        ("Series refused", f"a.xml: {words}"),
    ]


def test_a_warning_is_no_cause_of_a_refusal() -> None:
    warning = replace(refusal(), severity=Severity.WARN)
    rows = (row("a.xml", Verdict.REFUSED, warning),)
    assert told(replace(report_of(), documents=rows)) == [("Document refused", "a.xml: no reason was given")]


def test_an_unserved_need_says_where_when_and_how_much() -> None:
    of = report_of(need("a", -100, 60), need("b", 50, 50), need("c", 50, 20, limit=40))
    assert problems(of, figures_of(need("a", -100, 60))) == (
        Problem("Need not served", "North, 2027-01-14 08:00\u201308:15 CET: 40 of 100 MW down are missing", "needs"),
    )


def test_a_late_step_says_who_has_to_do_what() -> None:
    scheme = named("centralised")
    gate = {2: QUARTER.start}
    flow_late = Flow.begin(scheme.steps, gate).advance(1, QUARTER.start).tick(QUARTER.start)
    empty = report_of()
    of = replace(empty, procurement=replace(empty.procurement, flows=((QUARTER, flow_late),)))
    assert told(of) == [("Step late", "2027-01-14 08:00\u201308:15 CET: Buyer (TSO) communicates volumes")]


def test_each_kind_is_cut_by_itself() -> None:
    rows = tuple(row(f"{at:02}.xml", Verdict.REFUSED, refusal()) for at in range(14))
    needs = [need(f"n{at}", 100, 0) for at in range(13)]
    kinds = [kind for kind, _ in told(replace(report_of(*needs), documents=rows))]
    assert kinds == ["Document refused"] * 13 + ["Need not served"] * 13
    texts = [text for _, text in told(replace(report_of(*needs), documents=rows)) if text.endswith("of this kind")]
    assert texts == ["2 more of this kind", "1 more of this kind"]


def test_a_welfare_is_told_per_hour() -> None:
    of = report_of()
    richer = replace(of.procurement.result, welfare=Decimal("-1234567.89"))
    of = replace(of, procurement=replace(of.procurement, rounds=(richer,)))
    (found,) = (each for each in tiles(of, (), figures_of()) if each.label == "Welfare")
    assert found.value == "\u22121\u202f234\u202f568 EUR/h"
