"""The exact power flow: physics on every feeder, published figures on one, and how far the linear model is off."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Unsolved
from gateway.network.model import Feeder, Section
from gateway.network.radial import radial
from gateway.network.sweep import sweep
from tests.gateway.network.trees import feeder_of_33_buses, feeders

SMALL = st.floats(-0.2, 0.2)


@given(feeders(), st.lists(st.tuples(SMALL, SMALL), min_size=8, max_size=8))
def test_every_bus_injects_what_it_was_told(feeder: Feeder, drawn: list[tuple[float, float]]) -> None:
    injections = {bus: complex(*value) for bus, value in zip(feeder.buses, drawn, strict=False)}

    found = sweep(feeder, injections)
    currents = dict.fromkeys(feeder.buses, 0j)
    for section in feeder.sections:
        impedance = complex(section.r_pu, section.x_pu)
        current = (found.voltages[section.child] - found.voltages[section.parent]) / impedance
        currents[section.child] += current
        currents[section.parent] -= current
    for bus in feeder.buses[1:]:
        injected = float(feeder.base_mva) * found.voltages[bus] * currents[bus].conjugate()
        assert injected == pytest.approx(injections[bus], abs=1e-7)
    taken = -float(feeder.base_mva) * found.voltages[feeder.root] * currents[feeder.root].conjugate()
    assert found.export == pytest.approx(taken + injections[feeder.root], abs=1e-7)
    assert found.export == pytest.approx(sum(injections.values()) - found.losses, abs=1e-9)


@given(feeders(), st.lists(st.tuples(SMALL, SMALL), min_size=8, max_size=8))
def test_the_linear_voltages_are_never_below_the_exact_ones(feeder: Feeder, drawn: list[tuple[float, float]]) -> None:
    injections = {bus: complex(*value) for bus, value in zip(feeder.buses, drawn, strict=False)}
    lines = radial((feeder,))
    power = lines.flows(np.array([injections[bus] for bus in lines.buses]).real)
    reactive = lines.flows(np.array([injections[bus] for bus in lines.buses]).imag)

    exact = sweep(feeder, injections).voltages
    for bus, squared in zip(lines.buses, lines.squared_voltages(power, reactive), strict=True):
        assert squared >= abs(exact[bus]) ** 2 - 1e-12


def test_the_published_feeder_of_33_buses(reference_data: Path) -> None:
    case = json.loads((reference_data / "schemes/cases/matpower_case33bw_distflow.json").read_text())
    feeder, loads = feeder_of_33_buses(reference_data)

    found = sweep(feeder, loads)
    assert len(feeder.buses) == 33
    assert 1000 * found.losses.real == pytest.approx(case["recomputed"]["distflow_loss_kw"], abs=1e-4)
    assert 1000 * found.losses.imag == pytest.approx(case["recomputed"]["distflow_loss_kvar"], abs=1e-4)
    assert 1000 * found.losses.real == pytest.approx(case["published"]["loss_kw"], abs=0.005)
    told = dict(zip(map(str, range(1, 34)), case["recomputed"]["V"], strict=True))
    assert {bus: abs(value) for bus, value in found.voltages.items()} == pytest.approx(told, abs=1e-6)
    lowest = min(found.voltages, key=lambda bus: abs(found.voltages[bus]))
    assert lowest == "18"
    assert abs(found.voltages[lowest]) == pytest.approx(0.913090, abs=5e-7)


def test_the_linear_voltages_of_the_feeder_of_33_buses(reference_data: Path) -> None:
    case = json.loads((reference_data / "schemes/cases/matpower_case33bw_distflow.json").read_text())["recomputed"]
    feeder, loads = feeder_of_33_buses(reference_data)
    lines = radial((feeder,))
    injection = np.array([loads.get(bus, 0j) for bus in lines.buses])

    squared = lines.squared_voltages(lines.flows(injection.real), lines.flows(injection.imag))
    voltages = dict(zip(lines.buses, np.sqrt(squared), strict=True))
    assert voltages == pytest.approx(dict(zip(map(str, range(1, 34)), case["V_lin"], strict=True)), abs=1e-6)
    exact = sweep(feeder, loads).voltages
    errors = {bus: voltages[bus] - abs(exact[bus]) for bus in voltages}
    assert max(errors.values()) == pytest.approx(case["max_abs_v_error_lindistflow"], abs=1e-6)


def test_the_power_of_a_section_leaves_its_child_end() -> None:
    section = Section(id="s", parent="R", child="E", r_pu=Decimal("0.1"), x_pu=Decimal(0))
    found = sweep(Feeder(id="F", interface="T", root="R", sections=(section,)), {"E": 2 + 1j})

    assert found.powers["s"] == pytest.approx(2 + 1j)
    assert found.export == pytest.approx(2 + 1j - found.losses)
    assert found.losses.real > 0


def test_a_load_that_no_voltage_carries_is_told() -> None:
    section = Section(id="s", parent="R", child="E", r_pu=Decimal(1), x_pu=Decimal(1))
    feeder = Feeder(id="F", interface="T", root="R", sections=(section,))

    with pytest.raises(Unsolved, match="feeder F: expected voltages that carry the injections"):
        sweep(feeder, {"E": -5 - 5j})
