"""ReserveAllocationResult_MarketDocument (IEC 62325-451-7): which bids were accepted, how much, at what price.

The market operator tells providers, buyers and checking system operators (A38; B23 for a list before activation).
Edition 6.4 is declared in full.
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
    PARTY,
    POSITION,
    RESOURCE,
    REVISION,
    SECOND,
    Coded,
    code,
)
from profiles.parts import Reason, TimeInterval
from profiles.wire import element, many, one, opt


@element
class Point:
    """One slot: accepted power and the prices that go with it."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    price: Decimal | None = opt("price.amount", AMOUNT)
    secondary_quantity: Decimal | None = opt("secondaryQuantity", DECIMAL)
    bid_price: Decimal | None = opt("bid_Price.amount", AMOUNT)
    bid_energy_price: Decimal | None = opt("bidEnergy_Price.amount", AMOUNT)
    energy_price: Decimal | None = opt("energy_Price.amount", AMOUNT)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """The result of one bid."""

    id: str = one("mRID", IDENTIFIER)
    bid_document: str | None = opt("bid_Original_MarketDocument.mRID", IDENTIFIER)
    bid_document_revision: str | None = opt("bid_Original_MarketDocument.revisionNumber", REVISION)
    bid: str | None = opt("bid_Original_MarketDocument.bid_BidTimeSeries.mRID", IDENTIFIER)
    tendering_party: Coded | None = opt("bid_Original_MarketDocument.tendering_MarketParticipant.mRID", PARTY)
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    agreement_created: datetime | None = opt("marketAgreement.createdDateTime", SECOND)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    energy_unit: str | None = opt("energy_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    minimum_activation: Decimal | None = opt("minimumActivation_Quantity.quantity", DECIMAL)
    step_increment: Decimal | None = opt("stepIncrement_Quantity.quantity", DECIMAL)
    order_number: int | None = opt("orderNumber_AttributeInstanceComponent.position", POSITION)
    activation_duration: str | None = opt("activation_ConstraintDuration.duration", DURATION)
    resting_duration: str | None = opt("resting_ConstraintDuration.duration", DURATION)
    minimum_duration: str | None = opt("minimum_ConstraintDuration.duration", DURATION)
    maximum_duration: str | None = opt("maximum_ConstraintDuration.duration", DURATION)
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class ReserveAllocationResultMarketDocument:
    """The document: header and results."""

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
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "ReserveAllocationResult_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:reserveallocationresultdocument:6:"
_REQUIRED_BEFORE_6_4 = {
    "bid_Original_MarketDocument.tendering_MarketParticipant.mRID": 1,
    "auction.mRID": 1,
    "marketAgreement.type": 1,
    "marketAgreement.mRID": 1,
}

EDITIONS = (
    Edition(document=ReserveAllocationResultMarketDocument, name="6.4", root=_ROOT, namespace=_NAMESPACE + "4"),
    Edition(
        document=ReserveAllocationResultMarketDocument,
        name="6.3",
        root=_ROOT,
        namespace=_NAMESPACE + "3",
        least=_REQUIRED_BEFORE_6_4,
    ),
    Edition(
        document=ReserveAllocationResultMarketDocument,
        name="6.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename={f"{of}_Measurement_Unit.name": f"{of}_Measure_Unit.name" for of in ("quantity", "price")},
        least=_REQUIRED_BEFORE_6_4,
    ),
)
"""The first is the edition written by default."""
