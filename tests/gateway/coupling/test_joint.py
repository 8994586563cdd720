"""The joint clearing: parts of a cooperation, merging step by step, and what happens when something fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.areas import BalancingArea, Cooperation, Exchange
from gateway.clearing import ClearingRules, Pricing, clear
from gateway.clearing.engine import ARRAYS, Engine
from gateway.clearing.example import QUARTERS, area, market_of, need
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Problem
from gateway.coupling import Coupled, couple
from gateway.errors import Unsolved
from gateway.market import CounterActivation
from gateway.model import Availability, Bid, Capacity, Condition, Link, Need
from gateway.results import ClearingResult
from gateway.time import QUARTER_HOUR, Interval
from tests.gateway.clearing.drawn import orders as drawn_orders
from tests.gateway.clearing.reading import accepted, flows, prices, served
from tests.gateway.coupling.three_areas import (
    BIDS,
    BORDERS,
    NEEDS,
    START,
    A,
    B,
    C,
    agreement,
    contributions,
    cooperation,
    figures,
    moved,
)

DAY = QUARTERS[:4]
EVERYTHING: tuple[Bid | Need | Capacity, ...] = (*BIDS, *NEEDS, *BORDERS)


def together(coupled: Coupled) -> dict[str, Decimal]:
    """Return the MW of every accepted bid of all parts."""
    return {name: mw for part in coupled.parts for name, mw in accepted(part.result).items()}


def every_price(coupled: Coupled) -> dict[str, Decimal]:
    return {name: price for part in coupled.parts for name, price in prices(part.result).items()}


def by_part(coupled: Coupled) -> dict[str, dict[str, Decimal]]:
    """Return the MW of every accepted bid by part, a part named by its areas."""
    return {"".join(area.value for area in part.areas): accepted(part.result) for part in coupled.parts}


def every_flow(coupled: Coupled) -> dict[str, Decimal]:
    return {name: mw for part in coupled.parts for name, mw in flows(part.result).items()}


# ---- the worked market


def test_three_areas_that_clear_together_use_their_borders_to_the_full() -> None:
    coupled = couple(agreement("ABC"), contributions())
    (part,) = coupled.parts
    assert part.areas == (A, B, C)
    assert accepted(part.result) == {"A1": 30, "B1": 20, "C2": 10}
    assert served(part.result) == {"dA": 80, "dB": 60, "dC": 40}
    assert flows(part.result) == {"B->A": 50, "B->C": 30}
    assert prices(part.result) == {"A": 60, "B": 45, "C": 65}
    assert coupled.welfare == 2_099_450
    assert coupled.records[0].parts == ((A, B, C),)
    assert coupled.records[0].notes == ()


def test_without_congestion_there_is_one_price() -> None:
    wide = [replace(each, quantity_mw=each.quantity_mw * 10) for each in BORDERS]
    coupled = couple(agreement("ABC"), contributions((*BIDS, *NEEDS, *wide)))
    assert together(coupled) == {"A1": 10, "B1": 50}
    assert every_flow(coupled) == {"B->A": 70, "B->C": 40}
    assert every_price(coupled) == {"A": 60, "B": 60, "C": 60}
    assert coupled.welfare == 2_099_950


WELFARE = [
    (("A", "B", "C"), 1_943_700, {"A1": 40, "A2": 40, "Bd": 50, "C2": 30}, {"A": 120, "B": -15_000, "C": 70}),
    (("A", "BC"), 2_095_400, {"A1": 40, "A2": 40, "Bd": 30, "C2": 10}, {"A": 120, "B": 15, "C": 65}),
    (("AB", "C"), 2_098_500, {"A1": 30, "Bd": 10, "C2": 30}, {"A": 60, "B": 15, "C": 70}),
    (("ABC",), 2_099_450, {"A1": 30, "B1": 20, "C2": 10}, {"A": 60, "B": 45, "C": 65}),
]


@pytest.mark.parametrize(("groups", "welfare", "volumes", "price"), WELFARE, ids=["|".join(row[0]) for row in WELFARE])
def test_welfare_rises_with_every_merger(
    groups: tuple[str, ...], welfare: int, volumes: dict[str, int], price: dict[str, int]
) -> None:
    coupled = couple(agreement(*groups), contributions())
    assert coupled.welfare == welfare
    assert together(coupled) == volumes
    assert every_price(coupled) == price


def test_the_cooperation_merges_step_by_step_up_to_one() -> None:
    """One quarter hour each: three parts, then A with B, then all; the same orders in each."""
    steps = cooperation("A", "B", "C").merged("A", "B", START + timedelta(minutes=15))
    steps = steps.merged("A", "C", START + timedelta(minutes=30))
    every = [order for when in DAY[:3] for order in moved(EVERYTHING, when)]
    coupled = couple(replace(agreement("ABC"), cooperation=steps), contributions(every, DAY[:3]))
    assert [len(record.parts) for record in coupled.records] == [3, 2, 1]
    by_step = [sum(p.result.welfare for p in coupled.parts if p.intervals == (when,)) for when in DAY[:3]]
    assert by_step == [1_943_700, 2_098_500, 2_099_450]


# ---- merged is cleared from scratch


PARTITIONS = [("A", "B", "C", "D"), ("AB", "C", "D"), ("A", "BC", "D"), ("AB", "CD"), ("ABC", "D"), ("AD", "BC")]


def from_scratch(
    orders: Iterable[Bid | Need | Capacity], groups: Iterable[str], rules: ClearingRules
) -> list[ClearingResult]:
    """Clear each group of areas as a market of its own, written down anew."""
    cleared = []
    for group in groups:
        inside = {area(name) for name in group}
        mine = [each for each in orders if not isinstance(each, Capacity) and each.area in inside]
        ways = [e for e in orders if isinstance(e, Capacity) and {e.from_area, e.to_area} <= inside]
        cleared.append(clear(market_of(*mine, *ways, rules=rules)))
    return cleared


def market_of_seed(seed: int) -> list[Bid | Need | Capacity]:
    """Return a drawn market without grid limits, whose exclusive groups do not reach across borders."""
    drawn = [each for each in drawn_orders(seed, 8) if isinstance(each, Bid | Need | Capacity)]
    return [
        replace(each, exclusive=f"{each.exclusive} {each.area.value}")
        if isinstance(each, Bid) and each.exclusive
        else each
        for each in drawn
    ]


def merge_and_compare(seed: int, groups: tuple[str, ...], pricing: Pricing) -> None:
    """Merge the *groups* one after the other; at each step nothing differs from a clearing from scratch.

    Where welfare comes first it never falls. Strict prices are exempt: an indivisible bid that fits a small area may
    lose money at the price of a larger one.
    """
    orders, rules = market_of_seed(seed), ClearingRules(pricing=pricing)
    said, parties = contributions(orders, QUARTERS[:1], "ABCD"), replace(agreement(*groups), rules=rules)
    now, left, welfare = cooperation(*groups), list(groups), None
    while True:
        coupled = couple(replace(parties, cooperation=now), said)
        assert all_figures(part.result for part in coupled.parts) == all_figures(from_scratch(orders, left, rules))
        assert pricing is Pricing.STRICT or welfare is None or coupled.welfare >= welfare
        welfare = coupled.welfare
        if len(left) == 1:
            return
        now = now.merged(groups[0], left[1], START)
        left[:2] = [left[0] + left[1]]


def all_figures(results: Iterable[ClearingResult]) -> list[tuple[object, ...]]:
    """Return the figures of all *results* that hold any order, in an order of their own."""
    return sorted((figures(each) for each in results if each.awards or each.needs), key=str)


@settings(max_examples=max(3, settings().max_examples // 4))  # each example clears up to eight times
@given(st.integers(0, 10**6), st.sampled_from(PARTITIONS), st.sampled_from(Pricing))
def test_merged_equals_cleared_from_scratch_and_welfare_never_falls(
    seed: int, groups: tuple[str, ...], pricing: Pricing
) -> None:
    merge_and_compare(seed, groups, pricing)


@pytest.mark.slow
def test_a_thousand_markets_merge_without_a_difference() -> None:
    for seed in range(1000):
        pricing = Pricing.STRICT if seed % 4 == 3 else Pricing.WELFARE_FIRST
        merge_and_compare(seed, PARTITIONS[seed % len(PARTITIONS)], pricing)


# ---- members and borders that fail


def test_a_member_that_says_nothing_is_cut_off_and_clears_by_itself() -> None:
    others = couple(agreement("ABC"), contributions(names="BC"))
    assert by_part(others) == {"BC": {"Bd": 30, "C2": 10}}
    assert others.records[0].parts == ((A,), (B, C))
    assert others.notes == ("operator A says nothing of 2026-01-15T12:00Z/2026-01-15T12:15Z: cut off.",)
    assert others.records[0].notes == ("The area A is out of use from 2026-01-15T12:00Z until 2026-01-15T12:15Z.",)
    alone = couple(agreement("ABC"), contributions(names="A"))
    assert by_part(alone) == {"A": {"A1": 40, "A2": 40}}


def test_a_member_may_be_silent_in_one_interval_only() -> None:
    every = [order for when in DAY for order in moved(EVERYTHING, when)]
    said = (*contributions(every, DAY, "BC"), *contributions(every, (DAY[0], DAY[3]), "A"))
    coupled = couple(agreement("ABC"), said)
    assert [len(record.parts) for record in coupled.records] == [1, 2, 2, 1]
    assert [part.intervals for part in coupled.parts] == [(DAY[0],), DAY[1:3], (DAY[3],)]


def test_a_border_that_fails_leaves_one_clearing_without_it() -> None:
    torn = cooperation("ABC").decoupled({B, C}, START)
    coupled = couple(replace(agreement("ABC"), cooperation=torn), contributions())
    (part,) = coupled.parts
    assert part.areas == (A, B, C)
    assert coupled.welfare == 2_098_500
    assert every_price(coupled) == {"A": 60, "B": 15, "C": 70}
    assert coupled.records[0].notes == ("The border B - C is out of use from 2026-01-15T12:00Z until further notice.",)


def test_a_cooperation_that_exchanges_something_else_lends_no_border() -> None:
    netting = replace(cooperation("ABC"), cobas=(BalancingArea(name="ABC", exchanges=frozenset({Exchange.NETTING})),))
    coupled = couple(replace(agreement("ABC"), cooperation=netting), contributions())
    assert [part.areas for part in coupled.parts] == [(A, B, C)]
    assert coupled.welfare == 1_943_700
    assert not every_flow(coupled)


@pytest.mark.slow
def test_a_border_of_96_periods_is_lost_from_10_to_12() -> None:
    """Welfare is that of the whole day by day, and that of A with B where the border to C is out of use."""
    day = QUARTER_HOUR.slots(Interval(START - timedelta(hours=12), START + timedelta(hours=12)))
    ten, twelve = day[40].start, day[48].start
    pact = Cooperation(
        tuple(replace(each, since=day[0].start) for each in cooperation("ABC").memberships), QUARTER_HOUR
    )
    torn = pact.decoupled({B, C}, ten - timedelta(minutes=7)).recoupled({B, C}, twelve - timedelta(seconds=1))
    every = [order for when in day for order in moved(EVERYTHING, when)]
    coupled = couple(replace(agreement("ABC"), cooperation=torn), contributions(every, day))
    (part,) = coupled.parts
    price_of_c = {each.interval: each.price for each in part.result.prices if each.area == C}
    assert [price_of_c[when] for when in day] == [65] * 40 + [70] * 8 + [65] * 48
    assert [bool(record.notes) for record in coupled.records] == [False] * 40 + [True] * 8 + [False] * 48
    assert coupled.welfare == 88 * 2_099_450 + 8 * 2_098_500
    assert [len(each.after) for each in coupled.parts] == [96]


def unsolved_with_borders(problem: Problem) -> Formulation:
    if problem.arcs:
        raise Unsolved("solver", "a proven optimum", "nothing")
    return ARRAYS.formulate(problem)


def test_a_part_that_cannot_be_cleared_falls_apart() -> None:
    broken = replace(ARRAYS, formulate=unsolved_with_borders)
    coupled = couple(agreement("AB", "C"), contributions(), broken)
    assert [part.areas for part in coupled.parts] == [(A,), (B,), (C,)]
    assert coupled.welfare == 1_943_700
    assert coupled.records[0].notes == (
        "A, B could not be cleared (solver: expected a proven optimum, found nothing): each area by itself.",
    )


def test_orders_that_contradict_the_rules_part_those_who_clear_together() -> None:
    """With the least volume first no need may have a limit, and C's has one."""
    rules = ClearingRules(counter_activation=CounterActivation.VOLUME_FIRST)
    coupled = couple(replace(agreement("ABC"), rules=rules), contributions())
    assert [part.areas for part in coupled.parts] == [(A,), (B,)]
    first, second = coupled.records[0].notes
    assert first.startswith("A, B, C could not be cleared (ClearingRules.counter_activation: expected")
    assert second.startswith("C could not be cleared")


def test_an_area_that_cannot_be_cleared_is_on_record() -> None:
    def never(_: Problem) -> Formulation:
        raise Unsolved("solver", "a proven optimum", "nothing")

    broken: Engine = replace(ARRAYS, formulate=never, merit_order=False)
    coupled = couple(agreement("A", "B", "C"), contributions(), broken)
    assert coupled.parts == ()
    assert coupled.records[0].notes[0] == (
        "A could not be cleared (solver: expected a proven optimum, found nothing): no result."
    )
    assert coupled.of_area(A, QUARTERS[0]) is None


# ---- one result at every member


def test_whatever_order_messages_come_in_the_digest_is_the_same() -> None:
    said = list(contributions())
    expected = couple(agreement("ABC"), said).digest
    shuffled = [replace(each, bids=each.bids[::-1], capacities=each.capacities[::-1]) for each in said[::-1]]
    Random(1).shuffle(shuffled)
    assert couple(agreement("ABC"), shuffled).digest == expected


@pytest.mark.parametrize(
    "changed",
    [
        replace(BIDS[1], price=Decimal(121)),
        replace(BIDS[0], quantity_mw=Decimal(39)),
        replace(NEEDS[0], quantity_mw=Decimal(81)),
        replace(BORDERS[0], quantity_mw=Decimal(49)),
        replace(BORDERS[1], quantity_mw=Decimal(49)),
    ],
    ids=["a price that is not marginal", "a quantity", "a need", "a capacity without flow", "a capacity that is full"],
)
def test_what_a_member_holds_differently_changes_its_digest(changed: Bid | Need | Capacity) -> None:
    others = [each for each in EVERYTHING if each.id != changed.id]
    ours, theirs = (couple(agreement("ABC"), contributions(each)) for each in (EVERYTHING, (*others, changed)))
    assert ours.digest != theirs.digest


def test_how_numbers_are_written_changes_no_digest() -> None:
    written = [replace(each, quantity_mw=Decimal(f"{each.quantity_mw}.00")) for each in BIDS]
    ours, theirs = (couple(agreement("ABC"), contributions((*bids, *NEEDS, *BORDERS))) for bids in (BIDS, written))
    assert ours.digest == theirs.digest


def test_the_common_list_holds_every_bid_of_the_part() -> None:
    marked = [replace(each, availability=Availability.UNAVAILABLE) if each.id == "B1" else each for each in BIDS]
    coupled = couple(agreement("AB", "C"), contributions((*marked, *NEEDS, *BORDERS)))
    lists = {part.areas: part.lists for part in coupled.parts}
    up, down = lists[A, B]
    assert [(entry.bid.id, entry.usable) for entry in up.entries] == [("B1", False), ("A1", True), ("A2", True)]
    assert [entry.bid.id for entry in down.entries] == ["Ad", "Bd"]
    assert [[entry.bid.id for entry in each.entries] for each in lists[(C,)]] == [["C2", "C1"], ["Cd"]]


def test_links_hold_between_intervals_of_the_same_parts() -> None:
    linked = replace(BIDS[4], interval=DAY[1], id="linked", links=(Link("C2", Condition.UNAVAILABLE_IF_ACTIVATED),))
    later_need = replace(need("later", "C", 5), interval=DAY[1])
    coupled = couple(agreement("ABC"), contributions((*BIDS, *NEEDS, *BORDERS, linked, later_need), DAY[:2]))
    (part,) = coupled.parts
    assert part.intervals == DAY[:2]
    assert accepted(part.result) == {"A1": 30, "B1": 20, "C2": 10}
    assert served(part.result)["later"] == 0


def block_of(intervals: tuple[Interval, ...]) -> list[Bid]:
    """Return a block bid of C, cheaper than all others, over some intervals."""
    return [
        replace(BIDS[4], id=f"blk#{at}", block_bid="blk", interval=when, price=Decimal(1), quantity_mw=Decimal(10))
        for at, when in enumerate(intervals, 1)
    ]


def test_a_block_bid_is_taken_in_all_its_intervals() -> None:
    every = [order for when in DAY[:2] for order in moved(EVERYTHING, when)]
    coupled = couple(agreement("ABC"), contributions([*every, *block_of(DAY[:2])], DAY[:2]))
    (part,) = coupled.parts
    taken = {each.bid_id: each.quantity_mw for each in part.result.awards if each.bid_id.startswith("blk")}
    assert taken == {"blk#1": 10, "blk#2": 10}


def test_a_block_bid_that_reaches_across_a_change_of_parts_takes_no_part() -> None:
    every = [order for when in DAY[:2] for order in moved(EVERYTHING, when)]
    torn = cooperation("ABC").decoupled({A}, DAY[1].start)
    coupled = couple(replace(agreement("ABC"), cooperation=torn), contributions([*every, *block_of(DAY[:2])], DAY[:2]))
    blocks = [each for part in coupled.parts for each in part.result.awards if each.bid_id.startswith("blk")]
    assert [each.quantity_mw for each in blocks] == [0, 0]
    lists = [entry for part in coupled.parts for each in part.lists for entry in each.entries]
    assert {entry.usable for entry in lists if entry.bid.block_bid} == {False}


def test_without_bids_and_needs_there_is_a_record_all_the_same() -> None:
    coupled = couple(agreement("ABC"), contributions(BORDERS))
    assert (coupled.parts, [record.parts for record in coupled.records]) == ((), [((A, B, C),)])
    assert couple(agreement("ABC"), ()) == Coupled((), (), ())
