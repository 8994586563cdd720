"""A market day of sessions: messages are lost and late, and every period ends with a documented result, twice the same.

Each quarter hour has a session of its own. Two percent of the messages are lost and two percent are late by up to an
hour; which ones follows from a seed, so that every run of a test sees the same day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from gateway.envelope import Envelope, Message
from gateway.identifiers import PartyId
from gateway.market import Gates, MarketDefinition
from gateway.model import BidSet, Blocking, Party, ReserveNeed, Role
from gateway.results import ActivationOrders, OrderKind, Receipt
from gateway.schemes import named
from gateway.session import Fallback, Session, Terms, replay
from gateway.time import Interval
from tests.gateway.session.period import answer
from tests.market_values import DSO, EIGHT, OPERATOR, QUARTER, TSO, bid, need

MARKET = MarketDefinition(operator=OPERATOR)
LOST, LATE = 0.02, 0.02
Delivery = tuple[datetime, Envelope[Message]]


def provider(number: int) -> Party:
    """Return one of the providers of the day."""
    return Party(PartyId(f"provider {number}", "NNO"), Role.BALANCING_SERVICE_PROVIDER)


def periods(count: int) -> list[Interval]:
    return [Interval(EIGHT + number * QUARTER, EIGHT + (number + 1) * QUARTER) for number in range(count)]


def letters(period: Interval, drawn: Random, providers: int) -> Iterator[tuple[datetime, Envelope[Message]]]:
    """Yield what is sent for a period, with the instants at which it would arrive in time."""
    for number in range(providers):
        offers = tuple(
            replace(
                bid(f"{number}.{step}", drawn.randint(1, 9), drawn.randint(10, 200)),
                provider=provider(number).id,
                interval=period,
            )
            for step in range(3)
        )
        yield from _letter(f"bids {number}", BidSet(bids=offers), provider(number), period.start - timedelta(hours=1))
    wanted = replace(need("n", drawn.randint(5, 6 * providers)), interval=period)
    yield from _letter("needs", ReserveNeed(needs=(wanted,)), TSO, period.start - timedelta(minutes=20))
    yield from _letter("check", Blocking(blocks=()), DSO, period.start - timedelta(minutes=14))


def _letter(name: str, message: Message, sender: Party, at: datetime) -> Iterator[Delivery]:
    yield at, Envelope(id=name, sender=sender, receiver=OPERATOR, created=at, message=message)


def delivered(sent: Iterator[Delivery], drawn: Random) -> list[Delivery]:
    """Lose some of what is sent and let some of it come late, in the order of arrival."""
    arrived = []
    for at, letter in sent:
        chance = drawn.random()
        if chance >= LOST:
            delay = timedelta(minutes=drawn.randint(1, 60)) if chance < LOST + LATE else timedelta(0)
            arrived.append((at + delay, letter))
    return sorted(arrived, key=lambda delivery: (delivery[0], delivery[1].id))


def lived(period: Interval, seed: int, providers: int) -> Session:
    """Run the session of a period to its end, providers answering their orders with chance."""
    drawn = Random(f"{seed} {period}")
    terms = Terms(silent=Fallback.NEXT_BID)
    session = Session.begin(named("centralised"), MARKET, period, members=(TSO, DSO), terms=terms)
    for at, letter in delivered(letters(period, drawn, providers), drawn):
        session = waited(session, at, drawn)
        session, sent = session.receive(letter, at)
        session = replied(session, sent, drawn)
    return waited(session, None, drawn)


def waited(session: Session, until: datetime | None, drawn: Random) -> Session:
    """Look at the clock at every deadline until an instant, or until there is none left."""
    while (following := session.next_deadline()) is not None and (until is None or following < until):
        session, sent = session.tick(following)
        session = replied(session, sent, drawn)
    return session


def replied(session: Session, sent: tuple[Envelope[Message], ...], drawn: Random) -> Session:
    """Let providers answer: most accept, some refuse, some say nothing."""
    for each in sent:
        message, at = each.message, session.standing.at
        if isinstance(message, ActivationOrders) and message.kind is not OrderKind.RESPONSE and at is not None:
            chance = drawn.random()
            refused = [line.bid_id for line in message.orders] if chance < LOST else []
            if chance < 1 - LATE:
                reply = Envelope(
                    id=f"answer {message.order_id}",
                    sender=each.receiver,
                    receiver=OPERATOR,
                    created=at,
                    message=answer(message, *refused),
                )
                session, more = session.receive(reply, at)
                session = replied(session, more, drawn)
    return session


def require_documented(session: Session) -> None:
    """Hold the end of a period against what every period owes."""
    standing = session.standing
    assert session.finished
    assert session.awaited() == ()
    assert standing.results()
    asked = [entry for entry in session.journal.entries if entry.envelope]
    assert len([each for each in standing.sent if isinstance(each.message, Receipt)]) == len(asked)
    wanted = sum((each.quantity_mw for each in standing.book.needs), Decimal(0))
    unmet = sum((each.unserved_mw for each in session.unserved), Decimal(0))
    assert sum(standing.ordered_mw().values(), Decimal(0)) == wanted - unmet
    for name, power in standing.ordered_mw().items():
        assert power <= next(each.quantity_mw for each in standing.book.bids if each.id == name)


def test_every_period_of_a_morning_ends_with_a_documented_result() -> None:
    for period in periods(6):
        require_documented(lived(period, 1, 4))


def test_two_runs_of_a_morning_are_identical() -> None:
    first, second = ([lived(period, 2, 4).written() for period in periods(3)] for _ in range(2))
    assert first == second


def test_another_seed_is_another_morning() -> None:
    assert lived(periods(1)[0], 1, 4).written() != lived(periods(1)[0], 3, 4).written()


@pytest.mark.slow
def test_every_period_of_a_day_ends_with_a_documented_result_and_replays() -> None:
    missed = 0
    for number, period in enumerate(periods(96)):
        session = lived(period, 7, 25)
        require_documented(session)
        if number % 8 == 0:
            assert replay(session.journal).written() == session.written()
        missed += any("nothing came" in note for note in session.standing.notes)
    assert missed > 0, "no message was lost: the day tries nothing"


def test_the_gates_of_the_day_lie_between_its_messages() -> None:
    gates = Gates()
    assert (
        timedelta(hours=1) > gates.bids > timedelta(minutes=20) > gates.needs > timedelta(minutes=14) >= gates.clearing
    )
