"""Energy and money of an activated bid: measured, planned, substituted; who is corrected; what a correction changes.

Cheap delivers 10 MW upward at 40 EUR/MWh from a heat pump that is planned at -12 MW. Over a quarter hour 2.5 MWh are
requested. They use the bid up, so that the price lies half way to the next one, at 50: 125.00 EUR.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.accounts import PerimeterCorrection, Settlement
from gateway.measurements import Quality, Reading, Readings, Unit
from gateway.model import Blocking, Direction
from gateway.schedules import PlanKind, ResourceSchedules
from gateway.session import Responsible, Terms
from tests.gateway.session.period import (
    CHEAP,
    DEAR,
    HEAT,
    METERS,
    PUMP,
    Room,
    answer,
    bids,
    direct_need,
    metered,
    needs,
    plan_of,
    room,
    told,
)
from tests.market_values import DSO, OTHER_SELLER, SELLER, TSO, bid, need, quarter

BILL = -15 - 24 * 60
"""When measurements are due, in minutes before eight."""


def activated(terms: Terms | None = None, wanted: int = 10, planned: ResourceSchedules | None = None) -> Room:
    scheme = room(terms=terms)
    if planned is not None:
        scheme.hear(planned, SELLER, 70)
    scheme.hear(bids(CHEAP, bid("slow", 5, 300)), SELLER, 60)
    scheme.hear(bids(DEAR), OTHER_SELLER, 59)
    scheme.hear(needs(need("n", wanted)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    return scheme


def billed(scheme: Room, *readings: Readings) -> Room:
    scheme.tick(-15)
    for number, message in enumerate(readings):
        scheme.hear(message, METERS, -20 - number)
    scheme.tick(BILL)
    return scheme


def lines(scheme: Room) -> dict[str, tuple[str, str]]:
    """Return energy and amount of each bid, as stated last."""
    found = [each.message for each in scheme.session.standing.sent if isinstance(each.message, Settlement)]
    return {line.id: (f"{line.quantity_mwh.normalize():f}", str(line.amount)) for each in found for line in each.lines}


def moved(scheme: Room) -> dict[str, str]:
    """Return the MWh of each adjustment, as stated last."""
    found = [each.message for each in scheme.session.standing.sent if isinstance(each.message, PerimeterCorrection)]
    return {move.id: f"{move.energy_mwh.normalize():f}" for each in found for move in each.adjustments}


def final(scheme: Room) -> list[bool]:
    return [each.message.final for each in scheme.session.standing.sent if isinstance(each.message, Settlement)]


@pytest.mark.parametrize(
    ("planned", "measured", "moves"),
    [
        (plan_of(HEAT, -12), metered(HEAT, -2), {"cheap delivered": "2.5"}),
        (plan_of(HEAT, -12), metered(HEAT, -6), {"cheap delivered": "1.5", "cheap not delivered": "1"}),
        (
            plan_of(HEAT, -12),
            metered(HEAT, "-1.5", Unit.MEGAWATT_HOUR),
            {"cheap delivered": "1.5", "cheap not delivered": "1"},
        ),
        (plan_of(HEAT, -12), metered(HEAT, 0), {"cheap delivered": "3", "cheap not delivered": "-0.5"}),
        (plan_of(HEAT, -12), metered(HEAT, -12), {"cheap not delivered": "2.5"}),
        (plan_of(HEAT, -12), metered(PUMP, -2), {"cheap delivered": "2.5"}),
        (plan_of(PUMP, -12), metered(HEAT, -2), {"cheap delivered": "2.5"}),
        (None, metered(HEAT, -2), {"cheap delivered": "2.5"}),
    ],
    ids=[
        "all",
        "a part",
        "a part, in MWh",
        "more than ordered",
        "nothing",
        "another meter",
        "another schedule",
        "no schedule",
    ],
)
def test_what_the_meter_shows_beyond_the_schedule_was_delivered(
    planned: ResourceSchedules | None, measured: Readings, moves: dict[str, str]
) -> None:
    scheme = billed(activated(planned=planned), measured)
    assert moved(scheme) == moves
    # What is paid is what was requested: a shortfall costs the imbalance price.
    assert lines(scheme) == {"cheap": ("2.5", "125.00")}


@pytest.mark.parametrize(
    ("planned", "measured", "known"),
    [(plan_of(HEAT, -12), metered(HEAT, -2), True), (plan_of(HEAT, -12), metered(PUMP, -2), False)],
)
def test_a_statement_is_final_where_everything_was_measured(
    planned: ResourceSchedules,
    measured: Readings,
    known: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert final(billed(activated(planned=planned), measured)) == [known]


def test_a_value_that_is_not_available_is_no_measurement() -> None:
    missing = Reading(interval=quarter(), value=None, quality=Quality.NOT_AVAILABLE)
    series = replace(metered(HEAT, 0).series[0], readings=(missing,))
    scheme = billed(activated(planned=plan_of(HEAT, -12)), Readings(series=(series,)))
    assert final(scheme) == [False]
    assert moved(scheme) == {"cheap delivered": "2.5"}


def test_a_plan_of_reserve_is_no_schedule() -> None:
    plan = plan_of(HEAT, 12).planned[0]
    held = replace(plan, kind=PlanKind.RESERVE, direction=Direction.UP, reserve=CHEAP.reserve)
    assert final(billed(activated(planned=ResourceSchedules(planned=(held,))), metered(HEAT, -2))) == [False]


def test_the_value_that_was_measured_last_counts() -> None:
    scheme = billed(activated(planned=plan_of(HEAT, -12)), metered(HEAT, -12), metered(HEAT, -6))
    assert moved(scheme) == {"cheap delivered": "1.5", "cheap not delivered": "1"}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), {"cheap delivered": SELLER.id, "cheap not delivered": SELLER.id}),
        (
            (Responsible(provider=SELLER.id, provider_responsible=TSO.id, supplier=DSO.id),),
            {"cheap delivered": DSO.id, "cheap not delivered": TSO.id},
        ),
        (
            (
                Responsible(provider=SELLER.id, provider_responsible=TSO.id, supplier=DSO.id, resource=PUMP),
                Responsible(provider=OTHER_SELLER.id, provider_responsible=TSO.id, supplier=DSO.id),
            ),
            {"cheap delivered": SELLER.id, "cheap not delivered": SELLER.id},
        ),
    ],
    ids=["itself", "as the terms say", "the terms speak of others"],
)
def test_who_is_corrected_is_a_term_of_the_session(
    entries: tuple[Responsible, ...], expected: dict[str, object]
) -> None:
    scheme = billed(activated(Terms(responsible=entries), planned=plan_of(HEAT, -12)), metered(HEAT, -6))
    sent = scheme.session.standing.sent
    corrections = [each for each in sent if isinstance(each.message, PerimeterCorrection)]
    assert {m.id: m.party for each in corrections for m in each.message.adjustments} == expected  # type: ignore[union-attr]
    assert {each.receiver.id for each in corrections} == set(expected.values())


def test_a_refused_order_is_neither_paid_nor_corrected() -> None:
    scheme = activated()
    scheme.hear(answer(scheme.orders()[0], "cheap"), SELLER, 14)
    assert scheme.ordered() == {"dear": "10"}
    assert lines(billed(scheme)) == {"dear": ("2.5", "150.00")}
    assert moved(scheme) == {"dear delivered": "2.5"}


def test_direct_activation_is_paid_for_as_long_as_it_was_ordered_at_its_own_price() -> None:
    scheme = activated(wanted=4)
    scheme.hear(needs(direct_need(20)), TSO, -3)
    # From three minutes past eight to half past, 27 minutes: 6 MW of cheap are 2.7 MWh, 14 MW of dear 6.3 MWh, at 60.
    found = [
        (line.id, str(line.quantity_mwh.normalize()), str(line.amount))
        for each in billed(scheme).session.standing.sent
        if isinstance(each.message, Settlement)
        for line in each.message.lines
    ]
    assert sorted(found) == [("cheap", "1", "40.00"), ("cheap", "2.7", "162.00"), ("dear", "6.3", "378.00")]


def test_a_correction_goes_out_as_the_next_revision_to_whom_it_concerns() -> None:
    scheme = billed(activated(planned=plan_of(HEAT, -12)), metered(HEAT, -2))
    scheme.hear(metered(HEAT, -6), METERS, BILL - 10)
    assert told(scheme.sent) == ["Receipt to DSO", "Readings to TSO", "PerimeterCorrection to seller"]
    assert [each.revision for each in scheme.sent] == [1, 2, 2]
    assert moved(scheme) == {"cheap delivered": "1.5", "cheap not delivered": "1"}


def test_readings_that_change_nothing_correct_nothing() -> None:
    scheme = billed(activated(planned=plan_of(HEAT, -12)), metered(HEAT, -2))
    scheme.hear(metered(HEAT, "-2.0"), METERS, BILL - 10)
    assert [kind for kind in told(scheme.sent) if "Perimeter" in kind or "Settlement" in kind] == []


def test_late_readings_make_a_preliminary_statement_final() -> None:
    scheme = billed(activated(planned=plan_of(HEAT, -12)))
    assert final(scheme) == [False]
    scheme.hear(metered(HEAT, -2), METERS, BILL - 10)
    assert final(scheme) == [False, True]


def test_downward_energy_is_paid_by_the_provider() -> None:
    scheme = room()
    scheme.hear(bids(bid("down", 8, 20, Direction.DOWN)), SELLER, 60)
    scheme.hear(needs(need("n", 8, direction=Direction.DOWN)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    assert lines(billed(scheme)) == {"down": ("2", "-40.00")}
    assert moved(scheme) == {"down delivered": "-2"}


def test_two_bids_of_one_resource_are_not_told_apart_by_its_meter() -> None:
    scheme = room()
    scheme.hear(plan_of(HEAT, -12), SELLER, 70)
    scheme.hear(bids(CHEAP, replace(CHEAP, id="second", price=Decimal(45))), SELLER, 60)
    scheme.hear(needs(need("n", 15)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    assert moved(billed(scheme, metered(HEAT, -2))) == {"cheap delivered": "2.5", "second delivered": "1.25"}
    assert final(scheme) == [False]
