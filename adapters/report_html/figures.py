"""Numbers, times and areas as a person reads them.

Thousands stand apart by a narrow space that does not break (ISO 80000-1, 7.3.1), the sign is a real
minus. Within one report all powers have the same number of decimals, and so have all prices, so that
columns can be compared by length. Times are local first with UTC beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from gateway.identifiers import AreaId
from gateway.market import MarketDefinition
from gateway.results import ClearingResult
from gateway.time import Interval

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
MOST_PLACES = 3
DASH = "\u2013"


def number(value: Decimal, places: int) -> str:
    """Return *value* with so many decimals.

    >>> number(Decimal("-12345.678"), 1)
    '−12\u202f345.7'
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return f"{abs(rounded):,f}".replace(",", NARROW_SPACE) if rounded >= 0 else MINUS + number(-rounded, places)


def plain(value: Decimal) -> str:
    """Return *value* with no more decimals than it needs.

    >>> plain(Decimal("1200.50")), plain(Decimal("1E+2"))
    ('1\u202f200.5', '100')
    """
    return number(value, places_for([value]))


def places_for(values: Iterable[Decimal], least: int = 0) -> int:
    """Return the decimals that show all *values* exactly, within bounds.

    >>> places_for([Decimal("1.50"), Decimal("20")])
    1
    """
    needed = (-int(value.normalize().as_tuple().exponent) for value in values if value.is_finite())
    return min(MOST_PLACES, max((least, *needed)))


@dataclass(frozen=True, slots=True)
class Figures:
    """How numbers, times and areas of one report are written."""

    power_places: int
    price_places: int
    zone: ZoneInfo
    market: MarketDefinition
    several_days: bool = True

    @staticmethod
    def of(result: ClearingResult, market: MarketDefinition, zone: ZoneInfo) -> Figures:
        """Return the writing that shows all figures of *result*."""
        powers = [value for award in result.awards for value in (award.offered_mw, award.quantity_mw)]
        powers += [value for need in result.needs for value in (need.requested_mw, need.served_mw, need.excess_mw)]
        prices = [award.bid_price for award in result.awards if award.bid_price is not None]
        prices += [price.price for price in result.prices]
        instants = [award.interval.start for award in result.awards] + [need.interval.start for need in result.needs]
        days = {instant.astimezone(zone).date() for instant in instants}
        return Figures(places_for(powers), places_for(prices, least=2), zone, market, several_days=len(days) > 1)

    def named(self, words: str) -> str:
        """Return *words* with the names of areas in place of their identifiers."""
        for area in self.market.areas:
            words = words.replace(area.id.value, area.name)
        return words

    def area(self, area: AreaId) -> str:
        """Return the name of *area* for people."""
        return self.market.area_name(area)

    def power(self, value: Decimal) -> str:
        """Return MW without the unit, which stands in the head of a column."""
        return number(value, self.power_places)

    def price(self, value: Decimal | None) -> str:
        """Return a price without its unit; a dash where there is none."""
        return DASH if value is None else number(value, self.price_places)

    def money(self, value: Decimal) -> str:
        """Return an amount of money in whole units."""
        return number(value, 0)

    def day(self, instant: datetime) -> str:
        """Return the local calendar day."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d}"

    def clock(self, interval: Interval) -> str:
        """Return the local clock times of an interval: ``00:00–00:15 CEST``.

        Where the clock is set back within it, both names of the zone are told.
        """
        start, end = interval.start.astimezone(self.zone), interval.end.astimezone(self.zone)
        first = "" if start.tzname() == end.tzname() else f" {start.tzname()}"
        days = "" if end.date() == start.date() or end.time() == end.min.time() else f"{end:%Y-%m-%d} "
        return f"{start:%H:%M}{first}{DASH}{days}{end:%H:%M} {end.tzname()}"

    def utc(self, interval: Interval) -> str:
        """Return the interval in UTC, as documents write it."""
        return f"{interval.start:%Y-%m-%d %H:%M}{DASH}{interval.end:%H:%M} UTC"

    def span(self, interval: Interval) -> str:
        """Return day and clock times of an interval."""
        return f"{self.day(interval.start)} {self.clock(interval)}"

    def when(self, interval: Interval) -> str:
        """Return the clock times of an interval, with the day only where the report tells of several."""
        return self.span(interval) if self.several_days else self.clock(interval)


def shortened(words: str, most: int) -> str:
    """Return *words* with so many letters at most; what was cut is told by an ellipsis."""
    return words if len(words) <= most else words[: most - 1] + "…"
