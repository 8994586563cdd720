"""What is awaited from whom, until when; and what follows where it does not come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.flow import State, Step
from gateway.identifiers import PartyId
from gateway.results import OrderKind
from gateway.session.consequences import CONSEQUENCES, Lateness
from gateway.session.plan import Plan, cast
from gateway.session.state import Answer, Standing, latest
from gateway.session.terms import deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """One message that is awaited.

    ``party`` is None where no party is known to play ``origin``. ``until``: the gate; ``overdue``: it has gone by.
    ``otherwise``: what follows where nothing comes.
    """

    step: int
    origin: str
    party: PartyId | None
    message: str
    until: datetime | None
    optional: bool
    overdue: bool
    otherwise: str


def awaited(plan: Plan, standing: Standing) -> tuple[Awaited, ...]:
    """Return what is awaited now, in the order of the scheme, then the answers to activation orders."""
    states = standing.flow.states
    rows = [
        step
        for step in standing.flow.expected()
        if not plan.ours(step)
        and step.message != "Setpoint"
        and all(states[number] in {State.DONE, State.SKIPPED} for number in step.after)
    ]
    return (*(one for step in rows for one in _of_step(standing, step)), *_answers(plan, standing))


def _of_step(standing: Standing, step: Step) -> Iterator[Awaited]:
    """Yield what is awaited in one row: from each known party that has not sent it, or from its role."""
    came = _came(standing, step)
    known = cast(standing, step.origin)
    missing: list[PartyId | None] = [party.id for party in known if party.id not in came]
    for party in missing or ([None] if not known and not came else []):
        yield Awaited(
            step=step.number,
            origin=str(step.origin),
            party=party,
            message=step.message,
            until=standing.flow.deadlines.get(step.number),
            optional=step.optional,
            overdue=standing.flow.states[step.number] is State.OVERDUE,
            otherwise=CONSEQUENCES[step.message][Lateness.MISSING].consequence,
        )


def _came(standing: Standing, step: Step) -> set[PartyId]:
    """Return who has served *step*; a result is checked anew in every round."""
    if step.repeats is not None:
        return set(standing.checked)
    sent = {done.reference for done in standing.flow.history if done.number == step.number}
    return {envelope.sender.id for envelope in standing.accepted if envelope.id in sent}


def _answers(plan: Plan, standing: Standing) -> Iterator[Awaited]:
    for order in latest(standing.orders):
        if order.answer is Answer.AWAITED:
            yield Awaited(
                step=order.step,
                origin=str(plan.scheme.row("Setpoint").origin),
                party=order.receiver.id,
                message=f"ActivationOrders, {OrderKind.RESPONSE}",
                until=order.due,
                optional=False,
                overdue=False,
                otherwise=standing.opening.terms.silent,
            )


def next_deadline(plan: Plan, standing: Standing) -> datetime | None:
    """Return the next instant at which time alone changes something; None where nothing is left to wait for."""
    flow = standing.flow
    open_rows = [number for number, state in flow.states.items() if state is State.OPEN]
    due = [flow.deadlines[number] for number in open_rows if number in flow.deadlines]
    due += [order.due for order in latest(standing.orders) if order.answer is Answer.AWAITED]
    own = [step for step in plan.scheme.steps if plan.ours(step) and flow.states[step.number] is not State.DONE]
    due += [gate for gate in (deadline(step, standing.opening) for step in own) if gate is not None]
    return min((instant for instant in due if standing.at is None or instant > standing.at), default=None)


def silence(plan: Plan) -> tuple[tuple[Step, str], ...]:
    """Return for each row that a party has to serve what follows where it stays silent."""
    rows = [step for step in plan.scheme.steps if not plan.ours(step)]
    return tuple((step, CONSEQUENCES[step.message][Lateness.MISSING].consequence) for step in rows)
