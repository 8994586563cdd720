"""``gateway rules``: the rules, and the documents that break each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.explain import rule_record
from adapters.cli.shell.tables import AsForm, Form, Record, show
from adapters.cli.shell.terminal import Exit, say
from adapters.folder import Unreadable, read_file
from profiles.cases import Row, Suite, matrix
from profiles.rules.engine import NOBODY_YET, rules

_MOST_FILES = 1_000

_Cases = Annotated[
    Path | None,
    typer.Option(
        "--cases", help="Folder of cases: show which document breaks each rule.", metavar="FOLDER", show_default=False
    ),
]


def command(*, cases: _Cases = None, form: AsForm = Form.TABLE) -> None:
    """List the rules, or with --cases the matrix of rules and the documents that break exactly one.

    A case is a valid document changed in one stated way. Ends with status 1 where a rule has no case, or a case
    breaks another rule than its own.
    """
    if cases is None:
        columns = ("rule", "statement", "level", "codes", "follows", "kept_by")
        show([rule_record(rule) for rule in rules().values()], form, columns)
        say(_census())
        return
    rows = matrix(read_suite(cases))
    show([_record(row) for row in rows], form)
    without = [row.rule for row in rows if not row.proven]
    count = sum(len(row.cases) for row in rows)
    say(f"{len(rows)} rules, {count} cases; not proven: {', '.join(without) or 'none'}")
    raise typer.Exit(Exit.FINDINGS if without else Exit.CLEAN)


def _census() -> str:
    """Say how many rules are judged in a document, and who keeps the others."""
    kept = [rule for rule in rules().values() if rule.check is None]
    nobody = [rule.id for rule in kept if rule.kept_by == NOBODY_YET]
    judged = f"{len(rules())} rules, {len(rules()) - len(kept)} of them judged in a document"
    return f"{judged}; {len(kept) - len(nobody)} kept elsewhere; {NOBODY_YET}: {', '.join(nobody)}"


def _record(row: Row) -> Record:
    return {
        "rule": row.rule,
        "proven": "kept by " + row.kept_by if row.kept_by and not row.cases else row.proven,
        "cases": len(row.cases),
        "broken_by": row.cases[0] if row.cases else None,
        "astray": [*row.astray],
    }


def read_suite(folder: Path) -> Suite:
    """Return the files of a folder of cases.

    Raises `Unreadable` where there are none or too many.
    """
    paths = sorted(path for path in folder.glob("*.toml")) + sorted(folder.glob("base/*.xml"))
    if not 0 < len(paths) <= _MOST_FILES:
        raise Unreadable(str(folder), f"a folder of cases with 1 to {_MOST_FILES} files", str(len(paths)))
    return Suite({path.relative_to(folder).as_posix(): read_file(path) or b"" for path in paths})
