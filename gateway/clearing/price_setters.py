"""What set the price of each area: the orders at the margin, and what keeps other areas' prices out.

Areas whose prices hang together form a *price zone*: a border with room joins two areas, and so does an open one across
which the price is the same. One of these set the price of a zone:

===========  =====================================================================================================
scarcity     a need that would pay any price goes short; the price is the cap
order        an order that is taken in part: it would take or give one more MW at exactly this price
range        no order is taken in part; the last one taken and the first one refused bound a range of valid prices,
             and the rule of the market (the midpoint) chose within it
nothing      no order of the zone names a price
===========  =====================================================================================================

Between zones of different prices stand *binding borders*: they are full, or closed, or the difference is not worth the
losses. A binding grid limit moves what single bids see, not the price of their area.

Everything is read from the result alone, so that whoever holds a published result can explain it.

Source: marginal pricing in Schweppe, Caramanis, Tabors, Bohn, "Spot Pricing of Electricity" (1988); the duty to publish
what limits an exchange, Regulation (EU) 2017/2195, Article 12.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.clearing.outcome import SCARCITY
from gateway.identifiers import AreaId
from gateway.model import ZERO, Reserve
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, ServedNeed
from gateway.time import Interval

_NEAR = Decimal("0.02")
"""By how much rounding may part a bid's price from the one it sets, per MWh, where losses or limits move prices."""


class PriceCause(StrEnum):
    """What set a price."""

    SCARCITY = "scarcity"
    ORDER = "order taken in part"
    RANGE = "range between orders"
    NOTHING = "no order names a price"


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingBorder:
    """A border between two price zones, in the direction in which the price rises.

    ``quantity_mw`` of the ``capacity_mw`` are used by the product; ``difference`` is the price at the far end less the
    price at the near end, per MWh: what one MW more of capacity would earn.
    """

    from_area: AreaId
    to_area: AreaId
    quantity_mw: Decimal
    capacity_mw: Decimal
    difference: Decimal

    def __str__(self) -> str:
        """Return the border in words."""
        state = "closed" if self.capacity_mw == ZERO else f"{self.quantity_mw:f} of {self.capacity_mw:f} MW"
        return f"{self.from_area.value} to {self.to_area.value} ({state}; {self.difference:f} more at the end)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSetting:
    """Why the price of one area, product and interval is what it is.

    ``zone``: the areas whose prices hang together with it. ``orders``: ids of the bids and needs at the margin;
    ``borders``: what parts the zone from others; ``limits``: ids of the grid limits under which bids of the area see
    another price. ``reason`` says all of it in words.
    """

    area: AreaId
    interval: Interval
    product: str
    reserve: Reserve
    price: Decimal
    cause: PriceCause
    zone: tuple[AreaId, ...]
    orders: tuple[str, ...]
    borders: tuple[BindingBorder, ...] = ()
    limits: tuple[str, ...] = ()
    reason: str = ""


def price_settings(result: ClearingResult) -> tuple[PriceSetting, ...]:
    """Return what set each price of *result*, in the order of its prices.

    >>> from gateway.clearing.auction import clear
    >>> from gateway.clearing.example import bid, border, market_of, need
    >>> market = market_of(bid("A1", "A", "up", 90, 80), bid("B1", "B", "up", 90, 60), need("d", "A", 50))
    >>> for setting in price_settings(clear(market)):
    ...     print(setting.area.value, setting.price, setting.cause, setting.orders)
    A 80.00 order taken in part ('A1',)
    B 60.00 range between orders ('B1',)
    """
    views = {key: _View(result, *key) for key in {_key(price) for price in result.prices}}
    return tuple(views[_key(price)].setting(price) for price in result.prices)


_Key = tuple[Interval, Reserve, str]


def _key(price: ClearingPrice) -> _Key:
    return price.interval, price.reserve, price.product


class _View:
    """One commodity in one interval of a result."""

    def __init__(self, result: ClearingResult, interval: Interval, reserve: Reserve, product: str) -> None:
        self.currency = result.currency
        self.prices = {price.area: price for price in result.prices if _key(price) == (interval, reserve, product)}
        self.limits = [each.limit_id for each in result.shadow_prices if each.interval == interval and each.price > 0]
        every = [flow for flow in result.flows if flow.interval == interval]
        self.used = _used(every)
        self.flows = [
            flow
            for flow in every
            if (flow.reserve, flow.product) == (reserve, product)
            and {flow.from_area, flow.to_area} <= self.prices.keys()
        ]
        self.awards = {award.bid_id: award for award in result.awards if award.interval == interval}
        self.needs = {need.need_id: need for need in result.needs if need.interval == interval}
        self.zones = _zones(self.prices, (ends for flow in self.flows for ends in self._joined(flow)))

    def _joined(self, flow: ExchangeFlow) -> Iterator[tuple[AreaId, AreaId]]:
        """Yield the ends of a border that joins their prices: it has room, or is open between equal prices."""
        ends = flow.from_area, flow.to_area
        level = flow.capacity_mw > ZERO and self.prices[ends[0]].price == self.prices[ends[1]].price
        if level or (flow.quantity_mw > ZERO and self.used[ends] < flow.capacity_mw):
            yield ends

    def setting(self, price: ClearingPrice) -> PriceSetting:
        """Return what set *price*."""
        zone = self.zones[price.area]
        cause, orders = self._cause(price)
        borders, limits = tuple(self._binding(zone)), tuple(self._moving(price))
        sentences = (
            _WORDS[cause].format(orders=", ".join(orders), lowest=f"{price.lowest:f}", highest=f"{price.highest:f}"),
            *((f"Zone: {_names(zone)}.",) if len(zone) > 1 else ()),
            *((f"Binding borders: {', '.join(map(str, borders))}.",) if borders else ()),
            *((f"Grid limits move what bids here see: {', '.join(limits)}.",) if limits else ()),
        )
        return PriceSetting(
            area=price.area,
            interval=price.interval,
            product=price.product,
            reserve=price.reserve,
            price=price.price,
            cause=cause,
            zone=zone,
            orders=orders,
            borders=borders,
            limits=limits,
            reason=f"{price.price:f} {self.currency}/MWh in {price.area.value}: {' '.join(sentences)}",
        )

    def _cause(self, price: ClearingPrice) -> tuple[PriceCause, tuple[str, ...]]:
        if price.set_by[:1] == (SCARCITY,):
            return PriceCause.SCARCITY, price.set_by[1:]
        orders = tuple(name for name in price.set_by if not self._held_by_limit(name))
        partial = any(_in_part(self.awards.get(name), self.needs.get(name)) for name in orders)
        cause = PriceCause.ORDER if partial else PriceCause.RANGE if orders else PriceCause.NOTHING
        return cause, orders

    def _held_by_limit(self, name: str) -> bool:
        """Whether a bid is taken in part because a grid limit holds it, and names another price than its area's."""
        award = self.awards.get(name)
        if award is None or award.bid_price is None or not _in_part(award, None):
            return False
        return abs(award.bid_price - self.prices[award.area].price) > _NEAR

    def _binding(self, zone: tuple[AreaId, ...]) -> Iterator[BindingBorder]:
        """Yield the borders out of or into *zone* along which the price rises."""
        inside = frozenset(zone)
        for flow in self.flows:
            difference = self.prices[flow.to_area].price - self.prices[flow.from_area].price
            if difference > ZERO and (flow.from_area in inside) != (flow.to_area in inside):
                yield BindingBorder(
                    from_area=flow.from_area,
                    to_area=flow.to_area,
                    quantity_mw=flow.quantity_mw.normalize() + ZERO,
                    capacity_mw=flow.capacity_mw.normalize() + ZERO,
                    difference=difference,
                )

    def _moving(self, price: ClearingPrice) -> Iterable[str]:
        """Return the binding grid limits of the interval, where a bid of the area sees another price because of one."""
        here = [award for award in self.awards.values() if award.area == price.area]
        moved = any(award.price not in {None, price.price} or self._held_by_limit(award.bid_id) for award in here)
        return self.limits if moved else ()


_WORDS = {
    PriceCause.SCARCITY: "scarcity; unserved is {orders}.",
    PriceCause.ORDER: "set by {orders}, taken in part.",
    PriceCause.RANGE: "no order is taken in part; valid are {lowest} to {highest}, bounded by {orders}.",
    PriceCause.NOTHING: "no order names a price; valid are {lowest} to {highest}.",
}


def _names(areas: Iterable[AreaId]) -> str:
    return ", ".join(area.value for area in areas)


def _used(flows: Iterable[ExchangeFlow]) -> dict[tuple[AreaId, AreaId], Decimal]:
    """Return what all products together use of each direction of each border, in MW."""
    used: dict[tuple[AreaId, AreaId], Decimal] = {}
    for flow in flows:
        ends = flow.from_area, flow.to_area
        used[ends] = used.get(ends, ZERO) + flow.quantity_mw
    return used


def _zones(areas: Iterable[AreaId], joined: Iterable[tuple[AreaId, AreaId]]) -> dict[AreaId, tuple[AreaId, ...]]:
    """Return, for each area, all areas that are joined with it, sorted."""
    zone_of = {area: {area} for area in areas}
    for one, other in joined:
        both = zone_of[one] | zone_of[other]
        zone_of.update(dict.fromkeys(both, both))
    return {area: tuple(sorted(zone)) for area, zone in zone_of.items()}


def _in_part(award: Award | None, need: ServedNeed | None) -> bool:
    """Whether the order that goes by a name is taken in part."""
    bid_in_part = award is not None and ZERO < award.quantity_mw < award.offered_mw
    return bid_in_part or (need is not None and ZERO < need.served_mw < need.requested_mw)
