"""ReserveBid_MarketDocument: its head, which types carry offers and which needs, and its seven editions."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Activation, Bid, BidSet, Direction, Need, Party, Reserve, ReserveNeed, Role
from gateway.time import Interval
from profiles import parse, reserve_bid, write, write_message
from profiles.cases.edits import changed
from tests.profiles.documents.messages import Change, meaning, opened, refusal, refused, source
from tests.wire_values import changed as exchanged

OFFERS = source("reserve_bid", "7.4/own-written-offers")
NEEDS = source("reserve_bid", "7.4/own-written-needs")
EDITIONS = {edition.name: edition for edition in reserve_bid.EDITIONS}
NO0, NO1, NO2 = (AreaId(f"10YNO-{n}", "A01") for n in ("0--------C", "1--------2", "2--------T"))
SELLER, BUYER = PartyId("9999909919920", "A10"), PartyId("9999909919939", "A10")
OPERATOR = PartyId("10X1001A1001A38Y", "A01")
NINE, TEN = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (9, 10))
QUARTER = timedelta(minutes=15)
HOUR = Interval(TEN, TEN + 4 * QUARTER)
FIRST = Interval(TEN, TEN + QUARTER)

BID = Bid(
    id="b", provider=SELLER, area=NO2, direction=Direction.UP, interval=FIRST, quantity_mw=Decimal(5), price=Decimal(40)
)
NEED = Need(id="n", buyer=SELLER, area=NO1, direction=Direction.DOWN, interval=FIRST, quantity_mw=Decimal(5))


def letter(message: BidSet | ReserveNeed, **changes: object) -> Envelope[BidSet] | Envelope[ReserveNeed]:
    """Return a letter from SELLER about mFRR, with some values of its head exchanged."""
    plain = Envelope(
        id="doc-2",
        sender=Party(SELLER, Role.BALANCING_SERVICE_PROVIDER),
        receiver=Party(OPERATOR, Role.MARKET_OPERATOR),
        created=NINE,
        message=BidSet(bids=()),
        reserve=Reserve.MFRR,
    )
    return exchanged(plain, message=message, **changes)


# ---------------------------------------------------------------------------------------------------------- the head
def test_the_head_of_offers_means_what_its_elements_say() -> None:
    found, report = opened(OFFERS)
    assert (found.id, found.revision, found.document_type, found.process) == ("doc-1", 3, "B40", "A47")
    assert found.sender == Party(SELLER, Role.BALANCE_RESPONSIBLE_PARTY)
    assert found.receiver == Party(OPERATOR, Role.RESERVE_ALLOCATOR)
    assert found.subject == Party(BUYER, Role.BALANCING_SERVICE_PROVIDER)
    assert (found.created, found.period, found.domain) == (NINE, HOUR, NO0)
    assert found.reserve is Reserve.MFRR
    assert found.edition == "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4"
    assert (report.assumptions, report.losses) == ((), ())


def test_needs_mean_what_their_elements_say() -> None:
    found, report = opened(NEEDS)
    assert dataclasses.replace(found, edition=None, digest=None) == Envelope(
        id="doc-1",
        document_type="B21",
        process="A46",
        reserve=Reserve.RR,
        sender=Party(BUYER, Role.DISTRIBUTION_SYSTEM_OPERATOR),
        receiver=Party(OPERATOR, Role.MARKET_OPERATOR),
        created=NINE,
        period=HOUR,
        domain=NO0,
        message=ReserveNeed(
            needs=(
                Need(
                    id="elastic",
                    buyer=BUYER,
                    area=NO2,
                    direction=Direction.UP,
                    interval=FIRST,
                    quantity_mw=Decimal(12),
                    price=Decimal("80.5"),
                    reserve=Reserve.RR,
                    activation=Activation.SCHEDULED_OR_DIRECT,
                    resource=ResourceId("NOKG90901", "NNO"),
                ),
                Need(
                    id="wish",
                    buyer=SELLER,
                    area=NO1,
                    direction=Direction.DOWN,
                    interval=Interval(TEN + 3 * QUARTER, TEN + 4 * QUARTER),
                    quantity_mw=Decimal(3),
                    currency="NOK",
                    reserve=Reserve.RR,
                    required=False,
                ),
            )
        ),
    )
    assert (report.assumptions, report.losses) == (("2 series without status: available",), ())


@pytest.mark.parametrize("data", [OFFERS, NEEDS], ids=["offers", "needs"])
def test_what_was_read_is_written_as_the_same_bytes(data: bytes) -> None:
    assert write_message(opened(data)[0]) == data


@pytest.mark.parametrize(
    ("code", "replaces_all"), [("A37", False), ("A24", False), ("B40", True)], ids=["offers", "capacity", "all offers"]
)
def test_only_the_type_for_all_bids_replaces_the_earlier_ones(code: str, replaces_all: bool) -> None:  # noqa: FBT001 - a parameter of the test
    message, _ = meaning(changed(OFFERS, [("set", "type", code)]), BidSet)
    assert message.replaces_all is replaces_all
    assert [bid.id for bid in message.bids] == ["full", "plain"]


@pytest.mark.parametrize("code", ["B21", "A37"])
def test_needs_come_under_their_own_type_or_that_of_offers(code: str) -> None:
    found, _ = opened(changed(NEEDS, [("set", "type", code)]))
    assert (found.document_type, type(found.message)) == (code, ReserveNeed)
    assert f"<type>{code}</type>".encode() in write_message(found)


PROCESSES = [
    ("A47", Reserve.MFRR),
    ("A60", Reserve.MFRR),
    ("A61", Reserve.MFRR),
    ("A51", Reserve.AFRR),
    ("A67", Reserve.AFRR),
    ("A68", Reserve.AFRR),
    ("A46", Reserve.RR),
    ("A52", Reserve.FCR),
]


@pytest.mark.parametrize(("code", "reserve"), PROCESSES)
def test_the_process_names_the_reserve_of_every_offer_and_need(code: str, reserve: Reserve) -> None:
    edit = [("set", "process.processType", code)]
    bids, _ = meaning(changed(OFFERS, edit), BidSet)
    assert {bid.reserve for bid in bids.bids} == {reserve}
    needs, _ = meaning(changed(NEEDS, edit), ReserveNeed)
    assert {need.reserve for need in needs.needs} == {reserve}
    assert opened(changed(OFFERS, edit))[0].reserve is reserve


@pytest.mark.parametrize(
    ("reserve", "code"),
    [(Reserve.MFRR, "A47"), (Reserve.AFRR, "A51"), (Reserve.RR, "A46"), (Reserve.FCR, "A52")],
)
def test_each_reserve_has_one_process_that_is_written(reserve: Reserve, code: str) -> None:
    sent = letter(BidSet(bids=(dataclasses.replace(BID, reserve=reserve),)), reserve=reserve)
    assert reserve_bid.from_canonical(sent).process == code


def test_offers_belong_to_the_subject_else_to_the_sender() -> None:
    message, _ = meaning(OFFERS, BidSet)
    assert [bid.provider for bid in message.bids] == [SELLER, BUYER]
    tags = ("subject_MarketParticipant.mRID", "subject_MarketParticipant.marketRole.type")
    alone, _ = meaning(changed(OFFERS, [("drop", tag) for tag in tags]), BidSet)
    assert [bid.provider for bid in alone.bids] == [SELLER, SELLER]


def test_no_series_says_that_there_are_no_offers() -> None:
    found, report = opened(changed(OFFERS, [("drop", "Bid_TimeSeries[2]"), ("drop", "Bid_TimeSeries[1]")]))
    assert found.message == BidSet(bids=(), replaces_all=True)
    assert (report.assumptions, report.losses) == ((), ())
    none, _ = opened(changed(NEEDS, [("drop", "Bid_TimeSeries[2]"), ("drop", "Bid_TimeSeries[1]")]))
    assert none.message == ReserveNeed(needs=())


@pytest.mark.parametrize("change", refused("reserve_bid"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


# ---------------------------------------------------------------------------------------------------- what is written
@pytest.mark.parametrize(
    ("message", "code"),
    [
        (BidSet(bids=(BID,)), "A37"),
        (BidSet(bids=(BID,), replaces_all=True), "B40"),
        (ReserveNeed(needs=(NEED,)), "B21"),
    ],
    ids=["offers", "all offers", "needs"],
)
def test_what_the_envelope_leaves_open_follows_from_the_message(message: BidSet | ReserveNeed, code: str) -> None:
    written = reserve_bid.from_canonical(letter(message))
    assert (written.type, written.process, written.revision) == (code, "A47", "1")
    assert (written.period.start, written.period.end) == (FIRST.start, FIRST.end)
    assert written.domain.value == (NO2.value if isinstance(message, BidSet) else NO1.value)
    assert {written.subject, written.subject_role} == {None}
    assert written.series[0].provider is None


def test_the_head_covers_all_offers_from_the_first_start_to_the_last_end() -> None:
    late = dataclasses.replace(BID, id="late", interval=Interval(TEN + 2 * QUARTER, TEN + 3 * QUARTER))
    written = reserve_bid.from_canonical(letter(BidSet(bids=(late, BID))))
    assert (written.period.start, written.period.end) == (TEN, TEN + 3 * QUARTER)
    assert [series.id for series in written.series] == ["late", "b"]


def test_the_owner_of_the_offers_is_not_named_again() -> None:
    subject = Party(BUYER, Role.BALANCING_SERVICE_PROVIDER)
    own = dataclasses.replace(BID, id="own", provider=BUYER)
    written = reserve_bid.from_canonical(letter(BidSet(bids=(BID, own)), subject=subject))
    assert [series.provider and series.provider.value for series in written.series] == [SELLER.value, None]
    assert (written.subject and written.subject.value, written.subject_role) == (BUYER.value, "A46")


OTHER = dataclasses.replace(BID, reserve=Reserve.AFRR)
UNWRITABLE = {
    "an offer of another reserve": (
        letter(BidSet(bids=(BID, OTHER))),
        ("process.processType", "mFRR only", "another reserve in the message"),
    ),
    "a need of another reserve": (
        letter(ReserveNeed(needs=(NEED,)), reserve=Reserve.RR),
        ("process.processType", "RR only", "another reserve in the message"),
    ),
    "a tolerance": (
        letter(ReserveNeed(needs=(dataclasses.replace(NEED, price=None, tolerance_mw=Decimal(5)),))),
        ("Need.tolerance_mw", "0", "5"),
    ),
    "no domain": (letter(BidSet(bids=()), period=HOUR), ("domain.mRID", "a domain", "none")),
    "no period": (
        letter(BidSet(bids=()), domain=NO2),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
    "no reserve": (
        letter(BidSet(bids=(BID,)), reserve=None),
        ("process.processType", "a process or a reserve", "neither"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        reserve_bid.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
@pytest.mark.parametrize("name", ["7.4", "7.5", "7.6", "7.3", "7.2", "7.2-nbm"])
def test_a_plain_offer_is_written_in_every_edition_that_demands_no_auction(name: str) -> None:
    data = write_message(letter(BidSet(bids=(BID,))), EDITIONS[name])
    assert parse(data).edition is EDITIONS[name]
    assert meaning(data, BidSet)[0] == BidSet(bids=(BID,))
    unit = "quantity_Measure_Unit.name" if name in {"7.2", "7.2-nbm"} else "quantity_Measurement_Unit.name"
    assert f"<{unit}>MAW</{unit}>".encode() in data


def test_the_oldest_edition_demands_an_auction_and_a_subject() -> None:
    auctioned = dataclasses.replace(BID, national=(("auction", "MFRR"),))
    sent = letter(BidSet(bids=(auctioned,)), subject=Party(SELLER, Role.BALANCING_SERVICE_PROVIDER))
    assert meaning(write_message(sent, EDITIONS["7.1"]), BidSet)[0] == BidSet(bids=(auctioned,))
    with pytest.raises(Unwritable) as caught:
        write_message(exchanged(sent, subject=None), EDITIONS["7.1"])
    assert caught.value.path == "/ReserveBid_MarketDocument/subject_MarketParticipant.mRID"
    assert (caught.value.expected, caught.value.found) == ("at least 1 in ReserveBid_MarketDocument 7.1", "0")


def test_the_resource_became_an_object() -> None:
    unit = dataclasses.replace(BID, resource=ResourceId("NOKG90901", "NNO"))
    plain = b'<registeredResource.mRID codingScheme="NNO">NOKG90901</registeredResource.mRID>'
    assert plain in write_message(letter(BidSet(bids=(unit,))), EDITIONS["7.5"])
    data = write_message(letter(BidSet(bids=(unit,))), EDITIONS["7.6"])
    assert plain not in data
    assert b'<RegisteredResource>\n      <mRID codingScheme="NNO">NOKG90901</mRID>\n    </RegisteredResource>' in data
    assert meaning(data, BidSet)[0].bids == (unit,)


@pytest.mark.parametrize(
    ("name", "before"),
    [("7.4", b"    <Period>"), ("7.5", b"    <Period>"), ("7.6", b"    <Period>"), ("7.2-nbm", b"  </Bid_TimeSeries>")],
)
def test_the_inclusive_group_stands_before_the_periods_or_at_the_end(name: str, before: bytes) -> None:
    data = write_message(letter(BidSet(bids=(dataclasses.replace(BID, inclusive="g"),))), EDITIONS[name])
    assert b"<inclusiveBidsIdentification>g</inclusiveBidsIdentification>\n" + before in data
    assert meaning(data, BidSet)[0].bids[0].inclusive == "g"


ELEMENTS = [
    ("inclusive_bids", "g", "inclusiveBidsIdentification", {"7.4", "7.5", "7.6", "7.2-nbm"}),
    ("psr_type", "B11", "mktPSRType.psrType", {"7.4", "7.5", "7.6"}),
    ("curve_type", "A03", "curveType", {"7.6"}),
    ("original_document", "doc-0", "original_MarketDocument.mRID", {"7.6"}),
    ("original_revision", "1", "original_MarketDocument.revisionNumber", {"7.6"}),
    ("priority", 3, "priority", {"7.4", "7.5", "7.6", "7.3", "7.2", "7.2-nbm"}),
]


@pytest.mark.parametrize(("field", "value", "tag", "known"), ELEMENTS)
@pytest.mark.parametrize("name", ["7.4", "7.5", "7.6", "7.3", "7.2", "7.2-nbm"])
def test_an_element_is_written_only_in_the_editions_that_have_it(
    field: str, value: object, tag: str, known: set[str], name: str
) -> None:
    plain = reserve_bid.from_canonical(letter(BidSet(bids=(BID,))))
    document = exchanged(plain, series=(exchanged(plain.series[0], **{field: value}),))
    if name in known:
        assert f"<{tag}>{value}</{tag}>".encode() in write(document, EDITIONS[name])
        return
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert caught.value.path == f"/ReserveBid_MarketDocument/Bid_TimeSeries[1]/{tag}"
    assert caught.value.expected == f"no such element in ReserveBid_MarketDocument {name}"
