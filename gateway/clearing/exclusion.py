"""Volumes and prices that go together: what to do about accepted offers that lose.

With the yes-or-no decisions of the greatest welfare there may be no prices at which every accepted offer earns its own
price: a cheap divisible offer is cut back to make room for an indivisible one and then sets a price below it.

*Welfare first* keeps these volumes and tells who is owed how much. *Strict* pricing gives up welfare instead. A small
market is answered by the exact program (`gateway.clearing.strict`). In a large one the offer that loses most is barred,
one for each node, and the market cleared again until nobody loses; every round bars at least one, so that it ends.

Source: Regulation (EU) 2017/2195 pricing proposals for standard products ("unforeseeably rejected bids"); the iteration
is that of the European day-ahead coupling algorithm for paradoxically accepted block orders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gateway.clearing.dispatch import (
    Proof,
    Search,
    Volumes,
    dispatch,
    dispatch_like,
    merit_of,
    of_least_volume,
    welfare,
)
from gateway.clearing.engine import Engine
from gateway.clearing.formulation import Formulation
from gateway.clearing.market import ClearingRules
from gateway.clearing.merit_order import applies, by_merit
from gateway.clearing.prices import Prices, find_prices
from gateway.clearing.problem import Floats, Problem
from gateway.clearing.solver import Program
from gateway.clearing.ties import settle_ties
from gateway.errors import Unsolved
from gateway.market import CounterActivation, Pricing

EXACT_UP_TO = 60
"""Number of offers and needs up to which the exact program is used."""


@dataclass(frozen=True, eq=False)
class Cleared:
    """Volumes with the prices that support them, and how they were come by."""

    volumes: Volumes
    prices: Prices
    notes: tuple[str, ...] = ()


def settle(problem: Problem, engine: Engine, rules: ClearingRules) -> Cleared:
    """Return volumes and prices under *rules*.

    Raises `gateway.errors.Unsolved` where the solver cannot prove an answer.
    """
    if rules.counter_activation is CounterActivation.VOLUME_FIRST:
        return _least_volume(problem, engine.formulate(problem))
    if engine.merit_order and applies(problem):
        # Without decisions nobody can lose.
        return _priced(problem, by_merit(problem))
    formulation = engine.formulate(problem)
    search = _limited(engine.search, rules)
    best = _priced(problem, dispatch(problem, formulation, search=search))
    if not best.prices.losses.any():
        return best
    if rules.pricing is Pricing.WELFARE_FIRST:
        return Cleared(best.volumes, best.prices, (_owed(problem, best),))
    found, method = _exact(problem, formulation, engine), "the exact program"
    if found is None:
        found = _exclude(problem, formulation, best, search)
        method = "barring the offers that lose most and clearing again"
    return Cleared(found.volumes, found.prices, _given_up(problem, best.volumes, found.volumes, method))


def _least_volume(problem: Problem, formulation: Formulation) -> Cleared:
    """Return the volumes that activate least, with prices that suit those who stand aside too, if there are such."""
    volumes = settle_ties(problem, of_least_volume(problem, formulation))
    open_to_all = replace(volumes, barred=frozenset(), held=frozenset())
    try:
        return Cleared(open_to_all, find_prices(problem, open_to_all))
    except Unsolved:
        return Cleared(volumes, find_prices(problem, volumes))


def _limited(search: Search, rules: ClearingRules) -> Search:
    """Return *search* within the limits of *rules*."""
    seconds = np.inf if rules.stop_after_s is None else float(rules.stop_after_s)

    def within(problem: Problem, formulation: Formulation, program: Program) -> tuple[Floats, Proof]:
        return search(problem, formulation, replace(program, nodes=rules.work_limit, seconds=seconds))

    return within


def _priced(problem: Problem, volumes: Volumes) -> Cleared:
    settled = settle_ties(problem, volumes)
    return Cleared(settled, find_prices(problem, settled))


def _exact(problem: Problem, formulation: Formulation, engine: Engine) -> Cleared | None:
    """Return the answer of the exact program.

    None where the market is too large for it, where offers are bound to each other beyond groups, where it takes too
    long, or where its large coefficients have misled the solver.
    """
    if problem.couplings or not problem.is_network or len(problem.offers) + len(problem.needs) > EXACT_UP_TO:
        return None
    try:
        exact = _priced(problem, dispatch_like(problem, formulation, engine.strict(problem)))
    except Unsolved:
        return None
    return None if exact.prices.losses.any() else exact


def _exclude(problem: Problem, formulation: Formulation, cleared: Cleared, search: Search) -> Cleared:
    """Bar, at every node, the accepted offer with the largest loss, until none loses.

    Where that would leave a required need unserved, another loser is tried that does not.
    """
    while cleared.prices.losses.any():
        served = merit_of(problem, cleared.volumes)[0]
        following = _bar(problem, formulation, cleared, _worst(problem, cleared), search)
        for offer in _losers(cleared):
            if merit_of(problem, following.volumes)[0] >= served:
                break
            other = _bar(problem, formulation, cleared, frozenset({offer}), search)
            following = max(following, other, key=lambda each: merit_of(problem, each.volumes)[0])
        cleared = following
    return cleared


def _bar(
    problem: Problem, formulation: Formulation, cleared: Cleared, offers: frozenset[int], search: Search
) -> Cleared:
    return _priced(problem, dispatch(problem, formulation, cleared.volumes.barred | offers, search))


def _losers(cleared: Cleared) -> list[int]:
    """Return the offers that lose, the largest loss first."""
    loss = cleared.prices.losses * cleared.volumes.accepted
    return sorted(np.flatnonzero(loss > 0).tolist(), key=lambda offer: (-loss[offer], offer))


def _worst(problem: Problem, cleared: Cleared) -> frozenset[int]:
    """Return, for each node, the offer with the largest loss there."""
    worst: dict[int, int] = {}
    for offer in _losers(cleared):
        worst.setdefault(int(problem.offer_node[offer]), offer)
    return frozenset(worst.values())


def _owed(problem: Problem, cleared: Cleared) -> str:
    loss = cleared.prices.losses * cleared.volumes.accepted * float(problem.scale.mw * problem.scale.price)
    losers = [f"{problem.offers[at].id} {loss[at]:.2f}" for at in np.flatnonzero(loss > 0)]
    return f"{problem.period}: welfare first; owed to accepted bids that lose, per hour: {', '.join(losers)}."


def _given_up(problem: Problem, best: Volumes, found: Volumes, method: str) -> tuple[str, ...]:
    lost = (welfare(problem, best) - welfare(problem, found)) * problem.scale.mw * problem.scale.price
    unmet = int((best.served - found.served)[problem.required].sum())
    notes = [f"{problem.period}: strict prices by {method}; they cost a welfare of {lost:.2f} per hour."]
    if unmet > 0:
        left = problem.scale.megawatts(unmet)
        notes.append(
            f"{problem.period}: strict prices leave {left} MW of required needs unserved that could be served."
        )
    return tuple(notes)
