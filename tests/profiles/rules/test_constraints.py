"""CR-004 and CR-005: placeholders and local codes in the documents about the grid, which are told and refuse nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from profiles import markets, parse
from profiles.rules.engine import check
from tests.profiles.rules.cases import Step, broken, judged, only, said

SERIES = "TimeSeries[1]/Period[1]/Point[1]/Series[1]"
RESOURCE = f"{SERIES}/Contingency_Series[1]/RegisteredResource[1]/mRID"
STATUS = f"{SERIES}/optimization_MarketObjectStatus.status"
DATA = Path(__file__).resolve().parents[2] / "data"


# ------------------------------------------------------------------------------------------------------------ CR-004
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("FAKE", True),
        ("FAKE_ID", True),
        ("10WFAKE-UNIT---", True),
        ("1------0", True),
        ("1-0", True),
        ("10", False),
        ("1-----1-0", False),
        ("11------0", False),
        ("fake", False),
    ],
)
def test_an_eic_that_names_nothing_is_told(name: str, *, wrong: bool) -> None:
    steps: list[Step] = [("set", RESOURCE, name), ("attribute", RESOURCE, "codingScheme", "A01")]
    told = ("999", f"/{RESOURCE}", "an identifier that names something", f"A01:{name}")
    assert only("CR-004", said("crac", *steps)) == ([told] if wrong else [])
    assert "CR-004" not in broken("crac", steps[0])


@pytest.mark.parametrize(
    "place",
    [
        "domain.mRID",
        "TimeSeries[1]/in_Domain.mRID",
        f"{SERIES}/Monitored_Series[1]/RegisteredResource[1]/in_Domain.mRID",
    ],
)
def test_placeholders_are_told_wherever_they_stand(place: str) -> None:
    found = only("CR-004", said("crac", ("set", place, "FAKE")))
    assert found == [("999", f"/{place}", "an identifier that names something", "A01:FAKE")]


# ------------------------------------------------------------------------------------------------------------ CR-005
@pytest.mark.parametrize(
    ("place", "code", "wanted"),
    [(STATUS, "Z01", "StatusTypeList"), (f"{SERIES}/Monitored_Series[1]/Reason[1]/code", "Z03", "ReasonCodeTypeList")],
)
def test_a_local_code_is_told_where_the_market_has_it_and_refused_where_not(place: str, code: str, wanted: str) -> None:
    step = ("set", place, code)
    report = judged("crac", step, terms='overlay = "nbm"')
    found = [(row.rule, row.severity, row.expected, row.found) for row in report.findings]
    assert found == [("CR-005", "warn", f"a code of the standard {wanted}", code)]
    assert not report.rejects_document
    assert broken("crac", step) == ["GEN-005"]


def test_a_market_may_refuse_local_codes_or_pass_them_over() -> None:
    step = ("set", STATUS, "Z01")
    for weight, rules in (("off", []), ("warn", ["CR-005"]), ("reject", ["CR-005"])):
        terms = f'overlay = "nbm"\n[weights]\nCR-005 = "{weight}"'
        report = judged("crac", step, terms=terms)
        assert [finding.rule for finding in report.findings] == rules
        assert any(finding.severity == "reject" for finding in report.findings) == (weight == "reject")


@pytest.mark.parametrize(("code", "told"), [("Z13", "GEN-005"), ("A52", None)])
def test_a_reason_that_no_list_has_is_refused_by_the_reader(code: str, told: str | None) -> None:
    place = STATUS if told is None else f"{SERIES}/Monitored_Series[1]/Reason[1]/code"
    assert broken("crac", ("set", place, code), terms='overlay = "nbm"') == ([told] if told else [])


# ------------------------------------------------------------------------------------------------- every such document
@pytest.mark.parametrize("name", ["critical_network_element", "glsk"])
def test_placeholders_are_told_in_every_document_about_the_grid(name: str) -> None:
    ((path),) = (DATA / name).glob("*/own-full.xml")
    text = path.read_text("utf-8").replace("10YNO-2--------T", "1------0")
    parsed = parse(text.encode())
    report = check(parsed.document, parsed.edition, markets.load("project"))
    found = [finding.found for finding in report.findings if finding.rule == "CR-004"]
    assert found == ["A01:1------0"] * text.count("1------0")
