"""Publication_MarketDocument (IEC 62325-451-3): published prices, offered and allocated capacity of a market.

Transparency platforms and auction offices publish it; the gateway reads it for information. Energy runs from
``out_Domain`` to ``in_Domain``; for a price both are the bidding zone. Edition 7.4 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from profiles.canonical import area_id, head_interval, party, revision
from profiles.edition import Edition
from profiles.lexical import (
    AMOUNT,
    AREA,
    DATE_TIME,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    INTEGER,
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
    """Quantity and price of one slot, or from this slot on (curve A03)."""

    position: int = one("position", POSITION)
    quantity: Decimal | None = opt("quantity", DECIMAL)
    price: Decimal | None = opt("price.amount", AMOUNT)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class WinnersMarketParticipant:
    """A party that won in the auction."""

    id: Coded = one("mRID", PARTY)


@element
class TimeSeries:
    """One border or zone, and one product."""

    id: str = one("mRID", IDENTIFIER)
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    auction_type: str | None = opt("auction.type", code("AuctionTypeList"))
    auction_category: str | None = opt("auction.category", code("CategoryTypeList"))
    business_type: str = one("businessType", code("BusinessTypeList"))
    in_domain: Coded = one("in_Domain.mRID", AREA)
    out_domain: Coded = one("out_Domain.mRID", AREA)
    agreement_type: str | None = opt("contract_MarketAgreement.type", code("ContractTypeList"))
    quantity_unit: str | None = opt("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    classification_sequence: int | None = opt("classificationSequence_AttributeInstanceComponent.position", POSITION)
    participant_number: int | None = opt("participantNumber_AttributeInstanceComponent.position", POSITION)
    winner_number: int | None = opt("winnerParticipantNumber_AttributeInstanceComponent.position", POSITION)
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    updated: datetime | None = opt("update_DateAndOrTime.dateTime", DATE_TIME)
    connecting_line: Coded | None = opt("connectingLine_RegisteredResource.mRID", RESOURCE)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)
    reasons: tuple[Reason, ...] = many("Reason", Reason)
    winners: tuple[WinnersMarketParticipant, ...] = many("Winners_MarketParticipant", WinnersMarketParticipant)


@element
class PublicationMarketDocument:
    """The document: header and series."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded | None = opt("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str | None = opt("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    status: Status | None = opt("docStatus", Status)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)


_ROOT = "Publication_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:"
_POSITION = "_AttributeInstanceComponent.position"
_WHOLE = {of + _POSITION: INTEGER for of in ("classificationSequence", "participantNumber", "winnerParticipantNumber")}
_MEASURE = {f"{of}_Measurement_Unit.name": f"{of}_Measure_Unit.name" for of in ("quantity", "price")}

EDITIONS = (
    Edition(document=PublicationMarketDocument, name="7.4", root=_ROOT, namespace=_NAMESPACE + "4"),
    Edition(
        document=PublicationMarketDocument,
        name="7.3",
        root=_ROOT,
        namespace=_NAMESPACE + "3",
        rename=_MEASURE,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=PublicationMarketDocument,
        name="7.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename=_MEASURE,
        without=frozenset({"connectingLine_RegisteredResource.mRID"}),
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=PublicationMarketDocument,
        name="7.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        rename=_MEASURE,
        without=frozenset({"connectingLine_RegisteredResource.mRID", "update_DateAndOrTime.dateTime"}),
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=PublicationMarketDocument,
        name="7.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        rename=_MEASURE,
        without=frozenset(
            {"connectingLine_RegisteredResource.mRID", "update_DateAndOrTime.dateTime", "docStatus"},
        ),
        kinds={"ID_String": SHORT_IDENTIFIER, **_WHOLE},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: PublicationMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`.

    What is published to everybody has no receiver: the sender stands in for it.
    """
    sender = party(document.sender, document.sender_role, "sender")
    receiver = sender
    assumed: tuple[str, ...] = ("no receiver: published to everybody",)
    if document.receiver is not None and document.receiver_role is not None:
        receiver, assumed = party(document.receiver, document.receiver_role, "receiver"), ()
    letter = Envelope(
        id=document.id,
        revision=revision(document.revision),
        document_type=document.type,
        sender=sender,
        receiver=receiver,
        created=document.created,
        period=head_interval(document),
        domain=None if document.domain is None else area_id(document.domain),
        message=Informative(document="publication"),
    )
    return letter, Report(assumptions=assumed)
