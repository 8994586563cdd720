"""The pool: what the members of a coupling say, put together.

Rules
1. A member speaks for its own areas: its bids and needs lie in them, and its capacities begin or end there. What lies
   elsewhere is kept out.
2. Bids and needs are known by their id. Where two members use the same one in an interval, an order could mean either;
   both are kept out.
3. A member that says nothing of an interval is cut off for it: the others clear without its areas, and it clears by
   itself. That is a change of the cooperation for this interval, like any other outage.
4. An order that the clearing cannot hold is kept out: nothing that one member says may stop the others.
5. Only what documents carry counts. When a bid was submitted, or as what a buyer acts, is known to one
   member alone; among equals the id decides.
6. What is kept out, and who is cut off, is told in a sentence. The order in which members are listed does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from gateway.areas import Cooperation
from gateway.clearing.market import FINEST_DECIMALS, decimals
from gateway.coupling.agreement import Agreement
from gateway.identifiers import PartyId
from gateway.model import ZERO, Activation, Bid, Capacity, Need, Reserve, Role
from gateway.time import Interval

Order = TypeVar("Order", bound=Bid | Need)


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one member says of some intervals; one that is not among ``intervals`` it says nothing of."""

    member: PartyId
    intervals: tuple[Interval, ...]
    bids: tuple[Bid, ...] = ()
    needs: tuple[Need, ...] = ()
    capacities: tuple[Capacity, ...] = ()

    @cached_property
    def slots(self) -> frozenset[Interval]:
        """The intervals as a set."""
        return frozenset(self.intervals)


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
    bids, strange_bids = _counting(
        [_Told(each, agreement, _undated(bid)) for each in known for bid in each.bids], agreement.reserve
    )
    needs, strange_needs = _counting(
        [_Told(each, agreement, _asked(each, need)) for each in known for need in each.needs], agreement.reserve
    )
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


def _asked(by: Contribution, need: Need) -> Need:
    """Return *need* with the role of its buyer, which documents do not carry: a member is a transmission operator."""
    role = Role.TRANSMISSION_SYSTEM_OPERATOR if need.buyer == by.member else None
    return need if need.buyer_role is role else replace(need, buyer_role=role)


class _Told(NamedTuple, Generic[Order]):
    """An order, and who told it under which agreement."""

    by: Contribution
    under: Agreement
    order: Order


def _elsewhere(told: _Told[Order]) -> bool:
    return told.order.area not in told.under.areas_of(told.by.member) or told.order.interval not in told.by.slots


def _too_fine(told: _Told[Order]) -> bool:
    return max(decimals(told.order.quantity_mw), decimals(told.order.price or ZERO)) > FINEST_DECIMALS


def _other_money(told: _Told[Order]) -> bool:
    return isinstance(told.order, Need) and told.order.currency != told.under.rules.currency


def _beyond_cap(told: _Told[Order]) -> bool:
    return isinstance(told.order, Need) and abs(told.order.price or ZERO) > told.under.rules.price_cap


def _direct(told: _Told[Order]) -> bool:
    return isinstance(told.order, Need) and told.order.activation is not Activation.SCHEDULED


_CHECKS = (
    (_elsewhere, "it lies outside of what this member speaks for"),
    (_too_fine, f"it has more than {FINEST_DECIMALS} decimals"),
    (_other_money, "it is in another currency than the agreement"),
    (_beyond_cap, "its limit lies beyond the price cap"),
    (_direct, "it asks for direct activation, which is cleared one demand at a time"),
)
"""What keeps an order out, in this order. Of bids the clearing itself says most; a need that does not fit stops it."""


def _counting(told: Sequence[_Told[Order]], reserve: Reserve) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Return the orders that count, sorted by interval and id, and what is said of the others."""
    here = [(each, next((why for out, why in _CHECKS if out(each)), "")) for each in told]
    here = [(each, why) for each, why in here if each.order.reserve is reserve]
    uses = Counter((each.order.id, each.order.interval) for each, why in here if not why)
    notes = [
        f"{each.order.id} of {each.by.member.value} in {each.order.interval}: {why}; kept out."
        for each, why in here
        if why
    ]
    notes += [
        f"{name} in {interval}: {count} orders have this id; all are kept out."
        for (name, interval), count in uses.items()
        if count > 1
    ]
    counting = [e.order for e, why in here if not why and uses[e.order.id, e.order.interval] == 1]
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
