"""Rows over accepted volumes that are not balances: limits of the grid, and what binds the intervals of a unit.

All have one form, Σ_b coefficient_b x_b ≤ headroom or = headroom, and so one theory of prices: a row that binds has a
shadow price, which moves what the offers in it see (`gateway.clearing.prices`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.model import Limit
from gateway.time import Interval


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A row Σ_b coefficient_b x_b ≤ headroom, in MW; with ``equal`` the two are the same.

    ``own``: see `gateway.clearing.problem.own_capacity`. ``period``: the interval that it counts in.
    """

    limit: Limit
    headroom_mw: float
    coefficients: dict[int, float]
    own: bool
    period: Interval
    equal: bool = False

    def used_mw(self, accepted_mw: NDArray[np.float64]) -> float:
        """Return how much of the headroom accepted MW take."""
        return float(sum(accepted_mw[offer] * value for offer, value in self.coefficients.items()))
