"""Markets as they come from documents: the certificate, clearing again, growth, and how long loading takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from cells.markets import auction, numbers
from cells.measure import Cell, agree, seconds, told
from cells.volumes import in_one_sum

from gateway.clearing import Market, arrays, certify, clear
from gateway.clearing.dispatch import dispatch
from gateway.clearing.example import PARTY, QUARTERS
from gateway.clearing.merit_order import by_merit
from gateway.clearing.reclear import Standing
from gateway.clearing.solver import Warm, solve
from gateway.model import Block, Role


def certified(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare the certificate with the whole clearing."""
    market = auction(cell)
    result = clear(market)
    times, _ = seconds({"clear": lambda: clear(market), "certificate": lambda: certify(market, result)}, rounds)
    told("certificate", cell, times)
    yield f"certificate {cell.bids}", times["certificate"] / times["clear"]
    yield f"seconds for 1000 bids, {cell.bids}", times["clear"] * 1000 / cell.bids


def again(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare clearing again after a block with clearing from the beginning: the program, and all of it."""
    made = numbers(cell)
    program = in_one_sum(made, arrays.formulate(made))
    warm, x = Warm(program), arrays.formulate(made).places["x"].columns
    taken = np.flatnonzero(warm.solve().values[x] > 0)
    blocked = iter(np.tile(x[taken], 2).tolist())

    def hot() -> float:
        nonlocal program
        program = program.fixed(np.array([next(blocked)]), np.zeros(1))
        warm.set_bounds(program.lower, program.upper)
        return warm.solve().cost

    def cold() -> float:
        formed = in_one_sum(made, arrays.formulate(made))
        return solve(replace(formed, lower=program.lower, upper=program.upper)).cost

    times, answers = seconds({"hot": hot, "cold": cold}, 3 * rounds)
    told("again", cell, times)
    agree(cell, answers, 1e-9 * abs(answers["cold"]))
    yield f"again/cold {cell.bids}", times["hot"] / times["cold"]
    yield from _whole_again(cell, rounds)


def _whole_again(cell: Cell, rounds: int) -> Iterator[tuple[str, float]]:
    market = auction(cell)
    standing = Standing(market)
    taken = [award.bid_id for award in standing.result.awards if award.quantity_mw]
    stages = [_blocked(market, taken[at :: max(1, len(taken) // 10)]) for at in range(rounds + 2)]
    for stage in stages:
        stage.scale  # noqa: B018 - reading the documents does it, once
    waiting = iter(stages)
    given = stages[0]

    def hot() -> object:
        nonlocal given
        given = next(waiting)
        return standing.again(given)

    times, answers = seconds({"hot": hot, "cold": lambda: clear(given)}, rounds)
    told("again whole", cell, times)
    if answers["hot"] != answers["cold"]:
        raise SystemExit(f"{cell}: clearing again gives another answer")
    yield f"whole again/cold {cell.bids}", times["hot"] / times["cold"]


def _blocked(market: Market, names: list[str]) -> Market:
    bids = {bid.id: bid for bid in market.bids}
    operator = {"requester": PARTY, "requester_role": Role.DISTRIBUTION_SYSTEM_OPERATOR}
    blocks = (Block(bid_id=name, interval=QUARTERS[0], area=bids[name].area, **operator) for name in names)
    return replace(market, blocks=tuple(blocks))


def growth(sizes: tuple[int, ...], most_whole: int) -> Iterator[tuple[str, dict[int, float]]]:
    """Measure once, size by size: sorting, the linear program, and up to *most_whole* bids all of the clearing."""
    lines: dict[str, dict[int, float]] = {"sorting, one area": {}, "linear program, ten areas": {}, "whole": {}}
    for bids in sizes:
        one, ten = numbers(Cell(bids, 1)), numbers(Cell(bids, 10))
        market = auction(Cell(bids, 10)) if bids <= most_whole else None
        for name, run in (
            ("sorting, one area", lambda made=one: by_merit(made)),
            ("linear program, ten areas", lambda made=ten: dispatch(made, arrays.formulate(made))),
            ("whole", lambda given=market: given and clear(given)),
        ):
            started = time.process_time()
            run()
            lines[name][bids] = time.process_time() - started
        if market is None:
            del lines["whole"][bids]
        told("growth", Cell(bids, 10), {name: line[bids] for name, line in lines.items() if bids in line})
    yield from lines.items()


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
