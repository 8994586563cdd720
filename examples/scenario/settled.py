"""The two areas afterwards: what was planned, what was measured, and what was measured late (`two_areas_settled`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from stdnum import ean

from gateway.envelope import Envelope, Message
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.schedules import PlanKind, PowerBlock, ResourceSchedule, ResourceSchedules
from gateway.time import Interval
from scenario.draw import name
from scenario.envelopes import Document
from scenario.nordic import QUARTERS, ZONES, operator_of
from scenario.portfolios import demonstration_party

_QUARTER = QUARTERS[0]
_BEFORE = Interval(_QUARTER.start - timedelta(minutes=15), _QUARTER.start)
_OPERATOR = operator_of("SE3")
_PROVIDER = demonstration_party(1, Role.BALANCING_SERVICE_PROVIDER)
_METERS = demonstration_party(3, Role.METERED_DATA_RESPONSIBLE)

# Resource, and its net injection in MW in the quarter before the activation and in it; None is not measured.
MEASURED = (
    ("SE3-1", 100, 150),
    ("SE3-2", -60, -37),
    ("SE4-4", 0, 31),
    ("SE4-5", -40, None),
)
LATE = (("SE4-5", -40, -17),)
PLANNED_MW = {"SE3-1": 100, "SE4-5": -40}


def metering_point(resource: str) -> MeteringPointId:
    """Return an invented metering point of *resource* under the GS1 prefix for demonstrations."""
    zone, number = resource.removeprefix("SE").split("-")
    body = f"952{int(zone):07d}{int(number):07d}"
    return MeteringPointId(body + ean.calc_check_digit(body), "A10")


def documents() -> Iterator[Document]:
    """Yield the plans, and the measured values with one missing."""
    yield _document("plans", _PROVIDER, -60, ResourceSchedules(planned=tuple(map(_plan, PLANNED_MW))))
    yield _document("metering", _METERS, 24 * 60, Readings(series=tuple(_series(*row) for row in MEASURED)))


def late_documents() -> Iterator[Document]:
    """Yield the value that was missing."""
    yield _document("metering_late", _METERS, 48 * 60, Readings(series=tuple(_series(*row) for row in LATE)))


def _plan(resource: str) -> ResourceSchedule:
    return ResourceSchedule(
        id=name("two areas settled", "plan", resource),
        kind=PlanKind.NET,
        provider=_PROVIDER.id,
        area=ZONES[resource.partition("-")[0]],
        resource=ResourceId(f"EXAMPLE-{resource}", "NSE"),
        blocks=(PowerBlock(interval=_QUARTER, power_mw=Decimal(PLANNED_MW[resource])),),
    )


def _series(resource: str, *powers: int | None) -> MeasuredSeries:
    readings = tuple(
        Reading(
            interval=on,
            value=None if mw is None else Decimal(mw),
            quality=Quality.NOT_AVAILABLE if mw is None else Quality.AS_PROVIDED,
        )
        for on, mw in zip((_BEFORE, _QUARTER), powers, strict=True)
    )
    return MeasuredSeries(
        id=name("two areas settled", "meter", resource),
        unit=Unit.MEGAWATT,
        readings=readings,
        metering_point=metering_point(resource),
        area=ZONES[resource.partition("-")[0]],
    )


def _document(file: str, sender: Party, minutes_after: int, message: Message) -> Document:
    whole = Interval(_BEFORE.start, _QUARTER.end)
    envelope = Envelope(
        id=name("two areas settled", file),
        sender=sender,
        receiver=Party(_OPERATOR.party.id, Role.MARKET_OPERATOR),
        created=_QUARTER.end + timedelta(minutes=minutes_after),
        message=message,
        period=_QUARTER if sender is _PROVIDER else whole,
        domain=_OPERATOR.control_area,
    )
    return Document(file, envelope)
