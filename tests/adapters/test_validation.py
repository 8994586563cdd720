"""Findings are told with file, line and reason code, in tables, JSON and SARIF alike."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.sarif import SCHEMA, sarif
from adapters.validation import Checked, Terms, check
from gateway.report import Report
from gateway.results import Reason, Receipt, Verdict
from profiles import write_message
from profiles.markets import load
from profiles.rules.engine import rules
from tests.adapters.example import PROVIDER, QUARTER, bids, envelope, envelopes

TERMS = Terms(market=load("project"))
GOOD = write_message(envelopes()["bids.xml"])
DEAR = GOOD.replace(b"<energy_Price.amount>40<", b"<energy_Price.amount>40000<")
WRONG = GOOD.replace(b"<flowDirection", b"<colour>red</colour><flowDirection", 1)


def line_of(content: bytes, part: bytes) -> int:
    return content[: content.index(part)].count(b"\n") + 1


def test_a_good_document_is_clean() -> None:
    checked = check("bids.xml", GOOD, TERMS)
    assert checked.report.findings == ()
    assert (checked.document, checked.edition) == ("offers of reserve (A37)", "reserve_bid/7.4")
    assert checked.verdict is Verdict.ACCEPTED


def test_a_finding_has_its_line() -> None:
    checked = check("bids.xml", DEAR, TERMS)
    (finding,) = checked.report.findings
    assert (finding.rule, finding.code) == ("RB-008", "B51")
    assert checked.line(finding) == line_of(DEAR, b"40000")
    assert checked.verdict is Verdict.PARTLY_ACCEPTED


def test_what_cannot_be_read_has_its_line_and_kind_too() -> None:
    checked = check("bids.xml", WRONG, TERMS)
    (finding,) = checked.report.findings
    assert (finding.rule, checked.edition) == ("GEN-004", None)
    assert checked.line(finding) == line_of(WRONG, b"<colour>")
    assert (checked.verdict, checked.document) == (Verdict.REFUSED, "offers of reserve (A37)")


@pytest.mark.parametrize("content", [None, b"", b"<a>", b"\x00"], ids=["too long", "empty", "not closed", "zero"])
def test_anything_can_be_checked(content: bytes | None) -> None:
    checked = check("x", content, TERMS)
    assert [finding.rule for finding in checked.report.findings] == ["GEN-001"]
    assert (checked.document, checked.edition, checked.verdict) == (None, None, Verdict.REFUSED)


def test_gates_are_judged_where_the_instant_is_known() -> None:
    late = Terms(market=load("project"), now=QUARTER.start)
    assert {finding.rule for finding in check("bids.xml", GOOD, late).report.findings} == {"RB-002"}
    assert any("the time of receipt is not known" in sentence for sentence in check("", GOOD, TERMS).report.assumptions)


def test_an_acknowledgement_has_a_verdict_of_its_own() -> None:
    receipt = Receipt(verdict=Verdict.REFUSED, document_id="D1", reasons=(Reason(code="A02"),))
    checked = check("a", write_message(envelope("a", PROVIDER, 50, receipt)), TERMS)
    assert checked.edition == "acknowledgement/8.1"
    assert checked.verdict is Verdict.ACCEPTED


# ---- SARIF


def log() -> dict[str, Any]:
    """Return the log of three documents, as a program reads it."""
    documents = [check("in/bids.xml", DEAR, TERMS), check("/a b/wrong.xml", WRONG, TERMS), check("c.xml", GOOD, TERMS)]
    data: dict[str, Any] = json.loads(json.dumps(sarif(documents, "1.2.3")))
    return data


def test_it_says_which_standard_it_follows() -> None:
    assert (log()["version"], log()["$schema"]) == ("2.1.0", SCHEMA)


def test_a_file_that_was_given_twice_is_one_artifact() -> None:
    twice = json.loads(json.dumps(sarif([check("x", b"", TERMS)] * 2, "")))["runs"][0]
    assert (len(twice["artifacts"]), len(twice["results"])) == (1, 2)


def test_every_rule_that_was_broken_is_described() -> None:
    driver = log()["runs"][0]["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("tso-dso-gateway", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["GEN-004", "RB-008"]
    assert driver["rules"][1]["shortDescription"]["text"] == rules()["RB-008"].statement
    assert rules()["RB-008"].source in driver["rules"][1]["help"]["text"]


def test_results_point_to_rule_file_line_and_element() -> None:
    dear, wrong = log()["runs"][0]["results"]
    assert (dear["ruleId"], dear["ruleIndex"], dear["level"]) == ("RB-008", 1, "error")
    place = dear["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "in/bids.xml"},
        "region": {"startLine": line_of(DEAR, b"40000")},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"].endswith(
        "Bid_TimeSeries[1]/Period[1]/Point[1]/energy_Price.amount"
    )
    assert dear["properties"] == {"reasonCode": "B51", "series": bids()[0].id}
    assert "found 40000" in dear["message"]["text"]
    assert wrong["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///a%20b/wrong.xml"


def test_a_finding_without_a_line_has_no_region() -> None:
    (result,) = json.loads(json.dumps(sarif([check("x", b"", TERMS)], "")))["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_a_rule_that_no_table_has_is_described_all_the_same() -> None:
    checked = check("x", DEAR, TERMS)
    (finding,) = checked.report.findings
    odd = Checked(
        file="x",
        document=None,
        edition=None,
        verdict=Verdict.REFUSED,
        report=Report(findings=(replace(finding, rule="MAP"),)),
    )
    (rule,) = json.loads(json.dumps(sarif([odd], "")))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "MAP"
    assert rule["help"]["text"]
