"""What follows when a message comes late or not at all: a table of message and lateness.

A gate is judged by the time of receipt at our boundary, never by the time of creation that a document states
(IEC 62325-451-7 and the implementation guides of the Nordic and European balancing platforms). A late message is
refused with reason A57 ("deadline limit exceeded"), which leaves what was stated before standing, unless taking it
harms nobody (`Consequence`). What is missing counts as nothing, never as a guess: scarcity is a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.flow import Flow, State, Step


class Lateness(StrEnum):
    """When a message comes."""

    EARLY = "before the steps that it follows"
    IN_TIME = "in time"
    OVERDUE = "after its gate, the first of its step, not used yet"
    LATE = "after its gate, not used yet"
    SPENT = "after it was used"
    MISSING = "not at all"


class Consequence(StrEnum):
    """What is done."""

    TAKEN = "it is taken"
    TAKEN_OVERDUE = "it is taken as overdue, and this is reported"
    REFUSED = "it is refused; what was stated before stands"
    CORRECTS = "it is taken for a correction of the settlement"
    ZERO = "0 MW count"
    PREVIOUS = "the previous value stands in: the static capacity of each border, or what was stated before"
    STANDS = "the result stands as it is"
    SCHEDULED = "no exchange counts beyond the schedules of the resources"
    ACTIVATED = "an order without answer counts as the terms of the session say"
    REQUESTED = "the requested energy stands in for the measured one"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the table: the consequence, and the reason code where it is a refusal."""

    consequence: Consequence
    code: str = ""

    @property
    def refused(self) -> bool:
        """Whether the message is refused."""
        return self.consequence is Consequence.REFUSED


_EARLY, _LATE = Row(Consequence.REFUSED, "A59"), Row(Consequence.REFUSED, "A57")
_OVERDUE, _CORRECTS = Row(Consequence.TAKEN_OVERDUE), Row(Consequence.CORRECTS)

# fmt: off
CONSEQUENCES: Mapping[str, Mapping[Lateness, Row]] = {
    message: dict(zip(Lateness, (_EARLY, Row(Consequence.TAKEN), overdue, late, spent, Row(missing)), strict=True))
    for message, overdue, late, spent, missing in (
        # message              overdue    late       spent      missing
        ("ReserveNeed",        _OVERDUE,  _LATE,     _LATE,     Consequence.ZERO),
        ("BidSet",             _LATE,     _LATE,     _LATE,     Consequence.ZERO),
        ("GridConstraints",    _OVERDUE,  _LATE,     _LATE,     Consequence.PREVIOUS),
        ("OperatingEnvelopes", _OVERDUE,  _LATE,     _LATE,     Consequence.PREVIOUS),
        ("ExchangeSchedules",  _OVERDUE,  _LATE,     _LATE,     Consequence.SCHEDULED),
        ("Blocking",           _LATE,     _LATE,     _LATE,     Consequence.STANDS),
        ("Setpoint",           _OVERDUE,  _OVERDUE,  _OVERDUE,  Consequence.ACTIVATED),
        ("Readings",           _OVERDUE,  _CORRECTS, _CORRECTS, Consequence.REQUESTED),
    )
}
# fmt: on
"""By name of the message, then by lateness. An answer to an activation order has the row of ``Setpoint``."""


def lateness(step: Step, flow: Flow) -> Lateness:
    """Return when a message of *step* comes; the deadlines that have gone by are already applied to *flow*."""
    state = flow.states[step.number]
    if state is State.OVERDUE:
        return Lateness.OVERDUE
    if flow.may_begin(step):
        return Lateness.IN_TIME
    if state is State.WAITING:
        return Lateness.EARLY
    used = any(step.number in later.after and flow.round(later.number) for later in flow.steps)
    return Lateness.SPENT if used else Lateness.LATE
