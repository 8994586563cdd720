"""What holds under every scheme: balance, money and volumes add up, order of input is no matter, scarcity is a result."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from gateway.clearing.example import bid
from gateway.coordination.example import SMALL
from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.model import ZERO, Direction
from gateway.schemes import named, names
from tests.gateway.coordination.random_systems import system

WATT = Decimal("0.00002")
SYSTEMS = {"small": SMALL, **{str(number): system(number) for number in (3,)}}
EVERY = [(name, which) for name in names() for which in SYSTEMS]


@cache
def outcome(name: str, which: str) -> Outcome:
    return run(named(name), SYSTEMS[which])


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_injections_activations_and_what_is_missing_sum_to_zero(name: str, which: str) -> None:
    found, given = outcome(name, which), SYSTEMS[which]
    every = (*given.market.bids, *given.trades)
    moved = sum((each.direction.sign * found.accepted_mw[each.id] for each in every), ZERO)
    at_rest = sum(given.market.injections_mw.values(), ZERO)
    assert abs(at_rest + moved + sum(found.missing_mw.values(), ZERO)) <= WATT


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_what_a_feeder_exports_is_what_is_injected_into_it(name: str, which: str) -> None:
    found, given = outcome(name, which), SYSTEMS[which]
    for feeder in given.feeders:
        assert abs(found.exports_mw[feeder.id] - given.export_mw(feeder, found.accepted_mw)) <= WATT


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_every_accepted_megawatt_has_a_buyer_and_nothing_is_bought_twice(name: str, which: str) -> None:
    found = outcome(name, which)
    bought: dict[str, Decimal] = defaultdict(Decimal)
    for each in found.purchases:
        bought[each.bid_id] += each.quantity_mw
    assert dict(bought) == {bid_id: mw for bid_id, mw in found.accepted_mw.items() if mw}


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_the_costs_of_the_buyers_are_the_cost(name: str, which: str) -> None:
    found = outcome(name, which)
    assert sum(found.cost_by_buyer.values()) == found.cost


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_every_bus_has_a_price_within_its_interval(name: str, which: str) -> None:
    found, given = outcome(name, which), SYSTEMS[which]
    assert set(found.prices) == set(given.market.network.buses)
    for price in found.prices.values():
        assert price.lowest <= price.price <= price.highest


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_nobody_is_paid_less_than_the_bid_asks_for(name: str, which: str) -> None:
    found, given = outcome(name, which), SYSTEMS[which]
    bids = {each.id: each for each in (*given.market.bids, *given.trades)}
    for each in found.purchases:
        offered = bids[each.bid_id]
        assert offered.direction.sign * (each.price - (offered.price or ZERO)) >= -Decimal("0.002")


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_every_clearing_of_the_scheme_is_told_in_its_order(name: str, which: str) -> None:
    found, scheme = outcome(name, which), named(name)
    steps = list(dict.fromkeys(each.step for each in found.decisions))
    assert steps == sorted(steps)
    assert set(steps) <= {each.step for each in scheme.clearings}
    assert found.scheme == name


@pytest.mark.parametrize("name", names())
def test_the_order_of_bids_is_no_matter(name: str) -> None:
    bids = list(SMALL.market.bids)
    Random(5).shuffle(bids)
    shuffled = run(named(name), replace(SMALL, market=replace(SMALL.market, bids=tuple(bids))))
    found = outcome(name, "small")
    assert shuffled.accepted_mw == found.accepted_mw
    assert shuffled.prices == found.prices
    assert sorted(shuffled.purchases, key=str) == sorted(found.purchases, key=str)


# ---- scarcity


@pytest.mark.parametrize("name", names())
def test_what_cannot_be_served_is_told_and_priced_at_the_cap(name: str) -> None:
    # Without any way up at T1 and T2, 6 MW are missing there, and the feeders can give little.
    kept = [each for each in SMALL.market.bids if each.id not in {"G1", "G2"}]
    scarce = replace(SMALL, market=replace(SMALL.market, bids=tuple(kept)), trades=())
    found = run(named(name), scarce)
    missing = sum(found.missing_mw.values(), ZERO)
    assert missing > 0
    assert found.prices["T1"].price == 15000
    assert found.accepted_mw["G1d"] == found.accepted_mw["G2d"] == 0


@pytest.mark.parametrize("name", names())
def test_a_feeder_that_nothing_can_mend_is_told_as_violated_in_every_scheme(name: str) -> None:
    hopeless = {**SMALL.market.injections_mw, "D2": Decimal(14)}
    found = run(named(name), replace(SMALL, market=replace(SMALL.market, injections_mw=hopeless)))
    assert "D2" in {each.place for each in found.unresolved}


# ---- switches


@pytest.mark.parametrize(("name", "cost"), [("common_decentralised", 668), ("local", 716)])
def test_whole_megawatts_are_enough_for_the_small_system(name: str, cost: int) -> None:
    assert run(named(name), SMALL, Switches(step_mw=Decimal(1))).cost == cost


@pytest.mark.parametrize("number", [2, 5])
def test_coarser_steps_never_make_it_cheaper(number: int) -> None:
    costs = [
        run(named("common_decentralised"), system(number), Switches(step_mw=step)).cost
        for step in (None, Decimal("0.1"), Decimal(1))
    ]
    assert costs[0] <= costs[1] + Decimal("0.01")
    assert costs[0] <= costs[2] + Decimal("0.01")


@pytest.mark.parametrize(("limit", "bought"), [(45, 0), (60, 2)])
def test_an_operator_may_buy_with_a_price_limit_like_anybody_else(limit: int, bought: int) -> None:
    order = replace(bid("elastic", "A", "down", 2, limit), direction=Direction.DOWN)
    given = replace(SMALL, trades=(order,), trade_buses={"elastic": "T1"})
    found = run(named("integrated"), given)
    assert found.accepted_mw["elastic"] == bought
    assert found.cost == 668 + bought * (50 - limit)


def test_a_feeder_without_resources_is_a_load_like_any_other() -> None:
    kept = tuple(each for each in SMALL.market.bids if each.id != "H1u")
    given: CoordinatedSystem = replace(SMALL, market=replace(SMALL.market, bids=kept))
    for name in ("local", "common_decentralised", "common_centralised"):
        assert run(named(name), given).exports_mw["F2"] == -8
    shared = run(named("shared"), given)
    assert shared.deviations_mw == {"F2": -4}
    assert shared.accepted_mw["G1"] == 14
