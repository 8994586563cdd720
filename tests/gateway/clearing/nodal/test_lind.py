"""The stylised system of eight buses of Lind, Cossent, Frías (2024): one clearing, local ones first, and schedules kept.

Bids of both directions cost money there, so that a down bid has a negative price here. The feeder is slack at the bus
of its first section; activation moves reactive power along with active power.

Source: "TSO-DSO interface flow pricing: a bilevel study on efficiency and cost allocation", International Journal of
Electrical Power and Energy Systems, 10.1016/j.ijepes.2024.110155; the figures were recomputed from its data.
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.curve import activate, residual_supply
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult, Quantity, transmission_alone
from gateway.clearing.nodal.physics import feeder_state, injected
from gateway.model import Bid
from gateway.network.model import Feeder, Line, Network, Section, Thermal, Transmission
from tests.gateway.clearing.nodal.systems import number

Case = dict[str, Any]
FEEDER, INTERFACE = "D1", "S1"
SMALL = 1e-3


@pytest.fixture(scope="module")
def case(reference_data: Path) -> Case:
    """The data of the system and the results."""
    loaded: Case = json.loads((reference_data / "schemes/cases/lind_stylised.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def market(case: Case) -> NodalMarket:
    """The market in which everybody takes part."""
    offers = [offer for name, unit in case["fsp"].items() for offer in _offers(name, unit)]
    nodes = case["nodes"].items()
    return NodalMarket(
        network=Network(transmission=_transmission(case), feeders=(_feeder(case),)),
        bids=tuple(offers),
        buses={each.id: case["fsp"][each.id.split()[0]]["node"] for each in offers},
        injections_mw={name: number(node["da"]) + number(node["imb"]) - number(node["d"]) for name, node in nodes},
        injections_mvar={name: -number(node["dq"]) for name, node in nodes},
        tan_phi={each.id: number(case["scalars"]["PFACTOR"]) for each in offers},
    )


def _offers(name: str, unit: Case) -> list[Bid]:
    sides = (("up", unit["pmax"], unit["up"]), ("down", unit["pmin"], -unit["dw"]))
    return [bid(f"{name} {way}", "A", way, mw, price) for way, mw, price in sides if mw]


def _transmission(case: Case) -> Transmission:
    top = [each for each in case["lines"] if not each["f"].startswith("D")]
    buses = tuple(dict.fromkeys(bus for each in top for bus in (each["f"], each["t"])))
    lines = tuple(
        Line(
            id=f"{each['f']}-{each['t']}",
            from_bus=each["f"],
            to_bus=each["t"],
            x_pu=number(each["x"]),
            limit_mw=number(each["fmax"]),
        )
        for each in top
    )
    base = number(case["scalars"]["SB"])
    return Transmission(buses=buses, lines=lines, reference=case["tso_slack"], base_mva=base)


def _feeder(case: Case) -> Feeder:
    """Return the feeder; the section from the interface to the slack bus of its operator comes first."""
    root, below = f"{INTERFACE} feeder", [each for each in case["lines"] if each["f"].startswith("D")]
    ends = [(root, each["f"]) if each["t"] == INTERFACE else (each["f"], each["t"]) for each in below]
    sections = tuple(
        Section(
            id=f"{each['f']}-{each['t']}",
            parent=parent,
            child=child,
            r_pu=number(each["r"]),
            x_pu=number(each["x"]),
            limit_mva=number(each["fmax"]),
        )
        for each, (parent, child) in zip(below, ends, strict=True)
    )
    most, least = (number(case["scalars"][name]) ** 2 for name in ("v_max", "v_min"))
    bounds = {"w_min": least, "w_max": most, "base_mva": number(case["scalars"]["SB"])}
    return Feeder(id=FEEDER, interface=INTERFACE, root=root, sections=sections, thermal=Thermal.SEPARATE, **bounds)


def activations(result: NodalResult) -> dict[str, float]:
    """Return by unit what it adds, as far as it does anything."""
    return moved({name: float(mw) for name, mw in result.accepted_mw.items()})


def moved(accepted_mw: dict[str, float]) -> dict[str, float]:
    """Return up less down volumes by unit."""
    units = {name.split()[0] for name in accepted_mw}
    net = {unit: accepted_mw.get(f"{unit} up", 0.0) - accepted_mw.get(f"{unit} down", 0.0) for unit in units}
    return {unit: mw for unit, mw in net.items() if abs(mw) > SMALL}


def export_of(market: NodalMarket, result: NodalResult) -> float:
    """Return what the feeder gives to the transmission network."""
    (feeder,) = market.network.feeders
    state = feeder_state(feeder, injected(market, {name: float(mw) for name, mw in result.accepted_mw.items()}))
    return state.power[feeder.root].real


def test_one_clearing_of_everything(case: Case, market: NodalMarket) -> None:
    expected, result = case["expected"]["common"], clear_nodal(market)

    assert float(result.cost) == pytest.approx(expected["total"], abs=1e-3)
    assert activations(result) == pytest.approx(expected["act"], abs=1e-3)
    assert export_of(market, result) == pytest.approx(-expected["iface"]["D1"], abs=1e-6)
    prices = {bus: float(result.prices[bus].price) for bus in expected["lmp"]}
    assert prices == pytest.approx(expected["lmp"], abs=1e-3)


def test_without_the_limits_of_the_feeder_two_of_its_sections_are_overloaded(case: Case, market: NodalMarket) -> None:
    expected = case["expected"]["centralised_no_dso_grid"]
    result = clear_nodal(replace(market, feeder_limits=False))

    assert float(result.cost) == pytest.approx(expected["total"], abs=1e-3)
    assert activations(result) == pytest.approx(expected["act"], abs=1e-3)
    (feeder,) = market.network.feeders
    state = feeder_state(feeder, injected(market, {name: float(mw) for name, mw in result.accepted_mw.items()}))
    flows = {each.id: state.power[each.child].real for each in feeder.sections}
    for name, broken in expected["violations"].items():
        assert abs(flows[name]) == pytest.approx(abs(broken["flow"]))
        assert abs(flows[name]) > broken["limit"]


def test_the_curve_that_the_feeder_hands_up(case: Case, market: NodalMarket) -> None:
    curve, expected = residual_supply(market, FEEDER), case["expected"]["rsf_D1"]

    points = [[float(export - curve.rest_mw), float(cost)] for export, cost in curve.points]
    assert points == [pytest.approx(point, abs=1e-5) for point in expected["net_change_MW_vs_cost"]]
    assert [float(slope) for _, slope in curve.segments] == pytest.approx(expected["slopes"])


@pytest.mark.parametrize(
    ("scheme", "export_mw"),
    [
        pytest.param("fragmented", -6.0, id="the feeder clears for itself at least cost"),
        pytest.param("shared_schedule", -10.0, id="the feeder keeps its schedule"),
        pytest.param("common", -8.0, id="the feeder is asked for what suits all"),
    ],
)
def test_the_feeder_at_a_fixed_export(case: Case, market: NodalMarket, scheme: str, export_mw: float) -> None:
    """What the feeder pays for its export, and the transmission market for the rest, is the cost of the scheme."""
    expected, curve = case["expected"][scheme], residual_supply(market, FEEDER)
    export = Decimal(str(export_mw))
    below = {name: float(mw) for name, mw in activate(market, FEEDER, export).items()}
    above = clear_nodal(transmission_alone(market, {FEEDER: export}))

    assert float(curve.cost(export)) == pytest.approx(expected["D"], abs=1e-3)
    assert float(above.cost) == pytest.approx(expected["T"], abs=1e-3)
    assert moved(below) | activations(above) == pytest.approx(expected["act"], abs=1e-3)


def test_left_to_itself_the_feeder_stands_where_its_curve_is_lowest(market: NodalMarket) -> None:
    export, cost = residual_supply(market, FEEDER).cheapest
    assert (export, cost) == (Decimal(-6), Decimal(240))


@pytest.mark.parametrize(
    ("price", "total"),
    [(0, 15125.527), (9, 15125.527), (15, 15108.450), (29, 15108.450), (31, 15131.373)],
    ids=str,
)
def test_a_price_of_the_interface_leads_the_feeder(market: NodalMarket, price: int, total: float) -> None:
    """The feeder minimises its cost plus the price of each MW that it gives: between 10 and 30 it does what suits all."""
    curve = residual_supply(market, FEEDER)
    export = min(curve.points, key=lambda point: point[1] + price * point[0])[0]
    above = clear_nodal(transmission_alone(market, {FEEDER: export}))
    assert float(above.cost + curve.cost(export)) == pytest.approx(total, abs=1e-3)


def test_what_binds_in_the_one_clearing(market: NodalMarket) -> None:
    bound = {(each.quantity, each.place) for each in clear_nodal(market).bindings}
    assert (Quantity.POWER, "D1004-D1005") in bound
    assert all(quantity is not Quantity.VOLTAGE for quantity, _ in bound)
