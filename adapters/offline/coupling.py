"""Gateways that are coupled: each has a folder of documents of its own, and they exchange documents only.

1. Each gateway receives the documents of its folder, as it would alone, and acknowledges them.
2. It hands on what the others may use, as documents, one set for each of them.
3. It reads what it is sent, by schema and meaning. A document that cannot be read whole is refused, and its sender has
   not said what it would have told.
4. It computes the common result and compares digests. Where they differ, it acts on a clearing of its own.
5. It publishes the common list and what is left of the borders, answers its own providers and buyers, and keeps a
   journal of every document that came, went or was heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from adapters.folder import Folder, Unreadable
from adapters.market_file import MarketSettings
from adapters.offline.reception import Received, receive, shown
from adapters.offline.run import acknowledgements
from gateway.coupling.agreement import Agreement, agreement_of
from gateway.coupling.exchange import Verdict, couple_messages, fallback, letters, verdict
from gateway.coupling.joint import Coupled
from gateway.coupling.local import Offered, offered
from gateway.envelope import Envelope, Message
from gateway.errors import GatewayError, Misconfigured
from gateway.identifiers import PartyId
from gateway.order_book import order_book
from profiles import parse, to_canonical, write_message

_UNSAFE = re.compile(r"[^A-Za-z0-9.+-]")
_KINDS = {"BidSet": "bids", "ReserveNeed": "needs", "GridConstraints": "capacities"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal: a document that was received, sent or heard, or the digest of a result."""

    what: str
    name: str
    digest: str
    party: str = ""
    remark: str = ""


@dataclass(slots=True)
class CoupledGateway:
    """One gateway: what lay in its folder, what it offers, what it heard and what follows."""

    settings: MarketSettings
    agreement: Agreement
    received: tuple[Received, ...]
    offered: Offered
    now: datetime
    sent: dict[str, bytes] = field(default_factory=dict)
    heard: list[Envelope[Message]] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)

    @property
    def own(self) -> PartyId:
        """The member that runs this gateway."""
        return self.settings.market.operator.id

    @property
    def name(self) -> str:
        """Its name as a folder."""
        return _UNSAFE.sub("_", self.own.value)

    @property
    def envelopes(self) -> tuple[Envelope[Message], ...]:
        """The messages of its own folder that count."""
        return tuple(document.envelope for document in self.received if document.envelope is not None)

    def acknowledgements(self) -> Iterator[tuple[str, Envelope[Message]]]:
        """Yield file and answer for every document of its own folder that is answered."""
        yield from acknowledgements(self.received, self.settings.market.operator, self.now)


@dataclass(frozen=True, slots=True)
class Coupling:
    """What came of it: the gateways, the result that each found, and whether these agree.

    ``acted_on``: by member, the result that it acts on, which is its own clearing where there is a dispute.
    """

    gateways: tuple[CoupledGateway, ...]
    found: Mapping[PartyId, Coupled]
    acted_on: Mapping[PartyId, Coupled]
    verdict: Verdict


def gateway_of(folder: Folder, settings: MarketSettings, now: datetime | None) -> CoupledGateway:
    """Return the gateway of one folder, which has received its documents and knows what it offers.

    Raises `Misconfigured` where its operator is no member of its agreement, and `Unreadable` where no document says
    when it was created and no instant is given.
    """
    agreement, own = agreement_of(settings.market, settings.cooperation), settings.market.operator.id
    if not agreement.areas_of(own):
        raise Misconfigured("operator", "the operator of one of the areas", str(own))
    received = receive(folder.documents, settings, now)
    dated = now or max((document.at for document in received if document.at is not None), default=None)
    if dated is None:
        raise Unreadable("the folder", "a document with a time of creation", f"{len(received)} without one")
    book = order_book([document.envelope for document in received if document.envelope is not None])
    gateway = CoupledGateway(settings, agreement, received, offered(agreement, own, book), dated)
    for document in received:
        digest = document.reading.digest if document.reading else ""
        gateway.journal.append(Entry("received", shown(document.file), digest, remark=document.verdict))
    gateway.journal += (Entry("changed", "", "", remark=note) for note in gateway.offered.notes)
    return gateway


def run_coupling(gateways: Sequence[CoupledGateway]) -> Coupling:
    """Let *gateways* exchange their documents and couple.

    Raises `Misconfigured` where two have the same operator or hold different agreements.
    """
    _require_one_agreement(gateways)
    for sender in gateways:
        for receiver in gateways:
            if sender is not receiver:
                _send(sender, receiver)
    found = {each.own: couple_messages(each.agreement, each.offered.contribution, each.heard) for each in gateways}
    judged = verdict({own: coupled.digest for own, coupled in found.items()})
    agreed = judged is Verdict.AGREED
    acted = {
        each.own: found[each.own] if agreed else fallback(each.agreement, each.offered.contribution)
        for each in gateways
    }
    for each in gateways:
        each.journal.append(Entry("found", "result", found[each.own].digest, remark=judged))
        each.journal.append(Entry("acted on", "result", acted[each.own].digest))
    return Coupling(tuple(gateways), found, acted, judged)


def _require_one_agreement(gateways: Sequence[CoupledGateway]) -> None:
    operators = [each.own for each in gateways]
    if len(set(operators)) < len(operators):
        raise Misconfigured("operator", "another operator in each folder", ", ".join(map(str, operators)))
    digests = {each.agreement.digest for each in gateways}
    if len(digests) > 1:
        expected = "the same areas, operators, cooperation and rules in the market file of each folder"
        raise Misconfigured("market files", expected, f"{len(digests)} different agreements")


def _send(sender: CoupledGateway, receiver: CoupledGateway) -> None:
    """Write what *sender* tells *receiver* as documents, and let that read them."""
    for letter in letters(sender.agreement, sender.offered.contribution, receiver.own, sender.now):
        kind = _KINDS[type(letter.message).__name__]
        start = "" if letter.period is None else f"_{letter.period.start:%Y%m%dT%H%MZ}"
        path, content = f"sent/{receiver.name}/{kind}{start}.xml", write_message(letter)
        sender.sent[path] = content
        sender.journal.append(Entry("sent", path, sha256(content).hexdigest(), str(receiver.own)))
        hear(receiver, content, str(sender.own))


def hear(receiver: CoupledGateway, content: bytes, sender: str) -> None:
    """Let *receiver* read a document that *sender* sent; one that it cannot read whole does not count."""
    digest = sha256(content).hexdigest()
    try:
        parsed = parse(content)
        envelope, report = to_canonical(parsed)
    except GatewayError as error:
        receiver.journal.append(Entry("refused", "", digest, sender, str(error)))
        return
    trouble = [*map(str, parsed.report.findings), *map(str, report.findings), *report.losses]
    if str(envelope.sender.id) != sender:
        trouble.append(f"it says that {envelope.sender.id} sent it")
    if trouble:
        receiver.journal.append(Entry("refused", envelope.id, digest, sender, "; ".join(trouble)))
        return
    receiver.heard.append(envelope)
    receiver.journal.append(Entry("heard", envelope.id, digest, sender))
