"""Days, slots and curves by table and by law: every resolution on days of 23, 24 and 25 hours, and the way back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gateway.time
from gateway.errors import InvalidValue
from gateway.time import (
    CENTRAL_EUROPE,
    MOST_SLOTS,
    QUARTER_HOUR,
    CurveType,
    Interval,
    Resolution,
    Series,
    compress,
    expand,
    market_day,
    on_grid,
    require_positions,
    slot_means,
)

FIXED, VARIABLE = CurveType.FIXED_BLOCKS, CurveType.VARIABLE_BLOCKS
SPRING, AUTUMN, PLAIN = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)
ZONES = {name: ZoneInfo(name) for name in ("Europe/Brussels", "Europe/Helsinki", "Europe/Lisbon", "UTC")}
EIGHT = datetime(2027, 1, 14, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def span(start: int, end: int) -> Interval:
    """Return the interval between two minutes after eight."""
    return Interval(EIGHT + start * MINUTE, EIGHT + end * MINUTE)


# ---- days


@pytest.mark.parametrize(
    ("resolution", "spring", "plain", "autumn"),
    [
        ("PT4S", 20700, 21600, 22500),
        ("PT1M", 1380, 1440, 1500),
        ("PT5M", 276, 288, 300),
        ("PT15M", 92, 96, 100),
        ("PT30M", 46, 48, 50),
        ("PT60M", 23, 24, 25),
        ("PT1H", 23, 24, 25),
        ("P1D", 1, 1, 1),
    ],
)
def test_every_resolution_counts_its_slots_on_days_of_23_24_and_25_hours(
    resolution: str, spring: int, plain: int, autumn: int
) -> None:
    length = Resolution.parse(resolution)
    for day, count in ((SPRING, spring), (PLAIN, plain), (AUTUMN, autumn)):
        slots = length.slots(market_day(day))
        assert (length.count(market_day(day)), len(slots)) == (count, count)
        assert (slots[0].start, slots[-1].end) == (market_day(day).start, market_day(day).end)


@pytest.mark.parametrize(
    ("resolution", "fits"),
    [
        ("PT2H", [PLAIN]),
        ("PT5H", [AUTUMN]),
        ("PT23H", [SPRING]),
        ("PT24H", [PLAIN]),
        ("PT25H", [AUTUMN]),
        ("PT7M", []),
        ("P2D", []),
        ("P1M", []),
    ],
)
def test_a_resolution_fits_only_the_days_that_hold_a_whole_number_of_it(resolution: str, fits: list[date]) -> None:
    found = []
    for day in (SPRING, PLAIN, AUTUMN):
        try:
            Resolution.parse(resolution).count(market_day(day))
        except InvalidValue:
            continue
        found.append(day)
    assert found == fits


@pytest.mark.parametrize(
    ("zone", "day", "text", "hours"),
    [
        ("Europe/Brussels", SPRING, "2026-03-28T23:00Z/2026-03-29T22:00Z", 23),
        ("Europe/Helsinki", SPRING, "2026-03-28T22:00Z/2026-03-29T21:00Z", 23),
        ("Europe/Lisbon", SPRING, "2026-03-29T00:00Z/2026-03-29T23:00Z", 23),
        ("UTC", SPRING, "2026-03-29T00:00Z/2026-03-30T00:00Z", 24),
        ("Europe/Brussels", AUTUMN, "2026-10-24T22:00Z/2026-10-25T23:00Z", 25),
        ("Europe/Lisbon", AUTUMN, "2026-10-24T23:00Z/2026-10-26T00:00Z", 25),
        ("Europe/Brussels", PLAIN, "2026-05-31T22:00Z/2026-06-01T22:00Z", 24),
    ],
)
def test_a_market_day_runs_from_midnight_to_midnight_of_its_zone(zone: str, day: date, text: str, hours: int) -> None:
    found = market_day(day, ZONES[zone])
    assert (str(found), found.duration) == (text, timedelta(hours=hours))


@given(st.dates(date(1980, 1, 1), date(2100, 1, 1)), st.sampled_from(list(ZONES.values())))
def test_days_follow_each_other_without_gap_in_every_zone(day: date, zone: ZoneInfo) -> None:
    today, tomorrow = market_day(day, zone), market_day(day + timedelta(days=1), zone)
    assert today.end == tomorrow.start
    assert today.duration in {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert Resolution(days=1).slots(today, zone) == (today,)


@pytest.mark.parametrize(
    ("resolution", "slots", "expected"),
    [
        ("PT15M", 0, "2026-03-28T23:00:00+00:00"),
        ("PT15M", 96, "2026-03-29T23:00:00+00:00"),
        ("P1D", 1, "2026-03-29T22:00:00+00:00"),
        ("P1M", 1, "2026-04-28T22:00:00+00:00"),
        ("P1M", -2, "2026-01-28T23:00:00+00:00"),
        ("P1Y", 1, "2027-03-28T22:00:00+00:00"),
        ("P1DT1H", 1, "2026-03-29T23:00:00+00:00"),
        ("PT0.5S", 3, "2026-03-28T23:00:01.500000+00:00"),
    ],
)
def test_a_step_from_the_spring_day(resolution: str, slots: int, expected: str) -> None:
    start = market_day(SPRING).start
    assert Resolution.parse(resolution).step(CENTRAL_EUROPE, start, slots).isoformat() == expected


def test_a_month_that_has_no_such_day_fits_nowhere() -> None:
    from_the_31st = Interval(market_day(date(2026, 1, 31)).start, market_day(date(2026, 3, 3)).start)
    with pytest.raises(InvalidValue, match="a whole number of P1M"):
        Resolution(months=1).count(from_the_31st)
    two_months = Interval(from_the_31st.start, market_day(date(2026, 3, 31)).start)
    assert Resolution(months=1).count(two_months) == 2
    with pytest.raises(InvalidValue) as caught:
        Resolution(months=1).slots(two_months)
    assert str(caught.value) == "resolution: expected a day of the calendar, found 1 of P1M after 2026-01-31"


def test_as_many_slots_as_positions_can_count_are_cut_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_SLOTS == 999_999
    with pytest.raises(InvalidValue, match=r"at most 999999 slots, found 1000000 of PT0\.001S"):
        Resolution(seconds=Decimal("0.001")).slots(Interval(EIGHT, EIGHT + timedelta(seconds=1000)))
    # The border itself, with a bound that is quickly reached.
    monkeypatch.setattr(gateway.time, "MOST_SLOTS", 4)
    assert len(QUARTER_HOUR.slots(span(0, 60))) == 4
    with pytest.raises(InvalidValue, match="at most 4 slots, found 5 of PT15M"):
        QUARTER_HOUR.slots(span(0, 75))


# ---- durations


@pytest.mark.parametrize(
    ("text", "months", "days", "seconds", "written"),
    [
        ("PT15M", 0, 0, "900", "PT15M"),
        ("PT60M", 0, 0, "3600", "PT60M"),
        ("PT1H", 0, 0, "3600", "PT60M"),
        ("PT1H30S", 0, 0, "3630", "PT60M30S"),
        ("PT1.50S", 0, 0, "1.5", "PT1.5S"),
        ("P1Y2M3DT4H5M6S", 14, 3, "14706", "P14M3DT245M6S"),
        ("P0D", 0, 0, "0", "PT0S"),
        ("PT0S", 0, 0, "0", "PT0S"),
        ("P1D", 0, 1, "0", "P1D"),
        ("P1M", 1, 0, "0", "P1M"),
        ("PT1M", 0, 0, "60", "PT1M"),
        ("P7D", 0, 7, "0", "P7D"),
    ],
)
def test_what_a_duration_says_and_how_it_is_written(
    text: str, months: int, days: int, seconds: str, written: str
) -> None:
    found = Resolution.parse(text)
    assert found == Resolution(months, days, Decimal(seconds))
    assert str(found) == written
    assert found.calendar is bool(months or days)
    assert found.positive is bool(months or days or Decimal(seconds))


@pytest.mark.parametrize(
    ("minutes", "seconds", "resolution", "on"),
    [
        (0, 0, "PT15M", True),
        (15, 0, "PT15M", True),
        (14, 59, "PT15M", False),
        (30, 0, "PT60M", False),
        (0, 4, "PT4S", True),
        (0, 3, "PT4S", False),
        (0, 0, "P1D", False),
        (0, 0, "PT0S", False),
    ],
)
def test_the_borders_of_a_grid(minutes: int, seconds: int, resolution: str, *, on: bool) -> None:
    assert on_grid(EIGHT + timedelta(minutes=minutes, seconds=seconds), Resolution.parse(resolution)) is on


# ---- intervals


@pytest.mark.parametrize(
    ("first", "second", "overlap", "covers", "covered"),
    [
        ((0, 15), (0, 15), True, True, True),
        ((0, 15), (15, 30), False, False, False),
        ((0, 30), (15, 30), True, True, False),
        ((0, 30), (0, 15), True, True, False),
        ((0, 30), (15, 45), True, False, False),
        ((10, 20), (0, 60), True, False, True),
        ((0, 15), (30, 45), False, False, False),
    ],
)
def test_how_two_intervals_lie(
    first: tuple[int, int], second: tuple[int, int], *, overlap: bool, covers: bool, covered: bool
) -> None:
    one, other = span(*first), span(*second)
    assert (one.overlaps(other), other.overlaps(one)) == (overlap, overlap)
    assert (one.covers(other), other.covers(one)) == (covers, covered)


spans = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda pair: span(pair[0], pair[0] + pair[1]))


@given(spans, spans)
def test_intervals_overlap_exactly_where_they_share_an_instant(one: Interval, other: Interval) -> None:
    shared = [at for minute in range(120) if (at := EIGHT + minute * MINUTE) in one and at in other]
    assert one.overlaps(other) is bool(shared)
    inside = [at for minute in range(120) if (at := EIGHT + minute * MINUTE) in other]
    assert one.covers(other) is all(at in one for at in inside)


@given(spans, spans, spans)
def test_covering_is_an_order(one: Interval, other: Interval, third: Interval) -> None:
    assert one.covers(one)
    assert not (one.covers(other) and other.covers(one)) or one == other
    assert not (one.covers(other) and other.covers(third)) or one.covers(third)
    assert not one.covers(other) or one.duration >= other.duration


@given(st.lists(spans))
def test_intervals_are_sorted_by_time(drawn: list[Interval]) -> None:
    ordered = sorted(drawn)
    assert [(i.start, i.end) for i in ordered] == sorted((i.start, i.end) for i in drawn)


# ---- series


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.integers()), max_size=12))
def test_a_series_has_a_value_exactly_inside_its_blocks(drawn: list[tuple[int, int, int]]) -> None:
    blocks, at = [], 0
    for gap, length, value in drawn:
        blocks.append((span(at + gap, at + gap + length), value))
        at += gap + length
    series = Series(tuple(blocks))
    for minute in range(at + 2):
        holding = [value for interval, value in blocks if EIGHT + minute * MINUTE in interval]
        assert series.at(EIGHT + minute * MINUTE) == (holding[0] if holding else None)


def test_blocks_that_touch_are_in_order_and_blocks_that_overlap_are_not() -> None:
    assert Series(((span(0, 15), 1), (span(15, 30), 2))).at(EIGHT + 15 * MINUTE) == 2
    with pytest.raises(InvalidValue, match=r"08:00Z/2027-01-14T08:16Z before 2027-01-14T08:15Z"):
        Series(((span(0, 16), 1), (span(15, 30), 2)))


# ---- curves


DAYS = st.sampled_from([SPRING, PLAIN, AUTUMN])


@given(DAYS, st.sampled_from(["PT15M", "PT30M", "PT60M"]), st.data())
def test_blocks_to_points_and_back_are_the_blocks_on_every_day(day: date, text: str, data: st.DataObject) -> None:
    slots = Resolution.parse(text).slots(market_day(day))
    values = data.draw(st.lists(st.integers(0, 2), min_size=len(slots), max_size=len(slots)))
    blocks = tuple(zip(slots, values, strict=True))
    points = compress(values)
    assert expand(VARIABLE, slots, points) == blocks
    assert expand(FIXED, slots, tuple(enumerate(values, 1))) == blocks
    assert all(value != later for (_, value), (_, later) in pairwise(points))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50))
def test_no_curve_has_fewer_points_than_the_compressed_one(values: list[int]) -> None:
    changes = sum(earlier != later for earlier, later in pairwise(values))
    assert len(compress(values)) == changes + 1
    slots = QUARTER_HOUR.slots(Interval(EIGHT, EIGHT + len(values) * 15 * MINUTE))
    assert compress([value for _, value in expand(VARIABLE, slots, compress(values))]) == compress(values)


def test_the_values_of_nothing_are_no_points() -> None:
    assert compress([]) == ()


@pytest.mark.parametrize("fixed", [True, False])
def test_positions_that_fill_their_slots_are_taken(*, fixed: bool) -> None:
    require_positions([1, 2, 3], 3, fixed=fixed)
    with pytest.raises(InvalidValue, match="at most 2 positions"):
        require_positions([1, 2, 3], 2, fixed=fixed)


@pytest.mark.parametrize(
    ("points", "means"),
    [
        ([(1, "0"), (5, "8")], ["1", "3", "5", "7"]),
        ([(1, "8"), (5, "0")], ["7", "5", "3", "1"]),
        ([(1, "4"), (2, "4"), (5, "10")], ["4", "5", "7", "9"]),
        ([(1, "0"), (2, "0"), (3, "10"), (4, "10"), (5, "0")], ["0", "5", "10", "5"]),
        ([(1, "-3"), (4, "3"), (5, "3")], ["-2", "0", "2", "3"]),
        ([(1, "1.5"), (5, "1.5")], ["1.5", "1.5", "1.5", "1.5"]),
    ],
)
def test_the_mean_of_a_line_in_each_slot(points: list[tuple[int, str]], means: list[str]) -> None:
    slots = QUARTER_HOUR.slots(span(0, 60))
    found = slot_means(slots, [(position, Decimal(value)) for position, value in points])
    assert found == tuple(zip(slots, map(Decimal, means), strict=True))


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=9))
def test_the_energy_of_a_line_is_that_of_its_trapezoids(levels: list[int]) -> None:
    slots = QUARTER_HOUR.slots(Interval(EIGHT, EIGHT + (len(levels) - 1) * 15 * MINUTE))
    found = slot_means(slots, [(at, Decimal(level)) for at, level in enumerate(levels, 1)])
    assert [mean for _, mean in found] == [Decimal(left + right) / 2 for left, right in pairwise(levels)]
