"""Prices of buses from duals, by hand; the interval they lie in; and what is published where there is no interval."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.arrays import GridRow, NodalProblem
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalPrice, Quantity
from gateway.clearing.nodal.prices import Duals, Pricing, told
from tests.gateway.clearing.nodal.hand import hand_market

FLOW, POWER, VOLTAGE = Quantity.FLOW, Quantity.POWER, Quantity.VOLTAGE
RIGHT = np.array([3.5, 0, 0, 10, 20.25, 15.25])
"""What is accepted of e1, g1, g2, m1, n1, s1."""


def pricing(
    *rows: GridRow, accepted: np.ndarray = RIGHT, market: NodalMarket | None = None, duals: Duals | None = None
) -> Pricing:
    """Return the prices of the hand-made market at some volumes, with rows of the program."""
    problem = NodalProblem(market or hand_market())
    return Pricing(problem, rows, accepted, np.zeros(3), duals or Duals(0.0, np.zeros(len(rows))))


@pytest.mark.parametrize(
    ("row", "dual", "top", "active", "reactive"),
    [
        (GridRow(FLOW, 0), -75, [20, 70, 45], [45, 45, 45], [0, 0, 0]),
        (GridRow(FLOW, 1), -30, [60, 70, 80], [80, 80, 80], [0, 0, 0]),
        (GridRow(POWER, 1, 0), -8, [70, 70, 70], [70, 62, 62], [0, 0, 0]),
        (GridRow(POWER, 1, 1), -8, [70, 70, 70], [70, 70, 70], [0, -8, -8]),
        (GridRow(POWER, 1, 2), -8, [70, 70, 70], [70, 78, 78], [0, 0, 0]),
        (GridRow(POWER, 2, 0), -8, [70, 70, 70], [70, 70, 62], [0, 0, 0]),
        (GridRow(VOLTAGE, 1), -10, [70, 70, 70], [70, 65, 65], [0, -10, -10]),
        (GridRow(VOLTAGE, 2), -10, [70, 70, 70], [70, 65, 60], [0, -10, -10]),
        (GridRow(VOLTAGE, 2), 10, [70, 70, 70], [70, 75, 80], [0, 10, 10]),
    ],
    ids=["NS", "NM", "P of RE", "Q of RE", "P of RE down", "P of EG", "w of E", "w of G", "w of G too low"],
)
def test_what_the_dual_of_a_row_does_to_the_price_of_every_bus(
    row: GridRow, dual: float, top: list[float], active: list[float], reactive: list[float]
) -> None:
    """The balance has 70. A line moves buses by its factors (2/3 and 1/3), a section all below it.

    A voltage moves by what its bus shares: 25 · 0.02 for a MW in R-E, the same again in E-G, 25 · 0.04 for a Mvar.
    """
    found = pricing(row).of_buses(Duals(70.0, np.array([float(dual)])))

    assert found.top == pytest.approx(top)
    assert found.active == pytest.approx(active)
    assert found.reactive == pytest.approx(reactive)


def test_several_duals_add_up() -> None:
    rows = GridRow(FLOW, 0), GridRow(VOLTAGE, 1), GridRow(POWER, 1, 0)
    found = pricing(*rows).of_buses(Duals(70.0, np.array([-75.0, -15.0, 0.0])))

    assert found.top == pytest.approx([20, 70, 45])
    assert found.active == pytest.approx([45, 37.5, 37.5])
    assert found.reactive == pytest.approx([0, -15, -15])


def test_published_prices_need_no_duals_of_the_solver() -> None:
    """Only which rows are reached counts; their duals are found again, and here there is one answer."""
    published = pricing(GridRow(FLOW, 0), GridRow(VOLTAGE, 1)).published()

    assert {bus: price.price for bus, price in published.buses.items()} == {
        "N": 20,
        "S": 70,
        "M": 45,
        "R": 45,
        "E": Decimal("37.5"),
        "G": Decimal("37.5"),
    }
    assert {each.place: each.shadow_price for each in published.bindings} == {"NS": 75, "E": 375}
    assert all(each.upper for each in published.bindings)


def test_a_row_that_is_not_reached_has_no_price() -> None:
    published = pricing(GridRow(FLOW, 0), GridRow(VOLTAGE, 1), GridRow(VOLTAGE, 2), GridRow(POWER, 1, 0)).published()

    assert [each.place for each in published.bindings] == ["NS", "E"]


def test_volumes_that_no_price_supports_keep_the_duals_of_the_program() -> None:
    """n1 at 20 and s1 at 70 are both in part, and nothing is told to be full between them."""
    published = pricing(duals=Duals(33.0, np.zeros(0))).published()

    assert {(price.lowest, price.price, price.highest) for price in published.buses.values()} == {
        (Decimal(33), Decimal(33), Decimal(33))
    }


@pytest.mark.parametrize(
    ("accepted", "lowest", "price", "highest"),
    [
        ([20, 10], 40, 40, 40),
        ([20, 0], 30, 35, 40),
        ([0, 0], -15_000, -7_485, 30),
        ([20, 30], 40, 7_520, 15_000),
        ([12, 0], 30, 30, 30),
    ],
    ids=["in part", "between two", "nothing", "everything", "the first in part"],
)
def test_the_price_lies_in_the_middle_of_what_the_bids_allow(
    accepted: list[float], lowest: int, price: int, highest: int
) -> None:
    """Two up bids at S, 20 MW at 30 and 30 MW at 40; the price cap bounds the rest."""
    offers = [bid("a", "S", "up", 20, 30), bid("b", "S", "up", 30, 40)]
    market = hand_market(
        *("e1", "g1", "g2", "m1", "n1", "s1"), bids=tuple(offers), buses={"a": "S", "b": "S"}, feeder_limits=False
    )
    published = pricing(accepted=np.array(accepted, dtype=float), market=market).published()

    assert published.buses["S"] == NodalPrice(price=Decimal(price), lowest=Decimal(lowest), highest=Decimal(highest))


def test_the_interval_of_a_bus_behind_a_full_line() -> None:
    """s1 is full with 60 MW and n1 fills NS with 30: S may have any price from 70 to the cap, M lies half way to N."""
    market = hand_market("e1", "g1", "g2", "m1", injections_mw={"S": Decimal(-90)}, injections_mvar={})
    result = clear_nodal(market)

    assert result.accepted_mw == {"n1": 30, "s1": 60}
    told_at = {bus: [price.lowest, price.price, price.highest] for bus, price in result.prices.items()}
    assert told_at["N"] == [20, 20, 20]
    assert told_at["S"] == [70, 7535, 15_000]
    assert told_at["M"] == [45, Decimal("3777.5"), 7510]


def test_a_line_that_is_full_by_chance_parts_no_prices() -> None:
    """30 MW from N to S load NS with 20 MW exactly; nothing had to be held back, and one price serves all."""
    market = hand_market("e1", "g1", "g2", "m1", injections_mw={"S": Decimal(-30)}, injections_mvar={})
    result = clear_nodal(market)

    assert result.accepted_mw == {"n1": 30, "s1": 0}
    assert result.bindings == ()
    assert {price.price for price in result.prices.values()} == {20}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.300000"), (1e-7, "0.000000"), (-1e-9, "0.000000"), (2.5e-6, "0.000002"), (-3.0000004, "-3.000000")],
)
def test_what_is_told_has_six_decimals_and_no_minus_before_nothing(value: float, text: str) -> None:
    assert str(told(value)) == text


def test_prices_are_cut_at_the_cap() -> None:
    """Without s1 what is missing at S is worth the cap of 60; n1, half as far along the full line, sees 20."""
    market = replace(hand_market("s1"), price_cap=Decimal(60))
    result = clear_nodal(market)

    assert result.prices["S"].price == 60
    assert all(abs(price.price) <= 60 for price in result.prices.values())
    assert result.missing_mw == {"S": 15}
