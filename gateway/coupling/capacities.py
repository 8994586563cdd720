"""What borders can carry: one number for each direction, and what is left of it after an exchange.

Both operators of a border state each direction of it; the lower statement counts (coordinated net transfer capacity,
Regulation (EU) 2017/2195, article 37), and where they differ or one is silent, it is reported. A direction of which
nobody speaks carries nothing. After an exchange of f from a to b,

    ATC'(a→b) = ATC(a→b) − f    and    ATC'(b→a) = ATC(b→a) + f    [MW]

is what the next process finds: the exchange loads one direction and relieves the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid5

from gateway.areas import Cooperation, Exchange
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId
from gateway.model import ZERO, Capacity
from gateway.results import ExchangeFlow
from gateway.time import Interval

NAME_SPACE = UUID("6f0f3c1a-70a2-5d0e-8f0b-4a1f9b1f5c21")
"""Name space of the identifiers of what members of a coupling tell each other."""


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """One direction of a border: at most ``limit_mw`` from one area to another, less a share ``loss_factor``."""

    from_area: AreaId
    to_area: AreaId
    limit_mw: Decimal
    loss_factor: Decimal = ZERO

    @property
    def ends(self) -> tuple[AreaId, AreaId]:
        """Where it begins and where it ends."""
        return self.from_area, self.to_area


@dataclass(frozen=True, slots=True)
class TransferCapacities:
    """What the borders can carry in one interval, sorted; ``notes`` say where operators did not agree."""

    interval: Interval
    ways: tuple[Way, ...]
    notes: tuple[str, ...] = ()

    def limit_mw(self, from_area: AreaId, to_area: AreaId) -> Decimal:
        """Return the limit of one direction, 0 where there is none."""
        return next((way.limit_mw for way in self.ways if way.ends == (from_area, to_area)), ZERO)

    def after(self, flows: Iterable[ExchangeFlow]) -> TransferCapacities:
        """Return what is left after *flows* of this interval; raises `InvalidValue` where they exceed a limit."""
        used: dict[tuple[AreaId, AreaId], Decimal] = {}
        for flow in flows:
            if flow.interval == self.interval and flow.quantity_mw:
                there, back = (flow.from_area, flow.to_area), (flow.to_area, flow.from_area)
                used[there] = used.get(there, ZERO) + flow.quantity_mw
                used[back] = used.get(back, ZERO) - flow.quantity_mw
        known = {way.ends: way for way in self.ways}
        ways = {
            ends: replace(known.get(ends, Way(*ends, ZERO)), limit_mw=self.limit_mw(*ends) - used.get(ends, ZERO))
            for ends in {*known, *used}
        }
        for way in ways.values():
            if way.limit_mw < 0:
                found = f"{-way.limit_mw} MW more"
                raise InvalidValue(f"flow {way.from_area.value} to {way.to_area.value}", "at most its capacity", found)
        return replace(self, ways=tuple(sorted(ways.values())))

    def capacities(self, sender: PartyId) -> tuple[Capacity, ...]:
        """Return the limits as *sender* tells them: capacities that are available after the schedule.

        Each has a name-based UUID (RFC 9562, version 5), so that the same statement is made in the same words.
        """
        return tuple(
            Capacity(
                id=str(uuid5(NAME_SPACE, f"{sender} {way.from_area} {way.to_area}")),
                sender=sender,
                from_area=way.from_area,
                to_area=way.to_area,
                interval=self.interval,
                quantity_mw=way.limit_mw,
                loss_factor=way.loss_factor,
            )
            for way in self.ways
        )


def agreed_capacities(
    stated: Iterable[Capacity], interval: Interval, cooperation: Cooperation, exchange: Exchange | None = None
) -> TransferCapacities:
    """Return what the borders can carry in *interval*: the lowest of what is *stated* for all of it.

    Only borders inside a CoBA and in use count; ``exchange`` asks for CoBAs that exchange it.
    """
    found: dict[tuple[AreaId, AreaId], list[Capacity]] = {}
    for capacity in (each for each in stated if each.interval.covers(interval)):
        if cooperation.usable(replace(capacity, interval=interval), exchange):
            found.setdefault((capacity.from_area, capacity.to_area), []).append(capacity)
    ways = tuple(_lowest(ends, found[ends]) for ends in sorted(found))
    notes = tuple(note for ends in sorted(found) for note in _differences(ends, found[ends], interval))
    return TransferCapacities(interval, ways, notes)


def _lowest(ends: tuple[AreaId, AreaId], stated: list[Capacity]) -> Way:
    return Way(*ends, min(each.quantity_mw for each in stated), max(each.loss_factor for each in stated))


def _differences(ends: tuple[AreaId, AreaId], stated: list[Capacity], interval: Interval) -> Iterator[str]:
    by_sender = sorted((each.sender, each.quantity_mw) for each in stated)
    border = f"Border {ends[0].value} to {ends[1].value} in {interval}"
    if len({mw for _, mw in by_sender}) > 1:
        said = ", ".join(f"{sender.value} states {mw} MW" for sender, mw in by_sender)
        yield f"{border}: {said}; the lower counts."
    elif len(by_sender) == 1:
        yield f"{border}: only {by_sender[0][0].value} states a capacity, {by_sender[0][1]} MW; it counts."
