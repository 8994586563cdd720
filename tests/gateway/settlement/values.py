"""Small values of a settlement for tests: two providers in two grids, and the quarter hours they are activated in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gateway.identifiers import MeteringPointId, PartyId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings
from gateway.measurements import Unit as Measure
from gateway.model import Direction
from gateway.results import Award, ClearingPrice, ClearingResult, Fate, ServedNeed
from gateway.schedules import PlanKind, PowerBlock, ResourceSchedule, ResourceSchedules
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.case import InterfaceAward, Perimeter, SettlementCase
from gateway.settlement.definition import Grid, SettlementDefinition, Unit
from gateway.settlement.imbalance import ImbalancePrice
from gateway.settlement.ledger import Ledger
from gateway.settlement.orders import Order
from gateway.time import Interval
from tests.market_values import DSO, EAST, OTHER_SELLER, SELLER, TSO, WEST, quarter

D = Decimal
UP, DOWN = Direction.UP, Direction.DOWN

SUPPLIER = PartyId("7080000000036", "A10")
BUYER = PartyId("7080000000043", "A10")
EAST_TSO = PartyId("10X1001A1001A418", "A01")

PLANT = Unit(
    resource=ResourceId("PLANT", "NNO"),
    provider=SELLER.id,
    provider_responsible=SELLER.id,
    supplier=SELLER.id,
    operator=TSO.id,
    grid=Grid.TRANSMISSION,
    baseline=BaselineMethod.SCHEDULE,
)
"""A power plant in the transmission grid, in its provider's own perimeter."""

LOADS = Unit(
    resource=ResourceId("LOADS", "NNO"),
    provider=OTHER_SELLER.id,
    provider_responsible=OTHER_SELLER.id,
    supplier=SUPPLIER,
    operator=DSO.id,
    grid=Grid.DISTRIBUTION,
    baseline=BaselineMethod.SCHEDULE,
    metering_point=MeteringPointId("707057500000000018", "A10"),
)
"""Loads in the distribution grid behind an independent aggregator."""


def definition(scheme: str = "centralised", **terms: Any) -> SettlementDefinition:  # noqa: ANN401 - any term
    """Return the terms of a market with both units."""
    operators = {WEST: TSO.id, EAST: EAST_TSO}
    return SettlementDefinition(scheme=scheme, operators=operators, units=(PLANT, LOADS), **terms)


def order(unit: Unit = PLANT, mw: object = 10, direction: Direction = UP, on: Interval | None = None) -> Order:
    """Return an order to *unit* at 50 per MWh, in the first quarter unless told."""
    return Order(
        bid_id=f"{unit.resource.value} {direction}",
        provider=unit.provider,
        area=WEST,
        direction=direction,
        interval=on or quarter(),
        power_mw=D(str(mw)),
        price=D(50),
        resource=unit.resource,
    )


def award(
    unit: Unit = PLANT,
    mw: object = 10,
    price: object = 50,
    direction: Direction = UP,
    **other: Any,  # noqa: ANN401
) -> Award:
    """Return the award of a bid of *unit* that offered what is accepted, at its own price."""
    told: dict[str, Any] = {
        "bid_id": f"{unit.resource.value} {direction}",
        "provider": unit.provider,
        "area": WEST,
        "direction": direction,
        "interval": quarter(),
        "offered_mw": D(str(mw)),
        "quantity_mw": D(str(mw)),
        "bid_price": D(str(price)),
        "price": D(str(price)),
        "fate": Fate.ACCEPTED,
        "reason": "",
        "resource": unit.resource,
    }
    return Award(**{**told, **other})


def result(*awards: Award, price: object = 50, **parts: Any) -> ClearingResult:  # noqa: ANN401 - any part
    """Return the result of a clearing with *awards*, one price for each of their areas and intervals."""
    figure = D(str(price))
    places = sorted({(one.area, one.interval) for one in awards})
    prices = tuple(
        ClearingPrice(area=area, interval=on, price=figure, lowest=figure, highest=figure) for area, on in places
    )
    told: dict[str, Any] = {"awards": awards, "needs": (), "prices": prices, "flows": ()}
    return ClearingResult(**{**told, **parts})


def measured(unit: Unit, *powers: object, first: int = 0, quality: Quality | None = None) -> Readings:
    """Return a document of quarter-hourly powers of *unit*; None is a value that is missing."""
    return Readings(series=(series(unit, powers, (quarter(first + n) for n in range(len(powers))), quality),))


def series(
    unit: Unit, values: Iterable[object], slots: Iterable[Interval], quality: Quality | None = None
) -> MeasuredSeries:
    """Return a series of powers of *unit* in *slots*."""
    readings = tuple(
        Reading(
            interval=slot,
            value=None if value is None else D(str(value)),
            quality=Quality.NOT_AVAILABLE if value is None else quality,
        )
        for value, slot in zip(values, slots, strict=True)
    )
    resource = None if unit.metering_point else unit.resource
    return MeasuredSeries(
        id=f"meter of {unit.resource.value}",
        unit=Measure.MEGAWATT,
        readings=readings,
        metering_point=unit.metering_point,
        resource=resource,
    )


def in_energy(one: MeasuredSeries) -> MeasuredSeries:
    """Return the quarter-hourly series *one* in MWh."""
    readings = tuple(replace(reading, value=reading.value and reading.value / 4) for reading in one.readings)
    return replace(one, unit=Measure.MEGAWATT_HOUR, readings=readings)


def planned(unit: Unit, *powers: object, first: int = 0) -> ResourceSchedules:
    """Return the plan of *unit* in consecutive quarters."""
    blocks = tuple(PowerBlock(interval=quarter(first + n), power_mw=D(str(mw))) for n, mw in enumerate(powers))
    plan = ResourceSchedule(
        id="plan", kind=PlanKind.NET, provider=unit.provider, area=WEST, blocks=blocks, resource=unit.resource
    )
    return ResourceSchedules(planned=(plan,))


def flexible_period(scheme: str = "centralised", **parts: Any) -> SettlementCase:  # noqa: ANN401 - any part
    """Return a quarter hour with 10 MW of PLANT and 2 MW of LOADS, both upward at 50 per MWh.

    PLANT delivers its 2.5 MWh. LOADS is asked for 0.5 MWh and delivers 0.4 MWh. The supplier of LOADS had bought 1 MWh;
    an imbalance costs 60 per MWh.
    """
    told: dict[str, Any] = {
        "definition": definition(scheme),
        "result": result(award(PLANT, 10), award(LOADS, 2)),
        "readings": (measured(PLANT, 15), measured(LOADS, "-2.4")),
        "schedules": (planned(PLANT, 5), planned(LOADS, -4)),
        "perimeters": (
            Perimeter(party=SUPPLIER, area=WEST, interval=quarter(), allocated_mwh=D("-0.6"), position_mwh=D(-1)),
            Perimeter(party=OTHER_SELLER.id, area=WEST, interval=quarter()),
        ),
        "imbalance_prices": (ImbalancePrice(area=WEST, interval=quarter(), shortage=D(60), surplus=D(60)),),
    }
    return SettlementCase(**{**told, **parts})


def need(buyer: PartyId, mw: object, price: object = 50, name: str = "need") -> ServedNeed:
    """Return an upward need of *buyer* in WEST that was served whole."""
    power = D(str(mw))
    return ServedNeed(
        need_id=name,
        buyer=buyer,
        area=WEST,
        direction=UP,
        interval=quarter(),
        requested_mw=power,
        served_mw=power,
        price=D(str(price)),
    )


NAMES = {
    str(TSO.id): "TSO",
    str(DSO.id): "DSO",
    str(SELLER.id): "plant",
    str(OTHER_SELLER.id): "aggregator",
    str(SUPPLIER): "supplier",
    str(BUYER): "buyer",
    str(EAST_TSO): "TSO east",
}


def balances(ledger: Ledger) -> dict[str, str]:
    """Return the balances that are not 0, under short names."""
    return {NAMES.get(name, name): f"{amount:f}" for name, amount in ledger.balances().items() if amount}


def handed_up(mw: object, price: object) -> InterfaceAward:
    return InterfaceAward(
        distributor=DSO.id, area=WEST, interval=quarter(), injection_mw=D(str(mw)), price=D(str(price))
    )
