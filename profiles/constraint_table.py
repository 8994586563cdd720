"""ConstraintTable_MarketDocument, a document of this project: exact linear limits on accepted bids.

A system operator states what its grid allows without showing it: for each limit a headroom in MW and, for the bids that
count, a coefficient each, so that ``sum(coefficient * accepted MW) <= headroom``. Limits of radial grids (LinDistFlow)
are of this form exactly. No published standard has a document for it; head and types follow IEC 62325-351. A
coefficient is a pure number: +1 for an up bid and -1 for a down bid bound the net injection.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.identifiers import PartyId
from gateway.model import GridConstraints, Limit
from gateway.report import Report
from profiles.canonical import MEGAWATT, coded_or_none, each, envelope, head, party_id, require
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    DECIMAL,
    IDENTIFIER,
    PARTY,
    REASON_TEXT,
    REVISION,
    SECOND,
    Coded,
    code,
)
from profiles.parts import TimeInterval
from profiles.slots import interval, span, time_interval
from profiles.wire import element, many, one, opt


@element
class BidCoefficient:
    """How much one accepted MW of a bid uses of the headroom."""

    bid: str = one("bid_BidTimeSeries.mRID", IDENTIFIER)
    coefficient: Decimal = one("coefficient", DECIMAL)


@element
class LimitSeries:
    """One limit in one interval; bids that it does not name do not count."""

    id: str = one("mRID", IDENTIFIER)
    interval: TimeInterval = one("timeInterval", TimeInterval)
    headroom: Decimal = one("headroom_Quantity.quantity", DECIMAL)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    coefficients: tuple[BidCoefficient, ...] = many("BidCoefficient", BidCoefficient)
    description: str | None = opt("description", REASON_TEXT)


@element
class ConstraintTableMarketDocument:
    """The document: header and limits."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    series: tuple[LimitSeries, ...] = many("Limit_Series", LimitSeries)


EDITIONS = (
    Edition(
        document=ConstraintTableMarketDocument,
        name="1.0",
        root="ConstraintTable_MarketDocument",
        namespace="urn:tso-dso-gateway:constraint-table:1:0",
    ),
)
"""The first is the edition written by default."""

MESSAGES = (GridConstraints,)
"""What the document carries."""


_WITHOUT = ("type", "process")


def carries(letter: Envelope[GridConstraints]) -> bool:
    """Whether *letter* has linear limits and no capacities, for which there is a published document."""
    return bool(letter.message.limits) and not letter.message.capacities


def to_canonical(document: ConstraintTableMarketDocument) -> tuple[Envelope[GridConstraints], Report]:
    """Return the limits of *document*. Raises `Unmappable`."""
    sender = party_id(document.sender)
    limits = each("Limit_Series", document.series, lambda series: _limit(series, sender))
    return envelope(document, GridConstraints(limits=limits)), Report()


def from_canonical(letter: Envelope[GridConstraints]) -> ConstraintTableMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`, also for capacities of borders."""
    if letter.message.capacities:
        raise Unwritable("GridConstraints.capacities", "no capacities", f"{len(letter.message.capacities)}")
    limits = letter.message.limits
    period = letter.period or span(limit.interval for limit in limits)
    return ConstraintTableMarketDocument(
        **head(letter, "", period, without=_WITHOUT),
        process=letter.process,
        domain=coded_or_none(letter.domain),
        series=tuple(map(_series, limits)),
    )


def _limit(series: LimitSeries, sender: PartyId) -> Limit:
    require("quantity_Measurement_Unit.name", MEGAWATT, series.quantity_unit)
    return Limit(
        id=series.id,
        sender=sender,
        interval=interval(series.interval),
        headroom_mw=series.headroom,
        coefficients=_coefficients(series),
        reason=series.description or "",
    )


def _coefficients(series: LimitSeries) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for number, entry in enumerate(series.coefficients, 1):
        if entry.bid in found:
            where = f"BidCoefficient[{number}]/bid_BidTimeSeries.mRID"
            raise Unmappable(where, "one coefficient for a bid", repr(entry.bid), "A55")
        found[entry.bid] = entry.coefficient
    return found


def _series(limit: Limit) -> LimitSeries:
    return LimitSeries(
        id=limit.id,
        interval=time_interval(limit.interval),
        headroom=limit.headroom_mw,
        quantity_unit=MEGAWATT,
        coefficients=tuple(BidCoefficient(bid=bid, coefficient=value) for bid, value in limit.coefficients.items()),
        description=limit.reason or None,
    )
