"""What was ordered: the bids of a result that were activated, at what price, for what energy.

Rules
1. An award is an order unless the operator's orders say otherwise: an activation order that names the bid and the
   interval gives the power, so a direct activation or a deactivation counts as it was ordered.
2. A provider that answered "unavailable" was not activated: nothing is requested of it and nothing is paid. That is
   said in the report, because somebody else had to deliver.
3. A bid that was accepted because of a grid constraint, and not for the energy of its area, gets the price of its
   place and at least its own: up max(π, bid), down min(π, bid) (pricing of activations for system constraints under
   Regulation (EU) 2017/2195, article 30). It is recognised by a price that differs from the price of its area. So is
   one that was not accepted at all and yet ordered: a direct activation.
4. Requested energy follows the shape of the market (`gateway.settlement.delivery`); what a trapezoid spills falls
   into the neighbouring periods and is paid there at the price of the period that was ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import ZERO, Direction, Reserve
from gateway.results import ActivationOrder, ActivationOrders, Award, ClearingResult, OrderKind, OrderStatus
from gateway.settlement.delivery import RequestedEnergy, block, trapezoid
from gateway.time import Interval


class Shape(StrEnum):
    """Shape of the energy that an activation requests."""

    BLOCK = "block"
    TRAPEZOID = "trapezoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyShape:
    """How awarded power becomes requested energy; ``ramp`` counts for a trapezoid only.

    Raises `InvalidValue` for a negative ramp.
    """

    shape: Shape = Shape.BLOCK
    ramp: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        """Refuse a ramp that runs backwards."""
        if self.ramp < timedelta(0):
            raise InvalidValue("EnergyShape.ramp", "a duration of 0 or more", str(self.ramp))

    def energy(self, power_mw: Decimal, span: timedelta) -> RequestedEnergy:
        """Return the energy that *power_mw* throughout *span* requests."""
        return trapezoid(power_mw, span, self.ramp) if self.shape is Shape.TRAPEZOID else block(power_mw, span)

    def periods(self, power_mw: Decimal, on: Interval) -> Iterator[tuple[Interval, Decimal]]:
        """Yield each period in which *power_mw* throughout *on* has energy, neighbours included, with that in MWh."""
        energy, length = self.energy(power_mw, on.duration), on.duration
        shares = (
            (Interval(on.start - length, on.start), energy.before_mwh),
            (on, energy.own_mwh),
            (Interval(on.end, on.end + length), energy.after_mwh),
        )
        yield from ((period, mwh) for period, mwh in shares if mwh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One activated bid in one interval: power in its direction (MW), price that it is settled at, and its own price.

    ``for_constraint``: accepted because of a grid constraint. Prices per MWh, as in `gateway.model`.
    """

    bid_id: str
    provider: PartyId
    area: AreaId
    direction: Direction
    interval: Interval
    power_mw: Decimal
    price: Decimal
    bid_price: Decimal | None = None
    reserve: Reserve = Reserve.MFRR
    resource: ResourceId | None = None
    for_constraint: bool = False

    @property
    def injection_mw(self) -> Decimal:
        """Ordered change of net injection."""
        return self.direction.sign * self.power_mw


def constraint_price(direction: Direction, price: Decimal, bid_price: Decimal) -> Decimal:
    """Return what a bid that was activated for a grid constraint is settled at.

    >>> constraint_price(Direction.DOWN, Decimal(50), Decimal(-18))
    Decimal('-18')
    """
    return max(price, bid_price) if direction is Direction.UP else min(price, bid_price)


def ordered(result: ClearingResult, messages: Iterable[ActivationOrders]) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Return the orders that follow from *result* and the *messages* about them, and sentences on what fell away.

    Raises `InvalidValue` for an accepted bid without a price.
    """
    said = _said(messages)
    area_prices = {(price.area, price.interval): price.price for price in result.prices}
    orders: list[Order] = []
    remarks: list[str] = []
    for award in result.awards:
        power, refused = _power(award, said.get((award.bid_id, award.interval), {}))
        if refused:
            remarks.append(f"bid {award.bid_id} {award.interval}: unavailable, so that it was not activated")
        elif power:
            orders.append(_order(award, power, area_prices.get((award.area, award.interval))))
    return tuple(orders), tuple(remarks)


def requested_energy(orders: Iterable[Order], shape: EnergyShape) -> Iterator[tuple[Order, Interval, Decimal]]:
    """Yield each order with each period in which it requests energy, and the energy in its direction (MWh)."""
    for order in orders:
        yield from ((order, period, mwh) for period, mwh in shape.periods(order.power_mw, order.interval))


_Said = Mapping[OrderStatus, ActivationOrder]


def _said(messages: Iterable[ActivationOrders]) -> dict[tuple[str, Interval], dict[OrderStatus, ActivationOrder]]:
    """Return the last order and the last answer on each bid and interval."""
    said: dict[tuple[str, Interval], dict[OrderStatus, ActivationOrder]] = {}
    for message in messages:
        for order in message.orders:
            answered = message.kind is OrderKind.RESPONSE
            status = order.status if answered else OrderStatus.ORDERED
            said.setdefault((order.bid_id, order.interval), {})[status] = order
    return said


def _power(award: Award, said: _Said) -> tuple[Decimal, bool]:
    """Return the power that counts for *award*, and whether its provider refused."""
    order = said.get(OrderStatus.ORDERED)
    power = award.quantity_mw if order is None else order.quantity_mw
    return (ZERO, True) if power and OrderStatus.UNAVAILABLE in said else (power, False)


def _order(award: Award, power_mw: Decimal, area_price: Decimal | None) -> Order:
    price = area_price if award.price is None else award.price
    if price is None:
        raise InvalidValue(f"Award {award.bid_id}.price", "a price of the activated bid", "none")
    for_constraint = area_price is not None and price != area_price
    lifted = award.bid_price is not None and (for_constraint or not award.quantity_mw)
    return Order(
        bid_id=award.bid_id,
        provider=award.provider,
        area=award.area,
        direction=award.direction,
        interval=award.interval,
        power_mw=power_mw,
        price=constraint_price(award.direction, price, award.bid_price or ZERO) if lifted else price,
        bid_price=award.bid_price,
        reserve=award.reserve,
        resource=award.resource,
        for_constraint=for_constraint,
    )
