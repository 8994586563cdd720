"""``gateway schemes``: the coordination schemes and their steps."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from adapters.cli.shell.terminal import results
from gateway.schemes import Scheme, named, names


def command(
    name: Annotated[str | None, typer.Argument(help="Show the steps of this scheme.", show_default=False)] = None,
) -> None:
    """List the coordination schemes, or the steps of one."""
    if name is None:
        table = Table("scheme", "title", "steps", box=None)
        for scheme in map(named, names()):
            table.add_row(scheme.name, scheme.title, str(len(scheme.steps)))
    else:
        table = _steps(named(name))
    results().print(table)


def _steps(scheme: Scheme) -> Table:
    table = Table("step", "phase", "from", "does", "to", "message", title=scheme.title, box=None, title_justify="left")
    for step in scheme.steps:
        recipients = ", ".join(map(str, step.recipients))
        table.add_row(str(step.number), step.phase, str(step.origin), step.action, recipients, step.message)
    return table
