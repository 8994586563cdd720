"""The links between the gateway and its peers, one for each transport of each peer, and the servers on them.

Ports and TLS of a transport are those of this gateway over HTTPS (`security.tls`), and otherwise those that its
standard registers and asks for at least: AMQP 1.0 over TLS (port 5671, amqps), as MADES uses it (IEC 62325-503),
and AS4 over HTTPS (port 443). A file has neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.sgam.players import GATEWAY
from gateway.sgam.model import Component, Kind, Link, Place, Security, Zone
from gateway.time import Resolution
from security.peers import Defaults, Peer, Transport, Use
from security.tls import SUITES_1_2, Oldest

HTTPS_PORT = 8443
"""TCP port on which the gateway listens, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Way:
    """A transport: its protocol, TCP port, oldest version of TLS, and whether endpoints speak for the peer."""

    protocol: str
    port: int | None
    tls: Oldest | None
    by_endpoints: bool = False


WAYS: Mapping[Transport, Way] = {
    Transport.HTTPS: Way("HTTPS", HTTPS_PORT, Oldest.TLS_1_3),
    Transport.ECP_AMQP: Way("AMQP", 5671, Oldest.TLS_1_2, by_endpoints=True),
    Transport.MADES: Way("MADES", 5671, Oldest.TLS_1_2, by_endpoints=True),
    Transport.AS4: Way("AS4", 443, Oldest.TLS_1_2),
    Transport.FILE: Way("file", None, None),
}
"""How each transport goes."""


def servers(peer: Peer, component: Component) -> Iterator[Component]:
    """Yield the endpoints that speak for a peer, as servers in the zone of the enterprise."""
    place = Place(domain=component.place.domain, zone=Zone.ENTERPRISE)
    for code in sorted(peer.endpoints):
        name = f"server:{peer.id}:{code}"
        yield Component(id=name, kind=Kind.SERVER, party=component.party, place=place, part_of=component.id)


def links(peer: Peer, component: Component, defaults: Defaults, cadence: Resolution, port: int) -> Iterator[Link]:
    """Yield the links of a peer; those that endpoints speak on end there."""
    endpoints = [server.id for server in servers(peer, component)]
    for transport in sorted(peer.transports):
        way = WAYS[transport]
        ends = endpoints if way.by_endpoints and endpoints else [component.id]
        for end in ends:
            yield Link(
                id=":".join(["link", peer.id, transport, *end.split(":")[2:]]),
                ends=(GATEWAY, end),
                protocol=way.protocol,
                port=port if transport is Transport.HTTPS else way.port,
                cadence=cadence,
                security=_security(peer, way, defaults),
            )


def _security(peer: Peer, way: Way, defaults: Defaults) -> Security:
    keys = {pin.spki_sha256 for pin in peer.cert if pin.use is Use.TLS} if way.tls else ()
    return Security(
        tls=way.tls,
        suites=tuple(SUITES_1_2.split(":")) if way.tls is Oldest.TLS_1_2 else (),
        client_certificate=way.tls is not None,
        keys=tuple(sorted(keys)),
        signature=peer.signature or defaults.signature,
        networks=tuple(map(str, peer.networks)),
        entries=tuple(sorted(allowance.id for allowance in peer.allow)),
    )
