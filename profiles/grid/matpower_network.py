"""A MATPOWER case as a canonical network, and its optimal power flow as a nodal market.

Rules, those of the direct-current model of PowerModels (``DCPPowerModel``), in which the published figures of the
library PGLib-OPF are computed
1. Isolated buses (type 4) and what is out of service are left out. One bus is the reference (type 3).
2. A load is Pd + Gs. ``rate_a`` 0 is no limit. Angle bounds that are both 0, or not within 90 degrees, are 60 degrees.
3. Costs are polynomials in MW; only linear ones fit a market of bids.
4. Of two parallel branches written in opposite directions, the one from the higher to the lower bus number is turned
   round: its r and x are multiplied by tap² (`oriented`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.clearing.nodal.market import NodalMarket
from gateway.errors import InvalidValue, Unmappable
from gateway.model import ZERO, Bid
from gateway.network.model import Line, Network, Transmission
from gateway.network.transmission import LineModel
from gateway.report import Report
from profiles.grid.matpower import Branch, Bus, Case, Cost

_ISOLATED, _REFERENCE = 4, 3
_DEFAULT_ANGLE_DEG, _WIDEST_ANGLE_DEG = Decimal(60), Decimal(90)


def to_network(case: Case) -> tuple[Network, Report]:
    """Return the network of *case*, buses named by their numbers, lines by their row in the file, counted from 1.

    Raises `Unmappable` where the case says something that a network cannot hold.
    """
    kept = [bus for bus in case.buses if bus.kind != _ISOLATED]
    names = {bus.number for bus in kept}
    references = [bus_name(bus.number) for bus in kept if bus.kind == _REFERENCE]
    if len(references) != 1:
        raise Unmappable("/mpc.bus", "one reference bus (type 3)", f"{len(references)}")
    running = [line for line in case.direct_current_lines if line.status > 0]
    if running:
        raise Unmappable("/mpc.dcline", "no direct-current line in service", f"{len(running)}")
    used = [
        (at, branch)
        for at, branch in enumerate(case.branches, start=1)
        if branch.status > 0 and {branch.from_bus, branch.to_bus} <= names
    ]
    try:
        lines = tuple(_line(at, branch) for at, branch in used)
        buses = tuple(bus_name(bus.number) for bus in kept)
        top = Transmission(buses=buses, lines=lines, reference=references[0], base_mva=case.base_mva)
        network = Network(transmission=top)
    except InvalidValue as error:
        raise Unmappable(f"/mpc: {error.path}", error.expected, error.found) from error
    widened = sum(_angles(branch) != (branch.least_angle_deg, branch.most_angle_deg) for _, branch in used)
    assumed = (f"60 degrees stand for the angle bounds of {widened} branches",) if widened else ()
    return network, Report(assumptions=assumed)


def bus_name(number: Decimal) -> str:
    """Return the number of a bus as its name."""
    return format(number.normalize(), "f")


def _line(at: int, branch: Branch) -> Line:
    least, most = _angles(branch)
    unlimited = branch.rate_a_mva == 0 or branch.rate_a_mva.is_infinite()
    return Line(
        id=str(at),
        from_bus=bus_name(branch.from_bus),
        to_bus=bus_name(branch.to_bus),
        r_pu=_finite(at, branch.r_pu),
        x_pu=_finite(at, branch.x_pu),
        limit_mw=None if unlimited else branch.rate_a_mva,
        tap=_finite(at, branch.tap) or Decimal(1),
        shift_deg=_finite(at, branch.shift_deg),
        least_angle_deg=least,
        most_angle_deg=most,
    )


def _finite(at: int, number: Decimal) -> Decimal:
    if not number.is_finite():
        raise Unmappable(f"/mpc.branch/row[{at}]", "finite numbers", str(number))
    return number


def _angles(branch: Branch) -> tuple[Decimal, Decimal]:
    least, most = branch.least_angle_deg, branch.most_angle_deg
    if least == most == 0:
        return -_DEFAULT_ANGLE_DEG, _DEFAULT_ANGLE_DEG
    return (
        -_DEFAULT_ANGLE_DEG if least <= -_WIDEST_ANGLE_DEG else least,
        _DEFAULT_ANGLE_DEG if most >= _WIDEST_ANGLE_DEG else most,
    )


def oriented(case: Case) -> Case:
    """Return *case* with parallel branches in one direction (rule 4)."""
    pairs = {(branch.from_bus, branch.to_bus) for branch in case.branches if branch.status > 0}

    def turned(branch: Branch) -> Branch:
        against = branch.from_bus > branch.to_bus and (branch.to_bus, branch.from_bus) in pairs
        square = branch.tap**2 if against and branch.tap else Decimal(1)
        return replace(branch, r_pu=branch.r_pu * square, x_pu=branch.x_pu * square)

    return replace(case, branches=tuple(map(turned, case.branches)))


@dataclass(frozen=True, slots=True)
class Dispatch:
    """An optimal power flow as a market: what is produced beyond the least output is accepted of bids.

    ``base_cost``: what the least outputs cost per hour, to be added to the cost of the market's result.
    """

    market: NodalMarket
    base_cost: Decimal


def to_dispatch(case: Case, blank: Bid, price_cap: Decimal = Decimal(15000)) -> tuple[Dispatch, Report]:
    """Return the optimal power flow of *case* as a market.

    Every generator bids like *blank*, an up bid, under the number of its row, counted from 1.

    Raises `Unmappable` for costs that are not linear, and as `to_network` does.
    """
    network, report = to_network(case)
    known = set(network.buses)
    injections = {bus_name(bus.number): -_load(bus) for bus in case.buses if bus_name(bus.number) in known}
    bids, places, base_cost = [], {}, ZERO
    for at, generator in enumerate(case.generators, start=1):
        bus, width = bus_name(generator.bus), generator.most_mw - generator.least_mw
        if generator.status <= 0 or bus not in known:
            continue
        if not width.is_finite() or width < 0:
            raise Unmappable(f"/mpc.gen/row[{at}]", "Pmin ≤ Pmax, both finite", f"{width} MW between them")
        constant, slope = linear_cost(at, case.costs[at - 1] if case.costs else Cost((ZERO,)))
        injections[bus] += generator.least_mw
        base_cost += constant + slope * generator.least_mw
        if width:
            bids.append(replace(blank, id=str(at), quantity_mw=width, price=slope))
            places[str(at)] = bus
    market = NodalMarket(
        network=network,
        bids=tuple(bids),
        buses=places,
        injections_mw=injections,
        line_model=LineModel.ADMITTANCE,
        price_cap=price_cap,
    )
    return Dispatch(market, base_cost), report


def _load(bus: Bus) -> Decimal:
    return bus.load_mw + bus.conductance_mw


def linear_cost(at: int, cost: Cost) -> tuple[Decimal, Decimal]:
    """Return the constant and the slope of the cost of generator *at*.

    Raises `Unmappable` where it has higher powers.
    """
    constant, slope, *higher = (*cost.coefficients, ZERO, ZERO)
    if any(higher):
        raise Unmappable(f"/mpc.gencost/row[{at}]", "a linear cost", f"powers of MW up to {len(cost.coefficients) - 1}")
    return constant, slope
