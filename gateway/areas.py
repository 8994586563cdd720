"""Coordinated Balancing Areas: which areas clear together, and from when.

A Coordinated Balancing Area (CoBA; ENTSO-E Network Code on Electricity Balancing, version 3.0, 2014; today: the
membership of a European balancing platform under Regulation (EU) 2017/2195) is a set of areas that share one clearing
and one merit order list. Areas cooperate step by step: two CoBAs merge, in the end into one.

Rules
1. Membership is data with a date: a change takes effect at a border of the market time unit and needs no restart.
2. Every area belongs to exactly one CoBA at any time; alone, it is one of its own.
3. To merge is to clear the union with the borders between the parts: the result is that of a clearing from scratch,
   and welfare never falls.
4. Where a member or a border fails, the area is cut off from a market time unit on and joined again later by the same
   means: decoupling is a change of membership or a border taken out, not an exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Availability, Bid, Block, Capacity, Direction
from gateway.time import Interval, Resolution, on_grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """From ``since`` on, ``area`` belongs to the CoBA called ``coba``."""

    area: AreaId
    coba: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A border is out of use in both directions throughout an interval."""

    areas: frozenset[AreaId]
    interval: Interval


@dataclass(frozen=True, slots=True)
class Cooperation:
    """Who clears with whom, over time.

    ``memberships``: later ones supersede earlier ones of the same area. ``resolution``: the market time unit. Raises
    `InvalidValue` for a change that is not at a border of the market time unit, and for two at the same instant.
    """

    memberships: tuple[Membership, ...]
    resolution: Resolution
    outages: tuple[Outage, ...] = ()

    def __post_init__(self) -> None:
        """Refuse changes that would tear a market time unit."""
        seen: set[tuple[AreaId, datetime]] = set()
        for change in self.memberships:
            if not on_grid(change.since, self.resolution):
                raise InvalidValue("Membership.since", f"a border of the {self.resolution} grid", str(change.since))
            if (change.area, change.since) in seen:
                raise InvalidValue("Membership", "one CoBA for an area at a time", f"{change.area} at {change.since}")
            seen.add((change.area, change.since))

    def coba_of(self, area: AreaId, at: datetime) -> str:
        """Return the name of the CoBA of *area* at an instant; an area nobody mentions is alone."""
        changes = [change for change in self.memberships if change.area == area and change.since <= at]
        return max(changes, key=lambda change: change.since).coba if changes else f"alone {area}"

    def parts(self, areas: Iterable[AreaId], at: datetime) -> tuple[tuple[AreaId, ...], ...]:
        """Return *areas* as they clear together at an instant, each part sorted, and the parts by their first area."""
        members: dict[str, list[AreaId]] = {}
        for area in sorted(set(areas)):
            members.setdefault(self.coba_of(area, at), []).append(area)
        return tuple(sorted(tuple(part) for part in members.values()))

    def merged(self, first: str, second: str, since: datetime) -> Cooperation:
        """Return the cooperation in which, from *since* on, the members of *second* belong to *first*."""
        moving = {change.area for change in self.memberships if self.coba_of(change.area, since) == second}
        kept = tuple(c for c in self.memberships if not (c.area in moving and c.since >= since))
        joined = tuple(Membership(area=area, coba=first, since=since) for area in sorted(moving))
        return Cooperation((*kept, *joined), self.resolution, self.outages)

    def usable(self, capacity: Capacity) -> bool:
        """Whether a capacity counts: both areas clear together throughout, and the border is not out of use."""
        together = self.coba_of(capacity.from_area, capacity.interval.start) == self.coba_of(
            capacity.to_area, capacity.interval.start
        )
        ends = frozenset({capacity.from_area, capacity.to_area})
        return together and not any(
            outage.areas == ends and outage.interval.overlaps(capacity.interval) for outage in self.outages
        )


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
        """SHA-256 of the list: equal at every member that holds the same bids, whatever order they came in."""
        hasher = hashlib.sha256()
        for line in self._lines():
            hasher.update(line.encode() + b"\n")
        return hasher.hexdigest()

    def _lines(self) -> Iterator[str]:
        yield f"{self.interval} {self.direction}"
        for entry in self.entries:
            bid = entry.bid
            numbers = " ".join(
                f"{number.normalize():f}"
                for number in (bid.price, bid.quantity_mw, bid.minimum_mw)
                if number is not None
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
