"""Bytes that must not reach the parser, or come out of it."""

import pytest

from gateway.errors import Malformed
from profiles import LIMITS, Limits, parse
from profiles.hardening import parse_tree, push_parser

GOOD = b'<a xmlns="urn:x"><b>1</b></a>'


def refused(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Malformed) as caught:
        parse_tree(data, limits)
    assert (caught.value.rule, caught.value.code) == ("GEN-001", "A94")
    return str(caught.value)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE a>",
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>',
        b"<!doctype a>",
    ],
)
@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n ",
        b"<!-- c -->",
        b"<?pi x?>\n",
        b'<?xml version="1.0"?>\n<!-- > -->\r\n<?x <!-- ?>',
        b'<?xml version="1.0" encoding="iso-8859-1"?>',
    ],
)
def test_a_document_type_is_refused_wherever_it_may_stand(doctype: bytes, before: bytes) -> None:
    assert "no document type declaration" in refused(before + doctype + GOOD)


def test_the_word_doctype_in_a_comment_or_text_is_no_document_type() -> None:
    parse_tree(b"<!-- <!DOCTYPE a> -->" + GOOD)
    parse_tree(b"<a><![CDATA[<!DOCTYPE a>]]></a>")


@pytest.mark.parametrize("reference", [b"&x;", b"&amp", b"&#0;", b"&#xD800;"])
def test_a_reference_to_nothing_is_refused(reference: bytes) -> None:
    refused(b"<a>" + reference + b"</a>")


def test_a_document_larger_than_the_limit_is_refused_before_parsing() -> None:
    assert "at most 20 bytes, found 21 bytes" in refused(b"x" * 21, Limits(size_bytes=20))


def test_more_elements_than_the_limit_are_refused_before_parsing() -> None:
    parse_tree(b"<a>" + b"<b></b>" * 9 + b"</a>", Limits(elements=10))
    assert "at most 10 elements" in refused(b"<a>" + b"<b></b>" * 10 + b"</a>", Limits(elements=10))
    assert "at most 10 elements" in refused(b"<" * 21, Limits(elements=10))


def test_depth_is_bounded_by_the_parser() -> None:
    refused(b"<a>" * 3000 + b"</a>" * 3000)


def test_a_text_longer_than_the_parser_takes_is_refused() -> None:
    refused(b"<a>" + b"x" * 10_000_001 + b"</a>")


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [("UTF-8", b""), ("utf-8", b""), ("UTF-8", b"\xef\xbb\xbf"), ("ISO-8859-1", b""), ("iso-8859-1", b"")],
)
def test_the_declared_encoding_is_honoured(encoding: str, bom: bytes) -> None:
    data = bom + f'<?xml version="1.0" encoding="{encoding}"?><a>Ærø</a>'.encode(encoding)
    assert parse_tree(data).text == "Ærø"


def test_without_declaration_it_is_utf_8() -> None:
    assert parse_tree("<a>Ærø</a>".encode()).text == "Ærø"
    refused("<a>Ærø</a>".encode("iso-8859-1"))


def test_ascii_holds_ascii_only() -> None:
    assert parse_tree(b'<?xml version="1.0" encoding="US-ASCII"?><a>x</a>').text == "x"
    refused('<?xml version="1.0" encoding="US-ASCII"?><a>Ærø</a>'.encode())


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16-LE", "UTF-16-BE", "UTF-32"])
def test_wide_encodings_are_refused(encoding: str) -> None:
    assert "UTF-8, ISO-8859-1 or US-ASCII" in refused('<?xml version="1.0"?><a/>'.encode(encoding))
    refused("<a>1</a>".encode(encoding))


@pytest.mark.parametrize(
    "encoding", ["windows-1252", "UTF-7", "EBCDIC-CP-US", "utf8", "ISO-8859-15", "latin1", "nonsense"]
)
def test_other_encodings_are_refused(encoding: str) -> None:
    assert "UTF-8, ISO-8859-1 or US-ASCII" in refused(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())


def test_a_byte_order_mark_and_another_encoding_contradict_each_other() -> None:
    refused(b"\xef\xbb\xbf" + b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>')


@pytest.mark.parametrize(
    "declaration",
    [
        b'<?xml version="1.1"?>',
        b'<?xml encoding="UTF-8"?>',
        b'<?xml version="1.0" encoding=UTF-8?>',
        b'<?xml version="1.0" standalone="maybe"?>',
        b'<?xml version="1.0"',
    ],
)
def test_a_wrong_xml_declaration_is_refused(declaration: bytes) -> None:
    refused(declaration + b"<a/>")


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"\xef\xbb\xbf", b"<", b"<a>", b"<a/><b/>", b"text", b"<a b='1' b='2'/>", b"\0", b"<!", b"<!-- "],
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    refused(data)


def test_comments_and_instructions_are_left_out() -> None:
    root = parse_tree(b"<?x y?><a><!-- c -->1<?z?>2</a><!-- d -->")
    assert (len(root), root.text) == (0, "12")


def test_blanks_between_elements_matter_only_where_texts_could_be_meant() -> None:
    assert parse_tree(b"<a>\n <b> </b>\n</a>").text is None
    assert parse_tree(b"<a>\n <b> </b>\n</a>")[0].text == " "
    assert parse_tree(b"<a>  <!-- c -->x</a>").text == "  x"
    assert parse_tree(b"<a> <![CDATA[x]]></a>").text == " x"


@pytest.mark.parametrize(
    ("data", "rule", "path"),
    [
        (b"<ReserveBid_MarketDocument/>", "GEN-002", "/ReserveBid_MarketDocument"),
        (b'<ReserveBid_MarketDocument xmlns="urn:x"/>', "GEN-002", "/ReserveBid_MarketDocument"),
        (
            b'<ReserveBid_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4:"/>',
            "GEN-002",
            "/ReserveBid_MarketDocument",
        ),
        (
            b'<ReserveBid_MarketDocument xmlns="URN:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4"/>',
            "GEN-002",
            "/ReserveBid_MarketDocument",
        ),
        (
            b'<Activation_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4"/>',
            "GEN-003",
            "/Activation_MarketDocument",
        ),
    ],
)
def test_a_namespace_is_known_exactly_or_not_at_all(data: bytes, rule: str, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(data)
    assert (caught.value.rule, caught.value.path, caught.value.code) == (rule, path, "A94")


# What a refusal shows of the bytes: text in quotes, the first line only, at most sixty characters of it.
EXCERPTS = [
    (b'<!DOCTYPE ReserveBid_MarketDocument [\n  <!ENTITY x "y">\n]>', "'<!DOCTYPE ReserveBid_MarketDocument ['"),
    (b"<!DOCTYPE a [\r\n<!ELEMENT a ANY>]>", "'<!DOCTYPE a ['"),
    (b"<!DOCTYPE a>", "'<!DOCTYPE a><a xmlns=\"urn:x\"><b>1</b></a>'"),
    (b"<!DOCTYPE " + b"a" * 50 + b"\n", "'<!DOCTYPE " + "a" * 50 + "'"),
    (b"<!DOCTYPE " + b"a" * 51 + b"\n", "'<!DOCTYPE " + "a" * 50 + "'"),
    ("<!DOCTYPE Ærø\n>".encode(), "'<!DOCTYPE Ærø'"),
    (("<!DOCTYPE " + "漢" * 60).encode(), "'<!DOCTYPE " + "漢" * 50 + "'"),
    (b"<!DOCTYPE \xff>\n", "'<!DOCTYPE \ufffd>'"),
    (b"<!", "'<!<a xmlns=\"urn:x\"><b>1</b></a>'"),
]


@pytest.mark.parametrize(("doctype", "shown"), EXCERPTS)
def test_a_document_type_is_shown_as_text_in_one_short_line(doctype: bytes, shown: str) -> None:
    assert refused(b"<!-- c -->\n" + doctype + GOOD) == f"/: expected no document type declaration, found {shown}"


def test_a_wrong_declaration_is_shown_as_text_in_one_short_line() -> None:
    expected = "/: expected an XML declaration of version 1.0, found "
    assert refused(b'<?xml version="1.1"?>\n<a/>') == f"""{expected}'<?xml version="1.1"?>'"""
    assert refused(b'<?xml\nversion="1.1"?><a/>') == f"{expected}'<?xml'"
    assert refused(b"<?xml " + b"v" * 100) == f"{expected}'<?xml {'v' * 54}'"


@pytest.mark.parametrize(("tags", "told"), [((), ["b", "c", "a"]), (("b",), ["b"]), (("b", "a"), ["b", "a"])])
def test_a_parser_of_pieces_tells_of_the_elements_that_it_was_asked_for(tags: tuple[str, ...], told: list[str]) -> None:
    parser = push_parser("end", *tags)
    parser.feed(b"<a><b/><c/></a>")
    assert [node.tag for _, node in parser.read_events()] == told
