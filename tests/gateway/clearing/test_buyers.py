"""Markets with several buyers, worked by hand: limit prices, netting of opposite needs, balance responsible parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import certify, clear
from gateway.clearing.example import bid, border, market_of, need
from gateway.clearing.trades import OrderKind, Side, balances, trades
from gateway.identifiers import PartyId
from gateway.model import Bid, Capacity, Direction, Limit, Need, Role
from gateway.results import ClearingResult
from tests.gateway.clearing.reading import accepted, flows, prices, served

Thing = Bid | Need | Capacity | Limit
TSO, OTHER_TSO = PartyId("tso", "example"), PartyId("other tso", "example")
BRP, OTHER_BRP = PartyId("brp", "example"), PartyId("other brp", "example")
BSP = PartyId("bsp", "example")


def asks(buyer: PartyId, name: str, place: str, mw: float, price: float | None = None) -> Need:
    """Return a need of *buyer*."""
    role = Role.BALANCE_RESPONSIBLE_PARTY if buyer in {BRP, OTHER_BRP} else Role.TRANSMISSION_SYSTEM_OPERATOR
    return need(name, place, mw, price, buyer=buyer, buyer_role=role)


def offers(name: str, place: str, direction: str, mw: float, price: float) -> Bid:
    """Return a bid of the provider."""
    return bid(name, place, direction, mw, price, provider=BSP)


def of_brp(order: Bid) -> Bid:
    """Return the same bid of a balance responsible party."""
    return replace(order, provider=BRP)


def cleared(*things: Thing) -> ClearingResult:
    """Return the result of a market, with its certificate."""
    market = market_of(*things)
    result = clear(market)
    assert certify(market, result) == ()
    return result


def money(result: ClearingResult) -> dict[str, int]:
    """Return what each party receives or pays per hour, in whole units of money."""
    return {party.value: int(amount) for party, amount in balances(trades(result)).items()}


STACK = (offers("U1", "A", "up", 30, 40), offers("U2", "A", "up", 30, 60))


@pytest.mark.parametrize(
    ("limit_price", "met", "price"),
    [(39, 0, 40), (41, 10, 41), (59, 10, 59), (61, 15, 60)],
    ids=["below all", "above the first", "below the second", "above the second"],
)
def test_a_party_buys_as_long_as_the_price_is_within_its_limit(limit_price: int, met: int, price: int) -> None:
    """The operator takes 20 of the 30 MW at 40; 10 MW are left at 40, and 5 more would cost 60.

    A party that gets the 10 MW and no more sets the price itself.
    """
    result = cleared(*STACK, asks(TSO, "t", "A", 20), asks(BRP, "b", "A", 15, limit_price))

    assert served(result) == {"t": 20, "b": met}
    assert prices(result) == {"A": price}


def test_an_elastic_buyer_sets_the_price_where_it_is_met_in_part() -> None:
    result = cleared(*STACK, asks(TSO, "t", "A", 20), asks(BRP, "b", "A", 15, 55))

    assert prices(result) == {"A": 55}
    assert money(result) == {"tso": -1100, "brp": -550, "bsp": 1650}


def test_an_inelastic_need_comes_before_every_limit_price() -> None:
    """Only 60 MW are offered; the operator needs 50 of them and the party, which would pay 14,999, gets the rest."""
    result = cleared(*STACK, asks(TSO, "t", "A", 50), asks(BRP, "b", "A", 20, 14_999))

    assert served(result) == {"t": 50, "b": 10}
    assert prices(result) == {"A": 14_999}


def test_who_pays_more_is_served_first_whoever_it_is() -> None:
    result = cleared(*STACK, asks(BRP, "b", "A", 40, 70), asks(OTHER_BRP, "o", "A", 40, 65), asks(TSO, "t", "A", 5, 68))

    assert served(result) == {"b": 40, "t": 5, "o": 15}
    assert prices(result) == {"A": 65}


def test_opposite_needs_are_netted_before_anything_is_activated() -> None:
    """The operator is short of 20 MW and the party has 25 too many: 20 meet, and the rest finds a down bid at 10."""
    down = offers("D1", "A", "down", 30, 10)
    result = cleared(*STACK, down, asks(TSO, "t", "A", 20), asks(BRP, "b", "A", -25, 5))

    assert served(result) == {"t": 20, "b": 25}
    assert accepted(result) == {"D1": 5}
    assert prices(result) == {"A": 10}
    assert money(result) == {"tso": -200, "brp": 250, "bsp": -50}


def test_needs_that_net_to_nothing_activate_nothing() -> None:
    result = cleared(*STACK, offers("D1", "A", "down", 30, 10), asks(TSO, "t", "A", 20), asks(BRP, "b", "A", -20))

    assert accepted(result) == {}
    assert prices(result) == {"A": 25}
    assert money(result) == {"tso": -500, "brp": 500}


@pytest.mark.parametrize(
    ("capacity", "price_here", "price_there", "activated", "borders"),
    [
        (50, 40, 40, {"U1": 5}, 0),
        (15, 40, 10, {"U1": 10, "D1": 5}, 15 * 30),
        (0, 40, 10, {"U1": 25, "D1": 20}, 0),
    ],
    ids=["room", "congestion", "closed"],
)
def test_needs_of_two_areas_are_netted_as_far_as_the_border_lets_them(
    capacity: int, price_here: int, price_there: int, activated: dict[str, int], borders: int
) -> None:
    """A is short of 25 MW, B has 20 too many; what the border keeps apart is bought up in A at 40 and down in B at 10."""
    things = (*STACK, offers("D1", "B", "down", 30, 10), asks(TSO, "a", "A", 25), asks(OTHER_TSO, "b", "B", -20))
    result = cleared(*things, *border("B", "A", capacity))

    assert accepted(result) == activated
    assert prices(result) == {"A": price_here, "B": price_there}
    assert flows(result).get("B->A", 0) == min(20, capacity)
    assert -sum(money(result).values()) == borders


def test_buyers_of_both_kinds_and_both_areas_in_one_market() -> None:
    """A: the operator needs 40, a party sells 10 at 30 or more. B: a party buys 20 up to 65, the operator has 5 too many.

    U1 and U2 give 60 MW at 40 and 60. In A and B together 60 MW are bought and 15 are sold by needs, so that 45 MW are
    activated: U1 whole and 15 MW of U2, which sets 60 everywhere. B takes 15 MW over the border.
    """
    result = cleared(
        *STACK,
        asks(TSO, "a", "A", 40),
        asks(OTHER_BRP, "s", "A", -10, 30),
        asks(BRP, "b", "B", 20, 65),
        asks(OTHER_TSO, "t", "B", -5),
        *border("A", "B", 50, 50),
    )

    assert accepted(result) == {"U1": 30, "U2": 15}
    assert served(result) == {"a": 40, "s": 10, "b": 20, "t": 5}
    assert flows(result) == {"A->B": 15}
    assert prices(result) == {"A": 60, "B": 60}
    assert money(result) == {"tso": -2400, "other brp": 600, "brp": -1200, "other tso": 300, "bsp": 2700}


ALIKE = [
    (asks(BRP, "x", "A", 25, 55), of_brp(offers("x", "A", "down", 25, 55))),
    (asks(BRP, "x", "A", 25, 45), of_brp(offers("x", "A", "down", 25, 45))),
    (asks(BRP, "x", "A", -25, 35), of_brp(offers("x", "A", "up", 25, 35))),
    (asks(BRP, "x", "A", -25, 50), of_brp(offers("x", "A", "up", 25, 50))),
]


@pytest.mark.parametrize(("as_need", "as_bid"), ALIKE, ids=["buys dear", "buys cheap", "sells cheap", "sells dear"])
def test_a_purchase_or_sale_is_the_same_as_a_need_and_as_a_bid(as_need: Need, as_bid: Bid) -> None:
    asked = asks(TSO, "t", "A", 20)
    one, other = cleared(*STACK, asked, as_need), cleared(*STACK, asked, as_bid)

    assert one.welfare == other.welfare
    assert prices(one) == prices(other)
    assert served(one)["x"] == accepted(other).get("x", 0)
    assert money(one) == money(other)
    sides = {(trade.side, trade.quantity_mw) for trade in trades(one) if trade.party == BRP}
    assert sides == {(trade.side, trade.quantity_mw) for trade in trades(other) if trade.party == BRP}


def test_a_trade_names_party_role_side_and_limit() -> None:
    result = cleared(
        *STACK, asks(TSO, "t", "A", 20), asks(BRP, "b", "A", 5, 55), of_brp(offers("D", "A", "down", 5, 50))
    )
    found = {trade.order_id: trade for trade in trades(result)}

    assert {name: (trade.role, trade.side, trade.kind) for name, trade in found.items()} == {
        "t": (Role.TRANSMISSION_SYSTEM_OPERATOR, Side.BOUGHT, OrderKind.NEED),
        "b": (Role.BALANCE_RESPONSIBLE_PARTY, Side.BOUGHT, OrderKind.NEED),
        "D": (None, Side.BOUGHT, OrderKind.BID),
        "U1": (None, Side.SOLD, OrderKind.BID),
    }
    assert [found[name].limit_price for name in ("t", "b", "D", "U1")] == [None, 55, 50, 40]


def test_nobody_pays_more_or_gets_less_than_their_limit() -> None:
    result = cleared(*STACK, asks(TSO, "t", "A", 20), asks(BRP, "b", "A", 15, 55), asks(OTHER_BRP, "o", "A", -5, 45))

    for trade in trades(result):
        if trade.limit_price is not None:
            gain = trade.limit_price - trade.price
            assert (gain if trade.side is Side.BOUGHT else -gain) >= 0


def test_orders_that_end_with_nothing_are_no_trades() -> None:
    result = cleared(*STACK, asks(TSO, "t", "A", 20), asks(BRP, "b", "A", 15, 10))

    assert {trade.order_id for trade in trades(result)} == {"t", "U1"}


def test_a_negative_price_turns_the_money_round() -> None:
    """B must get rid of 20 MW, and the only down bid wants 7 per MWh for it."""
    result = cleared(offers("D1", "A", "down", 30, -7), asks(TSO, "t", "A", -20))

    assert money(result) == {"tso": -140, "bsp": 140}


@pytest.mark.parametrize("loss", [0, 0.1], ids=["no losses", "losses"])
def test_what_buyers_pay_beyond_what_sellers_get_is_the_income_of_the_border(loss: float) -> None:
    things: Sequence[Thing] = (*STACK, offers("B1", "B", "up", 90, 20), asks(TSO, "t", "A", 45))
    result = cleared(*things, *border("B", "A", 20, loss=loss))
    (flow,) = flows(result).values()
    price, half = prices(result), Decimal(str(loss)) / 2

    income = ((1 - half) * price["A"] - (1 + half) * price["B"]) * flow
    assert flow == 20
    assert abs(-sum(balances(trades(result)).values()) - income) < Decimal("0.1")


def test_directions_and_sides_cover_each_other() -> None:
    made = trades(cleared(*STACK, offers("D", "A", "down", 5, 90), asks(TSO, "t", "A", 9), asks(BRP, "b", "A", -3)))

    assert {(trade.order_id, trade.side) for trade in made} == {
        ("t", Side.BOUGHT),
        ("b", Side.SOLD),
        ("D", Side.BOUGHT),
        ("U1", Side.SOLD),
    }
    bought, sold = (sum(t.quantity_mw for t in made if t.side is side) for side in (Side.BOUGHT, Side.SOLD))
    assert bought == sold == 14


def test_the_role_of_a_buyer_is_told_with_what_it_got() -> None:
    result = cleared(*STACK, asks(BRP, "b", "A", 5, 55), replace(asks(TSO, "t", "A", 5), buyer_role=None))

    assert {each.need_id: each.buyer_role for each in result.needs} == {
        "b": Role.BALANCE_RESPONSIBLE_PARTY,
        "t": None,
    }
    assert {each.direction for each in result.needs} == {Direction.UP}
