"""The orders of one interval with what a result answers them, as columns: what `gateway.clearing.evidence` is made of.

A bid that is surely usable as it stands, which is nearly every one, is an offer by itself, all of them at once. The
rules (`gateway.clearing.eligibility`, `gateway.clearing.offers`) judge the others: those with links, groups, several
parts or blocks, and those that anything could keep out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeVar

import numpy as np

from gateway.clearing.counting import Numbers, counted
from gateway.clearing.eligibility import Outcome, screen
from gateway.clearing.market import Market, Scale
from gateway.clearing.offers import Node, Offer, merit, offers
from gateway.clearing.problem import Ints, Mask
from gateway.market import CounterActivation
from gateway.model import ZERO, Activation, Availability, Bid, Direction, Need
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, ServedNeed, ShadowPrice
from gateway.time import Interval

Place = tuple[str, str, str, str]
"""What tells nodes apart: area and its coding scheme, reserve process, product."""
Bound = Container[tuple[str, Interval]]
"""Bids, by id and interval, whose acceptance hangs on that of others (`gateway.clearing.periods.bound`)."""
_Said = TypeVar("_Said", Bid, Need, Award, ServedNeed, ClearingPrice, ExchangeFlow, ShadowPrice)


@dataclass(frozen=True, slots=True)
class Page:
    """What a market and a result say of one interval, as they list it."""

    bids: list[Bid] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    served: list[ServedNeed] = field(default_factory=list)
    prices: list[ClearingPrice] = field(default_factory=list)
    flows: list[ExchangeFlow] = field(default_factory=list)
    shadows: list[ShadowPrice] = field(default_factory=list)


def pages(market: Market, result: ClearingResult) -> dict[Interval, Page]:
    """Sort market and result by interval, those included that are none of the market's."""
    found: dict[Interval, Page] = {}
    _file(found, market.bids, lambda page: page.bids)
    _file(found, result.awards, lambda page: page.awards)
    _file(found, market.needs, lambda page: page.needs)
    _file(found, result.needs, lambda page: page.served)
    _file(found, result.prices, lambda page: page.prices)
    _file(found, result.flows, lambda page: page.flows)
    _file(found, result.shadow_prices, lambda page: page.shadows)
    return found


def _file(found: dict[Interval, Page], items: Sequence[_Said], of: Callable[[Page], list[_Said]]) -> None:
    """Put each item on the page of its interval; neighbours mostly share theirs, so that it is seldom looked up."""
    last: Interval | None = None
    into: list[_Said] = []
    for item in items:
        if item.interval is not last:
            last = item.interval
            into = of(found.setdefault(last, Page()))
        into.append(item)


def place_of(order: Bid | Need | ClearingPrice) -> Place:
    """Return where *order* counts, or what a price is for."""
    return order.area.value, order.area.scheme, order.reserve, order.product


def place_of_node(node: Node) -> Place:
    """Return what tells *node* apart."""
    return node.area.value, node.area.scheme, node.commodity.reserve, node.commodity.product


class Units(NamedTuple):
    """What one counted unit is, in MW and in money per MWh."""

    mw: Decimal
    price: Decimal


class Supply(NamedTuple):
    """What bids state.

    ``least``: the least volume in whole steps. ``sure``: whether surely usable as they stand. ``hanging``: whether
    their acceptance hangs on that of others.
    """

    node: Ints
    sign: Ints
    price: Numbers
    asked: Numbers
    least: Numbers
    step: Numbers
    sure: Mask
    hanging: Mask


def supply_of(
    market: Market, bids: Sequence[Bid], units: Units, index: Mapping[Place, int], bids_bound: Bound = frozenset()
) -> Supply:
    """Return what *bids* state, in *units*; *index* numbers the nodes, of which an unknown one is −1."""
    price, cap = counted(units.price, [bid.price or ZERO for bid in bids], [market.rules.price_cap])[1]
    asked, least, step, finest = counted(
        units.mw,
        [bid.quantity_mw for bid in bids],
        [bid.minimum_mw if bid.divisible else bid.quantity_mw for bid in bids],
        [bid.granularity_mw or ZERO for bid in bids],
        [market.scale.mw],
    )[1]
    step = np.maximum(step, finest[0])
    least = -(-least // step) * step
    node = _ints([index.get(place_of(bid), -1) for bid in bids])
    sure = np.array(_sure(market, bids), dtype=bool) & (node >= 0) & (np.abs(price) <= cap[0])
    sure &= asked // step * step >= np.maximum(least, finest[0])
    hanging = np.array([(bid.id, bid.interval) in bids_bound for bid in bids], dtype=bool)
    return Supply(node, _signs(bids), price, asked, least, step, sure, hanging)


def _sure(market: Market, bids: Sequence[Bid]) -> list[bool]:
    """Whether no rule could keep a bid out for anything but its place, its price or its volume."""
    if market.rules.guaranteed or market.rules.counter_activation is CounterActivation.VOLUME_FIRST:
        return [False] * len(bids)
    activations, currency = (market.activation, Activation.SCHEDULED_OR_DIRECT), market.rules.currency
    blocked = {block.bid_id for block in market.blocks}
    return [
        bid.price is not None
        and bid.availability is Availability.AVAILABLE
        and bid.activation in activations
        and bid.currency == currency
        and bid.direction is not Direction.BOTH
        and not (bid.links or bid.inclusive or bid.multipart or bid.technical_link)
        and bid.id not in blocked
        for bid in bids
    ]


class Demand(NamedTuple):
    """What needs state; ``value``: the limit price, without one the price cap in the direction of the need."""

    node: Ints
    sign: Ints
    value: Numbers
    asked: Numbers


def demand_of(market: Market, needs: Sequence[Need], units: Units, index: Mapping[Place, int]) -> Demand:
    """Return what *needs* state, in *units*; *index* numbers the nodes."""
    cap = market.rules.price_cap
    values = [need.direction.sign * cap if need.price is None else need.price for need in needs]
    return Demand(
        node=_ints([index[place_of(need)] for need in needs]),
        sign=_signs(needs),
        value=counted(units.price, values)[1][0],
        asked=counted(units.mw, [need.quantity_mw for need in needs])[1][0],
    )


@dataclass(frozen=True, eq=False)
class Offers:
    """What can be accepted as one: a bid, or the members of an inclusive group.

    ``first``: the first bid of each; ``node``: −1 where the result has no price; ``sign``: +1 up, −1 down.
    ``decided``: whether a yes-or-no decision hangs on it, so that it may be refused in the money. ``rivals``: the
    offers of each exclusive group; ``units``: the steps of each multipart bid, the cheapest first. ``member_of``: which
    offer each bid is in, −1 where it may not be accepted.
    """

    names: list[str]
    first: Ints
    node: Ints
    sign: Ints
    price: Numbers
    quantity: Numbers
    minimum: Numbers
    granularity: Numbers
    decided: Mask
    rivals: dict[str, list[int]]
    units: dict[str, list[int]]
    member_of: Ints


def offers_of(
    market: Market, bids: Sequence[Bid], supply: Supply, units: Units, outcomes: Mapping[str, Outcome]
) -> Offers:
    """Return the offers of the *bids* of one interval.

    ``outcomes`` as in `gateway.clearing.eligibility.screen`. A bid that hangs on others may have been kept out by them;
    where there is no price for it, it is none of the offers.
    """
    alone = np.flatnonzero(supply.sure)
    rest = [bids[at] for at in np.flatnonzero(~supply.sure).tolist()]
    judged: tuple[Offer, ...] = ()
    if rest:
        kept_out = {bids[at].id for at in np.flatnonzero(supply.hanging & (supply.node < 0)).tolist()}
        found = offers(screen(market, rest[0].interval, outcomes, rest), market.scale)[0]
        judged = tuple(offer for offer in found if kept_out.isdisjoint(bid.id for bid in offer.bids))
    member_of, first = _members(bids, alone, judged)
    leading = [bids[at] for at in first.tolist()]
    columns = zip(
        _alone(supply, alone, round(market.scale.mw / units.mw)), _judged(judged, market.scale, units), strict=True
    )
    quantity, minimum, granularity, price = (np.concatenate(pair) for pair in columns)
    groups, parts = [bid.exclusive for bid in leading], [bid.multipart for bid in leading]
    return Offers(
        names=[*(bid.id for bid in leading[: alone.size]), *(offer.id for offer in judged)],
        first=first,
        node=supply.node[first],
        sign=supply.sign[first],
        price=price,
        quantity=quantity,
        minimum=minimum,
        granularity=granularity,
        decided=(minimum > 0) | (granularity > 0) | _named(groups) | _named(parts),
        rivals=_by_name(groups),
        units={name: sorted(steps, key=lambda at: merit(leading[at])) for name, steps in _by_name(parts).items()},
        member_of=member_of,
    )


def _members(bids: Sequence[Bid], alone: Ints, judged: Sequence[Offer]) -> tuple[Ints, Ints]:
    """Return which offer each bid is in, and the first bid of each offer: bids that stand alone, then the judged."""
    position = {bid.id: at for at, bid in enumerate(bids)} if judged else {}
    member_of = np.full(len(bids), -1)
    member_of[alone] = np.arange(alone.size)
    for at, offer in enumerate(judged, alone.size):
        member_of[[position[bid.id] for bid in offer.bids]] = at
    return member_of, np.concatenate([alone, _ints([position[offer.bids[0].id] for offer in judged])])


def _alone(supply: Supply, at: Ints, finest: int) -> tuple[Numbers, ...]:
    """Return volume, least volume, granularity and price of bids that are offers by themselves."""
    step, least = supply.step[at], supply.least[at]
    quantity = supply.asked[at] // step * step
    return quantity, least, np.where((step > finest) & (quantity > least), step, 0), supply.price[at]


def _judged(made: Sequence[Offer], scale: Scale, units: Units) -> tuple[Numbers, ...]:
    """Return the same of offers that the rules made."""
    mw, price = round(scale.mw / units.mw), round(scale.price / units.price)
    return (
        _whole([offer.quantity * mw for offer in made]),
        _whole([offer.minimum * mw for offer in made]),
        _whole([offer.granularity * mw for offer in made]),
        _whole([offer.price * price for offer in made]),
    )


def _by_name(names: Sequence[str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if name:
            found.setdefault(name, []).append(at)
    return found


def _named(names: Sequence[str | None]) -> Mask:
    return np.array([bool(name) for name in names], dtype=bool)


def _signs(orders: Sequence[Bid] | Sequence[Need]) -> Ints:
    return _ints([1 if order.direction is Direction.UP else -1 for order in orders])


def _ints(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _whole(numbers: Sequence[int]) -> Numbers:
    return np.array(numbers, dtype=object if any(abs(number) >= 2**53 for number in numbers) else np.int64)
