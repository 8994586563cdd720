"""Shared money by hand: congestion income, netting, deviations of an interface, and the split of a joint cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.model import ZERO
from gateway.settlement.cost_split import shapley, standalone
from gateway.settlement.exchange import (
    IntendedExchange,
    NettedEnergy,
    exchange_postings,
    interface_deviation,
    netting_postings,
    netting_price,
)
from gateway.settlement.ledger import Ledger

D = Decimal
QUARTER = timedelta(minutes=15)
FLOW = IntendedExchange(
    from_operator="North", to_operator="South", power_mw=D(100), from_price=D(40), to_price=D(60), span=QUARTER
)
prices = st.decimals(-500, 500, places=2)


# ---- exchange


@pytest.mark.parametrize(
    ("share", "north", "south"),
    [
        ("0.5", "1250.00", "-1250.00"),
        ("0", "1000.00", "-1000.00"),
        ("1", "1500.00", "-1500.00"),
        ("0.25", "1125.00", "-1125.00"),
    ],
)
def test_25_mwh_from_a_cheap_to_a_dear_area(share: str, north: str, south: str) -> None:
    """South pays 25 x 60 = 1500, North receives 25 x 40 = 1000; the income of 500 is shared by the key."""
    ledger = Ledger() + exchange_postings(FLOW, D(share))
    assert ledger.balances() == {"North": D(north), "South": D(south), "congestion income North-South": ZERO}


def test_every_payment_of_an_exchange_says_what_it_is() -> None:
    found = [(p.payer, p.payee, str(p.amount), p.purpose) for p in exchange_postings(FLOW)]
    account = "congestion income North-South"
    assert found == [
        ("South", account, "1500.00", "intended exchange North-South"),
        (account, "North", "1000.00", "intended exchange North-South"),
        (account, "North", "250.00", "income North-South"),
        (account, "South", "250.00", "income North-South"),
    ]


def test_a_border_has_one_name_whichever_way_the_energy_flows() -> None:
    back = replace(FLOW, from_operator="South", to_operator="North")
    assert back.border == FLOW.border == "North-South"
    assert back.income_account == FLOW.income_account


def test_energy_that_flows_against_the_prices_costs_both() -> None:
    adverse = replace(FLOW, from_price=D(60), to_price=D(40))
    incomes = [p.amount for p in exchange_postings(adverse) if p.purpose.startswith("income")]
    assert incomes == [D("-250.00"), D("-250.00")]


@given(st.decimals(0, 5000, places=3), prices, prices, st.decimals(0, 1, places=3))
def test_the_account_of_a_border_is_always_emptied(
    power: Decimal, start: Decimal, end: Decimal, share: Decimal
) -> None:
    exchange = replace(FLOW, power_mw=power, from_price=start, to_price=end)
    balances = (Ledger() + exchange_postings(exchange, share)).balances()
    assert balances["congestion income North-South"] == 0
    assert sum(balances.values(), ZERO) == 0


@pytest.mark.parametrize("share", ["-0.1", "1.1"])
def test_a_share_lies_between_nothing_and_all(share: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        list(exchange_postings(FLOW, D(share)))
    assert str(caught.value) == f"exporter_share: expected 0 to 1, found {share}"


# ---- netting


def netted(*entries: tuple[str, str, str]) -> tuple[NettedEnergy, ...]:
    return tuple(NettedEnergy(operator=name, energy_mwh=D(energy), value=D(value)) for name, energy, value in entries)


@pytest.mark.parametrize(
    ("entries", "price", "balances"),
    [
        # A avoids buying 10 MWh at 70, B avoids selling 10 MWh at 30: both settle at 50
        ((("A", "10", "70"), ("B", "-10", "30")), "50", {"A": "-500.00", "B": "500.00"}),
        # (10 x 70 + 6 x 30 + 4 x 20) / 20 = 48
        (
            (("A", "10", "70"), ("B", "-6", "30"), ("C", "-4", "20")),
            "48",
            {"A": "-480.00", "B": "288.00", "C": "192.00"},
        ),
        ((("A", "10", "-20"), ("B", "-10", "-40")), "-30", {"A": "300.00", "B": "-300.00"}),
    ],
)
def test_netted_energy_is_settled_at_the_mean_of_the_avoided_values(
    entries: tuple[tuple[str, str, str], ...], price: str, balances: dict[str, str]
) -> None:
    drawn = netted(*entries)
    assert netting_price(drawn) == D(price)
    expected = {name: D(amount) for name, amount in balances.items()}
    assert (Ledger() + netting_postings(drawn)).balances() == {**expected, "imbalance netting": ZERO}


@pytest.mark.parametrize(
    ("entries", "found"),
    [((), "[]"), ((("A", "10", "70"),), "['10']"), ((("A", "1", "7"), ("B", "-2", "3")), "['1', '-2']")],
)
def test_imports_and_exports_have_to_balance(entries: tuple[tuple[str, str, str], ...], found: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        netting_price(netted(*entries))
    assert str(caught.value) == f"netted: expected imports that equal exports, not 0, found {found}"


@given(st.decimals(1, 100, places=1), prices, prices)
def test_the_price_lies_between_the_avoided_values(energy: Decimal, one: Decimal, other: Decimal) -> None:
    drawn = (
        NettedEnergy(operator="A", energy_mwh=energy, value=one),
        NettedEnergy(operator="B", energy_mwh=-energy, value=other),
    )
    assert min(one, other) - D("1e-20") <= netting_price(drawn) <= max(one, other) + D("1e-20")


@pytest.mark.parametrize(
    ("surplus", "price", "receives"), [("-2", "60", "-120.00"), ("2", "60", "120.00"), ("2", "-10", "-20.00")]
)
def test_a_deviation_of_the_interface_is_paid_at_the_imbalance_price(surplus: str, price: str, receives: str) -> None:
    entry = interface_deviation("DSO", "TSO", D(surplus), D(price))
    assert Ledger((entry,)).balances() == {"DSO": D(receives), "TSO": -D(receives)}
    assert entry.purpose == "interface deviation DSO"


# ---- cost split

Costs = dict[frozenset[str], Decimal]


def cost(**figures: int) -> Costs:
    """Return costs of coalitions that are named by their letters."""
    return {frozenset(name): D(figure) for name, figure in figures.items()}


@pytest.mark.parametrize(
    ("costs", "shares"),
    [
        (cost(A=100), {"A": 100}),
        # each saves half of what they save together
        (cost(A=100, B=60, AB=120), {"A": 80, "B": 40}),
        # a buyer who causes nothing pays nothing
        (cost(A=100, B=0, AB=100), {"A": 100, "B": 0}),
        # three buyers, six orders: A costs 12 twice as the first, 9 after B, 8 after C, 27 - 19 = 8 twice as the last
        (cost(A=12, B=12, C=12, AB=21, AC=20, BC=19, ABC=27), {"A": D("9.5"), "B": 9, "C": D("8.5")}),
        (cost(A=3, B=3, C=3, AB=3, AC=3, BC=3, ABC=3), {"A": 1, "B": 1, "C": 1}),
    ],
    ids=["alone", "two", "one who causes nothing", "three", "one plant for all"],
)
def test_shapley_shares_by_hand(costs: Costs, shares: dict[str, Decimal]) -> None:
    assert shapley(costs) == shares


@pytest.mark.parametrize(
    ("costs", "missing"),
    [(cost(A=1, B=1), "A with B"), (cost(AB=1), "A"), (cost(A=1, B=1, C=1, AB=1, AC=1, ABC=1), "B with C")],
)
def test_a_coalition_without_a_cost_is_named(costs: Costs, missing: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        shapley(costs)
    assert str(caught.value) == f"cost: expected the cost of {missing}, found nothing"


COALITIONS = [frozenset(group) for group in chain.from_iterable(combinations("ABC", size) for size in (1, 2, 3))]
games = st.fixed_dictionaries({group: st.integers(0, 600).map(D) for group in COALITIONS})


@given(games)
def test_shares_add_up_to_the_joint_cost(costs: Costs) -> None:
    assert abs(sum(shapley(costs).values(), ZERO) - costs[frozenset("ABC")]) < D("1e-20")


@given(games, games)
def test_the_shares_of_two_costs_add_up(first: Costs, second: Costs) -> None:
    both = shapley({group: first[group] + second[group] for group in COALITIONS})
    for buyer, share in both.items():
        assert abs(share - shapley(first)[buyer] - shapley(second)[buyer]) < D("1e-20")


@given(games)
def test_buyers_who_cause_the_same_pay_the_same(costs: Costs) -> None:
    alike = costs | {frozenset("B"): costs[frozenset("A")], frozenset("BC"): costs[frozenset("AC")]}
    shares = shapley(alike)
    assert shares["A"] == shares["B"]


@pytest.mark.parametrize(
    ("joint", "alone", "shares"),
    [
        (90, {"A": 100, "B": 50}, {"A": 60, "B": 30}),
        (90, {"A": 100, "B": 0}, {"A": 90, "B": 0}),
        (90, {"A": 0, "B": 0, "C": 0}, {"A": 30, "B": 30, "C": 30}),
        (0, {"A": 100, "B": 50}, {"A": 0, "B": 0}),
    ],
)
def test_shares_in_proportion_to_what_each_would_pay_alone(
    joint: int, alone: dict[str, int], shares: dict[str, int]
) -> None:
    assert standalone(D(joint), {buyer: D(amount) for buyer, amount in alone.items()}) == shares
