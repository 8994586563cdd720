"""Correction of the balance responsible parties' perimeters (Regulation (EU) 2017/2195, article 49).

An activation moves energy in the perimeter of whoever supplies the activated customer, who did not cause it: that
perimeter is corrected by the *delivered* energy. The provider of the service answers for the difference between the
energy that it is *paid* for and what was delivered: its perimeter is corrected by that.

    imbalance = allocated − position − adjustment      [MWh, net injection positive]

Both corrections of an activation add up to the energy that the system operator paid for (articles 45 and 49 (3)): the
requested energy where that is paid, so that a shortfall costs the imbalance price; the lesser of requested and
delivered where a penalty stands for the imbalance, so that a shortfall is charged once. The corrections of the
suppliers alone add up to the delivered energy.

A balance responsible party that buys the energy itself (integrated market) receives it in its perimeter: the
correction of the buyer is what it bought with the opposite sign, and the corrections of that activation add up to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.model import ZERO
from gateway.settlement.ledger import Posting, posting
from gateway.settlement.payments import Delivery, VolumeBasis, settled_mwh


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """The position of ``party`` is corrected by ``energy_mwh`` (net injection positive) because of a bid."""

    party: str
    energy_mwh: Decimal
    bid_id: str


def adjustments(
    delivery: Delivery, *, supplier: str, provider_responsible: str, basis: VolumeBasis = VolumeBasis.REQUESTED
) -> tuple[Adjustment, Adjustment]:
    """Return the corrections of the supplier's and of the provider's balance responsible party; both may be one."""
    sign, bid_id = delivery.direction.sign, delivery.bid_id
    missing = settled_mwh(delivery, basis) - delivery.delivered_mwh
    return (
        Adjustment(party=supplier, energy_mwh=sign * delivery.delivered_mwh, bid_id=bid_id),
        Adjustment(party=provider_responsible, energy_mwh=sign * missing, bid_id=bid_id),
    )


def purchase_adjustment(buyer: str, injection_mwh: Decimal, purchase_id: str) -> Adjustment:
    """Return the correction of a party that bought *injection_mwh* (net injection positive) for its own perimeter.

    A party that is 2 MWh short and buys 2 MWh upward has no imbalance left:

    >>> bought = purchase_adjustment("BRP", Decimal(2), "need")
    >>> imbalance_mwh(Decimal(-2), Decimal(0), bought.energy_mwh)
    Decimal('0')
    """
    return Adjustment(party=buyer, energy_mwh=-injection_mwh, bid_id=purchase_id)


def by_party(corrections: Iterable[Adjustment]) -> Mapping[str, Decimal]:
    """Return the sum of corrections of each party in MWh."""
    totals: dict[str, Decimal] = {}
    for correction in corrections:
        totals[correction.party] = totals.get(correction.party, ZERO) + correction.energy_mwh
    return totals


def imbalance_mwh(allocated_mwh: Decimal, position_mwh: Decimal, adjustment_mwh: Decimal = ZERO) -> Decimal:
    """Return the imbalance of a perimeter: a surplus is positive."""
    return allocated_mwh - position_mwh - adjustment_mwh


def imbalance_payment(party: str, operator: str, imbalance: Decimal, price: Decimal) -> Posting:
    """Return what a surplus of *imbalance* MWh earns at the imbalance price; a shortage pays."""
    return posting(operator, party, imbalance * price, f"imbalance {party}")


def supplier_compensation(provider: str, supplier: str, delivered_mwh: Decimal, price: Decimal) -> Posting:
    """Return what an independent aggregator owes the supplier for energy it bought but could not bill."""
    return posting(provider, supplier, delivered_mwh * price, f"compensation of {supplier}")
