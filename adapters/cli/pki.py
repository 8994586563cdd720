"""``gateway pki``: certificates for test events and pilots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from cryptography.x509 import ReasonFlags

from adapters import pki_folder
from adapters.cli.shell.options import Now
from adapters.cli.shell.tables import AsForm, Form, Record, show
from adapters.cli.shell.terminal import Exit
from adapters.folder import read_file
from adapters.pki_folder import Issued, Order
from security.authority import Purpose, Subject


class Action(StrEnum):
    """What is done."""

    INIT = "init"
    ISSUE = "issue"
    RENEW = "renew"
    REVOKE = "revoke"
    CRL = "crl"
    LIST = "list"


class Leaf(StrEnum):
    """What a certificate is for."""

    CLIENT = "client"
    SERVER = "server"
    SIGNING = "signing"


class Why(StrEnum):
    """Why a certificate no longer holds."""

    UNSPECIFIED = "unspecified"
    COMPROMISE = "keyCompromise"
    SUPERSEDED = "superseded"
    CESSATION = "cessationOfOperation"


_Action = Annotated[Action, typer.Argument(help="What to do.", show_default=False)]
_Folder = Annotated[Path, typer.Argument(help="The folder of the authority.", metavar="FOLDER", show_default=False)]
_Name = Annotated[str, typer.Argument(help="Whose certificate; with init, the authority's.", metavar="NAME")]
_Eic = Annotated[str | None, typer.Option("--eic", help="The party, as an EIC.", show_default=False)]
_Hosts = Annotated[list[str] | None, typer.Option("--host", help="Name or address of a server; may be repeated.")]
_Leaf = Annotated[Leaf, typer.Option("--for", help="What the certificate is for.")]
_Days = Annotated[int, typer.Option("--days", help="How long a certificate lasts.", min=1, max=3650)]
_Hours = Annotated[int, typer.Option("--hours", help="How long the revocation lists are believed.", min=1)]
_Request = Annotated[
    Path | None, typer.Option("--request", help="A request in PEM, which brings the key.", show_default=False)
]
_Why = Annotated[Why, typer.Option("--reason", help="Why a certificate is revoked.")]
_Soon = Annotated[int, typer.Option("--soon", help="Days before its end from which a certificate is told.", min=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The options, as values."""

    folder: Path
    name: str
    order: Callable[[], Order]
    lasts: timedelta
    fresh: timedelta
    request: Path | None
    reason: ReasonFlags
    now: datetime


def command(  # noqa: PLR0913 - one parameter for each option
    action: _Action,
    folder: _Folder,
    name: _Name = "",
    *,
    eic: _Eic = None,
    host: _Hosts = None,
    leaf: _Leaf = Leaf.CLIENT,
    days: _Days = 90,
    hours: _Hours = 168,
    request: _Request = None,
    reason: _Why = Why.UNSPECIFIED,
    soon: _Soon = 0,
    now: Now = None,
    form: AsForm = Form.TABLE,
) -> None:
    """Keep a certificate authority for test events and pilots. It is none for production.

    init makes it; issue, renew and revoke change certificates; crl publishes fresh revocation lists. Ends with status 1
    where a certificate that holds runs out within --soon days.
    """
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    lasts = timedelta(days=days)
    asked = _Asked(
        folder=folder,
        name=name,
        order=lambda: Order(
            subject=Subject(name=name, eic=eic, hosts=tuple(host or ())), purpose=Purpose(leaf.value), lasts=lasts
        ),
        lasts=lasts,
        fresh=timedelta(hours=hours),
        request=request,
        reason=ReasonFlags(reason.value),
        now=at,
    )
    if action in _NAMED:
        pki_folder.require_name(name)
    records = [_record(entry, at, timedelta(days=soon)) for entry in _ACTIONS[action](asked)]
    show(records, form)
    aging = any(record["state"] not in {_HOLDS, _REVOKED} for record in records)
    raise typer.Exit(Exit.FINDINGS if aging else Exit.CLEAN)


def _init(asked: _Asked) -> tuple[Issued, ...]:
    pki_folder.init(asked.folder, asked.name, asked.now, asked.fresh)
    return ()


def _issue(asked: _Asked) -> tuple[Issued, ...]:
    request = None if asked.request is None else read_file(asked.request) or b""
    return (pki_folder.issue(asked.folder, asked.order(), asked.now, request),)


def _renew(asked: _Asked) -> tuple[Issued, ...]:
    return (pki_folder.renew(asked.folder, asked.name, asked.now, asked.lasts),)


def _revoke(asked: _Asked) -> tuple[Issued, ...]:
    return pki_folder.revoke(asked.folder, asked.name, asked.now, asked.reason, asked.fresh)


def _crl(asked: _Asked) -> tuple[Issued, ...]:
    pki_folder.publish_lists(asked.folder, asked.now, asked.fresh)
    return ()


def _list(asked: _Asked) -> tuple[Issued, ...]:
    return pki_folder.issued(asked.folder)


_ACTIONS: dict[Action, Callable[[_Asked], tuple[Issued, ...]]] = {
    Action.INIT: _init,
    Action.ISSUE: _issue,
    Action.RENEW: _renew,
    Action.REVOKE: _revoke,
    Action.CRL: _crl,
    Action.LIST: _list,
}
_NAMED = {Action.INIT, Action.ISSUE, Action.RENEW, Action.REVOKE}
_HOLDS, _REVOKED = "holds", "revoked"


def _record(entry: Issued, at: datetime, soon: timedelta) -> Record:
    return {
        "name": entry.name,
        "party": entry.eic,
        "for": entry.purpose,
        "hosts": [*entry.hosts],
        "serial": entry.serial,
        "until": entry.until.isoformat(),
        "state": _state(entry, at, soon),
    }


def _state(entry: Issued, at: datetime, soon: timedelta) -> str:
    if entry.revoked is not None:
        return _REVOKED
    left = entry.until - at
    if left < timedelta(0):
        return "has run out"
    return f"runs out in {left.days} days" if left <= soon else _HOLDS
