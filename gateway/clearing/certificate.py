"""The certificate: is a result right? Judged from the market and the result alone, without any solver.

Each item is a function that yields residuals: how far a family of conditions is from holding, for each order, node,
border or limit at once. In a network the tolerance is zero and the arithmetic exact; with losses, grid limits or shared
borders a step of rounding is allowed (`Evidence.near_mw`, `Evidence.near_price`). Together the items prove the result,
not only its consistency: volumes that satisfy every constraint, with prices under which no order wants anything else,
are the best ones (the last item says so in numbers).

Symbols as in `gateway.clearing.equations`; λ price, σ = s (λ − π) − Σ_c μ_c h_c surplus of an offer after grid limits,
δ = (1 − l/2) λ_end − (1 + l/2) λ_start gain of an arc. An item that looks at several intervals at once, or at more than
the columns of `Evidence` hold, stands in `WHOLE` and is given market and result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise

import numpy as np

from gateway.clearing.certificate_buyers import aside, at_edges, granted, in_vain, too_early
from gateway.clearing.certificate_periods import across
from gateway.clearing.counting import Numbers, times, told, total
from gateway.clearing.evidence import HAIR, Answers, Evidence, evidence
from gateway.clearing.evidence_grid import ends
from gateway.clearing.evidence_orders import Page, pages, place_of
from gateway.clearing.market import Market
from gateway.clearing.problem import Mask
from gateway.clearing.tolerance import spread, unfolded
from gateway.errors import Unsolved
from gateway.market import CounterActivation, Pricing
from gateway.model import ZERO, Bid, Need
from gateway.results import ClearingResult
from gateway.time import Interval

Fault = tuple[str, Decimal]
"""A place, and how much is wrong there."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A certificate item that does not hold: which one, where, and by how much."""

    item: str
    place: str
    amount: Decimal

    def __str__(self) -> str:
        """Return the violation as one line."""
        return f"{self.item}: {self.place} by {self.amount}"


@dataclass(frozen=True, slots=True)
class Residual:
    """How far conditions of one kind are from holding, in multiples of ``unit``: 0 where they hold.

    ``place``: which condition it is, in words. ``near``: amounts up to here are rounding.
    """

    unit: Decimal
    amount: Numbers
    place: Callable[[int], str]
    near: Numbers | float = 0

    def faults(self) -> Iterator[Fault]:
        """Yield the conditions that do not hold."""
        for at in np.flatnonzero(np.abs(self.amount) > self.near).tolist():
            yield self.place(at), told(self.amount[at], self.unit)

    @property
    def largest(self) -> Decimal:
        """The largest amount, rounding included."""
        return told(np.abs(self.amount).max(initial=0), self.unit)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was found: ``violations``, and the largest ``residuals`` of each item over all intervals, by its name."""

    violations: tuple[Violation, ...]
    residuals: dict[str, Decimal]


def certify(market: Market, result: ClearingResult) -> tuple[Violation, ...]:
    """Return everything that is wrong with *result* as the answer to *market*; nothing if it is right.

    >>> from gateway.clearing.auction import clear
    >>> from gateway.clearing.example import bid, market_of, need
    >>> market = market_of(bid("A1", "A", "up", 40, 60), need("d", "A", 25))
    >>> certify(market, clear(market))
    ()
    """
    return certificate(market, result).violations


def certificate(market: Market, result: ClearingResult) -> Certificate:
    """Hold *result* against *market*, item by item."""
    market, result = spread(market), unfolded(result, market)
    missing = tuple(_missing(market, pages(market, result)))
    if missing:
        return Certificate(missing, {})
    periods = tuple(evidence(market, result))
    missing = tuple(chain.from_iterable(map(_unpriced, periods)))
    if missing:
        return Certificate(missing, {})
    found: list[Violation] = []
    largest = dict.fromkeys(ITEMS, ZERO)
    for shown in periods:
        for item, check in ITEMS.items():
            for residual in check(shown):
                largest[item] = max(largest[item], residual.largest)
                found += [Violation(item, f"{shown.period} {place}", off) for place, off in residual.faults()]
    for item, whole in WHOLE.items():
        faults = [fault for fault in whole(market, result, periods) if fault[1]]
        largest[item] = max((abs(amount) for _, amount in faults), default=ZERO)
        found += [Violation(item, place, amount) for place, amount in faults]
    found += [Violation(*fault) for fault in across(market, result)]
    return Certificate(tuple(found), largest)


def require(market: Market, result: ClearingResult) -> None:
    """Refuse a result that fails its certificate.

    Raises `gateway.errors.Unsolved` with the evidence.
    """
    violations = certify(market, result)
    if violations:
        shown = "; ".join(map(str, violations[:5]))
        raise Unsolved("certificate", "a result that proves itself", f"{len(violations)} violations: {shown}")


def _missing(market: Market, said: dict[Interval, Page]) -> Iterator[Violation]:
    """Every bid and every need is answered once and only once, and every order that took part has one price."""
    for period, page in said.items():
        answers = [award.bid_id for award in page.awards]
        yield from _unlike(period, [bid.id for bid in page.bids], answers)
        yield from _unlike(period, [need.id for need in page.needs], [need.need_id for need in page.served])
    for period in market.periods:
        page = said.get(period, Page())
        priced = {place_of(price) for price in page.prices}
        taken = {award.bid_id for award in page.awards if award.quantity_mw}
        orders: list[Bid | Need] = [*(bid for bid in page.bids if bid.id in taken), *page.needs]
        for order in orders:
            if place_of(order) not in priced:
                yield Violation("complete", f"{period} a price for {order.id}", Decimal(1))
        if len(priced) < len(page.prices):
            yield Violation("complete", f"{period} prices told twice", Decimal(len(page.prices) - len(priced)))


def _unlike(period: Interval, asked: Iterable[str], answered: Iterable[str]) -> Iterator[Violation]:
    questions, answers = Counter(asked), Counter(answered)
    if questions != answers:
        for name, count in ((questions - answers) + (answers - questions)).items():
            yield Violation("complete", f"{period} answers to {name}", Decimal(count))


def _unpriced(shown: Evidence) -> Iterator[Violation]:
    """An offer that was not accepted is right only at a price."""
    for at in np.flatnonzero(shown.offers.node < 0):
        yield Violation("complete", f"{shown.period} a price for {shown.offers.names[at]}", Decimal(1))


def balance(shown: Evidence) -> Iterator[Residual]:
    """Σ_b s x − Σ_leaving (1 + l/2) f + Σ_arriving (1 − l/2) f = Σ_d s y at every node   [MW]."""
    offers, demand, arcs, half = shown.offers, shown.demand, shown.arcs, shown.arcs.half_loss
    node = np.concatenate([offers.node, demand.node, arcs.start, arcs.end])
    served, sent, received = -demand.sign * shown.needs.volume, -(1 + half) * arcs.flow, (1 - half) * arcs.flow
    term = np.concatenate([offers.sign * shown.accepted, served, sent, received])
    net = np.zeros(len(shown.nodes.nodes), dtype=term.dtype)
    np.add.at(net, node, term)
    near = shown.near_mw * np.bincount(node, minlength=net.size)
    yield Residual(shown.units.mw, np.abs(net), lambda at: f"balance of {shown.nodes.nodes[at]}", near)


def bounds(shown: Evidence) -> Iterator[Residual]:
    """0 ≤ x ≤ q, 0 for bids that take no part; 0 ≤ y ≤ D; whole steps   [MW]."""
    volume, mw = shown.bids.volume, shown.units.mw
    most = np.where(shown.offers.member_of >= 0, shown.supply.asked, 0)
    yield Residual(mw, _outside(volume, most), lambda at: f"bid {shown.bids.names[at]}")
    yield Residual(mw, volume % shown.step, lambda at: f"step of bid {shown.bids.names[at]}")
    beyond = np.maximum(shown.accepted - shown.offers.quantity, 0)
    yield Residual(mw, beyond, lambda at: f"usable part of {shown.offers.names[at]}")
    yield Residual(mw, _outside(shown.needs.volume, shown.demand.asked), lambda at: f"need {shown.needs.names[at]}")


def divisibility(shown: Evidence) -> Iterator[Residual]:
    """Accepted x ≥ m, a whole multiple of g; members of an inclusive group in one ratio   [MW]."""
    offers, accepted, mw = shown.offers, shown.accepted, shown.units.mw
    short = np.where(accepted != 0, np.maximum(offers.minimum - accepted, 0), 0)
    yield Residual(mw, short, lambda at: f"minimum of {offers.names[at]}")
    over = np.where(offers.granularity > 0, accepted % np.maximum(offers.granularity, 1), 0)
    yield Residual(mw, over, lambda at: f"granularity of {offers.names[at]}")
    names, asked, volume = shown.bids.names, shown.supply.asked, shown.bids.volume
    members = np.bincount(offers.member_of + 1, minlength=len(offers.names) + 1)[1:]
    merged = np.flatnonzero((offers.member_of >= 0) & (np.append(members, 1)[offers.member_of] > 1))
    inside = offers.member_of[merged]
    offered = np.bincount(inside, weights=asked[merged].astype(float), minlength=members.size)
    share = np.abs(volume[merged] - accepted[inside] * (asked[merged] / offered[inside]))
    off = np.where(share >= shown.step - HAIR, share, 0.0)
    yield Residual(mw, off, lambda at: f"share of {names[merged[at]]}")


def groups(shown: Evidence) -> Iterator[Residual]:
    """At most one of an exclusive group; a step of a multipart bid only behind full ones   [MW]."""
    offers, accepted = shown.offers, shown.accepted
    rivals, mw = list(offers.rivals.items()), shown.units.mw
    taken = [np.maximum(accepted[members], 0) for _, members in rivals]
    second = np.array([each.sum() - each.max() for each in taken], dtype=accepted.dtype)
    yield Residual(mw, second, lambda at: f"exclusive group {rivals[at][0]}")
    steps = [pair for unit in offers.units.values() for pair in pairwise(unit)]
    names = [name for name, unit in offers.units.items() for _ in pairwise(unit)]
    cheaper, dearer = np.array(steps, dtype=np.int64).reshape(-1, 2).T
    early = np.where(accepted[cheaper] < offers.quantity[cheaper], accepted[dearer], 0)
    yield Residual(mw, early, lambda at: f"multipart bid {names[at]}")


def capacities(shown: Evidence) -> Iterator[Residual]:
    """0 ≤ f and Σ_products f ≤ F; no flow where no capacity is stated   [MW]."""
    mw, (stray, volume) = shown.units.mw, shown.stray
    yield Residual(mw, np.maximum(-shown.arcs.flow, 0), shown.arc_name)
    beyond = np.maximum(shown.used - shown.capacity, 0)
    yield Residual(mw, beyond, shown.border_name, 2 * shown.near_mw)
    yield Residual(mw, np.abs(volume), lambda at: "flow {} to {}".format(*ends(stray[at])))


def grid_limits(shown: Evidence) -> Iterator[Residual]:
    """Σ_b h x ≤ max(H, 0)   [MW]; μ ≥ 0, and 0 where there is room   [money per MWh]."""
    limits = shown.limits
    room = limits.headroom - limits.matrix @ shown.accepted.astype(float)
    near = shown.near_mw * (1 + np.abs(limits.matrix).sum(axis=1))
    yield Residual(shown.units.mw, np.maximum(-room, 0), lambda at: f"limit {limits.names[at]}", near)
    odd = np.where((limits.shadow > 0) & (room > near), limits.shadow, np.maximum(-limits.shadow, 0))
    yield Residual(shown.units.price, odd, lambda at: f"shadow price of {limits.names[at]}")


def in_the_money(shown: Evidence) -> Iterator[Residual]:
    """A divisible offer with σ > 0 is full: Σ max(σ, 0) (q − x) = 0   [money per hour]."""
    free = ~(shown.offers.decided | shown.untold | aside(shown))
    surplus = np.where(free, _beyond(shown.surplus, shown.near_price), 0)
    forgone = times(surplus, _beyond(shown.offers.quantity - shown.accepted, shown.near_mw))
    yield Residual(shown.money, forgone, lambda at: f"offer {shown.offers.names[at]}")


def no_losses(shown: Evidence) -> Iterator[Residual]:
    """An accepted offer has σ ≥ 0, and is paid its price or better: Σ max(−σ, 0) x = 0   [money per hour].

    In welfare-first pricing this holds for divisible offers only.
    """
    offers = shown.offers
    judged = ~(shown.joint if shown.rules.pricing is Pricing.STRICT else shown.joint | offers.decided)
    underpaid = offers.sign * (offers.price - shown.bids.told.price[offers.first])
    loss = np.maximum(np.where(shown.untold, 0, -shown.surplus), underpaid)
    lost = times(np.where(judged, _beyond(loss, shown.near_price), 0), shown.accepted)
    yield Residual(shown.money, lost, lambda at: f"offer {offers.names[at]}")


def needs(shown: Evidence) -> Iterator[Residual]:
    """A need is served in full at a price better than its limit, and not at all at a worse one   [money per hour].

    An excess within a tolerance is served behind its need only   [MW].
    """
    served = shown.needs.volume
    worse = np.where(granted(shown), 0, -shown.better)
    for lost in (
        times(_beyond(shown.better, shown.near_price), shown.demand.asked - served),
        times(_beyond(worse, shown.near_price), served),
    ):
        yield Residual(shown.money, lost, lambda at: f"need {shown.needs.names[at]}")
    yield Residual(shown.units.mw, too_early(shown), lambda at: f"need {shown.needs.names[at]}")


def flows(shown: Evidence) -> Iterator[Residual]:
    """δ ≥ 0 where something flows; δ ≤ 0 where more could   [money per hour, money per MWh]."""
    arcs = shown.arcs
    told_all = ~(shown.cut[arcs.start] | shown.cut[arcs.end] | at_edges(shown))
    against = np.where(told_all, _beyond(-shown.gain, shown.near_price), 0)
    yield Residual(shown.money, times(against, _beyond(arcs.flow, shown.near_mw)), shown.arc_name)
    room = (shown.capacity - shown.used > 2 * shown.near_mw)[arcs.border]
    left = np.where(told_all & room & ~_one_way(shown), _beyond(shown.gain, shown.near_price), 0)
    yield Residual(shown.units.price, left, shown.arc_name)


def price_bounds(shown: Evidence) -> Iterator[Residual]:
    """−cap ≤ λ ≤ cap, lowest ≤ λ ≤ highest, and everybody is told the price of their node   [money per MWh]."""
    nodes, unit, offers = shown.nodes, shown.units.price, shown.offers
    outside = np.maximum(
        np.abs(nodes.price) - shown.cap, np.maximum(nodes.lowest - nodes.price, nodes.price - nodes.highest)
    )
    yield Residual(unit, np.maximum(outside, 0), lambda at: f"price of {nodes.nodes[at]}")
    wrong = _differs(shown, shown.needs, nodes.price[shown.demand.node], 0)
    yield Residual(unit, wrong, lambda at: f"price told to {shown.needs.names[at]}")
    seen = nodes.price[offers.node] - offers.sign * shown.grid_cost(own=False)
    right = np.append(np.where(shown.untold, 0, np.clip(seen, -shown.cap, shown.cap)), 0)[shown.offers.member_of]
    kept_out = shown.hanging & (shown.accepted == 0)
    known = np.append(~(shown.untold | kept_out), False)[shown.offers.member_of]
    wrong = np.where(known, _differs(shown, shown.bids, right, shown.near_price), 0)
    yield Residual(unit, wrong, lambda at: f"price told to {shown.bids.names[at]}")


def money(shown: Evidence) -> Iterator[Residual]:
    """What needs pay is what offers receive and borders collect: Σ λ s y = Σ λ s x + Σ δ f   [money per hour]."""
    price, demand, offers = shown.nodes.price, shown.demand, shown.offers
    paid = total(times(demand.sign * price[demand.node], shown.needs.volume))
    received = total(times(offers.sign * price[offers.node], shown.accepted))
    collected = total(times(shown.gain, shown.arcs.flow))
    near = shown.near_mw * np.abs(price).max(initial=0) * (len(offers.names) + demand.node.size + shown.arcs.flow.size)
    yield Residual(shown.money, np.array([abs(paid - received - collected)]), lambda _: "budget", near)


def optimality(shown: Evidence) -> Iterator[Residual]:
    """Without decisions no volumes have more welfare: W = d(λ, μ)   [money per hour].

    d = Σ_b max(σ, 0) q + Σ_d max(s (v − λ), 0) D + Σ_borders max(δ, 0) F + Σ_c μ max(H, 0) bounds every welfare from
    above, whatever the prices; W that reaches it is the greatest.
    """
    welfare_first = shown.rules.counter_activation is CounterActivation.WELFARE_FIRST
    if shown.offers.decided.any() or not (shown.exact and welfare_first):
        return
    bound = total(times(np.maximum(shown.surplus, 0), shown.offers.quantity))
    bound += total(times(np.maximum(shown.better, 0), shown.demand.asked))
    bound += total(times(np.maximum(shown.gain, 0), shown.capacity[shown.arcs.border]))
    yield Residual(shown.money, np.array([abs(bound - shown.welfare)]), lambda _: "welfare below its bound")


def volume(shown: Evidence) -> Iterator[Residual]:
    """Where the least volume comes first, nothing is activated in vain   [MW]."""
    yield Residual(shown.units.mw, in_vain(shown), lambda at: f"offer {shown.offers.names[at]}")


def welfare(_: Market, result: ClearingResult, periods: Sequence[Evidence]) -> Iterator[Fault]:
    """The stated welfare is that of the volumes: W = Σ_d s v y − Σ_b s π x over all intervals   [money per hour]."""
    found = sum((told(shown.welfare, shown.money) for shown in periods), ZERO)
    yield "stated welfare", abs(found - result.welfare)


ITEMS: dict[str, Callable[[Evidence], Iterator[Residual]]] = {
    "balance": balance,
    "bounds": bounds,
    "divisibility": divisibility,
    "groups": groups,
    "capacities": capacities,
    "grid limits": grid_limits,
    "in the money": in_the_money,
    "no losses": no_losses,
    "needs": needs,
    "flows": flows,
    "prices": price_bounds,
    "money": money,
    "optimality": optimality,
    "volume": volume,
}
"""What is asked of each interval, by name; what it says is in the first line of the function."""

WHOLE: dict[str, Callable[[Market, ClearingResult, Sequence[Evidence]], Iterator[Fault]]] = {
    "welfare": welfare,
}
"""What is asked of all intervals together."""


def _one_way(shown: Evidence) -> Mask:
    """Whether a border with losses is used the other way, or would burn energy when used both ways."""
    arcs, price = shown.arcs, shown.nodes.price
    pairs = zip(arcs.start.tolist(), arcs.end.tolist(), strict=True)
    flow = dict(zip(pairs, arcs.flow.tolist(), strict=True))
    ways = zip(arcs.start.tolist(), arcs.end.tolist(), strict=True)
    back = np.array([flow.get((end, start), -1) for start, end in ways], dtype=float)
    burns = np.minimum(price[arcs.start], price[arcs.end]) < 0
    return np.asarray((arcs.half_loss > 0) & (back >= 0) & ((back > 0) | burns), dtype=bool)


def _outside(volume: Numbers, most: Numbers) -> Numbers:
    """Return by how much *volume* lies below nothing or above *most*."""
    return np.asarray(np.maximum(np.maximum(-volume, volume - most), 0))


def _beyond(value: Numbers, near: float) -> Numbers:
    """Return *value* where it exceeds *near*, otherwise nothing."""
    return np.asarray(np.where(value > near, value, 0))


def _differs(shown: Evidence, answers: Answers, right: Numbers, near: float) -> Numbers:
    """Return by how much told prices differ from what is *right*; 1 where none is told."""
    off = _beyond(np.abs(answers.told.price - right), near)
    return np.asarray(np.where(answers.told.missing, int(1 / shown.units.price), off))
