"""What binds offers over several intervals, as equations, one to a function.

Further variables, each 0 or 1
    on_s     a unit is activated in slot s (the unit in one interval)
    start_s  its activation begins in slot s       stop_s  its activation ends with slot s
    used_i   the sum that is stated for unit i is delivered

Everything else as in `gateway.clearing.equations`; u_b is 1 where offer b is accepted at all. The rows over volumes are
built in `gateway.clearing.linking`, which says what R, E and h are. Nothing accepted, all units off, satisfies every
equation.

Source: block, linked and profile bids as in the European day-ahead coupling (EUPHEMIA public description, 2020); units
over time as in Ostrowski, Anjos, Vannelli, "Tight mixed integer linear programming formulations for the unit commitment
problem", IEEE Transactions on Power Systems 27 (2012).
"""

from __future__ import annotations

from pyomo.core.base.PyomoModel import ConcreteModel
from pyomo.core.expr.numeric_expr import NumericExpression
from pyomo.core.expr.relational_expr import RelationalExpression
from pyomo.core.util import quicksum

from gateway.clearing.problem import Problem
from gateway.clearing.rows import LimitRow


def dependence(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """A child is accepted only with its parent, a linked bid only as its links allow.

    u_b ≤ Σ_{p: accepted permits} u_p + Σ_{n: not accepted permits} (1 − u_n)

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> problem = problem_of(bid("C", "A", "up", 9, 20, parent="P"), bid("P", "A", "up", 9, 60), need("d", "A", 50))
    >>> print(dependence(model_of(problem), problem, 0))
    u[0]  <=  u[1]
    """
    each = problem.couplings.dependences[at]
    permitted = quicksum(model.u[offer] for offer in each.accepted)
    return model.u[each.offer] <= permitted + quicksum(1 - model.u[offer] for offer in each.refused)


def accepted_alike(model: ConcreteModel, _: Problem, offer: int, first: int) -> RelationalExpression:
    """All bids of a block bid are accepted, or none.

    u_bt = u_b1

    >>> from gateway.clearing.example import QUARTERS, bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> both = [bid("A1", "A", "up", 9, 20, block_bid="b", divisible=False, interval=QUARTERS[at]) for at in (0, 1)]
    >>> problem = problem_of(*both, *(need("d", "A", 5, interval=QUARTERS[at]) for at in (0, 1)))
    >>> print(accepted_alike(model_of(problem), problem, 1, 0))
    u[1]  ==  u[0]
    """
    return model.u[offer] == model.u[first]


def one_ratio(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """All bids of a block bid are accepted in one ratio of what they offer.

    x_t − (q_t / q_1) x_1 = 0   [MW]

    >>> from gateway.clearing.example import QUARTERS, bid, need, problem_of
    >>> from gateway.clearing.reference import model_of
    >>> both = [bid("A1", "A", "up", 8 - 4 * at, 20, block_bid="b", interval=QUARTERS[at]) for at in (0, 1)]
    >>> problem = problem_of(*both, *(need("d", "A", 5, interval=QUARTERS[at]) for at in (0, 1)))
    >>> print(one_ratio(model_of(problem), problem, 0))
    x[1] - 0.5*x[0]  ==  0.0
    """
    row = problem.couplings.ratios[at]
    return _used(model, row) == row.headroom_mw


def ramp(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """The activation of a unit changes no faster than its ramp allows.

    X_t − X_{t−1} ≤ R Δ and X_{t−1} − X_t ≤ R Δ   [MW]

    >>> from gateway.clearing.example import QUARTERS, bid, need, problem_of, unit
    >>> from gateway.clearing.reference import model_of
    >>> both = [bid("A1", "A", "up", 9, 20, technical_link="U", interval=QUARTERS[at]) for at in (0, 1)]
    >>> asked = [need("d", "A", 5, interval=QUARTERS[at]) for at in (0, 1)]
    >>> problem = problem_of(*both, *asked, unit("U", ramp_mw_per_hour=8))
    >>> print(ramp(model_of(problem), problem, 0))
    - x[0] + x[1]  <=  2.0
    """
    row = problem.couplings.ramps[at]
    return _used(model, row) <= row.headroom_mw


def greatest_energy(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """A unit delivers no more energy than it has, both directions counted alike.

    Σ_t Σ_b x_bt ≤ E_max / h   [MW]

    >>> from gateway.clearing.example import QUARTERS, bid, need, problem_of, unit
    >>> from gateway.clearing.reference import model_of
    >>> both = [bid("A1", "A", "up", 9, 20, technical_link="U", interval=QUARTERS[at]) for at in (0, 1)]
    >>> asked = [need("d", "A", 5, interval=QUARTERS[at]) for at in (0, 1)]
    >>> problem = problem_of(*both, *asked, unit("U", maximum_energy_mwh=3))
    >>> print(greatest_energy(model_of(problem), problem, 0))
    x[0] + x[1]  <=  12.0
    """
    row = problem.couplings.energies[at]
    return _used(model, row) <= row.headroom_mw


def stated_energy(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """The activation of a unit adds up to the energy that is stated for it, or there is none.

    Σ_t X_t = (E / h) used_i   [MW]; without used_i where E = 0, a load that is shifted and caught up with

    >>> from gateway.clearing.example import QUARTERS, bid, need, problem_of, unit
    >>> from gateway.clearing.reference import model_of
    >>> ways = ("up", "down")
    >>> both = [bid("A1", "A", ways[at], 9, 20, technical_link="U", interval=QUARTERS[at]) for at in (0, 1)]
    >>> asked = [need("d", "A", 5, interval=QUARTERS[at]) for at in (0, 1)]
    >>> problem = problem_of(*both, *asked, unit("U", energy_mwh=0))
    >>> print(stated_energy(model_of(problem), problem, 0))
    x[0] - x[1]  ==  0.0
    """
    shift = problem.couplings.shifts[at]
    used = model.used[at] if shift.optional else 1
    return _used(model, shift.row) == shift.row.headroom_mw * used


def only_if_used(model: ConcreteModel, problem: Problem, at: int, offer: int) -> RelationalExpression:
    """Without the stated energy nothing of the unit is accepted.

    x_b ≤ q_b used_i   [MW]

    >>> from gateway.clearing.example import bid, need, problem_of, unit
    >>> from gateway.clearing.reference import model_of
    >>> offered = bid("A1", "A", "up", 9, 20, technical_link="U")
    >>> problem = problem_of(offered, need("d", "A", 5), unit("U", energy_mwh=1))
    >>> print(only_if_used(model_of(problem), problem, 0, 0))
    x[0]  <=  9.0*used[0]
    """
    return model.x[offer] <= float(problem.mw(problem.quantity)[offer]) * model.used[at]


def on_if_accepted(model: ConcreteModel, _: Problem, slot: int, offer: int) -> RelationalExpression:
    """A unit is on where one of its offers is accepted.

    u_b ≤ on_s

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(on_if_accepted(model, problem, 1, 1))
    u[1]  <=  on[1]
    """
    return model.u[offer] <= model.on[slot]


def off_without_acceptance(model: ConcreteModel, problem: Problem, slot: int) -> RelationalExpression:
    """A unit is off where none of its offers is accepted.

    on_s ≤ Σ_b u_b

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(off_without_acceptance(model, problem, 1))
    on[1]  <=  u[1]
    """
    return model.on[slot] <= quicksum(model.u[offer] for offer in problem.couplings.slots[slot].offers)


def begins(model: ConcreteModel, problem: Problem, slot: int) -> RelationalExpression:
    """An activation begins where a unit is on and was not on just before.

    on_s − on_{s−1} ≤ start_s

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(begins(model, problem, 1))
    on[1] - on[0]  <=  start[1]
    """
    before = problem.couplings.slots[slot].before
    return model.on[slot] - (0 if before is None else model.on[before]) <= model.start[slot]


def ends(model: ConcreteModel, problem: Problem, slot: int) -> RelationalExpression:
    """An activation ends with a slot where a unit is on and is not on right after.

    on_s − on_{s+1} ≤ stop_s

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(ends(model, problem, 0))
    on[0] - on[1]  <=  stop[0]
    """
    after = problem.couplings.slots[slot].after
    return model.on[slot] - (0 if after is None else model.on[after]) <= model.stop[slot]


def least_duration(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """A unit that began less than its least duration ago is on.

    Σ_{τ begun less than the least duration before s} start_τ ≤ on_s

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(least_duration(model, problem, 1))
    start[0] + start[1]  <=  on[1]
    """
    rule = problem.couplings.least_durations[at]
    return quicksum(model.start[slot] for slot in rule.counted) <= model.on[rule.at]


def rest(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """A unit that ended less than its resting time ago is off.

    Σ_{τ ended less than the resting time before s} stop_τ ≤ 1 − on_s

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(rest(model, problem, 1))
    stop[0] + stop[1]  <=  1 - on[2]
    """
    rule = problem.couplings.rests[at]
    return quicksum(model.stop[slot] for slot in rule.counted) <= 1 - model.on[rule.at]


def longest_duration(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """Of slots that together last longer than the longest duration, a unit is off in one.

    Σ_{τ in the window} on_τ ≤ number of slots − 1

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(longest_duration(model, problem, 0))
    on[0] + on[1] + on[2]  <=  2
    """
    rule = problem.couplings.longest_durations[at]
    return quicksum(model.on[slot] for slot in rule.counted) <= rule.most


def activations(model: ConcreteModel, problem: Problem, at: int) -> RelationalExpression:
    """A unit is activated no more often than it may be.

    Σ_s start_s ≤ N

    >>> from gateway.clearing.example import timed_problem
    >>> from gateway.clearing.reference import model_of
    >>> problem = timed_problem()
    >>> model = model_of(problem)
    >>> print(activations(model, problem, 0))
    start[0] + start[1] + start[2]  <=  1
    """
    rule = problem.couplings.activations[at]
    return quicksum(model.start[slot] for slot in rule.counted) <= rule.most


def _used(model: ConcreteModel, row: LimitRow) -> NumericExpression:
    return quicksum(value * model.x[offer] for offer, value in row.coefficients.items())
