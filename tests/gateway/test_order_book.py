"""The order book: what replaces what, what is withdrawn, and who is known in which role."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from gateway.envelope import Envelope, Message
from gateway.model import Bid, BidSet, Blocking, GridConstraints, Limit, Party, ReserveNeed, Role
from gateway.order_book import in_order, in_role, order_book, parties
from gateway.results import Receipt, Verdict
from gateway.units import UnitProfile
from tests.market_values import (
    DSO,
    OTHER_SELLER,
    SELLER,
    TSO,
    at,
    bid,
    block,
    capacity,
    envelope,
    need,
    quarter,
)


def offer(*bids: Bid, id: str = "d1", minutes: int = 0) -> Envelope[Message]:  # noqa: A002 - the name of the field
    return envelope(BidSet(bids=bids), id=id, minutes=minutes)


def test_a_bid_sent_again_replaces_the_earlier_one() -> None:
    book = order_book([offer(bid("b", 10), id="d2", minutes=5), offer(bid("b", 7), bid("c"), id="d1")])
    assert [(b.id, b.quantity_mw) for b in book.bids] == [("b", Decimal(10)), ("c", Decimal(10))]


def test_a_quantity_of_nothing_withdraws() -> None:
    book = order_book([offer(bid("b"), bid("c")), offer(bid("b", 0), id="d2", minutes=5)])
    assert [b.id for b in book.bids] == ["c"]
    assert not order_book([envelope(ReserveNeed(needs=(need("n", 0),)), TSO)]).needs


def test_a_bid_of_several_slots_is_replaced_whole() -> None:
    long = bid("b")
    book = order_book(
        [offer(long, at(long, 1)), offer(at(replace(long, quantity_mw=Decimal(3)), 1), id="d2", minutes=1)]
    )
    assert [(b.interval, b.quantity_mw) for b in book.bids] == [(quarter(1), Decimal(3))]


def test_what_a_unit_can_do_replaces_what_was_told_of_it_before() -> None:
    unit = UnitProfile(id="U", provider=SELLER.id, ramp_mw_per_hour=Decimal(4))
    faster, other = replace(unit, ramp_mw_per_hour=Decimal(8)), replace(unit, provider=OTHER_SELLER.id)
    told = [
        envelope(BidSet(bids=(), units=(faster,)), SELLER, "d3", 9),
        envelope(BidSet(bids=(bid("b"),), units=(unit,)), SELLER, "d1", 0),
        envelope(BidSet(bids=(), units=(other,)), OTHER_SELLER, "d2", 5),
    ]

    assert set(order_book(told).units) == {faster, other}
    assert order_book(told) == order_book(told[::-1])


def test_the_same_bid_id_of_another_provider_is_another_bid() -> None:
    foreign = replace(bid("b", 7), provider=OTHER_SELLER.id)
    book = order_book([offer(bid("b")), envelope(BidSet(bids=(foreign,)), OTHER_SELLER, "d2", 5)])
    assert len(book.bids) == 2


def test_a_bid_keeps_its_place_while_it_is_sent_again_unchanged_and_loses_it_with_any_change() -> None:
    first = offer(bid("b"), bid("c"), minutes=0)
    later = replace(offer(bid("b"), bid("c", 5), bid("d"), minutes=7), revision=2)
    dated = {each.id: each.submitted for each in order_book([later, first]).bids}

    assert dated == {"b": first.created, "c": later.created, "d": later.created}


def test_a_need_has_the_role_in_which_its_buyer_sends_it() -> None:
    own, foreign = need("n"), replace(need("m"), buyer=OTHER_SELLER.id)
    sender = Party(own.buyer, Role.BALANCE_RESPONSIBLE_PARTY)
    (m, n) = order_book([envelope(ReserveNeed(needs=(own, foreign)), sender)]).needs

    assert (n.buyer_role, m.buyer_role) == (Role.BALANCE_RESPONSIBLE_PARTY, None)


def test_a_higher_revision_replaces_the_document_whole() -> None:
    first, second = offer(bid("b"), bid("c")), replace(offer(bid("b", 5)), revision=2)
    assert [(b.id, b.quantity_mw) for b in order_book([second, first]).bids] == [("b", Decimal(5))]
    assert in_order([second, first]) == (second,)


def test_a_complete_set_replaces_all_bids_of_its_provider_in_its_period() -> None:
    early = offer(bid("b"), at(bid("later"), 8))
    complete = envelope(BidSet(bids=(bid("only"),), replaces_all=True), id="d2", minutes=5)
    foreign = envelope(BidSet(bids=(replace(bid("f"), provider=OTHER_SELLER.id),)), OTHER_SELLER, "d3")
    assert {b.id for b in order_book([early, complete, foreign]).bids} == {"only", "later", "f"}


def test_capacities_and_limits_are_replaced_and_blocks_are_kept() -> None:
    limit = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(5))
    messages: list[Envelope[Message]] = [
        envelope(GridConstraints(capacities=(capacity(10),), limits=(limit,)), TSO, "g1"),
        envelope(
            GridConstraints(capacities=(capacity(4),), limits=(replace(limit, headroom_mw=Decimal(1)),)), TSO, "g2", 5
        ),
        envelope(Blocking(blocks=(block("b", 3), block("b"))), DSO, "k1"),
    ]
    book = order_book(messages)
    assert [c.quantity_mw for c in book.capacities] == [4]
    assert [limit.headroom_mw for limit in book.limits] == [1]
    assert {b.limit_mw for b in book.blocks} == {None, Decimal(3)}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_in_the_list_does_not_matter(seed: int) -> None:
    messages = [offer(bid(f"b{n % 7}", n + 1), id=f"d{n}", minutes=n % 5) for n in range(30)]
    shuffled = messages.copy()
    Random(seed).shuffle(shuffled)
    assert order_book(shuffled) == order_book(messages)


def test_the_intervals_are_those_of_bids_and_needs() -> None:
    book = order_book([offer(at(bid("b"), 2)), envelope(ReserveNeed(needs=(need("n"),)), TSO, "n1")])
    assert book.intervals == (quarter(0), quarter(2))


def test_what_only_informs_leaves_the_book_empty() -> None:
    assert order_book([envelope(Receipt(verdict=Verdict.ACCEPTED))]).intervals == ()


def test_the_subject_speaks_before_the_sender() -> None:
    agent = replace(SELLER, role=Role.DATA_PROVIDER)
    known = parties([replace(offer(bid("b")), sender=agent, subject=SELLER)])
    assert known[SELLER.id] is Role.BALANCING_SERVICE_PROVIDER
    assert in_role(known, TSO.id, Role.SYSTEM_OPERATOR).role is Role.SYSTEM_OPERATOR
