"""Two documents compared by what they say: values not texts, series by identifier, names of editions aside."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.errors import Misconfigured
from profiles import convert, parse
from profiles.difference import Difference, differences
from profiles.lexical import Coded
from profiles.reading import Parsed
from profiles.registry import EDITIONS, named
from tests.profiles.rules.cases import BASES, source

BIDS = parse(source("bids"))


def changed(old: bytes, new: bytes, data: bytes = source("bids")) -> Parsed:
    assert old in data
    return parse(data.replace(old, new, 1))


def with_document(parsed: Parsed, **changes: Any) -> Parsed:  # noqa: ANN401 - fields of any document
    return replace(parsed, document=replace(parsed.document, **changes))


@pytest.mark.parametrize("base", BASES)
def test_a_document_does_not_differ_from_itself(base: str) -> None:
    assert differences(parse(source(base)), parse(source(base))) == ()


def test_numbers_and_durations_are_compared_by_value() -> None:
    assert differences(BIDS, changed(b"<quantity.quantity>30<", b"<quantity.quantity>30.000<")) == ()
    assert differences(BIDS, changed(b">PT15M<", b">P0Y0M0DT0H15M0.000S<")) == ()


def test_a_value_that_differs_is_told_with_its_path() -> None:
    (found,) = differences(BIDS, changed(b"<quantity.quantity>30<", b"<quantity.quantity>11<"))
    series = BIDS.document.series[0].id
    assert found.path.startswith(f"/Bid_TimeSeries[{series}]/Period[1]/Point[1]/quantity.quantity")
    assert (found.first, found.second) == ("30", "11")


def test_another_duration_differs() -> None:
    (found,) = differences(BIDS, changed(b">PT15M<", b">PT30M<"))
    assert (found.first, found.second) == ("PT15M", "PT30M")


def test_what_only_one_has_is_told() -> None:
    without = with_document(BIDS, subject=None, subject_role=None)
    other = with_document(BIDS, subject=Coded("10XBSP-ALPHA---F", "A01"), subject_role=None)
    assert differences(without, other) == (Difference("/subject_MarketParticipant.mRID", None, "A01:10XBSP-ALPHA---F"),)
    assert [found.second for found in differences(other, without)] == [None]


def test_series_are_matched_by_their_identifiers() -> None:
    first, *others = BIDS.document.series
    assert differences(BIDS, with_document(BIDS, series=(*others, first))) == ()
    missing = differences(BIDS, with_document(BIDS, series=tuple(others)))
    assert {found.path.split("/")[1] for found in missing} == {f"Bid_TimeSeries[{first.id}]"}
    assert all(found.second is None for found in missing)


def test_series_with_one_identifier_are_matched_by_their_order() -> None:
    first, second, *_ = BIDS.document.series
    twice = with_document(BIDS, series=(first, replace(second, id=first.id)))
    assert differences(twice, twice) == ()
    assert any("[2]" in found.path for found in differences(twice, with_document(BIDS, series=(first,))))


@pytest.mark.parametrize("edition", [e for e in EDITIONS if e.root == "ReserveBid_MarketDocument"], ids=str)
def test_another_edition_with_the_same_content_differs_in_what_it_cannot_hold_only(edition: Any) -> None:  # noqa: ANN401 - Edition
    other, report = convert(BIDS.document, BIDS.edition, edition)
    found = differences(BIDS, replace(BIDS, document=other, edition=edition))
    assert len(found) == len(report.losses)
    assert all(difference.second is None for difference in found)


def test_a_resource_that_became_an_object_is_the_same_resource() -> None:
    newer = named("reserve_bid", "7.6")
    series = replace(BIDS.document.series[0], resource=Coded("10WUNIT-ONE----3", "A01"))
    older = with_document(BIDS, series=(series,))
    other, _ = convert(older.document, older.edition, newer)
    assert other.series[0].resource is None
    assert differences(older, replace(older, document=other, edition=newer)) == ()


def test_documents_of_two_types_are_not_compared() -> None:
    with pytest.raises(Misconfigured, match="two of one type"):
        differences(BIDS, parse(source("result")))


def test_a_negative_duration_is_compared_by_its_text() -> None:
    negative = changed(b">PT15M<", b">-PT15M<")
    assert differences(negative, negative) == ()
    assert differences(BIDS, negative)[0].second == "-PT15M"


def test_the_published_examples_are_told_apart(reference_data: Path) -> None:
    samples = sorted((reference_data / "documents" / "samples" / "nordic_mfrr_eam").glob("*ReserveBid*.xml"))
    read = [parse(path.read_bytes(), overlay="nbm", quirks=("nbm_inclusive_anywhere",)) for path in samples]
    assert len(read) > 2
    for at, first in enumerate(read):
        assert [bool(differences(first, other)) for other in read] == [place != at for place in range(len(read))]


def test_numbers_are_shown_without_exponent() -> None:
    series = BIDS.document.series[0]
    period = series.periods[0]
    big = replace(series, periods=(replace(period, points=(replace(period.points[0], quantity=Decimal("1E3")),)),))
    (found,) = differences(BIDS, with_document(BIDS, series=(big, *BIDS.document.series[1:])))
    assert found.second == "1000"
