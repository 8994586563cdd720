"""A run clears what was accepted, answers everybody, and gives the same bytes for the same input."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.folder import File, Folder, Ignored, Unreadable
from adapters.market_file import read_market
from adapters.offline.outputs import Outputs, answer_path, outputs
from adapters.offline.run import Run, addressed_to, clock, run
from gateway.canonical_json import from_json
from gateway.envelope import Envelope, Message
from gateway.errors import Misconfigured
from gateway.identifiers import PartyId
from gateway.model import Party, Role
from gateway.results import ActivationOrders, Allocation, ClearingPrices, ClearingResult, Receipt, Verdict
from gateway.schemes import named
from profiles import read, write_message
from tests.adapters.example import MARKET_FILE, NORTH, OPERATOR, PROVIDER, SOUTH, bids, blocking, envelopes

SETTINGS = read_market(MARKET_FILE)
SCHEME = named("centralised")


def folder(letters: Mapping[str, Envelope[Message]] | None = None, *more: File) -> Folder:
    written = [File(name, write_message(letter)) for name, letter in (letters or envelopes()).items()]
    return Folder((*written, *more), (Ignored("notes.txt", "no document"),))


def outcome(of: Folder | None = None, now: datetime | None = None) -> Run:
    return run(of or folder(), SETTINGS, SCHEME, now)


@pytest.fixture(scope="module")
def written() -> Outputs:
    return outputs(outcome(folder(None, File("bad.xml", b"bad"))), "1.2.3")


def message(content: bytes) -> Message:
    """Return what a document of ours says; it must be without findings under the rules of no market."""
    reading = read(content)
    assert reading.report.findings == ()
    assert reading.envelope is not None
    return reading.envelope.message


def test_the_files_say_what_they_are(written: Outputs) -> None:
    assert sorted(written.files) == [
        "acknowledgements/bad.xml",
        "acknowledgements/bids.xml",
        "acknowledgements/capacity.xml",
        "acknowledgements/need.xml",
        "activations/9520000000011_20270114T0700Z.xml",
        "allocations/buyer_10X1001A1001A418_20270114T0700Z.xml",
        "allocations/seller_9520000000011_20270114T0700Z.xml",
        "prices/prices_20270114T0700Z.xml",
        "report.html",
        "result.json",
    ]
    assert written.unwritten == ()


def test_each_document_is_acknowledged(written: Outputs) -> None:
    good, bad = (message(written.files[f"acknowledgements/{name}.xml"]) for name in ("bids", "bad"))
    assert isinstance(good, Receipt)
    assert isinstance(bad, Receipt)
    assert (good.verdict, good.document_id) == (Verdict.ACCEPTED, envelopes()["bids.xml"].id)
    assert (bad.verdict, bad.title) == (Verdict.REFUSED, "bad.xml")


def test_the_answers_say_what_was_cleared(written: Outputs) -> None:
    sold = message(written.files["allocations/seller_9520000000011_20270114T0700Z.xml"])
    assert isinstance(sold, Allocation)
    assert sorted(award.quantity_mw for award in sold.awards) == [0, 25, 25, 30, 50]
    orders = message(written.files["activations/9520000000011_20270114T0700Z.xml"])
    assert isinstance(orders, ActivationOrders)
    assert sum(order.quantity_mw for order in orders.orders) == 130
    prices = message(written.files["prices/prices_20270114T0700Z.xml"])
    assert isinstance(prices, ClearingPrices)
    assert {price.area: price.price for price in prices.prices} == {NORTH: Decimal(60), SOUTH: Decimal(90)}


def test_the_record_holds_the_result_exactly(written: Outputs) -> None:
    record = json.loads(written.files["result.json"])
    assert from_json(ClearingResult, record["result"]) == outcome().procurement.result
    assert record["gateway"] == "1.2.3"
    assert [document["verdict"] for document in record["documents"]] == ["accepted"] * 3 + ["refused"]
    assert record["ignored"] == [{"file": "notes.txt", "reason": "no document"}]
    assert record["received"] == clock(None)


def test_the_record_says_what_set_each_price(written: Outputs) -> None:
    settings = json.loads(written.files["result.json"])["price_settings"]
    assert [(each["price"], each["cause"]) for each in settings] == [
        ("60.00", "order taken in part"),
        ("90.00", "order taken in part"),
    ]
    assert [border["capacity_mw"] for border in settings[0]["borders"]] == ["45"]


def test_the_record_says_who_bought_and_who_sold(written: Outputs) -> None:
    """North's 45 MW earn 30 more in South: what buyers pay exceeds what sellers get by 1,350 per hour."""
    trades = json.loads(written.files["result.json"])["trades"]
    bought, sold = (
        sum(float(each["quantity_mw"]) * float(each["price"]) for each in trades if each["side"] == side)
        for side in ("bought", "sold")
    )
    assert {each["role"] for each in trades if each["kind"] == "need"} == {"transmission system operator"}
    assert bought - sold == 1350


def test_the_report_tells_of_the_refused_document_and_the_ignored_file(written: Outputs) -> None:
    text = written.files["report.html"].decode()
    assert "bad.xml: GEN-001" in text
    assert "notes.txt: no document" in text


def test_the_same_input_gives_the_same_bytes_in_any_order(written: Outputs) -> None:
    turned = folder(dict(reversed(envelopes().items())))
    again = outputs(
        run(Folder((File("bad.xml", b"bad"), *turned.documents), turned.ignored), SETTINGS, SCHEME, None), "1.2.3"
    )
    assert again == written


def test_blocking_gives_the_operator_two_rounds_to_check() -> None:
    letters = {**envelopes(), "block.xml": blocking(bids()[0])}
    names = set(outputs(outcome(folder(letters)), "").files)
    assert {
        "allocations/check_9520000000028_20270114T0700Z.xml",
        "allocations/check_9520000000028_20270114T0700Z_r2.xml",
    } <= names


def test_an_answer_for_a_party_with_a_strange_id_stays_in_the_folder() -> None:
    answer = outcome().procurement.answers[0]
    strange = replace(answer, receiver=Party(PartyId("../../etc", "NNO"), Role.BALANCING_SERVICE_PROVIDER))
    assert answer_path(strange) == "allocations/check_.._.._etc_20270114T0700Z.xml"


def test_answers_are_dated_by_the_instant_given_or_by_the_youngest_document() -> None:
    given = datetime(2027, 1, 14, 5, 45, tzinfo=UTC)
    assert outcome(now=given).now == given
    assert outcome().now == datetime(2027, 1, 14, 6, 40, tzinfo=UTC)
    assert {answer.created for answer in outcome().procurement.answers} == {outcome().now}


def test_when_documents_count_as_received_is_told() -> None:
    assert clock(datetime(2027, 1, 14, 5, 45, tzinfo=UTC)) == (
        "Every document counts as received at 2027-01-14 05:45:00 UTC, the time that was given."
    )
    assert "when it says it was created" in outcome().clock


def test_a_run_is_clean_only_where_every_document_is_accepted() -> None:
    assert outcome().clean
    assert not outcome(folder(None, File("bad.xml", b"bad"))).clean


def test_documents_without_any_time_cannot_be_dated() -> None:
    with pytest.raises(Unreadable, match="none of which says when it was created"):
        outcome(Folder((File("bad.xml", b"bad"),), ()))


def test_with_an_instant_given_a_folder_of_refusals_still_has_a_result() -> None:
    refused = outcome(Folder((File("bad.xml", b"bad"),), ()), datetime(2027, 1, 14, tzinfo=UTC))
    assert refused.procurement.result.awards == ()
    ((_, letter),) = refused.acknowledgements
    assert letter.receiver == OPERATOR
    assert "report.html" in outputs(refused, "").files


def test_the_operator_is_whom_all_documents_address() -> None:
    documents = [*folder().documents, File("bad.xml", b"bad"), File("long.xml", None)]
    assert addressed_to(documents).market.operator == OPERATOR


def test_documents_to_several_parties_need_a_market_file() -> None:
    other = replace(envelopes()["need.xml"], receiver=PROVIDER)
    documents = folder({**envelopes(), "other.xml": other}).documents
    with pytest.raises(Misconfigured, match=r"id under \[operator\] in market.toml"):
        addressed_to(documents)
    with pytest.raises(Misconfigured, match="documents to nobody"):
        addressed_to([File("bad.xml", b"bad")])


def test_roles_that_differ_make_the_operator_a_market_operator() -> None:
    letters = envelopes()
    letters["bids.xml"] = replace(letters["bids.xml"], receiver=Party(OPERATOR.id, Role.RESERVE_ALLOCATOR))
    assert addressed_to(folder(letters).documents).market.operator.role is Role.MARKET_OPERATOR
    one = {"bids.xml": letters["bids.xml"]}
    assert addressed_to(folder(one).documents).market.operator.role is Role.RESERVE_ALLOCATOR
