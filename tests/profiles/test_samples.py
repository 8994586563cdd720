"""The messages that Statnett publishes for the Nordic mFRR market: judged as their schema judges them, written back."""

from pathlib import Path

import pytest
from lxml import etree

from gateway.errors import Malformed
from profiles import convert, parse, to_canonical, write, write_message
from profiles.registry import DOCUMENTS

NORDIC_ONLY = "SN_Simple_PeriodShift_ReserveBid_MarketDocument.xml"
MISPLACED = "SN_Complex_Inclusive_ReserveBid_MarketDocument.xml"
QUIRK = ("nbm_inclusive_anywhere",)


def samples(reference_data: Path) -> list[Path]:
    found = sorted((reference_data / "documents" / "samples" / "nordic_mfrr_eam").glob("*.xml"))
    assert len(found) == 16
    return found


def canonical(data: bytes) -> bytes:
    """Return *data* as canonical XML without comments and blanks between elements."""
    parser = etree.XMLParser(remove_comments=True, remove_blank_text=True)
    return etree.tostring(etree.fromstring(data, parser), method="c14n2", strip_text=False)


def test_every_sample_but_the_misplaced_one_is_read_under_the_nordic_lists(reference_data: Path) -> None:
    for path in samples(reference_data):
        if path.name != MISPLACED:
            assert parse(path.read_bytes(), overlay="nbm").report.clean, path.name


def test_under_the_standard_lists_only_the_national_reasons_are_found(reference_data: Path) -> None:
    for path in samples(reference_data):
        if path.name != MISPLACED:
            findings = parse(path.read_bytes()).report.findings
            assert bool(findings) == (path.name == NORDIC_ONLY), path.name
            assert {(f.rule, f.found) for f in findings} <= {("GEN-005", "'Z64'"), ("GEN-005", "'Z65'")}


def test_written_in_its_own_edition_a_sample_is_canonically_the_same(reference_data: Path) -> None:
    for path in samples(reference_data):
        if path.name != MISPLACED:
            parsed = parse(path.read_bytes(), overlay="nbm")
            assert canonical(write(parsed.document, parsed.edition, overlay="nbm")) == canonical(path.read_bytes())


def test_the_misplaced_inclusive_identifier_is_refused_with_its_path(reference_data: Path) -> None:
    path = next(path for path in samples(reference_data) if path.name == MISPLACED)
    with pytest.raises(Malformed) as caught:
        parse(path.read_bytes(), overlay="nbm")
    assert caught.value.path == "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/inclusiveBidsIdentification"
    assert caught.value.rule == "GEN-004"


def test_with_its_quirk_it_is_read_and_each_repair_is_reported(reference_data: Path) -> None:
    path = next(path for path in samples(reference_data) if path.name == MISPLACED)
    parsed = parse(path.read_bytes(), overlay="nbm", quirks=QUIRK)
    assert parsed.report.findings == ()
    assert len(parsed.report.assumptions) == len(parsed.document.series) == 4
    assert len({series.inclusive_bids for series in parsed.document.series}) == 1
    again = parse(write(parsed.document, parsed.edition, overlay="nbm"), overlay="nbm")
    assert again.document == parsed.document


def test_a_quirk_leaves_the_others_alone(reference_data: Path) -> None:
    for path in samples(reference_data):
        if path.name != MISPLACED:
            assert parse(path.read_bytes(), overlay="nbm", quirks=QUIRK) == parse(path.read_bytes(), overlay="nbm")


def test_bids_and_acknowledgements_say_the_same_after_the_canonical_model(reference_data: Path) -> None:
    for path in samples(reference_data):
        if path.name != MISPLACED and "Activation_Market" not in path.name:
            parsed = parse(path.read_bytes(), overlay="nbm")
            letter, report = to_canonical(parsed)
            assert not report.losses
            assert canonical(write_message(letter, parsed.edition, overlay="nbm")) == canonical(path.read_bytes())


def test_orders_lose_only_the_acquiring_domain(reference_data: Path) -> None:
    for path in samples(reference_data):
        if "Activation_Market" in path.name:
            parsed = parse(path.read_bytes())
            letter, report = to_canonical(parsed)
            assert [loss.partition(":")[0] for loss in report.losses] == ["acquiring_Domain.mRID"]
            again, _ = to_canonical(parse(write_message(letter, parsed.edition)))
            assert again.message == letter.message


def test_inclusive_bids_have_no_place_in_the_plain_edition(reference_data: Path) -> None:
    path = next(path for path in samples(reference_data) if path.name == MISPLACED)
    parsed = parse(path.read_bytes(), overlay="nbm", quirks=QUIRK)
    editions = {edition.name: edition for edition in DOCUMENTS["reserve_bid"].EDITIONS}
    _, report = convert(parsed.document, parsed.edition, editions["7.2"])
    assert len(report.losses) == 4
    assert report.losses[0].startswith("/ReserveBid_MarketDocument/Bid_TimeSeries[1]/inclusiveBidsIdentification: ")
    _, nothing = convert(parsed.document, parsed.edition, editions["7.4"])
    assert nothing.losses == ()
