"""One procurement: what the parties sent, cleared by a scheme, and what they are told.

The steps of the scheme are driven by the messages at hand; nothing here reads a clock or a file.
The answers (`gateway.answers`) are messages again. Each interval has its own flow through the steps; a
step that nobody served in time is reported, and the clearing takes place all the same: scarcity is a
result, not a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gateway.answers import Answers
from gateway.clearing import ClearingRules, Market
from gateway.clearing.engine import ARRAYS, Engine
from gateway.clearing.reclear import Standing
from gateway.envelope import Envelope, Message
from gateway.errors import OutOfTurn
from gateway.flow import Flow
from gateway.identifiers import AreaId
from gateway.market import CapacityFallback, MarketDefinition
from gateway.model import BidSet, Blocking, Capacity, GridConstraints, ReserveNeed, Role
from gateway.order_book import OrderBook, in_order, order_book, parties
from gateway.report import Report
from gateway.results import ClearingResult
from gateway.schemes import Scheme
from gateway.time import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Procurement:
    """The outcome: what counted, what was decided in each round, what is answered, where the steps stand.

    ``rounds`` holds one result per pass of the check-and-block loop, the last one being final.
    """

    scheme: Scheme
    market: MarketDefinition
    book: OrderBook
    rounds: tuple[ClearingResult, ...]
    flows: tuple[tuple[Interval, Flow], ...]
    answers: tuple[Envelope[Message], ...]
    report: Report

    @property
    def result(self) -> ClearingResult:
        """The final result."""
        return self.rounds[-1]


def procure(
    scheme: Scheme,
    market: MarketDefinition,
    envelopes: Sequence[Envelope[Message]],
    now: datetime,
    engine: Engine = ARRAYS,
) -> Procurement:
    """Run the procurement and activation steps of *scheme* over *envelopes*.

    ``now`` dates the answers; *engine* clears. The order of *envelopes* does not matter.
    """
    book = order_book(envelopes)
    cleared, assumptions = with_fallback(market, book)
    rounds = _clear_rounds(scheme, market, cleared, engine)
    flows = tuple((interval, _drive(scheme, market, envelopes, interval, len(rounds))) for interval in book.intervals)
    return Procurement(
        scheme=scheme,
        market=market,
        book=cleared,
        rounds=rounds,
        flows=flows,
        answers=tuple(Answers(market, parties(envelopes), now).of(cleared, rounds)),
        report=Report(assumptions=(*assumptions, *rounds[-1].notes, *_overdue(flows))),
    )


def markets(scheme: Scheme, market: MarketDefinition, envelopes: Sequence[Envelope[Message]]) -> tuple[Market, ...]:
    """Return what each clearing round of *scheme* over *envelopes* is given; the order of these does not matter."""
    return _rounds(scheme, market, with_fallback(market, order_book(envelopes))[0])


def _clear_rounds(
    scheme: Scheme, market: MarketDefinition, book: OrderBook, engine: Engine
) -> tuple[ClearingResult, ...]:
    first, *later = _rounds(scheme, market, book)
    standing = Standing(first, engine)
    results = (standing.result, *map(standing.again, later))
    return tuple(replace(result, revision=revision) for revision, result in enumerate(results, 1))


def _rounds(scheme: Scheme, market: MarketDefinition, book: OrderBook) -> tuple[Market, ...]:
    """Clear once without blocks; where an operator blocked bids after its check, clear again with them."""
    limits = book.limits if scheme.grid_constraints else ()
    unchecked = given(market, replace(book, limits=limits, blocks=()))
    if not (scheme.post_check and book.blocks):
        return (unchecked,)
    return unchecked, replace(unchecked, blocks=book.blocks)


def given(market: MarketDefinition, book: OrderBook) -> Market:
    """Return what a clearing is given where all of *book* counts, under the rules of *market*.

    Raises `gateway.errors.InvalidValue` for orders that contradict each other or the rules.
    """
    rules = ClearingRules(
        price_cap=market.price_cap,
        price_step=market.price_step,
        quantity_step=market.quantity_step,
        pricing=market.pricing,
        currency=market.currency,
        guaranteed=market.guaranteed,
        counter_activation=market.counter_activation,
    )
    return Market(
        bids=book.bids,
        needs=book.needs,
        capacities=book.capacities,
        limits=book.limits,
        blocks=book.blocks,
        rules=rules,
        units=book.units,
    )


def with_fallback(market: MarketDefinition, book: OrderBook) -> tuple[OrderBook, tuple[str, ...]]:
    """Apply the borders' loss factors, and their static capacities where nobody sent any and the market says so.

    Return the book, and in words what stood in for what was not sent.
    """
    losses = {(origin, target): loss_factor for origin, target, _, loss_factor in _ways(market)}
    lossy = tuple(replace(c, loss_factor=losses.get((c.from_area, c.to_area), c.loss_factor)) for c in book.capacities)
    sent = {(c.from_area, c.to_area, c.interval) for c in book.capacities}
    missing = [
        (origin, target, interval, static_mw, loss_factor)
        for origin, target, static_mw, loss_factor in _ways(market)
        for interval in book.intervals
        if (origin, target, interval) not in sent
    ]
    static = market.fallback is CapacityFallback.STATIC
    added = [
        Capacity(
            id=f"static {origin.value} {target.value} {interval}",
            sender=market.operator.id,
            from_area=origin,
            to_area=target,
            interval=interval,
            quantity_mw=static_mw,
            loss_factor=loss_factor,
        )
        for origin, target, interval, static_mw, loss_factor in missing
        if static
    ]
    words = tuple(
        f"{interval}: no capacity was sent from {market.area_name(origin)} to {market.area_name(target)}; "
        f"{f'static {static_mw} MW' if static else '0 MW'} taken"
        for origin, target, interval, static_mw, _ in missing
    )
    return replace(book, capacities=(*lossy, *added)), words


def _ways(market: MarketDefinition) -> Iterator[tuple[AreaId, AreaId, Decimal, Decimal]]:
    """Yield both directions of each border: from, to, static MW, loss factor."""
    for border in market.borders:
        yield border.from_area, border.to_area, border.forward_mw, border.loss_factor
        yield border.to_area, border.from_area, border.backward_mw, border.loss_factor


def _drive(
    scheme: Scheme, market: MarketDefinition, envelopes: Sequence[Envelope[Message]], interval: Interval, rounds: int
) -> Flow:
    """Let the messages that concern *interval* happen, then the clearing rounds and the orders."""
    gates = {step.number: market.gates.closes(step.gate, interval) for step in scheme.steps if step.gate}
    flow = Flow.begin(scheme.steps, gates).advance(scheme.steps[0].number, gates[scheme.number("ReserveNeed")])
    concerned = [envelope for envelope in in_order(envelopes) if _concerns(envelope, interval)]
    blocking = [envelope for envelope in concerned if isinstance(envelope.message, Blocking)]
    for envelope in concerned:
        number = _step_of(scheme, envelope)
        if number is not None and number != scheme.number("Blocking"):
            flow = flow.advance(number, envelope.created, envelope.id)
    for number in (scheme.number("BidSet"), scheme.number("ReserveNeed"), scheme.number("GridConstraints")):
        flow = flow.tick(gates[number])
    try:
        flow = flow.advance(scheme.number("Allocation"), gates[scheme.number("Allocation")])
        if rounds > 1 and blocking:
            for envelope in blocking:
                flow = flow.advance(scheme.number("Blocking"), envelope.created, envelope.id)
            flow = flow.advance(scheme.number("Allocation"), gates[scheme.number("Allocation")])
        return flow.advance(scheme.number("ActivationOrders"), gates[scheme.number("ActivationOrders")])
    except OutOfTurn:
        return flow


def _concerns(envelope: Envelope[Message], interval: Interval) -> bool:
    return any(spoken_of.overlaps(interval) for spoken_of in _intervals(envelope.message))


def _intervals(message: Message) -> Iterator[Interval]:
    match message:
        case BidSet(bids=bids):
            yield from (bid.interval for bid in bids)
        case ReserveNeed(needs=needs):
            yield from (need.interval for need in needs)
        case Blocking(blocks=blocks):
            yield from (block.interval for block in blocks)
        case GridConstraints(capacities=capacities, limits=limits):
            yield from (capacity.interval for capacity in capacities)
            yield from (limit.interval for limit in limits)
        case _:
            return


def _step_of(scheme: Scheme, envelope: Envelope[Message]) -> int | None:
    """Return the step a message is, or None for one that only informs.

    Capacities of borders come from transmission operators and belong to no step of their own.
    """
    match envelope.message:
        case ReserveNeed():
            return scheme.number("ReserveNeed")
        case BidSet():
            return scheme.number("BidSet")
        case GridConstraints() if envelope.sender.role is Role.DISTRIBUTION_SYSTEM_OPERATOR:
            return scheme.number("GridConstraints")
        case Blocking():
            return scheme.number("Blocking")
        case _:
            return None


def _overdue(flows: Iterable[tuple[Interval, Flow]]) -> tuple[str, ...]:
    return tuple(
        f"{interval}: nothing came for step {step.number} ({step.origin} {step.action})"
        for interval, flow in flows
        for step in flow.overdue()
    )
