"""The JSON form on hand-written documents: to the letter, member by member, and refused where its XML would be."""

import json
from typing import Any

import pytest

from gateway.errors import Malformed, Unwritable
from profiles import Limits, parse
from profiles.json_form import read_json, write_json
from profiles.registry import named
from tests.profiles.documents.trees import holding, text_of
from tests.wire_values import changed

TEXT = text_of("glsk", "2.2", "own-full")
EDITION = named("glsk", "2.2")
ROOT = "GLSK_MarketDocument"
DOCUMENT = parse(TEXT.encode()).document
TABLE = parse(text_of("constraint_table", "1.0", "own-two-limits").encode()).document
TABLE_EDITION = named("constraint_table", "1.0")


def content() -> dict[str, Any]:
    """Return the document as JSON objects."""
    members: dict[str, Any] = json.loads(write_json(DOCUMENT, EDITION))
    return members


def said(*path: str | int, value: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    """Return the document with another value at *path* below its root."""
    members = content()
    here: Any = members[ROOT]
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return json.dumps(members).encode()


def refusal(data: bytes, limits: Limits | None = None) -> tuple[str, str, str, str, str]:
    """Return path, expected, found, reason code and rule."""
    with pytest.raises(Malformed) as caught:
        read_json(data, limits=limits) if limits else read_json(data)
    error = caught.value
    return error.path, error.expected, error.found, error.code, error.rule


LIMIT = {
    "mRID": "line 7",
    "timeInterval": {"start": "2027-01-14T08:00Z", "end": "2027-01-14T08:15Z"},
    "headroom_Quantity.quantity": "2.875",
    "quantity_Measurement_Unit.name": "MAW",
    "BidCoefficient": [
        {"bid_BidTimeSeries.mRID": "up-1", "coefficient": "1"},
        {"bid_BidTimeSeries.mRID": "down-1", "coefficient": "-0.7071"},
    ],
    "description": "conductor at 15 degrees",
}


def test_a_small_document_to_the_letter() -> None:
    small = changed(TABLE, series=TABLE.series[:1])
    head = {
        "mRID": "table-1",
        "revisionNumber": "4",
        "process.processType": "A47",
        "sender_MarketParticipant.mRID": {"value": "7080000000005", "codingScheme": "A10"},
        "sender_MarketParticipant.marketRole.type": "A50",
        "receiver_MarketParticipant.mRID": {"value": "10X1001A1001A39W", "codingScheme": "A01"},
        "receiver_MarketParticipant.marketRole.type": "A11",
        "createdDateTime": "2027-01-14T07:10:00Z",
        "period.timeInterval": {"start": "2027-01-14T08:00Z", "end": "2027-01-14T09:00Z"},
        "domain.mRID": {"value": "10YNO-2--------T", "codingScheme": "A01"},
        "Limit_Series": [LIMIT],
    }
    whole = {"@namespace": "urn:tso-dso-gateway:constraint-table:1:0", "ConstraintTable_MarketDocument": head}
    assert write_json(small, TABLE_EDITION).decode() == json.dumps(whole) + "\n"
    assert read_json(json.dumps(whole).encode()).document == small


def test_every_element_of_a_full_document_comes_back() -> None:
    parsed = read_json(write_json(DOCUMENT, EDITION))
    assert parsed.document == DOCUMENT
    assert parsed.edition is EDITION
    assert parsed.report.clean


def test_whole_numbers_are_numbers_and_decimals_are_texts() -> None:
    key = content()[ROOT]["TimeSeries"][0]["Period"][0]["Point"][0]["SKBlock_TimeSeries"][0]
    assert (key["attributeInstanceComponent.position"], key["quantity.quantity"]) == (2, "0.75")
    assert key["RegisteredResource"][1] == {"mRID": {"value": "NOKG90902", "codingScheme": "NNO"}}


def test_letters_are_written_as_they_are() -> None:
    data = write_json(changed(DOCUMENT, id="blåbær 漢 \U0001d11e"), EDITION)
    assert "blåbær 漢 \U0001d11e".encode() in data
    assert read_json(data).document.id == "blåbær 漢 \U0001d11e"
    assert read_json(b"\xef\xbb\xbf" + data).document == read_json(data).document


POINT = ("TimeSeries", 0, "Period", 0, "Point", 0)
PLACE = f"/{ROOT}/TimeSeries[1]/Period[1]/Point[1]"
WRONG: list[tuple[str, bytes, tuple[str, str, str, str, str]]] = [
    (
        "a text for a position",
        said(*POINT, "position", value="1"),
        (f"{PLACE}/position", "a whole number", '"1"', "999", "GEN-004"),
    ),
    (
        "a fraction for a position",
        said(*POINT, "position", value=1.5),
        (f"{PLACE}/position", "a whole number", "1.5", "999", "GEN-004"),
    ),
    (
        "truth for a position",
        said(*POINT, "position", value=True),
        (f"{PLACE}/position", "a whole number", "true", "999", "GEN-004"),
    ),
    (
        "a number for a code",
        said("type", value=22),
        (f"/{ROOT}/type", "a string", "22", "999", "GEN-004"),
    ),
    ("nothing", said("mRID", value=None), (f"/{ROOT}/mRID", "a string", "null", "999", "GEN-004")),
    (
        "an object for many",
        said("TimeSeries", value={}),
        (f"/{ROOT}/TimeSeries", "an array", "{}", "999", "GEN-004"),
    ),
    (
        "a text in an array of objects",
        said("TimeSeries", value=["x"]),
        (f"/{ROOT}/TimeSeries[1]", "an object", '"x"', "999", "GEN-004"),
    ),
    (
        "an array for one",
        said("time_Period.timeInterval", value=[]),
        (f"/{ROOT}/time_Period.timeInterval", "an object", "[]", "999", "GEN-004"),
    ),
    (
        "a text for an identifier",
        said("domain.mRID", value="10YNO-0--------C"),
        (f"/{ROOT}/domain.mRID", "an object with value and codingScheme", '"10YNO-0--------C"', "999", "GEN-004"),
    ),
    (
        "an identifier without value",
        said("domain.mRID", value={"codingScheme": "A01"}),
        (f"/{ROOT}/domain.mRID", "the members value and codingScheme", "codingScheme", "999", "GEN-004"),
    ),
    (
        "an empty identifier",
        said("domain.mRID", value={}),
        (f"/{ROOT}/domain.mRID", "the members value and codingScheme", "none", "999", "GEN-004"),
    ),
    (
        "a scheme that is a number",
        said("domain.mRID", value={"value": "x", "codingScheme": 1}),
        (f"/{ROOT}/domain.mRID/@codingScheme", "a string", "1", "999", "GEN-004"),
    ),
    (
        "a scheme that XML cannot hold",
        said("domain.mRID", value={"value": "x", "codingScheme": "\x00"}),
        (f"/{ROOT}/domain.mRID", "characters that XML allows", "'\\x00'", "999", "GEN-004"),
    ),
    (
        "a text that XML cannot hold",
        said("mRID", value="\x1f" * 90),
        (f"/{ROOT}/mRID", "characters that XML allows", repr("\x1f" * 80), "999", "GEN-004"),
    ),
    (
        "a long thing of the wrong kind",
        said("mRID", value=["x" * 100]),
        (f"/{ROOT}/mRID", "a string", '["' + "x" * 78, "999", "GEN-004"),
    ),
    (
        "an unknown member",
        said("TimeSeries", 0, "colour", value="red"),
        (f"/{ROOT}/TimeSeries[1]/colour", "a member of TimeSeries", "an unknown one", "999", "GEN-004"),
    ),
    (
        "an empty array where one must be",
        said("TimeSeries", value=[]),
        (f"/{ROOT}/TimeSeries", "<TimeSeries>", "<Reason>", "A69", "GEN-004"),
    ),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_has_not_the_form_is_refused_at_its_place(data: bytes, expected: tuple[str, str, str, str, str]) -> None:
    assert refusal(data) == expected


OUTSIDE: list[tuple[str, bytes, tuple[str, str, str, str]]] = [
    ("an array", b"[]", ("/@namespace", "the namespace of a known edition", "None", "GEN-002")),
    ("no namespace", b"{}", ("/@namespace", "the namespace of a known edition", "None", "GEN-002")),
    (
        "a namespace that is a number",
        b'{"@namespace": 1}',
        ("/@namespace", "the namespace of a known edition", "1", "GEN-002"),
    ),
    (
        "no document",
        json.dumps({"@namespace": EDITION.namespace}).encode(),
        ("/", f"the member {ROOT} and no other", "nothing", "GEN-003"),
    ),
    (
        "two documents",
        json.dumps({"@namespace": EDITION.namespace, ROOT: {}, "More": {}}).encode(),
        ("/", f"the member {ROOT} and no other", f"{ROOT}, More", "GEN-003"),
    ),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in OUTSIDE], ids=[row[0] for row in OUTSIDE])
def test_what_is_around_the_document_has_its_own_rules(data: bytes, expected: tuple[str, str, str, str]) -> None:
    path, wanted, found, code, rule = refusal(data)
    assert (path, wanted, found, rule) == expected
    assert code == "A94"


@pytest.mark.parametrize("data", [b"", b"{", b'{"a": 1, "a": 2}', b"\xff", b"nul", b'{"a": 1}}'])
def test_what_is_no_json_is_refused_as_a_whole(data: bytes) -> None:
    path, expected, _, code, rule = refusal(data)
    assert (path, expected, code, rule) == ("/", "a JSON text in UTF-8", "A94", "GEN-001")


def test_size_and_number_are_bounded_at_the_limit_and_one_beyond() -> None:
    data = write_json(DOCUMENT, EDITION)
    marks = data.count(b":") + data.count(b",")
    assert read_json(data, limits=Limits(size_bytes=len(data), elements=(marks + 1) // 2)).document == DOCUMENT
    small, few = Limits(size_bytes=len(data) - 1), Limits(elements=(marks - 1) // 2)
    assert refusal(data, small)[:3] == ("/", f"at most {len(data) - 1} bytes", f"{len(data)} bytes")
    assert refusal(data, few)[:3] == ("/", f"at most {few.elements} elements", "more")


@pytest.mark.parametrize(("path", "value"), [("mRID", "x" * 61), ("type", "Q9"), ("revisionNumber", "01")])
def test_a_wrong_value_is_found_as_in_xml(path: str, value: str) -> None:
    expected = parse(holding(TEXT, path, value).encode()).report
    assert len(expected.findings) == 1
    assert read_json(said(path, value=value)).report == expected


def test_a_value_without_its_form_is_refused_as_in_xml() -> None:
    with pytest.raises(Malformed) as caught:
        parse(holding(TEXT, "createdDateTime", "today").encode())
    error = caught.value
    assert refusal(said("createdDateTime", value="today")) == (*error.args, error.rule)


def test_what_xml_cannot_hold_is_not_written() -> None:
    with pytest.raises(Unwritable, match=f"/{ROOT}/mRID: expected at most 60 characters"):
        write_json(changed(DOCUMENT, id="x" * 61), EDITION)
    with pytest.raises(Unwritable, match=f"/{ROOT}/TimeSeries: expected at least 1"):
        write_json(changed(DOCUMENT, series=()), EDITION)
