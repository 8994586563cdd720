"""The Danish notice of validated metered data: what each element means, what is refused, and what is lost."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import AreaId, MeteringPointId, PartyId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.time import Interval
from profiles import datahub_validated_measure_data as datahub
from profiles import parse, write, write_message
from tests.market_values import EIGHT, QUARTER, quarter
from tests.profiles.documents.trees import (
    Said,
    findings,
    first_of_all,
    holding,
    marked,
    meaning,
    placed,
    received,
    refusal,
    text_of,
    twice,
    unreadable,
    unwritable,
    without,
)

TEXT = text_of("datahub_validated_measure_data", "0.1", "own-two-points")
(EDITION,) = datahub.EDITIONS
ROOT = "/NotifyValidatedMeasureData_MarketDocument"
NUMBERED = frozenset({"Series", "Point"})
READ_AT = datetime(2027, 1, 15, 6, tzinfo=UTC)

TAKEN = MeasuredSeries(
    id="t-1",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=MeteringPointId("571313180400000001", "A10"),
    replaces="t-0",
    registered=READ_AT,
    readings=(
        Reading(interval=quarter(0), value=Decimal("-0.0125"), quality=Quality.AS_PROVIDED),
        Reading(interval=quarter(1), value=None, quality=Quality.NOT_AVAILABLE),
        Reading(interval=quarter(2), value=Decimal(0)),
    ),
)
EXCHANGED = MeasuredSeries(
    id="t-2",
    unit=Unit.MEGAWATT_HOUR,
    metering_point=MeteringPointId("571313180400000018", "A10"),
    area=AreaId("131", "NDK"),
    to_area=AreaId("344", "NDK"),
    registered=READ_AT,
    readings=(
        Reading(interval=Interval(EIGHT, EIGHT + 4 * QUARTER), value=Decimal("1.75"), quality=Quality.ESTIMATED),
    ),
)
LETTER = Envelope(
    id="n-1",
    document_type="E66",
    process="E23",
    sender=Party(PartyId("5790001330552", "A10"), Role.METERED_DATA_ADMINISTRATOR),
    receiver=Party(PartyId("5790000432752", "A10"), Role.ENERGY_SUPPLIER),
    created=datetime(2027, 1, 15, 7, 0, 30, 250_000, tzinfo=UTC),
    message=Readings(series=(TAKEN, EXCHANGED)),
)


def first_of(text: str) -> MeasuredSeries:
    """Return what the first series of *text* means."""
    message = meaning(text)[0].message
    assert isinstance(message, Readings)
    return message.series[0]


def test_a_notice_means_its_readings_field_by_field() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, EDITION)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_document_is_written_as_the_same_text() -> None:
    assert write(parse(TEXT.encode()).document, EDITION).decode() == TEXT


def test_it_is_read_only() -> None:
    assert datahub.MESSAGES == ()
    assert unwritable(lambda: write_message(LETTER, EDITION))[0] == "edition"


ROLES = [
    ("DDK", Role.BALANCE_RESPONSIBLE_PARTY),
    ("DDM", Role.GRID_ACCESS_PROVIDER),
    ("DDX", Role.IMBALANCE_SETTLEMENT_RESPONSIBLE),
    ("DDZ", Role.METERING_POINT_ADMINISTRATOR),
    ("DEA", Role.METERED_DATA_AGGREGATOR),
    ("EZ", Role.SYSTEM_OPERATOR),
    ("MDR", Role.METERED_DATA_RESPONSIBLE),
]


@pytest.mark.parametrize(("code", "role"), ROLES, ids=[code for code, _ in ROLES])
def test_roles_are_those_of_the_danish_market(code: str, role: Role) -> None:
    envelope, _ = meaning(holding(TEXT, "sender_MarketParticipant.marketRole.type", code))
    assert envelope.sender == replace(LETTER.sender, role=role)


SIGNS = [("E17", -1), ("E18", 1), ("D06", 1), ("D07", -1)]


@pytest.mark.parametrize(("kind", "sign"), SIGNS)
def test_the_kind_of_a_metering_point_is_its_sign(kind: str, sign: int) -> None:
    text = TEXT if kind == "E17" else holding(TEXT, "Series/marketEvaluationPoint.type", kind)
    assert [one.value for one in first_of(text).readings] == [sign * Decimal("0.0125"), None, Decimal(0)]


def test_an_exchange_runs_from_the_outer_to_the_inner_grid() -> None:
    turned = holding(holding(TEXT, "Series[2]/in_Domain.mRID", "131"), "Series[2]/out_Domain.mRID", "344")
    message = meaning(turned)[0].message
    assert isinstance(message, Readings)
    assert message.series[1] == replace(EXCHANGED, area=EXCHANGED.to_area, to_area=EXCHANGED.area)


def test_one_area_is_where_the_metering_point_lies() -> None:
    for gone in ("in_Domain", "out_Domain"):
        text = without(holding(TEXT, "Series[2]/marketEvaluationPoint.type", "E18"), f"Series[2]/{gone}.mRID")
        message = meaning(text)[0].message
        assert isinstance(message, Readings)
        kept = EXCHANGED.area if gone == "in_Domain" else EXCHANGED.to_area
        assert (message.series[1].area, message.series[1].to_area) == (kept, None)


def test_a_notice_of_nothing_is_a_notice() -> None:
    text = without(TEXT, "Series", "Series")
    assert meaning(text)[0] == received(replace(LETTER, message=Readings(series=())), text, EDITION)


def test_the_sector_is_told_as_lost() -> None:
    text = TEXT.replace(
        "  <sender_MarketParticipant.mRID",
        "  <businessSector.type>23</businessSector.type>\n  <sender_MarketParticipant.mRID",
    )
    envelope, report = meaning(text)
    assert report.losses == ("businessSector.type: dropped 1 times",)
    assert envelope == received(LETTER, text, EDITION)


# -------------------------------------------------------------------------------------------------- what has no meaning
FIRST = f"{ROOT}/Series[1]"
KINDS = "one of E18, D06, E17, D07, E20"
REFUSED: dict[str, tuple[str, Said]] = {
    "another notice": (holding(TEXT, "type", "E73"), (f"{ROOT}/type", "E66", "'E73'", "A77")),
    "a role without meaning": (
        holding(TEXT, "sender_MarketParticipant.marketRole.type", "STS"),
        (f"{ROOT}/marketRole.type", "one of DDK, DDM, DDQ, DDX, DDZ, DEA, DGL, EZ, MDR", "'STS'", "A78"),
    ),
    "a kind without sign": (
        holding(TEXT, "Series/marketEvaluationPoint.type", "D14"),
        (f"{FIRST}/marketEvaluationPoint.type", KINDS, "'D14'", "999"),
    ),
    "an exchange of one area": (
        without(TEXT, "Series[2]/in_Domain.mRID"),
        (f"{ROOT}/Series[2]/in_Domain.mRID", "the two areas of an exchange", "one or none", "A69"),
    ),
    "an exchange of an area with itself": (
        holding(TEXT, "Series[2]/in_Domain.mRID", "131"),
        (f"{ROOT}/Series[2]/in_Domain.mRID", "the two areas of an exchange", "one or none", "A69"),
    ),
    "a unit of volume": (
        holding(TEXT, "Series/quantity_Measure_Unit.name", "MTQ"),
        (f"{FIRST}/Measurement_Unit.name", "one of MWH, KWH, GWH, MAW, KWT, A90", "'MTQ'", "999"),
    ),
    "another product": (
        holding(TEXT, "Series/product", "5790001330606"),
        (f"{FIRST}/product", "8716867000030", "'5790001330606'", "999"),
    ),
    "a value that is said to be missing": (
        holding(TEXT, "Series/Period/Point/quality", "A02"),
        (
            FIRST,
            "Reading.quality: no value exactly where the quality is 'not available'",
            "-0.0125 with quality not available",
            "B05",
        ),
    ),
    "a gap": (
        without(TEXT, "Series/Period/Point[2]"),
        (f"{FIRST}/Period[1]/Point/position", "one point for each of 3 slots", "2", "A49"),
    ),
    "a month of quarters": (
        holding(TEXT, "Series/Period/resolution", "P1M"),
        (
            f"{FIRST}/Period[1]/resolution",
            "a whole number of P1M in 2027-01-14T08:00Z/2027-01-14T08:45Z",
            "a remainder",
            "A41",
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    text, expected = REFUSED[name]
    assert refusal(text) == expected


# --------------------------------------------------------------------------------------------------------- the wire form
MANDATORY: list[tuple[str, str | None]] = [
    ("mRID", "type"),
    ("type", "process.processType"),
    ("process.processType", "sender_MarketParticipant.mRID"),
    ("sender_MarketParticipant.marketRole.type", "receiver_MarketParticipant.mRID"),
    ("createdDateTime", "Series"),
    ("Series/mRID", "originalTransactionIDReference_Series.mRID"),
    ("Series/marketEvaluationPoint.mRID", "marketEvaluationPoint.type"),
    ("Series/marketEvaluationPoint.type", "registration_DateAndOrTime.dateTime"),
    ("Series/registration_DateAndOrTime.dateTime", "product"),
    ("Series/quantity_Measure_Unit.name", "Period"),
    ("Series/Period", None),
    ("Series/Period/resolution", "timeInterval"),
    ("Series/Period/timeInterval", "Point"),
    ("Series/Period/Point/position", "quantity"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", found, "A69")


def test_a_series_has_one_period() -> None:
    assert unreadable(twice(TEXT, "Series/Period")) == (
        f"{FIRST}/Period",
        "<Period> no more often",
        "it stands here",
        "999",
    )
    assert unreadable(first_of_all(TEXT, "Series/Period"))[1] == "<mRID> before it"


BROKEN = [
    ("GEN-004", "999", "Series/marketEvaluationPoint.mRID", "5" * 36, "at most 35 characters"),
    ("GEN-005", "999", "type", "Q99", "a value of MessageTypeList"),
    ("GEN-005", "A79", "process.processType", "Q99", "a value of ProcessTypeList"),
    ("GEN-005", "A78", "sender_MarketParticipant.marketRole.type", "Q99", "a value of RoleTypeList"),
    ("GEN-005", "999", "Series/quantity_Measure_Unit.name", "Q99", "a value of UnitOfMeasureTypeList"),
    ("GEN-005", "999", "Series/Period/Point/quality", "Q99", "a value of QualityTypeList"),
]


@pytest.mark.parametrize(("rule", "code", "path", "value", "expected"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_broken_value_is_found_and_kept(rule: str, code: str, path: str, value: str, expected: str) -> None:
    where = placed(ROOT[1:], path, NUMBERED)
    assert findings(holding(TEXT, path, value)) == [(rule, code, where, expected, f"'{value}'")]


@pytest.mark.parametrize("kind", ["D16", "D23", "E16", "e17", ""])
def test_a_kind_of_metering_point_is_one_of_the_danish_list(kind: str) -> None:
    ((rule, code, path, expected, found),) = findings(holding(TEXT, "Series/marketEvaluationPoint.type", kind))
    assert (rule, code, path, found) == ("GEN-004", "999", f"{FIRST}/marketEvaluationPoint.type", f"'{kind}'")
    assert expected == (
        "one of D01, D02, D03, D04, D05, D06, D07, D08, D09, D10, D11, D12, D13, D14, D15, D17, D18, D19, D20, D21, D22, "
        "D99, E17, E18, E19, E20"
    )


def test_a_scheme_of_nobody_is_found() -> None:
    path = "Series/marketEvaluationPoint.mRID"
    where = f"{placed(ROOT[1:], path, NUMBERED)}/@codingScheme"
    assert findings(marked(TEXT, path, "Q9")) == [("GEN-005", "999", where, "a value of CodingSchemeTypeList", "'Q9'")]
