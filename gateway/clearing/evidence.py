"""A result laid beside the market it answers: what the certificate looks at, one interval at a time, as arrays.

Nothing comes from the arrays that were solved: volumes, prices and flows are read from the result; which bids could be
used, how groups merge and what borders carry is worked out again from the market.

Volumes and prices are whole numbers of units (`gateway.clearing.counting`): the steps of the market, or finer ones
where the result does not keep them. What losses and grid limits multiply becomes a floating-point number; a market
without both is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gateway.clearing.borders import Border, borders
from gateway.clearing.counting import Numbers, counted, times, total
from gateway.clearing.eligibility import Outcome, outcomes_of
from gateway.clearing.evidence_grid import Arcs, Limits, arcs_of, limits_of, node_of_price, ways_of
from gateway.clearing.evidence_orders import (
    Bound,
    Demand,
    Offers,
    Page,
    Place,
    Supply,
    Units,
    demand_of,
    offers_of,
    pages,
    place_of_node,
    supply_of,
)
from gateway.clearing.market import ClearingRules, Commodity, Market, Scale
from gateway.clearing.offers import Node
from gateway.clearing.periods import bound, inexact
from gateway.clearing.problem import Mask
from gateway.model import ZERO, Reserve
from gateway.results import ClearingPrice, ClearingResult, ExchangeFlow
from gateway.time import Interval

HAIR = 1e-6
"""By how many units rounding of floating-point numbers may reach beyond a tolerance."""


class Told(NamedTuple):
    """Prices that are told to orders; ``missing``: none is, and the price here is 0."""

    price: Numbers
    missing: Mask


class Answers(NamedTuple):
    """What the result says of orders: their names, the volume accepted or served, and the price they are told."""

    names: list[str]
    volume: Numbers
    told: Told


class Nodes(NamedTuple):
    """The nodes with the prices of the result and the interval in which they may lie."""

    nodes: list[Node]
    price: Numbers
    lowest: Numbers
    highest: Numbers


@dataclass(frozen=True, eq=False)
class Evidence:
    """One interval of a result.

    ``bids`` and ``needs``: what the result answers them, in the order of ``supply`` and ``demand``, which is what the
    market states. ``stray``: flows where the market has no border, with their volumes. ``capacity``: of ``borders``.
    ``joint``: offers that earn as one with others over several intervals; ``hanging``: offers that others may keep out
    altogether, which then are told no more than the price of their area; ``spanned``: whether rows over several
    intervals leave something to rounding.
    """

    market: Market
    period: Interval
    units: Units
    bids: Answers
    supply: Supply
    offers: Offers
    needs: Answers
    demand: Demand
    nodes: Nodes
    borders: tuple[Border, ...]
    capacity: Numbers
    arcs: Arcs
    stray: tuple[list[ExchangeFlow], Numbers]
    limits: Limits
    joint: Mask
    hanging: Mask
    spanned: bool

    @property
    def rules(self) -> ClearingRules:
        """The rules of the market."""
        return self.market.rules

    @cached_property
    def step(self) -> int:
        """The step of volumes, in units."""
        return round(self.market.scale.mw / self.units.mw)

    @cached_property
    def cap(self) -> int:
        """The price cap, in units."""
        return int(self.rules.price_cap / self.units.price)

    @property
    def money(self) -> Decimal:
        """What a unit of volume at a price of one unit is worth per hour."""
        return self.units.mw * self.units.price

    @cached_property
    def exact(self) -> bool:
        """Whether the market is a network, so that nothing is left to rounding."""
        traded = {self.nodes.nodes[at].commodity for at in {*self.offers.node.tolist(), *self.demand.node.tolist()}}
        shared = bool(self.borders) and len(traded) > 1
        return not (self.limits.names or shared or self.spanned or self.arcs.half_loss.any())

    @cached_property
    def near_mw(self) -> float:
        """How far a volume may be off, in units: nothing in a network, otherwise one step."""
        return 0 if self.exact else self.step + HAIR

    @cached_property
    def near_price(self) -> float:
        """How far a price may be off, in units: nothing in a network, otherwise two steps."""
        return 0 if self.exact else 2 * round(self.market.scale.price / self.units.price) + HAIR

    @cached_property
    def accepted(self) -> Numbers:
        """What is accepted of all members of each offer."""
        taken = np.zeros(len(self.offers.names), dtype=self.bids.volume.dtype)
        inside = self.offers.member_of >= 0
        np.add.at(taken, self.offers.member_of[inside], self.bids.volume[inside])
        return taken

    def grid_cost(self, *, own: bool = True) -> Numbers:
        """Return Σ_c μ_c h_c, what grid limits take from a unit of each offer, with or without the providers' own."""
        if not self.limits.names:
            return np.zeros(len(self.offers.names), dtype=np.int64)
        counts = self.limits.shadow if own else np.where(self.limits.own, 0, self.limits.shadow)
        return np.asarray(counts @ self.limits.matrix)

    @cached_property
    def surplus(self) -> Numbers:
        """What a unit of each offer earns after grid limits, s (λ − π) − Σ_c μ_c h_c."""
        better = self.offers.sign * (self.nodes.price[self.offers.node] - self.offers.price)
        return np.asarray(better - self.grid_cost())

    @cached_property
    def better(self) -> Numbers:
        """By how much the limit price of each need is better than the price, s (v − λ)."""
        return np.asarray(self.demand.sign * (self.demand.value - self.nodes.price[self.demand.node]))

    @cached_property
    def gain(self) -> Numbers:
        """(1 − l/2) λ_end − (1 + l/2) λ_start, what a unit sent over each arc earns."""
        price, half = self.nodes.price, self.arcs.half_loss
        return np.asarray((1 - half) * price[self.arcs.end] - (1 + half) * price[self.arcs.start])

    @cached_property
    def used(self) -> Numbers:
        """What flows over each border, of all commodities."""
        flow = np.zeros(len(self.borders), dtype=self.arcs.flow.dtype)
        np.add.at(flow, self.arcs.border, self.arcs.flow)
        return flow

    @cached_property
    def cut(self) -> Mask:
        """Nodes whose price may be cut at the cap: with losses or limits the value of scarcity can exceed it.

        A price that is cut proves nothing about those who see more than it.
        """
        return np.asarray((np.abs(self.nodes.price) == self.cap) & (not self.exact), dtype=bool)

    @cached_property
    def untold(self) -> Mask:
        """Offers of which the result does not tell what they see: grid limits on top of a price that is cut."""
        counted_in = np.diff(self.limits.matrix.tocsc().indptr) > 0
        return np.asarray(counted_in & self.cut[self.offers.node], dtype=bool)

    @cached_property
    def welfare(self) -> int:
        """Σ_d s v y − Σ_b s π x, in units of ``money``."""
        value = total(times(self.demand.sign * self.demand.value, self.needs.volume))
        return int(value - total(times(self.offers.sign * self.offers.price, self.accepted)))

    def border_name(self, border: int) -> str:
        """Return a border in words."""
        return f"border {self.borders[border].from_area.value} to {self.borders[border].to_area.value}"

    def arc_name(self, arc: int) -> str:
        """Return a flow in words."""
        return f"flow {self.nodes.nodes[self.arcs.start[arc]]} to {self.nodes.nodes[self.arcs.end[arc]]}"


def evidence(market: Market, result: ClearingResult) -> Iterator[Evidence]:
    """Yield the intervals of *market* with what *result* says of them, in the order of time.

    The result answers every bid and every need of the market (`gateway.clearing.certificate`). Raises
    `gateway.errors.InvalidValue` for a volume or a price that is not finite.
    """
    outcomes: dict[str, Outcome] = {}
    linked = any(bid.links or bid.technical_link for bid in market.bids)
    said, bids_bound, rounded = pages(market, result), bound(market), inexact(market)
    for period in market.periods:
        page = said.get(period, Page())
        shown = _laid_out(market, period, page, outcomes, bids_bound)
        yield _hanging(shown, page, bids_bound, spanned=period in rounded) if bids_bound else shown
        if linked:
            outcomes.update(outcomes_of(market, page.awards))


def _laid_out(
    market: Market, period: Interval, page: Page, outcomes: Mapping[str, Outcome], bids_bound: Bound
) -> Evidence:
    found = borders(market, period, market.scale)[0]
    prices = {node_of_price(price): price for price in page.prices}
    ways, stray = ways_of(found, list(prices), page.flows)
    read = _read(market.scale, page, list(prices.values()), [way.mw for way in ways], stray)
    index = {place_of_node(node): at for at, node in enumerate(prices)}
    traded = {place: at for place, at in index.items() if _traded(market, place)}
    supply = supply_of(market, page.bids, read.units, traded, bids_bound)
    offers = offers_of(market, page.bids, supply, read.units, outcomes)
    limits = [limit for limit in market.limits if limit.interval.overlaps(period)]
    return Evidence(
        market=market,
        period=period,
        units=read.units,
        bids=read.bids,
        supply=supply,
        offers=offers,
        needs=read.needs,
        demand=demand_of(market, page.needs, read.units, index),
        nodes=Nodes(list(prices), *read.prices),
        borders=found,
        capacity=counted(read.units.mw, [market.scale.megawatts(border.capacity) for border in found])[1][0],
        arcs=arcs_of(ways, found, read.flow),
        stray=(stray, read.stray),
        limits=limits_of(limits, page, supply, offers, read.units),
        joint=np.zeros(len(offers.names), dtype=bool),
        hanging=np.zeros(len(offers.names), dtype=bool),
        spanned=False,
    )


def _hanging(shown: Evidence, page: Page, bids_bound: Bound, *, spanned: bool) -> Evidence:
    """Return *shown* with the offers marked whose acceptance hangs on that of others."""
    bids = [at for at, bid in enumerate(page.bids) if (bid.id, bid.interval) in bids_bound]
    together = [at for at in bids if page.bids[at].block_bid or page.bids[at].technical_link]
    hanging = _holding(shown.offers, bids)
    offers = replace(shown.offers, decided=shown.offers.decided | hanging)
    joint = _holding(shown.offers, together)
    return replace(shown, offers=offers, joint=joint, hanging=hanging, spanned=spanned)


def _holding(offers: Offers, bids: Sequence[int]) -> Mask:
    """Return which *offers* hold any of these bids, given by number."""
    held = np.zeros(len(offers.names) + 1, dtype=bool)
    held[offers.member_of[np.array(bids, dtype=np.int64)]] = True
    return held[:-1]


class _Read(NamedTuple):
    """The numbers of a result, in units that hold all of them."""

    units: Units
    bids: Answers
    needs: Answers
    flow: Numbers
    stray: Numbers
    prices: tuple[Numbers, Numbers, Numbers]


def _read(
    scale: Scale, page: Page, prices: Sequence[ClearingPrice], flows: Sequence[Decimal], stray: Sequence[ExchangeFlow]
) -> _Read:
    """Count what a result says, bids and needs in the order of the market."""
    awards = {award.bid_id: award for award in page.awards}
    served = {need.need_id: need for need in page.served}
    taken = [awards[bid.id] for bid in page.bids]
    met = [served[need.id] for need in page.needs]
    asked = [award.price for award in taken], [need.price for need in met]
    mw, (taken_mw, met_mw, flow, stray_mw) = counted(
        scale.mw,
        [award.quantity_mw for award in taken],
        [need.served_mw for need in met],
        flows,
        [flow.quantity_mw for flow in stray],
    )
    money, (bids, needs, price, lowest, highest) = counted(
        scale.price,
        *([each or ZERO for each in column] for column in asked),
        [price.price for price in prices],
        [price.lowest for price in prices],
        [price.highest for price in prices],
    )
    bid_told, need_told = (
        Told(found, np.array([each is None for each in column], dtype=bool))
        for found, column in zip((bids, needs), asked, strict=True)
    )
    return _Read(
        Units(mw, money),
        Answers([bid.id for bid in page.bids], taken_mw, bid_told),
        Answers([need.id for need in page.needs], met_mw, need_told),
        flow,
        stray_mw,
        (price, lowest, highest),
    )


def _traded(market: Market, place: Place) -> bool:
    return not market.needs or Commodity(Reserve(place[2]), place[3]) in market.commodities
