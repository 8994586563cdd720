"""The direct-current model of a transmission network, as arrays that are built once.

f_l = b_l (θ_from − θ_to − φ_l) and, at every bus, injection = flow out − flow in. With C the incidence matrix (lines by
buses, +1 at the from end, −1 at the to end) and B = Cᵀ diag(b) C without the reference bus, θ = B⁻¹ (p + Cᵀ diag(b) φ).
B is factorised once; a row of power transfer distribution factors is one solve with it. Powers are in MW, angles in
radians, b in MW per radian. Losses are left out, as is usual for this model.

Source: Wood, Wollenberg, Sheblé, "Power Generation, Operation, and Control", 3rd edition, chapters 6 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import radians
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, diags_array
from scipy.sparse.linalg import splu

from gateway.errors import InvalidValue
from gateway.network.model import Line, Transmission

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class LineModel(StrEnum):
    """How the impedance of a line becomes its susceptance b."""

    REACTANCE = "1/(x tap)"
    """The usual one: resistance left out, taps and phase shifts counted."""
    ADMITTANCE = "x/(r² + x²)"
    """The imaginary part of the series admittance; taps and phase shifts left out (PowerModels' DCP)."""


class _Factor(Protocol):
    """A factorised matrix."""

    def solve(self, right: Floats) -> Floats:
        """Return the solution for one right side, or for several as columns."""
        ...


def _reactance(line: Line) -> float:
    return 1 / float(line.x_pu * line.tap) if line.x_pu else 0.0


def _admittance(line: Line) -> float:
    return float(line.x_pu) / float(line.r_pu**2 + line.x_pu**2) if line.x_pu else 0.0


_SUSCEPTANCE: dict[LineModel, Callable[[Line], float]] = {
    LineModel.REACTANCE: _reactance,
    LineModel.ADMITTANCE: _admittance,
}


@dataclass(frozen=True, eq=False)
class DcGrid:
    """A transmission network as arrays, buses and lines in the order in which they are listed.

    >>> from decimal import Decimal
    >>> lines = tuple(Line(id=a + b, from_bus=a, to_bus=b, x_pu=Decimal("0.1")) for a, b in ("AB", "BC", "AC"))
    >>> grid = DcGrid(Transmission(buses=("A", "B", "C"), lines=lines, reference="C"))
    >>> grid.flows(np.array([30.0, 0.0, -30.0])).round(9).tolist()
    [10.0, 10.0, 20.0]
    """

    transmission: Transmission
    model: LineModel = LineModel.REACTANCE

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each bus."""
        return {bus: at for at, bus in enumerate(self.transmission.buses)}

    @cached_property
    def susceptance(self) -> Floats:
        """Susceptance b of each line in MW per radian; a line without reactance has none and carries nothing."""
        of = _SUSCEPTANCE[self.model]
        return float(self.transmission.base_mva) * np.array([of(line) for line in self.transmission.lines], dtype=float)

    @cached_property
    def shift(self) -> Floats:
        """Phase shift φ of each line that the model counts, in radians."""
        counted = self.model is LineModel.REACTANCE
        return np.array([radians(line.shift_deg) if counted else 0.0 for line in self.transmission.lines], dtype=float)

    @cached_property
    def incidence(self) -> csr_array:
        """C, lines by buses."""
        lines = self.transmission.lines
        rows = np.repeat(np.arange(len(lines)), 2)
        columns = [self.index[bus] for line in lines for bus in (line.from_bus, line.to_bus)]
        signs = np.tile([1.0, -1.0], len(lines))
        return csr_array((signs, (rows, columns)), shape=(len(lines), len(self.transmission.buses)))

    @cached_property
    def _weighted(self) -> csr_array:
        """Return diag(b) C, lines by buses."""
        return csr_array(diags_array(self.susceptance) @ self.incidence)

    @cached_property
    def _kept(self) -> Ints:
        """Return all buses but the reference."""
        reference = self.index[self.transmission.reference]
        return np.array([at for at in range(len(self.index)) if at != reference], dtype=np.int64)

    @cached_property
    def _factor(self) -> _Factor:
        laplacian = csc_array(self.incidence.T @ self._weighted)[:, self._kept][self._kept, :]
        try:
            # B is symmetric, and this ordering keeps its factors sparse.
            factor: _Factor = splu(csc_array(laplacian), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
        except RuntimeError as error:
            raise InvalidValue("Transmission", "buses joined by lines that carry power", str(error)) from error
        return factor

    def solve(self, injection_mw: Floats) -> Floats:
        """Return B⁻¹ times the injections, 0 at the reference: one vector, or several as columns.

        Raises `InvalidValue` where lines without reactance leave buses apart.
        """
        angles = np.zeros_like(injection_mw, dtype=float)
        if self._kept.size:
            angles[self._kept] = self._factor.solve(np.ascontiguousarray(injection_mw[self._kept], dtype=float))
        return angles

    def angles(self, injection_mw: Floats) -> Floats:
        """Return the voltage angle of each bus in radians for net injections in MW that sum to 0."""
        return self.solve(injection_mw + self._weighted.T @ self.shift)

    def flows(self, injection_mw: Floats) -> Floats:
        """Return the flow of each line in MW, positive from its from bus, for net injections in MW."""
        return np.asarray(self.susceptance * self._differences(injection_mw), dtype=float)

    def monitored(self, injection_mw: Floats) -> Floats:
        """Return what `bounds` bounds: the flow; of a line that carries nothing, base power times the angle."""
        return np.asarray(self.gauge * self._differences(injection_mw), dtype=float)

    def _differences(self, injection_mw: Floats) -> Floats:
        return np.asarray(self.incidence @ self.angles(injection_mw) - self.shift, dtype=float)

    @cached_property
    def gauge(self) -> Floats:
        """MW per radian of what is monitored: the susceptance, or the base power where a line has none."""
        return np.where(self.susceptance != 0, self.susceptance, float(self.transmission.base_mva))

    def factors(self, lines: Sequence[int]) -> Floats:
        """Return ∂ monitored / ∂ injection of the given lines, one row for each: their PTDF for the reference bus."""
        chosen = csr_array(diags_array(self.gauge[list(lines)]) @ self.incidence[list(lines), :])
        return np.ascontiguousarray(self.solve(chosen.T.toarray()).T)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and most of what is monitored of each line in MW: its limit, and its bounds on the angle."""
        ends = np.array([self._bounds_of(at) for at in range(self.gauge.size)], dtype=float).reshape(-1, 2)
        return ends[:, 0], ends[:, 1]

    def _bounds_of(self, at: int) -> tuple[float, float]:
        line, gauge, shift = self.transmission.lines[at], float(self.gauge[at]), float(self.shift[at])
        limit = np.inf if line.limit_mw is None or not self.susceptance[at] else float(line.limit_mw)
        least = -np.inf if line.least_angle_deg is None else radians(line.least_angle_deg) - shift
        most = np.inf if line.most_angle_deg is None else radians(line.most_angle_deg) - shift
        low, high = sorted((gauge * least, gauge * most))  # a negative reactance turns them round
        return max(-limit, low), min(limit, high)
