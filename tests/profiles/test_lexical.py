"""The forms of the simple types: what is written is read, what is not of the form is not."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.lexical import (
    AMOUNT,
    DATE_TIME,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    INTEGER,
    MINUTE,
    PARTY,
    POSITION,
    REVISION,
    SECOND,
    UNSIGNED,
    Coded,
    NotLexical,
)

finite = st.decimals(allow_nan=False, allow_infinity=False, places=None, min_value=-(10**40), max_value=10**40)
whole_seconds = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(  # noqa: DTZ001 - the zone is added
    lambda value: value.replace(microsecond=0, tzinfo=UTC)
)
offsets = st.integers(min_value=-14 * 60, max_value=14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(finite)
def test_a_decimal_is_read_as_written(value: Decimal) -> None:
    text = DECIMAL.write(value)
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)
    assert DECIMAL.read(text) == value


@given(st.integers(min_value=-(10**150), max_value=10**150))
def test_an_integer_is_read_as_written(value: int) -> None:
    assert INTEGER.read(INTEGER.write(value)) == value


@given(whole_seconds, offsets)
def test_an_instant_is_written_in_utc_whatever_its_offset(value: datetime, offset: timezone) -> None:
    assert SECOND.write(value.astimezone(offset)) == SECOND.write(value)
    assert SECOND.read(SECOND.write(value)) == value
    assert SECOND.write(value).endswith("Z")


@given(whole_seconds)
def test_an_end_of_an_interval_is_read_as_written(value: datetime) -> None:
    minute = value.replace(second=0)
    assert MINUTE.read(MINUTE.write(minute)) == minute


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), offsets)  # noqa: DTZ001 - as above
def test_a_date_time_with_any_offset_is_turned_into_utc(value: datetime, offset: timezone) -> None:
    aware = value.replace(tzinfo=offset)
    assert DATE_TIME.read(aware.isoformat()) == aware
    assert DATE_TIME.read(DATE_TIME.write(aware)) == aware
    assert DATE_TIME.read(aware.isoformat()).tzinfo is UTC


@given(st.text(alphabet="0123456789+-.eE_ \u0661NaIfinty", max_size=8))
def test_a_decimal_has_the_form_of_xml_schema_or_is_refused(text: str) -> None:
    legal = re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text)
    if legal:
        assert DECIMAL.read(text) == Decimal(text)
    else:
        with pytest.raises(NotLexical):
            DECIMAL.read(text)


@given(st.text(alphabet="0123456789-:TZ+ ", max_size=22))
def test_an_instant_has_its_exact_form_or_is_refused(text: str) -> None:
    try:
        value = SECOND.read(text)
    except NotLexical:
        return
    assert SECOND.write(value) == text


@given(st.text(alphabet="PT0123456789YMDHS.-", max_size=12))
def test_a_duration_that_is_accepted_is_one_of_xml_schema(text: str) -> None:
    try:
        DURATION.read(text)
    except NotLexical:
        return
    assert re.match(r"-?P", text)
    assert text[-1] in "YMDHS"
    assert any(digit in text for digit in "0123456789")


@pytest.mark.parametrize("text", ["PT15M", "PT60M", "P1D", "P1Y2M3DT4H5M6.7S", "-PT5M", "P0Y0M0DT0H15M0.000S", "PT0S"])
def test_durations_keep_their_text(text: str) -> None:
    assert DURATION.write(DURATION.read(text)) == text


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "15M", "PT1.5M", "P1W", "+PT1M", "PT1M1H", "pt1m", "PT\u0661M", "PT.5S"]
)
def test_no_duration(text: str) -> None:
    with pytest.raises(NotLexical):
        DURATION.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-1-2T3:4:5Z",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05+01:00",
        "2026-01-02T03:04:05.0Z",
        "2026-01-02T24:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-01-02t03:04:05z",
        "2026-01-02 03:04:05Z",
        "20260102T030405Z",
        "0000-01-01T00:00:00Z",
        "\u0662026-01-02T03:04:05Z",
    ],
)
def test_no_instant(text: str) -> None:
    with pytest.raises(NotLexical):
        SECOND.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04:05",
        "2026-01-02",
        "0001-01-01T00:00:00+14:00",
        "2026-01-02T03:04:05+14:01",
        "2026-01-02T03:04:05+01:60",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:05+25:00",
    ],
)
def test_a_date_time_without_a_real_offset_names_no_instant(text: str) -> None:
    with pytest.raises(NotLexical):
        DATE_TIME.read(text)


def test_a_naive_instant_is_not_written() -> None:
    for kind in (SECOND, MINUTE, DATE_TIME):
        with pytest.raises(NotLexical, match="offset"):
            kind.write(datetime(2026, 1, 2))  # noqa: DTZ001 - the point of the test


def test_noon_in_brussels_is_ten_in_summer() -> None:
    assert SECOND.write(datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))) == "2026-07-01T10:00:00Z"


def test_what_a_form_cannot_hold_is_not_rounded() -> None:
    with pytest.raises(NotLexical, match="whole second"):
        SECOND.write(datetime(2026, 1, 2, microsecond=1, tzinfo=UTC))
    with pytest.raises(NotLexical, match="whole minute"):
        MINUTE.write(datetime(2026, 1, 2, second=1, tzinfo=UTC))


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("sNaN")])
def test_a_number_that_is_not_finite_is_not_written(value: Decimal) -> None:
    with pytest.raises(NotLexical):
        DECIMAL.write(value)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("12345678901234567", True),
        ("-12345678901234567", True),
        ("123456789012345678", False),
        ("1234567890123456.7", True),
        ("1234567890123456.70", True),
        ("1234567890123456.78", False),
        ("0012345678901234567", True),
        ("0.12345678901234567", True),
        ("0.123456789012345678", False),
        ("0", True),
    ],
)
def test_an_amount_has_at_most_17_digits_that_count(value: str, *, right: bool) -> None:
    assert (AMOUNT.facet(Decimal(value)) is None) == right


def test_facets() -> None:
    assert [POSITION.facet(value) is None for value in (0, 1, 999_999, 1_000_000)] == [False, True, True, False]
    assert [IDENTIFIER.facet("x" * length) is None for length in (0, 60, 61)] == [True, True, False]
    assert [PARTY.facet(Coded("x" * length, "A01")) is None for length in (16, 17)] == [True, False]
    assert [REVISION.facet(value) is None for value in ("1", "999", "0", "1000", "01", "1\n")] == [True, True] + 4 * [
        False
    ]


@pytest.mark.parametrize("text", ["-1", "+1", "1E3", "", ".", "NaN"])
def test_a_measured_limit_is_digits_and_a_point(text: str) -> None:
    with pytest.raises(NotLexical):
        UNSIGNED.read(text)
