"""Small canonical values for tests: every field has a default, so that a test states only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.model import Bid, Block, Capacity, Direction, Need, Party, Role
from gateway.time import Interval

EIGHT = datetime(2027, 1, 14, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)

TSO = Party(PartyId("10X1001A1001A38Y", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR)
OPERATOR = Party(PartyId("10X1001A1001A39W", "A01"), Role.MARKET_OPERATOR)
DSO = Party(PartyId("7080000000005", "A10"), Role.DISTRIBUTION_SYSTEM_OPERATOR)
SELLER = Party(PartyId("7080000000012", "A10"), Role.BALANCING_SERVICE_PROVIDER)
OTHER_SELLER = Party(PartyId("7080000000029", "A10"), Role.BALANCING_SERVICE_PROVIDER)

WEST = AreaId("10YNO-2--------T", "A01")
EAST = AreaId("10YNO-1--------2", "A01")


def quarter(number: int = 0) -> Interval:
    """Return the quarter hour that starts *number* quarters after eight."""
    return Interval(EIGHT + number * QUARTER, EIGHT + (number + 1) * QUARTER)


def bid(id: str, mw: object = 10, price: object = 50, direction: Direction = Direction.UP) -> Bid:  # noqa: A002
    """Return a divisible bid of SELLER in WEST for the first quarter."""
    return Bid(
        id=id,
        provider=SELLER.id,
        area=WEST,
        direction=direction,
        interval=quarter(),
        quantity_mw=Decimal(str(mw)),
        price=None if price is None else Decimal(str(price)),
    )


def need(id: str, mw: object = 10, price: object = None, direction: Direction = Direction.UP) -> Need:  # noqa: A002
    """Return a need of TSO in WEST for the first quarter; without a price it is inelastic."""
    return Need(
        id=id,
        buyer=TSO.id,
        area=WEST,
        direction=direction,
        interval=quarter(),
        quantity_mw=Decimal(str(mw)),
        price=None if price is None else Decimal(str(price)),
    )


def capacity(mw: object, origin: AreaId = EAST, target: AreaId = WEST) -> Capacity:
    """Return a capacity from *origin* to *target* in the first quarter."""
    name = f"{origin.value} {target.value}"
    return Capacity(
        id=name, sender=TSO.id, from_area=origin, to_area=target, interval=quarter(), quantity_mw=Decimal(str(mw))
    )


def block(bid_id: str, limit_mw: object = None) -> Block:
    """Return what DSO says about a bid in WEST in the first quarter."""
    limit = None if limit_mw is None else Decimal(str(limit_mw))
    return Block(
        bid_id=bid_id,
        requester=DSO.id,
        requester_role=DSO.role,
        interval=quarter(),
        area=WEST,
        limit_mw=limit,
        reason="B46",
    )


def envelope(message: Message, sender: Party = SELLER, id: str = "document", minutes: int = 0) -> Envelope[Message]:  # noqa: A002
    """Return *message* from *sender*, created *minutes* after seven."""
    return Envelope(
        id=id,
        sender=sender,
        receiver=OPERATOR,
        created=EIGHT - timedelta(hours=1) + timedelta(minutes=minutes),
        message=message,
        period=Interval(EIGHT, EIGHT + 4 * QUARTER),
    )


def at(order: Bid, number: int) -> Bid:
    """Return *order* for another quarter."""
    return replace(order, interval=quarter(number))
