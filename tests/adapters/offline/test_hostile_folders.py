"""A folder may hold anything: no bytes stop a run, and nothing in them becomes part of another answer."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.folder import File, Folder
from adapters.market_file import read_market
from adapters.offline.outputs import outputs
from adapters.offline.reception import receive
from adapters.offline.run import run
from gateway.results import Verdict
from gateway.schemes import named
from profiles import read, write_message
from tests.adapters.example import MARKET_FILE, envelopes
from tests.adapters.report_html.pages import Page

SETTINGS = read_market(MARKET_FILE)
SCHEME = named("centralised")
GOOD = {name: write_message(letter) for name, letter in envelopes().items()}


def mutated(content: bytes, seed: int) -> bytes:
    """Return *content* with a few bytes replaced, left out, doubled or swapped."""
    draw = random.Random(seed)
    data = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data))
        match draw.randrange(4):
            case 0:
                data[at] = draw.randrange(256)
            case 1:
                del data[at : at + draw.randint(1, 30)]
            case 2:
                data[at:at] = data[at : at + draw.randint(1, 60)]
            case _:
                data[at:at] = draw.choice([b"<", b"&", b"\x00", b"]]>", b"<!DOCTYPE x>", b"999999999999", b"-", b"NaN"])
    return bytes(data)


@settings(max_examples=max(8, settings().max_examples))
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 10**6))
def test_a_mutated_document_is_accepted_or_refused_and_always_answered(name: str, seed: int) -> None:
    files = [File(name, mutated(GOOD[name], seed)), *(File(f"good_{n}", c) for n, c in GOOD.items() if n != name)]
    received = receive(files, SETTINGS, None)
    assert len(received) == len(files)
    for document in received:
        assert document.receipt is not None
        assert (document.verdict is Verdict.REFUSED) == any(reason.code == "A02" for reason in document.receipt.reasons)
        if document.file != name:
            assert document.verdict is Verdict.ACCEPTED or document.report.findings


@settings(max_examples=max(8, settings().max_examples))
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 10**6))
def test_a_run_with_a_mutated_document_ends_with_a_whole_report(name: str, seed: int) -> None:
    files = tuple(File(n, mutated(c, seed) if n == name else c) for n, c in GOOD.items())
    written = outputs(run(Folder(files, ()), SETTINGS, SCHEME, envelopes()["bids.xml"].created), "")
    assert written.unwritten == ()
    assert Page(written.files["report.html"].decode()).faults == []
    for path, content in written.files.items():
        if path.endswith(".xml"):
            assert read(content).report.findings == ()


WRONG_HEADS = {
    "type": (b"<type>A37<", b"<type>BV1<"),
    "process": (b"<process.processType>A47<", b"<process.processType>X<"),
    "mRID": (b"<mRID>", b"<mRID>" + b"x" * 40),
    "revision": (b"<revisionNumber>1<", b"<revisionNumber>0<"),
    "sender": (b">9520000000011<", b">9520000000011-too-long<"),
    "scheme": (b'codingScheme="A10">9520000000011', b'codingScheme="ZZ9">9520000000011'),
    "role": (b"<sender_MarketParticipant.marketRole.type>A46<", b"<sender_MarketParticipant.marketRole.type>Q99<"),
    "receiver": (b">10X1001A1001A418<", b">10X1001A1001A418-too-long<"),
    "created": (b"<createdDateTime>2027", b"<createdDateTime>0001"),
    "domain": (b">10Y1001A1001A91G<", b"> <"),
}


@pytest.mark.parametrize("part", WRONG_HEADS)
def test_a_head_that_an_answer_could_not_repeat_is_answered_all_the_same(part: str) -> None:
    old, new = WRONG_HEADS[part]
    content = GOOD["bids.xml"].replace(old, new, 1)
    assert content != GOOD["bids.xml"]
    written = outputs(
        run(Folder((File("bids.xml", content),), ()), SETTINGS, SCHEME, envelopes()["need.xml"].created), ""
    )
    assert written.unwritten == ()
    assert read(written.files["acknowledgements/bids.xml"]).report.findings == ()


@settings(max_examples=max(8, settings().max_examples))
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(content: bytes) -> None:
    (received,) = receive([File("any.xml", content)], SETTINGS, None)
    assert received.verdict is Verdict.REFUSED
    assert received.receipt is not None
    assert received.receipt.title == "any.xml" or received.receipt.document_id


HOSTILE_NAMES = ["<script>.xml", "a&b.xml", "x" * 180 + ".xml", "\u202egnp.xml", "sp ace.xml", 'quote".xml', "'.xml"]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_any_name_of_a_file_is_answered(name: str) -> None:
    files = (File(name, b"bad"), *(File(n, c) for n, c in GOOD.items()))
    written = outputs(run(Folder(files, ()), SETTINGS, SCHEME, None), "")
    answer = read(written.files[f"acknowledgements/{name}"]).envelope
    assert answer is not None
    assert getattr(answer.message, "title", None) is not None
    page = Page(written.files["report.html"].decode())
    assert page.faults == []
    assert page.count("script") == 1


def test_a_thousand_empty_files_are_a_thousand_refusals() -> None:
    received = receive([File(f"{at:04}.xml", b"") for at in range(1_000)], SETTINGS, None)
    assert {document.verdict for document in received} == {Verdict.REFUSED}
    assert [document.file for document in received] == sorted(document.file for document in received)
