"""``Bid_TimeSeries`` of ReserveBid_MarketDocument (IEC 62325-451-7): one offer, or one need, as it is declared."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

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
    measured_resource: RegisteredResource | None = later("RegisteredResource", RegisteredResource, instead="resource")
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
