"""Who goes first: one answer where several decisions, or volumes at several nodes, are equally good.

A search for yes-or-no decisions stops at one of the best answers; which one depends on its path. This second stage
picks the answer by a rule instead. Orders stand in a *rank*: who was submitted earlier comes before who was submitted
later or at an unknown time, and the lower id before the higher one. The rule:

    walk through the offers by rank; each is accepted if any best answer accepts it, given the offers before it.

That is the lexicographic maximum of the decisions u by rank, among all answers of the least cost z*:

    max Σ_b 2^(n−rank_b) u_b   subject to all equations, required needs served as they are, cost ≤ z* + ε

with ε half the least amount by which two costs differ. Powers of two make each offer outweigh all behind it; offers are
taken in groups of `_GROUP`, so that these weights stay exact. An offer in steps gets as many as it can, in its turn.

Decisions that no best answer takes otherwise need no second look: prices of the linear relaxation prove a bound LB and,
for each decision, what leaving the preferred value costs at least (`gateway.clearing.lagrange`). Where LB plus that
exceeds z*, the decision stands. Beyond `_MOST_OPEN` decisions that are still open the second stage is left out, and the
answer is that of the search, which draws nothing either: it sees the orders sorted by id.

The rule changes neither service nor welfare: an answer of the second stage that would, by the solver's rounding, is
dropped.

Source: lexicographic optimisation of equal optima; Isermann, "Linear lexicographic optimization", OR Spektrum 4 (1982).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from gateway.clearing.formulation import Formulation
from gateway.clearing.lagrange import decisions, judge
from gateway.clearing.offers import Offer
from gateway.clearing.problem import Floats, Ints, Mask, Problem
from gateway.clearing.solver import Program, Solution, solve
from gateway.clearing.tolerance import excesses
from gateway.errors import Unsolved

_GROUP = 16
"""So many offers are ranked in one run."""
_MOST_OPEN = 48
"""Beyond so many open decisions the search's answer stands."""
_MOST_COLUMNS = 6_000
"""The same beyond a program of this size."""
_NODES = 2_000
"""Work that one run is worth, in nodes of the search."""
_HALF = 0.5
_NO_COST = 1e-7
"""A reduced cost up to here, in money per MWh, is none."""
_UNKNOWN = datetime.max.replace(tzinfo=UTC)

Rank = tuple[datetime, str]
"""When an offer was submitted, and its id."""


def rank_of(offer: Offer) -> Rank:
    """Return what sorts offers: the time of submission of its last bid, an unknown one behind all, then the id.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    >>> offered = [bid("A1", "A", "up", 5, 60, submitted=late), bid("A2", "A", "up", 5, 60, submitted=early)]
    >>> [offer.id for offer in sorted(problem_of(*offered, need("d", "A", 5)).offers, key=rank_of)]
    ['A2', 'A1']
    """
    return max(bid.submitted or _UNKNOWN for bid in offer.bids), offer.id


def by_rank(problem: Problem, formulation: Formulation, program: Program, values: Floats, near: float) -> Floats:
    """Return the best columns of *program* that come first by rank; *values* are some best columns.

    *near*: how far the cost may lie from that of *values* and still count as equal.
    """
    if program.cost.size > _MOST_COLUMNS:
        return values
    held = _held(problem, formulation, program, values, near)
    ranked = _ranked(problem, formulation, held)
    if not 0 < len(ranked) <= _MOST_OPEN:
        return values
    held = held.with_soft_row(-held.cost, -float(program.cost @ values), near, 0.0)
    try:
        for group in _groups(ranked, held.upper):
            held = held.fixed(group, np.rint(_first(held, group)[group]))
        return solve(replace(held, gap=near, nodes=_NODES)).values[: values.size]
    except Unsolved:
        return values


def _held(problem: Problem, formulation: Formulation, program: Program, values: Floats, near: float) -> Program:
    """Return *program* with required needs served as they are, and the decisions that every best answer takes alike."""
    needs = np.array([formulation.columns["y"][at] for at in np.flatnonzero(problem.required).tolist()], dtype=np.int64)
    served = program.fixed(needs, values[needs])
    found = decisions(problem, formulation, served)
    judged = judge(served, found, solve(replace(served, integer=np.zeros_like(served.integer))).row_duals)
    standing = served.integer & (judged.leaving > float(program.cost @ values) - judged.bound + near)
    # What leaving a number of steps costs is known only where the offer's switch stands.
    standing[found.count] &= np.append(standing[found.switch], True)[found.counts_switch]
    columns = np.flatnonzero(standing)
    return served.fixed(columns, np.rint(values[columns]))


def _ranked(problem: Problem, formulation: Formulation, program: Program) -> list[int]:
    """Return the columns of switches and of numbers of steps that *program* leaves open, by rank of their offers."""
    found = [
        (rank_of(problem.offers[offer]), family == "k", column)
        for family in ("u", "k")
        for offer, column in formulation.columns[family].items()
        if program.integer[column]
    ]
    return [column for _, _, column in sorted(found)]


def _groups(ranked: Sequence[int], upper: Floats) -> Iterator[Ints]:
    """Yield columns that can be ranked in one run: up to `_GROUP` switches in a row, or one number of steps."""
    group: list[int] = []
    for column in ranked:
        if group and (upper[column] > 1 or len(group) == _GROUP):
            yield np.array(group, dtype=np.int64)
            group = []
        group.append(column)
        if upper[column] > 1:
            yield np.array(group, dtype=np.int64)
            group = []
    if group:
        yield np.array(group, dtype=np.int64)


def _first(program: Program, group: Ints) -> Floats:
    """Return the columns that accept the offers of *group*, the first before all others."""
    cost = np.zeros(program.cost.size)
    cost[group] = -np.exp2(np.arange(group.size - 1, -1, -1))
    return solve(replace(program, cost=cost, gap=_HALF, nodes=_NODES)).values


def across_nodes(problem: Problem, formulation: Formulation, program: Program, solution: Solution) -> Floats:
    """Return the best columns of *program*, a linear one, in which equal prices at several nodes go by rank.

    *solution* is a best answer with its duals. A column whose reduced cost is not 0 has the same value in every best
    answer, and a row whose dual is not 0 stays at its side (complementary slackness); what that leaves is the face of
    all best answers, and on it

        min Σ_b ρ_b x_b − n Σ_d y_d   [MW],   ρ = 1 … n the place of an offer's node, sense and price in the rank

    serves needs where that costs nothing and activates the first in rank before all others.
    """
    reduced = program.cost - program.matrix.T @ solution.row_duals
    free = (np.abs(reduced) <= _NO_COST) & (program.upper > program.lower)
    places = _places(problem, formulation, free)
    if len({(sign, price) for _, sign, price in places}) == len(places):
        return solution.values
    cost = np.zeros(reduced.size)
    for place, (offers, _) in enumerate(sorted(places.values(), key=lambda each: each[1]), 1):
        cost[offers] = place
    members, needs = formulation.places["y"]
    cost[needs] = np.where(excesses(problem.needs)[members], len(places) + 1, -len(places) - 1)
    held = program.fixed(np.flatnonzero(~free), solution.values[~free])
    low, high, duals = program.row_lower, program.row_upper, solution.row_duals
    low, high = np.where(duals < -_NO_COST, high, low), np.where(duals > _NO_COST, low, high)
    try:
        return solve(replace(held, cost=cost, row_lower=low, row_upper=high)).values
    except Unsolved:
        return solution.values


def _places(
    problem: Problem, formulation: Formulation, free: Mask
) -> dict[tuple[int, int, int], tuple[list[int], Rank]]:
    """Return, by node, sign and price, the columns of the offers that are free there, and the first rank of them."""
    found: dict[tuple[int, int, int], tuple[list[int], Rank]] = {}
    members, columns = formulation.places["x"]
    for at, column in zip(members[free[columns]].tolist(), columns[free[columns]].tolist(), strict=True):
        key = int(problem.offer_node[at]), int(problem.offer_sign[at]), int(problem.offer_price[at])
        rank = rank_of(problem.offers[at])
        others, first = found.get(key, ([], rank))
        found[key] = ([*others, column], min(first, rank))
    return found
