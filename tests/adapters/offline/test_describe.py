"""A received document in words."""

import pytest

from adapters.folder import File
from adapters.market_file import read_market
from adapters.offline.describe import document_row, edition_name, kind
from adapters.offline.reception import Received, receive
from gateway.results import Verdict
from profiles import registry, write_message
from profiles.edition import Edition
from tests.adapters.example import MARKET_FILE, envelopes

SETTINGS = read_market(MARKET_FILE)


def received(file: str, content: bytes | None) -> Received:
    (only,) = receive([File(file, content)], SETTINGS, None)
    return only


@pytest.mark.parametrize(
    ("root", "code", "words"),
    [
        ("ReserveBid_MarketDocument", "A37", "offers of reserve (A37)"),
        ("ReserveBid_MarketDocument", "ZZZ", "ZZZ"),
        ("Acknowledgement_MarketDocument", None, "Acknowledgement"),
        ("note", None, "note"),
        (None, None, None),
    ],
)
def test_the_kind_of_a_document(root: str | None, code: str | None, words: str | None) -> None:
    assert kind(root, code) == words


@pytest.mark.parametrize("edition", registry.EDITIONS, ids=str)
def test_every_edition_has_a_short_name_of_its_own(edition: Edition) -> None:
    name = edition_name(edition)
    assert name.endswith(f"/{edition.name}")
    assert [other for other in registry.EDITIONS if edition_name(other) == name] == [edition]


def test_a_document_has_its_head_in_the_row() -> None:
    letter = envelopes()["bids.xml"]
    row = document_row(received("bids.xml", write_message(letter)), SETTINGS.zone)
    assert (row.file, row.verdict, row.report.findings) == ("bids.xml", Verdict.ACCEPTED, ())
    assert (row.document, row.edition) == ("offers of reserve (A37)", "reserve_bid/7.4")
    assert (row.document_id, row.sender) == (letter.id, "9520000000011")
    assert row.sent == "2027-01-14 06:40:00 CET"


def test_what_cannot_be_read_has_an_empty_row() -> None:
    row = document_row(received("x\x00.xml", b"x"), SETTINGS.zone)
    assert row.file == "x?.xml"
    assert (row.document, row.edition, row.document_id, row.sender, row.sent) == (None,) * 5
    assert [finding.rule for finding in row.report.findings] == ["GEN-001"]


def test_a_file_that_is_too_long_says_so() -> None:
    row = document_row(received("long.xml", None), SETTINGS.zone)
    assert "at most 50,000,000 bytes" in row.report.findings[0].expected
