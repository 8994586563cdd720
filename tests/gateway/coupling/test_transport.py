"""The transport problem: goals in their order, exactly, held against every possible answer and against the clearing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

import numpy as np
import pytest

from gateway.clearing import clear
from gateway.clearing.example import QUARTERS, area, bid, market_of, need
from gateway.coupling.capacities import TransferCapacities, Way
from gateway.coupling.goals import ACTIVATED_VOLUME, FLOWS, SATISFIED_DEMAND, WELFARE
from gateway.coupling.transport import Demand, Goal, Layout, answer, best, layout
from gateway.errors import InvalidValue
from gateway.model import Bid
from tests.gateway.clearing.reading import served
from tests.gateway.coupling.three_areas import BIDS, A, B, C

NOW, ONE = QUARTERS[0], Decimal(1)
ROW = TransferCapacities(
    NOW,
    tuple(Way(start, end, Decimal(mw)) for start, end, mw in ((A, B, 50), (B, A, 50), (B, C, 30), (C, B, 30))),
)
DEMANDS = (Demand(A, Decimal(80)), Demand(B, Decimal(-60)), Demand(C, Decimal(40)))
GOALS = (SATISFIED_DEMAND, ACTIVATED_VOLUME, WELFARE, FLOWS)


def test_goals_are_met_one_after_the_other() -> None:
    """120 MW are short and 60 long, so 60 are activated: 20 in B fill the borders, the rest at home."""
    problem = layout(BIDS, DEMANDS, ROW, ONE)
    found = answer(problem, best(problem, GOALS))
    assert {name: int(mw) for name, mw in found.accepted_mw.items() if mw} == {"A1": 30, "B1": 20, "C2": 10}
    assert [(goal.split(" [")[0], int(value)) for goal, value in found.attained] == [
        ("greatest satisfied demand", 180),
        ("least activated volume", 60),
        ("greatest welfare of the activations", -30 * 60 - 20 * 45 - 10 * 65),
        ("least flows", 80),
    ]


def test_another_order_of_goals_has_another_answer() -> None:
    """With welfare before volume, a down bid that pays 35 is worth an up bid that costs 20."""
    pair = (bid("u", "A", "up", 30, 20), bid("d", "A", "down", 15, 35))
    problem = layout(pair, [Demand(A, Decimal(10))], TransferCapacities(NOW, ()), ONE)
    by_volume = answer(problem, best(problem, (SATISFIED_DEMAND, ACTIVATED_VOLUME, WELFARE)))
    by_welfare = answer(problem, best(problem, (SATISFIED_DEMAND, WELFARE, ACTIVATED_VOLUME)))
    assert [int(mw) for mw in by_volume.accepted_mw.values()] == [0, 10]
    assert [int(mw) for mw in by_welfare.accepted_mw.values()] == [15, 25]


def test_nothing_circulates() -> None:
    ring = [(A, B), (B, C), (C, A), (B, A), (C, B), (A, C)]
    around = TransferCapacities(NOW, tuple(Way(start, end, Decimal(9)) for start, end in ring))
    problem = layout([bid("b", "B", "up", 5, 10)], [Demand(A, Decimal(4))], around, ONE)
    found = answer(problem, best(problem, GOALS))
    assert {ends: int(mw) for ends, mw in found.flows_mw.items() if mw} == {(B, A): 4}


# ---- every possible answer


def small(seed: int) -> Layout:
    """Return a problem of two areas whose answers can all be tried."""
    draw = Random(seed)
    bids = [
        bid(f"b{at}", draw.choice("AB"), draw.choice(["up", "down"]), draw.randint(1, 3), draw.randint(-2, 4))
        for at in range(3)
    ]
    demands = [Demand(area(name), Decimal(draw.choice([-3, -2, -1, 1, 2, 3]))) for name in "AB"]
    ways = (Way(A, B, Decimal(draw.randint(0, 2))), Way(B, A, Decimal(draw.randint(0, 2))))
    return layout(bids, demands, TransferCapacities(NOW, ways), ONE)


def answers(problem: Layout) -> Iterator[np.ndarray]:
    """Yield every answer in whole MW that keeps the balances."""
    dense = problem.matrix.toarray()
    for values in product(*(range(int(most) + 1) for most in problem.upper)):
        if not (dense @ np.array(values)).any():
            yield np.array(values)


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize(
    "goals", [GOALS, (WELFARE, SATISFIED_DEMAND, FLOWS), (ACTIVATED_VOLUME, SATISFIED_DEMAND)], ids=len
)
def test_no_possible_answer_is_better(seed: int, goals: tuple[Goal, ...]) -> None:
    problem = small(seed)
    costs = [goal.cost(problem) for goal in goals]
    found = best(problem, goals)
    assert tuple(cost @ found.values for cost in costs) == min(
        tuple(cost @ values for cost in costs) for values in answers(problem)
    )
    assert not (problem.matrix @ found.values).any()


# ---- the clearing as an oracle


def convex(seed: int) -> tuple[tuple[Bid, ...], tuple[Demand, ...], TransferCapacities]:
    draw = Random(seed)
    bids = tuple(
        bid(f"b{at:02}", draw.choice("ABC"), draw.choice(["up", "down"]), draw.randint(1, 40), draw.randint(-50, 150))
        for at in range(20)
    )
    demands = tuple(Demand(area(name), Decimal(draw.choice([-1, 1]) * draw.randint(1, 90))) for name in "ABC")
    ways = tuple(replace(way, limit_mw=Decimal(draw.randint(0, 60))) for way in ROW.ways)
    return bids, demands, TransferCapacities(NOW, ways)


@pytest.mark.parametrize("seed", range(10))
def test_the_clearing_satisfies_and_costs_the_same(seed: int) -> None:
    """A clearing of divisible bids and needs that must be met has two goals: satisfied demand, then welfare."""
    bids, demands, ways = convex(seed)
    problem = layout(bids, demands, ways, ONE)
    ours = dict(best(problem, (SATISFIED_DEMAND, WELFARE)).attained)
    needs = [need(f"d{each.area.value}", each.area.value, float(each.mw)) for each in demands]
    result = clear(market_of(*bids, *needs, *ways.capacities(bids[0].provider)))
    assert sum(served(result).values()) == ours[SATISFIED_DEMAND.sentence]
    assert result.welfare - 15_000 * ours[SATISFIED_DEMAND.sentence] == ours[WELFARE.sentence]


# ---- numbers


def test_steps_are_as_fine_as_what_is_stated() -> None:
    fine = replace(BIDS[0], quantity_mw=Decimal("0.25"), price=Decimal("60.125"))
    problem = layout([fine], [Demand(A, Decimal("0.2"))], TransferCapacities(NOW, ()), ONE)
    assert (problem.scale.mw, problem.scale.price) == (Decimal("0.01"), Decimal("0.001"))
    found = best(problem, GOALS)
    assert answer(problem, found).accepted_mw == {"A1": Decimal("0.20")}
    assert dict(found.attained)[WELFARE.sentence] == Decimal("-12.025")


def test_nothing_to_do_is_an_answer() -> None:
    empty = layout((), (), TransferCapacities(NOW, ()), ONE)
    assert answer(empty, best(empty, GOALS)).attained == tuple((goal.sentence, Decimal(0)) for goal in GOALS)
    idle = layout(BIDS, (Demand(A, Decimal(0)),), ROW, ONE)
    assert not any(answer(idle, best(idle, GOALS)).accepted_mw.values())


UNFIT = {
    "no price": replace(BIDS[0], price=None),
    "indivisible": replace(BIDS[0], divisible=False),
    "a least quantity": replace(BIDS[0], minimum_mw=Decimal(5)),
    "a group": replace(BIDS[0], exclusive="g"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_not_linear_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="Bid A1: expected a divisible bid"):
        layout([UNFIT[name]], (), ROW, ONE)


def test_borders_with_losses_are_refused() -> None:
    lossy = TransferCapacities(NOW, (replace(ROW.ways[0], loss_factor=Decimal("0.1")),))
    with pytest.raises(InvalidValue, match=r"Way\.loss_factor: expected 0, found losses"):
        layout(BIDS, (), lossy, ONE)
