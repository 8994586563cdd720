"""What binds the offers of intervals that are cleared together, written out beside what `linking` makes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.clearing.couplings import NONE, BlockBid, Couplings, Dependence, Slot, Timing
from gateway.clearing.example import QUARTERS, bid, need, problem_of, unit
from gateway.clearing.problem import Problem
from gateway.clearing.rows import LimitRow
from gateway.model import Activation, Availability, Bid, Condition, Link, Need
from gateway.units import UnitProfile
from tests.gateway.clearing.quarters import asked, at, series

QUARTER, HALF_HOUR = timedelta(minutes=15), timedelta(minutes=30)
U = {"technical_link": "U"}
Thing = Bid | Need | UnitProfile


def problem(*things: Thing, quarters: int = 4) -> Problem:
    """Return the problem of these things, with a need in each of some quarter hours."""
    return problem_of(*things, *asked(*([1] * quarters)))


def couplings(*things: Thing, quarters: int = 4) -> Couplings:
    """Return what binds the offers of that problem."""
    return problem(*things, quarters=quarters).couplings


def stated(rows: tuple[LimitRow, ...]) -> list[tuple[dict[int, float], float]]:
    """Return the coefficients and the headroom of rows."""
    return [(row.coefficients, row.headroom_mw) for row in rows]


# --------------------------------------------------------------------------------------------------------------- parents


def test_a_child_depends_on_its_parent() -> None:
    (found,) = couplings(at(0, "C", 5, 20, parent="P"), at(0, "P", 5, 20)).dependences

    assert found == Dependence(0, (1,), (), "its parent P was not accepted")


def test_a_child_depends_on_each_part_of_a_parent_in_other_intervals() -> None:
    found = couplings(*series("P", [5, 5], 20), at(2, "C", 5, 20, parent="P")).dependences

    assert [(each.offer, each.accepted) for each in found] == [(2, (0,)), (2, (1,))]


def test_a_parent_is_accepted_from_one_step_on() -> None:
    made = problem(at(0, "C", 5, 20, parent="P"), at(0, "P", 5, 20), at(0, "Q", 5, 20, granularity_mw=1, parent="C"))

    assert [offer.minimum for offer in made.offers] == [1, 1, 0]
    assert made.switched == (0, 1, 2)


BINDING = series("K", [5, 5], 20, block_bid="k", divisible=False)
"""Binds the first two quarter hours; its offers come first."""


@pytest.mark.parametrize(
    ("condition", "dependences"),
    [
        (Condition.UNAVAILABLE_IF_ACTIVATED, [((), (1,))]),
        (Condition.UNAVAILABLE_IF_NOT_ACTIVATED, [((1,), ())]),
        (Condition.AVAILABLE_IF_ACTIVATED, [((1,), ())]),
        (Condition.AVAILABLE_IF_NOT_ACTIVATED, [((), (1,))]),
        (Condition.UNAVAILABLE_IF_SCHEDULED, [((), (1,))]),
        (Condition.UNAVAILABLE_IF_DIRECT, []),
        (Condition.NOT_DIRECT_IF_SCHEDULED, []),
    ],
)
def test_a_link_is_a_dependence(
    condition: Condition, dependences: list[tuple[tuple[int, ...], tuple[int, ...]]]
) -> None:
    waits = condition.name.startswith("AVAILABLE")
    status = Availability.CONDITIONALLY_UNAVAILABLE if waits else Availability.CONDITIONALLY_AVAILABLE
    looking = at(1, "M", 5, 20, links=(Link("L", condition),), availability=status)
    found = couplings(*BINDING, at(0, "L", 5, 20), looking).dependences

    assert [(each.accepted, each.refused) for each in found] == dependences
    assert {each.offer for each in found} <= {3}


def test_of_several_links_that_permit_one_is_enough() -> None:
    links = (Link("L", Condition.AVAILABLE_IF_ACTIVATED), Link("N", Condition.AVAILABLE_IF_NOT_ACTIVATED))
    looking = at(1, "M", 5, 20, links=links, availability=Availability.CONDITIONALLY_UNAVAILABLE)
    (found,) = couplings(*BINDING, at(0, "L", 5, 20), at(0, "N", 5, 20), looking).dependences

    assert (found.accepted, found.refused) == ((1,), (2,))
    assert found.reason == "none of its links, to L, N, makes it available"


def test_a_link_looks_at_the_latest_earlier_interval() -> None:
    block = series("K", [5, 5, 5], 20, block_bid="k", divisible=False)
    looking = at(2, "M", 5, 20, links=(Link("L", Condition.UNAVAILABLE_IF_ACTIVATED),))
    made = problem(*block, *series("L", [5, 5], 20), looking)
    (found,) = made.couplings.dependences

    assert made.offers[found.refused[0]].bids[0].interval == QUARTERS[1]


def test_a_unit_that_runs_on_from_a_direct_activation_is_a_dependence() -> None:
    direct = Activation.DIRECT
    block = series("K", [5, 5], 20, block_bid="k", divisible=False, activation=direct)
    chain = series("R", [5, 5], 20, technical_link="U", activation=direct)
    (found,) = problem_of(*block, *chain, *asked(1, 1, activation=direct)).couplings.dependences

    assert (found.offer, found.accepted, found.refused) == (3, (), (1,))


# ------------------------------------------------------------------------------------------------------------ block bids


def test_a_divisible_block_bid_has_a_row_for_each_further_bid() -> None:
    found = couplings(*series("B", [10, 5, 20], 20, block_bid="k"))

    assert found.block_bids == (BlockBid("k", (0, 1, 2), decided=False),)
    assert stated(found.ratios) == [({1: 1.0, 0: -0.5}, 0.0), ({2: 1.0, 0: -2.0}, 0.0)]
    assert all(row.equal for row in found.ratios)


def test_a_whole_block_bid_needs_no_rows() -> None:
    found = couplings(*series("B", [10, 5], 20, block_bid="k", divisible=False))

    assert (found.block_bids, found.ratios) == ((BlockBid("k", (0, 1), decided=True),), ())
    assert found.switched == {0, 1}


def test_one_indivisible_member_makes_a_block_bid_whole() -> None:
    made = problem(at(0, "B", 10, 20, block_bid="k", divisible=False), at(1, "B", 4, 20, block_bid="k"))

    assert [(offer.minimum, offer.quantity) for offer in made.offers] == [(10_000, 10_000), (4_000, 4_000)]
    assert made.couplings.ratios == ()


# ----------------------------------------------------------------------------------------------------------------- units


def test_a_ramp_has_two_rows_for_each_change() -> None:
    found = couplings(*series("R", [5, 5, 5], 20, **U), unit("U", ramp_mw_per_hour=8), quarters=3)

    assert stated(found.ramps) == [
        ({0: -1, 1: 1}, 2),
        ({0: 1, 1: -1}, 2),
        ({1: -1, 2: 1}, 2),
        ({1: 1, 2: -1}, 2),
    ]


def test_a_ramp_from_and_to_an_interval_without_a_bid_counts_from_nothing() -> None:
    """The unit has bids in the second quarter only; the first and the third count with 0 MW."""
    found = couplings(at(1, "R", 5, 20, **U), unit("U", ramp_mw_per_hour=8), quarters=3)
    problem_of_second = problem_of(
        at(1, "R", 5, 20, **U), unit("U", ramp_mw_per_hour=8), need("d", "A", 1, interval=QUARTERS[1])
    )

    assert found is NONE or not found.ramps
    assert problem_of_second.couplings.ramps == ()


def test_both_directions_and_all_steps_of_a_unit_count_in_its_ramp() -> None:
    offered = [at(0, "A", 5, 20, **U), at(0, "D", 5, 10, "down", **U), at(1, "R", 5, 20, **U)]
    found = couplings(*offered, unit("U", ramp_mw_per_hour=4), quarters=2)

    assert stated(found.ramps)[0] == ({0: -1, 1: 1, 2: 1}, 1)


def test_members_of_an_inclusive_group_count_by_their_shares() -> None:
    """Of 20 MW of the group 5 are the unit's."""
    group = [bid("G1", "A", "up", 5, 20, inclusive="g", **U), bid("G2", "A", "up", 15, 20, inclusive="g")]
    found = couplings(*group, unit("U", maximum_energy_mwh=1), quarters=1)

    assert stated(found.energies) == [({0: 0.25}, 4)]


def test_energies_are_counted_in_mw_of_an_interval() -> None:
    offered = [at(0, "A", 5, 20, **U), at(1, "D", 5, 10, "down", **U)]
    found = couplings(*offered, unit("U", maximum_energy_mwh=2, energy_mwh="0.5"), quarters=2)
    (shift,) = found.shifts

    assert stated(found.energies) == [({0: 1, 1: 1}, 8)]
    assert (shift.row.coefficients, shift.row.headroom_mw, shift.row.equal) == ({0: 1, 1: -1}, 2, True)
    assert (shift.offers, shift.optional) == ((0, 1), True)
    assert found.optional == {0, 1}


def test_an_energy_of_nothing_leaves_no_choice() -> None:
    found = couplings(at(0, "A", 5, 20, **U), at(1, "D", 5, 10, "down", **U), unit("U", energy_mwh=0), quarters=2)

    assert [shift.optional for shift in found.shifts] == [False]
    assert (found.optional, found.switches) == (frozenset(), ())


def test_a_unit_without_usable_bids_binds_nothing() -> None:
    gone = at(0, "A", 5, 20, availability=Availability.UNAVAILABLE, **U)
    limits = unit("U", ramp_mw_per_hour=4, energy_mwh=1, maximum_energy_mwh=1, maximum_activations=1)
    found = couplings(gone, at(0, "B", 5, 20, parent="C"), at(0, "C", 5, 20), limits, quarters=1)

    assert (found.ramps, found.energies, found.shifts, found.slots, found.activations) == ((), (), (), (), ())


# ------------------------------------------------------------------------------------------------------------- durations


def test_slots_know_their_neighbours() -> None:
    """The unit has no bid in the third quarter, which parts its slots."""
    quarters = (0, 1, 3)
    offered = [at(quarter, "R", 5, 20, resting_time=QUARTER, **U) for quarter in quarters]

    assert couplings(*offered).slots == (
        Slot(QUARTERS[0], (0,), None, 1),
        Slot(QUARTERS[1], (1,), 0, None),
        Slot(QUARTERS[3], (2,), None, None),
    )


@pytest.mark.parametrize(
    ("times", "name", "rules"),
    [
        (
            {"minimum_duration": HALF_HOUR},
            "least_durations",
            [Timing((0,), at=0), Timing((0, 1), at=1), Timing((1, 2), at=2), Timing((2, 3), at=3)],
        ),
        ({"minimum_duration": QUARTER, "resting_time": QUARTER}, "least_durations", []),
        (
            {"resting_time": HALF_HOUR},
            "rests",
            [Timing((0,), at=1), Timing((0, 1), at=2), Timing((1, 2), at=3)],
        ),
        ({"maximum_duration": HALF_HOUR}, "longest_durations", [Timing((0, 1, 2), most=2), Timing((1, 2, 3), most=2)]),
        ({"maximum_duration": 4 * QUARTER}, "longest_durations", []),
        ({"maximum_duration": timedelta(minutes=10)}, "longest_durations", [Timing((at,), most=0) for at in range(4)]),
    ],
    ids=[
        "half an hour on",
        "a quarter on",
        "half an hour off",
        "half an hour at most",
        "all of it",
        "less than a slot",
    ],
)
def test_durations_are_rules_over_slots(times: dict[str, timedelta], name: str, rules: list[Timing]) -> None:
    offered = [bid("R", "A", "up", 5, 20, interval=period, technical_link="U", **times) for period in QUARTERS]

    assert list(getattr(couplings(*offered), name)) == rules


def test_the_strictest_of_a_chain_counts() -> None:
    offered = [
        at(0, "R", 5, 20, maximum_duration=HALF_HOUR, **U),
        at(1, "R", 5, 20, maximum_duration=QUARTER, **U),
        at(2, "R", 5, 20, **U),
    ]

    assert couplings(*offered).longest_durations == (Timing((0, 1), most=1), Timing((1, 2), most=1))


def test_activations_are_counted_over_all_slots() -> None:
    found = couplings(*series("R", [5, 5, 5], 20, **U), unit("U", maximum_activations=2))

    assert found.activations == (Timing((0, 1, 2), most=2),)
    assert (found.starting, found.stopping) == ((0, 1, 2), ())


# -------------------------------------------------------------------------------------------------------------- summaries


def test_what_earns_as_one_is_named() -> None:
    found = couplings(
        *series("B", [5, 5], 20, block_bid="k"), *series("R", [5, 5], 20, **U), unit("U", ramp_mw_per_hour=4)
    )

    assert dict(found.joint) == {"block bid k": (0, 2), "unit U": (1, 3)}
    assert found.tied == {0, 1, 2, 3}
    assert bool(found)


def test_without_anything_that_binds_there_are_no_couplings() -> None:
    made = problem(at(0, "A", 5, 20), at(0, "B", 5, 20, **U))

    assert made.couplings is NONE
    assert not NONE
    assert (NONE.rows, NONE.tied, NONE.switched) == ((), frozenset(), frozenset())
