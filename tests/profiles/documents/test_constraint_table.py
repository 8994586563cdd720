"""ConstraintTable_MarketDocument: what each element means, what is refused, and what is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.model import GridConstraints, Limit, Reserve, Role
from gateway.time import Interval
from profiles import constraint_table, parse, write, write_message
from profiles.constraint_table import (
    BidCoefficient,
    ConstraintTableMarketDocument,
    LimitSeries,
    carries,
    from_canonical,
    to_canonical,
)
from profiles.lexical import Coded
from profiles.parts import TimeInterval
from tests.market_values import DSO, EIGHT, OPERATOR, QUARTER, WEST, capacity, quarter
from tests.profiles.documents.trees import (
    Said,
    findings,
    holding,
    marked,
    meaning,
    placed,
    received,
    refusal,
    text_of,
    twice,
    unreadable,
    unwritable,
    without,
)
from tests.wire_values import changed

TEXT = text_of("constraint_table", "1.0", "own-two-limits")
(EDITION,) = constraint_table.EDITIONS
ROOT = "/ConstraintTable_MarketDocument"
NUMBERED = frozenset({"Limit_Series", "BidCoefficient"})
HOUR = Interval(EIGHT, EIGHT + 4 * QUARTER)

LINE = Limit(
    id="line 7",
    sender=DSO.id,
    interval=quarter(0),
    headroom_mw=Decimal("2.875"),
    coefficients={"up-1": Decimal(1), "down-1": Decimal("-0.7071")},
    reason="conductor at 15 degrees",
)
TRANSFORMER = Limit(
    id="transformer 2",
    sender=DSO.id,
    interval=Interval(EIGHT + 2 * QUARTER, EIGHT + 4 * QUARTER),
    headroom_mw=Decimal("-0.5"),
)
LETTER = Envelope(
    id="table-1",
    revision=4,
    process="A47",
    reserve=Reserve.MFRR,
    sender=DSO,
    receiver=OPERATOR,
    created=EIGHT - timedelta(minutes=50),
    period=HOUR,
    domain=WEST,
    message=GridConstraints(limits=(LINE, TRANSFORMER)),
)
DOCUMENT = ConstraintTableMarketDocument(
    id="table-1",
    revision="4",
    process="A47",
    sender=Coded(DSO.id.value, "A10"),
    sender_role="A50",
    receiver=Coded(OPERATOR.id.value, "A01"),
    receiver_role="A11",
    created=EIGHT - timedelta(minutes=50),
    period=TimeInterval(start=EIGHT, end=EIGHT + 4 * QUARTER),
    domain=Coded(WEST.value, "A01"),
    series=(
        LimitSeries(
            id="line 7",
            interval=TimeInterval(start=EIGHT, end=EIGHT + QUARTER),
            headroom=Decimal("2.875"),
            quantity_unit="MAW",
            coefficients=(
                BidCoefficient(bid="up-1", coefficient=Decimal(1)),
                BidCoefficient(bid="down-1", coefficient=Decimal("-0.7071")),
            ),
            description="conductor at 15 degrees",
        ),
        LimitSeries(
            id="transformer 2",
            interval=TimeInterval(start=EIGHT + 2 * QUARTER, end=EIGHT + 4 * QUARTER),
            headroom=Decimal("-0.5"),
            quantity_unit="MAW",
        ),
    ),
)


def sent(*limits: Limit) -> Envelope[GridConstraints]:
    """Return LETTER about other limits."""
    return replace(LETTER, message=GridConstraints(limits=limits))


def at(path: str) -> str:
    return placed(ROOT[1:], path, NUMBERED)


def test_every_element_is_read_into_its_field() -> None:
    parsed = parse(TEXT.encode())
    assert parsed.document == DOCUMENT
    assert parsed.edition is EDITION
    assert parsed.report.clean


def test_a_table_means_its_limits_field_by_field() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, EDITION)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == TEXT
    assert write_message(LETTER, EDITION).decode() == TEXT
    assert from_canonical(LETTER) == DOCUMENT
    assert write(DOCUMENT, EDITION).decode() == TEXT


# ------------------------------------------------------------------------------------------------------------- one limit
@pytest.mark.parametrize("headroom", ["0", "-0", "0.000000001", "-99999.5", "12345678901234567890.123"])
def test_a_headroom_keeps_its_digits_and_its_sign(headroom: str) -> None:
    message = meaning(holding(TEXT, "Limit_Series/headroom_Quantity.quantity", headroom))[0].message
    assert isinstance(message, GridConstraints)
    assert str(message.limits[0].headroom_mw) == str(Decimal(headroom))


def test_the_limits_are_those_of_the_sender() -> None:
    text = holding(TEXT, "sender_MarketParticipant.mRID", "7080000000012")
    message = meaning(text)[0].message
    assert isinstance(message, GridConstraints)
    assert {limit.sender.value for limit in message.limits} == {"7080000000012"}


def test_bids_that_a_limit_does_not_name_do_not_count() -> None:
    message = meaning(without(TEXT, "Limit_Series/BidCoefficient"))[0].message
    assert isinstance(message, GridConstraints)
    assert [dict(limit.coefficients) for limit in message.limits] == [{"down-1": Decimal("-0.7071")}, {}]


def test_a_limit_of_no_words_has_an_empty_reason() -> None:
    message = meaning(without(TEXT, "Limit_Series/description"))[0].message
    assert isinstance(message, GridConstraints)
    assert message.limits == (replace(LINE, reason=""), TRANSFORMER)


def test_a_table_may_say_that_nothing_limits() -> None:
    text = without(TEXT, "Limit_Series", "Limit_Series")
    assert meaning(text)[0] == received(sent(), text, EDITION)


def test_a_table_may_be_of_no_process_and_no_area() -> None:
    text = without(TEXT, "process.processType", "domain.mRID")
    assert meaning(text)[0] == received(replace(LETTER, process=None, reserve=None, domain=None), text, EDITION)


def test_one_bid_counts_in_several_limits() -> None:
    text = holding(
        TEXT.replace(
            "  </Limit_Series>\n</C",
            """    <BidCoefficient>
      <bid_BidTimeSeries.mRID>up-1</bid_BidTimeSeries.mRID>
      <coefficient>0.5</coefficient>
    </BidCoefficient>
  </Limit_Series>
</C""",
        ),
        "mRID",
        "table-2",
    )
    message = meaning(text)[0].message
    assert isinstance(message, GridConstraints)
    assert [limit.coefficients["up-1"] for limit in message.limits] == [Decimal(1), Decimal("0.5")]


# -------------------------------------------------------------------------------------------------- what has no meaning
COEFFICIENT = "Limit_Series/BidCoefficient[2]/bid_BidTimeSeries.mRID"
REFUSED: dict[str, tuple[str, Said]] = {
    "a bid twice in one limit": (
        holding(TEXT, COEFFICIENT, "up-1"),
        (
            f"{ROOT}/Limit_Series[1]/BidCoefficient[2]/bid_BidTimeSeries.mRID",
            "one coefficient for a bid",
            "'up-1'",
            "A55",
        ),
    ),
    "kilowatts": (
        holding(TEXT, "Limit_Series/quantity_Measurement_Unit.name", "KWT"),
        (f"{ROOT}/Limit_Series[1]/quantity_Measurement_Unit.name", "MAW", "'KWT'", "999"),
    ),
    "energy in the second limit": (
        holding(TEXT, "Limit_Series[2]/quantity_Measurement_Unit.name", "MWH"),
        (f"{ROOT}/Limit_Series[2]/quantity_Measurement_Unit.name", "MAW", "'MWH'", "999"),
    ),
    "a limit without time": (
        holding(TEXT, "Limit_Series/timeInterval/end", "2027-01-14T08:00Z"),
        (
            f"{ROOT}/Limit_Series[1]/timeInterval",
            "a start before the end",
            "2027-01-14T08:00Z/2027-01-14T08:00Z",
            "A04",
        ),
    ),
    "a limit that runs backwards": (
        holding(TEXT, "Limit_Series[2]/timeInterval/start", "2027-01-14T09:15Z"),
        (
            f"{ROOT}/Limit_Series[2]/timeInterval",
            "a start before the end",
            "2027-01-14T09:15Z/2027-01-14T09:00Z",
            "A04",
        ),
    ),
    "a blank sender": (
        holding(TEXT, "sender_MarketParticipant.mRID", "  "),
        (ROOT, "PartyId: a value and a coding scheme", "('  ', 'A10')", "999"),
    ),
    "a blank receiver": (
        holding(TEXT, "receiver_MarketParticipant.mRID", ""),
        (f"{ROOT}/receiver_MarketParticipant.mRID", "a value and a coding scheme", "('', 'A01')", "A78"),
    ),
    "a blank area": (
        holding(TEXT, "domain.mRID", ""),
        (ROOT, "AreaId: a value and a coding scheme", "('', 'A01')", "999"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    text, expected = REFUSED[name]
    assert refusal(text) == expected


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_a_role_that_the_market_does_not_know_is_refused(who: str) -> None:
    tag = f"{who}_MarketParticipant.marketRole.type"
    path, expected, found, code = refusal(holding(TEXT, tag, "A41"))
    assert (path, found, code) == (f"{ROOT}/{tag}", "'A41'", "A78")
    assert expected.startswith("one of A04, A49,")


@pytest.mark.parametrize("revision", ["0", "1000", "1.0", "-1", "\u0661"])
def test_a_revision_that_is_none_has_no_meaning(revision: str) -> None:
    with pytest.raises(Unmappable) as caught:
        to_canonical(changed(DOCUMENT, revision=revision))
    assert caught.value.args == ("revisionNumber", "1 to 999", repr(revision), "999")


# -------------------------------------------------------------------------------------------------------- the wire form
# Path of what is left out; the tag of what stands in its place (None: nothing more).
MANDATORY: list[tuple[str, str | None]] = [
    ("mRID", "revisionNumber"),
    ("revisionNumber", "process.processType"),
    ("sender_MarketParticipant.mRID", "sender_MarketParticipant.marketRole.type"),
    ("sender_MarketParticipant.marketRole.type", "receiver_MarketParticipant.mRID"),
    ("receiver_MarketParticipant.mRID", "receiver_MarketParticipant.marketRole.type"),
    ("receiver_MarketParticipant.marketRole.type", "createdDateTime"),
    ("createdDateTime", "period.timeInterval"),
    ("period.timeInterval", "domain.mRID"),
    ("Limit_Series/mRID", "timeInterval"),
    ("Limit_Series/timeInterval", "headroom_Quantity.quantity"),
    ("Limit_Series/timeInterval/start", "end"),
    ("Limit_Series/headroom_Quantity.quantity", "quantity_Measurement_Unit.name"),
    ("Limit_Series/quantity_Measurement_Unit.name", "BidCoefficient"),
    ("Limit_Series/BidCoefficient/bid_BidTimeSeries.mRID", "coefficient"),
    ("Limit_Series/BidCoefficient/coefficient", None),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", found, "A69")


def test_a_table_has_no_type() -> None:
    text = TEXT.replace("  <process.", "  <type>A37</type>\n  <process.")
    assert unreadable(text) == (f"{ROOT}/type", "an element of ConstraintTable_MarketDocument", "<type>", "999")


@pytest.mark.parametrize(
    ("path", "expected", "found"),
    [
        ("domain.mRID", "<domain.mRID> no more often", "it stands here"),
        ("Limit_Series/description", "<description> no more often", "it stands here"),
        ("Limit_Series/timeInterval", "<headroom_Quantity.quantity> before it", "<timeInterval>"),
    ],
)
def test_what_stands_once_does_not_stand_twice(path: str, expected: str, found: str) -> None:
    assert unreadable(twice(TEXT, path)) == (at(path), expected, found, "999")


BROKEN = [
    ("GEN-004", "999", "mRID", "x" * 61, "at most 60 characters"),
    ("GEN-004", "999", "revisionNumber", "04", "a whole number from 1 to 999, no leading zero"),
    ("GEN-004", "999", "Limit_Series/mRID", "x" * 61, "at most 60 characters"),
    ("GEN-004", "999", COEFFICIENT, "x" * 61, "at most 60 characters"),
    ("GEN-005", "A79", "process.processType", "Q9", "a value of ProcessTypeList"),
    ("GEN-005", "A78", "sender_MarketParticipant.marketRole.type", "Q9", "a value of RoleTypeList"),
    ("GEN-005", "999", "Limit_Series/quantity_Measurement_Unit.name", "Q9", "a value of UnitOfMeasureTypeList"),
]


@pytest.mark.parametrize(("rule", "code", "path", "value", "expected"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_broken_value_is_found_and_kept(rule: str, code: str, path: str, value: str, expected: str) -> None:
    where = placed(ROOT[1:], path.replace("[2]", ""), NUMBERED).replace("Coefficient[1]", "Coefficient[2]")
    assert findings(holding(TEXT, path, value)) == [(rule, code, where, expected, f"'{value}'")]


def test_a_scheme_of_nobody_is_found() -> None:
    where = f"{ROOT}/domain.mRID/@codingScheme"
    assert findings(marked(TEXT, "domain.mRID", "Q9")) == [
        ("GEN-005", "999", where, "a value of CodingSchemeTypeList", "'Q9'")
    ]


# --------------------------------------------------------------------------------------------------- what is (not) written
def test_limits_alone_are_carried_by_the_table() -> None:
    assert carries(LETTER)
    assert not carries(sent())
    assert not carries(replace(LETTER, message=GridConstraints(capacities=(capacity(10),))))
    assert not carries(replace(LETTER, message=GridConstraints(capacities=(capacity(10),), limits=(LINE,))))


def test_the_period_spans_the_limits_where_the_letter_has_none() -> None:
    early = replace(LINE, interval=quarter(-1))
    document = from_canonical(replace(sent(TRANSFORMER, early), period=None))
    assert document.period == TimeInterval(start=EIGHT - QUARTER, end=EIGHT + 4 * QUARTER)
    assert [series.id for series in document.series] == ["transformer 2", "line 7"]


def test_the_process_is_that_of_the_letter_and_never_made_up() -> None:
    document = from_canonical(replace(LETTER, process=None))
    assert document.process is None
    assert from_canonical(replace(LETTER, process="A51")).process == "A51"


UNWRITABLE: dict[str, tuple[Callable[[], object], Said]] = {
    "capacities": (
        lambda: from_canonical(replace(LETTER, message=GridConstraints(capacities=(capacity(1), capacity(2))))),
        ("GridConstraints.capacities", "no capacities", "2", "999"),
    ),
    "no limits and no period": (
        lambda: from_canonical(replace(sent(), period=None)),
        ("timeInterval", "a period in the envelope, or something in the message", "neither", "999"),
    ),
    "an identifier of 61 characters": (
        lambda: write_message(sent(replace(LINE, id="x" * 61))),
        (f"{ROOT}/Limit_Series[1]/mRID", "at most 60 characters", f"'{'x' * 61}'", "999"),
    ),
    "a headroom without end": (
        lambda: write_message(sent(LINE, replace(TRANSFORMER, headroom_mw=Decimal("Infinity")))),
        (
            f"{ROOT}/Limit_Series[2]/headroom_Quantity.quantity",
            "a finite number",
            "Decimal('Infinity')",
            "999",
        ),
    ),
    "a reason of 513 characters": (
        lambda: write_message(sent(replace(LINE, reason="r" * 513))),
        (f"{ROOT}/Limit_Series[1]/description", "at most 512 characters", f"'{'r' * 513}'", "999"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_table_cannot_hold_is_not_written(name: str) -> None:
    write_, expected = UNWRITABLE[name]
    assert unwritable(write_) == expected


@pytest.mark.parametrize(
    ("role", "code"), [(Role.DISTRIBUTION_SYSTEM_OPERATOR, "A50"), (Role.TRANSMISSION_SYSTEM_OPERATOR, "A49")]
)
def test_either_operator_may_state_limits(role: Role, code: str) -> None:
    data = write_message(replace(LETTER, sender=replace(DSO, role=role)))
    assert parse(data).document.sender_role == code
