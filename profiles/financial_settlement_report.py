"""FinancialSettlementReport_MarketDocument (IEC 62325-451, part 6 by its namespace): the money of a settlement (B44).

The market operator or settlement responsible tells a party what it is paid or has to pay for each business type.
Edition 1.0 is declared in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import chain

from gateway.accounts import Settlement, SettlementKind, SettlementLine
from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.model import Reserve
from gateway.report import Report
from profiles.canonical import (
    MEGAWATT_HOUR,
    CodeTable,
    coded_or_none,
    each,
    envelope,
    head,
    losses,
    require,
    resource_id,
)
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    RESOURCE,
    REVISION,
    SECOND,
    Coded,
    code,
)
from profiles.measured import areas, require_type
from profiles.parts import Reason, Status, TimeInterval
from profiles.slots import blocks, numbered, require_few_slots, runs, series_id, span
from profiles.wire import element, many, one, opt


@element
class Point:
    """Volume of one slot and its value in money."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    monetary_value: Decimal | None = opt("monetaryValue_Quantity.quantity", DECIMAL)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """One kind of payment."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    curve_type: str = one("curveType", code("CurveTypeList"))
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    connecting_line: Coded | None = opt("connectingLine_RegisteredResource.mRID", RESOURCE)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class FinancialSettlementReportMarketDocument:
    """The document: header and payments."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    status: Status | None = opt("docStatus", Status)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "FinancialSettlementReport_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-6:financialsettlementreportdocument:1:"

EDITIONS = (
    Edition(document=FinancialSettlementReportMarketDocument, name="1.0", root=_ROOT, namespace=_NAMESPACE + "0"),
)
"""The first is the edition written by default."""

MESSAGES = (Settlement,)
"""What the document carries."""


_TYPES = ("B44",)
_KINDS = CodeTable[tuple[SettlementKind, Reserve | None]](
    "businessType",
    {
        "A95": (SettlementKind.BALANCING_ENERGY, Reserve.FCR),
        "A96": (SettlementKind.BALANCING_ENERGY, Reserve.AFRR),
        "A97": (SettlementKind.BALANCING_ENERGY, Reserve.MFRR),
        "A98": (SettlementKind.BALANCING_ENERGY, Reserve.RR),
        "B95": (SettlementKind.RESERVE_CAPACITY, None),
        "A20": (SettlementKind.IMBALANCE, None),
        "A17": (SettlementKind.DEVIATION, None),
        "C10": (SettlementKind.EXCHANGE, None),
        "C87": (SettlementKind.COST_SHARE, None),
        "B10": (SettlementKind.CONGESTION_INCOME, None),
        "B77": (SettlementKind.PENALTY, None),
        "C56": (SettlementKind.ROUNDING, None),
    },
    "A62",
)
_FINAL = CodeTable("docStatus/value", {"A02": True, "A01": False})
_ACTIVE_ENERGY = "8716867000030"
_SETTLEMENT = "A06"


def to_canonical(document: FinancialSettlementReportMarketDocument) -> tuple[Envelope[Settlement], Report]:
    """Return what the receiver gets and pays. Raises `Unmappable`."""
    require_type(document.type, _TYPES)
    require_few_slots(document.series)
    found = each("TimeSeries", document.series, _lines)
    final = document.status is None or _FINAL.meaning(document.status.value)
    points = [point for series in document.series for period in series.periods for point in period.points]
    report = Report(
        assumptions=("no docStatus: final",) if document.status is None else (),
        losses=(*losses([document], "reasons"), *losses(document.series, "reasons"), *losses(points, "reasons")),
    )
    return envelope(document, Settlement(lines=tuple(chain(*found)), final=final)), report


def from_canonical(letter: Envelope[Settlement]) -> FinancialSettlementReportMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    lines = letter.message.lines
    period = letter.period or span(line.interval for line in lines)
    groups: dict[tuple[object, ...], list[SettlementLine]] = {}
    for line in lines:
        key = series_id(line.id), line.kind, line.reserve, line.currency, line.area, line.to_area, line.resource
        groups.setdefault(key, []).append(line)
    return FinancialSettlementReportMarketDocument(
        **head(letter, "B44", period, _SETTLEMENT),
        domain=coded_or_none(letter.domain),
        status=Status(value=_FINAL.code(letter.message.final)),
        series=tuple(map(_series, groups.values())),
    )


def _lines(series: TimeSeries) -> list[SettlementLine]:
    require("measurement_Unit.name", MEGAWATT_HOUR, series.quantity_unit)
    require("product", _ACTIVE_ENERGY, series.product)
    if series.currency is None:
        raise Unmappable("currency_Unit.name", "a currency", "none", "A69")
    kind, reserve = _KINDS.meaning(series.business_type)
    found = blocks(series.periods, series.curve_type)
    return [
        SettlementLine(
            id=id_,
            kind=kind,
            reserve=reserve,
            interval=on,
            quantity_mwh=point.quantity,
            amount=_amount(point),
            currency=series.currency,
            **areas(series.in_domain, series.out_domain),
            resource=None if series.connecting_line is None else resource_id(series.connecting_line),
        )
        for id_, (on, point) in zip(numbered(series.id, len(found)), found, strict=True)
    ]


def _amount(point: Point) -> Decimal:
    if point.monetary_value is None:
        raise Unmappable("Point/monetaryValue_Quantity.quantity", "an amount of money", "none", "A69")
    return point.monetary_value


def _series(lines: list[SettlementLine]) -> TimeSeries:
    first = lines[0]
    if first.to_area is not None and first.area in {None, first.to_area}:
        raise Unwritable(f"SettlementLine {first.id}", "two areas, or one as area", f"to {first.to_area}")
    return TimeSeries(
        id=series_id(first.id),
        business_type=_KINDS.code((first.kind, first.reserve)),
        product=_ACTIVE_ENERGY,
        curve_type="A01",
        quantity_unit=MEGAWATT_HOUR,
        currency=first.currency,
        in_domain=coded_or_none(first.to_area or first.area),
        out_domain=coded_or_none(first.area),
        connecting_line=coded_or_none(first.resource),
        periods=tuple(_periods(lines)),
    )


def _periods(lines: list[SettlementLine]) -> Iterable[SeriesPeriod]:
    for whole, resolution, found in runs((line.interval, line) for line in lines):
        points = (
            Point(position=at, quantity=line.quantity_mwh, monetary_value=line.amount)
            for at, line in enumerate(found, 1)
        )
        yield SeriesPeriod(interval=whole, resolution=resolution, points=tuple(points))
