"""From a cleared problem to the canonical result: every bid, need, price and flow, in `Decimal`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gateway.clearing.dispatch import welfare
from gateway.clearing.eligibility import Unusable
from gateway.clearing.exclusion import Cleared
from gateway.clearing.fates import fate_of
from gateway.clearing.prices import seen_price
from gateway.clearing.problem import Ints, Problem
from gateway.clearing.tolerance import Excess
from gateway.model import ZERO, Bid
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, Fate, Method, ServedNeed, ShadowPrice

SCARCITY = "scarcity"
"""What `ClearingPrice.set_by` says first where a need that goes short set the price."""
_SHADOW_STEP = Decimal("0.000001")
_CENT = Decimal("0.01")
_MARGIN = 1.5
"""Within how many price ticks an order's price counts as the price it sees."""


def result_of(
    problem: Problem, cleared: Cleared, currency: str, known: Mapping[str, Award] = MappingProxyType({})
) -> ClearingResult:
    """Return the result of the interval of *problem*, or of its intervals, each after the other.

    *known*: awards that are known already, by the id of an offer of one bid.
    """
    steps = problem.scale.mw * problem.scale.price
    limits = tuple(_shadow_prices(problem, cleared))
    methods = tuple(_methods(problem, cleared))
    return ClearingResult(
        awards=tuple(_in_order(problem, _awards(problem, cleared, currency, known))),
        needs=tuple(_served(problem, cleared)),
        prices=tuple(_prices(problem, cleared, currency)),
        flows=tuple(_flows(problem, cleared)),
        shadow_prices=limits,
        welfare=(welfare(problem, cleared.volumes) * steps).normalize() + ZERO,
        currency=currency,
        methods=methods,
        notes=(*problem.notes, *cleared.notes, *_remarks(problem, methods[0], limits, currency)),
    )


def _in_order(problem: Problem, awards: Iterator[Award]) -> list[Award]:
    """Return *awards* by interval and id."""
    ordered = sorted(awards, key=attrgetter("bid_id"))
    return sorted(ordered, key=attrgetter("interval")) if problem.periods else ordered


def _methods(problem: Problem, cleared: Cleared) -> Iterator[Method]:
    """Yield how each interval was cleared; what is proven of several cleared together is proven of all of them."""
    rung, gap, nodes = cleared.volumes.proof
    proven = None if gap is None else Decimal(repr(gap)).quantize(_CENT)
    for period in problem.periods or (problem.period,):
        yield Method(interval=period, rung=rung, gap=proven, nodes=nodes)


def award(bid: Bid, accepted_mw: Decimal, price: Decimal | None, fate: Fate, reason: str) -> Award:
    """Return what is said of *bid*."""
    return Award(
        bid_id=bid.id,
        provider=bid.provider,
        area=bid.area,
        direction=bid.direction,
        interval=bid.interval,
        offered_mw=bid.quantity_mw,
        quantity_mw=accepted_mw,
        bid_price=bid.price,
        price=price,
        fate=fate,
        reason=reason,
        currency=bid.currency,
        reserve=bid.reserve,
        resource=bid.resource,
        voluntary_id=bid.voluntary_id,
    )


def refused(unusable: Unusable, price: Decimal | None = None) -> Award:
    """Return what is said of a bid that took no part."""
    return award(unusable.bid, ZERO, price, unusable.fate, unusable.reason)


def _awards(problem: Problem, cleared: Cleared, currency: str, known: Mapping[str, Award]) -> Iterator[Award]:
    scale, prices = problem.scale, cleared.prices
    for at, offer in enumerate(problem.offers):
        if offer.id in known:
            yield known[offer.id]
            continue
        fate, reason = fate_of(problem, cleared, at, currency)
        price = scale.money(round(_paid(problem, cleared, at)))
        parts = offer.split(int(cleared.volumes.accepted[at]))
        for bid, part in zip(offer.bids, parts, strict=True):
            yield award(bid, scale.megawatts(part), price, fate, reason)
    for unusable in problem.unusable:
        node = problem.node_index.get(problem.place(unusable.bid))
        told = node is not None and unusable.bid.currency == currency
        yield refused(unusable, scale.money(int(prices.price[node])) if told else None)


def _paid(problem: Problem, cleared: Cleared, offer: int) -> float:
    """Return the price an award is settled at: the area's, moved by all grid limits but the provider's own capacity."""
    foreign = {at: price for at, price in cleared.prices.shadow.items() if not problem.rows[at].own}
    seen = seen_price(problem, offer, cleared.prices.uncut, foreign)
    return min(max(seen, -problem.cap), problem.cap)


def _served(problem: Problem, cleared: Cleared) -> Iterator[ServedNeed]:
    scale = problem.scale
    for at, need in enumerate(problem.needs):
        yield ServedNeed(
            need_id=need.id,
            buyer=need.buyer,
            area=need.area,
            direction=need.direction,
            interval=need.interval,
            requested_mw=need.quantity_mw,
            served_mw=scale.megawatts(int(cleared.volumes.served[at])),
            price=scale.money(int(cleared.prices.price[problem.need_node[at]])),
            limit_price=need.price,
            currency=need.currency,
            reserve=need.reserve,
            buyer_role=need.buyer_role,
        )


def _prices(problem: Problem, cleared: Cleared, currency: str) -> Iterator[ClearingPrice]:
    scale, prices = problem.scale, cleared.prices
    zones = _price_zones(problem, cleared)
    for at, node in enumerate(problem.nodes):
        yield ClearingPrice(
            area=node.area,
            interval=problem.period_of(node),
            price=scale.money(int(prices.price[at])),
            lowest=scale.money(int(prices.lowest[at])),
            highest=scale.money(int(prices.highest[at])),
            product=node.commodity.product,
            currency=currency,
            reserve=node.commodity.reserve,
            set_by=_set_by(problem, cleared, zones == zones[at]),
        )


def _price_zones(problem: Problem, cleared: Cleared) -> Ints:
    """Number the groups of nodes whose prices hang together: joined by borders with room, or of one price."""
    price, flow = cleared.prices.price, cleared.volumes.flow
    same = (problem.arc_capacity > 0) & (price[problem.arc_start] == price[problem.arc_end])
    joined = same | ((flow > 0) & (flow < problem.arc_capacity))
    ends = (problem.arc_start[joined], problem.arc_end[joined])
    graph = coo_array((np.ones(ends[0].size), ends), shape=(len(problem.nodes),) * 2)
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _set_by(problem: Problem, cleared: Cleared, zone: np.ndarray) -> tuple[str, ...]:
    """Return the orders at the margin in a price zone: those taken in part, otherwise those whose price is an end."""
    volumes, prices = cleared.volumes, cleared.prices
    inside = [at for at in range(len(problem.needs)) if zone[problem.need_node[at]]]
    asked = [at for at in inside if not isinstance(problem.needs[at], Excess)]
    short = [problem.needs[at].id for at in asked if volumes.served[at] < problem.need_quantity[at]]
    if short and np.abs(prices.price[zone]).max() >= problem.cap:
        return (SCARCITY, *short)
    partial, ends = [], []
    bounds = {int(end) for end in (*prices.price[zone], *prices.lowest[zone], *prices.highest[zone])}
    for at in np.flatnonzero(zone[problem.offer_node]).tolist():
        seen = seen_price(problem, at, prices.uncut, prices.shadow)
        if 0 < volumes.accepted[at] < problem.quantity[at] and abs(seen - problem.offer_price[at]) < _MARGIN:
            partial.append(problem.offers[at].id)
        elif int(problem.offer_price[at]) in bounds:
            ends.append(problem.offers[at].id)
    for at in inside:
        named = problem.needs[at].price is not None and int(problem.need_value[at]) in bounds
        if named and 0 < volumes.served[at] < problem.need_quantity[at]:
            partial.append(problem.needs[at].id)
        elif named:
            ends.append(problem.needs[at].id)
    return tuple(partial or ends)


def _flows(problem: Problem, cleared: Cleared) -> Iterator[ExchangeFlow]:
    scale = problem.scale
    for at, arc in enumerate(problem.arcs):
        border, commodity = problem.borders[arc.border], problem.nodes[arc.start].commodity
        yield ExchangeFlow(
            from_area=border.from_area,
            to_area=border.to_area,
            interval=problem.period_of(problem.nodes[arc.start]),
            quantity_mw=scale.megawatts(int(cleared.volumes.flow[at])),
            capacity_mw=scale.megawatts(border.capacity),
            product=commodity.product,
            reserve=commodity.reserve,
        )


def _shadow_prices(problem: Problem, cleared: Cleared) -> Iterator[ShadowPrice]:
    accepted_mw = problem.mw(cleared.volumes.accepted)
    for at, row in enumerate(problem.limits):
        ticks = Decimal(repr(cleared.prices.shadow.get(at, 0.0)))
        yield ShadowPrice(
            limit_id=row.limit.id,
            interval=row.period,
            used_mw=Decimal(repr(row.used_mw(accepted_mw))).quantize(_SHADOW_STEP),
            headroom_mw=max(ZERO, row.limit.headroom_mw),
            price=(ticks * problem.scale.price).quantize(_SHADOW_STEP),
        )


def _remarks(problem: Problem, method: Method, limits: tuple[ShadowPrice, ...], currency: str) -> Iterator[str]:
    if problem.periods:
        yield f"{problem.period}: {len(problem.periods)} intervals were cleared together, because bids span them."
    if method.gap is None:
        yield f"{problem.period}: a limit ended the search for the best volumes, and nothing is proven of these."
    elif method.gap:
        room = f"{method.gap} {currency} per hour"
        yield f"{problem.period}: the limit of work ended the search; no welfare is more than {room} greater."
    binding = [limit.limit_id for limit in limits if limit.price > 0]
    if binding:
        yield f"{problem.period}: grid limits bind: {', '.join(binding)}."
    if not problem.is_network:
        limits_of = "limits of grid or units" if problem.couplings.rows else "grid limits"
        yield (
            f"{problem.period}: with losses, {limits_of} or shared borders a price is the midpoint between the lowest "
            "and the highest valid sum of prices."
        )
