"""Several intervals as one problem.

Each interval is put into numbers for itself; the parts then stand side by side, their nodes told apart by the interval,
and what binds their offers is added. A single interval in which nothing binds bids stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain

from gateway.clearing.admission import admit
from gateway.clearing.eligibility import Outcome, outcome_names, screen
from gateway.clearing.linking import couplings
from gateway.clearing.market import Market
from gateway.clearing.offers import Node
from gateway.clearing.problem import Arc, Problem, numbers, problem
from gateway.clearing.rows import LimitRow
from gateway.time import Interval

History = Callable[[Interval], Mapping[str, Outcome]]
"""What became, before an interval, of bids, inclusive groups and technical links."""

Hanging = frozenset[tuple[str, Interval]]
"""Bids, by id and interval."""


def problem_over(market: Market, periods: tuple[Interval, ...], history: History, hanging: Hanging) -> Problem:
    """Put *periods*, which are cleared together, into numbers; *hanging*: its bids that hang on others.

    >>> from dataclasses import replace
    >>> from gateway.clearing.example import QUARTERS, bid, market_of, need
    >>> from gateway.clearing.periods import bound
    >>> both = [bid("A1", "A", "up", 9, 20, block_bid="b", divisible=False, interval=QUARTERS[at]) for at in (0, 1)]
    >>> market = market_of(*both, need("d", "A", 5), need("d", "A", 5, interval=QUARTERS[1]))
    >>> made = problem_over(market, QUARTERS[:2], lambda _: {}, bound(market))
    >>> [str(node) for node in made.nodes], made.couplings.block_bids[0].offers
    (['A (mFRR energy) 12:00', 'A (mFRR energy) 12:15'], (0, 1))
    """
    screenings = tuple(
        screen(market, period, history(period), undecided=_undecided(market, periods, period)) for period in periods
    )
    if len(periods) == 1 and not any((bid.bid.id, periods[0]) in hanging for bid in screenings[0].usable):
        return problem(market, periods[0], screenings[0])
    admission = admit(market, periods, screenings)
    parts = []
    for period, screening in zip(periods, screenings, strict=True):
        refused = tuple(each for each in admission.refused if each.bid.interval == period)
        unusable = (*screening.unusable, *refused)
        parts.append(numbers(market, period, admission.of(period), unusable, screening.notes))
    whole = side_by_side(parts) if len(parts) > 1 else parts[0]
    return replace(whole, couplings=couplings(admission, whole.offers))


def side_by_side(parts: Sequence[Problem]) -> Problem:
    """Return the problems of several intervals as one, without anything that binds them."""
    nodes, offers, lines = (
        (0, *accumulate(map(len, sizes)))
        for sizes in ([p.nodes for p in parts], [p.offers for p in parts], [p.borders for p in parts])
    )
    numbered = tuple(zip(parts, nodes, offers, lines, strict=False))
    return Problem(
        period=Interval(parts[0].period.start, parts[-1].period.end),
        periods=tuple(part.period for part in parts),
        scale=parts[0].scale,
        cap=parts[0].cap,
        nodes=tuple(_within(node, part) for part in parts for node in part.nodes),
        offers=tuple(replace(offer, node=_within(offer.node, part)) for part in parts for offer in part.offers),
        needs=tuple(chain.from_iterable(part.needs for part in parts)),
        borders=tuple(chain.from_iterable(part.borders for part in parts)),
        arcs=tuple(
            Arc(arc.border + line, arc.start + node, arc.end + node)
            for part, node, _, line in numbered
            for arc in part.arcs
        ),
        limits=tuple(_moved(row, offer) for part, _, offer, _ in numbered for row in part.limits),
        exclusive=tuple(
            tuple(at + offer for at in group) for part, _, offer, _ in numbered for group in part.exclusive
        ),
        chains=tuple(tuple(at + offer for at in steps) for part, _, offer, _ in numbered for steps in part.chains),
        unusable=tuple(chain.from_iterable(part.unusable for part in parts)),
        notes=tuple(chain.from_iterable(part.notes for part in parts)),
    )


def _within(node: Node, part: Problem) -> Node:
    return replace(node, period=part.period)


def _moved(row: LimitRow, offers: int) -> LimitRow:
    return replace(row, coefficients={at + offers: value for at, value in row.coefficients.items()})


def _undecided(market: Market, periods: tuple[Interval, ...], period: Interval) -> frozenset[str]:
    """Return the names of which it is decided together with *period* what becomes of them before it."""
    if len(periods) == 1:
        return frozenset()
    latest: dict[str, Interval] = {}
    for bid in market.bids:
        if bid.interval < period and bid.interval in market.periods:
            for name in outcome_names(bid):
                latest[name] = max(latest.get(name, bid.interval), bid.interval)
    return frozenset(name for name, last in latest.items() if last in periods)
