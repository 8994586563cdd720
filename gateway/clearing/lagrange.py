"""A bound on every answer to a mixed-integer clearing, and what it costs to decide otherwise.

Any prices y on the rows that couple orders turn the clearing into one small problem for each order, which is answered
by looking (Lagrangian relaxation). With ρ = c − Aᵀ y, the cost of a column after those prices:

==============================  =======================================================================
an offer with a switch          off: 0; on: v = ρ_u + min(ρ_x m, ρ_x q), whichever end of m ≤ x ≤ q is better
an offer in steps of g          the better end; every step away from it costs |ρ_x| g
another whole-number column     the better end; the other one costs |ρ|
any other column                the better of its bounds
==============================  =======================================================================

The sum of the best answers, and of y times the sides of the rows, is at most the cost of every feasible answer: a bound
for whatever y. An answer that decides one order differently costs at least the bound plus what that order loses by it.
With y from the linear relaxation the bound is that of the relaxation, because the rows of one order alone already
describe the convex hull of its choices.

Source: Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2 (1974); fixing by
reduced costs: Dantzig, Fulkerson, Johnson, Operations Research 2 (1954).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Floats, Ints, Mask, Problem
from gateway.clearing.solver import Program

_PAIR = 2
"""A volume and its whole-number column."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """The whole-number columns of a program by what they decide, and the rows that speak of one order alone.

    ``switch`` and ``switched``: columns u and x of the offers with a switch, ``least_mw`` their least quantity.
    ``count`` and ``counted``: columns k and x of the offers in steps, ``step_mw`` the step, ``counts_switch`` the
    place of the offer's switch in ``switch``, or −1. ``single``: the other whole-number columns; of them, ``choice``
    only allows something, and no row asks for it.
    """

    switch: Ints
    switched: Ints
    least_mw: Floats
    count: Ints
    counted: Ints
    step_mw: Floats
    counts_switch: Ints
    single: Ints
    choice: Ints
    own_rows: Mask


@dataclass(frozen=True, eq=False)
class Judgement:
    """What prices of rows say: a bound on every answer, ρ of the columns, and how the whole-number columns stand.

    ``preferred`` and ``leaving``: by column, the preferred value and the least cost of any other one. For columns that
    count steps the cost holds only while the switch of their offer stands as preferred.
    """

    bound: float
    reduced: Floats
    preferred: Floats
    leaving: Floats


def decisions(problem: Problem, formulation: Formulation, program: Program) -> Decisions:
    """Return the decisions of *program*, which has the columns of *formulation*."""
    columns = formulation.columns
    offers, steps = list(columns["u"]), list(columns["k"])
    place = {offer: at for at, offer in enumerate(offers)}
    switch, count = _ints(columns["u"].values()), _ints(columns["k"].values())
    switched, counted = _ints(columns["x"][at] for at in offers), _ints(columns["x"][at] for at in steps)
    return Decisions(
        switch=switch,
        switched=switched,
        least_mw=problem.mw(problem.minimum[offers]),
        count=count,
        counted=counted,
        step_mw=problem.mw(_ints(problem.offers[at].granularity for at in steps)),
        counts_switch=_ints(place.get(at, -1) for at in steps),
        single=np.setdiff1d(np.flatnonzero(program.integer), np.concatenate([switch, count])),
        choice=_ints(columns["w"].values()),
        own_rows=_own_rows(program, np.concatenate([switch, count]), np.concatenate([switched, counted])),
    )


def judge(program: Program, decisions: Decisions, prices: Floats) -> Judgement:
    """Return what *prices*, one for each row of *program*, say.

    A price on a side that a row does not have counts as none.
    """
    sides = np.where(prices > 0, program.row_lower, program.row_upper)
    charged = np.where(np.isfinite(sides) & ~decisions.own_rows, prices, 0.0)
    reduced = program.cost - program.matrix.T @ charged
    preferred, leaving = np.zeros(reduced.size), np.zeros(reduced.size)
    free = np.ones(reduced.size, dtype=bool)
    earned = _switches(program, decisions, reduced, preferred, leaving)
    earned += _counts(program, decisions, reduced, preferred, leaving)
    free[np.concatenate([decisions.switch, decisions.switched, decisions.count, decisions.counted])] = False
    better = np.where(reduced > 0, program.lower, program.upper)
    preferred[decisions.single], leaving[decisions.single] = (
        better[decisions.single],
        np.abs(reduced[decisions.single]) * (program.upper - program.lower)[decisions.single],
    )
    used = charged != 0
    bound = float(charged[used] @ sides[used]) + float(reduced[free] @ better[free]) + earned
    return Judgement(bound, reduced, preferred, leaving)


def _switches(program: Program, d: Decisions, reduced: Floats, preferred: Floats, leaving: Floats) -> float:
    """Judge the offers with a switch and return the sum of their best answers."""
    cost, most = reduced[d.switched], program.upper[d.switched]
    value = reduced[d.switch] + np.minimum(cost * d.least_mw, cost * most)
    barred = (most < d.least_mw) | (program.upper[d.switch] < 1)
    value[barred] = np.inf
    on = value < 0
    preferred[d.switch], leaving[d.switch] = on, np.abs(value)
    preferred[d.switched] = np.where(on, np.where(cost > 0, d.least_mw, most), 0.0)
    return float(value[on].sum())


def _counts(program: Program, d: Decisions, reduced: Floats, preferred: Floats, leaving: Floats) -> float:
    """Judge the offers in steps and return the sum of the best answers of those without a switch."""
    cost, alone = reduced[d.counted], d.counts_switch < 0
    best = np.where(alone, np.where(cost > 0, 0.0, program.upper[d.counted]), preferred[d.counted])
    preferred[d.counted], preferred[d.count] = best, np.rint(best / d.step_mw)
    leaving[d.count] = np.abs(cost) * d.step_mw
    return float((cost * best)[alone].sum())


def _own_rows(program: Program, decided: Ints, volume: Ints) -> Mask:
    """Return the rows over one volume and its own whole-number column and nothing else."""
    rows = program.matrix.tocsr()
    owner = np.full(program.cost.size, -1, dtype=np.int64)
    owner[decided], owner[volume] = volume, volume
    two = np.flatnonzero(np.diff(rows.indptr) == _PAIR)
    first, second = owner[rows.indices[rows.indptr[two]]], owner[rows.indices[rows.indptr[two] + 1]]
    own = np.zeros(program.row_lower.size, dtype=bool)
    own[two] = (first == second) & (first >= 0)
    return own


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)
