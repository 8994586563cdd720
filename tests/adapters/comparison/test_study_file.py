"""The study file: what it becomes, and one complaint for everything that is wrong with it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.comparison.study_file import FILE_NAME, Study, read_study
from gateway.coordination.example import SMALL
from gateway.coordination.violations import violations
from gateway.errors import Misconfigured
from gateway.model import ZERO

STUDIES = Path(__file__).resolve().parents[3] / "examples/studies"
NATIONAL = ("denmark", "italy", "spain")
D = Decimal

ISLAND = """
name = "Island"
start = 2027-01-14T06:00:00Z
periods = 2
transmission_operator = "TSO"
reference = "T1"
buses = ["T1"]

[[feeders]]
id = "F1"
interface = "T1"
root = "D0"
interface_price = [40, 50]

[[feeders.sections]]
parent = "D0"
child = "D1"
r_pu = 0.02
x_pu = 0.02

[[injections]]
bus = "T1"
schedule_mw = [3, 4]

[[injections]]
bus = "D1"
schedule_mw = [-3, -4]
deviation_mw = -1
responsible = "Supplier"

[[bids]]
id = "battery up"
provider = "Storage"
bus = "D1"
direction = "up"
quantity_mw = 2
price = [60, 75]
"""


def study(name: str) -> Study:
    path = STUDIES / name / FILE_NAME
    return read_study(path.read_text(encoding="utf-8"), FILE_NAME)


def test_what_changes_with_time_is_one_number_or_one_for_each_period() -> None:
    first, second = read_study(ISLAND, FILE_NAME).cases
    assert second.system.blank.interval.start == datetime(2027, 1, 14, 6, 15, tzinfo=UTC)
    assert [case.system.market.bids[0].price for case in (first, second)] == [60, 75]
    assert [case.system.market.bids[0].quantity_mw for case in (first, second)] == [2, 2]
    assert [case.system.market.injections_mw["D1"] for case in (first, second)] == [-4, -5]
    assert [case.switches.reference_prices["F1"] for case in (first, second)] == [40, 50]


def test_the_schedule_of_a_feeder_is_the_sum_of_its_buses() -> None:
    assert [case.system.schedules_mw for case in read_study(ISLAND, FILE_NAME).cases] == [{"F1": -3}, {"F1": -4}]


def test_a_feeder_is_operated_by_who_is_called_like_it_unless_told() -> None:
    case = read_study(ISLAND, FILE_NAME).cases[0]
    assert case.distributors["F1"].value == "F1"
    assert case.responsible["D1"].value == "Supplier"
    assert case.deviations_mw == {"D1": -1}


def test_the_small_study_is_the_small_system() -> None:
    """The bounds of voltages are written as voltages, so that their squares differ in the last of 28 digits."""
    (case,) = study("small").cases
    assert case.system.schedules_mw == SMALL.schedules_mw
    assert {bus: mw for bus, mw in case.system.market.injections_mw.items() if mw} == SMALL.market.injections_mw
    assert case.system.market.buses == SMALL.market.buses
    told, expected = ({bid.id: (bid.direction, bid.quantity_mw, bid.price) for bid in system.market.bids}
                      for system in (case.system, SMALL))  # fmt: skip
    assert told == expected
    (first, _), (same, _) = case.system.feeders, SMALL.feeders
    assert first.w_min == same.w_min
    assert abs(first.w_max - same.w_max) < D("1e-20")


@pytest.mark.parametrize("name", NATIONAL)
def test_a_national_study_is_whole(name: str) -> None:
    """Eight periods, resources in both grids, and nothing but deviations to balance."""
    told = study(name)
    assert len(told.cases) == 8
    assert told.message_cost > ZERO
    for case in told.cases:
        inside = [bid for feeder in case.system.feeders for bid in case.system.inside(feeder)]
        assert 0 < len(inside) < len(case.system.market.bids)
        assert sum(case.system.market.injections_mw.values()) == sum(case.deviations_mw.values())


@pytest.mark.parametrize("name", NATIONAL)
def test_a_national_study_gives_both_operators_something_to_do(name: str) -> None:
    """In some period a limit of a feeder is broken before any activation, and power is not balanced."""
    systems = [case.system for case in study(name).cases]
    broken = [each for system in systems for each in violations(system.with_trades(), {})]
    assert {each.feeder for each in broken} - {None}
    assert any(sum(system.market.injections_mw.values()) for system in systems)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("price = [60, 75]", "price = [60, 75, 90]", r"bids\[1\]\.price: expected one number, or 2 of them, found 3"),
        ("[3, 4]", "[3, 5]", "period 2: expected schedules that add up to 0 MW, found 1 MW"),
        ('bus = "T1"', 'bus = "T9"', r"injections\[1\]\.bus: expected a bus of the network, each once, found 'T9'"),
        ('bus = "T1"', 'bus = "D1"', r"injections\[2\]\.bus: expected a bus of the network, each once"),
        ('bus = "D1"\ndirection', 'bus = "D9"\ndirection', "expected a bus of the network"),
        ('reference = "T1"', 'reference = "T2"', "Transmission.reference: expected one of the buses"),
        ("quantity_mw = 2", "quantity_mw = -2", "quantity_mw"),
        ("quantity_mw = 2", "quantity_mw = 2\nquantity = 2", "expected 'quantity_mw', found an unknown key"),
        ('direction = "up"', 'direction = "left"', "direction"),
        ("periods = 2", "periods = 97", "periods"),
        ('parent = "D0"', 'parent = "D7"', "a parent that comes before it"),
        ('name = "Island"', "name = ", "a TOML text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        read_study(ISLAND.replace(old, new), FILE_NAME)
    errors = caught.value.exceptions
    assert all(isinstance(error, Misconfigured) for error in errors)
    assert any(re.search(told, str(error)) for error in errors)


def test_everything_wrong_is_told_at_once() -> None:
    bad = (
        ISLAND.replace("price = [60, 75]", "price = [60, 75, 90]")
        .replace("[3, 4]", "[3]")
        .replace("[-3, -4]", "[-3, 1, 1]")
    )
    with pytest.raises(ExceptionGroup) as caught:
        read_study(bad, FILE_NAME)
    assert len(caught.value.exceptions) == 2
