"""GL_MarketDocument: published generation and load, which the gateway reads for information."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import PartyId
from gateway.inquiries import Informative
from gateway.model import Party, Reserve, Role
from gateway.time import market_day
from profiles import generation_load, parse, write
from profiles.cases.edits import changed
from profiles.generation_load import (
    GLMarketDocument,
    MktGeneratingUnit,
    MktPSRType,
    Point,
    SeriesPeriod,
    TimeSeries,
)
from profiles.lexical import Coded, Measured
from profiles.parts import TimeInterval
from tests.profiles.documents.messages import Change, declared, in_edition, opened, refusal, refused, source
from tests.wire_values import changed as exchanged

PUBLISHED = source("generation_load", "3.2/own-generation")
EDITIONS = {edition.name: edition for edition in generation_load.EDITIONS}
DAY = market_day(date(2026, 3, 29))
DK1 = Coded("10YDK-1--------W", "A01")
UNIT = Coded("45W000000000046I", "A01")
CREATED = datetime(2026, 3, 29, 22, 10, tzinfo=UTC)
LETTER = Envelope(
    id="gl-1",
    revision=4,
    document_type="A75",
    process="A16",
    sender=Party(PartyId("10X1001A1001A248", "A01"), Role.SYSTEM_OPERATOR),
    receiver=Party(PartyId("10X1001A1001A418", "A01"), Role.MARKET_INFORMATION_AGGREGATOR),
    created=CREATED,
    period=DAY,
    message=Informative(document="generation_load"),
)
WIND = TimeSeries(
    id="wind",
    business_type="A93",
    aggregation="A08",
    in_zone=DK1,
    resource=UNIT,
    resource_name="Horns Rev",
    quantity_unit="MAW",
    curve_type="A01",
    cancelled="A02",
    psr=MktPSRType(
        psr_type="B18",
        high_voltage_limit=Measured(Decimal(150), "KVT"),
        units=(
            MktGeneratingUnit(id=UNIT, name="unit 1", nominal_power=Measured(Decimal("160.5"), "MAW")),
            MktGeneratingUnit(name="unit 2"),
        ),
    ),
    periods=(
        SeriesPeriod(
            interval=TimeInterval(start=DAY.start, end=DAY.start + timedelta(hours=2)),
            resolution="PT60M",
            points=(
                Point(position=1, quantity=Decimal(120), secondary_quantity=Decimal(140)),
                Point(position=2, quantity=Decimal("118.5")),
            ),
        ),
    ),
)
LOAD = TimeSeries(
    id="load", business_type="A04", aggregation="A01", out_zone=DK1, quantity_unit="MAW", curve_type="A01"
)
DOCUMENT = GLMarketDocument(
    id="gl-1",
    revision="4",
    type="A75",
    process="A16",
    sender=Coded("10X1001A1001A248", "A01"),
    sender_role="A04",
    receiver=Coded("10X1001A1001A418", "A01"),
    receiver_role="A32",
    created=CREATED,
    period=TimeInterval(start=DAY.start, end=DAY.end),
    series=(WIND, LOAD),
)


def test_generation_and_load_are_read_element_by_element() -> None:
    parsed = parse(PUBLISHED)
    assert parsed.document == DOCUMENT
    assert parsed.report.clean


def test_they_are_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, EDITIONS["3.2"]) == PUBLISHED


def test_the_head_is_known_and_the_content_stays_as_it_is() -> None:
    found, report = opened(PUBLISHED)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.assumptions, report.losses) == ((), ())
    assert found.edition == "urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:2"


@pytest.mark.parametrize(("process", "reserve"), [("A16", None), ("A01", None), ("A47", Reserve.MFRR)])
def test_only_the_process_of_a_reserve_names_one(process: str, reserve: Reserve | None) -> None:
    found, _ = opened(changed(PUBLISHED, [("set", "process.processType", process)]))
    assert (found.process, found.reserve) == (process, reserve)


def test_generation_stands_in_the_zone_that_it_enters_and_load_in_the_one_that_it_leaves() -> None:
    wind, load = parse(PUBLISHED).document.series
    assert (wind.in_zone, wind.out_zone) == (DK1, None)
    assert (load.in_zone, load.out_zone) == (None, DK1)
    assert load.periods == ()


def test_the_period_is_a_day_of_23_hours() -> None:
    found, _ = opened(PUBLISHED)
    assert found.period is not None
    assert found.period.duration == timedelta(hours=23)


@pytest.mark.parametrize("change", refused("generation_load"), ids=str)
def test_what_breaks_the_document_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


# -------------------------------------------------------------------------------------------------------- the editions
DECLARED = """
mRID ID_String 1 1
businessType BusinessTypeList 1 1
objectAggregation ObjectAggregationTypeList 1 1
inBiddingZone_Domain.mRID AreaID_String 0 1
outBiddingZone_Domain.mRID AreaID_String 0 1
registeredResource.mRID ResourceID_String 0 1
registeredResource.name string 0 1
quantity_Measurement_Unit.name UnitOfMeasureTypeList 1 1
curveType CurveTypeList 1 1
cancelledTS IndicatorTypeList 0 1
MktPSRType MktPSRType 0 1
Period SeriesPeriod 0 -
"""


@pytest.mark.parametrize(("name", "unit"), [("3.2", "_Measurement_Unit"), ("3.1", "_Measure_Unit")])
def test_a_series_has_these_elements_in_this_order(name: str, unit: str) -> None:
    rows = DECLARED.replace("_Measurement_Unit", unit).split("\n")[1:-1]
    assert declared(EDITIONS[name], TimeSeries) == rows


def test_a_plant_has_a_type_a_voltage_and_units() -> None:
    assert declared(EDITIONS["3.2"], MktPSRType) == [
        "psrType AssetTypeList 1 1",
        "voltage_PowerSystemResources.highVoltageLimit ESMP_Voltage 0 1",
        "PowerSystemResources MktGeneratingUnit 0 -",
    ]
    assert declared(EDITIONS["3.2"], MktGeneratingUnit) == [
        "mRID ResourceID_String 0 1",
        "name string 0 1",
        "nominalP ESMP_ActivePower 0 1",
    ]


def test_the_older_edition_has_another_name_for_the_unit() -> None:
    older = in_edition(PUBLISHED, "generation_load", "3.1").replace(b"Measurement_Unit", b"Measure_Unit")
    assert write(DOCUMENT, EDITIONS["3.1"]) == older
    assert parse(older).document == DOCUMENT
    assert parse(older).edition is EDITIONS["3.1"]


UNWRITABLE = [
    (exchanged(DOCUMENT, series=()), "3.2", "TimeSeries", "at least 1 in GL_MarketDocument 3.2"),
    (exchanged(DOCUMENT, id="x" * 61), "3.2", "mRID", "at most 60 characters"),
    (exchanged(DOCUMENT, id="x" * 36), "3.1", "mRID", "at most 35 characters"),
    (
        exchanged(
            DOCUMENT,
            series=(exchanged(WIND, psr=MktPSRType(psr_type="B18", high_voltage_limit=Measured(Decimal(1), "MAW"))),),
        ),
        "3.2",
        "TimeSeries[1]/MktPSRType/voltage_PowerSystemResources.highVoltageLimit/@unit",
        "KVT",
    ),
    (
        exchanged(DOCUMENT, series=(WIND, exchanged(LOAD, business_type="Z04"))),
        "3.2",
        "TimeSeries[2]/businessType",
        "a value of BusinessTypeList",
    ),
    (exchanged(DOCUMENT, created=CREATED.replace(tzinfo=None)), "3.2", "createdDateTime", "an instant with its offset"),
]


@pytest.mark.parametrize(
    ("document", "name", "path", "expected"),
    UNWRITABLE,
    ids=["no series", "long id", "long id in 3.1", "voltage in MW", "local code", "naive instant"],
)
def test_what_the_edition_cannot_hold_is_not_written(
    document: GLMarketDocument, name: str, path: str, expected: str
) -> None:
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert (caught.value.path, caught.value.expected) == (f"/GL_MarketDocument/{path}", expected)


def test_nothing_of_a_market_is_written_in_it() -> None:
    assert generation_load.MESSAGES == ()
    assert not hasattr(generation_load, "from_canonical")
