"""A radial case becomes a feeder: a tree from the root, loads, offers, bounds; what it cannot hold is refused or told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.errors import InvalidValue, Unmappable
from gateway.network.model import Section, Thermal
from gateway.network.radial import Floats, radial
from profiles.grid.matpower import Case, read_case
from profiles.grid.matpower_feeder import FeederCase, to_feeder, with_feeder
from profiles.grid.matpower_network import to_dispatch
from tests.gateway.network.trees import feeder_of_33_buses
from tests.profiles.grid.feeder_case import FORK, TOP

BLANK = bid("blank", "area", "up", 1, 0)
CASE, _ = read_case(FORK.encode())
D = Decimal


def below(case: Case = CASE) -> FeederCase:
    """Return the feeder of a case."""
    return to_feeder(case, "F", "2", BLANK)[0]


def with_row(name: str, at: int, case: Case = CASE, **changes: Decimal) -> Case:
    """Return *case* with other values in one row of a table."""
    rows = getattr(case, name)
    table: dict[str, Any] = {name: (*rows[:at], replace(rows[at], **changes), *rows[at + 1 :])}
    return replace(case, **table)


def test_sections_lead_from_the_root_whichever_way_they_are_written() -> None:
    assert below().feeder.sections == (
        Section(id="F:1", parent="F:1", child="F:2", r_pu=D("0.01"), x_pu=D("0.02"), limit_mva=D(8)),
        Section(id="F:2", parent="F:2", child="F:3", r_pu=D("0.05"), x_pu=D("0.05")),
        Section(id="F:3", parent="F:2", child="F:7", r_pu=D("0.02"), x_pu=D("0.01"), limit_mva=D(4)),
    )


def test_the_feeder_hangs_on_its_interface_with_the_tightest_bounds() -> None:
    feeder = below().feeder
    assert (feeder.id, feeder.interface, feeder.root, feeder.base_mva) == ("F", "2", "F:1", D(10))
    assert (feeder.w_min, feeder.w_max) == (D("0.95") ** 2, D("1.04") ** 2)
    assert feeder.thermal is Thermal.APPARENT


@pytest.mark.parametrize(
    ("case", "voltage"),
    [
        pytest.param(CASE, D("1.02"), id="setpoint of the substation"),
        pytest.param(with_row("generators", 0, status=D(0)), D(1), id="no generator at the root"),
    ],
)
def test_the_voltage_of_the_root(case: Case, voltage: Decimal) -> None:
    assert below(case).feeder.w_root == voltage**2


def test_loads_are_drawn_and_least_outputs_are_given() -> None:
    """Bus 3 draws its shunt too; the generator at bus 7 gives at least 1 MW at 6 + 40 per hour."""
    found = below()
    assert found.injections_mw == {"F:1": 0, "F:2": -2, "F:3": D("-3.5"), "F:7": 0}
    assert found.injections_mvar == {"F:1": 0, "F:2": D("-0.5"), "F:3": -1, "F:7": D("0.2")}
    assert found.base_cost == 46


def test_the_generators_below_the_root_bid() -> None:
    (offer,) = below().bids
    assert (offer.id, offer.quantity_mw, offer.price, below().buses) == ("F:2", D(4), D(40), {"F:2": "F:7"})


def test_what_is_assumed_and_lost_is_told() -> None:
    charged = with_row("branches", 0, with_row("buses", 1, susceptance_mvar=D(1)), charging_pu=D("0.1"))
    _, report = to_feeder(charged, "F", "2", BLANK)
    assert report.assumptions == (
        "the generators at the root are the substation and take no part",
        "all buses have the tightest voltage bounds of one of them",
    )
    assert report.losses == ("charging of 1 lines", "shunt susceptance of 1 buses")


WRONG: dict[str, tuple[Callable[[], Case], str]] = {
    "a closed tie line": (
        lambda: with_row("branches", 3, status=D(1)),
        "/mpc.branch/row[4]: expected a tree of lines, found a ring over bus 7",
    ),
    "a bus without a line": (
        lambda: with_row("branches", 1, status=D(0)),
        "/mpc.bus: expected lines to every bus, found bus 3 without one",
    ),
    "no root": (lambda: with_row("buses", 0, kind=D(1)), "/mpc.bus: expected one reference bus (type 3), found 0"),
    "a ratio": (lambda: with_row("branches", 2, tap=D("0.98")), "/mpc.branch/row[3]: expected a line, or a nominal"),
    "a phase shift": (lambda: with_row("branches", 0, shift_deg=D(30)), "/mpc.branch/row[1]: expected a line"),
    "a negative reactance": (
        lambda: with_row("branches", 0, x_pu=D("-0.1")),
        "/mpc: Section F:1: expected impedances of at least 0",
    ),
    "crossed bounds": (
        lambda: with_row("buses", 1, least_voltage_pu=D("1.2")),
        "/mpc: Feeder F: expected 0 < w_min ≤ w_max",
    ),
    "an endless generator": (
        lambda: with_row("generators", 1, most_mw=D("Infinity")),
        "/mpc.gen/row[2]: expected Pmin ≤ Pmax, both finite",
    ),
}


@pytest.mark.parametrize(("case", "told"), WRONG.values(), ids=WRONG)
def test_what_is_no_feeder_is_refused_with_the_place(case: Callable[[], Case], told: str) -> None:
    with pytest.raises((Unmappable, InvalidValue)) as refused:
        below(case())
    assert str(refused.value).startswith(told)


def test_a_market_with_the_feeder_by_hand() -> None:
    """26.5 MW are drawn at bus 2 and below, and 1 is given anyway.

    15 MW come over the line at 20. Section F:3 carries 4 MVA, of which its polygon leaves 4 cos 15° MW to the bid at
    40; the rest costs 50.
    """
    dispatch, _ = to_dispatch(read_case(TOP.encode())[0], BLANK)
    result = clear_nodal(with_feeder(dispatch.market, below()))
    sent = 4 * cos(pi / 12)
    volumes = {"1": 15, "2": 25.5 - 15 - sent, "F:2": sent}
    assert {name: float(mw) for name, mw in result.accepted_mw.items()} == pytest.approx(volumes, abs=1e-6)
    assert float(result.cost) == pytest.approx(15 * 20 + volumes["2"] * 50 + sent * 40)
    prices = {bus: float(each.price) for bus, each in result.prices.items()}
    assert prices == pytest.approx({"1": 20, "2": 50, "F:1": 50, "F:2": 50, "F:3": 50, "F:7": 40})


def test_an_unknown_interface_and_a_second_feeder_of_one_name_are_refused() -> None:
    market = to_dispatch(read_case(TOP.encode())[0], BLANK)[0].market
    with pytest.raises(InvalidValue, match="a transmission bus as interface"):
        with_feeder(market, to_feeder(CASE, "F", "9", BLANK)[0])
    with pytest.raises(InvalidValue, match="every identifier once"):
        with_feeder(with_feeder(market, below()), below())


def test_the_published_feeder_of_33_buses_as_a_case(reference_data: Path) -> None:
    """Its voltages by the linear model are those that were computed independently."""
    told = json.loads((reference_data / "schemes/cases/matpower_case33bw_distflow.json").read_text())["recomputed"]
    case, _ = read_case(_written(reference_data).encode())
    found, _ = to_feeder(case, "bw", "2", BLANK)
    state = radial((found.feeder,))
    active = state.flows(_injected(found.injections_mw, state.buses))
    reactive = state.flows(_injected(found.injections_mvar, state.buses))
    voltages = state.squared_voltages(active, reactive) ** 0.5
    assert len(found.feeder.sections) == 32
    assert voltages.min() == pytest.approx(told["lindistflow_vmin"], abs=1e-6)
    assert state.buses[int(voltages.argmin())] == "bw:18"


def _injected(injections: Mapping[str, Decimal], buses: tuple[str, ...]) -> Floats:
    return np.array([float(injections[bus]) for bus in buses])


def _written(reference_data: Path) -> str:
    """Return the feeder as the text of a case."""
    feeder, loads = feeder_of_33_buses(reference_data)
    rows = [
        f"{at} {3 if at == 1 else 1} {-load.real} {-load.imag} 0 0 1 1 0 12.66 1 1.1 0.9;" for at, load in _drawn(loads)
    ]
    lines = [f"{s.parent} {s.child} {s.r_pu:.12f} {s.x_pu:.12f} 0 0 0 0 0 0 1 -360 360;" for s in feeder.sections]
    head = "function mpc = bw\nmpc.version = '2'; mpc.baseMVA = 10;\nmpc.gen = [1 0 0 10 -10 1 10 1 10 0];\n"
    return head + "mpc.bus = [\n" + "\n".join(rows) + "\n];\nmpc.branch = [\n" + "\n".join(lines) + "\n];\n"


def _drawn(loads: dict[str, complex]) -> list[tuple[int, complex]]:
    return [(at, loads.get(str(at), 0j)) for at in range(1, 34)]
