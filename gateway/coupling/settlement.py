"""What coupled operators pay each other, and what the cycles of automatic reserve cost.

Intended exchange (Regulation (EU) 2017/2195, article 50) as in `gateway.settlement.exchange`: the operator that imports
pays the price of its area, the one that exports receives its own, and the difference is the congestion income of the
border. Areas of one operator settle nothing between them.

Cycles of four seconds are too short for cents: power times price is summed over the cycles of an interval, exactly, and
rounded once in each posting. A provider is paid the price of its area in every cycle (up), or pays it (down).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from gateway.coupling.afrr import CYCLE, Cycle
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import ZERO, Bid
from gateway.results import ClearingResult
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.exchange import IntendedExchange, exchange_postings
from gateway.settlement.ledger import Ledger, Posting, posting

HALF = Decimal("0.5")
"""Share of the exporting operator in the income of a border, where nothing else is agreed."""


def exchange_ledger(
    result: ClearingResult, operator: Mapping[AreaId, str], exporter_share: Mapping[str, Decimal] | None = None
) -> Ledger:
    """Return what the operators of areas pay each other for the flows of *result*.

    ``exporter_share``: by border (`IntendedExchange.border`), half where it is not named. Raises `InvalidValue` for a
    flow to or from an area without a price.
    """
    shares = exporter_share or {}
    postings: list[Posting] = []
    for exchange in _exchanges(result, operator):
        postings += exchange_postings(exchange, shares.get(exchange.border, HALF))
    return Ledger(tuple(postings))


def _exchanges(result: ClearingResult, operator: Mapping[AreaId, str]) -> Iterator[IntendedExchange]:
    prices = {(p.area, p.interval, p.product, p.reserve): p.price for p in result.prices}
    for flow in result.flows:
        seller, buyer = operator[flow.from_area], operator[flow.to_area]
        if flow.quantity_mw and seller != buyer:
            ends = [prices.get((a, flow.interval, flow.product, flow.reserve)) for a in (flow.from_area, flow.to_area)]
            if ends[0] is None or ends[1] is None:
                raise InvalidValue("flow", "prices at both ends", f"{flow.from_area} to {flow.to_area}")
            yield IntendedExchange(
                from_operator=seller,
                to_operator=buyer,
                power_mw=flow.quantity_mw,
                from_price=ends[0],
                to_price=ends[1],
                span=flow.interval.duration,
            )


def cycles_ledger(cycles: Iterable[Cycle], bids: Iterable[Bid], operator: Mapping[AreaId, str]) -> Ledger:
    """Return what *cycles* cost: operators pay providers, and each other for what flowed.

    Raises `InvalidValue` for a flow to or from an area without a price.
    """
    offered = {bid.id: bid for bid in bids}
    activations: dict[tuple[str, str], Decimal] = {}
    bought: dict[tuple[str, str], Decimal] = {}
    sold: dict[tuple[str, str], Decimal] = {}
    for each in cycles:
        for bid_id, mw in each.accepted_mw.items():
            bid = offered[bid_id]
            _add(activations, (operator[bid.area], str(bid.provider)), bid.direction.sign * mw * _price(each, bid.area))
        for (start, end), mw in each.flows_mw.items():
            ends = operator[start], operator[end]
            if ends[0] != ends[1]:
                _add(sold, ends, mw * _price(each, start))
                _add(bought, ends, mw * _price(each, end))
    postings = [
        posting(payer, provider, energy_mwh(total, CYCLE), "activation of automatic reserve")
        for (payer, provider), total in sorted(activations.items())
    ]
    return Ledger((*postings, *_exchange_postings(bought, sold)))


def _exchange_postings(
    bought: Mapping[tuple[str, str], Decimal], sold: Mapping[tuple[str, str], Decimal]
) -> Iterator[Posting]:
    for seller, buyer in sorted(bought):
        border = "-".join(sorted((seller, buyer)))
        account, purpose = f"congestion income {border}", f"exchange of automatic reserve {border}"
        paid = posting(buyer, account, energy_mwh(bought[seller, buyer], CYCLE), purpose)
        received = posting(account, seller, energy_mwh(sold[seller, buyer], CYCLE), purpose)
        income = paid.amount - received.amount
        first = posting(account, seller, income * HALF, f"income {border}")
        yield from (paid, received, first)
        yield posting(account, buyer, income - first.amount, f"income {border}")


def _add(sums: dict[tuple[str, str], Decimal], key: tuple[str, str], amount: Decimal) -> None:
    sums[key] = sums.get(key, ZERO) + amount


def _price(of: Cycle, area: AreaId) -> Decimal:
    price = of.price_of(area).price
    if price is None:
        raise InvalidValue("cycle", f"a price in {area}", "an area where nothing is offered")
    return price
