"""A certificate authority for test events and pilots: a root, an issuing authority, servers, clients, revocation lists.

It is no production authority: its keys lie in files, nobody keeps watch over it, and it asks nobody who the subject is.
A production gateway takes the certificates of a real one. What it issues is strict all the same (RFC 5280 as OpenSSL
checks it with ``X509_V_FLAG_X509_STRICT``): authorities are marked as such and may sign certificates and lists, leaves
may do neither, each key carries its identifier and that of its issuer, and each certificate has one purpose.

Keys are EC on P-256 (128 bits; OWASP ASVS 5.0, requirement 11.2.3). A leaf names its party by ``urn:eic:<EIC>``.
Serial numbers, keys and instants are arguments; signatures draw no random numbers (RFC 6979).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.errors import InvalidValue, Malformed

GREATEST_SERIAL = (1 << 159) - 1
"""Serial numbers have at most 20 octets and are positive (RFC 5280, 4.1.2.2)."""

LONGEST_NAME = 64
"""Characters of a common name (RFC 5280, appendix A)."""


class Purpose(StrEnum):
    """What a certificate is for."""

    ROOT = "root"
    ISSUING = "issuing"
    SERVER = "server"
    CLIENT = "client"
    SIGNING = "signing"


_PATHS = {Purpose.ROOT: 1, Purpose.ISSUING: 0}
"""How many authorities may stand below one."""

_EXTENDED = {Purpose.SERVER: ExtendedKeyUsageOID.SERVER_AUTH, Purpose.CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a certificate is for. ``hosts``: names and addresses under which a server is reached."""

    name: str
    eic: str | None = None
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name that a certificate cannot hold. Raises `InvalidValue`."""
        if not 0 < len(self.name) <= LONGEST_NAME:
            raise InvalidValue("Subject.name", f"1 to {LONGEST_NAME} characters", repr(self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Number and time of a certificate: valid from ``since`` to ``until``."""

    serial: int
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse numbers and times that cannot be. Raises `InvalidValue`."""
        if not 0 < self.serial <= GREATEST_SERIAL:
            raise InvalidValue("Term.serial", f"1 to {GREATEST_SERIAL}", str(self.serial))
        if self.until <= self.since:
            raise InvalidValue("Term.until", f"an instant after {self.since}", str(self.until))


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that may sign others, and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that no longer holds since an instant."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def root(key: ec.EllipticCurvePrivateKey, name: str, term: Term) -> Authority:
    """Return a new root authority, which signs itself."""
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return Authority(_signed(_built(issuer, key, Subject(name=name), key.public_key(), term), Purpose.ROOT, key), key)


def issue(
    by: Authority, subject: Subject, public: ec.EllipticCurvePublicKey, purpose: Purpose, term: Term
) -> x509.Certificate:
    """Return a certificate of *public* for *subject*.

    Raises `InvalidValue` for a second root, and for one that would outlive its authority.
    """
    if purpose is Purpose.ROOT:
        raise InvalidValue("issue.purpose", "a purpose below a root", purpose)
    if term.until > by.certificate.not_valid_after_utc:
        raise InvalidValue("Term.until", f"at most {by.certificate.not_valid_after_utc}", str(term.until))
    return _signed(_built(by.certificate.subject, by.key, subject, public, term), purpose, by.key)


def issuing(by: Authority, key: ec.EllipticCurvePrivateKey, name: str, term: Term) -> Authority:
    """Return an authority below *by*, which issues leaves. Raises `InvalidValue`."""
    return Authority(issue(by, Subject(name=name), key.public_key(), Purpose.ISSUING, term), key)


def request(key: ec.EllipticCurvePrivateKey, subject: Subject) -> x509.CertificateSigningRequest:
    """Return a request for a certificate, which proves that its sender has the key (RFC 2986)."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_name(subject))
    names = _names(subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, SHA256(), ecdsa_deterministic=True)


def requested_key(asked: x509.CertificateSigningRequest) -> ec.EllipticCurvePublicKey:
    """Return the key of a request, and nothing else of it: for whom it is, the authority says, not the request.

    Raises `Malformed` where it does not prove the key, or the key is of another kind.
    """
    key = asked.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Malformed("request.key", "an EC key on P-256", type(key).__name__)
    try:
        proven = asked.is_signature_valid
    except InvalidSignature:
        proven = False
    if not proven:
        raise Malformed("request.signature", "the signature of the key", "another one")
    return key


def revocation_list(
    by: Authority, revoked: Iterable[Revoked], number: int, since: datetime, until: datetime
) -> x509.CertificateRevocationList:
    """Return the revocation list *number* of an authority; after *until* it is stale and nobody may be let in by it."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(since)
        .next_update(until)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_authority_key(by.key), critical=False)
    )
    for entry in sorted(revoked, key=lambda one: one.serial):
        made = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(entry.at)
        if entry.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: left out where nothing is said
            made = made.add_extension(x509.CRLReason(entry.reason), critical=False)
        builder = builder.add_revoked_certificate(made.build())
    return builder.sign(by.key, SHA256(), ecdsa_deterministic=True)


# ------------------------------------------------------------------------------------------------------------ the parts
def _built(
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    subject: Subject,
    public: ec.EllipticCurvePublicKey,
    term: Term,
) -> x509.CertificateBuilder:
    """Return what every certificate has."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(term.serial)
        .not_valid_before(term.since)
        .not_valid_after(term.until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_authority_key(issuer_key), critical=False)
    )
    names = _names(subject)
    return builder.add_extension(x509.SubjectAlternativeName(names), critical=False) if names else builder


def _signed(builder: x509.CertificateBuilder, purpose: Purpose, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """Return the certificate with what its purpose allows."""
    authority = purpose in _PATHS
    builder = builder.add_extension(
        x509.BasicConstraints(ca=authority, path_length=_PATHS.get(purpose)), critical=True
    ).add_extension(_usage(authority=authority), critical=True)
    if purpose in _EXTENDED:
        builder = builder.add_extension(x509.ExtendedKeyUsage([_EXTENDED[purpose]]), critical=False)
    return builder.sign(key, SHA256(), ecdsa_deterministic=True)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _name(subject: Subject) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject.name)])


def _names(subject: Subject) -> list[x509.GeneralName]:
    """Return the alternative names: the party, then the hosts."""
    party = [x509.UniformResourceIdentifier(f"urn:eic:{subject.eic}")] if subject.eic else []
    return [*party, *map(_host, subject.hosts)]


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
