"""What the rules for offers look at: the offers of a document, their points, their groups and links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from gateway.identifiers import ResourceId
from gateway.model import Reserve
from profiles.lexical import Coded
from profiles.reserve_bid import BidTimeSeries, Point, ReserveBidMarketDocument
from profiles.rules.context import KnownResource, identifier
from profiles.rules.engine import At, View, Violation
from profiles.rules.shape import amount, moment

BidView = View[ReserveBidMarketDocument]

NEED_DOCUMENT = "B21"
NEED_TYPES = frozenset({"B75", "B90"})
RESERVES = {"A46": Reserve.RR, "A47": Reserve.MFRR, "A51": Reserve.AFRR, "A52": Reserve.FCR}
"""Reserve by process code."""


class Offer(NamedTuple):
    """One offer: its position in the document, the series, and start and end of its first Period."""

    number: int
    series: BidTimeSeries
    start: datetime
    end: datetime

    @property
    def at(self) -> At:
        """Where the offer stands."""
        return ("series", self.number)

    @property
    def first(self) -> Point:
        """The first point; in most markets the only one."""
        return self.series.periods[0].points[0]

    @property
    def resource(self) -> Coded | None:
        """The resource, by either of the elements that editions have for it."""
        measured = self.series.measured_resource
        return self.series.resource if measured is None else measured.id

    @property
    def resource_at(self) -> At:
        """Where the resource stands."""
        own = ("resource",) if self.series.measured_resource is None else ("measured_resource", "id")
        return (*self.at, *own)

    @property
    def status(self) -> str | None:
        """The status code, None where there is none."""
        return None if self.series.status is None else self.series.status.value

    def price(self, *, energy: bool) -> Decimal | None:
        """The price per MWh, or of capacity per MW."""
        return self.first.energy_price if energy else self.first.price


def offers(view: BidView) -> tuple[Offer, ...]:
    """Return the offers of the document."""
    found: tuple[Offer, ...] = view.recall(_offers)
    return found


def _offers(view: BidView) -> tuple[Offer, ...]:
    document = view.document
    found = []
    for number, series in enumerate(document.series if document.type != NEED_DOCUMENT else (), 1):
        if series.business_type not in NEED_TYPES:
            interval = series.periods[0].interval
            found.append(Offer(number, series, interval.start, interval.end))
    return tuple(found)


def needs(view: BidView) -> tuple[tuple[int, BidTimeSeries], ...]:
    """Return position and series of each need: what is in a need document, or called a need."""
    found: tuple[tuple[int, BidTimeSeries], ...] = view.recall(_needs)
    return found


def _needs(view: BidView) -> tuple[tuple[int, BidTimeSeries], ...]:
    every = view.document.type == NEED_DOCUMENT
    return tuple(
        (number, series)
        for number, series in enumerate(view.document.series, 1)
        if every or series.business_type in NEED_TYPES
    )


class OfferedPoint(NamedTuple):
    """One Point of an offer, with the numbers of its Period and of itself."""

    offer: Offer
    period: int
    number: int
    point: Point

    def at(self, name: str) -> At:
        """Where the value *name* of the Point stands."""
        return ("series", self.offer.number, "periods", self.period, "points", self.number, name)


def offered_points(view: BidView) -> tuple[OfferedPoint, ...]:
    """Return every Point of every offer."""
    found: tuple[OfferedPoint, ...] = view.recall(_offered_points)
    return found


def _offered_points(view: BidView) -> tuple[OfferedPoint, ...]:
    return tuple(
        OfferedPoint(offer, at, number, point)
        for offer in offers(view)
        for at, period in enumerate(offer.series.periods, 1)
        for number, point in enumerate(period.points, 1)
    )


def groups(view: BidView, kind: str) -> Iterable[list[Offer]]:
    """Return the members of each group; ``kind`` is the attribute that names it, such as ``exclusive_bids``."""
    found: dict[str, dict[str, list[Offer]]] = view.recall(_groups)
    return found[kind].values()


GROUPS = ("exclusive_bids", "multipart_bid", "inclusive_bids")
"""Attributes that name the group of an offer."""

_GROUP_NAMES = (*GROUPS, "linked_bids")
_GROUPS_OF = attrgetter(*_GROUP_NAMES)
_ALONE = (None,) * len(_GROUP_NAMES)


def _groups(view: BidView) -> dict[str, dict[str, list[Offer]]]:
    found: dict[str, dict[str, list[Offer]]] = {kind: {} for kind in _GROUP_NAMES}
    for offer in offers(view):
        names = _GROUPS_OF(offer.series)
        if names == _ALONE:
            continue
        for kind, name in zip(_GROUP_NAMES, names, strict=True):
            if name is not None:
                found[kind].setdefault(name, []).append(offer)
    return found


def linked_offers(view: BidView) -> tuple[Offer, ...]:
    """Return the offers that have conditional links."""
    found: tuple[Offer, ...] = view.recall(_linked_offers)
    return found


def _linked_offers(view: BidView) -> tuple[Offer, ...]:
    return tuple([offer for offer in offers(view) if offer.series.linked])


def differing(members: list[Offer], facts: Mapping[At, Callable[[Offer], Any]], what: str) -> Iterator[Violation]:
    """Yield a violation for each member of a group that differs from the first one.

    ``facts``: place in the series to point at, and the function of an offer that must agree.
    """
    for place, fact in facts.items():
        first = fact(members[0])
        for member in members[1:]:
            if fact(member) != first:
                expected = f"the same as in series {members[0].number} of the {what}"
                yield Violation((*member.at, *place), expected, _told(fact(member)))


def _told(value: object) -> str:
    if isinstance(value, Coded):
        return value.value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, tuple):
        return ", ".join(f"{target} under {condition or 'no condition'}" for target, condition in value) or "nothing"
    return "nothing" if value is None else str(value)


def links(offer: Offer) -> tuple[tuple[str, str | None], ...]:
    """Return the conditional links of an offer as ``(target, condition)``."""
    return tuple((link.id, None if link.status is None else link.status.value) for link in offer.series.linked)


def known_resource(view: BidView, offer: Offer) -> KnownResource | None:
    """Return the registered resource of an offer; None where it names none, or one that is not known."""
    coded = offer.resource
    named = None if coded is None else identifier(ResourceId, coded)
    return None if named is None else (view.context.resources or {}).get(named)
