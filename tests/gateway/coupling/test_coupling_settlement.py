"""Settlement between coupled operators: intended exchange, congestion income, and the cycles of automatic reserve."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing.example import QUARTERS, area
from gateway.coupling import couple
from gateway.coupling.afrr import run
from gateway.coupling.capacities import TransferCapacities, Way
from gateway.coupling.settlement import cycles_ledger, exchange_ledger
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.results import ClearingResult
from tests.gateway.coupling.three_areas import BIDS, A, B, C, agreement, contributions

TSO = {A: "TSO A", B: "TSO B", C: "TSO C"}
PROVIDER = "example:example"


def coupled() -> ClearingResult:
    return couple(agreement("ABC"), contributions()).parts[0].result


def test_exchange_is_paid_at_both_prices_and_the_difference_is_shared() -> None:
    """50 MW from B (45) to A (60) and 30 MW from B to C (65) for a quarter hour.

    A pays 750, C pays 487.50, B receives 900; incomes of 187.50 and 150 are shared half each.
    """
    ledger = exchange_ledger(coupled(), TSO)
    assert [(entry.payer, entry.payee, entry.amount) for entry in ledger.postings if "intended" in entry.purpose] == [
        ("TSO A", "congestion income TSO A-TSO B", Decimal(750)),
        ("congestion income TSO A-TSO B", "TSO B", Decimal("562.5")),
        ("TSO C", "congestion income TSO B-TSO C", Decimal("487.5")),
        ("congestion income TSO B-TSO C", "TSO B", Decimal("337.5")),
    ]
    assert ledger.balances() == {
        "TSO A": Decimal("-656.25"),
        "TSO B": Decimal("1068.75"),
        "TSO C": Decimal("-412.5"),
        "congestion income TSO A-TSO B": 0,
        "congestion income TSO B-TSO C": 0,
    }


def test_the_income_of_a_border_is_shared_as_agreed() -> None:
    ledger = exchange_ledger(coupled(), TSO, {"TSO A-TSO B": Decimal(1)})
    assert ledger.balances()["TSO A"] == -750
    assert ledger.balances()["TSO B"] == Decimal("562.5") + Decimal("187.5") + Decimal("337.5") + 75


def test_areas_of_one_operator_settle_nothing_between_them() -> None:
    assert exchange_ledger(coupled(), {**TSO, B: "TSO A"}).balances().keys() == {
        "TSO A",
        "TSO C",
        "congestion income TSO A-TSO C",
    }
    assert exchange_ledger(coupled(), dict.fromkeys(TSO, "one")).postings == ()


def test_a_flow_without_a_price_is_refused() -> None:
    result = coupled()
    unpriced = replace(result, prices=tuple(price for price in result.prices if price.area != B))
    with pytest.raises(InvalidValue, match="prices at both ends, found example:B to example:A"):
        exchange_ledger(unpriced, TSO)


# ---- a quarter hour of automatic reserve


def borders(mw: int) -> TransferCapacities:
    ways = ((A, B), (B, A), (B, C), (C, B))
    return TransferCapacities(QUARTERS[0], tuple(sorted(Way(*ends, Decimal(mw)) for ends in ways)))


def demands(cycles: int, **mw: int) -> list[dict[AreaId, Decimal]]:
    return [{area(name): Decimal(value) for name, value in mw.items()}] * cycles


def test_a_constant_demand_is_settled_as_a_block() -> None:
    """10 MW of B1 at 45 for A: 2.5 MWh, 112.50; no border is full, so nothing is left as income."""
    cycles = run(BIDS, demands(225, A=10), borders(50))
    assert cycles_ledger(cycles, BIDS, TSO).balances() == {
        "TSO A": Decimal("-112.5"),
        "TSO B": 0,
        PROVIDER: Decimal("112.5"),
        "congestion income TSO A-TSO B": 0,
    }


def test_a_quarter_hour_with_congestion_is_settled_to_the_cent() -> None:
    """First 75 cycles: A needs 80; B1 sends 50 (45), A1 gives 30 (60). Then 150 cycles: B is 20 long, A 20 short.

    First part, 1/12 h: providers 50·45/12 = 187.50 from B and 30·60/12 = 150 from A; A pays 50·60/12 = 250 and B gets
    187.50; the income of 62.50 is shared. Second part, 1/6 h: nothing is activated, 20 MW flow at (45 + 20) / 2 = 32.5:
    108.33 from A to B.
    """
    cycles = run(BIDS, [*demands(75, A=80), *demands(150, A=20, B=-20)], borders(50))
    ledger = cycles_ledger(cycles, BIDS, TSO)
    assert ledger.balances() == {
        "TSO A": Decimal(-150) - Decimal("358.33") + Decimal("31.25"),
        "TSO B": Decimal("-187.5") + Decimal("295.83") + Decimal("31.25"),
        PROVIDER: Decimal("337.5"),
        "congestion income TSO A-TSO B": 0,
    }


def test_down_bids_pay() -> None:
    cycles = run(BIDS, demands(225, A=-20), borders(0))
    assert cycles_ledger(cycles, BIDS, TSO).balances() == {"TSO A": Decimal(100), PROVIDER: Decimal(-100)}


def test_a_flow_between_areas_where_nothing_is_offered_has_no_price() -> None:
    cycles = run((), demands(1, A=10, B=-10), borders(50))
    with pytest.raises(InvalidValue, match="a price in example:B, found an area where nothing is offered"):
        cycles_ledger(cycles, (), TSO)


quantity = st.integers(-120, 120)


@given(st.lists(st.tuples(quantity, quantity, quantity), min_size=1, max_size=4), st.integers(0, 60))
def test_every_cent_that_is_paid_is_received(drawn: list[tuple[int, int, int]], mw: int) -> None:
    wanted = [{A: Decimal(a), B: Decimal(b), C: Decimal(c)} for a, b, c in drawn]
    balances = cycles_ledger(run(BIDS, wanted, borders(mw)), BIDS, TSO).balances()
    assert sum(balances.values()) == 0
    assert all(balance == 0 for account, balance in balances.items() if account.startswith("congestion"))
