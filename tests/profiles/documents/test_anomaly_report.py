"""AnomalyReport_MarketDocument: schedules that contradict each other, read, refused and written."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.report import Report
from gateway.results import Reason
from gateway.schedules import ExchangeKind, ExchangeSchedule, PowerBlock, ScheduleAnomalies, ScheduleAnomaly
from gateway.time import Interval
from profiles import parse, write_message
from profiles.anomaly_report import EDITIONS, AnomalyReportMarketDocument
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.lexical import Coded
from tests.market_values import DSO, EAST, EIGHT, OTHER_SELLER, SELLER, TSO, WEST, quarter
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import CLOCK_DAYS, Said, homeless, received, unwritable, with_period, without

DATA = source("anomaly_report", "5.3/own-counterparts-differ")
NEWEST, SECOND, THIRD, OLDEST = EDITIONS
HOUR = Interval(EIGHT, EIGHT + timedelta(hours=1))
SOLD = ScheduleAnomaly(
    party=SELLER.id,
    document_id="schedule-7",
    revision=3,
    exchange=ExchangeSchedule(
        id="sold",
        kind=ExchangeKind.EXTERNAL_TRADE,
        from_area=EAST,
        to_area=WEST,
        from_party=SELLER.id,
        to_party=OTHER_SELLER.id,
        metering_point=MeteringPointId("571313180400000001", "A10"),
        connecting_line=ResourceId("10T-NO-SE-00001Y", "A01"),
        agreement="contract 1",
        version=2,
        blocks=(
            PowerBlock(interval=quarter(0), power_mw=Decimal(10)),
            PowerBlock(interval=quarter(1), power_mw=Decimal("10.25")),
        ),
    ),
    reasons=(Reason(code="A29", text="the counterpart says 11"), Reason(code="A28")),
)
BOUGHT = ScheduleAnomaly(
    party=OTHER_SELLER.id,
    document_id="schedule-8",
    revision=1,
    exchange=ExchangeSchedule(
        id="bought",
        kind=ExchangeKind.EXTERNAL_TRADE,
        from_area=EAST,
        to_area=WEST,
        blocks=(PowerBlock(interval=HOUR, power_mw=Decimal(11)),),
    ),
    reasons=(Reason(code="A28"),),
)
LETTER = Envelope(
    id="anomaly-7",
    process="A01",
    sender=TSO,
    receiver=DSO,
    created=EIGHT - timedelta(hours=1),
    period=HOUR,
    domain=WEST,
    message=ScheduleAnomalies(anomalies=(SOLD, BOUGHT)),
)
LINE = "connectingLine_RegisteredResource.mRID"
UNLINED = replace(SOLD, exchange=replace(SOLD.exchange, connecting_line=None))


def sent(*anomalies: ScheduleAnomaly) -> Envelope[ScheduleAnomalies]:
    """Return LETTER about other anomalies."""
    return replace(LETTER, message=ScheduleAnomalies(anomalies=anomalies))


def written(letter: Envelope[ScheduleAnomalies]) -> AnomalyReportMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, AnomalyReportMarketDocument)
    return document


def test_a_report_means_its_anomalies_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert (envelope.revision, envelope.document_type, envelope.subject) == (1, None, None)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("anomaly_report"), ids=str)
def test_a_report_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("anomaly_report"), ids=str)
def test_what_is_assumed_and_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, ScheduleAnomalies)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == LETTER.message


def test_a_report_may_say_that_there_is_no_anomaly() -> None:
    data = changed(DATA, [("drop", "Anomaly_MarketDocument[2]"), ("drop", "Anomaly_MarketDocument[1]")])
    assert meaning(data, ScheduleAnomalies) == (ScheduleAnomalies(anomalies=()), Report())
    assert written(sent()).anomalies == ()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("A01", ExchangeKind.PRODUCTION),
        ("A02", ExchangeKind.INTERNAL_TRADE),
        ("A03", ExchangeKind.EXPLICIT_TRADE),
        ("A04", ExchangeKind.CONSUMPTION),
        ("A66", ExchangeKind.ENERGY_FLOW),
        ("B63", ExchangeKind.NETTED_EXTERNAL),
        ("C10", ExchangeKind.OPERATOR_EXCHANGE),
    ],
)
def test_the_exchange_in_question_is_of_any_kind_both_ways(code: str, kind: ExchangeKind) -> None:
    data = changed(DATA, [("set", "Anomaly_MarketDocument[2]/TimeSeries/businessType", code)])
    anomaly = replace(BOUGHT, exchange=replace(BOUGHT.exchange, kind=kind))
    assert meaning(data, ScheduleAnomalies)[0].anomalies[1] == anomaly
    assert written(sent(anomaly)).anomalies[0].series.business_type == code


def test_the_head_has_neither_type_nor_revision_and_covers_all_exchanges() -> None:
    document = written(replace(LETTER, period=None, process=None, revision=7, document_type="A16"))
    assert (document.period.start, document.period.end) == (HOUR.start, HOUR.end)
    assert document.process is None
    assert not hasattr(document, "type")
    assert not hasattr(document, "revision")


UNWRITABLE: dict[str, tuple[Envelope[ScheduleAnomalies], Said]] = {
    "no domain": (replace(LETTER, domain=None), ("domain.mRID", "a domain", "none")),
    "no time": (
        replace(sent(), period=None),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
    "no reason": (
        sent(BOUGHT, replace(SOLD, reasons=())),
        (
            "/AnomalyReport_MarketDocument/Anomaly_MarketDocument[2]/TimeSeries/Reason",
            "at least 1 in AnomalyReport_MarketDocument 5.3",
            "0",
        ),
    ),
    "no time of the exchange": (
        sent(replace(BOUGHT, exchange=replace(BOUGHT.exchange, blocks=()))),
        (
            "/AnomalyReport_MarketDocument/Anomaly_MarketDocument[1]/TimeSeries/Period",
            "at least 1 in AnomalyReport_MarketDocument 5.3",
            "0",
        ),
    ),
    "revision 1000": (
        sent(replace(BOUGHT, revision=1000)),
        (
            "/AnomalyReport_MarketDocument/Anomaly_MarketDocument[1]/revisionNumber",
            "a whole number from 1 to 999, no leading zero",
            "'1000'",
        ),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_a_letter_without_what_a_report_needs_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


@CLOCK_DAYS
def test_a_day_of_clock_change_is_in_question_hour_by_hour(day: Interval, hours: int) -> None:
    points = {at: f"<quantity>{at}</quantity>" for at in range(1, hours + 1)}
    message, _ = meaning(with_period(DATA, day, "PT60M", points), ScheduleAnomalies)
    assert [int(one.power_mw) for one in message.anomalies[0].exchange.blocks] == list(points)
    (period,) = written(replace(LETTER, message=message)).anomalies[0].series.periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [(point.position, int(point.quantity)) for point in period.points] == [(at, at) for at in points]


def test_the_process_is_said_since_edition_5_3() -> None:
    data = without(in_edition(DATA, "anomaly_report", "5.2"), "process.processType")
    plain = replace(LETTER, process=None)
    assert opened(data)[0] == received(plain, data, SECOND)
    assert write_message(plain, SECOND) == data
    lost = homeless(SECOND, ("process.processType", "A01"))
    assert unwritable(lambda: write_message(LETTER, SECOND)) == lost


@pytest.mark.parametrize("edition", [THIRD, OLDEST], ids=str)
def test_the_connecting_line_is_said_since_edition_5_2(edition: Edition) -> None:
    data = without(in_edition(DATA, "anomaly_report", edition.name), "process.processType", LINE)
    plain = replace(sent(UNLINED, BOUGHT), process=None)
    assert opened(data)[0] == received(plain, data, edition)
    assert write_message(plain, edition) == data
    lost = homeless(edition, (f"Anomaly_MarketDocument[1]/TimeSeries/{LINE}", Coded("10T-NO-SE-00001Y", "A01")))
    assert unwritable(lambda: write_message(replace(LETTER, process=None), edition)) == lost
