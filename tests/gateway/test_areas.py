"""Balancing areas: who clears with whom from when on, and the merit order that all members share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from gateway.areas import Cooperation, Membership, Outage, merit_order
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Availability, Direction
from gateway.time import QUARTER_HOUR
from tests.market_values import EAST, EIGHT, OTHER_SELLER, QUARTER, WEST, at, bid, block, capacity, quarter

NORTH = AreaId("10YNO-3--------J", "A01")
ALL = (WEST, EAST, NORTH)


def member(area: AreaId, coba: str, quarters: int = -96) -> Membership:
    return Membership(area=area, coba=coba, since=EIGHT + quarters * QUARTER)


def cooperation(*memberships: Membership) -> Cooperation:
    return Cooperation(memberships, QUARTER_HOUR)


def test_an_area_that_nobody_mentions_is_alone() -> None:
    assert cooperation().parts(ALL, EIGHT) == ((EAST,), (WEST,), (NORTH,))


def test_members_clear_together_from_their_date_on() -> None:
    pair = cooperation(member(WEST, "south"), member(EAST, "south", 0))
    assert pair.parts(ALL, EIGHT - timedelta(seconds=1)) == ((EAST,), (WEST,), (NORTH,))
    assert pair.parts(ALL, EIGHT) == ((EAST, WEST), (NORTH,))


def test_areas_merge_step_by_step_into_one() -> None:
    three = cooperation(member(WEST, "west"), member(EAST, "east"), member(NORTH, "north"))
    two = three.merged("west", "east", EIGHT)
    one = two.merged("west", "north", EIGHT + QUARTER)
    assert [len(one.parts(ALL, EIGHT + n * QUARTER)) for n in (-1, 0, 1)] == [3, 2, 1]


def test_an_area_leaves_and_comes_back_without_a_restart() -> None:
    torn = cooperation(member(WEST, "one"), member(EAST, "one"), member(EAST, "alone", 2), member(EAST, "one", 4))
    assert [len(torn.parts((WEST, EAST), EIGHT + n * QUARTER)) for n in range(6)] == [1, 1, 2, 2, 1, 1]


def test_a_capacity_counts_only_inside_a_coba_and_on_a_border_in_use() -> None:
    together = cooperation(member(WEST, "one"), member(EAST, "one"))
    assert together.usable(capacity(10))
    assert not cooperation(member(WEST, "one"), member(EAST, "two")).usable(capacity(10))
    lost = replace(together, outages=(Outage(areas=frozenset({WEST, EAST}), interval=quarter()),))
    assert not lost.usable(capacity(10))
    assert not lost.usable(capacity(10, WEST, EAST))
    assert lost.usable(replace(capacity(10), interval=quarter(1)))


@pytest.mark.parametrize(
    "memberships",
    [
        (replace(member(WEST, "one"), since=EIGHT + timedelta(minutes=5)),),
        (member(WEST, "one"), member(WEST, "two")),
    ],
    ids=["inside a market time unit", "two at once"],
)
def test_a_change_that_tears_a_market_time_unit_is_refused(memberships: tuple[Membership, ...]) -> None:
    with pytest.raises(InvalidValue):
        cooperation(*memberships)


@pytest.mark.parametrize(
    ("direction", "expected"), [(Direction.UP, ["b", "a", "c"]), (Direction.DOWN, ["c", "a", "b"])]
)
def test_the_best_price_comes_first(direction: Direction, expected: list[str]) -> None:
    bids = [bid(name, 10, price, direction) for name, price in (("a", 50), ("b", -5), ("c", 60))]
    others = [at(bids[0], 1), bid("priceless", 10, None, direction)]
    found = merit_order([*bids, *others], quarter(), direction)
    assert [entry.bid.id for entry in found.entries] == expected


def test_unusable_bids_are_marked_and_not_left_out() -> None:
    bids = [bid("a"), replace(bid("b"), availability=Availability.UNAVAILABLE), bid("c"), bid("d")]
    found = merit_order(bids, quarter(), Direction.UP, [block("c"), block("d", 3)])
    assert [(entry.bid.id, entry.usable) for entry in found.entries] == [
        ("a", True),
        ("b", False),
        ("c", False),
        ("d", True),
    ]


def test_every_member_has_the_same_list() -> None:
    bids = [replace(bid(f"b{n}", n, n % 5), provider=OTHER_SELLER.id) for n in range(1, 40)]
    shuffled = bids.copy()
    Random(1).shuffle(shuffled)
    ours, theirs = (merit_order(some, quarter(), Direction.UP) for some in (bids, shuffled))
    assert ours.digest == theirs.digest
    written = [replace(one, quantity_mw=Decimal(f"{one.quantity_mw}.00")) for one in bids]
    assert merit_order(written, quarter(), Direction.UP).digest == ours.digest
    other = [*bids[1:], replace(bids[0], price=Decimal(99))]
    assert merit_order(other, quarter(), Direction.UP).digest != ours.digest
    assert merit_order(bids, quarter(), Direction.UP, [block("b1")]).digest != ours.digest
