"""Balancing_MarketDocument (IEC 62325-451-6): published volumes and prices of balancing.

The market operator publishes clearing prices (B24); regulators and platforms publish volumes and results in the same
form. Edition 4.5 is declared in full.

A clearing price stands in ``activation_Price``, the bounds within which it could lie as well in ``min_Price`` and
``max_Price``. A series is one area and product; a direction makes the product ``energy up`` or ``energy down``. Who set
the price is not published.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import chain

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.identifiers import AreaId
from gateway.model import Reserve
from gateway.report import Report
from gateway.results import ClearingPrice, ClearingPrices
from profiles.canonical import (
    MEGAWATT_HOUR,
    RESERVE_BUSINESS,
    CodeTable,
    absent,
    area_id,
    coded,
    coded_or_none,
    each,
    envelope,
    head,
    losses,
    require,
)
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
from profiles.slots import blocks, require_few_slots, runs, span
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

MESSAGES = (ClearingPrices,)
"""What the document carries."""


_UNDIRECTED = "energy"
_PRODUCTS = CodeTable("flowDirection.direction", {"A01": "energy up", "A02": "energy down", "A03": _UNDIRECTED})
_CLEARING_PRICE = "B24"
_UNHELD_SERIES = (
    "agreement_type",
    "product",
    "original_product",
    "psr_type",
    "quantity_unit",
    "cancelled",
    "auction",
    "reasons",
)
_UNHELD_POINT = (
    "quantity",
    "secondary_quantity",
    "unavailable_quantity",
    "procurement_price",
    "imbalance_price",
    "direction",
    "financial_prices",
    "reasons",
)


def to_canonical(document: BalancingMarketDocument) -> tuple[Envelope[ClearingPrices], Report]:
    """Return the clearing prices of *document*. Raises `Unmappable`."""
    if document.type != _CLEARING_PRICE:
        raise Unmappable("type", _CLEARING_PRICE, document.type, "A77")
    default = None if document.domain is None else area_id(document.domain)
    require_few_slots(document.series)
    found = each("TimeSeries", document.series, lambda series: _prices(series, default))
    return envelope(document, ClearingPrices(prices=tuple(chain(*found)))), _remarks(document)


def from_canonical(letter: Envelope[ClearingPrices]) -> BalancingMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    prices = letter.message.prices
    fields = head(letter, _CLEARING_PRICE, letter.period or span(price.interval for price in prices))
    series: dict[tuple[AreaId, str, str, Reserve], list[ClearingPrice]] = {}
    for price in prices:
        series.setdefault((price.area, price.product, price.currency, price.reserve), []).append(price)
    return BalancingMarketDocument(
        **fields,
        domain=coded_or_none(letter.domain),
        series=tuple(_series(str(number), group) for number, group in enumerate(series.values(), 1)),
    )


def _prices(series: TimeSeries, default: AreaId | None) -> list[ClearingPrice]:
    require("price_Measurement_Unit.name", MEGAWATT_HOUR, series.price_unit)
    own = series.connecting_domain or series.acquiring_domain
    area = default if own is None else area_id(own)
    if area is None:
        raise Unmappable("acquiring_Domain.mRID", "an area, here or in the head", "none", "A69")
    reserve = RESERVE_BUSINESS.meaning(series.business_type)
    product = _UNDIRECTED if series.direction is None else _PRODUCTS.meaning(series.direction)
    return [
        ClearingPrice(
            area=area,
            interval=on,
            price=price,
            lowest=price if point.min_price is None else point.min_price,
            highest=price if point.max_price is None else point.max_price,
            product=product,
            currency=series.currency or "EUR",
            reserve=reserve,
        )
        for on, point, price in ((on, point, _price(point)) for on, point in blocks(series.periods, series.curve_type))
    ]


def _price(point: Point) -> Decimal:
    if point.activation_price is None:
        raise Unmappable("Period/Point/activation_Price.amount", "a price", "none", "A69")
    return point.activation_price


def _series(id_: str, prices: list[ClearingPrice]) -> TimeSeries:
    first = prices[0]
    return TimeSeries(
        id=id_,
        business_type=RESERVE_BUSINESS.code(first.reserve),
        acquiring_domain=coded(first.area),
        connecting_domain=coded(first.area),
        direction=None if first.product == _UNDIRECTED else _PRODUCTS.code(first.product),
        currency=first.currency,
        price_unit=MEGAWATT_HOUR,
        curve_type="A01",
        periods=tuple(
            SeriesPeriod(
                interval=whole,
                resolution=resolution,
                points=tuple(
                    Point(position=at, activation_price=price.price, min_price=price.lowest, max_price=price.highest)
                    for at, price in enumerate(run, 1)
                ),
            )
            for whole, resolution, run in runs((price.interval, price) for price in prices)
        ),
    )


def _remarks(document: BalancingMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    points = [point for series in document.series for period in series.periods for point in period.points]
    defaults = {
        "series without curveType: A01": absent(document.series, "curve_type"),
        "series without currency: EUR": absent(document.series, "currency"),
        "prices without bounds: the price itself": sum(
            1 for point in points if point.min_price is None or point.max_price is None
        ),
    }
    return Report(
        assumptions=tuple(f"{count} {what}" for what, count in defaults.items() if count),
        losses=(
            *losses([document], "status", "allocation_decision", "reasons"),
            *losses(document.series, *_UNHELD_SERIES),
            *losses(points, *_UNHELD_POINT),
        ),
    )
