"""Answers: who is told what of a result, under which identifier, and what nobody is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from gateway.answers import NAME_SPACE, Answers
from gateway.envelope import Envelope, Message
from gateway.market import MarketDefinition
from gateway.model import Direction, Limit, Party, Reserve, Role
from gateway.order_book import OrderBook
from gateway.results import (
    ActivationOrders,
    Allocation,
    Award,
    ClearingPrice,
    ClearingPrices,
    ClearingResult,
    Fate,
    OrderKind,
    ServedNeed,
)
from gateway.time import Interval
from tests.market_values import (
    DSO,
    EAST,
    EIGHT,
    OPERATOR,
    OTHER_SELLER,
    QUARTER,
    SELLER,
    TSO,
    WEST,
    bid,
    block,
    quarter,
)

MARKET = MarketDefinition(operator=OPERATOR)
KNOWN = {SELLER.id: Role.RESOURCE_AGGREGATOR, TSO.id: Role.SYSTEM_OPERATOR}


def award(bid_id: str, mw: int = 10, number: int = 0, provider: Party = SELLER) -> Award:
    return Award(
        bid_id=bid_id,
        provider=provider.id,
        area=WEST,
        direction=Direction.UP,
        interval=quarter(number),
        offered_mw=Decimal(10),
        quantity_mw=Decimal(mw),
        bid_price=Decimal(50),
        price=Decimal(60),
        fate=Fate.ACCEPTED if mw else Fate.OUT_OF_THE_MONEY,
        reason="",
    )


def met(need_id: str, number: int = 0, buyer: Party = TSO) -> ServedNeed:
    return ServedNeed(
        need_id=need_id,
        buyer=buyer.id,
        area=WEST,
        direction=Direction.UP,
        interval=quarter(number),
        requested_mw=Decimal(10),
        served_mw=Decimal(10),
        price=Decimal(60),
    )


def price(number: int = 0) -> ClearingPrice:
    return ClearingPrice(
        area=WEST, interval=quarter(number), price=Decimal(60), lowest=Decimal(60), highest=Decimal(60)
    )


def result(*parts: Award | ServedNeed | ClearingPrice, revision: int = 1) -> ClearingResult:
    """Return the result of all these parts, sorted out by what they are."""
    return ClearingResult(
        awards=tuple(part for part in parts if isinstance(part, Award)),
        needs=tuple(part for part in parts if isinstance(part, ServedNeed)),
        prices=tuple(part for part in parts if isinstance(part, ClearingPrice)),
        flows=(),
        revision=revision,
    )


def answers(market: MarketDefinition = MARKET) -> Answers:
    return Answers(market, KNOWN, EIGHT)


def told(letters: Iterator[Envelope[Message]]) -> list[tuple[Party, list[str], Interval | None]]:
    """Return to whom each answer goes, whose bids or needs it holds, and its period."""
    found = []
    for letter in letters:
        match letter.message:
            case Allocation(awards=awards, needs=needs):
                names = [*(one.bid_id for one in awards), *(one.need_id for one in needs)]
            case ActivationOrders(orders=orders):
                names = [one.bid_id for one in orders]
            case other:
                names = [type(other).__name__]
        found.append((letter.receiver, names, letter.period))
    return found


AGGREGATOR = replace(SELLER, role=Role.RESOURCE_AGGREGATOR)
WHOLE = Interval(EIGHT, EIGHT + 3 * QUARTER)


def test_each_seller_has_one_allocation_with_all_its_bids_accepted_or_not() -> None:
    cleared = result(award("a"), award("b", 0, 2), award("c", provider=OTHER_SELLER), met("n"))
    assert told(answers().to_sellers(cleared)) == [
        (AGGREGATOR, ["a", "b"], WHOLE),
        (OTHER_SELLER, ["c"], quarter()),
    ]


def test_a_party_of_no_known_role_is_told_in_the_usual_one() -> None:
    stranger = replace(DSO, role=Role.CONSUMER)
    (to_seller,) = answers().to_sellers(result(award("a", provider=stranger)))
    (to_buyer,) = answers().to_buyers(result(met("n", buyer=stranger)))
    assert to_seller.receiver == Party(DSO.id, Role.BALANCING_SERVICE_PROVIDER)
    assert to_buyer.receiver == Party(DSO.id, Role.TRANSMISSION_SYSTEM_OPERATOR)


def test_each_buyer_is_told_of_its_needs_and_of_no_bid() -> None:
    cleared = result(award("a"), met("n"), met("m", 2), met("o", buyer=DSO))
    (first, second) = answers().to_buyers(cleared)
    assert isinstance(first.message, Allocation)
    assert (first.message.awards, [need.need_id for need in first.message.needs]) == ((), ["n", "m"])
    assert (first.receiver, first.period) == (Party(TSO.id, Role.SYSTEM_OPERATOR), WHOLE)
    assert second.receiver.id == DSO.id


def test_orders_are_one_message_for_each_provider_and_interval() -> None:
    cleared = result(award("a"), award("b"), award("a", 5, 1), award("c", provider=OTHER_SELLER), award("d", 0))
    assert told(answers().orders(cleared)) == [
        (AGGREGATOR, ["a", "b"], quarter()),
        (AGGREGATOR, ["a"], quarter(1)),
        (OTHER_SELLER, ["c"], quarter()),
    ]


def test_an_order_says_what_is_to_be_delivered_and_why() -> None:
    voluntary = replace(award("a", 7), voluntary_id="v", direction=Direction.DOWN)
    (letter,) = answers().orders(result(voluntary))
    message = letter.message
    assert isinstance(message, ActivationOrders)
    assert (message.kind, message.order_revision) == (OrderKind.SCHEDULED, 1)
    (order,) = message.orders
    assert (order.bid_id, order.quantity_mw, order.direction, order.interval) == (
        "a",
        Decimal(7),
        Direction.DOWN,
        quarter(),
    )
    assert order.reasons == (("B49", None), ("A95", "v"))
    (plain,) = answers().orders(result(award("a")))
    assert isinstance(plain.message, ActivationOrders)
    assert plain.message.orders[0].reasons == (("B49", None),)


def test_prices_go_to_the_operator_for_publication() -> None:
    letter = answers().prices(result(price(), price(2)))
    assert (letter.sender, letter.receiver, letter.period) == (OPERATOR, OPERATOR, WHOLE)
    assert letter.message == ClearingPrices(prices=(price(), price(2)))


# ---- the operators that check


LIMIT = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(5), coefficients={"a": Decimal(1)})


@pytest.mark.parametrize(
    ("book", "areas"),
    [
        (OrderBook(), []),
        (OrderBook(blocks=(block("a"),)), ["a"]),
        (OrderBook(blocks=(replace(block("e"), area=EAST),)), ["e"]),
        (OrderBook(bids=(bid("a"),), limits=(LIMIT,)), ["a"]),
        (OrderBook(limits=(LIMIT,)), []),
        (OrderBook(bids=(bid("a"),), limits=(LIMIT,), blocks=(replace(block("e"), area=EAST),)), ["a", "e"]),
    ],
    ids=["nobody", "a block", "a block elsewhere", "a limit", "a limit of no known bid", "both"],
)
def test_an_operator_checks_the_awards_in_its_areas(book: OrderBook, areas: list[str]) -> None:
    cleared = result(award("a"), award("not accepted", 0), replace(award("e"), area=EAST))
    found = told(answers().to_checking_operators(book, cleared))
    assert found == ([(DSO, areas, quarter())] if areas else [])


def test_each_round_is_checked_under_one_identifier_and_the_next_revision() -> None:
    book = OrderBook(blocks=(block("a"),))
    rounds = (result(award("a"), price()), result(award("a", 4), price(), revision=2))
    letters = list(answers().of(book, rounds))
    checks = [letter for letter in letters if letter.receiver.id == DSO.id]
    assert [
        (letter.revision, letter.message.revision) for letter in checks if isinstance(letter.message, Allocation)
    ] == [
        (1, 1),
        (2, 2),
    ]
    assert len({letter.id for letter in checks}) == 1
    sellers = [letter for letter in letters if letter.receiver.id == SELLER.id]
    assert [letter.revision for letter in sellers] == [1, 1]
    allocation = sellers[0].message
    assert isinstance(allocation, Allocation)
    assert [one.quantity_mw for one in allocation.awards] == [4]


def test_the_order_of_the_answers_is_checks_sellers_buyers_orders_prices() -> None:
    cleared = result(award("a"), met("n"), price())
    kinds = [type(letter.message).__name__ for letter in answers().of(OrderBook(blocks=(block("a"),)), (cleared,))]
    assert kinds == ["Allocation", "Allocation", "Allocation", "ActivationOrders", "ClearingPrices"]


def test_where_nothing_was_cleared_nobody_is_told_anything() -> None:
    assert list(answers().of(OrderBook(blocks=(block("a"),)), (result(),))) == []


# ---- envelopes


def test_every_answer_comes_from_the_operator_at_the_given_instant() -> None:
    market = replace(MARKET, reserve=Reserve.RR, domain=EAST)
    for letter in answers(market).of(OrderBook(), (result(award("a"), met("n"), price()),)):
        assert (letter.sender, letter.created, letter.reserve, letter.domain) == (OPERATOR, EIGHT, Reserve.RR, EAST)
        assert (letter.document_type, letter.process, letter.digest) == (None, None, None)


def test_without_a_domain_an_answer_is_about_the_area_of_its_first_part() -> None:
    (letter,) = answers().to_sellers(result(replace(award("a"), area=EAST), award("b")))
    assert letter.domain == EAST
    assert answers().prices(result(price())).domain is None


def test_an_identifier_follows_from_parties_kind_and_period_alone() -> None:
    cleared = result(award("a"), met("n"), price())
    once, again = (
        [letter.id for letter in Answers(MARKET, KNOWN, EIGHT + late).of(OrderBook(), (cleared,))]
        for late in (timedelta(), timedelta(days=1))
    )
    assert once == again
    assert len(set(once)) == len(once) == 4
    assert {UUID(one).version for one in once} == {5}
    later = result(award("a", number=1), met("n", 1), price(1))
    assert not set(once) & {letter.id for letter in answers().of(OrderBook(), (later,))}
    other = answers(replace(MARKET, operator=DSO))
    assert not set(once) & {letter.id for letter in other.of(OrderBook(), (cleared,))}


def test_an_order_has_an_identifier_of_its_own() -> None:
    (letter,) = answers().orders(result(award("a")))
    assert isinstance(letter.message, ActivationOrders)
    assert letter.message.order_id != letter.id
    assert UUID(letter.message.order_id).version == 5


def test_the_name_space_of_the_identifiers_stays_what_it_is() -> None:
    assert str(NAME_SPACE) == "5b1b7d0e-6d3c-5f0a-9a59-0c5f5c0f7a10"
    (letter,) = answers().to_sellers(result(award("a")))
    assert letter.id == "5a1ffba1-a040-5cc7-80bf-f6915cb81440"
