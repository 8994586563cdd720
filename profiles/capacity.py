"""Capacity_MarketDocument (IEC 62325-451-3): how much may flow from one area to another.

A system operator states what a border or an interface between two grids can carry (A26; A32 proposed, A31 agreed).
The flow runs from ``out_Domain`` to ``in_Domain``. Edition 8.3 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

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
    Coded,
    code,
)
from profiles.parts import Reason, Status, TimeInterval
from profiles.wire import element, many, one, opt


@element
class Point:
    """The capacity of one slot, or from this slot on (curve A03)."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    secondary_quantity: Decimal | None = opt("secondaryQuantity", DECIMAL)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """One direction of one border, in one meaning."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    in_domain: Coded = one("in_Domain.mRID", AREA)
    out_domain: Coded = one("out_Domain.mRID", AREA)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    secondary_unit: str | None = opt("secondary_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    auction_category: str | None = opt("auction.category", code("CategoryTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    connecting_line: Coded | None = opt("connectingLine_RegisteredResource.mRID", RESOURCE)
    requester: Coded | None = opt("requesting_MarketParticipant.mRID", PARTY)
    requester_role: str | None = opt("requesting_MarketParticipant.marketRole.type", code("RoleTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class CapacityMarketDocument:
    """The document: header and capacities."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    status: Status | None = opt("docStatus", Status)
    received: str | None = opt("received_MarketDocument.mRID", IDENTIFIER)
    received_revision: str | None = opt("received_MarketDocument.revisionNumber", REVISION)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "Capacity_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-3:capacitydocument:8:"
_SINCE_8_3 = frozenset({"flowDirection.direction"})
_SINCE_8_2 = _SINCE_8_3 | {"requesting_MarketParticipant.mRID", "requesting_MarketParticipant.marketRole.type"}
_SINCE_8_1 = _SINCE_8_2 | {"secondary_Measurement_Unit.name", "secondaryQuantity"}

EDITIONS = (
    Edition(document=CapacityMarketDocument, name="8.3", root=_ROOT, namespace=_NAMESPACE + "3"),
    Edition(document=CapacityMarketDocument, name="8.2", root=_ROOT, namespace=_NAMESPACE + "2", without=_SINCE_8_3),
    Edition(document=CapacityMarketDocument, name="8.1", root=_ROOT, namespace=_NAMESPACE + "1", without=_SINCE_8_2),
    Edition(
        document=CapacityMarketDocument,
        name="8.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        rename={"measurement_Unit.name": "measure_Unit.name"},
        without=_SINCE_8_1,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""
