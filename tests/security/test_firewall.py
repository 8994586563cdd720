"""The packet filter: the networks of the book and no other, in a form that nft itself accepts."""

import os
import shutil
import subprocess

import pytest

from security.firewall import nftables
from tests.security.books import HEAD, OTHER, PEER, book

RULES = nftables(book(), 8443)


def test_the_networks_of_the_book_may_come() -> None:
    assert "elements = { 192.0.2.0/28, 198.51.100.0/30 };" in RULES
    assert "elements = { 2001:db8:a::/64 };" in RULES
    assert "tcp dport != 8443 accept" in RULES
    assert RULES.startswith(f"# Peer book 7, {book().digest}.")


def test_what_is_limited_in_the_log_is_dropped_without_limit() -> None:
    lines = [line.strip() for line in RULES.splitlines()]
    logged = next(at for at, line in enumerate(lines) if " log " in line)
    assert "drop" not in lines[logged]
    assert lines[logged + 1] == "drop"


def test_a_family_without_networks_has_an_empty_set() -> None:
    rules = nftables(book(text=HEAD + OTHER), 8443)
    assert "set peers6 { type ipv6_addr; flags interval; auto-merge; }" in rules


def test_peers_that_do_not_come_over_a_socket_of_ours_open_nothing() -> None:
    filed = book(('transports   = ["https"]', 'transports = ["file"]'), text=HEAD + PEER)
    assert "elements" not in nftables(filed, 8443)


def test_the_table_replaces_the_one_before() -> None:
    assert RULES.splitlines()[1:4] == ["table inet gateway", "delete table inet gateway", "table inet gateway {"]
    assert "table inet edge {" in nftables(book(), 443, "edge")


NFT = shutil.which("nft", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@pytest.mark.slow
@pytest.mark.skipif(NFT is None, reason="nft is not installed: run `make nft`")
@pytest.mark.parametrize(("spoiled", "status"), [(False, 0), (True, 1)], ids=["as written", "with a fault"])
def test_nft_accepts_the_rules_and_no_others(*, spoiled: bool, status: int) -> None:
    rules = RULES.replace("policy accept", "policy perhaps") if spoiled else RULES
    ended = subprocess.run([str(NFT), "-c", "-f", "-"], input=rules.encode(), capture_output=True, check=False)
    assert ended.returncode == status, ended.stderr
