"""A folder of schemas as a judge: imports, includes, namespaces, and what it says of wrong documents."""

import importlib.util
from pathlib import Path

import pytest
from lxml import etree

from gateway.errors import Misconfigured
from profiles.official import Bundle, element_path

MAIN = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:a" xmlns:c="urn:codes"
  targetNamespace="urn:a" elementFormDefault="qualified">
  <xs:import namespace="urn:codes" schemaLocation="codes.xsd"/>
  <xs:element name="a"><xs:complexType><xs:sequence>
    <xs:element name="b" type="c:Code"/><xs:element name="n" type="xs:int" maxOccurs="9"/>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""
CODES = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:codes" targetNamespace="urn:codes">
  <xs:include schemaLocation="local.xsd"/>
  <xs:simpleType name="Code"><xs:union memberTypes="Standard Local"/></xs:simpleType>
  <xs:simpleType name="Standard"><xs:restriction base="xs:NMTOKEN"><xs:enumeration value="A01"/></xs:restriction>
  </xs:simpleType></xs:schema>"""
LOCAL = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:codes">
  <xs:simpleType name="Local"><xs:restriction base="xs:NMTOKEN"><xs:enumeration value="Z01"/></xs:restriction>
  </xs:simpleType></xs:schema>"""
FILES = {"main.xsd": MAIN, "codes.xsd": CODES, "local.xsd": LOCAL}


def document(inner: str) -> bytes:
    return f'<a xmlns="urn:a">\n{inner}</a>'.encode()


@pytest.mark.parametrize(("code", "valid"), [("A01", True), ("Z01", True), ("Z02", False)])
def test_imports_and_includes_are_found_among_the_files(code: str, *, valid: bool) -> None:
    verdict = Bundle(files=FILES).judge(document(f"<b>{code}</b><n>1</n>"))
    assert (verdict.valid, verdict.schema) == (valid, "main.xsd")
    assert bool(verdict.complaints) is not valid


def test_a_complaint_has_path_line_and_words() -> None:
    (complaint,) = Bundle(files=FILES).judge(document("<b>A01</b><n>1</n>\n<n>x</n>")).complaints[:1]
    assert (complaint.path, complaint.line) == ("/a/n[2]", 3)
    assert "'x' is not a valid value" in complaint.message
    assert "{urn:a}" not in complaint.message


def test_prefixed_documents_have_the_same_paths() -> None:
    data = b'<p:a xmlns:p="urn:a"><p:b>A01</p:b><p:n>x</p:n></p:a>'
    assert Bundle(files=FILES).judge(data).complaints[0].path == "/a/n"


def test_the_second_library_reads_the_same_files() -> None:
    assert importlib.util.find_spec("xmlschema") is not None
    verdict = Bundle(files=FILES).judge(document("<n>1</n>"), explain=True)
    (explained,) = verdict.explained
    assert (explained.path, explained.expected) == ("/a", ("b",))
    assert Bundle(files=FILES).judge(document("<b>A01</b><n>1</n>"), explain=True).explained == ()


def test_without_the_second_library_the_first_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    verdict = Bundle(files=FILES).judge(document("<n>1</n>"), explain=True)
    assert (verdict.valid, verdict.explained) == (False, ())
    assert verdict.complaints


def test_a_namespace_of_no_file_is_not_judged() -> None:
    verdict = Bundle(files=FILES).judge(b'<a xmlns="urn:b"/>')
    assert (verdict.valid, verdict.schema) == (None, "")
    assert "'urn:b'" in verdict.complaints[0].message


def test_what_cannot_be_parsed_is_not_valid() -> None:
    verdict = Bundle(files=FILES).judge(b"<!DOCTYPE a><a xmlns='urn:a'/>")
    assert (verdict.valid, verdict.complaints[0].path) == (False, "/")


def test_the_first_of_two_files_for_a_namespace_is_taken() -> None:
    other = MAIN.replace(b'name="a"', b'name="other"')
    assert Bundle(files={**FILES, "z.xsd": other}).by_namespace == {"urn:a": "main.xsd", "urn:codes": "codes.xsd"}


@pytest.mark.parametrize(
    "files", [{"main.xsd": MAIN}, {**FILES, "local.xsd": b"<"}, {"main.xsd": MAIN.replace(b"xs:int", b"xs:none")}]
)
def test_a_folder_that_lacks_a_part_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(Misconfigured, match="schemas/"):
        Bundle(files=files).judge(document("<b>A01</b><n>1</n>"))


def test_nothing_is_fetched_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "codes.xsd").write_bytes(CODES)
    (tmp_path / "local.xsd").write_bytes(LOCAL)
    located = MAIN.replace(b'"codes.xsd"', f'"file://{tmp_path}/codes.xsd"'.encode())
    with pytest.raises(Misconfigured):
        Bundle(files={"main.xsd": located}).judge(document("<b>A01</b><n>1</n>"))


def test_a_path_counts_only_where_names_repeat() -> None:

    root = etree.fromstring(b"<a><b/><c/><b/></a>")
    assert [element_path(child) for child in root] == ["/a/b[1]", "/a/c", "/a/b[2]"]
