"""Grids that can be worked out on paper: a triangle, a ring with a phase shifter, a line, a fork, and two buses exactly.

Direct current: the flow of a line is 100 MVA times the angle across it over its reactance. LinDistFlow: a section raises
the squared voltage by 2 (r P + x Q) / base. Exact: between two buses the voltage solves a quadratic.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import cos, pi, radians, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue, Unsolved
from gateway.network.model import Feeder, Line, Network, Section, Thermal, Transmission
from gateway.network.radial import POLYGON_SIDES, SIDES, radial
from gateway.network.sweep import sweep
from gateway.network.transmission import DcGrid, LineModel

D = Decimal
TENTH = D("0.1")


def line(ends: str, x_pu: Decimal = TENTH, **more: Decimal) -> Line:
    return Line(id=ends, from_bus=ends[0], to_bus=ends[1], x_pu=x_pu, **more)


def grid(*lines: Line, buses: str = "ABC", reference: str = "C", model: LineModel = LineModel.REACTANCE) -> DcGrid:
    return DcGrid(Transmission(buses=tuple(buses), lines=lines, reference=reference), model)


TRIANGLE = grid(line("AB"), line("BC"), line("AC"))


# ---- direct current


@pytest.mark.parametrize(
    ("injection", "flows"),
    [
        # A to C: two thirds take the short way, one third goes round
        ([30, 0, -30], [10, 10, 20]),
        ([0, 30, -30], [-10, 20, 10]),
        ([30, -30, 0], [20, -10, 10]),
        # superposed
        ([30, 30, -60], [0, 30, 30]),
        ([0, 0, 0], [0, 0, 0]),
    ],
    ids=str,
)
def test_a_triangle_of_equal_lines(injection: list[float], flows: list[float]) -> None:
    assert TRIANGLE.flows(np.array(injection, dtype=float)).tolist() == pytest.approx(flows, abs=1e-9)


def test_the_factors_of_the_triangle_are_thirds() -> None:
    factors = TRIANGLE.factors([0, 1, 2])
    assert (3 * factors).round(9).tolist() == [[1, -1, 0], [1, 2, 0], [2, 1, 0]]
    assert (3 * TRIANGLE.factors([2])).round(9).tolist() == [[2, 1, 0]]


@pytest.mark.parametrize("reference", ["A", "B", "C"])
def test_flows_of_balanced_injections_do_not_depend_on_the_reference(reference: str) -> None:
    other = grid(line("AB"), line("BC"), line("AC"), reference=reference)
    assert other.flows(np.array([30.0, 12.0, -42.0])).tolist() == pytest.approx(
        TRIANGLE.flows(np.array([30.0, 12.0, -42.0])).tolist()
    )
    assert other.angles(np.array([30.0, 12.0, -42.0]))["ABC".index(reference)] == 0


def test_angles_by_hand() -> None:
    # 20 MW over AC and 10 MW over BC at 100 / 0.1 = 1000 MW per radian
    assert TRIANGLE.angles(np.array([30.0, 0.0, -30.0])).tolist() == pytest.approx([0.02, 0.01, 0])


def test_parallel_lines_share_by_their_reactance() -> None:
    pair = grid(line("AB"), replace(line("AB", D("0.3")), id="weak"), buses="AB", reference="B")
    assert pair.flows(np.array([40.0, -40.0])).tolist() == pytest.approx([30, 10])


def test_a_tap_weakens_a_line_and_a_resistance_only_where_the_model_counts_it() -> None:
    tapped = line("AB", tap=D(2))
    lossy = replace(line("AB", D("0.08")), r_pu=D("0.06"))
    expected = {
        LineModel.REACTANCE: [500, 1250],
        LineModel.ADMITTANCE: [1000, 800],
    }
    for model, megawatts_per_radian in expected.items():
        both = grid(tapped, replace(lossy, id="lossy"), buses="AB", reference="B", model=model)
        assert both.susceptance.tolist() == pytest.approx(megawatts_per_radian)


def test_a_phase_shifter_drives_power_round_the_ring() -> None:
    # A shift of 0.03 radian over three tenths of reactance: 10 MW against the direction of AB.
    degrees = D(str(0.03 * 180 / pi))
    ring = grid(line("AB", shift_deg=degrees), line("BC"), line("AC"))
    assert ring.flows(np.zeros(3)).tolist() == pytest.approx([-10, -10, 10])
    plain = grid(line("AB", shift_deg=degrees), line("BC"), line("AC"), model=LineModel.ADMITTANCE)
    assert plain.flows(np.zeros(3)).tolist() == pytest.approx([0, 0, 0])


@pytest.mark.parametrize(
    ("more", "bounds"),
    [
        ({}, (-np.inf, np.inf)),
        ({"limit_mw": D(40)}, (-40, 40)),
        ({"limit_mw": D(0)}, (0, 0)),
        ({"most_angle_deg": D(1)}, (-np.inf, 1000 * radians(1))),
        ({"least_angle_deg": D(-1), "limit_mw": D(10)}, (-10, 10)),
        ({"least_angle_deg": D(-1), "limit_mw": D(90)}, (-1000 * radians(1), 90)),
        ({"most_angle_deg": D(1), "shift_deg": D(1)}, (-np.inf, 0)),
    ],
    ids=str,
)
def test_what_bounds_a_flow(more: dict[str, Decimal], bounds: tuple[float, float]) -> None:
    low, high = grid(line("AB", **more), buses="AB", reference="B").bounds
    assert (low.tolist(), high.tolist()) == (pytest.approx([bounds[0]]), pytest.approx([bounds[1]]))


def test_a_bus_that_hangs_on_a_line_without_reactance_cannot_be_solved() -> None:
    torn = grid(line("AB"), line("BC", D(0)))
    with pytest.raises(InvalidValue) as caught:
        torn.angles(np.array([1.0, 0.0, -1.0]))
    assert (caught.value.path, caught.value.expected) == ("Transmission", "buses joined by lines that carry power")


# ---- the words of refusals


PAIR = Transmission(buses=("A", "B"), lines=(line("AB"),), reference="A")
NEAR = Section(id="near", parent="R", child="M", r_pu=TENTH, x_pu=TENTH)
FAR = Section(id="far", parent="M", child="E", r_pu=TENTH, x_pu=TENTH)
FEEDER = Feeder(id="F", interface="A", root="R", sections=(NEAR, FAR))

REFUSED: dict[str, tuple[object, dict[str, object], str]] = {
    "a line to itself": (line("AB"), {"to_bus": "A"}, "Line AB: expected two different buses, found A"),
    "a limit below 0": (line("AB"), {"limit_mw": D(-1)}, "Line AB: expected a limit of at least 0 MW, found -1"),
    "a tap of 0": (line("AB"), {"tap": D(0)}, "Line AB: expected a tap ratio above 0, found 0"),
    "angles that cross": (
        line("AB"), {"least_angle_deg": D(2), "most_angle_deg": D(1)},
        "Line AB: expected a least angle that is not above the most, found 2 to 1",
    ),
    "more than a right angle": (
        line("AB"), {"least_angle_deg": D(-91)}, "Line AB: expected angle bounds within 90 degrees, found -91 to None",
    ),
    "a bus twice": (PAIR, {"buses": ("B", "A", "B", "A")}, "Transmission.buses: expected every identifier once, found A, B"),
    "a line twice": (
        PAIR, {"lines": (line("AB"), line("AB"))}, "Transmission.lines: expected every identifier once, found AB",
    ),
    "no base power": (PAIR, {"base_mva": D(0)}, "Transmission.base_mva: expected more than 0 MVA, found 0"),
    "a reference elsewhere": (PAIR, {"reference": "Z"}, "Transmission.reference: expected one of the buses, found Z"),
    "a line elsewhere": (PAIR, {"lines": (line("AZ"),)}, "Line AZ: expected two of the buses, found A, Z"),
    "two islands": (
        PAIR, {"buses": ("A", "B", "D", "C")}, "Transmission: expected one island, found 2 buses apart, such as C",
    ),
    "resistance below 0": (
        NEAR, {"r_pu": D(-1)}, "Section near: expected impedances of at least 0, found -1, 0.1",
    ),
    "a section limit below 0": (
        NEAR, {"limit_mva": D(-1)}, "Section near: expected a limit of at least 0 MVA, found -1",
    ),
    "a child first": (
        FEEDER, {"sections": (FAR, NEAR)}, "Feeder F section far: expected a parent that comes before it, found M",
    ),
    "a loop": (
        FEEDER, {"sections": (NEAR, FAR, replace(FAR, id="loop", parent="R"))},
        "Feeder F section loop: expected a bus with one parent (radial), found E",
    ),
    "voltages that cross": (
        FEEDER, {"w_min": D("1.3")}, "Feeder F: expected 0 < w_min \u2264 w_max and 0 < w_root, found 1.3, 1.21, 1",
    ),
    "a feeder without base": (FEEDER, {"base_mva": D(0)}, "Feeder F: expected a base power of more than 0 MVA, found 0"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "change", "words"), REFUSED.values(), ids=REFUSED)
def test_a_part_that_cannot_be_is_refused_in_exact_words(value: object, change: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        replace(value, **change)  # type: ignore[type-var]  # each value is a dataclass
    assert str(caught.value) == words


def test_a_network_names_what_stands_twice_and_what_hangs_nowhere() -> None:
    with pytest.raises(InvalidValue) as caught:
        Network(transmission=PAIR, feeders=(replace(FEEDER, interface="Z"),))
    assert str(caught.value) == "Feeder F: expected a transmission bus as interface, found Z"
    with pytest.raises(InvalidValue) as caught:
        Network(transmission=PAIR, feeders=(FEEDER, FEEDER))
    assert str(caught.value) == "Network.feeders: expected every identifier once, found F"


# ---- LinDistFlow


FORK = Feeder(
    id="F",
    interface="T",
    root="R",
    sections=(
        Section(id="s", parent="R", child="M", r_pu=D("0.1"), x_pu=D("0.2"), limit_mva=D(9)),
        Section(id="l", parent="M", child="L", r_pu=D("0.3"), x_pu=D(0)),
        Section(id="r", parent="M", child="E", r_pu=D(0), x_pu=D("0.4"), limit_mva=D(4)),
    ),
)
"""Root R, a fork at M, and two ends."""


def test_a_fork_by_hand() -> None:
    lines = radial((FORK,))
    assert lines.buses == ("R", "M", "L", "E")
    assert (lines.parent.tolist(), lines.size.tolist()) == ([-1, 0, 1, 1], [4, 3, 1, 1])
    active, reactive = lines.flows(np.array([1.0, -2.0, 5.0, -1.0])), lines.flows(np.array([0.0, 1.0, 0.0, -3.0]))
    assert active.tolist() == [3, 2, 5, -1]
    assert reactive.tolist() == [-2, -2, 0, -3]
    # w of M: 1 + 2 (0.1 x 2 - 0.2 x 2) / 10; of L: + 2 x 0.3 x 5 / 10; of E: - 2 x 0.4 x 3 / 10
    assert lines.squared_voltages(active, reactive).tolist() == pytest.approx([1, 0.96, 1.26, 0.72])


def test_the_arrays_of_the_fork() -> None:
    lines = radial((FORK,))
    assert lines.r.tolist() == pytest.approx([0, 0.02, 0.06, 0])
    assert lines.x.tolist() == pytest.approx([0, 0.04, 0, 0.08])
    assert lines.limit_mva.tolist() == [np.inf, 9, np.inf, 4]
    assert (lines.path(2), lines.path(0)) == ([2, 1], [])
    assert [lines.subtree(at) for at in range(4)] == [slice(0, 4), slice(1, 4), slice(2, 3), slice(3, 4)]
    assert (lines.index["E"], lines.roots.tolist()) == (3, [0])


def test_the_row_of_an_end_counts_what_its_path_shares() -> None:
    tree, active, reactive = radial((FORK,)).voltage_row(2)
    assert tree == slice(0, 4)
    assert active.tolist() == pytest.approx([0, 0.02, 0.08, 0.02])
    assert reactive.tolist() == pytest.approx([0, 0.04, 0.04, 0.04])


def test_feeders_side_by_side_keep_their_own_root_voltage_and_base() -> None:
    strong = Feeder(
        id="G",
        interface="T",
        root="R2",
        sections=(Section(id="s2", parent="R2", child="E2", r_pu=D("0.1"), x_pu=D(0)),),
        w_root=D("1.1"),
        base_mva=D(100),
    )
    both = radial((FORK, strong))
    assert both.feeder.tolist() == [0, 0, 0, 0, 1, 1]
    assert both.of_feeders("w_root").tolist() == [1, 1, 1, 1, 1.1, 1.1]
    voltages = both.squared_voltages(both.flows(np.array([0, 0, 0, 0, 0, 10.0])), np.zeros(6))
    assert voltages.tolist() == pytest.approx([1, 1, 1, 1, 1.1, 1.12])


@pytest.mark.parametrize(
    ("thermal", "sides"), [(Thermal.ACTIVE, 2), (Thermal.SEPARATE, 4), (Thermal.APPARENT, POLYGON_SIDES)]
)
def test_the_sides_of_a_limit(thermal: Thermal, sides: int) -> None:
    assert len(SIDES[thermal]) == sides
    for a, b, c in SIDES[thermal]:
        assert a * a + b * b == pytest.approx(1)
        assert c == pytest.approx(cos(pi / 12) if thermal is Thermal.APPARENT else 1)


# ---- the exact flow between two buses


def two_buses(r_pu: str, base_mva: int = 10, w_root: str = "1") -> Feeder:
    section = Section(id="s", parent="R", child="E", r_pu=D(r_pu), x_pu=D(0))
    return Feeder(id="F", interface="T", root="R", sections=(section,), base_mva=D(base_mva), w_root=D(w_root))


@pytest.mark.parametrize(
    ("r_pu", "power", "voltage"),
    [
        # V solves V (V - 1) = r P / base
        ("0.24", -10.0, 0.6),
        ("0.1", -9.0, 0.9),
        ("0.1", 11.0, 1.1),
        ("0.2", 0.0, 1.0),
    ],
)
def test_the_voltage_at_the_end_of_a_resistance(r_pu: str, power: float, voltage: float) -> None:
    found = sweep(two_buses(r_pu), {"E": complex(power)})
    assert found.voltages["E"] == pytest.approx(voltage, abs=1e-9)
    current = power / 10 / voltage
    losses = 10 * float(r_pu) * current**2
    assert found.losses == pytest.approx(losses, abs=1e-8)
    assert found.export == pytest.approx(power - losses, abs=1e-8)


def test_the_root_holds_its_voltage() -> None:
    found = sweep(two_buses("0.1", w_root="1.21"), {})
    assert found.voltages == pytest.approx({"R": 1.1, "E": 1.1})
    assert (found.losses, found.export) == (0j, 0j)


def test_what_is_injected_at_the_root_goes_straight_out() -> None:
    found = sweep(two_buses("0.1"), {"R": 3 + 1j})
    assert (found.export, found.losses) == (3 + 1j, 0)


@given(st.floats(-9, 20))
def test_two_buses_follow_their_quadratic(power: float) -> None:
    voltage = sweep(two_buses("0.2"), {"E": complex(power)}).voltages["E"]
    assert voltage == pytest.approx((1 + sqrt(1 + 0.08 * power)) / 2, abs=1e-8)


@pytest.mark.parametrize("power", [-12.5, -12.6, -15.0, -1000.0])
def test_from_the_nose_of_the_curve_on_no_voltage_carries_a_load(power: float) -> None:
    # The quadratic has no solution below P = -base / (4 r) = -12.5 MW; there itself no sweep settles.
    with pytest.raises(Unsolved) as caught:
        sweep(two_buses("0.2"), {"E": complex(power)})
    assert str(caught.value) == "feeder F: expected voltages that carry the injections, found a collapse"
