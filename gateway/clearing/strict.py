"""The exact strict clearing: volumes and prices in one program.

Strict pricing asks for the greatest welfare among the volumes that some prices support without loss for any accepted
offer. Barring losers and clearing again (`gateway.clearing.exclusion`) finds such volumes fast, not always the best
ones; this program finds the best, in time that grows quickly with the number of orders. It is written for networks
(`gateway.clearing.problem`) and adds the equations below to those of `gateway.clearing.equations`.

Further variables: p_i, the price at node i in money per MWh, and switches that are 1 where an offer is accepted at all
(t_b) or full (h_b), a need is bought at all (t_d) or served in full (h_d), an arc may carry a flow (t_a) or is full
(h_a). M = 2 · price cap switches an inequality off.

Source: the pricing conditions of the European platform for manual reserves (no unforeseeably accepted bid, rejected
ones allowed where they cannot be divided); as a mixed-integer program in Ntomaris, Marneris, Biskas, "Optimal clearing
of the European mFRR market", Energies 14 (2021) 5793.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base.PyomoModel import ConcreteModel
from pyomo.core.base.var import VarData
from pyomo.core.expr.numeric_expr import NumericExpression
from pyomo.core.expr.relational_expr import RelationalExpression

from gateway.clearing.engine import Engine
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Ints, Problem
from gateway.clearing.reference import NAME, compiled, formulate, model_of
from gateway.clearing.tolerance import granted


def nothing_unless(volume: VarData, switch: VarData, most_mw: float) -> RelationalExpression:
    """A volume whose switch is off is nothing.

    x ≤ q t, y ≤ D t, f ≤ F t   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> model = strict_model(problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50)))
    >>> print(nothing_unless(model.x[0], model.x_some[0], 40.0))
    x[0]  <=  40.0*x_some[0]
    """
    return volume <= most_mw * switch


def all_if(volume: VarData, switch: VarData, most_mw: float) -> RelationalExpression:
    """A volume whose switch is on is all of it.

    x ≥ q h, y ≥ D h, f ≥ F h   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> model = strict_model(problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50)))
    >>> print(all_if(model.y[0], model.y_all[0], 50.0))
    50.0*y_all[0]  <=  y[0]
    """
    return volume >= most_mw * switch


def no_loss(model: ConcreteModel, problem: Problem, offer: int) -> RelationalExpression:
    """An accepted offer does not lose.

    s_b p_i ≥ s_b π_b − M (1 − t_b)   [money per MWh]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50))
    >>> print(no_loss(strict_model(problem), problem, 0))
    60.0 - 30000.0*(1 - x_some[0])  <=  p[0]
    """
    return _offer_sees(model, problem, offer) >= _asks(problem, offer) - _big(problem) * (1 - model.x_some[offer])


def in_the_money_is_full(model: ConcreteModel, problem: Problem, offer: int) -> RelationalExpression:
    """An offer in the money is full, unless a yes-or-no decision keeps it out.

    s_b p_i ≤ s_b π_b + M (h_b + r_b)   [money per MWh]

    with r = 1 − t for an offer with a least quantity or rivals, 1 − z for a step behind another one, otherwise 0.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50))
    >>> print(in_the_money_is_full(strict_model(problem), problem, 0))
    p[0]  <=  60.0 + 30000.0*x_all[0]
    """
    free = model.x_all[offer] + _kept_out(model, problem, offer)
    return _offer_sees(model, problem, offer) <= _asks(problem, offer) + _big(problem) * free


def bought_within_limit(model: ConcreteModel, problem: Problem, need: int) -> RelationalExpression:
    """A need is bought only at its limit price or better; an excess within a tolerance at whatever price.

    s_d p_i ≤ s_d v_d + M (1 − t_d)   [money per MWh]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50, 70))
    >>> print(bought_within_limit(strict_model(problem), problem, 0))
    p[0]  <=  70.0 + 30000.0*(1 - y_some[0])
    """
    return _need_sees(model, problem, need) <= _worth(problem, need) + _big(problem) * (1 - model.y_some[need])


def unserved_beyond_limit(model: ConcreteModel, problem: Problem, need: int) -> RelationalExpression:
    """A need stays unserved only at its limit price or worse; one without a limit price only at the price cap.

    s_d p_i ≥ s_d v_d − M h_d   [money per MWh]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50))
    >>> print(unserved_beyond_limit(strict_model(problem), problem, 0))
    15000.0 - 30000.0*y_all[0]  <=  p[0]
    """
    return _need_sees(model, problem, need) >= _worth(problem, need) - _big(problem) * model.y_all[need]


def flow_towards_higher_price(model: ConcreteModel, problem: Problem, arc: int) -> RelationalExpression:
    """Nothing flows from a dearer to a cheaper node.

    p_start − p_end ≤ M (1 − t_a)   [money per MWh]

    >>> from gateway.clearing.example import border, need, problem_of
    >>> problem = problem_of(need("d", "A", 50), *border("B", "A", 25))
    >>> print(flow_towards_higher_price(strict_model(problem), problem, 1))
    p[1] - p[0]  <=  30000.0*(1 - f_some[1])
    """
    start, end = problem.arcs[arc].start, problem.arcs[arc].end
    return model.p[start] - model.p[end] <= _big(problem) * (1 - model.f_some[arc])


def difference_only_when_full(model: ConcreteModel, problem: Problem, arc: int) -> RelationalExpression:
    """Prices differ only across a border that is full.

    p_end − p_start ≤ M h_a   [money per MWh]

    >>> from gateway.clearing.example import border, need, problem_of
    >>> problem = problem_of(need("d", "A", 50), *border("B", "A", 25))
    >>> print(difference_only_when_full(strict_model(problem), problem, 1))
    p[0] - p[1]  <=  30000.0*f_all[1]
    """
    start, end = problem.arcs[arc].start, problem.arcs[arc].end
    return model.p[end] - model.p[start] <= _big(problem) * model.f_all[arc]


_Equation = Callable[[ConcreteModel, Problem, int], RelationalExpression]
_PRICING: dict[_Equation, Callable[[Problem], Iterable[int]]] = {
    no_loss: lambda p: range(len(p.offers)),
    in_the_money_is_full: lambda p: [offer for offer in range(len(p.offers)) if offer not in p.granular],
    bought_within_limit: lambda p: np.flatnonzero(~granted(p)).tolist(),
    unserved_beyond_limit: lambda p: range(len(p.needs)),
    flow_towards_higher_price: lambda p: range(len(p.arcs)),
    difference_only_when_full: lambda p: range(len(p.arcs)),
}


def strict_model(problem: Problem) -> ConcreteModel:
    """Write volumes and prices of *problem* down in one Pyomo model."""
    model = model_of(problem)
    cap = float(problem.cap * problem.scale.price)
    model.p = pyo.Var(range(len(problem.nodes)), bounds=(-cap, cap))
    for name, most in (("x", problem.quantity), ("y", problem.need_quantity), ("f", problem.arc_capacity)):
        _switch(model, problem, name, most)
    for equation, members in _PRICING.items():
        _write(model, problem, equation, members(problem))
    return model


def strict_formulation(problem: Problem) -> Formulation:
    """Return the arrays of `strict_model`."""
    return compiled(strict_model(problem))


def _write(model: ConcreteModel, problem: Problem, equation: _Equation, members: Iterable[int]) -> None:
    def rule(model: ConcreteModel, at: int) -> RelationalExpression:
        return equation(model, problem, at)

    model.add_component(equation.__name__, pyo.Constraint(list(members), rule=rule))


def _switch(model: ConcreteModel, problem: Problem, name: str, most: Ints) -> None:
    """Give the volumes called *name* the switches ``_some`` and ``_all``."""
    volume, most_mw, members = model.component(name), problem.mw(most), range(most.size)
    some, every = pyo.Var(members, domain=pyo.Binary), pyo.Var(members, domain=pyo.Binary)
    model.add_component(f"{name}_some", some)
    model.add_component(f"{name}_all", every)
    for rule_name, equation, switch in (("nothing_unless", nothing_unless, some), ("all_if", all_if, every)):
        rules = pyo.ConstraintList()
        model.add_component(f"{name}_{rule_name}", rules)
        for at in members:
            rules.add(equation(volume[at], switch[at], float(most_mw[at])))


def _offer_sees(model: ConcreteModel, problem: Problem, offer: int) -> NumericExpression:
    return int(problem.offer_sign[offer]) * model.p[problem.offer_node[offer]]


def _need_sees(model: ConcreteModel, problem: Problem, need: int) -> NumericExpression:
    return int(problem.need_sign[need]) * model.p[problem.need_node[need]]


def _asks(problem: Problem, offer: int) -> float:
    return float(problem.money(problem.offer_sign * problem.offer_price)[offer])


def _worth(problem: Problem, need: int) -> float:
    return float(problem.money(problem.need_sign * problem.need_value)[need])


def _big(problem: Problem) -> float:
    return 2.0 * problem.cap * float(problem.scale.price)


def _kept_out(model: ConcreteModel, problem: Problem, offer: int) -> NumericExpression | float:
    """Return what is above 0 where a decision may keep an offer out although it is in the money."""
    before = {dearer: step for chain in problem.chains for step, dearer in pairwise(chain)}
    out: NumericExpression | float = 0.0
    if offer in problem.switched:
        out = out + 1 - model.x_some[offer]
    if offer in before:
        out = out + 1 - model.z[before[offer]]
    return out


REFERENCE = Engine(NAME, formulate, strict_formulation)
"""The engine that is meant to be read; it gives the same results, more slowly."""
