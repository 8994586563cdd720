"""Measured values: canonical message to document and back, signs, units and gaps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from profiles import energy_account, measured, measurement_value, metering_data, write_message
from profiles.energy_account import EnergyAccountMarketDocument
from profiles.measurement_value import MeasurementValueMarketDocument
from profiles.metering_data import MeteringDataMarketDocument
from profiles.parts import Reason, Status
from tests.market_values import EAST, SELLER, WEST, quarter
from tests.wire_values import changed, document, first_series, letter, refusal, there_and_back

POINT = MeteringPointId("571313180400000001", "A10")
LONG = "0.1234567890123456789012345678901234567890"


def reading(number: int, value: object, quality: Quality | None = Quality.AS_PROVIDED) -> Reading:
    return Reading(interval=quarter(number), value=None if value is None else Decimal(str(value)), quality=quality)


MISSING = reading(2, None, Quality.NOT_AVAILABLE)
LOAD = MeasuredSeries(
    id="load",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=POINT,
    area=WEST,
    replaces="earlier",
    registered=datetime(2027, 1, 15, 6, 30, 1, tzinfo=UTC),
    readings=(reading(0, "-0.25"), reading(1, "-" + LONG), MISSING, reading(5, -1, Quality.ESTIMATED)),
)
PLANT = replace(LOAD, id="plant", readings=(reading(0, 0), reading(1, 3, None)), replaces=None, registered=None)
MIXED = replace(LOAD, id="battery", unit=Unit.MEGAWATT, readings=(reading(0, 2), reading(1, -2)))
EXCHANGE_POINT = replace(LOAD, id="exchange", area=EAST, to_area=WEST)
BORDER = MeasuredSeries(
    id="border", unit=Unit.MEGAWATT, area=EAST, to_area=WEST, readings=(reading(0, 10), reading(1, -3), MISSING)
)
AREA = MeasuredSeries(id="area", unit=Unit.MEGAWATT_HOUR, area=WEST, party=SELLER.id, readings=(reading(0, "0.5"),))
ACCOUNT = MeasuredSeries(
    id="account",
    unit=Unit.MEGAWATT_HOUR,
    area=WEST,
    party=SELLER.id,
    readings=(reading(0, "-0.5"), reading(1, LONG), reading(2, 0), reading(6, 7, None)),
)


def metered(*series: MeasuredSeries) -> Envelope[Message]:
    return letter(Readings(series=series))


def account(*series: MeasuredSeries, final: bool = True) -> Envelope[Message]:
    return replace(letter(Readings(series=series, final=final)), document_type="A11")


CARRIED: dict[str, tuple[Envelope[Message], str]] = {
    "points": (metered(LOAD, PLANT, EXCHANGE_POINT), "MeteringData_MarketDocument 1.0"),
    "areas and borders": (metered(BORDER, AREA), "MeasurementValue_MarketDocument 1.1"),
    "accounts": (account(ACCOUNT), "EnergyAccount_MarketDocument 4.1"),
    "accounts of points and areas": (
        account(replace(ACCOUNT, metering_point=POINT), replace(ACCOUNT, id="b", party=None), final=False),
        "EnergyAccount_MarketDocument 4.1",
    ),
}


@pytest.mark.parametrize("name", CARRIED)
def test_readings_choose_their_document_and_mean_the_same_when_read(name: str) -> None:
    sent, edition = CARRIED[name]
    received, report = there_and_back(sent)
    assert received.message == sent.message
    assert received.edition is not None
    assert edition.rpartition(" ")[2].replace(".", ":") == ":".join(received.edition.split(":")[-2:])
    assert (report.losses, report.assumptions) == ((), ())
    assert there_and_back(sent, edition)[0].message == sent.message


@pytest.mark.parametrize(
    ("sent", "edition"),
    [
        (metered(AREA), "MeasurementValue_MarketDocument 1.0"),
        (account(ACCOUNT), "EnergyAccount_MarketDocument 4.0"),
        (account(replace(ACCOUNT, readings=(reading(0, 1, None),))), "EnergyAccount_MarketDocument 3.0"),
    ],
    ids=["values", "account", "old account"],
)
def test_editions_without_a_curve_type_are_of_fixed_blocks(sent: Envelope[Message], edition: str) -> None:
    received, report = there_and_back(replace(sent, message=sent.message), edition)
    assert received.message == sent.message
    assert report.assumptions == ("1 series without curveType: A01",)


def test_values_of_both_signs_have_no_direction() -> None:
    received, report = there_and_back(metered(MIXED))
    assert received.message == Readings(series=(MIXED,))
    assert report.assumptions == ("1 series without flowDirection: positive is injected",)


METERED = document(MeteringDataMarketDocument, metered(LOAD, PLANT))
VALUES = document(MeasurementValueMarketDocument, metered(BORDER))
ACCOUNTS = document(EnergyAccountMarketDocument, account(ACCOUNT))


def test_what_is_taken_from_the_grid_has_the_direction_down_and_no_sign() -> None:
    assert [series.direction for series in METERED.series] == ["A02", "A01"]
    points = [point for period in METERED.series[0].periods for point in period.points]
    assert [point.quantity for point in points] == [Decimal("0.25"), Decimal(LONG), None, Decimal(1)]
    assert points[2].quality == "A02"


def test_an_account_has_what_goes_in_and_what_goes_out() -> None:
    points = [point for period in ACCOUNTS.series[0].periods for point in period.points]
    assert [(point.in_quantity, point.out_quantity) for point in points] == [
        (0, Decimal("0.5")),
        (Decimal(LONG), 0),
        (0, 0),
        (7, 0),
    ]
    assert [(point.in_quality, point.out_quality) for point in points[:2]] == [(None, "A04"), ("A04", None)]


@pytest.mark.parametrize(
    ("unit", "product", "value"),
    [
        ("KWH", "8716867000030", "-0.00025"),
        ("MWH", "8716867000030", "-0.25"),
        ("GWH", "8716867000030", "-250.00"),
        ("KWT", "8716867000016", "-0.00025"),
        ("A90", "8716867000016", "-250.00"),
    ],
)
def test_units_are_exact_factors(unit: str, product: str, value: str) -> None:
    message = metering_data.to_canonical(first_series(METERED, quantity_unit=unit, product=product))[0].message
    assert message.series[0].readings[0].value == Decimal(value)
    assert message.series[0].unit is (Unit.MEGAWATT_HOUR if unit.endswith("H") else Unit.MEGAWATT)


def test_no_digit_is_lost() -> None:
    message = metering_data.to_canonical(first_series(METERED, quantity_unit="KWH"))[0].message
    assert str(message.series[0].readings[1].value) == f"-0.000{LONG[2:]}"
    both = changed(ACCOUNTS.series[0].periods[1].points[0], in_quantity=Decimal(LONG), out_quantity=Decimal(1))
    period = changed(ACCOUNTS.series[0].periods[1], points=(both,))
    net = energy_account.to_canonical(first_series(ACCOUNTS, periods=(period,)))[0].message
    assert isinstance(net, Readings)
    assert str(net.series[0].readings[0].value) == "-0.8765432109876543210987654321098765432110"


def with_point(**changes: object) -> MeteringDataMarketDocument:
    period = METERED.series[0].periods[0]
    points = (changed(period.points[0], **changes), *period.points[1:])
    return first_series(METERED, periods=(changed(period, points=points), *METERED.series[0].periods[1:]))


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "another type": (lambda: replace(METERED, type="A37"), "type", "A77"),
    "values of another type": (lambda: replace(VALUES, type="A11"), "type", "A77"),
    "an account of another type": (lambda: replace(ACCOUNTS, type="A45"), "type", "A77"),
    "the wrong product": (lambda: first_series(METERED, product="8716867000016"), "Series[1]/product", "999"),
    "volts": (lambda: first_series(METERED, quantity_unit="KVT"), "Series[1]/measurement_Unit.name", "999"),
    "both directions": (lambda: first_series(METERED, direction="A03"), "Series[1]/flowDirection.direction", "999"),
    "no value, as provided": (lambda: with_point(quantity=None), "Series[1]", "B05"),
    "no value, no quality": (lambda: with_point(quantity=None, quality=None), "Series[1]", "B05"),
    "a value that is not available": (lambda: with_point(quality="A02"), "Series[1]", "B05"),
    "breakpoints": (lambda: first_series(VALUES, curve_type="A04"), "TimeSeries[1]/curveType", "A59"),
    "a power account": (
        lambda: first_series(ACCOUNTS, quantity_unit="MAW"),
        "TimeSeries[1]/measurement_Unit.name",
        "999",
    ),
    "an account of power": (
        lambda: first_series(ACCOUNTS, product="8716867000016"),
        "TimeSeries[1]/product",
        "999",
    ),
    "a cancelled account": (lambda: replace(ACCOUNTS, status=Status(value="A09")), "docStatus/value", "999"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    build, path, code = REFUSED[name]
    assert refusal(build()) == (path, code)


UNWRITABLE: dict[str, tuple[MeasuredSeries, bool, str]] = {
    "a resource": (replace(LOAD, resource=ResourceId("NOKG1", "NNO")), True, "MeteringData_MarketDocument 1.0"),
    "a party": (replace(LOAD, party=SELLER.id), True, "MeteringData_MarketDocument 1.0"),
    "no point": (AREA, True, "MeteringData_MarketDocument 1.0"),
    "values to be corrected": (LOAD, False, "MeteringData_MarketDocument 1.0"),
    "no area": (replace(PLANT, area=None), True, "MeasurementValue_MarketDocument 1.1"),
    "a correction": (LOAD, True, "MeasurementValue_MarketDocument 1.1"),
    "values of a border to be corrected": (BORDER, False, "MeasurementValue_MarketDocument 1.1"),
    "an account of power": (replace(ACCOUNT, unit=Unit.MEGAWATT), True, "EnergyAccount_MarketDocument 4.1"),
    "an account of a border": (replace(ACCOUNT, to_area=EAST), True, "EnergyAccount_MarketDocument 4.1"),
    "an account of nowhere": (replace(ACCOUNT, area=None), True, "EnergyAccount_MarketDocument 4.1"),
    "an account that corrects": (replace(ACCOUNT, replaces="x"), True, "EnergyAccount_MarketDocument 4.1"),
    "an account with a gap": (replace(ACCOUNT, readings=(MISSING,)), True, "EnergyAccount_MarketDocument 4.1"),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_a_document_cannot_carry_is_not_written(name: str) -> None:
    series, final, edition = UNWRITABLE[name]
    sent = letter(Readings(series=(series,), final=final))
    with pytest.raises(Unwritable):
        there_and_back(sent, edition)


def test_a_value_document_needs_a_domain() -> None:
    sent = metered(replace(PLANT, area=None))
    with pytest.raises(Unwritable, match=r"domain\.mRID|MeasuredSeries"):
        write_message(replace(sent, domain=None), measurement_value.EDITIONS[0])


def test_nothing_that_is_dropped_goes_unsaid() -> None:
    dropped = metering_data.to_canonical(first_series(METERED, business_type="A04", aggregation="A02"))[1]
    assert [loss.partition(":")[0] for loss in dropped.losses] == ["businessType", "objectAggregation"]
    values = measurement_value.to_canonical(first_series(VALUES, business_type="A04"))[1]
    assert values.losses == ("businessType: dropped 1 times",)
    point = changed(ACCOUNTS.series[0].periods[0].points[0], price=Decimal(1), reasons=(Reason(code="A48"),))
    period = changed(ACCOUNTS.series[0].periods[0], points=(point, *ACCOUNTS.series[0].periods[0].points[1:]))
    full = first_series(ACCOUNTS, business_type="A01", agreement="a", currency="EUR", periods=(period,))
    report = energy_account.to_canonical(replace(full, classification="A02"))[1]
    assert [loss.partition(":")[0] for loss in report.losses] == [
        "process.classificationType",
        "businessType",
        "marketAgreement.mRID",
        "currency_Unit.name",
        "Reason",
        "price.amount",
    ]


def test_the_same_area_on_both_sides_is_that_area() -> None:
    west = VALUES.series[0].in_domain
    message = measurement_value.to_canonical(first_series(VALUES, out_domain=west))[0].message
    assert (message.series[0].area, message.series[0].to_area) == (WEST, None)


def test_codes_of_qualities_are_told_apart() -> None:
    assert {measured.QUALITIES.meaning(f"A0{number}") for number in range(1, 8)} == set(Quality)
