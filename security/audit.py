"""The audit trail: a chain of hashes, in which no record can be changed, left out or put in unseen.

Each record is canonical JSON; its hash is SHA-256(0x00 ‖ number, 8 bytes ‖ hash before ‖ SHA-256(body)), the number
counts from 1, and before the first stands a hash of zeros. A *head* is the number and hash of the last record. The
chain alone cannot show that its end was cut off; heads that were published elsewhere can: in receipts, to a log
collector, to peers that ask. A head is signed with Ed25519 over its canonical JSON.

Source: the chaining of RFC 9162 (Certificate Transparency) in its linear form; protection of logs, OWASP ASVS 5.0,
requirements 16.4.2 and 16.4.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.canonical_json import write
from security.policy import Decision

_CONTEXT = b"gateway-audit-head/1\x00"
"""Keeps a signature of a head from being one of anything else."""

START = "0" * 64
"""What stands before the first record."""


class Event(StrEnum):
    """What a record is about."""

    DECISION = "decision"
    RECEIVED = "received"
    SENT = "sent"
    BOOK_CHANGED = "peer book changed"
    BOOK_REFUSED = "peer book refused"
    STARTED = "started"
    STOPPED = "stopped"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is recorded. ``subject``: what it is about, as an id; ``details``: names and values, in their order."""

    at: datetime
    event: Event
    subject: str = ""
    details: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> bytes:
        """The canonical JSON that is hashed and kept."""
        return write(self, indent=None).encode()


@dataclass(frozen=True, slots=True)
class Record:
    """A link of the chain: its number, the body, and its hash in lower hexadecimal."""

    number: int
    body: bytes
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at an instant."""

    number: int
    hash: str
    at: datetime

    @property
    def signed_bytes(self) -> bytes:
        """What a signature of the head covers."""
        return _CONTEXT + write(self, indent=None).encode()


@dataclass(frozen=True, slots=True)
class Break:
    """The chain does not hold at a number; ``words`` says how."""

    number: int
    words: str


def link(before: Record | None, entry: Entry) -> Record:
    """Return the record of *entry*, behind the record *before*, or the first one."""
    number = 1 if before is None else before.number + 1
    return Record(number, entry.body, chained(number, START if before is None else before.hash, entry.body))


def chained(number: int, before: str, body: bytes) -> str:
    """Return the hash of a record."""
    content = hashlib.sha256(body).digest()
    return hashlib.sha256(b"\x00" + number.to_bytes(8) + bytes.fromhex(before) + content).hexdigest()


def verify(records: Iterable[Record], heads: Iterable[Head] = ()) -> Iterator[Break]:
    """Yield where the chain of *records* does not hold, or contradicts *heads* that were published before.

    After a break the chain is followed on from what stands there, so that one change is told once.
    """
    known = {head.number: head.hash for head in heads}
    number, before = 0, START
    for record in records:
        if record.number != number + 1:
            yield Break(number + 1, f"record {number + 1} is missing, the next is {record.number}")
        elif record.hash != chained(record.number, before, record.body):
            yield Break(record.number, f"record {record.number} is not what was recorded")
        if known.pop(record.number, record.hash) != record.hash:
            yield Break(record.number, f"record {record.number} is not the one whose hash was published")
        number, before = record.number, record.hash
    for cut in sorted(known):
        yield Break(cut, f"record {cut} was published and is not there; the chain ends at {number}")


def sign_head(head: Head, key: Ed25519PrivateKey) -> bytes:
    """Return the signature of *head*."""
    return key.sign(head.signed_bytes)


def head_holds(head: Head, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether *signature* is that of *head* by *key*."""
    try:
        key.verify(signature, head.signed_bytes)
    except InvalidSignature:
        return False
    return True


def entry_of(decision: Decision, at: datetime, *, address: str, digest: str = "") -> Entry:
    """Return what is recorded of a decision: its reason or rule, the book, whence it came, and of which bytes."""
    details = {
        "reason": decision.reason or "",
        "rule": decision.rule or "",
        "words": decision.words,
        "address": address,
        "sha256": digest,
        "book": f"{decision.version} {decision.digest}",
    }
    said = tuple((name, str(value)) for name, value in details.items() if value)
    return Entry(at=at, event=Event.DECISION, subject=decision.peer or "", details=said)
