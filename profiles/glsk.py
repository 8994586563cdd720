"""GLSK_MarketDocument (IEC 62325-451, part n): how a change of an area's net position is spread over its resources.

System operators send their generation and load shift keys to the capacity coordinator (B22); the gateway reads them for
reports. The business type tells the kind of key: proportional (B42, B43) or by merit order (B45). Edition 2.2 is
declared in full; the others are differences to it.
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
    Coded,
    code,
)
from profiles.parts import Reason, Status, TimeInterval
from profiles.wire import element, many, one, opt


@element
class RegisteredResource:
    """A resource with its share of the change and its range."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    shift_key: Decimal | None = opt("sK_ResourceCapacity.defaultCapacity", DECIMAL)
    maximum_capacity: Decimal | None = opt("resourceCapacity.maximumCapacity", DECIMAL)
    minimum_capacity: Decimal | None = opt("resourceCapacity.minimumCapacity", DECIMAL)
    status: str | None = opt("marketObjectStatus.status", code("StatusTypeList"))
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SKBlockTimeSeries:
    """One shift key: how the change is spread over some resources."""

    business_type: str = one("businessType", code("BusinessTypeList"))
    psr_type: str = one("mktPSRType.psrType", code("AssetTypeList"))
    quantity: Decimal | None = opt("quantity.quantity", DECIMAL)
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    quantity_unit: str | None = opt("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    merit_order_position: int | None = opt("attributeInstanceComponent.position", POSITION)
    domain: Coded | None = opt("domain.mRID", AREA)
    maximum_quantity: Decimal | None = opt("maximum_Quantity.quantity", DECIMAL)
    maximum_unit: str | None = opt("maximum_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    resources: tuple[RegisteredResource, ...] = many("RegisteredResource", RegisteredResource)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class Point:
    """The shift keys from this slot on."""

    position: int = one("position", POSITION)
    shift_keys: tuple[SKBlockTimeSeries, ...] = many("SKBlock_TimeSeries", SKBlockTimeSeries, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """The shift keys of one area."""

    id: str | None = opt("mRID", IDENTIFIER)
    name: str | None = opt("name", STRING)
    subject_domain: Coded = one("subject_Domain.mRID", AREA)
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)


@element
class GLSKMarketDocument:
    """The document: header and shift keys."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    status: Status | None = opt("docStatus", Status)
    other_status: Status | None = opt("status", Status)
    received: str | None = opt("received_MarketDocument.mRID", IDENTIFIER)
    received_revision: str | None = opt("received_MarketDocument.revisionNumber", REVISION)
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "GLSK_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:glskdocument:2:"
_SINCE_2_1 = frozenset(
    {
        "docStatus",
        "status",
        "received_MarketDocument.mRID",
        "received_MarketDocument.revisionNumber",
        "curveType",
        "marketObjectStatus.status",
    }
)

EDITIONS = (
    Edition(document=GLSKMarketDocument, name="2.2", root=_ROOT, namespace=_NAMESPACE + "2", least={"curveType": 1}),
    Edition(
        document=GLSKMarketDocument,
        name="2.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        kinds={"ID_String": SHORT_IDENTIFIER},
        least={"curveType": 1},
    ),
    Edition(
        document=GLSKMarketDocument,
        name="2.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=_SINCE_2_1,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: GLSKMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="glsk")), Report()
