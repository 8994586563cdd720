"""Every outcome has one answer, in the words of the style; an acknowledgement has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.errors import (
    GatewayError,
    InvalidValue,
    Malformed,
    Misconfigured,
    OutOfTurn,
    Unmappable,
    Unsolved,
    Unwritable,
)
from gateway.model import GridConstraints
from gateway.report import Finding, Level, Report, Severity
from gateway.results import Reason, Receipt, RefusedSeries, Verdict
from gateway.time import Interval
from profiles import markets, read
from profiles.markets import AcknowledgementStyle
from profiles.reading import parse
from profiles.rules.engine import check
from profiles.rules.receipts import acknowledge
from tests.profiles.rules.cases import BASES, changed, source

DETAILED, NORDIC = AcknowledgementStyle.DETAILED, AcknowledgementStyle.NORDIC
STYLES = [DETAILED, NORDIC]
BIDS = parse(source("bids")).document
FIRST, SECOND, THIRD = (series.id for series in BIDS.series)
CAPACITIES = parse(source("capacities")).document
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
QUARTER = Interval(NOON, NOON + timedelta(minutes=15))
NEXT = Interval(QUARTER.end, QUARTER.end + timedelta(minutes=15))


def finding(
    code: str,
    subject: str | None = None,
    interval: Interval | None = None,
    *,
    severity: Severity = Severity.REJECT,
    rule: str = "XX-001",
) -> Finding:
    level = Level.DOCUMENT if subject is None else Level.SERIES if interval is None else Level.INTERVAL
    return Finding(
        rule=rule,
        severity=severity,
        level=level,
        code=code,
        path="/x",
        expected="this",
        found="that",
        subject=subject,
        interval=interval,
    )


WORDS = "XX-001 /x: expected this, found that"


def cause(code: str) -> Reason:
    return Reason(code=code, text=WORDS)


def receipt(style: AcknowledgementStyle, *findings: Finding, document: object = BIDS) -> Receipt:
    answer = acknowledge(Report(findings), style, document=document)
    assert answer is not None
    return answer


def test_an_answer_repeats_the_head_of_the_document() -> None:
    answer = receipt(DETAILED)
    assert (answer.document_id, answer.revision) == (BIDS.id, 1)
    assert (answer.document_type, answer.process) == ("A37", "A47")
    assert answer.created == datetime(2026, 6, 15, 5, 59, tzinfo=UTC)
    assert answer.title is None


@pytest.mark.parametrize(
    ("style", "reasons"),
    [
        (DETAILED, (Reason(code="A01"),)),
        (NORDIC, (Reason(code="A01", text="Message fully accepted."),)),
    ],
)
def test_a_sound_document_is_accepted(style: AcknowledgementStyle, reasons: tuple[Reason, ...]) -> None:
    answer = receipt(style)
    assert (answer.verdict, answer.reasons, answer.refused) == (Verdict.ACCEPTED, reasons, ())


@pytest.mark.parametrize("style", STYLES)
def test_a_warning_is_not_told(style: AcknowledgementStyle) -> None:
    warnings = [finding("A65", severity=Severity.WARN), finding("A65", FIRST, severity=Severity.WARN)]
    assert receipt(style, *warnings) == receipt(style)


@pytest.mark.parametrize(
    ("style", "reasons"),
    [
        (DETAILED, (Reason(code="A02"), cause("A78"), cause("A51"))),
        (NORDIC, (Reason(code="A02", text=WORDS), Reason(code="999", text=WORDS.replace("001", "002")))),
    ],
)
def test_a_fault_of_the_document_refuses_it(style: AcknowledgementStyle, reasons: tuple[Reason, ...]) -> None:
    second = finding("A51", rule="XX-002" if style is NORDIC else "XX-001")
    answer = receipt(style, finding("A78"), second)
    assert (answer.verdict, answer.reasons, answer.refused) == (Verdict.REFUSED, reasons, ())


@pytest.mark.parametrize(
    ("style", "verdict", "reasons", "refused"),
    [
        (
            DETAILED,
            Verdict.PARTLY_ACCEPTED,
            (Reason(code="A03"),),
            (RefusedSeries(series_id=SECOND, reasons=(Reason(code="A20"), cause("A42"))),),
        ),
        (
            NORDIC,
            Verdict.REFUSED,
            (Reason(code="A02", text="Message fully rejected."),),
            (RefusedSeries(series_id=SECOND, reasons=(cause("999"),)),),
        ),
    ],
)
def test_one_refused_series_of_three(
    style: AcknowledgementStyle, verdict: Verdict, reasons: tuple[Reason, ...], refused: tuple[RefusedSeries, ...]
) -> None:
    answer = receipt(style, finding("A42", SECOND))
    assert (answer.verdict, answer.reasons, answer.refused) == (verdict, reasons, refused)


def test_all_series_refused_is_the_document_refused() -> None:
    answer = receipt(DETAILED, *(finding("A57", series) for series in (FIRST, SECOND, THIRD)))
    assert (answer.verdict, answer.reasons) == (Verdict.REFUSED, (Reason(code="A02"),))
    assert [series.series_id for series in answer.refused] == [FIRST, SECOND, THIRD]


def test_a_fault_of_the_document_is_told_together_with_those_of_its_series() -> None:
    answer = receipt(DETAILED, finding("A78"), finding("A42", SECOND))
    assert [reason.code for reason in answer.reasons] == ["A02", "A78"]
    assert [series.series_id for series in answer.refused] == [SECOND]


def test_a_series_with_several_faults_tells_each_once() -> None:
    answer = receipt(DETAILED, finding("A42", SECOND), finding("A42", SECOND), finding("B51", SECOND))
    assert [reason.code for reason in answer.refused[0].reasons] == ["A20", "A42", "B51"]


def test_faults_in_some_intervals_refuse_the_series_and_name_them() -> None:
    answer = receipt(
        DETAILED,
        finding("A46", "north-to-river", NEXT),
        finding("A46", "north-to-river", QUARTER),
        finding("A42", "north-to-river", QUARTER),
        document=CAPACITIES,
    )
    assert answer.verdict is Verdict.PARTLY_ACCEPTED
    assert answer.reasons == (Reason(code="A03"),)
    assert answer.refused == (
        RefusedSeries(
            series_id="north-to-river",
            reasons=(Reason(code="A20"),),
            intervals=((QUARTER, (cause("A46"), cause("A42"))), (NEXT, (cause("A46"),))),
        ),
    )


def test_a_series_with_faults_in_general_names_its_intervals_too() -> None:
    answer = receipt(DETAILED, finding("A46", FIRST, QUARTER), finding("A59", FIRST))
    assert [reason.code for reason in answer.refused[0].reasons] == ["A20", "A59"]
    assert answer.refused[0].intervals == ((QUARTER, (cause("A46"),)),)


def test_what_an_answer_calls_refused_is_what_reading_leaves_out() -> None:
    """A capacity too finely stated in one quarter hour: the series is refused, and none of it becomes a capacity."""
    data = changed("capacities", [("set", "TimeSeries[1]/Period/Point[3]/quantity", "90.00001")])
    reading = read(data, markets.load("project"))
    answer = acknowledge(reading.report, DETAILED, document=reading.document)
    assert answer is not None
    assert [series.series_id for series in answer.refused] == ["north-to-river"]
    assert reading.envelope is not None
    assert isinstance(reading.envelope.message, GridConstraints)
    assert {capacity.from_area.value for capacity in reading.envelope.message.capacities} == {"10YRIVER-------S"}


def test_a_fault_of_an_interval_in_the_nordic_style_refuses_the_document() -> None:
    answer = receipt(NORDIC, finding("A46", FIRST, QUARTER))
    assert answer.verdict is Verdict.REFUSED
    assert answer.refused == (RefusedSeries(series_id=FIRST, reasons=(cause("999"),)),)


@pytest.mark.parametrize(
    ("error", "codes"),
    [
        (Malformed("/", "well-formed XML", "an open element", "A94", "GEN-001"), ["A02", "A94"]),
        (Malformed("/x", "<mRID>", "nothing", "A69"), ["A02", "A69"]),
        (Unmappable("/x", "a currency", "XXX", "A61"), ["A02", "A61"]),
        (OutOfTurn("/x", "an order", "a bid", "A57"), ["A02", "A57"]),
        (Misconfigured("port", "a number", "none"), ["A02", "A94"]),
        (InvalidValue("x", "y", "z"), ["A02", "A94"]),
        (Unwritable("x", "y", "z"), ["A02", "A94"]),
        (Unsolved("x", "y", "z"), ["A02", "A94"]),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("style", STYLES)
def test_every_error_has_an_answer(error: GatewayError, codes: list[str], style: AcknowledgementStyle) -> None:
    answer = acknowledge(error, style, title="payload.xml")
    assert answer is not None
    assert answer.verdict is Verdict.REFUSED
    assert answer.document_id is None
    assert answer.title == "payload.xml"
    assert answer.reasons[0].code == "A02"
    assert [reason.code for reason in answer.reasons] == (codes if style is DETAILED else ["A02"])
    assert answer.reasons[-1].text


def test_faults_of_our_own_give_nothing_away() -> None:
    answer = acknowledge(Misconfigured("database.password", "a secret", "hunter2"), DETAILED)
    assert answer is not None
    told = " ".join(reason.text or "" for reason in answer.reasons)
    assert "hunter2" not in told
    assert "database" not in told


def test_an_error_after_reading_still_names_the_document() -> None:
    answer = acknowledge(Unmappable("/x", "y", "z", "A62"), DETAILED, document=BIDS, title="payload.xml")
    assert answer is not None
    assert (answer.document_id, answer.title) == (BIDS.id, None)


def test_a_payload_name_is_cut_to_what_the_element_holds() -> None:
    answer = acknowledge(Malformed("/", "x", "y"), NORDIC, title="n" * 200)
    assert answer is not None
    assert answer.title == "n" * 150


@pytest.mark.parametrize("style", STYLES)
def test_an_acknowledgement_is_never_answered(style: AcknowledgementStyle) -> None:
    received = parse(source("acknowledgement")).document
    assert acknowledge(Report(), style, document=received) is None
    assert acknowledge(Report((finding("A78"),)), style, document=received) is None
    broken = Malformed("/Acknowledgement_MarketDocument/Reason[1]/code", "a code", "nothing")
    assert acknowledge(broken, style, title="ack.xml") is None


@pytest.mark.parametrize("base", [base for base in BASES if base != "acknowledgement"])
def test_every_other_document_is_answered(base: str) -> None:
    parsed = parse(source(base))
    answer = acknowledge(parsed.report, DETAILED, document=parsed.document)
    assert answer is not None
    assert answer.verdict is Verdict.ACCEPTED
    assert answer.document_id == parsed.document.id


def test_an_answer_stays_small_however_broken_the_document_is() -> None:
    many = [finding("A42", rule=f"XX-{number:03}") for number in range(500)]
    for style in STYLES:
        answer = receipt(style, *many)
        assert len(answer.reasons) <= 52
        assert answer.reasons[-1].text == "and 450 more"


def test_a_text_is_cut_to_what_the_element_holds() -> None:
    wordy = Report(
        (
            Finding(
                rule="XX-001",
                severity=Severity.REJECT,
                level=Level.DOCUMENT,
                code="A59",
                path="/x",
                expected="e" * 600,
                found="f",
            ),
        )
    )
    answer = acknowledge(wordy, DETAILED, document=BIDS)
    assert answer is not None
    text = answer.reasons[1].text or ""
    assert len(text) == 512
    assert text.endswith("...")


@pytest.mark.parametrize("revision", ["x", "", "٣", "1.0"])
def test_a_revision_that_is_no_number_is_left_out(revision: str) -> None:
    document = parse(changed("bids", [("set", "revisionNumber", revision)])).document
    answer = acknowledge(Report(), DETAILED, document=document)
    assert answer is not None
    assert answer.revision is None


def test_from_bytes_to_the_answer_a_peer_gets() -> None:
    """One bid of three is half a megawatt: our style refuses it alone, the Nordic style refuses all."""
    data = changed("bids", [("set", "Bid_TimeSeries[2]/Period/Point/quantity.quantity", "20.5")])
    parsed = parse(data)
    market = markets.load("project")
    report = parsed.report + check(parsed.document, parsed.edition, market)
    ours = acknowledge(report, market.acknowledgement, document=parsed.document)
    theirs = acknowledge(report, NORDIC, document=parsed.document)
    assert ours is not None
    assert theirs is not None
    assert (ours.verdict, theirs.verdict) == (Verdict.PARTLY_ACCEPTED, Verdict.REFUSED)
    assert [reason.code for reason in ours.refused[0].reasons] == ["A20", "A42"]
    text = theirs.refused[0].reasons[0].text or ""
    assert text.startswith("RB-006 /ReserveBid_MarketDocument/Bid_TimeSeries[2]/")
    assert "a multiple of 1 MW" in text
