"""The bids of a portfolio: one resource after the other, in each quarter hour.

Shapes follow the kind of resource. Some hydro plants offer price steps (multipart); pools of one town stand together
or not at all (inclusive); every other battery of a base station offers either way but not both (exclusive), the rest
offer up only and charge for a quarter hour after they have delivered (technical and conditional link).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.identifiers import ResourceId
from gateway.model import Activation, Availability, Bid, Condition, Direction, Link
from gateway.time import Interval
from scenario.draw import cents, chance, name, share, whole
from scenario.nordic import AUCTION, DAY_AHEAD, QUARTERS, ZONES
from scenario.portfolios import HYDRO, POOLS, STATIONS, Portfolio, Technology

_PRICE_STEPS = 3
_STEPPED_SHARE = 0.08
"""Share of hydro offers that come in price steps."""
_POOLS_OF_A_TOWN = 3
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Resource:
    """One resource of a portfolio."""

    portfolio: Portfolio
    zone: str
    technology: Technology
    number: int

    @property
    def id(self) -> ResourceId:
        """A national identifier that says where and what it is."""
        return ResourceId(f"EXAMPLE-{self.zone}-{self.technology.word}-{self.number:02d}", self.portfolio.scheme)

    @property
    def single_direction(self) -> bool:
        """Whether it is a battery that offers up only."""
        return self.technology is STATIONS and self.number % 2 == 0


def bid_id(resource: ResourceId, direction: Direction, quarter: Interval, step: int = 0) -> str:
    """Return the identifier of a bid of *resource*; price steps are counted from 0."""
    return name("bid", resource.value, direction.value, quarter.start.isoformat(), step)


def bids_of(portfolio: Portfolio) -> Iterator[Bid]:
    """Yield the bids of *portfolio*, by resource and quarter hour."""
    for zone, technology, count in portfolio.resources:
        for number in range(1, count + 1):
            for quarter in QUARTERS:
                yield from _offers(Resource(portfolio, zone, technology, number), quarter)


def _offers(resource: Resource, quarter: Interval) -> Iterator[Bid]:
    for direction in (Direction.UP, Direction.DOWN):
        if _prices(resource.technology, direction) is None:
            continue
        if resource.single_direction and direction is Direction.DOWN:
            continue
        plain = _plain(resource, quarter, direction)
        if resource.technology is HYDRO and chance(_STEPPED_SHARE, "stepped", resource.id.value, direction.value):
            yield from _in_steps(resource, plain)
        elif resource.technology is POOLS:
            yield _with_town(resource, plain)
        elif resource.technology is STATIONS:
            yield _battery(resource, plain)
        else:
            yield plain


def _plain(resource: Resource, quarter: Interval, direction: Direction) -> Bid:
    """Return the bid without groups and links; its quantity is new in each quarter hour."""
    technology, key = resource.technology, (resource.id.value, direction.value)
    quantity = whole(*technology.size_mw, "quantity", *key, quarter.start.isoformat())
    divisible = not chance(technology.whole_share, "whole", *key)
    least = quantity * 2 // 5 if divisible and chance(technology.least_share, "least", *key) else 0
    direct = chance(technology.direct_share, "direct", *key)
    return Bid(
        id=bid_id(resource.id, direction, quarter),
        provider=resource.portfolio.party.id,
        area=ZONES[resource.zone],
        direction=direction,
        interval=quarter,
        quantity_mw=Decimal(quantity),
        minimum_mw=Decimal(least),
        divisible=divisible,
        price=_price(resource, quarter, direction),
        activation=Activation.SCHEDULED_OR_DIRECT if direct else Activation.SCHEDULED,
        resource=resource.id,
        national=AUCTION,
    )


def _prices(technology: Technology, direction: Direction) -> tuple[float, float] | None:
    return technology.up if direction is Direction.UP else technology.down


def _price(resource: Resource, quarter: Interval, direction: Direction) -> Decimal:
    """Return a price: many resources bid near the day-ahead price, fewer far from it; it rises a little each time."""
    near, far = sorted(_prices(resource.technology, direction) or (0.0, 0.0), key=abs)
    key = (resource.id.value, direction.value)
    offset = near + (far - near) * share("price", *key) ** 1.4
    drift = cents(0, 0.9, "drift", *key, quarter.start.isoformat())
    return DAY_AHEAD[resource.zone] + Decimal(offset).quantize(_CENT) + drift


def _in_steps(resource: Resource, plain: Bid) -> Iterator[Bid]:
    """Offer a unit in price steps, each worse than the one before, each half the size of a plain bid."""
    rise = plain.direction.sign * cents(3, 9, "rise", resource.id.value, plain.direction.value)
    for step in range(_PRICE_STEPS):
        yield replace(
            plain,
            id=bid_id(resource.id, plain.direction, plain.interval, step),
            quantity_mw=plain.quantity_mw // 2,
            minimum_mw=Decimal(0),
            price=_price(resource, plain.interval, plain.direction) + step * rise,
            multipart=name("multipart", resource.id.value, plain.direction.value, plain.interval.start.isoformat()),
        )


def _with_town(resource: Resource, plain: Bid) -> Bid:
    """Let the pools of every other town stand or fall together: one price, one group."""
    town = (resource.number - 1) // _POOLS_OF_A_TOWN
    if town % 2:
        return plain
    first = replace(resource, number=town * _POOLS_OF_A_TOWN + 1)
    return replace(
        plain,
        price=_price(first, plain.interval, plain.direction),
        inclusive=name("inclusive", first.id.value, plain.direction.value, plain.interval.start.isoformat()),
    )


def _battery(resource: Resource, plain: Bid) -> Bid:
    """Let a battery deliver one way only, or rest after it has delivered."""
    if not resource.single_direction:
        return replace(plain, exclusive=name("exclusive", resource.id.value, plain.interval.start.isoformat()))
    linked = replace(plain, technical_link=name("unit", resource.id.value), activation=Activation.SCHEDULED_OR_DIRECT)
    place = QUARTERS.index(plain.interval)
    if place == 0:
        return linked
    earlier = bid_id(resource.id, plain.direction, QUARTERS[place - 1])
    return replace(
        linked,
        availability=Availability.CONDITIONALLY_AVAILABLE,
        links=(Link(earlier, Condition.UNAVAILABLE_IF_ACTIVATED),),
    )
