"""Lines that were written before are looked up: never the line of another value, element, edition or overlay."""

import dataclasses
import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import pytest

from gateway.errors import Unwritable
from profiles import write, writer
from profiles.lexical import Coded
from profiles.parts import TimeInterval
from profiles.registry import named
from profiles.reserve_bid import BidTimeSeries, ReserveBidMarketDocument
from tests.generate_documents import plausible_bids

BIDS = plausible_bids(1, random.Random(3))
EDITION, OLDER = named("reserve_bid", "7.4"), named("reserve_bid", "7.2")


def series(**changes: object) -> BidTimeSeries:
    return dataclasses.replace(BIDS.series[0], **changes)  # type: ignore[arg-type]  # of whichever type


def priced(*prices: str) -> ReserveBidMarketDocument:
    """Return a document with a bid at each of *prices*."""
    (period,) = BIDS.series[0].periods
    periods = [
        dataclasses.replace(period, points=(dataclasses.replace(period.points[0], energy_price=Decimal(price)),))
        for price in prices
    ]
    return dataclasses.replace(BIDS, series=tuple(series(periods=(each,)) for each in periods))


def texts(document: ReserveBidMarketDocument, tag: str) -> list[str]:
    """Return what stands between the tags of each element named *tag*."""
    lines = write(document, EDITION).decode().splitlines()
    return [line.strip()[len(tag) + 2 : -len(tag) - 3] for line in lines if line.strip().startswith(f"<{tag}>")]


def test_equal_numbers_keep_their_own_zeros() -> None:
    written = texts(priced("12.50", "12.5", "1E1", "10", "-0", "0"), "energy_Price.amount")
    assert written == ["12.50", "12.5", "10", "10", "-0", "0"]


def test_a_text_is_refused_where_a_number_that_reads_alike_was_written() -> None:
    write(priced("10"), EDITION)
    wrong = priced("10")
    (period,) = wrong.series[0].periods
    point = dataclasses.replace(period.points[0], energy_price="10")  # type: ignore[arg-type]  # the point
    period = dataclasses.replace(period, points=(point,))
    with pytest.raises(Unwritable, match=r"energy_Price\.amount"):
        write(dataclasses.replace(wrong, series=(series(periods=(period,)),)), EDITION)


def test_the_same_instant_is_written_alike_in_any_zone() -> None:
    start = BIDS.period.start
    east = start.astimezone(timezone(timedelta(hours=2)))
    written = [
        dataclasses.replace(BIDS, period=TimeInterval(start=each, end=BIDS.period.end)) for each in (start, east)
    ]
    assert write(written[0], EDITION) == write(written[1], EDITION)


def test_an_instant_without_zone_is_refused_after_one_with_the_same_digits() -> None:
    write(BIDS, EDITION)
    naive = dataclasses.replace(BIDS, created=BIDS.created.replace(tzinfo=None))
    with pytest.raises(Unwritable, match="createdDateTime: expected an instant with its offset"):
        write(naive, EDITION)


def test_a_wrong_value_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(Unwritable, match="businessType: expected a value of BusinessTypeList, found 'B7'"):
            write(dataclasses.replace(BIDS, series=(series(business_type="B7"),)), EDITION)


def test_one_value_under_two_schemes_is_two_lines() -> None:
    schemes = [series(provider=Coded("10X1001A1001A38Y", scheme)) for scheme in ("A01", "A10", "A01")]
    lines = write(dataclasses.replace(BIDS, series=tuple(schemes)), EDITION).decode().split('codingScheme="')
    providers = [after[:3] for before, after in pairwise(lines) if before.endswith("<provider_MarketParticipant.mRID ")]
    assert providers == ["A01", "A10", "A01"]


def test_one_value_in_two_elements_has_the_tag_of_each() -> None:
    written = write(dataclasses.replace(BIDS, series=(series(linked_bids="same", multipart_bid="same"),)), EDITION)
    assert b"<linkedBidsIdentification>same</linkedBidsIdentification>" in written
    assert b"<multipartBidIdentification>same</multipartBidIdentification>" in written


def test_another_edition_has_its_own_tags() -> None:
    assert b"<quantity_Measurement_Unit.name>MAW</" in write(BIDS, EDITION)
    assert b"<quantity_Measure_Unit.name>MAW</" in write(BIDS, OLDER)


def test_a_local_code_is_known_under_its_overlay_only() -> None:
    local = dataclasses.replace(BIDS, series=(series(business_type="Z97"),))
    assert b"<businessType>Z97</businessType>" in write(local, EDITION, overlay="nbm")
    with pytest.raises(Unwritable, match="businessType"):
        write(local, EDITION)


def test_the_lines_are_the_same_where_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    document = plausible_bids(20, random.Random(4), created=datetime(2026, 2, 3, tzinfo=UTC))
    expected = write(document, EDITION)
    monkeypatch.setattr(writer, "_LINES", 1)
    writer._writer.cache_clear()
    try:
        assert write(document, EDITION) == expected
    finally:
        writer._writer.cache_clear()
