"""Publication_MarketDocument: published prices and capacity, which the gateway reads for information."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId
from gateway.inquiries import Informative
from gateway.model import Party, Role
from gateway.time import market_day
from profiles import convert, parse, publication, write
from profiles.cases.edits import changed
from profiles.lexical import Coded
from profiles.parts import Reason, Status, TimeInterval
from profiles.publication import Point, PublicationMarketDocument, SeriesPeriod, TimeSeries, WinnersMarketParticipant
from profiles.slots import blocks
from tests.profiles.documents.messages import Change, declared, in_edition, opened, refusal, refused, reported, source
from tests.wire_values import changed as exchanged

PRICES = source("publication", "7.4/own-day-ahead-prices")
EDITIONS = {edition.name: edition for edition in publication.EDITIONS}
DAY = market_day(date(2026, 3, 29))
FINLAND = Coded("10YFI-1--------U", "A01")
CLAIMED = Party(PartyId("10X1001A1001A418", "A01"), Role.MARKET_INFORMATION_AGGREGATOR)
READER = Party(PartyId("10X1001A1001A264", "A01"), Role.INFORMATION_RECEIVER)
LETTER = Envelope(
    id="pub-1",
    revision=4,
    document_type="A44",
    sender=CLAIMED,
    receiver=READER,
    created=datetime(2026, 3, 28, 12, tzinfo=UTC),
    period=DAY,
    domain=AreaId(FINLAND.value, FINLAND.scheme),
    message=Informative(document="publication"),
)
SERIES = TimeSeries(
    id="1",
    auction="day ahead",
    auction_type="A01",
    auction_category="A04",
    business_type="A62",
    in_domain=FINLAND,
    out_domain=FINLAND,
    agreement_type="A01",
    quantity_unit="MAW",
    currency="EUR",
    price_unit="MWH",
    classification_sequence=1,
    participant_number=12,
    winner_number=7,
    curve_type="A03",
    updated=datetime(2026, 3, 28, 11, 58, 30, tzinfo=UTC),
    connecting_line=Coded("10T-NO-SE-00001Y", "A01"),
    periods=(
        SeriesPeriod(
            interval=TimeInterval(start=DAY.start, end=DAY.end),
            resolution="PT60M",
            points=(
                Point(position=1, price=Decimal("41.25")),
                Point(position=3, quantity=Decimal(1200), price=Decimal("-0.01")),
                Point(position=23, quantity=Decimal(0)),
            ),
        ),
    ),
    reasons=(Reason(code="B08"),),
    winners=(
        WinnersMarketParticipant(id=Coded("9999909919920", "A10")),
        WinnersMarketParticipant(id=Coded("9999909919939", "A10")),
    ),
)
DOCUMENT = PublicationMarketDocument(
    id="pub-1",
    revision="4",
    type="A44",
    sender=Coded("10X1001A1001A418", "A01"),
    sender_role="A32",
    receiver=Coded("10X1001A1001A264", "A01"),
    receiver_role="A33",
    created=datetime(2026, 3, 28, 12, tzinfo=UTC),
    period=TimeInterval(start=DAY.start, end=DAY.end),
    domain=FINLAND,
    status=Status(value="A01"),
    series=(SERIES,),
)


def test_a_publication_is_read_element_by_element() -> None:
    parsed = parse(PRICES)
    assert parsed.document == DOCUMENT
    assert parsed.report.clean


def test_it_is_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, EDITIONS["7.4"]) == PRICES


def test_its_head_is_known_and_its_content_stays_as_it_is() -> None:
    found, report = opened(PRICES)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.assumptions, report.losses) == ((), ())
    assert found.edition == "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:4"


def test_what_is_published_to_everybody_has_its_sender_as_receiver() -> None:
    tags = ("receiver_MarketParticipant.mRID", "receiver_MarketParticipant.marketRole.type")
    found, report = opened(changed(PRICES, [("drop", tag) for tag in tags]))
    assert found.receiver == CLAIMED
    assert report.assumptions == ("no receiver: published to everybody",)


def test_a_publication_may_be_about_no_domain() -> None:
    assert opened(changed(PRICES, [("drop", "domain.mRID")]))[0].domain is None


def test_a_price_lasts_to_the_next_point_of_a_day_of_23_hours() -> None:
    (series,) = parse(PRICES).document.series
    prices = [point.price for _, point in blocks(series.periods, series.curve_type)]
    assert prices == [Decimal("41.25")] * 2 + [Decimal("-0.01")] * 20 + [None]


@pytest.mark.parametrize("change", refused("publication"), ids=str)
def test_what_breaks_the_document_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("publication"), ids=str)
def test_what_is_assumed_is_reported(change: Change) -> None:
    found, report = opened(change.data)
    assert found.receiver == (CLAIMED if change.assumptions else READER)
    assert (report.assumptions, report.losses) == (change.assumptions, ())


# -------------------------------------------------------------------------------------------------------- the editions
DECLARED = """
mRID ID_String 1 1
auction.mRID ID_String 0 1
auction.type AuctionTypeList 0 1
auction.category CategoryTypeList 0 1
businessType BusinessTypeList 1 1
in_Domain.mRID AreaID_String 1 1
out_Domain.mRID AreaID_String 1 1
contract_MarketAgreement.type ContractTypeList 0 1
quantity_Measurement_Unit.name UnitOfMeasureTypeList 0 1
currency_Unit.name CurrencyTypeList 0 1
price_Measurement_Unit.name UnitOfMeasureTypeList 0 1
classificationSequence_AttributeInstanceComponent.position Position_Integer 0 1
participantNumber_AttributeInstanceComponent.position Position_Integer 0 1
winnerParticipantNumber_AttributeInstanceComponent.position Position_Integer 0 1
curveType CurveTypeList 0 1
update_DateAndOrTime.dateTime dateTime 0 1
connectingLine_RegisteredResource.mRID ResourceID_String 0 1
Period SeriesPeriod 0 -
Reason Reason 0 -
Winners_MarketParticipant WinnersMarketParticipant 0 -
"""
DIFFERENT = {
    "7.4": (),
    "7.3": (),
    "7.2": ("connectingLine_RegisteredResource.mRID",),
    "7.1": ("connectingLine_RegisteredResource.mRID", "update_DateAndOrTime.dateTime"),
    "7.0": ("connectingLine_RegisteredResource.mRID", "update_DateAndOrTime.dateTime"),
}
WHOLE = ("classificationSequence_A", "participantNumber_A", "winnerParticipantNumber_A")
"""Positions that edition 7.0 has without bounds."""


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_series_has_these_elements_in_this_order(name: str) -> None:
    rows = [row for row in DECLARED.split("\n")[1:-1] if row.split()[0] not in DIFFERENT[name]]
    unit = "_Measurement_Unit" if name == "7.4" else "_Measure_Unit"
    if name == "7.0":
        rows = [row.replace("Position_Integer", "integer") if row.startswith(WHOLE) else row for row in rows]
    assert declared(EDITIONS[name], TimeSeries) == [row.replace("_Measurement_Unit", unit) for row in rows]


def test_a_point_may_have_a_quantity_and_a_price() -> None:
    assert declared(EDITIONS["7.4"], Point) == [
        "position Position_Integer 1 1",
        "quantity decimal 0 1",
        "price.amount Amount_Decimal 0 1",
        "Reason Reason 0 -",
    ]


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_publication_is_converted_into_every_edition_and_tells_what_is_lost(name: str) -> None:
    carried, report = convert(DOCUMENT, EDITIONS["7.4"], EDITIONS[name])
    lost = {"connectingLine_RegisteredResource.mRID": "connecting_line", "update_DateAndOrTime.dateTime": "updated"}
    missing = {lost[tag]: None for tag in DIFFERENT[name]}
    head = {"status": None} if name == "7.0" else {}
    assert carried == exchanged(DOCUMENT, series=(exchanged(SERIES, **missing),), **head)
    places = [f"TimeSeries[1]/{tag}" for tag in DIFFERENT[name]] + ["docStatus"] * len(head)
    assert {loss.partition(": ")[0] for loss in report.losses} == {f"/Publication_MarketDocument/{at}" for at in places}
    data = write(carried, EDITIONS[name])
    assert parse(data).document == carried
    assert parse(data).edition is EDITIONS[name]


@pytest.mark.parametrize("name", ["7.2", "7.1"])
def test_a_line_is_not_written_where_the_edition_has_none(name: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write(DOCUMENT, EDITIONS[name])
    tag = "update_DateAndOrTime.dateTime" if name == "7.1" else "connectingLine_RegisteredResource.mRID"
    assert caught.value.path == f"/Publication_MarketDocument/TimeSeries[1]/{tag}"
    assert caught.value.expected == f"no such element in Publication_MarketDocument {name}"


def test_the_units_were_renamed_and_nothing_else_between_7_3_and_7_4() -> None:
    older = in_edition(PRICES, "publication", "7.3").replace(b"Measurement_Unit", b"Measure_Unit")
    assert parse(older).document == DOCUMENT
    assert write(DOCUMENT, EDITIONS["7.3"]) == older


def test_nothing_of_a_market_is_written_in_it() -> None:
    assert publication.MESSAGES == ()
    assert not hasattr(publication, "from_canonical")
