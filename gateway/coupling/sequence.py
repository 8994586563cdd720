"""Processes one after the other: each finds what the ones before it left of the borders.

Replacement reserve goes first, then manual, then automatic restoration; what a process exchanged loads one direction of
a border and relieves the other for the next (`gateway.coupling.capacities`). A border that one process may not use
keeps what its operators stated for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.areas import Exchange
from gateway.clearing.engine import ARRAYS, Engine
from gateway.coupling import mfrr_scheduled, rr
from gateway.coupling.afrr import Cycle, run
from gateway.coupling.agreement import Agreement
from gateway.coupling.capacities import TransferCapacities, agreed_capacities
from gateway.coupling.joint import Coupled, couple
from gateway.coupling.netting import Netted, Sharing, net
from gateway.coupling.pool import Contribution, pooled
from gateway.coupling.process import Process
from gateway.coupling.transport import Demand
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Capacity, Reserve
from gateway.time import Interval

SCHEDULED = (rr.PROCESS, mfrr_scheduled.PROCESS)
"""The scheduled processes in their order; direct activation and automatic reserve use what they leave."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What one process of a sequence found, and what its members may use after it."""

    process: Process
    coupled: Coupled
    left: tuple[Contribution, ...]


def in_sequence(
    agreement: Agreement,
    contributions: Iterable[Contribution],
    processes: Sequence[Process] = SCHEDULED,
    engine: Engine = ARRAYS,
) -> tuple[Stage, ...]:
    """Return the stages of *processes*; every contribution holds the bids and needs of all of them.

    Raises `InvalidValue` for a process that clears no reserve.
    """
    said, stages = tuple(contributions), []
    for process in processes:
        if process.reserve is None:
            raise InvalidValue("process", "one that clears a reserve", process.title)
        coupled = couple(replace(agreement, reserve=process.reserve), said, engine)
        said = left_over(agreement, said, coupled)
        stages.append(Stage(process, coupled, said))
    return tuple(stages)


def left_over(agreement: Agreement, said: Iterable[Contribution], coupled: Coupled) -> tuple[Contribution, ...]:
    """Return *said* with the capacities that *coupled* left; both members of a border state the same then."""
    after = {(each.interval, way.ends): each for part in coupled.parts for each in part.after for way in each.ways}
    return tuple(replace(each, capacities=_capacities(agreement, each, after)) for each in said)


def _capacities(
    agreement: Agreement,
    said: Contribution,
    after: dict[tuple[Interval, tuple[AreaId, AreaId]], TransferCapacities],
) -> tuple[Capacity, ...]:
    own = {*agreement.areas_of(said.member)}
    kept = [each for each in said.capacities if (each.interval, (each.from_area, each.to_area)) not in after]
    slots = {each.interval: each for (interval, _), each in after.items() if interval in said.intervals}
    told = (
        capacity
        for interval in sorted(slots)
        for capacity in slots[interval].capacities(said.member)
        if {capacity.from_area, capacity.to_area} & own
    )
    return (*kept, *told)


def cycles_of(
    agreement: Agreement,
    said: Iterable[Contribution],
    interval: Interval,
    demands: Iterable[Mapping[AreaId, Decimal]],
) -> tuple[Cycle, ...]:
    """Return the cycles of automatic reserve in *interval*, one for each of *demands*, as *said* leaves the borders.

    Areas are joined only where their cooperation exchanges automatic reserve and nothing is out of use.
    """
    pool = pooled(replace(agreement, reserve=Reserve.AFRR), said)
    capacities = agreed_capacities(
        pool.stated.get(interval, ()), interval, pool.cooperation, Exchange.AUTOMATIC_RESTORATION
    )
    bids = pool.bids_at.get(interval, ())
    return run(bids, demands, capacities, agreement.rules.quantity_step)


def netted_in(
    agreement: Agreement,
    said: Iterable[Contribution],
    interval: Interval,
    demands: Sequence[Demand],
    sharing: Sharing = Sharing.PROPORTIONAL,
) -> Netted:
    """Return what *demands* net in *interval* between areas whose cooperation nets, as *said* leaves the borders."""
    pool = pooled(agreement, said)
    capacities = agreed_capacities(pool.stated.get(interval, ()), interval, pool.cooperation, Exchange.NETTING)
    return net(demands, capacities, sharing, agreement.rules.quantity_step)
