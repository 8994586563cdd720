"""The messages that Statnett published keep the rules of its market, and get the verdicts that their origin implies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from gateway.errors import Malformed
from profiles import markets
from profiles.reading import Parsed, parse
from profiles.rules.context import Context
from profiles.rules.engine import check

NORDIC = "documents/samples/nordic_mfrr_eam"
SOUND = [
    "SN_Activation_MarketDocument_Direct_Request",
    "SN_Activation_MarketDocument_Direct_Response",
    "SN_Activation_MarketDocument_Scheduled_Request",
    "SN_Activation_MarketDocument_Scheduled_Response",
    "SN_Complex_Exclusive_ReserveBid_MarketDocument",
    "SN_Complex_Multipart_ReserveBid_MarketDocument",
    "SN_Negative_Acknowledgement_MarketDocument_Document_level",
    "SN_Negative_Acknowledgement_MarketDocument_TimeSeries_level",
    "SN_Positive_Acknowledgement_MarketDocument",
    "SN_Simple_ConditionallyLinked_ReserveBid_MarketDocument",
    "SN_Simple_FasterActivation_ReserveBid_MarketDocument",
    "SN_Simple_MaxDurationAndRestingTime_ReserveBid_MarketDocument",
    "SN_Simple_PeriodShift_ReserveBid_MarketDocument",
    "SN_Simple_ReserveBid_MarketDocument",
    "SN_Simple_Techlinked_ReserveBid_MarketDocument",
]
INCLUSIVE = "SN_Complex_Inclusive_ReserveBid_MarketDocument"
SHIFT = "SN_Simple_PeriodShift_ReserveBid_MarketDocument"


def message(reference_data: Path, name: str, *quirks: str) -> Parsed:
    return parse((reference_data / NORDIC / f"{name}.xml").read_bytes(), overlay="nbm", quirks=quirks)


def test_every_published_message_is_named_here(reference_data: Path) -> None:
    assert sorted(path.stem for path in (reference_data / NORDIC).glob("*.xml")) == sorted([*SOUND, INCLUSIVE])


@pytest.mark.parametrize("name", SOUND)
def test_a_published_message_is_sound(reference_data: Path, name: str) -> None:
    parsed = message(reference_data, name)
    assert parsed.report.clean
    assert check(parsed.document, parsed.edition, markets.load("nordic_no")).findings == ()


def test_the_inclusive_example_breaks_the_schema_it_names(reference_data: Path) -> None:
    with pytest.raises(Malformed, match="inclusiveBidsIdentification"):
        message(reference_data, INCLUSIVE)


def test_the_inclusive_example_is_sound_once_its_order_is_mended(reference_data: Path) -> None:
    parsed = message(reference_data, INCLUSIVE, "nbm_inclusive_anywhere")
    assert check(parsed.document, parsed.edition, markets.load("nordic_no")).findings == ()


def test_the_period_shift_example_needs_the_nordic_codes(reference_data: Path) -> None:
    data = (reference_data / NORDIC / f"{SHIFT}.xml").read_bytes()
    assert {finding.rule for finding in parse(data).report.findings} == {"GEN-005"}
    parsed = parse(data, overlay="nbm")
    report = check(parsed.document, parsed.edition, markets.load("project"))
    assert {finding.rule for finding in report.findings} == {"RB-040"}  # a market that knows no period shift


@pytest.mark.parametrize("name", [name for name in SOUND if "ReserveBid" in name])
def test_a_published_message_is_refused_when_it_comes_too_late(reference_data: Path, name: str) -> None:
    parsed = message(reference_data, name)
    late = max(series.periods[0].interval.start for series in parsed.document.series) - timedelta(minutes=44)
    report = check(parsed.document, parsed.edition, markets.load("nordic_no"), Context(now=late))
    assert {finding.rule for finding in report.findings} >= {"RB-002"}
    assert report.rejected_subjects == {series.id for series in parsed.document.series}


def test_the_refusals_that_statnett_published_are_ours_too(reference_data: Path) -> None:
    """Its negative examples refuse an id that is no UUID, and divisible bids without a minimum."""
    data = (reference_data / NORDIC / "SN_Simple_ReserveBid_MarketDocument.xml").read_bytes()
    root = etree.fromstring(data)
    identifier = root.find("{*}mRID")
    assert identifier is not None
    identifier.text = "159469d3-de12-4b14"
    for minimum in list(root.iter("{*}minimum_Quantity.quantity")):
        parent = minimum.getparent()
        assert parent is not None
        parent.remove(minimum)
    parsed = parse(etree.tostring(root), overlay="nbm")
    now = datetime(2021, 9, 3, 7, 50, tzinfo=UTC)
    report = check(parsed.document, parsed.edition, markets.load("nordic_no"), Context(now=now))
    assert [finding.rule for finding in report.findings] == ["GEN-014", "RB-010", "RB-010"]
