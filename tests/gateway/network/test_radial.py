"""LinDistFlow of many feeders at once agrees with its definition on each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.network.model import Feeder, Section, Thermal
from gateway.network.radial import SIDES, Radial, radial
from tests.gateway.network.trees import feeders


def renamed(feeder: Feeder, suffix: str) -> Feeder:
    """Return the feeder under other names."""
    sections = tuple(
        replace(each, id=each.id + suffix, parent=each.parent + suffix, child=each.child + suffix)
        for each in feeder.sections
    )
    return replace(feeder, id=feeder.id + suffix, root=feeder.root + suffix, sections=sections)


def injections(lines: Radial, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return active and reactive injections of all buses."""
    numbers = np.random.default_rng(seed).integers(-8, 8, (2, len(lines.buses))).astype(float)
    return numbers[0], numbers[1]


def state(feeder: Feeder, injection: dict[str, complex]) -> tuple[dict[str, complex], dict[str, float]]:
    """Return power above and squared voltage of each bus, by the definition and nothing else."""
    power = dict(injection)
    for section in reversed(feeder.sections):
        power[section.parent] += power[section.child]
    squared = {feeder.root: float(feeder.w_root)}
    for each in feeder.sections:
        rise = float(each.r_pu) * power[each.child].real + float(each.x_pu) * power[each.child].imag
        squared[each.child] = squared[each.parent] + 2 * rise / float(feeder.base_mva)
    return power, squared


@given(st.lists(feeders(), min_size=1, max_size=3), st.integers(0, 1000))
def test_flows_and_voltages_are_those_of_the_definition(drawn: list[Feeder], seed: int) -> None:
    lines = radial(tuple(renamed(feeder, f"-{at}") for at, feeder in enumerate(drawn)))
    active, reactive = injections(lines, seed)

    flows = lines.flows(active), lines.flows(reactive)
    squared = lines.squared_voltages(*flows)
    for feeder in lines.feeders:
        at = [lines.index[bus] for bus in feeder.buses]
        injected = dict(zip(feeder.buses, (active[at] + 1j * reactive[at]).tolist(), strict=True))
        power, voltage = state(feeder, injected)
        assert np.allclose(flows[0][at] + 1j * flows[1][at], list(power.values()))
        assert np.allclose(squared[at], list(voltage.values()))


@given(st.lists(feeders(), min_size=1, max_size=3), st.integers(0, 1000))
def test_a_row_of_a_voltage_tells_how_it_changes(drawn: list[Feeder], seed: int) -> None:
    lines = radial(tuple(renamed(feeder, f"-{at}") for at, feeder in enumerate(drawn)))
    active, reactive = injections(lines, seed)

    squared = lines.squared_voltages(lines.flows(active), lines.flows(reactive))
    for at, feeder in enumerate(lines.feeder):
        tree, more_active, more_reactive = lines.voltage_row(at)
        told = float(lines.feeders[feeder].w_root) + more_active @ active[tree] + more_reactive @ reactive[tree]
        assert squared[at] == pytest.approx(told)


@given(feeders())
def test_a_subtree_is_a_range(feeder: Feeder) -> None:
    lines = radial((feeder,))

    for at in range(len(lines.buses)):
        below = [other for other in range(len(lines.buses)) if other == at or at in lines.path(other)]
        if lines.parent[at] >= 0:
            assert below == list(range(*lines.subtree(at).indices(len(lines.buses))))


def test_a_root_has_no_bounds_and_no_limit() -> None:
    section = Section(id="s", parent="R", child="E", r_pu=Decimal(0), x_pu=Decimal(0), limit_mva=Decimal(4))
    lines = radial((Feeder(id="F", interface="T", root="R", sections=(section,)),))

    assert lines.limit_mva.tolist() == [np.inf, 4]
    assert [low.tolist() for low in lines.bounds] == [[-np.inf, 0.81], [np.inf, 1.21]]


def test_no_feeders_make_empty_arrays() -> None:
    lines = radial(())

    assert lines.flows(np.zeros(0)).size == 0
    assert lines.squared_voltages(np.zeros(0), np.zeros(0)).size == 0


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_the_polygon_lies_inside_the_circle_and_close_to_it(active: float, reactive: float) -> None:
    inside = all(a * active + b * reactive <= c for a, b, c in SIDES[Thermal.APPARENT])

    apparent = hypot(active, reactive)
    assert not inside or apparent <= 1 + 1e-12
    assert inside or apparent > 0.9659


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_the_other_limits_are_boxes(active: float, reactive: float) -> None:
    for thermal, bounded in ((Thermal.ACTIVE, abs(active)), (Thermal.SEPARATE, max(abs(active), abs(reactive)))):
        assert all(a * active + b * reactive <= c for a, b, c in SIDES[thermal]) == (bounded <= 1)
