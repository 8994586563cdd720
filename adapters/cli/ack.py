"""``gateway ack``: the acknowledgement that we would send."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from adapters.cli.shell import options
from adapters.cli.shell.terminal import Exit, emit, say
from adapters.folder import File, read_file
from adapters.market_file import MarketSettings
from adapters.offline.reception import Received, receive
from adapters.offline.run import acknowledgement, addressed_to
from gateway.errors import Misconfigured
from gateway.identifiers import EIC_SCHEME, PartyId
from gateway.market import MarketDefinition
from gateway.model import Party, Role
from gateway.results import Receipt, Verdict
from profiles import write_message
from profiles.markets import AcknowledgementStyle, load

_Style = Annotated[
    AcknowledgementStyle | None, typer.Option("--style", help="How much it tells; default is that of the market.")
]
_Own = Annotated[
    str | None,
    typer.Option(
        "--own",
        help="Our party, where the document does not say to whom it is addressed: an EIC, or scheme:value.",
        metavar="PARTY",
    ),
]


def command(  # noqa: PLR0913 - one argument for each option
    file: options.File,
    *,
    style: _Style = None,
    market: options.Market = "project",
    overlay: options.Overlay = None,
    quirk: options.Quirks = None,
    own: _Own = None,
    now: options.Now = None,
) -> None:
    """Write the acknowledgement that would answer a document; status 1 where it refuses anything.

    Without --now the document counts as received when the command is called.
    """
    received = File(file.name, read_file(file))
    base = _settings(received, own)
    settings = MarketSettings(
        market=base.market, profile=market, overlay=overlay, quirks=tuple(quirk or ()), style=style
    )
    at = now or datetime.now(UTC).replace(microsecond=0)
    answered = receive([received], settings, at)[0]
    if answered.receipt is None:
        say("An acknowledgement is not answered.")
    else:
        _emit(answered, answered.receipt, settings, at)


def _emit(answered: Received, receipt: Receipt, settings: MarketSettings, at: datetime) -> None:
    letter = acknowledgement(answered, receipt, settings.market.operator, at)
    emit(write_message(letter, overlay=settings.overlay or load(settings.profile).overlay))
    raise typer.Exit(Exit.CLEAN if answered.verdict is Verdict.ACCEPTED else Exit.FINDINGS)


def _settings(file: File, own: str | None) -> MarketSettings:
    """Return settings of the party to whom *file* is addressed, or of *own*.

    Raises an error of usage where neither is known.
    """
    if own is not None:
        scheme, colon, value = own.rpartition(":")
        party = PartyId(value, scheme if colon else EIC_SCHEME)
        return MarketSettings(market=MarketDefinition(operator=Party(party, Role.MARKET_OPERATOR)))
    try:
        return addressed_to([file])
    except Misconfigured as error:
        message = "the document does not say to whom it is addressed; say who we are with --own"
        raise typer.BadParameter(message, param_hint="FILE") from error
