"""Networks that cannot exist are refused, and the refusal says which part is wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.errors import InvalidValue
from gateway.network.model import Feeder, Line, Network, Section, Transmission

ONE_LINE = Line(id="L", from_bus="A", to_bus="B", x_pu=Decimal("0.1"))
TWO_BUSES = Transmission(buses=("A", "B"), lines=(ONE_LINE,), reference="A")
NEAR = Section(id="near", parent="R", child="M", r_pu=Decimal("0.1"), x_pu=Decimal("0.1"))
FAR = Section(id="far", parent="M", child="E", r_pu=Decimal("0.1"), x_pu=Decimal("0.1"))
FEEDER = Feeder(id="F", interface="A", root="R", sections=(NEAR, FAR))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"to_bus": "A"}, "two different buses"),
        ({"limit_mw": Decimal(-1)}, "at least 0 MW"),
        ({"tap": Decimal(0)}, "above 0"),
        ({"least_angle_deg": Decimal(5), "most_angle_deg": Decimal(4)}, "not above the most"),
        ({"most_angle_deg": Decimal(91)}, "within 90 degrees"),
    ],
)
def test_a_line_that_cannot_exist_is_refused(change: dict[str, object], expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected) as refusal:
        replace(ONE_LINE, **change)  # type: ignore[arg-type]  # the table mixes fields
    assert refusal.value.path == "Line L"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"buses": ("A", "B", "B")}, "every identifier once"),
        ({"lines": (ONE_LINE, ONE_LINE)}, "every identifier once"),
        ({"lines": (replace(ONE_LINE, to_bus="Z"),)}, "two of the buses"),
        ({"buses": ("A", "B", "C")}, "one island"),
        ({"reference": "Z"}, "one of the buses"),
        ({"base_mva": Decimal(0)}, "more than 0 MVA"),
    ],
)
def test_a_transmission_network_that_does_not_hang_together_is_refused(
    change: dict[str, object], expected: str
) -> None:
    with pytest.raises(InvalidValue, match=expected):
        replace(TWO_BUSES, **change)  # type: ignore[arg-type]  # the table mixes fields


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sections": (FAR, NEAR)}, "a parent that comes before it"),
        ({"sections": (NEAR, FAR, replace(FAR, id="loop", parent="R"))}, "radial"),
        ({"sections": (NEAR, replace(FAR, child="R"))}, "radial"),
        ({"sections": (NEAR, replace(FAR, id="near"))}, "every identifier once"),
        ({"w_min": Decimal("1.3")}, "w_min"),
        ({"w_root": Decimal(0)}, "w_root"),
        ({"base_mva": Decimal(0)}, "more than 0 MVA"),
    ],
)
def test_a_feeder_that_is_no_tree_is_refused(change: dict[str, object], expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected):
        replace(FEEDER, **change)  # type: ignore[arg-type]  # the table mixes fields


@pytest.mark.parametrize("change", [{"r_pu": Decimal(-1)}, {"x_pu": Decimal(-1)}, {"limit_mva": Decimal(-1)}])
def test_a_section_with_a_negative_figure_is_refused(change: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidValue, match="at least 0"):
        replace(NEAR, **change)  # type: ignore[arg-type]  # the table mixes fields


def test_a_feeder_hangs_on_a_transmission_bus() -> None:
    with pytest.raises(InvalidValue, match="a transmission bus as interface"):
        Network(transmission=TWO_BUSES, feeders=(replace(FEEDER, interface="Z"),))


def test_a_bus_belongs_to_one_part_of_the_network() -> None:
    with pytest.raises(InvalidValue, match="every identifier once"):
        Network(transmission=TWO_BUSES, feeders=(replace(FEEDER, root="B", sections=()),))
    with pytest.raises(InvalidValue, match="every identifier once"):
        Network(transmission=TWO_BUSES, feeders=(FEEDER, replace(FEEDER, root="X", sections=())))


def test_the_buses_of_a_network_are_listed_part_by_part() -> None:
    assert Network(transmission=TWO_BUSES, feeders=(FEEDER,)).buses == ("A", "B", "R", "M", "E")
