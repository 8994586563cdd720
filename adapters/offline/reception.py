"""Reception: every document of a folder is judged by itself and answered; a bad one stops no other.

Rules
1. Documents are taken in the order in which they say they were created, then by file name, whatever
   order they lie in; one that does not say when comes last.
2. A document counts as received at the instant that is given for all, or else when it says it was
   created. What a later document may change is what the earlier ones stated.
3. A refused document changes nothing. Of a partly accepted one, the refused series do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

from adapters.folder import File, Limits
from adapters.market_file import MarketSettings
from gateway.envelope import Envelope, Message
from gateway.errors import Malformed
from gateway.identifiers import AreaId, PartyId
from gateway.model import BidSet
from gateway.report import Report
from gateway.results import Receipt, Verdict
from profiles import Reading, read
from profiles.glance import Head, head
from profiles.markets import AcknowledgementStyle, MarketProfile, load
from profiles.rules.context import Context, KnownBid, SeenDocument
from profiles.rules.receipts import acknowledge, finding_of

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of one file.

    ``reading`` is None where the bytes are no document. ``envelope`` is the part of the message that was
    accepted, None where nothing was. ``receipt`` is None for an acknowledgement, which is not answered.
    """

    file: str
    head: Head
    at: datetime | None
    report: Report
    verdict: Verdict
    receipt: Receipt | None
    reading: Reading | None = None
    envelope: Envelope[Message] | None = None


def receive(files: Iterable[File], settings: MarketSettings, now: datetime | None) -> tuple[Received, ...]:
    """Judge *files* in order of creation; ``now`` is when all of them count as received.

    Raises `Misconfigured` for an unknown market profile, overlay or quirk.
    """
    desk = _Desk(settings, _within_cap(load(settings.profile), settings.market.price_cap), now)
    glances = [(head(file.content) if file.content is not None else Head(), file) for file in files]
    glances.sort(key=lambda glance: (glance[0].created or _LAST, glance[1].name))
    return tuple(desk.judge(file, seen) for seen, file in glances)


def _within_cap(profile: MarketProfile, cap: Decimal) -> MarketProfile:
    """Return *profile* with no wider price limits than the market clears: such a bid is refused, not left unused."""
    bids = profile.bids
    floor = -cap if bids.price_floor is None else max(bids.price_floor, -cap)
    ceiling = cap if bids.price_cap is None else min(bids.price_cap, cap)
    return replace(profile, bids=replace(bids, price_floor=floor, price_cap=ceiling))


@dataclass(slots=True)
class _Desk:
    """What a reception knows: its settings, and what it has accepted so far."""

    settings: MarketSettings
    profile: MarketProfile
    now: datetime | None
    seen: dict[tuple[PartyId, str], SeenDocument] = field(default_factory=dict)
    bids: dict[str, KnownBid] = field(default_factory=dict)

    def judge(self, file: File, glance: Head) -> Received:
        """Return what becomes of *file*, and remember it where it was accepted."""
        at = self.now or glance.created
        try:
            reading = self._read(file, at)
        except Malformed as error:
            return Received(
                file=file.name,
                head=glance,
                at=at,
                report=Report(findings=(finding_of(error),)),
                verdict=Verdict.REFUSED,
                receipt=self._answer(error, glance, file),
            )
        receipt = self._answer(reading.report, reading.document, file)
        verdict = receipt.verdict if receipt else unanswered_verdict(reading.report)
        envelope = None if verdict is Verdict.REFUSED else reading.envelope
        if envelope is not None:
            self._remember(envelope, reading)
        return Received(
            file=file.name,
            head=glance,
            at=at,
            report=reading.report,
            verdict=verdict,
            receipt=receipt,
            reading=reading,
            envelope=envelope,
        )

    def _read(self, file: File, at: datetime | None) -> Reading:
        if file.content is None:
            raise Malformed("/", f"at most {Limits().file_bytes:,} bytes", "more", "A94", "GEN-001")
        context = Context(
            now=at,
            digest=sha256(file.content).hexdigest(),
            own_parties=frozenset({self.settings.market.operator.id}),
            seen=self.seen,
            bids=self.bids,
            areas=self._areas(),
            borders=self._borders(),
        )
        return read(file.content, self.profile, context=context, overlay=self._overlay(), quirks=self.settings.quirks)

    def _answer(self, outcome: Report | Malformed, document: object, file: File) -> Receipt | None:
        name = shown(file.name)
        return acknowledge(outcome, self._style(), document=document, title=name, overlay=self._overlay())

    def _overlay(self) -> str | None:
        return self.settings.overlay or self.profile.overlay

    def _style(self) -> AcknowledgementStyle:
        return self.settings.style or self.profile.acknowledgement

    def _areas(self) -> frozenset[AreaId] | None:
        """Return the areas that exist, or None where the market takes areas as they come."""
        market = self.settings.market
        own = {area.id for area in market.areas} | ({market.domain} if market.domain else set())
        return frozenset(own) if market.closed else None

    def _borders(self) -> frozenset[tuple[AreaId, AreaId]] | None:
        market = self.settings.market
        ways = ((b.from_area, b.to_area) for b in market.borders)
        return frozenset(way for a, b in ways for way in ((a, b), (b, a))) if market.closed else None

    def _remember(self, envelope: Envelope[Message], reading: Reading) -> None:
        series = frozenset(entry.id for entry in getattr(reading.document, "series", ()))
        sender = (envelope.sender.id, envelope.id)
        self.seen[sender] = SeenDocument(digest=reading.digest, revision=envelope.revision, series=series)
        if isinstance(envelope.message, BidSet):
            self.bids.update({bid.id: KnownBid(bid=bid, created=envelope.created) for bid in envelope.message.bids})


def shown(name: str) -> str:
    """Return a file name as it can be written anywhere: what does not print is replaced."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def unanswered_verdict(report: Report) -> Verdict:
    """Return what follows from *report* for a document that is not acknowledged."""
    return Verdict.REFUSED if report.rejects_document else Verdict.ACCEPTED
