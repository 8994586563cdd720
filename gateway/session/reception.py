"""Reception: what becomes of one message, and the receipt that its sender gets.

A message of a peer never raises: whatever is wrong with it becomes a refusal with the reason code of the ENTSO-E list.

Rules, in this order
1. The same document again (same sender, id, revision and bytes) gets the same receipt again and changes nothing; other
   content under the same id and revision, or a lower revision, is refused (A51).
2. It is addressed to a market operator of this session (A53), speaks of its period (A04), and its sender has a role in
   the scheme (A78) in which it says such a thing (A59).
3. How late it comes decides what follows (`gateway.session.consequences`).
4. Orders that contradict each other or the rules of the market are refused before they count.
5. A block names a known bid (A55) and only lowers what may be used of it (A59). A bid that is capped in a second round
   is blocked whole, and in the last round every bid of the operator's areas is: so the check comes to an end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from uuid import uuid5

from gateway.answers import NAME_SPACE
from gateway.canonical_json import write
from gateway.envelope import Envelope, Message
from gateway.errors import Fault, GatewayError, OutOfTurn
from gateway.flow import Step
from gateway.model import Block, Blocking, GridConstraints
from gateway.order_book import OrderBook, order_book
from gateway.results import ActivationOrders, Reason, Receipt, Verdict
from gateway.session.activation import answered
from gateway.session.clearings import scheduled
from gateway.session.consequences import CONSEQUENCES, Consequence, Lateness, Row, lateness
from gateway.session.direct import requested, require_consistent
from gateway.session.narrowing import is_direct, narrowed, says_nothing
from gateway.session.plan import Plan, distributors, market_of, playing
from gateway.session.state import Judged, Standing

_ORDER = list(Lateness)


def receive(plan: Plan, standing: Standing, envelope: Envelope[Message], digest: str) -> Standing:
    """Return the standing after *envelope* came, whose bytes have *digest*; its receipt is among what was sent."""
    earlier = [known for known in standing.judged if (known.sender, known.id) == (envelope.sender.id, envelope.id)]
    for known in earlier:
        if (known.revision, known.digest) == (envelope.revision, digest):
            return replace(standing, sent=(*standing.sent, *([known.receipt] if known.receipt else [])))
    try:
        newest = max((known.revision for known in earlier), default=0)
        if envelope.revision <= newest:
            raise OutOfTurn("revisionNumber", f"a revision above {newest}", str(envelope.revision), "A51")
        after, words = _taken(plan, standing, envelope)
        receipt = _receipt(standing, envelope, digest, Verdict.ACCEPTED, *words)
    except GatewayError as error:
        if error.fault is not Fault.SENDER:
            raise
        reason = Reason(code="A59" if error.code == "999" else error.code, text=str(error))
        after, receipt = standing, _receipt(standing, envelope, digest, Verdict.REFUSED, reason)
    answer = None if isinstance(envelope.message, Receipt) else receipt
    judged = Judged(
        sender=envelope.sender.id, id=envelope.id, revision=envelope.revision, digest=digest, receipt=answer
    )
    return replace(after, judged=(*after.judged, judged), sent=(*after.sent, *([answer] if answer else [])))


def digest_of(envelope: Envelope[Message]) -> str:
    """Return the digest of the received bytes, or of the canonical form where a message has none."""
    return envelope.digest or sha256(write(envelope, indent=None).encode()).hexdigest()


def _taken(plan: Plan, standing: Standing, envelope: Envelope[Message]) -> tuple[Standing, tuple[Reason, ...]]:
    """Return the standing in which the message counts, and the reasons that its receipt has to tell.

    Raises `GatewayError` where it is refused.
    """
    own = {standing.opening.market.operator.id, *distributors(standing)}
    if envelope.receiver.id not in own:
        raise OutOfTurn("receiver", " or ".join(sorted(map(str, own))), str(envelope.receiver.id), "A53")
    if isinstance(envelope.message, ActivationOrders):
        return answered(plan, standing, envelope)
    period = standing.opening.interval
    message = narrowed(envelope.message, period)
    if says_nothing(message) and message != envelope.message:
        raise OutOfTurn("interval", f"something about {period}", "other periods only", "A04")
    part = replace(envelope, message=message)
    if is_direct(message):
        return requested(plan, standing, part), ()
    step = _step(plan, standing, part)
    if step is None:
        return _informed(standing, part), ()
    standing = _prompted(standing, step)
    row = CONSEQUENCES[type(message).__name__][lateness(step, standing.flow)]
    return _counted(standing, part, step, row)


def _prompted(standing: Standing, step: Step) -> Standing:
    """Let what stays inside its origin happen, where the message that follows it shows that it has."""
    for number in step.after:
        before = standing.flow.step(number)
        if not before.message and not standing.flow.round(number) and standing.flow.may_begin(before):
            standing = standing.happened(number)
    return standing


def _counted(
    standing: Standing, envelope: Envelope[Message], step: Step, row: Row
) -> tuple[Standing, tuple[Reason, ...]]:
    if row.refused:
        late = lateness(step, standing.flow)
        raise OutOfTurn(f"step {step.number}", f"{step.origin} {step.action} in its time", late, row.code)
    if isinstance(envelope.message, Blocking):
        return _checked(standing, envelope, step), ()
    after = replace(standing, accepted=(*standing.accepted, envelope))
    require_consistent(after, scheduled(after.book))
    if row.consequence is Consequence.CORRECTS:
        return after.noted(f"{envelope.sender.id}: readings came after the settlement; it is corrected"), ()
    after = after.happened(step.number, envelope.id)
    if row.consequence is Consequence.TAKEN_OVERDUE:
        words = f"step {step.number}: {envelope.sender.id} came after the gate and is taken as overdue"
        return after.noted(words), (Reason(code="A57", text=words),)
    return after, ()


def _step(plan: Plan, standing: Standing, envelope: Envelope[Message]) -> Step | None:
    """Return the row that a message is, or None for one that only informs.

    Raises `OutOfTurn` where the sender has no role in the scheme, or says what no row of its role says.
    """
    name = type(envelope.message).__name__
    rows = [step for step in plan.scheme.rows(name) if not plan.ours(step)]
    if name not in CONSEQUENCES or (not rows and name in _SIDE):
        return None
    played = playing(standing, envelope.sender)
    if not played:
        raise OutOfTurn("sender role", "a role of the scheme", envelope.sender.role, "A78")
    found = [step for step in rows if step.origin.party.split(" ")[0] in played]
    if not found and name in _SIDE:
        return None
    wanted = market_of(plan, standing, order_book([envelope]))
    found = [step for step in found if wanted in (None, step.market)] or found
    if not found:
        raise OutOfTurn("flow", f"what {' or '.join(played)} says in the {plan.scheme.name} scheme", name, "A59")
    return min(found, key=lambda step: (_rank(lateness(step, standing.flow)), standing.flow.round(step.number)))


_SIDE = frozenset({"GridConstraints", "ExchangeSchedules", "OperatingEnvelopes"})
"""Messages that a party may also send beside the rows: border capacities, schedules."""


def _rank(late: Lateness) -> int:
    """Return how far a message is from being in time; too early comes last."""
    return (_ORDER.index(late) - 1) % len(_ORDER)


def _informed(standing: Standing, envelope: Envelope[Message]) -> Standing:
    """Keep a message that is no step. Capacities of borders are due when needs are."""
    market, period = standing.opening.market, standing.opening.interval
    gate = market.gates.closes("needs", period)
    if isinstance(envelope.message, GridConstraints) and standing.now >= gate:
        raise OutOfTurn("gate", f"receipt before {gate:%H:%M:%SZ}", f"{standing.now:%H:%M:%SZ}", "A57")
    after = replace(standing, accepted=(*standing.accepted, envelope))
    require_consistent(after, scheduled(after.book))
    return after


def _checked(standing: Standing, envelope: Envelope[Message], step: Step) -> Standing:
    """Take the answer of a distribution operator to a result; blocks send the flow back to the clearing."""
    message = envelope.message
    after = replace(standing, checked=(*standing.checked, envelope.sender.id))
    if not isinstance(message, Blocking) or not message.blocks:
        return after
    book, capped = standing.book, _capped(standing, step)
    last = step.repeats is not None and standing.flow.round(step.repeats) >= step.rounds
    blocks = tuple(_lowered(block, book, capped) for block in message.blocks)
    if last:
        blocks = _all_of(blocks[0], standing, envelope)
        after = after.noted(
            f"step {step.number}: last round, every bid in the areas of {envelope.sender.id} is blocked"
        )
    counted = replace(envelope, message=Blocking(blocks=blocks))
    return replace(after, accepted=(*after.accepted, counted)).happened(step.number, envelope.id)


def _capped(standing: Standing, step: Step) -> Mapping[str, Block]:
    """Return the blocks of earlier rounds by bid: those that the last clearing knew."""
    history = standing.flow.history
    cleared = max(at for at, done in enumerate(history) if done.number == step.repeats)
    known = {done.reference for done in history[:cleared] if done.number == step.number}
    earlier = order_book([envelope for envelope in standing.accepted if envelope.id in known])
    return {block.bid_id: block for block in earlier.blocks}


def _lowered(block: Block, book: OrderBook, capped: Mapping[str, Block]) -> Block:
    """Return *block* as it counts: a second cap blocks the bid. Raises `OutOfTurn` for one that raises a cap."""
    offered = {bid.id: bid.quantity_mw for bid in book.bids}
    if block.bid_id not in offered:
        raise OutOfTurn(f"Block {block.bid_id}", "a bid of this period", "an unknown one", "A55")
    known = capped.get(block.bid_id)
    if known is None:
        return block
    if (block.limit_mw or 0) > (known.limit_mw or 0):
        raise OutOfTurn(f"Block {block.bid_id}", f"at most {known.limit_mw or 0} MW", str(block.limit_mw), "A59")
    return replace(block, limit_mw=None)


def _all_of(sample: Block, standing: Standing, envelope: Envelope[Message]) -> tuple[Block, ...]:
    """Return a block of every bid in the areas of an operator."""
    operated = {area.id for area in standing.opening.market.areas if area.operator == envelope.sender.id}
    message = envelope.message
    operated |= {block.area for block in message.blocks} if isinstance(message, Blocking) else set()
    bids = [bid for bid in standing.book.bids if bid.area in operated]
    return tuple(replace(sample, bid_id=bid.id, area=bid.area, limit_mw=None) for bid in bids)


def _receipt(
    standing: Standing, envelope: Envelope[Message], digest: str, verdict: Verdict, *reasons: Reason
) -> Envelope[Receipt]:
    operator = standing.opening.market.operator
    name = f"{operator.id} {envelope.sender.id} acknowledges {envelope.id} {envelope.revision} {digest}"
    return Envelope(
        id=str(uuid5(NAME_SPACE, name)),
        sender=operator,
        receiver=envelope.sender,
        created=standing.now,
        message=Receipt(
            verdict=verdict,
            document_id=envelope.id,
            revision=envelope.revision,
            document_type=envelope.document_type,
            process=envelope.process,
            created=envelope.created,
            reasons=reasons,
        ),
    )
