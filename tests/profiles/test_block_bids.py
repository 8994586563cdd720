"""Block bids between the wire and the canonical model: one series there, a bid for each slot here."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.model import Bid, BidSet
from gateway.time import Interval
from gateway.units import UnitProfile
from profiles import parse, to_canonical, write, write_message
from profiles.block_bids import offer_series
from profiles.parts import TimeInterval
from profiles.registry import DOCUMENTS
from profiles.reserve_bid import Point, ReserveBidMarketDocument, SeriesPeriod
from tests.generate_documents import plausible_bids

TEN, QUARTER = datetime(2026, 3, 3, 10, tzinfo=UTC), timedelta(minutes=15)
ONE = plausible_bids(1, random.Random(3))
NEWEST = DOCUMENTS["reserve_bid"].EDITIONS[0]


def points(*quantities: int) -> tuple[SeriesPeriod, ...]:
    """Return one period with a point for each quarter hour from ten o'clock on, at 40 per MWh."""
    stated = tuple(
        Point(position=at, quantity=Decimal(mw), energy_price=Decimal(40)) for at, mw in enumerate(quantities, 1)
    )
    interval = TimeInterval(start=TEN, end=TEN + len(stated) * QUARTER)
    return (SeriesPeriod(interval=interval, resolution="PT15M", points=stated),)


def letter_of(block_bid: str | None, *quantities: int) -> Envelope[Message]:
    """Return what a document of one series with these quantities says."""
    series = replace(ONE.series[0], id="s", block_bid=block_bid, periods=points(*quantities))
    return to_canonical(parse(write(dataclasses.replace(ONE, series=(series,)), NEWEST)))[0]


def message_of(letter: Envelope[Message]) -> BidSet:
    """Return the bids of *letter*."""
    assert isinstance(letter.message, BidSet)
    return letter.message


BLOCK = message_of(letter_of("A01", 5, 7, 9))
FIRST, SECOND, THIRD = BLOCK.bids


def written(*bids: Bid) -> ReserveBidMarketDocument:
    """Return the document of these bids, read again."""
    document = parse(write_message(replace(letter_of("A01", 5, 7, 9), message=BidSet(bids=bids)))).document
    assert isinstance(document, ReserveBidMarketDocument)
    return document


def test_the_slots_of_a_block_bid_are_bids_that_are_bound_together() -> None:
    assert [(bid.id, bid.block_bid) for bid in BLOCK.bids] == [("s#1", "s"), ("s#2", "s"), ("s#3", "s")]
    assert [int(bid.quantity_mw) for bid in BLOCK.bids] == [5, 7, 9]
    assert [bid.interval for bid in BLOCK.bids] == [
        Interval(TEN + at * QUARTER, TEN + (at + 1) * QUARTER) for at in range(3)
    ]


@pytest.mark.parametrize(("indicator", "quantities"), [("A02", (5, 7)), (None, (5, 7)), ("A01", (5,))])
def test_other_series_are_no_block_bids(indicator: str | None, quantities: tuple[int, ...]) -> None:
    assert {bid.block_bid for bid in message_of(letter_of(indicator, *quantities)).bids} == {None}


def test_a_block_bid_goes_round_unchanged() -> None:
    letter = letter_of("A01", 5, 7, 9)

    assert to_canonical(parse(write_message(letter)))[0].message == BLOCK


def test_a_block_bid_is_written_as_one_series_over_several_periods() -> None:
    (series,) = written(*BLOCK.bids).series

    assert (series.id, series.block_bid, len(series.periods)) == ("s", "A01", 3)
    assert [each.points[0].quantity for each in series.periods] == [5, 7, 9]


def test_a_block_bid_stands_where_its_first_bid_does() -> None:
    alone = replace(FIRST, id="alone", block_bid=None)

    assert [series.id for series in written(SECOND, alone, THIRD, FIRST).series] == ["s", "alone"]
    assert [series.id for series in written(alone, *BLOCK.bids).series] == ["alone", "s"]


@pytest.mark.parametrize(
    ("bids", "path"),
    [
        ((replace(FIRST, id="other"), SECOND), "Bid other.block_bid"),
        ((FIRST,), "Bid s#1.block_bid"),
        ((FIRST, THIRD), "Bid s#1.block_bid"),
        ((FIRST, replace(SECOND, divisible=not SECOND.divisible, minimum_mw=Decimal(0))), "Bid s#2.block_bid"),
        ((FIRST, replace(SECOND, area=replace(SECOND.area, value="10YNO-3--------J"))), "Bid s#2.block_bid"),
        ((FIRST, replace(SECOND, price=None)), "Bid s#2.block_bid"),
    ],
    ids=["another name", "one slot", "a slot is missing", "another divisibility", "another area", "without a price"],
)
def test_bids_that_are_no_one_series_are_not_written_as_a_block(bids: tuple[Bid, ...], path: str) -> None:
    with pytest.raises(Unwritable) as caught:
        offer_series(BidSet(bids=bids), FIRST.provider)

    assert caught.value.path == path


def test_what_the_document_has_no_place_for_is_not_written() -> None:
    unit = UnitProfile(id="U", provider=FIRST.provider)
    child = replace(FIRST, block_bid=None, parent="s#2")

    for message, path in ((BidSet(bids=(), units=(unit,)), "BidSet.units"), (BidSet(bids=(child,)), "Bid s#1.parent")):
        with pytest.raises(Unwritable) as caught:
            offer_series(message, FIRST.provider)
        assert caught.value.path == path
