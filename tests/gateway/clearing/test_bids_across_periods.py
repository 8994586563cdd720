"""Every bid type that spans intervals, in markets whose best answer one can find by hand.

Z offers 100 MW at 90 in every quarter hour and sets the price there unless something cheaper is left over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.clearing import ClearingRules, Pricing, certify, clear
from gateway.clearing.example import QUARTERS, bid, block_on, border, market_of, need, unit
from gateway.model import Activation, Availability, Bid, Block, Condition, Link, Need
from gateway.results import ClearingResult, Fate
from gateway.units import UnitProfile

HALF_HOUR = timedelta(minutes=30)
WELFARE_FIRST = ClearingRules(pricing=Pricing.WELFARE_FIRST)
U = {"technical_link": "U"}


def at(quarter: int, name: str, mw: float, price: float, way: str = "up", **more: object) -> Bid:
    """Return a bid in area A for one of the four quarter hours."""
    fields: dict[str, Any] = dict(more)
    return replace(bid(name, "A", way, mw, price, **fields), interval=QUARTERS[quarter])


def series(name: str, mw: Iterable[float], price: float, **more: object) -> list[Bid]:
    """Return one bid for each of the first quarter hours, with these quantities."""
    fields: dict[str, Any] = dict(more)
    return [at(quarter, name, each, price, **fields) for quarter, each in enumerate(mw)]


def asked(*mw: float, activation: Activation = Activation.SCHEDULED) -> list[Need]:
    """Return a need in area A for each of the first quarter hours."""
    plain = [replace(need("d", "A", each), activation=activation) for each in mw]
    return [replace(each, interval=QUARTERS[quarter]) for quarter, each in enumerate(plain)]


def filled(*mw: float) -> list[Bid | Need]:
    """Return needs, and Z in each quarter hour."""
    return [*asked(*mw), *series("Z", [100] * len(mw), 90)]


def cleared(*things: Bid | Need | UnitProfile | Block, rules: ClearingRules | None = None) -> ClearingResult:
    """Clear, and ask the certificate once more."""
    market = market_of(*things, rules=rules)
    result = clear(market)
    assert certify(market, result) == ()
    return result


def taken(result: ClearingResult, name: str) -> list[float]:
    """Return the accepted MW of one bid, by interval."""
    return [float(each.quantity_mw) for each in result.awards if each.bid_id == name]


def told(result: ClearingResult, name: str) -> list[Fate]:
    """Return the fates of one bid, by interval."""
    return [each.fate for each in result.awards if each.bid_id == name]


def price(result: ClearingResult) -> list[Decimal]:
    """Return the prices of area A, by interval."""
    return [each.price for each in result.prices]


# ------------------------------------------------------------------------------------------------------------- parents


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


# ---------------------------------------------------------------------------------------------------------- block bids


def test_a_block_bid_is_accepted_in_all_its_intervals_or_in_none() -> None:
    """Bid c sets 40 in the first quarter, where the block loses 10 · 10; in the second it earns 40 · 10."""
    block = series("B", [10, 10], 50, block_bid="k", divisible=False)
    result = cleared(*block, at(0, "c", 40, 40), *filled(15, 15))

    assert taken(result, "B") == [10, 10]
    assert price(result) == [40, 90]
    assert [each.reason for each in result.awards if each.bid_id == "B"] == [
        "Accepted in full. At 40.00 EUR/MWh it loses, which block bid k earns over all its intervals.",
        "Accepted in full; the price here is 90.00 EUR/MWh.",
    ]


def test_a_block_bid_that_would_lose_over_all_is_left_out() -> None:
    """It would lose 45 · 10 in the first quarter and earn 40 · 10 in the second."""
    block = series("B", [10, 10], 50, block_bid="k", divisible=False)
    result = cleared(*block, at(0, "c", 40, 5), *filled(15, 15))

    assert taken(result, "B") == [0, 0]
    assert told(result, "B") == [Fate.OUT_OF_THE_MONEY, Fate.BLOCK_REJECTED]


def test_a_divisible_block_bid_is_accepted_in_one_ratio() -> None:
    """Only 5 of 10 MW find a taker in the first quarter: half of the block, so that 2.5 of 5 MW are left for the second.

    The price of the first quarter is where the block as a whole neither earns nor loses:
    10 (λ − 50) + 5 (90 − 50) = 0, λ = 30.
    """
    result = cleared(at(0, "B", 10, 50, block_bid="k"), at(1, "B", 5, 50, block_bid="k"), *filled(5, 15))

    assert taken(result, "B") == [5, 2.5]
    assert price(result) == [30, 90]
    assert told(result, "B")[1] is Fate.UNIT_LIMITED


def test_the_largest_least_ratio_of_a_block_bid_holds_for_all_its_bids() -> None:
    """6 of 10 MW at least in the second quarter, so 6 of 10 in the first too, where only 5 are needed."""
    block = [at(0, "B", 10, 20, block_bid="k"), at(1, "B", 10, 20, block_bid="k", minimum_mw=6)]
    result = cleared(*block, *filled(5, 15))

    assert taken(result, "B") == [0, 0]


def test_a_cap_of_an_operator_holds_for_the_whole_block_bid() -> None:
    """5 of 10 MW are left in the first quarter, so that no more than half is accepted in the second."""
    cap = block_on("B", QUARTERS[0], 5)
    result = cleared(*series("B", [10, 20], 20, block_bid="k"), cap, *filled(15, 25))

    assert taken(result, "B") == [5, 10]
    assert "its block bid takes part with 50%" in result.awards[2].reason


def test_a_block_bid_with_a_blocked_member_takes_no_part() -> None:
    result = cleared(*series("B", [10, 10], 20, block_bid="k"), block_on("B", QUARTERS[1], None), *filled(15, 15))

    assert taken(result, "B") == [0, 0]
    assert told(result, "B") == [Fate.BLOCK_REJECTED, Fate.BLOCKED]


def test_of_two_exclusive_block_bids_one_is_accepted_in_all_its_intervals() -> None:
    """The group stands in the first quarter alone and decides for both: B earns 70 and 70 there, C 50 and 80."""
    first = [at(0, "B", 10, 20, block_bid="k", exclusive="g"), at(1, "B", 10, 20, block_bid="k")]
    second = [at(0, "C", 10, 40, block_bid="l", exclusive="g"), at(1, "C", 10, 10, block_bid="l")]
    result = cleared(*first, *second, *filled(30, 30))

    assert (taken(result, "B"), taken(result, "C")) == ([10, 10], [0, 0])


def test_a_block_bid_may_span_areas() -> None:
    """In one interval, in two areas that no border joins: 5 of 10 MW in A are half of the bid, and so in B."""
    block = [bid("B1", "A", "up", 10, 20, block_bid="k"), bid("B2", "B", "up", 10, 20, block_bid="k")]
    dear = [bid("Z1", "A", "up", 50, 90), bid("Z2", "B", "up", 50, 90)]
    result = cleared(*block, *dear, need("d", "A", 5), need("e", "B", 30))

    assert (taken(result, "B1"), taken(result, "B2")) == ([5], [5])


# --------------------------------------------------------------------------------------------------------------- ramps


def test_a_unit_changes_no_faster_than_its_ramp() -> None:
    """40 MW an hour are 10 MW from one quarter hour to the next: 5, 15, 20 MW.

    One MW more in the first quarter would bring 90 − 10 in the second: it is worth 10 − 80 = −70 there.
    """
    result = cleared(*series("R", [20, 20, 20], 10, **U), *filled(5, 30, 30), unit("U", ramp_mw_per_hour=40))

    assert taken(result, "R") == [5, 15, 20]
    assert price(result) == [-70, 90, 90]
    assert told(result, "R") == [Fate.PARTLY_ACCEPTED, Fate.UNIT_LIMITED, Fate.ACCEPTED]


def test_a_ramp_holds_downwards_too() -> None:
    """From 20 MW no lower than 10, though c is cheaper in the second quarter."""
    result = cleared(
        *series("R", [20, 20], 10, **U), at(1, "c", 50, 5), *filled(30, 30), unit("U", ramp_mw_per_hour=40)
    )

    assert taken(result, "R") == [20, 10]


def test_a_ramp_counts_both_directions_of_a_unit() -> None:
    """From 5 MW down to 5 MW up are 10 MW."""
    offered = [at(0, "D", 20, 30, "down", **U), at(1, "R", 20, 10, **U)]
    result = cleared(*offered, *filled(-5, 30), unit("U", ramp_mw_per_hour=40))

    assert (taken(result, "D"), taken(result, "R")) == ([5], [5])


def test_a_unit_without_a_bid_in_an_interval_is_not_activated_there() -> None:
    offered = [at(0, "R", 20, 10, **U), at(2, "R", 20, 10, **U)]
    result = cleared(*offered, *filled(30, 30, 30), unit("U", ramp_mw_per_hour=40))

    assert taken(result, "R") == [10, 10]


def test_a_ramp_counts_the_hours_between_intervals() -> None:
    """Between the first and the third quarter hour nothing is cleared: half an hour for 20 MW."""
    offered = [at(0, "R", 30, 10, **U), at(2, "R", 30, 10, **U)]
    wanted: list[Bid | Need] = [
        need("d", "A", 5, interval=QUARTERS[0]),
        need("d", "A", 40, interval=QUARTERS[2]),
        at(2, "Z", 90, 90),
    ]
    result = cleared(*offered, *wanted, unit("U", ramp_mw_per_hour=40))

    assert taken(result, "R") == [5, 25]


# -------------------------------------------------------------------------------------------------------------- energy


def test_a_shifted_load_catches_up() -> None:
    """10 MW less at 60 while 90 is the price, 10 MW more where the price is 20."""
    load = [at(0, "S", 10, 60, **U), at(1, "T", 10, 50, "down", **U)]
    result = cleared(*load, at(1, "c", 40, 20), *filled(15, 15), unit("U", energy_mwh=0))

    assert (taken(result, "S"), taken(result, "T")) == ([10], [10])
    assert price(result) == [90, 20]


def test_a_load_that_cannot_catch_up_is_not_shifted() -> None:
    """Buying back is worth no more than 50 and costs 90: 60 − 50 + 90 − 90 is no gain."""
    load = [at(0, "S", 10, 60, **U), at(1, "T", 10, 50, "down", **U)]
    result = cleared(*load, *filled(15, 15), unit("U", energy_mwh=0))

    assert (taken(result, "S"), taken(result, "T")) == ([0], [0])


def test_a_stated_energy_is_delivered_in_full_where_it_is_worth_most() -> None:
    """4 MWh are 16 MW over quarter hours of 10 MW: not in the second one, where c sets 15."""
    result = cleared(*series("S", [10] * 3, 20, **U), at(1, "c", 40, 15), *filled(15, 15, 15), unit("U", energy_mwh=4))

    assert sum(taken(result, "S")) == 16
    assert taken(result, "S")[1] == 0


def test_a_stated_energy_that_costs_too_much_is_not_delivered_at_all() -> None:
    """The last 6 MW would replace c at 15 and lose 85 each, more than the first ones earn."""
    offered = series("S", [10, 10], 100, **U)
    result = cleared(*offered, at(1, "c", 40, 15), *filled(15, 15), unit("U", energy_mwh=4))

    assert taken(result, "S") == [0, 0]


def test_a_stated_energy_that_cannot_be_delivered_keeps_the_unit_out() -> None:
    result = cleared(*series("S", [10, 10], 20, **U), *filled(15, 15), unit("U", energy_mwh=6))

    assert taken(result, "S") == [0, 0]
    assert told(result, "S") == [Fate.UNIT_LIMITED] * 2


def test_a_battery_delivers_no_more_than_it_holds() -> None:
    """2 MWh are 8 MW for a quarter hour: they go where the price is 90."""
    result = cleared(
        *series("S", [10, 10], 20, **U), at(0, "c", 40, 50), *filled(15, 15), unit("U", maximum_energy_mwh=2)
    )

    assert taken(result, "S") == [0, 8]


# ----------------------------------------------------------------------------------------------------------- durations


def test_a_unit_stays_on_for_its_least_duration() -> None:
    """The second quarter pays 90, the third 5 and the first 1: with 5 MW in the third it earns 70 · 10 − 15 · 5."""
    offered = series("S", [10] * 4, 20, minimum_mw=5, minimum_duration=HALF_HOUR, **U)
    cheap = [at(0, "c", 40, 1), at(2, "c", 40, 5), at(3, "c", 40, 5)]
    result = cleared(*offered, *cheap, *filled(15, 15, 15, 15))

    assert taken(result, "S") == [0, 10, 5, 0]
    assert price(result) == [1, 90, 5, 5]


def test_a_unit_ends_after_its_longest_duration() -> None:
    """Half an hour on, then a quarter off: of the four quarters the third one, where the price is 85, is left out."""
    offered = series("S", [10] * 4, 20, maximum_duration=HALF_HOUR, **U)
    result = cleared(*offered, at(2, "c", 40, 85), *filled(15, 15, 15, 15))

    assert taken(result, "S") == [10, 10, 0, 10]


def test_a_rest_counts_from_the_end_of_an_activation() -> None:
    """At 80 it earns 100 an hour in the first and last quarter, 150 in the third and loses 750 in the second.

    Off in the second, it may not be on in both the first and the third, between which there is only a quarter hour.
    """
    fill = [at(quarter, "Z", 100, 95 if quarter == 2 else 90) for quarter in range(4)]
    offered = series("S", [10] * 4, 80, resting_time=HALF_HOUR, minimum_mw=10, **U)
    free = series("S", [10] * 4, 80, minimum_mw=10, **U)
    cheap = at(1, "c", 40, 5)

    assert taken(cleared(*offered, *fill, cheap, *asked(15, 15, 15, 15)), "S") == [0, 0, 10, 10]
    assert taken(cleared(*free, *fill, cheap, *asked(15, 15, 15, 15)), "S") == [10, 0, 10, 10]


def test_a_unit_is_activated_no_more_often_than_it_may_be() -> None:
    """The price is 90 in the first and the third quarter, with 5 in between: at 5 MW, staying on costs 15 · 5."""
    offered = series("S", [10] * 3, 20, minimum_mw=5, **U)
    limited = unit("U", maximum_activations=1)
    result = cleared(*offered, at(1, "c", 40, 5), *filled(15, 15, 15), limited)

    assert taken(result, "S") == [10, 5, 10]


def test_a_unit_that_may_not_be_activated_is_left_out() -> None:
    result = cleared(*series("S", [10], 20, **U), *filled(15), unit("U", maximum_activations=0))

    assert told(result, "S") == [Fate.UNIT_LIMITED]


def test_direct_activation_leaves_durations_to_the_filter_of_technical_links() -> None:
    """An activation runs on by itself: the bid of the next quarter hour is unavailable, not held on."""
    direct = {"activation": Activation.DIRECT}
    offered = series("S", [10, 10], 20, minimum_duration=HALF_HOUR, **U, **direct)
    fill = series("Z", [100, 100], 90, **direct)
    result = cleared(*offered, *fill, *asked(15, 15, activation=Activation.DIRECT))

    assert taken(result, "S") == [10, 0]
    assert told(result, "S")[1] is Fate.UNAVAILABLE


# --------------------------------------------------------------------------------------- links among intervals cleared together


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
