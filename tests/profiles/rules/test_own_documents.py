"""What the gateway writes itself keeps the rules of its own market."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import (
    Activation,
    Bid,
    BidSet,
    Block,
    Blocking,
    Capacity,
    CapacityKind,
    Direction,
    GridConstraints,
    Need,
    Party,
    Reserve,
    ReserveNeed,
    Role,
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
    OrderStatus,
    Reason,
    Receipt,
    ServedNeed,
    Verdict,
)
from gateway.time import Interval
from profiles import markets, parse, write_message
from profiles.rules.engine import check

START = datetime(2026, 6, 15, 10, tzinfo=UTC)
QUARTER = Interval(START, START + timedelta(minutes=15))
HALF = Interval(START, START + timedelta(minutes=30))
CREATED = datetime(2026, 6, 15, 6, tzinfo=UTC)
NORTH, RIVER = AreaId("10YNORTH-------T", "A01"), AreaId("10YRIVER-------S", "A01")
FEEDER = ResourceId("10WFEEDER-ONE--K", "A01")
OPERATOR = Party(PartyId("10XMO-MARKET---Y", "A01"), Role.MARKET_OPERATOR)
PROVIDER = Party(PartyId("10XBSP-ALPHA---F", "A01"), Role.BALANCING_SERVICE_PROVIDER)
DSO = Party(PartyId("10XDSO-RIVER---L", "A01"), Role.DISTRIBUTION_SYSTEM_OPERATOR)
TSO = Party(PartyId("10XTSO-NORTH---B", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR)


def award(fate: Fate) -> Award:
    taken = fate in {Fate.ACCEPTED, Fate.PARTLY_ACCEPTED}
    return Award(
        bid_id=f"bid {fate.name}",
        provider=PROVIDER.id,
        area=NORTH,
        direction=Direction.UP,
        interval=QUARTER,
        offered_mw=Decimal(30),
        quantity_mw=Decimal(10 if taken else 0),
        bid_price=Decimal(20),
        price=Decimal(50),
        fate=fate,
        reason="as it was cleared",
    )


def orders(kind: OrderKind, status: OrderStatus, interval: Interval) -> ActivationOrders:
    reason = {OrderStatus.ORDERED: "B49", OrderStatus.UNAVAILABLE: "B59"}.get(status)
    order = ActivationOrder(
        bid_id="a bid",
        provider=PROVIDER.id,
        area=NORTH,
        direction=Direction.UP,
        interval=interval,
        quantity_mw=Decimal(10),
        status=status,
        reasons=() if reason is None else ((reason, None),),
    )
    return ActivationOrders(kind=kind, order_id="an order", order_revision=1, orders=(order,))


def block(kind: str, limit: Decimal | None) -> Block:
    return Block(
        bid_id=f"bid {kind}",
        requester=DSO.id,
        requester_role=DSO.role,
        interval=QUARTER,
        area=RIVER,
        limit_mw=limit,
        kind=kind,
        reason="B46",
    )


def bid(name: str, *, divisible: bool, activation: Activation) -> Bid:
    return Bid(
        id=name,
        provider=PROVIDER.id,
        area=NORTH,
        direction=Direction.DOWN,
        interval=QUARTER,
        quantity_mw=Decimal(30),
        price=Decimal("-10.5"),
        divisible=divisible,
        activation=activation,
    )


def need(name: str, price: Decimal | None, *, required: bool) -> Need:
    return Need(
        id=name,
        buyer=DSO.id,
        area=RIVER,
        direction=Direction.UP,
        interval=QUARTER,
        quantity_mw=Decimal("5.5"),
        price=price,
        required=required,
        resource=FEEDER,
    )


def capacity(kind: CapacityKind) -> Capacity:
    return Capacity(
        id=f"capacity {kind.name}",
        sender=TSO.id,
        from_area=NORTH,
        to_area=RIVER,
        interval=QUARTER,
        quantity_mw=Decimal(100),
        kind=kind,
    )


SERVED = ServedNeed(
    need_id="a need",
    buyer=DSO.id,
    area=RIVER,
    direction=Direction.UP,
    interval=QUARTER,
    requested_mw=Decimal(5),
    served_mw=Decimal(5),
    price=Decimal(50),
)
PRICE = ClearingPrice(area=NORTH, interval=QUARTER, price=Decimal(50), lowest=Decimal(50), highest=Decimal(50))
MESSAGES: dict[str, tuple[Party, Party, Interval, Message]] = {
    "offers": (
        PROVIDER,
        OPERATOR,
        QUARTER,
        BidSet(
            bids=(
                bid("first", divisible=True, activation=Activation.SCHEDULED),
                bid("second", divisible=False, activation=Activation.SCHEDULED_OR_DIRECT),
            )
        ),
    ),
    "all offers of a provider": (
        PROVIDER,
        OPERATOR,
        QUARTER,
        BidSet(bids=(bid("only", divisible=True, activation=Activation.SCHEDULED),), replaces_all=True),
    ),
    "needs": (
        DSO,
        OPERATOR,
        QUARTER,
        ReserveNeed(needs=(need("first", Decimal(99), required=True), need("second", None, required=False))),
    ),
    "a result for a provider": (OPERATOR, PROVIDER, QUARTER, Allocation(awards=tuple(award(fate) for fate in Fate))),
    "a result for a buyer": (OPERATOR, DSO, QUARTER, Allocation(awards=(), needs=(SERVED,))),
    "scheduled order": (OPERATOR, PROVIDER, QUARTER, orders(OrderKind.SCHEDULED, OrderStatus.ORDERED, QUARTER)),
    "direct order": (OPERATOR, PROVIDER, HALF, orders(OrderKind.DIRECT, OrderStatus.ORDERED, HALF)),
    "answer": (PROVIDER, OPERATOR, QUARTER, orders(OrderKind.RESPONSE, OrderStatus.ACTIVATED, QUARTER)),
    "refusing answer": (PROVIDER, OPERATOR, QUARTER, orders(OrderKind.RESPONSE, OrderStatus.UNAVAILABLE, QUARTER)),
    "blocking": (
        DSO,
        OPERATOR,
        QUARTER,
        Blocking(blocks=(block("thermal", Decimal(3)), block("voltage", None))),
    ),
    "prices": (OPERATOR, PROVIDER, QUARTER, ClearingPrices(prices=(PRICE,))),
    "capacities": (
        TSO,
        OPERATOR,
        QUARTER,
        GridConstraints(capacities=tuple(capacity(kind) for kind in CapacityKind)),
    ),
    "receipt": (
        OPERATOR,
        PROVIDER,
        QUARTER,
        Receipt(verdict=Verdict.ACCEPTED, document_id="a document", document_type="A37", reasons=(Reason(code="A01"),)),
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_what_we_write_keeps_our_rules(name: str) -> None:
    sender, receiver, period, message = MESSAGES[name]
    envelope = Envelope(
        id="0b1f1f0e-7f0a-5b57-9c2e-4f6c3a1d2e3f",
        sender=sender,
        receiver=receiver,
        created=CREATED,
        message=message,
        reserve=Reserve.MFRR,
        period=period,
        domain=NORTH,
    )
    parsed = parse(write_message(envelope))
    report = parsed.report + check(parsed.document, parsed.edition, markets.load("project"))
    assert report.findings == (), "\n".join(map(str, report.findings))
