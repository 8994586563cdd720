"""What providers answer to activation orders, and what stands in for what they refuse.

Rules (IEC 62325-451-7, implementation guides of the Nordic and European mFRR platforms)
1. A provider answers each order within `Terms.response`, naming order and revision (A51), each ordered bid with its
   quantity (A42), and for a bid that it cannot deliver the reason B59 or 999 (A69).
2. What it refuses is replaced as `Terms.refused` says, each bid at most once, so that the search ends; what nothing
   replaces stays unserved and is reported. An order without answer is treated as `Terms.silent` says.
3. A late answer is taken and told as late (A57): the provider stays accountable. Where its power was replaced, it is
   refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gateway.clearing import clear
from gateway.envelope import Envelope, Message
from gateway.errors import OutOfTurn
from gateway.identifiers import AreaId
from gateway.model import ZERO, Direction, Need
from gateway.order_book import OrderBook
from gateway.results import ActivationOrder, ActivationOrders, OrderKind, OrderStatus, Reason
from gateway.session.clearings import market_given, remaining
from gateway.session.direct import direct
from gateway.session.ordering import send, unserved
from gateway.session.plan import Plan, situation
from gateway.session.state import Answer, Cleared, Ordered, Purpose, Standing, latest, refusals
from gateway.session.terms import Fallback

_CANNOT = frozenset({"B59", "999"})


# ---- answers of providers


def answered(plan: Plan, standing: Standing, envelope: Envelope[Message]) -> tuple[Standing, tuple[Reason, ...]]:
    """Return the standing after a provider's answer, and the reasons that its receipt tells.

    Raises `OutOfTurn` for an answer that does not fit its order.
    """
    message = envelope.message
    if not isinstance(message, ActivationOrders) or message.kind is not OrderKind.RESPONSE:
        raise OutOfTurn("message type", "an answer to an activation order", "an order", "A77")
    order = _order_of(standing, envelope, message)
    _require_fit(order.message, message)
    late = () if standing.now < order.due else (Reason(code="A57", text=f"answered after {order.due:%H:%M:%SZ}"),)
    refused = refusals(message)
    after = _with_answer(standing, order, Answer.REFUSED if refused else Answer.ACCEPTED, refused)
    if len(refused) < len(message.orders) and order.answer is Answer.AWAITED:
        after = activated(plan, after, envelope.id)
    if refused:
        after = after.noted(f"order {order.message.order_id}: {envelope.sender.id} refused {', '.join(refused)}")
        after = _replaced(plan, after, order, refused, standing.opening.terms.refused)
    return after, late


def _order_of(standing: Standing, envelope: Envelope[Message], message: ActivationOrders) -> Ordered:
    """Return the order that is answered, which must await an answer or have got none in time."""
    named = (envelope.sender.id, message.order_id, message.order_revision)
    for order in latest(standing.orders):
        if (order.receiver.id, order.message.order_id, order.message.order_revision) == named:
            if order.answer in {Answer.ACCEPTED, Answer.REFUSED}:
                raise OutOfTurn("order", "an order without answer", f"it was {order.answer}", "A51")
            if order.refused:
                raise OutOfTurn("order", f"an answer before {order.due:%H:%M:%SZ}", "its power was replaced", "A57")
            return order
    raise OutOfTurn("order_MarketDocument", "the last order sent to this provider", f"{named[1]} {named[2]}", "A51")


def _require_fit(order: ActivationOrders, answer: ActivationOrders) -> None:
    ordered = {line.bid_id: line.quantity_mw for line in order.orders}
    said = {line.bid_id: line.quantity_mw for line in answer.orders}
    if ordered != said:
        raise OutOfTurn("Series", f"each ordered bid with its quantity: {_listed(ordered)}", _listed(said), "A42")
    for line in answer.orders:
        if line.status is OrderStatus.ORDERED:
            raise OutOfTurn(f"Series {line.bid_id}", "activated or unavailable", line.status, "A77")
        if line.status is OrderStatus.UNAVAILABLE and not _CANNOT & {code for code, _ in line.reasons}:
            raise OutOfTurn(f"Series {line.bid_id}", "the reason B59 or 999", "none of them", "A69")


def _listed(quantities: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{bid_id} {quantity} MW" for bid_id, quantity in sorted(quantities.items())) or "none"


def _with_answer(standing: Standing, order: Ordered, answer: Answer, refused: tuple[str, ...] = ()) -> Standing:
    told = replace(order, answer=answer, refused=refused)
    orders = (told if each is order else each for each in standing.orders)
    return replace(standing, orders=tuple(orders))


def activated(plan: Plan, standing: Standing, reference: str) -> Standing:
    """Return the standing in which providers activate their units: a field message that is seen by its answer."""
    rows = [step for step in plan.scheme.rows("Setpoint") if standing.flow.may_begin(step)]
    return standing.happened(rows[0].number, reference) if rows else standing


def silent(plan: Plan, standing: Standing) -> Standing:
    """Return the standing after the orders whose answer is overdue got what the terms say."""
    policy = standing.opening.terms.silent
    for order in latest(standing.orders):
        if order.answer is not Answer.AWAITED or standing.now < order.due:
            continue
        lines = tuple(line.bid_id for line in order.message.orders)
        accountable = policy is Fallback.ACCOUNTABLE
        standing = _with_answer(standing, order, Answer.SILENT, () if accountable else lines)
        standing = standing.noted(f"order {order.message.order_id}: {order.receiver.id} did not answer; {policy}")
        if accountable:
            standing = activated(plan, standing, order.message.order_id)
        else:
            standing = _replaced(plan, standing, order, lines, policy)
    return standing


# ---- replacement


def _replaced(plan: Plan, standing: Standing, order: Ordered, bid_ids: Sequence[str], policy: Fallback) -> Standing:
    """Return the standing after the power of *bid_ids* was sought elsewhere as *policy* says."""
    missing = [line for line in order.message.orders if line.bid_id in bid_ids and line.quantity_mw]
    if not missing:
        return standing
    sought = policy is not Fallback.UNSERVED and standing.now < standing.opening.interval.end
    if order.direct and sought:
        return direct(plan, standing)
    gaps = tuple(_gaps(standing, missing, len(standing.cleared)))
    left = _left(plan, standing, gaps, policy if sought else Fallback.UNSERVED)
    result = clear(market_given(situation(plan, standing), left), plan.engine)
    done = Cleared(step=order.step, purpose=Purpose.REPLACEMENT, at=standing.now, result=result)
    standing = replace(standing, cleared=(*standing.cleared, done)).noted(*unserved(result))
    return send(standing, result, order.step, f"replacement {len(standing.cleared)}")


def _gaps(standing: Standing, missing: Iterable[ActivationOrder], number: int) -> Iterator[Need]:
    """Yield a need for each area and direction in which power is missing, in the name of a buyer of the period."""
    powers: dict[tuple[AreaId, Direction], Decimal] = {}
    for line in missing:
        powers[line.area, line.direction] = powers.get((line.area, line.direction), ZERO) + line.quantity_mw
    opening = standing.opening
    buyers = {need.direction: need.buyer for need in reversed(standing.book.needs)}
    for (area, direction), power in sorted(powers.items()):
        yield Need(
            id=f"replacement {number} {area} {direction}",
            buyer=buyers.get(direction, opening.market.operator.id),
            area=area,
            direction=direction,
            interval=opening.interval,
            quantity_mw=power,
            currency=opening.market.currency,
            reserve=opening.market.reserve,
        )


def _left(plan: Plan, standing: Standing, gaps: Sequence[Need], policy: Fallback) -> OrderBook:
    """Return the bids, borders and limits that may still serve *gaps*."""
    book = situation(plan, standing).book
    results = (*standing.results().values(), *(each.result for each in standing.besides()))
    flows = [flow for result in results for flow in result.flows]
    book = replace(remaining(book, standing.ordered_mw(), flows), needs=tuple(gaps))
    areas = {gap.area for gap in gaps}
    if policy is Fallback.UNSERVED:
        return replace(book, bids=())
    if policy is Fallback.NEXT_BID:
        return replace(book, bids=tuple(bid for bid in book.bids if bid.area in areas), capacities=())
    return book
