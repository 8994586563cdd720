"""The market of one feeder alone, for its operator.

For its own need, with the interface free and λ the reference price of what is exchanged there:
  min Σ c x,  limits kept,  c = max(s (π - λ), ε),  ε = 0.001.
Without the floor ε the operator would trade with everything that pays at λ and leave the balance to others; with plain
prices it would "earn" by accepting every bid down above 0. What is paid is π or the price of the bus, which here is
λ less what the limits of the feeder are worth there. Without the floor, and with λ the price that the central market
will have, the sequence of markets finds the optimum of one market even if nothing is forwarded.

At an export E that is given (a schedule, or an award), goals follow one after the other: limits give way as little as
possible, then the export deviates as little as possible, then cost is least. A deviation has no price of its own.

Source: Lind, Cossent, Frías, "TSO-DSO Interface Flow Pricing: A bilevel study on efficiency and cost allocation",
International Journal of Electrical Power & Energy Systems, 2024, doi 10.1016/j.ijepes.2024.110155, for that price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.clearing.nodal.indivisible import clear_chosen
from gateway.clearing.nodal.market import NodalMarket, NodalPrice, NodalResult, feeder_alone
from gateway.clearing.nodal.prices import told
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.model import ZERO, Bid, Direction
from gateway.network.model import Feeder

LEAST_PRICE = Decimal("0.001")
"""What a MWh costs at least that is bought for the need of a feeder."""
_EXACT_MW = Decimal("0.00001")
"""Up to here an export is the one that was asked."""

Prices = Mapping[str, NodalPrice]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederResult:
    """What a market of one feeder decided.

    ``export_mw``: what the feeder then exports; ``deviation_mw``: how much more than asked. ``prices``: of its buses.
    """

    feeder: str
    accepted_mw: Mapping[str, Decimal]
    export_mw: Decimal
    prices: Prices
    result: NodalResult
    deviation_mw: Decimal = ZERO


def for_its_need(system: CoordinatedSystem, feeder: Feeder, switches: Switches) -> FeederResult:
    """Clear the market of *feeder* for the need of its operator, the interface free.

    Raises as `gateway.clearing.nodal.indivisible.clear_chosen`.
    """
    worth = switches.reference_prices.get(feeder.id, ZERO)
    alone = feeder_alone(system.market, feeder.id)
    bids = tuple(replace(bid, price=need_price(bid, worth, floored=switches.floored)) for bid in alone.bids)
    shifted = replace(alone, bids=bids, price_cap=alone.price_cap + abs(worth))
    result = clear_chosen(_with_exchange(system, shifted, feeder, ZERO))
    accepted = {bid.id: result.accepted_mw[bid.id] for bid in alone.bids}
    return FeederResult(
        feeder=feeder.id,
        accepted_mw=accepted,
        export_mw=system.export_mw(feeder, accepted),
        prices={bus: _raised(result.prices[bus], worth) for bus in feeder.buses},
        result=result,
    )


def need_price(bid: Bid, worth: Decimal, *, floored: bool) -> Decimal:
    """Return the price of *bid* per MWh where only need counts and the exchange is *worth* something.

    >>> from gateway.clearing.example import bid
    >>> wind, boiler = bid("W", "A", "down", 3, 20), bid("B", "A", "down", 3, -8)
    >>> [need_price(each, Decimal(0), floored=True) for each in (wind, boiler)]
    [Decimal('-0.001'), Decimal('-8')]
    >>> need_price(wind, Decimal(0), floored=False)
    Decimal('20')
    """
    sign, price = bid.direction.sign, bid.price or ZERO
    cost = sign * (price - worth)
    return sign * (max(cost, LEAST_PRICE) if floored else cost)


def at_export(
    system: CoordinatedSystem, feeder: Feeder, export_mw: Decimal, committed_mw: Mapping[str, Decimal] | None = None
) -> FeederResult:
    """Clear the market of *feeder* at an export, with MW of its bids that are firm already.

    Raises as `gateway.clearing.nodal.indivisible.clear_chosen`.
    """
    market = replace(system.market, committed_mw=committed_mw or {})
    alone = feeder_alone(market, feeder.id)
    result = clear_chosen(_exporting(alone, feeder, export_mw), all_prices=True)
    reached = system.export_mw(feeder, result.accepted_mw)
    deviation = reached - export_mw if abs(reached - export_mw) > _EXACT_MW else ZERO
    prices: Prices = {bus: result.prices[bus] for bus in feeder.buses}
    if deviation:
        # At the end of what the feeder can do, only the side of the price that its own bids set says anything.
        settled = clear_chosen(_exporting(alone, feeder, reached), all_prices=True).prices
        prices = {bus: _one_sided(settled[bus], short=deviation < 0) for bus in feeder.buses}
    return FeederResult(
        feeder=feeder.id,
        accepted_mw=result.accepted_mw,
        export_mw=reached,
        prices=prices,
        result=result,
        deviation_mw=deviation,
    )


def disaggregated(
    system: CoordinatedSystem,
    feeder: Feeder,
    export_mw: Decimal,
    interface_price: NodalPrice,
    committed_mw: Mapping[str, Decimal],
) -> FeederResult:
    """Share the award of *feeder* out to its resources; its buses are priced from the price of the interface.

    Raises as `gateway.clearing.nodal.indivisible.clear_chosen`.
    """
    found = at_export(system, feeder, export_mw, committed_mw)
    alone = feeder_alone(replace(system.market, committed_mw=committed_mw), feeder.id)
    priced = clear_chosen(_with_exchange(system, alone, feeder, interface_price.price)).prices
    return replace(found, prices={bus: priced[bus] for bus in feeder.buses})


def _exporting(alone: NodalMarket, feeder: Feeder, export_mw: Decimal) -> NodalMarket:
    return replace(alone, injections_mw={**alone.injections_mw, feeder.interface: -export_mw})


def _with_exchange(system: CoordinatedSystem, alone: NodalMarket, feeder: Feeder, price: Decimal) -> NodalMarket:
    """Return the market of a feeder whose interface takes and gives whatever is wanted at *price*.

    One bid down from an injection of the same size stands for both directions, so that it is always accepted in part.
    """
    room = 1 + sum((abs(mw) for mw in alone.injections_mw.values()), sum((bid.quantity_mw for bid in alone.bids), ZERO))
    name = f"{feeder.id} exchange"
    exchange = replace(system.blank, id=name, direction=Direction.DOWN, quantity_mw=2 * room, price=price)
    return replace(
        alone,
        bids=(*alone.bids, exchange),
        buses={**alone.buses, name: feeder.interface},
        injections_mw={**alone.injections_mw, feeder.interface: room},
    )


def _raised(price: NodalPrice, worth: Decimal) -> NodalPrice:
    return replace(price, price=price.price + worth, lowest=price.lowest + worth, highest=price.highest + worth)


def _one_sided(price: NodalPrice, *, short: bool) -> NodalPrice:
    """Return the end of the interval of a price that more export (*short*: less) does not push away."""
    side = price.lowest if short else price.highest
    return replace(price, price=told(float(side)), lowest=side, highest=side)
