"""Exact search for markets with many yes-or-no decisions: relax, round, fix, decide what is left, prove.

1. *Relax.* The linear relaxation gives prices; with them every decision has a preferred value and a price of leaving
   it, and there is a bound LB on every answer (`gateway.clearing.lagrange`).
2. *Round.* What the relaxation accepts in full, or beyond its least quantity, is taken, all else is not: with that the
   linear program gives a first answer of cost UB. Two linear programs, and an answer with a proven gap UB − LB.
3. *Fix.* Guess Δ. Every decision whose price of leaving exceeds Δ stands as preferred.
4. *Decide.* The others go into a small mixed-integer program over the bids near the prices
   (`gateway.clearing.residual`), which is widened until what it leaves out is not asked for. UB ← its cost, if less.
5. *Prove.* An answer that breaks one of the fixings costs more than LB + Δ. So UB ≤ LB + Δ proves the best answer.
   Otherwise Δ ← UB − LB, and again from 3: then the fixings are right by construction.

The search is exact and draws nothing: the same program gives the same answer. Where work is limited, the best answer so
far comes with the bound that is proven.

Source: fixing by reduced costs, Dantzig, Fulkerson, Johnson, Operations Research 2 (1954); the restricted program over
few decisions is the core of Balas, Zemel, "An algorithm for large zero-one knapsack problems", Operations Research 28
(1980).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from gateway.clearing.lagrange import Decisions, Judgement, judge
from gateway.clearing.problem import Floats, Mask
from gateway.clearing.residual import Residual, reduced, windowed
from gateway.clearing.solver import Exhausted, Program, Solution, Warm, solve
from gateway.errors import Unsolved

_WIDTH = 10
"""Columns of each row that the small program holds at first; times four where that proves too few."""
_GUESS = 20.0
"""The first Δ is the gap of the rounded answer divided by this."""
_FEW = 100
"""So many decisions are left open at first where rounding gives no answer."""
_NEAR_MW = 1e-7
"""A volume this close to a bound lies on it."""
_HALF = 0.5
"""Beyond it, of several of which one may be chosen only one can lie."""
_LARGER, _TRIES = 8.0, 2
"""Where the fixings leave no answer Δ grows by this factor, and so often."""


@dataclass(frozen=True)
class _Search:
    """A program with what its relaxation says."""

    program: Program
    decisions: Decisions
    judged: Judgement

    def settled(self, delta: float) -> Program:
        """Return the program with all decisions held whose price of leaving exceeds *delta*."""
        d, judged = self.decisions, self.judged
        held = self.program.integer & (judged.leaving > delta)
        switch_held = np.append(held[d.switch], True)[d.counts_switch]
        switch_off = np.append(judged.preferred[d.switch] == 0, False)[d.counts_switch]
        held[d.count] = switch_held & (held[d.count] | switch_off)
        columns = np.flatnonzero(held)
        return self.program.fixed(columns, judged.preferred[columns])


def by_fixing(program: Program, decisions: Decisions, relaxed: Solution, warm: Warm) -> Solution:
    """Return the best answer to *program*, or the best one found within its limit of work, and its bound.

    *relaxed* is the answer to the linear relaxation, *warm* the solver that found it; both may know costs that
    *program* has fixed. Raises `gateway.errors.Unsolved` where there is no answer.
    """
    search = _Search(program, decisions, judge(program, decisions, relaxed.row_duals))
    best = _rounded(search, relaxed.values, warm)
    bound, nodes = search.judged.bound, 0
    delta, tries = _first_delta(search, best), 0
    while best is None or best.cost - bound > program.gap:
        found = _within(search, delta, best, program.nodes - nodes)
        nodes += found.nodes if found else 0
        if found is not None and (best is None or found.cost < best.cost):
            best = found
        if found is None or best is None:
            delta, tries = delta * _LARGER, tries + 1
            if tries > _TRIES:
                raise Unsolved("search by fixing", "an answer under its fixings", "none")
            continue
        proven = min(found.bound, search.judged.bound + delta)
        bound = max(bound, min(proven, best.cost))
        if nodes >= program.nodes or best.cost <= search.judged.bound + delta:
            break
        delta = best.cost - search.judged.bound
    return replace(best, bound=min(bound, best.cost), nodes=nodes)


def _first_delta(search: _Search, best: Solution | None) -> float:
    leaving = np.sort(search.judged.leaving[search.program.integer])
    if best is None:
        return float(leaving[min(_FEW, leaving.size) - 1])
    gap = max(best.cost - search.judged.bound, 0.0)
    return gap if np.searchsorted(leaving, gap, side="right") <= _FEW else gap / _GUESS


def _rounded(search: _Search, relaxed: Floats, warm: Warm) -> Solution | None:
    """Return the best answer under the rounded decisions of the relaxation; None where they allow none."""
    columns = np.flatnonzero(search.program.integer)
    held = search.program.fixed(columns, roundings(search.decisions, search.program, relaxed)[columns])
    warm.set_bounds(held.lower, held.upper)
    with suppress(Unsolved):
        values = warm.solve_once().values
        return _answer(search.program, values, search.judged.bound)
    return None


def roundings(d: Decisions, program: Program, relaxed: Floats) -> Floats:
    """Return values of the whole-number columns that are near the relaxation and keep every row of decisions."""
    rounded = np.zeros(relaxed.size)
    volume, most = relaxed[d.switched], program.upper[d.switched]
    share = np.divide(volume, most, out=np.zeros_like(volume), where=most > 0)
    enough = (volume >= d.least_mw - _NEAR_MW) & (volume > _NEAR_MW)
    rounded[d.switch] = enough & ((share > _HALF) | ~_rivals(d, program))
    rounded[d.single] = relaxed[d.single] > 1 - _NEAR_MW
    rounded[d.choice] = relaxed[d.choice] > _HALF
    steps = np.floor(relaxed[d.counted] / d.step_mw + _NEAR_MW)
    rounded[d.count] = steps * np.append(rounded[d.switch], 1.0)[d.counts_switch]
    return rounded


def _rivals(d: Decisions, program: Program) -> Mask:
    """Return the switches that stand in a row with others."""
    matrix = program.matrix
    column = np.repeat(np.arange(program.cost.size), np.diff(matrix.indptr))
    shared = np.bincount(column, weights=~d.own_rows[matrix.indices], minlength=program.cost.size)
    return np.asarray(shared[d.switch] > 0, dtype=bool)


def _within(search: _Search, delta: float, best: Solution | None, nodes: int) -> Solution | None:
    """Return the best answer under the fixings of *delta*, or the bound that none beats *best*; None without any."""
    residual = reduced(search.settled(delta))
    if residual is None:
        return None
    width = np.full(residual.rows.size, _WIDTH)
    spent = 0
    while True:
        window = windowed(residual, search.judged.reduced, width)
        try:
            found = solve(replace(window.program, gap=search.program.gap / 2, nodes=nodes - spent), proven=False)
        except Exhausted:
            raise
        except Unsolved:
            return None
        spent += found.nodes
        rows = window.used(found.values)
        bound = found.bound + _settled_cost(search.program, residual, window.far)
        if not rows.size:
            return replace(_answer(search.program, window.whole(found.values), bound), nodes=spent)
        if best is not None and (bound >= best.cost - search.program.gap or spent >= nodes):
            return replace(best, bound=bound, nodes=spent)
        width[rows] *= 4


def _settled_cost(program: Program, residual: Residual, far: Floats) -> float:
    """Return the cost of the columns that the small program does not hold."""
    return float(program.cost @ residual.whole(far))


def _answer(program: Program, values: Floats, bound: float) -> Solution:
    return Solution(values, np.zeros(0), float(program.cost @ values), bound, 0)
