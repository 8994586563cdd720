"""ReserveBid_MarketDocument (IEC 62325-451-7): offers and needs of balancing energy or capacity.

A provider sends its bids (types A37, A24, A25, A26) to the reserve allocator or market operator, or replaces all of
them at once (B40). A system operator sends what it needs (B21, or A37 with businessType B75). Edition 7.4 is declared
in full; the others are differences to it.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.model import BidSet, ReserveNeed
from gateway.report import Report
from profiles.bid_time_series import BidTimeSeries, LinkedBidTimeSeries, Point, SeriesPeriod
from profiles.bids import REQUIRED, bids, need_series, needs, remarks
from profiles.block_bids import offer_series
from profiles.canonical import RESERVES, coded, each, envelope, head, subject
from profiles.edition import Edition
from profiles.lexical import AREA, IDENTIFIER, PARTY, REVISION, SECOND, SHORT_IDENTIFIER, Coded, code
from profiles.parts import TimeInterval
from profiles.slots import require_few_slots, span
from profiles.wire import element, many, one, opt

__all__ = [
    "EDITIONS",
    "MESSAGES",
    "BidTimeSeries",
    "LinkedBidTimeSeries",
    "Point",
    "ReserveBidMarketDocument",
    "SeriesPeriod",
    "from_canonical",
    "to_canonical",
]


@element
class ReserveBidMarketDocument:
    """The document: header and bids."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("reserveBid_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    series: tuple[BidTimeSeries, ...] = many("Bid_TimeSeries", BidTimeSeries)


_ROOT = "ReserveBid_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:"
_MEASURE = {f"{of}_Measurement_Unit.name": f"{of}_Measure_Unit.name" for of in ("quantity", "price", "energyPrice")}
_SINCE_7_4 = frozenset({"inclusiveBidsIdentification", "mktPSRType.psrType"})
_SINCE_7_2 = frozenset(
    {
        "BiddingZoneDomain/name",
        "Linked_BidTimeSeries",
        "ProcuredFor_MarketParticipant",
        "SharedWith_MarketParticipant",
        "ExchangedWith_MarketParticipant",
    }
)

EDITIONS = (
    Edition(document=ReserveBidMarketDocument, name="7.4", root=_ROOT, namespace=_NAMESPACE + "4"),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.6",
        root=_ROOT,
        namespace=_NAMESPACE + "6",
        without=frozenset({"registeredResource.mRID"}),
        added=frozenset(
            {
                "Point/quality",
                "RegisteredResource",
                "curveType",
                "original_MarketDocument.mRID",
                "original_MarketDocument.revisionNumber",
            }
        ),
    ),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.5",
        root=_ROOT,
        namespace=_NAMESPACE + "5",
        added=frozenset({"Point/quality"}),
    ),
    Edition(document=ReserveBidMarketDocument, name="7.3", root=_ROOT, namespace=_NAMESPACE + "3", without=_SINCE_7_4),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename=_MEASURE,
        without=_SINCE_7_4,
    ),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.2-nbm",
        root=_ROOT,
        namespace="urn:iec62325:ediel:nbm:reservebiddocument:7:2",
        rename=_MEASURE,
        without=frozenset({"mktPSRType.psrType"}),
        last=("inclusiveBidsIdentification",),
    ),
    Edition(
        document=ReserveBidMarketDocument,
        name="7.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        rename={**_MEASURE, "AvailableBiddingZone_Domain": "AvailableMBA_Domain"},
        without=_SINCE_7_4 | _SINCE_7_2,
        kinds={"ID_String": SHORT_IDENTIFIER},
        least={
            "subject_MarketParticipant.mRID": 1,
            "subject_MarketParticipant.marketRole.type": 1,
            "auction.mRID": 1,
        },
    ),
)
"""The first is the edition written by default."""

MESSAGES = (BidSet, ReserveNeed)
"""What the document carries."""


_BIDS, _NEEDS = frozenset({"A37", "A24", "B40"}), frozenset({"B21", "A37"})
"""Types of documents with offers and of those with needs."""


def to_canonical(document: ReserveBidMarketDocument) -> tuple[Envelope[BidSet] | Envelope[ReserveNeed], Report]:
    """Return the bids or needs of *document*. Raises `Unmappable`."""
    wanted = document.type == "B21" or any(series.business_type in REQUIRED for series in document.series)
    allowed = _NEEDS if wanted else _BIDS
    if document.type not in allowed:
        raise Unmappable("type", " or ".join(sorted(allowed)), document.type, "A77")
    if document.process is None:
        raise Unmappable("process.processType", "a process", "nothing", "A69")
    reserve = RESERVES.meaning(document.process)
    require_few_slots(document.series)
    owner = document.subject or document.sender
    if wanted:
        found = each("Bid_TimeSeries", document.series, lambda series: needs(series, owner, reserve))
        return envelope(document, ReserveNeed(needs=tuple(chain(*found)))), remarks(document.series)
    offers = each("Bid_TimeSeries", document.series, lambda series: bids(series, owner, reserve))
    message = BidSet(bids=tuple(chain(*offers)), replaces_all=document.type == "B40")
    return envelope(document, message), remarks(document.series)


def from_canonical(letter: Envelope[BidSet] | Envelope[ReserveNeed]) -> ReserveBidMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    message = letter.message
    items = message.bids if isinstance(message, BidSet) else message.needs
    owner = (letter.subject or letter.sender).id
    if isinstance(message, BidSet):
        kind, series = "B40" if message.replaces_all else "A37", offer_series(message, owner)
    else:
        kind, series = "B21", [need_series(need, owner) for need in message.needs]
    fields = head(letter, kind, letter.period or span(item.interval for item in items))
    reserve = RESERVES.meaning(fields["process"])
    if any(item.reserve is not reserve for item in items):
        raise Unwritable("process.processType", f"{reserve} only", "another reserve in the message")
    domain = letter.domain or next((item.area for item in items), None)
    if domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    return ReserveBidMarketDocument(**fields, **subject(letter), domain=coded(domain), series=tuple(series))
