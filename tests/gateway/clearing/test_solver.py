"""Nothing but a proven optimum leaves the solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array

from gateway.clearing import clear, solver
from gateway.clearing.example import bid, market_of, need
from gateway.clearing.solver import OPTIONS, Kind, Program, Warm, solve
from gateway.errors import Unsolved

KNAPSACK = Program(
    cost=np.array([-10.0, -7.0, -6.0]),
    lower=np.zeros(3),
    upper=np.ones(3),
    matrix=csc_array(np.array([[6.0, 4.0, 4.0]])),
    row_lower=np.array([-np.inf]),
    row_upper=np.array([8.0]),
    integer=np.ones(3, dtype=bool),
)
"""Three things of value 10, 7 and 6 and weight 6, 4 and 4; 8 can be carried."""
IMPOSSIBLE = replace(KNAPSACK, row_lower=np.array([15.0]), row_upper=np.array([np.inf]))
"""Everything together weighs 14."""


def test_a_linear_program_is_solved_to_the_vertex() -> None:
    relaxed = solve(replace(KNAPSACK, integer=np.zeros(3, dtype=bool)))

    assert relaxed.cost == pytest.approx(-7 - 10 * 4 / 6)
    assert relaxed.values == pytest.approx([4 / 6, 1, 0])
    assert relaxed.row_duals == pytest.approx([-10 / 6])


def test_whole_numbers_are_whole() -> None:
    whole = solve(KNAPSACK)

    assert whole.cost == pytest.approx(-13)
    assert whole.values == pytest.approx([0, 1, 1])


def test_a_column_that_is_held_is_no_decision_any_more() -> None:
    held = KNAPSACK.fixed(np.array([0]), np.array([1.0]))

    assert solve(held).values == pytest.approx([1, 0, 0])
    assert held.integer.tolist() == [False, True, True]
    assert KNAPSACK.integer.all(), "the program itself stays as it is"


@pytest.mark.parametrize(
    ("least", "give", "price", "things", "given"),
    [
        (2.0, 0.0, 0.0, [0, 1, 1], 0.0),  # at least two things: the first one no longer fits
        (2.0, 1.0, 0.5, [0, 1, 1], 0.0),  # room that costs is not used where the row can hold
        (3.0, 1.0, 0.5, [0, 1, 1], 1.0),  # three things weigh 14: the row gives way by one
        (2.5, 0.5, 1000.0, [0, 1, 1], 0.5),
    ],
)
def test_a_soft_row_holds_where_it_can_and_gives_way_where_it_must(
    least: float, give: float, price: float, things: list[int], given: float
) -> None:
    soft = KNAPSACK.with_soft_row(np.ones(3), least, give, price)
    found = solve(soft)

    assert found.values == pytest.approx([*things, given])
    assert found.cost == pytest.approx(-13 + price * given)
    assert soft.matrix.toarray().tolist() == [[6, 4, 4, 0], [1, 1, 1, 1]]
    assert soft.integer.tolist() == [True, True, True, False]
    assert soft.upper.tolist() == [1, 1, 1, give]


def test_a_soft_row_gives_way_no_further_than_it_may() -> None:
    with pytest.raises(Unsolved) as refusal:
        solve(KNAPSACK.with_soft_row(np.ones(3), 3.0, 0.9, 0.0))

    assert refusal.value.found == "Infeasible"


def test_an_infeasible_program_is_no_answer() -> None:
    with pytest.raises(Unsolved) as refusal:
        solve(IMPOSSIBLE)

    assert str(refusal.value) == "solver: expected a proven optimum, found Infeasible"


def test_an_unbounded_program_is_no_answer() -> None:
    endless = replace(KNAPSACK, integer=np.zeros(3, dtype=bool), upper=np.full(3, np.inf), row_upper=np.array([np.inf]))

    with pytest.raises(Unsolved):
        solve(endless)


def test_a_model_that_the_solver_does_not_take_is_no_answer() -> None:
    not_a_number = replace(KNAPSACK, lower=np.array([0.0, 2.0, np.nan]))

    with pytest.raises(Unsolved):
        solve(not_a_number)


def test_an_option_that_the_solver_does_not_know_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIONS, Kind.INTEGER, {"no_such_option": 1})

    with pytest.raises(Unsolved) as refusal:
        solve(KNAPSACK)

    assert refusal.value.expected == "option no_such_option to succeed"


def test_a_run_that_ends_early_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops with a point and a cost, which are not read; the rows are too entangled to be presolved away."""
    rows = np.array(
        [[(3 * row + 5 * column * column + row * column) % 11 + 1.0 for column in range(8)] for row in range(6)]
    )
    dense = Program(
        cost=-np.arange(1.0, 9.0),
        lower=np.zeros(8),
        upper=np.full(8, np.inf),
        matrix=csc_array(rows),
        row_lower=np.full(6, -np.inf),
        row_upper=np.arange(30.0, 36.0),
        integer=np.zeros(8, dtype=bool),
    )
    assert solve(dense).cost < 0
    monkeypatch.setitem(OPTIONS, Kind.LINEAR, {**OPTIONS[Kind.LINEAR], "simplex_iteration_limit": 0})

    with pytest.raises(Unsolved) as refusal:
        solve(dense)

    assert refusal.value.expected == "the run to succeed"


def test_a_search_that_is_allowed_no_node_is_no_answer() -> None:
    weight = np.array([(37 * at * at + 11 * at + 101) % 97 + 50.0 for at in range(30)])
    hard = Program(
        cost=-(weight + 10),
        lower=np.zeros(30),
        upper=np.ones(30),
        matrix=csc_array(weight[np.newaxis, :]),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([weight.sum() // 2]),
        integer=np.ones(30, dtype=bool),
    )

    assert solve(hard).cost == pytest.approx(-1648)
    with pytest.raises(Unsolved):
        solve(replace(hard, nodes=0))


def test_there_are_two_opinions_and_no_third(monkeypatch: pytest.MonkeyPatch) -> None:
    opinions = []
    run: Callable[..., solver.Solution] = solver._run

    def counted(program: Program, options: dict[str, bool | float | str], *more: object) -> solver.Solution:
        opinions.append(options["presolve"])
        return run(program, options, *more)

    monkeypatch.setattr(solver, "_run", counted)
    with pytest.raises(Unsolved):
        solve(IMPOSSIBLE)

    assert opinions == ["off", "on"]


def test_the_second_opinion_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    run: Callable[..., solver.Solution] = solver._run

    def wrong_without_presolve(
        program: Program, options: dict[str, bool | float | str], *more: object
    ) -> solver.Solution:
        if options["presolve"] == "off":
            raise Unsolved("solver", "a proven optimum", "Infeasible")
        return run(program, options, *more)

    monkeypatch.setattr(solver, "_run", wrong_without_presolve)
    result = clear(market_of(bid("U1", "A", "up", 10, 20), need("d", "A", 5)))

    assert result.awards[0].quantity_mw == 5


@pytest.mark.parametrize("kind", list(Kind))
def test_options_leave_nothing_to_the_machine(kind: Kind) -> None:
    options = OPTIONS[kind]

    assert options["threads"] == 1
    assert options["presolve"] == "off"
    assert options["output_flag"] is False
    assert "time_limit" not in options
    assert kind is Kind.LINEAR or options["mip_rel_gap"] == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_every_option_exists(kind: Kind) -> None:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package leaves it unannotated

    for name, value in OPTIONS[kind].items():
        assert highs.setOptionValue(name, value) == highspy.HighsStatus.kOk


@pytest.mark.parametrize(
    ("upper", "cost"),
    [((5.0, 5.0, 5.0), 4.0), ((1.0, 5.0, 5.0), 7.0), ((1.0, 1.0, 5.0), 13.0)],
    ids=["wide", "one narrow", "two narrow"],
)
def test_bounds_are_the_last_that_were_given_also_of_columns_that_came_later(
    upper: tuple[float, ...], cost: float
) -> None:
    """4 are wanted at 1, 2 and, from a column that came later, 5 each."""
    row = csc_array(np.array([[1.0, 1.0]]))
    wanted, none = np.array([4.0]), np.zeros(2)
    warm = Warm(
        Program(np.array([1.0, 2.0]), none, np.full(2, 5.0), row, wanted, np.array([np.inf]), none.astype(bool))
    )
    warm.add_columns(np.array([5.0]), np.zeros(1), np.full(1, 2.0))
    warm.add_rows(csr_array(np.array([[1.0, 1.0, 1.0]])), wanted, np.array([np.inf]))
    warm.set_row_bounds(0, 0.0, np.inf)
    warm.solve()

    for bounds in (np.ones(3), np.full(3, 9.0), np.array(upper)):
        warm.set_bounds(np.zeros(3), bounds)

    assert warm.solve().cost == cost
