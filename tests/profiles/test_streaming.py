"""A document in pieces gives the same series, findings and refusals as the same document in one."""

import dataclasses
import hashlib
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.errors import Malformed
from gateway.report import Report
from profiles import LIMITS, Limits, parse, registry, write
from profiles.edition import Edition
from profiles.glance import head, lines
from profiles.lexical import Simple
from profiles.streaming import Closed, Opened, Part, stream
from tests.fuzz.byte_noise import damaged
from tests.generate_documents import plausible_bids, random_document
from tests.profiles.test_reader import STRUCTURE

BIDS = registry.named("reserve_bid", "7.4")
OFFERS = write(plausible_bids(40, random.Random(8)), BIDS)
SIZES = (1, 7, 1 << 16)


def chunks(data: bytes, size: int = 1 << 16) -> Iterator[bytes]:
    """Yield *data* in chunks of *size* bytes."""
    return (data[at : at + size] for at in range(0, len(data), size))


def streamed(data: bytes, size: int = 1 << 16, limits: Limits = LIMITS) -> tuple[Opened | None, list[Part], Closed]:
    *parts, closed = stream(chunks(data, size), limits=limits)
    assert isinstance(closed, Closed)
    opened = [each for each in parts if isinstance(each, Opened)]
    assert opened == [each for each in parts[:1] if isinstance(each, Opened)]
    return next(iter(opened), None), [each for each in parts if isinstance(each, Part)], closed


def whole(data: bytes, limits: Limits = LIMITS) -> tuple[Any, Report | Malformed]:
    """Return the document and the outcome of the in-memory reader; None where the document cannot be read."""
    try:
        parsed = parse(data, limits=limits)
    except Malformed as error:
        return None, error
    return parsed.document, parsed.report


def facts(outcome: Report | Malformed) -> object:
    """Return what has to be equal; the words of the parser are not, they tell of its pieces."""
    if isinstance(outcome, Report):
        return outcome
    found = None if outcome.expected == "a well-formed XML document" else outcome.found
    return outcome.rule, outcome.code, outcome.path, outcome.expected, found


def repeated(edition: Edition) -> tuple[str, ...]:
    """Return the attributes of the root element that are streamed."""
    fields = edition.fields(edition.document)
    last = max((at for at, entry in enumerate(fields) if not entry.many), default=-1)
    return tuple(entry.name for entry in fields[last + 1 :] if not isinstance(entry.kind, Simple))


def assert_same(data: bytes, size: int = 1 << 16) -> Report | Malformed:
    """Compare both readers on *data* and return the outcome."""
    document, outcome = whole(data)
    _, parts, closed = streamed(data, size)
    assert facts(closed.outcome) == facts(outcome)
    paths = [outcome.path] if isinstance(outcome, Malformed) else [finding.path for finding in outcome.findings]
    assert closed.lines == lines(data, paths)
    assert closed.head == head(data)
    assert closed.digest == hashlib.sha256(data).hexdigest()
    assert closed.size_bytes == len(data)
    if document is not None:
        names = repeated(closed.edition) if closed.edition else ()
        assert {name: tuple(p.value for p in parts if p.name == name) for name in names} == {
            name: getattr(document, name) for name in names
        }
        assert closed.document == dataclasses.replace(document, **dict.fromkeys(names, ()))
    return outcome


@pytest.mark.parametrize("edition", registry.EDITIONS, ids=str)
def test_generated_documents_are_the_same_in_pieces(edition: Edition) -> None:
    rng = random.Random(f"stream {edition.namespace}")
    for size in SIZES:
        outcome = assert_same(write(random_document(edition.document, edition, rng), edition), size)
        assert outcome == Report()


@pytest.mark.parametrize("edition", registry.EDITIONS, ids=str)
def test_damaged_documents_have_the_same_fate_in_pieces(edition: Edition) -> None:
    rng = random.Random(f"damage {edition.namespace}")
    sound = write(random_document(edition.document, edition, rng), edition)
    for _ in range(3):
        assert_same(damaged([sound], rng))


@pytest.mark.slow
def test_many_damaged_documents_have_the_same_fate_in_pieces() -> None:
    rng = random.Random(9)
    outcomes = [type(assert_same(damaged([OFFERS[:9000], OFFERS], rng))) for _ in range(3000)]
    assert min(outcomes.count(Malformed), outcomes.count(Report)) > 100


@pytest.mark.parametrize(("plant", "path"), [pytest.param(row[1], row[2], id=row[0]) for row in STRUCTURE])
def test_a_planted_fault_is_told_alike(plant: Callable[[], bytes], path: str) -> None:
    outcome = assert_same(plant())
    assert isinstance(outcome, Malformed)
    assert outcome.path == path


def test_the_head_comes_first_and_parts_have_numbers() -> None:
    opened, parts, closed = streamed(OFFERS)
    assert opened is not None
    assert opened.edition is closed.edition is BIDS
    assert opened.document == closed.document
    assert [(part.name, part.number) for part in parts] == [("series", number) for number in range(1, 41)]


def test_a_series_is_there_before_the_document_has_come() -> None:
    taken = []

    def arriving() -> Iterator[bytes]:
        for chunk in chunks(write(plausible_bids(400, random.Random(2)), BIDS)):
            taken.append(chunk)
            yield chunk

    values = stream(arriving())
    assert isinstance(next(values), Opened)
    assert isinstance(next(values), Part)
    assert len(taken) == 1
    assert sum(isinstance(value, Part) for value in values) == 399
    assert len(taken) > 8


def spoilt(number: int, old: bytes, new: bytes, data: bytes = OFFERS) -> bytes:
    """Exchange a piece of one series, counted from 1."""
    head, *series = data.split(b"<Bid_TimeSeries>")
    assert old in series[number - 1]
    series[number - 1] = series[number - 1].replace(old, new, 1)
    return b"<Bid_TimeSeries>".join([head, *series])


WRONG_FORM = (b"<position>1", b"<position>one")
STRAY = (b"<Period>", b'<Period id="7">')
WRONG_CODE = (b"<currency_Unit.name>EUR", b"<currency_Unit.name>XXQ")


def test_nothing_is_yielded_after_the_first_fault() -> None:
    for fault in (WRONG_FORM, STRAY):
        _, parts, closed = streamed(spoilt(7, *fault))
        assert len(parts) == 6
        assert isinstance(closed.outcome, Malformed)
        assert closed.document is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (
            lambda: spoilt(9, *STRAY, spoilt(12, *WRONG_FORM)),
            "/ReserveBid_MarketDocument/Bid_TimeSeries[12]/Period[1]/Point[1]/position",
        ),
        (lambda: spoilt(12, *STRAY, spoilt(9, *STRAY)), "/ReserveBid_MarketDocument/Bid_TimeSeries[9]/Period[1]/@id"),
        (lambda: spoilt(9, *WRONG_FORM).replace(b"</ReserveBid", b"<x/></ReserveBid"), "/ReserveBid_MarketDocument/x"),
        (lambda: spoilt(9, *WRONG_FORM)[:-9], "/"),
        (
            lambda: spoilt(9, *WRONG_FORM).replace(b"<revisionNumber>1</revisionNumber>", b""),
            "/ReserveBid_MarketDocument/revisionNumber",
        ),
        (
            lambda: spoilt(9, *STRAY).replace(b"<createdDateTime>2", b"<createdDateTime>x"),
            "/ReserveBid_MarketDocument/createdDateTime",
        ),
        (
            lambda: spoilt(9, *STRAY).replace(b"\n  <Bid_TimeSeries>", b"text<Bid_TimeSeries>", 3),
            "/ReserveBid_MarketDocument",
        ),
        (lambda: OFFERS.replace(b"7:4", b"7:44")[:-9], "/"),
        (lambda: OFFERS.replace(b"7:4", b"7:44"), "/ReserveBid_MarketDocument"),
        (lambda: spoilt(3, b"</Bid_TimeSeries>", b"</Bid_TimeSeries>text"), "/ReserveBid_MarketDocument"),
    ],
    ids=[
        "a wrong form goes before what is stray",
        "of what is stray the first",
        "the order of the root goes before its series",
        "what is not well-formed goes before all",
        "a missing element of the head",
        "a wrong form in the head",
        "a text between series",
        "an unknown edition that is not well-formed",
        "an unknown edition",
        "a text after a series",
    ],
)
def test_of_several_faults_the_same_one_is_told(change: Callable[[], bytes], path: str) -> None:
    outcome = assert_same(change())
    assert isinstance(outcome, Malformed)
    assert outcome.path == path


def test_findings_keep_order_number_and_line() -> None:
    data = spoilt(4, *WRONG_CODE, spoilt(31, *WRONG_CODE)).replace(b"<type>A37", b"<type>Q37")
    outcome = assert_same(data, 7)
    assert [finding.path.rpartition("/")[0].rpartition("/")[2] for finding in outcome.findings] == [  # type: ignore[union-attr]
        "ReserveBid_MarketDocument",
        "Bid_TimeSeries[4]",
        "Bid_TimeSeries[31]",
    ]


@pytest.mark.parametrize("in_head", [0, 1, 2])
def test_of_too_many_findings_the_same_ones_are_told(in_head: int) -> None:
    many = write(plausible_bids(251, random.Random(4)), BIDS)
    for wrong in (WRONG_CODE, (b">B74<", b">Q74<"), (b"A06</value", b"Q06</value"), (b">MAW<", b">QAW<")):
        many = many.replace(*wrong)
    for old, new in ((b"<type>A37", b"<type>Q37"), (b"A47</process", b"Q47</process"))[:in_head]:
        many = many.replace(old, new)
    outcome = assert_same(many)
    assert isinstance(outcome, Report)
    assert len(outcome.findings) == 1001
    assert outcome.findings[-1].expected == "at most 1000 wrong values"


BOUNDS = [
    ("too many bytes", OFFERS, Limits(size_bytes=1000), f"{len(OFFERS)} bytes"),
    ("too many elements", OFFERS, Limits(elements=100), "more"),
    ("both", OFFERS, Limits(size_bytes=1000, elements=10), f"{len(OFFERS)} bytes"),
    ("too many bytes that are no document", b"<a" * 999, Limits(size_bytes=1000), "1998 bytes"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("data", "limits", "found"), [pytest.param(*row[1:], id=row[0]) for row in BOUNDS])
def test_the_bounds_hold_for_all_pieces_together(data: bytes, limits: Limits, found: str, size: int) -> None:
    *_, closed = stream(chunks(data, size), limits=limits)
    assert isinstance(closed, Closed)
    assert facts(closed.outcome) == facts(whole(data, limits)[1])
    assert isinstance(closed.outcome, Malformed)
    assert closed.outcome.found == found


NO_DECLARATION = OFFERS.partition(b"?>\n")[2]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<?xml",
        b"\n",
        b"<!-- no end",
        b"<!DOCTYPE a><a/>",
        b'<?xml version="1.0"?><!-- c --><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b"<!",
        b"\xff\xfe<\0a\0/\0>\0",
        b'<?xml version="1.0" encoding="EBCDIC"?><a/>',
        b'<?xml version="1.1"?><a/>',
        b"text",
        b"<a",
        b"<a/>",
        b"<a/><b/>",
        b"\xef\xbb\xbf" + NO_DECLARATION,
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + NO_DECLARATION.replace(b">MFRR", b">\xc6"),
        b"<!-- <a> --><?pi <b> ?>\n" + NO_DECLARATION,
        b"<!--" + b"-  " * 40_000 + b"-->" + NO_DECLARATION,
        NO_DECLARATION.replace(b"<Period>", b"<Period><!-- one --><?two?>"),
        NO_DECLARATION.replace(b">MFRR", b"><![CDATA[MFRR]]>&#x41;"),
        NO_DECLARATION.replace(b"\n", b"\r\n"),
        re.sub(rb">\s+<", b"><", NO_DECLARATION),
        NO_DECLARATION.replace(b">A01</divisible>", b">   </divisible>"),
    ],
    ids=lambda data: repr(data[:30])[2:-1],
)
def test_prologs_encodings_and_blanks_are_judged_alike(data: bytes, size: int) -> None:
    assert_same(data, size)


def test_an_overlay_holds_for_all_parts() -> None:
    local = OFFERS.replace(b">B74<", b">Z97<")
    *parts, closed = stream(chunks(local), overlay="nbm")
    assert isinstance(closed, Closed)
    assert closed.outcome == Report()
    assert sum(isinstance(part, Part) for part in parts) == 40
    *_, closed = stream(chunks(local))
    assert isinstance(closed, Closed)
    assert closed.outcome == parse(local).report != Report()
