"""Requested and delivered energy, and baselines: shapes worked by hand, and what holds for all of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.model import ZERO, Direction
from gateway.settlement.baseline import Baseline, SimilarDay, highest_days, meter_before, nominated, zero
from gateway.settlement.delivery import RequestedEnergy, block, delivered_mwh, energy_mwh, trapezoid

D = Decimal
MINUTE = timedelta(minutes=1)
powers = st.decimals(-500, 500, places=3)
directions = st.sampled_from([Direction.UP, Direction.DOWN])


@pytest.mark.parametrize(
    ("power", "span", "energy"),
    [
        ("60", 15 * MINUTE, "15"),
        ("60", timedelta(seconds=1), "0.01666666666666666666666666667"),
        ("36", timedelta(seconds=1), "0.01"),
        ("3600", timedelta(microseconds=1), "0.000001"),
        ("-4", 15 * MINUTE, "-1"),
        ("1", timedelta(days=1), "24"),
        ("1", timedelta(days=1, hours=1), "25"),
        ("0", timedelta(days=400), "0"),
    ],
)
def test_energy_is_power_times_time(power: str, span: timedelta, energy: str) -> None:
    assert energy_mwh(D(power), span) == D(energy)


@pytest.mark.parametrize(
    ("power", "minutes", "ramp", "own", "beside"),
    [
        # P (dt - T/4) / 60 in the period, P T / 8 / 60 before and after it
        ("60", 15, 10, "12.5", "1.25"),
        ("60", 15, 0, "15", "0"),
        ("48", 15, 15, "9", "1.5"),
        ("24", 60, 20, "22", "1"),
        ("-60", 15, 10, "-12.5", "-1.25"),
    ],
)
def test_the_trapezoid_of_a_standard_product(power: str, minutes: int, ramp: int, own: str, beside: str) -> None:
    shape = trapezoid(D(power), minutes * MINUTE, ramp * MINUTE)
    assert (shape.own_mwh, shape.before_mwh, shape.after_mwh) == (D(own), D(beside), D(beside))
    assert shape.total_mwh == block(D(power), minutes * MINUTE).total_mwh


def test_a_block_keeps_to_its_period() -> None:
    assert block(D(20), 15 * MINUTE) == RequestedEnergy(D(5), ZERO, ZERO)
    assert RequestedEnergy(D(5), D(1), D(2)).total_mwh == 8


@pytest.mark.parametrize(
    ("measured", "baseline", "direction", "delivered"),
    [
        ("5", "3", Direction.UP, "0.5"),
        ("5", "3", Direction.DOWN, "-0.5"),
        ("1", "3", Direction.DOWN, "0.5"),
        ("-2", "-4", Direction.UP, "0.5"),
        ("-6", "-4", Direction.DOWN, "0.5"),
        ("3", "3", Direction.UP, "0"),
        ("1", "-1", Direction.UP, "0.5"),
    ],
)
def test_what_is_delivered_counts_in_the_requested_direction(
    measured: str, baseline: str, direction: Direction, delivered: str
) -> None:
    assert delivered_mwh(D(measured), D(baseline), direction, 15 * MINUTE) == D(delivered)


@given(powers, powers, directions)
def test_a_unit_that_follows_its_request_delivers_it(baseline: Decimal, power: Decimal, direction: Direction) -> None:
    measured = baseline + direction.sign * power
    assert delivered_mwh(measured, baseline, direction, 15 * MINUTE) == block(power, 15 * MINUTE).total_mwh


@given(powers, st.integers(1, 240), st.integers(1, 240))
def test_energy_of_two_spans_is_the_energy_of_both(power: Decimal, first: int, second: int) -> None:
    apart = energy_mwh(power, first * MINUTE) + energy_mwh(power, second * MINUTE)
    assert abs(energy_mwh(power, (first + second) * MINUTE) - apart) < D("1e-22")


# ---- baselines


@pytest.mark.parametrize(
    ("baseline", "expected"),
    [
        (nominated(D("3.5")), Baseline(power_mw=D("3.5"), method="nominated schedule", inputs="schedule 3.5 MW")),
        (meter_before(D(-2)), Baseline(power_mw=D(-2), method="meter before", inputs="last period -2 MW")),
        (zero(), Baseline(power_mw=ZERO, method="zero", inputs="stand-alone storage")),
    ],
    ids=["nominated", "meter before", "zero"],
)
def test_a_baseline_keeps_its_method_and_what_went_into_it(baseline: Baseline, expected: Baseline) -> None:
    assert baseline == expected


def days(*figures: tuple[str, str]) -> list[SimilarDay]:
    return [SimilarDay(D(before), D(event)) for before, event in figures]


@pytest.mark.parametrize(
    ("history", "today", "highest", "power"),
    [
        # the two highest: 10 and 8, mean 9; before them 9 and 7, mean 8; today 8.5: + 0.5
        ((("9", "10"), ("7", "8"), ("1", "2")), "8.5", 2, "9.5"),
        # the same in another order
        ((("1", "2"), ("7", "8"), ("9", "10")), "8.5", 2, "9.5"),
        # today is far above: the adjustment is capped at 0.2 x 9
        ((("9", "10"), ("7", "8"), ("1", "2")), "80", 2, "10.8"),
        ((("9", "10"), ("7", "8"), ("1", "2")), "-80", 2, "7.2"),
        # loads: the highest are those that draw most
        ((("-9", "-10"), ("-7", "-8"), ("-1", "-2")), "-8.5", 2, "-9.5"),
        # all days count
        ((("4", "4"), ("2", "2")), "3", 2, "3"),
        # at equal height the later day is taken: before it was 5, and not 1
        ((("1", "6"), ("5", "6")), "5", 1, "6"),
        ((("5", "6"), ("1", "6")), "5", 1, "7.2"),
    ],
)
def test_the_highest_of_similar_days(
    history: tuple[tuple[str, str], ...], today: str, highest: int, power: str
) -> None:
    found = highest_days(days(*history), D(today), highest=highest)
    assert found.power_mw == D(power)
    assert found.method == f"highest {highest} of {len(history)}"


def test_the_words_of_a_baseline_hold_every_figure() -> None:
    found = highest_days(days(("9", "10"), ("7", "8")), D("8.5"), highest=2)
    assert found.inputs == "mean 9 MW, before today 8.5 MW, before then 8 MW, adjustment 0.5 MW"


@pytest.mark.parametrize(("cap", "power"), [("0", "9"), ("0.01", "9.09"), ("1", "9.5")])
def test_the_cap_of_the_adjustment_is_a_term_of_the_market(cap: str, power: str) -> None:
    history = days(("9", "10"), ("7", "8"))
    assert highest_days(history, D("8.5"), highest=2, cap=D(cap)).power_mw == D(power)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_days_make_no_baseline(count: int) -> None:
    with pytest.raises(InvalidValue) as caught:
        highest_days(days(*[("1", "1")] * count), D(1))
    assert str(caught.value) == f"days: expected at least 5 similar days, found {count}"


@given(st.lists(st.tuples(powers, powers), min_size=5, max_size=10), powers)
def test_the_adjustment_moves_the_mean_by_a_fifth_at_most(drawn: list[tuple[Decimal, Decimal]], today: Decimal) -> None:
    history = [SimilarDay(before, event) for before, event in drawn]
    found = highest_days(history, today)
    raw = highest_days(history, today, cap=ZERO)
    assert abs(found.power_mw - raw.power_mw) <= abs(raw.power_mw) * D("0.2") + D("1e-20")
    highest = sorted((abs(event) for _, event in drawn), reverse=True)
    assert abs(raw.power_mw) <= sum(highest[:5], ZERO) / 5 + D("1e-20")
