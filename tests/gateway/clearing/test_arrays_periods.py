"""Every row of a problem over three quarter hours with all that binds them, written out beside what the arrays hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from gateway.clearing import arrays, arrays_periods
from gateway.clearing.blocks import Columns, Rows
from gateway.clearing.example import QUARTERS, bid, problem_of, unit
from gateway.clearing.problem import Problem
from tests.gateway.clearing.quarters import asked, at, series

INF = float("inf")
HALF_HOUR = timedelta(minutes=30)
Row = tuple[dict[str, float], float, float]
"""Coefficients by variable, least, most."""

MIXED = problem_of(
    *series("B", [10, 5], 20, block_bid="k"),
    at(0, "C", 5, 20, parent="P"),
    *series("K", [8, 8], 20, block_bid="l", divisible=False),
    at(1, "P", 5, 20),
    *series("R", [10, 10, 10], 20, technical_link="U"),
    *series("S", [6, 6, 6], 20, technical_link="V", minimum_duration=HALF_HOUR, resting_time=HALF_HOUR),
    at(0, "T", 6, 20, technical_link="V", maximum_duration=HALF_HOUR),
    *series("W", [4, 4], 20, technical_link="E"),
    at(1, "X", 4, 20, "down", technical_link="E"),
    *asked(9, 9, 9),
    unit("E", energy_mwh=1),
    unit("U", ramp_mw_per_hour=8, maximum_energy_mwh=3),
    unit("V", maximum_activations=1),
)
"""First quarter: B C K R S T W, second: B K P R S W X, third: R S."""


def names(problem: Problem, at: Columns) -> list[str]:
    """Return a name for each column: its family, and the offer with its quarter hour, or the number of the slot."""
    offers = [f"{each.id}{QUARTERS.index(each.bids[0].interval)}" for each in problem.offers]
    slots = [str(slot) for slot in range(len(problem.couplings.slots))]
    of = {**dict.fromkeys(("x", "u", "k"), offers), **dict.fromkeys(("on", "start", "stop"), slots), "used": ["E"]}
    return [
        f"{family} {of[family][member] if family in of else member}"
        for family in at.families
        for member in at.members[family].tolist()
    ]


def written(problem: Problem, rows: Rows, at: Columns) -> list[Row]:
    """Return rows by the names of their columns, without zeros."""
    named, found = names(problem, at), []
    for row in range(rows.lower.size):
        entries = zip(rows.row, rows.column, rows.value, strict=True)
        coefficients = {named[column]: float(value) for here, column, value in entries if here == row and value}
        found.append((coefficients, float(rows.lower[row]), float(rows.upper[row])))
    return found


@pytest.mark.parametrize(
    ("equation", "rows"),
    [
        (arrays_periods.dependence, [({"u C0": 1, "u P1": -1}, -INF, 0)]),
        (arrays_periods.accepted_alike, [({"u K1": 1, "u K0": -1}, 0, 0)]),
        (arrays_periods.one_ratio, [({"x B1": 1, "x B0": -0.5}, 0, 0)]),
        (
            arrays_periods.ramp,
            [
                ({"x R0": -1, "x R1": 1}, -INF, 2),
                ({"x R0": 1, "x R1": -1}, -INF, 2),
                ({"x R1": -1, "x R2": 1}, -INF, 2),
                ({"x R1": 1, "x R2": -1}, -INF, 2),
            ],
        ),
        (arrays_periods.greatest_energy, [({"x R0": 1, "x R1": 1, "x R2": 1}, -INF, 12)]),
        (arrays_periods.stated_energy, [({"x W0": 1, "x W1": 1, "x X1": -1, "used E": -4}, 0, 0)]),
        (
            arrays_periods.only_if_used,
            [({f"x {name}": 1, "used E": -4}, -INF, 0) for name in ("W0", "W1", "X1")],
        ),
        (
            arrays_periods.on_if_accepted,
            [
                ({"u S0": 1, "on 0": -1}, -INF, 0),
                ({"u T0": 1, "on 0": -1}, -INF, 0),
                ({"u S1": 1, "on 1": -1}, -INF, 0),
                ({"u S2": 1, "on 2": -1}, -INF, 0),
            ],
        ),
        (
            arrays_periods.off_without_acceptance,
            [
                ({"on 0": 1, "u S0": -1, "u T0": -1}, -INF, 0),
                ({"on 1": 1, "u S1": -1}, -INF, 0),
                ({"on 2": 1, "u S2": -1}, -INF, 0),
            ],
        ),
        (
            arrays_periods.begins,
            [
                ({"on 0": 1, "start 0": -1}, -INF, 0),
                ({"on 1": 1, "on 0": -1, "start 1": -1}, -INF, 0),
                ({"on 2": 1, "on 1": -1, "start 2": -1}, -INF, 0),
            ],
        ),
        (
            arrays_periods.ends,
            [({"on 0": 1, "on 1": -1, "stop 0": -1}, -INF, 0), ({"on 1": 1, "on 2": -1, "stop 1": -1}, -INF, 0)],
        ),
        (
            arrays_periods.least_duration,
            [
                ({"start 0": 1, "on 0": -1}, -INF, 0),
                ({"start 0": 1, "start 1": 1, "on 1": -1}, -INF, 0),
                ({"start 1": 1, "start 2": 1, "on 2": -1}, -INF, 0),
            ],
        ),
        (
            arrays_periods.rest,
            [({"stop 0": 1, "on 1": 1}, -INF, 1), ({"stop 0": 1, "stop 1": 1, "on 2": 1}, -INF, 1)],
        ),
        (arrays_periods.longest_duration, [({"on 0": 1, "on 1": 1, "on 2": 1}, -INF, 2)]),
        (arrays_periods.activations, [({"start 0": 1, "start 1": 1, "start 2": 1}, -INF, 1)]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_an_equation_by_hand(equation: Callable[[Problem, Columns], Rows], rows: list[Row]) -> None:
    at = Columns(MIXED, arrays.FAMILIES)

    assert written(MIXED, equation(MIXED, at), at) == rows


def test_every_equation_has_its_rows_above() -> None:
    at = Columns(MIXED, arrays.FAMILIES)

    assert all(equation(MIXED, at).lower.size for equation in arrays_periods.EQUATIONS)


def test_the_switches_of_units_take_yes_or_no() -> None:
    formulation = arrays.formulate(MIXED)
    program = formulation.program

    for family, size in (("on", 3), ("start", 3), ("stop", 2), ("used", 1)):
        columns = formulation.places[family].columns
        assert columns.size == size
        assert program.integer[columns].all()
        assert (program.lower[columns] == 0).all()
        assert (program.upper[columns] == 1).all()
        assert not program.cost[columns].any()


def test_a_dependence_on_several_offers_and_on_what_is_not_accepted() -> None:
    """The child has a parent in two intervals, one of them with a bid that excludes another one."""
    problem = problem_of(*series("P", [5, 5], 20), at(2, "C", 5, 20, parent="P"), *asked(9, 9, 9))
    at_columns = Columns(problem, arrays.FAMILIES)

    assert written(problem, arrays_periods.dependence(problem, at_columns), at_columns) == [
        ({"u C2": 1, "u P0": -1}, -INF, 0),
        ({"u C2": 1, "u P1": -1}, -INF, 0),
    ]


def test_without_couplings_there_is_no_row_of_them() -> None:
    problem = problem_of(bid("A1", "A", "up", 40, 60), *asked(9))
    at_columns = Columns(problem, arrays.FAMILIES)

    assert len(arrays.rows(problem, at_columns)) == 3
    assert all(not equation(problem, at_columns).lower.size for equation in arrays_periods.EQUATIONS)
    assert not any(at_columns.members[family].size for family in arrays_periods.FAMILIES)
