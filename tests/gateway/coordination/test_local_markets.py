"""The market of one feeder alone: its need and no more, an export that is given, an award shared out, and what goes up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from gateway.clearing.example import bid
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalPrice
from gateway.coordination.example import SMALL
from gateway.coordination.hand_up import hand_up
from gateway.coordination.local import at_export, disaggregated, for_its_need, need_price
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.coordination.violations import violations
from gateway.model import ZERO
from tests.gateway.clearing.nodal.systems import accepted, systems

F1, F2 = SMALL.feeders
PLAIN = Switches()


def worth(price: float, *, floored: bool = True) -> Switches:
    return Switches(reference_prices={"F1": Decimal(str(price))}, floored=floored)


# ---- for its own need


@pytest.mark.parametrize(
    ("direction", "price", "worth_of_exchange", "cost"),
    [
        ("up", 60, 0, "60"),
        ("up", 60, 50, "10"),
        ("up", 40, 50, "0.001"),
        ("up", -5, 0, "0.001"),
        ("down", -8, 0, "8"),
        ("down", -8, 50, "58"),
        ("down", 20, 0, "0.001"),
        ("down", 70, 50, "0.001"),
        ("down", 30, 50, "20"),
    ],
)
def test_what_a_bid_costs_where_only_need_counts(
    direction: str, price: float, worth_of_exchange: float, cost: str
) -> None:
    offered = bid("b", "A", direction, 1, price)
    told = need_price(offered, Decimal(worth_of_exchange), floored=True)
    assert offered.direction.sign * told == Decimal(cost)


@pytest.mark.parametrize(
    ("switches", "taken", "root", "d2"),
    [
        (PLAIN, {"E3": 2}, 0, -16),
        (worth(50), {"E4": 1}, 50, -18),
        (worth(-5), {"E3": 2}, -5, -11),
    ],
    ids=["exchange free", "exchange worth 50", "exchange worth -5"],
)
def test_the_need_of_a_feeder_and_what_its_buses_are_worth(
    switches: Switches, taken: dict[str, int], root: int, d2: int
) -> None:
    found = for_its_need(SMALL, F1, switches)
    assert accepted(found.accepted_mw) == taken
    assert [found.prices["D0"].price, found.prices["D2"].price] == [root, d2]
    assert found.export_mw == 2 - sum(taken.values())


def test_a_feeder_without_a_need_buys_nothing_whatever_is_cheap() -> None:
    assert accepted(for_its_need(SMALL, F2, PLAIN).accepted_mw) == {}
    calm = replace(SMALL, market=replace(SMALL.market, injections_mw={}))
    assert accepted(for_its_need(calm, F1, worth(80)).accepted_mw) == {}


def test_without_the_floor_it_trades_with_everything_that_pays() -> None:
    calm = replace(SMALL, market=replace(SMALL.market, injections_mw={}))
    # Worth 45, E1 (30) and E2 (20) pay, as far as w(D2) = 1 + 0.02 E1 + 0.04 E2 carries them: 15 per 0.02, 25 per 0.04.
    assert accepted(for_its_need(calm, F1, worth(45, floored=False)).accepted_mw) == {"E1": 5}
    # At 0 nothing of the feeder pays; at -30 all that is offered down does, within the limits below.
    assert accepted(for_its_need(calm, F1, worth(0, floored=False)).accepted_mw) == {}


@settings(max_examples=max(2, settings().max_examples // 2))  # dear to try
@given(systems(feeders=1))
def test_where_no_limit_is_broken_nothing_is_bought(market: NodalMarket) -> None:
    system = CoordinatedSystem(market=market)
    (feeder,) = system.feeders
    found = for_its_need(system, feeder, PLAIN)
    if not [each for each in violations(market, {}) if each.feeder]:
        assert not any(found.accepted_mw.values())
    alone = violations(market, found.accepted_mw)
    excess = any(each.excess for each in found.result.bindings)
    assert excess or not [each for each in alone if each.feeder]


# ---- at an export


@pytest.mark.parametrize(
    ("export_mw", "cost", "taken"),
    [
        (0, 16, {"E3": 2}),
        (1, 18, {"E4": 1}),
        (3, 174, {"E4": 3, "E1": 4}),
        (-2, 32, {"E3": 4}),
    ],
    ids=str,
)
def test_the_cheapest_way_to_an_export(export_mw: int, cost: int, taken: dict[str, int]) -> None:
    found = at_export(SMALL, F1, Decimal(export_mw))
    assert found.result.cost == cost
    assert accepted(found.accepted_mw) == taken
    assert (found.export_mw, found.deviation_mw) == (Decimal(export_mw), ZERO)


@pytest.mark.parametrize(
    ("asked", "reached", "price"), [(9, 3, 78), (-9, Decimal("-4.875"), -18)], ids=["too much", "too little"]
)
def test_beyond_what_a_feeder_can_do_it_deviates_and_is_priced_by_its_last_bid(
    asked: int, reached: Decimal, price: int
) -> None:
    found = at_export(SMALL, F1, Decimal(asked))
    assert found.export_mw == reached
    assert found.deviation_mw == reached - asked
    assert found.prices["D0"].price == price


def test_what_is_committed_stays_in() -> None:
    found = at_export(SMALL, F1, Decimal(1), {"E3": Decimal(2)})
    assert found.accepted_mw["E3"] >= 2
    assert found.result.cost > 18


# ---- an award shared out


def test_an_award_is_priced_from_the_interface_down() -> None:
    price = NodalPrice(price=Decimal(50), lowest=Decimal(50), highest=Decimal(50))
    found = disaggregated(SMALL, F1, Decimal(1), price, {})
    assert accepted(found.accepted_mw) == {"E4": 1}
    assert {bus: found.prices[bus].price for bus in ("D0", "D1", "D2")} == {"D0": 50, "D1": 16, "D2": -18}


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(systems(feeders=1))
def test_the_export_and_the_prices_of_one_market_give_its_volumes_cost_again(market: NodalMarket) -> None:
    one = clear_nodal(market)
    if one.missing_mw or any(each.excess for each in one.bindings):
        return
    system = CoordinatedSystem(market=market)
    (feeder,) = system.feeders
    export = system.export_mw(feeder, one.accepted_mw)
    found = disaggregated(system, feeder, export, one.prices[feeder.interface], {})

    inside = system.inside(feeder)
    assert float(sum(b.direction.sign * (b.price or 0) * found.accepted_mw[b.id] for b in inside)) == pytest.approx(
        float(sum(b.direction.sign * (b.price or 0) * one.accepted_mw[b.id] for b in inside)), abs=1e-3
    )
    assert found.prices[feeder.root].price == one.prices[feeder.interface].price


# ---- what goes up


def test_the_offer_of_a_feeder_starts_from_its_cheapest_export_not_from_the_forecast() -> None:
    handed_up = hand_up(SMALL, F1, PLAIN, {})
    assert [handed_up.offer.export_mw, handed_up.offer.cost] == [0, 16]
    assert SMALL.export_mw(F1, {}) == 2


def test_what_is_committed_shapes_the_offer() -> None:
    curve = hand_up(SMALL, F1, PLAIN, {"E3": Decimal(2)}).curve
    assert curve is not None
    assert [float(export) for export, _ in curve.points] == [-4.875, -2, 0, 2.5, 3]
    assert [float(cost) for _, cost in curve.points] == [83.75, 32, 16, 211, 280]


def test_a_market_of_whole_megawatts_gets_whole_megawatts_and_is_told_what_is_lost() -> None:
    offer = hand_up(SMALL, F1, Switches(step_mw=Decimal(1)), {}).offer
    assert [each.quantity_mw for each in offer.bids] == [2, 2, 1, 2]
    assert offer.lost_mw == Decimal("0.875")


def test_the_bids_of_an_offer_are_named_after_their_feeder_and_carry_no_condition() -> None:
    offer = hand_up(SMALL, F2, PLAIN, {}).offer
    (up,) = offer.bids
    assert (up.id, up.quantity_mw, up.price) == ("F2-up-1", Decimal(6), Decimal(90))
    assert (up.divisible, up.group, up.interval) == (True, None, SMALL.market.bids[0].interval)
