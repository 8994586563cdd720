"""Clearings by documents: how each kind of clearing of a scheme is done with bids, needs, capacities and limits.

A scheme says for its rows which part of the network is looked at and with which switches (`gateway.schemes.Clearing`).
Here each kind is a market of areas, borders and linear limits (`gateway.clearing`). A clearing of nodal networks, or of
another platform, takes its place as an argument of the session: it is a function of the same `Situation`.

Which market an order belongs to, in schemes with local markets: a bid to the local one where a distribution operator
operates its area, a need where a distribution operator is the buyer. Offers are handed up bid by bid, with the
limits of the grid that they have to keep; what a local market accepted is firm and no longer offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.clearing import Market, clear
from gateway.clearing.engine import ARRAYS, Engine
from gateway.flow import CENTRAL, LOCAL
from gateway.identifiers import AreaId, PartyId
from gateway.market import MarketDefinition
from gateway.model import ZERO, Activation, Bid, Need
from gateway.order_book import OrderBook
from gateway.procurement import given, with_fallback
from gateway.results import ClearingResult, ExchangeFlow
from gateway.schemes import (
    CentralClearing,
    Disaggregation,
    FeederLimits,
    Interface,
    JointClearing,
    LocalClearing,
    Scheme,
)
from gateway.schemes import Clearing as Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a clearing knows.

    ``book``: the scheduled orders of the period, without bids that a provider refused to deliver. ``distributors``: the
    distribution operators. ``results``: of the steps that were cleared before.
    """

    scheme: Scheme
    market: MarketDefinition
    book: OrderBook
    distributors: frozenset[PartyId] = frozenset()
    results: Mapping[int, ClearingResult] = field(default_factory=dict)
    engine: Engine = ARRAYS

    @property
    def local_areas(self) -> frozenset[AreaId]:
        """The areas whose bids belong to a local market."""
        if LOCAL not in self.scheme.markets:
            return frozenset()
        return frozenset(area.id for area in self.market.areas if area.operator in self.distributors)

    def market_of(self, order: Bid | Need) -> str:
        """Return the market of the scheme that *order* belongs to."""
        if isinstance(order, Bid):
            return LOCAL if order.area in self.local_areas else CENTRAL
        return LOCAL if LOCAL in self.scheme.markets and order.buyer in self.distributors else CENTRAL

    @property
    def firm(self) -> dict[str, Decimal]:
        """The MW of each bid that a local market accepted before."""
        steps = [rule.step for rule in self.scheme.clearings if isinstance(rule, LocalClearing)]
        return accepted_mw(self.results[step] for step in steps if step in self.results)


Clearing = Callable[[Situation], ClearingResult]
"""Decides the volumes of one step."""


def by_documents(scheme: Scheme) -> Mapping[int, Clearing]:
    """Return the clearing of each step of *scheme* in which volumes are decided."""
    rules = [rule for rule in scheme.clearings if type(rule) in _KINDS]
    return {rule.step: _bound(rule) for rule in rules}


def _bound(rule: Rule) -> Clearing:
    return lambda situation: _KINDS[type(rule)](rule, situation)


def accepted_mw(results: Iterable[ClearingResult]) -> dict[str, Decimal]:
    """Return the MW of each bid that *results* accept together."""
    total: dict[str, Decimal] = {}
    for result in results:
        for award in result.awards:
            if award.quantity_mw:
                total[award.bid_id] = total.get(award.bid_id, ZERO) + award.quantity_mw
    return total


def remaining(book: OrderBook, used: Mapping[str, Decimal], flows: Iterable[ExchangeFlow] = ()) -> OrderBook:
    """Return what is left of *book* after *used* MW of its bids, and *flows* over its borders.

    A group of which one bid counts once is used up with it (exclusive, inclusive); the rest of a bid is offered without
    its minimum; limits and blocks keep what is left of them.
    """
    groups = {bid.exclusive or bid.inclusive for bid in book.bids if bid.id in used} - {None}
    open_bids = [bid for bid in book.bids if (bid.exclusive or bid.inclusive) not in groups or bid.id in used]
    taken = {(flow.from_area, flow.to_area): flow.quantity_mw for flow in flows}
    return replace(
        book,
        bids=tuple(bid for bid in (_rest(bid, used) for bid in open_bids) if bid.quantity_mw),
        capacities=tuple(
            replace(c, quantity_mw=max(ZERO, c.quantity_mw - taken.get((c.from_area, c.to_area), ZERO)))
            for c in book.capacities
        ),
        limits=tuple(
            replace(
                limit,
                headroom_mw=limit.headroom_mw
                - sum((share * used.get(bid, ZERO) for bid, share in limit.coefficients.items()), ZERO),
            )
            for limit in book.limits
        ),
        blocks=tuple(
            replace(block, limit_mw=max(ZERO, (block.limit_mw or ZERO) - used.get(block.bid_id, ZERO)))
            for block in book.blocks
        ),
    )


def _rest(bid: Bid, used: Mapping[str, Decimal]) -> Bid:
    if bid.id not in used:
        return bid
    left = bid.quantity_mw - used[bid.id] if bid.divisible and not bid.inclusive else ZERO
    return replace(bid, quantity_mw=max(ZERO, left), minimum_mw=ZERO)


def scheduled(book: OrderBook) -> OrderBook:
    """Return *book* without the needs for direct activation: these are a clearing of their own."""
    return replace(book, needs=tuple(need for need in book.needs if need.activation is not Activation.DIRECT))


def market_given(situation: Situation, book: OrderBook, *, limits: bool = True, blocks: bool = False) -> Market:
    """Return what a clearing of *book* is given; *limits* and *blocks* say whether those of the book count."""
    kept = replace(book, limits=book.limits if limits else (), blocks=book.blocks if blocks else ())
    return given(situation.market, with_fallback(situation.market, kept)[0])


def _joint(rule: JointClearing, situation: Situation) -> ClearingResult:
    limits = situation.scheme.grid_constraints and rule.feeder_limits is not FeederLimits.OFF
    blocks = situation.scheme.post_check
    return clear(market_given(situation, situation.book, limits=limits, blocks=blocks), situation.engine)


def _local(_: LocalClearing, situation: Situation) -> ClearingResult:
    local = _part(situation, situation.book, LOCAL)
    return clear(market_given(situation, replace(local, capacities=())), situation.engine)


def _central(rule: CentralClearing, situation: Situation) -> ClearingResult:
    if rule.interface is Interface.SCHEDULE:
        return clear(market_given(situation, _part(situation, situation.book, CENTRAL)), situation.engine)
    book = remaining(situation.book, situation.firm)
    served = any(isinstance(other, LocalClearing) for other in situation.scheme.clearings)
    needs = _part(situation, book, CENTRAL).needs if served else book.needs
    return clear(market_given(situation, replace(book, needs=needs)), situation.engine)


def _disaggregated(rule: Disaggregation, situation: Situation) -> ClearingResult:
    """Return the part of the central result that local resources deliver: bids were handed up one by one."""
    (central,) = [each.step for each in situation.scheme.clearings if isinstance(each, CentralClearing)]
    result, areas = situation.results[central], situation.local_areas
    return replace(
        result,
        awards=tuple(award for award in result.awards if award.area in areas),
        needs=tuple(need for need in result.needs if need.buyer in situation.distributors),
        prices=tuple(price for price in result.prices if price.area in areas),
        flows=(),
        notes=(f"step {rule.step}: the awards of step {central} to distribution resources",),
    )


def _part(situation: Situation, book: OrderBook, market: str) -> OrderBook:
    """Return the bids and needs of one market, and the borders between areas of that market."""
    areas = situation.local_areas
    inside = [c for c in book.capacities if (c.from_area in areas) == (c.to_area in areas) == (market == LOCAL)]
    return replace(
        book,
        bids=tuple(bid for bid in book.bids if situation.market_of(bid) == market),
        needs=tuple(need for need in book.needs if situation.market_of(need) == market),
        capacities=tuple(inside),
    )


_KINDS: Mapping[type, Callable[..., ClearingResult]] = {
    JointClearing: _joint,
    LocalClearing: _local,
    CentralClearing: _central,
    Disaggregation: _disaggregated,
}
"""How each kind of clearing is done; checks and offers decide no volumes."""
