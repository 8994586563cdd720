"""The overview of a day shades prices, marks what is abnormal, and knows days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from lxml.etree import fromstring

from adapters.report_html.figures import Figures
from adapters.report_html.heat import SHADES, Day, Shading, days, draw, legend
from gateway.time import QUARTER_HOUR, Interval, market_day
from tests.adapters.example import MARKET, NORTH, SOUTH, procured

OSLO = ZoneInfo("Europe/Oslo")
FIGURES = Figures.of(procured().result, MARKET, OSLO)


def test_shades_run_from_the_lowest_to_the_highest_price() -> None:
    shading = Shading.of(map(Decimal, (10, 80)))
    assert [shading.shade(Decimal(price)) for price in (10, 19, 20, 45, 79, 80)] == [0, 0, 1, 3, 6, 6]
    assert len(shading.bounds()) == SHADES
    assert shading.bounds()[-1][2] == 80


def test_a_few_prices_at_the_cap_do_not_press_the_others_into_one_shade() -> None:
    prices = [Decimal(price) for price in range(100)]
    assert Shading.of([*prices, Decimal(15_000)]) == Shading(Decimal(5), Decimal(95))
    shading = Shading.of([*prices, Decimal(15_000), Decimal(-15_000)])
    assert [shading.shade(Decimal(price)) for price in (-15_000, 0, 50, 99, 15_000)] == [0, 0, 3, 6, 6]
    assert Shading.of([Decimal(1)] * 99 + [Decimal(9)]) == Shading(Decimal(1), Decimal(9))


def test_one_price_has_one_shade() -> None:
    shading = Shading.of([Decimal(10)])
    assert shading.shade(Decimal(10)) == SHADES // 2
    assert legend(shading, FIGURES) == ((SHADES // 2, "10.00"),)
    assert len(Shading.of([]).bounds()) == 1


def test_the_legend_has_prices_in_words() -> None:
    words = legend(Shading.of(map(Decimal, (0, 7))), FIGURES)
    assert [words[0], words[1], words[6]] == [(0, "up to 1.00"), (1, "1.00 \u2013 2.00"), (6, "6.00 and more")]


def one_day(day: date) -> Day:
    slots = QUARTER_HOUR.slots(market_day(day, OSLO))
    prices = {(area, slot): Decimal(at) for at, slot in enumerate(slots) for area in (NORTH, SOUTH)}
    (found,) = days(prices, [slots[0]], [slots[1], slots[2]], OSLO)
    return found


def hours(drawn: str) -> list[str]:
    root = fromstring(drawn)
    return [element.text or "" for element in root.iter("text") if (element.text or "").isdigit()]


@pytest.mark.parametrize(
    ("day", "slots", "labels"),
    [
        (date(2027, 1, 14), 96, ["00", "03", "06", "09", "12", "15", "18", "21", "24"]),
        (date(2026, 3, 29), 92, ["00", "03", "06", "09", "12", "15", "18", "21", "24"]),
        (date(2026, 10, 25), 100, ["00", "03", "06", "09", "12", "15", "18", "21", "24"]),
    ],
)
def test_every_interval_of_a_day_has_its_cell(day: date, slots: int, labels: list[str]) -> None:
    found = one_day(day)
    drawn = draw(found, [NORTH, SOUTH], Shading.of(found.prices.values()), "T", FIGURES)
    root = fromstring(drawn)
    shaded = [path for path in root.iter("path") if path.attrib["class"].startswith("shade-")]
    assert sum(path.attrib["d"].count("Z") for path in shaded) == 2 * slots
    assert hours(drawn) == labels


def test_marks_say_where_something_is_abnormal() -> None:
    found = one_day(date(2027, 1, 14))
    drawn = draw(found, [NORTH], Shading.of(found.prices.values()), "T", FIGURES)
    root = fromstring(drawn)
    marks = {path.attrib["class"]: path.attrib["d"].count("M") for path in root.iter("path")}
    assert (marks["triangle"], marks["diamond"]) == (1, 2)
    assert "needs unserved in 1 and borders full in 2 intervals" in drawn


def test_a_calm_day_has_no_marks() -> None:
    found = one_day(date(2027, 1, 14))
    calm = Day(day=found.day, prices=found.prices, unserved=(), congested=())
    assert "triangle" not in draw(calm, [NORTH], Shading.of(found.prices.values()), "T", FIGURES)


def test_prices_are_cut_into_local_days() -> None:
    start = datetime(2027, 1, 14, 22, 45, tzinfo=UTC)
    late = Interval(start, start + timedelta(minutes=15))
    early = Interval(late.end, late.end + timedelta(minutes=15))
    found = days({(NORTH, late): Decimal(1), (NORTH, early): Decimal(2)}, [early], [], OSLO)
    assert [len(day.prices) for day in found] == [1, 1]
    assert [list(day.unserved) for day in found] == [[], [early]]
