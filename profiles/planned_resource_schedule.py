"""PlannedResourceSchedule_MarketDocument (IEC 62325-451-7): what resources plan to inject, take or hold in reserve.

A scheduling agent or provider sends plans and baselines (A14, A15, A67), reserve that is not available (A28) or its
yearly plan (A26) to the system operator. Edition 6.3 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.model import ZERO, Direction, Reserve
from gateway.report import Report
from gateway.schedules import PlanKind, PowerBlock, ResourceSchedule, ResourceSchedules, UnavailableReserve
from profiles.canonical import (
    DIRECTIONS,
    MEGAWATT,
    CodeTable,
    area_id,
    coded,
    coded_or_none,
    each,
    envelope,
    head,
    losses,
    party_id,
    require,
    resource_id,
    subject,
)
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
from profiles.measured import exact
from profiles.parts import Reason, SeriesPeriod, TimeInterval
from profiles.slots import blocks, power_periods, require_few_slots, span
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
    psr_type: str | None = opt("mktPSRType.psrType", code("AssetTypeList"))
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
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Series_Period", SeriesPeriod, least=1)


@element
class PlannedResourceScheduleMarketDocument:
    """The document: header, plans, unavailable reserve."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("schedule_Period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    planned: tuple[PlannedResourceTimeSeries, ...] = many("PlannedResource_TimeSeries", PlannedResourceTimeSeries)
    unavailable: tuple[UnavailableReserveTimeSeries, ...] = many(
        "UnavailableReserves_TimeSeries", UnavailableReserveTimeSeries
    )


_ROOT = "PlannedResourceSchedule_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:plannedresourcescheduledocument:6:"
_SINCE_6_3 = frozenset(
    {
        "UnavailableReserveTimeSeries/registeredResource.mRID",
        "substitute_RegisteredResource.mRID",
        "substituteResourceProvider_MarketParticipant.marketRole.type",
    }
)
_SINCE_6_2 = _SINCE_6_3 | {"curveType"}
_SINCE_6_1 = _SINCE_6_2 | {"mktPSRType.psrType", "PlannedResourceTimeSeries/Reason"}

EDITIONS = (
    Edition(document=PlannedResourceScheduleMarketDocument, name="6.3", root=_ROOT, namespace=_NAMESPACE + "3"),
    Edition(
        document=PlannedResourceScheduleMarketDocument,
        name="6.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        without=_SINCE_6_3,
    ),
    Edition(
        document=PlannedResourceScheduleMarketDocument,
        name="6.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        without=_SINCE_6_2,
    ),
    Edition(
        document=PlannedResourceScheduleMarketDocument,
        name="6.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=_SINCE_6_1,
        kinds={"ID_String": SHORT_IDENTIFIER, "ResourceID_String": SHORT_RESOURCE},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (ResourceSchedules,)
"""What the document carries."""


_TYPES = ("A14", "A15", "A26", "A28", "A67")
_KINDS = CodeTable(
    "businessType",
    {"A01": PlanKind.PRODUCTION, "A04": PlanKind.CONSUMPTION, "A07": PlanKind.NET, "A67": PlanKind.NET},
    "A62",
)
_RESERVES = CodeTable[tuple[Reserve, str | None]](
    "businessType",
    {
        "A95": (Reserve.FCR, None),
        "C26": (Reserve.FCR, "FCR-N"),
        "C27": (Reserve.FCR, "FCR-D"),
        "A96": (Reserve.AFRR, None),
        "A97": (Reserve.MFRR, None),
        "A98": (Reserve.RR, None),
    },
    "A62",
)
_ACTIVE_POWER = "8716867000016"
_DAY_AHEAD = "A01"


def to_canonical(document: PlannedResourceScheduleMarketDocument) -> tuple[Envelope[ResourceSchedules], Report]:
    """Return the plans of *document*. Raises `Unmappable`."""
    if document.type not in _TYPES:
        raise Unmappable("type", f"one of {', '.join(_TYPES)}", document.type, "A77")
    require_few_slots((*document.planned, *document.unavailable))
    message = ResourceSchedules(
        planned=each("PlannedResource_TimeSeries", document.planned, _plan),
        unavailable=each("UnavailableReserves_TimeSeries", document.unavailable, _unavailable),
    )
    return envelope(document, message), _remarks(document)


def from_canonical(letter: Envelope[ResourceSchedules]) -> PlannedResourceScheduleMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    message = letter.message
    every: tuple[ResourceSchedule | UnavailableReserve, ...] = (*message.planned, *message.unavailable)
    period = letter.period or span(block.interval for one in every for block in one.blocks)
    return PlannedResourceScheduleMarketDocument(
        **head(letter, "A14", period, _DAY_AHEAD),
        **subject(letter),
        domain=coded_or_none(letter.domain),
        planned=tuple(map(_plan_series, message.planned)),
        unavailable=tuple(map(_unavailable_series, message.unavailable)),
    )


def _plan(series: PlannedResourceTimeSeries) -> ResourceSchedule:
    if series.business_type in _RESERVES:
        reserve, product = _RESERVES.meaning(series.business_type)
        kind, direction, sign = PlanKind.RESERVE, _direction(series.direction), 1
    else:
        reserve, product, direction = None, None, None
        kind = _KINDS.meaning(series.business_type)
        sign = _sign(kind, series.direction)
    return ResourceSchedule(
        **_shared(series, sign),
        kind=kind,
        direction=direction,
        reserve=reserve,
        product=product,
        buyer_area=None if series.acquiring_domain is None else area_id(series.acquiring_domain),
    )


def _plan_series(plan: ResourceSchedule) -> PlannedResourceTimeSeries:
    direction = None if plan.direction is None else DIRECTIONS.code(plan.direction)
    business = _KINDS.code(plan.kind) if plan.reserve is None else _RESERVES.code((plan.reserve, plan.product))
    signed = {PlanKind.PRODUCTION: 1, PlanKind.CONSUMPTION: -1}.get(plan.kind)
    if signed and any(block.power_mw * signed < ZERO for block in plan.blocks):
        raise Unwritable(f"ResourceSchedule {plan.id}", f"power of one sign for {plan.kind}", "power of the other")
    return PlannedResourceTimeSeries(
        **_shared_fields(plan, signed or 1),
        business_type=business,
        direction=direction,
        acquiring_domain=coded_or_none(plan.buyer_area),
    )


def _unavailable(series: UnavailableReserveTimeSeries) -> UnavailableReserve:
    reserve, product = _RESERVES.meaning(series.business_type)
    substitute, provider = series.substitute_resource, series.substitute_provider
    return UnavailableReserve(
        **_shared(series, 1),
        reserve=reserve,
        product=product,
        direction=_direction(series.direction),
        buyer_area=area_id(series.acquiring_domain),
        substitute_resource=None if substitute is None else resource_id(substitute),
        substitute_provider=None if provider is None else party_id(provider),
    )


def _unavailable_series(reserve: UnavailableReserve) -> UnavailableReserveTimeSeries:
    return UnavailableReserveTimeSeries(
        **_shared_fields(reserve, 1),
        business_type=_RESERVES.code((reserve.reserve, reserve.product)),
        direction=DIRECTIONS.code(reserve.direction),
        acquiring_domain=coded(reserve.buyer_area),
        substitute_resource=coded_or_none(reserve.substitute_resource),
        substitute_provider=coded_or_none(reserve.substitute_provider),
    )


def _shared(series: PlannedResourceTimeSeries | UnavailableReserveTimeSeries, sign: int) -> dict[str, Any]:
    """Return what plans and unavailable reserve have in common; *sign* turns consumption into negative injection."""
    require("product", _ACTIVE_POWER, series.product)
    require("measurement_Unit.name", MEGAWATT, series.quantity_unit)
    found = blocks(series.periods, series.curve_type, "Series_Period")
    return {
        "id": series.id,
        "provider": party_id(series.provider),
        "area": area_id(series.connecting_domain),
        "resource": None if series.resource is None else resource_id(series.resource),
        "agreement": series.agreement,
        "blocks": tuple(PowerBlock(interval=on, power_mw=exact(point.quantity, Decimal(sign))) for on, point in found),
    }


def _shared_fields(plan: ResourceSchedule | UnavailableReserve, sign: int) -> dict[str, Any]:
    return {
        "id": plan.id,
        "product": _ACTIVE_POWER,
        "connecting_domain": coded(plan.area),
        "resource": coded_or_none(plan.resource),
        "provider": coded(plan.provider),
        "agreement": plan.agreement,
        "quantity_unit": MEGAWATT,
        "curve_type": "A01",
        "periods": power_periods((block.interval, exact(block.power_mw, Decimal(sign))) for block in plan.blocks),
    }


def _direction(code_: str | None) -> Direction:
    if code_ is None:
        raise Unmappable("flowDirection.direction", "a direction of the reserve", "none", "A69")
    return DIRECTIONS.meaning(code_)


def _sign(kind: PlanKind, direction: str | None) -> int:
    """Return what a quantity is multiplied with to be a net injection."""
    if kind is PlanKind.NET and direction is not None:
        return DIRECTIONS.meaning(direction).sign or 1
    return -1 if kind is PlanKind.CONSUMPTION else 1


def _remarks(document: PlannedResourceScheduleMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    every: tuple[Any, ...] = (*document.planned, *document.unavailable)
    untyped = sum(1 for series in every if series.curve_type is None)
    return Report(
        assumptions=(f"{untyped} series without curveType: A01",) if untyped else (),
        losses=(
            *losses(document.planned, "agreement_type", "aggregation", "psr_type", "reasons"),
            *losses(document.unavailable, "agreement_type", "substitute_provider_role"),
            *losses(tuple(_points(every)), "reasons"),
        ),
    )


def _points(every: Iterable[Any]) -> Iterable[Any]:
    return (point for series in every for period in series.periods for point in period.points)
