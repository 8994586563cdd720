"""AreaConfiguration_MarketDocument: typed values of what only informs, its head and digest, and what is refused."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.model import Party, Role
from gateway.report import Report
from profiles import convert, parse, write, write_message
from profiles.area_configuration import (
    EDITIONS,
    AreaConfigurationMarketDocument,
    AreaSpecificationSeries,
    BorderConnectionSeries,
    ConnectedDomain,
    ConnectionDetailRegisteredResource,
    ConsistOfDomain,
)
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.lexical import Coded
from tests.market_values import EIGHT, OPERATOR, TSO
from tests.profiles.documents.messages import Change, in_edition, opened, refusal, refused, source
from tests.profiles.documents.texts import received, unwritable, without

DATA = source("area_configuration", "1.1/own-two-zones")
NEWEST, OLDEST = EDITIONS
WEST, EAST = Coded("10YNO-2--------T", "A01"), Coded("10YNO-1--------2", "A01")
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
BORDER = BorderConnectionSeries(
    id="border-1",
    resource=Coded("10T-NO-SE-00001Y", "A01"),
    psr_type="B21",
    details=(
        ConnectionDetailRegisteredResource(id=Coded("line-west", "NNO"), area=WEST, psr_type="B21"),
        ConnectionDetailRegisteredResource(id=Coded("line-east", "NNO")),
    ),
)
NO2 = AreaSpecificationSeries(
    id="west",
    party=Coded("10X1001A1001A38Y", "A01"),
    party_role="A49",
    area=WEST,
    area_name="NO2",
    aggregation="A01",
    country=Coded("10YNO-0--------C", "A01"),
    characteristics="bidding zone",
    valid_from=NEW_YEAR,
    valid_to=datetime(2027, 12, 31, 23, tzinfo=UTC),
    consists_of=(ConsistOfDomain(id=Coded("10Y1001A1001A91G", "A01"), name="a part"),),
    connected=(ConnectedDomain(id=EAST, name="NO1"), ConnectedDomain(id=Coded("10YDK-1--------W", "A01"))),
    border_connections=(BORDER,),
    connections=(ConnectionDetailRegisteredResource(id=Coded("transformer-4", "NNO"), psr_type="B24"),),
)
NO1 = AreaSpecificationSeries(id="east", area=EAST, valid_from=NEW_YEAR)
DOCUMENT = AreaConfigurationMarketDocument(
    id="areas-7",
    type="B19",
    process="A40",
    sender=Coded("10X1001A1001A38Y", "A01"),
    sender_role="A04",
    receiver=Coded("10X1001A1001A39W", "A01"),
    receiver_role="A32",
    created=EIGHT - timedelta(hours=1),
    series=(NO2, NO1),
)
LETTER = Envelope(
    id="areas-7",
    document_type="B19",
    process="A40",
    sender=Party(TSO.id, Role.SYSTEM_OPERATOR),
    receiver=Party(OPERATOR.id, Role.MARKET_INFORMATION_AGGREGATOR),
    created=EIGHT - timedelta(hours=1),
    message=Informative(document="area_configuration"),
)
PLAIN = replace(DOCUMENT, series=(replace(NO2, border_connections=(replace(BORDER, resource=None),)), NO1))
RESOURCE = "borderConnection_RegisteredResource.mRID"


def with_border(border: BorderConnectionSeries) -> AreaConfigurationMarketDocument:
    """Return DOCUMENT with another connection of its first area."""
    return replace(DOCUMENT, series=(replace(NO2, border_connections=(border,)), NO1))


def test_a_configuration_has_its_typed_values() -> None:
    parsed = parse(DATA)
    assert parsed.document == DOCUMENT
    assert parsed.edition is NEWEST
    assert parsed.report == Report()


def test_its_head_is_an_envelope_that_informs_and_the_digest_is_that_of_the_bytes() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert envelope.digest == hashlib.sha256(DATA).hexdigest()
    assert (envelope.revision, envelope.reserve, envelope.period) == (1, None, None)
    assert report == Report()


def test_the_values_are_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, NEWEST) == DATA


@pytest.mark.parametrize("change", refused("area_configuration"), ids=str)
def test_a_configuration_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


def test_a_configuration_may_say_that_there_is_no_area() -> None:
    data = changed(DATA, [("drop", "AreaSpecification_Series[2]"), ("drop", "AreaSpecification_Series[1]")])
    assert parse(data).document == replace(DOCUMENT, series=())
    assert opened(data)[0] == received(LETTER, data, NEWEST)


@pytest.mark.parametrize("text", ["2027-01-01T01:00:00+01:00", "2026-12-31T23:00:00.000-01:00", "2027-01-01T00:00:00Z"])
def test_an_instant_is_itself_under_every_offset(text: str) -> None:
    data = changed(DATA, [("set", "AreaSpecification_Series[2]/validityStart_DateAndOrTime.dateTime", text)])
    assert parse(data).document == DOCUMENT
    assert write(parse(data).document, NEWEST) == DATA


def test_a_connection_may_have_no_ends_at_all() -> None:
    path = "AreaSpecification_Series[1]/BorderConnection_Series/ConnectionDetail_RegisteredResource"
    data = changed(DATA, [("drop", f"{path}[2]"), ("drop", f"{path}[1]")])
    assert parse(data).document == with_border(replace(BORDER, details=()))


def test_a_connection_of_edition_1_1_need_not_have_an_identifier() -> None:
    data = changed(DATA, [("drop", "AreaSpecification_Series[1]/BorderConnection_Series/mRID")])
    assert parse(data).document == with_border(replace(BORDER, id=None))


def test_edition_1_0_names_no_resource_of_a_connection() -> None:
    data = without(in_edition(DATA, "area_configuration", "1.0"), RESOURCE)
    assert parse(data).document == PLAIN
    assert opened(data)[0] == received(LETTER, data, OLDEST)
    assert write(PLAIN, OLDEST) == data


def test_to_edition_1_0_the_resource_of_a_connection_is_lost_and_said() -> None:
    older, report = convert(DOCUMENT, NEWEST, OLDEST)
    path = f"/AreaConfiguration_MarketDocument/AreaSpecification_Series[1]/BorderConnection_Series[1]/{RESOURCE}"
    assert older == PLAIN
    assert report == Report(losses=(f"{path}: Coded(value='10T-NO-SE-00001Y', scheme='A01') has no place in {OLDEST}",))


def test_no_letter_of_a_market_is_written_as_a_configuration() -> None:
    carries = "a document that carries it"
    assert unwritable(lambda: write_message(LETTER)) == ("edition", carries, "None")
    assert unwritable(lambda: write_message(LETTER, OLDEST)) == ("edition", carries, str(OLDEST))


HERE = "/AreaConfiguration_MarketDocument/AreaSpecification_Series[1]/BorderConnection_Series[1]"
THIRD = ConnectionDetailRegisteredResource(id=Coded("line-south", "NNO"))


@pytest.mark.parametrize(
    ("border", "edition", "said"),
    [
        (
            replace(BORDER, details=(*BORDER.details, THIRD)),
            NEWEST,
            (f"{HERE}/ConnectionDetail_RegisteredResource", f"at most 2 in {NEWEST}", "3"),
        ),
        (replace(BORDER, resource=None), NEWEST, (f"{HERE}/{RESOURCE}", f"at least 1 in {NEWEST}", "0")),
        (replace(BORDER, resource=None, id=None), OLDEST, (f"{HERE}/mRID", f"at least 1 in {OLDEST}", "0")),
        (
            BORDER,
            OLDEST,
            (f"{HERE}/{RESOURCE}", f"no such element in {OLDEST}", "Coded(value='10T-NO-SE-00001Y', scheme='A01')"),
        ),
    ],
    ids=["three ends", "no resource", "no identifier in 1.0", "a resource in 1.0"],
)
def test_a_connection_that_an_edition_cannot_hold_is_not_written(
    border: BorderConnectionSeries, edition: Edition, said: tuple[str, str, str]
) -> None:
    assert unwritable(lambda: write(with_border(border), edition)) == said
