"""One message of each kind that a market operator sends, and how to send it there and back."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import (
    Block,
    Blocking,
    Capacity,
    CapacityKind,
    Direction,
    GridConstraints,
    Party,
    Reserve,
    Role,
)
from gateway.report import Report
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
    RefusedSeries,
    ServedNeed,
    Verdict,
)
from gateway.time import Interval
from profiles import parse, to_canonical, write_message
from profiles.registry import DOCUMENTS

D = TypeVar("D")

TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
FIRST, SECOND = Interval(TEN, TEN + QUARTER), Interval(TEN + QUARTER, TEN + 2 * QUARTER)
NO1, NO2 = AreaId("10YNO-1--------2", "A01"), AreaId("10YNO-2--------T", "A01")
OPERATOR = Party(PartyId("10X1001A1001A38Y", "A01"), Role.MARKET_OPERATOR)
SELLER = Party(PartyId("9999909919920", "A10"), Role.BALANCING_SERVICE_PROVIDER)
DSO = Party(PartyId("9999909919939", "A10"), Role.DISTRIBUTION_SYSTEM_OPERATOR)
UNIT = ResourceId("NOKG90901", "NNO")

AWARD = Award(
    bid_id="bid-1",
    provider=SELLER.id,
    area=NO2,
    direction=Direction.UP,
    interval=FIRST,
    offered_mw=Decimal(10),
    quantity_mw=Decimal(10),
    bid_price=Decimal(40),
    price=Decimal("45.5"),
    fate=Fate.ACCEPTED,
    reason="Cheaper than the clearing price; nothing limits it.",
    resource=UNIT,
    voluntary_id="unit 7",
)
NEED = ServedNeed(
    need_id="need-1",
    buyer=DSO.id,
    area=NO2,
    direction=Direction.DOWN,
    interval=FIRST,
    requested_mw=Decimal(12),
    served_mw=Decimal(9),
    price=Decimal(5),
    limit_price=Decimal(3),
)
ORDER = ActivationOrder(
    bid_id="bid-1",
    provider=SELLER.id,
    area=NO2,
    direction=Direction.UP,
    interval=Interval(TEN + timedelta(minutes=9), TEN + 2 * QUARTER),
    quantity_mw=Decimal(10),
    resource=UNIT,
    reasons=(("B49", None), ("A95", "unit 7")),
)
BLOCK = Block(
    bid_id="bid-1",
    requester=DSO.id,
    requester_role=DSO.role,
    interval=FIRST,
    area=NO2,
    limit_mw=Decimal("2.5"),
    kind="voltage",
    reason="B46 feeder 7 is full; A95 unit 7",
)
PRICE = ClearingPrice(
    area=NO2,
    interval=FIRST,
    price=Decimal("45.5"),
    lowest=Decimal(40),
    highest=Decimal(46),
    reserve=Reserve.MFRR,
)
CAPACITY = Capacity(
    id="border",
    sender=OPERATOR.id,
    from_area=NO1,
    to_area=NO2,
    interval=FIRST,
    quantity_mw=Decimal(300),
    kind=CapacityKind.MAXIMUM_EXCHANGE,
)


def exchanged(record: D, **changes: object) -> D:
    exchange: Callable[..., D] = dataclasses.replace
    return exchange(record, **changes)


def letter(message: Message, sender: Party = OPERATOR, receiver: Party = SELLER) -> Envelope[Message]:
    return Envelope(
        id="doc-1", sender=sender, receiver=receiver, created=TEN, message=message, reserve=Reserve.MFRR, domain=NO2
    )


def there_and_back(sent: Envelope[Message], edition: str | None = None) -> tuple[Envelope[Message], Report]:
    chosen = None
    if edition is not None:
        chosen = next(e for d in DOCUMENTS.values() for e in d.EDITIONS if str(e) == edition)
    return to_canonical(parse(write_message(sent, chosen)))


MESSAGES: list[Message] = [
    Allocation(awards=(AWARD,), needs=(NEED,)),
    Allocation(awards=()),
    ActivationOrders(kind=OrderKind.DIRECT, order_id="o-1", order_revision=2, orders=(ORDER,)),
    ActivationOrders(
        kind=OrderKind.RESPONSE,
        order_id="o-1",
        order_revision=1,
        orders=(dataclasses.replace(ORDER, status=OrderStatus.UNAVAILABLE, reasons=(("B59", "tripped"),)),),
    ),
    Blocking(blocks=(BLOCK, dataclasses.replace(BLOCK, bid_id="bid-2", limit_mw=None, reason=""))),
    GridConstraints(capacities=(CAPACITY,)),
    ClearingPrices(prices=(PRICE, dataclasses.replace(PRICE, area=NO1, product="energy down"))),
    Receipt(
        verdict=Verdict.PARTLY_ACCEPTED,
        document_id="doc-0",
        revision=1,
        document_type="A37",
        process="A47",
        created=TEN,
        reasons=(Reason(code="999", text="one series is refused"),),
        refused=(
            RefusedSeries(
                series_id="bid-1",
                reasons=(Reason(code="A20"), Reason(code="A59", text="no")),
                intervals=((FIRST, (Reason(code="A46"),)),),
            ),
        ),
    ),
    Receipt(verdict=Verdict.REFUSED, title="payload-7.xml", reasons=(Reason(code="A94"),)),
]
