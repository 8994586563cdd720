"""The canonical JSON of each kind of value, letter by letter: what a person or another program has to rely on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import flow, market, measurements, model, report, results, schedules
from gateway.accounts import PerimeterAdjustment, Settlement, SettlementKind, SettlementLine
from gateway.areas import MeritOrderEntry, MeritOrderList
from gateway.canonical_json import from_json, read, to_json, write
from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue, Malformed
from gateway.identifiers import AreaId, Identifier, MeteringPointId, PartyId, ResourceId
from gateway.inquiries import Informative, InquiryCondition, Problem, StatusInquiry
from gateway.measurements import MeasuredSeries, Quality, Reading, Unit
from gateway.model import BidSet, Block, Condition, Direction, Limit, Link, Party, Role
from gateway.operating_envelopes import OperatingEnvelope
from gateway.report import Finding, Level, Report, Severity
from gateway.results import Reason, Receipt, RefusedSeries, Verdict
from gateway.schedules import ExchangeKind, ExchangeSchedule, PowerBlock
from gateway.time import Interval, Resolution
from tests.market_values import DSO, EAST, EIGHT, SELLER, TSO, WEST, bid, block, capacity, envelope, need, quarter

D = Decimal
WORDS = {"start": "2027-01-14T08:00:00Z", "end": "2027-01-14T08:15:00Z"}
SELLER_WORD, WEST_WORD, EAST_WORD = "A10:7080000000012", "A01:10YNO-2--------T", "A01:10YNO-1--------2"


# ---- values of one word


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (D("50.00"), "50.00"),
        (D("1E+1"), "10"),
        (D("-0.000001"), "-0.000001"),
        (D("1E-7"), "0.0000001"),
        (D(0), "0"),
        (datetime(2026, 3, 29, 1, 15, tzinfo=UTC), "2026-03-29T01:15:00Z"),
        (datetime(2026, 3, 29, 1, 15, 0, 500, tzinfo=UTC), "2026-03-29T01:15:00.000500Z"),
        (timedelta(minutes=12, seconds=30), "PT750S"),
        (timedelta(days=-1), "-PT86400S"),
        (timedelta(), "PT0S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (Resolution.parse("PT1H"), "PT60M"),
        (Resolution.parse("P1D"), "P1D"),
        (PartyId("10X1001A1001A38Y", "A01"), "A01:10X1001A1001A38Y"),
        (AreaId("a:b", "NNO"), "NNO:a:b"),
        (ResourceId("x", "NNO"), "NNO:x"),
        (MeteringPointId("707057500000000018", "A10"), "A10:707057500000000018"),
        (Identifier("x", "y"), "y:x"),
        (Direction.UP, "up"),
        ("\u00e6\u00f8\u00e5 \U0001f50c", "\u00e6\u00f8\u00e5 \U0001f50c"),
    ],
    ids=repr,
)
def test_a_value_is_written_as_one_word_and_read_back(value: object, word: str) -> None:
    assert to_json(value) == word
    assert write(value) == json.dumps(word, ensure_ascii=False) + "\n"
    assert read(type(value), write(value)) == value


@pytest.mark.parametrize(
    ("kind", "word", "value"),
    [
        (datetime, "2026-03-29T01:15:00+00:00", datetime(2026, 3, 29, 1, 15, tzinfo=UTC)),
        (datetime, "2026-03-29T01:15Z", datetime(2026, 3, 29, 1, 15, tzinfo=UTC)),
        (timedelta, "PT12M30S", timedelta(seconds=750)),
        (timedelta, "-PT1H", timedelta(hours=-1)),
        (D, "1e1", D(10)),
        (Resolution, "PT3600S", Resolution.parse("PT1H")),
    ],
)
def test_another_spelling_of_a_word_is_read(kind: type, word: str, value: object) -> None:
    assert from_json(kind, word) == value


WRONG: dict[type, tuple[str, list[object]]] = {
    D: ("a decimal as a string", [1, 1.5, True, None, "", "x", "NaN", "sNaN", "-Infinity", "1,5", ["1"]]),
    datetime: (
        "an instant in UTC, such as 2026-03-29T22:15:00Z",
        ["", "now", "2026-03-29", "2026-03-29T22:15:00", "2026-03-29T22:15:00+01:00", "2026-02-30T00:00:00Z", 0],
    ),
    timedelta: ("a duration without calendar units, such as PT750S", ["", "750", "P1D", "P1M", "--PT1S", "PT", 750]),
    Resolution: ("a duration, such as PT15M", ["", "15", "-PT15M", "P1W", 900]),
    AreaId: ("an identifier as scheme:value", ["", "x", ":x", "x:", "x: ", 1, None]),
    str: ("a string", [1, None, True, [], {}]),
    int: ("a whole number", ["1", 1.5, True, None]),
    bool: ("true or false", [0, 1, "true", None]),
}


@pytest.mark.parametrize(
    ("kind", "wanted", "data"),
    [(kind, wanted, data) for kind, (wanted, wrong) in WRONG.items() for data in wrong],
    ids=repr,
)
def test_a_word_that_does_not_fit_is_refused(kind: type, wanted: str, data: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(Malformed) as caught:
        from_json(kind, data, "$.here")
    assert (caught.value.path, caught.value.expected) == ("$.here", wanted)
    assert caught.value.found in {repr(data), json.dumps(data)}


ENUMERATIONS = [
    kind
    for module in (flow, market, measurements, model, report, results, schedules)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == module.__name__
]


@pytest.mark.parametrize("kind", ENUMERATIONS, ids=lambda kind: kind.__name__)
def test_a_word_of_a_list_is_its_value_and_no_other_is_read(kind: type[Enum]) -> None:
    assert [read(kind, write(one)) for one in kind] == list(kind)
    assert [to_json(one) for one in kind] == [one.value for one in kind]
    with pytest.raises(Malformed) as caught:
        from_json(kind, "nothing of the kind")
    assert caught.value.expected == "one of " + ", ".join(repr(one.value) for one in kind)
    assert caught.value.found == '"nothing of the kind"'


# ---- objects


INTERVAL = quarter()
FORMS: dict[str, tuple[object, object]] = {
    "interval": (INTERVAL, WORDS),
    "party": (
        Party(SELLER.id, Role.BALANCING_SERVICE_PROVIDER),
        {"id": SELLER_WORD, "role": "balancing service provider"},
    ),
    "link": (
        Link("b1", Condition.AVAILABLE_IF_ACTIVATED),
        {"bid_id": "b1", "condition": "available if linked bid activated"},
    ),
    "need": (
        need("n", "2.5", "-10"),
        {
            "id": "n", "buyer": f"A01:{TSO.id.value}", "area": WEST_WORD, "direction": "up", "interval": WORDS,
            "quantity_mw": "2.5", "price": "-10", "currency": "EUR", "reserve": "mFRR", "activation": "scheduled",
            "product": "energy", "required": True, "resource": None, "buyer_role": None, "tolerance_mw": "0",
        },
    ),
    "capacity": (
        capacity(7),
        {
            "id": "10YNO-1--------2 10YNO-2--------T", "sender": f"A01:{TSO.id.value}", "from_area": EAST_WORD,
            "to_area": WEST_WORD, "interval": WORDS, "quantity_mw": "7",
            "kind": "available transfer capacity after the schedule", "loss_factor": "0",
        },
    ),
    "limit": (
        Limit(id="l", sender=DSO.id, interval=INTERVAL, headroom_mw=D("3"), coefficients={"b": D("-0.5")}),
        {
            "id": "l", "sender": "A10:7080000000005", "interval": WORDS, "headroom_mw": "3",
            "coefficients": {"b": "-0.5"}, "reason": "",
        },
    ),
    "block": (
        block("b"),
        {
            "bid_id": "b", "requester": "A10:7080000000005", "requester_role": "distribution system operator",
            "interval": WORDS, "area": WEST_WORD, "limit_mw": None, "kind": "thermal", "reason": "B46",
        },
    ),
    "operating envelope": (
        OperatingEnvelope(id="e", sender=DSO.id, resource=ResourceId("u", "NNO"), interval=INTERVAL, max_mw=D(3)),
        {
            "id": "e", "sender": "A10:7080000000005", "resource": "NNO:u", "interval": WORDS, "min_mw": None,
            "max_mw": "3", "area": None, "baseline": None, "reason": "",
        },
    ),
    "reading": (
        Reading(interval=INTERVAL, value=None, quality=Quality.NOT_AVAILABLE),
        {"interval": WORDS, "value": None, "quality": "not available"},
    ),
    "measured series": (
        MeasuredSeries(id="m", unit=Unit.MEGAWATT_HOUR, readings=(), area=WEST, registered=EIGHT),
        {
            "id": "m", "unit": "MWh", "readings": [], "metering_point": None, "resource": None, "party": None,
            "area": WEST_WORD, "to_area": None, "replaces": None, "registered": "2027-01-14T08:00:00Z",
        },
    ),
    "adjustment": (
        PerimeterAdjustment(id="a", party=SELLER.id, area=WEST, interval=INTERVAL, energy_mwh=D("-0.1")),
        {
            "id": "a", "party": SELLER_WORD, "area": WEST_WORD, "interval": WORDS, "energy_mwh": "-0.1",
            "kind": "activated energy", "price": None, "currency": "EUR",
        },
    ),
    "settlement": (
        Settlement(
            lines=(
                SettlementLine(
                    id="l", kind=SettlementKind.PENALTY, interval=INTERVAL, quantity_mwh=D(1), amount=D("-20.00")
                ),
            ),
            final=False,
        ),
        {
            "lines": [
                {
                    "id": "l", "kind": "compensation or penalty", "interval": WORDS, "quantity_mwh": "1",
                    "amount": "-20.00", "currency": "EUR", "reserve": None, "area": None, "to_area": None,
                    "resource": None,
                }
            ],
            "final": False,
        },
    ),
    "exchange": (
        ExchangeSchedule(
            id="x", kind=ExchangeKind.ENERGY_FLOW, blocks=(PowerBlock(interval=INTERVAL, power_mw=D(5)),), from_area=EAST
        ),
        {
            "id": "x", "kind": "energy flow", "blocks": [{"interval": WORDS, "power_mw": "5"}], "from_area": EAST_WORD,
            "to_area": None, "from_party": None, "to_party": None, "metering_point": None, "connecting_line": None,
            "agreement": None, "version": 1,
        },
    ),
    "finding": (
        Finding(
            rule="RB-1", severity=Severity.WARN, level=Level.INTERVAL, code="A42", path="/x", expected="1", found="2",
            subject="b", interval=INTERVAL,
        ),
        {
            "rule": "RB-1", "severity": "warn", "level": "interval", "code": "A42", "path": "/x", "expected": "1",
            "found": "2", "subject": "b", "interval": WORDS,
        },
    ),
    "report": (Report(losses=("x",)), {"findings": [], "assumptions": [], "losses": ["x"]}),
    "receipt": (
        Receipt(
            verdict=Verdict.PARTLY_ACCEPTED,
            document_id="d",
            revision=2,
            refused=(
                RefusedSeries(series_id="s", reasons=(), intervals=((INTERVAL, (Reason(code="A59", text="late"),)),)),
            ),
        ),
        {
            "verdict": "partly accepted", "document_id": "d", "revision": 2, "document_type": None, "process": None,
            "title": None, "created": None, "reasons": [],
            "refused": [
                {"series_id": "s", "reasons": [], "intervals": [[WORDS, [{"code": "A59", "text": "late"}]]]}
            ],
        },
    ),
    "inquiry": (
        StatusInquiry(conditions=(InquiryCondition(attribute="mRID", value="d"),)),
        {"conditions": [{"attribute": "mRID", "value": "d", "scheme": None}]},
    ),
    "problem": (
        Problem(expected_type="A37", expected_at=EIGHT, reasons=(Reason(code="A91"),)),
        {
            "expected_type": "A37", "expected_at": "2027-01-14T08:00:00Z", "reasons": [{"code": "A91", "text": None}],
            "expected_process": None, "timeframe": None, "delivery_at": None, "area": None,
        },
    ),
    "informative": (Informative(document="crac"), {"document": "crac"}),
    "merit order list": (
        MeritOrderList(INTERVAL, Direction.DOWN, (MeritOrderEntry(bid("b"), usable=False),)),
        {"interval": WORDS, "direction": "down", "entries": [{"bid": to_json(bid("b")), "usable": False}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("value", "form"), FORMS.values(), ids=FORMS)
def test_the_form_of_a_value_is_its_fields_in_their_order(value: object, form: Mapping[str, object]) -> None:
    assert to_json(value) == form
    assert list(json.loads(write(value))) == list(form)
    assert read(type(value), write(value)) == value


def test_an_envelope_names_the_kind_of_its_message_first() -> None:
    data = to_json(envelope(BidSet(bids=())))
    assert isinstance(data, dict)
    assert data["message"] == {"type": "BidSet", "bids": [], "replaces_all": False, "units": []}
    assert list(data)[:6] == ["id", "sender", "receiver", "created", "message", "revision"]
    assert isinstance(read(Envelope, write(envelope(BidSet(bids=())))).message, BidSet)


def test_an_envelope_of_one_kind_is_read_as_an_envelope() -> None:
    letter = envelope(BidSet(bids=(bid("b"),)))
    assert read(Envelope[BidSet], write(letter)) == letter


# ---- places


PLACES: dict[str, tuple[Any, object, str, str, str]] = {
    "deep in a tuple": (
        Settlement, {"lines": [to_json(FORMS["adjustment"][0])]}, "$.lines[0].party", "a field of SettlementLine", "an unknown key",
    ),
    "a missing field": (Interval, {"start": WORDS["start"]}, "$", "the field end of Interval", "nothing"),
    "the first missing field by name": (Interval, {}, "$", "the field end of Interval", "nothing"),
    "a value that cannot be": (Block, {**dict(FORMS["block"][1]), "limit_mw": 3}, "$.limit_mw", "a decimal as a string", "3"),  # type: ignore[call-overload]
    "a pair of three": (
        RefusedSeries, {"series_id": "s", "reasons": [], "intervals": [[WORDS, [], []]]}, "$.intervals[0]", "an array of 2", "an array of 3",
    ),
    "inside a pair": (
        RefusedSeries, {"series_id": "s", "reasons": [], "intervals": [[WORDS, [{}]]]}, "$.intervals[0][1][0]", "the field code of Reason", "nothing",
    ),
    "inside a mapping": (Limit, {**dict(FORMS["limit"][1]), "coefficients": {"b": 1}}, "$.coefficients.b", "a decimal as a string", "1"),  # type: ignore[call-overload]
    "a mapping that is none": (Limit, {**dict(FORMS["limit"][1]), "coefficients": []}, "$.coefficients", "an object", "[]"),  # type: ignore[call-overload]
    "a list for an object": (Interval, [], "$", "an object, the fields of Interval", "[]"),
    "a message of no kind": (Message, {"bids": []}, "$.type", "one of ", "null"),
    "a message of a number": (Message, {"type": 7}, "$.type", "one of ", "7"),
    "a long value": (int, "x" * 100, "$", "a whole number", '"' + "x" * 59 + "\u2026"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "path", "expected", "found"), PLACES.values(), ids=PLACES)
def test_a_refusal_leads_to_the_place(kind: Any, data: Any, path: str, expected: str, found: str) -> None:  # noqa: ANN401 - any type, any JSON
    with pytest.raises(Malformed) as caught:
        from_json(kind, data)
    assert (caught.value.path, caught.value.found) == (path, found)
    assert caught.value.expected.startswith(expected)


def test_a_value_that_its_type_refuses_keeps_the_code_of_the_refusal() -> None:
    data = to_json(FORMS["operating envelope"][0])
    assert isinstance(data, dict)
    with pytest.raises(Malformed) as caught:
        from_json(OperatingEnvelope, {**data, "min_mw": "4"}, "$.envelopes[3]")
    error = caught.value
    assert (error.path, error.code, error.rule) == ("$.envelopes[3]", "A42", "GEN-004")
    assert (error.expected, error.found) == ("min_mw <= max_mw", "4 > 3")


# ---- mappings, texts


@given(st.dictionaries(st.integers(), st.text(), max_size=5))
def test_whole_numbers_may_be_keys(drawn: dict[int, str]) -> None:
    assert read(Mapping[int, str], write(drawn)) == drawn  # type: ignore[type-abstract]


@given(st.dictionaries(st.text(), st.decimals(allow_nan=False, allow_infinity=False), max_size=5))
def test_any_word_may_be_a_key(drawn: dict[str, Decimal]) -> None:
    assert read(Mapping[str, D], write(drawn)) == drawn  # type: ignore[type-abstract]


def test_a_text_may_be_indented_or_in_one_line_and_ends_with_a_line_feed() -> None:
    assert write((D(1), None), indent=None) == '["1", null]\n'
    assert write((D(1), None)) == '[\n  "1",\n  null\n]\n'
    assert read(tuple[D, str | None], b'["1",null]') == (D(1), None)


@pytest.mark.parametrize("value", [float("nan"), 0.1, b"bytes", {1.5}, object, Interval], ids=repr)
def test_what_is_no_canonical_value_is_not_written(value: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        write(value)
    assert (caught.value.path, caught.value.expected) == ("JSON", "a canonical value")
    assert caught.value.found == repr(value)


@pytest.mark.parametrize("text", [b"\xff", b"", b"{", b"[1,]", b"nul", b'{"a": 1, "a": 2}'], ids=repr)
def test_what_is_no_json_text_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        read(Report, text)
    assert (caught.value.path, caught.value.expected) == ("$", "a JSON text in UTF-8")
