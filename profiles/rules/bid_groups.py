"""RB: rules for groups of offers: exclusive, multipart, inclusive (IEC 62325-451-7; Nordic guides).

=========  ===========================================  ==============================================
group      its members                                  what must agree
=========  ===========================================  ==============================================
exclusive  at most one is accepted                      product, area, time, technical link
multipart  price steps of one unit                      and direction; the prices must differ
inclusive  all in the same ratio, or none               and direction, price, conditional links
=========  ===========================================  ==============================================

Members of exclusive and multipart groups have no conditional links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import At, Violation, rule
from profiles.rules.offers import GROUPS, BidView, Offer, differing, groups, links, offers
from profiles.rules.shape import SERIES, amount, is_multiple

_ON = (ReserveBidMarketDocument,)
_FINGRID = "Fingrid market guide"
_PAIR = 2
_FFR, _FCR = "Z85", frozenset({"C26", "C27"})

_Facts = dict[At, Callable[[Offer], Any]]
_POINT: At = ("periods", 1, "points", 1)
_TIME: _Facts = {("periods", 1, "interval"): lambda offer: offer.start}
_SAME: _Facts = {
    ("product",): lambda offer: offer.series.product,
    ("connecting_domain",): lambda offer: offer.series.connecting_domain,
    **_TIME,
    ("linked_bids",): lambda offer: offer.series.linked_bids,
}
_DIRECTION: _Facts = {("direction",): lambda offer: offer.series.direction}


@rule("RB-025", SERIES, "A77", on=_ON, source=_FINGRID)
def an_offer_is_in_one_group(view: BidView) -> Iterator[Violation]:
    """An offer belongs to at most one exclusive, multipart or inclusive group."""
    named: dict[int, list[str]] = {}
    for kind in GROUPS:
        for offer in chain.from_iterable(groups(view, kind)):
            named.setdefault(offer.number, []).append(kind)
    for number, kinds in named.items():
        if len(kinds) > 1:
            yield Violation(("series", number, kinds[1]), "one group at most", f"{len(kinds)} groups")


@rule("RB-026", SERIES, "A59", on=_ON, source="Fingrid market guide; Statnett examples")
def exclusive_offers_agree(view: BidView) -> Iterator[Violation]:
    """An exclusive group has one product, area, time, technical link and no conditional link; directions may differ."""
    for members in groups(view, "exclusive_bids"):
        if not _combination(members):
            yield from differing(members, _SAME, "exclusive group")
            yield from _unlinked(members)


@rule("RB-027", SERIES, "A59", on=_ON, source=_FINGRID)
def multipart_offers_agree(view: BidView) -> Iterator[Violation]:
    """A multipart group has one product, area, time, direction and technical link, prices that differ, no links."""
    for members in groups(view, "multipart_bid"):
        yield from differing(members, _SAME | _DIRECTION, "multipart group")
        yield from _unlinked(members)
        taken: dict[Decimal | None, Offer] = {}
        for member in members:
            price = member.price(energy=view.market.bids.energy_priced)
            earlier = taken.setdefault(price, member)
            if earlier is not member and price is not None:
                at = (*member.at, *_price_at(view))
                yield Violation(at, f"another price than series {earlier.number}", amount(price))


@rule("RB-028", SERIES, "A59", on=_ON, source="Fingrid market guide; Nordic mFRR EAM guide")
def inclusive_offers_agree(view: BidView) -> Iterator[Violation]:
    """An inclusive group has one product, area, time, direction, price and set of links; its sum is on the MW step."""
    energy, step = view.market.bids.energy_priced, view.market.bids.step_mw
    price: _Facts = {_price_at(view): lambda offer: offer.price(energy=energy), ("linked",): links}
    for members in groups(view, "inclusive_bids"):
        yield from differing(members, _SAME | _DIRECTION, "inclusive group")
        yield from differing(members, price, "inclusive group")
        total = sum((member.first.quantity for member in members), Decimal(0))
        if not is_multiple(total, step):
            expected = f"a sum of the group that is a multiple of {amount(step)} MW"
            yield Violation((*members[0].at, "inclusive_bids"), expected, amount(total))


def _price_at(view: BidView) -> At:
    return (*_POINT, "energy_price" if view.market.bids.energy_priced else "price")


def _unlinked(members: list[Offer]) -> Iterator[Violation]:
    for member in members:
        if member.series.linked:
            yield Violation((*member.at, "linked", 1), "no conditional link", member.series.linked[0].id)


@rule("RB-022", SERIES, "A59", on=_ON, source=_FINGRID)
def a_group_is_cancelled_as_a_whole(view: BidView) -> Iterator[Violation]:
    """Quantity 0 cancels an offer that was accepted; a group is cancelled as a whole or not at all."""
    for kind in GROUPS:
        for members in groups(view, kind):
            if any(member.first.quantity for member in members):
                yield from (_cancelled(member, "a whole group") for member in members if not member.first.quantity)
    bids = view.context.bids
    if bids is not None:
        for offer in offers(view):
            if not offer.first.quantity and offer.series.id not in bids:
                yield _cancelled(offer, "an offer that was accepted")


def _cancelled(offer: Offer, what: str) -> Violation:
    return Violation((*offer.at, *_POINT, "quantity"), f"0 for {what}", "0 for this series alone")


def _combination(members: list[Offer]) -> bool:
    """Whether an exclusive group is one of fast frequency reserve and frequency containment reserve (RB-042)."""
    types = {member.series.business_type for member in members}
    return _FFR in types and bool(types & _FCR)


@rule("RB-042", SERIES, "A59", on=_ON, source=_FINGRID)
def ffr_and_fcr_combine_one_to_one(view: BidView) -> Iterator[Violation]:
    """A combination of FFR and FCR is one offer of each, of one quantity and time, in a group of their own."""
    same: _Facts = {**_TIME, (*_POINT, "quantity"): lambda offer: offer.first.quantity}
    for members in groups(view, "exclusive_bids"):
        if not _combination(members):
            continue
        if len(members) != _PAIR:
            yield Violation((*members[-1].at, "exclusive_bids"), "one offer of each", f"{len(members)} offers")
        yield from differing(members, same, "combination")
