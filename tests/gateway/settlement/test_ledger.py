"""The ledger by double entry: every amount leaves one account and enters another, rounded once and in the open."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.model import ZERO
from gateway.settlement.ledger import CENT, Ledger, Posting, posting

amounts = st.decimals("-10000", "10000", places=4)
names = st.permutations("ABCD")
purposes = st.sampled_from(["energy", "penalty"])
payments = st.lists(
    st.builds(lambda who, amount, purpose: posting(who[0], who[1], amount, purpose), names, amounts, purposes),
    max_size=12,
)


@pytest.mark.parametrize(
    ("exact", "posted"),
    [
        ("12.344", "12.34"),
        ("12.345", "12.34"),
        ("12.3451", "12.35"),
        ("12.355", "12.36"),
        ("-12.345", "-12.34"),
        ("-12.355", "-12.36"),
        ("0.005", "0.00"),
        ("0.015", "0.02"),
        ("7", "7.00"),
        ("1E+3", "1000.00"),
    ],
)
def test_an_amount_is_rounded_half_to_even_once(exact: str, posted: str) -> None:
    entry = posting("TSO", "BSP", Decimal(exact), "energy")
    assert str(entry.amount) == posted
    assert entry.exact == Decimal(exact)
    assert (entry.payer, entry.payee, entry.purpose) == ("TSO", "BSP", "energy")


@given(amounts)
def test_rounding_moves_at_most_half_a_cent(amount: Decimal) -> None:
    entry = posting("A", "B", amount, "any")
    assert abs(entry.amount - amount) <= CENT / 2
    assert posting("A", "B", entry.amount, "any").amount == entry.amount


@pytest.mark.parametrize("account", ["A", "congestion income DK1-NO2"])
def test_nobody_pays_himself(account: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        posting(account, account, Decimal(1), "any")
    assert str(caught.value) == f"Posting.payee: expected another account than the payer, found {account}"


WORKED = (
    posting("TSO", "BSP1", Decimal("100.00"), "energy"),
    posting("TSO", "BSP2", Decimal("50.50"), "energy"),
    posting("BSP1", "TSO", Decimal("12.25"), "penalty"),
    posting("BRP", "TSO", Decimal("80.005"), "imbalance"),
    posting("TSO", "BRP", Decimal("-5.00"), "imbalance"),
)


def test_an_account_has_what_it_received_less_what_it_paid() -> None:
    # The TSO pays 100 + 50.50 and receives 12.25 + 80.00 + 5.00; 80.005 is posted as 80.00.
    assert Ledger(WORKED).balances() == {
        "BRP": Decimal("-85.00"),
        "BSP1": Decimal("87.75"),
        "BSP2": Decimal("50.50"),
        "TSO": Decimal("-53.25"),
    }
    assert list(Ledger(WORKED).balances()) == ["BRP", "BSP1", "BSP2", "TSO"]
    assert Ledger(WORKED).rounding() == Decimal("-0.005")


def test_the_order_of_the_postings_changes_no_balance() -> None:
    outcomes = {tuple(Ledger(order).balances().items()) for order in permutations(WORKED)}
    assert len(outcomes) == 1


def test_a_ledger_grows_at_its_end_and_stays_what_it_was() -> None:
    before = Ledger(WORKED[:2])
    after = before + WORKED[2:]
    assert after.postings == WORKED
    assert before.postings == WORKED[:2]
    assert (Ledger() + iter(WORKED)).postings == WORKED


def test_a_ledger_of_nothing_has_no_balances() -> None:
    assert (Ledger().balances(), Ledger().rounding()) == ({}, ZERO)
    assert Ledger().correction(Ledger()).postings == ()


@given(payments)
def test_every_ledger_sums_to_zero_and_turned_round_to_the_opposite(drawn: list[Posting]) -> None:
    ledger = Ledger(tuple(drawn))
    assert sum(ledger.balances().values(), ZERO) == 0
    turned = Ledger(tuple(posting(entry.payee, entry.payer, entry.amount, entry.purpose) for entry in drawn))
    assert turned.balances() == {name: -amount for name, amount in ledger.balances().items()}


def test_a_later_run_pays_only_the_differences() -> None:
    corrected = (
        posting("TSO", "BSP1", Decimal("95.00"), "energy"),
        posting("TSO", "BSP2", Decimal("50.50"), "energy"),
        posting("BRP", "TSO", Decimal("80.005"), "imbalance"),
        posting("TSO", "BRP", Decimal("-5.00"), "imbalance"),
        posting("TSO", "BSP3", Decimal("7.00"), "energy"),
    )
    found = [
        (p.payer, p.payee, str(p.amount), p.purpose) for p in Ledger(WORKED).correction(Ledger(corrected)).postings
    ]
    assert found == [
        ("TSO", "BSP1", "-5.00", "energy, correction"),
        ("BSP1", "TSO", "-12.25", "penalty, correction"),
        ("TSO", "BSP3", "7.00", "energy, correction"),
    ]


def test_postings_of_the_same_purpose_are_corrected_by_their_sum() -> None:
    first = Ledger(tuple(posting("A", "B", Decimal(amount), "energy") for amount in ("1.00", "2.00")))
    second = Ledger((posting("A", "B", Decimal("3.00"), "energy"),))
    assert first.correction(second).postings == ()
    assert second.correction(first).postings == ()


@given(payments, payments)
def test_there_and_back_again_costs_nothing(first: list[Posting], second: list[Posting]) -> None:
    one, other = Ledger(tuple(first)), Ledger(tuple(second))
    both = one.correction(other).postings + other.correction(one).postings
    assert not any(Ledger(both).balances().values())
