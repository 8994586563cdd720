"""What is not written, and where it says so."""

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import pytest

from gateway.errors import Unwritable
from profiles import parse, write
from profiles.lexical import Coded
from profiles.parts import Reason
from profiles.registry import BY_NAMESPACE, DOCUMENTS
from profiles.reserve_bid import BidTimeSeries, Point, ReserveBidMarketDocument
from tests.generate_documents import plausible_bids

D = TypeVar("D")

EDITIONS = {edition.name: edition for edition in DOCUMENTS["reserve_bid"].EDITIONS}
BIDS = plausible_bids(2, random.Random(7))
BID = "/ReserveBid_MarketDocument/Bid_TimeSeries[2]"


def exchanged(record: D, **changes: object) -> D:
    """Return *record* with values of any type, right or wrong."""
    exchange: Callable[..., D] = dataclasses.replace
    return exchange(record, **changes)


def with_series(**changes: object) -> ReserveBidMarketDocument:
    first, second = BIDS.series
    return dataclasses.replace(BIDS, series=(first, exchanged(second, **changes)))


def with_point(**changes: object) -> ReserveBidMarketDocument:
    (period,) = BIDS.series[1].periods
    point = exchanged(period.points[0], **changes)
    return with_series(periods=(dataclasses.replace(period, points=(point,)),))


UNWRITABLE: list[tuple[str, object, str]] = [
    ("an identifier that is too long", with_series(id="x" * 61), f"{BID}/mRID"),
    ("a code outside its list", with_series(business_type="B7"), f"{BID}/businessType"),
    ("a code outside the standard list", with_series(reasons=(Reason(code="Z64"),)), f"{BID}/Reason[1]/code"),
    (
        "an unknown coding scheme",
        with_series(provider=Coded("x", "Q9")),
        f"{BID}/provider_MarketParticipant.mRID/@codingScheme",
    ),
    ("a character that XML lacks", with_series(id="a\x00b"), f"{BID}/mRID"),
    ("half of a surrogate pair", with_series(id="a\ud800b"), f"{BID}/mRID"),
    ("no duration", with_series(resting_duration="ten minutes"), f"{BID}/resting_ConstraintDuration.duration"),
    ("no number", with_point(quantity=Decimal("NaN")), f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    ("a text for a number", with_point(quantity="10"), f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    ("a number for a text", with_series(id=7), f"{BID}/mRID"),
    ("a text for an identifier with scheme", with_series(provider="x"), f"{BID}/provider_MarketParticipant.mRID"),
    ("too many digits", with_point(energy_price=Decimal(10**17)), f"{BID}/Period[1]/Point[1]/energy_Price.amount"),
    ("a position of 0", with_point(position=0), f"{BID}/Period[1]/Point[1]/position"),
    ("no Period", with_series(periods=()), f"{BID}/Period"),
    ("nothing where something must be", with_series(divisible=None), f"{BID}/divisible"),
    ("another class", with_series(status=Reason(code="A95")), f"{BID}/status"),
    (
        "a naive instant",
        dataclasses.replace(BIDS, created=datetime(2026, 1, 1)),  # noqa: DTZ001 - the point
        "/ReserveBid_MarketDocument/createdDateTime",
    ),
    (
        "a fraction of a second",
        dataclasses.replace(BIDS, created=datetime(2026, 1, 1, microsecond=5, tzinfo=UTC)),
        "/ReserveBid_MarketDocument/createdDateTime",
    ),
]


@pytest.mark.parametrize(("document", "path"), [pytest.param(*row[1:], id=row[0]) for row in UNWRITABLE])
def test_a_wrong_value_is_not_written(document: object, path: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS["7.4"])
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("document", "edition", "tag"),
    [
        (with_series(inclusive_bids="g"), "7.2", "inclusiveBidsIdentification"),
        (with_series(psr_type="B11"), "7.2-nbm", "mktPSRType.psrType"),
        (with_series(curve_type="A01"), "7.5", "curveType"),
        (with_point(quality="A04"), "7.4", "Period[1]/Point[1]/quality"),
        (BIDS, "7.6", "registeredResource.mRID"),
    ],
)
def test_a_value_without_an_element_is_not_dropped(document: object, edition: str, tag: str) -> None:
    with pytest.raises(Unwritable, match="no such element") as caught:
        write(document, EDITIONS[edition])
    assert caught.value.path.endswith(tag)


def test_an_older_edition_wants_shorter_identifiers_and_a_subject() -> None:
    with pytest.raises(Unwritable, match="at most 35 characters"):
        write(BIDS, EDITIONS["7.1"])
    short = dataclasses.replace(with_series(id="x", linked_bids=None), id="d", subject=None)
    with pytest.raises(Unwritable, match="subject_MarketParticipant"):
        write(dataclasses.replace(short, series=()), EDITIONS["7.1"])


def test_a_document_is_written_in_an_edition_of_its_own() -> None:
    with pytest.raises(Unwritable, match="ActivationMarketDocument"):
        write(BIDS, DOCUMENTS["activation"].EDITIONS[0])


def test_local_codes_are_written_under_their_overlay_only() -> None:
    document = with_series(reasons=(Reason(code="Z64"),))
    assert b"<code>Z64</code>" in write(document, EDITIONS["7.4"], overlay="nbm")


def test_texts_are_escaped() -> None:
    text = "a<b & c>d \"e\" 'f'\r\n\t]]>"
    document = with_series(reasons=(Reason(code="A95", text=text),))
    data = write(document, EDITIONS["7.4"])
    assert b"a&lt;b &amp; c&gt;d" in data
    assert parse(data).document.series[1].reasons[0].text == text


def test_the_order_is_that_of_the_edition() -> None:
    document = with_series(inclusive_bids="g")
    for name, follower in (("7.4", "Period"), ("7.2-nbm", "/Bid_TimeSeries")):
        lines = write(document, EDITIONS[name]).decode().splitlines()
        at = lines.index("    <inclusiveBidsIdentification>g</inclusiveBidsIdentification>")
        assert lines[at + 1].strip() == f"<{follower}>"


def test_a_small_document_to_the_letter() -> None:
    edition = BY_NAMESPACE["urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:8:1"]
    document = edition.document(
        id="ack-1",
        created=datetime(2026, 3, 2, 10, 0, 5, tzinfo=UTC),
        sender=Coded("10X1001A1001A38Y", "A01"),
        sender_role="A34",
        receiver=Coded("9999909919920", "A10"),
        received="doc-1",
        reasons=(Reason(code="A02", text="not <today>"),),
    )
    assert write(document, edition).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:8:1">\n'
        "  <mRID>ack-1</mRID>\n"
        "  <createdDateTime>2026-03-02T10:00:05Z</createdDateTime>\n"
        '  <sender_MarketParticipant.mRID codingScheme="A01">10X1001A1001A38Y</sender_MarketParticipant.mRID>\n'
        "  <sender_MarketParticipant.marketRole.type>A34</sender_MarketParticipant.marketRole.type>\n"
        '  <receiver_MarketParticipant.mRID codingScheme="A10">9999909919920</receiver_MarketParticipant.mRID>\n'
        "  <received_MarketDocument.mRID>doc-1</received_MarketDocument.mRID>\n"
        "  <Reason>\n"
        "    <code>A02</code>\n"
        "    <text>not &lt;today&gt;</text>\n"
        "  </Reason>\n"
        "</Acknowledgement_MarketDocument>\n"
    )


def test_absent_values_fall_back_to_their_defaults() -> None:
    read = parse(write(BIDS, EDITIONS["7.4"])).document.series[0]
    assert isinstance(read, BidTimeSeries)
    assert read.inclusive_bids is None
    assert read.linked == ()
    assert isinstance(read.periods[0].points[0], Point)
    assert dataclasses.replace(read, id="other").linked_bids == read.linked_bids
    assert hash(read) == hash(BIDS.series[0])
