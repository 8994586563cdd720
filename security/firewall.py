"""The peer book as a packet filter for nftables: the networks of the peers may reach the port, nobody else.

The filter is a first wall and not the decision: each request is decided by `security.policy`, also on a connection that
was open when the book changed. A limit on new connections keeps handshakes, which cost as much as many messages, from
filling a core. Logging and dropping are two lines: a limited rule that does both lets through what is beyond its limit.

Source: the manual of nft(8).
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from security.peers import Network, PeerBook, Transport

PER_SECOND, AT_ONCE = 20, 50
"""New connections of one address."""

_FAMILIES = (("peers4", "ipv4_addr", "ip", IPv4Network), ("peers6", "ipv6_addr", "ip6", IPv6Network))


def nftables(book: PeerBook, port: int, table: str = "gateway") -> str:
    """Return the rules for the TCP *port*, as ``nft -f`` reads them: a table of its own, replaced as a whole."""
    networks = _networks(book)
    lines = [
        f"# Peer book {book.version}, {book.digest}. Made by the gateway; changes here are lost.",
        f"table inet {table}",
        f"delete table inet {table}",
        f"table inet {table} {{",
    ]
    for name, kind, _, of_family in _FAMILIES:
        lines += _set(name, kind, [network for network in networks if isinstance(network, of_family)])
    for name, kind, _, _ in _FAMILIES:
        lines.append(f"    set new_{name} {{ type {kind}; size 65536; flags dynamic, timeout; timeout 1m; }}")
    lines += ["    chain arriving {", "        type filter hook input priority filter; policy accept;"]
    lines.append(f"        tcp dport != {port} accept")
    lines.append("        ct state established,related accept")
    for name, _, family, _ in _FAMILIES:
        over = f"limit rate over {PER_SECOND}/second burst {AT_ONCE} packets"
        lines.append(f"        {family} saddr @{name} update @new_{name} {{ {family} saddr {over} }} drop")
        lines.append(f"        {family} saddr @{name} accept")
    lines.append('        limit rate 10/second log prefix "gateway refused: "')
    lines += ["        drop", "    }", "}"]
    return "\n".join(lines) + "\n"


def _networks(book: PeerBook) -> list[Network]:
    """Return the networks of the peers that come over a socket of ours, each once, in order."""
    found = {network for peer in book.peers if Transport.HTTPS in peer.transports for network in peer.networks}
    return sorted(found, key=lambda network: (network.version, int(network.network_address), network.prefixlen))


def _set(name: str, kind: str, networks: list[Network]) -> list[str]:
    """Return a set; networks within others are merged."""
    elements = f" elements = {{ {', '.join(map(str, networks))} }};" if networks else ""
    return [f"    set {name} {{ type {kind}; flags interval; auto-merge;{elements} }}"]
