"""AreaConfiguration_MarketDocument (IEC 62325-451, part n): areas, what they consist of and where they meet.

A system operator or market information aggregator publishes it. Edition 1.1 is declared in full.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from profiles.canonical import envelope
from profiles.edition import Edition
from profiles.lexical import AREA, DATE_TIME, IDENTIFIER, PARTY, RESOURCE, SECOND, STRING, Coded, code
from profiles.wire import element, many, one, opt


@element
class ConsistOfDomain:
    """An area that is part of the area."""

    id: Coded = one("mRID", AREA)
    name: str | None = opt("name", STRING)


@element
class ConnectedDomain:
    """A neighbouring area."""

    id: Coded = one("mRID", AREA)
    name: str | None = opt("name", STRING)


@element
class ConnectionDetailRegisteredResource:
    """A line, transformer or the like at a border."""

    id: Coded = one("mRID", RESOURCE)
    area: Coded | None = opt("areaIdentification_Domain.mRID", AREA)
    psr_type: str | None = opt("componentType_MktPSRType.psrType", code("AssetTypeList"))


@element
class BorderConnectionSeries:
    """One connection of two areas with its two ends."""

    id: str | None = opt("mRID", IDENTIFIER)
    resource: Coded | None = opt("borderConnection_RegisteredResource.mRID", RESOURCE)
    psr_type: str = one("borderComponentType_MktPSRType.psrType", code("AssetTypeList"))
    details: tuple[ConnectionDetailRegisteredResource, ...] = many(
        "ConnectionDetail_RegisteredResource", ConnectionDetailRegisteredResource, most=2
    )


@element
class AreaSpecificationSeries:
    """One area in one time of validity."""

    id: str = one("mRID", IDENTIFIER)
    party: Coded | None = opt("marketParticipant.mRID", PARTY)
    party_role: str | None = opt("marketParticipant.marketRole.type", code("RoleTypeList"))
    area: Coded = one("area_Domain.mRID", AREA)
    area_name: str | None = opt("area_Domain.name", STRING)
    aggregation: str | None = opt("objectAggregation", code("ObjectAggregationTypeList"))
    country: Coded | None = opt("country_Domain.mRID", AREA)
    characteristics: str | None = opt("areaCharacteristics_Domain.name", STRING)
    valid_from: datetime = one("validityStart_DateAndOrTime.dateTime", DATE_TIME)
    valid_to: datetime | None = opt("validityEnd_DateAndOrTime.dateTime", DATE_TIME)
    consists_of: tuple[ConsistOfDomain, ...] = many("ConsistOf_Domain", ConsistOfDomain)
    connected: tuple[ConnectedDomain, ...] = many("Connected_Domain", ConnectedDomain)
    border_connections: tuple[BorderConnectionSeries, ...] = many("BorderConnection_Series", BorderConnectionSeries)
    connections: tuple[ConnectionDetailRegisteredResource, ...] = many(
        "AreaConnectionDetail_RegisteredResource", ConnectionDetailRegisteredResource
    )


@element
class AreaConfigurationMarketDocument:
    """The document: header and areas."""

    id: str = one("mRID", IDENTIFIER)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    series: tuple[AreaSpecificationSeries, ...] = many("AreaSpecification_Series", AreaSpecificationSeries)


_ROOT = "AreaConfiguration_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:areaconfigurationdocument:1:"

EDITIONS = (
    Edition(
        document=AreaConfigurationMarketDocument,
        name="1.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        least={"borderConnection_RegisteredResource.mRID": 1},
    ),
    Edition(
        document=AreaConfigurationMarketDocument,
        name="1.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=frozenset({"borderConnection_RegisteredResource.mRID"}),
        least={"BorderConnectionSeries/mRID": 1},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: AreaConfigurationMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="area_configuration")), Report()
