"""A peer book from its file."""

from __future__ import annotations

from pathlib import Path

from adapters.folder import Unreadable, read_file
from security.peers import PeerBook, read_book

MOST_BYTES = 5_000_000
"""Longest file: ten thousand peers with a few keys and rules each."""


def load(path: Path) -> PeerBook:
    """Return the peer book in a file. Raises `Unreadable` and `gateway.errors.Misconfigured`."""
    content = read_file(path, MOST_BYTES)
    if content is None:
        raise Unreadable(str(path), f"a file of at most {MOST_BYTES} bytes", "a longer one")
    return read_book(content)
