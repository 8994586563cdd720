"""The bounds of a document: at the limit it is read, one beyond it is refused before anything is parsed."""

from collections.abc import Callable

import pytest

from gateway.errors import Fault, Malformed
from profiles import LIMITS, Limits
from profiles.hardening import parse_tree


def refusal(data: bytes, limits: Limits = LIMITS) -> tuple[str, str]:
    """Return what was expected and what was found instead."""
    with pytest.raises(Malformed) as caught:
        parse_tree(data, limits)
    error = caught.value
    assert (error.path, error.code, error.rule, error.fault) == ("/", "A94", "GEN-001", Fault.SENDER)
    return error.expected, error.found


def test_the_default_bounds_are_those_of_the_largest_hub() -> None:
    assert Limits(size_bytes=50_000_000, elements=2_000_000) == LIMITS


@pytest.mark.parametrize("size", [17, 100, 5000])
def test_a_document_of_the_greatest_size_is_read_and_one_byte_more_is_not(size: int) -> None:
    data = b"<a>" + b"x" * (size - 7) + b"</a>"
    assert len(data) == size
    assert len(parse_tree(data, Limits(size_bytes=size)).text or "") == size - 7
    assert refusal(data, Limits(size_bytes=size - 1)) == (f"at most {size - 1} bytes", f"{size} bytes")


@pytest.mark.parametrize("count", [1, 10, 1000])
def test_the_greatest_number_of_elements_is_read_and_one_more_is_not(count: int) -> None:
    data = b"<a>" + b"<b>1</b>" * (count - 1) + b"</a>"
    assert len(parse_tree(data, Limits(elements=count))) == count - 1
    expected = (f"at most {count} elements", "more")
    assert refusal(data.replace(b"</a>", b"<b>1</b></a>"), Limits(elements=count)) == expected


def test_empty_elements_count_half_so_that_no_document_within_the_bound_is_refused() -> None:
    assert len(parse_tree(b"<a>" + b"<b/>" * 18 + b"</a>", Limits(elements=10))) == 18
    assert refusal(b"<a>" + b"<b/>" * 19 + b"</a>", Limits(elements=10)) == ("at most 10 elements", "more")


def test_size_is_asked_before_number_and_number_before_form() -> None:
    assert refusal(b"<" * 100, Limits(size_bytes=99, elements=1))[0] == "at most 99 bytes"
    assert refusal(b"<" * 100, Limits(size_bytes=100, elements=1))[0] == "at most 1 elements"
    assert refusal(b"<" * 100, Limits(size_bytes=100, elements=50))[0] == "a well-formed XML document"


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_depth_is_bounded() -> None:
    assert parse_tree(nested(200)).tag == "a"
    expected, found = refusal(nested(300))
    assert expected == "a well-formed XML document"
    assert "depth" in found.lower()


@pytest.mark.parametrize(
    "build", [lambda n: b"<a>" + b"x" * n + b"</a>", lambda n: b'<a b="' + b"x" * n + b'"/>'], ids=["text", "attribute"]
)
def test_a_text_of_more_than_ten_million_characters_is_refused(build: Callable[[int], bytes]) -> None:
    assert parse_tree(build(9_999_990)).tag == "a"
    assert refusal(build(10_000_001))[0] == "a well-formed XML document"


# ------------------------------------------------------------------------------------------------------- the beginning
ENCODINGS = "UTF-8, ISO-8859-1 or US-ASCII"
DECLARED = f"{ENCODINGS}, and UTF-8 after its byte order mark"
BEGINNINGS: list[tuple[str, bytes, tuple[str, str]]] = [
    ("UTF-16 with its mark", "<a/>".encode("utf-16"), (ENCODINGS, "UTF-16 or UTF-32")),
    ("UTF-16 big-endian", b"\xfe\xff" + "<a/>".encode("utf-16-be"), (ENCODINGS, "UTF-16 or UTF-32")),
    ("UTF-16 without mark", "<a/>".encode("utf-16-le"), (ENCODINGS, "UTF-16 or UTF-32")),
    ("UTF-32", "<a/>".encode("utf-32-be"), (ENCODINGS, "UTF-16 or UTF-32")),
    ("an unknown encoding", b'<?xml version="1.0" encoding="UTF-7"?><a/>', (DECLARED, "UTF-7")),
    ("a code page", b"<?xml version='1.0' encoding='windows-1252'?><a/>", (DECLARED, "WINDOWS-1252")),
    (
        "Latin 1 after the mark of UTF-8",
        b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
        (DECLARED, "ISO-8859-1"),
    ),
    (
        "ASCII after the mark of UTF-8",
        b'\xef\xbb\xbf<?xml version="1.0" encoding="us-ascii"?><a/>',
        (DECLARED, "US-ASCII"),
    ),
    ("XML 1.1", b'<?xml version="1.1"?><a/>', ("an XML declaration of version 1.0", "'<?xml version=\"1.1\"?><a/>'")),
    (
        "no version",
        b"<?xml encoding='UTF-8'?><a/>",
        ("an XML declaration of version 1.0", "\"<?xml encoding='UTF-8'?><a/>\""),
    ),
    ("a document type", b"<!DOCTYPE a><a/>", ("no document type declaration", "'<!DOCTYPE a><a/>'")),
    ("an entity in the prolog", b"<!ENTITY x 'y'><a/>", ("no document type declaration", "\"<!ENTITY x 'y'><a/>\"")),
    ("a section in the prolog", b"<![CDATA[x]]><a/>", ("no document type declaration", "'<![CDATA[x]]><a/>'")),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in BEGINNINGS], ids=[row[0] for row in BEGINNINGS])
def test_a_wrong_beginning_is_refused_with_what_it_is(data: bytes, expected: tuple[str, str]) -> None:
    assert refusal(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b"\xef\xbb\xbf<a/>",
        b'<?xml version="1.0"?><a/>',
        b"<?xml version='1.0' standalone='yes'?><a/>",
        b'<?xml\tversion = "1.0"\r\nencoding = "utf-8"\nstandalone="no" ?>\n<a/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><a/>',
        b'<?xml version="1.0" encoding="Iso-8859-1"?><a/>',
        b"<!-- a --> <?b c?>\n<!-- > --><a/>",
        b"<?xml-stylesheet href='x'?><a/>",
        b"<a/><!-- behind -->\n<?pi?>\n",
    ],
)
def test_a_right_beginning_is_read(data: bytes) -> None:
    assert parse_tree(data).tag == "a"


def test_an_entity_that_nobody_declared_is_not_resolved() -> None:
    assert refusal(b"<a>&secret;</a>")[0] == "a well-formed XML document"
    assert parse_tree(b"<a>&lt;&#65;&amp;</a>").text == "<A&"


@pytest.mark.parametrize("data", [b"<a>\n <b/>\n</a>", b"<a> <b/> <!-- c --> </a>", b"<a> <b/><?pi?> </a>"])
def test_comments_and_instructions_leave_no_trace(data: bytes) -> None:
    root = parse_tree(data)
    assert [child.tag for child in root] == ["b"]
    assert (root.text or "").strip() == (root[0].tail or "").strip() == ""
