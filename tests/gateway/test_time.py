"""Time: half-open intervals, durations by value, days of clock change, and curves as blocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.time import (
    CENTRAL_EUROPE,
    QUARTER_HOUR,
    CurveType,
    Interval,
    Resolution,
    Series,
    compress,
    expand,
    market_day,
    on_grid,
    slot_means,
)

TEN = datetime(2026, 1, 14, 10, tzinfo=UTC)
HOUR = Interval(TEN, TEN + timedelta(hours=1))
SLOTS = QUARTER_HOUR.slots(HOUR)
A01, A02, A03 = CurveType.FIXED_BLOCKS, CurveType.POINTS, CurveType.VARIABLE_BLOCKS


def values(blocks: tuple[tuple[Interval, object], ...]) -> list[object]:
    return [value for _, value in blocks]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (TEN.replace(tzinfo=None), TEN),
        (TEN, TEN.astimezone(timezone(timedelta(hours=2))) + timedelta(hours=1)),
        (TEN, TEN),
        (TEN + timedelta(minutes=1), TEN),
    ],
    ids=["naive", "offset", "empty", "reversed"],
)
def test_an_interval_that_cannot_be_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(InvalidValue):
        Interval(start, end)


def test_an_interval_is_half_open() -> None:
    assert HOUR.start in HOUR
    assert HOUR.end not in HOUR
    assert not HOUR.overlaps(Interval(HOUR.end, HOUR.end + timedelta(hours=1)))
    assert HOUR.covers(SLOTS[3])
    assert not SLOTS[3].covers(HOUR)
    assert HOUR.duration == timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "other"),
    [("PT60M", "PT1H"), ("P0Y0M0DT1H0M0.000S", "PT1H"), ("P1Y", "P12M"), ("PT900S", "PT15M"), ("PT0.5S", "PT0.50S")],
)
def test_durations_compare_by_value(text: str, other: str) -> None:
    assert Resolution.parse(text) == Resolution.parse(other)
    assert hash(Resolution.parse(text)) == hash(Resolution.parse(other))


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "-PT15M", "PT15", "15M", "PT1.5M", "pt15m", "PT1H ", "P1W", "P" + "1" * 80 + "D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="xs:duration"):
        Resolution.parse(text)


@given(st.integers(0, 40), st.integers(0, 400), st.integers(0, 10**7))
def test_a_resolution_reads_what_it_writes(months: int, days: int, milliseconds: int) -> None:
    resolution = Resolution(months, days, Decimal(milliseconds) / 1000)
    assert Resolution.parse(str(resolution)) == resolution


@pytest.mark.parametrize(
    ("day", "quarters", "text"),
    [
        (date(2026, 3, 28), 96, "2026-03-27T23:00Z/2026-03-28T23:00Z"),
        (date(2026, 3, 29), 92, "2026-03-28T23:00Z/2026-03-29T22:00Z"),
        (date(2026, 10, 25), 100, "2026-10-24T22:00Z/2026-10-25T23:00Z"),
    ],
)
def test_days_of_clock_change_have_92_and_100_quarters(day: date, quarters: int, text: str) -> None:
    interval = market_day(day)
    assert str(interval) == text
    assert QUARTER_HOUR.count(interval) == quarters
    assert Resolution.parse("P1D").count(interval) == 1
    assert Resolution.parse("PT1H").count(interval) == quarters / 4


def test_a_calendar_day_is_not_24_hours() -> None:
    with pytest.raises(InvalidValue, match="whole number"):
        Resolution.parse("PT24H").count(market_day(date(2026, 3, 29)))


def test_calendar_slots_follow_local_midnights() -> None:
    helsinki = ZoneInfo("Europe/Helsinki")
    month = Interval(market_day(date(2026, 3, 1), helsinki).start, market_day(date(2026, 4, 1), helsinki).start)
    days = Resolution.parse("P1D").slots(month, helsinki)
    assert len(days) == 31
    assert days[28].duration == timedelta(hours=23)
    assert Resolution.parse("P1M").slots(month, helsinki) == (month,)
    assert Resolution.parse("P1Y").count(Interval(month.start.replace(year=2025), month.start), helsinki) == 1


@pytest.mark.parametrize("resolution", ["PT7M", "PT2H", "P1D", "PT0S", "P1M"])
def test_a_resolution_that_does_not_fit_is_refused(resolution: str) -> None:
    with pytest.raises(InvalidValue, match="whole number"):
        Resolution.parse(resolution).slots(HOUR)


def test_an_interval_is_not_cut_into_more_slots_than_positions_can_count() -> None:
    age = Interval(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
    with pytest.raises(InvalidValue, match="at most 999999 slots"):
        Resolution.parse("PT1S").slots(age)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_time_is_refused(day: date) -> None:
    with pytest.raises(InvalidValue, match="between the years"):
        market_day(day)


@given(st.integers(1, 200), st.sampled_from(["PT15M", "PT1H", "PT4S", "P1D", "P1M", "PT1.5S"]))
def test_slots_are_seamless(count: int, text: str) -> None:
    resolution = Resolution.parse(text)
    start = market_day(date(2026, 1, 1)).start
    interval = Interval(start, resolution.step(CENTRAL_EUROPE, start, count))
    slots = resolution.slots(interval)
    assert len(slots) == count
    assert (slots[0].start, slots[-1].end) == (interval.start, interval.end)
    assert all(earlier.end == later.start for earlier, later in pairwise(slots))


@pytest.mark.parametrize(
    ("curve", "points", "expected"),
    [
        (A01, [(1, 10), (2, 10), (3, 12), (4, 12)], [10, 10, 12, 12]),
        (A03, [(1, 10), (3, 12)], [10, 10, 12, 12]),
        (A03, [(1, 7)], [7, 7, 7, 7]),
        (A03, [(1, 1), (2, 2), (3, 3), (4, 4)], [1, 2, 3, 4]),
    ],
)
def test_block_curves_expand(curve: CurveType, points: list[tuple[int, int]], expected: list[int]) -> None:
    assert values(expand(curve, SLOTS, points)) == expected


@pytest.mark.parametrize(
    ("curve", "points", "what"),
    [
        (A01, [(1, 10), (2, 10)], "one point for each of 4 slots"),
        (A01, [(1, 1), (2, 1), (2, 1), (4, 1)], "strictly ascending"),
        (A03, [(2, 10)], "first position of 1"),
        (A03, [], "first position of 1"),
        (A03, [(1, 1), (3, 1), (2, 1)], "strictly ascending"),
        (A03, [(1, 1), (5, 1)], "at most 4"),
        (A02, [(1, 1)], "A01 or A03"),
    ],
)
def test_a_curve_that_does_not_fill_its_slots_is_refused(
    curve: CurveType, points: list[tuple[int, int]], what: str
) -> None:
    with pytest.raises(InvalidValue, match=what):
        expand(curve, SLOTS, points)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=100))
def test_expanding_a_compressed_curve_gives_it_back(drawn: list[int]) -> None:
    slots = QUARTER_HOUR.slots(Interval(TEN, TEN + len(drawn) * timedelta(minutes=15)))
    assert values(expand(A03, slots, compress(drawn))) == drawn
    assert values(expand(A01, slots, list(enumerate(drawn, 1)))) == drawn


def test_breakpoints_give_the_mean_of_each_slot() -> None:
    points = [(1, Decimal(100)), (3, Decimal(160)), (5, Decimal(100))]
    assert values(slot_means(SLOTS, points)) == [115, 145, 145, 115]
    half = QUARTER_HOUR.slots(Interval(TEN, TEN + timedelta(minutes=30)))
    assert values(slot_means(half, [(1, Decimal(120)), (3, Decimal(100))])) == [115, 105]


@pytest.mark.parametrize("points", [[(1, Decimal(1)), (4, Decimal(1))], [(2, Decimal(1)), (5, Decimal(1))]])
def test_breakpoints_must_span_the_slots(points: list[tuple[int, Decimal]]) -> None:
    with pytest.raises(InvalidValue, match="position"):
        slot_means(SLOTS, points)


def test_a_series_is_ascending_and_knows_its_gaps() -> None:
    series = Series(((SLOTS[0], 1), (SLOTS[2], 3)))
    assert [series.at(slot.start) for slot in SLOTS] == [1, None, 3, None]
    with pytest.raises(InvalidValue, match="ascending"):
        Series(((SLOTS[2], 1), (SLOTS[0], 3)))
    with pytest.raises(InvalidValue, match="ascending"):
        Series(((HOUR, 1), (SLOTS[3], 3)))


def test_the_grid_of_a_resolution() -> None:
    assert on_grid(TEN, QUARTER_HOUR)
    assert not on_grid(TEN + timedelta(minutes=5), QUARTER_HOUR)
    assert not on_grid(TEN, Resolution.parse("P1D"))
