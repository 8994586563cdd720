"""Validated historical data of the EDDIE framework: metered data of a customer, collected with consent.

An EDDIE region connector sends it to an eligible party. Kinds of accumulation, aggregation, commodity and quantity are
the numbers of IEC 61968-9. Version 1.04 is declared in full and only read; version 0.82 is another document.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.measurements import MeasuredSeries, Readings
from gateway.report import Report
from profiles.canonical import DIRECTIONS, each, envelope, losses, metering_point_id, resource_id
from profiles.edition import Edition
from profiles.lexical import (
    DATE_TIME,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    INTEGER,
    MEASUREMENT_POINT,
    PARTY,
    POSITION,
    REASON_TEXT,
    RESOURCE,
    REVISION,
    SECOND,
    STRING,
    Coded,
    code,
    enumerated,
)
from profiles.measured import readings, unit_of
from profiles.parts import TimeInterval
from profiles.wire import element, many, one, opt

ACCUMULATION = enumerated("AccumulationKind", *["0", "1", "2", "3", "4", "6", "9", "10", "12", "13", "14"])
"""How values accumulate."""
AGGREGATE = enumerated(
    "AggregateKind", *["0", "2", "4", "5", "7", "8", "9", "11", "12", "16", "17", "23", "24", "25", "26"]
)
"""How values of a slot are aggregated."""
COMMODITY = enumerated("CommodityKind", *map(str, range(27)))
"""What is metered."""
QUANTITY_TYPE = enumerated("QuantityTypeKind", *map(str, range(11)))
"""What a quantity is."""


@element
class Point:
    """Energy of one slot and how good the value is."""

    position: int = one("position", POSITION)
    quantity: Decimal | None = opt("energy_Quantity.quantity", DECIMAL)
    quantity_type: str | None = opt("energy_Quantity.type", QUANTITY_TYPE)
    quality: str | None = opt("energy_Quantity.quality", code("QualityTypeList"))
    energy_quality: Decimal | None = opt("energyQuality_Quantity.quantity", DECIMAL)
    energy_quality_type: str | None = opt("energyQuality_Quantity.type", QUANTITY_TYPE)
    energy_quality_quality: str | None = opt("energyQuality_Quantity.quality", code("QualityTypeList"))


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    resolution: str = one("resolution", DURATION)
    interval: TimeInterval = one("timeInterval", TimeInterval)
    points: tuple[Point, ...] = many("Point", Point, least=1)
    reason: str | None = opt("reason.code", code("ReasonCodeTypeList"))
    reason_text: str | None = opt("reason.text", REASON_TEXT)


@element
class TimeSeries:
    """The values of one metering point or resource in one direction."""

    version: str = one("version", REVISION)
    id: str | None = opt("mRID", IDENTIFIER)
    business_type: str | None = opt("businessType", code("BusinessTypeList"))
    product: str | None = opt("product", code("EnergyProductTypeList"))
    registered: datetime | None = opt("dateAndOrTime.dateTime", DATE_TIME)
    quantity_unit: str = one("energy_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    resource_name: str | None = opt("registeredResource.name", STRING)
    resource_description: str | None = opt("registeredResource.description", STRING)
    fuel: str | None = opt("registeredResource.fuel.fuel", code("FuelTypeList"))
    location: str | None = opt("registeredResource.location.mRID", STRING)
    location_type: str | None = opt("registeredResource.location.type", STRING)
    coordinate_system: str | None = opt(
        "registeredResource.location.coordinateSystem.crsUrn", code("CoordinateSystemTypeList")
    )
    position_number: int | None = opt("registeredResource.location.positionPoints.sequenceNumber", INTEGER)
    x_position: str | None = opt("registeredResource.location.positionPoints.xPosition", STRING)
    y_position: str | None = opt("registeredResource.location.positionPoints.yPosition", STRING)
    z_position: str | None = opt("registeredResource.location.positionPoints.zPosition", STRING)
    psr_type: str | None = opt("registeredResource.pSRType.psrType", code("AssetTypeList"))
    metering_point: Coded | None = opt("marketEvaluationPoint.mRID", MEASUREMENT_POINT)
    meter_readings: Coded | None = opt("marketEvaluationPoint.meterReadings.mRID", RESOURCE)
    meter_reading: Coded | None = opt("marketEvaluationPoint.meterReadings.readings.mRID", RESOURCE)
    accumulation: str | None = opt(
        "marketEvaluationPoint.meterReadings.readings.readingType.accumulation", ACCUMULATION
    )
    aggregate: str | None = opt("marketEvaluationPoint.meterReadings.readings.readingType.aggregate", AGGREGATE)
    commodity: str | None = opt("marketEvaluationPoint.meterReadings.readings.readingType.commodity", COMMODITY)
    geo_reference: str | None = opt("marketEvaluationPoint.usagePointLocation.geoInfoReference", STRING)
    reason: str | None = opt("reason.code", code("ReasonCodeTypeList"))
    reason_text: str | None = opt("reason.text", REASON_TEXT)
    energy_quality_unit: str | None = opt("energyQuality_Measurement_Unit.name", code("UnitOfMeasureTypeList"))


@element
class VHDMarketDocument:
    """The document: header and series."""

    id: str = one("mRID", IDENTIFIER)
    revision: str | None = opt("revisionNumber", REVISION)
    description: str | None = opt("description", STRING)
    type: str | None = opt("type", code("MessageTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    process: str = one("process.processType", code("ProcessTypeList"))
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)


@element
class VHDEnvelope:
    """The envelope around the document."""

    created: datetime | None = opt("messageDocumentHeader.creationDateTime", SECOND)
    connection: str | None = opt("messageDocumentHeader.metaInformation.connectionId", STRING)
    data_need: str | None = opt("messageDocumentHeader.metaInformation.dataNeedId", STRING)
    document_type: str | None = opt("messageDocumentHeader.metaInformation.documentType", STRING)
    permission: str | None = opt("messageDocumentHeader.metaInformation.permissionId", STRING)
    region_connector: str | None = opt("messageDocumentHeader.metaInformation.region.connector", STRING)
    region_country: str | None = opt("messageDocumentHeader.metaInformation.region.country", STRING)
    document: VHDMarketDocument | None = opt("MarketDocument", VHDMarketDocument)


EDITIONS = (
    Edition(
        document=VHDEnvelope,
        name="1.04",
        root="VHD_Envelope",
        namespace="https//eddie.energy/CIM/VHD_v1.04",
        lists="eddie",
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It is read only."""


_UNHELD = (
    "business_type",
    "resource_name",
    "resource_description",
    "fuel",
    "location",
    "coordinate_system",
    "psr_type",
    "meter_readings",
    "meter_reading",
    "geo_reference",
    "reason",
)


def to_canonical(document: VHDEnvelope) -> tuple[Envelope[Readings], Report]:
    """Return what was measured; direction A01 is into the grid. Raises `Unmappable`."""
    content = document.document
    if content is None:
        raise Unmappable("MarketDocument", "a document in the envelope", "none", "A69")
    message = Readings(series=each("MarketDocument/TimeSeries", content.series, _measured))
    points = [point for series in content.series for period in series.periods for point in period.points]
    lost = (*losses(content.series, *_UNHELD), *losses(points, "energy_quality"))
    return envelope(content, message), Report(losses=lost)


def _measured(series: TimeSeries) -> MeasuredSeries:
    unit, factor = unit_of(series.quantity_unit, series.product)
    sign = DIRECTIONS.meaning(series.direction).sign
    if not sign:
        raise Unmappable("flowDirection.direction", "A01 or A02", repr(series.direction))
    if series.id is None:
        raise Unmappable("mRID", "an identifier of the series", "none", "A69")
    return MeasuredSeries(
        id=series.id,
        unit=unit,
        metering_point=None if series.metering_point is None else metering_point_id(series.metering_point),
        resource=None if series.resource is None else resource_id(series.resource),
        registered=series.registered,
        readings=readings(series.periods, None, sign * factor),
    )
