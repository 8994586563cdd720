"""``gateway replay``: the session of a market period again, from its journal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.shell.tables import AsForm, Form, Record, show
from adapters.cli.shell.terminal import Exit, counted, document, instant, working
from gateway.canonical_json import read
from gateway.session import Journal, Session, replay

_Journal = Annotated[Path, typer.Argument(help="The journal, as JSON.", metavar="JOURNAL", show_default=False)]
_Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        help="Leave out what came after this instant: 2027-01-14T07:50:00Z.",
        parser=instant,
        metavar="INSTANT",
        show_default=False,
    ),
]
_COLUMNS = ("step", "market", "from", "does", "message", "state", "times")


def command(journal: _Journal, *, until: _Until = None, form: AsForm = Form.TABLE) -> None:
    """Replay the journal of a market period: where each step stands, what is awaited from whom, what stood in for what.

    The digest at the end is that of the session in its canonical form: two installations that were told the same agree
    on it. The exit status is 1 where a message is overdue or a need is not met.
    """
    kept = read(Journal, document(journal))
    entries = tuple(entry for entry in kept.entries if until is None or entry.at <= until)
    with working(f"replaying {counted(len(entries), 'input')}"):
        session = replay(replace(kept, entries=entries))
    told = _told(session)
    if form is Form.JSON:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _as_tables(session, told)
    complete = not session.unserved and not session.standing.flow.overdue()
    raise typer.Exit(Exit.CLEAN if complete else Exit.FINDINGS)


def _told(session: Session) -> dict[str, object]:
    """Return all that is told of *session*, by name."""
    standing = session.standing
    return {
        "scheme": standing.opening.scheme,
        "period": str(standing.opening.interval),
        "inputs": len(session.journal.entries),
        "at": None if standing.at is None else f"{standing.at:%Y-%m-%dT%H:%M:%SZ}",
        "finished": session.finished,
        "steps": _steps(session),
        "awaited": _awaited(session),
        "ordered_mw": {name: f"{power:f}" for name, power in sorted(standing.ordered_mw().items())},
        "notes": list(standing.notes),
        "sent": len(standing.sent),
        "digest": sha256(session.written()).hexdigest(),
    }


def _steps(session: Session) -> list[Record]:
    flow = session.standing.flow
    return [
        {
            "step": step.number,
            "market": step.market,
            "from": str(step.origin),
            "does": step.action,
            "message": step.message,
            "state": str(flow.states[step.number]),
            "times": flow.round(step.number),
        }
        for step in flow.steps
    ]


def _awaited(session: Session) -> list[Record]:
    return [
        {
            "step": one.step,
            "from": one.origin,
            "party": None if one.party is None else str(one.party),
            "message": one.message,
            "until": None if one.until is None else f"{one.until:%Y-%m-%dT%H:%M:%SZ}",
            "overdue": one.overdue,
            "otherwise": one.otherwise,
        }
        for one in session.awaited()
    ]


def _as_tables(session: Session, told: dict[str, object]) -> None:
    typer.echo(
        f"{told['scheme']}, {told['period']}, {counted(len(session.journal.entries), 'input')}, at {told['at']}\n"
    )
    show(_steps(session), Form.TABLE, _COLUMNS)
    awaited = _awaited(session)
    if awaited:
        typer.echo("\nawaited")
        show(awaited, Form.TABLE)
    if session.standing.notes:
        typer.echo("\nnotes")
        for note in session.standing.notes:
            typer.echo(note)
    typer.echo(f"\ndigest {told['digest']}")
