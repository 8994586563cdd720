"""Nodal markets for tests: the small system of two feeders from the reference data, and random ones."""

from __future__ import annotations

import json
from dataclasses import replace
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


def accepted(volumes: Any) -> dict[str, Decimal]:
    """Return what is accepted of the bids of which anything is."""
    return {name: mw.normalize() for name, mw in volumes.items() if mw}
