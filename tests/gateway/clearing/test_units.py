"""Ramps, energy and durations of units, in markets whose best answer one can find by hand."""

from __future__ import annotations

from datetime import timedelta

from gateway.clearing.example import QUARTERS, block_on, need, unit
from gateway.model import Activation, Bid, Need
from gateway.results import Fate
from tests.gateway.clearing.quarters import asked, at, cleared, filled, price, series, taken, told

HALF_HOUR = timedelta(minutes=30)
U = {"technical_link": "U"}


def test_a_unit_changes_no_faster_than_its_ramp() -> None:
    """40 MW an hour are 10 MW from one quarter hour to the next: 5, 15, 20 MW.

    One MW more in the first quarter would bring 90 − 10 in the second: it is worth 10 − 80 = −70 there.
    """
    result = cleared(*series("R", [20, 20, 20], 10, **U), *filled(5, 30, 30), unit("U", ramp_mw_per_hour=40))

    assert taken(result, "R") == [5, 15, 20]
    assert price(result) == [-70, 90, 90]
    assert told(result, "R") == [Fate.PARTLY_ACCEPTED, Fate.UNIT_LIMITED, Fate.ACCEPTED]
    assert result.awards[0].reason == (
        "Accepted with 5 of 20 MW. At -70.00 EUR/MWh it loses, which unit U earns over all its intervals."
    )
    assert result.awards[2].reason == (
        f"Accepted with 15 MW and no more: ramp of unit U from {QUARTERS[0]} on (shadow price 80.00 EUR/MWh) binds and"
        " moves the price that it sees from 90.00 EUR/MWh to 10.00 EUR/MWh."
    )


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


def test_a_unit_does_not_begin_what_a_block_would_end_too_early() -> None:
    """Its bid of the second quarter is blocked: half an hour from the first or to the second is out of reach."""
    offered = series("S", [10] * 4, 20, minimum_duration=HALF_HOUR, **U)
    result = cleared(*offered, block_on("S", QUARTERS[1], None), *filled(15, 15, 15, 15))

    assert taken(result, "S") == [0, 0, 10, 10]
    assert told(result, "S")[:2] == [Fate.UNIT_LIMITED, Fate.BLOCKED]
