"""Three areas in a row, A - B - C, each of an operator of its own: the market that all tests of the coupling share.

====  ===============  ==================================  =====================
area  need             bids                                border
====  ===============  ==================================  =====================
A     80 MW up         up 40 at 60, 60 at 120; down 30     50 MW to and from B
                       at 20
B     60 MW down       up 50 at 45; down 50 at 15
C     40 MW up at      up 20 at 90, 30 at 65; down 20      30 MW to and from B
      most 70          at 10
====  ===============  ==================================  =====================

Needs without a limit count at 15000. Coupled, B sends 50 MW to A and 30 MW to C; prices are 60, 45 and 65.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from gateway.areas import Cooperation, Membership
from gateway.clearing.example import QUARTERS, area, bid, border, need
from gateway.coupling.agreement import Agreement, Member
from gateway.coupling.pool import Contribution
from gateway.identifiers import PartyId
from gateway.model import Bid, Capacity, Need
from gateway.results import ClearingResult
from gateway.time import QUARTER_HOUR, Interval

START = QUARTERS[0].start
A, B, C = (area(name) for name in "ABC")
NEEDS = (need("dA", "A", 80), need("dB", "B", -60), need("dC", "C", 40, 70))
BIDS = (
    bid("A1", "A", "up", 40, 60),
    bid("A2", "A", "up", 60, 120),
    bid("B1", "B", "up", 50, 45),
    bid("C1", "C", "up", 20, 90),
    bid("C2", "C", "up", 30, 65),
    bid("Ad", "A", "down", 30, 20),
    bid("Bd", "B", "down", 50, 15),
    bid("Cd", "C", "down", 20, 10),
)
BORDERS = (*border("A", "B", 50, 50), *border("B", "C", 30, 30))

T = TypeVar("T", bound=Bid | Need | Capacity)


def operator(name: str) -> PartyId:
    """Return the operator of the area called *name*."""
    return PartyId(f"operator {name}", "example")


def cooperation(*groups: str) -> Cooperation:
    """Return the cooperation in which the areas of each group, named by their letters, clear together."""
    members = (Membership(area=area(name), coba=group, since=START) for group in groups for name in group)
    return Cooperation(tuple(members), QUARTER_HOUR)


def agreement(*groups: str) -> Agreement:
    """Return the agreement of the operators of all areas in *groups*."""
    members = tuple(Member(operator(name), (area(name),)) for name in sorted("".join(groups)))
    return Agreement(members=members, cooperation=cooperation(*groups))


def contribution(
    name: str,
    orders: Iterable[Bid | Need | Capacity] = (*BIDS, *NEEDS, *BORDERS),
    intervals: tuple[Interval, ...] = QUARTERS[:1],
) -> Contribution:
    """Return what the operator of an area says: its bids and needs, and what its borders can carry."""
    every, place = tuple(orders), area(name)
    return Contribution(
        member=operator(name),
        intervals=intervals,
        bids=tuple(each for each in every if isinstance(each, Bid) and each.area == place),
        needs=tuple(each for each in every if isinstance(each, Need) and each.area == place),
        capacities=tuple(
            replace(each, sender=operator(name))
            for each in every
            if isinstance(each, Capacity) and place in {each.from_area, each.to_area}
        ),
    )


def contributions(
    orders: Iterable[Bid | Need | Capacity] = (*BIDS, *NEEDS, *BORDERS),
    intervals: tuple[Interval, ...] = QUARTERS[:1],
    names: str = "ABC",
) -> tuple[Contribution, ...]:
    """Return what the operators of *names* say."""
    every = tuple(orders)
    return tuple(contribution(name, every, intervals) for name in names)


def moved(orders: Iterable[T], interval: Interval) -> tuple[T, ...]:
    """Return *orders* for another interval."""
    return tuple(replace(each, interval=interval) for each in orders)


def figures(result: ClearingResult) -> tuple[object, ...]:
    """Return all volumes, prices and flows of a result, and its welfare, without words."""
    return (
        sorted((each.interval, each.bid_id, each.quantity_mw, each.price) for each in result.awards),
        sorted((each.interval, each.need_id, each.served_mw, each.price) for each in result.needs),
        sorted((each.interval, each.area, each.price) for each in result.prices),
        sorted((each.interval, each.from_area, each.to_area, each.quantity_mw) for each in result.flows),
        result.welfare,
    )
