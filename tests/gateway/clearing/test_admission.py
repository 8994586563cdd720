"""Which offers of intervals that are cleared together take part, and with what amounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.clearing.admission import Admission, admit
from gateway.clearing.eligibility import screen
from gateway.clearing.example import QUARTERS, bid, block_on, market_of, unit
from gateway.clearing.offers import Offer
from gateway.model import Availability, Bid, Block, Condition, Link
from gateway.results import Fate
from gateway.units import UnitProfile
from tests.gateway.clearing.quarters import asked, at, series

HALF_HOUR = timedelta(minutes=30)
UNAVAILABLE = Availability.UNAVAILABLE


def admission(*things: Bid | Block | UnitProfile, undecided: frozenset[str] = frozenset()) -> Admission:
    """Return which of these bids take part in the first three quarter hours, cleared together."""
    market = market_of(*things, *asked(9, 9, 9))
    periods = QUARTERS[:3]
    return admit(market, periods, [screen(market, each, {}, undecided=undecided) for each in periods])


def amounts(found: Admission) -> dict[str, tuple[float, float]]:
    """Return least and most MW of each offer, by id and number of the quarter hour."""
    return {
        f"{name}{QUARTERS.index(period)}": (offer.minimum / 1000, offer.quantity / 1000)
        for (period, name), offer in sorted(found.live.items(), key=lambda item: (item[0][1], item[0][0]))
    }


def refusals(found: Admission) -> dict[str, tuple[Fate, str]]:
    """Return what became of the bids that take no part, by id and number of the quarter hour."""
    return {f"{each.bid.id}{QUARTERS.index(each.bid.interval)}": (each.fate, each.reason) for each in found.refused}


def test_bids_that_hang_on_nothing_take_part_as_they_are() -> None:
    found = admission(at(0, "A", 10, 20), at(1, "B", 10, 20, minimum_mw=4))

    assert amounts(found) == {"A0": (0, 10), "B1": (4, 10)}
    assert found.refused == []


def test_offers_are_listed_by_interval_and_id() -> None:
    found = admission(at(1, "B", 10, 20), at(0, "B", 10, 20), at(1, "A", 10, 20))

    assert [[offer.id for offer in found.of(period)] for period in QUARTERS[:3]] == [["B"], ["A", "B"], []]


# ----------------------------------------------------------------------------------------------------------- block bids
NARROWED: dict[str, tuple[list[Bid | Block], dict[str, tuple[float, float]]]] = {
    "all of it": ([*series("B", [10, 20], 20, block_bid="k")], {"B0": (0, 10), "B1": (0, 20)}),
    "the largest least ratio": (
        [at(0, "B", 10, 20, block_bid="k", minimum_mw=4), at(1, "B", 20, 20, block_bid="k", minimum_mw=10)],
        {"B0": (5, 10), "B1": (10, 20)},
    ),
    "the smallest greatest ratio": (
        [*series("B", [10, 20], 20, block_bid="k"), block_on("B", QUARTERS[1], 5)],
        {"B0": (0, 2.5), "B1": (0, 5)},
    ),
    "whole steps within the ratios": (
        [
            at(0, "B", 10, 20, block_bid="k", granularity_mw=4),
            at(1, "B", 10, 20, block_bid="k", minimum_mw=5),
        ],
        {"B0": (8, 8), "B1": (5, 8)},
    ),
    "one that is indivisible": (
        [at(0, "B", 10, 20, block_bid="k", divisible=False), at(1, "B", 20, 20, block_bid="k")],
        {"B0": (10, 10), "B1": (20, 20)},
    ),
}


@pytest.mark.parametrize("name", NARROWED)
def test_a_block_bid_keeps_what_one_ratio_leaves(name: str) -> None:
    things, expected = NARROWED[name]

    assert amounts(admission(*things)) == expected


def test_what_a_ratio_leaves_is_told_in_words() -> None:
    found = admission(*series("B", [10, 20], 20, block_bid="k"), block_on("B", QUARTERS[1], 5))

    assert found.live[QUARTERS[0], "B"].caps == ("its block bid takes part with 25%",)
    assert found.live[QUARTERS[1], "B"].caps == ("the distribution system operator example leaves 5 MW of it",)


def test_no_ratio_may_be_left() -> None:
    """6 of 10 MW at least in the first quarter, 5 of 10 at most in the second."""
    things = [at(0, "B", 10, 20, block_bid="k", minimum_mw=6), at(1, "B", 10, 20, block_bid="k")]
    found = admission(*things, block_on("B", QUARTERS[1], 5))

    assert amounts(found) == {}
    assert refusals(found)["B0"] == (Fate.BLOCK_REJECTED, "No ratio suits all bids of its block bid k.")


def test_without_one_of_its_bids_a_block_bid_takes_no_part() -> None:
    found = admission(at(0, "B", 10, 20, block_bid="k"), at(1, "B", 10, 20, block_bid="k", availability=UNAVAILABLE))

    assert amounts(found) == {}
    assert refusals(found) == {
        "B0": (Fate.BLOCK_REJECTED, f"Bid B of {QUARTERS[1]}, of its block bid k, cannot be used."),
    }


# -------------------------------------------------------------------------------------------------------------- parents


def test_what_is_a_parent_is_accepted_from_one_step_on() -> None:
    found = admission(at(0, "P", 10, 20), at(1, "C", 10, 20, parent="P"), at(0, "Q", 10, 20, granularity_mw=2))

    assert amounts(found) == {"C1": (0, 10), "P0": (0.001, 10), "Q0": (0, 10)}


def test_a_parent_in_steps_is_accepted_from_one_of_them_on() -> None:
    found = admission(at(0, "P", 10, 20, granularity_mw=2), at(1, "C", 10, 20, parent="P"))

    assert amounts(found)["P0"] == (2, 10)


def test_children_go_with_their_parents_down_to_the_last_generation() -> None:
    found = admission(
        at(0, "P", 10, 20, availability=UNAVAILABLE),
        at(1, "C", 10, 20, parent="P"),
        at(2, "G", 10, 20, parent="C"),
        at(0, "A", 10, 20),
    )

    assert amounts(found) == {"A0": (0, 10)}
    assert refusals(found) == {
        "C1": (Fate.UNAVAILABLE, "Its parent P cannot be used."),
        "G2": (Fate.UNAVAILABLE, "Its parent C cannot be used."),
    }


def test_a_child_takes_its_block_bid_along() -> None:
    found = admission(at(0, "B", 10, 20, block_bid="k", parent="P"), at(1, "B", 10, 20, block_bid="k", parent="P"))

    assert amounts(found) == {}
    assert refusals(found)["B0"] == (Fate.UNAVAILABLE, "Its parent P is not known.")


def test_a_child_of_a_group_waits_for_the_group() -> None:
    group = [at(0, name, 10, 20, inclusive="g") for name in ("G1", "G2")]
    found = admission(*group, at(1, "C", 10, 20, parent="G2"))

    assert amounts(found) == {"C1": (0, 10), "g0": (0.001, 20)}


def test_members_of_a_group_must_agree_on_their_parent() -> None:
    group = [at(0, "G1", 10, 20, inclusive="g", parent="P"), at(0, "G2", 10, 20, inclusive="g")]
    found = admission(*group, at(0, "P", 10, 20))

    assert refusals(found)["G10"] == (
        Fate.GROUP_REJECTED,
        "The members of its inclusive group differ in block bid or parent.",
    )


# ---------------------------------------------------------------------------------------------------------------- links


def looking(condition: Condition) -> Bid:
    """Return a bid of the second quarter with a link to L."""
    permits = condition.name.startswith("AVAILABLE")
    status = Availability.CONDITIONALLY_UNAVAILABLE if permits else Availability.CONDITIONALLY_AVAILABLE
    return at(1, "M", 5, 20, links=(Link("L", condition),), availability=status)


@pytest.mark.parametrize(
    ("condition", "takes_part"),
    [
        (Condition.UNAVAILABLE_IF_ACTIVATED, True),
        (Condition.UNAVAILABLE_IF_NOT_ACTIVATED, False),
        (Condition.AVAILABLE_IF_ACTIVATED, False),
        (Condition.AVAILABLE_IF_NOT_ACTIVATED, True),
    ],
)
def test_a_link_to_a_bid_that_takes_no_part_is_settled(condition: Condition, *, takes_part: bool) -> None:
    gone = at(0, "L", 5, 20, availability=UNAVAILABLE)
    found = admission(gone, looking(condition), undecided=frozenset({"L"}))

    assert ("M1" in amounts(found)) is takes_part
    assert ("M1" in refusals(found)) is not takes_part


def test_a_link_looks_at_whole_offers_from_one_step_on() -> None:
    found = admission(at(0, "L", 5, 20), looking(Condition.UNAVAILABLE_IF_ACTIVATED), undecided=frozenset({"L"}))

    assert amounts(found) == {"L0": (0.001, 5), "M1": (0, 5)}


def test_targets_are_those_of_the_latest_earlier_interval() -> None:
    seen = at(2, "M", 5, 20, links=(Link("L", Condition.UNAVAILABLE_IF_ACTIVATED),))
    found = admission(*series("L", [5, 5, 5], 20), seen, undecided=frozenset({"L"}))
    offer: Offer = found.live[QUARTERS[2], "M"]

    assert found.targets(offer, offer.waits[0]) == ((QUARTERS[1], "L"),)


def test_bids_of_a_unit_whose_activations_count_are_accepted_from_one_step_on() -> None:
    plain = bid("A", "A", "up", 5, 20)
    timed = series("T", [5, 5], 20, technical_link="T", minimum_duration=HALF_HOUR)
    counted = at(0, "U", 5, 20, technical_link="U", granularity_mw=1)
    ramped = at(0, "V", 5, 20, technical_link="V")
    units = [unit("U", maximum_activations=1), unit("V", ramp_mw_per_hour=4)]

    assert amounts(admission(plain, *timed, counted, ramped, *units)) == {
        "A0": (0, 5),
        "T0": (0.001, 5),
        "T1": (0.001, 5),
        "U0": (1, 5),
        "V0": (0, 5),
    }
