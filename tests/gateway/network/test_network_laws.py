"""Laws that join the network models: flows add up, a tree has one flow whichever model finds it, losses are of second order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.network.model import Feeder, Line, Network, Transmission
from gateway.network.radial import Floats, radial
from gateway.network.sweep import sweep
from gateway.network.transmission import DcGrid, LineModel
from tests.gateway.network.trees import feeders, meshes

MODELS = st.sampled_from(LineModel)
SEEDS = st.integers(0, 1000)


def balanced(count: int, seed: int) -> Floats:
    """Return injections that sum to 0."""
    drawn = np.random.default_rng(seed).integers(-50, 50, count).astype(float)
    return np.asarray(drawn - drawn.mean(), dtype=float)


def unshifted(mesh: Transmission) -> Transmission:
    return replace(mesh, lines=tuple(replace(line, shift_deg=Decimal(0)) for line in mesh.lines))


# ---- direct current


@given(meshes(), MODELS, SEEDS)
def test_flows_of_two_injections_add_up(mesh: Transmission, model: LineModel, seed: int) -> None:
    grid = DcGrid(unshifted(mesh), model)
    one, other = balanced(len(mesh.buses), seed), balanced(len(mesh.buses), seed + 1)
    assert np.allclose(grid.flows(one + other), grid.flows(one) + grid.flows(other), atol=1e-8)
    assert np.allclose(grid.flows(-2 * one), -2 * grid.flows(one), atol=1e-8)


@given(meshes(), MODELS, SEEDS)
def test_flows_do_not_depend_on_the_bus_that_angles_are_counted_from(
    mesh: Transmission, model: LineModel, seed: int
) -> None:
    injection = balanced(len(mesh.buses), seed)
    expected = DcGrid(mesh, model).flows(injection)
    for bus in mesh.buses:
        assert np.allclose(DcGrid(replace(mesh, reference=bus), model).flows(injection), expected, atol=1e-7)


@given(meshes(), SEEDS)
def test_a_line_that_is_turned_round_carries_the_opposite(mesh: Transmission, seed: int) -> None:
    first, *others = unshifted(mesh).lines
    turned = replace(first, from_bus=first.to_bus, to_bus=first.from_bus)
    injection = balanced(len(mesh.buses), seed)
    before = DcGrid(unshifted(mesh)).flows(injection)
    after = DcGrid(replace(mesh, lines=(turned, *others))).flows(injection)
    assert after[0] == pytest.approx(-before[0], abs=1e-8)
    assert np.allclose(after[1:], before[1:], atol=1e-8)


@given(meshes(), SEEDS)
def test_two_halves_of_a_line_carry_what_it_carried(mesh: Transmission, seed: int) -> None:
    first, *others = unshifted(mesh).lines
    half = replace(first, x_pu=2 * first.x_pu, r_pu=2 * first.r_pu)
    injection = balanced(len(mesh.buses), seed)
    before = DcGrid(unshifted(mesh)).flows(injection)
    after = DcGrid(replace(mesh, lines=(half, replace(half, id="twin"), *others))).flows(injection)
    assert after[:2].tolist() == pytest.approx([before[0] / 2] * 2, abs=1e-8)
    assert np.allclose(after[2:], before[1:], atol=1e-8)


@given(meshes(), MODELS)
def test_a_row_of_factors_is_0_at_the_reference(mesh: Transmission, model: LineModel) -> None:
    grid = DcGrid(mesh, model)
    factors = grid.factors(range(len(mesh.lines)))
    assert factors.shape == (len(mesh.lines), len(mesh.buses))
    assert not factors[:, grid.index[mesh.reference]].any()


# ---- trees


def as_lines(feeder: Feeder) -> Transmission:
    """Return a feeder as a meshed network that happens to have no loop."""
    lines = tuple(
        Line(id=section.id, from_bus=section.child, to_bus=section.parent, x_pu=section.x_pu)
        for section in feeder.sections
    )
    return Transmission(buses=feeder.buses, lines=lines, reference=feeder.root)


@given(feeders(), SEEDS)
def test_a_tree_has_one_flow_whichever_model_finds_it(feeder: Feeder, seed: int) -> None:
    lines, tree = radial((feeder,)), as_lines(feeder)
    injection = balanced(len(feeder.buses), seed)
    given_by_bus = dict(zip(tree.buses, injection, strict=True))
    power = lines.flows(np.array([given_by_bus[bus] for bus in lines.buses]))
    found = DcGrid(tree).flows(injection)
    assert [power[lines.index[section.child]] for section in feeder.sections] == pytest.approx(found.tolist(), abs=1e-8)


@given(feeders(), SEEDS)
def test_what_a_feeder_exports_is_what_it_injects(feeder: Feeder, seed: int) -> None:
    lines = radial((feeder,))
    injection = np.random.default_rng(seed).integers(-8, 8, len(lines.buses)).astype(float)
    assert lines.flows(injection)[0] == pytest.approx(injection.sum())


@given(feeders(), st.integers(1, 50))
def test_losses_are_of_second_order(feeder: Feeder, thousandths: int) -> None:
    small = {bus: complex(thousandths / 10_000) for bus in feeder.buses[1:]}
    half = {bus: power / 2 for bus, power in small.items()}
    whole, quarter = sweep(feeder, small).losses.real, sweep(feeder, half).losses.real
    assert whole > 0
    assert quarter / whole == pytest.approx(0.25, rel=0.02)


@given(feeders())
def test_a_feeder_without_injections_is_flat(feeder: Feeder) -> None:
    found = sweep(feeder, {})
    assert set(found.voltages.values()) == {1 + 0j}
    assert (found.losses, found.export) == (0j, 0j)
    assert set(found.powers) == {section.id for section in feeder.sections}


@given(feeders(), meshes())
def test_a_network_lists_each_bus_once(feeder: Feeder, mesh: Transmission) -> None:
    network = Network(transmission=mesh, feeders=(replace(feeder, interface=mesh.buses[0]),))
    assert network.buses == (*mesh.buses, *feeder.buses)
    assert len(set(network.buses)) == len(network.buses)
