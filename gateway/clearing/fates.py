"""What became of each offer, and why, in words.

An offer's *surplus* is s (λ − π) per MWh: positive when it is in the money. Under binding grid limits it sees another
price than its area's (`gateway.clearing.prices.seen_price`). The first line of `VERDICTS` that applies is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from gateway.clearing.exclusion import Cleared
from gateway.clearing.offers import Offer
from gateway.clearing.prices import seen_price
from gateway.clearing.problem import Problem
from gateway.results import Fate

_EXACT, _ROUNDED = 0.5, 1.5
"""From how many price ticks on a surplus is one: in a network, and where losses or limits leave rounding."""


@dataclass(frozen=True)
class Case:
    """One offer in a cleared market."""

    problem: Problem
    cleared: Cleared
    at: int
    currency: str

    @property
    def offer(self) -> Offer:
        """The offer."""
        return self.problem.offers[self.at]

    @cached_property
    def accepted(self) -> int:
        """Accepted ticks."""
        return int(self.cleared.volumes.accepted[self.at])

    @cached_property
    def area_price(self) -> int:
        """Price of the offer's area, in price ticks."""
        return int(self.cleared.prices.price[self.problem.offer_node[self.at]])

    @cached_property
    def seen(self) -> float:
        """Price that the offer sees after grid limits, in price ticks."""
        return seen_price(self.problem, self.at, self.cleared.prices.uncut, self.cleared.prices.shadow)

    @cached_property
    def in_the_money(self) -> bool:
        """Whether the offer would earn at the price it sees."""
        return self._surplus(self.seen) > self._least

    @cached_property
    def area_surplus(self) -> int:
        """+1, 0 or −1: whether the area's price is better than, equal to or worse than the offer's own."""
        surplus = self._surplus(self.area_price)
        return (surplus > self._least) - (surplus < -self._least)

    @cached_property
    def limits(self) -> list[int]:
        """The binding grid limits that the offer counts in."""
        shadow = self.cleared.prices.shadow
        return [
            row
            for row, price in shadow.items()
            if abs(price) > self._least and self.at in self.problem.rows[row].coefficients
        ]

    @property
    def at_a_limit(self) -> bool:
        """Whether a binding limit, not the area's price, keeps the offer from earning more."""
        return bool(self.limits) and self.area_surplus > 0 and not self.in_the_money

    @cached_property
    def paid(self) -> float:
        """Price that the offer is settled at, in price ticks: its area's, moved by the limits of others alone."""
        foreign = {at: price for at, price in self.cleared.prices.shadow.items() if not self.problem.rows[at].own}
        return seen_price(self.problem, self.at, self.cleared.prices.uncut, foreign)

    @property
    def carried(self) -> str:
        """What carries the offer though it loses at the price here: its block bid or unit; nothing where none does."""
        groups = [name for name, members in self.problem.couplings.joint if self.at in members]
        return groups[0] if groups and self._surplus(self.paid) < -self._least else ""

    @property
    def only_own(self) -> bool:
        """Whether all that binds it is what its unit can do over several intervals."""
        return min(self.limits) >= len(self.problem.limits)

    @cached_property
    def closed_by(self) -> str:
        """Why the bids that the offer depends on keep it out, where they do."""
        return self.problem.couplings.kept_out(self.cleared.volumes.accepted).get(self.at, "")

    @property
    def in_block(self) -> bool:
        """Whether the offer is one of a block bid."""
        return self.offer.bids[0].block_bid is not None

    @property
    def of_unit(self) -> bool:
        """Whether the offer is one of a unit whose intervals are bound to each other."""
        return self.at in self.problem.couplings.tied and self.offer.bids[0].technical_link is not None

    @property
    def aside(self) -> bool:
        """Whether the offer stands aside because the least volume comes first."""
        return self.at in self.cleared.volumes.barred and not self.problem.decided.any()

    @cached_property
    def rivals(self) -> list[str]:
        """The accepted offers of the offer's exclusive group."""
        accepted = self.cleared.volumes.accepted
        groups = [group for group in self.problem.exclusive if self.at in group]
        return [self.problem.offers[at].id for group in groups for at in group if at != self.at and accepted[at]]

    @cached_property
    def earlier(self) -> list[str]:
        """The cheaper step of the same unit, where it is not full."""
        accepted, most = self.cleared.volumes.accepted, self.problem.quantity
        steps = [step for chain in self.problem.chains for step, dearer in pairwise(chain) if dearer == self.at]
        return [self.problem.offers[step].id for step in steps if accepted[step] < most[step]]

    @property
    def _least(self) -> float:
        return _EXACT if self.problem.is_network else _ROUNDED

    def _surplus(self, price: float) -> float:
        return float(self.problem.offer_sign[self.at] * (price - self.problem.offer_price[self.at]))

    def mw(self, ticks: int) -> str:
        """Return ticks in MW."""
        return f"{self.problem.scale.megawatts(ticks).normalize():f}"

    def money(self, ticks: float) -> str:
        """Return a price in words."""
        return f"{float(ticks) * float(self.problem.scale.price):.2f} {self.currency}/MWh"


def fate_of(problem: Problem, cleared: Cleared, at: int, currency: str) -> tuple[Fate, str]:
    """Return the fate of offer *at* and the sentence that explains it."""
    case = Case(problem, cleared, at, currency)
    return next((fate, sentence(case)) for applies, fate, sentence in VERDICTS if applies(case))


def _in_full(case: Case) -> str:
    lost = case.cleared.prices.losses[case.at]
    if case.carried and not lost:
        return f"Accepted in full. {_carried(case)}"
    earns = f"Accepted in full; the price here is {case.money(case.paid)}."
    return f"{earns} {_owed(case, lost)}" if lost else earns


def _owed(case: Case, lost: float) -> str:
    hourly = lost * float(case.problem.scale.price) * float(case.mw(case.accepted))
    return f"It loses {case.money(lost)} and is owed {hourly:.2f} {case.currency} per hour."


def _capped(case: Case) -> str:
    return (
        f"Accepted in all {case.mw(case.accepted)} MW that can be used: {'; '.join(case.offer.caps) or 'whole steps'}."
    )


def _in_part(case: Case) -> str:
    lost = case.cleared.prices.losses[case.at]
    share = f"Accepted with {case.mw(case.accepted)} of {case.mw(case.offer.offered)} MW"
    if lost:
        return f"{share}. {_owed(case, lost)}"
    if case.carried:
        return f"{share}. {_carried(case)}"
    if case.in_the_money:
        return f"{share}: no larger amount that it allows fits."
    if case.limits:
        return f"{share}: {_moved(case)}"
    return f"{share}: its price {case.money(case.offer.price)} is the price here."


def _carried(case: Case) -> str:
    return f"At {case.money(case.paid)} it loses, which {case.carried} earns over all its intervals."


def _worse(case: Case) -> str:
    return f"Its price {case.money(case.offer.price)} is worse than the clearing price {case.money(case.area_price)}."


def _moved(case: Case) -> str:
    rows = ", ".join(
        f"{case.problem.rows[row].limit.id} (shadow price {case.money(case.cleared.prices.shadow[row])})"
        for row in case.limits
    )
    move = f"from {case.money(case.area_price)} to {case.money(case.seen)}"
    return f"{rows} binds and moves the price that it sees {move}."


def _limited(case: Case) -> str:
    return f"Accepted with {case.mw(case.accepted)} MW and no more: {_moved(case)}"


def _met(case: Case) -> str:
    return f"Its price equals the clearing price {case.money(case.area_price)}; the need was already met."


def _forgone(case: Case) -> str:
    surplus = float(case.problem.offer_sign[case.at] * (case.seen - case.offer.price)) * float(case.problem.scale.price)
    hourly = surplus * float(case.mw(case.offer.quantity))
    return f"At {case.money(case.seen)} it would have earned {hourly:.2f} {case.currency} per hour"


def _in_vain(case: Case) -> str:
    return f"{_forgone(case)}, but nothing is needed of it: it would be activated against other bids."


def _outdone(case: Case) -> str:
    return f"{', '.join(case.rivals)} of its exclusive group was accepted. {_forgone(case)}."


def _too_early(case: Case) -> str:
    return f"The cheaper step {', '.join(case.earlier)} of its multipart bid is not full. {_forgone(case)}."


def _group_does_not_fit(case: Case) -> str:
    return f"Its inclusive group {case.offer.id} cannot be divided to fit. {_forgone(case)} as a whole."


def _shut_out(case: Case) -> str:
    return f"{_forgone(case)}, but {case.closed_by}."


def _block_does_not_fit(case: Case) -> str:
    return (
        f"{_forgone(case)}, but its block bid {case.offer.bids[0].block_bid} was not accepted over all its intervals."
    )


def _unit_does_not_fit(case: Case) -> str:
    unit = case.offer.bids[0].technical_link
    return f"{_forgone(case)}, but what unit {unit} can do over several intervals does not allow it."


def _does_not_fit(case: Case) -> str:
    return f"{_forgone(case)}, but it cannot be divided to fit without another accepted bid losing."


VERDICTS: tuple[tuple[Callable[[Case], bool], Fate, Callable[[Case], str]], ...] = (
    (lambda c: c.accepted == c.offer.offered, Fate.ACCEPTED, _in_full),
    (lambda c: c.accepted == c.offer.quantity, Fate.LIMITED, _capped),
    (lambda c: c.at_a_limit and c.only_own, Fate.UNIT_LIMITED, _limited),
    (lambda c: c.at_a_limit, Fate.LIMITED, _limited),
    (lambda c: c.accepted > 0, Fate.PARTLY_ACCEPTED, _in_part),
    (lambda c: c.area_surplus < 0 and not c.in_the_money, Fate.OUT_OF_THE_MONEY, _worse),
    (lambda c: not c.in_the_money, Fate.AT_THE_MARGIN, _met),
    (lambda c: c.aside, Fate.COUNTER_ACTIVATION, _in_vain),
    (lambda c: bool(c.closed_by), Fate.LINK_REJECTED, _shut_out),
    (lambda c: c.in_block, Fate.BLOCK_REJECTED, _block_does_not_fit),
    (lambda c: c.of_unit, Fate.UNIT_LIMITED, _unit_does_not_fit),
    (lambda c: bool(c.rivals), Fate.EXCLUDED_BY_GROUP, _outdone),
    (lambda c: bool(c.earlier), Fate.EARLIER_STEP_OPEN, _too_early),
    (lambda c: len(c.offer.bids) > 1, Fate.GROUP_REJECTED, _group_does_not_fit),
    (lambda _: True, Fate.PARADOXICALLY_REJECTED, _does_not_fit),
)
"""In their order: when a verdict applies, the fate, and the sentence."""
