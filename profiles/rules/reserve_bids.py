"""RB: rules for one offer of reserve, looked at by itself (IEC 62325-451-7).

Groups and links of offers are in `bid_groups` and `bid_links`, national attributes in
`bid_national`, limits of resources and portfolios in `bid_resources`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from gateway.report import Level
from gateway.time import market_day
from profiles.markets import Obligation
from profiles.reserve_bid import Point, ReserveBidMarketDocument
from profiles.rules import matrix
from profiles.rules.engine import NOBODY_YET, Violation, kept_elsewhere, rule
from profiles.rules.offers import BidView, Offer, offered_points, offers
from profiles.rules.shape import SERIES, amount, either, is_multiple, length, moment, on_border

_ON = (ReserveBidMarketDocument,)
_FINGRID, _NORDIC = "Fingrid market guide", "Fingrid market guide; Nordic mFRR EAM guide"
_YES = "A01"


@rule("RB-001", SERIES, "A62", "A77", on=_ON, source=_FINGRID)
def offers_are_of_this_market(view: BidView) -> Iterator[Violation]:
    """Type, business type and auction of an offer are those of the market."""
    document, types = view.document, matrix.TYPES[ReserveBidMarketDocument]
    if document.type not in types:
        yield Violation(("type",), either(types), document.type, "A77")
    known, auctions = matrix.allowed_business_types(view), view.market.bids.auctions
    for offer in offers(view):
        if known and offer.series.business_type not in known:
            yield Violation((*offer.at, "business_type"), either(known), offer.series.business_type)
        if auctions and offer.series.auction not in auctions:
            yield Violation((*offer.at, "auction"), either(auctions), offer.series.auction or "nothing", "A77")


@rule("RB-002", SERIES, "A57", on=_ON, source=_NORDIC, needs=("now",))
def offers_come_while_the_gate_is_open(view: BidView) -> Iterator[Violation]:
    """Every offer is received after its gate opens and before it closes; the time of receipt decides."""
    now, gates, zone = view.context.now, view.market.gates, view.market.time_zone
    if now is None:
        return
    first = now + gates.bid_closure
    last = market_day(now.astimezone(zone).date() + timedelta(days=gates.opening_days), zone).end
    for offer in offers(view):
        if offer.start < first or (offer.start == first and not gates.boundary_open):
            closed = moment(offer.start - gates.bid_closure)
            yield Violation(offer.at, f"receipt before gate closure at {closed}", moment(now))
        elif offer.start >= last:
            yield Violation(offer.at, f"delivery before {moment(last)}: the gate is not open yet", moment(offer.start))


@rule("RB-003", SERIES, "A49", on=_ON, source=_FINGRID, optional=True)
def an_offer_has_one_point(view: BidView) -> Iterator[Violation]:
    """An offer has one Period with one Point."""
    for offer in offers(view):
        periods = offer.series.periods
        if len(periods) != 1:
            yield Violation((*offer.at, "periods"), "one Period", str(len(periods)))
        elif len(periods[0].points) != 1:
            yield Violation((*offer.at, "periods", 1, "points"), "one Point", str(len(periods[0].points)))


@rule("RB-004", SERIES, "A04", on=_ON, source=_FINGRID, optional=True)
def an_offer_is_for_one_time_unit(view: BidView) -> Iterator[Violation]:
    """The Period of an offer is exactly one market time unit."""
    unit = view.market.time_unit_length
    sound: set[tuple[datetime, datetime]] = set()
    for offer in offers(view):
        times = (offer.start, offer.end)
        if times in sound or offer.start >= offer.end:  # the latter is TS-002
            continue
        if offer.end - offer.start == unit and on_border(offer.start, unit):
            sound.add(times)
        else:
            found = f"{moment(offer.start)}/{moment(offer.end)}"
            yield Violation((*offer.at, "periods", 1, "interval"), f"one {view.market.time_unit} on its grid", found)


@rule("RB-005", SERIES, "A41", on=_ON, source=_FINGRID)
def the_resolution_is_the_time_unit(view: BidView) -> Iterator[Violation]:
    """The resolution of an offer is the market time unit."""
    unit = view.market.time_unit_length
    for offer in offers(view):
        for number, period in enumerate(offer.series.periods, 1):
            step = length(period.resolution)
            if step is not None and step != unit:
                at = (*offer.at, "periods", number, "resolution")
                yield Violation(at, str(view.market.time_unit), period.resolution)


@rule("RB-006", SERIES, "A42", on=_ON, source=_NORDIC)
def quantities_are_within_limits(view: BidView) -> Iterator[Violation]:
    """A quantity is a whole number of steps between the least and the greatest; 0 cancels the offer."""
    terms = view.market.bids
    small: set[object] = set()
    sound: set[Decimal] = set()
    for spot in offered_points(view):
        value, part = spot.point.quantity, spot.offer.series.inclusive_bids is not None
        if (value in sound and not part) or value <= 0:  # 0 cancels; below it is TS-015
            continue
        step = terms.part_step_mw if part else terms.step_mw
        least = Decimal(0) if part else _least(view, spot.offer, value, small)
        if value > terms.maximum_mw or value < least:
            expected = f"{amount(least)} to {amount(terms.maximum_mw)} MW"
            yield Violation(spot.at("quantity"), expected, amount(value))
        elif not is_multiple(value, step):
            yield Violation(spot.at("quantity"), f"a multiple of {amount(step)} MW", amount(value))
        elif value >= terms.minimum_mw:
            sound.add(value)


def _least(view: BidView, offer: Offer, value: Decimal, small: set[object]) -> Decimal:
    """Return the least quantity: one offer per area, direction and time may use the exception for small ones."""
    terms = view.market.bids
    if terms.small_bid_mw is None or not terms.small_bid_mw <= value < terms.minimum_mw:
        return terms.minimum_mw
    place = (offer.series.connecting_domain, offer.series.direction, offer.start)
    if place in small:
        return terms.minimum_mw
    small.add(place)
    return terms.small_bid_mw


@rule("RB-007", SERIES, "A69", on=_ON, source=_FINGRID)
def an_offer_has_its_price(view: BidView) -> Iterator[Violation]:
    """An offer of energy has an energy price, an offer of capacity a price."""
    name = _price_name(view)
    for spot in offered_points(view):
        if getattr(spot.point, name) is None:
            yield Violation(spot.at(name), "a price", "nothing")


@rule("RB-008", SERIES, "B51", on=_ON, source=_NORDIC)
def prices_are_within_limits(view: BidView) -> Iterator[Violation]:
    """A price lies within the limits of the market."""
    name, floor, cap = _price_name(view), view.market.bids.price_floor, view.market.bids.price_cap
    for spot in offered_points(view):
        price = getattr(spot.point, name)
        if price is not None and ((floor is not None and price < floor) or (cap is not None and price > cap)):
            limits = f"{'no limit' if floor is None else floor} to {'no limit' if cap is None else cap}"
            yield Violation(spot.at(name), limits, amount(price))


@rule("RB-009", SERIES, "A59", on=_ON, source=_NORDIC)
def prices_are_on_the_step(view: BidView) -> Iterator[Violation]:
    """A price is a whole number of price steps."""
    name, step = _price_name(view), view.market.bids.price_step
    for spot in offered_points(view):
        price = getattr(spot.point, name)
        if price is not None and not is_multiple(price, step):
            yield Violation(spot.at(name), f"a multiple of {amount(step)}", amount(price))


def _price_name(view: BidView) -> str:
    return "energy_price" if view.market.bids.energy_priced else "price"


@rule("RB-010", SERIES, "A77", on=_ON, source="Fingrid market guide; Statnett examples")
def divisible_offers_have_a_minimum(view: BidView) -> Iterator[Violation]:
    """A divisible offer has a minimum from 0 to its quantity where the market wants one; others have none."""
    required = view.market.bids.minimum_quantity is Obligation.REQUIRED
    for spot in offered_points(view):
        wanted = _minimum_wanted(spot.point, divisible=required and spot.offer.series.divisible == _YES)
        if wanted is not None:
            minimum = spot.point.minimum_quantity
            found = "nothing" if minimum is None else amount(minimum)
            yield Violation(spot.at("minimum_quantity"), wanted, found)


def _minimum_wanted(point: Point, *, divisible: bool) -> str | None:
    """Say what the minimum should have been, or None where it is right."""
    minimum = point.minimum_quantity
    if not divisible:
        return None if minimum is None else "no minimum"
    if minimum is None:
        return "a minimum quantity, 0 where any part will do"
    in_range = minimum >= 0 and (minimum <= point.quantity or point.quantity <= 0)
    return None if in_range else f"0 to {amount(point.quantity)} MW"


@rule("RB-011", SERIES, "A42", on=_ON, source=_FINGRID, optional=True)
def a_minimum_is_not_too_small(view: BidView) -> Iterator[Violation]:
    """The minimum of an offer that can only partly be divided is not below the least part."""
    least = view.market.bids.least_part_mw
    for spot in offered_points(view):
        minimum = spot.point.minimum_quantity
        if minimum is not None and 0 < minimum < least:
            yield Violation(spot.at("minimum_quantity"), f"0, or at least {amount(least)} MW", amount(minimum))


def _allowed(view: BidView, name: str, allowed: frozenset[str]) -> Iterator[Violation]:
    """Yield the offers whose code is not among those of the market; an empty set allows any."""
    for offer in offers(view) if allowed else ():
        value = getattr(offer.series, name)
        if value not in allowed:
            yield Violation((*offer.at, name), either(allowed), value or "nothing")


@rule("RB-012", SERIES, "A59", on=_ON, source=_FINGRID)
def divisibility_is_allowed(view: BidView) -> Iterator[Violation]:
    """An offer can be divided, or not, as the market has it."""
    yield from _allowed(view, "divisible", view.market.bids.divisible)


@rule("RB-013", SERIES, "A59", on=_ON, source=_FINGRID)
def the_direction_is_allowed(view: BidView) -> Iterator[Violation]:
    """The direction of an offer is one that the market has."""
    yield from _allowed(view, "direction", view.market.bids.directions)


@rule("RB-014", SERIES, "A59", on=_ON, source=_FINGRID)
def the_product_is_allowed(view: BidView) -> Iterator[Violation]:
    """The product of an offer is one that the market has."""
    yield from _allowed(view, "product", view.market.bids.products)


@rule("RB-020", SERIES, "A77", on=_ON, source=_FINGRID)
def the_status_fits_the_links(view: BidView) -> Iterator[Violation]:
    """Conditional links go with the statuses A65 and A66, and with no other."""
    conditional = {"A65", "A66"}
    for offer in offers(view):
        linked, status = offer.series.linked, offer.status
        if bool(linked) != (status in conditional):
            expected = "A65 or A66 beside links" if linked else "a link beside A65 or A66"
            yield Violation((*offer.at, "status"), expected, status or "nothing")


RB_023 = kept_elsewhere(
    "RB-023",
    Level.DOCUMENT,
    kept_by="gateway.order_book",
    why="It is about what a document means for the earlier ones, and forbids nothing.",
    statement="Unchanged offers are not sent again; a complete set (B40) replaces all offers of its sender.",
    source="Nordic mFRR EAM guide; ENTSO-E code list",
)
RB_029 = kept_elsewhere(
    "RB-029",
    SERIES,
    kept_by="gateway.clearing.offers",
    why="It is about the meaning of a group, and forbids nothing.",
    statement="An inclusive group with an indivisible member is indivisible; else its greatest minimum share holds.",
    source="project decision",
)
RB_031 = kept_elsewhere(
    "RB-031",
    SERIES,
    kept_by="gateway.clearing.eligibility",
    why="It is about what an activation means for a later offer.",
    statement="Direct activation makes the technically linked offer of the next time unit unavailable.",
    source=_FINGRID,
)
RB_035 = kept_elsewhere(
    "RB-035",
    SERIES,
    kept_by=NOBODY_YET,
    why="It is about a message that is to be sent besides; nothing is sent of its own accord.",
    statement="Who cancels an offer reports at once every offer that is linked to it as unavailable.",
    source=_FINGRID,
)
RB_043 = kept_elsewhere(
    "RB-043",
    SERIES,
    kept_by="gateway.model",
    why="It is about the meaning of a price, and forbids nothing.",
    statement="The provider receives the price of an up offer and pays that of a down offer; both may be negative.",
    source="Statnett examples",
)
