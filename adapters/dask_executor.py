"""Workers on several machines: a Dask cluster, met with certificates of its own authority.

The cluster is run by its operator: one ``dask scheduler``, and a ``dask worker`` on each machine, all of them with
``--tls-ca-file``, ``--tls-cert`` and ``--tls-key``, and with the package of this gateway. A worker runs whatever it is
sent, so that the rules are strict:

1. Only ``tls://`` addresses are called; nothing is ever sent in the clear.
2. Each side shows a certificate of the authority of the cluster, which is there for nothing else. A certificate is good
   for both ends of a connection (extended key usage ``serverAuth`` and ``clientAuth``): workers call each other.
3. TLS 1.3. The library compares no host names: whoever has a certificate of the authority belongs to the cluster.

Questions go through `gateway.clearing.parallel`; answers come in their order. Those of a worker that is lost are
answered by another one. The extra ``dask`` brings the library (licence BSD-3-Clause).
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client
from distributed.security import Security

from gateway.errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where the scheduler listens, and the files in PEM by which both sides know each other.

    ``address``: such as ``tls://scheduler.example:8786``. ``authority``: certificate of the authority of the cluster.
    ``certificate`` and ``key``: those of this gateway. ``patience_s``: how long to wait for the scheduler.

    Raises `Misconfigured` for an address without TLS, for files that are not there, and for no patience.
    """

    address: str
    authority: Path
    certificate: Path
    key: Path
    patience_s: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what could not be met safely."""
        if not self.address.startswith("tls://"):
            raise Misconfigured("dask.address", "an address that begins with tls://", self.address)
        for name in ("authority", "certificate", "key"):
            file: Path = getattr(self, name)
            if not file.is_file():
                raise Misconfigured(f"dask.{name}", "a file in PEM", str(file))
        if self.patience_s <= 0:
            raise Misconfigured("dask.patience_s", "a time above 0 s", str(self.patience_s))

    @property
    def security(self) -> Security:
        """What the library is told of the certificates."""
        return Security(  # type: ignore[no-untyped-call]  # the package leaves it unannotated
            require_encryption=True,
            tls_ca_file=str(self.authority),
            tls_client_cert=str(self.certificate),
            tls_client_key=str(self.key),
            tls_min_version=ssl.TLSVersion.TLSv1_3,
        )


@contextmanager
def dask_executor(cluster: Cluster) -> Iterator[Executor]:
    """Give an executor whose work is done by the workers of *cluster*, as long as the ``with`` statement lasts.

    Raises `Misconfigured` where the scheduler does not answer in time, or not with a certificate of the authority.
    """
    try:
        client = Client(cluster.address, security=cluster.security, timeout=cluster.patience_s, set_as_default=False)  # type: ignore[no-untyped-call]  # the package leaves it unannotated
    except OSError as error:
        raise Misconfigured("dask.address", f"a scheduler at {cluster.address}", str(error)) from error
    try:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]  # as above
    finally:
        client.close()  # type: ignore[no-untyped-call]  # as above
