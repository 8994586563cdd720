"""Redispatch_MarketDocument (IEC 62325-451-7): redispatch or countertrade that operators agreed on (A63, A91, A96).

A system operator states the power moved in an impacted area and what it cost. Edition 6.1 is declared in full.
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
    AMOUNT,
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
    SHORT_RESOURCE,
    STRING,
    Coded,
    code,
)
from profiles.parts import Reason, TimeInterval
from profiles.wire import element, many, one, opt


@element
class Point:
    """Power of one slot with its price."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    price_category: str | None = opt("price.category", code("PriceCategoryTypeList"))
    price: Decimal | None = opt("price.amount", AMOUNT)
    price_direction: str | None = opt("price.direction", code("PriceDirectionTypeList"))


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """Redispatch of one area in one direction."""

    id: str = one("mRID", IDENTIFIER)
    dispatcher_name: str = one("dispatcher_MarketParticipant.name", STRING)
    business_type: str = one("businessType", code("BusinessTypeList"))
    impacted_domain: Coded = one("impacted_Domain.mRID", AREA)
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    total_price: Decimal | None = opt("total_Price.amount", AMOUNT)
    total_price_direction: str | None = opt("total_Price.direction", code("PriceDirectionTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)


@element
class RedispatchMarketDocument:
    """The document: header, redispatch, reasons."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("redispatch_Time_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    subject: Coded = one("subject_MarketParticipant.mRID", PARTY)
    subject_role: str = one("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "Redispatch_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:redispatchdocument:6:"

EDITIONS = (
    Edition(document=RedispatchMarketDocument, name="6.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=RedispatchMarketDocument,
        name="6.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=frozenset({"curveType"}),
        kinds={"ID_String": SHORT_IDENTIFIER, "ResourceID_String": SHORT_RESOURCE},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: RedispatchMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="redispatch")), Report()
