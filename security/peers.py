"""The peer book: who may speak to this gateway, from where, with which keys, and what each may say.

A book is a TOML file, read as data and never executed. Rules
1. Deny by default: what no line of the book allows is refused; there are no lines that forbid, so that their order
   cannot matter.
2. A peer *is* its key: the SHA-256 of the public key (SubjectPublicKeyInfo) of its certificate, called a pin. A name
   in a certificate is compared with the book, it never finds the peer. Two pins that overlap in time are a rotation.
3. ``*`` stands alone in its list and means everything.
4. A book is taken whole or not at all. A new one has a higher version and names the digest of the one it follows.

Source: the requirement of least privilege for every request, Delegated Regulation (EU) 2024/1366, Article 33(2)(a);
public-key pins as in RFC 7469.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network

from gateway.errors import Misconfigured
from gateway.identifiers import EIC_SCHEME, PartyId, complaint
from gateway.toml_tables import build

SCHEMA = "gateway-policy/1"
"""What a book calls its own form."""

ANY = "*"
"""Everything, where it stands alone in a list."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Z][0-9]{2}")

Network = IPv4Network | IPv6Network


class Effect(StrEnum):
    """What happens to what no line allows."""

    DENY = "deny"


class Use(StrEnum):
    """What a pinned key is for."""

    TLS = "tls"
    SIGNING = "signing"
    ENCRYPTION = "encryption"


class Transport(StrEnum):
    """How a document travels."""

    HTTPS = "https"
    ECP_AMQP = "ecp-amqp"
    MADES = "mades"
    FILE = "file"
    AS4 = "as4"


class Signature(StrEnum):
    """Which proof of origin a document of a peer carries."""

    NONE = "none"
    DETACHED = "detached"
    XMLDSIG = "xmldsig"
    XADES = "xades"
    AS4 = "as4"


class Flow(StrEnum):
    """Which way a document goes, seen from this gateway."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most ``rps`` requests a second on average, ``burst`` at once, ``concurrent`` unanswered."""

    rps: Decimal
    burst: int
    concurrent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for every peer that does not say otherwise.

    Sizes in bytes, ages in seconds: ``max_age_s`` and ``max_future_s`` of a document's creation, seen on arrival,
    ``max_connection_age_s`` of a connection, after which it is closed politely.
    """

    effect: Effect = Effect.DENY
    signature: Signature = Signature.DETACHED
    max_body_bytes: int = 5 << 20
    max_inflated_bytes: int = 20 << 20
    max_elements: int = 200_000
    encodings: tuple[str, ...] = ("UTF-8",)
    max_age_s: int = 900
    max_future_s: int = 30
    max_connection_age_s: int = 3600
    rate: Rate = field(default_factory=lambda: Rate(rps=Decimal(50), burst=100, concurrent=16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A key of a peer, by the SHA-256 of its SubjectPublicKeyInfo in hexadecimal, and when it is accepted."""

    use: Use
    spki_sha256: str
    not_before: datetime
    not_after: datetime

    def valid(self, at: datetime) -> bool:
        """Whether the pin is accepted at an instant."""
        return self.not_before <= at < self.not_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One thing a peer may send, or be sent: every one of its lists must hold the document's value.

    ``document`` and ``process``: codes of the ENTSO-E lists. ``scheme``: names of coordination schemes. ``area``: EICs.
    """

    id: str
    direction: Flow
    document: frozenset[str]
    process: frozenset[str]
    scheme: frozenset[str]
    area: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A party that may speak to this gateway.

    ``eic``: the party. ``endpoints``: codes of communication components that speak for it. ``may_send_for``: parties
    whose documents it may bring, as a service provider. ``roles``: codes of the ENTSO-E role list. ``quirks``: known
    deviations of its documents that are mended. ``acknowledgement``: the style of our answers. What is None is as in
    the defaults of the book.
    """

    id: str
    eic: str
    roles: frozenset[str]
    transports: frozenset[Transport]
    networks: tuple[Network, ...] = ()
    cert: tuple[Pin, ...]
    allow: tuple[Allowance, ...] = ()
    endpoints: frozenset[str] = frozenset()
    may_send_for: frozenset[str] = frozenset()
    quirks: tuple[str, ...] = ()
    signature: Signature | None = None
    acknowledgement: str | None = None
    max_body_bytes: int | None = None
    encodings: tuple[str, ...] | None = None
    rate: Rate | None = None

    def speaks_for(self, party: str) -> bool:
        """Whether documents of *party* may come from this peer."""
        return party == self.eic or party in self.may_send_for


@dataclass(frozen=True)
class PeerBook:
    """A checked book; ``digest`` is the SHA-256 of its bytes in hexadecimal, ``previous`` that of the one before."""

    version: int
    valid_from: datetime
    valid_until: datetime
    previous: str
    own_eic: str
    author: str
    defaults: Defaults
    peers: tuple[Peer, ...]
    digest: str

    @cached_property
    def _by_pin(self) -> dict[tuple[Use, str], tuple[Peer, Pin]]:
        return {(pin.use, pin.spki_sha256): (peer, pin) for peer in self.peers for pin in peer.cert}

    def holder(self, use: Use, spki_sha256: str) -> tuple[Peer, Pin] | None:
        """Return the peer that has a key pinned for a use, and the pin; None where nobody has."""
        return self._by_pin.get((use, spki_sha256))

    def stale(self, at: datetime) -> bool:
        """Whether the book is outside the time for which it was made; it still holds, and somebody is to be told."""
        return not self.valid_from <= at < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """The file as it is written."""

    schema: str
    version: int
    valid_from: datetime
    valid_until: datetime
    previous: str
    own_eic: str
    author: str
    defaults: Defaults = field(default_factory=Defaults)
    peer: tuple[Peer, ...] = ()


def read_book(data: bytes) -> PeerBook:
    """Return the peer book in *data*.

    Raises `Misconfigured`, with the place, for what is no TOML, unknown, missing, of the wrong kind, or contradictory.
    """
    try:
        table = tomllib.loads(data.decode(), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured("peer book", "a TOML file in UTF-8", str(error)) from error
    file = build(_File, table, "peer book")
    for path, expected, found in _complaints(file):
        raise Misconfigured(f"peer book.{path}", expected, found)
    return PeerBook(
        version=file.version,
        valid_from=file.valid_from,
        valid_until=file.valid_until,
        previous=file.previous,
        own_eic=file.own_eic,
        author=file.author,
        defaults=file.defaults,
        peers=file.peer,
        digest=hashlib.sha256(data).hexdigest(),
    )


def require_successor(running: PeerBook, new: PeerBook) -> None:
    """Refuse a book that does not follow the *running* one: an older one, or one made from another.

    Raises `Misconfigured`.
    """
    if new.version <= running.version:
        raise Misconfigured("peer book.version", f"more than {running.version}", str(new.version))
    if new.previous != running.digest:
        raise Misconfigured("peer book.previous", running.digest, new.previous)


_Complaint = tuple[str, str, str]
"""Where, what was expected, what was found."""


def _complaints(file: _File) -> Iterator[_Complaint]:
    """Say what is wrong with a book whose values are each of the right kind."""
    if file.schema != SCHEMA:
        yield "schema", SCHEMA, repr(file.schema)
    if file.version < 1:
        yield "version", "1 or more", str(file.version)
    if _DIGEST.fullmatch(file.previous) is None:
        yield "previous", "a SHA-256 in lower hexadecimal", repr(file.previous)
    if file.valid_until <= file.valid_from:
        yield "valid_until", f"an instant after {file.valid_from}", str(file.valid_until)
    yield from _unlike_eic("own_eic", [file.own_eic])
    yield from _limits(file.defaults)
    yield from _twice("peer", "id", [peer.id for peer in file.peer])
    yield from _twice("peer", "eic", [peer.eic for peer in file.peer])
    for at, peer in enumerate(file.peer, start=1):
        yield from ((f"peer[{at}].{path}", expected, found) for path, expected, found in _of_peer(peer))
    yield from _shared_pins(file.peer)


def _limits(defaults: Defaults) -> Iterator[_Complaint]:
    for name in ("max_body_bytes", "max_inflated_bytes", "max_elements", "max_age_s", "max_connection_age_s"):
        if (value := getattr(defaults, name)) < 1:
            yield f"defaults.{name}", "1 or more", str(value)
    yield from (("defaults." + path, expected, found) for path, expected, found in _of_rate(defaults.rate))


def _of_rate(rate: Rate) -> Iterator[_Complaint]:
    for name in ("rps", "burst", "concurrent"):
        if not (value := getattr(rate, name)) > 0:
            yield f"rate.{name}", "more than 0", str(value)


def _of_peer(peer: Peer) -> Iterator[_Complaint]:
    yield from _unlike_eic("eic", [peer.eic])
    yield from _unlike_eic("may_send_for", sorted(peer.may_send_for))
    for role in sorted(peer.roles):
        if _CODE.fullmatch(role) is None:
            yield "roles", "codes of the ENTSO-E role list, such as A46", repr(role)
    if Transport.HTTPS in peer.transports and not any(pin.use is Use.TLS for pin in peer.cert):
        yield "cert", "a key for tls, because the peer comes over https", "none"
    for at, network in enumerate(peer.networks, start=1):
        if network.prefixlen == 0:
            yield f"networks[{at}]", "a part of the Internet", str(network)
    for at, pin in enumerate(peer.cert, start=1):
        yield from ((f"cert[{at}].{path}", expected, found) for path, expected, found in _of_pin(pin))
    yield from _twice("allow", "id", [allowance.id for allowance in peer.allow])
    for at, allowance in enumerate(peer.allow, start=1):
        yield from ((f"allow[{at}].{path}", expected, found) for path, expected, found in _of_allowance(allowance))
    if peer.rate is not None:
        yield from _of_rate(peer.rate)
    if peer.max_body_bytes is not None and peer.max_body_bytes < 1:
        yield "max_body_bytes", "1 or more", str(peer.max_body_bytes)


def _of_pin(pin: Pin) -> Iterator[_Complaint]:
    if _DIGEST.fullmatch(pin.spki_sha256) is None:
        yield "spki_sha256", "a SHA-256 in lower hexadecimal", repr(pin.spki_sha256)
    if pin.not_after <= pin.not_before:
        yield "not_after", f"an instant after {pin.not_before}", str(pin.not_after)


def _of_allowance(allowance: Allowance) -> Iterator[_Complaint]:
    for name in ("document", "process", "scheme", "area"):
        values: frozenset[str] = getattr(allowance, name)
        if not values:
            yield name, f'values, or ["{ANY}"]', "an empty list"
        if ANY in values and len(values) > 1:
            yield name, f'"{ANY}" alone', ", ".join(sorted(values))


def _unlike_eic(path: str, parties: Iterable[str]) -> Iterator[_Complaint]:
    for party in parties:
        wrong = complaint(PartyId(party, EIC_SCHEME)) if party else "an EIC"
        if wrong is not None:
            yield path, wrong, repr(party)


def _twice(path: str, name: str, values: list[str]) -> Iterator[_Complaint]:
    for at, value in enumerate(values, start=1):
        if value in values[: at - 1]:
            yield f"{path}[{at}].{name}", "one that no other has", repr(value)


def _shared_pins(peers: tuple[Peer, ...]) -> Iterator[_Complaint]:
    """Say which keys two peers have for one use: who speaks could not be told."""
    seen: dict[tuple[Use, str], str] = {}
    for number, peer in enumerate(peers, start=1):
        for at, pin in enumerate(peer.cert, start=1):
            holder = seen.setdefault((pin.use, pin.spki_sha256), peer.id)
            if holder != peer.id:
                yield f"peer[{number}].cert[{at}].spki_sha256", "a key of this peer alone", f"the key of {holder}"
