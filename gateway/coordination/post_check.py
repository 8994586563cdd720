"""The check of a result by distribution operators: what of it their grids can carry.

For a feeder with accepted bids and a broken limit, with v_c what breaks limit c before any activation:
  first   min Σ s_c,   then   max Σ x,   both with  0 ≤ x ≤ accepted,  h_c x ≤ head_c + s_c,  0 ≤ s_c ≤ v_c.
Every limit has a slack of its own: one for all would let a single hopeless limit excuse all others. Nothing activated
is always an answer. Where x is below what was accepted, it is the cap of the bid from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.market import NodalMarket, feeder_alone
from gateway.clearing.nodal.prices import BROKEN_MW, told
from gateway.clearing.solver import Program, solve
from gateway.coordination.system import CoordinatedSystem
from gateway.coordination.violations import NEAR_MW, feeder_limits
from gateway.model import ZERO, Bid
from gateway.network.radial import Floats

_ROOM_MW = 1e-9
"""By how much the slacks may grow when volumes are found: far below a watt."""


def caps(system: CoordinatedSystem, accepted_mw: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the most MW of the bids that the feeders cannot carry as accepted; nothing where all is well."""
    found: dict[str, Decimal] = {}
    for feeder in system.feeders:
        if any(accepted_mw.get(bid.id, ZERO) for bid in system.inside(feeder)):
            found |= _Check(feeder_alone(system.market, feeder.id), accepted_mw).caps
    return found


@dataclass(frozen=True, eq=False)
class _Check:
    """The check of one feeder."""

    market: NodalMarket
    accepted_mw: Mapping[str, Decimal]

    @cached_property
    def problem(self) -> NodalProblem:
        """The feeder in numbers."""
        return NodalProblem(self.market)

    @cached_property
    def accepted(self) -> Floats:
        """What was accepted of each bid, in MW."""
        return np.array([self.accepted_mw.get(bid.id, ZERO) for bid in self.problem.bids], dtype=float)

    @cached_property
    def limits(self) -> tuple[csr_array, Floats]:
        """All limits as h x ≤ head: each side of each one."""
        matrix, _, low, high = self.problem.rows(list(feeder_limits(self.problem)))
        both, head = csr_array(vstack([matrix, -matrix])), np.concatenate([high, -low])
        finite = np.isfinite(head)
        return csr_array(both[finite]), head[finite]

    @cached_property
    def caps(self) -> dict[str, Decimal]:
        """The most MW of each bid that is cut."""
        matrix, head = self.limits
        if not np.any(matrix @ self.accepted > head + NEAR_MW):
            return {}
        kept = self._carried()
        cut = np.flatnonzero(self.accepted - kept > BROKEN_MW)
        return {self._bid(int(at)).id: min(told(kept[at]), self._bid(int(at)).quantity_mw) for at in cut}

    def _bid(self, at: int) -> Bid:
        return self.problem.bids[at]

    def _carried(self) -> Floats:
        """Return what can be carried of each bid."""
        matrix, head = self.limits
        bids, count = self.accepted.size, head.size
        broken = np.maximum(-head, 0.0)
        slacks = np.concatenate([np.zeros(bids), np.ones(count)])
        program = Program(
            cost=slacks,
            lower=np.zeros(bids + count),
            upper=np.concatenate([self.accepted, broken]),
            matrix=csc_array(vstack([hstack([matrix, -eye_array(count)]), csr_array(slacks[np.newaxis])])),
            row_lower=np.full(count + 1, -np.inf),
            row_upper=np.append(head, np.inf),
            integer=np.zeros(bids + count, dtype=bool),
        )
        least = solve(program).cost
        volume = np.concatenate([-np.ones(bids), np.zeros(count)])
        most = np.append(head, least + _ROOM_MW)
        return np.clip(solve(_priced(program, volume, most)).values[:bids], 0.0, self.accepted)


def _priced(program: Program, cost: Floats, row_upper: Floats) -> Program:
    return Program(cost, program.lower, program.upper, program.matrix, program.row_lower, row_upper, program.integer)
