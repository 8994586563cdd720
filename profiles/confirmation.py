"""Confirmation_MarketDocument (IEC 62325-451-2): a schedule is accepted, in part or not.

The system operator answers a schedule with the exchanges as accepted and as imposed (A07, A08, A18); the reasons carry
the verdict (A06 accepted, A07 in part, A08 refused, A88 matched). Edition 5.3 is declared in full.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.report import Report
from gateway.results import Verdict
from gateway.schedules import AnsweredExchange, ScheduleAnswer
from profiles import exchange_series
from profiles.canonical import CodeTable, coded, each, envelope, head, losses, reason, revision, subject, wire_reason
from profiles.edition import Edition
from profiles.exchange_series import ExchangeSeries
from profiles.lexical import (
    AREA,
    IDENTIFIER,
    MEASUREMENT_POINT,
    PARTY,
    REVISION,
    SECOND,
    SHORT_IDENTIFIER,
    SHORT_MEASUREMENT_POINT,
    Coded,
    code,
)
from profiles.parts import Reason, SeriesPeriod, TimeInterval
from profiles.slots import require_few_slots, span
from profiles.wire import element, many, one, opt


@element
class ImposedTimeSeries(ExchangeSeries):
    """An exchange that the operator sets in place of what was sent."""

    metering_point: Coded | None = opt("marketEvaluationPoint.mRID", MEASUREMENT_POINT)
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)


@element
class ConfirmedTimeSeries(ExchangeSeries):
    """An exchange as it is accepted; without a period nothing of it is."""

    metering_point: Coded | None = opt("marketEvaluationPoint.mRID", MEASUREMENT_POINT)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class ConfirmationMarketDocument:
    """The document: header, verdict, exchanges."""

    id: str = one("mRID", IDENTIFIER)
    type: str = one("type", code("MessageTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    period: TimeInterval = one("schedule_Period.timeInterval", TimeInterval)
    confirmed: str | None = opt("confirmed_MarketDocument.mRID", IDENTIFIER)
    confirmed_revision: str | None = opt("confirmed_MarketDocument.revisionNumber", REVISION)
    related: str | None = opt("related_MarketDocument.mRID", IDENTIFIER)
    related_revision: str | None = opt("related_MarketDocument.revisionNumber", REVISION)
    domain: Coded = one("domain.mRID", AREA)
    subject: Coded | None = opt("subject_MarketParticipant.mRID", PARTY)
    subject_role: str | None = opt("subject_MarketParticipant.marketRole.type", code("RoleTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)
    imposed: tuple[ImposedTimeSeries, ...] = many("Imposed_TimeSeries", ImposedTimeSeries)
    confirmed_series: tuple[ConfirmedTimeSeries, ...] = many("Confirmed_TimeSeries", ConfirmedTimeSeries)


_ROOT = "Confirmation_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-2:confirmationdocument:5:"
_MEASURE = {"measurement_Unit.name": "measure_Unit.name"}
_SINCE_5_2 = frozenset({"related_MarketDocument.mRID", "related_MarketDocument.revisionNumber"})
_SINCE_5_1 = _SINCE_5_2 | {"connectingLine_RegisteredResource.mRID"}

EDITIONS = (
    Edition(document=ConfirmationMarketDocument, name="5.3", root=_ROOT, namespace=_NAMESPACE + "3"),
    Edition(
        document=ConfirmationMarketDocument,
        name="5.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename=_MEASURE,
        kinds={"MeasurementPointID_String": SHORT_MEASUREMENT_POINT},
    ),
    Edition(
        document=ConfirmationMarketDocument,
        name="5.1",
        root=_ROOT,
        namespace=_NAMESPACE + "1",
        rename=_MEASURE,
        without=_SINCE_5_2,
        kinds={"MeasurementPointID_String": SHORT_MEASUREMENT_POINT},
    ),
    Edition(
        document=ConfirmationMarketDocument,
        name="5.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        rename=_MEASURE,
        without=_SINCE_5_1,
        kinds={"ID_String": SHORT_IDENTIFIER, "MeasurementPointID_String": SHORT_MEASUREMENT_POINT},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (ScheduleAnswer,)
"""What the document carries."""


_FINAL = CodeTable("type", {"A08": True, "A18": True, "A07": False}, "A77")
_VERDICTS = CodeTable(
    "Reason/code",
    {
        "A06": Verdict.ACCEPTED,
        "A88": Verdict.ACCEPTED,
        "A07": Verdict.PARTLY_ACCEPTED,
        "A08": Verdict.REFUSED,
    },
)
_WITHOUT = ("revision", "process")


def to_canonical(document: ConfirmationMarketDocument) -> tuple[Envelope[ScheduleAnswer], Report]:
    """Return the answer to a schedule of ours. Raises `Unmappable`."""
    series = (*document.imposed, *document.confirmed_series)
    require_few_slots(series)
    told = {_VERDICTS.meaning(one.code) for one in document.reasons if one.code in _VERDICTS}
    message = ScheduleAnswer(
        verdict=next(iter(told)) if len(told) == 1 else Verdict.REFUSED,
        document_id=document.confirmed,
        revision=None if document.confirmed_revision is None else revision(document.confirmed_revision),
        final=_FINAL.meaning(document.type),
        reasons=tuple(reason(one) for one in document.reasons if one.code not in _VERDICTS or one.text),
        exchanges=(
            *each("Imposed_TimeSeries", document.imposed, _imposed),
            *each("Confirmed_TimeSeries", document.confirmed_series, _confirmed),
        ),
    )
    unclear = (f"{len(told)} different verdicts among the reasons: refused",) if len(told) != 1 else ()
    report = Report(assumptions=unclear, losses=losses([document], "related"))
    return envelope(document, message), report + exchange_series.remarks(series)


def from_canonical(letter: Envelope[ScheduleAnswer]) -> ConfirmationMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    answer = letter.message
    reasons = tuple(map(wire_reason, answer.reasons))
    if not any(one.code in _VERDICTS for one in reasons):
        reasons = (Reason(code=_VERDICTS.code(answer.verdict)), *reasons)
    if letter.domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    period = letter.period or span(block.interval for one in answer.exchanges for block in one.exchange.blocks)
    return ConfirmationMarketDocument(
        **head(letter, _FINAL.code(answer.final), period, without=_WITHOUT),
        **subject(letter),
        process=letter.process,
        domain=coded(letter.domain),
        confirmed=answer.document_id,
        confirmed_revision=None if answer.revision is None else str(answer.revision),
        reasons=reasons,
        imposed=tuple(ImposedTimeSeries(**_fields(one)) for one in answer.exchanges if one.imposed),
        confirmed_series=tuple(ConfirmedTimeSeries(**_fields(one)) for one in answer.exchanges if not one.imposed),
    )


def _imposed(series: ImposedTimeSeries) -> AnsweredExchange:
    return AnsweredExchange(
        exchange=exchange_series.exchange(series), reasons=tuple(map(reason, series.reasons)), imposed=True
    )


def _confirmed(series: ConfirmedTimeSeries) -> AnsweredExchange:
    return AnsweredExchange(exchange=exchange_series.exchange(series), reasons=tuple(map(reason, series.reasons)))


def _fields(answer: AnsweredExchange) -> dict[str, Any]:
    return {**exchange_series.fields(answer.exchange), "reasons": tuple(map(wire_reason, answer.reasons))}
