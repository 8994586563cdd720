"""Guaranteed volumes: bids that an operator keeps out of the common list, to have them for direct activation.

An operator that shares its bids in a common merit order list may keep a volume in reach for faults that cannot wait for
the next scheduled clearing. Rules

1. A guarantee names areas, a direction and MW. It speaks in scheduled clearings only: in the direct activation that it
   is kept for, every bid is there.
2. Bids for direct activation only are never in a scheduled clearing; they cover the guarantee first.
3. What is missing is taken from the usable bids for both kinds of activation, *the dearest first* (up: highest price,
   down: lowest), so that the common list loses what it would use last; at one price the higher id first.
4. A bid is withheld whole. The last one may thus cover more than is missing.
5. Bids of a group (exclusive, multipart, inclusive) and bids with links stay in the common list: one of them taken out
   would change what the others mean.
6. Every bid that is withheld is told so with the guarantee. A guarantee that cannot be covered is told in a note; it
   stops nothing.

Source: implementation framework for the European platform for manual reserves, Regulation (EU) 2017/2195, Article 20
and Article 29(14): the operator's requests for direct activation and bids that are unavailable to other operators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gateway.clearing.market import Market
from gateway.market import GuaranteedVolume
from gateway.model import ZERO, Activation, Availability, Bid
from gateway.time import Interval


@dataclass(frozen=True, slots=True)
class Withholding:
    """What guarantees take out of one interval: by bid id why, and notes on guarantees that stay uncovered."""

    reasons: dict[str, str]
    notes: tuple[str, ...]


def withheld(market: Market, period: Interval, usable: Sequence[tuple[Bid, Decimal]]) -> Withholding:
    """Return which of the *usable* bids, with the MW that can be used of each, are kept out of *period*.

    >>> from gateway.clearing.example import area, bid, market_of
    >>> from gateway.clearing.market import ClearingRules
    >>> either = {"activation": Activation.SCHEDULED_OR_DIRECT}
    >>> both = [bid("A1", "A", "up", 30, 60, **either), bid("A2", "A", "up", 30, 80, **either)]
    >>> guarantee = GuaranteedVolume(areas=(area("A"),), direction=both[0].direction, quantity_mw=Decimal(20))
    >>> market = market_of(*both, rules=ClearingRules(guaranteed=(guarantee,)))
    >>> withheld(market, both[0].interval, [(bid, bid.quantity_mw) for bid in both]).reasons
    {'A2': 'Withheld for direct activation: 20 MW up are guaranteed in A.'}
    """
    if market.activation is not Activation.SCHEDULED:
        return Withholding({}, ())
    reasons: dict[str, str] = {}
    notes: list[str] = []
    for guarantee in sorted(market.rules.guaranteed, key=lambda each: (each.areas, each.direction)):
        taken, missing = _cover(guarantee, _direct_mw(market, period, guarantee), usable, reasons)
        reasons.update(dict.fromkeys(taken, f"Withheld for direct activation: {guarantee}."))
        if missing > ZERO:
            notes.append(f"{period}: {guarantee}, but {missing.normalize():f} MW of it are not offered.")
    return Withholding(reasons, tuple(notes))


def _cover(
    guarantee: GuaranteedVolume, covered_mw: Decimal, usable: Iterable[tuple[Bid, Decimal]], kept: Iterable[str]
) -> tuple[list[str], Decimal]:
    """Return the bids that cover *guarantee* beyond *covered_mw*, and the MW that none covers.

    Bids already *kept* for another guarantee count first.
    """
    already = frozenset(kept)
    taken: list[str] = []
    missing = guarantee.quantity_mw - covered_mw
    able = [(bid, mw) for bid, mw in usable if _serves(bid, guarantee) and _stands_alone(bid)]
    by_falling_id = sorted(able, key=lambda each: each[0].id, reverse=True)
    for bid, mw in sorted(by_falling_id, key=lambda each: (each[0].id not in already, _demerit(each[0]))):
        if missing <= ZERO:
            break
        missing -= mw
        if bid.id not in already:
            taken.append(bid.id)
    return taken, missing


def _serves(bid: Bid, guarantee: GuaranteedVolume) -> bool:
    """Whether *bid* can be activated directly, in the direction and one of the areas of *guarantee*."""
    direct = bid.activation in {Activation.DIRECT, Activation.SCHEDULED_OR_DIRECT}
    return direct and bid.direction is guarantee.direction and bid.area in guarantee.areas


def _stands_alone(bid: Bid) -> bool:
    return not (bid.group or bid.links or bid.technical_link)


def _demerit(bid: Bid) -> Decimal:
    """Return the key that sorts bids of one direction the dearest first."""
    return -bid.direction.sign * (bid.price or ZERO)


def _direct_mw(market: Market, period: Interval, guarantee: GuaranteedVolume) -> Decimal:
    """Return the MW that bids for direct activation only offer towards *guarantee*; blocked ones do not count."""
    blocked = {block.bid_id for block in market.blocks if block.interval.overlaps(period)}
    counted = [bid for bid in _direct_only(market, period) if bid.id not in blocked and _serves(bid, guarantee)]
    return sum((bid.quantity_mw for bid in counted), ZERO)


def _direct_only(market: Market, period: Interval) -> Iterator[Bid]:
    for bid in market.bids:
        only = bid.activation is Activation.DIRECT and bid.availability is Availability.AVAILABLE
        if only and bid.interval == period:
            yield bid
