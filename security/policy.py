"""Whether a peer may do what it does: one decision for each request, from the peer book of the moment.

A decision is taken in two parts, each a table of checks in the order in which they are made:

* *admission* looks at key, time, transport, address and rate, before a byte of the body is read;
* *authorisation* looks at the document's head, before the document is kept: whose it is, for whom, how it is signed,
  how old, and whether a line of the book allows it.

The first check that fails ends it. A refusal names what both sides said, for the operator; the peer is told the code
alone, and of the first checks not even that, so that nobody can probe the book.

Nothing is remembered between requests but the rate: a key that leaves the book is refused at the next request of a
connection that is still open. Source: OWASP ASVS 5.0, requirements 8.3.2 and 16.5.1; Delegated Regulation (EU)
2024/1366, Article 33(2)(a)(iii).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from security.identity import PeerIdentity
from security.peers import ANY, Allowance, Flow, Peer, PeerBook, Rate, Signature, Transport, Use


class Reason(StrEnum):
    """Why something is refused."""

    PIN_UNKNOWN = "PIN_UNKNOWN"
    PIN_OUTSIDE_VALIDITY = "PIN_OUTSIDE_VALIDITY"
    EIC_MISMATCH = "EIC_MISMATCH"
    TRANSPORT_NOT_ALLOWED = "TRANSPORT_NOT_ALLOWED"
    IP_NOT_ALLOWED = "IP_NOT_ALLOWED"
    RATE = "RATE"
    SENDER_EIC_MISMATCH = "SENDER_EIC_MISMATCH"
    RECEIVER_NOT_US = "RECEIVER_NOT_US"
    SIG_MISSING = "SIG_MISSING"
    SIG_INVALID = "SIG_INVALID"
    SIG_SIGNER = "SIG_SIGNER"
    TOO_OLD = "TOO_OLD"
    FROM_FUTURE = "FROM_FUTURE"
    NO_RULE = "NO_RULE"


SHOWN = {reason: reason.value for reason in Reason} | dict.fromkeys(
    (Reason.PIN_UNKNOWN, Reason.PIN_OUTSIDE_VALIDITY, Reason.EIC_MISMATCH, Reason.IP_NOT_ALLOWED), "not_authorised"
)
"""What the peer is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """A request before its body: who asks, how and whence it came, and how many of that peer are unanswered."""

    identity: PeerIdentity
    transport: Transport
    address: IPv4Address | IPv6Address
    unanswered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What became of a signature: its kind, whether it holds, and the pin of the signer's key where one is told."""

    kind: Signature
    holds: bool
    signer_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the head of a document says, as far as a rule of the book looks at it.

    ``areas`` are all that it speaks of; ``scheme`` is the one that the market runs.
    """

    direction: Flow
    sender: str
    receiver: str
    document: str
    process: str
    scheme: str
    areas: frozenset[str]
    created: datetime
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, and from what: ``peer`` and ``rule`` by their ids, the book by version and digest.

    ``reason`` is None where it is allowed. ``words`` says for the operator what was asked and what the book has.
    """

    reason: Reason | None
    peer: str | None
    rule: str | None
    version: int
    digest: str
    words: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.reason is None

    @property
    def shown(self) -> str:
        """What the peer is told of a refusal; nothing where it is allowed."""
        return "" if self.reason is None else SHOWN[self.reason]


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a peer's rate: ``tokens`` at an instant. It fills with time and is emptied by requests."""

    tokens: Decimal
    at: datetime

    def take(self, rate: Rate, now: datetime) -> Bucket | None:
        """Return the bucket after one request more; None where it does not hold one."""
        passed = max(now - self.at, timedelta(0)) / timedelta(microseconds=1)
        tokens = min(Decimal(rate.burst), self.tokens + rate.rps * Decimal(int(passed)) / 1_000_000)
        return Bucket(tokens - 1, max(now, self.at)) if tokens >= 1 else None


def full(rate: Rate, now: datetime) -> Bucket:
    """Return the bucket of a peer that has asked nothing yet."""
    return Bucket(Decimal(rate.burst), now)


# ----------------------------------------------------------------------------------------------------------- admission
def admit(
    book: PeerBook, request: AccessRequest, now: datetime, bucket: Bucket | None = None
) -> tuple[Decision, Peer | None, Bucket | None]:
    """Decide on a request before its body: the decision, who asks, and what is left of the rate.

    ``bucket`` is what was left of the peer's rate, None for one that has asked nothing yet. A refused request is
    counted too, once its peer is known.
    """
    identity = request.identity
    held = book.holder(Use.TLS, identity.spki_sha256)
    if held is None:
        words = f"key {identity.spki_sha256} of {identity.subject or 'a certificate without name'} is nobody's"
        return _decided(book, None, Reason.PIN_UNKNOWN, words), None, None
    peer, pin = held
    rate = peer.rate or book.defaults.rate
    left = (bucket or full(rate, now)).take(rate, now)
    checks = (
        (Reason.PIN_OUTSIDE_VALIDITY, _outside(identity, pin.valid(now), now)),
        (Reason.EIC_MISMATCH, _other_party(identity, peer)),
        (Reason.TRANSPORT_NOT_ALLOWED, _other_transport(request, peer)),
        (Reason.IP_NOT_ALLOWED, _foreign(request, peer)),
        (Reason.RATE, _too_fast(request, rate, full=left is not None)),
    )
    reason, words = next(((reason, words) for reason, words in checks if words), (None, ""))
    return _decided(book, peer, reason, words), peer, left or bucket


def _outside(identity: PeerIdentity, pinned: bool, now: datetime) -> str:  # noqa: FBT001 - one of two facts
    if not identity.valid(now):
        return f"the certificate is valid from {identity.not_before} to {identity.not_after}, it is {now}"
    return "" if pinned else f"the book does not accept the key at {now}"


def _other_party(identity: PeerIdentity, peer: Peer) -> str:
    if identity.eic in {None, peer.eic}:
        return ""
    return f"the certificate names {identity.eic}, the key is that of {peer.eic}"


def _other_transport(request: AccessRequest, peer: Peer) -> str:
    if request.transport in peer.transports:
        return ""
    return f"came by {request.transport}, the book has {', '.join(sorted(peer.transports))}"


def _foreign(request: AccessRequest, peer: Peer) -> str:
    if any(request.address in network for network in peer.networks):
        return ""
    known = ", ".join(map(str, peer.networks)) or "no network"
    return f"came from {request.address}, the book has {known}"


def _too_fast(request: AccessRequest, rate: Rate, *, full: bool) -> str:
    if request.unanswered >= rate.concurrent:
        return f"{request.unanswered} requests are unanswered, the book has {rate.concurrent}"
    return "" if full else f"more than {rate.rps} requests a second, and {rate.burst} at once"


# ------------------------------------------------------------------------------------------------------- authorisation
def authorise(book: PeerBook, peer: Peer, claim: Claim, now: datetime) -> Decision:
    """Decide on the document of an admitted peer, or on one that is to be sent to it."""
    for reason, check in _CHECKS[claim.direction]:
        if words := check(book, peer, claim, now):
            return _decided(book, peer, reason, words)
    rule = next((allowance for allowance in peer.allow if _matches(allowance, claim)), None)
    if rule is None:
        return _decided(book, peer, Reason.NO_RULE, _unmatched(peer, claim))
    return _decided(book, peer, None, "", rule.id)


_Check = Callable[[PeerBook, Peer, Claim, datetime], str]
"""Returns why it refuses, in words; nothing where it does not."""


def _other_sender(_: PeerBook, peer: Peer, claim: Claim, __: datetime) -> str:
    if peer.speaks_for(claim.sender):
        return ""
    parties = ", ".join((peer.eic, *sorted(peer.may_send_for)))
    return f"the document is of {claim.sender}, {peer.id} speaks for {parties}"


def _other_receiver(book: PeerBook, _: Peer, claim: Claim, __: datetime) -> str:
    return "" if claim.receiver == book.own_eic else f"the document is for {claim.receiver}, this is {book.own_eic}"


def _unsigned(book: PeerBook, peer: Peer, claim: Claim, _: datetime) -> str:
    wanted = peer.signature or book.defaults.signature
    if wanted is Signature.NONE or (claim.proof is not None and claim.proof.kind is wanted):
        return ""
    return f"the book wants a signature {wanted}, there is {claim.proof.kind if claim.proof else 'none'}"


def _forged(_: PeerBook, __: Peer, claim: Claim, ___: datetime) -> str:
    return "" if claim.proof is None or claim.proof.holds else "the signature does not fit the bytes"


def _other_signer(book: PeerBook, peer: Peer, claim: Claim, now: datetime) -> str:
    if claim.proof is None or claim.proof.signer_sha256 is None:
        return ""
    held = book.holder(Use.SIGNING, claim.proof.signer_sha256)
    if held is not None and held[0] is peer and held[1].valid(now):
        return ""
    return f"signed by the key {claim.proof.signer_sha256}, which the book does not accept for {peer.id} now"


def _too_old(book: PeerBook, _: Peer, claim: Claim, now: datetime) -> str:
    return _later(now - claim.created, book.defaults.max_age_s, claim, now)


def _from_future(book: PeerBook, _: Peer, claim: Claim, now: datetime) -> str:
    return _later(claim.created - now, book.defaults.max_future_s, claim, now)


def _later(apart: timedelta, most_s: int, claim: Claim, now: datetime) -> str:
    if apart <= timedelta(seconds=most_s):
        return ""
    return f"created at {claim.created}, it is {now}; the book has {most_s} s"


_INWARD: tuple[tuple[Reason, _Check], ...] = (
    (Reason.SENDER_EIC_MISMATCH, _other_sender),
    (Reason.RECEIVER_NOT_US, _other_receiver),
    (Reason.SIG_MISSING, _unsigned),
    (Reason.SIG_INVALID, _forged),
    (Reason.SIG_SIGNER, _other_signer),
    (Reason.TOO_OLD, _too_old),
    (Reason.FROM_FUTURE, _from_future),
)

_CHECKS: dict[Flow, tuple[tuple[Reason, _Check], ...]] = {Flow.IN: _INWARD, Flow.OUT: ()}


def _matches(allowance: Allowance, claim: Claim) -> bool:
    return (
        allowance.direction is claim.direction
        and all(
            ANY in allowed or value in allowed
            for allowed, value in (
                (allowance.document, claim.document),
                (allowance.process, claim.process),
                (allowance.scheme, claim.scheme),
            )
        )
        and (ANY in allowance.area or claim.areas <= allowance.area)
    )


def _unmatched(peer: Peer, claim: Claim) -> str:
    asked = f"{claim.document} of {claim.process} in {claim.scheme} for {', '.join(sorted(claim.areas)) or 'no area'}"
    known = ", ".join(allowance.id for allowance in peer.allow if allowance.direction is claim.direction)
    return f"{claim.direction}: {asked}; the book has {known or 'no rule'}"


def _decided(book: PeerBook, peer: Peer | None, reason: Reason | None, words: str, rule: str | None = None) -> Decision:
    return Decision(
        reason=reason,
        peer=peer.id if peer else None,
        rule=rule,
        version=book.version,
        digest=book.digest,
        words=words,
    )
