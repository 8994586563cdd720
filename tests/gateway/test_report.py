"""Reports: what they refuse, how they join, and what each remark says in one line."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.report import Finding, Level, Report, Severity
from tests.market_values import quarter

FINDING = Finding(
    rule="RB-006",
    severity=Severity.REJECT,
    level=Level.SERIES,
    code="A42",
    path="/ReserveBid_MarketDocument/Bid_TimeSeries[2]/Period[1]",
    expected="10 to 20",
    found="30",
    subject="b2",
)
findings = st.builds(
    replace,
    st.just(FINDING),
    severity=st.sampled_from(Severity),
    level=st.sampled_from(Level),
    subject=st.sampled_from([None, "a", "b", "c"]),
)
sentences = st.lists(st.sampled_from(["one", "two", "three"]), max_size=3).map(tuple)
reports = st.builds(Report, st.lists(findings, max_size=4).map(tuple), sentences, sentences)


def test_a_finding_is_one_line() -> None:
    path = "/ReserveBid_MarketDocument/Bid_TimeSeries[2]/Period[1]"
    assert str(FINDING) == f"RB-006 {path}: expected 10 to 20, found 30"
    assert str(replace(FINDING, interval=quarter(), subject=None)) == str(FINDING)


@pytest.mark.parametrize(("severity", "level"), list(product(Severity, Level)))
def test_only_a_refusal_of_the_document_refuses_it(severity: Severity, level: Level) -> None:
    report = Report((replace(FINDING, severity=severity, level=level),))
    assert report.rejects_document is (severity is Severity.REJECT and level is Level.DOCUMENT)
    assert report.rejected_subjects == ({"b2"} if severity is Severity.REJECT else set())
    assert not report.clean


def test_a_refusal_without_a_series_refuses_none() -> None:
    assert Report((replace(FINDING, subject=None),)).rejected_subjects == frozenset()


def test_assumptions_and_losses_leave_a_report_clean() -> None:
    assert Report(assumptions=("EUR",), losses=("auction",)).clean
    assert not Report(assumptions=("EUR",), losses=("auction",)).rejects_document


@given(reports, reports)
def test_two_reports_join_in_their_order(first: Report, second: Report) -> None:
    joined = first + second
    assert joined.findings == first.findings + second.findings
    assert joined.assumptions == first.assumptions + second.assumptions
    assert joined.losses == first.losses + second.losses
    assert joined.rejects_document is (first.rejects_document or second.rejects_document)
    assert joined.rejected_subjects == first.rejected_subjects | second.rejected_subjects
    assert joined.clean is (first.clean and second.clean)


@given(reports, reports, reports)
def test_joining_does_not_depend_on_brackets_and_nothing_adds_nothing(one: Report, two: Report, three: Report) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + Report() == Report() + one == one
