"""What is left of a program has the same answers; a window of it gives a bound, and the answer where no block is used."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from scipy.sparse import csc_array

from gateway.clearing import arrays
from gateway.clearing.example import problem_of
from gateway.clearing.problem import Floats
from gateway.clearing.residual import Residual, reduced, windowed
from gateway.clearing.solver import Program, solve
from tests.gateway.clearing.drawn import orders


def program(rows: list[list[float]], sides: list[tuple[float, float]], bounds: list[tuple[float, float]]) -> Program:
    """Return a program of columns that cost 1, 2, 3 and so on."""
    lower, upper = np.array(bounds, dtype=float).T
    row_lower, row_upper = np.array(sides, dtype=float).reshape(-1, 2).T
    matrix = csc_array(np.array(rows, dtype=float).reshape(len(sides), len(bounds)))
    cost = np.arange(1.0, len(bounds) + 1)
    return Program(cost, lower, upper, matrix, row_lower, row_upper, np.zeros(len(bounds), dtype=bool))


def left(of: Program) -> Residual:
    """Return what is left of a program that can hold."""
    residual = reduced(of)
    assert residual is not None
    return residual


def test_a_fixed_column_moves_the_sides_of_its_rows() -> None:
    residual = left(program([[2, 1, 1]], [(10, 12)], [(3, 3), (0, 9), (0, 9)]))

    assert residual.columns.tolist() == [1, 2]
    assert (residual.program.row_lower.tolist(), residual.program.row_upper.tolist()) == ([4], [6])
    assert residual.program.cost.tolist() == [2, 3]
    assert residual.whole(np.array([4.0, 0.0])).tolist() == [3, 4, 0]


@pytest.mark.parametrize(
    ("value", "side", "bounds"),
    [
        (2, (4, 10), (2, 5)),
        (-2, (-10, -4), (2, 5)),  # a negative coefficient swaps the sides
        (1, (-np.inf, 7), (0, 7)),
        (1, (8, np.inf), (8, 9)),
    ],
    ids=["both sides", "negative", "at most", "at least"],
)
def test_a_row_over_one_column_becomes_a_bound(
    value: float, side: tuple[float, float], bounds: tuple[float, float]
) -> None:
    residual = left(program([[value, 0, 0], [1, 1, 1]], [side, (0, 20)], [(0, 9)] * 3))

    assert residual.rows.tolist() == [1]
    assert (residual.program.lower[0], residual.program.upper[0]) == bounds


def test_bounds_that_close_fix_a_column_and_so_on_to_the_end() -> None:
    """The first row fixes the first column, which leaves the second row to the second column, and so on."""
    chain = program([[1, 0, 0], [1, 1, 0], [0, 1, 1]], [(2, 2), (5, 5), (7, 7)], [(0, 9)] * 3)

    assert left(chain).columns.size == 0
    assert left(chain).whole(np.zeros(0)).tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    "impossible",
    [
        program([[1, 1]], [(3, 9)], [(1, 1), (1, 1)]),
        program([[1, 1]], [(0, 1)], [(1, 1), (1, 1)]),
        program([[1, 0], [1, 1]], [(5, 9), (0, 9)], [(0, 4), (0, 4)]),
    ],
    ids=["too little", "too much", "bounds that cross"],
)
def test_what_cannot_hold_is_told(impossible: Program) -> None:
    assert reduced(impossible) is None


def test_a_zero_in_the_matrix_is_no_entry() -> None:
    """The balance of a border of no capacity has such zeros; dividing by one would spoil the bounds."""
    kept = program([[1, 1]], [(0, 4)], [(0, 9)] * 2)
    zero = csc_array((np.array([0.0, 1.0]), (np.array([0, 0]), np.array([0, 1]))), shape=(1, 2))

    residual = left(replace(kept, matrix=zero))

    assert residual.rows.size == 0
    assert residual.program.upper.tolist() == [9, 4]


@pytest.mark.parametrize("seed", range(30))
def test_what_is_left_costs_what_the_whole_costs(seed: int) -> None:
    draw = Random(seed)
    formulation = arrays.formulate(problem_of(*orders(seed)))
    whole = replace(formulation.program, cost=formulation.program.cost + 1000 * formulation.unserved)
    best = solve(whole)
    chosen = np.array([at for at in range(whole.cost.size) if draw.random() < 0.5])
    held = whole.fixed(chosen, best.values[chosen])
    residual = left(held)
    found = residual.whole(solve(residual.program).values)

    assert residual.columns.size <= whole.cost.size - chosen.size
    assert whole.cost @ found == pytest.approx(best.cost)
    assert np.all(whole.matrix @ found >= whole.row_lower - 1e-6)
    assert np.all(whole.matrix @ found <= whole.row_upper + 1e-6)


# ---- windows


def merit_order(*offers: tuple[float, float], wanted: float) -> tuple[Program, Floats]:
    """Return a program that takes *wanted* MW of offers (MW, price), and the reduced costs at a price of 50."""
    most, price = np.array(offers, dtype=float).T
    matrix, none = csc_array(np.ones((1, most.size))), np.zeros(most.size, dtype=bool)
    side = np.array([float(wanted)])
    return Program(price, np.zeros(most.size), most, matrix, side, side, none), price - 50


OFFERS = ((10, 10), (10, 30), (10, 49), (10, 52), (10, 80), (10, 90))


def test_a_window_keeps_the_nearest_and_stands_for_the_others_by_two_blocks() -> None:
    """At a price of 50 the offers at 49 and 52 are near; those at 10 and 30 are taken, those at 80 and 90 are not."""
    whole, costs = merit_order(*OFFERS, wanted=27)
    window = windowed(left(whole), costs, np.array([2]))

    assert window.near.tolist() == [2, 3]
    assert window.program.cost.tolist() == [49, 52, 80, -30], "more at the lowest price, less at the highest refund"
    assert window.program.upper.tolist() == [10, 10, 20, 20]
    assert window.program.row_lower.tolist() == [7], "27 MW less the 20 that are taken"
    assert window.program.matrix.toarray().tolist() == [[1, 1, 1, -1]]


@pytest.mark.parametrize(
    ("wanted", "cost", "used"),
    [
        (27, 10 * 10 + 10 * 30 + 7 * 49, []),
        (38, 10 * 10 + 10 * 30 + 10 * 49 + 8 * 52, []),
        (45, 10 * 10 + 10 * 30 + 10 * 49 + 10 * 52 + 5 * 80, [0]),  # more than the window holds
        (15, 10 * 10 + 10 * 30 - 5 * 30, [0]),  # less than what lies outside the window
    ],
)
def test_an_answer_without_blocks_is_the_answer(wanted: float, cost: float, used: list[int]) -> None:
    whole, costs = merit_order(*OFFERS, wanted=wanted)
    window = windowed(left(whole), costs, np.array([2]))
    found = solve(window.program)

    assert window.used(found.values).tolist() == used
    assert found.cost + whole.cost @ window.whole(np.zeros(found.values.size)) == pytest.approx(cost)
    assert solve(whole).cost >= cost - 1e-9
    if not used:
        assert whole.cost @ window.whole(found.values) == pytest.approx(solve(whole).cost)


def test_a_wide_window_leaves_nothing_outside() -> None:
    whole, costs = merit_order(*OFFERS, wanted=45)
    window = windowed(left(whole), costs, np.array([6]))

    assert window.near.tolist() == list(range(6))
    assert window.blocks.size == 0


def test_a_column_of_two_rows_or_of_whole_numbers_stays_in_the_window() -> None:
    whole = program([[1, 1, 1, 0], [0, 0, 1, 1]], [(5, 5), (2, 9)], [(0, 9)] * 4)
    whole = replace(whole, integer=np.array([True, False, False, False]))
    window = windowed(left(whole), np.ones(4), np.array([0, 0]))

    assert window.near.tolist() == [0, 2]
    assert window.blocks.tolist() == [0, 1]
