"""`gateway timegrid`: the positions of a day as records, on the days when the clock changes and in other zones."""

import json
from datetime import datetime, timedelta

import pytest

from tests.adapters.cli.commands import Capture, gateway


def told(capture: Capture, *arguments: str) -> list[dict[str, str]]:
    ended = gateway(capture, "timegrid", *arguments, "--format", "json")
    assert (ended.status, ended.err) == (0, "")
    found: list[dict[str, str]] = json.loads(ended.out)
    return found


def test_a_position_is_told_in_both_times(capsysbinary: Capture) -> None:
    assert told(capsysbinary, "2026-06-15")[32] == {
        "position": 33,
        "start_utc": "2026-06-15T06:00:00Z",
        "end_utc": "2026-06-15T06:15:00Z",
        "start_local": "2026-06-15 08:00:00",
        "end_local": "2026-06-15 08:15:00",
        "zone": "CEST",
    }


@pytest.mark.parametrize(
    ("day", "position", "told_as"),
    [
        ("2026-03-29", 2, ("01:00", "03:00", "CET")),
        ("2026-03-29", 3, ("03:00", "04:00", "CEST")),
        ("2026-10-25", 3, ("02:00", "02:00", "CEST")),
        ("2026-10-25", 4, ("02:00", "03:00", "CET")),
        ("2026-10-25", 25, ("23:00", "00:00", "CET")),
    ],
)
def test_the_hours_round_a_clock_change(
    capsysbinary: Capture, day: str, position: int, told_as: tuple[str, str, str]
) -> None:
    found = told(capsysbinary, day, "--resolution", "PT60M")[position - 1]
    assert (found["start_local"][11:16], found["end_local"][11:16], found["zone"]) == told_as


@pytest.mark.parametrize(
    ("zone", "day", "first", "count"),
    [
        ("Europe/Lisbon", "2026-03-29", "2026-03-29T00:00:00Z", 23),
        ("Europe/Helsinki", "2026-10-25", "2026-10-24T21:00:00Z", 25),
        ("UTC", "2026-10-25", "2026-10-25T00:00:00Z", 24),
    ],
)
def test_each_zone_has_its_own_days(capsysbinary: Capture, zone: str, day: str, first: str, count: int) -> None:
    found = told(capsysbinary, day, "--zone", zone, "--resolution", "PT1H")
    assert (found[0]["start_utc"], len(found)) == (first, count)
    lengths = {datetime.fromisoformat(one["end_utc"]) - datetime.fromisoformat(one["start_utc"]) for one in found}
    assert lengths == {timedelta(hours=1)}


def test_a_table_tells_the_same(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "timegrid", "2026-06-15", "--resolution", "P1D")
    head, row = (line.split() for line in ended.out.splitlines())
    assert head == ["position", "start", "utc", "end", "utc", "start", "local", "end", "local", "zone"]
    assert row[:3] == ["1", "2026-06-14T22:00:00Z", "2026-06-15T22:00:00Z"]


def test_a_resolution_that_does_not_fit_the_day_is_refused_in_words(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "timegrid", "2026-03-29", "--resolution", "PT24H")
    told_of = " ".join(ended.err.replace("\u2502", " ").split())
    assert (ended.status, ended.out) == (2, "")
    assert "a whole number of PT1440M in 2026-03-28T23:00Z/2026-03-29T22:00Z" in told_of
