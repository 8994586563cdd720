"""``gateway peers``: who stands in a peer book, and whose keys run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.shell.options import Now
from adapters.cli.shell.tables import AsForm, Form, Record, show
from adapters.cli.shell.terminal import Exit, say
from adapters.peer_book import load
from security.peers import Peer, PeerBook, Pin

_Book = Annotated[Path, typer.Argument(help="A peer book in TOML.", metavar="BOOK", show_default=False)]
_Soon = Annotated[int, typer.Option("--soon", help="Days before its end from which a key is told.", min=0)]

_GOOD = "accepted"


def command(book: _Book, *, now: Now = None, soon: _Soon = 30, form: AsForm = Form.TABLE) -> None:
    """Check a peer book, and list its peers with their keys.

    Ends with status 1 where a key is not accepted now or runs out soon, or the book is outside its time.
    """
    read, at = load(book), now or datetime.now(UTC)
    records = list(_records(read, at, timedelta(days=soon)))
    show(records, form)
    stale = read.stale(at)
    if stale:
        say(f"the book was made for {read.valid_from} to {read.valid_until}; it holds until there is another one")
    aging = [record for record in records if record["state"] != _GOOD]
    raise typer.Exit(Exit.FINDINGS if stale or aging else Exit.CLEAN)


def _records(book: PeerBook, at: datetime, soon: timedelta) -> Iterator[Record]:
    for peer in book.peers:
        for pin in peer.cert:
            yield {**_who(peer), **_key(pin), "state": _state(pin, at, soon)}


def _who(peer: Peer) -> Record:
    return {
        "peer": peer.id,
        "party": peer.eic,
        "roles": [*sorted(peer.roles)],
        "transports": [*sorted(peer.transports)],
        "networks": [*map(str, peer.networks)],
        "rules": [allowance.id for allowance in peer.allow],
    }


def _key(pin: Pin) -> Record:
    return {"use": pin.use, "key": pin.spki_sha256, "until": pin.not_after.isoformat()}


def _state(pin: Pin, at: datetime, soon: timedelta) -> str:
    """Return how a key stands at an instant, in words."""
    if at < pin.not_before:
        return f"not accepted before {pin.not_before.isoformat()}"
    if not pin.valid(at):
        return "no longer accepted"
    left = pin.not_after - at
    return f"runs out in {left.days} days" if left <= soon else _GOOD
