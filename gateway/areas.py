"""Coordinated Balancing Areas: which areas clear together, for what, and from when.

A Coordinated Balancing Area (CoBA; ENTSO-E Network Code on Electricity Balancing, version 3.0, 2014; today: the
membership of a European balancing platform under Regulation (EU) 2017/2195) is a set of areas that share one clearing
and one merit order list. Areas cooperate step by step: two CoBAs merge, in the end into one.

Rules
1. Membership is data with a date: a change takes effect at a border of the market time unit and needs no restart.
2. Every area belongs to exactly one CoBA at any time; alone, it is one of its own.
3. To merge is to clear the union with the borders between the parts: the result is that of a clearing from scratch,
   and welfare never falls.
4. Where a member or a border fails, it is cut off from the next market time unit on and joined again later by the same
   means: decoupling is an outage of an area or of a border, not an exception.
5. A CoBA exchanges at least one product or nets imbalances (Network Code, article 11). A capacity between its members
   serves only what it exchanges.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Availability, Bid, Block, Capacity, Direction
from gateway.time import Interval, Resolution, on_grid

OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)
"""When an outage ends whose end nobody knows."""


class Exchange(StrEnum):
    """What the members of a CoBA exchange, in the order in which it uses what borders can carry."""

    REPLACEMENT = "RR"
    MANUAL_RESTORATION = "mFRR"
    NETTING = "imbalance netting"
    AUTOMATIC_RESTORATION = "aFRR"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancingArea:
    """A CoBA by its name, and what it exchanges; raises `InvalidValue` where that is nothing."""

    name: str
    exchanges: frozenset[Exchange] = frozenset(Exchange)

    def __post_init__(self) -> None:
        """Refuse a cooperation without content."""
        if not self.exchanges:
            raise InvalidValue(f"BalancingArea {self.name}.exchanges", "a product, or imbalance netting", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """From ``since`` on, ``area`` belongs to the CoBA called ``coba``."""

    area: AreaId
    coba: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One area, or the border of two in both directions, is out of use throughout an interval.

    Raises `InvalidValue` for another number of areas.
    """

    areas: frozenset[AreaId]
    interval: Interval

    def __post_init__(self) -> None:
        """Refuse what is neither an area nor a border."""
        if len(self.areas) not in {1, 2}:
            raise InvalidValue("Outage.areas", "one area, or the two of a border", str(len(self.areas)))

    def __str__(self) -> str:
        """Return what is out of use, and when."""
        what = "area" if len(self.areas) == 1 else "border"
        end = "further notice" if self.interval.end == OPEN_END else f"{self.interval.end:%Y-%m-%dT%H:%MZ}"
        names = " - ".join(area.value for area in sorted(self.areas))
        return f"{what} {names} is out of use from {self.interval.start:%Y-%m-%dT%H:%MZ} until {end}"


@dataclass(frozen=True, slots=True)
class Cooperation:
    """Who clears with whom, over time.

    ``memberships``: later ones supersede earlier ones of the same area. ``resolution``: the market time unit.
    ``cobas``: what each CoBA exchanges; where none is listed, every one exchanges everything. Raises `InvalidValue` for
    a change or an outage that is not at a border of the market time unit, for two changes at the same instant, and for
    members of a CoBA that is not among those listed.
    """

    memberships: tuple[Membership, ...]
    resolution: Resolution
    outages: tuple[Outage, ...] = ()
    cobas: tuple[BalancingArea, ...] = ()

    def __post_init__(self) -> None:
        """Refuse changes that would tear a market time unit, and members of nothing."""
        known = {coba.name for coba in self.cobas}
        if len(known) < len(self.cobas):
            raise InvalidValue("BalancingArea.name", "each CoBA once", str([coba.name for coba in self.cobas]))
        seen: set[tuple[AreaId, datetime]] = set()
        for change in self.memberships:
            self._require_border("Membership.since", change.since)
            if (change.area, change.since) in seen:
                raise InvalidValue("Membership", "one CoBA for an area at a time", f"{change.area} at {change.since}")
            if known and change.coba not in known:
                raise InvalidValue("Membership.coba", f"one of {', '.join(sorted(known))}", change.coba)
            seen.add((change.area, change.since))
        for outage in self.outages:
            self._require_border("Outage.interval.start", outage.interval.start)
            self._require_border("Outage.interval.end", outage.interval.end)

    def _require_border(self, path: str, instant: datetime) -> None:
        if not on_grid(instant, self.resolution):
            raise InvalidValue(path, f"a border of the {self.resolution} grid", str(instant))

    # -------------------------------------------------------------------------------------------------- who with whom
    def coba_of(self, area: AreaId, at: datetime) -> str:
        """Return the name of the CoBA of *area* at an instant; one that nobody mentions or that is cut off is alone."""
        if any(outage.areas == {area} and at in outage.interval for outage in self.outages):
            return f"alone {area}"
        changes = [change for change in self.memberships if change.area == area and change.since <= at]
        return max(changes, key=lambda change: change.since).coba if changes else f"alone {area}"

    def parts(self, areas: Iterable[AreaId], at: datetime) -> tuple[tuple[AreaId, ...], ...]:
        """Return *areas* as they clear together at an instant, each part sorted, and the parts by their first area."""
        members: dict[str, list[AreaId]] = {}
        for area in sorted(set(areas)):
            members.setdefault(self.coba_of(area, at), []).append(area)
        return tuple(sorted(tuple(part) for part in members.values()))

    def exchanges(self, coba: str, what: Exchange) -> bool:
        """Whether the members of *coba* exchange this; where no CoBA is listed, every one does."""
        listed = {each.name: each.exchanges for each in self.cobas}
        return not listed or what in listed.get(coba, frozenset())

    def usable(self, capacity: Capacity, what: Exchange | None = None) -> bool:
        """Whether a capacity counts throughout its interval, for one exchange or for any.

        Both areas are members of one CoBA then that exchanges it, and neither they nor their border are out of use.
        """
        ends = {capacity.from_area, capacity.to_area}
        if any(outage.areas <= ends and outage.interval.overlaps(capacity.interval) for outage in self.outages):
            return False
        inside = [change.since for change in self.memberships if change.since in capacity.interval]
        cobas = {self.coba_of(area, at) for at in {capacity.interval.start, *inside} for area in ends}
        return len(cobas) == 1 and (what is None or self.exchanges(cobas.pop(), what))

    def outages_of(self, interval: Interval) -> tuple[Outage, ...]:
        """Return what is out of use in any part of *interval*, by name."""
        met = (outage for outage in self.outages if outage.interval.overlaps(interval))
        return tuple(sorted(met, key=lambda outage: (sorted(outage.areas), outage.interval)))

    # ---------------------------------------------------------------------------------------------------- its changes
    def merged(self, first: str, second: str, since: datetime) -> Cooperation:
        """Return the cooperation in which, from *since* on, the members of *second* belong to *first*."""
        moving = {change.area for change in self.memberships if self.coba_of(change.area, since) == second}
        kept = tuple(c for c in self.memberships if not (c.area in moving and c.since >= since))
        joined = tuple(Membership(area=area, coba=first, since=since) for area in sorted(moving))
        return replace(self, memberships=(*kept, *joined))

    def decoupled(self, areas: Iterable[AreaId], failed: datetime, until: datetime = OPEN_END) -> Cooperation:
        """Return the cooperation without one area, or without the border of two.

        It is cut off from the market time unit on that begins after it *failed*: the one that runs was cleared already.
        """
        outage = Outage(areas=frozenset(areas), interval=Interval(self.next_border(failed), until))
        return replace(self, outages=(*self.outages, outage))

    def recoupled(self, areas: Iterable[AreaId], restored: datetime) -> Cooperation:
        """Return the cooperation in which what was cut off takes part again from the next market time unit on."""
        back, ends = self.next_border(restored), frozenset(areas)
        kept = (outage for outage in self.outages if not (outage.areas == ends and outage.interval.start >= back))
        return replace(
            self,
            outages=tuple(
                replace(outage, interval=Interval(outage.interval.start, min(outage.interval.end, back)))
                if outage.areas == ends
                else outage
                for outage in kept
            ),
        )

    def next_border(self, instant: datetime) -> datetime:
        """Return *instant* where it is a border of the market time unit, else the next one."""
        if on_grid(instant, self.resolution) and not instant.microsecond:
            return instant
        seconds = Decimal(int(instant.timestamp())) // self.resolution.seconds * self.resolution.seconds
        begun = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))
        return begun + timedelta(microseconds=int(self.resolution.seconds * 1_000_000))


@dataclass(frozen=True, slots=True)
class MeritOrderEntry:
    """A bid in a common merit order list; ``usable`` is false where its status or an operator keeps it out."""

    bid: Bid
    usable: bool


@dataclass(frozen=True, slots=True)
class MeritOrderList:
    """The common merit order of one interval and direction: best price first, unusable bids marked, not left out."""

    interval: Interval
    direction: Direction
    entries: tuple[MeritOrderEntry, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the list: equal at every member that holds the same bids, whatever order they came in.

        It covers what a merit order list document says of a bid, so that the document that is read back has it too.
        """
        hasher = hashlib.sha256()
        for line in self._lines():
            hasher.update(line.encode() + b"\n")
        return hasher.hexdigest()

    def _lines(self) -> Iterator[str]:
        yield f"{self.interval} {self.direction}"
        for entry in self.entries:
            bid = entry.bid
            numbers = " ".join(
                f"{number.normalize():f}" for number in (bid.price, bid.quantity_mw, bid.least_mw) if number is not None
            )
            yield f"{numbers} {bid.area} {bid.provider} {bid.id} {entry.usable}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritOrderLists:
    """The lists of several intervals and directions; ``final`` where it is told after the activation period."""

    lists: tuple[MeritOrderList, ...]
    final: bool = False


def merit_order(
    bids: Iterable[Bid], interval: Interval, direction: Direction, blocks: Iterable[Block] = ()
) -> MeritOrderList:
    """Return the merit order list of the priced *bids* of one interval and direction.

    Up bids ascend and down bids descend in price; ties are ordered by id, then provider.
    """
    blocked = {block.bid_id for block in blocks if not block.limit_mw and block.interval.overlaps(interval)}
    chosen = [bid for bid in bids if bid.interval == interval and bid.direction is direction and bid.price is not None]
    chosen.sort(key=lambda bid: (direction.sign * (bid.price or 0), bid.id, bid.provider))
    return MeritOrderList(
        interval,
        direction,
        tuple(MeritOrderEntry(bid, _usable(bid) and bid.id not in blocked) for bid in chosen),
    )


def _usable(bid: Bid) -> bool:
    return bid.availability is not Availability.UNAVAILABLE
