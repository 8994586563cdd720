"""Every rule is broken by a document that breaks nothing else, and by taking the rule away that document is sound."""

from __future__ import annotations

import pytest

from gateway.report import Severity
from profiles import markets
from profiles.reading import parse
from profiles.rules import engine
from profiles.rules.engine import Rule, check, rules
from tests.profiles.rules.cases import BASES, Case, Sound, cases, context, sound, source

CASES = cases()
CHECKED = [case for case in CASES if rules()[case.rule].check is not None]
KEPT_BY_THE_READER = {"GEN-001", "GEN-002", "GEN-003", "GEN-004", "GEN-005"}
"""Rules without a check whose breach the reader finds."""


@pytest.mark.parametrize("base", BASES)
def test_a_valid_document_breaks_no_rule(base: str) -> None:
    parsed = parse(source(base))
    assert parsed.report.clean
    report = check(parsed.document, parsed.edition, markets.load("project"), context())
    assert report.findings == ()
    assert not [sentence for sentence in report.assumptions if "not checked" in sentence]


@pytest.mark.parametrize("change", sound(), ids=str)
def test_what_is_allowed_to_the_border_breaks_no_rule(change: Sound) -> None:
    assert change.document().report.clean
    assert change.check().findings == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_change_breaks_exactly_its_rule(case: Case) -> None:
    report = case.check()
    assert {finding.rule for finding in report.findings} == {case.rule}, "\n".join(map(str, report.findings))
    assert case.at in [finding.path for finding in report.findings]
    finding = next(finding for finding in report.findings if finding.path == case.at)
    assert finding.code == case.code
    assert finding.code in rules()[case.rule].codes
    assert finding.severity == Severity(case.weight)
    assert case.level in {None, finding.level}
    assert case.expected in {None, finding.expected}
    assert case.found in {None, finding.found}
    assert case.interval in {None, str(finding.interval)}
    assert finding.expected
    assert finding.found


@pytest.mark.parametrize("case", CHECKED, ids=str)
def test_without_its_rule_the_changed_document_is_sound(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {name: entry for name, entry in rules().items() if name != case.rule}
    monkeypatch.setattr(engine, "rules", lambda: others)
    terms = case.terms.replace(f'{case.rule} = "', f'# {case.rule} = "')
    parsed = case.document()
    engine._plan.cache_clear()
    try:
        market = markets.read(f'based_on = "{case.over}"\n{terms}', "without")
        object.__setattr__(market, "weights", {name: w for name, w in market.weights.items() if name in others})
        assert check(parsed.document, parsed.edition, market, case.known()).clean
    finally:
        engine._plan.cache_clear()


def test_every_rule_that_is_checked_or_read_has_a_case() -> None:
    checked = {name for name, entry in rules().items() if entry.check is not None}
    assert {case.rule for case in CASES} == checked | KEPT_BY_THE_READER


def test_every_code_of_a_rule_is_met_by_a_case() -> None:
    met = {(case.rule, case.code) for case in CASES}
    proven = {case.rule for case in CASES}
    assert {(name, code) for name in proven for code in rules()[name].codes} == met


@pytest.mark.parametrize("entry", rules().values(), ids=lambda entry: entry.id)
def test_a_rule_that_names_context_is_not_judged_without_it(entry: Rule) -> None:
    for case in (case for case in CHECKED if case.rule == entry.id):
        for part in entry.needs:
            parsed = case.document()
            report = check(
                parsed.document, parsed.edition, case.market, context({**dict(case.context), part: "unknown"})
            )
            assert entry.id not in {finding.rule for finding in report.findings}
            assert any(entry.id in sentence and "not checked" in sentence for sentence in report.assumptions)
