"""Clearing again after blocks and withdrawals: whatever changes, the answer is that of a clearing from the beginning."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from gateway.clearing import ClearingRules, Market, Pricing, clear, reclear
from gateway.clearing.dispatch import Volumes
from gateway.clearing.engine import EngineName, named
from gateway.clearing.example import PARTY, QUARTERS, bid, border, limit, market_of, need
from gateway.clearing.prices import Prices, find_prices
from gateway.clearing.problem import Problem
from gateway.clearing.reclear import Standing
from gateway.clearing.solver import Solution, Warm
from gateway.errors import Unsolved
from gateway.model import Bid, Block, Condition, Link, Role
from gateway.results import Award
from tests.gateway.clearing.drawn import auction, orders

WELFARE_FIRST = ClearingRules(pricing=Pricing.WELFARE_FIRST)


def block(of: Bid, mw: float | str | None = None) -> Block:
    """Return a block that leaves *mw* of a bid, or nothing."""
    return Block(
        bid_id=of.id,
        interval=of.interval,
        area=of.area,
        requester=PARTY,
        requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
        limit_mw=None if mw is None else Decimal(str(mw)),
    )


def changed(market: Market, draw: Random) -> Market:
    """Return *market* with some bids blocked, capped, freed again, withdrawn or stated anew."""
    chosen = draw.sample(market.bids, min(4, len(market.bids)))
    first, second, third, fourth = (*chosen, *[chosen[0]] * 4)[:4]
    kept = tuple(each for each in market.bids if each is not third or draw.random() < 0.5)
    again = tuple(replace(each, quantity_mw=each.quantity_mw + 1) if each is fourth else each for each in kept)
    old = {(each.bid_id, each.interval): each for each in market.blocks if draw.random() < 0.7}
    new = {(first.id, first.interval): block(first), (second.id, second.interval): block(second, draw.randint(1, 9))}
    return replace(market, bids=again, blocks=tuple((old | new).values()))


def accepted(awards: tuple[Award, ...]) -> dict[str, int]:
    """Return the accepted MW by bid."""
    return {award.bid_id: int(award.quantity_mw) for award in awards}


def all_equal_to_cold(market: Market, seed: int, rounds: int = 2) -> None:
    """Change *market* several times, and compare every answer with one from the beginning."""
    standing, draw = Standing(market), Random(seed)
    assert standing.result == clear(market)
    for _ in range(rounds):
        market = changed(market, draw)
        assert standing.again(market) == clear(market)


@pytest.mark.parametrize("seed", range(4))
def test_small_markets_of_every_kind(seed: int) -> None:
    all_equal_to_cold(market_of(*orders(seed), rules=WELFARE_FIRST), seed)


@pytest.mark.parametrize("periods", [1, 2])
def test_auctions_of_coupled_areas(periods: int) -> None:
    all_equal_to_cold(market_of(*auction(40, 3, 0, 1, periods)), seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 180))
def test_many_markets(seed: int) -> None:
    all_equal_to_cold(market_of(*orders(seed), rules=WELFARE_FIRST), seed)
    all_equal_to_cold(market_of(*auction(200, 1 + seed % 5, 0, seed, 1 + seed % 3)), seed, 5)


CHEAP, MIDDLE, DEAR = bid("A1", "A", "up", 40, 60), bid("B1", "B", "up", 60, 80), bid("A2", "A", "up", 60, 90)
COUPLED = market_of(CHEAP, MIDDLE, DEAR, need("d", "A", 50), *border("B", "A", 30))


def test_what_is_blocked_is_replaced_by_the_next_bids() -> None:
    """With A1 gone the border is full, and A2 sets the price."""
    standing = Standing(COUPLED)
    assert accepted(standing.result.awards) == {"A1": 40, "A2": 0, "B1": 10}

    later = standing.again(replace(COUPLED, blocks=(block(CHEAP),)))

    assert accepted(later.awards) == {"A1": 0, "A2": 20, "B1": 30}
    assert {each.area.value: int(each.price) for each in later.prices} == {"A": 90, "B": 80}
    assert later == standing.result == clear(replace(COUPLED, blocks=(block(CHEAP),)))


def test_the_program_is_solved_on_and_not_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = Standing(COUPLED)
    runs: list[Warm] = []

    def noted(warm: Warm) -> Solution:
        runs.append(warm)
        return warm.solve_once()

    monkeypatch.setattr(Warm, "solve", noted)

    for mw in (30, 20, 10):
        standing.again(replace(COUPLED, blocks=(block(CHEAP, mw),)))

    assert len(runs) == 3
    assert len(set(map(id, runs))) == 1


def test_awards_that_stay_are_the_same_objects() -> None:
    """B is cut off from A: nothing that happens in A changes what is said to B1 and B2."""
    apart = market_of(
        CHEAP, MIDDLE, DEAR, bid("B2", "B", "up", 9, 70), need("d", "A", 50), need("e", "B", 5), *border("B", "C", 9)
    )
    standing = Standing(apart)
    before = {award.bid_id: award for award in standing.result.awards}
    after = {award.bid_id: award for award in standing.again(replace(apart, blocks=(block(CHEAP, 30),))).awards}

    assert {name for name in before if before[name] is after[name]} == {"B1", "B2"}


def test_equal_prices_in_two_areas_are_cleared_from_the_beginning() -> None:
    """A1 and B1 are as good as each other, so that a hot start could stop at another answer."""
    market = market_of(
        bid("A1", "A", "up", 40, 60),
        bid("B1", "B", "up", 40, 60),
        bid("A0", "A", "up", 20, 50),
        need("d", "A", 50),
        *border("B", "A", 30, 30),
    )
    standing = Standing(market)
    blocked = replace(market, blocks=(block(market.bids[2], 10),))

    assert standing.again(blocked) == clear(blocked)


def test_only_intervals_that_changed_are_cleared_again() -> None:
    market = market_of(*auction(60, 3, 0, 5, 3))
    standing = Standing(market)
    before = {(award.bid_id, award.interval): award for award in standing.result.awards}
    first = next(each for each in market.bids if each.interval == QUARTERS[0])
    later = standing.again(replace(market, blocks=(block(first),)))

    others = [award for award in later.awards if award.interval != QUARTERS[0]]
    assert all(before[award.bid_id, award.interval] is award for award in others)
    assert len(others) > 30


def test_a_later_interval_whose_bids_ask_for_an_earlier_one_is_cleared_again() -> None:
    """When y is blocked, x comes in, which may be used only if y was not."""
    later = QUARTERS[1]
    link = Link("y", Condition.UNAVAILABLE_IF_ACTIVATED)
    market = market_of(
        bid("x", "A", "up", 10, 5, interval=later, links=(link,)),
        bid("z", "A", "up", 10, 50, interval=later),
        bid("y", "A", "up", 10, 20),
        bid("w", "A", "up", 10, 30),
        need("d", "A", 5),
        need("d", "A", 5, interval=later),
    )
    standing = Standing(market)
    assert accepted(standing.result.awards) == {"w": 0, "x": 0, "y": 5, "z": 5}

    again = standing.again(replace(market, blocks=(block(market.bids[2]),)))

    assert accepted(again.awards) == {"w": 5, "x": 5, "y": 0, "z": 0}


@pytest.mark.parametrize(
    "other",
    [
        replace(COUPLED, needs=(need("d", "A", 60),)),
        replace(COUPLED, capacities=border("B", "A", 5)),
        replace(COUPLED, limits=(limit("cable", 12, A1=1),)),
        replace(COUPLED, rules=WELFARE_FIRST),
        replace(COUPLED, rules=ClearingRules(quantity_step=Decimal("0.0001"))),
        replace(COUPLED, bids=(*COUPLED.bids, bid("A0", "A", "up", 9, "50.001"))),
        replace(COUPLED, bids=(*COUPLED.bids, bid("C0", "C", "up", 9, 50))),
        replace(COUPLED, bids=(*COUPLED.bids, bid("A0", "A", "up", 9, 50, divisible=False))),
        replace(COUPLED, bids=(*COUPLED.bids, bid("A0", "A", "up", 9, 50, exclusive="g"))),
        replace(COUPLED, bids=(replace(CHEAP, price=Decimal(85)), *COUPLED.bids[1:])),
        replace(COUPLED, bids=COUPLED.bids[1:2]),
        replace(COUPLED, bids=()),
        COUPLED,
    ],
    ids=[
        "need",
        "capacity",
        "limit",
        "rules",
        "steps",
        "finer bid",
        "new area",
        "whole bid",
        "group",
        "price",
        "one left",
        "none left",
        "nothing",
    ],
)
def test_any_other_market_is_cleared_as_it_is(other: Market) -> None:
    standing = Standing(COUPLED)

    assert standing.again(other) == clear(other)
    assert standing.again(COUPLED) == clear(COUPLED)


@pytest.mark.slow
def test_another_engine_is_asked_every_time() -> None:
    reference = named(EngineName.REFERENCE)
    blocked = replace(COUPLED, blocks=(block(CHEAP),))

    assert Standing(COUPLED, reference).again(blocked) == clear(blocked, reference)


def test_the_certificate_is_asked_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    standing, right = Standing(COUPLED), clear(COUPLED)

    def a_cent_too_high(problem: Problem, volumes: Volumes) -> Prices:
        found = find_prices(problem, volumes)
        return replace(found, price=found.price + 1, uncut=found.uncut + 1, highest=found.highest + 1)

    monkeypatch.setattr(reclear, "find_prices", a_cent_too_high)
    with pytest.raises(Unsolved, match=r"certificate: .* in the money"):
        standing.again(replace(COUPLED, blocks=(block(CHEAP, 20),)))

    assert standing.result == right
