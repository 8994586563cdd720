"""Activation_MarketDocument: orders to deliver and the answers to them, element by element."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Direction, Party, Reserve, Role
from gateway.results import ActivationOrder, ActivationOrders, OrderKind, OrderStatus
from gateway.time import Interval, market_day
from profiles import activation, parse, write, write_message
from profiles.cases.edits import changed
from profiles.parts import Reason
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

ANSWER = source("activation", "6.2/own-answer")
ORDER = source("activation", "6.2/own-direct-order")
EDITIONS = {edition.name: edition for edition in activation.EDITIONS}
FINLAND = AreaId("10YFI-1--------U", "A01")
TSO = Party(PartyId("10X1001A1001A264", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR)
SELLER = Party(PartyId("9999909919920", "A10"), Role.BALANCING_SERVICE_PROVIDER)
OWNER = Party(PartyId("9999909919939", "A10"), Role.BALANCE_RESPONSIBLE_PARTY)
START = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
FIRST, SECOND = Interval(START, START + QUARTER), Interval(START + QUARTER, START + 2 * QUARTER)

ACTIVATED = ActivationOrder(
    bid_id="bid-7",
    provider=OWNER.id,
    area=FINLAND,
    direction=Direction.UP,
    interval=FIRST,
    quantity_mw=Decimal("12.5"),
    status=OrderStatus.ACTIVATED,
    resource=ResourceId("FI-UNIT-7", "NFI"),
)
TRIPPED = ActivationOrder(
    bid_id="bid-8",
    provider=OWNER.id,
    area=FINLAND,
    direction=Direction.DOWN,
    interval=SECOND,
    quantity_mw=Decimal(0),
    status=OrderStatus.UNAVAILABLE,
    reasons=(("B59", "tripped"), ("A95", None)),
)
LETTER = Envelope(
    id="answer-1",
    document_type="A41",
    process="A67",
    reserve=Reserve.AFRR,
    sender=SELLER,
    receiver=TSO,
    created=datetime(2026, 10, 25, 0, 31, 7, tzinfo=UTC),
    period=Interval(START, START + 2 * QUARTER),
    domain=FINLAND,
    subject=OWNER,
    message=ActivationOrders(
        kind=OrderKind.RESPONSE, order_id="order-9", order_revision=12, orders=(ACTIVATED, TRIPPED)
    ),
)


def letter(*orders: ActivationOrder, kind: OrderKind = OrderKind.DIRECT) -> Envelope[ActivationOrders]:
    """Return a letter that leaves open all that follows from its orders."""
    message = ActivationOrders(kind=kind, order_id="o", order_revision=1, orders=orders)
    return Envelope(id="doc", sender=TSO, receiver=SELLER, created=START, message=message, reserve=Reserve.MFRR)


# ------------------------------------------------------------------------------------------------ what a message means
def test_an_answer_means_what_its_elements_say() -> None:
    found, report = opened(ANSWER)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


@pytest.mark.parametrize("data", [ANSWER, ORDER], ids=["answer", "order"])
def test_what_a_message_means_is_written_as_the_same_bytes(data: bytes) -> None:
    assert write_message(opened(data)[0]) == data


def test_a_direct_order_begins_off_the_grid_and_is_as_long_as_the_activation() -> None:
    ten = datetime(2026, 3, 3, 10, tzinfo=UTC)
    message, report = meaning(ORDER, ActivationOrders)
    assert message == ActivationOrders(
        kind=OrderKind.DIRECT,
        order_id="o-1",
        order_revision=2,
        orders=(
            ActivationOrder(
                bid_id="bid-1",
                provider=SELLER.id,
                area=AreaId("10YNO-2--------T", "A01"),
                direction=Direction.UP,
                interval=Interval(ten + timedelta(minutes=9), ten + timedelta(minutes=30)),
                quantity_mw=Decimal(10),
                status=OrderStatus.ORDERED,
                resource=ResourceId("NOKG90901", "NNO"),
                reasons=(("B49", None), ("A95", "unit 7")),
            ),
        ),
    )
    assert (report.assumptions, report.losses) == ((), ())


@pytest.mark.parametrize(
    ("code", "kind"), [("A39", OrderKind.SCHEDULED), ("A40", OrderKind.DIRECT), ("A41", OrderKind.RESPONSE)]
)
def test_the_type_is_the_kind_of_the_message(code: str, kind: OrderKind) -> None:
    message, _ = meaning(changed(ANSWER, [("set", "type", code)]), ActivationOrders)
    assert message.kind is kind
    assert activation.from_canonical(letter(ACTIVATED, kind=kind)).type == code


@pytest.mark.parametrize(
    ("code", "status"),
    [("A10", OrderStatus.ORDERED), ("A07", OrderStatus.ACTIVATED), ("A11", OrderStatus.UNAVAILABLE)],
)
def test_the_status_is_the_state_of_the_bid(code: str, status: OrderStatus) -> None:
    message, _ = meaning(changed(ANSWER, [("set", "TimeSeries[1]/marketObjectStatus.status", code)]), ActivationOrders)
    assert message.orders[0] == dataclasses.replace(ACTIVATED, status=status)
    assert activation.from_canonical(letter(message.orders[0])).series[0].status == code


@pytest.mark.parametrize(
    ("code", "direction"), [("A01", Direction.UP), ("A02", Direction.DOWN), ("A03", Direction.BOTH)]
)
def test_the_flow_has_the_direction_of_the_order(code: str, direction: Direction) -> None:
    message, _ = meaning(changed(ANSWER, [("set", "TimeSeries[1]/flowDirection.direction", code)]), ActivationOrders)
    assert message.orders[0].direction is direction
    assert activation.from_canonical(letter(message.orders[0])).series[0].direction == code


def test_every_slot_is_an_order_with_the_reasons_of_the_series_and_its_own() -> None:
    why = "<Reason><code>B46</code></Reason>"
    points = ["<quantity>5</quantity>", f"<quantity>6</quantity>{why}"]
    data = with_periods(ORDER, "TimeSeries", period(Interval(START, START + 2 * QUARTER), "PT15M", *points))
    orders = meaning(data, ActivationOrders)[0].orders
    assert [(one.bid_id, one.interval, int(one.quantity_mw)) for one in orders] == [
        ("bid-1", FIRST, 5),
        ("bid-1", SECOND, 6),
    ]
    assert orders[0].reasons == (("B49", None), ("A95", "unit 7"))
    assert orders[1].reasons == (("B49", None), ("A95", "unit 7"), ("B46", None))


def test_an_unavailable_bid_without_period_delivers_nothing_in_the_whole_period() -> None:
    message, _ = meaning(changed(ANSWER, [("drop", "TimeSeries[2]/Period")]), ActivationOrders)
    assert message.orders[1] == dataclasses.replace(TRIPPED, interval=Interval(START, START + 2 * QUARTER))


def test_without_an_order_the_document_names_itself() -> None:
    tags = ("order_MarketDocument.mRID", "order_MarketDocument.revisionNumber")
    data = changed(ANSWER, [("set", "revisionNumber", "7"), *(("drop", tag) for tag in tags)])
    message, _ = meaning(data, ActivationOrders)
    assert (message.order_id, message.order_revision) == ("answer-1", 7)


@pytest.mark.parametrize(("day", "slots"), [(date(2026, 3, 29), 92), (date(2026, 6, 1), 96), (date(2026, 10, 25), 100)])
def test_a_day_of_orders_has_as_many_quarter_hours_as_the_clock_shows(day: date, slots: int) -> None:
    whole = market_day(day)
    points = [f"<quantity>{at}</quantity>" for at in range(slots)]
    orders = meaning(with_periods(ORDER, "TimeSeries", period(whole, "PT15M", *points)), ActivationOrders)[0].orders
    assert [int(one.quantity_mw) for one in orders] == list(range(slots))
    assert (orders[0].interval.start, orders[-1].interval.end) == (whole.start, whole.end)
    written = activation.from_canonical(letter(*orders))
    assert len(written.series) == slots
    assert (written.period.start, written.period.end) == (whole.start, whole.end)


@pytest.mark.parametrize("change", refused("activation"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("activation"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, ActivationOrders)
    assert [one.bid_id for one in message.orders] == ["bid-7", "bid-8"]
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
BUSINESS = [(Reserve.MFRR, "A97"), (Reserve.AFRR, "A96"), (Reserve.RR, "A98"), (Reserve.FCR, "A95")]


@pytest.mark.parametrize(("reserve", "code"), BUSINESS)
def test_the_business_type_of_an_order_is_that_of_its_reserve(reserve: Reserve, code: str) -> None:
    written = activation.from_canonical(exchanged(letter(ACTIVATED), reserve=reserve))
    assert written.series[0].business_type == code


def test_an_order_is_written_element_by_element() -> None:
    first, second = activation.from_canonical(letter(ACTIVATED, TRIPPED)).series
    assert (first.id, first.provider.value, first.provider.scheme) == ("bid-7", "9999909919939", "A10")
    assert first.acquiring_domain == first.connecting_domain
    assert (first.connecting_domain.value, first.quantity_unit) == ("10YFI-1--------U", "MAW")
    assert (first.direction, first.status, second.direction, second.status) == ("A01", "A07", "A02", "A11")
    assert (first.resource and first.resource.value, second.resource) == ("FI-UNIT-7", None)
    assert (first.auction, first.reasons) == (None, ())
    assert second.reasons == (Reason(code="B59", text="tripped"), Reason(code="A95"))
    (one,) = first.periods
    assert (one.interval.start, one.interval.end, one.resolution) == (FIRST.start, FIRST.end, "PT15M")
    assert [(point.position, point.quantity) for point in one.points] == [(1, Decimal("12.5"))]


@pytest.mark.parametrize(("minutes", "resolution"), [(1, "PT1M"), (21, "PT21M"), (60, "PT60M"), (1440, "PT1440M")])
def test_the_resolution_is_the_length_of_the_order(minutes: int, resolution: str) -> None:
    order = dataclasses.replace(ACTIVATED, interval=Interval(START, START + timedelta(minutes=minutes)))
    ((one,),) = [series.periods for series in activation.from_canonical(letter(order)).series]
    assert one.resolution == resolution


def test_what_the_envelope_leaves_open_follows_from_the_orders() -> None:
    written = activation.from_canonical(letter(TRIPPED, ACTIVATED))
    assert (written.type, written.process, written.revision) == ("A40", "A47", "1")
    assert (written.period.start, written.period.end) == (FIRST.start, SECOND.end)
    assert (written.domain, written.subject, written.subject_role) == (None, None, None)
    assert (written.order, written.order_revision) == ("o", "1")


UNWRITABLE = {
    "a process without reserve": (
        exchanged(letter(ACTIVATED), process="A01"),
        ("process.processType", "the process of a reserve", "'A01'"),
    ),
    "no reserve": (
        exchanged(letter(ACTIVATED), reserve=None),
        ("process.processType", "a process or a reserve", "neither"),
    ),
    "no period": (letter(), ("timeInterval", "a period in the envelope, or something in the message", "neither")),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        activation.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
def test_the_edition_of_the_nordic_markets_is_written_by_default() -> None:
    assert activation.EDITIONS[0].name == "6.2"
    assert b"activationdocument:6:2" in write_message(letter(ACTIVATED))


@pytest.mark.parametrize("name", ["6.2", "6.3", "6.1"])
def test_every_edition_says_the_same_under_its_own_namespace(name: str) -> None:
    data = write_message(LETTER, EDITIONS[name])
    assert data == in_edition(ANSWER, "activation", name)
    assert parse(data).edition is EDITIONS[name]
    assert opened(data)[0].message == LETTER.message


@pytest.mark.parametrize(("name", "known"), [("6.1", False), ("6.2", False), ("6.3", True)])
def test_only_the_newest_edition_names_an_auction(name: str, known: bool) -> None:  # noqa: FBT001 - a parameter of the test
    plain = activation.from_canonical(letter(ACTIVATED))
    document = exchanged(plain, series=(exchanged(plain.series[0], auction="a"),))
    if known:
        assert b"<auction.mRID>a</auction.mRID>" in write(document, EDITIONS[name])
        return
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert caught.value.path == "/Activation_MarketDocument/TimeSeries[1]/auction.mRID"
    assert (caught.value.expected, caught.value.found) == (
        f"no such element in Activation_MarketDocument {name}",
        "'a'",
    )


@pytest.mark.parametrize(("name", "longest"), [("6.1", 35), ("6.2", 60), ("6.3", 60)])
def test_an_identifier_may_be_so_long(name: str, longest: int) -> None:
    sent = letter(dataclasses.replace(ACTIVATED, bid_id="b" * longest))
    assert meaning(write_message(sent, EDITIONS[name]), ActivationOrders)[0].orders[0].bid_id == "b" * longest
    longer = letter(dataclasses.replace(ACTIVATED, bid_id="b" * (longest + 1)))
    with pytest.raises(Unwritable) as caught:
        write_message(longer, EDITIONS[name])
    assert (caught.value.path, caught.value.expected) == (
        "/Activation_MarketDocument/TimeSeries[1]/mRID",
        f"at most {longest} characters",
    )
