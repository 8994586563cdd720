"""``gateway documents``: the market documents and their editions."""

from __future__ import annotations

from rich.table import Table

from adapters.cli.shell.terminal import results
from profiles import registry


def command() -> None:
    """List the market documents and editions that can be read and written; the first is written by default."""
    table = Table("document", "root element", "edition", "namespace", box=None)
    for name, module in registry.DOCUMENTS.items():
        for edition in module.EDITIONS:
            table.add_row(name, edition.root, edition.name, edition.namespace)
    results().print(table)
