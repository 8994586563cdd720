"""A system of networks and bids that any coordination scheme can be run on, and what is left to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.clearing.nodal.market import NodalMarket
from gateway.errors import InvalidValue
from gateway.model import ZERO, Bid
from gateway.network.model import Feeder


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatedSystem:
    """One interval of a transmission network with its feeders.

    ``market``: the network, injections before activation, and the bids of all resources. ``trades``: what buyers with
    prices of their own buy (bids down) and sell (bids up) where the scheme lets them, ``trade_buses`` where: balance
    responsible parties, and operators for what they do not need at any price.
    ``schedules_mw``: the export of each feeder that the operators agreed on, for schemes that keep it.
    """

    market: NodalMarket
    trades: tuple[Bid, ...] = ()
    trade_buses: Mapping[str, str] = field(default_factory=dict)
    schedules_mw: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a system without bids, and schedules of feeders that it does not have.

        Raises `InvalidValue`.
        """
        if not self.market.bids:
            raise InvalidValue("CoordinatedSystem.market", "at least one bid", "none")
        strangers = sorted(set(self.schedules_mw) - {feeder.id for feeder in self.feeders})
        if strangers:
            raise InvalidValue("CoordinatedSystem.schedules_mw", "feeders of the network", ", ".join(strangers))
        self.with_trades()

    @property
    def feeders(self) -> tuple[Feeder, ...]:
        """The feeders."""
        return self.market.network.feeders

    @property
    def blank(self) -> Bid:
        """A bid of the interval without conditions, for offers that stand for a feeder."""
        plain = self.market.bids[0]
        return Bid(
            id="blank",
            provider=plain.provider,
            area=plain.area,
            direction=plain.direction,
            interval=plain.interval,
            quantity_mw=ZERO,
            price=ZERO,
            currency=plain.currency,
            reserve=plain.reserve,
            activation=plain.activation,
        )

    def with_trades(self) -> NodalMarket:
        """Return the market in which the trades take part.

        Raises `InvalidValue` for a trade at no bus, or with the identifier of another bid.
        """
        buses = {**self.market.buses, **self.trade_buses}
        return replace(self.market, bids=(*self.market.bids, *self.trades), buses=buses)

    def schedule_mw(self, feeder_id: str) -> Decimal:
        """Return the agreed export of a feeder.

        Raises `InvalidValue` where there is none.
        """
        if feeder_id not in self.schedules_mw:
            raise InvalidValue("CoordinatedSystem.schedules_mw", f"a schedule of feeder {feeder_id}", "none")
        return self.schedules_mw[feeder_id]

    def inside(self, feeder: Feeder) -> tuple[Bid, ...]:
        """Return the bids of resources in a feeder."""
        buses = set(feeder.buses)
        return tuple(bid for bid in self.market.bids if self.market.buses[bid.id] in buses)

    def export_mw(self, feeder: Feeder, accepted_mw: Mapping[str, Decimal]) -> Decimal:
        """Return what a feeder exports with *accepted_mw* of its bids: it has no losses."""
        at_rest = sum((self.market.injections_mw.get(bus, ZERO) for bus in feeder.buses), ZERO)
        moved = (bid.direction.sign * accepted_mw.get(bid.id, ZERO) for bid in self.inside(feeder))
        return sum(moved, at_rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What the schemes leave to the operators.

    ``reference_prices``: per MWh, what the exchange with the transmission network is taken to be worth in a local
    market, by feeder; 0 where none is named. ``floored``: whether a local market buys for its own need alone
    (`gateway.coordination.local`). ``forwarding``: whether it offers what is left upward. ``step_mw``: the step of what
    goes up; without it, curves are exact and groups go by whole MW. ``rounds``: how often a check may repeat a clearing
    before all bids of the feeder are blocked.
    """

    reference_prices: Mapping[str, Decimal] = field(default_factory=dict)
    floored: bool = True
    forwarding: bool = True
    step_mw: Decimal | None = None
    rounds: int = 5
