"""A nodal market in numbers, and its limits as rows over the bids.

Every limit bounds a quantity that is affine in the accepted MW: g(x) = g(0) + Σ_b h_b x_b with
  line l:           h_b = s_b H_l,i(b),  H one row of power transfer distribution factors, i the bus or its interface,
  section j, side:  h_b = s_b (a + b tan φ_b) where the bid is below the section,
  voltage k:        h_b = s_b (R_k,n(b) + X_k,n(b) tan φ_b).
Rows are made one by one when they are wanted. In all of them one unit is worth about 1 MW: voltages are multiplied by
`VOLTAGE_MW`, so that tolerances mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from gateway.clearing.nodal.market import NodalMarket, Quantity
from gateway.model import ZERO, Bid
from gateway.network.model import Feeder
from gateway.network.radial import SIDES, Floats, Ints, Radial, radial
from gateway.network.transmission import DcGrid

VOLTAGE_MW = 25.0
"""MW that a per unit of squared voltage counts: 0.04 are worth 1 MW."""
_NOTHING = 1e-10
"""Factors up to here do not count."""


class GridRow(NamedTuple):
    """One limit: the quantity, the position of its line or bus, and the side of a section's limit."""

    quantity: Quantity
    at: int
    side: int = 0


class Seen(NamedTuple):
    """What the network shows at some accepted MW.

    ``flows``: monitored quantity of each line. ``active``, ``reactive``: power above each feeder bus, towards the root.
    ``squared``: squared voltage of each feeder bus.
    """

    flows: Floats
    active: Floats
    reactive: Floats
    squared: Floats


@dataclass(frozen=True, eq=False)
class NodalProblem:
    """A nodal market as arrays; bids sorted by id, buses as in `DcGrid` and `Radial`."""

    market: NodalMarket

    @cached_property
    def bids(self) -> tuple[Bid, ...]:
        """The bids, by id."""
        return tuple(sorted(self.market.bids, key=lambda bid: bid.id))

    @cached_property
    def grid(self) -> DcGrid:
        """The transmission network."""
        return DcGrid(self.market.network.transmission, self.market.line_model)

    @cached_property
    def radial(self) -> Radial:
        """The feeders."""
        return radial(self.market.network.feeders)

    @cached_property
    def sign(self) -> Floats:
        """+1 for an up bid, −1 for a down bid."""
        return np.array([bid.direction.sign for bid in self.bids], dtype=float)

    @cached_property
    def price(self) -> Floats:
        """Price of each bid per MWh."""
        return np.array([bid.price for bid in self.bids], dtype=float)

    @cached_property
    def quantity(self) -> Floats:
        """Most MW of each bid."""
        return np.array([bid.quantity_mw for bid in self.bids], dtype=float)

    @cached_property
    def least(self) -> Floats:
        """Least MW of each bid: what is committed."""
        return np.array([self.market.committed_mw.get(bid.id, ZERO) for bid in self.bids], dtype=float)

    @cached_property
    def tan_phi(self) -> Floats:
        """Reactive by active power of each bid."""
        return np.array([self.market.tan_phi.get(bid.id, ZERO) for bid in self.bids], dtype=float)

    @cached_property
    def place(self) -> Ints:
        """Position of each bid's bus in the feeders; −1 where it is in the transmission network."""
        return np.array([self.radial.index.get(self.market.buses[bid.id], -1) for bid in self.bids], dtype=np.int64)

    @cached_property
    def interface(self) -> Ints:
        """Transmission bus of each feeder."""
        return np.array([self.grid.index[each.interface] for each in self.radial.feeders], dtype=np.int64)

    @cached_property
    def site(self) -> Ints:
        """Transmission bus of each bid: its own, or its feeder's interface."""
        own = [self.grid.index.get(self.market.buses[bid.id], -1) for bid in self.bids]
        sites = np.array(own, dtype=np.int64)
        below = self.place >= 0
        sites[below] = self.interface[self.radial.feeder[self.place[below]]]
        return sites

    @cached_property
    def _order(self) -> Ints:
        """Return the bids by the position of their feeder bus."""
        return np.argsort(self.place, kind="stable")

    @cached_property
    def _places(self) -> Ints:
        return self.place[self._order]

    def below(self, buses: slice) -> Ints:
        """Return the bids at a range of feeder buses."""
        first, last = np.searchsorted(self._places, [buses.start, buses.stop])
        return self._order[first:last]

    @cached_property
    def _base(self) -> tuple[Floats, Floats, Floats]:
        """Return the injections before activation: of transmission buses, of feeder buses, reactive of the latter."""
        active, reactive = self.market.injections_mw, self.market.injections_mvar
        return (
            np.array([active.get(bus, ZERO) for bus in self.grid.transmission.buses], dtype=float),
            np.array([active.get(bus, ZERO) for bus in self.radial.buses], dtype=float),
            np.array([reactive.get(bus, ZERO) for bus in self.radial.buses], dtype=float),
        )

    @cached_property
    def imbalance(self) -> float:
        """Sum of all injections before activation, in MW."""
        return float(self._base[0].sum() + self._base[1].sum())

    def seen(self, accepted: Floats, added: Floats | None = None) -> Seen:
        """Return what the network shows at *accepted* MW, with MW *added* to transmission buses."""
        top, active, reactive = (each.copy() for each in self._base)
        moved, below = self.sign * accepted, self.place >= 0
        np.add.at(top, self.site[~below], moved[~below])
        np.add.at(active, self.place[below], moved[below])
        np.add.at(reactive, self.place[below], (moved * self.tan_phi)[below])
        active, reactive = self.radial.flows(active), self.radial.flows(reactive)
        np.add.at(top, self.interface, active[self.radial.roots])
        flows = self.grid.monitored(top if added is None else top + added)
        return Seen(flows, active, reactive, self.radial.squared_voltages(active, reactive))

    @cached_property
    def at_rest(self) -> Seen:
        """What the network shows before any activation."""
        return self.seen(np.zeros(len(self.bids)))

    @cached_property
    def sides(self) -> tuple[Floats, Floats, Floats]:
        """The half-planes a P + b Q ≤ c F of each feeder bus's section; sides that its feeder lacks are 0, 0, ∞."""
        widest = max((len(SIDES[each.thermal]) for each in self.radial.feeders), default=0)
        padded = np.array([_padded(each, widest) for each in self.radial.feeders], dtype=float)
        a, b, c = padded.reshape(len(self.radial.feeders), widest, 3)[self.radial.feeder].transpose(2, 0, 1)
        return a, b, c

    @cached_property
    def section_limits(self) -> Floats:
        """Most of a P + b Q on each side of each feeder bus's section, in MVA."""
        a, b, c = self.sides
        most = c * self.radial.limit_mva[:, None]
        if not self.market.not_worse:
            return most
        return np.maximum(most, a * self.at_rest.active[:, None] + b * self.at_rest.reactive[:, None])

    @cached_property
    def voltage_limits(self) -> tuple[Floats, Floats]:
        """Least and most squared voltage of each feeder bus, per unit."""
        low, high = self.radial.bounds
        if not self.market.not_worse:
            return low, high
        return np.minimum(low, self.at_rest.squared), np.maximum(high, self.at_rest.squared)

    def value(self, row: GridRow, seen: Seen) -> float:
        """Return what *row* bounds, in MW, MVA or per unit."""
        if row.quantity is Quantity.FLOW:
            return float(seen.flows[row.at])
        if row.quantity is Quantity.VOLTAGE:
            return float(seen.squared[row.at])
        a, b, _ = (each[row.at, row.side] for each in self.sides)
        return float(a * seen.active[row.at] + b * seen.reactive[row.at])

    def bounds(self, row: GridRow) -> tuple[float, float]:
        """Return the least and the most that *row* allows, in MW, MVA or per unit."""
        if row.quantity is Quantity.FLOW:
            return float(self.grid.bounds[0][row.at]), float(self.grid.bounds[1][row.at])
        if row.quantity is Quantity.VOLTAGE:
            return float(self.voltage_limits[0][row.at]), float(self.voltage_limits[1][row.at])
        return -np.inf, float(self.section_limits[row.at, row.side])

    def name(self, row: GridRow) -> str:
        """Return the identifier of the line, section or bus."""
        if row.quantity is Quantity.FLOW:
            return self.grid.transmission.lines[row.at].id
        section = self.radial.sections[row.at]
        return self.radial.buses[row.at] if row.quantity is Quantity.VOLTAGE or section is None else section.id

    def rows(self, rows: Sequence[GridRow]) -> tuple[csr_array, Floats, Floats, Floats]:
        """Return *rows* over the bids, their factors at the transmission buses, and their bounds in bid space."""
        lines = [row.at for row in rows if row.quantity is Quantity.FLOW]
        factors = np.zeros((len(rows), len(self.grid.index)))
        factors[[row.quantity is Quantity.FLOW for row in rows]] = self.grid.factors(lines)
        factors[np.abs(factors) <= _NOTHING] = 0
        parts = [self._coefficients(row, factors[at]) for at, row in enumerate(rows)]
        starts = np.cumsum([0, *(columns.size for columns, _ in parts)])
        columns = np.concatenate([columns for columns, _ in parts]) if parts else np.zeros(0, dtype=np.int64)
        values = np.concatenate([values for _, values in parts]) if parts else np.zeros(0)
        values = np.where(np.abs(values) > _NOTHING, values, 0)
        matrix = csr_array((values, columns, starts), shape=(len(rows), len(self.bids)))
        matrix.eliminate_zeros()
        room = np.array([self._room(row) for row in rows], dtype=float).reshape(-1, 2)
        return matrix, factors, room[:, 0], room[:, 1]

    def _room(self, row: GridRow) -> tuple[float, float]:
        low, high = self.bounds(row)
        at_rest, unit = self.value(row, self.at_rest), unit_mw(row)
        return unit * (low - at_rest), unit * (high - at_rest)

    def _coefficients(self, row: GridRow, factors: Floats) -> tuple[Ints, Floats]:
        if row.quantity is Quantity.FLOW:
            values = factors[self.site] * self.sign
            found = np.flatnonzero(values)
            return found, values[found]
        if row.quantity is Quantity.POWER:
            found = self.below(self.radial.subtree(row.at))
            a, b, _ = (each[row.at, row.side] for each in self.sides)
            return found, self.sign[found] * (a + b * self.tan_phi[found])
        tree, active, reactive = self.radial.voltage_row(row.at)
        found = self.below(tree)
        places = self.place[found] - tree.start
        values = self.sign[found] * (active[places] + reactive[places] * self.tan_phi[found])
        return found, unit_mw(row) * values


def unit_mw(row: GridRow) -> float:
    """Return how many MW one unit of *row* counts in the program."""
    return VOLTAGE_MW if row.quantity is Quantity.VOLTAGE else 1.0


def _padded(feeder: Feeder, widest: int) -> list[tuple[float, float, float]]:
    sides = SIDES[feeder.thermal]
    return [*sides, *[(0.0, 0.0, np.inf)] * (widest - len(sides))]
