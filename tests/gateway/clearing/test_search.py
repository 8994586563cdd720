"""Decisions are found exactly, by the whole program or by fixing; limits leave an answer that says what is proven."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing import ClearingRules, Pricing, arrays, certify, clear, fixing
from gateway.clearing.dispatch import Proof, dispatch, merit_of
from gateway.clearing.engine import ARRAYS
from gateway.clearing.example import bid, market_of, need, problem_of
from gateway.clearing.problem import Problem
from gateway.clearing.search import search
from gateway.clearing.strict import REFERENCE
from gateway.errors import InvalidValue
from gateway.results import ClearingResult, Method, Rung
from tests.gateway.clearing.drawn import Thing, auction, orders
from tests.gateway.clearing.reading import accepted, served

always = partial(search, many=1)
"""The search by fixing, even for one decision."""
FIXING = replace(ARRAYS, search=always)
WELFARE_FIRST = ClearingRules(pricing=Pricing.WELFARE_FIRST)


def found(problem: Problem, many: int) -> tuple[tuple[int, int], Proof]:
    """Return required MW and welfare of the best volumes, and how they were found."""
    volumes = dispatch(problem, arrays.formulate(problem), search=partial(search, many=many))
    return merit_of(problem, volumes), volumes.proof


def method(result: ClearingResult) -> Method:
    """Return how the one interval of *result* was cleared."""
    (only,) = result.methods
    return only


# ---- exact


def test_the_better_of_two_whole_bids_is_found_although_the_relaxation_prefers_the_other() -> None:
    """15 MW: the relaxation takes half of W1 at 50. Whole, W2 is best: 10 · 20 + 5 · 60 = 500.

    W1 and half of A would cost 10 · 50 + 5 · 20 = 600, A and half of D 10 · 20 + 5 · 95 = 675.
    """
    things: list[Thing] = [
        bid("A", "A", "up", 10, 20),
        bid("W1", "A", "up", 10, 50, divisible=False),
        bid("W2", "A", "up", 5, 60, divisible=False),
        bid("D", "A", "up", 20, 95),
        need("d", "A", 15),
    ]
    result = clear(market_of(*things, rules=WELFARE_FIRST), FIXING)

    assert accepted(result) == {"A": 10, "W2": 5}
    assert result.welfare == 15 * 15_000 - 500
    assert method(result) == Method(interval=result.awards[0].interval, rung=Rung.FIXING, gap=Decimal(0), nodes=1)


def test_a_need_that_whole_bids_cannot_meet_is_served_as_far_as_they_go() -> None:
    """Of 7, 5 and 4 MW no sum is 10; 9 is the most below it."""
    offered = [bid(f"W{mw}", "A", "up", mw, 50, divisible=False) for mw in (7, 5, 4)]
    result = clear(market_of(*offered, need("d", "A", 10), rules=WELFARE_FIRST), FIXING)

    assert served(result) == {"d": 9}
    assert accepted(result) == {"W5": 5, "W4": 4}


@pytest.mark.parametrize("seed", range(12))
def test_fixing_finds_what_the_whole_program_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of one column are widened often, so that the widening is tried too."""
    monkeypatch.setattr(fixing, "_WIDTH", 1)
    problem = problem_of(*orders(seed, most=8 + 2 * (seed % 16)))

    (ours, proof), (whole, _) = found(problem, 1), found(problem, 10**6)

    assert ours == whole
    assert proof.gap == 0


@given(st.integers(0, 10**9))
def test_fixing_and_the_reference_have_one_welfare_and_a_result_that_proves_itself(seed: int) -> None:
    market = market_of(*orders(seed), rules=WELFARE_FIRST)
    ours, theirs = clear(market, FIXING), clear(market, REFERENCE)

    assert certify(market, ours) == ()
    assert sum(served(ours).values()) == pytest.approx(sum(served(theirs).values()), rel=Decimal("1e-9"))
    assert ours.welfare == pytest.approx(theirs.welfare, rel=Decimal("1e-9"))


@given(st.integers(0, 10**9))
def test_the_order_of_the_input_does_not_show_in_what_fixing_finds(seed: int) -> None:
    things = orders(seed)
    shuffled = Random(seed).sample(things, len(things))

    assert clear(market_of(*shuffled), FIXING) == clear(market_of(*things), FIXING)


@pytest.mark.parametrize(("bids", "areas", "whole"), [(150, 1, 0.4), (300, 4, 0.3), (300, 8, 0.1)])
def test_an_auction_is_searched_by_fixing_and_agrees_with_the_reference(bids: int, areas: int, whole: float) -> None:
    market = market_of(*auction(bids, areas, whole, seed=1), rules=WELFARE_FIRST)
    ours, theirs = clear(market), clear(market, REFERENCE)

    assert (method(ours).rung, method(theirs).rung) == (Rung.FIXING, Rung.MIXED_INTEGER)
    assert ours.welfare == theirs.welfare
    assert method(ours).gap == 0


def test_few_decisions_go_to_the_solver_whole() -> None:
    things: list[Thing] = [
        bid("A", "A", "up", 10, 20),
        bid("W", "A", "up", 10, 50, divisible=False),
        need("d", "A", 15),
    ]

    assert method(clear(market_of(*things, rules=WELFARE_FIRST))).rung is Rung.MIXED_INTEGER


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_fixing_finds_what_the_whole_program_finds_in_large_markets(seed: int) -> None:
    problem = problem_of(*orders(1000 + seed, most=80))

    assert found(problem, 1)[0] == found(problem, 10**6)[0]


# ---- limits


def sizes_that_hardly_fit(count: int) -> list[Thing]:
    """Return whole bids of odd sizes at almost one price, of which half is wanted to the megawatt."""
    draw = Random(3)
    offered = [
        bid(
            f"b{at:02}",
            "A",
            "up",
            draw.randint(20, 60) * 10 + draw.choice([1, 3, 7, 9]),
            str(round(50 + draw.uniform(-0.5, 0.5), 2)),
            divisible=False,
        )
        for at in range(count)
    ]
    return [*offered, bid("D", "A", "up", 5, 400), need("d", "A", sum(int(each.quantity_mw) for each in offered) // 2)]


HARD = sizes_that_hardly_fit(12)


def limited(work: int = 100_000, seconds: str | None = None) -> ClearingResult:
    """Clear the hard market within limits."""
    stop = None if seconds is None else Decimal(seconds)
    rules = ClearingRules(pricing=Pricing.WELFARE_FIRST, work_limit=work, stop_after_s=stop)
    return clear(market_of(*HARD, rules=rules), FIXING)


def test_work_that_runs_out_leaves_the_best_answer_so_far_and_a_gap_that_holds() -> None:
    short, long = limited(1), limited()

    assert method(long).gap == 0
    assert method(short).nodes <= 2 < method(long).nodes
    gap = method(short).gap
    assert gap is not None
    assert short.welfare < long.welfare <= short.welfare + gap


def test_work_is_counted_so_that_the_same_limit_gives_the_same_answer() -> None:
    assert limited(1) == limited(1)


def test_a_clock_that_ends_the_search_picks_no_winners() -> None:
    """However soon it ends, the answer is that of two linear programs, and says that nothing is proven."""
    stopped = limited(seconds="0.000000001")

    assert (method(stopped).rung, method(stopped).gap) == (Rung.TWO_PROGRAMS, None)
    assert stopped == limited(seconds="0.00001")
    assert 0 < served(stopped)["d"] <= served(limited())["d"]


def test_a_clock_that_has_time_changes_nothing() -> None:
    assert limited(seconds="3600") == limited()


@pytest.mark.parametrize(
    "things",
    [
        [bid("W", "A", "up", 8, 50, divisible=False), need("d", "A", 5)],
        [bid("W", "A", "up", 8, 50, divisible=False), need("d", "A", -5)],
        [bid("M", "A", "down", 8, 50, minimum_mw=6), bid("D", "A", "down", 2, 10), need("d", "A", -3)],
    ],
    ids=["too large", "wrong way", "least too large"],
)
def test_what_cannot_be_decided_in_time_is_refused_and_the_rest_is_cleared(things: list[Thing]) -> None:
    rules = ClearingRules(stop_after_s=Decimal("0.000000001"))
    market = market_of(*things, rules=rules)
    result = clear(market)

    assert certify(market, result) == ()
    assert not {"W", "M"} & set(accepted(result))


@pytest.mark.parametrize(
    ("field", "limits"),
    [
        ("work_limit", {"work_limit": 0}),
        ("stop_after_s", {"stop_after_s": Decimal(0)}),
        ("stop_after_s", {"stop_after_s": Decimal("NaN")}),
    ],
)
def test_a_limit_that_leaves_no_work_is_refused(field: str, limits: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=rf"ClearingRules\.{field}: expected a finite number above 0"):
        ClearingRules(**limits)
