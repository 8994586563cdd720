"""The short way to a document gives what the tree reader gives, or leaves the document to it."""

import random
import re
import time
from typing import Any

import pytest

from gateway.errors import Malformed, Unwritable
from profiles import plain, registry, write
from profiles.edition import Edition
from profiles.hardening import build_tree, check_bytes
from profiles.lexical import AREA, STRING, Coded
from profiles.plain import read_plain
from profiles.reader import read_tree
from profiles.wire import element, many
from tests.fuzz.byte_noise import damaged
from tests.generate_documents import plausible_bids, random_document

BIDS = registry.named("reserve_bid", "7.4")
PLAIN = write(plausible_bids(3, random.Random(5)), BIDS)
_REFERENCE = re.compile(rb"&[#a-z0-9]+;")


def shortly(data: bytes, overlay: str | None = None) -> tuple[Any, Edition] | None:
    return read_plain(data, check_bytes(data), registry.BY_NAMESPACE, overlay)


def at_length(data: bytes, edition: Edition, overlay: str | None = None) -> Any:  # noqa: ANN401 - any document
    """Return the document that the tree reader reads; it must not find anything."""
    document, findings = read_tree(build_tree(data, check_bytes(data)), edition, overlay)
    assert findings == ()
    return document


@pytest.mark.parametrize("edition", registry.EDITIONS, ids=str)
def test_a_plain_document_of_any_edition_is_read_as_its_tree_is(edition: Edition) -> None:
    rng = random.Random(edition.namespace)
    for _ in range(2):
        # Escaped letters would leave each document to the tree reader; these do not change what is valid.
        data = _REFERENCE.sub(b"+", write(random_document(edition.document, edition, rng), edition))
        assert shortly(data) == (at_length(data, edition), edition)


@pytest.mark.parametrize("overlay", ["nbm", None], ids=str)
def test_local_codes_are_known_under_their_overlay_only(overlay: str | None) -> None:
    data = PLAIN.replace(b">B74<", b">Z97<")
    expected = None if overlay is None else (at_length(data, BIDS, overlay), BIDS)
    assert shortly(data, overlay) == expected


def test_equal_texts_are_one_value() -> None:
    first, *others = shortly(PLAIN)[0].series  # type: ignore[index]  # it is plain
    assert all(other.status is first.status and other.connecting_domain is first.connecting_domain for other in others)
    assert len({id(each) for each in (first, *others)}) == 3


def with_optional(number: int) -> bytes:
    """Return the plain document; each bit of *number* takes an optional element from one series, or leaves it."""
    head, *series = PLAIN.split(b"<Bid_TimeSeries>")
    for bit, tag in enumerate((rb"currency_Unit\.name", rb"status", rb"energyPrice_Measurement_Unit\.name")):
        if number >> bit & 1:
            series[bit] = re.sub(rb"(?s)\s*<" + tag + rb">.*?</" + tag + rb">", b"", series[bit])
    return b"<Bid_TimeSeries>".join([head, *series])


def test_records_may_have_other_elements_than_the_one_before() -> None:
    documents = [with_optional(number) for number in range(8)]
    assert len(set(documents)) == 8
    for data in documents:
        assert shortly(data) == (at_length(data, BIDS), BIDS)


def test_more_forms_than_are_kept_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_FORMS", 1)
    plain._reader.cache_clear()
    try:
        for data in map(with_optional, range(8)):
            assert shortly(data) == (at_length(data, BIDS), BIDS)
    finally:
        plain._reader.cache_clear()


def test_the_values_of_more_texts_than_are_kept_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_VALUES", 1)
    plain._reader.cache_clear()
    try:
        assert shortly(PLAIN) == (at_length(PLAIN, BIDS), BIDS)
    finally:
        plain._reader.cache_clear()


@element
class Notice:
    """A document whose simple elements repeat, which no published one has."""

    words: tuple[str, ...] = many("word", STRING, least=1, most=3)
    areas: tuple[Coded, ...] = many("area.mRID", AREA)


NOTICE = Edition(document=Notice, name="1", root="Notice", namespace="urn:notice")
OSLO, HELSINKI = Coded("10YNO-1--------2", "A01"), Coded("10YFI-1--------U", "A01")


@pytest.mark.parametrize(
    "notice",
    [Notice(words=("a",)), Notice(words=("a", "b", "a")), Notice(words=("",), areas=(OSLO, HELSINKI, OSLO))],
    ids=["one", "three", "two elements"],
)
def test_simple_elements_may_repeat(notice: Notice) -> None:
    data = write(notice, NOTICE)
    assert read_plain(data, check_bytes(data), {"urn:notice": NOTICE}, None) == (notice, NOTICE)
    assert at_length(data, NOTICE) == notice


@pytest.mark.parametrize("count", [0, 4])
def test_simple_elements_may_not_repeat_more_or_less_often_than_declared(count: int) -> None:
    data = write(Notice(words=("a",)), NOTICE).replace(b"  <word>a</word>\n", b"<word>a</word>" * count)
    assert read_plain(data, check_bytes(data), {"urn:notice": NOTICE}, None) is None
    with pytest.raises(Malformed):
        at_length(data, NOTICE)
    with pytest.raises(Unwritable, match=f"/Notice/word: expected at (least 1|most 3) in Notice 1, found {count}"):
        write(Notice(words=("a",) * count), NOTICE)


def test_which_of_the_simple_elements_is_wrong_is_said() -> None:
    with pytest.raises(Unwritable, match=r"^/Notice/word\[2\]: "):
        write(Notice(words=("a", "\x00")), NOTICE)
    with pytest.raises(Unwritable, match=r"^/Notice/area\.mRID\[2\]/@codingScheme: "):
        write(Notice(words=("a",), areas=(OSLO, Coded("x", "Q9"))), NOTICE)


SCHEMA_LOCATION = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd">'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b""),
        (b"  ", b"\t"),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n', b""),
        (b'encoding="UTF-8"', b'standalone="yes"'),
        (b'reservebiddocument:7:4">', b'reservebiddocument:7:4"' + SCHEMA_LOCATION),
        (b"<currency_Unit.name>EUR", b"<currency_Unit.name> EUR\n"),
    ],
    ids=["no blanks", "tabs", "no declaration", "no encoding", "schemaLocation", "blanks around a code"],
)
def test_other_plain_forms_of_a_document_are_the_same_document(old: bytes, new: bytes) -> None:
    assert old in PLAIN
    assert shortly(PLAIN.replace(old, new)) == shortly(PLAIN)
    assert at_length(PLAIN.replace(old, new), BIDS) == at_length(PLAIN, BIDS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">MFRR_ENERGY", b">&#77;FRR_ENERGY"),
        (b"<Period>", b"<Period><!-- one -->"),
        (b"<divisible>", b"<divisible><![CDATA[A01]]>"),
        (b">\n", b">\r\n"),
        (b"<mRID>", b"<mRID >"),
        (b'"A01"', b"'A01'"),
        (b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
        (b"<?xml", b"\xef\xbb\xbf<?xml"),
        (b'7:4">', b'7:4" xmlns:v="urn:v">'),
        (b"</ReserveBid_MarketDocument>", b"</ReserveBid_MarketDocument><!-- end -->"),
        (b"?>\n<", b"?><!-- prolog -->\n<"),
    ],
    ids=lambda text: repr(text)[2:-1][:24],
)
def test_what_is_sound_but_not_plain_is_left_to_the_tree_reader(old: bytes, new: bytes) -> None:
    data = PLAIN.replace(old, new)
    assert data != PLAIN
    assert shortly(data) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">EUR<", b">XXQ<"),
        (b'"A01"', b'"Q99"'),
        (b"<position>1<", b"<position>0<"),
        (b"<position>1<", b"<position>one<"),
        (b"<mRID>", b"<mRID>" + b"x" * 60),
        (b"<divisible>", b"<vendor/><divisible>"),
        (b"<Point>", b"<Point>text"),
        (b"<Period>", b'<Period id="1">'),
        (b"</Period>", b"</Point>"),
        (b"</ReserveBid_MarketDocument>\n", b""),
        (b"</ReserveBid_MarketDocument>\n", b"</ReserveBid_MarketDocument>\n<more/>"),
        (b"<mRID>", b"<mRID>\x01"),
        (b"<mRID>", b"<mRID>\xff"),
        (b"<mRID>", b"<mRID>]]>"),
        (b":7:4", b":7:99"),
        (b"ReserveBid_MarketDocument", b"Reservebid_MarketDocument"),
    ],
    ids=lambda text: repr(text)[2:-1][:24],
)
def test_what_is_wrong_is_left_to_the_tree_reader(old: bytes, new: bytes) -> None:
    data = PLAIN.replace(old, new)
    assert data != PLAIN
    assert shortly(data) is None


def test_blanks_cost_no_more_than_their_length() -> None:
    """Expressions that give back what they took could take the square of it: minutes."""
    wide = PLAIN.replace(b">\n", b">" + b" " * 9_000)
    before = time.process_time()
    assert shortly(wide) == (at_length(wide, BIDS), BIDS)
    assert shortly(wide.replace(b">A05<", b">&#65;05<").replace(b">A07<", b">&#65;07<")) is None
    assert time.process_time() - before < 1


@pytest.mark.parametrize("tag", [b"Period", b"mRID", b"businessType", b"Point", b"start"], ids=bytes.decode)
def test_a_missing_element_is_left_to_the_tree_reader(tag: bytes) -> None:
    assert shortly(re.sub(rb"(?s)<" + tag + rb">.*?</" + tag + rb">", b"", PLAIN, count=1)) is None


def assert_like_the_tree(data: bytes) -> bool:
    """Compare both readers on *data* and return whether the short way read it; damage may name another edition."""
    try:
        found = shortly(data)
    except Malformed:
        return False
    if found is not None:
        document, edition = found
        assert document == at_length(data, edition)
        assert f'xmlns="{edition.namespace}"'.encode() in data
    return found is not None


def test_damage_never_leads_to_another_document_than_the_tree() -> None:
    rng = random.Random(20)
    read = sum(assert_like_the_tree(damaged([PLAIN], rng)) for _ in range(200))
    assert 15 < read < 500


@pytest.mark.slow
def test_much_damage_never_leads_to_another_document_than_the_tree() -> None:
    rng = random.Random(21)
    for edition in registry.EDITIONS:
        whole = _REFERENCE.sub(b"+", write(random_document(edition.document, edition, rng), edition))
        for _ in range(60):
            assert_like_the_tree(damaged([whole], rng))
