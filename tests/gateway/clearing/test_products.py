"""Several products over borders with losses: scarcity of one of them, decisions on directions, and no solver's slip.

Each border with losses has a yes-or-no decision for each direction and product. Where required needs cannot all be
served, the service that a first run finds is held in a second one; held too tightly, that one has called poor answers
optimal, or found none.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing import Market, certify, clear
from gateway.clearing.example import bid, border, market_of, need
from gateway.model import Bid, Capacity, Need
from gateway.results import ClearingResult
from tests.gateway.clearing.reading import accepted, served

AREAS = "ABCD"
UP, DOWN = [10, 20, 20, 30, 35, 45, 60, 90], [-10, 0, 15, 15, 25, 30, 40, 55]


def drawn(seed: int) -> Market:
    """Return a market of two or three products in four areas, most of them joined by borders with losses."""
    draw = Random(seed)
    products = ("energy", "reserve", "third")[: draw.randint(2, 3)]
    things: list[Bid | Need | Capacity] = []
    for at in range(draw.randint(4, 20)):
        up = draw.random() < 0.5
        place, mw, price = draw.choice(AREAS), draw.randint(4, 30), draw.choice(UP if up else DOWN)
        things.append(bid(f"b{at}", place, "up" if up else "down", mw, price, product=draw.choice(products)))
    for place in AREAS:
        things += [
            need(f"n{place}{product}", place, draw.randint(-30, 50), product=product)
            for product in products
            if draw.random() < 0.5
        ]
    for at in range(draw.randint(0, 2)):
        mw = draw.choice([-1, 1]) * draw.randint(1, 20)
        things.append(need(f"e{at}", draw.choice(AREAS), mw, draw.randint(10, 60), product=draw.choice(products)))
    for start, end in combinations(AREAS, 2):
        if draw.random() < 0.7:
            loss = draw.choice(["0.02", "0.1", "0.1"])
            things += border(start, end, draw.randint(0, 30), draw.randint(0, 30), loss=loss)
    return market_of(*things)


def by_product(result: ClearingResult, product: str) -> dict[str, Decimal]:
    """Return every flow of a product that is not nothing."""
    return {
        f"{flow.from_area.value}->{flow.to_area.value}": flow.quantity_mw
        for flow in result.flows
        if flow.product == product and flow.quantity_mw
    }


@pytest.mark.parametrize("seed", [359, 643, 763, 862])
def test_a_market_that_the_solver_once_got_wrong_has_an_answer_that_proves_itself(seed: int) -> None:
    market = drawn(seed)

    assert certify(market, clear(market)) == ()


@given(st.integers(0, 2**32))
def test_several_products_over_borders_with_losses_have_an_answer_that_proves_itself(seed: int) -> None:
    market = drawn(seed)

    assert certify(market, clear(market)) == ()


RESERVE = {"product": "reserve"}
SCARCE: tuple[Bid | Need | Capacity, ...] = (
    bid("A1", "A", "up", 26, 90),
    bid("C1", "C", "up", 25, 10),
    need("eA", "A", 20),
    bid("B1", "B", "down", 30, 15, **RESERVE),
    bid("C2", "C", "down", 24, 40, **RESERVE),
    need("rA", "A", -30, **RESERVE),
    *border("A", "B", 24, 12, "0.1"),
    *border("A", "D", 2, 10, "0.1"),
    *border("C", "D", 20, 12, "0.1"),
)


def test_energy_comes_in_over_a_border_on_which_a_scarce_reserve_goes_out() -> None:
    """A can send 1.05 (24 + 2) = 27.3 of the 30 MW of the reserve. Energy meets it on D-A, which is one way only for each.

    10 MW from D are 9.5 in A and take 10.5 in D; those take 10.5 / 0.95 = 11.053 from C, where 1.05 as much is made.
    """
    market = market_of(*SCARCE)
    result = clear(market)

    assert served(result) == {"eA": 20, "rA": Decimal("27.3")}
    assert by_product(result, "energy") == {"C->D": Decimal("11.053"), "D->A": 10}
    assert by_product(result, "reserve") == {"A->B": 24, "A->D": 2, "D->C": Decimal("1.81")}
    assert accepted(result)["A1"] == Decimal("10.5")
    assert accepted(result)["C1"] == Decimal("11.605")
    assert certify(market, result) == ()


def test_a_product_cannot_use_a_border_with_losses_both_ways() -> None:
    """Both areas would burn energy at −50 and −40; only sending it back and forth could lose it."""
    result = clear(
        market_of(
            bid("A1", "A", "up", 10, -50),
            bid("B1", "B", "up", 10, -40),
            need("r", "A", 5, **RESERVE),
            bid("R", "A", "up", 5, 7, **RESERVE),
            *border("A", "B", 20, 20, loss="0.1"),
        )
    )

    assert accepted(result) == {"R": 5}
    assert by_product(result, "energy") == {}
    assert by_product(result, "reserve") == {}
