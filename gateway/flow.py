"""The step engine: who may say what, when, and what follows.

A coordination scheme is a table of `Step` rows, as published: an origin does something and tells
one or several recipients. The engine holds the state of such a table and knows nothing of any
particular scheme, so a gateway, a simulator and a conformance test can all drive it.

Rules
1. Order is stated, not implied: a step may begin when all steps in its ``after`` are done. Steps
   with the same predecessors may happen in any order; steps of several markets run side by side
   and meet where one names the other in ``after``.
2. A step for ``many`` senders stays open until it is closed (its gate) or a step behind it begins. A local market is
   run once by every distribution operator: steps for many in one such market do not end each other, so that one
   operator may be ahead of the next; the first step of another market behind them does.
3. An ``optional`` step is passed over when a step behind it begins or its deadline goes by.
4. A step that ``repeats`` an earlier one reopens it and sends back to waiting what stands behind it.
   The loop is bounded: after ``rounds`` repetitions a further one is out of turn.
5. Deadlines and the clock are arguments. What is mandatory and missing after its deadline is
   overdue: it is reported, and it may still arrive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gateway.errors import InvalidValue, OutOfTurn

CENTRAL = "central"
"""The market of the transmission operator, or the only one."""
LOCAL = "local"
"""A market that every distribution operator runs for its own grid."""


class Phase(StrEnum):
    """The phases of a coordination scheme."""

    PREPARATION = "preparation"
    PROCUREMENT = "procurement"
    ACTIVATION = "activation"
    SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Actor:
    """A role and the party that plays it: ``MO (TSO)``.

    >>> Actor.read("Seller (CMP, transmission)")
    Actor(role='Seller', party='CMP, transmission')
    """

    role: str
    party: str

    def __str__(self) -> str:
        """Return role and party as the published tables write them."""
        return f"{self.role} ({self.party})" if self.party else self.role

    @staticmethod
    def read(text: str) -> Actor:
        """Read an actor as the published tables write it."""
        role, _, party = text.removesuffix(")").partition(" (")
        return Actor(role, party)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of a scheme: *origin* does *action* and tells *recipients* with *message*.

    ``message`` is the name of a canonical message, empty for what stays inside the origin; ``also`` names further ones
    that the row may be told with. ``gate`` names the deadline in `gateway.market.Gates`, ``market`` the market of the
    scheme that the row belongs to. See the module for the other fields.
    """

    number: int
    phase: Phase
    origin: Actor
    action: str
    recipients: tuple[Actor, ...] = ()
    message: str = ""
    also: tuple[str, ...] = ()
    after: tuple[int, ...] = ()
    many: bool = False
    optional: bool = False
    repeats: int | None = None
    rounds: int = 1
    gate: str | None = None
    market: str = CENTRAL


class State(StrEnum):
    """Where one step stands."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    OVERDUE = "overdue"


_FINISHED = frozenset({State.DONE, State.SKIPPED})
_RECEIVING = frozenset({State.OPEN, State.OVERDUE})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A step happened: which, when, in which round, and what it refers to (a document id)."""

    number: int
    at: datetime
    reference: str
    round: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The state of a step table: a value that advances.

    ``deadlines`` maps step numbers to instants. ``history`` lists what happened, in order.
    """

    steps: tuple[Step, ...]
    deadlines: Mapping[int, datetime] = field(default_factory=dict)
    states: Mapping[int, State] = field(default_factory=dict)
    history: tuple[Occurrence, ...] = ()

    @staticmethod
    def begin(steps: Sequence[Step], deadlines: Mapping[int, datetime] | None = None) -> Flow:
        """Return a flow in which nothing has happened.

        Raises `InvalidValue` for repeated numbers and for references to steps that do not stand before.
        """
        _require_order(steps)
        return _opened(Flow(tuple(steps), deadlines or {}, {step.number: State.WAITING for step in steps}))

    def step(self, number: int) -> Step:
        """Return the step with *number*. Raises `OutOfTurn` where the scheme has none."""
        for step in self.steps:
            if step.number == number:
                return step
        raise OutOfTurn("flow", f"a step of the scheme (1 to {len(self.steps)})", str(number))

    def expected(self) -> tuple[Step, ...]:
        """Return the steps that may happen now, in the order of the table."""
        return tuple(step for step in self.steps if self.may_begin(step))

    def overdue(self) -> tuple[Step, ...]:
        """Return the mandatory steps whose deadline went by without them."""
        return tuple(step for step in self.steps if self.states[step.number] is State.OVERDUE)

    def round(self, number: int) -> int:
        """Return how often step *number* has happened."""
        return sum(done.number == number for done in self.history)

    @property
    def finished(self) -> bool:
        """Whether every step is done or passed over."""
        return all(state in _FINISHED for state in self.states.values())

    def find(self, origin_role: str, message: str, party: str | None = None) -> Step:
        """Return the expected step in which *origin_role*, played by *party* where that is told, sends *message*.

        Raises `OutOfTurn`, naming what is expected instead.
        """
        for step in self.expected():
            carried = message in (step.message, *step.also)
            if carried and step.origin.role == origin_role and party in (None, step.origin.party):
                return step
        sender = origin_role if party is None else str(Actor(origin_role, party))
        raise OutOfTurn("flow", self._wanted(), f"{sender}: {message}", "A59")

    def advance(self, number: int, at: datetime, reference: str = "") -> Flow:
        """Let step *number* happen at *at*.

        Raises `OutOfTurn` where it may not happen now or its loop has used up its rounds.
        """
        step = self.step(number)
        if not self.may_begin(step):
            raise OutOfTurn("flow", self._wanted(), f"step {number}: {step.origin} {step.action}", "A59")
        occurrence = Occurrence(number, at, reference, self.round(number) + 1)
        states = {**self.states, **self._settled_before(step), number: State.OPEN if step.many else State.DONE}
        if step.repeats is not None:
            states |= self._reopened(step, step.repeats)
        return _opened(replace(self, states=states, history=(*self.history, occurrence)))

    def close(self, number: int) -> Flow:
        """End a step that is open for many senders, or pass over one that nobody sent.

        Raises `OutOfTurn` where a mandatory step has not happened at all.
        """
        step = self.step(number)
        if self.states[number] in _FINISHED:
            return self
        if not self.round(number) and not step.optional:
            raise OutOfTurn("flow", f"step {number}: {step.origin} {step.action}", "nothing", "A59")
        state = State.DONE if self.round(number) else State.SKIPPED
        return _opened(replace(self, states={**self.states, number: state}))

    def tick(self, now: datetime) -> Flow:
        """Apply the deadlines that have gone by at *now*: close, pass over, or mark overdue."""
        flow = self
        for step in self.steps:
            deadline = flow.deadlines.get(step.number)
            if deadline is not None and now >= deadline and flow.states[step.number] is State.OPEN:
                flow = flow._expired(step)
        return flow

    def _expired(self, step: Step) -> Flow:
        if self.round(step.number) or step.optional:
            return self.close(step.number)
        return replace(self, states={**self.states, step.number: State.OVERDUE})

    def may_begin(self, step: Step) -> bool:
        """Whether *step* may happen now."""
        state = self.states[step.number]
        return state in _RECEIVING or (state is State.WAITING and all(map(self._passable, step.after)))

    def _passable(self, number: int) -> bool:
        """Whether a step behind *number* may begin: it is done, or open and may be ended or passed over."""
        step, state = self.step(number), self.states[number]
        if state in _FINISHED:
            return True
        may_end = step.optional or (step.many and self.round(number) > 0)
        return may_end and (state in _RECEIVING or all(map(self._passable, step.after)))

    def _settled_before(self, step: Step) -> dict[int, State]:
        """Return the states of the steps that end because *step* begins: those before it, however far."""
        ending = [earlier for earlier in self._before(step) if not _side_by_side(earlier, step)]
        unfinished = (earlier.number for earlier in ending if self.states[earlier.number] not in _FINISHED)
        return {number: State.DONE if self.round(number) else State.SKIPPED for number in unfinished}

    def _before(self, step: Step) -> tuple[Step, ...]:
        """Return all steps that stand before *step*."""
        before = set(step.after)
        for earlier in reversed(self.steps):
            if earlier.number in before:
                before.update(earlier.after)
        return tuple(earlier for earlier in self.steps if earlier.number in before)

    def _reopened(self, step: Step, target: int) -> dict[int, State]:
        """Return the states after *step* sends the flow back to *target*.

        Raises `OutOfTurn` where the loop has used up its rounds.
        """
        if self.round(target) > step.rounds:
            raise OutOfTurn("flow", f"at most {step.rounds} repetitions of step {target}", "a further one", "A59")
        behind = {target}
        for later in self.steps:
            if behind.intersection(later.after):
                behind.add(later.number)
        waiting = dict.fromkeys(behind, State.WAITING)
        return {**waiting, target: State.OPEN, step.number: State.OPEN if step.many else State.WAITING}

    def _wanted(self) -> str:
        return " or ".join(f"step {s.number}: {s.origin} {s.action}" for s in self.expected()) or "nothing more"


def _side_by_side(earlier: Step, later: Step) -> bool:
    """Whether both are steps for many of one local market, so that the later one does not end the earlier one."""
    return earlier.many and later.many and earlier.market == later.market == LOCAL


def _opened(flow: Flow) -> Flow:
    """Open the waiting steps that may now begin."""
    ready = {
        step.number: State.OPEN
        for step in flow.steps
        if flow.states[step.number] is State.WAITING and flow.may_begin(step)
    }
    return replace(flow, states={**flow.states, **ready}) if ready else flow


def _require_order(steps: Sequence[Step]) -> None:
    seen: set[int] = set()
    for step in steps:
        if step.number in seen:
            raise InvalidValue("Step.number", "each number once", str(step.number))
        earlier = {*step.after, *([] if step.repeats is None else [step.repeats])}
        if not earlier <= seen:
            raise InvalidValue(f"Step {step.number}.after", "steps that stand before it", str(sorted(earlier - seen)))
        seen.add(step.number)
