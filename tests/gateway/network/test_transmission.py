"""The direct-current model: laws that hold on every grid, and published figures of one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from math import radians
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.network.model import Line, Transmission
from gateway.network.transmission import DcGrid, Floats, LineModel
from tests.gateway.network.trees import meshes

MODELS = st.sampled_from(LineModel)


def balanced(grid: DcGrid, seed: int) -> Floats:
    """Return injections that sum to 0."""
    injection: Floats = np.random.default_rng(seed).integers(-50, 50, len(grid.index)).astype(float)
    return np.asarray(injection - injection.mean(), dtype=float)


@given(meshes(), MODELS, st.integers(0, 1000))
def test_at_every_bus_what_is_injected_flows_off(mesh: Transmission, model: LineModel, seed: int) -> None:
    grid = DcGrid(mesh, model)
    injection = balanced(grid, seed)

    left = dict(zip(mesh.buses, injection, strict=True))
    for line, flow in zip(mesh.lines, grid.flows(injection), strict=True):
        left[line.from_bus] -= flow
        left[line.to_bus] += flow
    assert max(map(abs, left.values())) < 1e-9


@given(meshes(), st.integers(0, 1000))
def test_each_flow_follows_from_the_angles_at_its_ends(mesh: Transmission, seed: int) -> None:
    grid = DcGrid(mesh)
    injection = balanced(grid, seed)

    angle = dict(zip(mesh.buses, grid.angles(injection), strict=True))
    assert angle[mesh.reference] == 0
    for line, flow in zip(mesh.lines, grid.flows(injection), strict=True):
        across = angle[line.from_bus] - angle[line.to_bus] - radians(line.shift_deg)
        assert flow == pytest.approx(100 * across / float(line.x_pu * line.tap), abs=1e-8)


@given(meshes(), MODELS, st.integers(0, 1000))
def test_factors_tell_how_flows_change(mesh: Transmission, model: LineModel, seed: int) -> None:
    grid = DcGrid(mesh, model)
    injection = balanced(grid, seed)

    told = grid.monitored(np.zeros(len(mesh.buses))) + grid.factors(range(len(mesh.lines))) @ injection
    assert np.allclose(told, grid.monitored(injection), atol=1e-8)


def test_factors_of_the_five_bus_system(reference_data: Path) -> None:
    case = json.loads((reference_data / "schemes/cases/matpower_case5_dcopf.json").read_text())["recomputed"]
    page = (reference_data / "schemes/cases/README.md").read_text(encoding="utf-8")
    table = page.split("## matpower_case5_dcopf.json")[1].split("##")[0]
    reactances = dict(re.findall(r"\| (\d-\d) \| ([\d.]+) \|", table))
    lines = tuple(Line(id=name, from_bus=name[0], to_bus=name[2], x_pu=Decimal(x)) for name, x in reactances.items())
    grid = DcGrid(Transmission(buses=tuple("12345"), lines=lines, reference="4"))

    factors = grid.factors(range(6))
    assert np.allclose(factors, [case["ptdf_slack4"][name] for name in reactances], atol=5e-7)
    at_bus = [0, 0, 2, 3, 4]
    injection = np.array([0.0, -300.0, -300.0, -400.0, 0.0])
    np.add.at(injection, at_bus, case["pg"])
    flows = grid.flows(injection)
    assert np.allclose(flows, [case["flows"][name] for name in reactances], atol=1e-4)


PAIR = Line(id="L", from_bus="A", to_bus="B", r_pu=Decimal("0.03"), x_pu=Decimal("0.04"), limit_mw=Decimal(50))


def grid_of(*lines: Line, model: LineModel = LineModel.REACTANCE) -> DcGrid:
    """Return the grid of some lines between A and B."""
    return DcGrid(Transmission(buses=("A", "B"), lines=lines, reference="B"), model)


def test_the_two_models_of_a_line() -> None:
    tapped = replace(PAIR, tap=Decimal(2), shift_deg=Decimal(3))

    assert grid_of(tapped).susceptance.tolist() == pytest.approx([100 / 0.08])
    assert grid_of(tapped, model=LineModel.ADMITTANCE).susceptance.tolist() == pytest.approx([100 * 0.04 / 0.0025])
    assert grid_of(tapped).shift.tolist() == pytest.approx([radians(3)])
    assert grid_of(tapped, model=LineModel.ADMITTANCE).shift.tolist() == [0]


def test_a_limit_holds_either_way() -> None:
    low, high = grid_of(PAIR).bounds

    assert (low.tolist(), high.tolist()) == ([-50], [50])


def test_bounds_on_the_angle_are_bounds_on_the_flow() -> None:
    narrow = replace(PAIR, least_angle_deg=Decimal("-0.2"), most_angle_deg=Decimal("0.5"))

    low, high = grid_of(narrow).bounds
    assert (low.tolist(), high.tolist()) == (
        pytest.approx([-2500 * radians(0.2)]),
        pytest.approx([2500 * radians(0.5)]),
    )


def test_a_phase_shift_moves_the_bounds_on_the_angle() -> None:
    narrow = replace(PAIR, least_angle_deg=Decimal("-0.2"), most_angle_deg=Decimal("0.5"), shift_deg=Decimal("0.1"))

    low, high = grid_of(narrow).bounds
    assert (low.tolist(), high.tolist()) == (
        pytest.approx([-2500 * radians(0.3)]),
        pytest.approx([2500 * radians(0.4)]),
    )


def test_a_negative_reactance_turns_the_bounds_round() -> None:
    turned = replace(PAIR, x_pu=Decimal("-0.04"), most_angle_deg=Decimal("0.5"), limit_mw=None)

    low, high = grid_of(turned).bounds
    assert (low.tolist(), high.tolist()) == (pytest.approx([-2500 * radians(0.5)]), [np.inf])


def test_a_line_without_reactance_carries_nothing_but_bounds_the_angle() -> None:
    stiff = replace(PAIR, id="M", x_pu=Decimal(0), most_angle_deg=Decimal("0.5"))
    grid = grid_of(PAIR, stiff)
    injection = np.array([25.0, -25.0])

    assert grid.flows(injection).tolist() == pytest.approx([25, 0])
    assert grid.monitored(injection)[1] == pytest.approx(100 * 25 / 2500)
    assert grid.bounds[1].tolist() == pytest.approx([50, 100 * radians(0.5)])


def test_buses_that_no_line_with_reactance_joins_are_refused() -> None:
    with pytest.raises(InvalidValue, match="lines that carry power"):
        grid_of(replace(PAIR, x_pu=Decimal(0))).flows(np.array([1.0, -1.0]))


def test_a_network_of_one_bus_has_no_flows() -> None:
    grid = DcGrid(Transmission(buses=("A",), lines=(), reference="A"))

    assert grid.monitored(np.zeros(1)).size == 0
    assert grid.factors([]).shape == (0, 1)
    assert grid.bounds[0].size == 0
