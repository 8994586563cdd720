"""Automatic frequency restoration reserve: cycles of four seconds over all areas at once.

European aFRR platform (implementation framework under Regulation (EU) 2017/2195, article 21; activation optimisation):
in each cycle (1) as much demand is satisfied as possible, (2) with the least activated volume, which nets opposite
demands, (3) at the greatest welfare, (4) with the least flows. Bids are divisible, and all is one linear program.

Prices (methodology for pricing balancing energy, ACER decision 01-2020): one for each *uncongested area*, the areas
that are joined by borders with room in both directions. It is that of the dearest up bid or of the down bid that pays
least that is activated there; where none is, the middle between the best up and the best down bid, for both directions.
An uncongested area never activates up and down at once: that would not be the least volume.

Demand of a control area in a closed loop: what is activated already, less its frequency restoration control error
(FRCE, above 0 where it exports too much), so that an area whose error is 0 keeps what it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from gateway.areas import Exchange
from gateway.coupling.capacities import TransferCapacities, Way
from gateway.coupling.goals import ACTIVATED_VOLUME, FLOWS, SATISFIED_DEMAND, WELFARE
from gateway.coupling.process import Process
from gateway.coupling.transport import Answer, Demand, Layout, answer, best, layout
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import ZERO, Activation, Availability, Bid, Direction, Reserve

GOALS = (SATISFIED_DEMAND, ACTIVATED_VOLUME, WELFARE, FLOWS)
"""The goals of a cycle, in their order."""

CYCLE = timedelta(seconds=4)
"""How long a cycle lasts; 225 of them are a quarter hour."""

PROCESS = Process(
    title="automatic frequency restoration reserve",
    exchange=Exchange.AUTOMATIC_RESTORATION,
    reserve=Reserve.AFRR,
    activation=Activation.DIRECT,
    unit=CYCLE,
    goals=GOALS,
)
"""Run by `cycle`."""


class Side(StrEnum):
    """For which direction a price holds."""

    UP = "up"
    DOWN = "down"
    BOTH = "both, nothing is activated"
    NONE = "no price: nothing is offered"


@dataclass(frozen=True, slots=True)
class CyclePrice:
    """The price per MWh of an uncongested area, for which side it holds, and which areas it covers."""

    areas: tuple[AreaId, ...]
    side: Side
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Cycle:
    """The outcome of one cycle, in MW: demands, what of them is satisfied, activations by bid, flows, and prices."""

    demand_mw: Mapping[AreaId, Decimal]
    satisfied_mw: Mapping[AreaId, Decimal]
    accepted_mw: Mapping[str, Decimal]
    flows_mw: Mapping[tuple[AreaId, AreaId], Decimal]
    prices: tuple[CyclePrice, ...]
    attained: tuple[tuple[str, Decimal], ...]

    def price_of(self, area: AreaId) -> CyclePrice:
        """Return the price of *area*. Raises `InvalidValue` for one that the cycle does not know."""
        found = next((price for price in self.prices if area in price.areas), None)
        if found is None:
            raise InvalidValue("area", "an area of the cycle", str(area))
        return found


def demand_mw(control_error_mw: Decimal, activated_mw: Decimal) -> Decimal:
    """Return the demand of an area: above 0 upward.

    >>> demand_mw(Decimal(0), Decimal(50)), demand_mw(Decimal(-30), Decimal(0))
    (Decimal('50'), Decimal('30'))
    """
    return activated_mw - control_error_mw


def cycle(
    bids: Iterable[Bid],
    demands: Mapping[AreaId, Decimal],
    capacities: TransferCapacities,
    quantity_step: Decimal = Decimal("0.001"),
) -> Cycle:
    """Return the outcome of one cycle; bids that are unavailable take no part.

    Raises `InvalidValue` for bids that cannot be divided, and `gateway.errors.Unsolved` where the solver fails.
    """
    usable = [bid for bid in bids if bid.availability is not Availability.UNAVAILABLE]
    problem = layout(usable, [Demand(area, mw) for area, mw in demands.items()], capacities, quantity_step)
    found = answer(problem, best(problem, GOALS))
    return Cycle(
        demand_mw=dict(sorted(demands.items())),
        satisfied_mw={area: found.satisfied_mw.get(area, ZERO) for area in sorted(demands)},
        accepted_mw={bid: mw for bid, mw in found.accepted_mw.items() if mw},
        flows_mw={ends: mw for ends, mw in found.flows_mw.items() if mw},
        prices=tuple(_prices(problem, found, demands)),
        attained=found.attained,
    )


def run(
    bids: Sequence[Bid],
    demands: Iterable[Mapping[AreaId, Decimal]],
    capacities: TransferCapacities,
    quantity_step: Decimal = Decimal("0.001"),
) -> tuple[Cycle, ...]:
    """Return the cycles of an interval, one for each of *demands*; equal demands have equal outcomes."""
    known: dict[tuple[tuple[AreaId, Decimal], ...], Cycle] = {}
    cycles = []
    for wanted in demands:
        key = tuple(sorted(wanted.items()))
        if key not in known:
            known[key] = cycle(bids, wanted, capacities, quantity_step)
        cycles.append(known[key])
    return tuple(cycles)


def uncongested_areas(
    areas: Iterable[AreaId], ways: Iterable[Way], flows_mw: Mapping[tuple[AreaId, AreaId], Decimal]
) -> tuple[tuple[AreaId, ...], ...]:
    """Return *areas* grouped by borders whose net flow lies strictly between the limits of both directions."""
    group = {area: {area} for area in areas}
    limit_mw = {way.ends: way.limit_mw for way in ways}
    for (start, end), most in limit_mw.items():
        flow = flows_mw.get((start, end), ZERO) - flows_mw.get((end, start), ZERO)
        if -limit_mw.get((end, start), ZERO) < flow < most:
            joined = group[start] | group[end]
            group |= dict.fromkeys(joined, joined)
    return tuple(sorted({tuple(sorted(each)) for each in group.values()}))


def _prices(problem: Layout, found: Answer, demands: Iterable[AreaId]) -> Iterator[CyclePrice]:
    for areas in uncongested_areas({*problem.areas, *demands}, problem.ways, found.flows_mw):
        inside = [bid for bid in problem.bids if bid.area in areas]
        taken = [bid for bid in inside if found.accepted_mw[bid.id]]
        side = Side(taken[0].direction) if taken else Side.BOTH
        prices = [bid.price for bid in taken if bid.price is not None]
        if taken:
            yield CyclePrice(areas, side, max(prices) if side is Side.UP else min(prices))
            continue
        ends = [*_best(inside, Direction.UP), *_best(inside, Direction.DOWN)]
        middle = sum(ends, ZERO) / len(ends) if ends else None
        yield CyclePrice(areas, Side.BOTH if ends else Side.NONE, middle)


def _best(bids: Iterable[Bid], direction: Direction) -> list[Decimal]:
    """Return the best price of one direction in a list, which is empty where none is offered."""
    prices = sorted(direction.sign * bid.price for bid in bids if bid.direction is direction and bid.price is not None)
    return [direction.sign * price for price in prices[:1]]
