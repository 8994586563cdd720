"""GL_MarketDocument (IEC 62325-451-6): published generation and load, forecast and actual.

System operators and transparency platforms publish it; the gateway reads it for information. Generation stands in
``inBiddingZone``, load in ``outBiddingZone``. Edition 3.2 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from profiles.canonical import envelope
from profiles.edition import Edition
from profiles.lexical import (
    ACTIVE_POWER,
    AREA,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    RESOURCE,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    STRING,
    VOLTAGE,
    Coded,
    Measured,
    code,
)
from profiles.parts import TimeInterval
from profiles.wire import element, many, one, opt


@element
class MktGeneratingUnit:
    """A generating unit of the type."""

    id: Coded | None = opt("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    nominal_power: Measured | None = opt("nominalP", ACTIVE_POWER)


@element
class MktPSRType:
    """The type of the resource: fuel or technology, voltage, units."""

    psr_type: str = one("psrType", code("AssetTypeList"))
    high_voltage_limit: Measured | None = opt("voltage_PowerSystemResources.highVoltageLimit", VOLTAGE)
    units: tuple[MktGeneratingUnit, ...] = many("PowerSystemResources", MktGeneratingUnit)


@element
class Point:
    """Power of one slot; the second quantity is the upper end where a range is meant."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    secondary_quantity: Decimal | None = opt("secondaryQuantity", DECIMAL)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """Generation or load of one zone, type or unit."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    aggregation: str = one("objectAggregation", code("ObjectAggregationTypeList"))
    in_zone: Coded | None = opt("inBiddingZone_Domain.mRID", AREA)
    out_zone: Coded | None = opt("outBiddingZone_Domain.mRID", AREA)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    resource_name: str | None = opt("registeredResource.name", STRING)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    curve_type: str = one("curveType", code("CurveTypeList"))
    cancelled: str | None = opt("cancelledTS", code("IndicatorTypeList"))
    psr: MktPSRType | None = opt("MktPSRType", MktPSRType)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)


@element
class GLMarketDocument:
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
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)


_ROOT = "GL_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:"

EDITIONS = (
    Edition(document=GLMarketDocument, name="3.2", root=_ROOT, namespace=_NAMESPACE + "2"),
    Edition(
        document=GLMarketDocument,
        name="3.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        rename={"quantity_Measurement_Unit.name": "quantity_Measure_Unit.name"},
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: GLMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="generation_load")), Report()
