"""What follows when a message comes late or not at all: row by row of the table, and in a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Message
from gateway.flow import State
from gateway.identifiers import AreaId
from gateway.market import Border, CapacityFallback, Gates
from gateway.model import Blocking, GridConstraints, Limit, Party
from gateway.schemes import named, names
from gateway.session.awaiting import silence
from gateway.session.clearings import by_documents
from gateway.session.consequences import CONSEQUENCES, Consequence, Lateness, Row, lateness
from gateway.session.plan import Plan
from tests.gateway.session.period import (
    ACCEPTED,
    CHEAP,
    DEAR,
    HEAT,
    MARKET,
    METERS,
    Room,
    bids,
    blocking,
    codes,
    metered,
    needs,
    ordered,
    procured,
    room,
)
from tests.market_values import DSO, EAST, OTHER_SELLER, SELLER, TSO, WEST, capacity, need, quarter

LATE, OVERDUE, EARLY = ("refused", "A57"), ("accepted", "A57"), ("refused", "A59")
NEED, OFFER = needs(need("n", 25)), bids(CHEAP)
LIMIT = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(3), coefficients={"cheap": Decimal(1)})
LIMITS = GridConstraints(limits=(LIMIT,))


# ---- in a session: when it comes, and what its receipt says


@pytest.mark.parametrize(
    ("message", "sender", "minutes", "expected"),
    [
        (NEED, TSO, 15.1, ACCEPTED),
        (NEED, TSO, 15, OVERDUE),
        (NEED, TSO, 14.1, OVERDUE),
        (NEED, TSO, 14, LATE),
        (OFFER, SELLER, 45.1, ACCEPTED),
        (OFFER, SELLER, 45, LATE),
        (OFFER, SELLER, 5, LATE),
        (LIMITS, DSO, 15.1, ACCEPTED),
        (LIMITS, DSO, 15, LATE),
        (GridConstraints(capacities=(capacity(5),)), TSO, 15.1, ACCEPTED),
        (GridConstraints(capacities=(capacity(5),)), TSO, 15, LATE),
        (Blocking(blocks=()), DSO, 20, EARLY),
        (metered(HEAT, -1), METERS, 20, EARLY),
    ],
)
def test_the_time_of_receipt_decides_to_the_second(
    message: Message, sender: Party, minutes: float, expected: tuple[str, ...]
) -> None:
    assert codes(room().hear(message, sender, minutes)) == expected


def test_a_late_need_is_taken_where_nobody_else_was_in_time_and_only_there() -> None:
    missed = room()
    missed.hear(bids(CHEAP, DEAR), SELLER, 50)
    missed.hear(NEED, TSO, 14.5)
    assert missed.ordered() == {}
    missed.tick(14)
    assert missed.tick(12) != []
    assert missed.ordered() == {"cheap": "10", "dear": "15"}
    assert any("taken as overdue" in note for note in missed.session.standing.notes)
    served = room()
    served.hear(NEED, TSO, 20)
    assert codes(served.hear(needs(need("more", 5)), TSO, 14.5)) == LATE


def test_a_late_revision_leaves_what_was_stated_before() -> None:
    before = room()
    before.hear(bids(CHEAP, DEAR), SELLER, 60, "offer")
    before.hear(NEED, TSO, 50)
    assert codes(before.hear(bids(replace(CHEAP, quantity_mw=Decimal(0))), SELLER, 44, "offer", 2)) == LATE
    before.tick(15)
    before.tick(12)
    assert before.ordered() == {"cheap": "10", "dear": "15"}


def test_a_result_that_is_checked_too_late_stands() -> None:
    checked = procured(room())
    assert codes(checked.hear(blocking("cheap"), DSO, 13)) == LATE
    assert checked.ordered() == {"cheap": "10", "dear": "15"}


def test_readings_after_the_settlement_correct_it() -> None:
    settled = ordered(room())
    settled.tick(-15)
    settled.tick(-15 - 24 * 60)
    assert settled.session.finished
    assert codes(settled.hear(metered(HEAT, -1), METERS, -3000)) == ACCEPTED
    assert any("it is corrected" in note for note in settled.session.standing.notes)


# ---- missing


def test_without_bids_nothing_is_bought_and_this_is_reported() -> None:
    empty = room()
    empty.hear(NEED, TSO, 20)
    assert empty.tick(14) == ["Allocation to DSO"]
    (unmet,) = empty.session.unserved
    assert unmet.unserved_mw == 25
    assert empty.session.standing.notes[:1] == (
        "step 3: nothing came from Seller (CMP) (sends aggregated bids (transmission and distribution)); 0 MW count",
    )
    assert empty.session.standing.flow.states[3] is State.SKIPPED


def test_without_anything_the_period_still_ends_with_a_result() -> None:
    silent = room()
    for minutes in (15, 14, 7.5, -15, -15 - 24 * 60):
        silent.tick(minutes)
    assert silent.session.finished
    assert [result.awards for result in silent.session.standing.results().values()] == [()]
    missing = [int(note.split(":")[0].removeprefix("step ")) for note in silent.session.standing.notes]
    assert missing == [2, 3, 8, 9, 10, 11]


@pytest.mark.parametrize(
    ("fallback", "bought"), [(CapacityFallback.ZERO, {}), (CapacityFallback.STATIC, {"cheap": "7"})]
)
def test_a_capacity_that_nobody_sent_is_what_the_market_says(
    fallback: CapacityFallback, bought: dict[str, str]
) -> None:
    border = Border(from_area=EAST, to_area=WEST, forward_mw=Decimal(7))
    bordered = room(market=replace(MARKET, borders=(border,), fallback=fallback))
    bordered.hear(bids(replace(CHEAP, area=EAST)), SELLER, 60)
    bordered.hear(NEED, TSO, 20)
    bordered.tick(15)
    bordered.tick(12)
    assert bordered.ordered() == bought
    assert any("no capacity was sent from" in note for note in bordered.session.standing.notes)


def test_other_gates_of_the_market_move_the_deadlines() -> None:
    gates = Gates(bids=timedelta(hours=2), needs=timedelta(hours=1), clearing=timedelta(minutes=50))
    early = room(market=replace(MARKET, gates=gates))
    assert codes(early.hear(OFFER, SELLER, 119)) == LATE
    assert codes(early.hear(NEED, TSO, 55)) == OVERDUE
    assert early.tick(50) == ["Allocation to DSO"]


def test_a_clock_that_was_not_looked_at_makes_no_message_early() -> None:
    dozing = room()
    dozing.hear(OFFER, SELLER, 60)
    assert codes(dozing.hear(bids(DEAR), OTHER_SELLER, 30)) == LATE
    assert codes(dozing.hear(NEED, TSO, 14.5)) == OVERDUE


def test_orders_that_could_only_go_out_after_the_period_do_not() -> None:
    late = room()
    late.hear(OFFER, SELLER, 60)
    late.hear(NEED, TSO, 20)
    assert "ActivationOrders to seller" not in late.tick(-15)
    assert late.ordered() == {}
    assert "step 7: the period is over, nobody is ordered" in late.session.standing.notes


# ---- the table


def test_every_message_has_a_consequence_for_every_lateness() -> None:
    assert all(set(row) == set(Lateness) for row in CONSEQUENCES.values())
    codes_of = {entry.code for row in CONSEQUENCES.values() for entry in row.values() if entry.refused}
    assert codes_of == {"A57", "A59"}


@pytest.mark.parametrize("scheme", names())
def test_for_every_row_that_a_peer_serves_the_silence_has_a_consequence(scheme: str) -> None:
    plan = Plan(named(scheme), by_documents(named(scheme)))
    table = silence(plan)
    assert {step.number for step, _ in table} == {s.number for s in plan.scheme.steps if not plan.ours(s)}
    assert {words for _, words in table} <= {str(each) for each in Consequence}


def test_the_table_of_the_centralised_scheme() -> None:
    table = silence(Plan(named("centralised"), {}))
    assert [(step.number, Consequence(words)) for step, words in table] == [
        (2, Consequence.ZERO),
        (3, Consequence.ZERO),
        (4, Consequence.PREVIOUS),
        (6, Consequence.STANDS),
        (8, Consequence.ACTIVATED),
        (9, Consequence.REQUESTED),
        (10, Consequence.REQUESTED),
    ]


def test_a_consequence_that_takes_a_message_is_no_refusal() -> None:
    assert not Row(Consequence.TAKEN).refused
    assert Row(Consequence.REFUSED, "A57").refused


def at(served: Room, number: int) -> Lateness:
    flow = served.session.standing.flow
    return lateness(flow.step(number), flow)


def test_how_late_a_step_is_follows_from_where_the_steps_stand() -> None:
    begun = room()
    begun.tick(50)
    assert [at(begun, number) for number in (2, 3, 6)] == [Lateness.IN_TIME, Lateness.IN_TIME, Lateness.EARLY]
    begun.tick(15)
    assert [at(begun, number) for number in (2, 3, 4)] == [Lateness.OVERDUE, Lateness.OVERDUE, Lateness.LATE]
    begun.tick(14)
    assert [at(begun, number) for number in (2, 3, 4)] == [Lateness.SPENT] * 3


def test_an_area_nobody_operates_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = AreaId("10YSE-1--------K", "A01")
    assert codes(room().hear(bids(replace(CHEAP, area=elsewhere)), SELLER, 60)) == ACCEPTED
    assert capsys.readouterr().out == ""
