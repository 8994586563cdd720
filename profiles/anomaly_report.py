"""AnomalyReport_MarketDocument (IEC 62325-451-2): schedules that contradict each other.

The system operator shows each party the exchanges that do not match their counterpart. The document has neither a type
nor a revision. Edition 5.3 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.errors import InvalidValue, Unmappable, Unwritable
from gateway.report import Report
from gateway.schedules import ExchangeSchedule, ScheduleAnomalies, ScheduleAnomaly
from profiles import exchange_series
from profiles.canonical import coded, each, envelope, head, party_id, reason, revision, wire_reason
from profiles.edition import Edition
from profiles.exchange_series import ExchangeSeries
from profiles.lexical import (
    AREA,
    IDENTIFIER,
    PARTY,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    Coded,
    code,
)
from profiles.parts import Reason, TimeInterval
from profiles.slots import require_few_slots, span
from profiles.wire import element, many, one, opt


@element
class AnomalyTimeSeries(ExchangeSeries):
    """The exchange in question, as it was sent; the reasons say what does not match."""

    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)


@element
class OriginalMarketDocument:
    """A schedule in question and who sent it."""

    party: Coded = one("marketParticipant.mRID", PARTY)
    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    series: AnomalyTimeSeries = one("TimeSeries", AnomalyTimeSeries)


@element
class AnomalyReportMarketDocument:
    """The document: header and the schedules in question."""

    id: str = one("mRID", IDENTIFIER)
    created: datetime = one("createdDateTime", SECOND)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    period: TimeInterval = one("schedule_Time_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    anomalies: tuple[OriginalMarketDocument, ...] = many("Anomaly_MarketDocument", OriginalMarketDocument)


_ROOT = "AnomalyReport_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-2:anomalydocument:5:"
_SINCE_5_3 = frozenset({"process.processType"})
_SINCE_5_2 = _SINCE_5_3 | {"connectingLine_RegisteredResource.mRID"}
_SINCE_5_1 = _SINCE_5_2 | {"Point/Reason"}

EDITIONS = (
    Edition(document=AnomalyReportMarketDocument, name="5.3", root=_ROOT, namespace=_NAMESPACE + "3"),
    Edition(
        document=AnomalyReportMarketDocument, name="5.2", root=_ROOT, namespace=_NAMESPACE + "2", without=_SINCE_5_3
    ),
    Edition(
        document=AnomalyReportMarketDocument,
        name="5.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        without=_SINCE_5_2,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
    Edition(
        document=AnomalyReportMarketDocument,
        name="5.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=_SINCE_5_1,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (ScheduleAnomalies,)
"""What the document carries."""


_WITHOUT = ("revision", "type", "process")


def to_canonical(document: AnomalyReportMarketDocument) -> tuple[Envelope[ScheduleAnomalies], Report]:
    """Return the exchanges that do not match. Raises `Unmappable`."""
    series = [one.series for one in document.anomalies]
    require_few_slots(series)
    message = ScheduleAnomalies(anomalies=each("Anomaly_MarketDocument", document.anomalies, _anomaly))
    return envelope(document, message), exchange_series.remarks(series)


def from_canonical(letter: Envelope[ScheduleAnomalies]) -> AnomalyReportMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    anomalies = letter.message.anomalies
    if letter.domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    period = letter.period or span(block.interval for one in anomalies for block in one.exchange.blocks)
    return AnomalyReportMarketDocument(
        **head(letter, "A16", period, without=_WITHOUT),
        process=letter.process,
        domain=coded(letter.domain),
        anomalies=tuple(map(_original, anomalies)),
    )


def _anomaly(original: OriginalMarketDocument) -> ScheduleAnomaly:
    return ScheduleAnomaly(
        party=party_id(original.party),
        document_id=original.id,
        revision=revision(original.revision),
        exchange=_exchange(original.series),
        reasons=tuple(map(reason, original.series.reasons)),
    )


def _exchange(series: AnomalyTimeSeries) -> ExchangeSchedule:
    """Return the exchange in question; an error says that it stands in the series."""
    try:
        return exchange_series.exchange(series)
    except Unmappable as error:
        raise Unmappable(f"TimeSeries/{error.path}", error.expected, error.found, error.code) from error
    except InvalidValue as error:
        raise Unmappable("TimeSeries", f"{error.path}: {error.expected}", error.found, error.code) from error


def _original(anomaly: ScheduleAnomaly) -> OriginalMarketDocument:
    reasons = tuple(map(wire_reason, anomaly.reasons))
    return OriginalMarketDocument(
        party=coded(anomaly.party),
        id=anomaly.document_id,
        revision=str(anomaly.revision),
        series=AnomalyTimeSeries(**exchange_series.fields(anomaly.exchange), reasons=reasons),
    )
