"""The meter book: which power was measured by which meter, when, and how good the value is.

Rules
1. Documents are entered in the order in which they came. Of two values for one instant the later one counts, so that a
   correction is nothing but a later document; who wants to know what was said before reads the documents.
2. The mean of a settlement period is formed of values that fill it without a gap and do not reach beyond it, weighted
   by their length. Nothing is interpolated, and an hourly value is not cut into quarters: what cannot be formed is
   missing.
3. A mean is as good as its worst value.

Powers are net injection in MW (`gateway.measurements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from gateway.identifiers import Identifier
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import ZERO
from gateway.time import Interval

_HOUR_SECONDS = 3600
_BEST_FIRST: tuple[Quality | None, ...] = (
    Quality.AS_PROVIDED,
    None,
    Quality.CALCULATED,
    Quality.ADJUSTED,
    Quality.INCOMPLETE,
    Quality.TEMPORARY,
    Quality.ESTIMATED,
)
_RANK = {quality: rank for rank, quality in enumerate(_BEST_FIRST)}

PROVISIONAL = frozenset({Quality.INCOMPLETE, Quality.TEMPORARY, Quality.ESTIMATED})
"""Qualities of values that a later document is expected to replace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterValue:
    """Mean power over an interval, net injection in MW, its quality, and the series that it was taken from."""

    power_mw: Decimal
    quality: Quality | None
    series: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One reading as it stands in the book: seconds of MW, so that a mean of thirds stays exact."""

    interval: Interval
    megawatt_seconds: Decimal
    quality: Quality | None
    series: str


def seconds(span: timedelta) -> Decimal:
    """Return the exact length of *span* in seconds."""
    return Decimal(span.days) * 86400 + span.seconds + Decimal(span.microseconds) / 1_000_000


@dataclass(frozen=True, slots=True)
class MeterBook:
    """What the meters said; `book` makes one."""

    entries: Mapping[Identifier, Mapping[datetime, _Entry | None]]

    def mean(self, meter: Identifier, on: Interval) -> MeterValue | None:
        """Return the mean power of *meter* throughout *on*, or None where it cannot be formed."""
        found = self._filling(meter, on)
        if not found:
            return None
        total = sum((entry.megawatt_seconds for entry in found), ZERO)
        return MeterValue(
            power_mw=total / seconds(on.duration),
            quality=max((entry.quality for entry in found), key=_RANK.__getitem__),
            series=tuple(dict.fromkeys(entry.series for entry in found)),
        )

    def _filling(self, meter: Identifier, on: Interval) -> list[_Entry]:
        """Return the entries that fill *on* exactly, or nothing."""
        by_start = self.entries.get(meter, {})
        found: list[_Entry] = []
        at = on.start
        while at < on.end:
            entry = by_start.get(at)
            if entry is None or entry.interval.end > on.end:
                return []
            found.append(entry)
            at = entry.interval.end
        return found


def book(documents: Iterable[Readings]) -> MeterBook:
    """Return the meter book of *documents* in the order in which they came."""
    entries: dict[Identifier, dict[datetime, _Entry | None]] = {}
    for document in documents:
        for series in document.series:
            meter = series.metering_point or series.resource
            if meter is not None:
                own = entries.setdefault(meter, {})
                own.update((reading.interval.start, _entry(series, reading)) for reading in series.readings)
    return MeterBook(entries)


def _entry(series: MeasuredSeries, reading: Reading) -> _Entry | None:
    """Return the entry of *reading*; a value that is said to be missing takes an earlier one away."""
    if reading.value is None:
        return None
    factor = _HOUR_SECONDS if series.unit is Unit.MEGAWATT_HOUR else seconds(reading.interval.duration)
    return _Entry(reading.interval, reading.value * factor, reading.quality, series.id)
