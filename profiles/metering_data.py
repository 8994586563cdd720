"""MeteringData_MarketDocument (IEC 62325-451, part n): metered energy or power of metering points.

The metered data responsible or administrator sends it to the market operator (A45). The direction is A01 for energy
into the grid, A02 for energy taken from it. A value that is missing is a point without quantity and with quality A02.
Edition 1.0 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.measurements import MeasuredSeries, Readings
from gateway.model import ZERO, Direction
from gateway.report import Report
from profiles.canonical import DIRECTIONS, absent, coded, coded_or_none, each, envelope, head, losses, metering_point_id
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    DATE_TIME,
    IDENTIFIER,
    MEASUREMENT_POINT,
    PARTY,
    REVISION,
    SECOND,
    Coded,
    code,
)
from profiles.measured import (
    SeriesPeriod,
    areas,
    domains,
    measured_periods,
    readings,
    require_type,
    unit_codes,
    unit_of,
)
from profiles.parts import TimeInterval
from profiles.slots import require_few_slots, span
from profiles.wire import element, many, one, opt


@element
class Series:
    """The values of one metering point."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    curve_type: str = one("curveType", code("CurveTypeList"))
    metering_point: Coded = one("marketEvaluationPoint.mRID", MEASUREMENT_POINT)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    registered: datetime | None = opt("registration_DateAndOrTime.dateTime", DATE_TIME)
    aggregation: str | None = opt("objectAggregation", code("ObjectAggregationTypeList"))
    original_series: str | None = opt("originalTransaction_Series.mRID", IDENTIFIER)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)


@element
class MeteringDataMarketDocument:
    """The document: header and series."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    series: tuple[Series, ...] = many("Series", Series, least=1)


_ROOT = "MeteringData_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:meteringdatadocument:1:"

EDITIONS = (Edition(document=MeteringDataMarketDocument, name="1.0", root=_ROOT, namespace=_NAMESPACE + "0"),)
"""The first is the edition written by default."""

SEPARATE_SERIES = True
"""Each series stands for itself: its meaning needs no other one."""

MESSAGES = (Readings,)
"""What the document carries."""


_TYPES = ("A45",)
_METER_READINGS = "A64"
"""Business type: meter measurement data."""

_REALISED = "A16"


def to_canonical(document: MeteringDataMarketDocument) -> tuple[Envelope[Readings], Report]:
    """Return what was measured. Raises `Unmappable`."""
    require_type(document.type, _TYPES)
    require_few_slots(document.series)
    message = Readings(series=each("Series", document.series, _measured))
    undirected = absent(document.series, "direction")
    other = sum(1 for series in document.series if series.business_type != _METER_READINGS)
    report = Report(
        assumptions=(f"{undirected} series without flowDirection: positive is injected",) if undirected else (),
        losses=(
            *((f"businessType: dropped {other} times",) if other else ()),
            *losses(document.series, "aggregation"),
        ),
    )
    return envelope(document, message), report


def from_canonical(letter: Envelope[Readings]) -> MeteringDataMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`, also for a series without its point."""
    series = letter.message.series
    if not letter.message.final:
        raise Unwritable("Readings.final", "final values", "values that will be corrected")
    period = letter.period or span(value.interval for one in series for value in one.readings)
    return MeteringDataMarketDocument(
        **head(letter, "A45", period, _REALISED),
        domain=coded_or_none(letter.domain),
        series=tuple(map(_series, series)),
    )


def _measured(series: Series) -> MeasuredSeries:
    unit, factor = unit_of(series.quantity_unit, series.product, "measurement_Unit.name")
    sign = 1 if series.direction is None else DIRECTIONS.meaning(series.direction).sign
    if not sign:
        raise Unmappable("flowDirection.direction", "A01 or A02", repr(series.direction))
    return MeasuredSeries(
        id=series.id,
        unit=unit,
        metering_point=metering_point_id(series.metering_point),
        **areas(series.in_domain, series.out_domain),
        replaces=series.original_series,
        registered=series.registered,
        readings=readings(series.periods, series.curve_type, sign * factor),
    )


def _series(measured: MeasuredSeries) -> Series:
    if measured.metering_point is None or measured.resource or measured.party:
        raise Unwritable(f"MeasuredSeries {measured.id}", "a metering point and nothing else", "another object")
    direction = _direction(measured)
    unit, product = unit_codes(measured.unit)
    return Series(
        id=measured.id,
        business_type=_METER_READINGS,
        product=product,
        curve_type="A01",
        metering_point=coded(measured.metering_point),
        quantity_unit=unit,
        **domains(measured),
        direction=None if direction is None else DIRECTIONS.code(direction),
        registered=measured.registered,
        original_series=measured.replaces,
        periods=measured_periods(measured.readings, Decimal(-1 if direction is Direction.DOWN else 1)),
    )


def _direction(measured: MeasuredSeries) -> Direction | None:
    """Return the one direction of all values, or None where they have both signs."""
    signs = {value.value > ZERO for value in measured.readings if value.value}
    return None if len(signs) > 1 else Direction.DOWN if signs == {False} else Direction.UP
