"""Balancing_MarketDocument (IEC 62325-451-6): published volumes and prices of balancing.

The market operator publishes clearing prices (B24); regulators and platforms publish volumes and results in the same
form. Edition 4.5 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from profiles.edition import Edition
from profiles.lexical import (
    AMOUNT,
    AREA,
    DATE_TIME,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    REVISION,
    SECOND,
    Coded,
    code,
)
from profiles.parts import Reason, Status, TimeInterval
from profiles.wire import element, many, one, opt


@element
class FinancialPrice:
    """One component of a price, and who pays it."""

    amount: Decimal = one("amount", AMOUNT)
    direction: str | None = opt("direction", code("PriceDirectionTypeList"))
    descriptor: str | None = opt("priceDescriptor.type", code("PriceComponentTypeList"))


@element
class Point:
    """Volumes and prices of one slot, or from this slot on (curve A03)."""

    position: int = one("position", POSITION)
    quantity: Decimal | None = opt("quantity", DECIMAL)
    secondary_quantity: Decimal | None = opt("secondaryQuantity", DECIMAL)
    unavailable_quantity: Decimal | None = opt("unavailable_Quantity.quantity", DECIMAL)
    activation_price: Decimal | None = opt("activation_Price.amount", AMOUNT)
    procurement_price: Decimal | None = opt("procurement_Price.amount", AMOUNT)
    min_price: Decimal | None = opt("min_Price.amount", AMOUNT)
    max_price: Decimal | None = opt("max_Price.amount", AMOUNT)
    imbalance_price: Decimal | None = opt("imbalance_Price.amount", AMOUNT)
    imbalance_category: str | None = opt("imbalance_Price.category", code("PriceCategoryTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    financial_prices: tuple[FinancialPrice, ...] = many("Financial_Price", FinancialPrice)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """One product, area and direction."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    acquiring_domain: Coded | None = opt("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded | None = opt("connecting_Domain.mRID", AREA)
    agreement_type: str | None = opt("type_MarketAgreement.type", code("ContractTypeList"))
    product: str | None = opt("standard_MarketProduct.marketProductType", code("MarketProductTypeList"))
    original_product: str | None = opt("original_MarketProduct.marketProductType", code("MarketProductTypeList"))
    psr_type: str | None = opt("mktPSRType.psrType", code("AssetTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    quantity_unit: str | None = opt("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    cancelled: str | None = opt("cancelledTS", code("IndicatorTypeList"))
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class BalancingMarketDocument:
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
    status: Status | None = opt("docStatus", Status)
    domain: Coded | None = opt("area_Domain.mRID", AREA)
    allocation_decision: datetime | None = opt("allocationDecision_DateAndOrTime.dateTime", DATE_TIME)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "Balancing_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-6:balancingdocument:4:"
_MEASURE = {f"{of}_Measurement_Unit.name": f"{of}_Measure_Unit.name" for of in ("quantity", "price")}
_DIRECTED = {"FinancialPrice/direction": 1}
_SINCE_4_4 = frozenset({"priceDescriptor.type"})
_SINCE_4_3 = _SINCE_4_4 | {"Reason"}
_SINCE_4_2 = _SINCE_4_3 | {"auction.mRID"}

EDITIONS = (
    Edition(document=BalancingMarketDocument, name="4.5", root=_ROOT, namespace=_NAMESPACE + "5"),
    Edition(document=BalancingMarketDocument, name="4.4", root=_ROOT, namespace=_NAMESPACE + "4", rename=_MEASURE),
    Edition(
        document=BalancingMarketDocument,
        name="4.3",
        root=_ROOT,
        namespace=_NAMESPACE + "3",
        rename=_MEASURE,
        without=_SINCE_4_4,
        least=_DIRECTED,
    ),
    Edition(
        document=BalancingMarketDocument,
        name="4.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename=_MEASURE,
        without=_SINCE_4_3,
        least=_DIRECTED,
    ),
    Edition(
        document=BalancingMarketDocument,
        name="4.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        rename=_MEASURE,
        without=_SINCE_4_2,
        least=_DIRECTED,
    ),
)
"""The first is the edition written by default."""
