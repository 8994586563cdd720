"""The state of a session as values: what was received, decided, ordered and sent.

Everything here is frozen and has an exact JSON form (`gateway.canonical_json`), so that two sessions are the same
exactly where their bytes are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue
from gateway.flow import Flow, State
from gateway.identifiers import PartyId
from gateway.model import Party
from gateway.order_book import OrderBook, order_book, parties
from gateway.results import (
    ActivationOrder,
    ActivationOrders,
    Award,
    ClearingResult,
    OrderKind,
    OrderStatus,
    Receipt,
    ServedNeed,
)
from gateway.session.terms import Opening


class Purpose(StrEnum):
    """What a clearing was for."""

    STEP = "step of the scheme"
    DIRECT = "direct activation"
    REPLACEMENT = "replacement of refused power"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """One clearing: for which step of the scheme, why, when, and its result."""

    step: int
    purpose: Purpose
    at: datetime
    result: ClearingResult


class Answer(StrEnum):
    """What a provider said to an activation order."""

    AWAITED = "awaited"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SILENT = "no answer in time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """One activation order: to whom, in which step, when its answer is due, and what the answer was.

    ``refused``: the bids of it that will not be delivered.
    """

    receiver: Party
    step: int
    message: ActivationOrders
    due: datetime
    answer: Answer = Answer.AWAITED
    refused: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[ActivationOrder, ...]:
        """The lines that were not refused."""
        return tuple(line for line in self.message.orders if line.bid_id not in self.refused)

    @property
    def direct(self) -> bool:
        """Whether it orders direct activation."""
        return self.message.kind is OrderKind.DIRECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One received document: its name, the digest of its bytes, and the receipt that its sender got.

    ``receipt`` is None for a document that is not answered.
    """

    sender: PartyId
    id: str
    revision: int
    digest: str
    receipt: Envelope[Receipt] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a session stands.

    ``at``: instant of the last input. ``accepted``: messages that count, narrowed to the period. ``checked``:
    operators that answered the last result. ``notes``: what stood in for what, in sentences. ``sent``: every message
    of our own, in order.
    """

    opening: Opening
    flow: Flow
    at: datetime | None = None
    judged: tuple[Judged, ...] = ()
    accepted: tuple[Envelope[Message], ...] = ()
    cleared: tuple[Cleared, ...] = ()
    orders: tuple[Ordered, ...] = ()
    checked: tuple[PartyId, ...] = ()
    notes: tuple[str, ...] = ()
    sent: tuple[Envelope[Message], ...] = ()

    @property
    def now(self) -> datetime:
        """Instant of the input that is being handled. Raises `InvalidValue` before the first one."""
        if self.at is None:
            raise InvalidValue("Standing.at", "the instant of an input", "none yet")
        return self.at

    @property
    def book(self) -> OrderBook:
        """What counts of the accepted messages."""
        return order_book(self.accepted)

    @property
    def known(self) -> Mapping[PartyId, Party]:
        """Every party that takes part, in the role in which it speaks or was announced."""
        spoken = {name: Party(name, role) for name, role in parties(self.accepted).items()}
        return spoken | {member.id: member for member in self.opening.members}

    def noted(self, *words: str) -> Standing:
        """Return the standing with further notes; one that stands already is not repeated."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *words))))

    def happened(self, step: int, reference: str = "") -> Standing:
        """Return the standing after *step* has happened. Raises `gateway.errors.OutOfTurn` where it may not."""
        return replace(self, flow=self.flow.advance(step, self.now, reference))

    def waived(self, steps: Iterable[int]) -> Standing:
        """Return the standing in which *steps*, which nobody served, no longer hold up what stands behind them."""
        passed = {number: State.DONE if self.flow.round(number) else State.SKIPPED for number in steps}
        flow = replace(self.flow, states={**self.flow.states, **passed})
        waiting = [step for step in flow.steps if flow.states[step.number] is State.WAITING]
        opened = {step.number: State.OPEN for step in waiting if flow.may_begin(step)}
        return replace(self, flow=replace(flow, states={**flow.states, **opened}))

    def telling(self, envelopes: Iterable[Envelope[Message]]) -> Standing:
        """Return the standing after *envelopes* went out.

        One whose id was sent before goes out as the next revision, and not at all where it says nothing new.
        """
        sent = list(self.sent)
        for envelope in envelopes:
            last = next((old for old in reversed(sent) if old.id == envelope.id), None)
            if last is None or last.message != envelope.message:
                sent.append(envelope if last is None else replace(envelope, revision=last.revision + 1))
        return replace(self, sent=tuple(sent))

    def results(self, purpose: Purpose = Purpose.STEP) -> dict[int, ClearingResult]:
        """Return the last result of each step for *purpose*."""
        return {each.step: each.result for each in self.cleared if each.purpose is purpose}

    def besides(self) -> Iterator[Cleared]:
        """Yield what counts besides the results of the steps: the last direct activation, and every replacement."""
        direct = [each for each in self.cleared if each.purpose is Purpose.DIRECT]
        yield from direct[-1:]
        yield from (each for each in self.cleared if each.purpose is Purpose.REPLACEMENT)

    def ordered_mw(self) -> dict[str, Decimal]:
        """Return the MW of each bid that are ordered and not refused."""
        total: dict[str, Decimal] = {}
        for order in latest(self.orders):
            for line in order.standing:
                total[line.bid_id] = total.get(line.bid_id, Decimal(0)) + line.quantity_mw
        return {bid_id: quantity for bid_id, quantity in total.items() if quantity}

    @property
    def refused(self) -> frozenset[str]:
        """The bids that a provider refused to deliver; no later clearing counts on them."""
        return frozenset(bid_id for order in self.orders for bid_id in order.refused)

    def delivered(self, awards: Iterable[Award], *, direct: bool) -> tuple[Award, ...]:
        """Return the accepted *awards* whose order was not refused; *direct* says which orders they led to."""
        gone = {
            (line.bid_id, line.quantity_mw)
            for order in self.orders
            if order.direct is direct
            for line in order.message.orders
            if line.bid_id in order.refused
        }
        return tuple(award for award in accepted(awards) if (award.bid_id, award.quantity_mw) not in gone)

    def unserved(self) -> tuple[ServedNeed, ...]:
        """Return the needs of every counting clearing that are not met in full."""
        results = (*self.results().values(), *(each.result for each in self.besides()))
        return tuple(need for result in results for need in result.needs if need.unserved_mw)


def latest(orders: Iterable[Ordered]) -> tuple[Ordered, ...]:
    """Return the last revision of each activation order."""
    return tuple({(order.receiver.id, order.message.order_id): order for order in orders}.values())


def refusals(message: ActivationOrders) -> tuple[str, ...]:
    """Return the bids that an answer says will not be delivered."""
    return tuple(order.bid_id for order in message.orders if order.status is OrderStatus.UNAVAILABLE)


def accepted(awards: Iterable[Award]) -> tuple[Award, ...]:
    """Return the awards with a volume."""
    return tuple(award for award in awards if award.quantity_mw)
