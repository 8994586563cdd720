"""Who bought and who sold what, at what price: a result as trades of the parties.

In an integrated market operators, balance responsible parties and providers stand on both sides. One clearing nets them
all: a need of more injection is energy bought, a need of less injection energy sold, by whoever states it.

=============================  ==================  ==================================
order                          the party           pays or receives per hour
=============================  ==================  ==================================
need of more injection         buys                pays price · MW
accepted down bid              buys                pays price · MW
need of less injection         sells               receives price · MW
accepted up bid                sells               receives price · MW
=============================  ==================  ==================================

A purchase by a balance responsible party may come either way: as a need with a limit price, or as a down bid with the
same price; both are the same order in other words and end alike. With a negative price the money flows the other way.

What buyers pay more than sellers receive is the income of the borders: Σ bought − Σ sold = Σ (λ_end − λ_start) f, after
losses; nothing where areas do not differ in price. Grid limits add the shadow price of what they let through.

Source: integrated flexibility market model, SmartNet deliverable D1.3 (2016), section 4.5; netting of opposite needs,
Regulation (EU) 2017/2195, Article 2(9) and Article 22.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.identifiers import AreaId, PartyId
from gateway.model import ZERO, Direction, Reserve, Role
from gateway.results import Award, ClearingResult, ServedNeed
from gateway.time import Interval


class Side(StrEnum):
    """Which side of a trade a party is on."""

    BOUGHT = "bought"
    SOLD = "sold"


class OrderKind(StrEnum):
    """What a trade follows from."""

    NEED = "need"
    BID = "bid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """``quantity_mw`` bought or sold by a party at ``price`` per MWh throughout an interval.

    ``limit_price`` is what the order named: the highest payable of a purchase, the lowest acceptable of a sale; None
    for an inelastic need. ``role`` is None where no document said in which role the party acts.
    """

    party: PartyId
    role: Role | None
    side: Side
    kind: OrderKind
    order_id: str
    area: AreaId
    interval: Interval
    quantity_mw: Decimal
    price: Decimal
    limit_price: Decimal | None
    currency: str
    reserve: Reserve = Reserve.MFRR

    @property
    def amount_per_hour(self) -> Decimal:
        """What the party receives (above 0) or pays (below 0) per hour, in ``currency``."""
        sign = 1 if self.side is Side.SOLD else -1
        return sign * self.price * self.quantity_mw


def trades(result: ClearingResult) -> tuple[Trade, ...]:
    """Return every trade of *result*: purchases and sales by needs first, then those by bids, as the result lists them.

    >>> from gateway.clearing.auction import clear
    >>> from gateway.clearing.example import bid, market_of, need
    >>> market = market_of(bid("A1", "A", "up", 40, 60), need("tso", "A", 25), need("brp", "A", 5, 70))
    >>> for trade in trades(clear(market)):
    ...     print(trade.order_id, trade.side, trade.quantity_mw, trade.price, trade.amount_per_hour)
    brp bought 5.000 60.00 -300.00000
    tso bought 25.000 60.00 -1500.00000
    A1 sold 30.000 60.00 1800.00000
    """
    return (*map(_of_need, filter(_is_met, result.needs)), *map(_of_award, filter(_is_taken, result.awards)))


def balances(made: Iterable[Trade]) -> dict[PartyId, Decimal]:
    """Return what each party receives (above 0) or pays (below 0) per hour over all its trades."""
    sums: dict[PartyId, Decimal] = {}
    for trade in made:
        sums[trade.party] = sums.get(trade.party, ZERO) + trade.amount_per_hour
    return sums


def _is_met(need: ServedNeed) -> bool:
    return bool(need.bought_mw) and need.price is not None


def _is_taken(award: Award) -> bool:
    return bool(award.quantity_mw) and award.price is not None


_NEED_SIDE = {Direction.UP: Side.BOUGHT, Direction.DOWN: Side.SOLD}
_BID_SIDE = {Direction.UP: Side.SOLD, Direction.DOWN: Side.BOUGHT}


def _of_need(need: ServedNeed) -> Trade:
    return Trade(
        party=need.buyer,
        role=need.buyer_role,
        side=_NEED_SIDE[need.direction],
        kind=OrderKind.NEED,
        order_id=need.need_id,
        area=need.area,
        interval=need.interval,
        quantity_mw=need.bought_mw,
        price=need.price or ZERO,
        limit_price=need.limit_price,
        currency=need.currency,
        reserve=need.reserve,
    )


def _of_award(award: Award) -> Trade:
    return Trade(
        party=award.provider,
        role=None,
        side=_BID_SIDE[award.direction],
        kind=OrderKind.BID,
        order_id=award.bid_id,
        area=award.area,
        interval=award.interval,
        quantity_mw=award.quantity_mw,
        price=award.price or ZERO,
        limit_price=award.bid_price,
        currency=award.currency,
        reserve=award.reserve,
    )
