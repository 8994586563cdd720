"""Several intervals as one problem: the parts side by side, told apart by their interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gateway.clearing import ClearingRules, Pricing, clear
from gateway.clearing.couplings import NONE, Couplings, Dependence, Shift
from gateway.clearing.example import PARTY, QUARTERS, bid, border, limit, market_of, need, number, problem_of
from gateway.clearing.joint import problem_over, side_by_side
from gateway.clearing.periods import bound
from gateway.clearing.problem import Problem
from gateway.clearing.rows import LimitRow
from gateway.model import Limit
from gateway.time import Interval
from tests.gateway.clearing.drawn import Thing, orders
from tests.gateway.clearing.quarters import asked, at, series


def moved(thing: Thing, period: Interval) -> Thing:
    """Return *thing* in another interval."""
    exchange: Callable[..., Thing] = replace
    return exchange(thing, interval=period)


def one(quarter: int) -> list[Thing]:
    """Return a market of two areas in one quarter hour, with a limit, rivals and steps of a unit."""
    things: list[Thing] = [
        bid("A1", "A", "up", 40 + quarter, 60),
        bid("A2", "A", "up", 30, 50, exclusive="g"),
        bid("B1", "B", "down", 10, 20, exclusive="g"),
        bid("M1", "A", "up", 10, 70, multipart="m", minimum_mw=5),
        bid("M2", "A", "up", 20, 80, multipart="m"),
        need("d", "A", 52),
        *border("A", "B", 25, 20),
        limit(f"cable {quarter}", 12, A1=1),
    ]
    return [moved(thing, QUARTERS[quarter]) for thing in things]


def parts(quarters: int) -> list[Problem]:
    """Return the problems of the first quarter hours."""
    return [problem_of(*one(quarter)) for quarter in range(quarters)]


def test_the_parts_stand_side_by_side() -> None:
    first, second = parts(2)
    both = side_by_side([first, second])
    nodes, offers, arcs = len(first.nodes), len(first.offers), len(first.arcs)

    assert both.offer_node.tolist() == [*first.offer_node, *(second.offer_node + nodes)]
    assert both.need_node.tolist() == [*first.need_node, *(second.need_node + nodes)]
    assert both.arc_start.tolist() == [*first.arc_start, *(second.arc_start + nodes)]
    assert both.arc_end.tolist() == [*first.arc_end, *(second.arc_end + nodes)]
    assert both.arc_capacity.tolist() == [*first.arc_capacity, *second.arc_capacity]
    assert both.exclusive == (*first.exclusive, *(tuple(x + offers for x in group) for group in second.exclusive))
    assert both.chains == (*first.chains, *(tuple(x + offers for x in chain) for chain in second.chains))
    assert [row.coefficients for row in both.limits] == [{0: 1}, {offers: 1}]
    assert len(both.borders) == 2 * len(first.borders)
    assert arcs == 2


def test_nodes_are_told_apart_by_their_interval() -> None:
    both = side_by_side(parts(2))

    assert [(node.area.value, node.period) for node in both.nodes] == [
        ("A", QUARTERS[0]),
        ("B", QUARTERS[0]),
        ("A", QUARTERS[1]),
        ("B", QUARTERS[1]),
    ]
    assert str(both.nodes[2]) == "A (mFRR energy) 12:15"
    assert [both.period_of(node) for node in both.nodes] == [*QUARTERS[:1] * 2, *QUARTERS[1:2] * 2]


def test_the_whole_spans_its_intervals() -> None:
    both = side_by_side(parts(3))

    assert both.period == Interval(QUARTERS[0].start, QUARTERS[2].end)
    assert both.periods == QUARTERS[:3]


def test_a_single_interval_keeps_its_plain_nodes() -> None:
    (alone,) = parts(1)

    assert alone.periods == ()
    assert {node.period for node in alone.nodes} == {None}
    assert {alone.period_of(node) for node in alone.nodes} == {QUARTERS[0]}


def test_an_order_finds_its_node_in_either_form() -> None:
    alone, both = parts(1)[0], side_by_side(parts(2))
    order = replace(need("d", "A", 52), interval=QUARTERS[1])

    assert alone.place(order).period is None
    assert both.node_index[both.place(order)] == 2


@pytest.mark.parametrize("seed", range(4))
def test_intervals_side_by_side_are_cleared_as_each_for_itself(seed: int) -> None:
    """A block bid in an area without needs and borders binds two copies of a market, and changes nothing in them."""
    copies = [moved(thing, period) for period in QUARTERS[:2] for thing in orders(seed)]
    idle = [bid("zz", "Q", "up", 1, 20, block_bid="k", divisible=False, interval=period) for period in QUARTERS[:2]]
    first = ClearingRules(pricing=Pricing.WELFARE_FIRST)
    apart, joint = clear(market_of(*copies, rules=first)), clear(market_of(*copies, *idle, rules=first))

    assert "2 intervals were cleared together" in " ".join(joint.notes)
    assert "cleared together" not in " ".join(apart.notes)
    assert joint.welfare == apart.welfare
    assert [(each.need_id, each.interval) for each in joint.needs] == [(n.need_id, n.interval) for n in apart.needs]


def test_what_does_not_span_intervals_stays_a_plain_problem() -> None:
    market = market_of(at(0, "A", 5, 20), *asked(9))
    made = problem_over(market, QUARTERS[:1], lambda _: {}, bound(market))

    assert made.couplings is NONE
    assert made.periods == ()


def test_the_names_of_earlier_intervals_are_left_open() -> None:
    """A link within the group is not judged by what is known of an earlier interval; one out of it is."""
    block = series("K", [5, 5], 20, block_bid="k", divisible=False)
    market = market_of(*block, at(0, "A", 5, 20), *asked(9, 9))
    asked_for: list[Interval] = []

    def history(period: Interval) -> dict[str, object]:
        asked_for.append(period)
        return {}

    made = problem_over(market, QUARTERS[:2], history, bound(market))  # type: ignore[arg-type]  # no outcomes at all
    assert asked_for == list(QUARTERS[:2])
    assert len(made.offers) == 3


# ------------------------------------------------------------------------------------------------------------ couplings

LIMIT = Limit(id="l", sender=PARTY, interval=QUARTERS[0], headroom_mw=number(4))


def row(*offers: int, equal: bool = False) -> LimitRow:
    """Return a row over these offers."""
    return LimitRow(LIMIT, 4.0, dict.fromkeys(offers, 1.0), own=True, period=QUARTERS[0], equal=equal)


@pytest.mark.parametrize(
    ("accepted", "closed"),
    [([0, 0, 0, 0], {0, 2, 3}), ([0, 5, 0, 0], {2, 3}), ([0, 5, 0, 1], set()), ([5, 0, 5, 0], {0})],
    ids=["nothing", "the parent", "parent and sum", "the sum alone"],
)
def test_offers_are_closed_by_others(accepted: list[int], closed: set[int]) -> None:
    """Offer 0 is the child of 1; 2 and 3 deliver a stated sum or nothing."""
    made = Couplings(
        dependences=(Dependence(0, (1,), (), "its parent was not accepted"),),
        shifts=(Shift(row(2, 3, equal=True), (2, 3), optional=True),),
    )

    assert made.closed(np.array(accepted)) == closed


def test_an_offer_is_kept_out_where_no_way_permits_it() -> None:
    made = Couplings(dependences=(Dependence(0, (1,), (2,), "why"), Dependence(3, (), (1,), "not with 1")))

    assert made.kept_out(np.array([0, 0, 5, 0])) == {0: "why"}
    assert made.kept_out(np.array([0, 5, 5, 0])) == {3: "not with 1"}
    assert made.kept_out(np.array([0, 0, 0, 0])) == {}


def test_rows_come_in_one_order() -> None:
    ramp, energy, ratio = row(0), row(1), row(2, equal=True)
    shift = Shift(row(3, equal=True), (3,), optional=False)
    made = Couplings(ramps=(ramp,), energies=(energy,), shifts=(shift,), ratios=(ratio,))

    assert made.rows == (ramp, energy, shift.row, ratio)
    assert made.tied == {0, 1, 2, 3}


def test_a_row_tells_what_is_used_of_it() -> None:
    assert row(0, 2).used_mw(np.array([1.5, 9.0, 2.0])) == 3.5
