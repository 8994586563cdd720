"""`gateway replay`: a journal on disk becomes the session again, and is told in tables or as JSON."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from gateway.canonical_json import write
from tests.adapters.cli.commands import Capture, gateway, process
from tests.gateway.session.period import Room, ordered, procured, room
from tests.market_values import DSO, SELLER


def kept(scheme: Room, folder: Path) -> Path:
    """Write the journal of a session into *folder*."""
    path = folder / "journal.json"
    path.write_text(write(scheme.session.journal), encoding="utf-8")
    return path


def as_json(capture: Capture, path: Path, *options: str) -> dict[str, Any]:
    """Return what is told of a journal as JSON."""
    found: dict[str, Any] = json.loads(gateway(capture, "replay", path, "--format", "json", *options).out)
    return found


def test_the_steps_and_what_is_awaited_are_told(capsysbinary: Capture, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "replay", kept(procured(room()), tmp_path))
    assert (ended.status, ended.err) == (0, "")
    first, _, head, *rows = ended.out.splitlines()
    assert first == "centralised, 2027-01-14T08:00Z/2027-01-14T08:15Z, 4 inputs, at 2027-01-14T07:45:00Z"
    assert head.split() == ["step", "market", "from", "does", "message", "state", "times"]
    assert [row.split()[-2:] for row in rows[:8]] == [
        ["done", "1"],
        ["done", "1"],
        ["done", "2"],
        ["skipped", "0"],
        ["done", "1"],
        ["open", "0"],
        ["open", "0"],
        ["waiting", "0"],
    ]
    after = rows[rows.index("awaited") + 2]
    assert after.split()[:3] == ["6", "SO", "(DSO)"]
    assert f"{DSO.id}" in after
    assert "2027-01-14T07:47:00Z" in after


def test_the_digest_is_that_of_the_session(capsysbinary: Capture, tmp_path: Path) -> None:
    scheme = ordered(room())
    digest = sha256(scheme.session.written()).hexdigest()
    path = kept(scheme, tmp_path)
    assert as_json(capsysbinary, path)["digest"] == digest
    assert gateway(capsysbinary, "replay", path).out.splitlines()[-1] == f"digest {digest}"


def test_json_tells_the_same(capsysbinary: Capture, tmp_path: Path) -> None:
    found = as_json(capsysbinary, kept(ordered(room()), tmp_path))
    assert (found["scheme"], found["inputs"], found["finished"]) == ("centralised", 5, False)
    assert found["ordered_mw"] == {"cheap": "10.000", "dear": "15.000"}
    assert [step["state"] for step in found["steps"]][:8] == [
        *["done"] * 3,
        "skipped",
        "done",
        "skipped",
        "done",
        "open",
    ]
    assert found["awaited"][0]["party"] == str(SELLER.id)
    assert {one["until"] for one in found["awaited"]} == {"2027-01-14T07:47:30Z"}
    assert found["notes"] == []


def test_a_journal_can_be_replayed_up_to_an_instant(capsysbinary: Capture, tmp_path: Path) -> None:
    path = kept(ordered(room()), tmp_path)
    found = as_json(capsysbinary, path, "--until", "2027-01-14T07:45:00Z")
    assert (found["inputs"], found["at"]) == (4, "2027-01-14T07:45:00Z")
    assert found["ordered_mw"] == {}
    earlier = as_json(capsysbinary, path, "--until", "2027-01-14T06:00:00+01:00")
    assert (earlier["inputs"], earlier["at"]) == (0, None)


@pytest.mark.parametrize(("wanted", "status"), [(25, 0), (60, 1)], ids=["all is met", "scarcity"])
def test_the_exit_status_says_whether_all_is_met(
    capsysbinary: Capture, tmp_path: Path, wanted: int, status: int
) -> None:
    ended = gateway(capsysbinary, "replay", kept(procured(room(), wanted), tmp_path))
    assert ended.status == status


def test_what_is_overdue_is_a_finding(capsysbinary: Capture, tmp_path: Path) -> None:
    late = room()
    late.tick(15)
    path = kept(late, tmp_path)
    assert gateway(capsysbinary, "replay", path).status == 1
    assert [one["overdue"] for one in as_json(capsysbinary, path)["awaited"]] == [True, True, True]


def test_notes_are_told_in_sentences(capsysbinary: Capture, tmp_path: Path) -> None:
    silent = room()
    silent.tick(14)
    lines = gateway(capsysbinary, "replay", kept(silent, tmp_path)).out.splitlines()
    assert lines[lines.index("notes") + 1] == "step 2: nothing came from Buyer (TSO) (communicates volumes); 0 MW count"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "expected a JSON text in UTF-8"),
        ("{}", "expected the field opening of Journal, found nothing"),
        ("[]", "expected an object, the fields of Journal"),
    ],
)
def test_what_is_no_journal_is_refused_in_words(capsysbinary: Capture, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "journal.json"
    path.write_text(text, encoding="utf-8")
    ended = gateway(capsysbinary, "replay", path)
    assert (ended.status, ended.out) == (1, "")
    assert words in ended.err


def test_a_missing_journal_is_told(capsysbinary: Capture, tmp_path: Path) -> None:
    assert gateway(capsysbinary, "replay", tmp_path / "none.json").status == 3


@pytest.mark.slow
def test_the_installed_command_replays_in_a_process_of_its_own(tmp_path: Path) -> None:
    scheme = ordered(room())
    ended = process("replay", kept(scheme, tmp_path))
    assert ended.status == 0
    assert sha256(scheme.session.written()).hexdigest() in ended.out
