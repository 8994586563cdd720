"""The goals of the balancing processes, from which each process names some in an order of its own.

Costs are whole numbers for each column, in steps of MW and of money; the least total is best.

>>> SATISFIED_DEMAND.sentence
'greatest satisfied demand [MW]'
"""

from __future__ import annotations

from decimal import Decimal

from gateway.clearing.problem import Floats
from gateway.coupling.transport import Goal, Layout


def _demand(problem: Layout) -> Floats:
    return problem.costs(demands=[-1] * len(problem.demands))


def _volume(problem: Layout) -> Floats:
    return problem.costs(bids=[1] * len(problem.bids))


def _cost(problem: Layout) -> Floats:
    prices = (bid.direction.sign * problem.scale.price_ticks(bid.price or Decimal(0)) for bid in problem.bids)
    return problem.costs(bids=prices)


def _avoided(problem: Layout) -> Floats:
    return problem.costs(demands=(-each.sign * problem.scale.price_ticks(each.value) for each in problem.demands))


def _flows(problem: Layout) -> Floats:
    return problem.costs(ways=[1] * len(problem.ways))


def _power(problem: Layout, ticks: int) -> Decimal:
    return problem.scale.megawatts(abs(ticks))


def _money(problem: Layout, ticks: int) -> Decimal:
    return -ticks * problem.scale.mw * problem.scale.price


SATISFIED_DEMAND = Goal("greatest satisfied demand [MW]", _demand, _power)
"""max Σ y. Demands of opposite sign satisfy each other where borders allow it."""

ACTIVATED_VOLUME = Goal("least activated volume [MW]", _volume, _power)
"""min Σ x: what nets is not activated against each other."""

WELFARE = Goal("greatest welfare of the activations [money per hour]", _cost, _money)
"""min Σ s π x: the cheapest up bids, and down bids that pay most."""

AVOIDED_VALUE = Goal("greatest avoided value [money per hour]", _avoided, _money)
"""max Σ s v y: activations are avoided where they would cost most and earn least."""

FLOWS = Goal("least flows [MW]", _flows, _power)
"""min Σ f: nothing circulates, and nothing goes a longer way."""
