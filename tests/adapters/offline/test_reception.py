"""Documents are judged one by one, in the order in which they were created, and a bad one stops no other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.folder import File
from adapters.market_file import MarketSettings, read_market
from adapters.offline.reception import Received, receive, shown
from gateway.envelope import Envelope, Message
from gateway.errors import Misconfigured
from gateway.model import BidSet
from gateway.results import Verdict
from profiles import write_message
from profiles.markets import AcknowledgementStyle
from tests.adapters.example import MARKET_FILE, PROVIDER, QUARTER, bids, blocking, envelope, envelopes, with_bids

SETTINGS = read_market(MARKET_FILE)


def files(letters: Mapping[str, Envelope[Message]]) -> list[File]:
    return [File(name, write_message(letter)) for name, letter in letters.items()]


def judged(
    documents: list[File], settings: MarketSettings = SETTINGS, now: datetime | None = None
) -> dict[str, Received]:
    return {received.file: received for received in receive(documents, settings, now)}


def test_good_documents_are_accepted_whole() -> None:
    found = judged(files(envelopes()))
    assert {name: received.verdict for name, received in found.items()} == {
        "bids.xml": Verdict.ACCEPTED,
        "capacity.xml": Verdict.ACCEPTED,
        "need.xml": Verdict.ACCEPTED,
    }
    assert all(received.report.findings == () and received.receipt for received in found.values())
    message = found["bids.xml"].envelope
    assert message is not None
    assert message.message == BidSet(bids=bids())


def test_they_are_taken_by_time_of_creation_whatever_their_order() -> None:
    documents = files(envelopes())
    order = [received.file for received in receive(documents, SETTINGS, None)]
    assert order == ["bids.xml", "capacity.xml", "need.xml"]
    assert receive(documents[::-1], SETTINGS, None) == receive(documents, SETTINGS, None)


def test_each_counts_as_received_when_created_or_all_at_one_instant() -> None:
    found = judged(files(envelopes()))
    assert found["bids.xml"].at == QUARTER.start.replace(hour=5, minute=40)
    late = QUARTER.start.replace(hour=6, minute=50)
    found = judged(files(envelopes()), now=late)
    assert {received.at for received in found.values()} == {late}
    assert found["bids.xml"].verdict is Verdict.REFUSED
    assert [finding.rule for finding in found["bids.xml"].report.findings][:1] == ["RB-002"]


def test_bytes_that_are_no_document_stop_no_other() -> None:
    broken = [File("a.xml", b"not XML"), File("long.xml", None), File("empty.xml", b"")]
    found = judged([*broken, *files(envelopes())])
    assert [name for name, received in found.items() if received.verdict is Verdict.REFUSED] == [
        "a.xml",
        "empty.xml",
        "long.xml",
    ]
    for name in ("a.xml", "empty.xml", "long.xml"):
        receipt = found[name].receipt
        assert receipt is not None
        assert (receipt.document_id, receipt.title, found[name].at) == (None, name, None)
        assert [reason.code for reason in receipt.reasons] == ["A02", "A94"]


def test_a_refused_document_is_answered_by_its_own_id() -> None:
    content = write_message(envelopes()["bids.xml"]).replace(
        b"<currency_Unit.name>EUR", b"<colour>red</colour><currency_Unit.name>EUR"
    )
    (received,) = receive([File("bids.xml", content)], SETTINGS, None)
    assert received.receipt is not None
    assert received.receipt.document_id == envelopes()["bids.xml"].id
    assert received.receipt.document_type == "A37"
    assert received.head.sender == PROVIDER.id


def test_a_code_that_does_not_exist_is_not_repeated() -> None:
    content = (
        write_message(envelopes()["bids.xml"])
        .replace(b"<type>A37", b"<type>ZZZ")
        .replace(b"</ReserveBid", b"<x/></ReserveBid")
    )
    (received,) = receive([File("bids.xml", content)], SETTINGS, None)
    assert received.receipt is not None
    assert received.receipt.document_type is None


def test_of_a_partly_accepted_document_only_the_good_bids_count() -> None:
    wrong = replace(bids()[0], price=Decimal(40_000))
    letters = {"bids.xml": with_bids(envelopes()["bids.xml"], wrong, *bids()[1:])}
    received = judged(files(letters))["bids.xml"]
    assert received.verdict is Verdict.PARTLY_ACCEPTED
    assert received.envelope is not None
    assert received.envelope.message == BidSet(bids=bids()[1:])


def test_one_bad_bid_refuses_the_document_where_the_market_answers_so() -> None:
    wrong = replace(bids()[0], price=Decimal(40_000))
    letters = {"bids.xml": with_bids(envelopes()["bids.xml"], wrong, *bids()[1:])}
    received = judged(files(letters), replace(SETTINGS, style=AcknowledgementStyle.NORDIC))["bids.xml"]
    assert received.verdict is Verdict.REFUSED
    assert received.envelope is None


def test_areas_are_held_against_a_closed_market_only() -> None:
    foreign = MARKET_FILE.replace('[[areas]]\nid = "10Y1001A1001A47J"\nname = "South"\n', "").replace(
        '[[borders]]\nfrom = "10Y1001A1001A46L"\nto = "10Y1001A1001A47J"\n', ""
    )
    closed = judged(files(envelopes()), read_market(foreign))["bids.xml"]
    assert {finding.rule for finding in closed.report.findings} == {"RB-015"}
    opened = judged(files(envelopes()), read_market(foreign.replace("closed = true", "closed = false")))["bids.xml"]
    assert opened.report.findings == ()


def test_a_document_to_somebody_else_is_refused() -> None:
    settings = read_market('[operator]\nid = "10X1001A1001A38Y"\n')
    found = judged(files(envelopes()), settings)
    assert {finding.rule for received in found.values() for finding in received.report.findings} == {"GEN-008"}


def test_a_later_document_is_held_against_the_earlier_ones() -> None:
    letter = envelopes()["bids.xml"]
    again = replace(letter, created=letter.created.replace(minute=45))
    found = judged(files({"first.xml": letter, "second.xml": again}))
    assert found["first.xml"].verdict is Verdict.ACCEPTED
    assert [finding.rule for finding in found["second.xml"].report.findings] == ["GEN-013"]


def test_blocks_are_held_against_the_bids_that_were_accepted() -> None:
    known = judged(files({**envelopes(), "block.xml": blocking(bids()[0])}))
    assert known["block.xml"].verdict is Verdict.ACCEPTED
    unknown = judged(files({"block.xml": blocking(bids()[0])}))
    assert {finding.rule for finding in unknown["block.xml"].report.findings} == {"BA-003"}


def test_an_acknowledgement_is_read_and_not_answered() -> None:
    (answered,) = receive(files({"bids.xml": envelopes()["bids.xml"]}), SETTINGS, None)
    assert answered.receipt is not None
    letter = envelope("ack", PROVIDER, 50, answered.receipt)
    (received,) = receive([File("ack.xml", write_message(letter))], SETTINGS, None)
    assert (received.verdict, received.receipt) == (Verdict.ACCEPTED, None)


@pytest.mark.parametrize(
    "settings",
    [
        replace(SETTINGS, profile="nowhere"),
        replace(SETTINGS, overlay="nowhere"),
        replace(SETTINGS, quirks=("nowhere",)),
    ],
    ids=["profile", "overlay", "quirk"],
)
def test_a_setting_that_does_not_exist_is_the_operators_fault(settings: MarketSettings) -> None:
    with pytest.raises(Misconfigured, match="nowhere"):
        receive(files(envelopes()), settings, datetime(2027, 1, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "said"), [("a b.xml", "a b.xml"), ("a\x07\n.xml", "a??.xml"), ("a\udcff.xml", "a?.xml")]
)
def test_names_that_cannot_be_printed_are_shown_all_the_same(name: str, said: str) -> None:
    assert shown(name) == said
