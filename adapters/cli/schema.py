"""``gateway schema``: the XML schema of an edition, made from its declaration."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.shell import options
from adapters.cli.shell.terminal import emit
from profiles import registry
from profiles.xsd import schema

_Document = Annotated[
    str,
    typer.Argument(help="The document: reserve_bid or ReserveBid_MarketDocument.", metavar="TYPE", show_default=False),
]
_Edition = Annotated[str, typer.Argument(help="Its edition, such as 7.4.", metavar="EDITION", show_default=False)]


def command(
    document: _Document, edition: _Edition, *, overlay: options.Overlay = None, out: options.Out = None
) -> None:
    """Write an XML schema that accepts what the gateway accepts in one edition of a document.

    It is one file that imports nothing; a partner without the official schemas can validate with it. The codes are
    those of the standard lists, or of an overlay where one is named.
    """
    emit(schema(registry.named(document, edition), overlay), out)
