"""Where areas stand alone, sorting gives what the linear program gives."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing import ClearingRules, Pricing, arrays, certify, clear
from gateway.clearing.dispatch import dispatch, merit_of
from gateway.clearing.engine import ARRAYS
from gateway.clearing.example import area, bid, border, limit, market_of, need, problem_of
from gateway.clearing.merit_order import applies, by_merit
from gateway.clearing.problem import Problem
from gateway.clearing.strict import REFERENCE
from gateway.model import Bid, Need
from gateway.results import Rung
from tests.gateway.clearing.drawn import Thing
from tests.gateway.clearing.reading import accepted, prices, served

LINEAR = replace(ARRAYS, merit_order=False)


def by_hand(*things: Thing) -> tuple[dict[str, int], dict[str, int]]:
    """Return accepted and served MW of a market that is cleared by sorting."""
    problem = problem_of(*things)
    assert applies(problem)
    volumes = by_merit(problem)
    mw = {offer.id: int(x) // 1000 for offer, x in zip(problem.offers, volumes.accepted, strict=True)}
    return mw, {each.id: int(y) // 1000 for each, y in zip(problem.needs, volumes.served, strict=True)}


A10, B20, C30 = bid("a", "A", "up", 10, 10), bid("b", "A", "up", 10, 20), bid("c", "A", "up", 10, 30)
X40, Y15 = bid("x", "A", "down", 10, 40), bid("y", "A", "down", 10, 15)


@pytest.mark.parametrize(
    ("things", "volumes", "met"),
    [
        ([A10, B20, C30, need("d", "A", 15)], {"a": 10, "b": 5, "c": 0}, {"d": 15}),
        ([A10, B20, C30, need("d", "A", 35)], {"a": 10, "b": 10, "c": 10}, {"d": 30}),
        ([X40, Y15, need("d", "A", -15)], {"x": 10, "y": 5}, {"d": 15}),
        ([X40, Y15, need("d", "A", -25)], {"x": 10, "y": 10}, {"d": 20}),
        # The buyer at 40 takes what is offered at 10 and 20, although nobody needs it.
        ([A10, B20, C30, X40], {"a": 10, "b": 0, "c": 0, "x": 10}, {}),
        # Opposite needs net, and only the rest is activated.
        ([A10, B20, need("d", "A", 15), need("e", "A", -9)], {"a": 6, "b": 0}, {"d": 15, "e": 9}),
        # A need that pays up to 15 is served by the bid at 10 and not by the one at 20.
        ([A10, B20, need("p", "A", 15, 15)], {"a": 10, "b": 0}, {"p": 10}),
        # A need of less injection that pays at most 25 is not met by the buyer at 15.
        ([Y15, need("p", "A", -5, 25)], {"y": 0}, {"p": 0}),
        # Required needs come before those with a limit price, however high.
        ([A10, need("d", "A", 6), need("p", "A", 8, 9000)], {"a": 10}, {"d": 6, "p": 4}),
        ([X40, need("d", "A", -6), need("p", "A", -8, -9000)], {"x": 10}, {"d": 6, "p": 4}),
        # At one price needs are served, and no more is activated than that takes.
        ([A10, need("p", "A", 8, 10)], {"a": 8}, {"p": 8}),
        ([A10, bid("z", "A", "down", 10, 10)], {"a": 0, "z": 0}, {}),
    ],
    ids=[
        "part of a bid",
        "too little up",
        "part of a down bid",
        "too little down",
        "prices that cross",
        "opposite needs",
        "limit price up",
        "limit price down",
        "required first, up",
        "required first, down",
        "a need at the price",
        "bids at one price",
    ],
)
def test_items_are_taken_in_the_order_of_merit(
    things: list[Thing], volumes: dict[str, int], met: dict[str, int]
) -> None:
    assert by_hand(*things) == (volumes, met)


def test_areas_without_a_border_are_sorted_each_for_itself() -> None:
    other = replace(B20, area=area("B"))

    assert by_hand(A10, other, need("d", "A", 4), need("e", "B", 7)) == ({"a": 4, "b": 7}, {"d": 4, "e": 7})


@pytest.mark.parametrize(
    ("more", "rung"),
    [
        ([], Rung.MERIT_ORDER),
        ([*border("A", "B", 0)], Rung.MERIT_ORDER),
        ([*border("A", "B", 1)], Rung.LINEAR),
        ([limit("cable", 5, a=1)], Rung.LINEAR),
        ([bid("w", "A", "up", 5, 5, divisible=False)], Rung.MIXED_INTEGER),
        ([bid("g", "A", "up", 5, 5, granularity_mw=2)], Rung.MIXED_INTEGER),
        ([bid("g", "A", "up", 4, 5, granularity_mw=1)], Rung.MERIT_ORDER),
        ([bid("e", "A", "up", 5, 5, exclusive="g"), bid("f", "A", "up", 5, 5, exclusive="g")], Rung.MIXED_INTEGER),
        ([bid("m", "A", "up", 5, 5, multipart="u"), bid("n", "A", "up", 5, 6, multipart="u")], Rung.MERIT_ORDER),
        ([bid("m", "A", "up", 5, 5, multipart="u"), bid("n", "A", "up", 5, 5, multipart="u")], Rung.MIXED_INTEGER),
    ],
    ids=["plain", "shut border", "border", "limit", "whole", "steps", "grid", "rivals", "unit", "unit at one price"],
)
def test_sorting_is_chosen_by_what_the_market_holds(more: list[Thing], rung: Rung) -> None:
    market = market_of(A10, need("d", "A", 5), *more, rules=ClearingRules(pricing=Pricing.WELFARE_FIRST))
    (method,) = clear(market).methods

    assert method.rung is rung
    assert clear(market, REFERENCE).methods[0].rung is not Rung.MERIT_ORDER


# ---- equal to the linear program


def drawn(seed: int, bids: int = 12) -> list[Bid | Need]:
    """Return divisible bids and needs of all kinds in two areas, with few different prices."""
    draw = Random(seed)
    made: list[Bid | Need] = [
        bid(
            f"b{at}",
            draw.choice("AB"),
            draw.choice(["up", "down"]),
            draw.randint(1, 200) / 10,
            draw.randint(-4, 12) * 5,
        )
        for at in range(draw.randint(0, bids))
    ]
    for at in range(draw.randint(1, 6)):
        price = draw.choice([None, None, draw.randint(-2, 12) * 5])
        made.append(need(f"d{at}", draw.choice("AB"), draw.choice([-1, 1]) * draw.randint(1, 300) / 10, price))
    return made


def linear(problem: Problem) -> tuple[int, int]:
    """Return required MW and welfare of the linear program."""
    return merit_of(problem, dispatch(problem, arrays.formulate(problem)))


@given(st.integers(0, 10**9))
def test_sorting_serves_and_earns_what_the_linear_program_does(seed: int) -> None:
    problem = problem_of(*drawn(seed))

    assert merit_of(problem, by_merit(problem)) == linear(problem)


@given(st.integers(0, 10**9))
def test_a_sorted_result_proves_itself_and_agrees_with_both_engines(seed: int) -> None:
    market = market_of(*drawn(seed))
    ours = clear(market)

    assert certify(market, ours) == ()
    for other in (clear(market, LINEAR), clear(market, REFERENCE)):
        assert ours.welfare == other.welfare
        assert sum(served(ours).values()) >= sum(served(other).values()), "needs at the price are served"


@given(st.integers(0, 10**9))
def test_the_order_of_the_input_does_not_show_in_a_sorted_result(seed: int) -> None:
    things = drawn(seed)

    assert clear(market_of(*Random(seed).sample(things, len(things)))) == clear(market_of(*things))


def test_bids_of_one_price_share_what_is_left() -> None:
    alike = [bid(name, "A", "up", mw, 20) for name, mw in (("b1", 10), ("b2", 30))]
    result = clear(market_of(A10, *alike, need("d", "A", 18)))

    assert accepted(result) == {"a": 10, "b1": 2, "b2": 6}
    assert prices(result) == {"A": 20}


def test_many_bids_of_one_area_are_sorted_to_the_tick() -> None:
    """Bid n of 0.1 MW costs n cents; 54.32 MW take the first 543 of them and a fifth of the next."""
    bids = [bid(f"b{n:04}", "A", "up", "0.1", f"{n / 100}") for n in range(1000)]
    volumes = by_merit(problem_of(*bids, need("d", "A", "54.32")))

    assert volumes.accepted.tolist() == [100] * 543 + [20] + [0] * 456
