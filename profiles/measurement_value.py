"""MeasurementValue_MarketDocument (IEC 62325-451, part n): measured exchange between two areas or of a point.

The metered data responsible sends it (A45). Energy runs from ``out_Domain`` to ``in_Domain``. Edition 1.1 is declared
in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.measurements import MeasuredSeries, Readings
from gateway.report import Report
from profiles.canonical import absent, coded, coded_or_none, each, envelope, head, metering_point_id, party_id
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    IDENTIFIER,
    MEASUREMENT_POINT,
    PARTY,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    SHORT_MEASUREMENT_POINT,
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
class TimeSeries:
    """The values of one border or metering point in one direction."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    in_domain: Coded = one("in_Domain.mRID", AREA)
    out_domain: Coded = one("out_Domain.mRID", AREA)
    party: Coded | None = opt("marketParticipant.mRID", PARTY)
    metering_point: Coded | None = opt("marketEvaluationPoint.mRID", MEASUREMENT_POINT)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)


@element
class MeasurementValueMarketDocument:
    """The document: header and series."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)


_ROOT = "MeasurementValue_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:measurementvaluedocument:1:"

EDITIONS = (
    Edition(
        document=MeasurementValueMarketDocument,
        name="1.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        least={"curveType": 1},
    ),
    Edition(
        document=MeasurementValueMarketDocument,
        name="1.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        rename={
            "in_Domain.mRID": "inArea_Domain.mRID",
            "out_Domain.mRID": "outArea_Domain.mRID",
            "measurement_Unit.name": "measure_Unit.name",
        },
        without=frozenset({"curveType"}),
        kinds={"ID_String": SHORT_IDENTIFIER, "MeasurementPointID_String": SHORT_MEASUREMENT_POINT},
        least={"marketParticipant.mRID": 1},
    ),
)
"""The first is the edition written by default."""

SEPARATE_SERIES = True
"""Each series stands for itself: its meaning needs no other one."""

MESSAGES = (Readings,)
"""What the document carries."""


_TYPES = ("A45",)
_ENERGY_FLOW = "A66"
_REALISED = "A16"


def carries(letter: Envelope[Readings]) -> bool:
    """Whether *letter* is about areas and borders rather than metering points."""
    series = letter.message.series
    return letter.document_type in {None, *_TYPES} and all(one.area and not one.metering_point for one in series)


def to_canonical(document: MeasurementValueMarketDocument) -> tuple[Envelope[Readings], Report]:
    """Return what was measured. Raises `Unmappable`."""
    require_type(document.type, _TYPES)
    require_few_slots(document.series)
    message = Readings(series=each("TimeSeries", document.series, _measured))
    untyped = absent(document.series, "curve_type")
    other = sum(1 for series in document.series if series.business_type != _ENERGY_FLOW)
    report = Report(
        assumptions=(f"{untyped} series without curveType: A01",) if untyped else (),
        losses=(f"businessType: dropped {other} times",) if other else (),
    )
    return envelope(document, message), report


def from_canonical(letter: Envelope[Readings]) -> MeasurementValueMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`, also for a series without area."""
    series = letter.message.series
    if not letter.message.final:
        raise Unwritable("Readings.final", "final values", "values that will be corrected")
    domain = letter.domain or next((one.area for one in series if one.area is not None), None)
    if domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    period = letter.period or span(value.interval for one in series for value in one.readings)
    return MeasurementValueMarketDocument(
        **head(letter, "A45", period, _REALISED), domain=coded(domain), series=tuple(map(_series, series))
    )


def _measured(series: TimeSeries) -> MeasuredSeries:
    unit, factor = unit_of(series.quantity_unit, series.product, "measurement_Unit.name")
    return MeasuredSeries(
        id=series.id,
        unit=unit,
        **areas(series.in_domain, series.out_domain),
        party=None if series.party is None else party_id(series.party),
        metering_point=None if series.metering_point is None else metering_point_id(series.metering_point),
        readings=readings(series.periods, series.curve_type, factor),
    )


def _series(measured: MeasuredSeries) -> TimeSeries:
    if measured.area is None or measured.resource or measured.replaces or measured.registered:
        raise Unwritable(f"MeasuredSeries {measured.id}", "an area, and neither resource nor correction", "another")
    unit, product = unit_codes(measured.unit)
    return TimeSeries(
        id=measured.id,
        business_type=_ENERGY_FLOW,
        product=product,
        curve_type="A01",
        **domains(measured),
        party=coded_or_none(measured.party),
        metering_point=coded_or_none(measured.metering_point),
        quantity_unit=unit,
        periods=measured_periods(measured.readings, Decimal(1)),
    )
