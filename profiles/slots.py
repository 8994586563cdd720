"""Time on the wire and in the canonical model: intervals, durations, and periods of points as blocks.

A canonical bid, capacity or price speaks of one interval, a series on the wire of as many slots as its periods hold.
Series of one slot keep their identifier; of several, each slot gets ``<mRID>#<slot>``, counted through the series.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from gateway.errors import InvalidValue, Unmappable, Unwritable
from gateway.time import CurveType, Interval, Resolution, expand, require_positions
from profiles.parts import Point, SeriesPeriod, TimeInterval

V = TypeVar("V")

MOST_SLOTS = 100_000
"""Most slots of the series of one document; a year has 35,136 quarter hours."""


@lru_cache(maxsize=4096)
def _interval(start: datetime, end: datetime) -> Interval:
    try:
        return Interval(start, end)
    except InvalidValue as error:
        raise Unmappable("timeInterval", error.expected, error.found, "A04") from error


def interval(wire: TimeInterval) -> Interval:
    """Return the interval of *wire*. Raises `Unmappable` where its end is not after its start."""
    return _interval(wire.start, wire.end)


def time_interval(value: Interval) -> TimeInterval:
    """Return *value* as it stands on the wire."""
    return TimeInterval(start=value.start, end=value.end)


@lru_cache(maxsize=1024)
def duration(text: str) -> timedelta:
    """Return the length of an ``xs:duration``. Raises `Unmappable` for months, days, negative and endless ones."""
    try:
        length = Resolution.parse(text)
        if length.calendar:
            raise Unmappable("duration", "hours, minutes and seconds", text)
        return timedelta(microseconds=int(length.seconds * 1_000_000))
    except InvalidValue as error:
        raise Unmappable("duration", error.expected, error.found) from error
    except OverflowError as error:
        raise Unmappable("duration", "a length that a clock can measure", text) from error


def duration_text(length: timedelta) -> str:
    """Return *length* as an ``xs:duration``.

    >>> duration_text(timedelta(minutes=21))
    'PT21M'
    """
    return str(Resolution(seconds=Decimal(length // timedelta(microseconds=1)) / 1_000_000))


@lru_cache(maxsize=4096)
def _count(start: datetime, end: datetime, resolution: str) -> int:
    """Return how many slots an interval holds. Raises `Unmappable` where it is no whole number of them."""
    whole = _interval(start, end)
    try:
        return Resolution.parse(resolution).count(whole)
    except InvalidValue as error:
        raise Unmappable("resolution", error.expected, error.found, "A41") from error


def blocks(periods: Iterable[Any], curve: str | None, tag: str = "Period") -> tuple[tuple[Interval, Any], ...]:
    """Return each slot of *periods* with the point that holds in it; no curve type means A01.

    ``tag`` is the element of a period, for errors. Raises `Unmappable` for curves that are no blocks, for positions
    that do not fit, and for more than `MOST_SLOTS` slots.
    """
    if curve not in {None, CurveType.FIXED_BLOCKS, CurveType.VARIABLE_BLOCKS}:
        raise Unmappable("curveType", "A01 or A03, a series of blocks", repr(curve), "A59")
    found: list[tuple[Interval, Any]] = []
    for number, period in enumerate(periods, start=1):
        try:
            found += _blocks(period, CurveType(curve or "A01"))
        except Unmappable as error:
            path = f"{tag}[{number}]/{error.path}".rstrip("/")
            raise Unmappable(path, error.expected, error.found, error.code) from error
    return tuple(found)


def _blocks(period: Any, kind: CurveType) -> Iterable[tuple[Interval, Any]]:  # noqa: ANN401 - any Period
    """Return the blocks of one period; whether its points fit is known before its slots are cut."""
    start, end, points = period.interval.start, period.interval.end, period.points
    count = _count(start, end, period.resolution)
    if count == len(points) == 1 == points[0].position:
        return ((_interval(start, end), points[0]),)
    placed = [(point.position, point) for point in points]
    try:
        require_positions([position for position, _ in placed], count, fixed=kind is CurveType.FIXED_BLOCKS)
    except InvalidValue as error:
        raise Unmappable("Point/position", error.expected, error.found, "A49") from error
    if count > MOST_SLOTS:
        raise Unmappable("", f"at most {MOST_SLOTS} slots", str(count), "A41")
    return expand(kind, Resolution.parse(period.resolution).slots(interval(period.interval)), placed)


def require_few_slots(series: Iterable[Any]) -> None:
    """Refuse a document whose series hold more than `MOST_SLOTS` slots together.

    Only a curve of type A03 can hold more slots than points. Raises `Unmappable`.
    """
    refuse_many_slots(slots_of_curves(series))


def slots_of_curves(series: Iterable[Any]) -> int:
    """Return how many slots the series of type A03 hold; a series that names no curve has none."""
    curves = (one for one in series if getattr(one, "curve_type", None) == CurveType.VARIABLE_BLOCKS)
    return sum(_slots_of(period) for one in curves for period in one.periods)


def refuse_many_slots(total: int) -> None:
    """Refuse more slots than `MOST_SLOTS`. Raises `Unmappable`."""
    if total > MOST_SLOTS:
        raise Unmappable("Period", f"at most {MOST_SLOTS} slots in all series", str(total), "A41")


def _slots_of(period: Any) -> int:  # noqa: ANN401 - any Period
    """Return how many slots a period holds; 0 where it is no whole number, which is refused with its place later."""
    try:
        return _count(period.interval.start, period.interval.end, period.resolution)
    except Unmappable:
        return 0


def runs(values: Iterable[tuple[Interval, V]]) -> Iterator[tuple[TimeInterval, str, tuple[V, ...]]]:
    """Join blocks that follow each other in slots of one length: interval, resolution, one value for each slot."""
    run: list[tuple[Interval, V]] = []
    for block in sorted(values, key=lambda entry: entry[0]):
        if run and (run[-1][0].end != block[0].start or run[-1][0].duration != block[0].duration):
            yield _run(run)
            run = []
        run.append(block)
    if run:
        yield _run(run)


def _run(run: list[tuple[Interval, V]]) -> tuple[TimeInterval, str, tuple[V, ...]]:
    whole = TimeInterval(start=run[0][0].start, end=run[-1][0].end)
    return whole, duration_text(run[0][0].duration), tuple(value for _, value in run)


def power_periods(values: Iterable[tuple[Interval, Decimal]]) -> tuple[SeriesPeriod, ...]:
    """Return blocks of power as the periods of a series of type A01, one for each run without gaps."""
    return tuple(
        SeriesPeriod(
            interval=whole,
            resolution=resolution,
            points=tuple(Point(position=at, quantity=quantity) for at, quantity in enumerate(quantities, 1)),
        )
        for whole, resolution, quantities in runs(values)
    )


def numbered(id_: str, count: int) -> list[str]:
    """Return an identifier for each of *count* slots: the series' own for one, ``<mRID>#<slot>`` for several."""
    return [id_] if count == 1 else [f"{id_}#{slot}" for slot in range(1, count + 1)]


def series_id(id_: str) -> str:
    """Return the identifier of the series that a numbered one belongs to."""
    base, _, slot = id_.rpartition("#")
    return base if base and slot.isdecimal() else id_


def span(intervals: Iterable[Interval]) -> Interval:
    """Return the shortest interval that covers all of *intervals*. Raises `Unwritable` where there is none."""
    every = tuple(intervals)
    if not every:
        raise Unwritable("timeInterval", "a period in the envelope, or something in the message", "neither")
    return Interval(min(one.start for one in every), max(one.end for one in every))
