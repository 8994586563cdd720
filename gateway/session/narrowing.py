"""The part of a message that concerns one period.

A document may speak of a whole day; a session counts what it says of its own period and nothing else. A need for direct
activation begins inside the period and may last longer (IEC 62325-451-7: until the end of the next one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from gateway.envelope import Message
from gateway.measurements import MeasuredSeries, Readings
from gateway.model import Activation, BidSet, Blocking, GridConstraints, Need, ReserveNeed
from gateway.time import Interval


def narrowed(message: Message, period: Interval) -> Message:
    """Return what *message* says of *period*; a kind that has no periods is returned whole."""
    narrow = _NARROW.get(type(message))
    return narrow(message, period) if narrow else message


def says_nothing(message: Message) -> bool:
    """Whether a narrowed message has nothing left. An empty answer to a check says that nothing is blocked."""
    parts = _PARTS.get(type(message))
    return parts is not None and not any(parts(message))


def is_direct(message: Message) -> bool:
    """Whether *message* asks for direct activation."""
    needs = message.needs if isinstance(message, ReserveNeed) else ()
    return any(need.activation is Activation.DIRECT for need in needs)


def _need_concerns(need: Need, period: Interval) -> bool:
    if need.activation is Activation.DIRECT:
        return period.start <= need.interval.start < period.end
    return need.interval == period


def _readings(message: Readings, period: Interval) -> Readings:
    inside = (
        replace(series, readings=tuple(one for one in series.readings if period.overlaps(one.interval)))
        for series in message.series
    )
    return replace(message, series=tuple(series for series in inside if series.readings))


def _within(items: Iterable[Any], period: Interval) -> tuple[Any, ...]:
    return tuple(item for item in items if item.interval == period)


_NARROW: Mapping[type, Callable[..., Message]] = {
    BidSet: lambda message, period: replace(message, bids=_within(message.bids, period)),
    ReserveNeed: lambda message, period: ReserveNeed(
        needs=tuple(need for need in message.needs if _need_concerns(need, period))
    ),
    GridConstraints: lambda message, period: GridConstraints(
        capacities=_within(message.capacities, period), limits=_within(message.limits, period)
    ),
    Blocking: lambda message, period: Blocking(
        blocks=tuple(replace(block, interval=period) for block in message.blocks if block.interval.overlaps(period))
    ),
    Readings: _readings,
}

_PARTS: Mapping[type, Callable[[Any], Iterable[object]]] = {
    BidSet: lambda message: message.bids or (message.replaces_all,),
    ReserveNeed: lambda message: message.needs,
    GridConstraints: lambda message: (*message.capacities, *message.limits),
    Readings: lambda message: (series for series in message.series if isinstance(series, MeasuredSeries)),
}
