"""Metered data of national hubs and of EDDIE: what their series mean."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.measurements import Quality, Reading, Unit
from gateway.model import Party, Role
from profiles import datahub_validated_measure_data as datahub
from profiles import eddie_validated_historical_data as eddie
from profiles import eddie_validated_historical_data_0_82 as older
from profiles import parse, to_canonical, write
from profiles.lexical import Coded
from profiles.measured import Point
from profiles.parts import TimeInterval
from tests.market_values import EIGHT, quarter
from tests.wire_values import changed, refusal

POINT = MeteringPointId("571313180400000001", "A10")
WIRE_POINT = Coded(POINT.value, POINT.scheme)
HUB, GRID = Coded("5790001330552", "A10"), Coded("5790000432752", "A10")
INTERVAL = TimeInterval(start=quarter(0).start, end=quarter(2).end)
READ_AT = datetime(2027, 1, 15, 6, tzinfo=UTC)

SERIES = datahub.Series(
    id="t-1",
    original_series="t-0",
    metering_point=WIRE_POINT,
    metering_point_type="E17",
    registered=READ_AT,
    product="8716867000030",
    quantity_unit="KWH",
    period=datahub.SeriesPeriod(
        resolution="PT15M",
        interval=INTERVAL,
        points=(
            Point(position=1, quantity=Decimal("12.5"), quality="A04"),
            Point(position=2, quality="A02"),
            Point(position=3, quantity=Decimal(0)),
        ),
    ),
)
NOTICE = datahub.NotifyValidatedMeasureDataMarketDocument(
    id="n-1",
    type="E66",
    process="E23",
    sector="23",
    sender=HUB,
    sender_role="DGL",
    receiver=GRID,
    receiver_role="DDQ",
    created=EIGHT,
    series=(SERIES,),
)


def test_the_danish_notice_says_what_a_point_took_from_the_grid() -> None:
    letter, report = to_canonical(parse(write(NOTICE, datahub.EDITIONS[0])))
    assert (letter.sender, letter.receiver) == (
        Party(PartyId(HUB.value, "A10"), Role.METERED_DATA_ADMINISTRATOR),
        Party(PartyId(GRID.value, "A10"), Role.ENERGY_SUPPLIER),
    )
    (series,) = letter.message.series  # type: ignore[union-attr]  # readings
    assert (series.metering_point, series.unit) == (POINT, Unit.MEGAWATT_HOUR)
    assert (series.replaces, series.registered) == ("t-0", READ_AT)
    assert series.readings == (
        Reading(interval=quarter(0), value=Decimal("-0.0125"), quality=Quality.AS_PROVIDED),
        Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
        Reading(interval=quarter(2), value=Decimal(0)),
    )
    assert report.losses == ("businessSector.type: dropped 1 times",)


def danish(**changes: object) -> datahub.NotifyValidatedMeasureDataMarketDocument:
    return replace(NOTICE, series=(changed(SERIES, **changes),))


@pytest.mark.parametrize(("kind", "sign"), [("E17", -1), ("E18", 1), ("D06", 1), ("D07", -1)])
def test_the_kind_of_a_danish_metering_point_is_its_sign(kind: str, sign: int) -> None:
    message = datahub.to_canonical(danish(metering_point_type=kind))[0].message
    assert message.series[0].readings[0].value == sign * Decimal("0.0125")


def test_a_danish_exchange_runs_from_one_grid_to_another() -> None:
    west, east = Coded("344", "NDK"), Coded("131", "NDK")
    exchange = danish(metering_point_type="E20", in_domain=west, out_domain=east)
    series = datahub.to_canonical(exchange)[0].message.series[0]
    assert (series.area, series.to_area) == (AreaId("131", "NDK"), AreaId("344", "NDK"))
    assert series.readings[0].value == Decimal("0.0125")


EDDIE_SERIES = eddie.TimeSeries(
    version="1",
    id="s-1",
    product="8716867000030",
    registered=READ_AT,
    quantity_unit="KWH",
    direction="A02",
    metering_point=WIRE_POINT,
    resource=Coded("NOKG90901", "NNO"),
    periods=(
        eddie.SeriesPeriod(
            resolution="PT15M",
            interval=INTERVAL,
            points=(
                eddie.Point(position=1, quantity=Decimal(4), quality="A04"),
                eddie.Point(position=2, quality="A02"),
                eddie.Point(position=3, quantity=Decimal(-1), quality="A03"),
            ),
        ),
    ),
)
CONTENT = eddie.VHDMarketDocument(
    id="d",
    created=EIGHT,
    sender=HUB,
    sender_role="A26",
    receiver=GRID,
    receiver_role="A13",
    period=INTERVAL,
    process="A16",
    series=(EDDIE_SERIES,),
)
HISTORY = eddie.VHDEnvelope(document=CONTENT)
EXPECTED = (
    Reading(interval=quarter(0), value=Decimal("-0.004"), quality=Quality.AS_PROVIDED),
    Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
    Reading(interval=quarter(2), value=Decimal("0.001"), quality=Quality.ESTIMATED),
)


def test_history_of_eddie_says_what_a_customer_took_and_gave() -> None:
    letter, report = to_canonical(parse(write(HISTORY, eddie.EDITIONS[0])))
    (series,) = letter.message.series  # type: ignore[union-attr]  # readings
    assert series.readings == EXPECTED
    assert (series.metering_point, series.resource) == (POINT, ResourceId("NOKG90901", "NNO"))
    assert (letter.sender.role, letter.process, letter.revision) == (Role.METERING_POINT_ADMINISTRATOR, "A16", 1)
    assert report.losses == ()


def history(**changes: object) -> eddie.VHDEnvelope:
    return eddie.VHDEnvelope(document=replace(CONTENT, series=(changed(EDDIE_SERIES, **changes),)))


def test_what_eddie_says_beyond_the_model_is_told_as_lost() -> None:
    report = eddie.to_canonical(history(fuel="A01", resource_name="roof", reason="A95", business_type="A04"))[1]
    assert [loss.partition(":")[0] for loss in report.losses] == [
        "businessType",
        "registeredResource.name",
        "registeredResource.fuel.fuel",
        "reason.code",
    ]


OLD_SERIES = older.TimeSeries(
    id="s-1",
    business_type="A04",
    product="8716867000030",
    version="1",
    direction="A02",
    metering_point=older.SchemedId(scheme="A10", value=POINT.value),
    in_domain=older.SchemedId(scheme="A01", value="10YNO-2--------T"),
    quantity_unit="KWH",
    registered=older.DateAndOrTime(instant=READ_AT),
    list=older.SeriesPeriodList(
        periods=(
            older.SeriesPeriod(
                interval=INTERVAL,
                resolution="PT15M",
                list=older.PointList(
                    points=(
                        older.Point(position=1, quantity=Decimal(4), quality="A04"),
                        older.Point(position=2, quality="A02"),
                        older.Point(position=3, quantity=Decimal(-1), quality="A03"),
                    )
                ),
                reasons=older.ReasonList(),
            ),
        )
    ),
    reasons=older.ReasonList(),
)
OLD_CONTENT = older.ValidatedHistoricalDataMarketDocument(
    id="d",
    revision="3",
    type="A45",
    created=EIGHT,
    sender=older.SchemedId(scheme="A10", value=HUB.value),
    sender_role="A26",
    receiver=older.SchemedId(scheme="A10", value=GRID.value),
    receiver_role="A13",
    process="A16",
    period=INTERVAL,
    list=older.TimeSeriesList(series=(OLD_SERIES,)),
)
OLD_HISTORY = older.ValidatedHistoricalDataEnvelope(
    header=older.MessageDocumentHeader(
        created=EIGHT,
        meta=older.MetaInformation(
            connection="c",
            permission="p",
            data_need="n",
            data_type="t",
            region=older.Region(connector="dk-energinet", country="NDK"),
        ),
    ),
    document=OLD_CONTENT,
)


def old_history(**changes: object) -> older.ValidatedHistoricalDataEnvelope:
    series = older.TimeSeriesList(series=(changed(OLD_SERIES, **changes),))
    return replace(OLD_HISTORY, document=replace(OLD_CONTENT, list=series))


def test_the_older_history_of_eddie_says_the_same() -> None:
    letter, report = to_canonical(parse(write(OLD_HISTORY, older.EDITIONS[0])))
    (series,) = letter.message.series  # type: ignore[union-attr]  # readings
    assert series.readings == EXPECTED
    assert (series.metering_point, series.area) == (POINT, AreaId("10YNO-2--------T", "A01"))
    assert (series.registered, letter.revision) == (READ_AT, 3)
    assert report.losses == ()


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "another notice": (lambda: replace(NOTICE, type="E73"), "type", "A77"),
    "a role without meaning": (lambda: replace(NOTICE, sender_role="STS"), "marketRole.type", "A78"),
    "a part of a metering point": (
        lambda: danish(metering_point_type="D14"),
        "Series[1]/marketEvaluationPoint.type",
        "999",
    ),
    "an exchange with nobody": (lambda: danish(metering_point_type="E20"), "Series[1]/in_Domain.mRID", "A69"),
    "a count": (lambda: danish(quantity_unit="H87"), "Series[1]/Measurement_Unit.name", "999"),
    "an empty envelope": (eddie.VHDEnvelope, "MarketDocument", "A69"),
    "no direction": (
        lambda: history(direction="A03"),
        "MarketDocument/TimeSeries[1]/flowDirection.direction",
        "999",
    ),
    "no identifier": (lambda: history(id=None), "MarketDocument/TimeSeries[1]/mRID", "A69"),
    "nothing that is metered": (
        lambda: history(metering_point=None, resource=None),
        "MarketDocument/TimeSeries[1]",
        "999",
    ),
    "no unit": (
        lambda: old_history(quantity_unit=None),
        "TimeSeriesList/TimeSeries[1]/Measurement_Unit.name",
        "999",
    ),
    "no old direction": (
        lambda: old_history(direction="A04"),
        "TimeSeriesList/TimeSeries[1]/flowDirection.direction",
        "999",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    build, path, code = REFUSED[name]
    assert refusal(build()) == (path, code)


def test_danish_codes_are_known_in_danish_documents_only() -> None:
    data = write(NOTICE, datahub.EDITIONS[0])
    assert parse(data).report.clean
    wrong = data.replace(b">E66<", b">Z99<")
    assert [(finding.rule, finding.found) for finding in parse(wrong).report.findings] == [("GEN-005", "'Z99'")]
