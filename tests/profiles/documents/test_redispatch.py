"""Redispatch_MarketDocument: agreed redispatch and countertrade, which the gateway reads for information."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId
from gateway.inquiries import Informative
from gateway.model import Party, Role
from gateway.time import Interval
from profiles import convert, parse, redispatch, write
from profiles.cases.edits import changed
from profiles.lexical import Coded
from profiles.parts import Reason, TimeInterval
from profiles.redispatch import Point, RedispatchMarketDocument, SeriesPeriod, TimeSeries
from tests.profiles.documents.messages import Change, declared, in_edition, opened, refusal, refused, source
from tests.wire_values import changed as exchanged

AGREED = source("redispatch", "6.1/own-countertrade")
EDITIONS = {edition.name: edition for edition in redispatch.EDITIONS}
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = Interval(TEN, TEN + timedelta(hours=1))
WIRE_HOUR = TimeInterval(start=HOUR.start, end=HOUR.end)
LETTER = Envelope(
    id="rd-1",
    revision=4,
    document_type="A91",
    sender=Party(PartyId("10X1001A1001A248", "A01"), Role.SYSTEM_OPERATOR),
    receiver=Party(PartyId("10X1001A1001A418", "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR),
    created=HOUR.end,
    period=HOUR,
    domain=AreaId("10YDK-1--------W", "A01"),
    subject=Party(PartyId("9999909919939", "A10"), Role.BALANCE_RESPONSIBLE_PARTY),
    message=Informative(document="redispatch"),
)
SERIES = TimeSeries(
    id="up",
    dispatcher_name="Energinet",
    business_type="B03",
    impacted_domain=Coded("10YDK-2--------M", "A01"),
    direction="A01",
    quantity_unit="MAW",
    agreement="agreed",
    resource=Coded("45W000000000046I", "A01"),
    currency="DKK",
    price_unit="MWH",
    total_price=Decimal("12345.67"),
    total_price_direction="A01",
    curve_type="A01",
    periods=(
        SeriesPeriod(
            interval=WIRE_HOUR,
            resolution="PT30M",
            points=(
                Point(
                    position=1,
                    quantity=Decimal(100),
                    price_category="A04",
                    price=Decimal("55.5"),
                    price_direction="A02",
                ),
                Point(position=2, quantity=Decimal(80)),
            ),
        ),
    ),
)
DOCUMENT = RedispatchMarketDocument(
    id="rd-1",
    revision="4",
    type="A91",
    sender=Coded("10X1001A1001A248", "A01"),
    sender_role="A04",
    receiver=Coded("10X1001A1001A418", "A01"),
    receiver_role="A49",
    created=HOUR.end,
    period=WIRE_HOUR,
    domain=Coded("10YDK-1--------W", "A01"),
    subject=Coded("9999909919939", "A10"),
    subject_role="A08",
    series=(SERIES,),
    reasons=(Reason(code="B41", text="line 3 is out"),),
)


def test_redispatch_is_read_element_by_element() -> None:
    parsed = parse(AGREED)
    assert parsed.document == DOCUMENT
    assert parsed.report.clean


def test_it_is_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, EDITIONS["6.1"]) == AGREED


def test_the_head_is_known_and_the_content_stays_as_it_is() -> None:
    found, report = opened(AGREED)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.assumptions, report.losses) == ((), ())
    assert (found.process, found.reserve) == (None, None)


@pytest.mark.parametrize("code", ["A63", "A91", "A96"])
def test_each_kind_of_redispatch_informs(code: str) -> None:
    found, _ = opened(changed(AGREED, [("set", "type", code)]))
    assert (found.document_type, found.message) == (code, Informative(document="redispatch"))


@pytest.mark.parametrize(
    ("code", "role"), [("A08", Role.BALANCE_RESPONSIBLE_PARTY), ("A50", Role.DISTRIBUTION_SYSTEM_OPERATOR)]
)
def test_it_is_about_its_subject(code: str, role: Role) -> None:
    found, _ = opened(changed(AGREED, [("set", "subject_MarketParticipant.marketRole.type", code)]))
    assert found.subject == Party(PartyId("9999909919939", "A10"), role)


@pytest.mark.parametrize("change", refused("redispatch"), ids=str)
def test_what_breaks_the_document_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


# -------------------------------------------------------------------------------------------------------- the editions
DECLARED = """
mRID ID_String 1 1
dispatcher_MarketParticipant.name string 1 1
businessType BusinessTypeList 1 1
impacted_Domain.mRID AreaID_String 1 1
flowDirection.direction DirectionTypeList 1 1
measurement_Unit.name UnitOfMeasureTypeList 1 1
marketAgreement.mRID ID_String 0 1
registeredResource.mRID ResourceID_String 0 1
currency_Unit.name CurrencyTypeList 0 1
price_Measurement_Unit.name UnitOfMeasureTypeList 0 1
total_Price.amount Amount_Decimal 0 1
total_Price.direction PriceDirectionTypeList 0 1
curveType CurveTypeList 0 1
Period SeriesPeriod 1 -
"""


@pytest.mark.parametrize(("name", "without"), [("6.1", ""), ("6.0", "curveType CurveTypeList 0 1\n")])
def test_a_series_has_these_elements_in_this_order(name: str, without: str) -> None:
    assert declared(EDITIONS[name], TimeSeries) == DECLARED.replace(without, "").split("\n")[1:-1]


def test_a_point_has_a_quantity_and_a_price_with_its_direction() -> None:
    assert declared(EDITIONS["6.1"], Point) == [
        "position Position_Integer 1 1",
        "quantity decimal 1 1",
        "price.category PriceCategoryTypeList 0 1",
        "price.amount Amount_Decimal 0 1",
        "price.direction PriceDirectionTypeList 0 1",
    ]


def test_the_older_edition_says_the_same_but_for_the_curve_that_it_means_anyway() -> None:
    carried, report = convert(DOCUMENT, EDITIONS["6.1"], EDITIONS["6.0"])
    assert carried == exchanged(DOCUMENT, series=(exchanged(SERIES, curve_type=None),))
    place = "/Redispatch_MarketDocument/TimeSeries[1]/curveType"
    assert report.assumptions == (f"{place}: 'A01' has no place in Redispatch_MarketDocument 6.0",)
    assert report.losses == ()
    older = in_edition(AGREED, "redispatch", "6.0").replace(b"    <curveType>A01</curveType>\n", b"")
    assert write(carried, EDITIONS["6.0"]) == older
    assert parse(older).document == carried


def test_another_curve_is_lost_in_the_older_edition() -> None:
    curved = exchanged(DOCUMENT, series=(exchanged(SERIES, curve_type="A03"),))
    _, report = convert(curved, EDITIONS["6.1"], EDITIONS["6.0"])
    place = "/Redispatch_MarketDocument/TimeSeries[1]/curveType"
    assert report.losses == (f"{place}: 'A03' has no place in Redispatch_MarketDocument 6.0",)


UNWRITABLE = [
    (DOCUMENT, "6.0", "TimeSeries[1]/curveType", "no such element in Redispatch_MarketDocument 6.0"),
    (exchanged(DOCUMENT, series=()), "6.1", "TimeSeries", "at least 1 in Redispatch_MarketDocument 6.1"),
    (
        exchanged(DOCUMENT, subject=None),
        "6.1",
        "subject_MarketParticipant.mRID",
        "at least 1 in Redispatch_MarketDocument 6.1",
    ),
    (exchanged(DOCUMENT, revision="0"), "6.1", "revisionNumber", "a whole number from 1 to 999, no leading zero"),
    (
        exchanged(DOCUMENT, series=(exchanged(SERIES, total_price=Decimal("Infinity")),)),
        "6.1",
        "TimeSeries[1]/total_Price.amount",
        "a finite number",
    ),
]


@pytest.mark.parametrize(
    ("document", "name", "path", "expected"),
    UNWRITABLE,
    ids=["curve in 6.0", "no series", "no subject", "revision 0", "endless price"],
)
def test_what_the_edition_cannot_hold_is_not_written(
    document: RedispatchMarketDocument, name: str, path: str, expected: str
) -> None:
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert (caught.value.path, caught.value.expected) == (f"/Redispatch_MarketDocument/{path}", expected)


def test_nothing_of_a_market_is_written_in_it() -> None:
    assert redispatch.MESSAGES == ()
    assert not hasattr(redispatch, "from_canonical")
