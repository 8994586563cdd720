"""What each party is told of a clearing result.

* `Allocation` to every seller (each of its bids with its fate), to every buyer (its needs as met),
  and to a distribution operator that checks results (the awards in its areas, once per round);
* `ActivationOrders` to every provider with an accepted bid, one message per interval;
* `ClearingPrices` once, for publication.

Every answer is an envelope from the market operator. Its identifier is a name-based UUID (RFC 9562,
version 5) of sender, receiver, kind and period: the same result is answered in the same bytes, and a
later round keeps the identifier and raises the revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.market import MarketDefinition
from gateway.model import Party, Role
from gateway.order_book import OrderBook, in_role
from gateway.results import (
    ActivationOrder,
    ActivationOrders,
    Allocation,
    Award,
    ClearingPrices,
    ClearingResult,
    OrderKind,
    ServedNeed,
)
from gateway.time import Interval

NAME_SPACE = UUID("5b1b7d0e-6d3c-5f0a-9a59-0c5f5c0f7a10")
"""Name space of the identifiers of answers."""

Item = TypeVar("Item", Award, ServedNeed)
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Answers:
    """Writes the answers of one market: ``known`` gives each party's role, ``now`` dates them."""

    market: MarketDefinition
    known: Mapping[PartyId, Role]
    now: datetime

    def of(self, book: OrderBook, rounds: Sequence[ClearingResult]) -> Iterator[Envelope[Message]]:
        """Yield every answer to the parties of *book* for the *rounds* of a clearing, the last one final."""
        final = rounds[-1]
        for result in rounds:
            yield from self.to_checking_operators(book, result)
        yield from self.to_sellers(final)
        yield from self.to_buyers(final)
        yield from self.orders(final)
        if final.prices:
            yield self.prices(final)

    def to_sellers(self, result: ClearingResult) -> Iterator[Envelope[Message]]:
        """Yield to each provider what became of its bids."""
        for provider, awards in _grouped(result.awards, lambda award: award.provider).items():
            receiver = in_role(self.known, provider, Role.BALANCING_SERVICE_PROVIDER)
            yield self._envelope(receiver, "allocation", Allocation(awards=awards), awards)

    def to_buyers(self, result: ClearingResult) -> Iterator[Envelope[Message]]:
        """Yield to each buyer how its needs were met."""
        for buyer, needs in _grouped(result.needs, lambda need: need.buyer).items():
            receiver = in_role(self.known, buyer, Role.TRANSMISSION_SYSTEM_OPERATOR)
            yield self._envelope(receiver, "purchase", Allocation(awards=(), needs=needs), needs)

    def to_checking_operators(self, book: OrderBook, result: ClearingResult) -> Iterator[Envelope[Message]]:
        """Yield to each operator that sent blocks or limits the awards it has to check."""
        for operator, areas in _checked_areas(book).items():
            awards = tuple(award for award in result.awards if award.area in areas and award.quantity_mw)
            if awards:
                receiver = in_role(self.known, operator, Role.DISTRIBUTION_SYSTEM_OPERATOR)
                message = Allocation(awards=awards, revision=result.revision)
                yield self._envelope(receiver, "check", message, awards, result.revision)

    def orders(self, result: ClearingResult) -> Iterator[Envelope[Message]]:
        """Yield the activation orders: one message per provider and interval."""
        accepted = [award for award in result.awards if award.quantity_mw]
        for (provider, _), awards in _grouped(accepted, lambda award: (award.provider, award.interval)).items():
            receiver = in_role(self.known, provider, Role.BALANCING_SERVICE_PROVIDER)
            message = ActivationOrders(
                kind=OrderKind.SCHEDULED,
                order_id=self._name(receiver, "order", awards),
                order_revision=1,
                orders=tuple(map(_order, awards)),
            )
            yield self._envelope(receiver, "activation", message, awards)

    def prices(self, result: ClearingResult) -> Envelope[Message]:
        """Return the clearing prices, addressed to the market operator itself for publication."""
        period = _span(price.interval for price in result.prices)
        operator = self.market.operator
        return Envelope(
            id=str(uuid5(NAME_SPACE, f"{operator.id} prices {period}")),
            sender=operator,
            receiver=operator,
            created=self.now,
            message=ClearingPrices(prices=result.prices),
            reserve=self.market.reserve,
            period=period,
            domain=self.market.domain,
        )

    def _envelope(
        self, receiver: Party, kind: str, message: Message, items: Sequence[Award | ServedNeed], revision: int = 1
    ) -> Envelope[Message]:
        return Envelope(
            id=self._name(receiver, kind, items),
            sender=self.market.operator,
            receiver=receiver,
            created=self.now,
            message=message,
            revision=revision,
            reserve=self.market.reserve,
            period=_span(item.interval for item in items),
            domain=self.market.domain or items[0].area,
        )

    def _name(self, receiver: Party, kind: str, items: Sequence[Award | ServedNeed]) -> str:
        period = _span(item.interval for item in items)
        return str(uuid5(NAME_SPACE, f"{self.market.operator.id} {receiver.id} {kind} {period}"))


def _order(award: Award) -> ActivationOrder:
    return ActivationOrder(
        bid_id=award.bid_id,
        provider=award.provider,
        area=award.area,
        direction=award.direction,
        interval=award.interval,
        quantity_mw=award.quantity_mw,
        resource=award.resource,
        reasons=(("B49", None), *([("A95", award.voluntary_id)] if award.voluntary_id else [])),
    )


def _checked_areas(book: OrderBook) -> dict[PartyId, set[AreaId]]:
    """Return the areas in which each operator blocks or limits bids."""
    area_of = {bid.id: bid.area for bid in book.bids}
    areas: dict[PartyId, set[AreaId]] = {}
    for block in book.blocks:
        areas.setdefault(block.requester, set()).add(block.area)
    for limit in book.limits:
        areas.setdefault(limit.sender, set()).update(area_of[bid] for bid in limit.coefficients if bid in area_of)
    return areas


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, tuple[Item, ...]]:
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tuple(group) for name, group in groups.items()}


def _span(intervals: Iterable[Interval]) -> Interval:
    """Return the shortest interval that covers all of *intervals*."""
    every = tuple(intervals)
    return Interval(min(interval.start for interval in every), max(interval.end for interval in every))
