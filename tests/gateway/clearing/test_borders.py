"""What flows between areas: capacities of several operators, losses, several products on one border."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.clearing import certify, clear
from gateway.clearing.borders import Border, borders
from gateway.clearing.example import QUARTERS, area, bid, border, market_of, need
from gateway.clearing.market import Scale
from gateway.identifiers import PartyId
from gateway.time import Interval
from tests.gateway.clearing.reading import accepted, flows, prices, served

OTHER = PartyId("other", "example")
CHEAP, DEAR, ASKED = bid("B1", "B", "up", 100, 20), bid("A1", "A", "up", 100, 60), need("d", "A", 50)


def test_the_lower_of_two_operators_capacities_counts() -> None:
    (there, back) = border("B", "A", 30)
    second = replace(there, id="second", sender=OTHER, quantity_mw=Decimal(25))
    result = clear(market_of(CHEAP, DEAR, ASKED, there, second, back))

    assert flows(result) == {"B->A": 25}
    assert result.notes == (f"Border B to A in {QUARTERS[0]}: the lowest of several capacities counts, 25 MW.",)


def test_agreeing_operators_need_no_note() -> None:
    (there, _) = border("B", "A", 30)
    result = clear(market_of(CHEAP, DEAR, ASKED, there, replace(there, id="second", sender=OTHER)))

    assert flows(result) == {"B->A": 30}
    assert result.notes == ()


def test_a_direction_of_which_nobody_speaks_carries_nothing() -> None:
    (_, back) = border("B", "A", 30, 40)
    result = clear(market_of(CHEAP, DEAR, ASKED, back))

    assert flows(result) == {}
    assert accepted(result) == {"A1": 50}


def test_a_capacity_of_the_whole_hour_counts_in_each_quarter() -> None:
    hour = Interval(QUARTERS[0].start, QUARTERS[3].end)
    result = clear(market_of(CHEAP, DEAR, ASKED, *(replace(each, interval=hour) for each in border("B", "A", 30))))

    assert flows(result) == {"B->A": 30}


def test_a_capacity_of_a_part_of_the_interval_does_not_count() -> None:
    ten_minutes = Interval(QUARTERS[0].start, QUARTERS[0].start + timedelta(minutes=10))
    (there, _) = border("B", "A", 30)
    result = clear(market_of(CHEAP, DEAR, ASKED, replace(there, interval=ten_minutes)))

    assert flows(result) == {}
    assert result.notes == (f"Capacity B-A covers only a part of {QUARTERS[0]} and does not count.",)


@pytest.mark.parametrize(
    ("stated", "capacity", "loss"),
    [
        ([(30, "0.1")], 30_000, "0.1"),
        ([(30, "0.1"), (25, "0.05")], 25_000, "0.1"),
        ([(25, "0.05"), (30, "0.1"), (27, "0")], 25_000, "0.1"),
        ([("0.0015", "0"), ("0.002", "0.02")], 1, "0.02"),
        ([(0, "0"), (30, "0")], 0, "0"),
    ],
    ids=["one", "two", "three", "whole steps", "closed"],
)
def test_of_several_statements_the_least_capacity_and_the_greatest_loss_count(
    stated: list[tuple[float | str, str]], capacity: int, loss: str
) -> None:
    """Capacity in steps of 0.001 MW, rounded down."""
    (there, _) = border("B", "A", 1)
    capacities = [
        replace(there, id=str(at), quantity_mw=Decimal(str(mw)), loss_factor=Decimal(lost))
        for at, (mw, lost) in enumerate(stated)
    ]
    (merged,), notes = borders(market_of(*capacities), QUARTERS[0], Scale(Decimal("0.001"), Decimal("0.01")))

    assert merged == Border(area("B"), area("A"), capacity, Decimal(loss))
    assert len(notes) == (len(stated) > 1)


def test_notes_on_capacities_name_border_and_interval() -> None:
    """Two statements for the whole hour differ, in each quarter of it; a third one ends within the second quarter."""
    hour = Interval(QUARTERS[0].start, QUARTERS[3].end)
    (there, back) = border("B", "A", "30.5", 7)
    part = Interval(QUARTERS[0].start, QUARTERS[1].start + timedelta(minutes=1))
    market = market_of(
        replace(there, interval=hour),
        replace(there, id="second", sender=OTHER, quantity_mw=Decimal("25.50"), interval=hour),
        replace(back, interval=hour),
        replace(back, id="third", sender=OTHER, quantity_mw=Decimal(9), interval=part),
    )
    scale = Scale(Decimal("0.001"), Decimal("0.01"))

    assert borders(market, QUARTERS[0], scale)[1] == (
        f"Border A to B in {QUARTERS[0]}: the lowest of several capacities counts, 7 MW.",
        f"Border B to A in {QUARTERS[0]}: the lowest of several capacities counts, 25.50 MW.",
    )
    assert borders(market, QUARTERS[1], scale)[1] == (
        f"Border B to A in {QUARTERS[1]}: the lowest of several capacities counts, 25.50 MW.",
        f"Capacity third covers only a part of {QUARTERS[1]} and does not count.",
    )
    assert [each.capacity for each in borders(market, QUARTERS[2], scale)[0]] == [7_000, 25_500]


def test_a_flow_passes_through_an_area_without_orders() -> None:
    """The transit area has a price like everyone else."""
    result = clear(market_of(CHEAP, DEAR, ASKED, *border("B", "T", 100), *border("T", "A", 100)))

    assert flows(result) == {"B->T": 50, "T->A": 50}
    assert prices(result) == {"A": 20, "B": 20, "T": 20}


def test_nothing_circulates() -> None:
    """Three areas in a ring at one price: the 50 MW go the short way."""
    ring = (*border("A", "B", 500, 500), *border("B", "C", 500, 500), *border("C", "A", 500, 500))
    result = clear(market_of(CHEAP, DEAR, ASKED, *ring))

    assert flows(result) == {"B->A": 50}


def test_congestion_income_is_the_price_difference_times_the_flow() -> None:
    result = clear(market_of(CHEAP, DEAR, ASKED, *border("B", "A", 30)))
    paid = 50 * prices(result)["A"]
    received = 20 * prices(result)["A"] + 30 * prices(result)["B"]

    assert prices(result) == {"A": 60, "B": 20}
    assert paid - received == 30 * (60 - 20)


def test_a_border_with_losses_is_used_only_when_the_price_difference_pays_for_them() -> None:
    """10 % of losses: 105 of B's MW make 95 of A's. 20 · 105 / 95 = 22.11 is cheaper than 60 and dearer than 22."""
    lossy = border("B", "A", 1000, loss="0.1")
    far = clear(market_of(CHEAP, DEAR, need("d", "A", 19), *lossy))
    near = clear(market_of(CHEAP, replace(DEAR, price=Decimal(22)), need("d", "A", 19), *lossy))

    assert flows(far) == {"B->A": 20}
    assert accepted(far) == {"B1": 21}
    assert prices(far) == {"A": Decimal("22.11"), "B": 20}
    assert accepted(near) == {"A1": 19}


@pytest.mark.parametrize("price", [-50, -1])
def test_energy_is_not_burnt_by_sending_it_both_ways(price: int) -> None:
    """At a negative price a border used both ways at once would earn by losing energy; it may be used one way only."""
    result = clear(
        market_of(
            bid("A1", "A", "up", 100, price), bid("B1", "B", "up", 100, price), *border("A", "B", 40, 40, loss="0.1")
        )
    )

    assert flows(result) == {}
    assert accepted(result) == {}


def test_a_border_that_is_used_one_way_may_look_worth_using_the_other_way() -> None:
    """At −50 in A the 5 % lost on the way make it −55.26 in B; sending it back would burn energy and earn."""
    lossy = border("A", "B", 100, 100, loss="0.1")
    result = clear(market_of(bid("A1", "A", "up", 100, -50), need("d", "B", 19), *lossy))

    assert flows(result) == {"A->B": 20}
    assert prices(result) == {"A": -50, "B": Decimal("-55.26")}


def test_surplus_on_both_sides_of_a_lossy_border_is_no_reason_to_burn_it() -> None:
    """Both areas are short of a way to get rid of energy; sending it both ways at once would be one."""
    lossy = border("A", "B", 70, 100, loss="0.1")
    result = clear(market_of(need("a", "A", -33), need("b", "B", -13), *lossy))

    assert flows(result) == {}
    assert prices(result) == {"A": -15_000, "B": -15_000}


def test_scarcity_behind_a_lossy_border_is_cut_at_the_cap() -> None:
    """A would pay the cap for what it lacks; what reaches B through A would be worth more, and is not shown as more."""
    lossy = border("A", "B", 100, loss="0.1")
    result = clear(market_of(bid("A1", "A", "up", 10, 20), need("a", "A", 5), need("b", "B", 90), *lossy))

    assert prices(result) == {"A": Decimal("13571.43"), "B": 15_000}
    assert sum(served(result).values()) < 10


def test_products_share_a_border() -> None:
    """30 MW of capacity for energy at a gain of 40 and a reserve at a gain of 15: energy takes what it can use."""
    orders = (
        bid("B1", "B", "up", 20, 20),
        bid("A1", "A", "up", 100, 60),
        need("d", "A", 50),
        bid("B2", "B", "up", 100, 5, product="reserve"),
        bid("A2", "A", "up", 100, 20, product="reserve"),
        need("r", "A", 50, product="reserve"),
    )
    result = clear(market_of(*orders, *border("B", "A", 30)))
    carried = {flow.product: flow.quantity_mw for flow in result.flows if flow.quantity_mw}

    assert carried == {"energy": 20, "reserve": 10}
    assert {flow.capacity_mw for flow in result.flows if flow.quantity_mw} == {30}
    assert prices(result)["A"] == 60
    assert prices(result)["B"] == 45, "a MW of energy more would take the place of a reserve gain of 15"
    assert prices(result, "reserve") == {"A": 20, "B": 5}


def test_areas_without_a_border_clear_apart() -> None:
    result = clear(market_of(CHEAP, DEAR, ASKED, need("e", "B", 10)))

    assert accepted(result) == {"A1": 50, "B1": 10}
    assert prices(result) == {"A": 60, "B": 20}
    assert served(result) == {"d": 50, "e": 10}
    assert result.flows == ()


@pytest.mark.parametrize(
    ("loss", "mw"),
    [("0.000016", "50"), ("0.00002", "50"), ("0.00004", "49.999"), ("0.0004", "49.99")],
    ids=["0.4 kW short", "0.5 kW short", "1 kW short", "10 kW short"],
)
def test_a_loss_of_less_than_a_step_is_no_reason_to_give_up(loss: str, mw: str) -> None:
    """Of 50 MW that the border carries 50 (1 − l/2) arrive; the need of 50 MW is served up to whole steps."""
    market = market_of(CHEAP, ASKED, *border("B", "A", 50, loss=loss))
    result = clear(market)

    assert served(result) == {"d": Decimal(mw)}
    assert certify(market, result) == ()
