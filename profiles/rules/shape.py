"""The shape that documents share: head, series, periods, points; parsed once for all rules.

Rules that need a market's table or terms are for the documents of the balancing markets, which are named here. Rules
that need nothing but the shape are for every document that has it, as its declaration tells (`profiles.rules.tracks`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
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
from profiles.registry import EDITIONS
from profiles.reserve_allocation_result import ReserveAllocationResultMarketDocument
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import At, View
from profiles.rules.tracks import Steps, form, reach
from profiles.wire import places

DOCUMENT, SERIES, INTERVAL = Level.DOCUMENT, Level.SERIES, Level.INTERVAL


def _holds_records(point: type[Any]) -> bool:
    return all(isinstance(place.kind, type) for name, place in places(point) if name != "position")


DATED: tuple[type[Any], ...] = (
    ReserveBidMarketDocument,
    ReserveAllocationResultMarketDocument,
    ActivationMarketDocument,
    CapacityMarketDocument,
    BalancingMarketDocument,
)
"""Documents of the balancing markets whose series have periods."""

HEADED: tuple[type[Any], ...] = (*DATED, BidAvailabilityMarketDocument)
"""Documents of the balancing markets with type, process, revision and an interval in the header."""

ALL: tuple[type[Any], ...] = (*HEADED, AcknowledgementMarketDocument)
"""Every document of the balancing markets."""

_EVERY: tuple[type[Any], ...] = tuple(dict.fromkeys((*ALL, *(edition.document for edition in EDITIONS))))

SENT = tuple(cls for cls in _EVERY if {"sender", "receiver", "created"} <= form(cls).head.keys())
"""Documents that name in their head who sends them to whom, and when they were made."""

COVERING = tuple(cls for cls in _EVERY if "period" in form(cls).head)
"""Documents with an interval in the head."""

LISTED = tuple(cls for cls in _EVERY if form(cls).lists)
"""Documents with series that have an mRID."""

TIMED = tuple(cls for cls in _EVERY if form(cls).tracks)
"""Documents whose series have Periods."""

BOUNDED = tuple(cls for cls in TIMED if cls in COVERING)
"""Documents whose series have Periods, and whose head has the interval of them all."""

SITUATIONS = tuple(cls for cls in TIMED if all(_holds_records(track.point) for track in form(cls).tracks))
"""Documents whose Points hold records, such as what may fail in a grid, and no value of their own."""

_TOLD = 3
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)


class Span(NamedTuple):
    """One Period of one series.

    ``series`` and ``number`` count from 1; ``number`` is 0 where there can be but one. ``resolution`` is None where its
    text means no length of time, ``slots`` where the interval does not hold a whole number of them. ``owner`` is the
    series, ``lead`` where the record stands that has the Period as its attribute ``name``; ``inner`` are the attributes
    that lead on to the Points.
    """

    series: int
    number: int
    period: Any
    start: datetime
    end: datetime
    resolution: Resolution | None
    slots: int | None
    owner: Any
    lead: At
    name: str
    points: Sequence[Any]
    inner: tuple[str, ...]

    @property
    def at(self) -> At:
        """Where the Period stands."""
        return (*self.lead, self.name, self.number) if self.number else (*self.lead, self.name)

    @property
    def curve(self) -> str | None:
        """Code of the curve type; None where the series names none."""
        found: str | None = getattr(self.owner, "curve_type", None)
        return found

    def point(self, number: int) -> At:
        """Return where a Point (counted from 1) stands."""
        return (*self.at, *self.inner, number)

    @property
    def interval(self) -> Interval | None:
        """The interval, or None where it is empty or runs backwards."""
        return Interval(self.start, self.end) if self.start < self.end else None


def spans(view: View[Any]) -> tuple[Span, ...]:
    """Return every Period of the document, parsed."""
    found: tuple[Span, ...] = view.recall(_spans)
    return found


def _spans(view: View[Any]) -> tuple[Span, ...]:
    found: list[Span] = []
    known: dict[tuple[str, datetime, datetime], tuple[Resolution | None, int | None]] = {}
    for track in form(type(view.document)).tracks:
        *above, (name, many) = track.periods
        inner = tuple(step for step, _ in track.points)
        points = attrgetter(".".join(inner))
        for count, lead, series, record in _holders(listed(view, track.series), tuple(above)):
            held = getattr(record, name)
            for number, period in enumerate(held, 1) if many else ((0, held),):
                start, end = period.interval.start, period.interval.end
                key = (period.resolution, start, end)
                if key not in known:
                    known[key] = _slots(period.resolution, start, end, view.market.time_zone)
                resolution, slots = known[key]
                found.append(
                    Span(
                        count, number, period, start, end, resolution, slots, series, lead, name, points(period), inner
                    )
                )
    return tuple(found)


def _holders(series: list[tuple[At, Any]], above: Steps) -> Iterator[tuple[int, At, Any, Any]]:
    """Yield the number of each series, and the records in it that hold its Periods: where each stands, and both."""
    for count, (place, one) in enumerate(series, 1):
        if above:
            for lead, record in reach(one, above, place):
                yield count, lead, one, record
        else:
            yield count, place, one, one


def listed(view: View[Any], steps: Steps) -> list[tuple[At, Any]]:
    """Return every record to which *steps* lead in the document, with where it stands."""
    known: dict[Steps, list[tuple[At, Any]]] = view.recall(_nothing_listed)
    if steps not in known:
        known[steps] = reach(view.document, steps)
    return known[steps]


def _nothing_listed(_: View[Any]) -> dict[Steps, list[tuple[At, Any]]]:
    return {}


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
            told.setdefault(key(span.owner), []).append(span)
    for group in told.values():
        for earlier, later in pairwise(sorted(group, key=lambda span: (span.start, span.series))):
            if later.start < earlier.end and later.owner is not earlier.owner:
                yield earlier, later


def block(view: View[Any], span: Span, number: int) -> Interval | None:
    """Return the time for which a Point (counted from 1) speaks, or None where its position has no such time.

    Under curve A03 that lasts to the next Point or the end, else it is one slot.
    """
    points, resolution = span.points, span.resolution
    first, last = points[number - 1].position, points[number - 1].position + 1
    if span.curve == "A03" and span.slots is not None:
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
        (span, number, quantity)
        for span in spans(view)
        for number, point in enumerate(span.points, 1)
        if (quantity := getattr(point, "quantity", None)) is not None
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
