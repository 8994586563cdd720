"""Capacity_MarketDocument (IEC 62325-451-3): how much may flow from one area to another.

A system operator states what a border or an interface between two grids can carry (A26; A32 proposed, A31 agreed).
The flow runs from ``out_Domain`` to ``in_Domain``. Edition 8.3 is declared in full.

``businessType`` says what the number means: A26 what is left after the schedule, A27 the net transfer capacity, C12 the
most that may be exchanged. A series is one border, direction and meaning; each slot of it is one `Capacity`. Linear
limits have no market document.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import chain

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.identifiers import PartyId
from gateway.model import Capacity, CapacityKind, GridConstraints
from gateway.report import Report
from profiles.canonical import (
    MEGAWATT,
    CodeTable,
    absent,
    area_id,
    coded,
    each,
    envelope,
    head,
    losses,
    party_id,
    require,
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
    SHORT_IDENTIFIER,
    Coded,
    code,
)
from profiles.parts import Reason, Status, TimeInterval
from profiles.slots import blocks, numbered, require_few_slots, runs, series_id, span
from profiles.wire import element, many, one, opt


@element
class Point:
    """The capacity of one slot, or from this slot on (curve A03)."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    secondary_quantity: Decimal | None = opt("secondaryQuantity", DECIMAL)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """One direction of one border, in one meaning."""

    id: str = one("mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    product: str = one("product", code("EnergyProductTypeList"))
    in_domain: Coded = one("in_Domain.mRID", AREA)
    out_domain: Coded = one("out_Domain.mRID", AREA)
    quantity_unit: str = one("measurement_Unit.name", code("UnitOfMeasureTypeList"))
    secondary_unit: str | None = opt("secondary_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    auction_category: str | None = opt("auction.category", code("CategoryTypeList"))
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    connecting_line: Coded | None = opt("connectingLine_RegisteredResource.mRID", RESOURCE)
    requester: Coded | None = opt("requesting_MarketParticipant.mRID", PARTY)
    requester_role: str | None = opt("requesting_MarketParticipant.marketRole.type", code("RoleTypeList"))
    direction: str | None = opt("flowDirection.direction", code("DirectionTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class CapacityMarketDocument:
    """The document: header and capacities."""

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
    received: str | None = opt("received_MarketDocument.mRID", IDENTIFIER)
    received_revision: str | None = opt("received_MarketDocument.revisionNumber", REVISION)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "Capacity_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-3:capacitydocument:8:"
_SINCE_8_3 = frozenset({"flowDirection.direction"})
_SINCE_8_2 = _SINCE_8_3 | {"requesting_MarketParticipant.mRID", "requesting_MarketParticipant.marketRole.type"}
_SINCE_8_1 = _SINCE_8_2 | {"secondary_Measurement_Unit.name", "secondaryQuantity"}

EDITIONS = (
    Edition(document=CapacityMarketDocument, name="8.3", root=_ROOT, namespace=_NAMESPACE + "3"),
    Edition(document=CapacityMarketDocument, name="8.2", root=_ROOT, namespace=_NAMESPACE + "2", without=_SINCE_8_3),
    Edition(document=CapacityMarketDocument, name="8.1", root=_ROOT, namespace=_NAMESPACE + "1", without=_SINCE_8_2),
    Edition(
        document=CapacityMarketDocument,
        name="8.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        rename={"measurement_Unit.name": "measure_Unit.name"},
        without=_SINCE_8_1,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (GridConstraints,)
"""What the document carries."""


_TYPES = ("A26", "A31", "A32")
_KINDS = CodeTable(
    "businessType",
    {"A26": CapacityKind.AVAILABLE, "A27": CapacityKind.TOTAL, "C12": CapacityKind.MAXIMUM_EXCHANGE},
    "A62",
)
_DETERMINATION = "A15"
"""Process of capacities that belong to no reserve: capacity determination."""

_ACTIVE_POWER = "8716867000016"
_UNHELD = ("auction", "auction_category", "connecting_line", "secondary_unit", "requester", "direction", "reasons")


def to_canonical(document: CapacityMarketDocument) -> tuple[Envelope[GridConstraints], Report]:
    """Return the capacities of *document*. Raises `Unmappable`."""
    if document.type not in _TYPES:
        raise Unmappable("type", " or ".join(_TYPES), document.type, "A77")
    sender = party_id(document.sender)
    require_few_slots(document.series)
    found = each("TimeSeries", document.series, lambda series: _capacities(series, sender))
    return envelope(document, GridConstraints(capacities=tuple(chain(*found)))), _remarks(document)


def from_canonical(letter: Envelope[GridConstraints]) -> CapacityMarketDocument:
    """Return the document that says what *letter* says.

    Raises `Unwritable`, also for linear limits and for losses, which it cannot carry.
    """
    if letter.message.limits:
        raise Unwritable("GridConstraints.limits", "no linear limits", f"{len(letter.message.limits)}")
    capacities = letter.message.capacities
    if any(capacity.loss_factor for capacity in capacities):
        raise Unwritable("Capacity.loss_factor", "0", "a loss factor")
    series: dict[tuple[object, ...], list[Capacity]] = {}
    for capacity in capacities:
        key = series_id(capacity.id), capacity.from_area, capacity.to_area, capacity.kind
        series.setdefault(key, []).append(capacity)
    domain = letter.domain or next((capacity.from_area for capacity in capacities), None)
    if domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    period = letter.period or span(capacity.interval for capacity in capacities)
    fields = head(letter, "A26", period, _DETERMINATION)
    return CapacityMarketDocument(**fields, domain=coded(domain), series=tuple(map(_series, series.values())))


def _capacities(series: TimeSeries, sender: PartyId) -> list[Capacity]:
    require("measurement_Unit.name", MEGAWATT, series.quantity_unit)
    require("product", _ACTIVE_POWER, series.product)
    slots = blocks(series.periods, series.curve_type)
    return [
        Capacity(
            id=id_,
            sender=sender,
            from_area=area_id(series.out_domain),
            to_area=area_id(series.in_domain),
            interval=on,
            quantity_mw=point.quantity,
            kind=_KINDS.meaning(series.business_type),
        )
        for id_, (on, point) in zip(numbered(series.id, len(slots)), slots, strict=True)
    ]


def _series(capacities: list[Capacity]) -> TimeSeries:
    first = capacities[0]
    return TimeSeries(
        id=series_id(first.id),
        business_type=_KINDS.code(first.kind),
        product=_ACTIVE_POWER,
        in_domain=coded(first.to_area),
        out_domain=coded(first.from_area),
        quantity_unit=MEGAWATT,
        curve_type="A01",
        periods=tuple(
            SeriesPeriod(
                interval=whole,
                resolution=resolution,
                points=tuple(Point(position=at, quantity=quantity) for at, quantity in enumerate(quantities, 1)),
            )
            for whole, resolution, quantities in runs((each_.interval, each_.quantity_mw) for each_ in capacities)
        ),
    )


def _remarks(document: CapacityMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    untyped = absent(document.series, "curve_type")
    points = [point for series in document.series for period in series.periods for point in period.points]
    return Report(
        assumptions=(f"{untyped} series without curveType: A01",) if untyped else (),
        losses=(
            *losses([document], "status", "received", "reasons"),
            *losses(document.series, *_UNHELD),
            *losses(points, "secondary_quantity", "reasons"),
        ),
    )
