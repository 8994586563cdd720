"""PS-001 to PS-005: the yearly plan of reserve, at each bound and beyond it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

FIRST, SECOND = "PlannedResource_TimeSeries[1]", "PlannedResource_TimeSeries[2]"
ON = '[weights]\nPS-001 = "reject"'
at = datetime.fromisoformat


def judged_by_terms(*steps: Step) -> list[tuple[str, str, str, str]]:
    """Return what PS-001 says of the plan with changes, in a market that has yearly plans."""
    return only("PS-001", said("yearly_plan", *steps, terms=ON))


# ------------------------------------------------------------------------------------------------------------ PS-001
@pytest.mark.parametrize(
    ("element", "wanted", "other"), [("type", "A26", "A14"), ("process.processType", "A28", "A01")]
)
def test_a_plan_is_of_one_type_and_process(element: str, wanted: str, other: str) -> None:
    assert judged_by_terms(("set", element, wanted)) == []
    assert judged_by_terms(("set", element, other)) == [("A59", f"/{element}", wanted, other)]


@pytest.mark.parametrize(
    ("business", "direction", "wanted"),
    [
        ("C26", "A03", None),
        ("C26", "A01", "A03"),
        ("C26", "A02", "A03"),
        ("C27", "A01", None),
        ("C27", "A02", None),
        ("C27", "A03", "A01 or A02"),
        ("C27", None, "A01 or A02"),
        ("C26", None, "A03"),
    ],
)
@pytest.mark.parametrize("series", [FIRST, SECOND])
def test_reserve_for_normal_operation_goes_both_ways_and_for_disturbances_one(
    series: str, business: str, direction: str | None, wanted: str | None
) -> None:
    place = f"{series}/flowDirection.direction"
    step: Step = ("drop", place) if direction is None else ("set", place, direction)
    found = judged_by_terms(("set", f"{series}/businessType", business), step)
    assert found == ([("A59", f"/{place}", wanted, direction or "nothing")] if wanted else [])


@pytest.mark.parametrize("business", ["A01", "A95", "A96", "B74"])
def test_other_business_has_no_yearly_plan(business: str) -> None:
    place = f"{SECOND}/businessType"
    assert judged_by_terms(("set", place, business)) == [("A62", f"/{place}", "C26 or C27", business)]


@pytest.mark.parametrize(
    ("element", "value", "found"),
    [
        ("product", "8716867000030", ("A59", "8716867000016", "8716867000030")),
        ("measurement_Unit.name", "KWT", ("A59", "MAW", "KWT")),
        ("marketAgreement.type", "A01", ("A76", "A04", "A01")),
        ("marketAgreement.type", None, ("A76", "A04", "nothing")),
    ],
)
def test_a_plan_is_of_power_in_megawatts_under_a_yearly_contract(
    element: str, value: str | None, found: tuple[str, str, str]
) -> None:
    place = f"{FIRST}/{element}"
    step: Step = ("drop", place) if value is None else ("set", place, value)
    assert judged_by_terms(step) == [(found[0], f"/{place}", *found[1:])]


def test_the_market_decides_whether_its_plans_are_yearly() -> None:
    step = ("set", "type", "A14")
    assert broken("yearly_plan", step) == []
    assert "PS-001" in broken("yearly_plan", step, over="nordic_fi")
    assert "PS-001" not in broken("yearly_plan", over="nordic_fi")
    assert "PS-001" not in broken("yearly_plan", step, over="nordic_no")


# ------------------------------------------------------------------------------------------------------------ PS-002
@pytest.mark.parametrize("place", ["mRID", f"{FIRST}/mRID", f"{SECOND}/mRID"])
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("B5B6ED0C-53C2-5D0E-8A0A-0B6D9A6C7D01", False),
        ("b5b6ed0c53c25d0e8a0a0b6d9a6c7d01", True),
        ("b5b6ed0c-53c2-5d0e-8a0a-0b6d9a6c7d0", True),
        ("b5b6ed0c-53c2-5d0e-8a0a-0b6d9a6c7d0g", True),
        ("plan-7", True),
    ],
)
def test_a_plan_and_its_series_have_uuids(place: str, name: str, *, wrong: bool) -> None:
    told = [("PS-002", "A59", f"/{place}", "a UUID", name)] if wrong else []
    assert said("yearly_plan", ("set", place, name)) == told
    assert broken("yearly_plan", ("set", place, name), ("set", "type", "A15")) == []


def test_the_reader_refuses_a_fraction_of_a_second() -> None:
    ((rule, _, place, *_),) = said("yearly_plan", ("set", "createdDateTime", "2026-06-15T05:59:00.5Z"))
    assert (rule, place) == ("GEN-004", "/createdDateTime")


# ------------------------------------------------------------------------------------------------------------ PS-003
@pytest.mark.parametrize(
    ("start", "now", "closed"),
    [
        ("2026-06-15T22:00Z", "2026-06-15T14:59:59Z", None),
        ("2026-06-15T22:00Z", "2026-06-15T15:00:00Z", "2026-06-15T15:00Z"),
        ("2026-06-15T21:00Z", "2026-06-15T15:00:00Z", "2026-06-15T15:00Z"),
        ("2026-06-15T20:59Z", "2026-06-14T15:00:00Z", "2026-06-14T15:00Z"),
        ("2026-01-15T23:00Z", "2026-01-15T15:59:59Z", None),
        ("2026-01-15T23:00Z", "2026-01-15T16:00:00Z", "2026-01-15T16:00Z"),
        ("2026-03-28T23:00Z", "2026-03-28T16:00:00Z", "2026-03-28T16:00Z"),
        ("2026-03-29T22:00Z", "2026-03-29T14:59:59Z", None),
        ("2026-03-29T22:00Z", "2026-03-29T15:00:00Z", "2026-03-29T15:00Z"),
    ],
)
def test_a_plan_comes_before_six_in_the_evening_of_the_day_before(start: str, now: str, closed: str | None) -> None:
    """Finnish time is two hours before UTC in winter, three in summer; a day of the plan begins at its midnight."""
    step = ("set", "schedule_Period.timeInterval/start", start)
    found = only("PS-003", said("yearly_plan", step, now=at(now)))
    received = now if now.endswith("59Z") else f"{now[:16]}Z"
    assert found == ([("A57", "/", f"receipt before gate closure at {closed}", received)] if closed else [])


def test_other_plans_have_other_gates() -> None:
    late = at("2026-06-15T20:00:00Z")
    assert broken("yearly_plan", now=late) == ["PS-003"]
    assert broken("yearly_plan", ("set", "type", "A14"), now=late) == []


@pytest.mark.parametrize(
    ("end", "noted"), [("2026-07-15T22:00Z", False), ("2026-07-15T22:01Z", True), ("2026-08-15T22:00Z", True)]
)
def test_more_than_thirty_days_are_noted_and_refuse_nothing(end: str, *, noted: bool) -> None:
    report = judged("yearly_plan", ("set", "schedule_Period.timeInterval/end", end))
    note = "PS-003: a plan for more than 30 days is taken, though none is recommended"
    assert "PS-003" not in {finding.rule for finding in report.findings}
    assert (note in report.assumptions) == noted


# ------------------------------------------------------------------------------------------------------------ PS-004
@pytest.mark.parametrize(
    ("quantity", "wrong"),
    [("5", False), ("5.1", False), ("5.10", False), ("0.05", True), ("5.11", True), ("5.999", True), ("0", False)],
)
@pytest.mark.parametrize("place", [f"{FIRST}/Series_Period[1]/Point[1]", f"{SECOND}/Series_Period[1]/Point[3]"])
def test_a_quantity_has_one_decimal(place: str, quantity: str, *, wrong: bool) -> None:
    step = ("set", f"{place}/quantity", quantity)
    told = ("PS-004", "A42", f"/{place}/quantity", "at most 1 decimal", quantity)
    assert said("yearly_plan", step) == ([told] if wrong else [])
    assert broken("yearly_plan", step, ("set", "type", "A67")) == []


def test_a_plan_is_of_the_provider_that_its_first_series_names() -> None:
    name = "resourceProvider_MarketParticipant.mRID"
    both = [("set", f"{series}/{name}", "10XBSP-BETA----K") for series in (FIRST, SECOND)]
    assert broken("yearly_plan", *both) == []
    told = ("PS-004", "A66", f"/{SECOND}/{name}", "10XBSP-BETA----K, as in the first series", "10XBSP-ALPHA---F")
    assert said("yearly_plan", both[0]) == [told]
    assert broken("yearly_plan", both[0], ("set", "type", "A14")) == []


# ------------------------------------------------------------------------------------------------------------ PS-005
@pytest.mark.parametrize("gone", [2, 3])
def test_every_position_has_its_point_whatever_the_curve(gone: int) -> None:
    step = ("drop", f"{SECOND}/Series_Period/Point[{gone}]")
    told = ("A49", f"/{SECOND}/Series_Period[1]/Point", "3 points", "2")
    assert said("yearly_plan", step) == [("PS-005", *told)]
    assert broken("yearly_plan", step, ("set", "type", "A14")) == []
    fixed = ("set", f"{SECOND}/curveType", "A01")
    assert broken("yearly_plan", step, fixed) == ["TS-010"]


def test_periods_of_a_plan_overlap_in_no_document() -> None:
    copied = ("copy", f"{FIRST}/Series_Period")
    assert broken("yearly_plan", copied) == ["TS-004"]
    outside = ("set", f"{FIRST}/Series_Period/timeInterval/start", "2026-06-15T21:00Z")
    assert broken("yearly_plan", outside) == ["TS-003", "TS-010"]
