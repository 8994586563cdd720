"""Merit order lists: canonical message to document and back."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.areas import MeritOrderList, MeritOrderLists, merit_order
from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.identifiers import ResourceId
from gateway.inquiries import Informative
from gateway.model import Availability, Bid, Condition, Direction, Link, Reserve
from profiles import merit_order_list
from profiles.merit_order_list import MeritOrderListMarketDocument
from profiles.parts import Reason
from tests.market_values import EAST, TSO, bid, block, quarter
from tests.wire_values import changed, document, first_series, letter, refusal, there_and_back

PLAIN = replace(bid("plain", 10, 40), national=(("auction", "MFRR"),))
FULL = replace(
    bid("full", "12.5", "39.99"),
    minimum_mw=Decimal(5),
    granularity_mw=Decimal("2.5"),
    capacity_price=Decimal("1.2"),
    currency="NOK",
    availability=Availability.CONDITIONALLY_AVAILABLE,
    resource=ResourceId("NOKG90901", "NNO"),
    national=(("auction", "MFRR"), ("acquiring_domain", str(EAST))),
)
LATER = replace(bid("later", 5, 60, Direction.DOWN), interval=quarter(1), national=(("auction", "MFRR"),))
BIDS = (PLAIN, FULL, LATER)


def lists(*bids: Bid) -> tuple[MeritOrderList, ...]:
    return (
        merit_order(bids, quarter(), Direction.UP, [block("blocked")]),
        merit_order(bids, quarter(1), Direction.DOWN),
    )


def sent(*bids: Bid, final: bool = False) -> Envelope[Message]:
    return replace(letter(MeritOrderLists(lists=lists(*bids), final=final)), reserve=Reserve.MFRR)


@pytest.mark.parametrize("final", [False, True])
def test_what_is_written_means_the_same_when_read(final: bool) -> None:  # noqa: FBT001 - a parameter of the test
    message = sent(*BIDS, final=final)
    received, report = there_and_back(message)
    assert received.message == message.message
    assert (report.assumptions, report.losses) == ((), ())


@pytest.mark.parametrize("name", ["7.2", "7.1", "6.0"])
def test_older_editions_carry_it_too(name: str) -> None:
    message = sent(*(replace(one, resource=None) for one in BIDS))
    assert there_and_back(message, f"MeritOrderList_MarketDocument {name}")[0].message == message.message


def test_the_order_of_the_list_is_its_priority() -> None:
    written = document(MeritOrderListMarketDocument, sent(*BIDS))
    assert [(series.bid, series.priority) for series in written.series] == [("full", 1), ("plain", 2), ("later", 1)]


def test_a_bid_that_an_operator_keeps_out_is_listed_as_unavailable() -> None:
    kept_out = replace(PLAIN, id="blocked")
    received, _ = there_and_back(sent(PLAIN, kept_out))
    assert isinstance(received.message, MeritOrderLists)
    up = received.message.lists[0]
    assert [(entry.bid.id, entry.usable) for entry in up.entries] == [("blocked", False), ("plain", True)]
    assert up.digest == lists(PLAIN, kept_out)[0].digest


def test_a_bid_taken_whole_or_not_at_all_has_all_of_it_as_minimum() -> None:
    received, _ = there_and_back(sent(replace(PLAIN, divisible=False)))
    assert isinstance(received.message, MeritOrderLists)
    assert received.message.lists[0].entries[0].bid.least_mw == 10


DEPENDENT: dict[str, Callable[[], Bid]] = {
    "of a group": lambda: replace(PLAIN, exclusive="g"),
    "of a chain": lambda: replace(PLAIN, technical_link="t"),
    "linked": lambda: replace(PLAIN, links=(Link("other", Condition.AVAILABLE_IF_ACTIVATED),)),
}


@pytest.mark.parametrize("name", DEPENDENT)
def test_a_bid_that_depends_on_another_is_not_written(name: str) -> None:
    with pytest.raises(Unwritable, match="depends on no other"):
        there_and_back(sent(DEPENDENT[name]()))


WRITTEN = document(MeritOrderListMarketDocument, sent(*BIDS))


@pytest.mark.parametrize("kind", ["A42", "A64", "B41"])
def test_what_asks_for_a_change_or_tells_of_one_only_informs(kind: str) -> None:
    received, _ = merit_order_list.to_canonical(replace(WRITTEN, type=kind))
    assert received.message == Informative(document="merit_order_list")


@pytest.mark.parametrize(
    ("process", "business", "reserve"),
    [
        ("A47", "B74", Reserve.MFRR),
        ("A51", "B74", Reserve.AFRR),
        ("A47", "A98", Reserve.RR),
        (None, "A96", Reserve.AFRR),
    ],
)
def test_the_reserve_is_that_of_the_series_or_else_of_the_process(
    process: str | None, business: str, reserve: Reserve
) -> None:
    plain = first_series(replace(WRITTEN, process=process, series=WRITTEN.series[:1]), business_type=business)
    received, _ = merit_order_list.to_canonical(plain)
    assert isinstance(received.message, MeritOrderLists)
    assert received.message.lists[0].entries[0].bid.reserve is reserve


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "no reserve": (lambda: replace(WRITTEN, process=None), "TimeSeries[1]/businessType", "A62"),
    "another process": (lambda: replace(WRITTEN, process="A01"), "TimeSeries[1]/process.processType", "A79"),
    "kilowatts": (
        lambda: first_series(WRITTEN, quantity_unit="KWT"),
        "TimeSeries[1]/quantity_Measurement_Unit.name",
        "999",
    ),
    "a price per megawatt": (
        lambda: first_series(WRITTEN, energy_price_unit="MAW"),
        "TimeSeries[1]/energyPrice_Measurement_Unit.name",
        "999",
    ),
    "another status": (lambda: first_series(WRITTEN, status="A48"), "TimeSeries[1]/marketObjectStatus.status", "999"),
    "less than nothing": (lambda: first_series(WRITTEN, minimum_activation=Decimal(-1)), "TimeSeries[1]", "999"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    build, path, code = REFUSED[name]
    assert refusal(build()) == (path, code)


def test_nothing_that_is_dropped_or_assumed_goes_unsaid() -> None:
    whys = (Reason(code="B49"),)
    period = WRITTEN.series[0].periods[0]
    used = changed(period, points=(changed(period.points[0], activated_quantity=Decimal(3)),))
    full = first_series(
        replace(WRITTEN, bid_document="b", reasons=whys),
        status="A07",
        payment_terms="A02",
        agreement_created=WRITTEN.created,
        reasons=whys,
        provider=None,
        periods=(used,),
    )
    received, report = merit_order_list.to_canonical(full)
    assert isinstance(received.message, MeritOrderLists)
    assert received.message.lists[0].entries[0].bid.provider == TSO.id
    assert report.assumptions == ("1 bids without provider: the sender's",)
    assert [loss.partition(":")[0] for loss in report.losses] == [
        "relatedReserveBid_MarketDocument.mRID",
        "Reason",
        "marketObjectStatus.status",
        "marketAgreement.createdDateTime",
        "auction.paymentTerms",
        "Reason",
        "activated_Quantity.quantity",
    ]


def test_a_bid_for_several_slots_is_numbered() -> None:
    period = WRITTEN.series[0].periods[0]
    halves = changed(
        period, resolution="PT5M", points=tuple(replace(period.points[0], position=at) for at in (1, 2, 3))
    )
    received, _ = merit_order_list.to_canonical(first_series(WRITTEN, periods=(halves,)))
    assert isinstance(received.message, MeritOrderLists)
    assert [one.entries[0].bid.id for one in received.message.lists[:3]] == ["full#1", "full#2", "full#3"]
