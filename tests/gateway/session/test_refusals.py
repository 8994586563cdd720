"""What a peer says wrongly is refused with its reason code, changes nothing, and never raises."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.envelope import Message
from gateway.errors import InvalidValue
from gateway.inquiries import Informative
from gateway.model import BidSet, Blocking, Party, ReserveNeed, Role
from gateway.results import Receipt, Verdict
from tests.gateway.session.period import (
    ACCEPTED,
    CHEAP,
    DEAR,
    HEAT,
    bids,
    blocking,
    clock,
    codes,
    direct_need,
    envelope_of,
    metered,
    needs,
    ordered,
    procured,
    room,
    told,
)
from tests.market_values import DSO, OTHER_SELLER, SELLER, TSO, at, bid, need, quarter

NEED, OFFER = needs(need("n", 25)), bids(CHEAP)
CONSUMER = Party(SELLER.id, Role.CONSUMER)


@pytest.mark.parametrize(
    ("message", "sender", "code"),
    [
        (NEED, SELLER, "A59"),
        (NEED, DSO, "A59"),
        (OFFER, TSO, "A59"),
        (OFFER, CONSUMER, "A78"),
        (blocking("cheap"), TSO, "A59"),
        (bids(at(CHEAP, 1)), SELLER, "A04"),
        (needs(replace(need("n"), interval=quarter(3))), TSO, "A04"),
        (bids(CHEAP, CHEAP), SELLER, "A59"),
        (needs(replace(need("n"), currency="NOK")), TSO, "A59"),
        (needs(replace(need("n"), price=Decimal(20000))), TSO, "A59"),
        (bids(replace(CHEAP, quantity_mw=Decimal("1.1234567"))), SELLER, "A59"),
        (needs(direct_need(5)), TSO, "A59"),
    ],
    ids=[
        "a need of a seller",
        "a need of the distribution operator, who does not buy here",
        "a bid of the transmission operator",
        "a bid in a role without a part",
        "a block of the transmission operator",
        "bids of another period",
        "needs of another period",
        "the same bid twice",
        "a need in another currency",
        "a need beyond the price cap",
        "more decimals than a clearing counts",
        "direct activation before the scheduled one",
    ],
)
def test_what_cannot_be_is_refused_with_its_code(message: Message, sender: Party, code: str) -> None:
    begun = room()
    before = begun.session.standing
    receipt = begun.hear(message, sender, 60)
    assert codes(receipt) == ("refused", code)
    assert receipt.reasons[0].text
    assert begun.session.standing.accepted == before.accepted
    assert [done.number for done in begun.session.standing.flow.history] == [1]


def test_a_message_to_somebody_else_is_refused() -> None:
    begun = room()
    letter = replace(envelope_of(OFFER, SELLER, 60, "lost"), receiver=OTHER_SELLER)
    assert codes(begun.hear_envelope(letter, 60)) == ("refused", "A53")


def test_the_same_document_gets_the_same_receipt_again_and_counts_once() -> None:
    begun = room()
    first = begun.hear(OFFER, SELLER, 60, "offer")
    letter = envelope_of(OFFER, SELLER, 60, "offer")
    again = begun.hear_envelope(letter, 59)
    assert again == first
    assert begun.session.standing.flow.round(3) == 1
    assert len(begun.session.standing.judged) == 1
    assert len(begun.session.journal.entries) == 2


@pytest.mark.parametrize(
    ("message", "revision", "expected"),
    [
        (bids(DEAR), 1, ("refused", "A51")),
        (bids(CHEAP), 2, ("refused", "A51")),
        (bids(DEAR), 3, ACCEPTED),
    ],
    ids=["other content under the same revision", "a lower revision", "a higher revision"],
)
def test_only_a_higher_revision_replaces_a_document(message: Message, revision: int, expected: tuple[str, ...]) -> None:
    begun = room()
    begun.hear(OFFER, SELLER, 60, "offer")
    begun.hear(bids(replace(CHEAP, quantity_mw=Decimal(9))), SELLER, 59, "offer", 2)
    if revision == 2:
        # The revision is known by now with other bytes.
        message = bids(replace(CHEAP, quantity_mw=Decimal(8)))
    assert codes(begun.hear(message, SELLER, 58, "offer", revision)) == expected


def test_a_higher_revision_replaces_the_document_whole_and_zero_withdraws_a_bid() -> None:
    begun = room()
    begun.hear(bids(CHEAP, replace(DEAR, provider=SELLER.id)), SELLER, 60, "offer")
    begun.hear(bids(CHEAP), SELLER, 59, "offer", 2)
    assert [each.id for each in begun.session.standing.book.bids] == ["cheap"]
    begun.hear(bids(replace(CHEAP, quantity_mw=Decimal(0))), SELLER, 58, "withdrawn")
    assert begun.session.standing.book.bids == ()


def test_a_complete_set_replaces_every_earlier_bid_of_its_provider() -> None:
    begun = room()
    begun.hear(bids(CHEAP), SELLER, 60)
    begun.hear(bids(DEAR), OTHER_SELLER, 59)
    begun.hear(BidSet(bids=(bid("new", 3, 30),), replaces_all=True), SELLER, 58)
    assert [each.id for each in begun.session.standing.book.bids] == ["dear", "new"]


def test_of_a_document_about_a_day_only_the_period_counts() -> None:
    begun = room()
    begun.hear(bids(CHEAP, at(CHEAP, 1), at(CHEAP, 2)), SELLER, 60)
    assert [each.interval for each in begun.session.standing.book.bids] == [quarter()]


@pytest.mark.parametrize(
    ("block", "code"),
    [(blocking("unknown"), "A55"), (blocking("cheap", limit_mw=5), "A59")],
    ids=["an unknown bid", "a cap above the one before"],
)
def test_a_block_that_cannot_be_is_refused_and_the_check_goes_on(block: Blocking, code: str) -> None:
    checked = procured(room())
    checked.hear(blocking("cheap", limit_mw=4), DSO, 14.5)
    assert codes(checked.hear(block, DSO, 14)) == ("refused", code)
    checked.hear(Blocking(blocks=()), DSO, 13.8)
    assert checked.ordered() == {"cheap": "4", "dear": "21"}


def test_a_receipt_is_not_answered() -> None:
    begun = room()
    letter = envelope_of(Receipt(verdict=Verdict.ACCEPTED), TSO, 60, "receipt")
    begun.session, sent = begun.session.receive(letter, clock(60))
    assert sent == ()
    assert begun.session.standing.judged[-1].receipt is None
    begun.session, sent = begun.session.receive(letter, clock(59))
    assert sent == ()


def test_what_only_informs_is_kept_and_changes_no_step() -> None:
    begun = room()
    begun.tick(61)
    states = begun.states()
    assert codes(begun.hear(Informative(document="crac"), TSO, 60)) == ACCEPTED
    assert begun.states() == states
    assert told(begun.sent) == ["Receipt to TSO"]


def test_a_refused_document_does_not_spoil_what_counts() -> None:
    begun = room()
    begun.hear(OFFER, SELLER, 60)
    begun.hear(bids(replace(CHEAP, provider=OTHER_SELLER.id)), OTHER_SELLER, 59)
    # Two providers used one name for their bids: the second document cannot be cleared with the first.
    assert [codes_of.verdict for codes_of in receipts(begun)] == [Verdict.ACCEPTED, Verdict.REFUSED]
    assert len(begun.session.standing.book.bids) == 1


def receipts(begun: object) -> list[Receipt]:
    judged = begun.session.standing.judged  # type: ignore[attr-defined]  # a Room
    return [each.receipt.message for each in judged if each.receipt]


def test_an_instant_before_the_last_one_is_our_own_fault() -> None:
    begun = room()
    begun.tick(30)
    with pytest.raises(InvalidValue, match="an instant from 2027-01-14 07:30"):
        begun.tick(31)


def test_readings_of_a_period_that_is_over_are_taken_from_whoever_metered() -> None:
    over = ordered(room())
    over.tick(-15)
    assert codes(over.hear(metered(HEAT, -1), Party(TSO.id, Role.METERED_DATA_RESPONSIBLE), -20)) == ACCEPTED
    assert over.session.standing.flow.round(10) == 1
    assert over.session.standing.flow.round(9) == 0


def test_a_need_of_both_activations_is_judged_as_direct() -> None:
    mixed = ReserveNeed(needs=(need("n", 5), direct_need(5)))
    assert codes(room().hear(mixed, TSO, 60)) == ("refused", "A59")
