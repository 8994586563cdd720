"""Automatic reserve in cycles of four seconds: its goals, its prices, and a quarter hour of 225 cycles."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing.example import QUARTERS, area, bid
from gateway.coupling.afrr import CYCLE, Cycle, Side, cycle, demand_mw, run, uncongested_areas
from gateway.coupling.capacities import TransferCapacities, Way
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Availability
from tests.gateway.coupling.three_areas import BIDS, A, B, C

NOW = QUARTERS[0]


def borders(ab: int = 50, bc: int = 30) -> TransferCapacities:
    ways = ((A, B, ab), (B, A, ab), (B, C, bc), (C, B, bc))
    return TransferCapacities(NOW, tuple(sorted(Way(start, end, Decimal(mw)) for start, end, mw in ways)))


def wanted(**mw: object) -> dict[AreaId, Decimal]:
    return {area(name): Decimal(str(value)) for name, value in mw.items()}


def prices(found: Cycle) -> dict[str, tuple[str, Side]]:
    return {
        "".join(each.value for each in price.areas): (
            f"{price.price.normalize():f}" if price.price else "-",
            price.side,
        )
        for price in found.prices
    }


def accepted(found: Cycle) -> dict[str, int]:
    return {name: int(mw) for name, mw in found.accepted_mw.items()}


def test_full_borders_part_the_prices() -> None:
    found = cycle(BIDS, wanted(A=80, B=-60, C=40), borders())
    assert accepted(found) == {"A1": 30, "B1": 20, "C2": 10}
    assert found.satisfied_mw == found.demand_mw == wanted(A=80, B=-60, C=40)
    assert {(start.value, end.value): int(mw) for (start, end), mw in found.flows_mw.items()} == {
        ("B", "A"): 50,
        ("B", "C"): 30,
    }
    assert prices(found) == {"A": ("60", Side.UP), "B": ("45", Side.UP), "C": ("65", Side.UP)}


def test_without_congestion_there_is_one_price() -> None:
    found = cycle(BIDS, wanted(A=80, B=-60, C=40), borders(500, 300))
    assert accepted(found) == {"A1": 10, "B1": 50}
    assert prices(found) == {"ABC": ("60", Side.UP)}


def test_opposite_demands_are_netted_before_anything_is_activated() -> None:
    """The price for both directions lies between the best up bid, 45, and the best down bid, 20."""
    found = cycle(BIDS, wanted(A=10, B=-10, C=0), borders())
    assert (accepted(found), found.satisfied_mw) == ({}, wanted(A=10, B=-10, C=0))
    assert prices(found) == {"ABC": ("32.5", Side.BOTH)}


def test_down_bids_that_pay_most_go_first() -> None:
    found = cycle(BIDS, wanted(A=-20, B=-30, C=0), borders())
    assert accepted(found) == {"Ad": 30, "Bd": 20}
    assert prices(found) == {"ABC": ("15", Side.DOWN)}


def test_up_here_and_down_there_where_a_border_is_full() -> None:
    found = cycle(BIDS, wanted(A=70, B=-100, C=0), borders())
    assert accepted(found) == {"A1": 20, "Bd": 50}
    assert prices(found) == {"A": ("60", Side.UP), "BC": ("15", Side.DOWN)}


def test_what_cannot_be_satisfied_is_left() -> None:
    found = cycle(BIDS, wanted(A=200), borders(20))
    assert (accepted(found), found.satisfied_mw) == ({"A1": 40, "A2": 60, "B1": 20}, wanted(A=120))
    assert prices(found)["A"] == ("120", Side.UP)


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        (BIDS[2:3], ("45", Side.BOTH)),
        (BIDS[6:7], ("15", Side.BOTH)),
        ((), ("-", Side.NONE)),
    ],
    ids=["only up", "only down", "nothing"],
)
def test_without_activation_the_price_is_that_of_what_is_offered(
    offers: tuple[object, ...], expected: tuple[str, Side]
) -> None:
    found = cycle([each for each in BIDS if each in offers], wanted(A=10, B=-10), borders(50, 0))
    assert prices(found)["AB"] == expected


def test_unavailable_bids_take_no_part_in_volumes_or_prices() -> None:
    out = [replace(each, availability=Availability.UNAVAILABLE) if each.id == "B1" else each for each in BIDS]
    assert accepted(cycle(out, wanted(A=10), borders())) == {"A1": 10}
    assert prices(cycle(out, wanted(A=10, B=-10), borders()))["ABC"] == ("40", Side.BOTH)


def test_an_area_that_a_cycle_does_not_know_has_no_price() -> None:
    found = cycle(BIDS, wanted(A=10), borders())
    assert found.price_of(C).side is Side.UP
    with pytest.raises(InvalidValue, match="an area of the cycle, found example:Z"):
        found.price_of(area("Z"))


def test_fractions_of_a_megawatt_are_exact() -> None:
    found = cycle(BIDS, wanted(A="10.125", B="-0.3"), borders())
    assert found.accepted_mw == {"B1": Decimal("9.825")}


@pytest.mark.parametrize(
    ("flow_mw", "back_mw", "together"),
    [(0, 0, True), (49, 0, True), (50, 0, False), (0, 50, False), (50, 1, True)],
)
def test_areas_are_uncongested_while_both_directions_have_room(flow_mw: int, back_mw: int, *, together: bool) -> None:
    flows = {(A, B): Decimal(flow_mw), (B, A): Decimal(back_mw)}
    assert (len(uncongested_areas((A, B), borders().ways[:2], flows)) == 1) is together


def test_a_border_of_one_direction_joins_while_it_is_used_in_part() -> None:
    one_way = (Way(A, B, Decimal(50)),)
    assert uncongested_areas((A, B, C), one_way, {(A, B): Decimal(20)}) == ((A, B), (C,))
    assert uncongested_areas((A, B, C), one_way, {}) == ((A,), (B,), (C,))


demand = st.integers(-120, 120)


@given(demand, demand, demand, st.integers(0, 60), st.integers(0, 60))
def test_no_uncongested_area_activates_both_ways(a: int, b: int, c: int, ab: int, bc: int) -> None:
    found = cycle(BIDS, wanted(A=a, B=b, C=c), borders(ab, bc))
    taken = {each.id: each for each in BIDS if each.id in found.accepted_mw}
    for price in found.prices:
        inside = [each for each in taken.values() if each.area in price.areas]
        assert len({each.direction for each in inside}) <= 1
        if price.price is not None:
            assert all(each.direction.sign * ((each.price or 0) - price.price) <= 0 for each in inside)
    satisfied = sum(found.satisfied_mw.values())
    assert satisfied == sum(each.direction.sign * found.accepted_mw[each.id] for each in taken.values())


# ---- a quarter hour


@pytest.mark.parametrize(
    ("error_mw", "activated_mw", "expected"), [(0, 0, 0), (0, 50, 50), (-30, 0, 30), (20, 0, -20), (10, 50, 40)]
)
def test_demand_closes_the_loop(error_mw: int, activated_mw: int, expected: int) -> None:
    assert demand_mw(Decimal(error_mw), Decimal(activated_mw)) == expected


def test_a_quarter_hour_has_225_cycles() -> None:
    ramp = [wanted(A=at % 25, B=-(at % 5)) for at in range(225)]
    cycles = run(BIDS, ramp, borders())
    assert len(cycles) * CYCLE == NOW.duration
    assert [found.satisfied_mw[A] for found in cycles] == [each[A] for each in ramp]
    assert cycles[0] is cycles[25]


@pytest.mark.slow
def test_a_cycle_of_thirty_areas_and_a_thousand_bids_takes_less_than_a_second() -> None:
    names = [f"z{at:02}" for at in range(30)]
    offers = [
        bid(f"b{at:04}", names[at % 30], ("up", "down")[at % 2], 5 + at % 40, (at * 37) % 200 - 50)
        for at in range(1000)
    ]
    ways = tuple(
        Way(area(names[at]), area(names[(at + step) % 30]), Decimal(60 + at)) for at in range(30) for step in (1, 29)
    )
    demands = {area(name): Decimal((at * 53) % 400 - 200) for at, name in enumerate(names)}
    begun = perf_counter()
    found = cycle(offers, demands, TransferCapacities(NOW, tuple(sorted(ways))))
    assert perf_counter() - begun < 1
    assert found.attained[0][1] > 0
