"""Who is at the other end: what the certificate of a connection says, and nothing that anybody else says.

A `PeerIdentity` is made of the DER bytes of a certificate whose chain was verified, by the TLS stack of this process or
by the proxy in front of it. It names the key by the SHA-256 of its SubjectPublicKeyInfo; the peer book knows whose key
that is. The EIC in a certificate (RFC 3986 URI ``urn:eic:<EIC>`` among the alternative names, else the attribute
organizationIdentifier 2.5.4.97) is kept to be compared.

Source: RFC 5280 (certificates), RFC 4514 (names as text), RFC 9440 (a certificate that a proxy passes on).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.errors import Malformed

MOST_BYTES = 8192
"""The longest certificate that is looked at (IEC 62351-3:2023, clause 6.4.2)."""

_ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")
_EIC_URI = "urn:eic:"


class Verifier(StrEnum):
    """Who verified the chain of a certificate."""

    EMBEDDED = "embedded"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class PeerIdentity:
    """A verified certificate. Digests in lower hexadecimal, ``serial`` in upper; ``eic``: where it names one."""

    der: bytes
    cert_sha256: str
    spki_sha256: str
    subject: str
    serial: str
    not_before: datetime
    not_after: datetime
    eic: str | None
    verified_by: Verifier

    def valid(self, at: datetime) -> bool:
        """Whether the certificate is valid at an instant."""
        return self.not_before <= at <= self.not_after


@lru_cache(maxsize=1024)
def identity(der: bytes, verified_by: Verifier) -> PeerIdentity:
    """Return what a certificate in DER says. Raises `Malformed` for what is no certificate, or too long a one."""
    if len(der) > MOST_BYTES:
        raise Malformed("certificate", f"at most {MOST_BYTES} bytes", str(len(der)))
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        eic = _eic(certificate)
    except (ValueError, TypeError, x509.UnsupportedGeneralNameType) as error:
        raise Malformed("certificate", "an X.509 certificate in DER", str(error)) from error
    return PeerIdentity(
        der=der,
        cert_sha256=hashlib.sha256(der).hexdigest(),
        spki_sha256=hashlib.sha256(key).hexdigest(),
        subject=certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:X}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        eic=eic,
        verified_by=verified_by,
    )


def _eic(certificate: x509.Certificate) -> str | None:
    """Return the EIC that a certificate names: the first alternative name that is one, else the organization's."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        uris: list[str] = []
    else:
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    organizations = certificate.subject.get_attributes_for_oid(_ORGANIZATION_IDENTIFIER)
    told = [uri.removeprefix(_EIC_URI) for uri in uris if uri.startswith(_EIC_URI)]
    return next(iter(told + [str(attribute.value) for attribute in organizations]), None)
