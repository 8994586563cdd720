"""Engines: who turns a problem into arrays.

The array engine is that of production. The reference engine (`gateway.clearing.strict`) writes the same equations in
Pyomo and is imported only where it is asked for: it takes seconds to load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clearing import arrays, strict_arrays
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Problem
from gateway.clearing.solver import VERSION


@dataclass(frozen=True, slots=True)
class Engine:
    """``name`` goes on record with a result; ``formulate`` gives the volumes, ``strict`` volumes and strict prices."""

    name: str
    formulate: Callable[[Problem], Formulation]
    strict: Callable[[Problem], Formulation]


ARRAYS = Engine(f"array engine ({VERSION})", arrays.formulate, strict_arrays.strict_formulation)
"""The engine of production."""
