"""ResourceMapping_MarketDocument (IEC 62325-451, part n): which physical resources form a market resource, and when.

A provider registers its portfolios with the system operator. Edition 1.1 is declared in full.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from profiles.canonical import envelope
from profiles.edition import Edition
from profiles.lexical import (
    DATE,
    IDENTIFIER,
    PARTY,
    RESOURCE,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    STRING,
    TIME,
    Coded,
    code,
)
from profiles.wire import element, many, one, opt


@element
class RegisteredResource:
    """A physical resource."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    description: str | None = opt("description", STRING)


@element
class TimeSeries:
    """One market resource and its members from a start to an end."""

    id: str = one("mRID", IDENTIFIER)
    description: str | None = opt("description", STRING)
    cancelled: str | None = opt("cancelledTS", code("IndicatorTypeList"))
    start_date: str = one("start_DateAndOrTime.date", DATE)
    start_time: str | None = opt("start_DateAndOrTime.time", TIME)
    end_date: str | None = opt("end_DateAndOrTime.date", DATE)
    end_time: str | None = opt("end_DateAndOrTime.time", TIME)
    market_resource: Coded = one("market_RegisteredResource.mRID", RESOURCE)
    market_resource_name: str | None = opt("market_RegisteredResource.name", STRING)
    market_resource_description: str | None = opt("market_RegisteredResource.description", STRING)
    resources: tuple[RegisteredResource, ...] = many("RegisteredResource", RegisteredResource, least=1)


@element
class ResourceMappingMarketDocument:
    """The document: header and mappings."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)


_ROOT = "ResourceMapping_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:resourcemappingdocument:1:"

EDITIONS = (
    Edition(document=ResourceMappingMarketDocument, name="1.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=ResourceMappingMarketDocument,
        name="1.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: ResourceMappingMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="resource_mapping")), Report()
