"""``gateway settle``: a cleared market is settled from measurements: energy, perimeters and money."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli import program_version
from adapters.cli.shell import options
from adapters.cli.shell.tables import AsForm, Form, show
from adapters.cli.shell.terminal import Exit, counted, say, working
from adapters.folder import Unreadable, read_file, read_folder
from adapters.market_file import FILE_NAME as MARKET_FILE
from adapters.market_file import MarketSettings, read_market
from adapters.offline.settlement_outputs import RECORD, balances, settlement_outputs
from adapters.offline.settling import Settled, corrected, earlier, settle_folder
from adapters.output_folder import prepare, write_files
from adapters.settlement_file import FILE_NAME, read_settlement
from gateway.settlement.run import identities

_LONGEST_RECORD = 2**30
"""Bytes of a result, or of the record of an earlier settlement, that are read."""

_Folder = Annotated[
    Path, typer.Argument(help="The folder of measurements and plans.", metavar="FOLDER", show_default=False)
]
_Result = Annotated[
    Path | None,
    typer.Option("--result", help="The result.json of the clearing; default is that of FOLDER.", metavar="FILE"),
]
_File = Annotated[
    Path | None,
    typer.Option(
        "--settlement-file", help=f"The settlement file; default is {FILE_NAME} in the folder.", metavar="FILE"
    ),
]
_Out = Annotated[Path, typer.Option("--out", help="The folder to write.", metavar="FOLDER", show_default=False)]
_Before = Annotated[
    Path | None,
    typer.Option(
        "--correct", help="The folder that an earlier settlement wrote: pay the difference to it.", metavar="FOLDER"
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite what an earlier run wrote into the output folder.")]


def command(  # noqa: PLR0913 - one argument for each option
    folder: _Folder,
    out: _Out,
    *,
    result: _Result = None,
    settlement_file: _File = None,
    correct: _Before = None,
    now: options.Now = None,
    form: AsForm = Form.TABLE,
    force: _Force = False,
) -> None:
    """Settle a cleared market: baselines, delivered energy, perimeters, payments, and the documents that tell them.

    FOLDER holds the result of `gateway clear`, the documents of measurements and plans, and the settlement file.
    Written are acknowledgements, energy accounts, corrections of perimeters, a financial report per party,
    statement.txt and settlement.json. Values that came late or were corrected are settled by the difference: put the
    new documents beside the old ones and name the earlier settlement with --correct.
    """
    prepare(out, folder, overwrite=force)
    with working("reading"):
        terms = read_settlement(_text(settlement_file or folder / FILE_NAME))
        documents = read_folder(folder)
        record = _content(result or folder / "result.json")
        before = None if correct is None else earlier(_content(correct / RECORD))
    with working(f"settling {counted(len(documents.documents), 'document')}"):
        settled = settle_folder(documents, record, terms, _market(folder), now)
        settled = settled if before is None else corrected(settled, before)
    written = settlement_outputs(settled, program_version())
    write_files(out, written.files)
    show(balances(settled.run), form)
    _tell(settled, out, len(written.files))
    for failure in written.unwritten:
        say(f"defect of this program: not written: {failure}")
    for loss in written.losses:
        say(f"lost: {loss}")
    defects = [*written.unwritten, *identities(settled.run)]
    clean = settled.clean and not written.losses
    raise typer.Exit(Exit.DEFECT if defects else Exit.CLEAN if clean else Exit.FINDINGS)


def _tell(settled: Settled, out: Path, files: int) -> None:
    run = settled.run
    state = "final" if run.final else "not final"
    estimated = sum(done.estimated for done in run.delivered)
    say(f"Run {run.number} of scheme {run.case.definition.scheme}, {state}")
    say(f"{counted(len(run.delivered), 'delivered order')}, {estimated} of them estimated")
    for document in settled.received:
        causes = [str(finding) for finding in document.report.findings]
        if causes and not document.envelope:
            say(f"{document.file} {document.verdict}: {causes[0]}")
    if settled.unused:
        say(f"not used: {', '.join(settled.unused)}")
    for sentence in (*map(str, run.report.findings), *run.report.assumptions):
        say(f"Note: {sentence}")
    for broken in identities(run):
        say(f"defect of this program: {broken}")
    say(f"{counted(files, 'file')} are in {out}; begin with {out / 'statement.txt'}")


def _market(folder: Path) -> MarketSettings | None:
    """Return the market file of *folder*, None where it has none and the market is that of the result."""
    path = folder / MARKET_FILE
    return read_market(_text(path), str(path)) if path.is_file() else None


def _content(path: Path) -> bytes:
    return read_file(path, _LONGEST_RECORD) or b""


def _text(path: Path) -> str:
    try:
        return (read_file(path) or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(str(path), "a TOML text in UTF-8", "something else") from error
