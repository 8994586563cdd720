"""Measured values: what a reading and a series may say, and what they may not."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from gateway.errors import InvalidValue
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Unit
from tests.market_values import EAST, EIGHT, WEST, quarter

POINT = MeteringPointId("707057500000000018", "A10")


def reading(number: int = 0, value: object = "1.5", quality: Quality | None = Quality.AS_PROVIDED) -> Reading:
    return Reading(interval=quarter(number), value=None if value is None else Decimal(str(value)), quality=quality)


def series(*readings: Reading, **fields: object) -> MeasuredSeries:
    return MeasuredSeries(id="S", unit=Unit.MEGAWATT_HOUR, readings=readings, **{"metering_point": POINT, **fields})  # type: ignore[arg-type]  # fields of any type


IMPOSSIBLE: dict[str, Callable[[], object]] = {
    "no number": lambda: reading(value="NaN"),
    "no bound": lambda: reading(value="-Infinity"),
    "a value that is not available": lambda: reading(value=1, quality=Quality.NOT_AVAILABLE),
    "nothing, as provided": lambda: reading(value=None),
    "nothing, without a word": lambda: reading(value=None, quality=None),
    "a series of nothing": lambda: series(reading(), metering_point=None),
    "a border without its first side": lambda: series(reading(), to_area=WEST),
    "a border of an area with itself": lambda: series(reading(), area=WEST, to_area=WEST),
    "readings that overlap": lambda: series(reading(0), reading(0)),
    "readings that run backwards": lambda: series(reading(1), reading(0)),
    "recorded at a naive instant": lambda: series(registered=EIGHT.replace(tzinfo=None)),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_not_built(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        IMPOSSIBLE[name]()
    assert caught.value.path
    assert caught.value.expected != caught.value.found


def test_a_value_that_contradicts_its_quality_names_the_reason_code() -> None:
    with pytest.raises(InvalidValue) as caught:
        reading(value=1, quality=Quality.NOT_AVAILABLE)
    assert caught.value.code == "B05"


@pytest.mark.parametrize("quality", [None, *(one for one in Quality if one is not Quality.NOT_AVAILABLE)])
def test_a_value_may_have_any_other_quality_or_none(quality: Quality | None) -> None:
    assert reading(quality=quality).value == Decimal("1.5")


def test_energy_taken_from_the_grid_is_negative() -> None:
    assert reading(value="-0.25").value == Decimal("-0.25")


def test_gaps_between_readings_and_missing_values_are_different_things() -> None:
    measured = series(reading(0), reading(2, None, Quality.NOT_AVAILABLE), reading(3))
    assert measured.missing == (quarter(2),)


@pytest.mark.parametrize(
    "subject",
    [{"resource": ResourceId("feeder", "NNO")}, {"area": WEST}, {"area": EAST, "to_area": WEST}],
    ids=["resource", "area", "border"],
)
def test_a_series_may_be_of_any_object(subject: dict[str, object]) -> None:
    assert series(reading(), metering_point=None, **subject).missing == ()


def test_instants_are_in_utc() -> None:
    assert series(registered=datetime.fromisoformat("2027-01-14T08:00:00+00:00")).registered == EIGHT
