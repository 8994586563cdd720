"""Whatever a document says, as long as it can be read, judging it ends in findings and never in an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.errors import Malformed
from gateway.report import Level, Report
from profiles import markets
from profiles.reading import parse
from profiles.rules.context import Context
from profiles.rules.engine import check
from tests.profiles.rules.cases import BASES, changed, context, source

NASTY = [
    "",
    "0",
    "1",
    "-1",
    "2",
    "999999",
    "0.0000000001",
    "9" * 60,
    "-" + "9" * 60 + ".99",
    "A01",
    "A03",
    "B90",
    "Z64",
    "PT0S",
    "-PT1H",
    "P1D",
    "P1M",
    "P9999Y",
    "PT0.001S",
    "PT999999999H",
    "0001-01-01T00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59Z",
    "9999-12-31T23:59:59Z",
    "2026-03-29T01:00Z",
    "2026-10-25T00:30Z",
    "known-divisible",
    "x" * 61,
]
MARKETS = markets.names()


def leaves(base: str) -> list[str]:
    """Return the path of each element of a valid document that holds a value."""
    root = etree.fromstring(source(base))
    tree = root.getroottree()
    return [tree.getelementpath(node) for node in root.iter() if len(node) == 0]


LEAVES = {base: leaves(base) for base in BASES}


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """Draw a valid document in which some values are replaced by nasty ones."""
    base = draw(st.sampled_from(BASES))
    root = etree.fromstring(source(base))
    for path in draw(st.lists(st.sampled_from(LEAVES[base]), min_size=1, max_size=4)):
        node = root.find(path)
        assert node is not None
        node.text = draw(st.sampled_from(NASTY))
    return etree.tostring(root)


@given(data=altered(), name=st.sampled_from(MARKETS), known=st.booleans())
def test_a_document_with_any_values_is_judged(data: bytes, name: str, *, known: bool) -> None:
    market = markets.load(name)
    try:
        parsed = parse(data, overlay=market.overlay)
    except Malformed:
        return
    report = check(parsed.document, parsed.edition, market, context() if known else None)
    assert isinstance(report, Report)
    for finding in report.findings:
        assert finding.expected
        assert finding.path.startswith(f"/{parsed.edition.root}")
        assert (finding.subject is not None) == (finding.level is not Level.DOCUMENT)


@pytest.mark.parametrize("instant", ["0001-01-01T00:00Z", "9999-12-31T23:59Z"])
@pytest.mark.parametrize("base", ["bids", "needs", "result", "scheduled_order", "direct_order", "capacities", "prices"])
def test_times_at_the_ends_of_the_calendar_are_findings(base: str, instant: str) -> None:
    root = etree.fromstring(source(base))
    for node in root.iter("{*}start", "{*}end"):
        node.text = instant
    parsed = parse(etree.tostring(root))
    assert check(parsed.document, parsed.edition, markets.load("project"), context()).rejects_document


def test_findings_stand_in_the_order_of_the_document_and_then_of_the_rules() -> None:
    data = changed(
        "bids",
        [
            ("set", "Bid_TimeSeries[3]/currency_Unit.name", "NOK"),
            ("set", "Bid_TimeSeries[3]/Period/Point/quantity.quantity", "0.5"),
            ("set", "Bid_TimeSeries[1]/currency_Unit.name", "NOK"),
            ("set", "Bid_TimeSeries[1]/Period/resolution", "PT0S"),
            ("set", "revisionNumber", "2"),
            ("set", "receiver_MarketParticipant.marketRole.type", "A46"),
        ],
    )
    parsed = parse(data)
    found = check(parsed.document, parsed.edition, markets.load("project")).findings
    assert [(finding.subject, finding.rule) for finding in found] == [
        (None, "GEN-008"),
        (None, "GEN-015"),
        ("1db6c922-6d64-5350-b964-fb8ce459f715", "TS-005"),
        ("1db6c922-6d64-5350-b964-fb8ce459f715", "TS-017"),
        ("15656fc3-66ff-5a3c-b2e3-9b193f0c8b7a", "RB-006"),
        ("15656fc3-66ff-5a3c-b2e3-9b193f0c8b7a", "TS-017"),
    ]


def test_what_is_not_known_is_assumed_and_said() -> None:
    parsed = parse(source("bids"))
    report = check(parsed.document, parsed.edition, markets.load("project"))
    assert report.clean
    assert "GEN-006 not checked: the transport identity of the sender is not known" in report.assumptions
    assert "GEN-008: the receiver is a party of this installation" in report.assumptions
    assert any("RB-002" in sentence and "the time of receipt" in sentence for sentence in report.assumptions)


def test_the_same_bytes_again_are_no_fault() -> None:
    parsed = parse(source("bids"))
    seen = [
        {
            "sender": "A01:10XBSP-ALPHA---F",
            "id": parsed.document.id,
            "digest": "digest of what arrived",
            "revision": 1,
        }
    ]
    report = check(parsed.document, parsed.edition, markets.load("project"), context({"seen": seen}))
    assert report.clean
    assert any("the answer is the one given then" in sentence for sentence in report.assumptions)


def test_the_gate_closes_three_quarters_of_an_hour_before_delivery() -> None:
    parsed = parse(source("bids"))
    closure = datetime(2026, 6, 15, 9, 15, tzinfo=UTC)
    verdicts = []
    for shift in (-1, 0, 1):
        known = Context(now=closure + timedelta(seconds=shift))
        report = check(parsed.document, parsed.edition, markets.load("project"), known)
        verdicts.append(sorted(report.rejected_subjects))
    first_two = sorted(series.id for series in parsed.document.series[:2])
    assert verdicts == [[], first_two, first_two]
    opened = markets.read('based_on = "project"\ngates.boundary_open = true', "open")
    assert check(parsed.document, parsed.edition, opened, Context(now=closure)).clean


def test_the_gate_opens_thirty_market_days_before_delivery() -> None:
    parsed = parse(changed("bids", [("set", "createdDateTime", "2026-05-15T21:00:00Z")]))
    opening = datetime(2026, 5, 15, 22, tzinfo=UTC)  # midnight of 16 May in Brussels
    market = markets.load("project")
    early, due = (
        check(parsed.document, parsed.edition, market, Context(now=opening + timedelta(seconds=shift)))
        for shift in (-1, 0)
    )
    assert {finding.rule for finding in early.findings} == {"RB-002"}
    assert due.clean


@pytest.mark.parametrize(
    ("start", "end", "sound"),
    [
        ("2026-03-28T23:00Z", "2026-03-29T22:00Z", True),  # 23 hours
        ("2026-03-28T23:00Z", "2026-03-29T23:00Z", False),
        ("2026-10-24T22:00Z", "2026-10-25T23:00Z", True),  # 25 hours
        ("2026-10-24T22:00Z", "2026-10-25T22:00Z", False),
    ],
)
def test_the_day_of_a_clock_change_has_its_own_length(start: str, end: str, *, sound: bool) -> None:
    edits = [
        ("set", "period.timeInterval/start", start),
        ("set", "period.timeInterval/end", end),
        ("drop", "TimeSeries[1]"),
        ("drop", "TimeSeries/Period[2]"),
        ("drop", "TimeSeries/Period/Point[2]"),
        ("set", "TimeSeries/Period/timeInterval/start", start),
        ("set", "TimeSeries/Period/timeInterval/end", end),
        ("set", "TimeSeries/Period/resolution", "P1D"),
    ]
    parsed = parse(changed("capacities", edits))
    market = markets.read('based_on = "project"\nheader.span = "exact_day"', "days")
    rules = {finding.rule for finding in check(parsed.document, parsed.edition, market).findings}
    assert rules == (set() if sound else {"GEN-020", "TS-006"})


@pytest.mark.parametrize(
    ("path", "interval"),
    [
        ("TimeSeries[1]/Period/Point[2]", "2026-06-15T10:15Z/2026-06-15T10:30Z"),  # fixed blocks: one slot
        ("TimeSeries[2]/Period[1]/Point[1]", "2026-06-15T10:00Z/2026-06-15T10:30Z"),  # to the next Point
        ("TimeSeries[2]/Period[1]/Point[2]", "2026-06-15T10:30Z/2026-06-15T11:00Z"),  # to the end
        ("TimeSeries[2]/Period[2]/Point[1]", "2026-06-15T11:00Z/2026-06-15T12:00Z"),
    ],
)
def test_a_finding_about_a_point_names_the_time_it_speaks_for(path: str, interval: str) -> None:
    parsed = parse(changed("capacities", [("set", f"{path}/quantity", "1.23456")]))
    (found,) = check(parsed.document, parsed.edition, markets.load("project")).findings
    assert (found.rule, str(found.interval)) == ("TS-014", interval)


def test_times_of_findings_ascend_with_their_series() -> None:
    edits = [("set", f"Bid_TimeSeries[{number}]/currency_Unit.name", "NOK") for number in (3, 1, 2)]
    parsed = parse(changed("bids", edits))
    found = check(parsed.document, parsed.edition, markets.load("project")).findings
    assert all(earlier.path < later.path for earlier, later in pairwise(found))
