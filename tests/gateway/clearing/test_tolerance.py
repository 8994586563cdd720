"""Tolerance bands of needs: worked by hand, told in the result, judged by the certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from gateway.clearing import ClearingRules, Pricing, certify, clear
from gateway.clearing.engine import EngineName, named
from gateway.clearing.example import QUARTERS, bid, border, limit, market_of, need
from gateway.clearing.tolerance import Excess, folded, owner_of, spread, unfolded
from gateway.clearing.trades import trades
from gateway.errors import InvalidValue
from gateway.model import Bid, Capacity, Limit, Need
from gateway.results import ClearingResult, Fate, ServedNeed
from gateway.units import UnitProfile
from tests.gateway.clearing.drawn import orders
from tests.gateway.clearing.reading import accepted, fates, flows, prices, served

Thing = Bid | Need | Capacity | Limit | UnitProfile
WHOLE: dict[str, object] = {"divisible": False}
LARGE = bid("U1", "A", "up", 55, 30, **WHOLE)
DEAR = bid("U3", "A", "up", 50, 80)


def asked(mw: float, tolerance: float, name: str = "d", place: str = "A") -> Need:
    """Return an inelastic need with a tolerance."""
    return need(name, place, mw, tolerance_mw=tolerance)


def cleared(*things: Thing, rules: ClearingRules | None = None) -> ClearingResult:
    """Return the result of a market."""
    return clear(market_of(*things, rules=rules))


def excess(result: ClearingResult) -> dict[str, Decimal]:
    """Return the excess of every need that has one."""
    return {each.need_id: each.excess_mw for each in result.needs if each.excess_mw}


@pytest.mark.parametrize(
    ("tolerance", "taken", "over", "welfare"),
    [
        (0, {"U3": 50}, {}, 50 * 14_920),
        (4.999, {"U3": 50}, {}, 50 * 14_920),
        (5, {"U1": 55}, {"d": 5}, 50 * 15_000 - 55 * 30),
        (20, {"U1": 55}, {"d": 5}, 50 * 15_000 - 55 * 30),
    ],
    ids=["none", "just too little", "just enough", "more than enough"],
)
def test_an_indivisible_bid_fits_within_the_tolerance(
    tolerance: float, taken: dict[str, int], over: dict[str, int], welfare: int
) -> None:
    """50 MW are needed; 55 at 30 cost 1,650 per hour, 50 at 80 cost 4,000. The excess is worth nothing."""
    result = cleared(LARGE, DEAR, asked(50, tolerance))

    assert accepted(result) == taken
    assert served(result) == {"d": 50}
    assert excess(result) == over
    assert result.welfare == welfare


def test_the_excess_is_bought_at_the_clearing_price_and_does_not_set_it() -> None:
    """U1 gives all it has and U3 nothing: valid are 30 to 80, and the buyer pays the middle for all 55 MW."""
    result = cleared(LARGE, DEAR, asked(50, 10))
    (price,) = result.prices
    (bought,) = (trade for trade in trades(result) if trade.order_id == "d")

    assert [price.lowest, price.price, price.highest] == [30, 55, 80]
    assert price.set_by == ("U1", "U3")
    assert [bought.quantity_mw, bought.price, bought.amount_per_hour] == [55, 55, -3025]


def test_a_bid_that_would_have_to_be_cut_back_is_cheaper_than_an_excess() -> None:
    """U1 30 at 20 and U2 25 at 30 would overshoot by 5 MW; welfare comes first and cuts U1 back to 25."""
    offered = (bid("U1", "A", "up", 30, 20), bid("U2", "A", "up", 25, 30, **WHOLE), bid("U4", "A", "up", 30, 50))
    result = cleared(*offered, asked(50, 10), rules=ClearingRules(pricing=Pricing.WELFARE_FIRST))

    assert accepted(result) == {"U1": 25, "U2": 25}
    assert excess(result) == {}


def test_strict_prices_may_use_the_excess_where_no_price_supports_the_cut() -> None:
    """At 20, which U1 would set when cut back, U2 loses. With 5 MW of excess both are taken whole, at 30 to 50.

    That costs 600 + 750 = 1,350 per hour. Without a tolerance it is U1 and 20 MW of U4, for 1,600.
    """
    offered = (bid("U1", "A", "up", 30, 20), bid("U2", "A", "up", 25, 30, **WHOLE), bid("U4", "A", "up", 30, 50))
    loose, tight = cleared(*offered, asked(50, 10)), cleared(*offered, asked(50, 0))

    assert accepted(loose) == {"U1": 30, "U2": 25}
    assert excess(loose) == {"d": 5}
    assert prices(loose) == {"A": 40}
    assert accepted(tight) == {"U1": 30, "U4": 20}
    assert loose.welfare - tight.welfare == 250
    assert fates(tight)["U2"] is Fate.PARADOXICALLY_REJECTED


@pytest.mark.parametrize(
    ("offered", "mw", "over", "price"),
    [
        (bid("U", "A", "up", 60, 10), 50, 0, 10),
        (bid("U", "A", "up", 60, 0), 50, 0, 0),
        (bid("U", "A", "up", 60, -5), 50, 5, -5),
        (bid("U", "A", "up", 53, -5), 50, 3, 0),
        (bid("D", "A", "down", 60, -10), -50, 0, -10),
        (bid("D", "A", "down", 60, 0), -50, 0, 0),
        (bid("D", "A", "down", 60, 10), -50, 5, 10),
    ],
    ids=["up costs", "up is free", "up pays", "up pays a little", "down costs", "down is free", "down pays"],
)
def test_divisible_bids_fill_the_band_only_where_that_is_worth_more_than_nothing(
    offered: Bid, mw: int, over: int, price: int
) -> None:
    result = cleared(offered, asked(mw, 5))

    assert accepted(result) == {offered.id: 50 + over}
    assert excess(result) == ({"d": over} if over else {})
    assert prices(result) == {"A": price}


def test_the_need_comes_before_its_excess() -> None:
    """40 MW are all there is, and scarcity sets the price; nothing is left for the excess."""
    result = cleared(bid("U", "A", "up", 40, -5), bid("W", "A", "up", 30, 10, minimum_mw=20), asked(90, 5))

    assert accepted(result) == {"U": 40, "W": 30}
    assert served(result) == {"d": 70}
    assert excess(result) == {}
    assert result.prices[0].set_by == ("scarcity", "d")


def test_a_down_need_overshoots_downwards() -> None:
    """The operator must get rid of 50 MW: one bid takes 55 for 1 per MWh, the other any part of 50 for 40 per MWh."""
    result = cleared(bid("D1", "A", "down", 55, -1, **WHOLE), bid("D2", "A", "down", 50, -40), asked(-50, 5))

    assert accepted(result) == {"D1": 55}
    assert excess(result) == {"d": 5}
    assert prices(result) == {"A": Decimal("-20.50")}


def test_the_bid_of_another_area_fits_too() -> None:
    far = replace(LARGE, id="B1", area=asked(1, 0, place="B").area)
    result = cleared(far, DEAR, asked(50, 5), *border("B", "A", 60))

    assert accepted(result) == {"B1": 55}
    assert flows(result) == {"B->A": 55}
    assert excess(result) == {"d": 5}


def test_only_as_much_as_the_border_carries_is_excess() -> None:
    far = replace(LARGE, id="B1", area=asked(1, 0, place="B").area)

    assert accepted(cleared(far, DEAR, asked(50, 5), *border("B", "A", 54))) == {"U3": 50}


def test_needs_with_equal_rights_share_an_excess() -> None:
    result = cleared(replace(LARGE, quantity_mw=Decimal(56)), DEAR, asked(25, 4), asked(25, 8, "e"))

    assert excess(result) == {"d": 2, "e": 4}


def test_one_tolerance_serves_while_another_need_has_none() -> None:
    result = cleared(LARGE, DEAR, asked(25, 0), asked(25, 5, "e"))

    assert served(result) == {"d": 25, "e": 25}
    assert excess(result) == {"e": 5}


def test_a_grid_limit_is_kept_by_what_overshoots() -> None:
    assert accepted(cleared(LARGE, DEAR, asked(50, 5), limit("cable", 54, U1=1))) == {"U3": 50}


@pytest.mark.parametrize("engine", list(EngineName))
def test_both_formulations_grant_the_same_excess(engine: EngineName) -> None:
    offered = (bid("U1", "A", "up", 30, 20), bid("U2", "A", "up", 25, 30, **WHOLE), bid("U4", "A", "up", 30, 50))
    result = clear(market_of(*offered, asked(50, 10)), named(engine))

    assert excess(result) == {"d": 5}
    assert prices(result) == {"A": 40}


def with_tolerances(seed: int) -> list[Thing]:
    """Return a drawn market in which most inelastic needs have a tolerance."""
    draw = Random(seed)
    return [
        replace(each, tolerance_mw=Decimal(draw.choice([0, 2, 5, 10])))
        if isinstance(each, Need) and each.price is None
        else each
        for each in orders(seed)
    ]


def as_expected(seed: int) -> None:
    """Clear a drawn market with both formulations; it serves its inelastic needs no less than without tolerances.

    Where it serves them alike, its welfare is no less either, but for the rounding of losses and limits.
    """
    things = with_tolerances(seed)
    best = ClearingRules(pricing=Pricing.WELFARE_FIRST)
    market, tight = market_of(*things, rules=best), market_of(*orders(seed), rules=best)
    fast, reference = (clear(market, named(name)) for name in EngineName)
    without = clear(tight)

    assert certify(market, fast) == ()
    assert abs(fast.welfare - reference.welfare) <= Decimal("1e-9") * max(Decimal(1), abs(reference.welfare))
    now, before = (sum(each.served_mw for each in found.needs if each.limit_price is None) for found in (fast, without))
    assert now >= before - Decimal("0.01")
    assert now > before or fast.welfare >= without.welfare - 1
    assert clear(market_of(*reversed(things), rules=best)) == fast


@pytest.mark.parametrize("seed", [3, 8, 14])
def test_drawn_markets_are_cleared_alike_by_both_formulations(seed: int) -> None:
    as_expected(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 120))
def test_a_hundred_drawn_markets_are_cleared_alike_by_both_formulations(seed: int) -> None:
    as_expected(seed)


def of_the_need(**changes: Decimal) -> Callable[[ServedNeed], ServedNeed]:
    """Return the fault of adding to fields of a served need."""
    return lambda told: replace(told, **{name: getattr(told, name) + by for name, by in changes.items()})


CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("fault", "items"),
    [
        (of_the_need(excess_mw=CENT), {"balance", "money"}),
        (of_the_need(excess_mw=-CENT), {"balance", "money"}),
        (of_the_need(served_mw=-CENT, excess_mw=CENT), {"needs", "welfare"}),
        (of_the_need(served_mw=CENT, excess_mw=-CENT), {"bounds", "needs", "welfare"}),
        (of_the_need(served_mw=-CENT), {"balance", "money", "needs", "welfare"}),
        (of_the_need(price=CENT), {"prices"}),
    ],
    ids=["more", "less", "before the need", "as the need", "less of the need", "price"],
)
def test_a_hundredth_in_the_excess_is_found(fault: Callable[[ServedNeed], ServedNeed], items: set[str]) -> None:
    market = market_of(LARGE, DEAR, asked(50, 10))
    result = clear(market)
    spoiled = replace(result, needs=tuple(map(fault, result.needs)))

    assert certify(market, result) == ()
    assert {each.item for each in certify(market, spoiled)} == items


def test_an_excess_beyond_the_tolerance_is_found() -> None:
    """The right result for a tolerance of 10 MW is held against needs with less, and with none."""
    result = clear(market_of(LARGE, DEAR, asked(50, 10)))
    less, none = (market_of(LARGE, DEAR, asked(50, mw)) for mw in (4, 0))

    assert {(each.item, each.amount) for each in certify(less, result)} == {("bounds", Decimal(1))}
    assert [each.place for each in certify(none, result)] == [f"{QUARTERS[0]} answers to d excess"]


def test_an_excess_at_a_price_is_wrong_where_every_bid_can_be_cut() -> None:
    """All is divisible: 5 MW beyond the need, at 10 per MWh, help nobody."""
    market = market_of(bid("U", "A", "up", 60, 10), asked(50, 5))
    right = clear(market)
    wrong = replace(
        right,
        awards=tuple(replace(each, quantity_mw=Decimal(55)) for each in right.awards),
        needs=tuple(replace(each, excess_mw=Decimal(5)) for each in right.needs),
        welfare=right.welfare - 50,
    )

    assert {(each.item, each.amount) for each in certify(market, wrong)} == {
        ("needs", Decimal(50)),
        ("optimality", Decimal(50)),
    }


def test_a_market_is_spread_and_its_result_folded_and_unfolded_again() -> None:
    market = market_of(LARGE, DEAR, asked(50, 10), asked(5, 0, "e"))
    wide = spread(market)
    (band,) = (each for each in wide.needs if isinstance(each, Excess))
    result = clear(market)

    assert [band.id, band.quantity_mw, band.price, band.required, owner_of(band)] == ["d excess", 10, 0, False, "d"]
    assert [each.need_id for each in unfolded(result, market).needs] == ["d", "d excess", "e"]
    assert folded(unfolded(result, market), market) == result


def test_a_market_without_tolerances_is_left_alone() -> None:
    market = market_of(LARGE, DEAR, asked(50, 0))
    result = clear(market)

    assert spread(market) is market
    assert folded(result, market) is result
    assert unfolded(result, market) is result


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"tolerance_mw": Decimal(-1)}, "-1"),
        ({"tolerance_mw": Decimal("NaN")}, "NaN"),
        ({"tolerance_mw": Decimal(5), "price": Decimal(60)}, "5"),
    ],
    ids=["below nothing", "no number", "beside a limit price"],
)
def test_a_tolerance_that_cannot_be_is_refused(changes: dict[str, Decimal], found: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        replace(asked(50, 0), **changes)  # type: ignore[arg-type]  # fields by name

    assert (refused.value.path, refused.value.found) == ("Need d.tolerance_mw", found)
