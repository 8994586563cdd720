"""Faults planted into results over several intervals: what the certificate finds, where, and by how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Market, Pricing, certify, clear
from gateway.clearing.certificate_periods import ITEMS, across
from gateway.clearing.example import QUARTERS, limit, market_of, unit
from gateway.model import Activation, Bid
from gateway.results import ClearingResult
from tests.gateway.clearing.drawn import Thing, spanning
from tests.gateway.clearing.quarters import asked, at, filled, series

HALF_HOUR = timedelta(minutes=30)
U = {"technical_link": "U"}
Volumes = dict[tuple[str, int], float]
"""What is planted: accepted MW by bid and number of the quarter hour."""


def planted(result: ClearingResult, volumes: Volumes) -> ClearingResult:
    """Return *result* with other accepted MW."""
    wanted = {(name, QUARTERS[quarter]): Decimal(str(mw)) for (name, quarter), mw in volumes.items()}
    return replace(
        result,
        awards=tuple(
            replace(each, quantity_mw=wanted.get((each.bid_id, each.interval), each.quantity_mw))
            for each in result.awards
        ),
    )


def found(market: Market, result: ClearingResult) -> list[tuple[str, str, float]]:
    """Return what the certificate finds across intervals: item, the last word of the place, amount."""
    return [(item, place.split()[-1], float(amount)) for item, place, amount in across(market, result)]


PARENT: list[Thing] = [at(0, "P", 5, 20), at(1, "C", 10, 20, parent="P")]
SERIES: list[Thing] = [*series("P", [5, 5], 20), at(1, "C", 10, 20, parent="P")]
GROUP: list[Thing] = [*(at(0, name, 5, 20, inclusive="g") for name in ("G1", "G2")), at(1, "C", 10, 20, parent="g")]
WHOLE: list[Thing] = [*series("B", [10, 20], 20, block_bid="k", divisible=False)]
RATIO: list[Thing] = [*series("B", [10, 20], 20, block_bid="k")]
RAMP: list[Thing] = [*series("R", [20, 20, 20], 10, **U), unit("U", ramp_mw_per_hour=40)]
SHIFT: list[Thing] = [at(0, "S", 10, 60, **U), at(1, "T", 10, 95, "down", **U), unit("U", energy_mwh=0)]
DELIVERY: list[Thing] = [*series("S", [10, 10], 20, **U), unit("U", energy_mwh=4)]
BATTERY: list[Thing] = [*series("S", [10, 10], 20, **U), unit("U", maximum_energy_mwh=4)]
LEAST: list[Thing] = [*series("S", [10] * 3, 20, minimum_duration=HALF_HOUR, **U)]
LONGEST: list[Thing] = [*series("S", [10] * 3, 20, maximum_duration=HALF_HOUR, **U)]
RESTING: list[Thing] = [*series("S", [10] * 3, 20, resting_time=HALF_HOUR, **U)]
ONCE: list[Thing] = [*series("S", [10] * 3, 20, **U), unit("U", maximum_activations=1)]
CASES: dict[str, tuple[list[Thing], Volumes, list[tuple[str, str, float]]]] = {
    "nothing planted": (PARENT, {}, []),
    "a child without its parent": (PARENT, {("P", 0): 0}, [("parents", "C", 10)]),
    "a parent without its child": (PARENT, {("C", 1): 0}, []),
    "a child without the part beside it": (SERIES, {("P", 1): 0}, [("parents", "C", 10)]),
    "a child without another part": (SERIES, {("P", 0): 0}, []),
    "a child with one member of a group": (GROUP, {("G1", 0): 0}, []),
    "a child with no member of a group": (GROUP, {("G1", 0): 0, ("G2", 0): 0}, [("parents", "C", 10)]),
    "half a block bid": (
        WHOLE,
        {("B", 0): 0},
        [("block bids", "B", 6.666), ("block bids", "B", 6.666)],
    ),
    "no block bid": (WHOLE, {("B", 0): 0, ("B", 1): 0}, []),
    "a block bid in one ratio": (RATIO, {("B", 0): 5, ("B", 1): 10}, []),
    "a block bid off its ratio": (
        RATIO,
        {("B", 0): 5.01, ("B", 1): 10},
        [("block bids", "B", 0.006), ("block bids", "B", 0.006)],
    ),
    "a ramp up": (RAMP, {("R", 0): 5, ("R", 1): 15.01, ("R", 2): 10}, [("ramps", "12:15:00+00:00", 0.01)]),
    "a ramp down": (RAMP, {("R", 0): 20, ("R", 1): 9.99, ("R", 2): 10}, [("ramps", "12:15:00+00:00", 0.01)]),
    "a ramp that is kept": (RAMP, {("R", 0): 5, ("R", 1): 15, ("R", 2): 10}, []),
    "a load that catches up": (SHIFT, {("S", 0): 4, ("T", 1): 4}, []),
    "a load that does not catch up": (SHIFT, {("S", 0): 4, ("T", 1): 3.96}, [("energies", "U", 0.01)]),
    "a delivery": (DELIVERY, {("S", 0): 8, ("S", 1): 8}, []),
    "no delivery": (DELIVERY, {("S", 0): 0, ("S", 1): 0}, []),
    "a short delivery": (DELIVERY, {("S", 0): 8, ("S", 1): 7.96}, [("energies", "U", 0.01)]),
    "a battery drawn too low": (BATTERY, {("S", 0): 8.04, ("S", 1): 8}, [("energies", "U", 0.01)]),
    "a battery": (BATTERY, {("S", 0): 0, ("S", 1): 8}, []),
    "too short": (LEAST, {("S", 1): 0, ("S", 2): 0}, [("durations", "duration", 0.25)]),
    "cut short by the end": (LEAST, {("S", 0): 0, ("S", 1): 0}, []),
    "too long": (LONGEST, {("S", 0): 5, ("S", 1): 5, ("S", 2): 5}, [("durations", "duration", 0.25)]),
    "too little rest": (RESTING, {("S", 1): 0}, [("durations", "rest", 0.25)]),
    "once too often": (ONCE, {("S", 1): 0}, [("activations", "U", 1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_planted_fault_is_found(name: str) -> None:
    things, volumes, expected = CASES[name]
    market = market_of(*things, *filled(40, 40, 40), rules=ClearingRules(pricing=Pricing.WELFARE_FIRST))
    result = clear(market)

    faults = found(market, planted(result, volumes))

    assert [fault[:2] for fault in faults] == [fault[:2] for fault in expected]
    assert [fault[2] for fault in faults] == pytest.approx([fault[2] for fault in expected], abs=1e-3)


def test_every_item_has_a_fault_that_it_finds() -> None:
    """Losses have a test of their own."""
    assert {item for _, _, faults in CASES.values() for item, _, _ in faults} == set(ITEMS) - {"joint losses"}


BLOCK = [*series("B", [10, 10], 50, block_bid="k", divisible=False), at(0, "c", 40, 40)]
"""At 40 in the first quarter the block bid loses 100 an hour; at 90 in the second it earns 400."""


@pytest.mark.parametrize(
    ("second", "pricing", "lost"),
    [(90, Pricing.STRICT, 0), (60, Pricing.STRICT, 0), (59.9, Pricing.STRICT, 1), (59.9, Pricing.WELFARE_FIRST, 0)],
    ids=["earns", "breaks even", "loses", "is owed"],
)
def test_what_earns_as_one_may_not_lose(second: float, pricing: Pricing, lost: float) -> None:
    """Told a price of 59.90 in the second quarter, the block bid loses 100 there and then earns 99."""
    market = market_of(*BLOCK, *filled(15, 15), rules=ClearingRules(pricing=pricing))
    result = clear(market)
    told = replace(
        result,
        awards=tuple(
            replace(each, price=Decimal(str(second))) if each.interval == QUARTERS[1] else each
            for each in result.awards
        ),
    )

    assert [float(amount) for item, _, amount in across(market, told) if item == "joint losses"] == (
        [lost] if lost else []
    )


def test_a_price_that_is_cut_tells_nothing_of_a_loss() -> None:
    """At the cap the block bid may earn more than it is told."""
    market = market_of(*BLOCK, *filled(15, 15))
    result = clear(market)
    told = replace(
        result,
        awards=tuple(
            replace(each, price=Decimal(-15_000)) if each.interval == QUARTERS[1] else each for each in result.awards
        ),
    )

    assert list(across(market, told)) == []


def test_durations_are_not_judged_where_activation_is_direct() -> None:
    direct = {"activation": Activation.DIRECT}
    offered: list[Bid] = [*series("S", [10] * 3, 20, minimum_duration=HALF_HOUR, **U, **direct)]
    market = market_of(
        *offered, *series("Z", [100] * 3, 90, **direct), *asked(15, 15, 15, activation=Activation.DIRECT)
    )
    result = clear(market)

    assert list(across(market, planted(result, {("S", 0): 5, ("S", 1): 0, ("S", 2): 5}))) == []


def test_what_does_not_span_intervals_is_not_looked_at() -> None:
    market = market_of(at(0, "A", 20, 10), *filled(15))

    assert list(across(market, planted(clear(market), {("A", 0): 99}))) == []


@pytest.mark.parametrize("seed", range(1, 9, 2))
def test_a_missing_hundredth_of_an_accepted_bid_is_found(seed: int) -> None:
    """In any market a planted 0.01 MW breaks at least the balance."""
    market = market_of(*spanning(seed))
    result = clear(market)
    award = next(each for each in result.awards if each.quantity_mw)
    less = replace(award, quantity_mw=award.quantity_mw - Decimal("0.01"))
    broken = replace(result, awards=tuple(less if each is award else each for each in result.awards))

    assert certify(market, result) == ()
    assert certify(market, broken) != ()


def test_a_bid_that_takes_no_part_still_says_whose_limit_it_is() -> None:
    """M's parent is unknown; the cable counts it with relief, so that it is no joint capacity though M takes no part.

    X is told what the cable leaves of the price: 90 less its shadow price of 70.
    """
    cable = limit("cable", 4, X=1, M=-0.5)
    market = market_of(at(0, "X", 10, 20), at(0, "M", 5, 20, parent="nobody"), cable, *filled(15))
    result = clear(market)

    assert certify(market, result) == ()
    assert {each.bid_id: float(each.price or 0) for each in result.awards} == {"X": 20, "M": 90, "Z": 90}
