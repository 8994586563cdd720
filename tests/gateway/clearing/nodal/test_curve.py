"""A feeder's residual supply curve is exact: published corners, the value at every export, and the clearing with it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clearing.example import bid
from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.curve import Curve, FeederProgram, activate, residual_supply
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, feeder_alone, transmission_alone
from gateway.clearing.nodal.merge import thermal_supply
from gateway.clearing.nodal.orders import as_bids
from gateway.clearing.solver import solve
from gateway.errors import InvalidValue, Unsolved
from gateway.network.model import Thermal
from tests.gateway.clearing.nodal.systems import accepted, case_of_two_feeders, market_of_two_feeders, systems

Pairs = list[list[float]]
ANY_SYSTEM = st.sampled_from(Thermal).flatmap(lambda thermal: systems(thermal=thermal))


def corners(curve: Curve) -> Pairs:
    """Return the corners of a curve as plain numbers."""
    return [[float(export), float(cost)] for export, cost in curve.points]


def by_curves(market: NodalMarket) -> tuple[Decimal, dict[str, Decimal]]:
    """Clear the transmission network with the feeders' curves, activate each at its export; return cost and volumes."""
    curves = {each.id: residual_supply(market, each.id) for each in market.network.feeders}
    offers = {name: as_bids(curve, bid(name, "A", "up", 1, 0)) for name, curve in curves.items()}
    exports = {name: offer.export_mw for name, offer in offers.items()}
    top = clear_nodal(transmission_alone(market, exports, {name: offer.bids for name, offer in offers.items()}))
    volumes = {name: mw for name, mw in top.accepted_mw.items() if name in market.buses}
    for name, offer in offers.items():
        moved = sum((each.direction.sign * top.accepted_mw[each.id] for each in offer.bids), Decimal(0))
        volumes |= activate(market, name, offer.export_mw + moved)
    return top.cost + sum(offer.cost for offer in offers.values()), volumes


@pytest.mark.parametrize("feeder", ["F1", "F2"])
@pytest.mark.parametrize(
    ("scheme", "committed"),
    [
        ("common_decentralised", {}),
        ("local", {"E3": Decimal(2)}),
        ("local_with_interface_price_50", {"E4": Decimal(1)}),
    ],
)
def test_the_published_corners(reference_data: Path, feeder: str, scheme: str, committed: dict[str, Decimal]) -> None:
    wanted = case_of_two_feeders(reference_data)["results"][scheme]["rsf"][feeder]

    curve = residual_supply(replace(market_of_two_feeders(reference_data), committed_mw=committed), feeder)
    assert corners(curve) == wanted
    assert curve.excess_mw == 0


@pytest.mark.parametrize(
    ("scheme", "committed", "cost"),
    [
        ("common_decentralised", {}, 668),
        ("local", {"E3": Decimal(2)}, 716),
        ("local_with_interface_price_50", {"E4": Decimal(1)}, 668),
    ],
)
def test_the_published_clearings_with_curves(
    reference_data: Path, scheme: str, committed: dict[str, Decimal], cost: int
) -> None:
    wanted = case_of_two_feeders(reference_data)["results"][scheme]

    found, volumes = by_curves(replace(market_of_two_feeders(reference_data), committed_mw=committed))
    assert found == cost == wanted["cost"]
    assert {name: volumes[name] for name in wanted["accepted_T"]} == wanted["accepted_T"]
    assert accepted(volumes).keys() == wanted["accepted_T"].keys() | wanted.get("disaggregated", committed).keys()


def test_the_price_of_a_fixed_export(reference_data: Path) -> None:
    """With the export held at its schedule the last feeder's price is 90, the first one's anything from −8 to 2."""
    market = market_of_two_feeders(reference_data)

    first, second = residual_supply(market, "F1"), residual_supply(market, "F2")
    assert [slope for _, slope in first.segments][1:3] == [-8, 2]
    assert [slope for _, slope in second.segments] == [90]
    assert [first.cost(Decimal(0)), second.cost(Decimal(-4))] == [16, 360]
    assert accepted(activate(market, "F1", Decimal(0))) == {"E3": 2}
    assert accepted(activate(market, "F2", Decimal(-4))) == {"H1u": 4}


@given(ANY_SYSTEM, st.integers(0, 20))
def test_the_curve_is_the_least_cost_of_every_export(market: NodalMarket, twentieths: int) -> None:
    feeder = FeederProgram(feeder_alone(market, "F0"))
    low, high = feeder.ends
    export = low + (high - low) * twentieths / 20

    curve = residual_supply(market, "F0")
    told = curve.cost(min(max(Decimal(repr(export)), curve.points[0][0]), curve.points[-1][0]))
    assert float(told) == pytest.approx(solve(feeder.exporting(export)).cost, abs=1e-3)


@given(ANY_SYSTEM)
def test_slopes_rise(market: NodalMarket) -> None:
    slopes = [slope for _, slope in residual_supply(market, "F0").segments]

    assert slopes == sorted(slopes)


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(ANY_SYSTEM)
def test_clearing_with_curves_is_clearing_everything(market: NodalMarket) -> None:
    common = clear_nodal(market)
    if common.missing_mw or any(each.excess for each in common.bindings):
        return  # what gives way is then a matter of who looks at it

    cost, volumes = by_curves(market)
    assert float(cost) == pytest.approx(float(common.cost), rel=1e-6, abs=1e-3)
    assert volumes.keys() == common.accepted_mw.keys()


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(systems(feeders=1))
def test_merging_lists_is_the_curve_where_voltages_do_not_matter(market: NodalMarket) -> None:
    (feeder,) = market.network.feeders
    wide = replace(feeder, w_min=Decimal("0.0001"), w_max=Decimal(9))
    market = replace(market, network=replace(market.network, feeders=(wide,)))
    curve = residual_supply(market, "F0")

    merged = thermal_supply(NodalProblem(feeder_alone(market, "F0")))
    if merged is None:
        assert curve.excess_mw > 0
        return
    assert curve.excess_mw == 0
    assert merged.rest_mw == curve.rest_mw
    assert merged.points[0][0] == pytest.approx(curve.points[0][0], abs=Decimal("1e-5"))
    assert merged.points[-1][0] == pytest.approx(curve.points[-1][0], abs=Decimal("1e-5"))
    for export, cost in merged.points:
        inside = min(max(export, curve.points[0][0]), curve.points[-1][0])
        assert float(cost) == pytest.approx(float(curve.cost(inside)), abs=1e-2)


def test_merging_keeps_commitments(reference_data: Path) -> None:
    market = replace(market_of_two_feeders(reference_data), committed_mw={"H1u": Decimal(1)})

    merged = thermal_supply(NodalProblem(feeder_alone(market, "F2")))
    assert merged == residual_supply(market, "F2")
    assert merged is not None
    assert corners(merged) == [[-7, 90], [-2, 540]]


def test_a_limit_that_nothing_can_hold_is_told(reference_data: Path) -> None:
    """1.14 at D2 with nothing on offer but what makes it worse: 0.04 too much, worth 1 MW."""
    market = market_of_two_feeders(reference_data)
    worse = tuple(each for each in market.bids if each.id in {"E1", "E2"})

    curve = residual_supply(replace(market, bids=worse), "F1")
    assert curve.excess_mw == 1
    assert curve.points[-1][0] - curve.points[0][0] < Decimal("0.001")


def test_a_feeder_without_bids_is_one_point(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)

    curve = residual_supply(replace(market, bids=()), "F2")
    assert corners(curve) == [[-8, 0]]
    assert (curve.segments, curve.cost(Decimal(-8))) == ((), Decimal(0))


def test_an_export_out_of_reach_is_no_answer(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)

    with pytest.raises(Unsolved):
        activate(market, "F2", Decimal(0))


def test_resources_that_are_not_divisible_have_no_curve(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)
    solid = tuple(replace(each, divisible=False) for each in market.bids)

    with pytest.raises(InvalidValue, match="freely divisible"):
        residual_supply(replace(market, bids=solid), "F1")
