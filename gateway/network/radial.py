"""The linear power flow of radial feeders (LinDistFlow), all feeders side by side as arrays that are built once.

With P_j, Q_j the power that flows from bus j towards the root, S_j the buses of its subtree and i its parent:
  P_j = Σ_{m ∈ S_j} p_m,  Q_j likewise  [MW, Mvar];  the P of a root is what the feeder exports,
  w_j = w_i + 2 (r_j P_j + x_j Q_j) / base  [per unit, w = V²]; + because P_j counts towards the root.
So every limit is affine in the injections p, q. Losses are left out: w is never below the exact one.

Buses stand in preorder, feeder after feeder, so that a subtree is a range of positions: S_j = [j, j + size_j). Sums
over subtrees and along paths are done level by level for all feeders at once.

Source: Baran, Wu, "Network reconfiguration in distribution systems for loss reduction and load balancing", IEEE
Transactions on Power Delivery 4(2), 1989.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from gateway.network.model import Feeder, Section, Thermal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POLYGON_SIDES = 12
"""Sides of the polygon that stands for the circle P² + Q² = S²."""

_QUARTER_TURNS = ((1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (-1.0, 0.0, 1.0), (0.0, -1.0, 1.0))
SIDES: dict[Thermal, tuple[tuple[float, float, float], ...]] = {
    Thermal.ACTIVE: _QUARTER_TURNS[::2],
    Thermal.SEPARATE: _QUARTER_TURNS,
    Thermal.APPARENT: tuple(
        # Rounded, so that a right angle's cosine is zero and not 6e-17.
        (
            round(cos(2 * pi * k / POLYGON_SIDES), 15),
            round(sin(2 * pi * k / POLYGON_SIDES), 15),
            cos(pi / POLYGON_SIDES),
        )
        for k in range(POLYGON_SIDES)
    ),
}
"""The half-planes (a, b, c) of each kind of limit F: a P + b Q ≤ c F."""


@dataclass(frozen=True, eq=False)
class Radial:
    """Feeders as arrays over all their buses; what belongs to a section stands at its child bus, 0 at roots.

    ``parent``: position of the parent, −1 at roots. ``size``: buses of the subtree, its top included. ``feeder``:
    position of the feeder. ``r``, ``x``: change of w per MW and Mvar, 2 r / base. ``limit_mva``: infinite where
    unlimited, as at roots.

    >>> from decimal import Decimal
    >>> near = Section(id="1", parent="R", child="A", r_pu=Decimal("0.1"), x_pu=Decimal(0))
    >>> far = Section(id="2", parent="A", child="B", r_pu=Decimal("0.1"), x_pu=Decimal(0))
    >>> lines = radial((Feeder(id="F", interface="T", root="R", sections=(near, far)),))
    >>> power = lines.flows(np.array([0.0, -1.0, 3.0]))
    >>> power.tolist(), lines.squared_voltages(power, np.zeros(3)).round(9).tolist()
    ([2.0, 2.0, 3.0], [1.0, 1.04, 1.1])
    """

    feeders: tuple[Feeder, ...]
    buses: tuple[str, ...]
    sections: tuple[Section | None, ...]
    parent: Ints
    size: Ints
    feeder: Ints
    r: Floats
    x: Floats
    limit_mva: Floats

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each bus."""
        return {bus: at for at, bus in enumerate(self.buses)}

    @cached_property
    def roots(self) -> Ints:
        """Position of the root of each feeder."""
        return np.flatnonzero(self.parent < 0)

    def of_feeders(self, name: str) -> Floats:
        """Return the field *name* of the feeder of each bus."""
        return np.array([float(getattr(feeder, name)) for feeder in self.feeders], dtype=float)[self.feeder]

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and most squared voltage of each bus; a root has none, its voltage is given."""
        root = self.parent < 0
        return np.where(root, -np.inf, self.of_feeders("w_min")), np.where(root, np.inf, self.of_feeders("w_max"))

    @cached_property
    def _levels(self) -> tuple[Ints, ...]:
        """Return the buses that are 1, 2, … sections away from their root."""
        depth = np.zeros(len(self.buses), dtype=np.int64)
        for at in np.flatnonzero(self.parent >= 0):
            depth[at] = depth[self.parent[at]] + 1
        order = np.argsort(depth, kind="stable")
        cuts = np.searchsorted(depth[order], np.arange(1, depth.max(initial=0) + 1))
        return tuple(np.split(order, cuts)[1:])

    def flows(self, injection: Floats) -> Floats:
        """Return the power towards the root above each bus, the sum over its subtree; at a root, the export."""
        power = injection.astype(float)
        for level in reversed(self._levels):
            np.add.at(power, self.parent[level], power[level])
        return power

    def squared_voltages(self, active_mw: Floats, reactive_mvar: Floats) -> Floats:
        """Return w of each bus, in per unit, for the flows of `flows`."""
        rise = self.r * active_mw + self.x * reactive_mvar
        squared = self.of_feeders("w_root")
        for level in self._levels:
            squared[level] = squared[self.parent[level]] + rise[level]
        return squared

    def subtree(self, at: int) -> slice:
        """Return the positions of the buses below and at *at*."""
        return slice(at, at + int(self.size[at]))

    def path(self, at: int) -> list[int]:
        """Return the positions from *at* up to, but without, its root."""
        found = []
        while self.parent[at] >= 0:
            found.append(at)
            at = int(self.parent[at])
        return found

    def voltage_row(self, at: int) -> tuple[slice, Floats, Floats]:
        """Return where, and how much, w of bus *at* changes per MW and per Mvar injected at each bus of its feeder.

        R_kn = 2 Σ r / base over the sections that the paths of k and n to the root share; X_kn likewise.
        """
        tree = self.subtree(int(self.roots[self.feeder[at]]))
        active, reactive = np.zeros(tree.stop - tree.start), np.zeros(tree.stop - tree.start)
        for above in self.path(at):
            below = slice(above - tree.start, above - tree.start + int(self.size[above]))
            active[below] += self.r[above]
            reactive[below] += self.x[above]
        return tree, active, reactive


def radial(feeders: tuple[Feeder, ...]) -> Radial:
    """Put *feeders* into arrays."""
    rows = [row for at, feeder in enumerate(feeders) for row in _preorder(at, feeder)]
    index = {bus: at for at, (_, bus, _) in enumerate(rows)}
    sections = tuple(section for _, _, section in rows)
    parent = np.array([-1 if each is None else index[each.parent] for each in sections], dtype=np.int64)
    size = np.ones(len(rows), dtype=np.int64)
    for at in range(len(rows) - 1, -1, -1):
        if parent[at] >= 0:
            size[parent[at]] += size[at]
    return Radial(
        feeders=feeders,
        buses=tuple(bus for _, bus, _ in rows),
        sections=sections,
        parent=parent,
        size=size,
        feeder=np.array([feeder for feeder, _, _ in rows], dtype=np.int64),
        r=_rises(feeders, rows, "r_pu"),
        x=_rises(feeders, rows, "x_pu"),
        limit_mva=np.array(
            [np.inf if each is None or each.limit_mva is None else float(each.limit_mva) for each in sections],
            dtype=float,
        ),
    )


_Row = tuple[int, str, Section | None]
"""Position of the feeder, bus, and the section above it."""


def _preorder(at: int, feeder: Feeder) -> list[_Row]:
    children: dict[str, list[Section]] = {}
    for section in feeder.sections:
        children.setdefault(section.parent, []).append(section)
    rows: list[_Row] = []
    waiting: list[tuple[str, Section | None]] = [(feeder.root, None)]
    while waiting:
        bus, above = waiting.pop()
        rows.append((at, bus, above))
        waiting.extend((section.child, section) for section in reversed(children.get(bus, ())))
    return rows


def _rises(feeders: tuple[Feeder, ...], rows: list[_Row], field: str) -> Floats:
    """Return 2 z / base of each section."""
    scale = [2 / float(feeder.base_mva) for feeder in feeders]
    return np.array(
        [0.0 if section is None else scale[at] * float(getattr(section, field)) for at, _, section in rows], dtype=float
    )
