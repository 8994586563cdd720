"""Every bid is told what became of it, and the sentence carries the numbers."""

from __future__ import annotations

import pytest

from gateway.clearing import clear
from gateway.clearing.example import bid, market_of, need
from gateway.results import Fate
from tests.gateway.clearing.reading import award, fates

UNFIT = "but it cannot be divided to fit without another accepted bid losing."
OFFERS = (
    bid("full", "A", "up", 10, 20),
    bid("part", "A", "up", 10, 30),
    bid("dear", "A", "up", 10, 40),
    bid("block", "A", "up", 30, 25, divisible=False),
    bid("low", "A", "down", 10, 10),
    bid("even", "A", "up", 10, 30, divisible=False, minimum_mw=0),
    need("d", "A", 15),
)


@pytest.mark.parametrize(
    ("name", "fate", "sentence"),
    [
        ("full", Fate.ACCEPTED, "Accepted in full; the price here is 30.00 EUR/MWh."),
        ("part", Fate.PARTLY_ACCEPTED, "Accepted with 5 of 10 MW: its price 30.00 EUR/MWh is the price here."),
        ("dear", Fate.OUT_OF_THE_MONEY, "Its price 40.00 EUR/MWh is worse than the clearing price 30.00 EUR/MWh."),
        ("low", Fate.OUT_OF_THE_MONEY, "Its price 10.00 EUR/MWh is worse than the clearing price 30.00 EUR/MWh."),
        ("even", Fate.AT_THE_MARGIN, "Its price equals the clearing price 30.00 EUR/MWh; the need was already met."),
        ("block", Fate.PARADOXICALLY_REJECTED, "At 30.00 EUR/MWh it would have earned 150.00 EUR per hour, " + UNFIT),
    ],
)
def test_the_sentence_says_why(name: str, fate: Fate, sentence: str) -> None:
    result = clear(market_of(*OFFERS))

    assert fates(result)[name] is fate
    assert award(result, name).reason == sentence


def test_every_bid_is_answered_once_in_the_order_of_ids() -> None:
    result = clear(market_of(*OFFERS))

    assert [each.bid_id for each in result.awards] == ["block", "dear", "even", "full", "low", "part"]


def test_a_granular_bid_in_the_money_tells_that_no_larger_step_fits() -> None:
    stepped, filler = bid("steps", "A", "up", 30, 20, granularity_mw=10), bid("U1", "A", "up", 50, 60)
    result = clear(market_of(stepped, filler, need("d", "A", 17)))

    assert award(result, "steps").reason == "Accepted with 10 of 30 MW: no larger amount that it allows fits."


def test_the_award_repeats_what_was_offered() -> None:
    offered = bid("x", "A", "up", "12.5", "33.3", voluntary_id="ours-7")
    (told,) = clear(market_of(offered, need("d", "A", 2))).awards

    assert (told.offered_mw, told.bid_price, told.voluntary_id) == (offered.quantity_mw, offered.price, "ours-7")
    assert (told.provider, told.area, told.direction) == (offered.provider, offered.area, offered.direction)
    assert told.interval == offered.interval
