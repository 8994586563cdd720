"""HistoricalActivation_MarketDocument: what was activated in the past, read for information."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId
from gateway.inquiries import Informative
from gateway.model import Party, Reserve, Role
from gateway.time import market_day
from profiles import convert, historical_activation, parse, write
from profiles.cases.edits import changed
from profiles.historical_activation import HistoricalActivationMarketDocument, TimeSeries
from profiles.lexical import Coded
from profiles.parts import Point, Reason, SeriesPeriod, TimeInterval
from tests.profiles.documents.messages import Change, declared, in_edition, opened, refusal, refused, source
from tests.wire_values import changed as exchanged

DETAILED = source("historical_activation", "6.1/own-detailed")
EDITIONS = {edition.name: edition for edition in historical_activation.EDITIONS}
DAY = market_day(date(2026, 3, 29))
DK1 = Coded("10YDK-1--------W", "A01")
ENERGINET, SWEDEN = Coded("10X1001A1001A248", "A01"), Coded("10X1001A1001A418", "A01")
START = datetime(2026, 3, 29, 0, 15, tzinfo=UTC)
CREATED = datetime(2026, 3, 29, 22, 10, tzinfo=UTC)
LETTER = Envelope(
    id="ha-1",
    revision=4,
    document_type="A97",
    process="A47",
    reserve=Reserve.MFRR,
    sender=Party(PartyId(ENERGINET.value, "A01"), Role.SYSTEM_OPERATOR),
    receiver=Party(PartyId(SWEDEN.value, "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR),
    created=CREATED,
    period=DAY,
    domain=AreaId(DK1.value, DK1.scheme),
    message=Informative(document="historical_activation"),
)
SERIES = TimeSeries(
    activation="order-9",
    activation_revision="2",
    activation_process="A60",
    requester=SWEDEN,
    activator=ENERGINET,
    activation_period=TimeInterval(start=START, end=START + timedelta(hours=1)),
    id="bid-1",
    provider=Coded("9999909919920", "A10"),
    business_type="A97",
    acquiring_domain=DK1,
    connecting_domain=DK1,
    quantity_unit="MAW",
    direction="A02",
    status="A07",
    resource=Coded("45W000000000046I", "A01"),
    curve_type="A01",
    periods=(
        SeriesPeriod(
            interval=TimeInterval(start=START, end=START + timedelta(minutes=30)),
            resolution="PT15M",
            points=(Point(position=1, quantity=Decimal(5)), Point(position=2, quantity=Decimal("7.25"))),
        ),
    ),
    reasons=(Reason(code="B49"),),
)
DOCUMENT = HistoricalActivationMarketDocument(
    id="ha-1",
    revision="4",
    type="A97",
    process="A47",
    sender=ENERGINET,
    sender_role="A04",
    receiver=SWEDEN,
    receiver_role="A49",
    created=CREATED,
    period=TimeInterval(start=DAY.start, end=DAY.end),
    domain=DK1,
    series=(SERIES,),
)


def test_past_activations_are_read_element_by_element() -> None:
    parsed = parse(DETAILED)
    assert parsed.document == DOCUMENT
    assert parsed.report.clean


def test_they_are_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, EDITIONS["6.1"]) == DETAILED


def test_the_head_is_known_and_the_content_stays_as_it_is() -> None:
    found, report = opened(DETAILED)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.assumptions, report.losses) == ((), ())


@pytest.mark.parametrize("code", ["A97", "A98"])
def test_detailed_and_aggregated_activations_inform(code: str) -> None:
    found, _ = opened(changed(DETAILED, [("set", "type", code)]))
    assert (found.document_type, found.message) == (code, Informative(document="historical_activation"))


@pytest.mark.parametrize(
    ("dropped", "name"), [("process.processType", "process"), ("domain.mRID", "domain"), ("TimeSeries", "subject")]
)
def test_a_head_may_leave_out_process_and_domain_and_a_day_may_have_no_activation(dropped: str, name: str) -> None:
    found, _ = opened(changed(DETAILED, [("drop", dropped)]))
    assert getattr(found, name) is None
    assert found.message == Informative(document="historical_activation")


@pytest.mark.parametrize(("code", "reserve"), [("A60", Reserve.MFRR), ("A51", Reserve.AFRR), ("A01", None)])
def test_the_process_names_the_reserve_where_it_is_one_of_a_reserve(code: str, reserve: Reserve | None) -> None:
    assert opened(changed(DETAILED, [("set", "process.processType", code)]))[0].reserve is reserve


@pytest.mark.parametrize("change", refused("historical_activation"), ids=str)
def test_what_breaks_the_document_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


# -------------------------------------------------------------------------------------------------------- the editions
DECLARED = """
activation_Original_MarketDocument.mRID ID_String 0 1
activation_Original_MarketDocument.revisionNumber ESMPVersion_String 0 1
activation_Original_MarketDocument.activation_Process.processType ProcessTypeList 0 1
activation_Original_MarketDocument.requesting_MarketParticipant.mRID PartyID_String 0 1
activation_Original_MarketDocument.activating_MarketParticipant.mRID PartyID_String 0 1
activation_Original_MarketDocument.activationTime_Period.timeInterval TimeInterval 0 1
mRID ID_String 1 1
resourceProvider_MarketParticipant.mRID PartyID_String 1 1
businessType BusinessTypeList 1 1
acquiring_Domain.mRID AreaID_String 1 1
connecting_Domain.mRID AreaID_String 1 1
measurement_Unit.name UnitOfMeasureTypeList 1 1
flowDirection.direction DirectionTypeList 1 1
marketObjectStatus.status StatusTypeList 1 1
registeredResource.mRID ResourceID_String 0 1
curveType CurveTypeList 0 1
Period SeriesPeriod 0 -
Reason Reason 0 -
"""


@pytest.mark.parametrize(("name", "without"), [("6.1", ""), ("6.0", "curveType CurveTypeList 0 1\n")])
def test_a_series_has_these_elements_in_this_order(name: str, without: str) -> None:
    assert declared(EDITIONS[name], TimeSeries) == DECLARED.replace(without, "").split("\n")[1:-1]


def test_the_older_edition_says_the_same_but_for_the_curve_that_it_means_anyway() -> None:
    carried, report = convert(DOCUMENT, EDITIONS["6.1"], EDITIONS["6.0"])
    assert carried == exchanged(DOCUMENT, series=(exchanged(SERIES, curve_type=None),))
    assert report.losses == ()
    older = in_edition(DETAILED, "historical_activation", "6.0").replace(b"    <curveType>A01</curveType>\n", b"")
    assert write(carried, EDITIONS["6.0"]) == older
    assert parse(older).document == carried
    assert parse(older).edition is EDITIONS["6.0"]


LONG_RESOURCE = exchanged(SERIES, curve_type=None, resource=Coded("r" * 19, "NNO"))
UNWRITABLE = [
    (DOCUMENT, "6.0", "TimeSeries[1]/curveType", "no such element in HistoricalActivation_MarketDocument 6.0"),
    (
        exchanged(DOCUMENT, series=(LONG_RESOURCE,)),
        "6.0",
        "TimeSeries[1]/registeredResource.mRID",
        "at most 18 characters",
    ),
    (exchanged(DOCUMENT, id="d" * 36, series=()), "6.0", "mRID", "at most 35 characters"),
    (exchanged(DOCUMENT, id="d" * 61), "6.1", "mRID", "at most 60 characters"),
    (
        exchanged(DOCUMENT, sender_role="Z49"),
        "6.1",
        "sender_MarketParticipant.marketRole.type",
        "a value of RoleTypeList",
    ),
]


@pytest.mark.parametrize(
    ("document", "name", "path", "expected"),
    UNWRITABLE,
    ids=["curve in 6.0", "long resource in 6.0", "long id in 6.0", "long id", "local role"],
)
def test_what_the_edition_cannot_hold_is_not_written(
    document: HistoricalActivationMarketDocument, name: str, path: str, expected: str
) -> None:
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert (caught.value.path, caught.value.expected) == (f"/HistoricalActivation_MarketDocument/{path}", expected)


def test_nothing_of_a_market_is_written_in_it() -> None:
    assert historical_activation.MESSAGES == ()
    assert not hasattr(historical_activation, "from_canonical")
