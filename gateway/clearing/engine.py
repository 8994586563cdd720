"""Engines: who turns a problem into arrays.

The array engine is that of production. The reference engine (`gateway.clearing.strict`) writes the same equations in
Pyomo and is imported only where it is asked for: it takes seconds to load.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from gateway.clearing import arrays, strict_arrays
from gateway.clearing.dispatch import Search, whole
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Problem
from gateway.clearing.search import search
from gateway.clearing.solver import VERSION


@dataclass(frozen=True, slots=True)
class Engine:
    """``name`` goes on record with a result; ``formulate`` gives the volumes, ``strict`` volumes and strict prices.

    ``search`` takes the yes-or-no decisions. ``merit_order``: whether one area is cleared by sorting where that does.
    """

    name: str
    formulate: Callable[[Problem], Formulation]
    strict: Callable[[Problem], Formulation]
    search: Search = whole
    merit_order: bool = False


ARRAYS = Engine(
    name=f"array engine ({VERSION})",
    formulate=arrays.formulate,
    strict=strict_arrays.strict_formulation,
    search=search,
    merit_order=True,
)
"""The engine of production."""


class EngineName(StrEnum):
    """By what name an engine is asked for."""

    FAST = "fast"
    REFERENCE = "reference"


def named(name: EngineName) -> Engine:
    """Return the engine called *name*; the reference engine is loaded when it is asked for.

    >>> named(EngineName.FAST) is ARRAYS
    True
    """
    if name is EngineName.FAST:
        return ARRAYS
    reference: Engine = importlib.import_module("gateway.clearing.strict").REFERENCE
    return reference
