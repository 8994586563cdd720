"""The meter book: what stands in it after several documents, and which means can be formed of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.measurements import Quality, Readings
from gateway.settlement.metering import book, seconds
from gateway.time import Interval
from tests.gateway.settlement.values import LOADS, PLANT, D, in_energy, measured, series
from tests.market_values import EIGHT, QUARTER, quarter

MINUTE = timedelta(minutes=1)


def slots(minutes: int, count: int) -> list[Interval]:
    return [Interval(EIGHT + n * minutes * MINUTE, EIGHT + (n + 1) * minutes * MINUTE) for n in range(count)]


def mean(*documents: Readings, on: Interval | None = None) -> Decimal | None:
    value = book(documents).mean(PLANT.meter, on or quarter())
    return None if value is None else value.power_mw


@pytest.mark.parametrize(
    ("minutes", "values", "expected"),
    [
        (15, ("7.5",), "7.5"),
        (5, ("1", "1", "2.5"), "1.5"),
        (5, ("1", "1", "2"), "1.333333333333333333333333333"),
        (1, range(15), "7"),
        (5, ("1", "1"), None),
        (5, ("1", None, "1"), None),
        (60, ("8",), None),
        (10, ("1", "2"), None),
        (15, (None,), None),
    ],
    ids=["own", "finer", "thirds", "minutes", "too short", "a gap", "coarser", "astride", "missing"],
)
def test_a_mean_needs_values_that_fill_the_period(
    minutes: int, values: tuple[object, ...], expected: str | None
) -> None:
    found = mean(Readings(series=(series(PLANT, values, slots(minutes, len(values))),)))
    assert found == (None if expected is None else D(expected))


def test_energy_and_power_give_the_same_mean() -> None:
    powers = series(PLANT, ("2.4", "-1.2"), [quarter(), quarter(1)])
    energies = Readings(series=(in_energy(powers),))
    assert [mean(energies, on=quarter(n)) for n in range(2)] == [D("2.4"), D("-1.2")]


def test_the_later_document_counts_and_a_withdrawn_value_is_missing() -> None:
    first, second = measured(PLANT, 5, 6), measured(PLANT, 7)
    assert mean(first, second) == 7
    assert mean(second, first) == 5
    assert mean(first, second, on=quarter(1)) == 6
    assert mean(first, measured(PLANT, None)) is None


def test_a_meter_is_known_by_its_metering_point_or_by_its_unit() -> None:
    both = book([measured(LOADS, -4), measured(PLANT, 3)])
    found = [both.mean(unit.meter, quarter()) for unit in (LOADS, PLANT)]
    assert [value and value.power_mw for value in found] == [-4, 3]
    assert LOADS.metering_point is not None
    assert both.mean(LOADS.resource, quarter()) is None


@pytest.mark.parametrize(
    ("qualities", "worst"),
    [
        ((Quality.AS_PROVIDED, None), None),
        ((None, Quality.ESTIMATED), Quality.ESTIMATED),
        ((Quality.CALCULATED, Quality.ADJUSTED), Quality.ADJUSTED),
        ((Quality.TEMPORARY, Quality.ESTIMATED), Quality.ESTIMATED),
        ((Quality.INCOMPLETE, Quality.AS_PROVIDED), Quality.INCOMPLETE),
    ],
)
def test_a_mean_is_as_good_as_its_worst_value(
    qualities: tuple[Quality | None, Quality | None], worst: Quality | None
) -> None:
    halves = slots(30, 2)
    made = series(PLANT, (1, 3), halves)
    readings = tuple(replace(one, quality=quality) for one, quality in zip(made.readings, qualities, strict=True))
    value = book([Readings(series=(replace(made, readings=readings),))]).mean(
        PLANT.meter, Interval(EIGHT, EIGHT + 4 * QUARTER)
    )
    assert value is not None
    assert (value.power_mw, value.quality, value.series) == (D(2), worst, ("meter of PLANT",))


def test_series_of_areas_and_parties_are_no_meters() -> None:
    area = replace(measured(PLANT, 1).series[0], resource=None, party=PLANT.provider)
    assert book([Readings(series=(area,))]).entries == {}


@given(st.lists(st.decimals(-500, 500, places=3), min_size=3, max_size=3))
def test_the_mean_lies_between_the_values(values: list[Decimal]) -> None:
    found = mean(Readings(series=(series(PLANT, values, slots(5, 3)),)))
    assert found is not None
    assert min(values) <= found <= max(values)
    assert abs(found * 3 - sum(values)) < D("1e-20")


@pytest.mark.parametrize(
    ("span", "length"), [(QUARTER, "900"), (timedelta(days=1, microseconds=1), "86400.000001"), (-QUARTER, "-900")]
)
def test_a_span_has_an_exact_length(span: timedelta, length: str) -> None:
    assert seconds(span) == D(length)
