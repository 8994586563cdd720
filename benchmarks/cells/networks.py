"""Nodal markets: rows on demand beside the whole program, and a thousand feeders below one system."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from cells.markets import meshed, system, with_all_lines, with_feeders
from cells.measure import Cell, agree, seconds, told
from cells.volumes import bare

from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.lazy import Goal, Master, clear_nodal


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


def many_feeders(feeders: int, rounds: int) -> Iterator[tuple[str, float]]:
    """Measure the clearing of a system with feeders: its volumes, and all of it with prices and certificate."""
    market = with_feeders(system(), feeders)
    cap = float(market.price_cap)

    def volumes() -> Master:
        master = Master(NodalProblem(market))
        master.solve(Goal(1, 10 * cap, 100 * cap))
        return master

    times, answers = seconds({"volumes": volumes, "whole": lambda: clear_nodal(market)}, rounds)
    told("feeders", Cell(len(market.bids), len(market.network.buses)), times)
    print(f"            {len(answers['volumes'].rows)} rows were added in {answers['volumes'].rounds} rounds")
    yield f"feeders {feeders} s", times["volumes"]
    yield f"feeders whole {feeders} s", times["whole"]
