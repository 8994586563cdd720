"""Element classes that several documents share (IEC 62325-351, ESMP)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from profiles.lexical import DECIMAL, DURATION, MINUTE, POSITION, REASON_TEXT, RESOURCE, UNSIGNED, Coded, code
from profiles.wire import element, many, one, opt


@element
class TimeInterval:
    """``ESMP_DateTimeInterval``: half-open, both ends in UTC to the minute."""

    start: datetime = one("start", MINUTE)
    end: datetime = one("end", MINUTE)


@element
class Status:
    """``Action_Status``: a status code of its own element."""

    value: str = one("value", code("StatusTypeList"))


@element
class Reason:
    """Why: a code and, where the sender likes, words."""

    code: str = one("code", code("ReasonCodeTypeList"))
    text: str | None = opt("text", REASON_TEXT)


@element
class Point:
    """Power of one slot, or from this slot on (curve A03)."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """``Series_Period``: points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class InErrorPeriod:
    """``Time_Period`` of an acknowledgement: a part of time with the reasons why it is refused."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)


@element
class Measurement:
    """``Analog``: one technical limit of a resource."""

    type: str = one("measurementType", code("AnalogTypeList"))
    unit: str = one("unitSymbol", code("UnitSymbol"))
    value: Decimal = one("analogValues.value", UNSIGNED)


@element
class RegisteredResource:
    """A resource with what is measured of it."""

    id: Coded = one("mRID", RESOURCE)
    measurements: tuple[Measurement, ...] = many("Measurements", Measurement)
