"""Periods of points as blocks: counted before they are cut, joined where they follow each other."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Unmappable
from gateway.time import Interval
from profiles.parts import TimeInterval
from profiles.slots import MOST_SLOTS, blocks, duration, duration_text, numbered, require_few_slots, runs, series_id

TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def period(start: datetime, end: datetime, resolution: str, *positions: int) -> SimpleNamespace:
    points = tuple(SimpleNamespace(position=position, quantity=position) for position in positions)
    return SimpleNamespace(interval=TimeInterval(start=start, end=end), resolution=resolution, points=points)


def quantities(found: tuple[tuple[Interval, SimpleNamespace], ...]) -> list[int]:
    return [point.quantity for _, point in found]


def test_fixed_blocks_are_one_point_for_each_slot() -> None:
    found = blocks([period(TEN, TEN + 2 * QUARTER, "PT15M", 1, 2)], None)
    assert [str(on) for on, _ in found] == [
        "2026-03-03T10:00Z/2026-03-03T10:15Z",
        "2026-03-03T10:15Z/2026-03-03T10:30Z",
    ]
    assert quantities(found) == [1, 2]


def test_variable_blocks_last_to_the_next_point() -> None:
    assert quantities(blocks([period(TEN, TEN + 4 * QUARTER, "PT15M", 1, 3)], "A03")) == [1, 1, 3, 3]


def test_a_day_of_clock_change_has_its_own_number_of_slots() -> None:
    autumn = period(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), "PT15M", 1)
    assert len(blocks([autumn], "A03")) == 100
    spring = period(datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC), "P1D", 1)
    assert len(blocks([spring], None)) == 1


# From, to, resolution, curve: far more slots than a document may have.
ENDLESS = [
    (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC), "PT1S", "A01"),
    (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC), "PT1S", "A03"),
    (TEN, TEN + timedelta(days=1), "PT0.001S", "A01"),
    (TEN, TEN + timedelta(days=1), "PT0.001S", "A03"),
]


@pytest.mark.parametrize(("start", "end", "resolution", "curve"), ENDLESS)
def test_slots_without_number_are_refused_before_they_are_cut(
    start: datetime, end: datetime, resolution: str, curve: str
) -> None:
    tracemalloc.start()
    with pytest.raises(Unmappable):
        blocks([period(start, end, resolution, 1)], curve)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_the_slots_of_all_series_are_bounded_together() -> None:
    days = MOST_SLOTS // 96
    one = SimpleNamespace(curve_type="A03", periods=[period(TEN, TEN + timedelta(days=days), "PT15M", 1)])
    require_few_slots([one])
    with pytest.raises(Unmappable, match="at most 100000 slots in all series"):
        require_few_slots([one, one])
    fixed = SimpleNamespace(curve_type="A01", periods=one.periods)
    require_few_slots([fixed, fixed])


def test_a_resolution_that_does_not_fit_is_left_to_the_series() -> None:
    odd = SimpleNamespace(curve_type="A03", periods=[period(TEN, TEN + QUARTER, "PT10M", 1)])
    require_few_slots([odd])
    with pytest.raises(Unmappable, match="resolution"):
        blocks(odd.periods, "A03")


@pytest.mark.parametrize("text", ["PT99999999999999999999S", "P1D", "P1M", "-PT1S", "PT" + "9" * 60 + "H"])
def test_a_length_that_no_clock_measures_is_refused(text: str) -> None:
    with pytest.raises(Unmappable):
        duration(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=999)))
def test_a_duration_is_read_as_written(length: timedelta) -> None:
    assert duration(duration_text(length)) == length


@given(st.lists(st.integers(min_value=0, max_value=50), unique=True, min_size=1))
def test_runs_hold_each_slot_once_and_join_neighbours(numbers: list[int]) -> None:
    slots = {number: Interval(TEN + number * QUARTER, TEN + (number + 1) * QUARTER) for number in numbers}
    found = list(runs((slot, number) for number, slot in slots.items()))
    assert [number for _, _, values in found for number in values] == sorted(numbers)
    assert all(resolution == "PT15M" for _, resolution, _ in found)
    ends = {whole.end for whole, _, _ in found}
    assert all(whole.start not in ends for whole, _, _ in found)


def test_slots_of_other_length_begin_another_run() -> None:
    quarter, hour = Interval(TEN, TEN + QUARTER), Interval(TEN + QUARTER, TEN + 5 * QUARTER)
    assert [resolution for _, resolution, _ in runs([(quarter, 1), (hour, 2)])] == ["PT15M", "PT60M"]


def test_slots_of_a_series_are_numbered_where_there_are_several() -> None:
    assert numbered("a", 1) == ["a"]
    assert numbered("a", 2) == ["a#1", "a#2"]
    assert [series_id(name) for name in ("a", "a#1", "a#b", "#1", "a#1#2")] == ["a", "a", "a#b", "#1", "a#1"]
