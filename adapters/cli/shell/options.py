"""Options that several commands have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.shell.terminal import instant
from adapters.schemas import SCHEMAS

File = Annotated[Path, typer.Argument(help="A market document.", metavar="FILE", show_default=False)]
Files = Annotated[list[Path], typer.Argument(help="Market documents.", metavar="FILE...", show_default=False)]
Market = Annotated[str, typer.Option("--market", help="The market whose rules apply.", metavar="NAME")]
Overlay = Annotated[
    str | None, typer.Option("--overlay", help="A code list that adds to the standard one.", metavar="NAME")
]
Quirks = Annotated[
    list[str] | None,
    typer.Option("--quirk", help="A known deviation of a producer to tolerate; may be repeated.", metavar="NAME"),
]
Now = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        help="The instant of receipt, with its offset: 2027-01-14T06:15:00Z.",
        parser=instant,
        metavar="INSTANT",
        show_default=False,
    ),
]
Schemas = Annotated[
    Path | None,
    typer.Option(
        "--schemas", help="Folder of unmodified official schemas.", metavar="FOLDER", envvar=SCHEMAS, show_default=False
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="Write here instead of standard output.", metavar="FILE")]
