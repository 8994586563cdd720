"""Coordinated Balancing Areas: membership over time, merging as the clearing of the union.

The market that is cleared here has three areas in a row, B - A - C, and can be checked by head. Needs count at 15000:

====  ==================  ========  ===========================
area  bid                 need      border
====  ==================  ========  ===========================
B     100 MW at 20        none      30 MW to A
A     100 MW at 60        50 MW     40 MW to C
C     100 MW at 90        30 MW
====  ==================  ========  ===========================
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.areas import (
    OPEN_END,
    BalancingArea,
    Cooperation,
    Exchange,
    Membership,
    Outage,
)
from gateway.clearing import clear
from gateway.clearing.example import QUARTERS, area, border, market_of, need
from gateway.clearing.example import bid as bid_in
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Capacity
from gateway.results import ClearingResult
from gateway.time import QUARTER_HOUR, Interval, Resolution
from tests.gateway.clearing.reading import accepted, flows, prices
from tests.market_values import QUARTER

A, B, C = (area(name) for name in "ABC")
START = QUARTERS[0].start
BIDS = (bid_in("b", "B", "up", 100, 20), bid_in("a", "A", "up", 100, 60), bid_in("c", "C", "up", 100, 90))
NEEDS = (need("in A", "A", 50), need("in C", "C", 30))
BORDERS = (*border("B", "A", 30, 30), *border("A", "C", 40, 40))


def joined(*groups: str, since: datetime = START, outages: tuple[Outage, ...] = ()) -> Cooperation:
    """Return the cooperation of *groups* of areas, each named by its letters."""
    memberships = (Membership(area=area(letter), coba=group, since=since) for group in groups for letter in group)
    return Cooperation(tuple(memberships), QUARTER_HOUR, outages)


def cleared(cooperation: Cooperation) -> ClearingResult:
    return clear(market_of(*BIDS, *NEEDS, *filter(cooperation.usable, BORDERS)))


# ---- the clearing of a cooperation


@pytest.mark.parametrize(
    ("groups", "awards", "cost", "price"),
    [
        (("A", "B", "C"), {"a": 50, "c": 30}, 5700, {"A": 60, "C": 90}),
        (("AB", "C"), {"b": 30, "a": 20, "c": 30}, 4500, {"A": 60, "B": 20, "C": 90}),
        (("AC", "B"), {"a": 80}, 4800, {"A": 60, "C": 60}),
        (("BC", "A"), {"a": 50, "c": 30}, 5700, {"A": 60, "C": 90}),
        (("ABC",), {"b": 30, "a": 50}, 3600, {"A": 60, "B": 20, "C": 60}),
    ],
    ids=["each alone", "A with B", "A with C", "B with C, which no border joins", "all"],
)
def test_the_larger_the_cooperation_the_lower_the_cost(
    groups: tuple[str, ...], awards: dict[str, int], cost: int, price: dict[str, int]
) -> None:
    result = cleared(joined(*groups))
    assert accepted(result) == awards
    assert result.welfare == 80 * 15000 - cost
    assert {name: prices(result)[name] for name in price} == price


def test_to_merge_is_to_clear_the_union() -> None:
    merged = joined("AB", "C").merged("AB", "C", START)
    assert merged.parts((A, B, C), START) == ((A, B, C),)
    assert cleared(merged) == cleared(joined("ABC")) == clear(market_of(*BIDS, *NEEDS, *BORDERS))


def test_parts_that_are_cleared_apart_have_the_result_of_one_clearing_without_their_borders() -> None:
    pair = joined("AB", "C")
    together = cleared(pair)
    apart = [
        clear(
            market_of(
                *(one for one in BIDS if one.area in part),
                *(one for one in NEEDS if one.area in part),
                *(one for one in BORDERS if {one.from_area, one.to_area} <= set(part)),
            )
        )
        for part in pair.parts((A, B, C), START)
    ]
    assert {name: mw for result in apart for name, mw in accepted(result).items()} == accepted(together)
    assert sum((result.welfare for result in apart), Decimal(0)) == together.welfare


def test_a_border_out_of_use_decouples_and_a_later_quarter_is_joined_again() -> None:
    lost = Outage(areas=frozenset({A, C}), interval=QUARTERS[0])
    torn = joined("ABC", outages=(lost,))
    assert accepted(cleared(torn)) == {"b": 30, "a": 20, "c": 30}
    assert flows(cleared(torn)) == {"B->A": 30}
    assert [torn.usable(replace(BORDERS[2], interval=when)) for when in QUARTERS] == [False, True, True, True]


@settings(max_examples=max(4, settings().max_examples // 2))  # each example clears twice
@given(st.sampled_from([("A", "B", "C"), ("AB", "C"), ("AC", "B"), ("BC", "A")]), st.integers(0, 100))
def test_welfare_never_falls_by_merging(groups: tuple[str, ...], capacity_mw: int) -> None:
    narrow = tuple(replace(each, quantity_mw=Decimal(capacity_mw)) for each in BORDERS)
    apart, all_together = (
        clear(market_of(*BIDS, *NEEDS, *filter(cooperation.usable, narrow))).welfare
        for cooperation in (joined(*groups), joined("ABC"))
    )
    assert apart <= all_together


# ---- membership over time


def member(place: AreaId, coba: str, quarters: int = 0) -> Membership:
    return Membership(area=place, coba=coba, since=START + quarters * QUARTER)


@pytest.mark.parametrize(
    ("quarters", "coba"), [(-1, "alone example:A"), (0, "first"), (1, "first"), (2, "second"), (9, "third")]
)
def test_the_latest_change_that_has_come_counts(quarters: int, coba: str) -> None:
    changes = (member(A, "third", 4), member(A, "first"), member(B, "other", 1), member(A, "second", 2))
    assert Cooperation(changes, QUARTER_HOUR).coba_of(A, START + quarters * QUARTER) == coba


@pytest.mark.parametrize(
    ("groups", "parts"),
    [
        ((), ((A,), (B,), (C,))),
        (("AB",), ((A, B), (C,))),
        (("AC", "B"), ((A, C), (B,))),
        (("CBA",), ((A, B, C),)),
    ],
    ids=str,
)
def test_every_area_is_in_exactly_one_part(groups: tuple[str, ...], parts: tuple[tuple[AreaId, ...], ...]) -> None:
    cooperation = joined(*groups)
    assert cooperation.parts((C, A, B, A), START) == parts
    assert cooperation.parts((C, A, B), START - QUARTER) == ((A,), (B,), (C,))
    assert cooperation.parts((), START) == ()


def test_merging_moves_all_members_and_forgets_what_they_had_planned() -> None:
    planned = Cooperation(
        (member(A, "one"), member(B, "two"), member(C, "two", -4), member(C, "gone", 8)), QUARTER_HOUR
    )
    merged = planned.merged("one", "two", START + 4 * QUARTER)
    timeline = [merged.parts((A, B, C), START + n * QUARTER) for n in (-4, 0, 3, 4, 8)]
    assert timeline == [
        ((A,), (B,), (C,)),
        ((A,), (B, C)),
        ((A,), (B, C)),
        ((A, B, C),),
        ((A, B, C),),
    ]


def test_merging_with_nobody_changes_nothing() -> None:
    pair = joined("AB")
    assert pair.merged("AB", "nobody", START).memberships == pair.memberships


def test_outages_outlast_a_merger() -> None:
    lost = Outage(areas=frozenset({A, C}), interval=QUARTERS[0])
    assert joined("AB", "C", outages=(lost,)).merged("AB", "C", START).outages == (lost,)


@given(st.permutations([("A", "x", 0), ("A", "y", 1), ("B", "x", 0), ("B", "z", 2), ("C", "y", 1)]), st.integers(-1, 3))
def test_the_order_in_which_changes_are_listed_does_not_matter(changes: list[tuple[str, str, int]], now: int) -> None:
    listed = Cooperation(tuple(member(area(name), coba, since) for name, coba, since in changes), QUARTER_HOUR)
    expected = {
        -1: ((A,), (B,), (C,)),
        0: ((A, B), (C,)),
        1: ((A, C), (B,)),
        2: ((A, C), (B,)),
        3: ((A, C), (B,)),
    }
    assert listed.parts((A, B, C), START + now * QUARTER) == expected[now]


@pytest.mark.parametrize(
    ("start", "end", "usable"), [(0, 1, False), (1, 2, True), (0, 2, False), (2, 3, True)], ids=str
)
def test_a_capacity_is_out_of_use_where_its_interval_meets_an_outage(start: int, end: int, *, usable: bool) -> None:
    lost = Outage(areas=frozenset({A, B}), interval=QUARTERS[0])
    carried = replace(BORDERS[0], interval=Interval(QUARTERS[start].start, QUARTERS[end - 1].end))
    cooperation = joined("AB", outages=(lost,))
    assert cooperation.usable(carried) is usable
    back = replace(carried, from_area=A, to_area=B)
    assert cooperation.usable(back) is usable


def test_changes_fall_on_the_grid_of_the_market() -> None:
    hourly = Resolution(seconds=Decimal(3600))
    assert Cooperation((member(A, "one", 4),), hourly).coba_of(A, START + 4 * QUARTER) == "one"
    with pytest.raises(ValueError, match="a border of the PT60M grid"):
        Cooperation((member(A, "one", 1),), hourly)


def test_a_capacity_between_strangers_is_not_usable() -> None:
    carried: Capacity = BORDERS[0]
    assert [joined(*groups).usable(carried) for groups in ((), ("AB",), ("A", "B"), ("AC", "B"))] == [
        False,
        True,
        False,
        False,
    ]


# ---- what fails and comes back


@pytest.mark.parametrize(
    ("failed", "cut_off"),
    [(0, 0), (1, 900), (899, 900), (900, 900), (-1, 0)],
    ids=["at a border", "a second later", "a second before the next", "at the next", "a second before"],
)
def test_what_fails_is_cut_off_from_the_next_market_time_unit_on(failed: int, cut_off: int) -> None:
    torn = joined("ABC").decoupled({A}, START + timedelta(seconds=failed))
    assert torn.outages[0].interval == Interval(START + timedelta(seconds=cut_off), OPEN_END)


def test_a_fraction_of_a_second_after_a_border_belongs_to_the_unit_that_began() -> None:
    assert joined("ABC").next_border(START + timedelta(microseconds=1)) == START + QUARTER


def test_an_area_that_fails_is_alone_until_it_is_restored() -> None:
    failed = joined("ABC").decoupled({A}, START + timedelta(minutes=5))
    back = failed.recoupled({A}, START + 3 * QUARTER - timedelta(minutes=1))
    timeline = [back.parts((A, B, C), START + n * QUARTER) for n in range(4)]
    assert timeline == [((A, B, C),), ((A,), (B, C)), ((A,), (B, C)), ((A, B, C),)]
    assert [failed.usable(each) for each in (*BORDERS, *later(*BORDERS))] == [True] * 4 + [False] * 4
    assert failed.usable(replace(BORDERS[0], from_area=B, to_area=C, interval=QUARTERS[1]))


def later(*capacities: Capacity) -> tuple[Capacity, ...]:
    return tuple(replace(each, interval=QUARTERS[1]) for each in capacities)


def test_a_border_that_fails_leaves_its_areas_in_their_cooperation() -> None:
    torn = joined("ABC").decoupled({A, B}, START)
    assert torn.parts((A, B, C), START) == ((A, B, C),)
    assert [torn.usable(each) for each in BORDERS] == [False, False, True, True]
    assert torn.recoupled({A, C}, START).outages == torn.outages


def test_what_is_restored_before_it_is_cut_off_never_was() -> None:
    assert joined("ABC").decoupled({A}, START).recoupled({A}, START) == joined("ABC")


def test_an_outage_whose_end_is_known_is_not_made_longer() -> None:
    torn = joined("ABC").decoupled({A}, START, START + QUARTER)
    assert torn.recoupled({A}, START + 2 * QUARTER) == torn


def test_outages_are_told_by_area_or_border() -> None:
    torn = joined("ABC").decoupled({B, A}, START, START + QUARTER).decoupled({C}, START + QUARTER)
    assert [str(outage) for outage in torn.outages_of(Interval(START, START + 2 * QUARTER))] == [
        "border A - B is out of use from 2026-01-15T12:00Z until 2026-01-15T12:15Z",
        "area C is out of use from 2026-01-15T12:15Z until further notice",
    ]
    assert [len(torn.outages_of(when)) for when in QUARTERS] == [1, 1, 1, 1]


@pytest.mark.parametrize("areas", [(), (A, B, C)], ids=len)
def test_an_outage_is_of_an_area_or_a_border(areas: tuple[AreaId, ...]) -> None:
    with pytest.raises(InvalidValue, match="one area, or the two of a border"):
        Outage(areas=frozenset(areas), interval=QUARTERS[0])


@pytest.mark.parametrize(("start", "end"), [(60, 900), (0, 60)], ids=["begins inside", "ends inside"])
def test_an_outage_tears_no_market_time_unit(start: int, end: int) -> None:
    torn = Interval(START + timedelta(seconds=start), START + timedelta(seconds=end))
    with pytest.raises(InvalidValue, match="a border of the PT15M grid"):
        joined("ABC", outages=(Outage(areas=frozenset({A}), interval=torn),))


def test_a_capacity_counts_only_where_its_ends_stay_together_throughout() -> None:
    parting = Cooperation((*joined("AB").memberships, member(B, "own", 1)), QUARTER_HOUR)
    hour = replace(BORDERS[0], interval=Interval(START, START + 4 * QUARTER))
    assert parting.usable(BORDERS[0])
    assert not parting.usable(hour)


# ---- what is exchanged


NETTING_ONLY = BalancingArea(name="AB", exchanges=frozenset({Exchange.NETTING}))


def test_a_border_serves_what_its_cooperation_exchanges() -> None:
    listed = replace(joined("AB", "C"), cobas=(NETTING_ONLY, BalancingArea(name="C")))
    assert [listed.usable(BORDERS[0], what) for what in Exchange] == [False, False, True, False]
    assert [listed.exchanges("C", what) for what in Exchange] == [True] * 4
    assert [listed.exchanges("nobody", what) for what in Exchange] == [False] * 4
    assert all(joined("AB").usable(BORDERS[0], what) for what in Exchange)


def test_a_cooperation_exchanges_something_with_members_that_are_listed_once() -> None:
    with pytest.raises(InvalidValue, match="a product, or imbalance netting"):
        BalancingArea(name="idle", exchanges=frozenset())
    with pytest.raises(InvalidValue, match="expected one of AB, found C"):
        replace(joined("AB", "C"), cobas=(NETTING_ONLY,))
    with pytest.raises(InvalidValue, match="each CoBA once"):
        replace(joined("AB"), cobas=(NETTING_ONLY, NETTING_ONLY))


def test_merging_keeps_what_is_exchanged() -> None:
    listed = replace(joined("AB", "C"), cobas=(NETTING_ONLY, BalancingArea(name="C")))
    assert listed.merged("AB", "C", START).cobas == listed.cobas
