"""`gateway ack`: the acknowledgement that would answer a document."""

from pathlib import Path

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import PartyId
from gateway.results import Receipt, Verdict
from profiles import read, write_message
from tests.adapters.cli.commands import Capture, Ended, gateway
from tests.adapters.example import OPERATOR, PROVIDER, envelope, envelopes

NOW = ("--now", "2027-01-14T05:45:00Z")
GOOD = write_message(envelopes()["bids.xml"])
DEAR = GOOD.replace(b"<energy_Price.amount>40<", b"<energy_Price.amount>40000<")


def letter(ended: Ended) -> Envelope[Receipt]:
    """Return the acknowledgement that a command wrote."""
    found = read(ended.out.encode()).envelope
    assert found is not None
    assert isinstance(found.message, Receipt)
    return found  # type: ignore[return-value]  # its message is a receipt


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bids.xml"


def test_a_good_document_is_accepted(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(GOOD)
    ended = gateway(capsysbinary, "ack", file, *NOW)
    answer = letter(ended)
    assert ended.status == 0
    assert (answer.sender.id, answer.receiver.id) == (OPERATOR.id, PROVIDER.id)
    assert (answer.message.verdict, answer.message.document_id) == (Verdict.ACCEPTED, envelopes()["bids.xml"].id)
    assert gateway(capsysbinary, "ack", file, *NOW).out == ended.out


def test_a_bad_bid_is_refused_with_its_code(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(DEAR)
    ended = gateway(capsysbinary, "ack", file, *NOW)
    assert ended.status == 1
    (series,) = letter(ended).message.refused
    assert [reason.code for reason in series.reasons] == ["A20", "B51"]


def test_the_nordic_style_tells_less(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(DEAR)
    ended = gateway(capsysbinary, "ack", file, "--style", "nordic", *NOW)
    assert letter(ended).message.verdict is Verdict.REFUSED
    assert "<code>B51" not in ended.out


def test_a_late_document_is_refused(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(GOOD)
    ended = gateway(capsysbinary, "ack", file, "--now", "2027-01-14T06:59:00Z")
    assert ended.status == 1
    assert "RB-002" in ended.out


def test_without_an_instant_the_clock_decides(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(DEAR)
    answer = letter(gateway(capsysbinary, "ack", file))
    assert answer.created.microsecond == 0
    assert answer.created.year >= 2026


def test_what_names_nobody_needs_to_be_told_who_we_are(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(b"not XML")
    ended = gateway(capsysbinary, "ack", file, *NOW)
    assert ended.status == 2
    assert "--own" in ended.err
    ended = gateway(capsysbinary, "ack", file, *NOW, "--own", "A10:5790000432752")
    assert ended.status == 1
    answer = letter(ended)
    assert answer.sender.id == answer.receiver.id == PartyId("5790000432752", "A10")
    assert answer.message.title == "bids.xml"


def test_an_acknowledgement_is_not_answered(capsysbinary: Capture, file: Path) -> None:
    file.write_bytes(GOOD)
    receipt = letter(gateway(capsysbinary, "ack", file, *NOW)).message
    file.write_bytes(write_message(envelope("ack", PROVIDER, 50, receipt)))
    ended = gateway(capsysbinary, "ack", file, *NOW)
    assert (ended.status, ended.out) == (0, "")
    assert "An acknowledgement is not answered." in ended.err


def test_a_missing_file_ends_with_3(capsysbinary: Capture, file: Path) -> None:
    assert gateway(capsysbinary, "ack", file).status == 3
