"""The stylised system of five transmission buses and one feeder from the reference data.

Its conventions: bids up and down are both costs; activation moves reactive power with active power; limits of the
feeder's sections hold for active and reactive power each; the interface is a bus of its own.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from gateway.clearing.example import bid, number
from gateway.clearing.nodal.market import NodalMarket
from gateway.coordination.system import CoordinatedSystem
from gateway.model import Bid
from gateway.network.model import Feeder, Line, Network, Section, Thermal, Transmission

Case = dict[str, Any]
FEEDER, INTERFACE, ROOT = "D1", "S1", "S1 low"


def stylised_case(reference_data: Path) -> Case:
    """Return data and results."""
    loaded: Case = json.loads((reference_data / "schemes/cases/lind_stylised.json").read_text(encoding="utf-8"))
    return loaded


def _section(line: dict[str, Any], parent: str, child: str) -> Section:
    return Section(
        id=f"{line['f']}-{line['t']}",
        parent=parent,
        child=child,
        r_pu=number(line["r"]),
        x_pu=number(line["x"]),
        limit_mva=number(line["fmax"]),
    )


def _network(case: Case) -> Network:
    lines, scalars = case["lines"], case["scalars"]
    base = number(scalars["SB"])
    below = {"D1004", "D1005"}
    top = tuple(
        Line(
            id=f"{each['f']}-{each['t']}",
            from_bus=each["f"],
            to_bus=each["t"],
            x_pu=number(each["x"]),
            limit_mw=number(each["fmax"]),
        )
        for each in lines
        if each["f"] not in below
    )
    first, second = (each for each in lines if each["f"] in below)
    feeder = Feeder(
        id=FEEDER,
        interface=INTERFACE,
        root=ROOT,
        sections=(_section(first, ROOT, "D1004"), _section(second, "D1004", "D1005")),
        w_min=number(scalars["v_min"]) ** 2,
        w_max=number(scalars["v_max"]) ** 2,
        base_mva=base,
        thermal=Thermal.SEPARATE,
    )
    buses = (*(name for name in case["nodes"] if name not in below), INTERFACE)
    transmission = Transmission(buses=buses, lines=top, reference=case["tso_slack"], base_mva=base)
    return Network(transmission=transmission, feeders=(feeder,))


def _bids(case: Case) -> tuple[tuple[Bid, str], ...]:
    """Return each bid with its bus: what a bid down costs is a price below 0."""
    offers = [
        (name, each["node"], direction, each[most], sign * each[price])
        for name, each in case["fsp"].items()
        for direction, most, price, sign in (("up", "pmax", "up", 1), ("down", "pmin", "dw", -1))
        if each[most]
    ]
    return tuple((bid(f"{name} {way}", "A", way, mw, price), bus) for name, bus, way, mw, price in offers)


def stylised_system(case: Case) -> CoordinatedSystem:
    """Return the system; the feeder agreed to import what it does without activation."""
    offers, nodes = _bids(case), case["nodes"]
    ratio = number(case["scalars"]["PFACTOR"])
    market = NodalMarket(
        network=_network(case),
        bids=tuple(each for each, _ in offers),
        buses={each.id: bus for each, bus in offers},
        injections_mw={
            bus: number(each["da"]) + number(each["imb"]) - number(each["d"]) for bus, each in nodes.items()
        },
        injections_mvar={bus: -number(each["dq"]) for bus, each in nodes.items() if each["dq"]},
        tan_phi={each.id: ratio for each, bus in offers if case["owner"][bus] == FEEDER},
    )
    return CoordinatedSystem(market=market, schedules_mw={FEEDER: Decimal(-10)})
