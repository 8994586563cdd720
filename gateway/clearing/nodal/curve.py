"""What a feeder can offer as a whole: its residual supply curve.

C(e) = min { Σ s π x : all limits of the feeder hold, export = e, x at least what is committed } is convex and piecewise
linear in e. It is found exactly by intersecting tangents: between two points with known slopes, C lies above both
tangents; where it reaches their intersection, that is its corner; otherwise the intersection splits the stretch in two.
Where limits cannot hold whatever is activated, they give way as little as possible first, and the curve tells it.

The whole curve is all that a clearing of the transmission network needs to know of a feeder: clearing with curves and
then activating each feeder at its export (`activate`) gives what one clearing of everything gives.

Source: Mousavi, Wu, "A DSO framework for market participation of DER aggregators in unbalanced distribution networks",
IEEE Transactions on Power Systems 37(3), 2022, for the principle (parametric programming).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from gateway.clearing.nodal.arrays import GridRow, NodalProblem
from gateway.clearing.nodal.market import NodalMarket, Quantity, feeder_alone, require_divisible
from gateway.clearing.nodal.prices import BROKEN_MW, told
from gateway.clearing.solver import Program, Warm, solve
from gateway.network.radial import Floats

_INSIDE = 1e-7
"""How far inside its ends the slopes of the curve are taken, as a share of its width."""
_SAME = 1e-9
"""Up to which relative difference a value lies on a tangent."""
_SHORTEST_MW = 1e-6
"""Corners closer than that are one."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A residual supply curve: ``points`` of (export in MW, cost per hour), by export; straight in between.

    ``rest_mw``: the export without any activation. ``excess_mw``: by how much limits must give way in any case.
    """

    points: tuple[tuple[Decimal, Decimal], ...]
    rest_mw: Decimal
    excess_mw: Decimal

    @property
    def cheapest(self) -> tuple[Decimal, Decimal]:
        """The point of least cost; of several the one with the least export."""
        return min(self.points, key=lambda point: (point[1], point[0]))

    @property
    def segments(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Width in MW and slope per MWh of each stretch, by export."""
        return tuple((b - a, told(float((d - c) / (b - a)))) for (a, c), (b, d) in pairwise(self.points))

    def cost(self, export_mw: Decimal) -> Decimal:
        """Return the cost per hour at an export on the curve.

        >>> two = Curve(((Decimal(0), Decimal(0)), (Decimal(2), Decimal(60))), Decimal(0), Decimal(0))
        >>> two.cost(Decimal(1))
        Decimal('30.0')
        """
        for (a, c), (b, d) in pairwise(self.points):
            if a <= export_mw <= b:
                return c + (export_mw - a) / (b - a) * (d - c)
        return self.points[0][1]


class FeederProgram:
    """The program of one feeder: the change of its export as row 0, then every limit that can bind at all."""

    def __init__(self, market: NodalMarket) -> None:
        """Write the program of a market of one feeder (`feeder_alone`)."""
        self.problem = NodalProblem(market)
        self.rest_mw = float(self.problem.at_rest.active[0])
        self._matrix, self._lower, self._upper = self._limits()
        self.excess_mw = self._give_way()

    def _limits(self) -> tuple[csr_array, Floats, Floats]:
        problem, places = self.problem, range(1, len(self.problem.radial.buses))
        rows = [GridRow(Quantity.VOLTAGE, at) for at in places]
        rows += [GridRow(Quantity.POWER, at, side) for at in places for side in range(problem.sides[0].shape[1])]
        matrix, _, lower, upper = problem.rows(rows if problem.market.feeder_limits else [])
        dense = matrix.toarray()
        most = np.maximum(dense * problem.quantity, dense * problem.least).sum(axis=1)
        least = np.minimum(dense * problem.quantity, dense * problem.least).sum(axis=1)
        binding = (most > upper) | (least < lower)
        return csr_array(dense[binding]), lower[binding], upper[binding]

    def _give_way(self) -> float:
        """Move limits that cannot hold to where they can; return by how much, in MW."""
        problem, count = self.problem, self._lower.size
        ways = hstack([self._matrix, -eye_array(count), eye_array(count)])
        cost = np.concatenate([np.zeros(problem.quantity.size), np.ones(2 * count)])
        lower = np.concatenate([problem.least, np.zeros(2 * count)])
        upper = np.concatenate([problem.quantity, np.full(2 * count, np.inf)])
        none = np.zeros(cost.size, dtype=bool)
        found = solve(Program(cost, lower, upper, csc_array(ways), self._lower, self._upper, none))
        if found.cost <= BROKEN_MW:
            return 0.0
        over, under = np.split(found.values[problem.quantity.size :], 2)
        self._upper = self._upper + np.where(over > 0, over + BROKEN_MW, 0)
        self._lower = self._lower - np.where(under > 0, under + BROKEN_MW, 0)
        return float(found.cost)

    @cached_property
    def program(self) -> Program:
        """The program with the export free."""
        problem = self.problem
        return Program(
            cost=problem.sign * problem.price,
            lower=problem.least,
            upper=problem.quantity,
            matrix=csc_array(vstack([csr_array(problem.sign[np.newaxis]), self._matrix])),
            row_lower=np.concatenate([[-np.inf], self._lower]),
            row_upper=np.concatenate([[np.inf], self._upper]),
            integer=np.zeros(problem.quantity.size, dtype=bool),
        )

    def exporting(self, export_mw: float) -> Program:
        """Return the program with the export held."""
        low, high = self.program.row_lower.copy(), self.program.row_upper.copy()
        low[0] = high[0] = export_mw - self.rest_mw
        return replace(self.program, row_lower=low, row_upper=high)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Least and most export."""
        sign = self.problem.sign
        least, most = (solve(replace(self.program, cost=way * sign)).cost for way in (1.0, -1.0))
        return self.rest_mw + least, self.rest_mw - most


@dataclass(frozen=True, slots=True)
class _Corner:
    """A point of the curve with a slope that supports it there."""

    export: float
    cost: float
    slope: float


class _Tracer:
    """Finds the corners of a curve."""

    def __init__(self, feeder: FeederProgram) -> None:
        self._feeder, self._warm = feeder, Warm(feeder.program)
        self.found: dict[float, float] = {}

    def at(self, export: float) -> _Corner:
        """Return the point of the curve at *export*."""
        change = export - self._feeder.rest_mw
        self._warm.set_row_bounds(0, change, change)
        solution = self._warm.solve()
        return _Corner(export, solution.cost, float(solution.row_duals[0]))

    def trace(self, left: _Corner, right: _Corner) -> None:
        """Find all corners between two points."""
        waiting = [(left, right)]
        while waiting:
            left, right = waiting.pop()
            bend = right.slope - left.slope
            if bend <= _SAME * max(1.0, abs(left.slope)):
                continue
            intercepts = left.cost - left.slope * left.export, right.cost - right.slope * right.export
            crossing = (intercepts[0] - intercepts[1]) / bend
            if not left.export + _SHORTEST_MW < crossing < right.export - _SHORTEST_MW:
                continue
            middle = self.at(crossing)
            self.found[crossing] = middle.cost
            tangent = left.cost + left.slope * (crossing - left.export)
            if abs(middle.cost - tangent) > _SAME * max(1.0, abs(middle.cost)):
                waiting += [(left, middle), (middle, right)]


def residual_supply(market: NodalMarket, feeder_id: str) -> Curve:
    """Return the residual supply curve of a feeder of *market*.

    Raises `gateway.errors.InvalidValue` where there is no such feeder or a bid is not freely divisible, and
    `gateway.errors.Unsolved` where the solver gives no proven answer.
    """
    alone = feeder_alone(market, feeder_id)
    require_divisible(alone)
    feeder = FeederProgram(alone)
    least, most = feeder.ends
    tracer = _Tracer(feeder)
    tracer.found[least] = tracer.at(least).cost
    if most - least > _SHORTEST_MW:
        tracer.found[most] = tracer.at(most).cost
        step = _INSIDE * (most - least)
        first, last = tracer.at(least + step), tracer.at(most - step)
        tracer.trace(
            replace(first, export=least, cost=tracer.found[least]), replace(last, export=most, cost=tracer.found[most])
        )
    return curve_of(tracer.found, feeder.rest_mw, feeder.excess_mw)


def curve_of(found: dict[float, float], rest_mw: float, excess_mw: float) -> Curve:
    """Return the curve through points of it, without those on a straight stretch."""
    points = sorted(found.items())
    kept = points[:1]
    for at, point in enumerate(points[1:], start=1):
        after = points[at + 1] if at + 1 < len(points) else None
        if after is None or _bends(kept[-1], point, after):
            kept.append(point)
    return Curve(tuple((told(e), told(c)) for e, c in kept), told(rest_mw), told(excess_mw))


def _bends(before: tuple[float, float], point: tuple[float, float], after: tuple[float, float]) -> bool:
    share = (point[0] - before[0]) / (after[0] - before[0])
    straight = before[1] + share * (after[1] - before[1])
    return straight - point[1] > _SAME * max(1.0, abs(straight))


def activate(market: NodalMarket, feeder_id: str, export_mw: Decimal) -> dict[str, Decimal]:
    """Return what to accept of each bid of a feeder so that it exports *export_mw* at least cost.

    Raises as `residual_supply`; `gateway.errors.Unsolved` also for an export that the feeder cannot reach.
    """
    feeder = FeederProgram(feeder_alone(market, feeder_id))
    least, most = feeder.ends
    reachable = (
        min(max(float(export_mw), least), most)
        if least - BROKEN_MW < export_mw < most + BROKEN_MW
        else float(export_mw)
    )
    solution = solve(feeder.exporting(reachable))
    return {bid.id: told(mw) for bid, mw in zip(feeder.problem.bids, solution.values, strict=True)}
