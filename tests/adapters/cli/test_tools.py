"""The small tools: diff, explain, timegrid, eic, documents; tables and JSON tell the same."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.cli.shell.terminal import STATUSES, Exit
from gateway.identifiers import EicType
from profiles import codes, markets, registry, write_message
from profiles.rules.engine import rules
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import envelopes
from tests.profiles.rules.cases import source

GOOD = write_message(envelopes()["bids.xml"])
AREA = "10YNO-2--------T"


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first.xml", tmp_path / "second.xml"
    first.write_bytes(GOOD)
    second.write_bytes(GOOD.replace(b"<energy_Price.amount>40<", b"<energy_Price.amount>41<"))
    return first, second


def told(capture: Capture, *arguments: str | Path) -> list[dict[str, object]]:
    records = json.loads(gateway(capture, *arguments, "--format", "json").out)
    assert isinstance(records, list)
    return records


# ---- diff


def test_documents_that_say_the_same_end_with_0(capsysbinary: Capture, two: tuple[Path, Path]) -> None:
    two[1].write_bytes(GOOD.replace(b"<energy_Price.amount>40<", b"<energy_Price.amount>40.000<"))
    ended = gateway(capsysbinary, "diff", *two)
    assert (ended.status, ended.out) == (0, "")
    assert "0 differences" in ended.err
    assert told(capsysbinary, "diff", *two) == []


def test_documents_that_differ_end_with_1(capsysbinary: Capture, two: tuple[Path, Path]) -> None:
    ended = gateway(capsysbinary, "diff", *two)
    assert (ended.status, ended.err) == (1, "reserve_bid/7.4 and reserve_bid/7.4: 1 difference\n")
    assert "energy_Price.amount" in ended.out
    (found,) = told(capsysbinary, "diff", *two)
    assert (found["first"], found["second"]) == ("40", "41")


def test_editions_are_compared(capsysbinary: Capture, two: tuple[Path, Path]) -> None:
    assert gateway(capsysbinary, "convert", two[0], "--to", "7.6", "--out", two[1]).status == 0
    assert gateway(capsysbinary, "diff", *two).status == 0


def test_documents_of_two_types_are_refused(capsysbinary: Capture, two: tuple[Path, Path]) -> None:
    two[1].write_bytes(source("result"))
    ended = gateway(capsysbinary, "diff", *two)
    assert ended.status == 2
    assert "expected two of one type" in ended.err


# ---- explain


@pytest.mark.parametrize("name", ["RB-006", "rb-006"])
def test_a_rule_is_explained(capsysbinary: Capture, name: str) -> None:
    (rule,) = told(capsysbinary, "explain", name)
    declared = rules()["RB-006"]
    assert (rule["kind"], rule["statement"], rule["source"]) == ("rule", declared.statement, declared.source)
    assert set(rule["follows"]) == set(markets.names())  # type: ignore[call-overload]  # JSON
    assert declared.statement.split()[0] in gateway(capsysbinary, "explain", name).out


def test_every_rule_can_be_explained(capsysbinary: Capture) -> None:
    for name in list(rules())[::25]:
        assert gateway(capsysbinary, "explain", name).status == 0


def test_a_code_is_explained_in_every_list_that_has_it(capsysbinary: Capture) -> None:
    found = told(capsysbinary, "explain", "B74")
    lists = {name for name in codes.names() if "B74" in codes.lookup(name)}
    assert {str(record["list"]) for record in found if record["overlay"] is None} == lists
    (bid,) = [record for record in found if record["list"] == "BusinessTypeList"]
    assert bid["meaning"] == codes.lookup("BusinessTypeList").meaning("B74")


def test_a_local_code_names_its_overlay(capsysbinary: Capture) -> None:
    found = told(capsysbinary, "explain", "Z58")
    assert {record["overlay"] for record in found} >= {"nbm"}
    assert told(capsysbinary, "explain", "Z58", "--overlay", "nbm")


@pytest.mark.parametrize("status", list(Exit))
def test_an_exit_status_is_explained(capsysbinary: Capture, status: Exit) -> None:
    found = told(capsysbinary, "explain", str(status.value))
    assert STATUSES[status] in [record.get("meaning") for record in found]


def test_an_unknown_name_ends_with_2(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "explain", "RB-999")
    assert ended.status == 2
    assert "neither a rule nor a code" in ended.err


# ---- timegrid


@pytest.mark.parametrize(
    ("day", "resolution", "positions"),
    [
        ("2026-06-15", "PT15M", 96),
        ("2026-03-29", "PT15M", 92),
        ("2026-10-25", "PT15M", 100),
        ("2026-10-25", "PT60M", 25),
        ("2026-03-29", "P1D", 1),
    ],
)
def test_a_day_has_its_positions(capsysbinary: Capture, day: str, resolution: str, positions: int) -> None:
    found = told(capsysbinary, "timegrid", day, "--resolution", resolution)
    assert [record["position"] for record in found] == list(range(1, positions + 1))
    assert all(later["start_utc"] == earlier["end_utc"] for earlier, later in pairwise(found))


def test_local_times_jump_where_the_clock_does(capsysbinary: Capture) -> None:
    spring = told(capsysbinary, "timegrid", "2026-03-29")
    assert spring[0]["start_utc"] == "2026-03-28T23:00:00Z"
    assert (spring[7]["end_local"], spring[7]["zone"], spring[8]["zone"]) == ("2026-03-29 03:00:00", "CET", "CEST")
    autumn = [record["start_local"] for record in told(capsysbinary, "timegrid", "2026-10-25", "--resolution", "PT1H")]
    assert autumn.count("2026-10-25 02:00:00") == 2


def test_the_zone_moves_the_day(capsysbinary: Capture) -> None:
    finnish = told(capsysbinary, "timegrid", "2026-06-15", "--zone", "Europe/Helsinki")
    assert finnish[0]["start_utc"] == "2026-06-14T21:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2026-02-30"], "is no date"),
        (["2026-06-15", "--zone", "Mars/Olympus"], "is no time zone"),
        (["2026-06-15", "--zone", "../etc"], "is no time zone"),
        (["2026-06-15", "--resolution", "PT7M"], "a whole number of PT7M"),
        (["2026-06-15", "--resolution", "15"], "an xs:duration"),
        (["2026-06-15", "--resolution", "PT0.001S"], "at most 999999 slots"),
    ],
)
def test_a_wrong_day_zone_or_resolution_ends_with_2(capsysbinary: Capture, arguments: list[str], said: str) -> None:
    ended = gateway(capsysbinary, "timegrid", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("\u2502", " ").split())


# ---- eic


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        (AREA, [True, True, True]),
        ("10YNO-2--------S", [True, False, True]),
        ("10QNO-2--------T", [True, False, False]),
        ("10YNO-2", [False, False, True]),
        ("10yno-2--------t", [False, False, False]),
        ("", [False, False, False]),
        (AREA + "T", [False, False, True]),
    ],
)
def test_a_code_gets_three_answers(capsysbinary: Capture, code: str, answers: list[bool]) -> None:
    found = told(capsysbinary, "eic", "check", code)
    assert [record["question"] for record in found] == ["characters", "check character", "type"]
    assert [record["right"] for record in found] == answers
    assert gateway(capsysbinary, "eic", "check", code).status == (0 if all(answers) else 1)


@pytest.mark.parametrize("kind", list(EicType))
def test_a_code_has_to_be_of_the_type_that_is_asked_for(capsysbinary: Capture, kind: EicType) -> None:
    status = gateway(capsysbinary, "eic", "check", AREA, "--as", kind.value).status
    assert status == (0 if kind is EicType.AREA else 1)


def test_fifteen_characters_are_completed(capsysbinary: Capture) -> None:
    assert AREA in gateway(capsysbinary, "eic", "complete", AREA[:-1]).out
    ended = gateway(capsysbinary, "eic", "complete", "10Y_")
    assert ended.status == 2
    assert "15 characters of 0-9, A-Z and -" in " ".join(ended.err.replace("\u2502", " ").split())


# ---- documents


@pytest.mark.parametrize("arguments", [[], ["list"]])
def test_every_edition_is_listed(capsysbinary: Capture, arguments: list[str]) -> None:
    found = told(capsysbinary, "documents", *arguments)
    assert [record["namespace"] for record in found] == [edition.namespace for edition in registry.EDITIONS]
    assert {record["direction"] for record in found} == {"read", "read and write"}


def test_a_document_has_its_message_and_types(capsysbinary: Capture) -> None:
    found = {str(record["namespace"]): record for record in told(capsysbinary, "documents", "list")}
    bid = found[registry.named("reserve_bid", "7.4").namespace]
    assert bid["direction"] == "read and write"
    assert set(bid["message"]) >= {"BidSet", "ReserveNeed"}  # type: ignore[call-overload]  # JSON
    assert "A37" in bid["types"]  # type: ignore[operator]  # JSON
    assert "Receipt" in gateway(capsysbinary, "documents").out


def test_each_document_that_is_mapped_names_its_message(capsysbinary: Capture) -> None:
    for record in told(capsysbinary, "documents"):
        module = registry.DOCUMENTS[str(record["document"])]
        assert bool(record["message"]) == hasattr(module, "to_canonical"), record
