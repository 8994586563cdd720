"""Deliveries: baseline and meter of each unit, shared among its orders; what is missing is put, marked and told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Misconfigured
from gateway.identifiers import ResourceId
from gateway.measurements import Quality, Readings
from gateway.model import ZERO, Direction, Reserve
from gateway.report import Report
from gateway.schedules import PlanKind, ResourceSchedules
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.definition import BaselineTerms, SettlementDefinition, Substitute, Unit
from gateway.settlement.deliveries import DeliveredOrder, deliveries, evidence
from gateway.settlement.orders import EnergyShape, Order, Shape
from tests.gateway.settlement.values import DOWN, LOADS, PLANT, SUPPLIER, UP, D, definition, measured, order, planned
from tests.market_values import EIGHT, WEST, quarter


def delivered(
    orders: Iterable[Order],
    readings: Iterable[Readings],
    plans: Iterable[ResourceSchedules] = (),
    terms: SettlementDefinition | None = None,
) -> tuple[tuple[DeliveredOrder, ...], Report]:
    return deliveries(terms or definition(), orders, evidence(readings, plans, BaselineTerms()))


@pytest.mark.parametrize(("metered", "expected"), [("-2", "0.5"), ("-2.4", "0.4"), ("-1.8", "0.55"), ("-4.4", "-0.1")])
def test_the_meter_against_the_schedule(metered: str, expected: str) -> None:
    (done,), report = delivered([order(LOADS, 2)], [measured(LOADS, metered)], [planned(LOADS, -4)])
    assert (done.requested_mwh, done.delivered_mwh) == (D("0.5"), D(expected))
    assert (done.estimated, report) == (False, Report())
    assert done.baseline is not None
    assert done.baseline.method == "nominated schedule"
    assert done.measured is not None
    assert done.measured.series == ("meter of LOADS",)


def with_baseline(method: BaselineMethod) -> SettlementDefinition:
    return replace(definition(), units=(replace(PLANT, baseline=method), LOADS))


def test_the_meter_before_is_that_before_the_whole_activation() -> None:
    orders = [order(mw=4, on=quarter(n)) for n in (0, 1, 3)]
    terms = with_baseline(BaselineMethod.METER_BEFORE)
    found, _ = delivered(orders, [measured(PLANT, 10, 14, 13, 11, 16, first=-1)], terms=terms)
    # the first two quarters stand against 10 MW, the third, after a pause, against 11 MW
    assert [done.delivered_mwh for done in found] == [D(1), D("0.75"), D("1.25")]
    assert [done.baseline and done.baseline.power_mw for done in found] == [10, 10, 11]


def test_storage_has_no_baseline_to_beat() -> None:
    (done,), _ = delivered(
        [order(mw=3, direction=DOWN)], [measured(PLANT, -2)], terms=with_baseline(BaselineMethod.ZERO)
    )
    assert done.delivered_mwh == D("0.5")
    assert done.baseline is not None
    assert done.baseline.method == "zero"


def days(figures: Iterable[tuple[str, str]]) -> list[Readings]:
    """Return the four quarters before eight o'clock and the one after it, on the working days before."""
    backs = (back for back in range(1, 30) if (EIGHT - timedelta(days=back)).weekday() < 5)
    return [
        measured(PLANT, *[level] * 4, power, first=-4 - 96 * back)
        for back, (level, power) in zip(backs, figures, strict=False)
    ]


def test_the_highest_five_of_ten_days_with_the_level_of_today() -> None:
    """The five highest of ten: mean 4.38 MW; they stood at 4.48 MW before, today at 4.60: the baseline is 4.50 MW."""
    levels = ("4.2", "4.0", "4.4", "3.8", "5.0", "4.1", "4.3", "3.9", "4.5", "4.0")
    figures = [(level, str(D(level) - D("0.1"))) for level in levels]
    today = measured(PLANT, *["4.6"] * 4, "5.5", first=-4)
    terms = with_baseline(BaselineMethod.HIGHEST_DAYS)
    (done,), report = delivered([order(mw=4)], [*days(figures), today], terms=terms)
    assert done.baseline is not None
    assert (done.baseline.power_mw, done.baseline.method) == (D("4.50"), "highest 5 of 10")
    assert done.delivered_mwh == D("0.25")
    assert report == Report()
    (short,), told = delivered([order(mw=4)], [*days(figures[:4]), today], terms=terms)
    assert short.baseline is None
    assert told.findings[0].found == "4 days, level today 4.6"


def test_an_event_day_does_not_count_as_a_similar_one() -> None:
    figures = [("4", "9"), *[("4", "4")] * 9]
    today = measured(PLANT, *["4"] * 4, "4", first=-4)
    quiet = replace(PLANT, baseline=BaselineMethod.HIGHEST_DAYS, event_days=frozenset({EIGHT.date() - timedelta(1)}))
    found = []
    for unit in (quiet, replace(quiet, event_days=frozenset())):
        (done,), _ = delivered([order(mw=4)], [*days(figures), today], terms=replace(definition(), units=(unit,)))
        found.append(done.baseline and done.baseline.power_mw)
    assert found == [4, 5]


# ---- what is missing


@pytest.mark.parametrize(
    ("substitute", "expected"), [(Substitute.AS_REQUESTED, "2.5"), (Substitute.NOTHING, "0")], ids=str
)
def test_a_missing_value_is_put_marked_and_told(substitute: Substitute, expected: str) -> None:
    terms = replace(definition(), substitute=substitute)
    (done,), report = delivered([order()], [measured(PLANT, None)], [planned(PLANT, 5)], terms)
    assert (done.delivered_mwh, done.estimated, done.baseline, done.measured) == (D(expected), True, None, None)
    assert [str(finding) for finding in report.findings] == [
        f"ME-005 NNO:PLANT {quarter()}: expected measured values that fill the period, found none"
    ]
    assert report.findings[0].code == "B03"
    assert report.assumptions == (f"NNO:PLANT {quarter()}: estimated, {substitute}",)


def test_a_missing_schedule_is_no_schedule_of_nothing() -> None:
    (done,), report = delivered([order()], [measured(PLANT, 15)])
    assert done.estimated
    assert report.findings[0].expected == "a schedule of the unit"
    held = replace(planned(PLANT, 5).planned[0], kind=PlanKind.RESERVE, direction=UP, reserve=Reserve.FCR)
    whole = replace(planned(PLANT, 5).planned[0], resource=None)
    (done,), _ = delivered([order()], [measured(PLANT, 15)], [ResourceSchedules(planned=(held, whole))])
    assert done.estimated


@pytest.mark.parametrize(("quality", "provisional"), [(Quality.TEMPORARY, True), (Quality.ADJUSTED, False)])
def test_a_provisional_value_counts_and_is_told(quality: Quality, *, provisional: bool) -> None:
    (done,), report = delivered([order()], [measured(PLANT, 15, quality=quality)], [planned(PLANT, 5)])
    assert (done.delivered_mwh, done.estimated) == (D("2.5"), provisional)
    said = f"NNO:PLANT {quarter()}: the meter value is {quality}"
    assert report == Report(assumptions=(said,) if provisional else ())


# ---- several orders of one unit


def test_orders_of_one_unit_share_what_it_did_in_proportion() -> None:
    both = [order(mw=6), replace(order(mw=2), bid_id="second")]
    found, _ = delivered(both, [measured(PLANT, 9)], [planned(PLANT, 5)])
    assert [(done.requested_mwh, done.delivered_mwh) for done in found] == [
        (D("1.5"), D("0.75")),
        (D("0.5"), D("0.25")),
    ]


def test_orders_in_both_directions_are_measured_as_one() -> None:
    both = [order(mw=6), order(mw=2, direction=DOWN)]
    found, _ = delivered(both, [measured(PLANT, 5)], [planned(PLANT, 5)])
    # 1 MWh too little in all: 0.75 of it by the larger order, 0.25 by the smaller one
    assert [done.delivered_mwh for done in found] == [D("0.75"), D("0.75")]


@given(
    st.lists(st.tuples(st.decimals("0.1", 300, places=1), st.sampled_from([UP, DOWN])), min_size=1, max_size=5),
    st.decimals(-900, 900, places=3),
)
def test_the_deliveries_of_a_unit_add_up_to_its_meter(drawn: list[tuple[Decimal, Direction]], power: Decimal) -> None:
    orders = [replace(order(mw=mw, direction=way), bid_id=str(n)) for n, (mw, way) in enumerate(drawn)]
    found, _ = delivered(orders, [measured(PLANT, power)], [planned(PLANT, 0)])
    total = sum((done.order.direction.sign * done.delivered_mwh for done in found), ZERO)
    assert abs(total - power / 4) < D("1e-20")


def test_a_spill_is_measured_in_the_period_where_it_falls() -> None:
    terms = replace(definition(), shape=EnergyShape(shape=Shape.TRAPEZOID))
    found, _ = delivered(
        [order(mw=60)], [measured(PLANT, 5, 50, 4, first=-1)], [planned(PLANT, 0, 0, 0, first=-1)], terms
    )
    assert [(done.interval, done.requested_mwh, done.delivered_mwh) for done in found] == [
        (quarter(-1), D("1.25"), D("1.25")),
        (quarter(), D("12.5"), D("12.5")),
        (quarter(1), D("1.25"), D(1)),
    ]


# ---- whose unit it is


def test_the_sale_of_a_trader_is_delivered_by_definition() -> None:
    sale = replace(order(mw=8), provider=SUPPLIER, resource=None)
    (done,), report = delivered([sale], [], terms=replace(definition(), traders=frozenset({SUPPLIER})))
    assert (done.unit, done.delivered_mwh, done.estimated, report) == (None, D(2), False, Report())


@pytest.mark.parametrize(
    ("resource", "units", "found"),
    [
        (ResourceId("ELSEWHERE", "NNO"), (PLANT,), "0 of them"),
        (None, (PLANT, replace(PLANT, resource=ResourceId("SECOND", "NNO"))), "2 of them"),
        (PLANT.resource, (LOADS,), "0 of them"),
    ],
    ids=["unknown", "several", "another provider's"],
)
def test_an_order_of_no_known_unit_is_refused(resource: ResourceId | None, units: tuple[Unit, ...], found: str) -> None:
    with pytest.raises(Misconfigured, match=found):
        delivered([replace(order(), resource=resource)], [], terms=replace(definition(), units=units))


def test_a_bid_without_a_resource_belongs_to_its_providers_only_unit() -> None:
    (done,), _ = delivered([replace(order(), resource=None)], [measured(PLANT, 15)], [planned(PLANT, 5)])
    assert done.unit == PLANT


def test_each_area_has_its_operator() -> None:
    assert definition().operator(WEST) == PLANT.operator
    with pytest.raises(Misconfigured, match="the transmission operator of A01:10YNO-2--------T"):
        replace(definition(), operators={}).operator(WEST)
