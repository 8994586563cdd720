"""The declaration of Bid_TimeSeries: which elements stand in it, in which order, and what each may hold."""

from __future__ import annotations

import pytest

from profiles import parse, reserve_bid
from profiles.bid_time_series import BidTimeSeries, LinkedBidTimeSeries, Point, SeriesPeriod
from profiles.cases.edits import changed
from tests.profiles.documents.messages import Change, declared, refusal, refused, source

OFFERS = source("reserve_bid", "7.4/own-written-offers")
EDITIONS = {edition.name: edition for edition in reserve_bid.EDITIONS}

# Tag, simple type or class, and how often it may stand there in edition 7.4; - is without bound.
SERIES_7_4 = """
mRID ID_String 1 1
auction.mRID ID_String 0 1
businessType BusinessTypeList 1 1
acquiring_Domain.mRID AreaID_String 1 1
connecting_Domain.mRID AreaID_String 1 1
provider_MarketParticipant.mRID PartyID_String 0 1
quantity_Measurement_Unit.name UnitOfMeasureTypeList 1 1
currency_Unit.name CurrencyTypeList 0 1
price_Measurement_Unit.name UnitOfMeasureTypeList 0 1
divisible IndicatorTypeList 1 1
linkedBidsIdentification ID_String 0 1
multipartBidIdentification ID_String 0 1
exclusiveBidsIdentification ID_String 0 1
blockBid IndicatorTypeList 0 1
status Status 0 1
priority integer 0 1
registeredResource.mRID ResourceID_String 0 1
flowDirection.direction DirectionTypeList 1 1
stepIncrementQuantity decimal 0 1
energyPrice_Measurement_Unit.name UnitOfMeasureTypeList 0 1
marketAgreement.type ContractTypeList 0 1
marketAgreement.mRID ID_String 0 1
marketAgreement.createdDateTime ESMP_DateTime 0 1
activation_ConstraintDuration.duration duration 0 1
resting_ConstraintDuration.duration duration 0 1
minimum_ConstraintDuration.duration duration 0 1
maximum_ConstraintDuration.duration duration 0 1
standard_MarketProduct.marketProductType MarketProductTypeList 0 1
original_MarketProduct.marketProductType MarketProductTypeList 0 1
validity_Period.timeInterval TimeInterval 0 1
inclusiveBidsIdentification ID_String 0 1
mktPSRType.psrType AssetTypeList 0 1
Period SeriesPeriod 1 -
AvailableBiddingZone_Domain BiddingZoneDomain 0 -
Reason Reason 0 -
Linked_BidTimeSeries LinkedBidTimeSeries 0 -
ProcuredFor_MarketParticipant OriginMarketParticipant 0 1
SharedWith_MarketParticipant OriginMarketParticipant 0 -
ExchangedWith_MarketParticipant OriginMarketParticipant 0 -
"""


def tags(edition: str, cls: type) -> list[str]:
    """Return the tags of an edition in their order."""
    return [entry.tag for entry in EDITIONS[edition].fields(cls)]


def test_a_series_has_these_elements_in_this_order() -> None:
    assert declared(EDITIONS["7.4"], BidTimeSeries) == SERIES_7_4.split("\n")[1:-1]


def test_a_point_has_a_position_a_quantity_and_prices() -> None:
    assert declared(EDITIONS["7.4"], Point) == [
        "position Position_Integer 1 1",
        "quantity.quantity decimal 1 1",
        "minimum_Quantity.quantity decimal 0 1",
        "price.amount Amount_Decimal 0 1",
        "energy_Price.amount Amount_Decimal 0 1",
    ]
    assert declared(EDITIONS["7.4"], SeriesPeriod) == [
        "timeInterval TimeInterval 1 1",
        "resolution duration 1 1",
        "Point Point 1 -",
    ]
    assert declared(EDITIONS["7.4"], LinkedBidTimeSeries) == ["mRID ID_String 1 1", "status Status 0 1"]


@pytest.mark.parametrize(
    ("edition", "more", "fewer"),
    [
        ("7.5", set(), set()),
        (
            "7.6",
            {
                "RegisteredResource",
                "curveType",
                "original_MarketDocument.mRID",
                "original_MarketDocument.revisionNumber",
            },
            {"registeredResource.mRID"},
        ),
        ("7.3", set(), {"inclusiveBidsIdentification", "mktPSRType.psrType"}),
        (
            "7.2",
            {"quantity_Measure_Unit.name", "price_Measure_Unit.name", "energyPrice_Measure_Unit.name"},
            {
                "inclusiveBidsIdentification",
                "mktPSRType.psrType",
                "quantity_Measurement_Unit.name",
                "price_Measurement_Unit.name",
                "energyPrice_Measurement_Unit.name",
            },
        ),
        (
            "7.1",
            {
                "quantity_Measure_Unit.name",
                "price_Measure_Unit.name",
                "energyPrice_Measure_Unit.name",
                "AvailableMBA_Domain",
            },
            {
                "inclusiveBidsIdentification",
                "mktPSRType.psrType",
                "quantity_Measurement_Unit.name",
                "price_Measurement_Unit.name",
                "energyPrice_Measurement_Unit.name",
                "AvailableBiddingZone_Domain",
                "Linked_BidTimeSeries",
                "ProcuredFor_MarketParticipant",
                "SharedWith_MarketParticipant",
                "ExchangedWith_MarketParticipant",
            },
        ),
    ],
)
def test_an_edition_differs_from_7_4_in_these_elements(edition: str, more: set[str], fewer: set[str]) -> None:
    own, full = set(tags(edition, BidTimeSeries)), set(tags("7.4", BidTimeSeries))
    assert own - full == more
    assert full - own == fewer


@pytest.mark.parametrize(("edition", "known"), [("7.4", False), ("7.5", True), ("7.6", True), ("7.3", False)])
def test_a_point_has_a_quality_since_7_5(edition: str, known: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert ("quality" in tags(edition, Point)) is known


def test_the_nordic_edition_has_the_inclusive_group_last() -> None:
    assert tags("7.2-nbm", BidTimeSeries)[-1] == "inclusiveBidsIdentification"
    assert tags("7.4", BidTimeSeries)[-1] == "ExchangedWith_MarketParticipant"


@pytest.mark.parametrize(("edition", "longest"), [("7.4", 60), ("7.2", 60), ("7.1", 35)])
def test_identifiers_were_shorter_in_the_oldest_edition(edition: str, longest: int) -> None:
    (field,) = [entry for entry in EDITIONS[edition].fields(BidTimeSeries) if entry.tag == "mRID"]
    assert getattr(field.kind, "longest", None) == longest


@pytest.mark.parametrize("change", refused("reserve_bid", "series"), ids=str)
def test_an_element_that_breaks_its_form_facet_or_list_is_refused(change: Change) -> None:
    assert refusal(change.data, overlay=change.overlay) == change.refusal


def test_a_code_of_the_market_is_known_under_its_overlay_only() -> None:
    data = changed(OFFERS, [("set", "Bid_TimeSeries[1]/Reason[3]/code", "Z64")])
    assert parse(data, overlay="nbm").report.clean
    (finding,) = parse(data).report.findings
    assert (finding.rule, finding.found) == ("GEN-005", "'Z64'")


def test_white_space_around_a_code_or_number_is_no_part_of_it() -> None:
    edits = [
        ("set", "Bid_TimeSeries[2]/divisible", " A02\n"),
        ("set", "Bid_TimeSeries[2]/Period/Point/position", "\t1 "),
    ]
    document = parse(changed(OFFERS, edits)).document
    assert document == parse(OFFERS).document


def test_white_space_in_an_identifier_is_a_part_of_it() -> None:
    document = parse(changed(OFFERS, [("set", "Bid_TimeSeries[2]/mRID", " plain")])).document
    assert document.series[1].id == " plain"
