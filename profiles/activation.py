"""Activation_MarketDocument (IEC 62325-451-7): orders to deliver, and the answers to them.

A system operator orders (A39 scheduled, A40 direct), the provider answers (A41); ``order_MarketDocument`` ties the two
together. Edition 6.3 is declared in full; 6.2 is written by default, as the Nordic markets use it.
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
from profiles.parts import Reason, TimeInterval
from profiles.wire import element, many, one, opt


@element
class Point:
    """Power ordered or delivered in one slot."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """One ordered bid; its mRID is that of the bid."""

    id: str = one("mRID", IDENTIFIER)
    provider: Coded = one("resourceProvider_MarketParticipant.mRID", PARTY)
    business_type: str = one("businessType", code("BusinessTypeList"))
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    status: str = one("marketObjectStatus.status", code("StatusTypeList"))
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class ActivationMarketDocument:
    """The document: header and ordered bids."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("activation_Time_Period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    order: str | None = opt("order_MarketDocument.mRID", IDENTIFIER)
    order_revision: str | None = opt("order_MarketDocument.revisionNumber", REVISION)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)


_ROOT = "Activation_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:activationdocument:6:"

EDITIONS = (
    Edition(
        document=ActivationMarketDocument,
        name="6.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        without=frozenset({"auction.mRID"}),
    ),
    Edition(document=ActivationMarketDocument, name="6.3", root=_ROOT, namespace=_NAMESPACE + "3"),
    Edition(
        document=ActivationMarketDocument,
        name="6.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        without=frozenset({"auction.mRID"}),
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""
