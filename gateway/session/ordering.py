"""Messages of our own, and the activation orders among them.

The identifier of a message is a name-based UUID of who says what to whom about which period (RFC 9562, version 5), so
that the same session writes the same bytes; what is said again with other content is the next revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid5

from gateway.answers import NAME_SPACE, Answers
from gateway.envelope import Envelope, Message
from gateway.model import Party
from gateway.results import ActivationOrders, ClearingResult
from gateway.session.state import Ordered, Standing


def answers(standing: Standing, operator: Party | None = None) -> Answers:
    """Return the writer of the answers of *operator*, or of the operator of the market."""
    roles = {name: party.role for name, party in standing.known.items()}
    market = standing.opening.market
    return Answers(replace(market, operator=operator or market.operator), roles, standing.now)


def letter(
    standing: Standing, kind: str, receiver: Party, message: Message, operator: Party | None = None
) -> Envelope[Message]:
    """Return *message* of *kind* from *operator*, or from the operator of the market, to *receiver*."""
    market, period = standing.opening.market, standing.opening.interval
    sender = operator or market.operator
    return Envelope(
        id=named(f"{sender.id} {receiver.id} {kind} {period}"),
        sender=sender,
        receiver=receiver,
        created=standing.now,
        message=message,
        reserve=market.reserve,
        period=period,
        domain=market.domain,
    )


def named(name: str) -> str:
    """Return the identifier that *name* stands for."""
    return str(uuid5(NAME_SPACE, name))


def ordered(standing: Standing, receiver: Party, message: ActivationOrders, step: int) -> Ordered:
    """Return the record of an order that goes out now."""
    return Ordered(receiver=receiver, step=step, message=message, due=standing.now + standing.opening.terms.response)


def send(
    standing: Standing,
    result: ClearingResult,
    step: int,
    label: str = "",
    operator: Party | None = None,
) -> Standing:
    """Return the standing after the accepted bids of *result* were ordered.

    *label* tells later orders from the first ones, which have none.
    """
    for envelope in answers(standing, operator).orders(result):
        message = envelope.message
        if isinstance(message, ActivationOrders):
            sent = replace(message, order_id=_labelled(message.order_id, label))
            order = ordered(standing, envelope.receiver, sent, step)
            told = replace(envelope, id=_labelled(envelope.id, label), message=sent)
            standing = replace(standing.telling([told]), orders=(*standing.orders, order))
    return standing


def _labelled(name: str, label: str) -> str:
    return named(f"{name} {label}") if label else name


def unserved(result: ClearingResult) -> Iterator[str]:
    """Tell in sentences what *result* leaves unserved."""
    for need in result.needs:
        if need.unserved_mw:
            yield f"{need.need_id}: {need.unserved_mw} MW {need.direction} stay unserved in {need.area}"
