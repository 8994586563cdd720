"""From a unit's metered past to the similar days of a "high X of Y" baseline.

Rules
1. A similar day is a day of the same kind: a working day for a working day, else a Saturday, Sunday or holiday. Days
   are those of the market's local calendar; the hour is the same by the local clock.
2. Days on which the unit was activated (event days) are left out, and so are days without complete values; the search
   goes further back instead, `FARTHEST_DAYS` at most.
3. The level of a day before the event is its mean power in a window that ends when the activation began, by the local
   clock. All quarter hours of one activation share it, so that the activation itself is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from gateway.identifiers import Identifier
from gateway.settlement.baseline import SimilarDay
from gateway.settlement.metering import MeterBook
from gateway.time import CENTRAL_EUROPE, Interval, Resolution

FARTHEST_DAYS = 60
"""How many days back similar days are sought."""

_DAY = Resolution(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Local calendar of a market: its zone, its holidays, and how far before an activation the level is taken."""

    zone: ZoneInfo = CENTRAL_EUROPE
    holidays: frozenset[date] = frozenset()
    window: timedelta = timedelta(hours=1)

    def day(self, instant: datetime) -> date:
        """Return the local day of *instant*."""
        return instant.astimezone(self.zone).date()

    def working(self, day: date) -> bool:
        """Whether *day* is a working day."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def earlier(self, on: Interval, days: int) -> Interval:
        """Return *on* as it was *days* days before, by the local clock."""
        return Interval(_DAY.step(self.zone, on.start, -days), _DAY.step(self.zone, on.end, -days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The metered past of one unit: its meter, the book, the days on which it was activated, and the calendar."""

    meter: Identifier
    book: MeterBook
    events: frozenset[date] = frozenset()
    calendar: Calendar = Calendar()

    def level_before(self, event: datetime) -> Decimal | None:
        """Return the mean power in the window before *event*, net injection in MW, or None where it is not known."""
        return self._power(Interval(event - self.calendar.window, event))

    def similar_days(self, on: Interval, event: datetime, count: int) -> tuple[SimilarDay, ...]:
        """Return the *count* nearest similar days of the period *on* of an activation from *event*, the earliest first.

        There may be fewer.
        """
        nearest: list[SimilarDay] = []
        for similar in self._similar(on, Interval(event - self.calendar.window, event)):
            nearest.append(similar)
            if len(nearest) == count:
                break
        return tuple(reversed(nearest))

    def _similar(self, on: Interval, before: Interval) -> Iterator[SimilarDay]:
        calendar = self.calendar
        kind = calendar.working(calendar.day(on.start))
        for back in range(1, FARTHEST_DAYS + 1):
            then = calendar.earlier(on, back)
            day = calendar.day(then.start)
            if day in self.events or calendar.working(day) is not kind:
                continue
            level, power = self._power(calendar.earlier(before, back)), self._power(then)
            if level is not None and power is not None:
                yield SimilarDay(level, power)

    def _power(self, on: Interval) -> Decimal | None:
        value = self.book.mean(self.meter, on)
        return None if value is None else value.power_mw
