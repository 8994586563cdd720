"""A result laid beside the market it answers: what the certificate looks at, one interval at a time, as arrays.

Nothing comes from the arrays that were solved: volumes, prices and flows are read from the result; which bids could be
used, how groups merge and what borders carry is worked out again from the market.

Volumes and prices are whole numbers of units (`gateway.clearing.counting`): the steps of the market, or finer ones
where the result does not keep them. What losses and grid limits multiply becomes a floating-point number; a market
without both is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack

from gateway.clearing.borders import Border, borders
from gateway.clearing.counting import Numbers, counted, times, total
from gateway.clearing.eligibility import Outcome, outcomes_of
from gateway.clearing.evidence_orders import (
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
from gateway.clearing.market import ClearingRules, Commodity, Market
from gateway.clearing.offers import Node
from gateway.clearing.problem import Floats, Ints, Mask
from gateway.model import ZERO, Bid, Limit, Reserve
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


class Arcs(NamedTuple):
    """Every commodity over every border, with its flow. ``half_loss``: the share lost on either side."""

    border: Ints
    start: Ints
    end: Ints
    flow: Numbers
    half_loss: Numbers


class Limits(NamedTuple):
    """The grid limits that count an offer; ``matrix``: what a unit of each offer counts in each limit.

    ``shadow``: the shadow prices, 0 where the result states none; ``own``: limits that are one provider's own.
    """

    names: list[str]
    headroom: Floats
    matrix: csr_array
    shadow: Floats
    own: Mask


@dataclass(frozen=True, eq=False)
class Evidence:
    """One interval of a result.

    ``bids`` and ``needs``: what the result answers them, in the order of ``supply`` and ``demand``, which is what the
    market states. ``stray``: flows where the market has no border, with their volumes. ``capacity``: of ``borders``.
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
        return not (self.limits.names or shared or self.arcs.half_loss.any())

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
    said = pages(market, result)
    for period in market.periods:
        page = said.get(period, Page())
        yield _laid_out(market, period, page, outcomes)
        if linked:
            outcomes.update(outcomes_of(market, page.awards))


def _laid_out(market: Market, period: Interval, page: Page, outcomes: Mapping[str, Outcome]) -> Evidence:
    awards = {award.bid_id: award for award in page.awards}
    served = {need.need_id: need for need in page.served}
    taken = [awards[bid.id] for bid in page.bids]
    met = [served[need.id] for need in page.needs]
    found = borders(market, period, market.scale)[0]
    nodes = {node_of_price(price): price for price in page.prices}
    ways, stray = _ways(found, list(nodes), page.flows)
    mw, volumes = counted(
        market.scale.mw,
        [award.quantity_mw for award in taken],
        [need.served_mw for need in met],
        [way.mw for way in ways],
        [flow.quantity_mw for flow in stray],
    )
    money, prices = counted(
        market.scale.price,
        [award.price or ZERO for award in taken],
        [need.price or ZERO for need in met],
        [price.price for price in nodes.values()],
        [price.lowest for price in nodes.values()],
        [price.highest for price in nodes.values()],
    )
    units = Units(mw, money)
    index = {place_of_node(node): at for at, node in enumerate(nodes)}
    traded = {place: at for place, at in index.items() if _traded(market, place)}
    supply = supply_of(market, page.bids, units, traded)
    offers = offers_of(market, page.bids, supply, units, outcomes)
    limits = [limit for limit in market.limits if limit.interval.overlaps(period)]
    unsaid = np.array([award.price is None for award in taken], dtype=bool)
    silent = np.array([need.price is None for need in met], dtype=bool)
    return Evidence(
        market=market,
        period=period,
        units=units,
        bids=Answers([bid.id for bid in page.bids], volumes[0], Told(prices[0], unsaid)),
        supply=supply,
        offers=offers,
        needs=Answers([need.id for need in page.needs], volumes[1], Told(prices[1], silent)),
        demand=demand_of(market, page.needs, units, index),
        nodes=Nodes(list(nodes), *prices[2:]),
        borders=found,
        capacity=counted(mw, [market.scale.megawatts(border.capacity) for border in found])[1][0],
        arcs=_arcs(ways, found, volumes[2]),
        stray=(stray, volumes[3]),
        limits=_limits(limits, page, supply, offers, units),
    )


class _Way(NamedTuple):
    border: int
    start: int
    end: int
    mw: Decimal


def _ways(
    found: Sequence[Border], nodes: Sequence[Node], flows: Sequence[ExchangeFlow]
) -> tuple[list[_Way], list[ExchangeFlow]]:
    """Return every commodity over every border between nodes with a price, and the flows that are none of these."""
    flowing = {ends(flow): flow for flow in flows}
    index = {node: at for at, node in enumerate(nodes)}
    ways = []
    for at, border in enumerate(found):
        for each in sorted({node.commodity for node in nodes}):
            start, end = Node(border.from_area, each), Node(border.to_area, each)
            if start in index and end in index:
                flow = flowing.pop((start, end), None)
                ways.append(_Way(at, index[start], index[end], flow.quantity_mw if flow else ZERO))
    return ways, list(flowing.values())


def _arcs(ways: Sequence[_Way], found: Sequence[Border], flow: Numbers) -> Arcs:
    lossy = any(border.loss_factor for border in found)
    return Arcs(
        border=np.array([way.border for way in ways], dtype=np.int64),
        start=np.array([way.start for way in ways], dtype=np.int64),
        end=np.array([way.end for way in ways], dtype=np.int64),
        flow=flow,
        half_loss=np.array([found[way.border].loss_factor / 2 for way in ways], dtype=float if lossy else np.int64),
    )


def _limits(stated: Sequence[Limit], page: Page, supply: Supply, offers: Offers, units: Units) -> Limits:
    """Return those of the *stated* limits that count an offer."""
    member_of, asked = offers.member_of, supply.asked.astype(float)
    offered = np.bincount(member_of + 1, weights=asked, minlength=len(offers.names) + 1)[1:]
    place = {bid.id: at for at, bid in enumerate(page.bids) if member_of[at] >= 0} if stated else {}
    kept, rows = [], []
    for limit in stated:
        row = np.zeros(offered.size)
        for name, coefficient in limit.coefficients.items():
            if name in place:
                bid = place[name]
                row[member_of[bid]] += float(coefficient) * (asked[bid] / offered[member_of[bid]])
        if row.any():
            kept.append(limit)
            rows.append(csr_array(row[np.newaxis, :]))
    shadows = {shadow.limit_id: shadow.price for shadow in page.shadows}
    return Limits(
        names=[limit.id for limit in kept],
        headroom=np.array([float(max(limit.headroom_mw, ZERO) / units.mw) for limit in kept]),
        matrix=csr_array(vstack(rows)) if rows else csr_array((0, offered.size)),
        shadow=np.array([float(shadows.get(limit.id, ZERO) / units.price) for limit in kept]),
        own=np.array(
            [_own(limit, row, page.bids, member_of) for limit, row in zip(kept, rows, strict=True)], dtype=bool
        ),
    )


def _own(limit: Limit, row: csr_array, bids: Sequence[Bid], member_of: Ints) -> bool:
    """Whether a limit is the joint capacity of one provider's bids: stated by itself, and every MW takes of it."""
    counted_in = np.flatnonzero(np.isin(member_of, row.indices))
    return bool(np.all(row.data > 0)) and all(bids[at].provider == limit.sender for at in counted_in.tolist())


def _traded(market: Market, place: Place) -> bool:
    return not market.needs or Commodity(Reserve(place[2]), place[3]) in market.commodities


def node_of_price(price: ClearingPrice) -> Node:
    """Return the node that *price* is for."""
    return Node(price.area, Commodity(price.reserve, price.product))


def ends(flow: ExchangeFlow) -> tuple[Node, Node]:
    """Return the nodes that *flow* joins."""
    traded = Commodity(flow.reserve, flow.product)
    return Node(flow.from_area, traded), Node(flow.to_area, traded)
