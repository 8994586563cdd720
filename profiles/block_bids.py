"""Block bids in the ReserveBid document: one series over several periods with ``blockBid`` A01.

IEC 62325-451-7 calls it the indication that the values of the period are considered as a whole and cannot be changed or
subdivided. In the canonical model such a series is one bid for each slot, bound together by ``block_bid``, the
identifier of the series; the bids are numbered as those of any series (`profiles.slots.numbered`). A series has
quantities and prices for each point, and all else once: bids that differ in more are no one series.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.errors import Unwritable
from gateway.identifiers import PartyId
from gateway.model import ZERO, Bid, BidSet
from profiles.bid_time_series import BidTimeSeries
from profiles.bids import bid_series
from profiles.slots import numbered

_YES = "A01"
"""blockBid: yes (code list IndicatorTypeList)."""


def offer_series(message: BidSet, owner: PartyId) -> list[BidTimeSeries]:
    """Return the series that say what *message* says, in its order; a block bid stands where its first bid does.

    Raises `Unwritable`, also for profiles of units, which the document has no place for.
    """
    if message.units:
        raise Unwritable("BidSet.units", "no profiles of units", message.units[0].id)
    blocks: dict[str, list[Bid]] = {}
    for bid in message.bids:
        if bid.block_bid is not None:
            blocks.setdefault(bid.block_bid, []).append(bid)
    written: dict[str, BidTimeSeries] = {}
    for bid in message.bids:
        if bid.block_bid is None:
            written[f"bid {bid.id} {bid.interval}"] = bid_series(bid, owner)
        elif f"block {bid.block_bid}" not in written:
            written[f"block {bid.block_bid}"] = _block_series(blocks[bid.block_bid], owner)
    return list(written.values())


def _block_series(bids: list[Bid], owner: PartyId) -> BidTimeSeries:
    """Return the one series of a block bid. Raises `Unwritable` where its bids are no series."""
    ordered = sorted(bids, key=lambda bid: bid.interval)
    first, name = ordered[0], ordered[0].block_bid or ""
    expected = numbered(name, len(ordered))
    if len(ordered) == 1 or [bid.id for bid in ordered] != expected:
        found = ", ".join(bid.id for bid in ordered)
        raise Unwritable(f"Bid {first.id}.block_bid", f"bids called {name}#1, {name}#2 and so on", found)
    for bid in ordered:
        if _terms(bid, first) != _terms(first, first):
            raise Unwritable(f"Bid {bid.id}.block_bid", f"the terms of {first.id}, of the same block bid", "others")
    parts = [bid_series(bid, owner) for bid in ordered]
    return replace(
        parts[0], id=name, block_bid=_YES, periods=tuple(period for part in parts for period in part.periods)
    )


def _terms(bid: Bid, first: Bid) -> Bid:
    """Return what a series says once: the bid with what its points say replaced by that of the *first*."""
    return replace(
        bid,
        id=first.id,
        interval=first.interval,
        quantity_mw=ZERO,
        minimum_mw=ZERO,
        price=None if bid.price is None else ZERO,
        capacity_price=None if bid.capacity_price is None else ZERO,
    )
