"""Which prices support given volumes: each kind of order pins them its own way, and wrong volumes have none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from gateway.clearing.dispatch import Volumes
from gateway.clearing.example import bid, border, limit, need, problem_of
from gateway.clearing.prices import Prices, find_prices, reach, seen_price
from gateway.clearing.problem import Problem
from gateway.errors import Unsolved
from gateway.model import Bid, Block, Capacity, Limit, Need

Thing = Bid | Need | Capacity | Limit | Block


def volumes(
    accepted: Sequence[float], served: Sequence[float], flow: Sequence[float] = (), barred: Sequence[int] = ()
) -> Volumes:
    """Return volumes given in MW."""
    ticks = [np.array([round(1000 * each) for each in mw], dtype=np.int64) for mw in (accepted, served, flow)]
    return Volumes(accepted=ticks[0], served=ticks[1], flow=ticks[2], barred=frozenset(barred))


def told(problem: Problem, prices: Prices) -> dict[str, tuple[float, float, float]]:
    """Return lowest, published and highest price of every area in EUR."""
    ends = zip(problem.nodes, prices.lowest, prices.price, prices.highest, strict=True)
    return {node.area.value: (low / 100, price / 100, high / 100) for node, low, price, high in ends}


U20, U50, D10 = bid("U20", "A", "up", 10, 20), bid("U50", "A", "up", 10, 50), bid("D10", "A", "down", 10, 10)


@pytest.mark.parametrize(
    ("things", "accepted", "served", "interval"),
    [
        ((U20, U50, need("d", "A", 5)), [5, 0], [5], (20, 20, 20)),
        ((U20, U50, need("d", "A", 10)), [10, 0], [10], (20, 35, 50)),
        ((U20, U50, need("d", "A", 12)), [10, 2], [12], (50, 50, 50)),
        ((U20, U50, need("d", "A", 20)), [10, 10], [20], (50, 50, 50)),
        ((U20, U50, need("d", "A", 25)), [10, 10], [20], (15_000, 15_000, 15_000)),
        ((U20, need("d", "A", -5)), [0], [0], (-15_000, -15_000, -15_000)),
        ((D10, need("d", "A", -5)), [5], [5], (10, 10, 10)),
        ((D10, U20, need("d", "A", 0)), [0, 0], [0], (10, 15, 20)),
        ((U20, need("e", "A", 10, 30)), [10], [10], (20, 25, 30)),
        ((U20, need("e", "A", 12, 30)), [10], [10], (30, 30, 30)),
        ((U50, need("e", "A", 12, 30)), [0], [0], (30, 40, 50)),
        ((need("e", "A", 12, 30),), [], [0], (30, 30, 30)),
        ((need("d", "A", 0),), [], [0], (-15_000, 0, 15_000)),
    ],
    ids=[
        "in part",
        "between two",
        "second in part",
        "all of them",
        "short",
        "long",
        "down in part",
        "nothing",
        "need met",
        "need in part",
        "need out of reach",
        "need alone",
        "silence",
    ],
)
def test_the_interval_of_prices(
    things: tuple[Thing, ...], accepted: list[float], served: list[float], interval: tuple[float, float, float]
) -> None:
    problem = problem_of(*things)

    found = find_prices(problem, volumes(accepted, served))
    assert told(problem, found) == {"A": interval}
    assert not found.losses.any()


@pytest.mark.parametrize(
    ("accepted", "served"),
    [([0, 10], [10]), ([5, 5], [10]), ([9, 1], [10])],
    ids=["the dearer one", "half and half", "a MW of the dearer one"],
)
def test_volumes_that_are_not_the_best_have_no_prices(accepted: list[float], served: list[float]) -> None:
    with pytest.raises(Unsolved):
        find_prices(problem_of(U20, U50, need("d", "A", 10)), volumes(accepted, served))


B20, A60, D30 = bid("B", "B", "up", 100, 20), bid("U", "A", "up", 100, 60), need("d", "A", 30)


@pytest.mark.parametrize(
    ("capacity", "accepted", "flow", "interval"),
    [
        (50, [30, 0], [0, 30], {"A": (20, 20, 20), "B": (20, 20, 20)}),
        (30, [30, 0], [0, 30], {"A": (20, 40, 60), "B": (20, 20, 20)}),
        (10, [10, 20], [0, 10], {"A": (60, 60, 60), "B": (20, 20, 20)}),
        (0, [0, 30], [0, 0], {"A": (60, 60, 60), "B": (20, 20, 20)}),
    ],
    ids=["room", "just full", "full", "closed"],
)
def test_prices_at_both_ends_of_a_border(
    capacity: float, accepted: list[float], flow: list[float], interval: dict[str, tuple[float, float, float]]
) -> None:
    problem = problem_of(B20, A60, D30, *border("B", "A", capacity))

    assert told(problem, find_prices(problem, volumes(accepted, [30], flow))) == interval


def test_a_border_that_is_not_used_as_far_as_it_pays_has_no_prices() -> None:
    problem = problem_of(B20, A60, D30, *border("B", "A", 40, 40))

    with pytest.raises(Unsolved):
        find_prices(problem, volumes([29, 1], [30], [0, 29]))


def test_what_circulates_at_one_price_costs_nothing_and_has_prices() -> None:
    """The tie rules take it out again."""
    problem = problem_of(B20, A60, D30, *border("B", "A", 40, 40))

    assert told(problem, find_prices(problem, volumes([30, 0], [30], [1, 31])))["A"] == (20, 20, 20)


def test_a_lossy_border_in_use_lifts_the_price_by_its_losses() -> None:
    """1.05 MW at 20 make 0.95 MW: 22.105 EUR, published as 22.11."""
    problem = problem_of(bid("B", "B", "up", 100, 20), need("d", "A", 19), *border("B", "A", 100, loss="0.1"))
    found = find_prices(problem, volumes([21], [19], [0, 20]))

    assert (found.price / 100).tolist() == [22.11, 20]


def test_a_binding_limit_has_the_price_that_parts_two_bids() -> None:
    problem = problem_of(U20, U50, need("d", "A", 8), limit("cable", 4, U20=0.5))
    found = find_prices(problem, volumes([8, 0], [8]))
    less = find_prices(problem_of(U20, U50, need("d", "A", 8), limit("cable", 3, U20=0.5)), volumes([6, 2], [8]))

    assert found.shadow.keys() == {0}
    assert less.price.tolist() == [5000]
    assert less.shadow == pytest.approx({0: 6000})
    assert seen_price(problem, 0, less.price, less.shadow) == pytest.approx(2000)
    assert seen_price(problem, 1, less.price, less.shadow) == 5000


@pytest.mark.parametrize(
    ("offers", "accepted", "barred", "least", "most"),
    [
        ([{}], [5], (), [0], [10]),
        ([{"minimum_mw": 4}], [5], (), [4], [10]),
        ([{"minimum_mw": 4}], [0], (), [0], [0]),
        ([{"divisible": False}], [10], (), [10], [10]),
        ([{"divisible": False}], [0], (), [0], [0]),
        ([{"granularity_mw": 4}], [4], (), [4], [4]),
        ([{}], [0], (0,), [0], [0]),
        ([{"exclusive": "g"}, {"exclusive": "g"}], [5, 0], (), [0, 0], [10, 0]),
        ([{"multipart": "m", "minimum_mw": 2}, {"multipart": "m"}], [10, 3], (), [10, 0], [10, 10]),
        ([{"multipart": "m", "minimum_mw": 2}, {"multipart": "m"}], [6, 0], (), [2, 0], [10, 0]),
    ],
    ids=["free", "least", "out", "whole", "not whole", "granular", "barred", "rivals", "open step", "closed step"],
)
def test_how_far_an_offer_could_move(
    offers: list[dict[str, object]], accepted: list[float], barred: tuple[int, ...], least: list[int], most: list[int]
) -> None:
    """Bids of 10 MW at 20, 21, ...; a granularity of 4 MW leaves 8."""
    made = [bid(f"U{at}", "A", "up", 10, 20 + at, **more) for at, more in enumerate(offers)]
    problem = problem_of(*made, need("d", "A", "12.5"))
    found = reach(problem, volumes(accepted, [12.5], barred=barred))

    assert [ticks / 1000 for ticks in found.least] == least
    assert [ticks / 1000 for ticks in found.most] == most


def test_a_bid_that_hangs_on_a_decision_may_lose_and_the_loss_is_told() -> None:
    """W is whole at 30, and U in part sets 20: 10 EUR for each MWh of W."""
    problem = problem_of(bid("U", "A", "up", 30, 20), bid("W", "A", "up", 40, 30, divisible=False), need("d", "A", 50))
    found = find_prices(problem, volumes([10, 40], [50]))

    assert found.price.tolist() == [2000]
    assert found.losses.tolist() == [0, 1000]


def test_prices_are_cut_at_the_cap_and_remembered_uncut() -> None:
    """What A lacks is worth the cap; what is lost on the way makes it 15,000 · 1.05 / 0.95 behind the border."""
    problem = problem_of(
        bid("A1", "A", "up", 10, 20), need("a", "A", 5), need("b", "B", 90), *border("A", "B", 100, loss="0.1")
    )
    found = find_prices(problem, volumes([10], [0, 9.048], [9.524, 0]))

    assert found.uncut.tolist() == [1_500_000, 1_657_895]
    assert found.price.tolist() == [1_500_000, 1_500_000]
    assert found.highest.tolist() == [1_500_000, 1_500_000]
