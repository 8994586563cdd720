"""The run: what was received is cleared, and every party is answered.

With no market file the operator is the party to whom the documents are addressed, where they all agree.
Answers are dated by the instant of receipt, or else by the youngest document: no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from adapters.folder import File, Folder, Unreadable
from adapters.market_file import FILE_NAME, MarketSettings
from adapters.offline.reception import Received, receive
from gateway.answers import NAME_SPACE
from gateway.clearing.engine import ARRAYS, Engine
from gateway.envelope import Envelope
from gateway.errors import Misconfigured
from gateway.market import MarketDefinition
from gateway.model import Party, Role
from gateway.procurement import Procurement, procure
from gateway.results import Receipt, Verdict
from gateway.schemes import Scheme
from profiles.canonical import ROLES
from profiles.glance import Head, head


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The outcome of one run.

    ``now`` dates the answers; ``clock`` says in a sentence when the documents count as received.
    """

    settings: MarketSettings
    folder: Folder
    received: tuple[Received, ...]
    procurement: Procurement
    acknowledgements: tuple[tuple[str, Envelope[Receipt]], ...]
    now: datetime
    clock: str

    @property
    def clean(self) -> bool:
        """Whether every document was accepted whole."""
        return all(document.verdict is Verdict.ACCEPTED for document in self.received)


def run(folder: Folder, settings: MarketSettings, scheme: Scheme, now: datetime | None, engine: Engine = ARRAYS) -> Run:
    """Receive the documents of *folder* and clear their market by *scheme*.

    Raises `Unreadable` where there is no document or none that says when it was created, and
    `Misconfigured` for an unknown market profile, overlay or quirk.
    """
    received = receive(folder.documents, settings, now)
    dated = now or max((document.at for document in received if document.at is not None), default=None)
    if dated is None:
        found = f"{len(received)} documents, none of which says when it was created"
        raise Unreadable("the folder", "a document with a time of creation", found)
    envelopes = [document.envelope for document in received if document.envelope is not None]
    return Run(
        settings=settings,
        folder=folder,
        received=received,
        procurement=procure(scheme, settings.market, envelopes, dated, engine),
        acknowledgements=tuple(acknowledgements(received, settings.market.operator, dated)),
        now=dated,
        clock=clock(now),
    )


def clock(now: datetime | None) -> str:
    """Say in a sentence when the documents count as received."""
    if now is None:
        return "Each document counts as received when it says it was created: no time of receipt was given."
    return f"Every document counts as received at {now:%Y-%m-%d %H:%M:%S} UTC, the time that was given."


def acknowledgements(
    received: Iterable[Received], operator: Party, now: datetime
) -> Iterator[tuple[str, Envelope[Receipt]]]:
    """Yield file name and answer for every document that is answered."""
    for document in received:
        if document.receipt is not None:
            yield document.file, acknowledgement(document, document.receipt, operator, document.at or now)


def acknowledgement(document: Received, receipt: Receipt, operator: Party, at: datetime) -> Envelope[Receipt]:
    """Return the answer to one document, addressed to whoever it says sent it.

    What names no sender is addressed to the operator itself: somebody has to learn that it came.
    """
    seen = document.head
    digest = document.reading.digest if document.reading else ""
    return Envelope(
        id=str(uuid5(NAME_SPACE, f"{operator.id} {seen.sender} acknowledges {document.file} {digest}")),
        sender=operator,
        receiver=Party(seen.sender, _role(seen.sender_role)) if seen.sender else operator,
        created=at,
        message=receipt,
    )


def addressed_to(files: Iterable[File]) -> MarketSettings:
    """Return the settings of a market that is run by the party to whom all *files* are addressed.

    Raises `Misconfigured` where they name several parties or none.
    """
    heads = [head(file.content) for file in files if file.content is not None]
    parties = sorted({seen.receiver for seen in heads if seen.receiver is not None})
    if len(parties) != 1:
        found = f"no {FILE_NAME}, and documents to {', '.join(map(str, parties)) or 'nobody'}"
        raise Misconfigured("operator", f"the party that runs the market, as id under [operator] in {FILE_NAME}", found)
    return MarketSettings(market=MarketDefinition(operator=Party(parties[0], _receiving_role(heads))))


def _receiving_role(heads: Iterable[Head]) -> Role:
    """Return the role in which the operator is addressed, where all agree and it is known."""
    codes = {seen.receiver_role for seen in heads if seen.receiver is not None}
    code = codes.pop() if len(codes) == 1 else None
    return ROLES.meaning(code) if code is not None and code in ROLES else Role.MARKET_OPERATOR


def _role(code: str | None) -> Role:
    known = code is not None and code in ROLES
    return ROLES.meaning(code or "") if known else Role.BALANCING_SERVICE_PROVIDER
