"""How the yes-or-no decisions are found: by the whole program where they are few, by fixing where they are many.

Rules
1. From `MANY` decisions on, the program is searched by fixing (`gateway.clearing.fixing`); both ways are exact.
2. An answer that serves every required need in full has reached the first goal, so that only welfare is left to search.
   Where the relaxation serves all of them, such an answer is looked for at once.
3. Work is limited in nodes of the search, which are the same on every machine. When they are used up, the best answer
   so far stands, with its gap to the bound that is proven.
4. A clock never picks winners. Where it ends a run, nothing that was found counts, and the answer is that of two linear
   programs: the relaxation, and the volumes under its rounded decisions. The same where the work ends without answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gateway.clearing.dispatch import Proof, lexicographic, scarcity, tolerance
from gateway.clearing.fixing import by_fixing, roundings
from gateway.clearing.formulation import Formulation
from gateway.clearing.lagrange import decisions
from gateway.clearing.problem import Floats, Problem
from gateway.clearing.solver import MOST_NODES, Exhausted, Program, Solution, Warm, solve
from gateway.errors import Unsolved
from gateway.results import Rung

MANY = 20
"""From so many decisions on the search by fixing pays."""


def search(problem: Problem, formulation: Formulation, program: Program, many: int = MANY) -> tuple[Floats, Proof]:
    """Return the best columns of *program*, found within its limits, and what is proven of them.

    *many* decisions or more are taken by fixing. Raises `gateway.errors.Unsolved` where the solver gives no answer.
    """
    run = _Run(problem, formulation, program.nodes)
    fixing = int(program.integer.sum()) >= many
    try:
        found = run.all_served(program) if fixing else None
        if found is None:
            found = lexicographic(problem, formulation, program, run.fixing if fixing else run.whole)
    except Exhausted:
        unlimited = replace(program, nodes=MOST_NODES, seconds=np.inf)
        return two_programs(problem, formulation, unlimited), Proof(Rung.TWO_PROGRAMS, None)
    return found, Proof(Rung.FIXING if run.fixed else Rung.MIXED_INTEGER, run.gap, run.nodes)


def two_programs(problem: Problem, formulation: Formulation, program: Program) -> Floats:
    """Return the best columns under the rounded decisions of the relaxation, or with every decision refused.

    Raises `gateway.errors.Unsolved` where the solver gives no answer.
    """
    relaxed = _relaxation(problem, formulation, program).solve().values
    decided = decisions(problem, formulation, program)
    columns = np.flatnonzero(program.integer)
    held = program.fixed(columns, roundings(decided, program, relaxed)[columns])
    try:
        return lexicographic(problem, formulation, held)
    except Unsolved:
        return lexicographic(problem, formulation, program.fixed(columns, np.zeros(columns.size)))


@dataclass
class _Run:
    """One search: what it has spent of ``limit`` nodes, its gaps goal by goal, and whether fixing gave the answer."""

    problem: Problem
    formulation: Formulation
    limit: int
    nodes: int = 0
    fixed: bool = False
    gaps: list[float] = field(default_factory=list)

    @property
    def gap(self) -> float | None:
        """How far the answer may be from the best, in money per hour; None where nothing is proven."""
        *earlier, last = self.gaps
        return None if any(earlier) or np.isinf(last) else last

    def all_served(self, program: Program) -> Floats | None:
        """Return the best columns that serve every required need in full; None where none were found."""
        if not self.problem.required.any():
            return None
        warm = _relaxation(self.problem, self.formulation, program)
        relaxed = warm.solve()
        required = np.flatnonzero(self.problem.required)
        needs = np.array([self.formulation.columns["y"][int(need)] for need in required])
        wanted_mw = self.problem.mw(self.problem.need_quantity)[required]
        if np.any(relaxed.values[needs] < wanted_mw - tolerance(self.problem).mw):
            return None
        whole = replace(program.fixed(needs, wanted_mw), gap=tolerance(self.problem).money)
        try:
            return self._by_fixing(whole, relaxed, warm).values
        except Exhausted:
            raise
        except Unsolved:
            return None

    def fixing(self, program: Program) -> Solution:
        """Answer *program* by fixing, or whole where that finds nothing."""
        warm = Warm(_linear(program))
        try:
            return self._by_fixing(program, warm.solve(), warm)
        except Exhausted:
            raise
        except Unsolved:
            return self.whole(program)

    def whole(self, program: Program) -> Solution:
        """Answer *program* as it is."""
        return self._kept(program, lambda limited: solve(limited, proven=False), fixed=False)

    def _by_fixing(self, program: Program, relaxed: Solution, warm: Warm) -> Solution:
        decided = decisions(self.problem, self.formulation, program)
        return self._kept(program, lambda limited: by_fixing(limited, decided, relaxed, warm), fixed=True)

    def _kept(self, program: Program, answer: Callable[[Program], Solution], *, fixed: bool) -> Solution:
        found = answer(replace(program, nodes=max(self.limit - self.nodes, 0)))
        self.nodes, self.fixed = self.nodes + found.nodes, fixed
        gap = found.cost - found.bound
        self.gaps.append(gap if gap > program.gap else 0.0)
        return found


def _relaxation(problem: Problem, formulation: Formulation, program: Program) -> Warm:
    """Return the linear relaxation with the service of required needs at the price of scarcity."""
    return Warm(_linear(replace(program, cost=program.cost + scarcity(problem) * formulation.unserved)))


def _linear(program: Program) -> Program:
    return replace(program, integer=np.zeros_like(program.integer))
