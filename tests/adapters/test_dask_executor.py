"""A cluster of real processes on this machine, a scheduler and two workers, met with certificates of its own authority."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from os import environ, getpid
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.clearing import clear
from gateway.clearing.example import bid, market_of, need
from gateway.clearing.parallel import clear_each, each
from gateway.errors import InvalidValue, Misconfigured

pytest.importorskip("distributed", reason="the extra dask is not installed")

from adapters.dask_executor import Cluster, dask_executor

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[2]
"""Workers find the questions of this file where it is found here."""


class Authority:
    """An authority that issues certificates for both ends of a connection."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.file = folder / f"{name}.pem"
        own = self._builder(self.name, self.key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.file.write_bytes(own.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return x509.CertificateBuilder(
            subject_name=subject,
            issuer_name=self.name,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - DAY,
            not_valid_after=now + DAY,
        )

    def issue(self, name: str) -> tuple[Path, Path]:
        """Write a certificate and its key, and return the files."""
        key = ec.generate_private_key(ec.SECP256R1())
        both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._builder(subject, key).add_extension(both, critical=False).sign(self.key, hashes.SHA256())
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(verb: str, folder: Path, authority: Authority, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``dask`` with a certificate of its own until the block ends."""
    certificate, key = authority.issue(verb + str(len(list(folder.iterdir()))))
    secured = ["--tls-ca-file", str(authority.file), "--tls-cert", str(certificate), "--tls-key", str(key)]
    command = [sys.executable, "-P", "-m", "dask", verb, *arguments, "--no-dashboard", *secured]
    with (folder / f"{certificate.stem}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env={**environ, "PYTHONPATH": str(ROOT)}
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    authority, port = Authority(folder, "authority"), free_port()
    address = f"tls://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(
            running("scheduler", folder, authority, "--host", "127.0.0.1", "--port", str(port), "--protocol", "tls")
        )
        for name in ("one", "two"):
            worker = running(
                "worker", folder, authority, address, "--host", "127.0.0.1", "--nthreads", "1", "--name", name
            )
            stack.enter_context(worker)
        certificate, key = authority.issue("gateway")
        yield Cluster(address=address, authority=authority.file, certificate=certificate, key=key, patience_s=60)


def process_of(_: int) -> int:
    """Return which process answers."""
    return getpid()


@pytest.mark.slow
def test_a_cluster_gives_the_results_of_this_process_in_their_order(cluster: Cluster) -> None:
    markets = [market_of(bid("A1", "A", "up", 40, price), need("d", "A", 25)) for price in range(20)]

    with dask_executor(cluster) as executor:
        assert clear_each(markets, executor, chunk=3) == tuple(map(clear, markets))
        assert getpid() not in each(process_of, range(40), executor, chunk=1)


@pytest.mark.slow
def test_an_error_of_a_worker_is_raised_here(cluster: Cluster) -> None:
    with dask_executor(cluster) as executor, pytest.raises(InvalidValue) as refusal:
        each(refuse, [1], executor)

    assert refusal.value.path == "question"


def refuse(question: int) -> int:
    """Refuse any question."""
    raise InvalidValue("question", "another one", str(question))


@pytest.mark.slow
def test_a_certificate_of_another_authority_is_not_let_in(cluster: Cluster, tmp_path: Path) -> None:
    foreign = Authority(tmp_path, "foreign")
    certificate, key = foreign.issue("stranger")
    stranger = Cluster(
        address=cluster.address, authority=cluster.authority, certificate=certificate, key=key, patience_s=3
    )

    with pytest.raises(Misconfigured, match=r"dask\.address"), dask_executor(stranger):
        pytest.fail("a stranger was let in")


@pytest.mark.slow
def test_a_scheduler_of_another_authority_is_not_believed(cluster: Cluster, tmp_path: Path) -> None:
    foreign = Authority(tmp_path, "foreign")
    wary = Cluster(
        address=cluster.address, authority=foreign.file, certificate=cluster.certificate, key=cluster.key, patience_s=3
    )

    with pytest.raises(Misconfigured, match=r"dask\.address"), dask_executor(wary):
        pytest.fail("a stranger was believed")


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    certificate, key = authority.issue("gateway")
    address = f"tls://127.0.0.1:{free_port()}"
    nobody = Cluster(address=address, authority=authority.file, certificate=certificate, key=key, patience_s=0.2)

    with pytest.raises(Misconfigured) as refusal, dask_executor(nobody):
        pytest.fail("nobody answered")

    assert (refusal.value.path, refusal.value.expected) == ("dask.address", f"a scheduler at {address}")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("dask.address", {"address": "tcp://127.0.0.1:8786"}),
        ("dask.address", {"address": "127.0.0.1:8786"}),
        ("dask.authority", {"authority": "nothing.pem"}),
        ("dask.certificate", {"certificate": "nothing.pem"}),
        ("dask.key", {"key": "nothing.key"}),
        ("dask.patience_s", {"patience_s": 0}),
    ],
)
def test_what_could_not_be_met_safely_is_refused(path: str, fields: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "any.pem"
    file.touch()
    right: dict[str, object] = {"address": "tls://127.0.0.1:8786", "authority": file, "certificate": file, "key": file}
    wrong = {name: tmp_path / value if str(value).startswith("nothing") else value for name, value in fields.items()}  # type: ignore[operator]

    with pytest.raises(Misconfigured) as refusal:
        Cluster(**{**right, **wrong})  # type: ignore[arg-type]  # one field is wrong

    assert refusal.value.path == path
