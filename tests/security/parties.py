"""Certificates of a small world: a root, an authority below it, a foreign root, and parties of every kind."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from security.authority import Authority, Purpose, Revoked, Subject, Term, issue, issuing, revocation_list, root
from security.tls import Credentials, Trust
from tests.security.books import AGGREGATOR, key

DAY = timedelta(days=1)


@dataclass
class World:
    """Files of one test, made around the real clock, which is the one that OpenSSL asks."""

    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    _serial: int = 100

    @cached_property
    def root(self) -> Authority:
        return root(key("root"), "Root of tests", self.term(1))

    @cached_property
    def issuer(self) -> Authority:
        return issuing(self.root, key("issuing"), "Authority of tests", self.term(2))

    @cached_property
    def foreign(self) -> Authority:
        return root(key("foreign"), "Foreign root", self.term(3))

    def term(self, serial: int | None = None, since: timedelta = -DAY, until: timedelta = 30 * DAY) -> Term:
        self._serial += serial is None
        return Term(serial=serial or self._serial, since=self.now + since, until=self.now + until)

    def certificate(
        self, name: str, purpose: Purpose = Purpose.CLIENT, *, by: Authority | None = None, term: Term | None = None
    ) -> x509.Certificate:
        subject = Subject(name=name, eic=AGGREGATOR, hosts=("localhost", "127.0.0.1"))
        return issue(by or self.issuer, subject, key(name).public_key(), purpose, term or self.term())

    def credentials(self, name: str, certificate: x509.Certificate, *chain: x509.Certificate) -> Credentials:
        """Write a certificate, its chain and its key, and return the files."""
        file, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        file.write_bytes(pem(certificate, *chain))
        secret.write_bytes(key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return Credentials(certificate=file, key=secret)

    def party(self, name: str, purpose: Purpose = Purpose.CLIENT, term: Term | None = None) -> Credentials:
        """Return the files of a party whose certificate comes from the authority."""
        return self.credentials(name, self.certificate(name, purpose, term=term), self.issuer.certificate)

    def trust(self, *revoked: int, stale: bool = False, without_root: bool = False) -> Trust:
        """Write the authorities and their lists, in which the serial numbers *revoked* stand."""
        since, until = (-3 * DAY, -DAY) if stale else (-DAY, DAY)
        entries = [Revoked(serial, self.now - DAY) for serial in revoked]
        lists = [
            revocation_list(by, entries if by is self.issuer else [], 1, self.now + since, self.now + until)
            for by in (self.issuer, *(() if without_root else (self.root,)))
        ]
        authorities, listed = self.folder / "authorities.pem", self.folder / "lists.pem"
        authorities.write_bytes(pem(self.root.certificate, self.issuer.certificate))
        listed.write_bytes(pem(*lists))
        return Trust(authorities=authorities, revocation_lists=listed)


def pem(*objects: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in objects)


def self_signed(name: str, world: World) -> Authority:
    """Return a certificate that says of itself that it is an authority, and that nobody else believes."""
    return root(key(name), name, world.term())
