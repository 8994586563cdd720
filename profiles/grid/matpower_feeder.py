"""A radial MATPOWER case as a feeder of a nodal market.

Rules
1. The reference bus is the root; the generators at it are the substation and take no part. Its voltage is their
   setpoint, or the one of the bus where there is no generator.
2. What is out of service is left out; what remains must be a tree of lines below the root.
3. Every bus has the tightest voltage bounds of all; ``rate_a`` 0 is no limit, otherwise one of apparent power.
4. Line charging and shunt susceptance have no place in the linear model; what is left out is reported.
5. Buses and sections are named ``feeder:number``, the number of a section being its row in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.clearing.nodal.market import NodalMarket
from gateway.errors import InvalidValue, Unmappable
from gateway.model import ZERO, Bid
from gateway.network.model import Feeder, Network, Section, Thermal
from gateway.report import Report
from profiles.grid.matpower import Branch, Bus, Case, Cost, Generator
from profiles.grid.matpower_network import bus_name, linear_cost

_ISOLATED, _REFERENCE = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederCase:
    """A feeder with what is at its buses: net injections in MW and Mvar, and the offers of its generators.

    ``buses``: the bus of each bid by its id. ``base_cost``: what the least outputs cost per hour.
    """

    feeder: Feeder
    injections_mw: Mapping[str, Decimal]
    injections_mvar: Mapping[str, Decimal]
    bids: tuple[Bid, ...]
    buses: Mapping[str, str]
    base_cost: Decimal


def to_feeder(case: Case, name: str, interface: str, blank: Bid) -> tuple[FeederCase, Report]:
    """Return *case* as the feeder *name* below the transmission bus *interface*, whose generators bid like *blank*.

    Raises `Unmappable` where the case is no tree, has transformers off their nominal ratio, or costs that are not
    linear.
    """
    buses = {bus.number: bus for bus in case.buses if bus.kind != _ISOLATED}
    root = _root(buses)
    if any(line.status > 0 for line in case.direct_current_lines):
        raise Unmappable("/mpc.dcline", "no direct-current line in service", "one")
    units = [(at, unit) for at, unit in enumerate(case.generators, start=1) if unit.status > 0 and unit.bus in buses]
    try:
        feeder = Feeder(
            id=name,
            interface=interface,
            root=_bus(name, root.number),
            sections=tuple(_sections(case, buses, root.number, name)),
            w_root=_root_voltage(root, units) ** 2,
            base_mva=case.base_mva,
            thermal=Thermal.APPARENT,
            **_bounds(buses, root),
        )
    except InvalidValue as error:
        raise Unmappable(f"/mpc: {error.path}", error.expected, error.found) from error
    return _with_units(feeder, case, buses, units, blank), _report(case, buses, units, root)


def _root(buses: Mapping[Decimal, Bus]) -> Bus:
    found = [bus for bus in buses.values() if bus.kind == _REFERENCE]
    if len(found) != 1:
        raise Unmappable("/mpc.bus", "one reference bus (type 3)", str(len(found)))
    return found[0]


def _bus(name: str, number: Decimal) -> str:
    return f"{name}:{bus_name(number)}"


def _root_voltage(root: Bus, units: list[tuple[int, Generator]]) -> Decimal:
    return next((unit.voltage_pu for _, unit in units if unit.bus == root.number), root.voltage_pu)


def _bounds(buses: Mapping[Decimal, Bus], root: Bus) -> dict[str, Decimal]:
    """Return the tightest bounds on the squared voltage of the buses below the root."""
    below = [bus for bus in buses.values() if bus is not root] or [root]
    least, most = max(bus.least_voltage_pu for bus in below), min(bus.most_voltage_pu for bus in below)
    return {"w_min": least**2, "w_max": most**2}


def _sections(case: Case, buses: Mapping[Decimal, Bus], root: Decimal, name: str) -> Iterator[Section]:
    """Yield the branches in service from the root outwards."""
    beside: dict[Decimal, list[tuple[int, Branch]]] = {number: [] for number in buses}
    for at, branch in enumerate(case.branches, start=1):
        if branch.status > 0 and {branch.from_bus, branch.to_bus} <= buses.keys():
            beside[branch.from_bus].append((at, branch))
            beside[branch.to_bus].append((at, branch))
    reached, used, waiting = {root}, set[int](), [root]
    while waiting:
        parent = waiting.pop(0)
        for at, branch in beside[parent]:
            if at in used:
                continue
            used.add(at)
            child = branch.to_bus if branch.from_bus == parent else branch.from_bus
            if child in reached:
                raise Unmappable(f"/mpc.branch/row[{at}]", "a tree of lines", f"a ring over bus {bus_name(child)}")
            reached.add(child)
            waiting.append(child)
            yield _section(at, branch, _bus(name, parent), _bus(name, child), f"{name}:{at}")
    if apart := sorted(buses.keys() - reached):
        raise Unmappable("/mpc.bus", "lines to every bus", f"bus {bus_name(apart[0])} without one")


def _section(at: int, branch: Branch, parent: str, child: str, name: str) -> Section:
    if branch.tap not in {0, 1} or branch.shift_deg:
        raise Unmappable(f"/mpc.branch/row[{at}]", "a line, or a nominal ratio", f"{branch.tap}, {branch.shift_deg}°")
    unlimited = branch.rate_a_mva == 0 or branch.rate_a_mva.is_infinite()
    limit = None if unlimited else branch.rate_a_mva
    return Section(id=name, parent=parent, child=child, r_pu=branch.r_pu, x_pu=branch.x_pu, limit_mva=limit)


def _with_units(
    feeder: Feeder, case: Case, buses: Mapping[Decimal, Bus], units: list[tuple[int, Generator]], blank: Bid
) -> FeederCase:
    active = {_bus(feeder.id, bus.number): -(bus.load_mw + bus.conductance_mw) for bus in buses.values()}
    reactive = {_bus(feeder.id, bus.number): -bus.load_mvar for bus in buses.values()}
    bids, places, base_cost = [], {}, ZERO
    for at, unit in units:
        bus, width = _bus(feeder.id, unit.bus), unit.most_mw - unit.least_mw
        if bus == feeder.root:
            continue
        if not width.is_finite() or width < 0:
            raise Unmappable(f"/mpc.gen/row[{at}]", "Pmin ≤ Pmax, both finite", f"{width} MW between them")
        constant, slope = linear_cost(at, case.costs[at - 1] if case.costs else Cost((ZERO,)))
        active[bus] += unit.least_mw
        reactive[bus] += unit.output_mvar
        base_cost += constant + slope * unit.least_mw
        if width:
            bids.append(replace(blank, id=f"{feeder.id}:{at}", quantity_mw=width, price=slope))
            places[f"{feeder.id}:{at}"] = bus
    return FeederCase(
        feeder=feeder,
        injections_mw=active,
        injections_mvar=reactive,
        bids=tuple(bids),
        buses=places,
        base_cost=base_cost,
    )


def _report(case: Case, buses: Mapping[Decimal, Bus], units: list[tuple[int, Generator]], root: Bus) -> Report:
    below = [bus for bus in buses.values() if bus is not root]
    bounds = {(bus.least_voltage_pu, bus.most_voltage_pu) for bus in below}
    said = {
        "the generators at the root are the substation and take no part": any(u.bus == root.number for _, u in units),
        "all buses have the tightest voltage bounds of one of them": len(bounds) > 1,
    }
    charged = sum(branch.status > 0 and branch.charging_pu != 0 for branch in case.branches)
    shunts = sum(bus.susceptance_mvar != 0 for bus in buses.values())
    lost = {f"charging of {charged} lines": charged, f"shunt susceptance of {shunts} buses": shunts}
    return Report(
        assumptions=tuple(words for words, true in said.items() if true),
        losses=tuple(words for words, count in lost.items() if count),
    )


def with_feeder(market: NodalMarket, below: FeederCase) -> NodalMarket:
    """Return *market* with a feeder on its network.

    Raises `InvalidValue` where the interface is no transmission bus, or a name is taken.
    """
    network = market.network
    return replace(
        market,
        network=Network(transmission=network.transmission, feeders=(*network.feeders, below.feeder)),
        bids=(*market.bids, *below.bids),
        buses={**market.buses, **below.buses},
        injections_mw={**market.injections_mw, **below.injections_mw},
        injections_mvar={**market.injections_mvar, **below.injections_mvar},
    )
