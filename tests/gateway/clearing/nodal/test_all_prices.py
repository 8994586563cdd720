"""Limits that are full by chance: they part no prices, and are told only where all valid prices are asked for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings

from gateway.clearing.nodal.certificate import certify_nodal
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult, feeder_alone
from gateway.network.model import Thermal
from tests.gateway.clearing.nodal.hand import hand_market
from tests.gateway.clearing.nodal.systems import market_of_two_feeders, systems

FULL_BY_CHANCE = hand_market("e1", "g1", "g2", "m1", injections_mw={"S": Decimal(-30)}, injections_mvar={})
"""30 MW from N to S load NS with 20 MW exactly."""


def interval(result: NodalResult, bus: str) -> list[Decimal]:
    return [result.prices[bus].lowest, result.prices[bus].price, result.prices[bus].highest]


def test_a_line_that_is_full_by_chance_is_told_where_all_prices_are_asked_for() -> None:
    plain, every = clear_nodal(FULL_BY_CHANCE), clear_nodal(FULL_BY_CHANCE, all_prices=True)

    assert plain.bindings == ()
    assert [(each.place, each.value, each.excess) for each in every.bindings] == [("NS", Decimal(20), Decimal(0))]
    # At N the price is that of n1, 20; at S anything up to what s1 asks for will do, 70.
    assert interval(plain, "S") == [20, 20, 20]
    assert interval(every, "S") == [20, 45, 70]
    assert interval(every, "N") == [20, 20, 20]


def test_a_feeder_at_the_corner_of_its_curve_has_every_price_between_its_slopes(reference_data: Path) -> None:
    alone = feeder_alone(market_of_two_feeders(reference_data), "F1")
    at_schedule = replace(alone, injections_mw={**alone.injections_mw, "T2": Decimal(0)})

    assert interval(clear_nodal(at_schedule, all_prices=True), "T2") == [-8, -3, 2]
    assert interval(clear_nodal(at_schedule), "T2") == [-8, -8, -8]


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(systems(Thermal.SEPARATE))
def test_volumes_stay_and_prices_stay_valid(market: NodalMarket) -> None:
    plain, every = clear_nodal(market), clear_nodal(market, all_prices=True)

    assert every.accepted_mw == plain.accepted_mw
    assert certify_nodal(market, every) == ()
    assert {each.place for each in plain.bindings} <= {each.place for each in every.bindings}
