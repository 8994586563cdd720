"""Markets small enough to be worked out by hand, each with all its numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Pricing, clear
from gateway.clearing.example import area, bid, border, limit, market_of, need
from gateway.model import Bid, Capacity, Need
from gateway.results import Fate
from tests.gateway.clearing.reading import accepted, award, fates, flows, prices, served

WELFARE_FIRST = ClearingRules(pricing=Pricing.WELFARE_FIRST)

ORDERS: tuple[Bid | Need, ...] = (
    need("dA", "A", 80),
    need("dB", "B", -60),
    need("dC", "C", 40, 70),
    bid("A1", "A", "up", 40, 60),
    bid("A2", "A", "up", 60, 120),
    bid("B1", "B", "up", 50, 45),
    bid("C1", "C", "up", 20, 90),
    bid("C2", "C", "up", 30, 65),
    bid("Ad", "A", "down", 30, 20),
    bid("Bd", "B", "down", 50, 15),
    bid("Cd", "C", "down", 20, 10),
)
A_B, B_C = border("A", "B", 50, 50), border("B", "C", 30, 30)


def among(names: str, *borders: tuple[Capacity, ...]) -> tuple[Bid | Need | Capacity, ...]:
    """Return the orders of some areas, with borders between them."""
    places = {area(name) for name in names}
    return (*(order for order in ORDERS if order.area in places), *(each for ends in borders for each in ends))


def test_three_areas_use_their_borders_to_the_full() -> None:
    """B is 60 MW long: 50 go to A and 30 to C, 20 of it activated; what A and C still miss is bought there."""
    result = clear(market_of(*among("ABC", A_B, B_C)))

    assert accepted(result) == {"A1": 30, "B1": 20, "C2": 10}
    assert served(result) == {"dA": 80, "dB": 60, "dC": 40}
    assert flows(result) == {"B->A": 50, "B->C": 30}
    assert prices(result) == {"A": 60, "B": 45, "C": 65}
    assert result.welfare == 2_099_450


def test_without_congestion_there_is_one_price() -> None:
    result = clear(market_of(*among("ABC", border("A", "B", 500, 500), border("B", "C", 300, 300))))

    assert accepted(result) == {"A1": 10, "B1": 50}
    assert flows(result) == {"B->A": 70, "B->C": 40}
    assert prices(result) == {"A": 60, "B": 60, "C": 60}
    assert result.welfare == 2_099_950


@pytest.mark.parametrize(
    ("areas", "borders", "volumes", "price", "welfare"),
    [
        ("A", (), {"A1": 40, "A2": 40}, {"A": 120}, 1_192_800),
        ("B", (), {"Bd": 50}, {"B": -15_000}, 750_750),
        ("C", (), {"C2": 30}, {"C": 70}, 150),
        ("AB", (A_B,), {"A1": 30, "Bd": 10}, {"A": 60, "B": 15}, 2_098_350),
        ("BC", (B_C,), {"C2": 10, "Bd": 30}, {"B": 15, "C": 65}, 902_600),
    ],
)
def test_a_part_of_the_area_clears_for_itself(
    areas: str,
    borders: tuple[tuple[Capacity, ...], ...],
    volumes: dict[str, int],
    price: dict[str, int],
    welfare: int,
) -> None:
    result = clear(market_of(*among(areas, *borders)))

    assert accepted(result) == volumes
    assert prices(result) == price
    assert result.welfare == welfare


def test_joining_balancing_areas_never_costs_welfare() -> None:
    alone = sum((clear(market_of(*among(name))).welfare for name in "ABC"), Decimal(0))
    two = clear(market_of(*among("AB", A_B))).welfare + clear(market_of(*among("C"))).welfare
    three = clear(market_of(*among("ABC", A_B, B_C))).welfare

    assert alone == 1_943_700
    assert two == 2_098_500
    assert three == 2_099_450


INDIVISIBLE = (
    bid("U1", "A", "up", 30, 20),
    bid("U2", "A", "up", 40, 30, divisible=False),
    bid("U3", "A", "up", 30, 50),
    need("d", "A", 50),
)


def test_strict_prices_leave_out_the_indivisible_bid_that_no_price_supports() -> None:
    """U2 with 10 MW of U1 would be cheapest, but U1 in part sets 20, at which U2 loses."""
    result = clear(market_of(*INDIVISIBLE))

    assert accepted(result) == {"U1": 30, "U3": 20}
    assert prices(result) == {"A": 50}
    assert result.welfare == 748_400
    assert fates(result)["U2"] is Fate.PARADOXICALLY_REJECTED
    assert "800.00 EUR per hour" in award(result, "U2").reason
    assert any("cost a welfare of 200.00" in note for note in result.notes)


def test_welfare_first_keeps_it_and_tells_what_it_is_owed() -> None:
    result = clear(market_of(*INDIVISIBLE, rules=WELFARE_FIRST))

    assert accepted(result) == {"U1": 10, "U2": 40}
    assert prices(result) == {"A": 20}
    assert result.welfare == 748_600
    assert "owed 400.00 EUR per hour" in award(result, "U2").reason
    assert any("U2 400.00" in note for note in result.notes)


def test_an_up_and_a_down_bid_trade_with_each_other() -> None:
    """D1 pays 35 to reduce, U1 asks 20 to raise: 15 MW trade beyond the need of 10."""
    result = clear(market_of(bid("U1", "A", "up", 30, 20), bid("D1", "A", "down", 15, 35), need("d", "A", 10)))

    assert accepted(result) == {"U1": 25, "D1": 15}
    assert prices(result) == {"A": 20}
    assert result.welfare == 150_025


def test_of_an_exclusive_group_the_better_bid_is_accepted() -> None:
    """X2 and 5 MW of U3 cost 850; X1 and 15 MW of U3 would cost 950."""
    rivals = [
        bid(name, "A", "up", mw, price, divisible=False, exclusive="g")
        for name, mw, price in (("X1", 10, 20), ("X2", 20, 30))
    ]
    result = clear(market_of(*rivals, bid("U3", "A", "up", 30, 50), need("d", "A", 25)))

    assert accepted(result) == {"X2": 20, "U3": 5}
    assert prices(result) == {"A": 50}
    assert result.welfare == 374_150
    assert fates(result)["X1"] is Fate.EXCLUDED_BY_GROUP
    assert "X2" in award(result, "X1").reason
    assert "300.00 EUR per hour" in award(result, "X1").reason


def test_scarcity_puts_the_price_to_the_cap_where_it_is_and_nowhere_else() -> None:
    result = clear(
        market_of(
            bid("A1", "A", "up", 40, 60),
            bid("B1", "B", "up", 60, 80),
            need("dA", "A", 100),
            need("dB", "B", 30),
            *border("A", "B", 20, 20),
        )
    )

    assert accepted(result) == {"A1": 40, "B1": 50}
    assert flows(result) == {"B->A": 20}
    assert served(result) == {"dA": 60, "dB": 30}
    assert prices(result) == {"A": 15_000, "B": 80}
    assert result.welfare == 1_343_600
    (in_a,) = (price for price in result.prices if price.area == area("A"))
    assert in_a.set_by == ("scarcity", "dA")


def test_a_border_loses_half_of_its_losses_on_either_side() -> None:
    """90 MW arrive from f · 0.975, and f · 1.025 are made: f = 92.307692, and the price grows by 1.025 / 0.975."""
    fine = ClearingRules(quantity_step=Decimal("0.000001"), price_step=Decimal("0.000001"))
    market = market_of(
        bid("N1", "N", "up", 100, 50), need("v", "V", 90), *border("N", "V", 100, 120, loss="0.05"), rules=fine
    )
    result = clear(market)

    assert accepted(result) == {"N1": Decimal("94.615385")}
    assert flows(result) == {"N->V": Decimal("92.307692")}
    assert prices(result) == {"N": 50, "V": Decimal("52.564103")}


def test_energy_and_reserve_of_one_unit_share_its_capacity() -> None:
    """A MW of energy more from B costs it a MW of reserve, which A then makes at 35 instead of 20: 60 + 15 = 75."""
    result = clear(
        market_of(
            bid("Ae", "R", "up", 100, 50),
            bid("Be", "R", "up", 110, 60),
            bid("Ar", "R", "up", 10, 35, product="spinning"),
            bid("Br", "R", "up", 20, 20, product="spinning"),
            need("e", "R", 195),
            need("r", "R", 20, product="spinning"),
            limit("A", 110, Ae=1, Ar=1),
            limit("B", 110, Be=1, Br=1),
        )
    )

    assert accepted(result) == {"Ae": 100, "Ar": 5, "Be": 95, "Br": 15}
    assert prices(result) == {"R": 75}
    assert prices(result, "spinning") == {"R": 35}
    assert {shadow.limit_id: shadow.price for shadow in result.shadow_prices} == {"A": 0, "B": 15}
    assert fates(result)["Be"] is Fate.LIMITED
    assert award(result, "Be").price == 75, "its own capacity is no reason to pay a provider less"
