"""Every broken rule has its answer in both styles, and no answer breaks a rule of acknowledgements itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.envelope import Envelope
from gateway.errors import Malformed
from gateway.identifiers import PartyId
from gateway.model import Party, Role
from gateway.report import Finding, Level, Report, Severity
from gateway.results import Reason, Receipt, Verdict
from profiles import parse, write_message
from profiles.glance import Head, head
from profiles.markets import AcknowledgementStyle, load
from profiles.rules.engine import check
from profiles.rules.receipts import acknowledge, finding_of
from tests.profiles.rules.cases import BASES, Case, cases, changed, source

DETAILED, NORDIC = AcknowledgementStyle.DETAILED, AcknowledgementStyle.NORDIC
OPERATOR = Party(PartyId("10XMO-MARKET---Y", "A01"), Role.MARKET_OPERATOR)
PROVIDER = Party(PartyId("10XBSP-ALPHA---F", "A01"), Role.BALANCING_SERVICE_PROVIDER)
ANSWERED = [case for case in cases() if case.base != "acknowledgement"]
NUMBERED = [base for base in BASES if b"\n  <type>" in source(base) and b"\n  <revisionNumber>" in source(base)]
"""The valid documents that have a type and a revision; an acknowledgement has no revision."""

LONG = "x" * 61


def read(case: Case) -> Any:  # noqa: ANN401 - a document of any kind
    """Return the document of a case, None where it cannot be read."""
    try:
        return case.document().document
    except Malformed:
        return None


def written(receipt: Receipt, overlay: str | None = None) -> bytes:
    """Return the bytes of an answer. Raises `Unwritable` for one that is not valid."""
    created = datetime(2026, 6, 15, 6, tzinfo=UTC)
    name = "0b1f1f0e-7f0a-5b57-9c2e-4f6c3a1d2e3f"
    letter = Envelope(id=name, sender=OPERATOR, receiver=PROVIDER, created=created, message=receipt)
    return write_message(letter, overlay=overlay)


def sound(receipt: Receipt, overlay: str | None = None) -> bool:
    """Whether an answer can be written, and what was written is read without a fault and refused by no rule."""
    parsed = parse(written(receipt, overlay), overlay=overlay)
    report = check(parsed.document, parsed.edition, load("project"))
    return parsed.report.clean and not report.rejects_document


# ------------------------------------------------------------------------------------------------ each rule, both styles
@pytest.mark.parametrize("case", ANSWERED, ids=str)
def test_the_detailed_answer_names_series_and_code(case: Case) -> None:
    report, document = case.check(), read(case)
    refusing = [finding for finding in report.findings if finding.severity is Severity.REJECT]
    answer = acknowledge(report, DETAILED, document=document, title="in.xml", overlay=case.market.overlay)
    assert answer is not None
    assert sound(answer, case.market.overlay)
    whole = [finding for finding in refusing if finding.level is Level.DOCUMENT]
    subjects = {finding.subject for finding in refusing if finding.level is not Level.DOCUMENT}
    listed = getattr(document, "series", ())
    names = {series.id for series in listed if hasattr(series, "id")}
    if not refusing:
        assert (answer.verdict, answer.reasons, answer.refused) == (Verdict.ACCEPTED, (Reason(code="A01"),), ())
    elif whole or subjects == names:
        assert (answer.verdict, answer.reasons[0]) == (Verdict.REFUSED, Reason(code="A02"))
    else:
        assert (answer.verdict, answer.reasons) == (Verdict.PARTLY_ACCEPTED, (Reason(code="A03"),))
    assert {series.series_id for series in answer.refused} == subjects
    told = [*answer.reasons[1:], *(reason for series in answer.refused for reason in series.reasons)]
    told += [reason for series in answer.refused for _, reasons in series.intervals for reason in reasons]
    assert {reason.code for reason in told} - {"A20"} == {finding.code for finding in refusing}


@pytest.mark.parametrize("case", ANSWERED, ids=str)
def test_the_nordic_answer_is_yes_or_no_with_words(case: Case) -> None:
    report, document = case.check(), read(case)
    answer = acknowledge(report, NORDIC, document=document, title="in.xml", overlay=case.market.overlay)
    assert answer is not None
    assert sound(answer, case.market.overlay)
    refused = case.weight == "reject"
    assert answer.verdict is (Verdict.REFUSED if refused else Verdict.ACCEPTED)
    assert answer.reasons[0].code == ("A02" if refused else "A01")
    causes = [*answer.reasons[1:], *(reason for series in answer.refused for reason in series.reasons)]
    assert {reason.code for reason in causes} <= {"999"}
    words = " ".join(reason.text or "" for reason in (*answer.reasons, *causes))
    assert (case.rule in words) == refused
    assert not any(series.intervals for series in answer.refused)


# --------------------------------------------------------------------------------------------- what is not repeated
HEADS = [
    ("mRID", LONG, "document_id", None),
    ("mRID", "   ", "document_id", None),
    ("mRID", "x" * 60, "document_id", "x" * 60),
    ("revisionNumber", "0", "revision", None),
    ("revisionNumber", "01", "revision", None),
    ("revisionNumber", "1000", "revision", None),
    ("revisionNumber", "999", "revision", 999),
    ("revisionNumber", "-1", "revision", None),
    ("type", "ZZZ", "document_type", None),
    ("type", "Z37", "document_type", None),
    ("type", "B21", "document_type", "B21"),
    ("process.processType", "a47", "process", None),
    ("process.processType", "A60", "process", "A60"),
]


@pytest.mark.parametrize("style", [DETAILED, NORDIC])
@pytest.mark.parametrize(("tag", "text", "part", "repeated"), HEADS)
def test_only_what_an_answer_can_hold_is_repeated(
    style: AcknowledgementStyle, tag: str, text: str, part: str, repeated: object
) -> None:
    parsed = parse(changed("bids", [("set", tag, text)]))
    answer = acknowledge(parsed.report, style, document=parsed.document, title="in.xml")
    assert answer is not None
    assert getattr(answer, part) == repeated
    assert (answer.title == "in.xml") == (answer.document_id is None)
    assert sound(answer)


@pytest.mark.parametrize("base", NUMBERED)
@pytest.mark.parametrize(("tag", "text", "part", "repeated"), HEADS[:10:3])
def test_a_glance_at_a_document_that_cannot_be_read_is_repeated_no_further(
    base: str, tag: str, text: str, part: str, repeated: object
) -> None:
    glance = head(changed(base, [("set", tag, text)]))
    answer = acknowledge(Malformed("/x", "this", "that"), DETAILED, document=glance, title="in.xml")
    assert answer is not None
    assert getattr(answer, part) == repeated
    assert sound(answer)


def test_a_local_code_is_repeated_where_the_answer_is_written_with_it() -> None:
    parsed = parse(changed("scheduled_order", [("set", "type", "Z37")]), overlay="nbm")
    for overlay, repeated in (("nbm", "Z37"), (None, None)):
        answer = acknowledge(parsed.report, NORDIC, document=parsed.document, overlay=overlay)
        assert answer is not None
        assert answer.document_type == repeated
        assert sound(answer, overlay)


def test_an_instant_with_a_fraction_is_not_repeated() -> None:
    seen = Head(id="a", created=datetime(2026, 6, 15, 6, 0, 0, 250_000, tzinfo=UTC))
    answer = acknowledge(Malformed("/x", "this", "that"), DETAILED, document=seen)
    assert answer is not None
    assert answer.created is None
    whole = acknowledge(
        Malformed("/x", "this", "that"), DETAILED, document=Head(id="a", created=datetime(2026, 6, 15, tzinfo=UTC))
    )
    assert whole is not None
    assert whole.created == datetime(2026, 6, 15, tzinfo=UTC)


def test_a_series_that_cannot_be_named_is_told_of_the_document() -> None:
    """The mRID of the second bid has 61 characters, and the bid is half a megawatt too large besides."""
    steps = [
        ("set", "Bid_TimeSeries[2]/mRID", LONG),
        ("set", "Bid_TimeSeries[2]/Period/Point/quantity.quantity", "20.5"),
    ]
    parsed = parse(changed("bids", steps))
    report = parsed.report + check(parsed.document, parsed.edition, load("project"))
    assert [(found.rule, found.subject) for found in report.findings] == [("GEN-004", None), ("RB-006", LONG)]
    answer = acknowledge(report, DETAILED, document=parsed.document)
    assert answer is not None
    assert [reason.code for reason in answer.reasons] == ["A02", "999", "A42"]
    assert answer.refused == ()
    assert sound(answer)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("bids.xml", "bids.xml"),
        ("b\x00d\x1f.xml", "b?d?.xml"),
        ("\udcff.xml", "?.xml"),
        ("prisfråga.xml", "prisfråga.xml"),
        ("n" * 151, "n" * 150),
        ("", None),
        (None, None),
    ],
)
def test_the_name_of_a_payload_is_told_in_letters_that_print(title: str | None, told: str | None) -> None:
    answer = acknowledge(Malformed("/", "x", "y"), DETAILED, title=title)
    assert answer is not None
    assert answer.title == told
    assert sound(answer)


@pytest.mark.parametrize("style", [DETAILED, NORDIC])
def test_words_that_xml_cannot_hold_are_not_repeated(style: AcknowledgementStyle) -> None:
    answer = acknowledge(Malformed("/", "a name", "b\x00d\x1b"), style)
    assert answer is not None
    assert (answer.reasons[-1].text or "").endswith("expected a name, found b?d?")
    assert sound(answer)


def test_an_error_is_one_finding_about_the_document() -> None:
    found = finding_of(Malformed("/a", "this", "that", "A69", "GEN-004"))
    assert found == Finding(
        rule="GEN-004",
        severity=Severity.REJECT,
        level=Level.DOCUMENT,
        code="A69",
        path="/a",
        expected="this",
        found="that",
    )


# ------------------------------------------------------------------------------------------------- whatever is received
TEXTS = st.sampled_from(["", " ", "0", "01", "1", "999", "1000", "A37", "Z64", "ZZZ", LONG, "x" * 60, "٣", "&<>", "é"])


@given(
    values=st.fixed_dictionaries({"mRID": TEXTS, "revisionNumber": TEXTS, "type": TEXTS, "process.processType": TEXTS}),
    series=TEXTS,
    style=st.sampled_from([DETAILED, NORDIC]),
    market=st.sampled_from(["project", "nordic_no"]),
)
def test_an_answer_is_valid_whatever_the_head_says(
    values: dict[str, str], series: str, style: AcknowledgementStyle, market: str
) -> None:
    terms = load(market)
    steps = [("set", tag, text) for tag, text in values.items()]
    parsed = parse(changed("bids", [*steps, ("set", "Bid_TimeSeries[1]/mRID", series)]), overlay=terms.overlay)
    report = parsed.report + check(parsed.document, parsed.edition, terms)
    answer = acknowledge(report, style, document=parsed.document, title="in.xml", overlay=terms.overlay)
    assert answer is not None
    assert sound(answer, terms.overlay)


def test_a_received_document_is_named_as_it_names_itself() -> None:
    for base in BASES:
        document = parse(source(base)).document
        answer = acknowledge(Report(), DETAILED, document=document, title="in.xml")
        if base != "acknowledgement":
            assert answer is not None
            assert (answer.document_id, answer.document_type, answer.process) == (
                document.id,
                getattr(document, "type", None),
                getattr(document, "process", None),
            )
            revision = int(document.revision) if hasattr(document, "revision") else None
            assert (answer.revision, answer.created, answer.title) == (revision, document.created, None)
