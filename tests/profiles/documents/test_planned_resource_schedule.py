"""PlannedResourceSchedule_MarketDocument: plans and missing reserve, their signs, what is refused, lost and written."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.identifiers import ResourceId
from gateway.model import Direction, Reserve
from gateway.report import Report
from gateway.schedules import PlanKind, PowerBlock, ResourceSchedule, ResourceSchedules, UnavailableReserve
from gateway.time import Interval
from profiles import parse, write_message
from profiles.cases.edits import changed
from profiles.edition import Edition
from profiles.lexical import Coded
from profiles.planned_resource_schedule import EDITIONS, PlannedResourceScheduleMarketDocument
from tests.market_values import EAST, EIGHT, OTHER_SELLER, SELLER, TSO, WEST, quarter
from tests.profiles.documents.messages import Change, in_edition, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import CLOCK_DAYS, Said, homeless, received, unwritable, with_period, without

DATA = source("planned_resource_schedule", "6.3/own-plans-and-missing-reserve")
EDITION_6_3, EDITION_6_2, EDITION_6_1, EDITION_6_0 = EDITIONS
UNIT, OTHER_UNIT = ResourceId("NOKG90901", "NNO"), ResourceId("NOKG90902", "NNO")


def hour(number: int) -> Interval:
    """Return the hour that starts *number* hours after eight."""
    return Interval(EIGHT + timedelta(hours=number), EIGHT + timedelta(hours=number + 1))


def block(on: Interval, mw: str) -> PowerBlock:
    return PowerBlock(interval=on, power_mw=Decimal(mw))


BASELINE = ResourceSchedule(
    id="baseline",
    kind=PlanKind.NET,
    provider=SELLER.id,
    area=WEST,
    resource=UNIT,
    blocks=(block(quarter(0), "-3"), block(quarter(1), "4.25"), block(quarter(2), "0")),
)
PLANT = ResourceSchedule(
    id="plant",
    kind=PlanKind.PRODUCTION,
    provider=SELLER.id,
    area=WEST,
    resource=UNIT,
    agreement="contract 1",
    blocks=(block(quarter(0), "7"), block(hour(1), "7.5"), block(hour(2), "0")),
)
LOAD = ResourceSchedule(
    id="load",
    kind=PlanKind.CONSUMPTION,
    provider=SELLER.id,
    area=WEST,
    blocks=(block(quarter(0), "-6"), block(quarter(1), "0")),
)
HELD = ResourceSchedule(
    id="held",
    kind=PlanKind.RESERVE,
    provider=SELLER.id,
    area=WEST,
    buyer_area=EAST,
    direction=Direction.BOTH,
    reserve=Reserve.FCR,
    product="FCR-N",
    agreement="yearly",
    blocks=(block(hour(0), "0.1"),),
)
MISSING = UnavailableReserve(
    id="missing",
    provider=SELLER.id,
    area=WEST,
    buyer_area=EAST,
    direction=Direction.UP,
    reserve=Reserve.MFRR,
    resource=UNIT,
    substitute_resource=OTHER_UNIT,
    substitute_provider=OTHER_SELLER.id,
    agreement="a",
    blocks=(block(quarter(2), "5"), block(quarter(3), "5.5")),
)
SHORT = UnavailableReserve(
    id="short",
    provider=SELLER.id,
    area=WEST,
    buyer_area=EAST,
    direction=Direction.DOWN,
    reserve=Reserve.FCR,
    product="FCR-D",
    blocks=(block(quarter(0), "1"),),
)
PLANS = ResourceSchedules(planned=(BASELINE, PLANT, LOAD, HELD), unavailable=(MISSING, SHORT))
LETTER = Envelope(
    id="plans-7",
    revision=2,
    document_type="A14",
    process="A01",
    sender=SELLER,
    receiver=TSO,
    created=EIGHT - timedelta(hours=1),
    period=Interval(EIGHT, EIGHT + timedelta(hours=3)),
    domain=WEST,
    subject=SELLER,
    message=PLANS,
)


def sent(*plans: ResourceSchedule | UnavailableReserve) -> Envelope[ResourceSchedules]:
    """Return LETTER with other plans and missing reserve."""
    planned = tuple(one for one in plans if isinstance(one, ResourceSchedule))
    unavailable = tuple(one for one in plans if isinstance(one, UnavailableReserve))
    return replace(LETTER, message=ResourceSchedules(planned=planned, unavailable=unavailable))


def written(letter: Envelope[ResourceSchedules]) -> PlannedResourceScheduleMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, PlannedResourceScheduleMarketDocument)
    return document


def plan(data: bytes, number: int = 0) -> ResourceSchedule:
    """Return one of the plans that *data* means."""
    return meaning(data, ResourceSchedules)[0].planned[number]


def test_a_document_means_its_plans_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, EDITION_6_3)
    assert report == Report()


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("planned_resource_schedule"), ids=str)
def test_plans_that_cannot_be_held_are_refused_with_their_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("planned_resource_schedule"), ids=str)
def test_what_is_assumed_and_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, ResourceSchedules)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == PLANS


@pytest.mark.parametrize("code", ["A14", "A15", "A26", "A28", "A67"])
def test_plans_come_under_five_types(code: str) -> None:
    data = changed(DATA, [("set", "type", code)])
    assert opened(data)[0].document_type == code
    assert write_message(replace(LETTER, document_type=code)).decode() == DATA.decode().replace(
        "<type>A14<", f"<type>{code}<"
    )


@pytest.mark.parametrize(
    ("code", "kind", "powers"),
    [
        ("A01", PlanKind.PRODUCTION, [2, 4]),
        ("A04", PlanKind.CONSUMPTION, [-2, -4]),
        ("A07", PlanKind.NET, [2, 4]),
        ("A67", PlanKind.NET, [2, 4]),
    ],
)
def test_a_business_type_is_a_kind_of_plan_and_its_sign(code: str, kind: PlanKind, powers: list[int]) -> None:
    points = {1: "<quantity>2</quantity>", 2: "<quantity>4</quantity>"}
    half = Interval(quarter(0).start, quarter(1).end)
    data = with_period(
        changed(DATA, [("set", "PlannedResource_TimeSeries[1]/businessType", code)]),
        half,
        "PT15M",
        points,
        "Series_Period",
    )
    found = plan(data)
    assert (found.kind, [int(one.power_mw) for one in found.blocks]) == (kind, powers)
    assert (found.direction, found.reserve, found.product) == (None, None, None)
    (series,) = written(sent(found)).planned
    assert series.business_type == ("A07" if code == "A67" else code)
    assert [int(point.quantity) for point in series.periods[0].points] == [2, 4]


@pytest.mark.parametrize(("direction", "sign"), [("A01", 1), ("A02", -1), ("A03", 1)])
def test_the_direction_of_a_net_plan_is_its_sign(direction: str, sign: int) -> None:
    told = (
        "after",
        "PlannedResource_TimeSeries[1]/businessType",
        f"<flowDirection.direction>{direction}</flowDirection.direction>",
    )
    assert [one.power_mw * sign for one in plan(changed(DATA, [told])).blocks] == [-3, Decimal("4.25"), 0]


RESERVES = [
    ("A95", Reserve.FCR, None),
    ("C26", Reserve.FCR, "FCR-N"),
    ("C27", Reserve.FCR, "FCR-D"),
    ("A96", Reserve.AFRR, None),
    ("A97", Reserve.MFRR, None),
    ("A98", Reserve.RR, None),
]


@pytest.mark.parametrize(("code", "reserve", "product"), RESERVES)
def test_a_business_type_is_a_reserve_held_or_missing_both_ways(
    code: str, reserve: Reserve, product: str | None
) -> None:
    paths = [f"{tag}/businessType" for tag in ("PlannedResource_TimeSeries[4]", "UnavailableReserves_TimeSeries[1]")]
    data = changed(DATA, [("set", path, code) for path in paths])
    message, report = meaning(data, ResourceSchedules)
    held, missing = replace(HELD, reserve=reserve, product=product), replace(MISSING, reserve=reserve, product=product)
    assert (message.planned[3], message.unavailable[0]) == (held, missing)
    assert report == Report()
    document = written(sent(held, missing))
    assert (document.planned[0].business_type, document.unavailable[0].business_type) == (code, code)


@pytest.mark.parametrize(
    ("code", "direction"), [("A01", Direction.UP), ("A02", Direction.DOWN), ("A03", Direction.BOTH)]
)
def test_reserve_has_its_direction_and_no_sign_both_ways(code: str, direction: Direction) -> None:
    data = changed(DATA, [("set", "PlannedResource_TimeSeries[4]/flowDirection.direction", code)])
    assert plan(data, 3) == replace(HELD, direction=direction)
    document = written(sent(replace(HELD, direction=direction), replace(MISSING, direction=direction)))
    assert (document.planned[0].direction, document.unavailable[0].direction) == (code, code)


def test_a_letter_that_says_little_gets_the_usual_head() -> None:
    document = written(
        replace(sent(PLANT, MISSING), document_type=None, process=None, period=None, domain=None, subject=None)
    )
    assert (document.type, document.process, document.revision) == ("A14", "A01", "2")
    assert (document.period.start, document.period.end) == (EIGHT, hour(2).end)
    assert (document.domain, document.subject, document.subject_role) == (None, None, None)


NEITHER = "a period in the envelope, or something in the message"
PRODUCTS = ("RR", None), ("MFRR", None), ("AFRR", None), ("FCR", "FCR-D"), ("FCR", "FCR-N"), ("FCR", None)
NO_CODE = f"one of {', '.join(str((Reserve[reserve], product)) for reserve, product in PRODUCTS)}"
UNWRITABLE: dict[str, tuple[Envelope[ResourceSchedules], Said]] = {
    "nothing at no time": (replace(sent(), period=None), ("timeInterval", NEITHER, "neither")),
    "production that takes": (
        sent(replace(PLANT, blocks=(block(quarter(0), "1"), block(quarter(1), "-0.001")))),
        ("ResourceSchedule plant", "power of one sign for production", "power of the other"),
    ),
    "consumption that injects": (
        sent(replace(LOAD, blocks=(block(quarter(0), "0.001"),))),
        ("ResourceSchedule load", "power of one sign for consumption", "power of the other"),
    ),
    "a product that nobody knows": (
        sent(replace(HELD, product="FFR")),
        ("businessType", NO_CODE, "(<Reserve.FCR: 'FCR'>, 'FFR')"),
    ),
    "a missing product that nobody knows": (
        sent(replace(SHORT, reserve=Reserve.RR)),
        ("businessType", NO_CODE, "(<Reserve.RR: 'RR'>, 'FCR-D')"),
    ),
    "a plan for no time": (
        sent(replace(LOAD, blocks=())),
        (
            "/PlannedResourceSchedule_MarketDocument/PlannedResource_TimeSeries[1]/Series_Period",
            "at least 1 in PlannedResourceSchedule_MarketDocument 6.3",
            "0",
        ),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_plans_that_the_document_cannot_say_are_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


@pytest.mark.parametrize("kind", [PlanKind.PRODUCTION, PlanKind.CONSUMPTION])
def test_a_plan_of_nothing_has_either_sign(kind: PlanKind) -> None:
    nothing = replace(PLANT, kind=kind, blocks=(block(quarter(0), "0"),))
    assert plan(write_message(sent(nothing))) == nothing


@CLOCK_DAYS
def test_a_day_of_clock_change_is_planned_hour_by_hour(day: Interval, hours: int) -> None:
    points = {at: f"<quantity>-{at}</quantity>" for at in range(1, hours + 1)}
    found = plan(with_period(DATA, day, "PT60M", points, "Series_Period"))
    assert [int(one.power_mw) for one in found.blocks] == [-at for at in points]
    assert (found.blocks[0].interval.start, found.blocks[-1].interval.end) == (day.start, day.end)
    (period,) = written(sent(found)).planned[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [(point.position, int(point.quantity)) for point in period.points] == [(at, -at) for at in points]


def test_a_curve_of_variable_blocks_holds_to_the_next_point_and_to_the_end() -> None:
    curve = changed(DATA, [("set", "PlannedResource_TimeSeries[1]/curveType", "A03")])
    points = {1: "<quantity>7</quantity>", 3: "<quantity>8</quantity>"}
    found = plan(with_period(curve, hour(0), "PT15M", points, "Series_Period"))
    assert found.blocks == tuple(block(quarter(at), mw) for at, mw in enumerate("7788"))


def test_no_digit_of_a_consumption_is_lost() -> None:
    long = "0.1234567890123456789012345678901234567890"
    data = changed(DATA, [("set", "PlannedResource_TimeSeries[3]/Series_Period/Point[1]/quantity", long)])
    load = plan(data, 2)
    assert str(load.blocks[0].power_mw) == f"-{long}"
    assert str(written(sent(load)).planned[0].periods[0].points[0].quantity) == long


PLAIN = replace(MISSING, resource=None, substitute_resource=None)
UNLINKED = without(
    DATA.replace(
        b'    <registeredResource.mRID codingScheme="NNO">NOKG90901</registeredResource.mRID>\n    <substitute_R',
        b"    <substitute_R",
    ),
    "substitute_RegisteredResource.mRID",
)


def test_the_resources_of_missing_reserve_are_said_since_edition_6_3() -> None:
    data = in_edition(UNLINKED, "planned_resource_schedule", "6.2")
    plain = sent(*PLANS.planned, PLAIN, SHORT)
    assert opened(data)[0] == received(plain, data, EDITION_6_2)
    assert write_message(plain, EDITION_6_2) == data
    series = "UnavailableReserves_TimeSeries[1]"
    assert unwritable(lambda: write_message(LETTER, EDITION_6_2)) == homeless(
        EDITION_6_2,
        (f"{series}/registeredResource.mRID", Coded("NOKG90901", "NNO")),
        (f"{series}/substitute_RegisteredResource.mRID", Coded("NOKG90902", "NNO")),
    )


@pytest.mark.parametrize("edition", [EDITION_6_1, EDITION_6_0], ids=str)
def test_older_editions_have_no_curve_type_and_fixed_blocks(edition: Edition) -> None:
    data = in_edition(without(UNLINKED, "curveType"), "planned_resource_schedule", edition.name)
    plain = sent(*PLANS.planned, PLAIN, SHORT)
    envelope, report = opened(data)
    assert envelope == received(plain, data, edition)
    assert report == Report(assumptions=("6 series without curveType: A01",))
    assert write_message(plain, edition) == data


@pytest.mark.parametrize(("edition", "longest"), [(EDITION_6_1, 60), (EDITION_6_0, 18)], ids=str)
def test_identifiers_of_resources_grew_with_edition_6_1(edition: Edition, longest: int) -> None:
    fits, longer = (replace(PLANT, resource=ResourceId("x" * count, "NNO")) for count in (longest, longest + 1))
    assert plan(write_message(sent(fits), edition)) == fits
    assert unwritable(lambda: write_message(sent(longer), edition)) == (
        "/PlannedResourceSchedule_MarketDocument/PlannedResource_TimeSeries[1]/registeredResource.mRID",
        f"at most {longest} characters",
        repr(Coded("x" * (longest + 1), "NNO")),
    )
