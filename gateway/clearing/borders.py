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
    merged = [_lowest(key, stated[key], scale, notes) for key in sorted(stated)]
    return tuple(merged), tuple(sorted(notes))


def _lowest(key: tuple[AreaId, AreaId], capacities: list[Capacity], scale: Scale, notes: list[str]) -> Border:
    lowest = min(capacity.quantity_mw for capacity in capacities)
    if any(capacity.quantity_mw != lowest for capacity in capacities):
        notes.append(f"Border {key[0].value} to {key[1].value}: the lowest of several capacities counts, {lowest} MW.")
    loss = max(capacity.loss_factor for capacity in capacities)
    return Border(*key, scale.ticks(lowest), loss)
