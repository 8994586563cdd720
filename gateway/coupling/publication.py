"""What a member publishes of a common result, and what it tells its own providers.

* The common merit order list of each part (`MeritOrderLists`): every bid in the order of its price, unavailable ones
  marked. Its document has no place for groups and links; the bid is listed without them, and that is told.
* What is left of the borders, for the process that comes next (`GridConstraints`).
* The share of its own areas, which its providers and buyers are answered from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from uuid import uuid5

from gateway.areas import MeritOrderEntry, MeritOrderList, MeritOrderLists
from gateway.coupling.agreement import Agreement
from gateway.coupling.capacities import NAME_SPACE
from gateway.coupling.joint import Coupled, PartResult
from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.model import Bid, GridConstraints, Party, Role
from gateway.results import ClearingResult
from gateway.time import Interval

_DEPENDENCES = ("exclusive", "multipart", "inclusive", "block_bid", "parent", "technical_link", "links")


def published(agreement: Agreement, own: PartyId, coupled: Coupled, now: datetime) -> tuple[Envelope[Message], ...]:
    """Return the lists and the capacities that are left, of every part that *own* belongs to; ``now`` dates them."""
    return tuple(
        letter
        for part in coupled.parts
        if {*part.areas} & {*agreement.areas_of(own)}
        for letter in _letters(agreement, own, part, now)
    )


def simplified(lists: Iterable[MeritOrderList]) -> tuple[tuple[MeritOrderList, ...], tuple[str, ...]]:
    """Return *lists* of bids that depend on no other, and in a sentence each what was left out; digests stay."""
    every = tuple(lists)
    plain = tuple(replace(each, entries=tuple(map(_plain, each.entries))) for each in every)
    return plain, tuple(chain.from_iterable(_losses(entry.bid) for each in every for entry in each.entries))


def share_of(result: ClearingResult, areas: Iterable[AreaId]) -> ClearingResult:
    """Return what *result* says of some areas: their bids, needs and prices, and the flows that begin or end there."""
    own = {*areas}
    return replace(
        result,
        awards=tuple(award for award in result.awards if award.area in own),
        needs=tuple(need for need in result.needs if need.area in own),
        prices=tuple(price for price in result.prices if price.area in own),
        flows=tuple(flow for flow in result.flows if {flow.from_area, flow.to_area} & own),
    )


def _letters(agreement: Agreement, own: PartyId, part: PartResult, now: datetime) -> Iterator[Envelope[Message]]:
    period = Interval(part.intervals[0].start, part.intervals[-1].end)
    lists = MeritOrderLists(lists=simplified(part.lists)[0])
    left = tuple(capacity for each in part.after for capacity in each.capacities(own))
    messages: list[Message] = [lists] if any(each.entries for each in lists.lists) else []
    messages += [GridConstraints(capacities=left)] if left else []
    for message in messages:
        yield Envelope(
            id=str(uuid5(NAME_SPACE, f"{own} publishes {type(message).__name__} {part.areas[0]} {period}")),
            sender=Party(own, Role.MERIT_ORDER_LIST_RESPONSIBLE),
            receiver=Party(own, Role.TRANSMISSION_SYSTEM_OPERATOR),
            created=now,
            message=message,
            reserve=agreement.reserve,
            period=period,
            domain=part.areas[0],
        )


def _plain(entry: MeritOrderEntry) -> MeritOrderEntry:
    bid = entry.bid
    alone = replace(
        bid,
        exclusive=None,
        multipart=None,
        inclusive=None,
        block_bid=None,
        parent=None,
        technical_link=None,
        links=(),
    )
    return entry if alone == bid else replace(entry, bid=alone)


def _losses(bid: Bid) -> Iterator[str]:
    for name in _DEPENDENCES:
        if getattr(bid, name):
            yield f"{bid.id} in {bid.interval}: the list does not tell its {name.replace('_', ' ')}."
