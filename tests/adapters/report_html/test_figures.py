"""Numbers, times and areas are written as a person reads them, the same way throughout a report."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from adapters.report_html.figures import Figures, number, places_for, plain, shortened
from gateway.time import QUARTER_HOUR, Interval
from tests.adapters.example import MARKET, NORTH, QUARTER, QUARTERS, envelopes, procured

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        ("0", 0, "0"),
        ("-0.001", 2, "0.00"),
        ("1234567.891", 2, "1\u202f234\u202f567.89"),
        ("-1234.5", 1, "\u22121\u202f234.5"),
        ("1E+3", 1, "1\u202f000.0"),
        ("0.125", 2, "0.12"),
    ],
)
def test_numbers(value: str, places: int, written: str) -> None:
    assert number(Decimal(value), places) == written


@pytest.mark.parametrize(
    ("value", "written"), [("10.50", "10.5"), ("1E+2", "100"), ("0.00001", "0.000"), ("-3", "\u22123")]
)
def test_plain_numbers_have_the_decimals_they_need(value: str, written: str) -> None:
    assert plain(Decimal(value)) == written


def test_places_are_those_that_the_finest_value_needs() -> None:
    assert places_for([]) == 0
    assert places_for([Decimal("1.50"), Decimal("0.25")], least=1) == 2
    assert places_for([Decimal("0.123456")]) == 3
    assert places_for([Decimal("Infinity"), Decimal(1)]) == 0


def figures(zone: ZoneInfo = OSLO) -> Figures:
    return Figures.of(procured().result, MARKET, zone)


def test_a_column_has_one_number_of_decimals() -> None:
    written = figures()
    assert (written.power(Decimal(50)), written.price(Decimal(60)), written.price(None)) == ("50", "60.00", "\u2013")


def test_an_interval_is_told_in_local_time_and_in_utc() -> None:
    written = figures()
    assert written.span(QUARTER) == "2027-01-14 08:00\u201308:15 CET"
    assert written.utc(QUARTER) == "2027-01-14 07:00\u201307:15 UTC"


def test_both_names_of_the_zone_are_told_when_the_clock_is_set_back() -> None:
    hour = Interval(datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
    assert figures().clock(hour) == "02:00 CEST\u201302:00 CET"


def test_the_end_of_the_day_is_midnight_and_a_later_end_names_its_day() -> None:
    start = datetime(2027, 1, 14, 22, 45, tzinfo=UTC)
    assert figures().clock(Interval(start, start.replace(hour=23, minute=0))) == "23:45\u201300:00 CET"
    later = Interval(start, datetime(2027, 1, 15, 12, tzinfo=UTC))
    assert figures().clock(later) == "23:45\u20132027-01-15 13:00 CET"


def test_the_day_is_left_out_where_there_is_one_only() -> None:
    assert figures().when(QUARTER) == "08:00\u201308:15 CET"
    next_day = QUARTER_HOUR.slots(
        Interval(datetime(2027, 1, 15, 7, tzinfo=UTC), datetime(2027, 1, 15, 7, 15, tzinfo=UTC))
    )[0]
    two_days = procured(envelopes([QUARTER, next_day]).values())
    assert Figures.of(two_days.result, MARKET, OSLO).when(QUARTER) == "2027-01-14 08:00\u201308:15 CET"
    assert not Figures.of(procured(envelopes(QUARTERS).values()).result, MARKET, OSLO).several_days


def test_areas_have_names_in_sentences_too() -> None:
    written = figures()
    assert written.area(NORTH) == "North"
    assert written.named(f"Border {NORTH.value} to somewhere") == "Border North to somewhere"


def test_long_names_are_cut_with_a_sign() -> None:
    assert (shortened("Jutland", 7), shortened("Jutland", 4)) == ("Jutland", "Jut…")
