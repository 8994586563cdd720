"""RB-030 and RB-032 to RB-034: technical links through time, and conditions on what became of earlier offers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

FIRST_ID = "1db6c922-6d64-5350-b964-fb8ce459f715"
SECOND_ID = "9119357a-3228-5c08-b3a9-369cac43c7f0"
THIRD = "Bid_TimeSeries[3]"
TEN = datetime(2026, 6, 15, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def known(name: str, start: datetime, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    return {name: {"start": start, "quantity_mw": 10, **more}}


def chained(*series: int, name: str = "unit") -> list[Step]:
    element = f"<linkedBidsIdentification>{name}</linkedBidsIdentification>"
    return [("after", f"Bid_TimeSeries[{n}]/divisible", element) for n in series]


def moved(series: int, start: datetime) -> list[Step]:
    place = f"Bid_TimeSeries[{series}]/Period/timeInterval"
    return [
        ("set", f"{place}/start", f"{start:%Y-%m-%dT%H:%MZ}"),
        ("set", f"{place}/end", f"{start + QUARTER:%Y-%m-%dT%H:%MZ}"),
    ]


def linked(*targets: str, status: str = "A65", conditions: tuple[str, ...] = ()) -> list[Step]:
    """Return the steps that make the third offer, for 10:15, depend on each target."""
    every = conditions or ("A55" if status == "A65" else "A67",) * len(targets)
    links = [
        f"<Linked_BidTimeSeries><mRID>{target}</mRID><status><value>{condition}</value></status></Linked_BidTimeSeries>"
        for target, condition in zip(targets, every, strict=True)
    ]
    steps: list[Step] = [("set", f"{THIRD}/status/value", status)]
    return [*steps, *(("after", f"{THIRD}/Period", link) for link in reversed(links))]


# ------------------------------------------------------------------------------------------------------------ RB-030
LINK_AT = "linkedBidsIdentification"


def test_a_unit_is_offered_once_at_a_time() -> None:
    found = said("bids", *chained(1, 2))
    told = (
        "RB-030",
        "A59",
        f"/Bid_TimeSeries[2]/{LINK_AT}",
        "one offer or group at 2026-06-15T10:00Z",
        f"{SECOND_ID} besides {FIRST_ID}",
    )
    assert found == [told]


@pytest.mark.parametrize("tag", ["exclusiveBidsIdentification", "multipartBidIdentification"])
def test_a_unit_may_offer_a_group_instead(tag: str) -> None:
    group = [("after", f"Bid_TimeSeries[{n}]/divisible", f"<{tag}>group</{tag}>") for n in (1, 2)]
    assert broken("bids", *group, *chained(1, 2)) == []


def test_a_unit_does_not_offer_two_groups() -> None:
    tag = "exclusiveBidsIdentification"
    groups = [("after", f"Bid_TimeSeries[{n}]/divisible", f"<{tag}>group {n}</{tag}>") for n in (1, 2)]
    found = only("RB-030", said("bids", *groups, *chained(1, 2)))
    assert [(place, text) for _, place, _, text in found] == [
        (f"/Bid_TimeSeries[2]/{LINK_AT}", "group 2 besides group 1")
    ]


@pytest.mark.parametrize(
    ("third", "told"),
    [
        (TEN + QUARTER, None),
        (TEN - QUARTER, None),
        (TEN + 2 * QUARTER, ("an offer at 2026-06-15T10:15Z too", "none since 2026-06-15T10:00Z")),
        (TEN + 4 * QUARTER, ("an offer at 2026-06-15T10:45Z too", "none since 2026-06-15T10:00Z")),
    ],
)
def test_a_chain_has_no_gap(third: datetime, told: tuple[str, str] | None) -> None:
    found = only("RB-030", said("bids", *chained(1, 3), *moved(3, third)))
    assert found == ([("A59", f"/{THIRD}/{LINK_AT}", *told)] if told else [])


@pytest.mark.parametrize(
    ("fillers", "told"),
    [
        ([1], None),
        ([], "none since 2026-06-15T10:00Z"),
        ([-1], "none since 2026-06-15T10:00Z"),
        ([2], "none since 2026-06-15T10:00Z"),
    ],
)
def test_offers_accepted_earlier_fill_a_gap(fillers: list[int], told: str | None) -> None:
    """The chain is offered for 10:00 and 10:30; an offer for 10:15 lies between."""
    bids: dict[str, Any] = {}
    for at in fillers:
        bids |= known(f"filler {at}", TEN + at * QUARTER, technical_link="unit")
    found = only("RB-030", said("bids", *chained(1, 3), *moved(3, TEN + 2 * QUARTER), bids=bids))
    assert [text for *_, text in found] == ([told] if told else [])


def test_an_accepted_offer_of_another_chain_fills_no_gap() -> None:
    bids = known("filler", TEN + QUARTER, technical_link="other unit")
    found = only("RB-030", said("bids", *chained(1, 3), *moved(3, TEN + 2 * QUARTER), bids=bids))
    assert len(found) == 1


@pytest.mark.parametrize(("start", "rules"), [(TEN, []), (TEN + QUARTER, ["RB-030"])])
def test_a_chain_goes_on_from_what_was_accepted(start: datetime, rules: list[str]) -> None:
    bids = known("before", TEN - QUARTER, technical_link="unit")
    assert broken("bids", *chained(1), *moved(1, start), bids=bids) == rules


def test_gaps_are_taken_for_filled_where_nothing_is_known() -> None:
    report = judged("bids", *chained(1, 3), *moved(3, TEN + 3 * QUARTER), bids="unknown")
    assert report.clean
    assert "RB-030: offers accepted earlier fill the gaps of technical links" in report.assumptions
    assert "RB-030" not in " ".join(judged("bids", *chained(1), bids="unknown").assumptions)


# ------------------------------------------------------------------------------------------------------------ RB-032
@pytest.mark.parametrize(
    ("quarters", "sound"), [(-1, False), (0, False), (1, True), (2, True), (3, False), (96, False)]
)
def test_a_condition_reaches_one_or_two_time_units_back(quarters: int, *, sound: bool) -> None:
    bids = known("target", TEN + QUARTER - quarters * QUARTER)
    found = said("bids", *linked("target"), bids=bids)
    told = ("RB-032", "A59", f"/{THIRD}/Linked_BidTimeSeries", "targets one or two time units earlier", "target")
    assert found == ([] if sound else [told])


@pytest.mark.parametrize(
    ("one_back", "two_back", "told"),
    [(1, 0, None), (3, 0, None), (3, 3, None), (0, 3, None), (4, 0, "4"), (0, 4, "4"), (4, 3, "7"), (1, 4, "5")],
)
def test_three_conditions_go_to_each_time_unit(one_back: int, two_back: int, told: str | None) -> None:
    bids: dict[str, Any] = {}
    for at, number in ((TEN, one_back), (TEN - QUARTER, two_back)):
        for count in range(number):
            bids |= known(f"target {at:%H:%M} {count}", at)
    found = said("bids", *linked(*bids), bids=bids)
    limit = "at most 3 links to a time unit"
    assert found == ([("RB-032", "A59", f"/{THIRD}/Linked_BidTimeSeries", limit, told)] if told else [])


def test_a_target_is_linked_once() -> None:
    bids = known("target", TEN)
    found = said("bids", *linked("target", "target"), bids=bids)
    assert found == [("RB-032", "A59", f"/{THIRD}/Linked_BidTimeSeries[2]", "one link to each target", "target")]


def test_the_time_unit_of_the_market_is_what_counts() -> None:
    bids = known("target", TEN - 3 * QUARTER)
    assert "RB-032" in broken("bids", *linked("target"), bids=bids)
    assert "RB-032" not in broken("bids", *linked("target"), bids=bids, terms='time_unit = "PT60M"')


# ------------------------------------------------------------------------------------------------------------ RB-033
def test_a_target_is_in_the_document_or_was_accepted() -> None:
    assert broken("bids", *linked(FIRST_ID)) == []
    assert broken("bids", *linked("accepted"), bids=known("accepted", TEN)) == []
    place, expected = f"/{THIRD}/Linked_BidTimeSeries[1]/mRID", "an offer or group that exists"
    assert said("bids", *linked("nobody")) == [("RB-033", "A55", place, expected, "nobody")]


def test_each_target_that_is_missing_is_told() -> None:
    found = said("bids", *linked(FIRST_ID, "nobody", "nowhere"))
    assert [(row[2][-7], row[4]) for row in found] == [("2", "nobody"), ("3", "nowhere")]


def test_an_inclusive_group_is_a_target_by_its_own_name() -> None:
    inclusive = "<inclusiveBidsIdentification>both</inclusiveBidsIdentification>"
    here = [("before", f"Bid_TimeSeries[{n}]/Period", inclusive) for n in (1, 2)]
    price = ("set", "Bid_TimeSeries[2]/Period/Point/energy_Price.amount", "45.50")
    assert broken("bids", *here, price, *linked("both")) == []
    assert broken("bids", *linked("both"), bids=known("member", TEN, inclusive="both")) == []
    assert broken("bids", *linked("both"), bids=known("member", TEN, exclusive="both")) == ["RB-033"]


@pytest.mark.parametrize(
    ("area", "wrong"), [("A01:10YNORTH-------T", False), ("A01:10YRIVER-------S", True), ("NNO:10YNORTH-------T", True)]
)
def test_a_target_is_in_the_same_area(area: str, *, wrong: bool) -> None:
    found = said("bids", *linked("target"), bids=known("target", TEN, area=area))
    place = f"/{THIRD}/Linked_BidTimeSeries[1]/mRID"
    told = ("RB-033", "A55", place, "a target in 10YNORTH-------T", f"target in {area[4:]}")
    assert found == ([told] if wrong else [])


def test_what_the_document_says_of_an_offer_goes_before_what_was_accepted() -> None:
    """The accepted offer of this name lies too far back; the document moves it to 10:00."""
    stale = known(FIRST_ID, TEN - 8 * QUARTER, product="A07", resource="A01:10WUNIT-ONE----3")
    assert [rule for rule in broken("bids", *linked(FIRST_ID), bids=stale) if rule in {"RB-032", "RB-033"}] == []


def test_targets_are_taken_on_trust_where_nothing_is_known() -> None:
    report = judged("bids", *linked("nobody"), bids="unknown")
    assert report.clean
    assert "RB-033: link targets that are not in the document were accepted before" in report.assumptions


# ------------------------------------------------------------------------------------------------------------ RB-034
TAKES_AWAY = ["A55", "A56", "A57", "A58", "A59", "A60"]
GIVES = ["A67", "A68", "A69", "A70", "A71", "A72"]


def words(codes: list[str]) -> str:
    return ", ".join(codes[:-1]) + f" or {codes[-1]}"


@pytest.mark.parametrize(("status", "allowed"), [("A65", TAKES_AWAY), ("A66", GIVES)])
@pytest.mark.parametrize("condition", TAKES_AWAY + GIVES)
def test_conditions_come_in_two_families(status: str, allowed: list[str], condition: str) -> None:
    found = said("bids", *linked(FIRST_ID, status=status, conditions=(condition,)))
    told = ("RB-034", "A77", f"/{THIRD}/Linked_BidTimeSeries[1]/status", words(allowed), condition)
    assert found == ([] if condition in allowed else [told])


@pytest.mark.parametrize(("condition", "wrong"), [("A70", False), ("A71", True), ("A72", True)])
def test_finland_does_not_use_the_last_two(condition: str, *, wrong: bool) -> None:
    steps = linked(FIRST_ID, status="A66", conditions=(condition,))
    found = only("RB-034", said("bids", *steps, over="nordic_fi"))
    told = ("A77", f"/{THIRD}/Linked_BidTimeSeries[1]/status", "A67, A68, A69 or A70", condition)
    assert found == ([told] if wrong else [])


def test_the_families_are_not_mixed_on_one_offer() -> None:
    found = said("bids", *linked(FIRST_ID, SECOND_ID, conditions=("A55", "A67")))
    assert found == [("RB-034", "A77", f"/{THIRD}/Linked_BidTimeSeries[2]/status", words(TAKES_AWAY), "A67")]
