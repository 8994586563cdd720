"""CRAC_MarketDocument: what each element is read into, what its head means, and its older edition."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.inquiries import Informative
from gateway.model import Party, Role
from gateway.time import Interval
from profiles import convert, parse, write, write_message
from profiles.crac import CRACMarketDocument
from tests.market_values import EIGHT, TSO, WEST
from tests.profiles.documents.crac_document import (
    ACTION,
    DOCUMENT,
    EAST_,
    LIMIT,
    MONITORED,
    NEWER,
    NUMBERED,
    OLDER,
    ROOT,
    SITUATION,
    TEXT,
    at,
)
from tests.profiles.documents.trees import (
    as_edition,
    findings,
    holding,
    meaning,
    received,
    refusal,
    unreadable,
    unwritable,
    without,
)
from tests.wire_values import changed

LETTER = Envelope(
    id="crac-7",
    revision=12,
    document_type="B15",
    process="A44",
    sender=Party(TSO.id, Role.SYSTEM_OPERATOR),
    receiver=Party(dataclasses.replace(TSO.id, value="10X1001A1001A39W"), Role.CAPACITY_COORDINATOR),
    created=datetime(2027, 1, 13, 17, 30, 5, tzinfo=UTC),
    period=Interval(EIGHT, EIGHT.replace(hour=10)),
    domain=WEST,
    message=Informative(document="crac"),
)


def test_every_element_is_read_into_its_field() -> None:
    parsed = parse(TEXT.encode())
    assert parsed.document == DOCUMENT
    assert parsed.edition is NEWER
    assert parsed.report.clean


def test_the_document_is_written_as_the_same_text() -> None:
    assert write(DOCUMENT, NEWER).decode() == TEXT


def test_its_head_is_the_envelope_and_its_content_only_informs() -> None:
    envelope, report = meaning(TEXT)
    assert envelope == received(LETTER, TEXT, NEWER)
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_the_process_of_a_reserve_names_the_reserve_too() -> None:
    envelope, _ = meaning(holding(TEXT, "process.processType", "A47"))
    assert (envelope.process, str(envelope.reserve)) == ("A47", "mFRR")


def test_no_message_of_a_market_is_written_in_it() -> None:
    assert unwritable(lambda: write_message(LETTER, NEWER))[0] == "edition"
    assert unwritable(lambda: write_message(LETTER))[1] == "a document that carries it"


# -------------------------------------------------------------------------------------------------- what has no meaning
def test_a_role_that_the_market_does_not_know_is_refused() -> None:
    path, expected, found, code = refusal(holding(TEXT, "receiver_MarketParticipant.marketRole.type", "A41"))
    assert (path, found, code) == (f"{ROOT}/receiver_MarketParticipant.marketRole.type", "'A41'", "A78")
    assert expected.startswith("one of A04, A49, A50, A11,")


@pytest.mark.parametrize(
    ("who", "tag"), [("sender", "sender_MarketParticipant"), ("receiver", "receiver_MarketParticipant")]
)
def test_a_blank_party_is_refused(who: str, tag: str) -> None:
    assert refusal(holding(TEXT, f"{tag}.mRID", " ")) == (
        f"{ROOT}/{who}_MarketParticipant.mRID",
        "a value and a coding scheme",
        "(' ', 'A01')",
        "A78",
    )


def test_a_blank_domain_is_refused() -> None:
    assert refusal(holding(TEXT, "domain.mRID", "")) == (
        ROOT,
        "AreaId: a value and a coding scheme",
        "('', 'A01')",
        "999",
    )


def test_a_time_without_length_is_refused() -> None:
    path, expected, found, code = refusal(holding(TEXT, "time_Period.timeInterval/end", "2027-01-14T08:00Z"))
    assert path.endswith("timeInterval")
    assert (expected, code) == ("a start before the end", "A04")
    assert found == "2027-01-14T08:00Z/2027-01-14T08:00Z"


# -------------------------------------------------------------------------------------------------------- edition 2.3
ACTION_PLACE = "/TimeSeries[1]/Period[1]/Point[1]/Series[1]/RemedialAction_Series[1]"
OUTAGE_PLACE = "/TimeSeries[1]/Period[1]/Point[1]/Series[1]/Contingency_Series[1]/RegisteredResource[1]"


def test_what_the_older_edition_has_no_place_for_is_told_as_lost() -> None:
    older, report = convert(DOCUMENT, NEWER, OLDER)
    assert report.losses == (
        f"{ROOT}/TimeSeries[1]/currency_Unit.name: 'EUR' has no place in CRAC_MarketDocument 2.3",
        f"{ROOT}/TimeSeries[1]/price_Measurement_Unit.name: 'MWH' has no place in CRAC_MarketDocument 2.3",
        f"{ROOT}{OUTAGE_PLACE}/marketObjectStatus.status: 'A23' has no place in CRAC_MarketDocument 2.3",
        f"{ROOT}{OUTAGE_PLACE}/Measurements: {(LIMIT,)!r} has no place in CRAC_MarketDocument 2.3",
        f"{ROOT}{ACTION_PLACE}/price.amount: Decimal('41.75') has no place in CRAC_MarketDocument 2.3",
        f"{ROOT}{ACTION_PLACE}/RegisteredResource[1]/Measurements: {(LIMIT,)!r} has no place in CRAC_MarketDocument 2.3",
    )
    assert report.assumptions == ()
    again = parse(write(older, OLDER))
    assert (again.document, again.edition) == (older, OLDER)
    assert older.series[0].periods[0].points[0].series[0].monitored == (MONITORED,)


GONE = [
    "TimeSeries/currency_Unit.name",
    "TimeSeries/price_Measurement_Unit.name",
    f"{SITUATION}/Contingency_Series/RegisteredResource/marketObjectStatus.status",
    f"{SITUATION}/Contingency_Series/RegisteredResource/Measurements",
    f"{SITUATION}/RemedialAction_Series/price.amount",
    f"{SITUATION}/RemedialAction_Series/RegisteredResource/Measurements",
]


@pytest.mark.parametrize("kept", GONE)
def test_the_older_edition_refuses_each_newer_element(kept: str) -> None:
    text = without(as_edition(TEXT, NEWER, OLDER), *(path for path in GONE if path != kept))
    *_, parent, tag = ["CRAC_MarketDocument", *kept.split("/")]
    number = "[1]" if parent in NUMBERED else ""
    where, expected, found, code = unreadable(text)
    assert (expected, found, code) == (f"an element of {parent}{number}", f"<{tag}>", "999")
    assert where == at(kept)


def test_the_older_edition_wants_the_kind_of_every_remedial_resource() -> None:
    older = convert(DOCUMENT, NEWER, OLDER)[0]
    text = write(older, OLDER).decode()
    path = f"{SITUATION}/RemedialAction_Series/RegisteredResource/pSRType.psrType"
    assert unreadable(without(text, path)) == (
        at(path),
        "<pSRType.psrType>",
        "<in_Domain.mRID>",
        "A69",
    )
    assert parse(without(TEXT, path).encode()).report.clean


@pytest.mark.parametrize("length", [35, 36])
def test_identifiers_of_the_older_edition_have_35_characters(length: int) -> None:
    older = changed(convert(DOCUMENT, NEWER, OLDER)[0], id="x" * length)
    if length == 35:
        assert parse(write(older, OLDER)).document == older
    else:
        expected = (f"{ROOT}/mRID", "at most 35 characters", f"'{'x' * 36}'", "999")
        assert unwritable(lambda: write(older, OLDER)) == expected
        long = holding(write(changed(older, id="crac-7"), OLDER).decode(), "mRID", "x" * 36)
        assert findings(long) == [("GEN-004", "999", f"{ROOT}/mRID", "at most 35 characters", f"'{'x' * 36}'")]


# ------------------------------------------------------------------------------------------------ what is not written
def with_action(**changes: object) -> CRACMarketDocument:
    """Return the document with another remedial action."""
    (series,) = DOCUMENT.series
    (period,) = series.periods
    (point,) = period.points
    situation = changed(point.series[0], remedial_actions=(changed(ACTION, **changes),))
    moved = changed(period, points=(changed(point, series=(situation,)),))
    return changed(DOCUMENT, series=(changed(series, periods=(moved,)),))


UNWRITABLE: dict[str, tuple[Callable[[], CRACMarketDocument], str, str]] = {
    "a series without time": (
        lambda: changed(DOCUMENT, series=(changed(DOCUMENT.series[0], periods=()),)),
        "/TimeSeries[1]/Period",
        "at least 1 in CRAC_MarketDocument 2.4",
    ),
    "a resource of unknown state": (
        lambda: with_action(resources=(changed(ACTION.resources[0], status=None),)),
        f"{ACTION_PLACE}/RegisteredResource[1]/marketObjectStatus.status",
        "at least 1 in CRAC_MarketDocument 2.4",
    ),
    "a price of 18 digits": (
        lambda: with_action(price=Decimal(10**17)),
        f"{ACTION_PLACE}/price.amount",
        "at most 17 digits",
    ),
    "a kind outside its list": (
        lambda: with_action(business_type="Q9"),
        f"{ACTION_PLACE}/businessType",
        "a value of BusinessTypeList",
    ),
    "an area of another class": (
        lambda: with_action(shared=(EAST_,)),
        f"{ACTION_PLACE}/Shared_Domain[1]",
        "a SharedDomain",
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_nothing_wrong_is_written(name: str) -> None:
    build, path, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        write(build(), NEWER)
    assert (caught.value.path, caught.value.expected) == (f"{ROOT}{path}", expected)
