"""The audit trail: every change of the chain is seen, and what was cut off where its head was published."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from security.audit import (
    START,
    Break,
    Entry,
    Event,
    Head,
    Record,
    chained,
    entry_of,
    head_holds,
    link,
    sign_head,
    verify,
)
from security.policy import Decision, Reason
from tests.security.books import NOW

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def chain(count: int) -> list[Record]:
    entries = [
        Entry(at=NOW + timedelta(seconds=at), event=Event.RECEIVED, subject=f"document {at}") for at in range(count)
    ]
    return reduce(lambda records, entry: [*records, link(records[-1] if records else None, entry)], entries, [])


RECORDS = chain(5)


def test_a_record_is_canonical_json_chained_to_the_one_before() -> None:
    first, second = RECORDS[:2]
    assert first.body == (
        b'{"at": "2027-01-14T08:00:00Z", "event": "received", "subject": "document 0", "details": []}\n'
    )
    expected = sha256(b"\x00" + (1).to_bytes(8, "big") + bytes(32) + sha256(first.body).digest()).hexdigest()
    assert (first.number, first.hash) == (1, expected)
    assert second.hash == chained(2, first.hash, second.body) != chained(2, START, second.body)


def test_an_untouched_chain_holds() -> None:
    assert list(verify(RECORDS)) == []
    assert list(verify([])) == []
    assert list(verify(RECORDS, [Head(at.number, at.hash, NOW) for at in RECORDS])) == []


def forged(at: int) -> Record:
    """Return a record with another body and a hash that fits it."""
    body = b'{"at": "2027-01-14T08:00:00Z"}'
    return Record(at, body, chained(at, RECORDS[at - 2].hash if at > 1 else START, body))


CHANGED: dict[str, tuple[list[Record], list[int]]] = {
    "another body": ([*RECORDS[:2], replace(RECORDS[2], body=b"{}"), *RECORDS[3:]], [3]),
    "another body with its hash": ([*RECORDS[:2], forged(3), *RECORDS[3:]], [4]),
    "the last, with its hash": ([*RECORDS[:4], forged(5)], []),
    "one left out": ([*RECORDS[:2], *RECORDS[3:]], [3]),
    "the first left out": (RECORDS[1:], [1]),
    "one put in twice": ([*RECORDS[:3], RECORDS[2], *RECORDS[3:]], [4]),
    "two exchanged": ([RECORDS[0], RECORDS[2], RECORDS[1], *RECORDS[3:]], [2, 4, 3]),
    "cut off": (RECORDS[:3], []),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_change_is_told_where_it_is(case: str) -> None:
    records, numbers = CHANGED[case]
    assert [found.number for found in verify(records)] == numbers


def test_a_published_head_shows_what_the_chain_cannot() -> None:
    last = Head(5, RECORDS[-1].hash, NOW)
    assert list(verify(RECORDS[:3], [last])) == [
        Break(5, "record 5 was published and is not there; the chain ends at 3")
    ]
    assert list(verify([*RECORDS[:4], forged(5)], [last])) == [
        Break(5, "record 5 is not the one whose hash was published")
    ]


@given(st.integers(0, 4), st.integers(0, 90), st.integers(1, 255))
def test_no_byte_can_be_changed(number: int, at: int, difference: int) -> None:
    body = bytearray(RECORDS[number].body)
    body[at % len(body)] ^= difference
    changed = [*RECORDS[:number], replace(RECORDS[number], body=bytes(body)), *RECORDS[number + 1 :]]
    assert [found.number for found in verify(changed)] == [number + 1]


def test_a_signed_head_is_that_of_its_key_and_instant() -> None:
    head = Head(5, RECORDS[-1].hash, NOW)
    signature = sign_head(head, KEY)
    assert head_holds(head, signature, KEY.public_key())
    assert not head_holds(replace(head, number=4), signature, KEY.public_key())
    assert not head_holds(replace(head, at=NOW + timedelta(seconds=1)), signature, KEY.public_key())
    assert not head_holds(head, signature, Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key())
    assert not head_holds(head, KEY.sign(head.signed_bytes[22:]), KEY.public_key())


def test_a_decision_is_recorded_with_the_book_it_was_taken_from() -> None:
    refused = Decision(reason=Reason.NO_RULE, peer="agg-c", rule=None, version=7, digest="ab", words="A38 of A47")
    entry = entry_of(refused, NOW, address="198.51.100.2", digest="cd")
    assert (entry.event, entry.subject) == (Event.DECISION, "agg-c")
    assert entry.details == (
        ("reason", "NO_RULE"),
        ("words", "A38 of A47"),
        ("address", "198.51.100.2"),
        ("sha256", "cd"),
        ("book", "7 ab"),
    )
    unknown = entry_of(replace(refused, peer=None, reason=None, rule="r", words=""), NOW, address="::1")
    assert (unknown.subject, dict(unknown.details)) == ("", {"rule": "r", "address": "::1", "book": "7 ab"})
