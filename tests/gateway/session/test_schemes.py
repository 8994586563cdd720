"""Every scheme, step by step, from the same parties and orders: what each market buys, who is told what.

The transmission operator needs 25 MW upward, the distribution operator 5 MW for its congestion. On the distribution
grid 20 MW are offered at 20 EUR/MWh, of which its limits carry 15; on the transmission grid 30 MW at 60. Where both
buy, 15 MW come from below and 15 MW from above; where the distribution grid keeps its schedule, the transmission
operator buys all 25 MW above; and in the centralised scheme the distribution operator buys nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest

from gateway.accounts import Settlement
from gateway.envelope import Message
from gateway.flow import LOCAL
from gateway.market import Area
from gateway.model import BidSet, GridConstraints, Limit, Party, Role
from gateway.results import ActivationOrders, Allocation
from gateway.schedules import ExchangeKind, ExchangeSchedule, ExchangeSchedules, PowerBlock
from gateway.schemes import named, names
from gateway.session import replay
from tests.gateway.session.period import (
    ACCEPTED,
    CHEAP,
    DEAR,
    HEAT,
    MARKET,
    METERS,
    PUMP,
    TSO_METERS,
    Room,
    answer,
    bids,
    codes,
    metered,
    needs,
    room,
)
from tests.market_values import DSO, EAST, EIGHT, OTHER_SELLER, SELLER, TSO, WEST, capacity, need, quarter

MINUTE = timedelta(minutes=1)
GRIDS = replace(
    MARKET, areas=(Area(id=WEST, name="above", operator=TSO.id), Area(id=EAST, name="below", operator=DSO.id))
)
BELOW = replace(CHEAP, id="below", area=EAST, quantity_mw=Decimal(20), price=Decimal(20))
ABOVE = replace(DEAR, id="above")
LIMIT = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(15), coefficients={"below": Decimal(1)})
CONGESTION = replace(need("congestion", 5), buyer=DSO.id, area=EAST)
SCHEDULE = ExchangeSchedules(
    exchanges=(
        ExchangeSchedule(
            id="x",
            kind=ExchangeKind.OPERATOR_EXCHANGE,
            from_area=EAST,
            to_area=WEST,
            blocks=(PowerBlock(interval=quarter(), power_mw=Decimal(0)),),
        ),
    )
)
MESSAGES: tuple[tuple[float, Message, Party], ...] = (
    (60, bids(BELOW), SELLER),
    (59, bids(ABOVE), OTHER_SELLER),
    (50, SCHEDULE, TSO),
    (44, GridConstraints(limits=(LIMIT,)), DSO),
    (43, needs(CONGESTION), DSO),
    (42, needs(need("n", 25)), TSO),
    (41, GridConstraints(capacities=(capacity(100),)), TSO),
)


def until_orders(scheme: str) -> Room:
    """Let all messages arrive, and time pass until the orders are out."""
    parties = room(scheme, market=GRIDS)
    for minutes, message, sender in MESSAGES:
        parties.hear(message, sender, minutes)
    for minutes in (37.5, 30, 22.5, 15, 14, 12, 7.5):
        parties.tick(minutes)
    return parties


@cache
def cleared(scheme: str) -> Room:
    """Return a period in which the orders are out, for tests that only look at it."""
    return until_orders(scheme)


@cache
def settled(scheme: str) -> Room:
    """Return a period that is settled, for tests that only look at it."""
    parties = until_orders(scheme)
    for number, order in enumerate(parties.orders()):
        receiver = SELLER if order.orders[0].provider == SELLER.id else OTHER_SELLER
        assert codes(parties.hear(answer(order), receiver, 7 - number / 10))[0] == "accepted"
    parties.tick(-15)
    assert codes(parties.hear(metered(HEAT, 15), METERS, -30)) == ACCEPTED
    assert codes(parties.hear(metered(PUMP, 15), TSO_METERS, -31)) == ACCEPTED
    if scheme == "shared":
        parties.hear(metered(PUMP, 15), TSO_METERS, -32)
    parties.tick(-15 - 24 * 60)
    return parties


@pytest.mark.parametrize(
    ("scheme", "below", "above"),
    [
        ("centralised", 15, 10),
        ("common_centralised", 15, 15),
        ("common_decentralised", 15, 15),
        ("integrated", 15, 15),
        ("local", 15, 15),
        ("shared", 5, 25),
    ],
)
def test_what_each_scheme_orders(scheme: str, below: int, above: int) -> None:
    assert cleared(scheme).ordered() == {"above": str(above), "below": str(below)}


def test_every_scheme_is_tried() -> None:
    assert set(names()) == {
        "centralised",
        "common_centralised",
        "common_decentralised",
        "integrated",
        "local",
        "shared",
    }


@pytest.mark.parametrize("scheme", names())
def test_every_step_of_every_scheme_happens_once_it_is_served(scheme: str) -> None:
    parties = settled(scheme)
    assert parties.session.finished
    optional = {step.number for step in named(scheme).steps if step.optional}
    skipped = {number for number, state in enumerate(parties.states(), 1) if state == "skipped"}
    assert skipped <= optional
    assert parties.session.awaited() == ()


@pytest.mark.parametrize("scheme", names())
def test_steps_happen_in_an_order_that_the_table_allows(scheme: str) -> None:
    history = [done.number for done in settled(scheme).session.standing.flow.history]
    first = {number: history.index(number) for number in history}
    for step in named(scheme).steps:
        for before in step.after:
            if step.number in first and before in first:
                assert first[before] < first[step.number]


@pytest.mark.parametrize("scheme", names())
def test_a_session_of_every_scheme_is_replayed_in_the_same_bytes(scheme: str) -> None:
    session = settled(scheme).session
    assert replay(session.journal).written() == session.written()


@pytest.mark.parametrize("scheme", names())
def test_every_provider_is_paid_once_for_what_it_delivered(scheme: str) -> None:
    parties = settled(scheme)
    lines = [
        (line.id, line.quantity_mwh)
        for each in parties.session.standing.sent
        if isinstance(each.message, Settlement) and each.receiver in {SELLER, OTHER_SELLER}
        for line in each.message.lines
    ]
    ordered = parties.session.standing.ordered_mw()
    assert sorted(lines) == sorted((name, power / 4) for name, power in ordered.items())


def test_the_distribution_operator_has_no_part_in_buying_in_the_centralised_scheme() -> None:
    parties = room("centralised", market=GRIDS)
    assert codes(parties.hear(needs(CONGESTION), DSO, 43)) == ("refused", "A59")


@pytest.mark.parametrize(
    ("scheme", "offered_at", "cleared_at"),
    [("local", 37.5, 37.5), ("common_decentralised", 37.5, 15), ("shared", None, 37.5)],
)
def test_when_a_local_market_is_cleared_and_when_it_offers_upward(
    scheme: str, offered_at: float | None, cleared_at: float
) -> None:
    sent = cleared(scheme).session.standing.sent
    offers = {(EIGHT - each.created) / MINUTE for each in sent if isinstance(each.message, BidSet)}
    assert offers == ({offered_at} if offered_at else set())
    local = [step.number for step in named(scheme).steps if step.market == LOCAL and step.message == "Allocation"]
    cleared_at_all = [each for each in cleared(scheme).session.standing.cleared if each.step in local]
    assert (EIGHT - cleared_at_all[0].at) / MINUTE == cleared_at


def test_what_is_firm_in_the_local_market_is_not_offered_above() -> None:
    sent = [each for each in cleared("local").session.standing.sent if isinstance(each.message, BidSet)]
    (offers,) = sent
    assert (offers.sender, offers.receiver) == (Party(DSO.id, Role.MARKET_OPERATOR), GRIDS.operator)
    assert isinstance(offers.message, BidSet)
    assert [(each.id, each.quantity_mw) for each in offers.message.bids] == [("below", Decimal(15))]


def test_without_a_commitment_all_is_offered_above() -> None:
    (offers,) = [m for m in messages(cleared("common_decentralised")) if isinstance(m, BidSet)]
    assert [(each.id, each.quantity_mw) for each in offers.bids] == [("below", Decimal(20))]


def messages(parties: Room) -> list[Message]:
    return [each.message for each in parties.session.standing.sent]


def test_a_shared_market_offers_nothing_above_and_no_power_crosses() -> None:
    parties = cleared("shared")
    assert not [m for m in messages(parties) if isinstance(m, BidSet)]
    assert [flow for result in parties.session.standing.results().values() for flow in result.flows] == []


def test_the_local_market_and_the_central_one_have_prices_of_their_own() -> None:
    results = cleared("local").session.standing.results()
    prices = {step: {price.area: price.price for price in result.prices} for step, result in results.items()}
    # 5 of 20 MW are used below, and above the pumps set the price.
    assert prices[5] == {EAST: 20}
    assert prices[10][WEST] == 60


def test_a_provider_below_is_ordered_by_its_own_operator_for_both_markets_at_once() -> None:
    parties = cleared("local")
    sent = [each for each in parties.session.standing.sent if isinstance(each.message, ActivationOrders)]
    below = [each for each in sent if each.receiver.id == SELLER.id]
    assert [each.sender for each in below] == [Party(DSO.id, Role.MARKET_OPERATOR)]
    assert [line.quantity_mw for each in below for line in each.message.orders] == [15]  # type: ignore[union-attr]


def test_the_distribution_operator_learns_its_award_at_the_interface() -> None:
    sent = cleared("local").session.standing.sent
    (award,) = [
        each.message
        for each in sent
        if isinstance(each.message, Allocation) and each.receiver.id == DSO.id and each.message.awards
    ]
    assert [(each.bid_id, each.quantity_mw) for each in award.awards] == [("below", Decimal(10))]


def test_the_interface_award_is_settled_between_the_operators() -> None:
    sent = [each for each in settled("local").session.standing.sent if isinstance(each.message, Settlement)]
    at_interface = [each.message for each in sent if each.receiver == Party(DSO.id, Role.MARKET_OPERATOR)]
    lines = [line for message in at_interface for line in message.lines]  # type: ignore[union-attr]
    # The bid is cut by the limit of its grid: it sets its own price of 20 there. 10 MW for a quarter hour are 2.5 MWh.
    assert [(line.id, line.quantity_mwh, line.amount) for line in lines] == [
        ("below", Decimal("2.5"), Decimal("50.00"))
    ]


def test_buyers_pay_for_what_they_bought_where_the_table_says_so() -> None:
    sent = settled("integrated").session.standing.sent
    bought = {
        each.receiver.id: sum((line.quantity_mwh for line in each.message.lines), Decimal(0))
        for each in sent
        if isinstance(each.message, Settlement) and each.receiver.id in {TSO.id, DSO.id}
    }
    assert bought == {TSO.id: Decimal("6.25"), DSO.id: Decimal("1.25")}


def test_a_need_shows_that_its_volume_was_determined_though_schedules_may_still_come() -> None:
    parties = room("shared", market=GRIDS)
    assert codes(parties.hear(needs(CONGESTION), DSO, 58)) == ("refused", "A59")
    assert codes(parties.hear(SCHEDULE, TSO, 57)) == ACCEPTED
    assert codes(parties.hear(needs(CONGESTION), DSO, 56)) == ACCEPTED
    # Both internal steps behind the schedule have happened with it.
    assert [done.number for done in parties.session.standing.flow.history] == [1, 2, 3, 7]


def test_a_market_without_an_operator_below_has_no_local_bids() -> None:
    parties = room("local")
    parties.hear(bids(CHEAP), SELLER, 60)
    parties.hear(bids(DEAR), OTHER_SELLER, 59)
    parties.hear(needs(need("n", 25)), TSO, 42)
    for minutes in (37.5, 30, 22.5, 15, 14, 7.5):
        parties.tick(minutes)
    assert parties.ordered() == {"cheap": "10", "dear": "15"}
