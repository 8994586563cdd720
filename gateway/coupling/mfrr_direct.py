"""Manual frequency restoration reserve, direct: between two scheduled clearings, one demand at a time.

European mFRR platform (implementation framework under Regulation (EU) 2017/2195, article 20): a direct demand has no
price limit, and finds the bids that are offered for direct activation and not taken yet, and what is left of the
borders. A bid counts as taken once anything of it is accepted.

Price of an area (methodology for pricing balancing energy, ACER decision 01-2020): nobody who is activated directly is
worse off than in the scheduled clearing of the same quarter hour,

    up: max(scheduled price, marginal price of the direct demand)    down: min of the two    [money per MWh]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from gateway.areas import Exchange
from gateway.clearing import ClearingRules, Market, clear
from gateway.clearing.engine import ARRAYS, Engine
from gateway.coupling.capacities import TransferCapacities
from gateway.coupling.goals import FLOWS, SATISFIED_DEMAND, WELFARE
from gateway.coupling.joint import SPEAKER, PartResult
from gateway.coupling.process import Process
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import ZERO, Activation, Direction, Need, Reserve
from gateway.results import ClearingResult
from gateway.time import Interval

PROCESS = Process(
    title="manual frequency restoration reserve, direct",
    exchange=Exchange.MANUAL_RESTORATION,
    reserve=Reserve.MFRR,
    activation=Activation.DIRECT,
    unit=timedelta(minutes=15),
    goals=(SATISFIED_DEMAND, WELFARE, FLOWS),
)
"""Cleared one demand at a time."""


@dataclass(frozen=True, slots=True)
class DirectActivation:
    """What became of one direct demand: bids and flows, the prices that they are settled at, and what is left."""

    need: Need
    result: ClearingResult
    prices: Mapping[AreaId, Decimal]
    after: TransferCapacities

    @property
    def accepted_mw(self) -> Mapping[str, Decimal]:
        """MW of every bid that is activated."""
        return {award.bid_id: award.quantity_mw for award in self.result.awards if award.quantity_mw}

    @property
    def served_mw(self) -> Decimal:
        """MW of the demand that are met."""
        return sum((need.served_mw for need in self.result.needs), ZERO)


def activate(
    scheduled: PartResult, demands: Iterable[Need], rules: ClearingRules, engine: Engine = ARRAYS
) -> tuple[DirectActivation, ...]:
    """Return what becomes of direct *demands*, in the order in which they came, after a *scheduled* clearing.

    Raises `InvalidValue` for a demand with a price limit, or outside of what was cleared.
    """
    taken = {(award.bid_id, award.interval) for award in scheduled.result.awards if award.quantity_mw}
    left = {each.interval: each for each in scheduled.after}
    done: list[DirectActivation] = []
    for need in demands:
        _require_direct(need, scheduled)
        bids = tuple(
            entry.bid
            for each in scheduled.lists
            for entry in each.entries
            if each.interval == need.interval and (entry.bid.id, need.interval) not in taken
        )
        wanted = replace(need, activation=Activation.DIRECT)
        capacities = left[need.interval].capacities(SPEAKER)
        result = clear(Market(bids, (wanted,), capacities, rules=rules), engine)
        taken |= {(award.bid_id, award.interval) for award in result.awards if award.quantity_mw}
        left[need.interval] = left[need.interval].after(result.flows)
        done.append(DirectActivation(wanted, result, _prices(scheduled, result, need), left[need.interval]))
    return tuple(done)


def direct_price(direction: Direction, scheduled: Decimal | None, marginal: Decimal) -> Decimal:
    """Return the price of a direct activation; *scheduled* is None where the scheduled clearing had no price.

    >>> direct_price(Direction.UP, Decimal(60), Decimal(50)), direct_price(Direction.DOWN, Decimal(20), Decimal(10))
    (Decimal('60'), Decimal('10'))
    """
    better = {Direction.UP: max, Direction.DOWN: min}[direction]
    return marginal if scheduled is None else better(scheduled, marginal)


def _prices(scheduled: PartResult, result: ClearingResult, need: Need) -> dict[AreaId, Decimal]:
    before = _by_area(scheduled.result, need.interval)
    return {
        area: direct_price(need.direction, before.get(area), price)
        for area, price in _by_area(result, need.interval).items()
    }


def _by_area(result: ClearingResult, interval: Interval) -> dict[AreaId, Decimal]:
    return {price.area: price.price for price in result.prices if price.interval == interval}


def _require_direct(need: Need, scheduled: PartResult) -> None:
    if need.price is not None:
        raise InvalidValue(f"Need {need.id}.price", "no limit: a direct demand has none", str(need.price))
    if need.area not in scheduled.areas or need.interval not in scheduled.intervals:
        raise InvalidValue(f"Need {need.id}", "an area and interval of the scheduled clearing", str(need.area))
