"""What a cleared network carries: the load of every line and section, and the voltage of every bus of a feeder.

Flows follow from the injections before activation, the accepted bids and what is missing; none of them is read from the
solver. A line counts in MW, a section whose limit is one of apparent power in MVA.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import hypot

import numpy as np

from gateway.clearing.nodal.arrays import NodalProblem, Seen
from gateway.clearing.nodal.market import Binding, NodalMarket, NodalResult, Quantity
from gateway.clearing.nodal.prices import told
from gateway.model import ZERO
from gateway.network.model import Feeder, Section, Thermal


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What flows over a line or section, from its first to its second end, and how much may.

    ``unit``: MW or MVA. ``limit``: None where there is none. ``shadow_price``: what one unit more would save per hour,
    None where the limit is not reached. ``excess``: by how much the limit is broken.
    """

    id: str
    start: str
    end: str
    flow: Decimal
    unit: str
    limit: Decimal | None
    shadow_price: Decimal | None = None
    excess: Decimal = ZERO

    @property
    def share(self) -> Decimal | None:
        """The flow as a share of the limit; None without one."""
        return abs(self.flow) / self.limit if self.limit else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voltage:
    """The voltage of a bus in per unit, before any activation and as cleared, by its distance from the root.

    ``distance_pu``: sum of the magnitudes of the impedances on the way. ``shadow_price``: as in `Load`, per unit of
    squared voltage.
    """

    bus: str
    parent: str | None
    distance_pu: Decimal
    before_pu: Decimal
    voltage_pu: Decimal
    shadow_price: Decimal | None = None
    excess: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Profile:
    """The voltages along a feeder, the root first, and the bounds of all buses but the root."""

    feeder: str
    least_pu: Decimal
    most_pu: Decimal
    voltages: tuple[Voltage, ...]


@dataclass(frozen=True)
class NetworkState:
    """The state of the network of a market at its result."""

    market: NodalMarket
    result: NodalResult

    @cached_property
    def _problem(self) -> NodalProblem:
        return NodalProblem(self.market)

    @cached_property
    def _seen(self) -> Seen:
        problem, result = self._problem, self.result
        accepted = np.array([float(result.accepted_mw[bid.id]) for bid in problem.bids], dtype=float)
        missing = np.array([float(result.missing_mw.get(bus, ZERO)) for bus in problem.grid.index], dtype=float)
        return problem.seen(accepted, missing)

    @cached_property
    def _bound(self) -> dict[tuple[Quantity, str], Binding]:
        """Return the limits that are reached; of several sides of a section the dearest."""
        ordered = sorted(self.result.bindings, key=lambda each: (each.excess, each.shadow_price))
        return {(each.quantity, each.place): each for each in ordered}

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """The loads of all lines, then of all sections, the most loaded first; those without limits last."""
        found = [*self._lines(), *self._sections()]
        return tuple(sorted(found, key=lambda load: (load.share is None, -(load.share or ZERO), load.id)))

    def _lines(self) -> Iterator[Load]:
        grid = self._problem.grid
        low, high = grid.bounds
        for at, line in enumerate(grid.transmission.lines):
            flow = float(self._seen.flows[at]) if grid.susceptance[at] else 0.0
            limit = float(high[at] if flow >= 0 else -low[at])
            binding = self._bound.get((Quantity.FLOW, line.id))
            yield Load(
                id=line.id,
                start=line.from_bus,
                end=line.to_bus,
                flow=told(flow),
                unit="MW",
                limit=told(limit) if np.isfinite(limit) else None,
                shadow_price=binding.shadow_price if binding else None,
                excess=binding.excess if binding else ZERO,
            )

    def _sections(self) -> Iterator[Load]:
        radial = self._problem.radial
        for at, section in enumerate(radial.sections):
            if section is None:
                continue
            feeder = radial.feeders[int(radial.feeder[at])]
            yield self._section(section, feeder, float(self._seen.active[at]), float(self._seen.reactive[at]))

    def _section(self, section: Section, feeder: Feeder, active_mw: float, reactive_mvar: float) -> Load:
        apparent = feeder.thermal is Thermal.APPARENT
        binding = self._bound.get((Quantity.POWER, section.id))
        size = hypot(active_mw, reactive_mvar) if apparent else abs(active_mw)
        return Load(
            id=section.id,
            start=section.parent,
            end=section.child,
            flow=told(-size if active_mw > 0 else size),
            unit="MVA" if apparent else "MW",
            limit=section.limit_mva,
            shadow_price=binding.shadow_price if binding else None,
            excess=binding.excess if binding else ZERO,
        )

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """The voltages along each feeder."""
        return tuple(self._profile(at, feeder) for at, feeder in enumerate(self._problem.radial.feeders))

    def _profile(self, number: int, feeder: Feeder) -> Profile:
        radial, distance = self._problem.radial, {feeder.root: 0.0}
        for each in feeder.sections:
            distance[each.child] = distance[each.parent] + hypot(each.r_pu, each.x_pu)
        parent = {each.child: each.parent for each in feeder.sections}
        voltages = tuple(
            self._voltage(int(at), parent.get(radial.buses[at]), distance[radial.buses[at]])
            for at in np.flatnonzero(radial.feeder == number)
        )
        return Profile(feeder.id, told(float(feeder.w_min) ** 0.5), told(float(feeder.w_max) ** 0.5), voltages)

    def _voltage(self, at: int, parent: str | None, distance: float) -> Voltage:
        bus = self._problem.radial.buses[at]
        binding = self._bound.get((Quantity.VOLTAGE, bus))
        return Voltage(
            bus=bus,
            parent=parent,
            distance_pu=told(distance),
            before_pu=_root_of(float(self._problem.at_rest.squared[at])),
            voltage_pu=_root_of(float(self._seen.squared[at])),
            shadow_price=binding.shadow_price if binding else None,
            excess=binding.excess if binding else ZERO,
        )


def _root_of(squared: float) -> Decimal:
    """Return a voltage; 0 where the linear model finds none."""
    return told(max(squared, 0.0) ** 0.5)
