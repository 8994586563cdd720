"""Measured series: the points that several documents share, and what they mean.

Rules
1. A point without quantity has the quality A02, not available, and a point with one has not (reason code B05). It is
   read as a missing value and never filled.
2. Energy is held in MWh and power in MW; kilo and giga are exact factors. The product code, where there is one, must
   be that of the unit: active energy or active power.
3. Of two areas the energy runs from ``out_Domain`` to ``in_Domain``; one alone is where the metering point lies.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Any

from gateway.errors import Unmappable
from gateway.measurements import MeasuredSeries, Quality, Reading, Unit
from gateway.model import ZERO
from gateway.time import Interval
from profiles.canonical import CodeTable, area_id, coded_or_none, require
from profiles.lexical import DECIMAL, DURATION, POSITION, Coded, code
from profiles.parts import TimeInterval
from profiles.slots import blocks, runs
from profiles.wire import element, many, one, opt


@element
class Point:
    """The value of one slot and how good it is."""

    position: int = one("position", POSITION)
    quantity: Decimal | None = opt("quantity", DECIMAL)
    quality: str | None = opt("quality", code("QualityTypeList"))


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


QUALITIES = CodeTable(
    "quality",
    {
        "A01": Quality.ADJUSTED,
        "A02": Quality.NOT_AVAILABLE,
        "A03": Quality.ESTIMATED,
        "A04": Quality.AS_PROVIDED,
        "A05": Quality.INCOMPLETE,
        "A06": Quality.CALCULATED,
        "A07": Quality.TEMPORARY,
    },
)
_UNITS = CodeTable(
    "Measurement_Unit.name",
    {
        "MWH": (Unit.MEGAWATT_HOUR, Decimal(1)),
        "KWH": (Unit.MEGAWATT_HOUR, Decimal("0.001")),
        "GWH": (Unit.MEGAWATT_HOUR, Decimal(1000)),
        "MAW": (Unit.MEGAWATT, Decimal(1)),
        "KWT": (Unit.MEGAWATT, Decimal("0.001")),
        "A90": (Unit.MEGAWATT, Decimal(1000)),
    },
)
_PRODUCTS = {Unit.MEGAWATT_HOUR: "8716867000030", Unit.MEGAWATT: "8716867000016"}
EXACT = Context(prec=400)
"""Twice the digits of the longest number that is read: no sum or product of two of them is rounded."""


def exact(quantity: Decimal, factor: Decimal) -> Decimal:
    """Return the product of two numbers without rounding.

    >>> exact(Decimal("0.1234567890123456789012345678901234567890"), Decimal("-0.001"))
    Decimal('-0.0001234567890123456789012345678901234567890')
    >>> exact(Decimal(0), Decimal(-1))
    Decimal('0')
    """
    return EXACT.add(EXACT.multiply(quantity, factor), ZERO)  # a sum is 0 where the product is -0


def unit_of(name: str, product: str | None, tag: str = "Measurement_Unit.name") -> tuple[Unit, Decimal]:
    """Return the canonical unit of a series and the factor to it; *tag* is the element of the unit.

    Raises `Unmappable`.
    """
    try:
        unit, factor = _UNITS.meaning(name)
    except Unmappable as error:
        raise Unmappable(tag, error.expected, error.found, error.code) from None
    require("product", _PRODUCTS[unit], product)
    return unit, factor


def unit_codes(unit: Unit) -> tuple[str, str]:
    """Return the unit and the product that are written for *unit*."""
    return _UNITS.code((unit, Decimal(1))), _PRODUCTS[unit]


def reading(on: Interval, quantity: Decimal | None, quality: str | None, factor: Decimal) -> Reading:
    """Return one value. Raises `Unmappable` for a quality without meaning, `InvalidValue` against rule 1."""
    return Reading(
        interval=on,
        value=None if quantity is None else exact(quantity, factor),
        quality=None if quality is None else QUALITIES.meaning(quality),
    )


def readings(periods: Iterable[Any], curve: str | None, factor: Decimal) -> tuple[Reading, ...]:
    """Return the values of *periods*, each multiplied by *factor*. Raises `Unmappable`, `InvalidValue`."""
    return tuple(reading(on, point.quantity, point.quality, factor) for on, point in blocks(periods, curve))


def measured_periods(values: Iterable[Reading], factor: Decimal) -> tuple[SeriesPeriod, ...]:
    """Return *values*, each multiplied by *factor*, as the periods of a series of type A01."""
    return tuple(
        SeriesPeriod(
            interval=whole,
            resolution=resolution,
            points=tuple(_point(at, value, factor) for at, value in enumerate(found, 1)),
        )
        for whole, resolution, found in runs((value.interval, value) for value in values)
    )


def _point(position: int, value: Reading, factor: Decimal) -> Point:
    return Point(
        position=position,
        quantity=None if value.value is None else exact(value.value, factor),
        quality=None if value.quality is None else QUALITIES.code(value.quality),
    )


def areas(in_domain: Coded | None, out_domain: Coded | None) -> dict[str, Any]:
    """Return the fields ``area`` and ``to_area`` of a series."""
    if in_domain is None or out_domain is None or in_domain == out_domain:
        where = in_domain or out_domain
        return {"area": None if where is None else area_id(where), "to_area": None}
    return {"area": area_id(out_domain), "to_area": area_id(in_domain)}


def domains(series: MeasuredSeries) -> dict[str, Any]:
    """Return the fields ``in_domain`` and ``out_domain`` of a series; an area alone is both."""
    return {"in_domain": coded_or_none(series.to_area or series.area), "out_domain": coded_or_none(series.area)}


def require_type(document_type: str | None, wanted: tuple[str, ...]) -> None:
    """Refuse a document of another type. Raises `Unmappable`."""
    if document_type not in wanted:
        raise Unmappable("type", " or ".join(wanted), repr(document_type), "A77")
