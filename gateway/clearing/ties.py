"""Who goes first among equals.

The solver stops at one of many equally good answers. These rules, and not the solver, say which one is published:

1. *Divisible orders of one price at one node share pro rata* of their quantities, in whole steps; what rounding leaves
   goes to the largest remainders, then by rank: who was submitted earlier, then the lower id. The same for needs of one
   limit price at one node, by id.
2. *Non-divisible offers* are accepted by rank where several decisions are equally good (`gateway.clearing.precedence`);
   of those that are alike (node, price, quantities; no group, no grid limit) the larger volume goes to the first.
3. *Flows are the least that carry the net positions*: nothing circulates.

None of them changes a balance, a price or the welfare. Before they are applied, volumes of equal prices at different
nodes of a network went to the nodes by rank (`gateway.clearing.precedence.across_nodes`); with losses or grid limits
they are left as the solver found them, which sees the orders sorted by id, so that this too repeats.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from math import lcm

import numpy as np
from scipy.sparse import csc_array

from gateway.clearing.dispatch import Volumes
from gateway.clearing.offers import Offer, proportional
from gateway.clearing.precedence import rank_of
from gateway.clearing.problem import Ints, Problem
from gateway.clearing.solver import Program, solve
from gateway.clearing.tolerance import excesses


def settle_ties(problem: Problem, volumes: Volumes) -> Volumes:
    """Apply the rules to *volumes*; barred offers stay at nothing."""
    accepted = _share(volumes.accepted, problem.quantity, _divisible_classes(problem))
    accepted = _largest_first(accepted, _alike(problem, volumes.barred))
    served = _share(volumes.served, problem.need_quantity, _need_classes(problem))
    return shortest_flows(problem, replace(volumes, accepted=accepted, served=served))


def _classes(keys: Iterable[tuple[int, Hashable]]) -> list[list[int]]:
    found: dict[Hashable, list[int]] = {}
    for at, key in keys:
        found.setdefault(key, []).append(at)
    return [members for members in found.values() if len(members) > 1]


def _divisible_classes(problem: Problem) -> list[tuple[list[int], int]]:
    """Return the divisible offers of one node, sense and price, with the step in which they share."""
    free = ~(problem.decided | problem.limited)
    classes = _classes((at, (offer.node, offer.sign, offer.price)) for at, offer in _by_rank(problem) if free[at])
    return [(members, lcm(*(problem.offers[at].granularity or 1 for at in members))) for members in classes]


def _need_classes(problem: Problem) -> list[tuple[list[int], int]]:
    spare = excesses(problem.needs)
    needs = zip(problem.need_node, problem.need_sign, problem.need_value, problem.required, spare, strict=True)
    return [(members, 1) for members in _classes((at, tuple(map(int, key))) for at, key in enumerate(needs))]


def _share(volumes: Ints, offered: Ints, classes: Iterable[tuple[list[int], int]]) -> Ints:
    """Give each member of a class its share of the class's total.

    >>> _share(np.array([10, 0]), np.array([10, 30]), [([0, 1], 1)]).tolist()
    [3, 7]
    """
    shared = volumes.copy()
    for members, step in classes:
        weights = tuple(int(offered[at]) for at in members)
        if sum(weights):
            shared[members] = np.array(proportional(int(volumes[members].sum()) // step, weights)) * step
    return shared


def _alike(problem: Problem, barred: frozenset[int]) -> list[list[int]]:
    """Return the non-divisible offers that differ in nothing but their rank."""
    bound = barred.union(*problem.exclusive, *problem.chains)
    free = problem.decided & ~problem.limited
    return _classes(
        (at, (offer.node, offer.sign, offer.price, offer.quantity, offer.minimum, offer.granularity))
        for at, offer in _by_rank(problem)
        if free[at] and at not in bound
    )


def _by_rank(problem: Problem) -> list[tuple[int, Offer]]:
    """Return the offers with their positions, the first in rank first."""
    every = list(enumerate(problem.offers))
    dated = any(bid.submitted for offer in problem.offers for bid in offer.bids)
    return sorted(every, key=lambda each: rank_of(each[1])) if dated else every


def _largest_first(volumes: Ints, classes: Iterable[list[int]]) -> Ints:
    """Hand the volumes of a class out again, the largest to its first member.

    >>> _largest_first(np.array([0, 5]), [[0, 1]]).tolist()
    [5, 0]
    """
    ordered = volumes.copy()
    for members in classes:
        ordered[members] = np.sort(volumes[members])[::-1]
    return ordered


def shortest_flows(problem: Problem, volumes: Volumes) -> Volumes:
    """Replace the flows of a network by the least ones that carry the same net positions.

    min Σ_a f_a   subject to Σ_{a leaving i} f_a − Σ_{a arriving i} f_a = net export of i, 0 ≤ f ≤ F   [ticks]
    """
    if not problem.is_network or not problem.arcs:
        return volumes
    arcs = len(problem.arcs)
    ends = np.concatenate([problem.arc_start, problem.arc_end])
    ones = np.concatenate([np.ones(arcs), -np.ones(arcs)])
    matrix = csc_array((ones, (ends, np.tile(np.arange(arcs), 2))), shape=(len(problem.nodes), arcs))
    export = matrix @ volumes.flow
    upper = problem.arc_capacity.astype(float)
    program = Program(np.ones(arcs), np.zeros(arcs), upper, matrix, export, export, np.zeros(arcs, dtype=bool))
    return replace(volumes, flow=np.rint(solve(program).values).astype(np.int64))
