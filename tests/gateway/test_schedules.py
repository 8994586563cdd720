"""Schedules: what exchanges and plans may say, and what they may not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.errors import InvalidValue
from gateway.identifiers import ResourceId
from gateway.model import Direction, Reserve
from gateway.schedules import (
    ExchangeKind,
    ExchangeSchedule,
    PlanKind,
    PowerBlock,
    ResourceSchedule,
    UnavailableReserve,
)
from tests.market_values import EAST, OTHER_SELLER, SELLER, WEST, quarter


def block(number: int = 0, mw: object = 10) -> PowerBlock:
    return PowerBlock(interval=quarter(number), power_mw=Decimal(str(mw)))


def exchange(*blocks: PowerBlock) -> ExchangeSchedule:
    return ExchangeSchedule(id="E", kind=ExchangeKind.OPERATOR_EXCHANGE, blocks=blocks, from_area=EAST, to_area=WEST)


def plan(*blocks: PowerBlock) -> ResourceSchedule:
    return ResourceSchedule(id="P", kind=PlanKind.NET, provider=SELLER.id, area=WEST, blocks=blocks)


def held(*blocks: PowerBlock) -> ResourceSchedule:
    return replace(plan(*blocks), kind=PlanKind.RESERVE, direction=Direction.UP, reserve=Reserve.FCR)


def unavailable(*blocks: PowerBlock) -> UnavailableReserve:
    return UnavailableReserve(
        id="U",
        provider=SELLER.id,
        area=WEST,
        buyer_area=WEST,
        direction=Direction.UP,
        reserve=Reserve.FCR,
        blocks=blocks,
        substitute_provider=OTHER_SELLER.id,
    )


IMPOSSIBLE: dict[str, tuple[str, Callable[[], object]]] = {
    "power without number": ("999", lambda: block(mw="NaN")),
    "power without bound": ("999", lambda: block(mw="Infinity")),
    "exchange of nobody": ("999", lambda: replace(exchange(block()), from_area=None, to_area=None)),
    "exchange with itself": ("A82", lambda: replace(exchange(block()), to_area=EAST)),
    "exchange of one party with itself": (
        "A82",
        lambda: replace(exchange(block()), to_area=EAST, from_party=SELLER.id, to_party=SELLER.id),
    ),
    "exchange below zero": ("A46", lambda: exchange(block(mw="-0.1"))),
    "exchange that overlaps": ("A04", lambda: exchange(block(0), block(0))),
    "version 0": ("A50", lambda: replace(exchange(block()), version=0)),
    "version 1000": ("A50", lambda: replace(exchange(block()), version=1000)),
    "plan of production with a direction": ("A77", lambda: replace(plan(block()), direction=Direction.UP)),
    "plan of production with a reserve": ("A77", lambda: replace(plan(block()), reserve=Reserve.FCR)),
    "plan of reserve without direction": ("A77", lambda: replace(held(block()), direction=None)),
    "plan of reserve without reserve": ("A77", lambda: replace(held(block()), reserve=None)),
    "reserve below zero": ("A46", lambda: held(block(mw=-1))),
    "plan that runs backwards": ("A04", lambda: plan(block(1), block(0))),
    "missing reserve below zero": ("A46", lambda: unavailable(block(mw=-1))),
    "missing reserve that overlaps": ("A04", lambda: unavailable(block(0), block(0))),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_not_built(name: str) -> None:
    code, build = IMPOSSIBLE[name]
    with pytest.raises(InvalidValue) as caught:
        build()
    assert caught.value.code == code
    assert caught.value.path


def test_two_parties_may_trade_inside_one_area() -> None:
    trade = replace(exchange(block()), to_area=EAST, from_party=SELLER.id, to_party=OTHER_SELLER.id)
    assert trade.from_area == trade.to_area


def test_an_exchange_may_be_nothing_at_all() -> None:
    assert exchange(block(mw=0)).blocks[0].power_mw == 0
    assert exchange().blocks == ()


def test_a_plan_may_take_from_the_grid() -> None:
    unit = replace(plan(block(0, -3), block(2, 4)), resource=ResourceId("unit", "NNO"))
    assert unit.blocks[0].power_mw == -3


def test_reserve_is_held_in_a_direction() -> None:
    assert held(block()).direction is Direction.UP


@pytest.mark.parametrize("version", [1, 999])
def test_the_ends_of_the_range_of_versions_are_in_it(version: int) -> None:
    assert replace(exchange(block()), version=version).version == version
