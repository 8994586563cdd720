"""The shape that all dated documents share: series, periods, points; parsed once for all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from gateway.errors import InvalidValue
from gateway.report import Level
from gateway.time import Interval, Resolution
from profiles.acknowledgement import AcknowledgementMarketDocument
from profiles.activation import ActivationMarketDocument
from profiles.balancing import BalancingMarketDocument
from profiles.bid_availability import BidAvailabilityMarketDocument
from profiles.capacity import CapacityMarketDocument
from profiles.reserve_allocation_result import ReserveAllocationResultMarketDocument
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import At, View

DOCUMENT, SERIES, INTERVAL = Level.DOCUMENT, Level.SERIES, Level.INTERVAL

DATED: tuple[type[Any], ...] = (
    ReserveBidMarketDocument,
    ReserveAllocationResultMarketDocument,
    ActivationMarketDocument,
    CapacityMarketDocument,
    BalancingMarketDocument,
)
"""Documents whose series have periods."""

HEADED: tuple[type[Any], ...] = (*DATED, BidAvailabilityMarketDocument)
"""Documents with type, process, revision and an interval in the header."""

ALL: tuple[type[Any], ...] = (*HEADED, AcknowledgementMarketDocument)
"""Every document that has rules."""

_TOLD = 3
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)


class Span(NamedTuple):
    """One Period of one series.

    ``series`` and ``number`` count from 1. ``resolution`` is None where its text means no length of
    time, ``slots`` where the interval does not hold a whole number of them.
    """

    series: int
    number: int
    period: Any
    start: datetime
    end: datetime
    resolution: Resolution | None
    slots: int | None

    @property
    def at(self) -> At:
        """Where the Period stands."""
        return ("series", self.series, "periods", self.number)

    @property
    def interval(self) -> Interval | None:
        """The interval, or None where it is empty or runs backwards."""
        return Interval(self.start, self.end) if self.start < self.end else None


def spans(view: View[Any]) -> tuple[Span, ...]:
    """Return every Period of the document, parsed."""
    found: tuple[Span, ...] = view.recall(_spans)
    return found


def _spans(view: View[Any]) -> tuple[Span, ...]:
    found = []
    known: dict[tuple[str, datetime, datetime], tuple[Resolution | None, int | None]] = {}
    for number, series in enumerate(view.document.series, 1):
        for at, period in enumerate(series.periods, 1):
            interval = period.interval
            start, end = interval.start, interval.end
            key = (period.resolution, start, end)
            if key not in known:
                known[key] = _slots(period.resolution, start, end, view.market.time_zone)
            found.append(Span(number, at, period, start, end, *known[key]))
    return tuple(found)


@lru_cache(maxsize=512)
def parsed(text: str) -> Resolution | None:
    """Return the resolution that *text* means, None where it has no length."""
    try:
        resolution = Resolution.parse(text)
    except InvalidValue:
        return None
    return resolution if resolution.positive else None


@lru_cache(maxsize=512)
def length(text: str) -> timedelta | None:
    """Return a duration as a fixed length of time; None for calendar units and for no duration at all."""
    resolution = parsed(text)
    if resolution is None or resolution.calendar:
        return None
    return timedelta(microseconds=int(resolution.seconds * 1_000_000))


def _slots(text: str, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Resolution | None, int | None]:
    """Return a resolution and how many of it make up an interval, where that is a whole number."""
    resolution = parsed(text)
    if resolution is None:
        return None, None
    try:
        return resolution, resolution.count(Interval(start, end), zone)
    except InvalidValue:
        return resolution, None


def overlapping(view: View[Any], key: Callable[[Any], object]) -> Iterator[tuple[Span, Span]]:
    """Yield pairs of Periods of two series with the same *key* that share time, the earlier one first."""
    told: dict[object, list[Span]] = {}
    for span in spans(view):
        if span.start < span.end:
            told.setdefault(key(view.document.series[span.series - 1]), []).append(span)
    for group in told.values():
        for earlier, later in pairwise(sorted(group, key=lambda span: (span.start, span.series))):
            if later.start < earlier.end and later.series != earlier.series:
                yield earlier, later


def block(view: View[Any], span: Span, number: int) -> Interval | None:
    """Return the time for which a Point (counted from 1) speaks, or None where its position has no such time.

    Under curve A03 that lasts to the next Point or the end, else it is one slot.
    """
    points, resolution = span.period.points, span.resolution
    first, last = points[number - 1].position, points[number - 1].position + 1
    if getattr(view.document.series[span.series - 1], "curve_type", None) == "A03" and span.slots is not None:
        last = points[number].position if number < len(points) else span.slots + 1
    if resolution is None or span.slots is None or not 1 <= first < last <= span.slots + 1:
        return None
    zone = view.market.time_zone
    return Interval(resolution.step(zone, span.start, first - 1), resolution.step(zone, span.start, last - 1))


def quantities(view: View[Any]) -> tuple[tuple[Span, int, Decimal], ...]:
    """Return ``(span, number of the point, quantity)`` of every Point that has a quantity."""
    found: tuple[tuple[Span, int, Decimal], ...] = view.recall(_quantities)
    return found


def _quantities(view: View[Any]) -> tuple[tuple[Span, int, Decimal], ...]:
    return tuple(
        (span, number, point.quantity)
        for span in spans(view)
        for number, point in enumerate(span.period.points, 1)
        if point.quantity is not None
    )


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether *value* is a whole multiple of *step*; no number so large that it cannot be told is."""
    try:
        return not value % step
    except InvalidOperation:
        return False


def on_border(instant: datetime, unit: timedelta) -> bool:
    """Whether *instant* is a border of the grid of *unit* that starts at midnight UTC."""
    return not (instant - _MIDNIGHT) % unit


def amount(value: Decimal) -> str:
    """Write a number as people do: ``10.000`` is 10."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def either(values: frozenset[str] | tuple[str, ...]) -> str:
    """Return the allowed values as words."""
    words = sorted(values)
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words) or "nothing"


def few(names: Iterable[str]) -> str:
    """Return the first of some names in alphabetical order as words, and how many more there are."""
    words = sorted(names)
    more = len(words) - _TOLD
    return ", ".join(words[:_TOLD]) + (f" and {more} more" if more > 0 else "")


def moment(instant: datetime) -> str:
    """Write an instant to the minute, or to the second where it has seconds."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}" if instant.second else f"{instant:%Y-%m-%dT%H:%MZ}"
