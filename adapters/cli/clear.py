"""``gateway clear``: a folder of documents is received, cleared and answered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli import program_version
from adapters.cli.shell import options
from adapters.cli.shell.terminal import Exit, counted, say, working
from adapters.folder import Folder, Unreadable, read_file, read_folder
from adapters.market_file import FILE_NAME, MarketSettings, read_market
from adapters.offline.outputs import outputs
from adapters.offline.run import addressed_to, run
from adapters.offline.summary import summary
from adapters.offline.verification import published, verify
from adapters.output_folder import prepare, write_files
from gateway.clearing.engine import EngineName
from gateway.clearing.engine import named as engine_named
from gateway.schemes import named

_LONGEST_RESULT = 2**30
"""Bytes of a result that is read."""

_Folder = Annotated[Path, typer.Argument(help="The folder of documents.", metavar="FOLDER", show_default=False)]
_Scheme = Annotated[str, typer.Option("--scheme", help="The coordination scheme; see `gateway schemes`.")]
_Out = Annotated[Path | None, typer.Option("--out", help="The folder to write.", metavar="FOLDER", show_default=False)]
_Engine = Annotated[
    EngineName,
    typer.Option(
        "--engine", help="What clears: the fast engine, or the readable reference that it is checked against."
    ),
]
_Result = Annotated[
    Path | None,
    typer.Option(
        "--verify",
        help="Write nothing; check this result.json against the documents of FOLDER, without clearing again.",
        metavar="RESULT",
        show_default=False,
    ),
]
_MarketFile = Annotated[
    Path | None,
    typer.Option(
        "--market-file",
        help=f"The market file; default is {FILE_NAME} in the folder, where there is one.",
        metavar="FILE",
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite what an earlier run wrote into the output folder.")]


def command(  # noqa: PLR0913 - one argument for each option
    folder: _Folder,
    out: _Out = None,
    *,
    scheme: _Scheme = "centralised",
    engine: _Engine = EngineName.FAST,
    result: _Result = None,
    market_file: _MarketFile = None,
    now: options.Now = None,
    force: _Force = False,
) -> None:
    """Clear a market offline: receive every document of FOLDER, clear, and write all answers and a report.

    A document that is refused stops no other. Written are one acknowledgement per document, allocation results
    per seller and buyer, activation orders per provider, prices, result.json and report.html.
    """
    if result is not None:
        raise typer.Exit(_verified(folder, market_file, result, now))
    if out is None:
        raise typer.BadParameter("the folder to write is missing", param_hint="--out")
    chosen = named(scheme)
    prepare(out, folder, overwrite=force)
    with working("reading"):
        documents, settings = read_market_folder(folder, market_file)
    with working(f"clearing {counted(len(documents.documents), 'document')}"):
        outcome = run(documents, settings, chosen, now, engine_named(engine))
    with working("writing"):
        written = outputs(outcome, program_version())
        write_files(out, written.files)
    for line in summary(outcome, written, out):
        typer.echo(line)
    for loss in written.losses:
        say(f"lost: {loss}")
    for failure in written.unwritten:
        say(f"defect of this program: not written: {failure}")
    clean = outcome.clean and not written.losses
    raise typer.Exit(Exit.DEFECT if written.unwritten else Exit.CLEAN if clean else Exit.FINDINGS)


def _verified(folder: Path, market_file: Path | None, result: Path, now: datetime | None) -> Exit:
    """Check a published result and tell what does not hold."""
    with working("reading"):
        documents, settings = read_market_folder(folder, market_file)
        record = published(read_file(result, _LONGEST_RESULT) or b"")
    with working(f"checking {result}"):
        differing = verify(record, documents, settings, now)
    for sentence in differing:
        typer.echo(sentence)
    bids = counted(len(record.result.awards), "bid")
    typer.echo(f"{result} {'does not hold' if differing else f'holds: {bids} checked'}")
    return Exit.FINDINGS if differing else Exit.CLEAN


def read_market_folder(folder: Path, market_file: Path | None) -> tuple[Folder, MarketSettings]:
    """Return the documents of *folder* and the settings of their market.

    Raises `Unreadable` for what cannot be read, and an `ExceptionGroup` of `Misconfigured` for a wrong
    market file.
    """
    inside = folder / FILE_NAME
    chosen = market_file or (inside if inside.is_file() else None)
    documents = read_folder(folder, FILE_NAME if chosen == inside else None)
    if not documents.documents:
        found = ", ".join(entry.name for entry in documents.ignored) or "an empty folder"
        raise Unreadable(str(folder), "at least one document, a file whose name ends in .xml", found)
    return documents, addressed_to(documents.documents) if chosen is None else _settings(chosen)


def _settings(path: Path) -> MarketSettings:
    content = read_file(path)
    try:
        text = None if content is None else content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise Unreadable(str(path), "a TOML text in UTF-8", "something else")
    return read_market(text, str(path))
