"""`gateway rules`: the table of rules, and the matrix of rules and the documents that break exactly one."""

import json
from pathlib import Path

import pytest

from profiles.rules.engine import NOBODY_YET, rules
from tests.adapters.cli.commands import Capture, gateway
from tests.profiles.rules.cases import DATA, cases

CASE = """
[[case]]
rule = "RB-006"
what = "half a megawatt"
base = "bids"
edit = [["set", "Bid_TimeSeries[1]/Period/Point/quantity.quantity", "10.5"]]
code = "A42"
at = "/"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the valid documents, what is known about them, and one case."""
    (tmp_path / "base").mkdir()
    for path in DATA.glob("base/*.xml"):
        (tmp_path / "base" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "context.toml").write_bytes((DATA / "context.toml").read_bytes())
    (tmp_path / "one.toml").write_text(CASE, "utf-8")
    return tmp_path


def test_every_rule_is_listed(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "rules", "--format", "json")
    assert ended.status == 0
    assert [record["rule"] for record in json.loads(ended.out)] == list(rules())


def test_a_rule_that_no_document_is_judged_by_says_who_keeps_it_and_why(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "rules", "--format", "json")
    told = {record["rule"]: record for record in json.loads(ended.out)}
    kept = {name: rule for name, rule in rules().items() if rule.check is None}
    assert {name for name, record in told.items() if record["kept_by"]} == set(kept)
    for name, rule in kept.items():
        assert told[name]["follows"] == f"not judged in a document: {rule.why}"
        assert told[name]["kept_by"] == rule.kept_by
    yet = [name for name, rule in kept.items() if rule.kept_by == NOBODY_YET]
    counted = f"{len(rules())} rules, {len(rules()) - len(kept)} of them judged in a document"
    assert f"{counted}; {len(kept) - len(yet)} kept elsewhere; " in ended.err
    assert f"nobody yet: {', '.join(yet)}" in ended.err


def test_the_matrix_of_our_own_cases_is_whole(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "rules", "--cases", DATA, "--format", "json")
    assert ended.status == 0
    rows = {row["rule"]: row for row in json.loads(ended.out)}
    assert list(rows) == list(rules())
    assert sum(row["cases"] for row in rows.values()) == len(cases())
    read = {"GEN-001", "GEN-002", "GEN-003", "GEN-004", "GEN-005"}
    for name, rule in rules().items():
        assert bool(rows[name]["cases"]) == (rule.check is not None or name in read)
    assert f"{len(rules())} rules, {len(cases())} cases; not proven: none" in ended.err


def test_rules_without_a_case_are_named_and_end_with_1(capsysbinary: Capture, folder: Path) -> None:
    ended = gateway(capsysbinary, "rules", "--cases", folder)
    assert ended.status == 1
    unproven = ended.err.partition("not proven: ")[2].strip().split(", ")
    assert unproven == [name for name, rule in rules().items() if rule.check is not None and name != "RB-006"]


@pytest.mark.parametrize(
    ("old", "new", "astray"),
    [
        ('"10.5"]]', '"10.5"], ["set", "domain.mRID", "10Y1001A1001A46L"]]', "GEN-011, RB-006"),
        ('"10.5"', '"30"', "nothing"),
    ],
)
def test_a_case_that_breaks_another_rule_or_none_is_told(
    capsysbinary: Capture, folder: Path, old: str, new: str, astray: str
) -> None:
    (folder / "one.toml").write_text(CASE.replace(old, new), "utf-8")
    ended = gateway(capsysbinary, "rules", "--cases", folder, "--format", "json")
    assert ended.status == 1
    (row,) = [row for row in json.loads(ended.out) if row["rule"] == "RB-006"]
    assert row["proven"] is False
    assert row["astray"] == [f"bids: half a megawatt ({astray})"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"bids"', '"none"', "base: expected one of"),
        ("RB-006", "RB-999", "case.rule: expected a rule, found RB-999"),
        ('"set"', '"paint"', "edit: expected a known change"),
        ("Bid_TimeSeries[1]", "Bid_TimeSeries[99]", "edit: expected a known change of an element"),
        (
            '[["set", "Bid_TimeSeries[1]/Period/Point/quantity.quantity"',
            '[["text", "no such text"',
            "edit: expected a text",
        ),
        ("[[case]]", "[[case", "cases: expected TOML"),
    ],
)
def test_a_case_that_cannot_be_is_told_and_ends_with_2(
    capsysbinary: Capture, folder: Path, old: str, new: str, said: str
) -> None:
    assert old in CASE
    (folder / "one.toml").write_text(CASE.replace(old, new), "utf-8")
    ended = gateway(capsysbinary, "rules", "--cases", folder)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err


def test_a_folder_without_cases_ends_with_3(capsysbinary: Capture, tmp_path: Path) -> None:
    assert gateway(capsysbinary, "rules", "--cases", tmp_path).status == 3
