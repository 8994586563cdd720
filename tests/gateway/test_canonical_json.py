"""Canonical values as JSON: reading what was written gives an equal value, and nothing else is read."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gateway.accounts import SettlementKind, SettlementLine
from gateway.areas import MeritOrderEntry, MeritOrderList
from gateway.canonical_json import from_json, read, to_json, write
from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue, Malformed
from gateway.flow import Flow
from gateway.identifiers import AreaId, Identifier, MeteringPointId, PartyId, ResourceId
from gateway.inquiries import InquiryCondition, Problem, StatusInquiry
from gateway.market import Gates, MarketDefinition
from gateway.measurements import MeasuredSeries, Quality, Reading
from gateway.model import Availability, Bid, BidSet, Capacity, Direction, Limit, Link, Need, Party, Role
from gateway.operating_envelopes import OperatingEnvelope
from gateway.report import Finding, Level, Report, Severity
from gateway.results import ClearingResult, Reason, Receipt
from gateway.schedules import ExchangeSchedule, PlanKind, PowerBlock, ResourceSchedule, UnavailableReserve
from gateway.schemes import named
from gateway.time import Interval, Resolution, Series
from gateway.units import UnitProfile

MESSAGES = get_args(Message)

amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
powers = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**6)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
intervals = st.builds(
    lambda start, length: Interval(start, start + length),
    instants,
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)),
)
words = st.text(min_size=1).filter(lambda text: bool(text.strip()))
schemes = st.sampled_from(["A01", "A10", "NNO"])
numbers = st.integers(min_value=1, max_value=999)
areas = st.builds(AreaId, words, schemes)

PRINTED: Mapping[type, st.SearchStrategy[Any]] = {
    Decimal: amounts,
    datetime: instants,
    timedelta: st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    Interval: intervals,
    Resolution: st.builds(
        Resolution, numbers, numbers, st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False)
    ),
    PartyId: st.builds(PartyId, words, schemes),
    AreaId: areas,
    ResourceId: st.builds(ResourceId, words, schemes),
    MeteringPointId: st.builds(MeteringPointId, words, schemes),
}
for kind, strategy in PRINTED.items():
    st.register_type_strategy(kind, strategy)


def built(kind: type, /, **given: st.SearchStrategy[Any]) -> None:
    """Let *kind* be built with *given* for some fields and with whatever its types allow for all others."""
    others = {field.name: ... for field in fields(kind) if field.name not in given}
    st.register_type_strategy(kind, st.builds(kind, **given, **others))


# Values that refuse some combinations of fields.
built(
    Bid,
    id=st.just("b") | words.filter(lambda text: text != "p"),
    quantity_mw=powers,
    minimum_mw=st.just(Decimal(0)),
    parent=st.sampled_from([None, "p"]),
    inclusive=st.none(),
    multipart=st.none(),
)
built(
    UnitProfile,
    id=words,
    ramp_mw_per_hour=st.none() | powers,
    maximum_energy_mwh=st.none() | powers,
    maximum_activations=st.none() | numbers,
)
built(
    Need,
    quantity_mw=powers,
    tolerance_mw=st.just(Decimal(0)),
    direction=st.sampled_from([Direction.UP, Direction.DOWN]),
)
built(
    Capacity,
    quantity_mw=powers,
    from_area=st.just(AreaId("10YNO-2--------T", "A01")),
    to_area=st.builds(AreaId, words, st.just("A10")),
)
built(Finding)
built(OperatingEnvelope, min_mw=st.none(), max_mw=amounts)
built(MeritOrderList, entries=st.tuples(st.from_type(MeritOrderEntry)))
built(Reading, value=amounts, quality=st.sampled_from([None, Quality.ESTIMATED]))
built(MeasuredSeries, readings=st.tuples(st.from_type(Reading)), to_area=st.none(), area=areas)
built(PowerBlock, power_mw=powers)
power_blocks = st.tuples(st.from_type(PowerBlock))
built(ExchangeSchedule, blocks=power_blocks, version=numbers, from_area=st.none(), to_area=areas)
built(ResourceSchedule, blocks=power_blocks, kind=st.just(PlanKind.NET), direction=st.none(), reserve=st.none())
built(UnavailableReserve, blocks=power_blocks)
built(SettlementLine, kind=st.just(SettlementKind.IMBALANCE), reserve=st.none())
built(StatusInquiry, conditions=st.tuples(st.from_type(InquiryCondition)))
built(Problem, reasons=st.tuples(st.from_type(Reason)))


def same(value: object, kind: type[Any]) -> None:
    """Hold that *value* survives the way to text and back, and that its text is always the same."""
    text = write(value)
    assert read(kind, text) == value
    assert write(read(kind, text)) == text


@pytest.mark.parametrize("kind", MESSAGES, ids=[kind.__name__ for kind in MESSAGES])
@settings(max_examples=2, phases=[Phase.explicit, Phase.generate])  # the values are large
@given(data=st.data())
def test_every_message_survives(kind: type, data: st.DataObject) -> None:
    same(data.draw(st.from_type(kind)), kind)


@pytest.mark.parametrize("kind", MESSAGES, ids=[kind.__name__ for kind in MESSAGES])
@settings(max_examples=2, phases=[Phase.explicit, Phase.generate])  # the values are large
@given(data=st.data())
def test_an_envelope_says_which_message_it_holds(kind: type, data: st.DataObject) -> None:
    envelope = data.draw(st.builds(Envelope, message=st.from_type(kind), revision=numbers))
    same(envelope, Envelope)
    assert json.loads(write(envelope))["message"]["type"] == kind.__name__


@given(st.from_type(Report) | st.from_type(ClearingResult))
def test_reports_and_results_survive(value: Report | ClearingResult) -> None:
    same(value, type(value))


@given(st.sampled_from(list(PRINTED)).flatmap(lambda kind: st.tuples(st.just(kind), st.from_type(kind))))
def test_values_of_one_word_survive(case: tuple[type, object]) -> None:
    kind, value = case
    same(value, kind)


MARKET = MarketDefinition(operator=Party(PartyId("10X1001A1001A38Y", "A01"), Role.MARKET_OPERATOR))


def test_a_market_definition_and_a_flow_survive() -> None:
    same(MARKET, MarketDefinition)
    deadline = {2: datetime(2026, 3, 29, 21, 45, tzinfo=UTC)}
    same(Flow.begin(named("centralised").steps, deadline), Flow)


def test_a_bid_is_written_as_a_person_would_expect() -> None:
    bid = Bid(
        id="B1",
        provider=PartyId("10X1001A1001A38Y", "A01"),
        area=AreaId("10YNO-2--------T", "A01"),
        direction=Direction.UP,
        interval=Interval(datetime(2026, 3, 29, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, 15, tzinfo=UTC)),
        quantity_mw=Decimal("1E+1"),
        price=Decimal("50.00"),
        activation_time=timedelta(minutes=12, seconds=30),
    )
    data = to_json(bid)
    assert isinstance(data, dict)
    assert list(data)[:3] == ["id", "provider", "area"]
    assert data["provider"] == "A01:10X1001A1001A38Y"
    assert data["interval"] == {"start": "2026-03-29T22:00:00Z", "end": "2026-03-29T22:15:00Z"}
    assert (data["quantity_mw"], data["price"], data["capacity_price"]) == ("10", "50.00", None)
    assert (data["availability"], data["activation_time"]) == (Availability.AVAILABLE.value, "PT750S")


def test_decimals_keep_their_trailing_zeros() -> None:
    assert str(read(Decimal, write(Decimal("50.00")))) == "50.00"


def test_a_missing_field_takes_its_default() -> None:
    assert read(Receipt, '{"verdict": "accepted"}').reasons == ()
    assert read(Gates, "{}") == Gates()


REFUSED: Mapping[str, tuple[Any, str, str]] = {
    "no JSON": (Report, "{", "$:"),
    "a key twice": (Gates, '{"bids": "PT1S", "bids": "PT2S"}', "twice"),
    "deep nesting": (Report, "[" * 100_000, "$:"),
    "an unknown key": (Link, '{"bid_id": "B1", "condition": "available if linked bid activated", "x": 1}', "$.x"),
    "a missing field": (Link, '{"bid_id": "B1"}', "the field condition of Link"),
    "a number for a decimal": (Decimal, "12.5", "a decimal as a string"),
    "an infinite decimal": (Decimal, '"Infinity"', "a decimal as a string"),
    "no decimal": (Decimal, '"12,5"', "a decimal as a string"),
    "a naive time": (datetime, '"2026-03-29T22:15:00"', "an instant in UTC"),
    "a local time": (datetime, '"2026-03-29T22:15:00+02:00"', "an instant in UTC"),
    "a calendar duration": (timedelta, '"P1D"', "without calendar units"),
    "an identifier without scheme": (PartyId, '"10X1001A1001A38Y"', "scheme:value"),
    "an unknown word": (Party, '{"id": "A01:X", "role": "king"}', "'system operator'"),
    "a boolean for a number": (Envelope, '{"revision": true}', "the field"),
    "a string for an array": (Report, '{"findings": "none"}', "$.findings: expected an array"),
    "an array too long": (tuple[str, str], '["a", "b", "c"]', "an array of 2"),
    "an array for an object": (Report, "[]", "the fields of Report"),
    "a key that is no number": (Mapping[int, str], '{"one": "x"}', "whole numbers"),
    "an unknown message": (Message, '{"type": "Poem"}', "$.type: expected one of ReserveNeed"),
    "an interval without length": (
        Interval,
        '{"start": "2026-03-29T22:15:00Z", "end": "2026-03-29T22:15:00Z"}',
        "a start before the end",
    ),
}


@pytest.mark.parametrize(("kind", "text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_with_its_place(kind: type, text: str, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(kind, text)
    assert said in str(caught.value)


def test_the_path_leads_to_the_place() -> None:
    with pytest.raises(Malformed) as caught:
        read(BidSet, '{"bids": [{"id": "B1", "quantity_mw": 5}]}')
    assert caught.value.path == "$.bids[0]"
    finding = to_json(
        Finding(rule="RB-1", severity=Severity.WARN, level=Level.SERIES, code="999", path="/", expected="", found="")
    )
    assert isinstance(finding, dict)
    with pytest.raises(Malformed) as caught:
        from_json(Report, {"findings": [{**finding, "level": 3}]})
    assert caught.value.path == "$.findings[0].level"


NAIVE = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    "value",
    [1.5, Decimal("NaN"), pytest.param(object(), id="an object"), PartyId("1", "a:b"), NAIVE],
    ids=repr,
)
def test_a_value_without_an_exact_form_is_not_written(value: object) -> None:
    with pytest.raises(InvalidValue):
        write(value)


def test_limits_keep_the_coefficients_of_their_bids() -> None:
    interval = Interval(datetime(2026, 3, 29, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, 15, tzinfo=UTC))
    limit = Limit(
        id="L1",
        sender=PartyId("10X1001A1001A38Y", "A01"),
        interval=interval,
        headroom_mw=Decimal(-2),
        coefficients={"B1": Decimal("0.5"), "B2": Decimal(-1)},
    )
    same(limit, Limit)


@pytest.mark.parametrize("role", Role)
def test_a_party_keeps_its_role(role: Role) -> None:
    same(Party(PartyId("10X1001A1001A38Y", "A01"), role), Party)


def test_any_identifier_and_any_series_of_plain_values() -> None:
    same(Identifier("a:b:c", "NNO"), Identifier)
    assert to_json(Series(())) == {"blocks": []}
