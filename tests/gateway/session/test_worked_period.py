"""A whole period of the centralised scheme, gate by gate: what arrives, what goes out, where the steps stand.

Market: 25 MW upward for the quarter hour from eight; heat 10 MW at 40, pumps 30 MW at 60. The distribution operator
leaves 4 MW of the heat, so that 21 MW of the pumps are used at 60 EUR/MWh. Over a quarter hour these are 1 MWh and
5.25 MWh: 60.00 EUR and 315.00 EUR. The heat was planned at -4 MW and metered at -1 MW: 0.75 of 1 MWh were delivered.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.accounts import PerimeterCorrection, Settlement
from gateway.model import Blocking
from gateway.results import Allocation, ClearingPrices, Fate
from gateway.session import Responsible, Terms, replay
from tests.gateway.session.period import (
    ACCEPTED,
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
    codes,
    metered,
    needs,
    plan_of,
    room,
    told,
)
from tests.market_values import DSO, EIGHT, OTHER_SELLER, SELLER, TSO, need

TERMS = Terms(
    responsible=(Responsible(provider=SELLER.id, provider_responsible=OTHER_SELLER.id, supplier=TSO.id, resource=HEAT),)
)
WAIT, OPEN, DONE, SKIP = "waiting", "open", "done", "skipped"


def first_result() -> Room:
    worked = room(terms=TERMS)
    for message, sender, minutes in (
        (plan_of(HEAT, -4), SELLER, 90),
        (bids(CHEAP), SELLER, 60),
        (bids(DEAR), OTHER_SELLER, 59),
        (needs(need("n", 25)), TSO, 20),
    ):
        assert codes(worked.hear(message, sender, minutes)) == ACCEPTED
        assert told(worked.sent) == [
            f"Receipt to {'TSO' if sender is TSO else 'seller' if sender is SELLER else 'other'}"
        ]
    return worked


def after_orders() -> Room:
    worked = first_result()
    worked.tick(15)
    worked.hear(blocking("cheap", limit_mw=4), DSO, 14)
    worked.hear(Blocking(blocks=()), DSO, 13)
    return worked


def after_activation() -> Room:
    worked = after_orders()
    for order, provider in zip(worked.orders(), (SELLER, OTHER_SELLER), strict=True):
        assert codes(worked.hear(answer(order), provider, 12)) == ACCEPTED
    return worked


def metered_period() -> Room:
    worked = after_activation()
    worked.tick(-15)
    assert codes(worked.hear(metered(HEAT, -1), METERS, -60)) == ACCEPTED
    assert codes(worked.hear(metered(PUMP, 21), TSO_METERS, -61)) == ACCEPTED
    return worked


def test_before_the_first_input_nothing_has_happened() -> None:
    begun = room()
    assert begun.states() == [OPEN, WAIT, OPEN, OPEN, *[WAIT] * 9]
    assert begun.session.journal.entries == ()
    assert not begun.session.finished


def test_at_the_gate_of_the_needs_the_market_is_cleared_and_the_distribution_operator_told() -> None:
    worked = first_result()
    assert worked.tick(15.1) == []
    assert worked.states()[:7] == [DONE, OPEN, DONE, OPEN, OPEN, WAIT, WAIT]
    assert worked.tick(15) == ["Allocation to DSO"]
    assert worked.states()[:8] == [DONE, DONE, DONE, SKIP, DONE, OPEN, OPEN, WAIT]
    (check,) = worked.sent
    assert isinstance(check.message, Allocation)
    assert {award.bid_id: award.quantity_mw for award in check.message.awards} == {"cheap": 10, "dear": 15}
    assert check.created == EIGHT - timedelta(minutes=15)
    assert (check.revision, check.message.revision) == (1, 1)


def test_a_block_repeats_the_clearing_and_the_next_answer_lets_the_orders_out() -> None:
    worked = first_result()
    worked.tick(15)
    assert codes(worked.hear(blocking("cheap", limit_mw=4), DSO, 14)) == ACCEPTED
    assert told(worked.sent) == ["Receipt to DSO", "Allocation to DSO"]
    again = worked.sent[1]
    assert isinstance(again.message, Allocation)
    assert (again.revision, again.message.revision) == (2, 2)
    assert {award.bid_id: award.quantity_mw for award in again.message.awards} == {"cheap": 4, "dear": 21}
    worked.hear(Blocking(blocks=()), DSO, 13)
    assert told(worked.sent) == [
        "Receipt to DSO",
        "Allocation to TSO",
        "Allocation to seller",
        "Allocation to other",
        "ActivationOrders to seller",
        "ActivationOrders to other",
        "ClearingPrices to market",
    ]
    assert worked.states()[:8] == [DONE, DONE, DONE, SKIP, DONE, DONE, DONE, OPEN]
    assert worked.ordered() == {"cheap": "4", "dear": "21"}


def test_each_seller_learns_why_no_more_of_its_bid_was_taken() -> None:
    sent = [each.message for each in after_orders().sent if each.receiver.id == SELLER.id]
    (allocation,) = [message for message in sent if isinstance(message, Allocation)]
    assert [award.fate for award in allocation.awards] == [Fate.LIMITED]
    assert [award.price for award in allocation.awards] == [60]


def test_the_prices_are_published_with_the_orders() -> None:
    (prices,) = [each.message for each in after_orders().sent if isinstance(each.message, ClearingPrices)]
    assert [price.price for price in prices.prices] == [60]


def test_answers_of_the_providers_are_their_activation() -> None:
    worked = after_activation()
    assert worked.session.standing.flow.round(8) == 2
    assert [str(order.answer) for order in worked.session.standing.orders] == ["accepted", "accepted"]
    worked.tick(-15)
    assert worked.states()[7:] == [DONE, OPEN, OPEN, WAIT, WAIT, WAIT]


def test_a_day_after_the_period_everything_is_settled() -> None:
    worked = metered_period()
    assert worked.tick(-15 - 24 * 60) == [
        "Readings to TSO",
        "PerimeterCorrection to TSO",
        "PerimeterCorrection to other",
        "Settlement to seller",
        "Settlement to other",
    ]
    assert worked.states() == [*[DONE] * 3, SKIP, *[DONE] * 9]
    assert worked.session.finished
    assert worked.session.awaited() == ()
    assert worked.session.next_deadline() is None


def test_each_provider_is_paid_what_was_requested_at_the_clearing_price() -> None:
    worked = metered_period()
    worked.tick(-15 - 24 * 60)
    statements = [each.message for each in worked.sent if isinstance(each.message, Settlement)]
    lines = [(line.id, line.quantity_mwh, line.amount) for each in statements for line in each.lines]
    assert lines == [("cheap", Decimal(1), Decimal("60.00")), ("dear", Decimal("5.25"), Decimal("315.00"))]
    # Only the heat has a schedule: for the pumps the requested energy stands in.
    assert [each.final for each in statements] == [True, False]


def test_the_supplier_is_corrected_by_the_delivered_energy_and_the_provider_by_the_rest() -> None:
    worked = metered_period()
    worked.tick(-15 - 24 * 60)
    moved = {
        (each.receiver.id, move.id): move.energy_mwh
        for each in worked.sent
        if isinstance(each.message, PerimeterCorrection)
        for move in each.message.adjustments
    }
    assert moved == {
        (TSO.id, "cheap delivered"): Decimal("0.75"),
        (OTHER_SELLER.id, "cheap not delivered"): Decimal("0.25"),
        (OTHER_SELLER.id, "dear delivered"): Decimal("5.25"),
    }


def test_nothing_of_a_whole_period_had_to_stand_in() -> None:
    worked = metered_period()
    worked.tick(-15 - 24 * 60)
    assert [note for note in worked.session.standing.notes if "nothing came" in note] == []
    assert worked.session.unserved == ()


def test_the_journal_of_the_period_gives_the_same_bytes() -> None:
    worked = metered_period()
    worked.tick(-15 - 24 * 60)
    assert replay(worked.session.journal).written() == worked.session.written()
    assert len(worked.session.journal.entries) == 13


def test_every_message_of_ours_has_a_name_of_its_own_and_the_instant_of_its_input() -> None:
    worked = metered_period()
    worked.tick(-15 - 24 * 60)
    sent = worked.session.standing.sent
    assert len({(each.id, each.revision) for each in sent}) == len(sent)
    assert {each.created for each in sent} <= {entry.at for entry in worked.session.journal.entries}


@pytest.mark.parametrize("minutes", [12.9, 13, 14])
def test_without_a_word_of_the_distribution_operator_the_result_stands_after_two_minutes(minutes: float) -> None:
    worked = first_result()
    worked.tick(15)
    orders_out = "ActivationOrders to seller" in worked.tick(minutes)
    assert orders_out is (minutes <= 13)
