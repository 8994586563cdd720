"""A market of two areas that can be checked by head, as messages, as documents and as a folder.

North has cheap bids, South dear ones, and 45 MW may flow between them. North needs 30 MW up, South 100 MW:

=====  =====  =========  ====  ========
bid    area   direction  MW    EUR/MWh
=====  =====  =========  ====  ========
N1     North  up         50    40
N2     North  up         60    60
N3     North  down       20    30
S1     South  up         30    75
S2     South  up         40    90
=====  =====  =========  ====  ========

South is short of 100 - 45 = 55 MW: S1 whole and 25 MW of S2, at 90. North delivers 75 MW: N1 whole and 25 MW of
N2, at 60.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.market import Area, Border, MarketDefinition
from gateway.model import (
    Bid,
    BidSet,
    Block,
    Blocking,
    Capacity,
    Direction,
    GridConstraints,
    Need,
    Party,
    Reserve,
    ReserveNeed,
    Role,
)
from gateway.procurement import Procurement, procure
from gateway.schemes import named
from gateway.time import QUARTER_HOUR, Interval
from profiles import write_message

NORTH = AreaId("10Y1001A1001A46L", "A01")
SOUTH = AreaId("10Y1001A1001A47J", "A01")
DOMAIN = AreaId("10Y1001A1001A91G", "A01")
OPERATOR = Party(PartyId("10X1001A1001A418", "A01"), Role.MARKET_OPERATOR)
BUYER = Party(PartyId("10X1001A1001A418", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR)
PROVIDER = Party(PartyId("9520000000011", "A10"), Role.BALANCING_SERVICE_PROVIDER)
GRID = Party(PartyId("9520000000028", "A10"), Role.DISTRIBUTION_SYSTEM_OPERATOR)

HOUR = Interval(datetime(2027, 1, 14, 7, tzinfo=UTC), datetime(2027, 1, 14, 8, tzinfo=UTC))
QUARTERS = QUARTER_HOUR.slots(HOUR)
QUARTER = QUARTERS[0]

MARKET = MarketDefinition(
    operator=OPERATOR,
    domain=DOMAIN,
    areas=(Area(id=NORTH, name="North"), Area(id=SOUTH, name="South")),
    borders=(Border(from_area=NORTH, to_area=SOUTH),),
    quantity_step=Decimal(1),
)

MARKET_FILE = """
[operator]
id = "10X1001A1001A418"
[market]
domain = "10Y1001A1001A91G"
closed = true
quantity_step = 1
[[areas]]
id = "10Y1001A1001A46L"
name = "North"
[[areas]]
id = "10Y1001A1001A47J"
name = "South"
[[borders]]
from = "10Y1001A1001A46L"
to = "10Y1001A1001A47J"
"""

_NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def name(word: str) -> str:
    """Return a UUID for *word*: identifiers of documents and bids are UUIDs."""
    return str(uuid5(_NAMES, word))


def bid(word: str, area: AreaId, mw: int, price: int, interval: Interval = QUARTER) -> Bid:
    """Return a bid of *mw*: above 0 up, below 0 down."""
    return Bid(
        id=name(f"{word} {interval}"),
        provider=PROVIDER.id,
        area=area,
        direction=Direction.UP if mw > 0 else Direction.DOWN,
        interval=interval,
        quantity_mw=Decimal(abs(mw)),
        price=Decimal(price),
        resource=ResourceId(f"UNIT-{word}", "NSE"),
    )


def bids(interval: Interval = QUARTER) -> tuple[Bid, ...]:
    return (
        bid("N1", NORTH, 50, 40, interval),
        bid("N2", NORTH, 60, 60, interval),
        bid("N3", NORTH, -20, 30, interval),
        bid("S1", SOUTH, 30, 75, interval),
        bid("S2", SOUTH, 40, 90, interval),
    )


def need(area: AreaId, mw: int, interval: Interval = QUARTER, price: int | None = None) -> Need:
    return Need(
        id=name(f"need {area} {interval}"),
        buyer=BUYER.id,
        area=area,
        direction=Direction.UP,
        interval=interval,
        quantity_mw=Decimal(mw),
        price=None if price is None else Decimal(price),
    )


def capacity(origin: AreaId, target: AreaId, mw: int, interval: Interval = QUARTER) -> Capacity:
    return Capacity(
        id=name(f"capacity {origin} {target} {interval}"),
        sender=BUYER.id,
        from_area=origin,
        to_area=target,
        interval=interval,
        quantity_mw=Decimal(mw),
    )


def envelope(
    word: str, sender: Party, minutes_before: int, message: Message, period: Interval = QUARTER
) -> Envelope[Message]:
    return Envelope(
        id=name(f"document {word}"),
        sender=sender,
        receiver=OPERATOR,
        created=period.start - timedelta(minutes=minutes_before),
        message=message,
        reserve=Reserve.MFRR,
        period=period,
        domain=DOMAIN,
    )


def envelopes(intervals: Iterable[Interval] = (QUARTER,), border_mw: int = 45) -> dict[str, Envelope[Message]]:
    """Return the messages of the market by name of file."""
    found: dict[str, Envelope[Message]] = {}
    for at, interval in enumerate(intervals):
        number = f"_{at}" if at else ""
        needs = (need(NORTH, 30, interval), need(SOUTH, 100, interval))
        ways = (capacity(NORTH, SOUTH, border_mw, interval), capacity(SOUTH, NORTH, border_mw, interval))
        messages: tuple[tuple[str, Party, int, Message], ...] = (
            (f"bids{number}", PROVIDER, 80, BidSet(bids=bids(interval))),
            (f"need{number}", BUYER, 20, ReserveNeed(needs=needs)),
            (f"capacity{number}", BUYER, 30, GridConstraints(capacities=ways)),
        )
        for word, sender, minutes, message in messages:
            found[f"{word}.xml"] = envelope(word, sender, minutes, message, interval)
    return found


def blocking(of: Bid) -> Envelope[Message]:
    """Return the message of a distribution operator that blocks one bid."""
    block = Block(
        bid_id=of.id,
        requester=GRID.id,
        requester_role=GRID.role,
        interval=of.interval,
        area=of.area,
        reason="B46",
    )
    return envelope("blocking", GRID, 12, Blocking(blocks=(block,)))


def procured(messages: Iterable[Envelope[Message]] | None = None, market: MarketDefinition = MARKET) -> Procurement:
    """Clear the market of *messages*, or the one above."""
    letters = tuple(envelopes().values() if messages is None else messages)
    return procure(named("centralised"), market, letters, QUARTER.start - timedelta(minutes=14))


def write_folder(folder: Path, messages: dict[str, Envelope[Message]] | None = None) -> Path:
    """Write *messages*, or those of the market above, as documents with their market file."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, letter in (envelopes() if messages is None else messages).items():
        (folder / file).write_bytes(write_message(letter))
    (folder / "market.toml").write_text(MARKET_FILE, encoding="utf-8")
    return folder


def with_bids(letter: Envelope[Message], *changed: Bid) -> Envelope[Message]:
    """Return *letter* with other bids."""
    return replace(letter, message=BidSet(bids=changed))
