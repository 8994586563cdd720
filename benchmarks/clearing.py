"""How fast markets are cleared, beside the bare solver, its defaults and Pyomo's own interface in the same run.

=============  =========================================================================================
convex         divisible bids over coupled areas: from the numbers of a problem to volumes (rows and columns
               made, passed, solved, read back) ÷ the run of the solver alone
merit order    the same program ÷ sorting, for one area
pyomo          the same program written in Pyomo and solved through Pyomo's own interface ÷ ours
search         non-divisible bids: the whole program with the solver's default options, and with its best
               setting for such programs (no presolve), both at a gap of nothing ÷ our search
network        a nodal market of a meshed grid: the linear program with all angles and lines ÷ ours, which adds
               only the lines that matter
certificate    the certificate ÷ the whole clearing, which includes it
whole          clearing a market of bids as they come from documents, with prices, reasons and certificate:
               seconds for each 1,000 bids
start          seconds until the first clearing may start, with the fast engine and with the reference
=============  =========================================================================================

CPU time of the process; the candidates take turns, and medians of their rounds are compared, because only ratios of one
run mean anything. Objectives of candidates must agree, or the benchmark ends. ``--quick`` stays within a minute. The
last line is one JSON object of the ratios; the exit status is 1 where one misses its bound.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_array, diags_array, eye_array, hstack, vstack

from gateway.clearing import ClearingRules, Market, Pricing, arrays, certify, clear
from gateway.clearing.dispatch import dispatch, scarcity, tolerance
from gateway.clearing.eligibility import screen
from gateway.clearing.example import bid, border, market_of, need
from gateway.clearing.formulation import Formulation
from gateway.clearing.merit_order import by_merit
from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.lazy import Goal, Master
from gateway.clearing.nodal.market import NodalMarket
from gateway.clearing.problem import Problem, problem
from gateway.clearing.search import search
from gateway.clearing.solver import OPTIONS, Kind, Program, pass_model
from gateway.network.model import Line, Network, Transmission

BOUNDS = {
    "convex 1000": ("<=", 3.0),
    "convex 10000": ("<=", 1.5),
    "merit order": (">=", 8.0),
    "pyomo 1000": (">=", 20.0),
    "default/search": (">=", 8.0),
    "no presolve/search": (">=", 1.0),
    "network 3000": (">=", 8.0),
    "certificate": ("<=", 0.1),
}
"""What the ratios are held to; the names of several begin alike."""


@dataclass(frozen=True)
class Cell:
    """One auction: how many bids and areas, which share of the bids is non-divisible, and by which seed it is drawn."""

    bids: int
    areas: int
    whole: float = 0.0
    seed: int = 1

    def __str__(self) -> str:
        """Return the cell as the tables name it."""
        return f"{self.bids},{self.areas}" + (f",{self.whole}" if self.whole else "")


QUICK = (Cell(1000, 10, 0.1), Cell(2500, 35, 0.1), Cell(2500, 10, 0.1))
FULL = (*QUICK, Cell(2000, 10, 0.6), Cell(10_000, 10, 0.1), Cell(10_000, 2, 0.1), Cell(20_000, 10, 0.1))


# ---- auctions


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


# ---- the solver by itself


def bare(program: Program, options: dict[str, bool | float | str]) -> highspy.Highs:
    """Return the solver with *program*, ready to run."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package leaves it unannotated
    for name, value in {**options, "output_flag": False, "mip_abs_gap": program.gap}.items():
        highs.setOptionValue(name, value)
    pass_model(highs, program)
    return highs


def in_one_sum(made: Problem, formulation: Formulation) -> Program:
    """Return the program with both goals in one sum, as the linear program of a network has them."""
    return replace(formulation.program, cost=formulation.program.cost + scarcity(made) * formulation.unserved)


# ---- measuring


def seconds(runs: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return median CPU seconds and the last answer of each candidate; they take turns."""
    taken: dict[str, list[float]] = {each: [] for each in runs}
    answers: dict[str, Any] = {}
    for turn in range(rounds + (rounds > 1)):
        for each, run in runs.items():
            gc.collect()
            started = time.process_time()
            answers[each] = run()
            if turn or rounds == 1:
                taken[each].append(time.process_time() - started)
    return {each: statistics.median(found) for each, found in taken.items()}, answers


def agree(cell: Cell, costs: dict[str, float], near: float) -> None:
    """End where the candidates do not find one objective."""
    if max(costs.values()) - min(costs.values()) > near:
        raise SystemExit(f"{cell}: the candidates find different objectives: {costs}")


def told(name: str, cell: Cell, times: dict[str, float]) -> None:
    """Print one line of figures."""
    figures = ", ".join(f"{each} {1000 * value:.1f} ms" for each, value in times.items())
    print(f"{name:<12}{cell!s:<16}{figures}")


def convex(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare a linear program from numbers to volumes with the run of the solver alone."""
    made = numbers(cell)
    program = in_one_sum(made, arrays.formulate(made))
    ready = [bare(program, OPTIONS[Kind.LINEAR]) for _ in range(rounds + 2)]
    times, _ = seconds(
        {"ours": lambda: dispatch(made, arrays.formulate(made)), "bare run": lambda: ready.pop().run()}, rounds
    )
    told("convex", cell, times)
    yield f"convex {cell.bids}", times["ours"] / times["bare run"]


def one_area(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare the linear program of one area with sorting."""
    made = numbers(cell)
    runs = {"sorting": lambda: by_merit(made), "program": lambda: dispatch(made, arrays.formulate(made))}
    times, answers = seconds(runs, rounds)
    told("merit order", cell, times)
    agree(cell, {each: float(volumes.served.sum()) for each, volumes in answers.items()}, 0)
    yield f"merit order {cell.bids}", times["program"] / times["sorting"]


def through_pyomo(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare the same linear program through Pyomo's own interface with ours."""
    import pyomo.environ as pyo  # noqa: PLC0415 - the fast engine is measured without it

    from gateway.clearing import equations  # noqa: PLC0415 - as above
    from gateway.clearing.reference import model_of  # noqa: PLC0415 - as above

    made = numbers(cell)
    program = in_one_sum(made, arrays.formulate(made))

    def pyomo() -> float:
        model = model_of(made)
        model.cost.deactivate()
        model.unserved.deactivate()
        both = equations.cost(model, made) + scarcity(made) * equations.unserved(model, made)
        model.both = pyo.Objective(expr=both)
        pyo.SolverFactory("appsi_highs").solve(model)
        return float(pyo.value(model.both))

    def ours() -> float:
        formulation = arrays.formulate(made)
        volumes = dispatch(made, formulation)
        return float(
            (made.money(made.offer_sign * made.offer_price) * made.mw(volumes.accepted)).sum()
            - scarcity(made) * made.mw(volumes.served)[made.required].sum()
        )

    times, answers = seconds({"ours": ours, "pyomo": pyomo}, rounds)
    told("pyomo", cell, times)
    agree(cell, answers, 1e-9 * abs(float(answers["ours"])) + 1e-6 * program.cost.size)
    yield f"pyomo {cell.bids}", times["pyomo"] / times["ours"]


def decided(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare our search with the solver's of the whole program with all needs served, which ours has to find out."""
    made = numbers(cell)
    formulation = arrays.formulate(made)
    required = np.flatnonzero(made.required)
    needs = np.array([formulation.columns["y"][int(at)] for at in required])
    served = formulation.program.fixed(needs, made.mw(made.need_quantity)[required])
    served = replace(served, gap=tolerance(made).money)

    def solver(**options: bool | float | str) -> float:
        highs = bare(served, {"threads": 1, "mip_rel_gap": 0.0, "random_seed": 0, **options})
        highs.run()
        return float(highs.getInfo().objective_function_value)

    runs = {
        "search": lambda: float(served.cost @ search(made, formulation, formulation.program)[0]),
        "no presolve": lambda: solver(presolve="off"),
        "default": solver,
    }
    times, answers = seconds(runs, rounds)
    told("search", cell, times)
    agree(cell, answers, 2 * served.gap)
    yield f"default/search {cell}", times["default"] / times["search"]
    yield f"no presolve/search {cell}", times["no presolve"] / times["search"]


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


def network(buses: int, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare the whole program of a grid with the one that grows by the lines that matter."""
    made = NodalProblem(meshed(buses))
    made.seen(np.zeros(len(made.bids)))
    cap = float(made.market.price_cap)

    def all_lines() -> float:
        highs = bare(with_all_lines(made), {"threads": 1})
        highs.run()
        return float(highs.getInfo().objective_function_value)

    runs = {"lazy": lambda: Master(made).solve(Goal(1, 10 * cap, 100 * cap)).cost, "all lines": all_lines}
    times, answers = seconds(runs, rounds)
    told("network", Cell(4 * buses, buses), times)
    agree(Cell(4 * buses, buses), answers, 1e-6 * abs(float(answers["lazy"])))
    yield f"network {buses}", times["all lines"] / times["lazy"]


def certified(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare the certificate with the whole clearing."""
    market = auction(cell)
    result = clear(market)
    times, _ = seconds({"clear": lambda: clear(market), "certificate": lambda: certify(market, result)}, rounds)
    told("certificate", cell, times)
    yield f"certificate {cell.bids}", times["certificate"] / times["clear"]
    yield f"seconds for 1000 bids, {cell.bids}", times["clear"] * 1000 / cell.bids


def start() -> Iterator[tuple[str, float]]:
    """Measure how long loading takes, in processes of their own."""
    for name, module in (("fast", "gateway.clearing"), ("reference", "gateway.clearing.strict")):
        program = f"import time, {module}, sys; print(time.process_time(), 'pyomo' in sys.modules)"
        told_ = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
        taken, pyomo = told_.stdout.split()
        if (pyomo == "True") is (name == "fast"):
            raise SystemExit(f"the {name} engine: Pyomo loaded is {pyomo}")
        print(f"start       {name:<16}{float(taken):.2f} s, {'with' if pyomo == 'True' else 'without'} Pyomo")
        yield f"start {name} s", float(taken)


def missed(ratios: dict[str, float]) -> list[str]:
    """Return the ratios that miss their bound, in words."""
    return [
        f"{name}: {ratio:.2f}, wanted {sense} {bound}"
        for name, ratio in ratios.items()
        for prefix, (sense, bound) in BOUNDS.items()
        if f"{name} ".startswith(f"{prefix} ") and not (ratio <= bound if sense == "<=" else ratio >= bound)
    ]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small cells and few rounds, within a minute")
    quick: bool = parser.parse_args().quick
    rounds = 3 if quick else 7
    ratios: dict[str, float] = {}
    ratios.update(start())
    for bids in (1000, 10_000) if quick else (1000, 10_000, 100_000):
        ratios.update(convex(Cell(bids, 10), 5 * rounds))
        ratios.update(one_area(Cell(bids, 1), 2 * rounds))
    ratios.update(through_pyomo(Cell(1000, 10), rounds))
    for cell in QUICK if quick else FULL:
        ratios.update(decided(cell, 1 if quick else 3))
    for buses in (1000,) if quick else (1000, 3000):
        ratios.update(network(buses, 1 if quick else 3))
    for bids in (1000,) if quick else (1000, 10_000):
        ratios.update(certified(Cell(bids, 10), rounds))
    for sentence in missed(ratios):
        print(f"MISSED {sentence}")
    print(json.dumps({name: round(ratio, 3) for name, ratio in ratios.items()}))
    sys.exit(bool(missed(ratios)))


if __name__ == "__main__":
    main()
