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
            if price > self._least and self.at in self.problem.limits[row].coefficients
        ]

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
    earns = f"Accepted in full; the price here is {case.money(case.seen)}."
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
    if case.in_the_money:
        return f"{share}: no larger amount that it allows fits."
    return f"{share}: its price {case.money(case.offer.price)} is the price here."


def _worse(case: Case) -> str:
    return f"Its price {case.money(case.offer.price)} is worse than the clearing price {case.money(case.area_price)}."


def _limited(case: Case) -> str:
    rows = ", ".join(
        f"{case.problem.limits[row].limit.id} (shadow price {case.money(case.cleared.prices.shadow[row])})"
        for row in case.limits
    )
    move = f"from {case.money(case.area_price)} to {case.money(case.seen)}"
    return (
        f"Accepted with {case.mw(case.accepted)} MW and no more: {rows} binds and moves the price that it sees {move}."
    )


def _met(case: Case) -> str:
    return f"Its price equals the clearing price {case.money(case.area_price)}; the need was already met."


def _forgone(case: Case) -> str:
    surplus = float(case.problem.offer_sign[case.at] * (case.seen - case.offer.price)) * float(case.problem.scale.price)
    hourly = surplus * float(case.mw(case.offer.quantity))
    return f"At {case.money(case.seen)} it would have earned {hourly:.2f} {case.currency} per hour"


def _outdone(case: Case) -> str:
    return f"{', '.join(case.rivals)} of its exclusive group was accepted. {_forgone(case)}."


def _too_early(case: Case) -> str:
    return f"The cheaper step {', '.join(case.earlier)} of its multipart bid is not full. {_forgone(case)}."


def _group_does_not_fit(case: Case) -> str:
    return f"Its inclusive group {case.offer.id} cannot be divided to fit. {_forgone(case)} as a whole."


def _does_not_fit(case: Case) -> str:
    return f"{_forgone(case)}, but it cannot be divided to fit without another accepted bid losing."


VERDICTS: tuple[tuple[Callable[[Case], bool], Fate, Callable[[Case], str]], ...] = (
    (lambda c: c.accepted == c.offer.offered, Fate.ACCEPTED, _in_full),
    (lambda c: c.accepted == c.offer.quantity, Fate.LIMITED, _capped),
    (lambda c: bool(c.limits) and c.area_surplus > 0 and not c.in_the_money, Fate.LIMITED, _limited),
    (lambda c: c.accepted > 0, Fate.PARTLY_ACCEPTED, _in_part),
    (lambda c: c.area_surplus < 0 and not c.in_the_money, Fate.OUT_OF_THE_MONEY, _worse),
    (lambda c: not c.in_the_money, Fate.AT_THE_MARGIN, _met),
    (lambda c: bool(c.rivals), Fate.EXCLUDED_BY_GROUP, _outdone),
    (lambda c: bool(c.earlier), Fate.EARLIER_STEP_OPEN, _too_early),
    (lambda c: len(c.offer.bids) > 1, Fate.GROUP_REJECTED, _group_does_not_fit),
    (lambda _: True, Fate.PARADOXICALLY_REJECTED, _does_not_fit),
)
"""In their order: when a verdict applies, the fate, and the sentence."""
