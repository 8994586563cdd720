"""Short forms to write down small markets: for examples in the documentation, and for tests.

All parties are called "example", every area has a one-word name, and all happens in one quarter hour.

>>> bid("A1", "A", "up", 40, 60).price
Decimal('60')
>>> need("d", "A", -25).direction
<Direction.DOWN: 'down'>
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from gateway.clearing.eligibility import screen
from gateway.clearing.market import ClearingRules, Market
from gateway.clearing.problem import Problem, problem
from gateway.identifiers import AreaId, PartyId
from gateway.model import Bid, Block, Capacity, Direction, Limit, Need
from gateway.time import QUARTER_HOUR, Interval

T = TypeVar("T")

PARTY = PartyId("example", "example")
"""The one party of all examples."""

QUARTERS = QUARTER_HOUR.slots(Interval(datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 1, 15, 13, tzinfo=UTC)))
"""The quarter hours of 12 to 13 o'clock UTC."""


def area(name: str) -> AreaId:
    """Return the area called *name*."""
    return AreaId(name, "example")


def number(value: object) -> Decimal:
    """Return *value* as the decimal one reads: ``0.1`` is a tenth."""
    return Decimal(str(value))


def bid(name: str, place: str, direction: str, mw: float | str, price: float | str | None, **more: object) -> Bid:
    """Return a bid of *mw* at *price* per MWh.

    ``more`` are further fields of `gateway.model.Bid`; those in MW may be plain numbers.
    """
    plain = Bid(
        id=name,
        provider=PARTY,
        area=area(place),
        direction=Direction(direction),
        interval=QUARTERS[0],
        quantity_mw=number(mw),
        price=None if price is None else number(price),
    )
    fields: dict[str, Any] = {key: number(value) if key.endswith("_mw") else value for key, value in more.items()}
    return replace(plain, **fields)


def need(name: str, place: str, mw: float | str, price: float | str | None = None, **more: object) -> Need:
    """Return a need: *mw* above 0 for more injection, otherwise for less; inelastic without a *price*.

    ``more`` are further fields of `gateway.model.Need`.
    """
    plain = Need(
        id=name,
        buyer=PARTY,
        area=area(place),
        direction=Direction.UP if number(mw) > 0 else Direction.DOWN,
        interval=QUARTERS[0],
        quantity_mw=abs(number(mw)),
        price=None if price is None else number(price),
    )
    fields: dict[str, Any] = dict(more)
    return replace(plain, **fields)


def border(
    start: str, end: str, mw: float | str, back_mw: float | str = 0, loss: float | str = 0
) -> tuple[Capacity, ...]:
    """Return the capacities of a border: *mw* from *start* to *end*, *back_mw* the other way."""
    return tuple(
        Capacity(
            id=f"{sending}-{receiving}",
            sender=PARTY,
            from_area=area(sending),
            to_area=area(receiving),
            interval=QUARTERS[0],
            quantity_mw=number(capacity),
            loss_factor=number(loss),
        )
        for sending, receiving, capacity in ((start, end, mw), (end, start, back_mw))
    )


def limit(name: str, headroom_mw: float | str, **coefficients: float) -> Limit:
    """Return the limit Σ coefficient · accepted MW ≤ *headroom_mw* over the named bids."""
    return Limit(
        id=name,
        sender=PARTY,
        interval=QUARTERS[0],
        headroom_mw=number(headroom_mw),
        coefficients={bid_id: number(value) for bid_id, value in coefficients.items()},
    )


def market_of(*things: Bid | Need | Capacity | Limit | Block, rules: ClearingRules | None = None) -> Market:
    """Return the market of all these things, sorted out by what they are."""

    def every(kind: type[T]) -> tuple[T, ...]:
        return tuple(thing for thing in things if isinstance(thing, kind))

    return Market(every(Bid), every(Need), every(Capacity), every(Limit), every(Block), rules or ClearingRules())


def problem_of(*things: Bid | Need | Capacity | Limit | Block, rules: ClearingRules | None = None) -> Problem:
    """Return the problem of the first interval of that market."""
    market = market_of(*things, rules=rules)
    period = market.periods[0]
    return problem(market, period, screen(market, period, {}))
