"""Orders out of a result: power as it was ordered, prices of constraint-driven activations, and the shape of energy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.model import ZERO, Direction
from gateway.results import ActivationOrder, ActivationOrders, Award, OrderKind, OrderStatus
from gateway.settlement.orders import EnergyShape, Shape, constraint_price, ordered, requested_energy
from tests.gateway.settlement.values import DOWN, LOADS, PLANT, UP, D, award, order, result
from tests.market_values import quarter


def message(one: Award, mw: object, status: OrderStatus = OrderStatus.ORDERED) -> ActivationOrders:
    said = ActivationOrder(
        bid_id=one.bid_id, provider=one.provider, area=one.area, direction=one.direction, interval=one.interval,
        quantity_mw=D(str(mw)), status=status,
    )  # fmt: skip
    kind = OrderKind.SCHEDULED if status is OrderStatus.ORDERED else OrderKind.RESPONSE
    return ActivationOrders(kind=kind, order_id="order", order_revision=1, orders=(said,))


def test_an_award_is_an_order_and_what_was_not_accepted_is_none() -> None:
    accepted, refused = award(mw=8), award(LOADS, mw=0)
    found, remarks = ordered(result(accepted, refused), [])
    assert [(one.bid_id, one.power_mw, one.price, one.for_constraint) for one in found] == [
        ("PLANT up", D(8), D(50), False)
    ]
    assert remarks == ()
    assert replace(found[0], direction=DOWN).injection_mw == -8


@pytest.mark.parametrize(
    ("said", "power"),
    [
        ([], "10"),
        ([("6", OrderStatus.ORDERED)], "6"),
        ([("6", OrderStatus.ORDERED), ("8", OrderStatus.ORDERED)], "8"),
        ([("10", OrderStatus.ORDERED), ("10", OrderStatus.ACTIVATED)], "10"),
        ([("10", OrderStatus.ORDERED), ("7", OrderStatus.ACTIVATED)], "10"),
        ([("0", OrderStatus.ORDERED)], None),
        ([("10", OrderStatus.ORDERED), ("0", OrderStatus.UNAVAILABLE)], None),
    ],
    ids=["award", "ordered less", "ordered anew", "answered", "answered less", "deactivated", "unavailable"],
)
def test_what_was_ordered_last_counts(said: list[tuple[str, OrderStatus]], power: str | None) -> None:
    one = award()
    found, remarks = ordered(result(one), [message(one, mw, status) for mw, status in said])
    assert [str(each.power_mw) for each in found] == ([] if power is None else [power])
    unavailable = bool(said) and said[-1][1] is OrderStatus.UNAVAILABLE
    told = f"bid PLANT up {quarter()}: unavailable, so that it was not activated"
    assert remarks == ((told,) if unavailable else ())


@pytest.mark.parametrize(
    ("direction", "price", "own", "settled"),
    [(UP, "50", "70", "70"), (UP, "50", "40", "50"), (DOWN, "-18", "-18", "-18"), (DOWN, "16", "-8", "-8")],
)
def test_a_bid_for_a_grid_constraint_gets_at_least_its_own_price(
    direction: Direction, price: str, own: str, settled: str
) -> None:
    one = award(direction=direction, price=own)
    (found,), _ = ordered(result(replace(one, price=D(price)), price=49), [])
    assert (found.price, found.for_constraint, found.bid_price) == (D(settled), True, D(own))
    assert constraint_price(direction, D(price), D(own)) == D(settled)


def test_a_bid_for_energy_is_paid_the_clearing_price_even_at_a_loss() -> None:
    (found,), _ = ordered(result(replace(award(price=60), price=D(50))), [])
    assert (found.price, found.for_constraint) == (D(50), False)


def test_a_bid_that_was_only_activated_directly_gets_the_better_price() -> None:
    one = replace(award(mw=0, price=65), price=None)
    (found,), _ = ordered(result(one), [message(one, 12)])
    assert (found.power_mw, found.price) == (D(12), D(65))
    (cheap,), _ = ordered(result(replace(one, bid_price=D(40))), [message(one, 12)])
    assert cheap.price == 50


def test_an_activation_without_any_price_is_refused() -> None:
    one = replace(award(), price=None)
    with pytest.raises(InvalidValue, match="a price of the activated bid"):
        ordered(result(one, prices=()), [])


def test_a_trapezoid_spills_into_the_neighbouring_quarters() -> None:
    shape = EnergyShape(shape=Shape.TRAPEZOID)
    found = [(period, mwh) for _, period, mwh in requested_energy([order(mw=60)], shape)]
    assert found == [(quarter(-1), D("1.25")), (quarter(), D("12.5")), (quarter(1), D("1.25"))]
    assert [mwh for _, _, mwh in requested_energy([order(mw=60)], EnergyShape())] == [15]


@given(st.lists(st.decimals(0, 500, places=1), min_size=1, max_size=4), st.integers(0, 15))
def test_the_shape_moves_energy_and_makes_none(powers: list[Decimal], minutes: int) -> None:
    orders = [order(mw=mw, on=quarter(number)) for number, mw in enumerate(powers)]
    shape = EnergyShape(shape=Shape.TRAPEZOID, ramp=timedelta(minutes=minutes))
    total = sum((mwh for _, _, mwh in requested_energy(orders, shape)), ZERO)
    assert abs(total - sum(powers, ZERO) / 4) < D("1e-20")


def test_a_ramp_of_negative_length_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"EnergyShape\.ramp"):
        EnergyShape(ramp=timedelta(minutes=-1))


def test_the_price_of_the_ordered_period_goes_with_its_spill() -> None:
    first, second = order(mw=60), replace(order(PLANT, 24, on=quarter(1)), price=D(80))
    found = list(requested_energy([first, second], EnergyShape(shape=Shape.TRAPEZOID)))
    assert [(one.price, mwh) for one, period, mwh in found if period == quarter(1)] == [
        (D(50), D("1.25")),
        (D(80), D(5)),
    ]
