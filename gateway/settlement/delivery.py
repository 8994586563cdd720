"""Energy requested and delivered.

Requested energy has a shape: a block, or the trapezoid of a standard product with ramps that are symmetric around
the borders of the period. With ramps of length T the period itself holds P (dt − T/4) and each neighbour P T/8, in
sum P dt (mFRR implementation framework, ACER decision 03-2020, annex). Delivered energy is what the meter shows
beyond the baseline, in the requested direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from gateway.model import ZERO, Direction

_HOUR_SECONDS = 3600


def energy_mwh(power_mw: Decimal, span: timedelta) -> Decimal:
    """Return the energy of *power_mw* throughout *span*; multiplied before divided, so that it stays exact.

    >>> energy_mwh(Decimal(60), timedelta(seconds=75))
    Decimal('1.25')
    """
    seconds = Decimal(span.days) * 86400 + span.seconds + Decimal(span.microseconds) / 1_000_000
    return power_mw * seconds / _HOUR_SECONDS


@dataclass(frozen=True, slots=True)
class RequestedEnergy:
    """Requested energy in MWh in the period itself and in the periods before and after it."""

    own_mwh: Decimal
    before_mwh: Decimal = ZERO
    after_mwh: Decimal = ZERO

    @property
    def total_mwh(self) -> Decimal:
        """Energy of all three."""
        return self.own_mwh + self.before_mwh + self.after_mwh


def block(power_mw: Decimal, span: timedelta) -> RequestedEnergy:
    """Return the energy of a block of *power_mw* throughout *span*."""
    return RequestedEnergy(energy_mwh(power_mw, span))


def trapezoid(power_mw: Decimal, span: timedelta, ramp: timedelta) -> RequestedEnergy:
    """Return the energy of a trapezoid whose ramps of length *ramp* are centred on the borders of *span*.

    >>> minutes = timedelta(minutes=1)
    >>> shape = trapezoid(Decimal(60), 15 * minutes, 10 * minutes)
    >>> shape.own_mwh, shape.before_mwh, shape.total_mwh
    (Decimal('12.5'), Decimal('1.25'), Decimal('15.00'))
    """
    spill = energy_mwh(power_mw, ramp / 8)
    return RequestedEnergy(energy_mwh(power_mw, span - ramp / 4), spill, spill)


def delivered_mwh(measured_mw: Decimal, baseline_mw: Decimal, direction: Direction, span: timedelta) -> Decimal:
    """Return the energy delivered in the requested direction; both powers are net injection.

    A load that falls from 4 MW to 2 MW for a quarter hour delivers 0.5 MWh upward:

    >>> delivered_mwh(Decimal(-2), Decimal(-4), Direction.UP, timedelta(minutes=15))
    Decimal('0.5')
    """
    return direction.sign * energy_mwh(measured_mw - baseline_mw, span)
