"""Identities: what a certificate says, and that nothing else is one."""

from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.errors import Malformed
from security.identity import MOST_BYTES, Verifier, identity
from tests.security.books import AGGREGATOR, NOW, OPERATOR, certificate, key, pin


def test_a_certificate_says_who_it_is() -> None:
    der = certificate("agg-c", uris=(f"urn:eic:{AGGREGATOR}",))
    told = identity(der, Verifier.EDGE)
    assert told.der == der
    assert told.cert_sha256 == sha256(der).hexdigest()
    public = key("agg-c").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert told.spki_sha256 == sha256(public).hexdigest() == pin("agg-c")
    assert (told.subject, told.serial, told.eic, told.verified_by) == ("CN=agg-c", "A1B2", AGGREGATOR, Verifier.EDGE)


def test_a_renewed_certificate_with_the_same_key_has_the_same_pin() -> None:
    first, second = (identity(certificate("agg-c", until=NOW + timedelta(days=d)), Verifier.EMBEDDED) for d in (1, 2))
    assert first.cert_sha256 != second.cert_sha256
    assert first.spki_sha256 == second.spki_sha256


@pytest.mark.parametrize(
    ("uris", "organization", "eic"),
    [
        ((), None, None),
        (("https://example.org",), None, None),
        (("https://example.org", f"urn:eic:{AGGREGATOR}"), None, AGGREGATOR),
        ((), OPERATOR, OPERATOR),
        ((f"urn:eic:{AGGREGATOR}",), OPERATOR, AGGREGATOR),
    ],
    ids=["no name", "another URI", "among others", "the organization", "the alternative name first"],
)
def test_the_eic_is_where_it_may_stand(uris: tuple[str, ...], organization: str | None, eic: str | None) -> None:
    assert identity(certificate("x", uris=uris, organization=organization), Verifier.EMBEDDED).eic == eic


def test_a_certificate_is_valid_between_its_ends() -> None:
    told = identity(certificate("agg-c"), Verifier.EMBEDDED)
    day, second = timedelta(days=1), timedelta(seconds=1)
    assert told.valid(NOW - 100 * day)
    assert told.valid(NOW + 100 * day)
    assert not told.valid(NOW - 100 * day - second)
    assert not told.valid(NOW + 100 * day + second)


@pytest.mark.parametrize(
    "data",
    [b"", b"certificate", certificate("x")[:-1], certificate("x") + b"\x00"],
    ids=["empty", "text", "cut", "longer"],
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        identity(data, Verifier.EMBEDDED)
    assert caught.value.path == "certificate"


def test_a_long_certificate_is_not_looked_at() -> None:
    with pytest.raises(Malformed) as caught:
        identity(bytes(MOST_BYTES + 1), Verifier.EMBEDDED)
    assert caught.value.found == str(MOST_BYTES + 1)


def test_a_pem_is_no_der() -> None:
    pem = x509.load_der_x509_certificate(certificate("x")).public_bytes(Encoding.PEM)
    with pytest.raises(Malformed):
        identity(pem, Verifier.EDGE)
