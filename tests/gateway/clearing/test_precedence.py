"""Who goes first where several decisions are equally good: held against trying out every decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations, product
from random import Random

import numpy as np
import pytest

from gateway.clearing import ClearingRules, Pricing, certify, clear
from gateway.clearing.arrays import formulate
from gateway.clearing.dispatch import Search, dispatch, lexicographic, tolerance, whole
from gateway.clearing.engine import EngineName, named
from gateway.clearing.example import bid, border, limit, market_of, need, problem_of
from gateway.clearing.precedence import by_rank, rank_of
from gateway.clearing.problem import Problem
from gateway.clearing.search import search
from gateway.errors import Unsolved
from gateway.model import Bid, Capacity, Limit, Need
from gateway.results import ClearingResult
from tests.gateway.clearing.reading import accepted

Thing = Bid | Need | Capacity | Limit
DAWN = datetime(2026, 1, 15, 6, tzinfo=UTC)
RULES = ClearingRules(pricing=Pricing.WELFARE_FIRST)


def whole_bid(name: str, mw: int, price: int = 20, hour: int | None = None, place: str = "A") -> Bid:
    """Return an indivisible bid, submitted so many hours after dawn."""
    submitted = None if hour is None else DAWN + timedelta(hours=hour)
    return bid(name, place, "up", mw, price, divisible=False, submitted=submitted)


def cleared(*things: Thing) -> ClearingResult:
    """Return the result of a market by greatest welfare, with its certificate."""
    market = market_of(*things, rules=RULES)
    result = clear(market)
    assert certify(market, result) == ()
    return result


@pytest.mark.parametrize(
    ("offered", "names"),
    [
        ([("U1", 10), ("U2", 10), ("U3", 20)], {"U1", "U2"}),
        ([("U3", 10), ("U2", 10), ("U1", 20)], {"U1"}),
        ([("U1", 5), ("U2", 15), ("U3", 10), ("U4", 10)], {"U1", "U2"}),
        ([("U1", 15), ("U2", 10), ("U3", 10), ("U4", 5)], {"U1", "U4"}),
        ([("U1", 12), ("U2", 10), ("U3", 10), ("U4", 15)], {"U2", "U3"}),
    ],
    ids=["two small ones first", "the large one first", "first pair", "first with last", "the first fits no answer"],
)
def test_of_equal_sums_the_one_with_the_lowest_ids_is_taken(offered: list[tuple[str, int]], names: set[str]) -> None:
    """All bids cost 20; 20 MW are needed, and every set of bids that makes 20 MW is as good."""
    result = cleared(*(whole_bid(name, mw) for name, mw in offered), need("d", "A", 20))

    assert accepted(result).keys() == names


@pytest.mark.parametrize(
    ("hours", "names"),
    [
        ((1, 2, 3), {"U1"}),
        ((3, 2, 1), {"U2", "U3"}),
        ((2, 1, None), {"U2", "U3"}),
        ((2, None, None), {"U1"}),
        ((None, None, None), {"U1"}),
        ((2, 2, 1), {"U2", "U3"}),
        ((2, 2, 2), {"U1"}),
    ],
    ids=["by id too", "last first", "one unknown", "one known", "unknown", "the third first", "all at once"],
)
def test_who_was_submitted_earlier_goes_before_the_lower_id(hours: tuple[int | None, ...], names: set[str]) -> None:
    """U1 has 20 MW, U2 and U3 have 10 each; 20 are needed."""
    offered = [
        whole_bid(name, mw, hour=hour)
        for (name, mw), hour in zip((("U1", 20), ("U2", 10), ("U3", 10)), hours, strict=True)
    ]

    assert accepted(cleared(*offered, need("d", "A", 20))).keys() == names


def test_alike_bids_go_by_time_too() -> None:
    twins = [whole_bid("U1", 10, hour=2), whole_bid("U2", 10, hour=1)]

    assert accepted(cleared(*twins, need("d", "A", 10))) == {"U2": 10}


def test_what_rounding_leaves_of_shares_goes_to_the_earlier_one() -> None:
    late, early = (
        bid(name, "A", "up", 10, 20, submitted=DAWN + timedelta(hours=hour)) for name, hour in (("U1", 2), ("U2", 1))
    )
    result = clear(market_of(late, early, need("d", "A", "0.003")))

    assert accepted(result) == {"U1": Decimal("0.001"), "U2": Decimal("0.002")}


def test_a_cheaper_answer_is_never_given_up_for_precedence() -> None:
    offered = [whole_bid("U1", 20, 21, hour=1), whole_bid("U2", 10, 20), whole_bid("U3", 10, 21)]

    assert accepted(cleared(*offered, need("d", "A", 20))).keys() == {"U2", "U3"}


def test_one_cent_of_price_outweighs_time() -> None:
    first, cheaper = whole_bid("U1", 10, hour=1), replace(whole_bid("U2", 10, hour=2), price=Decimal("19.99"))

    assert accepted(cleared(first, cheaper, need("d", "A", 10))) == {"U2": 10}


def test_bids_of_other_areas_stand_in_the_same_rank() -> None:
    far, near = whole_bid("B1", 20, place="B", hour=1), [whole_bid(name, 10, hour=2) for name in ("A1", "A2")]
    way = border("B", "A", 50)

    assert accepted(cleared(far, *near, need("d", "A", 20), *way)).keys() == {"B1"}
    assert accepted(cleared(replace(far, submitted=None), *near, need("d", "A", 20), *way)).keys() == {"A1", "A2"}


def test_the_first_of_an_exclusive_group_is_taken() -> None:
    rivals = [replace(whole_bid(name, 10), exclusive="g") for name in ("U2", "U1")]

    assert accepted(cleared(*rivals, need("d", "A", 10))) == {"U1": 10}


def test_an_offer_in_steps_gets_as_many_as_it_can_in_its_turn() -> None:
    """Steps of 6 and of 4 MW make 20 MW in two ways: 12 + 8 and 0 + 20."""
    steps = [
        bid("U2", "A", "up", 24, 20, granularity_mw=6, submitted=DAWN),
        bid("U1", "A", "up", 24, 20, granularity_mw=4),
    ]
    asked = need("d", "A", 20)

    assert accepted(cleared(*steps, asked)) == {"U2": 12, "U1": 8}
    assert accepted(cleared(*(replace(each, submitted=None) for each in steps), asked)) == {"U1": 20}


def test_a_group_is_dated_by_its_last_bid() -> None:
    group = [replace(whole_bid(name, 5, hour=hour), inclusive="i") for name, hour in (("U1", 1), ("U2", 3))]
    alone = whole_bid("U3", 10, hour=2)

    assert accepted(cleared(*group, alone, need("d", "A", 10))) == {"U3": 10}


def test_strict_prices_are_found_with_the_same_precedence() -> None:
    """The cheap indivisible bid loses at 20; among those that do not, U3 and U4 are equally good."""
    offered = [
        bid("U1", "A", "up", 30, 20),
        whole_bid("U2", 40, 30),
        whole_bid("U4", 20, 50),
        whole_bid("U3", 20, 50, hour=1),
    ]
    strict = clear(market_of(*offered, need("d", "A", 50)))
    other = clear(market_of(*(replace(each, submitted=None) for each in offered), need("d", "A", 50)))

    assert accepted(strict) == accepted(other) == {"U1": 30, "U3": 20}
    later = clear(market_of(*offered[:3], replace(offered[3], submitted=None), need("d", "A", 50)))
    assert accepted(later) == {"U1": 30, "U3": 20}
    first = [*offered[:2], replace(offered[2], submitted=DAWN), offered[3]]
    assert accepted(clear(market_of(*first, need("d", "A", 50)))) == {"U1": 30, "U4": 20}


def drawn(seed: int) -> list[Thing]:
    """Return a market of few prices and sizes, so that many answers are equally good."""
    draw = Random(seed)
    kinds: list[dict[str, object]] = [
        {"divisible": False},
        {"divisible": False},
        {"minimum_mw": 2},
        {"divisible": False, "exclusive": "g"},
        {},
    ]
    offered: list[Thing] = []
    for at in range(7):
        sense = draw.choice(["up", "up", "down"])
        price = draw.choice([20, 30]) if sense == "up" else draw.choice([5, 10])
        hour = draw.choice([None, 1, 2])
        when = None if hour is None else DAWN + timedelta(hours=hour)
        offered.append(
            bid(f"b{at}", draw.choice("AB"), sense, draw.choice([2, 4, 6]), price, submitted=when, **draw.choice(kinds))
        )
    offered += [need("d", "A", draw.choice([4, 6, 10])), need("e", "B", draw.choice([2, -4, 6]))]
    return [*offered, *border("A", "B", draw.choice([2, 4, 20]), draw.choice([2, 4, 20]))]


def tried_out(problem: Problem, served: Sequence[int]) -> tuple[int, ...]:
    """Return the decisions of the best answer that come first by rank, found by trying every combination of them.

    Required needs are served as *served* says.
    """
    formulation = formulate(problem)
    needs = np.array(list(formulation.columns["y"].values()))
    program = formulation.program.fixed(needs, problem.mw(np.array(served)))
    ranked = sorted(formulation.columns["u"], key=lambda at: rank_of(problem.offers[at]))
    columns = np.array([formulation.columns["u"][at] for at in ranked], dtype=np.int64)
    answers: dict[tuple[int, ...], float] = {}
    for choice in product((1, 0), repeat=columns.size):
        try:
            values = lexicographic(problem, formulation, program.fixed(columns, np.array(choice, dtype=float)))
        except Unsolved:
            continue
        answers[choice] = float(program.cost @ values)
    best = min(answers.values())
    return max(choice for choice, cost in answers.items() if cost < best + tolerance(problem).money)


@pytest.mark.parametrize(("seed", "way"), [(0, whole), (3, search)])
def test_every_market_is_decided_as_by_trying_out_all_decisions(seed: int, way: Search) -> None:
    problem = problem_of(*drawn(seed))
    found = dispatch(problem, formulate(problem), search=way)
    ranked = sorted(problem.switched, key=lambda at: rank_of(problem.offers[at]))

    assert tuple(int(found.accepted[at] > 0) for at in ranked) == tried_out(problem, found.served.tolist())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 106))
def test_a_hundred_markets_are_decided_as_by_trying_out_all_decisions(seed: int) -> None:
    test_every_market_is_decided_as_by_trying_out_all_decisions(seed, search)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_the_bids_means_nothing(order: tuple[int, ...]) -> None:
    offered = [whole_bid("U1", 10), whole_bid("U2", 20), whole_bid("U3", 10), whole_bid("U4", 30)]
    shuffled = cleared(*(offered[at] for at in order), need("d", "A", 30))

    assert accepted(shuffled) == {"U1": 10, "U2": 20}


def test_an_answer_that_no_rank_improves_is_returned_as_it_is() -> None:
    """U3 sets 25: leaving out U1 or taking U2 would cost 50 per hour, so that neither is looked at again."""
    between = bid("U3", "A", "up", 5, 25)
    problem = problem_of(whole_bid("U1", 10), whole_bid("U2", 10, 30), between, need("d", "A", 12))
    formulation = formulate(problem)
    values, _ = whole(problem, formulation, formulation.program)

    assert by_rank(problem, formulation, formulation.program, values, tolerance(problem).money) is values


def test_a_program_beyond_the_limit_keeps_the_answer_of_the_search() -> None:
    problem = problem_of(*(whole_bid(f"U{at:02}", 10) for at in range(60)), need("d", "A", 300))
    formulation = formulate(problem)
    values, _ = whole(problem, formulation, formulation.program)

    assert by_rank(problem, formulation, formulation.program, values, tolerance(problem).money) is values


def test_a_grid_limit_is_kept_by_who_goes_first() -> None:
    """U1 may give 5 MW only, so that U2 is taken whole although it is behind."""
    offered = [whole_bid("U1", 10), whole_bid("U2", 10)]

    assert accepted(cleared(*offered, need("d", "A", 10), limit("cable", 5, U1=1))) == {"U2": 10}


def plain(name: str, place: str, mw: int, price: int = 20, hour: int | None = None) -> Bid:
    """Return a divisible up bid, submitted so many hours after dawn."""
    submitted = None if hour is None else DAWN + timedelta(hours=hour)
    return bid(name, place, "up", mw, price, submitted=submitted)


WAYS = (*border("A", "B", 50, 50), *border("B", "C", 50, 50))


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ([("A", None), ("B", None), ("C", None)], {"UA": 10, "UB": 5}),
        ([("A", 3), ("B", 2), ("C", 1)], {"UC": 10, "UB": 5}),
        ([("A", None), ("B", 2), ("C", 1)], {"UC": 10, "UB": 5}),
        ([("A", 1), ("B", None), ("C", 1)], {"UA": 10, "UC": 5}),
    ],
    ids=["by id", "by time", "unknown last", "one time"],
)
@pytest.mark.parametrize("place", "ABC")
def test_equal_prices_of_several_areas_go_by_rank_wherever_the_need_is(
    place: str, offered: list[tuple[str, int | None]], taken: dict[str, int]
) -> None:
    """Each area offers 10 MW at 20; 15 are needed in one of them, and no border is full."""
    bids = [plain(f"U{where}", where, 10, hour=hour) for where, hour in offered]
    result = clear(market_of(*bids, need("d", place, 15), *WAYS))

    assert accepted(result) == taken
    assert {price.price for price in result.prices} == {20}


def test_a_full_border_leaves_the_rest_to_the_area_behind_it() -> None:
    result = clear(market_of(plain("UA", "A", 30), plain("UB", "B", 30), need("d", "B", 25), *border("A", "B", 10)))

    assert accepted(result) == {"UA": 10, "UB": 15}


def test_a_node_goes_by_the_first_of_its_bids_and_shares_pro_rata() -> None:
    """B's early bid puts its node first; there 12 MW are shared one to two with the late one."""
    bids = [plain("UA", "A", 10, hour=2), plain("UB", "B", 6, hour=1), plain("UC", "B", 12, hour=3)]

    assert accepted(clear(market_of(*bids, need("d", "A", 12), *WAYS))) == {"UB": 4, "UC": 8}


def test_of_bids_that_cross_at_one_price_the_least_is_activated() -> None:
    """Up in A and down in B at 20 would meet over the border for nothing."""
    down = bid("D", "B", "down", 10, 20)
    offered = (plain("UA", "A", 30), plain("UB", "B", 30), down)

    assert accepted(clear(market_of(*offered, need("d", "A", 15), *WAYS))) == {"UA": 15}


def test_a_need_that_costs_nothing_is_served() -> None:
    elastic = need("e", "B", 5, 20)
    result = clear(market_of(plain("UA", "A", 30), plain("UB", "B", 30), elastic, need("d", "A", 15), *WAYS))

    assert accepted(result) == {"UA": 20}
    assert {each.need_id: each.served_mw for each in result.needs} == {"d": 15, "e": 5}


@pytest.mark.parametrize("seed", range(3))
def test_volumes_at_equal_prices_do_not_hang_on_who_formulates(seed: int) -> None:
    draw = Random(seed)
    bids = [plain(f"b{at}", draw.choice("ABC"), draw.randint(1, 9), draw.choice([20, 30])) for at in range(9)]
    market = market_of(*bids, need("d", "A", 12), need("e", "C", draw.randint(1, 20)), *WAYS)
    fast, reference = (clear(market, named(name)) for name in EngineName)

    assert accepted(fast) == accepted(reference)
    assert certify(market, fast) == ()
    assert sorted(accepted(fast).items()) == sorted(
        accepted(clear(market_of(*reversed(bids), *market.needs, *WAYS))).items()
    )


def test_a_least_quantity_that_costs_stays_the_least() -> None:
    """8 MW at 2 do not meet a need of 10: A1 and B1 at 20 give their least 5 MW, though they stand first by rank."""
    dear = [bid(f"{place}1", place, "up", 10, 20, minimum_mw=5) for place in "AB"]
    cheap = [bid(f"{place}2", place, "up", 8, 2) for place in "AB"]
    rules = ClearingRules(pricing=Pricing.WELFARE_FIRST)
    result = clear(market_of(*dear, *cheap, need("dA", "A", 10), need("dB", "B", 10), rules=rules))

    assert accepted(result) == {"A1": 5, "A2": 5, "B1": 5, "B2": 5}
