"""NotifyValidatedMeasureData_MarketDocument of the Danish DataHub: validated metered data of metering points.

The grid company or the DataHub sends it (E66). Codes such as ``E17`` (consumption) and ``E23`` (periodic metering) are
those of ebIX and of the Danish market. Version 0.1 is declared in full and only read.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.measurements import MeasuredSeries, Readings
from gateway.model import Party, Role
from gateway.report import Report
from profiles.canonical import CodeTable, each, losses, metering_point_id, party_id
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    DATE_TIME,
    DURATION,
    PARTY,
    SHORT_MEASUREMENT_POINT,
    STRING,
    Coded,
    code,
    enumerated,
)
from profiles.measured import Point, areas, readings, require_type, unit_of
from profiles.parts import TimeInterval
from profiles.wire import element, many, one, opt

METERING_POINT_TYPE = enumerated(
    "MeteringPointTypeList",
    *(f"D{number:02}" for number in range(1, 23) if number != 16),  # noqa: PLR2004 - the list has no D16
    *("D99", "E17", "E18", "E19", "E20"),
    collapse=True,
)
"""Kinds of metering points in Denmark."""
BUSINESS_SECTOR = enumerated("BusinessSectorTypeList", "23", "27", collapse=True)
"""Electricity, gas."""


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    resolution: str = one("resolution", DURATION)
    interval: TimeInterval = one("timeInterval", TimeInterval)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class Series:
    """The values of one metering point."""

    id: str = one("mRID", STRING)
    original_series: str | None = opt("originalTransactionIDReference_Series.mRID", STRING)
    metering_point: Coded = one("marketEvaluationPoint.mRID", SHORT_MEASUREMENT_POINT)
    metering_point_type: str = one("marketEvaluationPoint.type", METERING_POINT_TYPE)
    registered: datetime = one("registration_DateAndOrTime.dateTime", DATE_TIME)
    in_domain: Coded | None = opt("in_Domain.mRID", AREA)
    out_domain: Coded | None = opt("out_Domain.mRID", AREA)
    product: str | None = opt("product", STRING)
    quantity_unit: str = one("quantity_Measure_Unit.name", code("UnitOfMeasureTypeList"))
    period: SeriesPeriod = one("Period", SeriesPeriod)


@element
class NotifyValidatedMeasureDataMarketDocument:
    """The document: header and series."""

    id: str = one("mRID", STRING)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sector: str | None = opt("businessSector.type", BUSINESS_SECTOR)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", DATE_TIME)
    series: tuple[Series, ...] = many("Series", Series)


EDITIONS = (
    Edition(
        document=NotifyValidatedMeasureDataMarketDocument,
        name="0.1",
        root="NotifyValidatedMeasureData_MarketDocument",
        namespace="urn:ediel.org:measure:notifyvalidatedmeasuredata:0:1",
        lists="ediel",
    ),
)
"""The first is the edition written by default."""

SEPARATE_SERIES = True
"""Each series stands for itself: its meaning needs no other one."""

MESSAGES = ()
"""It is read only."""


_TYPES = ("E66",)
_ROLES = CodeTable(
    "marketRole.type",
    {
        "DDK": Role.BALANCE_RESPONSIBLE_PARTY,
        "DDM": Role.GRID_ACCESS_PROVIDER,
        "DDQ": Role.ENERGY_SUPPLIER,
        "DDX": Role.IMBALANCE_SETTLEMENT_RESPONSIBLE,
        "DDZ": Role.METERING_POINT_ADMINISTRATOR,
        "DEA": Role.METERED_DATA_AGGREGATOR,
        "DGL": Role.METERED_DATA_ADMINISTRATOR,
        "EZ": Role.SYSTEM_OPERATOR,
        "MDR": Role.METERED_DATA_RESPONSIBLE,
    },
    "A78",
)
_SIGNS = CodeTable("marketEvaluationPoint.type", {"E18": 1, "D06": 1, "E17": -1, "D07": -1, "E20": 1})
"""Production and supply to the grid, consumption from it, and exchange between grids."""

_EXCHANGE = "E20"


def to_canonical(document: NotifyValidatedMeasureDataMarketDocument) -> tuple[Envelope[Readings], Report]:
    """Return what was measured. Raises `Unmappable`, also for kinds of metering points that have no sign."""
    require_type(document.type, _TYPES)
    letter = Envelope(
        id=document.id,
        document_type=document.type,
        process=document.process,
        sender=_party(document.sender, document.sender_role),
        receiver=_party(document.receiver, document.receiver_role),
        created=document.created,
        message=Readings(series=each("Series", document.series, _measured)),
    )
    return letter, Report(losses=losses([document], "sector"))


def _party(id_: Coded, role: str) -> Party:
    return Party(party_id(id_), _ROLES.meaning(role))


def _measured(series: Series) -> MeasuredSeries:
    unit, factor = unit_of(series.quantity_unit, series.product)
    sign = _SIGNS.meaning(series.metering_point_type)
    where = areas(series.in_domain, series.out_domain)
    if series.metering_point_type == _EXCHANGE and where["to_area"] is None:
        raise Unmappable("in_Domain.mRID", "the two areas of an exchange", "one or none", "A69")
    return MeasuredSeries(
        id=series.id,
        unit=unit,
        metering_point=metering_point_id(series.metering_point),
        **where,
        replaces=series.original_series,
        registered=series.registered,
        readings=readings([series.period], None, sign * factor),
    )
