"""Direct activation: one demand at a time, with the bids and borders that the scheduled clearing left.

After the scheduled clearing of the shared market A1, B1 and C2 are taken, and what is left of the borders is 100 MW from
A to B, 60 MW from C to B, nothing the other way. Direct bids that are left: A2 at 120, C1 at 90, and all down bids.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules
from gateway.clearing.example import QUARTERS, bid, need
from gateway.coupling import PartResult, couple
from gateway.coupling.mfrr_direct import DirectActivation, activate, direct_price
from gateway.errors import InvalidValue
from gateway.model import Activation, Bid, Direction, Need
from tests.gateway.coupling.three_areas import BIDS, BORDERS, NEEDS, A, B, C, agreement, contributions

BOTH_WAYS = tuple(replace(each, activation=Activation.SCHEDULED_OR_DIRECT) for each in BIDS)


def scheduled(*more: Bid) -> PartResult:
    coupled = couple(agreement("ABC"), contributions((*BOTH_WAYS, *more, *NEEDS, *BORDERS)))
    return coupled.parts[0]


def directly(*demands: Need, more: tuple[Bid, ...] = ()) -> tuple[DirectActivation, ...]:
    return activate(scheduled(*more), demands, ClearingRules())


def accepted(done: DirectActivation) -> dict[str, int]:
    return {name: int(mw) for name, mw in done.accepted_mw.items()}


CASES = {
    "up at home, taken bids are gone": (need("n", "A", 20), {"A2": 20}, {"A": 120}),
    "up in C": (need("n", "C", 10), {"C1": 10}, {"C": 90}),
    "up in B comes from where borders have room": (need("n", "B", 15), {"C1": 15}, {"B": 90, "C": 90}),
    "down in A": (need("n", "A", -10), {"Ad": 10}, {"A": 20}),
    "down in B stays there": (need("n", "B", -10), {"Bd": 10}, {"B": 15}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_direct_demand_takes_the_best_of_what_is_left(name: str) -> None:
    demand, volumes, price = CASES[name]
    (done,) = directly(demand)
    assert accepted(done) == volumes
    assert done.served_mw == demand.quantity_mw
    prices = {area.value: amount for area, amount in done.prices.items()}
    assert {area: prices[area] for area in price} == price


def test_one_demand_at_a_time_finds_what_the_one_before_left() -> None:
    first, second = directly(need("n1", "B", 15), need("n2", "B", 50))
    assert accepted(first) == {"C1": 15}
    assert accepted(second) == {"A2": 50}
    assert first.after.limit_mw(C, B) == 45
    assert second.after.limit_mw(A, B) == 50
    assert second.prices[B] == 120


def test_what_the_border_does_not_carry_is_not_served() -> None:
    (done,) = directly(need("n", "A", 100))
    assert (accepted(done), done.served_mw) == ({"A2": 60}, Decimal(60))
    assert done.prices[A] == 15_000


DIRECT_ONLY = bid("A9", "A", "up", 30, 50, activation=Activation.DIRECT)


def test_a_direct_bid_is_paid_no_less_than_the_scheduled_price() -> None:
    """A9 costs 50 and is for direct activation only; the scheduled price in A is 60."""
    (done,) = directly(need("n", "A", 10), more=(DIRECT_ONLY,))
    assert accepted(done) == {"A9": 10}
    assert done.prices[A] == 60
    assert done.result.prices[0].price == 50


def test_a_bid_for_scheduled_activation_is_not_activated_directly() -> None:
    only = replace(BIDS[1], id="A8", price=Decimal(70))
    (done,) = directly(need("n", "A", 10), more=(only,))
    assert accepted(done) == {"A2": 10}


@pytest.mark.parametrize(
    ("direction", "scheduled_price", "marginal", "expected"),
    [
        (Direction.UP, 60, 120, 120),
        (Direction.UP, 60, 50, 60),
        (Direction.UP, None, 50, 50),
        (Direction.DOWN, 20, 10, 10),
        (Direction.DOWN, 20, 30, 20),
        (Direction.DOWN, None, 30, 30),
    ],
)
def test_the_price_is_the_better_of_two_for_the_provider(
    direction: Direction, scheduled_price: int | None, marginal: int, expected: int
) -> None:
    before = None if scheduled_price is None else Decimal(scheduled_price)
    assert direct_price(direction, before, Decimal(marginal)) == expected


REFUSED = {
    "a price limit": (need("n", "A", 10, 50), "no limit: a direct demand has none, found 50"),
    "another area": (need("n", "Z", 10), "an area and interval of the scheduled clearing"),
    "another interval": (replace(need("n", "A", 10), interval=QUARTERS[1]), "an area and interval of the scheduled"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_direct_demand_is_refused(name: str) -> None:
    demand, said = REFUSED[name]
    with pytest.raises(InvalidValue, match=said):
        directly(demand)
