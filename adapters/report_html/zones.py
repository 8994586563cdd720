"""Price zones: areas that one clearing joined at one price.

Where no border between two areas is full, they share a price, and their bids stand in one merit
order. The picture of a merit order is therefore drawn per zone and not per area: with no congestion
there is one common list, with congestion there are as many as there are prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from gateway.identifiers import AreaId
from gateway.model import ZERO, Direction
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, ServedNeed
from gateway.time import Interval

I = TypeVar("I", Award, ServedNeed, ClearingPrice, ExchangeFlow)  # noqa: E741 - an item of a result


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The part of a result that concerns one interval."""

    interval: Interval
    awards: tuple[Award, ...]
    needs: tuple[ServedNeed, ...]
    prices: tuple[ClearingPrice, ...]
    flows: tuple[ExchangeFlow, ...]

    @property
    def areas(self) -> tuple[AreaId, ...]:
        """Every area that occurs, sorted."""
        areas = {award.area for award in self.awards} | {need.area for need in self.needs}
        areas |= {price.area for price in self.prices}
        return tuple(sorted(areas.union(*((flow.from_area, flow.to_area) for flow in self.flows))))

    def price(self, area: AreaId) -> ClearingPrice | None:
        """Return the price of *area*, that of its first product where there are several."""
        return next((price for price in self.prices if price.area == area), None)

    @property
    def area_prices(self) -> dict[AreaId, Decimal]:
        """The price of each area, that of its first product where there are several."""
        return {price.area: price.price for price in reversed(self.prices)}

    def net_export_mw(self, areas: Iterable[AreaId]) -> Decimal:
        """Return what flows out of *areas* less what flows in."""
        inside = frozenset(areas)
        signs = ((flow, (flow.from_area in inside) - (flow.to_area in inside)) for flow in self.flows)
        return sum((sign * flow.quantity_mw for flow, sign in signs), ZERO)

    def accepted_mw(self, areas: Iterable[AreaId], direction: Direction) -> Decimal:
        """Return the accepted MW of one direction in *areas*."""
        inside = frozenset(areas)
        return sum((a.quantity_mw for a in self.awards if a.area in inside and a.direction is direction), ZERO)

    def needs_of(self, areas: Iterable[AreaId], direction: Direction) -> tuple[ServedNeed, ...]:
        """Return the needs of one direction in *areas*."""
        inside = frozenset(areas)
        return tuple(need for need in self.needs if need.area in inside and need.direction is direction)


def slices(result: ClearingResult) -> tuple[Slice, ...]:
    """Cut *result* into its intervals, in order of time."""
    intervals = {
        item.interval for items in (result.awards, result.needs, result.prices, result.flows) for item in items
    }
    awards, needs = _by_interval(result.awards), _by_interval(result.needs)
    prices, flows = _by_interval(result.prices), _by_interval(result.flows)
    return tuple(
        Slice(
            interval=interval,
            awards=tuple(awards.get(interval, ())),
            needs=tuple(needs.get(interval, ())),
            prices=tuple(sorted(prices.get(interval, ()), key=lambda price: (price.product, price.area))),
            flows=tuple(flows.get(interval, ())),
        )
        for interval in sorted(intervals)
    )


def price_zones(part: Slice) -> tuple[tuple[AreaId, ...], ...]:
    """Return the areas of *part* in groups of one price that borders join, largest group first."""
    groups: list[set[AreaId]] = []
    neighbours = _same_price_neighbours(part)
    for area in part.areas:
        if not any(area in group for group in groups):
            groups.append(_reached(area, neighbours))
    return tuple(sorted((tuple(sorted(group)) for group in groups), key=lambda group: (-len(group), group)))


def _same_price_neighbours(part: Slice) -> dict[AreaId, set[AreaId]]:
    neighbours: dict[AreaId, set[AreaId]] = {}
    prices = {area: _amount(part.price(area)) for area in part.areas}
    for flow in part.flows:
        if prices[flow.from_area] is not None and prices[flow.from_area] == prices[flow.to_area]:
            neighbours.setdefault(flow.from_area, set()).add(flow.to_area)
            neighbours.setdefault(flow.to_area, set()).add(flow.from_area)
    return neighbours


def _amount(price: ClearingPrice | None) -> Decimal | None:
    return None if price is None else price.price


def _reached(start: AreaId, neighbours: dict[AreaId, set[AreaId]]) -> set[AreaId]:
    reached, waiting = {start}, [start]
    while waiting:
        new = neighbours.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += sorted(new)
    return reached


def _by_interval(items: Sequence[I]) -> dict[Interval, list[I]]:
    found: dict[Interval, list[I]] = {}
    for item in items:
        found.setdefault(item.interval, []).append(item)
    return found
