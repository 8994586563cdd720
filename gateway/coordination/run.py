"""A coordination scheme from its first clearing to its last."""

from __future__ import annotations

from decimal import Decimal

from gateway.coordination.course import Course
from gateway.coordination.outcome import Outcome
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.coordination.violations import violations
from gateway.model import ZERO
from gateway.schemes import Scheme


def run(scheme: Scheme, system: CoordinatedSystem, switches: Switches | None = None) -> Outcome:
    """Run *scheme* on *system*.

    Raises `gateway.errors.InvalidValue` for bids with conditions that a nodal clearing does not hold and for a missing
    schedule where the scheme keeps one, and `gateway.errors.Unsolved` where a solver gives no proven answer.
    """
    course = Course(scheme=scheme, system=system, switches=switches or Switches())
    for clearing in scheme.clearings:
        course = course.after(clearing)
    return _outcome(course)


def _outcome(course: Course) -> Outcome:
    system = course.system
    every = (*system.market.bids, *system.trades)
    accepted = {bid.id: course.accepted_mw.get(bid.id, ZERO) for bid in every}
    costs = (bid.direction.sign * (bid.price or ZERO) * accepted[bid.id] for bid in every)
    cost: Decimal = sum(costs, ZERO)
    whole = system.with_trades()
    return Outcome(
        scheme=course.scheme.name,
        cost=cost,
        accepted_mw=accepted,
        prices=course.prices,
        exports_mw=course.exports_mw,
        missing_mw=course.missing_mw,
        deviations_mw=course.deviations_mw,
        violations_before=violations(whole, {}),
        violations=violations(whole, accepted),
        decisions=course.decisions,
        purchases=course.purchases,
    )
