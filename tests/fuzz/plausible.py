"""One plausible document of each kind: what the market would send, so that rules and mappings run to their end."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from gateway.envelope import Message
from gateway.errors import Unwritable
from gateway.model import (
    Availability,
    BidSet,
    Blocking,
    Condition,
    Direction,
    GridConstraints,
    Link,
    Party,
    Reserve,
    ReserveNeed,
)
from gateway.results import (
    ActivationOrder,
    ActivationOrders,
    Allocation,
    Award,
    ClearingPrice,
    ClearingPrices,
    Fate,
    OrderKind,
    Reason,
    Receipt,
    RefusedSeries,
    Verdict,
)
from profiles import Edition, write_message
from profiles.registry import EDITIONS
from tests import market_values as values

TEN, FIFTY = Decimal(10), Decimal(50)


def _award() -> Award:
    offer = values.bid("bid-1")
    return Award(
        bid_id=offer.id,
        provider=offer.provider,
        area=offer.area,
        direction=offer.direction,
        interval=offer.interval,
        offered_mw=TEN,
        quantity_mw=TEN,
        bid_price=FIFTY,
        price=FIFTY,
        fate=Fate.ACCEPTED,
        reason="",
    )


def _order() -> ActivationOrder:
    offer = values.bid("bid-1")
    return ActivationOrder(
        bid_id=offer.id,
        provider=offer.provider,
        area=offer.area,
        direction=offer.direction,
        interval=offer.interval,
        quantity_mw=TEN,
        reasons=(("B49", None),),
    )


def _bids() -> BidSet:
    """Return bids of every kind: groups of the three sorts, links, durations, indivisible and down."""
    exclusive = [replace(values.bid(f"exclusive-{n}", price=40 + n), exclusive="choice") for n in range(3)]
    multipart = [replace(values.bid(f"multipart-{n}", price=40 + n), multipart="steps") for n in range(3)]
    linked = replace(
        values.bid("linked"),
        availability=Availability.CONDITIONALLY_AVAILABLE,
        links=(Link("bid-1", Condition.UNAVAILABLE_IF_ACTIVATED),),
    )
    technical = replace(
        values.bid("technical"),
        technical_link="chain",
        resting_time=timedelta(minutes=15),
        maximum_duration=timedelta(minutes=30),
        voluntary_id="unit/7",
        minimum_mw=Decimal(2),
    )
    indivisible = replace(values.bid("whole"), divisible=False)
    single = (values.bid("bid-1"), values.bid("down", direction=Direction.DOWN), indivisible, linked, technical)
    return BidSet(bids=(*single, *exclusive, *multipart))


def _price() -> ClearingPrice:
    return ClearingPrice(area=values.WEST, interval=values.quarter(), price=FIFTY, lowest=FIFTY, highest=FIFTY)


def _receipt() -> Receipt:
    return Receipt(
        document_id="document",
        revision=1,
        verdict=Verdict.PARTLY_ACCEPTED,
        reasons=(Reason(code="A03", text="one series is refused"),),
        refused=(RefusedSeries(series_id="bid-1", reasons=(Reason(code="A42"),)),),
    )


def _messages() -> list[tuple[Message, Party]]:
    orders = ActivationOrders(kind=OrderKind.SCHEDULED, order_id="order", order_revision=1, orders=(_order(),))
    return [
        (_bids(), values.SELLER),
        (ReserveNeed(needs=(values.need("need-1"), values.need("need-2", price=100))), values.TSO),
        (Allocation(awards=(_award(),)), values.TSO),
        (orders, values.TSO),
        (Blocking(blocks=(values.block("bid-1", 5),)), values.DSO),
        (_receipt(), values.TSO),
        (GridConstraints(capacities=(values.capacity(100),)), values.TSO),
        (ClearingPrices(prices=(_price(),)), values.TSO),
    ]


def plausible_documents() -> list[bytes]:
    """Return a document for each kind of message, in each edition of its document that can hold it."""
    return [
        written
        for message, sender in _messages()
        for edition in EDITIONS
        if (written := _written(message, sender, edition)) is not None
    ]


def _written(message: Message, sender: Party, edition: Edition) -> bytes | None:
    head = values.envelope(message, sender)
    # A document about availability speaks of one interval only.
    period = values.quarter() if isinstance(message, Blocking) else head.period
    letter = replace(head, process="A47", reserve=Reserve.MFRR, domain=values.WEST, period=period)
    try:
        return write_message(letter, edition, overlay="nbm" if ":nbm:" in edition.namespace else None)
    except Unwritable:
        return None
