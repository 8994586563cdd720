"""Which volumes are accepted: required needs first, then welfare.

The two goals are followed one after the other (lexicographic), never weighed in one sum: the most that can be served of
the required needs is found first and then held while welfare is maximised. So no price, however high, leaves a required
need unserved, and no penalty pollutes a price.

The yes-or-no decisions come from a mixed-integer program; with them fixed, a linear program gives the volumes. In a
network (`gateway.clearing.problem`) one linear program does for both goals: serving one more MW there never costs more
than the price cap, so that any weight above the cap puts the needs first, and its vertices lie on the grid.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Floats, Ints, Problem
from gateway.clearing.solver import Program, solve
from gateway.errors import Unsolved

_WEIGHT = 4.0
"""Weight of a required MW in multiples of the price cap."""
_NODES = 5_000
"""Work that a narrower formulation is worth, in nodes of the search; counted, so that it is the same everywhere."""
_SLACKS_MW = (1e-7, 1e-6)
"""By how much the second goal may fall short of the service that the first one found.

The first is the solver's own tolerance. A service that uses it up can look out of reach to the second run, which then
is given more: the money in it stays below two cents an hour at a price cap of 15,000 EUR/MWh.
"""


@dataclass(frozen=True, eq=False)
class Volumes:
    """What is accepted of each offer, served of each need and carried by each arc, in ticks.

    ``barred``: offers that were not allowed to be accepted.
    """

    accepted: Ints
    served: Ints
    flow: Ints
    barred: frozenset[int] = frozenset()


def welfare(problem: Problem, volumes: Volumes) -> int:
    """Return the welfare per hour in price ticks times ticks; needs without a limit price count at the price cap.

    W = Σ_d s_d v_d y_d − Σ_b s_b π_b x_b

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("e", "A", 10, 70))
    >>> both = Volumes(np.array([10_000]), np.array([10_000]), np.array([]))
    >>> welfare(problem, both) * problem.scale.mw * problem.scale.price
    Decimal('100.00000')
    """
    value = sum(int(s * v * y) for s, v, y in zip(problem.need_sign, problem.need_value, volumes.served, strict=True))
    cost = sum(
        int(s * p * x) for s, p, x in zip(problem.offer_sign, problem.offer_price, volumes.accepted, strict=True)
    )
    return value - cost


def merit_of(problem: Problem, volumes: Volumes) -> tuple[int, int]:
    """Return what one result is compared with another by: required MW served, then welfare."""
    return int(volumes.served[problem.required].sum()), welfare(problem, volumes)


def dispatch(problem: Problem, formulation: Formulation, barred: frozenset[int] = frozenset()) -> Volumes:
    """Return the best volumes in which no offer of *barred* is accepted.

    Raises `gateway.errors.Unsolved` where the solver cannot prove its answer.
    """
    columns = [formulation.columns["x"][offer] for offer in sorted(barred)]
    program = formulation.program.fixed(np.array(columns, dtype=np.int64), np.zeros(len(columns)))
    if program.integer.any():
        values = lexicographic(problem, formulation, program)
        program = _decided(problem, formulation, program, formulation, values)
    return replace(_volumes(problem, formulation, program), barred=barred)


def dispatch_like(problem: Problem, formulation: Formulation, other: Formulation) -> Volumes:
    """Return the best volumes under the yes-or-no decisions that *other*, a narrower formulation, takes.

    Raises `gateway.errors.Unsolved` where the solver cannot prove its answer, or not with a limited effort.
    """
    values = lexicographic(problem, other, replace(other.program, nodes=_NODES))
    return _volumes(problem, formulation, _decided(problem, formulation, formulation.program, other, values))


def _decided(
    problem: Problem, formulation: Formulation, program: Program, other: Formulation, values: Floats
) -> Program:
    """Hold the decisions that *values*, in the columns of *other*, take.

    A step that is full is held open for the next one, which then is an ordinary divisible step.
    """
    accepted = other.values("x", len(problem.offers), values)
    full = accepted > problem.mw(problem.quantity) - float(problem.scale.mw) / 2
    columns, decisions = [], []
    for family in ("u", "k", "z", "w"):
        for member, column in formulation.columns[family].items():
            columns.append(column)
            decisions.append(full[member] if family == "z" else values[other.columns[family][member]])
    return program.fixed(np.array(columns, dtype=np.int64), np.rint(np.array(decisions, dtype=float)))


def _volumes(problem: Problem, formulation: Formulation, program: Program) -> Volumes:
    """Return the best volumes of a program without open decisions, in whole ticks."""
    if problem.is_network:
        weight = _WEIGHT * problem.cap * float(problem.scale.price)
        values = solve(replace(program, cost=program.cost + weight * formulation.unserved)).values
    else:
        values = lexicographic(problem, formulation, program)

    def ticks(family: str, size: int) -> Ints:
        exact = formulation.values(family, size, values) / float(problem.scale.mw)
        return np.rint(exact).astype(np.int64)

    return Volumes(ticks("x", len(problem.offers)), ticks("y", len(problem.needs)), ticks("f", len(problem.arcs)))


def lexicographic(problem: Problem, formulation: Formulation, program: Program) -> Floats:
    """Serve the required needs as far as possible, then maximise welfare at that service.

    Returns the columns of *program*. Raises `gateway.errors.Unsolved` where the solver cannot prove its answer.
    """
    step_mw = problem.grid * float(problem.scale.mw) if problem.is_network else float(problem.scale.mw)
    program = replace(program, gap=step_mw * float(problem.scale.price) / 2)
    if not problem.required.any():
        return solve(program).values
    served_mw = -solve(replace(program, cost=formulation.unserved, gap=step_mw / 2)).cost
    wanted_mw = problem.mw(problem.need_quantity)[problem.required]
    if served_mw > wanted_mw.sum() - step_mw / 2:
        needs = [formulation.columns["y"][int(need)] for need in np.flatnonzero(problem.required)]
        return solve(program.fixed(np.array(needs), wanted_mw)).values
    return _solve_held(program, formulation.unserved, served_mw)


def _solve_held(program: Program, unserved: Floats, served_mw: float) -> Floats:
    """Solve *program* at a service of *served_mw*, which is known to be possible."""
    *tight, last = _SLACKS_MW
    for slack_mw in tight:
        with suppress(Unsolved):
            return solve(program.with_row(-unserved, served_mw - slack_mw)).values
    return solve(program.with_row(-unserved, served_mw - last)).values
