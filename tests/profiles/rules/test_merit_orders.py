"""MO-001, MO-002, MO-004: merit order lists, their order at each bound and beyond it."""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import Step, broken, judged, said

BIDS = ["up-a", "up-b", "up-c", "down-a", "down-b", "later"]
"""The bids of the list in its order: two lists from 10:00 (up at 20.5, 20.5, 45; down at 30, -5), one from 10:15."""


def price(series: int, value: str) -> Step:
    return ("set", f"TimeSeries[{series}]/Period/Point/energy_Price.amount", value)


def created(series: int, minute: str) -> Step:
    return ("set", f"TimeSeries[{series}]/marketAgreement.createdDateTime", f"2026-06-15T05:{minute}:00Z")


def priced(series: int) -> str:
    return f"/TimeSeries[{series}]/Period[1]/Point[1]/energy_Price.amount"


# ------------------------------------------------------------------------------------------------------------ MO-001
@pytest.mark.parametrize("series", [2, 3, 4, 5, 6])
def test_a_bid_stands_in_one_place(series: int) -> None:
    step = ("set", f"TimeSeries[{series}]/marketAgreement.mRID", "up-a")
    told = ("MO-001", "A55", f"/TimeSeries[{series}]/marketAgreement.mRID", "a bid of its own", "up-a, as in series 1")
    assert told in said("merit_order", step)


def test_a_bid_in_three_places_is_told_twice_with_its_first() -> None:
    steps = [("set", f"TimeSeries[{series}]/marketAgreement.mRID", "up-b") for series in (3, 5)]
    found = said("merit_order", *steps)
    assert [(row[0], row[2], row[4]) for row in found] == [
        ("MO-001", f"/TimeSeries[{series}]/marketAgreement.mRID", "up-b, as in series 2") for series in (3, 5)
    ]


@pytest.mark.parametrize(
    "element", ["auction.mRID", "bid_Period.timeInterval", "direction", "marketObjectStatus.status"]
)
def test_the_reader_tells_where_a_mandatory_element_is_missing(element: str) -> None:
    ((rule, code, *_),) = said("merit_order", ("drop", f"TimeSeries[2]/{element}"))
    assert (rule, code) == ("GEN-004", "A69")


# ------------------------------------------------------------------------------------------------------------ MO-002
@pytest.mark.parametrize(
    ("series", "value", "expected"),
    [
        (3, "20.5", None),
        (3, "20.51", None),
        (3, "20.49", "at least 20.5, the price of up-b"),
        (3, "-20.5", "at least 20.5, the price of up-b"),
        (5, "30", None),
        (5, "29.99", None),
        (5, "30.01", "at most 30, the price of down-a"),
        (6, "-9999", None),
    ],
)
def test_bids_up_ascend_and_bids_down_descend(series: int, value: str, expected: str | None) -> None:
    steps = [created(3, "20"), price(series, value)]
    told = [("MO-002", "A77", priced(series), expected, value)] if expected else []
    assert said("merit_order", *steps) == told


def test_the_order_is_judged_bid_after_bid() -> None:
    found = said("merit_order", price(1, "50"), price(4, "-20"))
    assert [(row[2], row[3], row[4]) for row in found] == [
        (priced(2), "at least 50, the price of up-a", "20.5"),
        (priced(5), "at most -20, the price of down-a", "-5"),
    ]


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([created(2, "10")], False),
        ([created(2, "09")], True),
        ([("drop", "TimeSeries[1]/marketAgreement.createdDateTime"), created(2, "09")], False),
        ([created(2, "10"), ("set", "TimeSeries[2]/marketAgreement.mRID", "up")], True),
        (
            [
                ("drop", "TimeSeries[2]/marketAgreement.createdDateTime"),
                ("set", "TimeSeries[2]/marketAgreement.mRID", "up"),
            ],
            True,
        ),
        ([created(2, "11"), ("set", "TimeSeries[2]/marketAgreement.mRID", "up")], False),
    ],
    ids=["same time", "earlier", "one time unknown", "same time, lesser id", "no time, lesser id", "later, lesser id"],
)
def test_of_bids_with_one_price_the_earlier_stands_first_then_the_lesser_id(steps: list[Step], *, wrong: bool) -> None:
    assert broken("merit_order", *steps) == (["MO-002"] if wrong else [])


@pytest.mark.parametrize(
    ("series", "value", "least"), [(2, "1", 1), (2, "0", 1), (3, "2", 2), (5, "1", 1), (6, "1", None), (3, "99", None)]
)
def test_priorities_ascend_strictly_in_each_list(series: int, value: str, least: int | None) -> None:
    found = said("merit_order", ("set", f"TimeSeries[{series}]/priority", value))
    told = ("MO-002", "A77", f"/TimeSeries[{series}]/priority", f"more than {least}", value)
    assert found == ([told] if least else [])


@pytest.mark.parametrize(
    "step",
    [
        ("set", "TimeSeries[3]/currency_Unit.name", "NOK"),
        ("set", "TimeSeries[3]/direction", "A03"),
        ("set", "type", "A42"),
        ("set", "type", "A64"),
    ],
    ids=["other currency", "both ways", "request for a reduction", "answer to one"],
)
def test_what_has_no_order_is_not_ordered(step: Step) -> None:
    assert broken("merit_order", price(3, "1")) == ["MO-002"]
    assert broken("merit_order", price(3, "1"), step) == []


def test_a_bid_with_several_points_has_no_one_price() -> None:
    point = "<Point><position>2</position><quantity.quantity>10</quantity.quantity></Point>"
    steps: list[Step] = [
        ("set", "TimeSeries[3]/Period/timeInterval/end", "2026-06-15T10:30Z"),
        ("after", "TimeSeries[3]/Period/Point", point),
    ]
    assert broken("merit_order", price(3, "1"), *steps) == []


def test_a_bid_without_priority_is_ordered_by_its_price_alone() -> None:
    steps = [("drop", f"TimeSeries[{series}]/priority") for series in range(1, len(BIDS) + 1)]
    assert broken("merit_order", *steps) == []
    assert broken("merit_order", *steps, price(3, "1")) == ["MO-002"]


@pytest.mark.parametrize("kind", ["A43", "A66"])
def test_every_list_has_an_order(kind: str) -> None:
    assert broken("merit_order", ("set", "type", kind), price(3, "1")) == ["MO-002"]


# ------------------------------------------------------------------------------------------------------------ MO-004
@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["B53"], None),
        (["B54"], None),
        (["B54", "999"], None),
        (["B53", "B54"], "B53 and B54"),
        (["999"], "neither"),
        ([], "neither"),
    ],
)
def test_a_merged_list_says_whether_merging_succeeded(codes: list[str], found: str | None) -> None:
    reasons: list[Step] = [("after", "TimeSeries[6]", f"<Reason><code>{code}</code></Reason>") for code in codes]
    told = ("MO-004", "A77", "/Reason", "B53 or B54", found)
    assert said("merit_order", ("set", "type", "B41"), *reasons) == ([told] if found else [])
    assert judged("merit_order", *reasons).clean


def test_the_outcome_may_stand_in_a_series_as_in_editions_without_reasons_of_the_document() -> None:
    step = ("after", "TimeSeries[1]/Period", "<Reason><code>B54</code></Reason>")
    assert broken("merit_order", ("set", "type", "B41"), step) == []
