"""A market of areas as a transport problem, and its best answer by several goals, one after the other.

Columns are accepted MW of bids (x), satisfied MW of demands (y) and flows (f); in each area i

    Σ s_b x_b + Σ_{a arriving} f_a − Σ_{a leaving} f_a = Σ s_d y_d        [MW]

with s = +1 upward and −1 downward, 0 ≤ x, y, f ≤ what is offered, wanted and possible. Everything is continuous; there
are no bids that cannot be divided, and borders lose nothing.

Each column stands in at most two rows, with +1 and −1 or alone, so the matrix is totally unimodular: in whole steps of
MW every corner of the feasible set is whole, and with whole costs so are the duals of a corner. That makes the order
of goals exact. The best answers by one goal are those in which every column with a reduced cost d ≠ 0 stays where it is
(complementary slackness); |d| is a whole number then, so |d| > 1/2 decides. Those columns are held, and the next goal
chooses among the rest. No weights, no tolerances that trade one goal for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array

from gateway.clearing.market import Scale, decimals
from gateway.clearing.problem import Floats, Ints
from gateway.clearing.solver import Program, solve
from gateway.coupling.capacities import TransferCapacities, Way
from gateway.errors import InvalidValue, Unsolved
from gateway.identifiers import AreaId
from gateway.model import ZERO, Bid, Direction

_HALF = 0.5
_WHOLE = 0.01
"""How far from a whole number of steps a column of a corner may lie."""


@dataclass(frozen=True, slots=True, order=True)
class Demand:
    """What an area needs in MW: above 0 more injection (it is short), below 0 less (it is long).

    ``value``: what one MWh of it is worth where it is not activated but netted: the price that is avoided (short), or
    that would have been earned (long).
    """

    area: AreaId
    mw: Decimal
    value: Decimal = ZERO

    @property
    def sign(self) -> int:
        """+1 where the area is short, −1 where it is long."""
        return 1 if self.mw > 0 else -1


@dataclass(frozen=True)
class Layout:
    """The problem as arrays; bids are sorted by id, demands by area, and nothing of 0 MW is among them."""

    bids: tuple[Bid, ...]
    demands: tuple[Demand, ...]
    ways: tuple[Way, ...]
    scale: Scale

    @cached_property
    def areas(self) -> tuple[AreaId, ...]:
        """Every area that is named, sorted."""
        ends = {end for way in self.ways for end in way.ends}
        return tuple(sorted(ends | {bid.area for bid in self.bids} | {demand.area for demand in self.demands}))

    @cached_property
    def upper(self) -> Floats:
        """The most of each column, in steps."""
        mw = [*(b.quantity_mw for b in self.bids), *(abs(d.mw) for d in self.demands), *(w.limit_mw for w in self.ways)]
        return np.array([self.scale.ticks(each) for each in mw], dtype=float)

    @cached_property
    def matrix(self) -> csc_array:
        """The balances of the areas."""
        row = {area: at for at, area in enumerate(self.areas)}
        entries = [(row[bid.area], at, bid.direction.sign) for at, bid in enumerate(self.bids)]
        entries += [(row[d.area], at, -d.sign) for at, d in enumerate(self.demands, len(self.bids))]
        for at, way in enumerate(self.ways, len(self.bids) + len(self.demands)):
            entries += [(row[way.from_area], at, -1), (row[way.to_area], at, 1)]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.areas), self.upper.size)
        return csc_array((np.array(values, dtype=float), (np.array(rows), np.array(columns))), shape=shape)

    def costs(self, *, bids: Iterable[int] = (), demands: Iterable[int] = (), ways: Iterable[int] = ()) -> Floats:
        """Return a cost for each column, 0 for families that are not given."""
        given = [list(bids) or [0] * len(self.bids), list(demands) or [0] * len(self.demands)]
        return np.array([*given[0], *given[1], *(list(ways) or [0] * len(self.ways))], dtype=float)


def layout(
    bids: Iterable[Bid], demands: Iterable[Demand], capacities: TransferCapacities, quantity_step: Decimal
) -> Layout:
    """Return the problem of these bids, demands and borders, counted in *quantity_step* or finer.

    Raises `InvalidValue` for bids that this problem cannot hold: without price, indivisible or with a least quantity,
    of a group, in both directions; and for borders with losses.
    """
    offered = tuple(sorted((bid for bid in bids if bid.quantity_mw), key=lambda bid: (bid.id, bid.provider)))
    for bid in offered:
        if bid.price is None or bid.least_mw or bid.group or bid.direction is Direction.BOTH:
            raise InvalidValue(
                f"Bid {bid.id}", "a divisible bid with a price, of one direction and no group", "another"
            )
    if any(way.loss_factor for way in capacities.ways):
        raise InvalidValue("Way.loss_factor", "0", "losses")
    wanted = tuple(sorted(demand for demand in demands if demand.mw))
    ways = tuple(sorted(way for way in capacities.ways if way.limit_mw))
    finest = max((decimals(each.quantity_mw) for each in offered), default=0)
    finest = max([finest, *(decimals(each.mw) for each in wanted), *(decimals(each.limit_mw) for each in ways)])
    cents = max((decimals(bid.price or ZERO) for bid in offered), default=2)
    cents = max([2, cents, *(decimals(each.value) for each in wanted)])
    step = min(quantity_step, Decimal(1).scaleb(-finest))
    return Layout(offered, wanted, ways, Scale(step, Decimal(1).scaleb(-cents)))


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: a sentence with its unit, the cost of each column that is to be least, and what it counts as.

    ``attained`` turns the least cost, in steps, into the figure of the sentence.
    """

    sentence: str
    cost: Callable[[Layout], Floats]
    attained: Callable[[Layout, int], Decimal]


@dataclass(frozen=True, slots=True)
class Face:
    """All answers that are best by the goals so far: bounds of the columns, one of the answers, and the figures."""

    lower: Floats
    upper: Floats
    values: Ints
    attained: tuple[tuple[str, Decimal], ...] = ()


def whole_face(problem: Layout) -> Face:
    """Return all feasible answers; to do nothing is one of them."""
    return Face(np.zeros(problem.upper.size), problem.upper.copy(), np.zeros(problem.upper.size, dtype=np.int64))


def narrowed(problem: Layout, face: Face, goal: Goal) -> Face:
    """Return the answers of *face* that are best by one more goal.

    Raises `gateway.errors.Unsolved` where the solver gives no proven corner.
    """
    cost, nothing = goal.cost(problem), np.zeros(len(problem.areas))
    continuous = np.zeros(cost.size, dtype=bool)
    if not cost.size:
        return replace(face, attained=(*face.attained, (goal.sentence, ZERO)))
    solution = solve(Program(cost, face.lower, face.upper, problem.matrix, nothing, nothing, continuous))
    values = np.rint(solution.values)
    if np.abs(solution.values - values).max() > _WHOLE:
        raise Unsolved("solver", "a corner in whole steps", "fractions of them")
    reduced = cost - problem.matrix.T @ solution.row_duals
    held = np.abs(reduced) > _HALF
    attained = goal.attained(problem, round(float(cost @ values)))
    return Face(
        lower=np.where(held, values, face.lower),
        upper=np.where(held, values, face.upper),
        values=values.astype(np.int64),
        attained=(*face.attained, (goal.sentence, attained)),
    )


def best(problem: Layout, goals: Sequence[Goal]) -> Face:
    """Return the answers that are best by all *goals* in their order."""
    face = whole_face(problem)
    for goal in goals:
        face = narrowed(problem, face, goal)
    return face


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in MW: accepted by bid id, satisfied by area (signed as the demand), flows by border and direction.

    ``attained``: each goal with its figure.
    """

    accepted_mw: Mapping[str, Decimal]
    satisfied_mw: Mapping[AreaId, Decimal]
    flows_mw: Mapping[tuple[AreaId, AreaId], Decimal]
    attained: tuple[tuple[str, Decimal], ...]


def answer(problem: Layout, face: Face) -> Answer:
    """Return the answer that *face* holds, in MW."""
    bids, demands = len(problem.bids), len(problem.demands)
    mw = [problem.scale.megawatts(int(ticks)) for ticks in face.values]
    satisfied: dict[AreaId, Decimal] = {}
    for demand, value in zip(problem.demands, mw[bids : bids + demands], strict=True):
        satisfied[demand.area] = satisfied.get(demand.area, ZERO) + demand.sign * value
    return Answer(
        accepted_mw={bid.id: value for bid, value in zip(problem.bids, mw, strict=False)},
        satisfied_mw=satisfied,
        flows_mw={way.ends: value for way, value in zip(problem.ways, mw[bids + demands :], strict=True)},
        attained=face.attained,
    )
