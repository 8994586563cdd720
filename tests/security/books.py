"""Peer books and certificates to test with: two parties, an aggregator and a transmission operator."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from security.evidence import spki_sha256
from security.identity import PeerIdentity, Verifier, identity
from security.peers import PeerBook, read_book

NOW = datetime(2027, 1, 14, 8, 0, tzinfo=UTC)
OURS = "10X-MO-GATEWAY-J"
AGGREGATOR, OPERATOR, NEIGHBOUR = "10X-AGG-C------I", "10X-TSO-A------1", "10X-DSO-B------0"
AREA = "10YIT-GRTN-----B"
ZEROS = "0" * 64

ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")


@cache
def key(name: str) -> ec.EllipticCurvePrivateKey:
    """Return the key of *name*: always the same in one run."""
    return ec.derive_private_key(int.from_bytes(name.encode()) + 1, ec.SECP256R1())


def pin(name: str) -> str:
    return spki_sha256(key(name).public_key())


def certificate(
    name: str,
    *,
    uris: tuple[str, ...] = (),
    organization: str | None = None,
    until: datetime = NOW + timedelta(days=100),
) -> bytes:
    """Return a certificate of the key of *name* in DER, valid from a hundred days before `NOW`."""
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if organization is not None:
        attributes.append(x509.NameAttribute(ORGANIZATION_IDENTIFIER, organization))
    subject = x509.Name(attributes)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key(name).public_key())
        .serial_number(0xA1B2)
        .not_valid_before(NOW - timedelta(days=100))
        .not_valid_after(until)
    )
    if uris:
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri) for uri in uris])
        built = built.add_extension(names, critical=False)
    return built.sign(key(name), hashes.SHA256()).public_bytes(Encoding.DER)


@cache
def known(name: str, *, until: datetime = NOW + timedelta(days=100), eic: str | None = None) -> PeerIdentity:
    """Return the identity that a certificate of *name* gives."""
    uris = () if eic is None else (f"urn:eic:{eic}",)
    return identity(certificate(name, uris=uris, until=until), Verifier.EMBEDDED)


HEAD = f"""\
schema      = "gateway-policy/1"
version     = 7
valid_from  = 2026-11-01T00:00:00Z
valid_until = 2027-05-01T00:00:00Z
previous    = "{ZEROS}"
own_eic     = "{OURS}"
author      = "carol"
"""

PEER = f"""
[[peer]]
id           = "agg-c"
eic          = "{AGGREGATOR}"
may_send_for = ["{NEIGHBOUR}"]
roles        = ["A46"]
transports   = ["https"]
networks     = ["198.51.100.0/30", "2001:db8:a::/64"]
rate         = {{ rps = 2, burst = 3, concurrent = 4 }}

  [[peer.cert]]
  use         = "tls"
  spki_sha256 = "{pin("agg-c")}"
  not_before  = 2026-06-01T00:00:00Z
  not_after   = 2027-06-01T00:00:00Z
  [[peer.cert]]
  use         = "signing"
  spki_sha256 = "{pin("agg-c signing")}"
  not_before  = 2026-06-01T00:00:00Z
  not_after   = 2027-06-01T00:00:00Z

  [[peer.allow]]
  id        = "agg-c.bids-in"
  direction = "in"
  document  = ["A37"]
  process   = ["A47"]
  scheme    = ["local", "common"]
  area      = ["{AREA}"]
"""

OTHER = f"""
[[peer]]
id         = "tso-a"
eic        = "{OPERATOR}"
roles      = ["A04", "A34"]
transports = ["https", "file"]
networks   = ["192.0.2.0/28"]
signature  = "none"

  [[peer.cert]]
  use         = "tls"
  spki_sha256 = "{pin("tso-a")}"
  not_before  = 2026-01-01T00:00:00Z
  not_after   = 2027-01-31T00:00:00Z
  [[peer.cert]]
  use         = "tls"
  spki_sha256 = "{pin("tso-a next")}"
  not_before  = 2027-01-01T00:00:00Z
  not_after   = 2028-01-31T00:00:00Z

  [[peer.allow]]
  id        = "tso-a.orders-out"
  direction = "out"
  document  = ["A39", "A40"]
  process   = ["*"]
  scheme    = ["common"]
  area      = ["*"]
"""

TEXT = HEAD + PEER + OTHER


def book(*changes: tuple[str, str], text: str = TEXT) -> PeerBook:
    """Return the book after exchanging texts, each of which occurs."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_book(text.encode())
