"""The clearing of a nodal market, with network limits as rows that are added when they are violated.

The program starts with the bids, what is missing or too much at each transmission bus, and one row: all injections sum
to zero. After each run all flows and voltages of the answer are worked out, limits that are broken become rows, and the
solver goes on from where it stood. When nothing is broken any more, the optimum of the relaxed program is feasible for
the whole one, hence its optimum. Few limits of a network ever bind, so that few rows are ever needed.

Goals follow one after the other (lexicographic): limits give way as little as possible, then as little as possible is
missing, then cost is least. A first run with all three in one sum mostly settles it: where nothing gives way and
nothing is missing the weights do not show in the answer.

Source of the method: Horsch, Ronellenfitsch, Witthaut, Brown, "Linear optimal power flow using cycle flows", Electric
Power Systems Research 158, 2018, section 2, for the PTDF form; row generation as for any relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack

from gateway.clearing.nodal.arrays import VOLTAGE_MW, GridRow, NodalProblem, Seen
from gateway.clearing.nodal.certificate import require_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult, Quantity, require_divisible
from gateway.clearing.nodal.prices import BROKEN_MW, Duals, Pricing, told
from gateway.clearing.solver import Program, Solution, Warm
from gateway.errors import Unsolved
from gateway.model import ZERO
from gateway.network.radial import Floats

_LINES_A_ROUND = 200
"""Lines that become rows at once; feeders are less coupled, so that all their broken sections do."""


class Goal(NamedTuple):
    """What a run minimises: weights of the bids' cost, of a MW missing, and of a MW by which a limit gives way."""

    bids: float
    missing: float
    excess: float


@dataclass(eq=False)
class Master:
    """The program as far as it is known: columns x, missing, too much, then two for each row that was added.

    ``most_missing``, ``most_excess``: how much may be missing and may give way; unbounded at first.
    """

    problem: NodalProblem
    rows: list[GridRow] = field(default_factory=list)
    rounds: int = 0

    def __post_init__(self) -> None:
        """Begin with the balance."""
        buses = len(self.problem.grid.index)
        self.most_missing = np.full(2 * buses, np.inf)
        self.most_excess = np.zeros(0)
        self._first_excess = np.inf
        balance = np.concatenate([self.problem.sign, np.ones(buses), -np.ones(buses)])
        need = np.array([-self.problem.imbalance])
        lower, upper = self._bounds()
        nothing = np.zeros(balance.size)
        program = Program(nothing, lower, upper, csc_array(balance[np.newaxis]), need, need, nothing.astype(bool))
        self._warm = Warm(program)

    def _bounds(self) -> tuple[Floats, Floats]:
        upper = np.concatenate([self.problem.quantity, self.most_missing, self.most_excess])
        lower = np.zeros(upper.size)
        lower[: len(self.problem.bids)] = self.problem.least
        return lower, upper

    def split(self, solution: Solution) -> tuple[Floats, Floats, Floats]:
        """Return the accepted MW, the MW missing at each bus (less those too many), and how rows give way."""
        bids, buses = len(self.problem.bids), len(self.problem.grid.index)
        accepted, short, over, excess = np.split(solution.values, [bids, bids + buses, bids + 2 * buses])
        return np.clip(accepted, self.problem.least, self.problem.quantity), short - over, excess

    def solve(self, goal: Goal) -> Solution:
        """Return the best answer that breaks no limit beyond what may give way."""
        while True:
            self._warm.set_bounds(*self._bounds())
            self._warm.set_costs(
                np.concatenate(
                    [
                        goal.bids * self.problem.sign * self.problem.price,
                        np.full(self.most_missing.size, goal.missing),
                        np.full(self.most_excess.size, goal.excess),
                    ]
                )
            )
            solution = self._warm.solve()
            self.rounds += 1
            accepted, missing, _ = self.split(solution)
            broken = violated(self.problem, self.problem.seen(accepted, missing), set(self.rows))
            if not broken:
                return solution
            self._add(broken)

    def _add(self, broken: list[GridRow]) -> None:
        matrix, factors, lower, upper = self.problem.rows(broken)
        count, known = len(broken), len(self.rows)
        unbound = np.zeros(2 * count)
        self._warm.add_columns(unbound, unbound, np.full(2 * count, self._first_excess))
        self.most_excess = np.append(self.most_excess, np.full(2 * count, self._first_excess))
        ways = hstack([-eye_array(count), eye_array(count)])
        others = csr_array((count, 2 * known))
        self._warm.add_rows(csr_array(hstack([matrix, factors, -factors, others, ways])), lower, upper)
        self.rows += broken

    def hold_excess(self, excess: Floats, room: float) -> None:
        """Let limits give way no more than *excess* from now on, but for some *room*."""
        self.most_excess = excess + room
        self._first_excess = room

    def hold_missing(self, missing: Floats, room: float) -> None:
        """Let no more be missing or too much at any bus than *missing* says from now on, but for some *room*."""
        self.most_missing = np.concatenate([np.maximum(missing, 0), np.maximum(-missing, 0)]) + room

    def free(self) -> None:
        """Let limits give way and power be missing as at first."""
        self.most_excess, self._first_excess = np.full(self.most_excess.size, np.inf), np.inf
        self.most_missing = np.full(self.most_missing.size, np.inf)


def clear_nodal(market: NodalMarket, *, all_prices: bool = False) -> NodalResult:
    """Clear *market*; with *all_prices*, intervals of prices also know the limits that are full by chance.

    Raises `gateway.errors.InvalidValue` for bids that are not freely divisible, and `gateway.errors.Unsolved` where the
    solver gives no proven answer or the answer fails its certificate.
    """
    require_divisible(market)
    problem = NodalProblem(market)
    master, cap = Master(problem), float(market.price_cap)
    solution = master.solve(Goal(1, 10 * cap, 100 * cap))
    _, missing, excess = master.split(solution)
    if max(np.abs(missing).max(initial=0), excess.max(initial=0)) > BROKEN_MW:
        solution = _in_turn(master, cap)
    result = _result(master, solution, all_prices=all_prices)
    require_nodal(market, result)
    return result


def _in_turn(master: Master, cap: float) -> Solution:
    """Follow the three goals one after the other; what is missing in the end counts at the price cap.

    Where rounding leaves a later goal no answer at all, all is done again with room for it.
    """
    try:
        return _goal_by_goal(master, cap, room=0.0)
    except Unsolved:
        master.free()
        return _goal_by_goal(master, cap, room=BROKEN_MW)


def _goal_by_goal(master: Master, cap: float, room: float) -> Solution:
    master.hold_excess(master.split(master.solve(Goal(0, 0, 1)))[2], room)
    master.hold_missing(master.split(master.solve(Goal(0, 1, 0)))[1], room)
    return master.solve(Goal(1, cap, 0))


def violated(problem: NodalProblem, seen: Seen, known: set[GridRow]) -> list[GridRow]:
    """Return the limits outside *known* that are broken: the worst lines, all sections, one voltage of each feeder."""
    found = _lines(problem, seen, known)
    if problem.market.feeder_limits and problem.radial.buses:
        found += [*_sections(problem, seen, known), *_voltages(problem, seen, known)]
    return found


def _lines(problem: NodalProblem, seen: Seen, known: set[GridRow]) -> list[GridRow]:
    low, high = problem.grid.bounds
    excess = np.maximum(seen.flows - high, low - seen.flows)
    excess[[row.at for row in known if row.quantity is Quantity.FLOW]] = 0
    worst = np.argsort(-excess, kind="stable")[:_LINES_A_ROUND]
    return [GridRow(Quantity.FLOW, int(at)) for at in worst if excess[at] > BROKEN_MW]


def _sections(problem: NodalProblem, seen: Seen, known: set[GridRow]) -> list[GridRow]:
    a, b, _ = problem.sides
    excess = a * seen.active[:, None] + b * seen.reactive[:, None] - problem.section_limits
    for row in known:
        if row.quantity is Quantity.POWER:
            excess[row.at, row.side] = -np.inf
    sides = excess.argmax(axis=1)
    broken = np.flatnonzero(excess[np.arange(sides.size), sides] > BROKEN_MW)
    return [GridRow(Quantity.POWER, int(at), int(sides[at])) for at in broken]


def _voltages(problem: NodalProblem, seen: Seen, known: set[GridRow]) -> list[GridRow]:
    low, high = problem.voltage_limits
    excess = np.maximum(seen.squared - high, low - seen.squared)
    excess[[row.at for row in known if row.quantity is Quantity.VOLTAGE]] = -np.inf
    order = np.lexsort((-excess, problem.radial.feeder))
    worst = order[problem.radial.roots]  # in each feeder's stretch of the order the first is its worst
    return [GridRow(Quantity.VOLTAGE, int(at)) for at in worst if excess[at] > BROKEN_MW / VOLTAGE_MW]


def reached(problem: NodalProblem, seen: Seen, known: set[GridRow]) -> list[GridRow]:
    """Return the limits outside *known* that are at a bound without ever having been broken.

    A limit that is full by chance parts no prices, unless all valid prices are asked for.
    """
    low, high = problem.grid.bounds
    lines = np.flatnonzero((seen.flows > high - BROKEN_MW) | (seen.flows < low + BROKEN_MW))
    found = [GridRow(Quantity.FLOW, int(at)) for at in lines]
    if problem.market.feeder_limits and problem.radial.buses:
        a, b, _ = problem.sides
        room = problem.section_limits - a * seen.active[:, None] - b * seen.reactive[:, None]
        found += [GridRow(Quantity.POWER, int(at), int(side)) for at, side in np.argwhere(room < BROKEN_MW)]
        low, high = problem.voltage_limits
        room = np.minimum(high - seen.squared, seen.squared - low)
        found += [GridRow(Quantity.VOLTAGE, int(at)) for at in np.flatnonzero(room < BROKEN_MW / VOLTAGE_MW)]
    return [row for row in found if row not in known]


def _result(master: Master, solution: Solution, *, all_prices: bool) -> NodalResult:
    problem = master.problem
    accepted, missing, _ = master.split(solution)
    more = reached(problem, problem.seen(accepted, missing), set(master.rows)) if all_prices else []
    duals = Duals(float(solution.row_duals[0]), np.append(solution.row_duals[1:], np.zeros(len(more))))
    found = Pricing(problem, (*master.rows, *more), accepted, missing, duals).published()
    volumes = {bid.id: told(mw) for bid, mw in zip(problem.bids, accepted, strict=True)}
    buses = problem.grid.transmission.buses
    return NodalResult(
        accepted_mw=volumes,
        prices=found.buses,
        bindings=found.bindings,
        missing_mw={bus: told(mw) for bus, mw in zip(buses, missing, strict=True) if abs(mw) > BROKEN_MW},
        cost=sum((bid.direction.sign * (bid.price or ZERO) * volumes[bid.id] for bid in problem.bids), ZERO),
        rounds=master.rounds,
        rows=len(master.rows),
    )
