"""ResourceMapping_MarketDocument: typed values of what only informs, its head and digest, and what is refused."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.model import Party, Role
from gateway.report import Report
from profiles import parse, write, write_message
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.lexical import Coded
from profiles.resource_mapping import (
    EDITIONS,
    RegisteredResource,
    ResourceMappingMarketDocument,
    TimeSeries,
)
from tests.market_values import EIGHT, SELLER, TSO
from tests.profiles.documents.messages import Change, in_edition, opened, refusal, refused, source
from tests.profiles.documents.texts import received, unwritable

DATA = source("resource_mapping", "1.1/own-portfolio")
PORTFOLIO = TimeSeries(
    id="portfolio",
    description="batteries & heat pumps",
    cancelled="A02",
    start_date="2027-02-01",
    start_time="00:00:00+01:00",
    end_date="2027-03-01Z",
    end_time="24:00:00",
    market_resource=Coded("NOKG90900", "NNO"),
    market_resource_name="portfolio 7",
    market_resource_description="all of it",
    resources=(
        RegisteredResource(id=Coded("NOKG90901", "NNO"), name="battery", description="behind transformer 4"),
        RegisteredResource(id=Coded("NOKG90902", "NNO")),
    ),
)
SINGLE = TimeSeries(
    id="single",
    start_date="2027-02-01",
    market_resource=Coded("50W-PLANT-00001B", "A01"),
    resources=(RegisteredResource(id=Coded("NOKG90903", "NNO")),),
)
DOCUMENT = ResourceMappingMarketDocument(
    id="mapping-7",
    revision="3",
    type="B33",
    sender=Coded("7080000000012", "A10"),
    sender_role="A27",
    receiver=Coded("10X1001A1001A38Y", "A01"),
    receiver_role="A49",
    created=EIGHT - timedelta(hours=1),
    series=(PORTFOLIO, SINGLE),
)
LETTER = Envelope(
    id="mapping-7",
    revision=3,
    document_type="B33",
    sender=Party(SELLER.id, Role.RESOURCE_PROVIDER),
    receiver=TSO,
    created=EIGHT - timedelta(hours=1),
    message=Informative(document="resource_mapping"),
)


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_a_mapping_has_its_typed_values_in_each_edition(edition: Edition) -> None:
    parsed = parse(in_edition(DATA, "resource_mapping", edition.name))
    assert parsed.document == DOCUMENT
    assert parsed.edition is edition
    assert parsed.report == Report()


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_its_head_is_an_envelope_that_informs_and_the_digest_is_that_of_the_bytes(edition: Edition) -> None:
    data = in_edition(DATA, "resource_mapping", edition.name)
    envelope, report = opened(data)
    assert envelope == received(LETTER, data, edition)
    assert envelope.digest == hashlib.sha256(data).hexdigest()
    assert (envelope.period, envelope.domain, envelope.process, envelope.subject) == (None, None, None, None)
    assert report == Report()


def test_other_blanks_are_the_same_values_under_another_digest() -> None:
    data = DATA.replace(b"\n  <type>", b"\n\n\t<type>")
    assert parse(data).document == DOCUMENT
    assert opened(data)[0].digest == hashlib.sha256(data).hexdigest() != hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_the_values_are_written_as_the_same_bytes(edition: Edition) -> None:
    assert write(DOCUMENT, edition) == in_edition(DATA, "resource_mapping", edition.name)


@pytest.mark.parametrize("change", refused("resource_mapping"), ids=str)
def test_a_mapping_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


def test_no_letter_of_a_market_is_written_as_a_mapping() -> None:
    carries = "a document that carries it"
    assert unwritable(lambda: write_message(LETTER)) == ("edition", carries, "None")
    assert unwritable(lambda: write_message(LETTER, EDITIONS[0])) == ("edition", carries, str(EDITIONS[0]))


@pytest.mark.parametrize("text", ["2027-02-01", "2027-02-01Z", "2027-02-01+01:00", "2028-02-29-14:00"])
def test_a_date_keeps_its_text_with_or_without_an_offset(text: str) -> None:
    data = changed(DATA, [("set", "TimeSeries[2]/start_DateAndOrTime.date", text)])
    assert parse(data).document == replace(DOCUMENT, series=(PORTFOLIO, replace(SINGLE, start_date=text)))


@pytest.mark.parametrize("text", ["00:00:00", "23:59:59.999", "24:00:00", "07:00:00Z", "07:00:00-14:00"])
def test_a_time_keeps_its_text_with_or_without_an_offset(text: str) -> None:
    data = changed(DATA, [("set", "TimeSeries[1]/start_DateAndOrTime.time", text)])
    assert parse(data).document == replace(DOCUMENT, series=(replace(PORTFOLIO, start_time=text), SINGLE))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (replace(DOCUMENT, series=()), ("TimeSeries", "at least 1 in ResourceMapping_MarketDocument 1.1", "0")),
        (
            replace(DOCUMENT, series=(replace(SINGLE, resources=()),)),
            ("TimeSeries[1]/RegisteredResource", "at least 1 in ResourceMapping_MarketDocument 1.1", "0"),
        ),
        (
            replace(DOCUMENT, series=(PORTFOLIO, replace(SINGLE, end_date="1 March"))),
            ("TimeSeries[2]/end_DateAndOrTime.date", "a date YYYY-MM-DD", "'1 March'"),
        ),
        (
            replace(DOCUMENT, revision="0"),
            ("revisionNumber", "a whole number from 1 to 999, no leading zero", "'0'"),
        ),
    ],
    ids=["no mapping", "no member", "no date", "revision zero"],
)
def test_a_mapping_that_is_none_is_not_written(
    document: ResourceMappingMarketDocument, said: tuple[str, str, str]
) -> None:
    path, expected, found = said
    assert unwritable(lambda: write(document, EDITIONS[0])) == (
        f"/ResourceMapping_MarketDocument/{path}",
        expected,
        found,
    )
