"""GEN: rules for the head of every document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId
from gateway.report import Level
from gateway.time import market_day
from profiles.activation import ActivationMarketDocument
from profiles.capacity import CapacityMarketDocument
from profiles.markets import HeaderSpan, Weight
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules import matrix
from profiles.rules.context import identifier
from profiles.rules.engine import View, Violation, rule
from profiles.rules.shape import ALL, COVERING, DATED, DOCUMENT, HEADED, SENT, either, moment, on_border
from profiles.rules.tracks import told

_CODE_LIST, _FINGRID, _DECISION = "ENTSO-E code list", "Fingrid market guide", "project decision"
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
"""A UUID as it is written, of any version."""


@rule(
    "GEN-006", DOCUMENT, "A78", on=SENT, apart=True, source="Nordic mFRR EAM guide; project decision", needs=("peer",)
)
def the_sender_is_who_connected(view: View[Any]) -> Iterator[Violation]:
    """The transport proved the sender to be the party that the header names."""
    (at, sender), peer = told(view.document, "sender"), view.context.peer
    if peer is not None and sender is not None and identifier(PartyId, sender) not in peer.parties:
        expected = either(tuple(str(party) for party in peer.parties))
        yield Violation(at, expected, f"{sender.scheme}:{sender.value}")


@rule("GEN-007", DOCUMENT, "A78", on=HEADED, source=_CODE_LIST)
def the_sender_has_the_role(view: View[Any]) -> Iterator[Violation]:
    """The role of the sender may send this type in this process, and the sender is registered for it."""
    rows, peer, role = matrix.fitting(view), view.context.peer, view.document.sender_role
    allowed = frozenset().union(*(row.senders for row in rows))
    if rows and role not in allowed:
        yield Violation(("sender_role",), either(allowed), role)
    elif peer is not None and peer.roles and role not in peer.roles:
        yield Violation(("sender_role",), either(peer.roles), role)


@rule("GEN-008", DOCUMENT, "A53", on=SENT, apart=True, source="ENTSO-E code list; Fingrid market guide")
def the_receiver_is_this_installation(view: View[Any]) -> Iterator[Violation]:
    """The receiver is a party of this installation, in a role that receives this type in this process."""
    document, own = view.document, view.context.own_parties
    at, receiver = told(document, "receiver")
    if receiver is None:
        return  # published to everybody
    if own is None:
        view.assume("GEN-008: the receiver is a party of this installation")
    elif identifier(PartyId, receiver) not in own:
        found = f"{receiver.scheme}:{receiver.value}"
        yield Violation(at, either(tuple(str(party) for party in own)), found)
    if type(document) in HEADED:
        yield from _receiver_role(view)


def _receiver_role(view: View[Any]) -> Iterator[Violation]:
    rows, role = matrix.fitting(view), view.document.receiver_role
    allowed = frozenset().union(*(row.receivers for row in rows))
    if rows and role not in allowed:
        yield Violation(("receiver_role",), either(allowed), role)


@rule(
    "GEN-009",
    DOCUMENT,
    "A05",
    on=(ReserveBidMarketDocument, ActivationMarketDocument),
    source=_FINGRID,
    needs=("delegations",),
)
def the_sender_may_act_for_the_subject(view: View[Any]) -> Iterator[Violation]:
    """The sender speaks for itself or for a party that it may act for; orders name the party they are for."""
    document = view.document
    subject = document.subject
    if subject is None or subject in {document.sender, document.receiver}:
        return
    sender = identifier(PartyId, document.sender)
    allowed = (view.context.delegations or {}).get(sender, frozenset()) if sender else frozenset()
    if identifier(PartyId, subject) not in allowed:
        expected = either(tuple(str(party) for party in allowed) or (str(sender),))
        yield Violation(("subject",), expected, f"{subject.scheme}:{subject.value}")


@rule("GEN-010", DOCUMENT, "A77", "A79", on=HEADED, source="Fingrid market guide; ENTSO-E code list")
def the_values_go_together(view: View[Any]) -> Iterator[Violation]:
    """Type, process and business types are a row of the market's table."""
    document, rows = view.document, matrix.rows(view)
    if not matrix.typed(view):
        if document.type in matrix.TYPES.get(type(document), {document.type}):
            kinds = frozenset().union(*(r.types for r in view.market.flows if r.document == view.edition.root))
            yield Violation(("type",), either(kinds), document.type)
    elif not rows:
        expected = either(frozenset().union(*(row.processes for row in matrix.typed(view))))
        yield Violation(("process",), expected, document.process or "nothing", "A79")
    else:
        yield from _mixture(view)


def _mixture(view: View[Any]) -> Iterator[Violation]:
    """Yield a business type that is unknown here, or one that does not go with the others."""
    present, known = matrix.business_types(view), matrix.allowed_business_types(view)
    if any(present & known <= row.business_types for row in matrix.rows(view)):
        strangers = present - known if type(view.document) not in matrix.BUSINESS_RULES else frozenset()
    else:
        strangers = present & known - matrix.rows(view)[0].business_types
        known = matrix.rows(view)[0].business_types
    for number, series in enumerate(view.document.series, 1):
        if series.business_type in strangers:
            yield Violation(("series", number, "business_type"), either(known), series.business_type)
            return


@rule("GEN-011", DOCUMENT, "A80", on=DATED, source=_FINGRID)
def the_domain_is_right(view: View[Any]) -> Iterator[Violation]:
    """The domain is an area of this market."""
    domain, wanted, areas = view.document.domain, view.market.header.domains, view.context.areas
    if domain is None:
        return
    found = f"{domain.scheme}:{domain.value}"
    if wanted:
        if domain.value not in wanted:
            yield Violation(("domain",), either(wanted), found)
    elif areas is None:
        view.assume("GEN-011: the domain is an area of this market")
    elif identifier(AreaId, domain) not in areas:
        yield Violation(("domain",), "a known area", found)


@rule(
    "GEN-014",
    Level.SERIES,
    "A59",
    on=ALL,
    source="Fingrid market guide; Statnett examples",
    weight=Weight.OFF,
    optional=True,
)
def ids_are_uuids(view: View[Any]) -> Iterator[Violation]:
    """The mRIDs of documents and bids are UUIDs."""
    document = view.document
    if UUID.fullmatch(document.id) is None:
        yield Violation(("id",), "a UUID", document.id)
    if isinstance(document, ReserveBidMarketDocument):
        for number, series in enumerate(document.series, 1):
            if UUID.fullmatch(series.id) is None:
                yield Violation(("series", number, "id"), "a UUID", series.id)


@rule("GEN-016", DOCUMENT, "A59", on=SENT, apart=True, source=_DECISION, optional=True, needs=("now",))
def a_document_is_not_from_the_future(view: View[Any]) -> Iterator[Violation]:
    """A document was created before it was received, clock differences aside."""
    now, (at, created) = view.context.now, told(view.document, "created")
    if now is not None and created > now + view.market.header.future_tolerance:
        latest = moment(now + view.market.header.future_tolerance)
        yield Violation(at, f"at most {latest}", moment(created))


@rule("GEN-017", DOCUMENT, "A57", on=SENT, apart=True, source="Nordic mFRR EAM guide", optional=True, needs=("now",))
def a_document_is_not_stale(view: View[Any]) -> Iterator[Violation]:
    """A document is not older than the market's limit at receipt; Nordic peers drop older ones silently."""
    now, limit, (at, created) = view.context.now, view.market.header.stale_after, told(view.document, "created")
    if now is not None and limit is not None and created < now - limit:
        yield Violation(at, f"{moment(now - limit)} or later", moment(created))


@rule("GEN-019", DOCUMENT, "A04", on=COVERING, apart=True, source=_DECISION)
def the_header_interval_is_on_the_grid(view: View[Any]) -> Iterator[Violation]:
    """The interval of the header starts before it ends, both on borders of the market time unit."""
    (at, period), unit = told(view.document, "period"), view.market.time_unit_length
    if period is None:
        return
    if period.start >= period.end:
        yield Violation(at, "a start before the end", f"{moment(period.start)}/{moment(period.end)}")
        return
    for name in ("start", "end"):
        instant = getattr(period, name)
        if not on_border(instant, unit):
            yield Violation((*at, name), f"a border of {view.market.time_unit}", moment(instant))


@rule(
    "GEN-020",
    DOCUMENT,
    "A04",
    on=(ReserveBidMarketDocument, CapacityMarketDocument),
    source="Fingrid market guide; Statnett examples",
    optional=True,
)
def the_header_interval_keeps_to_the_day(view: View[Any]) -> Iterator[Violation]:
    """The interval of the header is a market day, or a part of one, as the market has it."""
    period, span, zone = view.document.period, view.market.header.span, view.market.time_zone
    if span is HeaderSpan.ANY or period.start >= period.end:
        return
    try:
        day = market_day(period.start.astimezone(zone).date(), zone)
    except (InvalidValue, OverflowError):  # the first and last days that a datetime can name
        yield Violation(("period",), "a day between the years 1 and 9999", moment(period.start))
        return
    wrong = period.end > day.end or (
        span is HeaderSpan.EXACT_DAY and (period.start, period.end) != (day.start, day.end)
    )
    if wrong:
        expected = str(day) if span is HeaderSpan.EXACT_DAY else f"inside {day}"
        yield Violation(("period",), expected, f"{moment(period.start)}/{moment(period.end)}")


@rule("GEN-022", DOCUMENT, "A59", on=HEADED, source="Fingrid market guide; Nordic mFRR EAM guide", optional=True)
def there_are_not_too_many_series(view: View[Any]) -> Iterator[Violation]:
    """A document has no more series than the market takes at once."""
    limit, number = view.market.header.max_series, len(view.document.series)
    if number > limit:
        yield Violation((), f"at most {limit} series", str(number))
