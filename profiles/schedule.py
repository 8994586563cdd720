"""Schedule_MarketDocument (IEC 62325-451-2): energy that flows or is traded between areas and between parties.

A balance responsible party nominates its trades (A01), system operators agree on the exchange of their areas (A02 to
A06). Energy runs from ``out`` to ``in``. Edition 5.2 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.report import Report
from gateway.schedules import ExchangeKind, ExchangeSchedule, ExchangeSchedules, PowerBlock
from profiles.canonical import (
    MEGAWATT,
    CodeTable,
    area_id,
    coded,
    coded_or_none,
    each,
    envelope,
    head,
    losses,
    metering_point_id,
    party_id,
    require,
    resource_id,
    revision,
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
    SHORT_MEASUREMENT_POINT,
    Coded,
    code,
)
from profiles.parts import Reason, SeriesPeriod, TimeInterval
from profiles.slots import blocks, power_periods, require_few_slots, span
from profiles.wire import element, many, one, opt


@element
class TimeSeries:
    """One exchange between two areas, two parties or both; ``version`` is the revision that last changed it."""

    id: str = one("mRID", IDENTIFIER)
    version: str = one("version", REVISION)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    aggregation: str = one("objectAggregation", code("ObjectAggregationTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    metering_point: Coded | None = opt("marketEvaluationPoint.mRID", SHORT_MEASUREMENT_POINT)
    in_party: Coded | None = opt("in_MarketParticipant.mRID", PARTY)
    out_party: Coded | None = opt("out_MarketParticipant.mRID", PARTY)
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    connecting_line: Coded | None = opt("connectingLine_RegisteredResource.mRID", RESOURCE)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reason: Reason | None = opt("Reason", Reason)


@element
class ScheduleMarketDocument:
    """The document: header and exchanges."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    classification: str = one("process.classificationType", code("ClassificationTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("schedule_Time_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    matching_period: TimeInterval | None = opt("matching_Time_Period.timeInterval", TimeInterval)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)


_ROOT = "Schedule_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-2:scheduledocument:5:"

EDITIONS = (
    Edition(document=ScheduleMarketDocument, name="5.2", root=_ROOT, namespace=_NAMESPACE + "2"),
    Edition(
        document=ScheduleMarketDocument,
        name="5.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=ScheduleMarketDocument,
        name="5.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=frozenset({"connectingLine_RegisteredResource.mRID"}),
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (ExchangeSchedules,)
"""What the document carries."""


_TYPES = ("A01", "A02", "A03", "A04", "A05", "A06", "A09", "A30", "B27")
_KINDS = CodeTable(
    "businessType",
    {
        "A01": ExchangeKind.PRODUCTION,
        "A04": ExchangeKind.CONSUMPTION,
        "A02": ExchangeKind.INTERNAL_TRADE,
        "A06": ExchangeKind.EXTERNAL_TRADE,
        "A03": ExchangeKind.EXPLICIT_TRADE,
        "C10": ExchangeKind.OPERATOR_EXCHANGE,
        "B63": ExchangeKind.NETTED_EXTERNAL,
        "A66": ExchangeKind.ENERGY_FLOW,
    },
    "A62",
)
_ACTIVE_POWER = "8716867000016"
_DAY_AHEAD = "A01"
_DETAIL = "A01"
_AREAS, _PARTIES = "A01", "A03"
"""Values of ``objectAggregation``: a schedule is that of an area, or of parties."""


def to_canonical(document: ScheduleMarketDocument) -> tuple[Envelope[ExchangeSchedules], Report]:
    """Return the exchanges of *document*. Raises `Unmappable`."""
    if document.type not in _TYPES:
        raise Unmappable("type", f"one of {', '.join(_TYPES)}", document.type, "A77")
    require_few_slots(document.series)
    message = ExchangeSchedules(exchanges=each("TimeSeries", document.series, exchange))
    classified = () if document.classification == _DETAIL else ("process.classificationType: dropped 1 times",)
    lost = (*classified, *losses([document], "matching_period"), *losses(document.series, "reason"))
    return envelope(document, message), Report(losses=lost) + remarks(document.series)


def from_canonical(letter: Envelope[ExchangeSchedules]) -> ScheduleMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    exchanges = letter.message.exchanges
    areas = (area for one in exchanges for area in (one.from_area, one.to_area) if area is not None)
    domain = letter.domain or next(areas, None)
    if domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    period = letter.period or span(block.interval for one in exchanges for block in one.blocks)
    return ScheduleMarketDocument(
        **head(letter, "A04", period, _DAY_AHEAD),
        **subject(letter),
        classification=_DETAIL,
        domain=coded(domain),
        series=tuple(TimeSeries(**fields(one)) for one in exchanges),
    )


def exchange(series: Any) -> ExchangeSchedule:  # noqa: ANN401 - a series of a schedule or of an answer to one
    """Return the exchange that a series states, here or in an answer to a schedule. Raises `Unmappable`."""
    require("product", _ACTIVE_POWER, series.product)
    require("measurement_Unit.name", MEGAWATT, series.quantity_unit)
    found = blocks(series.periods, series.curve_type)
    return ExchangeSchedule(
        id=series.id,
        version=revision(series.version),
        kind=_KINDS.meaning(series.business_type),
        from_area=None if series.out_domain is None else area_id(series.out_domain),
        to_area=None if series.in_domain is None else area_id(series.in_domain),
        from_party=None if series.out_party is None else party_id(series.out_party),
        to_party=None if series.in_party is None else party_id(series.in_party),
        metering_point=None if series.metering_point is None else metering_point_id(series.metering_point),
        connecting_line=None if series.connecting_line is None else resource_id(series.connecting_line),
        agreement=series.agreement,
        blocks=tuple(PowerBlock(interval=on, power_mw=point.quantity) for on, point in found),
    )


def fields(exchange: ExchangeSchedule) -> dict[str, Any]:
    """Return the fields of a series that states *exchange*. Raises `Unwritable`."""
    return {
        "id": exchange.id,
        "version": str(exchange.version),
        "business_type": _KINDS.code(exchange.kind),
        "product": _ACTIVE_POWER,
        "aggregation": _aggregation(exchange.from_party or exchange.to_party),
        "in_domain": coded_or_none(exchange.to_area),
        "out_domain": coded_or_none(exchange.from_area),
        "metering_point": coded_or_none(exchange.metering_point),
        "in_party": coded_or_none(exchange.to_party),
        "out_party": coded_or_none(exchange.from_party),
        "agreement": exchange.agreement,
        "connecting_line": coded_or_none(exchange.connecting_line),
        "quantity_unit": MEGAWATT,
        "curve_type": "A01",
        "periods": power_periods((block.interval, block.power_mw) for block in exchange.blocks),
    }


def remarks(series: Sequence[Any]) -> Report:
    """Say what was taken for granted and what was dropped of the *series* of a schedule or of an answer to one."""
    untyped = sum(1 for one in series if one.curve_type is None)
    aggregated = sum(1 for one in series if one.aggregation != _aggregation(one.in_party or one.out_party))
    points = [point for one in series for period in one.periods for point in period.points]
    return Report(
        assumptions=(f"{untyped} series without curveType: A01",) if untyped else (),
        losses=(
            *((f"objectAggregation: dropped {aggregated} times",) if aggregated else ()),
            *losses(series, "agreement_type"),
            *losses(points, "reasons"),
        ),
    )


def _aggregation(party: object) -> str:
    return _AREAS if party is None else _PARTIES
