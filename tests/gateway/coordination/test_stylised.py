"""The stylised system of five transmission buses and one feeder: every result that is stated for it, to every digit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.coordination.system import Switches
from gateway.schemes import named
from tests.gateway.coordination.stylised import FEEDER, Case, stylised_case, stylised_system

NEAR = 1e-4
"""Volumes are told in watts, which at 50 EUR/MWh leaves that much open."""


@pytest.fixture(scope="module", name="case")
def loaded(reference_data: Path) -> Case:
    return stylised_case(reference_data)


def moved(found: Outcome) -> dict[str, float]:
    """Return how each resource moves, up positive."""
    total: dict[str, float] = {}
    for name, mw in found.accepted_mw.items():
        resource, way = name.split()
        total[resource] = total.get(resource, 0.0) + (1 if way == "up" else -1) * float(mw)
    return {name: mw for name, mw in total.items() if mw}


def of(name: str, case: Case, **switches: object) -> Outcome:
    return run(named(name), stylised_system(case), Switches(**switches))  # type: ignore[arg-type]  # one field or another


@pytest.mark.parametrize(
    ("result", "scheme", "switches", "total"),
    [
        ("common", "common_centralised", {}, 15108.4499),
        ("common", "common_decentralised", {}, 15108.4499),
        ("fragmented", "local", {"forwarding": False}, 15125.5271),
        ("shared_schedule", "shared", {}, 15131.3727),
    ],
    ids=["common, centralised", "common, decentralised", "local, fragmented", "shared"],
)
def test_cost_resources_and_interface(
    result: str, scheme: str, switches: Mapping[str, object], total: float, case: Case
) -> None:
    found, theirs = of(scheme, case, **switches), case["expected"][result]
    assert float(found.cost) == pytest.approx(total, abs=NEAR)
    assert float(found.cost) == pytest.approx(theirs["total"], abs=NEAR)
    assert moved(found) == pytest.approx(theirs["act"], abs=1e-3)
    assert float(-found.exports_mw[FEEDER]) == pytest.approx(theirs["iface"][FEEDER], abs=1e-5)
    assert found.violations == ()


def test_prices_of_the_transmission_network(case: Case) -> None:
    found, theirs = of("common_centralised", case), case["expected"]["common"]["lmp"]
    assert {bus: float(found.prices[bus].price) for bus in theirs} == pytest.approx(theirs, abs=1e-3)
    assert float(found.prices["T2"].price) == pytest.approx(-18.539, abs=1e-3)


def test_what_each_operator_spends(case: Case) -> None:
    fragmented = of("local", case, forwarding=False)
    assert fragmented.cost_by_buyer["DSO D1"] == 240
    assert float(fragmented.cost_by_buyer["TSO"]) == pytest.approx(case["expected"]["fragmented"]["T"], abs=NEAR)
    assert of("shared", case).cost_by_buyer["DSO D1"] == Decimal(320)


def test_with_forwarding_the_sequence_of_markets_already_finds_the_common_optimum(case: Case) -> None:
    found = of("local", case)
    assert float(found.cost) == pytest.approx(15108.4499, abs=NEAR)
    firm = {each.bid_id: each.quantity_mw for each in found.purchases if each.step == 5}
    assert firm == {"GbD1005 up": Decimal(4)}
    assert found.accepted_mw["GbTEST1 down"] == 2


@pytest.mark.parametrize(
    ("worth", "total"),
    [(0, 15125.5271), (5, 15125.5271), (-9, 15125.5271), (-18.54, 15108.4499), (-12, 15108.4499), (-29, 15108.4499)],
    ids=str,
)
def test_without_a_floor_the_price_of_the_interface_decides(worth: float, total: float, case: Case) -> None:
    """In the data set the price multiplies the change of net injection: its λ is what is called -λ here."""
    prices = {FEEDER: Decimal(str(worth))}
    found = of("local", case, forwarding=False, floored=False, reference_prices=prices)
    assert float(found.cost) == pytest.approx(total, abs=NEAR)


@pytest.mark.parametrize("worth", [-31, -45], ids=str)
def test_a_price_of_the_interface_beyond_all_bids_overdoes_it(worth: int, case: Case) -> None:
    found = of("local", case, forwarding=False, floored=False, reference_prices={FEEDER: Decimal(worth)})
    assert float(found.cost) == pytest.approx(15131.3727, abs=NEAR)


@pytest.mark.parametrize("worth", [0, -12, -18.54, -29], ids=str)
def test_with_a_floor_nothing_is_traded_beyond_need_whatever_the_price(worth: float, case: Case) -> None:
    prices = {FEEDER: Decimal(str(worth))}
    found = of("local", case, forwarding=False, reference_prices=prices)
    assert float(found.cost) == pytest.approx(15125.5271, abs=NEAR)


def test_without_limits_of_the_feeder_two_of_its_sections_are_overloaded(case: Case) -> None:
    blind = replace(named("centralised"), grid_constraints=False, post_check=False)
    found, theirs = run(blind, stylised_system(case)), case["expected"]["centralised_no_dso_grid"]
    assert float(found.cost) == pytest.approx(theirs["total"], abs=NEAR)
    assert moved(found) == pytest.approx(theirs["act"], abs=1e-3)
    told = {each.place: (float(each.value), float(each.limit)) for each in found.unresolved}
    assert told == {"D1004-S1": (12, 10), "D1004-D1005": (10, 6)}


def test_the_curve_of_the_feeder_over_its_import(case: Case) -> None:
    handed_up = of("common_decentralised", case).decided(5, FEEDER).handed_up
    assert handed_up is not None
    assert handed_up.curve is not None
    change = [[float(export) + 10, float(cost)] for export, cost in handed_up.curve.points]
    assert change == [pytest.approx(point) for point in case["expected"]["rsf_D1"]["net_change_MW_vs_cost"]]
    slopes = [float(slope) for _, slope in handed_up.curve.segments]
    assert slopes == pytest.approx(case["expected"]["rsf_D1"]["slopes"])
