"""Required needs first, then welfare: volumes straight from the arrays, before ties, prices and certificate."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from gateway.clearing.arrays import formulate
from gateway.clearing.dispatch import Volumes, dispatch, dispatch_like, merit_of, welfare
from gateway.clearing.example import bid, border, limit, need, problem_of
from gateway.clearing.problem import Problem
from gateway.clearing.strict_arrays import strict_formulation
from gateway.model import Bid, Block, Capacity, Limit, Need

Thing = Bid | Need | Capacity | Limit | Block


def in_mw(problem: Problem, found: Volumes) -> dict[str, float]:
    """Return every volume that is not nothing, in MW, by the id of its order."""
    accepted = zip((offer.id for offer in problem.offers), found.accepted, strict=True)
    served = zip((each.id for each in problem.needs), found.served, strict=True)
    return {name: ticks / 1000 for name, ticks in (*accepted, *served) if ticks}


U10, U50 = bid("U10", "A", "up", 10, 10), bid("U50", "A", "up", 20, 50)
WHOLE = bid("W", "A", "up", 25, 20, divisible=False)
LOSSY, CABLE = border("A", "B", 5, 5, loss="0.1"), (limit("cable", 1000, U10=1, W=1, D=1),)
"""What makes a market more than a network, and changes nothing in A."""


@pytest.mark.parametrize("more", [(), LOSSY, CABLE], ids=["network", "losses", "limit"])
@pytest.mark.parametrize(
    ("things", "volumes"),
    [
        ((U10, U50, need("d", "A", 15)), {"U10": 10, "U50": 5, "d": 15}),
        ((U10, U50, need("d", "A", 40)), {"U10": 10, "U50": 20, "d": 30}),
        ((U10, need("d", "A", 8), need("e", "A", 9, 12)), {"U10": 10, "d": 8, "e": 2}),
        ((U10, need("d", "A", 8, required=False), need("e", "A", 9)), {"U10": 10, "d": 1, "e": 9}),
        ((U10, need("e", "A", 9, 9)), {}),
        ((U10, need("e", "A", 9, 11)), {"U10": 9, "e": 9}),
        ((WHOLE, U10, need("d", "A", 20)), {"U10": 10, "d": 10}),
        ((WHOLE, U10, bid("D", "A", "down", 5, -900), need("d", "A", 20)), {"W": 25, "D": 5, "d": 20}),
        ((WHOLE, U10, bid("D", "A", "down", 5, -900), need("d", "A", 20, required=False)), {"W": 25, "D": 5, "d": 20}),
        ((WHOLE, U10, bid("D", "A", "down", 5, -900), need("d", "A", 20, 60)), {"U10": 10, "d": 10}),
        ((bid("D", "A", "down", 10, 20), need("d", "A", -8), need("e", "A", -8, 15)), {"D": 10, "d": 8, "e": 2}),
        ((bid("D", "A", "down", 10, 20), U10), {"D": 10, "U10": 10}),
    ],
    ids=[
        "cheapest first",
        "all there is",
        "required before elastic",
        "required before welcome",
        "too dear to buy",
        "cheap enough to buy",
        "whole or not",
        "whole with relief",
        "a welcome need is worth the cap",
        "an elastic need is worth its limit",
        "down",
        "trade",
    ],
)
def test_required_needs_come_before_welfare_and_welfare_before_nothing(
    things: tuple[Thing, ...], volumes: dict[str, float], more: tuple[Thing, ...]
) -> None:
    problem = problem_of(*things, *more)

    assert problem.is_network is (not more)
    assert in_mw(problem, dispatch(problem, formulate(problem))) == volumes


def test_no_price_is_high_enough_to_leave_a_required_need_unserved() -> None:
    """A MW for d takes 60 MW of U, and D wants 14,000 to take 59 of them back: 844,000 for what is worth 15,000."""
    things = (bid("U", "A", "up", 60, 300, divisible=False), bid("D", "A", "down", 59, -14_000))
    insisted, welcome = (problem_of(*things, need("d", "A", 1, required=required)) for required in (True, False))

    assert in_mw(insisted, dispatch(insisted, formulate(insisted))) == {"U": 60, "D": 59, "d": 1}
    assert in_mw(welcome, dispatch(welcome, formulate(welcome))) == {}


@pytest.mark.parametrize(
    ("barred", "volumes"),
    [((), {"U10": 10, "U50": 5, "d": 15}), ((0,), {"U50": 15, "d": 15}), ((1,), {"U10": 10, "d": 10}), ((0, 1), {})],
)
def test_what_is_barred_is_not_accepted(barred: tuple[int, ...], volumes: dict[str, float]) -> None:
    problem = problem_of(U10, U50, need("d", "A", 15))
    found = dispatch(problem, formulate(problem), frozenset(barred))

    assert in_mw(problem, found) == volumes
    assert found.barred == set(barred)


def test_a_loss_is_borne_by_both_ends() -> None:
    """9.5 of 10 MW arrive for a capacity of 10, and 10.5 are made; the rest of the need stays unserved."""
    problem = problem_of(bid("B1", "B", "up", 50, 20), need("d", "A", 12), *border("B", "A", 10, loss="0.1"))
    found = dispatch(problem, formulate(problem))

    assert in_mw(problem, found) == {"B1": 10.5, "d": 9.5}
    assert found.flow.tolist() == [0, 10_000]


@pytest.mark.parametrize("price", [-50, 5])
def test_a_step_that_is_full_leaves_the_next_one_free(price: int) -> None:
    steps = [
        bid("M1", "A", "up", 10, price, multipart="m", divisible=False),
        bid("M2", "A", "up", 20, price + 1, multipart="m"),
    ]
    problem = problem_of(*steps, need("d", "A", 12))

    assert in_mw(problem, dispatch(problem, formulate(problem))) == {"M1": 10, "M2": 2, "d": 12}


def test_volumes_under_the_decisions_of_strict_prices() -> None:
    """The best volumes cut U back to 10 MW for W, which then loses; strict prices do without W."""
    bids = (bid("U", "A", "up", 30, 20), bid("W", "A", "up", 40, 30, divisible=False), bid("V", "A", "up", 30, 50))
    problem = problem_of(*bids, need("d", "A", 50))
    best = dispatch(problem, formulate(problem))
    strict = dispatch_like(problem, formulate(problem), strict_formulation(problem))

    assert in_mw(problem, best) == {"U": 10, "W": 40, "d": 50}
    assert in_mw(problem, strict) == {"U": 30, "V": 20, "d": 50}


@pytest.mark.parametrize(
    ("accepted", "served", "worth"),
    [
        ((0, 0), (0, 0), 0),
        ((1, 0), (1, 0), 15_000 - 60),
        ((0, 0), (0, 1), -25),
        ((0, 1), (0, 0), 20),
        ((2, 1), (1, 1), -120 + 20 + 15_000 - 25),
    ],
)
def test_welfare_is_what_needs_are_worth_less_what_bids_cost(
    accepted: tuple[int, int], served: tuple[int, int], worth: int
) -> None:
    """Up at 60, down at 20; a need without a limit price counts at the cap, one of less injection at −25."""
    problem = problem_of(
        bid("U", "A", "up", 40, 60), bid("V", "A", "down", 5, 20), need("d", "A", 9), need("e", "A", -9, 25)
    )
    found = Volumes(
        accepted=1000 * np.array(accepted), served=1000 * np.array(served), flow=np.zeros(0, dtype=np.int64)
    )

    assert welfare(problem, found) == worth * 1000 * 100
    assert merit_of(problem, found) == (1000 * served[0], worth * 1000 * 100)


@pytest.mark.parametrize(("size", "wanted"), list(product([4, 5, 6], [9, 10, 11])))
def test_around_the_bound_of_a_minimum(size: int, wanted: int) -> None:
    """S alone serves up to 5 MW; beyond, W takes over where its minimum allows, or tops up what S gives."""
    problem = problem_of(
        bid("S", "A", "up", 5, 10), bid("W", "A", "up", 20, 30, minimum_mw=size), need("d", "A", wanted)
    )
    rest = max(wanted - 5, size)

    assert in_mw(problem, dispatch(problem, formulate(problem))) == {"S": wanted - rest, "W": rest, "d": wanted}
