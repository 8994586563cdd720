"""Documents with one fault each: what comes in on a bad day.

All but one are made from the same sound document of two bids; the name of the file says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import ResourceId
from gateway.model import Bid, BidSet, Direction, Party, Reserve, Role
from scenario.draw import name
from scenario.envelopes import Document
from scenario.nordic import AUCTION, DAY, MARKET_OPERATOR, QUARTERS, ZONES, operator_of
from scenario.portfolios import demonstration_party

_PROVIDER = demonstration_party(71, Role.BALANCING_SERVICE_PROVIDER)
_UP, _DOWN = name("newcomer", "up"), name("newcomer", "down")

NOT_XML = b"zone;direction;mw;price\nDK2;up;12;300\nDK2;down;12;-100\n"
NOTES = b"Remember to ask the new provider for a test of its sending software.\n"

_BOMB = """<!DOCTYPE ReserveBid_MarketDocument [
  <!ENTITY a "aaaaaaaaaa">
  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
  <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
]>
<ReserveBid_MarketDocument"""


@dataclass(frozen=True)
class Fault:
    """Replace the first place that the pattern *old* fits by *new*, in the sound document called *base*."""

    file: str
    old: str
    new: str
    base: str = "sound"


FAULTS = (
    Fault("broken_unknown_element", "</divisible>", "</divisible>\n    <colour>green</colour>"),
    Fault("broken_naive_time", "00Z</createdDateTime>", "00</createdDateTime>"),
    Fault("broken_entity_bomb", "<ReserveBid_MarketDocument", _BOMB),
    Fault("broken_area_check_character", "10YDK-2--------M", "10YDK-2--------N"),
    Fault("broken_series_id_twice", _DOWN, _UP),
    Fault("broken_price_beyond_cap", "300.00</energy_Price.amount>", "30000.00</energy_Price.amount>"),
    Fault("broken_quantity_off_step", ">12</quantity.quantity>", ">12.5</quantity.quantity>"),
    Fault("broken_gate_missed", "05:40:00Z</createdDateTime>", "06:40:00Z</createdDateTime>"),
    Fault("broken_unknown_namespace", "reservebiddocument:7:4", "reservebiddocument:9:9"),
    Fault(
        "broken_points_missing",
        r"(<position>1</position>.*?</Point>).*?(\s*</Period>)",
        r"\1\2",
        base="capacity_fingrid",
    ),
)


def broken(sound: Document, content: bytes, fault: Fault) -> bytes:
    """Return the *content* of *sound* with one *fault*, under identifiers of its own.

    Raises `ValueError` where there is nothing to break.
    """
    text, count = re.subn(fault.old, fault.new, content.decode(), count=1, flags=re.DOTALL)
    if not count:
        raise ValueError(f"{fault.file}: {fault.old!r} does not occur")
    for id_ in (sound.envelope.id, _UP, _DOWN):
        text = text.replace(id_, name("broken", fault.file, id_))
    return text.encode()


def sound_document() -> Document:
    """Return the document to break: one bid up and one down, both too dear to be accepted."""
    up = Bid(
        id=_UP,
        provider=_PROVIDER.id,
        area=ZONES["DK2"],
        direction=Direction.UP,
        interval=QUARTERS[0],
        quantity_mw=Decimal(12),
        price=Decimal("300.00"),
        resource=ResourceId("EXAMPLE-DK2-NEWCOMER", "NDK"),
        national=AUCTION,
    )
    down = replace(up, id=_DOWN, direction=Direction.DOWN, price=Decimal("-100.00"))
    envelope: Envelope[Message] = Envelope(
        id=name("newcomer"),
        sender=_PROVIDER,
        receiver=Party(MARKET_OPERATOR.id, Role.RESERVE_ALLOCATOR),
        created=QUARTERS[0].start - timedelta(minutes=80),
        message=BidSet(bids=(up, down)),
        reserve=Reserve.MFRR,
        period=DAY,
        domain=operator_of("DK2").control_area,
        subject=_PROVIDER,
    )
    return Document("sound", envelope)
