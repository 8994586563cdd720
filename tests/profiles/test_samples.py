"""The messages that Statnett publishes for the Nordic mFRR market: judged as their schema judges them, written back.

What the rules say of these and of the published network documents is compared with the notes of those who collected
them: wrong check characters and lengths of EICs, and series that start at position 2.
"""

import re
from pathlib import Path

import pytest
from lxml import etree

from gateway.errors import Malformed
from gateway.report import Finding, Severity
from profiles import convert, markets, parse, to_canonical, write, write_message
from profiles.registry import DOCUMENTS
from profiles.rules.engine import check

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


# ------------------------------------------------------------------------------------------ what the rules say of them
NO_LENGTH_OR_CHECK = ("an EIC of 16 characters", "an EIC with check character")
"""How the two faults of an EIC begin that the notes count; they count an EIC once, however often it stands."""

LETTER = {("GEN-012", "/GLSK_MarketDocument/sender_MarketParticipant.mRID", "an EIC of type X", "A01:49V000000000017G")}
"""The sender is named by the code of a location: its check character is right, its type letter is not that of a party."""

HEAD = "/CriticalNetworkElement_MarketDocument/time_Period.timeInterval"
PERIOD = "/CriticalNetworkElement_MarketDocument/TimeSeries[1]/Period[1]/timeInterval"


def outside(head: str, found: str) -> set[tuple[str, str, str, str]]:
    """Return that the results are of another day than the head: the exporter had a head of its own."""
    return {("TS-003", PERIOD, f"inside {head}", found)}


def off_the_grid(start: str, end: str) -> set[tuple[str, str, str, str]]:
    """Return that the head starts and ends between quarter hours: it was made at that minute."""
    ends = {"start": start, "end": end}
    return {("GEN-019", f"{HEAD}/{name}", "a border of PT15M", found) for name, found in ends.items()}


MINUTE_9 = off_the_grid("2019-04-01T13:09Z", "2019-04-01T14:09Z") | outside(
    "2019-04-01T13:09Z/2019-04-01T14:09Z", "2021-04-02T03:00Z/2021-04-02T04:00Z"
)
LONG_DAY = "2021-10-30T22:00Z/2021-10-31T23:00Z"
BEYOND_THE_NOTES: dict[str, set[tuple[str, str, str, str]]] = {
    "glsks__flowbased_computation__GlskBE.xml": LETTER,
    "glsks__flowbased_computation__GlskDE.xml": LETTER,
    "cne__epic12__ExpectedCNE_12_15_2.xml": MINUTE_9,
    "cne__epic12__ExpectedCNE_12_15_3_With2P.xml": MINUTE_9,
    "cne__epic12__ExpectedCNE_12_15_6.xml": MINUTE_9,
    "cne__epic12__ExpectedCNE_12_15_7.xml": MINUTE_9,
    "cne__epic12__ExpectedCNE_12_1_6.xml": outside(LONG_DAY, "2026-01-27T17:00Z/2026-01-27T18:00Z"),
    "cne__epic12__ExpectedCNE_12_6_5.xml": outside(LONG_DAY, "2026-01-27T17:00Z/2026-01-27T18:00Z"),
    "cne__epic12__ExpectedCNE_12_6_2.xml": outside(LONG_DAY, "2019-01-07T23:00Z/2019-01-08T00:00Z"),
    "cne__epic90__ExpectedCNE_90_3_3.xml": outside(LONG_DAY, "2019-01-08T20:00Z/2019-01-08T21:00Z"),
    "test__resources__SweCNE.xml": off_the_grid("2021-08-27T15:22Z", "2021-08-27T16:22Z")
    | outside("2021-08-27T15:22Z/2021-08-27T16:22Z", "2021-04-02T12:00Z/2021-04-02T13:00Z"),
}
"""What the notes do not look at: the type letter of an EIC, and the interval of the head."""


def notes(reference_data: Path) -> dict[str, tuple[int, bool]]:
    """Return what is noted of each sample: number of wrong EICs, and whether a series starts at position 2."""
    rows = (reference_data / "documents" / "samples" / "MANIFEST.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in row.split("|")] for row in rows if ".xml |" in row]
    counted = {row[1]: (re.match(r"[0-9]+(?= EIC )", row[7]), "first position 2" in row[7]) for row in cells}
    return {name: (int(number[0]) if number else 0, late) for name, (number, late) in counted.items()}


def ruled(path: Path) -> list[Finding]:
    """Return what the rules say of a sample."""
    nordic = path.parent.name == "nordic_mfrr_eam"
    parsed = parse(path.read_bytes(), overlay="nbm", quirks=QUIRK if path.name == MISPLACED else ())
    return list(check(parsed.document, parsed.edition, markets.load("nordic_no" if nordic else "project")).findings)


def test_the_rules_find_what_is_noted_of_each_sample_and_nothing_else(reference_data: Path) -> None:
    noted = notes(reference_data)
    paths = [path for path in (reference_data / "documents" / "samples").glob("*/*.xml") if path.name in noted]
    assert len(paths) == len(noted) == 41
    for path in paths:
        findings = ruled(path)
        wrong = [one for one in findings if one.rule == "GEN-012" and one.expected.startswith(NO_LENGTH_OR_CHECK)]
        late = [one for one in findings if one.rule == "TS-007"]
        placeholders = [one for one in findings if one.rule == "CR-004"]
        assert {one.path for one in placeholders} <= {one.path for one in wrong}, path.name
        others = [one for one in findings if one not in wrong + late + placeholders]
        assert (len({one.found for one in wrong}), bool(late)) == noted[path.name], path.name
        assert {(one.expected, one.found, one.severity) for one in late} <= {("1", "2", Severity.WARN)}
        told = {(one.rule, one.path, one.expected, one.found) for one in others}
        assert told == BEYOND_THE_NOTES.get(path.name, set()), path.name
