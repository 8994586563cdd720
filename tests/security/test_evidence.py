"""Evidence tokens: what they claim, that they hold for one key and one text, and that nothing else is a token."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Malformed, Misconfigured
from security.evidence import DocumentHead, Letter, evidence_of, require_fits, sign, signer_of, verify
from tests.security.books import AGGREGATOR, NOW, OPERATOR, OURS, key, pin

BODY = b"<ReserveBid_MarketDocument/>"
HEAD = DocumentHead(mrid="bids-1", revision="2", type="A37", process="A47")
LETTER = Letter(sender=AGGREGATOR, receiver=OURS, issued=NOW, message_id="m-1", document=HEAD)
CLAIMED = evidence_of(BODY, LETTER)
KEY = key("agg-c signing")
TOKEN = sign(CLAIMED, KEY)


def opened(token: str, part: int) -> dict[str, Any]:
    text = token.split(".")[part]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def test_what_was_signed_is_read_again() -> None:
    assert verify(TOKEN, KEY.public_key()) == CLAIMED
    assert signer_of(TOKEN) == pin("agg-c signing")


def test_the_token_has_the_form_of_the_standard() -> None:
    assert opened(TOKEN, 0) == {"alg": "ES256", "kid": pin("agg-c signing"), "typ": "gw-evidence+jwt"}
    claims = opened(TOKEN, 1)
    assert (claims["iss"], claims["aud"], claims["iat"], claims["len"]) == (AGGREGATOR, OURS, 1_799_913_600, 28)
    assert claims["dgst"] == {"sha-256": "dsrQWzCA4HjKt9dhG5Qem6OH0z42hR9NwtiwhzU1xCQ"}
    assert len(base64.urlsafe_b64decode(TOKEN.split(".")[2] + "==")) == 64


def test_the_same_document_at_the_same_instant_has_the_same_token() -> None:
    assert sign(evidence_of(BODY, replace(LETTER, issued=NOW + timedelta(milliseconds=999))), KEY) == TOKEN
    assert sign(evidence_of(BODY, replace(LETTER, issued=NOW + timedelta(seconds=1))), KEY) != TOKEN


def test_only_keys_on_the_curve_of_the_standard_sign() -> None:
    with pytest.raises(Misconfigured):
        sign(CLAIMED, ec.derive_private_key(7, ec.SECP384R1()))


# ---- what is no evidence


def packed(value: object) -> str:
    return text_of(json.dumps(value).encode())


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(text: str) -> str:
    """Return header and claims with a right signature: what is refused then is their form."""
    r, s = decode_dss_signature(KEY.sign(text.encode(), ec.ECDSA(SHA256())))
    return f"{text}.{text_of(r.to_bytes(32) + s.to_bytes(32))}"


def with_header(**changes: object) -> str:
    return signed(f"{packed(opened(TOKEN, 0) | changes)}.{CLAIMS}")


def with_claims(**changes: object) -> str:
    claims = {name: value for name, value in (opened(TOKEN, 1) | changes).items() if value is not None}
    return signed(f"{HEADER}.{packed(claims)}")


HEADER, CLAIMS, SIGNATURE = TOKEN.split(".")
TWICE = text_of(b'{"iss":"a",' + json.dumps(opened(TOKEN, 1)).encode()[1:])

NO_TOKEN = {
    "nothing": ("", "evidence"),
    "two parts": (f"{HEADER}.{CLAIMS}", "evidence"),
    "four parts": (f"{TOKEN}.x", "evidence"),
    "too long": (f"{HEADER}.{'A' * 9000}.{SIGNATURE}", "evidence"),
    "no algorithm": (with_header(alg="none"), "evidence.header"),
    "an algorithm with a shared key": (with_header(alg="HS256"), "evidence.header"),
    "another type": (with_header(typ="JWT"), "evidence.header"),
    "an unknown member": (with_header(crit=["x"]), "evidence.header"),
    "a key that is no text": (with_header(kid=7), "evidence.header"),
    "the key of another": (with_header(kid=pin("mallory")), "evidence.kid"),
    "no JSON": (f"{text_of(b'x')}.{CLAIMS}.{SIGNATURE}", "evidence.header"),
    "a list": (f"{packed([])}.{CLAIMS}.{SIGNATURE}", "evidence.header"),
    "padding": (f"{HEADER}.{CLAIMS}.{SIGNATURE}==", "evidence.signature"),
    "no base64": (f"{HEADER}.{CLAIMS}.{SIGNATURE[:-1]}!", "evidence.signature"),
    "a short signature": (f"{HEADER}.{CLAIMS}.{text_of(bytes(63))}", "evidence.signature"),
    "a signature in DER": (f"{HEADER}.{CLAIMS}.{text_of(KEY.sign(b'x', ec.ECDSA(SHA256())))}", "evidence.signature"),
    "a signature of zeros": (f"{HEADER}.{CLAIMS}.{text_of(bytes(64))}", "evidence.signature"),
    "other claims": (f"{HEADER}.{packed({})}.{SIGNATURE}", "evidence.signature"),
    "a claim twice": (signed(f"{HEADER}.{TWICE}"), "evidence.claims"),
    "a claim less": (with_claims(jti=None), "evidence.claims"),
    "a claim more": (with_claims(admin=True), "evidence.claims"),
    "a number for a text": (with_claims(iss=7), "evidence.claims.iss"),
    "a text for a number": (with_claims(len="28"), "evidence.claims.len"),
    "true for a number": (with_claims(len=True), "evidence.claims.len"),
    "a time before the calendar": (with_claims(iat=-1), "evidence.claims.iat"),
    "a time beyond the calendar": (with_claims(iat=(1 << 53) - 1), "evidence.claims.iat"),
    "a head with a member less": (with_claims(doc={"mRID": "x"}), "evidence.claims.doc"),
    "a digest that is none": (with_claims(dgst={"sha-256": "="}), "evidence.dgst"),
}


@pytest.mark.parametrize("case", NO_TOKEN)
def test_what_is_no_token_of_the_key_is_refused_with_its_place(case: str) -> None:
    token, path = NO_TOKEN[case]
    with pytest.raises(Malformed) as caught:
        verify(token, KEY.public_key())
    assert caught.value.path == path


def test_a_token_holds_for_its_key_alone() -> None:
    with pytest.raises(Malformed) as caught:
        verify(TOKEN, key("agg-c").public_key())
    assert caught.value.path == "evidence.kid"


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("ABab09-_."))
def test_no_character_can_be_changed(at: int, character: str) -> None:
    changed = TOKEN[:at] + character + TOKEN[at + 1 :]
    if changed != TOKEN:
        with pytest.raises(Malformed):
            verify(changed, KEY.public_key())


# ---- what it is compared with

NEIGHBOUR_HEAD = replace(HEAD, revision="3")

OTHER = {
    "other bytes": (BODY + b" ", LETTER, "evidence.dgst"),
    "another sender": (BODY, replace(LETTER, sender=OPERATOR), "evidence.iss"),
    "another receiver": (BODY, replace(LETTER, receiver=OPERATOR), "evidence.aud"),
    "another revision": (BODY, replace(LETTER, document=NEIGHBOUR_HEAD), "evidence.doc"),
    "long ago": (BODY, replace(LETTER, issued=NOW + timedelta(seconds=61)), "evidence.iat"),
    "not yet": (BODY, replace(LETTER, issued=NOW - timedelta(seconds=61)), "evidence.iat"),
}


@pytest.mark.parametrize("case", OTHER)
def test_evidence_of_something_else_is_refused(case: str) -> None:
    body, expected, path = OTHER[case]
    with pytest.raises(Malformed) as caught:
        require_fits(CLAIMED, body, expected, timedelta(minutes=1))
    assert caught.value.path == path


def test_evidence_of_what_came_fits() -> None:
    seen = replace(LETTER, issued=NOW + timedelta(minutes=1), message_id="as the transport calls it")
    require_fits(CLAIMED, BODY, seen, timedelta(minutes=1))


def test_a_length_alone_gives_another_body_away() -> None:
    with pytest.raises(Malformed) as caught:
        require_fits(replace(CLAIMED, size_bytes=27), BODY, LETTER, timedelta(minutes=1))
    assert caught.value.path == "evidence.len"
