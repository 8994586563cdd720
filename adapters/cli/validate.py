"""``gateway validate``: schema, guide and business findings of documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from adapters.cli import program_version
from adapters.cli.shell import options
from adapters.cli.shell.terminal import Exit, results, say, working
from adapters.folder import read_file
from adapters.sarif import sarif
from adapters.validation import Checked, Terms, check
from gateway.canonical_json import to_json
from gateway.report import Severity
from gateway.results import Verdict
from profiles.markets import load


class Format(StrEnum):
    """How findings are told."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"


_Format = Annotated[Format, typer.Option("--format", help="How findings are told.")]


def command(  # noqa: PLR0913 - one argument for each option
    files: options.Files,
    *,
    market: options.Market = "project",
    overlay: options.Overlay = None,
    quirk: options.Quirks = None,
    now: options.Now = None,
    form: _Format = Format.TABLE,
) -> None:
    """Check market documents against their schema and the rules of a market.

    Ends with status 0 where nothing was found, 1 where anything was, even a warning.
    """
    terms = Terms(market=load(market), overlay=overlay, quirks=tuple(quirk or ()), now=now)
    with working(f"checking {len(files)} documents"):
        checked = [check(str(file), read_file(file), terms) for file in files]
    _tell(checked, form)
    for sentence, count in _unjudged(checked).items():
        say(f"note: {sentence} ({count} document{'s' if count != 1 else ''})")
    clean = all(document.report.clean for document in checked)
    raise typer.Exit(Exit.CLEAN if clean else Exit.FINDINGS)


def _tell(checked: Sequence[Checked], form: Format) -> None:
    match form:
        case Format.JSON:
            typer.echo(json.dumps([_record(document) for document in checked], indent=2, ensure_ascii=False))
        case Format.SARIF:
            typer.echo(json.dumps(sarif(checked, program_version()), indent=2, ensure_ascii=False))
        case Format.TABLE:
            _tables(checked)


def _tables(checked: Sequence[Checked]) -> None:
    console = results()
    for document in checked:
        what = ", ".join(filter(None, (document.document, document.edition))) or "no known document"
        style = "" if document.verdict is Verdict.ACCEPTED else "bold red"
        verdict = (document.verdict.value, style)
        console.print(Text.assemble((document.file, "bold"), f": {what}: ", verdict), soft_wrap=True)
        if document.report.findings:
            console.print(_findings(document))
    found = sum(len(document.report.findings) for document in checked)
    clean = sum(document.report.clean for document in checked)
    console.print(f"{len(checked)} documents, {clean} clean, {found} findings")


def _findings(document: Checked) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("  rule", "follows", "code", "line", "path", "expected", "found"):
        table.add_column(head, overflow="fold")
    for finding in document.report.findings:
        follows = "refused" if finding.severity is Severity.REJECT else "warning"
        line = document.line(finding)
        words = (finding.code, str(line or ""), finding.path, finding.expected, finding.found)
        table.add_row(f"  {finding.rule}", Text(follows, style="red" if follows == "refused" else ""), *words)
    return table


def _record(document: Checked) -> object:
    findings = [
        {**_as_object(to_json(finding)), "line": document.line(finding)} for finding in document.report.findings
    ]
    return {
        "file": document.file,
        "document": document.document,
        "edition": document.edition,
        "verdict": document.verdict.value,
        "findings": findings,
        "assumptions": list(document.report.assumptions),
        "losses": list(document.report.losses),
    }


def _as_object(data: object) -> dict[str, object]:
    return dict(data) if isinstance(data, dict) else {}


def _unjudged(checked: Sequence[Checked]) -> dict[str, int]:
    """Count the documents for which the same was taken for granted."""
    counted: dict[str, int] = {}
    for document in checked:
        for sentence in document.report.assumptions:
            counted[sentence] = counted.get(sentence, 0) + 1
    return counted
