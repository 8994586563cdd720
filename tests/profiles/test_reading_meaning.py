"""From bytes to meaning: where the path of a refusal leads, what an overlay opens, what a digest covers."""

import hashlib
from decimal import Decimal

import pytest

from gateway.errors import Malformed, Misconfigured, Unmappable
from gateway.inquiries import Informative
from gateway.model import GridConstraints
from gateway.report import Level, Severity
from profiles import Limits, parse, read, to_canonical
from profiles.registry import named
from tests.profiles.documents.trees import holding, text_of, without

TABLE = text_of("constraint_table", "1.0", "own-two-limits")
CRAC = text_of("crac", "2.4", "own-full")
GLSK = text_of("glsk", "2.2", "own-full")


def test_a_parsed_document_knows_its_edition_and_its_bytes() -> None:
    parsed = parse(TABLE.encode())
    assert parsed.edition is named("constraint_table", "1.0")
    assert parsed.digest == hashlib.sha256(TABLE.encode()).hexdigest()
    assert parsed.report.clean
    assert (parsed.report.assumptions, parsed.report.losses) == ((), ())


@pytest.mark.parametrize("more", ["\n", "<!-- c -->", " "])
def test_other_bytes_have_another_digest_and_the_same_meaning(more: str) -> None:
    first, second = parse(TABLE.encode()), parse((TABLE + more).encode())
    assert first.document == second.document
    assert first.digest != second.digest


def test_the_envelope_has_edition_and_digest_of_what_was_read() -> None:
    parsed = parse(CRAC.encode())
    envelope, report = to_canonical(parsed)
    assert (envelope.edition, envelope.digest) == (parsed.edition.namespace, parsed.digest)
    assert envelope.message == Informative(document="crac")
    assert report.clean


UNKNOWN: list[tuple[str, str, tuple[str, str, str, str]]] = [
    (
        "no namespace",
        "<GLSK_MarketDocument/>",
        ("/GLSK_MarketDocument", "the namespace of a known edition", "''", "GEN-002"),
    ),
    (
        "another namespace",
        '<GLSK_MarketDocument xmlns="urn:x"/>',
        ("/GLSK_MarketDocument", "the namespace of a known edition", "'urn:x'", "GEN-002"),
    ),
    (
        "a later edition",
        GLSK.replace("glskdocument:2:2", "glskdocument:2:9"),
        (
            "/GLSK_MarketDocument",
            "the namespace of a known edition",
            "'urn:iec62325.351:tc57wg16:451-n:glskdocument:2:9'",
            "GEN-002",
        ),
    ),
    (
        "a long namespace",
        f'<a xmlns="urn:{"x" * 100}"/>',
        ("/a", "the namespace of a known edition", f"'urn:{'x' * 76}' and 24 characters more", "GEN-002"),
    ),
    (
        "another root",
        GLSK.replace("GLSK_MarketDocument", "CRAC_MarketDocument"),
        ("/CRAC_MarketDocument", "<GLSK_MarketDocument>", "<CRAC_MarketDocument>", "GEN-003"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_a_document_of_no_known_edition_is_refused(text: str, expected: tuple[str, str, str, str]) -> None:
    with pytest.raises(Malformed) as caught:
        parse(text.encode())
    error = caught.value
    assert (error.path, error.expected, error.found, error.rule) == expected
    assert error.code == "A94"


def test_limits_are_those_of_the_caller() -> None:
    data = TABLE.encode()
    assert parse(data, limits=Limits(size_bytes=len(data))).report.clean
    for function in (parse, read):
        with pytest.raises(Malformed, match=f"at most {len(data) - 1} bytes, found {len(data)} bytes"):
            function(data, limits=Limits(size_bytes=len(data) - 1))


def test_an_unknown_name_is_a_fault_of_the_settings() -> None:
    with pytest.raises(Misconfigured, match="overlay"):
        parse(TABLE.encode(), overlay="nowhere")
    with pytest.raises(Misconfigured, match="quirks"):
        parse(TABLE.encode(), quirks=("nothing",))


def test_what_cannot_be_mapped_refuses_the_document_as_a_finding() -> None:
    text = holding(TABLE, "Limit_Series[2]/quantity_Measurement_Unit.name", "KWT")
    with pytest.raises(Unmappable) as caught:
        to_canonical(parse(text.encode()))
    reading = read(text.encode())
    (finding,) = reading.report.findings
    assert reading.envelope is None
    assert (finding.rule, finding.severity, finding.level) == ("MAP", Severity.REJECT, Level.DOCUMENT)
    assert (finding.path, finding.expected, finding.found, finding.code) == caught.value.args
    assert finding.path == "/ConstraintTable_MarketDocument/Limit_Series[2]/quantity_Measurement_Unit.name"


def test_a_value_that_cannot_exist_is_a_fault_of_the_sender() -> None:
    with pytest.raises(Unmappable) as caught:
        to_canonical(parse(holding(TABLE, "domain.mRID", " ").encode()))
    assert caught.value.args == (
        "/ConstraintTable_MarketDocument",
        "AreaId: a value and a coding scheme",
        "(' ', 'A01')",
        "999",
    )


def test_a_finding_of_the_standard_leaves_no_meaning() -> None:
    reading = read(holding(TABLE, "mRID", "x" * 61).encode())
    assert reading.envelope is None
    assert [(one.rule, one.path) for one in reading.report.findings] == [
        ("GEN-004", "/ConstraintTable_MarketDocument/mRID")
    ]
    assert reading.document.series[0].headroom == Decimal("2.875")


def test_without_findings_reading_is_parsing_and_meaning() -> None:
    reading = read(TABLE.encode())
    parsed = parse(TABLE.encode())
    envelope, report = to_canonical(parsed)
    assert (reading.document, reading.edition, reading.digest) == (parsed.document, parsed.edition, parsed.digest)
    assert (reading.envelope, reading.report) == (envelope, report)
    assert isinstance(envelope.message, GridConstraints)


def test_what_is_missing_refuses_the_document_before_any_meaning() -> None:
    with pytest.raises(Malformed, match="Limit_Series\\[1\\]/mRID: expected <mRID>, found <timeInterval>"):
        read(without(TABLE, "Limit_Series/mRID").encode())
