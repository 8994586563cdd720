"""``gateway firewall``: a packet filter from a peer book."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.peer_book import load
from security.firewall import nftables


class Filter(StrEnum):
    """Whose rules are written; there is one."""

    NFT = "nft"


_Book = Annotated[Path, typer.Argument(help="A peer book in TOML.", metavar="BOOK", show_default=False)]
_Port = Annotated[int, typer.Option("--port", help="TCP port on which the gateway listens.", min=1, max=65535)]
_Table = Annotated[
    str, typer.Option("--table", help="Name of the table, which is replaced as a whole.", metavar="NAME")
]
_Format = Annotated[Filter, typer.Option("--format", help="For which packet filter.")]


def command(book: _Book, *, port: _Port = 8443, table: _Table = "gateway", form: _Format = Filter.NFT) -> None:
    """Write the networks of the peers as rules of a packet filter, to be read by "nft -f -"."""
    del form
    typer.echo(nftables(load(book), port, table), nl=False)
