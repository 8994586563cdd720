"""CA-001 to CA-006 and AK-001 to AK-004: capacities of borders, and acknowledgements that we receive."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

FIRST, SECOND = "TimeSeries[1]", "TimeSeries[2]"
NORTH, RIVER, SOUTH = "10YNORTH-------T", "10YRIVER-------S", "10YSOUTH-------5"
at = datetime.fromisoformat


# ------------------------------------------------------------------------------------------------------------ CA-001
@pytest.mark.parametrize(
    ("kind", "sound"), [("A26", True), ("A31", True), ("A32", True), ("A13", False), ("A37", False)]
)
def test_capacities_come_in_documents_for_capacities(kind: str, *, sound: bool) -> None:
    told = ("CA-001", "A77", "/type", "A26, A31 or A32", kind)
    assert said("capacities", ("set", "type", kind)) == ([] if sound else [told])


@pytest.mark.parametrize(
    ("business", "sound"), [("A26", True), ("A27", True), ("C12", True), ("A25", False), ("B74", False)]
)
def test_a_capacity_has_a_meaning_that_the_market_knows(business: str, *, sound: bool) -> None:
    found = said("capacities", ("set", f"{FIRST}/businessType", business))
    assert found == ([] if sound else [("CA-001", "A62", f"/{FIRST}/businessType", "A26, A27 or C12", business)])


# ------------------------------------------------------------------------------------------------------------ CA-002
@pytest.mark.parametrize(
    ("source", "sink", "expected"),
    [
        (NORTH, RIVER, None),
        (RIVER, NORTH, None),
        (NORTH, NORTH, ("A82", "another area than the one it leaves", NORTH)),
        (RIVER, RIVER, ("A82", "another area than the one it leaves", RIVER)),
        (NORTH, SOUTH, ("A23", "a known border", f"{NORTH} to {SOUTH}")),
        (SOUTH, RIVER, ("A23", "a known border", f"{SOUTH} to {RIVER}")),
    ],
)
def test_a_border_leads_from_one_area_to_another(source: str, sink: str, expected: tuple[str, str, str] | None) -> None:
    ends = [("set", f"{FIRST}/out_Domain.mRID", source), ("set", f"{FIRST}/in_Domain.mRID", sink)]
    found = said("capacities", *ends, ("set", f"{FIRST}/businessType", "C12"))
    told = [("CA-002", expected[0], f"/{FIRST}/in_Domain.mRID", *expected[1:])] if expected else []
    assert found == told


def test_a_border_has_two_ways_and_each_is_known_or_not() -> None:
    one_way = [[f"A01:{NORTH}", f"A01:{RIVER}"]]
    assert [row[2] for row in said("capacities", borders=one_way)] == [f"/{SECOND}/in_Domain.mRID"]


def test_where_no_borders_are_known_they_exist() -> None:
    step = ("set", f"{FIRST}/in_Domain.mRID", SOUTH)
    report = judged("capacities", step, borders="unknown")
    assert report.clean
    assert "CA-002: the borders exist" in report.assumptions
    circle = ("set", f"{FIRST}/in_Domain.mRID", NORTH)
    assert broken("capacities", circle, borders="unknown") == ["CA-002"]


# ------------------------------------------------------------------------------------------------------------ CA-003
@pytest.mark.parametrize(
    ("series", "value", "rule"),
    [(1, "-1", "CA-003"), (1, "-0.001", "CA-003"), (1, "0", None), (2, "-1", "TS-015"), (2, "0", None)],
)
def test_a_capacity_is_not_negative(series: int, value: str, rule: str | None) -> None:
    """The second capacity has a direction, so its sign is a matter of all documents."""
    place = f"TimeSeries[{series}]/Period[1]/Point[1]/quantity"
    found = said("capacities", ("set", place, value))
    assert found == ([(rule, "A46", f"/{place}", "0 or more", value)] if rule else [])


REPEATED = ("copy", FIRST)
AGAIN = ("set", f"{SECOND}/mRID", "again")
HOUR = "2026-06-15T10:00Z/2026-06-15T11:00Z"


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], True),
        ([("set", f"{SECOND}/businessType", "C12")], False),
        ([("set", f"{SECOND}/businessType", "A27")], False),
        ([("after", f"{SECOND}/curveType", "<flowDirection.direction>A01</flowDirection.direction>")], False),
        (
            [
                ("set", f"{SECOND}/Period/timeInterval/start", "2026-06-15T11:00Z"),
                ("set", f"{SECOND}/Period/timeInterval/end", "2026-06-15T12:00Z"),
            ],
            False,
        ),
    ],
    ids=["the same", "absolute", "net", "with a direction", "later"],
)
def test_one_border_meaning_and_time_is_said_once(steps: list[Step], *, wrong: bool) -> None:
    found = only("CA-003", said("capacities", REPEATED, AGAIN, *steps))
    told = ("A55", f"/{SECOND}/Period[1]/timeInterval", "a time that series 1 leaves free", HOUR)
    assert found == ([told] if wrong else [])


# ------------------------------------------------------------------------------------------------------------ CA-006
@pytest.mark.parametrize(
    ("terms", "now", "closed"),
    [
        ("", "2026-06-15T09:44:59Z", None),
        ("", "2026-06-15T09:45:00Z", "2026-06-15T09:45Z"),
        ("", "2026-06-15T10:30:10Z", "2026-06-15T09:45Z"),
        ("gates.boundary_open = true", "2026-06-15T09:45:00Z", None),
        ("gates.boundary_open = true", "2026-06-15T09:45:01Z", "2026-06-15T09:45Z"),
        ('gates.capacity_closure = "PT1H"', "2026-06-15T08:59:59Z", None),
        ('gates.capacity_closure = "PT1H"', "2026-06-15T09:00:00Z", "2026-06-15T09:00Z"),
    ],
)
def test_capacities_come_before_the_gate_of_their_first_time_unit(terms: str, now: str, closed: str | None) -> None:
    found = said("capacities", now=at(now), terms=terms)
    received = f"{now[:16]}Z" if now[17:19] == "00" else now
    assert found == ([("CA-006", "A57", "/", f"receipt before gate closure at {closed}", received)] if closed else [])


def test_a_document_without_capacities_is_never_late() -> None:
    steps = [("drop", SECOND), ("drop", FIRST)]
    assert "CA-006" not in broken("capacities", *steps, now=at("2026-06-15T23:00:00Z"))


def test_norway_publishes_no_way_to_send_capacities_and_the_platform_does() -> None:
    assert only("GEN-010", said("capacities", over="nordic_no")) == [("A77", "/type", "nothing", "A26")]
    of_a_tso = ("set", "sender_MarketParticipant.marketRole.type", "A49")
    assert broken("capacities", of_a_tso, over="mari") == []


# ----------------------------------------------------------------------------------------------------- AK-001 to AK-004
@pytest.mark.parametrize(
    ("codes", "known"),
    [
        (["A01"], True),
        (["A02"], True),
        (["A03"], True),
        (["B70"], True),
        (["A95"], False),
        (["999", "A78"], False),
        (["A95", "A02"], True),
    ],
)
def test_an_acknowledgement_says_yes_no_or_partly(codes: list[str], *, known: bool) -> None:
    others = [("after", "Reason", f"<Reason><code>{code}</code></Reason>") for code in codes[1:]]
    report = judged("acknowledgement", ("set", "Reason/code", codes[0]), *others)
    found = [(f.rule, f.severity, f.code, f.expected, f.found) for f in report.findings]
    assert found == ([] if known else [("AK-001", "warn", "999", "A01, A02, A03 or B70", ", ".join(codes))])


TITLE = (
    "after",
    "received_MarketDocument.process.processType",
    "<received_MarketDocument.title>{}</received_MarketDocument.title>",
)


@pytest.mark.parametrize(
    ("document", "title", "found"),
    [
        ("our-result", None, None),
        ("theirs", None, "theirs"),
        ("theirs", "our-payload.xml", None),
        ("theirs", "their-payload.xml", "theirs, their-payload.xml"),
        (None, "our-payload.xml", None),
        (None, "their-payload.xml", "their-payload.xml"),
        (None, None, "nothing"),
    ],
)
def test_an_acknowledgement_answers_something_that_was_sent(
    document: str | None, title: str | None, found: str | None
) -> None:
    name = "received_MarketDocument.mRID"
    steps: list[Step] = [("drop", name) if document is None else ("set", name, document)]
    steps += [] if title is None else [(TITLE[0], TITLE[1], TITLE[2].format(title))]
    told = ("AK-002", "999", "/received_MarketDocument.mRID", "a document that was sent", found)
    assert only("AK-002", said("acknowledgement", *steps)) == ([told[1:]] if found else [])
    assert "AK-002" not in broken("acknowledgement", *steps, sent="unknown")


@pytest.mark.parametrize(
    ("document", "kind", "wrong"), [(True, True, False), (True, False, True), (False, False, False)]
)
def test_an_acknowledgement_repeats_the_type(*, document: bool, kind: bool, wrong: bool) -> None:
    steps: list[Step] = [] if document else [("drop", "received_MarketDocument.mRID")]
    steps += [] if kind else [("drop", "received_MarketDocument.type")]
    told = ("999", "/received_MarketDocument.type", "the type of the document", "nothing")
    assert only("AK-004", said("acknowledgement", *steps)) == ([told] if wrong else [])


@pytest.mark.parametrize("rule", ["AK-001", "AK-002", "AK-004"])
def test_what_is_odd_in_an_acknowledgement_is_noted_and_refuses_nothing(rule: str) -> None:
    steps = [
        ("set", "Reason/code", "A95"),
        ("set", "received_MarketDocument.mRID", "x"),
        ("drop", "received_MarketDocument.type"),
    ]
    report = judged("acknowledgement", *steps)
    assert rule in {finding.rule for finding in report.findings}
    assert not report.rejects_document
