"""What a member offers to the others: its own order book, made fit to be handed on.

The others see neither its grid nor its operators' reasons. What these forbid is therefore settled before a bid is
handed on, the means of an operator against congestion inside its area (Regulation (EU) 2017/2195, article 29 (14)):

1. A blocked bid is handed on as unavailable: it stays in the common list and is marked there.
2. A bid that may be used in part is handed on with less; as unavailable where that is below its least quantity, or
   where it belongs to a group or a block, whose meaning a smaller quantity would change. A block goes as a whole.
3. A grid limit Σ a_b x_b ≤ h must hold whatever the others take. Bids that load it (a_b > 0) are given its headroom in
   merit order, each up to h / a_b; what relieves it is not counted on.
4. A bid that is not accepted without another one (its parent) is handed on as unavailable: no document says that.

What an operator keeps for its own direct activation is a rule of the clearing (`gateway.clearing.guaranteed`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, Decimal

from gateway.coupling.agreement import Agreement
from gateway.coupling.pool import Contribution
from gateway.identifiers import PartyId
from gateway.model import ZERO, Availability, Bid, Capacity, Limit
from gateway.order_book import OrderBook
from gateway.time import Interval, Resolution, on_grid

Key = tuple[str, Interval]
"""A bid by its id and interval."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What is handed on; ``notes`` say in a sentence each what was changed, and why."""

    contribution: Contribution
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Caps:
    """The MW that are left of bids, and why not all of them."""

    left_mw: dict[Key, Decimal] = field(default_factory=dict)
    why: dict[Key, str] = field(default_factory=dict)

    def lower(self, bid: Bid, most_mw: Decimal, why: str) -> None:
        """Leave at most *most_mw* of a bid."""
        key = (bid.id, bid.interval)
        if most_mw < self.left_mw.get(key, bid.quantity_mw):
            self.left_mw[key], self.why[key] = max(ZERO, most_mw), why


def offered(agreement: Agreement, own: PartyId, book: OrderBook) -> Offered:
    """Return what *own* says to the other members from its order *book*: of every interval that the book names."""
    caps = _Caps()
    _cap_by_blocks(book, caps)
    for limit in book.limits:
        _cap_by_limit(limit, book.bids, caps, agreement.rules.quantity_step)
    broken = {bid.block_bid for bid in book.bids if (bid.id, bid.interval) in caps.left_mw} - {None}
    resolution = agreement.cooperation.resolution
    odd = [each for each in book.capacities if not _whole(each.interval, resolution)]
    capacities = tuple(cut for each in book.capacities if each not in odd for cut in _cut(each, resolution))
    spoken_of = {bid.interval for bid in book.bids} | {need.interval for need in book.needs}
    contribution = Contribution(
        member=own,
        intervals=tuple(sorted(spoken_of | {each.interval for each in capacities})),
        bids=tuple(_handed_on(bid, caps.left_mw, broken) for bid in book.bids),
        needs=book.needs,
        capacities=capacities,
    )
    notes = [f"{name} in {interval}: {why}." for (name, interval), why in sorted(caps.why.items())]
    notes += [f"{bid.id} in {bid.interval}: its parent {bid.parent} cannot be told." for bid in book.bids if bid.parent]
    notes += [f"Capacity {each.id} in {each.interval}: no whole market time units; not told." for each in odd]
    return Offered(contribution, tuple(notes))


def _whole(interval: Interval, resolution: Resolution) -> bool:
    return on_grid(interval.start, resolution) and on_grid(interval.end, resolution)


def _cut(capacity: Capacity, resolution: Resolution) -> Iterable[Capacity]:
    """Return what a capacity says of each market time unit that it covers."""
    return (replace(capacity, interval=slot) for slot in resolution.slots(capacity.interval))


def _cap_by_blocks(book: OrderBook, caps: _Caps) -> None:
    for block in book.blocks:
        left = block.limit_mw or ZERO
        for bid in (each for each in book.bids if each.id == block.bid_id and each.interval.overlaps(block.interval)):
            caps.lower(bid, left, f"the {block.requester_role} {block.requester.value} leaves {left} MW")


def _cap_by_limit(limit: Limit, bids: Iterable[Bid], caps: _Caps, step: Decimal) -> None:
    """Give the headroom of *limit* to the bids that load it, the best price first, in whole steps."""
    left = max(ZERO, limit.headroom_mw)
    loading = [bid for bid in bids if bid.interval == limit.interval and limit.coefficients.get(bid.id, ZERO) > 0]
    for bid in sorted(loading, key=lambda each: (each.direction.sign * (each.price or ZERO), each.id)):
        weight = limit.coefficients[bid.id]
        offered_mw = caps.left_mw.get((bid.id, bid.interval), bid.quantity_mw)
        most = (left / weight / step).to_integral_value(ROUND_DOWN) * step
        caps.lower(bid, most, f"the grid limit {limit.id} leaves {most.normalize():f} MW whatever the others take")
        left -= weight * min(offered_mw, most)


def _handed_on(bid: Bid, left_mw: Mapping[Key, Decimal], broken: Container[str | None]) -> Bid:
    left = left_mw.get((bid.id, bid.interval), bid.quantity_mw)
    if bid.parent is not None or bid.block_bid in broken:
        return replace(_unavailable(bid), parent=None)
    if left == bid.quantity_mw:
        return bid
    if left < max(bid.least_mw, bid.granularity_mw or ZERO) or not left or bid.group:
        return _unavailable(bid)
    return replace(bid, quantity_mw=left)


def _unavailable(bid: Bid) -> Bid:
    return replace(bid, availability=Availability.UNAVAILABLE)
