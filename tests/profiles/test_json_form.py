"""The JSON form of every document: derived from the declaration, judged as its XML form is."""

import json
import random
from typing import Any

import pytest

from gateway.errors import Malformed, Unwritable
from profiles import Limits, parse, write, write_message
from profiles.constraint_table import EDITIONS
from profiles.edition import Edition
from profiles.json_form import read_json, write_json
from profiles.registry import EDITIONS as ALL
from tests.generate_documents import random_document
from tests.profiles.test_constraints import TABLE, WRITTEN_CURVE
from tests.wire_values import edition_of, letter

TABLE_EDITION = EDITIONS[0]
ROOT = "ConstraintTable_MarketDocument"
DOCUMENT = parse(write_message(letter(TABLE))).document


@pytest.mark.parametrize("edition", ALL, ids=str)
def test_what_is_written_is_read_again(edition: Edition) -> None:
    for seed in range(5):
        document = random_document(edition.document, edition, random.Random(seed))
        parsed = read_json(write_json(document, edition))
        assert parsed.document == document
        assert parsed.edition is edition
        assert parsed.report.clean


@pytest.mark.parametrize("edition", ALL, ids=str)
def test_what_xml_cannot_hold_is_not_written(edition: Edition) -> None:
    for seed in range(5):
        with pytest.raises(Unwritable):
            write_json(random_document(edition.document, edition, random.Random(seed), valid=False), edition)


def test_a_document_looks_as_a_person_would_expect() -> None:
    data = json.loads(write_json(DOCUMENT, TABLE_EDITION))
    assert list(data) == ["@namespace", ROOT]
    head = data[ROOT]
    assert list(head)[:3] == ["mRID", "revisionNumber", "sender_MarketParticipant.mRID"]
    assert head["sender_MarketParticipant.mRID"] == {"value": "10X1001A1001A38Y", "codingScheme": "A01"}
    assert head["period.timeInterval"] == {"start": "2027-01-14T08:00Z", "end": "2027-01-14T09:00Z"}
    series = head["Limit_Series"][0]
    assert series["headroom_Quantity.quantity"] == "2.875"
    assert series["BidCoefficient"][1] == {"bid_BidTimeSeries.mRID": "down", "coefficient": "-0.7071"}
    assert "domain.mRID" in head
    assert "process.processType" not in head


def test_positions_are_numbers_and_optional_attributes_may_be_missing() -> None:
    gl = edition_of("GL_MarketDocument 3.2")
    document = random_document(gl.document, gl, random.Random(12))
    texts = write_json(document, gl).decode()
    assert '"position": "' not in texts
    status = edition_of("StatusRequest_MarketDocument 4.1")
    values = [
        value["attributeValue"]
        for seed in range(20)
        for value in json.loads(write_json(random_document(status.document, status, random.Random(seed)), status))[
            status.root
        ]["AttributeInstanceComponent"]
    ]
    assert {len(value) for value in values} == {1, 2}


def test_indented_and_dense_say_the_same() -> None:
    dense, indented = write_json(DOCUMENT, TABLE_EDITION), write_json(DOCUMENT, TABLE_EDITION, indent=2)
    assert b"\n  " in indented
    assert json.loads(dense) == json.loads(indented)
    assert read_json(dense).document == read_json(indented).document
    assert read_json(dense).digest != read_json(indented).digest


def test_order_says_nothing() -> None:
    data = json.loads(write_json(DOCUMENT, TABLE_EDITION))
    turned = {name: data[name] for name in reversed(data)}
    turned[ROOT] = {name: data[ROOT][name] for name in reversed(data[ROOT])}
    assert read_json(json.dumps(turned).encode()).document == DOCUMENT


def with_change(*path: str | int, value: Any = None, drop: bool = False) -> bytes:  # noqa: ANN401 - whatever JSON holds
    """Return the document with another value at *path*, or without that member."""
    data = json.loads(write_json(DOCUMENT, TABLE_EDITION))
    here: Any = data
    for step in path[:-1]:
        here = here[step]
    if drop:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return json.dumps(data).encode()


SERIES = (ROOT, "Limit_Series", 0)
FIRST = f"/{ROOT}/Limit_Series[1]"
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "no JSON": (b"<xml/>", "GEN-001", "/"),
    "no UTF-8": (b'{"@namespace": "\xff"}', "GEN-001", "/"),
    "a member twice": (b'{"a": 1, "a": 2}', "GEN-001", "/"),
    "without end": (b"[" * 100_000, "GEN-001", "/"),
    "an array": (b"[]", "GEN-002", "/@namespace"),
    "no namespace": (b"{}", "GEN-002", "/@namespace"),
    "another namespace": (with_change("@namespace", value="urn:other"), "GEN-002", "/@namespace"),
    "another root": (with_change("Other", value={}), "GEN-003", "/"),
    "no root": (with_change(ROOT, drop=True), "GEN-003", "/"),
    "an unknown member": (with_change(ROOT, "surprise", value="x"), "GEN-004", f"/{ROOT}/surprise"),
    "a missing member": (with_change(ROOT, "mRID", drop=True), "GEN-004", f"/{ROOT}/mRID"),
    "null": (with_change(ROOT, "mRID", value=None), "GEN-004", f"/{ROOT}/mRID"),
    "a number for a string": (with_change(ROOT, "revisionNumber", value=1), "GEN-004", f"/{ROOT}/revisionNumber"),
    "a number for a decimal": (
        with_change(*SERIES, "headroom_Quantity.quantity", value=2.5),
        "GEN-004",
        f"{FIRST}/headroom_Quantity.quantity",
    ),
    "one for many": (with_change(ROOT, "Limit_Series", value={}), "GEN-004", f"/{ROOT}/Limit_Series"),
    "a string for an object": (with_change(*SERIES, "timeInterval", value="x"), "GEN-004", f"{FIRST}/timeInterval"),
    "an identifier without its scheme": (
        with_change(ROOT, "domain.mRID", value="10YNO-2--------T"),
        "GEN-004",
        f"/{ROOT}/domain.mRID",
    ),
    "an identifier with more": (
        with_change(ROOT, "domain.mRID", "name", value="NO2"),
        "GEN-004",
        f"/{ROOT}/domain.mRID",
    ),
    "a scheme that is no string": (
        with_change(ROOT, "domain.mRID", "codingScheme", value=1),
        "GEN-004",
        f"/{ROOT}/domain.mRID/@codingScheme",
    ),
    "a missing scheme": (
        with_change(ROOT, "domain.mRID", "codingScheme", drop=True),
        "GEN-004",
        f"/{ROOT}/domain.mRID/@codingScheme",
    ),
    "true for a string": (with_change(ROOT, "mRID", value=True), "GEN-004", f"/{ROOT}/mRID"),
    "a character that XML has not": (with_change(ROOT, "mRID", value="\x00"), "GEN-004", f"/{ROOT}/mRID"),
    "not a number": (
        with_change(*SERIES, "headroom_Quantity.quantity", value="NaN"),
        "GEN-004",
        f"{FIRST}/headroom_Quantity.quantity",
    ),
    "a naive instant": (
        with_change(ROOT, "createdDateTime", value="2027-01-14T08:00:00"),
        "GEN-004",
        f"/{ROOT}/createdDateTime",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_not_the_form_is_refused_with_its_place(name: str) -> None:
    data, rule, path = REFUSED[name]
    with pytest.raises(Malformed) as caught:
        read_json(data)
    assert (caught.value.rule, caught.value.path) == (rule, path)


@pytest.mark.parametrize("value", ["1", True, 1.5])
def test_a_position_is_a_whole_number(value: object) -> None:
    edition = edition_of("ResourceOperatingEnvelope_MarketDocument 1.0")
    data = json.loads(write_json(WRITTEN_CURVE, edition))
    data[edition.root]["Envelope_Series"][0]["Period"][0]["Point"][0]["position"] = value
    with pytest.raises(Malformed, match="a whole number"):
        read_json(json.dumps(data).encode())


def test_facets_and_codes_are_findings_as_in_xml() -> None:
    for path, value in (
        ((ROOT, "mRID"), "x" * 61),
        ((*SERIES, "quantity_Measurement_Unit.name"), "FOO"),
        ((ROOT, "domain.mRID", "codingScheme"), "Q9"),
    ):
        report = read_json(with_change(*path, value=value)).report
        assert len(report.findings) == 1
    xml = write(DOCUMENT, TABLE_EDITION).replace(b"<mRID>document</mRID>", b"<mRID>" + b"x" * 61 + b"</mRID>")
    assert read_json(with_change(ROOT, "mRID", value="x" * 61)).report == parse(xml).report


def test_size_is_bounded() -> None:
    data = write_json(DOCUMENT, TABLE_EDITION)
    assert read_json(data, limits=Limits(size_bytes=len(data))).document == DOCUMENT
    for limits in (Limits(size_bytes=len(data) - 1), Limits(elements=20)):
        with pytest.raises(Malformed) as caught:
            read_json(data, limits=limits)
        assert caught.value.rule == "GEN-001"


def test_empty_and_blank_texts_are_kept() -> None:
    for text in ("", " ", "a\r\nb"):
        assert read_json(with_change(ROOT, "mRID", value=text)).document.id == text
