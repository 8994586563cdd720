"""MeteringData_MarketDocument: metered values with sign, unit and quality, read, refused, lost and written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from profiles.metering_data import EDITIONS, MeteringDataMarketDocument
from tests.market_values import DSO, EAST, EIGHT, OPERATOR, SELLER, WEST, quarter
from tests.profiles.documents.messages import Change, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import CLOCK_DAYS, Said, received, unwritable, with_period

DATA = source("metering_data", "1.0/own-load-plant-exchange")
(EDITION,) = EDITIONS
POINT = MeteringPointId("571313180400000001", "A10")


def hour(number: int) -> Interval:
    """Return the hour that starts *number* hours after eight."""
    return Interval(EIGHT + timedelta(hours=number), EIGHT + timedelta(hours=number + 1))


def reading(on: Interval, value: str | None, quality: Quality | None = None) -> Reading:
    return Reading(interval=on, value=None if value is None else Decimal(value), quality=quality)


LOAD = MeasuredSeries(
    id="load",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=POINT,
    area=WEST,
    replaces="earlier",
    registered=datetime(2027, 1, 15, 6, 30, 1, tzinfo=UTC),
    readings=(
        reading(quarter(0), "-0.25", Quality.AS_PROVIDED),
        reading(quarter(1), "0"),
        reading(quarter(2), None, Quality.NOT_AVAILABLE),
        reading(hour(1), "-1.5", Quality.ESTIMATED),
        reading(hour(2), "-2", Quality.ADJUSTED),
    ),
)
PLANT = MeasuredSeries(
    id="plant",
    unit=Unit.MEGAWATT,
    metering_point=POINT,
    readings=(reading(quarter(0), "3", Quality.INCOMPLETE), reading(quarter(1), "0", Quality.CALCULATED)),
)
EXCHANGE = MeasuredSeries(
    id="exchange",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=POINT,
    area=EAST,
    to_area=WEST,
    readings=(reading(hour(0), "4", Quality.TEMPORARY),),
)
LETTER = Envelope(
    id="meter-7",
    document_type="A45",
    process="A16",
    sender=Party(DSO.id, Role.METERED_DATA_RESPONSIBLE),
    receiver=OPERATOR,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=3)),
    domain=WEST,
    message=Readings(series=(LOAD, PLANT, EXCHANGE)),
)


def sent(*series: MeasuredSeries) -> Envelope[Readings]:
    """Return LETTER with other series."""
    return replace(LETTER, message=Readings(series=series))


def written(letter: Envelope[Readings]) -> MeteringDataMarketDocument:
    document = parse(write_message(letter, EDITION)).document
    assert isinstance(document, MeteringDataMarketDocument)
    return document


def series(data: bytes, number: int = 0) -> MeasuredSeries:
    """Return one of the series that *data* means."""
    return meaning(data, Readings)[0].series[number]


def test_metered_values_mean_their_readings_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, EDITION)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("metering_data"), ids=str)
def test_values_that_cannot_be_held_are_refused_with_their_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("metering_data"), ids=str)
def test_what_is_assumed_and_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, Readings)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == LETTER.message


@pytest.mark.parametrize(
    ("unit", "product", "canonical", "value"),
    [
        ("MWH", "8716867000030", Unit.MEGAWATT_HOUR, "3"),
        ("KWH", "8716867000030", Unit.MEGAWATT_HOUR, "0.003"),
        ("GWH", "8716867000030", Unit.MEGAWATT_HOUR, "3000"),
        ("MAW", "8716867000016", Unit.MEGAWATT, "3"),
        ("KWT", "8716867000016", Unit.MEGAWATT, "0.003"),
        ("A90", "8716867000016", Unit.MEGAWATT, "3000"),
    ],
)
def test_a_unit_is_an_exact_factor(unit: str, product: str, canonical: Unit, value: str) -> None:
    edits = [("set", "Series[2]/measurement_Unit.name", unit), ("set", "Series[2]/product", product)]
    found = series(changed(DATA, edits), 1)
    assert (found.unit, str(found.readings[0].value)) == (canonical, value)


@pytest.mark.parametrize(
    ("unit", "name", "product"),
    [(Unit.MEGAWATT, "MAW", "8716867000016"), (Unit.MEGAWATT_HOUR, "MWH", "8716867000030")],
)
def test_values_are_written_in_megawatts_and_megawatt_hours(unit: Unit, name: str, product: str) -> None:
    (found,) = written(sent(replace(PLANT, unit=unit))).series
    assert (found.quantity_unit, found.product, found.business_type) == (name, product, "A64")


@pytest.mark.parametrize(
    ("code", "quality"),
    [
        ("A01", Quality.ADJUSTED),
        ("A03", Quality.ESTIMATED),
        ("A04", Quality.AS_PROVIDED),
        ("A05", Quality.INCOMPLETE),
        ("A06", Quality.CALCULATED),
        ("A07", Quality.TEMPORARY),
    ],
)
def test_a_quality_is_a_code_both_ways(code: str, quality: Quality) -> None:
    data = changed(DATA, [("set", "Series[3]/Period/Point/quality", code)])
    expected = replace(EXCHANGE, readings=(replace(EXCHANGE.readings[0], quality=quality),))
    assert series(data, 2) == expected
    assert written(sent(expected)).series[0].periods[0].points[0].quality == code


def test_a_missing_value_is_a_point_without_quantity_and_never_filled() -> None:
    gap = replace(PLANT, readings=(reading(quarter(0), None, Quality.NOT_AVAILABLE),))
    (point,) = written(sent(gap)).series[0].periods[0].points
    assert (point.position, point.quantity, point.quality) == (1, None, "A02")
    assert series(write_message(sent(gap))).missing == (quarter(0),)


@pytest.mark.parametrize(
    ("values", "direction", "quantities"),
    [
        (("2", "3"), "A01", ["2", "3"]),
        (("-2", "-3"), "A02", ["2", "3"]),
        (("0", "-3"), "A02", ["0", "3"]),
        (("0", "0"), "A01", ["0", "0"]),
        (("2", "-3"), None, ["2", "-3"]),
    ],
    ids=["injected", "taken", "taken or nothing", "nothing", "both"],
)
def test_the_direction_is_that_of_all_values(
    values: tuple[str, str], direction: str | None, quantities: list[str]
) -> None:
    both = replace(PLANT, readings=tuple(reading(quarter(at), value) for at, value in enumerate(values)))
    (found,) = written(sent(both)).series
    assert found.direction == direction
    assert [str(point.quantity) for point in found.periods[0].points] == quantities
    message, report = meaning(write_message(sent(both)), Readings)
    assert message.series == (both,)
    told = () if direction else ("1 series without flowDirection: positive is injected",)
    assert report == Report(assumptions=told)


@pytest.mark.parametrize(("code", "value"), [("A01", "4"), ("A02", "-4")])
def test_a_direction_is_a_sign(code: str, value: str) -> None:
    found = series(changed(DATA, [("set", "Series[3]/flowDirection.direction", code)]), 2)
    assert str(found.readings[0].value) == value


@pytest.mark.parametrize(
    ("dropped", "area", "to_area"),
    [
        ((), EAST, WEST),
        (("in",), EAST, None),
        (("out",), WEST, None),
        (("in", "out"), None, None),
    ],
    ids=["both", "only out", "only in", "neither"],
)
def test_two_areas_are_an_exchange_and_one_is_a_place(
    dropped: tuple[str, ...], area: AreaId | None, to_area: AreaId | None
) -> None:
    found = series(changed(DATA, [("drop", f"Series[3]/{side}_Domain.mRID") for side in dropped]), 2)
    assert (found.area, found.to_area) == (area, to_area)
    assert series(write_message(sent(found))) == found


def test_no_digit_is_lost_in_kilowatt_hours() -> None:
    long = "0.1234567890123456789012345678901234567890"
    edits = [("set", "Series[1]/Period[1]/Point[1]/quantity", long), ("set", "Series[1]/measurement_Unit.name", "KWH")]
    found = series(changed(DATA, edits))
    assert str(found.readings[0].value) == f"-0.000{long[2:]}"
    point = written(sent(found)).series[0].periods[0].points[0]
    assert str(point.quantity) == f"0.000{long[2:]}"


def test_a_letter_that_says_little_gets_the_usual_head() -> None:
    document = written(replace(LETTER, document_type=None, process=None, period=None, domain=None))
    assert (document.type, document.process, document.domain) == ("A45", "A16", None)
    assert (document.period.start, document.period.end) == (EIGHT, hour(2).end)


OBJECT = ("a metering point and nothing else", "another object")
UNWRITABLE: dict[str, tuple[Envelope[Readings], Said]] = {
    "values that will be corrected": (
        replace(LETTER, message=Readings(series=(LOAD,), final=False)),
        ("Readings.final", "final values", "values that will be corrected"),
    ),
    "no metering point": (sent(PLANT, replace(LOAD, metering_point=None)), ("MeasuredSeries load", *OBJECT)),
    "a resource": (sent(replace(LOAD, resource=ResourceId("NOKG90901", "NNO"))), ("MeasuredSeries load", *OBJECT)),
    "a party": (sent(replace(PLANT, party=SELLER.id)), ("MeasuredSeries plant", *OBJECT)),
    "nothing at no time": (
        replace(sent(), period=None),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
    "no value at all": (
        sent(replace(PLANT, readings=())),
        ("/MeteringData_MarketDocument/Series[1]/Period", "at least 1 in MeteringData_MarketDocument 1.0", "0"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_is_no_metered_value_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter, EDITION)) == said


def test_a_curve_of_variable_blocks_holds_to_the_next_point_with_its_quality() -> None:
    curve = changed(DATA, [("set", "Series[2]/curveType", "A03"), ("drop", "Series[1]")])
    points = {1: "<quantity>7</quantity><quality>A03</quality>", 3: "<quality>A02</quality>"}
    assert series(with_period(curve, hour(0), "PT15M", points)).readings == (
        reading(quarter(0), "7", Quality.ESTIMATED),
        reading(quarter(1), "7", Quality.ESTIMATED),
        reading(quarter(2), None, Quality.NOT_AVAILABLE),
        reading(quarter(3), None, Quality.NOT_AVAILABLE),
    )


@CLOCK_DAYS
def test_a_day_of_clock_change_is_metered_hour_by_hour(day: Interval, hours: int) -> None:
    points = {at: f"<quantity>{at}</quantity>" for at in range(1, hours + 1)}
    late = changed(DATA, [("drop", "Series[1]/Period[2]")])
    found = series(with_period(late, day, "PT60M", points))
    assert [int(one.value or 0) for one in found.readings] == [-at for at in points]
    assert (found.readings[0].interval.start, found.readings[-1].interval.end) == (day.start, day.end)
    (period,) = written(sent(found)).series[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [(point.position, int(point.quantity or 0)) for point in period.points] == [(at, at) for at in points]
