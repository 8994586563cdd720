"""Which volumes are accepted: required needs first, then welfare.

The two goals are followed one after the other (lexicographic), never weighed in one sum: the most that can be served of
the required needs is found first and then held while welfare is maximised. So no price, however high, leaves a required
need unserved, and no penalty pollutes a price.

The yes-or-no decisions come from a mixed-integer program, and among equally good ones by rank
(`gateway.clearing.precedence`); with them fixed, a linear program gives the volumes. In a network
(`gateway.clearing.problem`) one linear program does for both goals: serving one more MW there never costs more than the
price cap, so that any weight above the cap puts the needs first, and its vertices lie on the grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from gateway.clearing.counting import times, total
from gateway.clearing.formulation import Formulation
from gateway.clearing.least_volume import Regions, regions
from gateway.clearing.precedence import across_nodes, by_rank
from gateway.clearing.problem import Floats, Ints, Problem
from gateway.clearing.solver import Program, Solution, solve
from gateway.clearing.tolerance import granted
from gateway.results import Rung

DECISIONS = ("u", "k", "z", "w", "on", "start", "stop", "used")
"""The families of variables that take whole numbers."""
_WEIGHT = 4.0
"""Weight of a required MW in multiples of the price cap."""
_NODES = 5_000
"""Work that a narrower formulation is worth, in nodes of the search; counted, so that it is the same everywhere."""
_GIVE, _LEAST_GIVE_MW = 0.01, 1e-6
"""By how much the service may fall short of the most that was found: a share of a step, and at least so many MW.

What the solver found may be too much by its own tolerance of 1e-7 MW. Held without any room, or with no more than that
tolerance, it sometimes looks out of reach to the second run, which then finds nothing or calls a poor answer optimal.
"""


class Proof(NamedTuple):
    """How volumes were found.

    ``gap``: by how much per hour the welfare may lie below the greatest one, 0 where it is proven to be that; None
    where nothing is proven. ``nodes``: the work of the search for decisions.
    """

    rung: Rung
    gap: float | None = 0.0
    nodes: int = 0


_LINEAR = Proof(Rung.LINEAR)

Search = Callable[[Problem, Formulation, Program], tuple[Floats, Proof]]
"""Finds the best columns of a program with decisions."""


@dataclass(frozen=True, eq=False)
class Volumes:
    """What is accepted of each offer, served of each need and carried by each arc, in ticks.

    ``barred``: offers that were not allowed to be accepted. ``proof``: how all this was found. ``held``: arcs whose
    flow the least volume asks for, whatever the prices.
    """

    accepted: Ints
    served: Ints
    flow: Ints
    barred: frozenset[int] = frozenset()
    proof: Proof = _LINEAR
    held: frozenset[int] = frozenset()


def welfare(problem: Problem, volumes: Volumes) -> int:
    """Return the welfare per hour in price ticks times ticks; needs without a limit price count at the price cap.

    W = Σ_d s_d v_d y_d − Σ_b s_b π_b x_b

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("e", "A", 10, 70))
    >>> both = Volumes(np.array([10_000]), np.array([10_000]), np.array([]))
    >>> welfare(problem, both) * problem.scale.mw * problem.scale.price
    Decimal('100.00000')
    """
    value = total(times(problem.need_sign * problem.need_value, volumes.served))
    return int(value - total(times(problem.offer_sign * problem.offer_price, volumes.accepted)))


def merit_of(problem: Problem, volumes: Volumes) -> tuple[int, int]:
    """Return what one result is compared with another by: required MW served, then welfare."""
    return int(volumes.served[problem.required].sum()), welfare(problem, volumes)


def whole(problem: Problem, formulation: Formulation, program: Program) -> tuple[Floats, Proof]:
    """Find the best columns of *program* by handing all of it to the solver.

    Raises `gateway.errors.Unsolved` where the solver cannot prove its answer.
    """
    return lexicographic(problem, formulation, program), Proof(Rung.MIXED_INTEGER)


def dispatch(
    problem: Problem, formulation: Formulation, barred: frozenset[int] = frozenset(), search: Search = whole
) -> Volumes:
    """Return the best volumes in which no offer of *barred* is accepted; *search* takes the decisions.

    Raises `gateway.errors.Unsolved` where the solver cannot prove its answer.
    """
    program = formulation.program
    if barred:
        columns = np.array([formulation.columns["x"][offer] for offer in sorted(barred)])
        program = program.fixed(columns, np.zeros(columns.size))
    proof = _LINEAR
    if program.integer.any():
        values, proof = search(problem, formulation, program)
        found = _ranked(problem, formulation, program, values) if proof.gap == 0 else values
        program = _decided(problem, formulation, program, formulation, found)
    return replace(_volumes(problem, formulation, program), barred=barred, proof=proof)


def _ranked(problem: Problem, formulation: Formulation, program: Program, values: Floats) -> Floats:
    """Return columns as good as *values* in which offers are accepted by rank; *values* where rounding spoils them."""
    found = by_rank(problem, formulation, program, values, tolerance(problem).money)
    if np.array_equal(np.rint(found[program.integer]), np.rint(values[program.integer])):
        return values
    first, other = (
        merit_of(problem, _volumes(problem, formulation, _decided(problem, formulation, program, formulation, each)))
        for each in (values, found)
    )
    return found if other >= first else values


def dispatch_like(problem: Problem, formulation: Formulation, other: Formulation) -> Volumes:
    """Return the best volumes under the yes-or-no decisions that *other*, a narrower formulation, takes.

    Raises `gateway.errors.Unsolved` where the solver cannot prove its answer, or not with a limited effort.
    """
    values = lexicographic(problem, other, replace(other.program, nodes=_NODES))
    values = by_rank(problem, other, other.program, values, tolerance(problem).money)
    found = _volumes(problem, formulation, _decided(problem, formulation, formulation.program, other, values))
    return replace(found, proof=Proof(Rung.STRICT))


def of_least_volume(problem: Problem, formulation: Formulation) -> Volumes:
    """Return the volumes of a network without decisions that activate least, and of these the best.

    Raises `gateway.errors.Unsolved` where the solver cannot prove its answer.

    >>> from gateway.clearing.arrays import formulate
    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("U", "A", "up", 30, 20), bid("D", "A", "down", 15, 35), need("d", "A", 10))
    >>> of_least_volume(problem, formulate(problem)).accepted.tolist()
    [0, 10000]
    """
    program, offers, arcs = formulation.program, formulation.places["x"], formulation.places["f"]
    amount = np.zeros(program.cost.size)
    amount[offers.columns] = 1.0
    least = _volumes(problem, formulation, replace(program, cost=amount))
    found = regions_of(problem, least)
    aside = found.aside(problem.offer_node, problem.offer_sign)
    edges = found.edges(problem.arc_start, problem.arc_end)
    program = program.fixed(offers.columns[aside[offers.members]], np.zeros(int(aside.sum())))
    crossing = edges[arcs.members]
    program = program.fixed(arcs.columns[crossing], problem.mw(least.flow)[arcs.members[crossing]])
    barred, held = (frozenset(np.flatnonzero(mask).tolist()) for mask in (aside, edges))
    return replace(_volumes(problem, formulation, program), barred=barred, held=held)


def regions_of(problem: Problem, volumes: Volumes) -> Regions:
    """Return where bids of either direction can take part without more being activated than *volumes* do."""
    up, taken = problem.offer_sign > 0, volumes.accepted > 0
    return regions(
        len(problem.nodes),
        (problem.arc_start, problem.arc_end),
        more=volumes.flow < problem.arc_capacity,
        less=volumes.flow > 0,
        activated=(problem.offer_node[up & taken], problem.offer_node[~up & taken]),
    )


def _decided(
    problem: Problem, formulation: Formulation, program: Program, other: Formulation, values: Floats
) -> Program:
    """Hold the decisions that *values*, in the columns of *other*, take.

    A step that is full is held open for the next one, which then is an ordinary divisible step.
    """
    accepted = other.values("x", len(problem.offers), values)
    full = accepted > problem.mw(problem.quantity) - float(problem.scale.mw) / 2
    columns, decisions = [], []
    for family in DECISIONS:
        for member, column in formulation.columns[family].items():
            columns.append(column)
            decisions.append(full[member] if family == "z" else values[other.columns[family][member]])
    held = program.fixed(np.array(columns, dtype=np.int64), np.rint(np.array(decisions, dtype=float)))
    return _with_excess(problem, formulation, held, other, values)


def _with_excess(
    problem: Problem, formulation: Formulation, program: Program, other: Formulation, values: Floats
) -> Program:
    """Hold the excesses that are granted with the decisions, in whole ticks."""
    needs = np.flatnonzero(granted(problem)).tolist()
    step_mw = float(problem.scale.mw)
    mw = [round(float(values[other.columns["y"][need]]) / step_mw) * step_mw for need in needs]
    columns = np.array([formulation.columns["y"][need] for need in needs], dtype=np.int64)
    return program.fixed(columns, np.array(mw)) if needs else program


def _volumes(problem: Problem, formulation: Formulation, program: Program) -> Volumes:
    """Return the best volumes of a program without open decisions, in whole ticks."""
    if problem.is_network:
        weighted = replace(program, cost=program.cost + scarcity(problem) * formulation.unserved)
        values = across_nodes(problem, formulation, weighted, solve(weighted))
    else:
        values = lexicographic(problem, formulation, program)

    def ticks(family: str, size: int) -> Ints:
        exact = formulation.values(family, size, values) / float(problem.scale.mw)
        return np.rint(exact).astype(np.int64)

    return Volumes(ticks("x", len(problem.offers)), ticks("y", len(problem.needs)), ticks("f", len(problem.arcs)))


def lexicographic(
    problem: Problem, formulation: Formulation, program: Program, answer: Callable[[Program], Solution] = solve
) -> Floats:
    """Serve the required needs as far as possible, then maximise welfare at that service.

    The service is held by a row that gives way a little at the price of scarcity, so that the room does not pay.
    *answer* solves the program of either goal. Returns the columns of *program*. Raises `gateway.errors.Unsolved` where
    the solver cannot prove its answer.
    """
    near = tolerance(problem)
    program = replace(program, gap=near.money)
    if not problem.required.any():
        return answer(program).values
    served_mw = -answer(replace(program, cost=formulation.unserved, gap=near.mw)).cost
    give_mw = max(2 * _GIVE * near.mw, _LEAST_GIVE_MW)
    held = program.with_soft_row(-formulation.unserved, served_mw, give_mw, scarcity(problem))
    return answer(held).values[: program.cost.size]


class Tolerance(NamedTuple):
    """Half of the least amounts by which two different answers differ: in MW, and in money per hour."""

    mw: float
    money: float


def tolerance(problem: Problem) -> Tolerance:
    """Return how far from the best an answer may lie and still be it."""
    step_mw = problem.grid * float(problem.scale.mw) if problem.is_network else float(problem.scale.mw)
    return Tolerance(step_mw / 2, step_mw * float(problem.scale.price) / 2)


def scarcity(problem: Problem) -> float:
    """Return the weight of a required MW, in money per MWh: above all that a MW can cost in a network."""
    return _WEIGHT * problem.cap * float(problem.scale.price)
