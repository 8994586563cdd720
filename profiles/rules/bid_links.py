"""RB: rules for links between offers of different times (Fingrid market guide; Statnett examples).

A *technical* link (``linkedBidsIdentification``) names one unit through consecutive time units. A
*conditional* link (``Linked_BidTimeSeries``) makes an offer depend on what became of one of the two
time units before it; its target is an offer, or an inclusive group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import Violation, rule
from profiles.rules.offers import BidView, Offer, groups, linked_offers, links, offers
from profiles.rules.shape import SERIES, either, moment

_ON = (ReserveBidMarketDocument,)
_FINGRID = "Fingrid market guide"
_LINKS_PER_TIME_UNIT = 3
_REACH = (1, 2)
_FAMILIES = {
    "A65": frozenset({"A55", "A56", "A57", "A58", "A59", "A60"}),
    "A66": frozenset({"A67", "A68", "A69", "A70", "A71", "A72"}),
}
"""Conditions that may go with a status: what is available becomes unavailable, and the reverse."""


@dataclass(frozen=True, slots=True)
class _Target:
    """What a conditional link points to: time and area."""

    start: datetime
    area: tuple[str, str]


@rule("RB-030", SERIES, "A59", on=_ON, source=_FINGRID)
def a_technical_link_is_one_unit(view: BidView) -> Iterator[Violation]:
    """A technical link names one offer or one group per time unit, in time units that follow each other."""
    for members in groups(view, "linked_bids"):
        owners: dict[datetime, str] = {}
        for member in members:
            owner = _group(member) or member.series.id
            earlier = owners.setdefault(member.start, owner)
            if earlier != owner:
                expected = f"one offer or group at {moment(member.start)}"
                yield Violation((*member.at, "linked_bids"), expected, f"{owner} besides {earlier}")
        yield from _gaps(view, members)


def _group(offer: Offer) -> str | None:
    series = offer.series
    return series.exclusive_bids or series.multipart_bid or series.inclusive_bids


def _gaps(view: BidView, members: list[Offer]) -> Iterator[Violation]:
    """Yield the offers of a chain that do not follow another; offers accepted earlier may fill a gap."""
    bids, unit, name = view.context.bids, view.market.time_unit_length, members[0].series.linked_bids
    if bids is None:
        if len(members) > 1:
            view.assume("RB-030: offers accepted earlier fill the gaps of technical links")
        return
    starts = {member.start: member for member in members}
    known = {entry.bid.interval.start for entry in bids.values() if entry.bid.technical_link == name}
    for earlier, later in pairwise(sorted(known | set(starts))):
        if later - earlier != unit and later in starts:
            expected = f"an offer at {moment(later - unit)} too"
            yield Violation((*starts[later].at, "linked_bids"), expected, f"none since {moment(earlier)}")


@rule("RB-032", SERIES, "A59", on=_ON, source=_FINGRID)
def conditional_links_are_few_and_near(view: BidView) -> Iterator[Violation]:
    """At most three conditional links go to each of the two time units before; each target is linked once."""
    unit = view.market.time_unit_length
    for offer in linked_offers(view):
        found: dict[str, _Target | None] = {}
        for number, (target, _) in enumerate(links(offer), 1):
            if target in found:
                yield Violation((*offer.at, "linked", number), "one link to each target", target)
            found[target] = _target(view, target)
        distances = {name: (offer.start - seen.start) / unit for name, seen in found.items() if seen is not None}
        far = next((name for name, distance in distances.items() if distance not in _REACH), None)
        if far is not None:
            yield Violation((*offer.at, "linked"), "targets one or two time units earlier", far)
        elif any(count > _LINKS_PER_TIME_UNIT for count in Counter(distances.values()).values()):
            yield Violation(
                (*offer.at, "linked"), f"at most {_LINKS_PER_TIME_UNIT} links to a time unit", str(len(found))
            )


@rule("RB-033", SERIES, "A55", on=_ON, source="Statnett examples; Fingrid market guide")
def link_targets_exist(view: BidView) -> Iterator[Violation]:
    """The target of a conditional link is in the document or was accepted before, and is in the same area."""
    for offer in linked_offers(view):
        for number, (name, _) in enumerate(links(offer), 1):
            target, area = _target(view, name), offer.series.connecting_domain
            if target is None and view.context.bids is None:
                view.assume("RB-033: link targets that are not in the document were accepted before")
            elif target is None:
                yield Violation((*offer.at, "linked", number, "id"), "an offer or group that exists", name)
            elif target.area != (area.scheme, area.value):
                at = (*offer.at, "linked", number, "id")
                yield Violation(at, f"a target in {area.value}", f"{name} in {target.area[1]}")


def _target(view: BidView, name: str) -> _Target | None:
    found: dict[str, _Target] = view.recall(_targets)
    return found.get(name)


def _targets(view: BidView) -> dict[str, _Target]:
    """Return what can be linked to, by id of offer or inclusive group; the document goes before earlier ones."""
    found: dict[str, _Target] = {}
    for entry in (view.context.bids or {}).values():
        area = (entry.bid.area.scheme, entry.bid.area.value)
        for name in (entry.bid.id, entry.bid.inclusive):
            if name is not None:
                found[name] = _Target(entry.bid.interval.start, area)
    for offer in offers(view):
        area = (offer.series.connecting_domain.scheme, offer.series.connecting_domain.value)
        for name in (offer.series.id, offer.series.inclusive_bids):
            if name is not None:
                found[name] = _Target(offer.start, area)
    return found


@rule("RB-034", SERIES, "A77", on=_ON, source="ENTSO-E code list; Fingrid market guide")
def conditions_fit_the_status(view: BidView) -> Iterator[Violation]:
    """A conditionally available offer has conditions that take it away, an unavailable one conditions that give it."""
    for offer in linked_offers(view):
        allowed = _FAMILIES.get(offer.status or "", frozenset()) & view.market.bids.conditions
        for number, (_, condition) in enumerate(links(offer) if offer.status in _FAMILIES else (), 1):
            if condition not in allowed:
                at = (*offer.at, "linked", number, "status")
                yield Violation(at, either(allowed), condition or "nothing")
