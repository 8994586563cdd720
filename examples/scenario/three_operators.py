"""Three operators in a row, each with a gateway of its own, coupled over two borders (see `three_operators/`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import ResourceId
from gateway.model import Bid, BidSet, Capacity, Direction, GridConstraints, Need, Party, Reserve, ReserveNeed, Role
from scenario.draw import name
from scenario.envelopes import Document
from scenario.nordic import HOUR, QUARTERS, ZONES, operator_of
from scenario.portfolios import demonstration_party

_UP, _DOWN = Direction.UP, Direction.DOWN

# Zone: MW of the need in every quarter hour (below 0 down), limit price, and the bids: direction, MW, EUR/MWh.
MARKET: dict[str, tuple[int, int | None, tuple[tuple[Direction, int, int], ...]]] = {
    "NO1": (80, None, ((_UP, 40, 60), (_UP, 60, 120), (_DOWN, 30, 20))),
    "SE3": (-60, None, ((_UP, 50, 45), (_DOWN, 50, 15))),
    "FI": (40, 70, ((_UP, 20, 90), (_UP, 30, 65), (_DOWN, 20, 10))),
}
BORDERS_MW = {("NO1", "SE3"): 50, ("SE3", "FI"): 30}
STATED_MW = {("SE3", "NO1", "SE3"): 55}
"""What an operator (by its zone) states otherwise of a border; the lower statement counts."""


def folders() -> Iterator[tuple[str, tuple[Document, ...]]]:
    """Yield the folder of each operator with its documents."""
    for number, zone in enumerate(MARKET, start=1):
        provider = demonstration_party(number, Role.BALANCING_SERVICE_PROVIDER)
        buyer = operator_of(zone).party
        yield (
            operator_of(zone).file,
            (
                _document(zone, "bids", provider, 80, BidSet(bids=tuple(_bids(zone, provider)))),
                _document(zone, "need", buyer, 20, ReserveNeed(needs=tuple(_needs(zone)))),
                _document(zone, "capacity", buyer, 30, GridConstraints(capacities=tuple(_capacities(zone)))),
            ),
        )


def _bids(zone: str, provider: Party) -> Iterator[Bid]:
    for slot, quarter in enumerate(QUARTERS):
        for number, (direction, mw, price) in enumerate(MARKET[zone][2], start=1):
            yield Bid(
                id=name("three operators", zone, number, slot),
                provider=provider.id,
                area=ZONES[zone],
                direction=direction,
                interval=quarter,
                quantity_mw=Decimal(mw),
                price=Decimal(price),
                resource=ResourceId(f"EXAMPLE-{zone}-{number}", "NSE"),
            )


def _needs(zone: str) -> Iterator[Need]:
    mw, limit, _ = MARKET[zone]
    for slot, quarter in enumerate(QUARTERS):
        yield Need(
            id=name("three operators", "need", zone, slot),
            buyer=operator_of(zone).party.id,
            area=ZONES[zone],
            direction=_UP if mw > 0 else _DOWN,
            interval=quarter,
            quantity_mw=Decimal(abs(mw)),
            price=None if limit is None else Decimal(limit),
        )


def _capacities(zone: str) -> Iterator[Capacity]:
    for ends, agreed in BORDERS_MW.items():
        for origin, target in (ends, ends[::-1]) if zone in ends else ():
            mw = STATED_MW.get((zone, origin, target), agreed)
            for slot, quarter in enumerate(QUARTERS, start=1):
                yield Capacity(
                    id=f"{name('three operators', zone, origin, target)}#{slot}",
                    sender=operator_of(zone).party.id,
                    from_area=ZONES[origin],
                    to_area=ZONES[target],
                    interval=quarter,
                    quantity_mw=Decimal(mw),
                )


def _document(zone: str, file: str, sender: Party, minutes_before: int, message: Message) -> Document:
    operator = operator_of(zone)
    envelope = Envelope(
        id=name("three operators", zone, file),
        sender=sender,
        receiver=Party(operator.party.id, Role.MARKET_OPERATOR),
        created=HOUR.start - timedelta(minutes=minutes_before),
        message=message,
        reserve=Reserve.MFRR,
        period=HOUR,
        domain=operator.control_area,
    )
    return Document(file, envelope)
