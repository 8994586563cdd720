"""``gateway documents``: the market documents and their editions."""

from __future__ import annotations

import inspect
import re
from enum import StrEnum
from types import ModuleType
from typing import Annotated

import typer

from adapters.cli.shell.tables import AsForm, Form, Record, show
from profiles import markets, registry
from profiles.edition import Edition


class Action(StrEnum):
    """What is asked; there is one thing."""

    LIST = "list"


_Action = Annotated[Action, typer.Argument(help="List them.")]


def command(action: _Action = Action.LIST, *, form: AsForm = Form.TABLE) -> None:
    """List the market documents and their editions; the first of each is written by default.

    Direction: every document can be read, checked and written again; "read" means that what it says is not written from
    a message. Message: what it becomes in the canonical model. Types: those that the markets use.
    """
    del action
    records = [
        document_record(name, module, edition)
        for name, module in registry.DOCUMENTS.items()
        for edition in module.EDITIONS
    ]
    show(records, form)


def document_record(name: str, module: ModuleType, edition: Edition) -> Record:
    """Return one edition of a document as a record."""
    types = {kind for flow in _flows() if flow.document == edition.root for kind in flow.types}
    meaning = str(inspect.signature(module.to_canonical)) if hasattr(module, "to_canonical") else ""
    messages = [part for inner in re.findall(r"Envelope\[([\w |]+)\]", meaning) for part in inner.split(" | ")]
    return {
        "document": name,
        "edition": edition.name,
        "root_element": edition.root,
        "direction": "read and write" if module.MESSAGES else "read",
        "message": [*messages],
        "types": [*sorted(types)],
        "namespace": edition.namespace,
    }


def _flows() -> list[markets.Flow]:
    return [flow for name in markets.names() for flow in markets.load(name).flows]
