"""ResourceScheduleConfirmation_MarketDocument (IEC 62325-451-7): a resource schedule is accepted, in part or not.

The system operator answers a planned resource schedule with the series as it took them (A07, A08, A18). Edition 6.2 is
declared in full; the others are differences to it.
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
class PlannedResourceTimeSeries:
    """The plan of one resource or of a whole portfolio."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    provider: Coded = one("resourceProvider_MarketParticipant.mRID", PARTY)
    acquiring_domain: Coded | None = opt("acquiring_Domain.mRID", AREA)
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    aggregation: str | None = opt("objectAggregation", code("ObjectAggregationTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Series_Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class UnavailableReserveTimeSeries:
    """Reserve that a provider cannot deliver, and who or what stands in for it."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    substitute_resource: Coded | None = opt("substitute_RegisteredResource.mRID", RESOURCE)
    provider: Coded = one("resourceProvider_MarketParticipant.mRID", PARTY)
    substitute_provider: Coded | None = opt("substituteResourceProvider_MarketParticipant.mRID", PARTY)
    substitute_provider_role: str | None = opt(
        "substituteResourceProvider_MarketParticipant.marketRole.type", code("RoleTypeList")
    )
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    aggregation: str | None = opt("objectAggregation", code("ObjectAggregationTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Series_Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class OriginalMarketDocument:
    """The schedule that is answered, with its series as accepted."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    domain: Coded | None = opt("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    planned: tuple[PlannedResourceTimeSeries, ...] = many("PlannedResource_TimeSeries", PlannedResourceTimeSeries)
    unavailable: tuple[UnavailableReserveTimeSeries, ...] = many(
        "UnavailableReserve_TimeSeries", UnavailableReserveTimeSeries
    )


@element
class ResourceScheduleConfirmationMarketDocument:
    """The document: header, the schedule answered, the verdict."""

    id: str = one("mRID", IDENTIFIER)
    type: str = one("type", code("MessageTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("schedule_Period.timeInterval", TimeInterval)
    original: OriginalMarketDocument = one("Original_MarketDocument", OriginalMarketDocument)
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)


_ROOT = "ResourceScheduleConfirmation_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:resourcescheduleconfirmationdocument:6:"
_SINCE_6_2 = frozenset(
    {
        "UnavailableReserveTimeSeries/registeredResource.mRID",
        "substitute_RegisteredResource.mRID",
        "substituteResourceProvider_MarketParticipant.marketRole.type",
    }
)
_SINCE_6_1 = _SINCE_6_2 | {"curveType"}

EDITIONS = (
    Edition(document=ResourceScheduleConfirmationMarketDocument, name="6.2", root=_ROOT, namespace=_NAMESPACE + "2"),
    Edition(
        document=ResourceScheduleConfirmationMarketDocument,
        name="6.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        without=_SINCE_6_2,
    ),
    Edition(
        document=ResourceScheduleConfirmationMarketDocument,
        name="6.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=_SINCE_6_1,
        kinds={"ID_String": SHORT_IDENTIFIER, "ResourceID_String": SHORT_RESOURCE},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: ResourceScheduleConfirmationMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="resource_schedule_confirmation")), Report()
