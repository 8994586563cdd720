"""The exact power flow of one radial feeder, by forward and backward sweeps.

Loads draw constant power. Backward: the current that each bus injects, conj(S_k / V_k), is summed towards the root.
Forward: V_child = V_parent + z I, with I counted towards the root. Repeated until no voltage moves. It shares nothing
with `gateway.network.radial`, so that each checks the other; what the linear model leaves out is the losses.

Source: Shirmohammadi, Hong, Semlyen, Luo, "A compensation-based power flow method for weakly meshed distribution and
transmission networks", IEEE Transactions on Power Systems 3(2), 1988.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from gateway.errors import Unsolved
from gateway.network.model import Feeder

_MOST_SWEEPS = 200
_SETTLED_PU = 1e-13
_COLLAPSED_PU = 0.1


@dataclass(frozen=True, slots=True)
class Sweep:
    """The state of a feeder.

    ``voltages``: of each bus, per unit, complex. ``powers``: of each section by its id, in MVA, what leaves its child
    end towards the root. ``losses``: in MVA. ``export``: what the transmission network receives, in MVA.
    """

    voltages: Mapping[str, complex]
    powers: Mapping[str, complex]
    losses: complex
    export: complex


def sweep(feeder: Feeder, injections: Mapping[str, complex]) -> Sweep:
    """Return the state of *feeder* for net injections in MVA; buses without one are 0.

    Raises `Unsolved` where the feeder cannot carry them: the voltages collapse.
    """
    base = float(feeder.base_mva)
    voltages = dict.fromkeys(feeder.buses, complex(sqrt(feeder.w_root)))
    for _ in range(_MOST_SWEEPS):
        currents = _backward(feeder, injections, voltages)
        swept = _forward(feeder, currents, voltages[feeder.root])
        moved = max(abs(swept[bus] - voltages[bus]) for bus in swept)
        voltages = swept
        if min(map(abs, voltages.values())) < _COLLAPSED_PU:
            break
        if moved < _SETTLED_PU:
            return _state(feeder, injections, voltages, currents, base)
    raise Unsolved(f"feeder {feeder.id}", "voltages that carry the injections", "a collapse")


def _backward(feeder: Feeder, injections: Mapping[str, complex], voltages: Mapping[str, complex]) -> dict[str, complex]:
    """Return the current towards the root above each bus, per unit."""
    base = float(feeder.base_mva)
    currents = {bus: (injections.get(bus, 0j) / base / voltages[bus]).conjugate() for bus in feeder.buses}
    for section in reversed(feeder.sections):
        currents[section.parent] += currents[section.child]
    return currents


def _forward(feeder: Feeder, currents: Mapping[str, complex], root: complex) -> dict[str, complex]:
    voltages = {feeder.root: root}
    for section in feeder.sections:
        impedance = complex(section.r_pu, section.x_pu)
        voltages[section.child] = voltages[section.parent] + impedance * currents[section.child]
    return voltages


def _state(
    feeder: Feeder,
    injections: Mapping[str, complex],
    voltages: Mapping[str, complex],
    currents: Mapping[str, complex],
    base: float,
) -> Sweep:
    powers = {each.id: base * voltages[each.child] * currents[each.child].conjugate() for each in feeder.sections}
    losses = sum(
        (base * complex(each.r_pu, each.x_pu) * abs(currents[each.child]) ** 2 for each in feeder.sections), 0j
    )
    export = sum((injections.get(bus, 0j) for bus in feeder.buses), 0j) - losses
    return Sweep(voltages, powers, losses, export)
