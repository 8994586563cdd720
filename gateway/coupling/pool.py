"""The pool: what the members of a coupling say, put together.

Rules
1. A member speaks for its own areas: its bids and needs lie in them, and its capacities begin or end there. What lies
   elsewhere is kept out.
2. Bids and needs are known by their id. Where two members use the same one in an interval, an order could mean either;
   both are kept out.
3. A member that says nothing of an interval is cut off for it: the others clear without its areas, and it clears by
   itself. That is a change of the cooperation for this interval, like any other outage.
4. Only what documents carry counts. When a bid was submitted is known to one member alone; among equals its id decides.
5. What is kept out, and who is cut off, is told in a sentence. The order in which members are listed does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from gateway.areas import Cooperation
from gateway.coupling.agreement import Agreement
from gateway.identifiers import PartyId
from gateway.model import Bid, Capacity, Need, Reserve
from gateway.time import Interval

Order = TypeVar("Order", Bid, Need)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one member says of some intervals; one that is not among ``intervals`` it says nothing of."""

    member: PartyId
    intervals: tuple[Interval, ...]
    bids: tuple[Bid, ...] = ()
    needs: tuple[Need, ...] = ()
    capacities: tuple[Capacity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pool:
    """All that counts, sorted; ``cooperation`` is the agreed one less the members that are silent."""

    intervals: tuple[Interval, ...]
    bids: tuple[Bid, ...]
    needs: tuple[Need, ...]
    capacities: tuple[Capacity, ...]
    cooperation: Cooperation
    notes: tuple[str, ...] = ()

    @cached_property
    def stated(self) -> dict[Interval, tuple[Capacity, ...]]:
        """The capacities that are stated for all of an interval, by interval."""
        found: dict[Interval, list[Capacity]] = {interval: [] for interval in self.intervals}
        for capacity in self.capacities:
            for interval in self._met(capacity):
                found[interval].append(capacity)
        return {interval: tuple(slot) for interval, slot in found.items()}

    def _met(self, capacity: Capacity) -> Iterable[Interval]:
        if capacity.interval in self.bids_at:
            return (capacity.interval,)
        return (interval for interval in self.intervals if capacity.interval.covers(interval))

    @cached_property
    def blocks(self) -> dict[str, set[Interval]]:
        """The intervals of each block bid."""
        found: dict[str, set[Interval]] = {}
        for bid in self.bids:
            if bid.block_bid is not None:
                found.setdefault(bid.block_bid, set()).add(bid.interval)
        return found

    @cached_property
    def bids_at(self) -> dict[Interval, tuple[Bid, ...]]:
        """The bids of each interval."""
        found: dict[Interval, list[Bid]] = {interval: [] for interval in self.intervals}
        for bid in self.bids:
            found[bid.interval].append(bid)
        return {interval: tuple(slot) for interval, slot in found.items()}


def pooled(agreement: Agreement, contributions: Iterable[Contribution]) -> Pool:
    """Return what *contributions* say together; those of others than members do not count, and a note says so."""
    said = sorted(contributions, key=lambda each: each.member)
    known = [each for each in said if agreement.areas_of(each.member)]
    notes = [f"{each.member.value} is no member; nothing that it says counts." for each in said if each not in known]
    intervals = tuple(sorted({interval for each in known for interval in each.intervals}))
    told = [(each, tuple(map(_undated, each.bids))) for each in known]
    bids, strange_bids = _known(_own(told, agreement), agreement.reserve)
    needs, strange_needs = _known(_own([(each, each.needs) for each in known], agreement), agreement.reserve)
    cooperation, silent = _without_silent(agreement, known, intervals)
    return Pool(
        intervals=intervals,
        bids=bids,
        needs=needs,
        capacities=tuple(sorted(_capacities(agreement, known), key=_way)),
        cooperation=cooperation,
        notes=(*notes, *strange_bids, *strange_needs, *silent),
    )


def _undated(bid: Bid) -> Bid:
    return bid if bid.submitted is None else replace(bid, submitted=None)


def _own(
    said: Sequence[tuple[Contribution, tuple[Order, ...]]], agreement: Agreement
) -> list[tuple[PartyId, Order, bool]]:
    """Return each order with who said it, and whether it lies where that member speaks."""
    return [told for contribution, orders in said for told in _own_of(contribution, orders, agreement)]


def _own_of(
    contribution: Contribution, orders: Iterable[Order], agreement: Agreement
) -> list[tuple[PartyId, Order, bool]]:
    areas, intervals = {*agreement.areas_of(contribution.member)}, {*contribution.intervals}
    return [(contribution.member, each, each.area in areas and each.interval in intervals) for each in orders]


def _known(said: Sequence[tuple[PartyId, Order, bool]], reserve: Reserve) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Return the orders that count, sorted by interval and id, and what is said of the others."""
    here = [(member, order, own) for member, order, own in said if order.reserve is reserve]
    uses = Counter((order.id, order.interval) for _, order, own in here if own)
    counting = [order for _, order, own in here if own and uses[order.id, order.interval] == 1]
    notes = [
        f"{order.id} of {member.value} in {order.interval}: it lies outside of what this member speaks for; kept out."
        for member, order, own in here
        if not own
    ]
    notes += [
        f"{name} in {interval}: {count} orders have this id; all are kept out."
        for (name, interval), count in uses.items()
        if count > 1
    ]
    return tuple(sorted(counting, key=lambda order: (order.interval, order.id))), tuple(sorted(notes))


def _capacities(agreement: Agreement, known: Iterable[Contribution]) -> Iterator[Capacity]:
    for each in known:
        areas = agreement.areas_of(each.member)
        yield from (capacity for capacity in each.capacities if {capacity.from_area, capacity.to_area} & {*areas})


def _way(capacity: Capacity) -> tuple[object, ...]:
    return capacity.interval, capacity.from_area, capacity.to_area, capacity.sender


def _without_silent(
    agreement: Agreement, known: Sequence[Contribution], intervals: Iterable[Interval]
) -> tuple[Cooperation, tuple[str, ...]]:
    cooperation, notes = agreement.cooperation, []
    speaks = {(each.member, interval) for each in known for interval in each.intervals}
    for interval in intervals:
        for member in agreement.members:
            if (member.party, interval) not in speaks:
                notes.append(f"{member.party.value} says nothing of {interval}: cut off.")
                for area in member.areas:
                    cooperation = cooperation.decoupled({area}, interval.start, interval.end)
    return cooperation, tuple(notes)
