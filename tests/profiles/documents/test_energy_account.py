"""EnergyAccount_MarketDocument: delivered energy and corrected perimeters, in and out as one signed value."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.accounts import AdjustmentKind, PerimeterAdjustment, PerimeterCorrection
from gateway.envelope import Envelope
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.report import Report
from gateway.time import Interval
from profiles import parse, write_message
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.energy_account import EDITIONS, EnergyAccountMarketDocument, Point, carries
from tests.market_values import EAST, EIGHT, OPERATOR, OTHER_SELLER, SELLER, WEST, quarter
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import (
    CLOCK_DAYS,
    Said,
    homeless,
    received,
    renamed,
    unwritable,
    with_period,
    without,
)

DELIVERED = source("energy_account", "4.1/own-delivered-energy")
CORRECTED = source("energy_account", "4.1/own-corrected-perimeters")
NEWEST, MIDDLE, OLDEST = EDITIONS


def hour(number: int) -> Interval:
    """Return the hour that starts *number* hours after eight."""
    return Interval(EIGHT + timedelta(hours=number), EIGHT + timedelta(hours=number + 1))


def reading(on: Interval, mwh: str, quality: Quality | None = None) -> Reading:
    return Reading(interval=on, value=Decimal(mwh), quality=quality)


PARTY = MeasuredSeries(
    id="party",
    unit=Unit.MEGAWATT_HOUR,
    area=WEST,
    party=SELLER.id,
    readings=(
        reading(quarter(0), "-0.5", Quality.AS_PROVIDED),
        reading(quarter(1), "1.25", Quality.ESTIMATED),
        reading(quarter(2), "0", Quality.CALCULATED),
        reading(hour(1), "7"),
        reading(hour(2), "-8.125"),
    ),
)
METER = MeasuredSeries(
    id="point",
    unit=Unit.MEGAWATT_HOUR,
    area=WEST,
    party=OTHER_SELLER.id,
    metering_point=MeteringPointId("571313180400000001", "A10"),
    readings=(reading(quarter(0), "-3", Quality.ADJUSTED),),
)
AREA = MeasuredSeries(
    id="area", unit=Unit.MEGAWATT_HOUR, area=WEST, readings=(reading(hour(0), "12", Quality.TEMPORARY),)
)
READINGS = Envelope(
    id="account-7",
    revision=2,
    document_type="A11",
    process="A06",
    sender=OPERATOR,
    receiver=SELLER,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=3)),
    domain=WEST,
    message=Readings(series=(PARTY, METER, AREA), final=False),
)


def moved(id_: str, on: Interval, mwh: str, price: str | None) -> PerimeterAdjustment:
    """Return an adjustment of SELLER for an activation."""
    return PerimeterAdjustment(
        id=id_,
        party=SELLER.id,
        area=WEST,
        interval=on,
        energy_mwh=Decimal(mwh),
        price=None if price is None else Decimal(price),
    )


IMBALANCE = replace(
    moved("b", quarter(3), "0", None), party=OTHER_SELLER.id, kind=AdjustmentKind.IMBALANCE, currency="NOK"
)
ADJUSTMENTS = (
    moved("a#1", quarter(0), "-0.4", "62.5"),
    moved("a#2", quarter(1), "0.55", "-3"),
    moved("a#3", hour(1), "2", None),
    IMBALANCE,
)
CORRECTION = Envelope(
    id="correction-7",
    revision=2,
    document_type="A12",
    process="A06",
    sender=OPERATOR,
    receiver=SELLER,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=3)),
    domain=WEST,
    message=PerimeterCorrection(adjustments=ADJUSTMENTS),
)


def measured(*series: MeasuredSeries) -> Envelope[Readings]:
    """Return READINGS with other series."""
    return replace(READINGS, message=Readings(series=series))


def corrected(*adjustments: PerimeterAdjustment) -> Envelope[PerimeterCorrection]:
    """Return CORRECTION with other adjustments."""
    return replace(CORRECTION, message=PerimeterCorrection(adjustments=adjustments))


def written(letter: Envelope[Readings] | Envelope[PerimeterCorrection]) -> EnergyAccountMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, EnergyAccountMarketDocument)
    return document


def first_point(letter: Envelope[Readings]) -> Point:
    return written(letter).series[0].periods[0].points[0]


@pytest.mark.parametrize(
    ("data", "letter"), [(DELIVERED, READINGS), (CORRECTED, CORRECTION)], ids=["delivered", "corrected"]
)
def test_an_account_means_its_letter_field_by_field_and_the_letter_is_that_text(
    data: bytes, letter: Envelope[Readings] | Envelope[PerimeterCorrection]
) -> None:
    envelope, report = opened(data)
    assert envelope == received(letter, data, NEWEST)
    assert report == Report()
    assert write_message(letter).decode() == data.decode()


@pytest.mark.parametrize("change", refused("energy_account"), ids=str)
def test_an_account_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("energy_account"), ids=str)
def test_what_is_assumed_and_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    envelope, report = opened(change.data)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert envelope.message == (CORRECTION if "corrected" in change.base else READINGS).message


@pytest.mark.parametrize("code", ["A10", "A11"])
def test_delivered_energy_comes_under_two_types(code: str) -> None:
    data = changed(DELIVERED, [("set", "type", code)])
    assert opened(data)[0].document_type == code
    assert meaning(data, Readings)[0] == READINGS.message
    assert written(replace(READINGS, document_type=code)).type == code


@pytest.mark.parametrize(("code", "final"), [("A01", False), ("A02", True)])
def test_the_status_says_whether_the_values_are_final_both_ways(code: str, *, final: bool) -> None:
    data = changed(DELIVERED, [("set", "docStatus/value", code)])
    assert meaning(data, Readings)[0].final is final
    assert written(replace(READINGS, message=Readings(series=(AREA,), final=final))).status.value == code
    adjusted = PerimeterCorrection(adjustments=ADJUSTMENTS, final=final)
    assert meaning(changed(CORRECTED, [("set", "docStatus/value", code)]), PerimeterCorrection)[0] == adjusted
    assert written(replace(CORRECTION, message=adjusted)).status.value == code


@pytest.mark.parametrize(("code", "kind"), [("A19", AdjustmentKind.ACTIVATION), ("A20", AdjustmentKind.IMBALANCE)])
def test_a_business_type_is_a_kind_of_adjustment_both_ways(code: str, kind: AdjustmentKind) -> None:
    data = changed(CORRECTED, [("set", "TimeSeries[2]/businessType", code)])
    assert meaning(data, PerimeterCorrection)[0].adjustments[3].kind is kind
    assert written(corrected(replace(IMBALANCE, kind=kind))).series[0].business_type == code


@pytest.mark.parametrize(
    ("inside", "outside", "net"),
    [("3", "0", "3"), ("0", "3", "-3"), ("3", "5", "-2"), ("5.5", "3.25", "2.25"), ("2", "2", "0"), ("-1", "0", "-1")],
)
def test_what_goes_in_counts_less_what_goes_out(inside: str, outside: str, net: str) -> None:
    points = {
        1: f"<in_Quantity.quantity>{inside}</in_Quantity.quantity><out_Quantity.quantity>{outside}</out_Quantity.quantity>"
    }
    message, _ = meaning(with_period(CORRECTED, quarter(0), "PT15M", points), PerimeterCorrection)
    assert message.adjustments[0].energy_mwh == Decimal(net)


@pytest.mark.parametrize(
    ("net", "point"),
    [
        ("1.5", ("1.5", "A04", "0", None)),
        ("-1.5", ("0", None, "1.5", "A04")),
        ("0", ("0", "A04", "0", None)),
        ("-0.0", ("0", "A04", "0", None)),
    ],
)
def test_a_signed_value_is_written_on_one_side_and_the_other_is_0(net: str, point: tuple[str | None, ...]) -> None:
    found = first_point(measured(replace(AREA, readings=(reading(hour(0), net, Quality.AS_PROVIDED),))))
    assert (str(found.in_quantity), found.in_quality, str(found.out_quantity), found.out_quality) == point


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
def test_a_quality_is_that_of_the_side_that_counts(code: str, quality: Quality) -> None:
    for number, value in (("1", "out_Quantity.quality"), ("2", "in_Quantity.quality")):
        data = changed(DELIVERED, [("set", f"TimeSeries[1]/Period[1]/Point[{number}]/{value}", code)])
        assert meaning(data, Readings)[0].series[0].readings[int(number) - 1].quality is quality
    assert first_point(measured(replace(AREA, readings=(reading(hour(0), "1", quality),)))).in_quality == code
    assert first_point(measured(replace(AREA, readings=(reading(hour(0), "-1", quality),)))).out_quality == code


def test_slots_of_one_series_are_numbered_and_find_together_again() -> None:
    apart = (ADJUSTMENTS[3], ADJUSTMENTS[1], ADJUSTMENTS[0])
    document = written(replace(corrected(*apart), period=None))
    assert [(series.id, len(series.periods), len(series.periods[0].points)) for series in document.series] == [
        ("b", 1, 1),
        ("a", 1, 2),
    ]
    assert [point.price for point in document.series[1].periods[0].points] == [Decimal("62.5"), -3]
    assert (document.period.start, document.period.end) == (quarter(0).start, quarter(3).end)


@pytest.mark.parametrize(
    "other",
    [
        replace(ADJUSTMENTS[1], party=OTHER_SELLER.id),
        replace(ADJUSTMENTS[1], area=EAST),
        replace(ADJUSTMENTS[1], kind=AdjustmentKind.IMBALANCE),
        replace(ADJUSTMENTS[1], currency="NOK"),
        replace(ADJUSTMENTS[1], id="c#2"),
    ],
    ids=["party", "area", "kind", "currency", "series"],
)
def test_what_differs_in_its_head_is_a_series_of_its_own(other: PerimeterAdjustment) -> None:
    assert len(written(corrected(ADJUSTMENTS[0], ADJUSTMENTS[1])).series) == 1
    assert len(written(corrected(ADJUSTMENTS[0], other)).series) == 2


def test_a_letter_that_says_little_gets_the_usual_head() -> None:
    plain = replace(CORRECTION, document_type=None, process=None, domain=None)
    document = written(plain)
    assert (document.type, document.process, document.classification) == ("A12", "A06", "A01")
    assert document.domain is None


@pytest.mark.parametrize(
    ("letter", "carried"),
    [
        (READINGS, True),
        (replace(READINGS, document_type="A10"), True),
        (replace(READINGS, document_type="A45"), False),
        (replace(READINGS, document_type=None), False),
    ],
    ids=["A11", "A10", "A45", "no type"],
)
def test_readings_are_an_account_only_by_their_type(letter: Envelope[Readings], *, carried: bool) -> None:
    assert carries(letter) is carried


def test_a_correction_is_an_account_whatever_its_type() -> None:
    assert carries(replace(CORRECTION, document_type=None))


PLACE = ("energy in one area", "power or an exchange")
OBJECT = ("neither resource nor correction", "one of them")
MISSING = replace(AREA, readings=(Reading(interval=hour(0), value=None, quality=Quality.NOT_AVAILABLE),))
UNWRITABLE: dict[str, tuple[MeasuredSeries, Said]] = {
    "power": (replace(AREA, unit=Unit.MEGAWATT), ("MeasuredSeries area", *PLACE)),
    "a border": (replace(AREA, to_area=EAST), ("MeasuredSeries area", *PLACE)),
    "nowhere": (replace(PARTY, area=None), ("MeasuredSeries party", *PLACE)),
    "a resource": (replace(PARTY, resource=ResourceId("NOKG90901", "NNO")), ("MeasuredSeries party", *OBJECT)),
    "a correction": (replace(PARTY, replaces="earlier"), ("MeasuredSeries party", *OBJECT)),
    "a registration": (replace(PARTY, registered=EIGHT), ("MeasuredSeries party", *OBJECT)),
    "a gap": (
        MISSING,
        ("Point/in_Quantity.quantity", "a value: an account has no missing ones", "none"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_is_no_account_is_not_written(name: str) -> None:
    series, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(measured(series))) == said


def test_an_account_of_nothing_at_no_time_is_not_written() -> None:
    neither = "timeInterval", "a period in the envelope, or something in the message", "neither"
    assert unwritable(lambda: write_message(replace(measured(), period=None))) == neither


@CLOCK_DAYS
def test_a_day_of_clock_change_is_accounted_hour_by_hour(day: Interval, hours: int) -> None:
    points = {
        at: f"<in_Quantity.quantity>{at}</in_Quantity.quantity><out_Quantity.quantity>0</out_Quantity.quantity>"
        for at in range(1, hours + 1)
    }
    message, _ = meaning(with_period(CORRECTED, day, "PT60M", points), PerimeterCorrection)
    assert [(one.id, int(one.energy_mwh)) for one in message.adjustments[:hours]] == [(f"a#{at}", at) for at in points]
    (period,) = written(corrected(*message.adjustments[:hours])).series[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [(point.position, int(point.in_quantity)) for point in period.points] == [(at, at) for at in points]


OLD_UNIT = {"measurement_Unit.name": "measure_Unit.name"}
OLDER = {"in_Quantity.quantity": "quantity", "out_Quantity.quantity": "secondaryQuantity"}
UNTYPED = Report(assumptions=("3 series without curveType: A01",))


def test_edition_4_0_has_no_curve_type_and_another_name_for_the_unit() -> None:
    data = renamed(without(in_edition(DELIVERED, "energy_account", "4.0"), "curveType"), OLD_UNIT)
    assert opened(data) == (received(READINGS, data, MIDDLE), UNTYPED)
    assert write_message(READINGS, MIDDLE) == data


def test_edition_3_0_has_other_names_for_the_quantities_and_no_qualities() -> None:
    data = without(
        in_edition(DELIVERED, "energy_account", "3.0"), "curveType", "in_Quantity.quality", "out_Quantity.quality"
    )
    data = renamed(data, OLD_UNIT | OLDER)
    bare = [
        replace(one, readings=tuple(replace(value, quality=None) for value in one.readings))
        for one in (PARTY, METER, AREA)
    ]
    plain = replace(READINGS, message=Readings(series=tuple(bare), final=False))
    assert opened(data) == (received(plain, data, OLDEST), UNTYPED)
    assert write_message(plain, OLDEST) == data
    lost = homeless(OLDEST, ("TimeSeries[1]/Period[1]/Point[1]/in_Quantity.quality", "A07"))
    assert unwritable(lambda: write_message(measured(AREA), OLDEST)) == lost


@pytest.mark.parametrize("edition", [MIDDLE, OLDEST], ids=str)
def test_a_correction_is_the_same_in_older_editions(edition: Edition) -> None:
    assert opened(write_message(CORRECTION, edition))[0].message == CORRECTION.message
