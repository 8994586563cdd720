"""Schedule_MarketDocument: what each element means, what is refused, lost, assumed and written."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import AreaId, MeteringPointId, ResourceId
from gateway.report import Report
from gateway.schedules import ExchangeKind, ExchangeSchedule, ExchangeSchedules, PowerBlock
from gateway.time import Interval
from profiles import parse, write_message
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.lexical import Coded
from profiles.schedule import EDITIONS, ScheduleMarketDocument
from tests.market_values import DSO, EAST, EIGHT, OTHER_SELLER, SELLER, TSO, WEST, quarter
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import CLOCK_DAYS, Said, homeless, received, unwritable, with_period, without

DATA = source("schedule", "5.2/own-interface-and-trade")
HOUR = timedelta(hours=1)
NEWEST, MIDDLE, OLDEST = EDITIONS


def hour(number: int) -> Interval:
    """Return the hour that starts *number* hours after eight."""
    return Interval(EIGHT + number * HOUR, EIGHT + (number + 1) * HOUR)


def block(on: Interval, mw: str) -> PowerBlock:
    return PowerBlock(interval=on, power_mw=Decimal(mw))


INTERFACE = ExchangeSchedule(
    id="interface-7",
    kind=ExchangeKind.OPERATOR_EXCHANGE,
    from_area=EAST,
    to_area=WEST,
    version=2,
    blocks=(block(quarter(0), "10"), block(quarter(1), "0"), block(quarter(2), "12.50")),
)
TRADE = ExchangeSchedule(
    id="trade",
    kind=ExchangeKind.INTERNAL_TRADE,
    from_area=WEST,
    to_area=WEST,
    from_party=SELLER.id,
    to_party=OTHER_SELLER.id,
    metering_point=MeteringPointId("571313180400000001", "A10"),
    connecting_line=ResourceId("10T-NO-SE-00001Y", "A01"),
    agreement="contract 1",
    version=1,
    blocks=(block(quarter(1), "3"), block(hour(1), "4"), block(hour(2), "5")),
)
LETTER = Envelope(
    id="schedule-7",
    revision=2,
    document_type="A02",
    process="A18",
    sender=TSO,
    receiver=DSO,
    created=EIGHT - HOUR,
    period=Interval(EIGHT, EIGHT + 3 * HOUR),
    domain=WEST,
    subject=SELLER,
    message=ExchangeSchedules(exchanges=(INTERFACE, TRADE)),
)


def sent(*exchanges: ExchangeSchedule) -> Envelope[ExchangeSchedules]:
    """Return LETTER about other exchanges."""
    return replace(LETTER, message=ExchangeSchedules(exchanges=exchanges))


def first_exchange(data: bytes) -> ExchangeSchedule:
    """Return what the first series of *data* means."""
    return meaning(data, ExchangeSchedules)[0].exchanges[0]


def written(letter: Envelope[ExchangeSchedules]) -> ScheduleMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, ScheduleMarketDocument)
    return document


def test_a_schedule_means_its_exchanges_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, NEWEST)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("schedule"), ids=str)
def test_a_schedule_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("schedule"), ids=str)
def test_what_is_assumed_and_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, ExchangeSchedules)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == LETTER.message


KINDS = [
    ("A01", ExchangeKind.PRODUCTION),
    ("A02", ExchangeKind.INTERNAL_TRADE),
    ("A03", ExchangeKind.EXPLICIT_TRADE),
    ("A04", ExchangeKind.CONSUMPTION),
    ("A06", ExchangeKind.EXTERNAL_TRADE),
    ("A66", ExchangeKind.ENERGY_FLOW),
    ("B63", ExchangeKind.NETTED_EXTERNAL),
    ("C10", ExchangeKind.OPERATOR_EXCHANGE),
]


@pytest.mark.parametrize(("code", "kind"), KINDS)
def test_a_business_type_is_a_kind_of_exchange_both_ways(code: str, kind: ExchangeKind) -> None:
    assert first_exchange(changed(DATA, [("set", "TimeSeries[1]/businessType", code)])).kind is kind
    assert written(sent(replace(INTERFACE, kind=kind))).series[0].business_type == code


def test_every_kind_of_exchange_has_its_code() -> None:
    assert {kind for _, kind in KINDS} == set(ExchangeKind)


@pytest.mark.parametrize("code", ["A01", "A02", "A03", "A04", "A05", "A06", "A09", "A30", "B27"])
def test_a_schedule_may_have_nine_types(code: str) -> None:
    envelope, _ = opened(changed(DATA, [("set", "type", code)]))
    assert envelope.document_type == code
    assert written(replace(LETTER, document_type=code)).type == code


def test_a_curve_of_variable_blocks_holds_to_the_next_point_and_to_the_end() -> None:
    curve = changed(DATA, [("set", "TimeSeries[1]/curveType", "A03")])
    data = with_period(curve, hour(0), "PT15M", {1: "<quantity>7</quantity>", 3: "<quantity>8</quantity>"})
    assert first_exchange(data).blocks == tuple(block(quarter(at), mw) for at, mw in enumerate("7788"))


@CLOCK_DAYS
def test_a_day_of_clock_change_has_its_own_number_of_hours_both_ways(day: Interval, hours: int) -> None:
    points = {at: f"<quantity>{at}</quantity>" for at in range(1, hours + 1)}
    exchange = first_exchange(with_period(DATA, day, "PT1H", points))
    assert [int(one.power_mw) for one in exchange.blocks] == list(range(1, hours + 1))
    assert (exchange.blocks[0].interval.start, exchange.blocks[-1].interval.end) == (day.start, day.end)
    (period,) = written(sent(exchange)).series[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [(point.position, int(point.quantity)) for point in period.points] == [(at, at) for at in points]
    assert first_exchange(with_period(DATA, day, "P1D", {1: "<quantity>6</quantity>"})).blocks == (block(day, "6"),)


@CLOCK_DAYS
def test_a_day_of_clock_change_has_not_24_hours(day: Interval, hours: int) -> None:
    points = dict.fromkeys(range(1, 25), "<quantity>1</quantity>")
    assert refusal(with_period(DATA, day, "PT1H", points)) == (
        "Unmappable",
        "/Schedule_MarketDocument/TimeSeries[1]/Period[1]/Point/position",
        "at most 23 positions" if hours == 23 else "one point for each of 25 slots",
        "24",
        "A49",
    )


def test_a_letter_that_says_little_gets_the_usual_head() -> None:
    plain = replace(sent(TRADE), document_type=None, process=None, period=None, domain=None, subject=None, revision=1)
    document = written(plain)
    assert (document.type, document.process, document.classification, document.revision) == ("A04", "A01", "A01", "1")
    assert (document.period.start, document.period.end) == (quarter(1).start, hour(2).end)
    assert document.domain.value == WEST.value
    assert (document.subject, document.subject_role, document.matching_period) == (None, None, None)


@pytest.mark.parametrize(
    ("exchange", "domain"),
    [(replace(INTERFACE, from_area=None), WEST), (replace(INTERFACE, to_area=None), EAST), (INTERFACE, EAST)],
    ids=["only where to", "only where from", "both"],
)
def test_the_domain_that_nobody_says_is_the_first_area(exchange: ExchangeSchedule, domain: AreaId) -> None:
    read, _ = opened(write_message(replace(sent(exchange), domain=None)))
    assert read.domain == domain
    assert read.message == ExchangeSchedules(exchanges=(exchange,))


@pytest.mark.parametrize(
    ("exchange", "aggregation"),
    [
        (replace(INTERFACE, to_party=SELLER.id), "A03"),
        (replace(INTERFACE, from_party=SELLER.id), "A03"),
        (replace(INTERFACE, from_party=SELLER.id, to_party=OTHER_SELLER.id), "A03"),
        (INTERFACE, "A01"),
    ],
    ids=["a buyer", "a seller", "both", "neither"],
)
def test_a_series_with_a_party_is_the_account_of_parties(exchange: ExchangeSchedule, aggregation: str) -> None:
    assert written(sent(exchange)).series[0].aggregation == aggregation
    assert meaning(write_message(sent(exchange)), ExchangeSchedules) == (
        ExchangeSchedules(exchanges=(exchange,)),
        Report(),
    )


NOWHERE = replace(TRADE, from_area=None, to_area=None)
UNWRITABLE: dict[str, tuple[Envelope[ExchangeSchedules], Said]] = {
    "no domain": (replace(sent(NOWHERE), domain=None), ("domain.mRID", "a domain", "none")),
    "no time": (
        replace(sent(), period=None),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_a_letter_without_what_a_schedule_needs_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


@pytest.mark.parametrize("edition", [MIDDLE, OLDEST], ids=str)
def test_an_older_edition_is_the_same_but_for_the_connecting_line(edition: Edition) -> None:
    data = without(in_edition(DATA, "schedule", edition.name), "connectingLine_RegisteredResource.mRID")
    plain = sent(INTERFACE, replace(TRADE, connecting_line=None))
    assert opened(data)[0] == received(plain, data, edition)
    assert write_message(plain, edition) == data


def test_the_connecting_line_is_written_since_edition_5_1() -> None:
    assert write_message(LETTER, MIDDLE) == in_edition(DATA, "schedule", "5.1")
    lost = "TimeSeries[2]/connectingLine_RegisteredResource.mRID", Coded("10T-NO-SE-00001Y", "A01")
    assert unwritable(lambda: write_message(LETTER, OLDEST)) == homeless(OLDEST, lost)
