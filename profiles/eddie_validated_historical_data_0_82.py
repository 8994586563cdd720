"""Validated historical data of the EDDIE framework, version 0.82: the form before it followed IEC 62325 closely.

Lists stand in elements of their own, coding schemes are elements, and simple types are plain strings in the published
schema. They are read in the forms that the later versions demand. Declared in full and only read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.identifiers import MeteringPointId
from gateway.measurements import MeasuredSeries, Readings
from gateway.report import Report
from profiles.canonical import DIRECTIONS, each, losses, party, revision
from profiles.eddie_validated_historical_data import ACCUMULATION, AGGREGATE
from profiles.edition import Edition
from profiles.lexical import (
    DATE,
    DATE_TIME,
    DECIMAL,
    DURATION,
    INTEGER,
    POSITION,
    REVISION,
    SECOND,
    STRING,
    TIME,
    Coded,
    code,
    enumerated,
    text,
)
from profiles.measured import areas, reading, unit_of
from profiles.parts import TimeInterval
from profiles.slots import blocks, interval
from profiles.wire import element, many, one, opt

_IDENTIFIER = text("ID_String")
_DURATION = replace(DURATION, name="Duration")
_PSR_TYPE = text("PsrType_String")
_COMMODITY = enumerated("CommodityKind", *map(str, range(26)))


@element
class SchemedId:
    """An identifier and the scheme that issued it, each in an element."""

    scheme: str = one("codingScheme", code("CodingSchemeTypeList"))
    value: str = one("value", STRING)


@element
class ResourceId:
    """An identifier of a resource with a scheme of any kind."""

    scheme: str = one("codingScheme", STRING)
    value: str = one("value", STRING)


@element
class Region:
    """Where the data come from."""

    connector: str = one("connector", STRING)
    country: str = one("country", code("CodingSchemeTypeList"))


@element
class MetaInformation:
    """How EDDIE came by the data."""

    connection: str = one("connectionid", STRING)
    permission: str = one("permissionid", STRING)
    data_need: str = one("dataNeedid", STRING)
    data_type: str = one("dataType", STRING)
    region: Region = one("MessageDocumentHeader_Region", Region)


@element
class MessageDocumentHeader:
    """When the envelope was made, and from what."""

    created: datetime = one("creationDateTime", DATE_TIME)
    meta: MetaInformation = one("MessageDocumentHeader_MetaInformation", MetaInformation)


@element
class DateAndOrTime:
    """An instant, or its parts."""

    date: str | None = opt("date", DATE)
    time: str | None = opt("time", TIME)
    instant: datetime | None = opt("dateTime", DATE_TIME)


@element
class ResourceCapacity:
    """A capacity of a resource."""

    type: str | None = opt("capacityType", code("BusinessTypeList"))
    default: Decimal | None = opt("defaultCapacity", DECIMAL)


@element
class ResourceCapacityList:
    """The capacities of a resource."""

    capacities: tuple[ResourceCapacity, ...] = many("ResourceCapacity", ResourceCapacity)


@element
class RegisteredResource:
    """The resource that is metered."""

    id: str = one("mRID", _IDENTIFIER)
    name: str | None = opt("name", STRING)
    description: str | None = opt("description", STRING)
    fuel: str | None = opt("fuel.fuel", code("FuelTypeList"))
    location: str | None = opt("location.mRID", STRING)
    location_name: str | None = opt("location.name", STRING)
    position_number: int | None = opt("location.positionPoints.sequenceNumber", INTEGER)
    x_position: str | None = opt("location.positionPoints.xPosition", STRING)
    y_position: str | None = opt("location.positionPoints.yPosition", STRING)
    z_position: str | None = opt("location.positionPoints.zPosition", STRING)
    coordinate_system: str | None = opt("location.coordinateSystem.crsUrn", STRING)
    psr_type: str | None = opt("pSRType.psrType", _PSR_TYPE)
    capacities: ResourceCapacityList = one("ResourceCapacityList", ResourceCapacityList)


@element
class Point:
    """Energy of one slot and how good the value is."""

    position: int = one("position", POSITION)
    energy_quality: Decimal | None = opt("energyQuality_Quantity.quantity", DECIMAL)
    energy_quality_quality: str | None = opt("energyQuality_Quantity.quality", code("QualityTypeList"))
    quantity: Decimal | None = opt("energy_Quantity.quantity", DECIMAL)
    quality: str | None = opt("energy_Quantity.quality", code("QualityTypeList"))


@element
class PointList:
    """The points of a period."""

    points: tuple[Point, ...] = many("Point", Point)


@element
class Reason:
    """Why: words and a code."""

    text: str | None = opt("text", STRING)
    code: str = one("code", code("ReasonCodeTypeList"))


@element
class ReasonList:
    """The reasons of a period or series."""

    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", _DURATION)
    list: PointList = one("PointList", PointList)
    reasons: ReasonList = one("ReasonList", ReasonList)

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of the list."""
        return self.list.points


@element
class SeriesPeriodList:
    """The periods of a series."""

    periods: tuple[SeriesPeriod, ...] = many("Series_Period", SeriesPeriod)


@element
class TimeSeries:
    """The values of one metering point in one direction."""

    id: str = one("mRID", _IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    version: str = one("version", REVISION)
    in_domain: SchemedId | None = opt("in_Domain.mRID", SchemedId)
    out_domain: SchemedId | None = opt("out_Domain.mRID", SchemedId)
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    metering_point: SchemedId = one("marketEvaluationPoint.mRID", SchemedId)
    meter_readings: ResourceId | None = opt("marketEvaluationPoint.meterReadings.mRID", ResourceId)
    meter_reading: ResourceId | None = opt("marketEvaluationPoint.meterReadings.readings.mRID", ResourceId)
    accumulation: str | None = opt("marketEvaluationPoint.meterReadings.readings.ReadingType.accumulate", ACCUMULATION)
    aggregate: str | None = opt("marketEvaluationPoint.meterReadings.readings.ReadingType.aggregation", AGGREGATE)
    commodity: str | None = opt("marketEvaluationPoint.meterReadings.readings.ReadingType.commodity", _COMMODITY)
    geo_reference: str | None = opt("marketEvaluationPoint.usagePointLocation.geoInfoReference", STRING)
    quantity_unit: str | None = opt("energy_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    energy_quality_unit: str | None = opt("energyQuality_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    registered: DateAndOrTime | None = opt("registration_DateAndOrTime.dateTime", DateAndOrTime)
    resource: RegisteredResource | None = opt("RegisteredResource", RegisteredResource)
    list: SeriesPeriodList = one("Series_PeriodList", SeriesPeriodList)
    reasons: ReasonList = one("ReasonList", ReasonList)


@element
class TimeSeriesList:
    """The series of the document."""

    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)


@element
class ValidatedHistoricalDataMarketDocument:
    """The document: header and series."""

    id: str = one("mRID", STRING)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    description: str | None = opt("description", STRING)
    sender: SchemedId = one("sender_MarketParticipant.mRID", SchemedId)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: SchemedId = one("receiver_MarketParticipant.mRID", SchemedId)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    list: TimeSeriesList = one("TimeSeriesList", TimeSeriesList)


@element
class ValidatedHistoricalDataEnvelope:
    """The envelope around the document."""

    header: MessageDocumentHeader = one("MessageDocumentHeader", MessageDocumentHeader)
    document: ValidatedHistoricalDataMarketDocument = one(
        "ValidatedHistoricalData_MarketDocument", ValidatedHistoricalDataMarketDocument
    )


EDITIONS = (
    Edition(
        document=ValidatedHistoricalDataEnvelope,
        name="0.82",
        root="ValidatedHistoricalData_Envelope",
        namespace="http://www.eddie.energy/VHD/EDD01/20240614",
        lists="eddie",
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It is read only."""


def to_canonical(document: ValidatedHistoricalDataEnvelope) -> tuple[Envelope[Readings], Report]:
    """Return what was measured; direction A01 is into the grid. Raises `Unmappable`."""
    content = document.document
    series = content.list.series
    letter = Envelope(
        id=content.id,
        revision=revision(content.revision),
        document_type=content.type,
        process=content.process,
        sender=party(_coded(content.sender), content.sender_role, "sender"),
        receiver=party(_coded(content.receiver), content.receiver_role, "receiver"),
        created=content.created,
        period=interval(content.period),
        message=Readings(series=each("TimeSeriesList/TimeSeries", series, _measured)),
    )
    return letter, Report(losses=losses(series, "resource", "meter_readings", "geo_reference", "energy_quality_unit"))


def _coded(id_: SchemedId) -> Coded:
    return Coded(id_.value, id_.scheme)


def _measured(series: TimeSeries) -> MeasuredSeries:
    unit, factor = unit_of(series.quantity_unit or "", series.product)
    sign = DIRECTIONS.meaning(series.direction).sign
    if not sign:
        raise Unmappable("flowDirection.direction", "A01 or A02", repr(series.direction))
    found = blocks(series.list.periods, None, "Series_Period")
    domains = [None if domain is None else _coded(domain) for domain in (series.in_domain, series.out_domain)]
    return MeasuredSeries(
        id=series.id,
        unit=unit,
        metering_point=MeteringPointId(series.metering_point.value, series.metering_point.scheme),
        **areas(*domains),
        registered=None if series.registered is None else series.registered.instant,
        readings=tuple(reading(on, point.quantity, point.quality, sign * factor) for on, point in found),
    )
