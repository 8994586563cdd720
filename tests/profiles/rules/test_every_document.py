"""What needs nothing but the shape holds in every document that has it: head, series, periods, points, identifiers.

Documents are found in the registry, their messages under ``tests/data``. Periods and series are found in the XML by
themselves, not by the declarations that the rules use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from gateway.errors import Malformed
from gateway.identifiers import PartyId, check_character
from gateway.report import Finding, Level, Report, Severity
from profiles import parse, registry
from profiles.edition import Edition
from profiles.markets import load
from profiles.reading import Parsed
from profiles.rules.context import Context, Peer
from profiles.rules.engine import check
from profiles.rules.shape import ALL, COVERING, DATED, HEADED, LISTED, SENT, SITUATIONS, TIMED
from profiles.rules.tracks import form, reach, told

DATA = Path(__file__).resolve().parents[2] / "data"
PROJECT = load("project")
OTHERS = {
    name: module.EDITIONS[0] for name, module in registry.DOCUMENTS.items() if module.EDITIONS[0].document not in ALL
}
MESSAGES = sorted(
    path for name in OTHERS for path in (DATA / name).glob("*/own-*.xml") if not path.name.endswith(".fail.xml")
)
A_WRONG_PARTY, A_PARTY = b"9999909919939", b"9999909919920"
"""A GS1 number without a right check digit that some messages carry, and one that has it."""

ALREADY_LATE = "crac"
"""Its message starts at position 2 on purpose, which warns."""

Fault = Callable[[etree._Element], tuple[str, str, str, str] | None]
"""Spoils a message; returns the rule, place, expected and found that must be told, or None where it has no such place."""


def document_of(path: Path) -> str:
    return path.parents[1].name


def message(path: Path) -> etree._Element:
    """Return a sound message."""
    root = etree.fromstring(path.read_bytes().replace(A_WRONG_PARTY, A_PARTY))
    if document_of(path) == ALREADY_LATE:
        next(root.iter("{*}position")).text = "1"
    return root


def name(element: etree._Element) -> str:
    return etree.QName(element).localname


def place(element: etree._Element) -> str:
    """Return the path of an element, where the first of several has no number."""
    steps = []
    for step in [element, *element.iterancestors()]:
        number = [other.tag for other in step.itersiblings(preceding=True)].count(step.tag) + 1
        steps.append(name(step) + (f"[{number}]" if number > 1 else ""))
    return "/" + "/".join(reversed(steps))


def judged(root: etree._Element, context: Context | None = None) -> tuple[Parsed, Report]:
    parsed = parse(etree.tostring(root))
    return parsed, parsed.report + check(parsed.document, parsed.edition, PROJECT, context)


def said(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.path.replace("[1]", ""), finding.expected, finding.found


# ---------------------------------------------------------------------------------------------------- what stands where
def periods(root: etree._Element) -> list[etree._Element]:
    found = [above(one) for one in root.iter("{*}resolution")]
    return [one for one in found if one.find("{*}timeInterval") is not None]


def points(period: etree._Element) -> list[etree._Element]:
    return [above(one) for one in period.iter("{*}position")]


def above(element: etree._Element) -> etree._Element:
    found = element.getparent()
    assert found is not None
    return found


def child(element: etree._Element, tag: str) -> etree._Element:
    found = element.find(f"{{*}}{tag}")
    assert found is not None, tag
    return found


def series(root: etree._Element) -> Iterator[etree._Element]:
    """Yield each outermost element below the head that has an mRID, and Periods where the document has any."""
    every = periods(root)
    wanted = every or [one for one in root.iter("{*}mRID") if one.getparent() is not root]
    for one in wanted:
        around = [outer for outer in one.iterancestors() if outer.find("{*}mRID") is not None]
        inner = [outer for outer in around if outer is not root and name(outer) != "MarketDocument"]
        if inner:
            yield inner[0] if every else inner[-1]


# --------------------------------------------------------------------------------------------------------------- faults
def a_point_twice(root: etree._Element) -> tuple[str, str, str, str] | None:
    for period in periods(root):
        last = points(period)[-1]
        position = child(again(last), "position")
        return "TS-008", place(position), f"more than {position.text}", str(position.text)
    return None


def a_point_missing(root: etree._Element) -> tuple[str, str, str, str] | None:
    for period in periods(root):
        found = points(period)
        if len(found) > 1 and "A03" not in [curve.text for curve in root.iter("{*}curveType")]:
            where = place(found[0])
            above(found[-1]).remove(found[-1])
            return "TS-010", where, f"{len(found)} points", str(len(found) - 1)
    return None


def a_later_start(root: etree._Element) -> tuple[str, str, str, str]:
    moved = points(periods(root)[0])
    for number, point in enumerate(moved, 2):
        child(point, "position").text = str(number)
    return "TS-007", place(child(moved[0], "position")), "1", "2"


def a_position_beyond_the_end(root: etree._Element) -> tuple[str, str, str, str] | None:
    for period in periods(root):
        if len(points(period)) > 1:
            position = child(points(period)[-1], "position")
            position.text = "9999"
            return "TS-009", place(position), "at most", "9999"
    return None


def an_interval_backwards(root: etree._Element) -> tuple[str, str, str, str] | None:
    for period in periods(root):
        interval = child(period, "timeInterval")
        return "TS-002", place(interval), "a start before the end", turned(interval)
    return None


def turned(interval: etree._Element) -> str:
    """Let an interval run backwards, and return how it is told."""
    start, end = child(interval, "start"), child(interval, "end")
    start.text, end.text = end.text, start.text
    return f"{start.text}/{end.text}"


def a_head_backwards(root: etree._Element) -> tuple[str, str, str, str] | None:
    inside = {child(period, "timeInterval") for period in periods(root)}
    for interval in root.iter("{*}*"):
        outer = name(interval).lower().endswith("timeinterval") and interval not in inside
        if outer and name(interval) in HEAD_INTERVALS and not list(interval.iterancestors(*SERIES_TAGS)):
            return "GEN-019", place(interval), "a start before the end", turned(interval)
    return None


HEAD_INTERVALS = {
    edition_field.tag
    for edition in OTHERS.values()
    for cls in [edition.document, *(field.kind for field in edition.fields(edition.document) if not field.many)]
    if isinstance(cls, type) and hasattr(cls, "__dataclass_fields__")
    for edition_field in edition.fields(cls)
    if edition_field.name == "period"
}
SERIES_TAGS = ("{*}TimeSeries", "{*}Series", "{*}Limit_Series")


def a_wrong_check_character(root: etree._Element) -> tuple[str, str, str, str] | None:
    for element in root.iter("{*}*"):
        text = element.text or ""
        if element.get("codingScheme") == "A01" and len(text) == 16 and "EvaluationPoint" not in name(element):
            right = check_character(text[:15])
            wrong = text[:15] + ("0" if right != "0" else "1")
            element.text = wrong
            return "GEN-012", place(element), f"an EIC with check character {right}", f"A01:{wrong}"
    for element in root.iter("{*}sender_MarketParticipant.mRID"):  # of those that have GS1 numbers only
        if element.get("codingScheme") == "A10":
            element.text = A_WRONG_PARTY.decode()
            return "GEN-012", place(element), "a GS1 number of 13 digits", f"A10:{element.text}"
    return None


def a_series_twice(root: etree._Element) -> tuple[str, str, str, str] | None:
    for one in series(root):
        copied = again(one)
        try:
            parse(etree.tostring(root))
        except Malformed:  # there is one in each record of a list: the whole record comes twice
            above(copied).remove(copied)
            copied = next(series(again(above(one))))
        identifier = child(copied, "mRID")
        return "TS-001", place(identifier), "an mRID of its own", f"{identifier.text}, as in "
    return None


def again(element: etree._Element) -> etree._Element:
    """Put a copy of an element after it, and return the copy."""
    copied = etree.fromstring(etree.tostring(element))
    element.addnext(copied)
    return copied


FAULTS: dict[str, tuple[Fault, int]] = {
    "a point twice": (a_point_twice, 23),
    "a point missing": (a_point_missing, 17),
    "a position beyond the end": (a_position_beyond_the_end, 20),
    "an interval backwards": (an_interval_backwards, 23),
    "a head backwards": (a_head_backwards, 24),
    "a wrong check character": (a_wrong_check_character, 27),
    "a series twice": (a_series_twice, 25),
}
"""Each fault, and in how many documents it can be made."""

SPOILT = [
    pytest.param(path, fault, id=f"{fault} in {document_of(path)}")
    for fault, (make, _) in FAULTS.items()
    for path in MESSAGES
    if make(message(path)) is not None
]
PERIODIC = [path for path in MESSAGES if periods(message(path))]


@pytest.mark.parametrize("path", MESSAGES, ids=document_of)
def test_a_sound_message_breaks_no_rule(path: Path) -> None:
    _, report = judged(message(path))
    assert report.findings == (), "\n".join(map(str, report.findings))


@pytest.mark.parametrize(("path", "fault"), SPOILT)
def test_a_fault_breaks_exactly_its_rule(path: Path, fault: str) -> None:
    root = message(path)
    must = FAULTS[fault][0](root)
    assert must is not None
    parsed, report = judged(root)
    findings = [said(finding) for finding in report.findings]
    assert [row[0] for row in findings] == [must[0]], findings
    assert findings[0][1] == must[1]
    assert findings[0][2].startswith(must[2])
    assert findings[0][3].startswith(must[3])
    assert report.findings[0].severity is Severity.REJECT
    # A part of a document can be refused alone only where a subject names it and it can be left out.
    alone = report.findings[0].level is Level.SERIES
    assert alone == (
        report.findings[0].subject in {getattr(one, "id", "") for one in getattr(parsed.document, "series", ())}
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_can_be_made_in_so_many_documents(fault: str) -> None:
    make, count = FAULTS[fault]
    made = {document_of(path) for path in MESSAGES if make(message(path)) is not None}
    assert len(made) == count, sorted(set(OTHERS) - made)


@pytest.mark.parametrize("path", PERIODIC, ids=document_of)
def test_a_series_may_start_late_where_points_hold_situations(path: Path) -> None:
    root = message(path)
    must = a_later_start(root)
    parsed, report = judged(root)
    first = next(finding for finding in report.findings if finding.rule == "TS-007")
    assert said(first) == must
    mild = type(parsed.document) in SITUATIONS
    assert first.severity is (Severity.WARN if mild else Severity.REJECT)


@pytest.mark.parametrize("path", MESSAGES, ids=document_of)
def test_the_head_is_compared_with_what_is_known(path: Path) -> None:
    parsed, _ = judged(message(path))
    stranger = PartyId("10XSTRANGER----F", "A01")
    _, created = told(parsed.document, "created")
    context = Context(
        now=created - timedelta(hours=1), own_parties=frozenset({stranger}), peer=Peer(parties=frozenset({stranger}))
    )
    report = check(parsed.document, parsed.edition, PROJECT, context)
    at = {"GEN-006": "sender", "GEN-008": "receiver", "GEN-016": "created"}
    known = {rule: part for rule, part in at.items() if told(parsed.document, part)[1] is not None}
    assert [finding.rule for finding in report.findings] == list(known)
    assert all(finding.level is Level.DOCUMENT for finding in report.findings)


# ------------------------------------------------------------------------------------------------- how shapes are found
def test_every_document_has_a_message() -> None:
    assert {document_of(path) for path in MESSAGES} == set(OTHERS)


def test_documents_are_found_by_their_shape() -> None:
    assert set(SENT) == {edition.document for edition in registry.EDITIONS}
    assert set(DATED) < set(TIMED)
    assert set(HEADED) < set(COVERING)
    assert set(HEADED) < set(LISTED)
    without = {edition.root for edition in OTHERS.values() if edition.document not in TIMED}
    assert without == {
        "AreaConfiguration_MarketDocument",
        "ConstraintTable_MarketDocument",
        "ProblemStatement_MarketDocument",
        "ResourceMapping_MarketDocument",
        "StatusRequest_MarketDocument",
    }
    assert {cls.__name__ for cls in SITUATIONS} == {
        "CRACMarketDocument",
        "CriticalNetworkElementMarketDocument",
        "GLSKMarketDocument",
    }


WAYS = {
    "schedule": ["series* / periods* / points*"],
    "confirmation": ["imposed* / periods* / points*", "confirmed_series* / periods* / points*"],
    "anomaly_report": ["anomalies* series / periods* / points*"],
    "resource_schedule_confirmation": [
        "original planned* / periods* / points*",
        "original unavailable* / periods* / points*",
    ],
    "datahub_validated_measure_data": ["series* / period / points*"],
    "eddie_operating_envelope": ["document series* / series* periods* / points*"],
    "eddie_validated_historical_data_0_82": ["document list series* / list periods* / list points*"],
    "merit_order_list": ["series* / periods* / points*"],
    "constraint_table": [],
}


@pytest.mark.parametrize("document", WAYS)
def test_the_way_to_the_points_is_found(document: str) -> None:
    def words(steps: tuple[tuple[str, bool], ...]) -> str:
        return " ".join(step + "*" * many for step, many in steps)

    edition: Edition = OTHERS[document]
    found = [
        " / ".join(map(words, (track.series, track.periods, track.points))) for track in form(edition.document).tracks
    ]
    assert found == WAYS[document]


def test_every_record_on_a_way_is_reached_with_its_place() -> None:
    parsed, _ = judged(message(next(path for path in MESSAGES if document_of(path) == "anomaly_report")))
    way = form(type(parsed.document)).lists[0]
    assert [(at, one.id) for at, one in reach(parsed.document, way)] == [
        (("anomalies", 1, "series"), "sold"),
        (("anomalies", 2, "series"), "bought"),
    ]
