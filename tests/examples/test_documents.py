"""The committed documents are those of the generator, right where they should be and wrong where they should be."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.offline.run import Run
from gateway.identifiers import AreaId, PartyId, complaint
from gateway.model import Availability, BidSet
from gateway.results import Verdict
from tests.agreement.oracle import oracle
from tests.examples.conftest import EXAMPLES

MORNING, TWO_AREAS = EXAMPLES / "nordic_morning", EXAMPLES / "two_areas"
SETTLED = EXAMPLES / "two_areas_settled"
MOST_BYTES = 6_000_000

# What each broken document is refused for: rules with reason codes, as far as they refuse, and the verdict.
FAULTS = {
    "broken_area_check_character.xml": ({("GEN-012", "A23"), ("RB-015", "A23")}, Verdict.PARTLY_ACCEPTED),
    "broken_entity_bomb.xml": ({("GEN-001", "A94")}, Verdict.REFUSED),
    "broken_gate_missed.xml": ({("RB-002", "A57")}, Verdict.REFUSED),
    "broken_naive_time.xml": ({("GEN-004", "999")}, Verdict.REFUSED),
    "broken_not_xml.xml": ({("GEN-001", "A94")}, Verdict.REFUSED),
    "broken_points_missing.xml": ({("TS-010", "A49")}, Verdict.PARTLY_ACCEPTED),
    "broken_price_beyond_cap.xml": ({("RB-008", "B51")}, Verdict.PARTLY_ACCEPTED),
    "broken_quantity_off_step.xml": ({("RB-006", "A42")}, Verdict.PARTLY_ACCEPTED),
    "broken_series_id_twice.xml": ({("TS-001", "A55")}, Verdict.REFUSED),
    "broken_unknown_element.xml": ({("GEN-004", "999")}, Verdict.REFUSED),
    "broken_unknown_namespace.xml": ({("GEN-002", "A94")}, Verdict.REFUSED),
}


def good_documents() -> list[Path]:
    found = [*MORNING.glob("*.xml"), *TWO_AREAS.glob("*.xml"), *SETTLED.rglob("*.xml")]
    return sorted(path for path in found if not path.name.startswith("broken_"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return what the generator answers for: the documents and the stray note."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".xml", ".txt"}}


def generate(target: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "generate.py", target], check=True, cwd=target, timeout=120)


def test_the_generator_writes_the_committed_documents_byte_for_byte(tmp_path: Path) -> None:
    generate(tmp_path)
    for folder in (MORNING, TWO_AREAS, SETTLED, SETTLED / "late"):
        written, committed = contents(tmp_path / folder.relative_to(EXAMPLES)), contents(folder)
        assert sorted(written) == sorted(committed)
        assert [name for name in written if written[name] != committed[name]] == []


@pytest.mark.slow
def test_the_generator_removes_documents_that_it_no_longer_writes(tmp_path: Path) -> None:
    stale, kept = tmp_path / "two_areas" / "bids_old.xml", tmp_path / "two_areas" / "README.md"
    stale.parent.mkdir()
    stale.write_text("<old/>")
    kept.write_text("by hand")
    generate(tmp_path)
    assert not stale.exists()
    assert kept.read_text() == "by hand"


def test_the_documents_stay_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) <= MOST_BYTES


def test_every_good_document_is_accepted_without_a_finding(morning: Run) -> None:
    good = [document for document in morning.received if not document.file.startswith("broken_")]
    assert {document.file for document in good} == {path.name for path in good_documents() if path.parent == MORNING}
    assert [document.file for document in good if document.verdict is not Verdict.ACCEPTED] == []
    assert [finding for document in good for finding in document.report.findings] == []
    assert [(document.file, loss) for document in good for loss in document.report.losses] == []


@pytest.mark.parametrize("file", sorted(FAULTS))
def test_a_broken_document_is_refused_for_the_one_thing_that_is_wrong_with_it(file: str, morning: Run) -> None:
    (document,) = (document for document in morning.received if document.file == file)
    rules, verdict = FAULTS[file]
    assert {(finding.rule, finding.code) for finding in document.report.findings} == rules
    assert document.verdict is verdict


def test_the_table_of_broken_documents_is_complete() -> None:
    assert {path.name for path in MORNING.glob("broken_*")} == set(FAULTS)


def test_the_readme_says_of_each_broken_document_what_is_found() -> None:
    text = (MORNING / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(broken_\w+\.xml)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    told = {file: (set(rules.split(", ")), verdict) for file, rules, verdict in rows}
    assert told == {file: ({rule for rule, _ in rules}, verdict.value) for file, (rules, verdict) in FAULTS.items()}


def test_every_document_is_answered_but_the_acknowledgement(morning: Run) -> None:
    answered = {file for file, _ in morning.acknowledgements}
    assert {document.file for document in morning.received} - answered == {"acknowledgement_fjord_hydro.xml"}
    assert len(morning.acknowledgements) == len(answered)


def test_what_is_no_document_is_named_as_passed_over(morning: Run) -> None:
    assert {ignored.name for ignored in morning.folder.ignored} == {"README.md", "notes.txt"}


def test_the_bids_are_many_and_of_every_shape(morning: Run) -> None:
    accepted = [document.envelope for document in morning.received if document.envelope is not None]
    bids = [bid for envelope in accepted if isinstance(envelope.message, BidSet) for bid in envelope.message.bids]
    assert len(bids) > 2400
    assert len({bid.area for bid in bids}) == 12
    shapes = {
        "divisible": sum(bid.divisible and not bid.minimum_mw for bid in bids),
        "with a minimum": sum(bid.divisible and bid.minimum_mw > 0 for bid in bids),
        "indivisible": sum(not bid.divisible for bid in bids),
        "exclusive": sum(bid.exclusive is not None for bid in bids),
        "multipart": sum(bid.multipart is not None for bid in bids),
        "inclusive": sum(bid.inclusive is not None for bid in bids),
        "technical link": sum(bid.technical_link is not None for bid in bids),
        "available on condition": sum(bid.availability is Availability.CONDITIONALLY_AVAILABLE for bid in bids),
        "unavailable but on condition": sum(bid.availability is Availability.CONDITIONALLY_UNAVAILABLE for bid in bids),
        "negative price": sum(bid.price is not None and bid.price < 0 for bid in bids),
    }
    assert [shape for shape, count in shapes.items() if not count] == []


def test_the_documents_come_in_the_editions_that_the_readme_names(morning: Run) -> None:
    readings = [document.reading for document in morning.received if document.reading is not None]
    assert {(reading.edition.root.removesuffix("_MarketDocument"), reading.edition.name) for reading in readings} == {
        ("ReserveBid", "7.4"),
        ("ReserveBid", "7.2"),
        ("ReserveBid", "7.2-nbm"),
        ("Capacity", "8.3"),
        ("Capacity", "8.1"),
        ("BidAvailability", "1.1"),
        ("Acknowledgement", "8.1"),
    }


@pytest.mark.parametrize("path", good_documents(), ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_every_identifier_has_the_right_check_character(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parties = set(re.findall(r'MarketParticipant\.mRID codingScheme="(A\d\d)">([^<]+)<', text))
    areas = set(re.findall(r'omain\.mRID codingScheme="(A\d\d)">([^<]+)<', text))
    assert parties
    assert [value for scheme, value in parties if complaint(PartyId(value, scheme)) is not None] == []
    assert [value for scheme, value in areas if complaint(AreaId(value, scheme)) is not None] == []


def test_invented_parties_carry_the_prefix_for_demonstrations_and_stand_in_the_readme() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in MORNING.glob("*.xml"))
    invented = set(re.findall(r'codingScheme="A10">([^<]+)<', text))
    readme = (MORNING / "README.md").read_text(encoding="utf-8")
    assert len(invented) == 19
    assert [number for number in invented if not number.startswith("952")] == []
    assert [number for number in invented if f"| {number} |" not in readme] == []


@pytest.mark.parametrize("path", good_documents(), ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_every_good_document_is_valid_against_the_published_schema(path: Path, reference_data: Path) -> None:
    data = path.read_bytes()
    namespace = re.search(rb'xmlns="([^"]+)"', data)
    assert namespace is not None
    schema = oracle(reference_data, namespace[1].decode())
    assert ("overlay_nbm_v91" in schema.schema.path.parts) == (b"ediel:nbm" in namespace[1])
    assert schema.judge(data).complaints == ()
