"""TS: series, Periods and Points in every document that has them, at each bound and beyond it."""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

DATED = ["bids", "needs", "result", "scheduled_order", "direct_order", "answer", "capacities", "prices"]
CAPACITY = "TimeSeries[1]"
START, HOUR = "2026-06-15T10:00Z", "2026-06-15T11:00Z"


def period(points: dict[int, str] | list[int], resolution: str = "PT15M", end: str = HOUR, start: str = START) -> str:
    """Write a Period of capacities; a list gives the positions alone."""
    quantities = points if isinstance(points, dict) else dict.fromkeys(points, "10")
    written = "".join(
        f"<Point><position>{at}</position><quantity>{q}</quantity></Point>" for at, q in quantities.items()
    )
    interval = f"<timeInterval><start>{start}</start><end>{end}</end></timeInterval>"
    return f"<Period>{interval}<resolution>{resolution}</resolution>{written}</Period>"


def with_periods(*periods: str, curve: str | None = "A01") -> list[Step]:
    """Return the steps that give the first capacity these Periods alone, and this curve."""
    old = f"{CAPACITY}/Period"
    kept: list[Step] = (
        [("drop", f"{CAPACITY}/curveType")] if curve is None else [("set", f"{CAPACITY}/curveType", curve)]
    )
    return [*kept, *[("after", old, text) for text in reversed(periods)], ("drop", old)]


# ------------------------------------------------------------------------------------------------------------ TS-001
@pytest.mark.parametrize(
    ("base", "series"),
    [("needs", "Bid_TimeSeries"), ("result", "TimeSeries"), ("capacities", "TimeSeries"), ("prices", "TimeSeries")],
)
def test_an_id_names_one_series(base: str, series: str) -> None:
    first = "689b29ae-a401-5a6d-8796-85f0011e20bf" if base == "needs" else "x"
    steps = [("set", f"{series}[{number}]/mRID", first) for number in (1, 2)]
    told = ("A55", f"/{series}[2]/mRID", "an mRID of its own", f"{first}, as in series 1")
    assert only("TS-001", said(base, *steps)) == [told]


def test_the_third_of_one_name_is_told_too() -> None:
    steps = [("set", f"Bid_TimeSeries[{number}]/mRID", "x") for number in (1, 2, 3)]
    found = only("TS-001", said("bids", *steps))
    assert [(place, text) for _, place, _, text in found] == [
        ("/Bid_TimeSeries[2]/mRID", "x, as in series 1"),
        ("/Bid_TimeSeries[3]/mRID", "x, as in series 1"),
    ]


# --------------------------------------------------------------------------------------------------- TS-002 to TS-004
@pytest.mark.parametrize("end", [START, "2026-06-15T09:45Z"])
def test_a_period_ends_after_it_starts(end: str) -> None:
    found = said("capacities", *with_periods(period([1, 2, 3, 4], end=end)))
    assert found == [
        ("TS-002", "A04", f"/{CAPACITY}/Period[1]/timeInterval", "a start before the end", f"{START}/{end}")
    ]


@pytest.mark.parametrize("base", DATED)
def test_no_document_has_a_period_without_length(base: str) -> None:
    report = judged(base)
    document = "Bid_TimeSeries" if base in {"bids", "needs"} else "TimeSeries"
    path = f"{document}[1]/Period[1]/timeInterval"
    assert report.clean
    steps = [("set", f"{path}/end", "2026-06-15T04:00Z"), ("set", f"{path}/start", "2026-06-15T04:00Z")]
    assert [row[1:3] for row in said(base, *steps) if row[0] == "TS-002"] == [("A04", f"/{path}")]


HEADER = "2026-06-15T10:00Z/2026-06-15T10:15Z"


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("10:00", "10:15", True),
        ("10:05", "10:10", True),
        ("09:59", "10:15", False),
        ("10:00", "10:16", False),
        ("09:45", "10:30", False),
        ("10:15", "10:30", False),
    ],
)
def test_a_period_lies_inside_the_header(start: str, end: str, *, inside: bool) -> None:
    place = "TimeSeries/Period/timeInterval"
    steps = [("set", f"{place}/start", f"2026-06-15T{start}Z"), ("set", f"{place}/end", f"2026-06-15T{end}Z")]
    found = only("TS-003", said("scheduled_order", *steps))
    told = (
        "A04",
        "/TimeSeries[1]/Period[1]/timeInterval",
        f"inside {HEADER}",
        f"2026-06-15T{start}Z/2026-06-15T{end}Z",
    )
    assert found == ([] if inside else [told])


def test_a_header_without_length_holds_nothing_and_is_told_elsewhere() -> None:
    place = "activation_Time_Period.timeInterval"
    found = broken("scheduled_order", ("set", f"{place}/end", START))
    assert "TS-003" not in found
    assert "GEN-019" in found


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (("11:00", "12:00"), None),
        (("11:15", "12:00"), None),
        (("10:45", "11:45"), f"a start at or after {HOUR}"),
        (("10:00", "11:00"), f"a start at or after {HOUR}"),
        (("09:00", "10:00"), f"a start at or after {HOUR}"),
    ],
)
def test_periods_follow_each_other(second: tuple[str, str], told: str | None) -> None:
    start, end = (f"2026-06-15T{instant}Z" for instant in second)
    later = period([1], start=start, end=end)
    found = only("TS-004", said("capacities", *with_periods(period([1, 2, 3, 4]), later)))
    assert found == ([("A04", f"/{CAPACITY}/Period[2]/timeInterval", told, f"{start}/{end}")] if told else [])


def test_periods_of_two_series_may_share_their_time() -> None:
    assert "TS-004" not in broken("capacities")


# --------------------------------------------------------------------------------------------------- TS-005 and TS-006
KNOWN = "P1D, PT15M, PT30M or PT60M"


@pytest.mark.parametrize(
    ("resolution", "expected"),
    [
        ("PT15M", None),
        ("PT30M", None),
        ("PT60M", None),
        ("PT1H", None),
        ("P0Y0M0DT1H0M0.000S", None),
        ("PT900S", None),
        ("PT20M", KNOWN),
        ("PT10M", KNOWN),
        ("PT4S", KNOWN),
        ("PT0S", KNOWN),
        ("-PT15M", KNOWN),
        ("PT24H", KNOWN),
    ],
)
def test_capacities_are_in_the_resolutions_of_the_market(resolution: str, expected: str | None) -> None:
    found = only("TS-005", said("capacities", *with_periods(period([1], resolution))))
    assert found == ([("A41", f"/{CAPACITY}/Period[1]/resolution", expected, resolution)] if expected else [])


@pytest.mark.parametrize(("resolution", "wrong"), [("PT20M", False), ("PT60M", True), ("PT15M", True), ("PT5M", False)])
def test_the_resolutions_are_those_of_the_market(resolution: str, *, wrong: bool) -> None:
    found = only(
        "TS-005", said("capacities", *with_periods(period([1], resolution)), terms='resolutions = ["PT5M", "PT20M"]')
    )
    first = [row for row in found if row[1].startswith(f"/{CAPACITY}")]
    assert [row[2] for row in first] == (["PT20M or PT5M"] if wrong else [])


@pytest.mark.parametrize("base", ["bids", "result", "scheduled_order", "answer", "needs"])
@pytest.mark.parametrize(
    ("resolution", "wrong"), [("PT7M", False), ("PT0S", True), ("-PT15M", True), ("PT0.000S", True)]
)
def test_elsewhere_the_family_says_which_resolution(base: str, resolution: str, *, wrong: bool) -> None:
    series = "Bid_TimeSeries" if base in {"bids", "needs"} else "TimeSeries"
    found = only("TS-005", said(base, ("set", f"{series}[1]/Period/resolution", resolution)))
    told = ("A41", f"/{series}[1]/Period[1]/resolution", "a duration above zero", resolution)
    assert found == ([told] if wrong else [])


@pytest.mark.parametrize(
    ("resolution", "end", "expected"),
    [
        ("PT15M", "2026-06-15T10:15Z", None),
        ("PT15M", "2026-06-15T10:14Z", "a length that divides 0:14:00"),
        ("PT15M", "2026-06-15T10:16Z", "a length that divides 0:16:00"),
        ("PT30M", "2026-06-15T10:45Z", "a length that divides 0:45:00"),
        ("PT60M", "2026-06-15T10:30Z", "a length that divides 0:30:00"),
        ("P1D", "2026-06-15T11:00Z", "a length that divides 1:00:00"),
    ],
)
def test_a_period_holds_a_whole_number_of_slots(resolution: str, end: str, expected: str | None) -> None:
    found = only("TS-006", said("capacities", *with_periods(period([1], resolution, end))))
    assert found == ([("A41", f"/{CAPACITY}/Period[1]/resolution", expected, resolution)] if expected else [])


# --------------------------------------------------------------------------------------------------- TS-007 to TS-010
@pytest.mark.parametrize(
    ("curve", "positions", "expected"),
    [
        ("A01", [1, 2, 3, 4], []),
        ("A01", [1, 2, 3], [("TS-010", "Point", "4 points", "3")]),
        ("A01", [1], [("TS-010", "Point", "4 points", "1")]),
        ("A01", [1, 2, 4], [("TS-010", "Point", "4 points", "3")]),
        ("A01", [2, 3, 4], [("TS-007", "Point[1]/position", "1", "2")]),
        ("A01", [1, 2, 3, 4, 5], [("TS-009", "Point[5]/position", "at most 4", "5")]),
        ("A01", [1, 2, 2, 4], [("TS-008", "Point[3]/position", "more than 2", "2")]),
        ("A01", [1, 3, 2, 4], [("TS-008", "Point[3]/position", "more than 3", "2")]),
        ("A03", [1], []),
        ("A03", [1, 4], []),
        ("A03", [1, 2, 3, 4], []),
        ("A03", [2], [("TS-007", "Point[1]/position", "1", "2")]),
        ("A03", [1, 5], [("TS-009", "Point[2]/position", "at most 4", "5")]),
        ("A03", [1, 3, 3], [("TS-008", "Point[3]/position", "more than 3", "3")]),
        (
            "A03",
            [4, 1],
            [("TS-007", "Point[1]/position", "1", "4"), ("TS-008", "Point[2]/position", "more than 4", "1")],
        ),
        (None, [1, 2, 3, 4], []),
        (None, [1, 4], [("TS-010", "Point", "4 points", "2")]),
        (None, [5], [("TS-007", "Point[1]/position", "1", "5"), ("TS-009", "Point[1]/position", "at most 4", "5")]),
    ],
)
def test_positions_count_the_slots(
    curve: str | None, positions: list[int], expected: list[tuple[str, str, str, str]]
) -> None:
    repeated = "".join(f"<Point><position>{at}</position><quantity>10</quantity></Point>" for at in positions)
    whole = period([]).replace("</Period>", repeated + "</Period>")
    found = said("capacities", *with_periods(whole, curve=curve))
    assert found == [(rule, "A49", f"/{CAPACITY}/Period[1]/{at}", want, got) for rule, at, want, got in expected]


@pytest.mark.parametrize("slots", [4, 96])
def test_a_fixed_curve_is_complete_to_the_last_slot(slots: int) -> None:
    end = HOUR if slots == 4 else "2026-06-15T22:00Z"
    start = START if slots == 4 else "2026-06-14T22:00Z"
    header = [("set", "period.timeInterval/start", start), ("set", "period.timeInterval/end", "2026-06-15T22:00Z")]
    for number, rules in ((slots, []), (slots - 1, ["TS-010"])):
        steps = with_periods(period(list(range(1, number + 1)), start=start, end=end))
        assert broken("capacities", *header, *steps, now="unknown") == rules


def test_a_single_slot_with_a_single_point_needs_no_closer_look() -> None:
    assert broken("capacities", *with_periods(period([1], "PT60M"))) == []
    assert broken("capacities", *with_periods(period([2], "PT60M"))) == ["TS-007", "TS-009"]


# --------------------------------------------------------------------------------------------------- TS-013 to TS-015
@pytest.mark.parametrize(("base", "curves"), [("capacities", ["A01", "A03"]), ("prices", ["A01", "A03"])])
def test_curves_are_blocks(base: str, curves: list[str]) -> None:
    for curve in ("A01", "A02", "A03", "A04", "A05"):
        found = only("TS-013", said(base, ("set", "TimeSeries[1]/curveType", curve)))
        assert found == ([] if curve in curves else [("A59", "/TimeSeries[1]/curveType", "A01 or A03", curve)])


@pytest.mark.parametrize(
    ("value", "decimals", "wrong"),
    [
        ("10.123", 3, False),
        ("10.1230", 3, False),
        ("10.1234", 3, True),
        ("10.000000", 0, False),
        ("10.1", 0, True),
        ("10.1", 1, False),
        ("10.11", 1, True),
        ("0.001", 3, False),
        ("0.0001", 3, True),
    ],
)
def test_decimals_count_by_value(value: str, decimals: int, *, wrong: bool) -> None:
    steps = with_periods(period({1: "10", 2: value, 3: "10", 4: "10"}))
    found = only(
        "TS-014",
        said("capacities", *steps, ("set", "TimeSeries[1]/mRID", "x"), terms=f"quantity_decimals = {decimals}"),
    )
    mine = [row for row in found if row[1].startswith(f"/{CAPACITY}/")]
    place = f"/{CAPACITY}/Period[1]/Point[2]/quantity"
    assert mine == ([("A42", place, f"at most {decimals} decimals", value)] if wrong else [])


@pytest.mark.parametrize(
    ("base", "place", "directed"),
    [
        ("bids", "Bid_TimeSeries[2]/Period/Point/quantity.quantity", True),
        ("result", "TimeSeries[2]/Period/Point/quantity", True),
        ("answer", "TimeSeries/Period/Point/quantity", True),
        ("capacities", "TimeSeries[2]/Period/Point[1]/quantity", True),
        ("capacities", "TimeSeries[1]/Period/Point[1]/quantity", False),
    ],
)
def test_no_sign_stands_beside_a_direction(base: str, place: str, *, directed: bool) -> None:
    found = only("TS-015", said(base, ("set", place, "-0.5")))
    assert [(code, want, got) for code, _, want, got in found] == ([("A46", "0 or more", "-0.5")] if directed else [])
    assert only("TS-015", said(base, ("set", place, "0"))) == []


def test_a_wrong_point_is_told_with_the_time_it_speaks_for() -> None:
    report = judged("capacities", *with_periods(period({1: "10", 2: "10", 3: "10.00001", 4: "10"})))
    (found,) = report.findings
    assert (found.level, found.subject, str(found.interval)) == (
        "interval",
        "north-to-river",
        "2026-06-15T10:30Z/2026-06-15T10:45Z",
    )


# --------------------------------------------------------------------------------------------------- TS-016 to TS-019
UNITS = [
    ("bids", "Bid_TimeSeries[1]/quantity_Measurement_Unit.name", "MAW"),
    ("bids", "Bid_TimeSeries[3]/energyPrice_Measurement_Unit.name", "MWH"),
    ("needs", "Bid_TimeSeries[2]/quantity_Measurement_Unit.name", "MAW"),
    ("result", "TimeSeries[1]/quantity_Measurement_Unit.name", "MAW"),
    ("result", "TimeSeries[1]/energy_Measurement_Unit.name", "MWH"),
    ("answer", "TimeSeries[1]/measurement_Unit.name", "MAW"),
    ("capacities", "TimeSeries[2]/measurement_Unit.name", "MAW"),
    ("prices", "TimeSeries[1]/quantity_Measurement_Unit.name", "MAW"),
]


@pytest.mark.parametrize(("base", "place", "unit"), UNITS, ids=lambda value: str(value).rpartition("/")[2])
def test_units_are_those_of_the_market(base: str, place: str, unit: str) -> None:
    assert said(base, ("set", place, "KWT")) == [("TS-016", "A59", f"/{place}", unit, "KWT")]
    key = "quantity_unit" if unit == "MAW" else "price_unit"
    other = only("TS-016", said(base, ("set", place, "KWT"), terms=f'{key} = "KWT"'))
    assert f"/{place}" not in [row[1] for row in other]


@pytest.mark.parametrize(
    "place", ["bids:Bid_TimeSeries[3]", "needs:Bid_TimeSeries[1]", "result:TimeSeries[1]", "prices:TimeSeries[2]"]
)
def test_the_currency_is_that_of_the_market(place: str) -> None:
    base, series = place.split(":")
    tag = f"{series}/currency_Unit.name"
    assert said(base, ("set", tag, "SEK")) == [("TS-017", "A61", f"/{tag}", "EUR", "SEK")]
    assert f"/{tag}" not in [row[2] for row in said(base, ("set", tag, "SEK"), terms='currency = "SEK"')]


def test_a_price_without_currency_has_no_wrong_one() -> None:
    assert broken("result", ("drop", "TimeSeries[1]/currency_Unit.name"), terms='currency = "NOK"') == []


@pytest.mark.parametrize(("quality", "rules"), [("A02", ["TS-018"]), ("A01", []), ("A04", []), (None, [])])
def test_a_quantity_that_is_not_available_is_no_quantity(quality: str | None, rules: list[str]) -> None:
    """Only editions from 7.5 on have a quality beside the quantity."""
    steps: list[Step] = [("text", "reservebiddocument:7:4", "reservebiddocument:7:5")]
    if quality is not None:
        place = "Bid_TimeSeries[1]/Period/Point/quantity.quantity"
        steps.append(("after", place, f"<quality>{quality}</quality>"))
    assert broken("bids", *steps) == rules


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [("10:00", "10:15", True), ("10:15", "10:30", False), ("10:00", "10:30", True)],
)
def test_one_bid_has_one_result_at_a_time(start: str, end: str, *, wrong: bool) -> None:
    bid = "bid_Original_MarketDocument.bid_BidTimeSeries.mRID"
    place = "TimeSeries[2]/Period/timeInterval"
    day = "2026-06-15T{}Z".format
    steps = [
        ("set", f"TimeSeries[2]/{bid}", "known-divisible"),
        ("set", f"{place}/start", day(start)),
        ("set", f"{place}/end", day(end)),
    ]
    told = (
        "A55",
        "/TimeSeries[2]/Period[1]/timeInterval",
        "a time that series 1 leaves free",
        f"{day(start)}/{day(end)}",
    )
    assert only("TS-019", said("result", *steps)) == ([told] if wrong else [])


@pytest.mark.parametrize(
    ("tag", "value", "wrong"),
    [
        ("flowDirection.direction", "A01", True),
        ("flowDirection.direction", "A02", False),
    ],
)
def test_one_area_has_one_price_for_a_direction(tag: str, value: str, *, wrong: bool) -> None:
    found = only("TS-019", said("prices", ("set", f"TimeSeries[2]/{tag}", value)))
    assert [row[:3] for row in found] == (
        [("A55", "/TimeSeries[2]/Period[1]/timeInterval", "a time that series 1 leaves free")] if wrong else []
    )
