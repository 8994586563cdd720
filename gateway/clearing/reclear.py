"""Clearing again after bids were blocked or withdrawn, from where the last clearing ended.

The answer is that of a clearing from the beginning, always; what is spared is work whose outcome is known:

1. Intervals in which nothing has changed keep their answer, unless their bids ask what became of others.
2. In the others only the changed bids are judged again, and the linear program goes on from its last basis: bounds that
   fall leave it dual feasible, so that few steps of the dual simplex method are left.
3. An award is kept where the bid, what is accepted of it and the price of its node are what they were.

A program may have several best answers, and another start may end at another one. So the hot answer counts only where
it is the only one: of the orders with a reduced cost of 0 in a price zone (nodes joined by arcs with a reduced cost of
0) all are alike, so that `gateway.clearing.ties` tells what each gets. Otherwise, and wherever a decision, a grid
limit, a loss or a group is at stake, the interval is cleared from the beginning. The certificate is asked every time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gateway.clearing.auction import clear_by
from gateway.clearing.dispatch import Proof, Volumes, scarcity
from gateway.clearing.eligibility import Outcome, screen
from gateway.clearing.engine import ARRAYS, Engine
from gateway.clearing.exclusion import Cleared, settle
from gateway.clearing.formulation import Formulation
from gateway.clearing.joint import Hanging, History, problem_over
from gateway.clearing.market import Market
from gateway.clearing.merit_order import applies, by_merit
from gateway.clearing.offers import offers
from gateway.clearing.outcome import result_of
from gateway.clearing.prices import find_prices
from gateway.clearing.problem import Floats, Ints, Problem, numbers
from gateway.clearing.solver import Program, Solution, Warm
from gateway.clearing.ties import settle_ties
from gateway.market import CounterActivation
from gateway.model import Bid
from gateway.results import Award, ClearingResult, Rung
from gateway.time import Interval

_FREE = 1e-7
"""A reduced cost up to this, in money per MWh, counts as 0."""
Periods = tuple[Interval, ...]


class Standing:
    """A market that was cleared, ready to be cleared again. ``result`` is the last answer.

    Raises `gateway.errors.Unsolved` as `gateway.clearing.clear` does.

    >>> from gateway.clearing.example import bid, market_of, need
    >>> first = market_of(bid("A1", "A", "up", 40, 60), bid("A2", "A", "up", 40, 70), need("d", "A", 25))
    >>> standing = Standing(first)
    >>> later = standing.again(replace(first, bids=first.bids[1:]))
    >>> [(award.bid_id, int(award.quantity_mw), int(award.price)) for award in later.awards]
    [('A2', 25, 70)]
    """

    def __init__(self, market: Market, engine: Engine = ARRAYS) -> None:
        """Clear *market* from the beginning."""
        self._engine = engine
        self._market = market
        self._parts: dict[Periods, _Part] = {}
        self.result = self.again(market)

    def again(self, market: Market) -> ClearingResult:
        """Clear *market*, which differs from the last one in bids and blocks; where in more, from the beginning.

        Raises `gateway.errors.Unsolved` as `gateway.clearing.clear` does; the last answer stands then.
        """
        kept = self._parts if _comparable(self._market, market) else {}
        changed = _changed(self._market, market)
        found: dict[Periods, _Part] = {}

        def part(given: Market, periods: Periods, history: History, hanging: Hanging) -> ClearingResult:
            context = hanging, tuple(dict(history(period)) for period in periods)
            last = kept.get(periods)
            new = None
            if last is not None and last.context == context:
                here = {name: bid for period in periods for name, bid in changed.get(period, {}).items()}
                new = last.after(given, here) if here else last
            found[periods] = new or _from_the_beginning(given, periods, history, hanging, self._engine)
            return found[periods].result

        self.result = clear_by(market, part, self._engine.name)
        self._market, self._parts = market, found
        return self.result


Change = dict[str, Bid | None]
"""The bids of an interval that are not what they were, by id; None for one that is withdrawn."""


def _comparable(last: Market, market: Market) -> bool:
    """Whether two markets differ in their bids and blocks alone."""
    same = all(
        getattr(last, name) == getattr(market, name) for name in ("needs", "capacities", "limits", "rules", "units")
    )
    return same and last.scale == market.scale and (bool(market.needs) or last.commodities == market.commodities)


def _changed(last: Market, market: Market) -> dict[Interval, Change]:
    """Return the bids that are new, withdrawn or otherwise blocked, by interval."""
    found: dict[Interval, Change] = {}
    before, after = ({id(bid) for bid in each.bids} for each in (last, market))
    for bid in last.bids:
        if id(bid) not in after:
            found.setdefault(bid.interval, {})[bid.id] = None
    blocks = set(last.blocks) ^ set(market.blocks)
    blocked = {block.bid_id for block in blocks}
    for bid in market.bids:
        touched = bid.id in blocked and any(
            block.bid_id == bid.id and block.interval.overlaps(bid.interval) for block in blocks
        )
        if touched or id(bid) not in before:
            found.setdefault(bid.interval, {})[bid.id] = bid
    return found


Context = tuple[Hanging, tuple[dict[str, Outcome], ...]]
"""What of other intervals the answer for some depends on: which bids hang on others, and what became of bids before."""


@dataclass(eq=False)
class _Part:
    """Intervals that were cleared together. ``hot``: their program, where they can be cleared from where it stands."""

    context: Context
    problem: Problem
    cleared: Cleared
    result: ClearingResult
    hot: _Hot | None

    def after(self, market: Market, change: Change) -> _Part | None:
        """Return the part of *market*, in which some bids have changed; None where it takes a new beginning."""
        problem = _changed_problem(self, market, change) if self.hot else None
        volumes = self.hot.volumes(problem) if self.hot and problem else None
        if problem is None or volumes is None:
            return None
        settled = settle_ties(problem, volumes)
        cleared = Cleared(settled, find_prices(problem, settled))
        result = result_of(problem, cleared, market.rules.currency, _known(self, problem, cleared))
        return replace(self, problem=problem, cleared=cleared, result=result)


def _from_the_beginning(market: Market, periods: Periods, history: History, hanging: Hanging, engine: Engine) -> _Part:
    problem = problem_over(market, periods, history, hanging)
    cleared = settle(problem, engine, market.rules)
    hot = _Hot(problem, engine) if engine.merit_order and _simple(market, problem) else None
    context = hanging, tuple(dict(history(period)) for period in periods)
    return _Part(context, problem, cleared, result_of(problem, cleared, market.rules.currency), hot)


def _simple(market: Market, problem: Problem) -> bool:
    """Whether nothing but balances and capacities couples the bids of one interval."""
    free = problem.is_network and not problem.decided.any() and not problem.periods
    bids = (*(bid for offer in problem.offers for bid in offer.bids), *(each.bid for each in problem.unusable))
    welfare_first = market.rules.counter_activation is CounterActivation.WELFARE_FIRST
    return free and welfare_first and not market.rules.guaranteed and all(map(_alone, bids))


def _alone(bid: Bid) -> bool:
    """Whether a bid stands for itself."""
    return not (bid.group or bid.links or bid.technical_link or bid.block_bid or bid.parent)


def _changed_problem(part: _Part, market: Market, change: Change) -> Problem | None:
    """Return the problem of *part* with the changed bids judged again; None where they bring in what is not simple."""
    bids = [bid for bid in change.values() if bid is not None]
    if not all(map(_alone, bids)):
        return None
    period = part.problem.period
    screening = screen(market, period, {}, bids)
    made, refused = offers(screening, market.scale)
    stay = (offer for offer in part.problem.offers if offer.id not in change)
    unusable = (each for each in part.problem.unusable if each.bid.id not in change)
    problem = numbers(
        market,
        period,
        tuple(sorted((*stay, *made), key=lambda offer: offer.id)),
        (*unusable, *screening.unusable, *refused),
        screening.notes,
    )
    return None if problem.decided.any() else problem


def _known(part: _Part, problem: Problem, cleared: Cleared) -> dict[str, Award]:
    """Return the awards that stay, by id: the same offer, as much accepted of it, the same price at its node."""
    last, before = part.problem, part.cleared
    if last.nodes != problem.nodes:
        return {}
    place = {offer.id: at for at, offer in enumerate(last.offers)}
    was = np.array([place.get(offer.id, -1) for offer in problem.offers], dtype=np.int64)
    moved = (before.prices.price != cleared.prices.price) | (before.prices.uncut != cleared.prices.uncut)
    stays = (was >= 0) & ~moved[problem.offer_node]
    stays[stays] = before.volumes.accepted[was[stays]] == cleared.volumes.accepted[stays]
    awards = {award.bid_id: award for award in part.result.awards}
    return {
        problem.offers[at].id: awards[problem.offers[at].id]
        for at in np.flatnonzero(stays).tolist()
        if problem.offers[at] is last.offers[was[at]]
    }


@dataclass
class _Hot:
    """The linear program of an interval in the solver, as it was last solved; begun when it is first asked for."""

    problem: Problem
    engine: Engine

    @cached_property
    def formulation(self) -> Formulation:
        """The problem as arrays."""
        return self.engine.formulate(self.problem)

    @cached_property
    def program(self) -> Program:
        """The program that serves required needs first, as the dispatch of a network has it."""
        program = self.formulation.program
        return replace(program, cost=program.cost + scarcity(self.problem) * self.formulation.unserved)

    @cached_property
    def warm(self) -> Warm:
        """The solver."""
        return Warm(self.program)

    def volumes(self, problem: Problem) -> Volumes | None:
        """Return the best volumes of *problem*, of fewer or smaller offers; None where others are as good."""
        if applies(problem):
            return by_merit(problem)
        places = self._places(problem)
        if places is None:
            return None
        upper = self.program.upper.copy()
        columns = self.formulation.places["x"].columns
        upper[columns] = 0.0
        upper[columns[places]] = problem.mw(problem.quantity)
        self.warm.set_bounds(self.program.lower, upper)
        solution = self.warm.solve()
        if not self._is_the_only_one(solution, upper):
            return None
        sizes = {"x": len(self.problem.offers), "y": len(problem.needs), "f": len(problem.arcs)}
        exact = (self.formulation.values(family, size, solution.values) for family, size in sizes.items())
        accepted, served, flow = (np.rint(mw / float(problem.scale.mw)).astype(np.int64) for mw in exact)
        return Volumes(accepted[places], served, flow, proof=Proof(Rung.LINEAR))

    def _places(self, problem: Problem) -> Ints | None:
        """Return where the offers of *problem* stand in the program; None where it does not hold all of them."""
        known, last = {offer.id: at for at, offer in enumerate(self.problem.offers)}, self.problem
        places = np.array([known.get(offer.id, -1) for offer in problem.offers], dtype=np.int64)
        if (places < 0).any() or (last.nodes, last.arcs) != (problem.nodes, problem.arcs):
            return None
        same = (
            np.array_equal(getattr(last, name)[places], getattr(problem, name))
            for name in ("offer_node", "offer_sign", "offer_price")
        )
        return places if all(same) else None

    def _is_the_only_one(self, solution: Solution, upper: Floats) -> bool:
        """Whether no other volumes are as good: orders that could move are alike in each price zone."""
        problem, reduced = self.problem, self.program.cost - self.program.matrix.T @ solution.row_duals
        free = (np.abs(reduced) <= _FREE) & (upper > 0)
        x, y, f = (self.formulation.places[family].columns for family in ("x", "y", "f"))
        graph = coo_array(
            (np.ones(int(free[f].sum())), (problem.arc_start[free[f]], problem.arc_end[free[f]])),
            shape=(len(problem.nodes),) * 2,
        )
        zone = connected_components(graph, directed=False)[1]
        kind = np.concatenate([np.zeros(x.size, dtype=np.int64), 1 + problem.required])
        node = np.concatenate([problem.offer_node, problem.need_node])
        sign = np.concatenate([problem.offer_sign, problem.need_sign])
        price = np.concatenate([problem.offer_price, problem.need_value])
        moving = np.concatenate([free[x], free[y]])
        classes = np.unique(np.stack([zone[node], node, sign, price, kind])[:, moving], axis=1)
        return bool(np.unique(classes[0]).size == classes.shape[1])
