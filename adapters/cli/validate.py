"""``gateway validate``: schema, guide and business findings of documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.cli import program_version
from adapters.cli.shell import options
from adapters.cli.shell.terminal import Exit, counted, results, say, working
from adapters.folder import pieces, read_file, size_of
from adapters.sarif import sarif
from adapters.schemas import SCHEMAS, read_schemas
from adapters.validation import Checked, Terms, check, check_arriving, official_record, said
from gateway.canonical_json import to_json
from gateway.report import Severity
from gateway.results import Verdict
from profiles.markets import load
from profiles.official import Bundle, OfficialVerdict


class Format(StrEnum):
    """How findings are told."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"


_Format = Annotated[Format, typer.Option("--format", help="How findings are told.")]
_Official = Annotated[bool, typer.Option("--official", help="Ask the official schemas too.")]
_Explain = Annotated[bool, typer.Option("--explain", help="Let xmlschema explain what they refuse; takes seconds.")]
_StreamAbove = Annotated[
    float,
    typer.Option(
        "--stream-above",
        help="Megabytes above which metered data are read series by series, not held whole; the verdict is the same.",
        metavar="MB",
        min=0,
    ),
]


def command(  # noqa: PLR0913 - one argument for each option
    files: options.Files,
    *,
    market: options.Market = "project",
    overlay: options.Overlay = None,
    quirk: options.Quirks = None,
    now: options.Now = None,
    official: _Official = False,
    explain: _Explain = False,
    schemas: options.Schemas = None,
    stream_above: _StreamAbove = 5,
    form: _Format = Format.TABLE,
) -> None:
    """Check market documents against their schema and the rules of a market.

    With --official the schemas in a folder of yours are asked too, and both verdicts are shown. Ends with status 0
    where nothing was found, 1 where anything was, even a warning.
    """
    terms = Terms(
        market=load(market),
        overlay=overlay,
        quirks=tuple(quirk or ()),
        now=now,
        official=_bundle(schemas) if official else None,
        explain=explain,
    )
    with working(f"checking {counted(len(files), 'document')}"):
        checked = [_check(file, terms, stream_above) for file in files]
    _tell(checked, form)
    for sentence, count in _unjudged(checked).items():
        say(f"note: {sentence} ({counted(count, 'document')})")
    clean = all(document.clean for document in checked)
    raise typer.Exit(Exit.CLEAN if clean else Exit.FINDINGS)


def _check(file: Path, terms: Terms, stream_above_mb: float) -> Checked:
    """Check one file: a long one as it is read, where that is enough."""
    arrived = check_arriving(str(file), pieces(file), terms) if size_of(file) > stream_above_mb * 1e6 else None
    return arrived or check(str(file), read_file(file), terms)


def _bundle(folder: Path | None) -> Bundle:
    if folder is None:
        message = f"the folder of official schemas is not known: name it with --schemas or in {SCHEMAS}"
        raise typer.BadParameter(message, param_hint="--official")
    return read_schemas(folder)


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
        if document.official is not None:
            _official(console, document.official)
    found = sum(len(document.report.findings) for document in checked)
    clean = sum(document.clean for document in checked)
    console.print(f"{counted(len(checked), 'document')}, {clean} clean, {counted(found, 'finding')}")


def _official(console: Console, verdict: OfficialVerdict) -> None:
    """Show the official verdict below ours."""
    console.print(Text.assemble("  official schema ", verdict.schema, ": ", (said(verdict), "bold")), soft_wrap=True)
    if verdict.complaints:
        table = Table("  line", "path", "official schema says", box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for complaint in verdict.explained or verdict.complaints:
            expected = f" Expected: {', '.join(complaint.expected)}." if complaint.expected else ""
            table.add_row(f"  {complaint.line or ''}", complaint.path, complaint.message + expected)
        console.print(table)


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
        **({} if document.official is None else {"official": official_record(document.official)}),
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
