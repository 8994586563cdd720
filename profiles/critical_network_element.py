"""CriticalNetworkElement_MarketDocument (IEC 62325-451, part n): which network elements limit a capacity, and how.

The capacity coordinator publishes the outcome of a capacity or security calculation (B06, B07); the gateway reads it
for reports. Edition 2.5 is declared in full; the others are differences to it.
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
    DATE,
    DATE_TIME,
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
    TIME,
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
class PTDFDomain:
    """How much of a change of the area's net position flows over the element."""

    id: Coded = one("mRID", AREA)
    ptdf: Decimal = one("pTDF_Quantity.quantity", DECIMAL)
    ptdf_quality: str | None = opt("pTDF_Quantity.quality", code("QualityTypeList"))


@element
class Analog:
    """One technical value of a resource; ``positive_flow_in`` tells its direction, the value has no sign."""

    type: str = one("measurementType", code("AnalogTypeList"))
    unit: str = one("unitSymbol", code("UnitSymbol"))
    positive_flow_in: str | None = opt("positiveFlowIn", code("IndicatorTypeList"))
    value: Decimal = one("analogValues.value", UNSIGNED)
    measured_at: datetime | None = opt("analogValues.timeStamp", DATE_TIME)
    description: str | None = opt("analogValues.description", STRING)


@element
class MonitoredRegisteredResource:
    """A monitored resource with its limits and flows."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    in_node: Coded | None = opt("in_AggregateNode.mRID", RESOURCE)
    out_node: Coded | None = opt("out_AggregateNode.mRID", RESOURCE)
    psr_type: str | None = opt("pSRType.psrType", code("AssetTypeList"))
    location: str | None = opt("location.name", STRING)
    study_domain: Coded | None = opt("flowBasedStudy_Domain.mRID", AREA)
    margin: Decimal | None = opt("flowBasedStudy_Domain.flowBasedMargin_Quantity.quantity", DECIMAL)
    margin_quality: str | None = opt("flowBasedStudy_Domain.flowBasedMargin_Quantity.quality", code("QualityTypeList"))
    coupling_domain: Coded | None = opt("marketCoupling_Domain.mRID", AREA)
    shadow_price: Decimal | None = opt("marketCoupling_Domain.shadow_Price.amount", AMOUNT)
    ptdfs: tuple[PTDFDomain, ...] = many("PTDF_Domain", PTDFDomain)
    measurements: tuple[Analog, ...] = many("Measurements", Analog)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class BorderSeries:
    """The flow over one border."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    flow: Decimal | None = opt("flow_Quantity.quantity", DECIMAL)
    connecting_lines: tuple[MonitoredRegisteredResource, ...] = many(
        "ConnectingLine_RegisteredResource", MonitoredRegisteredResource
    )


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
    business_type: str | None = opt("businessType", code("BusinessTypeList"))
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
class ContingencyRegisteredResource:
    """A resource that fails in a contingency."""

    id: Coded = one("mRID", RESOURCE)
    name: str | None = opt("name", STRING)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    psr_type: str | None = opt("pSRType.psrType", code("AssetTypeList"))
    location: str | None = opt("location.name", STRING)
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
    psr_type: str = one("pSRType.psrType", code("AssetTypeList"))
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
class ConstraintSeries:
    """One situation with the element that limits and the actions taken."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    name: str | None = opt("name", STRING)
    reference_date: str | None = opt("referenceCalculation_DateAndOrTime.date", DATE)
    reference_time: str | None = opt("referenceCalculation_DateAndOrTime.time", TIME)
    quantity_unit: str | None = opt("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    external_constraint: Decimal | None = opt("externalConstraint_Quantity.quantity", DECIMAL)
    external_constraint_quality: str | None = opt("externalConstraint_Quantity.quality", code("QualityTypeList"))
    ptdf_unit: str | None = opt("pTDF_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    shadow_price_unit: str | None = opt("shadowPrice_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    parties: tuple[PartyMarketParticipant, ...] = many("Party_MarketParticipant", PartyMarketParticipant)
    optimization_status: str | None = opt("optimization_MarketObjectStatus.status", code("StatusTypeList"))
    constraint_status: str | None = opt("constraintStatus_MarketObjectStatus.status", code("StatusTypeList"))
    additional_constraints: tuple[AdditionalConstraintSeries, ...] = many(
        "AdditionalConstraint_Series", AdditionalConstraintSeries
    )
    contingencies: tuple[ContingencySeries, ...] = many("Contingency_Series", ContingencySeries)
    monitored: tuple[MonitoredSeries, ...] = many("Monitored_Series", MonitoredSeries)
    remedial_actions: tuple[RemedialActionSeries, ...] = many("RemedialAction_Series", RemedialActionSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class Point:
    """Borders and limiting elements from this slot on."""

    position: int = one("position", POSITION)
    borders: tuple[BorderSeries, ...] = many("Border_Series", BorderSeries)
    constraints: tuple[ConstraintSeries, ...] = many("Constraint_Series", ConstraintSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """The outcome of one kind, or for one border."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    curve_type: str = one("curveType", code("CurveTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class CriticalNetworkElementMarketDocument:
    """The document: header and outcome."""

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
    received: MarketDocument | None = opt("Received_MarketDocument", MarketDocument)
    related: tuple[MarketDocument, ...] = many("Related_MarketDocument", MarketDocument)
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "CriticalNetworkElement_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:cnedocument:2:"
_SINCE_2_5 = frozenset({"ContingencyRegisteredResource/Measurements"})
_SINCE_2_4 = _SINCE_2_5 | {
    "constraintStatus_MarketObjectStatus.status",
    "ContingencyRegisteredResource/pSRType.psrType",
    "MonitoredRegisteredResource/pSRType.psrType",
    "location.name",
    "RemedialActionRegisteredResource/Measurements",
    "price.amount",
    "TimeSeries/currency_Unit.name",
    "price_Measurement_Unit.name",
}

EDITIONS = (
    Edition(document=CriticalNetworkElementMarketDocument, name="2.5", root=_ROOT, namespace=_NAMESPACE + "5"),
    Edition(
        document=CriticalNetworkElementMarketDocument,
        name="2.4",
        root=_ROOT,
        namespace=_NAMESPACE + "4",
        without=_SINCE_2_5,
    ),
    Edition(
        document=CriticalNetworkElementMarketDocument,
        name="2.3",
        root=_ROOT,
        namespace=_NAMESPACE + "3",
        without=_SINCE_2_4,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = ()
"""It informs, so no message of a market is written in it."""


def to_canonical(document: CriticalNetworkElementMarketDocument) -> tuple[Envelope[Informative], Report]:
    """Return the head of *document*; its content stays as it is. Raises `Unmappable`."""
    return envelope(document, Informative(document="critical_network_element")), Report()
