"""Acknowledgement_MarketDocument (IEC 62325-451-1): the receiver accepts or refuses a document.

Exactly one is sent for each document received, and none for an acknowledgement. Edition 8.1 is declared in full.
"""

from __future__ import annotations

from datetime import datetime

from profiles.edition import Edition
from profiles.lexical import IDENTIFIER, PARTY, PAYLOAD_ID, REVISION, SECOND, SHORT_IDENTIFIER, Coded, code
from profiles.parts import InErrorPeriod, Reason
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
