"""AR-001 to AR-009: results of an allocation beside the bids that were accepted, at each bound and beyond it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

FIRST, SECOND = "TimeSeries[1]", "TimeSeries[2]"
QUANTITY_AT = f"/{FIRST}/Period[1]/Point[1]/quantity"
TEN = datetime(2026, 6, 15, 10, tzinfo=UTC)


def quantity(text: str, series: int = 1) -> Step:
    return ("set", f"TimeSeries[{series}]/Period/Point/quantity", text)


def reason(series: int, code: str) -> Step:
    return ("set", f"TimeSeries[{series}]/Reason/code", code)


def offered(quantity_mw: str, minimum_mw: str = "0", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    """Return that the bid of the first award was accepted with these terms."""
    return {"known-divisible": {"start": TEN, "quantity_mw": quantity_mw, "minimum_mw": minimum_mw} | more}


# ------------------------------------------------------------------------------------------------------------ AR-001
@pytest.mark.parametrize(("kind", "sound"), [("A38", True), ("B23", True), ("A37", False), ("A43", False)])
def test_a_result_is_a_result(kind: str, *, sound: bool) -> None:
    found = said("result", ("set", "type", kind))
    assert found == ([] if sound else [("AR-001", "A77", "/type", "A38 or B23", kind)])


@pytest.mark.parametrize(
    ("market", "business", "expected"),
    [
        ("project", "A97", None),
        ("project", "B74", None),
        ("project", "B75", None),
        ("project", "B90", None),
        ("project", "B95", None),
        ("project", "A96", "A97, B74, B75, B90 or B95"),
        ("project", "C26", "A97, B74, B75, B90 or B95"),
        ("nordic_no", "A97", None),
        ("nordic_no", "B74", None),
        ("nordic_no", "B75", "A97 or B74"),
        ("nordic_no", "B95", "A97 or B74"),
    ],
)
def test_a_result_speaks_of_business_that_the_market_has(market: str, business: str, expected: str | None) -> None:
    found = only("AR-001", said("result", ("set", f"{SECOND}/businessType", business), over=market))
    assert found == ([("A62", f"/{SECOND}/businessType", expected, business)] if expected else [])


def test_where_the_process_is_wrong_the_business_is_not_judged() -> None:
    steps = [("set", "process.processType", "A51"), ("set", f"{FIRST}/businessType", "A96")]
    assert broken("result", *steps) == ["GEN-010"]


# ------------------------------------------------------------------------------------------------------------ AR-002
BID = "bid_Original_MarketDocument.bid_BidTimeSeries.mRID"
PARTY = "bid_Original_MarketDocument.tendering_MarketParticipant.mRID"


def test_an_award_is_for_a_bid_that_was_accepted() -> None:
    found = said("result", ("set", f"{SECOND}/{BID}", "nobody's"))
    assert found == [("AR-002", "A55", f"/{SECOND}/{BID}", "an accepted bid", "nobody's")]
    assert broken("result", ("set", f"{SECOND}/{BID}", "nobody's"), bids="unknown") == []


@pytest.mark.parametrize(
    ("provider", "wrong"),
    [("A01:10XBSP-ALPHA---F", False), ("A01:10XBSP-BETA----K", True), ("NNO:10XBSP-ALPHA---F", True)],
)
def test_an_award_names_the_party_that_offered(provider: str, *, wrong: bool) -> None:
    found = only("AR-002", said("result", bids=offered("30", provider=provider)))
    told = ("A55", f"/{FIRST}/{PARTY}", provider, "A01:10XBSP-ALPHA---F")
    assert found == ([told] if wrong else [])


def test_an_award_need_not_name_bid_or_party() -> None:
    assert broken("result", ("drop", f"{FIRST}/{PARTY}"), bids=offered("30", provider="A01:10XBSP-BETA----K")) == []
    element = [("drop", f"{FIRST}/{BID}"), ("drop", f"{FIRST}/bid_Original_MarketDocument.revisionNumber")]
    document = ("drop", f"{FIRST}/bid_Original_MarketDocument.mRID")
    assert [rule for rule in broken("result", *element, document) if rule.startswith("AR")] == []


# ------------------------------------------------------------------------------------------------------------ AR-003
@pytest.mark.parametrize(
    ("awarded", "terms", "expected"),
    [
        ("30", ("30", "10"), None),
        ("10", ("30", "10"), None),
        ("10.000", ("30", "10"), None),
        ("30.001", ("30", "10"), "0, or 10 to 30 MW"),
        ("9.999", ("30", "10"), "0, or 10 to 30 MW"),
        ("0.001", ("30", "10"), "0, or 10 to 30 MW"),
        ("0", ("30", "10"), None),
        ("0.001", ("30", "0"), None),
        ("31", ("30", "0"), "0, or 0 to 30 MW"),
        ("25", ("25", "25"), None),
        ("24", ("25", "25"), "0, or 25 to 25 MW"),
    ],
)
def test_an_award_lies_within_the_offer(awarded: str, terms: tuple[str, str], expected: str | None) -> None:
    found = only("AR-003", said("result", quantity(awarded), bids=offered(*terms)))
    assert found == ([("A42", QUANTITY_AT, expected, awarded)] if expected else [])


@pytest.mark.parametrize(
    ("awarded", "wrong"), [("20", False), ("0", False), ("19.999", True), ("20.001", True), ("1", True)]
)
def test_what_cannot_be_divided_is_taken_whole(awarded: str, *, wrong: bool) -> None:
    found = only("AR-003", said("result", quantity(awarded), bids=offered("20", divisible=False)))
    told = ("A42", QUANTITY_AT, "0 or 20 MW: the offer cannot be divided", awarded)
    assert found == ([told] if wrong else [])


def test_each_award_is_judged_by_its_own_offer() -> None:
    found = only("AR-003", said("result", quantity("31"), quantity("19", 2)))
    assert [(place.split("/")[1], want) for _, place, want, _ in found] == [
        (FIRST, "0, or 10 to 30 MW"),
        (SECOND, "0 or 20 MW: the offer cannot be divided"),
    ]


# ------------------------------------------------------------------------------------------------------------ AR-004
@pytest.mark.parametrize(
    ("kind", "awarded", "terms", "wrong"),
    [
        ("A38", "25", "", True),
        ("A38", "0", "", False),
        ("B23", "25", "", False),
        ("A38", "25", "bids.energy_priced = false", False),
    ],
)
def test_an_award_of_energy_has_the_clearing_price(kind: str, awarded: str, terms: str, *, wrong: bool) -> None:
    steps = [("set", "type", kind), quantity(awarded), ("drop", f"{FIRST}/Period/Point/energy_Price.amount")]
    found = only("AR-004", said("result", *steps, terms=terms))
    place = f"/{FIRST}/Period[1]/Point[1]/energy_Price.amount"
    assert found == ([("A69", place, "the clearing price", "nothing")] if wrong else [])


def test_the_price_bid_does_not_stand_for_the_clearing_price() -> None:
    point = f"{FIRST}/Period/Point"
    steps = [
        ("before", f"{point}/energy_Price.amount", "<bidEnergy_Price.amount>45</bidEnergy_Price.amount>"),
        ("drop", f"{point}/energy_Price.amount"),
    ]
    assert broken("result", *steps) == ["AR-004"]


# ------------------------------------------------------------------------------------------------------------ AR-005
EVERYWHERE = "999, A70, A71, A73, A95, B09, B16, B22, B46, B47, B49 or B58"


@pytest.mark.parametrize(
    ("market", "code", "expected"),
    [
        ("project", "B22", None),
        ("project", "B49", None),
        ("project", "999", None),
        ("project", "B18", EVERYWHERE),
        ("nordic_no", "B22", None),
        ("nordic_no", "Z58", None),
        ("nordic_no", "Z59", None),
        ("nordic_no", "B46", "A95, B09, B22, B49, Z58 or Z59"),
        ("nordic_no", "999", "A95, B09, B22, B49, Z58 or Z59"),
    ],
)
def test_reasons_are_those_of_the_market_and_else_a_warning(market: str, code: str, expected: str | None) -> None:
    report = judged("result", reason(1, code), over=market)
    found = [(f.severity, f.code, f.expected, f.found) for f in report.findings if f.rule == "AR-005"]
    assert found == ([("warn", "999", expected, code)] if expected else [])


def test_the_second_reason_is_looked_at_too() -> None:
    step = ("after", f"{FIRST}/Reason", "<Reason><code>B18</code></Reason>")
    assert [row[2] for row in said("result", step)] == [f"/{FIRST}/Reason[2]/code"]


# ------------------------------------------------------------------------------------------------------------ AR-006
def periods(*spans: tuple[str, str, str]) -> list[Step]:
    """Return the steps that give the first award one Period for each start, end and resolution."""
    steps: list[Step] = [("copy", f"{FIRST}/Period") for _ in spans[1:]]
    for number, (start, end, resolution) in enumerate(spans, 1):
        place = f"{FIRST}/Period[{number}]"
        steps += [
            ("set", f"{place}/timeInterval/start", f"2026-06-15T{start}Z"),
            ("set", f"{place}/timeInterval/end", f"2026-06-15T{end}Z"),
            ("set", f"{place}/resolution", resolution),
        ]
    return steps


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("10:00", "10:15", "PT15M")], None),
        ([("10:06", "10:30", "PT24M")], None),
        ([("10:06", "10:15", "PT9M"), ("10:15", "10:30", "PT15M")], None),
        ([("10:00", "10:15", "PT5M")], ("Period[1]/resolution", "the length of the Period, 0:15:00", "PT5M")),
        ([("10:06", "10:30", "PT12M")], ("Period[1]/resolution", "the length of the Period, 0:24:00", "PT12M")),
        (
            [("10:00", "10:05", "PT5M"), ("10:05", "10:10", "PT5M"), ("10:10", "10:15", "PT5M")],
            ("Period", "at most 2 Periods", "3"),
        ),
    ],
)
def test_a_result_has_one_slot_per_period_and_two_periods_at_most(
    spans: list[tuple[str, str, str]], expected: tuple[str, str, str] | None
) -> None:
    found = only("AR-006", said("result", *periods(*spans)))
    assert found == ([("A41", f"/{FIRST}/{expected[0]}", *expected[1:])] if expected else [])


# ------------------------------------------------------------------------------------------------------------ AR-009
@pytest.mark.parametrize("code", ["A70", "A71", "B09", "B16", "B46", "B47"])
def test_a_refused_bid_says_why(code: str) -> None:
    assert broken("result", reason(2, code)) == []


@pytest.mark.parametrize("code", ["B22", "B49", "A95", "999", "A73"])
def test_not_every_reason_is_one_of_refusal(code: str) -> None:
    report = judged("result", reason(2, code))
    assert [(f.rule, f.severity, f.code, f.expected, f.found) for f in report.findings] == [
        ("AR-009", "warn", "999", "A70, A71, B09, B16, B46 or B47", "none of them")
    ]


def test_a_bid_that_is_taken_in_one_period_is_not_refused() -> None:
    """Nothing in the first quarter hour and 25 MW in the second."""
    steps = [
        *periods(("10:00", "10:15", "PT15M"), ("10:15", "10:30", "PT15M")),
        ("set", f"{FIRST}/Period[1]/Point/quantity", "0"),
    ]
    assert "AR-009" not in broken("result", *steps)
    assert "AR-009" in broken("result", *steps, ("set", f"{FIRST}/Period[2]/Point/quantity", "0"))
