"""Direct activation inside the period, and its end.

Rules (IEC 62325-451-7; implementation guides of the Nordic and European mFRR platforms)
1. Direct activation is a clearing of its own with the bids that are offered for it and left by the scheduled one.
2. All direct needs that stand are cleared together again when one is added, changed or withdrawn. A provider is told
   what changes for it: the next revision of one order, which lists all its bids of direct activation.
3. Deactivation is a line with 0 MW. It follows from a need that is withdrawn (sent again with 0 MW) or lowered.
4. An order lasts as the needs do, which may be longer than the period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.clearing import clear
from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue, OutOfTurn
from gateway.identifiers import PartyId
from gateway.model import ZERO, Activation, Need, Role
from gateway.order_book import OrderBook, in_role
from gateway.procurement import given, with_fallback
from gateway.results import ActivationOrder, ActivationOrders, ClearingResult, OrderKind
from gateway.session.clearings import market_given, remaining
from gateway.session.ordering import answers, letter, named, ordered, unserved
from gateway.session.plan import Plan, playing, situation
from gateway.session.state import Cleared, Ordered, Purpose, Standing, latest
from gateway.time import Interval

Lines = Mapping[str, ActivationOrder]
"""What one provider is ordered, by bid."""


def requested(plan: Plan, standing: Standing, envelope: Envelope[Message]) -> Standing:
    """Return the standing after a need for direct activation, or its change, was served.

    Raises `OutOfTurn` before the scheduled orders are out (A59) and after the period (A57), and for a sender that is no
    system operator (A78).
    """
    if not {"TSO", "DSO"} & set(playing(standing, envelope.sender)):
        raise OutOfTurn("sender role", "a system operator", envelope.sender.role, "A78")
    rows = plan.scheme.rows("ActivationOrders")
    if not all(standing.flow.round(row.number) for row in rows):
        raise OutOfTurn("flow", "direct activation after the scheduled orders", "none are out", "A59")
    end = standing.opening.interval.end
    if standing.now >= end:
        raise OutOfTurn("gate", f"receipt before {end:%H:%M:%SZ}", f"{standing.now:%H:%M:%SZ}", "A57")
    after = replace(standing, accepted=(*standing.accepted, envelope))
    require_consistent(after, replace(after.book, needs=_shifted(after)))
    return direct(plan, after)


def require_consistent(standing: Standing, book: OrderBook) -> None:
    """Refuse orders that no clearing can be given. Raises `OutOfTurn`: they came from a peer."""
    market = standing.opening.market
    try:
        given(market, with_fallback(market, book)[0])
    except InvalidValue as error:
        raise OutOfTurn(error.path, error.expected, error.found, error.code) from error


def _shifted(standing: Standing) -> tuple[Need, ...]:
    """Return the direct needs that stand, as needs of the period: its bids serve them."""
    needs = (need for need in standing.book.needs if need.activation is Activation.DIRECT)
    return tuple(replace(need, interval=standing.opening.interval) for need in needs)


def direct(plan: Plan, standing: Standing) -> Standing:
    """Return the standing after all direct needs that stand were cleared with the bids that are left."""
    needs = [need for need in standing.book.needs if need.activation is Activation.DIRECT]
    result = _cleared(plan, standing)
    step = plan.scheme.row("ActivationOrders").number
    done = Cleared(step=step, purpose=Purpose.DIRECT, at=standing.now, result=result)
    standing = replace(standing, cleared=(*standing.cleared, done)).noted(*unserved(result))
    span = Interval(min(n.interval.start for n in needs), max(n.interval.end for n in needs)) if needs else None
    told = {order.receiver.id: order for order in latest(standing.orders) if order.direct}
    for provider, lines in sorted(_wanted(standing, result, told, span).items()):
        standing = _told(standing, provider, lines, told.get(provider), step)
    return standing


def _cleared(plan: Plan, standing: Standing) -> ClearingResult:
    """Clear the direct needs with what the scheduled orders and their replacements leave."""
    needs = _shifted(standing)
    if not needs:
        return ClearingResult(awards=(), needs=(), prices=(), flows=())
    others = tuple(order for order in standing.orders if not order.direct)
    flows = [flow for result in standing.results().values() for flow in result.flows]
    known = situation(plan, standing)
    book = remaining(known.book, replace(standing, orders=others).ordered_mw(), flows)
    return clear(market_given(known, replace(book, needs=needs)), plan.engine)


def _wanted(
    standing: Standing, result: ClearingResult, told: Mapping[PartyId, Ordered], span: Interval | None
) -> dict[PartyId, Lines]:
    """Return what each provider has to deliver: its part of *result*, and 0 MW of what it was ordered before."""
    wanted: dict[PartyId, dict[str, ActivationOrder]] = {
        provider: {line.bid_id: replace(line, quantity_mw=ZERO) for line in order.standing}
        for provider, order in told.items()
    }
    for envelope in answers(standing).orders(result):
        lines = envelope.message.orders if isinstance(envelope.message, ActivationOrders) else ()
        own = wanted.setdefault(envelope.receiver.id, {})
        own.update({line.bid_id: replace(line, interval=span or line.interval) for line in lines})
    return {provider: lines for provider, lines in wanted.items() if lines}


def _told(standing: Standing, provider: PartyId, lines: Lines, before: Ordered | None, step: int) -> Standing:
    """Send *provider* its order where it says something new."""
    if before is not None and tuple(lines.values()) == before.standing:
        return standing
    roles = {name: party.role for name, party in standing.known.items()}
    receiver = in_role(roles, provider, Role.BALANCING_SERVICE_PROVIDER)
    message = ActivationOrders(
        kind=OrderKind.DIRECT,
        order_id=named(f"{provider} direct order {standing.opening.interval}"),
        order_revision=before.message.order_revision + 1 if before else 1,
        orders=tuple(lines.values()),
    )
    standing = standing.telling([letter(standing, "direct activation", receiver, message)])
    return replace(standing, orders=(*standing.orders, ordered(standing, receiver, message, step)))
