"""Volumes and strict prices in one program, built straight as arrays.

The equations are those of `gateway.clearing.strict`, under the same names. M is twice the price cap. Every volume has
two switches: ``some`` (it may be above nothing) and ``all`` (it is all there is).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gateway.clearing import arrays
from gateway.clearing.arrays import costs, steps
from gateway.clearing.blocks import Columns, Family, Rows, assemble, pairs, terms
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Floats, Ints, Problem
from gateway.clearing.tolerance import granted


def _cap(problem: Problem) -> float:
    return problem.cap * float(problem.scale.price)


def _switch(of: Family) -> Family:
    return Family(of.members, lambda _: 1.0, integer=True)


_VOLUMES = ("x", "y", "f")
FAMILIES = {
    **arrays.FAMILIES,
    "p": Family(lambda p: range(len(p.nodes)), _cap, lower=lambda p: -_cap(p)),
    **{f"{name}_{end}": _switch(arrays.FAMILIES[name]) for name in _VOLUMES for end in ("some", "all")},
}
"""The families of `gateway.clearing.arrays`, the prices of the nodes and the switches of the volumes."""


def nothing_unless(problem: Problem, at: Columns) -> Iterator[Rows]:
    """X − q t ≤ 0, y − D t ≤ 0, f − F t ≤ 0   [MW]."""
    for name, most in _most(problem):
        yield pairs(at.all(name), at.all(f"{name}_some"), most, most=0.0)


def all_if(problem: Problem, at: Columns) -> Iterator[Rows]:
    """X − q h ≥ 0, y − D h ≥ 0, f − F h ≥ 0   [MW]."""
    for name, most in _most(problem):
        yield pairs(at.all(name), at.all(f"{name}_all"), most, least=0.0)


def no_loss(problem: Problem, at: Columns) -> Iterator[Rows]:
    """s_b p_i − M t_b ≥ s_b π_b − M   [money per MWh]."""
    big, asks = 2 * _cap(problem), problem.money(problem.offer_sign * problem.offer_price)
    yield terms([_offers_see(problem, at), (at.all("x_some"), np.full(asks.size, -big))], least=asks - big)


def in_the_money_is_full(problem: Problem, at: Columns) -> Iterator[Rows]:
    """s_b p_i − M h_b + M Σ (what may keep b out) ≤ s_b π_b + M n   [money per MWh]; n counts what may keep b out."""
    big, free = 2 * _cap(problem), np.setdiff1d(at.members["x"], at.members["k"])
    asks = problem.money(problem.offer_sign * problem.offer_price)[free]
    prices, signs = _offers_see(problem, at)
    barred = dict.fromkeys(problem.switched, 0)
    before = {dearer: step for step, dearer in steps(problem)}
    switched = np.array([offer in barred for offer in free], dtype=float)
    behind = np.array([offer in before for offer in free], dtype=float)
    first = [before.get(int(offer), int(at.members["z"][0]) if before else 0) for offer in free]
    summands = [
        (prices[free], signs[free]),
        (at.of("x_all", free), np.full(free.size, -big)),
        (at.of("x_some", free), big * switched),
    ]
    if before:
        summands.append((at.of("z", first), big * behind))
    yield terms(summands, most=asks + big * (switched + behind))


def bought_within_limit(problem: Problem, at: Columns) -> Iterator[Rows]:
    """s_d p_i + M t_d ≤ s_d v_d + M   [money per MWh]."""
    needs = np.flatnonzero(~granted(problem))
    big, worth = 2 * _cap(problem), problem.money(problem.need_sign * problem.need_value)[needs]
    prices, signs = _needs_see(problem, at)
    bought = at.of("y_some", needs), np.full(worth.size, big)
    yield terms([(prices[needs], signs[needs]), bought], most=worth + big)


def unserved_beyond_limit(problem: Problem, at: Columns) -> Iterator[Rows]:
    """s_d p_i + M h_d ≥ s_d v_d   [money per MWh]."""
    big, worth = 2 * _cap(problem), problem.money(problem.need_sign * problem.need_value)
    yield terms([_needs_see(problem, at), (at.all("y_all"), np.full(worth.size, big))], least=worth)


def flow_towards_higher_price(problem: Problem, at: Columns) -> Iterator[Rows]:
    """p_start − p_end + M t_a ≤ M   [money per MWh]."""
    big, one = 2 * _cap(problem), np.ones(len(problem.arcs))
    start, end = at.of("p", problem.arc_start), at.of("p", problem.arc_end)
    yield terms([(start, one), (end, -one), (at.all("f_some"), big * one)], most=big)


def difference_only_when_full(problem: Problem, at: Columns) -> Iterator[Rows]:
    """p_end − p_start − M h_a ≤ 0   [money per MWh]."""
    big, one = 2 * _cap(problem), np.ones(len(problem.arcs))
    start, end = at.of("p", problem.arc_start), at.of("p", problem.arc_end)
    yield terms([(end, one), (start, -one), (at.all("f_all"), -big * one)], most=0.0)


EQUATIONS: tuple[Callable[[Problem, Columns], Iterator[Rows]], ...] = (
    nothing_unless,
    all_if,
    no_loss,
    in_the_money_is_full,
    bought_within_limit,
    unserved_beyond_limit,
    flow_towards_higher_price,
    difference_only_when_full,
)
"""What comes to the equations of `gateway.clearing.arrays`."""


def strict_formulation(problem: Problem) -> Formulation:
    """Return the arrays of volumes and strict prices."""
    at = Columns(problem, FAMILIES)
    blocks = arrays.rows(problem, at)
    blocks += [rows for equation in EQUATIONS for rows in equation(problem, at)]
    return assemble(at, blocks, *costs(problem, at))


def _most(problem: Problem) -> tuple[tuple[str, Floats], ...]:
    ticks = (problem.quantity, problem.need_quantity, problem.arc_capacity)
    return tuple((name, problem.mw(most)) for name, most in zip(_VOLUMES, ticks, strict=True))


def _offers_see(problem: Problem, at: Columns) -> tuple[Ints, Floats]:
    return at.of("p", problem.offer_node), problem.offer_sign.astype(float)


def _needs_see(problem: Problem, at: Columns) -> tuple[Ints, Floats]:
    return at.of("p", problem.need_node), problem.need_sign.astype(float)
