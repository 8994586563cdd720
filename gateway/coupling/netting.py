"""Imbalance netting: areas that are short and areas that are long avoid activating against each other.

International Grid Control Cooperation (implementation framework for imbalance netting under Regulation (EU) 2017/2195,
article 22): as many MW as borders can carry are netted, and those who could net more than there is share it in
proportion to what they need. The price-aware variant gives it first to whom it spares most.

Shares are in proportion, border by border, when no area can have more without one that has a lower share having less
(lexicographic max-min of y_d / q_d). Shares in whole steps: largest remainder first, as borders allow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

import numpy as np
from scipy.sparse import csc_array, hstack, vstack

from gateway.areas import Exchange
from gateway.clearing.problem import Floats
from gateway.clearing.solver import Program, solve
from gateway.coupling.capacities import TransferCapacities
from gateway.coupling.goals import AVOIDED_VALUE, FLOWS, SATISFIED_DEMAND
from gateway.coupling.process import Process
from gateway.coupling.transport import Answer, Demand, Face, Goal, Layout, answer, layout, narrowed, whole_face
from gateway.identifiers import AreaId
from gateway.model import ZERO, Activation
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.exchange import NettedEnergy

_NOISE = 1e-6
"""How far from a whole number of steps a share may lie and count as it."""


class Sharing(StrEnum):
    """Who nets where not everybody can."""

    PROPORTIONAL = "in proportion to what each needs"
    PRICE_AWARE = "whom it spares most"


def proportional(problem: Layout, face: Face) -> Face:
    """Return the answers of *face* that share in proportion."""
    if not problem.demands:
        return face
    shares = _fair_shares(problem, face)
    lower, upper = face.lower.copy(), face.upper.copy()
    lower[: shares.size] = np.maximum(lower[: shares.size], np.floor(shares + _NOISE))
    upper[: shares.size] = np.minimum(upper[: shares.size], np.ceil(shares - _NOISE))
    remainders = shares - np.floor(shares + _NOISE)
    ranks = np.empty(shares.size, dtype=np.int64)
    ranks[np.argsort(-remainders, kind="stable")] = np.arange(shares.size, 0, -1)
    largest = Goal("largest remainders first", lambda each: each.costs(demands=(-ranks).tolist()), lambda *_: ZERO)
    found = narrowed(problem, Face(lower, upper, face.values, face.attained), largest)
    return Face(found.lower, found.upper, found.values, face.attained)


GOALS: Mapping[Sharing, tuple[Goal | Callable[[Layout, Face], Face], ...]] = {
    Sharing.PROPORTIONAL: (SATISFIED_DEMAND, proportional, FLOWS),
    Sharing.PRICE_AWARE: (SATISFIED_DEMAND, AVOIDED_VALUE, FLOWS),
}
"""The goals of both variants, in their order."""

PROCESS = Process(
    title="imbalance netting",
    exchange=Exchange.NETTING,
    reserve=None,
    activation=Activation.DIRECT,
    unit=timedelta(seconds=4),
    goals=GOALS[Sharing.PROPORTIONAL],
)
"""Run by `net`."""


@dataclass(frozen=True, slots=True)
class Netted:
    """What was netted: MW by area (above 0 imported), what each still needs, and the flows by direction of a border."""

    imported_mw: Mapping[AreaId, Decimal]
    left_mw: Mapping[AreaId, Decimal]
    flows_mw: Mapping[tuple[AreaId, AreaId], Decimal]
    attained: tuple[tuple[str, Decimal], ...]

    @property
    def total_mw(self) -> Decimal:
        """MW of activation in each direction that did not take place."""
        return sum((mw for mw in self.imported_mw.values() if mw > 0), ZERO)


def net(
    demands: Sequence[Demand],
    capacities: TransferCapacities,
    sharing: Sharing = Sharing.PROPORTIONAL,
    quantity_step: Decimal = Decimal("0.001"),
) -> Netted:
    """Return what *demands* net over the borders.

    >>> from gateway.clearing.example import QUARTERS, area
    >>> from gateway.coupling.capacities import Way
    >>> short, long = Demand(area("A"), Decimal(30)), Demand(area("B"), Decimal(-20))
    >>> borders = TransferCapacities(QUARTERS[0], (Way(area("B"), area("A"), Decimal(50)),))
    >>> found = net([short, long], borders)
    >>> {area.value: str(mw) for area, mw in found.imported_mw.items()}
    {'A': '20.000', 'B': '-20.000'}
    """
    problem = layout((), demands, capacities, quantity_step)
    face = whole_face(problem)
    for goal in GOALS[sharing]:
        face = narrowed(problem, face, goal) if isinstance(goal, Goal) else goal(problem, face)
    return _netted(demands, answer(problem, face))


def netted_energy(
    netted: Netted, demands: Iterable[Demand], operator: Mapping[AreaId, str], span: timedelta
) -> Iterator[NettedEnergy]:
    """Yield what each operator imported or exported by netting throughout *span*, with the value that it avoided."""
    for demand in sorted(demands):
        if netted.imported_mw.get(demand.area, ZERO):
            energy = energy_mwh(netted.imported_mw[demand.area], span)
            yield NettedEnergy(operator=operator[demand.area], energy_mwh=energy, value=demand.value)


def _netted(demands: Iterable[Demand], found: Answer) -> Netted:
    wanted = {demand.area: demand.mw for demand in demands}
    imported = {area: found.satisfied_mw.get(area, ZERO) for area in sorted(wanted)}
    left = {area: mw - imported[area] for area, mw in sorted(wanted.items())}
    return Netted(imported, left, found.flows_mw, found.attained)


def _fair_shares(problem: Layout, face: Face) -> Floats:
    """Return the satisfied steps of each demand, in proportion as far as the bounds of *face* allow it.

    max r subject to y_d ≥ r q_d for the demands that are open; those whose row has a dual cannot have more, and are
    held at r q_d for the next round.
    """
    count, columns = len(problem.demands), problem.upper.size
    wanted, shares = problem.upper[:count], np.full(count, np.nan)
    while np.isnan(shares).any():
        opened = np.isnan(shares)
        lower, upper = np.append(face.lower, 0.0), np.append(face.upper, 1.0)
        lower[:count][~opened] = np.maximum(0.0, shares[~opened] - _NOISE)
        rows = csc_array(np.hstack([np.eye(count, columns), -wanted[:, np.newaxis]])[opened])
        balances = hstack([problem.matrix, csc_array((len(problem.areas), 1))])
        solution = solve(
            Program(
                cost=np.append(np.zeros(columns), -1.0),
                lower=lower,
                upper=upper,
                matrix=csc_array(vstack([balances, rows])),
                row_lower=np.zeros(len(problem.areas) + rows.shape[0]),
                row_upper=np.append(np.zeros(len(problem.areas)), np.full(rows.shape[0], np.inf)),
                integer=np.zeros(columns + 1, dtype=bool),
            )
        )
        ratio, duals = solution.values[-1], np.abs(solution.row_duals[len(problem.areas) :])
        binding = duals * wanted[opened] > _NOISE if ratio < 1 - _NOISE else np.ones(duals.size, dtype=bool)
        shares[np.flatnonzero(opened)[binding]] = ratio * wanted[np.flatnonzero(opened)[binding]]
    return shares
