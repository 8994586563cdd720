"""Hand-written documents with one thing changed: each is refused as it says, or means as much as it says.

Beside a good file of the test data, ``<name>.changes.toml`` lists changes of its text. A change is ``[old, new]``; the
first place of the old text is exchanged. ``refused`` says what is wrong with the result: the rule (``MAP`` for what has
no meaning here), the reason code, the path below the root, what was expected and what was found. ``remarked`` says what
is assumed and lost; the message stays the same unless ``other`` is set.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.profiles.documents.texts import DATA, meaning, swap, verdict

FILES = sorted(DATA.glob("*/*/*.changes.toml"))


def cases(kind: str) -> list[Any]:
    """Return the good text and the change of each case of one kind."""
    return [
        pytest.param(good_text(path), case, id=f"{path.parents[1].name} {path.parent.name} {case['name']}")
        for path in FILES
        for case in tomllib.loads(path.read_text("utf-8")).get(kind, ())
    ]


def good_text(path: Path) -> str:
    """Return the text that the changes in *path* belong to."""
    return path.with_name(path.name.replace(".changes.toml", ".xml")).read_text("utf-8")


def change(text: str, case: dict[str, Any]) -> str:
    return swap(text, *((old, new) for old, new in case["change"]))


@pytest.mark.parametrize(("text", "case"), cases("refused"))
def test_a_change_is_refused_with_rule_code_place_expected_and_found(text: str, case: dict[str, Any]) -> None:
    root = etree.QName(etree.fromstring(text.encode())).localname
    path = f"/{root}/{case['path']}".rstrip("/")
    said = case["rule"], case["code"], path, case["expected"], case["found"]
    assert verdict(text) == ("", "", "", "", "")
    assert verdict(change(text, case)) == said


@pytest.mark.parametrize(("text", "case"), cases("remarked"))
def test_a_change_says_what_is_assumed_and_lost(text: str, case: dict[str, Any]) -> None:
    envelope, report = meaning(change(text, case))
    assert (report.assumptions, report.losses) == (tuple(case["assumptions"]), tuple(case["losses"]))
    assert (envelope.message != meaning(text)[0].message) is case.get("other", False)
    assert meaning(text)[1].losses == ()


def test_every_file_of_changes_has_cases() -> None:
    assert FILES
    for path in FILES:
        found = tomllib.loads(path.read_text("utf-8"))
        assert set(found) <= {"refused", "remarked"}, path
        names = [case["name"] for kind in found.values() for case in kind]
        assert len(names) == len(set(names)), path
