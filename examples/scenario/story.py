"""The bids that the story of the morning is about: written by hand, so that each shows one thing.

They travel in the documents of their providers, before the drawn ones. Look them up by the name of the resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from gateway.identifiers import ResourceId
from gateway.model import Activation, Availability, Bid, Condition, Direction, Link
from scenario.bids import bid_id
from scenario.draw import name
from scenario.nordic import AUCTION, QUARTERS, ZONES
from scenario.portfolios import Portfolio


def story_bids(portfolio: Portfolio) -> tuple[Bid, ...]:
    """Return the bids of the story that *portfolio* sends."""
    tell = _STORIES.get(portfolio.file)
    return tuple(tell(portfolio)) if tell else ()


def _up(portfolio: Portfolio, resource: str, quarter: int, mw: int, price: str) -> Bid:
    """Return a plain bid up; the zone is the first word of *resource*, quarter hours are counted from 0."""
    id_ = ResourceId(f"EXAMPLE-{resource}", portfolio.scheme)
    zone, _, _ = resource.partition("-")
    return Bid(
        id=bid_id(id_, Direction.UP, QUARTERS[quarter]),
        provider=portfolio.party.id,
        area=ZONES[zone],
        direction=Direction.UP,
        interval=QUARTERS[quarter],
        quantity_mw=Decimal(mw),
        price=Decimal(price),
        resource=id_,
        national=AUCTION,
    )


def _potline(portfolio: Portfolio) -> Iterator[Bid]:
    """A potline stands still or does not: 300 MW in one piece, cheaper than the price, too much to fit."""
    for quarter in range(4):
        yield replace(_up(portfolio, "NO2-POTLINE", quarter, 300, "84.50"), divisible=False)


def _cascade(portfolio: Portfolio) -> Iterator[Bid]:
    """A cascade offers four price steps of one unit; the clearing price lies between the second and the third."""
    for quarter in range(4):
        for step, price in enumerate(("77.00", "81.50", "94.00", "99.00")):
            offer = _up(portfolio, "NO5-CASCADE", quarter, 20, price)
            yield replace(offer, id=name(offer.id, step), multipart=name("multipart", "cascade", quarter))


def _two_towns(portfolio: Portfolio) -> Iterator[Bid]:
    """Two groups of three pools, each group all or nothing: one town below the price, one above it."""
    for town, price in (("LAKESIDE", "79.00"), ("HILLTOP", "131.00")):
        for pool, mw in enumerate((3, 4, 5), start=1):
            offer = _up(portfolio, f"NO1-POOL-{town}-{pool}", 0, mw, price)
            yield replace(offer, inclusive=name("inclusive", town))


def _battery(portfolio: Portfolio) -> Iterator[Bid]:
    """A battery that has to charge after each quarter hour of delivery, and says so with links.

    It delivers in the first quarter hour. In the second it is unavailable, because it delivered before. In the third
    it is available, because it delivered in the first. In the fourth it is unavailable again.
    """
    first, second, third, fourth = (
        replace(
            _up(portfolio, "SE3-RADIO-SUBURB", quarter, 3, "70.00"),
            divisible=False,
            technical_link=name("unit", "suburb"),
            activation=Activation.SCHEDULED_OR_DIRECT,
        )
        for quarter in range(4)
    )
    rests = replace(second, availability=Availability.CONDITIONALLY_AVAILABLE)
    yield first
    yield replace(rests, links=(Link(first.id, Condition.UNAVAILABLE_IF_ACTIVATED),))
    yield replace(
        third,
        availability=Availability.CONDITIONALLY_UNAVAILABLE,
        links=(Link(first.id, Condition.AVAILABLE_IF_ACTIVATED),),
    )
    yield replace(
        fourth,
        availability=Availability.CONDITIONALLY_AVAILABLE,
        links=(Link(third.id, Condition.UNAVAILABLE_IF_ACTIVATED),),
    )


_STORIES: Mapping[str, Callable[[Portfolio], Iterator[Bid]]] = {
    "smelters": _potline,
    "fjord_hydro": _cascade,
    "pools_norway": _two_towns,
    "tower_storage": _battery,
}
"""Who tells what, by the short name of the portfolio."""
