"""The authority for test events: what its certificates and lists hold, and what it does not sign."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from gateway.errors import InvalidValue, Malformed
from security.authority import (
    GREATEST_SERIAL,
    Purpose,
    Revoked,
    Subject,
    issue,
    request,
    requested_key,
    revocation_list,
)
from tests.security.books import AGGREGATOR, key
from tests.security.parties import DAY, World, pem


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_leaf_says_whose_it_is_and_for_what(world: World) -> None:
    leaf = world.certificate("agg-c")
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [f"urn:eic:{AGGREGATOR}"]
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert leaf.subject.rfc4514_string() == "CN=agg-c"
    assert leaf.issuer == world.issuer.certificate.subject
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == (world.now - DAY, world.now + 30 * DAY)


@pytest.mark.parametrize(
    ("purpose", "extended"),
    [
        (Purpose.CLIENT, [ExtendedKeyUsageOID.CLIENT_AUTH]),
        (Purpose.SERVER, [ExtendedKeyUsageOID.SERVER_AUTH]),
        (Purpose.SIGNING, []),
    ],
)
def test_a_leaf_signs_no_certificates(world: World, purpose: Purpose, extended: list[x509.ObjectIdentifier]) -> None:
    leaf = world.certificate("leaf", purpose).extensions
    constraints = leaf.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    usage = leaf.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_cert_sign, usage.crl_sign) == (True, False, False)
    told = [x for x in leaf if x.oid == x509.ExtendedKeyUsage.oid]
    assert [list(x.value) for x in told] == ([extended] if extended else [])


def test_authorities_sign_certificates_and_nothing_else(world: World) -> None:
    for authority, length in ((world.root, 1), (world.issuer, 0)):
        extensions = authority.certificate.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        assert (constraints.ca, constraints.path_length) == (True, length)
        assert (usage.digital_signature, usage.key_cert_sign, usage.crl_sign) == (False, True, True)


def test_openssl_verifies_the_chain_strictly(world: World) -> None:
    world.trust()
    own = world.party("agg-c")
    files = world.folder
    (files / "root.pem").write_bytes(pem(world.root.certificate))
    (files / "issuing.pem").write_bytes(pem(world.issuer.certificate))
    line = ["openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-crl_check_all", "-CAfile", "root.pem"]
    line += ["-CRLfile", "lists.pem", "-untrusted", "issuing.pem", own.certificate.name]
    told = subprocess.run(line, cwd=files, capture_output=True, text=True, check=True)
    assert told.stdout == "agg-c.pem: OK\n"


def test_the_same_is_signed_alike(world: World) -> None:
    term = world.term(7)
    first, second = (world.certificate("agg-c", term=term).public_bytes(Encoding.DER) for _ in range(2))
    assert first == second


NAME, PUBLIC = Subject(name="agg-c"), key("agg-c").public_key()

REFUSED: dict[str, tuple[Callable[[World], object], str]] = {
    "a second root": (lambda world: issue(world.issuer, NAME, PUBLIC, Purpose.ROOT, world.term()), "issue.purpose"),
    "longer than its authority": (
        lambda world: issue(world.issuer, NAME, PUBLIC, Purpose.CLIENT, world.term(until=31 * DAY)),
        "Term.until",
    ),
    "no time": (lambda world: world.term(until=-DAY), "Term.until"),
    "number 0": (lambda world: replace(world.term(), serial=0), "Term.serial"),
    "a long number": (lambda world: world.term(GREATEST_SERIAL + 1), "Term.serial"),
    "no name": (lambda _: Subject(name=""), "Subject.name"),
    "a long name": (lambda _: Subject(name="x" * 65), "Subject.name"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(world: World, case: str) -> None:
    build, path = REFUSED[case]
    with pytest.raises(InvalidValue) as caught:
        build(world)
    assert caught.value.path == path


# ---- requests


def test_a_request_proves_its_key_and_decides_nothing_else(world: World) -> None:
    asked = request(key("agg-c"), Subject(name="the operator", eic="10X-TSO-A------1", hosts=("everything.example",)))
    public = requested_key(asked)
    leaf = issue(world.issuer, Subject(name="agg-c", eic=AGGREGATOR), public, Purpose.CLIENT, world.term())
    assert public == PUBLIC
    assert leaf.subject.rfc4514_string() == "CN=agg-c"
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.UniformResourceIdentifier(f"urn:eic:{AGGREGATOR}")]


@pytest.mark.parametrize(
    "foreign",
    [ec.derive_private_key(7, ec.SECP384R1()), rsa.generate_private_key(65537, 2048)],
    ids=["another curve", "another kind"],
)
def test_a_request_for_a_key_of_another_kind_is_refused(
    foreign: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
) -> None:
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(foreign, SHA256())
    with pytest.raises(Malformed) as caught:
        requested_key(asked)
    assert caught.value.path == "request.key"


def test_a_request_for_the_key_of_another_is_refused() -> None:
    mine, theirs = (request(key(name), NAME).public_bytes(Encoding.DER) for name in ("mallory", "agg-c"))
    point = {
        name: key(name).public_key().public_numbers().x.to_bytes(32)
        + key(name).public_key().public_numbers().y.to_bytes(32)
        for name in ("mallory", "agg-c")
    }
    forged = x509.load_der_x509_csr(mine.replace(point["mallory"], point["agg-c"]))
    assert theirs != mine
    with pytest.raises(Malformed) as caught:
        requested_key(forged)
    assert caught.value.path == "request.signature"


# ---- revocation


def test_a_list_names_what_no_longer_holds(world: World) -> None:
    gone = [
        Revoked(9, world.now - DAY, x509.ReasonFlags.key_compromise),
        Revoked(4, world.now - timedelta(hours=1)),
    ]
    told = revocation_list(world.issuer, gone, 12, world.now, world.now + DAY)
    assert [entry.serial_number for entry in told] == [4, 9]
    later, earlier = told
    assert list(later.extensions) == []
    assert earlier.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    assert earlier.revocation_date_utc == world.now - DAY
    assert (told.last_update_utc, told.next_update_utc) == (world.now, world.now + DAY)
    assert told.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 12
    assert told.is_signature_valid(world.issuer.key.public_key())
