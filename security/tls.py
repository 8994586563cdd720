"""TLS contexts: what a server asks of its peers, and what a client asks of a peer it calls.

Rules
1. TLS 1.3 only. TLS 1.2 where the setting says so, for peers that cannot do better.
2. A peer shows a certificate of a known authority, and every certificate of its chain is looked up in a revocation
   list. A list that is missing or stale lets nobody in.
3. No tickets and no resumption: a resumed session would not be checked against the list again. The cache of sessions
   of TLS 1.2 cannot be switched off through this library; `shown_certificate` knows nobody from a resumed one.
4. A called peer is one of the pinned certificates and no other, whoever signed it, and its host name is compared.
5. What comes into force with new files does so in a new context; lists cannot be taken out of an old one.

A context reads keys and lists from files, because the library offers no other way; whoever calls has put them there.

Source: IEC 62351-3:2023 on TLS for power systems; RFC 8446 (TLS 1.3); OWASP ASVS 5.0, requirements 12.1 and 12.3.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gateway.errors import Malformed, Misconfigured


class Oldest(StrEnum):
    """The oldest version of TLS that is spoken."""

    TLS_1_3 = "1.3"
    TLS_1_2 = "1.2"


_VERSIONS = {Oldest.TLS_1_3: ssl.TLSVersion.TLSv1_3, Oldest.TLS_1_2: ssl.TLSVersion.TLSv1_2}

SUITES_1_2 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"
"""Suites of TLS 1.2, where it is spoken: forward secrecy and authenticated encryption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Files of this gateway: its certificate with the chain to the authority, and the key of it, both in PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Files of whom to believe: the authorities' certificates, and a revocation list of each of them, in PEM."""

    authorities: Path
    revocation_lists: Path


def server_context(own: Credentials, trust: Trust, oldest: Oldest = Oldest.TLS_1_3) -> ssl.SSLContext:
    """Return the context of a server that demands a certificate. Raises `Misconfigured` for what cannot be loaded."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _harden(context, own, oldest)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_CHAIN
    context.num_tickets = 0
    _load(context, "authorities", trust.authorities)
    _load(context, "revocation lists", trust.revocation_lists)
    return context


def shown_certificate(side: ssl.SSLObject) -> bytes:
    """Return, in DER, the certificate that the peer has shown in this handshake.

    Raises `Malformed` where it has shown none, and for a resumed session, whose certificate was judged long ago.
    """
    der = side.getpeercert(binary_form=True)
    if side.session_reused or der is None:
        raise Malformed("tls", "a certificate shown in this handshake", "a resumed session" if der else "none")
    return der


def client_context(own: Credentials, pinned: Path, oldest: Oldest = Oldest.TLS_1_3) -> ssl.SSLContext:
    """Return the context in which one peer is called, known by its certificates in the file *pinned*, in PEM.

    The issuer of the certificates is not to stand among them: with it, every certificate that it issued would do.
    Raises `Misconfigured` for what cannot be loaded.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _harden(context, own, oldest)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    _load(context, "pinned certificates", pinned)
    return context


def _harden(context: ssl.SSLContext, own: Credentials, oldest: Oldest) -> None:
    context.minimum_version = _VERSIONS[oldest]
    context.set_ciphers(SUITES_1_2)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    context.options |= ssl.Options.OP_NO_TICKET | ssl.Options.OP_NO_COMPRESSION | ssl.Options.OP_NO_RENEGOTIATION
    try:
        context.load_cert_chain(own.certificate, own.key)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured("tls.own", "a certificate and its key in PEM", str(error)) from error


def _load(context: ssl.SSLContext, name: str, file: Path) -> None:
    try:
        context.load_verify_locations(file)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"tls.{name}", "certificates or lists in PEM", str(error)) from error
