"""The nodal clearing as one linear program: angles, section powers and voltages are variables, every limit a row.

It is the textbook form, written for reading and not for speed, and shares nothing with the rows that the clearing makes
on demand. The three goals follow one after the other, each held before the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, radians

import numpy as np
from scipy.sparse import csc_array

from gateway.clearing.nodal.market import NodalMarket
from gateway.clearing.nodal.physics import MeshedGrid, injected
from gateway.clearing.solver import Program, solve
from gateway.network.radial import SIDES

VOLTAGE_MW = 25.0


@dataclass
class Whole:
    """A program that grows by columns and rows; costs of the three goals stand side by side."""

    costs: list[tuple[float, float, float]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, low: float, high: float, cost: tuple[float, float, float] = (0, 0, 0)) -> int:
        """Add a variable; return its number."""
        self.costs.append(cost)
        self.bounds.append((low, high))
        return len(self.costs) - 1

    def row(self, terms: dict[int, float], low: float, high: float) -> None:
        """Add low ≤ Σ terms ≤ high."""
        self.rows.append((terms, low, high))

    def elastic(self, terms: dict[int, float], low: float, high: float, unit: float = 1.0) -> None:
        """Add a row that may give way at the cost of the first goal."""
        over, under = (self.column(0, inf, (unit, 0, 0)) for _ in range(2))
        self.row({**terms, over: -1.0, under: 1.0}, low, high)

    def goals(self) -> tuple[float, float, float]:
        """Return how far each goal can be reached, one after the other."""
        found: list[float] = []
        for goal in range(3):
            cost = np.array([each[goal] for each in self.costs], dtype=float)
            solution = solve(self._program(cost))
            found.append(solution.cost)
            self.row({at: float(value) for at, value in enumerate(cost) if value}, -inf, solution.cost + 1e-7)
        return found[0], found[1], found[2]

    def _program(self, cost: np.ndarray) -> Program:
        values = [value for terms, _, _ in self.rows for value in terms.values()]
        rows = [at for at, (terms, _, _) in enumerate(self.rows) for _ in terms]
        columns = [column for terms, _, _ in self.rows for column in terms]
        matrix = csc_array((values, (rows, columns)), shape=(len(self.rows), len(cost)))
        matrix.eliminate_zeros()
        low, high = np.array(self.bounds).T
        least, most = np.array([[low, high] for _, low, high in self.rows]).T
        return Program(cost, low, high, matrix, least, most, np.zeros(len(cost), dtype=bool))


def goals_of(market: NodalMarket) -> tuple[float, float, float]:
    """Return what must give way, what must be missing, and the least cost after that."""
    whole = Whole()
    balance: dict[str, dict[int, float]] = {bus: {} for bus in market.network.buses}
    reactive: dict[str, dict[int, float]] = {bus: {} for bus in market.network.buses}
    for bid in market.bids:
        cost = bid.direction.sign * float(bid.price or 0)
        column = whole.column(float(market.committed_mw.get(bid.id, 0)), float(bid.quantity_mw), (0, 0, cost))
        balance[market.buses[bid.id]][column] = bid.direction.sign
        reactive[market.buses[bid.id]][column] = bid.direction.sign * float(market.tan_phi.get(bid.id, 0))
    for bus in market.network.transmission.buses:
        balance[bus] |= {whole.column(0, inf, (0, 1, 0)): 1.0, whole.column(0, inf, (0, 1, 0)): -1.0}
    rest = injected(market, {})
    _feeders(whole, market, balance, reactive, rest)
    _transmission(whole, market, balance)
    for bus in market.network.transmission.buses:
        whole.row(balance[bus], -rest[bus].real, -rest[bus].real)
    return whole.goals()


def _transmission(whole: Whole, market: NodalMarket, balance: dict[str, dict[int, float]]) -> None:
    top = market.network.transmission
    grid = MeshedGrid(top, market.line_model)
    angle = {bus: whole.column(*((0, 0) if bus == top.reference else (-inf, inf))) for bus in top.buses}
    for line, weight in zip(top.lines, grid.weight, strict=True):
        limit = inf if line.limit_mw is None else float(line.limit_mw)
        flow = whole.column(-inf, inf)
        whole.row({flow: 1.0, angle[line.from_bus]: -weight, angle[line.to_bus]: weight}, 0, 0)
        whole.elastic({flow: 1.0}, -limit, limit)
        least, most = line.least_angle_deg, line.most_angle_deg
        low, high = -inf if least is None else radians(least), inf if most is None else radians(most)
        whole.elastic({angle[line.from_bus]: weight, angle[line.to_bus]: -weight}, weight * low, weight * high)
        balance[line.from_bus][flow] = balance[line.from_bus].get(flow, 0.0) - 1
        balance[line.to_bus][flow] = 1.0


def _feeders(
    whole: Whole,
    market: NodalMarket,
    balance: dict[str, dict[int, float]],
    reactive: dict[str, dict[int, float]],
    rest: dict[str, complex],
) -> None:
    for feeder in market.network.feeders:
        export = whole.column(-inf, inf)
        squared = {feeder.root: whole.column(float(feeder.w_root), float(feeder.w_root))}
        for section in feeder.sections:
            active, other, w = (whole.column(-inf, inf) for _ in range(3))
            squared[section.child] = w
            balance[section.parent][active] = reactive[section.parent][other] = 1.0
            balance[section.child][active] = reactive[section.child][other] = -1.0
            scale = 2 / float(feeder.base_mva)
            rise = {active: -scale * float(section.r_pu), other: -scale * float(section.x_pu)}
            whole.row({w: 1.0, squared[section.parent]: -1.0, **rise}, 0, 0)
            if market.feeder_limits:
                whole.elastic({w: 1.0}, float(feeder.w_min), float(feeder.w_max), VOLTAGE_MW)
                for a, b, c in SIDES[feeder.thermal] if section.limit_mva is not None else ():
                    whole.elastic({active: a, other: b}, -inf, c * float(section.limit_mva or 0))
        balance[feeder.root][export] = -1.0
        balance[feeder.interface][export] = balance[feeder.interface].get(export, 0.0) + 1
        exported = whole.column(-inf, inf)
        reactive[feeder.root][exported] = -1.0
        for bus in feeder.buses:
            whole.row(balance[bus], -rest[bus].real, -rest[bus].real)
            whole.row(reactive[bus], -rest[bus].imag, -rest[bus].imag)
