"""ResourceOperatingEnvelope_MarketDocument: what each element means, what is refused, and what is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import ResourceId
from gateway.model import Reserve
from gateway.operating_envelopes import OperatingEnvelope, OperatingEnvelopes
from gateway.time import Interval
from profiles import parse, resource_operating_envelope, write, write_message
from profiles.lexical import Coded
from profiles.parts import TimeInterval
from profiles.resource_operating_envelope import (
    EnvelopeSeries,
    Point,
    ResourceOperatingEnvelopeMarketDocument,
    SeriesPeriod,
    from_canonical,
)
from tests.market_values import DSO, EAST, EIGHT, OPERATOR, QUARTER, WEST, quarter
from tests.profiles.documents.trees import (
    Said,
    findings,
    holding,
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

TEXT = text_of("resource_operating_envelope", "1.0", "own-feeder")
(EDITION,) = resource_operating_envelope.EDITIONS
ROOT = "/ResourceOperatingEnvelope_MarketDocument"
NUMBERED = frozenset({"Envelope_Series", "Period", "Point"})
POINT = "Envelope_Series/Period/Point"
HOUR = timedelta(hours=1)

FEEDER = OperatingEnvelope(
    id="feeder 7#1",
    sender=DSO.id,
    resource=ResourceId("NOKG90901", "NNO"),
    interval=quarter(0),
    min_mw=Decimal(-2),
    max_mw=Decimal("3.5"),
    area=WEST,
    baseline="plan-1",
    reason="transformer 2 in maintenance",
)
LATER = replace(FEEDER, id="feeder 7#2", interval=quarter(1), min_mw=None, max_mw=Decimal(0))
LAST = replace(
    FEEDER,
    id="feeder 7#3",
    interval=Interval(EIGHT + HOUR, EIGHT + 2 * HOUR),
    min_mw=Decimal("1.25"),
    max_mw=None,
)
UNIT = OperatingEnvelope(
    id="unit 9",
    sender=DSO.id,
    resource=ResourceId("NOKG90909", "NNO"),
    interval=quarter(0),
    min_mw=Decimal(0),
    max_mw=Decimal(0),
)
LETTER = Envelope(
    id="envelope-1",
    revision=2,
    process="A47",
    reserve=Reserve.MFRR,
    sender=DSO,
    receiver=OPERATOR,
    created=EIGHT - timedelta(minutes=50),
    period=Interval(EIGHT, EIGHT + 2 * HOUR),
    domain=WEST,
    message=OperatingEnvelopes(envelopes=(FEEDER, LATER, LAST, UNIT)),
)


def series_of_feeder(**changes: object) -> EnvelopeSeries:
    """Return the first series of the hand-written document."""
    values: dict[str, object] = {
        "id": "feeder 7",
        "resource": Coded("NOKG90901", "NNO"),
        "area": Coded(WEST.value, "A01"),
        "quantity_unit": "MAW",
        "sign_convention": "netInjection",
        "baseline": "plan-1",
        "description": "transformer 2 in maintenance",
        "periods": (
            SeriesPeriod(
                interval=TimeInterval(start=EIGHT, end=EIGHT + 2 * QUARTER),
                resolution="PT15M",
                points=(
                    Point(position=1, minimum=Decimal(-2), maximum=Decimal("3.5")),
                    Point(position=2, maximum=Decimal(0)),
                ),
            ),
            SeriesPeriod(
                interval=TimeInterval(start=EIGHT + HOUR, end=EIGHT + 2 * HOUR),
                resolution="PT60M",
                points=(Point(position=1, minimum=Decimal("1.25")),),
            ),
        ),
    }
    build: Callable[..., EnvelopeSeries] = EnvelopeSeries
    return build(**(values | changes))


def sent(*envelopes: OperatingEnvelope) -> Envelope[OperatingEnvelopes]:
    """Return LETTER about other envelopes."""
    return replace(LETTER, message=OperatingEnvelopes(envelopes=envelopes))


def envelopes_of(text: str) -> tuple[OperatingEnvelope, ...]:
    """Return what *text* says of the resources."""
    message = meaning(text)[0].message
    assert isinstance(message, OperatingEnvelopes)
    return message.envelopes


def written(*envelopes: OperatingEnvelope) -> ResourceOperatingEnvelopeMarketDocument:
    document = parse(write_message(sent(*envelopes))).document
    assert isinstance(document, ResourceOperatingEnvelopeMarketDocument)
    return document


def test_every_element_is_read_into_its_field() -> None:
    document = parse(TEXT.encode()).document
    assert document.series[0] == series_of_feeder()
    assert document.series[1] == EnvelopeSeries(
        id="unit 9",
        resource=Coded("NOKG90909", "NNO"),
        quantity_unit="MAW",
        sign_convention="netInjection",
        periods=(
            SeriesPeriod(
                interval=TimeInterval(start=EIGHT, end=EIGHT + QUARTER),
                resolution="PT15M",
                points=(Point(position=1, minimum=Decimal(0), maximum=Decimal(0)),),
            ),
        ),
    )


def test_a_document_means_its_envelopes_field_by_field() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, EDITION)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == TEXT
    assert write(from_canonical(LETTER), EDITION).decode() == TEXT


# ------------------------------------------------------------------------------------------------------- unit and sign
CONVENTIONS = [
    ("MAW", "netInjection", "-2", "3.5"),
    ("MAW", "netWithdrawal", "-3.5", "2"),
    ("KWT", "netInjection", "-0.002", "0.0035"),
    ("KWT", "netWithdrawal", "-0.0035", "0.002"),
    ("A90", "netInjection", "-2000", "3500"),
    ("A90", "netWithdrawal", "-3500", "2000"),
]


@pytest.mark.parametrize(("unit", "convention", "least", "greatest"), CONVENTIONS)
def test_bounds_are_net_injection_in_megawatts(unit: str, convention: str, least: str, greatest: str) -> None:
    text = TEXT
    if unit != "MAW":
        text = holding(text, "Envelope_Series/quantity_Measurement_Unit.name", unit)
    if convention != "netInjection":
        text = holding(text, "Envelope_Series/signConvention", convention)
    first = envelopes_of(text)[0]
    assert (first.min_mw, first.max_mw) == (Decimal(least), Decimal(greatest))


def test_a_bound_of_one_side_changes_its_side_with_the_sign() -> None:
    _, later, last, _ = envelopes_of(holding(TEXT, "Envelope_Series/signConvention", "netWithdrawal"))
    assert (later.min_mw, later.max_mw) == (Decimal(0), None)
    assert (last.min_mw, last.max_mw) == (None, Decimal("-1.25"))


def test_a_bound_is_not_rounded() -> None:
    digits = "0.1234567890123456789012345678901234567"
    text = holding(TEXT, f"{POINT}/max_Quantity.quantity", digits)
    text = holding(text, "Envelope_Series/quantity_Measurement_Unit.name", "KWT")
    assert str(envelopes_of(text)[0].max_mw) == "0.0001234567890123456789012345678901234567"


def test_what_may_be_left_out_is_none_or_blank() -> None:
    series = "Envelope_Series"
    left_out = [f"{series}/connecting_Domain.mRID", f"{series}/baseline_TimeSeries.mRID", f"{series}/description"]
    bare = {"area": None, "baseline": None, "reason": ""}
    expected = (*(replace(one, **bare) for one in (FEEDER, LATER, LAST)), UNIT)  # type: ignore[arg-type]  # three fields
    assert envelopes_of(without(TEXT, *left_out)) == expected


# ----------------------------------------------------------------------------------------------------- days of 23 and 25
@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC), 23),
        (datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC), 25),
    ],
    ids=["23 hours", "25 hours"],
)
def test_a_day_of_clock_change_has_its_own_number_of_slots(start: datetime, end: datetime, hours: int) -> None:
    day = [
        replace(UNIT, id=f"u#{n + 1}", interval=Interval(start + n * HOUR, start + (n + 1) * HOUR))
        for n in range(hours)
    ]
    document = written(*day)
    (period,) = document.series[0].periods
    assert (period.interval, period.resolution) == (TimeInterval(start=start, end=end), "PT60M")
    assert [point.position for point in period.points] == list(range(1, hours + 1))
    assert list(envelopes_of(write(document, EDITION).decode())) == day


# -------------------------------------------------------------------------------------------------- what has no meaning
FIRST = f"{ROOT}/Envelope_Series[1]"
REFUSED: dict[str, tuple[str, Said]] = {
    "energy": (
        holding(TEXT, "Envelope_Series/quantity_Measurement_Unit.name", "MWH"),
        (f"{FIRST}/product", "8716867000030", "'8716867000016'", "999"),
    ),
    "a count": (
        holding(TEXT, "Envelope_Series/quantity_Measurement_Unit.name", "C62"),
        (f"{FIRST}/Measurement_Unit.name", "one of MWH, KWH, GWH, MAW, KWT, A90", "'C62'", "999"),
    ),
    "no bound at all": (
        without(TEXT, f"{POINT}/min_Quantity.quantity", f"{POINT}/max_Quantity.quantity"),
        (FIRST, "OperatingEnvelope feeder 7#1: a finite bound", "None to None", "A42"),
    ),
    "least above greatest": (
        holding(TEXT, f"{POINT}/min_Quantity.quantity", "3.6"),
        (FIRST, "OperatingEnvelope feeder 7#1: min_mw <= max_mw", "3.6 > 3.5", "A42"),
    ),
    "a slot without a point": (
        without(TEXT, f"{POINT}[2]"),
        (f"{FIRST}/Period[1]/Point/position", "one point for each of 2 slots", "1", "A49"),
    ),
    "a first position of 2": (
        without(TEXT, f"{POINT}[1]"),
        (f"{FIRST}/Period[1]/Point/position", "a first position of 1", "[2]", "A49"),
    ),
    "a position twice": (
        holding(TEXT, f"{POINT}[2]/position", "1"),
        (f"{FIRST}/Period[1]/Point/position", "strictly ascending positions", "a repeated or lower one", "A49"),
    ),
    "a position beyond the end": (
        holding(TEXT, f"{POINT}[2]/position", "3"),
        (f"{FIRST}/Period[1]/Point/position", "at most 2 positions", "3", "A49"),
    ),
    "a resolution that does not fit": (
        holding(TEXT, "Envelope_Series/Period/resolution", "PT20M"),
        (
            f"{FIRST}/Period[1]/resolution",
            "a whole number of PT20M in 2027-01-14T08:00Z/2027-01-14T08:30Z",
            "a remainder",
            "A41",
        ),
    ),
    "a period without length": (
        holding(TEXT, "Envelope_Series/Period/timeInterval/end", "2027-01-14T08:00Z"),
        (f"{FIRST}/Period[1]/timeInterval", "a start before the end", "2027-01-14T08:00Z/2027-01-14T08:00Z", "A04"),
    ),
    "a blank resource": (
        holding(TEXT, "Envelope_Series/registeredResource.mRID", " "),
        (FIRST, "ResourceId: a value and a coding scheme", "(' ', 'NNO')", "999"),
    ),
    "a blank area": (
        holding(TEXT, "Envelope_Series/connecting_Domain.mRID", ""),
        (FIRST, "AreaId: a value and a coding scheme", "('', 'A01')", "999"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    text, expected = REFUSED[name]
    assert refusal(text) == expected


# -------------------------------------------------------------------------------------------------------- the wire form
# Path of what is left out; the tag of what stands in its place (None: nothing more).
MANDATORY: list[tuple[str, str | None]] = [
    ("mRID", "revisionNumber"),
    ("revisionNumber", "process.processType"),
    ("createdDateTime", "period.timeInterval"),
    ("period.timeInterval", "domain.mRID"),
    ("Envelope_Series/mRID", "registeredResource.mRID"),
    ("Envelope_Series/registeredResource.mRID", "connecting_Domain.mRID"),
    ("Envelope_Series/quantity_Measurement_Unit.name", "signConvention"),
    ("Envelope_Series/signConvention", "baseline_TimeSeries.mRID"),
    ("Envelope_Series[2]/Period", None),
    ("Envelope_Series/Period/timeInterval", "resolution"),
    ("Envelope_Series/Period/resolution", "Point"),
    (f"{POINT}/position", "min_Quantity.quantity"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", found, "A69")


@pytest.mark.parametrize("value", ["netinjection", " netInjection", "up", ""])
def test_a_sign_convention_is_one_of_two_words(value: str) -> None:
    found = findings(holding(TEXT, "Envelope_Series/signConvention", value))
    where, wanted = f"{FIRST}/signConvention", "one of netInjection, netWithdrawal"
    assert found == [("GEN-004", "999", where, wanted, repr(value))]


def test_a_bound_stands_once() -> None:
    path = f"{POINT}/max_Quantity.quantity"
    where = placed(ROOT[1:], path, NUMBERED)
    assert unreadable(twice(TEXT, path)) == (where, "<max_Quantity.quantity> no more often", "it stands here", "999")


# --------------------------------------------------------------------------------------------------- what is (not) written
def test_slots_of_one_constraint_are_one_series_whatever_their_order() -> None:
    (series,) = written(LAST, FEEDER, LATER).series
    assert series == series_of_feeder()


DIFFERENT = [
    ("resource", ResourceId("NOKG90909", "NNO")),
    ("area", EAST),
    ("area", None),
    ("baseline", "plan-2"),
    ("baseline", None),
    ("reason", "line 3"),
]


@pytest.mark.parametrize(("field", "value"), DIFFERENT, ids=[f"{name} {value}" for name, value in DIFFERENT])
def test_slots_that_say_something_else_are_a_series_of_their_own(field: str, value: object) -> None:
    change: Callable[..., OperatingEnvelope] = replace
    document = written(FEEDER, change(LATER, **{field: value}))
    assert [len(series.periods[0].points) for series in document.series] == [1, 1]


def test_a_gap_and_another_length_begin_a_period() -> None:
    (series,) = written(FEEDER, replace(LATER, interval=quarter(2)), LAST).series
    assert [(period.interval.start, period.resolution) for period in series.periods] == [
        (EIGHT, "PT15M"),
        (EIGHT + 2 * QUARTER, "PT15M"),
        (EIGHT + HOUR, "PT60M"),
    ]


def test_the_period_spans_the_envelopes_where_the_letter_has_none() -> None:
    document = from_canonical(replace(sent(LAST, LATER), period=None))
    assert document.period == TimeInterval(start=EIGHT + QUARTER, end=EIGHT + 2 * HOUR)


UNWRITABLE: dict[str, tuple[Callable[[], object], Said]] = {
    "nothing and no period": (
        lambda: from_canonical(replace(sent(), period=None)),
        ("timeInterval", "a period in the envelope, or something in the message", "neither", "999"),
    ),
    "a baseline of 61 characters": (
        lambda: write_message(sent(replace(UNIT, baseline="b" * 61))),
        (f"{FIRST}/baseline_TimeSeries.mRID", "at most 60 characters", f"'{'b' * 61}'", "999"),
    ),
    "a reason of 513 characters": (
        lambda: write_message(sent(replace(UNIT, reason="r" * 513))),
        (f"{FIRST}/description", "at most 512 characters", f"'{'r' * 513}'", "999"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_hold_is_not_written(name: str) -> None:
    write_, expected = UNWRITABLE[name]
    assert unwritable(write_) == expected
