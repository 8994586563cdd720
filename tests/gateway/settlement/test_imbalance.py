"""Imbalance prices: what follows from the energy that was activated, and what where nothing was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import Direction
from gateway.results import Award
from gateway.settlement.imbalance import ImbalancePrice, derived_prices
from gateway.settlement.orders import ordered
from tests.gateway.settlement.values import DOWN, LOADS, PLANT, UP, D, award, result
from tests.market_values import EAST, WEST, quarter


def prices(*awards: Award) -> tuple[ImbalancePrice, ...]:
    cleared = result(*awards)
    return derived_prices(cleared, ordered(cleared, [])[0])


def up(mw: int, price: int) -> Award:
    return award(mw=mw, price=price)


def down(mw: int, price: int) -> Award:
    return award(LOADS, mw, price, DOWN)


@pytest.mark.parametrize(
    ("awards", "shortage", "surplus"),
    [
        ((up(5, 40), up(5, 70)), 70, 70),
        ((down(5, 20), down(5, -10)), -10, -10),
        ((up(5, 60), down(5, 20)), 60, 20),
        ((up(0, 60), up(0, 90), down(0, 20), down(0, 30)), 45, 45),
    ],
    ids=["up", "down", "both", "nothing"],
)
def test_the_price_follows_from_what_was_activated(awards: tuple[Award, ...], shortage: int, surplus: int) -> None:
    (found,) = prices(*awards)
    assert (found.area, found.interval) == (WEST, quarter())
    assert (found.shortage, found.surplus) == (D(shortage), D(surplus))


def test_each_area_and_interval_has_its_own() -> None:
    later = replace(up(5, 80), interval=quarter(1))
    found = prices(up(5, 40), later, replace(up(5, 30), area=EAST))
    assert {(price.area, price.interval): price.shortage for price in found} == {
        (WEST, quarter()): 40,
        (WEST, quarter(1)): 80,
        (EAST, quarter()): 30,
    }


def test_bids_in_one_direction_alone_value_no_avoided_activation() -> None:
    assert prices(up(0, 60)) == ()
    assert prices() == ()
    assert prices(replace(up(0, 60), bid_price=None), down(0, 20)) == ()


@pytest.mark.parametrize(("imbalance", "price"), [("-0.1", 60), ("0.1", 20), ("0", 20)])
def test_a_shortage_pays_one_price_and_a_surplus_receives_the_other(imbalance: str, price: int) -> None:
    both = ImbalancePrice(area=PLANT_AREA, interval=quarter(), shortage=D(60), surplus=D(20))
    assert both.of(D(imbalance)) == price


PLANT_AREA = award(PLANT).area


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(-100, 100), st.sampled_from([UP, DOWN])), min_size=1, max_size=8)
)
def test_the_order_of_the_bids_does_not_matter(drawn: list[tuple[int, int, Direction]]) -> None:
    awards = [award(mw=mw, price=price, direction=way) for mw, price, way in drawn]
    assert prices(*awards) == prices(*reversed(awards))
