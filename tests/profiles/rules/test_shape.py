"""What the rules share: durations, grids and words, and the Periods of a document parsed once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.time import Resolution
from profiles.markets import load
from profiles.reading import parse
from profiles.rules.context import Context
from profiles.rules.engine import View
from profiles.rules.shape import (
    amount,
    block,
    either,
    few,
    is_multiple,
    length,
    moment,
    on_border,
    overlapping,
    parsed,
    quantities,
    spans,
)
from tests.profiles.rules.cases import Step, changed, source

MINUTE = timedelta(minutes=1)
TEN = datetime(2026, 6, 15, 10, tzinfo=UTC)


def view(base: str, *steps: Step) -> View[Any]:
    document = parse(changed(base, steps) if steps else source(base))
    return View(document.document, document.edition, load("project"), Context())


# ------------------------------------------------------------------------------------------------- lengths and numbers
@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("PT15M", 15),
        ("PT900S", 15),
        ("PT1H", 60),
        ("PT60M", 60),
        ("P0Y0M0DT1H0M0.000S", 60),
        ("PT12M30S", 12.5),
        ("PT0.5S", 0.5 / 60),
        ("P1D", None),
        ("P1M", None),
        ("P1Y", None),
        ("PT0S", None),
        ("-PT15M", None),
        ("15 minutes", None),
        ("", None),
    ],
)
def test_a_duration_has_a_fixed_length_or_none(text: str, minutes: float | None) -> None:
    assert length(text) == (None if minutes is None else minutes * MINUTE)


@pytest.mark.parametrize(
    ("text", "known"), [("P1D", True), ("P1M", True), ("PT15M", True), ("PT0S", False), ("P", False)]
)
def test_a_resolution_may_be_a_unit_of_the_calendar(text: str, *, known: bool) -> None:
    assert parsed(text) == (Resolution.parse(text) if known else None)


@pytest.mark.parametrize(
    ("value", "step", "whole"),
    [
        ("10", "1", True),
        ("10.000", "1", True),
        ("10.5", "1", False),
        ("0.3", "0.1", True),
        ("0.35", "0.1", False),
        ("-5", "1", True),
        ("0", "0.001", True),
        ("9" * 60, "0.001", False),
    ],
)
def test_a_multiple_is_told_exactly(value: str, step: str, *, whole: bool) -> None:
    """In binary floating point 0.3 is no multiple of 0.1. A number too long to divide is none of anything."""
    assert is_multiple(Decimal(value), Decimal(step)) == whole


@pytest.mark.parametrize(
    ("instant", "minutes", "border"),
    [
        (TEN, 15, True),
        (TEN + 15 * MINUTE, 15, True),
        (TEN + 15 * MINUTE, 30, False),
        (TEN + 30 * MINUTE, 60, False),
        (TEN + timedelta(seconds=1), 15, False),
        (datetime(1999, 12, 31, 23, 45, tzinfo=UTC), 15, True),
        (datetime(1, 1, 1, tzinfo=UTC), 15, True),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), 15, False),
    ],
)
def test_the_grid_starts_at_midnight(instant: datetime, minutes: int, *, border: bool) -> None:
    assert on_border(instant, minutes * MINUTE) == border


# ----------------------------------------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("10", "10"),
        ("10.000", "10"),
        ("10.50", "10.5"),
        ("0.0", "0"),
        ("-0.10", "-0.1"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-3", "0.001"),
    ],
)
def test_a_number_is_written_as_people_do(value: str, words: str) -> None:
    assert amount(Decimal(value)) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((), "nothing"),
        (("b",), "b"),
        (("b", "a"), "a or b"),
        (("c", "a", "b"), "a, b or c"),
        (frozenset({"A02", "A01"}), "A01 or A02"),
    ],
)
def test_what_is_allowed_is_told_in_order(values: tuple[str, ...] | frozenset[str], words: str) -> None:
    assert either(values) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["b"], "b"),
        (["c", "a", "b"], "a, b, c"),
        (list("dcba"), "a, b, c and 1 more"),
        (list("zyxwvu"), "u, v, w and 3 more"),
    ],
)
def test_of_many_names_a_few_are_told(names: list[str], words: str) -> None:
    assert few(names) == words


@pytest.mark.parametrize(
    ("instant", "words"), [(TEN, "2026-06-15T10:00Z"), (TEN + timedelta(seconds=7), "2026-06-15T10:00:07Z")]
)
def test_an_instant_is_told_to_the_minute_where_it_is_whole(instant: datetime, words: str) -> None:
    assert moment(instant) == words


# --------------------------------------------------------------------------------------------------- the Periods parsed
def test_every_period_is_parsed_with_its_place() -> None:
    found = spans(view("capacities"))
    assert [(span.series, span.number, span.slots, span.at) for span in found] == [
        (1, 1, 4, ("series", 1, "periods", 1)),
        (2, 1, 4, ("series", 2, "periods", 1)),
        (2, 2, 1, ("series", 2, "periods", 2)),
    ]
    assert [str(span.interval) for span in found] == [
        "2026-06-15T10:00Z/2026-06-15T11:00Z",
        "2026-06-15T10:00Z/2026-06-15T11:00Z",
        "2026-06-15T11:00Z/2026-06-15T12:00Z",
    ]


def test_they_are_parsed_once_for_all_rules() -> None:
    seen = view("capacities")
    assert spans(seen) is spans(seen)
    assert quantities(seen) is quantities(seen)


@pytest.mark.parametrize(
    ("end", "resolution", "slots", "interval"),
    [
        ("11:00", "PT15M", 4, "2026-06-15T10:00Z/2026-06-15T11:00Z"),
        ("11:00", "PT25M", None, "2026-06-15T10:00Z/2026-06-15T11:00Z"),
        ("11:00", "PT0S", None, "2026-06-15T10:00Z/2026-06-15T11:00Z"),
        ("10:00", "PT15M", None, "None"),
        ("09:00", "PT15M", None, "None"),
    ],
)
def test_a_period_that_holds_no_whole_number_of_slots_has_none(
    end: str, resolution: str, slots: int | None, interval: str
) -> None:
    place = "TimeSeries[1]/Period"
    steps = [("set", f"{place}/timeInterval/end", f"2026-06-15T{end}Z"), ("set", f"{place}/resolution", resolution)]
    first = spans(view("capacities", *steps))[0]
    assert (first.slots, str(first.interval)) == (slots, interval)
    assert (first.resolution is None) == (resolution == "PT0S")


def test_points_without_a_quantity_are_left_out() -> None:
    """The prices have a quantity at position 1 of the first series and none at position 4."""
    found = [(span.series, number) for span, number, _ in quantities(view("prices"))]
    assert (1, 1) in found
    assert (1, 2) not in found


@pytest.mark.parametrize(
    ("series", "period", "point", "told"),
    [
        (1, 1, 1, "2026-06-15T10:00Z/2026-06-15T10:15Z"),
        (1, 1, 4, "2026-06-15T10:45Z/2026-06-15T11:00Z"),
        (2, 1, 1, "2026-06-15T10:00Z/2026-06-15T10:30Z"),
        (2, 1, 2, "2026-06-15T10:30Z/2026-06-15T11:00Z"),
        (2, 2, 1, "2026-06-15T11:00Z/2026-06-15T12:00Z"),
    ],
)
def test_a_point_speaks_for_its_block(series: int, period: int, point: int, told: str) -> None:
    seen = view("capacities")
    span = next(span for span in spans(seen) if (span.series, span.number) == (series, period))
    assert str(block(seen, span, point)) == told


@pytest.mark.parametrize(
    ("place", "position"),
    [
        ("TimeSeries[1]/Period/Point[4]", "5"),
        ("TimeSeries[2]/Period[1]/Point[2]", "5"),
        ("TimeSeries[2]/Period[1]/Point[2]", "9"),
    ],
)
def test_a_position_beyond_the_end_speaks_for_no_time(place: str, position: str) -> None:
    seen = view("capacities", ("set", f"{place}/position", position))
    number, point = int(place[11]), int(place[-2])
    span = next(span for span in spans(seen) if span.series == number)
    assert block(seen, span, point) is None


def test_overlaps_are_told_of_two_series_alone_earlier_first() -> None:
    """Both capacities speak of 10:00 to 11:00; the two Periods of the second follow each other."""
    seen = view("capacities")
    pairs = [(a.series, a.number, b.series, b.number) for a, b in overlapping(seen, lambda _: "all")]
    assert pairs == [(1, 1, 2, 1)]
    assert list(overlapping(seen, lambda series: series.id)) == []
