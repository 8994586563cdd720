"""Decimals counted in whole steps, so that arrays of them can be added up exactly.

A double tells whole numbers up to 2⁵³ apart. A column of decimals is read as doubles and divided by the step; what is
not whole then, or too large, is counted once more in a decimal fraction of the step, with integers of any size. So
nothing is lost to rounding but what a double cannot tell from a whole number, the 16th digit, and only a column that
does not keep its step pays for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gateway.clearing.market import decimals
from gateway.errors import InvalidValue

Numbers = NDArray[Any]
"""Whole numbers, of 64 bits or of any size, or floating-point numbers."""

_LARGEST = 2.0**53
_ROUNDING = 2.0**-50
"""What reading a decimal as a double and dividing it may change, as a share of it."""
_SAFE = 2**62
"""Below it sums and differences of two whole numbers fit into 64 bits."""
_HALF_WORD = 32
_DIGITS = 6
"""Decimals of a step that a floating-point number is told with."""


def counted(step: Decimal, *columns: Sequence[Decimal]) -> tuple[Decimal, list[Numbers]]:
    """Return a unit and the columns in whole numbers of it: the step, or a decimal fraction of it where one must be.

    Raises `gateway.errors.InvalidValue` for a number that is not finite.

    >>> counted(Decimal("0.1"), [Decimal("2.5"), Decimal(4)])
    (Decimal('0.1'), [array([25, 40])])
    >>> counted(Decimal("0.1"), [Decimal("2.55")])
    (Decimal('0.01'), [array([255], dtype=object)])
    """
    # Reading a decimal takes a while; many are 0.
    steps = np.array([float(value) if value else 0.0 for value in chain(*columns)]) / float(step)
    if not np.isfinite(steps).all():
        raise InvalidValue("a volume or a price", "a finite number", "one that is not")
    nearest, size = np.rint(steps), np.abs(steps)
    ends = np.cumsum([len(column) for column in columns])[:-1]
    if np.all((np.abs(steps - nearest) <= size * _ROUNDING) & (size < _LARGEST)):
        return step, np.split(nearest.astype(np.int64), ends)
    places = max(decimals(value) for value in (step, *chain(*columns)))
    wide = [np.array([int(value.scaleb(places)) for value in column], dtype=object) for column in columns]
    return Decimal(1).scaleb(-places), wide


def times(first: Numbers, second: Numbers) -> Numbers:
    """Return the products; exact where both are whole, whatever their size.

    >>> times(np.array([2**40]), np.array([2**40])).tolist()
    [1208925819614629174706176]
    """
    if first.dtype == second.dtype == np.int64 and _largest(first) * _largest(second) >= _SAFE:
        first = first.astype(object)
    return np.asarray(first * second)


def _largest(numbers: Numbers) -> int:
    return int(np.abs(numbers).max(initial=0))


def total(numbers: Numbers) -> int | float:
    """Return the sum of *numbers*; exact where they are whole, whatever its size.

    >>> total(np.full(4, 2**62))
    18446744073709551616
    """
    if numbers.dtype == np.int64:
        high = numbers >> _HALF_WORD
        return (int(high.sum()) << _HALF_WORD) + int((numbers - (high << _HALF_WORD)).sum())
    exact: int | float = sum(numbers.tolist())
    return exact


def told(number: float, unit: Decimal) -> Decimal:
    """Return a number of units as a decimal; of a floating-point number, to a millionth of the unit.

    >>> told(25, Decimal("0.1")), told(25.0000000001, Decimal("0.1"))
    (Decimal('2.5'), Decimal('2.50'))
    """
    whole = isinstance(number, int | np.integer)
    return (Decimal(int(number)) if whole else Decimal(repr(round(float(number), _DIGITS)))) * unit
