"""Direct activation inside the period with the bids that are left, its change and its end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.model import Activation, Blocking, Direction
from gateway.results import ActivationOrders, OrderKind
from gateway.session import Fallback, Terms
from gateway.session.state import Purpose
from tests.gateway.session.period import (
    ACCEPTED,
    CHEAP,
    DEAR,
    Room,
    answer,
    bids,
    clock,
    codes,
    direct_need,
    needs,
    room,
    told,
)
from tests.market_values import DSO, OTHER_SELLER, SELLER, TSO, bid, need, quarter

SLOW = replace(bid("slow", 50, 10), provider=SELLER.id)
"""The cheapest bid, which is offered for scheduled activation only."""


def running(terms: Terms | None = None) -> Room:
    """Order 50 MW of slow and 5 MW of cheap for the quarter; 5 MW of cheap and 30 MW of dear are left."""
    scheme = room(terms=terms)
    scheme.hear(bids(SLOW, CHEAP), SELLER, 60)
    scheme.hear(bids(DEAR), OTHER_SELLER, 59)
    scheme.hear(needs(need("n", 55)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    for order in scheme.orders():
        scheme.hear(answer(order), SELLER, 14)
    assert scheme.ordered() == {"cheap": "5", "slow": "50"}
    return scheme


def direct_orders(scheme: Room) -> list[tuple[int, dict[str, str]]]:
    found = [order for order in scheme.orders() if order.kind is OrderKind.DIRECT]
    return [
        (order.order_revision, {line.bid_id: f"{line.quantity_mw.normalize():f}" for line in order.orders})
        for order in found
    ]


def test_direct_activation_takes_the_best_bids_that_are_left_and_offered_for_it() -> None:
    scheme = running()
    assert codes(scheme.hear(needs(direct_need(12)), TSO, -3)) == ACCEPTED
    assert told(scheme.sent) == ["ActivationOrders to seller", "ActivationOrders to other", "Receipt to TSO"]
    assert direct_orders(scheme) == [(1, {"cheap": "5"}), (1, {"dear": "7"})]
    assert scheme.ordered() == {"cheap": "10", "dear": "7", "slow": "50"}


def test_it_lasts_from_its_beginning_to_the_end_of_the_next_period() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    (line,) = scheme.orders()[-1].orders
    assert (line.interval.start, line.interval.end) == (clock(-3), quarter(1).end)


def test_its_price_is_that_of_its_own_clearing() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    results = scheme.session.standing.results(Purpose.DIRECT)
    assert [price.price for result in results.values() for price in result.prices] == [60]
    assert [price.price for result in scheme.session.standing.results().values() for price in result.prices] == [40]


def test_more_is_the_next_revision_for_those_whom_it_concerns() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    scheme.hear(needs(direct_need(20)), TSO, -5)
    assert told(scheme.sent) == ["ActivationOrders to other", "Receipt to TSO"]
    assert direct_orders(scheme)[2:] == [(2, {"dear": "15"})]


def test_a_second_need_is_cleared_together_with_the_first() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    scheme.hear(needs(direct_need(3, "another")), TSO, -5)
    assert scheme.ordered() == {"cheap": "10", "dear": "10", "slow": "50"}


def test_a_withdrawn_need_deactivates_with_an_order_of_nothing() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    assert codes(scheme.hear(needs(direct_need(0)), TSO, -8)) == ACCEPTED
    assert direct_orders(scheme)[2:] == [(2, {"cheap": "0"}), (2, {"dear": "0"})]
    assert scheme.ordered() == {"cheap": "5", "slow": "50"}
    assert codes(scheme.hear(answer(scheme.orders()[-1]), OTHER_SELLER, -8.1)) == ACCEPTED


def test_after_its_end_it_may_begin_again_with_the_next_revision() -> None:
    scheme = running()
    for minutes, power in ((-3, 12), (-5, 0), (-7, 2)):
        scheme.hear(needs(direct_need(power)), TSO, minutes)
    assert direct_orders(scheme)[-1] == (3, {"cheap": "2"})


def test_a_lowered_need_lowers_the_dearest_first() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    scheme.hear(needs(direct_need(6)), TSO, -5)
    assert direct_orders(scheme)[2:] == [(2, {"dear": "1"})]


@pytest.mark.parametrize(
    ("refused", "after"),
    [
        (Fallback.CLEAR_AGAIN, {"cheap": "5", "dear": "12", "slow": "50"}),
        (Fallback.UNSERVED, {"cheap": "5", "dear": "7", "slow": "50"}),
    ],
)
def test_what_a_provider_cannot_deliver_is_sought_from_the_others(refused: Fallback, after: dict[str, str]) -> None:
    scheme = running(Terms(refused=refused))
    scheme.hear(needs(direct_need(12)), TSO, -3)
    first = next(order for order in scheme.orders() if order.kind is OrderKind.DIRECT)
    assert codes(scheme.hear(answer(first, "cheap"), SELLER, -3.5)) == ACCEPTED
    assert scheme.ordered() == after


def test_an_answer_to_an_earlier_revision_is_refused() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    first = scheme.orders()[-1]
    scheme.hear(needs(direct_need(20)), TSO, -4)
    assert codes(scheme.hear(answer(first), OTHER_SELLER, -4.5)) == ("refused", "A51")


def test_what_is_not_left_stays_unserved_and_is_reported() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(50)), TSO, -3)
    assert [need.unserved_mw for need in scheme.session.unserved] == [15]
    assert any("disturbance: 15.000 MW up stay unserved" in note for note in scheme.session.standing.notes)


def test_downward_needs_are_served_by_downward_bids() -> None:
    scheme = room()
    down = replace(bid("down", 9, 20, Direction.DOWN), activation=Activation.DIRECT)
    scheme.hear(bids(CHEAP, down), SELLER, 60)
    scheme.hear(needs(need("n", 5)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    wanted = replace(direct_need(4), direction=Direction.DOWN)
    assert codes(scheme.hear(needs(wanted), TSO, -1)) == ACCEPTED
    assert scheme.ordered() == {"cheap": "5", "down": "4"}


@pytest.mark.parametrize(
    ("minutes", "code"), [(10, "A59"), (-15, "A57")], ids=["before the scheduled orders", "after the period"]
)
def test_direct_activation_has_its_time(minutes: float, code: str) -> None:
    scheme = room() if minutes > 0 else running()
    assert codes(scheme.hear(needs(direct_need(5)), TSO, minutes)) == ("refused", code)


def test_only_system_operators_ask_for_it() -> None:
    assert codes(running().hear(needs(direct_need(5)), SELLER, -3)) == ("refused", "A78")


def test_a_need_that_no_clearing_can_be_given_is_refused() -> None:
    scheme = running()
    assert codes(scheme.hear(needs(replace(direct_need(5), currency="NOK")), TSO, -3)) == ("refused", "A59")
    assert scheme.orders() == [order for order in scheme.orders() if order.kind is not OrderKind.DIRECT]


def test_a_need_that_begins_in_another_period_is_none_of_this_one() -> None:
    scheme = running()
    assert codes(scheme.hear(needs(direct_need(5, minutes=3)), TSO, -3)) == ("refused", "A04")


def test_an_order_of_the_same_content_is_not_sent_twice() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    scheme.hear(needs(direct_need(12)), TSO, -4)
    assert told(scheme.sent) == ["Receipt to TSO"]
    sent = [each for each in scheme.session.standing.sent if isinstance(each.message, ActivationOrders)]
    assert len({(each.id, each.revision) for each in sent}) == len(sent)
    assert Decimal(scheme.ordered()["dear"]) == 7


def test_a_provider_that_cannot_end_in_time_says_so_and_nothing_is_sought_for_it() -> None:
    scheme = running()
    scheme.hear(needs(direct_need(12)), TSO, -3)
    scheme.hear(needs(direct_need(0)), TSO, -8)
    ending, ordered_before = scheme.orders()[-1], scheme.ordered()
    assert codes(scheme.hear(answer(ending, "dear"), OTHER_SELLER, -8.1)) == ACCEPTED
    assert scheme.ordered() == ordered_before
    assert scheme.session.unserved == ()
