"""Documents that only inform: the network documents that OpenRAO publishes, and the head of all others."""

import random
from pathlib import Path

import pytest

from gateway.errors import Unmappable
from gateway.inquiries import Informative
from gateway.model import Role
from profiles import parse, publication, read, to_canonical, write
from profiles.crac import CRACMarketDocument
from profiles.critical_network_element import CriticalNetworkElementMarketDocument
from profiles.glsk import GLSKMarketDocument
from profiles.parts import TimeInterval
from profiles.registry import DOCUMENTS
from tests.generate_documents import random_document
from tests.market_values import quarter
from tests.profiles.test_samples import canonical
from tests.wire_values import changed

UNKNOWN = "cne__epic12__ExpectedCNE_12_15_6.xml"
"""The one sample with a code that neither the standard nor the Nordic lists have."""

ANALOG = {"cne__epic12__ExpectedCNE_12_1_6.xml", "cne__epic12__ExpectedCNE_12_6_2.xml"} | {
    "cne__epic12__ExpectedCNE_12_6_5.xml",
    "cne__epic90__ExpectedCNE_90_3_3.xml",
}
"""Samples with an analog type that only the unrestricted list of the published overlay lets pass."""

NORDIC = {
    "cne__epic12__ExpectedCNE_12_15_3_With2P.xml",
    "cne__epic12__ExpectedCNE_12_15_7.xml",
    "crac__epic12__CIM_12_15_1.xml",
}
"""Samples with codes of the Nordic lists."""


def samples(reference_data: Path) -> list[Path]:
    found = sorted((reference_data / "documents" / "samples" / "open_rao").glob("*.xml"))
    assert len(found) == 25
    return found


def manifest(reference_data: Path) -> dict[str, tuple[str, str]]:
    """Return how each sample is judged by the published schemas: with the plain lists, with the Nordic ones."""
    rows = (reference_data / "documents" / "samples" / "MANIFEST.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in row.split("|")] for row in rows if ".xml |" in row]
    return {row[1]: (row[4], row[5]) for row in cells}


def test_every_sample_is_judged_as_the_published_schema_judges_it(reference_data: Path) -> None:
    judged = manifest(reference_data)
    for path in samples(reference_data):
        plain, nordic = judged[path.name]
        assert parse(path.read_bytes()).report.clean == (plain == "valid"), path.name
        expected = nordic == "valid" and path.name not in ANALOG
        assert parse(path.read_bytes(), overlay="nbm").report.clean == expected, path.name


def test_the_findings_are_the_national_codes_and_nothing_else(reference_data: Path) -> None:
    for path in samples(reference_data):
        codes = {finding.found for finding in parse(path.read_bytes()).report.findings}
        rules = {finding.rule for finding in parse(path.read_bytes()).report.findings}
        assert codes <= {"'Z01'", "'Z03'", "'Z12'", "'Z13'", "'Z14'", "'Z15'"}, path.name
        assert rules <= {"GEN-005"}
        assert bool(codes) == (path.name in NORDIC | ANALOG | {UNKNOWN})


def test_written_again_a_sample_is_canonically_the_same(reference_data: Path) -> None:
    written = 0
    for path in samples(reference_data):
        parsed = parse(path.read_bytes(), overlay="nbm")
        if parsed.report.clean:
            again = write(parsed.document, parsed.edition, overlay="nbm")
            original = path.read_bytes()
            assert without_hint(canonical(again)) == without_hint(canonical(original)), path.name
            written += 1
    assert written == 20


def without_hint(data: bytes) -> bytes:
    """Return canonical XML without the hint at a schema on the root element, which is not part of the document."""
    head, mark, rest = data.partition(b">")
    start = head.partition(b" ")[0]
    namespace = head.partition(b'xmlns="')[2].partition(b'"')[0]
    return start + b' xmlns="' + namespace + b'"' + mark + rest


def test_every_sample_has_a_head_and_informs(reference_data: Path) -> None:
    for path in samples(reference_data):
        letter, report = to_canonical(parse(path.read_bytes()))
        name = {"CRAC": "crac", "Crit": "critical_network_element", "GLSK": "glsk"}[str(letter_root(path))[:4]]
        assert letter.message == Informative(document=name)
        assert Role.CAPACITY_COORDINATOR in {letter.sender.role, letter.receiver.role}
        assert letter.digest is not None
        assert report.losses == ()


def letter_root(path: Path) -> str:
    return parse(path.read_bytes()).edition.root


def test_situations_are_read_whole(reference_data: Path) -> None:
    folder = reference_data / "documents" / "samples" / "open_rao"
    crac = parse((folder / "resources__cracs__CIM_21_2_1_mrid.xml").read_bytes()).document
    assert isinstance(crac, CRACMarketDocument)
    situations = [
        one for series in crac.series for period in series.periods for point in period.points for one in point.series
    ]
    assert [len(one.contingencies) for one in situations] == [2, 0, 1]
    assert sum(len(one.monitored) for one in situations if one.business_type == "B57") == 5
    assert crac.series[0].periods[0].points[0].position == 2
    cne = parse((folder / "test__resources__SweCNE.xml").read_bytes()).document
    assert isinstance(cne, CriticalNetworkElementMarketDocument)
    limiting = cne.series[0].periods[0].points[0].constraints
    assert all(one.id for one in limiting)
    glsk = parse((folder / "glsks__flowbased_computation__GlskBE.xml").read_bytes()).document
    assert isinstance(glsk, GLSKMarketDocument)
    keys = glsk.series[0].periods[0].points[0].shift_keys
    assert {key.business_type for key in keys} == {"B42"}


HOUR = TimeInterval(start=quarter(0).start, end=quarter(3).end)
INFORMING = sorted(
    name
    for name, module in DOCUMENTS.items()
    if not module.MESSAGES and not name.startswith(("eddie", "datahub", "publication"))
)


@pytest.mark.parametrize("name", INFORMING)
def test_a_document_of_any_content_informs_under_its_own_name(name: str) -> None:
    module = DOCUMENTS[name]
    document = random_document(module.EDITIONS[0].document, module.EDITIONS[0], random.Random(4))
    wanted = {"sender_role": "A04", "receiver_role": "A36", "subject_role": "A50", "revision": "2", "period": HOUR}
    on = changed(document, **{name: value for name, value in wanted.items() if hasattr(document, name)})
    letter, report = module.to_canonical(on)
    assert letter.message == Informative(document=name)
    assert (letter.id, letter.created) == (on.id, on.created)
    assert (report.assumptions, report.losses) == ((), ())


def test_ten_documents_inform() -> None:
    assert len(INFORMING) == 10


def test_what_is_published_to_everybody_has_its_sender_as_receiver() -> None:
    edition = publication.EDITIONS[0]
    document = random_document(edition.document, edition, random.Random(1))
    public = changed(document, sender_role="A32", receiver=None, receiver_role=None, revision="1", period=HOUR)
    letter, report = publication.to_canonical(public)
    assert letter.receiver == letter.sender
    assert report.assumptions == ("no receiver: published to everybody",)
    told, report = publication.to_canonical(changed(public, receiver=public.sender, receiver_role="A33"))
    assert told.receiver.role is Role.INFORMATION_RECEIVER
    assert report.assumptions == ()


def test_a_role_that_nobody_has_is_refused() -> None:
    edition = DOCUMENTS["redispatch"].EDITIONS[0]
    document = changed(random_document(edition.document, edition, random.Random(1)), sender_role="A41")
    with pytest.raises(Unmappable, match="marketRole"):
        DOCUMENTS["redispatch"].to_canonical(document)


def test_reading_with_rules_keeps_what_informs(reference_data: Path) -> None:
    path = reference_data / "documents" / "samples" / "open_rao" / "crac__epic12__CIM_12_15_3.xml"
    reading = read(path.read_bytes())
    assert reading.envelope is not None
    assert isinstance(reading.envelope.message, Informative)
