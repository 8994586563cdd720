"""The coordination schemes, one file each: a step table and what its clearing may use.

A scheme is data. `named` finds it by the name of its file, so a new scheme is a new file and
nothing else.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

from gateway.errors import Misconfigured
from gateway.flow import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A coordination scheme.

    ``grid_constraints``: whether the clearing respects the limits that distribution operators state
    beforehand (step "communicates grid constraints"). ``post_check``: whether distribution operators
    check the result and may block bids, after which the clearing repeats. Step numbers name the rows
    that a procurement drives.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    grid_constraints: bool
    post_check: bool
    needs_step: int
    bids_step: int
    constraints_step: int
    clearing_step: int
    blocking_step: int
    results_step: int


def names() -> tuple[str, ...]:
    """Return the names of all schemes, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def named(name: str) -> Scheme:
    """Return the scheme called *name*.

    Raises `Misconfigured` where there is none.
    """
    if name not in names():
        raise Misconfigured("scheme", " or ".join(names()), repr(name))
    scheme: Scheme = importlib.import_module(f"{__name__}.{name}").SCHEME
    return scheme
