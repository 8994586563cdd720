"""From a system that was run under a coordination scheme to what its settlement is made from.

Each purchase of a bid is an award at the price of its bus, so that a bid which a distribution operator bought for
itself and the transmission operator bought more of has two. The price of the area is that of the reference bus: a bid
with another price was accepted for the sake of a grid limit (`gateway.settlement.orders`). What parties other than
the operators bought are needs that were served.

What the operators themselves have to answer for in an integrated market are the deviations of their buses: a shortage
is bought, a surplus sold, at the price of the bus (`gateway.settlement.nodal`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.clearing.outcome import award
from gateway.coordination.outcome import Outcome, Purchase
from gateway.coordination.system import CoordinatedSystem
from gateway.identifiers import PartyId
from gateway.model import ZERO, Bid, Direction
from gateway.results import Award, ClearingPrice, ClearingResult, Fate, ServedNeed
from gateway.settlement.case import InterfaceAward


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """``power_mw`` more net injection at a bus than was scheduled, on account of ``party``."""

    party: PartyId
    bus: str
    power_mw: Decimal


def coordinated_result(
    outcome: Outcome, system: CoordinatedSystem, deviations: Iterable[Deviation] = ()
) -> ClearingResult:
    """Return what *outcome* says of the bids and buyers of *system*, with *deviations* as needs of the operators."""
    bids = {bid.id: bid for bid in (*system.market.bids, *system.trades)}
    bought = {trade.id for trade in system.trades if trade.direction is Direction.DOWN}
    sales = (each for each in outcome.purchases if each.bid_id not in bought)
    needs = (_served(each, bids[each.bid_id]) for each in outcome.purchases if each.bid_id in bought)
    plain = system.blank
    covered = (_covered(each, outcome, plain) for each in deviations if each.power_mw)
    reference = outcome.prices[system.market.network.transmission.reference]
    price = ClearingPrice(
        area=plain.area,
        interval=plain.interval,
        price=reference.price,
        lowest=reference.lowest,
        highest=reference.highest,
        currency=plain.currency,
    )
    return ClearingResult(
        awards=tuple(_award(each, bids[each.bid_id]) for each in sales),
        needs=(*needs, *covered),
        prices=(price,),
        flows=(),
        welfare=-outcome.cost,
        currency=plain.currency,
    )


def handed_up_awards(
    outcome: Outcome, system: CoordinatedSystem, distributors: Mapping[str, PartyId]
) -> Iterator[InterfaceAward]:
    """Yield what the central market took of each feeder that handed up an offer, at the price of its interface.

    *distributors* names the operator of each feeder. The award is by how much, in MW, the feeder exports more than with
    its firm volumes alone: what its operator bought for its own need before. The export that was sent with the offer is
    no measure, because an offer may start from one that nobody has to bring about.
    """
    plain, firm = system.blank, dict[str, Decimal]()
    local = {each.step for each in outcome.decisions if each.kind == "local clearing"}
    for bought in outcome.purchases:
        if bought.step in local:
            firm[bought.bid_id] = firm.get(bought.bid_id, ZERO) + bought.quantity_mw
    offered = {each.feeder for each in outcome.decisions if each.handed_up is not None}
    for feeder in system.feeders:
        moved = outcome.exports_mw[feeder.id] - system.export_mw(feeder, firm)
        if moved and feeder.id in offered:
            yield InterfaceAward(
                distributor=distributors[feeder.id],
                area=plain.area,
                interval=plain.interval,
                injection_mw=moved,
                price=outcome.prices[feeder.interface].price,
                reserve=plain.reserve,
            )


def _award(purchase: Purchase, bid: Bid) -> Award:
    fate = Fate.ACCEPTED if purchase.quantity_mw == bid.quantity_mw else Fate.PARTLY_ACCEPTED
    reason = f"Bought by {purchase.buyer} in step {purchase.step}."
    return award(bid, purchase.quantity_mw, purchase.price, fate, reason)


def _served(purchase: Purchase, order: Bid) -> ServedNeed:
    """Return the order of a buyer as a need: it takes down what others deliver up."""
    return ServedNeed(
        need_id=order.id,
        buyer=order.provider,
        area=order.area,
        direction=Direction.UP,
        interval=order.interval,
        requested_mw=order.quantity_mw,
        served_mw=purchase.quantity_mw,
        price=purchase.price,
        limit_price=order.price,
        currency=order.currency,
        reserve=order.reserve,
    )


def _covered(deviation: Deviation, outcome: Outcome, plain: Bid) -> ServedNeed:
    size = abs(deviation.power_mw)
    return ServedNeed(
        need_id=f"deviation {deviation.bus}",
        buyer=deviation.party,
        area=plain.area,
        direction=Direction.UP if deviation.power_mw < 0 else Direction.DOWN,
        interval=plain.interval,
        requested_mw=size,
        served_mw=size,
        price=outcome.prices[deviation.bus].price,
        currency=plain.currency,
        reserve=plain.reserve,
    )
