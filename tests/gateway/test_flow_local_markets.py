"""A local market that several distribution operators run at once: one may be ahead of the next, until the centre goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import OutOfTurn
from gateway.flow import CENTRAL, LOCAL, Actor, Flow, State
from gateway.schemes import named, names

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)
LOCAL_SCHEME = named("local")


def run(*happening: int) -> Flow:
    flow = Flow.begin(LOCAL_SCHEME.steps)
    for number in happening:
        flow = flow.advance(number, NOON)
    return flow


def test_one_operator_offers_while_another_still_takes_bids() -> None:
    flow = run(1, 2, 3, 4, 5, 6)
    assert [flow.states[number] for number in (2, 3, 4, 5, 6)] == [State.OPEN] * 5
    again = flow.advance(3, NOON).advance(5, NOON).advance(6, NOON)
    assert [again.round(number) for number in (3, 5, 6)] == [2, 2, 2]


def test_the_central_clearing_ends_all_that_stands_before_it() -> None:
    flow = run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    assert {flow.states[number] for number in range(1, 10)} == {State.DONE}
    with pytest.raises(OutOfTurn, match="found step 6: MO_L"):
        flow.advance(6, NOON)


def test_the_central_clearing_waits_for_local_offers() -> None:
    with pytest.raises(OutOfTurn):
        run(1, 2, 3, 4, 5, 7, 8, 9, 10)


def test_after_it_every_operator_shares_its_award_out_by_itself() -> None:
    flow = run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 11)
    assert (flow.round(11), flow.states[11], flow.states[13]) == (2, State.OPEN, State.OPEN)


def test_what_comes_from_the_centre_ends_local_rows_however_far_before_it() -> None:
    flow = run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
    assert [flow.states[number] for number in (11, 13, 15, 17)] == [State.DONE] * 4


def test_the_gate_of_a_local_row_ends_it() -> None:
    flow = Flow.begin(LOCAL_SCHEME.steps, {3: NOON}).advance(3, NOON - timedelta(minutes=1)).tick(NOON)
    assert flow.states[3] is State.DONE
    with pytest.raises(OutOfTurn):
        flow.advance(3, NOON)


@pytest.mark.parametrize(
    ("party", "number"), [(None, 3), ("TSO", 3), ("DSO", 4)], ids=["anybody", "transmission", "distribution"]
)
def test_the_same_message_of_two_operators_is_two_rows(party: str | None, number: int) -> None:
    flow = Flow.begin(named("common_centralised").steps).advance(1, NOON).advance(2, NOON)
    assert flow.find("Buyer", "ReserveNeed", party).number == number


def test_a_party_that_no_row_expects_is_named() -> None:
    with pytest.raises(OutOfTurn, match=r"found Buyer \(CMP\): ReserveNeed"):
        Flow.begin(named("common_centralised").steps).advance(1, NOON).find("Buyer", "ReserveNeed", "CMP")


def test_a_row_is_also_found_by_the_further_messages_it_is_told_with() -> None:
    flow = Flow.begin(named("shared").steps).advance(1, NOON)
    assert flow.find("SO", "ExchangeSchedules", "TSO").number == 1
    assert flow.find("SO", "ExchangeSchedules", "DSO").number == 5


@pytest.mark.parametrize(
    "text", ["RA (TSO)", "Seller (CMP, transmission)", "Buyer (CMP as BRP)", "MO (TSO&DSO)", "DER"]
)
def test_an_actor_is_read_and_written_as_published(text: str) -> None:
    assert str(Actor.read(text)) == text


def test_a_market_is_the_transmission_operators_or_the_distribution_operators() -> None:
    assert {step.market for step in LOCAL_SCHEME.steps} == {CENTRAL, LOCAL}
    assert all(
        "DSO" in str(step.origin) or "CMP" in str(step.origin) for step in LOCAL_SCHEME.steps if step.market == LOCAL
    )


@given(st.sampled_from(names()), st.lists(st.integers(1, 22), max_size=80))
def test_whatever_is_tried_nothing_happens_before_what_it_waits_for(name: str, attempts: list[int]) -> None:
    scheme = named(name)
    flow = Flow.begin(scheme.steps)
    for number in attempts:
        try:
            flow = flow.advance(number, NOON)
        except OutOfTurn:
            continue
    seen: set[int] = set()
    for done in flow.history:
        waiting = {before for before in flow.step(done.number).after if not flow.step(before).optional}
        assert waiting <= seen
        seen.add(done.number)
    for step in flow.steps:
        assert (flow.states[step.number] is State.SKIPPED) <= (step.optional and not flow.round(step.number))
        assert (flow.states[step.number] is State.DONE) <= (flow.round(step.number) > 0)
