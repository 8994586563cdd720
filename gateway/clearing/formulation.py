"""A clearing as arrays: all that the solver and the rest of the clearing see of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gateway.clearing.problem import Floats, Ints
from gateway.clearing.solver import Program


class Places(NamedTuple):
    """The members of a family of variables, and the column that holds each of them."""

    members: Ints
    columns: Ints


@dataclass(frozen=True)
class Formulation:
    """A problem as arrays.

    ``program``: bounds and rows, with the cost of the second goal; ``unserved``: the cost of the first. ``places``:
    which columns hold which variables, by family.
    """

    program: Program
    unserved: Floats
    places: Mapping[str, Places]

    @cached_property
    def columns(self) -> dict[str, dict[int, int]]:
        """For each family of variables, the column that holds each of its members."""
        return {
            name: dict(zip(members.tolist(), columns.tolist(), strict=True))
            for name, (members, columns) in self.places.items()
        }

    def values(self, family: str, size: int, solution: Floats) -> Floats:
        """Return the values of a family of *size* members; members without a column are 0."""
        values = np.zeros(size)
        members, columns = self.places[family]
        values[members] = solution[columns]
        return values
