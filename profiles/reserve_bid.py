"""ReserveBid_MarketDocument (IEC 62325-451-7): offers and needs of balancing energy or capacity.

A provider sends its bids (types A37, A24, A25, A26) to the reserve allocator or market operator, or replaces all of
them at once (B40). A system operator sends what it needs (B21, or A37 with businessType B75). Edition 7.4 is declared
in full; the others are differences to it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from profiles.edition import Edition
from profiles.lexical import (
    AMOUNT,
    AREA,
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
    STRING,
    Coded,
    code,
)
from profiles.parts import Reason, RegisteredResource, Status, TimeInterval
from profiles.wire import element, later, many, one, opt


@element
class Point:
    """One slot of a bid; the energy price is per MWh, the price of capacity per MW."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity.quantity", DECIMAL)
    quality: str | None = later("quality", code("QualityTypeList"))
    minimum_quantity: Decimal | None = opt("minimum_Quantity.quantity", DECIMAL)
    price: Decimal | None = opt("price.amount", AMOUNT)
    energy_price: Decimal | None = opt("energy_Price.amount", AMOUNT)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class BiddingZoneDomain:
    """A bidding zone in which the bid may be used."""

    id: Coded = one("mRID", AREA)
    name: str | None = opt("name", STRING)


@element
class LinkedBidTimeSeries:
    """Another bid on which this one depends; the status is the condition."""

    id: str = one("mRID", IDENTIFIER)
    status: Status | None = opt("status", Status)


@element
class OriginMarketParticipant:
    """A party for whom, or with whom, reserve is procured, shared or exchanged."""

    id: Coded = one("mRID", PARTY)


@element
class BidTimeSeries:
    """One bid, or one need."""

    id: str = one("mRID", IDENTIFIER)
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    provider: Coded | None = opt("provider_MarketParticipant.mRID", PARTY)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    divisible: str = one("divisible", code("IndicatorTypeList"))
    linked_bids: str | None = opt("linkedBidsIdentification", IDENTIFIER)
    multipart_bid: str | None = opt("multipartBidIdentification", IDENTIFIER)
    exclusive_bids: str | None = opt("exclusiveBidsIdentification", IDENTIFIER)
    block_bid: str | None = opt("blockBid", code("IndicatorTypeList"))
    status: Status | None = opt("status", Status)
    priority: int | None = opt("priority", INTEGER)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    measured_resource: RegisteredResource | None = later("RegisteredResource", RegisteredResource)
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    step_increment: Decimal | None = opt("stepIncrementQuantity", DECIMAL)
    energy_price_unit: str | None = opt("energyPrice_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    agreement_created: datetime | None = opt("marketAgreement.createdDateTime", SECOND)
    activation_duration: str | None = opt("activation_ConstraintDuration.duration", DURATION)
    resting_duration: str | None = opt("resting_ConstraintDuration.duration", DURATION)
    minimum_duration: str | None = opt("minimum_ConstraintDuration.duration", DURATION)
    maximum_duration: str | None = opt("maximum_ConstraintDuration.duration", DURATION)
    product: str | None = opt("standard_MarketProduct.marketProductType", code("MarketProductTypeList"))
    original_product: str | None = opt("original_MarketProduct.marketProductType", code("MarketProductTypeList"))
    validity_period: TimeInterval | None = opt("validity_Period.timeInterval", TimeInterval)
    inclusive_bids: str | None = opt("inclusiveBidsIdentification", IDENTIFIER)
    psr_type: str | None = opt("mktPSRType.psrType", code("AssetTypeList"))
    curve_type: str | None = later("curveType", code("CurveTypeList"))
    original_document: str | None = later("original_MarketDocument.mRID", IDENTIFIER)
    original_revision: str | None = later("original_MarketDocument.revisionNumber", REVISION)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    bidding_zones: tuple[BiddingZoneDomain, ...] = many("AvailableBiddingZone_Domain", BiddingZoneDomain)
    reasons: tuple[Reason, ...] = many("Reason", Reason)
    linked: tuple[LinkedBidTimeSeries, ...] = many("Linked_BidTimeSeries", LinkedBidTimeSeries)
    procured_for: OriginMarketParticipant | None = opt("ProcuredFor_MarketParticipant", OriginMarketParticipant)
    shared_with: tuple[OriginMarketParticipant, ...] = many("SharedWith_MarketParticipant", OriginMarketParticipant)
    exchanged_with: tuple[OriginMarketParticipant, ...] = many(
        "ExchangedWith_MarketParticipant", OriginMarketParticipant
    )


@element
class ReserveBidMarketDocument:
    """The document: header and bids."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("reserveBid_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    series: tuple[BidTimeSeries, ...] = many("Bid_TimeSeries", BidTimeSeries)


_ROOT = "ReserveBid_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:"
_MEASURE = {f"{of}_Measurement_Unit.name": f"{of}_Measure_Unit.name" for of in ("quantity", "price", "energyPrice")}
_SINCE_7_4 = frozenset({"inclusiveBidsIdentification", "mktPSRType.psrType"})
_SINCE_7_2 = frozenset(
    {
        "BiddingZoneDomain/name",
        "Linked_BidTimeSeries",
        "ProcuredFor_MarketParticipant",
        "SharedWith_MarketParticipant",
        "ExchangedWith_MarketParticipant",
    }
)

EDITIONS = (
    Edition(document=ReserveBidMarketDocument, name="7.4", root=_ROOT, namespace=_NAMESPACE + "4"),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.6",
        root=_ROOT,
        namespace=_NAMESPACE + "6",
        without=frozenset({"registeredResource.mRID"}),
        added=frozenset(
            {
                "Point/quality",
                "RegisteredResource",
                "curveType",
                "original_MarketDocument.mRID",
                "original_MarketDocument.revisionNumber",
            }
        ),
    ),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.5",
        root=_ROOT,
        namespace=_NAMESPACE + "5",
        added=frozenset({"Point/quality"}),
    ),
    Edition(document=ReserveBidMarketDocument, name="7.3", root=_ROOT, namespace=_NAMESPACE + "3", without=_SINCE_7_4),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename=_MEASURE,
        without=_SINCE_7_4,
    ),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.2-nbm",
        root=_ROOT,
        namespace="urn:iec62325:ediel:nbm:reservebiddocument:7:2",
        rename=_MEASURE,
        without=frozenset({"mktPSRType.psrType"}),
        last=("inclusiveBidsIdentification",),
    ),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        rename={**_MEASURE, "AvailableBiddingZone_Domain": "AvailableMBA_Domain"},
        without=_SINCE_7_4 | _SINCE_7_2,
        kinds={"ID_String": SHORT_IDENTIFIER},
        least={
            "subject_MarketParticipant.mRID": 1,
            "subject_MarketParticipant.marketRole.type": 1,
            "auction.mRID": 1,
        },
    ),
)
"""The first is the edition written by default."""
