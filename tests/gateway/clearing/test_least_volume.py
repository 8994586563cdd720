"""Least volume first: worked by hand, held against an independent program, judged by the certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from gateway.clearing import ClearingRules, certify, clear
from gateway.clearing.engine import EngineName, named
from gateway.clearing.example import area, bid, border, limit, market_of, need, unit
from gateway.clearing.least_volume import regions
from gateway.errors import InvalidValue
from gateway.market import CounterActivation
from gateway.model import Bid, Capacity, Limit, Need
from gateway.results import ClearingResult, Fate
from gateway.units import UnitProfile
from tests.gateway.clearing.reading import accepted, award, fates, flows, prices, served

Thing = Bid | Need | Capacity
VOLUME = ClearingRules(counter_activation=CounterActivation.VOLUME_FIRST)
UP, DOWN = bid("U", "A", "up", 30, 20), bid("D", "A", "down", 15, 35)
"""A down bid that pays more than the up bid costs."""
FAR = replace(DOWN, area=area("B"), quantity_mw=Decimal(30))


def cleared(*things: Thing) -> ClearingResult:
    """Return the result of a market in which the least volume comes first, with its certificate."""
    market = market_of(*things, rules=VOLUME)
    result = clear(market)
    assert certify(market, result) == ()
    return result


@pytest.mark.parametrize(
    ("needs", "welfare_first", "volume_first", "price"),
    [
        ([need("d", "A", 10)], {"U": 25, "D": 15}, {"U": 10}, 20),
        ([need("d", "A", -10)], {"U": 5, "D": 15}, {"D": 10}, 35),
        ([need("d", "A", 10), need("e", "A", -10)], {"U": 15, "D": 15}, {}, Decimal("27.50")),
        ([need("d", "A", 10), need("e", "A", -4)], {"U": 21, "D": 15}, {"U": 6}, 20),
    ],
    ids=["up", "down", "netted", "netted in part"],
)
def test_nothing_is_activated_against_other_bids(
    needs: list[Need], welfare_first: dict[str, int], volume_first: dict[str, int], price: Decimal
) -> None:
    """U costs 20 and D pays 35: activating both earns 15 per MWh, which the least volume does without."""
    result = cleared(UP, DOWN, *needs)

    assert accepted(clear(market_of(UP, DOWN, *needs))) == welfare_first
    assert accepted(result) == volume_first
    assert prices(result) == {"A": price}
    assert served(result) == {each.id: each.quantity_mw for each in needs}


def test_a_bid_that_stands_aside_is_told_why() -> None:
    told = award(cleared(UP, DOWN, need("d", "A", 10)), "D")

    assert told.fate is Fate.COUNTER_ACTIVATION
    assert told.reason == (
        "At 20.00 EUR/MWh it would have earned 225.00 EUR per hour, but nothing is needed of it: it would be activated "
        "against other bids."
    )


ACROSS = replace(UP, area=area("A")), FAR


@pytest.mark.parametrize(
    ("needs", "capacity", "taken", "flow", "told"),
    [
        ((10, -10), 50, {}, 10, {"A": "27.50", "B": "27.50"}),
        ((10, -20), 50, {"D": 10}, 10, {"A": "35.00", "B": "35.00"}),
        ((20, -10), 50, {"U": 10}, 10, {"A": "20.00", "B": "20.00"}),
        ((10, -20), 5, {"U": 5, "D": 15}, 5, {"A": "20.00", "B": "35.00"}),
        ((10, -20), 0, {"U": 10, "D": 20}, 0, {"A": "20.00", "B": "35.00"}),
    ],
    ids=["netted", "more down", "more up", "full border", "closed border"],
)
def test_needs_of_two_areas_meet_before_anything_is_activated(
    needs: tuple[int, int], capacity: int, taken: dict[str, int], flow: int, told: dict[str, str]
) -> None:
    """A is short and B long. Over the full border energy flows from 35 to 20: netting comes before welfare."""
    result = cleared(*ACROSS, need("a", "A", needs[0]), need("b", "B", needs[1]), *border("B", "A", capacity))

    assert accepted(result) == taken
    assert flows(result).get("B->A", 0) == flow
    assert {name: str(price) for name, price in prices(result).items()} == told


def test_of_equal_volumes_the_cheapest_is_taken() -> None:
    cheap, dear = replace(UP, id="cheap"), replace(UP, id="dear", price=Decimal(25), area=area("B"))
    result = cleared(cheap, dear, DOWN, need("b", "B", 40), *border("A", "B", 50))

    assert accepted(result) == {"cheap": 30, "dear": 10}
    assert prices(result) == {"A": 25, "B": 25}


def test_scarcity_is_a_result_here_too() -> None:
    result = cleared(UP, DOWN, need("d", "A", 40))

    assert accepted(result) == {"U": 30}
    assert result.prices[0].set_by == ("scarcity", "d")
    assert prices(result) == {"A": 15_000}


def test_where_no_bids_cross_both_rules_give_the_same_result() -> None:
    things: Sequence[Thing] = (
        UP,
        replace(DOWN, price=Decimal(5)),
        need("d", "A", 10),
        need("e", "B", 3),
        *border("A", "B", 9),
    )
    volume, welfare = cleared(*things), clear(market_of(*things))

    assert replace(volume, methods=welfare.methods) == welfare


@pytest.mark.parametrize(
    "more",
    [
        {"divisible": False},
        {"minimum_mw": 2},
        {"granularity_mw": 5},
        {"exclusive": "g"},
        {"multipart": "m"},
        {"inclusive": "i"},
        {"block_bid": "b"},
        {"parent": "U"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_bids_that_cannot_be_divided_freely_take_no_part(more: dict[str, object]) -> None:
    result = cleared(UP, bid("x", "A", "up", 10, 1, **more), need("d", "A", 10))

    assert accepted(result) == {"U": 10}
    assert fates(result)["x"] is Fate.OUT_OF_SCOPE
    assert award(result, "x").reason.startswith("The market activates the least volume first")


REFUSED: dict[str, tuple[tuple[Bid | Need | Capacity | Limit | UnitProfile, ...], str]] = {
    "elastic need": ((need("e", "A", 5, 60),), "need e with a price or a tolerance"),
    "tolerance": ((need("e", "A", 5, tolerance_mw=1),), "need e with a price or a tolerance"),
    "losses": (border("A", "B", 5, loss="0.1"), "capacity A-B with losses"),
    "limit": ((limit("cable", 5, U=1),), "limit cable"),
    "unit": ((unit("u"),), "unit u"),
    "two commodities": ((need("r", "A", 5, product="reserve"),), "2 commodities"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_market_for_which_least_volume_has_no_meaning_is_refused(name: str) -> None:
    things, found = REFUSED[name]
    with pytest.raises(InvalidValue) as refused:
        market_of(UP, need("d", "A", 10), *things, rules=VOLUME)

    assert (refused.value.path, refused.value.found) == ("ClearingRules.counter_activation", found)


def drawn(seed: int) -> list[Thing]:
    """Return areas in a chain with a ring, inelastic needs of both directions, and bids whose prices cross."""
    draw = Random(seed)
    things: list[Thing] = [
        bid(f"b{at}", draw.choice("ABCD"), draw.choice(["up", "down"]), draw.randint(1, 20), draw.randint(0, 60))
        for at in range(draw.randint(4, 12))
    ]
    things += [need(f"d{at}", draw.choice("ABCD"), draw.choice([-1, 1]) * draw.randint(1, 25)) for at in range(4)]
    for ends in ("AB", "BC", "CD", "DA"):
        things += border(ends[0], ends[1], draw.choice([0, 3, 10, 40]), draw.choice([0, 3, 10]))
    return things


def least_mw(things: Sequence[Thing], service: dict[str, Decimal]) -> float:
    """Return the least MW that serve the needs like this, by a program of another make over the same market."""
    bids = [each for each in things if isinstance(each, Bid)]
    ways = [each for each in things if isinstance(each, Capacity)]
    rows: dict[str, Any] = {name: np.zeros(len(bids) + len(ways)) for name in "ABCD"}
    sides = dict.fromkeys("ABCD", 0.0)
    for at, offered in enumerate(bids):
        rows[offered.area.value][at] = offered.direction.sign
    for at, way in enumerate(ways, len(bids)):
        rows[way.from_area.value][at] -= 1
        rows[way.to_area.value][at] += 1
    for each in things:
        if isinstance(each, Need):
            sides[each.area.value] += each.direction.sign * float(service[each.id])
    found = linprog(
        [1.0] * len(bids) + [0.0] * len(ways),
        A_eq=np.array(list(rows.values())),
        b_eq=np.array(list(sides.values())),
        bounds=[*((0, float(offered.quantity_mw)) for offered in bids), *((0, float(way.quantity_mw)) for way in ways)],
        method="highs-ipm",
    )
    return float(found.fun)


def as_expected(seed: int) -> None:
    """Hold a drawn market against the other formulation, against welfare first, and against a program of its own."""
    things = drawn(seed)
    result, welfare = cleared(*things), clear(market_of(*things))
    volume = sum(accepted(result).values())

    assert sum(served(result).values()) == sum(served(welfare).values())
    assert float(volume) == pytest.approx(least_mw(things, served(result)), abs=1e-6)
    assert volume <= sum(accepted(welfare).values())
    assert result.welfare <= welfare.welfare
    assert clear(market_of(*reversed(things), rules=VOLUME)) == result
    other = clear(market_of(*things, rules=VOLUME), named(EngineName.REFERENCE))
    assert (other.welfare, sum(accepted(other).values())) == (result.welfare, volume)


@pytest.mark.parametrize("seed", range(3))
def test_drawn_markets_activate_the_least_that_serves_their_needs(seed: int) -> None:
    as_expected(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8, 308))
def test_three_hundred_drawn_markets_activate_the_least_that_serves_their_needs(seed: int) -> None:
    as_expected(seed)


def test_activation_in_vain_is_found() -> None:
    """The result of welfare first is held against the rule of least volume: 15 MW of either direction are in vain."""
    things: Sequence[Thing] = (UP, DOWN, need("d", "A", 10))
    found = certify(market_of(*things, rules=VOLUME), clear(market_of(*things)))

    assert {(each.item, each.place.rpartition(" ")[2], each.amount) for each in found} == {
        ("volume", "U", Decimal(25)),
        ("volume", "D", Decimal(15)),
    }


def test_netting_that_is_left_out_is_found() -> None:
    things: Sequence[Thing] = (*ACROSS, need("a", "A", 10), need("b", "B", -10), *border("B", "A", 50))
    found = certify(market_of(*things, rules=VOLUME), clear(market_of(*things)))

    assert {each.item for each in found} >= {"volume"}


def test_a_bid_that_could_take_part_may_not_be_refused_in_the_money() -> None:
    """A cheaper up bid is passed over for a dearer one."""
    things = (UP, replace(UP, id="cheap", price=Decimal(10)), need("d", "A", 10))
    market = market_of(*things, rules=VOLUME)
    right = clear(market)
    swapped = {"U": Decimal(10), "cheap": Decimal(0)}
    wrong = replace(
        right,
        awards=tuple(replace(e, quantity_mw=swapped[e.bid_id], price=Decimal(20)) for e in right.awards),
        needs=tuple(replace(each, price=Decimal(20)) for each in right.needs),
        prices=tuple(replace(e, price=Decimal(20), lowest=Decimal(20), highest=Decimal(20)) for e in right.prices),
        welfare=right.welfare - 100,
    )

    assert {(each.item, each.amount) for each in certify(market, wrong)} == {("in the money", Decimal(300))}


Pair = tuple[list[int], list[int]]
NONE: list[int] = []


@pytest.mark.parametrize(
    ("residual", "activated", "found"),
    [
        (([1, 1], [0, 0]), ([2], NONE), ([0, 1, 2], NONE)),
        (([1, 1], [0, 0]), ([0], NONE), ([0], NONE)),
        (([0, 1], [0, 0]), ([2], NONE), ([1, 2], NONE)),
        (([0, 0], [1, 1]), ([0], NONE), ([0, 1, 2], NONE)),
        (([1, 1], [0, 0]), (NONE, [0]), (NONE, [0, 1, 2])),
        (([0, 0], [0, 1]), (NONE, [2]), (NONE, [1, 2])),
        (([1, 0], [1, 0]), ([2], [0]), ([2], [0, 1])),
        (([1, 1], [1, 1]), (NONE, NONE), (NONE, NONE)),
    ],
    ids=["towards", "away", "full", "back", "from", "back from", "apart", "nothing activated"],
)
def test_regions_are_what_residual_paths_reach(residual: Pair, activated: Pair, found: Pair) -> None:
    """Three nodes in a row, 0 → 1 → 2; *residual* says where the flow of each arc may grow, and where it may shrink."""
    more, less = (np.array(each, dtype=bool) for each in residual)
    up, down = (np.array(each, dtype=np.int64) for each in activated)
    both = regions(3, (np.array([0, 1]), np.array([1, 2])), more=more, less=less, activated=(up, down))

    assert (np.flatnonzero(both.up).tolist(), np.flatnonzero(both.down).tolist()) == found
