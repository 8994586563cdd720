"""Every value that cannot exist: the refusal names the place, what was expected, what was found, and the reason code.

One table for all canonical types. Each entry builds a value that is right but for one thing, so that no other check
can have refused it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from gateway.accounts import PerimeterAdjustment, SettlementKind, SettlementLine
from gateway.areas import Cooperation, Membership
from gateway.errors import Fault, InvalidValue
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId, check_character
from gateway.inquiries import InquiryCondition, Problem, StatusInquiry
from gateway.market import Gates
from gateway.measurements import MeasuredSeries, Quality, Reading, Unit
from gateway.model import BidSet, Direction, Reserve
from gateway.operating_envelopes import OperatingEnvelope
from gateway.results import Reason
from gateway.schedules import (
    ExchangeKind,
    ExchangeSchedule,
    PlanKind,
    PowerBlock,
    ResourceSchedule,
    UnavailableReserve,
)
from gateway.settlement.ledger import Posting
from gateway.time import (
    QUARTER_HOUR,
    CurveType,
    Interval,
    Resolution,
    Series,
    expand,
    market_day,
    require_utc,
    slot_means,
)
from tests.market_values import DSO, EAST, EIGHT, OTHER_SELLER, SELLER, WEST, bid, capacity, envelope, need, quarter

NAIVE = datetime(2027, 1, 14, 8)  # noqa: DTZ001 - the value that has to be refused
OFFSET = datetime(2027, 1, 14, 9, tzinfo=timezone(timedelta(hours=1)))
POINT = MeteringPointId("707057500000000018", "A10")
SLOTS = QUARTER_HOUR.slots(Interval(EIGHT, EIGHT + timedelta(hours=1)))
D = Decimal

GOOD_BID = bid("b", 10, 50)
GOOD_NEED = need("n", 10)
GOOD_CAPACITY = capacity(10)
GOOD_ENVELOPE = envelope(BidSet(bids=()))
ADJUSTMENT = PerimeterAdjustment(id="a", party=SELLER.id, area=WEST, interval=quarter(), energy_mwh=D(1))
LINE = SettlementLine(id="l", kind=SettlementKind.IMBALANCE, interval=quarter(), quantity_mwh=D(1), amount=D(2))
BOUND = OperatingEnvelope(
    id="e", sender=DSO.id, resource=ResourceId("u", "NNO"), interval=quarter(), min_mw=D(-2), max_mw=D(3)
)
READING = Reading(interval=quarter(), value=D(1))
MEASURED = MeasuredSeries(id="m", unit=Unit.MEGAWATT, readings=(READING,), metering_point=POINT)
PROBLEM = Problem(expected_type="A37", expected_at=EIGHT, reasons=(Reason(code="A91"),))
BLOCK = PowerBlock(interval=quarter(), power_mw=D(5))
LATER = PowerBlock(interval=quarter(1), power_mw=D(5))
BELOW = PowerBlock(interval=quarter(), power_mw=D("-0.5"))
EXCHANGE = ExchangeSchedule(id="x", kind=ExchangeKind.OPERATOR_EXCHANGE, blocks=(BLOCK,), from_area=EAST, to_area=WEST)
PLAN = ResourceSchedule(id="p", kind=PlanKind.NET, provider=SELLER.id, area=WEST, blocks=(BLOCK,))
HELD = replace(PLAN, kind=PlanKind.RESERVE, direction=Direction.UP, reserve=Reserve.FCR)
MISSING = UnavailableReserve(
    id="u",
    provider=SELLER.id,
    area=WEST,
    buyer_area=EAST,
    direction=Direction.UP,
    reserve=Reserve.FCR,
    blocks=(BLOCK,),
    substitute_provider=OTHER_SELLER.id,
)
MEMBER = Membership(area=WEST, coba="one", since=EIGHT)
ASTRAY = replace(MEMBER, since=EIGHT + timedelta(minutes=5))
FIRST, SECOND = "2027-01-14T08:00Z/2027-01-14T08:15Z", "2027-01-14T08:15Z/2027-01-14T08:30Z"


def changed(value: Any, /, **fields: Any) -> Callable[[], object]:  # noqa: ANN401 - any value with any of its fields
    """Return what builds *value* with other *fields*."""
    return lambda: replace(value, **fields)


# fmt: off
CASES: dict[str, tuple[str, Callable[[], object], str]] = {
    # time
    "naive start": ("999", lambda: Interval(NAIVE, EIGHT),
        f"Interval.start: expected an aware instant in UTC, found {NAIVE!r}"),
    "naive end": ("999", lambda: Interval(EIGHT, NAIVE),
        f"Interval.end: expected an aware instant in UTC, found {NAIVE!r}"),
    "start at an offset": ("999", lambda: Interval(OFFSET, EIGHT + timedelta(hours=1)),
        f"Interval.start: expected an aware instant in UTC, found {OFFSET!r}"),
    "nothing between": ("999", lambda: Interval(EIGHT, EIGHT),
        "Interval: expected a start before the end, found 2027-01-14T08:00Z/2027-01-14T08:00Z"),
    "end before start": ("999", lambda: Interval(EIGHT, EIGHT - timedelta(minutes=1)),
        "Interval: expected a start before the end, found 2027-01-14T08:00Z/2027-01-14T07:59Z"),
    "a bare instant": ("999", lambda: require_utc(NAIVE, "Here.there"),
        f"Here.there: expected an aware instant in UTC, found {NAIVE!r}"),
    "a duration with a sign": ("999", lambda: Resolution.parse("-PT15M"),
        "duration: expected an xs:duration that is not negative, such as PT15M, found '-PT15M'"),
    "slots that do not fit": ("999", lambda: Resolution.parse("PT7M").slots(quarter()),
        f"resolution: expected a whole number of PT7M in {FIRST}, found a remainder"),
    "slots without length": ("999", lambda: Resolution().count(quarter()),
        f"resolution: expected a whole number of PT0S in {FIRST}, found a remainder"),
    "too many slots": ("999", lambda: Resolution(seconds=D("0.0001")).slots(quarter()),
        f"resolution: expected at most 999999 slots, found 9000000 of PT0.0001S in {FIRST}"),
    "the day before time": ("999", lambda: market_day(date.min),
        "day: expected a day between the years 1 and 9999, found 0001-01-01"),
    "a series that overlaps": ("999", lambda: Series(((quarter(1), 1), (quarter(0), 2))),
        f"Series.blocks: expected ascending blocks that do not overlap, found {SECOND} before {FIRST}"),
    "a curve of breakpoints as blocks": ("999", lambda: expand(CurveType.BREAKPOINTS, SLOTS, [(1, 1)]),
        "curveType: expected A01 or A03 for a series of blocks, found A05"),
    "no point at all": ("999", lambda: expand(CurveType.VARIABLE_BLOCKS, SLOTS, []),
        "Point.position: expected a first position of 1, found []"),
    "a second point first": ("999", lambda: expand(CurveType.VARIABLE_BLOCKS, SLOTS, [(2, 7)]),
        "Point.position: expected a first position of 1, found [2]"),
    "a position twice": ("999", lambda: expand(CurveType.VARIABLE_BLOCKS, SLOTS, [(1, 7), (1, 8)]),
        "Point.position: expected strictly ascending positions, found a repeated or lower one"),
    "a position too far": ("999", lambda: expand(CurveType.VARIABLE_BLOCKS, SLOTS, [(1, 7), (5, 8)]),
        "Point.position: expected at most 4 positions, found 5"),
    "a slot without its point": ("999", lambda: expand(CurveType.FIXED_BLOCKS, SLOTS, [(1, 7), (3, 8)]),
        "Point.position: expected one point for each of 4 slots, found 2"),
    "a line that ends early": ("999", lambda: slot_means(SLOTS, [(1, D(7)), (4, D(8))]),
        "Point.position: expected a last position of 5, the end, found 4"),
    # identifiers
    "a blank party": ("999", lambda: PartyId(" ", "A01"),
        "PartyId: expected a value and a coding scheme, found (' ', 'A01')"),
    "an area of no scheme": ("999", lambda: AreaId("x", ""),
        "AreaId: expected a value and a coding scheme, found ('x', '')"),
    "14 characters": ("999", lambda: check_character("10YNO-2-------"),
        "EIC: expected 15 characters of 0-9, A-Z and -, found '10YNO-2-------'"),
    "a small letter": ("999", lambda: check_character("10yNO-2--------"),
        "EIC: expected 15 characters of 0-9, A-Z and -, found '10yNO-2--------'"),
    # bids, needs, capacities
    "bid without id": ("999", changed(GOOD_BID, id=""),
        "Bid.id: expected an identifier, found an empty string"),
    "bid below 0": ("999", changed(GOOD_BID, quantity_mw=D(-1)),
        "Bid b.quantity_mw: expected a finite power of 0 MW or more, found -1"),
    "bid of infinity": ("999", changed(GOOD_BID, quantity_mw=D("Infinity")),
        "Bid b.quantity_mw: expected a finite power of 0 MW or more, found Infinity"),
    "bid of no number": ("999", changed(GOOD_BID, quantity_mw=D("NaN")),
        "Bid b.quantity_mw: expected a finite power of 0 MW or more, found NaN"),
    "minimum above": ("999", changed(GOOD_BID, minimum_mw=D(11)),
        "Bid b.minimum_mw: expected 0 to 10 MW, found 11"),
    "minimum below 0": ("999", changed(GOOD_BID, minimum_mw=D(-1)),
        "Bid b.minimum_mw: expected 0 to 10 MW, found -1"),
    "minimum of no number": ("999", changed(GOOD_BID, minimum_mw=D("NaN")),
        "Bid b.minimum_mw: expected 0 to 10 MW, found NaN"),
    "price of infinity": ("999", changed(GOOD_BID, price=D("-Infinity")),
        "Bid b.price: expected a finite price, found -Infinity"),
    "need below 0": ("999", changed(GOOD_NEED, quantity_mw=D(-1)),
        "Need n.quantity_mw: expected a finite power of 0 MW or more, found -1"),
    "need of no number": ("999", changed(GOOD_NEED, quantity_mw=D("NaN")),
        "Need n.quantity_mw: expected a finite power of 0 MW or more, found NaN"),
    "need both ways": ("999", changed(GOOD_NEED, direction=Direction.BOTH),
        "Need n.direction: expected up or down, found up and down"),
    "capacity below 0": ("999", changed(GOOD_CAPACITY, id="c", quantity_mw=D(-1)),
        "Capacity c.quantity_mw: expected a finite power of 0 MW or more, found -1"),
    "border with itself": ("999", changed(GOOD_CAPACITY, id="c", to_area=EAST),
        "Capacity c.to_area: expected another area than from_area, found A01:10YNO-1--------2"),
    # the envelope
    "revision 0": ("999", changed(GOOD_ENVELOPE, revision=0),
        "Envelope.revision: expected 1 to 999, found 0"),
    "revision 1000": ("999", changed(GOOD_ENVELOPE, revision=1000),
        "Envelope.revision: expected 1 to 999, found 1000"),
    "created at a naive instant": ("999", changed(GOOD_ENVELOPE, created=NAIVE),
        f"Envelope.created: expected an aware instant in UTC, found {NAIVE!r}"),
    # the market
    "needs close before bids": ("999", lambda: Gates(bids=timedelta(minutes=10)),
        ("Gates: expected bids, needs, clearing and orders in this order before the interval, "
         "found Gates(bids=datetime.timedelta(seconds=600), needs=datetime.timedelta(seconds=900), "
         "clearing=datetime.timedelta(seconds=840), orders=datetime.timedelta(seconds=450))")),
    # areas
    "a change between two borders of the grid": ("999", lambda: Cooperation((ASTRAY,), QUARTER_HOUR),
        "Membership.since: expected a border of the PT15M grid, found 2027-01-14 08:05:00+00:00"),
    "one area in two at once": ("999", lambda: Cooperation((MEMBER, replace(MEMBER, coba="two")), QUARTER_HOUR),
        ("Membership: expected one CoBA for an area at a time, "
         "found A01:10YNO-2--------T at 2027-01-14 08:00:00+00:00")),
    # accounts and money
    "energy of no number": ("A42", changed(ADJUSTMENT, energy_mwh=D("NaN")),
        "PerimeterAdjustment a.energy_mwh: expected a finite number, found NaN"),
    "price of no number": ("A42", changed(ADJUSTMENT, price=D("NaN")),
        "PerimeterAdjustment a.price: expected a finite number, found NaN"),
    "volume of no number": ("A42", changed(LINE, quantity_mwh=D("sNaN")),
        "SettlementLine l.quantity_mwh: expected a finite number, found sNaN"),
    "amount of infinity": ("A42", changed(LINE, amount=D("Infinity")),
        "SettlementLine l.amount: expected a finite number, found Infinity"),
    "imbalance of a reserve": ("999", changed(LINE, reserve=Reserve.MFRR),
        "SettlementLine l.reserve: expected a reserve exactly for balancing energy, found mFRR for imbalance"),
    "balancing energy of none": ("999", changed(LINE, kind=SettlementKind.BALANCING_ENERGY),
        ("SettlementLine l.reserve: expected a reserve exactly for balancing energy, "
         "found None for balancing energy")),
    "to pay oneself": ("999", lambda: Posting(payer="A", payee="A", amount=D(1), purpose="", exact=D(1)),
        "Posting.payee: expected another account than the payer, found A"),
    # operating envelopes
    "no bound": ("A42", changed(BOUND, min_mw=None, max_mw=None),
        "OperatingEnvelope e: expected a finite bound, found None to None"),
    "a bound of infinity": ("A42", changed(BOUND, max_mw=D("Infinity")),
        "OperatingEnvelope e: expected a finite bound, found -2 to Infinity"),
    "bounds that cross": ("A42", changed(BOUND, max_mw=D(-3)),
        "OperatingEnvelope e: expected min_mw <= max_mw, found -2 > -3"),
    # measurements
    "a reading of no number": ("999", changed(READING, value=D("NaN")),
        "Reading.value: expected a finite value, found NaN"),
    "a value that is missing": ("B05", changed(READING, quality=Quality.NOT_AVAILABLE),
        ("Reading.quality: expected no value exactly where the quality is 'not available', "
         "found 1 with quality not available")),
    "nothing, of no quality": ("B05", changed(READING, value=None),
        ("Reading.quality: expected no value exactly where the quality is 'not available', "
         "found None with quality None")),
    "a series of nothing": ("999", changed(MEASURED, metering_point=None),
        "MeasuredSeries m: expected a metering point, resource, party or area, found none"),
    "an exchange from nowhere": ("999", changed(MEASURED, to_area=WEST),
        "MeasuredSeries m.to_area: expected another area than area, found A01:10YNO-2--------T"),
    "an exchange with itself": ("999", changed(MEASURED, area=WEST, to_area=WEST),
        "MeasuredSeries m.to_area: expected another area than area, found A01:10YNO-2--------T"),
    "readings at once": ("999", changed(MEASURED, readings=(READING, READING)),
        f"MeasuredSeries m.readings: expected ascending readings that do not overlap, found {FIRST}"),
    "recorded at a naive instant": ("999", changed(MEASURED, registered=NAIVE),
        f"MeasuredSeries m.registered: expected an aware instant in UTC, found {NAIVE!r}"),
    # schedules
    "power of no number": ("999", changed(BLOCK, power_mw=D("NaN")),
        "PowerBlock.power_mw: expected a finite power, found NaN"),
    "exchange of nobody": ("999", changed(EXCHANGE, from_area=None, to_area=None),
        "ExchangeSchedule x: expected an area or a party, found none"),
    "exchange with oneself": ("A82", changed(EXCHANGE, to_area=EAST),
        "ExchangeSchedule x: expected two different ends, found A01:10YNO-1--------2 None"),
    "version 0": ("A50", changed(EXCHANGE, version=0),
        "ExchangeSchedule x.version: expected 1 to 999, found 0"),
    "version 1000": ("A50", changed(EXCHANGE, version=1000),
        "ExchangeSchedule x.version: expected 1 to 999, found 1000"),
    "exchange below 0": ("A46", changed(EXCHANGE, blocks=(BELOW,)),
        "ExchangeSchedule x.blocks: expected a power of 0 MW or more, found -0.5"),
    "exchange backwards": ("A04", changed(EXCHANGE, blocks=(LATER, BLOCK)),
        f"ExchangeSchedule x.blocks: expected ascending blocks that do not overlap, found {FIRST}"),
    "a plan with a direction": ("A77", changed(PLAN, direction=Direction.UP),
        ("ResourceSchedule p: expected direction and reserve exactly for a plan of reserve, "
         "found net production or consumption")),
    "a plan of reserve without one": ("A77", changed(HELD, reserve=None),
        "ResourceSchedule p: expected direction and reserve exactly for a plan of reserve, found reserve"),
    "reserve without direction": ("A77", changed(HELD, direction=None),
        "ResourceSchedule p: expected direction and reserve exactly for a plan of reserve, found reserve"),
    "reserve below 0": ("A46", changed(HELD, blocks=(BELOW,)),
        "ResourceSchedule p.blocks: expected a power of 0 MW or more, found -0.5"),
    "missing reserve below 0": ("A46", changed(MISSING, blocks=(BELOW,)),
        "UnavailableReserve u.blocks: expected a power of 0 MW or more, found -0.5"),
    "missing reserve twice": ("A04", changed(MISSING, blocks=(BLOCK, BLOCK)),
        f"UnavailableReserve u.blocks: expected ascending blocks that do not overlap, found {FIRST}"),
    # inquiries
    "an inquiry about nothing": ("999", lambda: StatusInquiry(conditions=()),
        "StatusInquiry.conditions: expected one condition or more, found none"),
    "a problem without a reason": ("999", changed(PROBLEM, reasons=()),
        "Problem.reasons: expected one reason or more, found none"),
    "a problem at a naive instant": ("999", changed(PROBLEM, expected_at=NAIVE),
        f"Problem.expected_at: expected an aware instant in UTC, found {NAIVE!r}"),
    "a delivery at an offset": ("999", changed(PROBLEM, delivery_at=OFFSET),
        f"Problem.delivery_at: expected an aware instant in UTC, found {OFFSET!r}"),
}
# fmt: on


@pytest.mark.parametrize(("code", "build", "words"), CASES.values(), ids=CASES)
def test_what_cannot_be_is_refused_in_exact_words(code: str, build: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        build()
    assert (str(caught.value), caught.value.code) == (words, code)
    assert caught.value.fault is Fault.OURS


@pytest.mark.parametrize(
    "build",
    [
        changed(GOOD_BID, quantity_mw=D(0)),
        changed(GOOD_BID, minimum_mw=D(10)),
        changed(GOOD_BID, price=D("-1E+6")),
        changed(GOOD_NEED, quantity_mw=D(0)),
        changed(GOOD_CAPACITY, quantity_mw=D(0)),
        changed(GOOD_ENVELOPE, revision=1),
        changed(GOOD_ENVELOPE, revision=999),
        changed(BOUND, min_mw=D(3)),
        changed(EXCHANGE, version=999),
        changed(EXCHANGE, to_area=EAST, to_party=SELLER.id),
        changed(PLAN, blocks=(BELOW,)),
        changed(READING, value=D("-1")),
        lambda: Gates(bids=timedelta(), needs=timedelta(), clearing=timedelta(), orders=timedelta()),
        lambda: Interval(EIGHT.astimezone(timezone(timedelta(0))), EIGHT + timedelta(microseconds=1)),
        lambda: Interval(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
        lambda: StatusInquiry(conditions=(InquiryCondition(attribute="", value=""),)),
    ],
)
def test_what_lies_just_inside_its_bounds_is_built(build: Callable[[], object]) -> None:
    assert build() is not None
