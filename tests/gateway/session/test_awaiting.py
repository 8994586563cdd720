"""What is awaited from whom, until when, and what follows where nothing comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.model import Blocking
from gateway.schemes import named, names
from gateway.session import Fallback, Session, Terms
from gateway.session.consequences import Consequence
from tests.gateway.session.period import (
    CHEAP,
    MARKET,
    METERS,
    NAMES,
    Room,
    answer,
    bids,
    blocking,
    clock,
    needs,
    ordered,
    procured,
    room,
)
from tests.market_values import DSO, EIGHT, SELLER, TSO, need, quarter


def listed(scheme: Room) -> list[tuple[int, str, float | None]]:
    """Return step, party and minutes before eight of all that is awaited."""
    return [
        (
            one.step,
            NAMES[one.party] if one.party else one.origin,
            None if one.until is None else (EIGHT - one.until) / timedelta(minutes=1),
        )
        for one in scheme.session.awaited()
    ]


def begun(members: bool = True) -> Room:  # noqa: FBT001, FBT002 - a word of the test
    scheme = room() if members else room(members=())
    scheme.tick(60)
    return scheme


def test_at_the_beginning_everybody_is_awaited() -> None:
    assert listed(begun()) == [(2, "TSO", 15), (3, "seller", 45), (3, "other", 45), (4, "DSO", 15)]


def test_where_nobody_is_announced_the_roles_are_awaited() -> None:
    assert listed(begun(members=False)) == [(2, "Buyer (TSO)", 15), (3, "Seller (CMP)", 45), (4, "SO (DSO)", 15)]


def test_who_has_sent_is_not_awaited_any_more() -> None:
    scheme = begun()
    scheme.hear(bids(CHEAP), SELLER, 59)
    assert listed(scheme) == [(2, "TSO", 15), (3, "other", 45), (4, "DSO", 15)]
    scheme.hear(needs(need("n", 5)), TSO, 58)
    assert listed(scheme) == [(3, "other", 45), (4, "DSO", 15)]


def test_of_a_role_that_nobody_was_announced_for_one_message_is_enough() -> None:
    scheme = begun(members=False)
    scheme.hear(bids(CHEAP), SELLER, 59)
    assert listed(scheme) == [(2, "Buyer (TSO)", 15), (4, "SO (DSO)", 15)]


def test_what_is_optional_and_what_follows_is_told() -> None:
    told = {one.step: (one.optional, one.otherwise, one.overdue) for one in begun().session.awaited()}
    assert told == {
        2: (False, Consequence.ZERO, False),
        3: (False, Consequence.ZERO, False),
        4: (True, Consequence.PREVIOUS, False),
    }


def test_after_its_gate_a_mandatory_message_is_overdue_and_an_optional_one_no_longer_awaited() -> None:
    scheme = begun()
    scheme.tick(15)
    assert [(one.step, one.overdue) for one in scheme.session.awaited()] == [(2, True), (3, True), (3, True)]


def test_an_operator_that_checked_is_not_awaited_until_the_next_result() -> None:
    scheme = procured(room())
    assert listed(scheme) == [(6, "DSO", 13)]
    scheme.hear(blocking("cheap", limit_mw=4), DSO, 14)
    assert listed(scheme) == [(6, "DSO", 12)]
    scheme.hear(Blocking(blocks=()), DSO, 13)
    assert [step for step, _, _ in listed(scheme)] == [7, 7]


def test_answers_to_orders_are_awaited_from_each_provider() -> None:
    scheme = ordered(room(terms=Terms(silent=Fallback.NEXT_BID)))
    assert listed(scheme) == [(7, "seller", 12.5), (7, "other", 12.5)]
    assert {one.otherwise for one in scheme.session.awaited()} == {str(Fallback.NEXT_BID)}
    scheme.hear(answer(scheme.orders()[0]), SELLER, 14)
    assert listed(scheme) == [(7, "other", 12.5)]


def test_after_the_period_the_meters_are_awaited() -> None:
    scheme = ordered(room(members=(TSO, DSO, METERS)))
    scheme.tick(-15)
    assert [(step, minutes) for step, _, minutes in listed(scheme)] == [(9, -1455), (10, -1455), (10, -1455)]


def test_the_next_deadline_is_when_time_alone_changes_something() -> None:
    scheme = begun()
    instants: list[float] = []
    while (following := scheme.session.next_deadline()) is not None:
        instants.append((EIGHT - following) / timedelta(minutes=1))
        scheme.tick(instants[-1])
    assert instants == [45, 15, 14, 12, -15, -1455]
    assert scheme.session.finished


@pytest.mark.parametrize("scheme", names())
def test_a_scheme_of_silent_parties_ends_at_its_deadlines(scheme: str) -> None:
    session = Session.begin(named(scheme), MARKET, quarter(), members=(TSO, DSO, SELLER))
    session, _ = session.tick(clock(90))
    for _ in range(40):
        following = session.next_deadline()
        if following is None:
            break
        session, _ = session.tick(following)
    assert session.finished
    assert session.awaited() == ()
    assert not session.standing.ordered_mw()
