"""BidAvailability_MarketDocument (IEC 62325-451, part n): a bid may not be used, or only up to a limit.

A system operator that checked a result blocks or caps bids (requesting role A49, A50); a provider withdraws one
(A46). The statement holds for the whole of the one ``time_Period``. Edition 1.1 is declared in full.

``businessType`` says what is at risk. A ``Block.reason`` is a reason code and, after a blank, words; several are joined
by ``; ``. ``operationalLimit_Quantity`` is what may still be used, in MW; without it nothing may.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.model import Block, Blocking
from gateway.report import Report
from gateway.time import Interval
from profiles.canonical import (
    MEGAWATT,
    ROLES,
    CodeTable,
    area_id,
    coded,
    each,
    envelope,
    head,
    head_interval,
    losses,
    party_id,
    require,
)
from profiles.edition import Edition
from profiles.lexical import AREA, DECIMAL, IDENTIFIER, PARTY, RESOURCE, REVISION, SECOND, STRING, Coded, code
from profiles.parts import Reason, Status, TimeInterval
from profiles.slots import interval
from profiles.wire import element, many, one, opt


@element
class RegisteredResource:
    """A resource that the statement concerns."""

    id: Coded = one("mRID", RESOURCE)


@element
class BidTimeSeries:
    """One bid; its mRID is that of the bid."""

    id: str = one("mRID", IDENTIFIER)
    bid_document: str = one("bidDocument_MarketDocument.mRID", IDENTIFIER)
    bid_document_revision: str = one("bidDocument_MarketDocument.revisionNumber", REVISION)
    requester: Coded | None = opt("requestingParty_MarketParticipant.mRID", PARTY)
    requester_name: str | None = opt("requestingParty_MarketParticipant.name", STRING)
    requester_role: str = one("requestingParty_MarketParticipant.marketRole.type", code("RoleTypeList"))
    business_type: str = one("businessType", code("BusinessTypeList"))
    domain: Coded = one("domain.mRID", AREA)
    limit: Decimal | None = opt("operationalLimit_Quantity.quantity", DECIMAL)
    limit_unit: str | None = opt("limit_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    resources: tuple[RegisteredResource, ...] = many("RegisteredResource", RegisteredResource)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class BidAvailabilityMarketDocument:
    """The document: header, one interval, bids."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    status: Status | None = opt("docStatus", Status)
    period: TimeInterval = one("time_Period.timeInterval", TimeInterval)
    series: tuple[BidTimeSeries, ...] = many("BidTimeSeries", BidTimeSeries, least=1)


_ROOT = "BidAvailability_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-n:bidavailabilitydocument:1:"

EDITIONS = (
    Edition(document=BidAvailabilityMarketDocument, name="1.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=BidAvailabilityMarketDocument,
        name="1.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        least={"requestingParty_MarketParticipant.mRID": 1},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (Blocking,)
"""What the document carries."""


_KINDS = CodeTable(
    "businessType",
    {
        "C40": "conditional",
        "C41": "thermal",
        "C42": "frequency",
        "C43": "voltage",
        "C44": "current",
        "C45": "short circuit",
        "C46": "dynamic stability",
    },
    "A62",
)
_REASON = re.compile(r"(?P<code>[A-Z0-9][0-9]{2})(?: (?P<text>.+))?", re.DOTALL)
_DEFAULT_REASON = "B47"
"""Operational security constraints: where a block gives words without a code."""

_BETWEEN = "; "
_UNKNOWN_DOCUMENT = "NA"
"""The bids' document where it is not told (Fingrid market guide)."""


def to_canonical(document: BidAvailabilityMarketDocument) -> tuple[Envelope[Blocking], Report]:
    """Return the blocks of *document*. Raises `Unmappable`."""
    if document.type != "B45":
        raise Unmappable("type", "B45", document.type, "A77")
    whole, sender = head_interval(document), document.sender
    blocks = each("BidTimeSeries", document.series, lambda series: _block(series, whole, sender))
    return envelope(document, Blocking(blocks=blocks)), _remarks(document)


def from_canonical(letter: Envelope[Blocking]) -> BidAvailabilityMarketDocument:
    """Return the document that says what *letter* says.

    Raises `Unwritable` where the blocks are not all for one and the same interval.
    """
    intervals = {block.interval for block in letter.message.blocks}
    if len(intervals) != 1:
        raise Unwritable("time_Period.timeInterval", "one interval for all blocks", f"{len(intervals)} intervals")
    fields = head(letter, "B45", next(iter(intervals)))
    if interval(fields["period"]) not in intervals:
        raise Unwritable("time_Period.timeInterval", "the interval of the blocks", str(letter.period))
    return BidAvailabilityMarketDocument(**fields, series=tuple(map(_series, letter.message.blocks)))


def _block(series: BidTimeSeries, whole: Interval, sender: Coded) -> Block:
    require("limit_Measurement_Unit.name", MEGAWATT, series.limit_unit)
    return Block(
        bid_id=series.id,
        requester=party_id(series.requester or sender),
        requester_role=ROLES.meaning(series.requester_role),
        interval=whole,
        area=area_id(series.domain),
        limit_mw=series.limit,
        kind=_KINDS.meaning(series.business_type),
        reason=_BETWEEN.join(f"{reason.code} {reason.text or ''}".rstrip() for reason in series.reasons),
    )


def _series(block: Block) -> BidTimeSeries:
    return BidTimeSeries(
        id=block.bid_id,
        bid_document=_UNKNOWN_DOCUMENT,
        bid_document_revision="1",
        requester=coded(block.requester),
        requester_role=ROLES.code(block.requester_role),
        business_type=_KINDS.code(block.kind),
        domain=coded(block.area),
        limit=block.limit_mw,
        limit_unit=None if block.limit_mw is None else MEGAWATT,
        reasons=tuple(_reason(part) for part in block.reason.split(_BETWEEN)) if block.reason else (),
    )


def _reason(words: str) -> Reason:
    found = _REASON.fullmatch(words)
    return Reason(code=found["code"], text=found["text"]) if found else Reason(code=_DEFAULT_REASON, text=words)


def _remarks(document: BidAvailabilityMarketDocument) -> Report:
    """Say what was taken for granted and what was dropped."""
    absent = sum(1 for series in document.series if series.requester is None)
    named = sum(1 for series in document.series if series.bid_document != _UNKNOWN_DOCUMENT)
    return Report(
        assumptions=(f"{absent} series without requesting party: the sender",) if absent else (),
        losses=(
            *losses([document], "status"),
            *losses(document.series, "requester_name", "resources"),
            *((f"bidDocument_MarketDocument.mRID: dropped {named} times",) if named else ()),
        ),
    )
