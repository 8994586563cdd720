"""One market period from opening to settlement: a value that advances by messages and by time.

The session holds no clock: ``now`` is an argument, and every answer is a value to be sent. Deadlines that have gone
by are applied before anything else, so a message is as late as it is whether or not somebody looked at the clock
before. A peer's message never raises: a refusal is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway import schemes
from gateway.canonical_json import write
from gateway.clearing.engine import ARRAYS, Engine
from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue, Malformed
from gateway.flow import Flow, State
from gateway.market import MarketDefinition
from gateway.measurements import Readings
from gateway.model import Party
from gateway.results import ServedNeed
from gateway.schemes import Scheme
from gateway.session.activation import silent
from gateway.session.awaiting import Awaited, awaited, next_deadline
from gateway.session.clearings import Clearing, by_documents
from gateway.session.journal import Entry, Journal
from gateway.session.performing import again, everyone_answered, passed_over, perform, ripe
from gateway.session.plan import Plan
from gateway.session.reception import digest_of, receive
from gateway.session.state import Standing
from gateway.session.terms import Opening, Terms, deadline
from gateway.time import Interval

Sent = tuple[Envelope[Message], ...]
"""Messages of our own, in the order in which they are to be sent."""


@dataclass(frozen=True, slots=True)
class Session:
    """The session of one period: what drives it, where it stands, and all its inputs."""

    plan: Plan
    standing: Standing
    journal: Journal

    @staticmethod
    def begin(  # noqa: PLR0913 - what a session is opened with
        scheme: Scheme,
        market: MarketDefinition,
        interval: Interval,
        *,
        members: Iterable[Party] = (),
        terms: Terms | None = None,
        clearings: Mapping[int, Clearing] | None = None,
        engine: Engine = ARRAYS,
    ) -> Session:
        """Open a session of *scheme* for *interval*, in which nothing has happened.

        *members* are the parties known to take part. *clearings* decide the volumes of the steps that they name;
        default are those by documents (`gateway.session.clearings`).
        """
        opening = Opening(
            scheme=scheme.name, market=market, interval=interval, members=tuple(members), terms=terms or Terms()
        )
        plan = Plan(scheme, by_documents(scheme) if clearings is None else clearings, engine)
        return _opened(plan, opening)

    def receive(self, envelope: Envelope[Message], now: datetime) -> tuple[Session, Sent]:
        """Return the session after *envelope* came at *now*, and what is to be sent.

        Raises `InvalidValue` where *now* lies before an earlier input.
        """
        return self._entered(Entry(at=now, digest=digest_of(envelope), envelope=envelope))

    def tick(self, now: datetime) -> tuple[Session, Sent]:
        """Return the session at *now*, its deadlines applied, and what is to be sent.

        Raises `InvalidValue` where *now* lies before an earlier input.
        """
        return self._entered(Entry(at=now))

    def awaited(self) -> tuple[Awaited, ...]:
        """Return what is awaited from whom."""
        return awaited(self.plan, self.standing)

    def next_deadline(self) -> datetime | None:
        """Return the next instant at which time alone changes something."""
        return next_deadline(self.plan, self.standing)

    @property
    def finished(self) -> bool:
        """Whether every step is done or passed over."""
        return self.standing.flow.finished

    @property
    def unserved(self) -> tuple[ServedNeed, ...]:
        """The needs that are not met in full."""
        return self.standing.unserved()

    def written(self) -> bytes:
        """Return the canonical bytes of where the session stands: equal exactly for equal sessions."""
        return write(self.standing).encode()

    def _entered(self, entry: Entry) -> tuple[Session, Sent]:
        last = self.standing.at
        if last is not None and entry.at < last:
            raise InvalidValue("now", f"an instant from {last} on", str(entry.at))
        standing = _advanced(self.plan, replace(self.standing, at=entry.at))
        if entry.envelope is not None:
            before = len(standing.accepted)
            standing = receive(self.plan, standing, entry.envelope, entry.digest or digest_of(entry.envelope))
            standing = _advanced(self.plan, standing)
            if len(standing.accepted) > before and isinstance(entry.envelope.message, Readings):
                standing = again(self.plan, standing)
        journal = replace(self.journal, entries=(*self.journal.entries, entry))
        return Session(self.plan, standing, journal), standing.sent[len(self.standing.sent) :]


def replay(journal: Journal, plan: Plan | None = None) -> Session:
    """Return the session that *journal* tells of.

    *plan* is that of the session; default is its scheme with the clearings by documents. Raises `InvalidValue` for
    entries out of order, `Malformed` for a message that is not the one whose digest was kept, and
    `gateway.errors.Misconfigured` for an unknown scheme.
    """
    if plan is None:
        scheme = schemes.named(journal.opening.scheme)
        plan = Plan(scheme, by_documents(scheme))
    session = _opened(plan, journal.opening)
    for number, entry in enumerate(journal.entries):
        if entry.envelope is not None and entry.digest != digest_of(entry.envelope):
            raise Malformed(f"$.entries[{number}].digest", digest_of(entry.envelope), str(entry.digest))
        session, _ = session._entered(entry)  # noqa: SLF001 - its own module
    return session


def _opened(plan: Plan, opening: Opening) -> Session:
    due = {step.number: deadline(step, opening) for step in plan.scheme.steps if not plan.ours(step)}
    gates = {number: instant for number, instant in due.items() if instant is not None}
    flow = Flow.begin(plan.scheme.steps, gates)
    return Session(plan, Standing(opening=opening, flow=flow), Journal(opening=opening))


def _advanced(plan: Plan, standing: Standing) -> Standing:
    """Take every step of ours that is ripe, and let deadlines go by, until nothing changes any more."""
    while True:
        standing = silent(plan, standing)
        step = ripe(plan, standing)
        if step is not None:
            standing = perform(plan, standing, step)
            continue
        before = standing
        standing = _checked(plan, standing)
        standing = passed_over(plan, replace(standing, flow=standing.flow.tick(standing.now)))
        if standing.flow.states == before.flow.states:
            return standing


def _checked(plan: Plan, standing: Standing) -> Standing:
    """Close a check to which every operator answered that nothing is blocked."""
    for step in plan.scheme.steps:
        waiting = standing.flow.states[step.number] is State.OPEN and step.repeats is not None
        if waiting and everyone_answered(plan, standing, step):
            return standing.waived([step.number])
    return standing
