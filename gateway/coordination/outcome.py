"""What became of a system under a coordination scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.clearing.nodal.market import NodalPrice, NodalResult
from gateway.coordination.hand_up import HandedUp
from gateway.coordination.violations import Violation
from gateway.model import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One clearing: the row of the scheme, the round, of which feeder, for whom, and what it decided.

    ``feeder``: nothing where the transmission network takes part. ``buyer``: who pays for what it newly accepted, whose
    ``cost`` is Σ s π x per hour. ``result``: of the program that was solved; ``handed_up``: what went up instead;
    ``caps_mw``: what a check allowed at most.
    """

    step: int
    kind: str
    buyer: str
    cost: Decimal = ZERO
    round: int = 1
    feeder: str | None = None
    result: NodalResult | None = None
    handed_up: HandedUp | None = None
    caps_mw: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A buyer took ``quantity_mw`` of a bid at ``price`` per MWh, in a row of the scheme.

    Where ``bid_id`` is the buyer's own order to buy, it is what of it was served.
    """

    step: int
    buyer: str
    bid_id: str
    quantity_mw: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of a scheme.

    ``cost``: Σ s π x of everything accepted, per hour; what buyers other than the operators value counts against it.
    ``accepted_mw``: of every bid. ``prices``: of every bus, where a market priced it. ``exports_mw``: of each feeder to
    its interface. ``missing_mw``: what is unserved (positive) or cannot be taken, by transmission bus.
    ``deviations_mw``: how much more than agreed a feeder exports. ``violations_before``, ``violations``: limits that
    are broken without any activation, and in the end.
    """

    scheme: str
    cost: Decimal
    accepted_mw: Mapping[str, Decimal]
    prices: Mapping[str, NodalPrice]
    exports_mw: Mapping[str, Decimal]
    missing_mw: Mapping[str, Decimal]
    deviations_mw: Mapping[str, Decimal]
    violations_before: tuple[Violation, ...]
    violations: tuple[Violation, ...]
    decisions: tuple[Decision, ...]
    purchases: tuple[Purchase, ...]

    @property
    def unresolved(self) -> tuple[Violation, ...]:
        """The limits of feeders that are still broken: unresolved local violations."""
        return tuple(each for each in self.violations if each.feeder is not None)

    @property
    def cost_by_buyer(self) -> dict[str, Decimal]:
        """The cost per hour of what each buyer took, at the prices of the bids."""
        found: dict[str, Decimal] = {}
        final = {(decision.step, decision.feeder): decision for decision in self.decisions if decision.buyer}
        for decision in final.values():
            found[decision.buyer] = found.get(decision.buyer, ZERO) + decision.cost
        return found

    def decided(self, step: int, feeder: str | None = None) -> Decision:
        """Return the last decision in a row of the scheme, of a feeder where there is one for each.

        Raises `KeyError` where there is none.
        """
        for decision in reversed(self.decisions):
            if (decision.step, decision.feeder) == (step, feeder):
                return decision
        raise KeyError((step, feeder))
