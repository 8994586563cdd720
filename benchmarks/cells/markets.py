"""What is cleared: auctions over coupled areas, meshed grids, feeders below them; all drawn by a seed."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from cells.measure import Cell
from scipy.sparse import csc_array, diags_array, eye_array, hstack, vstack

from gateway.clearing import ClearingRules, Market, Pricing, arrays
from gateway.clearing.eligibility import screen
from gateway.clearing.example import bid, border, market_of, need
from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.market import NodalMarket
from gateway.clearing.problem import Problem, problem
from gateway.clearing.solver import Program
from gateway.network.model import Feeder, Line, Network, Section, Transmission
from profiles.grid.matpower import read_case
from profiles.grid.matpower_network import oriented, to_dispatch


def auction(cell: Cell) -> Market:
    """Draw an auction: bids of both directions, areas in a ring at price levels of their own, narrow borders."""
    draw = np.random.default_rng(cell.seed)
    level = draw.normal(0, 15, cell.areas)
    offered = dict.fromkeys(((area, up) for area in range(cell.areas) for up in (True, False)), 0)
    made: list[Any] = []
    for number in range(cell.bids):
        area, up, mw = int(draw.integers(cell.areas)), bool(draw.integers(2)), int(draw.integers(1, 51))
        price = (draw.uniform(55, 600) if up else draw.uniform(-150, 45)) + level[area]
        kinds: list[dict[str, Any]] = [
            {"divisible": False},
            {"minimum_mw": -(-2 * mw // 5)},
            {"divisible": False, "exclusive": f"g{area}.{number // 300}"},
        ]
        fields = kinds[draw.integers(3)] if draw.random() < cell.whole else {}
        made.append(bid(f"b{number:06}", f"z{area:02}", "up" if up else "down", mw, round(float(price), 2), **fields))
        offered[area, up] += mw
    for area in range(cell.areas):
        share = draw.uniform(-0.5, 0.6)
        wanted = round(float(share) * offered[area, bool(share > 0)], 1)
        made.append(need(f"n{area:02}", f"z{area:02}", wanted or 0.1))
        if cell.areas > 1:
            limits = (round(float(draw.uniform(0.05, 0.5)) * 3 * cell.bids / cell.areas) for _ in range(2))
            made += border(f"z{area:02}", f"z{(area + 1) % cell.areas:02}", *limits)
    return market_of(*made, rules=ClearingRules(pricing=Pricing.WELFARE_FIRST))


def numbers(cell: Cell) -> Problem:
    """Return the auction in numbers, all of them worked out."""
    market = auction(cell)
    (period,) = market.periods
    made = problem(market, period, screen(market, period, {}))
    arrays.formulate(made)
    return made


def meshed(buses: int, seed: int = 1) -> NodalMarket:
    """Draw a nodal market of dear buses with all the load among cheap ones, with lines narrow enough to bind."""
    draw = np.random.default_rng(seed)
    ends = [(at, (at + 1) % buses) for at in range(buses)]
    ends += [(int(a), int(b)) for a, b in draw.integers(0, buses, (buses, 2)) if abs(a - b) > 1]
    lines = tuple(
        Line(
            id=f"l{at:05}",
            from_bus=f"t{a:05}",
            to_bus=f"t{b:05}",
            x_pu=Decimal(int(draw.integers(20, 200))) / 1000,
            limit_mw=Decimal(int(draw.integers(30, 120))),
        )
        for at, (a, b) in enumerate(ends)
    )
    top = Transmission(buses=tuple(f"t{at:05}" for at in range(buses)), lines=lines, reference="t00000")
    bids, places = [], {}
    for number in range(4 * buses):
        sense = ("up", "up", "up", "down")[number % 4]
        price = float(draw.uniform(50, 300) if sense == "up" else draw.uniform(-50, 40)) + 100 * (number // 4 % 3 == 0)
        name = f"b{number:06}"
        bids.append(bid(name, "grid", sense, int(draw.integers(5, 40)), round(price, 2)))
        places[name] = f"t{number // 4:05}"
    loads = {bus: -Decimal(int(draw.integers(20, 90)) * (at % 3 == 0)) for at, bus in enumerate(top.buses)}
    return NodalMarket(network=Network(transmission=top), bids=tuple(bids), buses=places, injections_mw=loads)


def with_all_lines(made: NodalProblem) -> Program:
    """Write the whole program: bids, what is missing or too much at each bus, angles; a row for each bus and line."""
    buses, bids, grid = len(made.grid.index), len(made.bids), made.grid
    flows = diags_array(grid.susceptance) @ grid.incidence
    sites = csc_array((made.sign, (made.site, np.arange(bids))), shape=(buses, bids))
    ones, none = eye_array(buses), csc_array((grid.susceptance.size, bids + 2 * buses))
    rows = vstack([hstack([sites, ones, -ones, -(grid.incidence.T @ flows)]), hstack([none, flows])])
    angles = np.full(buses, np.inf)
    angles[0] = 0.0
    loads = np.array([float(-made.market.injections_mw[bus]) for bus in grid.index])
    limits = np.array([float(line.limit_mw or 0) for line in grid.transmission.lines])
    scarce = np.full(2 * buses, 10 * float(made.market.price_cap))
    return Program(
        cost=np.concatenate([made.sign * made.price, scarce, np.zeros(buses)]),
        lower=np.concatenate([np.zeros(bids + 2 * buses), -angles]),
        upper=np.concatenate([made.quantity, np.full(2 * buses, np.inf), angles]),
        matrix=csc_array(rows),
        row_lower=np.concatenate([loads, -limits]),
        row_upper=np.concatenate([loads, limits]),
        integer=np.zeros(bids + 3 * buses, dtype=bool),
    )


CASE = "clearing/samples/pglib/pglib_opf_case2869_pegase.m"
"""The system of 2,869 buses among the reference data (PGLib-OPF)."""
LATERALS = {19: 2, 23: 3, 26: 6}
"""Where a line of the published feeder of 33 buses leaves its main one, buses 1 to 18 (Baran, Wu, 1989)."""


def system() -> NodalMarket:
    """Return the published system, or a drawn one of as many buses where the reference data are absent."""
    folder = Path(os.environ.get("GATEWAY_REFERENCE_DATA", Path(__file__).parents[3] / "shared"))
    if not (folder / CASE).is_file():
        print(f"            a drawn system: {CASE} is not among the reference data")
        return meshed(2869)
    dispatch, _ = to_dispatch(oriented(read_case((folder / CASE).read_bytes())[0]), _BLANK, Decimal(10**6))
    return dispatch.market


_BLANK = bid("blank", "grid", "up", 1, 0)


def feeder(name: str, interface: str, draw: np.random.Generator) -> tuple[Feeder, dict[str, Decimal]]:
    """Draw a feeder of 33 buses, narrow enough for limits to bind, and its loads in MW (injections)."""
    sections, loads = [], {}
    for at in range(2, 34):
        bus = f"{name}.{at:02}"
        sections.append(
            Section(
                id=bus,
                parent=f"{name}.{LATERALS.get(at, at - 1):02}",
                child=bus,
                r_pu=Decimal(int(draw.integers(10, 50))) / 1000,
                x_pu=Decimal(int(draw.integers(10, 40))) / 1000,
                limit_mva=Decimal(int(draw.integers(30, 50))) / 10 + (0 if sections else 1),
            )
        )
        loads[bus] = -Decimal(int(draw.integers(4, 20))) / 100
    return Feeder(id=name, interface=interface, root=f"{name}.01", sections=tuple(sections)), loads


def with_feeders(top: NodalMarket, count: int, seed: int = 1) -> NodalMarket:
    """Return *top* with *count* feeders of 33 buses, each with bids of both directions at half of its buses."""
    draw = np.random.default_rng(seed)
    buses, places, bids = top.network.transmission.buses, dict(top.buses), list(top.bids)
    injections, feeders = dict(top.injections_mw), []
    for number in range(count):
        name, interface = f"f{number:04}", buses[int(draw.integers(len(buses)))]
        made, loads = feeder(name, interface, draw)
        feeders.append(made)
        injections |= loads
        for bus in sorted(loads)[::2]:
            for sense, price in (("up", draw.uniform(20, 120)), ("down", draw.uniform(-20, 40))):
                places[f"{bus}.{sense}"] = bus
                offered = bid(f"{bus}.{sense}", "grid", sense, int(draw.integers(1, 5)) / 10, round(float(price), 2))
                bids.append(replace(offered, interval=top.bids[0].interval))
    network = Network(transmission=top.network.transmission, feeders=tuple(feeders))
    return replace(top, network=network, bids=tuple(bids), buses=places, injections_mw=injections)
