"""The clearing built straight as arrays: the engine of production.

The equations are those of `gateway.clearing.equations`, one function to an equation and under the same name, but
written for all members at once (`gateway.clearing.blocks`). That both texts give the same rows is checked equation by
equation in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, pairwise

import numpy as np

from gateway.clearing import arrays_periods
from gateway.clearing.blocks import Columns, Family, Rows, assemble, pairs, sums
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Floats, Problem


def steps(problem: Problem) -> tuple[tuple[int, int], ...]:
    """Return each step of a unit whose order needs a decision, with the next dearer one."""
    return tuple(pair for unit in problem.chains for pair in pairwise(unit))


def _opposed(problem: Problem) -> tuple[int, ...]:
    return tuple(chain.from_iterable(problem.opposed))


FAMILIES = {
    "x": Family(lambda p: range(len(p.offers)), lambda p: p.mw(p.quantity)),
    "y": Family(lambda p: range(len(p.needs)), lambda p: p.mw(p.need_quantity)),
    "f": Family(lambda p: range(len(p.arcs)), lambda p: p.mw(p.arc_capacity)),
    "u": Family(lambda p: p.switched, lambda _: 1.0, integer=True),
    "k": Family(lambda p: p.granular, lambda _: np.inf, integer=True),
    "z": Family(lambda p: [step for step, _ in steps(p)], lambda _: 1.0, integer=True),
    "w": Family(_opposed, lambda _: 1.0, integer=True),
    **arrays_periods.FAMILIES,
}
"""x accepted MW of an offer, y served MW of a need, f MW on an arc; u accepted at all, k multiples of the granularity,
z step is full, w direction is chosen."""


def balance(problem: Problem, at: Columns) -> Rows:
    """Σ_b s_b x_b − Σ_{a leaving} (1 + l_a/2) f_a + Σ_{a arriving} (1 − l_a/2) f_a − Σ_d s_d y_d = 0   [MW]."""
    half = problem.arc_half_loss
    return Rows(
        row=np.concatenate([problem.offer_node, problem.need_node, problem.arc_start, problem.arc_end]),
        column=np.concatenate([at.all("x"), at.all("y"), at.all("f"), at.all("f")]),
        value=np.concatenate([problem.offer_sign, -problem.need_sign, -(1 + half), 1 - half]),
        lower=np.zeros(len(problem.nodes)),
        upper=np.zeros(len(problem.nodes)),
    )


def least_quantity(problem: Problem, at: Columns) -> Rows:
    """x_b − m_b u_b ≥ 0   [MW]."""
    offers = at.members["u"][problem.minimum[at.members["u"]] > 0]
    return pairs(at.of("x", offers), at.of("u", offers), problem.mw(problem.minimum[offers]), least=0.0)


def only_if_accepted(problem: Problem, at: Columns) -> Rows:
    """x_b − q_b u_b ≤ 0   [MW]."""
    offers = at.members["u"]
    return pairs(at.of("x", offers), at.all("u"), problem.mw(problem.quantity[offers]), most=0.0)


def granularity(problem: Problem, at: Columns) -> Rows:
    """x_b − g_b k_b = 0   [MW]."""
    size = np.array([problem.offers[offer].granularity for offer in problem.granular], dtype=np.int64)
    return pairs(at.of("x", problem.granular), at.all("k"), problem.mw(size), least=0.0, most=0.0)


def exclusive_group(problem: Problem, at: Columns) -> Rows:
    """Σ_{b in the group} u_b ≤ 1."""
    groups = [at.of("u", group) for group in problem.exclusive]
    return sums(groups, [np.ones(group.size) for group in groups], np.ones(len(groups)))


def step_is_full(problem: Problem, at: Columns) -> Rows:
    """x_b − q_b z_b ≥ 0   [MW]."""
    full = at.members["z"]
    return pairs(at.of("x", full), at.all("z"), problem.mw(problem.quantity[full]), least=0.0)


def step_opens(problem: Problem, at: Columns) -> Rows:
    """x_{b+1} − q_{b+1} z_b ≤ 0   [MW]."""
    dearer = np.array([later for _, later in steps(problem)], dtype=np.int64)
    return pairs(at.of("x", dearer), at.all("z"), problem.mw(problem.quantity[dearer]), most=0.0)


def grid_limit(problem: Problem, at: Columns) -> Rows:
    """Σ_b h_b x_b ≤ max(H, 0)   [MW]."""
    columns = [at.of("x", limit.coefficients) for limit in problem.limits]
    values = [np.array(list(limit.coefficients.values())) for limit in problem.limits]
    return sums(columns, values, np.array([limit.headroom_mw for limit in problem.limits]))


def shared_border(problem: Problem, at: Columns) -> Rows:
    """Σ_{a over the border} f_a ≤ F   [MW]."""
    columns = [at.of("f", arcs) for arcs in problem.shared.values()]
    most = np.array([problem.borders[border].capacity for border in problem.shared], dtype=np.int64)
    return sums(columns, [np.ones(arcs.size) for arcs in columns], problem.mw(most))


def allowed_direction(problem: Problem, at: Columns) -> Rows:
    """f_a − F_a w_a ≤ 0   [MW]."""
    arcs = at.members["w"]
    return pairs(at.of("f", arcs), at.all("w"), problem.mw(problem.arc_capacity[arcs]), most=0.0)


def one_direction(problem: Problem, at: Columns) -> Rows:
    """w_a + w_a' ≤ 1."""
    both = [at.of("w", pair) for pair in problem.opposed]
    return sums(both, [np.ones(pair.size) for pair in both], np.ones(len(both)))


EQUATIONS: tuple[Callable[[Problem, Columns], Rows], ...] = (
    balance,
    least_quantity,
    only_if_accepted,
    granularity,
    exclusive_group,
    step_is_full,
    step_opens,
    grid_limit,
    shared_border,
    allowed_direction,
    one_direction,
)
"""All equations, under the names that they have in `gateway.clearing.equations`."""

SPEAKS_OF: dict[Callable[[Problem, Columns], Rows], str] = {
    least_quantity: "u",
    only_if_accepted: "u",
    granularity: "k",
    exclusive_group: "u",
    step_is_full: "z",
    step_opens: "z",
    allowed_direction: "w",
    one_direction: "w",
}
"""The decisions that an equation speaks of; where there are none it has no rows, and need not be written."""


def formulate(problem: Problem) -> Formulation:
    """Return the arrays of *problem*.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> formulation = formulate(problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50)))
    >>> formulation.columns["x"], formulation.program.matrix.toarray().tolist()
    ({0: 0}, [[1.0, -1.0]])
    """
    at = Columns(problem, FAMILIES)
    return assemble(at, rows(problem, at), *costs(problem, at))


def rows(problem: Problem, at: Columns) -> list[Rows]:
    """Return the blocks of rows of all equations that have any."""
    silent = {family for family in SPEAKS_OF.values() if not at.members[family].size}
    coupled = arrays_periods.EQUATIONS if problem.couplings else ()
    written = (*(each for each in EQUATIONS if SPEAKS_OF.get(each) not in silent), *coupled)
    return [equation(problem, at) for equation in written]


def costs(problem: Problem, at: Columns) -> tuple[Floats, Floats]:
    """Return the cost of the second goal, welfare, and that of the first, the service of required needs."""
    cost, unserved = np.zeros(at.size), np.zeros(at.size)
    cost[at.all("x")] = problem.money(problem.offer_sign * problem.offer_price)
    value = problem.money(problem.need_sign * problem.need_value)
    cost[at.all("y")] = np.where(problem.required, 0.0, -value)
    unserved[at.all("y")] = np.where(problem.required, -1.0, 0.0)
    return cost, unserved
