"""Split of the joint cost of a common market between its buyers.

``shapley``: each buyer's mean contribution over all orders in which the coalition can form (L. S. Shapley, 1953);
efficient, symmetric, and nobody pays for what it does not cause. ``standalone``: in proportion to what each would pay
alone. Both need the cost of sub-coalitions, which are clearings of their own. ``by_purpose`` needs none: each
activation is charged to the owner of the constraint that made it accepted. The key ``lmp`` is
`gateway.settlement.nodal`.

All amounts per hour, or all per period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposedActivation:
    """An activation of ``injection_mw`` (net injection positive) at ``price``, and who it was made for.

    ``owner`` owns the constraint that made it accepted; None for an activation that was made for its energy.
    """

    bid_id: str
    injection_mw: Decimal
    price: Decimal
    owner: str | None = None


def purpose(sign: int, dual_terms: Mapping[str, Decimal]) -> str | None:
    """Return the constraint that speaks most for a bid of the direction *sign*, or None where none does.

    *dual_terms* holds μ h of each constraint: what it takes from the price of the bid's node.

    >>> purpose(-1, {"voltage D2": Decimal(68), "flow D1-D2": Decimal(0)})
    'voltage D2'
    """
    speaking = {name: -sign * term for name, term in dual_terms.items() if -sign * term > 0}
    return min(speaking, key=lambda name: (-speaking[name], name), default=None)


def by_purpose(
    activations: Iterable[PurposedActivation], energy_buyer: str, balance_price: Decimal
) -> Mapping[str, Decimal]:
    """Return what each operator bears of the cost Σ P π of *activations*.

    The owner of a constraint bears what its activations cost, and their energy at the *balance_price*, because somebody
    has to restore the balance: P (π − λ). Whoever buys the energy bears the rest.

    >>> for_voltage = PurposedActivation(bid_id="E4", injection_mw=Decimal(-1), price=Decimal(-18), owner="DSO")
    >>> for_energy = PurposedActivation(bid_id="G1", injection_mw=Decimal(13), price=Decimal(50))
    >>> dict(by_purpose([for_voltage, for_energy], "TSO", Decimal(50)))
    {'TSO': Decimal('600'), 'DSO': Decimal('68')}
    """
    shares = {energy_buyer: ZERO}
    for activation in activations:
        owner = energy_buyer if activation.owner is None else activation.owner
        rebalanced = activation.injection_mw * balance_price
        shares[owner] = shares.get(owner, ZERO) + activation.injection_mw * activation.price - rebalanced
        shares[energy_buyer] += rebalanced
    return shares


def unpriced_transfer(injection_mw: Decimal, interface_price: Decimal) -> Decimal:
    """Return what a transmission operator pays per hour for energy that a local market moved without paying for it.

    *injection_mw*: the change of net injection that the distribution operator bought for its own grid. Taken down, the
    transmission operator has to buy it back at the price of the interface (local scheme, unpriced interface).
    """
    return -injection_mw * interface_price


def proportionally(total: Decimal, weights: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Return *total* split in proportion to *weights*, which may be of either sign; the last share takes the remainder.

    Raises `InvalidValue` for weights that add up to nothing while there is something to split.
    """
    whole = sum(weights.values(), ZERO)
    if not whole and total:
        raise InvalidValue("weights", "weights that do not add up to 0", str(dict(weights)))
    names = list(weights)
    shares = {name: total * weights[name] / whole if whole else ZERO for name in names[:-1]}
    rest = {name: total - sum(shares.values(), ZERO) for name in names[-1:]}
    return shares | rest


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
