"""The clearing written in Pyomo from `gateway.clearing.equations`, and compiled to arrays.

This is the readable form of the clearing and its reference engine. Pyomo only writes the model: its solver interfaces
redirect file descriptors of the whole process and hang in threads, so the model is compiled to arrays
(``LinearStandardFormCompiler``) and solved by `gateway.clearing.solver`. The arrays of `gateway.clearing.arrays`, which
production uses, are held to this text by tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base.PyomoModel import ConcreteModel
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from pyomo.version import version
from scipy.sparse import csc_array

from gateway.clearing import arrays_periods, equations, equations_periods
from gateway.clearing.arrays import steps
from gateway.clearing.formulation import Formulation, Places
from gateway.clearing.problem import Ints, Problem
from gateway.clearing.solver import VERSION, Program

NAME = f"reference formulation (Pyomo {version}, {VERSION})"
"""What computed a result, for its record."""


def _all(sized: tuple[object, ...]) -> range:
    return range(len(sized))


VARIABLES: dict[str, tuple[Callable[[Problem], Iterable[int]], object, Callable[[Problem], Ints | None]]] = {
    "x": (lambda p: _all(p.offers), pyo.NonNegativeReals, lambda p: p.quantity),
    "y": (lambda p: _all(p.needs), pyo.NonNegativeReals, lambda p: p.need_quantity),
    "f": (lambda p: _all(p.arcs), pyo.NonNegativeReals, lambda p: p.arc_capacity),
    "u": (lambda p: p.switched, pyo.Binary, lambda _: None),
    "k": (lambda p: p.granular, pyo.NonNegativeIntegers, lambda _: None),
    "z": (lambda p: [step for step, _ in steps(p)], pyo.Binary, lambda _: None),
    "w": (lambda p: [arc for pair in p.opposed for arc in pair], pyo.Binary, lambda _: None),
    "on": (lambda p: _all(p.couplings.slots), pyo.Binary, lambda _: None),
    "start": (lambda p: p.couplings.starting, pyo.Binary, lambda _: None),
    "stop": (lambda p: p.couplings.stopping, pyo.Binary, lambda _: None),
    "used": (lambda p: p.couplings.switches, pyo.Binary, lambda _: None),
}
"""The families of variables: over which members, of which kind, up to which quantity in ticks."""

EQUATIONS: tuple[tuple[Callable[..., object], Callable[[Problem], Iterable[object]]], ...] = (
    (equations.balance, lambda p: _all(p.nodes)),
    (equations.least_quantity, lambda p: [offer for offer in p.switched if p.minimum[offer] > 0]),
    (equations.only_if_accepted, lambda p: p.switched),
    (equations.granularity, lambda p: p.granular),
    (equations.exclusive_group, lambda p: _all(p.exclusive)),
    (equations.step_is_full, lambda p: [step for step, _ in steps(p)]),
    (equations.step_opens, steps),
    (equations.grid_limit, lambda p: _all(p.limits)),
    (equations.shared_border, lambda p: p.shared),
    (equations.allowed_direction, lambda p: [arc for pair in p.opposed for arc in pair]),
    (equations.one_direction, lambda p: _all(p.opposed)),
    (equations_periods.dependence, lambda p: _all(p.couplings.dependences)),
    (equations_periods.accepted_alike, arrays_periods.alike),
    (equations_periods.one_ratio, lambda p: _all(p.couplings.ratios)),
    (equations_periods.ramp, lambda p: _all(p.couplings.ramps)),
    (equations_periods.greatest_energy, lambda p: _all(p.couplings.energies)),
    (equations_periods.stated_energy, lambda p: _all(p.couplings.shifts)),
    (equations_periods.only_if_used, arrays_periods.optional),
    (equations_periods.on_if_accepted, arrays_periods.in_slots),
    (equations_periods.off_without_acceptance, lambda p: _all(p.couplings.slots)),
    (equations_periods.begins, lambda p: p.couplings.starting),
    (equations_periods.ends, lambda p: p.couplings.stopping),
    (equations_periods.least_duration, lambda p: _all(p.couplings.least_durations)),
    (equations_periods.rest, lambda p: _all(p.couplings.rests)),
    (equations_periods.longest_duration, lambda p: _all(p.couplings.longest_durations)),
    (equations_periods.activations, lambda p: _all(p.couplings.activations)),
)
"""The equations, and what each is written for."""


def model_of(problem: Problem) -> ConcreteModel:
    """Write the equations of *problem* down in Pyomo."""
    model = ConcreteModel()
    for name, (members, domain, most) in VARIABLES.items():
        ticks = most(problem)
        upper = None if ticks is None else problem.mw(ticks)
        bounds = None if upper is None else [(0.0, float(each)) for each in upper]
        rule = None if bounds is None else (lambda _, at, bounds=bounds: bounds[at])
        model.add_component(name, pyo.Var(list(members(problem)), domain=domain, bounds=rule))
    for equation, needed in EQUATIONS:
        _add(model, problem, equation, needed(problem))
    model.cost = pyo.Objective(expr=equations.cost(model, problem))
    model.unserved = pyo.Objective(expr=equations.unserved(model, problem))
    return model


def _add(model: ConcreteModel, problem: Problem, equation: Callable[..., object], members: Iterable[object]) -> None:
    def rule(model: ConcreteModel, *index: int) -> object:
        return equation(model, problem, *index)

    model.add_component(equation.__name__, pyo.Constraint(list(members), rule=rule))


def formulate(problem: Problem) -> Formulation:
    """Return the arrays of *problem*.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> formulation = formulate(problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50)))
    >>> formulation.columns["x"], formulation.program.matrix.toarray().tolist()
    ({0: 0}, [[1.0, -1.0]])
    """
    return compiled(model_of(problem))


def compiled(model: ConcreteModel) -> Formulation:
    """Compile a Pyomo model with the objectives ``cost`` and ``unserved``."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    costs = {str(objective): row for objective, row in zip(form.objectives, form.c.toarray(), strict=True)}
    kinds = np.array([row.bound_type for row in form.rows], dtype=np.int64)
    program = Program(
        cost=costs["cost"],
        lower=np.array([-np.inf if column.lb is None else column.lb for column in form.columns]),
        upper=np.array([np.inf if column.ub is None else column.ub for column in form.columns]),
        matrix=csc_array(form.A),
        row_lower=np.where(kinds <= 0, form.rhs, -np.inf),
        row_upper=np.where(kinds >= 0, form.rhs, np.inf),
        integer=np.array([not column.is_continuous() for column in form.columns], dtype=bool),
    )
    columns: dict[str, dict[int, int]] = {name: {} for name in VARIABLES}
    for at, column in enumerate(form.columns):
        columns.setdefault(column.parent_component().local_name, {})[column.index()] = at
    return Formulation(program, costs["unserved"], {name: _places(found) for name, found in columns.items()})


def _places(columns: dict[int, int]) -> Places:
    return Places(np.array(list(columns), dtype=np.int64), np.array(list(columns.values()), dtype=np.int64))
