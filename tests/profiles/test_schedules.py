"""Schedules, the answers to them and plans of resources: canonical message to document and back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Message
from gateway.errors import Unwritable
from gateway.identifiers import MeteringPointId, ResourceId
from gateway.model import Direction, Reserve
from gateway.results import Reason, Verdict
from gateway.schedules import (
    AnsweredExchange,
    ExchangeKind,
    ExchangeSchedule,
    ExchangeSchedules,
    PlanKind,
    PowerBlock,
    ResourceSchedule,
    ResourceSchedules,
    ScheduleAnomalies,
    ScheduleAnomaly,
    ScheduleAnswer,
    UnavailableReserve,
)
from gateway.time import Interval
from profiles import confirmation, parse, schedule, to_canonical, write_message
from profiles import planned_resource_schedule as planned
from profiles.confirmation import ConfirmationMarketDocument
from profiles.parts import Reason as WireReason
from profiles.planned_resource_schedule import PlannedResourceScheduleMarketDocument
from profiles.schedule import ScheduleMarketDocument
from tests.market_values import DSO, EAST, OTHER_SELLER, SELLER, TSO, WEST, quarter
from tests.wire_values import changed, document, first_series, letter, refusal, there_and_back

LINE, UNIT = ResourceId("10T-NO-SE-00001B", "A01"), ResourceId("NOKG90901", "NNO")
POINT = MeteringPointId("571313180400000001", "A10")


def block(number: int = 0, mw: object = 10) -> PowerBlock:
    return PowerBlock(interval=quarter(number), power_mw=Decimal(str(mw)))


INTERFACE = ExchangeSchedule(
    id="interface-7",
    kind=ExchangeKind.OPERATOR_EXCHANGE,
    from_area=EAST,
    to_area=WEST,
    version=2,
    blocks=(block(0, 10), block(1, 10), block(2, "12.5")),
)
TRADE = ExchangeSchedule(
    id="trade",
    kind=ExchangeKind.INTERNAL_TRADE,
    from_area=WEST,
    to_area=WEST,
    from_party=SELLER.id,
    to_party=OTHER_SELLER.id,
    metering_point=POINT,
    connecting_line=LINE,
    agreement="contract 1",
    blocks=(block(0), block(3)),
)
PRODUCTION = ExchangeSchedule(id="p", kind=ExchangeKind.PRODUCTION, to_area=WEST, to_party=SELLER.id, blocks=(block(),))
WHY = (Reason(code="A29", text="the other side says 11"),)


MESSAGES: dict[str, Message] = {
    "exchanges": ExchangeSchedules(exchanges=(INTERFACE, TRADE, PRODUCTION)),
    "no exchange at all": ExchangeSchedules(exchanges=(replace(INTERFACE, blocks=(block(0, 0),)),)),
    "accepted": ScheduleAnswer(
        verdict=Verdict.ACCEPTED,
        document_id="schedule-1",
        revision=2,
        exchanges=(AnsweredExchange(exchange=INTERFACE), AnsweredExchange(exchange=TRADE, reasons=WHY)),
    ),
    "partly": ScheduleAnswer(
        verdict=Verdict.PARTLY_ACCEPTED,
        final=False,
        exchanges=(AnsweredExchange(exchange=INTERFACE, reasons=WHY, imposed=True),),
    ),
    "refused": ScheduleAnswer(verdict=Verdict.REFUSED, reasons=(Reason(code="A08", text="no counterpart"),)),
    "anomalies": ScheduleAnomalies(
        anomalies=(
            ScheduleAnomaly(party=SELLER.id, document_id="s1", revision=3, exchange=TRADE, reasons=WHY),
            ScheduleAnomaly(party=OTHER_SELLER.id, document_id="s2", revision=1, exchange=TRADE, reasons=WHY),
        )
    ),
    "plans": ResourceSchedules(
        planned=(
            ResourceSchedule(
                id="baseline",
                kind=PlanKind.NET,
                provider=SELLER.id,
                area=WEST,
                resource=UNIT,
                blocks=(block(0, -3), block(1, "4.25"), block(2, 0)),
            ),
            ResourceSchedule(
                id="plant", kind=PlanKind.PRODUCTION, provider=SELLER.id, area=WEST, blocks=(block(0, 7), block(1, 0))
            ),
            ResourceSchedule(
                id="load", kind=PlanKind.CONSUMPTION, provider=SELLER.id, area=WEST, blocks=(block(0, -7), block(1, 0))
            ),
            ResourceSchedule(
                id="held",
                kind=PlanKind.RESERVE,
                provider=SELLER.id,
                area=WEST,
                buyer_area=EAST,
                direction=Direction.BOTH,
                reserve=Reserve.FCR,
                product="FCR-N",
                agreement="yearly",
                blocks=(block(0, "0.1"),),
            ),
        ),
        unavailable=(
            UnavailableReserve(
                id="missing",
                provider=SELLER.id,
                area=WEST,
                buyer_area=EAST,
                direction=Direction.UP,
                reserve=Reserve.MFRR,
                blocks=(block(0, 5),),
                resource=UNIT,
                substitute_resource=ResourceId("NOKG90902", "NNO"),
                substitute_provider=OTHER_SELLER.id,
                agreement="a",
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_what_is_written_means_the_same_when_read(name: str) -> None:
    received, report = there_and_back(letter(MESSAGES[name]))
    assert received.message == MESSAGES[name]
    assert report.losses == ()
    assert (received.sender, received.receiver, received.domain) == (TSO, DSO, WEST)


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("no exchange at all", "Schedule_MarketDocument 5.1"),
        ("no exchange at all", "Schedule_MarketDocument 5.0"),
        ("accepted", "Confirmation_MarketDocument 5.2"),
        ("refused", "Confirmation_MarketDocument 5.0"),
        ("anomalies", "AnomalyReport_MarketDocument 5.2"),
        ("plans", "PlannedResourceSchedule_MarketDocument 6.3"),
    ],
)
def test_older_editions_carry_it_too(name: str, edition: str) -> None:
    assert there_and_back(letter(MESSAGES[name]), edition)[0].message == MESSAGES[name]


@pytest.mark.parametrize(
    ("name", "edition", "lost"),
    [
        ("exchanges", "Schedule_MarketDocument 5.0", "connectingLine"),
        ("plans", "PlannedResourceSchedule_MarketDocument 6.2", "substitute_RegisteredResource"),
    ],
)
def test_what_an_older_edition_cannot_hold_is_not_written(name: str, edition: str, lost: str) -> None:
    with pytest.raises(Unwritable) as caught:
        there_and_back(letter(MESSAGES[name]), edition)
    assert lost in caught.value.found


SENT = document(ScheduleMarketDocument, letter(MESSAGES["exchanges"]))
ANSWER = document(ConfirmationMarketDocument, letter(MESSAGES["accepted"]))
PLANS = document(PlannedResourceScheduleMarketDocument, letter(MESSAGES["plans"]))


def with_plan(number: int, **changes: object) -> PlannedResourceScheduleMarketDocument:
    plans = list(PLANS.planned)
    plans[number] = changed(plans[number], **changes)
    return replace(PLANS, planned=tuple(plans))


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "another type": (lambda: replace(SENT, type="A37"), "type", "A77"),
    "no such revision": (lambda: replace(SENT, revision="1000"), "revisionNumber", "999"),
    "losses": (lambda: first_series(SENT, business_type="A15"), "TimeSeries[1]/businessType", "A62"),
    "reactive power": (lambda: first_series(SENT, product="8716867000023"), "TimeSeries[1]/product", "999"),
    "kilowatts": (lambda: first_series(SENT, quantity_unit="KWT"), "TimeSeries[1]/measurement_Unit.name", "999"),
    "breakpoints": (lambda: first_series(SENT, curve_type="A05"), "TimeSeries[1]/curveType", "A59"),
    "one end": (lambda: first_series(SENT, in_domain=SENT.series[0].out_domain), "TimeSeries[1]", "A82"),
    "no end": (lambda: first_series(SENT, in_domain=None, out_domain=None), "TimeSeries[1]", "999"),
    "an answer to something else": (lambda: replace(ANSWER, type="A01"), "type", "A77"),
    "plans of another type": (lambda: replace(PLANS, type="A01"), "type", "A77"),
    "reserve without direction": (
        lambda: with_plan(3, direction=None),
        "PlannedResource_TimeSeries[4]/flowDirection.direction",
        "A69",
    ),
    "a plan of losses": (
        lambda: with_plan(0, business_type="A15"),
        "PlannedResource_TimeSeries[1]/businessType",
        "A62",
    ),
    "stable": (
        lambda: with_plan(0, direction="A04"),
        "PlannedResource_TimeSeries[1]/flowDirection.direction",
        "999",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    build, path, code = REFUSED[name]
    assert refusal(build()) == (path, code)


def test_a_plan_of_consumption_takes_from_the_grid() -> None:
    load = PLANS.planned[2]
    assert [point.quantity for period in load.periods for point in period.points] == [7, 0]
    message = planned.to_canonical(PLANS)[0].message
    assert [one.power_mw for one in message.planned[2].blocks] == [-7, 0]


@pytest.mark.parametrize(("direction", "power"), [(None, 4), ("A01", 4), ("A02", -4), ("A03", 4)])
def test_the_direction_of_a_net_plan_is_its_sign(direction: str | None, power: int) -> None:
    period = PLANS.planned[1].periods[0]
    point = replace(period.points[0], quantity=Decimal(4))
    plan = with_plan(0, direction=direction, periods=(replace(period, points=(point, replace(point, position=2))),))
    assert planned.to_canonical(plan)[0].message.planned[0].blocks[0].power_mw == power


@pytest.mark.parametrize("kind", [PlanKind.PRODUCTION, PlanKind.CONSUMPTION])
def test_a_plan_of_the_wrong_sign_is_not_written(kind: PlanKind) -> None:
    wrong = -1 if kind is PlanKind.PRODUCTION else 1
    plan = ResourceSchedule(id="x", kind=kind, provider=SELLER.id, area=WEST, blocks=(block(0, wrong),))
    with pytest.raises(Unwritable, match="one sign"):
        write_message(letter(ResourceSchedules(planned=(plan,))))


@pytest.mark.parametrize("message", [MESSAGES["accepted"], MESSAGES["anomalies"]], ids=["answer", "anomalies"])
def test_an_answer_names_its_domain(message: Message) -> None:
    with pytest.raises(Unwritable, match=r"domain\.mRID"):
        write_message(replace(letter(message), domain=None))


def test_the_domain_of_a_schedule_is_the_first_area_where_nobody_says_it() -> None:
    data = write_message(replace(letter(MESSAGES["exchanges"]), domain=None))
    assert to_canonical(parse(data))[0].domain == EAST


def test_nothing_that_is_dropped_goes_unsaid() -> None:
    whys = (WireReason(code="A29"),)
    period = SENT.series[0].periods[0]
    first = replace(period, points=(replace(period.points[0], reasons=whys), *period.points[1:]))
    full = replace(
        first_series(SENT, aggregation="A03", reason=whys[0], agreement_type="A01", curve_type=None, periods=(first,)),
        classification="A02",
        matching_period=SENT.period,
    )
    report = schedule.to_canonical(full)[1]
    assert report.assumptions == ("1 series without curveType: A01",)
    assert [loss.partition(":")[0] for loss in report.losses] == [
        "process.classificationType",
        "matching_Time_Period.timeInterval",
        "Reason",
        "objectAggregation",
        "marketAgreement.type",
        "Reason",
    ]


def test_verdicts_that_contradict_each_other_refuse() -> None:
    for codes, verdict in (
        (("A06", "A08"), Verdict.REFUSED),
        (("A29",), Verdict.REFUSED),
        (("A88",), Verdict.ACCEPTED),
    ):
        answer = replace(ANSWER, reasons=tuple(WireReason(code=code) for code in codes))
        received, report = confirmation.to_canonical(answer)
        assert received.message.verdict is verdict
        assert bool(report.assumptions) == (codes != ("A88",))


def test_a_curve_of_variable_blocks_lasts_to_the_next_point() -> None:
    period = SENT.series[0].periods[0]
    curve = replace(period, points=(period.points[0], replace(period.points[2], position=3)))
    message = schedule.to_canonical(first_series(SENT, curve_type="A03", periods=(curve,)))[0].message
    assert [one.power_mw for one in message.exchanges[0].blocks] == [10, 10, Decimal("12.5")]


def test_blocks_with_a_gap_are_two_periods() -> None:
    assert len(SENT.series[1].periods) == 2
    whole = Interval(quarter(0).start, quarter(0).start + timedelta(hours=1))
    assert (SENT.period.start, SENT.period.end) == (whole.start, whole.end)
