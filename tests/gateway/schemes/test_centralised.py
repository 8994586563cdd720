"""The centralised scheme row by row: who may speak after whom, by which gate, and how often step 5 repeats."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from gateway.envelope import Message
from gateway.errors import Misconfigured, OutOfTurn
from gateway.flow import Flow, Phase, State
from gateway.schemes import FeederLimits, JointClearing, PostCheck, named, names
from gateway.schemes.centralised import SCHEME, STEPS

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)
P, A, S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

ROWS = [
    # number, phase, origin, recipients, message, after, gate
    (1, P, "RA (TSO)", [], "", (), None),
    (2, P, "Buyer (TSO)", ["MO (TSO)"], "ReserveNeed", (1,), "needs"),
    (3, P, "Seller (CMP)", ["MO (TSO)"], "BidSet", (), "bids"),
    (4, P, "SO (DSO)", ["MO (TSO)"], "GridConstraints", (), "needs"),
    (5, P, "MO (TSO)", ["SO (DSO)"], "Allocation", (2, 3, 4), "clearing"),
    (6, P, "SO (DSO)", ["MO (TSO)"], "Blocking", (5,), "orders"),
    (7, A, "MO/FD (TSO)", ["Buyer (TSO)", "Seller (CMP)"], "ActivationOrders", (5, 6), "orders"),
    (8, A, "Aggregator/FD (CMP)", ["DER"], "Setpoint", (7,), None),
    (9, S, "MDR (DSO)", ["MO (TSO)"], "Readings", (8,), None),
    (10, S, "MDR (TSO)", ["MO (TSO)"], "Readings", (8,), None),
    (11, S, "MO (TSO)", ["SO (TSO)"], "Readings", (9, 10), None),
    (12, S, "SO (TSO)", [], "PerimeterCorrection", (11,), None),
    (13, S, "MO (TSO)", ["Aggregator (CMP)"], "Settlement", (11,), None),
]


def run(*happening: int) -> Flow:
    flow = Flow.begin(STEPS)
    for number in happening:
        flow = flow.advance(number, NOON)
    return flow


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_each_row_says_who_tells_whom_what_and_when(row: tuple[object, ...]) -> None:
    step = SCHEME.steps[int(str(row[0])) - 1]
    recipients = [str(recipient) for recipient in step.recipients]
    assert (step.number, step.phase, str(step.origin), recipients, step.message, step.after, step.gate) == row
    assert step.market == "central"


def test_the_table_ends_with_step_13() -> None:
    assert len(ROWS) == len(STEPS) == 13


def test_only_steps_4_and_6_may_be_left_out_and_only_6_goes_back() -> None:
    assert [step.number for step in STEPS if step.optional] == [4, 6]
    assert [(step.number, step.repeats, step.rounds) for step in STEPS if step.repeats] == [(6, 5, 5)]
    assert [step.number for step in STEPS if step.many] == [2, 3, 4, 6, 8, 9, 10]


def test_every_message_but_a_setpoint_is_a_canonical_one() -> None:
    canonical = {kind.__name__ for kind in get_args(Message)}
    assert {step.message for step in STEPS if step.message} - canonical == {"Setpoint"}


def test_the_steps_that_a_procurement_drives() -> None:
    messages = ("ReserveNeed", "BidSet", "GridConstraints", "Allocation", "Blocking", "ActivationOrders")
    assert [SCHEME.number(message) for message in messages] == [2, 3, 4, 5, 6, 7]
    assert (SCHEME.grid_constraints, SCHEME.post_check) == (True, True)
    assert SCHEME.title == "Centralised AS market"


def test_one_clearing_in_which_no_feeder_is_made_worse_and_a_check_that_repeats_it() -> None:
    assert SCHEME.clearings == (JointClearing(5, FeederLimits.NOT_WORSE), PostCheck(6))


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ((), [1, 3, 4]),
        ((1,), [2, 3, 4]),
        ((1, 2), [2, 3, 4]),
        ((1, 2, 3), [2, 3, 4, 5]),
        ((1, 2, 3, 4), [2, 3, 4, 5]),
        ((1, 2, 3, 5), [6, 7]),
        ((1, 2, 3, 5, 6), [5, 6]),
        ((1, 2, 3, 5, 6, 5), [6, 7]),
        ((1, 2, 3, 5, 7), [8]),
        ((1, 2, 3, 5, 7, 8), [8, 9, 10]),
        ((1, 2, 3, 5, 7, 8, 10), [9, 10]),
        ((1, 2, 3, 5, 7, 8, 10, 9), [9, 10, 11]),
        ((1, 2, 3, 5, 7, 8, 9, 10, 11), [12, 13]),
        ((1, 2, 3, 5, 7, 8, 9, 10, 11, 13), [12]),
        ((1, 2, 3, 5, 7, 8, 9, 10, 11, 13, 12), []),
    ],
    ids=str,
)
def test_what_may_come_next(happened: tuple[int, ...], expected: list[int]) -> None:
    assert [step.number for step in run(*happened).expected()] == expected


@pytest.mark.parametrize(
    ("happened", "late"),
    [
        ((1, 2, 3), 6),
        ((1, 2), 5),
        ((3,), 2),
        ((1, 2, 3, 5), 3),
        ((1, 2, 3, 5), 4),
        ((1, 2, 3, 5, 7), 6),
        ((1, 2, 3, 5, 7), 5),
        ((1, 2, 3, 5, 7, 8, 9), 11),
    ],
    ids=["a block before", "no bids", "no volumes", "a late bid", "late limits", "a late block", "again", "half"],
)
def test_a_step_out_of_turn_is_refused(happened: tuple[int, ...], late: int) -> None:
    with pytest.raises(OutOfTurn) as caught:
        run(*happened).advance(late, NOON)
    assert caught.value.found.startswith(f"step {late}: ")
    assert caught.value.code == "A59"


def test_step_5_is_repeated_five_times_at_most() -> None:
    flow = run(1, 2, 3, 5, *(6, 5) * 5)
    assert flow.round(5) == 6
    with pytest.raises(OutOfTurn, match="at most 5 repetitions of step 5, found a further one"):
        flow.advance(6, NOON)
    assert flow.advance(7, NOON).states[6] is State.DONE


def test_limits_stated_beforehand_and_a_check_afterwards_are_alternatives_that_may_both_be_left_out() -> None:
    assert run(1, 2, 3, 5, 7).states[4] is State.SKIPPED
    assert run(1, 2, 3, 5, 7).states[6] is State.SKIPPED
    assert run(1, 2, 3, 4, 5, 6, 5, 7).states[4] is State.DONE


@pytest.mark.parametrize(
    ("role", "message", "number"),
    [("Seller", "BidSet", 3), ("Buyer", "ReserveNeed", 2), ("SO", "GridConstraints", 4), ("MO", "Allocation", 5)],
)
def test_a_message_finds_its_step(role: str, message: str, number: int) -> None:
    assert run(1, 2, 3).find(role, message).number == number


def test_an_aggregators_measurements_are_nobodys_step() -> None:
    with pytest.raises(OutOfTurn) as caught:
        run(1, 2, 3, 5, 7, 8).find("Aggregator", "Readings")
    assert str(caught.value) == (
        "flow: expected step 8: Aggregator/FD (CMP) activates units of the selected bids or step 9: MDR (DSO) "
        "communicates measurements or step 10: MDR (TSO) communicates measurements, found Aggregator: Readings"
    )


def test_a_scheme_is_found_by_the_name_of_its_file() -> None:
    assert named("centralised") is SCHEME
    assert "centralised" in names()
    assert list(names()) == sorted(names())


@pytest.mark.parametrize("name", ["", "Centralised", "centralised.py", "../flow", "__init__"])
def test_what_is_no_name_of_a_scheme_is_a_fault_of_the_settings(name: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        named(name)
    assert (caught.value.path, caught.value.found) == ("scheme", repr(name))
    assert caught.value.expected == " or ".join(names())
