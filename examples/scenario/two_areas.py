"""Two areas, one border, six bids: a market that can be cleared on paper (see `two_areas/README.md`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import ResourceId
from gateway.model import Bid, BidSet, Capacity, Direction, GridConstraints, Need, Party, Reserve, ReserveNeed, Role
from scenario.draw import name
from scenario.envelopes import Document
from scenario.nordic import QUARTERS, ZONES, operator_of
from scenario.portfolios import demonstration_party

_QUARTER = QUARTERS[0]
_OPERATOR = operator_of("SE3")
_UP, _DOWN = Direction.UP, Direction.DOWN

# Zone, direction, MW, EUR/MWh.
BIDS = (
    ("SE3", _UP, 50, 40),
    ("SE3", _UP, 60, 60),
    ("SE3", _DOWN, 20, 30),
    ("SE4", _UP, 30, 75),
    ("SE4", _UP, 40, 90),
    ("SE4", _UP, 50, 120),
)
NEEDS_MW = {"SE3": 30, "SE4": 100}
BORDER_MW = 45


def documents() -> Iterator[Document]:
    """Yield the three documents: bids, needs, capacity."""
    provider = demonstration_party(1, Role.BALANCING_SERVICE_PROVIDER)
    bids = tuple(
        Bid(
            id=name("two areas", number),
            provider=provider.id,
            area=ZONES[zone],
            direction=direction,
            interval=_QUARTER,
            quantity_mw=Decimal(mw),
            price=Decimal(price),
            resource=ResourceId(f"EXAMPLE-{zone}-{number}", "NSE"),
        )
        for number, (zone, direction, mw, price) in enumerate(BIDS, start=1)
    )
    needs = tuple(
        Need(
            id=name("two areas", zone),
            buyer=_OPERATOR.party.id,
            area=ZONES[zone],
            direction=_UP,
            interval=_QUARTER,
            quantity_mw=Decimal(mw),
        )
        for zone, mw in NEEDS_MW.items()
    )
    capacities = tuple(
        Capacity(
            id=name("two areas", origin, target),
            sender=_OPERATOR.party.id,
            from_area=ZONES[origin],
            to_area=ZONES[target],
            interval=_QUARTER,
            quantity_mw=Decimal(BORDER_MW),
        )
        for origin, target in (("SE3", "SE4"), ("SE4", "SE3"))
    )
    yield _document("bids", provider, 80, BidSet(bids=bids))
    yield _document("need", _OPERATOR.party, 20, ReserveNeed(needs=needs))
    yield _document("capacity", _OPERATOR.party, 30, GridConstraints(capacities=capacities))


def _document(file: str, sender: Party, minutes_before: int, message: Message) -> Document:
    envelope = Envelope(
        id=name("two areas", file),
        sender=sender,
        receiver=Party(_OPERATOR.party.id, Role.MARKET_OPERATOR),
        created=_QUARTER.start - timedelta(minutes=minutes_before),
        message=message,
        reserve=Reserve.MFRR,
        period=_QUARTER,
        domain=_OPERATOR.control_area,
    )
    return Document(file, envelope)
