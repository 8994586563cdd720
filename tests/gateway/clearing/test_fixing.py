"""Which decisions stand and which stay open, and what rounding makes of the relaxation."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.clearing import arrays
from gateway.clearing.example import bid, need, problem_of
from gateway.clearing.fixing import _Search, roundings
from gateway.clearing.lagrange import decisions, judge
from gateway.clearing.problem import Problem

RIVALS = problem_of(
    bid("E1", "A", "up", 10, "20", exclusive="g", granularity_mw=5, minimum_mw=5),
    bid("E2", "A", "up", 10, "20.1", exclusive="g", granularity_mw=5, minimum_mw=5),
    need("d", "A", 13),
)
"""Two bids in steps of 5 MW, of which one may be taken."""


def searched(problem: Problem, **prices: float) -> _Search:
    """Return the search at prices of the balance and of the group; other rows have none."""
    formulation = arrays.formulate(problem)
    program = formulation.program
    rows = np.zeros(program.row_lower.size)
    rows[0], rows[-1] = prices["balance"], prices["group"]
    decided = decisions(problem, formulation, program)
    return _Search(program, decided, judge(program, decided, rows))


@pytest.mark.parametrize(
    ("delta", "open_"),
    [
        # At 60, with 399 for the place in the group, E1 earns 400 − 399 = 1 and E2 nothing.
        (0.5, {"u2", "k2"}),
        (10, {"u1", "k1", "u2", "k2"}),  # a step of 5 MW costs 200, and yet stays open while its bid may be refused
        (250, {"u1", "k1", "u2", "k2"}),
    ],
)
def test_the_steps_of_a_bid_stay_open_as_long_as_the_bid(delta: float, open_: set[str]) -> None:
    search = searched(RIVALS, balance=60, group=-399)
    left = search.settled(delta).integer
    names = dict(zip(("u1", "u2", "k1", "k2"), [*search.decisions.switch, *search.decisions.count], strict=True))

    assert {name for name, column in names.items() if left[column]} == open_


def test_a_refused_bid_takes_no_steps() -> None:
    """At 10 both bids would lose 50 on their least 5 MW."""
    search = searched(RIVALS, balance=10, group=0)
    settled = search.settled(1)

    assert not settled.integer.any()
    assert settled.upper[search.decisions.count].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("accepted", "rounded"),
    [
        ((10, 0), (1, 0)),
        ((6, 4), (1, 0)),  # of rivals at most one lies beyond a half
        ((5, 5), (0, 0)),
        ((4, 3), (0, 0)),  # below the least quantity
    ],
)
def test_rounding_takes_at_most_one_of_a_group(accepted: tuple[int, int], rounded: tuple[int, int]) -> None:
    formulation = arrays.formulate(RIVALS)
    decided = decisions(RIVALS, formulation, formulation.program)
    relaxed = np.zeros(formulation.program.cost.size)
    relaxed[decided.switched] = accepted
    found = roundings(decided, formulation.program, relaxed)

    assert found[decided.switch].tolist() == list(rounded)
    assert found[decided.count].tolist() == [taken * (mw // 5) for taken, mw in zip(rounded, accepted, strict=True)]


def test_a_bid_without_rivals_is_taken_from_its_least_quantity_on() -> None:
    problem = problem_of(
        bid("M", "A", "up", 10, 20, minimum_mw=4), bid("W", "A", "up", 10, 20, divisible=False), need("d", "A", 13)
    )
    formulation = arrays.formulate(problem)
    decided = decisions(problem, formulation, formulation.program)
    relaxed = np.zeros(formulation.program.cost.size)
    relaxed[decided.switched] = (4, 9)

    assert roundings(decided, formulation.program, relaxed)[decided.switch].tolist() == [1, 0]
