"""A nodal market and its result.

Net injections are positive into the grid, in MW and Mvar; a bid of s = +1 (up) or −1 (down) adds s x to the injection
of its bus and s x tan φ to its reactive injection. The clearing minimises Σ s π x so that injections sum to zero and
every limit of the network holds. Where that cannot be, limits give way first as little as possible, then the balance,
and both are told by place and amount; scarcity is a result, not an error.

A voltage limit's unit is per unit squared; what it gives way counts like 1 MW for each 0.04.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from gateway.errors import InvalidValue
from gateway.model import ZERO, Bid
from gateway.network.model import Feeder, Network, Transmission
from gateway.network.transmission import LineModel

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodalMarket:
    """What one interval is cleared from.

    ``buses``: the bus of each bid by its id. ``injections_mw``, ``injections_mvar``: schedule and deviation of each bus
    before any activation; a bus that is not named has none. ``tan_phi``: reactive by active power of a bid, 0 where not
    named. ``committed_mw``: what is firmly accepted of a bid already. ``feeder_limits``: whether sections and voltages
    of feeders count; ``not_worse``: whether one that is broken before any activation is kept at what it is then, since
    the market does not buy for the feeder's operator. ``price_cap``: greatest price either way, per MWh.
    """

    network: Network
    bids: tuple[Bid, ...]
    buses: Mapping[str, str]
    injections_mw: Mapping[str, Decimal] = field(default_factory=dict)
    injections_mvar: Mapping[str, Decimal] = field(default_factory=dict)
    tan_phi: Mapping[str, Decimal] = field(default_factory=dict)
    committed_mw: Mapping[str, Decimal] = field(default_factory=dict)
    feeder_limits: bool = True
    not_worse: bool = False
    line_model: LineModel = LineModel.REACTANCE
    price_cap: Decimal = Decimal(15000)

    def __post_init__(self) -> None:
        """Refuse bids that a linear clearing cannot hold, and names of nothing.

        Raises `InvalidValue`.
        """
        known, ids = set(self.network.buses), {bid.id for bid in self.bids}
        if len(ids) < len(self.bids):
            raise InvalidValue("NodalMarket.bids", "every identifier once", "a repeated one")
        for bid in self.bids:
            self._refuse(bid, known)
        for name in ("injections_mw", "injections_mvar"):
            _refuse_strangers(f"NodalMarket.{name}", set(getattr(self, name)), known)
        for name in ("tan_phi", "committed_mw"):
            _refuse_strangers(f"NodalMarket.{name}", set(getattr(self, name)), ids)

    def _refuse(self, bid: Bid, known: set[str]) -> None:
        path = f"bid {bid.id}"
        if self.buses.get(bid.id) not in known:
            raise InvalidValue(path, "a bus of the network", str(self.buses.get(bid.id)))
        if bid.price is None or abs(bid.price) > self.price_cap:
            raise InvalidValue(path, f"a price within ±{self.price_cap}", str(bid.price))
        if bid.interval != self.bids[0].interval:
            raise InvalidValue(path, f"the interval {self.bids[0].interval} of all bids", str(bid.interval))
        if not 0 <= self.committed_mw.get(bid.id, ZERO) <= bid.quantity_mw:
            raise InvalidValue(path, f"a commitment within {bid.quantity_mw} MW", str(self.committed_mw[bid.id]))


def require_divisible(market: NodalMarket) -> None:
    """Refuse bids with conditions on their quantity, where only freely divisible ones can be.

    Raises `InvalidValue`.
    """
    for bid in market.bids:
        if bid.least_mw or bid.granularity_mw or bid.group or bid.links:
            raise InvalidValue(f"bid {bid.id}", "a freely divisible bid", "conditions on its quantity")


def feeder_alone(market: NodalMarket, feeder_id: str) -> NodalMarket:
    """Return the market of one feeder, whose interface bus takes whatever it exports.

    Raises `InvalidValue` where there is no such feeder.
    """
    wanted = [feeder for feeder in market.network.feeders if feeder.id == feeder_id]
    if not wanted:
        raise InvalidValue("NodalMarket.network", "the feeder", feeder_id)
    return _shared_out(market, wanted)[feeder_id]


def feeders_alone(market: NodalMarket) -> dict[str, NodalMarket]:
    """Return the market of every feeder by its id, each as `feeder_alone` does."""
    return _shared_out(market, market.network.feeders)


def _shared_out(market: NodalMarket, feeders: Sequence[Feeder]) -> dict[str, NodalMarket]:
    """Return the markets of *feeders*; everything is looked at once, however many there are."""
    home = {bus: feeder.id for feeder in feeders for bus in feeder.buses}
    home_of_bid = {name: home[bus] for name, bus in market.buses.items() if bus in home}
    bids = _by_home({bid.id: bid for bid in market.bids}, home_of_bid)
    buses = _by_home(market.buses, home_of_bid)
    tan_phi, committed = (_by_home(values, home_of_bid) for values in (market.tan_phi, market.committed_mw))
    active, reactive = (_by_home(values, home) for values in (market.injections_mw, market.injections_mvar))
    return {
        feeder.id: replace(
            market,
            network=Network(
                transmission=Transmission(buses=(feeder.interface,), lines=(), reference=feeder.interface),
                feeders=(feeder,),
            ),
            bids=tuple(bids.get(feeder.id, {}).values()),
            buses=buses.get(feeder.id, {}),
            injections_mw=active.get(feeder.id, {}),
            injections_mvar=reactive.get(feeder.id, {}),
            tan_phi=tan_phi.get(feeder.id, {}),
            committed_mw=committed.get(feeder.id, {}),
        )
        for feeder in feeders
    }


def _by_home(values: Mapping[str, V], home: Mapping[str, str]) -> dict[str, dict[str, V]]:
    """Split *values* by the feeder that each name is at home in."""
    found: dict[str, dict[str, V]] = {}
    for name, value in values.items():
        if name in home:
            found.setdefault(home[name], {})[name] = value
    return found


def transmission_alone(
    market: NodalMarket, exports_mw: Mapping[str, Decimal], offers: Mapping[str, tuple[Bid, ...]] | None = None
) -> NodalMarket:
    """Return the market of the transmission network alone, with its feeders as injections at their interfaces.

    ``exports_mw``: what each feeder exports. ``offers``: bids that stand for a feeder, by its id.
    """
    top = market.network.transmission
    kept, given = set(top.buses), offers or {}
    injections = {bus: mw for bus, mw in market.injections_mw.items() if bus in kept}
    buses = {name: bus for name, bus in market.buses.items() if bus in kept}
    for feeder in market.network.feeders:
        injections[feeder.interface] = injections.get(feeder.interface, ZERO) + exports_mw[feeder.id]
        buses |= {bid.id: feeder.interface for bid in given.get(feeder.id, ())}
    own = tuple(bid for bid in market.bids if bid.id in buses)
    return replace(
        market,
        network=Network(transmission=top),
        bids=(*own, *(bid for each in given.values() for bid in each)),
        buses=buses,
        injections_mw=injections,
        injections_mvar={},
        tan_phi={},
        committed_mw={name: mw for name, mw in market.committed_mw.items() if name in buses},
    )


class Quantity(StrEnum):
    """What a limit of the network bounds."""

    FLOW = "flow"
    """Of a line, in MW, positive from its from bus."""
    POWER = "power"
    """Of a section, a P + b Q in MVA along one side of its limit, positive towards the root."""
    VOLTAGE = "squared voltage"
    """Of a bus, per unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A limit that is reached: where, at which value, and what one unit more of it would save per hour.

    ``side``: the half-plane of a section's limit (`gateway.network.radial.SIDES`), otherwise 0. ``upper``: whether the
    upper bound is reached, otherwise the lower one. ``shadow_price``: at least 0, per MWh or per unit squared and hour.
    ``excess``: by how much the value is beyond the limit.
    """

    quantity: Quantity
    place: str
    side: int
    upper: bool
    value: Decimal
    shadow_price: Decimal
    excess: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class NodalPrice:
    """The price of a bus per MWh, and per Mvarh of reactive power; ``lowest``, ``highest``: `prices`' two extremes."""

    price: Decimal
    lowest: Decimal
    highest: Decimal
    reactive_price: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class NodalResult:
    """What became of a nodal market.

    ``accepted_mw``: of every bid. ``prices``: of every bus. ``bindings``: the limits that are reached. ``missing_mw``:
    by transmission bus, what is missing there (positive) or could not be taken (negative). ``cost``: Σ s π x per hour.
    ``rounds``, ``rows``: how often the solver was asked, and how many limits it was told.
    """

    accepted_mw: Mapping[str, Decimal]
    prices: Mapping[str, NodalPrice]
    bindings: tuple[Binding, ...]
    missing_mw: Mapping[str, Decimal]
    cost: Decimal
    rounds: int = 0
    rows: int = 0


def _refuse_strangers(path: str, named: set[str], known: set[str]) -> None:
    strangers = sorted(named - known)
    if strangers:
        raise InvalidValue(path, "names of the market", ", ".join(strangers[:5]))
