"""From numbers to volumes: the bare solver, sorting, Pyomo's own interface, the search for decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import highspy
import numpy as np
from cells.markets import numbers
from cells.measure import Cell, agree, seconds, told

from gateway.clearing import arrays
from gateway.clearing.dispatch import dispatch, scarcity, tolerance
from gateway.clearing.formulation import Formulation
from gateway.clearing.merit_order import by_merit
from gateway.clearing.problem import Problem
from gateway.clearing.search import search
from gateway.clearing.solver import OPTIONS, Kind, Program, pass_model


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
