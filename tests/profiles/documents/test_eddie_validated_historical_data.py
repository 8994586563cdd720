"""Validated historical data of EDDIE, version 1.04: what each element means, what is refused, and what is lost."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import MeteringPointId, PartyId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.time import Interval
from profiles import eddie_validated_historical_data as eddie
from profiles import parse, to_canonical, write, write_message
from tests.market_values import EIGHT, QUARTER, quarter
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

TEXT = text_of("eddie_validated_historical_data", "1.04", "own-customer")
(EDITION,) = eddie.EDITIONS
ROOT = "/VHD_Envelope"
SERIES = "MarketDocument/TimeSeries"
POINT = f"{SERIES}/Period/Point"
NUMBERED = frozenset({"TimeSeries", "Period", "Point"})
HOUR = Interval(EIGHT, EIGHT + 4 * QUARTER)

TAKEN = MeasuredSeries(
    id="s-1",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=MeteringPointId("571313180400000001", "A10"),
    resource=ResourceId("NOKG90901", "NNO"),
    registered=datetime(2027, 1, 15, 6, tzinfo=UTC),
    readings=(
        Reading(interval=quarter(0), value=Decimal("-0.0125"), quality=Quality.AS_PROVIDED),
        Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
        Reading(interval=quarter(2), value=Decimal("0.004")),
        Reading(interval=quarter(3), value=Decimal(0), quality=Quality.ESTIMATED),
    ),
)
GIVEN = MeasuredSeries(
    id="s-2",
    unit=Unit.MEGAWATT,
    resource=ResourceId("NOKG90902", "NNO"),
    readings=(Reading(interval=HOUR, value=Decimal("0.25")),),
)
LETTER = Envelope(
    id="vhd-1",
    revision=2,
    document_type="A45",
    process="A16",
    sender=Party(PartyId("5790001330552", "A10"), Role.METERING_POINT_ADMINISTRATOR),
    receiver=Party(PartyId("5790000432752", "A10"), Role.CONSUMER),
    created=datetime(2027, 1, 15, 7, 0, 30, tzinfo=UTC),
    period=HOUR,
    message=Readings(series=(TAKEN, GIVEN)),
)


def first_of(text: str) -> MeasuredSeries:
    """Return what the first series of *text* means."""
    message = meaning(text)[0].message
    assert isinstance(message, Readings)
    return message.series[0]


def test_a_document_means_its_readings_field_by_field() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, EDITION)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_header_says_how_the_data_came() -> None:
    envelope = parse(TEXT.encode()).document
    assert (envelope.created, envelope.connection, envelope.data_need) == (EIGHT.replace(day=15, hour=7), "c-1", "n-1")
    assert (envelope.document_type, envelope.permission) == ("validated-historical-data-market-document", "p-1")
    assert (envelope.region_connector, envelope.region_country) == ("dk-energinet", "DK")
    assert envelope.document.description == "one customer"


def test_the_document_is_written_as_the_same_text() -> None:
    assert write(parse(TEXT.encode()).document, EDITION).decode() == TEXT


def test_it_is_read_only() -> None:
    assert eddie.MESSAGES == ()
    assert unwritable(lambda: write_message(LETTER, EDITION))[0] == "edition"


def test_what_may_be_left_out_of_the_head_is_none() -> None:
    text = without(TEXT, "MarketDocument/revisionNumber", "MarketDocument/type", "MarketDocument/description")
    assert meaning(text)[0] == received(replace(LETTER, revision=1, document_type=None), text, EDITION)


# ------------------------------------------------------------------------------------------------------------ the values
UNITS = [
    ("KWH", None, Unit.MEGAWATT_HOUR, "-0.0125"),
    ("MWH", "8716867000030", Unit.MEGAWATT_HOUR, "-12.5"),
    ("GWH", None, Unit.MEGAWATT_HOUR, "-12500"),
    ("KWT", None, Unit.MEGAWATT, "-0.0125"),
    ("MAW", "8716867000016", Unit.MEGAWATT, "-12.5"),
    ("A90", None, Unit.MEGAWATT, "-12500"),
]


@pytest.mark.parametrize(("name", "product", "unit", "value"), UNITS, ids=[row[0] for row in UNITS])
def test_every_unit_has_its_exact_factor(name: str, product: str | None, unit: Unit, value: str) -> None:
    text = TEXT if name == "KWH" else holding(TEXT, f"{SERIES}/energy_Measurement_Unit.name", name)
    if product is None:
        text = without(text, f"{SERIES}/product")
    elif product != "8716867000030":
        text = holding(text, f"{SERIES}/product", product)
    series = first_of(text)
    assert (series.unit, series.readings[0].value) == (unit, Decimal(value))


def test_the_direction_is_the_sign() -> None:
    series = first_of(holding(TEXT, f"{SERIES}/flowDirection.direction", "A01"))
    values = [reading.value for reading in series.readings]
    assert values == [Decimal("0.0125"), None, Decimal("-0.004"), Decimal(0)]


@pytest.mark.parametrize(
    ("code", "quality"),
    [
        ("A01", Quality.ADJUSTED),
        ("A03", Quality.ESTIMATED),
        ("A05", Quality.INCOMPLETE),
        ("A06", Quality.CALCULATED),
        ("A07", Quality.TEMPORARY),
    ],
)
def test_every_quality_is_kept(code: str, quality: Quality) -> None:
    series = first_of(holding(TEXT, f"{POINT}/energy_Quantity.quality", code))
    assert series.readings[0] == replace(TAKEN.readings[0], quality=quality)


def test_a_value_is_not_rounded() -> None:
    digits = "0.1234567890123456789012345678901234567"
    series = first_of(holding(TEXT, f"{POINT}/energy_Quantity.quantity", digits))
    assert str(series.readings[0].value) == "-0.0001234567890123456789012345678901234567"


@pytest.mark.parametrize(
    ("left_out", "kept"), [("registeredResource", "metering_point"), ("marketEvaluationPoint", "resource")]
)
def test_one_of_metering_point_and_resource_is_enough(left_out: str, kept: str) -> None:
    series = first_of(without(TEXT, f"{SERIES}/{left_out}.mRID"))
    assert getattr(series, kept) == getattr(TAKEN, kept)
    assert None in {series.metering_point, series.resource}


def test_a_series_may_hold_no_values_at_all() -> None:
    assert first_of(without(TEXT, f"{SERIES}/Period", f"{SERIES}/Period")) == replace(TAKEN, readings=())


# -------------------------------------------------------------------------------------------------- what has no meaning
FIRST = f"{ROOT}/MarketDocument/TimeSeries[1]"
REFUSED: dict[str, tuple[str, Said]] = {
    "an empty envelope": (
        without(TEXT, "MarketDocument"),
        (f"{ROOT}/MarketDocument", "a document in the envelope", "none", "A69"),
    ),
    "both directions": (
        holding(TEXT, f"{SERIES}/flowDirection.direction", "A03"),
        (f"{FIRST}/flowDirection.direction", "A01 or A02", "'A03'", "999"),
    ),
    "no direction": (
        holding(TEXT, f"{SERIES}/flowDirection.direction", "A04"),
        (f"{FIRST}/flowDirection.direction", "one of A01, A02, A03", "'A04'", "999"),
    ),
    "no identifier of a series": (
        without(TEXT, f"{SERIES}/mRID"),
        (f"{FIRST}/mRID", "an identifier of the series", "none", "A69"),
    ),
    "nothing that is metered": (
        without(TEXT, f"{SERIES}[2]/registeredResource.mRID"),
        (
            f"{ROOT}/MarketDocument/TimeSeries[2]",
            "MeasuredSeries s-2: a metering point, resource, party or area",
            "none",
            "999",
        ),
    ),
    "reactive energy": (
        holding(TEXT, f"{SERIES}/energy_Measurement_Unit.name", "KVR"),
        (f"{FIRST}/Measurement_Unit.name", "one of MWH, KWH, GWH, MAW, KWT, A90", "'KVR'", "999"),
    ),
    "power under the product of energy": (
        holding(TEXT, f"{SERIES}/energy_Measurement_Unit.name", "KWT"),
        (f"{FIRST}/product", "8716867000016", "'8716867000030'", "999"),
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
    "a missing value that is not said to be": (
        without(TEXT, f"{POINT}[2]/energy_Quantity.quality"),
        (
            FIRST,
            "Reading.quality: no value exactly where the quality is 'not available'",
            "None with quality None",
            "B05",
        ),
    ),
    "a missing slot": (
        without(TEXT, f"{POINT}[3]"),
        (f"{FIRST}/Period[1]/Point/position", "one point for each of 3 slots", "2", "A49"),
    ),
    "periods that overlap": (
        holding(TEXT, f"{SERIES}/Period[2]/timeInterval/start", "2027-01-14T08:30Z").replace(
            "<resolution>PT15M</resolution>\n        <timeInterval>\n          <start>2027-01-14T08:30Z",
            "<resolution>PT30M</resolution>\n        <timeInterval>\n          <start>2027-01-14T08:30Z",
        ),
        (
            FIRST,
            "MeasuredSeries s-1.readings: ascending readings that do not overlap",
            "2027-01-14T08:30Z/2027-01-14T09:00Z",
            "999",
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    text, expected = REFUSED[name]
    assert refusal(text) == expected


# --------------------------------------------------------------------------------------------------------- what is lost
LOST = [
    ("business_type", "A04", "businessType"),
    ("resource_name", "roof", "registeredResource.name"),
    ("resource_description", "on the barn", "registeredResource.description"),
    ("fuel", "A01", "registeredResource.fuel.fuel"),
    ("location", "barn", "registeredResource.location.mRID"),
    ("coordinate_system", "A01", "registeredResource.location.coordinateSystem.crsUrn"),
    ("psr_type", "B16", "registeredResource.pSRType.psrType"),
    ("geo_reference", "55N 12E", "marketEvaluationPoint.usagePointLocation.geoInfoReference"),
    ("reason", "A95", "reason.code"),
]


@pytest.mark.parametrize(("field", "value", "tag"), LOST, ids=[row[0] for row in LOST])
@pytest.mark.parametrize("times", [1, 2])
def test_what_the_model_does_not_hold_is_told_as_lost(field: str, value: str, tag: str, times: int) -> None:
    content = parse(TEXT.encode()).document.document
    series = tuple(changed(one, **{field: value}) if at < times else one for at, one in enumerate(content.series))
    full = eddie.VHDEnvelope(document=replace(content, series=series))
    envelope, report = to_canonical(parse(write(full, EDITION)))
    assert report.losses == (f"{tag}: dropped {times} times",)
    assert envelope.message == LETTER.message


def test_a_second_quantity_of_a_point_is_told_as_lost() -> None:
    text = TEXT.replace(
        "</energy_Quantity.quality>\n        </Point>",
        "</energy_Quantity.quality>\n<energyQuality_Quantity.quantity>7</energyQuality_Quantity.quantity></Point>",
    )
    assert meaning(text)[1].losses == ("energyQuality_Quantity.quantity: dropped 3 times",)


# --------------------------------------------------------------------------------------------------------- the wire form
MANDATORY: list[tuple[str, str | None]] = [
    ("MarketDocument/mRID", "revisionNumber"),
    ("MarketDocument/createdDateTime", "sender_MarketParticipant.mRID"),
    ("MarketDocument/period.timeInterval", "process.processType"),
    ("MarketDocument/process.processType", "TimeSeries"),
    (f"{SERIES}/version", "mRID"),
    (f"{SERIES}/energy_Measurement_Unit.name", "flowDirection.direction"),
    (f"{SERIES}/flowDirection.direction", "Period"),
    (f"{SERIES}/Period/resolution", "timeInterval"),
    (f"{POINT}/position", "energy_Quantity.quantity"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", f"<{instead}>", "A69")


def test_a_document_has_a_series() -> None:
    start, end = TEXT.index("<TimeSeries"), TEXT.rindex("</TimeSeries>") + len("</TimeSeries>")
    where, expected, _, code = unreadable(TEXT[:start] + TEXT[end:])
    assert (where.rpartition("/")[2], expected, code) == ("TimeSeries", "<TimeSeries>", "A69")


KINDS: list[tuple[str, str, str, str]] = [
    ("accumulation", "marketEvaluationPoint.meterReadings.readings.readingType.accumulation", "4", "5"),
    ("aggregate", "marketEvaluationPoint.meterReadings.readings.readingType.aggregate", "26", "1"),
    ("commodity", "marketEvaluationPoint.meterReadings.readings.readingType.commodity", "26", "27"),
]


@pytest.mark.parametrize(("field", "tag", "right", "wrong"), KINDS, ids=[row[0] for row in KINDS])
def test_kinds_of_readings_are_numbers_of_their_list(field: str, tag: str, right: str, wrong: str) -> None:
    content = parse(TEXT.encode()).document.document
    series = (changed(content.series[0], **{field: right}), *content.series[1:])
    text = write(eddie.VHDEnvelope(document=replace(content, series=series)), EDITION).decode()
    assert findings(text) == []
    ((rule, code, path, expected, found),) = findings(holding(text, f"{SERIES}/{tag}", wrong))
    assert (rule, code, path, found) == ("GEN-004", "999", f"{FIRST}/{tag}", f"'{wrong}'")
    assert right in expected.removeprefix("one of ").split(", ")
