"""GEN: rules that compare a document with those received earlier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.identifiers import PartyId
from profiles.balancing import BalancingMarketDocument
from profiles.bid_availability import BidAvailabilityMarketDocument
from profiles.capacity import CapacityMarketDocument
from profiles.markets import Revisions
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.context import SeenDocument, identifier
from profiles.rules.engine import View, Violation, rule
from profiles.rules.shape import ALL, DOCUMENT, moment

_NEED = "B21"
_DIGITS = 9
"""A longer revision is none; the standard has three digits."""
_CHAINED: tuple[type[Any], ...] = (
    ReserveBidMarketDocument,
    BidAvailabilityMarketDocument,
    CapacityMarketDocument,
    BalancingMarketDocument,
)
"""The revisions of results and orders are the business of AR-008 and AC-012, those of needs of RN-003."""


@rule("GEN-013", DOCUMENT, "A51", on=ALL, source="ENTSO-E code list; project decision", needs=("seen", "digest"))
def a_document_is_new(view: View[Any]) -> Iterator[Violation]:
    """An mRID (and revision) of a sender comes once; the same bytes again get the same answer again."""
    earlier = earlier_revision(view)
    if earlier is None:
        return
    if earlier.digest == view.context.digest:
        view.assume("GEN-013: the same bytes came before; the answer is the one given then")
    elif revision_number(view) in {None, earlier.revision}:
        yield Violation(("id",), "an mRID not used before, or the next revision", view.document.id)


@rule("GEN-015", DOCUMENT, "A51", on=_CHAINED, source="Fingrid market guide", optional=True)
def revisions_follow_the_market(view: View[Any]) -> Iterator[Violation]:
    """Offers are always revision 1 where the market says so; elsewhere revision n + 1 replaces n."""
    document = view.document
    if isinstance(document, ReserveBidMarketDocument):
        if document.type != _NEED and view.market.header.revisions is Revisions.ALWAYS_ONE:
            if document.revision != "1":
                yield Violation(("revision",), "1: a change is a new document", document.revision)
            return
        if document.type == _NEED:
            return  # RN-003
    yield from next_revision(view)


def earlier_revision(view: View[Any]) -> SeenDocument | None:
    """Return what came earlier under this mRID from this sender."""
    sender = identifier(PartyId, view.document.sender)
    return None if sender is None else (view.context.seen or {}).get((sender, view.document.id))


def revision_number(view: View[Any]) -> int | None:
    """Return the revision as a number; None where the document has none or it is no number."""
    return whole_number(getattr(view.document, "revision", None))


def whole_number(text: str | None) -> int | None:
    """Return the number that a revision or version is; None for any other text, which has its own finding.

    >>> whole_number("12"), whole_number(""), whole_number("1.0")
    (12, None, None)
    """
    return int(text) if text is not None and len(text) <= _DIGITS and text.isascii() and text.isdigit() else None


def next_revision(view: View[Any]) -> Iterator[Violation]:
    """Yield a violation where the document is neither new, nor the next revision, nor the same one again."""
    earlier, number = earlier_revision(view), revision_number(view)
    if earlier is not None and number not in {None, earlier.revision, earlier.revision + 1}:
        yield Violation(("revision",), str(earlier.revision + 1), view.document.revision)


def raised_revision(view: View[Any]) -> Iterator[Violation]:
    """Yield a violation where the document changes an earlier one and its revision is not higher."""
    earlier, number = earlier_revision(view), revision_number(view)
    if earlier is None or number is None or earlier.digest == view.context.digest:
        return
    if number <= earlier.revision:
        yield Violation(("revision",), f"more than {earlier.revision}", view.document.revision)


@rule(
    "GEN-018",
    DOCUMENT,
    "A51",
    on=(ReserveBidMarketDocument,),
    source="Fingrid market guide",
    needs=("bids",),
)
def an_update_is_newer(view: View[Any]) -> Iterator[Violation]:
    """A document that changes a bid was created after the one that it changes."""
    bids, created = view.context.bids or {}, view.document.created
    for series in view.document.series:
        known = bids.get(series.id)
        if known is not None and created <= known.created:
            expected = f"after {moment(known.created)}, when bid {series.id} was stated"
            yield Violation(("created",), expected, moment(created))
            return
