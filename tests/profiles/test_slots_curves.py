"""Curves on the wire as blocks: every curve type, gaps, days of clock change, and a resolution that changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace

import pytest

from gateway.errors import Unmappable, Unwritable
from gateway.time import Interval
from profiles.parts import Point, SeriesPeriod, TimeInterval
from profiles.slots import (
    blocks,
    duration,
    duration_text,
    interval,
    power_periods,
    require_few_slots,
    runs,
    span,
    time_interval,
)

TEN = datetime(2027, 3, 3, 10, tzinfo=UTC)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
SHORT_DAY = datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)
LONG_DAY = datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC)


def period(start: datetime, end: datetime, resolution: str, *points: tuple[int, object]) -> SeriesPeriod:
    """Return a period with points of position and quantity."""
    return SeriesPeriod(
        interval=TimeInterval(start=start, end=end),
        resolution=resolution,
        points=tuple(Point(position=at, quantity=Decimal(str(quantity))) for at, quantity in points),
    )


def cut(curve: str | None, *periods: SeriesPeriod) -> list[tuple[str, str]]:
    """Return interval and quantity of each block."""
    return [(str(on), str(point.quantity)) for on, point in blocks(periods, curve)]


def refused(curve: str | None, *periods: SeriesPeriod) -> tuple[str, str, str, str]:
    """Return why periods are no blocks."""
    with pytest.raises(Unmappable) as caught:
        blocks(periods, curve)
    return caught.value.path, caught.value.expected, caught.value.found, caught.value.code


HALF_HOUR = period(TEN, TEN + 2 * QUARTER, "PT15M", (1, 5), (2, "7.5"))


# ---------------------------------------------------------------------------------------------------------- curve types
@pytest.mark.parametrize("curve", [None, "A01", "A03"])
def test_blocks_are_read_under_both_curves_of_blocks_and_under_none(curve: str | None) -> None:
    assert cut(curve, HALF_HOUR) == [
        ("2027-03-03T10:00Z/2027-03-03T10:15Z", "5"),
        ("2027-03-03T10:15Z/2027-03-03T10:30Z", "7.5"),
    ]


@pytest.mark.parametrize("curve", ["A02", "A04", "A05", "A06", "a01", ""])
def test_a_curve_without_blocks_is_refused(curve: str) -> None:
    assert refused(curve, HALF_HOUR) == ("curveType", "A01 or A03, a series of blocks", repr(curve), "A59")


def test_a_curve_of_no_periods_has_no_blocks() -> None:
    assert blocks((), None) == ()
    assert blocks((), "A03") == ()


@pytest.mark.parametrize("curve", [None, "A01", "A03"])
def test_one_point_of_one_slot_holds_throughout(curve: str | None) -> None:
    assert cut(curve, period(TEN, TEN + HOUR, "PT60M", (1, 4))) == [("2027-03-03T10:00Z/2027-03-03T11:00Z", "4")]


def test_a_variable_block_lasts_to_the_next_point_or_to_the_end() -> None:
    day = period(TEN, TEN + 6 * QUARTER, "PT15M", (1, 1), (2, 2), (5, 3))
    assert [quantity for _, quantity in cut("A03", day)] == ["1", "2", "2", "2", "3", "3"]


# Curve, points, what was expected, what was found.
POSITIONS: list[tuple[str, list[int], str, str]] = [
    ("A01", [1], "one point for each of 3 slots", "1"),
    ("A01", [1, 2], "one point for each of 3 slots", "2"),
    ("A01", [1, 3], "one point for each of 3 slots", "2"),
    ("A01", [2, 3], "a first position of 1", "[2]"),
    ("A01", [1, 1, 2], "strictly ascending positions", "a repeated or lower one"),
    ("A01", [1, 3, 2], "strictly ascending positions", "a repeated or lower one"),
    ("A01", [1, 2, 3, 4], "at most 3 positions", "4"),
    ("A03", [2], "a first position of 1", "[2]"),
    ("A03", [1, 1], "strictly ascending positions", "a repeated or lower one"),
    ("A03", [1, 3, 2], "strictly ascending positions", "a repeated or lower one"),
    ("A03", [1, 4], "at most 3 positions", "4"),
    ("A03", [], "a first position of 1", "[]"),
]


@pytest.mark.parametrize(("curve", "positions", "expected", "found"), POSITIONS)
def test_positions_that_do_not_fit_are_refused(curve: str, positions: list[int], expected: str, found: str) -> None:
    wrong = period(TEN, TEN + 3 * QUARTER, "PT15M", *((at, 1) for at in positions))
    assert refused(curve, wrong) == ("Period[1]/Point/position", expected, found, "A49")


def test_one_slot_has_its_point_at_position_1() -> None:
    wrong = period(TEN, TEN + QUARTER, "PT15M", (2, 1))
    assert refused(None, wrong) == ("Period[1]/Point/position", "a first position of 1", "[2]", "A49")


# ------------------------------------------------------------------------------------------- days, gaps and resolutions
@pytest.mark.parametrize(
    ("day", "resolution", "count"),
    [
        (SHORT_DAY, "PT15M", 92),
        (SHORT_DAY, "PT60M", 23),
        (SHORT_DAY, "P1D", 1),
        (LONG_DAY, "PT15M", 100),
        (LONG_DAY, "PT30M", 50),
        (LONG_DAY, "PT1H", 25),
        (LONG_DAY, "P1D", 1),
    ],
)
def test_a_day_of_clock_change_has_its_own_slots(day: tuple[datetime, datetime], resolution: str, count: int) -> None:
    whole = period(*day, resolution, *((at, at) for at in range(1, count + 1)))
    found = blocks([whole], "A01")
    assert [point.quantity for _, point in found] == list(range(1, count + 1))
    assert (found[0][0].start, found[-1][0].end) == day
    assert all(earlier[0].end == later[0].start for earlier, later in pairwise(found))


@pytest.mark.parametrize("day", [SHORT_DAY, LONG_DAY], ids=["23 hours", "25 hours"])
def test_24_hours_do_not_fit_into_a_day_of_clock_change(day: tuple[datetime, datetime]) -> None:
    path, expected, found, code = refused("A01", period(*day, "PT24H", (1, 1)))
    assert (path, found, code) == ("Period[1]/resolution", "a remainder", "A41")
    assert expected.startswith("a whole number of PT1440M in ")


def test_two_days_around_a_clock_change_are_two_calendar_days() -> None:
    start, end = SHORT_DAY[0] - timedelta(hours=24), SHORT_DAY[1]
    found = blocks([period(start, end, "P1D", (1, 1), (2, 2))], None)
    assert [on.duration for on, _ in found] == [timedelta(hours=24), timedelta(hours=23)]


def test_a_month_is_cut_in_market_time() -> None:
    start, end = datetime(2027, 2, 28, 23, tzinfo=UTC), datetime(2027, 4, 30, 22, tzinfo=UTC)
    found = blocks([period(start, end, "P1M", (1, 1), (2, 2))], None)
    assert [on.start for on, _ in found] == [start, datetime(2027, 3, 31, 22, tzinfo=UTC)]


def test_a_gap_between_periods_stays_a_gap() -> None:
    early, late = period(TEN, TEN + QUARTER, "PT15M", (1, 1)), period(TEN + HOUR, TEN + HOUR + QUARTER, "PT15M", (1, 2))
    assert cut(None, early, late) == [
        ("2027-03-03T10:00Z/2027-03-03T10:15Z", "1"),
        ("2027-03-03T11:00Z/2027-03-03T11:15Z", "2"),
    ]


def test_the_resolution_may_change_from_period_to_period() -> None:
    hourly = period(TEN + 2 * QUARTER, TEN + 2 * QUARTER + HOUR, "PT60M", (1, 9))
    assert [on[-17:] for on, _ in cut("A01", HALF_HOUR, hourly)] == [
        "2027-03-03T10:15Z",
        "2027-03-03T10:30Z",
        "2027-03-03T11:30Z",
    ]


@pytest.mark.parametrize(
    ("resolution", "words"), [("PT7M", "PT7M"), ("PT0S", "PT0S"), ("PT31M", "PT31M"), ("P1D", "P1D"), ("P1M", "P1M")]
)
def test_a_resolution_that_does_not_divide_the_period_is_refused(resolution: str, words: str) -> None:
    expected = f"a whole number of {words} in 2027-03-03T10:00Z/2027-03-03T10:30Z"
    wrong = period(TEN, TEN + 2 * QUARTER, resolution, (1, 1))
    assert refused(None, wrong) == ("Period[1]/resolution", expected, "a remainder", "A41")


def test_a_resolution_that_runs_backwards_is_refused() -> None:
    path, expected, found, code = refused(None, period(TEN, TEN + QUARTER, "-PT15M", (1, 1)))
    assert (path, found, code) == ("Period[1]/resolution", "'-PT15M'", "A41")
    assert expected == "an xs:duration that is not negative, such as PT15M"


@pytest.mark.parametrize("end", [TEN, TEN - QUARTER], ids=["no length", "backwards"])
def test_a_period_without_length_is_refused(end: datetime) -> None:
    found = f"2027-03-03T10:00Z/{end:%Y-%m-%dT%H:%MZ}"
    expected = ("a start before the end", found, "A04")
    assert refused(None, period(TEN, end, "PT15M", (1, 1))) == ("Period[1]/timeInterval", *expected)
    with pytest.raises(Unmappable) as caught:
        interval(TimeInterval(start=TEN, end=end))
    assert caught.value.args == ("timeInterval", *expected)


def test_the_slots_of_one_period_are_bounded() -> None:
    most = period(TEN, TEN + timedelta(seconds=100_000), "PT1S", (1, 1))
    beyond = period(TEN, TEN + timedelta(seconds=100_001), "PT1S", (1, 1))
    require_few_slots([SimpleNamespace(curve_type="A03", periods=[most])])
    assert refused("A03", beyond) == ("Period[1]", "at most 100000 slots", "100001", "A41")
    with pytest.raises(Unmappable) as caught:
        require_few_slots([SimpleNamespace(curve_type="A03", periods=[beyond])])
    assert caught.value.args == ("Period", "at most 100000 slots in all series", "100001", "A41")


# -------------------------------------------------------------------------------------------------- durations and spans
DURATIONS = [
    ("PT0S", 0),
    ("PT15M", 900),
    ("PT60M", 3600),
    ("PT1H", 3600),
    ("PT1H30M15S", 5415),
    ("PT0.5S", 0.5),
    ("PT0.000001S", 0.000001),
    ("P0Y0M0DT0H15M0.000S", 900),
]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS)
def test_a_duration_is_a_length(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1D", "hours, minutes and seconds"),
        ("P1M", "hours, minutes and seconds"),
        ("P1Y", "hours, minutes and seconds"),
        ("-PT15M", "an xs:duration that is not negative, such as PT15M"),
        ("15 minutes", "an xs:duration that is not negative, such as PT15M"),
        ("PT99999999999999999999S", "a length that a clock can measure"),
    ],
)
def test_what_is_no_length_is_refused(text: str, expected: str) -> None:
    with pytest.raises(Unmappable) as caught:
        duration(text)
    assert (caught.value.path, caught.value.expected, caught.value.code) == ("duration", expected, "999")
    assert text in caught.value.found


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(minutes=21), "PT21M"),
        (HOUR, "PT60M"),
        (timedelta(seconds=90), "PT1M30S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(days=1), "PT1440M"),
    ],
)
def test_a_length_is_written_in_minutes_and_seconds(length: timedelta, text: str) -> None:
    assert duration_text(length) == text


def test_an_interval_is_the_same_on_both_sides() -> None:
    on = Interval(TEN, TEN + HOUR)
    assert time_interval(on) == TimeInterval(start=TEN, end=TEN + HOUR)
    assert interval(time_interval(on)) == on


def test_a_span_covers_everything_and_needs_something() -> None:
    early, late = Interval(TEN, TEN + QUARTER), Interval(TEN + HOUR, TEN + 2 * HOUR)
    assert span([late, early]) == Interval(TEN, TEN + 2 * HOUR)
    assert span(iter([early])) == early
    with pytest.raises(Unwritable) as caught:
        span([])
    assert caught.value.args[:3] == ("timeInterval", "a period in the envelope, or something in the message", "neither")


# ------------------------------------------------------------------------------------------------------------- writing
def quarters(*numbers: int) -> list[tuple[Interval, Decimal]]:
    return [(Interval(TEN + n * QUARTER, TEN + (n + 1) * QUARTER), Decimal(n)) for n in numbers]


def test_blocks_that_follow_each_other_are_one_period() -> None:
    assert power_periods(quarters(0, 1, 2)) == (period(TEN, TEN + 3 * QUARTER, "PT15M", (1, 0), (2, 1), (3, 2)),)


def test_a_gap_or_another_length_begins_a_period_whatever_the_order() -> None:
    hour = (Interval(TEN + 4 * QUARTER, TEN + 8 * QUARTER), Decimal(60))
    assert power_periods([hour, *quarters(3, 1, 0)]) == (
        period(TEN, TEN + 2 * QUARTER, "PT15M", (1, 0), (2, 1)),
        period(TEN + 3 * QUARTER, TEN + 4 * QUARTER, "PT15M", (1, 3)),
        period(TEN + 4 * QUARTER, TEN + 8 * QUARTER, "PT60M", (1, 60)),
    )


@pytest.mark.parametrize("day", [SHORT_DAY, LONG_DAY], ids=["92 quarters", "100 quarters"])
def test_a_day_of_clock_change_is_one_period(day: tuple[datetime, datetime]) -> None:
    count = int((day[1] - day[0]) / QUARTER)
    values = [(Interval(day[0] + n * QUARTER, day[0] + (n + 1) * QUARTER), Decimal(n)) for n in range(count)]
    (whole,) = power_periods(values)
    assert (whole.interval, len(whole.points)) == (TimeInterval(start=day[0], end=day[1]), count)
    assert [(on, point.quantity) for on, point in blocks([whole], None)] == values


def test_nothing_has_no_periods() -> None:
    assert power_periods([]) == ()
    assert list(runs([])) == []
