"""The certificate: is a result right? Judged from the market and the result alone, without any solver.

Each item is a function that yields what it finds wrong: where, and by how much. In a network the tolerance is zero and
the arithmetic exact; with losses, grid limits or shared borders a step of rounding is allowed (`Evidence.near_mw`,
`Evidence.near_price`). Together the items prove the result, not only its consistency: volumes that satisfy every
constraint, with prices under which no order wants anything else, are the best ones (the last item says so in numbers).

Symbols as in `gateway.clearing.equations`; λ price, σ = s (λ − π) − Σ_c μ_c h_c surplus of an offer after grid limits,
δ = (1 − l/2) λ_end − (1 + l/2) λ_start gain of an arc.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from gateway.clearing.borders import Border
from gateway.clearing.evidence import Evidence, evidence, node_of_price
from gateway.clearing.market import Market
from gateway.clearing.offers import Node, Offer, merit, node_of
from gateway.errors import Unsolved
from gateway.market import Pricing
from gateway.model import ZERO, Bid, Need
from gateway.results import ClearingResult

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


def certify(market: Market, result: ClearingResult) -> tuple[Violation, ...]:
    """Return everything that is wrong with *result* as the answer to *market*; nothing if it is right.

    >>> from gateway.clearing.auction import clear
    >>> from gateway.clearing.example import bid, market_of, need
    >>> market = market_of(bid("A1", "A", "up", 40, 60), need("d", "A", 25))
    >>> certify(market, clear(market))
    ()
    """
    missing = tuple(_missing(market, result))
    if missing:
        return missing
    periods = tuple(evidence(market, result))
    found = [
        Violation(item, f"{shown.period} {place}", amount)
        for shown in periods
        for item, check in ITEMS.items()
        for place, amount in check(shown)
        if amount
    ]
    off = sum((shown.welfare for shown in periods), ZERO) - result.welfare
    return (*found, Violation("welfare", "stated welfare", abs(off))) if off else tuple(found)


def require(market: Market, result: ClearingResult) -> None:
    """Refuse a result that fails its certificate.

    Raises `gateway.errors.Unsolved` with the evidence.
    """
    violations = certify(market, result)
    if violations:
        shown = "; ".join(map(str, violations[:5]))
        raise Unsolved("certificate", "a result that proves itself", f"{len(violations)} violations: {shown}")


def _missing(market: Market, result: ClearingResult) -> Iterator[Violation]:
    """Every bid and every need is answered once and only once, and every order that took part has a price."""
    bids, awards = (
        Counter((b.id, b.interval) for b in market.bids),
        Counter((a.bid_id, a.interval) for a in result.awards),
    )
    needs, served = (
        Counter((n.id, n.interval) for n in market.needs),
        Counter((n.need_id, n.interval) for n in result.needs),
    )
    for asked, answered in ((bids, awards), (needs, served)):
        for (name, period), count in ((asked - answered) + (answered - asked)).items():
            yield Violation("complete", f"{period} answers to {name}", Decimal(count))
    priced = {(node_of_price(price), price.interval) for price in result.prices}
    accepted = {(a.bid_id, a.interval) for a in result.awards if a.quantity_mw}
    orders: tuple[Bid | Need, ...] = (
        *(bid for bid in market.bids if (bid.id, bid.interval) in accepted),
        *market.needs,
    )
    for order in orders:
        if (node_of(order), order.interval) not in priced:
            yield Violation("complete", f"{order.interval} a price for {order.id}", Decimal(1))


def balance(shown: Evidence) -> Iterator[Fault]:
    """Σ_b s x − Σ_leaving (1 + l/2) f + Σ_arriving (1 − l/2) f = Σ_d s y at every node   [MW]."""
    net, terms = dict.fromkeys(shown.prices, ZERO), dict.fromkeys(shown.prices, 0)

    def add(node: Node, mw: Decimal) -> None:
        net[node] += mw
        terms[node] += 1

    for offer in shown.usable:
        add(offer.node, offer.sign * shown.accepted(offer))
    for need in shown.needs.values():
        add(node_of(need), -need.direction.sign * shown.served[need.id].served_mw)
    for border, start, end, flow in shown.arcs():
        add(start, -(1 + border.loss_factor / 2) * flow)
        add(end, (1 - border.loss_factor / 2) * flow)
    for node, mw in net.items():
        yield f"balance of {node}", _beyond(abs(mw), shown.near_mw * terms[node])


def bounds(shown: Evidence) -> Iterator[Fault]:
    """0 ≤ x ≤ q, 0 for bids that take no part; 0 ≤ y ≤ D; whole steps   [MW]."""
    usable = {bid.id for offer in shown.usable for bid in offer.bids}
    for name, award in shown.awards.items():
        most = award.offered_mw if name in usable else ZERO
        yield f"bid {name}", max(-award.quantity_mw, award.quantity_mw - most, ZERO)
        yield f"step of bid {name}", award.quantity_mw % shown.scale.mw
    for offer in shown.usable:
        yield f"usable part of {offer.id}", max(shown.accepted(offer) - shown.quantity(offer), ZERO)
    for name, need in shown.served.items():
        yield f"need {name}", max(-need.served_mw, need.served_mw - need.requested_mw, ZERO)


def divisibility(shown: Evidence) -> Iterator[Fault]:
    """Accepted x ≥ m, a whole multiple of g; members of an inclusive group in one ratio   [MW]."""
    for offer in shown.usable:
        accepted = shown.accepted(offer)
        if accepted:
            yield f"minimum of {offer.id}", max(shown.scale.megawatts(offer.minimum) - accepted, ZERO)
        if offer.granularity:
            yield f"granularity of {offer.id}", accepted % shown.scale.megawatts(offer.granularity)
        for bid, weight in zip(offer.bids, offer.weights, strict=True):
            off = abs(shown.awards[bid.id].quantity_mw - accepted * weight / offer.offered)
            yield f"share of {bid.id}", off if off >= shown.scale.mw else ZERO


def groups(shown: Evidence) -> Iterator[Fault]:
    """At most one of an exclusive group; a step of a multipart bid only behind full ones   [MW]."""
    rivals: dict[str, list[Decimal]] = {}
    units: dict[str, list[Offer]] = {}
    for offer in shown.usable:
        if offer.exclusive and shown.accepted(offer):
            rivals.setdefault(offer.exclusive, []).append(shown.accepted(offer))
        if offer.multipart:
            units.setdefault(offer.multipart, []).append(offer)
    for name, accepted in rivals.items():
        yield f"exclusive group {name}", sum(sorted(accepted)[:-1], ZERO)
    for name, steps in units.items():
        for step, dearer in pairwise(sorted(steps, key=lambda offer: merit(offer.bids[0]))):
            if shown.accepted(step) < shown.quantity(step):
                yield f"multipart bid {name}", shown.accepted(dearer)


def capacities(shown: Evidence) -> Iterator[Fault]:
    """0 ≤ f and Σ_products f ≤ F; no flow where no capacity is stated   [MW]."""
    used: dict[Border, Decimal] = {}
    known = set()
    for border, start, end, flow in shown.arcs():
        used[border] = used.get(border, ZERO) + flow
        known.add((start, end))
        yield f"flow {start} to {end}", max(-flow, ZERO)
    for border, mw in used.items():
        most = shown.scale.megawatts(border.capacity)
        yield f"border {border.from_area.value} to {border.to_area.value}", _beyond(mw - most, 2 * shown.near_mw)
    for start, end in shown.flows.keys() - known:
        yield f"flow {start} to {end}", abs(shown.flows[start, end].quantity_mw)


def grid_limits(shown: Evidence) -> Iterator[Fault]:
    """Σ_b h x ≤ max(H, 0)   [MW]; μ ≥ 0, and 0 where there is room   [money per MWh]."""
    accepted = {offer.bids[0].id: shown.accepted(offer) for offer in shown.usable}
    for name, limit in shown.limits.items():
        room = limit.headroom_mw - sum((h * accepted[key] for key, h in limit.coefficients.items()), ZERO)
        near = shown.near_mw * (1 + sum(map(abs, limit.coefficients.values()), ZERO))
        yield f"limit {name}", _beyond(-room, near)
        price = shown.shadow(name)
        yield f"shadow price of {name}", price if price > 0 and room > near else max(-price, ZERO)


def in_the_money(shown: Evidence) -> Iterator[Fault]:
    """A divisible offer with σ > 0 is full: Σ max(σ, 0) (q − x) = 0   [money per hour]."""
    for offer in shown.usable:
        if not (shown.decided(offer) or shown.untold(offer)):
            surplus, room = shown.surplus(offer), shown.quantity(offer) - shown.accepted(offer)
            yield f"offer {offer.id}", _beyond(surplus, shown.near_price) * _beyond(room, shown.near_mw)


def no_losses(shown: Evidence) -> Iterator[Fault]:
    """An accepted offer has σ ≥ 0, and is paid its price or better: Σ max(−σ, 0) x = 0   [money per hour].

    In welfare-first pricing this holds for divisible offers only.
    """
    strict = shown.rules.pricing is Pricing.STRICT
    for offer in shown.usable:
        if strict or not shown.decided(offer):
            paid = shown.awards[offer.bids[0].id].price or ZERO
            loss = ZERO if shown.untold(offer) else -shown.surplus(offer)
            loss = max(loss, offer.sign * (shown.scale.money(offer.price) - paid))
            yield f"offer {offer.id}", _beyond(loss, shown.near_price) * shown.accepted(offer)


def needs(shown: Evidence) -> Iterator[Fault]:
    """A need is served in full at a price better than its limit, and not at all at a worse one   [money per hour]."""
    for name, need in shown.needs.items():
        served = shown.served[name].served_mw
        better = need.direction.sign * (shown.value(need) - shown.prices[node_of(need)].price)
        yield f"need {name}", _beyond(better, shown.near_price) * (need.quantity_mw - served)
        yield f"need {name}", _beyond(-better, shown.near_price) * served


def flows(shown: Evidence) -> Iterator[Fault]:
    """δ ≥ 0 where something flows; δ ≤ 0 where more could   [money per hour, money per MWh]."""
    used: dict[Border, Decimal] = {}
    for border, _, _, flow in shown.arcs():
        used[border] = used.get(border, ZERO) + flow
    for border, start, end, flow in shown.arcs():
        gain, place = shown.gain(start, end, border), f"flow {start} to {end}"
        if shown.cut(start, end):
            continue
        yield place, _beyond(-gain, shown.near_price) * _beyond(flow, shown.near_mw)
        room = shown.scale.megawatts(border.capacity) - used[border] > 2 * shown.near_mw
        if room and not _one_way(shown, border, start, end):
            yield place, _beyond(gain, shown.near_price)


def price_bounds(shown: Evidence) -> Iterator[Fault]:
    """−cap ≤ λ ≤ cap, lowest ≤ λ ≤ highest, and everybody is told the price of their node   [money per MWh]."""
    for node, price in shown.prices.items():
        outside = max(abs(price.price) - shown.rules.price_cap, price.lowest - price.price, price.price - price.highest)
        yield f"price of {node}", max(outside, ZERO)
    for name, need in shown.needs.items():
        told = shown.served[name].price
        yield f"price told to {name}", _differs(told, shown.prices[node_of(need)].price, ZERO)
    for offer in shown.usable:
        seen = shown.prices[offer.node].price - offer.sign * shown.grid_cost(offer, own=False)
        paid = min(max(seen, -shown.rules.price_cap), shown.rules.price_cap)
        for bid in () if shown.untold(offer) else offer.bids:
            yield f"price told to {bid.id}", _differs(shown.awards[bid.id].price, paid, shown.near_price)


def money(shown: Evidence) -> Iterator[Fault]:
    """What needs pay is what offers receive and borders collect: Σ λ s y = Σ λ s x + Σ δ f   [money per hour]."""
    paid = sum(
        (
            need.direction.sign * shown.prices[node_of(need)].price * shown.served[name].served_mw
            for name, need in shown.needs.items()
        ),
        ZERO,
    )
    received = sum(
        (offer.sign * shown.prices[offer.node].price * shown.accepted(offer) for offer in shown.usable), ZERO
    )
    collected = sum((shown.gain(start, end, border) * flow for border, start, end, flow in shown.arcs()), ZERO)
    highest = max((abs(price.price) for price in shown.prices.values()), default=ZERO)
    orders = len(shown.usable) + len(shown.needs) + len(shown.flows)
    yield "budget", _beyond(abs(paid - received - collected), shown.near_mw * highest * orders)


def optimality(shown: Evidence) -> Iterator[Fault]:
    """Without decisions no volumes have more welfare: W = d(λ, μ)   [money per hour].

    d = Σ_b max(σ, 0) q + Σ_d max(s (v − λ), 0) D + Σ_borders max(δ, 0) F + Σ_c μ max(H, 0) bounds every welfare from
    above, whatever the prices; W that reaches it is the greatest.
    """
    if any(shown.decided(offer) for offer in shown.usable) or not shown.exact:
        return
    bound = sum((max(shown.surplus(offer), ZERO) * shown.quantity(offer) for offer in shown.usable), ZERO)
    for need in shown.needs.values():
        better = need.direction.sign * (shown.value(need) - shown.prices[node_of(need)].price)
        bound += max(better, ZERO) * need.quantity_mw
    for border, start, end, _ in shown.arcs():
        bound += max(shown.gain(start, end, border), ZERO) * shown.scale.megawatts(border.capacity)
    yield "welfare below its bound", abs(bound - shown.welfare)


ITEMS: dict[str, Callable[[Evidence], Iterator[Fault]]] = {
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
}
"""All items by name; what they say is in their first line."""


def _one_way(shown: Evidence, border: Border, start: Node, end: Node) -> bool:
    """Whether a border with losses is used the other way, or would burn energy when used both ways."""
    back = shown.flows.get((end, start))
    if not border.loss_factor or back is None:
        return False
    return back.quantity_mw > 0 or min(shown.prices[start].price, shown.prices[end].price) < 0


def _beyond(value: Decimal, near: Decimal) -> Decimal:
    """Return *value* where it exceeds *near*, otherwise nothing."""
    return value if value > near else ZERO


def _differs(told: Decimal | None, right: Decimal, near: Decimal) -> Decimal:
    return Decimal(1) if told is None else _beyond(abs(told - right), near)
