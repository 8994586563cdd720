"""The common merit order list: its order, its marks, and one digest at every member."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.areas import (
    MeritOrderList,
    merit_order,
)
from gateway.model import Availability, Direction
from tests.market_values import EAST, OTHER_SELLER, WEST, at, bid, block, quarter


@pytest.mark.parametrize(
    ("direction", "expected"),
    [(Direction.UP, ["x", "a", "b", "c", "d"]), (Direction.DOWN, ["d", "b", "c", "a", "x"])],
)
def test_ties_are_ordered_by_identifier(direction: Direction, expected: list[str]) -> None:
    priced = {"c": 50, "b": 50, "d": 60, "a": 40, "x": -7}
    bids = [bid(name, 10, price, direction) for name, price in priced.items()]
    found = merit_order(bids, quarter(), direction)
    assert [entry.bid.id for entry in found.entries] == expected
    assert (found.interval, found.direction) == (quarter(), direction)


def test_bids_of_the_same_name_are_ordered_by_their_providers() -> None:
    same = [replace(bid("b"), provider=OTHER_SELLER.id), bid("b")]
    assert [entry.bid.provider.value for entry in merit_order(same, quarter(), Direction.UP).entries] == [
        "7080000000012",
        "7080000000029",
    ]


@pytest.mark.parametrize("status", Availability)
def test_only_what_is_unavailable_for_good_is_marked(status: Availability) -> None:
    found = merit_order([replace(bid("b"), availability=status)], quarter(), Direction.UP)
    assert [entry.usable for entry in found.entries] == [status is not Availability.UNAVAILABLE]


@pytest.mark.parametrize(
    ("limit_mw", "number", "usable"), [(None, 0, False), (None, 1, True), (0, 0, False), (5, 0, True)], ids=str
)
def test_a_block_of_its_interval_marks_a_bid(limit_mw: int | None, number: int, *, usable: bool) -> None:
    blocked = replace(block("b", limit_mw), interval=quarter(number))
    assert merit_order([bid("b")], quarter(), Direction.UP, [blocked]).entries[0].usable is usable


def test_only_priced_bids_of_the_interval_and_direction_are_listed() -> None:
    bids = [bid("b"), at(bid("later"), 1), bid("down", direction=Direction.DOWN), bid("priceless", price=None)]
    assert [entry.bid.id for entry in merit_order(bids, quarter(), Direction.UP).entries] == ["b"]
    assert merit_order([], quarter(), Direction.UP).entries == ()


def test_the_digest_is_that_of_the_lines() -> None:
    listed = merit_order([bid("b", "10.50", "-5.00")], quarter(), Direction.UP)
    lines = f"{quarter()} up\n-5 10.5 0 {WEST} A10:7080000000012 b True\n"
    assert listed.digest == sha256(lines.encode()).hexdigest()
    assert MeritOrderList(quarter(), Direction.UP, ()).digest == sha256(f"{quarter()} up\n".encode()).hexdigest()


CHANGES = {
    "id": {"id": "other"},
    "price": {"price": Decimal("50.01")},
    "quantity_mw": {"quantity_mw": Decimal(11)},
    "minimum_mw": {"minimum_mw": Decimal(1)},
    "area": {"area": EAST},
    "provider": {"provider": OTHER_SELLER.id},
    "availability": {"availability": Availability.UNAVAILABLE},
}


@pytest.mark.parametrize("changed", CHANGES)
def test_whatever_a_member_sees_differently_changes_its_digest(changed: str) -> None:
    ours = merit_order([bid("b")], quarter(), Direction.UP)
    theirs = merit_order([replace(bid("b"), **CHANGES[changed])], quarter(), Direction.UP)  # type: ignore[arg-type]  # the table mixes fields
    assert ours.digest != theirs.digest


prices_drawn = st.lists(st.integers(-50, 50), min_size=1, max_size=12)


@given(prices_drawn, st.sampled_from([Direction.UP, Direction.DOWN]), st.randoms())
def test_the_list_is_the_same_whatever_order_the_bids_come_in(
    drawn: list[int], direction: Direction, luck: Random
) -> None:
    bids = [bid(f"b{number:02}", 10, price, direction) for number, price in enumerate(drawn)]
    shuffled = sorted(bids, key=lambda _: luck.random())
    ours, theirs = (merit_order(some, quarter(), direction) for some in (bids, shuffled))
    assert (ours, ours.digest) == (theirs, theirs.digest)
    listed = [entry.bid.price for entry in ours.entries]
    assert listed == sorted(drawn, reverse=direction is Direction.DOWN)


def test_an_indivisible_bid_has_the_digest_of_the_document_that_tells_it() -> None:
    """A merit order list document says of an indivisible bid that all of it is its minimum."""
    whole, told = replace(bid("b"), divisible=False), replace(bid("b"), minimum_mw=Decimal(10))
    ours, theirs = (merit_order([one], quarter(), Direction.UP) for one in (whole, told))
    assert ours.digest == theirs.digest != merit_order([bid("b")], quarter(), Direction.UP).digest
