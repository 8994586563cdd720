"""`gateway clear`: a folder becomes results, answers and a report, and a person is told what happened."""

from pathlib import Path

import pytest

from profiles.markets import names
from tests.adapters.cli.commands import Capture, gateway, process
from tests.adapters.example import MARKET_FILE, OPERATOR, bids, blocking, envelopes, write_folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_clean_folder_ends_with_0_and_a_summary(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "Documents: 3 read, 3 accepted",
        "Bids: 5",
        "      2 accepted in full",
        "      2 accepted in part: it sets the price or shares a tie",
        "      1 not accepted: its price is worse than the clearing price",
        "Needs: 2 of 2 served in full",
        "Prices in EUR/MWh:",
        "  2027-01-14 08:00\u201308:15 CET: 60.00 in North; 90.00 in South",
        "Welfare: 1\u202f942\u202f000 EUR per hour",
        "Each document counts as received when it says it was created: no time of receipt was given.",
        f"9 files are in {tmp_path}/out; begin with {tmp_path}/out/report.html",
    ]
    assert len(contents(tmp_path / "out")) == 10


def test_a_bad_document_is_named_and_ends_with_1(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    (market_folder / "bad.xml").write_text("bad")
    (market_folder / "notes.txt").write_text("notes")
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out")
    assert ended.status == 1
    assert "Documents: 4 read, 3 accepted, 1 refused" in ended.out
    assert "  bad.xml refused: GEN-001 /: expected a well-formed XML document" in ended.out
    assert "Ignored: notes.txt (its name does not end in .xml)" in ended.out
    assert (tmp_path / "out" / "acknowledgements" / "bad.xml").is_file()


def test_blocked_bids_and_unserved_needs_are_told(capsysbinary: Capture, tmp_path: Path) -> None:
    letters = {**envelopes(border_mw=0), "block.xml": blocking(bids()[4])}
    folder = write_folder(tmp_path / "in", letters)
    ended = gateway(capsysbinary, "clear", folder, "--out", tmp_path / "out")
    assert "      1 not usable: blocked by a system operator" in ended.out
    assert "Needs: 1 of 2 served in full" in ended.out
    assert "  South 2027-01-14 08:00\u201308:15 CET: 30 of 100 MW up, UNSERVED" in ended.out


def test_all_count_as_received_at_the_instant_given(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    early = ("--now", "2027-01-14T05:40:00Z")
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "a", *early)
    assert "Every document counts as received at 2027-01-14 05:40:00 UTC" in ended.out
    late = ("--now", "2027-01-14T06:50:00Z")
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "b", *late)
    assert ended.status == 1
    assert "Documents: 3 read, 3 refused" in ended.out
    assert "  none was formed" in ended.out


def test_two_runs_write_the_same_bytes(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / name).status == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@pytest.mark.slow
def test_two_processes_write_the_same_bytes_whatever_their_hash_seed(market_folder: Path, tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "2")):
        ended = process("clear", market_folder, "--out", tmp_path / name, PYTHONHASHSEED=seed, PYTHONIOENCODING="ascii")
        assert (ended.status, ended.err) == (0, "")
        assert "60.00 in North" in ended.out
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_an_earlier_run_is_overwritten_only_by_force(
    capsysbinary: Capture, market_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert gateway(capsysbinary, "clear", market_folder, "--out", out).status == 0
    again = gateway(capsysbinary, "clear", market_folder, "--out", out)
    assert again.status == 3
    assert "--force to overwrite what an earlier run wrote" in again.err
    (market_folder / "need.xml").unlink()
    assert gateway(capsysbinary, "clear", market_folder, "--out", out, "--force").status == 0
    assert not (out / "acknowledgements" / "need.xml").exists()


def test_without_a_market_file_the_operator_is_whom_the_documents_address(
    capsysbinary: Capture, market_folder: Path, tmp_path: Path
) -> None:
    (market_folder / "market.toml").unlink()
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out")
    assert ended.status == 0
    assert "60.00 in 10Y1001A1001A46L; 90.00 in 10Y1001A1001A47J" in ended.out
    assert f'"operator": {{\n      "id": "{OPERATOR.id}"' in (tmp_path / "out" / "result.json").read_text()


def test_a_market_file_elsewhere_counts_instead(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text(MARKET_FILE.replace('name = "North"', 'name = "Up there"'))
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out", "--market-file", elsewhere)
    assert "60.00 in Up there" in ended.out
    assert "Ignored: market.toml" in ended.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MARKET_FILE + "[gate]", "gate: expected 'gates', found an unknown key"),
        (MARKET_FILE.replace("closed = true", 'profile = "nowhere"'), f"market: expected one of {', '.join(names())}"),
        ("not TOML", "expected a TOML text"),
    ],
)
def test_a_wrong_market_file_ends_with_2(capsysbinary: Capture, market_folder: Path, text: str, said: str) -> None:
    (market_folder / "market.toml").write_text(text)
    ended = gateway(capsysbinary, "clear", market_folder, "--out", market_folder.parent / "out")
    assert ended.status == 2
    assert said in ended.err
    assert not (market_folder.parent / "out").exists()


def test_all_that_is_wrong_with_a_market_file_is_told(capsysbinary: Capture, market_folder: Path) -> None:
    (market_folder / "market.toml").write_text("[market]\nprofil = 1\nprice_cap = 0\n")
    ended = gateway(capsysbinary, "clear", market_folder, "--out", market_folder.parent / "out")
    assert ended.err.count("error: ") == 3


def test_a_missing_folder_and_an_empty_one_end_with_3(capsysbinary: Capture, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "clear", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert ended.status == 3
    assert ended.err == f"error: {tmp_path}/nowhere: expected a readable folder, found no such file or directory\n"
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("")
    ended = gateway(capsysbinary, "clear", tmp_path / "empty", "--out", tmp_path / "out")
    assert ended.status == 3
    assert "at least one document, a file whose name ends in .xml, found notes.txt" in ended.err


def test_a_market_file_that_cannot_be_read_ends_with_3(
    capsysbinary: Capture, market_folder: Path, tmp_path: Path
) -> None:
    for path in (tmp_path / "nowhere.toml", market_folder / "need.xml"):
        path.write_bytes(b"\xff\xfe") if path.exists() else None
        ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out", "--market-file", path)
        assert ended.status == 3


def test_the_input_may_not_be_the_output(capsysbinary: Capture, market_folder: Path) -> None:
    before = contents(market_folder)
    for out in (market_folder, market_folder / "out", market_folder.parent):
        ended = gateway(capsysbinary, "clear", market_folder, "--out", out, "--force")
        assert ended.status == 3
        assert "one that holds the other" in ended.err
    assert contents(market_folder) == before


def test_an_unknown_scheme_ends_with_2(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out", "--scheme", "chaos")
    assert ended.status == 2
    assert "scheme: expected centralised" in ended.err
