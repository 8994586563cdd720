"""Decimals counted in whole numbers: exact whatever their size, and finer where they do not keep the step."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing.counting import Numbers, counted, times, told, total
from gateway.errors import InvalidValue

MILLI = Decimal("0.001")


def decimals_of(*values: object) -> list[Decimal]:
    """Return the decimals that one reads."""
    return [Decimal(str(value)) for value in values]


@pytest.mark.parametrize(
    ("step", "values", "unit", "numbers"),
    [
        ("0.001", (40, "0.5", "-0.001", 0), "0.001", [40_000, 500, -1, 0]),
        ("0.25", ("0.75", -2), "0.25", [3, -8]),
        ("5", (15, 0), "5", [3, 0]),
        ("0.001", ("40.0005", 1), "0.0001", [400_005, 10_000]),
        ("0.25", ("0.3",), "0.01", [30]),
        ("5", (7,), "1", [7]),
        ("0.001", ("1E+20",), "0.001", [10**23]),
        ("0.001", ("1.00000000000001",), "1E-14", [10**14 + 1]),
        ("0.1", (), "0.1", []),
    ],
    ids=["steps", "quarters", "fives", "finer", "other than quarters", "ones", "large", "tiny", "nothing"],
)
def test_values_become_whole_numbers_of_the_step_or_of_a_finer_unit(
    step: str, values: tuple[object, ...], unit: str, numbers: list[int]
) -> None:
    found, (column,) = counted(Decimal(step), decimals_of(*values))

    assert found == Decimal(unit)
    assert column.tolist() == numbers


def test_columns_share_one_unit() -> None:
    unit, (first, second, third) = counted(MILLI, decimals_of(1, 2), decimals_of("0.0001"), [])

    assert unit == Decimal("0.0001")
    assert [first.tolist(), second.tolist(), third.tolist()] == [[10_000, 20_000], [1], []]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(InvalidValue):
        counted(MILLI, decimals_of(1, value))


@given(st.lists(st.integers(-(10**15), 10**15)), st.integers(0, 6))
def test_every_decimal_comes_back(numbers: list[int], places: int) -> None:
    step = Decimal(1).scaleb(-places)
    given_ = [number * step for number in numbers]
    unit, (column,) = counted(step, given_)

    assert [told(number, unit) for number in column] == given_


@pytest.mark.parametrize(
    ("first", "second", "product"),
    [
        (np.array([3, -4]), np.array([5, 6]), [15, -24]),
        (np.array([2**61]), np.array([4]), [2**63]),
        (np.array([-(2**40)]), np.array([2**40]), [-(2**80)]),
        (np.array([10**30], dtype=object), np.array([7]), [7 * 10**30]),
        (np.array([0.5]), np.array([3]), [1.5]),
        (np.array([], dtype=np.int64), np.array([], dtype=np.int64), []),
    ],
    ids=["small", "beyond 63 bits", "beyond 64 bits", "any size", "floating", "none"],
)
def test_products_are_exact(first: Numbers, second: Numbers, product: list[float]) -> None:
    assert times(first, second).tolist() == product


@pytest.mark.parametrize(
    ("numbers", "whole"),
    [
        (np.array([1, 2, -5]), -2),
        (np.full(5, 2**62), 5 * 2**62),
        (np.full(5, -(2**62)), -5 * 2**62),
        (np.array([10**30, 1], dtype=object), 10**30 + 1),
        (np.array([0.5, 0.25]), 0.75),
        (np.array([], dtype=np.int64), 0),
    ],
    ids=["small", "large", "negative", "any size", "floating", "none"],
)
def test_sums_are_exact(numbers: Numbers, whole: float) -> None:
    assert total(numbers) == whole


@pytest.mark.parametrize(
    ("number", "text"),
    [(25, "0.025"), (np.int64(-3), "-0.003"), (10**20, "100000000000000000.000"), (2.0000000004, "0.0020")],
    ids=["whole", "of an array", "large", "floating"],
)
def test_a_number_of_units_is_told_as_a_decimal(number: float, text: str) -> None:
    assert str(told(number, MILLI)) == text
