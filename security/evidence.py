"""Evidence: a signature over the bytes of a document, apart from the document, that can be shown to others later.

The token is a JWS in its compact form (RFC 7515), ``ES256`` by the sender's pinned key; ``kid`` is the SHA-256 of that
key's SubjectPublicKeyInfo. Its claims name sender (``iss``), receiver (``aud``), instant (``iat``, whole seconds), the
message (``jti``), the head of the document (``doc``), and digest and length of the raw bytes (``dgst``, ``len``), taken
before anybody parsed them. Whoever holds bytes, token and key can check all of it, on any transport and at any time.

Rules: the algorithm is that of the pinned key and no other; header and claims hold nothing unknown and nothing twice;
ECDSA signatures are r and s of 32 bytes each, not DER; signing draws no random number (RFC 6979), so that the same
document at the same instant has the same token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.errors import Malformed, Misconfigured

_TYPE = "gw-evidence+jwt"
_HALF = 32
"""Bytes of r, and of s, on the curve P-256."""

MOST_CHARACTERS = 8192
"""The longest token that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """Which document is meant: mRID, revision, and the codes of its type and process."""

    mrid: str
    revision: str
    type: str
    process: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Who sends what to whom, and when. ``sender`` and ``receiver``: EICs."""

    sender: str
    receiver: str
    issued: datetime
    message_id: str
    document: DocumentHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a token claims. ``sha256``: of the raw bytes, in lower hexadecimal."""

    letter: Letter
    sha256: str
    size_bytes: int


def spki_sha256(key: ec.EllipticCurvePublicKey) -> str:
    """Return the pin of a key: the SHA-256 of its SubjectPublicKeyInfo in lower hexadecimal."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def evidence_of(body: bytes, letter: Letter) -> Evidence:
    """Return what is to be claimed of the raw bytes *body*; the instant loses its part of a second."""
    return Evidence(
        letter=replace(letter, issued=letter.issued.astimezone(UTC).replace(microsecond=0)),
        sha256=hashlib.sha256(body).hexdigest(),
        size_bytes=len(body),
    )


def sign(evidence: Evidence, key: ec.EllipticCurvePrivateKey) -> str:
    """Return the token. Raises `Misconfigured` for a key that is not on P-256."""
    if not isinstance(key.curve, ec.SECP256R1):
        raise Misconfigured("signing key", "a key on P-256", key.curve.name)
    header = {"alg": "ES256", "kid": spki_sha256(key.public_key()), "typ": _TYPE}
    signed = f"{_packed(header)}.{_packed(_claims(evidence))}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256(), deterministic_signing=True)))
    return f"{signed}.{_base64(r.to_bytes(_HALF) + s.to_bytes(_HALF))}"


def signer_of(token: str) -> str:
    """Return the pin of the key that a token names, unchecked: to find the key. Raises `Malformed`."""
    return str(_header(_parts(token)[0])["kid"])


def verify(token: str, key: ec.EllipticCurvePublicKey) -> Evidence:
    """Return what a token claims, which *key* has signed. Raises `Malformed` where it has not, or the token is none."""
    head, claims, signature = _parts(token)
    if _header(head)["kid"] != spki_sha256(key) or not isinstance(key.curve, ec.SECP256R1):
        raise Malformed("evidence.kid", "the pin of the signer's key", str(_header(head)["kid"]))
    raw = _unpacked(signature, "signature")
    if len(raw) != 2 * _HALF:
        raise Malformed("evidence.signature", f"{2 * _HALF} bytes", str(len(raw)))
    der = encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))
    try:
        key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Malformed("evidence.signature", "the signature of the pinned key", "another one") from error
    return _evidence(_object(claims, "claims"))


def require_fits(evidence: Evidence, body: bytes, expected: Letter, within: timedelta) -> None:
    """Refuse evidence of other bytes, of another sender or for another receiver, of another document, or of long ago.

    ``expected.issued`` is now; the message id is not compared. Raises `Malformed`.
    """
    told = evidence.letter
    facts = (
        ("dgst", evidence.sha256, hashlib.sha256(body).hexdigest()),
        ("len", evidence.size_bytes, len(body)),
        ("iss", told.sender, expected.sender),
        ("aud", told.receiver, expected.receiver),
        ("doc", told.document, expected.document),
    )
    for name, claimed, seen in facts:
        if claimed != seen:
            raise Malformed(f"evidence.{name}", str(seen), str(claimed))
    if abs(expected.issued - told.issued) > within:
        raise Malformed("evidence.iat", f"an instant within {within} of {expected.issued}", str(told.issued))


# ----------------------------------------------------------------------------------------------------- the token's text
def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _packed(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


def _parts(token: str) -> tuple[str, str, str]:
    parts = token.split(".") if len(token) <= MOST_CHARACTERS else []
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        raise Malformed("evidence", f"three parts in at most {MOST_CHARACTERS} characters", f"{len(token)} characters")
    return parts[0], parts[1], parts[2]


def _unpacked(part: str, name: str) -> bytes:
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"evidence.{name}", "base64url without padding", part[:60]) from error
    if _base64(data) != part:  # several texts stand for the same bytes; one of them is right
        raise Malformed(f"evidence.{name}", "base64url without padding", part[:60])
    return data


def _object(part: str, name: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise Malformed(f"evidence.{name}", "every member once", "a repeated one")
        return dict(pairs)

    try:
        value = json.loads(_unpacked(part, name), object_pairs_hook=once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed(f"evidence.{name}", "a JSON object", "none") from error
    if not isinstance(value, dict):
        raise Malformed(f"evidence.{name}", "a JSON object", type(value).__name__)
    return value


def _header(part: str) -> dict[str, Any]:
    header = _object(part, "header")
    wanted = {"alg": "ES256", "kid": header.get("kid"), "typ": _TYPE}
    if header != wanted or not isinstance(header["kid"], str):
        raise Malformed("evidence.header", f"alg ES256, typ {_TYPE}, and kid", str(sorted(header)))
    return header


def _claims(evidence: Evidence) -> dict[str, Any]:
    letter, document = evidence.letter, evidence.letter.document
    return {
        "iss": letter.sender,
        "aud": letter.receiver,
        "iat": int(letter.issued.timestamp()),
        "jti": letter.message_id,
        "doc": {
            "mRID": document.mrid,
            "rev": document.revision,
            "type": document.type,
            "process": document.process,
        },
        "dgst": {"sha-256": _base64(bytes.fromhex(evidence.sha256))},
        "len": evidence.size_bytes,
    }


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 53


_FORM: dict[str, Any] = {
    "iss": _is_text,
    "aud": _is_text,
    "iat": _is_count,
    "jti": _is_text,
    "doc": {"mRID": _is_text, "rev": _is_text, "type": _is_text, "process": _is_text},
    "dgst": {"sha-256": _is_text},
    "len": _is_count,
}
"""Every claim and its kind."""


def _require_form(value: Any, form: Any, path: str) -> None:  # noqa: ANN401 - JSON and its form
    if not isinstance(form, dict):
        if not form(value):
            raise Malformed(path, "a text, or a whole number of 0 or more", repr(value)[:60])
        return
    if not isinstance(value, dict) or value.keys() != form.keys():
        raise Malformed(path, f"the members {', '.join(form)}", repr(value)[:60])
    for name, inner in form.items():
        _require_form(value[name], inner, f"{path}.{name}")


def _evidence(claims: dict[str, Any]) -> Evidence:
    _require_form(claims, _FORM, "evidence.claims")
    document, digest = claims["doc"], _unpacked(claims["dgst"]["sha-256"], "dgst")
    try:
        issued = datetime.fromtimestamp(claims["iat"], UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Malformed("evidence.claims.iat", "seconds that a calendar can hold", str(claims["iat"])) from error
    head = DocumentHead(
        mrid=document["mRID"], revision=document["rev"], type=document["type"], process=document["process"]
    )
    letter = Letter(
        sender=claims["iss"], receiver=claims["aud"], issued=issued, message_id=claims["jti"], document=head
    )
    return Evidence(letter=letter, sha256=digest.hex(), size_bytes=claims["len"])
