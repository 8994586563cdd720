"""CRAC_MarketDocument (IEC 62325-451, part n): contingencies, monitored elements and remedial actions of a grid.

System operators send it to the capacity coordinator (B15); the gateway reads it for reports. Points hold situations,
not quantities: what constrains the market (B54), contingencies (B55), remedial actions (B56) and monitored elements
(B57). An A03 series may start after its first slot: no situation applies before. Edition 2.4 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from profiles.canonical import envelope
from profiles.edition import Edition
from profiles.lexical import (
    AMOUNT,
    AREA,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    RESOURCE,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    STRING,
    UNSIGNED,
    Coded,
    code,
)
from profiles.parts import Reason, Status, TimeInterval
from profiles.wire import element, many, one, opt


@element
class MarketDocument:
    """Another document: the one answered, or one that belongs to this."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)


@element
class PartyMarketParticipant:
    """A party concerned."""

    id: Coded = one("mRID", PARTY)


@element
class AdditionalConstraintRegisteredResource:
    """A resource that a further constraint concerns."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    status: str | None = opt("marketObjectStatus.status", code("StatusTypeList"))
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class AdditionalConstraintSeries:
    """A further constraint: a limit of an exchange or of a group of resources."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    name: str | None = opt("name", STRING)
    parties: tuple[PartyMarketParticipant, ...] = many("Party_MarketParticipant", PartyMarketParticipant)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    quantity_unit: str | None = opt("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    quantity: Decimal | None = opt("quantity.quantity", DECIMAL)
    resources: tuple[AdditionalConstraintRegisteredResource, ...] = many(
        "RegisteredResource", AdditionalConstraintRegisteredResource
    )
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class Analog:
    """One technical value of a resource; ``positive_flow_in`` tells its direction, the value has no sign."""

    type: str = one("measurementType", code("AnalogTypeList"))
    unit: str = one("unitSymbol", code("UnitSymbol"))
    positive_flow_in: str | None = opt("positiveFlowIn", code("IndicatorTypeList"))
    value: Decimal = one("analogValues.value", UNSIGNED)
    description: str | None = opt("analogValues.description", STRING)


@element
class ContingencyRegisteredResource:
    """A resource that fails in a contingency."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    status: str | None = opt("marketObjectStatus.status", code("StatusTypeList"))
    measurements: tuple[Analog, ...] = many("Measurements", Analog)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class ContingencySeries:
    """One contingency: what may fail at once."""

    id: str = one("mRID", IDENTIFIER)
    name: str | None = opt("name", STRING)
    parties: tuple[PartyMarketParticipant, ...] = many("Party_MarketParticipant", PartyMarketParticipant)
    resources: tuple[ContingencyRegisteredResource, ...] = many("RegisteredResource", ContingencyRegisteredResource)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class MonitoredRegisteredResource:
    """A monitored resource with its limits and flows."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    in_node: Coded | None = opt("in_AggregateNode.mRID", RESOURCE)
    out_node: Coded | None = opt("out_AggregateNode.mRID", RESOURCE)
    measurements: tuple[Analog, ...] = many("Measurements", Analog)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class MonitoredSeries:
    """A network element whose loading is watched."""

    id: str = one("mRID", IDENTIFIER)
    name: str | None = opt("name", STRING)
    parties: tuple[PartyMarketParticipant, ...] = many("Party_MarketParticipant", PartyMarketParticipant)
    resources: tuple[MonitoredRegisteredResource, ...] = many("RegisteredResource", MonitoredRegisteredResource)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class RemedialActionRegisteredResource:
    """What a remedial action does with one resource."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    psr_type: str | None = opt("pSRType.psrType", code("AssetTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    in_node: Coded | None = opt("in_AggregateNode.mRID", RESOURCE)
    out_node: Coded | None = opt("out_AggregateNode.mRID", RESOURCE)
    status: str = one("marketObjectStatus.status", code("StatusTypeList"))
    maximum_capacity: Decimal | None = opt("resourceCapacity.maximumCapacity", DECIMAL)
    minimum_capacity: Decimal | None = opt("resourceCapacity.minimumCapacity", DECIMAL)
    default_capacity: Decimal | None = opt("resourceCapacity.defaultCapacity", DECIMAL)
    capacity_unit: str | None = opt("resourceCapacity.unitSymbol", code("UnitSymbol"))
    measurements: tuple[Analog, ...] = many("Measurements", Analog)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SharedDomain:
    """An area with which a remedial action is shared."""

    id: Coded = one("mRID", AREA)


@element
class RemedialActionSeries:
    """One remedial action: how the operator can relieve the grid."""

    id: str = one("mRID", IDENTIFIER)
    name: str | None = opt("name", STRING)
    business_type: str | None = opt("businessType", code("BusinessTypeList"))
    application_mode: str | None = opt("applicationMode_MarketObjectStatus.status", code("StatusTypeList"))
    availability: str | None = opt("availability_MarketObjectStatus.status", code("StatusTypeList"))
    parties: tuple[PartyMarketParticipant, ...] = many("Party_MarketParticipant", PartyMarketParticipant)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    quantity_unit: str | None = opt("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    quantity: Decimal | None = opt("quantity.quantity", DECIMAL)
    price: Decimal | None = opt("price.amount", AMOUNT)
    resources: tuple[RemedialActionRegisteredResource, ...] = many(
        "RegisteredResource", RemedialActionRegisteredResource
    )
    shared: tuple[SharedDomain, ...] = many("Shared_Domain", SharedDomain)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class Series:
    """One situation: what fails, what is watched, what can be done."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    name: str | None = opt("name", STRING)
    parties: tuple[PartyMarketParticipant, ...] = many("Party_MarketParticipant", PartyMarketParticipant)
    optimization_status: str | None = opt("optimization_MarketObjectStatus.status", code("StatusTypeList"))
    additional_constraints: tuple[AdditionalConstraintSeries, ...] = many(
        "AdditionalConstraint_Series", AdditionalConstraintSeries
    )
    contingencies: tuple[ContingencySeries, ...] = many("Contingency_Series", ContingencySeries)
    monitored: tuple[MonitoredSeries, ...] = many("Monitored_Series", MonitoredSeries)
    remedial_actions: tuple[RemedialActionSeries, ...] = many("RemedialAction_Series", RemedialActionSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class Point:
    """The situations that hold from this slot on."""

    position: int = one("position", POSITION)
    series: tuple[Series, ...] = many("Series", Series, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """The situations of one kind, or of one border."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    curve_type: str = one("curveType", code("CurveTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class CRACMarketDocument:
    """The document: header and situations."""

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
    other_status: Status | None = opt("status", Status)
    received: MarketDocument | None = opt("Received_MarketDocument", MarketDocument)
    related: tuple[MarketDocument, ...] = many("Related_MarketDocument", MarketDocument)
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "CRAC_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:CRACdocument:2:"

EDITIONS = (
    Edition(document=CRACMarketDocument, name="2.4", root=_ROOT, namespace=_NAMESPACE + "4"),
    Edition(
        document=CRACMarketDocument,
        name="2.3",
        root=_ROOT,
        namespace=_NAMESPACE + "3",
        without=frozenset(
            {
                "ContingencyRegisteredResource/Measurements",
                "ContingencyRegisteredResource/marketObjectStatus.status",
                "RemedialActionRegisteredResource/Measurements",
                "RemedialActionSeries/price.amount",
                "TimeSeries/currency_Unit.name",
                "TimeSeries/price_Measurement_Unit.name",
            }
        ),
        kinds={"ID_String": SHORT_IDENTIFIER},
        least={"pSRType.psrType": 1},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: CRACMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="crac")), Report()
