"""``gateway diff``: what tells two documents of one type apart."""

from __future__ import annotations

import dataclasses

import typer

from adapters.cli.shell import options
from adapters.cli.shell.tables import AsForm, Form, show
from adapters.cli.shell.terminal import Exit, counted, document, say
from adapters.offline.describe import edition_name
from profiles import parse
from profiles.difference import differences


def command(
    first: options.File,
    second: options.File,
    *,
    overlay: options.Overlay = None,
    quirk: options.Quirks = None,
    form: AsForm = Form.TABLE,
) -> None:
    """Compare two documents of one type by what they say, whatever their editions.

    Numbers, durations and instants are compared by value, series by their identifiers. Ends with status 1 where they
    differ.
    """
    left, right = (parse(document(file), overlay=overlay, quirks=tuple(quirk or ())) for file in (first, second))
    found = differences(left, right)
    if found or form is Form.JSON:
        show([dataclasses.asdict(difference) for difference in found], form)
    told = counted(len(found), "difference")
    say(f"{edition_name(left.edition)} and {edition_name(right.edition)}: {told}")
    raise typer.Exit(Exit.FINDINGS if found else Exit.CLEAN)
