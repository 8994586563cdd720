"""The clearing in numbers: orders, nodes, arcs and limits, each a row of arrays.

A problem is one interval, or several that are cleared together (`gateway.clearing.joint`).

Built once from a market, in an order that depends on ids alone, so that the order of the input cannot show in a result.
Quantities are whole ticks and prices whole price ticks (`gateway.clearing.market.Scale`); the solver sees them
in MW and money per MWh. Index letters: b offer, d need, i node, a arc, c limit.

A problem is a *network* when all that couples offers are balances and capacities: no losses, no limits, and every
capacity serves one commodity. Its balances form a network matrix, which is totally unimodular: with the yes-or-no
decisions fixed, every vertex lies on the grid of the input quantities, and results are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd

import numpy as np
from numpy.typing import NDArray

from gateway.clearing.borders import Border, borders
from gateway.clearing.couplings import NONE, Couplings
from gateway.clearing.eligibility import Screening, Unusable
from gateway.clearing.market import Market, Scale
from gateway.clearing.offers import Node, Offer, merit, node_of, offers
from gateway.clearing.rows import LimitRow
from gateway.model import Bid, Limit, Need
from gateway.time import Interval

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arc:
    """One commodity over one border: from node ``start`` to node ``end``."""

    border: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One interval, or several, all in canonical order.

    ``period``: the interval, or the span of several, which then stand in ``periods`` and in the nodes. ``cap``: the
    price cap in price ticks. ``exclusive``: sets of offers of which at most one is accepted. ``chains``: steps of one
    unit, cheapest first, where their order needs a decision. ``unusable``: bids that take no part. ``couplings``: what
    else binds offers to each other.
    """

    period: Interval
    scale: Scale
    cap: int
    nodes: tuple[Node, ...]
    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]
    borders: tuple[Border, ...]
    arcs: tuple[Arc, ...]
    limits: tuple[LimitRow, ...]
    exclusive: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]
    unusable: tuple[Unusable, ...] = ()
    notes: tuple[str, ...] = ()
    periods: tuple[Interval, ...] = ()
    couplings: Couplings = NONE

    def place(self, order: Bid | Need) -> Node:
        """Return the node of an order, which has its interval where there are several."""
        node = node_of(order)
        return replace(node, period=order.interval) if self.periods else node

    def period_of(self, node: Node) -> Interval:
        """Return the interval of *node*."""
        return node.period or self.period

    @cached_property
    def rows(self) -> tuple[LimitRow, ...]:
        """All rows over volumes that are not balances: the grid limits first, then those of couplings."""
        return (*self.limits, *self.couplings.rows)

    @cached_property
    def node_index(self) -> dict[Node, int]:
        """Position of each node."""
        return {node: at for at, node in enumerate(self.nodes)}

    @cached_property
    def offer_node(self) -> Ints:
        """Node of each offer."""
        return _ints(self.node_index[offer.node] for offer in self.offers)

    @cached_property
    def offer_sign(self) -> Ints:
        """+1 for an up offer, −1 for a down offer."""
        return _ints(offer.sign for offer in self.offers)

    @cached_property
    def offer_price(self) -> Ints:
        """Price of each offer in price ticks."""
        return _ints(offer.price for offer in self.offers)

    @cached_property
    def quantity(self) -> Ints:
        """Most that can be accepted of each offer, in ticks."""
        return _ints(offer.quantity for offer in self.offers)

    @cached_property
    def minimum(self) -> Ints:
        """Least that can be accepted of each offer, if any is, in ticks."""
        return _ints(offer.minimum for offer in self.offers)

    @cached_property
    def need_node(self) -> Ints:
        """Node of each need."""
        return _ints(self.node_index[self.place(need)] for need in self.needs)

    @cached_property
    def need_sign(self) -> Ints:
        """+1 for a need of more injection, −1 for a need of less."""
        return _ints(need.direction.sign for need in self.needs)

    @cached_property
    def need_quantity(self) -> Ints:
        """Size of each need in ticks."""
        return _ints(self.scale.ticks(need.quantity_mw) for need in self.needs)

    @cached_property
    def need_value(self) -> Ints:
        """Limit price of each need in price ticks; without one, the price cap in the direction of the need."""
        return _ints(
            need.direction.sign * self.cap if need.price is None else self.scale.price_ticks(need.price)
            for need in self.needs
        )

    @cached_property
    def required(self) -> Mask:
        """Whether a need comes before welfare: it is insisted on and has no limit price."""
        return np.array([need.required and need.price is None for need in self.needs], dtype=bool)

    @cached_property
    def arc_capacity(self) -> Ints:
        """Capacity of the border of each arc, in ticks."""
        return _ints(self.borders[arc.border].capacity for arc in self.arcs)

    @cached_property
    def arc_start(self) -> Ints:
        """Sending node of each arc."""
        return _ints(arc.start for arc in self.arcs)

    @cached_property
    def arc_end(self) -> Ints:
        """Receiving node of each arc."""
        return _ints(arc.end for arc in self.arcs)

    @cached_property
    def arc_half_loss(self) -> Floats:
        """Share of the flow that is lost on either side of each arc."""
        return np.array([float(self.borders[arc.border].loss_factor) / 2 for arc in self.arcs])

    @cached_property
    def offers_at(self) -> tuple[tuple[int, ...], ...]:
        """The offers of each node."""
        return _by_node(self.offer_node, len(self.nodes))

    @cached_property
    def needs_at(self) -> tuple[tuple[int, ...], ...]:
        """The needs of each node."""
        return _by_node(self.need_node, len(self.nodes))

    @cached_property
    def arcs_from(self) -> tuple[tuple[int, ...], ...]:
        """The arcs that start at each node."""
        return _by_node(self.arc_start, len(self.nodes))

    @cached_property
    def arcs_to(self) -> tuple[tuple[int, ...], ...]:
        """The arcs that end at each node."""
        return _by_node(self.arc_end, len(self.nodes))

    def mw(self, ticks: Ints) -> Floats:
        """Return quantities in MW."""
        return np.asarray(ticks * float(self.scale.mw), dtype=np.float64)

    def money(self, ticks: Ints) -> Floats:
        """Return prices per MWh."""
        return np.asarray(ticks * float(self.scale.price), dtype=np.float64)

    @cached_property
    def shared(self) -> dict[int, tuple[int, ...]]:
        """The borders that serve several commodities, with their arcs."""
        arcs: dict[int, list[int]] = {}
        for at, arc in enumerate(self.arcs):
            arcs.setdefault(arc.border, []).append(at)
        return {border: tuple(found) for border, found in arcs.items() if len(found) > 1}

    @cached_property
    def opposed(self) -> tuple[tuple[int, int], ...]:
        """Pairs of arcs with losses that run against each other; only one of a pair may carry a flow.

        Without that rule a negative price would make it pay to burn energy by sending it both ways.
        """
        lossy = {(arc.start, arc.end): at for at, arc in enumerate(self.arcs) if self.arc_half_loss[at] > 0}
        return tuple(
            (at, lossy[end, start]) for (start, end), at in lossy.items() if start < end and (end, start) in lossy
        )

    @cached_property
    def is_network(self) -> bool:
        """Whether results are exact: no losses, no rows but balances, one commodity for each border."""
        return not (self.rows or self.shared or self.arc_half_loss.any())

    @cached_property
    def grid(self) -> int:
        """The greatest number of ticks of which every quantity, and every step of an offer, is a multiple."""
        return gcd(*(int(number) for numbers in self._quantities for number in numbers)) or 1

    @property
    def _quantities(self) -> tuple[Ints, ...]:
        steps = _ints(offer.granularity for offer in self.offers)
        return self.quantity, self.minimum, steps, self.need_quantity, self.arc_capacity

    @cached_property
    def granular(self) -> tuple[int, ...]:
        """Offers whose granularity needs a whole number: it does not follow from the grid of all quantities."""
        return tuple(
            at
            for at, offer in enumerate(self.offers)
            if offer.granularity and not (self.is_network and self.grid % offer.granularity == 0)
        )

    @cached_property
    def switched(self) -> tuple[int, ...]:
        """Offers with a yes-or-no decision of their own: a least quantity, rivals, or others that look at it."""
        bound = self.couplings.switched.union(*self.exclusive)
        return tuple(at for at in range(len(self.offers)) if self.minimum[at] > 0 or at in bound)

    @cached_property
    def decided(self) -> Mask:
        """Offers that hang on any whole-number decision; the others are freely divisible."""
        mask = np.zeros(len(self.offers), dtype=bool)
        steps = (at for chain in self.chains for at in chain)
        mask[[*self.switched, *self.granular, *steps, *self.couplings.optional]] = True
        return mask

    @cached_property
    def limited(self) -> Mask:
        """Offers that count in a grid limit, or that something else binds to others."""
        mask = np.zeros(len(self.offers), dtype=bool)
        mask[[*(at for row in self.limits for at in row.coefficients), *self.couplings.tied]] = True
        return mask


def problem(market: Market, period: Interval, screening: Screening) -> Problem:
    """Put the usable bids, the needs, the capacities and the limits of *period* into numbers."""
    made, grouped_out = offers(screening, market.scale)
    return numbers(market, period, made, (*screening.unusable, *grouped_out), screening.notes)


def numbers(
    market: Market, period: Interval, made: tuple[Offer, ...], unusable: tuple[Unusable, ...], heard: tuple[str, ...]
) -> Problem:
    """Put the offers *made* of *period* into numbers, with all that is stated for it; *heard* are notes so far."""
    scale = market.scale
    needs = tuple(sorted((need for need in market.needs if need.interval == period), key=lambda need: need.id))
    links, notes = borders(market, period, scale)
    traded = sorted({offer.node.commodity for offer in made} | {node_of(need).commodity for need in needs})
    ends = {Node(area, each) for link in links for area in (link.from_area, link.to_area) for each in traded}
    nodes = tuple(sorted({offer.node for offer in made} | {node_of(need) for need in needs} | ends))
    index = {node: at for at, node in enumerate(nodes)}
    arcs = tuple(
        Arc(at, index[Node(link.from_area, each)], index[Node(link.to_area, each)])
        for at, link in enumerate(links)
        for each in traded
    )
    rows = _limits(market, period, made)
    return Problem(
        period=period,
        scale=scale,
        cap=scale.price_ticks(market.rules.price_cap),
        nodes=nodes,
        offers=made,
        needs=needs,
        borders=links,
        arcs=arcs,
        limits=rows,
        exclusive=_exclusive(made),
        chains=_chains(made, {at for row in rows for at in row.coefficients}),
        unusable=unusable,
        notes=(*heard, *notes),
    )


def _limits(market: Market, period: Interval, made: tuple[Offer, ...]) -> tuple[LimitRow, ...]:
    """Return the limits that hold in any part of *period* and count an offer of it."""
    member_of = {bid.id: at for at, offer in enumerate(made) for bid in offer.bids}
    bids = {bid.id: bid for bid in market.bids if bid.interval == period} if market.limits else {}
    rows = []
    for limit in sorted(market.limits, key=lambda limit: limit.id):
        if not limit.interval.overlaps(period):
            continue
        counted = sorted({member_of[name] for name in limit.coefficients if name in member_of})
        coefficients = {at: float(made[at].coefficient(limit)) for at in counted}
        coefficients = {at: value for at, value in coefficients.items() if value}
        own = own_capacity(limit, bids)
        rows.append(LimitRow(limit, max(0.0, float(limit.headroom_mw)), coefficients, own, period))
    return tuple(row for row in rows if row.coefficients)


def own_capacity(limit: Limit, bids: Mapping[str, Bid]) -> bool:
    """Whether a limit is the joint capacity of one provider's bids: stated by itself, and every MW takes of it.

    *bids* are those of its interval by id, usable or not. What such a limit costs is the provider's own opportunity,
    which the area's price covers already; only the limits of others move the price that a bid is settled at.
    """
    counted = ((bids[name], value) for name, value in limit.coefficients.items() if value and name in bids)
    return all(bid.provider == limit.sender and value > 0 for bid, value in counted)


def _exclusive(made: tuple[Offer, ...]) -> tuple[tuple[int, ...], ...]:
    groups: dict[str, list[int]] = {}
    for at, offer in enumerate(made):
        if offer.exclusive:
            groups.setdefault(offer.exclusive, []).append(at)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _chains(made: tuple[Offer, ...], limited: set[int]) -> tuple[tuple[int, ...], ...]:
    """Return the units whose steps need a decision.

    Freely divisible steps of rising price fill up in order by themselves, because a dearer step in the money means that
    the cheaper one is too. A least quantity, a tie of prices or a grid limit can break that.
    """
    units: dict[str, list[int]] = {}
    for at, offer in enumerate(made):
        if offer.multipart:
            units.setdefault(offer.multipart, []).append(at)
    chains = []
    for unit in units.values():
        steps = sorted(unit, key=lambda at: merit(made[at].bids[0]))
        tied = len({made[at].price for at in steps}) < len(steps)
        if len(steps) > 1 and (tied or any(made[at].minimum or made[at].granularity or at in limited for at in steps)):
            chains.append(tuple(steps))
    return tuple(chains)


def _by_node(node_of_each: Ints, nodes: int) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in range(nodes)]
    for at, node in enumerate(node_of_each):
        found[node].append(at)
    return tuple(map(tuple, found))


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)
