"""Results: what is left of a need, the fates of bids, and what the parts of an answer say where nobody says more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import Direction, Reserve
from gateway.results import (
    ActivationOrder,
    Allocation,
    Award,
    ClearingPrice,
    ClearingResult,
    Fate,
    OrderStatus,
    Reason,
    Receipt,
    RefusedSeries,
    ServedNeed,
    Verdict,
)
from tests.market_values import SELLER, TSO, WEST, quarter


def served(requested: Decimal, met: Decimal) -> ServedNeed:
    return ServedNeed(
        need_id="n",
        buyer=TSO.id,
        area=WEST,
        direction=Direction.UP,
        interval=quarter(),
        requested_mw=requested,
        served_mw=met,
        price=Decimal(50),
    )


@pytest.mark.parametrize(
    ("requested", "met", "left"),
    [("25", "25", "0"), ("25", "10", "15"), ("25", "0", "25"), ("0", "0", "0"), ("0.3", "0.1", "0.2")],
)
def test_what_is_left_of_a_need(requested: str, met: str, left: str) -> None:
    assert served(Decimal(requested), Decimal(met)).unserved_mw == Decimal(left)


@given(st.decimals(0, 1000, places=3), st.decimals(0, 1000, places=3))
def test_met_and_left_are_what_was_asked_for(requested: Decimal, met: Decimal) -> None:
    need = served(requested, met)
    assert need.served_mw + need.unserved_mw == requested


BEGINNINGS = {
    "accepted": [Fate.ACCEPTED, Fate.PARTLY_ACCEPTED],
    "not usable": [Fate.BLOCKED, Fate.UNAVAILABLE, Fate.WITHHELD, Fate.NO_PRICE, Fate.OUT_OF_SCOPE],
    "not accepted": [
        Fate.OUT_OF_THE_MONEY,
        Fate.AT_THE_MARGIN,
        Fate.PARADOXICALLY_REJECTED,
        Fate.COUNTER_ACTIVATION,
        Fate.EXCLUDED_BY_GROUP,
        Fate.EARLIER_STEP_OPEN,
        Fate.GROUP_REJECTED,
        Fate.BLOCK_REJECTED,
        Fate.LINK_REJECTED,
        Fate.UNIT_LIMITED,
        Fate.LIMITED,
    ],
}


def test_every_fate_says_first_whether_the_bid_was_accepted() -> None:
    assert {words: [fate for fate in Fate if fate.startswith(words)] for words in BEGINNINGS} == BEGINNINGS


def test_no_fate_begins_with_another() -> None:
    # A document tells a fate by its words and what follows them.
    assert [(one, other) for one in Fate for other in Fate if one is not other and one.startswith(other)] == []


def test_parts_of_a_result_state_their_defaults() -> None:
    award = Award(
        bid_id="b",
        provider=SELLER.id,
        area=WEST,
        direction=Direction.UP,
        interval=quarter(),
        offered_mw=Decimal(10),
        quantity_mw=Decimal(4),
        bid_price=None,
        price=None,
        fate=Fate.PARTLY_ACCEPTED,
        reason="",
    )
    price = ClearingPrice(area=WEST, interval=quarter(), price=Decimal(5), lowest=Decimal(4), highest=Decimal(6))
    assert (award.currency, award.reserve, award.resource, award.voluntary_id) == ("EUR", Reserve.MFRR, None, None)
    assert (price.product, price.currency, price.reserve, price.set_by) == ("energy", "EUR", Reserve.MFRR, ())
    result = ClearingResult(awards=(award,), needs=(), prices=(price,), flows=())
    assert (result.welfare, result.revision, result.notes, result.shadow_prices) == (Decimal(0), 1, (), ())
    assert Allocation(awards=(award,)).revision == 1


def test_an_order_is_an_order_until_it_is_answered() -> None:
    order = ActivationOrder(
        bid_id="b",
        provider=SELLER.id,
        area=WEST,
        direction=Direction.DOWN,
        interval=quarter(),
        quantity_mw=Decimal(3),
    )
    assert (order.status, order.reasons, order.resource) == (OrderStatus.ORDERED, (), None)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_receipt_may_say_no_more_than_its_verdict(verdict: Verdict) -> None:
    receipt = Receipt(verdict=verdict)
    assert (receipt.document_id, receipt.title, receipt.reasons, receipt.refused) == (None, None, (), ())


def test_a_series_is_refused_whole_unless_intervals_are_named() -> None:
    late = (Reason(code="A59", text="late"),)
    assert RefusedSeries(series_id="s", reasons=late).intervals == ()
    partly = RefusedSeries(series_id="s", reasons=(), intervals=((quarter(1), late),))
    assert [(interval, [reason.code for reason in reasons]) for interval, reasons in partly.intervals] == [
        (quarter(1), ["A59"])
    ]
