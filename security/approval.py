"""Four eyes: a peer book comes into force when two people, neither of them its author, have signed it.

What is signed is not the book but a statement about its bytes: who approves, when, for which installation, the SHA-256
of the book and of the one it follows, and its version. An approval of one installation or version is none of another.
Signatures are Ed25519 (RFC 8032) over a context, a zero byte, and the statement as canonical JSON.

To narrow is urgent and safe: a book that only takes peers, keys or lines away needs one approval. To widen is neither.

Source: multi-person approval of changes, OWASP ASVS 5.0, requirement 2.3.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.canonical_json import write
from gateway.errors import Misconfigured
from security.peers import Peer, PeerBook, require_successor

_CONTEXT = b"gateway-policy-approval/1\x00"

WIDENING_NEEDS = 2
"""Approvals of a book that allows anything new."""

NARROWING_NEEDS = 1
"""Approvals of a book that only takes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an approver signs. ``instance``: EIC of the installation; digests in lower hexadecimal."""

    approver: str
    approved_at: datetime
    instance: str
    policy_sha256: str
    previous: str
    version: int

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return _CONTEXT + write(self, indent=None).encode()


@dataclass(frozen=True, slots=True)
class Approval:
    """A statement and its signature."""

    statement: Statement
    signature: bytes


def approve(book: PeerBook, approver: str, key: Ed25519PrivateKey, at: datetime) -> Approval:
    """Return the approval of *book* by *approver*."""
    statement = Statement(
        approver=approver,
        approved_at=at,
        instance=book.own_eic,
        policy_sha256=book.digest,
        previous=book.previous,
        version=book.version,
    )
    return Approval(statement, key.sign(statement.signed_bytes))


def require_approved(
    running: PeerBook | None, new: PeerBook, approvals: Iterable[Approval], keys: Mapping[str, Ed25519PublicKey]
) -> None:
    """Refuse a book that does not follow the *running* one or is not approved by enough of the people in *keys*.

    Raises `Misconfigured`, which says why each approval that does not count does not.
    """
    if running is not None:
        require_successor(running, new)
    narrower = running is not None and next(widenings(running, new), None) is None
    needed = NARROWING_NEEDS if narrower else WIDENING_NEEDS
    judged = [(approval.statement.approver, _objection(new, approval, keys)) for approval in approvals]
    valid = {approver for approver, objection in judged if not objection}
    if len(valid) < needed:
        found = "; ".join([f"{name}: {objection or 'counts'}" for name, objection in judged]) or "none"
        raise Misconfigured("peer book", f"approvals of {needed} people other than {new.author}", found)


def _objection(book: PeerBook, approval: Approval, keys: Mapping[str, Ed25519PublicKey]) -> str:
    """Say why an approval does not count; nothing where it does."""
    statement = approval.statement
    about = (statement.instance, statement.policy_sha256, statement.previous, statement.version)
    if statement.approver == book.author:
        return "is the author"
    if statement.approver not in keys:
        return "is no approver"
    if about != (book.own_eic, book.digest, book.previous, book.version):
        return "approves another book"
    try:
        keys[statement.approver].verify(approval.signature, statement.signed_bytes)
    except InvalidSignature:
        return "has not signed this"
    return ""


def widenings(running: PeerBook, new: PeerBook) -> Iterator[str]:
    """Yield what *new* allows or changes that *running* does not have; nothing where it only takes away."""
    if (running.own_eic, running.defaults) != (new.own_eic, new.defaults):
        yield "defaults"
    before = {peer.id: peer for peer in running.peers}
    for peer in new.peers:
        if peer.id not in before:
            yield f"peer {peer.id}"
        elif not _within(peer, before[peer.id]):
            yield f"peer {peer.id} in part"


_SHRINKING = ("roles", "transports", "networks", "cert", "allow", "endpoints", "may_send_for")
_FIXED = ("eic", "quirks", "signature", "acknowledgement", "max_body_bytes", "encodings", "rate")


def _within(peer: Peer, before: Peer) -> bool:
    """Whether *peer* has nothing that it did not have before; what is not a list may not change at all."""
    same = all(getattr(peer, name) == getattr(before, name) for name in _FIXED)
    return same and all(set(getattr(peer, name)) <= set(getattr(before, name)) for name in _SHRINKING)
