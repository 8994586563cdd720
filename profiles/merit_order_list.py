"""MeritOrderList_MarketDocument (IEC 62325-451-7): the bids of a market in the order of their price.

The responsible for the list sends it to system operators (A43; A66 final; B41 merged) and a system operator asks for
bids to be reduced (A42, answered by A64). A series has no mRID: the id of the bid stands in ``marketAgreement.mRID``.
Edition 7.3 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from gateway.areas import MeritOrderEntry, MeritOrderList, MeritOrderLists
from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.inquiries import Informative
from gateway.model import ZERO, Availability, Bid, Direction, Reserve
from gateway.report import Report
from gateway.time import Interval
from profiles.canonical import (
    MEGAWATT,
    MEGAWATT_HOUR,
    RESERVE_BUSINESS,
    RESERVES,
    CodeTable,
    absent,
    area_id,
    coded,
    coded_or_none,
    each,
    envelope,
    head,
    losses,
    party_id,
    require,
    resource_id,
)
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
    SHORT_RESOURCE,
    Coded,
    code,
)
from profiles.parts import Reason, TimeInterval
from profiles.slots import blocks, duration_text, numbered, span, time_interval
from profiles.wire import element, many, one, opt


@element
class Point:
    """Power and prices of one slot; the energy price is per MWh, the price of capacity per MW."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity.quantity", DECIMAL)
    price: Decimal | None = opt("price.amount", AMOUNT)
    energy_price: Decimal | None = opt("energy_Price.amount", AMOUNT)
    activated_quantity: Decimal | None = opt("activated_Quantity.quantity", DECIMAL)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class BidTimeSeries:
    """One bid in its place in the list; its status says whether it can be used."""

    bid: str = one("marketAgreement.mRID", IDENTIFIER)
    agreement_created: datetime | None = opt("marketAgreement.createdDateTime", SECOND)
    priority: int | None = opt("priority", INTEGER)
    provider: Coded | None = opt("resourceProvider_MarketParticipant.mRID", PARTY)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    auction: str = one("auction.mRID", IDENTIFIER)
    payment_terms: str | None = opt("auction.paymentTerms", code("PaymentTermsTypeList"))
    business_type: str = one("businessType", code("BusinessTypeList"))
    bid_period: TimeInterval = one("bid_Period.timeInterval", TimeInterval)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    energy_price_unit: str | None = opt("energyPrice_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    direction: str = one("direction", code("DirectionTypeList"))
    minimum_activation: Decimal | None = opt("minimumActivation_Quantity.quantity", DECIMAL)
    step_increment: Decimal | None = opt("stepIncrement_Quantity.quantity", DECIMAL)
    status: str = one("marketObjectStatus.status", code("StatusTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class MeritOrderListMarketDocument:
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
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    bid_document: str | None = opt("relatedReserveBid_MarketDocument.mRID", IDENTIFIER)
    bid_document_revision: str | None = opt("relatedReserveBid_MarketDocument.revisionNumber", REVISION)
    series: tuple[BidTimeSeries, ...] = many("TimeSeries", BidTimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "MeritOrderList_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:moldocument:"
_SINCE_7_3 = frozenset(
    {
        "relatedReserveBid_MarketDocument.mRID",
        "relatedReserveBid_MarketDocument.revisionNumber",
        "MeritOrderListMarketDocument/Reason",
    }
)
_SINCE_7_2 = _SINCE_7_3 | {"auction.paymentTerms"}

EDITIONS = (
    Edition(document=MeritOrderListMarketDocument, name="7.3", root=_ROOT, namespace=_NAMESPACE + "7:3"),
    Edition(
        document=MeritOrderListMarketDocument, name="7.2", root=_ROOT, namespace=_NAMESPACE + "7:2", without=_SINCE_7_3
    ),
    Edition(
        document=MeritOrderListMarketDocument,
        name="7.1",
        root=_ROOT,
        namespace=_NAMESPACE + "7:1",
        without=_SINCE_7_2,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=MeritOrderListMarketDocument,
        name="6.0",
        root=_ROOT,
        namespace=_NAMESPACE + "6:0",
        rename={
            "period.timeInterval": "valid_Time_Period.timeInterval",
            "TimeSeries": "MOL_TimeSeries",
            "priority": "orderNumber_AttributeInstanceComponent.position",
            "quantity_Measurement_Unit.name": "quantityMeasurement_Unit.name",
            "price_Measurement_Unit.name": "priceMeasurement_Unit.name",
            "energyPrice_Measurement_Unit.name": "energyPriceMeasurement_Unit.name",
            "direction": "flowDirection.direction",
            "quantity.quantity": "quantity",
        },
        without=_SINCE_7_2,
        kinds={"ID_String": SHORT_IDENTIFIER, "integer": POSITION, "ResourceID_String": SHORT_RESOURCE},
        least={"resourceProvider_MarketParticipant.mRID": 1},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (MeritOrderLists,)
"""What the document carries."""


_FINAL = CodeTable("type", {"A43": False, "A66": True}, "A77")
_STATUSES = CodeTable(
    "marketObjectStatus.status",
    {
        "A06": Availability.AVAILABLE,
        "A11": Availability.UNAVAILABLE,
        "A65": Availability.CONDITIONALLY_AVAILABLE,
        "A66": Availability.CONDITIONALLY_UNAVAILABLE,
        "A07": Availability.AVAILABLE,
        "A10": Availability.AVAILABLE,
        "A09": Availability.UNAVAILABLE,
        "A28": Availability.UNAVAILABLE,
    },
)
_DIRECTIONS = CodeTable("direction", {"A01": Direction.UP, "A02": Direction.DOWN, "A03": Direction.BOTH})
_OFFER = "B74"


def to_canonical(document: MeritOrderListMarketDocument) -> tuple[Envelope[Message], Report]:
    """Return the lists of *document* in its order; where it asks for a change of a list, it only informs.

    Raises `Unmappable`.
    """
    if document.type not in _FINAL:
        return envelope(document, Informative(document="merit_order_list")), Report()
    found = each("TimeSeries", document.series, lambda series: _entries(series, document))
    lists: dict[tuple[Interval, Direction], list[MeritOrderEntry]] = {}
    for entry in chain(*found):
        lists.setdefault((entry.bid.interval, entry.bid.direction), []).append(entry)
    message = MeritOrderLists(
        lists=tuple(MeritOrderList(on, direction, tuple(entries)) for (on, direction), entries in lists.items()),
        final=_FINAL.meaning(document.type),
    )
    return envelope(document, message), _remarks(document)


def from_canonical(letter: Envelope[MeritOrderLists]) -> MeritOrderListMarketDocument:
    """Return the document that says what *letter* says.

    Raises `Unwritable`, also for bids that depend on others, which it cannot carry.
    """
    message = letter.message
    fields = head(letter, _FINAL.code(message.final), letter.period or span(one.interval for one in message.lists))
    return MeritOrderListMarketDocument(
        **fields,
        domain=coded_or_none(letter.domain),
        series=tuple(chain.from_iterable(map(_series, message.lists))),
    )


def _entries(series: BidTimeSeries, document: MeritOrderListMarketDocument) -> list[MeritOrderEntry]:
    """Return the bid of *series*, once for each slot; the sender stands in for a provider that is not named."""
    require("quantity_Measurement_Unit.name", MEGAWATT, series.quantity_unit)
    require("energyPrice_Measurement_Unit.name", MEGAWATT_HOUR, series.energy_price_unit)
    availability = _STATUSES.meaning(series.status)
    shared: dict[str, Any] = {
        "provider": party_id(series.provider or document.sender),
        "area": area_id(series.connecting_domain),
        "direction": _DIRECTIONS.meaning(series.direction),
        "reserve": _reserve(series.business_type, document.process),
        "availability": availability,
        "currency": series.currency or "EUR",
        "minimum_mw": series.minimum_activation or ZERO,
        "granularity_mw": series.step_increment,
        "resource": None if series.resource is None else resource_id(series.resource),
        "national": _national(series),
    }
    found = blocks(series.periods, None)
    bids = (
        Bid(
            id=id_,
            interval=on,
            quantity_mw=point.quantity,
            price=point.energy_price,
            capacity_price=point.price,
            **shared,
        )
        for id_, (on, point) in zip(numbered(series.bid, len(found)), found, strict=True)
    )
    return [MeritOrderEntry(bid, availability is not Availability.UNAVAILABLE) for bid in bids]


def _series(merit_order: MeritOrderList) -> Iterator[BidTimeSeries]:
    """Yield the bids of one list; each has its rank as priority."""
    for rank, entry in enumerate(merit_order.entries, 1):
        bid, national = entry.bid, dict(entry.bid.national)
        if bid.group or bid.links or bid.technical_link or bid.block_bid or bid.parent:
            raise Unwritable(f"Bid {bid.id}", "a bid that depends on no other", "one of a group or chain")
        on = time_interval(bid.interval)
        point = Point(position=1, quantity=bid.quantity_mw, price=bid.capacity_price, energy_price=bid.price)
        area, acquiring = coded(bid.area), national.get("acquiring_domain", "").partition(":")
        yield BidTimeSeries(
            bid=bid.id,
            priority=rank,
            provider=coded(bid.provider),
            resource=coded_or_none(bid.resource),
            acquiring_domain=Coded(acquiring[2], acquiring[0]) if acquiring[2] else area,
            connecting_domain=area,
            auction=national.get("auction", str(bid.reserve)),
            business_type=_OFFER,
            bid_period=on,
            quantity_unit=MEGAWATT,
            currency=bid.currency,
            energy_price_unit=None if bid.price is None else MEGAWATT_HOUR,
            direction=_DIRECTIONS.code(bid.direction),
            minimum_activation=bid.least_mw or None,
            step_increment=bid.granularity_mw,
            status=_status(entry),
            periods=(SeriesPeriod(interval=on, resolution=duration_text(bid.interval.duration), points=(point,)),),
        )


def _status(entry: MeritOrderEntry) -> str:
    """Return the status of a bid; one that an operator keeps out is unavailable whatever its provider said."""
    return _STATUSES.code(entry.bid.availability if entry.usable else Availability.UNAVAILABLE)


def _reserve(business: str, process: str | None) -> Reserve:
    if process is None or business in RESERVE_BUSINESS:
        return RESERVE_BUSINESS.meaning(business)
    return RESERVES.meaning(process)


def _national(series: BidTimeSeries) -> tuple[tuple[str, str], ...]:
    """Return what a market adds to its bids, as bids themselves hold it."""
    found = [("auction", series.auction)]
    if series.acquiring_domain != series.connecting_domain:
        found.append(("acquiring_domain", str(area_id(series.acquiring_domain))))
    return tuple(found)


def _remarks(document: MeritOrderListMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    anonymous = absent(document.series, "provider")
    ended = sum(1 for series in document.series if series.status not in {"A06", "A11", "A65", "A66"})
    points = [point for series in document.series for period in series.periods for point in period.points]
    return Report(
        assumptions=(f"{anonymous} bids without provider: the sender's",) if anonymous else (),
        losses=(
            *losses([document], "bid_document", "reasons"),
            *((f"marketObjectStatus.status: dropped {ended} times",) if ended else ()),
            *losses(document.series, "agreement_created", "payment_terms", "reasons"),
            *losses(points, "activated_quantity"),
        ),
    )
