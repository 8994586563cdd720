"""MeritOrderList_MarketDocument: the bids of a market in their order, element by element."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.areas import MeritOrderEntry, MeritOrderList, MeritOrderLists
from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.inquiries import Informative
from gateway.model import Availability, Bid, Condition, Direction, Link, Party, Reserve, Role
from gateway.time import Interval
from profiles import merit_order_list, parse, write, write_message
from profiles.cases.edits import changed
from profiles.lexical import Coded
from tests.profiles.documents.messages import (
    Change,
    in_edition,
    meaning,
    opened,
    period,
    refusal,
    refused,
    reported,
    source,
    with_periods,
)
from tests.wire_values import changed as exchanged

LISTS = source("merit_order_list", "7.3/own-two-lists")
EDITIONS = {edition.name: edition for edition in merit_order_list.EDITIONS}
NO1, NO2 = AreaId("10YNO-1--------2", "A01"), AreaId("10YNO-2--------T", "A01")
SELLER, OTHER = PartyId("9999909919920", "A10"), PartyId("9999909919939", "A10")
OPERATOR = Party(PartyId("10X1001A1001A38Y", "A01"), Role.MERIT_ORDER_LIST_RESPONSIBLE)
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
FIRST, SECOND = Interval(TEN, TEN + QUARTER), Interval(TEN + QUARTER, TEN + 2 * QUARTER)

CHEAP = Bid(
    id="cheap",
    provider=SELLER,
    area=NO2,
    direction=Direction.UP,
    interval=FIRST,
    quantity_mw=Decimal(10),
    price=Decimal("-2.5"),
    national=(("auction", "MFRR"),),
)
DEAR = Bid(
    id="dear",
    provider=OTHER,
    area=NO1,
    direction=Direction.UP,
    interval=FIRST,
    quantity_mw=Decimal("12.5"),
    price=Decimal("39.99"),
    capacity_price=Decimal("1.2"),
    currency="NOK",
    minimum_mw=Decimal(5),
    granularity_mw=Decimal("2.5"),
    availability=Availability.CONDITIONALLY_AVAILABLE,
    resource=ResourceId("NOKG90901", "NNO"),
    national=(("auction", "MFRR"), ("acquiring_domain", "A01:10Y1001A1001A91G")),
)
OUT = Bid(
    id="out",
    provider=OTHER,
    area=NO1,
    direction=Direction.UP,
    interval=FIRST,
    quantity_mw=Decimal(1),
    availability=Availability.UNAVAILABLE,
    national=(("auction", "mFRR"),),
)
DOWN = Bid(
    id="down",
    provider=SELLER,
    area=NO2,
    direction=Direction.DOWN,
    interval=SECOND,
    quantity_mw=Decimal(7),
    price=Decimal(60),
    availability=Availability.CONDITIONALLY_UNAVAILABLE,
    national=(("auction", "MFRR"),),
)
UPWARD = MeritOrderList(
    FIRST,
    Direction.UP,
    (MeritOrderEntry(CHEAP, True), MeritOrderEntry(DEAR, True), MeritOrderEntry(OUT, False)),  # noqa: FBT003 - usable or not
)
DOWNWARD = MeritOrderList(SECOND, Direction.DOWN, (MeritOrderEntry(DOWN, True),))  # noqa: FBT003 - usable
LETTER = Envelope(
    id="list-1",
    document_type="A43",
    process="A47",
    reserve=Reserve.MFRR,
    sender=OPERATOR,
    receiver=Party(PartyId("10X1001A1001A248", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR),
    created=TEN - QUARTER,
    period=Interval(TEN, TEN + 2 * QUARTER),
    domain=AreaId("10Y1001A1001A91G", "A01"),
    message=MeritOrderLists(lists=(UPWARD, DOWNWARD)),
)


def letter(*bids: Bid, usable: bool = True, final: bool = False, **head: object) -> Envelope[MeritOrderLists]:
    """Return a letter with one list of *bids* that leaves open all that follows from them."""
    entries = tuple(MeritOrderEntry(bid, usable) for bid in bids)
    lists = (MeritOrderList(FIRST, Direction.UP, entries),) if bids else ()
    bare = exchanged(LETTER, document_type=None, process=None, period=None, domain=None)
    return exchanged(bare, message=MeritOrderLists(lists=lists, final=final), **head)


def first(*edits: tuple[str, ...]) -> MeritOrderEntry:
    """Return the first entry of the message after some changes."""
    return meaning(changed(LISTS, edits), MeritOrderLists)[0].lists[0].entries[0]


# ------------------------------------------------------------------------------------------------ what a message means
def test_lists_mean_what_their_elements_say() -> None:
    found, report = opened(LISTS)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_what_a_message_means_is_written_as_the_same_bytes() -> None:
    assert write_message(LETTER) == LISTS


@pytest.mark.parametrize(("code", "final"), [("A43", False), ("A66", True)])
def test_the_type_says_whether_the_list_is_final(code: str, final: bool) -> None:  # noqa: FBT001 - a parameter of the test
    message, _ = meaning(changed(LISTS, [("set", "type", code)]), MeritOrderLists)
    assert message == MeritOrderLists(lists=LETTER.message.lists, final=final)
    assert merit_order_list.from_canonical(letter(CHEAP, final=final)).type == code


@pytest.mark.parametrize("code", ["A42", "A64", "B41"])
def test_a_request_for_reduction_and_its_answer_only_inform(code: str) -> None:
    found, report = opened(changed(LISTS, [("set", "type", code)]))
    assert found.message == Informative(document="merit_order_list")
    assert (found.document_type, found.id, found.reserve) == (code, "list-1", Reserve.MFRR)
    assert (report.assumptions, report.losses) == ((), ())


STATUSES = [
    ("A06", Availability.AVAILABLE, True, "A06"),
    ("A11", Availability.UNAVAILABLE, False, "A11"),
    ("A65", Availability.CONDITIONALLY_AVAILABLE, True, "A65"),
    ("A66", Availability.CONDITIONALLY_UNAVAILABLE, True, "A66"),
    ("A07", Availability.AVAILABLE, True, "A06"),
    ("A10", Availability.AVAILABLE, True, "A06"),
    ("A09", Availability.UNAVAILABLE, False, "A11"),
    ("A28", Availability.UNAVAILABLE, False, "A11"),
]


@pytest.mark.parametrize(("code", "availability", "usable", "written"), STATUSES)
def test_the_status_says_whether_a_bid_can_be_used(
    code: str,
    availability: Availability,
    usable: bool,  # noqa: FBT001 - a parameter of the test
    written: str,
) -> None:
    found = first(("set", "TimeSeries[1]/marketObjectStatus.status", code))
    assert found == MeritOrderEntry(dataclasses.replace(CHEAP, availability=availability), usable)
    (series,) = merit_order_list.from_canonical(letter(found.bid, usable=usable)).series
    assert series.status == written


@pytest.mark.parametrize(
    ("code", "direction"), [("A01", Direction.UP), ("A02", Direction.DOWN), ("A03", Direction.BOTH)]
)
def test_bids_of_one_direction_share_a_list(code: str, direction: Direction) -> None:
    message, _ = meaning(changed(LISTS, [("set", "TimeSeries[3]/direction", code)]), MeritOrderLists)
    found = [(one.interval, one.direction, [entry.bid.id for entry in one.entries]) for one in message.lists]
    if direction is Direction.UP:
        assert found == [(FIRST, Direction.UP, ["cheap", "dear", "out"]), (SECOND, Direction.DOWN, ["down"])]
    else:
        assert found == [
            (FIRST, Direction.UP, ["cheap", "dear"]),
            (FIRST, direction, ["out"]),
            (SECOND, Direction.DOWN, ["down"]),
        ]
    (series,) = merit_order_list.from_canonical(letter(dataclasses.replace(OUT, direction=direction))).series
    assert series.direction == code


@pytest.mark.parametrize(
    ("process", "business", "reserve"),
    [
        ("A47", "B74", Reserve.MFRR),
        ("A51", "B74", Reserve.AFRR),
        ("A46", "B74", Reserve.RR),
        ("A52", "B74", Reserve.FCR),
        ("A47", "A96", Reserve.AFRR),
        ("A47", "A97", Reserve.MFRR),
        ("A01", "A98", Reserve.RR),
        ("", "A95", Reserve.FCR),
    ],
)
def test_the_reserve_is_that_of_the_series_else_of_the_process(process: str, business: str, reserve: Reserve) -> None:
    edits = [("drop", f"TimeSeries[{number}]") for number in (4, 3, 2)]
    head = ("set", "process.processType", process) if process else ("drop", "process.processType")
    assert first(*edits, head, ("set", "TimeSeries[1]/businessType", business)).bid.reserve is reserve


def test_the_sender_stands_in_for_a_provider_that_is_not_named() -> None:
    assert first(("drop", "TimeSeries[1]/resourceProvider_MarketParticipant.mRID")).bid.provider == OPERATOR.id


def test_a_price_without_a_currency_is_in_euro() -> None:
    message, _ = meaning(changed(LISTS, [("drop", "TimeSeries[2]/currency_Unit.name")]), MeritOrderLists)
    assert message.lists[0].entries[1].bid == dataclasses.replace(DEAR, currency="EUR")


def test_the_order_is_that_of_the_document_and_not_of_the_ranks() -> None:
    edits = [("set", "TimeSeries[1]/priority", "9"), ("set", "TimeSeries[2]/priority", "-1")]
    message, _ = meaning(changed(LISTS, edits), MeritOrderLists)
    assert [entry.bid.id for entry in message.lists[0].entries] == ["cheap", "dear", "out"]


def test_each_slot_of_a_series_is_a_bid_in_the_list_of_its_interval() -> None:
    points = [f"<quantity.quantity>{mw}</quantity.quantity>" for mw in (3, 4)]
    data = with_periods(LISTS, "TimeSeries", period(Interval(TEN, TEN + 2 * QUARTER), "PT15M", *points))
    message, _ = meaning(data, MeritOrderLists)
    assert [(one.interval, one.direction) for one in message.lists] == [
        (FIRST, Direction.UP),
        (SECOND, Direction.UP),
        (SECOND, Direction.DOWN),
    ]
    assert [entry.bid.id for entry in message.lists[0].entries] == ["cheap#1", "dear", "out"]
    assert [(entry.bid.id, int(entry.bid.quantity_mw)) for entry in message.lists[1].entries] == [("cheap#2", 4)]


@pytest.mark.parametrize("change", refused("merit_order_list"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("merit_order_list"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, MeritOrderLists)
    assert [len(one.entries) for one in message.lists] == [3, 1]
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
def test_a_bid_is_written_element_by_element() -> None:
    cheap, dear = merit_order_list.from_canonical(letter(CHEAP, DEAR)).series
    assert (cheap.bid, cheap.priority, dear.bid, dear.priority) == ("cheap", 1, "dear", 2)
    assert (dear.provider, dear.resource) == (Coded("9999909919939", "A10"), Coded("NOKG90901", "NNO"))
    assert (dear.acquiring_domain.value, dear.connecting_domain.value) == ("10Y1001A1001A91G", "10YNO-1--------2")
    assert cheap.acquiring_domain == cheap.connecting_domain == Coded("10YNO-2--------T", "A01")
    assert (dear.auction, dear.business_type, dear.quantity_unit) == ("MFRR", "B74", "MAW")
    assert (dear.currency, dear.energy_price_unit, dear.price_unit) == ("NOK", "MWH", None)
    assert (cheap.minimum_activation, cheap.step_increment) == (None, None)
    assert (dear.minimum_activation, dear.step_increment) == (Decimal(5), Decimal("2.5"))
    assert (dear.agreement_created, dear.payment_terms, dear.reasons) == (None, None, ())
    assert dear.bid_period == dear.periods[0].interval
    ((point,),) = [one.points for one in dear.periods]
    assert (point.position, point.quantity) == (1, Decimal("12.5"))
    assert (point.price, point.energy_price, point.activated_quantity) == (Decimal("1.2"), Decimal("39.99"), None)


def test_an_indivisible_bid_has_all_of_it_as_minimum() -> None:
    (series,) = merit_order_list.from_canonical(letter(dataclasses.replace(CHEAP, divisible=False))).series
    assert series.minimum_activation == Decimal(10)


def test_without_an_auction_the_reserve_is_named() -> None:
    (series,) = merit_order_list.from_canonical(letter(dataclasses.replace(CHEAP, national=()))).series
    assert series.auction == "mFRR"


@pytest.mark.parametrize("availability", list(Availability))
def test_a_bid_that_an_operator_keeps_out_is_unavailable_whatever_its_provider_said(availability: Availability) -> None:
    kept_out = letter(dataclasses.replace(CHEAP, availability=availability), usable=False)
    assert merit_order_list.from_canonical(kept_out).series[0].status == "A11"


def test_what_the_envelope_leaves_open_follows_from_the_lists() -> None:
    written = merit_order_list.from_canonical(letter(CHEAP))
    assert (written.type, written.process, written.domain) == ("A43", "A47", None)
    assert (written.period.start, written.period.end) == (FIRST.start, FIRST.end)
    assert (written.bid_document, written.bid_document_revision, written.reasons) == (None, None, ())


DEPENDENT = ("Bid cheap", "a bid that depends on no other", "one of a group or chain")
UNWRITABLE = {
    "an exclusive group": (letter(dataclasses.replace(CHEAP, exclusive="g")), DEPENDENT),
    "a multipart bid": (letter(dataclasses.replace(CHEAP, multipart="g")), DEPENDENT),
    "an inclusive group": (letter(dataclasses.replace(CHEAP, inclusive="g")), DEPENDENT),
    "a technical link": (letter(dataclasses.replace(CHEAP, technical_link="t")), DEPENDENT),
    "a conditional link": (
        letter(dataclasses.replace(CHEAP, links=(Link("b", Condition.AVAILABLE_IF_ACTIVATED),))),
        DEPENDENT,
    ),
    "no list": (letter(), ("timeInterval", "a period in the envelope, or something in the message", "neither")),
    "no reserve": (letter(CHEAP, reserve=None), ("process.processType", "a process or a reserve", "neither")),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        merit_order_list.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
OLDEST = [
    (b"period.timeInterval", b"valid_Time_Period.timeInterval"),
    (b"bid_valid_Time_Period", b"bid_Period"),
    (b"TimeSeries>", b"MOL_TimeSeries>"),
    (b"priority>", b"orderNumber_AttributeInstanceComponent.position>"),
    (b"quantity_Measurement_Unit", b"quantityMeasurement_Unit"),
    (b"energyPrice_Measurement_Unit", b"energyPriceMeasurement_Unit"),
    (b"<direction>", b"<flowDirection.direction>"),
    (b"</direction>", b"</flowDirection.direction>"),
    (b"<quantity.quantity>", b"<quantity>"),
    (b"</quantity.quantity>", b"</quantity>"),
]


def as_in(name: str) -> bytes:
    """Return the hand-written lists under the names that an edition has."""
    data = in_edition(LISTS, "merit_order_list", name)
    if name == "6.0":
        for later, older in OLDEST:
            data = data.replace(later, older)
    return data


@pytest.mark.parametrize("name", ["7.3", "7.2", "7.1", "6.0"])
def test_every_edition_says_the_same_under_its_own_names(name: str) -> None:
    data = write_message(LETTER, EDITIONS[name])
    assert data == as_in(name)
    assert parse(data).edition is EDITIONS[name]
    assert opened(data)[0].message == LETTER.message


STRICTER: list[tuple[dict[str, object], str, str]] = [
    ({"provider": None}, "resourceProvider_MarketParticipant.mRID", "at least 1 in MeritOrderList_MarketDocument 6.0"),
    ({"priority": 0}, "orderNumber_AttributeInstanceComponent.position", "a whole number from 1 to 999999"),
    ({"resource": Coded("r" * 19, "NNO")}, "registeredResource.mRID", "at most 18 characters"),
    ({"payment_terms": "A01"}, "auction.paymentTerms", "no such element in MeritOrderList_MarketDocument 6.0"),
    ({"bid": "b" * 36}, "marketAgreement.mRID", "at most 35 characters"),
]


@pytest.mark.parametrize(("changes", "path", "expected"), STRICTER)
def test_the_oldest_edition_is_stricter(changes: dict[str, object], path: str, expected: str) -> None:
    plain = merit_order_list.from_canonical(letter(CHEAP))
    document = exchanged(plain, series=(exchanged(plain.series[0], **changes),))
    assert parse(write(document, EDITIONS["7.3"])).document == document
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS["6.0"])
    assert caught.value.path == f"/MeritOrderList_MarketDocument/MOL_TimeSeries[1]/{path}"
    assert caught.value.expected == expected
