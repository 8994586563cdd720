"""The exchange between members: what each says to the others, and what they make of it, as messages.

A member tells every other member, for each run of consecutive intervals, its bids and what its borders can carry, and
for each interval its needs: messages that the market documents of IEC 62325-451 carry. Each is all that the member says
of it; a later revision of a document stands in its place. From what it heard and what it said itself, every member
computes the common result; no message holds a result that another has to believe. They compare the digests: where all
are equal, everybody acts on the same numbers; where one differs, nobody acts on them (`verdict`), and each part falls
back to a clearing of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from uuid import uuid5

from gateway.clearing.engine import ARRAYS, Engine
from gateway.coupling.agreement import Agreement
from gateway.coupling.capacities import NAME_SPACE
from gateway.coupling.joint import Coupled, couple
from gateway.coupling.pool import Contribution
from gateway.envelope import Envelope, Message
from gateway.identifiers import PartyId
from gateway.model import BidSet, GridConstraints, Party, ReserveNeed, Role
from gateway.order_book import in_order
from gateway.time import Interval, Resolution, on_grid


def letters(
    agreement: Agreement, contribution: Contribution, receiver: PartyId, now: datetime
) -> tuple[Envelope[Message], ...]:
    """Return what the member of *contribution* sends to another member; ``now`` dates it.

    A run of intervals has a message of bids even where there are none: who says nothing is cut off. Only the reserve
    of the agreement is spoken of.
    """
    return tuple(
        letter
        for run in _runs(contribution.intervals)
        for letter in _letters_of(agreement, contribution, receiver, run, now)
    )


def heard(agreement: Agreement, own: Contribution, received: Iterable[Envelope[Message]]) -> tuple[Contribution, ...]:
    """Return the contributions of all members whose messages one has *received*, and its *own*, sorted by member.

    The highest revision of a document counts, whatever order they come in. A message whose period is off the grid of
    the market time unit speaks of no interval.
    """
    by_sender: dict[PartyId, list[Envelope[Message]]] = {}
    for letter in received:
        by_sender.setdefault(letter.sender.id, []).append(letter)
    by_sender.pop(own.member, None)
    others = (_contribution(agreement, member, said) for member, said in by_sender.items())
    return tuple(sorted((own, *others), key=lambda each: each.member))


def couple_messages(
    agreement: Agreement, own: Contribution, received: Iterable[Envelope[Message]], engine: Engine = ARRAYS
) -> Coupled:
    """Return the common result as the member of *own* finds it from the messages that it has *received*."""
    return couple(agreement, heard(agreement, own, received), engine)


class Verdict(StrEnum):
    """What comparing the digests of the members shows."""

    AGREED = "all members found the same result"
    DISPUTED = "the members found different results; each part clears by itself"


def verdict(digests: Mapping[PartyId, str]) -> Verdict:
    """Return what the *digests* of the members show."""
    return Verdict.AGREED if len(set(digests.values())) <= 1 else Verdict.DISPUTED


def fallback(agreement: Agreement, own: Contribution, engine: Engine = ARRAYS) -> Coupled:
    """Return what the member of *own* does where there is no common result: its areas, cleared without the others."""
    return couple(agreement, (own,), engine)


def _runs(intervals: Iterable[Interval]) -> Iterator[tuple[Interval, ...]]:
    """Yield the runs of consecutive *intervals*."""
    ordered = sorted(intervals)
    breaks = [at for at, (earlier, later) in enumerate(pairwise(ordered), 1) if earlier.end != later.start]
    for start, end in pairwise([0, *breaks, len(ordered)]):
        if start < end:
            yield tuple(ordered[start:end])


def _letters_of(
    agreement: Agreement, said: Contribution, receiver: PartyId, run: tuple[Interval, ...], now: datetime
) -> Iterator[Envelope[Message]]:
    whole, within = Interval(run[0].start, run[-1].end), {*run}
    bids = tuple(bid for bid in said.bids if bid.interval in within and bid.reserve is agreement.reserve)
    capacities = tuple(each for each in said.capacities if whole.covers(each.interval))
    messages: list[tuple[Interval, Message]] = [(whole, BidSet(bids=bids))]
    messages += [(whole, GridConstraints(capacities=capacities))] if capacities else []
    for interval in run:
        asked = (each for each in said.needs if each.interval == interval and each.reserve is agreement.reserve)
        needs = tuple(asked)
        messages += [(interval, ReserveNeed(needs=needs))] if needs else []
    for period, message in messages:
        yield Envelope(
            id=str(uuid5(NAME_SPACE, f"{said.member} {receiver} {type(message).__name__} {period}")),
            sender=Party(said.member, Role.TRANSMISSION_SYSTEM_OPERATOR),
            receiver=Party(receiver, Role.MERIT_ORDER_LIST_RESPONSIBLE),
            created=now,
            message=message,
            reserve=agreement.reserve,
            period=period,
            domain=next(iter(agreement.areas_of(said.member)), None),
        )


def _on_grid(period: Interval, resolution: Resolution) -> bool:
    """Whether a period of somebody else is cut by the market time unit without a remainder, on its grid."""
    return on_grid(period.start, resolution) and on_grid(period.end, resolution)


def _contribution(agreement: Agreement, member: PartyId, said: list[Envelope[Message]]) -> Contribution:
    resolution = agreement.cooperation.resolution
    latest = in_order(said)
    messages = [letter.message for letter in latest]
    periods = {each.period for each in latest if each.period is not None and _on_grid(each.period, resolution)}
    return Contribution(
        member=member,
        intervals=tuple(sorted({slot for period in periods for slot in resolution.slots(period)})),
        bids=tuple(bid for each in messages if isinstance(each, BidSet) for bid in each.bids),
        needs=tuple(need for each in messages if isinstance(each, ReserveNeed) for need in each.needs),
        # A member states its own capacities: whoever a document names, it is who sent it.
        capacities=tuple(
            replace(capacity, sender=member)
            for each in messages
            if isinstance(each, GridConstraints)
            for capacity in each.capacities
        ),
    )
