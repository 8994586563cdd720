"""`gateway convert`: between editions and to canonical values, and nothing is lost in silence."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import canonical_json
from gateway.envelope import Envelope
from gateway.report import Report
from profiles import parse, write_message
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import envelopes


@pytest.fixture
def bids(tmp_path: Path) -> Path:
    path = tmp_path / "bids.xml"
    path.write_bytes(write_message(envelopes()["bids.xml"]))
    return path


@pytest.mark.parametrize("to", ["7.2", "reserve_bid/7.2", "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:2"])
def test_an_edition_has_three_names(capsysbinary: Capture, bids: Path, to: str) -> None:
    ended = gateway(capsysbinary, "convert", bids, "--to", to)
    assert ended.status == 0
    assert parse(ended.out.encode()).edition.name == "7.2"


def test_there_and_back_is_the_same(capsysbinary: Capture, bids: Path, tmp_path: Path) -> None:
    out = tmp_path / "other.xml"
    assert gateway(capsysbinary, "convert", bids, "--to", "7.2", "--out", out).out == ""
    assert gateway(capsysbinary, "convert", out, "--to", "7.4").out == bids.read_text()


def test_canonical_values_can_be_read_again(capsysbinary: Capture, bids: Path) -> None:
    ended = gateway(capsysbinary, "convert", bids, "--to", "canonical")
    assert ended.status == 0
    data = json.loads(ended.out)
    envelope = canonical_json.from_json(Envelope, data["envelope"])
    assert envelope.message == envelopes()["bids.xml"].message
    assert canonical_json.from_json(Report, data["report"]).findings == ()


@pytest.fixture
def requested(bids: Path) -> Path:
    """A document with a power plant type, which edition 7.2 has no place for."""
    text = bids.read_text().replace("</Period>", "</Period>", 1)
    marker = "<Period>"
    at = text.index(marker)
    bids.write_text(f"{text[:at]}<mktPSRType.psrType>B10</mktPSRType.psrType>\n    {text[at:]}")
    return bids


def test_what_would_be_lost_is_told_and_nothing_is_written(capsysbinary: Capture, requested: Path) -> None:
    ended = gateway(capsysbinary, "convert", requested, "--to", "7.2")
    assert (ended.status, ended.out) == (1, "")
    assert "lost: /ReserveBid_MarketDocument/Bid_TimeSeries[1]/mktPSRType.psrType: 'B10' has no place" in ended.err
    assert "1 value would be lost; nothing is written without --accept-loss" in ended.err


def test_a_loss_that_is_accepted_is_told_all_the_same(capsysbinary: Capture, requested: Path) -> None:
    ended = gateway(capsysbinary, "convert", requested, "--to", "7.2", "--accept-loss")
    assert ended.status == 0
    assert "lost: " in ended.err
    assert parse(ended.out.encode()).edition.name == "7.2"


def test_an_edition_that_demands_more_ends_with_1(capsysbinary: Capture, bids: Path) -> None:
    ended = gateway(capsysbinary, "convert", bids, "--to", "7.1")
    assert ended.status == 1
    assert "cannot be written as reserve_bid/7.1" in ended.err
    assert "at most 35 characters" in ended.err


@pytest.mark.parametrize("to", ["7.9", "activation/6.2x", "urn:nothing", ""])
def test_an_unknown_edition_lists_those_there_are(capsysbinary: Capture, bids: Path, to: str) -> None:
    ended = gateway(capsysbinary, "convert", bids, "--to", to)
    assert ended.status == 2
    told = " ".join(ended.err.replace("\u2502", " ").split())
    assert "reserve_bid/7.4, reserve_bid/7.6" in told
    assert "canonical" in told


def test_another_document_is_no_edition_of_this_one(capsysbinary: Capture, bids: Path) -> None:
    ended = gateway(capsysbinary, "convert", bids, "--to", "activation/6.2")
    assert ended.status == 1
    assert "expected an edition of ReserveBidMarketDocument" in ended.err


def test_what_is_no_document_ends_with_1(capsysbinary: Capture, tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<a/>")
    ended = gateway(capsysbinary, "convert", path, "--to", "7.4")
    assert ended.status == 1
    assert "the namespace of a known edition" in ended.err


def test_a_place_that_cannot_be_written_ends_with_3(capsysbinary: Capture, bids: Path, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "convert", bids, "--to", "7.4", "--out", tmp_path / "no" / "out.xml")
    assert ended.status == 3
    assert "a file that can be written, found no such file or directory" in ended.err


def test_findings_about_the_source_are_told(capsysbinary: Capture, bids: Path) -> None:
    letter = envelopes()["bids.xml"]
    bids.write_bytes(write_message(replace(letter, id="x" * 60)).replace(b"x" * 60, b"x" * 61))
    ended = gateway(capsysbinary, "convert", bids, "--to", "canonical")
    assert "finding: GEN-004" in ended.err
