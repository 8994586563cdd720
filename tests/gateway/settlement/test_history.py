"""Similar days out of a metered past: which days count, at which hour, and what the level before the event was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.measurements import Readings
from gateway.settlement.baseline import SimilarDay
from gateway.settlement.history import FARTHEST_DAYS, Calendar, Past
from gateway.settlement.metering import book
from gateway.time import Interval
from tests.gateway.settlement.values import PLANT, D, series
from tests.market_values import EIGHT, QUARTER, quarter

DAY = timedelta(days=1)
SHORT = Calendar(window=QUARTER)


def metered(days: Iterable[int], at: datetime = EIGHT, level: int = 100) -> Readings:
    """Return for each day so many days back: its number in the period, *level* more in the quarter before it."""
    readings = []
    for back in sorted(days, reverse=True):
        start = at - back * DAY
        readings += [(Interval(start - QUARTER, start), level + back), (Interval(start, start + QUARTER), back)]
    return Readings(series=(series(PLANT, [mw for _, mw in readings], [on for on, _ in readings]),))


def past(days: Iterable[int], events: frozenset[date] = frozenset(), calendar: Calendar = SHORT) -> Past:
    return Past(meter=PLANT.meter, book=book([metered(days)]), events=events, calendar=calendar)


def taken(found: tuple[SimilarDay, ...]) -> list[int]:
    return [int(day.at_event_mw) for day in found]


def test_the_nearest_working_days_count_for_a_thursday() -> None:
    assert EIGHT.strftime("%A") == "Thursday"
    found = past(range(1, 20)).similar_days(quarter(), EIGHT, 10)
    assert taken(found) == [14, 13, 10, 9, 8, 7, 6, 3, 2, 1]
    assert found[-1] == SimilarDay(D(101), D(1))


def test_event_days_and_holidays_are_left_out_and_the_search_goes_further_back() -> None:
    day = EIGHT.date()
    events = frozenset({day - 1 * DAY, day - 6 * DAY})
    calendar = Calendar(window=QUARTER, holidays=frozenset({day - 2 * DAY}))
    assert taken(past(range(1, 20), events, calendar).similar_days(quarter(), EIGHT, 4)) == [9, 8, 7, 3]


def test_days_without_complete_values_are_left_out() -> None:
    assert taken(past((1, 7, 8)).similar_days(quarter(), EIGHT, 10)) == [8, 7, 1]
    assert past((1,)).similar_days(quarter(1), EIGHT, 10) == ()


def test_a_weekend_day_is_like_weekend_days_and_holidays() -> None:
    saturday = EIGHT + 2 * DAY
    holiday = Calendar(window=QUARTER, holidays=frozenset({EIGHT.date()}))
    known = Past(meter=PLANT.meter, book=book([metered(range(1, 12), saturday)]), calendar=holiday)
    assert taken(known.similar_days(Interval(saturday, saturday + QUARTER), saturday, 10)) == [7, 6, 2]


def test_the_search_ends_somewhere() -> None:
    week = [7 * n for n in range(1, 20)]
    assert taken(past(week).similar_days(quarter(), EIGHT, 99))[0] == FARTHEST_DAYS - FARTHEST_DAYS % 7


@pytest.mark.parametrize(
    ("zone", "hour_utc"), [("Europe/Brussels", 9), ("UTC", 8)], ids=["local clock", "no change of the clock"]
)
def test_the_hour_is_the_same_by_the_local_clock(zone: str, hour_utc: int) -> None:
    monday = datetime(2027, 3, 29, 8, tzinfo=UTC)  # clocks in Brussels went forward on the 28th
    calendar = Calendar(zone=ZoneInfo(zone), window=QUARTER)
    on = Interval(monday, monday + QUARTER)
    friday = calendar.earlier(on, 3)
    assert friday.start == datetime(2027, 3, 26, hour_utc, tzinfo=UTC)
    known = Past(meter=PLANT.meter, book=book([metered((0,), friday.start)]), calendar=calendar)
    assert known.similar_days(on, monday, 1) == (SimilarDay(D(100), D(0)),)


def test_all_periods_of_an_activation_share_the_level_before_it() -> None:
    known = past((0, 1))
    assert known.level_before(EIGHT) == 100
    assert known.level_before(EIGHT - 2 * QUARTER) is None
    later = Interval(EIGHT + QUARTER, EIGHT + 2 * QUARTER)
    yesterday = series(PLANT, (5,), [Interval(later.start - DAY, later.end - DAY)])
    known = Past(meter=PLANT.meter, book=book([metered((1,)), Readings(series=(yesterday,))]), calendar=SHORT)
    assert known.similar_days(later, EIGHT, 5) == (SimilarDay(D(101), D(5)),)
