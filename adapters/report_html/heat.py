"""The overview of many intervals: one row per area, one column per interval, shaded by price.

A day of 96 quarter hours and a dozen areas fits on one screen. Seven shades say where prices are high
or low, two rows of marks above say where something is abnormal: a triangle where a need stays unserved,
a diamond where a border is full. The numbers stand in the table beside the picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup

from adapters.report_html.figures import DASH, Figures, shortened
from adapters.report_html.svg import boxes, picture, rule, tag, text
from gateway.identifiers import AreaId
from gateway.time import Interval, market_day

SHADES = 7
_LEFT, _TOP, _ROW = 118.0, 44.0, 22.0
_WIDTH = 940.0
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shading:
    """Seven equal classes from ``low`` to ``high``; the first and the last take whatever lies beyond.

    A few prices at the cap would press all others into one class, so the twentieth part at each end is left
    out of the measure.
    """

    low: Decimal
    high: Decimal

    @staticmethod
    def of(prices: Iterable[Decimal]) -> Shading:
        """Return the classes for *prices*; one class for a single price or none."""
        known = sorted(prices) or [Decimal(0)]
        beyond = len(known) // 20
        low, high = known[beyond], known[-1 - beyond]
        return Shading(low, high) if low < high else Shading(known[0], known[-1])

    def shade(self, price: Decimal) -> int:
        """Return the class of *price*, 0 for the lowest; the middle one where all prices are equal."""
        if self.low == self.high:
            return SHADES // 2
        share = (price - self.low) / (self.high - self.low)
        return max(0, min(SHADES - 1, int(share * SHADES)))

    def bounds(self) -> tuple[tuple[int, Decimal, Decimal], ...]:
        """Return the classes with their lowest and highest price."""
        if self.low == self.high:
            return ((SHADES // 2, self.low, self.high),)
        width = (self.high - self.low) / SHADES
        return tuple((shade, self.low + shade * width, self.low + (shade + 1) * width) for shade in range(SHADES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The prices of one market day, and the intervals in which something is abnormal."""

    day: Interval
    prices: dict[tuple[AreaId, Interval], Decimal]
    unserved: Collection[Interval]
    congested: Collection[Interval]


def days(
    prices: dict[tuple[AreaId, Interval], Decimal],
    unserved: Collection[Interval],
    congested: Collection[Interval],
    zone: ZoneInfo,
) -> tuple[Day, ...]:
    """Cut prices into the local calendar days of *zone*, in order."""
    by_day: dict[Interval, dict[tuple[AreaId, Interval], Decimal]] = {}
    for (area, interval), price in prices.items():
        day = market_day(interval.start.astimezone(zone).date(), zone)
        by_day.setdefault(day, {})[area, interval] = price
    return tuple(
        Day(
            day=day,
            prices=of_day,
            unserved=[interval for interval in unserved if interval.start in day],
            congested=[interval for interval in congested if interval.start in day],
        )
        for day, of_day in sorted(by_day.items())
    )


def draw(day: Day, areas: Sequence[AreaId], shading: Shading, title: str, figures: Figures) -> Markup:
    """Return the picture of one day."""
    bottom = _TOP + _ROW * len(areas)
    content: list[Markup] = []
    for row, area in enumerate(areas):
        top = _TOP + row * _ROW
        content.append(text(shortened(figures.area(area), 16), _LEFT - 8, top + 15, anchor="end", class_="tick"))
        content += _cells(day, area, shading, top)
    content += _hours(day.day, figures.zone, bottom)
    content += _marks(day, "unserved need", day.unserved, 8.0, "triangle")
    content += _marks(day, "full border", day.congested, 26.0, "diamond")
    prices = day.prices.values()
    said = (
        f"Prices from {figures.price(min(prices))} to {figures.price(max(prices))} per MWh in {len(areas)} areas; "
        f"needs unserved in {len(day.unserved)} and borders full in {len(day.congested)} intervals."
    )
    return picture(_LEFT + _WIDTH + 12, bottom + 26, title, said, content)


def legend(shading: Shading, figures: Figures) -> tuple[tuple[int, str], ...]:
    """Return each shade with its prices in words."""
    return tuple((shade, _class_words(shade, low, high, figures)) for shade, low, high in shading.bounds())


def _class_words(shade: int, low: Decimal, high: Decimal, figures: Figures) -> str:
    if low == high:
        return figures.price(low)
    if shade == 0:
        return f"up to {figures.price(high)}"
    if shade == SHADES - 1:
        return f"{figures.price(low)} and more"
    return f"{figures.price(low)} {DASH} {figures.price(high)}"


def _cells(day: Day, area: AreaId, shading: Shading, top: float) -> Iterable[Markup]:
    for shade in range(SHADES):
        of_shade = (
            (_across(interval.start, day.day), top + 1, _across(interval.end, day.day), top + _ROW - 1)
            for (other, interval), price in day.prices.items()
            if other == area and shading.shade(price) == shade
        )
        yield boxes(of_shade, f"shade-{shade}")


def _hours(day: Interval, zone: ZoneInfo, bottom: float) -> Iterable[Markup]:
    count = day.duration // timedelta(hours=1)
    for hour in range(count + 1):
        instant = day.start + timedelta(hours=hour)
        local = instant.astimezone(zone).hour
        place = _across(instant, day)
        yield rule(place, _TOP, place, bottom + (6 if local % 3 == 0 else 3), "grid")
        if local % 3 == 0:
            yield text(f"{24 if hour == count else local:02d}", place, bottom + 19, anchor="middle", class_="tick")


def _marks(day: Day, name: str, intervals: Collection[Interval], top: float, shape: str) -> Iterable[Markup]:
    if not intervals:
        return
    yield text(name, _LEFT - 8, top + 9, anchor="end", class_="tick")
    outlines = {"triangle": "l4.5 8h-9Z", "diamond": "l4.5 4.5l-4.5 4.5l-4.5 -4.5Z"}
    centres = (_across(interval.start + interval.duration / 2, day.day) for interval in intervals)
    path = "".join(f"M{centre:.1f} {top:.1f}{outlines[shape]}" for centre in centres)
    yield tag("path", d=path, class_=shape)


def _across(instant: datetime, day: Interval) -> float:
    inside = min(max(instant, day.start), day.end)
    return _LEFT + _WIDTH * ((inside - day.start) / _MINUTE) / (day.duration / _MINUTE)
