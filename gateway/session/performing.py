"""The steps that are taken here: when each is ripe, and what it does.

A step of ours is ripe when every step before it is finished. Where one is overdue, it is ripe at its own gate: what is
missing then counts as the table of consequences says (`gateway.session.consequences`), and this is noted. A repeated
clearing is ripe when every distribution operator has answered the last result, or the time for that is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from gateway.answers import Answers
from gateway.envelope import Envelope, Message
from gateway.flow import CENTRAL, LOCAL, State, Step
from gateway.identifiers import AreaId, PartyId
from gateway.measurements import Readings
from gateway.model import BidSet, Party, Role
from gateway.procurement import with_fallback
from gateway.results import Allocation, Award, ClearingResult
from gateway.schemes import CentralClearing, Disaggregation, JointClearing, LocalClearing
from gateway.session import settling
from gateway.session.clearings import remaining
from gateway.session.consequences import CONSEQUENCES, Consequence, Lateness
from gateway.session.ordering import answers, letter, send
from gateway.session.plan import Plan, cast, distributors, scene, situation
from gateway.session.state import Cleared, Purpose, Standing, accepted, latest
from gateway.session.terms import deadline

_FINISHED = frozenset({State.DONE, State.SKIPPED})


def ripe(plan: Plan, standing: Standing) -> Step | None:
    """Return the first step of ours that may and should happen now."""
    return next((step for step in plan.scheme.steps if plan.ours(step) and _is_ripe(plan, standing, step)), None)


def _is_ripe(plan: Plan, standing: Standing, step: Step) -> bool:
    flow = standing.flow
    if flow.states[step.number] in _FINISHED:
        return False
    before = [flow.states[number] for number in step.after]
    if not all(state in _FINISHED or state is State.OVERDUE for state in before):
        return False
    check = plan.checked_by(step.number)
    if check is not None and flow.round(step.number):
        return everyone_answered(plan, standing, check) or standing.now >= flow.deadlines[check.number]
    due = deadline(step, standing.opening)
    return State.OVERDUE not in before or due is None or standing.now >= due


def everyone_answered(plan: Plan, standing: Standing, check: Step) -> bool:
    """Whether each operator that is known to check has answered the last result."""
    checking = {party.id for party in cast(standing, check.origin)}
    return bool(plan.scheme.post_check and checking) and checking <= set(standing.checked)


def perform(plan: Plan, standing: Standing, step: Step) -> Standing:
    """Return the standing after *step*, which is ripe, was taken."""
    overdue = [number for number in step.after if standing.flow.states[number] is State.OVERDUE]
    standing = standing.noted(*(_missing(standing, number) for number in overdue)).waived(overdue)
    standing = _PERFORMED[step.message](plan, standing, step)
    standing = standing.happened(step.number)
    return replace(standing, flow=standing.flow.close(step.number))


def passed_over(plan: Plan, standing: Standing) -> Standing:
    """Return the standing in which an overdue step holds up nobody but peers, who need not wait for it."""
    held = {number for step in plan.scheme.steps if plan.ours(step) for number in step.after}
    late = [step.number for step in standing.flow.overdue() if step.number not in held]
    return standing.noted(*(_missing(standing, number) for number in late)).waived(late)


def _missing(standing: Standing, number: int) -> str:
    step = standing.flow.step(number)
    row = CONSEQUENCES[step.message][Lateness.MISSING] if step.message in CONSEQUENCES else None
    what = row.consequence if row else Consequence.STANDS
    return f"step {number}: nothing came from {step.origin} ({step.action}); {what}"


# ---- clearing


def _clear(plan: Plan, standing: Standing, step: Step) -> Standing:
    """Clear, and tell the result to whom the row says."""
    given = situation(plan, standing)
    revision = standing.flow.round(step.number) + 1
    result = replace(plan.clearings[step.number](given), revision=revision)
    words = (*with_fallback(given.market, given.book)[1], *result.notes)
    done = Cleared(step=step.number, purpose=Purpose.STEP, at=standing.now, result=result)
    standing = replace(standing, cleared=(*standing.cleared, done), checked=()).noted(*words)
    check = plan.checked_by(step.number)
    if check is not None:
        due = standing.now + standing.opening.terms.check
        gate = deadline(check, standing.opening)
        deadlines = {**standing.flow.deadlines, check.number: due if gate is None else min(due, gate)}
        standing = replace(standing, flow=replace(standing.flow, deadlines=deadlines))
    for operator, part in _by_operator(plan, standing, step.market, result):
        standing = standing.telling(_told(standing, step, part, answers(standing, operator)))
    return standing


def _told(standing: Standing, step: Step, result: ClearingResult, writer: Answers) -> Iterator[Envelope[Message]]:
    """Yield what each recipient of *step* is told of *result*."""
    for role in dict.fromkeys(recipient.role for recipient in step.recipients):
        if role == "Buyer":
            yield from writer.to_buyers(result)
        elif role == "Seller":
            yield from writer.to_sellers(result)
        else:
            yield from _to_distributors(standing, result, writer)


def _to_distributors(standing: Standing, result: ClearingResult, writer: Answers) -> Iterator[Envelope[Message]]:
    """Yield to each distribution operator the awards in the areas that it operates; in all where none is known."""
    operator = writer.market.operator
    for name in sorted(distributors(standing)):
        areas = _operated(standing, name)
        awards = tuple(award for award in accepted(result.awards) if not areas or award.area in areas)
        receiver = Party(name, Role.DISTRIBUTION_SYSTEM_OPERATOR)
        message = Allocation(awards=awards, revision=result.revision)
        yield letter(standing, "check", receiver, message, operator)


def _operated(standing: Standing, operator: object) -> frozenset[AreaId]:
    return frozenset(area.id for area in standing.opening.market.areas if area.operator == operator)


# ---- several markets


def _by_operator(
    plan: Plan, standing: Standing, market: str, result: ClearingResult
) -> Iterator[tuple[Party | None, ClearingResult]]:
    """Yield who runs *market*, and its part of *result*: every distribution operator its own, else all of it."""
    if market == CENTRAL:
        yield None, result
        return
    for area_operator in sorted({area.operator for area in standing.opening.market.areas if area.operator}):
        areas = _operated(standing, area_operator)
        if area_operator in distributors(standing) and areas & scene(plan, standing).local_areas:
            yield Party(area_operator, Role.MARKET_OPERATOR), restricted(result, areas)


def restricted(result: ClearingResult, areas: Iterable[AreaId]) -> ClearingResult:
    """Return the part of *result* that concerns *areas*."""
    inside = frozenset(areas)
    return replace(
        result,
        awards=tuple(award for award in result.awards if award.area in inside),
        needs=tuple(need for need in result.needs if need.area in inside),
        prices=tuple(price for price in result.prices if price.area in inside),
        flows=(),
    )


_DECIDING: Mapping[str, tuple[type, ...]] = {
    CENTRAL: (JointClearing, CentralClearing),
    LOCAL: (LocalClearing, Disaggregation),
}


def decided(plan: Plan, standing: Standing, market: str) -> ClearingResult | None:
    """Return what was decided for the bids of *market*, the awards of one bid added up; None where nothing was."""
    results = standing.results()
    kinds = _DECIDING[market]
    found = [results[r.step] for r in plan.scheme.clearings if isinstance(r, kinds) and r.step in results]
    if not found:
        return None
    local = scene(plan, standing).local_areas
    awards = [a for result in found for a in result.awards if (a.area in local) == (market == LOCAL)]
    return replace(
        found[-1],
        awards=tuple(_added_up(awards)),
        needs=tuple(need for result in found for need in result.needs),
        prices=tuple(price for result in found for price in result.prices),
    )


def _added_up(awards: Iterable[Award]) -> Iterator[Award]:
    by_bid: dict[str, list[Award]] = {}
    for award in awards:
        by_bid.setdefault(award.bid_id, []).append(award)
    for same in by_bid.values():
        quantity = sum((award.quantity_mw for award in same), Decimal(0))
        leading = max(same, key=lambda award: award.quantity_mw)
        yield replace(leading, quantity_mw=quantity)


# ---- offers, orders, measurements


def _hand_up(plan: Plan, standing: Standing, step: Step) -> Standing:
    """Offer to the market above what the local market left, each bid under its own name."""
    given = situation(plan, standing)
    left = remaining(given.book, given.firm)
    operator = standing.opening.market.operator
    for name in sorted(distributors(standing)):
        bids = tuple(bid for bid in left.bids if bid.area in _operated(standing, name))
        sender = Party(name, Role.MARKET_OPERATOR)
        standing = standing.telling([letter(standing, "offers", operator, BidSet(bids=bids), sender)])
    del step
    return standing


def _order(plan: Plan, standing: Standing, step: Step) -> Standing:
    """Send results, activation orders and prices of one market."""
    result = decided(plan, standing, step.market)
    if result is None:
        return standing.noted(f"step {step.number}: nothing was decided, nobody is ordered")
    if standing.now >= standing.opening.interval.end:
        return standing.noted(f"step {step.number}: the period is over, nobody is ordered")
    for operator, part in _by_operator(plan, standing, step.market, result):
        writer = answers(standing, operator)
        standing = standing.telling(_told(standing, step, part, writer))
        standing = send(standing, part, step.number, operator=operator)
        if part.prices:
            standing = standing.telling([writer.prices(part)])
    return standing


def _forward(plan: Plan, standing: Standing, step: Step) -> Standing:
    """Pass on the measurements that came in: all of them, to each recipient of the row."""
    del plan
    came = [envelope.message for envelope in standing.accepted if isinstance(envelope.message, Readings)]
    series = tuple(one for message in came for one in message.series)
    if not series:
        return standing.noted(f"step {step.number}: no measurements to pass on")
    message = Readings(series=series, final=all(one.final for one in came))
    receivers = {party for actor in step.recipients for party in cast(standing, actor)}
    letters = (letter(standing, f"readings {step.market}", party, message) for party in sorted(receivers))
    return standing.telling(letters)


def _correct(plan: Plan, standing: Standing, step: Step) -> Standing:
    result = activated(plan, standing, step.market)
    return standing if result is None else settling.corrected(standing, step, result)


def _settle(plan: Plan, standing: Standing, step: Step) -> Standing:
    result = activated(plan, standing, step.market)
    for operator, part in () if result is None else _by_operator(plan, standing, step.market, result):
        standing = settling.settled(standing, step, part, operator)
    if any(actor.role.startswith("MO") for actor in step.recipients):
        standing = settling.interfaces(standing, step, _handed_up(plan, standing))
    return standing


def _handed_up(plan: Plan, standing: Standing) -> Mapping[PartyId, tuple[Award, ...]]:
    """Return what the central market accepted of the offers of each distribution operator."""
    results, areas = standing.results(), scene(plan, standing).local_areas
    central = [rule.step for rule in plan.scheme.clearings if isinstance(rule, CentralClearing)]
    awards = [award for step in central if step in results for award in results[step].awards if award.area in areas]
    return {
        name: tuple(award for award in awards if award.area in _operated(standing, name))
        for name in sorted(distributors(standing))
    }


def activated(plan: Plan, standing: Standing, market: str) -> ClearingResult | None:
    """Return what was decided for *market* together with its direct activations and replacements."""
    result = decided(plan, standing, market)
    more = [each for each in standing.besides() if standing.flow.step(each.step).market == market]
    if result is None:
        return None
    return replace(
        result,
        awards=(
            *standing.delivered(result.awards, direct=False),
            *chain.from_iterable(_besides(standing, each) for each in more),
        ),
        needs=(*result.needs, *chain.from_iterable(each.result.needs for each in more)),
    )


def _besides(standing: Standing, done: Cleared) -> tuple[Award, ...]:
    """Return the awards of a direct activation, which last as long as they were ordered, or of a replacement."""
    direct = done.purpose is Purpose.DIRECT
    awards = standing.delivered(done.result.awards, direct=direct)
    lines = {line.bid_id: line for order in latest(standing.orders) if order.direct for line in order.standing}
    if not direct:
        return awards
    return tuple(replace(a, interval=lines[a.bid_id].interval) for a in awards if a.bid_id in lines)


def again(plan: Plan, standing: Standing) -> Standing:
    """Return the standing after the settlement was made again for measurements that came late."""
    for step in plan.scheme.steps:
        if step.message in _REPEATED and plan.ours(step) and standing.flow.states[step.number] in _FINISHED:
            standing = _PERFORMED[step.message](plan, standing, step)
    return standing


_REPEATED = ("Readings", "PerimeterCorrection", "Settlement")


def _within(plan: Plan, standing: Standing, step: Step) -> Standing:
    """Let a step happen that stays inside its origin."""
    del plan, step
    return standing


_PERFORMED: Mapping[str, Callable[[Plan, Standing, Step], Standing]] = {
    "": _within,
    "Allocation": _clear,
    "BidSet": _hand_up,
    "ActivationOrders": _order,
    "Readings": _forward,
    "PerimeterCorrection": _correct,
    "Settlement": _settle,
}
"""What a step of ours does, by its message."""
