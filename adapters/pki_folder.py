"""A certificate authority for test events and pilots in a folder: keys, certificates, revocation lists, and an index.

=====================  ==================================================================
``root``, ``issuing``  certificate (``.pem``) and key (``.key``) of the two authorities
``authorities.pem``    both certificates: what a server believes
``lists.pem``          both revocation lists: whom it does not believe any longer
``NAME.pem``           a certificate with the one of its authority
``NAME.key``           its key, where it was made here and not asked for by a request
``index.json``         what was issued and revoked, and how many lists there were
=====================  ==================================================================

Keys are readable by their owner alone and not encrypted; the folder is to be kept like them. Every file appears whole
or not at all, and the index before the certificate: what is out can be revoked.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from adapters.folder import Unreadable, read_file
from gateway.canonical_json import read, write
from gateway.errors import Misconfigured
from security import authority
from security.authority import Authority, Purpose, Revoked, Subject, Term

ROOT, ISSUING, AUTHORITIES, LISTS, INDEX = "root", "issuing", "authorities.pem", "lists.pem", "index.json"

YEARS = timedelta(days=3650)
"""How long the authorities last."""

CLOCKS = timedelta(minutes=5)
"""How far a certificate begins before it is made, because clocks differ."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate that was issued. ``serial`` in hexadecimal; ``revoked``: since when, and ``reason`` why."""

    name: str
    eic: str | None
    hosts: tuple[str, ...]
    purpose: Purpose
    serial: str
    until: datetime
    revoked: datetime | None = None
    reason: str = "unspecified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What an authority has done, in order; ``lists`` is the number of the last revocation list."""

    issued: tuple[Issued, ...] = ()
    lists: int = 0

    def current(self, name: str) -> Issued:
        """Return the newest certificate of *name* that is not revoked. Raises `Misconfigured` where there is none."""
        for entry in reversed(self.issued):
            if entry.name == name and entry.revoked is None:
                return entry
        raise Misconfigured("name", "one whose certificate holds", repr(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be issued, and for how long."""

    subject: Subject
    purpose: Purpose
    lasts: timedelta


def init(folder: Path, name: str, now: datetime, fresh: timedelta) -> None:
    """Make both authorities and their first lists. Raises `Unreadable` for a folder that has anything in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Unreadable(str(folder), "an empty folder", "files in it")
    except OSError as error:
        raise Unreadable(str(folder), "a folder that can be written", str(error.strerror).lower()) from error
    root = authority.root(_key(), f"{name} root", _term(now, YEARS))
    issuing = authority.issuing(root, _key(), f"{name} issuing", Term(serial=_serial(), since=now, until=now + YEARS))
    for stem, made in ((ROOT, root), (ISSUING, issuing)):
        _put(folder / f"{stem}.key", _pem(made.key), secret=True)
        _put(folder / f"{stem}.pem", made.certificate.public_bytes(Encoding.PEM))
    certificates = [made.certificate.public_bytes(Encoding.PEM) for made in (root, issuing)]
    _put(folder / AUTHORITIES, b"".join(certificates))
    publish_lists(folder, now, fresh)


def issue(folder: Path, order: Order, now: datetime, request: bytes | None = None) -> Issued:
    """Issue a certificate; its key is made here unless a *request* in PEM brings one.

    Raises `Misconfigured` for a name that is no file name, `gateway.errors.Malformed` for a request without proof.
    """
    name = order.subject.name
    require_name(name)
    _require(folder)
    index, issuer = _index(folder), _authority(folder, ISSUING)
    last = issuer.certificate.not_valid_after_utc
    if now + order.lasts > last:
        raise Misconfigured("days", f"an end before that of the authority, {last}", str(now + order.lasts))
    if request is None:
        key = _key()
        _put(folder / f"{name}.key", _pem(key), secret=True)
        public = key.public_key()
    else:
        public = authority.requested_key(_request(request))
    term = _term(now, order.lasts)
    made = authority.issue(issuer, order.subject, public, order.purpose, term)
    entry = Issued(
        name=name,
        eic=order.subject.eic,
        hosts=order.subject.hosts,
        purpose=order.purpose,
        serial=f"{term.serial:X}",
        until=term.until,
    )
    _put(folder / INDEX, write(replace(index, issued=(*index.issued, entry))).encode())
    _put(folder / f"{name}.pem", made.public_bytes(Encoding.PEM) + issuer.certificate.public_bytes(Encoding.PEM))
    return entry


def require_name(name: str) -> None:
    """Refuse what cannot name a file of its own. Raises `Misconfigured`."""
    if _NAME.fullmatch(name) is None or name in {ROOT, ISSUING, "authorities", "lists", "index"}:
        raise Misconfigured("NAME", "letters, digits, dots and hyphens, no name of the authority's files", repr(name))


def renew(folder: Path, name: str, now: datetime, lasts: timedelta) -> Issued:
    """Issue the certificate of *name* anew, with another key. Raises `Misconfigured` where none holds."""
    _require(folder)
    before = _index(folder).current(name)
    subject = Subject(name=name, eic=before.eic, hosts=before.hosts)
    return issue(folder, Order(subject=subject, purpose=before.purpose, lasts=lasts), now)


def revoke(folder: Path, name: str, now: datetime, reason: x509.ReasonFlags, fresh: timedelta) -> tuple[Issued, ...]:
    """Revoke every certificate of *name* that holds, and publish the lists. Raises `Misconfigured` where none does."""
    _require(folder)
    index = _index(folder)
    index.current(name)
    issued = tuple(
        replace(entry, revoked=now, reason=reason.value) if entry.name == name and entry.revoked is None else entry
        for entry in index.issued
    )
    _put(folder / INDEX, write(replace(index, issued=issued)).encode())
    publish_lists(folder, now, fresh)
    return tuple(entry for entry in issued if entry.name == name and entry.revoked == now)


def publish_lists(folder: Path, now: datetime, fresh: timedelta) -> None:
    """Publish the revocation lists of both authorities, to be believed for as long as *fresh*."""
    _require(folder, ROOT + ".key")
    index = _index(folder)
    gone = [
        Revoked(int(entry.serial, 16), entry.revoked, x509.ReasonFlags(entry.reason))
        for entry in index.issued
        if entry.revoked is not None
    ]
    number = index.lists + 1
    lists = [
        authority.revocation_list(_authority(folder, stem), revoked, number, now - CLOCKS, now + fresh)
        for stem, revoked in ((ISSUING, gone), (ROOT, []))
    ]
    _put(folder / LISTS, b"".join(one.public_bytes(Encoding.PEM) for one in lists))
    _put(folder / INDEX, write(replace(index, lists=number)).encode())


def issued(folder: Path) -> tuple[Issued, ...]:
    """Return what was issued, in order. Raises `Unreadable` for a folder that is no authority."""
    _require(folder)
    return _index(folder).issued


# ---------------------------------------------------------------------------------------------------------------- files
def _require(folder: Path, file: str = INDEX) -> None:
    if not (folder / file).is_file():
        raise Unreadable(str(folder), "the folder of an authority; gateway pki init makes one", "none")


def _index(folder: Path) -> Index:
    if not (folder / INDEX).exists():
        return Index()
    return read(Index, _bytes(folder / INDEX))


def _authority(folder: Path, stem: str) -> Authority:
    key = load_pem_private_key(_bytes(folder / f"{stem}.key"), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Misconfigured(f"{stem}.key", "an EC key on P-256", type(key).__name__)
    return Authority(x509.load_pem_x509_certificate(_bytes(folder / f"{stem}.pem")), key)


def _bytes(path: Path) -> bytes:
    return read_file(path, _MOST_BYTES) or b""


def _put(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Put *content* at *path* in one step; a secret is readable by its owner alone from its first byte on."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o600 if secret else 0o644)
        Path(name).replace(path)
    except OSError as error:
        raise Unreadable(str(path), "a place that can be written", str(error.strerror).lower()) from error


def _request(data: bytes) -> x509.CertificateSigningRequest:
    try:
        return x509.load_pem_x509_csr(data)
    except ValueError as error:
        raise Misconfigured("request", "a request for a certificate in PEM", str(error)) from error


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _serial() -> int:
    return secrets.randbits(158) + 1


def _term(now: datetime, lasts: timedelta) -> Term:
    return Term(serial=_serial(), since=now - CLOCKS, until=now + lasts)
