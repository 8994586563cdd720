"""Records as a table for people or as JSON for programs: both tell the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from adapters.cli.shell.terminal import results
from gateway.canonical_json import Json

Record = Mapping[str, Json]
"""One row: the name of each column and its value."""


class Form(StrEnum):
    """How records are told."""

    TABLE = "table"
    JSON = "json"


AsForm = Annotated[Form, typer.Option("--format", help="How the result is told.")]


def show(records: Sequence[Record], form: Form, columns: Sequence[str] = ()) -> None:
    """Write *records* to standard output; *columns* are those of the table where not all are shown."""
    if form is Form.JSON:
        typer.echo(json.dumps([dict(record) for record in records], indent=2, ensure_ascii=False))
        return
    names = columns or list(dict.fromkeys(name for record in records for name in record))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for record in records:
        table.add_row(*(_cell(record.get(name)) for name in names))
    results().print(table)


def _cell(value: Json) -> str:
    """Return a value as one cell: lists with commas, yes and no, nothing for nothing.

    >>> _cell(["A01", "A02"]), _cell(True), _cell(None)
    ('A01, A02', 'yes', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_cell, value))
        case dict():
            return ", ".join(f"{name}: {_cell(part)}" for name, part in value.items())
    return str(value)
