"""BA: rules for statements that a bid is unavailable or capped (bid availability document)."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.identifiers import PartyId
from gateway.report import Level
from profiles.bid_availability import BidAvailabilityMarketDocument
from profiles.rules import matrix
from profiles.rules.context import KnownBid, identifier
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import SERIES, amount, either, moment

AvailabilityView = View[BidAvailabilityMarketDocument]

_ON = (BidAvailabilityMarketDocument,)
_FINGRID, _DECISION = "Fingrid market guide", "project decision"
_REQUESTERS = frozenset({"A46", "A49", "A50"})
_DSO = "A50"


@rule("BA-001", SERIES, "A78", "A77", on=_ON, source=_FINGRID)
def the_requester_may_ask(view: AvailabilityView) -> Iterator[Violation]:
    """A statement is of type B45 and asked for by a provider, a transmission or a distribution system operator."""
    types = matrix.TYPES[BidAvailabilityMarketDocument]
    if view.document.type not in types:
        yield Violation(("type",), either(types), view.document.type, "A77")
    for number, series in enumerate(view.document.series, 1):
        if series.requester_role not in _REQUESTERS:
            yield Violation(("series", number, "requester_role"), either(_REQUESTERS), series.requester_role)


@rule("BA-002", SERIES, "A77", on=_ON, source=_FINGRID, optional=True)
def the_reason_fits_the_business_type(view: AvailabilityView) -> Iterator[Violation]:
    """The reasons of a statement go with its business type, and there is one besides the provider's own id."""
    table = view.market.availability_reasons
    for number, series in enumerate(view.document.series, 1):
        allowed = table.get(series.business_type)
        if allowed is None:
            continue  # GEN-010
        for at, reason in enumerate(series.reasons, 1):
            if reason.code not in allowed:
                yield Violation(("series", number, "reasons", at, "code"), either(allowed), reason.code)
        if not any(reason.code != "A95" for reason in series.reasons):
            found = "A95 alone" if series.reasons else "nothing"
            yield Violation(("series", number, "reasons"), either(allowed - {"A95"}), found)


def _known(view: AvailabilityView) -> Iterator[tuple[int, KnownBid]]:
    """Yield position and bid of each series whose bid is known."""
    bids = view.context.bids or {}
    for number, series in enumerate(view.document.series, 1):
        if series.id in bids:
            yield number, bids[series.id]


@rule("BA-003", SERIES, "A55", on=_ON, source=_FINGRID, optional=True, needs=("bids",))
def the_bid_is_known(view: AvailabilityView) -> Iterator[Violation]:
    """A statement is about a bid that was accepted; the document of the bid may be left open (NA)."""
    bids = view.context.bids or {}
    for number, series in enumerate(view.document.series, 1):
        if series.id not in bids:
            yield Violation(("series", number, "id"), "an accepted bid", series.id)


@rule("BA-004", SERIES, "A04", on=_ON, source="ENTSO-E document schemas", needs=("bids",))
def the_statement_is_about_the_time_of_the_bid(view: AvailabilityView) -> Iterator[Violation]:
    """A statement holds for the whole interval of the document, which covers the time of the bid."""
    period = view.document.period
    for number, known in _known(view):
        interval = known.bid.interval
        if not (period.start <= interval.start and interval.end <= period.end):
            found = f"{moment(period.start)}/{moment(period.end)}"
            yield Violation(("series", number, "id"), f"a document interval that covers {interval}", found)


@rule("BA-005", SERIES, "A42", on=_ON, source=_DECISION)
def a_cap_is_within_the_offer(view: AvailabilityView) -> Iterator[Violation]:
    """A cap is the power that stays usable, from 0 to what is offered, with its unit; without cap nothing does."""
    unit, bids = view.market.quantity_unit, view.context.bids or {}
    for number, series in enumerate(view.document.series, 1):
        limit, known = series.limit, bids.get(series.id)
        if limit is None:
            continue
        if limit < 0 or (known is not None and limit > known.bid.quantity_mw):
            most = "" if known is None else f" to {amount(known.bid.quantity_mw)}"
            yield Violation(
                ("series", number, "limit"), f"0{most} MW or more" if not most else f"0{most} MW", amount(limit)
            )
        if series.limit_unit != unit:
            yield Violation(("series", number, "limit_unit"), unit, series.limit_unit or "nothing")


@rule("BA-006", SERIES, "A59", on=_ON, source=_DECISION, needs=("bids",))
def caps_only_go_down(view: AvailabilityView) -> Iterator[Violation]:
    """Within one clearing run the cap of a bid only goes down."""
    for number, known in _known(view):
        limit = view.document.series[number - 1].limit
        if limit is not None and known.cap_mw is not None and limit > known.cap_mw:
            yield Violation(("series", number, "limit"), f"at most {amount(known.cap_mw)} MW", amount(limit))


@rule("BA-007", SERIES, "A64", on=_ON, source=_DECISION, needs=("bids", "resources"))
def a_dso_caps_what_is_in_its_grid(view: AvailabilityView) -> Iterator[Violation]:
    """A distribution system operator caps only bids whose resource is registered in its grid."""
    resources = view.context.resources or {}
    for number, known in _known(view):
        series = view.document.series[number - 1]
        if series.requester_role != _DSO:
            continue
        operator = identifier(PartyId, series.requester or view.document.sender)
        registered = None if known.bid.resource is None else resources.get(known.bid.resource)
        if registered is None or registered.operator != operator:
            found = (
                "no registered resource" if registered is None else f"a resource in the grid of {registered.operator}"
            )
            yield Violation(("series", number, "id"), f"a resource in the grid of {operator}", found)


@rule("BA-008", Level.DOCUMENT, "A57", on=_ON, source=_DECISION, needs=("now", "answer_by"))
def a_statement_comes_in_time(view: AvailabilityView) -> Iterator[Violation]:
    """In the check of a result a statement comes before the answer is due; else the result stands."""
    now, due = view.context.now, view.context.answer_by
    if now is not None and due is not None and now > due:
        yield Violation((), f"a statement by {moment(due)}", moment(now))


BA_009 = kept_elsewhere(
    "BA-009",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about when a statement is sent; sending over a network is not built.",
    statement="A statement leaves a minute after the validity of automatic reserve, after the time unit of manual "
    "reserve, and at once where a link is broken.",
    source=_FINGRID,
)
