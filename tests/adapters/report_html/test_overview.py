"""Prices at a glance: a table always, a picture per day for many intervals, and marks for what is abnormal."""

from dataclasses import replace
from datetime import UTC, datetime

from adapters.report_html.figures import Figures
from adapters.report_html.overview import FEW, PriceCell, anchor, overview
from adapters.report_html.zones import slices
from gateway.results import ClearingResult
from gateway.time import QUARTER_HOUR, Interval
from tests.adapters.example import MARKET, NORTH, QUARTER, SOUTH
from tests.adapters.report_html.results import OSLO, figures_of, flow, need, price, result


def hours(count: int, start: int = 7) -> ClearingResult:
    """Return the prices of so many hours in quarter hours: 1, 2, 3 and so on in North."""
    first = datetime(2027, 1, 14, start, tzinfo=UTC)
    span = Interval(first, first.replace(day=14 + (start + count) // 24, hour=(start + count) % 24))
    slots = QUARTER_HOUR.slots(span)
    return result(*(replace(price(NORTH, at), interval=slot) for at, slot in enumerate(slots, 1)))


def glance(of: ClearingResult) -> tuple[int, int]:
    """Return the number of pictures and of rows."""
    seen = overview(slices(of), Figures.of(of, MARKET, OSLO))
    return len(seen.pictures), len(seen.rows)


def test_few_intervals_have_a_table_and_no_picture() -> None:
    assert glance(hours(FEW // 4)) == (0, FEW)


def test_many_intervals_have_a_picture_for_each_local_day() -> None:
    assert glance(hours(3)) == (1, 12)
    assert glance(hours(3, start=22)) == (2, 12)


def test_a_day_is_named_with_its_hours_and_zone() -> None:
    of = hours(3)
    ((title, picture),) = overview(slices(of), Figures.of(of, MARKET, OSLO)).pictures
    assert title == "2027-01-14, a day of 24 hours, local time Europe/Oslo"
    assert "Prices from 1.00 to 12.00 per MWh in 1 areas" in picture


def test_areas_stand_by_name_and_rows_by_time() -> None:
    pieces = (price(SOUTH, 90), price(NORTH, 60))
    seen = overview(slices(result(*pieces)), figures_of(*pieces))
    assert seen.areas == ("North", "South")
    (row,) = seen.rows
    assert (row.day, row.clock, row.utc) == ("2027-01-14", "08:00\u201308:15 CET", "2027-01-14 07:00\u201307:15 UTC")
    assert row.cells == (PriceCell("60.00", 0, unserved=False), PriceCell("90.00", 6, unserved=False))


def test_equal_prices_have_no_shade_in_the_table() -> None:
    pieces = (price(SOUTH, 60), price(NORTH, 60))
    (row,) = overview(slices(result(*pieces)), figures_of(*pieces)).rows
    assert [cell.shade for cell in row.cells] == [None, None]


def test_an_unserved_need_is_marked_in_its_area() -> None:
    pieces = (price(SOUTH, 90), price(NORTH, 60), need("a", 10, 4, area=SOUTH))
    (row,) = overview(slices(result(*pieces)), figures_of(*pieces)).rows
    assert [cell.unserved for cell in row.cells] == [False, True]


def test_full_borders_are_counted() -> None:
    pieces = (price(SOUTH, 90), price(NORTH, 60), flow(45, 45))
    (row,) = overview(slices(result(*pieces)), figures_of(*pieces)).rows
    assert row.full_borders == 1


def test_an_area_without_a_price_in_an_interval_has_a_dash() -> None:
    later = replace(price(SOUTH, 90), interval=Interval(QUARTER.end, QUARTER.end.replace(minute=30)))
    of = result(price(NORTH, 60), later)
    first, second = overview(slices(of), Figures.of(of, MARKET, OSLO)).rows
    assert [cell.price for cell in first.cells] == ["60.00", "\u2013"]
    assert [cell.price for cell in second.cells] == ["\u2013", "90.00"]
    assert first.cells[1].shade is None


def test_the_first_product_stands_for_an_area_that_has_several() -> None:
    pieces = (price(NORTH, 70, product="reserve"), price(NORTH, 60, product="energy"))
    (row,) = overview(slices(result(*pieces)), figures_of(*pieces)).rows
    assert [cell.price for cell in row.cells] == ["60.00"]


def test_anchors_are_those_of_the_start() -> None:
    (part,) = slices(result(price(NORTH, 60)))
    assert anchor(part) == "interval-20270114T070000Z"


def test_nothing_gives_an_empty_table() -> None:
    seen = overview((), figures_of())
    assert (seen.pictures, seen.areas, seen.rows) == ((), (), ())
    assert seen.legend[0][1] == "0.00"
