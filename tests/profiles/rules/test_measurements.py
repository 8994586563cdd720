"""ME-002 to ME-004: estimates, corrections and signs of measured values, at each bound and beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.model import ZERO
from profiles import parse
from profiles.metering_data import to_canonical
from profiles.rules.engine import NOBODY_YET, rules
from tests.profiles.rules.cases import Step, broken, changed, judged, only, said, source

LOAD, PLANT = "Series[1]", "Series[2]"
RIVER, NORTH = "A01:10XDSO-RIVER---L", "A01:10XTSO-NORTH---B"
WANTED = "a value that is not estimated"


def quality(series: str, number: int, code: str) -> Step:
    """Return the step that says how good a value is."""
    return ("set", f"{series}/Period/Point[{number}]/quality", code)


def original(series: str, name: str) -> Step:
    """Return the step by which a series corrects another."""
    tag = "originalTransaction_Series.mRID"
    return ("after", f"{series}/flowDirection.direction", f"<{tag}>{name}</{tag}>")


def came(**terms: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    """Return a document that came earlier; unless told otherwise other bytes of this one."""
    return {"sender": RIVER, "id": "metered-at-noon", "digest": "another", "revision": 1, **terms}


# ------------------------------------------------------------------------------------------------------------ ME-002
@pytest.mark.parametrize(
    ("code", "wrong"),
    [("A01", False), ("A03", True), ("A04", False), ("A05", False), ("A06", False), ("A07", False)],
)
@pytest.mark.parametrize(
    ("base", "series", "number"), [("metering", LOAD, 4), ("metering", PLANT, 4), ("border_values", "TimeSeries", 2)]
)
def test_a_first_value_is_not_estimated(base: str, series: str, number: int, code: str, *, wrong: bool) -> None:
    place = f"/{series}/Period[1]/Point[{number}]/quality".replace("TimeSeries/", "TimeSeries[1]/")
    found = said(base, quality(series, number, code))
    assert found == ([("ME-002", "B04", place, WANTED, "A03")] if wrong else [])


def test_the_first_estimate_of_each_series_is_told() -> None:
    steps = [quality(LOAD, 1, "A03"), quality(LOAD, 4, "A03"), quality(PLANT, 4, "A03")]
    places = [place for _, place, _, _ in only("ME-002", said("metering", *steps))]
    assert places == ["/Series[1]/Period[1]/Point[1]/quality", "/Series[2]/Period[1]/Point[4]/quality"]


def test_estimates_are_sent_in_later_revisions() -> None:
    estimate = quality(LOAD, 4, "A03")
    assert broken("metering", estimate, ("set", "revisionNumber", "2")) == []
    assert broken("metering", estimate, ("set", "revisionNumber", "1")) == ["ME-002"]


def test_only_the_series_that_corrects_may_be_estimated() -> None:
    steps = [original(LOAD, "first"), quality(LOAD, 4, "A03"), quality(PLANT, 4, "A03")]
    found = only("ME-002", said("metering", *steps, seen=[came(id="yesterday", series=["first"])]))
    assert [place for _, place, _, _ in found] == ["/Series[2]/Period[1]/Point[4]/quality"]


@pytest.mark.parametrize(("weight", "severity"), [("warn", ["warn"]), ("reject", ["reject"]), ("off", [])])
def test_a_market_says_what_follows_from_an_estimate(weight: str, severity: list[str]) -> None:
    report = judged("metering", quality(LOAD, 4, "A03"), terms=f'weights.ME-002 = "{weight}"')
    assert [str(finding.severity) for finding in report.findings] == severity
    assert report.rejects_document == (weight == "reject")


def test_an_estimate_is_noted_where_the_market_says_nothing() -> None:
    assert not judged("metering", quality(LOAD, 4, "A03")).rejects_document


# ------------------------------------------------------------------------------------------------------------ ME-003
@pytest.mark.parametrize(
    ("before", "now", "wrong"),
    [(1, 1, True), (1, 2, False), (1, 5, False), (3, 2, True), (3, 3, True), (3, 4, False), (9, 10, False)],
)
@pytest.mark.parametrize("base", ["metering", "border_values"])
def test_a_correction_raises_the_revision(base: str, before: int, now: int, *, wrong: bool) -> None:
    border = {"sender": NORTH, "id": "border-at-noon"} if base == "border_values" else {}
    earlier = came(revision=before, **border)
    found = said(base, ("set", "revisionNumber", str(now)), seen=[earlier])
    assert found == ([("ME-003", "A51", "/revisionNumber", f"more than {before}", str(now))] if wrong else [])


@pytest.mark.parametrize(
    "other",
    [{"id": "another"}, {"sender": NORTH}, {"digest": "digest of what arrived"}],
    ids=["another mRID", "another sender", "the same bytes"],
)
def test_what_is_no_change_raises_nothing(other: dict[str, str]) -> None:
    assert broken("metering", seen=[came(**other)]) == []


@pytest.mark.parametrize(
    ("earlier", "known"),
    [
        ([came(id="yesterday", series=["first"])], True),
        ([came(id="yesterday"), came(id="before", series=["zeroth", "first"])], True),
        ([came(id="yesterday", series=["second"])], False),
        ([came(id="yesterday", sender=NORTH, series=["first"])], False),
        ([], False),
    ],
    ids=["came", "came before others", "another came", "came from another sender", "nothing came"],
)
@pytest.mark.parametrize("series", [LOAD, PLANT])
def test_a_series_corrects_one_that_came(series: str, earlier: list[dict[str, Any]], *, known: bool) -> None:
    found = said("metering", original(series, "first"), seen=earlier)
    place = f"/{series}/originalTransaction_Series.mRID"
    assert found == ([] if known else [("ME-003", "A51", place, "a series that came earlier", "first")])


def test_every_series_that_corrects_nothing_is_told() -> None:
    found = only("ME-003", said("metering", original(LOAD, "a"), original(PLANT, "b")))
    assert [what for *_, what in found] == ["a", "b"]


@pytest.mark.parametrize("part", ["seen", "digest"])
def test_without_a_memory_no_correction_is_judged(part: str) -> None:
    known: dict[str, Any] = {"seen": [came()], part: "unknown"}
    report = judged("metering", original(LOAD, "lost"), **known)
    assert report.clean
    assert any("ME-003" in sentence and "not checked" in sentence for sentence in report.assumptions)


# ------------------------------------------------------------------------------------------------------------ ME-004
@pytest.mark.parametrize(
    ("value", "wrong"), [("0", False), ("-0", False), ("0.001", False), ("-0.001", True), ("-7", True)]
)
@pytest.mark.parametrize("direction", ["A01", "A02"])
def test_a_value_in_a_direction_carries_no_sign(direction: str, value: str, *, wrong: bool) -> None:
    steps = [
        ("set", f"{PLANT}/flowDirection.direction", direction),
        ("set", f"{PLANT}/Period/Point[2]/quantity", value),
    ]
    place = f"/{PLANT}/Period[1]/Point[2]/quantity"
    assert said("metering", *steps) == ([("ME-004", "A42", place, "0 or more", value)] if wrong else [])


@pytest.mark.parametrize("code", ["A03", "A04"])
def test_a_direction_is_one_of_two(code: str) -> None:
    place = f"{LOAD}/flowDirection.direction"
    steps = [("set", place, code), ("set", f"{LOAD}/Period/Point[1]/quantity", "-1")]
    assert said("metering", *steps) == [("ME-004", "A42", f"/{place}", "A01 or A02", code)]


def test_a_finding_of_a_sign_says_for_which_time() -> None:
    report = judged("metering", ("set", f"{LOAD}/Period/Point[2]/quantity", "-1"))
    ((found,),) = (report.findings,)
    assert (str(found.interval), found.subject) == ("2026-06-14T10:15Z/2026-06-14T10:30Z", "load")


def test_without_a_direction_and_at_a_border_values_have_signs() -> None:
    steps = [("drop", f"{PLANT}/flowDirection.direction"), ("set", f"{PLANT}/Period/Point[2]/quantity", "-1")]
    assert broken("metering", *steps) == []
    assert b"<quantity>-3.5</quantity>" in source("border_values")
    assert broken("border_values") == []


def test_the_direction_is_read_as_the_sign_of_the_net_injection() -> None:
    envelope, _ = to_canonical(parse(source("metering")).document)
    load, plant = envelope.message.series
    assert [str(reading.value) for reading in load.readings] == ["-0.25", "0", "None", "-0.5"]
    assert [reading.value for reading in plant.readings if reading.value is not None and reading.value < ZERO] == []


# ------------------------------------------------------------------------------------------------- ME-001 and ME-005
def test_a_gap_is_kept_and_not_filled() -> None:
    envelope, _ = to_canonical(parse(source("metering")).document)
    (gap,) = envelope.message.series[0].missing
    assert str(gap) == "2026-06-14T10:30Z/2026-06-14T10:45Z"
    assert rules()["ME-005"].kept_by == "gateway.settlement.deliveries"


def test_a_metering_point_is_taken_as_it_comes() -> None:
    other = ("set", f"{LOAD}/marketEvaluationPoint.mRID", "no such point")
    assert b"no such point" in changed("metering", [other])
    assert broken("metering", other) == []
    assert rules()["ME-001"].kept_by == NOBODY_YET
