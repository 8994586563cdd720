"""Every published figure of PGLib-OPF comes out in all its digits, and an interior-point solver is of one mind with us."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.clearing.nodal.lazy import clear_nodal
from profiles.grid.matpower import Case, Cost, read_case
from profiles.grid.matpower_network import to_dispatch
from tests.oracles.interior_point import INFEASIBLE, SOLVED, PowerFlow
from tests.oracles.pglib import BLANK, CAP, Found, Published, found, published, table

FEW_BUSES = 300
QUADRATIC = (
    *("case3_lmbd", "case24_ieee_rts", "case30_as", "case200_activ", "case500_goc", "case793_goc", "case2000_goc"),
    *("case500_goc__api", "case24_ieee_rts__sad"),
)
"""Cases with quadratic costs and a published value."""
IMPOSSIBLE = ("case5_pjm__sad", "case118_ieee__sad", "case200_activ__sad", "case2737sop_k__sad")
LINEAR = ("case5_pjm", "case14_ieee", "case39_epri", "case57_ieee", "case60_c", "case89_pegase", "case118_ieee")
"""Small cases with linear costs, of which the interior-point solver gives a second opinion."""
MARKS = dict.fromkeys(("case500_goc", "case793_goc", "case2000_goc", "case2737sop_k__sad"), pytest.mark.slow)
TWO_BUSES = b"""function mpc = two
mpc.version = '2'; mpc.baseMVA = 100;
mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 0 0 0 1 1 0 110 1 1.1 0.9];
mpc.gen = [1 0 0 0 0 1 100 1 80 0; 2 0 0 0 0 1 100 1 80 0];
mpc.branch = [1 2 0 0.1 0 30 0 0 0 0 1 -30 30];
mpc.gencost = [2 0 0 3 0.1 2 5; 2 0 0 3 0.3 2 5];
"""


def marked(names: tuple[str, ...]) -> list[object]:
    """Return the names as parameters, the large ones slow."""
    return [pytest.param(name, marks=MARKS.get(name, ())) for name in names]


def listed(reference_data: Path, name: str) -> Published:
    """Return the case called *name*."""
    (case,) = (each for each in published(reference_data) if each.name == name)
    return case


def two(limit: int, load: int = 50) -> Case:
    """Return two generators with marginal costs 0.2 p + 2 and 0.6 p + 2, a line, and a load at the second."""
    case, _ = read_case(TWO_BUSES)
    line = replace(case.branches[0], rate_a_mva=Decimal(limit))
    return replace(case, branches=(line,), buses=(case.buses[0], replace(case.buses[1], load_mw=Decimal(load))))


@pytest.mark.parametrize(
    ("limit", "cost"),
    [
        # 0.2 p = 0.6 (50 − p): 37.5 and 12.5 MW cost 140.625 + 46.875, and 2 per MWh, and twice the constant 5
        pytest.param(100, 297.5, id="equal marginal costs"),
        # the line stops at 30 MW: 0.1 · 900 + 0.3 · 400 + 100 + 10
        pytest.param(30, 320.0, id="a full line"),
    ],
)
def test_two_generators_by_hand(limit: int, cost: float) -> None:
    answer = PowerFlow(two(limit)).solve()
    assert answer.status == SOLVED
    assert answer.cost == pytest.approx(cost, rel=1e-7)


def test_a_load_beyond_line_and_generator_is_proven_infeasible() -> None:
    assert PowerFlow(two(30, load=110)).solve().status == SOLVED
    assert PowerFlow(two(30, load=111)).solve().status == INFEASIBLE


def test_a_generator_out_of_service_produces_nothing() -> None:
    case = two(100)
    off = replace(case, generators=(case.generators[0], replace(case.generators[1], status=Decimal(0))))
    assert PowerFlow(off).solve().cost == pytest.approx(0.1 * 2500 + 2 * 50 + 5, rel=1e-7)


@pytest.mark.parametrize("name", marked(QUADRATIC))
def test_a_published_value_with_quadratic_costs(reference_data: Path, name: str) -> None:
    case = listed(reference_data, name)
    ours = found(case)
    assert case.quadratic
    assert ours.method == "interior point"
    assert f"{ours.cost:.4e}" == case.value


@pytest.mark.parametrize("name", marked(IMPOSSIBLE))
def test_what_is_published_as_infeasible_is_proven_so_and_told_in_mw(reference_data: Path, name: str) -> None:
    case = listed(reference_data, name)
    ours = found(case)
    assert case.value == "inf."
    assert ours.cost is None
    assert f"{ours.missing_mw:.3f} MW" in case.note


@pytest.mark.parametrize("name", LINEAR)
def test_the_interior_point_solver_reaches_the_cost_of_the_clearing(reference_data: Path, name: str) -> None:
    case = listed(reference_data, name)
    assert PowerFlow(case.case).solve().cost == pytest.approx(found(case).cost, rel=1e-6)


def test_steps_of_a_quadratic_cost_close_in_on_it(reference_data: Path) -> None:
    """A market of bids holds quadratic costs as steps; ever finer ones cost ever less too much."""
    case = listed(reference_data, "case30_as").case
    best = PowerFlow(case).solve().cost
    excess = [_stepped(case, steps) - best for steps in (2, 8, 32)]
    assert excess[0] > excess[1] > excess[2] > 0
    assert excess[2] < 1e-3 * best


def _stepped(case: Case, steps: int) -> float:
    """Return the cost of the clearing where each generator is its least output and *steps* of constant marginal costs."""
    units, costs = [], []
    for unit, cost in zip(case.generators, case.costs, strict=True):
        width, (_, slope, square) = (unit.most_mw - unit.least_mw) / steps, cost.coefficients
        units.append(replace(unit, most_mw=unit.least_mw))
        costs.append(Cost((_at(cost, unit.least_mw),)))
        for start in (unit.least_mw + at * width for at in range(steps)):
            units.append(replace(unit, least_mw=Decimal(0), most_mw=width))
            costs.append(Cost((Decimal(0), slope + square * (2 * start + width))))
    dispatch, _ = to_dispatch(replace(case, generators=tuple(units), costs=tuple(costs)), BLANK, CAP)
    return float(clear_nodal(dispatch.market).cost + dispatch.base_cost)


def _at(cost: Cost, output_mw: Decimal) -> Decimal:
    return sum((each * output_mw**power for power, each in enumerate(cost.coefficients)), Decimal(0))


def test_the_table_has_a_line_for_each_case_and_knows_a_miss(reference_data: Path) -> None:
    few = [case for case in published(reference_data) if case.buses <= 5]
    lines = list(table(reference_data, most_buses=5))
    assert len(lines) == len(few) == 4
    assert all(agrees and "agrees" in line for agrees, line in lines)
    assert lines[-1][1].endswith("51.698 MW missing")
    assert not Found(5695.0, Decimal(0), "").agrees(few[0])


def test_the_library_has_27_values_and_4_infeasible_cases(reference_data: Path) -> None:
    cases = published(reference_data)
    assert len(cases) == 31
    assert {case.name for case in cases if not case.feasible} == set(IMPOSSIBLE)
    assert {case.name for case in cases if case.feasible and case.quadratic} == set(QUADRATIC)


@pytest.mark.slow
def test_no_published_digit_is_missed(reference_data: Path) -> None:
    missed = [line for agrees, line in table(reference_data, most_buses=10**6) if not agrees]
    assert missed == []
