"""How many messages a scheme takes: its table counted out over the parties of a system.

1. A row is one message from each party of its origin to each party of its recipients. What a party tells itself in
   another role stays inside it and is none.
2. In the market of a distribution operator, commercial parties talk to the operators in whose feeders they have bids.
   Rows that name the transmission (distribution) side mean the parties with bids there.
3. A row that sends set points is one message for each bid of which anything was accepted.
4. Where distribution operators check a result, every result is told to all of them and answered by all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gateway.coordination.outcome import Outcome
from gateway.coordination.system import CoordinatedSystem
from gateway.flow import LOCAL, Actor, Step
from gateway.schemes import JointClearing, PostCheck, Scheme

_BODIES = frozenset({"TSO&DSO", "independent"})
"""Market operators that are a party of their own."""


@dataclass(frozen=True)
class MessageCount:
    """The messages of ``scheme`` on ``system`` with ``outcome``; ``distributors``: the operator of each feeder."""

    scheme: Scheme
    system: CoordinatedSystem
    outcome: Outcome
    distributors: Mapping[str, str]

    @property
    def total(self) -> int:
        """The messages of all rows."""
        return sum(map(self.of, self.scheme.steps))

    def of(self, step: Step) -> int:
        """Return the messages of one row."""
        if not step.message or (step.optional and not self._happens(step)):
            return 0
        return self._rounds(step) * sum(self._between(step, recipient) for recipient in step.recipients)

    def _happens(self, step: Step) -> bool:
        return self.scheme.grid_constraints if step.message == "GridConstraints" else True

    def _rounds(self, step: Step) -> int:
        clearing = self.scheme.clearing(step.number)
        if isinstance(clearing, PostCheck) and not self.scheme.post_check:
            return 0
        if not isinstance(clearing, JointClearing | PostCheck):
            return 1
        return max(each.round for each in self.outcome.decisions if each.kind == "joint clearing")

    def _between(self, step: Step, recipient: Actor) -> int:
        if recipient.role == "DER":
            return sum(1 for bid in self.system.market.bids if self.outcome.accepted_mw[bid.id])
        if step.origin.party == recipient.party:
            return 0
        if step.market == LOCAL and any(actor.party.startswith("CMP") for actor in (step.origin, recipient)):
            return len(self._local)
        return len(self._parties(step, step.origin)) * len(self._parties(step, recipient))

    def _parties(self, step: Step, actor: Actor) -> frozenset[str]:
        if actor.party in _BODIES or actor.party == "TSO":
            return frozenset({actor.party})
        if actor.party == "DSO":
            return frozenset(self.distributors.values())
        if actor.party == "CMP as BRP":
            return frozenset(trade.provider.value for trade in self.system.trades)
        return frozenset(self._sellers(transmission="transmission" in actor.party or _of_transmission(step)))

    def _sellers(self, *, transmission: bool) -> Iterator[str]:
        above = set(self.system.market.network.transmission.buses)
        for bid in self.system.market.bids:
            if not transmission or self.system.market.buses[bid.id] in above:
                yield bid.provider.value

    @cached_property
    def _local(self) -> frozenset[tuple[str, str]]:
        """The pairs of a commercial party and the distribution operator in whose feeder it has bids."""
        feeders = self.system.feeders
        return frozenset(
            (bid.provider.value, self.distributors[each.id]) for each in feeders for bid in self.system.inside(each)
        )


def _of_transmission(step: Step) -> bool:
    """Whether a row means the sellers of the transmission network alone."""
    return any(words in step.action for words in ("(transmission)", "(transmission only)", "of transmission units"))
