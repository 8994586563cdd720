"""Which bids the clearing does not see, and what they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.clearing import Market, clear
from gateway.clearing.eligibility import CONDITIONS
from gateway.clearing.example import PARTY, QUARTERS, area, bid, market_of, need, number
from gateway.model import (
    Activation,
    Availability,
    Bid,
    Block,
    Condition,
    Direction,
    Link,
    Reserve,
    Role,
)
from gateway.results import Fate
from gateway.time import Interval
from tests.gateway.clearing.reading import accepted, award, fates, served

A65, A66 = Availability.CONDITIONALLY_AVAILABLE, Availability.CONDITIONALLY_UNAVAILABLE


def block(bid_id: str, limit_mw: float | None = None, interval: Interval = QUARTERS[0], reason: str = "") -> Block:
    """Return a block of the connecting operator."""
    return Block(
        bid_id=bid_id,
        requester=PARTY,
        requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
        interval=interval,
        area=area("A"),
        limit_mw=None if limit_mw is None else number(limit_mw),
        reason=reason,
    )


@pytest.mark.parametrize(
    ("offered", "fate", "word"),
    [
        (bid("x", "A", "up", 10, 20, product="reserve"), Fate.OUT_OF_SCOPE, "mFRR reserve"),
        (bid("x", "A", "up", 10, 20, reserve=Reserve.AFRR), Fate.OUT_OF_SCOPE, "aFRR energy"),
        (bid("x", "A", "up and down", 10, 20), Fate.OUT_OF_SCOPE, "both directions"),
        (bid("x", "A", "up", 10, 20, activation=Activation.DIRECT), Fate.OUT_OF_SCOPE, "direct activation"),
        (bid("x", "A", "up", 10, 20, currency="NOK"), Fate.OUT_OF_SCOPE, "NOK"),
        (bid("x", "A", "up", 10, 15_001), Fate.OUT_OF_SCOPE, "price limit of 15000"),
        (bid("x", "A", "up", 10, -15_001), Fate.OUT_OF_SCOPE, "price limit of 15000"),
        (bid("x", "A", "up", 10, None), Fate.NO_PRICE, "no energy price"),
        (bid("x", "A", "up", 0, 20), Fate.UNAVAILABLE, "0 MW"),
        (bid("x", "A", "up", 10, 20, availability=Availability.UNAVAILABLE), Fate.UNAVAILABLE, "declares"),
        (bid("x", "A", "up", 10, 20, availability=A66), Fate.UNAVAILABLE, "and none does"),
    ],
)
def test_a_bid_that_does_not_belong_takes_no_part_and_learns_why(offered: Bid, fate: Fate, word: str) -> None:
    """The bid in question is the cheapest by far and still not used."""
    result = clear(market_of(offered, bid("U1", "A", "up", 30, 500), need("d", "A", 5)))

    assert accepted(result) == {"U1": 5}
    assert fates(result)["x"] is fate
    assert word in award(result, "x").reason


def test_a_bid_may_be_offered_for_both_ways_of_activation() -> None:
    both = bid("x", "A", "up", 10, 20, activation=Activation.SCHEDULED_OR_DIRECT)
    asked = need("d", "A", 5)

    for activation in (Activation.SCHEDULED, Activation.DIRECT):
        assert accepted(clear(market_of(both, replace(asked, activation=activation)))) == {"x": 5}


def test_a_direct_activation_does_not_see_scheduled_bids() -> None:
    scheduled, direct = bid("x", "A", "up", 10, 20), bid("y", "A", "up", 10, 90, activation=Activation.DIRECT)
    result = clear(market_of(scheduled, direct, need("d", "A", 5, activation=Activation.DIRECT)))

    assert accepted(result) == {"y": 5}
    assert fates(result)["x"] is Fate.OUT_OF_SCOPE


def test_a_bid_of_another_interval_than_the_needs_is_out_of_scope() -> None:
    hour = Interval(QUARTERS[0].start, QUARTERS[3].end)
    result = clear(market_of(bid("x", "A", "up", 10, 20, interval=hour), need("d", "A", 5)))

    assert fates(result) == {"x": Fate.OUT_OF_SCOPE}
    assert served(result) == {"d": 0}


def test_without_needs_everything_offered_is_cleared() -> None:
    """Two products, each with an up and a down bid that trade."""
    offers = [
        bid(f"{product}{direction}", "A", direction, 10, price, product=product)
        for product in ("energy", "reserve")
        for direction, price in (("up", 20), ("down", 30))
    ]
    result = clear(market_of(*offers))

    assert set(accepted(result)) == {"energyup", "energydown", "reserveup", "reservedown"}


def test_a_blocked_bid_is_not_used() -> None:
    result = clear(
        market_of(
            bid("x", "A", "up", 10, 20),
            bid("U1", "A", "up", 30, 50),
            need("d", "A", 5),
            block("x", reason="cable at 103 %"),
        )
    )

    assert accepted(result) == {"U1": 5}
    assert fates(result)["x"] is Fate.BLOCKED
    assert "distribution system operator" in award(result, "x").reason
    assert "cable at 103 %" in award(result, "x").reason


def test_a_block_may_leave_a_part() -> None:
    result = clear(
        market_of(bid("x", "A", "up", 10, 20), bid("U1", "A", "up", 30, 50), need("d", "A", 8), block("x", 3))
    )

    assert accepted(result) == {"x": 3, "U1": 5}
    assert fates(result)["x"] is Fate.LIMITED
    assert "leaves 3 MW" in award(result, "x").reason


def test_of_several_blocks_the_lowest_counts() -> None:
    result = clear(
        market_of(bid("x", "A", "up", 10, 20), need("d", "A", 8), block("x", 6), block("x", 4), block("x", 5))
    )

    assert accepted(result) == {"x": 4}


@pytest.mark.parametrize("more", [{"divisible": False}, {"minimum_mw": 5}])
def test_a_bid_that_needs_more_than_a_block_leaves_is_blocked(more: dict[str, object]) -> None:
    result = clear(market_of(bid("x", "A", "up", 10, 20, **more), need("d", "A", 8), block("x", 3)))

    assert fates(result) == {"x": Fate.BLOCKED}
    assert "3 MW" in award(result, "x").reason


def test_a_block_counts_where_it_overlaps_the_interval() -> None:
    """It begins five minutes before the end of the quarter hour; the bid would have to hold throughout."""
    late = Interval(QUARTERS[0].end - timedelta(minutes=5), QUARTERS[1].end)
    other = QUARTERS[1]
    market = market_of(bid("x", "A", "up", 10, 20), need("d", "A", 8))

    assert accepted(clear(replace(market, blocks=(block("x", interval=late),)))) == {}
    assert accepted(clear(replace(market, blocks=(block("x", interval=other),)))) == {"x": 8}


def in_two_quarters(
    first_need: float, linked: Bid, activation: Activation = Activation.SCHEDULED, **more: object
) -> Market:
    """Return a market in which *linked* is offered after a quarter hour in which only ``first`` was."""
    return market_of(
        bid("first", "A", "up", 10, 20, activation=activation, **more),
        replace(linked, interval=QUARTERS[1]),
        bid("dear", "A", "up", 50, 900, interval=QUARTERS[1], activation=Activation.SCHEDULED_OR_DIRECT),
        need("d", "A", first_need, activation=activation),
        need("d", "A", 5, interval=QUARTERS[1], activation=activation),
    )


def used(market: Market) -> bool:
    """Whether the linked bid was accepted in the second quarter hour."""
    return "linked" in accepted(clear(market))


@pytest.mark.parametrize("condition", list(Condition))
@pytest.mark.parametrize("activation", [Activation.SCHEDULED, Activation.DIRECT])
@pytest.mark.parametrize("activated", [True, False])
def test_a_conditional_link_follows_what_happened_before(
    condition: Condition, activation: Activation, *, activated: bool
) -> None:
    """The words of the condition, read literally, say whether the linked bid can be used."""
    words = condition.value
    happened = {
        "if linked bid activated as scheduled": activated and activation is Activation.SCHEDULED,
        "if linked bid activated directly": activated and activation is Activation.DIRECT,
        "if linked bid not activated": not activated,
        "if linked bid activated": activated,
    }
    bites = next(truth for ending, truth in happened.items() if words.endswith(ending))
    if "for direct activation" in words:
        bites = bites and activation is Activation.DIRECT
    makes_available = words.startswith(("available", "for direct"))
    linked = bid(
        "linked",
        "A",
        "up",
        10,
        30,
        links=(Link("first", condition),),
        availability=A66 if makes_available else A65,
        activation=activation,
    )

    assert used(in_two_quarters(5 if activated else 0, linked, activation=activation)) is (bites is makes_available)


def test_every_condition_has_a_meaning() -> None:
    assert set(CONDITIONS) == set(Condition)


@pytest.mark.parametrize(("availability", "taken"), [(A65, True), (A66, False)])
def test_an_unknown_outcome_leaves_a_bid_as_its_status_says(*, availability: Availability, taken: bool) -> None:
    condition = Condition.UNAVAILABLE_IF_ACTIVATED if availability is A65 else Condition.AVAILABLE_IF_ACTIVATED
    linked = bid("x", "A", "up", 10, 30, links=(Link("yesterday", condition),), availability=availability)
    result = clear(market_of(linked, need("d", "A", 5)))

    assert ("x" in accepted(result)) is taken
    (note,) = result.notes
    assert "yesterday is unknown" in note


def test_a_link_to_an_inclusive_group_looks_at_all_its_members() -> None:
    linked = bid("linked", "A", "up", 10, 30, links=(Link("g", Condition.UNAVAILABLE_IF_ACTIVATED),), availability=A65)

    assert not used(in_two_quarters(5, linked, inclusive="g"))
    assert used(in_two_quarters(0, linked, inclusive="g"))


def test_one_biting_link_of_several_is_enough_to_make_a_bid_unavailable() -> None:
    links = (Link("first", Condition.UNAVAILABLE_IF_NOT_ACTIVATED), Link("first", Condition.UNAVAILABLE_IF_ACTIVATED))
    linked = bid("linked", "A", "up", 10, 30, links=links, availability=A65)
    result = clear(in_two_quarters(5, linked))

    assert award(result, "linked").reason == "Its link to first makes it unavailable if linked bid activated."


def test_a_unit_that_still_runs_from_a_direct_activation_cannot_run_again() -> None:
    direct = Activation.DIRECT
    linked = bid("linked", "A", "up", 10, 30, technical_link="unit", activation=direct)
    result = clear(in_two_quarters(5, linked, technical_link="unit", activation=direct))

    assert fates(result)["linked"] is Fate.UNAVAILABLE
    assert "still runs" in award(result, "linked").reason
    assert used(in_two_quarters(0, linked, technical_link="unit", activation=direct))


def test_a_scheduled_activation_ends_in_time_for_the_next() -> None:
    linked = bid("linked", "A", "up", 10, 30, technical_link="unit")

    assert used(in_two_quarters(5, linked, technical_link="unit"))


def test_intervals_are_cleared_in_the_order_of_time_whatever_the_order_of_the_bids() -> None:
    linked = bid(
        "linked", "A", "up", 10, 30, links=(Link("first", Condition.UNAVAILABLE_IF_ACTIVATED),), availability=A65
    )
    market = in_two_quarters(5, linked)
    turned = replace(market, bids=market.bids[::-1], needs=market.needs[::-1])

    assert clear(market) == clear(turned)
    assert [price.interval for price in clear(turned).prices] == [QUARTERS[0], QUARTERS[1]]


def test_the_price_of_a_place_is_told_to_those_who_took_no_part_too() -> None:
    result = clear(market_of(bid("x", "A", "up", 10, None), bid("U1", "A", "up", 30, 50), need("d", "A", 5)))
    foreign = clear(
        market_of(bid("x", "A", "up", 10, 9, currency="NOK"), bid("U1", "A", "up", 30, 50), need("d", "A", 5))
    )

    assert award(result, "x").price == Decimal(50)
    assert award(foreign, "x").price is None, "a price in euros says nothing to a bid in kroner"


def test_direction_both_has_no_sign() -> None:
    assert Direction.BOTH.sign == 0
