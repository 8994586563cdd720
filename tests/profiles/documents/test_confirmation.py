"""Confirmation_MarketDocument: the verdict, the exchanges as accepted and imposed, and what is refused or lost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.report import Report
from gateway.results import Reason, Verdict
from gateway.schedules import AnsweredExchange, ExchangeKind, ExchangeSchedule, PowerBlock, ScheduleAnswer
from gateway.time import Interval
from profiles import parse, write_message
from profiles.cases.edits import changed
from profiles.confirmation import EDITIONS, ConfirmationMarketDocument
from profiles.edition import Edition
from profiles.lexical import Coded
from tests.market_values import DSO, EAST, EIGHT, OTHER_SELLER, SELLER, TSO, WEST, quarter
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import (
    CLOCK_DAYS,
    Said,
    homeless,
    received,
    renamed,
    unwritable,
    with_period,
    without,
)

DATA = source("confirmation", "5.3/own-partly-accepted")
NEWEST, SECOND, THIRD, OLDEST = EDITIONS


def block(number: int, mw: str) -> PowerBlock:
    return PowerBlock(interval=quarter(number), power_mw=Decimal(mw))


IMPOSED = AnsweredExchange(
    exchange=ExchangeSchedule(
        id="imposed",
        kind=ExchangeKind.EXTERNAL_TRADE,
        from_area=EAST,
        to_area=WEST,
        from_party=SELLER.id,
        to_party=OTHER_SELLER.id,
        metering_point=MeteringPointId("571313180400000001", "A10"),
        connecting_line=ResourceId("10T-NO-SE-00001Y", "A01"),
        agreement="contract 1",
        version=2,
        blocks=(block(0, "10.5"), block(1, "11")),
    ),
    reasons=(Reason(code="A30", text="capped at the capacity"), Reason(code="A63")),
    imposed=True,
)
CONFIRMED = AnsweredExchange(
    exchange=ExchangeSchedule(id="confirmed", kind=ExchangeKind.PRODUCTION, to_area=WEST, blocks=(block(3, "4"),))
)
NOTHING = AnsweredExchange(
    exchange=ExchangeSchedule(id="nothing", kind=ExchangeKind.CONSUMPTION, from_party=SELLER.id, blocks=()),
    reasons=(Reason(code="A28"),),
)
ANSWER = ScheduleAnswer(
    verdict=Verdict.PARTLY_ACCEPTED,
    document_id="schedule-7",
    revision=2,
    final=False,
    reasons=(Reason(code="A29", text="the counterpart says 11"),),
    exchanges=(IMPOSED, CONFIRMED, NOTHING),
)
LETTER = Envelope(
    id="confirmation-7",
    document_type="A07",
    process="A01",
    sender=TSO,
    receiver=DSO,
    created=EIGHT - timedelta(hours=1),
    period=Interval(quarter(0).start, quarter(3).end),
    domain=WEST,
    subject=SELLER,
    message=ANSWER,
)


def sent(answer: ScheduleAnswer) -> Envelope[ScheduleAnswer]:
    """Return LETTER with another answer and the type that fits it."""
    return replace(LETTER, message=answer, document_type=None)


def written(letter: Envelope[ScheduleAnswer]) -> ConfirmationMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, ConfirmationMarketDocument)
    return document


def reasoned(*reasons: str) -> bytes:
    """Return the document with other reasons, as XML."""
    first, *more = [f"<Reason>{reason}</Reason>" for reason in reasons]
    edits = [("drop", "Reason[2]"), *(("after", "Reason[1]", reason) for reason in reversed(more))]
    return changed(DATA, [*edits, ("before", "Reason[1]", first), ("drop", "Reason[2]")])


def test_an_answer_means_its_verdict_and_exchanges_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    verdict = replace(ANSWER, reasons=(Reason(code="A07"), *ANSWER.reasons))
    assert write_message(replace(LETTER, message=verdict)).decode() == DATA.decode()
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("confirmation"), ids=str)
def test_an_answer_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("confirmation"), ids=str)
def test_what_is_assumed_and_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, ScheduleAnswer)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == ANSWER


@pytest.mark.parametrize(("code", "final"), [("A07", False), ("A08", True), ("A18", True)])
def test_the_type_says_whether_the_answer_is_final(code: str, *, final: bool) -> None:
    data = changed(DATA, [("set", "type", code)])
    assert opened(data)[0].document_type == code
    assert meaning(data, ScheduleAnswer)[0].final is final


@pytest.mark.parametrize(("final", "code"), [(False, "A07"), (True, "A08")])
def test_an_answer_that_names_no_type_gets_that_of_its_state(code: str, *, final: bool) -> None:
    assert written(sent(replace(ANSWER, final=final))).type == code


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("A06", Verdict.ACCEPTED),
        ("A88", Verdict.ACCEPTED),
        ("A07", Verdict.PARTLY_ACCEPTED),
        ("A08", Verdict.REFUSED),
    ],
)
def test_a_reason_carries_the_verdict(code: str, verdict: Verdict) -> None:
    message, report = meaning(reasoned(f"<code>{code}</code>"), ScheduleAnswer)
    assert (message.verdict, message.reasons) == (verdict, ())
    assert report == Report()


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.ACCEPTED, "A06"), (Verdict.PARTLY_ACCEPTED, "A07"), (Verdict.REFUSED, "A08")],
)
def test_a_verdict_is_written_as_the_first_reason(verdict: Verdict, code: str) -> None:
    document = written(sent(replace(ANSWER, verdict=verdict)))
    assert [one.code for one in document.reasons] == [code, "A29"]
    assert document.reasons[0].text is None


def test_a_verdict_with_words_is_a_reason_as_well_and_not_said_twice() -> None:
    data = reasoned("<code>A08</code><text>no counterpart</text>")
    message, report = meaning(data, ScheduleAnswer)
    assert (message.verdict, message.reasons) == (Verdict.REFUSED, (Reason(code="A08", text="no counterpart"),))
    assert report == Report()
    assert [(one.code, one.text) for one in written(sent(message)).reasons] == [("A08", "no counterpart")]


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (("<code>A06</code>", "<code>A07</code>"), "2 different verdicts among the reasons: refused"),
        (
            ("<code>A06</code>", "<code>A07</code>", "<code>A08</code>"),
            "3 different verdicts among the reasons: refused",
        ),
        (("<code>A29</code>",), "0 different verdicts among the reasons: refused"),
    ],
    ids=["two", "three", "none"],
)
def test_an_answer_without_one_clear_verdict_refuses_and_says_so(reasons: tuple[str, ...], said: str) -> None:
    message, report = meaning(reasoned(*reasons), ScheduleAnswer)
    assert message.verdict is Verdict.REFUSED
    assert (report.assumptions, report.losses) == ((said,), ())


def test_two_codes_of_acceptance_are_one_verdict() -> None:
    message, report = meaning(reasoned("<code>A06</code>", "<code>A88</code>"), ScheduleAnswer)
    assert (message.verdict, report) == (Verdict.ACCEPTED, Report())


def test_an_answer_to_a_whole_day_names_no_document() -> None:
    data = without(DATA, "confirmed_MarketDocument.mRID", "confirmed_MarketDocument.revisionNumber")
    message, _ = meaning(data, ScheduleAnswer)
    assert message == replace(ANSWER, document_id=None, revision=None)
    assert write_message(replace(LETTER, message=message)) == data


def test_the_document_that_is_confirmed_may_have_a_subject_without_a_role() -> None:
    data = without(DATA, "subject_MarketParticipant.marketRole.type")
    subject = opened(data)[0].subject
    assert subject is not None
    assert (subject.id, subject.role) == (SELLER.id, TSO.role)


def test_an_answer_without_process_has_none() -> None:
    data = without(DATA, "process.processType")
    assert opened(data)[0].process is None
    assert write_message(replace(LETTER, process=None)) == data


def test_what_is_imposed_is_written_before_what_is_confirmed() -> None:
    document = written(sent(replace(ANSWER, exchanges=(CONFIRMED, IMPOSED, NOTHING))))
    assert [one.id for one in document.imposed] == ["imposed"]
    assert [one.id for one in document.confirmed_series] == ["confirmed", "nothing"]


def test_the_period_that_nobody_says_covers_all_exchanges() -> None:
    period = written(replace(LETTER, period=None)).period
    assert (period.start, period.end) == (quarter(0).start, quarter(3).end)


UNWRITABLE: dict[str, tuple[Envelope[ScheduleAnswer], Said]] = {
    "no domain": (replace(LETTER, domain=None), ("domain.mRID", "a domain", "none")),
    "no time": (
        replace(sent(replace(ANSWER, exchanges=(NOTHING,))), period=None),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
    "an imposed exchange without a reason": (
        sent(replace(ANSWER, exchanges=(replace(IMPOSED, reasons=()),))),
        (
            "/Confirmation_MarketDocument/Imposed_TimeSeries[1]/Reason",
            "at least 1 in Confirmation_MarketDocument 5.3",
            "0",
        ),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_a_letter_without_what_an_answer_needs_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


@CLOCK_DAYS
def test_a_day_of_clock_change_is_confirmed_hour_by_hour(day: Interval, hours: int) -> None:
    points = {at: f"<quantity>{at}</quantity>" for at in range(1, hours + 1)}
    message, _ = meaning(with_period(DATA, day, "PT60M", points), ScheduleAnswer)
    assert [int(one.power_mw) for one in message.exchanges[0].exchange.blocks] == list(points)
    (period,) = written(sent(message)).imposed[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [point.position for point in period.points] == list(points)


OLD_UNIT = {"measurement_Unit.name": "measure_Unit.name"}
LINE = "connectingLine_RegisteredResource.mRID"


@pytest.mark.parametrize("edition", [SECOND, THIRD], ids=str)
def test_editions_5_1_and_5_2_have_another_name_for_the_unit(edition: Edition) -> None:
    data = renamed(in_edition(DATA, "confirmation", edition.name), OLD_UNIT)
    assert opened(data)[0] == received(LETTER, data, edition)
    assert write_message(LETTER, edition) == data


def test_the_oldest_edition_has_no_connecting_line_either() -> None:
    data = without(renamed(in_edition(DATA, "confirmation", "5.0"), OLD_UNIT), LINE)
    plain = replace(IMPOSED, exchange=replace(IMPOSED.exchange, connecting_line=None))
    letter = replace(LETTER, message=replace(ANSWER, exchanges=(plain, CONFIRMED, NOTHING)))
    assert opened(data)[0] == received(letter, data, OLDEST)
    assert write_message(letter, OLDEST) == data
    lost = f"Imposed_TimeSeries[1]/{LINE}", Coded("10T-NO-SE-00001Y", "A01")
    assert unwritable(lambda: write_message(LETTER, OLDEST)) == homeless(OLDEST, lost)
