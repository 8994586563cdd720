"""Which intervals are cleared together, and in what order.

Most intervals are cleared each for itself. Intervals are cleared in one problem where one of these spans them:

=====================  ================================================================================
a block bid            its bids are accepted all in one ratio, or none
a parent               its child is accepted only with it
a unit with a profile  its ramps, its energy and its number of activations count over all its intervals
durations of a unit    at least so long, at most so long, so long at rest; where intervals are that short
=====================  ================================================================================

Durations are judged among intervals of scheduled activation; a direct activation runs on by itself, which the filter of
technical links knows (`gateway.clearing.eligibility`). A conditional link only asks for the earlier interval to be
cleared first, unless that in turn waits for the later one: then they too are cleared together. So the intervals form a
graph, an edge for each thing that must be known, and its strongly connected components are the problems.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from itertools import chain, pairwise
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gateway.clearing.market import Market
from gateway.errors import InvalidValue
from gateway.identifiers import PartyId
from gateway.model import Activation, Bid
from gateway.time import Interval
from gateway.units import UnitProfile

T = TypeVar("T")

UnitId = tuple[PartyId, str]
"""A unit: its provider and the technical link of its bids."""


def together(market: Market) -> tuple[tuple[Interval, ...], ...]:
    """Return the intervals of *market*, those in one tuple that are cleared together, in the order of clearing.

    Raises `InvalidValue` where intervals of different length would be cleared together.

    >>> from dataclasses import replace
    >>> from gateway.clearing.example import QUARTERS, bid, market_of
    >>> first, last = (bid("A1", "A", "up", 9, 20, block_bid="b", interval=QUARTERS[at]) for at in (0, 2))
    >>> other = bid("A2", "A", "up", 9, 20, interval=QUARTERS[1])
    >>> [[str(period.start.time()) for period in part] for part in together(market_of(first, other, last))]
    [['12:00:00', '12:30:00'], ['12:15:00']]
    """
    periods = market.periods
    edges = set(_edges(market))
    if not edges:
        return tuple((period,) for period in periods)
    place = {period: at for at, period in enumerate(periods)}
    ends = np.array([(place[waits], place[known]) for waits, known in edges]).T
    graph = coo_array((np.ones(len(edges)), ends), shape=(len(periods),) * 2)
    parts: dict[int, list[int]] = {}
    label = connected_components(graph, directed=True, connection="strong")[1].tolist()
    for at, part in enumerate(label):
        parts.setdefault(part, []).append(at)
    found = {members[0]: tuple(periods[at] for at in members) for members in parts.values()}
    for part in found.values():
        _require_one_length(part)
    first = [parts[part][0] for part in label]
    return tuple(found[at] for at in _ordered(sorted(found), {(first[a], first[b]) for a, b in ends.T.tolist()}))


def units_of(market: Market) -> dict[UnitId, UnitProfile]:
    """Return the profiles of *market* by the units they speak of."""
    return {(unit.provider, unit.id): unit for unit in market.units}


def unit_of(bid: Bid) -> UnitId | None:
    """Return the unit that *bid* is of, where it names one."""
    return (bid.provider, bid.technical_link) if bid.technical_link else None


def timed(bid: Bid) -> bool:
    """Whether *bid* states a duration that an interval of its own length does not keep by itself."""
    length = bid.interval.duration
    longer = bid.minimum_duration is not None and bid.minimum_duration > length
    return longer or bool(bid.resting_time) or bid.maximum_duration is not None


def timed_units(market: Market) -> frozenset[UnitId]:
    """Return the units whose activations are counted or timed over several intervals."""
    counted = {key for key, unit in units_of(market).items() if unit.maximum_activations is not None}
    if market.activation is Activation.DIRECT:
        return frozenset(counted)
    named = {unit_of(bid) for bid in market.bids if bid.technical_link and timed(bid)}
    return frozenset(counted | {unit for unit in named if unit is not None})


def bound(market: Market) -> frozenset[tuple[str, Interval]]:
    """Return the bids, by id and interval, whose acceptance hangs on that of others in this or another interval."""
    if not _spans(market):
        return frozenset()
    units = units_of(market).keys() | timed_units(market)
    looked_at = {bid.parent for bid in market.bids if bid.parent}
    joint = {period for part in together(market) if len(part) > 1 for period in part}
    linked = {name for bid in market.bids if bid.interval in joint for name in _linked_to(bid, market.activation)}
    return frozenset(
        (bid.id, bid.interval)
        for bid in market.bids
        if bid.block_bid
        or bid.parent
        or unit_of(bid) in units
        or not looked_at.isdisjoint({bid.id, bid.inclusive})
        or (bid.interval in joint and (bid.links or not linked.isdisjoint({bid.id, bid.inclusive, bid.technical_link})))
    )


def _linked_to(bid: Bid, activation: Activation) -> Iterator[str]:
    """Yield the names whose outcome *bid* looks at: those of its links, and its unit where activation is direct."""
    yield from (link.bid_id for link in bid.links)
    if activation is Activation.DIRECT and bid.technical_link:
        yield bid.technical_link


def _spans(market: Market) -> bool:
    """Whether any bid may hang on others beyond its groups, found out fast where none does."""
    return bool(market.units) or any(
        bid.block_bid or bid.parent or bid.technical_link or bid.links for bid in market.bids
    )


def inexact(market: Market) -> frozenset[Interval]:
    """Return the intervals in which rows over volumes leave something to rounding because of other intervals.

    Those are rows that span intervals, and grid limits of intervals that are cleared together with these.
    """
    if not _spans(market):
        return frozenset()
    units = units_of(market).keys()
    rounded = {bid.interval for bid in market.bids if (bid.block_bid and bid.divisible) or unit_of(bid) in units}
    joint = [part for part in together(market) if len(part) > 1]
    rounded |= {
        period for part in joint for period in part if any(limit.interval.overlaps(period) for limit in market.limits)
    }
    return frozenset(rounded.union(*(part for part in joint if not rounded.isdisjoint(part))))


def earning_together(members: Iterable[tuple[T, Bid]], units: Container[UnitId]) -> dict[str, tuple[T, ...]]:
    """Return what earns as one over several intervals: the members of each block bid and each unit, by its name.

    Those that share a member earn as one together. *units* are the units whose intervals are bound to each other.
    """
    found: dict[str, list[T]] = {}
    for member, bid in members:
        unit = unit_of(bid)
        own = [f"block bid {bid.block_bid}"] if bid.block_bid else []
        own += [f"unit {unit[1]}"] if unit is not None and unit in units else []
        if own:
            sharing = [name for name, others in found.items() if name in own or member in others]
            merged = [each for name in sharing for each in found.pop(name)]
            found[min([*own, *sharing])] = [*merged, member]
    return {name: tuple(dict.fromkeys(each)) for name, each in found.items()}


def parents_of(bid: Bid, by_name: dict[str, dict[Interval, str]]) -> dict[Interval, str]:
    """Return the parts of the parent of *bid* that it hangs on, by interval: that of its own interval, or all."""
    parts = by_name.get(bid.parent or "", {})
    return {bid.interval: parts[bid.interval]} if bid.interval in parts else parts


def names(bids: tuple[Bid, ...]) -> dict[str, dict[Interval, str]]:
    """Return, for the name of each bid and inclusive group, the intervals that have it, each with the name itself."""
    found: dict[str, dict[Interval, str]] = {}
    for bid in bids:
        for name in filter(None, (bid.id, bid.inclusive)):
            found.setdefault(name, {})[bid.interval] = name
    return found


def _edges(market: Market) -> Iterator[tuple[Interval, Interval]]:
    """Yield pairs of intervals of which the first waits for the second, both ways where they are one problem."""
    if _spans(market):
        periods = set(market.periods)
        pairs = chain(_spanned(market), _waiting(market))
        yield from ((waits, known) for waits, known in pairs if waits != known and {waits, known} <= periods)


def _spanned(market: Market) -> Iterator[tuple[Interval, Interval]]:
    """Yield both ways the pairs of intervals that block bids, units and parents span."""
    known, periods = names(market.bids), set(market.periods)
    units = units_of(market).keys() | timed_units(market)
    spans: dict[object, set[Interval]] = {}
    for bid in market.bids:
        for key in (bid.block_bid, unit_of(bid) if unit_of(bid) in units else None):
            if key is not None:
                spans.setdefault(key, set()).add(bid.interval)
        for parent in parents_of(bid, known):
            yield from ((parent, bid.interval), (bid.interval, parent))
    for span in spans.values():
        for one, other in pairwise(sorted(span & periods)):
            yield from ((one, other), (other, one))


def _waiting(market: Market) -> Iterator[tuple[Interval, Interval]]:
    """Yield the intervals of linked bids with the earlier ones that their links ask about."""
    known = names(market.bids)
    chains: dict[str, set[Interval]] = {}
    for bid in market.bids:
        earlier = (at for link in bid.links for at in known.get(link.bid_id, ()) if at < bid.interval)
        yield from ((bid.interval, at) for at in earlier)
        if bid.technical_link and market.activation is Activation.DIRECT:
            chains.setdefault(bid.technical_link, set()).add(bid.interval)
    for linked in chains.values():
        yield from ((later, sooner) for sooner, later in pairwise(sorted(linked)))


def _ordered(parts: list[int], edges: set[tuple[int, int]]) -> Iterator[int]:
    """Yield the components so that each comes after those that it waits for, and by time where that leaves a choice."""
    order = TopologicalSorter({part: {known for waits, known in edges if waits == part != known} for part in parts})
    order.prepare()
    ready: list[int] = []
    while order.is_active():
        for part in order.get_ready():
            heappush(ready, part)
        following = heappop(ready)
        yield following
        order.done(following)


def _require_one_length(part: tuple[Interval, ...]) -> None:
    lengths = {period.duration for period in part}
    if len(lengths) > 1:
        found = f"{part[0]} and others of {len(lengths)} lengths"
        raise InvalidValue("Market", "intervals of one length where they are cleared together", found)
