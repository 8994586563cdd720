"""Answers of providers to activation orders, and what stands in for power that is refused or not confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.errors import InvalidValue
from gateway.market import Border
from gateway.model import Blocking, GridConstraints, Limit
from gateway.results import ActivationOrders, OrderKind
from gateway.session import Fallback, Terms
from gateway.session.state import Answer
from tests.gateway.session.period import (
    ACCEPTED,
    CHEAP,
    DEAR,
    HEAT,
    MARKET,
    METERS,
    Room,
    answer,
    bids,
    codes,
    metered,
    needs,
    ordered,
    room,
    told,
)
from tests.market_values import DSO, EAST, OTHER_SELLER, SELLER, TSO, bid, capacity, need, quarter

RESERVE = replace(bid("reserve", 20, 80), provider=OTHER_SELLER.id)
FAR = replace(bid("far", 20, 70), provider=OTHER_SELLER.id, area=EAST)


def out(refused: Fallback = Fallback.CLEAR_AGAIN, silent: Fallback = Fallback.ACCOUNTABLE) -> Room:
    """Order 10 MW of cheap and 15 MW of dear; 15 MW of dear, 20 MW far away at 70 and 20 MW at 80 are left."""
    border = Border(from_area=EAST, to_area=CHEAP.area)
    scheme = room(market=replace(MARKET, borders=(border,)), terms=Terms(refused=refused, silent=silent))
    scheme.hear(bids(CHEAP), SELLER, 60)
    scheme.hear(bids(DEAR, RESERVE, FAR), OTHER_SELLER, 59)
    scheme.hear(GridConstraints(capacities=(capacity(8),)), TSO, 50)
    scheme.hear(needs(need("n", 25)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    assert scheme.ordered() == {"cheap": "10", "dear": "15"}
    return scheme


def order_to(scheme: Room, bid_id: str) -> ActivationOrders:
    return next(order for order in reversed(scheme.orders()) if bid_id in {line.bid_id for line in order.orders})


# ---- answers


def test_an_accepted_order_is_an_activation() -> None:
    scheme = out()
    assert codes(scheme.hear(answer(order_to(scheme, "cheap")), SELLER, 14)) == ACCEPTED
    assert told(scheme.sent) == ["Receipt to seller"]
    assert [str(order.answer) for order in scheme.session.standing.orders] == ["accepted", "awaited"]
    assert scheme.session.standing.flow.round(8) == 1


def wrong(change: str, order: ActivationOrders) -> ActivationOrders:
    """Return an answer to *order* that is wrong in one thing."""
    right = answer(order, "cheap")
    (line,) = right.orders
    return {
        "another order": replace(right, order_id="unknown"),
        "another revision": replace(right, order_revision=2),
        "another quantity": replace(right, orders=(replace(line, quantity_mw=Decimal(9)),)),
        "another bid": replace(right, orders=(replace(line, bid_id="dear"),)),
        "no bid": replace(right, orders=()),
        "no reason": replace(right, orders=(replace(line, reasons=()),)),
        "no status": replace(right, orders=order.orders),
        "an order": replace(right, kind=OrderKind.SCHEDULED),
    }[change]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("another order", "A51"),
        ("another revision", "A51"),
        ("another quantity", "A42"),
        ("another bid", "A42"),
        ("no bid", "A42"),
        ("no reason", "A69"),
        ("no status", "A77"),
        ("an order", "A77"),
    ],
)
def test_an_answer_that_does_not_fit_its_order_is_refused(change: str, code: str) -> None:
    scheme = out()
    receipt = scheme.hear(wrong(change, order_to(scheme, "cheap")), SELLER, 14)
    assert codes(receipt) == ("refused", code)
    assert scheme.ordered() == {"cheap": "10", "dear": "15"}


def test_only_the_provider_itself_answers() -> None:
    scheme = out()
    assert codes(scheme.hear(answer(order_to(scheme, "cheap")), OTHER_SELLER, 14)) == ("refused", "A51")


def test_an_order_is_answered_once() -> None:
    scheme = out()
    scheme.hear(answer(order_to(scheme, "cheap")), SELLER, 14)
    assert codes(scheme.hear(answer(order_to(scheme, "cheap"), "cheap"), SELLER, 13.9)) == ("refused", "A51")


def test_the_reason_999_serves_as_well() -> None:
    scheme = out()
    refusal = answer(order_to(scheme, "cheap"), "cheap")
    other = replace(refusal, orders=(replace(refusal.orders[0], reasons=(("999", "pump failed"),)),))
    assert codes(scheme.hear(other, SELLER, 14)) == ACCEPTED


# ---- what stands in


@pytest.mark.parametrize(
    ("refused", "after", "unserved"),
    [
        # The missing 15 MW of dear are cleared again: 8 MW come over the border at 70, 7 MW from the reserve at 80.
        (Fallback.CLEAR_AGAIN, {"cheap": "10", "far": "8", "reserve": "7"}, 0),
        (Fallback.NEXT_BID, {"cheap": "10", "reserve": "15"}, 0),
        (Fallback.UNSERVED, {"cheap": "10"}, 15),
    ],
)
def test_refused_power_is_replaced_as_the_terms_say(refused: Fallback, after: dict[str, str], unserved: int) -> None:
    scheme = out(refused)
    assert codes(scheme.hear(answer(order_to(scheme, "dear"), "dear"), OTHER_SELLER, 14)) == ACCEPTED
    assert scheme.ordered() == after
    assert sum(need.unserved_mw for need in scheme.session.unserved) == unserved
    assert any("refused dear" in note for note in scheme.session.standing.notes)
    assert any("stay unserved" in note for note in scheme.session.standing.notes) is bool(unserved)


def test_the_replacement_is_an_order_of_its_own_with_an_answer_of_its_own() -> None:
    scheme = out(Fallback.NEXT_BID)
    first = order_to(scheme, "dear")
    scheme.hear(answer(first, "dear"), OTHER_SELLER, 14)
    assert told(scheme.sent) == ["ActivationOrders to other", "Receipt to other"]
    second = order_to(scheme, "reserve")
    assert (second.order_id != first.order_id, second.order_revision) == (True, 1)
    assert [one.party for one in scheme.session.awaited() if one.step == 7] == [SELLER.id, OTHER_SELLER.id]
    assert codes(scheme.hear(answer(second), OTHER_SELLER, 13)) == ACCEPTED


def test_every_bid_is_refused_at_most_once_and_the_search_ends() -> None:
    scheme = out()
    refusals = 0
    while awaiting := [order for order in scheme.session.standing.orders if order.answer is Answer.AWAITED]:
        order, refusals = awaiting[0], refusals + 1
        everything = [line.bid_id for line in order.message.orders]
        assert codes(scheme.hear(answer(order.message, *everything), order.receiver, 13)) == ACCEPTED
    assert refusals <= 6
    assert scheme.ordered() == {}
    assert scheme.session.standing.refused == {"cheap", "dear", "far", "reserve"}
    assert sum(need.unserved_mw for need in scheme.session.unserved) == 25
    assert not [one for one in scheme.session.awaited() if one.step == 7]


def test_of_an_order_refused_in_part_the_rest_is_activated() -> None:
    scheme = room()
    scheme.hear(bids(CHEAP, replace(DEAR, provider=SELLER.id)), SELLER, 60)
    scheme.hear(needs(need("n", 25)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    (order,) = scheme.orders()
    scheme.hear(answer(order, "cheap"), SELLER, 14)
    # 15 MW of dear stay as they are; the other 15 MW of it replace the 10 MW of cheap.
    assert scheme.ordered() == {"dear": "25"}
    assert scheme.session.standing.flow.round(8) == 1


def test_after_the_period_nothing_is_replaced_any_more() -> None:
    scheme = out()
    scheme.tick(-14.9)
    receipt = scheme.hear(answer(order_to(scheme, "dear"), "dear"), OTHER_SELLER, -15.1)
    assert codes(receipt) == ("accepted", "A57")
    assert scheme.ordered() == {"cheap": "10"}
    assert [need.unserved_mw for need in scheme.session.unserved] == [15]


def test_what_the_grid_has_left_bounds_the_replacement() -> None:
    limit = Limit(
        id="l",
        sender=DSO.id,
        interval=quarter(),
        headroom_mw=Decimal(18),
        coefficients={"dear": Decimal(1), "reserve": Decimal(1)},
    )
    scheme = room()
    scheme.hear(bids(CHEAP), SELLER, 60)
    scheme.hear(bids(DEAR, RESERVE), OTHER_SELLER, 59)
    scheme.hear(GridConstraints(limits=(limit,)), DSO, 50)
    scheme.hear(needs(need("n", 25)), TSO, 20)
    scheme.tick(15)
    scheme.hear(Blocking(blocks=()), DSO, 14.5)
    scheme.hear(answer(order_to(scheme, "cheap"), "cheap"), SELLER, 14)
    # Of 18 MW of headroom 15 are used by dear: 3 MW more can be had, 7 MW cannot.
    assert scheme.ordered() == {"dear": "18"}
    assert [need.unserved_mw for need in scheme.session.unserved] == [7]


# ---- silence


@pytest.mark.parametrize(
    ("silent", "after", "rounds"),
    [
        (Fallback.ACCOUNTABLE, {"cheap": "10", "dear": "15"}, 2),
        (Fallback.NEXT_BID, {"cheap": "10", "reserve": "15"}, 1),
        (Fallback.UNSERVED, {"cheap": "10"}, 1),
    ],
)
def test_an_order_without_answer_counts_as_the_terms_say(silent: Fallback, after: dict[str, str], rounds: int) -> None:
    scheme = out(silent=silent)
    scheme.hear(answer(order_to(scheme, "cheap")), SELLER, 14)
    scheme.tick(12.51)
    assert scheme.ordered() == {"cheap": "10", "dear": "15"}
    scheme.tick(12.5)
    assert scheme.ordered() == after
    assert any("did not answer" in note for note in scheme.session.standing.notes)
    assert scheme.session.standing.flow.round(8) == rounds


def test_a_late_answer_is_told_as_late_and_counts_where_nothing_was_replaced() -> None:
    scheme = out()
    scheme.tick(10)
    assert codes(scheme.hear(answer(order_to(scheme, "dear"), "dear"), OTHER_SELLER, 9)) == ("accepted", "A57")
    assert scheme.ordered() == {"cheap": "10", "far": "8", "reserve": "7"}


def test_a_late_answer_comes_too_late_where_its_power_was_replaced() -> None:
    scheme = out(silent=Fallback.CLEAR_AGAIN)
    first = order_to(scheme, "dear")
    scheme.tick(12.5)
    assert codes(scheme.hear(answer(first), OTHER_SELLER, 12)) == ("refused", "A57")


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        ({"refused": Fallback.ACCOUNTABLE}, "another bid or none"),
        ({"response": timedelta(seconds=-1)}, "times of 0 or more"),
    ],
)
def test_terms_that_nobody_can_keep_are_no_terms(terms: dict[str, object], wanted: str) -> None:
    with pytest.raises(InvalidValue, match=wanted):
        Terms(**terms)  # type: ignore[arg-type]  # as drawn


def test_a_period_in_which_nobody_answers_is_settled_all_the_same() -> None:
    scheme = ordered(room())
    scheme.tick(-15)
    scheme.hear(metered(HEAT, 6), METERS, -20)
    assert "Settlement to seller" in scheme.tick(-15 - 24 * 60)
    assert scheme.session.finished
