"""Which prices support given volumes, and which of them is published."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, clear
from gateway.clearing.example import bid, border, market_of, need
from gateway.model import Bid, Need
from gateway.results import ClearingPrice, ClearingResult
from tests.gateway.clearing.reading import accepted, prices


def only_price(result: ClearingResult) -> ClearingPrice:
    """Return the price of a result with one node."""
    (price,) = result.prices
    return price


def interval(*orders: Bid | Need) -> tuple[Decimal, Decimal, Decimal]:
    """Return lowest, published and highest price of a market of one area."""
    price = only_price(clear(market_of(*orders)))
    return price.lowest, price.price, price.highest


U20, U50, D10 = bid("U20", "A", "up", 10, 20), bid("U50", "A", "up", 10, 50), bid("D10", "A", "down", 10, 10)


@pytest.mark.parametrize(
    ("needed", "lowest", "price", "highest"),
    [
        (5, 20, 20, 20),  # U20 in part: its price and no other
        (10, 20, 35, 50),  # U20 whole, U50 not at all: anything between
        (15, 50, 50, 50),
        (0, 10, 15, 20),  # nothing accepted: between the best bids of both directions
        (-5, 10, 10, 10),
    ],
)
def test_between_two_bids_every_price_is_valid_and_the_middle_is_published(
    needed: int, lowest: int, price: int, highest: int
) -> None:
    assert interval(U20, U50, D10, need("d", "A", needed)) == (
        Decimal(lowest),
        Decimal(price),
        Decimal(highest),
    )


@pytest.mark.parametrize(("dearer", "price"), [("20.01", "20.00"), ("20.03", "20.02"), ("20.05", "20.02")])
def test_the_middle_is_rounded_half_to_even(dearer: str, price: str) -> None:
    """20.005 goes to 20.00, 20.015 to 20.02, 20.025 to 20.02."""
    result = clear(market_of(U20, bid("U2", "A", "up", 10, dearer), need("d", "A", 10)))

    assert prices(result) == {"A": Decimal(price)}


def test_a_need_met_by_the_last_bid_is_no_scarcity() -> None:
    """Everything is used, nothing is missing: the dearest bid sets the price, not the cap."""
    assert interval(U20, U50, need("d", "A", 20)) == (Decimal(50), Decimal(50), Decimal(50))


def test_a_missing_kilowatt_is_scarcity() -> None:
    result = clear(market_of(U20, U50, need("d", "A", "20.001")))

    assert prices(result) == {"A": 15_000}
    assert only_price(result).set_by == ("scarcity", "d")


def test_the_cap_is_a_rule() -> None:
    result = clear(market_of(U20, need("d", "A", 15), rules=ClearingRules(price_cap=Decimal(4000))))

    assert prices(result) == {"A": 4000}
    assert result.welfare == 10 * (4000 - 20)


def test_a_bid_at_the_cap_still_comes_before_leaving_a_need_unserved() -> None:
    result = clear(market_of(bid("U", "A", "up", 10, 15_000), need("d", "A", 15)))

    assert accepted(result) == {"U": 10}


def test_an_elastic_need_can_set_the_price() -> None:
    result = clear(market_of(bid("U", "A", "up", 10, 20), need("d", "A", 15, 42)))

    assert prices(result) == {"A": 42}
    assert only_price(result).set_by == ("d",)


def test_the_price_is_set_by_the_bid_that_is_taken_in_part_wherever_it_is() -> None:
    result = clear(market_of(U20, bid("B", "B", "up", 10, 30), need("d", "A", 15), *border("B", "A", 50)))

    assert {price.set_by for price in result.prices} == {("B",)}


def test_without_a_partial_bid_both_ends_of_the_interval_set_the_price() -> None:
    (price,) = clear(market_of(U20, U50, need("d", "A", 10))).prices

    assert price.set_by == ("U20", "U50")


def test_prices_join_where_a_border_has_room_and_part_where_it_is_full() -> None:
    orders = (bid("A1", "A", "up", 50, 60), bid("B1", "B", "up", 50, 20), need("d", "A", 30))
    room = clear(market_of(*orders, *border("B", "A", 31)))
    full = clear(market_of(*orders, *border("B", "A", 29)))

    assert prices(room) == {"A": 20, "B": 20}
    assert prices(full) == {"A": 60, "B": 20}


def test_a_border_that_is_just_full_leaves_an_interval_between_its_ends() -> None:
    """30 MW fill the border exactly: A may have any price from B's 20 to A1's 60."""
    orders = (bid("A1", "A", "up", 50, 60), bid("B1", "B", "up", 50, 20), need("d", "A", 30))
    result = clear(market_of(*orders, *border("B", "A", 30)))
    (in_a,) = (price for price in result.prices if price.area.value == "A")

    assert (in_a.lowest, in_a.price, in_a.highest) == (Decimal(20), Decimal(40), Decimal(60))
    assert prices(result)["B"] == 20


def test_published_prices_of_areas_in_a_row_never_fall_along_the_flow() -> None:
    """B's interval alone would reach up to 90; a valid set of prices cannot put B above C."""
    result = clear(
        market_of(
            bid("A1", "A", "up", 50, 20),
            bid("C1", "C", "up", 50, 90),
            bid("C0", "C", "up", 10, 70),
            need("b", "B", 20),
            need("c", "C", 40),
            *border("A", "B", 50),
            *border("B", "C", 30),
        )
    )

    assert prices(result)["A"] <= prices(result)["B"] <= prices(result)["C"]
    assert accepted(result) == {"A1": 50, "C0": 10}


def test_an_accepted_indivisible_bid_does_not_lose_where_a_price_exists_that_suits_it() -> None:
    """U20 whole, U30 indivisible and whole: the divisible bids allow 20 to 50, and U30 needs at least 30."""
    indivisible = bid("U30", "A", "up", 5, 30, divisible=False)

    assert interval(U20, indivisible, U50, need("d", "A", 15)) == (Decimal(30), Decimal(40), Decimal(50))


def test_nothing_but_silence_leaves_the_price_at_zero() -> None:
    """No bid and a need of 0 MW: every price is valid."""
    price = only_price(clear(market_of(need("d", "A", 0))))

    assert (price.lowest, price.price, price.highest) == (Decimal(-15_000), Decimal(0), Decimal(15_000))
