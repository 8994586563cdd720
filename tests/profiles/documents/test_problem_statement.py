"""ProblemStatement_MarketDocument: what was expected and what is wrong, read, refused and written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.envelope import Envelope
from gateway.inquiries import Problem
from gateway.report import Report
from gateway.results import Reason
from gateway.time import Interval
from profiles import parse, write_message
from profiles.edition import Edition
from profiles.problem_statement import EDITIONS, ProblemStatementMarketDocument
from tests.market_values import DSO, EIGHT, TSO, WEST
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, source
from tests.profiles.documents.texts import Said, homeless, received, unwritable, without
from tests.wire_values import changed

DATA = source("problem_statement", "3.2/own-bids-are-late")
NEWEST, MIDDLE, OLDEST = EDITIONS
TIMEFRAME = "expected_MarketDocument.process.energyMarket.timeframe"
PROBLEM = Problem(
    expected_type="A37",
    expected_at=EIGHT - timedelta(minutes=75),
    expected_process="A47",
    timeframe="A01",
    delivery_at=EIGHT - timedelta(minutes=29, seconds=45),
    area=WEST,
    reasons=(Reason(code="A91"), Reason(code="999", text="nobody answers the telephone")),
)
LETTER = Envelope(
    id="problem-7",
    revision=3,
    document_type="A35",
    sender=TSO,
    receiver=DSO,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=1)),
    domain=WEST,
    message=PROBLEM,
)


def written(letter: Envelope[Problem]) -> ProblemStatementMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, ProblemStatementMarketDocument)
    return document


def test_a_statement_means_what_was_expected_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert (envelope.process, envelope.reserve) == (None, None)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("problem_statement"), ids=str)
def test_a_statement_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        ("expected_MarketDocument.process.processType", "expected_process"),
        (TIMEFRAME, "timeframe"),
        ("delivery_MarketDocument.createdDateTime", "delivery_at"),
        ("domain.mRID", "area"),
    ],
)
def test_what_need_not_be_said_is_none_both_ways(tag: str, field: str) -> None:
    data = without(DATA, tag)
    problem, report = meaning(data, Problem)
    assert problem == changed(PROBLEM, **{field: None})
    assert report == Report()
    assert write_message(replace(LETTER, message=problem)) == data


@pytest.mark.parametrize("code", ["A91", "A92", "A93", "A94"])
def test_a_reason_says_who_waits_for_what(code: str) -> None:
    problem = replace(PROBLEM, reasons=(Reason(code=code, text="why"),))
    (reason,) = written(replace(LETTER, message=problem)).reasons
    assert (reason.code, reason.text) == (code, "why")
    assert meaning(write_message(replace(LETTER, message=problem)), Problem)[0] == problem


def test_a_letter_without_type_is_a_problem_statement_and_the_area_is_its_domain() -> None:
    document = written(replace(LETTER, document_type=None, domain=None, process="A47"))
    assert document.type == "A35"
    assert document.domain is not None
    assert document.domain.value == WEST.value
    assert not hasattr(document, "process")


UNWRITABLE: dict[str, tuple[Envelope[Problem], Said]] = {
    "no period": (replace(LETTER, period=None), ("period.timeInterval", "a period in the envelope", "none")),
    "an unknown document": (
        replace(LETTER, message=replace(PROBLEM, expected_type="Z37")),
        ("/ProblemStatement_MarketDocument/expected_MarketDocument.type", "a value of MessageTypeList", "'Z37'"),
    ),
    "a reason of 513 characters": (
        replace(LETTER, message=replace(PROBLEM, reasons=(Reason(code="999", text="x" * 513),))),
        ("/ProblemStatement_MarketDocument/Reason[1]/text", "at most 512 characters", repr("x" * 513)),
    ),
    "a delivery within a second": (
        replace(LETTER, message=replace(PROBLEM, delivery_at=EIGHT + timedelta(microseconds=1))),
        (
            "/ProblemStatement_MarketDocument/delivery_MarketDocument.createdDateTime",
            "a whole second",
            "datetime.datetime(2027, 1, 14, 8, 0, 0, 1, tzinfo=datetime.timezone.utc)",
        ),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_is_no_statement_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


@pytest.mark.parametrize("edition", [MIDDLE, OLDEST], ids=str)
def test_the_time_frame_is_said_since_edition_3_2(edition: Edition) -> None:
    data = without(in_edition(DATA, "problem_statement", edition.name), TIMEFRAME)
    plain = replace(LETTER, message=replace(PROBLEM, timeframe=None))
    assert opened(data)[0] == received(plain, data, edition)
    assert write_message(plain, edition) == data
    assert unwritable(lambda: write_message(LETTER, edition)) == homeless(edition, (TIMEFRAME, "A01"))


@pytest.mark.parametrize(("edition", "longest"), [(NEWEST, 60), (MIDDLE, 60), (OLDEST, 35)], ids=str)
def test_identifiers_grew_with_edition_3_1(edition: Edition, longest: int) -> None:
    plain = replace(LETTER, message=replace(PROBLEM, timeframe=None))
    assert opened(write_message(replace(plain, id="x" * longest), edition))[0].id == "x" * longest
    assert unwritable(lambda: write_message(replace(plain, id="x" * (longest + 1)), edition)) == (
        "/ProblemStatement_MarketDocument/mRID",
        f"at most {longest} characters",
        repr("x" * (longest + 1)),
    )
