"""Corrections of perimeters and money: what the lines of an account may say, and what they may not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.accounts import AdjustmentKind, PerimeterAdjustment, Settlement, SettlementKind, SettlementLine
from gateway.errors import InvalidValue
from gateway.model import Reserve
from tests.market_values import SELLER, WEST, quarter


def adjustment(energy: object = "0.5", price: object = None) -> PerimeterAdjustment:
    return PerimeterAdjustment(
        id="A",
        party=SELLER.id,
        area=WEST,
        interval=quarter(),
        energy_mwh=Decimal(str(energy)),
        price=None if price is None else Decimal(str(price)),
    )


def line(amount: object = 25, quantity: object = "0.5") -> SettlementLine:
    return SettlementLine(
        id="L",
        kind=SettlementKind.BALANCING_ENERGY,
        reserve=Reserve.MFRR,
        area=WEST,
        interval=quarter(),
        quantity_mwh=Decimal(str(quantity)),
        amount=Decimal(str(amount)),
    )


IMPOSSIBLE: dict[str, Callable[[], object]] = {
    "energy without number": lambda: adjustment("NaN"),
    "price without bound": lambda: adjustment(price="Infinity"),
    "volume without number": lambda: line(quantity="NaN"),
    "money without bound": lambda: line("-Infinity"),
    "balancing energy of no reserve": lambda: replace(line(), reserve=None),
    "imbalance of a reserve": lambda: replace(line(), kind=SettlementKind.IMBALANCE),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_not_built(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        IMPOSSIBLE[name]()
    assert caught.value.path
    assert caught.value.found


@pytest.mark.parametrize("energy", ["0.4", "0", "-0.1"])
def test_a_perimeter_is_moved_either_way(energy: str) -> None:
    assert adjustment(energy).energy_mwh == Decimal(energy)
    assert adjustment(energy).kind is AdjustmentKind.ACTIVATION


def test_a_settlement_adds_up_by_currency() -> None:
    settlement = Settlement(lines=(line(25), line("-6"), replace(line(10), currency="NOK")))
    assert settlement.totals == {"EUR": Decimal(19), "NOK": Decimal(10)}


def test_a_settlement_of_nothing_is_nothing() -> None:
    assert Settlement(lines=()).totals == {}


@pytest.mark.parametrize("kind", [kind for kind in SettlementKind if kind is not SettlementKind.BALANCING_ENERGY])
def test_everything_but_balancing_energy_is_paid_without_a_reserve(kind: SettlementKind) -> None:
    assert replace(line(), kind=kind, reserve=None).kind is kind
