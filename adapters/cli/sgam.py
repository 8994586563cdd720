"""``gateway sgam``: the configuration as an architecture model in five layers, and what changed between two."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.shell.tables import Form as Shown
from adapters.cli.shell.tables import show
from adapters.cli.shell.terminal import Exit, counted, document, emit, say
from adapters.folder import Unreadable
from adapters.market_file import MarketSettings, read_market
from adapters.output_folder import prepare, write_files
from adapters.peer_book import load
from adapters.sgam.drawing_up import Installation
from adapters.sgam.forms import FORMS, Form
from adapters.sgam.links import HTTPS_PORT
from gateway.canonical_json import read
from gateway.schemes import named
from gateway.sgam.checks import completeness, gaps
from gateway.sgam.difference import differences
from gateway.sgam.model import Architecture


class Action(StrEnum):
    """What is asked."""

    EXPORT = "export"
    DIFF = "diff"


_Action = Annotated[Action, typer.Argument(help="Export a configuration, or compare two exports.", metavar="ACTION")]
_Files = Annotated[
    list[Path],
    typer.Argument(help="The market file to export, or two exports in JSON.", metavar="FILE...", show_default=False),
]
_Scheme = Annotated[str, typer.Option("--scheme", help="The coordination scheme; see `gateway schemes`.")]
_Book = Annotated[
    Path | None, typer.Option("--book", help="The peer book in TOML.", metavar="BOOK", show_default=False)
]
_Port = Annotated[int, typer.Option("--port", help="TCP port on which the gateway listens.", min=1, max=65535)]
_Forms = Annotated[list[Form] | None, typer.Option("--format", help="How the model is written; may be repeated.")]
_Out = Annotated[Path | None, typer.Option("--out", help="The folder to write.", metavar="FOLDER", show_default=False)]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite what an earlier run wrote into the output folder.")]


def command(  # noqa: PLR0913 - one argument for each option
    action: _Action,
    files: _Files,
    *,
    scheme: _Scheme = "centralised",
    book: _Book = None,
    port: _Port = HTTPS_PORT,
    form: _Forms = None,
    out: _Out = None,
    force: _Force = False,
) -> None:
    """Export the configuration as a smart grid architecture model (SGAM), or compare two exports.

    export reads a market file and, with --book, a peer book. What does not hold is told: a step of the scheme without
    function, information, link and both components; a link without TLS; a peer without a role. Exit status is 1 then,
    and 1 where diff finds a difference. One form that is one file may go to standard output.
    """
    wanted = 1 if action is Action.EXPORT else 2
    if len(files) != wanted:
        raise typer.BadParameter(f"{action} takes {counted(wanted, 'file')}, not {len(files)}", param_hint="FILE")
    if action is Action.DIFF:
        raise typer.Exit(_compared(files, _shown(form or [])))
    if out is not None:
        prepare(out, files[0], overwrite=force)
    peers = None if book is None else load(book)
    model = Installation(_settings(files[0]), named(scheme), peers, port).architecture()
    _written(model, form or [Form.JSON], out)
    raise typer.Exit(_checked(model))


def _settings(path: Path) -> MarketSettings:
    try:
        text = document(path).decode()
    except UnicodeDecodeError as error:
        raise Unreadable(str(path), "a TOML text in UTF-8", "something else") from error
    return read_market(text, str(path))


def _written(model: Architecture, forms: list[Form], out: Path | None) -> None:
    content = {name: data for form in forms for name, data in FORMS[form](model).items()}
    if out is not None:
        write_files(out, content)
    elif len(content) == 1:
        emit(next(iter(content.values())))
    else:
        raise typer.BadParameter(f"the folder for {counted(len(content), 'file')} is missing", param_hint="--out")


def _checked(model: Architecture) -> Exit:
    """Tell what does not hold, and how complete the model is."""
    found = gaps(model)
    for gap in found:
        say(str(gap))
    say(str(completeness(model)))
    return Exit.FINDINGS if found else Exit.CLEAN


def _shown(forms: list[Form]) -> Shown:
    """Return how differences are told: as a table unless JSON is asked for."""
    if forms not in ([], [Form.JSON]):
        raise typer.BadParameter(f"diff is told as a table or as {Form.JSON}", param_hint="--format")
    return Shown.JSON if forms else Shown.TABLE


def _compared(files: list[Path], shown: Shown) -> Exit:
    found = differences(*(read(Architecture, document(file)) for file in files))
    if found or shown is Shown.JSON:
        show([dataclasses.asdict(each) for each in found], shown)
    say(counted(len(found), "difference"))
    return Exit.FINDINGS if found else Exit.CLEAN
