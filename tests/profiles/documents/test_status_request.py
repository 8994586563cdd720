"""StatusRequest_MarketDocument: what is asked for, read, refused and written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.envelope import Envelope
from gateway.inquiries import InquiryCondition, StatusInquiry
from gateway.model import Party, Role
from gateway.report import Report
from profiles import parse, write_message
from profiles.edition import Edition
from profiles.status_request import EDITIONS, StatusRequestMarketDocument
from tests.market_values import DSO, EIGHT, TSO
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import Said, received, unwritable

DATA = source("status_request", "4.1/own-where-is-the-bid")
WORDS = InquiryCondition(attribute="free words", value=" two  blanks & an <element> ")
QUESTION = StatusInquiry(
    conditions=(
        InquiryCondition(attribute="DocumentType", value="A37"),
        InquiryCondition(attribute="RequestedParty", value="7080000000012", scheme="A10"),
        WORDS,
    )
)
LETTER = Envelope(
    id="question-7",
    document_type="A60",
    sender=DSO,
    receiver=TSO,
    created=EIGHT - timedelta(hours=1),
    message=QUESTION,
)


def written(letter: Envelope[StatusInquiry]) -> StatusRequestMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, StatusRequestMarketDocument)
    return document


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_a_question_means_its_conditions_field_by_field_in_each_edition(edition: Edition) -> None:
    data = in_edition(DATA, "status_request", edition.name)
    envelope, report = opened(data)
    assert envelope == received(LETTER, data, edition)
    assert (envelope.revision, envelope.period, envelope.domain) == (1, None, None)
    assert report == Report()


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_the_same_letter_is_written_as_the_same_text_in_each_edition(edition: Edition) -> None:
    assert write_message(LETTER, edition) == in_edition(DATA, "status_request", edition.name)
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("status_request"), ids=str)
def test_a_question_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("status_request"), ids=str)
def test_nothing_is_lost_of_a_question(change: Change) -> None:
    message, report = meaning(change.data, StatusInquiry)
    assert (report.assumptions, report.losses) == ((), ())
    assert message == QUESTION


def test_a_question_without_a_type_asks_for_a_state() -> None:
    assert written(replace(LETTER, document_type=None)).type == "A59"


def test_a_question_says_nothing_of_period_domain_revision_and_process() -> None:
    data = write_message(replace(LETTER, revision=9, process="A47", subject=TSO))
    assert data == DATA


def test_the_order_of_conditions_is_kept() -> None:
    turned = StatusInquiry(conditions=QUESTION.conditions[::-1])
    document = written(replace(LETTER, message=turned))
    assert [one.attribute for one in document.attributes] == ["free words", "RequestedParty", "DocumentType"]
    assert [one.value.scheme for one in document.attributes] == ["", "A10", ""]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.SYSTEM_OPERATOR, "A04"),
        (Role.DISTRIBUTION_SYSTEM_OPERATOR, "A50"),
        (Role.MARKET_OPERATOR, "A11"),
        (Role.BALANCING_SERVICE_PROVIDER, "A46"),
        (Role.FLEXIBILITY_SERVICE_PROVIDER, "A56"),
        (Role.METERED_DATA_RESPONSIBLE, "A25"),
        (Role.IMBALANCE_SETTLEMENT_RESPONSIBLE, "A05"),
    ],
)
def test_anybody_may_ask_anybody(role: Role, code: str) -> None:
    asked = replace(LETTER, sender=Party(DSO.id, role), receiver=Party(TSO.id, role))
    document = written(asked)
    assert (document.sender_role, document.receiver_role) == (code, code)
    assert opened(write_message(asked))[0].sender == Party(DSO.id, role)


UNWRITABLE: dict[str, tuple[Envelope[StatusInquiry], Said]] = {
    "a value of 151 characters": (
        replace(LETTER, message=StatusInquiry(conditions=(replace(WORDS, value="x" * 151),))),
        (
            "/StatusRequest_MarketDocument/AttributeInstanceComponent[1]/attributeValue",
            "at most 150 characters",
            f"Coded(value='{'x' * 151}', scheme='')",
        ),
    ),
    "an unknown scheme": (
        replace(LETTER, message=StatusInquiry(conditions=(WORDS, replace(WORDS, scheme="Z99")))),
        (
            "/StatusRequest_MarketDocument/AttributeInstanceComponent[2]/attributeValue/@codingScheme",
            "a value of CodingSchemeTypeList",
            "'Z99'",
        ),
    ),
    "an unknown type": (
        replace(LETTER, document_type="Z60"),
        ("/StatusRequest_MarketDocument/type", "a value of MessageTypeList", "'Z60'"),
    ),
    "a fraction of a second": (
        replace(LETTER, created=EIGHT + timedelta(milliseconds=1)),
        (
            "/StatusRequest_MarketDocument/createdDateTime",
            "a whole second",
            "datetime.datetime(2027, 1, 14, 8, 0, 0, 1000, tzinfo=datetime.timezone.utc)",
        ),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_is_no_question_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


def test_an_identifier_of_36_characters_does_not_fit_the_older_edition() -> None:
    long = replace(LETTER, id="0123456789-0123456789-0123456789-012")
    assert unwritable(lambda: write_message(long, EDITIONS[1])) == (
        "/StatusRequest_MarketDocument/mRID",
        "at most 35 characters",
        "'0123456789-0123456789-0123456789-012'",
    )
    assert written(long).id == long.id
