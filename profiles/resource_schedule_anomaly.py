"""ResourceScheduleAnomaly_MarketDocument (IEC 62325-451-7): resource schedules that contradict each other.

The system operator shows the series in question to the parties that sent them; the reasons say what does not match.
Edition 6.1 is declared in full.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from profiles.canonical import envelope
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    IDENTIFIER,
    PARTY,
    RESOURCE,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    SHORT_RESOURCE,
    Coded,
    code,
)
from profiles.parts import Reason, SeriesPeriod, TimeInterval
from profiles.wire import element, many, one, opt


@element
class TimeSeries:
    """One series in question, as it was sent."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    provider: Coded = one("resourceProvider_MarketParticipant.mRID", PARTY)
    substitute_provider: Coded | None = opt("substituteResourceProvider_MarketParticipant.mRID", PARTY)
    acquiring_domain: Coded | None = opt("acquiring_Domain.mRID", AREA)
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    aggregation: str | None = opt("objectAggregation", code("ObjectAggregationTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Series_Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SenderOriginalMarketDocument:
    """A schedule in question and who sent it."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    series: tuple[TimeSeries, ...] = many("Sender_TimeSeries", TimeSeries, least=1)


@element
class ResourceScheduleAnomalyMarketDocument:
    """The document: header, the schedules in question, the reasons."""

    id: str = one("mRID", IDENTIFIER)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("schedule_Period.timeInterval", TimeInterval)
    originals: tuple[SenderOriginalMarketDocument, ...] = many(
        "SenderOriginal_MarketDocument", SenderOriginalMarketDocument
    )
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)


_ROOT = "ResourceScheduleAnomaly_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:resourcescheduleanomalydocument:6:"

EDITIONS = (
    Edition(document=ResourceScheduleAnomalyMarketDocument, name="6.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=ResourceScheduleAnomalyMarketDocument,
        name="6.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=frozenset({"curveType"}),
        kinds={"ID_String": SHORT_IDENTIFIER, "ResourceID_String": SHORT_RESOURCE},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: ResourceScheduleAnomalyMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="resource_schedule_anomaly")), Report()
