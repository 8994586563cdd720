"""What a network shows at given injections, worked out by another route than the clearing's arrays.

Transmission: angles that sum to zero instead of one that is zero, from the full Laplacian bordered by ones; so neither
the reduced matrix nor its factors are shared. Feeders: plain recursion over the sections. `exactness` goes one step
further and compares the linear feeders with their exact power flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import radians

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack
from scipy.sparse.linalg import SuperLU, splu

from gateway.clearing.nodal.market import NodalMarket, NodalResult
from gateway.network.model import Feeder, Line, Transmission
from gateway.network.radial import Floats
from gateway.network.sweep import sweep
from gateway.network.transmission import LineModel


@dataclass(frozen=True, eq=False)
class MeshedGrid:
    """A transmission network as its Laplacian."""

    top: Transmission
    model: LineModel

    @cached_property
    def weight(self) -> Floats:
        """MW per radian of each line; 0 without reactance."""
        return np.array([self._weight(line) for line in self.top.lines], dtype=float)

    def _weight(self, line: Line) -> float:
        if not line.x_pu:
            return 0.0
        base = float(self.top.base_mva)
        if self.model is LineModel.REACTANCE:
            return base / float(line.tap) / float(line.x_pu)
        return -base * (1 / complex(line.r_pu, line.x_pu)).imag

    @cached_property
    def ends(self) -> tuple[list[int], list[int]]:
        """From bus and to bus of each line."""
        index = {bus: at for at, bus in enumerate(self.top.buses)}
        return [index[line.from_bus] for line in self.top.lines], [index[line.to_bus] for line in self.top.lines]

    @cached_property
    def shift(self) -> Floats:
        """Phase shift of each line in radians."""
        counted = self.model is LineModel.REACTANCE
        return np.array([radians(line.shift_deg) if counted else 0.0 for line in self.top.lines], dtype=float)

    @cached_property
    def _factors(self) -> SuperLU:
        """Return the factors of the Laplacian, bordered by ones so that it can be inverted."""
        count, (start, end) = len(self.top.buses), self.ends
        rows, columns = [*start, *end, *start, *end], [*start, *end, *end, *start]
        values = np.concatenate([self.weight, self.weight, -self.weight, -self.weight])
        laplacian = csr_array((values, (rows, columns)), shape=(count, count))
        ones = csr_array(np.ones((count, 1)))
        return splu(csc_array(vstack([hstack([laplacian, ones]), hstack([ones.T, csr_array((1, 1))])])))

    def solve(self, right: Floats) -> Floats:
        """Return the values at the buses, summing to zero, whose Laplacian is *right* less its mean."""
        found: Floats = self._factors.solve(np.append(right, 0.0))[:-1]
        return found

    def spread(self, per_line: Floats) -> Floats:
        """Return the sum at each bus of what leaves it over lines, less what arrives."""
        found = np.zeros(len(self.top.buses))
        np.add.at(found, self.ends[0], per_line)
        np.add.at(found, self.ends[1], -per_line)
        return found

    def across(self, injection_mw: Floats) -> Floats:
        """Return the angle across each line in radians, less its phase shift, for injections that sum to zero."""
        angles = self.solve(injection_mw + self.spread(self.weight * self.shift))
        start, end = self.ends
        return np.asarray(angles[start] - angles[end] - self.shift, dtype=float)


@dataclass(frozen=True, slots=True)
class FeederState:
    """Power above each bus towards the root, in MVA, at the root the export; and squared voltages, per unit."""

    power: Mapping[str, complex]
    squared: Mapping[str, float]


def feeder_state(feeder: Feeder, injections: Mapping[str, complex]) -> FeederState:
    """Return the state of a feeder under the linear model."""
    power = {bus: injections.get(bus, 0j) for bus in feeder.buses}
    for section in reversed(feeder.sections):
        power[section.parent] += power[section.child]
    squared = {feeder.root: float(feeder.w_root)}
    for each in feeder.sections:
        rise = float(each.r_pu) * power[each.child].real + float(each.x_pu) * power[each.child].imag
        squared[each.child] = squared[each.parent] + 2 * rise / float(feeder.base_mva)
    return FeederState(power, squared)


def injected(market: NodalMarket, accepted_mw: Mapping[str, float]) -> dict[str, complex]:
    """Return the injection of each bus in MVA, with the accepted MW of each bid."""
    found = dict.fromkeys(market.network.buses, 0j)
    for bus, mw in market.injections_mw.items():
        found[bus] += float(mw)
    for bus, mvar in market.injections_mvar.items():
        found[bus] += 1j * float(mvar)
    for bid in market.bids:
        moved = bid.direction.sign * accepted_mw.get(bid.id, 0.0)
        found[market.buses[bid.id]] += moved * complex(1, float(market.tan_phi.get(bid.id, 0)))
    return found


@dataclass(frozen=True, slots=True)
class LinearError:
    """How far the linear model of a feeder is off: the largest error of a voltage, per unit, and of a flow, in MW."""

    feeder: str
    voltage_pu: float
    flow_mw: float


def exactness(market: NodalMarket, result: NodalResult) -> tuple[LinearError, ...]:
    """Return how far the linear model is off at *result*, feeder by feeder, from an exact power flow of each.

    Raises `gateway.errors.Unsolved` where a feeder cannot carry the result at all.
    """
    injections = injected(market, {name: float(mw) for name, mw in result.accepted_mw.items()})
    return tuple(_error(feeder, injections) for feeder in market.network.feeders)


def _error(feeder: Feeder, injections: Mapping[str, complex]) -> LinearError:
    linear, exact = feeder_state(feeder, injections), sweep(feeder, injections)
    voltages = [abs(abs(exact.voltages[bus]) - max(w, 0.0) ** 0.5) for bus, w in linear.squared.items()]
    flows = [abs(exact.powers[each.id].real - linear.power[each.child].real) for each in feeder.sections]
    return LinearError(feeder.id, max(voltages), max(flows, default=0.0))
