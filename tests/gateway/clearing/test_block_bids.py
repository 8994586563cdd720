"""Block bids, in markets whose best answer one can find by hand."""

from __future__ import annotations

from gateway.clearing import ClearingRules, Pricing
from gateway.clearing.example import QUARTERS, bid, block_on, need
from gateway.results import Fate
from tests.gateway.clearing.quarters import at, cleared, filled, price, series, taken, told


def test_a_block_bid_is_accepted_in_all_its_intervals_or_in_none() -> None:
    """Bid c sets 40 in the first quarter, where the block loses 10 · 10; in the second it earns 40 · 10."""
    block = series("B", [10, 10], 50, block_bid="k", divisible=False)
    result = cleared(*block, at(0, "c", 40, 40), *filled(15, 15))

    assert taken(result, "B") == [10, 10]
    assert price(result) == [40, 90]
    assert [each.reason for each in result.awards if each.bid_id == "B"] == [
        "Accepted in full. At 40.00 EUR/MWh it loses, which block bid k earns over all its intervals.",
        "Accepted in full; the price here is 90.00 EUR/MWh.",
    ]


def test_a_block_bid_that_would_lose_over_all_is_left_out() -> None:
    """It would lose 45 · 10 in the first quarter and earn 40 · 10 in the second."""
    block = series("B", [10, 10], 50, block_bid="k", divisible=False)
    result = cleared(*block, at(0, "c", 40, 5), *filled(15, 15))

    assert taken(result, "B") == [0, 0]
    assert told(result, "B") == [Fate.OUT_OF_THE_MONEY, Fate.BLOCK_REJECTED]


def test_a_divisible_block_bid_is_accepted_in_one_ratio() -> None:
    """Only 5 of 10 MW find a taker in the first quarter: half of the block, so that 2.5 of 5 MW are left for the second.

    The price of the first quarter is where the block as a whole neither earns nor loses:
    10 (λ − 50) + 5 (90 − 50) = 0, λ = 30.
    """
    result = cleared(at(0, "B", 10, 50, block_bid="k"), at(1, "B", 5, 50, block_bid="k"), *filled(5, 15))

    assert taken(result, "B") == [5, 2.5]
    assert price(result) == [30, 90]
    assert told(result, "B")[1] is Fate.UNIT_LIMITED


def test_the_largest_least_ratio_of_a_block_bid_holds_for_all_its_bids() -> None:
    """6 of 10 MW at least in the second quarter, so 6 of 10 in the first too, where only 5 are needed."""
    block = [at(0, "B", 10, 20, block_bid="k"), at(1, "B", 10, 20, block_bid="k", minimum_mw=6)]
    result = cleared(*block, *filled(5, 15))

    assert taken(result, "B") == [0, 0]


def test_a_cap_of_an_operator_holds_for_the_whole_block_bid() -> None:
    """5 of 10 MW are left in the first quarter, so that no more than half is accepted in the second."""
    cap = block_on("B", QUARTERS[0], 5)
    result = cleared(*series("B", [10, 20], 20, block_bid="k"), cap, *filled(15, 25))

    assert taken(result, "B") == [5, 10]
    assert "its block bid takes part with 50%" in result.awards[2].reason


def test_a_block_bid_with_a_blocked_member_takes_no_part() -> None:
    result = cleared(*series("B", [10, 10], 20, block_bid="k"), block_on("B", QUARTERS[1], None), *filled(15, 15))

    assert taken(result, "B") == [0, 0]
    assert told(result, "B") == [Fate.BLOCK_REJECTED, Fate.BLOCKED]


def test_of_two_exclusive_block_bids_one_is_accepted_in_all_its_intervals() -> None:
    """The group stands in the first quarter alone and decides for both: B earns 70 and 70 there, C 50 and 80."""
    first = [at(0, "B", 10, 20, block_bid="k", exclusive="g"), at(1, "B", 10, 20, block_bid="k")]
    second = [at(0, "C", 10, 40, block_bid="l", exclusive="g"), at(1, "C", 10, 10, block_bid="l")]
    result = cleared(*first, *second, *filled(30, 30))

    assert (taken(result, "B"), taken(result, "C")) == ([10, 10], [0, 0])


def test_a_block_bid_may_span_areas() -> None:
    """In one interval, in two areas that no border joins: 5 of 10 MW in A are half of the bid, and so in B."""
    block = [bid("B1", "A", "up", 10, 20, block_bid="k"), bid("B2", "B", "up", 10, 20, block_bid="k")]
    dear = [bid("Z1", "A", "up", 50, 90), bid("Z2", "B", "up", 50, 90)]
    result = cleared(*block, *dear, need("d", "A", 5), need("e", "B", 30))

    assert (taken(result, "B1"), taken(result, "B2")) == ([5], [5])


LOSING = [*series("B", [10, 10], 50, block_bid="k", divisible=False), at(0, "c", 40, 40), at(1, "c", 10, 45)]
"""With B, c sets 40 and 45: it loses 100 and 50. Without it Z must help out in the second quarter, at 90."""


def test_where_welfare_comes_first_a_block_bid_is_owed_what_it_loses_over_all() -> None:
    """B saves 5 · 90 + 5 · 45 there, costs 500, and 100 more than c in the first quarter: welfare 75 greater with it.

    It loses 150 on 20 MW, 7.50 for each.
    """
    first = ClearingRules(pricing=Pricing.WELFARE_FIRST)
    result = cleared(*LOSING, *filled(15, 15), rules=first)

    assert taken(result, "B") == [10, 10]
    assert price(result) == [40, 45]
    assert "owed to accepted bids that lose, per hour: B 75.00, B 75.00." in result.notes[0]
    assert [each.reason.split(". ")[-1] for each in result.awards if each.bid_id == "B"] == [
        "It loses 7.50 EUR/MWh and is owed 75.00 EUR per hour."
    ] * 2


def test_strict_prices_leave_out_a_block_bid_that_loses_over_all() -> None:
    result = cleared(*LOSING, *filled(15, 15))

    assert taken(result, "B") == [0, 0]
    assert price(result) == [40, 90]
    assert "they cost a welfare of 75.00 per hour" in result.notes[0]
    assert told(result, "B")[1] is Fate.BLOCK_REJECTED
