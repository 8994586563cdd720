"""Split of the joint cost of a common market between its buyers.

``shapley``: each buyer's mean contribution over all orders in which the coalition can form (L. S. Shapley, 1953);
efficient, symmetric, and nobody pays for what it does not cause. ``standalone``: in proportion to what each would pay
alone. Both need the cost of sub-coalitions, which are clearings of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

from gateway.errors import InvalidValue
from gateway.model import ZERO

Coalition = frozenset[str]


def shapley(cost: Mapping[Coalition, Decimal]) -> Mapping[str, Decimal]:
    """Return each buyer's Shapley share of the cost of all of them together.

    *cost* holds the cost of every coalition that is not empty. Shares are exact fractions, rounded only by the decimal
    context. Raises `InvalidValue` where a coalition is missing.

    >>> alone = {frozenset({"TSO"}): Decimal(600), frozenset({"DSO"}): Decimal(68)}
    >>> dict(sorted(shapley({**alone, frozenset({"TSO", "DSO"}): Decimal(668)}).items()))
    {'DSO': Decimal('68'), 'TSO': Decimal('600')}
    """
    buyers = sorted(frozenset().union(*cost))
    return {buyer: _decimal(_share(buyer, buyers, cost)) for buyer in buyers}


def standalone(joint: Decimal, alone: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Return shares of *joint* in proportion to the cost of each buyer alone; equal shares where all of those are 0."""
    total = sum(alone.values(), ZERO)
    if not total:
        return {buyer: joint / len(alone) for buyer in alone}
    return {buyer: joint * cost / total for buyer, cost in alone.items()}


def _share(buyer: str, buyers: list[str], cost: Mapping[Coalition, Decimal]) -> Fraction:
    others = [other for other in buyers if other != buyer]
    share = Fraction(0)
    for size in range(len(buyers)):
        weight = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(buyers)))
        for before in map(frozenset, combinations(others, size)):
            share += weight * (_cost(before | {buyer}, cost) - _cost(before, cost))
    return share


def _cost(coalition: Coalition, cost: Mapping[Coalition, Decimal]) -> Fraction:
    if not coalition:
        return Fraction(0)
    if coalition not in cost:
        raise InvalidValue("cost", f"the cost of {' with '.join(sorted(coalition))}", "nothing")
    return Fraction(cost[coalition])


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)
