"""What a member hands on: blocks, caps and grid limits are settled before the others see a bid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing.example import PARTY, QUARTERS, bid, border, limit, need
from gateway.coupling.local import Offered, offered
from gateway.model import Availability, Bid, Block, Limit, Role
from gateway.order_book import OrderBook
from gateway.time import Interval
from tests.gateway.coupling.three_areas import A, agreement, operator

ALL = agreement("ABC")
FULL, OUT = Availability.AVAILABLE, Availability.UNAVAILABLE


def block(name: str, limit_mw: object = None, interval: Interval = QUARTERS[0]) -> Block:
    most = None if limit_mw is None else Decimal(str(limit_mw))
    role = Role.DISTRIBUTION_SYSTEM_OPERATOR
    return Block(bid_id=name, requester=PARTY, requester_role=role, interval=interval, area=A, limit_mw=most)


def handed_on(*bids: Bid, blocks: tuple[Block, ...] = (), limits: tuple[Limit, ...] = ()) -> Offered:
    return offered(ALL, operator("A"), OrderBook(bids=bids, blocks=blocks, limits=limits))


def summary(given: Offered) -> dict[str, tuple[str, Availability]]:
    return {each.id: (f"{each.quantity_mw.normalize():f}", each.availability) for each in given.contribution.bids}


def test_what_nothing_forbids_is_handed_on_as_it_is() -> None:
    bids = (bid("a", "A", "up", 10, 50), bid("b", "A", "down", 5, 20, exclusive="g"))
    given = handed_on(*bids)
    assert (given.contribution.bids, given.notes) == (bids, ())
    assert given.contribution.member == operator("A")


PLAIN = bid("a", "A", "up", 10, 50)
CAPS = {
    "blocked": (PLAIN, block("a"), ("10", OUT)),
    "blocked by zero": (PLAIN, block("a", 0), ("10", OUT)),
    "capped": (PLAIN, block("a", 4), ("4", FULL)),
    "capped above": (PLAIN, block("a", 10), ("10", FULL)),
    "below its least": (replace(PLAIN, minimum_mw=Decimal(5)), block("a", 4), ("10", OUT)),
    "at its least": (replace(PLAIN, minimum_mw=Decimal(5)), block("a", 5), ("5", FULL)),
    "indivisible": (replace(PLAIN, divisible=False), block("a", 9), ("10", OUT)),
    "below one step": (replace(PLAIN, granularity_mw=Decimal(5)), block("a", 4), ("10", OUT)),
    "of a group": (replace(PLAIN, inclusive="g"), block("a", 9), ("10", OUT)),
    "another bid": (PLAIN, block("b"), ("10", FULL)),
    "another interval": (PLAIN, block("a", interval=QUARTERS[1]), ("10", FULL)),
}


@pytest.mark.parametrize("name", CAPS)
def test_a_block_takes_or_marks(name: str) -> None:
    given_bid, given_block, expected = CAPS[name]
    assert summary(handed_on(given_bid, blocks=(given_block,)))["a"] == expected


def test_the_lowest_of_several_blocks_counts_and_is_told() -> None:
    given = handed_on(PLAIN, blocks=(block("a", 7), block("a", 3), block("a", 5)))
    assert summary(given) == {"a": ("3", FULL)}
    assert given.notes == (f"a in {QUARTERS[0]}: the distribution system operator example leaves 3 MW.",)


def test_the_headroom_of_a_limit_goes_to_the_best_prices() -> None:
    bids = (bid("dear", "A", "up", 10, 60), bid("cheap", "A", "up", 8, 40), bid("relief", "A", "down", 9, 10))
    rows = (limit("cable", 12, dear=1, cheap=0.5, relief=-1),)
    given = handed_on(*bids, limits=rows)
    assert summary(given) == {"dear": ("8", FULL), "cheap": ("8", FULL), "relief": ("9", FULL)}
    assert given.notes == (f"dear in {QUARTERS[0]}: the grid limit cable leaves 8 MW whatever the others take.",)


def test_a_limit_that_is_broken_already_leaves_nothing_to_what_loads_it() -> None:
    given = handed_on(PLAIN, bid("b", "A", "up", 5, 40), limits=(limit("cable", -3, a=1),))
    assert summary(given) == {"a": ("10", OUT), "b": ("5", FULL)}


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 90), st.integers(-2, 3)), min_size=1, max_size=6),
    st.integers(0, 40),
)
def test_whatever_the_others_take_no_limit_is_broken(drawn: list[tuple[int, int, int]], headroom: int) -> None:
    bids = [bid(f"b{at}", "A", "up", mw, price) for at, (mw, price, _) in enumerate(drawn)]
    weights = {f"b{at}": float(weight) for at, (_, _, weight) in enumerate(drawn)}
    given = handed_on(*bids, limits=(limit("cable", headroom, **weights),))
    available = [each for each in given.contribution.bids if each.availability is FULL]
    worst = sum(max(Decimal(0), Decimal(str(weights[each.id]))) * each.quantity_mw for each in available)
    assert worst <= headroom


def test_a_block_bid_that_is_capped_anywhere_is_handed_on_as_unavailable_everywhere() -> None:
    parts = [replace(PLAIN, id=f"blk#{at}", block_bid="blk", interval=QUARTERS[at - 1]) for at in (1, 2)]
    given = handed_on(*parts, PLAIN, blocks=(block("blk#2", 9, QUARTERS[1]),))
    assert summary(given) == {"blk#1": ("10", OUT), "blk#2": ("10", OUT), "a": ("10", FULL)}


def test_a_bid_that_needs_another_one_cannot_be_told() -> None:
    child = replace(PLAIN, id="child", parent="a")
    given = handed_on(PLAIN, child)
    assert given.contribution.bids == (PLAIN, replace(child, parent=None, availability=OUT))
    assert given.notes == (f"child in {QUARTERS[0]}: its parent a cannot be told.",)


# ---- the intervals that are spoken of


def test_a_member_speaks_of_the_intervals_that_its_messages_name() -> None:
    hour = Interval(QUARTERS[0].start, QUARTERS[3].end)
    book = OrderBook(
        bids=(replace(PLAIN, interval=QUARTERS[1]),),
        needs=(replace(need("n", "A", 5), interval=QUARTERS[3]),),
        capacities=(replace(border("A", "B", 30)[0], interval=QUARTERS[0]),),
    )
    assert offered(ALL, operator("A"), book).contribution.intervals == (QUARTERS[0], QUARTERS[1], QUARTERS[3])
    odd = Interval(QUARTERS[0].start, QUARTERS[0].end - timedelta(minutes=5))
    torn = offered(ALL, operator("A"), OrderBook(capacities=(replace(border("A", "B", 30)[0], interval=odd),)))
    assert (torn.contribution.intervals, torn.notes) == (
        (),
        (f"Capacity A-B in {odd}: no whole market time units; not told.",),
    )
    hourly = OrderBook(capacities=(replace(border("A", "B", 30)[0], interval=hour),))
    said = offered(ALL, operator("A"), hourly).contribution
    assert said.intervals == tuple(each.interval for each in said.capacities) == QUARTERS
