"""Baselines: what a unit would have injected without the activation, in MW of net injection.

Four methods, each kept with the value it gave: the nominated schedule; the meter just before the activation
("meter before, meter after"); the highest of similar past days with a same-day adjustment ("high X of Y");
and zero for stand-alone storage. Which one applies is a term of the market, not of this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.model import ZERO


class BaselineMethod(StrEnum):
    """How the baseline of a unit is found."""

    SCHEDULE = "schedule"
    METER_BEFORE = "meter before"
    HIGHEST_DAYS = "highest days"
    ZERO = "zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A baseline in MW, the method that gave it, and in words what went into it."""

    power_mw: Decimal
    method: str
    inputs: str


@dataclass(frozen=True, slots=True)
class SimilarDay:
    """A past day without activation: mean power before the hour of the event, and power at it, both in MW."""

    before_event_mw: Decimal
    at_event_mw: Decimal


def nominated(schedule_mw: Decimal) -> Baseline:
    """Return the schedule of the unit as its baseline."""
    return Baseline(power_mw=schedule_mw, method="nominated schedule", inputs=f"schedule {schedule_mw} MW")


def meter_before(last_period_mw: Decimal) -> Baseline:
    """Return the power of a unit as its meter showed it in the last whole settlement period before the activation."""
    return Baseline(power_mw=last_period_mw, method="meter before", inputs=f"last period {last_period_mw} MW")


def zero() -> Baseline:
    """Return the baseline of stand-alone storage, which owes no energy to anybody."""
    return Baseline(power_mw=ZERO, method="zero", inputs="stand-alone storage")


def highest_days(
    days: Sequence[SimilarDay], today_before_mw: Decimal, *, highest: int = 5, cap: Decimal = Decimal("0.2")
) -> Baseline:
    """Return the mean of the *highest* days at the hour of the event, moved by today's level before it.

    The adjustment, today's power before the event less that of the same days, is capped at *cap* of the mean either
    way. "Highest" is by magnitude, so that loads (negative injection) are treated like generation. Ties go to the
    later day. Raises `InvalidValue` for fewer days than *highest*.

    >>> days = [SimilarDay(Decimal(b), Decimal(e)) for b, e in (("5.0", "4.9"), ("4.5", "4.4"), ("4.0", "3.9"))]
    >>> highest_days(days, Decimal("4.80"), highest=2).power_mw
    Decimal('4.70')
    """
    if len(days) < highest:
        raise InvalidValue("days", f"at least {highest} similar days", str(len(days)))
    ranked = sorted(enumerate(days), key=lambda entry: (-abs(entry[1].at_event_mw), -entry[0]))
    chosen = [day for _, day in ranked[:highest]]
    raw = sum((day.at_event_mw for day in chosen), ZERO) / highest
    before = sum((day.before_event_mw for day in chosen), ZERO) / highest
    bound = abs(raw) * cap
    adjustment = max(-bound, min(bound, today_before_mw - before))
    return Baseline(
        power_mw=raw + adjustment,
        method=f"highest {highest} of {len(days)}",
        inputs=f"mean {raw} MW, before today {today_before_mw} MW, before then {before} MW, adjustment {adjustment} MW",
    )
