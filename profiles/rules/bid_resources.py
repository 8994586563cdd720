"""RB: rules that compare offers with registered areas and resources, and with offers accepted earlier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from gateway.identifiers import AreaId, PartyId
from gateway.report import Level
from profiles.lexical import Coded
from profiles.markets import Weight
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.context import KnownBid, identifier
from profiles.rules.engine import Violation, rule
from profiles.rules.offers import GROUPS, RESERVES, BidView, Offer, known_resource, offers
from profiles.rules.shape import SERIES, amount, moment

_ON = (ReserveBidMarketDocument,)
_CODE_LIST, _FINGRID = "ENTSO-E code list", "Fingrid market guide"
_PRODUCT_FIXED = "the product it was accepted with"


@rule("RB-015", SERIES, "A23", on=_ON, source=_FINGRID, needs=("areas",))
def the_areas_are_known(view: BidView) -> Iterator[Violation]:
    """The acquiring and the connecting area of an offer are known."""
    areas = view.context.areas or frozenset()
    known: dict[Coded, bool] = {}
    for offer in offers(view):
        for name in ("acquiring_domain", "connecting_domain"):
            area = getattr(offer.series, name)
            if area not in known:
                known[area] = identifier(AreaId, area) in areas
            if not known[area]:
                yield Violation((*offer.at, name), "a known area", f"{area.scheme}:{area.value}")


@rule("RB-016", SERIES, "A64", on=_ON, source=_FINGRID, needs=("resources",))
def the_resource_is_the_provider_s(view: BidView) -> Iterator[Violation]:
    """The resource of an offer is registered, and to the party that offers it."""
    document = view.document
    for offer in offers(view):
        resource = offer.resource
        if resource is None:
            continue
        known = known_resource(view, offer)
        party = offer.series.provider or document.subject or document.sender
        if known is None:
            yield Violation(offer.resource_at, "a registered resource", f"{resource.scheme}:{resource.value}")
        elif known.provider != identifier(PartyId, party):
            yield Violation(offer.resource_at, f"a resource of {party.value}", f"one of {known.provider.value}")


@rule("RB-017", SERIES, "A68", on=_ON, source=_CODE_LIST, optional=True, needs=("resources",))
def the_resource_is_qualified(view: BidView) -> Iterator[Violation]:
    """The resource of an offer is qualified for the reserve."""
    reserve = RESERVES.get(view.document.process or "")
    for offer in offers(view) if reserve else ():
        known = known_resource(view, offer)
        if known is not None and reserve not in known.reserves:
            found = ", ".join(sorted(known.reserves)) or "nothing"
            yield Violation(offer.resource_at, f"a resource qualified for {reserve}", found)


@rule("RB-018", SERIES, "A65", on=_ON, source=_CODE_LIST, weight=Weight.WARN, optional=True, needs=("resources",))
def the_resource_can_deliver_the_sum(view: BidView) -> Iterator[Violation]:
    """The offers of a resource for one direction and time do not exceed its size; of an exclusive group one counts."""
    sums: dict[tuple[Coded, str, datetime], Decimal] = {}
    counted: dict[tuple[Coded, str, datetime, str], Decimal] = {}
    for offer in offers(view):
        known, resource = known_resource(view, offer), offer.resource
        if known is None or resource is None:
            continue
        place = (resource, offer.series.direction, offer.start)
        name = (*place, offer.series.exclusive_bids or f"series {offer.number}")
        before = counted.get(name, Decimal(0))
        counted[name] = max(before, offer.first.quantity)
        sums[place] = sums.get(place, Decimal(0)) + counted[name] - before
        if sums[place] > known.maximum_mw:
            at = (*offer.at, "periods", 1, "points", 1, "quantity")
            yield Violation(at, f"at most {amount(known.maximum_mw)} MW together", f"{amount(sums[place])} MW")


@rule("RB-019", Level.DOCUMENT, "A65", on=_ON, source=_FINGRID, optional=True)
def the_portfolio_is_within_its_limit(view: BidView) -> Iterator[Violation]:
    """The offers of a document for one direction and time do not exceed the market's limit for a portfolio."""
    limit = view.market.bids.portfolio_limit_mw
    sums: dict[tuple[str, datetime], Decimal] = {}
    for offer in offers(view) if limit is not None else ():
        key = (offer.series.direction, offer.start)
        sums[key] = sums.get(key, Decimal(0)) + offer.first.quantity
    for (direction, start), total in sums.items():
        if limit is not None and total > limit:
            expected = f"at most {amount(limit)} MW in direction {direction} at {moment(start)}"
            yield Violation(("series",), expected, f"{amount(total)} MW")


@rule("RB-021", SERIES, "A59", on=_ON, source=_FINGRID, needs=("bids",))
def an_update_keeps_what_the_offer_is(view: BidView) -> Iterator[Violation]:
    """A changed offer keeps its time, resource and product, and a simple one stays simple."""
    bids = view.context.bids or {}
    for offer in offers(view):
        known = bids.get(offer.series.id)
        if known is not None:
            yield from _changes(offer, known)


def _changes(offer: Offer, known: KnownBid) -> Iterator[Violation]:
    bid, series, resource = known.bid, offer.series, offer.resource
    if offer.start != bid.interval.start:
        yield Violation((*offer.at, "periods", 1, "interval"), str(bid.interval), moment(offer.start))
    if resource is not None and bid.resource is not None and resource.value != bid.resource.value:
        yield Violation(offer.resource_at, bid.resource.value, resource.value)
    if known.product is not None and series.product != known.product:
        yield Violation((*offer.at, "product"), f"{known.product}, {_PRODUCT_FIXED}", series.product or "nothing")
    joined = next((kind for kind in GROUPS if getattr(series, kind) is not None), None)
    if joined is not None and bid.group is None:
        yield Violation((*offer.at, joined), "no group: the offer was a simple one", getattr(series, joined))
