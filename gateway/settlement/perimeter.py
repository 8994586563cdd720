"""Correction of the balance responsible parties' perimeters (Regulation (EU) 2017/2195, article 49).

An activation moves energy in the perimeter of whoever supplies the activated customer, who did not cause it: that
perimeter is corrected by the *delivered* energy. The provider of the service answers for the difference between what
was *requested* and what was delivered: its perimeter is corrected by that.

    imbalance = allocated − position − adjustment      [MWh, net injection positive]

The sum of the corrections is the requested energy: what the system operator bought.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.model import ZERO
from gateway.settlement.ledger import Posting, posting
from gateway.settlement.payments import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """The position of ``party`` is corrected by ``energy_mwh`` (net injection positive) because of a bid."""

    party: str
    energy_mwh: Decimal
    bid_id: str


def adjustments(delivery: Delivery, *, supplier: str, provider_responsible: str) -> tuple[Adjustment, Adjustment]:
    """Return the corrections of the supplier's and of the provider's balance responsible party; both may be one."""
    sign, bid_id = delivery.direction.sign, delivery.bid_id
    missing = delivery.requested_mwh - delivery.delivered_mwh
    return (
        Adjustment(party=supplier, energy_mwh=sign * delivery.delivered_mwh, bid_id=bid_id),
        Adjustment(party=provider_responsible, energy_mwh=sign * missing, bid_id=bid_id),
    )


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
