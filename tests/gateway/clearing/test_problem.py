"""One interval in numbers: what the orders, borders and limits of a small market become, entry by entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest

from gateway.clearing.example import PARTY, QUARTERS, bid, border, limit, market_of, need, problem_of
from gateway.clearing.problem import Arc, Problem, own_capacity
from gateway.identifiers import PartyId
from gateway.model import Bid, Block, Capacity, Limit, Need
from gateway.time import Interval

Thing = Bid | Need | Capacity | Limit | Block
OPERATOR = PartyId("operator", "example")
THINGS: tuple[Thing, ...] = (
    bid("M2", "A", "up", 20, 80, multipart="m"),
    bid("B2", "B", "up", 20, 35, exclusive="g", divisible=False),
    bid("A1", "A", "up", 40, "60.25", minimum_mw=15),
    bid("M1", "A", "up", 10, 70, multipart="m", minimum_mw=5),
    bid("B1", "B", "down", 10, -20, exclusive="g"),
    bid("A2", "A", "up", 30, 50, granularity_mw=5),
    need("e", "B", -8, 25),
    need("d", "A", 52),
    need("w", "A", 4, required=False),
    *border("A", "B", 25, 20, loss="0.1"),
    limit("cable", 12, A1=1, B1=-0.5, nobody=1),
    limit("alone", 3, nobody=1),
    limit("nothing", 3, A1=0),
)
MIXED = problem_of(*THINGS)


def test_orders_stand_by_id_and_nodes_by_area() -> None:
    assert [offer.id for offer in MIXED.offers] == ["A1", "A2", "B1", "B2", "M1", "M2"]
    assert [each.id for each in MIXED.needs] == ["d", "e", "w"]
    assert [str(node) for node in MIXED.nodes] == ["A (mFRR energy)", "B (mFRR energy)"]
    assert MIXED.arcs == (Arc(0, 0, 1), Arc(1, 1, 0))


def test_offers_in_whole_ticks() -> None:
    """Steps of 0.001 MW and 0.01 EUR."""
    assert MIXED.offer_node.tolist() == [0, 0, 1, 1, 0, 0]
    assert MIXED.offer_sign.tolist() == [1, 1, -1, 1, 1, 1]
    assert MIXED.offer_price.tolist() == [6025, 5000, -2000, 3500, 7000, 8000]
    assert MIXED.quantity.tolist() == [40_000, 30_000, 10_000, 20_000, 10_000, 20_000]
    assert MIXED.minimum.tolist() == [15_000, 0, 0, 20_000, 5_000, 0]
    assert MIXED.offers_at == ((0, 1, 4, 5), (2, 3))


def test_needs_in_whole_ticks() -> None:
    """A need without a limit price is worth the cap; it is required unless its buyer says that it is not."""
    assert MIXED.need_node.tolist() == [0, 1, 0]
    assert MIXED.need_sign.tolist() == [1, -1, 1]
    assert MIXED.need_quantity.tolist() == [52_000, 8_000, 4_000]
    assert MIXED.need_value.tolist() == [1_500_000, 2_500, 1_500_000]
    assert MIXED.required.tolist() == [True, False, False]
    assert MIXED.needs_at == ((0, 2), (1,))


def test_a_need_for_less_without_a_limit_price_is_worth_the_cap_the_other_way() -> None:
    assert problem_of(need("d", "A", -5)).need_value.tolist() == [-1_500_000]


def test_arcs_in_whole_ticks() -> None:
    assert MIXED.arc_capacity.tolist() == [25_000, 20_000]
    assert MIXED.arc_half_loss.tolist() == [0.05, 0.05]
    assert (MIXED.arc_start.tolist(), MIXED.arc_end.tolist()) == ([0, 1], [1, 0])
    assert (MIXED.arcs_from, MIXED.arcs_to) == (((0,), (1,)), ((1,), (0,)))
    assert (MIXED.shared, MIXED.opposed) == ({}, ((0, 1),))


def test_which_offers_hang_on_a_decision() -> None:
    assert MIXED.exclusive == ((2, 3),)
    assert MIXED.chains == ((4, 5),)
    assert MIXED.switched == (0, 2, 3, 4)
    assert MIXED.granular == (1,)
    assert MIXED.decided.tolist() == [True] * 6
    assert MIXED.limited.tolist() == [True, False, True, False, False, False]


def test_a_limit_counts_only_offers_that_are_there_and_weigh_something() -> None:
    (row,) = MIXED.limits

    assert (row.limit.id, row.headroom_mw, row.coefficients, row.own) == ("cable", 12.0, {0: 1.0, 2: -0.5}, False)
    assert row.used_mw(np.array([10.0, 99.0, 4.0, 99.0, 99.0, 99.0])) == 8


@pytest.mark.parametrize(("headroom", "counted"), [(5, 5), (0, 0), (-3, 0)])
def test_headroom_below_nothing_counts_as_none(headroom: float, counted: float) -> None:
    (row,) = problem_of(bid("A1", "A", "up", 10, 20), limit("cable", headroom, A1=1)).limits

    assert row.headroom_mw == counted


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("interval", "counts"),
    [
        (QUARTERS[0], True),
        (Interval(QUARTERS[0].end - MINUTE, QUARTERS[0].end), True),
        (Interval(QUARTERS[0].start - MINUTE, QUARTERS[0].start + MINUTE), True),
        (QUARTERS[1], False),
        (Interval(QUARTERS[0].start - MINUTE, QUARTERS[0].start), False),
    ],
    ids=["the interval", "its last minute", "its first minute", "the next one", "the minute before"],
)
def test_a_limit_of_a_part_of_the_interval_holds_in_all_of_it(interval: Interval, *, counts: bool) -> None:
    cable = replace(limit("cable", 5, A1=1), interval=interval)

    assert bool(problem_of(bid("A1", "A", "up", 10, 20), cable).limits) is counts


@pytest.mark.parametrize(
    ("sender", "weights", "own"),
    [
        (PARTY, {"A1": 1, "A2": 1}, True),
        (PARTY, {"A1": 1, "A2": 0.25}, True),
        (PARTY, {"A1": 1, "A2": -1}, False),
        (OPERATOR, {"A1": 1, "A2": 1}, False),
    ],
    ids=["joint capacity", "weighted", "relief", "an operator's"],
)
def test_a_provider_states_the_joint_capacity_of_its_bids(
    sender: PartyId, weights: dict[str, float], *, own: bool
) -> None:
    bids = [bid(name, "A", "up", 10, 20) for name in ("A1", "A2")]
    (row,) = problem_of(*bids, replace(limit("unit", 12, **weights), sender=sender)).limits

    assert row.own is own


def test_bids_of_two_providers_have_no_joint_capacity() -> None:
    own, foreign = bid("A1", "A", "up", 10, 20), bid("A2", "A", "up", 10, 20, provider=OPERATOR)
    stated = limit("unit", 12, A1=1, A2=1)

    assert own_capacity(stated, {"A1": own})
    assert not own_capacity(stated, {"A1": own, "A2": foreign})
    assert own_capacity(limit("unit", 12, A1=1, A2=0), {"A1": own, "A2": foreign})


@pytest.mark.parametrize(
    ("more", "places"),
    [
        ((), ["A (mFRR energy)"]),
        ((need("d", "B", 5),), ["A (mFRR energy)", "B (mFRR energy)"]),
        (border("A", "C", 5), ["A (mFRR energy)", "C (mFRR energy)"]),
        ((need("r", "B", 5, product="x"), need("d", "A", 1)), ["A (mFRR energy)", "B (mFRR x)"]),
        (
            (need("r", "B", 5, product="x"), need("d", "A", 1), *border("A", "B", 5)),
            ["A (mFRR energy)", "A (mFRR x)", "B (mFRR energy)", "B (mFRR x)"],
        ),
    ],
    ids=["bids", "needs", "ends of borders", "products apart", "products over a border"],
)
def test_a_node_is_where_something_is_offered_asked_for_or_can_arrive(
    more: tuple[Thing, ...], places: list[str]
) -> None:
    assert [str(node) for node in problem_of(bid("A1", "A", "up", 10, 20), *more).nodes] == places


def test_products_share_the_arcs_of_a_border() -> None:
    problem = problem_of(need("d", "A", 5), need("r", "A", 5, product="reserve"), *border("A", "B", 5, 3))

    assert problem.shared == {0: (0, 1), 1: (2, 3)}
    assert problem.arc_capacity.tolist() == [5_000, 5_000, 3_000, 3_000]
    assert problem.opposed == ()
    assert not problem.is_network


def test_directions_are_opposed_product_by_product() -> None:
    """Nodes: A energy, A reserve, B energy, B reserve; the border from C to A has no way back."""
    (there, _) = border("C", "A", 5, loss="0.1")
    lossy = border("A", "B", 5, 3, loss="0.1")
    problem = problem_of(need("d", "A", 5), need("r", "A", 5, product="reserve"), *lossy, there)

    ends = [(problem.arcs[at].start, problem.arcs[at].end, problem.arcs[back].start) for at, back in problem.opposed]
    assert ends == [(0, 2, 2), (1, 3, 3)]


@pytest.mark.parametrize(
    ("mw", "grid"),
    [((40, 52, 25), 1_000), ((40, 60, 20), 20_000), ((40, 0, 0), 40_000), (("0.5", 3, 2), 500), ((0, 0, 0), 1)],
)
def test_the_grid_of_quantities(mw: tuple[float | str, float, float], grid: int) -> None:
    offered, asked, carried = mw
    (there, _) = border("A", "B", carried)
    things = [bid("A1", "A", "up", offered, 20)] if offered else []

    assert problem_of(*things, need("d", "A", asked), there).grid == grid


def test_ticks_in_mw_and_money() -> None:
    assert MIXED.mw(np.array([1, 2_500])).tolist() == [0.001, 2.5]
    assert MIXED.money(np.array([1, -2_050])).tolist() == [0.01, -20.5]


def same(one: Problem, other: Problem) -> bool:
    """Whether two problems are made of the same parts."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in (
            "nodes",
            "offers",
            "needs",
            "borders",
            "arcs",
            "limits",
            "exclusive",
            "chains",
            "unusable",
            "notes",
        )
    )


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_the_market_does_not_show(order: tuple[int, ...]) -> None:
    parts = [THINGS[at::4] for at in range(4)]

    assert same(problem_of(*(thing for at in order for thing in parts[at])), MIXED)


def test_bids_that_take_no_part_and_notes_are_passed_on() -> None:
    (there, back) = border("A", "B", 5, 5)
    second = replace(there, id="second", quantity_mw=back.quantity_mw / 5)
    things = (bid("A1", "A", "up", 10, None), bid("A2", "A", "up", 4, 20, granularity_mw=5), need("d", "A", 5))
    problem = problem_of(*things, there, second)

    assert [each.bid.id for each in problem.unusable] == ["A1", "A2"]
    assert problem.notes == (f"Border A to B in {QUARTERS[0]}: the lowest of several capacities counts, 1 MW.",)
    assert market_of(*things).periods == (QUARTERS[0],)


@pytest.mark.parametrize(
    ("steps", "grid", "granular"),
    [((4, 4), 4, ()), ((4, 0), 4, ()), ((4, 6), 2, (0, 1)), ((8, 4), 4, (0,))],
    ids=["one step", "one of them", "steps that cross", "a coarse one"],
)
def test_steps_of_offers_belong_to_the_grid(steps: tuple[int, int], grid: int, granular: tuple[int, ...]) -> None:
    """Where one offer moves in steps of 6 MW, the rest of a need in steps of 4 MW is no multiple of 4."""
    offered = [bid(f"U{at}", "A", "up", 24, 20, granularity_mw=step) for at, step in enumerate(steps)]
    made = problem_of(*offered, need("d", "A", 20))

    assert made.grid * made.scale.mw == grid
    assert made.granular == granular
