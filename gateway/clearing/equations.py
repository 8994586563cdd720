"""The clearing as equations, one to a function.

Variables, in MW unless said otherwise
    x_b  accepted of offer b           y_d  served of need d            f_a  flow on arc a
    u_b  1 where b is accepted at all  z_b  1 where step b of a multipart bid is full
    k_b  number of whole steps of b    w_a  1 where arc a, of a pair with losses, may carry a flow

Data: sign s (+1 up, −1 down), price π, quantity q, least quantity m, granularity g of offers; limit price v and size D
of needs; capacity F and loss factor l of borders; headroom H and coefficients h of grid limits. Bounds: 0 ≤ x ≤ q,
0 ≤ y ≤ D, 0 ≤ f ≤ F. Nothing accepted, nothing served and no flow satisfies every equation, so that a clearing is never
infeasible: what cannot be served shows as D − y.

Source: the bid types of the ENTSO-E reserve bid document; the same constraints for the European mFRR market in
Ntomaris, Marneris, Biskas, Energies 14 (2021) 5793.
"""

from __future__ import annotations

from pyomo.core.base.PyomoModel import ConcreteModel
from pyomo.core.expr.numeric_expr import NumericExpression
from pyomo.core.expr.relational_expr import RelationalExpression
from pyomo.core.util import quicksum

from gateway.clearing.problem import Problem


def unserved(model: ConcreteModel, problem: Problem) -> NumericExpression:
    """First goal: serve the required needs.

    min −Σ_{d required} y_d   [MW]; the constant Σ D is left out, so that gaps stay meaningful.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50), need("e", "A", 10, 70))
    >>> print(unserved(model_of(problem), problem))
    - y[0]
    """
    return quicksum(-model.y[need] for need in range(len(problem.needs)) if problem.required[need])


def cost(model: ConcreteModel, problem: Problem) -> NumericExpression:
    """Second goal: the greatest welfare, written as the least cost.

    min Σ_b s_b π_b x_b − Σ_{d not required} s_d v_d y_d   [money per hour]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), bid("A2", "A", "down", 5, 20), need("e", "A", 10, 70))
    >>> print(cost(model_of(problem), problem))
    60.0*x[0] - 20.0*x[1] - 70.0*y[0]
    """
    price = problem.money(problem.offer_sign * problem.offer_price)
    value = problem.money(problem.need_sign * problem.need_value)
    bought = quicksum(price[offer] * model.x[offer] for offer in range(len(problem.offers)))
    return bought - quicksum(
        value[need] * model.y[need] for need in range(len(problem.needs)) if not problem.required[need]
    )


def balance(model: ConcreteModel, problem: Problem, node: int) -> RelationalExpression:
    """What is activated at a node, less what leaves it and plus what arrives, serves the needs there.

    Σ_b s_b x_b − Σ_{a leaving} (1 + l_a/2) f_a + Σ_{a arriving} (1 − l_a/2) f_a = Σ_d s_d y_d   [MW]; dual = price

    >>> from gateway.clearing.example import bid, border, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50), *border("B", "A", 25, loss="0.1"))
    >>> print(balance(model_of(problem), problem, 0))
    x[0] - 1.05*f[0] + 0.95*f[1]  ==  y[0]
    """
    half = problem.arc_half_loss
    activated = quicksum(int(problem.offer_sign[offer]) * model.x[offer] for offer in problem.offers_at[node])
    leaving = quicksum((1 + float(half[arc])) * model.f[arc] for arc in problem.arcs_from[node])
    arriving = quicksum((1 - float(half[arc])) * model.f[arc] for arc in problem.arcs_to[node])
    served = quicksum(int(problem.need_sign[need]) * model.y[need] for need in problem.needs_at[node])
    return activated - leaving + arriving == served


def least_quantity(model: ConcreteModel, problem: Problem, offer: int) -> RelationalExpression:
    """An accepted offer is accepted in its least quantity or more; an indivisible one has m = q.

    x_b ≥ m_b u_b   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60, minimum_mw=15), need("d", "A", 50))
    >>> print(least_quantity(model_of(problem), problem, 0))
    15.0*u[0]  <=  x[0]
    """
    return model.x[offer] >= float(problem.mw(problem.minimum)[offer]) * model.u[offer]


def only_if_accepted(model: ConcreteModel, problem: Problem, offer: int) -> RelationalExpression:
    """An offer that is not accepted contributes nothing.

    x_b ≤ q_b u_b   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60, minimum_mw=15), need("d", "A", 50))
    >>> print(only_if_accepted(model_of(problem), problem, 0))
    x[0]  <=  40.0*u[0]
    """
    return model.x[offer] <= float(problem.mw(problem.quantity)[offer]) * model.u[offer]


def granularity(model: ConcreteModel, problem: Problem, offer: int) -> RelationalExpression:
    """An award is a whole multiple of the granularity.

    x_b = g_b k_b   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60, granularity_mw=5), need("d", "A", 12))
    >>> print(granularity(model_of(problem), problem, 0))
    x[0]  ==  5.0*k[0]
    """
    step = problem.offers[offer].granularity * float(problem.scale.mw)
    return model.x[offer] == step * model.k[offer]


def exclusive_group(model: ConcreteModel, problem: Problem, group: int) -> RelationalExpression:
    """At most one offer of an exclusive group is accepted; their directions may differ.

    Σ_{b in the group} u_b ≤ 1

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> rivals = [bid(name, "A", "up", 40, 60, exclusive="g") for name in ("A1", "A2")]
    >>> problem = problem_of(*rivals, need("d", "A", 50))
    >>> print(exclusive_group(model_of(problem), problem, 0))
    u[0] + u[1]  <=  1
    """
    return quicksum(model.u[offer] for offer in problem.exclusive[group]) <= 1


def step_is_full(model: ConcreteModel, problem: Problem, step: int) -> RelationalExpression:
    """A step of a multipart bid counts as full only when all of it is accepted.

    x_b ≥ q_b z_b   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> steps = bid("A1", "A", "up", 10, 60, multipart="m", minimum_mw=5), bid("A2", "A", "up", 20, 80, multipart="m")
    >>> problem = problem_of(*steps, need("d", "A", 50))
    >>> print(step_is_full(model_of(problem), problem, 0))
    10.0*z[0]  <=  x[0]
    """
    return model.x[step] >= float(problem.mw(problem.quantity)[step]) * model.z[step]


def step_opens(model: ConcreteModel, problem: Problem, step: int, dearer: int) -> RelationalExpression:
    """The next dearer step of a multipart bid opens only when the step before it is full.

    x_{b+1} ≤ q_{b+1} z_b   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> steps = bid("A1", "A", "up", 10, 60, multipart="m", minimum_mw=5), bid("A2", "A", "up", 20, 80, multipart="m")
    >>> problem = problem_of(*steps, need("d", "A", 50))
    >>> print(step_opens(model_of(problem), problem, 0, 1))
    x[1]  <=  20.0*z[0]
    """
    return model.x[dearer] <= float(problem.mw(problem.quantity)[dearer]) * model.z[step]


def grid_limit(model: ConcreteModel, problem: Problem, row: int) -> RelationalExpression:
    """A grid limit, or the joint capacity of one unit, holds; negative headroom counts as 0.

    Σ_b h_b x_b ≤ max(H, 0)   [MW]

    >>> from gateway.clearing.example import bid, limit, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> offered = [bid("A1", "A", "up", 40, 60), bid("A2", "A", "down", 10, 20)]
    >>> problem = problem_of(*offered, need("d", "A", 50), limit("cable", 12, A1=1, A2=-0.5))
    >>> print(grid_limit(model_of(problem), problem, 0))
    x[0] - 0.5*x[1]  <=  12.0
    """
    limit = problem.limits[row]
    used = quicksum(h * model.x[offer] for offer, h in limit.coefficients.items())
    return used <= limit.headroom_mw


def shared_border(model: ConcreteModel, problem: Problem, border: int) -> RelationalExpression:
    """The flows of all commodities over one direction of a border share its capacity.

    Σ_{a over the border} f_a ≤ F   [MW]

    >>> from gateway.clearing.example import bid, border, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> needs = [need("d", "A", 50), need("r", "A", 10, product="reserve")]
    >>> problem = problem_of(*needs, *border("B", "A", 25))
    >>> print(shared_border(model_of(problem), problem, 1))
    f[2] + f[3]  <=  25.0
    """
    flows = quicksum(model.f[arc] for arc in problem.shared[border])
    return flows <= problem.borders[border].capacity * float(problem.scale.mw)


def allowed_direction(model: ConcreteModel, problem: Problem, arc: int) -> RelationalExpression:
    """On a border with losses an arc carries a flow only in the direction that is chosen.

    f_a ≤ F_a w_a   [MW]

    >>> from gateway.clearing.example import border, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(need("d", "A", 50), *border("B", "A", 25, 20, loss="0.1"))
    >>> print(allowed_direction(model_of(problem), problem, 0))
    f[0]  <=  20.0*w[0]
    """
    return model.f[arc] <= float(problem.mw(problem.arc_capacity)[arc]) * model.w[arc]


def one_direction(model: ConcreteModel, problem: Problem, pair: int) -> RelationalExpression:
    """On a border with losses only one direction is chosen.

    w_a + w_a' ≤ 1

    >>> from gateway.clearing.example import border, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(need("d", "A", 50), *border("B", "A", 25, 20, loss="0.1"))
    >>> print(one_direction(model_of(problem), problem, 0))
    w[0] + w[1]  <=  1
    """
    arc, back = problem.opposed[pair]
    return model.w[arc] + model.w[back] <= 1
