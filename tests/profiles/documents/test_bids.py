"""Bid_TimeSeries with an offer, term by term, between the wire and the canonical model."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.errors import Unmappable, Unwritable
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import (
    Activation,
    Availability,
    Bid,
    BidSet,
    Condition,
    Direction,
    Link,
    Reserve,
)
from gateway.time import Interval, market_day
from profiles import bids
from profiles.bid_time_series import BidTimeSeries
from profiles.cases.edits import changed
from profiles.lexical import Coded
from profiles.parts import Reason
from tests.profiles.documents.messages import (
    Change,
    meaning,
    period,
    refusal,
    refused,
    reported,
    source,
    with_periods,
)
from tests.wire_values import changed as exchanged

OFFERS = source("reserve_bid", "7.4/own-written-offers")
CURVED = source("reserve_bid", "7.6/own-curved-offer")
NO2 = AreaId("10YNO-2--------T", "A01")
SELLER, OTHER = PartyId("9999909919920", "A10"), PartyId("9999909919939", "A10")
UNIT = ResourceId("NOKG90901", "NNO")
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)

FULL = Bid(
    id="full",
    provider=SELLER,
    area=NO2,
    direction=Direction.UP,
    interval=Interval(TEN, TEN + QUARTER),
    quantity_mw=Decimal(50),
    price=Decimal("-11.32"),
    capacity_price=Decimal("1.25"),
    currency="NOK",
    reserve=Reserve.MFRR,
    activation=Activation.DIRECT,
    minimum_mw=Decimal(10),
    granularity_mw=Decimal("2.5"),
    multipart="steps",
    technical_link="unit-7",
    links=(Link("earlier", Condition.UNAVAILABLE_IF_ACTIVATED), Link("group", Condition.AVAILABLE_IF_DIRECT)),
    availability=Availability.CONDITIONALLY_UNAVAILABLE,
    resource=UNIT,
    activation_time=timedelta(minutes=12, seconds=30),
    resting_time=timedelta(minutes=30),
    minimum_duration=timedelta(minutes=5),
    maximum_duration=timedelta(minutes=90),
    voluntary_id="plant 7",
    national=(
        ("auction", "MFRR_ENERGY_ACTIVATION_MARKET"),
        ("acquiring_domain", "A01:10Y1001A1001A91G"),
        ("psr_type", "B11"),
        ("B59", ""),
        ("B58", "half of it"),
    ),
)
PLAIN = Bid(
    id="plain",
    provider=OTHER,
    area=NO2,
    direction=Direction.DOWN,
    interval=Interval(TEN + QUARTER, TEN + 4 * QUARTER),
    quantity_mw=Decimal(7),
    divisible=False,
    exclusive="either",
)


def offers(*edit: tuple[str, ...]) -> tuple[Bid, ...]:
    """Return the offers of the message with some changes."""
    return meaning(changed(OFFERS, edit), BidSet)[0].bids


def series_of(bid: Bid, **changes: object) -> BidTimeSeries:
    """Return the series of a bid with other values; the owner is its provider."""
    return bids.bid_series(exchanged(bid, **changes), SELLER)


# ------------------------------------------------------------------------------------------------------------- offers
def test_an_offer_means_what_its_elements_say() -> None:
    assert offers() == (FULL, PLAIN)


def test_what_an_offer_says_is_written_element_by_element() -> None:
    written = series_of(FULL)
    assert (written.id, written.auction, written.business_type) == ("full", "MFRR_ENERGY_ACTIVATION_MARKET", "B74")
    assert (written.acquiring_domain, written.connecting_domain) == (
        Coded("10Y1001A1001A91G", "A01"),
        Coded("10YNO-2--------T", "A01"),
    )
    assert (written.provider, written.resource) == (None, Coded("NOKG90901", "NNO"))
    assert (written.quantity_unit, written.price_unit, written.energy_price_unit) == ("MAW", "MAW", "MWH")
    assert (written.currency, written.divisible, written.direction) == ("NOK", "A01", "A01")
    assert (written.linked_bids, written.multipart_bid) == ("unit-7", "steps")
    assert (written.exclusive_bids, written.inclusive_bids, written.block_bid) == (None, None, None)
    assert (written.status and written.status.value, written.step_increment) == ("A66", Decimal("2.5"))
    assert (written.activation_duration, written.resting_duration) == ("PT12M30S", "PT30M")
    assert (written.minimum_duration, written.maximum_duration) == ("PT5M", "PT90M")
    assert (written.product, written.psr_type) == ("A06", "B11")
    assert written.reasons == (
        Reason(code="A95", text="plant 7"),
        Reason(code="B59"),
        Reason(code="B58", text="half of it"),
    )
    assert [(link.id, link.status and link.status.value) for link in written.linked] == [
        ("earlier", "A55"),
        ("group", "A70"),
    ]
    ((point,),) = [one.points for one in written.periods]
    assert (point.position, point.quantity, point.minimum_quantity) == (1, Decimal(50), Decimal(10))
    assert (point.price, point.energy_price) == (Decimal("1.25"), Decimal("-11.32"))


def test_an_offer_that_says_little_is_written_with_few_elements() -> None:
    written = bids.bid_series(PLAIN, SELLER)
    assert written.provider == Coded("9999909919939", "A10")
    assert (written.price_unit, written.energy_price_unit) == (None, None)
    assert (written.divisible, written.exclusive_bids, written.product) == ("A02", "either", "A05")
    assert {written.resource, written.auction, written.psr_type, written.step_increment} == {None}
    assert {written.activation_duration, written.resting_duration} == {None}
    assert (written.reasons, written.linked) == ((), ())
    (one,) = written.periods
    assert (one.interval.start, one.interval.end, one.resolution) == (TEN + QUARTER, TEN + 4 * QUARTER, "PT45M")
    assert (one.points[0].minimum_quantity, one.points[0].energy_price) == (None, None)


@pytest.mark.parametrize(("code", "product"), [("B74", "energy"), ("C26", "FCR-N"), ("C27", "FCR-D")])
def test_the_business_type_is_the_product(code: str, product: str) -> None:
    (_, found) = offers(("set", "Bid_TimeSeries[2]/businessType", code))
    assert found == dataclasses.replace(PLAIN, product=product)
    assert series_of(found).business_type == code


@pytest.mark.parametrize(
    ("code", "direction"), [("A01", Direction.UP), ("A02", Direction.DOWN), ("A03", Direction.BOTH)]
)
def test_the_direction_of_the_flow_is_that_of_the_offer(code: str, direction: Direction) -> None:
    (_, found) = offers(("set", "Bid_TimeSeries[2]/flowDirection.direction", code))
    assert found.direction is direction
    assert series_of(found).direction == code


@pytest.mark.parametrize(
    ("code", "activation"),
    [("A05", Activation.SCHEDULED), ("A06", Activation.DIRECT), ("A07", Activation.SCHEDULED_OR_DIRECT)],
)
def test_the_standard_product_says_how_it_may_be_activated(code: str, activation: Activation) -> None:
    (_, found) = offers(("set", "Bid_TimeSeries[2]/standard_MarketProduct.marketProductType", code))
    assert found == dataclasses.replace(PLAIN, activation=activation)
    assert series_of(found).product == code


@pytest.mark.parametrize(
    ("code", "availability"),
    [
        ("A06", Availability.AVAILABLE),
        ("A11", Availability.UNAVAILABLE),
        ("A65", Availability.CONDITIONALLY_AVAILABLE),
        ("A66", Availability.CONDITIONALLY_UNAVAILABLE),
    ],
)
def test_the_status_says_whether_it_may_be_used(code: str, availability: Availability) -> None:
    (_, found) = offers(("set", "Bid_TimeSeries[2]/status/value", code))
    assert found.availability is availability
    written = series_of(found).status
    assert written is not None
    assert written.value == code


CONDITIONS = [
    ("A55", Condition.UNAVAILABLE_IF_ACTIVATED),
    ("A56", Condition.UNAVAILABLE_IF_NOT_ACTIVATED),
    ("A57", Condition.NOT_DIRECT_IF_DIRECT),
    ("A58", Condition.NOT_DIRECT_IF_SCHEDULED),
    ("A59", Condition.UNAVAILABLE_IF_SCHEDULED),
    ("A60", Condition.UNAVAILABLE_IF_DIRECT),
    ("A67", Condition.AVAILABLE_IF_ACTIVATED),
    ("A68", Condition.AVAILABLE_IF_NOT_ACTIVATED),
    ("A69", Condition.AVAILABLE_IF_SCHEDULED),
    ("A70", Condition.AVAILABLE_IF_DIRECT),
    ("A71", Condition.DIRECT_IF_DIRECT),
    ("A72", Condition.DIRECT_IF_SCHEDULED),
]


@pytest.mark.parametrize(("code", "condition"), CONDITIONS)
def test_the_status_of_a_link_is_its_condition(code: str, condition: Condition) -> None:
    (found, _) = offers(("set", "Bid_TimeSeries[1]/Linked_BidTimeSeries[2]/status/value", code))
    assert found.links == (Link("earlier", Condition.UNAVAILABLE_IF_ACTIVATED), Link("group", condition))
    written = series_of(found).linked[1].status
    assert written is not None
    assert written.value == code


def test_every_condition_has_a_code() -> None:
    assert {condition for _, condition in CONDITIONS} == set(Condition)


@pytest.mark.parametrize(
    ("tag", "group", "text"),
    [
        ("linkedBidsIdentification", "technical_link", "t"),
        ("multipartBidIdentification", "multipart", "m"),
        ("exclusiveBidsIdentification", "exclusive", "x"),
        ("inclusiveBidsIdentification", "inclusive", "i"),
    ],
)
def test_each_group_has_its_element(tag: str, group: str, text: str) -> None:
    place = "standard_MarketProduct.marketProductType" if group == "inclusive" else "divisible"
    edits = [("drop", "Bid_TimeSeries[2]/exclusiveBidsIdentification")]
    (_, found) = offers(*edits, ("after", f"Bid_TimeSeries[2]/{place}", f"<{tag}>{text}</{tag}>"))
    assert found == exchanged(PLAIN, **{"exclusive": None, group: text})
    fields = {
        "technical_link": "linked_bids",
        "multipart": "multipart_bid",
        "exclusive": "exclusive_bids",
        "inclusive": "inclusive_bids",
    }
    assert getattr(series_of(found), fields[group]) == text


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        ("activation", "activation_time"),
        ("resting", "resting_time"),
        ("minimum", "minimum_duration"),
        ("maximum", "maximum_duration"),
    ],
)
@pytest.mark.parametrize(
    ("text", "length", "written"),
    [
        ("PT0S", timedelta(0), "PT0S"),
        ("PT90S", timedelta(seconds=90), "PT1M30S"),
        ("PT1H", timedelta(hours=1), "PT60M"),
        ("PT0.5S", timedelta(milliseconds=500), "PT0.5S"),
    ],
)
def test_a_duration_is_read_by_its_length(tag: str, field: str, text: str, length: timedelta, written: str) -> None:
    (found, _) = offers(("set", f"Bid_TimeSeries[1]/{tag}_ConstraintDuration.duration", text))
    assert found == exchanged(FULL, **{field: length})
    assert getattr(series_of(found), f"{tag}_duration") == written


def test_a_product_of_another_market_is_kept_and_activated_as_scheduled() -> None:
    (_, found) = offers(("set", "Bid_TimeSeries[2]/standard_MarketProduct.marketProductType", "A02"))
    assert found == dataclasses.replace(PLAIN, national=(("product", "A02"),))
    assert series_of(found).product == "A02"


def test_only_the_first_words_under_the_voluntary_code_are_the_voluntary_identifier() -> None:
    second = "<Reason><code>A95</code><text>again</text></Reason>"
    (found, _) = offers(("after", "Bid_TimeSeries[1]/Reason[3]", second))
    assert found.voluntary_id == "plant 7"
    assert found.national[-1] == ("A95", "again")


def test_without_a_minimum_any_amount_may_be_taken() -> None:
    (found, _) = offers(("drop", "Bid_TimeSeries[1]/Period/Point/minimum_Quantity.quantity"))
    assert found == dataclasses.replace(FULL, minimum_mw=Decimal(0))


def test_what_cannot_be_divided_has_no_minimum() -> None:
    (found, _) = offers(("set", "Bid_TimeSeries[1]/divisible", "A02"))
    assert found == dataclasses.replace(FULL, divisible=False, minimum_mw=Decimal(0))


def test_a_block_may_fill_one_slot() -> None:
    (_, found) = offers(("after", "Bid_TimeSeries[2]/exclusiveBidsIdentification", "<blockBid>A01</blockBid>"))
    assert found == PLAIN


def test_a_third_kind_of_divisible_is_refused() -> None:
    series = exchanged(bids.bid_series(PLAIN, SELLER), divisible="A03")
    with pytest.raises(Unmappable) as caught:
        bids.bids(series, Coded("9999909919920", "A10"), Reserve.MFRR)
    assert (caught.value.path, caught.value.expected) == ("divisible", "one of A01, A02")
    assert (caught.value.found, caught.value.code) == ("'A03'", "999")


# ------------------------------------------------------------------------------------------------------------- slots
def test_a_curve_of_variable_blocks_is_one_offer_for_each_slot() -> None:
    message, _ = meaning(CURVED, BidSet)
    first = Bid(
        id="curve#1",
        provider=SELLER,
        area=NO2,
        direction=Direction.UP,
        interval=Interval(TEN, TEN + QUARTER),
        quantity_mw=Decimal(5),
        price=Decimal(40),
        reserve=Reserve.AFRR,
        divisible=False,
        resource=UNIT,
    )
    rows = [("curve#1", 5, 40), ("curve#2", 5, 40), ("curve#3", 6, 41), ("curve#4", 6, 41)]
    assert message.bids == tuple(
        dataclasses.replace(
            first,
            id=name,
            quantity_mw=Decimal(mw),
            price=Decimal(price),
            interval=Interval(TEN + at * QUARTER, TEN + (at + 1) * QUARTER),
        )
        for at, (name, mw, price) in enumerate(rows)
    )


@pytest.mark.parametrize(("day", "slots"), [(date(2026, 3, 29), 92), (date(2026, 3, 3), 96), (date(2026, 10, 25), 100)])
def test_a_market_day_has_as_many_quarter_hours_as_the_clock_shows(day: date, slots: int) -> None:
    whole = market_day(day)
    points = [f"<quantity.quantity>{at}</quantity.quantity>" for at in range(1, slots + 1)]
    data = with_periods(OFFERS, "Bid_TimeSeries", period(whole, "PT15M", *points))
    edit = [("drop", "Bid_TimeSeries[2]"), ("set", "Bid_TimeSeries/divisible", "A02")]
    message, report = meaning(changed(data, edit), BidSet)
    assert [bid.quantity_mw for bid in message.bids] == list(range(1, slots + 1))
    assert [bid.id for bid in message.bids] == [f"full#{at}" for at in range(1, slots + 1)]
    assert (message.bids[0].interval.start, message.bids[-1].interval.end) == (whole.start, whole.end)
    assert report.assumptions == ("1 series of several slots: one bid or need for each, numbered <mRID>#<slot>",)


# ------------------------------------------------------------------------------------------------ refused and reported
@pytest.mark.parametrize("change", refused("reserve_bid", "bids"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data, overlay=change.overlay) == change.refusal


@pytest.mark.parametrize("change", reported("reserve_bid", "bids"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    _, report = meaning(change.data, BidSet)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


@pytest.mark.parametrize(
    ("bid", "path", "expected"),
    [
        (dataclasses.replace(PLAIN, product="heat"), "businessType", "one of FCR-D, FCR-N, energy"),
        (dataclasses.replace(PLAIN, product=""), "businessType", "one of FCR-D, FCR-N, energy"),
    ],
    ids=["heat", "nothing"],
)
def test_a_product_without_a_code_is_not_written(bid: Bid, path: str, expected: str) -> None:
    with pytest.raises(Unwritable) as caught:
        bids.bid_series(bid, SELLER)
    assert (caught.value.path, caught.value.expected, caught.value.found) == (path, expected, repr(bid.product))
