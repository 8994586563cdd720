"""Prices of rows give a bound on every answer, and what each decision costs when it is taken otherwise."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from gateway.clearing import arrays
from gateway.clearing.example import bid, border, need, problem_of
from gateway.clearing.lagrange import Judgement, decisions, judge
from gateway.clearing.problem import Problem
from gateway.clearing.solver import Program, solve
from gateway.errors import Unsolved
from tests.gateway.clearing.drawn import orders


def served(problem: Problem) -> Program:
    """Return the program of *problem* with all its needs served in full."""
    formulation = arrays.formulate(problem)
    columns = np.array(list(formulation.columns["y"].values()))
    return formulation.program.fixed(columns, problem.mw(problem.need_quantity))


def judged(problem: Problem, price: float) -> tuple[Judgement, dict[str, dict[int, int]]]:
    """Return the judgement of a market of one area at a *price*, and the columns of its variables."""
    formulation, program = arrays.formulate(problem), served(problem)
    prices = np.zeros(program.row_lower.size)
    prices[0] = price
    return judge(program, decisions(problem, formulation, program), prices), formulation.columns


def least_cost(program: Program) -> float:
    """Return the cost of the best answer; nothing is dearer than what is impossible."""
    try:
        return solve(program).cost
    except Unsolved as error:
        if error.found != "Infeasible":
            raise
        return np.inf


ONE_WHOLE = problem_of(bid("A", "A", "up", 10, 20), bid("W", "A", "up", 10, 50, divisible=False), need("d", "A", 15))
"""15 MW are wanted; 10 cost 20 each, and 10 that go together cost 50 each."""


@pytest.mark.parametrize(
    ("price", "bound", "accepted", "leaving"),
    [
        (10, 150, 0, 400),  # nobody earns: 15 MW at 10; the whole bid would lose 40 on each of 10 MW
        (30, 350, 0, 200),  # 15 · 30 − 10 · (30 − 20)
        (50, 450, 0, 0),  # the price of the relaxation: the whole bid does not care
        (60, 400, 1, 100),  # 15 · 60 − 10 · 40 − 10 · 10, and refusing it loses 10 on each of 10 MW
    ],
)
def test_a_price_gives_a_bound_and_what_a_whole_bid_prefers(
    price: float, bound: float, accepted: int, leaving: float
) -> None:
    judgement, columns = judged(ONE_WHOLE, price)

    assert judgement.bound == pytest.approx(bound)
    assert judgement.leaving[columns["u"][1]] == pytest.approx(leaving)
    if leaving:
        assert judgement.preferred[columns["u"][1]] == accepted


def test_the_bound_of_the_relaxation_s_prices_is_the_relaxation() -> None:
    program = served(ONE_WHOLE)
    relaxed = solve(replace(program, integer=np.zeros_like(program.integer)))
    found = judge(program, decisions(ONE_WHOLE, arrays.formulate(ONE_WHOLE), program), relaxed.row_duals)

    assert relaxed.cost == pytest.approx(10 * 20 + 5 * 50)
    assert found.bound == pytest.approx(relaxed.cost)


@pytest.mark.parametrize(
    ("price", "switch", "volume", "leaving"),
    [
        (40, 0, 0, 4 * 10),  # taken at all, it would be taken at its least: 4 MW that lose 10
        (60, 1, 10, 10 * 10),  # refused, it would miss 10 on each of 10 MW
    ],
)
def test_a_least_quantity_weighs_what_is_least_or_most(
    price: float, switch: int, volume: float, leaving: float
) -> None:
    judgement, columns = judged(problem_of(bid("M", "A", "up", 10, 50, minimum_mw=4), need("d", "A", 9)), price)

    assert judgement.preferred[columns["u"][0]] == switch
    assert judgement.preferred[columns["x"][0]] == pytest.approx(volume)
    assert judgement.leaving[columns["u"][0]] == pytest.approx(leaving)


@pytest.mark.parametrize(("price", "steps"), [(40, 0), (60, 3)])
def test_a_step_of_a_granular_bid_costs_what_its_megawatts_lose(price: float, steps: int) -> None:
    judgement, columns = judged(problem_of(bid("G", "A", "up", 15, 50, granularity_mw=5), need("d", "A", 13)), price)

    assert judgement.preferred[columns["k"][0]] == steps
    assert judgement.leaving[columns["k"][0]] == pytest.approx(5 * 10)


def test_a_barred_bid_prefers_nothing_else_at_any_price() -> None:
    formulation, program = arrays.formulate(ONE_WHOLE), served(ONE_WHOLE)
    barred = program.fixed(np.array([formulation.columns["x"][1]]), np.zeros(1))
    prices = np.array([1000.0, *np.zeros(program.row_lower.size - 1)])
    found = judge(barred, decisions(ONE_WHOLE, formulation, barred), prices)

    assert found.preferred[formulation.columns["u"][1]] == 0
    assert np.isinf(found.leaving[formulation.columns["u"][1]])


def test_only_rows_of_one_order_are_its_own() -> None:
    rivals = [bid(name, "A", "up", 10, 20, exclusive="g", divisible=False) for name in ("E1", "E2")]
    problem = problem_of(*rivals, bid("G", "A", "up", 15, 50, granularity_mw=5), need("d", "A", 13))
    formulation = arrays.formulate(problem)
    own = decisions(problem, formulation, formulation.program).own_rows

    # Two rows for each rival's switch and one for the steps; not the balance, nor the row of the group.
    assert own.tolist() == [False, *([True] * 5), False]


@pytest.mark.parametrize("seed", range(20))
def test_no_answer_beats_the_bound_nor_the_price_of_leaving(seed: int) -> None:
    """Prices are drawn at random; each decision in turn is forced to its other side and the program solved again."""
    draw = Random(seed)
    problem = problem_of(*orders(seed))
    formulation = arrays.formulate(problem)
    program = replace(formulation.program, cost=formulation.program.cost + 1000 * formulation.unserved)
    decided = decisions(problem, formulation, program)
    relaxed = solve(replace(program, integer=np.zeros_like(program.integer))).row_duals
    found = judge(program, decided, relaxed + np.array([draw.gauss(0, 3) for _ in relaxed]))

    assert least_cost(program) >= found.bound - 1e-6
    for column in np.concatenate([decided.switch, decided.single]).tolist():
        other = program.fixed(np.array([column]), np.array([1 - found.preferred[column]]))
        if np.isfinite(found.leaving[column]):
            assert least_cost(other) >= found.bound + found.leaving[column] - 1e-6


def test_a_link_with_room_both_ways_ties_its_areas_to_one_bound() -> None:
    """10 MW at 20 in B reach A over a border of 6; the rest costs 90 in A: 6 · 20 + 4 · 90."""
    problem = problem_of(
        bid("A", "A", "up", 9, 90), bid("B", "B", "up", 10, 20), need("d", "A", 10), *border("B", "A", 6)
    )
    program = served(problem)
    duals = solve(replace(program, integer=np.zeros_like(program.integer))).row_duals
    found = judge(program, decisions(problem, arrays.formulate(problem), program), duals)

    assert found.bound == pytest.approx(6 * 20 + 4 * 90)
