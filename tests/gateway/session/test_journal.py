"""The journal: a session is a function of its inputs, whatever they are, and replaying them gives the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical_json import read, write
from gateway.envelope import Message
from gateway.errors import InvalidValue, Malformed, Misconfigured
from gateway.model import Blocking, GridConstraints, Party, Role
from gateway.results import Receipt, Verdict
from gateway.session import Entry, Fallback, Journal, Session, Terms, replay
from gateway.session.plan import Plan
from tests.gateway.session.period import (
    CHEAP,
    DEAR,
    HEAT,
    METERS,
    PUMP,
    TSO_METERS,
    Room,
    answer,
    bids,
    blocking,
    clock,
    direct_need,
    envelope_of,
    metered,
    needs,
    ordered,
    procured,
    room,
)
from tests.market_values import DSO, OTHER_SELLER, SELLER, TSO, at, capacity, need

LETTERS: tuple[tuple[str, Message, Party], ...] = (
    ("needs", needs(need("n", 25)), TSO),
    ("needs", needs(need("n", 12)), TSO),
    ("offer", bids(CHEAP), SELLER),
    ("offer", bids(replace(CHEAP, quantity_mw=Decimal(4))), SELLER),
    ("others", bids(DEAR), OTHER_SELLER),
    ("tomorrow", bids(at(CHEAP, 3)), SELLER),
    ("capacity", GridConstraints(capacities=(capacity(5),)), TSO),
    ("block", blocking("cheap", limit_mw=4), DSO),
    ("block 2", blocking("dear"), DSO),
    ("free", Blocking(blocks=()), DSO),
    ("direct", needs(direct_need(5)), TSO),
    ("no more", needs(direct_need(0)), TSO),
    ("wrong", bids(CHEAP), Party(SELLER.id, Role.CONSUMER)),
    ("heat", metered(HEAT, -1), METERS),
    ("pump", metered(PUMP, 3), TSO_METERS),
    ("receipt", Receipt(verdict=Verdict.ACCEPTED), TSO),
)
GATES = (60, 45, 20, 15, 14.5, 14, 13, 12, 7.5, 5, 0, -3, -8, -15, -60, -15 - 24 * 60, -3000)

steps = st.tuples(
    st.sampled_from(GATES), st.integers(-1, len(LETTERS) - 1), st.integers(1, 2), st.booleans(), st.booleans()
)


def played(drawn: list[tuple[float, int, int, bool, bool]], terms: Terms) -> Session:
    """Play drawn inputs in the order of time: ticks, messages, and answers to whatever is ordered."""
    scheme = room(terms=terms)
    for minutes, number, revision, answers, refuses in sorted(drawn, key=lambda step: -step[0]):
        session = scheme.session
        if number < 0:
            scheme.session, _ = session.tick(clock(minutes))
        else:
            name, message, sender = LETTERS[number]
            letter = envelope_of(message, sender, minutes, name, revision)
            scheme.session, _ = session.receive(letter, clock(minutes))
        if answers and scheme.session.standing.orders:
            reply(scheme, minutes, refuses=refuses)
    return scheme.session


def reply(scheme: Room, minutes: float, *, refuses: bool) -> None:
    order = scheme.session.standing.orders[-1]
    refused = [line.bid_id for line in order.message.orders] if refuses else []
    letter = envelope_of(answer(order.message, *refused), order.receiver, minutes, f"answer {minutes} {refuses}")
    scheme.session, _ = scheme.session.receive(letter, clock(minutes))


any_terms = st.builds(
    Terms,
    refused=st.sampled_from([Fallback.CLEAR_AGAIN, Fallback.NEXT_BID, Fallback.UNSERVED]),
    silent=st.sampled_from(list(Fallback)),
)


@given(st.lists(steps, max_size=20), any_terms)
def test_whatever_happens_the_journal_gives_the_same_bytes(
    drawn: list[tuple[float, int, int, bool, bool]], terms: Terms
) -> None:
    session = played(drawn, terms)
    text = write(session.journal)
    again = replay(read(Journal, text))
    assert again.written() == session.written()
    assert write(again.journal) == text


@given(st.lists(steps, max_size=20))
def test_every_peer_gets_one_answer_to_every_document_and_no_exception(
    drawn: list[tuple[float, int, int, bool, bool]],
) -> None:
    session = played(drawn, Terms())
    heard = [entry for entry in session.journal.entries if entry.envelope is not None]
    asked = [entry for entry in heard if not isinstance(entry.envelope.message, Receipt)]  # type: ignore[union-attr]
    receipts = [each for each in session.standing.sent if isinstance(each.message, Receipt)]
    assert len(receipts) == len(asked)
    assert {each.receiver.id for each in receipts} <= {entry.envelope.sender.id for entry in asked if entry.envelope}


@given(st.lists(steps, max_size=15))
def test_no_more_is_ordered_of_a_bid_than_was_offered(drawn: list[tuple[float, int, int, bool, bool]]) -> None:
    session = played(drawn, Terms())
    offered = {each.id: each.quantity_mw for each in session.standing.book.bids}
    for name, quantity in session.standing.ordered_mw().items():
        assert quantity <= offered[name]


@given(st.sets(st.integers(-200_000, 90_000), max_size=8))
def test_looking_at_the_clock_between_the_deadlines_changes_nothing(seconds: set[int]) -> None:
    seldom, often = procured(room()), procured(room())
    deadlines = []
    while (following := seldom.session.next_deadline()) is not None:
        deadlines.append(following)
        seldom.session, _ = seldom.session.tick(following)
    looks = {clock(second / 100) for second in seconds if second < 1500}
    for instant in sorted({*deadlines, *looks}):
        often.session, _ = often.session.tick(instant)
    assert replace(often.session.standing, at=None) == replace(seldom.session.standing, at=None)
    assert seldom.session.finished


# ---- the journal itself


def test_every_input_is_one_entry_with_its_digest_and_instant() -> None:
    scheme = procured(room())
    entries = scheme.session.journal.entries
    assert [entry.at for entry in entries] == [clock(60), clock(59), clock(20), clock(15)]
    assert [entry.envelope.id if entry.envelope else None for entry in entries] == [
        "document 1",
        "document 2",
        "document 3",
        None,
    ]
    assert [bool(entry.digest) for entry in entries] == [True, True, True, False]


def test_the_digest_is_that_of_the_received_bytes_where_there_are_any() -> None:
    scheme = room()
    letter = replace(envelope_of(bids(CHEAP), SELLER, 60, "offer"), digest="ab" * 32)
    scheme.hear_envelope(letter, 60)
    assert scheme.session.journal.entries[0].digest == "ab" * 32


def test_the_journal_only_grows() -> None:
    scheme = procured(room())
    before = scheme.session.journal.entries
    scheme.tick(10)
    assert scheme.session.journal.entries[: len(before)] == before
    assert len(scheme.session.journal.entries) == len(before) + 1


def test_a_session_that_was_kept_can_go_on_where_it_stood() -> None:
    scheme = procured(room())
    kept = scheme.session
    restored = Room(replay(read(Journal, write(kept.journal))))
    for either in (scheme, restored):
        either.hear(Blocking(blocks=()), DSO, 14, "free")
    assert restored.session.written() == scheme.session.written()


def test_an_earlier_session_is_not_changed_by_a_later_one() -> None:
    scheme = procured(room())
    kept, written = scheme.session, scheme.session.written()
    scheme.tick(7.5)
    assert kept.written() == written
    assert scheme.session.written() != written


@pytest.mark.parametrize("planted", ["instant", "order", "message"])
def test_another_input_gives_other_bytes(planted: str) -> None:
    scheme = ordered(room())
    entries = list(scheme.session.journal.entries)
    if planted == "instant":
        entries[-1] = replace(entries[-1], at=entries[-1].at + timedelta(seconds=1))
    elif planted == "order":
        entries[0], entries[1] = replace(entries[1], at=entries[0].at), replace(entries[0], at=entries[1].at)
    else:
        entries[1] = replace(entries[1], envelope=entries[0].envelope, digest=entries[0].digest)
    changed = replace(scheme.session.journal, entries=tuple(entries))
    assert replay(changed).written() != scheme.session.written()


def test_a_message_that_is_not_the_one_that_came_is_refused() -> None:
    scheme = procured(room())
    entries = list(scheme.session.journal.entries)
    entries[1] = replace(entries[1], envelope=entries[0].envelope)
    with pytest.raises(Malformed, match=r"entries\[1\].digest"):
        replay(replace(scheme.session.journal, entries=tuple(entries)))


def test_entries_out_of_order_are_refused() -> None:
    scheme = procured(room())
    journal = replace(scheme.session.journal, entries=tuple(reversed(scheme.session.journal.entries)))
    with pytest.raises(InvalidValue, match="an instant from"):
        replay(journal)


def test_a_journal_of_an_unknown_scheme_is_refused() -> None:
    scheme = room()
    opening = replace(scheme.session.journal.opening, scheme="unknown")
    with pytest.raises(Misconfigured, match="'unknown'"):
        replay(Journal(opening=opening))


def test_a_plan_of_ones_own_is_replayed_with_that_plan() -> None:
    scheme = procured(room())
    plan = scheme.session.plan
    blind = Plan(replace(plan.scheme, post_check=False), plan.clearings)
    assert replay(scheme.session.journal, blind).written() != scheme.session.written()
    assert replay(scheme.session.journal, plan).written() == scheme.session.written()


def test_an_entry_has_an_instant_in_utc() -> None:
    with pytest.raises(InvalidValue, match="an aware instant"):
        Entry(at=datetime(2027, 1, 14, 8))  # noqa: DTZ001 - the fault that is tested
    assert Entry(at=datetime(2027, 1, 14, 8, tzinfo=UTC)).envelope is None


def test_a_journal_that_was_tampered_with_is_no_journal() -> None:
    text = write(procured(room()).session.journal).replace('"entries"', '"entrys"')
    with pytest.raises(Malformed, match="entrys"):
        read(Journal, text)
