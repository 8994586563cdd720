"""A result laid beside the market it answers: what the certificate looks at, one interval at a time.

Everything is `Decimal` and nothing comes from the arrays that were solved: volumes, prices and flows are read from the
result; which bids could be used, how groups merge and what borders carry is worked out again from the market.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gateway.clearing.borders import Border, borders
from gateway.clearing.eligibility import Outcome, outcomes_of, screen
from gateway.clearing.market import ClearingRules, Commodity, Market, Scale, commodity
from gateway.clearing.offers import Node, Offer, offers
from gateway.clearing.problem import own_capacity
from gateway.model import ZERO, Need
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, ServedNeed, ShadowPrice
from gateway.time import Interval


class CountedLimit(NamedTuple):
    """A grid limit: its headroom, what a MW of each offer counts (by its first bid), and whether it is an own one."""

    headroom_mw: Decimal
    coefficients: dict[str, Decimal]
    own: bool


@dataclass(frozen=True)
class Evidence:
    """One interval of a result. ``usable``: the offers with their bids; other bids may not be accepted."""

    market: Market
    period: Interval
    scale: Scale
    usable: tuple[Offer, ...]
    borders: tuple[Border, ...]
    awards: dict[str, Award]
    served: dict[str, ServedNeed]
    prices: dict[Node, ClearingPrice]
    flows: dict[tuple[Node, Node], ExchangeFlow]
    shadows: dict[str, ShadowPrice]

    @property
    def rules(self) -> ClearingRules:
        """The rules of the market."""
        return self.market.rules

    @cached_property
    def needs(self) -> dict[str, Need]:
        """The needs of the interval, by id."""
        return {need.id: need for need in self.market.needs if need.interval == self.period}

    @cached_property
    def limits(self) -> dict[str, CountedLimit]:
        """The grid limits that count an offer of the interval, by id."""
        member_of = {bid.id: offer for offer in self.usable for bid in offer.bids}
        found = {}
        for limit in self.market.limits:
            counted = [member_of[name] for name in limit.coefficients if name in member_of]
            coefficients = {offer.bids[0].id: offer.coefficient(limit) for offer in counted}
            coefficients = {name: value for name, value in coefficients.items() if value}
            own = own_capacity(limit, counted, coefficients.values())
            if limit.interval.overlaps(self.period) and coefficients:
                found[limit.id] = CountedLimit(max(limit.headroom_mw, ZERO), coefficients, own)
        return found

    @cached_property
    def exact(self) -> bool:
        """Whether the market is a network, so that nothing is left to rounding."""
        traded = {offer.node.commodity for offer in self.usable} | {commodity(need) for need in self.needs.values()}
        shared = bool(self.borders) and len(traded) > 1
        return not (self.limits or shared or any(border.loss_factor for border in self.borders))

    @property
    def near_mw(self) -> Decimal:
        """How far a volume may be off: nothing in a network, otherwise one step."""
        return ZERO if self.exact else self.scale.mw

    @property
    def near_price(self) -> Decimal:
        """How far a price may be off: nothing in a network, otherwise two steps."""
        return ZERO if self.exact else 2 * self.scale.price

    def accepted(self, offer: Offer) -> Decimal:
        """Return the MW accepted of all members of *offer*."""
        return self._accepted[offer.bids[0].id]

    @cached_property
    def _accepted(self) -> dict[str, Decimal]:
        return {
            offer.bids[0].id: sum((self.awards[bid.id].quantity_mw for bid in offer.bids), ZERO)
            for offer in self.usable
        }

    def quantity(self, offer: Offer) -> Decimal:
        """Return the MW that can be accepted of *offer*."""
        return self.scale.megawatts(offer.quantity)

    def grid_cost(self, offer: Offer, *, own: bool = True) -> Decimal:
        """Return Σ_c μ_c h_c, what grid limits take from a MW of *offer*, with or without the provider's own."""
        counted = self._counting.get(offer.bids[0].id, ())
        return sum((cost for cost, limit in counted if own or not limit.own), ZERO)

    @cached_property
    def _counting(self) -> dict[str, list[tuple[Decimal, CountedLimit]]]:
        """Return, for the first bid of each offer, the limits that count it, with what each takes from a MW of it."""
        found: dict[str, list[tuple[Decimal, CountedLimit]]] = {}
        for c, limit in self.limits.items():
            for name, coefficient in limit.coefficients.items():
                found.setdefault(name, []).append((self.shadow(c) * coefficient, limit))
        return found

    def shadow(self, limit_id: str) -> Decimal:
        """Return the shadow price of a limit; one that the result does not state counts as free."""
        stated = self.shadows.get(limit_id)
        return stated.price if stated else ZERO

    def surplus(self, offer: Offer) -> Decimal:
        """Return s (λ − π) − Σ_c μ_c h_c, what a MW of *offer* earns after grid limits."""
        return offer.sign * (self.prices[offer.node].price - self.scale.money(offer.price)) - self.grid_cost(offer)

    def cut(self, *nodes: Node) -> bool:
        """Whether a price may be cut at the cap: with losses or limits the value of scarcity can exceed it.

        A price that is cut proves nothing about those who see more than it.
        """
        return not self.exact and any(abs(self.prices[node].price) == self.rules.price_cap for node in nodes)

    def untold(self, offer: Offer) -> bool:
        """Whether the result does not tell what *offer* sees: grid limits on top of a price that is cut."""
        return offer.bids[0].id in self._counting and self.cut(offer.node)

    def value(self, need: Need) -> Decimal:
        """Return the limit price of *need*; without one, the price cap in its direction."""
        return need.direction.sign * self.rules.price_cap if need.price is None else need.price

    @property
    def welfare(self) -> Decimal:
        """Σ_d s v y − Σ_b s π x, in money per hour."""
        value = sum(
            (need.direction.sign * self.value(need) * self.served[name].served_mw for name, need in self.needs.items()),
            ZERO,
        )
        cost = sum((o.sign * self.scale.money(o.price) * self.accepted(o) for o in self.usable), ZERO)
        return value - cost

    def gain(self, start: Node, end: Node, border: Border) -> Decimal:
        """Return (1 − l/2) λ_end − (1 + l/2) λ_start, what a MW sent over *border* earns."""
        half = border.loss_factor / 2
        return (1 - half) * self.prices[end].price - (1 + half) * self.prices[start].price

    def arcs(self) -> Iterator[tuple[Border, Node, Node, Decimal]]:
        """Yield every commodity over every border, with its flow."""
        commodities = {node.commodity for node in self.prices}
        for border in self.borders:
            for each in sorted(commodities):
                start, end = Node(border.from_area, each), Node(border.to_area, each)
                if start in self.prices and end in self.prices:
                    flow = self.flows.get((start, end))
                    yield border, start, end, flow.quantity_mw if flow else ZERO

    def decided(self, offer: Offer) -> bool:
        """Whether a yes-or-no decision hangs on *offer*, so that it may be refused in the money."""
        return bool(offer.minimum or offer.granularity or offer.exclusive or offer.multipart)


def evidence(market: Market, result: ClearingResult) -> Iterator[Evidence]:
    """Yield the intervals of *market* with what *result* says of them, in the order of time."""
    scale = market.scale
    outcomes: dict[str, Outcome] = {}
    for period in market.periods:
        screening = screen(market, period, outcomes)
        awards = {award.bid_id: award for award in result.awards if award.interval == period}
        yield Evidence(
            market=market,
            period=period,
            scale=scale,
            usable=offers(screening, scale)[0],
            borders=borders(market, period, scale)[0],
            awards=awards,
            served={need.need_id: need for need in result.needs if need.interval == period},
            prices={node_of_price(price): price for price in result.prices if price.interval == period},
            flows={ends(flow): flow for flow in result.flows if flow.interval == period},
            shadows={shadow.limit_id: shadow for shadow in result.shadow_prices if shadow.interval == period},
        )
        outcomes.update(outcomes_of(market, awards.values()))


def node_of_price(price: ClearingPrice) -> Node:
    """Return the node that *price* is for."""
    return Node(price.area, Commodity(price.reserve, price.product))


def ends(flow: ExchangeFlow) -> tuple[Node, Node]:
    """Return the nodes that *flow* joins."""
    traded = Commodity(flow.reserve, flow.product)
    return Node(flow.from_area, traded), Node(flow.to_area, traded)
