"""`gateway eic`: three answers about a code, each with what was expected and found, and the last character of a new one."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.identifiers import EicType, Identifier, complaint
from tests.adapters.cli.commands import Capture, gateway

AREA = "10YNO-2--------T"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
ALL_TYPES = "X party, Y area, Z measurement point, W resource, T tie line, V location, A substation"


def told(capture: Capture, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    ended = gateway(capture, "eic", *arguments, "--format", "json")
    return ended.status, json.loads(ended.out)


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        (AREA, [(True, "16"), (True, "T"), (True, "Y area")]),
        ("10YNO-2--------S", [(True, "16"), (False, "S"), (True, "Y area")]),
        ("10X1001A1001A38Y", [(True, "16"), (True, "Y"), (True, "X party")]),
        ("10Q", [(False, "3"), (False, ""), (False, "Q")]),
        ("10", [(False, "2"), (False, ""), (False, "")]),
        ("10Yno-2--------T", [(False, "16, among them 'n' 'o'"), (False, ""), (True, "Y area")]),
        (f"{AREA}T", [(False, "17"), (False, "TT"), (True, "Y area")]),
        ("10YNO-2--------", [(False, "15"), (False, ""), (True, "Y area")]),
    ],
)
def test_each_answer_says_what_was_found(capsysbinary: Capture, code: str, answers: list[tuple[bool, str]]) -> None:
    status, found = told(capsysbinary, "check", code)
    assert [(one["right"], one["found"]) for one in found] == answers
    assert status == (0 if all(right for right, _ in answers) else 1)


def test_each_answer_says_what_was_expected(capsysbinary: Capture) -> None:
    _, found = told(capsysbinary, "check", "10YNO-2--------S")
    assert {one["question"]: one["expected"] for one in found} == {
        "characters": "16 of 0-9, A-Z and -",
        "check character": "T",
        "type": ALL_TYPES,
    }
    _, found = told(capsysbinary, "check", "10", "--as", "W")
    assert [one["expected"] for one in found[1:]] == ["one that follows from 15 characters", "W resource"]


def test_a_table_tells_the_same(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "eic", "check", AREA)
    head, *rows = [line.split() for line in ended.out.splitlines()]
    assert head == ["question", "right", "expected", "found"]
    assert rows[0] == ["characters", "yes", "16", "of", "0-9,", "A-Z", "and", "-", "16"]
    assert rows[1] == ["check", "character", "yes", "T", "T"]


@pytest.mark.parametrize("code", ["101--------TEST-", "101--------TESTA"])
def test_a_hyphen_is_never_a_check_character(capsysbinary: Capture, code: str) -> None:
    status, found = told(capsysbinary, "check", code)
    assert status == 1
    assert (found[1]["right"], found[1]["expected"], found[1]["found"]) == (False, "one that is no hyphen", code[-1])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("101--------TEST", "'101--------TEST' begins no code: its check character would be a hyphen"),
        ("10Y", "EIC: expected 15 characters of 0-9, A-Z and -, found '10Y'"),
        ("10YNO-2-------", "EIC: expected 15 characters of 0-9, A-Z and -, found '10YNO-2-------'"),
        ("10yno-2--------", "EIC: expected 15 characters of 0-9, A-Z and -, found '10yno-2--------'"),
    ],
)
def test_what_begins_no_code_is_not_completed(capsysbinary: Capture, body: str, said: str) -> None:
    ended = gateway(capsysbinary, "eic", "complete", body)
    assert (ended.status, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("\u2502", " ").split())


def test_a_completed_code_is_told_as_a_record(capsysbinary: Capture) -> None:
    assert told(capsysbinary, "complete", AREA[:-1]) == (0, [{"code": AREA}])


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20
)  # each example reads its own output
@given(letter=st.sampled_from(EicType), rest=st.text(ALPHABET, min_size=12, max_size=12))
def test_what_is_completed_is_right(capsysbinary: Capture, letter: EicType, rest: str) -> None:
    ended = gateway(capsysbinary, "eic", "complete", f"10{letter.value}{rest}", "--format", "json")
    if ended.status == 2:
        assert "its check character would be a hyphen" in " ".join(ended.err.replace("\u2502", " ").split())
        return
    ((code,),) = (record.values() for record in json.loads(ended.out))
    assert complaint(Identifier(code, "A01")) is None
    assert told(capsysbinary, "check", code, "--as", letter.value)[0] == 0
