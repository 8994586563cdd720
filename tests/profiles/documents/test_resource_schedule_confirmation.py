"""ResourceScheduleConfirmation_MarketDocument: typed values of an answer that informs, and what is refused."""

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
from profiles.resource_schedule_confirmation import (
    EDITIONS,
    OriginalMarketDocument,
    PlannedResourceTimeSeries,
    ResourceScheduleConfirmationMarketDocument,
    UnavailableReserveTimeSeries,
)
from tests.market_values import EIGHT, SELLER, TSO, quarter
from tests.profiles.documents.messages import Change, in_edition, opened, refusal, refused, source
from tests.profiles.documents.texts import received, unwritable, without
from tests.wire_values import changed as with_changes

DATA = source("resource_schedule_confirmation", "6.2/own-in-part")
NEWEST, MIDDLE, OLDEST = EDITIONS
WEST, EAST = Coded("10YNO-2--------T", "A01"), Coded("10YNO-1--------2", "A01")
PROVIDER, SUBSTITUTE = Coded("7080000000012", "A10"), Coded("7080000000029", "A10")
UNIT, OTHER_UNIT = Coded("NOKG90901", "NNO"), Coded("NOKG90902", "NNO")
PLAN = PlannedResourceTimeSeries(
    id="held",
    business_type="A95",
    direction="A03",
    product="8716867000016",
    connecting_domain=WEST,
    resource=UNIT,
    provider=PROVIDER,
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
                Point(position=1, quantity=Decimal(-3)),
                Point(position=2, quantity=Decimal("4.25"), reasons=(Reason(code="A30"),)),
            ),
        ),
    ),
    reasons=(Reason(code="A07", text="in part"),),
)
MISSING = UnavailableReserveTimeSeries(
    id="missing",
    business_type="A97",
    direction="A01",
    product="8716867000016",
    connecting_domain=WEST,
    resource=UNIT,
    substitute_resource=OTHER_UNIT,
    provider=PROVIDER,
    substitute_provider=SUBSTITUTE,
    substitute_provider_role="A27",
    acquiring_domain=EAST,
    agreement_type="A13",
    agreement="a",
    quantity_unit="MAW",
    aggregation="A06",
    curve_type="A03",
    periods=(
        SeriesPeriod(
            interval=TimeInterval(start=quarter(2).start, end=quarter(3).end),
            resolution="PT15M",
            points=(Point(position=1, quantity=Decimal(5)),),
        ),
    ),
    reasons=(Reason(code="A06"),),
)
ORIGINAL = OriginalMarketDocument(
    id="plans-7",
    revision="2",
    domain=WEST,
    subject=PROVIDER,
    subject_role="A46",
    process="A01",
    planned=(PLAN,),
    unavailable=(MISSING,),
)
DOCUMENT = ResourceScheduleConfirmationMarketDocument(
    id="confirmation-7",
    type="A08",
    sender=Coded("10X1001A1001A38Y", "A01"),
    sender_role="A49",
    receiver=PROVIDER,
    receiver_role="A46",
    created=EIGHT - timedelta(hours=1),
    period=TimeInterval(start=EIGHT, end=EIGHT + timedelta(hours=1)),
    original=ORIGINAL,
    reasons=(Reason(code="A07"), Reason(code="A95", text="unit 7")),
)
LETTER = Envelope(
    id="confirmation-7",
    document_type="A08",
    sender=TSO,
    receiver=SELLER,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=1)),
    message=Informative(document="resource_schedule_confirmation"),
)
PLAIN = replace(MISSING, resource=None, substitute_resource=None, substitute_provider_role=None)


def answering(
    *, planned: PlannedResourceTimeSeries = PLAN, missing: UnavailableReserveTimeSeries
) -> ResourceScheduleConfirmationMarketDocument:
    """Return DOCUMENT about other series."""
    return replace(DOCUMENT, original=replace(ORIGINAL, planned=(planned,), unavailable=(missing,)))


def test_an_answer_has_its_typed_values() -> None:
    parsed = parse(DATA)
    assert parsed.document == DOCUMENT
    assert parsed.edition is NEWEST
    assert parsed.report == Report()


def test_its_head_is_an_envelope_that_informs_and_the_digest_is_that_of_the_bytes() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert envelope.digest == hashlib.sha256(DATA).hexdigest()
    assert (envelope.revision, envelope.process, envelope.domain, envelope.subject) == (1, None, None, None)
    assert report == Report()


def test_the_values_are_written_as_the_same_bytes() -> None:
    assert write(DOCUMENT, NEWEST) == DATA


@pytest.mark.parametrize("change", refused("resource_schedule_confirmation"), ids=str)
def test_an_answer_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("Original_MarketDocument/PlannedResource_TimeSeries", {"planned": ()}),
        ("Original_MarketDocument/UnavailableReserve_TimeSeries", {"unavailable": ()}),
        ("Original_MarketDocument/domain.mRID", {"domain": None}),
        ("Original_MarketDocument/process.processType", {"process": None}),
        ("Original_MarketDocument/subject_MarketParticipant.mRID", {"subject": None}),
        ("Original_MarketDocument/subject_MarketParticipant.marketRole.type", {"subject_role": None}),
    ],
)
def test_what_need_not_be_said_of_the_schedule_is_absent(path: str, values: dict[str, object]) -> None:
    data = changed(DATA, [("drop", path)])
    assert parse(data).document == replace(DOCUMENT, original=with_changes(ORIGINAL, **values))
    assert opened(data)[0] == received(LETTER, data, NEWEST)


@pytest.mark.parametrize("code", ["A07", "A08", "A18"])
def test_the_type_is_kept(code: str) -> None:
    assert opened(changed(DATA, [("set", "type", code)]))[0].document_type == code


def test_the_series_inform_and_are_not_judged() -> None:
    data = changed(DATA, [("set", "Original_MarketDocument/PlannedResource_TimeSeries/product", "8716867000023")])
    assert parse(data).document == answering(planned=replace(PLAN, product="8716867000023"), missing=MISSING)
    assert opened(data)[0].message == Informative(document="resource_schedule_confirmation")


SUBSTITUTES = ("substitute_RegisteredResource.mRID", "substituteResourceProvider_MarketParticipant.marketRole.type")


def older(edition: Edition, *tags: str) -> bytes:
    """Return the text of an older edition, without what missing reserve says since edition 6.2 and without *tags*."""
    path = "Original_MarketDocument/UnavailableReserve_TimeSeries/registeredResource.mRID"
    data = without(in_edition(DATA, "resource_schedule_confirmation", edition.name), *SUBSTITUTES, *tags)
    return changed(data, [("drop", path)])


def test_edition_6_1_says_less_of_missing_reserve() -> None:
    data = older(MIDDLE)
    assert parse(data).document == answering(missing=PLAIN)
    assert opened(data)[0] == received(LETTER, data, MIDDLE)
    assert parse(write(answering(missing=PLAIN), MIDDLE)).document == answering(missing=PLAIN)


def test_edition_6_0_has_no_curve_type_either() -> None:
    data = older(OLDEST, "curveType")
    expected = answering(planned=replace(PLAN, curve_type=None), missing=replace(PLAIN, curve_type=None))
    assert parse(data).document == expected
    assert opened(data)[0] == received(LETTER, data, OLDEST)
    assert parse(write(expected, OLDEST)).document == expected


def test_to_edition_6_0_all_that_is_dropped_is_said() -> None:
    document, report = convert(DOCUMENT, NEWEST, OLDEST)
    series = "/ResourceScheduleConfirmation_MarketDocument/Original_MarketDocument/{}"
    planned = series.format("PlannedResource_TimeSeries[1]/curveType")
    missing = series.format("UnavailableReserve_TimeSeries[1]")
    assert document == answering(planned=replace(PLAN, curve_type=None), missing=replace(PLAIN, curve_type=None))
    assert report.assumptions == (f"{planned}: 'A01' has no place in {OLDEST}",)
    assert report.losses == (
        f"{missing}/registeredResource.mRID: {UNIT!r} has no place in {OLDEST}",
        f"{missing}/substitute_RegisteredResource.mRID: {OTHER_UNIT!r} has no place in {OLDEST}",
        f"{missing}/substituteResourceProvider_MarketParticipant.marketRole.type: 'A27' has no place in {OLDEST}",
        f"{missing}/curveType: 'A03' has no place in {OLDEST}",
    )


def test_no_letter_of_a_market_is_written_as_this_answer() -> None:
    carries = "a document that carries it"
    assert unwritable(lambda: write_message(LETTER)) == ("edition", carries, "None")
    assert unwritable(lambda: write_message(LETTER, NEWEST)) == ("edition", carries, str(NEWEST))


def test_an_answer_without_a_reason_is_not_written() -> None:
    assert unwritable(lambda: write(replace(DOCUMENT, reasons=()), NEWEST)) == (
        "/ResourceScheduleConfirmation_MarketDocument/Reason",
        f"at least 1 in {NEWEST}",
        "0",
    )
