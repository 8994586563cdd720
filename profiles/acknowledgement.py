"""Acknowledgement_MarketDocument (IEC 62325-451-1): the receiver accepts or refuses a document.

Exactly one is sent for each document received, and none for an acknowledgement. Edition 8.1 is declared in full.

The verdict is the reason A01 (accepted), A02 (refused) or A03 and B70 (partly accepted), written first. Whatever
another party sends that says none of these, or both accepted and refused, counts as refused.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.model import Party, Role
from gateway.report import Report
from gateway.results import Reason as CanonicalReason
from gateway.results import Receipt, RefusedSeries, Verdict
from profiles.canonical import ROLES, CodeTable, coded, each, losses, party, revision
from profiles.edition import Edition
from profiles.lexical import IDENTIFIER, PARTY, PAYLOAD_ID, REVISION, SECOND, SHORT_IDENTIFIER, Coded, code
from profiles.parts import InErrorPeriod, Reason
from profiles.slots import interval, time_interval
from profiles.wire import element, many, one, opt


@element
class RejectedTimeSeries:
    """A series that is refused, whole or in the parts of time named."""

    id: str = one("mRID", IDENTIFIER)
    version: str | None = opt("version", REVISION)
    in_error: tuple[InErrorPeriod, ...] = many("InError_Period", InErrorPeriod)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class AcknowledgementMarketDocument:
    """The document: header, what was received, what is refused and why."""

    id: str = one("mRID", IDENTIFIER)
    created: datetime = one("createdDateTime", SECOND)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str | None = opt("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    received: str | None = opt("received_MarketDocument.mRID", IDENTIFIER)
    received_revision: str | None = opt("received_MarketDocument.revisionNumber", REVISION)
    received_type: str | None = opt("received_MarketDocument.type", code("MessageTypeList"))
    received_process: str | None = opt("received_MarketDocument.process.processType", code("ProcessTypeList"))
    received_title: str | None = opt("received_MarketDocument.title", PAYLOAD_ID)
    received_created: datetime | None = opt("received_MarketDocument.createdDateTime", SECOND)
    rejected: tuple[RejectedTimeSeries, ...] = many("Rejected_TimeSeries", RejectedTimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)
    in_error: tuple[InErrorPeriod, ...] = many("InError_Period", InErrorPeriod)


_ROOT = "Acknowledgement_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:"

EDITIONS = (
    Edition(document=AcknowledgementMarketDocument, name="8.1", root=_ROOT, namespace=_NAMESPACE + "8:1"),
    Edition(
        document=AcknowledgementMarketDocument,
        name="8.0",
        root=_ROOT,
        namespace=_NAMESPACE + "8:0",
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=AcknowledgementMarketDocument,
        name="7.0",
        root=_ROOT,
        namespace=_NAMESPACE + "7:0",
        without=frozenset({"received_MarketDocument.process.processType"}),
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (Receipt,)
"""What the document carries."""


_VERDICTS = CodeTable(
    "Reason/code",
    {
        "A01": Verdict.ACCEPTED,
        "A02": Verdict.REFUSED,
        "A03": Verdict.PARTLY_ACCEPTED,
        "B70": Verdict.PARTLY_ACCEPTED,
    },
)


def to_canonical(document: AcknowledgementMarketDocument) -> tuple[Envelope[Receipt], Report]:
    """Return what the sender says of a document of ours. Raises `Unmappable`."""
    told = {_VERDICTS.meaning(reason.code) for reason in document.reasons if reason.code in _VERDICTS}
    verdict = next(iter(told)) if len(told) == 1 else Verdict.REFUSED
    message = Receipt(
        verdict=verdict,
        document_id=document.received,
        revision=None if document.received_revision is None else revision(document.received_revision),
        document_type=document.received_type,
        process=document.received_process,
        title=document.received_title,
        created=document.received_created,
        reasons=tuple(_reason(reason) for reason in document.reasons if reason.code not in _VERDICTS or reason.text),
        refused=each("Rejected_TimeSeries", document.rejected, _refused),
    )
    sender = party(document.sender, document.sender_role, "sender")
    letter = Envelope(
        id=document.id,
        sender=sender,
        receiver=_receiver(document, sender),
        created=document.created,
        message=message,
    )
    return letter, _remarks(document, len(told))


def from_canonical(letter: Envelope[Receipt]) -> AcknowledgementMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    receipt = letter.message
    reasons = tuple(map(_wire_reason, receipt.reasons))
    if not any(reason.code in _VERDICTS for reason in reasons):
        reasons = (Reason(code=_VERDICTS.code(receipt.verdict)), *reasons)
    return AcknowledgementMarketDocument(
        id=letter.id,
        created=letter.created,
        sender=coded(letter.sender.id),
        sender_role=ROLES.code(letter.sender.role),
        receiver=coded(letter.receiver.id),
        receiver_role=ROLES.code(letter.receiver.role),
        received=receipt.document_id,
        received_revision=None if receipt.revision is None else str(receipt.revision),
        received_type=receipt.document_type,
        received_process=receipt.process,
        received_title=receipt.title,
        received_created=receipt.created,
        rejected=tuple(map(_rejected, receipt.refused)),
        reasons=reasons,
    )


def _refused(series: RejectedTimeSeries) -> RefusedSeries:
    return RefusedSeries(
        series_id=series.id,
        reasons=tuple(map(_reason, series.reasons)),
        intervals=tuple((interval(part.interval), tuple(map(_reason, part.reasons))) for part in series.in_error),
    )


def _rejected(series: RefusedSeries) -> RejectedTimeSeries:
    return RejectedTimeSeries(
        id=series.series_id,
        in_error=tuple(
            InErrorPeriod(interval=time_interval(on), reasons=tuple(map(_wire_reason, reasons)))
            for on, reasons in series.intervals
        ),
        reasons=tuple(map(_wire_reason, series.reasons)),
    )


def _reason(reason: Reason) -> CanonicalReason:
    return CanonicalReason(code=reason.code, text=reason.text)


def _wire_reason(reason: CanonicalReason) -> Reason:
    return Reason(code=reason.code, text=reason.text)


def _receiver(document: AcknowledgementMarketDocument, sender: Party) -> Party:
    """Return the receiver; where its role is left out, the one that usually faces the sender's."""
    if document.receiver_role is not None:
        return party(document.receiver, document.receiver_role, "receiver")
    providing = sender.role is Role.BALANCING_SERVICE_PROVIDER
    role = Role.MARKET_OPERATOR if providing else Role.BALANCING_SERVICE_PROVIDER
    return party(document.receiver, ROLES.code(role), "receiver")


def _remarks(document: AcknowledgementMarketDocument, verdicts: int) -> Report:
    """Say what was taken for granted and what was dropped."""
    assumed = []
    if verdicts != 1:
        assumed.append(f"{verdicts} different verdicts among the reasons: refused")
    if document.receiver_role is None:
        assumed.append("no role of the receiver: the one that usually faces the sender's")
    return Report(
        assumptions=tuple(assumed),
        losses=(*losses([document], "in_error"), *losses(document.rejected, "version")),
    )
