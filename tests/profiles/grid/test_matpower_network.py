"""Published optimal power flows come out of the nodal clearing, digit by digit."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalResult
from gateway.errors import Unmappable
from profiles.grid.matpower import Case, Cost, read_case
from profiles.grid.matpower_network import oriented, to_dispatch, to_network

BLANK = bid("blank", "area", "up", 1, 0)
LINEAR = (
    *("case5_pjm", "case14_ieee", "case39_epri", "case57_ieee", "case60_c", "case89_pegase", "case118_ieee"),
    *("case240_pserc", "case300_ieee", "case1354_pegase", "case1803_snem", "case2383wp_k", "case2746wop_k"),
    *("case2869_pegase", "case5_pjm__api", "case118_ieee__api", "case1803_snem__api", "case300_ieee__sad"),
)
"""The published cases with linear costs and a finite value."""
INFEASIBLE = {
    "case5_pjm__sad": "51.698",
    "case118_ieee__sad": "23.437",
    "case200_activ__sad": "36.138",
    "case2737sop_k__sad": "108.883",
}
"""The published cases that cannot be solved, with the MW that are missing or too much."""

LARGE = dict.fromkeys(
    [name for name in (*LINEAR, *INFEASIBLE) if len(re.findall(r"\d", name)) > len("999")], (pytest.mark.slow,)
)
"""Cases of a thousand buses and more."""


def published(reference_data: Path, name: str) -> tuple[Case, dict[str, str]]:
    """Return a case, and what is published of it."""
    folder = reference_data / "clearing/samples/pglib"
    with (folder / "baseline.csv").open(encoding="utf-8") as table:
        (row,) = (row for row in csv.DictReader(table) if row["file"].endswith(f"pglib_opf_{name}.m"))
    return read_case((folder / row["file"]).read_bytes())[0], row


def cleared(case: Case) -> tuple[NodalResult, Decimal]:
    """Return the result of the optimal power flow, and what it costs in all."""
    dispatch, _ = to_dispatch(oriented(case), BLANK, Decimal(10**6))
    result = clear_nodal(dispatch.market)
    return result, result.cost + dispatch.base_cost


@pytest.mark.parametrize("name", [pytest.param(name, marks=LARGE.get(name, ())) for name in LINEAR])
def test_a_published_value_in_all_its_digits(reference_data: Path, name: str) -> None:
    case, row = published(reference_data, name)

    result, cost = cleared(case)
    assert f"{cost:.4e}" == f"{Decimal(row['published_dc']):.4e}"
    assert float(cost) == pytest.approx(float(row["independent_objective"]), rel=1e-9)
    assert result.missing_mw == {}


@pytest.mark.parametrize("name", [pytest.param(name, marks=LARGE.get(name, ())) for name in INFEASIBLE])
def test_an_infeasible_case_tells_what_is_missing(reference_data: Path, name: str) -> None:
    case, row = published(reference_data, name)
    linear = replace(case, costs=tuple(Cost(each.coefficients[:2]) for each in case.costs))

    result, _ = cleared(linear)
    assert row["published_dc"] == "inf."
    assert f"{sum(map(abs, result.missing_mw.values())):.3f}" == INFEASIBLE[name]


def test_every_published_case_is_accounted_for(reference_data: Path) -> None:
    """Those with quadratic costs are the only ones that a market of bids cannot hold."""
    with (reference_data / "clearing/samples/pglib/baseline.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))

    linear = {row["file"] for row in rows if row["quadratic_costs"] == "0" and row["published_dc"] != "inf."}
    assert {Path(name).stem.removeprefix("pglib_opf_") for name in linear} == set(LINEAR)
    assert sum(row["published_dc"] == "inf." for row in rows) == len(INFEASIBLE)


@pytest.mark.slow
def test_without_the_rule_for_parallel_branches_one_case_is_off(reference_data: Path) -> None:
    case, row = published(reference_data, "case1803_snem")

    dispatch, _ = to_dispatch(case, BLANK)
    cost = clear_nodal(dispatch.market).cost + dispatch.base_cost
    assert f"{cost:.4e}" == "8.7707e+4"
    assert "without it 8.77065e+04" in row["note"]


def test_prices_and_flows_of_the_five_bus_system(reference_data: Path) -> None:
    case, _ = published(reference_data, "case5_pjm")
    told = json.loads((reference_data / "schemes/cases/matpower_case5_dcopf.json").read_text())["recomputed"]

    result, cost = cleared(case)
    assert float(cost) == pytest.approx(told["objective"], abs=1e-4)
    assert [float(result.accepted_mw[name]) for name in "12345"] == pytest.approx(told["pg"], abs=1e-4)
    prices = {bus: float(result.prices[bus].price) for bus in "12345"}
    assert prices == pytest.approx(told["lmp"], abs=5e-5)
    (limit,) = result.bindings
    assert (limit.place, limit.upper, limit.value) == ("6", False, Decimal(-240))


def test_quadratic_costs_are_refused(reference_data: Path) -> None:
    case, _ = published(reference_data, "case30_as")

    with pytest.raises(Unmappable, match="a linear cost"):
        to_dispatch(case, BLANK)


def test_lines_are_named_by_their_rows_and_buses_by_their_numbers(reference_data: Path) -> None:
    case, _ = published(reference_data, "case5_pjm")
    without_second = replace(
        case, branches=(case.branches[0], replace(case.branches[1], status=Decimal(0)), *case.branches[2:])
    )

    top = to_network(without_second)[0].transmission
    assert [line.id for line in top.lines] == ["1", "3", "4", "5", "6"]
    assert (top.buses, top.reference) == (("1", "2", "3", "4", "5"), "4")


def test_isolated_buses_are_left_out_with_what_is_at_them(reference_data: Path) -> None:
    case, _ = published(reference_data, "case5_pjm")
    island = replace(case.buses[0], number=Decimal(10), kind=Decimal(4), load_mw=Decimal(7))
    there = replace(case.generators[0], bus=Decimal(10))
    wider = replace(
        case, buses=(*case.buses, island), generators=(*case.generators, there), costs=(*case.costs, case.costs[0])
    )

    assert cleared(wider) == cleared(case)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [((0, 0), (-60, 60)), ((-360, 360), (-60, 60)), ((-90, 20), (-60, 20)), ((-30, 30), (-30, 30))],
)
def test_bounds_on_the_angle_that_say_nothing_become_60_degrees(
    reference_data: Path, bounds: tuple[int, int], expected: tuple[int, int]
) -> None:
    case, _ = published(reference_data, "case5_pjm")
    first = replace(case.branches[0], least_angle_deg=Decimal(bounds[0]), most_angle_deg=Decimal(bounds[1]))

    network, report = to_network(replace(case, branches=(first, *case.branches[1:])))
    line = network.transmission.lines[0]
    assert [line.least_angle_deg, line.most_angle_deg] == list(map(Decimal, expected))
    assert len(report.assumptions) == (bounds != expected)


@pytest.mark.parametrize("rate", ["0", "Infinity"])
def test_a_rate_of_nothing_is_no_limit(reference_data: Path, rate: str) -> None:
    case, _ = published(reference_data, "case5_pjm")
    free = replace(case.branches[0], rate_a_mva=Decimal(rate))

    assert to_network(replace(case, branches=(free, *case.branches[1:])))[0].transmission.lines[0].limit_mw is None


def test_what_a_network_cannot_hold_is_refused_with_the_place(reference_data: Path) -> None:
    case, _ = published(reference_data, "case5_pjm")
    first, generator = case.branches[0], case.generators[0]
    endless = replace(first, x_pu=Decimal("Infinity"))
    apart = replace(case.buses[0], number=Decimal(10))
    wrong: dict[str, Case] = {
        "one reference bus": replace(case, buses=case.buses[:3] + case.buses[4:]),
        "finite numbers": replace(case, branches=(endless, *case.branches[1:])),
        "one island": replace(case, buses=(*case.buses, apart)),
        "Pmin ≤ Pmax": replace(case, generators=(replace(generator, most_mw=Decimal(-1)), *case.generators[1:])),
    }

    for expected, each in wrong.items():
        with pytest.raises(Unmappable, match=expected):
            to_dispatch(each, BLANK)


def test_direct_current_lines_in_service_are_refused(reference_data: Path) -> None:
    text = (reference_data / "clearing/samples/pglib/pglib_opf_case5_pjm.m").read_text(encoding="utf-8")
    lines = "mpc.dcline = [1 2 {} 10 9 0 0 1 1 -20 20 0 0 0 0 1 0.05];\n"

    to_network(read_case((text + lines.format(0)).encode())[0])
    with pytest.raises(Unmappable, match="no direct-current line in service"):
        to_network(read_case((text + lines.format(1)).encode())[0])
