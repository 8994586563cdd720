"""Random systems under every scheme: what must cost less than what, and that nothing is broken in the end.

1. Without limits of feeders nothing costs more than the common market. 2. Curves find what one market finds. 3. and 4.
The common market costs no more than the local and the shared scheme. 5. The centralised scheme with its check costs no
less, where no limit stays broken. 6. Further buyers make nothing dearer. 7. No order between local and shared.
Together these catch almost any wrong sign.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import Unsolved
from gateway.model import Direction
from gateway.schemes import named
from tests.gateway.coordination.random_systems import system

NEAR = Decimal("0.01")
"""EUR/h that volumes in watts and prices of up to 99 EUR/MWh leave open."""
FEW, MANY = 8, 1000
CENTRALISED, LOCAL = named("centralised"), named("local")
AT_37 = Switches(reference_prices={"F0": Decimal("37.5"), "F1": Decimal("37.5")})


def outcomes(given: CoordinatedSystem) -> dict[str, Outcome]:
    """Return what becomes of a system under each scheme and switch that an ordering speaks of."""
    return {
        "C2": run(replace(CENTRALISED, grid_constraints=False), given),
        "K": run(named("common_centralised"), given),
        "K-d": run(named("common_decentralised"), given),
        "L": run(LOCAL, given),
        "S": run(named("shared"), given),
        "I": run(named("integrated"), given),
    }


def first_pass(checked: Outcome) -> Outcome:
    """Return the centralised scheme before any check: its first decision."""
    first = checked.decisions[0]
    assert first.result is not None
    # It leaves limits of feeders broken by its nature; what counts is that it serves everything.
    return replace(checked, cost=first.cost, missing_mw=first.result.missing_mw, violations=())


def complete(found: Outcome) -> bool:
    """Whether nothing is unserved, broken, or off its schedule."""
    return not (found.missing_mw or found.violations or found.deviations_mw)


def breaches(found: dict[str, Outcome]) -> list[str]:
    """Return the orderings that do not hold; only results that kept everything are compared."""
    found = {**found, "C1": first_pass(found["C2"])}
    cost = {name: each.cost for name, each in found.items()}
    facts = {
        "1: C1 ≤ K": ("C1", "K"),
        "2: K ≤ K-d": ("K", "K-d"),
        "2: K-d ≤ K": ("K-d", "K"),
        "3: K ≤ L": ("K", "L"),
        "3: K ≤ L at 37.5": ("K", "L at 37.5"),
        "4: K ≤ S": ("K", "S"),
        "5: K ≤ C2": ("K", "C2"),
        "6: I ≤ K": ("I", "K"),
    }
    fit = {name for name, each in found.items() if complete(each)}
    return [fact for fact, (less, more) in facts.items() if {less, more} <= fit and cost[less] > cost[more] + NEAR]


@cache
def tried(number: int) -> dict[str, Outcome]:
    return outcomes(system(number))


def assert_in_order(number: int) -> None:
    found = tried(number)
    assert breaches(found) == []
    if complete(found["K"]):
        assert complete(found["K-d"])


@pytest.mark.parametrize("number", range(FEW))
def test_the_schemes_stand_in_order(number: int) -> None:
    assert_in_order(number)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FEW, MANY, FEW))
def test_the_schemes_stand_in_order_in_a_thousand_systems(first: int) -> None:
    for number in range(first, first + FEW):
        given = system(number)
        found = {**outcomes(given), "L at 37.5": run(LOCAL, given, AT_37)}
        assert breaches(found) == [], f"system {number}"


def test_most_systems_can_be_served_so_that_the_orderings_say_something() -> None:
    served = [complete(tried(number)["K"]) for number in range(FEW)]
    assert sum(served) > FEW / 2
    assert any(complete(tried(number)["S"]) != complete(tried(number)["K"]) for number in range(FEW))


def test_local_and_shared_stand_in_no_order_but_shared_is_mostly_dearer() -> None:
    both = [tried(number) for number in range(FEW)]
    pairs = [(each["L"].cost, each["S"].cost) for each in both if complete(each["L"]) and complete(each["S"])]
    dearer = sum(shared > local + NEAR for local, shared in pairs)
    assert dearer > len(pairs) / 2


def test_what_is_broken_in_the_end_of_the_centralised_scheme_was_broken_before() -> None:
    for number in range(FEW):
        found = tried(number)["C2"]
        before = {(each.quantity, each.place) for each in found.violations_before}
        assert {(each.quantity, each.place) for each in found.unresolved} <= before


# ---- a planted fault


def wrong_way(given: CoordinatedSystem) -> CoordinatedSystem:
    """Return a system in which the resources of feeders move the other way, as with a wrong sign."""
    inside = {bid.id for feeder in given.feeders for bid in given.inside(feeder)}
    turned = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
    bids = (
        replace(each, direction=turned[each.direction]) if each.id in inside else each for each in given.market.bids
    )
    return replace(given, market=replace(given.market, bids=tuple(bids)))


@pytest.mark.parametrize("wronged", ["K", "K-d", "L", "S"])
def test_a_wrong_sign_in_any_one_scheme_is_caught(wronged: str) -> None:
    caught = 0
    for number in range(4):
        found = tried(number)
        try:
            wrong = outcomes_of(wronged, wrong_way(system(number)))
        except Unsolved:
            caught += 1
            continue
        caught += bool(breaches({**found, wronged: wrong}))
    assert caught


def outcomes_of(which: str, given: CoordinatedSystem) -> Outcome:
    """Return one of `outcomes` alone."""
    schemes = {"K": "common_centralised", "K-d": "common_decentralised", "L": "local", "S": "shared"}
    return run(named(schemes[which]), given)
