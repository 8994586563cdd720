"""How a scheme is run: one step for each kind of clearing, over a state that the clearings hand on.

The order is that of the scheme's clearings; nothing here knows a scheme by name. A clearing that accepts bids adds them
to what is accepted, says who bought them at which price, and prices the buses that it sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.clearing.nodal.indivisible import clear_chosen
from gateway.clearing.nodal.market import NodalMarket, NodalPrice, NodalResult, transmission_alone
from gateway.coordination.hand_up import HandedUp, hand_up
from gateway.coordination.local import FeederResult, at_export, disaggregated, for_its_need
from gateway.coordination.outcome import Decision, Purchase
from gateway.coordination.post_check import caps
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import Misconfigured
from gateway.model import ZERO, Bid, Direction
from gateway.schemes import (
    CentralClearing,
    Clearing,
    Disaggregation,
    FeederLimits,
    HandUp,
    Interface,
    JointClearing,
    LocalClearing,
    PostCheck,
    Scheme,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A scheme on its way: what is accepted, bought, priced, exported and offered so far."""

    scheme: Scheme
    system: CoordinatedSystem
    switches: Switches
    accepted_mw: Mapping[str, Decimal] = field(default_factory=dict)
    prices: Mapping[str, NodalPrice] = field(default_factory=dict)
    exports_mw: Mapping[str, Decimal] = field(default_factory=dict)
    deviations_mw: Mapping[str, Decimal] = field(default_factory=dict)
    missing_mw: Mapping[str, Decimal] = field(default_factory=dict)
    offers: Mapping[str, HandedUp] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    purchases: tuple[Purchase, ...] = ()

    def after(self, clearing: Clearing) -> Course:
        """Return the course after one more clearing."""
        match clearing:
            case JointClearing():
                return self.jointly(clearing)
            case PostCheck():
                return self._checked(clearing) if self.scheme.post_check else self
            case LocalClearing():
                return self._locally(clearing)
            case HandUp():
                return self._handed_up(clearing)
            case CentralClearing():
                return self._centrally(clearing)
            case Disaggregation():
                return self._disaggregated(clearing)

    # ---- one market for all networks

    def jointly(self, clearing: JointClearing, caps_mw: Mapping[str, Decimal] | None = None, again: int = 1) -> Course:
        """Return the course after one market for all networks, with caps on bids, as the round that it is."""
        market = self.system.with_trades() if clearing.buyers else self.system.market
        market = _capped(_limited(market, clearing, grid_constraints=self.scheme.grid_constraints), caps_mw or {})
        result, buyer = clear_chosen(market), self._joint_buyer
        decision = Decision(
            step=clearing.step, kind="joint clearing", buyer=buyer, cost=result.cost, round=again, result=result
        )
        return replace(
            self,
            accepted_mw=result.accepted_mw,
            prices=result.prices,
            exports_mw={each.id: self.system.export_mw(each, result.accepted_mw) for each in self.system.feeders},
            missing_mw=result.missing_mw,
            decisions=(*self.decisions, decision),
            purchases=tuple(self._bought(clearing.step, buyer, market, result.accepted_mw, result.prices)),
        )

    def _checked(self, clearing: PostCheck) -> Course:
        """Let the operators of feeders check and cap, and clear again, until nothing more is capped."""
        joint, course = self._checked_clearing(), self
        caps_mw: dict[str, Decimal] = {}
        for again in range(2, self.switches.rounds + 3):
            cut = caps(self.system, course.accepted_mw)
            if not cut:
                break
            exhausted = again > self.switches.rounds + 1
            caps_mw |= self._blocked(cut) if exhausted else _lower(caps_mw, cut)
            check = Decision(step=clearing.step, kind="check", buyer="", round=again - 1, caps_mw=dict(caps_mw))
            course = replace(course, decisions=(*course.decisions, check)).jointly(joint, caps_mw, again)
        return course

    def _checked_clearing(self) -> JointClearing:
        for clearing in self.scheme.clearings:
            if isinstance(clearing, JointClearing):
                return clearing
        raise Misconfigured(f"scheme {self.scheme.name}", "a joint clearing before a check", "none")

    def _blocked(self, cut: Iterable[str]) -> dict[str, Decimal]:
        """Return caps of nothing for all bids of the feeders in which bids would be cut once more."""
        inside = [{bid.id for bid in self.system.inside(feeder)} for feeder in self.system.feeders]
        return {name: ZERO for ids in inside if not ids.isdisjoint(cut) for name in ids}

    # ---- a market of each feeder, and one of the transmission network

    def _locally(self, clearing: LocalClearing) -> Course:
        course = self
        for feeder in self.system.feeders:
            found = (
                at_export(self.system, feeder, self.system.schedule_mw(feeder.id))
                if clearing.interface is Interface.SCHEDULE
                else for_its_need(self.system, feeder, self.switches)
            )
            course = course._with_feeder(clearing.step, "local clearing", found, f"DSO {feeder.id}")
        return course

    def _handed_up(self, clearing: HandUp) -> Course:
        if not self._forwards:
            return self
        committed = dict(self.accepted_mw)
        offers = {
            each.id: hand_up(self.system, each, self.switches, committed_of(self.system.inside(each), committed))
            for each in self.system.feeders
        }
        told = (
            Decision(step=clearing.step, kind="offer", buyer="", feeder=name, handed_up=offer)
            for name, offer in offers.items()
        )
        return replace(self, offers=offers, decisions=(*self.decisions, *told))

    def _centrally(self, clearing: CentralClearing) -> Course:
        offers = {name: handed.offer for name, handed in self.offers.items()}
        base = {**self.exports_mw, **{name: offer.export_mw for name, offer in offers.items()}}
        bids = {name: offer.bids for name, offer in offers.items()}
        cap = max([self.system.market.price_cap, *(abs(b.price or ZERO) for each in bids.values() for b in each)])
        market = transmission_alone(replace(self.system.market, price_cap=cap), base, bids)
        result, buyer = clear_chosen(market), self._central_buyer
        own = {bid.id: mw for bid, mw in _own(self.system, result)}
        decision = Decision(
            step=clearing.step, kind="central clearing", buyer=buyer, cost=_cost(self.system, own), result=result
        )
        awarded = {name: sum((_moved(bid, result) for bid in each), base[name]) for name, each in bids.items()}
        return replace(
            self,
            accepted_mw={**self.accepted_mw, **own},
            prices={**self.prices, **result.prices},
            exports_mw={**base, **awarded},
            missing_mw=result.missing_mw,
            decisions=(*self.decisions, decision),
            purchases=(*self.purchases, *self._bought(clearing.step, buyer, market, own, result.prices)),
        )

    def _disaggregated(self, clearing: Disaggregation) -> Course:
        course = self
        for feeder in self.system.feeders if self._forwards else ():
            committed = committed_of(self.system.inside(feeder), self.accepted_mw)
            price = self.prices[feeder.interface]
            found = disaggregated(self.system, feeder, self.exports_mw[feeder.id], price, committed)
            course = course._with_feeder(clearing.step, "disaggregation", found, self._central_buyer)
        return course

    def _with_feeder(self, step: int, kind: str, found: FeederResult, buyer: str) -> Course:
        """Return the course with what a feeder accepted on top of what it had."""
        more = {name: mw - self.accepted_mw.get(name, ZERO) for name, mw in found.accepted_mw.items()}
        decision = Decision(
            step=step, kind=kind, buyer=buyer, cost=_cost(self.system, more), feeder=found.feeder, result=found.result
        )
        deviation = {found.feeder: found.deviation_mw} if found.deviation_mw else {}
        bought = self._bought(step, buyer, self.system.market, more, found.prices)
        return replace(
            self,
            accepted_mw={**self.accepted_mw, **found.accepted_mw},
            prices={**self.prices, **found.prices},
            exports_mw={**self.exports_mw, found.feeder: found.export_mw},
            deviations_mw={**self.deviations_mw, **deviation},
            decisions=(*self.decisions, decision),
            purchases=(*self.purchases, *bought),
        )

    # ---- who buys

    @property
    def _buys_locally(self) -> bool:
        return any(isinstance(each, LocalClearing) for each in self.scheme.clearings)

    @property
    def _forwards(self) -> bool:
        """Whether feeders offer upward; one that has no market of its own has no other way to be cleared."""
        return self.switches.forwarding or not self._buys_locally

    @property
    def _joint_buyer(self) -> str:
        parties = {step.origin.party for step in self.scheme.steps if step.origin.role == "Buyer"}
        return " & ".join(sorted(parties, key=lambda party: (party != "TSO", party != "DSO", party)))

    @property
    def _central_buyer(self) -> str:
        return "TSO" if self._buys_locally else self._joint_buyer

    def _bought(
        self,
        step: int,
        buyer: str,
        market: NodalMarket,
        accepted_mw: Mapping[str, Decimal],
        prices: Mapping[str, NodalPrice],
    ) -> Iterable[Purchase]:
        """Yield what was bought of each bid, at the price of its bus with the reactive power that comes with it."""
        owners = {bid.id: bid.provider.value for bid in self.system.trades if bid.direction is Direction.DOWN}
        for bid in market.bids:
            quantity_mw = accepted_mw.get(bid.id, ZERO)
            if quantity_mw:
                at_bus = prices[market.buses[bid.id]]
                price = at_bus.price + market.tan_phi.get(bid.id, ZERO) * at_bus.reactive_price
                yield Purchase(
                    step=step, buyer=owners.get(bid.id, buyer), bid_id=bid.id, quantity_mw=quantity_mw, price=price
                )


def committed_of(bids: Iterable[Bid], accepted_mw: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return what is accepted of *bids*, of those of which anything is."""
    return {bid.id: accepted_mw[bid.id] for bid in bids if accepted_mw.get(bid.id)}


def _limited(market: NodalMarket, clearing: JointClearing, *, grid_constraints: bool) -> NodalMarket:
    limits = clearing.feeder_limits if grid_constraints else FeederLimits.OFF
    return replace(market, feeder_limits=limits is not FeederLimits.OFF, not_worse=limits is FeederLimits.NOT_WORSE)


def _capped(market: NodalMarket, caps_mw: Mapping[str, Decimal]) -> NodalMarket:
    """Return *market* with no more of each bid than its cap; nothing of one whose least quantity is above it."""
    return replace(market, bids=tuple(_under(bid, caps_mw.get(bid.id, bid.quantity_mw)) for bid in market.bids))


def _under(bid: Bid, cap_mw: Decimal) -> Bid:
    if cap_mw < bid.least_mw:
        return replace(bid, quantity_mw=ZERO, minimum_mw=ZERO)
    return replace(bid, quantity_mw=min(bid.quantity_mw, cap_mw))


def _lower(caps_mw: Mapping[str, Decimal], cut: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the new caps; a bid that is cut a second time is blocked."""
    return {name: ZERO if name in caps_mw else mw for name, mw in cut.items()}


def _own(system: CoordinatedSystem, result: NodalResult) -> Iterable[tuple[Bid, Decimal]]:
    """Yield the bids of resources that took part in *result*, with what was accepted."""
    for bid in system.market.bids:
        if bid.id in result.accepted_mw:
            yield bid, result.accepted_mw[bid.id]


def _cost(system: CoordinatedSystem, accepted_mw: Mapping[str, Decimal]) -> Decimal:
    """Return Σ s π x per hour."""
    costs = (b.direction.sign * (b.price or ZERO) * accepted_mw.get(b.id, ZERO) for b in system.market.bids)
    return sum(costs, ZERO)


def _moved(bid: Bid, result: NodalResult) -> Decimal:
    return bid.direction.sign * result.accepted_mw[bid.id]
