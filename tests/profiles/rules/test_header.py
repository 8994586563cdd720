"""GEN-011 to GEN-022: domain, ids, times and size of a document, at each bound and beyond it."""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import BASES, Step, broken, judged, only, said


# ------------------------------------------------------------------------------------------------------------ GEN-011
@pytest.mark.parametrize("base", ["bids", "needs", "result", "scheduled_order", "direct_order", "answer", "capacities"])
def test_the_domain_is_a_known_area(base: str) -> None:
    south = ("set", "domain.mRID", "10YSOUTH-------5")
    assert only("GEN-011", said(base, south)) == [("A80", "/domain.mRID", "a known area", "A01:10YSOUTH-------5")]
    report = judged(base, south, areas="unknown")
    assert "GEN-011: the domain is an area of this market" in report.assumptions
    assert "GEN-011" not in [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    ("domain", "wrong"), [("10YNORTH-------T", False), ("10YRIVER-------S", False), ("10YMARKET-ALL--8", True)]
)
def test_a_market_may_name_its_domains(domain: str, *, wrong: bool) -> None:
    terms = 'header.domains = ["10YNORTH-------T", "10YRIVER-------S"]'
    found = only("GEN-011", said("bids", ("set", "domain.mRID", domain), terms=terms))
    told = ("A80", "/domain.mRID", "10YNORTH-------T or 10YRIVER-------S", f"A01:{domain}")
    assert found == ([told] if wrong else [])


@pytest.mark.parametrize(("base", "place"), [("scheduled_order", "domain.mRID"), ("prices", "area_Domain.mRID")])
def test_a_document_without_domain_has_none_that_is_wrong(base: str, place: str) -> None:
    terms = 'header.domains = ["10YRIVER-------S"]'
    assert [row[:3] for row in said(base, terms=terms)] == [("GEN-011", "A80", f"/{place}")]
    assert broken(base, ("drop", place), terms=terms) == []


# ------------------------------------------------------------------------------------------------------------ GEN-014
@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("eae4e3d8-9daf-5502-9126-1bbea93c684c", True),
        ("EAE4E3D8-9DAF-5502-9126-1BBEA93C684C", True),
        ("eae4e3d89daf550291261bbea93c684c", False),
        ("eae4e3d8-9daf-5502-9126-1bbea93c684", False),
        ("eae4e3d8-9daf-5502-9126-1bbea93c684cc", False),
        ("eae4e3d8-9daf-5502-9126-1bbea93c684g", False),
        ("{eae4e3d8-9daf-5502-9126-1bbea93c684c}", False),
        ("vRPUllMkQFemNLJ6LDQs1A", False),
    ],
)
def test_norway_wants_uuids(text: str, *, sound: bool) -> None:
    document, series = ("set", "mRID", text), ("set", "Bid_TimeSeries[2]/mRID", text)
    wrong = [] if sound else [("A59", "/mRID", "a UUID", text)]
    assert only("GEN-014", said("bids", document, over="nordic_no")) == wrong
    wrong = [] if sound else [("A59", "/Bid_TimeSeries[2]/mRID", "a UUID", text)]
    assert only("GEN-014", said("bids", series, over="nordic_no")) == wrong
    assert broken("bids", document) == []


def test_only_offers_and_needs_have_series_whose_ids_must_be_uuids() -> None:
    assert "GEN-014" not in broken("result", over="nordic_no")
    assert only("GEN-014", said("needs", ("set", "Bid_TimeSeries[1]/mRID", "n"), over="nordic_no"))[0][3] == "n"


# ------------------------------------------------------------------------------------------------- GEN-016 and GEN-017
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    ("tolerance", "created", "latest"),
    [
        ("PT60S", "2026-06-15T06:01:00Z", None),
        ("PT60S", "2026-06-15T06:01:01Z", "2026-06-15T06:01Z"),
        ("PT0S", "2026-06-15T06:00:00Z", None),
        ("PT0S", "2026-06-15T06:00:01Z", "2026-06-15T06:00Z"),
        ("PT5M30S", "2026-06-15T06:05:30Z", None),
        ("PT5M30S", "2026-06-15T06:05:31Z", "2026-06-15T06:05:30Z"),
    ],
)
def test_a_document_is_not_from_the_future(base: str, tolerance: str, created: str, latest: str | None) -> None:
    found = said(base, ("set", "createdDateTime", created), terms=f'header.future_tolerance = "{tolerance}"')
    assert found == ([("GEN-016", "A59", "/createdDateTime", f"at most {latest}", created)] if latest else [])


@pytest.mark.parametrize("base", ["bids", "answer", "acknowledgement"])
@pytest.mark.parametrize(
    ("created", "stale"),
    [("2026-06-15T05:45:00Z", False), ("2026-06-15T05:44:59Z", True), ("2025-06-15T05:59:00Z", True)],
)
def test_norway_takes_nothing_older_than_a_quarter_hour(base: str, created: str, *, stale: bool) -> None:
    step = ("set", "createdDateTime", created)
    found = only("GEN-017", said(base, step, over="nordic_no"))
    told = created.replace(":00Z", "Z")
    assert found == ([("A57", "/createdDateTime", "2026-06-15T05:45Z or later", told)] if stale else [])
    assert broken(base, step) == []


# ------------------------------------------------------------------------------------------------- GEN-019 and GEN-020
PERIODS = {
    "bids": "reserveBid_Period.timeInterval",
    "capacities": "period.timeInterval",
    "needs": "reserveBid_Period.timeInterval",
}


def header(base: str, start: str, end: str) -> list[Step]:
    return [("set", f"{PERIODS[base]}/start", start), ("set", f"{PERIODS[base]}/end", end)]


@pytest.mark.parametrize(
    ("start", "end", "unit", "wrong"),
    [
        ("2026-06-14T22:00Z", "2026-06-15T22:00Z", "PT15M", []),
        ("2026-06-14T22:15Z", "2026-06-15T21:45Z", "PT15M", []),
        ("2026-06-14T22:01Z", "2026-06-15T22:00Z", "PT15M", ["start"]),
        ("2026-06-14T22:01Z", "2026-06-15T21:59Z", "PT15M", ["start", "end"]),
        ("2026-06-14T22:15Z", "2026-06-15T22:00Z", "PT60M", ["start"]),
        ("2026-06-14T22:30Z", "2026-06-15T22:00Z", "PT30M", []),
        ("2026-06-14T22:00Z", "2026-06-15T21:45Z", "PT30M", ["end"]),
    ],
)
def test_the_header_begins_and_ends_on_the_grid(start: str, end: str, unit: str, wrong: list[str]) -> None:
    found = only("GEN-019", said("bids", *header("bids", start, end), terms=f'time_unit = "{unit}"'))
    ends = {"start": start, "end": end}
    assert found == [("A04", f"/{PERIODS['bids']}/{name}", f"a border of {unit}", ends[name]) for name in wrong]


@pytest.mark.parametrize("end", ["2026-06-14T22:00Z", "2026-06-14T21:59Z"])
def test_a_header_without_length_is_told_once(end: str) -> None:
    found = said("bids", *header("bids", "2026-06-14T22:00Z", end))
    told = ("A04", "/" + PERIODS["bids"], "a start before the end", f"2026-06-14T22:00Z/{end}")
    assert only("GEN-019", found) == [told]
    assert only("GEN-020", found) == []


DAY = "2026-06-14T22:00Z/2026-06-15T22:00Z"


@pytest.mark.parametrize(
    ("span", "start", "end", "expected"),
    [
        ("within_day", "2026-06-14T22:00Z", "2026-06-15T22:00Z", None),
        ("within_day", "2026-06-15T10:00Z", "2026-06-15T11:00Z", None),
        ("within_day", "2026-06-15T10:00Z", "2026-06-15T22:15Z", f"inside {DAY}"),
        ("within_day", "2026-06-14T21:45Z", "2026-06-15T22:00Z", "inside 2026-06-13T22:00Z/2026-06-14T22:00Z"),
        ("exact_day", "2026-06-14T22:00Z", "2026-06-15T22:00Z", None),
        ("exact_day", "2026-06-14T22:15Z", "2026-06-15T22:00Z", DAY),
        ("exact_day", "2026-06-14T22:00Z", "2026-06-15T21:45Z", DAY),
        ("exact_day", "2026-06-14T22:00Z", "2026-06-16T22:00Z", DAY),
        ("any", "2026-06-10T22:00Z", "2026-06-19T22:00Z", None),
    ],
)
@pytest.mark.parametrize("base", ["bids", "capacities"])
def test_the_header_keeps_to_the_market_day(base: str, span: str, start: str, end: str, expected: str | None) -> None:
    found = only("GEN-020", said(base, *header(base, start, end), terms=f'header.span = "{span}"'))
    assert found == ([("A04", "/" + PERIODS[base], expected, f"{start}/{end}")] if expected else [])


@pytest.mark.parametrize(("zone", "wrong"), [("Europe/Brussels", False), ("Europe/Helsinki", True), ("UTC", True)])
def test_the_market_day_is_one_of_the_zone_of_the_market(zone: str, *, wrong: bool) -> None:
    steps = header("bids", "2026-06-14T22:00Z", "2026-06-15T22:00Z")
    assert ("GEN-020" in broken("bids", *steps, terms=f'time_zone = "{zone}"')) == wrong


def test_a_header_at_the_end_of_the_calendar_is_a_finding() -> None:
    found = only("GEN-020", said("bids", *header("bids", "9999-12-31T21:45Z", "9999-12-31T22:00Z")))
    assert len(found) == 1
    assert found[0][:2] == ("A04", "/" + PERIODS["bids"])


# ------------------------------------------------------------------------------------------------------------ GEN-022
@pytest.mark.parametrize(
    ("base", "number"), [("bids", 3), ("needs", 2), ("answer", 1), ("availability", 2), ("prices", 2)]
)
def test_the_series_are_counted(base: str, number: int) -> None:
    assert broken(base, terms=f"header.max_series = {number}") == []
    fewer = number - 1
    assert said(base, terms=f"header.max_series = {fewer}") == [
        ("GEN-022", "A59", "/", f"at most {fewer} series", str(number))
    ]
    assert broken(base, terms=f'header.max_series = {fewer}\nweights.GEN-022 = "off"') == []
