"""The check of results by distribution operators: caps by hand, the loop and its bound, and laws of every check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from gateway.clearing.example import bid
from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket
from gateway.coordination.example import SMALL
from gateway.coordination.outcome import Outcome
from gateway.coordination.post_check import caps
from gateway.coordination.run import run
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.coordination.violations import NEAR_MW, feeder_limits, violations
from gateway.errors import Misconfigured
from gateway.network.model import Feeder, Network, Section, Thermal, Transmission
from gateway.schemes import PostCheck, named
from tests.gateway.clearing.nodal.systems import systems
from tests.gateway.coordination.random_systems import system

CHECKED = replace(named("centralised"), grid_constraints=False)


def mw(**volumes: float) -> dict[str, Decimal]:
    return {name: Decimal(str(value)) for name, value in volumes.items()}


@pytest.mark.parametrize(
    ("accepted", "cut"),
    [
        ({}, {}),
        (mw(G1=12, H1u=6), {}),
        (mw(E4=2), {}),
        (mw(E1=5, E2=3), mw(E1=0, E2=0)),
        # With all of E4 w(D2) is 1.02 before the others: 0.08 are left, 4 MW at D1, or 2 MW at D2.
        (mw(E1=5, E2=3, E4=3), mw(E1=4, E2=0)),
        (mw(E1=4, E4=3), {}),
        # With 1 MW of E4 w(D2) is at its limit, 1.10, and a limit that could be kept is not to be broken again.
        (mw(E1=5, E4=1), mw(E1=0)),
    ],
    ids=["nothing", "elsewhere", "helps", "harms", "helps and harms", "just right", "helps just enough"],
)
def test_what_is_cut_of_what_was_accepted(accepted: dict[str, Decimal], cut: dict[str, Decimal]) -> None:
    assert caps(SMALL, accepted) == cut


def two_branches() -> CoordinatedSystem:
    """Return a feeder with a branch that is 2 MW overloaded whatever is done, and one where 3 of 5 MW fit."""
    hopeless = Section(id="RB", parent="R", child="B", r_pu=Decimal(0), x_pu=Decimal(0), limit_mva=Decimal(4))
    narrow = Section(id="RA", parent="R", child="A", r_pu=Decimal(0), x_pu=Decimal(0), limit_mva=Decimal(3))
    feeder = Feeder(id="F", interface="T", root="R", sections=(hopeless, narrow))
    return CoordinatedSystem(
        market=NodalMarket(
            network=Network(transmission=Transmission(buses=("T",), lines=(), reference="T"), feeders=(feeder,)),
            bids=(bid("a", "A", "up", 5, 20), bid("g", "A", "up", 9, 50)),
            buses={"a": "A", "g": "T"},
            injections_mw={"B": Decimal(6), "T": Decimal(-11)},
        )
    )


def test_a_hopeless_limit_excuses_no_other_one() -> None:
    assert caps(two_branches(), mw(a=5)) == mw(a=3)


def test_one_limit_is_not_broken_to_mend_another() -> None:
    """RB carries 6 of 4 MW; c down would mend it, but is behind BC, which carries 1 MW.

    With 3 MW of c BC is broken by 2, with 1 MW RB by 1: of both the second is right, since BC was whole before.
    """
    section = Section(id="RB", parent="R", child="B", r_pu=Decimal(0), x_pu=Decimal(0), limit_mva=Decimal(4))
    behind = replace(section, id="BC", parent="B", child="C", limit_mva=Decimal(1))
    feeder = Feeder(id="F", interface="T", root="R", sections=(section, behind))
    given = CoordinatedSystem(
        market=NodalMarket(
            network=Network(transmission=Transmission(buses=("T",), lines=(), reference="T"), feeders=(feeder,)),
            bids=(bid("c", "A", "down", 3, 20),),
            buses={"c": "C"},
            injections_mw={"B": Decimal(6)},
        )
    )
    assert caps(given, mw(c=3)) == mw(c=1)


def test_after_the_loop_only_the_hopeless_limit_is_broken() -> None:
    found = run(CHECKED, two_branches())
    assert found.accepted_mw == mw(a=3, g=2)
    assert [(each.place, each.value, each.limit) for each in found.unresolved] == [("RB", Decimal(6), Decimal(4))]


@pytest.mark.parametrize(
    ("condition", "left"),
    [({"divisible": False}, 0), ({"minimum_mw": Decimal(4)}, 0), ({"minimum_mw": Decimal(2)}, 3)],
    ids=["indivisible", "least above the cap", "least below the cap"],
)
def test_a_bid_that_cannot_be_taken_in_part_is_not_taken_below_its_least(condition: dict[str, Any], left: int) -> None:
    given = two_branches()
    bids = tuple(replace(each, **condition) if each.id == "a" else each for each in given.market.bids)
    found = run(CHECKED, replace(given, market=replace(given.market, bids=bids)))
    assert found.accepted_mw == mw(a=left, g=5 - left)


# ---- the loop


def scarce() -> CoordinatedSystem:
    """Return the small system with 4 MW of G1 alone, so that blocked bids are replaced by others of the same feeder."""
    bids = (replace(each, quantity_mw=Decimal(4)) if each.id == "G1" else each for each in SMALL.market.bids)
    return replace(SMALL, market=replace(SMALL.market, bids=tuple(bids)))


def rounds(found: Outcome) -> list[tuple[int, str, float]]:
    return [(each.round, each.kind, float(each.cost)) for each in found.decisions]


def test_what_replaces_a_blocked_bid_is_checked_again() -> None:
    found = run(CHECKED, scarce())
    # E2 3, E1 5, G1 4; then E5 4 and G2 4 beside G1 4; then G2 8.
    assert rounds(found) == [
        (1, "joint clearing", 410),
        (1, "check", 0),
        (2, "joint clearing", 4 * 50 + 4 * 60 + 4 * 70),
        (2, "check", 0),
        (3, "joint clearing", 4 * 50 + 8 * 70),
    ]
    assert found.decided(6).caps_mw == mw(E1=0, E2=0, E5=0)


def test_when_the_rounds_are_used_up_every_bid_of_the_feeder_is_blocked() -> None:
    found = run(CHECKED, scarce(), Switches(rounds=1))
    assert [each.round for each in found.decisions if each.kind == "joint clearing"] == [1, 2, 3]
    assert found.decided(6).caps_mw == mw(E1=0, E2=0, E3=0, E4=0, E5=0)
    assert found.cost == 760


def cheap_relief() -> CoordinatedSystem:
    """Return the small system in which E4 pays for itself while the feeder exports a lot."""
    bids = (replace(each, price=Decimal(29)) if each.id == "E4" else each for each in SMALL.market.bids)
    return replace(SMALL, market=replace(SMALL.market, bids=tuple(bids)))


@pytest.mark.parametrize("given", [scarce(), cheap_relief(), two_branches()], ids=["scarce", "relief", "branches"])
def test_caps_only_fall(given: CoordinatedSystem) -> None:
    told = [each.caps_mw for each in run(CHECKED, given).decisions if each.kind == "check"]
    assert told
    for before, after in pairwise(told):
        assert all(after[name] in (cap, 0) for name, cap in before.items())


@pytest.mark.parametrize(("number", "cut_again"), [(795, "F0N2-up"), (856, "F0N3-up"), (924, "F1N3-down")])
def test_a_bid_that_is_cut_a_second_time_is_blocked(number: int, cut_again: str) -> None:
    first, second = (each.caps_mw for each in run(CHECKED, system(number)).decisions if each.kind == "check")
    assert first[cut_again] > 0
    assert second[cut_again] == 0


def test_a_scheme_with_a_check_of_nothing_is_a_fault_of_the_settings() -> None:
    scheme = replace(named("centralised"), clearings=(PostCheck(6),))
    harmful = replace(SMALL, market=replace(SMALL.market, committed_mw={}))
    with pytest.raises(Misconfigured, match="expected a joint clearing before a check"):
        run(scheme, harmful)


# ---- violations


def test_violations_are_told_with_value_and_limit_on_the_side_that_is_broken() -> None:
    found = violations(SMALL.market, mw(E4=3))
    assert found == ()
    low = violations(replace(SMALL.market, injections_mw={"D2": Decimal(-9)}), {})
    told = {(each.quantity.value, each.place): (each.value, each.limit) for each in low}
    assert told == {
        ("squared voltage", "D1"): (Decimal("0.82"), Decimal("0.9025")),
        ("squared voltage", "D2"): (Decimal("0.64"), Decimal("0.9025")),
        ("power", "D1-D2"): (Decimal(9), Decimal(8)),
    }
    assert {each.feeder for each in low} == {"F1"}


def test_a_line_of_the_transmission_network_belongs_to_no_feeder() -> None:
    crowded = replace(SMALL.market, injections_mw={"T1": Decimal(120), "T2": Decimal(-120)})
    (found,) = violations(crowded, {})
    assert (found.feeder, found.place, found.value, found.limit) == (None, "T1-T2", Decimal(120), Decimal(100))


# ---- laws


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(systems(Thermal.SEPARATE))
def test_what_is_left_makes_no_limit_worse_than_it_was_and_cuts_only_what_was_accepted(market: NodalMarket) -> None:
    accepted = clear_nodal(replace(market, feeder_limits=False)).accepted_mw
    cut = caps(CoordinatedSystem(market=market), accepted)

    assert all(0 <= cap < accepted[name] for name, cap in cut.items())
    kept = {**accepted, **cut}
    assert _beyond_rest(market, kept) <= 10 * NEAR_MW
    if not cut:
        assert _beyond_rest(market, accepted) <= 10 * NEAR_MW


def _beyond_rest(market: NodalMarket, accepted: Mapping[str, Decimal]) -> float:
    """Return by how much the worst limit of a feeder is beyond what it is before activation, or its bound."""
    problem = NodalProblem(replace(market, not_worse=True))
    seen = problem.seen(np.array([accepted[each.id] for each in problem.bids], dtype=float))
    excess = [0.0]
    for row in feeder_limits(problem):
        low, high = problem.bounds(row)
        value = problem.value(row, seen)
        excess.append(max(value - high, low - value))
    return max(excess)
