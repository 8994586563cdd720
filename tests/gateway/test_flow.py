"""The step engine: order, many senders, the bounded loop of check and clearing, deadlines and side-by-side markets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue, OutOfTurn
from gateway.flow import Actor, Flow, Phase, State, Step

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
OPERATOR, SELLER, CHECKER = Actor("MO", "TSO"), Actor("Seller", "CMP"), Actor("SO", "DSO")


def step(number: int, origin: Actor = OPERATOR, message: str = "", after: tuple[int, ...] = ()) -> Step:
    return Step(
        number=number, phase=Phase.PROCUREMENT, origin=origin, action=f"does {number}", message=message, after=after
    )


LOOP = (
    replace(step(1, SELLER, "BidSet"), many=True),
    replace(step(2, CHECKER, "GridConstraints"), many=True, optional=True),
    step(3, OPERATOR, "Allocation", after=(1, 2)),
    replace(step(4, CHECKER, "Blocking", after=(3,)), many=True, optional=True, repeats=3, rounds=2),
    step(5, OPERATOR, "ActivationOrders", after=(3, 4)),
)


def numbers(flow: Flow) -> list[int]:
    return [expected.number for expected in flow.expected()]


def run(flow: Flow, *happening: int) -> Flow:
    for number in happening:
        flow = flow.advance(number, NOON, f"document {number}")
    return flow


def test_a_step_waits_for_those_before_it() -> None:
    flow = Flow.begin(LOOP)
    assert numbers(flow) == [1, 2]
    with pytest.raises(OutOfTurn, match="step 1: Seller"):
        flow.advance(3, NOON)


def test_many_senders_keep_a_step_open_until_the_next_begins() -> None:
    flow = run(Flow.begin(LOOP), 1, 1, 1)
    assert flow.round(1) == 3
    assert numbers(flow) == [1, 2, 3]
    cleared = run(flow, 3)
    assert cleared.states[1] is State.DONE
    assert cleared.states[2] is State.SKIPPED
    with pytest.raises(OutOfTurn):
        cleared.advance(1, NOON)


def test_a_block_repeats_the_clearing_and_takes_back_what_was_open_behind_it() -> None:
    flow = run(Flow.begin(LOOP), 1, 3)
    assert numbers(flow) == [4, 5]
    blocked = run(flow, 4)
    assert numbers(blocked) == [3, 4]
    assert numbers(run(blocked, 4, 3)) == [4, 5]
    assert run(blocked, 3, 5).finished


def test_several_operators_block_within_one_round() -> None:
    flow = run(Flow.begin(LOOP), 1, 3, 4, 4, 4, 3, 4, 3)
    assert flow.round(3) == 3
    assert numbers(flow) == [4, 5]


def test_the_loop_is_bounded() -> None:
    flow = run(Flow.begin(LOOP), 1, 3, 4, 3, 4, 3)
    with pytest.raises(OutOfTurn, match="at most 2 repetitions of step 3"):
        flow.advance(4, NOON)
    assert run(flow, 5).finished


def test_history_tells_what_happened_when_and_in_which_round() -> None:
    flow = run(Flow.begin(LOOP), 1, 3, 4, 3)
    assert [(done.number, done.round) for done in flow.history] == [(1, 1), (3, 1), (4, 1), (3, 2)]
    assert flow.history[0].reference == "document 1"
    assert flow.history[0].at == NOON


def test_deadlines_close_pass_over_or_mark_overdue() -> None:
    flow = Flow.begin(LOOP, {1: NOON, 2: NOON})
    assert flow.tick(NOON - timedelta(seconds=1)) == flow
    late = flow.tick(NOON)
    assert late.states[1] is State.OVERDUE
    assert late.states[2] is State.SKIPPED
    assert [missing.number for missing in late.overdue()] == [1]
    assert run(late, 1).states[1] is State.OPEN
    assert run(flow, 1).tick(NOON).states[1] is State.DONE


def test_a_mandatory_step_cannot_be_closed_unserved() -> None:
    with pytest.raises(OutOfTurn, match="found nothing"):
        Flow.begin(LOOP).close(1)
    done = run(Flow.begin(LOOP), 1).close(1)
    assert done.close(1) == done
    assert done.close(2).states[2] is State.SKIPPED


def test_steps_are_found_by_who_sends_what() -> None:
    flow = run(Flow.begin(LOOP), 1)
    assert flow.find("Seller", "BidSet").number == 1
    with pytest.raises(OutOfTurn, match="expected step 1"):
        flow.find("Seller", "Blocking")
    with pytest.raises(OutOfTurn, match="1 to 5"):
        flow.step(6)


def test_two_markets_run_side_by_side_and_meet() -> None:
    steps = (
        replace(step(1), market="local"),
        replace(step(2, after=(1,)), market="local"),
        step(3),
        step(4, after=(2, 3)),
    )
    flow = Flow.begin(steps)
    assert numbers(flow) == [1, 3]
    assert run(flow, 3, 1, 2, 4).finished
    assert run(flow, 1, 2, 3, 4).finished
    with pytest.raises(OutOfTurn):
        run(flow, 1, 3, 4)


def test_an_optional_step_behind_an_open_one_is_no_shortcut() -> None:
    steps = (step(1), replace(step(2, after=(1,)), optional=True), step(3, after=(2,)))
    flow = Flow.begin(steps)
    with pytest.raises(OutOfTurn):
        flow.advance(3, NOON)
    assert run(flow, 1, 3).states[2] is State.SKIPPED


@pytest.mark.parametrize("steps", [(step(1), step(1)), (step(1, after=(2,)), step(2)), (replace(step(1), repeats=1),)])
def test_a_table_that_refers_forward_or_twice_is_refused(steps: tuple[Step, ...]) -> None:
    with pytest.raises(InvalidValue):
        Flow.begin(steps)


@given(st.lists(st.integers(1, 5), max_size=30))
def test_no_sequence_of_attempts_breaks_the_order(attempts: list[int]) -> None:
    flow = Flow.begin(LOOP)
    for number in attempts:
        may = number in numbers(flow)
        try:
            flow = flow.advance(number, NOON)
        except OutOfTurn:
            assert not may or number == 4
        else:
            assert may
    happened = [done.number for done in flow.history]
    assert flow.round(3) <= 3
    assert 3 not in happened or 1 in happened[: happened.index(3)]
    assert 5 not in happened or happened.index(5) > happened.index(3)
