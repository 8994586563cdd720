"""RN: rules for needs of reserve: type B21, or a series of business type B75 or B90 (IEC 62325-451-7).

The canonical sign of a need is that of its direction: up +, down -. A need with an energy price is
elastic: up, the highest price that will be paid; down, the lowest that will be accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.report import Level
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules import matrix
from profiles.rules.engine import Violation, rule
from profiles.rules.history import next_revision
from profiles.rules.offers import NEED_DOCUMENT, NEED_TYPES, BidView, needs
from profiles.rules.shape import SERIES, amount, block, either, moment, spans

_ON = (ReserveBidMarketDocument,)
_PLATFORM, _DECISION = "Nordic balancing message guides", "project decision"
_DSO = "A50"


@rule("RN-001", SERIES, "A62", on=_ON, source="ENTSO-E code list; Nordic balancing message guides")
def needs_are_called_needs(view: BidView) -> Iterator[Violation]:
    """A series of a need document is a need (B75), or one that may stay unmet (B90), and the market has it there."""
    known = matrix.allowed_business_types(view)
    for number, series in needs(view):
        allowed = NEED_TYPES if series.business_type not in NEED_TYPES else known
        if allowed and series.business_type not in allowed:
            yield Violation(("series", number, "business_type"), either(allowed), series.business_type)


@rule("RN-002", Level.DOCUMENT, "A04", on=_ON, source=_PLATFORM, optional=True)
def a_need_document_is_for_one_time_unit(view: BidView) -> Iterator[Violation]:
    """A need document speaks of one market time unit, not further ahead than the market's horizon."""
    document, unit = view.document, view.market.time_unit_length
    if document.type != NEED_DOCUMENT:
        return
    period, now = document.period, view.context.now
    if period.end - period.start > unit:
        found = f"{moment(period.start)}/{moment(period.end)}"
        yield Violation(("period",), f"one {view.market.time_unit}", found)
    elif now is None:
        view.assume("RN-002: the need is not too far ahead")
    elif period.start > now + view.market.needs.horizon:
        yield Violation(("period",), f"a start by {moment(now + view.market.needs.horizon)}", moment(period.start))


@rule("RN-003", Level.DOCUMENT, "A51", on=_ON, source=_PLATFORM, needs=("seen",))
def a_need_is_replaced_by_its_next_revision(view: BidView) -> Iterator[Violation]:
    """A changed need has the mRID of the earlier one and the next revision."""
    if view.document.type == NEED_DOCUMENT:
        yield from next_revision(view)


@rule("RN-004", SERIES, "A77", on=_ON, source="European balancing platforms, published needs")
def the_limit_of_a_need_is_an_energy_price(view: BidView) -> Iterator[Violation]:
    """The limit of an elastic need is its energy price, within the market's limits; a need has no price of capacity."""
    floor, cap = view.market.bids.price_floor, view.market.bids.price_cap
    for number, series in needs(view):
        for at, period in enumerate(series.periods, 1):
            for position, point in enumerate(period.points, 1):
                place, limit = ("series", number, "periods", at, "points", position), point.energy_price
                if point.price is not None:
                    yield Violation((*place, "price"), "no price of capacity", amount(point.price))
                if limit is not None and ((floor is not None and limit < floor) or (cap is not None and limit > cap)):
                    yield Violation((*place, "energy_price"), f"{floor} to {cap}", amount(limit))


@rule("RN-005", Level.INTERVAL, "A46", on=_ON, source=_DECISION)
def needs_carry_no_sign(view: BidView) -> Iterator[Violation]:
    """The quantity of a need is not negative, and its direction is up or down."""
    asked = {number for number, _ in needs(view)} if view.document.type == NEED_DOCUMENT else set()
    for span in spans(view) if asked else ():
        for number, point in enumerate(span.period.points, 1):
            if point.quantity < 0:
                at = (*span.at, "points", number, "quantity")
                yield Violation(at, "0 or more", amount(point.quantity), interval=block(view, span, number))
    for number, series in needs(view):
        if series.direction not in {"A01", "A02"}:
            yield Violation(("series", number, "direction"), "A01 or A02", series.direction)


@rule("RN-006", Level.DOCUMENT, "A57", on=_ON, source="Nordic mFRR EAM guide", needs=("now",))
def needs_come_before_the_operators_gate(view: BidView) -> Iterator[Violation]:
    """A need is received before the gate of the system operators closes."""
    now, gates = view.context.now, view.market.gates
    starts = [series.periods[0].interval.start for _, series in needs(view)]
    if now is None or not starts:
        return
    closed = min(starts) - gates.need_closure
    if now > closed or (now == closed and not gates.boundary_open):
        yield Violation((), f"receipt before gate closure at {moment(closed)}", moment(now))


@rule("RN-007", SERIES, "A69", on=_ON, source=_DECISION)
def a_dso_need_names_its_place(view: BidView) -> Iterator[Violation]:
    """A need of a distribution system operator names the feeder or interface where it arises."""
    if view.document.sender_role != _DSO:
        return
    for number, series in needs(view):
        if series.resource is None and series.measured_resource is None:
            yield Violation(("series", number, "resource"), "a feeder or an interface", "nothing")
