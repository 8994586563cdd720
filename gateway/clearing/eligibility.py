"""Which bids the optimisation may not see, and why.

A bid is checked against the rules in the order of `CHECKS`; the first that speaks decides. What is left may still be
capped by the blocks of system operators.

Conditional links (ENTSO-E code lists ``StandardStatusTypeList`` A65, A66 and ``StandardReasonCodeTypeList``) are judged
by what happened to the linked bid in an earlier interval of the same run. Where that is unknown, a conditionally
available bid (A65) counts as available and a conditionally unavailable one (A66) as unavailable, and a note says so.
Where the earlier interval is cleared together with the bid's own, the link is left to the optimisation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from gateway.clearing.guaranteed import withheld
from gateway.clearing.market import Market, commodity
from gateway.market import CounterActivation
from gateway.model import ZERO, Activation, Availability, Bid, Block, Condition, Direction, Link
from gateway.results import Award, Fate
from gateway.time import Interval


@dataclass(frozen=True, slots=True)
class Usable:
    """A bid that takes part, with the MW that blocks leave of it; ``waits``: the links that are still to be decided."""

    bid: Bid
    quantity_mw: Decimal
    cap: str = ""
    waits: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Unusable:
    """A bid that does not take part, and why."""

    bid: Bid
    fate: Fate
    reason: str


class Outcome(NamedTuple):
    """What happened to a bid, or to an inclusive group, in an earlier interval."""

    activated: bool
    activation: Activation


@dataclass(frozen=True, slots=True)
class Screening:
    """The bids of one interval, sorted by id and split by whether they take part."""

    usable: tuple[Usable, ...]
    unusable: tuple[Unusable, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the checks of one interval look at."""

    market: Market
    outcomes: Mapping[str, Outcome]
    blocks: Mapping[str, tuple[Block, ...]]
    undecided: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)


class _Meaning(NamedTuple):
    """When a condition bites and what it then makes of the bid."""

    activated: bool
    activation: Activation | None
    direct_only: bool
    available: bool


_D, _S = Activation.DIRECT, Activation.SCHEDULED
CONDITIONS: dict[Condition, _Meaning] = {
    Condition.UNAVAILABLE_IF_ACTIVATED: _Meaning(True, None, False, False),
    Condition.UNAVAILABLE_IF_NOT_ACTIVATED: _Meaning(False, None, False, False),
    Condition.NOT_DIRECT_IF_DIRECT: _Meaning(True, _D, True, False),
    Condition.NOT_DIRECT_IF_SCHEDULED: _Meaning(True, _S, True, False),
    Condition.UNAVAILABLE_IF_SCHEDULED: _Meaning(True, _S, False, False),
    Condition.UNAVAILABLE_IF_DIRECT: _Meaning(True, _D, False, False),
    Condition.AVAILABLE_IF_ACTIVATED: _Meaning(True, None, False, True),
    Condition.AVAILABLE_IF_NOT_ACTIVATED: _Meaning(False, None, False, True),
    Condition.AVAILABLE_IF_SCHEDULED: _Meaning(True, _S, False, True),
    Condition.AVAILABLE_IF_DIRECT: _Meaning(True, _D, False, True),
    Condition.DIRECT_IF_DIRECT: _Meaning(True, _D, True, True),
    Condition.DIRECT_IF_SCHEDULED: _Meaning(True, _S, True, True),
}
"""What each condition means: (activated?, how, for direct activation only, makes available)."""


def screen(
    market: Market,
    period: Interval,
    outcomes: Mapping[str, Outcome],
    among: Iterable[Bid] | None = None,
    undecided: frozenset[str] = frozenset(),
) -> Screening:
    """Split the bids of *period* into those that take part and those that do not.

    ``outcomes``: by bid id, inclusive group and technical link, what happened in earlier intervals. ``among``: only
    these bids of *period* are judged. *undecided*: the names of which it is decided together with the bids of *period*
    what becomes of them.
    """
    blocks: dict[str, tuple[Block, ...]] = {}
    for block in market.blocks:
        if block.interval.overlaps(period):
            blocks[block.bid_id] = (*blocks.get(block.bid_id, ()), block)
    stage = _Stage(market, outcomes, blocks, undecided)
    bids = market.bids_at.get(period, ()) if among is None else among
    judged = [_judge(bid, stage) for bid in sorted(bids, key=lambda bid: bid.id)]
    if market.rules.guaranteed:
        judged = _withhold(judged, stage, period)
    return Screening(
        tuple(bid for bid in judged if isinstance(bid, Usable)),
        tuple(bid for bid in judged if isinstance(bid, Unusable)),
        tuple(stage.notes),
    )


def _withhold(judged: list[Usable | Unusable], stage: _Stage, period: Interval) -> list[Usable | Unusable]:
    """Take out what guaranteed volumes keep; which bids these are depends on all bids of *period*."""
    every = [_judge(bid, stage) for bid in stage.market.bids_at.get(period, ())]
    kept = withheld(stage.market, period, [(e.bid, e.quantity_mw) for e in every if isinstance(e, Usable)])
    stage.notes[:] = dict.fromkeys((*stage.notes, *kept.notes))
    return [
        Unusable(each.bid, Fate.WITHHELD, kept.reasons[each.bid.id])
        if isinstance(each, Usable) and each.bid.id in kept.reasons
        else each
        for each in judged
    ]


def strays(market: Market) -> tuple[Unusable, ...]:
    """Return the bids whose interval is none of those that are cleared."""
    periods = set(market.periods)
    return tuple(
        Unusable(bid, Fate.OUT_OF_SCOPE, f"Its interval {bid.interval} is none of those that the market cleared.")
        for bid in sorted(market.bids, key=lambda bid: bid.id)
        if bid.interval not in periods
    )


def outcomes_of(market: Market, awards: Iterable[Award]) -> dict[str, Outcome]:
    """Return what the *awards* of one interval mean for later bids: by bid, inclusive group and technical link."""
    told = tuple(awards)
    periods = {award.interval for award in told}
    bids = {(bid.id, period): bid for period in periods for bid in market.bids_at.get(period, ())}
    found: dict[str, Outcome] = {}
    for award in told:
        bid = bids[award.bid_id, award.interval]
        for name in outcome_names(bid):
            already = name in found and found[name].activated
            found[name] = Outcome(already or award.quantity_mw > ZERO, market.activation)
    return found


def outcome_names(bid: Bid) -> tuple[str, ...]:
    """Return the names under which later bids ask what became of *bid*: its own, its inclusive group, its unit."""
    return tuple(filter(None, (bid.id, bid.inclusive, bid.technical_link)))


def _judge(bid: Bid, stage: _Stage) -> Usable | Unusable:
    for check, fate in CHECKS:
        reason = check(bid, stage)
        if reason:
            return Unusable(bid, fate, reason)
    capped = _cap(bid, stage)
    return replace(capped, waits=tuple(_waits(bid, stage))) if stage.undecided else capped


def can_bite(link: Link, activation: Activation) -> bool:
    """Whether what became of the linked bid can matter at all where bids are activated so."""
    meaning = CONDITIONS[link.condition]
    return meaning.activation in {None, activation} and not (meaning.direct_only and activation is _S)


def _waits(bid: Bid, stage: _Stage) -> Iterator[Link]:
    """Yield the links that the optimisation has to keep; a technical link is one where activation is direct."""
    activation = stage.market.activation
    permits = bid.availability is Availability.CONDITIONALLY_UNAVAILABLE
    permits = permits and not any(_bites(link, bid, stage) for link in bid.links)
    for link in bid.links:
        counts = permits or not CONDITIONS[link.condition].available
        if counts and link.bid_id in stage.undecided and can_bite(link, activation):
            yield link
    if activation is _D and bid.technical_link in stage.undecided:
        yield Link(bid.technical_link, Condition.UNAVAILABLE_IF_ACTIVATED)


def _wrong_commodity(bid: Bid, stage: _Stage) -> str:
    if commodity(bid) not in stage.market.commodities:
        return f"No need of this market is for {commodity(bid)}."
    if bid.direction is Direction.BOTH:
        return "A bid for both directions at once has no place in a market that clears up and down apart."
    return ""


def _wrong_activation(bid: Bid, stage: _Stage) -> str:
    if bid.activation in {stage.market.activation, Activation.SCHEDULED_OR_DIRECT}:
        return ""
    return f"It is offered for {bid.activation} activation; the market cleared {stage.market.activation} activation."


def _wrong_money(bid: Bid, stage: _Stage) -> str:
    rules = stage.market.rules
    if bid.currency != rules.currency:
        return f"It is priced in {bid.currency}, the market in {rules.currency}."
    if bid.price is not None and abs(bid.price) > rules.price_cap:
        return f"Its price {bid.price} lies beyond the price limit of {rules.price_cap} {rules.currency}/MWh."
    return ""


def _no_price(bid: Bid, _: _Stage) -> str:
    return "It states no energy price." if bid.price is None else ""


def _nothing_offered(bid: Bid, _: _Stage) -> str:
    return "It offers 0 MW." if bid.quantity_mw == ZERO else ""


def _unavailable(bid: Bid, stage: _Stage) -> str:
    if bid.availability is Availability.UNAVAILABLE:
        return "Its provider declares it unavailable."
    biting = [link for link in bid.links if _bites(link, bid, stage)]
    for link in biting:
        if not CONDITIONS[link.condition].available:
            return f"Its link to {link.bid_id} makes it {link.condition}."
    open_links = any(link.bid_id in stage.undecided and can_bite(link, stage.market.activation) for link in bid.links)
    if bid.availability is Availability.CONDITIONALLY_UNAVAILABLE and not (biting or open_links):
        return "It is unavailable unless a link makes it available, and none does."
    return ""


def _bites(link: Link, bid: Bid, stage: _Stage) -> bool:
    meaning, outcome = CONDITIONS[link.condition], stage.outcomes.get(link.bid_id)
    if link.bid_id in stage.undecided or (meaning.direct_only and stage.market.activation is not Activation.DIRECT):
        return False
    if outcome is None:
        taken = "unavailable" if bid.availability is Availability.CONDITIONALLY_UNAVAILABLE else "available"
        stage.notes.append(f"Bid {bid.id}: what became of linked {link.bid_id} is unknown; taken as {taken}.")
        return False
    return outcome.activated is meaning.activated and meaning.activation in {None, outcome.activation}


def _still_running(bid: Bid, stage: _Stage) -> str:
    outcome = stage.outcomes.get(bid.technical_link or "")
    if outcome is None or not outcome.activated or outcome.activation is not Activation.DIRECT:
        return ""
    if bid.technical_link in stage.undecided:
        return ""
    return f"The unit of technical link {bid.technical_link} still runs from a direct activation."


def _blocked(bid: Bid, stage: _Stage) -> str:
    for block in stage.blocks.get(bid.id, ()):
        left = block.limit_mw or ZERO
        if left == ZERO:
            return f"Blocked by {_who(block)}{_because(block)}."
        if left < bid.least_mw:
            return f"Its least {bid.least_mw} MW exceed the {left} MW that {_who(block)} leaves."
    return ""


def _cap(bid: Bid, stage: _Stage) -> Usable:
    capped = Usable(bid, bid.quantity_mw)
    for block in stage.blocks.get(bid.id, ()):
        if block.limit_mw is not None and block.limit_mw < capped.quantity_mw:
            capped = Usable(bid, block.limit_mw, f"{_who(block)} leaves {block.limit_mw} MW of it{_because(block)}")
    return capped


def _who(block: Block) -> str:
    return f"the {block.requester_role} {block.requester.value}"


def _because(block: Block) -> str:
    return f" ({block.reason})" if block.reason else ""


def _not_divisible(bid: Bid, stage: _Stage) -> str:
    if stage.market.rules.counter_activation is CounterActivation.WELFARE_FIRST:
        return ""
    bound = bid.least_mw or bid.granularity_mw or bid.group or bid.block_bid or bid.parent
    return (
        "The market activates the least volume first, and so takes bids only that can be divided freely."
        if bound
        else ""
    )


CHECKS: tuple[tuple[Callable[[Bid, _Stage], str], Fate], ...] = (
    (_wrong_commodity, Fate.OUT_OF_SCOPE),
    (_wrong_activation, Fate.OUT_OF_SCOPE),
    (_wrong_money, Fate.OUT_OF_SCOPE),
    (_no_price, Fate.NO_PRICE),
    (_nothing_offered, Fate.UNAVAILABLE),
    (_unavailable, Fate.UNAVAILABLE),
    (_still_running, Fate.UNAVAILABLE),
    (_blocked, Fate.BLOCKED),
    (_not_divisible, Fate.OUT_OF_SCOPE),
)
"""The rules in their order: a sentence, or nothing, and the fate it leads to."""
