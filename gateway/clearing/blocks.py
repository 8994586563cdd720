"""Blocks of rows and families of columns: how equations become one sparse matrix without a modelling layer.

A `Family` is one kind of variable with its members and bounds; `Columns` says which column each member has. An
equation, written for all its members at once, gives a block of `Rows` in coordinate form; `assemble` stacks the blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array

from gateway.clearing.formulation import Formulation, Places
from gateway.clearing.problem import Floats, Ints, Problem
from gateway.clearing.solver import Program


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of variable: its members, the bounds of each of them, and whether they take whole numbers."""

    members: Callable[[Problem], Iterable[int]]
    upper: Callable[[Problem], Floats | float]
    integer: bool = False
    lower: Callable[[Problem], float] = lambda _: 0.0


@dataclass(frozen=True, eq=False)
class Rows:
    """A block of rows: ``value`` in row ``row`` of the block and column ``column``; ``lower ≤ row ≤ upper``."""

    row: Ints
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Columns:
    """Which column holds which variable: the families one after the other, their members in order."""

    problem: Problem
    families: Mapping[str, Family]

    @cached_property
    def members(self) -> dict[str, Ints]:
        """The members of each family."""
        return {name: _whole(family.members(self.problem)) for name, family in self.families.items()}

    @cached_property
    def start(self) -> dict[str, int]:
        """The first column of each family."""
        sizes = [members.size for members in self.members.values()]
        return dict(zip(self.members, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))

    @property
    def size(self) -> int:
        """The number of columns."""
        return sum(members.size for members in self.members.values())

    def of(self, family: str, members: Iterable[int] | Ints) -> Ints:
        """Return the columns of some members of a family."""
        return self._places[family][_whole(members)] + self.start[family]

    def all(self, family: str) -> Ints:
        """Return all columns of a family."""
        return self._all[family]

    def span(self, family: str) -> slice:
        """Return where the columns of a family stand."""
        return slice(self.start[family], self.start[family] + self.members[family].size)

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the lower and upper bounds of all columns."""
        lower, upper = np.zeros(self.size), np.zeros(self.size)
        for name, family in self.families.items():
            lower[self.span(name)] = family.lower(self.problem)
            upper[self.span(name)] = family.upper(self.problem)
        return lower, upper

    @cached_property
    def _all(self) -> dict[str, Ints]:
        return {name: self.start[name] + np.arange(members.size) for name, members in self.members.items()}

    @cached_property
    def _places(self) -> dict[str, Ints]:
        places = {}
        for name, members in self.members.items():
            place = np.zeros(members.max(initial=-1) + 1, dtype=np.int64)
            place[members] = np.arange(members.size)
            places[name] = place
        return places


def _whole(numbers: Iterable[int] | Ints) -> Ints:
    """Return whole numbers as an array, fast where they come as one or as a range."""
    if isinstance(numbers, np.ndarray):
        return numbers
    if isinstance(numbers, range):
        return np.arange(numbers.start, numbers.stop, numbers.step)
    return np.fromiter(numbers, np.int64)


def pairs(volume: Ints, switch: Ints, size: Floats, least: float = -np.inf, most: float = np.inf) -> Rows:
    """Return one row for each member: least ≤ volume − size · switch ≤ most."""
    return terms([(volume, np.ones(volume.size)), (switch, -size)], least, most)


def terms(summands: list[tuple[Ints, Floats]], least: Floats | float = -np.inf, most: Floats | float = np.inf) -> Rows:
    """Return one row for each position: least ≤ Σ value · column ≤ most, over *summands* of equal length."""
    count = summands[0][0].size
    return Rows(
        row=np.tile(np.arange(count), len(summands)),
        column=np.concatenate([column for column, _ in summands]),
        value=np.concatenate([value for _, value in summands]),
        lower=np.broadcast_to(least, count).astype(float),
        upper=np.broadcast_to(most, count).astype(float),
    )


def sums(columns: list[Ints], values: list[Floats], most: Floats) -> Rows:
    """Return one row for each entry: Σ values · columns ≤ most; entries may differ in length."""
    nothing = np.zeros(0, dtype=np.int64)
    return Rows(
        row=np.repeat(np.arange(len(columns)), [column.size for column in columns]),
        column=np.concatenate([nothing, *columns]),
        value=np.concatenate([np.zeros(0), *values]),
        lower=np.full(len(columns), -np.inf),
        upper=most,
    )


def assemble(at: Columns, blocks: Iterable[Rows], cost: Floats, unserved: Floats) -> Formulation:
    """Stack *blocks* below each other and return them with the bounds of the columns and both costs."""
    stacked = list(blocks)
    heights = np.cumsum([0, *(block.lower.size for block in stacked)])
    row = np.concatenate([block.row + start for block, start in zip(stacked, heights[:-1], strict=True)])
    column = np.concatenate([block.column for block in stacked])
    value = np.concatenate([block.value for block in stacked])
    lower, upper = at.bounds()
    integer = np.zeros(at.size, dtype=bool)
    for name, family in at.families.items():
        integer[at.span(name)] = family.integer
    program = Program(
        cost=cost,
        lower=lower,
        upper=upper,
        matrix=csc_array((value, (row, column)), shape=(int(heights[-1]), at.size)),
        row_lower=np.concatenate([block.lower for block in stacked]),
        row_upper=np.concatenate([block.upper for block in stacked]),
        integer=integer,
    )
    return Formulation(program, unserved, {name: Places(at.members[name], at.all(name)) for name in at.families})
