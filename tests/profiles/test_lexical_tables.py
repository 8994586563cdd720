"""Every simple type by tables: texts that it reads and as what, texts that it refuses, values that it writes."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from profiles.lexical import (
    ACTIVE_POWER,
    AMOUNT,
    DATE,
    DATE_TIME,
    DECIMAL,
    DURATION,
    INTEGER,
    MINUTE,
    PARTY,
    POSITION,
    SECOND,
    STRING,
    TIME,
    UNSIGNED,
    VOLTAGE,
    Coded,
    Measured,
    NotLexical,
    Simple,
)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, day and what follows


DECIMALS = [
    ("0", "0"),
    ("-0", "-0"),
    ("007", "7"),
    ("12.50", "12.50"),
    ("12.", "12"),
    (".5", "0.5"),
    ("+3.25", "3.25"),
    ("-11.32", "-11.32"),
    ("9" * 200, "9" * 200),
    ("0." + "1" * 198, "0." + "1" * 198),
]
NO_DECIMALS = [
    "",
    " ",
    ".",
    "+",
    "-",
    "--1",
    "1,5",
    "1.2.3",
    "1e3",
    "1E3",
    "NaN",
    "INF",
    "0x10",
    "1_000",
    "\u0661",
    "9" * 201,
]
INTEGERS = [("0", 0), ("-7", -7), ("+7", 7), ("0042", 42), ("9" * 200, int("9" * 200))]
NO_INTEGERS = ["", "1.0", "1.", "1e3", "1_0", "\u0661", "x", "9" * 201]
SECONDS = [
    ("2027-01-14T08:00:00Z", at(2027, 1, 14, 8)),
    ("2028-02-29T23:59:59Z", at(2028, 2, 29, 23, 59, 59)),
    ("0001-01-01T00:00:00Z", at(1, 1, 1)),
    ("9999-12-31T23:59:59Z", at(9999, 12, 31, 23, 59, 59)),
]
NO_SECONDS = [
    "",
    "2027-01-14",
    "2027-01-14T08:00Z",
    "2027-01-14T08:00:00",
    "2027-01-14T08:00:60Z",
    "2027-01-14T08:60:00Z",
    "2027-01-14T08:00:00.5Z",
]
MINUTES = [("2027-01-14T08:00Z", at(2027, 1, 14, 8)), ("2027-10-31T01:45Z", at(2027, 10, 31, 1, 45))]
NO_MINUTES = [
    "",
    "2027-01-14T08:00",
    "2027-01-14T08:00:00Z",
    "2027-01-14T24:00Z",
    "2027-02-29T08:00Z",
    "2027-13-01T08:00Z",
    "2027-01-14T08:00+00:00",
    "0000-01-01T00:00Z",
]
DATE_TIMES = [
    ("2027-01-14T08:00:00Z", at(2027, 1, 14, 8)),
    ("2027-01-14T08:00:00+00:00", at(2027, 1, 14, 8)),
    ("2027-01-14T08:00:00+02:00", at(2027, 1, 14, 6)),
    ("2027-01-14T08:00:00-09:30", at(2027, 1, 14, 17, 30)),
    ("2027-01-14T08:00:00+14:00", at(2027, 1, 13, 18)),
    ("2027-01-14T08:00:00-14:00", at(2027, 1, 14, 22)),
    ("2027-01-14T08:00:00.5Z", at(2027, 1, 14, 8, 0, 0, 500_000)),
    ("2027-01-14T08:00:00.123456Z", at(2027, 1, 14, 8, 0, 0, 123_456)),
]
NO_DATE_TIMES = [
    "",
    "2027-01-14T08:00Z",
    "2027-01-14T08:00:00",
    "2027-01-14T08:00:00.Z",
    "2027-01-14T08:00:00.1234567Z",
    "2027-01-14T08:00:00+2:00",
    "2027-01-14T08:00:00+14:01",
    "2027-02-30T08:00:00Z",
    "9999-12-31T23:59:59-00:01",
]
DURATIONS = [
    "PT15M",
    "PT0S",
    "P1D",
    "P1M",
    "P1Y2M3DT4H5M6.789S",
    "-PT4S",
    "PT60M",
    "PT1H",
    "P0Y0M0DT0H15M0.000S",
    "P" + "0" * 197 + "1D",
]
NO_DURATIONS = [
    "",
    "P",
    "PT",
    "P1DT",
    "1D",
    "P1H",
    "PT1D",
    "P1W",
    "P-1D",
    "PT.5S",
    "PT1.S",
    "P1D2Y",
    "P" + "0" * 198 + "1D",
]
DATES = ["2027-01-14", "2028-02-29", "2027-01-14Z", "2027-01-14+02:00", "2027-01-14-14:00"]
NO_DATES = [
    "",
    "2027-1-14",
    "27-01-14",
    "2027-02-29",
    "2027-13-01",
    "2027-01-32",
    "2027-01-14T00:00:00Z",
    "2027-01-14+14:01",
    "0000-01-01",
]
TIMES = ["08:00:00", "23:59:59.999999999", "08:00:00Z", "08:00:00-09:30", "24:00:00", "24:00:00.000Z"]
NO_TIMES = [
    "",
    "8:00:00",
    "08:00",
    "24:00:01",
    "24:00:00.1",
    "25:00:00",
    "08:60:00",
    "08:00:60",
    "08:00:00.1234567890",
    "08:00:00+15:00",
]


def same(texts: list[str]) -> list[tuple[str, object]]:
    return [(one, one) for one in texts]


READ: list[tuple[Simple[Any], list[tuple[str, Any]], list[str], str]] = [
    (DECIMAL, [(one, Decimal(value)) for one, value in DECIMALS], NO_DECIMALS, "a decimal number such as 12.5"),
    (AMOUNT, [(one, Decimal(value)) for one, value in DECIMALS], NO_DECIMALS, "a decimal number such as 12.5"),
    (
        UNSIGNED,
        [(one, Decimal(value)) for one, value in DECIMALS if one[0] not in "+-"],
        [*NO_DECIMALS, "+1", "-1", "-0"],
        "a decimal number without sign",
    ),
    (INTEGER, list(INTEGERS), NO_INTEGERS, "a whole number"),
    (POSITION, list(INTEGERS), NO_INTEGERS, "a whole number"),
    (SECOND, list(SECONDS), NO_SECONDS, "an instant YYYY-MM-DDThh:mm:ssZ"),
    (MINUTE, list(MINUTES), NO_MINUTES, "an instant YYYY-MM-DDThh:mmZ"),
    (DATE_TIME, list(DATE_TIMES), NO_DATE_TIMES, "an instant with its offset, YYYY-MM-DDThh:mm:ss+hh:mm or Z"),
    (DURATION, same(DURATIONS), NO_DURATIONS, "a duration such as PT15M"),
    (DATE, same(DATES), NO_DATES, "a date YYYY-MM-DD"),
    (TIME, same(TIMES), NO_TIMES, "a time hh:mm:ss"),
]
ACCEPTED = [
    pytest.param(kind, one, value, id=f"{kind.name} {one[:40]}") for kind, good, _, _ in READ for one, value in good
]
REFUSED = [pytest.param(kind, one, words, id=f"{kind.name} {one[:40]}") for kind, _, bad, words in READ for one in bad]


@pytest.mark.parametrize(("kind", "one", "value"), ACCEPTED)
def test_a_text_of_the_form_is_read(kind: Simple[Any], one: str, value: object) -> None:
    found = kind.read(one)
    assert found == value
    assert str(found) == str(value)


@pytest.mark.parametrize(("kind", "one", "words"), REFUSED)
def test_a_text_without_the_form_is_refused_in_words(kind: Simple[Any], one: str, words: str) -> None:
    with pytest.raises(NotLexical) as caught:
        kind.read(one)
    assert str(caught.value) in {words, f"{words} that exists"}


# What has the form but is no day, hour or instant of this calendar.
UNREAL: list[tuple[Simple[Any], str]] = [
    (SECOND, "2027-02-29T00:00:00Z"),
    (SECOND, "0000-01-01T00:00:00Z"),
    (MINUTE, "2027-04-31T00:00Z"),
    (DATE_TIME, "0001-01-01T00:00:00+00:01"),
    (DATE_TIME, "9999-12-31T23:59:59-00:01"),
    (DATE, "2027-00-10"),
]


@pytest.mark.parametrize(("kind", "one"), UNREAL, ids=[f"{kind.name} {one}" for kind, one in UNREAL])
def test_what_does_not_exist_is_told_apart_from_what_has_no_form(kind: Simple[Any], one: str) -> None:
    with pytest.raises(NotLexical, match=r"that exists$"):
        kind.read(one)


# ------------------------------------------------------------------------------------------------------------- writing
CET = timezone(timedelta(hours=1))
WRITTEN: list[tuple[Simple[Any], Any, str]] = [
    (DECIMAL, Decimal("1E3"), "1000"),
    (DECIMAL, Decimal("1E-7"), "0.0000001"),
    (DECIMAL, Decimal("-0.50"), "-0.50"),
    (AMOUNT, Decimal(17), "17"),
    (UNSIGNED, Decimal("3.0"), "3.0"),
    (INTEGER, -7, "-7"),
    (POSITION, 96, "96"),
    (SECOND, datetime(2027, 1, 14, 9, 0, 5, tzinfo=CET), "2027-01-14T08:00:05Z"),
    (SECOND, at(33, 1, 2), "0033-01-02T00:00:00Z"),
    (MINUTE, datetime(2027, 1, 14, 0, 30, tzinfo=CET), "2027-01-13T23:30Z"),
    (DATE_TIME, at(2027, 1, 14, 8, 0, 0, 250_000), "2027-01-14T08:00:00.250000Z"),
    (DATE_TIME, at(2027, 1, 14, 8), "2027-01-14T08:00:00Z"),
    (DURATION, "PT60M", "PT60M"),
    (DATE, "2027-01-14+02:00", "2027-01-14+02:00"),
    (TIME, "24:00:00", "24:00:00"),
    (STRING, " a\n", " a\n"),
    (PARTY, Coded("10X1001A1001A38Y", "A01"), "10X1001A1001A38Y"),
    (ACTIVE_POWER, Measured(Decimal("5E1"), "MAW"), "50"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), WRITTEN, ids=[f"{row[0].name} {row[2]!r}" for row in WRITTEN])
def test_a_value_is_written_in_its_form(kind: Simple[Any], value: object, expected: str) -> None:
    assert kind.write(value) == expected


UNWRITTEN: list[tuple[Simple[Any], Any, str]] = [
    (DECIMAL, Decimal("NaN"), "a finite number"),
    (AMOUNT, Decimal("Infinity"), "a finite number"),
    (UNSIGNED, Decimal("-Infinity"), "a finite number"),
    (VOLTAGE, Measured(Decimal("NaN"), "KVT"), "a finite number"),
    (SECOND, at(2027, 1, 14, 8).replace(tzinfo=None), "an instant with its offset"),
    (MINUTE, at(2027, 1, 14, 8).replace(tzinfo=None), "an instant with its offset"),
    (DATE_TIME, at(2027, 1, 14, 8).replace(tzinfo=None), "an instant with its offset"),
    (SECOND, at(2027, 1, 14, 8, 0, 0, 1), "a whole second"),
    (MINUTE, at(2027, 1, 14, 8, 0, 1), "a whole minute"),
    (MINUTE, at(2027, 1, 14, 8, 0, 0, 1), "a whole minute"),
    (DURATION, "15 minutes", "a duration such as PT15M"),
    (DATE, "tomorrow", "a date YYYY-MM-DD"),
    (TIME, "noon", "a time hh:mm:ss"),
]


@pytest.mark.parametrize(("kind", "value", "words"), UNWRITTEN, ids=[f"{row[0].name} {row[2]}" for row in UNWRITTEN])
def test_what_has_no_form_is_not_written(kind: Simple[Any], value: object, words: str) -> None:
    with pytest.raises(NotLexical) as caught:
        kind.write(value)
    assert str(caught.value) == words
