"""GLSK_MarketDocument: each element of a hand-written document, its bounds, and its two older editions."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId
from gateway.inquiries import Informative
from gateway.model import Party, Role
from gateway.time import Interval
from profiles import convert, glsk, parse, write, write_message
from profiles.edition import Edition
from profiles.glsk import GLSKMarketDocument, Point, RegisteredResource, SeriesPeriod, SKBlockTimeSeries, TimeSeries
from profiles.lexical import Coded
from profiles.parts import Reason, Status, TimeInterval
from tests.market_values import EIGHT, TSO, WEST
from tests.profiles.documents.trees import (
    as_edition,
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
from tests.wire_values import changed

TEXT = text_of("glsk", "2.2", "own-full")
NEWEST, MIDDLE, OLDEST = glsk.EDITIONS
ROOT = "/GLSK_MarketDocument"
KEY = "TimeSeries/Period/Point/SKBlock_TimeSeries"
NUMBERED = frozenset({"TimeSeries", "Period", "Point", "SKBlock_TimeSeries", "RegisteredResource", "Reason"})
TWO_HOURS = TimeInterval(start=EIGHT, end=EIGHT.replace(hour=10))
NORWAY = AreaId("10YNO-0--------C", "A01")

MERIT = SKBlockTimeSeries(
    business_type="B45",
    psr_type="A04",
    quantity=Decimal("0.75"),
    direction="A01",
    quantity_unit="MAW",
    merit_order_position=2,
    domain=Coded(WEST.value, "A01"),
    maximum_quantity=Decimal("400.5"),
    maximum_unit="MAW",
    resources=(
        RegisteredResource(
            id=Coded("NOKG90901", "NNO"),
            name="plant 1",
            shift_key=Decimal("250.25"),
            maximum_capacity=Decimal(300),
            minimum_capacity=Decimal(-20),
            status="A23",
            reasons=(Reason(code="A95", text="maintenance"),),
        ),
        RegisteredResource(id=Coded("NOKG90902", "NNO")),
    ),
    reasons=(Reason(code="A95"),),
)
LOADS = SKBlockTimeSeries(business_type="B42", psr_type="A05")
SERIES = TimeSeries(
    id="keys of the west",
    name="by merit order",
    subject_domain=Coded(WEST.value, "A01"),
    curve_type="A03",
    periods=(
        SeriesPeriod(
            interval=TWO_HOURS,
            resolution="PT60M",
            points=(Point(position=1, shift_keys=(MERIT, LOADS), reasons=(Reason(code="B18"),)),),
        ),
    ),
)
DOCUMENT = GLSKMarketDocument(
    id="glsk-1",
    revision="3",
    type="B22",
    process="A44",
    sender=Coded(TSO.id.value, "A01"),
    sender_role="A04",
    receiver=Coded("10X1001A1001A39W", "A01"),
    receiver_role="A36",
    created=datetime(2027, 1, 13, 16, tzinfo=UTC),
    status=Status(value="A40"),
    other_status=Status(value="A06"),
    received="glsk-0",
    received_revision="1",
    period=TWO_HOURS,
    domain=Coded(NORWAY.value, "A01"),
    series=(SERIES,),
    reasons=(Reason(code="A95", text="second run"),),
)
LETTER = Envelope(
    id="glsk-1",
    revision=3,
    document_type="B22",
    process="A44",
    sender=Party(TSO.id, Role.SYSTEM_OPERATOR),
    receiver=Party(dataclasses.replace(TSO.id, value="10X1001A1001A39W"), Role.CAPACITY_COORDINATOR),
    created=datetime(2027, 1, 13, 16, tzinfo=UTC),
    period=Interval(EIGHT, EIGHT.replace(hour=10)),
    domain=NORWAY,
    message=Informative(document="glsk"),
)


def at(path: str) -> str:
    return placed(ROOT[1:], path, NUMBERED)


def test_every_element_is_read_into_its_field() -> None:
    parsed = parse(TEXT.encode())
    assert parsed.document == DOCUMENT
    assert parsed.edition is NEWEST
    assert parsed.report.clean


def test_the_document_is_written_as_the_same_text() -> None:
    assert write(DOCUMENT, NEWEST).decode() == TEXT


def test_its_head_is_the_envelope_and_its_content_only_informs() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, NEWEST)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_it_may_be_of_no_process() -> None:
    text = without(TEXT, "process.processType")
    assert meaning(text)[0] == received(dataclasses.replace(LETTER, process=None), text, NEWEST)


def test_no_message_of_a_market_is_written_in_it() -> None:
    assert unwritable(lambda: write_message(LETTER, NEWEST))[0] == "edition"


# Path of what is left out; the tag of what stands in its place (None: nothing more).
MANDATORY: list[tuple[str, str | None]] = [
    ("mRID", "revisionNumber"),
    ("revisionNumber", "type"),
    ("type", "process.processType"),
    ("sender_MarketParticipant.mRID", "sender_MarketParticipant.marketRole.type"),
    ("sender_MarketParticipant.marketRole.type", "receiver_MarketParticipant.mRID"),
    ("receiver_MarketParticipant.mRID", "receiver_MarketParticipant.marketRole.type"),
    ("receiver_MarketParticipant.marketRole.type", "createdDateTime"),
    ("createdDateTime", "docStatus"),
    ("docStatus/value", None),
    ("status/value", None),
    ("time_Period.timeInterval", "domain.mRID"),
    ("time_Period.timeInterval/start", "end"),
    ("time_Period.timeInterval/end", None),
    ("domain.mRID", "TimeSeries"),
    ("TimeSeries", "Reason"),
    ("TimeSeries/subject_Domain.mRID", "curveType"),
    ("TimeSeries/curveType", "Period"),
    ("TimeSeries/Period", None),
    ("TimeSeries/Period/timeInterval", "resolution"),
    ("TimeSeries/Period/resolution", "Point"),
    ("TimeSeries/Period/Point", None),
    ("TimeSeries/Period/Point/position", "SKBlock_TimeSeries"),
    (f"{KEY}/businessType", "mktPSRType.psrType"),
    (f"{KEY}/mktPSRType.psrType", "quantity.quantity"),
    (f"{KEY}/RegisteredResource/mRID", "name"),
    (f"{KEY}/RegisteredResource/Reason/code", "text"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    where = placed(ROOT[1:], path, NUMBERED, missing=True)
    assert unreadable(without(TEXT, path)) == (where, f"<{path.rpartition('/')[2]}>", found, "A69")


def test_a_point_has_one_shift_key_or_more() -> None:
    expected = (f"{at('TimeSeries/Period/Point')}/SKBlock_TimeSeries", "<SKBlock_TimeSeries>", "<Reason>", "A69")
    assert unreadable(without(TEXT, KEY, KEY)) == expected
    assert len(parse(without(TEXT, KEY).encode()).document.series[0].periods[0].points[0].shift_keys) == 1


OPTIONAL = [
    "process.processType",
    "docStatus",
    "status",
    "received_MarketDocument.mRID",
    "received_MarketDocument.revisionNumber",
    "TimeSeries/mRID",
    "TimeSeries/name",
    f"{KEY}/quantity.quantity",
    f"{KEY}/flowDirection.direction",
    f"{KEY}/measurement_Unit.name",
    f"{KEY}/attributeInstanceComponent.position",
    f"{KEY}/domain.mRID",
    f"{KEY}/maximum_Quantity.quantity",
    f"{KEY}/maximum_Measurement_Unit.name",
    f"{KEY}/RegisteredResource",
    f"{KEY}/RegisteredResource/sK_ResourceCapacity.defaultCapacity",
    f"{KEY}/RegisteredResource/marketObjectStatus.status",
    f"{KEY}/Reason",
    "Reason",
]


@pytest.mark.parametrize("path", OPTIONAL)
def test_what_may_be_left_out_is_not_missed(path: str) -> None:
    parsed = parse(without(TEXT, path).encode())
    assert parsed.report.clean
    assert parsed.document != DOCUMENT


@pytest.mark.parametrize(
    ("path", "expected", "found"),
    [
        ("domain.mRID", "<TimeSeries> before it", "<domain.mRID>"),
        ("TimeSeries/curveType", "<Period> before it", "<curveType>"),
        (f"{KEY}/maximum_Quantity.quantity", "<maximum_Quantity.quantity> no more often", "it stands here"),
    ],
)
def test_what_stands_once_does_not_stand_twice(path: str, expected: str, found: str) -> None:
    assert unreadable(twice(TEXT, path)) == (at(path), expected, found, "999")


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("TimeSeries", "mRID"),
        ("TimeSeries/Period", "subject_Domain.mRID"),
        (f"{KEY}/quantity.quantity", "businessType"),
    ],
)
def test_the_order_is_that_of_the_standard(path: str, first: str) -> None:
    expected = (at(path), f"<{first}> before it", f"<{path.rpartition('/')[2]}>", "999")
    assert unreadable(first_of_all(TEXT, path)) == expected


# Path, list, reason code of a value outside it.
CODED = [
    ("type", "MessageTypeList", "999"),
    ("process.processType", "ProcessTypeList", "A79"),
    ("receiver_MarketParticipant.marketRole.type", "RoleTypeList", "A78"),
    ("status/value", "StatusTypeList", "999"),
    ("TimeSeries/curveType", "CurveTypeList", "999"),
    (f"{KEY}/businessType", "BusinessTypeList", "A62"),
    (f"{KEY}/mktPSRType.psrType", "AssetTypeList", "999"),
    (f"{KEY}/flowDirection.direction", "DirectionTypeList", "999"),
    (f"{KEY}/measurement_Unit.name", "UnitOfMeasureTypeList", "999"),
    (f"{KEY}/maximum_Measurement_Unit.name", "UnitOfMeasureTypeList", "999"),
    (f"{KEY}/RegisteredResource/marketObjectStatus.status", "StatusTypeList", "999"),
    ("Reason/code", "ReasonCodeTypeList", "999"),
]


@pytest.mark.parametrize(("path", "codes", "code"), CODED, ids=[row[0] for row in CODED])
def test_a_code_outside_its_list_is_found(path: str, codes: str, code: str) -> None:
    assert findings(holding(TEXT, path, "Q9")) == [("GEN-005", code, at(path), f"a value of {codes}", "'Q9'")]


BROKEN = [
    ("mRID", "x" * 61, "at most 60 characters"),
    ("received_MarketDocument.mRID", "x" * 61, "at most 60 characters"),
    ("received_MarketDocument.revisionNumber", "0", "a whole number from 1 to 999, no leading zero"),
    ("TimeSeries/subject_Domain.mRID", "Y" * 19, "at most 18 characters"),
    (f"{KEY}/attributeInstanceComponent.position", "0", "a whole number from 1 to 999999"),
    (f"{KEY}/RegisteredResource/mRID", "r" * 61, "at most 60 characters"),
]


@pytest.mark.parametrize(("path", "value", "expected"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_value_out_of_bounds_is_found_and_kept(path: str, value: str, expected: str) -> None:
    assert findings(holding(TEXT, path, value)) == [("GEN-004", "999", at(path), expected, f"'{value}'")]


def test_a_scheme_of_nobody_is_found() -> None:
    where = at("TimeSeries/subject_Domain.mRID")
    expected = ("GEN-005", "999", f"{where}/@codingScheme", "a value of CodingSchemeTypeList", "'Q9'")
    assert findings(marked(TEXT, "TimeSeries/subject_Domain.mRID", "Q9")) == [expected]


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_a_role_that_the_market_does_not_know_is_refused(who: str) -> None:
    tag = f"{who}_MarketParticipant.marketRole.type"
    path, expected, found, code = refusal(holding(TEXT, tag, "A41"))
    assert (path, found, code) == (f"{ROOT}/{tag}", "'A41'", "A78")
    assert expected.startswith("one of A04, A49,")


# ------------------------------------------------------------------------------------------------------- older editions
KEY_PLACE = at(KEY)


def test_the_middle_edition_has_every_element() -> None:
    older, report = convert(DOCUMENT, NEWEST, MIDDLE)
    assert (report.losses, report.assumptions) == ((), ())
    assert parse(write(older, MIDDLE)).document == older == DOCUMENT


def test_what_the_oldest_edition_has_no_place_for_is_told_as_lost() -> None:
    older, report = convert(DOCUMENT, NEWEST, OLDEST)
    gone = "has no place in GLSK_MarketDocument 2.0"
    assert report.losses == (
        f"{ROOT}/docStatus: Status(value='A40') {gone}",
        f"{ROOT}/status: Status(value='A06') {gone}",
        f"{ROOT}/received_MarketDocument.mRID: 'glsk-0' {gone}",
        f"{ROOT}/received_MarketDocument.revisionNumber: '1' {gone}",
        f"{ROOT}/TimeSeries[1]/curveType: 'A03' {gone}",
        f"{KEY_PLACE}/RegisteredResource[1]/marketObjectStatus.status: 'A23' {gone}",
    )
    assert report.assumptions == ()
    assert parse(write(older, OLDEST)).document == older


def test_a_curve_of_fixed_blocks_is_understood_in_the_oldest_edition() -> None:
    fixed = changed(DOCUMENT, series=(changed(SERIES, curve_type="A01"),))
    report = convert(fixed, NEWEST, OLDEST)[1]
    expected = f"{ROOT}/TimeSeries[1]/curveType: 'A01' has no place in GLSK_MarketDocument 2.0"
    assert report.assumptions == (expected,)
    assert expected not in report.losses


NEWER = [
    "docStatus",
    "status",
    "received_MarketDocument.mRID",
    "received_MarketDocument.revisionNumber",
    "TimeSeries/curveType",
    f"{KEY}/RegisteredResource/marketObjectStatus.status",
]


@pytest.mark.parametrize("kept", NEWER)
def test_the_oldest_edition_refuses_each_newer_element(kept: str) -> None:
    text = without(as_edition(TEXT, NEWEST, OLDEST), *(path for path in NEWER if path != kept))
    parent, _, tag = at(kept).rpartition("/")
    assert unreadable(text) == (at(kept), f"an element of {parent.rpartition('/')[2]}", f"<{tag}>", "999")


@pytest.mark.parametrize(("edition", "needs"), [(NEWEST, True), (MIDDLE, True), (OLDEST, False)], ids=str)
def test_only_the_oldest_edition_does_without_a_curve_type(edition: Edition, *, needs: bool) -> None:
    bare = convert(changed(DOCUMENT, series=(changed(SERIES, curve_type=None),)), NEWEST, edition)[0]
    if needs:
        expected = (f"{ROOT}/TimeSeries[1]/curveType", f"at least 1 in {edition}", "0", "999")
        assert unwritable(lambda: write(bare, edition)) == expected
    else:
        assert parse(write(bare, edition)).document == bare


@pytest.mark.parametrize(("edition", "longest"), [(NEWEST, 60), (MIDDLE, 35), (OLDEST, 35)], ids=str)
def test_identifiers_have_the_length_of_the_edition(edition: Edition, longest: int) -> None:
    plain = convert(DOCUMENT, NEWEST, edition)[0]
    fitting = changed(plain, id="x" * longest)
    assert parse(write(fitting, edition)).document == fitting
    too_long, wanted = "x" * (longest + 1), f"at most {longest} characters"
    expected = (f"{ROOT}/mRID", wanted, f"'{too_long}'", "999")
    assert unwritable(lambda: write(changed(plain, id=too_long), edition)) == expected
    text = holding(write(plain, edition).decode(), "mRID", too_long)
    assert findings(text) == [("GEN-004", "999", f"{ROOT}/mRID", wanted, f"'{too_long}'")]


UNWRITABLE: dict[str, tuple[Callable[[], GLSKMarketDocument], str, str]] = {
    "no series": (lambda: changed(DOCUMENT, series=()), "/TimeSeries", "at least 1 in GLSK_MarketDocument 2.2"),
    "a key of another class": (
        lambda: with_point(shift_keys=(RegisteredResource(id=Coded("x", "A01")),)),
        "/TimeSeries[1]/Period[1]/Point[1]/SKBlock_TimeSeries[1]",
        "a SKBlockTimeSeries",
    ),
    "a place in the order that is none": (
        lambda: with_point(shift_keys=(changed(MERIT, merit_order_position=0),)),
        "/TimeSeries[1]/Period[1]/Point[1]/SKBlock_TimeSeries[1]/attributeInstanceComponent.position",
        "a whole number from 1 to 999999",
    ),
}


def with_point(**changes: object) -> GLSKMarketDocument:
    """Return the document with another point."""
    period = SERIES.periods[0]
    moved = changed(period, points=(changed(period.points[0], **changes),))
    return changed(DOCUMENT, series=(changed(SERIES, periods=(moved,)),))


@pytest.mark.parametrize("name", UNWRITABLE)
def test_nothing_wrong_is_written(name: str) -> None:
    build, path, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        write(build(), NEWEST)
    assert (caught.value.path, caught.value.expected) == (f"{ROOT}{path}", expected)
