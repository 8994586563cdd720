"""Nodal markets with bids that are taken whole, from a least quantity on, or one of a group.

First one mixed-integer program decides which of them are accepted: min Σ s π x, with for each such bid a decision a,
  least a ≤ x ≤ q a,  and  Σ a ≤ 1 in every exclusive group,
and every limit of the network as a row that gives way at a price far above any bid, as in the linear clearing. Then the
chosen ones are committed, the others left out, and the linear clearing finds volumes and prices. Such prices are those
of energy for what can still move: a chosen bid may lose money at them, and is then owed what it lost.

The rows of the network are all told to the solver at once; such markets are those of interfaces, with few lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from gateway.clearing.nodal.arrays import GridRow, NodalProblem
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult, Quantity
from gateway.clearing.solver import Program, solve
from gateway.errors import InvalidValue
from gateway.model import ZERO, Bid
from gateway.network.radial import Floats

_GAP = 1e-4
"""Money per hour that a decision may cost too much."""
_HALF = 0.5


def clear_chosen(market: NodalMarket, *, all_prices: bool = False) -> NodalResult:
    """Clear *market*, whose bids may be indivisible, have a least quantity, or belong to exclusive groups.

    ``all_prices`` as in `gateway.clearing.nodal.lazy.clear_nodal`.

    Raises `InvalidValue` for other conditions on quantities, and as `gateway.clearing.nodal.lazy.clear_nodal`.
    """
    chosen = decided(market)
    result = clear_nodal(chosen, all_prices=all_prices)
    nothing = {bid.id: ZERO for bid in market.bids}
    return replace(result, accepted_mw=nothing | dict(result.accepted_mw))


def decided(market: NodalMarket) -> NodalMarket:
    """Return *market* with freely divisible bids alone: those that were chosen are committed, the others left out.

    Raises as `clear_chosen`.
    """
    conditional = [bid for bid in market.bids if bid.least_mw or bid.exclusive]
    if not conditional:
        return market
    chosen = _Choice(market, tuple(sorted(conditional, key=lambda bid: bid.id))).chosen
    left_out = {bid.id for bid in conditional} - {bid.id for bid in chosen}
    committed = {bid.id: max(bid.least_mw, market.committed_mw.get(bid.id, ZERO)) for bid in chosen}
    free = {bid.id: replace(bid, divisible=True, minimum_mw=ZERO, exclusive=None) for bid in chosen}
    return replace(
        market,
        bids=tuple(free.get(bid.id, bid) for bid in market.bids if bid.id not in left_out),
        buses={name: bus for name, bus in market.buses.items() if name not in left_out},
        tan_phi={name: ratio for name, ratio in market.tan_phi.items() if name not in left_out},
        committed_mw={**{n: mw for n, mw in market.committed_mw.items() if n not in left_out}, **committed},
    )


@dataclass(frozen=True, eq=False)
class _Choice:
    """The program that decides: columns x, a, missing and too much at each transmission bus, two for each limit."""

    market: NodalMarket
    conditional: tuple[Bid, ...]

    def __post_init__(self) -> None:
        for bid in self.market.bids:
            if bid.granularity_mw or bid.links or bid.multipart or bid.inclusive or bid.parent:
                raise InvalidValue(f"bid {bid.id}", "a bid alone or in an exclusive group", "other conditions")

    @cached_property
    def problem(self) -> NodalProblem:
        """The market in numbers."""
        return NodalProblem(self.market)

    @property
    def chosen(self) -> list[Bid]:
        """The conditional bids that are accepted."""
        solution = solve(self._program())
        first = len(self.problem.bids)
        decisions = solution.values[first : first + len(self.conditional)]
        return [bid for bid, value in zip(self.conditional, decisions, strict=True) if value > _HALF]

    def _network_rows(self) -> list[GridRow]:
        problem, radial = self.problem, self.problem.radial
        rows = [GridRow(Quantity.FLOW, at) for at in range(len(problem.grid.transmission.lines))]
        if not self.market.feeder_limits:
            return rows
        sections = [at for at in range(len(radial.buses)) if radial.parent[at] >= 0]
        rows += [GridRow(Quantity.VOLTAGE, at) for at in sections]
        return rows + [
            GridRow(Quantity.POWER, at, side) for at in sections for side in range(problem.sides[0].shape[1])
        ]

    def _program(self) -> Program:
        problem, cap, count = self.problem, float(self.market.price_cap), len(self.conditional)
        bids, buses = len(problem.bids), len(problem.grid.index)
        limits, factors, low, high = problem.rows(self._network_rows())
        ways = hstack([-eye_array(low.size), eye_array(low.size)])
        balance = np.concatenate(
            [problem.sign, np.zeros(count), np.ones(buses), -np.ones(buses), np.zeros(2 * low.size)]
        )
        network = hstack([limits, csr_array((low.size, count)), factors, -factors, ways])
        choices, choice_low, choice_high = self._choices(balance.size)
        return Program(
            cost=np.concatenate(
                [
                    problem.sign * problem.price,
                    np.zeros(count),
                    np.full(2 * buses, 10 * cap),
                    np.full(2 * low.size, 100 * cap),
                ]
            ),
            lower=np.concatenate([problem.least, np.zeros(balance.size - bids)]),
            upper=np.concatenate([problem.quantity, np.ones(count), np.full(balance.size - bids - count, np.inf)]),
            matrix=csc_array(vstack([csr_array(balance[np.newaxis]), network, choices])),
            row_lower=np.concatenate([[-problem.imbalance], low, choice_low]),
            row_upper=np.concatenate([[-problem.imbalance], high, choice_high]),
            integer=np.concatenate([np.zeros(bids), np.ones(count), np.zeros(balance.size - bids - count)]).astype(
                bool
            ),
            gap=_GAP,
        )

    def _choices(self, columns: int) -> tuple[csr_array, Floats, Floats]:
        """Return x - q a ≤ 0, x - least a ≥ 0, and Σ a ≤ 1 of every group, with their bounds."""
        at, first, count = {bid.id: i for i, bid in enumerate(self.problem.bids)}, len(self.problem.bids), 0
        rows: list[Floats] = []
        groups: dict[str, Floats] = {}
        for place, bid in enumerate(self.conditional, start=first):
            for bound in (bid.quantity_mw, bid.least_mw):
                row = np.zeros(columns)
                row[at[bid.id]], row[place] = 1.0, -float(bound)
                rows.append(row)
            count += 1
            if bid.exclusive:
                groups.setdefault(bid.exclusive, np.zeros(columns))[place] = 1.0
        low = np.concatenate([np.tile([-np.inf, 0.0], count), np.full(len(groups), -np.inf)])
        high = np.concatenate([np.tile([0.0, np.inf], count), np.ones(len(groups))])
        return csr_array(np.array([*rows, *groups.values()])), low, high
