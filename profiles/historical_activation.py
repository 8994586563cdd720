"""HistoricalActivation_MarketDocument (IEC 62325-451-7): what was activated in the past (A97 detailed, A98 aggregated).

A system operator reports past activations to another one or to the provider. Edition 6.1 is declared in full.
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
    """One activated bid, with the order that activated it."""

    activation: str | None = opt("activation_Original_MarketDocument.mRID", IDENTIFIER)
    activation_revision: str | None = opt("activation_Original_MarketDocument.revisionNumber", REVISION)
    activation_process: str | None = opt(
        "activation_Original_MarketDocument.activation_Process.processType", code("ProcessTypeList")
    )
    requester: Coded | None = opt("activation_Original_MarketDocument.requesting_MarketParticipant.mRID", PARTY)
    activator: Coded | None = opt("activation_Original_MarketDocument.activating_MarketParticipant.mRID", PARTY)
    activation_period: TimeInterval | None = opt(
        "activation_Original_MarketDocument.activationTime_Period.timeInterval", TimeInterval
    )
    id: str = one("mRID", IDENTIFIER)
    provider: Coded = one("resourceProvider_MarketParticipant.mRID", PARTY)
    business_type: str = one("businessType", code("BusinessTypeList"))
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    status: str = one("marketObjectStatus.status", code("StatusTypeList"))
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class HistoricalActivationMarketDocument:
    """The document: header and activations."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)


_ROOT = "HistoricalActivation_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:historicalactivationdocument:6:"

EDITIONS = (
    Edition(document=HistoricalActivationMarketDocument, name="6.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=HistoricalActivationMarketDocument,
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


def to_canonical(document: HistoricalActivationMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="historical_activation")), Report()
