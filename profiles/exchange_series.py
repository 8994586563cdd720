"""The series of schedules between areas and parties (IEC 62325-451-2): what it says, and how it is written.

A schedule, the confirmation of one and an anomaly report state an exchange in the same elements. What the operator adds
(reasons, a series that is imposed) stands with its document. Energy runs from ``out`` to ``in``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.report import Report
from gateway.schedules import ExchangeKind, ExchangeSchedule, PowerBlock
from profiles.canonical import (
    MEGAWATT,
    CodeTable,
    area_id,
    coded_or_none,
    losses,
    metering_point_id,
    party_id,
    require,
    resource_id,
    revision,
)
from profiles.lexical import AREA, IDENTIFIER, PARTY, RESOURCE, REVISION, SHORT_MEASUREMENT_POINT, Coded, code
from profiles.parts import SeriesPeriod
from profiles.slots import blocks, power_periods
from profiles.wire import element, many, one, opt


@element
class ExchangeSeries:
    """One exchange between two areas, two parties or both; ``version`` is the revision that last changed it.

    A confirmation allows longer identifiers of metering points than a schedule and an anomaly report.
    """

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
_AREAS, _PARTIES = "A01", "A03"
"""Values of ``objectAggregation``: a schedule is that of an area, or of parties."""


def exchange(series: ExchangeSeries) -> ExchangeSchedule:
    """Return the exchange that a series states. Raises `Unmappable`, and `InvalidValue` for one that cannot be."""
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
    """Return the fields of a series that states *exchange*."""
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


def remarks(series: Sequence[ExchangeSeries]) -> Report:
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
