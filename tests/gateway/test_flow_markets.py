"""The step engine with several markets, loops within loops, gates and messages out of turn: exact states and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Fault, InvalidValue, OutOfTurn
from gateway.flow import Actor, Flow, Occurrence, Phase, State, Step

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TSO_MARKET, DSO_MARKET = Actor("MO", "TSO"), Actor("MO", "DSO")
SELLER, CHECKER, BUYER = Actor("Seller", "CMP"), Actor("SO", "DSO"), Actor("Buyer", "TSO")
W, O, D, S, L = State.WAITING, State.OPEN, State.DONE, State.SKIPPED, State.OVERDUE  # noqa: E741 - as in a table


def step(number: int, origin: Actor, action: str, message: str = "", after: tuple[int, ...] = ()) -> Step:
    return Step(number=number, phase=Phase.PROCUREMENT, origin=origin, action=action, message=message, after=after)


TWO_MARKETS = (
    replace(step(1, SELLER, "bids locally", "BidSet"), market="local", many=True, gate="bids"),
    replace(step(2, DSO_MARKET, "clears locally", "Allocation", (1,)), market="local"),
    replace(step(3, SELLER, "bids centrally", "BidSet"), many=True),
    replace(step(4, DSO_MARKET, "passes on what is left", "BidSet", (2,)), market="local", optional=True),
    step(5, TSO_MARKET, "clears centrally", "Allocation", (3, 4)),
    replace(step(6, CHECKER, "checks and blocks", "Blocking", (5,)), many=True, optional=True, repeats=5, rounds=5),
    step(7, TSO_MARKET, "sends orders", "ActivationOrders", (5, 6)),
    replace(step(8, DSO_MARKET, "settles locally", "Settlement", (2,)), market="local"),
)
"""A local and a central market: the central one waits for what the local one leaves, or does without."""


def begun(deadlines: Mapping[int, datetime] | None = None) -> Flow:
    return Flow.begin(TWO_MARKETS, deadlines)


def run(flow: Flow, *happening: int) -> Flow:
    for number in happening:
        flow = flow.advance(number, NOON, f"document {number}")
    return flow


def states(flow: Flow) -> list[State]:
    return [flow.states[one.number] for one in flow.steps]


def expected(flow: Flow) -> list[int]:
    return [one.number for one in flow.expected()]


# ---- markets side by side


@pytest.mark.parametrize(
    ("happening", "after"),
    [
        ((), [O, W, O, W, W, W, W, W]),
        ((1,), [O, O, O, W, W, W, W, W]),
        ((3,), [O, W, O, W, W, W, W, W]),
        ((1, 2), [D, D, O, O, W, W, W, O]),
        ((1, 2, 3), [D, D, O, O, O, W, W, O]),
        ((1, 2, 3, 4), [D, D, O, D, O, W, W, O]),
        ((1, 2, 3, 5), [D, D, D, S, D, O, O, O]),
        ((1, 2, 3, 4, 5), [D, D, D, D, D, O, O, O]),
        ((1, 2, 3, 5, 7), [D, D, D, S, D, S, D, O]),
        ((1, 2, 3, 5, 6), [D, D, D, S, O, O, W, O]),
        ((1, 2, 3, 5, 6, 5), [D, D, D, S, D, O, O, O]),
        ((1, 2, 8, 3, 5, 7), [D, D, D, S, D, S, D, D]),
    ],
    ids=str,
)
def test_where_each_step_stands_after(happening: tuple[int, ...], after: list[State]) -> None:
    assert states(run(begun(), *happening)) == after


def test_steps_of_two_markets_may_happen_in_any_order_that_each_allows() -> None:
    finals = set()
    for order in permutations((1, 2, 3)):
        if order.index(1) < order.index(2):
            finals.add(tuple(states(run(begun(), *order, 4, 5, 7, 8))))
    assert finals == {(D, D, D, D, D, S, D, D)}


def test_the_market_of_a_step_is_that_of_its_row() -> None:
    assert [one.number for one in begun().steps if one.market == "local"] == [1, 2, 4, 8]


def test_the_same_message_of_the_same_sender_is_the_first_step_that_waits_for_it() -> None:
    flow = run(begun(), 1)
    assert flow.find("Seller", "BidSet").number == 1
    assert run(flow, 2).find("Seller", "BidSet").number == 3
    assert flow.find("MO", "Allocation").number == 2


def test_a_flow_is_finished_when_the_last_market_is() -> None:
    flow = run(begun(), 1, 2, 3, 5, 7)
    assert not flow.finished
    assert flow.advance(8, NOON).finished
    assert expected(flow.advance(8, NOON)) == []


# ---- out of turn


OUT_OF_TURN = {
    "clearing without bids": ((), 2, "step 1: Seller (CMP) bids locally or step 3: Seller (CMP) bids centrally", "step 2: MO (DSO) clears locally"),
    "a check before the clearing": ((1, 2), 6, "step 3: Seller (CMP) bids centrally or step 4: MO (DSO) passes on what is left or step 8: MO (DSO) settles locally", "step 6: SO (DSO) checks and blocks"),
    "a bid after the clearing": ((1, 2), 1, "step 3: Seller (CMP) bids centrally or step 4: MO (DSO) passes on what is left or step 8: MO (DSO) settles locally", "step 1: Seller (CMP) bids locally"),
    "orders twice": ((1, 2, 3, 5, 7, 8), 7, "nothing more", "step 7: MO (TSO) sends orders"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "number", "wanted", "found"), OUT_OF_TURN.values(), ids=OUT_OF_TURN)
def test_a_step_out_of_turn_is_told_what_may_happen(
    before: tuple[int, ...], number: int, wanted: str, found: str
) -> None:
    flow = run(begun(), *before)
    with pytest.raises(OutOfTurn) as caught:
        flow.advance(number, NOON)
    error = caught.value
    assert (error.path, error.expected, error.found, error.code) == ("flow", wanted, found, "A59")
    assert error.fault is Fault.SENDER


def test_a_message_out_of_turn_is_told_what_may_come() -> None:
    with pytest.raises(OutOfTurn) as caught:
        run(begun(), 1, 2, 3, 5, 7).find("Seller", "BidSet")
    assert str(caught.value) == "flow: expected step 8: MO (DSO) settles locally, found Seller: BidSet"
    assert caught.value.code == "A59"


@pytest.mark.parametrize("number", [0, 9, -1])
def test_a_step_that_the_table_does_not_have(number: int) -> None:
    with pytest.raises(OutOfTurn) as caught:
        begun().advance(number, NOON)
    assert str(caught.value) == f"flow: expected a step of the scheme (1 to 8), found {number}"


def test_a_refused_step_leaves_the_flow_as_it_was() -> None:
    flow = run(begun(), 1)
    with pytest.raises(OutOfTurn):
        flow.advance(5, NOON)
    assert states(flow) == [O, O, O, W, W, W, W, W]
    assert len(flow.history) == 1


# ---- loops


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_the_loop_of_check_and_clearing_ends_after_its_rounds(rounds: int) -> None:
    steps = tuple(replace(one, rounds=rounds) if one.number == 6 else one for one in TWO_MARKETS)
    flow = run(Flow.begin(steps), 1, 2, 3, 5)
    for number in range(rounds):
        flow = run(flow, 6, 5)
        assert flow.round(5) == number + 2
    with pytest.raises(OutOfTurn) as caught:
        flow.advance(6, NOON)
    assert str(caught.value) == f"flow: expected at most {rounds} repetitions of step 5, found a further one"
    assert states(run(flow, 7, 8)) == [D, D, D, S, D, D, D, D]


def test_several_checks_of_one_round_repeat_the_clearing_once() -> None:
    flow = run(begun(), 1, 2, 3, 5, 6, 6, 6, 5)
    assert (flow.round(5), flow.round(6)) == (2, 3)
    assert [(done.number, done.round) for done in flow.history[3:]] == [(5, 1), (6, 1), (6, 2), (6, 3), (5, 2)]


def test_what_was_done_behind_the_repeated_step_is_done_again() -> None:
    steps = (
        step(1, TSO_MARKET, "clears"),
        step(2, TSO_MARKET, "tells", after=(1,)),
        step(3, CHECKER, "looks", after=(2,)),
        replace(step(4, CHECKER, "blocks", after=(2,)), optional=True, repeats=1, rounds=1),
        step(5, TSO_MARKET, "orders", after=(3, 4)),
    )
    flow = run(Flow.begin(steps), 1, 2, 3, 4)
    assert states(flow) == [O, W, W, W, W]
    assert expected(flow) == [1]
    assert states(run(flow, 1, 2, 3, 5)) == [D, D, D, D, D]


def test_two_loops_on_one_clearing_share_its_count() -> None:
    other = replace(step(9, BUYER, "buys again", "ReserveNeed", (5,)), optional=True, repeats=5, rounds=1)
    flow = run(Flow.begin((*TWO_MARKETS, other)), 1, 2, 3, 5, 9, 5)
    with pytest.raises(OutOfTurn, match="at most 1 repetitions of step 5"):
        flow.advance(9, NOON)
    assert run(flow, 6, 5).round(5) == 3


# ---- deadlines


@pytest.mark.parametrize(
    ("happened", "minutes", "after"),
    [
        ((), -1, [O, W, O, W, W, W, W, W]),
        ((), 0, [L, W, O, W, W, W, W, W]),
        ((1,), 0, [D, O, O, W, W, W, W, W]),
        ((1,), 10, [D, L, O, W, W, W, W, W]),
        ((1, 2), 20, [D, D, L, S, W, W, W, O]),
        ((1, 2, 3), 20, [D, D, D, S, O, W, W, O]),
        ((1, 2, 3), 30, [D, D, D, S, L, W, W, O]),
        ((1, 2, 3, 5), 40, [D, D, D, S, D, S, O, O]),
    ],
    ids=str,
)
def test_where_each_step_stands_when_a_deadline_has_gone_by(
    happened: tuple[int, ...], minutes: int, after: list[State]
) -> None:
    gates = {1: 0, 2: 10, 3: 20, 4: 20, 5: 30, 6: 40}
    flow = run(begun({number: NOON + at * MINUTE for number, at in gates.items()}), *happened)
    ticked = flow.tick(NOON + minutes * MINUTE)
    assert states(ticked) == after
    assert ticked.tick(NOON + minutes * MINUTE) == ticked
    assert [late.number for late in ticked.overdue()] == [n for n, state in enumerate(after, 1) if state is L]
    assert ticked.history == flow.history


def test_what_is_overdue_may_still_come() -> None:
    flow = begun({1: NOON}).tick(NOON)
    assert expected(flow) == [1, 3]
    assert states(run(flow, 1)) == [O, O, O, W, W, W, W, W]
    assert run(flow, 1).overdue() == ()


def test_without_deadlines_no_time_is_too_late() -> None:
    assert begun().tick(datetime.max.replace(tzinfo=UTC)) == begun()


def test_a_gate_closes_a_step_once_and_for_all() -> None:
    flow = run(begun(), 1).close(1)
    assert states(flow) == [D, O, O, W, W, W, W, W]
    with pytest.raises(OutOfTurn, match="expected step 2: MO"):
        flow.advance(1, NOON)


def test_a_mandatory_step_that_nobody_served_is_not_closed() -> None:
    with pytest.raises(OutOfTurn) as caught:
        begun().close(3)
    assert str(caught.value) == "flow: expected step 3: Seller (CMP) bids centrally, found nothing"


# ---- tables


TORN = {
    "a number twice": ((TWO_MARKETS[0], TWO_MARKETS[0]), "Step.number: expected each number once, found 1"),
    "behind itself": ((step(1, SELLER, "x", after=(1,)),), "Step 1.after: expected steps that stand before it, found [1]"),
    "behind later ones": ((step(1, SELLER, "x", after=(3, 2)),), "Step 1.after: expected steps that stand before it, found [2, 3]"),
    "repeats a later one": ((replace(step(1, SELLER, "x"), repeats=7),), "Step 1.after: expected steps that stand before it, found [7]"),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "words"), TORN.values(), ids=TORN)
def test_a_table_that_no_flow_can_follow_is_refused(steps: tuple[Step, ...], words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Flow.begin(steps)
    assert str(caught.value) == words


def test_a_table_of_nothing_is_finished_at_once() -> None:
    assert Flow.begin(()).finished
    assert Flow.begin(()).expected() == ()


@pytest.mark.parametrize(
    ("actor", "words"), [(Actor("MO", "TSO"), "MO (TSO)"), (Actor("DER", ""), "DER")], ids=["a party", "none"]
)
def test_an_actor_is_written_as_the_published_tables_do(actor: Actor, words: str) -> None:
    assert str(actor) == words


def test_the_history_keeps_reference_instant_and_round() -> None:
    flow = begun().advance(1, NOON, "first").advance(1, NOON + MINUTE, "second")
    assert flow.history == (Occurrence(1, NOON, "first", 1), Occurrence(1, NOON + MINUTE, "second", 2))
    assert flow.advance(2, NOON + 2 * MINUTE).history[-1].reference == ""


# ---- laws


@given(st.lists(st.integers(1, 8), max_size=40))
def test_whatever_is_tried_the_states_fit_the_history(attempts: list[int]) -> None:
    flow = begun()
    for number in attempts:
        try:
            flow = flow.advance(number, NOON)
        except OutOfTurn:
            continue
    happened = {done.number for done in flow.history}
    for one in flow.steps:
        state = flow.states[one.number]
        assert state is not D or one.number in happened
        assert state is not S or one.optional
        assert flow.may_begin(one) is (state is O) or one.optional
        assert state is not D or all(flow.states[before] in {D, S} for before in one.after)
    assert flow.round(5) <= 6


@given(st.lists(st.integers(1, 8), max_size=20), st.integers(0, 50))
def test_a_clock_takes_nothing_back(attempts: list[int], minutes: int) -> None:
    flow = begun({number: NOON + 5 * number * MINUTE for number in range(1, 9)})
    for number in attempts:
        if number in expected(flow):
            flow = flow.advance(number, NOON) if number != 6 or flow.round(5) <= 5 else flow
    ticked = flow.tick(NOON + minutes * MINUTE)
    finished = [number for number, state in flow.states.items() if state in {D, S}]
    assert [ticked.states[number] for number in finished] == [flow.states[number] for number in finished]
