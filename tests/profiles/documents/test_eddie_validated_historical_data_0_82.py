"""Validated historical data of EDDIE, version 0.82: what each element means, what is refused, and what is lost."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import MeteringPointId, PartyId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.time import Interval
from profiles import eddie_validated_historical_data_0_82 as older
from profiles import parse, to_canonical, write, write_message
from tests.market_values import EAST, EIGHT, QUARTER, WEST, quarter
from tests.profiles.documents.trees import (
    Said,
    findings,
    holding,
    meaning,
    placed,
    received,
    refusal,
    text_of,
    unreadable,
    unwritable,
    without,
)
from tests.wire_values import changed

TEXT = text_of("eddie_validated_historical_data_0_82", "0.82", "own-customer")
(EDITION,) = older.EDITIONS
ROOT = "/ValidatedHistoricalData_Envelope"
CONTENT = "ValidatedHistoricalData_MarketDocument"
SERIES = f"{CONTENT}/TimeSeriesList/TimeSeries"
PERIOD = f"{SERIES}/Series_PeriodList/Series_Period"
POINT = f"{PERIOD}/PointList/Point"
NUMBERED = frozenset({"TimeSeries", "Series_Period", "Point", "Reason"})

MEASURED = MeasuredSeries(
    id="s-1",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=MeteringPointId("571313180400000001", "A10"),
    area=EAST,
    to_area=WEST,
    registered=datetime(2027, 1, 15, 6, tzinfo=UTC),
    readings=(
        Reading(interval=quarter(0), value=Decimal("-0.0125"), quality=Quality.AS_PROVIDED),
        Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
        Reading(interval=quarter(2), value=Decimal("0.004")),
    ),
)
LETTER = Envelope(
    id="vhd-1",
    revision=3,
    document_type="A45",
    process="A16",
    sender=Party(PartyId("5790001330552", "A10"), Role.METERING_POINT_ADMINISTRATOR),
    receiver=Party(PartyId("5790000432752", "A10"), Role.CONSUMER),
    created=datetime(2027, 1, 15, 7, 0, 30, tzinfo=UTC),
    period=Interval(EIGHT, EIGHT + 4 * QUARTER),
    message=Readings(series=(MEASURED,)),
)


def first_of(text: str) -> MeasuredSeries:
    """Return what the first series of *text* means."""
    message = meaning(text)[0].message
    assert isinstance(message, Readings)
    return message.series[0]


def with_series(**changes: object) -> older.ValidatedHistoricalDataEnvelope:
    """Return the document with another series."""
    document = parse(TEXT.encode()).document
    assert isinstance(document, older.ValidatedHistoricalDataEnvelope)
    series = older.TimeSeriesList(series=(changed(document.document.list.series[0], **changes),))
    return changed(document, document=replace(document.document, list=series))


def test_a_document_means_its_readings_field_by_field() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, EDITION)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_header_says_how_the_data_came() -> None:
    header = parse(TEXT.encode()).document.header
    assert header == older.MessageDocumentHeader(
        created=datetime(2027, 1, 15, 7, tzinfo=UTC),
        meta=older.MetaInformation(
            connection="c-1",
            permission="p-1",
            data_need="n-1",
            data_type="validated-historical-data-market-document",
            region=older.Region(connector="dk-energinet", country="NDK"),
        ),
    )


def test_parts_of_an_instant_and_reasons_are_read() -> None:
    series = parse(TEXT.encode()).document.document.list.series[0]
    assert series.registered == older.DateAndOrTime(
        date="2027-01-15", time="06:00:00", instant=datetime(2027, 1, 15, 6, tzinfo=UTC)
    )
    assert series.list.periods[0].reasons.reasons == (older.Reason(text="read by hand", code="A95"),)
    assert series.reasons.reasons == ()
    assert (series.accumulation, series.aggregate, series.commodity) == ("4", "26", "1")


def test_the_document_is_written_and_read_again() -> None:
    document = parse(TEXT.encode()).document
    data = write(document, EDITION)
    assert parse(data).document == document
    assert "".join(data.decode().split()) == "".join(TEXT.split())


def test_it_is_read_only() -> None:
    assert older.MESSAGES == ()
    assert unwritable(lambda: write_message(LETTER, EDITION))[0] == "edition"


# ------------------------------------------------------------------------------------------------------------ the values
@pytest.mark.parametrize(
    ("name", "value"), [("MWH", "-12.5"), ("GWH", "-12500"), ("KWH", "-0.0125")], ids=["mega", "giga", "kilo"]
)
def test_energy_is_held_in_megawatt_hours(name: str, value: str) -> None:
    text = TEXT if name == "KWH" else holding(TEXT, f"{SERIES}/energy_Measurement_Unit.name", name)
    assert first_of(text).readings[0].value == Decimal(value)


def test_power_is_held_in_megawatts() -> None:
    text = holding(TEXT, f"{SERIES}/energy_Measurement_Unit.name", "KWT")
    series = first_of(holding(text, f"{SERIES}/product", "8716867000016"))
    assert (series.unit, series.readings[0].value) == (Unit.MEGAWATT, Decimal("-0.0125"))


def test_the_direction_is_the_sign() -> None:
    values = [one.value for one in first_of(holding(TEXT, f"{SERIES}/flowDirection.direction", "A01")).readings]
    assert values == [Decimal("0.0125"), None, Decimal("-0.004")]


DOMAINS = [
    ("in_Domain", EAST, None),
    ("out_Domain", WEST, None),
]


@pytest.mark.parametrize(("gone", "area", "to_area"), DOMAINS, ids=[row[0] for row in DOMAINS])
def test_one_area_is_where_the_metering_point_lies(gone: str, area: object, to_area: object) -> None:
    series = first_of(without(TEXT, f"{SERIES}/{gone}.mRID"))
    assert (series.area, series.to_area) == (area, to_area)


def test_without_areas_there_are_none() -> None:
    series = first_of(without(TEXT, f"{SERIES}/in_Domain.mRID", f"{SERIES}/out_Domain.mRID"))
    assert series == replace(MEASURED, area=None, to_area=None)


@pytest.mark.parametrize(
    "gone", ["registration_DateAndOrTime.dateTime", "registration_DateAndOrTime.dateTime/dateTime"]
)
def test_without_an_instant_nothing_is_known_of_the_registration(gone: str) -> None:
    assert first_of(without(TEXT, f"{SERIES}/{gone}")) == replace(MEASURED, registered=None)


def test_a_document_may_hold_no_series_and_a_series_no_periods() -> None:
    text = without(TEXT, SERIES)
    assert meaning(text)[0] == received(replace(LETTER, message=Readings(series=())), text, EDITION)
    assert first_of(without(TEXT, PERIOD)) == replace(MEASURED, readings=())


# -------------------------------------------------------------------------------------------------- what has no meaning
FIRST = f"{ROOT}/TimeSeriesList/TimeSeries[1]"
REFUSED: dict[str, tuple[str, Said]] = {
    "no unit": (
        without(TEXT, f"{SERIES}/energy_Measurement_Unit.name"),
        (f"{FIRST}/Measurement_Unit.name", "one of MWH, KWH, GWH, MAW, KWT, A90", "''", "999"),
    ),
    "another product": (
        holding(TEXT, f"{SERIES}/product", "8716867000047"),
        (f"{FIRST}/product", "8716867000030", "'8716867000047'", "999"),
    ),
    "both directions": (
        holding(TEXT, f"{SERIES}/flowDirection.direction", "A03"),
        (f"{FIRST}/flowDirection.direction", "A01 or A02", "'A03'", "999"),
    ),
    "no direction": (
        holding(TEXT, f"{SERIES}/flowDirection.direction", "A04"),
        (f"{FIRST}/flowDirection.direction", "one of A01, A02, A03", "'A04'", "999"),
    ),
    "a period without points": (
        without(TEXT, POINT, POINT, POINT),
        (f"{FIRST}/Series_Period[1]/Point/position", "a first position of 1", "[]", "A49"),
    ),
    "a slot without a point": (
        without(TEXT, f"{POINT}[3]"),
        (f"{FIRST}/Series_Period[1]/Point/position", "one point for each of 3 slots", "2", "A49"),
    ),
    "a value that is said to be missing": (
        holding(TEXT, f"{POINT}/energy_Quantity.quality", "A02"),
        (
            FIRST,
            "Reading.quality: no value exactly where the quality is 'not available'",
            "-0.0125 with quality not available",
            "B05",
        ),
    ),
    "a period without length": (
        holding(TEXT, f"{PERIOD}/timeInterval/end", "2027-01-14T08:00Z"),
        (
            f"{FIRST}/Series_Period[1]/timeInterval",
            "a start before the end",
            "2027-01-14T08:00Z/2027-01-14T08:00Z",
            "A04",
        ),
    ),
    "a blank metering point": (
        holding(TEXT, f"{SERIES}/marketEvaluationPoint.mRID/value", " "),
        (FIRST, "MeteringPointId: a value and a coding scheme", "(' ', 'A10')", "999"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    text, expected = REFUSED[name]
    assert refusal(text) == expected


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_a_party_without_sense_is_refused(who: str) -> None:
    tag = f"{who}_MarketParticipant"
    assert refusal(holding(TEXT, f"{CONTENT}/{tag}.mRID/value", "")) == (
        f"{ROOT}/{tag}.mRID",
        "a value and a coding scheme",
        "('', 'A10')",
        "A78",
    )
    path, _, found, code = refusal(holding(TEXT, f"{CONTENT}/{tag}.marketRole.type", "A41"))
    assert (path, found, code) == (f"{ROOT}/{tag}.marketRole.type", "'A41'", "A78")


# --------------------------------------------------------------------------------------------------------- what is lost
ROOF = older.RegisteredResource(
    id="roof",
    name="roof of the barn",
    fuel="A01",
    capacities=older.ResourceCapacityList(
        capacities=(older.ResourceCapacity(type="A04", default=Decimal("9.9")), older.ResourceCapacity())
    ),
)
LOST: list[tuple[str, object, str]] = [
    ("resource", ROOF, "RegisteredResource"),
    ("meter_readings", older.ResourceId(scheme="any", value="m"), "marketEvaluationPoint.meterReadings.mRID"),
    ("geo_reference", "55N 12E", "marketEvaluationPoint.usagePointLocation.geoInfoReference"),
    ("energy_quality_unit", "KWH", "energyQuality_Measurement_Unit.name"),
]


@pytest.mark.parametrize(("field", "value", "tag"), LOST, ids=[row[0] for row in LOST])
def test_what_the_model_does_not_hold_is_told_as_lost(field: str, value: object, tag: str) -> None:
    envelope, report = to_canonical(parse(write(with_series(**{field: value}), EDITION)))
    assert report.losses == (f"{tag}: dropped 1 times",)
    assert envelope.message == LETTER.message


# --------------------------------------------------------------------------------------------------------- the wire form
MANDATORY: list[tuple[str, str | None]] = [
    ("MessageDocumentHeader", CONTENT),
    ("MessageDocumentHeader/creationDateTime", "MessageDocumentHeader_MetaInformation"),
    (CONTENT, None),
    (f"{CONTENT}/revisionNumber", "type"),
    (f"{CONTENT}/type", "createdDateTime"),
    (f"{CONTENT}/sender_MarketParticipant.mRID/codingScheme", "value"),
    (f"{CONTENT}/sender_MarketParticipant.mRID/value", None),
    (f"{CONTENT}/TimeSeriesList", None),
    (f"{SERIES}/businessType", "product"),
    (f"{SERIES}/product", "version"),
    (f"{SERIES}/marketEvaluationPoint.mRID", "marketEvaluationPoint.meterReadings.readings.ReadingType.accumulate"),
    (f"{SERIES}/Series_PeriodList", "ReasonList"),
    (f"{SERIES}/ReasonList", None),
    (f"{PERIOD}/PointList", "ReasonList"),
    (f"{PERIOD}/ReasonList", None),
    (f"{PERIOD}/ReasonList/Reason/code", None),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", found, "A69")


BROKEN = [
    ("GEN-005", f"{CONTENT}/sender_MarketParticipant.mRID/codingScheme", "999", "Q9", "CodingSchemeTypeList"),
    ("GEN-005", f"{SERIES}/product", "999", "1", "EnergyProductTypeList"),
    ("GEN-005", f"{SERIES}/businessType", "A62", "Q9", "BusinessTypeList"),
]


@pytest.mark.parametrize(("rule", "path", "code", "value", "codes"), BROKEN, ids=[row[1] for row in BROKEN])
def test_a_broken_code_is_found(rule: str, path: str, code: str, value: str, codes: str) -> None:
    ((found_rule, found_code, where, expected, found),) = findings(holding(TEXT, path, value))
    assert (found_rule, found_code, found) == (rule, code, f"'{value}'")
    assert where == placed(ROOT[1:], path, NUMBERED)
    assert expected == f"a value of {codes}"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (f"{SERIES}/registration_DateAndOrTime.dateTime/date", "2027-02-30", "a date YYYY-MM-DD that exists"),
        (f"{SERIES}/registration_DateAndOrTime.dateTime/time", "6:00", "a time hh:mm:ss"),
        (f"{PERIOD}/resolution", "15M", "a duration such as PT15M"),
        (f"{CONTENT}/createdDateTime", "2027-01-15T07:00:30.5Z", "an instant YYYY-MM-DDThh:mm:ssZ"),
    ],
)
def test_a_value_without_its_form_is_refused(path: str, value: str, expected: str) -> None:
    assert unreadable(holding(TEXT, path, value)) == (placed(ROOT[1:], path, NUMBERED), expected, f"'{value}'", "999")
