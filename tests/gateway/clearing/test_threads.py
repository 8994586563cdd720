"""A server clears in several threads at once: nothing hangs, and every answer is that of one thread alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.clearing import ClearingRules, Market, Pricing, clear
from gateway.clearing.example import market_of
from gateway.results import ClearingResult, Rung
from tests.gateway.clearing.drawn import auction, orders

THREADS = 4
_PATIENCE_S = 600
"""A thread that hangs would hang for good."""


def markets(count: int) -> list[Market]:
    """Return small markets of every kind; every tenth has so many decisions that they are taken by fixing."""
    rules = ClearingRules(pricing=Pricing.WELFARE_FIRST)
    return [
        market_of(*(orders(seed) if seed % 10 else auction(90, 3, 0.4, seed)), rules=rules) for seed in range(count)
    ]


def together(given: list[Market]) -> list[ClearingResult]:
    """Clear all markets in `THREADS` threads."""
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return [future.result(timeout=_PATIENCE_S) for future in [pool.submit(clear, each) for each in given]]


def test_threads_give_the_results_of_one_thread() -> None:
    given = markets(11)
    alone = [clear(each) for each in given]

    assert together(given * 2) == alone * 2
    assert {result.methods[0].rung for result in alone} > {Rung.FIXING}, "several rungs are climbed at once"


@pytest.mark.slow
def test_a_thousand_clearings_in_four_threads_give_the_results_of_one_thread() -> None:
    given = markets(250)
    alone = [clear(each) for each in given]

    assert together(given * 4) == alone * 4
