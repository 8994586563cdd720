"""Prices for given volumes: all that support them, and the one that is published.

The prices λ that support accepted volumes are exactly the points of the *dual face*. For one node each:

====================  ===============================================================================
an offer that could   s λ ≤ s π: it does not want to give more
be accepted further
an offer that could   s λ ≥ s π: it does not want to give less
be accepted less
a need                the same with its limit price; one without a limit price that stays unserved
                      stands for scarcity and puts the price to the cap; an excess within a tolerance
                      (`gateway.clearing.tolerance`) is bought at whatever price where decisions grant it
an arc                price at the end, after losses, less price at the start: 0 inside its limits,
                      at most 0 when empty, at least 0 when full
====================  ===============================================================================

A binding grid limit c has a shadow price μ_c ≥ 0 and lowers what an offer sees to λ − s Σ_c μ_c h_cb; a full border
that several commodities share works alike, and so do the rows that bind the intervals of a unit, where an equation's μ
has either sign. Offers held by a yes-or-no decision ask for nothing of this, but an accepted one must not lose:
s λ ≥ s π, if such prices exist. What earns as one over several intervals must not lose as a whole:
Σ_b s_b (λ_b − π_b) x_b ≥ 0.

Rules
1. Only scarcity reaches the price cap: otherwise prices stay within the range of prices named in connected areas, and
   leave it only as far as losses and shadow prices make them. No price is published beyond the cap.
2. Of the valid prices, the lowest and the highest sum over all nodes are found by one linear program each. In a network
   both are lowest and highest at every node at once, because bounds and differences survive componentwise minima and
   maxima; their midpoint, rounded half to even, is valid too and is published.
3. With losses or binding limits the midpoint of the two is still valid, but a node's interval need not hold all its
   valid prices; the result says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components

from gateway.clearing.dispatch import Volumes
from gateway.clearing.problem import Floats, Ints, Problem
from gateway.clearing.solver import Program, solve
from gateway.clearing.tolerance import excesses, granted

_Row = tuple[dict[int, float], float, float]
"""A row of a linear program: coefficients by column, least and greatest value."""
_FULL_MW = 1e-6
"""A limit with less room than this, and than rounding explains, is binding."""
_NEAR = 1e-3
"""Numbers of price ticks are whole in a network; this far from one they still count as it."""
_HAIR = 1e-6
"""By how many price ticks a loss may exceed the least one, so that the solver's rounding does not forbid it."""


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of the nodes and shadow prices of the binding limits, in price ticks.

    ``uncut``: the prices before they were cut at the cap; the shadow prices belong to them. ``losses``: what each
    accepted offer loses per MWh, in price ticks; 0 where it does not.
    """

    price: Ints
    uncut: Ints
    lowest: Ints
    highest: Ints
    shadow: dict[int, float]
    losses: Floats


@dataclass(frozen=True)
class Reach:
    """How far the acceptance of each offer could move with the decisions as they are, in ticks."""

    least: Ints
    most: Ints


def reach(problem: Problem, volumes: Volumes) -> Reach:
    """Return between what volumes each offer is free once all decisions are taken.

    An accepted offer with a least quantity is free between that and all of it, a refused one not at all; a granular or
    barred offer stays where it is; a step of a unit is held full while the next one is open, and closed while the one
    before it is not full. An offer that hangs on others alone is free where these permit it.
    """
    accepted = volumes.accepted
    least, most = np.zeros_like(accepted), problem.quantity.copy()
    closed = problem.couplings.closed(accepted)
    most[list(closed)] = 0
    kept_out = closed.union(*problem.exclusive)
    for offer in problem.switched:
        taken = accepted[offer] > 0 or not (problem.minimum[offer] or offer in kept_out)
        least[offer], most[offer] = taken * problem.minimum[offer], taken * problem.quantity[offer]
    for chain in problem.chains:
        for step, dearer in pairwise(chain):
            if accepted[step] == problem.quantity[step]:
                least[step] = accepted[step]
            else:
                most[dearer] = least[dearer] = 0
    held = [*problem.granular, *volumes.barred]
    least[held] = most[held] = accepted[held]
    return Reach(least, most)


def find_prices(problem: Problem, volumes: Volumes) -> Prices:
    """Return the prices of *volumes*, without loss for any accepted offer if there are such prices.

    Raises `gateway.errors.Unsolved` where no price supports the volumes, which then are not optimal.
    """
    return _Face(problem, volumes).prices()


def _named_range(problem: Problem, volumes: Volumes) -> tuple[Floats, Floats]:
    """Return the lowest and the highest price that an order, or scarcity, names in the areas connected to each node."""
    open_arcs = problem.arc_capacity > 0
    ends = (problem.arc_start[open_arcs], problem.arc_end[open_arcs])
    graph = coo_array((np.ones(ends[0].size), ends), shape=(len(problem.nodes),) * 2)
    count, component = connected_components(graph, directed=False)
    limited = np.array([need.price is not None for need in problem.needs], dtype=bool)
    short = volumes.served < problem.need_quantity
    named = np.where(excesses(problem.needs), volumes.served > 0, limited | short)
    where = component[np.concatenate([problem.offer_node, problem.need_node[named]])]
    prices = np.concatenate([problem.offer_price, problem.need_value[named]]).astype(float)
    lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(lowest, where, prices)
    np.maximum.at(highest, where, prices)
    silent = lowest > highest
    lowest[silent], highest[silent] = -problem.cap, problem.cap
    return lowest[component], highest[component]


class _Face:
    """The dual face as a linear program.

    Columns: λ of the nodes, μ of the binding limits, ν of the full shared borders, e by how much a price leaves the
    named range, o by how much an idle border with losses would earn, t by how much an accepted offer loses. An idle
    border earns only where prices are negative and sending both ways, which is forbidden, would burn what nobody wants.
    """

    def __init__(self, problem: Problem, volumes: Volumes) -> None:
        self.problem, self.volumes = problem, volumes
        self.reach = reach(problem, volumes)
        self.binding = _binding(problem, volumes)
        self.full = [border for border in problem.shared if _is_full(problem, volumes, border)]
        self.risky = _risky(problem, volumes)
        self.nodes = len(problem.nodes)
        self.idle = [arc for pair in problem.opposed for arc in pair if not volumes.flow[list(pair)].any()]
        self.beyond = self.nodes + len(self.binding) + len(self.full)
        self.burn = self.beyond + self.nodes
        self.loss = self.burn + len(self.idle)
        size = self.loss + len(self.risky)
        self.lower = np.where(np.arange(size) < self.nodes, -np.inf, 0.0)
        self.lower[[self.nodes + at for at, row in enumerate(self.binding) if problem.rows[row].equal]] = -np.inf
        self.upper = np.full(size, np.inf)
        self.rows: list[_Row] = []
        for row in (*self._offers(), *self._needs(), *self._arcs(), *self._range(), *self._no_losses()):
            self._add(*row)

    def _add(self, row: dict[int, float], lower: float, upper: float) -> None:
        """Add a row, or a bound where it speaks of one node alone."""
        (first, coefficient), *others = row.items()
        if others or coefficient != 1:
            self.rows.append((row, lower, upper))
        else:
            self.lower[first], self.upper[first] = max(self.lower[first], lower), min(self.upper[first], upper)

    def _seen_by(self, offer: int) -> dict[int, float]:
        """Return the price that an offer sees: λ − s Σ_c μ_c h_c."""
        row = {int(self.problem.offer_node[offer]): 1.0}
        for at, limit in enumerate(self.binding):
            coefficient = self.problem.rows[limit].coefficients.get(offer)
            if coefficient:
                row[self.nodes + at] = -int(self.problem.offer_sign[offer]) * coefficient
        return row

    def _offers(self) -> Iterator[_Row]:
        """An offer: s λ ≤ s π where more could be accepted, s λ ≥ s π where less could."""
        problem, accepted = self.problem, self.volumes.accepted
        more, less = accepted < self.reach.most, accepted > self.reach.least
        for offer in np.flatnonzero(more | less).tolist():
            price, up = float(problem.offer_price[offer]), problem.offer_sign[offer] > 0
            floor, ceiling = (less, more) if up else (more, less)
            yield self._seen_by(offer), price if floor[offer] else -np.inf, price if ceiling[offer] else np.inf

    def _needs(self) -> Iterator[_Row]:
        """A need: s λ ≥ s v where more could be served, s λ ≤ s v where some is.

        Of these a required need asks for the first only, and so does an excess that is granted with the decisions.
        """
        problem, served, held = self.problem, self.volumes.served, granted(self.problem)
        for need in range(len(problem.needs)):
            value, up = float(problem.need_value[need]), problem.need_sign[need] > 0
            short = served[need] < problem.need_quantity[need]
            bought = served[need] > 0 and not (problem.required[need] or held[need])
            floor, ceiling = (short, bought) if up else (bought, short)
            row = {int(problem.need_node[need]): 1.0}
            yield row, value if floor else -np.inf, value if ceiling else np.inf

    def _arcs(self) -> Iterator[_Row]:
        """An arc: (1 − l/2) λ_end − (1 + l/2) λ_start − ν − o ≤ 0 where more could flow, ≥ 0 where something does."""
        problem, flow = self.problem, self.volumes.flow
        back = dict([*problem.opposed, *((there, here) for here, there in problem.opposed)])
        for at, arc in enumerate(problem.arcs):
            if at in self.volumes.held:
                continue
            shared = self.full.index(arc.border) if arc.border in self.full else None
            more = shared is not None or flow[at] < problem.arc_capacity[at]
            barred = at in back and flow[back[at]] > 0
            half = problem.arc_half_loss[at]
            row = {arc.end: 1.0 - half, arc.start: -1.0 - half}
            if at in self.idle:
                row[self.burn + self.idle.index(at)] = -1.0
            if shared is not None:
                row[self.nodes + len(self.binding) + shared] = -1.0
            yield row, 0.0 if flow[at] > 0 else -np.inf, 0.0 if more and not barred else np.inf

    def _range(self) -> Iterator[_Row]:
        """A node: lowest named − e ≤ λ ≤ highest named + e."""
        lowest, highest = _named_range(self.problem, self.volumes)
        for node in range(self.nodes):
            yield {node: 1.0, self.beyond + node: 1.0}, float(lowest[node]), np.inf
            yield {node: 1.0, self.beyond + node: -1.0}, -np.inf, float(highest[node])

    def _no_losses(self) -> Iterator[_Row]:
        """Accepted offers that hang on a decision: Σ_b s λ x + t Σ_b x ≥ Σ_b s π x, they lose t per MWh."""
        for at, group in enumerate(self.risky):
            row = {self.loss + at: 1.0}
            for offer, share in _shares(self.volumes, group):
                for column, value in self._earned_by(offer, alone=len(group) == 1).items():
                    row[column] = row.get(column, 0.0) + share * value
            yield row, _asked(self.problem, self.volumes, group), np.inf

    def _earned_by(self, offer: int, *, alone: bool) -> dict[int, float]:
        """Return what a MW earns: s times the price it sees, which for one of several only grid limits move."""
        sign, grid = int(self.problem.offer_sign[offer]), len(self.problem.limits)
        return {
            column: sign * value
            for column, value in self._seen_by(offer).items()
            if alone or column < self.nodes or self.binding[column - self.nodes] < grid
        }

    def _solve(self, cost: Floats) -> Floats:
        entries = [(at, column, value) for at, (row, _, _) in enumerate(self.rows) for column, value in row.items()]
        at, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = csc_array((values, (at, columns)), shape=(len(self.rows), self.lower.size), dtype=float)
        row_lower = np.array([lower for _, lower, _ in self.rows])
        row_upper = np.array([upper for _, _, upper in self.rows])
        no_integers = np.zeros(self.lower.size, dtype=bool)
        return solve(Program(cost, self.lower, self.upper, matrix, row_lower, row_upper, no_integers)).values

    def _hold_least(self, columns: slice, weights: Floats | Ints) -> None:
        """Find the least weighted sum of some columns and let none of them exceed its value there."""
        cost = np.zeros(self.lower.size)
        cost[columns] = weights
        if cost.any():
            self.upper[columns] = self._solve(cost)[columns] + _HAIR

    def prices(self) -> Prices:
        """Return the published prices: least o, least t, least e, then the midpoint of lowest and highest."""
        self._hold_least(slice(self.burn, self.loss), np.ones(len(self.idle)))
        accepted = self.volumes.accepted
        self._hold_least(slice(self.loss, None), np.array([accepted[list(group)].sum() for group in self.risky]))
        self._hold_least(slice(self.beyond, self.burn), np.ones(self.nodes))
        total = np.zeros(self.lower.size)
        total[: self.nodes] = 1.0
        least, most = self._solve(total), self._solve(-total)
        lowest = np.ceil(np.minimum(least, most)[: self.nodes] - _NEAR).astype(np.int64)
        highest = np.floor(np.maximum(least, most)[: self.nodes] + _NEAR).astype(np.int64)
        middle = (least + most) / 2
        uncut = np.rint((lowest + highest) / 2 if self.problem.is_network else middle[: self.nodes]).astype(np.int64)
        lowest, price, highest = (
            np.clip(each, -self.problem.cap, self.problem.cap)
            for each in (np.minimum(lowest, uncut), uncut, np.maximum(highest, uncut))
        )
        shadow = dict(zip(self.binding, middle[self.nodes : self.nodes + len(self.binding)].tolist(), strict=True))
        return Prices(price, uncut, lowest, highest, shadow, self._lost(uncut, shadow))

    def _lost(self, price: Ints, shadow: dict[int, float]) -> Floats:
        """Return what each accepted offer that hangs on a decision loses, in price ticks."""
        problem, lost = self.problem, np.zeros(len(self.problem.offers))
        grid = {at: value for at, value in shadow.items() if at < len(problem.limits)}
        for group in self.risky:
            alone = len(group) == 1
            asked = _asked(problem, self.volumes, group)
            for offer, share in _shares(self.volumes, group):
                seen = seen_price(problem, offer, price, shadow if alone else grid)
                asked -= share * int(problem.offer_sign[offer]) * seen
            if asked >= (_NEAR if problem.is_network and alone else 1):
                lost[[offer for offer, _ in _shares(self.volumes, group)]] = asked
        return lost


def _risky(problem: Problem, volumes: Volumes) -> list[tuple[int, ...]]:
    """Return the accepted offers that hang on a decision, those together that earn as one over several intervals."""
    taken = problem.decided & (volumes.accepted > 0)
    joint = [group for _, group in problem.couplings.joint]
    members = {at for group in joint for at in group}
    alone = [(at,) for at in np.flatnonzero(taken).tolist() if at not in members]
    return [*alone, *(group for group in joint if taken[list(group)].any())]


def _shares(volumes: Volumes, group: tuple[int, ...]) -> list[tuple[int, float]]:
    """Return the accepted offers of a group with their shares of what is accepted of it."""
    total = volumes.accepted[list(group)].sum()
    return [(at, float(volumes.accepted[at] / total)) for at in group if volumes.accepted[at]]


def _asked(problem: Problem, volumes: Volumes, group: tuple[int, ...]) -> float:
    """Return Σ_b s π x over Σ_b x of a group, in price ticks."""
    return float(sum(x * problem.offer_sign[at] * problem.offer_price[at] for at, x in _shares(volumes, group)))


def seen_price(problem: Problem, offer: int, price: Ints, shadow: Mapping[int, float]) -> float:
    """Return the price that *offer* sees, in price ticks: that of its node, λ, less s Σ_c μ_c h_c for grid limits.

    >>> from gateway.clearing.example import bid, limit, need, problem_of
    >>> problem = problem_of(bid("A1", "A", "up", 40, 60), need("d", "A", 50), limit("cable", 12, A1=1))
    >>> seen_price(problem, 0, np.array([9000]), {0: 3000.0})
    6000.0
    """
    seen = float(price[problem.offer_node[offer]])
    for at, value in shadow.items():
        seen -= value * int(problem.offer_sign[offer]) * problem.rows[at].coefficients.get(offer, 0.0)
    return seen


def _binding(problem: Problem, volumes: Volumes) -> list[int]:
    accepted_mw, step_mw = problem.mw(volumes.accepted), float(problem.scale.mw)
    return [
        at
        for at, row in enumerate(problem.rows)
        if row.equal
        or row.headroom_mw - row.used_mw(accepted_mw) <= _FULL_MW + step_mw * sum(map(abs, row.coefficients.values()))
    ]


def _is_full(problem: Problem, volumes: Volumes, border: int) -> bool:
    """Whether a shared border is full, up to the rounding of each of its flows."""
    arcs = list(problem.shared[border])
    return int(volumes.flow[arcs].sum()) >= problem.borders[border].capacity - len(arcs) // 2
