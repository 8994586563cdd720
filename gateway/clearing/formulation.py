"""A clearing as arrays: all that the solver and the rest of the clearing see of an engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gateway.clearing.problem import Floats
from gateway.clearing.solver import Program


@dataclass(frozen=True)
class Formulation:
    """A problem as arrays.

    ``program``: bounds and rows, with the cost of the second goal; ``unserved``: the cost of the first. ``columns``:
    for each family of variables, the column that holds each of its members.
    """

    program: Program
    unserved: Floats
    columns: dict[str, dict[int, int]]

    def values(self, family: str, size: int, solution: Floats) -> Floats:
        """Return the values of a family of *size* members; members without a column are 0."""
        values = np.zeros(size)
        for member, column in self.columns[family].items():
            values[member] = solution[column]
        return values
