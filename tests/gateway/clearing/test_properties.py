"""What holds for every market: drawn at random, with every bid type, border and limit."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gateway.clearing import ClearingRules, Market, Pricing, certify, clear
from gateway.clearing.engine import ARRAYS, Engine
from gateway.clearing.example import bid, border, limit, market_of, need
from gateway.clearing.strict import REFERENCE
from gateway.model import Bid, Capacity, Limit, Need
from gateway.results import ClearingResult, Fate

AREAS = "ABCD"
Thing = Bid | Need | Capacity | Limit

prices_up = st.sampled_from([10, 20, 20, 30, 35, 45, 60, 90])
prices_down = st.sampled_from([-10, 0, 15, 15, 25, 30, 40, 55])
Fields = dict[str, object]
kinds: st.SearchStrategy[Fields] = st.sampled_from(
    [
        {},
        {},
        {},
        {"divisible": False},
        {"minimum_mw": 4},
        {"granularity_mw": 3},
        {"exclusive": "x"},
        {"exclusive": "x", "divisible": False},
        {"multipart": "m", "minimum_mw": 2},
        {"multipart": "m"},
        {"inclusive": "i"},
        {"inclusive": "i", "minimum_mw": 3},
    ]
)


@st.composite
def bids(draw: st.DrawFn) -> tuple[Bid, ...]:
    """Draw some bids; members of a unit or group share place, direction and, where they must, price."""
    made = []
    for at in range(draw(st.integers(1, 10))):
        kind = draw(kinds)
        bound = "multipart" in kind or "inclusive" in kind
        up = bound or draw(st.booleans())
        price = 40 if "inclusive" in kind else draw(prices_up if up else prices_down)
        place = "A" if bound else draw(st.sampled_from(AREAS))
        mw = draw(st.integers(4, 30))
        made.append(bid(f"b{at}", place, "up" if up else "down", mw, price, **kind))
    return tuple(made)


@st.composite
def needs(draw: st.DrawFn) -> tuple[Need, ...]:
    """Draw needs of both directions, inelastic and elastic."""
    made = [need(f"n{place}", place, draw(st.integers(-30, 50))) for place in draw(st.sets(st.sampled_from(AREAS)))]
    for at in range(draw(st.integers(0, 2))):
        mw, price = draw(st.integers(1, 20)), draw(st.integers(10, 60))
        made.append(need(f"e{at}", draw(st.sampled_from(AREAS)), draw(st.sampled_from([mw, -mw])), price))
    return tuple(made)


@st.composite
def borders(draw: st.DrawFn, *, loss: bool = False) -> tuple[Capacity, ...]:
    """Draw borders between some pairs of areas."""
    pairs = draw(st.sets(st.sampled_from([(a, b) for a, b in product(AREAS, AREAS) if a < b]), max_size=4))
    lost = st.sampled_from(["0", "0.02", "0.1"]) if loss else st.just("0")
    return tuple(
        each
        for start, end in sorted(pairs)
        for each in border(start, end, draw(st.integers(0, 30)), draw(st.integers(0, 30)), draw(lost))
    )


@st.composite
def limits(draw: st.DrawFn) -> tuple[Limit, ...]:
    """Draw grid limits over some of the bids."""
    names = st.dictionaries(
        st.sampled_from([f"b{at}" for at in range(10)]), st.sampled_from([1.0, 0.5, 0.25, -0.5]), min_size=1, max_size=4
    )
    return tuple(limit(f"l{at}", draw(st.integers(-5, 30)), **draw(names)) for at in range(draw(st.integers(0, 2))))


def share(part: int) -> settings:
    """Return the settings of a property that is dear to try: a share of the examples of the profile."""
    return settings(max_examples=max(2, settings().max_examples // part))


networks = st.tuples(bids(), needs(), borders())
grids = st.tuples(bids(), needs(), borders(loss=True), limits())
pricings = st.sampled_from(Pricing)


def market(parts: tuple[tuple[Thing, ...], ...], pricing: Pricing = Pricing.STRICT) -> Market:
    """Return the market of drawn parts."""
    return market_of(*(thing for part in parts for thing in part), rules=ClearingRules(pricing=pricing))


@share(3)
@given(networks, pricings)
def test_every_network_has_a_result_that_proves_itself_exactly(
    parts: tuple[tuple[Thing, ...], ...], pricing: Pricing
) -> None:
    """`clear` refuses a result that fails; here the certificate is asked once more from outside."""
    drawn = market(parts, pricing)

    assert certify(drawn, clear(drawn)) == ()


@share(3)
@given(grids, pricings)
def test_losses_and_grid_limits_leave_a_result_that_proves_itself(
    parts: tuple[tuple[Thing, ...], ...], pricing: Pricing
) -> None:
    drawn = market(parts, pricing)

    assert certify(drawn, clear(drawn)) == ()


@share(6)
@given(grids, st.integers(0, 2**32))
def test_the_order_of_the_input_never_shows(parts: tuple[tuple[Thing, ...], ...], seed: int) -> None:
    things = [thing for part in parts for thing in part]
    shuffled = random.Random(seed).sample(things, len(things))

    assert clear(market_of(*shuffled)) == clear(market_of(*things))


@share(3)
@given(networks)
def test_no_accepted_bid_loses_and_none_is_paid_beyond_the_price_of_its_area(
    parts: tuple[tuple[Thing, ...], ...],
) -> None:
    result = clear(market(parts))
    price = {each.area: each.price for each in result.prices}

    for award in result.awards:
        if award.quantity_mw:
            assert award.price == price[award.area]
            assert award.bid_price is not None
            assert award.direction.sign * (award.price - award.bid_price) >= 0


@share(3)
@given(networks)
def test_a_fate_fits_the_volume(parts: tuple[tuple[Thing, ...], ...]) -> None:
    accepting = {Fate.ACCEPTED, Fate.PARTLY_ACCEPTED, Fate.LIMITED}

    for award in clear(market(parts)).awards:
        assert (award.fate in accepting) is (award.quantity_mw > 0)
        assert (award.fate is Fate.ACCEPTED) is (award.quantity_mw == award.offered_mw)
        assert award.reason.endswith(".")


def merit(result: ClearingResult) -> tuple[Decimal, Decimal]:
    """Return what counts first and second: required MW served, and welfare."""
    return sum((each.served_mw for each in result.needs if each.limit_price is None), Decimal(0)), result.welfare


@share(6)
@given(bids(), needs(), borders(), borders())
def test_opening_borders_never_serves_less_nor_costs_welfare(
    offered: tuple[Bid, ...],
    asked: tuple[Need, ...],
    some: tuple[Capacity, ...],
    more: tuple[Capacity, ...],
) -> None:
    """Capacities of ``more`` are added to those of ``some``."""
    opened = tuple(_opened(each, more) for each in some) + tuple(
        each for each in more if (each.from_area, each.to_area) not in {(s.from_area, s.to_area) for s in some}
    )
    before = clear(market((offered, asked, some), Pricing.WELFARE_FIRST))
    after = clear(market((offered, asked, opened), Pricing.WELFARE_FIRST))

    assert merit(after) >= merit(before)


def _opened(capacity: Capacity, more: tuple[Capacity, ...]) -> Capacity:
    added = sum(
        (m.quantity_mw for m in more if (m.from_area, m.to_area) == (capacity.from_area, capacity.to_area)), Decimal(0)
    )
    return replace(capacity, quantity_mw=capacity.quantity_mw + added)


@share(15)
@given(st.integers(0, 2**32))
def test_the_best_subset_of_indivisible_bids_is_found(seed: int) -> None:
    """Every subset of the indivisible bids is tried, each with a linear program of its own (scipy)."""
    _finds_the_best_subset(seed, most=4)


@pytest.mark.slow
@given(st.integers(0, 2**32))
def test_the_best_of_many_subsets_is_found(seed: int) -> None:
    """Up to eight indivisible bids have up to 256 subsets."""
    _finds_the_best_subset(seed, most=8)


def _finds_the_best_subset(seed: int, most: int) -> None:
    draw = random.Random(seed)
    offered = [
        bid(
            f"b{at}",
            draw.choice("AB"),
            direction := draw.choice(["up", "up", "down"]),
            draw.randint(1, 30),
            draw.randint(10, 90) if direction == "up" else draw.randint(-10, 50),
            divisible=at >= most or draw.random() < 0.3,
        )
        for at in range(draw.randint(3, 12))
    ]
    asked = [need("nA", "A", draw.randint(1, 80)), need("nB", "B", draw.randint(1, 40))]
    there, back = draw.randint(0, 30), draw.randint(0, 30)
    rules = ClearingRules(pricing=Pricing.WELFARE_FIRST)
    result = clear(market_of(*offered, *asked, *border("A", "B", there, back), rules=rules))

    best = max(_best(offered, asked, there, back, chosen) for chosen in _choices(offered))
    assert [float(each) for each in merit(result)] == pytest.approx(best)


def _choices(offered: list[Bid]) -> list[dict[str, bool]]:
    whole = [each.id for each in offered if not each.divisible]
    return [dict(zip(whole, taken, strict=True)) for taken in product([False, True], repeat=len(whole))]


def _best(offered: list[Bid], asked: list[Need], there: int, back: int, chosen: dict[str, bool]) -> tuple[float, float]:
    """Return served MW and welfare of the best volumes in which exactly *chosen* are accepted; columns x, y, f, f'."""
    cap, weight = 15_000.0, 60_000.0
    sign = [each.direction.sign for each in offered]
    price = [float(each.price or 0) for each in offered]
    rows = np.zeros((2, len(offered) + 4))
    for at, each in enumerate(offered):
        rows["AB".index(each.area.value), at] = sign[at]
    rows[0, -4], rows[1, -3] = -1.0, -1.0
    rows[:, -2], rows[:, -1] = (-1.0, 1.0), (1.0, -1.0)
    bounds = [
        (float(each.quantity_mw) * chosen.get(each.id, False), float(each.quantity_mw) * chosen.get(each.id, True))
        for each in offered
    ]
    bounds += [(0, float(each.quantity_mw)) for each in asked] + [(0, there), (0, back)]
    cost = np.array([*(s * p for s, p in zip(sign, price, strict=True)), -weight, -weight, 0, 0])
    found = linprog(cost, A_eq=rows, b_eq=np.zeros(2), bounds=bounds)
    if not found.success:
        return (-1.0, 0.0)
    served = float(found.x[-4] + found.x[-3])
    return served, served * cap - float(cost[:-4] @ found.x[:-4])


def _many(seed: int) -> Market:
    draw = random.Random(seed)
    offered = [
        bid(
            f"b{at}",
            draw.choice(AREAS),
            "up" if draw.random() < 0.6 else "down",
            draw.randint(1, 40),
            draw.randint(-20, 90),
            divisible=draw.random() < 0.7,
        )
        for at in range(40)
    ]
    asked = [need(f"n{place}", place, draw.randint(-40, 90)) for place in AREAS]
    return market_of(*offered, *asked, *border("A", "B", 30, 30), *border("B", "C", 20, 20), *border("C", "D", 10, 40))


@pytest.mark.parametrize(
    "engine",
    [pytest.param(ARRAYS, id="array"), pytest.param(REFERENCE, id="reference", marks=pytest.mark.slow)],
)
def test_clearings_in_threads_do_not_hang_and_agree(engine: Engine) -> None:
    """A server clears in several threads at once."""
    markets = [_many(seed) for seed in range(3)]
    alone = [clear(each, engine) for each in markets]
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = [pool.submit(clear, each, engine) for each in markets * 2]
        results = [future.result(timeout=300) for future in together]

    assert results == alone * 2
