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

from gateway.clearing.joint import problem_over
from gateway.clearing.market import ClearingRules, Market
from gateway.clearing.periods import bound, together
from gateway.clearing.problem import Problem
from gateway.identifiers import AreaId, PartyId
from gateway.model import Bid, Block, Capacity, Direction, Limit, Need, Role
from gateway.time import QUARTER_HOUR, Interval
from gateway.units import UnitProfile

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

    ``more`` are further fields of `gateway.model.Need`; those in MW may be plain numbers.
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
    fields: dict[str, Any] = {key: number(value) if key.endswith("_mw") else value for key, value in more.items()}
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


def block_on(bid_id: str, interval: Interval, limit_mw: float | None) -> Block:
    """Return the block of a distribution system operator that leaves *limit_mw* of a bid; None for nothing."""
    return Block(
        bid_id=bid_id,
        requester=PARTY,
        requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
        interval=interval,
        area=area("A"),
        limit_mw=None if limit_mw is None else number(limit_mw),
    )


def unit(name: str, **more: object) -> UnitProfile:
    """Return the profile of the unit whose technical link is *name*; ``more`` are its limits, as plain numbers."""
    plain = UnitProfile(id=name, provider=PARTY)
    fields: dict[str, Any] = {
        key: value if key == "maximum_activations" else number(value) for key, value in more.items()
    }
    return replace(plain, **fields)


def limit(name: str, headroom_mw: float | str, **coefficients: float) -> Limit:
    """Return the limit Σ coefficient · accepted MW ≤ *headroom_mw* over the named bids."""
    return Limit(
        id=name,
        sender=PARTY,
        interval=QUARTERS[0],
        headroom_mw=number(headroom_mw),
        coefficients={bid_id: number(value) for bid_id, value in coefficients.items()},
    )


def market_of(
    *things: Bid | Need | Capacity | Limit | Block | UnitProfile, rules: ClearingRules | None = None
) -> Market:
    """Return the market of all these things, sorted out by what they are."""

    def every(kind: type[T]) -> tuple[T, ...]:
        return tuple(thing for thing in things if isinstance(thing, kind))

    parts = every(Bid), every(Need), every(Capacity), every(Limit), every(Block)
    return Market(*parts, rules or ClearingRules(), units=every(UnitProfile))


def problem_of(
    *things: Bid | Need | Capacity | Limit | Block | UnitProfile, rules: ClearingRules | None = None
) -> Problem:
    """Return the problem of the first interval of that market, with those that are cleared together with it."""
    market = market_of(*things, rules=rules)
    first = next(part for part in together(market) if market.periods[0] in part)
    return problem_over(market, first, lambda _: {}, bound(market))


def timed_problem() -> Problem:
    """Return a unit over three quarter hours: at least and at most half an hour on, half an hour off, once."""
    times = dict.fromkeys(("minimum_duration", "maximum_duration", "resting_time"), 2 * QUARTERS[0].duration)
    offered = [bid("A1", "A", "up", 9, 20, technical_link="U", interval=at, **times) for at in QUARTERS[:3]]
    asked = [need("d", "A", 5, interval=at) for at in QUARTERS[:3]]
    return problem_of(*offered, *asked, unit("U", maximum_activations=1))
