"""RECMMOE envelope of EDDIE: its head, what settings make of its numbers, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unmappable
from gateway.identifiers import ResourceId
from gateway.inquiries import Informative
from gateway.model import Reserve
from gateway.operating_envelopes import OperatingEnvelope
from gateway.time import Interval
from profiles import eddie_operating_envelope as eddie
from profiles import parse, write, write_message
from tests.market_values import DSO, EIGHT, OPERATOR, QUARTER, quarter
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

TEXT = text_of("eddie_operating_envelope", "1.12", "own-two-directions")
(EDITION,) = eddie.EDITIONS
ROOT = "/RECMMOE_Envelope"
SERIES = "MarketDocument/TimeSeries_Series"
NUMBERED = frozenset({"TimeSeries_Series", "Series", "Period", "Point"})
LETTER = Envelope(
    id="oe-1",
    revision=2,
    process="A47",
    reserve=Reserve.MFRR,
    sender=DSO,
    receiver=OPERATOR,
    created=datetime(2027, 1, 14, 7, tzinfo=UTC),
    period=Interval(EIGHT, EIGHT + 4 * QUARTER),
    message=Informative(document="eddie_operating_envelope"),
)
PUMP, UNIT = ResourceId("NOKG90901", "NNO"), ResourceId("NOKG90909", "NNO")


def stated(
    text: str = TEXT, unit: str = "KWT", *, injection: bool = True
) -> list[tuple[str, ResourceId, Interval, Decimal | None, Decimal | None]]:
    """Return what the settings of a peer make of *text*: id, resource, interval and both bounds."""
    found = eddie.envelopes(parse(text.encode()).document.document, DSO.id, unit=unit, injection=injection).envelopes
    assert {one.sender for one in found} == {DSO.id}
    return [(one.id, one.resource, one.interval, one.min_mw, one.max_mw) for one in found]


def unstated(text: str, unit: str = "KWT") -> Said:
    """Return why settings make nothing of *text*."""
    with pytest.raises(Unmappable) as caught:
        stated(text, unit)
    return caught.value.path, caught.value.expected, caught.value.found, caught.value.code


# --------------------------------------------------------------------------------------------------------------- the head
def test_every_element_is_read_into_its_field() -> None:
    parsed = parse(TEXT.encode())
    assert parsed.report.clean
    header, content = parsed.document.header, parsed.document.document
    assert header == eddie.MessageDocumentHeader(
        created=EIGHT - timedelta(minutes=61),
        meta=eddie.MetaInformation(
            connection="c-1",
            permission="p-1",
            data_need="n-1",
            document_type="min-max-envelope",
            customer="f-1",
            data_source="s-1",
            region_connector="no-grid",
            region_country="NO",
            asset=eddie.Asset(type="CONNECTION-AGREEMENT-POINT", operator="o-1", meter="m-1"),
        ),
    )
    assert (content.description, content.comment) == ("one feeder", "first of the day")
    assert (content.sender_name, content.receiver_name) == ("Grid West", "Market")
    first = content.series[0]
    assert (first.business_type, first.curve_type, first.schedule_kind) == ("A60", "A03", "load")
    assert (first.resource_name, first.resource_description) == ("pump 1", "behind transformer 2")
    assert first.series[0].periods[0].points[0] == eddie.Point(
        position=1, minimum=Decimal(-2000), minimum_quality="A04", maximum=Decimal("3500.5"), maximum_quality="A04"
    )


def test_the_document_is_written_as_the_same_text() -> None:
    assert write(parse(TEXT.encode()).document, EDITION).decode() == TEXT


def test_its_head_is_the_envelope_and_its_numbers_mean_nothing_yet() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, EDITION)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_time_of_creation_is_that_of_the_document_or_of_the_header() -> None:
    text = without(TEXT, "MarketDocument/lastModifiedDateTime")
    assert meaning(text)[0].created == EIGHT - timedelta(minutes=61)
    shifted = holding(TEXT, "MarketDocument/lastModifiedDateTime", "2027-01-14T08:30:00+02:00")
    assert meaning(shifted)[0].created == EIGHT - timedelta(minutes=90)


def test_without_a_revision_it_is_the_first() -> None:
    text = without(TEXT, "MarketDocument/revisionNumber", "MarketDocument/process.processType")
    assert meaning(text)[0] == received(replace(LETTER, revision=1, process=None, reserve=None), text, EDITION)


def test_it_may_be_of_no_period() -> None:
    text = without(TEXT, "MarketDocument/period.timeInterval")
    assert meaning(text)[0] == received(replace(LETTER, period=None), text, EDITION)


HEADLESS: dict[str, tuple[str, Said]] = {
    "no document": (
        without(TEXT, "MarketDocument"),
        (f"{ROOT}/MarketDocument", "a document in the envelope", "none", "A69"),
    ),
    "no identifier": (without(TEXT, "MarketDocument/mRID"), (f"{ROOT}/MarketDocument/mRID", "a value", "none", "A69")),
    "no time in the document and none in the header": (
        without(TEXT, "MarketDocument/lastModifiedDateTime", "MessageDocumentHeader/creationDateTime"),
        (f"{ROOT}/MarketDocument/lastModifiedDateTime", "a value", "none", "A69"),
    ),
    "no time and no header": (
        without(TEXT, "MarketDocument/lastModifiedDateTime", "MessageDocumentHeader"),
        (f"{ROOT}/MarketDocument/lastModifiedDateTime", "a value", "none", "A69"),
    ),
    "no sender": (
        without(TEXT, "MarketDocument/sender_MarketParticipant.mRID"),
        (f"{ROOT}/MarketDocument/sender_MarketParticipant.mRID", "a value", "none", "A69"),
    ),
    "no receiver": (
        without(TEXT, "MarketDocument/receiver_MarketParticipant.mRID"),
        (f"{ROOT}/MarketDocument/receiver_MarketParticipant.mRID", "a value", "none", "A69"),
    ),
}


@pytest.mark.parametrize("name", HEADLESS)
def test_an_envelope_without_its_head_is_refused(name: str) -> None:
    text, expected = HEADLESS[name]
    assert refusal(text) == expected


def test_a_role_that_the_market_does_not_know_is_refused() -> None:
    tag = "sender_MarketParticipant.marketRole.type"
    path, expected, found, code = refusal(holding(TEXT, f"MarketDocument/{tag}", "A41"))
    assert (path.endswith(tag), found, code) == (True, "'A41'", "A78")
    assert expected.startswith("one of A04,")


# ---------------------------------------------------------------------------------------------------------- the numbers
HALF_PAST = Interval(EIGHT, EIGHT + 4 * QUARTER)


def test_settings_say_what_every_number_means() -> None:
    assert stated() == [
        ("feeder 7#1", PUMP, quarter(0), Decimal(-2), Decimal("3.5005")),
        ("feeder 7#2", PUMP, quarter(1), Decimal(-2), Decimal("3.5005")),
        ("feeder 7#3", PUMP, quarter(2), None, Decimal(0)),
        ("feeder 7#4", PUMP, quarter(3), Decimal("0.1"), None),
        ("unit 9", UNIT, HALF_PAST, Decimal("-0.004"), Decimal("0.001")),
    ]


def test_with_the_other_sign_every_bound_changes_its_side() -> None:
    assert stated(injection=False) == [
        ("feeder 7#1", PUMP, quarter(0), Decimal("-3.5005"), Decimal(2)),
        ("feeder 7#2", PUMP, quarter(1), Decimal("-3.5005"), Decimal(2)),
        ("feeder 7#3", PUMP, quarter(2), Decimal(0), None),
        ("feeder 7#4", PUMP, quarter(3), None, Decimal("-0.1")),
        ("unit 9", UNIT, HALF_PAST, Decimal("-0.001"), Decimal("0.004")),
    ]


@pytest.mark.parametrize(("unit", "least", "greatest"), [("MAW", -2000, "3500.5"), ("A90", -2_000_000, "3500500")])
def test_the_unit_is_that_of_the_settings(unit: str, least: int, greatest: str) -> None:
    assert stated(unit=unit)[0][3:] == (Decimal(least), Decimal(greatest))


def test_settings_say_nothing_of_area_baseline_and_reason() -> None:
    content = parse(TEXT.encode()).document.document
    last = eddie.envelopes(content, DSO.id, unit="MAW", injection=True).envelopes[-1]
    assert last == OperatingEnvelope(
        id="unit 9", sender=DSO.id, resource=UNIT, interval=HALF_PAST, min_mw=Decimal(-4), max_mw=Decimal(1)
    )


@pytest.mark.parametrize("kind", ["generation", "generationIncrease", "generationReduction", "loadIncrease"])
def test_the_kind_of_schedule_does_not_change_the_sign(kind: str) -> None:
    assert stated(holding(TEXT, f"{SERIES}/resourceTimeSeries.value1ScheduleType", kind)) == stated()


FIRST = "TimeSeries_Series[1]"
NUMBERS: dict[str, tuple[str, Said]] = {
    "no identifier": (
        without(TEXT, f"{SERIES}/mRID"),
        (f"{FIRST}/mRID", "identifiers of series and resource", "none", "A69"),
    ),
    "no resource in the second series": (
        without(TEXT, f"{SERIES}[2]/registeredResource.mRID"),
        ("TimeSeries_Series[2]/mRID", "identifiers of series and resource", "none", "A69"),
    ),
    "both directions": (
        holding(TEXT, f"{SERIES}/flowDirection.direction", "A03"),
        (f"{FIRST}/flowDirection.direction", "A01 or A02", "'A03'", "999"),
    ),
    "no direction": (
        holding(TEXT, f"{SERIES}/flowDirection.direction", "A04"),
        (f"{FIRST}/flowDirection.direction", "one of A01, A02, A03", "'A04'", "999"),
    ),
    "a point of no position": (
        without(TEXT, f"{SERIES}/Series/Period/Point[2]/position"),
        (f"{FIRST}/Series/Period/Point/position", "a position", "none", "A49"),
    ),
    "a curve of points": (
        holding(TEXT, f"{SERIES}/curveType", "A02"),
        (f"{FIRST}/curveType", "A01 or A03, a series of blocks", "'A02'", "A59"),
    ),
    "a gap in fixed blocks": (
        holding(TEXT, f"{SERIES}/curveType", "A01"),
        (f"{FIRST}/Period[1]/Point/position", "one point for each of 3 slots", "2", "A49"),
    ),
    "no bound": (
        without(TEXT, f"{SERIES}/Series/Period/Point[2]/max_Quantity.quantity"),
        (FIRST, "OperatingEnvelope feeder 7#3: a finite bound", "None to None", "A42"),
    ),
    "least above greatest": (
        holding(TEXT, f"{SERIES}/Series/Period/Point/min_Quantity.quantity", "4000"),
        (FIRST, "OperatingEnvelope feeder 7#1: min_mw <= max_mw", "4.000 > 3.5005", "A42"),
    ),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_without_sense_are_refused_with_their_place(name: str) -> None:
    text, expected = NUMBERS[name]
    assert unstated(text) == expected


@pytest.mark.parametrize(("unit", "found"), [("C62", "'C62'"), ("", "''")])
def test_a_setting_without_a_unit_of_power_is_refused(unit: str, found: str) -> None:
    expected = (f"{FIRST}/Measurement_Unit.name", "one of MWH, KWH, GWH, MAW, KWT, A90", found, "999")
    assert unstated(TEXT, unit) == expected


def test_a_setting_of_energy_is_refused() -> None:
    assert unstated(TEXT, "KWH")[1:] == ("8716867000030", "'8716867000016'", "999")


# --------------------------------------------------------------------------------------------------------- the wire form
MANDATORY: list[tuple[str, str]] = [
    ("MarketDocument/sender_MarketParticipant.marketRole.type", "receiver_MarketParticipant.mRID"),
    ("MarketDocument/receiver_MarketParticipant.marketRole.type", "process.processType"),
    (f"{SERIES}/resourceTimeSeries.value1ScheduleType", "flowDirection.direction"),
    (f"{SERIES}/flowDirection.direction", "registeredResource.mRID"),
    (f"{SERIES}/Series/Period/resolution", "timeInterval"),
    (f"{SERIES}/Series/Period/timeInterval", "Point"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str) -> None:
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", f"<{instead}>", "A69")


KINDS = "generation, generationIncrease, generationReduction, load, loadIncrease, loadReduction"
BROKEN = [
    ("GEN-004", f"{SERIES}/resourceTimeSeries.value1ScheduleType", "Load", f"one of {KINDS}"),
    ("GEN-004", f"{SERIES}/Series/Period/Point/position", "0", "a whole number from 1 to 999999"),
    ("GEN-004", "MarketDocument/revisionNumber", "0", "a whole number from 1 to 999, no leading zero"),
    ("GEN-005", f"{SERIES}/Series/Period/Point/min_Quantity.quality", "Q9", "a value of QualityTypeList"),
    ("GEN-005", f"{SERIES}/curveType", "Q9", "a value of CurveTypeList"),
]


@pytest.mark.parametrize(("rule", "path", "value", "expected"), BROKEN, ids=[row[1] for row in BROKEN])
def test_a_broken_value_is_found_and_kept(rule: str, path: str, value: str, expected: str) -> None:
    where = placed(ROOT[1:], path, NUMBERED)
    assert findings(holding(TEXT, path, value)) == [(rule, "999", where, expected, f"'{value}'")]


def test_it_is_read_only() -> None:
    assert eddie.MESSAGES == ()
    assert unwritable(lambda: write_message(LETTER, EDITION))[0] == "edition"
