"""Who goes first among equals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest

from gateway.clearing import clear
from gateway.clearing.dispatch import Volumes
from gateway.clearing.example import bid, border, limit, market_of, need, problem_of
from gateway.clearing.offers import proportional
from gateway.clearing.problem import Ints
from gateway.clearing.ties import settle_ties, shortest_flows
from gateway.model import Bid, Capacity, Need
from gateway.results import Fate
from tests.gateway.clearing.reading import accepted, fates, flows, served


def test_equal_prices_share_pro_rata() -> None:
    offers = [bid("U1", "A", "up", 10, 20), bid("U2", "A", "up", 30, 20)]
    result = clear(market_of(*offers, need("d", "A", 20)))

    assert accepted(result) == {"U1": 5, "U2": 15}
    assert set(fates(result).values()) == {Fate.PARTLY_ACCEPTED}


def test_what_rounding_leaves_goes_to_the_largest_remainder_then_to_the_lower_id() -> None:
    offers = [bid(name, "A", "up", 10, 20) for name in ("U3", "U1", "U2")]
    result = clear(market_of(*offers, need("d", "A", "0.002")))

    assert accepted(result) == {"U1": Decimal("0.001"), "U2": Decimal("0.001")}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_bids_means_nothing(order: tuple[int, ...]) -> None:
    offers = [bid(f"U{at}", "A", "up", mw, 20) for at, mw in enumerate((7, 11, 13))]
    shuffled = clear(market_of(*(offers[at] for at in order), need("d", "A", 10)))

    assert shuffled == clear(market_of(*offers, need("d", "A", 10)))
    assert sum(accepted(shuffled).values()) == 10


def test_down_bids_share_as_well() -> None:
    offers = [bid("D1", "A", "down", 10, 20), bid("D2", "A", "down", 30, 20)]

    assert accepted(clear(market_of(*offers, need("d", "A", -20)))) == {"D1": 5, "D2": 15}


def test_a_cheaper_bid_does_not_share() -> None:
    offers = [bid("U0", "A", "up", 10, 19), bid("U1", "A", "up", 10, 20), bid("U2", "A", "up", 10, 20)]

    assert accepted(clear(market_of(*offers, need("d", "A", 20)))) == {"U0": 10, "U1": 5, "U2": 5}


def test_needs_of_one_limit_price_share_as_well() -> None:
    asked = [need("d1", "A", 10, 50), need("d2", "A", 30, 50)]

    assert served(clear(market_of(bid("U1", "A", "up", 20, 20), *asked))) == {"d1": 5, "d2": 15}


def test_required_needs_share_scarcity() -> None:
    asked = [need("d1", "A", 10), need("d2", "A", 30)]

    assert served(clear(market_of(bid("U1", "A", "up", 20, 20), *asked))) == {"d1": 5, "d2": 15}


def test_an_insisted_need_does_not_share_with_a_welcome_one() -> None:
    asked = [need("d1", "A", 10), need("d2", "A", 10, required=False)]

    assert served(clear(market_of(bid("U1", "A", "up", 10, 20), *asked))) == {"d1": 10, "d2": 0}


def test_of_indivisible_bids_that_are_alike_the_lower_id_is_taken() -> None:
    offers = [bid(name, "A", "up", 10, 20, divisible=False) for name in ("U2", "U3", "U1")]
    result = clear(market_of(*offers, need("d", "A", 10)))

    assert accepted(result) == {"U1": 10}
    assert {fates(result)[name] for name in ("U2", "U3")} == {Fate.AT_THE_MARGIN}


def test_bids_in_a_grid_limit_do_not_share() -> None:
    """U1 may give 4 MW only; sharing 5 and 5 would break the limit."""
    offers = [bid(name, "A", "up", 10, 20) for name in ("U1", "U2")]
    result = clear(market_of(*offers, need("d", "A", 10), limit("cable", 4, U1=1)))

    assert accepted(result)["U1"] <= 4
    assert sum(accepted(result).values()) == 10


def test_equal_prices_in_two_areas_repeat_however_the_market_is_listed() -> None:
    things: tuple[Bid | Need | Capacity, ...] = (
        bid("A1", "A", "up", 10, 20),
        bid("B1", "B", "up", 10, 20),
        need("d", "A", 10),
        *border("A", "B", 50, 50),
    )
    result = clear(market_of(*things))

    assert sum(accepted(result).values()) == 10
    assert flows(result).get("B->A", 0) == accepted(result).get("B1", 0)
    assert clear(market_of(*reversed(things))) == result


def test_a_barred_bid_does_not_come_back_in_the_place_of_its_twin() -> None:
    """Both indivisible twins lose at the price that U1 sets; strict prices must do without either."""
    twins = [bid(name, "A", "up", 40, 30, divisible=False) for name in ("T1", "T2")]
    result = clear(market_of(bid("U1", "A", "up", 30, 20), bid("U3", "A", "up", 30, 50), need("d", "A", 50), *twins))

    assert accepted(result) == {"U1": 30, "U3": 20}
    assert {fates(result)[name] for name in ("T1", "T2")} == {Fate.PARADOXICALLY_REJECTED}


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (0, (3, 4), (0, 0)),
        (7, (3, 4), (3, 4)),
        (1, (1, 1), (1, 0)),
        (10, (1, 1, 1), (4, 3, 3)),
        (5, (1, 2, 4), (1, 1, 3)),
        (10**12, (10**9, 10**9 + 1), (499_999_999_750, 500_000_000_250)),
    ],
)
def test_whole_parts_in_proportion(total: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert proportional(total, weights) == parts
    assert sum(parts) == total


def volumes(
    accepted: Sequence[float],
    served: Sequence[float],
    flow: Sequence[float] = (),
    barred: frozenset[int] = frozenset(),
) -> Volumes:
    """Return volumes given in MW."""
    return Volumes(accepted=ticks(accepted), served=ticks(served), flow=ticks(flow), barred=barred)


def ticks(mw: Sequence[float]) -> Ints:
    """Return MW in ticks."""
    return np.array([round(1000 * each) for each in mw], dtype=np.int64)


def in_mw(found: Ints) -> list[float]:
    """Return ticks in MW."""
    return [float(each) / 1000 for each in found]


ASKED = need("d", "A", 10)
WHOLE: dict[str, object] = {"divisible": False}


@pytest.mark.parametrize(
    ("first", "second", "settled"),
    [
        (WHOLE, WHOLE, [10, 0]),
        ({"minimum_mw": 4}, {"minimum_mw": 4}, [10, 0]),
        ({**WHOLE, "exclusive": "g"}, {**WHOLE, "exclusive": "g"}, [0, 10]),  # a group decides otherwise
        ({**WHOLE, "multipart": "m"}, {**WHOLE, "multipart": "m"}, [0, 10]),  # so do steps of a unit
        (WHOLE, {"minimum_mw": 4}, [0, 10]),
        ({"minimum_mw": 4}, {"minimum_mw": 5}, [0, 10]),
        ({"minimum_mw": 4}, {"minimum_mw": 4, "granularity_mw": 2}, [0, 10]),
    ],
    ids=["indivisible", "same minimum", "rivals", "steps", "whole or least", "other minimum", "other granularity"],
)
def test_what_the_solver_gave_to_the_higher_id_goes_to_the_lower_where_nothing_else_differs(
    first: dict[str, object], second: dict[str, object], settled: list[float]
) -> None:
    problem = problem_of(bid("U1", "A", "up", 10, 20, **first), bid("U2", "A", "up", 10, 20, **second), ASKED)

    assert in_mw(settle_ties(problem, volumes([0, 10], [10])).accepted) == settled


@pytest.mark.parametrize(
    ("other", "mw"),
    [
        (bid("U2", "A", "up", 10, 21, divisible=False), 10),
        (bid("U2", "A", "up", 12, 20, divisible=False), 12),
        (bid("U2", "B", "up", 10, 20, divisible=False), 10),
        (bid("U2", "A", "down", 10, 20, divisible=False), 10),
    ],
    ids=["price", "quantity", "area", "direction"],
)
def test_indivisible_bids_that_differ_keep_what_the_solver_gave_them(other: Bid, mw: float) -> None:
    problem = problem_of(bid("U1", "A", "up", 10, 20, divisible=False), other, ASKED)

    assert in_mw(settle_ties(problem, volumes([0, mw], [10])).accepted) == [0, mw]


def test_of_three_alike_the_largest_volume_goes_to_the_lowest_id() -> None:
    problem = problem_of(*(bid(f"U{at}", "A", "up", 10, 20, minimum_mw=2) for at in range(3)), need("d", "A", 19))

    assert in_mw(settle_ties(problem, volumes([4, 5, 10], [19])).accepted) == [10, 5, 4]


def test_a_barred_bid_gets_nothing_from_its_twin() -> None:
    problem = problem_of(*(bid(f"U{at}", "A", "up", 10, 20, divisible=False) for at in range(2)), ASKED)
    settled = settle_ties(problem, volumes([0, 10], [10], barred=frozenset({0})))

    assert in_mw(settled.accepted) == [0, 10]
    assert settled.barred == {0}


def test_a_bid_in_a_grid_limit_is_not_exchanged_for_its_twin() -> None:
    twins = [bid(f"U{at}", "A", "up", 10, 20, divisible=False) for at in range(2)]
    problem = problem_of(*twins, ASKED, limit("cable", 5, U0=1))

    assert in_mw(settle_ties(problem, volumes([0, 10], [10])).accepted) == [0, 10]


@pytest.mark.parametrize(
    ("accepted", "served", "shared", "met"),
    [
        ([10, 10, 0], [20, 0], [5, 15, 0], [5, 15]),
        ([0, 20, 0], [0, 20], [5, 15, 0], [5, 15]),
        ([10, 30, 0], [10, 30], [10, 30, 0], [10, 30]),
        ([0, 0, 0], [0, 0], [0, 0, 0], [0, 0]),
        ([0, 0.002, 0], [0, 0.002], [0.001, 0.001, 0], [0.001, 0.001]),
        ([0, 0.003, 0], [0.003, 0], [0.001, 0.002, 0], [0.001, 0.002]),
    ],
    ids=["moved to the larger", "moved to the smaller", "all", "nothing", "two steps", "three steps"],
)
def test_divisible_orders_of_one_price_share_whatever_the_solver_said(
    accepted: list[float], served: list[float], shared: list[float], met: list[float]
) -> None:
    """Bids of 10 and 30 MW at 20 share one to three, and so do needs of 10 and 30 MW; a bid at 21 stands apart."""
    bids = [bid("U1", "A", "up", 10, 20), bid("U2", "A", "up", 30, 20), bid("U3", "A", "up", 5, 21)]
    problem = problem_of(*bids, need("d1", "A", 10, 50), need("d2", "A", 30, 50))
    settled = settle_ties(problem, volumes(accepted, served))

    assert in_mw(settled.accepted) == shared
    assert in_mw(settled.served) == met


RING = (*border("A", "B", 50, 50), *border("B", "C", 50, 50), *border("C", "A", 50, 50))
ARCS = ("A->B", "A->C", "B->A", "B->C", "C->A", "C->B")


@pytest.mark.parametrize(
    ("found", "shortest"),
    [
        ({"B->C": 10, "C->A": 10}, {"B->A": 10}),  # the long way round
        ({"B->A": 15, "A->B": 5}, {"B->A": 10}),  # there and back
        ({"B->A": 17, "A->C": 7, "C->B": 7}, {"B->A": 10}),  # with something that goes round
        ({"A->B": 3, "B->C": 3, "C->A": 3}, {}),  # nothing but a circle
        ({"B->A": 60, "B->C": 4, "C->A": 4}, {"B->A": 50, "B->C": 14, "C->A": 14}),  # the short way is full
        ({"B->A": 10}, {"B->A": 10}),
        ({"B->A": 10, "A->C": 10}, {"B->C": 10}),
        ({"C->B": 10, "B->A": 10}, {"C->A": 10}),
    ],
    ids=["detour", "both ways", "circle on top", "circle alone", "full", "shortest already", "B to C", "C to A"],
)
def test_flows_that_carry_the_same_go_the_shortest_way(found: dict[str, float], shortest: dict[str, float]) -> None:
    problem = problem_of(bid("B1", "B", "up", 64, 20), ASKED, *RING)
    names = [f"{problem.nodes[arc.start].area.value}->{problem.nodes[arc.end].area.value}" for arc in problem.arcs]
    assert tuple(names) == ARCS

    flow = settle_ties(problem, volumes([10], [10], [found.get(name, 0) for name in names])).flow
    assert {name: mw for name, mw in zip(names, in_mw(flow), strict=True) if mw} == shortest


@pytest.mark.parametrize(
    "more",
    [border("A", "D", 5, loss="0.1"), (need("r", "A", 5, product="reserve"),), (limit("cable", 5, B1=1),)],
    ids=["losses", "products", "limit"],
)
def test_flows_stay_as_they_are_where_more_than_balances_couples_the_areas(more: tuple[Need | Capacity, ...]) -> None:
    """There a detour can be worth something, and the solver has weighed it."""
    problem = problem_of(bid("B1", "B", "up", 64, 20), ASKED, *border("A", "B", 50, 50), *more)
    found = volumes([10], [10], [1] * len(problem.arcs))

    assert shortest_flows(problem, found) is found
