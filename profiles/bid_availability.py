"""BidAvailability_MarketDocument (IEC 62325-451, part n): a bid may not be used, or only up to a limit.

A system operator that checked a result blocks or caps bids (requesting role A49, A50); a provider withdraws one
(A46). The statement holds for the whole of the one ``time_Period``. Edition 1.1 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from profiles.edition import Edition
from profiles.lexical import AREA, DECIMAL, IDENTIFIER, PARTY, RESOURCE, REVISION, SECOND, STRING, Coded, code
from profiles.parts import Reason, Status, TimeInterval
from profiles.wire import element, many, one, opt


@element
class RegisteredResource:
    """A resource that the statement concerns."""

    id: Coded = one("mRID", RESOURCE)


@element
class BidTimeSeries:
    """One bid; its mRID is that of the bid."""

    id: str = one("mRID", IDENTIFIER)
    bid_document: str = one("bidDocument_MarketDocument.mRID", IDENTIFIER)
    bid_document_revision: str = one("bidDocument_MarketDocument.revisionNumber", REVISION)
    requester: Coded | None = opt("requestingParty_MarketParticipant.mRID", PARTY)
    requester_name: str | None = opt("requestingParty_MarketParticipant.name", STRING)
    requester_role: str = one("requestingParty_MarketParticipant.marketRole.type", code("RoleTypeList"))
    business_type: str = one("businessType", code("BusinessTypeList"))
    domain: Coded = one("domain.mRID", AREA)
    limit: Decimal | None = opt("operationalLimit_Quantity.quantity", DECIMAL)
    limit_unit: str | None = opt("limit_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    resources: tuple[RegisteredResource, ...] = many("RegisteredResource", RegisteredResource)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class BidAvailabilityMarketDocument:
    """The document: header, one interval, bids."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    status: Status | None = opt("docStatus", Status)
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    series: tuple[BidTimeSeries, ...] = many("BidTimeSeries", BidTimeSeries, least=1)


_ROOT = "BidAvailability_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:bidavailabilitydocument:1:"

EDITIONS = (
    Edition(document=BidAvailabilityMarketDocument, name="1.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=BidAvailabilityMarketDocument,
        name="1.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        least={"requestingParty_MarketParticipant.mRID": 1},
    ),
)
"""The first is the edition written by default."""
