"""RECMMOE envelope of the EDDIE framework: least and greatest power of a resource in each slot.

A system operator sends it to whoever controls the resource. The document states neither unit nor sign convention nor
baseline, so a peer's settings have to; its namespace lacks the colon after ``https`` and is written so. Version 1.12 of
the EDDIE CIM is declared in full and only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.identifiers import PartyId
from gateway.inquiries import Informative
from gateway.operating_envelopes import OperatingEnvelope, OperatingEnvelopes
from gateway.report import Report
from profiles.canonical import DIRECTIONS, each, envelope, resource_id
from profiles.edition import Edition
from profiles.lexical import (
    DATE_TIME,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    RESOURCE,
    REVISION,
    SECOND,
    STRING,
    Coded,
    code,
    enumerated,
)
from profiles.measured import exact, unit_of
from profiles.parts import TimeInterval
from profiles.slots import blocks, numbered
from profiles.wire import element, many, one, opt

SCHEDULE_KIND = enumerated(
    "ScheduleKind", "generation", "generationIncrease", "generationReduction", "load", "loadIncrease", "loadReduction"
)
"""What the quantities are (IEC 62746-4)."""


@element
class Asset:
    """The metering device or plant that the data belong to."""

    type: str | None = opt("type", STRING)
    operator: str | None = opt("operatorId", STRING)
    meter: str | None = opt("meterId", STRING)


@element
class MetaInformation:
    """How EDDIE came by the data."""

    connection: str | None = opt("connectionId", STRING)
    permission: str | None = opt("requestPermissionId", STRING)
    data_need: str | None = opt("dataNeedId", STRING)
    document_type: str | None = opt("documentType", STRING)
    customer: str | None = opt("finalCustomerId", STRING)
    data_source: str | None = opt("dataSourceId", STRING)
    default_values: str | None = opt("defaultValues", STRING)
    region_connector: str | None = opt("regionConnector", STRING)
    region_country: str | None = opt("regionCountry", STRING)
    asset: Asset | None = opt("Asset", Asset)


@element
class MessageDocumentHeader:
    """When the envelope was made, and from what."""

    created: datetime | None = opt("creationDateTime", SECOND)
    meta: MetaInformation | None = opt("MetaInformation", MetaInformation)


@element
class Point:
    """Least and greatest power of one slot."""

    position: int | None = opt("position", POSITION)
    minimum: Decimal | None = opt("min_Quantity.quantity", DECIMAL)
    minimum_quality: str | None = opt("min_Quantity.quality", code("QualityTypeList"))
    maximum: Decimal | None = opt("max_Quantity.quantity", DECIMAL)
    maximum_quality: str | None = opt("max_Quantity.quality", code("QualityTypeList"))


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    resolution: str = one("resolution", DURATION)
    interval: TimeInterval = one("timeInterval", TimeInterval)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class Series:
    """Periods of one resource."""

    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)


@element
class TimeSeriesSeries:
    """The operating envelope of one resource in one direction."""

    id: str | None = opt("mRID", IDENTIFIER)
    business_type: str | None = opt("businessType", code("BusinessTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    schedule_kind: str = one("resourceTimeSeries.value1ScheduleType", SCHEDULE_KIND)
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    resource_name: str | None = opt("registeredResource.name", STRING)
    resource_description: str | None = opt("registeredResource.description", STRING)
    series: tuple[Series, ...] = many("Series", Series)


@element
class RECMMOEMarketDocument:
    """The document: header and envelopes."""

    id: str | None = opt("mRID", IDENTIFIER)
    description: str | None = opt("description", STRING)
    revision: str | None = opt("revisionNumber", REVISION)
    modified: datetime | None = opt("lastModifiedDateTime", DATE_TIME)
    comment: str | None = opt("comment", STRING)
    sender: Coded | None = opt("sender_MarketParticipant.mRID", PARTY)
    sender_name: str | None = opt("sender_MarketParticipant.name", STRING)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded | None = opt("receiver_MarketParticipant.mRID", PARTY)
    receiver_name: str | None = opt("receiver_MarketParticipant.name", STRING)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    period: TimeInterval | None = opt("period.timeInterval", TimeInterval)
    series: tuple[TimeSeriesSeries, ...] = many("TimeSeries_Series", TimeSeriesSeries)


@element
class RECMMOEEnvelope:
    """The envelope around the document."""

    header: MessageDocumentHeader | None = opt("MessageDocumentHeader", MessageDocumentHeader)
    document: RECMMOEMarketDocument | None = opt("MarketDocument", RECMMOEMarketDocument)


EDITIONS = (
    Edition(
        document=RECMMOEEnvelope,
        name="1.12",
        root="RECMMOE_Envelope",
        namespace="https//eddie.energy/CIM/RECMMOE_v1.12",
        lists="recmmoe",
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It is read only: what it leaves open could not be written either."""


_POWER = "8716867000016"


def to_canonical(document: RECMMOEEnvelope) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; what its numbers mean takes the peer's settings (`envelopes`).

    Raises `Unmappable`, also where the document leaves out its sender, receiver, identifier or time.
    """
    content = document.document
    if content is None:
        raise Unmappable("MarketDocument", "a document in the envelope", "none", "A69")
    created = content.modified or (document.header and document.header.created)
    wanted: dict[str, object] = {"mRID": content.id, "lastModifiedDateTime": created}
    wanted |= {"sender_MarketParticipant.mRID": content.sender, "receiver_MarketParticipant.mRID": content.receiver}
    for tag, value in wanted.items():
        if value is None:
            raise Unmappable(f"MarketDocument/{tag}", "a value", "none", "A69")
    message = Informative(document="eddie_operating_envelope")
    return envelope(content, message, created=created), Report()


def envelopes(content: RECMMOEMarketDocument, sender: PartyId, *, unit: str, injection: bool) -> OperatingEnvelopes:
    """Return the envelopes of *content* as the settings of its sender say.

    ``unit`` is a code of ``UnitOfMeasureTypeList`` for power. ``injection``: quantities of direction A01 are net
    injection; otherwise they are net withdrawal. Direction A02 turns either round. Raises `Unmappable`.
    """
    found = each("TimeSeries_Series", content.series, lambda series: tuple(_envelopes(series, sender, unit, injection)))
    return OperatingEnvelopes(envelopes=tuple(one for series in found for one in series))


def _envelopes(
    series: TimeSeriesSeries,
    sender: PartyId,
    unit: str,
    injection: bool,  # noqa: FBT001 - a setting handed on
) -> Iterator[OperatingEnvelope]:
    if series.id is None or series.resource is None:
        raise Unmappable("mRID", "identifiers of series and resource", "none", "A69")
    _, factor = unit_of(unit, _POWER)
    sign = DIRECTIONS.meaning(series.direction).sign * (1 if injection else -1)
    if not sign:
        raise Unmappable("flowDirection.direction", "A01 or A02", repr(series.direction))
    periods = [period for part in series.series for period in part.periods]
    if any(point.position is None for period in periods for point in period.points):
        raise Unmappable("Series/Period/Point/position", "a position", "none", "A49")
    found = blocks(periods, series.curve_type)
    for id_, (on, point) in zip(numbered(series.id, len(found)), found, strict=True):
        bounds = [None if q is None else exact(q, sign * factor) for q in (point.minimum, point.maximum)]
        least, greatest = bounds if sign > 0 else reversed(bounds)
        yield OperatingEnvelope(
            id=id_,
            sender=sender,
            resource=resource_id(series.resource),
            interval=on,
            min_mw=least,
            max_mw=greatest,
        )
