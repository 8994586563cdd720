"""Volumes by sorting, where areas stand alone and every bid is divisible: the merit order.

Everything that can add injection stands in one list, cheapest first, counted from the state in which all needs of more
injection are served and all down bids are accepted:

=============================  ==================  ========================================================
item                           price               taken means
=============================  ==================  ========================================================
need of less injection         its limit price     it is served
down bid                       its price           it is *not* accepted: its reduction is undone
up bid                         its price           it is accepted
need of more injection         its limit price     it is *not* served
=============================  ==================  ========================================================

Items are taken until injection and needs balance; one of them is taken in part. A required need without a limit price
stands before or behind all prices. At equal prices the order is that of the table: needs are served where that costs
nothing, and no more is activated than they take; then by id, which `gateway.clearing.ties` turns into shares.

All numbers are whole ticks, so that the result is exact. Bids of both directions that cross, a down bid above an up
bid, are accepted together as in the linear program: that adds welfare.
"""

from __future__ import annotations

import numpy as np

from gateway.clearing.dispatch import Proof, Volumes
from gateway.clearing.problem import Ints, Problem
from gateway.clearing.tolerance import excesses
from gateway.results import Rung

_ALWAYS = 2**62
"""Beyond every price: before or behind all of them."""


def applies(problem: Problem) -> bool:
    """Whether sorting finds the volumes: nothing flows between nodes, nothing but a node's balance couples its orders.

    >>> from gateway.clearing.example import bid, border, need, problem_of
    >>> applies(problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50)))
    True
    >>> applies(problem_of(bid("A1", "A", "up", 40, 60), *border("A", "B", 10)))
    False
    """
    return not (problem.rows or problem.arc_capacity.any() or problem.decided.any())


def by_merit(problem: Problem) -> Volumes:
    """Return the best volumes of a problem that sorting `applies` to.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> volumes = by_merit(problem_of(bid("A1", "A", "up", 40, 60), bid("A2", "A", "up", 40, 70), need("d", "A", 50)))
    >>> volumes.accepted.tolist(), volumes.served.tolist()
    ([40000, 10000], [50000])
    """
    up, more = problem.offer_sign > 0, problem.need_sign > 0
    node = np.concatenate([problem.offer_node, problem.need_node])
    quantity = np.concatenate([problem.quantity, problem.need_quantity])
    value = np.where(problem.required, problem.need_sign * _ALWAYS, problem.need_value)
    price = np.concatenate([problem.offer_price, value])
    spare = excesses(problem.needs)
    asked = np.where(spare, np.where(more, -1, 4), np.where(more, 3, 0))
    kind = np.concatenate([np.where(up, 2, 1), asked])
    undone = np.concatenate([~up, more])
    wanted = np.bincount(node[undone], weights=quantity[undone], minlength=len(problem.nodes)).astype(np.int64)
    taken = _taken(np.lexsort((kind, price, node)), node, quantity, wanted)
    volumes = np.where(undone, quantity - taken, taken)
    offers = len(problem.offers)
    return Volumes(
        accepted=volumes[:offers],
        served=volumes[offers:],
        flow=np.zeros(len(problem.arcs), dtype=np.int64),
        proof=Proof(Rung.MERIT_ORDER),
    )


def _taken(order: Ints, node: Ints, quantity: Ints, wanted: Ints) -> Ints:
    """Return how much of each item is taken, in *order*, until each node has what is *wanted* there."""
    sizes = quantity[order]
    before = np.cumsum(sizes) - sizes
    starts = np.searchsorted(node[order], node[order])
    before -= before[starts]
    taken = np.zeros_like(quantity)
    taken[order] = np.clip(wanted[node[order]] - before, 0, sizes)
    return taken
