"""MeasurementValue_MarketDocument: measured exchange of borders and areas, read, refused, lost and written."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import AreaId, MeteringPointId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.report import Report
from gateway.time import Interval
from profiles import parse, write_message
from profiles.cases.edits import changed
from profiles.measurement_value import EDITIONS, MeasurementValueMarketDocument, carries
from tests.market_values import DSO, EAST, EIGHT, OPERATOR, OTHER_SELLER, SELLER, WEST, quarter
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import CLOCK_DAYS, Said, received, renamed, unwritable, with_period, without

DATA = source("measurement_value", "1.1/own-border-and-area")
NEWEST, OLDEST = EDITIONS
POINT = MeteringPointId("571313180400000001", "A10")


def hour(number: int) -> Interval:
    """Return the hour that starts *number* hours after eight."""
    return Interval(EIGHT + timedelta(hours=number), EIGHT + timedelta(hours=number + 1))


def reading(on: Interval, value: str | None, quality: Quality | None = None) -> Reading:
    return Reading(interval=on, value=None if value is None else Decimal(value), quality=quality)


BORDER = MeasuredSeries(
    id="border",
    unit=Unit.MEGAWATT,
    area=EAST,
    to_area=WEST,
    party=SELLER.id,
    readings=(
        reading(quarter(0), "10"),
        reading(quarter(1), "-3.5", Quality.AS_PROVIDED),
        reading(quarter(2), None, Quality.NOT_AVAILABLE),
        reading(hour(1), "0", Quality.ESTIMATED),
        reading(hour(2), "7", Quality.ADJUSTED),
    ),
)
AREA = MeasuredSeries(
    id="area",
    unit=Unit.MEGAWATT_HOUR,
    area=WEST,
    party=OTHER_SELLER.id,
    readings=(reading(quarter(0), "0.5", Quality.CALCULATED),),
)
LETTER = Envelope(
    id="values-7",
    revision=2,
    document_type="A45",
    process="A16",
    sender=Party(DSO.id, Role.METERED_DATA_RESPONSIBLE),
    receiver=OPERATOR,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=3)),
    domain=WEST,
    message=Readings(series=(BORDER, AREA)),
)


def sent(*series: MeasuredSeries) -> Envelope[Readings]:
    """Return LETTER with other series."""
    return replace(LETTER, message=Readings(series=series))


def written(letter: Envelope[Readings]) -> MeasurementValueMarketDocument:
    document = parse(write_message(letter, NEWEST)).document
    assert isinstance(document, MeasurementValueMarketDocument)
    return document


def series(data: bytes, number: int = 0) -> MeasuredSeries:
    """Return one of the series that *data* means."""
    return meaning(data, Readings)[0].series[number]


def test_measured_exchange_means_its_readings_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("measurement_value"), ids=str)
def test_values_that_cannot_be_held_are_refused_with_their_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("measurement_value"), ids=str)
def test_what_is_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, Readings)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == LETTER.message


@pytest.mark.parametrize(
    ("unit", "product", "canonical", "value"),
    [
        ("MWH", "8716867000030", Unit.MEGAWATT_HOUR, "-3.5"),
        ("KWH", "8716867000030", Unit.MEGAWATT_HOUR, "-0.0035"),
        ("GWH", "8716867000030", Unit.MEGAWATT_HOUR, "-3500.0"),
        ("MAW", "8716867000016", Unit.MEGAWATT, "-3.5"),
        ("KWT", "8716867000016", Unit.MEGAWATT, "-0.0035"),
        ("A90", "8716867000016", Unit.MEGAWATT, "-3500.0"),
    ],
)
def test_a_unit_is_an_exact_factor(unit: str, product: str, canonical: Unit, value: str) -> None:
    edits = [("set", "TimeSeries[1]/measurement_Unit.name", unit), ("set", "TimeSeries[1]/product", product)]
    found = series(changed(DATA, edits))
    assert (found.unit, str(found.readings[1].value)) == (canonical, value)


@pytest.mark.parametrize(
    ("inside", "outside", "area", "to_area"),
    [
        ("10YNO-2--------T", "10YNO-1--------2", EAST, WEST),
        ("10YNO-1--------2", "10YNO-2--------T", WEST, EAST),
        ("10YNO-1--------2", "10YNO-1--------2", EAST, None),
    ],
    ids=["east to west", "west to east", "east alone"],
)
def test_energy_runs_from_out_to_in_both_ways(inside: str, outside: str, area: AreaId, to_area: AreaId | None) -> None:
    edits = [("set", "TimeSeries[1]/in_Domain.mRID", inside), ("set", "TimeSeries[1]/out_Domain.mRID", outside)]
    found = series(changed(DATA, edits))
    assert found == replace(BORDER, area=area, to_area=to_area)
    (there,) = written(sent(found)).series
    assert (there.in_domain.value, there.out_domain.value) == (inside, outside)


def test_an_exchange_keeps_its_sign_and_what_is_missing() -> None:
    first, _ = written(LETTER).series[0].periods
    assert [(point.quantity, point.quality) for point in first.points] == [
        (Decimal(10), None),
        (Decimal("-3.5"), "A04"),
        (None, "A02"),
    ]


def test_a_metering_point_at_a_border_is_kept_both_ways() -> None:
    point = "<marketEvaluationPoint.mRID codingScheme='A10'>571313180400000001</marketEvaluationPoint.mRID>"
    data = changed(DATA, [("after", "TimeSeries[1]/marketParticipant.mRID", point)])
    measured = replace(BORDER, metering_point=POINT)
    assert series(data) == measured
    assert series(write_message(sent(measured), NEWEST)) == measured


def test_a_series_of_nobody_is_read_and_written() -> None:
    data = changed(DATA, [("drop", "TimeSeries[2]/marketParticipant.mRID")])
    assert series(data, 1) == replace(AREA, party=None)
    assert written(sent(replace(AREA, party=None))).series[0].party is None


@pytest.mark.parametrize(
    ("letter", "carried"),
    [
        (LETTER, True),
        (replace(LETTER, document_type=None), True),
        (replace(LETTER, document_type="A11"), False),
        (sent(BORDER, replace(AREA, metering_point=POINT)), False),
        (sent(BORDER, replace(AREA, area=None)), False),
    ],
    ids=["A45", "no type", "an account", "a metering point", "no area"],
)
def test_readings_of_areas_and_borders_are_carried_here(letter: Envelope[Readings], *, carried: bool) -> None:
    assert carries(letter) is carried


def test_a_letter_that_says_little_gets_the_usual_head_and_its_first_area() -> None:
    document = written(replace(LETTER, document_type=None, process=None, period=None, domain=None))
    assert (document.type, document.process, document.domain.value) == ("A45", "A16", EAST.value)
    assert (document.period.start, document.period.end) == (EIGHT, hour(2).end)
    assert [one.business_type for one in document.series] == ["A66", "A66"]


AREA_ONLY = ("an area, and neither resource nor correction", "another")
NOWHERE = replace(AREA, area=None)
UNWRITABLE: dict[str, tuple[Envelope[Readings], Said]] = {
    "values that will be corrected": (
        replace(LETTER, message=Readings(series=(BORDER,), final=False)),
        ("Readings.final", "final values", "values that will be corrected"),
    ),
    "no domain": (replace(sent(NOWHERE), domain=None), ("domain.mRID", "a domain", "none")),
    "nowhere": (sent(NOWHERE), ("MeasuredSeries area", *AREA_ONLY)),
    "a resource": (sent(replace(AREA, resource=ResourceId("NOKG90901", "NNO"))), ("MeasuredSeries area", *AREA_ONLY)),
    "a correction": (sent(AREA, replace(BORDER, replaces="earlier")), ("MeasuredSeries border", *AREA_ONLY)),
    "a registration": (sent(replace(BORDER, registered=EIGHT)), ("MeasuredSeries border", *AREA_ONLY)),
    "nothing at no time": (
        replace(sent(), period=None),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_is_no_measured_exchange_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter, NEWEST)) == said


def test_a_series_may_have_no_value_where_the_letter_has_a_period() -> None:
    empty = replace(AREA, readings=())
    assert written(sent(empty)).series[0].periods == ()
    assert series(write_message(sent(empty))) == empty


def test_a_curve_of_variable_blocks_holds_to_the_next_point() -> None:
    curve = changed(DATA, [("set", "TimeSeries[1]/curveType", "A03"), ("drop", "TimeSeries[1]/Period[2]")])
    points = {1: "<quantity>-7</quantity><quality>A03</quality>", 4: "<quantity>8</quantity>"}
    assert series(with_period(curve, hour(0), "PT15M", points)).readings == (
        *(reading(quarter(at), "-7", Quality.ESTIMATED) for at in range(3)),
        reading(quarter(3), "8"),
    )


@CLOCK_DAYS
def test_a_day_of_clock_change_is_measured_hour_by_hour(day: Interval, hours: int) -> None:
    points = {at: f"<quantity>{at}</quantity>" for at in range(1, hours + 1)}
    found = series(with_period(changed(DATA, [("drop", "TimeSeries[1]/Period[2]")]), day, "PT60M", points))
    assert [int(one.value or 0) for one in found.readings] == list(points)
    assert (found.readings[0].interval.start, found.readings[-1].interval.end) == (day.start, day.end)
    (period,) = written(sent(found)).series[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [(point.position, int(point.quantity or 0)) for point in period.points] == [(at, at) for at in points]


OLD_NAMES = {
    "in_Domain.mRID": "inArea_Domain.mRID",
    "out_Domain.mRID": "outArea_Domain.mRID",
    "measurement_Unit.name": "measure_Unit.name",
}


def test_edition_1_0_has_other_names_and_no_curve_type() -> None:
    data = renamed(without(in_edition(DATA, "measurement_value", "1.0"), "curveType"), OLD_NAMES)
    envelope, report = opened(data)
    assert envelope == received(LETTER, data, OLDEST)
    assert report == Report(assumptions=("2 series without curveType: A01",))
    assert write_message(LETTER, OLDEST) == data


def test_edition_1_0_wants_the_party_of_each_series() -> None:
    assert unwritable(lambda: write_message(sent(BORDER, replace(AREA, party=None)), OLDEST)) == (
        "/MeasurementValue_MarketDocument/TimeSeries[2]/marketParticipant.mRID",
        "at least 1 in MeasurementValue_MarketDocument 1.0",
        "0",
    )


def test_a_metering_point_of_36_characters_does_not_fit_edition_1_0() -> None:
    long = replace(BORDER, metering_point=MeteringPointId("x" * 36, "A10"))
    assert series(write_message(sent(long), NEWEST)) == long
    assert unwritable(lambda: write_message(sent(long), OLDEST)) == (
        "/MeasurementValue_MarketDocument/TimeSeries[1]/marketEvaluationPoint.mRID",
        "at most 35 characters",
        f"Coded(value='{'x' * 36}', scheme='A10')",
    )
