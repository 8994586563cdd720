"""What holds for markets over several intervals with every type of bid that spans them, drawn by a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from gateway.clearing import ClearingRules, Pricing, arrays, arrays_periods, certify, clear
from gateway.clearing.example import market_of, problem_of
from gateway.clearing.problem import Problem
from gateway.clearing.reference import formulate as reference
from gateway.clearing.strict import REFERENCE
from gateway.model import Bid
from gateway.results import Fate
from tests.gateway.clearing.drawn import SPANNING, spanning
from tests.gateway.clearing.test_engines import same, shape

FEW, MANY = range(4), range(2000)
NEAR = 1e-9
"""How far two engines may differ, as a share of the welfare."""


def _holds(seed: int) -> None:
    """Fail unless the market *seed* has one certified answer, from both engines and in any order of its parts."""
    rules = ClearingRules(pricing=Pricing.STRICT if seed % 2 else Pricing.WELFARE_FIRST)
    things = spanning(seed)
    market = market_of(*things, rules=rules)
    result = clear(market)

    assert certify(market, result) == ()
    assert clear(market_of(*Random(seed).sample(things, len(things)), rules=rules)) == result
    if rules.pricing is Pricing.WELFARE_FIRST:
        other = clear(market, REFERENCE)
        assert certify(market, other) == ()
        assert float(other.welfare) == pytest.approx(float(result.welfare), rel=NEAR)


@pytest.mark.parametrize("seed", FEW)
def test_a_market_has_one_certified_answer(seed: int) -> None:
    _holds(seed)


def _certified(seed: int) -> None:
    """Fail unless the market *seed* has an answer that proves itself; `clear` refuses any other."""
    pricing = Pricing.STRICT if seed % 2 else Pricing.WELFARE_FIRST
    market = market_of(*spanning(seed), rules=ClearingRules(pricing=pricing))

    assert len(clear(market).awards) == len(market.bids)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, MANY.stop, 100))
def test_two_thousand_markets_have_certified_answers(start: int) -> None:
    """Of each ten two, one of either pricing, are cleared by both engines and in another order of their parts."""
    for seed in range(start, start + 100):
        (_holds if seed % 10 < 2 else _certified)(seed)


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed >= 6 else []) for seed in range(60)]
)
def test_both_engines_write_the_same_program(seed: int) -> None:
    problem = problem_of(*spanning(seed))

    same(arrays.formulate(problem), reference(problem))


@pytest.fixture(scope="module")
def written() -> list[tuple[Problem, set[tuple[object, ...]]]]:
    """Coupled problems that hold every equation between them, each with its rows."""
    problems = [problem_of(*spanning(seed)) for seed in range(22)]
    return [(problem, shape(arrays.formulate(problem))) for problem in problems if problem.couplings]


@pytest.mark.parametrize("equation", arrays_periods.EQUATIONS, ids=lambda equation: str(equation.__name__))
def test_an_equation_that_is_left_out_is_noticed(
    equation: Callable[..., object],
    written: list[tuple[Problem, set[tuple[object, ...]]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = tuple(each for each in arrays_periods.EQUATIONS if each is not equation)
    monkeypatch.setattr(arrays_periods, "EQUATIONS", left)

    assert any(shape(arrays.formulate(problem)) != rows for problem, rows in written)


def test_the_markets_hold_every_type_of_bid_and_end_in_every_way() -> None:
    """What is drawn is accepted and refused, for every reason that spanning intervals can give."""
    kinds, fates = Counter[str](), Counter[Fate]()
    for seed in (2, 5, 8, 9, 13, 17):
        things = spanning(seed)
        kinds.update(name for each in things if isinstance(each, Bid) for name in _kinds(each))
        fates.update(award.fate for award in clear(market_of(*things)).awards)

    assert len(SPANNING) == 11
    assert set(kinds) == {"parent", "block_bid", "technical_link", "links", "exclusive", "granularity_mw", "minimum_mw"}
    assert {Fate.ACCEPTED, Fate.LINK_REJECTED, Fate.BLOCK_REJECTED, Fate.UNIT_LIMITED, Fate.UNAVAILABLE} <= set(fates)


def _kinds(bid: Bid) -> list[str]:
    names = ("parent", "block_bid", "technical_link", "links", "exclusive", "granularity_mw", "minimum_mw")
    return [name for name in names if getattr(bid, name)]
