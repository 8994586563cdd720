"""EnergyAccount_MarketDocument (IEC 62325-451-4): the energy that a party has to answer for in settlement.

The market operator or imbalance settlement responsible sends delivered energy (A10, A11) and the corrected perimeter of
a balance responsible party (A12). What goes ``in`` is injected into the grid of the area, what goes ``out`` is taken
from it. Edition 4.1 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from gateway.accounts import AdjustmentKind, PerimeterAdjustment, PerimeterCorrection
from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import ZERO
from gateway.report import Report
from gateway.time import Interval
from profiles.canonical import (
    MEGAWATT_HOUR,
    CodeTable,
    absent,
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
)
from profiles.edition import Edition
from profiles.lexical import (
    AMOUNT,
    AREA,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    MEASUREMENT_POINT,
    PARTY,
    POSITION,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    SHORT_MEASUREMENT_POINT,
    Coded,
    code,
)
from profiles.measured import EXACT, QUALITIES
from profiles.parts import Reason, Status, TimeInterval
from profiles.slots import blocks, interval, numbered, require_few_slots, runs, series_id, span
from profiles.wire import element, many, one, opt


@element
class Point:
    """Energy into and out of the area in one slot; one of the two is 0. The price is per MWh."""

    position: int = one("position", POSITION)
    in_quantity: Decimal = one("in_Quantity.quantity", DECIMAL)
    in_quality: str | None = opt("in_Quantity.quality", code("QualityTypeList"))
    out_quantity: Decimal = one("out_Quantity.quantity", DECIMAL)
    out_quality: str | None = opt("out_Quantity.quality", code("QualityTypeList"))
    price: Decimal | None = opt("price.amount", AMOUNT)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """The account of one party, area and business type."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    aggregation: str = one("objectAggregation", code("ObjectAggregationTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    area: Coded = one("area_Domain.mRID", AREA)
    party: Coded | None = opt("marketParticipant.mRID", PARTY)
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    metering_point: Coded | None = opt("marketEvaluationPoint.mRID", MEASUREMENT_POINT)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)


@element
class EnergyAccountMarketDocument:
    """The document: header and accounts; the status is A01 intermediate or A02 final."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    status: Status = one("docStatus", Status)
    process: str = one("process.processType", code("ProcessTypeList"))
    classification: str = one("process.classificationType", code("ClassificationTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries, least=1)


_ROOT = "EnergyAccount_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-4:energyaccountdocument:"

EDITIONS = (
    Edition(
        document=EnergyAccountMarketDocument,
        name="4.1",
        root=_ROOT,
        namespace=_NAMESPACE + "4:1",
        least={"curveType": 1},
    ),
    Edition(
        document=EnergyAccountMarketDocument,
        name="4.0",
        root=_ROOT,
        namespace=_NAMESPACE + "4:0",
        rename={"measurement_Unit.name": "measure_Unit.name"},
        without=frozenset({"curveType"}),
        kinds={"ID_String": SHORT_IDENTIFIER, "MeasurementPointID_String": SHORT_MEASUREMENT_POINT},
    ),
    Edition(
        document=EnergyAccountMarketDocument,
        name="3.0",
        root=_ROOT,
        namespace=_NAMESPACE + "3:0",
        rename={
            "measurement_Unit.name": "measure_Unit.name",
            "in_Quantity.quantity": "quantity",
            "out_Quantity.quantity": "secondaryQuantity",
        },
        without=frozenset({"Point/Reason", "curveType", "in_Quantity.quality", "out_Quantity.quality"}),
        kinds={"ID_String": SHORT_IDENTIFIER, "MeasurementPointID_String": SHORT_MEASUREMENT_POINT},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (Readings, PerimeterCorrection)
"""What the document carries."""


_DELIVERED, _CORRECTED = ("A11", "A10"), ("A12",)
_KINDS = CodeTable("businessType", {"A19": AdjustmentKind.ACTIVATION, "A20": AdjustmentKind.IMBALANCE}, "A62")
_FINAL = CodeTable("docStatus/value", {"A02": True, "A01": False})
_AGGREGATED = "A14"
"""Business type: aggregated energy data."""

_ACTIVE_ENERGY = "8716867000030"
_SETTLEMENT = "A06"
_DETAIL = "A01"
_AREA, _METERING_POINT, _PARTY = "A01", "A02", "A03"
"""Values of ``objectAggregation``."""


def carries(letter: Envelope[Readings | PerimeterCorrection]) -> bool:
    """Whether *letter* is an account of energy rather than what a meter showed."""
    return isinstance(letter.message, PerimeterCorrection) or letter.document_type in _DELIVERED


def to_canonical(document: EnergyAccountMarketDocument) -> tuple[Envelope[Readings | PerimeterCorrection], Report]:
    """Return delivered energy (A10, A11) or the correction of perimeters (A12). Raises `Unmappable`."""
    require_few_slots(document.series)
    final = _FINAL.meaning(document.status.value)
    if document.type in _CORRECTED:
        found = each("TimeSeries", document.series, _adjustments)
        adjustments = tuple(adjustment for series in found for adjustment in series)
        message: Readings | PerimeterCorrection = PerimeterCorrection(adjustments=adjustments, final=final)
    elif document.type in _DELIVERED:
        message = Readings(series=each("TimeSeries", document.series, _measured), final=final)
    else:
        raise Unmappable("type", "A10, A11 or A12", document.type, "A77")
    return envelope(document, message), _remarks(document)


def from_canonical(letter: Envelope[Readings | PerimeterCorrection]) -> EnergyAccountMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    message = letter.message
    if isinstance(message, PerimeterCorrection):
        kind, series = _CORRECTED[0], tuple(_adjustment_series(message.adjustments))
    else:
        kind, series = _DELIVERED[0], tuple(map(_measured_series, message.series))
    period = letter.period or span(interval(covered.interval) for account in series for covered in account.periods)
    return EnergyAccountMarketDocument(
        **head(letter, kind, period, _SETTLEMENT),
        status=Status(value=_FINAL.code(message.final)),
        classification=_DETAIL,
        domain=coded_or_none(letter.domain),
        series=series,
    )


def _net(series: TimeSeries) -> list[tuple[Interval, Decimal, Point]]:
    """Return the net energy of each slot: what goes in less what goes out. Raises `Unmappable`."""
    require("measurement_Unit.name", MEGAWATT_HOUR, series.quantity_unit)
    require("product", _ACTIVE_ENERGY, series.product)
    return [
        (on, EXACT.subtract(point.in_quantity, point.out_quantity), point)
        for on, point in blocks(series.periods, series.curve_type)
    ]


def _measured(series: TimeSeries) -> MeasuredSeries:
    return MeasuredSeries(
        id=series.id,
        unit=Unit.MEGAWATT_HOUR,
        area=area_id(series.area),
        party=None if series.party is None else party_id(series.party),
        metering_point=None if series.metering_point is None else metering_point_id(series.metering_point),
        readings=tuple(Reading(interval=on, value=net, quality=_quality(point)) for on, net, point in _net(series)),
    )


def _adjustments(series: TimeSeries) -> list[PerimeterAdjustment]:
    if series.party is None:
        raise Unmappable("marketParticipant.mRID", "the party whose perimeter is corrected", "none", "A69")
    kind, party, net = _KINDS.meaning(series.business_type), party_id(series.party), _net(series)
    return [
        PerimeterAdjustment(
            id=id_,
            party=party,
            area=area_id(series.area),
            interval=on,
            energy_mwh=energy,
            kind=kind,
            price=point.price,
            **({} if series.currency is None else {"currency": series.currency}),
        )
        for id_, (on, energy, point) in zip(numbered(series.id, len(net)), net, strict=True)
    ]


def _quality(point: Point) -> Quality | None:
    """Return the quality of the value that counts; the other one is 0."""
    code_ = point.out_quality if point.out_quantity else point.in_quality
    return None if code_ is None else QUALITIES.meaning(code_)


def _measured_series(measured: MeasuredSeries) -> TimeSeries:
    if measured.unit is not Unit.MEGAWATT_HOUR or measured.area is None or measured.to_area:
        raise Unwritable(f"MeasuredSeries {measured.id}", "energy in one area", "power or an exchange")
    if measured.resource or measured.replaces or measured.registered:
        raise Unwritable(f"MeasuredSeries {measured.id}", "neither resource nor correction", "one of them")
    account = _METERING_POINT if measured.metering_point else _PARTY if measured.party else _AREA
    return TimeSeries(
        id=measured.id,
        business_type=_AGGREGATED,
        product=_ACTIVE_ENERGY,
        aggregation=account,
        curve_type="A01",
        area=coded(measured.area),
        party=coded_or_none(measured.party),
        quantity_unit=MEGAWATT_HOUR,
        metering_point=coded_or_none(measured.metering_point),
        periods=_periods((value.interval, (value.value, value.quality, None)) for value in measured.readings),
    )


def _adjustment_series(adjustments: Iterable[PerimeterAdjustment]) -> Iterable[TimeSeries]:
    groups: dict[tuple[object, ...], list[PerimeterAdjustment]] = {}
    for moved in adjustments:
        key = series_id(moved.id), moved.party, moved.area, moved.kind, moved.currency
        groups.setdefault(key, []).append(moved)
    for group in groups.values():
        first = group[0]
        yield TimeSeries(
            id=series_id(first.id),
            business_type=_KINDS.code(first.kind),
            product=_ACTIVE_ENERGY,
            aggregation=_PARTY,
            curve_type="A01",
            area=coded(first.area),
            party=coded(first.party),
            quantity_unit=MEGAWATT_HOUR,
            currency=first.currency,
            periods=_periods((moved.interval, (moved.energy_mwh, None, moved.price)) for moved in group),
        )


def _periods(
    values: Iterable[tuple[Interval, tuple[Decimal | None, Quality | None, Decimal | None]]],
) -> tuple[SeriesPeriod, ...]:
    return tuple(
        SeriesPeriod(
            interval=whole,
            resolution=resolution,
            points=tuple(_point(at, *value) for at, value in enumerate(found, 1)),
        )
        for whole, resolution, found in runs(values)
    )


def _point(position: int, net: Decimal | None, quality: Quality | None, price: Decimal | None) -> Point:
    if net is None:
        raise Unwritable("Point/in_Quantity.quantity", "a value: an account has no missing ones", "none")
    code_ = None if quality is None else QUALITIES.code(quality)
    return Point(
        position=position,
        in_quantity=max(ZERO, net),
        in_quality=code_ if net >= ZERO else None,
        out_quantity=max(ZERO, net.copy_negate()),
        out_quality=code_ if net < ZERO else None,
        price=price,
    )


def _remarks(document: EnergyAccountMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    untyped = absent(document.series, "curve_type")
    points = [point for series in document.series for period in series.periods for point in period.points]
    delivered = document.type in _DELIVERED
    other = sum(1 for series in document.series if delivered and series.business_type != _AGGREGATED)
    unnamed = 0 if delivered else sum(1 for series in document.series if series.currency is None and _priced(series))
    return Report(
        assumptions=(
            *((f"{untyped} series without curveType: A01",) if untyped else ()),
            *((f"{unnamed} series with prices without currency: EUR",) if unnamed else ()),
        ),
        losses=(
            *(() if document.classification == _DETAIL else ("process.classificationType: dropped 1 times",)),
            *((f"businessType: dropped {other} times",) if other else ()),
            *losses(document.series, "agreement", *(("currency",) if delivered else ("metering_point",))),
            *losses(points, "reasons", *(("price",) if delivered else ("in_quality", "out_quality"))),
        ),
    )


def _priced(series: TimeSeries) -> bool:
    return any(point.price is not None for period in series.periods for point in period.points)
