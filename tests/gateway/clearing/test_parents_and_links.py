"""Bids that hang on other bids, in markets whose best answer one can find by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.clearing import ClearingRules, Pricing, clear
from gateway.clearing.example import QUARTERS, bid, border, market_of, need
from gateway.model import Availability, Bid, Condition, Link
from gateway.results import Fate
from tests.gateway.clearing.quarters import at, cleared, filled, series, taken, told

WELFARE_FIRST = ClearingRules(pricing=Pricing.WELFARE_FIRST)


@pytest.mark.parametrize("quarter", [0, 1], ids=["in its interval", "in the next interval"])
def test_a_child_is_accepted_only_with_its_parent(quarter: int) -> None:
    """The child would earn 70, but its parent of 30 MW does not fit a need of 15."""
    parent = at(0, "P", 30, 20, divisible=False)
    result = cleared(parent, at(quarter, "C", 10, 20, parent="P"), *filled(15, 15))

    assert taken(result, "C") == taken(result, "P") == [0]
    assert told(result, "C") == [Fate.LINK_REJECTED]


@pytest.mark.parametrize("quarter", [0, 1], ids=["in its interval", "in the next interval"])
def test_a_child_is_accepted_where_its_parent_is(quarter: int) -> None:
    parent = at(0, "P", 5, 20, divisible=False)
    result = cleared(parent, at(quarter, "C", 10, 30, parent="P"), *filled(15, 15))

    assert (taken(result, "C"), taken(result, "P")) == ([10], [5])


def test_a_child_may_open_its_parent_where_welfare_comes_first() -> None:
    """P loses 5 · 10, C gains 70 · 10 an hour; strict prices would rather do without both."""
    parent, child = at(0, "P", 10, 95, divisible=False), at(1, "C", 10, 20, parent="P")
    first = cleared(parent, child, *filled(15, 15), rules=WELFARE_FIRST)
    strict = cleared(parent, child, *filled(15, 15))

    assert (taken(first, "P"), taken(first, "C")) == ([10], [10])
    assert (taken(strict, "P"), taken(strict, "C")) == ([0], [0])
    assert first.welfare - strict.welfare == 70 * 10 - 5 * 10
    assert "barring the offers that lose most" in strict.notes[0]


def test_a_divisible_parent_counts_as_accepted_from_one_step_on() -> None:
    """One step of 0.001 MW at 95 opens 10 MW at 20: welfare 700 − 0.005 above that without both."""
    result = cleared(at(0, "P", 10, 95), at(0, "C", 10, 20, parent="P"), *filled(15), rules=WELFARE_FIRST)

    assert (taken(result, "P"), taken(result, "C")) == ([0.001], [10])


def test_a_grandchild_waits_for_both() -> None:
    family = [at(0, "P", 30, 20, divisible=False), at(0, "C", 5, 20, parent="P"), at(0, "G", 5, 20, parent="C")]
    result = cleared(*family, *filled(15))

    assert [told(result, name) for name in "CG"] == [[Fate.LINK_REJECTED]] * 2


def test_a_child_of_a_series_hangs_on_the_part_of_its_own_interval() -> None:
    """P fits the first interval only; each part of C looks at the part of P beside it."""
    parents = series("P", [10, 30], 20, divisible=False)
    result = cleared(*parents, *series("C", [5, 5], 20, parent="P"), *filled(15, 15))

    assert (taken(result, "P"), taken(result, "C")) == ([10, 0], [5, 0])


def test_a_child_in_another_interval_than_a_series_hangs_on_all_its_parts() -> None:
    parents = series("P", [10, 30], 20, divisible=False)
    result = cleared(*parents, at(2, "C", 5, 20, parent="P"), *filled(15, 15, 15))

    assert taken(result, "C") == [0]


def test_two_bids_that_are_parents_of_each_other_are_accepted_together() -> None:
    both = [at(0, "P", 10, 20, parent="C"), at(0, "C", 10, 95, parent="P", divisible=False)]
    result = cleared(*both, *filled(15), rules=WELFARE_FIRST)

    assert (taken(result, "P"), taken(result, "C")) == ([5], [10])


@pytest.mark.parametrize(
    ("parent", "reason"),
    [
        ([], "Its parent P is not known."),
        ([at(0, "P", 5, 20, availability=Availability.UNAVAILABLE)], "Its parent P cannot be used."),
    ],
    ids=["unknown", "unavailable"],
)
def test_a_child_without_a_parent_takes_no_part(parent: list[Bid], reason: str) -> None:
    result = cleared(*parent, at(0, "C", 5, 20, parent="P"), *filled(15))
    (award,) = (each for each in result.awards if each.bid_id == "C")

    assert (award.fate, award.reason) == (Fate.UNAVAILABLE, reason)


def test_an_inclusive_group_can_be_a_parent() -> None:
    group = [at(0, name, 15, 20, inclusive="g", divisible=False) for name in ("G1", "G2")]
    result = cleared(*group, at(1, "C", 5, 20, parent="g"), *filled(15, 15))

    assert told(result, "C") == [Fate.LINK_REJECTED]


TOGETHER = series("K", [5, 5], 10, block_bid="k", divisible=False)
"""A block bid that binds the first two quarter hours to each other."""


@pytest.mark.parametrize(
    ("condition", "linked_fits", "accepted"),
    [
        (Condition.UNAVAILABLE_IF_ACTIVATED, True, False),
        (Condition.UNAVAILABLE_IF_ACTIVATED, False, True),
        (Condition.UNAVAILABLE_IF_NOT_ACTIVATED, True, True),
        (Condition.UNAVAILABLE_IF_NOT_ACTIVATED, False, False),
        (Condition.AVAILABLE_IF_ACTIVATED, True, True),
        (Condition.AVAILABLE_IF_ACTIVATED, False, False),
        (Condition.AVAILABLE_IF_NOT_ACTIVATED, True, False),
        (Condition.AVAILABLE_IF_NOT_ACTIVATED, False, True),
        (Condition.UNAVAILABLE_IF_DIRECT, True, True),
        (Condition.DIRECT_IF_DIRECT, True, False),
    ],
)
def test_a_conditional_link_is_kept_where_both_intervals_are_cleared_together(
    condition: Condition, *, linked_fits: bool, accepted: bool
) -> None:
    """The linked bid earns 80 · 10 where it fits, the one that looks at it 1 · 5: so it is the linked one that decides."""
    waits = condition.name.startswith(("AVAILABLE", "DIRECT"))
    status = Availability.CONDITIONALLY_UNAVAILABLE if waits else Availability.CONDITIONALLY_AVAILABLE
    linked = at(0, "L", 10 if linked_fits else 60, 10, divisible=False)
    looking = at(1, "M", 5, 89, links=(Link("L", condition),), availability=status)
    result = cleared(*TOGETHER, linked, looking, *filled(15, 15))

    assert taken(result, "L") == [10 if linked_fits else 0]
    assert taken(result, "M") == [5 if accepted else 0]


def test_only_intervals_that_something_spans_are_cleared_together() -> None:
    result = cleared(*TOGETHER, *filled(15, 15, 15))

    assert [each.rung.value for each in result.methods] == ["mixed-integer program"] * 2 + ["merit order"]
    assert result.notes == (
        "2026-01-15T12:00Z/2026-01-15T12:30Z: 2 intervals were cleared together, because bids span them.",
    )


def test_areas_and_borders_of_each_interval_stay_its_own() -> None:
    """The border carries 5 MW in each quarter; the block bid in B serves A with as much and B with the rest."""
    block = [bid("B", "B", "up", 20, 20, block_bid="k", divisible=False, interval=each) for each in QUARTERS[:2]]
    ways = [replace(way, interval=each) for each in QUARTERS[:2] for way in border("B", "A", 5)]
    wanted = [need("e", "B", 15, interval=each) for each in QUARTERS[:2]]
    market = market_of(*block, *ways, *wanted, *filled(15, 15))
    result = clear(market)

    assert taken(result, "B") == [20, 20]
    assert {flow.interval: float(flow.quantity_mw) for flow in result.flows if flow.quantity_mw} == {
        QUARTERS[0]: 5,
        QUARTERS[1]: 5,
    }
