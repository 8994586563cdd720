"""Prices of all buses from the duals of the balance and of the limits.

With y the dual of a row of the program (cost saved by one more unit on its right side), the price of a bus is what one
more MW injected there saves:
  transmission bus i:  λ_i = y_balance + Σ_l y_l H_li,
  feeder bus n:        λ_n = λ_interface + Σ_{sections above n} y_j a_j + Σ_k y_k R_kn,
and likewise per Mvar with b_j and X_kn. A bid sees s (λ_n + tan φ λ^Q_n).

Valid prices are often not unique. All of them, for the volumes found, are the duals under which every bid has what it
wants: the dual face, a polyhedron. The sum of the prices that bids see is made lowest and highest on it, and the
published prices are the midpoint of the two answers, valid itself because the face is convex. What is missing at a bus
prices it at the cap, and no published price is beyond the cap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from gateway.clearing.nodal.arrays import GridRow, NodalProblem, unit_mw
from gateway.clearing.nodal.market import Binding, NodalPrice, Quantity
from gateway.clearing.problem import Mask
from gateway.clearing.solver import Program, solve
from gateway.errors import Unsolved
from gateway.model import ZERO
from gateway.network.radial import Floats, Ints

BROKEN_MW = 1e-6
"""From where on a limit is broken, in MW; a squared voltage from 1/25 of that on, per unit."""
_STEP = Decimal("0.000001")
"""Volumes are told in watts, prices in millionths."""


class Duals(NamedTuple):
    """Dual of the balance, and of each row that the program has of the network."""

    balance: float
    rows: Floats


class BusPrices(NamedTuple):
    """Prices of transmission buses, of feeder buses, and of reactive power at the latter."""

    top: Floats
    active: Floats
    reactive: Floats


class Published(NamedTuple):
    """What is told of prices: of every bus, and the limits that are reached."""

    buses: dict[str, NodalPrice]
    bindings: tuple[Binding, ...]


def told(value: float) -> Decimal:
    """Return *value* rounded to six decimals."""
    return Decimal(repr(float(value))).quantize(_STEP) + ZERO


@dataclass(frozen=True, eq=False)
class Pricing:
    """The prices that go with volumes: accepted MW, MW missing, the rows of the program and the duals it ended with."""

    problem: NodalProblem
    rows: tuple[GridRow, ...]
    accepted: Floats
    missing: Floats
    duals: Duals

    @cached_property
    def _values(self) -> Floats:
        seen = self.problem.seen(self.accepted, self.missing)
        return np.array([self.problem.value(row, seen) for row in self.rows], dtype=float)

    @cached_property
    def _reached(self) -> tuple[Mask, Mask]:
        """Return which rows are at their lower bound, and which at their upper one."""
        bounds = np.array([self.problem.bounds(row) for row in self.rows], dtype=float).reshape(-1, 2)
        near = 2 * BROKEN_MW / np.array([unit_mw(row) for row in self.rows], dtype=float)
        return self._values <= bounds[:, 0] + near, self._values >= bounds[:, 1] - near

    @cached_property
    def _active(self) -> Ints:
        """Return the positions of the rows that are at a bound."""
        return np.flatnonzero(np.logical_or(*self._reached))

    def of_buses(self, duals: Duals) -> BusPrices:
        """Return the prices of all buses under *duals*."""
        problem = self.problem
        lines, feeders = np.zeros(problem.grid.gauge.size), problem.radial
        active, reactive = np.zeros(len(feeders.buses)), np.zeros(len(feeders.buses))
        for row, dual in zip(self.rows, duals.rows, strict=True):
            if row.quantity is Quantity.FLOW:
                lines[row.at] += dual
            elif dual and row.quantity is Quantity.POWER:
                a, b, _ = (each[row.at, row.side] for each in problem.sides)
                active[feeders.subtree(row.at)] += a * dual
                reactive[feeders.subtree(row.at)] += b * dual
            elif dual:
                tree, rise, reactive_rise = feeders.voltage_row(row.at)
                active[tree] += unit_mw(row) * dual * rise
                reactive[tree] += unit_mw(row) * dual * reactive_rise
        grid = problem.grid
        top = duals.balance + grid.solve(grid.incidence.T @ (grid.gauge * lines))
        active += top[problem.interface][feeders.feeder] if feeders.buses else 0.0
        return BusPrices(top, active, reactive)

    def published(self) -> Published:
        """Return the prices that are told."""
        lowest, highest = self._extremes()
        middle = Duals((lowest.balance + highest.balance) / 2, (lowest.rows + highest.rows) / 2)
        low, high, mid = (self.of_buses(duals) for duals in (lowest, highest, middle))
        buses = {
            bus: self._told(mid.top[at], low.top[at], high.top[at], 0.0)
            for at, bus in enumerate(self.problem.grid.transmission.buses)
        }
        for at, bus in enumerate(self.problem.radial.buses):
            buses[bus] = self._told(mid.active[at], low.active[at], high.active[at], mid.reactive[at])
        return Published(buses, tuple(self._bindings(middle)))

    def _told(self, price: float, one: float, other: float, reactive: float) -> NodalPrice:
        cap = float(self.problem.market.price_cap)
        low, middle, high = (min(max(each, -cap), cap) for each in (min(one, other), price, max(one, other)))
        return NodalPrice(price=told(middle), lowest=told(low), highest=told(high), reactive_price=told(reactive))

    def _bindings(self, duals: Duals) -> list[Binding]:
        found = [self._binding(int(at), float(duals.rows[at])) for at in self._active]
        return sorted(found, key=lambda each: (each.quantity, each.place, each.side))

    def _binding(self, at: int, dual: float) -> Binding:
        row, value = self.rows[at], float(self._values[at])
        low, high = self.problem.bounds(row)
        excess = max(value - high, low - value)
        return Binding(
            quantity=row.quantity,
            place=self.problem.name(row),
            side=row.side,
            upper=high - value < value - low or (high == low and dual < 0),
            value=told(value),
            shadow_price=told(abs(dual) * unit_mw(row)),
            excess=told(excess) if excess > 2 * BROKEN_MW / unit_mw(row) else ZERO,
        )

    def _extremes(self) -> tuple[Duals, Duals]:
        """Return the duals that make the sum of the prices seen lowest and highest.

        Where rounding or a price beyond the cap leaves no such duals, those that the program ended with are both.
        """
        face = self._face()
        try:
            lowest, highest = (solve(replace(face, cost=way * face.cost)).values for way in (1.0, -1.0))
        except Unsolved:
            return self.duals, self.duals
        return self._duals(lowest), self._duals(highest)

    def _duals(self, values: Floats) -> Duals:
        rows = np.zeros(len(self.rows))
        rows[self._active] = values[1:]
        return Duals(float(values[0]), rows)

    def _face(self) -> Program:
        """Return the duals under which every bid has what it wants, over the balance and the rows at a bound."""
        problem, active = self.problem, self._active
        matrix, factors, _, _ = problem.rows([self.rows[at] for at in active])
        seen = csr_array(hstack([csr_array(problem.sign[:, np.newaxis]), matrix.T]))
        at_buses = np.hstack([np.ones((factors.shape[1], 1)), factors.T])
        low, high = (np.concatenate(ends) for ends in zip(self._of_bids(), self._of_missing(), strict=True))
        below, above = (reached[active] for reached in self._reached)
        return Program(
            cost=np.asarray(seen.T @ problem.sign, dtype=float),
            lower=np.concatenate([[-np.inf], np.where(above, -np.inf, 0)]),
            upper=np.concatenate([[np.inf], np.where(below, np.inf, 0)]),
            matrix=csc_array(vstack([seen, csr_array(at_buses)])),
            row_lower=low,
            row_upper=high,
            integer=np.zeros(1 + active.size, dtype=bool),
        )

    def _of_bids(self) -> tuple[Floats, Floats]:
        """Return the least and the most of s λ that suit each bid: ≤ s π unless full, ≥ s π unless empty."""
        problem, cap = self.problem, float(self.problem.market.price_cap)
        cost = problem.sign * problem.price
        may_rise, may_fall = (
            self.accepted < problem.quantity - BROKEN_MW / 10,
            self.accepted > problem.least + BROKEN_MW / 10,
        )
        return np.where(may_fall, cost, -cap), np.where(may_rise, cost, cap)

    def _of_missing(self) -> tuple[Floats, Floats]:
        """Return the least and the most price of each transmission bus; the cap where something is missing."""
        cap = float(self.problem.market.price_cap)
        low = np.where(self.missing > BROKEN_MW, cap, np.where(self.missing < -BROKEN_MW, -np.inf, -cap))
        high = np.where(self.missing < -BROKEN_MW, -cap, np.where(self.missing > BROKEN_MW, np.inf, cap))
        return low, high
