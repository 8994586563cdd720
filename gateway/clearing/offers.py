"""From bids to offers: what the optimisation decides about.

An *offer* is one bid, or the members of an inclusive group merged into one. Members of an inclusive group are taken in
one ratio r of their quantities or not at all, so that they can be one offer when they share place, direction and price:

* largest ratio: min over members of usable MW ÷ offered MW;
* smallest ratio: 1 where a member is indivisible, otherwise max over members of minimum MW ÷ offered MW;
* granularity: r is a multiple of 1/n, n the greatest common divisor of the members' numbers of steps.

A group whose members cannot go together takes no part, and each member learns why. All MW are in whole ticks.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from gateway.clearing.eligibility import Screening, Unusable, Usable
from gateway.clearing.market import Commodity, Scale, commodity
from gateway.identifiers import AreaId
from gateway.model import ZERO, Bid, Limit, Link, Need
from gateway.results import Fate
from gateway.time import Interval


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """Where a balance must hold and a price is found: a commodity in an area.

    ``period``: in which interval, where several are cleared together.
    """

    area: AreaId
    commodity: Commodity
    period: Interval | None = None

    def __str__(self) -> str:
        """Return area and commodity in words, and when."""
        when = f" {self.period.start:%H:%M}" if self.period else ""
        return f"{self.area.value} ({self.commodity}){when}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is decided as one: quantities in ticks, ``price`` in price ticks, ``sign`` +1 up and −1 down.

    ``minimum``: least quantity if accepted at all; equal to ``quantity`` where indivisible. ``granularity``: 0 = none.
    ``weights``: the members' offered ticks, in proportion to which an award is split. ``caps``: what blocks leave of
    the members, in words. ``waits``: links to offers that are cleared together with this one.
    """

    id: str
    bids: tuple[Bid, ...]
    node: Node
    sign: int
    price: int
    quantity: int
    minimum: int
    granularity: int
    weights: tuple[int, ...]
    exclusive: str | None = None
    multipart: str | None = None
    caps: tuple[str, ...] = ()
    waits: tuple[Link, ...] = ()

    @property
    def offered(self) -> int:
        """What the members offer together, before any cap, in ticks."""
        return sum(self.weights)

    def coefficient(self, limit: Limit) -> Decimal:
        """Return what a MW of the offer counts in *limit*: its members by their shares."""
        parts = zip(self.bids, self.weights, strict=True)
        return sum((limit.coefficients.get(bid.id, ZERO) * weight for bid, weight in parts), ZERO) / self.offered

    def split(self, ticks: int) -> tuple[int, ...]:
        """Return the members' parts of an award of *ticks*, which sum up to it.

        Part b is weight_b · ticks ÷ Σ weights; what rounding down leaves goes to the largest remainders, then by id.
        """
        return proportional(ticks, self.weights)


def proportional(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Split *total* in proportion to *weights*, in whole numbers: largest remainder first, then the earlier one.

    >>> proportional(10, (1, 1, 1))
    (4, 3, 3)
    """
    if len(weights) == 1:
        return (total,)
    whole = sum(weights)
    parts = [divmod(total * weight, whole) for weight in weights]
    left = total - sum(part for part, _ in parts)
    first = sorted(range(len(parts)), key=lambda at: (-parts[at][1], at))[:left]
    return tuple(part + (at in first) for at, (part, _) in enumerate(parts))


def offers(screening: Screening, scale: Scale) -> tuple[tuple[Offer, ...], tuple[Unusable, ...]]:
    """Return the offers, sorted by id, and the bids whose group or unit keeps them out."""
    late = _steps_too_late(screening)
    members: dict[str, list[Usable]] = {}
    for usable in screening.usable:
        if usable.bid.id not in late:
            members.setdefault(_key(usable.bid), []).append(usable)
    lost = {_key(unusable.bid): unusable.bid.id for unusable in screening.unusable if unusable.bid.inclusive}
    made: list[Offer] = []
    refused = list(late.values())
    for key, group in members.items():
        merged = f"Member {lost[key]} of its inclusive group cannot be used." if key in lost else _merge(group, scale)
        if isinstance(merged, Offer):
            made.append(merged)
        else:
            fate = Fate.GROUP_REJECTED if group[0].bid.inclusive else Fate.UNAVAILABLE
            refused += [Unusable(member.bid, fate, merged) for member in group]
    return tuple(sorted(made, key=lambda offer: offer.id)), tuple(refused)


def node_of(order: Bid | Need) -> Node:
    """Return where *order* counts."""
    return Node(order.area, commodity(order))


def _key(bid: Bid) -> str:
    return f"group {bid.inclusive}" if bid.inclusive else f"bid {bid.id}"


def _merge(group: list[Usable], scale: Scale) -> Offer | str:
    """Merge an inclusive group, or turn a single bid into an offer; a sentence where that cannot be."""
    bids = tuple(member.bid for member in group)
    if len(bids) > 1 and len({(node_of(bid), bid.direction, bid.price) for bid in bids}) > 1:
        return "The members of its inclusive group differ in area, product, direction or price."
    if len({(bid.block_bid, bid.parent) for bid in bids}) > 1:
        return "The members of its inclusive group differ in block bid or parent."
    weights = tuple(scale.ticks(bid.quantity_mw) for bid in bids)
    quantity, minimum, step = _together(group, weights, scale) if len(bids) > 1 else _alone(group[0], scale)
    if quantity < max(minimum, 1):
        return "No amount satisfies its minimum, its granularity and its caps together."
    return Offer(
        id=bids[0].inclusive or bids[0].id,
        bids=bids,
        node=node_of(bids[0]),
        sign=bids[0].direction.sign,
        price=scale.price_ticks(bids[0].price or ZERO),
        quantity=quantity,
        minimum=minimum,
        granularity=step if step > 1 and quantity > minimum else 0,
        weights=weights,
        exclusive=bids[0].exclusive,
        multipart=bids[0].multipart,
        caps=tuple(member.cap for member in group if member.cap),
        waits=tuple(dict.fromkeys(link for member in group for link in member.waits)),
    )


def _alone(member: Usable, scale: Scale) -> tuple[int, int, int]:
    """Return largest, least and step of a single bid, in ticks: what `_together` gives, in whole numbers."""
    step = scale.ticks(member.bid.granularity_mw) if member.bid.granularity_mw else 1
    most, least = scale.ticks(member.quantity_mw), scale.ticks(member.bid.least_mw)
    return most // step * step, -(-least // step) * step, step


def _together(group: list[Usable], weights: tuple[int, ...], scale: Scale) -> tuple[int, int, int]:
    """Return largest, least and step of what the members give together, in ticks."""
    bids, whole = tuple(member.bid for member in group), sum(weights)
    step = _common_step(bids, weights, scale)
    largest = min(
        Fraction(scale.ticks(member.quantity_mw), offered) for member, offered in zip(group, weights, strict=True)
    )
    least = max(Fraction(scale.ticks(bid.least_mw), offered) for bid, offered in zip(bids, weights, strict=True))
    return floor(largest * whole / step) * step, ceil(least * whole / step) * step, step


def _common_step(bids: tuple[Bid, ...], weights: tuple[int, ...], scale: Scale) -> int:
    """Return the step, in ticks of the whole, that keeps every member on its granularity.

    Member b allows the ratios k · g_b ÷ q_b; all allow the multiples of the least common multiple of those fractions.
    Where that is no whole number of ticks, the first multiple that is one takes its place.
    """
    ratios = [
        Fraction(scale.ticks(bid.granularity_mw), offered)
        for bid, offered in zip(bids, weights, strict=True)
        if bid.granularity_mw
    ]
    if not ratios:
        return 1
    common = Fraction(lcm(*(r.numerator for r in ratios)), gcd(*(r.denominator for r in ratios)))
    return (common * sum(weights)).numerator


def _steps_too_late(screening: Screening) -> dict[str, Unusable]:
    """Return, by id, the steps of multipart bids that no clearing may reach, each with the reason.

    A step can be used only when every cheaper one is full; a cheaper step that is unusable or capped never is.
    """
    units: dict[str, list[Usable | Unusable]] = {}
    judgements: tuple[Usable | Unusable, ...] = (*screening.usable, *screening.unusable)
    for judged in judgements:
        if judged.bid.multipart:
            units.setdefault(judged.bid.multipart, []).append(judged)
    late: dict[str, Unusable] = {}
    for steps in units.values():
        obstacle = "" if _one_unit(steps) else "the steps differ in area, product or direction"
        for step in sorted(steps, key=lambda judged: merit(judged.bid)):
            if obstacle and isinstance(step, Usable):
                reason = f"A cheaper step of its multipart bid can never be full: {obstacle}."
                late[step.bid.id] = Unusable(step.bid, Fate.EARLIER_STEP_OPEN, reason)
            elif isinstance(step, Unusable) or step.cap:
                obstacle = f"{step.bid.id} is not usable in full"
    return late


def merit(bid: Bid) -> tuple[bool, Decimal, str]:
    """Return the key that sorts bids of one direction by merit: without a price before all, cheapest first, by id."""
    return bid.price is not None, bid.direction.sign * (bid.price or ZERO), bid.id


def _one_unit(steps: list[Usable | Unusable]) -> bool:
    return len({(node_of(step.bid), step.bid.direction) for step in steps}) == 1
