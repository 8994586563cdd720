"""What a provider is paid for balancing energy (Regulation (EU) 2017/2195, article 47; pay-as-cleared, article 30).

The price of an upward activation is paid to the provider, that of a downward one is paid by it; a negative price
turns either round. Which energy counts is a term of the market: what was requested, so that a shortfall becomes the
provider's imbalance, or the lesser of requested and delivered with a penalty on the shortfall.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.model import ZERO, Direction
from gateway.settlement.ledger import Posting, posting


class VolumeBasis(StrEnum):
    """Which energy is paid."""

    REQUESTED = "requested"
    LESSER = "lesser of requested and delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """Terms of a market: what is paid, and the penalty per MWh of shortfall under `VolumeBasis.LESSER`."""

    basis: VolumeBasis = VolumeBasis.REQUESTED
    penalty_per_mwh: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One activated bid in one period: requested and delivered energy in its direction, MWh, and its price per MWh.

    The price is that of the place where the bid counts: for a bid accepted because of a grid constraint the price of
    its node, which is never worse than the bid's own.
    """

    bid_id: str
    provider: str
    operator: str
    direction: Direction
    requested_mwh: Decimal
    delivered_mwh: Decimal
    price: Decimal


def settled_mwh(delivery: Delivery, basis: VolumeBasis) -> Decimal:
    """Return the energy of *delivery* that is paid as balancing energy, in its direction: never more than requested.

    Energy delivered against the request counts as none.
    """
    useful = max(ZERO, min(delivery.requested_mwh, delivery.delivered_mwh))
    return delivery.requested_mwh if basis is VolumeBasis.REQUESTED else useful


def energy_payments(delivery: Delivery, terms: PaymentTerms) -> Iterator[Posting]:
    """Yield what the operator pays to the provider for *delivery*, and the penalty where the terms have one.

    Energy delivered beyond the request is no balancing energy: it shows in the provider's imbalance.
    """
    paid = settled_mwh(delivery, terms.basis)
    amount = delivery.direction.sign * paid * delivery.price
    yield posting(delivery.operator, delivery.provider, amount, f"balancing energy {delivery.bid_id}")
    shortfall = delivery.requested_mwh - paid
    if shortfall and terms.penalty_per_mwh:
        penalty = shortfall * terms.penalty_per_mwh
        yield posting(delivery.provider, delivery.operator, penalty, f"shortfall {delivery.bid_id}")


def make_whole(delivery: Delivery, bid_price: Decimal) -> Posting | None:
    """Return the payment due where a bid was activated at a loss, or None.

    It lifts the price to the bid's own: due under a pricing rule that allows paradoxically accepted bids.
    """
    loss = delivery.direction.sign * (bid_price - delivery.price) * delivery.requested_mwh
    if loss <= ZERO:
        return None
    return posting(delivery.operator, delivery.provider, loss, f"make-whole {delivery.bid_id}")
