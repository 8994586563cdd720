"""The certificate of a nodal result: is it right? Judged from market and result alone, without any solver.

All flows and voltages are worked out again by another route (`gateway.clearing.nodal.physics`), prices again from the
shadow prices of the limits that are told. Together the items prove the result: volumes that keep every limit, with
prices under which no bid wants anything else and no limit without a price matters, are the best ones.

Volumes are told in watts and prices in millionths; that is all the tolerance there is, summed up over what it enters.
A price that is cut at the cap proves nothing about those who see more than it, and items that rest on it are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import inf, radians

import numpy as np

from gateway.clearing.certificate import Violation
from gateway.clearing.nodal.market import Binding, NodalMarket, NodalResult, Quantity
from gateway.clearing.nodal.physics import FeederState, MeshedGrid, feeder_state, injected
from gateway.errors import Unsolved
from gateway.model import ZERO, Bid
from gateway.network.model import Feeder
from gateway.network.radial import SIDES, Floats

NEAR = 1e-5
"""How far a quantity in MW or a price may be off."""
_VOLTAGE_MW = 25
_Key = tuple[Quantity, str, int]
Fault = tuple[str, float]
"""A place, and how much is wrong there."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A nodal result laid beside its market."""

    market: NodalMarket
    result: NodalResult

    @cached_property
    def grid(self) -> MeshedGrid:
        """The transmission network."""
        return MeshedGrid(self.market.network.transmission, self.market.line_model)

    @cached_property
    def feeders(self) -> tuple[Feeder, ...]:
        """The feeders."""
        return self.market.network.feeders

    @cached_property
    def bindings(self) -> dict[_Key, Binding]:
        """The limits that are told to be reached."""
        return {(each.quantity, each.place, each.side): each for each in self.result.bindings}

    def price(self, bid: Bid) -> float:
        """Return what a MWh of *bid* is worth at its bus, with the reactive power that comes with it."""
        price = self.result.prices[self.market.buses[bid.id]]
        return float(price.price) + float(self.market.tan_phi.get(bid.id, ZERO)) * float(price.reactive_price)

    def cut(self, bus: str) -> bool:
        """Whether the price of *bus* may be cut at the cap."""
        return abs(self.result.prices[bus].price) >= self.market.price_cap

    @cached_property
    def any_cut(self) -> bool:
        """Whether any price may be cut."""
        return any(map(self.cut, self.result.prices))

    def values(self, accepted_mw: dict[str, float], missing_mw: dict[str, float]) -> dict[_Key, float]:
        """Return every quantity that has a limit; what does not balance is taken at the reference bus."""
        injections = injected(self.market, accepted_mw)
        found: dict[_Key, float] = {}
        for feeder in self.feeders:
            state = feeder_state(feeder, injections)
            injections[feeder.interface] += state.power[feeder.root].real
            found |= _feeder_values(feeder, state)
        top = self.market.network.transmission
        net = np.array([injections[bus].real + missing_mw.get(bus, 0.0) for bus in top.buses])
        net[top.buses.index(top.reference)] -= net.sum()
        across = self.grid.across(net)
        gauges = np.where(self.grid.weight != 0, self.grid.weight, float(top.base_mva))
        return found | {
            (Quantity.FLOW, line.id, 0): float(value) for line, value in zip(top.lines, gauges * across, strict=True)
        }

    @cached_property
    def now(self) -> dict[_Key, float]:
        """Every quantity that has a limit, at the result."""
        accepted = {name: float(mw) for name, mw in self.result.accepted_mw.items()}
        return self.values(accepted, {bus: float(mw) for bus, mw in self.result.missing_mw.items()})

    @cached_property
    def bounds(self) -> dict[_Key, tuple[float, float]]:
        """Least and most of every quantity that has a limit."""
        top, found = self.market.network.transmission, {}
        for at, line in enumerate(top.lines):
            weight, shift = float(self.grid.weight[at]), float(self.grid.shift[at])
            gauge = weight or float(top.base_mva)
            limit = float(line.limit_mw) if line.limit_mw is not None and weight else inf
            turned = sorted(
                gauge * (radians(angle) - shift) if angle is not None else gauge * outside
                for angle, outside in ((line.least_angle_deg, -inf), (line.most_angle_deg, inf))
            )
            found[Quantity.FLOW, line.id, 0] = max(-limit, turned[0]), min(limit, turned[1])
        for feeder in self.feeders if self.market.feeder_limits else ():
            found |= _feeder_bounds(feeder)
        return {key: self._loosened(key, *ends) for key, ends in found.items()} if self.market.not_worse else found

    @cached_property
    def _at_rest(self) -> dict[_Key, float]:
        return self.values({}, {})

    def _loosened(self, key: _Key, low: float, high: float) -> tuple[float, float]:
        """Return bounds that hold before activation, those of lines as they are."""
        before = self._at_rest[key]
        return (low, high) if key[0] is Quantity.FLOW else (min(low, before), max(high, before))


def _feeder_values(feeder: Feeder, state: FeederState) -> dict[_Key, float]:
    found: dict[_Key, float] = {}
    for section in feeder.sections:
        power = state.power[section.child]
        found[Quantity.VOLTAGE, section.child, 0] = state.squared[section.child]
        for side, (a, b, _) in enumerate(SIDES[feeder.thermal]):
            found[Quantity.POWER, section.id, side] = a * power.real + b * power.imag
    return found


def _feeder_bounds(feeder: Feeder) -> dict[_Key, tuple[float, float]]:
    found: dict[_Key, tuple[float, float]] = {}
    for section in feeder.sections:
        found[Quantity.VOLTAGE, section.child, 0] = float(feeder.w_min), float(feeder.w_max)
        for side, (_, _, c) in enumerate(SIDES[feeder.thermal]):
            limit = inf if section.limit_mva is None else c * float(section.limit_mva)
            found[Quantity.POWER, section.id, side] = -inf, limit
    return found


def certify_nodal(market: NodalMarket, result: NodalResult) -> tuple[Violation, ...]:
    """Return everything that is wrong with *result* as the answer to *market*; nothing if it is right."""
    missing = tuple(_missing(market, result))
    if missing:
        return missing
    shown = Shown(market, result)
    found = ((item, place, amount) for item, check in ITEMS.items() for place, amount in check(shown))
    return tuple(Violation(item, place, Decimal(repr(float(amount)))) for item, place, amount in found if amount > 0)


def require_nodal(market: NodalMarket, result: NodalResult) -> None:
    """Refuse a result that fails its certificate.

    Raises `Unsolved` with the evidence.
    """
    found = certify_nodal(market, result)
    if found:
        raise Unsolved("certificate", "a result that proves itself", "; ".join(map(str, found[:10])))


def _missing(market: NodalMarket, result: NodalResult) -> Iterator[Violation]:
    """Everything that is asked has an answer, and nothing else does."""
    for item, wanted, told in (
        ("bids", {bid.id for bid in market.bids}, set(result.accepted_mw)),
        ("buses", set(market.network.buses), set(result.prices)),
    ):
        yield from (Violation(item, name, Decimal(1)) for name in sorted(wanted ^ told))


def volumes(shown: Shown) -> Iterator[Fault]:
    """What is committed ≤ x ≤ q   [MW], exactly."""
    for bid in shown.market.bids:
        accepted, least = shown.result.accepted_mw[bid.id], shown.market.committed_mw.get(bid.id, ZERO)
        yield f"volume of {bid.id}", float(max(least - accepted, accepted - bid.quantity_mw))


def balance(shown: Shown) -> Iterator[Fault]:
    """Σ p + missing = 0   [MW]."""
    net = sum(shown.market.injections_mw.values(), ZERO) + sum(shown.result.missing_mw.values(), ZERO)
    net += sum((bid.direction.sign * shown.result.accepted_mw[bid.id] for bid in shown.market.bids), ZERO)
    rounded = sum(0 < shown.result.accepted_mw[bid.id] < bid.quantity_mw for bid in shown.market.bids)
    yield "balance", abs(float(net)) - 1e-6 * (2 + rounded + len(shown.result.missing_mw))


def limits(shown: Shown) -> Iterator[Fault]:
    """Every line, section and voltage is within its limit, or beyond it by what is told   [MW; 1/25 per unit]."""
    for key, (low, high) in shown.bounds.items():
        told = float(shown.bindings[key].excess) if key in shown.bindings else 0.0
        unit = _VOLTAGE_MW if key[0] is Quantity.VOLTAGE else 1
        excess = max(shown.now[key] - high, low - shown.now[key]) - told
        yield f"{key[0]} of {key[1]}", unit * excess - NEAR


def bindings(shown: Shown) -> Iterator[Fault]:
    """A limit with a price is reached, on the side that is told, with the value that is told."""
    for key, told in shown.bindings.items():
        if key not in shown.bounds:
            yield f"{key[0]} of {key[1]}", 1.0
            continue
        low, high = shown.bounds[key]
        room = high - shown.now[key] if told.upper else shown.now[key] - low
        yield f"{key[0]} of {key[1]}", max(abs(shown.now[key] - float(told.value)), room) - NEAR
        yield f"shadow price of {key[1]}", -float(told.shadow_price)


def _signed(told: Binding) -> float:
    return float(-told.shadow_price if told.upper else told.shadow_price)


def prices(shown: Shown) -> Iterator[Fault]:
    """λ of each bus follows from that of the reference and the shadow prices of limits   [money per MWh]."""
    if shown.any_cut:
        return
    wanted = _transmission_prices(shown)
    for feeder in shown.feeders:
        wanted |= _feeder_prices(shown, feeder, wanted[feeder.interface])
    for bus, (active, reactive) in wanted.items():
        told = shown.result.prices[bus]
        amount = max(abs(active - float(told.price)), abs(reactive - float(told.reactive_price)))
        yield f"price of {bus}", amount - NEAR * (10 + abs(active))


def _transmission_prices(shown: Shown) -> dict[str, tuple[float, float]]:
    grid, top = shown.grid, shown.market.network.transmission
    duals = np.zeros(len(top.lines))
    for at, line in enumerate(top.lines):
        told = shown.bindings.get((Quantity.FLOW, line.id, 0))
        if told is not None:
            duals[at] = _signed(told) * (grid.weight[at] or float(top.base_mva))
    relative: Floats = grid.solve(grid.spread(duals))
    at = top.buses.index(top.reference)
    found = relative - relative[at] + float(shown.result.prices[top.reference].price)
    return {bus: (float(price), 0.0) for bus, price in zip(top.buses, found, strict=True)}


def _feeder_prices(shown: Shown, feeder: Feeder, above: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Down the tree: a section adds what its own limit costs, and what it does to all voltages below it."""
    raised = {
        bus: _signed(shown.bindings[key]) if (key := (Quantity.VOLTAGE, bus, 0)) in shown.bindings else 0.0
        for bus in feeder.buses
    }
    for section in reversed(feeder.sections):
        raised[section.parent] += raised[section.child]
    found = {feeder.root: above}
    for section in feeder.sections:
        voltage = 2 * raised[section.child] / float(feeder.base_mva)
        active, reactive = found[section.parent]
        active, reactive = active + voltage * float(section.r_pu), reactive + voltage * float(section.x_pu)
        for side, (a, b, _) in enumerate(SIDES[feeder.thermal]):
            told = shown.bindings.get((Quantity.POWER, section.id, side))
            if told is not None:
                active, reactive = active + a * _signed(told), reactive + b * _signed(told)
        found[section.child] = active, reactive
    return found


def content(shown: Shown) -> Iterator[Fault]:
    """No bid wants anything else: in the money it is full, out of the money nothing but its commitment."""
    for bid in shown.market.bids:
        if shown.cut(shown.market.buses[bid.id]):
            continue
        surplus = bid.direction.sign * (shown.price(bid) - float(bid.price or ZERO))
        accepted, least = shown.result.accepted_mw[bid.id], shown.market.committed_mw.get(bid.id, ZERO)
        forgone = max(surplus, 0.0) if accepted < bid.quantity_mw else 0.0
        lost = max(-surplus, 0.0) if accepted > least else 0.0
        yield f"surplus of {bid.id}", max(forgone, lost) - NEAR * (10 + abs(shown.price(bid)))


def scarcity(shown: Shown) -> Iterator[Fault]:
    """Where something is missing the price is the cap; where there is too much, the cap the other way."""
    cap = shown.market.price_cap
    for bus, missing in shown.result.missing_mw.items():
        yield f"price of {bus}", float(abs(shown.result.prices[bus].price - (cap if missing > 0 else -cap)))
    for bus, told in shown.result.prices.items():
        outside = max(abs(told.price) - cap, told.price - told.highest, told.lowest - told.price)
        yield f"price of {bus}", float(outside) - NEAR


def cost(shown: Shown) -> Iterator[Fault]:
    """The cost is Σ s π x   [money per hour], exactly."""
    accepted = shown.result.accepted_mw
    total = sum((bid.direction.sign * (bid.price or ZERO) * accepted[bid.id] for bid in shown.market.bids), ZERO)
    yield "cost", float(abs(total - shown.result.cost))


def optimality(shown: Shown) -> Iterator[Fault]:
    """No volumes cost less: cost = d(λ, μ)   [money per hour].

    d = Σ_b min_x s (π − λ) x − λ_ref Σ p⁰ + Σ_c y_c (limit_c − g_c(0)) bounds the cost of every volumes from below.
    """
    scarce = shown.result.missing_mw or any(told.excess for told in shown.result.bindings)
    if shown.any_cut or scarce or not shown.bindings.keys() <= shown.bounds.keys():
        return
    rest, reference = shown.values({}, {}), shown.market.network.transmission.reference
    bound = -float(shown.result.prices[reference].price) * float(sum(shown.market.injections_mw.values(), ZERO))
    for key, told in shown.bindings.items():
        low, high = shown.bounds[key]
        bound += _signed(told) * ((high if told.upper else low) - rest[key]) if told.shadow_price else 0.0
    size = abs(bound)
    for bid in shown.market.bids:
        each = bid.direction.sign * (float(bid.price or ZERO) - shown.price(bid))
        least, most = float(shown.market.committed_mw.get(bid.id, ZERO)), float(bid.quantity_mw)
        bound += min(each * least, each * most)
        size += abs(each) * most
    yield "cost above its bound", abs(float(shown.result.cost) - bound) - NEAR * (1 + size)


ITEMS: dict[str, Callable[[Shown], Iterator[Fault]]] = {
    "volumes": volumes,
    "balance": balance,
    "limits": limits,
    "bindings": bindings,
    "prices": prices,
    "content": content,
    "scarcity": scarcity,
    "cost": cost,
    "optimality": optimality,
}
"""All items by name; what they say is in their first line."""
