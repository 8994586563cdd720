"""Every bid type, in a market whose best answer one can find by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Pricing, clear
from gateway.clearing.example import bid, market_of, need
from gateway.results import Fate
from tests.gateway.clearing.reading import accepted, award, fates, prices

WELFARE_FIRST = ClearingRules(pricing=Pricing.WELFARE_FIRST)


def test_a_divisible_bid_is_taken_as_far_as_needed() -> None:
    result = clear(market_of(bid("A1", "A", "up", 40, 60), need("d", "A", "12.5")))

    assert accepted(result) == {"A1": Decimal("12.5")}
    assert fates(result) == {"A1": Fate.PARTLY_ACCEPTED}


def test_a_down_bid_pays_its_price_or_less() -> None:
    """D1 would pay 30 for each MWh that it need not make, D2 only 10: D1 is the better one, and 10 is the price."""
    result = clear(market_of(bid("D1", "A", "down", 20, 30), bid("D2", "A", "down", 20, 10), need("d", "A", -25)))

    assert accepted(result) == {"D1": 20, "D2": 5}
    assert prices(result) == {"A": 10}


def test_a_negative_price_is_legal_both_ways() -> None:
    """An up bid that pays to produce, and a down bid that wants money for reducing."""
    up = clear(market_of(bid("U", "A", "up", 20, -5), need("d", "A", 10)))
    down = clear(market_of(bid("D", "A", "down", 20, -7), need("d", "A", -10)))

    assert prices(up) == {"A": -5}
    assert prices(down) == {"A": -7}


def test_an_indivisible_bid_is_taken_whole_or_not_at_all() -> None:
    """Whole, it displaces D1, which costs nothing else: the 10 MW too much are sold to the down bid."""
    too_large = bid("U1", "A", "up", 30, 20, divisible=False)
    alone = clear(market_of(too_large, need("d", "A", 20)))
    with_outlet = clear(market_of(too_large, bid("D1", "A", "down", 15, 25), need("d", "A", 20)))

    assert accepted(alone) == {}
    assert accepted(with_outlet) == {"U1": 30, "D1": 10}
    assert prices(with_outlet) == {"A": 25}


@pytest.mark.parametrize(
    ("needed", "volumes"),
    [(20, {"U1": 20}), (8, {"U2": 8}), (10, {"U1": 10}), (35, {"U1": 30, "U2": 5})],
)
def test_a_minimum_quantity_is_kept(needed: int, volumes: dict[str, int]) -> None:
    """U1 is cheap but takes no order under 10 MW; U2 is dear and takes any."""
    cheap, dear = bid("U1", "A", "up", 30, 20, minimum_mw=10), bid("U2", "A", "up", 30, 50)
    result = clear(market_of(cheap, dear, need("d", "A", needed), rules=WELFARE_FIRST))

    assert accepted(result) == volumes


def test_a_minimum_quantity_can_set_the_price_from_within() -> None:
    result = clear(market_of(bid("U1", "A", "up", 30, 20, minimum_mw=10), need("d", "A", 20)))

    assert prices(result) == {"A": 20}
    assert fates(result) == {"U1": Fate.PARTLY_ACCEPTED}


@pytest.mark.parametrize(("needed", "steps"), [(12, 10), (15, 15), (19, 15), (40, 30)])
def test_an_award_is_a_multiple_of_the_granularity(needed: int, steps: int) -> None:
    stepped, dear = bid("U1", "A", "up", 30, 20, granularity_mw=5), bid("U2", "A", "up", 30, 50)
    result = clear(market_of(stepped, dear, need("d", "A", needed)))

    assert accepted(result)["U1"] == steps
    assert accepted(result).get("U2", 0) == needed - steps


def test_granularity_leaves_out_what_is_no_whole_step() -> None:
    result = clear(market_of(bid("U1", "A", "up", 12, 20, granularity_mw=5), need("d", "A", 30)))

    assert accepted(result) == {"U1": 10}
    assert fates(result) == {"U1": Fate.LIMITED}
    assert "whole steps" in award(result, "U1").reason


def test_a_granularity_larger_than_the_bid_leaves_nothing_of_it() -> None:
    result = clear(market_of(bid("U1", "A", "up", 4, 20, granularity_mw=5), need("d", "A", 30)))

    assert accepted(result) == {}
    assert fates(result) == {"U1": Fate.UNAVAILABLE}


def test_tied_bids_share_on_the_grid_of_their_granularity() -> None:
    """Both have steps of 5 MW and one price: 15 MW are 10 and 5, not 7.5 each."""
    tied = [bid(name, "A", "up", 20, 20, granularity_mw=5) for name in ("U1", "U2")]
    result = clear(market_of(*tied, need("d", "A", 15)))

    assert accepted(result) == {"U1": 10, "U2": 5}


def test_exclusive_bids_may_differ_in_direction() -> None:
    """The battery charges or discharges: here charging is worth 30 − 5 per MWh, discharging 40 − 35."""
    battery = [
        bid("charge", "A", "down", 10, 30, exclusive="battery"),
        bid("discharge", "A", "up", 10, 35, exclusive="battery"),
    ]
    result = clear(market_of(*battery, bid("U1", "A", "up", 50, 5)))

    assert accepted(result) == {"charge": 10, "U1": 10}
    assert fates(result)["discharge"] is Fate.OUT_OF_THE_MONEY


def test_a_single_member_of_an_exclusive_group_is_an_ordinary_bid() -> None:
    result = clear(market_of(bid("U1", "A", "up", 10, 20, exclusive="g"), need("d", "A", 4)))

    assert accepted(result) == {"U1": 4}


STEPS = (
    bid("M1", "A", "up", 10, 60, multipart="unit", divisible=False),
    bid("M2", "A", "up", 20, 80, multipart="unit"),
)


def test_the_dearer_step_of_a_multipart_bid_waits_for_the_cheaper_one() -> None:
    """Serving 15 MW takes the whole first step and 5 MW of the second."""
    result = clear(market_of(*STEPS, need("d", "A", 15)))

    assert accepted(result) == {"M1": 10, "M2": 5}
    assert prices(result) == {"A": 80}


def test_the_second_step_alone_is_not_for_sale() -> None:
    """8 MW cannot be had from the first step, so not from the second either; U3 at 100 serves them."""
    result = clear(market_of(*STEPS, bid("U3", "A", "up", 20, 100), need("d", "A", 8)))

    assert accepted(result) == {"U3": 8}
    assert fates(result)["M1"] is Fate.PARADOXICALLY_REJECTED
    assert fates(result)["M2"] is Fate.EARLIER_STEP_OPEN
    assert "M1" in award(result, "M2").reason


def test_down_steps_open_from_the_highest_price_on() -> None:
    steps = [
        bid("M1", "A", "down", 10, 20, multipart="unit", divisible=False),
        bid("M2", "A", "down", 20, 5, multipart="unit"),
    ]
    result = clear(market_of(*steps, need("d", "A", -15)))

    assert accepted(result) == {"M1": 10, "M2": 5}
    assert prices(result) == {"A": 5}


def test_a_cheaper_step_may_lose_where_it_only_opens_a_dearer_one_that_is_needed() -> None:
    """100 MW are needed: without M2 there are 90, with all of it 10 too many, so that U1 is cut and sets 50.

    Welfare first takes both steps all the same, and owes M1 10 and M2 30 for each MWh.
    """
    steps = [
        bid("M1", "A", "up", 10, 60, multipart="unit"),
        bid("M2", "A", "up", 20, 80, multipart="unit", divisible=False),
    ]
    result = clear(market_of(*steps, bid("U1", "A", "up", 80, 50), need("d", "A", 100), rules=WELFARE_FIRST))

    assert accepted(result) == {"M1": 10, "M2": 20, "U1": 70}
    assert prices(result) == {"A": 50}
    assert "owed 100.00 EUR per hour" in award(result, "M1").reason
    assert "owed 600.00 EUR per hour" in award(result, "M2").reason


def test_steps_of_one_price_fill_up_in_the_order_of_their_ids() -> None:
    steps = [bid(name, "A", "up", 10, 60, multipart="unit") for name in ("M1", "M2")]
    result = clear(market_of(*steps, need("d", "A", 12)))

    assert accepted(result) == {"M1": 10, "M2": 2}


def test_an_inclusive_group_is_taken_in_one_ratio() -> None:
    members = [bid(name, "A", "up", mw, 40, inclusive="g") for name, mw in (("G1", 10), ("G2", 30))]
    result = clear(market_of(*members, need("d", "A", 20)))

    assert accepted(result) == {"G1": 5, "G2": 15}


def test_an_indivisible_member_makes_the_inclusive_group_indivisible() -> None:
    """40 MW or nothing: the need of 20 is served by U3."""
    members = [
        bid("G1", "A", "up", 10, 40, inclusive="g", divisible=False),
        bid("G2", "A", "up", 30, 40, inclusive="g"),
    ]
    result = clear(market_of(*members, bid("U3", "A", "up", 50, 70), need("d", "A", 20)))

    assert accepted(result) == {"U3": 20}
    assert fates(result)["G1"] is fates(result)["G2"] is Fate.GROUP_REJECTED
    assert "1200.00 EUR per hour as a whole" in award(result, "G2").reason


def test_the_largest_minimum_share_holds_for_the_whole_inclusive_group() -> None:
    """G1 needs 6 of its 10 MW, so that the group of 40 MW starts at 24; at 20 it stays out."""
    members = [
        bid("G1", "A", "up", 10, 40, inclusive="g", minimum_mw=6),
        bid("G2", "A", "up", 30, 40, inclusive="g", minimum_mw=3),
    ]
    dear = bid("U3", "A", "up", 50, 70)
    below = clear(market_of(*members, dear, need("d", "A", 20)))
    above = clear(market_of(*members, dear, need("d", "A", 28)))

    assert accepted(below) == {"U3": 20}
    assert accepted(above) == {"G1": 7, "G2": 21}


def test_what_an_inclusive_group_cannot_share_evenly_goes_to_the_largest_remainder() -> None:
    members = [bid(name, "A", "up", 10, 40, inclusive="g") for name in ("G1", "G2", "G3")]
    result = clear(market_of(*members, need("d", "A", 10)))

    assert accepted(result) == {"G1": Decimal("3.334"), "G2": Decimal("3.333"), "G3": Decimal("3.333")}


def test_an_elastic_need_is_bought_at_its_limit_price_or_better() -> None:
    steps = [bid("U1", "A", "up", 10, 20), bid("U2", "A", "up", 10, 50)]
    result = clear(market_of(*steps, need("d", "A", 15, 40)))

    assert accepted(result) == {"U1": 10}
    assert prices(result) == {"A": 40}
    assert result.needs[0].unserved_mw == 5


def test_an_elastic_down_need_is_sold_at_its_limit_price_or_better() -> None:
    """The operator takes at least 15 for its surplus; D1 pays 30, D2 only 10."""
    takers = [bid("D1", "A", "down", 10, 30), bid("D2", "A", "down", 10, 10)]
    result = clear(market_of(*takers, need("d", "A", -15, 15)))

    assert accepted(result) == {"D1": 10}
    assert prices(result) == {"A": 15}


def test_a_need_that_nobody_insists_on_stands_behind_one_that_somebody_does() -> None:
    wanted = [need("insisted", "A", 30), need("welcome", "A", 30, required=False)]
    result = clear(market_of(bid("U1", "A", "up", 40, 20), *wanted))

    assert {each.need_id: each.served_mw for each in result.needs} == {"insisted": 30, "welcome": 10}


def test_a_required_need_is_served_whatever_it_costs() -> None:
    """60 MW for a need of 1 MW cost 18,000, and D1 takes 59 of them back at −14,000: more than a MW at the cap is worth."""
    market = market_of(
        bid("U1", "A", "up", 60, 300, divisible=False),
        bid("D1", "A", "down", 59, -14_000),
        need("d", "A", 1),
        rules=WELFARE_FIRST,
    )
    result = clear(market)

    assert accepted(result) == {"U1": 60, "D1": 59}
    assert result.welfare == 15_000 - 60 * 300 - 59 * 14_000
