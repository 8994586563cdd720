"""The order book: which of the messages that came in still count when the gate has closed.

Rules (IEC 62325-451-7 and the market practice of the Nordic and European balancing platforms)
1. Messages are taken by time of creation, then by document id, never by order of arrival in a list.
2. The same document id from the same sender with a higher revision replaces the lower one whole.
3. A bid or need sent again under the same id replaces the earlier one; a quantity of 0 withdraws it.
4. A complete set of bids replaces every earlier bid of its provider in the header interval.
5. What a unit can do over several intervals, told again, replaces what was told before.
6. A capacity sent again for the same border, direction, interval and sender replaces the earlier one.
7. A block stays; where two concern the same bid, the lower limit counts.
7. A bid is dated by the first document that states it as it stands: sent again unchanged it keeps its place among
   equals, changed in anything it loses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from gateway.envelope import Envelope, Message
from gateway.identifiers import PartyId
from gateway.model import Bid, BidSet, Block, Blocking, Capacity, GridConstraints, Limit, Need, Party, ReserveNeed, Role
from gateway.time import Interval
from gateway.units import UnitProfile

Order = TypeVar("Order", bound=Bid | Need)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBook:
    """What counts: bids, needs, capacities, limits and blocks, each sorted by id and interval."""

    bids: tuple[Bid, ...] = ()
    needs: tuple[Need, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    limits: tuple[Limit, ...] = ()
    blocks: tuple[Block, ...] = ()
    units: tuple[UnitProfile, ...] = ()

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The intervals that any bid or need speaks of, in order of time."""
        return tuple(sorted({bid.interval for bid in self.bids} | {need.interval for need in self.needs}))


def in_order(envelopes: Iterable[Envelope[Message]]) -> tuple[Envelope[Message], ...]:
    """Return the envelopes that count as documents, oldest first: the highest revision of each."""
    latest: dict[tuple[PartyId, str], Envelope[Message]] = {}
    for envelope in sorted(envelopes, key=lambda e: (e.revision, e.created)):
        latest[envelope.sender.id, envelope.id] = envelope
    return tuple(sorted(latest.values(), key=lambda e: (e.created, e.id, e.sender.id)))


def order_book(envelopes: Iterable[Envelope[Message]]) -> OrderBook:
    """Return what counts of *envelopes*, whatever their order."""
    bids: dict[tuple[PartyId, str], tuple[Bid, ...]] = {}
    needs: dict[tuple[PartyId, str], tuple[Need, ...]] = {}
    capacities: dict[tuple[object, ...], Capacity] = {}
    limits: dict[tuple[PartyId, str, Interval], Limit] = {}
    blocks: list[Block] = []
    units: dict[tuple[PartyId, str], UnitProfile] = {}
    stated = _first_stated(envelopes)
    for envelope in in_order(envelopes):
        match envelope.message:
            case BidSet() as message:
                if message.replaces_all:
                    _withdraw(bids, envelope)
                bids |= _by_id((bid.provider, replace(bid, submitted=stated[bid])) for bid in message.bids)
                units |= {(unit.provider, unit.id): unit for unit in message.units}
            case ReserveNeed() as message:
                needs |= _by_id((need.buyer, _with_role(need, envelope)) for need in message.needs)
            case GridConstraints() as message:
                capacities |= {(c.sender, c.from_area, c.to_area, c.kind, c.interval): c for c in message.capacities}
                limits |= {(limit.sender, limit.id, limit.interval): limit for limit in message.limits}
            case Blocking() as message:
                blocks += message.blocks
            case _:
                pass
    return OrderBook(
        bids=_standing(bids.values()),
        needs=_standing(needs.values()),
        capacities=tuple(sorted(capacities.values(), key=lambda c: (c.interval, c.from_area, c.to_area, c.sender))),
        limits=tuple(sorted(limits.values(), key=lambda limit: (limit.interval, limit.sender, limit.id))),
        blocks=tuple(sorted(dict.fromkeys(blocks), key=lambda block: (block.interval, block.bid_id, block.requester))),
        units=tuple(unit for _, unit in sorted(units.items(), key=lambda item: item[0])),
    )


def _first_stated(envelopes: Iterable[Envelope[Message]]) -> dict[Bid, datetime]:
    """Return when each bid was first stated, in any document and revision."""
    stated: dict[Bid, datetime] = {}
    for envelope in envelopes:
        if isinstance(envelope.message, BidSet):
            for bid in envelope.message.bids:
                stated[bid] = min(envelope.created, stated.get(bid, envelope.created))
    return stated


def _with_role(need: Need, envelope: Envelope[Message]) -> Need:
    """Return *need* with the role of its buyer, where the buyer is a party of *envelope*."""
    named = (party.role for party in (envelope.subject, envelope.sender) if party and party.id == need.buyer)
    return replace(need, buyer_role=need.buyer_role or next(named, None))


def _by_id(orders: Iterable[tuple[PartyId, Order]]) -> dict[tuple[PartyId, str], tuple[Order, ...]]:
    found: dict[tuple[PartyId, str], tuple[Order, ...]] = {}
    for owner, order in orders:
        found[owner, order.id] = (*found.get((owner, order.id), ()), order)
    return found


def _standing(orders: Iterable[Sequence[Order]]) -> tuple[Order, ...]:
    standing = (order for same_id in orders for order in same_id if order.quantity_mw)
    return tuple(sorted(standing, key=lambda order: (order.interval, order.id)))


def _withdraw(bids: dict[tuple[PartyId, str], tuple[Bid, ...]], envelope: Envelope[Message]) -> None:
    provider = (envelope.subject or envelope.sender).id
    for key, same_id in list(bids.items()):
        within = envelope.period is None or all(envelope.period.covers(bid.interval) for bid in same_id)
        if key[0] == provider and within:
            del bids[key]


def parties(envelopes: Iterable[Envelope[Message]]) -> dict[PartyId, Role]:
    """Return the role in which each party appears, the subject's before the sender's."""
    known: dict[PartyId, Role] = {}
    for envelope in in_order(envelopes):
        for named in filter(None, (envelope.sender, envelope.subject)):
            known[named.id] = named.role
    return known


def in_role(known: Mapping[PartyId, Role], party_id: PartyId, otherwise: Role) -> Party:
    """Return *party_id* in its known role, or in the role *otherwise*."""
    return Party(party_id, known.get(party_id, otherwise))
