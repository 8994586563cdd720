"""Operating envelopes in a clearing: whatever is accepted, the net injection of the resource stays where it has to.

A unit that is scheduled at 1 MW may inject between -2 and 3 MW: 2 MW more and 3 MW less are left.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clearing import ClearingRules, Market, clear
from gateway.identifiers import ResourceId
from gateway.model import Bid, Direction, Need
from gateway.operating_envelopes import OperatingEnvelope, OperatingEnvelopes, limits
from gateway.results import ClearingResult, Fate
from gateway.time import Interval
from tests.market_values import DSO, OTHER_SELLER, bid, need, quarter

D = Decimal
UNIT = ResourceId("unit", "NNO")
ENVELOPE = OperatingEnvelope(
    id="e", sender=DSO.id, resource=UNIT, interval=quarter(), min_mw=D(-2), max_mw=D(3), reason="transformer"
)
UP = replace(bid("up", 10, 50), resource=UNIT)
DOWN = replace(bid("down", 10, 30, Direction.DOWN), resource=UNIT)
DEAR = replace(bid("dear", 50, 90), provider=OTHER_SELLER.id)
POOR = replace(bid("poor", 50, 5, Direction.DOWN), provider=OTHER_SELLER.id)


def cleared(*needs: Need, scheduled_mw: object = 1, envelope: OperatingEnvelope = ENVELOPE) -> ClearingResult:
    bids = (UP, DOWN, DEAR, POOR)
    rows = limits(envelope, D(str(scheduled_mw)), bids)
    return clear(Market(bids=bids, needs=needs, limits=rows, rules=ClearingRules()))


def accepted(result: ClearingResult) -> dict[str, Decimal]:
    return {award.bid_id: award.quantity_mw for award in result.awards if award.quantity_mw}


@pytest.mark.parametrize(
    ("scheduled", "wanted", "expected"),
    [
        (1, 8, {"up": 2, "dear": 6}),
        (-2, 8, {"up": 5, "dear": 3}),
        (3, 8, {"dear": 8}),
        # outside already: no bid may make it worse
        (4, 8, {"dear": 8}),
        (-9, 8, {"up": 8}),
    ],
)
def test_what_the_envelope_leaves_upward(scheduled: int, wanted: int, expected: dict[str, int]) -> None:
    result = cleared(need("n", wanted), scheduled_mw=scheduled)
    assert accepted(result) == expected
    assert [price.price for price in result.prices] == [90 if "dear" in expected else 50]


@pytest.mark.parametrize(
    ("scheduled", "expected"), [(1, {"down": 3, "poor": 5}), (-2, {"poor": 8}), (3, {"down": 5, "poor": 3})]
)
def test_what_the_envelope_leaves_downward(scheduled: int, expected: dict[str, int]) -> None:
    assert accepted(cleared(need("n", 8, direction=Direction.DOWN), scheduled_mw=scheduled)) == expected


def test_a_bid_that_the_envelope_holds_back_says_so() -> None:
    (award,) = [award for award in cleared(need("n", 8)).awards if award.bid_id == "up"]
    assert (award.fate, award.quantity_mw) == (Fate.LIMITED, D(2))
    assert "e max (shadow price 40.00 EUR/MWh) binds" in award.reason


def test_the_other_quarter_is_free() -> None:
    later = replace(ENVELOPE, interval=quarter(1))
    assert accepted(cleared(need("n", 8), envelope=later)) == {"up": 8}


def test_an_envelope_of_an_hour_counts_in_its_quarters() -> None:
    hour = replace(ENVELOPE, interval=Interval(quarter().start, quarter(3).end))
    assert accepted(cleared(need("n", 8), envelope=hour)) == {"up": 2, "dear": 6}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-2, None, [("e min", "3", {"up": "-1", "down": "1"})]),
        (None, 3, [("e max", "2", {"up": "1", "down": "-1"})]),
        (1, 1, [("e min", "0", {"up": "-1", "down": "1"}), ("e max", "0", {"up": "1", "down": "-1"})]),
    ],
)
def test_the_rows_of_an_envelope(
    low: int | None, high: int | None, expected: list[tuple[str, str, dict[str, str]]]
) -> None:
    least, most = (None if bound is None else D(bound) for bound in (low, high))
    rows = limits(replace(ENVELOPE, min_mw=least, max_mw=most), D(1), (UP, DOWN, DEAR))
    assert [(row.id, row.headroom_mw, dict(row.coefficients)) for row in rows] == [
        (name, D(headroom), {bid_id: D(share) for bid_id, share in shares.items()})
        for name, headroom, shares in expected
    ]
    assert {(row.sender, row.interval, row.reason) for row in rows} == {(DSO.id, quarter(), "transformer")}


@settings(max_examples=max(4, settings().max_examples // 2))  # each example clears
@given(
    st.integers(-4, 5),
    st.integers(0, 20),
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 60), st.booleans()), min_size=1, max_size=4),
)
def test_no_clearing_leads_out_of_the_envelope(
    scheduled: int, up: int, down: int, drawn: list[tuple[int, int, bool]]
) -> None:
    bids: list[Bid] = [
        replace(bid(f"b{at}", mw, price, Direction.UP if upward else Direction.DOWN), resource=UNIT)
        for at, (mw, price, upward) in enumerate(drawn)
    ]
    rows = limits(ENVELOPE, D(scheduled), bids)
    wanted = (need("up", up), need("down", down, direction=Direction.DOWN))
    result = clear(Market(bids=(*bids, DEAR, POOR), needs=wanted, limits=rows, rules=ClearingRules()))
    signs = {one.id: one.direction.sign for one in bids}
    moved = sum((signs.get(award.bid_id, 0) * award.quantity_mw for award in result.awards), D(0))
    assert min(D(-2), D(scheduled)) <= scheduled + moved <= max(D(3), D(scheduled))


def test_a_document_of_envelopes_keeps_them_in_their_order() -> None:
    both = (ENVELOPE, replace(ENVELOPE, id="f", interval=quarter(1)))
    assert [one.id for one in OperatingEnvelopes(envelopes=both).envelopes] == ["e", "f"]
