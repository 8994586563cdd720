"""ResourceScheduleAnomaly_MarketDocument: typed values of a report that informs, and what is refused."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.inquiries import Informative
from gateway.report import Report
from gateway.time import Interval
from profiles import convert, parse, write, write_message
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.lexical import Coded
from profiles.parts import Point, Reason, SeriesPeriod, TimeInterval
from profiles.resource_schedule_anomaly import (
    EDITIONS,
    ResourceScheduleAnomalyMarketDocument,
    SenderOriginalMarketDocument,
    TimeSeries,
)
from tests.market_values import EIGHT, SELLER, TSO, quarter
from tests.profiles.documents.messages import Change, in_edition, opened, refusal, refused, source
from tests.profiles.documents.texts import received, unwritable, without

DATA = source("resource_schedule_anomaly", "6.1/own-plans-differ")
NEWEST, OLDEST = EDITIONS
WEST, EAST = Coded("10YNO-2--------T", "A01"), Coded("10YNO-1--------2", "A01")
PROVIDER, OTHER = Coded("7080000000012", "A10"), Coded("7080000000029", "A10")
HOUR = TimeInterval(start=EIGHT, end=EIGHT + timedelta(hours=1))
HELD = TimeSeries(
    id="held",
    business_type="A95",
    direction="A03",
    product="8716867000016",
    connecting_domain=WEST,
    resource=Coded("NOKG90901", "NNO"),
    provider=PROVIDER,
    substitute_provider=OTHER,
    acquiring_domain=EAST,
    agreement_type="A13",
    agreement="yearly",
    quantity_unit="MAW",
    aggregation="A06",
    curve_type="A01",
    periods=(
        SeriesPeriod(
            interval=TimeInterval(start=quarter(0).start, end=quarter(1).end),
            resolution="PT15M",
            points=(
                Point(position=1, quantity=Decimal(3)),
                Point(position=2, quantity=Decimal("4.25"), reasons=(Reason(code="A30"),)),
            ),
        ),
    ),
    reasons=(Reason(code="A29", text="the buyer says 5"),),
)
BOUGHT = TimeSeries(
    id="bought",
    business_type="A95",
    product="8716867000016",
    connecting_domain=EAST,
    provider=OTHER,
    quantity_unit="MAW",
    periods=(SeriesPeriod(interval=HOUR, resolution="PT60M", points=(Point(position=1, quantity=Decimal(5)),)),),
)
SOLD_PLANS = SenderOriginalMarketDocument(id="plans-7", revision="2", sender=PROVIDER, series=(HELD,))
BOUGHT_PLANS = SenderOriginalMarketDocument(id="plans-8", revision="1", sender=OTHER, series=(BOUGHT,))
DOCUMENT = ResourceScheduleAnomalyMarketDocument(
    id="anomaly-7",
    sender=Coded("10X1001A1001A38Y", "A01"),
    sender_role="A49",
    receiver=PROVIDER,
    receiver_role="A46",
    created=EIGHT - timedelta(hours=1),
    period=HOUR,
    originals=(SOLD_PLANS, BOUGHT_PLANS),
    reasons=(Reason(code="A29", text="plans do not match"),),
)
LETTER = Envelope(
    id="anomaly-7",
    sender=TSO,
    receiver=SELLER,
    created=EIGHT - timedelta(hours=1),
    period=Interval(HOUR.start, HOUR.end),
    message=Informative(document="resource_schedule_anomaly"),
)
UNTYPED = replace(DOCUMENT, originals=(replace(SOLD_PLANS, series=(replace(HELD, curve_type=None),)), BOUGHT_PLANS))


def test_a_report_has_its_typed_values() -> None:
    parsed = parse(DATA)
    assert parsed.document == DOCUMENT
    assert parsed.edition is NEWEST
    assert parsed.report == Report()


def test_its_head_is_an_envelope_that_informs_and_the_digest_is_that_of_the_bytes() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert envelope.digest == hashlib.sha256(DATA).hexdigest()
    assert (envelope.document_type, envelope.process, envelope.domain, envelope.revision) == (None, None, None, 1)
    assert report == Report()


def test_the_values_are_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, NEWEST) == DATA


@pytest.mark.parametrize("change", refused("resource_schedule_anomaly"), ids=str)
def test_a_report_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


def test_a_report_may_name_no_schedule() -> None:
    data = changed(DATA, [("drop", "SenderOriginal_MarketDocument[2]"), ("drop", "SenderOriginal_MarketDocument[1]")])
    assert parse(data).document == replace(DOCUMENT, originals=())
    assert opened(data)[0] == received(LETTER, data, NEWEST)


def test_a_schedule_may_have_several_series_in_question() -> None:
    data = changed(DATA, [("copy", "SenderOriginal_MarketDocument[1]/Sender_TimeSeries")])
    twice = replace(SOLD_PLANS, series=(HELD, HELD))
    assert parse(data).document == replace(DOCUMENT, originals=(twice, BOUGHT_PLANS))


def test_the_series_inform_and_are_not_judged() -> None:
    path = "SenderOriginal_MarketDocument[2]/Sender_TimeSeries/Series_Period/Point/position"
    data = changed(DATA, [("set", path, "9")])
    assert opened(data)[0].message == Informative(document="resource_schedule_anomaly")
    (period,) = BOUGHT.periods
    moved = replace(BOUGHT, periods=(replace(period, points=(replace(period.points[0], position=9),)),))
    assert parse(data).document == replace(DOCUMENT, originals=(SOLD_PLANS, replace(BOUGHT_PLANS, series=(moved,))))


def test_edition_6_0_has_no_curve_type() -> None:
    data = without(in_edition(DATA, "resource_schedule_anomaly", "6.0"), "curveType")
    assert parse(data).document == UNTYPED
    assert opened(data)[0] == received(LETTER, data, OLDEST)
    assert write(UNTYPED, OLDEST) == data


@pytest.mark.parametrize(("curve", "said"), [("A01", "assumptions"), ("A03", "losses")])
def test_a_curve_of_fixed_blocks_is_understood_in_edition_6_0_and_another_is_lost(curve: str, said: str) -> None:
    sold = replace(SOLD_PLANS, series=(replace(HELD, curve_type=curve),))
    document, report = convert(replace(DOCUMENT, originals=(sold, BOUGHT_PLANS)), NEWEST, OLDEST)
    path = "/ResourceScheduleAnomaly_MarketDocument/SenderOriginal_MarketDocument[1]/Sender_TimeSeries[1]/curveType"
    assert document == UNTYPED
    assert getattr(report, said) == (f"{path}: '{curve}' has no place in {OLDEST}",)
    assert len(report.assumptions + report.losses) == 1


@pytest.mark.parametrize(("edition", "longest"), [(NEWEST, 60), (OLDEST, 18)], ids=str)
def test_identifiers_of_resources_grew_with_edition_6_1(edition: Edition, longest: int) -> None:
    def with_resource(length: int) -> ResourceScheduleAnomalyMarketDocument:
        series = replace(BOUGHT, resource=Coded("x" * length, "NNO"))
        return replace(DOCUMENT, originals=(replace(BOUGHT_PLANS, series=(series,)),))

    assert parse(write(with_resource(longest), edition)).document == with_resource(longest)
    assert unwritable(lambda: write(with_resource(longest + 1), edition)) == (
        "/ResourceScheduleAnomaly_MarketDocument/SenderOriginal_MarketDocument[1]/Sender_TimeSeries[1]/registeredResource.mRID",
        f"at most {longest} characters",
        f"Coded(value='{'x' * (longest + 1)}', scheme='NNO')",
    )


def test_no_letter_of_a_market_is_written_as_this_report() -> None:
    carries = "a document that carries it"
    assert unwritable(lambda: write_message(LETTER)) == ("edition", carries, "None")
    assert unwritable(lambda: write_message(LETTER, NEWEST)) == ("edition", carries, str(NEWEST))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (replace(DOCUMENT, reasons=()), "Reason"),
        (
            replace(DOCUMENT, originals=(replace(SOLD_PLANS, series=()),)),
            "SenderOriginal_MarketDocument[1]/Sender_TimeSeries",
        ),
        (
            replace(DOCUMENT, originals=(SOLD_PLANS, replace(BOUGHT_PLANS, series=(replace(BOUGHT, periods=()),)))),
            "SenderOriginal_MarketDocument[2]/Sender_TimeSeries[1]/Series_Period",
        ),
    ],
    ids=["no reason", "no series", "no time"],
)
def test_a_report_that_is_none_is_not_written(document: ResourceScheduleAnomalyMarketDocument, path: str) -> None:
    said = f"/ResourceScheduleAnomaly_MarketDocument/{path}", f"at least 1 in {NEWEST}", "0"
    assert unwritable(lambda: write(document, NEWEST)) == said
