"""``gateway couple``: gateways with a folder each exchange documents and clear together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli import program_version
from adapters.cli.clear import read_market_folder
from adapters.cli.shell import options
from adapters.cli.shell.terminal import Exit, counted, working
from adapters.offline.coupling import CoupledGateway, Coupling, gateway_of, run_coupling
from adapters.offline.coupling_outputs import outputs
from adapters.output_folder import prepare, write_files
from gateway.coupling.exchange import Verdict
from gateway.results import Verdict as Receipt

_LEAST = 2
"""Gateways that a coupling needs."""

_Folders = Annotated[
    list[Path],
    typer.Argument(help="The folders: documents and market file of one gateway each.", metavar="FOLDER..."),
]
_Out = Annotated[Path, typer.Option("--out", help="The folder to write.", metavar="FOLDER", show_default=False)]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite what an earlier run wrote into the output folder.")]


def command(
    folders: _Folders,
    *,
    out: _Out,
    now: options.Now = None,
    force: _Force = False,
) -> None:
    """Couple gateways offline: each receives its FOLDER, sends the others what they may use, and finds the result.

    All find the same result, or none acts on it. The status is 1 where they do not, or where a document was refused.
    """
    if len(folders) < _LEAST:
        raise typer.BadParameter("a coupling needs two folders or more", param_hint="FOLDER...")
    for folder in folders:
        prepare(out, folder, overwrite=force)
    with working("reading"):
        gateways = [gateway_of(*read_market_folder(folder, None), now) for folder in folders]
    with working(f"coupling {counted(len(gateways), 'gateway')}"):
        coupling = run_coupling(gateways)
    files = outputs(coupling, program_version())
    write_files(out, files)
    _tell(coupling)
    typer.echo(f"{counted(len(files), 'file')} are in {out}")
    clean = coupling.verdict is Verdict.AGREED and all(map(_clean, gateways))
    raise typer.Exit(Exit.CLEAN if clean else Exit.FINDINGS)


def _clean(gateway: CoupledGateway) -> bool:
    refused = any(entry.what == "refused" for entry in gateway.journal)
    return not refused and all(document.verdict is Receipt.ACCEPTED for document in gateway.received)


def _tell(coupling: Coupling) -> None:
    for gateway in coupling.gateways:
        found = coupling.found[gateway.own]
        bids = len(gateway.offered.contribution.bids)
        heard = counted(len(gateway.heard), "document")
        typer.echo(f"{gateway.own.value}: {counted(bids, 'bid')} handed on, {heard} heard, result {found.digest[:16]}")
    typer.echo(f"Verdict: {coupling.verdict}")
    first = coupling.gateways[0]
    names = {area.id: area.name for area in first.settings.market.areas}
    acted_on = {id(part): part for each in coupling.gateways for part in coupling.acted_on[each.own].parts}
    parts = {(part.areas, part.intervals): part for part in acted_on.values()}
    for areas, intervals in sorted(parts):
        result = parts[areas, intervals].result
        where, when = " + ".join(names[area] for area in areas), counted(len(intervals), "interval")
        typer.echo(f"  {where}, {when}: welfare {result.welfare:,.2f} {result.currency} per hour")
    notes = {note for own in coupling.acted_on.values() for note in own.notes}
    notes |= {note for own in coupling.acted_on.values() for record in own.records for note in record.notes}
    for note in sorted(notes):
        typer.echo(f"Note: {note}")
