"""The same periods under several schemes, in figures that can be laid side by side.

A scheme is *sound* in a case where it leaves no limit broken and no power unserved: the cost of one that leaves
something undone is no answer to the same question, and is told but not ranked. The total of a scheme is

    Σ cost per hour · hours  +  messages · cost per message,

where the first term counts what other buyers of an integrated market value against the cost: with the same bids, such a
market is never dearer than a common one, whatever the messages add. Every amount is over all
periods; energy is in MWh, prices per MWh.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.coordination.messages import MessageCount
from gateway.coordination.money import PeriodCase, ledger
from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.model import ZERO, Direction
from gateway.schemes import JointClearing, Scheme
from gateway.settlement.ledger import CENT, Ledger


class Actor(StrEnum):
    """Groups of those who pay and are paid."""

    TRANSMISSION_OPERATOR = "TSO"
    DISTRIBUTION_OPERATORS = "DSOs"
    RESPONSIBLE = "BRPs"
    PROVIDERS = "providers"
    ACCOUNTS = "market accounts"
    """Accounts through which money passes, and rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodOutcome:
    """One period under one scheme: what came of it, who pays whom, how many messages it took."""

    case: PeriodCase
    outcome: Outcome
    ledger: Ledger
    messages: int

    @property
    def cost(self) -> Decimal:
        """The cost of the period."""
        return self.outcome.cost * self.case.hours

    @property
    def unserved_mwh(self) -> Decimal:
        """Energy that is missing or could not be taken."""
        return sum(map(abs, self.outcome.missing_mw.values()), ZERO) * self.case.hours

    def energy_mwh(self, direction: Direction) -> Decimal:
        """Return what resources were activated in *direction*; trades of other buyers are not among it."""
        bids = (bid for bid in self.case.system.market.bids if bid.direction is direction)
        return sum((self.outcome.accepted_mw[bid.id] for bid in bids), ZERO) * self.case.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeFigures:
    """All periods under one scheme, with the cost of a message."""

    scheme: Scheme
    periods: tuple[PeriodOutcome, ...]
    message_cost: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """The cost of activation."""
        return sum((each.cost for each in self.periods), ZERO)

    @property
    def messages(self) -> int:
        """The messages that were exchanged."""
        return sum(each.messages for each in self.periods)

    @property
    def ict_cost(self) -> Decimal:
        """What the messages cost."""
        return self.messages * self.message_cost

    @property
    def total(self) -> Decimal:
        """The cost of activation and of messages."""
        return self.cost + self.ict_cost

    @property
    def prices(self) -> tuple[Decimal, ...]:
        """The prices of all buses and periods that a market priced, sorted."""
        return tuple(sorted(each.price for period in self.periods for each in period.outcome.prices.values()))

    @property
    def violations_before(self) -> int:
        """Limits that are broken without any activation, counted in each period."""
        return sum(len(each.outcome.violations_before) for each in self.periods)

    @property
    def violations(self) -> int:
        """Limits that are broken in the end, counted in each period."""
        return sum(len(each.outcome.violations) for each in self.periods)

    @property
    def unserved_mwh(self) -> Decimal:
        """Energy that is missing or could not be taken."""
        return sum((each.unserved_mwh for each in self.periods), ZERO)

    @property
    def schedule_deviation_mwh(self) -> Decimal:
        """Energy by which feeders could not keep their schedules, both ways added."""
        sizes = ((each.outcome.deviations_mw.values(), each.case.hours) for each in self.periods)
        return sum((hours * sum(map(abs, found), ZERO) for found, hours in sizes), ZERO)

    @property
    def sound(self) -> bool:
        """Whether no limit is left broken and no power unserved."""
        return not self.violations and not self.unserved_mwh

    @property
    def others_buy(self) -> bool:
        """Whether others than operators bought: what they value counts against the cost, which compares less well."""
        joint = any(isinstance(each, JointClearing) and each.buyers for each in self.scheme.clearings)
        return joint and any(each.case.system.trades for each in self.periods)

    @property
    def ledger(self) -> Ledger:
        """The payments of all periods."""
        return Ledger(tuple(entry for each in self.periods for entry in each.ledger.postings))

    def energy_mwh(self, direction: Direction) -> Decimal:
        """Return what resources were activated in *direction*."""
        return sum((each.energy_mwh(direction) for each in self.periods), ZERO)

    def received(self) -> Mapping[Actor, Decimal]:
        """Return what each group received less what it paid: the balances of the ledger, added up; the sum is 0."""
        groups = _groups(each.case for each in self.periods)
        found = dict.fromkeys(Actor, ZERO)
        for account, amount in self.ledger.balances().items():
            found[groups.get(account, Actor.ACCOUNTS)] += amount
        return found

    def payments(self) -> Mapping[tuple[Actor, Actor], Decimal]:
        """Return what each group paid each other one, net: every pair once, with a positive amount."""
        groups = _groups(each.case for each in self.periods)
        found: dict[tuple[Actor, Actor], Decimal] = {}
        for entry in self.ledger.postings:
            pair = tuple(groups.get(account, Actor.ACCOUNTS) for account in (entry.payer, entry.payee))
            payer, payee = pair
            if payer is not payee:
                found[payer, payee] = found.get((payer, payee), ZERO) + entry.amount
        net = {pair: amount - found.get(pair[::-1], ZERO) for pair, amount in _both_ways(found).items()}
        return {pair: amount for pair, amount in net.items() if amount > 0}


def _both_ways(found: Mapping[tuple[Actor, Actor], Decimal]) -> dict[tuple[Actor, Actor], Decimal]:
    return {(payee, payer): ZERO for payer, payee in found} | dict(found)


def _groups(cases: Iterable[PeriodCase]) -> dict[str, Actor]:
    """Return the group of each party; an operator is one whatever else it does."""
    groups: dict[str, Actor] = {}
    for case in cases:
        groups |= {str(bid.provider): Actor.PROVIDERS for bid in case.system.market.bids}
        groups |= {str(trade.provider): Actor.RESPONSIBLE for trade in case.system.trades}
        groups |= {str(party): Actor.RESPONSIBLE for party in case.responsible.values()}
        groups |= {str(party): Actor.DISTRIBUTION_OPERATORS for party in case.distributors.values()}
        groups[str(case.transmission_operator)] = Actor.TRANSMISSION_OPERATOR
    return groups


def compared(
    cases: Iterable[PeriodCase], schemes: Iterable[Scheme], message_cost: Decimal = ZERO
) -> tuple[SchemeFigures, ...]:
    """Return the figures of *cases* under each of *schemes*.

    Raises as `gateway.coordination.run.run` and `gateway.coordination.money.ledger`.
    """
    periods = tuple(cases)
    return tuple(
        SchemeFigures(
            scheme=scheme, periods=tuple(_period(scheme, case) for case in periods), message_cost=message_cost
        )
        for scheme in schemes
    )


def _period(scheme: Scheme, case: PeriodCase) -> PeriodOutcome:
    outcome = run(scheme, case.system, case.switches)
    distributors = {feeder: party.value for feeder, party in case.distributors.items()}
    messages = MessageCount(scheme, case.system, outcome, distributors).total
    return PeriodOutcome(case=case, outcome=outcome, ledger=ledger(case, outcome), messages=messages)


def cheapest(figures: Iterable[SchemeFigures]) -> tuple[SchemeFigures, ...]:
    """Return the sound schemes with the least total, to the cent: several where they tie, none where none is sound."""
    sound = [each for each in figures if each.sound]
    least = min((_cents(each.total) for each in sound), default=ZERO)
    return tuple(each for each in sound if _cents(each.total) == least)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT)
