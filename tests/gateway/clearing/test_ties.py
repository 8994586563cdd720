"""Who goes first among equals."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from gateway.clearing import clear
from gateway.clearing.example import bid, border, limit, market_of, need
from gateway.clearing.offers import proportional
from gateway.model import Bid, Capacity, Need
from gateway.results import Fate
from tests.gateway.clearing.reading import accepted, fates, flows, served


def test_equal_prices_share_pro_rata() -> None:
    offers = [bid("U1", "A", "up", 10, 20), bid("U2", "A", "up", 30, 20)]
    result = clear(market_of(*offers, need("d", "A", 20)))

    assert accepted(result) == {"U1": 5, "U2": 15}
    assert set(fates(result).values()) == {Fate.PARTLY_ACCEPTED}


def test_what_rounding_leaves_goes_to_the_largest_remainder_then_to_the_lower_id() -> None:
    offers = [bid(name, "A", "up", 10, 20) for name in ("U3", "U1", "U2")]
    result = clear(market_of(*offers, need("d", "A", "0.002")))

    assert accepted(result) == {"U1": Decimal("0.001"), "U2": Decimal("0.001")}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_bids_means_nothing(order: tuple[int, ...]) -> None:
    offers = [bid(f"U{at}", "A", "up", mw, 20) for at, mw in enumerate((7, 11, 13))]
    shuffled = clear(market_of(*(offers[at] for at in order), need("d", "A", 10)))

    assert shuffled == clear(market_of(*offers, need("d", "A", 10)))
    assert sum(accepted(shuffled).values()) == 10


def test_down_bids_share_as_well() -> None:
    offers = [bid("D1", "A", "down", 10, 20), bid("D2", "A", "down", 30, 20)]

    assert accepted(clear(market_of(*offers, need("d", "A", -20)))) == {"D1": 5, "D2": 15}


def test_a_cheaper_bid_does_not_share() -> None:
    offers = [bid("U0", "A", "up", 10, 19), bid("U1", "A", "up", 10, 20), bid("U2", "A", "up", 10, 20)]

    assert accepted(clear(market_of(*offers, need("d", "A", 20)))) == {"U0": 10, "U1": 5, "U2": 5}


def test_needs_of_one_limit_price_share_as_well() -> None:
    asked = [need("d1", "A", 10, 50), need("d2", "A", 30, 50)]

    assert served(clear(market_of(bid("U1", "A", "up", 20, 20), *asked))) == {"d1": 5, "d2": 15}


def test_required_needs_share_scarcity() -> None:
    asked = [need("d1", "A", 10), need("d2", "A", 30)]

    assert served(clear(market_of(bid("U1", "A", "up", 20, 20), *asked))) == {"d1": 5, "d2": 15}


def test_an_insisted_need_does_not_share_with_a_welcome_one() -> None:
    asked = [need("d1", "A", 10), need("d2", "A", 10, required=False)]

    assert served(clear(market_of(bid("U1", "A", "up", 10, 20), *asked))) == {"d1": 10, "d2": 0}


def test_of_indivisible_bids_that_are_alike_the_lower_id_is_taken() -> None:
    offers = [bid(name, "A", "up", 10, 20, divisible=False) for name in ("U2", "U3", "U1")]
    result = clear(market_of(*offers, need("d", "A", 10)))

    assert accepted(result) == {"U1": 10}
    assert {fates(result)[name] for name in ("U2", "U3")} == {Fate.AT_THE_MARGIN}


def test_bids_in_a_grid_limit_do_not_share() -> None:
    """U1 may give 4 MW only; sharing 5 and 5 would break the limit."""
    offers = [bid(name, "A", "up", 10, 20) for name in ("U1", "U2")]
    result = clear(market_of(*offers, need("d", "A", 10), limit("cable", 4, U1=1)))

    assert accepted(result)["U1"] <= 4
    assert sum(accepted(result).values()) == 10


def test_equal_prices_in_two_areas_repeat_however_the_market_is_listed() -> None:
    things: tuple[Bid | Need | Capacity, ...] = (
        bid("A1", "A", "up", 10, 20),
        bid("B1", "B", "up", 10, 20),
        need("d", "A", 10),
        *border("A", "B", 50, 50),
    )
    result = clear(market_of(*things))

    assert sum(accepted(result).values()) == 10
    assert flows(result).get("B->A", 0) == accepted(result).get("B1", 0)
    assert clear(market_of(*reversed(things))) == result


def test_a_barred_bid_does_not_come_back_in_the_place_of_its_twin() -> None:
    """Both indivisible twins lose at the price that U1 sets; strict prices must do without either."""
    twins = [bid(name, "A", "up", 40, 30, divisible=False) for name in ("T1", "T2")]
    result = clear(market_of(bid("U1", "A", "up", 30, 20), bid("U3", "A", "up", 30, 50), need("d", "A", 50), *twins))

    assert accepted(result) == {"U1": 30, "U3": 20}
    assert {fates(result)[name] for name in ("T1", "T2")} == {Fate.PARADOXICALLY_REJECTED}


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (0, (3, 4), (0, 0)),
        (7, (3, 4), (3, 4)),
        (1, (1, 1), (1, 0)),
        (10, (1, 1, 1), (4, 3, 3)),
        (5, (1, 2, 4), (1, 1, 3)),
        (10**12, (10**9, 10**9 + 1), (499_999_999_750, 500_000_000_250)),
    ],
)
def test_whole_parts_in_proportion(total: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert proportional(total, weights) == parts
    assert sum(parts) == total
