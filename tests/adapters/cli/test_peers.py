"""`gateway peers` and `gateway firewall`: a book as an operator sees it, from the command line."""

import json
from pathlib import Path

import pytest

from security.firewall import nftables
from tests.adapters.cli.commands import Capture, gateway
from tests.security.books import AGGREGATOR, HEAD, PEER, TEXT, book, pin


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "peers.toml"
    path.write_text(TEXT)
    return path


def states(capture: Capture, file: Path, *more: str) -> tuple[int, list[tuple[str, str]]]:
    ended = gateway(capture, "peers", file, "--format", "json", *more)
    return ended.status, [(record["peer"], record["state"]) for record in json.loads(ended.out)]


GOOD = "accepted"


AT_ONCE = "0"
TIMES: dict[str, tuple[str, str, str]] = {
    "in its time": ("2027-01-14T08:00:00Z", AT_ONCE, GOOD),
    "near its end": ("2027-01-14T08:00:00Z", "30", "runs out in 16 days"),
    "past its end": ("2027-01-31T00:00:00Z", AT_ONCE, "no longer accepted"),
}


@pytest.mark.parametrize("case", TIMES)
def test_keys_that_run_out_are_told(capsysbinary: Capture, file: Path, case: str) -> None:
    now, soon, state = TIMES[case]
    told = [("agg-c", GOOD), ("agg-c", GOOD), ("tso-a", state), ("tso-a", GOOD)]
    assert states(capsysbinary, file, "--now", now, "--soon", soon) == (int(state != GOOD), told)


def test_keys_of_the_future_are_told(capsysbinary: Capture, file: Path) -> None:
    status, told = states(capsysbinary, file, "--now", "2026-12-30T00:00:00Z", "--soon", AT_ONCE)
    assert (status, told[-1]) == (1, ("tso-a", "not accepted before 2027-01-01T00:00:00+00:00"))


def test_a_book_past_its_time_is_told(capsysbinary: Capture, file: Path) -> None:
    file.write_text(HEAD + PEER)
    ended = gateway(capsysbinary, "peers", file, "--now", "2027-05-01T00:00:00Z", "--soon", "0")
    assert ended.status == 1
    assert "the book was made for 2026-11-01" in ended.err


def test_a_table_names_party_and_key(capsysbinary: Capture, file: Path) -> None:
    ended = gateway(capsysbinary, "peers", file, "--now", "2027-01-14T08:00:00Z", "--format", "json")
    first = json.loads(ended.out)[0]
    assert (first["party"], first["use"], first["key"]) == (AGGREGATOR, "tls", pin("agg-c"))
    assert (first["roles"], first["rules"]) == (["A46"], ["agg-c.bids-in"])
    assert first["networks"] == ["198.51.100.0/30", "2001:db8:a::/64"]


def test_a_wrong_book_is_an_error_of_the_operator(capsysbinary: Capture, file: Path) -> None:
    file.write_text(TEXT.replace("198.51.100.0/30", "0.0.0.0/0"))
    ended = gateway(capsysbinary, "peers", file)
    assert ended.status == 2
    assert "peer book.peer[1].networks[1]" in ended.err


def test_the_filter_is_written_to_standard_output(capsysbinary: Capture, file: Path) -> None:
    ended = gateway(capsysbinary, "firewall", file, "--port", "443", "--table", "edge")
    assert (ended.status, ended.out) == (0, nftables(book(), 443, "edge"))


def test_a_book_that_is_not_there_is_told(capsysbinary: Capture, tmp_path: Path) -> None:
    assert gateway(capsysbinary, "firewall", tmp_path / "none.toml").status == 3
