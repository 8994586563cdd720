"""Schedule_MarketDocument (IEC 62325-451-2): energy that flows or is traded between areas and between parties.

A balance responsible party nominates its trades (A01), system operators agree on the exchange of their areas (A02 to
A06). Energy runs from ``out`` to ``in``. Edition 5.2 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.report import Report
from gateway.schedules import ExchangeSchedules
from profiles import exchange_series
from profiles.canonical import coded, each, envelope, head, losses, subject
from profiles.edition import Edition
from profiles.exchange_series import ExchangeSeries
from profiles.lexical import AREA, IDENTIFIER, PARTY, REVISION, SECOND, SHORT_IDENTIFIER, Coded, code
from profiles.parts import Reason, TimeInterval
from profiles.slots import require_few_slots, span
from profiles.wire import element, many, one, opt


@element
class TimeSeries(ExchangeSeries):
    """One exchange, with the reason why it is as it is."""

    reason: Reason | None = opt("Reason", Reason)


@element
class ScheduleMarketDocument:
    """The document: header and exchanges."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str = one("process.processType", code("ProcessTypeList"))
    classification: str = one("process.classificationType", code("ClassificationTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("schedule_Time_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    matching_period: TimeInterval | None = opt("matching_Time_Period.timeInterval", TimeInterval)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)


_ROOT = "Schedule_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-2:scheduledocument:5:"

EDITIONS = (
    Edition(document=ScheduleMarketDocument, name="5.2", root=_ROOT, namespace=_NAMESPACE + "2"),
    Edition(
        document=ScheduleMarketDocument,
        name="5.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=ScheduleMarketDocument,
        name="5.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=frozenset({"connectingLine_RegisteredResource.mRID"}),
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (ExchangeSchedules,)
"""What the document carries."""


_TYPES = ("A01", "A02", "A03", "A04", "A05", "A06", "A09", "A30", "B27")
_DAY_AHEAD = "A01"
_DETAIL = "A01"


def to_canonical(document: ScheduleMarketDocument) -> tuple[Envelope[ExchangeSchedules], Report]:
    """Return the exchanges of *document*. Raises `Unmappable`."""
    if document.type not in _TYPES:
        raise Unmappable("type", f"one of {', '.join(_TYPES)}", document.type, "A77")
    require_few_slots(document.series)
    message = ExchangeSchedules(exchanges=each("TimeSeries", document.series, exchange_series.exchange))
    classified = () if document.classification == _DETAIL else ("process.classificationType: dropped 1 times",)
    lost = (*classified, *losses([document], "matching_period"), *losses(document.series, "reason"))
    return envelope(document, message), Report(losses=lost) + exchange_series.remarks(document.series)


def from_canonical(letter: Envelope[ExchangeSchedules]) -> ScheduleMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    exchanges = letter.message.exchanges
    areas = (area for one in exchanges for area in (one.from_area, one.to_area) if area is not None)
    domain = letter.domain or next(areas, None)
    if domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    period = letter.period or span(block.interval for one in exchanges for block in one.blocks)
    return ScheduleMarketDocument(
        **head(letter, "A04", period, _DAY_AHEAD),
        **subject(letter),
        classification=_DETAIL,
        domain=coded(domain),
        series=tuple(TimeSeries(**exchange_series.fields(one)) for one in exchanges),
    )
