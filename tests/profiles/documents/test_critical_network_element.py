"""CriticalNetworkElement_MarketDocument: what each element is read into, what its head means, and its older editions."""

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
from profiles.critical_network_element import CriticalNetworkElementMarketDocument
from profiles.edition import Edition
from tests.market_values import EIGHT, TSO, WEST
from tests.profiles.documents.critical_network_element_document import (
    ACTION,
    BORDER,
    DOCUMENT,
    FLOW,
    MIDDLE,
    NEWEST,
    OLDEST,
    POINT,
    ROOT,
    SITUATION,
    SITUATION_VALUE,
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
    id="cne-7",
    revision=3,
    document_type="B06",
    process="A44",
    sender=Party(dataclasses.replace(TSO.id, value="10X1001A1001A39W"), Role.REGIONAL_SECURITY_COORDINATOR),
    receiver=Party(TSO.id, Role.SYSTEM_OPERATOR),
    created=datetime(2027, 1, 13, 19, 0, 59, tzinfo=UTC),
    period=Interval(EIGHT, EIGHT.replace(hour=10)),
    domain=WEST,
    message=Informative(document="critical_network_element"),
)


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


def test_it_may_be_about_no_area() -> None:
    text = without(TEXT, "domain.mRID")
    assert meaning(text)[0] == received(dataclasses.replace(LETTER, domain=None), text, NEWEST)


def test_a_time_stamp_is_turned_into_utc() -> None:
    path = f"{SITUATION}/Monitored_Series/RegisteredResource/Measurements/analogValues.timeStamp"
    assert parse(holding(TEXT, path, "2027-01-14T01:00:00.25+01:30").encode()).document == DOCUMENT


def test_no_message_of_a_market_is_written_in_it() -> None:
    assert unwritable(lambda: write_message(LETTER, NEWEST))[0] == "edition"


# -------------------------------------------------------------------------------------------------- what has no meaning
def test_a_role_that_the_market_does_not_know_is_refused() -> None:
    path, expected, found, code = refusal(holding(TEXT, "sender_MarketParticipant.marketRole.type", "A41"))
    assert (path, found, code) == (f"{ROOT}/sender_MarketParticipant.marketRole.type", "'A41'", "A78")
    assert expected.startswith("one of A04, A49, A50, A11,")


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_a_blank_party_is_refused(who: str) -> None:
    path = f"{who}_MarketParticipant.mRID"
    assert refusal(holding(TEXT, path, "")) == (f"{ROOT}/{path}", "a value and a coding scheme", "('', 'A01')", "A78")


def test_a_time_that_runs_backwards_is_refused() -> None:
    _, expected, found, code = refusal(holding(TEXT, "time_Period.timeInterval/end", "2027-01-14T07:00Z"))
    assert (expected, found, code) == ("a start before the end", "2027-01-14T08:00Z/2027-01-14T07:00Z", "A04")


# ------------------------------------------------------------------------------------------------------- older editions
CONSTRAINT = f"{at(SITUATION)}"
OUTAGE = f"{CONSTRAINT}/Contingency_Series[1]/RegisteredResource[1]"
WATCHED = f"{CONSTRAINT}/Monitored_Series[1]/RegisteredResource[1]"
ACTING = f"{CONSTRAINT}/RemedialAction_Series[1]"


def gone(where: str, value: object, edition: Edition) -> str:
    return f"{where}: {value!r} has no place in {edition}"


def test_the_middle_edition_has_no_measurements_of_what_fails() -> None:
    older, report = convert(DOCUMENT, NEWEST, MIDDLE)
    assert report.losses == (gone(f"{OUTAGE}/Measurements", (FLOW,), MIDDLE),)
    assert report.assumptions == ()
    again = parse(write(older, MIDDLE))
    assert (again.document, again.edition) == (older, MIDDLE)


def test_what_the_oldest_edition_has_no_place_for_is_told_as_lost() -> None:
    older, report = convert(DOCUMENT, NEWEST, OLDEST)
    assert report.losses == tuple(
        gone(where, value, OLDEST)
        for where, value in [
            (f"{ROOT}/TimeSeries[1]/currency_Unit.name", "EUR"),
            (f"{ROOT}/TimeSeries[1]/price_Measurement_Unit.name", "MWH"),
            (f"{CONSTRAINT}/constraintStatus_MarketObjectStatus.status", "A55"),
            (f"{OUTAGE}/pSRType.psrType", "B21"),
            (f"{OUTAGE}/location.name", "northern valley"),
            (f"{OUTAGE}/Measurements", (FLOW,)),
            (f"{WATCHED}/pSRType.psrType", "B21"),
            (f"{WATCHED}/location.name", "southern valley"),
            (f"{ACTING}/price.amount", Decimal("41.75")),
            (f"{ACTING}/RegisteredResource[1]/Measurements", (FLOW,)),
        ]
    )
    assert parse(write(older, OLDEST)).document == older


def test_a_currency_of_the_situation_and_the_kind_of_an_acting_resource_are_kept_in_the_oldest() -> None:
    older = convert(DOCUMENT, NEWEST, OLDEST)[0]
    kept = older.series[0].periods[0].points[0].constraints[0]
    assert (kept.currency, kept.shadow_price_unit) == ("EUR", "MWH")
    assert kept.remedial_actions[0].resources[0].psr_type == "B11"
    assert older.series[0].periods[0].points[0].borders == (BORDER,)


NEWER = {
    MIDDLE: [f"{SITUATION}/Contingency_Series/RegisteredResource/Measurements"],
    OLDEST: [
        "TimeSeries/currency_Unit.name",
        "TimeSeries/price_Measurement_Unit.name",
        f"{SITUATION}/constraintStatus_MarketObjectStatus.status",
        f"{SITUATION}/Contingency_Series/RegisteredResource/Measurements",
        f"{SITUATION}/Contingency_Series/RegisteredResource/pSRType.psrType",
        f"{SITUATION}/Contingency_Series/RegisteredResource/location.name",
        f"{SITUATION}/Monitored_Series/RegisteredResource/pSRType.psrType",
        f"{SITUATION}/Monitored_Series/RegisteredResource/location.name",
        f"{SITUATION}/RemedialAction_Series/price.amount",
        f"{SITUATION}/RemedialAction_Series/RegisteredResource/Measurements",
    ],
}


@pytest.mark.parametrize(
    ("edition", "kept"),
    [pytest.param(edition, path, id=f"{edition} {path}") for edition, paths in NEWER.items() for path in paths],
)
def test_an_older_edition_refuses_each_newer_element(edition: Edition, kept: str) -> None:
    others = [path for path in NEWER[edition] if path != kept]
    above, _, tag = at(kept).rpartition("/")
    parent = above.rpartition("/")[2]
    name = tag.partition("[")[0]
    text = without(as_edition(TEXT, NEWEST, edition), *others)
    assert unreadable(text) == (at(kept), f"an element of {parent}", f"<{name}>", "999")


@pytest.mark.parametrize(("edition", "longest"), [(NEWEST, 60), (MIDDLE, 60), (OLDEST, 35)], ids=str)
def test_identifiers_have_the_length_of_the_edition(edition: Edition, longest: int) -> None:
    plain = changed(DOCUMENT, series=())
    fitting = changed(plain, id="x" * longest)
    assert parse(write(fitting, edition)).document == fitting
    too_long = "x" * (longest + 1)
    wanted = f"at most {longest} characters"
    expected = (f"{ROOT}/mRID", wanted, f"'{too_long}'", "999")
    assert unwritable(lambda: write(changed(plain, id=too_long), edition)) == expected
    text = holding(write(plain, edition).decode(), "mRID", too_long)
    assert findings(text) == [("GEN-004", "999", f"{ROOT}/mRID", wanted, f"'{too_long}'")]


# ------------------------------------------------------------------------------------------------ what is not written
def with_situation(**changes: object) -> CriticalNetworkElementMarketDocument:
    """Return the document with another situation."""
    (series,) = DOCUMENT.series
    (period,) = series.periods
    point = changed(period.points[0], constraints=(changed(SITUATION_VALUE, **changes),))
    return changed(DOCUMENT, series=(changed(series, periods=(changed(period, points=(point,)),)),))


UNWRITABLE: dict[str, tuple[Callable[[], CriticalNetworkElementMarketDocument], str, str]] = {
    "a situation without identifier": (
        lambda: with_situation(id=None),
        f"{CONSTRAINT}/mRID",
        "at least 1 in CriticalNetworkElement_MarketDocument 2.5",
    ),
    "a day that does not exist": (
        lambda: with_situation(reference_date="2027-02-30"),
        f"{CONSTRAINT}/referenceCalculation_DateAndOrTime.date",
        "a date YYYY-MM-DD that exists",
    ),
    "a time without seconds": (
        lambda: with_situation(reference_time="18:30"),
        f"{CONSTRAINT}/referenceCalculation_DateAndOrTime.time",
        "a time hh:mm:ss",
    ),
    "a resource of no kind": (
        lambda: with_situation(
            remedial_actions=(changed(ACTION, resources=(changed(ACTION.resources[0], psr_type=None),)),)
        ),
        f"{ACTING}/RegisteredResource[1]/pSRType.psrType",
        "at least 1 in CriticalNetworkElement_MarketDocument 2.5",
    ),
    "a margin that is no number": (
        lambda: with_situation(external_constraint=Decimal("NaN")),
        f"{CONSTRAINT}/externalConstraint_Quantity.quantity",
        "a finite number",
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_nothing_wrong_is_written(name: str) -> None:
    build, path, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        write(build(), NEWEST)
    assert (caught.value.path, caught.value.expected) == (path, expected)


def test_borders_stand_before_situations() -> None:
    assert TEXT.index("<Border_Series>") < TEXT.index("<Constraint_Series>")
    text = TEXT.replace("Border_Series", "Line_Series")
    assert unreadable(text)[:2] == (f"{at(POINT)}/Line_Series", "an element of Point[1]")
