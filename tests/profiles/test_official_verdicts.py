"""Official schemas as a judge: limits, many complaints, chains of files, and the words of the second library."""

import pytest
from lxml import etree

from gateway.errors import Misconfigured
from profiles import Limits
from profiles.official import Bundle, Complaint, OfficialVerdict, element_path

OPEN = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" {more} elementFormDefault="qualified">{inner}</xs:schema>'
)


def schema(inner: str, target: str = "urn:a", more: str = "") -> bytes:
    return OPEN.format(inner=inner, more=f'xmlns="{target}" targetNamespace="{target}" {more}').encode()


LIST = schema(
    '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int" minOccurs="1"'
    ' maxOccurs="unbounded"/><xs:element name="z" type="xs:string" minOccurs="0"/></xs:sequence>'
    '<xs:attribute name="kind" type="xs:NMTOKEN"/></xs:complexType></xs:element>'
)
BUNDLE = Bundle(files={"list.xsd": LIST})


def judged(inner: str, *, explain: bool = False) -> OfficialVerdict:
    return BUNDLE.judge(f'<a xmlns="urn:a">{inner}</a>'.encode(), explain=explain)


def test_a_right_document_is_valid_and_nothing_is_said() -> None:
    assert judged("<n>1</n><n>2</n>") == OfficialVerdict(valid=True, schema="list.xsd")


WRONG: list[tuple[str, str, str, str]] = [
    ("a wrong value", "<n>1</n><n>x</n>", "/a/n[2]", "'x' is not a valid value"),
    ("nothing", "", "/a", "Missing child element(s)"),
    ("an unknown element", "<n>1</n><y/>", "/a/y", "This element is not expected"),
    ("a wrong order", "<z/><n>1</n>", "/a/z", "This element is not expected"),
    ("text between elements", "x<n>1</n>", "/a", "Character content"),
]


@pytest.mark.parametrize(("inner", "path", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_document_is_told_with_its_place(inner: str, path: str, words: str) -> None:
    verdict = judged(inner)
    assert (verdict.valid, verdict.schema) == (False, "list.xsd")
    assert verdict.complaints[0].path == path
    assert words in verdict.complaints[0].message
    assert "{urn:a}" not in verdict.complaints[0].message
    assert verdict.explained == ()


def test_a_complaint_has_its_line() -> None:
    assert [one.line for one in judged("\n<n>1</n>\n<n>x</n>").complaints] == [3]


def test_a_hundred_complaints_are_told_and_no_more() -> None:
    assert len(judged("<n>x</n>" * 99).complaints) == 99
    assert len(judged("<n>x</n>" * 100).complaints) == 100
    assert len(judged("<n>x</n>" * 150).complaints) == 100


def test_a_namespace_of_no_file_is_left_open() -> None:
    verdict = BUNDLE.judge(b'\n<a xmlns="urn:other"/>')
    assert verdict == OfficialVerdict(
        valid=None,
        complaints=(Complaint(path="/a", line=2, message="none of 1 schema files is for the namespace 'urn:other'"),),
    )
    assert BUNDLE.judge(b"<a/>").valid is None


def test_what_the_parser_refuses_is_not_valid() -> None:
    data = b'<a xmlns="urn:a"><n>1</n></a>'
    assert BUNDLE.judge(data, limits=Limits(size_bytes=len(data))).valid is True
    verdict = BUNDLE.judge(data, limits=Limits(size_bytes=len(data) - 1))
    message = f"/: expected at most {len(data) - 1} bytes, found {len(data)} bytes"
    assert verdict == OfficialVerdict(valid=False, complaints=(Complaint(path="/", line=0, message=message),))


# ---------------------------------------------------------------------------------------------------------------- files
def test_files_without_a_namespace_or_without_a_schema_define_none() -> None:
    files = {
        "list.xsd": LIST,
        "plain.xsd": OPEN.format(inner="", more="").encode(),
        "other.xml": b"<x targetNamespace='urn:x'/>",
    }
    assert Bundle(files=files).by_namespace == {"urn:a": "list.xsd"}


@pytest.mark.parametrize("data", [b"", b"<", b"not XML"])
def test_a_file_that_is_no_xml_is_a_fault_of_the_settings(data: bytes) -> None:
    with pytest.raises(Misconfigured) as caught:
        Bundle(files={"broken.xsd": data}).judge(b'<a xmlns="urn:a"/>')
    assert (caught.value.path, caught.value.expected) == ("schemas/broken.xsd", "an XML schema")


CHAIN = {
    "main.xsd": schema(
        '<xs:import namespace="urn:b" schemaLocation="http://elsewhere/b.xsd"/>'
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="v" type="b:Value"/></xs:sequence>'
        "</xs:complexType></xs:element>",
        more='xmlns:b="urn:b"',
    ),
    "b.xsd": schema(
        '<xs:import namespace="urn:c" schemaLocation="c.xsd"/><xs:include schemaLocation="part.xsd"/>'
        '<xs:simpleType name="Value"><xs:union memberTypes="c:Word Local"/></xs:simpleType>',
        "urn:b",
        'xmlns:c="urn:c"',
    ),
    "part.xsd": schema(
        '<xs:simpleType name="Local"><xs:restriction base="xs:string"><xs:enumeration value="here"/>'
        "</xs:restriction></xs:simpleType>",
        "urn:b",
    ),
    "c.xsd": schema(
        '<xs:simpleType name="Word"><xs:restriction base="xs:string"><xs:enumeration value="there"/>'
        "</xs:restriction></xs:simpleType>",
        "urn:c",
    ),
}


@pytest.mark.parametrize(("value", "valid"), [("here", True), ("there", True), ("nowhere", False)])
def test_a_chain_of_files_is_followed_by_name_whatever_the_location(value: str, *, valid: bool) -> None:
    verdict = Bundle(files=CHAIN).judge(f'<a xmlns="urn:a"><v>{value}</v></a>'.encode())
    assert (verdict.valid, verdict.schema, bool(verdict.complaints)) == (valid, "main.xsd", not valid)


@pytest.mark.parametrize("missing", ["b.xsd", "part.xsd", "c.xsd"])
def test_a_missing_link_is_a_fault_of_the_settings(missing: str) -> None:
    files = {name: data for name, data in CHAIN.items() if name != missing}
    with pytest.raises(Misconfigured) as caught:
        Bundle(files=files).judge(b'<a xmlns="urn:a"><v>here</v></a>')
    assert (caught.value.path, caught.value.expected) == ("schemas/main.xsd", "an XML schema")


def test_a_schema_is_compiled_once() -> None:
    bundle = Bundle(files=CHAIN)
    first = bundle.judge(b'<a xmlns="urn:a"><v>nowhere</v></a>')
    assert bundle.judge(b'<a xmlns="urn:a"><v>nowhere</v></a>') == first


# --------------------------------------------------------------------------------------------------- the second library
def test_the_second_library_says_what_was_expected() -> None:
    (explained,) = judged("<z/>", explain=True).explained
    assert (explained.path, explained.expected) == ("/a", ("n",))
    assert judged("<n>1</n>", explain=True).explained == ()


def test_the_second_library_follows_the_same_chain() -> None:
    verdict = Bundle(files=CHAIN).judge(b'<a xmlns="urn:a"><v>nowhere</v></a>', explain=True)
    (explained,) = verdict.explained
    assert (explained.path, explained.expected) == ("/a/v", ())


@pytest.mark.parametrize(
    ("kind", "value"),
    [("dateTime", f"{'9' * 30}-01-01T00:00:00"), ("date", f"{'9' * 400}-13-01")],
    ids=["instant", "day"],
)
def test_of_a_number_that_the_second_library_cannot_hold_the_first_has_said_enough(kind: str, value: str) -> None:
    bundle = Bundle(files={"one.xsd": schema(f'<xs:element name="a" type="xs:{kind}"/>')})
    verdict = bundle.judge(f'<a xmlns="urn:a">{value}</a>'.encode(), explain=True)
    assert (verdict.valid, verdict.explained) == (False, ())
    assert [one.path for one in verdict.complaints] == ["/a"]


def test_without_being_asked_the_second_library_says_nothing() -> None:
    assert judged("<n>x</n>").explained == ()


# ---------------------------------------------------------------------------------------------------------------- paths
@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("<a/>", ["/a"]),
        ("<a><b/><c/></a>", ["/a", "/a/b", "/a/c"]),
        ("<a><b/><c/><b><d/></b></a>", ["/a", "/a/b[1]", "/a/c", "/a/b[2]", "/a/b[2]/d"]),
        ('<x:a xmlns:x="urn:x"><x:b/><b/></x:a>', ["/a", "/a/b", "/a/b"]),
    ],
)
def test_a_path_counts_where_a_name_repeats(text: str, paths: list[str]) -> None:
    assert [element_path(node) for node in etree.fromstring(text).iter()] == paths
