"""Measured series: units and products, qualities, missing values, areas, and how they are written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.errors import InvalidValue, Unmappable
from gateway.identifiers import AreaId
from gateway.measurements import MeasuredSeries, Quality, Reading, Unit
from gateway.time import Interval
from profiles import measured
from profiles.lexical import Coded
from profiles.measured import Point, SeriesPeriod
from profiles.parts import TimeInterval

TEN = datetime(2027, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ENERGY, POWER = "8716867000030", "8716867000016"
WEST, EAST = Coded("10YNO-2--------T", "A01"), Coded("10YNO-1--------2", "A01")
WEST_AREA, EAST_AREA = AreaId(WEST.value, WEST.scheme), AreaId(EAST.value, EAST.scheme)


def quarter(number: int) -> Interval:
    return Interval(TEN + number * QUARTER, TEN + (number + 1) * QUARTER)


UNITS = [
    ("MWH", ENERGY, Unit.MEGAWATT_HOUR, "1"),
    ("KWH", ENERGY, Unit.MEGAWATT_HOUR, "0.001"),
    ("GWH", ENERGY, Unit.MEGAWATT_HOUR, "1000"),
    ("MAW", POWER, Unit.MEGAWATT, "1"),
    ("KWT", POWER, Unit.MEGAWATT, "0.001"),
    ("A90", POWER, Unit.MEGAWATT, "1000"),
]


@pytest.mark.parametrize(("name", "product", "unit", "factor"), UNITS, ids=[row[0] for row in UNITS])
def test_a_unit_has_its_factor_with_its_product_or_none(name: str, product: str, unit: Unit, factor: str) -> None:
    assert measured.unit_of(name, product) == (unit, Decimal(factor))
    assert measured.unit_of(name, None) == (unit, Decimal(factor))


@pytest.mark.parametrize(("name", "product", "unit", "factor"), UNITS, ids=[row[0] for row in UNITS])
def test_a_unit_with_the_product_of_the_other_is_refused(name: str, product: str, unit: Unit, factor: str) -> None:
    del unit, factor
    other = ENERGY if product == POWER else POWER
    with pytest.raises(Unmappable) as caught:
        measured.unit_of(name, other)
    assert caught.value.args == ("product", product, repr(other), "999")


@pytest.mark.parametrize("name", ["", "mwh", "KVR", "C62", "MAR"])
def test_a_unit_of_neither_power_nor_energy_is_refused(name: str) -> None:
    with pytest.raises(Unmappable) as caught:
        measured.unit_of(name, None)
    assert caught.value.args == ("Measurement_Unit.name", "one of MWH, KWH, GWH, MAW, KWT, A90", repr(name), "999")


def test_a_unit_is_written_without_a_factor() -> None:
    assert measured.unit_codes(Unit.MEGAWATT_HOUR) == ("MWH", ENERGY)
    assert measured.unit_codes(Unit.MEGAWATT) == ("MAW", POWER)


@pytest.mark.parametrize(
    ("quantity", "factor", "product"),
    [
        ("12.5", "0.001", "0.0125"),
        ("-1", "1000", "-1000"),
        ("9" * 200, "1000", "9" * 200 + "000"),
        ("0." + "1" * 199, "-0.001", "-0.000" + "1" * 199),
        ("0", "-1", "0"),
    ],
)
def test_a_product_keeps_every_digit(quantity: str, factor: str, product: str) -> None:
    assert f"{measured.exact(Decimal(quantity), Decimal(factor)):f}" == product


QUALITIES = [
    ("A01", Quality.ADJUSTED),
    ("A02", Quality.NOT_AVAILABLE),
    ("A03", Quality.ESTIMATED),
    ("A04", Quality.AS_PROVIDED),
    ("A05", Quality.INCOMPLETE),
    ("A06", Quality.CALCULATED),
    ("A07", Quality.TEMPORARY),
]


@pytest.mark.parametrize(("code", "quality"), QUALITIES)
def test_a_quality_is_the_same_on_both_sides(code: str, quality: Quality) -> None:
    value = None if quality is Quality.NOT_AVAILABLE else Decimal(4)
    read = measured.reading(quarter(0), value, code, Decimal(1))
    assert read == Reading(interval=quarter(0), value=value, quality=quality)
    (period,) = measured.measured_periods([read], Decimal(1))
    assert period.points == (Point(position=1, quantity=value, quality=code),)


def test_a_quality_without_meaning_is_refused() -> None:
    with pytest.raises(Unmappable) as caught:
        measured.reading(quarter(0), Decimal(1), "A08", Decimal(1))
    assert caught.value.args == ("quality", "one of A01, A02, A03, A04, A05, A06, A07", "'A08'", "999")


@pytest.mark.parametrize(("quantity", "quality"), [(None, None), (None, "A04"), (Decimal(0), "A02")])
def test_a_missing_value_is_said_to_be_missing_and_no_other(quantity: Decimal | None, quality: str | None) -> None:
    with pytest.raises(InvalidValue, match="no value exactly where the quality is 'not available'") as caught:
        measured.reading(quarter(0), quantity, quality, Decimal(1))
    assert caught.value.code == "B05"


def test_the_readings_of_periods_have_the_factor_in_each_value() -> None:
    period = SeriesPeriod(
        interval=TimeInterval(start=TEN, end=TEN + 3 * QUARTER),
        resolution="PT15M",
        points=(
            Point(position=1, quantity=Decimal("12.5"), quality="A04"),
            Point(position=2, quality="A02"),
            Point(position=3, quantity=Decimal(-4)),
        ),
    )
    assert measured.readings([period], None, Decimal("-0.001")) == (
        Reading(interval=quarter(0), value=Decimal("-0.0125"), quality=Quality.AS_PROVIDED),
        Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
        Reading(interval=quarter(2), value=Decimal("0.004")),
    )


def test_a_variable_block_is_a_reading_in_each_of_its_slots() -> None:
    period = SeriesPeriod(
        interval=TimeInterval(start=TEN, end=TEN + 3 * QUARTER),
        resolution="PT15M",
        points=(Point(position=1, quantity=Decimal(2)), Point(position=3, quantity=Decimal(5))),
    )
    assert [one.value for one in measured.readings([period], "A03", Decimal(1))] == [2, 2, 5]
    with pytest.raises(Unmappable, match="curveType"):
        measured.readings([period], "A05", Decimal(1))


def test_written_readings_are_points_of_fixed_blocks_and_begin_anew_after_a_gap() -> None:
    values = [
        Reading(interval=quarter(4), value=Decimal("0.5"), quality=Quality.ESTIMATED),
        Reading(interval=quarter(0), value=Decimal(2)),
        Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
    ]
    assert measured.measured_periods(values, Decimal(-1)) == (
        SeriesPeriod(
            interval=TimeInterval(start=TEN, end=TEN + 2 * QUARTER),
            resolution="PT15M",
            points=(Point(position=1, quantity=Decimal(-2)), Point(position=2, quality="A02")),
        ),
        SeriesPeriod(
            interval=TimeInterval(start=TEN + 4 * QUARTER, end=TEN + 5 * QUARTER),
            resolution="PT15M",
            points=(Point(position=1, quantity=Decimal("-0.5"), quality="A03"),),
        ),
    )


AREAS = [
    (None, None, None, None),
    (WEST, None, WEST_AREA, None),
    (None, WEST, WEST_AREA, None),
    (WEST, WEST, WEST_AREA, None),
    (WEST, EAST, EAST_AREA, WEST_AREA),
]


@pytest.mark.parametrize(("inner", "outer", "area", "to_area"), AREAS)
def test_energy_runs_from_the_outer_area_to_the_inner_one(
    inner: Coded | None, outer: Coded | None, area: AreaId | None, to_area: AreaId | None
) -> None:
    assert measured.areas(inner, outer) == {"area": area, "to_area": to_area}


@pytest.mark.parametrize(
    ("area", "to_area", "inner", "outer"), [(WEST_AREA, None, WEST, WEST), (EAST_AREA, WEST_AREA, WEST, EAST)]
)
def test_an_area_alone_is_written_on_both_sides(
    area: AreaId, to_area: AreaId | None, inner: Coded, outer: Coded
) -> None:
    series = MeasuredSeries(id="s", unit=Unit.MEGAWATT, readings=(), area=area, to_area=to_area)
    assert measured.domains(series) == {"in_domain": inner, "out_domain": outer}


def test_a_document_is_of_one_of_the_wanted_types() -> None:
    measured.require_type("A45", ("A45", "A64"))
    for wrong in ("A46", None):
        with pytest.raises(Unmappable) as caught:
            measured.require_type(wrong, ("A45", "A64"))
        assert caught.value.args == ("type", "A45 or A64", repr(wrong), "A77")
