"""Offers and needs between the wire and the canonical model."""

import dataclasses
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import pytest

from gateway.envelope import Envelope, Message
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
    Need,
    Party,
    Reserve,
    ReserveNeed,
    Role,
)
from gateway.report import Report
from gateway.time import Interval
from profiles import parse, to_canonical, write, write_message
from profiles.parts import Measurement, Reason, RegisteredResource, Status, TimeInterval
from profiles.registry import DOCUMENTS
from profiles.reserve_bid import BidTimeSeries, LinkedBidTimeSeries, Point, ReserveBidMarketDocument, SeriesPeriod
from tests.generate_documents import plausible_bids

D = TypeVar("D")

DATA = Path(__file__).parents[1] / "data" / "reserve_bid" / "7.4"
EDITIONS = {edition.name: edition for edition in DOCUMENTS["reserve_bid"].EDITIONS}
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
NO2 = AreaId("10YNO-2--------T", "A01")
PROVIDER, OTHER = PartyId("9999909919920", "A10"), PartyId("9999909919939", "A10")
OPERATOR = Party(PartyId("10X1001A1001A38Y", "A01"), Role.RESERVE_ALLOCATOR)
ONE = plausible_bids(1, random.Random(3))


def exchanged(record: D, **changes: object) -> D:
    exchange: Callable[..., D] = dataclasses.replace
    return exchange(record, **changes)


def document(head: Mapping[str, object] = MappingProxyType({}), edition: str = "7.4", /, **changes: object) -> bytes:
    """Return a document of one offer with some values of its head and its series exchanged."""
    series = exchanged(ONE.series[0], **changes)
    return write(exchanged(ONE, series=(series,), **head), EDITIONS[edition], overlay="nbm")


def meaning(data: bytes) -> tuple[Envelope[Message], Report]:
    return to_canonical(parse(data, overlay="nbm"))


def bids(data: bytes) -> tuple[Bid, ...]:
    message = meaning(data)[0].message
    assert isinstance(message, BidSet)
    return message.bids


def needs(data: bytes) -> tuple[Need, ...]:
    message = meaning(data)[0].message
    assert isinstance(message, ReserveNeed)
    return message.needs


def period(start: datetime, slots: int, *points: Point, resolution: str = "PT15M") -> SeriesPeriod:
    interval = TimeInterval(start=start, end=start + slots * QUARTER)
    return SeriesPeriod(interval=interval, resolution=resolution, points=points)


def point(position: int, quantity: int) -> Point:
    return Point(position=position, quantity=Decimal(quantity), energy_price=Decimal(40))


def test_a_full_offer_means_what_its_elements_say() -> None:
    letter, report = meaning((DATA / "own-two-offers.xml").read_bytes())
    assert letter.sender == Party(PROVIDER, Role.BALANCING_SERVICE_PROVIDER)
    assert letter.receiver == OPERATOR
    assert (letter.document_type, letter.process, letter.reserve, letter.revision) == ("A37", "A47", Reserve.MFRR, 1)
    assert letter.period == Interval(datetime(2026, 3, 2, 23, tzinfo=UTC), datetime(2026, 3, 3, 23, tzinfo=UTC))
    assert letter.domain == AreaId("10YNO-0--------C", "A01")
    assert letter.edition == EDITIONS["7.4"].namespace
    assert isinstance(letter.message, BidSet)
    assert letter.message.bids[0] == Bid(
        id="bid-1",
        provider=PROVIDER,
        area=NO2,
        direction=Direction.UP,
        interval=Interval(TEN + QUARTER, TEN + 2 * QUARTER),
        quantity_mw=Decimal(50),
        price=Decimal("-11.32"),
        activation=Activation.SCHEDULED_OR_DIRECT,
        minimum_mw=Decimal(8),
        granularity_mw=Decimal("0.5"),
        technical_link="unit-7",
        links=(Link("bid-0", Condition.UNAVAILABLE_IF_ACTIVATED),),
        availability=Availability.CONDITIONALLY_AVAILABLE,
        resource=ResourceId("NOKG90901", "NNO"),
        activation_time=timedelta(minutes=10),
        resting_time=timedelta(minutes=30),
        minimum_duration=timedelta(minutes=5),
        maximum_duration=timedelta(hours=1),
        voluntary_id="plant/7 (north)",
        national=(
            ("auction", "MFRR_ENERGY_ACTIVATION_MARKET"),
            ("acquiring_domain", "A01:10Y1001A1001A91G"),
            ("psr_type", "B11"),
        ),
    )
    assert letter.message.bids[1] == Bid(
        id="bid-2",
        provider=OTHER,
        area=NO2,
        direction=Direction.DOWN,
        interval=Interval(TEN + QUARTER, TEN + 2 * QUARTER),
        quantity_mw=Decimal(10),
        price=Decimal("22.5"),
        divisible=False,
        inclusive="group-1",
    )
    assert report.losses == ()
    assert report.assumptions == (
        "1 series without status: available",
        "1 series of another product than A05, A06, A07: scheduled activation",
    )


def test_what_the_canonical_model_holds_is_written_again() -> None:
    letter, _ = meaning((DATA / "own-two-offers.xml").read_bytes())
    again, _ = meaning(write_message(letter))
    assert again.message == letter.message
    assert dataclasses.replace(again, digest=None) == dataclasses.replace(letter, digest=None)


def test_a_series_of_several_slots_is_one_bid_for_each() -> None:
    data = document(
        id="day", periods=(period(TEN, 2, point(1, 5), point(2, 6)), period(TEN + 4 * QUARTER, 1, point(1, 7)))
    )
    found = bids(data)
    assert [bid.id for bid in found] == ["day#1", "day#2", "day#3"]
    assert [bid.quantity_mw for bid in found] == [5, 6, 7]
    assert [bid.interval.start for bid in found] == [TEN, TEN + QUARTER, TEN + 4 * QUARTER]
    assert meaning(data)[1].assumptions == (
        "1 series of several slots: one bid or need for each, numbered <mRID>#<slot>",
    )


def test_curve_a03_repeats_a_value_in_the_edition_that_has_curves() -> None:
    resource = {"resource": None, "measured_resource": RegisteredResource(id=ONE.series[0].resource or OTHER_RESOURCE)}
    held = document({}, "7.6", curve_type="A03", periods=(period(TEN, 4, point(1, 5), point(3, 6)),), **resource)
    assert [bid.quantity_mw for bid in bids(held)] == [5, 5, 6, 6]
    assert bids(held)[0].resource == bids(document())[0].resource


OTHER_RESOURCE = ONE.series[0].acquiring_domain


@pytest.mark.parametrize("curve", ["A02", "A04", "A05"])
def test_other_curves_are_refused(curve: str) -> None:
    data = document({}, "7.6", resource=None, curve_type=curve)
    with pytest.raises(Unmappable) as caught:
        meaning(data)
    assert (caught.value.path, caught.value.code) == ("/ReserveBid_MarketDocument/Bid_TimeSeries[1]/curveType", "A59")


# What is exchanged in the head, in the series; where it is refused; the reason code.
UNMAPPABLE: list[tuple[dict[str, object], dict[str, object], str, str]] = [
    ({"type": "A38"}, {}, "type", "A77"),
    ({"type": "A25"}, {}, "type", "A77"),
    ({"process": None}, {}, "process.processType", "A69"),
    ({"process": "A15"}, {}, "process.processType", "A79"),
    ({"sender_role": "A41"}, {}, "sender_MarketParticipant.marketRole.type", "A78"),
    ({"period": TimeInterval(start=TEN, end=TEN)}, {}, "reserveBid_Period.timeInterval", "A04"),
    ({}, {"business_type": "B95"}, "Bid_TimeSeries[1]/businessType", "A62"),
    ({}, {"direction": "A04"}, "Bid_TimeSeries[1]/flowDirection.direction", "999"),
    ({}, {"quantity_unit": "KWT"}, "Bid_TimeSeries[1]/quantity_Measurement_Unit.name", "999"),
    ({}, {"energy_price_unit": "KWH"}, "Bid_TimeSeries[1]/energyPrice_Measurement_Unit.name", "999"),
    ({}, {"status": Status(value="A28")}, "Bid_TimeSeries[1]/status/value", "999"),
    ({}, {"resting_duration": "P1D"}, "Bid_TimeSeries[1]/resting_ConstraintDuration.duration", "999"),
    ({}, {"resting_duration": "-PT5M"}, "Bid_TimeSeries[1]/resting_ConstraintDuration.duration", "999"),
    ({}, {"linked": (LinkedBidTimeSeries(id="x"),)}, "Bid_TimeSeries[1]/Linked_BidTimeSeries/status", "A69"),
    (
        {},
        {"linked": (LinkedBidTimeSeries(id="x", status=Status(value="A06")),)},
        "Bid_TimeSeries[1]/Linked_BidTimeSeries/status/value",
        "999",
    ),
    ({}, {"periods": (period(TEN, 2, point(1, 5)),)}, "Bid_TimeSeries[1]/Period[1]/Point/position", "A49"),
    ({}, {"periods": (period(TEN, 1, point(2, 5)),)}, "Bid_TimeSeries[1]/Period[1]/Point/position", "A49"),
    (
        {},
        {"periods": (period(TEN, 1, point(1, 5), resolution="PT10M"),)},
        "Bid_TimeSeries[1]/Period[1]/resolution",
        "A41",
    ),
    (
        {},
        {"periods": (period(TEN, 1, point(1, 5), resolution="-PT15M"),)},
        "Bid_TimeSeries[1]/Period[1]/resolution",
        "A41",
    ),
    ({}, {"periods": (period(TEN, 0, point(1, 5)),)}, "Bid_TimeSeries[1]/Period[1]/timeInterval", "A04"),
    ({}, {"periods": (period(TEN, 1, point(1, -5)),)}, "Bid_TimeSeries[1]", "999"),
]


@pytest.mark.parametrize(("head", "changes", "path", "code"), UNMAPPABLE)
def test_what_cannot_be_held_is_refused_with_its_place(
    head: dict[str, object], changes: dict[str, object], path: str, code: str
) -> None:
    with pytest.raises(Unmappable) as caught:
        meaning(document(head, **changes))
    assert (caught.value.path, caught.value.code) == (f"/ReserveBid_MarketDocument/{path}", code)


def test_a_path_has_the_names_of_the_edition_that_was_read() -> None:
    with pytest.raises(Unmappable) as caught:
        meaning(document({}, "7.2", quantity_unit="KWT"))
    assert caught.value.path == "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/quantity_Measure_Unit.name"


def test_what_has_no_place_in_the_model_is_reported() -> None:
    measured = RegisteredResource(
        id=OTHER_RESOURCE, measurements=(Measurement(type="A01", unit="P1", value=Decimal(3)),)
    )
    priced = Point(position=1, quantity=Decimal(5), quality="A04", minimum_quantity=Decimal(2))
    data = document(
        {},
        "7.6",
        priority=3,
        divisible="A02",
        original_product="A01",
        resource=None,
        measured_resource=measured,
        periods=(period(TEN, 1, priced),),
    )
    assert meaning(data)[1].losses == (
        "priority: dropped 1 times",
        "original_MarketProduct.marketProductType: dropped 1 times",
        "quality: dropped 1 times",
        "minimum quantity of indivisible series: dropped 1 times",
        "measurements of resources: dropped 1 times",
    )


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_has_its_code(condition: Condition) -> None:
    (bid,) = bids(document())
    letter = dataclasses.replace(
        meaning(document())[0], message=BidSet(bids=(dataclasses.replace(bid, links=(Link("b", condition),)),))
    )
    assert bids(write_message(letter))[0].links == (Link("b", condition),)


@pytest.mark.parametrize("reserve", list(Reserve))
def test_every_reserve_has_its_process(reserve: Reserve) -> None:
    (bid,) = bids(document())
    message = BidSet(bids=(dataclasses.replace(bid, reserve=reserve),))
    letter = dataclasses.replace(meaning(document())[0], message=message, process=None, reserve=reserve)
    again, _ = meaning(write_message(letter))
    assert again.message == message
    assert again.reserve is reserve


def test_a_complete_set_of_bids_replaces_all() -> None:
    letter, _ = meaning(document({"type": "B40"}))
    assert letter.message == dataclasses.replace(BidSet(bids=bids(document())), replaces_all=True)
    bare = dataclasses.replace(letter, document_type=None)
    assert meaning(write_message(bare))[0].message == letter.message


def test_capacity_of_frequency_containment_has_its_own_product_and_price() -> None:
    priced = Point(position=1, quantity=Decimal(5), price=Decimal("3.2"))
    data = document(
        {"type": "A24", "process": "A52"},
        business_type="C26",
        direction="A03",
        price_unit="MAW",
        energy_price_unit=None,
        product=None,
        periods=(period(TEN, 1, priced),),
    )
    (bid,) = bids(data)
    assert (bid.reserve, bid.product, bid.direction) == (Reserve.FCR, "FCR-N", Direction.BOTH)
    assert (bid.price, bid.capacity_price) == (None, Decimal("3.2"))


def test_reasons_and_national_codes_come_back() -> None:
    reasons = (Reason(code="Z64"), Reason(code="A95", text="unit 7"), Reason(code="Z65", text="late"))
    (bid,) = bids(document(reasons=reasons, product="Z01"))
    assert bid.voluntary_id == "unit 7"
    assert bid.national[2:] == (("product", "Z01"), ("Z64", ""), ("Z65", "late"))
    letter, _ = meaning(document(reasons=reasons, product="Z01"))
    assert bids(write_message(letter, overlay="nbm")) == (bid,)


@pytest.mark.parametrize(("kind", "business"), [("B21", "B75"), ("A37", "B75"), ("B21", "B90")])
def test_a_need_is_a_need_under_both_types(kind: str, business: str) -> None:
    data = document(
        {"type": kind, "sender_role": "A50", "subject_role": "A50", "receiver_role": "A11"},
        business_type=business,
    )
    (need,) = needs(data)
    assert need.required == (business == "B75")
    assert (need.buyer, need.area) == (PROVIDER, NO2)
    assert need.price == bids(document())[0].price
    letter, _ = meaning(data)
    assert letter.sender.role is Role.DISTRIBUTION_SYSTEM_OPERATOR
    assert needs(write_message(letter)) == (need,)
    assert needs(write_message(dataclasses.replace(letter, document_type=None))) == (need,)


def test_needs_and_offers_do_not_mix() -> None:
    first = ONE.series[0]
    mixed = dataclasses.replace(ONE, series=(first, dataclasses.replace(first, id="n", business_type="B75")))
    with pytest.raises(Unmappable, match="businessType"):
        meaning(write(mixed, EDITIONS["7.4"]))


def test_a_need_in_both_directions_is_none() -> None:
    with pytest.raises(Unmappable, match="up or down"):
        meaning(document({"type": "B21"}, business_type="B75", direction="A03"))


def test_the_provider_is_the_series_own_else_the_subject_else_the_sender() -> None:
    own = document(provider=ONE.domain)
    assert bids(own)[0].provider == PartyId(ONE.domain.value, "A01")
    subject = document({"subject": ONE.domain})
    assert bids(subject)[0].provider == PartyId(ONE.domain.value, "A01")
    sender = document({"subject": None, "subject_role": None})
    assert bids(sender)[0].provider == PROVIDER


def letter_of(*items: Bid) -> Envelope[BidSet]:
    return Envelope(
        id="doc-9",
        sender=Party(OTHER, Role.DISTRIBUTION_SYSTEM_OPERATOR),
        receiver=OPERATOR,
        created=TEN,
        message=BidSet(bids=items),
        reserve=Reserve.MFRR,
    )


def test_head_and_period_come_from_the_message_where_the_envelope_has_none() -> None:
    (bid,) = bids(document(periods=(period(TEN, 1, point(1, 5)),)))
    letter, _ = meaning(write_message(letter_of(bid)))
    assert letter.period == Interval(TEN, TEN + QUARTER)
    assert letter.domain == NO2
    assert (letter.document_type, letter.process) == ("A37", "A47")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"period": None, "message": BidSet(bids=())}, "timeInterval"),
        ({"reserve": None}, "process.processType"),
        ({"reserve": Reserve.RR}, "process.processType"),
        ({"sender": Party(OTHER, Role.SCHEDULING_AGENT)}, "marketRole.type"),
        ({"created": TEN + timedelta(milliseconds=1)}, "createdDateTime"),
    ],
)
def test_an_envelope_that_no_document_can_carry_is_not_written(change: dict[str, object], where: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write_message(exchanged(letter_of(*bids(document())), **change))
    assert where in caught.value.path


def test_a_message_is_not_written_in_an_edition_without_room_for_it() -> None:
    (bid,) = bids(document())
    letter = letter_of(dataclasses.replace(bid, inclusive="g"))
    with pytest.raises(Unwritable, match="inclusiveBidsIdentification"):
        write_message(letter, EDITIONS["7.2"])
    assert bids(write_message(letter, EDITIONS["7.2-nbm"]))[0].inclusive == "g"
    assert bids(write_message(letter, EDITIONS["7.6"]))[0].resource == bid.resource
    with pytest.raises(Unwritable, match="one of ReserveBid"):
        write_message(letter, DOCUMENTS["capacity"].EDITIONS[0])


def test_an_empty_document_of_offers_says_that_there_are_none() -> None:
    letter, _ = meaning(write(dataclasses.replace(ONE, series=()), EDITIONS["7.4"]))
    assert letter.message == BidSet(bids=())
    assert isinstance(ONE, ReserveBidMarketDocument)
    assert isinstance(ONE.series[0], BidTimeSeries)
