"""What is left of a program when most of it is settled: fixed columns gone, and far columns as two blocks a row.

`reduced` takes out columns without freedom and turns rows over one column into bounds; the answers stay the same.

`windowed` keeps, for each row, the columns of this row alone that lie nearest to its price, and replaces the others by
two blocks: *more* of the row, at the lowest price of any of them, and *less* of it, at the highest refund. No move of
the far columns is as cheap as the blocks, so that the optimum is a lower bound; where no block is used it is feasible,
and so the optimum itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, hstack

from gateway.clearing.problem import Floats, Ints, Mask
from gateway.clearing.solver import Program

_SAME = 1e-9
"""Bounds that differ by less are one value."""
_USED_MW = 1e-7
"""A block that carries more is used: the tolerance of the solver."""


@dataclass(frozen=True, eq=False)
class Residual:
    """A smaller program; ``columns`` and ``rows`` of the larger one that it holds, ``values`` of all the others."""

    program: Program
    columns: Ints
    rows: Ints
    values: Floats

    def whole(self, values: Floats) -> Floats:
        """Return the columns of the larger program, given those of the smaller one."""
        found = self.values.copy()
        found[self.columns] = values[: self.columns.size]
        return found


def reduced(program: Program) -> Residual | None:
    """Return what is left of *program*; None where a row cannot hold whatever the columns that are left.

    >>> rows, sides = csc_array(np.array([[1.0, 2.0], [0.0, 1.0]])), (np.array([5.0, 0.0]), np.array([5.0, 3.0]))
    >>> whole = Program(np.ones(2), np.array([1.0, 0.0]), np.array([1.0, 9.0]), rows, *sides, np.zeros(2, dtype=bool))
    >>> left = reduced(whole)
    >>> left.columns.tolist(), left.whole(np.zeros(0)).tolist()
    ([], [1.0, 2.0])
    """
    matrix = program.matrix.copy()
    matrix.eliminate_zeros()
    values = program.lower.copy()
    columns, rows = np.arange(values.size), np.arange(program.row_lower.size)
    left = replace(program, matrix=matrix)
    while True:
        fixed = left.upper - left.lower <= _SAME
        values[columns[fixed]] = held = (left.lower[fixed] + left.upper[fixed]) / 2
        columns = columns[~fixed]
        bounded = _rows_to_bounds(_without(left, fixed, held))
        if bounded is None:
            return None
        left, kept = bounded
        if kept.all():
            return Residual(left, columns, rows, values)
        rows = rows[kept]


def _without(program: Program, fixed: Mask, values: Floats) -> Program:
    """Return *program* without the columns *fixed*, which have these values."""
    gone, stay = np.flatnonzero(fixed), np.flatnonzero(~fixed)
    moved = program.matrix[:, gone] @ values
    return replace(
        program,
        cost=program.cost[stay],
        lower=program.lower[stay],
        upper=program.upper[stay],
        matrix=csc_array(program.matrix[:, stay]),
        row_lower=program.row_lower - moved,
        row_upper=program.row_upper - moved,
        integer=program.integer[stay],
    )


def _rows_to_bounds(program: Program) -> tuple[Program, Mask] | None:
    """Return *program* with rows over one column turned into bounds, and which rows it keeps.

    None where an empty row does not hold, or where bounds leave nothing.
    """
    by_row = program.matrix.tocsr()
    entries = np.diff(by_row.indptr)
    empty, alone, kept = entries == 0, np.flatnonzero(entries == 1), entries > 1
    if np.any(program.row_lower[empty] > _USED_MW) or np.any(program.row_upper[empty] < -_USED_MW):
        return None
    at, value = by_row.indices[by_row.indptr[alone]], by_row.data[by_row.indptr[alone]]
    ends = program.row_lower[alone] / value, program.row_upper[alone] / value
    lower, upper = program.lower.copy(), program.upper.copy()
    np.maximum.at(lower, at, np.minimum(*ends))
    np.minimum.at(upper, at, np.maximum(*ends))
    if np.any(lower - upper > _USED_MW):
        return None
    rows = np.flatnonzero(kept)
    bounded = replace(
        program,
        lower=lower,
        upper=np.maximum(lower, upper),
        matrix=csc_array(by_row[rows]),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
    )
    return bounded, kept


@dataclass(frozen=True, eq=False)
class Window:
    """A program with few columns: some of a `Residual`, then the blocks. ``blocks``: the row of each block."""

    residual: Residual
    program: Program
    near: Ints
    far: Floats
    blocks: Ints

    def used(self, values: Floats) -> Ints:
        """Return the rows of the residual program whose blocks an answer uses."""
        return np.unique(self.blocks[values[self.near.size :] > _USED_MW])

    def whole(self, values: Floats) -> Floats:
        """Return the columns of the program before it was reduced, given those of this one."""
        columns = self.far.copy()
        columns[self.near] = values[: self.near.size]
        return self.residual.whole(columns)


def windowed(residual: Residual, reduced_costs: Floats, width: Ints) -> Window:
    """Return the window of *residual* with ``width[row]`` columns of each row next to its price.

    *reduced_costs* are those of the columns of the program before it was reduced.
    """
    program = residual.program
    row, value, single = _single_row(program)
    distance = np.zeros(program.cost.size)
    distance[single] = (reduced_costs[residual.columns][single]) / value[single]
    far = _far(row, single, np.abs(distance), width)
    ends = np.where(reduced_costs[residual.columns] > 0, program.lower, program.upper)
    near = np.flatnonzero(~far)
    at = np.where(far, ends, 0.0)
    blocks = _blocks(program, row, value, far, ends)
    moved = program.matrix[:, np.flatnonzero(far)] @ ends[far]
    count = blocks.row.size
    columns = csc_array((blocks.sense, (blocks.row, np.arange(count))), shape=(program.row_lower.size, count))
    small = replace(
        program,
        cost=np.concatenate([program.cost[near], blocks.cost]),
        lower=np.concatenate([program.lower[near], np.zeros(count)]),
        upper=np.concatenate([program.upper[near], blocks.most]),
        matrix=csc_array(hstack([program.matrix[:, near], columns])),
        row_lower=program.row_lower - moved,
        row_upper=program.row_upper - moved,
        integer=np.concatenate([program.integer[near], np.zeros(count, dtype=bool)]),
    )
    return Window(residual, small, near, at, blocks.row)


@dataclass(frozen=True, eq=False)
class _Blocks:
    """The blocks: their rows, +1 for more and −1 for less of the row, their capacity and their cost by MW."""

    row: Ints
    sense: Floats
    most: Floats
    cost: Floats


def _blocks(program: Program, row: Ints, value: Floats, far: Mask, ends: Floats) -> _Blocks:
    """Return the blocks that stand for the columns *far*, which lie at *ends*."""
    adds = (value > 0) == (ends == program.lower)
    width = np.zeros_like(value)
    width[far] = np.abs(value[far]) * (program.upper - program.lower)[far]
    price = np.divide(program.cost, value, out=np.zeros_like(value), where=value != 0)
    parts = []
    for sense, members in ((1.0, far & adds), (-1.0, far & ~adds)):
        at = row[members]
        best = np.full(program.row_lower.size, np.inf)
        np.minimum.at(best, at, sense * price[members])
        most = np.bincount(at, weights=width[members], minlength=best.size)
        rows = np.unique(at)
        parts.append((rows, np.full(rows.size, sense), most[rows], best[rows]))
    return _Blocks(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _single_row(program: Program) -> tuple[Ints, Floats, Mask]:
    """Return the row and value of each column that stands in one row and is divisible, and which columns those are."""
    starts = program.matrix.indptr
    single = (np.diff(starts) == 1) & ~program.integer
    row, value = np.zeros(single.size, dtype=np.int64), np.zeros(single.size)
    row[single] = program.matrix.indices[starts[:-1][single]]
    value[single] = program.matrix.data[starts[:-1][single]]
    return row, value, single


def _far(row: Ints, single: Mask, distance: Floats, width: Ints) -> Mask:
    """Return the single-row columns beyond the nearest ``width[row]`` of their row."""
    members = np.flatnonzero(single)
    order = members[np.lexsort((members, distance[members], row[members]))]
    starts = np.searchsorted(row[order], row[order])
    far = np.zeros(single.size, dtype=bool)
    far[order] = np.arange(order.size) - starts >= width[row[order]]
    return far
