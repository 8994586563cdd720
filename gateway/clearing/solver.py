"""The one place that calls the solver (HiGHS).

Rules
1. Options follow the kind of program (`OPTIONS`) and are never the solver's defaults. HiGHS' presolve looks for
   parallel columns in about quadratic time where thousands of them are ±1 in one row, as bids are; it stays off. The
   default relative gap of 1e-4 would leave thousands of euros undecided; gaps are absolute, below one step of money.
   Whole numbers are held to 1e-7, like all rows: at 1e-6 an offer of 5,000 MW could be accepted with 5 kW without being
   accepted at all; at 1e-9 HiGHS 1.15 has called a program infeasible that is not. Coefficients from 1e-10 on count,
   because those of a network may be that small. The feasibility jump, a search for any feasible answer, costs up to
   half of a small run and finds what rounding has found before.
2. Every call is checked, and nothing is read unless the solver says that the answer is proven optimal: a failed run
   still carries numbers. No program of a clearing is infeasible, so that a run without an answer is the solver's
   mistake; a second one with its presolve gives the second opinion.
3. One thread for each solver object, no wall-clock limit: a result must not depend on the load of the machine.
4. The solution is copied once; asking HiGHS for single values copies all of them each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from gateway.clearing.problem import Floats, Mask
from gateway.errors import Unsolved


class Exhausted(Unsolved):
    """The limit of work, or the clock, ended a run that has no answer to give."""


VERSION = f"HiGHS {highspy.HIGHS_VERSION_MAJOR}.{highspy.HIGHS_VERSION_MINOR}.{highspy.HIGHS_VERSION_PATCH}"
"""Name and version of the solver, for the record of a result."""


class Kind(StrEnum):
    """What kind of program is solved."""

    LINEAR = "linear"
    INTEGER = "mixed-integer"


_EVERY: dict[str, bool | float | str] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "random_seed": 0,
    "small_matrix_value": 1e-10,
}
OPTIONS: dict[Kind, dict[str, bool | float | str]] = {
    Kind.LINEAR: {**_EVERY, "solver": "simplex"},
    Kind.INTEGER: {
        **_EVERY,
        "mip_rel_gap": 0.0,
        "mip_feasibility_tolerance": 1e-7,
        "mip_heuristic_run_feasibility_jump": False,
    },
}
"""Solver options by kind of program; the absolute gap comes with the program."""

# A program without columns is solved as it stands.
_PROVEN = frozenset({highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty})
_ENDED = frozenset({highspy.HighsModelStatus.kSolutionLimit, highspy.HighsModelStatus.kTimeLimit})
_FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)

MOST_NODES = 2**31 - 1
"""The largest limit that the solver takes: none."""


@dataclass(frozen=True)
class Program:
    """Minimise cost · x subject to row_lower ≤ matrix · x ≤ row_upper and lower ≤ x ≤ upper.

    ``integer`` marks the columns that take whole numbers. ``gap``: how far from the optimum, in units of the cost,
    an answer to a mixed-integer program may lie; ``nodes``: after how many nodes of the search there is none;
    ``seconds``: when the clock ends a run, whose answer then is lost.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    integer: Mask
    gap: float = 0.0
    nodes: int = MOST_NODES
    seconds: float = np.inf

    def fixed(self, columns: np.ndarray, values: Floats) -> Program:
        """Return the program with some columns held at values, no longer decisions where they were whole numbers."""
        lower, upper, integer = self.lower.copy(), self.upper.copy(), self.integer.copy()
        lower[columns] = upper[columns] = values
        integer[columns] = False
        return replace(self, lower=lower, upper=upper, integer=integer)

    def with_soft_row(self, coefficients: Floats, least: float, give: float, price: float) -> Program:
        """Return the program with one more row, coefficients · x ≥ least, which may give way by *give* at a *price*.

        By how much it gives way is one more column, the last.
        """
        rows = self.matrix.shape[0]
        column = csc_array(([1.0], ([rows], [0])), shape=(rows + 1, 1))
        rows_above = csc_array(vstack([self.matrix, csc_array(coefficients[np.newaxis, :])]))
        return replace(
            self,
            cost=np.append(self.cost, price),
            lower=np.append(self.lower, 0.0),
            upper=np.append(self.upper, give),
            matrix=csc_array(hstack([rows_above, column])),
            row_lower=np.append(self.row_lower, least),
            row_upper=np.append(self.row_upper, np.inf),
            integer=np.append(self.integer, np.zeros(1, dtype=bool)),
        )


@dataclass(frozen=True)
class Solution:
    """An answer: the columns, the duals of the rows (of a linear program only), and the cost.

    ``bound``: no answer costs less; it equals the cost, up to the gap of the program, where the answer is proven.
    ``nodes``: the work of the search.
    """

    values: Floats
    row_duals: Floats
    cost: float
    bound: float
    nodes: int = 0


def solve(program: Program, *, proven: bool = True) -> Solution:
    """Solve *program*.

    Raises `gateway.errors.Unsolved` for every other answer than a proven optimum; without *proven*, the best answer
    that was found within the nodes of the program will do. Raises `Exhausted` where a limit ended the run without one.

    >>> row = csc_array(np.array([[1.0, 1.0]]))
    >>> need, continuous = np.array([1.5]), np.zeros(2, dtype=bool)
    >>> both = Program(np.array([2.0, 3.0]), np.zeros(2), np.ones(2), row, need, need, continuous)
    >>> solve(both).cost, solve(both).row_duals.tolist()
    (3.5, [3.0])
    """
    options = OPTIONS[Kind.INTEGER if program.integer.any() else Kind.LINEAR]
    accepted = _PROVEN if proven else {*_PROVEN, highspy.HighsModelStatus.kSolutionLimit}
    try:
        return _run(program, options, accepted)
    except Exhausted:
        raise
    except Unsolved:
        return _run(program, {**options, "presolve": "on"}, accepted)


def _run(
    program: Program, options: dict[str, bool | float | str], accepted: AbstractSet[highspy.HighsModelStatus]
) -> Solution:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package leaves it unannotated
    limits = {"mip_abs_gap": program.gap, "mip_max_nodes": program.nodes, "time_limit": program.seconds}
    for name, value in {**options, **limits}.items():
        _check(highs.setOptionValue(name, value), f"option {name}")
    _check(pass_model(highs, program), "passing the model")
    ended = highs.run()
    # A run that a limit ends gives a warning.
    if not (ended == highspy.HighsStatus.kWarning and highs.getModelStatus() in _ENDED):
        _check(ended, "the run")
    return _read(highs, accepted, searched=bool(program.integer.any()))


def _read(highs: highspy.Highs, accepted: AbstractSet[highspy.HighsModelStatus], *, searched: bool = False) -> Solution:
    status, info = highs.getModelStatus(), highs.getInfo()
    found = info.primal_solution_status == _FEASIBLE or status == highspy.HighsModelStatus.kModelEmpty
    if not (status in accepted and found):
        error = Exhausted if status in _ENDED else Unsolved
        raise error("solver", "a proven optimum", highs.modelStatusToString(status))
    solution = highs.getSolution()
    return Solution(
        values=_doubles(solution.col_value),
        row_duals=_doubles(solution.row_dual),
        cost=info.objective_function_value,
        bound=info.mip_dual_bound if searched else info.objective_function_value,
        nodes=info.mip_node_count if searched else 0,
    )


def _doubles(numbers: Sequence[float]) -> Floats:
    return np.fromiter(numbers, np.float64, len(numbers))


def pass_model(highs: highspy.Highs, program: Program) -> highspy.HighsStatus:
    """Hand *program* to *highs* in one call, column by column, and return what it says of that."""
    matrix = program.matrix
    return highs.passModel(
        program.cost.size,
        matrix.shape[0],
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        program.cost,
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        program.integer.astype(np.int32),
    )


def _check(status: highspy.HighsStatus, what: str) -> None:
    if status != highspy.HighsStatus.kOk:
        raise Unsolved("solver", f"{what} to succeed", str(status))


class Warm:
    """A linear program that is changed and solved again; each run starts where the last one ended.

    Rows and columns are numbered in the order in which they came. Every method raises `gateway.errors.Unsolved` where
    the solver refuses it.
    """

    def __init__(self, program: Program) -> None:
        """Hand *program* to the solver."""
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package leaves it unannotated
        for name, value in OPTIONS[Kind.LINEAR].items():
            _check(self._highs.setOptionValue(name, value), f"option {name}")
        _check(pass_model(self._highs, program), "passing the model")
        self._lower, self._upper = program.lower.copy(), program.upper.copy()

    def add_rows(self, matrix: csr_array, lower: Floats, upper: Floats) -> None:
        """Add rows lower ≤ matrix · x ≤ upper over the columns there are."""
        starts, columns = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        status = self._highs.addRows(lower.size, lower, upper, matrix.nnz, starts, columns, matrix.data)
        _check(status, "adding rows")

    def add_columns(self, cost: Floats, lower: Floats, upper: Floats) -> None:
        """Add columns that stand in no row yet."""
        none, nowhere = np.zeros(0, dtype=np.int32), np.zeros(cost.size, dtype=np.int32)
        _check(self._highs.addCols(cost.size, cost, lower, upper, 0, nowhere, none, np.zeros(0)), "adding columns")
        self._lower, self._upper = np.append(self._lower, lower), np.append(self._upper, upper)

    def set_costs(self, cost: Floats) -> None:
        """Give every column a new cost."""
        every = np.arange(cost.size, dtype=np.int32)
        _check(self._highs.changeColsCost(cost.size, every, cost), "changing costs")

    def set_bounds(self, lower: Floats, upper: Floats) -> None:
        """Give every column new bounds; the solver is told of those that differ, because each costs it some work."""
        changed = np.flatnonzero((lower != self._lower) | (upper != self._upper)).astype(np.int32)
        status = self._highs.changeColsBounds(changed.size, changed, lower[changed], upper[changed])
        _check(status, "changing bounds of columns")
        self._lower, self._upper = lower.copy(), upper.copy()

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Give a row new bounds."""
        _check(self._highs.changeRowBounds(row, lower, upper), "changing bounds of a row")

    def solve_once(self) -> Solution:
        """Solve the program as it is now, without a second opinion where there is no answer: it may be impossible.

        Raises `gateway.errors.Unsolved` for every other answer than a proven optimum.
        """
        return self._run()

    def solve(self) -> Solution:
        """Solve the program as it is now.

        Raises `gateway.errors.Unsolved` for every other answer than a proven optimum.
        """
        try:
            return self._run()
        except Unsolved:
            _check(self._highs.clearSolver(), "forgetting the last run")
            _check(self._highs.setOptionValue("presolve", "on"), "option presolve")
            try:
                return self._run()
            finally:
                _check(self._highs.setOptionValue("presolve", "off"), "option presolve")

    def _run(self) -> Solution:
        _check(self._highs.run(), "the run")
        return _read(self._highs, _PROVEN)
