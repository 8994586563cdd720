"""The order book by law: what counts does not depend on the order of arrival, and each rule alone decides its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.envelope import Envelope, Message
from gateway.model import (
    Bid,
    BidSet,
    Blocking,
    CapacityKind,
    Direction,
    GridConstraints,
    Limit,
    Party,
    ReserveNeed,
    Role,
)
from gateway.order_book import OrderBook, in_order, in_role, order_book, parties
from gateway.time import Interval
from tests.market_values import (
    DSO,
    EAST,
    EIGHT,
    OTHER_SELLER,
    QUARTER,
    SELLER,
    TSO,
    WEST,
    at,
    bid,
    block,
    capacity,
    envelope,
    need,
    quarter,
)

LIMIT = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(5))


def offer(*bids: Bid, id: str = "d1", minutes: int = 0, sender: Party = SELLER) -> Envelope[Message]:  # noqa: A002 - the name of the field
    return envelope(BidSet(bids=bids), sender, id, minutes)


def standing(book: OrderBook) -> list[tuple[str, int, int]]:
    """Return what stands: name, MW, and the quarter after eight."""
    return [(one.id, int(one.quantity_mw), (one.interval.start - EIGHT) // QUARTER) for one in book.bids]


# ---- order of arrival


MESSAGES: tuple[Envelope[Message], ...] = (
    offer(bid("b", 1), bid("c", 2)),
    replace(offer(bid("b", 3)), revision=2),
    offer(bid("d", 4), id="d2", minutes=5),
    envelope(BidSet(bids=(bid("e", 5),), replaces_all=True), OTHER_SELLER, "d3", 10),
    envelope(GridConstraints(capacities=(capacity(10),), limits=(LIMIT,)), TSO, "g", 3),
)


def test_every_order_of_arrival_leads_to_the_same_book() -> None:
    books = [order_book(order) for order in permutations(MESSAGES)]
    assert all(book == books[0] for book in books)
    assert standing(books[0]) == [("b", 3, 0), ("d", 4, 0), ("e", 5, 0)]


senders = st.sampled_from([SELLER, OTHER_SELLER])
bids_drawn = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 2)), max_size=4)
documents = st.lists(st.tuples(senders, bids_drawn, st.booleans(), st.integers(0, 3), st.integers(0, 9)), max_size=6)


def sent(drawn: list[tuple[Party, list[tuple[str, int, int]], bool, int, int]]) -> list[Envelope[Message]]:
    letters = []
    for number, (sender, orders, replaces_all, name, minutes) in enumerate(drawn):
        bids = tuple(replace(at(bid(word, mw), slot), provider=sender.id) for word, mw, slot in orders)
        message = BidSet(bids=bids, replaces_all=replaces_all)
        letters.append(replace(envelope(message, sender, f"d{name}", minutes), revision=number + 1))
    return letters


@given(documents, st.randoms(use_true_random=False))
def test_what_counts_depends_on_instants_and_revisions_alone(
    drawn: list[tuple[Party, list[tuple[str, int, int]], bool, int, int]], luck: Random
) -> None:
    letters = sent(drawn)
    shuffled = letters.copy()
    luck.shuffle(shuffled)
    assert order_book(shuffled) == order_book(letters)


@given(documents)
def test_nothing_that_stands_was_withdrawn_or_made_up(
    drawn: list[tuple[Party, list[tuple[str, int, int]], bool, int, int]],
) -> None:
    letters = sent(drawn)
    said = {one for letter in letters if isinstance(letter.message, BidSet) for one in letter.message.bids}
    book = order_book(letters)
    assert {replace(one, submitted=None) for one in book.bids} <= said
    assert all(one.quantity_mw > 0 for one in book.bids)
    assert list(book.intervals) == sorted({one.interval for one in book.bids})


# ---- revisions and times


def test_the_highest_revision_counts_even_where_it_was_created_earlier() -> None:
    late = replace(offer(bid("b", 1), minutes=30), revision=1)
    early = replace(offer(bid("b", 2)), revision=2)
    assert in_order([late, early]) == (early,)
    assert standing(order_book([late, early])) == [("b", 2, 0)]


def test_of_one_revision_sent_twice_the_later_counts() -> None:
    first, second = offer(bid("b", 1)), offer(bid("b", 2), minutes=1)
    assert in_order([second, first]) == (second,)


def test_the_same_document_id_of_two_senders_is_two_documents() -> None:
    foreign = replace(bid("f", 7), provider=OTHER_SELLER.id)
    letters = [offer(bid("b", 1)), offer(foreign, sender=OTHER_SELLER)]
    assert len(in_order(letters)) == 2
    assert standing(order_book(letters)) == [("b", 1, 0), ("f", 7, 0)]


def test_documents_of_one_instant_are_taken_by_id_and_then_by_sender() -> None:
    letters = [offer(id="z"), offer(id="a"), offer(id="m", sender=OTHER_SELLER), offer(id="m")]
    assert [(one.id, one.sender) for one in in_order(letters)] == [
        ("a", SELLER),
        ("m", SELLER),
        ("m", OTHER_SELLER),
        ("z", SELLER),
    ]


# ---- complete sets


@pytest.mark.parametrize(
    ("period", "left"),
    [
        (Interval(EIGHT, EIGHT + QUARTER), ["later", "only"]),
        (Interval(EIGHT, EIGHT + 9 * QUARTER), ["only"]),
        (Interval(EIGHT + QUARTER, EIGHT + 9 * QUARTER), ["b", "only"]),
        (None, ["only"]),
    ],
    ids=["the first quarter", "both", "all but the first", "all of time"],
)
def test_a_complete_set_replaces_what_lies_in_its_period(period: Interval | None, left: list[str]) -> None:
    early = offer(bid("b"), at(bid("later"), 8))
    whole = replace(envelope(BidSet(bids=(bid("only"),), replaces_all=True), id="d2", minutes=5), period=period)
    assert sorted(one.id for one in order_book([early, whole]).bids) == left


def test_a_complete_set_sent_on_behalf_of_a_provider_replaces_the_bids_of_that_provider() -> None:
    agent = Party(TSO.id, Role.SCHEDULING_AGENT)
    whole = replace(envelope(BidSet(bids=(), replaces_all=True), agent, "d2", 5), subject=SELLER)
    foreign = replace(bid("f"), provider=OTHER_SELLER.id)
    book = order_book([offer(bid("b")), offer(foreign, id="d3", sender=OTHER_SELLER), whole])
    assert [one.id for one in book.bids] == ["f"]


def test_a_bid_that_reaches_beyond_the_period_is_kept_whole() -> None:
    long = bid("b")
    whole = replace(
        envelope(BidSet(bids=(), replaces_all=True), id="d2", minutes=5), period=Interval(EIGHT, EIGHT + QUARTER)
    )
    assert standing(order_book([offer(long, at(long, 1)), whole])) == [("b", 10, 0), ("b", 10, 1)]


# ---- needs, capacities, limits, blocks


def test_a_need_sent_again_replaces_and_0_mw_withdraws() -> None:
    messages = [
        envelope(ReserveNeed(needs=(need("n", 5), need("m", 6))), TSO, "n1"),
        envelope(ReserveNeed(needs=(need("n", 7), need("m", 0))), TSO, "n2", 5),
    ]
    assert [(one.id, one.quantity_mw) for one in order_book(messages).needs] == [("n", Decimal(7))]


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, ["4"]),
        ({"sender": DSO.id}, ["4", "10"]),
        ({"kind": CapacityKind.TOTAL}, ["10", "4"]),
        ({"interval": quarter(1)}, ["10", "4"]),
        ({"from_area": WEST, "to_area": EAST}, ["10", "4"]),
        ({"id": "another name"}, ["4"]),
    ],
    ids=["the same", "another sender", "another kind", "another quarter", "the other way", "another id"],
)
def test_a_capacity_replaces_one_of_the_same_border_kind_interval_and_sender(
    change: dict[str, object], kept: list[str]
) -> None:
    again = replace(capacity(4), **change)  # type: ignore[arg-type]  # the table mixes fields
    book = order_book(
        [
            envelope(GridConstraints(capacities=(capacity(10),)), TSO, "g1"),
            envelope(GridConstraints(capacities=(again,)), TSO, "g2", 5),
        ]
    )
    assert sorted(str(one.quantity_mw) for one in book.capacities) == sorted(kept)


@pytest.mark.parametrize(
    ("change", "headrooms"),
    [({}, [1]), ({"sender": TSO.id}, [1, 5]), ({"id": "m"}, [1, 5]), ({"interval": quarter(1)}, [1, 5])],
    ids=["the same", "another sender", "another id", "another quarter"],
)
def test_a_limit_replaces_one_of_the_same_sender_id_and_interval(
    change: dict[str, object], headrooms: list[int]
) -> None:
    again = replace(LIMIT, headroom_mw=Decimal(1), **change)  # type: ignore[arg-type]  # the table mixes fields
    letters = [
        envelope(GridConstraints(limits=(LIMIT,)), DSO, "g1"),
        envelope(GridConstraints(limits=(again,)), DSO, "g2", 5),
    ]
    assert sorted(int(one.headroom_mw) for one in order_book(letters).limits) == headrooms


def test_blocks_of_all_documents_stay_in_their_order_and_the_same_one_counts_once() -> None:
    limits = [3, 9, 5, 8, 2, 7]
    letters = [
        envelope(Blocking(blocks=(block("b", limits[0]), block("a"))), DSO, "k1"),
        envelope(Blocking(blocks=tuple(block("b", limit) for limit in limits)), DSO, "k2", 5),
    ]
    expected = [("a", None), *(("b", Decimal(limit)) for limit in limits)]
    assert [(one.bid_id, one.limit_mw) for one in order_book(letters).blocks] == expected


def test_the_intervals_are_those_of_bids_and_needs() -> None:
    book = order_book(
        [
            offer(at(bid("b"), 2)),
            envelope(ReserveNeed(needs=(need("n"), replace(need("m"), interval=quarter(2)))), TSO, "n"),
            envelope(GridConstraints(capacities=(replace(capacity(1), interval=quarter(3)),)), TSO, "g"),
        ]
    )
    assert book.intervals == (quarter(0), quarter(2))
    assert order_book([]) == OrderBook()


# ---- parties


def test_a_party_is_known_by_the_role_of_its_last_document() -> None:
    agent = Party(SELLER.id, Role.SCHEDULING_AGENT)
    letters = [offer(), offer(id="d2", minutes=5, sender=agent)]
    assert parties(letters) == {SELLER.id: Role.SCHEDULING_AGENT}
    assert parties(reversed(letters)) == parties(letters)


def test_the_subject_of_a_document_is_known_too() -> None:
    letter = replace(offer(sender=Party(TSO.id, Role.SCHEDULING_AGENT)), subject=SELLER)
    assert parties([letter]) == {TSO.id: Role.SCHEDULING_AGENT, SELLER.id: SELLER.role}


@pytest.mark.parametrize(("known", "role"), [({}, Role.CONSUMER), ({SELLER.id: Role.PRODUCER}, Role.PRODUCER)])
def test_a_role_is_the_known_one_or_the_other(known: dict[object, Role], role: Role) -> None:
    assert in_role(known, SELLER.id, Role.CONSUMER) == Party(SELLER.id, role)  # type: ignore[arg-type]  # party to role


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_the_last_word_on_a_bid_counts(quantities: list[int]) -> None:
    letters = [
        replace(offer(bid("b", mw), id=f"d{number}"), created=EIGHT - timedelta(hours=2) + number * QUARTER)
        for number, mw in enumerate(quantities)
    ]
    expected = [("b", quantities[-1], 0)] if quantities[-1] else []
    assert standing(order_book(letters)) == expected
    both = order_book([*letters, offer(bid("x", direction=Direction.DOWN), id="x")])
    assert ("x", 10, 0) in standing(both)
