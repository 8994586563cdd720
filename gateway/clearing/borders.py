"""How much may flow between areas: the capacities that several operators state, made one.

Both operators of a border state its capacity; the lower one counts (coordinated net transfer capacity, Commission
Regulation (EU) 2017/2195, Article 37). A direction of which nobody speaks carries nothing. A capacity counts for an
interval that it covers wholly. Losses are a share of the flow; where statements differ the higher share counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.clearing.market import Market, Scale
from gateway.identifiers import AreaId
from gateway.model import Capacity
from gateway.time import Interval


@dataclass(frozen=True, slots=True, order=True)
class Border:
    """One direction of a border: ``capacity`` in ticks, ``loss_factor`` as a share of the flow, half on each side."""

    from_area: AreaId
    to_area: AreaId
    capacity: int
    loss_factor: Decimal


def borders(market: Market, period: Interval, scale: Scale) -> tuple[tuple[Border, ...], tuple[str, ...]]:
    """Return the borders of *period*, sorted, and notes on what had to be decided."""
    stated: dict[tuple[AreaId, AreaId], list[Capacity]] = {}
    notes: list[str] = []
    for capacity in market.capacities:
        if capacity.interval.covers(period):
            stated.setdefault((capacity.from_area, capacity.to_area), []).append(capacity)
        elif capacity.interval.overlaps(period):
            notes.append(f"Capacity {capacity.id} covers only a part of {period} and does not count.")
    for (start, end), capacities in stated.items():
        if len({capacity.quantity_mw for capacity in capacities}) > 1:
            lowest = f"the lowest of several capacities counts, {_lowest_mw(capacities)} MW"
            notes.append(f"Border {start.value} to {end.value} in {period}: {lowest}.")
    return tuple(_border(*key, stated[key], scale) for key in sorted(stated)), tuple(sorted(notes))


def _border(start: AreaId, end: AreaId, capacities: list[Capacity], scale: Scale) -> Border:
    loss = max(capacity.loss_factor for capacity in capacities)
    return Border(start, end, scale.ticks(_lowest_mw(capacities)), loss)


def _lowest_mw(capacities: list[Capacity]) -> Decimal:
    return min(capacity.quantity_mw for capacity in capacities)
