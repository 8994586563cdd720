"""The price of imbalances: one for a shortage and one for a surplus, per area and settlement period.

Where nobody states them they follow from the balancing energy of the area (Regulation (EU) 2017/2195, article 55):

=====================  ==============================  ==============================
activated              a shortage pays                 a surplus receives
=====================  ==============================  ==============================
upward                 highest upward price            highest upward price
downward               lowest downward price           lowest downward price
both                   highest upward price            lowest downward price
nothing                value of avoided activation     value of avoided activation
=====================  ==============================  ==============================

The value of avoided activation is the mean of the cheapest upward and the dearest downward bid that were on offer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gateway.identifiers import AreaId
from gateway.model import Direction
from gateway.results import ClearingResult
from gateway.settlement.orders import Order
from gateway.time import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ImbalancePrice:
    """What a shortage pays and a surplus receives per MWh in one area and settlement period."""

    area: AreaId
    interval: Interval
    shortage: Decimal
    surplus: Decimal

    def of(self, imbalance_mwh: Decimal) -> Decimal:
        """Return the price of an imbalance; a surplus is positive."""
        return self.shortage if imbalance_mwh < 0 else self.surplus


def derived_prices(result: ClearingResult, orders: Iterable[Order]) -> tuple[ImbalancePrice, ...]:
    """Return the prices of every area and interval of *result* in which anything was activated or on offer."""
    activated: dict[tuple[AreaId, Interval, Direction], list[Decimal]] = {}
    for order in orders:
        activated.setdefault((order.area, order.interval, order.direction), []).append(order.price)
    places = sorted({(award.area, award.interval) for award in result.awards})
    found = (_price(result, place, activated) for place in places)
    return tuple(price for price in found if price is not None)


def imbalance_prices(
    result: ClearingResult, orders: Iterable[Order], stated: Iterable[ImbalancePrice]
) -> dict[tuple[AreaId, Interval], ImbalancePrice]:
    """Return the price of each area and interval: the *stated* one, or else what follows from *result* and *orders*."""
    return {(price.area, price.interval): price for price in (*derived_prices(result, orders), *stated)}


def _price(
    result: ClearingResult,
    place: tuple[AreaId, Interval],
    activated: dict[tuple[AreaId, Interval, Direction], list[Decimal]],
) -> ImbalancePrice | None:
    area, interval = place
    up = max(activated.get((*place, Direction.UP), ()), default=None)
    down = min(activated.get((*place, Direction.DOWN), ()), default=None)
    idle = _avoided(result, place) if up is None and down is None else None
    shortage = _first(up, down, idle)
    surplus = _first(down, up, idle)
    if shortage is None or surplus is None:
        return None
    return ImbalancePrice(area=area, interval=interval, shortage=shortage, surplus=surplus)


def _first(*prices: Decimal | None) -> Decimal | None:
    return next((price for price in prices if price is not None), None)


def _avoided(result: ClearingResult, place: tuple[AreaId, Interval]) -> Decimal | None:
    """Return the value of avoided activation, or None where bids of one direction only were on offer."""
    offered: dict[Direction, list[Decimal]] = {}
    for award in result.awards:
        if (award.area, award.interval) == place and award.bid_price is not None:
            offered.setdefault(award.direction, []).append(award.bid_price)
    if not {Direction.UP, Direction.DOWN} <= offered.keys():
        return None
    return (min(offered[Direction.UP]) + max(offered[Direction.DOWN])) / 2
