"""``gateway convert``: a document in another edition, or as canonical values."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from adapters.cli.shell import options
from adapters.cli.shell.terminal import Exit, counted, document, emit, say
from adapters.offline.describe import edition_name
from gateway import canonical_json
from gateway.errors import Fault, GatewayError
from gateway.report import Report
from profiles import Edition, Parsed, convert, parse, registry, to_canonical, write

CANONICAL = "canonical"
"""The target that is no edition: what the document means, as JSON."""

_To = Annotated[
    str,
    typer.Option(
        "--to",
        help=f"The edition: reserve_bid/7.4, 7.4 or its namespace; or {CANONICAL} for JSON.",
        metavar="EDITION",
        show_default=False,
    ),
]
_AcceptLoss = Annotated[bool, typer.Option("--accept-loss", help="Convert even where the edition cannot hold it all.")]


def command(  # noqa: PLR0913 - one argument for each option
    file: options.File,
    *,
    to: _To,
    out: options.Out = None,
    overlay: options.Overlay = None,
    quirk: options.Quirks = None,
    accept_loss: _AcceptLoss = False,
) -> None:
    """Convert a market document to another edition, or to canonical JSON.

    What the edition cannot hold is told. Without --accept-loss nothing is written then, and the status is 1.
    """
    parsed = parse(document(file), overlay=overlay, quirks=tuple(quirk or ()))
    if to == CANONICAL:
        content, report = _canonical(parsed)
    else:
        content, report = _converted(parsed, find_edition(to, parsed.edition), overlay)
    _tell(parsed.report + report)
    if report.losses and not accept_loss:
        say(f"{counted(len(report.losses), 'value')} would be lost; nothing is written without --accept-loss")
        raise typer.Exit(Exit.FINDINGS)
    emit(content, out)


def find_edition(name: str, source: Edition) -> Edition:
    """Return the edition that *name* names: document/edition, an edition of *source*'s document, a namespace.

    Raises an error of usage that lists the editions of the document.
    """
    of_document = {edition_name(e): e for e in registry.EDITIONS if e.document is source.document}
    by_name = {edition_name(e): e for e in registry.EDITIONS} | registry.BY_NAMESPACE
    by_name |= {e.name: e for e in of_document.values()}
    if name in by_name:
        return by_name[name]
    near = get_close_matches(name, by_name, n=1)
    hint = f", did you mean {near[0]}?" if near else ""
    message = f"{name!r} is no edition of this document{hint}; there are: {', '.join(of_document)}, {CANONICAL}"
    raise typer.BadParameter(message, param_hint="--to")


def _converted(parsed: Parsed, target: Edition, overlay: str | None) -> tuple[bytes, Report]:
    try:
        converted, report = convert(parsed.document, parsed.edition, target)
        return write(converted, target, overlay=overlay), report
    except GatewayError as error:
        # What an edition demands and the document does not have is no defect of ours.
        if error.fault is not Fault.OURS:
            raise
        say(f"error: cannot be written as {edition_name(target)}: {error}")
        raise typer.Exit(Exit.FINDINGS) from error


def _canonical(parsed: Parsed) -> tuple[bytes, Report]:
    envelope, report = to_canonical(parsed)
    return canonical_json.write({"envelope": envelope, "report": parsed.report + report}).encode(), report


def _tell(report: Report) -> None:
    for finding in report.findings:
        say(f"finding: {finding}")
    for assumption in report.assumptions:
        say(f"assumed: {assumption}")
    for loss in report.losses:
        say(f"lost: {loss}")
