"""A glance tells what can be told of any bytes: the head as far as it stands, and the lines of paths."""

from datetime import UTC, datetime

import pytest

from gateway.identifiers import PartyId
from profiles.glance import Head, head, lines

BROKEN = b"""<?xml version="1.0"?>
<!-- a comment
over two lines -->
<ReserveBid_MarketDocument xmlns="urn:unknown">
  <type>A37</type>
  <mRID>D1</mRID>
  <mRID>D2</mRID>
  <revisionNumber>one</revisionNumber>
  <process.processType>A47</process.processType>
  <sender_MarketParticipant.mRID codingScheme="A01">10X1001A1001A38Y</sender_MarketParticipant.mRID>
  <sender_MarketParticipant.marketRole.type>A46</sender_MarketParticipant.marketRole.type>
  <receiver_MarketParticipant.mRID codingScheme="A10">5790000432752</receiver_MarketParticipant.mRID>
  <receiver_MarketParticipant.marketRole.type>A04</receiver_MarketParticipant.marketRole.type>
  <createdDateTime>2027-01-14T06:00:00Z</createdDateTime>
  <Bid_TimeSeries><mRID>B1</mRID></Bid_TimeSeries>
  <Bid_TimeSeries>
    <mRID>B2</mRID>
  </Bid_TimeSeries>
</ReserveBid_MarketDocument>
"""


def test_the_head_of_a_document_that_is_none_is_seen_all_the_same() -> None:
    assert head(BROKEN) == Head(
        root="ReserveBid_MarketDocument",
        id="D1",
        revision="one",
        type="A37",
        process="A47",
        created=datetime(2027, 1, 14, 6, tzinfo=UTC),
        sender=PartyId("10X1001A1001A38Y", "A01"),
        sender_role="A46",
        receiver=PartyId("5790000432752", "A10"),
        receiver_role="A04",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not XML",
        b"<a>",
        b"\xff\xfe<\0a\0/\0>\0",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    ],
)
def test_nothing_is_told_of_what_may_not_be_read(data: bytes) -> None:
    assert head(data) == Head()
    assert lines(data, ["/a"]) == {}


@pytest.mark.parametrize(
    "element",
    [
        "<sender_MarketParticipant.mRID>10X1001A1001A38Y</sender_MarketParticipant.mRID>",
        '<sender_MarketParticipant.mRID codingScheme="A01"> </sender_MarketParticipant.mRID>',
        '<sender_MarketParticipant.mRID codingScheme="">X</sender_MarketParticipant.mRID>',
        f'<sender_MarketParticipant.mRID codingScheme="A01">{"X" * 17}</sender_MarketParticipant.mRID>',
        '<sender_MarketParticipant.mRID codingScheme="ZZZ">X</sender_MarketParticipant.mRID>',
    ],
)
def test_a_sender_without_sense_is_none(element: str) -> None:
    assert head(f"<a>{element}</a>".encode()).sender is None


@pytest.mark.parametrize("time", ["2027-01-14T06:00:00", "2027-01-14T06:00:00+01:00", "yesterday", ""])
def test_a_time_that_is_not_in_utc_is_none(time: str) -> None:
    assert head(f"<a><createdDateTime>{time}</createdDateTime></a>".encode()).created is None


def test_lines_are_those_of_the_bytes() -> None:
    wanted = {
        "/ReserveBid_MarketDocument": 4,
        "/ReserveBid_MarketDocument/mRID[2]": 7,
        "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/mRID": 15,
        "/ReserveBid_MarketDocument/Bid_TimeSeries[2]": 16,
        "/ReserveBid_MarketDocument/Bid_TimeSeries[2]/mRID": 17,
    }
    assert lines(BROKEN, wanted) == wanted


def test_a_missing_element_has_the_line_of_its_parent() -> None:
    missing = "/ReserveBid_MarketDocument/Bid_TimeSeries[2]/Period[1]/resolution"
    beyond = "/ReserveBid_MarketDocument/Bid_TimeSeries[9]"
    assert lines(BROKEN, [missing, beyond, "/", ""]) == {missing: 16, beyond: 4, "/": 4, "": 4}


def test_places_are_counted_from_one() -> None:
    data = b"<a>\n<b/>\n<b/>\n</a>"
    assert lines(data, ["/a/b", "/a/b[0]", "/a/b[1]", "/a/b[2]"]) == {
        "/a/b": 2,
        "/a/b[0]": 2,
        "/a/b[1]": 2,
        "/a/b[2]": 3,
    }


def test_long_documents_have_lines_to_the_end() -> None:
    data = b"<a>\n" + b"<b>\n<c/>\n</b>\n" * 30_000 + b"</a>\n"
    assert abs(lines(data, ["/a/b[30000]/c"])["/a/b[30000]/c"] - 90_000) <= 1
