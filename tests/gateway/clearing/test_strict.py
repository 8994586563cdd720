"""Strict prices against answers found without any solver: by trying every subset of the indivisible bids."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations

import pytest

from gateway.clearing import ClearingRules, Market, Pricing, certify, clear, exclusion
from gateway.clearing.example import bid, market_of, need
from gateway.model import Bid
from gateway.results import ClearingResult, Fate
from tests.gateway.clearing.reading import accepted, fates, served

CAP = Decimal(15_000)
SEEDS = [pytest.param(seed, marks=[pytest.mark.slow] if seed >= 15 else []) for seed in range(60)]
"""Random markets of one area; the first ones belong to the fast suite."""


def subsets(bids: Sequence[Bid]) -> Iterator[tuple[Bid, ...]]:
    """Yield every selection of *bids*."""
    return chain.from_iterable(combinations(bids, size) for size in range(len(bids) + 1))


def merit_order(bids: Sequence[Bid], injection: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Return cost, lowest and highest price at which divisible *bids* give a net *injection* at least cost.

    One list by price: an up bid adds its MW; a down bid is first taken whole, and its place in the list takes it back.
    """
    given = -sum((b.quantity_mw for b in bids if b.direction.sign < 0), Decimal(0))
    cost = sum((-_price(b) * b.quantity_mw for b in bids if b.direction.sign < 0), Decimal(0))
    lowest, highest = -CAP, CAP
    for each in sorted(bids, key=_price):
        step = min(each.quantity_mw, injection - given)
        given, cost = given + step, cost + step * _price(each)
        if step > 0:
            lowest = _price(each)
        if step < each.quantity_mw:
            highest = min(highest, _price(each))
    return cost, lowest, highest


def _price(each: Bid) -> Decimal:
    assert each.price is not None
    return each.price


def best(bids: Sequence[Bid], needed: Decimal, *, strict: bool) -> tuple[Decimal, Decimal]:
    """Return the most that can be served of an up need in one area, and the greatest welfare at that."""
    divisible = [each for each in bids if each.divisible]
    up = sum((each.quantity_mw for each in divisible if each.direction.sign > 0), Decimal(0))
    down = sum((each.quantity_mw for each in divisible if each.direction.sign < 0), Decimal(0))
    answers = []
    for chosen in subsets([each for each in bids if not each.divisible]):
        fixed = sum((each.direction.sign * each.quantity_mw for each in chosen), Decimal(0))
        serve = min(needed, fixed + up)
        if serve < max(fixed - down, Decimal(0)):
            continue
        cost, lowest, highest = merit_order(divisible, serve - fixed)
        if serve < needed:
            lowest = highest = CAP
        floor = max([lowest, *(_price(each) for each in chosen if each.direction.sign > 0)])
        ceiling = min([highest, *(_price(each) for each in chosen if each.direction.sign < 0)])
        if floor <= ceiling or not strict:
            cost += sum((each.direction.sign * _price(each) * each.quantity_mw for each in chosen), Decimal(0))
            answers.append((serve, CAP * serve - cost))
    return max(answers)


def one_area(seed: int) -> tuple[list[Bid], Decimal]:
    """Return some bids, up to eight of them indivisible, and a need of more injection."""
    draw = random.Random(seed)
    bids = []
    for at in range(draw.randint(2, 16)):
        up = draw.random() < 0.7
        price = draw.randint(10, 90) if up else draw.randint(-10, 60)
        whole = at < 8 and draw.random() < 0.7
        bids.append(bid(f"b{at}", "A", "up" if up else "down", draw.randint(1, 40), price, divisible=not whole))
    return bids, Decimal(draw.randint(1, 120))


def cleared(bids: Sequence[Bid], needed: Decimal, pricing: Pricing) -> tuple[Market, ClearingResult]:
    """Return the market of *bids* and its result."""
    market = market_of(*bids, need("d", "A", str(needed)), rules=ClearingRules(pricing=pricing))
    return market, clear(market)


@pytest.fixture
def never_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every market as one that is too large for the exact program."""
    monkeypatch.setattr(exclusion, "EXACT_UP_TO", 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_strict_prices_reach_the_greatest_welfare_that_any_prices_support(seed: int) -> None:
    bids, needed = one_area(seed)
    market, result = cleared(bids, needed, Pricing.STRICT)

    assert (served(result)["d"], result.welfare) == best(bids, needed, strict=True)
    assert certify(market, result) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_welfare_first_reaches_the_greatest_welfare_of_all(seed: int) -> None:
    bids, needed = one_area(seed)
    market, result = cleared(bids, needed, Pricing.WELFARE_FIRST)

    assert (served(result)["d"], result.welfare) == best(bids, needed, strict=False)
    assert certify(market, result) == ()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("never_exact")
def test_barring_losers_ends_without_losers_and_near_the_best(seed: int) -> None:
    """What large markets get: no accepted bid loses, and no answer is better than the exact one."""
    bids, needed = one_area(seed)
    market, result = cleared(bids, needed, Pricing.STRICT)

    assert (served(result)["d"], result.welfare) <= best(bids, needed, strict=True)
    assert certify(market, result) == ()


def test_a_market_needs_strictness_at_all() -> None:
    """The draws above are no idle ones: some need more than the first answer."""
    differ = [seed for seed in range(60) if best(*one_area(seed), strict=True) != best(*one_area(seed), strict=False)]

    assert len(differ) >= 5


@pytest.mark.usefixtures("never_exact")
def test_another_loser_is_barred_where_the_worst_one_is_needed_to_serve() -> None:
    """15 and 36 MW at 500 complete b0 to 66 and lose with it at 80.

    Barring the larger loser ends with b0 and 15 MW, 48 in all; barring the smaller one leads to b0 and 26 MW, 59.
    """
    sizes = {"b1": 15, "b2": 26, "b3": 36}
    bids = [bid("b0", "A", "up", 33, 80)]
    bids += [bid(name, "A", "up", mw, 500, divisible=False) for name, mw in sizes.items()]
    _, result = cleared(bids, Decimal(66), Pricing.STRICT)

    assert accepted(result) == {"b0": 33, "b2": 26}


def test_what_strictness_leaves_unserved_is_said() -> None:
    """Without U2 the need cannot be met; with it U1 is cut back and sets a price at which U2 loses."""
    bids = [bid("U1", "A", "up", 30, 20), bid("U2", "A", "up", 40, 30, divisible=False)]
    _, result = cleared(bids, Decimal(50), Pricing.STRICT)

    assert accepted(result) == {"U1": 30}
    assert fates(result)["U2"] is Fate.PARADOXICALLY_REJECTED
    assert any("leave 20.000 MW of required needs unserved" in note for note in result.notes)
