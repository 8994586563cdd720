"""Activation_MarketDocument (IEC 62325-451-7): orders to deliver, and the answers to them.

A system operator orders (A39 scheduled, A40 direct), the provider answers (A41); ``order_MarketDocument`` ties the two
together. Edition 6.3 is declared in full; 6.2 is written by default, as the Nordic markets use it.

Each slot of a series is one order for the bid that the series names; a direct order usually has one slot that begins
off the grid and is as long as the activation.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import chain

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.model import ZERO
from gateway.report import Report
from gateway.results import ActivationOrder, ActivationOrders, OrderKind, OrderStatus
from gateway.time import Interval
from profiles.canonical import (
    DIRECTIONS,
    MEGAWATT,
    RESERVE_BUSINESS,
    RESERVES,
    CodeTable,
    area_id,
    coded,
    coded_or_none,
    each,
    envelope,
    head,
    head_interval,
    losses,
    party_id,
    require,
    resource_id,
    revision,
    subject,
)
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
from profiles.slots import blocks, duration_text, span, time_interval
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

MESSAGES = (ActivationOrders,)
"""What the document carries."""


_KINDS = CodeTable("type", {"A39": OrderKind.SCHEDULED, "A40": OrderKind.DIRECT, "A41": OrderKind.RESPONSE}, "A77")
_STATUSES = CodeTable(
    "marketObjectStatus.status",
    {"A10": OrderStatus.ORDERED, "A07": OrderStatus.ACTIVATED, "A11": OrderStatus.UNAVAILABLE},
    "A77",
)


def to_canonical(document: ActivationMarketDocument) -> tuple[Envelope[ActivationOrders], Report]:
    """Return the orders, or the answers to them. Raises `Unmappable`."""
    whole = head_interval(document)
    orders = each("TimeSeries", document.series, lambda series: _orders(series, whole))
    message = ActivationOrders(
        kind=_KINDS.meaning(document.type),
        order_id=document.order or document.id,
        order_revision=revision(document.order_revision or document.revision),
        orders=tuple(chain(*orders)),
    )
    return envelope(document, message), _remarks(document)


def from_canonical(letter: Envelope[ActivationOrders]) -> ActivationMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    message = letter.message
    fields = head(letter, _KINDS.code(message.kind), letter.period or span(order.interval for order in message.orders))
    if fields["process"] not in RESERVES:
        raise Unwritable("process.processType", "the process of a reserve", repr(fields["process"]))
    business = RESERVE_BUSINESS.code(RESERVES.meaning(fields["process"]))
    return ActivationMarketDocument(
        **fields,
        **subject(letter),
        domain=coded_or_none(letter.domain),
        order=message.order_id,
        order_revision=str(message.order_revision),
        series=tuple(_series(order, business) for order in message.orders),
    )


def _orders(series: TimeSeries, whole: Interval) -> list[ActivationOrder]:
    require("measurement_Unit.name", MEGAWATT, series.quantity_unit)
    status = _STATUSES.meaning(series.status)
    if not series.periods and status is not OrderStatus.UNAVAILABLE:
        raise Unmappable("Period", "a Period, but for an unavailable bid", "none", "A69")
    slots: list[tuple[Interval, Decimal, tuple[Reason, ...]]] = [
        (on, point.quantity, point.reasons) for on, point in blocks(series.periods, None)
    ] or [(whole, ZERO, ())]
    return [
        ActivationOrder(
            bid_id=series.id,
            provider=party_id(series.provider),
            area=area_id(series.connecting_domain),
            direction=DIRECTIONS.meaning(series.direction),
            interval=on,
            quantity_mw=quantity,
            status=status,
            resource=None if series.resource is None else resource_id(series.resource),
            reasons=tuple((reason.code, reason.text) for reason in (*series.reasons, *own)),
        )
        for on, quantity, own in slots
    ]


def _series(order: ActivationOrder, business: str) -> TimeSeries:
    point = Point(position=1, quantity=order.quantity_mw)
    resolution = duration_text(order.interval.duration)
    return TimeSeries(
        id=order.bid_id,
        provider=coded(order.provider),
        business_type=business,
        acquiring_domain=coded(order.area),
        connecting_domain=coded(order.area),
        quantity_unit=MEGAWATT,
        direction=DIRECTIONS.code(order.direction),
        status=_STATUSES.code(order.status),
        resource=coded_or_none(order.resource),
        periods=(SeriesPeriod(interval=time_interval(order.interval), resolution=resolution, points=(point,)),),
        reasons=tuple(Reason(code=code, text=text) for code, text in order.reasons),
    )


def _remarks(document: ActivationMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    assumed = []
    if document.order is None:
        assumed.append("no order_MarketDocument.mRID: the document's own")
    if document.order_revision is None:
        assumed.append("no order_MarketDocument.revisionNumber: the document's own")
    empty = sum(1 for series in document.series if not series.periods)
    if empty:
        assumed.append(f"{empty} series without Period: 0 MW in the whole period")
    other = sum(1 for series in document.series if series.acquiring_domain != series.connecting_domain)
    areas = (f"acquiring_Domain.mRID: dropped {other} times",) if other else ()
    return Report(assumptions=tuple(assumed), losses=(*areas, *losses(document.series, "auction")))
