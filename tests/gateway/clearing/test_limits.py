"""Grid limits: what they forbid, what they cost, and what an award under one is settled at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import certify, clear
from gateway.clearing.example import QUARTERS, bid, limit, market_of, need
from gateway.identifiers import PartyId
from gateway.model import Limit
from gateway.results import Fate, ShadowPrice
from tests.gateway.clearing.reading import accepted, award, fates, prices

OPERATOR = PartyId("operator", "example")
U1, U2, ASKED = bid("U1", "A", "up", 40, 20), bid("U2", "A", "up", 40, 50), need("d", "A", 30)


def grid(name: str, headroom_mw: float | str, **coefficients: float) -> Limit:
    """Return a limit of the grid operator, who is nobody's provider."""
    return replace(limit(name, headroom_mw, **coefficients), sender=OPERATOR)


def test_a_limit_holds_a_bid_back_and_says_so() -> None:
    market = market_of(U1, U2, ASKED, grid("cable", 12, U1=1))
    result = clear(market)

    assert accepted(result) == {"U1": 12, "U2": 18}
    assert prices(result) == {"A": 50}
    assert fates(result)["U1"] is Fate.LIMITED
    assert "cable (shadow price 30.00 EUR/MWh)" in award(result, "U1").reason
    assert result.shadow_prices == (
        ShadowPrice(
            limit_id="cable", interval=QUARTERS[0], used_mw=Decimal(12), headroom_mw=Decimal(12), price=Decimal(30)
        ),
    )
    assert certify(market, result) == ()


def test_an_award_behind_a_limit_is_settled_at_the_price_behind_it() -> None:
    """50 in the area less 30 for the cable: the rent of the cable is not U1's."""
    result = clear(market_of(U1, U2, ASKED, grid("cable", 12, U1=1)))

    assert award(result, "U1").price == 20
    assert award(result, "U2").price == 50


def test_a_providers_own_limit_leaves_it_the_price_of_the_area() -> None:
    result = clear(market_of(U1, U2, ASKED, limit("unit", 12, U1=1)))

    assert accepted(result) == {"U1": 12, "U2": 18}
    assert award(result, "U1").price == 50


def test_a_limit_with_room_costs_nothing() -> None:
    result = clear(market_of(U1, U2, ASKED, grid("cable", 31, U1=1)))

    assert accepted(result) == {"U1": 30}
    assert [shadow.price for shadow in result.shadow_prices] == [0]
    assert [shadow.used_mw for shadow in result.shadow_prices] == [30]


@pytest.mark.parametrize("headroom", [0, -5, "-0.001"])
def test_a_limit_that_is_already_violated_is_not_made_worse(headroom: float | str) -> None:
    result = clear(market_of(U1, U2, ASKED, grid("cable", headroom, U1=1)))

    assert accepted(result) == {"U2": 30}
    assert result.shadow_prices[0].headroom_mw == 0
    assert fates(result)["U1"] is Fate.LIMITED


def test_coefficients_weigh_the_bids() -> None:
    """A MW of U1 loads the cable with 0.4 MW: 12 MW of cable let 30 MW through."""
    result = clear(market_of(U1, U2, need("d", "A", 35), grid("cable", 12, U1=0.4)))

    assert accepted(result) == {"U1": 30, "U2": 5}
    assert result.shadow_prices[0].price == 75
    assert award(result, "U1").price == 20


def test_relief_that_costs_more_than_it_frees_is_not_used() -> None:
    """D1 wants 5 to reduce behind the cable. A MW of it lets one more of U1 through and must be replaced: 30 − 50 − 5."""
    market = market_of(U1, U2, bid("D1", "A", "down", 10, -5), ASKED, grid("cable", 12, U1=1, D1=-1))

    assert accepted(clear(market)) == {"U1": 12, "U2": 18}


def test_relief_that_pays_is_used() -> None:
    """D1 would pay 45 to reduce and frees 1 MW of cable: replacing it costs 50, and U1 saves 30. Gain 45 − 20 = 25."""
    market = market_of(U1, U2, bid("D1", "A", "down", 10, 45), ASKED, grid("cable", 12, U1=1, D1=-1))
    result = clear(market)

    assert accepted(result) == {"U1": 22, "U2": 18, "D1": 10}
    assert award(result, "D1").price == 20
    assert certify(market, result) == ()


def test_a_limit_counts_the_members_of_an_inclusive_group_by_their_shares() -> None:
    """Of the group's 20 MW a quarter is behind the cable: 2 MW of cable let 8 MW of the group through."""
    members = [bid("G1", "A", "up", 5, 20, inclusive="g"), bid("G2", "A", "up", 15, 20, inclusive="g")]
    result = clear(market_of(*members, U2, ASKED, grid("cable", 2, G1=1)))

    assert accepted(result) == {"G1": 2, "G2": 6, "U2": 22}


def test_a_limit_of_another_interval_does_not_count() -> None:
    later = replace(grid("cable", 12, U1=1), interval=QUARTERS[1])

    assert accepted(clear(market_of(U1, U2, ASKED, later))) == {"U1": 30}


def test_a_limit_over_bids_that_are_not_there_does_not_count() -> None:
    result = clear(market_of(U1, U2, ASKED, grid("cable", 0, unknown=1)))

    assert accepted(result) == {"U1": 30}
    assert result.shadow_prices == ()


def test_several_limits_on_one_bid_add_up() -> None:
    """Only one of two equal limits need bind; together they move U1's price to its own."""
    market = market_of(U1, U2, ASKED, grid("cable", 12, U1=1), grid("transformer", 12, U1=1))
    result = clear(market)

    assert accepted(result) == {"U1": 12, "U2": 18}
    assert sum(shadow.price for shadow in result.shadow_prices) == 30
    assert award(result, "U1").price == 20


def test_an_indivisible_bid_that_does_not_fit_a_limit_is_left_out() -> None:
    block = replace(U1, divisible=False)
    result = clear(market_of(block, U2, need("d", "A", 40), grid("cable", 39, U1=1)))

    assert accepted(result) == {"U2": 40}


def test_scarcity_behind_a_limit_reaches_the_cap() -> None:
    market = market_of(U1, ASKED, grid("cable", 12, U1=1))
    result = clear(market)

    assert accepted(result) == {"U1": 12}
    assert prices(result) == {"A": 15_000}
    assert award(result, "U1").price == 20
    assert certify(market, result) == ()
