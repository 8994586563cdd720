"""A feeder's offer as ordinary bids, which any market can take.

Divisible resources: the residual supply curve is anchored at its cheapest point, what the feeder does if nobody asks
for more. Every stretch to the right is an up bid, every stretch to the left a down bid, its width the quantity and its
slope the price. Slopes rise, so that these are ordinary bids without links.

Resources that are not divisible make the cost of the feeder anything but convex. Then every export on a grid of steps
becomes an indivisible bid at its average price, and all of them an exclusive group: at most one is accepted, and only
the market that takes it combines it with others.

Source: Ananduta, Sanjab, Marques, "Ensuring grid-safe forwarding of distributed flexibility in sequential DSO-TSO
markets", arXiv 2406.04889, for the discretised residual supply.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from math import ceil, floor

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from gateway.clearing.nodal.curve import Curve, FeederProgram
from gateway.clearing.nodal.market import NodalMarket, feeder_alone
from gateway.clearing.nodal.prices import BROKEN_MW, told
from gateway.clearing.solver import Program, solve
from gateway.model import ZERO, Bid, Direction

_UNREACHED = 1e6
"""Cost per MW of missing an export, far above any bid."""


@dataclass(frozen=True, slots=True)
class FeederOffer:
    """Bids that stand for a feeder.

    ``export_mw``, ``cost``: what it exports, and what that costs per hour, if none of them is accepted. ``lost_mw``:
    what rounding to the market's steps leaves out.
    """

    export_mw: Decimal
    cost: Decimal
    bids: tuple[Bid, ...]
    lost_mw: Decimal = ZERO


def as_bids(curve: Curve, blank: Bid, step_mw: Decimal | None = None) -> FeederOffer:
    """Return *curve* as divisible bids like *blank*, whose id begins theirs; widths rounded down to ``step_mw``.

    >>> from gateway.clearing.example import bid
    >>> points = ((-2, 32), (0, 16), (1, 18))
    >>> curve = Curve(tuple((Decimal(e), Decimal(c)) for e, c in points), Decimal(2), Decimal(0))
    >>> offer = as_bids(curve, bid("F", "A", "up", 1, 0))
    >>> [(b.id, str(b.direction), str(b.quantity_mw), f"{b.price:.0f}") for b in offer.bids]
    [('F-down-1', 'down', '2', '-8'), ('F-up-1', 'up', '1', '2')]
    """
    anchor, cost = curve.cheapest
    left = sum(export < anchor for export, _ in curve.points)
    segments = curve.segments
    bids, lost = [], ZERO
    sides = ((Direction.DOWN, segments[:left][::-1]), (Direction.UP, segments[left:]))
    for direction, stretches in sides:
        for at, (width, slope) in enumerate(stretches, start=1):
            whole = width if step_mw is None else (width / step_mw).to_integral_value(ROUND_FLOOR) * step_mw
            lost += width - whole
            if whole:
                name = f"{blank.id}-{direction.value}-{at}"
                bids.append(replace(blank, id=name, direction=direction, quantity_mw=whole, price=slope))
    return FeederOffer(anchor, cost, tuple(bids), lost)


def as_exclusive_group(market: NodalMarket, feeder_id: str, blank: Bid, step_mw: Decimal) -> FeederOffer:
    """Return what a feeder can offer in steps as an exclusive group of indivisible bids like *blank*.

    Its resources may have a least quantity or be indivisible. Raises `gateway.errors.InvalidValue` where there is no
    such feeder, and `gateway.errors.Unsolved` where the solver gives no proven answer.
    """
    feeder = FeederProgram(feeder_alone(market, feeder_id))
    costs = _costs_by_step(feeder, step_mw)
    anchor = min(costs, key=lambda steps: (costs[steps], abs(steps), steps))
    bids = []
    for steps in sorted(costs):
        change, extra = (steps - anchor) * step_mw, costs[steps] - costs[anchor]
        if change:
            direction = Direction.UP if change > 0 else Direction.DOWN
            name = f"{blank.id}-{direction.value}-{abs(change).normalize():f}"
            asked = replace(
                blank, id=name, direction=direction, quantity_mw=abs(change), price=told(extra / float(change))
            )
            bids.append(replace(asked, divisible=False, exclusive=blank.id))
    return FeederOffer(told(feeder.rest_mw) + anchor * step_mw, told(costs[anchor]), tuple(bids))


def _costs_by_step(feeder: FeederProgram, step_mw: Decimal) -> dict[int, float]:
    """Return the least cost of each change of the export, in steps, that can be reached."""
    least, most = ((end - feeder.rest_mw) / float(step_mw) for end in feeder.ends)
    costs = {}
    for steps in range(ceil(least - BROKEN_MW), floor(most + BROKEN_MW) + 1):
        solution = solve(_decided(feeder, float(steps * step_mw)))
        if solution.values[-2:].max() <= BROKEN_MW:
            costs[steps] = solution.cost
    return costs


def _decided(feeder: FeederProgram, change_mw: float) -> Program:
    """Return the program of the feeder at a change of its export, with a decision for every bid that needs one.

    The last two columns are by how much the change is missed.
    """
    program, bids = feeder.program, feeder.problem.bids
    needing = [at for at, bid in enumerate(bids) if bid.least_mw]
    count, most = len(needing), feeder.problem.quantity[needing]
    least = np.array([bids[at].least_mw for at in needing], dtype=float)
    chosen = csr_array((np.ones(count), (range(count), needing)), shape=(count, len(bids)))
    missed = csr_array(([1.0, -1.0], ([0, 0], [0, 1])), shape=(program.matrix.shape[0], 2))
    nothing, empty = csr_array((count, 2)), csr_array((program.matrix.shape[0], count))
    decisions = [csr_array(np.diag(-bound).reshape(count, count)) for bound in (most, least)]
    rows = [hstack([program.matrix, empty, missed]), *(hstack([chosen, each, nothing]) for each in decisions)]
    low, high = program.row_lower.copy(), program.row_upper.copy()
    low[0] = high[0] = change_mw
    return Program(
        cost=np.concatenate([program.cost, np.zeros(count), [_UNREACHED] * 2]),
        lower=np.concatenate([program.lower, np.zeros(count + 2)]),
        upper=np.concatenate([program.upper, np.ones(count), [np.inf] * 2]),
        matrix=csc_array(vstack(rows)),
        row_lower=np.concatenate([low, np.full(count, -np.inf), np.zeros(count)]),
        row_upper=np.concatenate([high, np.zeros(count), np.full(count, np.inf)]),
        integer=np.concatenate([np.zeros(len(bids)), np.ones(count), np.zeros(2)]).astype(bool),
    )
