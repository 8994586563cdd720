"""Small pieces of results to put together, where a whole clearing would hide what is tested."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from adapters.report_html import MarketReport
from adapters.report_html.figures import Figures
from adapters.report_html.zones import Slice, slices
from gateway.identifiers import AreaId
from gateway.model import Direction
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, Fate, ServedNeed
from gateway.time import Interval
from tests.adapters.example import BUYER, MARKET, NORTH, PROVIDER, QUARTER, SOUTH
from tests.adapters.report_html.pages import report

OSLO = ZoneInfo("Europe/Oslo")
NEXT = Interval(QUARTER.end, QUARTER.end + timedelta(minutes=15))


def award(name: str, mw: int, price: int | None, fate: Fate = Fate.OUT_OF_THE_MONEY, area: AreaId = NORTH) -> Award:
    """Return an award of a bid of *mw*, above 0 up, below 0 down; accepted whole or not at all, by its fate."""
    offered = Decimal(abs(mw))
    return Award(
        bid_id=name,
        provider=PROVIDER.id,
        area=area,
        direction=Direction.UP if mw > 0 else Direction.DOWN,
        interval=QUARTER,
        offered_mw=offered,
        quantity_mw=offered if fate is Fate.ACCEPTED else offered / 2 if fate is Fate.PARTLY_ACCEPTED else Decimal(0),
        bid_price=None if price is None else Decimal(price),
        price=Decimal(60),
        fate=fate,
        reason="",
    )


def need(name: str, mw: int, served: int, limit: int | None = None, area: AreaId = NORTH) -> ServedNeed:
    """Return a need of *mw*, above 0 up, below 0 down, of which *served* are met."""
    return ServedNeed(
        need_id=name,
        buyer=BUYER.id,
        area=area,
        direction=Direction.UP if mw > 0 else Direction.DOWN,
        interval=QUARTER,
        requested_mw=Decimal(abs(mw)),
        served_mw=Decimal(served),
        price=Decimal(60),
        limit_price=None if limit is None else Decimal(limit),
    )


def price(area: AreaId, amount: int, product: str = "energy") -> ClearingPrice:
    value = Decimal(amount)
    return ClearingPrice(
        area=area, interval=QUARTER, price=value, lowest=value, highest=value, product=product, set_by=("B1",)
    )


def flow(mw: int, capacity: int, origin: AreaId = NORTH, target: AreaId = SOUTH) -> ExchangeFlow:
    return ExchangeFlow(
        from_area=origin, to_area=target, interval=QUARTER, quantity_mw=Decimal(mw), capacity_mw=Decimal(capacity)
    )


def result(*pieces: Award | ServedNeed | ClearingPrice | ExchangeFlow) -> ClearingResult:
    """Return a result of *pieces*."""
    return ClearingResult(
        awards=tuple(piece for piece in pieces if isinstance(piece, Award)),
        needs=tuple(piece for piece in pieces if isinstance(piece, ServedNeed)),
        prices=tuple(piece for piece in pieces if isinstance(piece, ClearingPrice)),
        flows=tuple(piece for piece in pieces if isinstance(piece, ExchangeFlow)),
    )


def part(*pieces: Award | ServedNeed | ClearingPrice | ExchangeFlow) -> Slice:
    """Return the one interval of a result of *pieces*."""
    (only,) = slices(result(*pieces))
    return only


def report_of(*pieces: Award | ServedNeed | ClearingPrice | ExchangeFlow) -> MarketReport:
    """Return a report of a result of *pieces*."""
    empty = report([])
    return replace(empty, procurement=replace(empty.procurement, rounds=(result(*pieces),)))


def figures_of(*pieces: Award | ServedNeed | ClearingPrice | ExchangeFlow) -> Figures:
    return Figures.of(result(*pieces), MARKET, OSLO)
