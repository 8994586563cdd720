"""Nodal markets for tests: the small system of two feeders from the reference data, and random ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from gateway.clearing.example import bid
from gateway.clearing.nodal.market import NodalMarket
from gateway.model import Bid
from gateway.network.model import Feeder, Line, Network, Section, Thermal, Transmission

Case = dict[str, Any]


def number(value: float) -> Decimal:
    """Return the decimal that one reads."""
    return Decimal(str(value))


def case_of_two_feeders(reference_data: Path) -> Case:
    """Return the case, its results and its calculation by hand."""
    loaded: Case = json.loads((reference_data / "schemes/cases/s5_five_schemes.json").read_text(encoding="utf-8"))
    return loaded


def network_of(case: Case) -> Network:
    """Return the network of *case*."""
    grid, base = case["transmission"], number(case["SB"])
    lines = tuple(
        Line(
            id=each["id"], from_bus=each["f"], to_bus=each["t"], x_pu=number(each["x"]), limit_mw=number(each["limit"])
        )
        for each in grid["lines"]
    )
    feeders = tuple(
        Feeder(
            id=each["id"],
            interface=each["tnode"],
            root=each["root"],
            sections=tuple(
                Section(
                    id=line["id"],
                    parent=line["f"],
                    child=line["t"],
                    r_pu=number(line["r"]),
                    x_pu=number(line["x"]),
                    limit_mva=number(line["limit"]),
                )
                for line in each["lines"]
            ),
            w_root=number(each["w_root"]),
            w_min=number(each["w_min"]),
            w_max=number(each["w_max"]),
            base_mva=base,
        )
        for each in case["feeders"]
    )
    top = Transmission(buses=tuple(grid["nodes"]), lines=lines, reference=grid["slack"], base_mva=base)
    return Network(transmission=top, feeders=feeders)


def market_of_two_feeders(reference_data: Path, *, buyers: bool = False) -> NodalMarket:
    """Return the market of the case; with *buyers*, parties that balance themselves take part too."""
    case = case_of_two_feeders(reference_data)["case"]
    things = [(each["id"], each["node"], each["dir"], each["q"], each["price"]) for each in case["bids"]]
    if buyers:
        ways = {"buy": "down", "sell": "up"}
        things += [(each["id"], each["node"], ways[each["side"]], each["q"], each["price"]) for each in case["brp"]]
    return NodalMarket(
        network=network_of(case),
        bids=tuple(bid(*each) for each in things),
        buses={each[0]: each[1] for each in things},
        injections_mw=summed(case["schedule_p"], case["imbalance"]),
    )


def summed(*parts: dict[str, float]) -> dict[str, Decimal]:
    """Return the injections that schedules and deviations make together."""
    return {bus: sum((number(part.get(bus, 0)) for part in parts), Decimal(0)) for bus in {*parts[0], *parts[1]}}


def accepted(volumes: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return what is accepted of the bids of which anything is."""
    return {name: mw.normalize() for name, mw in volumes.items() if mw}


@dataclass
class _Drawn:
    """What has been drawn of a system so far."""

    draw: st.DrawFn
    bids: list[Bid] = field(default_factory=list)
    buses: dict[str, str] = field(default_factory=dict)
    injections: dict[str, Decimal] = field(default_factory=dict)
    tan_phi: dict[str, Decimal] = field(default_factory=dict)

    def offer(self, bus: str, direction: str, mw: int, prices: tuple[int, int]) -> None:
        """Offer up to *mw* at a price in a range."""
        name = f"{bus}-{direction}"
        self.bids.append(bid(name, "A", direction, mw, self.draw(st.integers(*prices))))
        self.buses[name] = bus

    def top(self) -> Transmission:
        """Draw a chain of transmission buses with a lot on offer, perhaps closed to a ring."""
        count = self.draw(st.integers(2, 3))
        pairs = [(at, at + 1) for at in range(count - 1)] + [(0, 2)] * (count == 3 and self.draw(st.booleans()))
        for at in range(count):
            self.offer(f"T{at}", "up", 40, (40, 90))
            self.offer(f"T{at}", "down", 40, (0, 35))
            self.injections[f"T{at}"] = Decimal(self.draw(st.integers(-12, 8)))
        lines = tuple(
            Line(
                id=f"{a}-{b}",
                from_bus=f"T{a}",
                to_bus=f"T{b}",
                x_pu=self.draw(st.sampled_from((Decimal("0.1"), Decimal("0.2")))),
                limit_mw=self.draw(st.sampled_from((Decimal(4), Decimal(8), Decimal(100)))),
            )
            for a, b in pairs
        )
        return Transmission(
            buses=tuple(f"T{at}" for at in range(count)), lines=lines, reference="T0", base_mva=Decimal(10)
        )

    def feeder(self, at: int, interface: str, thermal: Thermal) -> Feeder:
        """Draw a small tree, its state, and bids of resources in both directions."""
        count = self.draw(st.integers(1, 3))
        sections = []
        for child in range(1, count + 1):
            bus = f"F{at}N{child}"
            impedance = {"r_pu": self.draw(st.sampled_from(RESISTANCES)), "x_pu": Decimal("0.05")}
            parent, limit = f"F{at}N{self.draw(st.integers(0, child - 1))}", Decimal(self.draw(st.integers(3, 12)))
            sections.append(Section(id=f"s{bus}", parent=parent, child=bus, limit_mva=limit, **impedance))
            self.injections[bus] = Decimal(self.draw(st.integers(-3, 3)) + self.draw(st.integers(-2, 2)))
            for direction, prices in (("up", (15, 99)), ("down", (-30, 25))):
                if self.draw(st.integers(0, 4)):
                    self.offer(bus, direction, self.draw(st.integers(1, 6)), prices)
                    if thermal is not Thermal.ACTIVE:
                        self.tan_phi[f"{bus}-{direction}"] = self.draw(st.sampled_from((Decimal(0), Decimal("0.3"))))
        bounds = {"w_min": Decimal("0.9025"), "w_max": Decimal("1.1025"), "base_mva": Decimal(10)}
        return Feeder(
            id=f"F{at}", interface=interface, root=f"F{at}N0", sections=tuple(sections), thermal=thermal, **bounds
        )


RESISTANCES = (Decimal("0.02"), Decimal("0.05"), Decimal("0.1"))


@st.composite
def systems(draw: st.DrawFn, thermal: Thermal = Thermal.ACTIVE, feeders: int = 2) -> NodalMarket:
    """Draw a small transmission network with one or two feeders, its state, and bids at most buses."""
    drawn = _Drawn(draw)
    top = drawn.top()
    below = tuple(
        drawn.feeder(at, draw(st.sampled_from(top.buses)), thermal) for at in range(draw(st.integers(1, feeders)))
    )
    return NodalMarket(
        network=Network(transmission=top, feeders=below),
        bids=tuple(drawn.bids),
        buses=drawn.buses,
        injections_mw=drawn.injections,
        injections_mvar={bus: mw / 4 for bus, mw in drawn.injections.items() if thermal is not Thermal.ACTIVE},
        tan_phi=drawn.tan_phi,
    )
