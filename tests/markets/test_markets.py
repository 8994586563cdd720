"""Random markets mix everything, the laws see planted faults, and what breaks one is made small."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import certify
from gateway.clearing.example import QUARTERS, bid, border, market_of, need
from gateway.clearing.market import Market
from gateway.errors import Unsolved
from gateway.market import Pricing
from gateway.model import Bid, Need
from gateway.results import ClearingResult, Fate
from tests.conftest import ROOT
from tests.markets.__main__ import told
from tests.markets.drawing import FEATURES, draw, things
from tests.markets.laws import LAWS, Breach, Trial, breach, merit, relaxations
from tests.markets.shrinking import smallest, written
from tests.markets.tally import Failure, Tally, run, tried

CENT = Decimal("0.01")
PLAIN = market_of(bid("a", "A", "up", 40, 60), bid("b", "B", "up", 60, 80), need("d", "A", 50), *border("B", "A", 30))
"""40 MW at home and 10 MW from B, at 80 everywhere."""
CROWDED = draw(8)


# ---- drawing


def test_a_number_draws_the_same_market_again() -> None:
    assert draw(3) == draw(3)
    assert draw(3).market != draw(4).market


def test_every_feature_is_drawn_and_every_two_meet() -> None:
    pairs = Counter(pair for seed in range(150) for pair in draw(seed).pairs)
    assert len(pairs) == len(FEATURES) * (len(FEATURES) - 1) // 2
    assert min(pairs.values()) >= 5


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_changes_the_market(feature: str) -> None:
    """The market of a number with the feature is not that of the same number without it."""
    found = (draw(seed) for seed in range(100))
    with_it = next(each for each in found if feature in each.features)
    kept = {name: made for name, made in FEATURES.items() if name != feature}
    assert _drawn_from(with_it.seed, tuple(n for n in with_it.features if n in kept)) != with_it.market


def _drawn_from(seed: int, features: tuple[str, ...]) -> Market:
    """Return the market of *seed* with these features alone."""
    again = draw(seed, features)
    assert again.features == features
    return again.market


def test_markets_are_small_and_many_are_short_of_something() -> None:
    drawn = [draw(seed).market for seed in range(30)]
    assert max(len(things(market)) for market in drawn) < 90
    short = sum(any(each.unserved_mw for each in Trial(market).result.needs) for market in drawn[:5])
    assert 1 <= short <= 5
    assert all(any(each.quantity_mw for each in Trial(market).result.awards) for market in drawn[:3])


# ---- laws


def planted(**results: object) -> Trial:
    """Return a trial of the plain market with other results than it has."""
    trial = Trial(PLAIN)
    trial.__dict__.update(results)
    return trial


RIGHT = Trial(PLAIN).result
WRONG = {
    "a cent of welfare": replace(RIGHT, welfare=RIGHT.welfare + CENT),
    "a cent of a price": replace(RIGHT, prices=(replace(RIGHT.prices[0], price=Decimal("80.01")), *RIGHT.prices[1:])),
    "a need less": replace(RIGHT, needs=()),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_engines_that_differ_are_told(wrong: ClearingResult) -> None:
    assert LAWS["engines agree"](planted(reference=wrong))


def test_who_sets_the_price_among_equals_may_differ() -> None:
    other = replace(RIGHT, prices=tuple(replace(each, set_by=()) for each in RIGHT.prices))
    assert LAWS["engines agree"](planted(reference=other)) is None


@pytest.mark.parametrize("engine", ["result", "reference"])
def test_a_result_without_a_certificate_is_told(engine: str) -> None:
    assert LAWS["certificates are clean"](planted(**{engine: WRONG["a cent of a price"]}))
    assert LAWS["certificates are clean"](Trial(PLAIN)) is None


def test_a_result_that_hangs_on_the_order_is_told() -> None:
    notes = replace(RIGHT, notes=("listed first",))
    assert LAWS["order never shows"](planted(result=notes)) == "notes differ: ('listed first',) and ()"
    assert LAWS["order never shows"](Trial(PLAIN)) is None


def test_strict_prices_that_gain_are_told() -> None:
    served, welfare = merit(RIGHT)
    assert LAWS["strict prices never gain"](planted(best=(served, welfare - CENT)))
    assert LAWS["strict prices never gain"](planted(best=(served - CENT, welfare)))
    assert LAWS["strict prices never gain"](planted(best=(served + CENT, Decimal(0)))) is None


def test_a_condition_that_gains_is_told() -> None:
    served, welfare = merit(RIGHT)
    assert LAWS["relaxations never cost"](Trial(PLAIN)) is None
    assert "wider borders" in str(LAWS["relaxations never cost"](planted(best=(served, welfare + CENT))))


def test_a_bid_that_loses_is_told() -> None:
    paid = replace(RIGHT.awards[0], price=Decimal("59.99"))
    assert LAWS["nobody loses"](planted(result=replace(RIGHT, awards=(paid,)))) == "a loses 0.01 per MWh"
    rules = replace(PLAIN.rules, pricing=Pricing.WELFARE_FIRST)
    first = Trial(replace(PLAIN, rules=rules))
    first.__dict__["result"] = replace(RIGHT, awards=(paid,))
    assert LAWS["nobody loses"](first) is None


def test_an_error_breaks_a_law(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsolved(trial: Trial) -> str | None:
        raise Unsolved("the program", "an answer", str(len(trial.market.bids)))

    monkeypatch.setitem(LAWS, "engines agree", unsolved)
    found = breach(PLAIN)
    assert found is not None
    assert found.law == "engines agree"
    assert found.how.startswith("Unsolved: the program")


def test_relaxations_take_conditions_away() -> None:
    whole = replace(CROWDED.market.bids[0], divisible=False, exclusive="x")
    relaxed = dict(relaxations(market_of(whole, need("d", "A", 5), *border("A", "B", 10, 20))))
    (free,) = relaxed["divisible bids"].bids
    assert (free.divisible, free.exclusive, free.quantity_mw) == (True, None, whole.quantity_mw)
    assert [each.quantity_mw for each in relaxed["wider borders"].capacities] == [20, 40]


@pytest.mark.parametrize("seed", range(2))
def test_a_drawn_market_breaks_no_law(seed: int) -> None:
    drawn = draw(seed)
    assert breach(drawn.market) is None, drawn.features


# ---- shrinking


def two_dear_bids(market: Market, laws: tuple[str, ...] = ()) -> Breach | None:
    """Break a law where two bids of one direction cost more than 50."""
    del laws
    dear = [each for each in market.bids if each.price is not None and each.price > 50]
    ways = Counter(each.direction for each in dear)
    return Breach("no two dear bids", "dear: two or more") if max(ways.values(), default=0) > 1 else None


def test_a_market_shrinks_to_what_breaks_the_law() -> None:
    found = two_dear_bids(CROWDED.market)
    assert found is not None

    small = smallest(CROWDED.market, found, two_dear_bids)
    assert len(small.bids) == 2
    assert things(small) == small.bids
    assert all(each.divisible and not (each.group or each.parent or each.links) for each in small.bids)


def test_a_market_that_breaks_another_law_is_no_smaller_one() -> None:
    kept = smallest(PLAIN, Breach("needs differ", "needs differ: x"), lambda *_: None)
    assert kept == PLAIN


def test_a_market_is_written_with_what_is_not_the_default() -> None:
    part = replace(bid("a", "A", "up", "2.5", 60, divisible=False), interval=QUARTERS[1])
    text = written(replace(market_of(part, need("d", "B", -5)), rules=replace(PLAIN.rules, price_cap=Decimal(99))))
    assert text.split("\n") == [
        "Bid id=a area=A direction=up interval=QUARTERS[1] quantity_mw=2.5 price=60 divisible=False",
        "Need id=d area=B direction=down quantity_mw=5",
        "rules price_cap=99",
    ]


# ---- the command


def test_a_run_counts_the_features_of_its_markets() -> None:
    one = run(0, 1, jobs=1)
    assert (one.tried, one.failures) == (1, [])
    assert one.features == Counter(name for seed in range(1) for name in draw(seed).features)
    assert sum(one.pairs.values()) == sum(len(draw(seed).pairs) for seed in range(1))


def test_no_market_is_begun_when_the_time_is_over() -> None:
    assert tried(range(5), until=0).tried == 0


def test_the_report_tells_counts_and_failures() -> None:
    tally = Tally(
        tried=1, mixtures={("fine", "links")}, failures=[Failure(7, Breach("nobody loses", "a loses"), "Bid a")]
    )
    tally.features.update(["fine", "links"])
    tally.pairs.update([("fine", "links")])

    lines = list(told(tally))
    (row,) = (line for line in lines if line.startswith("links"))
    numbers = row.split()[2:]
    assert numbers[list(FEATURES).index("fine")] == "1"
    assert numbers[-1] == "1"
    assert "\nmarket 7 breaks «nobody loses»: a loses\nBid a" in lines
    assert json.loads(lines[-1]) == {"markets": 1, "mixtures": 1, "least_of_a_pair": 0, "failures": [7]}


@pytest.mark.slow
def test_three_hundred_markets_break_no_law() -> None:
    command = [sys.executable, "-m", "tests.markets", "--count", "300", "--jobs", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["markets"] == 300


# ---- what was found


def test_an_up_and_a_down_bid_at_one_price() -> None:
    """Drawn as number 636: whether both are activated or neither changes nothing but who sets the price."""
    offered: tuple[Bid, ...] = (bid("l0", "A", "down", 2, -5), bid("l2", "A", "up", 11, -5))
    market = market_of(*offered, need("later", "B", 19))
    assert breach(market) is None


@pytest.mark.parametrize("more", [(), (need("e", "B", 3),)], ids=["alone", "beside a need elsewhere"])
def test_a_child_without_a_parent_where_nobody_else_trades(more: tuple[Need, ...]) -> None:
    """Drawn as numbers 35, 114 and 221: it takes no part, its area has no price, and the result proves itself."""
    market = market_of(bid("c1", "D", "down", 27, 5, parent="l2"), *more)
    assert breach(market) is None
    (award,) = Trial(market).result.awards
    assert award.quantity_mw == 0
    assert award.price is None
    assert award.fate is Fate.UNAVAILABLE


def test_any_other_bid_without_a_price_is_still_told() -> None:
    market = market_of(bid("c1", "D", "down", 27, 5), need("e", "B", 3))
    result = Trial(market).result
    kept = tuple(each for each in result.prices if each.area.value != "D")
    told = certify(market, replace(result, prices=kept))
    assert "a price for c1" in str(told)


def test_a_block_bid_and_a_child_that_the_solver_was_warned_of() -> None:
    """Drawn as number 556: the solver took the program with a warning, and there was no result."""
    later = QUARTERS[1]
    offered = (
        bid("b5", "C", "up", 11, 60),
        bid("k1", "A", "up", 17, 20, block_bid="k1"),
        bid("k1", "A", "up", 9, 35, block_bid="k1", divisible=False, interval=later),
        bid("c1", "C", "up", 11, 20, parent="b5"),
    )
    market = market_of(*offered, need("d0", "A", 46), *border("B", "A", 12), *border("C", "B", 11))
    assert breach(market) is None
