"""Results, orders, blocks, prices, capacities and receipts: canonical message to document and back."""

import dataclasses
from decimal import Decimal

import pytest

from gateway.envelope import Envelope, Message
from gateway.errors import Unmappable, Unwritable
from gateway.model import (
    Blocking,
    Capacity,
    GridConstraints,
    Limit,
    Reserve,
)
from gateway.report import Report
from gateway.results import (
    ActivationOrders,
    Allocation,
    Award,
    ClearingPrice,
    ClearingPrices,
    Fate,
    OrderKind,
)
from gateway.time import Interval
from profiles import parse, to_canonical, write_message
from profiles import parts as wire
from profiles.lexical import Coded
from profiles.registry import DOCUMENTS
from tests.profiles.letters import (
    AWARD,
    BLOCK,
    CAPACITY,
    DSO,
    FIRST,
    MESSAGES,
    NO1,
    NO2,
    OPERATOR,
    ORDER,
    PRICE,
    QUARTER,
    SECOND,
    SELLER,
    TEN,
    exchanged,
    letter,
    there_and_back,
)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_from_its_document(message: Message) -> None:
    sent = letter(message) if message != Allocation(awards=()) else exchanged(letter(message), period=FIRST)
    received, report = there_and_back(sent)
    assert received.message == message
    assert (received.id, received.sender, received.receiver, received.created) == ("doc-1", OPERATOR, SELLER, TEN)
    assert report.losses == ()


# -------------------------------------------------------------------------------------------------------------- results
@pytest.mark.parametrize("fate", list(Fate))
def test_every_fate_is_told_in_words_and_understood_again(fate: Fate) -> None:
    award = dataclasses.replace(AWARD, fate=fate, reason="Because.")
    assert there_and_back(letter(Allocation(awards=(award,))))[0].message == Allocation(awards=(award,))
    silent = dataclasses.replace(AWARD, fate=fate, reason="")
    assert there_and_back(letter(Allocation(awards=(silent,))))[0].message == Allocation(awards=(silent,))


def allocation(**changes: object) -> Award:
    """Return the award of a foreign result with some values exchanged."""
    parsed = parse(write_message(letter(Allocation(awards=(AWARD,)))))
    series = parsed.document.series[0]
    (period,) = series.periods
    point = exchanged(period.points[0], **{k: v for k, v in changes.items() if k in {"quantity", "secondary_quantity"}})
    series = exchanged(
        series,
        periods=(exchanged(period, points=(point,)),),
        **{k: v for k, v in changes.items() if k not in {"quantity", "secondary_quantity"}},
    )
    document = exchanged(parsed.document, series=(series,))
    message = to_canonical(dataclasses.replace(parsed, document=document))[0].message
    assert isinstance(message, Allocation)
    return message.awards[0]


@pytest.mark.parametrize(
    ("quantity", "codes", "fate"),
    [
        (10, (), Fate.ACCEPTED),
        (4, (), Fate.PARTLY_ACCEPTED),
        (4, ("B22",), Fate.PARTLY_ACCEPTED),
        (0, (), Fate.OUT_OF_THE_MONEY),
        (0, ("B09",), Fate.OUT_OF_THE_MONEY),
        (0, ("A71",), Fate.EXCLUDED_BY_GROUP),
        (0, ("B16",), Fate.BLOCKED),
        (0, ("B47",), Fate.LIMITED),
    ],
)
def test_a_foreign_result_is_understood_by_quantity_and_code(quantity: int, codes: tuple[str, ...], fate: Fate) -> None:
    reasons = tuple(wire.Reason(code=code, text="words") for code in codes)
    assert allocation(quantity=Decimal(quantity), reasons=reasons).fate is fate


def test_a_result_without_offered_power_says_that_all_was_accepted() -> None:
    assert allocation(secondary_quantity=None, reasons=()).offered_mw == AWARD.quantity_mw


def test_the_revision_of_a_result_counts_the_rounds() -> None:
    sent = letter(Allocation(awards=(AWARD,), revision=3))
    received, _ = there_and_back(sent)
    assert received.revision == 3
    assert received.message == sent.message


def test_results_of_another_reserve_do_not_go_into_the_document() -> None:
    with pytest.raises(Unwritable, match="mFRR only"):
        write_message(letter(Allocation(awards=(dataclasses.replace(AWARD, reserve=Reserve.AFRR),))))


def test_an_edition_that_demands_an_auction_refuses_a_result_without_one() -> None:
    with pytest.raises(Unwritable, match=r"auction\.mRID"):
        there_and_back(letter(Allocation(awards=(AWARD,))), "ReserveAllocationResult_MarketDocument 6.3")


# --------------------------------------------------------------------------------------------------------------- orders
@pytest.mark.parametrize("edition", ["6.1", "6.2", "6.3"])
def test_orders_are_written_in_every_edition(edition: str) -> None:
    sent = letter(ActivationOrders(kind=OrderKind.SCHEDULED, order_id="o", order_revision=1, orders=(ORDER,)))
    received, _ = there_and_back(sent, f"Activation_MarketDocument {edition}")
    assert received.message == sent.message


@pytest.mark.parametrize("reserve", list(Reserve))
def test_the_business_type_of_an_order_is_that_of_its_reserve(reserve: Reserve) -> None:
    message = ActivationOrders(kind=OrderKind.SCHEDULED, order_id="o", order_revision=1, orders=(ORDER,))
    data = write_message(exchanged(letter(message), reserve=reserve))
    code = {Reserve.MFRR: b"A97", Reserve.AFRR: b"A96", Reserve.RR: b"A98", Reserve.FCR: b"A95"}[reserve]
    assert b"<businessType>" + code in data


def orders(document_changes: dict[str, object], **changes: object) -> tuple[Envelope[Message], Report]:
    message = ActivationOrders(kind=OrderKind.RESPONSE, order_id="o", order_revision=1, orders=(ORDER,))
    parsed = parse(write_message(letter(message)))
    series = exchanged(parsed.document.series[0], **changes)
    document = exchanged(parsed.document, series=(series,), **document_changes)
    return to_canonical(dataclasses.replace(parsed, document=document))


def test_an_unavailable_bid_needs_no_period_in_an_answer() -> None:
    received, report = orders({}, status="A11", periods=())
    assert isinstance(received.message, ActivationOrders)
    (order,) = received.message.orders
    assert (order.quantity_mw, order.interval) == (Decimal(0), ORDER.interval)
    assert report.assumptions == ("1 series without Period: 0 MW in the whole period",)
    with pytest.raises(Unmappable, match="Period"):
        orders({}, status="A07", periods=())


def test_an_order_without_identifier_takes_that_of_its_document() -> None:
    received, report = orders({"order": None, "order_revision": None})
    assert isinstance(received.message, ActivationOrders)
    assert (received.message.order_id, received.message.order_revision) == ("doc-1", 1)
    assert len(report.assumptions) == 2


@pytest.mark.parametrize(
    ("head", "series", "path"),
    [
        ({"type": "A96"}, {}, "type"),
        ({"order_revision": "x"}, {}, "revisionNumber"),
        ({}, {"status": "A09"}, "TimeSeries[1]/marketObjectStatus.status"),
        ({}, {"quantity_unit": "KWT"}, "TimeSeries[1]/measurement_Unit.name"),
    ],
)
def test_orders_that_cannot_be_held(head: dict[str, object], series: dict[str, object], path: str) -> None:
    with pytest.raises(Unmappable) as caught:
        orders(head, **series)
    assert caught.value.path == f"/Activation_MarketDocument/{path}"


# --------------------------------------------------------------------------------------------------------------- blocks
def test_blocks_of_two_intervals_need_two_documents() -> None:
    blocks = (BLOCK, dataclasses.replace(BLOCK, interval=SECOND))
    with pytest.raises(Unwritable, match="one interval for all blocks, found 2"):
        write_message(letter(Blocking(blocks=blocks), DSO, OPERATOR))
    with pytest.raises(Unwritable, match="one interval for all blocks, found 0"):
        write_message(letter(Blocking(blocks=()), DSO, OPERATOR))
    with pytest.raises(Unwritable, match="the interval of the blocks"):
        write_message(exchanged(letter(Blocking(blocks=(BLOCK,)), DSO, OPERATOR), period=SECOND))


def test_a_block_without_a_code_gets_that_of_operational_security() -> None:
    sent = letter(Blocking(blocks=(dataclasses.replace(BLOCK, reason="too hot"),)), DSO, OPERATOR)
    received, _ = there_and_back(sent)
    assert isinstance(received.message, Blocking)
    assert received.message.blocks[0].reason == "B47 too hot"


def test_the_sender_asks_where_no_requesting_party_is_named() -> None:
    parsed = parse(write_message(letter(Blocking(blocks=(BLOCK,)), DSO, OPERATOR)))
    series = exchanged(parsed.document.series[0], requester=None, bid_document="doc-7")
    document = exchanged(parsed.document, series=(series,))
    received, report = to_canonical(dataclasses.replace(parsed, document=document))
    assert received.message == Blocking(blocks=(BLOCK,))
    assert report.assumptions == ("1 series without requesting party: the sender",)
    assert report.losses == ("bidDocument_MarketDocument.mRID: dropped 1 times",)


def test_what_is_no_block_is_refused() -> None:
    parsed = parse(write_message(letter(Blocking(blocks=(BLOCK,)), DSO, OPERATOR)))
    document = exchanged(parsed.document, type="A37")
    with pytest.raises(Unmappable, match="type: expected B45"):
        to_canonical(dataclasses.replace(parsed, document=document))


# ----------------------------------------------------------------------------------------------------------- capacities
def test_slots_of_one_border_share_a_series() -> None:
    slots = tuple(Interval(TEN + n * QUARTER, TEN + (n + 1) * QUARTER) for n in range(4))
    capacities = tuple(
        dataclasses.replace(CAPACITY, id=f"border#{n}", interval=slot, quantity_mw=Decimal(100 * n))
        for n, slot in enumerate(slots, 1)
    )
    data = write_message(letter(GridConstraints(capacities=capacities)))
    assert data.count(b"<TimeSeries>") == data.count(b"<Period>") == 1
    assert data.count(b"<Point>") == 4
    assert to_canonical(parse(data))[0].message == GridConstraints(capacities=capacities)


def test_a_gap_ends_a_period() -> None:
    later = Interval(TEN + 4 * QUARTER, TEN + 5 * QUARTER)
    capacities = tuple(dataclasses.replace(CAPACITY, id=f"b#{n}", interval=on) for n, on in ((1, FIRST), (2, later)))
    data = write_message(letter(GridConstraints(capacities=capacities)))
    assert (data.count(b"<TimeSeries>"), data.count(b"<Period>")) == (1, 2)
    assert to_canonical(parse(data))[0].message == GridConstraints(capacities=capacities)


@pytest.mark.parametrize("edition", ["8.0", "8.1", "8.2", "8.3"])
def test_capacities_are_written_in_every_edition(edition: str) -> None:
    sent = letter(GridConstraints(capacities=(CAPACITY,)))
    assert there_and_back(sent, f"Capacity_MarketDocument {edition}")[0].message == sent.message


def test_the_flow_runs_from_out_domain_to_in_domain() -> None:
    data = write_message(letter(GridConstraints(capacities=(CAPACITY,)))).decode()
    assert f'<in_Domain.mRID codingScheme="A01">{NO2.value}<' in data
    assert f'<out_Domain.mRID codingScheme="A01">{NO1.value}<' in data


def capacities(document_changes: dict[str, object], **changes: object) -> tuple[tuple[Capacity, ...], Report]:
    parsed = parse(write_message(letter(GridConstraints(capacities=(CAPACITY,)))))
    series = exchanged(parsed.document.series[0], **changes)
    document = exchanged(parsed.document, series=(series,), **document_changes)
    received, report = to_canonical(dataclasses.replace(parsed, document=document))
    assert isinstance(received.message, GridConstraints)
    return received.message.capacities, report


def test_without_a_curve_type_it_is_a01() -> None:
    found, report = capacities({}, curve_type=None)
    assert found == (CAPACITY,)
    assert report.assumptions == ("1 series without curveType: A01",)


@pytest.mark.parametrize(
    ("head", "series", "path"),
    [
        ({"type": "A93"}, {}, "type"),
        ({}, {"product": "8716867000030"}, "TimeSeries[1]/product"),
        ({}, {"business_type": "A29"}, "TimeSeries[1]/businessType"),
        ({}, {"in_domain": Coded(NO1.value, "A01")}, "TimeSeries[1]"),
        ({}, {"curve_type": "A02"}, "TimeSeries[1]/curveType"),
    ],
)
def test_capacities_that_cannot_be_held(head: dict[str, object], series: dict[str, object], path: str) -> None:
    with pytest.raises(Unmappable) as caught:
        capacities(head, **series)
    assert caught.value.path == f"/Capacity_MarketDocument/{path}"


def test_linear_limits_and_losses_have_no_place_among_capacities() -> None:
    limit = Limit(id="l", sender=DSO.id, interval=FIRST, headroom_mw=Decimal(1))
    with pytest.raises(Unwritable, match="limits"):
        write_message(letter(GridConstraints(limits=(limit,))), DOCUMENTS["capacity"].EDITIONS[0])
    lossy = dataclasses.replace(CAPACITY, loss_factor=Decimal("0.03"))
    with pytest.raises(Unwritable, match="loss_factor"):
        write_message(letter(GridConstraints(capacities=(lossy,))))
    with pytest.raises(Unwritable, match=r"domain\.mRID"):
        write_message(exchanged(letter(GridConstraints()), domain=None))


# --------------------------------------------------------------------------------------------------------------- prices
@pytest.mark.parametrize("edition", ["4.1", "4.2", "4.3", "4.4", "4.5"])
def test_prices_are_written_in_every_edition(edition: str) -> None:
    sent = letter(ClearingPrices(prices=(PRICE, dataclasses.replace(PRICE, interval=SECOND, price=Decimal(-1)))))
    received, _ = there_and_back(sent, f"Balancing_MarketDocument {edition}")
    assert received.message == sent.message


def prices(document_changes: dict[str, object], **changes: object) -> tuple[tuple[ClearingPrice, ...], Report]:
    parsed = parse(write_message(letter(ClearingPrices(prices=(PRICE,)))))
    series = exchanged(parsed.document.series[0], **changes)
    document = exchanged(parsed.document, series=(series,), **document_changes)
    received, report = to_canonical(dataclasses.replace(parsed, document=document))
    assert isinstance(received.message, ClearingPrices)
    return received.message.prices, report


def test_a_price_is_of_the_series_area_else_of_the_document() -> None:
    found, _ = prices({}, connecting_domain=None)
    assert found[0].area == NO2
    found, _ = prices({"domain": Coded(NO1.value, "A01")}, connecting_domain=None, acquiring_domain=None)
    assert found[0].area == NO1
    with pytest.raises(Unmappable, match="an area"):
        prices({"domain": None}, connecting_domain=None, acquiring_domain=None)


def test_a_price_without_bounds_is_its_own() -> None:
    parsed = parse(write_message(letter(ClearingPrices(prices=(PRICE,)))))
    (period,) = parsed.document.series[0].periods
    bare = exchanged(period.points[0], min_price=None, max_price=None)
    found, report = prices({}, periods=(exchanged(period, points=(bare,)),))
    assert (found[0].lowest, found[0].highest) == (PRICE.price, PRICE.price)
    assert report.assumptions == ("1 prices without bounds: the price itself",)
    with pytest.raises(Unmappable, match=r"activation_Price\.amount"):
        prices({}, periods=(exchanged(period, points=(exchanged(bare, activation_price=None),)),))


@pytest.mark.parametrize(
    ("head", "series", "path"),
    [
        ({"type": "A84"}, {}, "type"),
        ({}, {"business_type": "B95"}, "TimeSeries[1]/businessType"),
        ({}, {"price_unit": "KWH"}, "TimeSeries[1]/price_Measurement_Unit.name"),
        ({}, {"direction": "A04"}, "TimeSeries[1]/flowDirection.direction"),
    ],
)
def test_prices_that_cannot_be_held(head: dict[str, object], series: dict[str, object], path: str) -> None:
    with pytest.raises(Unmappable) as caught:
        prices(head, **series)
    assert caught.value.path == f"/Balancing_MarketDocument/{path}"
