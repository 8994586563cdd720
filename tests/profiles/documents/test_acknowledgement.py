"""Acknowledgement_MarketDocument: what a receiver says of a document, and how it is understood."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import PartyId
from gateway.model import Party, Role
from gateway.results import Reason, Receipt, RefusedSeries, Verdict
from gateway.time import Interval
from profiles import acknowledgement, parse, write_message
from profiles import parts as wire
from profiles.cases.edits import changed
from tests.profiles.documents.messages import (
    Change,
    in_edition,
    meaning,
    opened,
    refusal,
    refused,
    reported,
    source,
)
from tests.wire_values import changed as exchanged

REFUSED = source("acknowledgement", "8.1/own-refused-payload")
PARTLY = source("acknowledgement", "8.1/own-partly-accepted")
EDITIONS = {edition.name: edition for edition in acknowledgement.EDITIONS}
LIST = Party(PartyId("10X1001A1001A418", "A01"), Role.MERIT_ORDER_LIST_RESPONSIBLE)
SELLER = Party(PartyId("9999909919920", "A10"), Role.BALANCING_SERVICE_PROVIDER)
HALF_PAST = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
QUARTER = timedelta(minutes=15)

RECEIPT = Receipt(
    verdict=Verdict.REFUSED,
    document_id="doc-0",
    revision=999,
    document_type="A37",
    process="A51",
    title="bids of 29 March.xml",
    created=datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    reasons=(Reason(code="A02", text="nothing of it can be used"), Reason(code="A94")),
    refused=(
        RefusedSeries(
            series_id="bid-1",
            reasons=(),
            intervals=(
                (
                    Interval(HALF_PAST, HALF_PAST + QUARTER),
                    (Reason(code="A46", text="more than the unit has"), Reason(code="A42")),
                ),
                (Interval(HALF_PAST + 2 * QUARTER, HALF_PAST + 3 * QUARTER), (Reason(code="A49"),)),
            ),
        ),
        RefusedSeries(series_id="bid-2", reasons=(Reason(code="A20"),)),
    ),
)
LETTER = Envelope(
    id="ack-2", sender=LIST, receiver=SELLER, created=datetime(2026, 3, 29, 1, 0, 1, tzinfo=UTC), message=RECEIPT
)


def receipt(*edits: tuple[str, ...]) -> Receipt:
    """Return what the refusal says after some changes."""
    return meaning(changed(REFUSED, edits), Receipt)[0]


def written(message: Receipt) -> acknowledgement.AcknowledgementMarketDocument:
    """Return the document that says what *message* says."""
    return acknowledgement.from_canonical(exchanged(LETTER, message=message))


# ------------------------------------------------------------------------------------------------ what a message means
def test_a_refusal_means_what_its_elements_say() -> None:
    found, report = opened(REFUSED)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


@pytest.mark.parametrize("data", [REFUSED, PARTLY], ids=["refused", "partly accepted"])
def test_what_a_message_means_is_written_as_the_same_bytes(data: bytes) -> None:
    assert write_message(opened(data)[0]) == data


def test_the_head_has_no_type_process_or_period() -> None:
    found, _ = opened(REFUSED)
    assert (found.revision, found.document_type, found.process, found.reserve) == (1, None, None, None)
    assert (found.period, found.domain, found.subject) == (None, None, None)
    assert found.edition == "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:8:1"


VERDICTS = [
    ("A01", Verdict.ACCEPTED),
    ("A02", Verdict.REFUSED),
    ("A03", Verdict.PARTLY_ACCEPTED),
    ("B70", Verdict.PARTLY_ACCEPTED),
]


@pytest.mark.parametrize(("code", "verdict"), VERDICTS)
def test_the_first_reason_is_the_verdict(code: str, verdict: Verdict) -> None:
    found = receipt(("set", "Reason[1]/code", code))
    assert found.verdict is verdict
    assert found.reasons == (Reason(code=code, text="nothing of it can be used"), Reason(code="A94"))


@pytest.mark.parametrize(("code", "verdict"), VERDICTS)
def test_a_verdict_without_words_is_no_reason_besides(code: str, verdict: Verdict) -> None:
    found = receipt(("set", "Reason[1]/code", code), ("drop", "Reason[1]/text"))
    assert (found.verdict, found.reasons) == (verdict, (Reason(code="A94"),))


def test_partly_accepted_under_both_its_codes_is_one_verdict() -> None:
    found = receipt(("set", "Reason[1]/code", "A03"), ("set", "Reason[2]/code", "B70"))
    assert found.verdict is Verdict.PARTLY_ACCEPTED


@pytest.mark.parametrize(
    ("edits", "reasons"),
    [
        ([("set", "Reason[1]/code", "A59")], ("A59", "A94")),
        ([("set", "Reason[2]/code", "A01")], ("A02",)),
        ([("set", "Reason[1]/code", "A01"), ("set", "Reason[2]/code", "A03")], ("A01",)),
    ],
    ids=["no verdict", "refused and accepted", "accepted and partly accepted"],
)
def test_what_is_not_said_clearly_is_a_refusal(edits: list[tuple[str, ...]], reasons: tuple[str, ...]) -> None:
    found = receipt(*edits)
    assert found.verdict is Verdict.REFUSED
    assert tuple(reason.code for reason in found.reasons) == reasons


RECEIVED = [
    ("mRID", "document_id"),
    ("revisionNumber", "revision"),
    ("type", "document_type"),
    ("process.processType", "process"),
    ("title", "title"),
    ("createdDateTime", "created"),
]


@pytest.mark.parametrize(("tag", "name"), RECEIVED)
def test_what_could_not_be_read_of_the_received_document_is_left_out(tag: str, name: str) -> None:
    found = receipt(("drop", f"received_MarketDocument.{tag}"))
    assert found == exchanged(RECEIPT, **{name: None})
    assert f"received_MarketDocument.{tag}>".encode() not in write_message(exchanged(LETTER, message=found))


@pytest.mark.parametrize(
    ("sender", "faced"),
    [
        ("A46", Role.MARKET_OPERATOR),
        ("A35", Role.BALANCING_SERVICE_PROVIDER),
        ("A11", Role.BALANCING_SERVICE_PROVIDER),
        ("A49", Role.BALANCING_SERVICE_PROVIDER),
    ],
)
def test_a_receiver_without_role_faces_the_sender(sender: str, faced: Role) -> None:
    edits = [
        ("set", "sender_MarketParticipant.marketRole.type", sender),
        ("drop", "receiver_MarketParticipant.marketRole.type"),
    ]
    assert opened(changed(REFUSED, edits))[0].receiver == Party(SELLER.id, faced)


@pytest.mark.parametrize("change", refused("acknowledgement"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("acknowledgement"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, Receipt)
    assert message.refused == RECEIPT.refused
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.ACCEPTED, "A01"), (Verdict.REFUSED, "A02"), (Verdict.PARTLY_ACCEPTED, "A03")]
)
def test_the_verdict_is_written_as_the_first_reason(verdict: Verdict, code: str) -> None:
    causes = (Reason(code="A59", text="why"), Reason(code="999"))
    assert written(Receipt(verdict=verdict)).reasons == (wire.Reason(code=code),)
    assert written(Receipt(verdict=verdict, reasons=causes)).reasons == (
        wire.Reason(code=code),
        wire.Reason(code="A59", text="why"),
        wire.Reason(code="999"),
    )


@pytest.mark.parametrize("code", ["A01", "A02", "A03", "B70"])
def test_a_verdict_that_stands_among_the_reasons_is_not_written_again(code: str) -> None:
    reasons = (Reason(code="A59"), Reason(code=code, text="as agreed"))
    found = written(Receipt(verdict=Verdict.REFUSED, reasons=reasons)).reasons
    assert found == (wire.Reason(code="A59"), wire.Reason(code=code, text="as agreed"))


def test_a_receipt_is_written_element_by_element() -> None:
    document = written(RECEIPT)
    assert (document.id, document.created) == ("ack-2", datetime(2026, 3, 29, 1, 0, 1, tzinfo=UTC))
    assert (document.sender.value, document.sender_role) == ("10X1001A1001A418", "A35")
    assert (document.receiver.value, document.receiver_role) == ("9999909919920", "A46")
    assert (document.received, document.received_revision) == ("doc-0", "999")
    assert (document.received_type, document.received_process) == ("A37", "A51")
    assert (document.received_title, document.received_created) == ("bids of 29 March.xml", RECEIPT.created)
    assert document.in_error == ()
    first, second = document.rejected
    assert (first.id, first.version, first.reasons) == ("bid-1", None, ())
    assert [(part.interval.start, [why.code for why in part.reasons]) for part in first.in_error] == [
        (HALF_PAST, ["A46", "A42"]),
        (HALF_PAST + 2 * QUARTER, ["A49"]),
    ]
    assert (second.id, second.in_error, second.reasons) == ("bid-2", (), (wire.Reason(code="A20"),))


def test_a_receipt_of_what_nobody_could_read_names_the_payload_only() -> None:
    document = written(Receipt(verdict=Verdict.REFUSED, title="payload-7.xml"))
    assert (document.received, document.received_revision, document.received_type) == (None, None, None)
    assert (document.received_process, document.received_created) == (None, None)
    assert (document.received_title, document.rejected) == ("payload-7.xml", ())


def test_a_sender_in_a_role_without_a_code_is_not_written() -> None:
    with pytest.raises(Unwritable) as caught:
        acknowledgement.from_canonical(exchanged(LETTER, sender=Party(SELLER.id, Role.SCHEDULING_AGENT)))
    assert (caught.value.path, caught.value.found) == (
        "marketRole.type",
        "<Role.SCHEDULING_AGENT: 'scheduling agent'>",
    )


UNWRITABLE = {
    "a part in error without a reason": (
        exchanged(
            RECEIPT,
            refused=(RefusedSeries(series_id="b", reasons=(), intervals=((RECEIPT.refused[0].intervals[0][0], ()),)),),
        ),
        "Rejected_TimeSeries[1]/InError_Period[1]/Reason",
        "at least 1 in Acknowledgement_MarketDocument 8.1",
    ),
    "a title of 151 characters": (
        exchanged(RECEIPT, title="t" * 151),
        "received_MarketDocument.title",
        "at most 150 characters",
    ),
    "words of 513 characters": (
        exchanged(RECEIPT, reasons=(Reason(code="A02", text="w" * 513),)),
        "Reason[1]/text",
        "at most 512 characters",
    ),
    "revision 1000": (
        exchanged(RECEIPT, revision=1000),
        "received_MarketDocument.revisionNumber",
        "a whole number from 1 to 999, no leading zero",
    ),
    "a reason of the market's own": (
        exchanged(RECEIPT, reasons=(Reason(code="Z64"),)),
        "Reason[2]/code",
        "a value of ReasonCodeTypeList",
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    message, path, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        write_message(exchanged(LETTER, message=message))
    assert (caught.value.path, caught.value.expected) == (f"/Acknowledgement_MarketDocument/{path}", expected)


# -------------------------------------------------------------------------------------------------------- the editions
@pytest.mark.parametrize("name", ["8.1", "8.0", "7.0"])
def test_every_edition_says_the_same_but_the_oldest_names_no_process(name: str) -> None:
    known = name != "7.0"
    message = RECEIPT if known else dataclasses.replace(RECEIPT, process=None)
    data = write_message(exchanged(LETTER, message=message), EDITIONS[name])
    same = in_edition(REFUSED, "acknowledgement", name)
    process = b"  <received_MarketDocument.process.processType>A51</received_MarketDocument.process.processType>\n"
    assert data == (same if known else same.replace(process, b""))
    assert parse(data).edition is EDITIONS[name]
    assert opened(data)[0].message == message


def test_a_process_is_not_dropped_to_fit_the_oldest_edition() -> None:
    with pytest.raises(Unwritable) as caught:
        write_message(LETTER, EDITIONS["7.0"])
    assert (caught.value.path, caught.value.expected) == ("edition", "an edition that holds all that is said")
    assert caught.value.found == (
        "/Acknowledgement_MarketDocument/received_MarketDocument.process.processType: "
        "'A51' has no place in Acknowledgement_MarketDocument 7.0"
    )
