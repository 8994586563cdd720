"""Time of the market: half-open UTC intervals, resolutions, and curves as blocks.

Rules
1. Every instant is aware and in UTC; local time appears only where a calendar is meant
   (a market day, ``P1D``, ``P1M``), and then with its IANA zone. A day of clock change has
   23 or 25 hours: 92 or 100 quarter hours.
2. An interval is half-open: its start belongs to it, its end does not.
3. A canonical series is a run of blocks ``(interval, value)``. How it was drawn on the wire
   (curve type, IEC 62325-351, code list ``StandardCurveTypeList``) is a matter of writing:

   =====  ==============================  ================================================
   A01    sequential fixed size blocks    one point per slot, none left out
   A02    points                          instants without duration; no blocks follow
   A03    sequential variable blocks      a value lasts to the next point or the end
   A04    overlapping breakpoints         straight lines; a jump where periods meet
   A05    non-overlapping breakpoints     straight lines; last position is slots + 1
   =====  ==============================  ================================================

4. Durations compare by value: ``PT60M`` is ``PT1H``. ``P1D`` is a calendar day and not ``PT24H``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from gateway.errors import InvalidValue

V = TypeVar("V")

MOST_SLOTS = 999_999
"""Most slots of one interval: the greatest ``Position_Integer`` of IEC 62325-351."""
CENTRAL_EUROPE = ZoneInfo("Europe/Brussels")
"""Zone of the CET/CEST market day."""


class CurveType(StrEnum):
    """How points on the wire stand for a function of time; values as in the code list."""

    FIXED_BLOCKS = "A01"
    POINTS = "A02"
    VARIABLE_BLOCKS = "A03"
    OVERLAPPING_BREAKPOINTS = "A04"
    BREAKPOINTS = "A05"


def require_utc(instant: datetime, name: str) -> None:
    """Refuse a naive instant or one with another offset than UTC.

    Raises `InvalidValue`.
    """
    if instant.tzinfo is not UTC and instant.utcoffset() != timedelta(0):
        raise InvalidValue(name, "an aware instant in UTC", repr(instant))


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open span ``[start, end)`` of UTC time, never empty.

    Raises `InvalidValue` for naive or offset instants and for ``start >= end``.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse naive, offset, empty and reversed intervals."""
        require_utc(self.start, "Interval.start")
        require_utc(self.end, "Interval.end")
        if self.start >= self.end:
            raise InvalidValue("Interval", "a start before the end", str(self))

    def __str__(self) -> str:
        """Return both ends to the minute, as the standard writes them."""
        return f"{self.start:%Y-%m-%dT%H:%MZ}/{self.end:%Y-%m-%dT%H:%MZ}"

    def __contains__(self, instant: datetime) -> bool:
        """Whether *instant* lies in the interval; the end does not."""
        return self.start <= instant < self.end

    @property
    def duration(self) -> timedelta:
        """Length of the interval."""
        return self.end - self.start

    def covers(self, other: Interval) -> bool:
        """Whether *other* lies wholly inside this interval."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share any instant."""
        return self.start < other.end and other.start < self.end


_DURATION = re.compile(
    r"P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?P<time>T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_LONGEST_DURATION_TEXT = 64


@dataclass(frozen=True, slots=True)
class Resolution:
    """Length of one slot: calendar months and days in market time, and seconds.

    >>> Resolution.parse("PT60M") == Resolution.parse("P0Y0M0DT1H0M0.000S")
    True
    >>> Resolution.parse("P1D") == Resolution.parse("PT24H")
    False
    """

    months: int = 0
    days: int = 0
    seconds: Decimal = Decimal(0)

    @staticmethod
    def parse(text: str) -> Resolution:
        """Read an ``xs:duration`` that is not negative.

        Raises `InvalidValue` for anything else.
        """
        return _parse_resolution(text)

    @property
    def calendar(self) -> bool:
        """Whether a slot is counted in calendar units, so that its length depends on the day."""
        return bool(self.months or self.days)

    @property
    def positive(self) -> bool:
        """Whether the slot has any length."""
        return self.calendar or self.seconds > 0

    def step(self, zone: ZoneInfo, start: datetime, slots: int) -> datetime:
        """Return the instant that lies *slots* slots after *start*; calendar units run in *zone*.

        Raises `InvalidValue` where the calendar has no such day, as one month after 31 January.
        """
        exact = start + slots * timedelta(microseconds=int(self.seconds * 1_000_000))
        if not self.calendar:
            return exact
        local = exact.astimezone(zone).replace(tzinfo=None)
        month = local.month - 1 + self.months * slots
        try:
            moved = local.replace(year=local.year + month // 12, month=month % 12 + 1)
        except ValueError as error:
            raise InvalidValue(
                "resolution", "a day of the calendar", f"{slots} of {self} after {local:%Y-%m-%d}"
            ) from error
        moved += timedelta(days=self.days * slots)
        return moved.replace(tzinfo=zone).astimezone(UTC)

    def slots(self, interval: Interval, zone: ZoneInfo = CENTRAL_EUROPE) -> tuple[Interval, ...]:
        """Cut *interval* into slots.

        Raises `InvalidValue` where it does not hold a whole number of them, or more than `MOST_SLOTS`.

        >>> day = market_day(date(2026, 3, 29))
        >>> len(Resolution.parse("PT15M").slots(day)), len(Resolution.parse("P1D").slots(day))
        (92, 1)
        """
        count = self.count(interval, zone)
        if count > MOST_SLOTS:
            raise InvalidValue("resolution", f"at most {MOST_SLOTS} slots", f"{count} of {self} in {interval}")
        borders = [self.step(zone, interval.start, slot) for slot in range(count + 1)]
        return tuple(Interval(start, end) for start, end in pairwise(borders))

    def count(self, interval: Interval, zone: ZoneInfo = CENTRAL_EUROPE) -> int:
        """Return how many slots *interval* holds.

        Raises `InvalidValue` where it is no whole number or the resolution has no length.
        """
        count = self._estimate(interval)
        try:
            whole = count > 0 and self.step(zone, interval.start, count) == interval.end
        except (ValueError, OverflowError):
            whole = False
        if not whole:
            raise InvalidValue("resolution", f"a whole number of {self} in {interval}", "a remainder")
        return count

    def _estimate(self, interval: Interval) -> int:
        if not self.positive:
            return 0
        average = Decimal(self.months) * 2629746 + Decimal(self.days) * 86400 + self.seconds
        return int((Decimal(interval.duration.total_seconds()) / average).to_integral_value())

    def __str__(self) -> str:
        """Return the shortest usual form: ``PT15M``, ``P1D``, ``P1M``."""
        calendar = (f"{self.months}M" if self.months else "") + (f"{self.days}D" if self.days else "")
        minutes, seconds = divmod(self.seconds, 60)
        clock = (f"{minutes:f}M" if minutes else "") + (f"{seconds.normalize():f}S" if seconds else "")
        return "P" + calendar + (f"T{clock}" if clock or not calendar else "") + ("" if clock or calendar else "0S")


@lru_cache(maxsize=512)
def _parse_resolution(text: str) -> Resolution:
    found = _DURATION.fullmatch(text) if len(text) <= _LONGEST_DURATION_TEXT else None
    if found is None or text.endswith(("P", "T")):
        raise InvalidValue("duration", "an xs:duration that is not negative, such as PT15M", repr(text))
    part = {name: Decimal(value or 0) for name, value in found.groupdict().items() if name != "time"}
    return Resolution(
        months=int(part["years"] * 12 + part["months"]),
        days=int(part["days"]),
        seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
    )


QUARTER_HOUR = Resolution(seconds=Decimal(900))
"""The balancing market time unit."""


def market_day(day: date, zone: ZoneInfo = CENTRAL_EUROPE) -> Interval:
    """Return the calendar *day* of *zone* as an interval of 23, 24 or 25 hours.

    Raises `InvalidValue` for the first and last days that a `datetime` can name.

    >>> str(market_day(date(2026, 10, 25)))
    '2026-10-24T22:00Z/2026-10-25T23:00Z'
    """
    try:
        midnight, next_midnight = (datetime.combine(day + n * timedelta(days=1), time(), zone) for n in range(2))
        return Interval(midnight.astimezone(UTC), next_midnight.astimezone(UTC))
    except OverflowError as error:
        raise InvalidValue("day", "a day between the years 1 and 9999", str(day)) from error


def on_grid(instant: datetime, resolution: Resolution) -> bool:
    """Whether *instant* is a border of the UTC grid of *resolution* (seconds only)."""
    return bool(resolution.seconds) and Decimal(int(instant.timestamp())) % resolution.seconds == 0


@dataclass(frozen=True, slots=True)
class Series(Generic[V]):
    """A function of time as blocks ``(interval, value)``, ascending and not overlapping.

    Gaps are allowed and mean "no value". Raises `InvalidValue` for blocks out of order.
    """

    blocks: tuple[tuple[Interval, V], ...]

    def __post_init__(self) -> None:
        """Refuse blocks that overlap or run backwards."""
        for (earlier, _), (later, _) in pairwise(self.blocks):
            if earlier.end > later.start:
                raise InvalidValue("Series.blocks", "ascending blocks that do not overlap", f"{earlier} before {later}")

    def at(self, instant: datetime) -> V | None:
        """Return the value at *instant*, or None in a gap."""
        return next((value for interval, value in self.blocks if instant in interval), None)


def expand(
    curve: CurveType, slots: Sequence[Interval], points: Sequence[tuple[int, V]]
) -> tuple[tuple[Interval, V], ...]:
    """Turn points of a block curve (A01, A03) into one block per slot.

    ``points`` are ``(position, value)`` with positions counted from 1.
    Raises `InvalidValue` for another curve, a first position other than 1, positions that do not
    ascend or lie beyond the last slot, and for a slot without a point under A01.
    """
    if curve not in {CurveType.FIXED_BLOCKS, CurveType.VARIABLE_BLOCKS}:
        raise InvalidValue("curveType", "A01 or A03 for a series of blocks", curve)
    positions = [position for position, _ in points]
    require_positions(positions, len(slots), fixed=curve is CurveType.FIXED_BLOCKS)
    ends = [*positions[1:], len(slots) + 1]
    return tuple(
        (slot, value)
        for (position, value), end in zip(points, ends, strict=True)
        for slot in slots[position - 1 : end - 1]
    )


def require_positions(positions: Sequence[int], slots: int, *, fixed: bool) -> None:
    """Refuse positions that cannot describe *slots* slots; ``fixed`` demands one for each.

    Raises `InvalidValue`.
    """
    if not positions or positions[0] != 1:
        raise InvalidValue("Point.position", "a first position of 1", str(positions[:1]))
    if any(later <= earlier for earlier, later in pairwise(positions)):
        raise InvalidValue("Point.position", "strictly ascending positions", "a repeated or lower one")
    if positions[-1] > slots:
        raise InvalidValue("Point.position", f"at most {slots} positions", str(positions[-1]))
    if fixed and len(positions) != slots:
        raise InvalidValue("Point.position", f"one point for each of {slots} slots", str(len(positions)))


def compress(values: Sequence[V]) -> tuple[tuple[int, V], ...]:
    """Return the points of an A03 curve for the values of consecutive slots.

    >>> compress([10, 10, 12, 12])
    ((1, 10), (3, 12))
    """
    return tuple(
        (position, value) for position, value in enumerate(values, 1) if position == 1 or value != values[position - 2]
    )


def slot_means(
    slots: Sequence[Interval], points: Sequence[tuple[int, Decimal]]
) -> tuple[tuple[Interval, Decimal], ...]:
    """Return the mean of a breakpoint curve (one Period of A04 or A05) in each slot.

    Values run straight between breakpoints; position ``k`` is the start of slot ``k`` and the last
    position is ``len(slots) + 1``, the end. Thirds and the like are rounded to the precision of the
    decimal context. Raises `InvalidValue` for positions that do not span the slots.
    """
    positions = [position for position, _ in points]
    require_positions(positions, len(slots) + 1, fixed=False)
    if positions[-1] != len(slots) + 1:
        raise InvalidValue("Point.position", f"a last position of {len(slots) + 1}, the end", str(positions[-1]))
    level = [points[0][1]]
    for (left, start), (right, end) in pairwise(points):
        level += [start + (end - start) * step / (right - left) for step in range(1, right - left + 1)]
    return tuple((slot, (level[at] + level[at + 1]) / 2) for at, slot in enumerate(slots))
