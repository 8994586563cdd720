"""BidAvailability_MarketDocument: which bids may not be used, or only up to a limit, and who says so."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId
from gateway.model import Block, Blocking, Party, Reserve, Role
from gateway.time import Interval
from profiles import bid_availability, parse, write, write_message
from profiles.cases.edits import changed
from profiles.parts import Reason
from tests.profiles.documents.messages import (
    Change,
    in_edition,
    meaning,
    opened,
    refusal,
    refused,
    reported,
    source,
)
from tests.wire_values import changed as exchanged

THREE = source("bid_availability", "1.1/own-three-parties")
EDITIONS = {edition.name: edition for edition in bid_availability.EDITIONS}
DK1, DK2 = AreaId("10YDK-1--------W", "A01"), AreaId("10YDK-2--------M", "A01")
TSO = Party(PartyId("10X1001A1001A248", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR)
LIST = Party(PartyId("10X1001A1001A38Y", "A01"), Role.MERIT_ORDER_LIST_RESPONSIBLE)
DSO, SELLER = PartyId("9999909919939", "A10"), PartyId("9999909919920", "A10")
START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
HOUR = Interval(START, START + timedelta(hours=1))
"""The hour in which the clocks of Denmark jump from 02:00 to 03:00; in UTC it is one like any other."""

CAPPED = Block(
    bid_id="capped",
    requester=TSO.id,
    requester_role=Role.TRANSMISSION_SYSTEM_OPERATOR,
    interval=HOUR,
    area=DK1,
    limit_mw=Decimal("12.5"),
    kind="frequency",
    reason="B46 line 3 is out; B47",
)
BLOCKED = Block(
    bid_id="blocked",
    requester=DSO,
    requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
    interval=HOUR,
    area=DK2,
    limit_mw=None,
    kind="current",
    reason="A95 feeder 7",
)
WITHDRAWN = Block(
    bid_id="withdrawn",
    requester=SELLER,
    requester_role=Role.BALANCING_SERVICE_PROVIDER,
    interval=HOUR,
    area=DK1,
    limit_mw=None,
    kind="conditional",
    reason="",
)
LETTER = Envelope(
    id="check-7",
    revision=2,
    document_type="B45",
    process="A51",
    reserve=Reserve.AFRR,
    sender=TSO,
    receiver=LIST,
    created=START - timedelta(minutes=20),
    period=HOUR,
    message=Blocking(blocks=(CAPPED, BLOCKED, WITHDRAWN)),
)


def letter(*blocks: Block) -> Envelope[Blocking]:
    """Return a letter that leaves open all that follows from its blocks."""
    return Envelope(
        id="check-8",
        sender=TSO,
        receiver=LIST,
        created=START,
        message=Blocking(blocks=blocks),
        reserve=Reserve.MFRR,
    )


# ------------------------------------------------------------------------------------------------ what a message means
def test_a_message_means_what_its_elements_say() -> None:
    found, report = opened(THREE)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_what_a_message_means_is_written_as_the_same_bytes() -> None:
    assert write_message(LETTER) == THREE


KINDS = [
    ("C40", "conditional"),
    ("C41", "thermal"),
    ("C42", "frequency"),
    ("C43", "voltage"),
    ("C44", "current"),
    ("C45", "short circuit"),
    ("C46", "dynamic stability"),
]


@pytest.mark.parametrize(("code", "kind"), KINDS)
def test_the_business_type_says_what_is_at_risk(code: str, kind: str) -> None:
    message, _ = meaning(changed(THREE, [("set", "BidTimeSeries[2]/businessType", code)]), Blocking)
    assert message.blocks[1] == dataclasses.replace(BLOCKED, kind=kind)
    (series,) = bid_availability.from_canonical(letter(message.blocks[1])).series
    assert series.business_type == code


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("A49", Role.TRANSMISSION_SYSTEM_OPERATOR),
        ("A50", Role.DISTRIBUTION_SYSTEM_OPERATOR),
        ("A46", Role.BALANCING_SERVICE_PROVIDER),
        ("A04", Role.SYSTEM_OPERATOR),
        ("A56", Role.FLEXIBILITY_SERVICE_PROVIDER),
    ],
)
def test_whoever_asks_does_so_in_a_role(code: str, role: Role) -> None:
    tag = "BidTimeSeries[2]/requestingParty_MarketParticipant.marketRole.type"
    message, _ = meaning(changed(THREE, [("set", tag, code)]), Blocking)
    assert message.blocks[1].requester_role is role
    (series,) = bid_availability.from_canonical(letter(message.blocks[1])).series
    assert series.requester_role == code


@pytest.mark.parametrize(("text", "limit"), [("0", "0"), ("0.001", "0.001"), ("12.50", "12.5"), ("-3", "-3")])
def test_the_limit_is_what_may_still_be_used(text: str, limit: str) -> None:
    data = changed(THREE, [("set", "BidTimeSeries[1]/operationalLimit_Quantity.quantity", text)])
    assert meaning(data, Blocking)[0].blocks[0].limit_mw == Decimal(limit)


def test_a_limit_without_a_unit_is_in_megawatts() -> None:
    data = changed(THREE, [("drop", "BidTimeSeries[1]/limit_Measurement_Unit.name")])
    assert meaning(data, Blocking)[0].blocks[0] == CAPPED


def test_where_nobody_is_named_the_sender_asks() -> None:
    edits = [("drop", f"BidTimeSeries[{at}]/requestingParty_MarketParticipant.mRID") for at in (2, 3)]
    message, report = meaning(changed(THREE, edits), Blocking)
    assert [block.requester for block in message.blocks] == [TSO.id, TSO.id, TSO.id]
    assert [block.requester_role for block in message.blocks[1:]] == [
        Role.DISTRIBUTION_SYSTEM_OPERATOR,
        Role.BALANCING_SERVICE_PROVIDER,
    ]
    assert report.assumptions == ("2 series without requesting party: the sender",)


@pytest.mark.parametrize("change", refused("bid_availability"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("bid_availability"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, Blocking)
    assert message == LETTER.message
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
REASONS = [
    ("", ()),
    ("B46", (Reason(code="B46"),)),
    ("B46 line 3 is out", (Reason(code="B46", text="line 3 is out"),)),
    ("B46; A95 unit 7", (Reason(code="B46"), Reason(code="A95", text="unit 7"))),
    ("999 two\nlines", (Reason(code="999", text="two\nlines"),)),
    ("too hot", (Reason(code="B47", text="too hot"),)),
    ("b46 small letter", (Reason(code="B47", text="b46 small letter"),)),
    ("B4 too short", (Reason(code="B47", text="B4 too short"),)),
    ("B46: no blank", (Reason(code="B47", text="B46: no blank"),)),
    ("too hot; B46", (Reason(code="B47", text="too hot"), Reason(code="B46"))),
]


@pytest.mark.parametrize(("words", "reasons"), REASONS)
def test_a_reason_is_a_code_and_words_else_it_is_operational_security(words: str, reasons: tuple[Reason, ...]) -> None:
    (series,) = bid_availability.from_canonical(letter(dataclasses.replace(BLOCKED, reason=words))).series
    assert series.reasons == reasons


def test_a_block_is_written_element_by_element() -> None:
    capped, blocked = bid_availability.from_canonical(letter(CAPPED, BLOCKED)).series
    assert (capped.id, capped.bid_document, capped.bid_document_revision) == ("capped", "NA", "1")
    assert (capped.requester and capped.requester.value, capped.requester_role) == ("10X1001A1001A248", "A49")
    assert (capped.limit, capped.limit_unit) == (Decimal("12.5"), "MAW")
    assert (blocked.limit, blocked.limit_unit) == (None, None)
    assert (blocked.domain.value, blocked.domain.scheme) == ("10YDK-2--------M", "A01")
    assert (blocked.requester_name, blocked.resources) == (None, ())


def test_what_the_envelope_leaves_open_follows_from_the_blocks() -> None:
    written = bid_availability.from_canonical(letter(BLOCKED))
    assert (written.type, written.process, written.revision) == ("B45", "A47", "1")
    assert (written.period.start, written.period.end) == (HOUR.start, HOUR.end)
    assert written.status is None


LATER = Interval(HOUR.end, HOUR.end + timedelta(hours=1))
UNWRITABLE = {
    "two intervals": (
        letter(CAPPED, dataclasses.replace(BLOCKED, interval=LATER)),
        ("time_Period.timeInterval", "one interval for all blocks", "2 intervals"),
    ),
    "no block": (letter(), ("time_Period.timeInterval", "one interval for all blocks", "0 intervals")),
    "another interval in the head": (
        exchanged(letter(CAPPED), period=LATER),
        ("time_Period.timeInterval", "the interval of the blocks", "2026-03-29T01:30Z/2026-03-29T02:30Z"),
    ),
    "another kind": (
        letter(dataclasses.replace(CAPPED, kind="noise")),
        (
            "businessType",
            "one of dynamic stability, short circuit, current, voltage, frequency, thermal, conditional",
            "'noise'",
        ),
    ),
    "no reserve": (
        exchanged(letter(CAPPED), reserve=None),
        ("process.processType", "a process or a reserve", "neither"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        bid_availability.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
@pytest.mark.parametrize("name", ["1.1", "1.0"])
def test_both_editions_say_the_same_under_their_own_namespace(name: str) -> None:
    data = write_message(LETTER, EDITIONS[name])
    assert data == in_edition(THREE, "bid_availability", name)
    assert parse(data).edition is EDITIONS[name]


def test_the_older_edition_demands_a_requesting_party() -> None:
    written = bid_availability.from_canonical(letter(BLOCKED))
    nobody = exchanged(written, series=(exchanged(written.series[0], requester=None),))
    assert meaning(write(nobody, EDITIONS["1.1"]), Blocking)[0].blocks[0].requester == TSO.id
    with pytest.raises(Unwritable) as caught:
        write(nobody, EDITIONS["1.0"])
    assert caught.value.path == (
        "/BidAvailability_MarketDocument/BidTimeSeries[1]/requestingParty_MarketParticipant.mRID"
    )
    assert (caught.value.expected, caught.value.found) == ("at least 1 in BidAvailability_MarketDocument 1.0", "0")
