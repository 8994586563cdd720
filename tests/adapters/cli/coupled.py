"""Two gateways, North and South, with a folder each: the market of `tests.adapters.example`, divided at the border.

North has the bids N1, N2, N3 and needs 30 MW; South has S1, S2 and needs 100 MW; both say that 45 MW may flow. Together
they find what one gateway finds that sees all: N1 whole, N2 25 MW, S1 whole, S2 25 MW; 60 in North, 90 in South.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.model import BidSet, Blocking, GridConstraints, Party, ReserveNeed, Role
from profiles import write_message
from tests.adapters import example
from tests.adapters.example import NORTH, PROVIDER, QUARTER, SOUTH

OPERATORS = {NORTH: PartyId("10X1001A1001A418", "A01"), SOUTH: PartyId("10X1001A1001A39W", "A01")}

MARKET = """
[operator]
id = "{own}"
[market]
domain = "10Y1001A1001A91G"
closed = true
quantity_step = 1
[[areas]]
id = "10Y1001A1001A46L"
name = "North"
operator = "10X1001A1001A418"
[[areas]]
id = "10Y1001A1001A47J"
name = "South"
operator = "10X1001A1001A39W"
[[borders]]
from = "10Y1001A1001A46L"
to = "10Y1001A1001A47J"
[[memberships]]
area = "10Y1001A1001A46L"
coba = "both"
since = 2027-01-01T00:00:00Z
[[memberships]]
area = "10Y1001A1001A47J"
coba = "both"
since = 2027-01-01T00:00:00Z
"""

Change = Callable[[Envelope[Message]], Envelope[Message]]


def letters(area: AreaId, border_mw: int = 45) -> dict[str, Envelope[Message]]:
    """Return the messages to the gateway of one area by name of file."""
    own = OPERATORS[area]
    buyer = Party(own, Role.TRANSMISSION_SYSTEM_OPERATOR)
    ways = [replace(example.capacity(a, b, border_mw), sender=own) for a, b in ((NORTH, SOUTH), (SOUTH, NORTH))]
    need = replace(example.need(area, 30 if area == NORTH else 100), buyer=own)
    messages: tuple[tuple[str, Party, int, Message], ...] = (
        ("bids", PROVIDER, 80, BidSet(bids=tuple(bid for bid in example.bids() if bid.area == area))),
        ("need", buyer, 20, ReserveNeed(needs=(need,))),
        ("capacity", buyer, 30, GridConstraints(capacities=tuple(ways))),
    )
    return {
        f"{word}.xml": replace(
            example.envelope(f"{word} {area}", sender, minutes, message), receiver=Party(own, Role.MARKET_OPERATOR)
        )
        for word, sender, minutes, message in messages
    }


def blocking(area: AreaId, word: str, limit_mw: int | None = None) -> Envelope[Message]:
    """Return what the distribution operator tells the gateway of *area* about one of its bids."""
    (bid,) = (each for each in example.bids() if each.resource is not None and each.resource.value == f"UNIT-{word}")
    letter = example.blocking(bid)
    assert isinstance(letter.message, Blocking)
    (block,) = letter.message.blocks
    capped = replace(block, limit_mw=None if limit_mw is None else Decimal(limit_mw))
    receiver = Party(OPERATORS[area], Role.MARKET_OPERATOR)
    return replace(letter, receiver=receiver, message=Blocking(blocks=(capped,)), period=QUARTER)


def write_gateway(
    folder: Path, area: AreaId, messages: dict[str, Envelope[Message]] | None = None, more: str = ""
) -> Path:
    """Write the folder of the gateway of *area*; *more* is added to its market file."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, letter in (letters(area) if messages is None else messages).items():
        (folder / file).write_bytes(write_message(letter))
    (folder / "market.toml").write_text(MARKET.format(own=OPERATORS[area].value) + more, encoding="utf-8")
    return folder
