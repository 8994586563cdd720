"""ReserveAllocationResult_MarketDocument: which bids were accepted and what became of the others."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Direction, Party, Reserve, Role
from gateway.results import Allocation, Award, Fate, ServedNeed
from gateway.time import Interval, market_day
from profiles import parse, reserve_allocation_result, write, write_message, writing
from profiles.cases.edits import changed
from profiles.parts import Reason
from tests.profiles.documents.messages import (
    Change,
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

ROUND = source("reserve_allocation_result", "6.4/own-second-round")
EDITIONS = {edition.name: edition for edition in reserve_allocation_result.EDITIONS}
NO1, NO2 = AreaId("10YNO-1--------2", "A01"), AreaId("10YNO-2--------T", "A01")
NORDIC = AreaId("10Y1001A1001A91G", "A01")
SELLER, OTHER = PartyId("9999909919920", "A10"), PartyId("9999909919939", "A10")
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
HALF = timedelta(minutes=30)

PART = Award(
    bid_id="part",
    provider=SELLER,
    area=NO1,
    direction=Direction.DOWN,
    interval=Interval(TEN, TEN + HALF),
    offered_mw=Decimal(10),
    quantity_mw=Decimal(4),
    bid_price=Decimal("-5.5"),
    price=Decimal(-4),
    fate=Fate.PARTLY_ACCEPTED,
    reason="6 MW of the need were met elsewhere.",
    currency="NOK",
    reserve=Reserve.RR,
    resource=ResourceId("NOKG90901", "NNO"),
    voluntary_id="unit 7",
)
STUCK = Award(
    bid_id="stuck",
    provider=OTHER,
    area=NO2,
    direction=Direction.UP,
    interval=Interval(TEN + HALF, TEN + 2 * HALF),
    offered_mw=Decimal(20),
    quantity_mw=Decimal(0),
    bid_price=None,
    price=None,
    fate=Fate.LIMITED,
    reason="",
    reserve=Reserve.RR,
)
INELASTIC = ServedNeed(
    need_id="inelastic",
    buyer=OTHER,
    area=NO2,
    direction=Direction.UP,
    interval=Interval(TEN, TEN + 2 * HALF),
    requested_mw=Decimal("9.5"),
    served_mw=Decimal(8),
    price=Decimal("60.25"),
    reserve=Reserve.RR,
)
LETTER = Envelope(
    id="result-3",
    revision=2,
    document_type="A38",
    process="A46",
    reserve=Reserve.RR,
    sender=Party(PartyId("10X1001A1001A38Y", "A01"), Role.RESERVE_ALLOCATOR),
    receiver=Party(SELLER, Role.BALANCING_SERVICE_PROVIDER),
    created=TEN - timedelta(minutes=15),
    period=Interval(TEN, TEN + 2 * HALF),
    domain=NORDIC,
    message=Allocation(awards=(PART, STUCK), needs=(INELASTIC,), revision=2),
)


def letter(*awards: Award, needs: tuple[ServedNeed, ...] = (), **head: object) -> Envelope[Allocation]:
    """Return a letter about RR that leaves open all that follows from its results."""
    bare = exchanged(LETTER, revision=1, document_type=None, process=None, period=None, domain=None)
    return exchanged(bare, message=Allocation(awards=awards, needs=needs), **head)


def awards(*edits: tuple[str, ...]) -> tuple[Award, ...]:
    """Return the awards of the message after some changes."""
    return meaning(changed(ROUND, edits), Allocation)[0].awards


# ------------------------------------------------------------------------------------------------ what a message means
def test_a_result_means_what_its_elements_say() -> None:
    found, report = opened(ROUND)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())
    assert isinstance(found.message, Allocation)
    assert found.message.needs[0].unserved_mw == Decimal("1.5")


def test_what_a_buyer_gets_beyond_its_need_goes_round() -> None:
    """The quantity is what the buyer takes in all; beyond the quantity that it asked for it is excess."""
    over = dataclasses.replace(INELASTIC, served_mw=Decimal("9.5"), excess_mw=Decimal("0.5"))
    written = reserve_allocation_result.from_canonical(letter(needs=(over,)))
    (point,) = written.series[0].periods[0].points
    (found, _) = reserve_allocation_result.to_canonical(written)

    assert (point.quantity, point.secondary_quantity) == (Decimal(10), Decimal("9.5"))
    assert isinstance(found.message, Allocation)
    assert found.message.needs == (over,)


@pytest.mark.parametrize("name", ["own-second-round", "own-award-and-need"])
def test_what_a_message_means_is_written_as_the_same_bytes(name: str) -> None:
    data = source("reserve_allocation_result", f"6.4/{name}")
    assert write_message(opened(data)[0]) == data


@pytest.mark.parametrize("code", ["A38", "B23"])
def test_a_result_and_a_list_before_activation_mean_the_same(code: str) -> None:
    found, _ = opened(changed(ROUND, [("set", "type", code)]))
    assert (found.document_type, found.message) == (code, LETTER.message)
    assert f"<type>{code}</type>".encode() in write_message(found)


@pytest.mark.parametrize(("code", "need"), [("B74", False), ("B75", True), ("B90", True), ("B95", False)], ids=str)
def test_the_business_type_tells_needs_from_offers(code: str, need: bool) -> None:  # noqa: FBT001 - a parameter of the test
    message, _ = meaning(changed(ROUND, [("set", "TimeSeries[3]/businessType", code)]), Allocation)
    assert [one.need_id for one in message.needs] == (["inelastic"] if need else [])
    assert [one.bid_id for one in message.awards] == ["part", "stuck", *([] if need else ["inelastic"])]


@pytest.mark.parametrize(
    ("code", "direction"), [("A01", Direction.UP), ("A02", Direction.DOWN), ("A03", Direction.BOTH)]
)
def test_the_flow_has_the_direction_of_the_result(code: str, direction: Direction) -> None:
    (_, found) = awards(("set", "TimeSeries[2]/flowDirection.direction", code))
    assert found == dataclasses.replace(STUCK, direction=direction)
    assert reserve_allocation_result.from_canonical(letter(found)).series[0].direction == code


def test_a_result_goes_by_the_identifier_of_its_bid_else_by_its_own() -> None:
    tag = "TimeSeries[1]/bid_Original_MarketDocument.bid_BidTimeSeries.mRID"
    assert awards(("set", tag, "theirs"))[0].bid_id == "theirs"
    assert awards(("set", "TimeSeries[1]/mRID", "ours"), ("drop", tag))[0].bid_id == "ours"


def test_where_nobody_is_named_it_is_the_receivers() -> None:
    tag = "bid_Original_MarketDocument.tendering_MarketParticipant.mRID"
    message, _ = meaning(changed(ROUND, [("drop", f"TimeSeries[{at}]/{tag}") for at in (2, 3)]), Allocation)
    assert (message.awards[1].provider, message.needs[0].buyer) == (SELLER, SELLER)


def test_without_what_was_offered_all_of_it_was_accepted() -> None:
    edits = [("drop", f"TimeSeries[{at}]/Period/Point/secondaryQuantity") for at in (1, 2, 3)]
    message, _ = meaning(changed(ROUND, edits), Allocation)
    assert [one.offered_mw for one in message.awards] == [Decimal(4), Decimal(0)]
    assert (message.needs[0].requested_mw, message.needs[0].unserved_mw) == (Decimal(8), Decimal(0))


FATES = [
    (Fate.ACCEPTED, "B49"),
    (Fate.PARTLY_ACCEPTED, "B49"),
    (Fate.OUT_OF_THE_MONEY, "B09"),
    (Fate.AT_THE_MARGIN, "B09"),
    (Fate.PARADOXICALLY_REJECTED, "B09"),
    (Fate.COUNTER_ACTIVATION, "B09"),
    (Fate.EXCLUDED_BY_GROUP, "A71"),
    (Fate.EARLIER_STEP_OPEN, "A71"),
    (Fate.GROUP_REJECTED, "A71"),
    (Fate.BLOCK_REJECTED, "A71"),
    (Fate.LINK_REJECTED, "A71"),
    (Fate.UNIT_LIMITED, "A71"),
    (Fate.LIMITED, "B47"),
    (Fate.BLOCKED, "B16"),
    (Fate.UNAVAILABLE, "B16"),
    (Fate.WITHHELD, "B16"),
    (Fate.NO_PRICE, "B09"),
    (Fate.OUT_OF_SCOPE, "B09"),
]


@pytest.mark.parametrize(("fate", "code"), FATES, ids=[fate.name for fate, _ in FATES])
def test_what_became_of_a_bid_is_a_code_with_our_words(fate: Fate, code: str) -> None:
    award = dataclasses.replace(STUCK, fate=fate, reason="So it is.")
    (series,) = reserve_allocation_result.from_canonical(letter(award)).series
    assert series.reasons == (Reason(code=code, text=f"{fate.value}; So it is."),)
    assert meaning(write_message(letter(award)), Allocation)[0].awards == (award,)


def test_every_fate_has_a_code() -> None:
    assert {fate for fate, _ in FATES} == set(Fate)


FOREIGN = [
    ("10", "", "", Fate.ACCEPTED, ""),
    ("10.5", "B49", "yes", Fate.ACCEPTED, ""),
    ("9.99", "B49", "some", Fate.PARTLY_ACCEPTED, ""),
    ("0", "B49", "none of it", Fate.OUT_OF_THE_MONEY, ""),
    ("0", "B09", "too dear", Fate.OUT_OF_THE_MONEY, "too dear"),
    ("0", "A71", "another of the group", Fate.EXCLUDED_BY_GROUP, "another of the group"),
    ("0", "B47", "line 3", Fate.LIMITED, "line 3"),
    ("0", "B16", "", Fate.BLOCKED, ""),
    ("0", "999", "unlike all others", Fate.OUT_OF_THE_MONEY, ""),
    ("0", "", "", Fate.OUT_OF_THE_MONEY, ""),
]


@pytest.mark.parametrize(("quantity", "code", "words", "fate", "reason"), FOREIGN)
def test_a_foreign_result_is_understood_by_quantity_and_code(
    quantity: str, code: str, words: str, fate: Fate, reason: str
) -> None:
    text = f"<text>{words}</text>" if words else ""
    edits = [
        ("set", "TimeSeries[2]/Period/Point/quantity", quantity),
        ("set", "TimeSeries[2]/Period/Point/secondaryQuantity", "10"),
        *([("after", "TimeSeries[2]/Reason", f"<Reason><code>{code}</code>{text}</Reason>")] if code else []),
        ("drop", "TimeSeries[2]/Reason[1]"),
    ]
    found = awards(*edits)[1]
    assert (found.quantity_mw, found.offered_mw) == (Decimal(quantity), Decimal(10))
    assert (found.fate, found.reason) == (fate, reason)


def test_a_reason_of_the_slot_comes_before_those_of_the_series() -> None:
    own = f"<Reason><code>B16</code><text>{Fate.BLOCKED}; feeder 7</text></Reason>"
    voluntary = "<Reason><code>A95</code><text>unit 8</text></Reason>"
    price = "TimeSeries[1]/Period/Point/energy_Price.amount"
    (found, _) = awards(("after", price, voluntary), ("after", price, own))
    assert (found.fate, found.reason, found.voluntary_id) == (Fate.BLOCKED, "feeder 7", "unit 8")


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)])
def test_a_series_of_a_day_is_one_result_for_each_hour(day: date, hours: int) -> None:
    whole = market_day(day)
    points = [f"<quantity>{at}</quantity><secondaryQuantity>30</secondaryQuantity>" for at in range(hours)]
    data = with_periods(ROUND, "TimeSeries", period(whole, "PT1H", *points))
    found = meaning(data, Allocation)[0].awards[:-1]
    assert [one.bid_id for one in found] == [f"part#{at}" for at in range(1, hours + 1)]
    assert [int(one.quantity_mw) for one in found] == list(range(hours))
    assert (found[0].interval.start, found[-1].interval.end) == (whole.start, whole.end)
    assert {one.fate for one in found} == {Fate.PARTLY_ACCEPTED}


def test_the_needs_of_a_series_are_numbered_and_a_curve_repeats_its_value() -> None:
    data = changed(ROUND, [("drop", "TimeSeries[2]"), ("drop", "TimeSeries[1]")])
    curve = changed(data, [("after", "TimeSeries/flowDirection.direction", "<curveType>A03</curveType>")])
    points = ["1:<quantity>1</quantity>", "3:<quantity>2</quantity>"]
    message, _ = meaning(with_periods(curve, "TimeSeries", period(INELASTIC.interval, "PT15M", *points)), Allocation)
    assert [(one.need_id, int(one.served_mw), int(one.requested_mw)) for one in message.needs] == [
        ("inelastic#1", 1, 1),
        ("inelastic#2", 1, 1),
        ("inelastic#3", 2, 2),
        ("inelastic#4", 2, 2),
    ]


@pytest.mark.parametrize("change", refused("reserve_allocation_result"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("reserve_allocation_result"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, Allocation)
    assert [one.price for one in message.awards] == [Decimal(-4), None]
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
def test_awards_are_written_before_needs_and_each_in_a_series_of_its_own() -> None:
    written = reserve_allocation_result.from_canonical(letter(STUCK, PART, needs=(INELASTIC,)))
    rows = [(one.id, one.bid, one.business_type, one.curve_type) for one in written.series]
    assert rows == [
        ("stuck", "stuck", "B74", None),
        ("part", "part", "B74", None),
        ("inelastic", "inelastic", "B75", None),
    ]
    assert [one.periods[0].resolution for one in written.series] == ["PT30M", "PT30M", "PT60M"]
    assert [[point.position for point in one.periods[0].points] for one in written.series] == [[1], [1], [1]]


@pytest.mark.parametrize(("length", "kept"), [(450, 450), (452, 452), (453, 449), (600, 449)])
def test_words_are_cut_to_what_a_reason_holds_and_the_cut_is_told(length: int, kept: int) -> None:
    start = "not accepted further: a grid limit or joint capacity binds; "
    award = dataclasses.replace(STUCK, reason="x" * length)
    (series,) = reserve_allocation_result.from_canonical(letter(award, PART)).series[:1]
    (why,) = series.reasons
    told = f"reason of bid stuck: 512 characters are kept of {60 + length}"
    assert len(start) == 60
    assert why.text == start + "x" * kept + ("..." if kept < length else "")
    assert reserve_allocation_result.unsaid(letter(award, PART)) == ((told,) if kept < length else ())


def test_what_the_envelope_leaves_open_follows_from_the_results() -> None:
    written = reserve_allocation_result.from_canonical(letter(STUCK, PART))
    assert (written.type, written.process, written.revision) == ("A38", "A46", "1")
    assert (written.period.start, written.period.end) == (TEN, TEN + 2 * HALF)
    assert written.domain.value == NO2.value


def test_the_revision_is_that_of_the_result_and_not_of_the_envelope() -> None:
    later = exchanged(LETTER, revision=7, message=Allocation(awards=(PART,), revision=3))
    assert reserve_allocation_result.from_canonical(later).revision == "3"


UNWRITABLE = {
    "an award of another reserve": (
        letter(dataclasses.replace(PART, reserve=Reserve.MFRR)),
        ("process.processType", "RR only", "another reserve in the message"),
    ),
    "a need of another reserve": (
        letter(PART, needs=(dataclasses.replace(INELASTIC, reserve=Reserve.FCR),)),
        ("process.processType", "RR only", "another reserve in the message"),
    ),
    "no domain": (letter(period=LETTER.period), ("domain.mRID", "a domain", "none")),
    "no period": (
        letter(domain=NO1),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        reserve_allocation_result.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
AUCTIONED = {"auction": "a", "agreement_type": "A01", "agreement": "m"}


@pytest.mark.parametrize(("name", "unit"), [("6.4", "Measurement"), ("6.3", "Measurement"), ("6.2", "Measure")])
def test_every_edition_says_the_same_where_auction_and_contract_are_named(name: str, unit: str) -> None:
    plain = reserve_allocation_result.from_canonical(letter(PART, needs=(INELASTIC,)))
    document = exchanged(plain, series=tuple(exchanged(one, **AUCTIONED) for one in plain.series))
    data = write(document, EDITIONS[name])
    assert f"<quantity_{unit}_Unit.name>MAW</quantity_{unit}_Unit.name>".encode() in data
    assert b"<energy_Measurement_Unit.name>MWH</energy_Measurement_Unit.name>" in data
    assert parse(data).edition is EDITIONS[name]
    message, report = meaning(data, Allocation)
    assert message == Allocation(awards=(PART,), needs=(INELASTIC,))
    assert report.losses == tuple(
        f"{tag}: dropped 2 times" for tag in ("auction.mRID", "marketAgreement.type", "marketAgreement.mRID")
    )


@pytest.mark.parametrize("name", ["6.3", "6.2"])
@pytest.mark.parametrize(
    ("field", "tag"),
    [
        ("auction", "auction.mRID"),
        ("agreement_type", "marketAgreement.type"),
        ("agreement", "marketAgreement.mRID"),
        ("tendering_party", "bid_Original_MarketDocument.tendering_MarketParticipant.mRID"),
    ],
)
def test_the_older_editions_demand_auction_contract_and_party(name: str, field: str, tag: str) -> None:
    plain = reserve_allocation_result.from_canonical(letter(PART))
    series = exchanged(plain.series[0], **{**AUCTIONED, field: None})
    with pytest.raises(Unwritable) as caught:
        write(exchanged(plain, series=(series,)), EDITIONS[name])
    assert caught.value.path == f"/ReserveAllocationResult_MarketDocument/TimeSeries[1]/{tag}"
    assert caught.value.expected == f"at least 1 in ReserveAllocationResult_MarketDocument {name}"


def test_the_cut_is_told_before_the_document_is_written() -> None:
    award = dataclasses.replace(STUCK, reason="x" * 600)
    assert writing.unsaid(letter(award)) == reserve_allocation_result.unsaid(letter(award))
    assert writing.unsaid(letter(STUCK)) == ()
