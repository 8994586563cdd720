"""The optimal power flow of a case by an interior-point method: quadratic costs, and proofs that nothing is feasible.

Angles are variables here, in contrast to the clearing, which knows only injections:

    min Σ_g c₂ p_g² + c₁ p_g + c₀  so that at every bus  Σ p_g − Σ flow out + Σ flow in = load,
    flow_l = b_l (θ_from − θ_to),  outputs, flows and angles within their bounds,  θ_reference = 0.

Costs are per hour, powers in MW; the program itself is written per unit and in thousands of money, without which the
solver gives up on the largest cases. It is Clarabel: Goulart, Chen,
"Clarabel: An interior-point solver for conic programs with quadratic objectives", arXiv 2405.12762.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import clarabel
import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array, eye_array, hstack, vstack

from gateway.model import ZERO
from gateway.network.radial import Floats
from gateway.network.transmission import DcGrid, LineModel
from profiles.grid.matpower import Case, Cost, Generator
from profiles.grid.matpower_network import to_network

THOUSAND = 1000.0
SOLVED, INFEASIBLE = "Solved", "PrimalInfeasible"


class Answer(NamedTuple):
    """What the solver says, in its word, and the cost per hour."""

    status: str
    cost: float


@dataclass(frozen=True)
class PowerFlow:
    """A case as a quadratic program; columns: the output of each generator in service, then the angle of each bus."""

    case: Case

    @cached_property
    def grid(self) -> DcGrid:
        """The network of the case."""
        return DcGrid(to_network(self.case)[0].transmission, LineModel.ADMITTANCE)

    @cached_property
    def units(self) -> list[tuple[Generator, Cost]]:
        """The generators in service with their costs."""
        costs = self.case.costs or (Cost((ZERO,)),) * len(self.case.generators)
        pairs = zip(self.case.generators, costs, strict=True)
        return [(unit, cost) for unit, cost in pairs if unit.status > 0 and _name(unit.bus) in self.grid.index]

    @cached_property
    def base_mva(self) -> float:
        """The base power."""
        return float(self.case.base_mva)

    def costs(self) -> Floats:
        """Return the constant, linear and quadratic cost of each generator in thousands, for outputs per unit."""
        rows = [[float(each) for each in (*cost.coefficients, ZERO, ZERO)[:3]] for _, cost in self.units]
        scale = np.array([1, self.base_mva, self.base_mva**2]) / THOUSAND
        return np.asarray(scale * np.array(rows, dtype=float))

    def balance(self) -> tuple[csr_array, Floats]:
        """Return output less what leaves over lines, and the load, of each bus per unit."""
        grid, count = self.grid, len(self.units)
        buses = [grid.index[_name(unit.bus)] for unit, _ in self.units]
        at = csr_array((np.ones(count), (buses, range(count))), shape=(len(grid.index), count))
        leaving = grid.incidence.T @ diags_array(grid.susceptance / self.base_mva) @ grid.incidence
        load = np.zeros(len(grid.index))
        for bus in self.case.buses:
            if (name := _name(bus.number)) in grid.index:
                load[grid.index[name]] += float(bus.load_mw + bus.conductance_mw) / self.base_mva
        return csr_array(hstack([at, -leaving])), load

    def bounded(self) -> tuple[csr_array, Floats, Floats]:
        """Return what is bounded with its bounds per unit: outputs, then flows together with angles across lines."""
        grid, count = self.grid, len(self.units)
        outputs = hstack([eye_array(count), csr_array((count, len(grid.index)))])
        across = diags_array(grid.gauge / self.base_mva) @ grid.incidence
        flows = hstack([csr_array((grid.gauge.size, count)), across])
        low = np.array([float(unit.least_mw) for unit, _ in self.units])
        high = np.array([float(unit.most_mw) for unit, _ in self.units])
        ends = (
            np.concatenate([one, other]) / self.base_mva for one, other in zip((low, high), grid.bounds, strict=True)
        )
        return csr_array(vstack([outputs, flows])), *ends

    def reference(self) -> csr_array:
        """Return the row that picks the angle of the reference bus."""
        column = len(self.units) + self.grid.index[self.grid.transmission.reference]
        return csr_array(([1.0], ([0], [column])), shape=(1, len(self.units) + len(self.grid.index)))

    def solve(self) -> Answer:
        """Return the least cost, or that there is no feasible output."""
        costs, angles = self.costs(), np.zeros(len(self.grid.index))
        matrix, load = self.balance()
        bounded, low, high = self.bounded()
        upper, lower = np.isfinite(high), np.isfinite(low)
        rows = csc_array(vstack([matrix, self.reference(), bounded[upper], -bounded[lower]]))
        right = np.concatenate([load, [0.0], high[upper], -low[lower]])
        equal = load.size + 1
        cones = [clarabel.ZeroConeT(equal), clarabel.NonnegativeConeT(right.size - equal)]
        square = csc_array(diags_array(np.concatenate([2 * costs[:, 2], angles])))
        found = clarabel.DefaultSolver(
            square, np.concatenate([costs[:, 1], angles]), rows, right, cones, _settings()
        ).solve()
        return Answer(str(found.status), THOUSAND * float(found.obj_val + costs[:, 0].sum()))


def _name(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _settings() -> clarabel.DefaultSettings:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_rel = 1e-9
    settings.max_iter = 300
    return settings
