"""Bytes to a tree of elements, with bounds that hold before the parser sees anything.

Rules (GEN-001)
1. A document has a greatest size and a greatest number of elements; both are counted in the bytes.
2. There is no document type declaration. It can stand only before the root element, so only what stands there is
   searched, and without it there are no entities to expand or to fetch.
3. The encodings are UTF-8, ISO-8859-1 and US-ASCII, as the byte order mark or the XML declaration says. In all three
   the bytes below 128 are those of ASCII, which is what makes rules 1 and 2 safe to check in bytes.
4. The parser resolves no entities, loads nothing and keeps its own bounds on depth and on the length of a text.
   Comments and processing instructions are left out of the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml import etree

from gateway.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one document. 50 MB is what the largest public data hub takes in one request."""

    size_bytes: int = 50_000_000
    elements: int = 2_000_000


LIMITS = Limits()
"""The bounds where a caller names no others."""

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:'1\.0'|"1\.0")"""
    rb"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._-]*)["'])?"""
    rb"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>"""
)
_ENCODINGS = frozenset({"UTF-8", "ISO-8859-1", "US-ASCII"})
_LONGEST_EXCERPT = 60
_SKIPPED = re.compile(rb"[ \t\r\n]+|<!--.*?-->|<\?.*?\?>", re.DOTALL)


def _refusal(expected: str, found: str) -> Malformed:
    return Malformed("/", expected, found, "A94", "GEN-001")


def _excerpt(data: bytes, at: int) -> str:
    """Return in quotes the first line of what stands in *data* from *at* on, its beginning where it is long."""
    text = data[at : at + 4 * _LONGEST_EXCERPT].decode("utf-8", "replace")
    return repr(text.splitlines()[0][:_LONGEST_EXCERPT])


def parse_tree(data: bytes, limits: Limits = LIMITS) -> etree._Element:
    """Return the root element of *data*.

    Raises `Malformed` (GEN-001, code A94) for anything that breaks the rules above or is not well-formed.
    """
    return build_tree(data, check_bytes(data, limits))


class Opening(NamedTuple):
    """How a document begins: its encoding, and where its prolog (after the XML declaration) and root element begin."""

    encoding: str
    prolog: int
    root: int


def check_bytes(data: bytes, limits: Limits = LIMITS) -> Opening:
    """Check the rules that hold before anything is parsed. Raises `Malformed` (GEN-001, code A94)."""
    check_counts(len(data), data.count(b"<"), limits)
    encoding, prolog = _check_encoding(data)
    return Opening(encoding, prolog, _check_prolog(data, prolog))


def build_tree(data: bytes, opening: Opening) -> etree._Element:
    """Return the root element of *data*, which has been checked. Raises `Malformed` where it is not well-formed."""
    try:
        return etree.fromstring(data, _parser(drop_blank=_plain(data, opening.root)))
    except etree.XMLSyntaxError as error:
        raise not_well_formed(error) from error


def not_well_formed(error: etree.XMLSyntaxError) -> Malformed:
    """Return the refusal of bytes that the parser cannot read."""
    return _refusal("a well-formed XML document", str(error))


def check_counts(size_bytes: int, openings: int, limits: Limits) -> None:
    """Check how long a document is, and how many "<" it has. Raises `Malformed` (GEN-001, code A94)."""
    if size_bytes > limits.size_bytes:
        raise _refusal(f"at most {limits.size_bytes} bytes", f"{size_bytes} bytes")
    # Every element has at least one "<"; nearly every one has a second in its end tag.
    if openings > 2 * limits.elements:
        raise _refusal(f"at most {limits.elements} elements", "more")


def _check_encoding(data: bytes) -> tuple[str, int]:
    """Refuse an encoding outside rule 3; return its name and where the prolog begins."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:4]:
        raise _refusal("UTF-8, ISO-8859-1 or US-ASCII", "UTF-16 or UTF-32")
    if not data.startswith((b"<?xml ", b"<?xml\t", b"<?xml\r", b"<?xml\n"), start):
        return "UTF-8", start
    declaration = _DECLARATION.match(data, start)
    if declaration is None:
        raise _refusal("an XML declaration of version 1.0", _excerpt(data, start))
    encoding = (declaration[1] or b"UTF-8").decode("ascii").upper()
    if encoding not in _ENCODINGS or (start and encoding != "UTF-8"):
        raise _refusal("UTF-8, ISO-8859-1 or US-ASCII, and UTF-8 after its byte order mark", encoding)
    return encoding, declaration.end()


def _check_prolog(data: bytes, at: int) -> int:
    """Refuse a document type declaration; return where the root element begins."""
    while skipped := _SKIPPED.match(data, at):
        at = skipped.end()
    if data.startswith(b"<!", at):
        raise _refusal("no document type declaration", _excerpt(data, at))
    return at


def _plain(data: bytes, root: int) -> bool:
    """Whether blanks between elements may be dropped while parsing.

    The parser then takes blanks before a comment, an instruction or a CDATA section for blanks between elements,
    even inside a text. Market documents hardly ever have these; where they have, all blanks are kept.
    """
    return data.find(b"<!", root) < 0 and data.find(b"<?", root) < 0


def _parser(*, drop_blank: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=drop_blank,
    )


def push_parser(event: Literal["start", "end"], *tags: str) -> etree.XMLPullParser[etree._Element]:
    """Return a parser that takes bytes in pieces and tells *event* of elements, of those of *tags* where there are any.

    Blanks between elements stay: whether they may be dropped is known of whole documents only.
    """
    return etree.XMLPullParser(
        (event,),
        tag=tags or None,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
