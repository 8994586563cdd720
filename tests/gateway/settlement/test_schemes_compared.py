"""One quarter hour under all schemes side by side: what no scheme may change, and what each does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.accounts import SettlementKind
from gateway.model import ZERO
from gateway.settlement.case import SettlementCase
from gateway.settlement.payers import PAYERS
from gateway.settlement.payments import PaymentTerms, VolumeBasis
from gateway.settlement.run import SettlementRun, settle
from tests.gateway.settlement.values import LOADS, PLANT, D, award, definition, flexible_period, measured, need, result
from tests.market_values import DSO, OTHER_SELLER, SELLER, TSO

OPERATORS = {str(TSO.id), str(DSO.id)}


def period(
    scheme: str, plant: object = 15, loads: object = "-2.4", terms: PaymentTerms | None = None
) -> SettlementCase:
    """Return the flexible quarter hour with everything that any scheme asks for; the needs cost what the bids do."""
    return flexible_period(
        definition=definition(scheme, terms=terms or PaymentTerms()),
        result=result(award(PLANT, 10), award(LOADS, 2), needs=(need(TSO.id, 10), need(DSO.id, 2, name="own"))),
        readings=(measured(PLANT, plant), measured(LOADS, loads)),
        cost_key={TSO.id: D(125), DSO.id: D(25)},
    )


def balance(run: SettlementRun, *accounts: str) -> Decimal:
    found = run.ledger.balances()
    return sum((found.get(account, ZERO) for account in accounts), ZERO)


def paid_for_energy(run: SettlementRun, account: str) -> Decimal:
    """Return what *account* is paid for energy and pays as penalty; imbalances left out."""
    kinds = {SettlementKind.BALANCING_ENERGY, SettlementKind.PENALTY}
    own = [entry for entry in run.ledger.postings if entry.subject and entry.subject.kind in kinds]
    return sum((e.amount * ((e.payee == account) - (e.payer == account)) for e in own), ZERO)


@given(st.decimals(-20, 20, places=2), st.decimals(-20, 20, places=2), st.sampled_from(VolumeBasis))
def test_a_provider_is_paid_the_same_whoever_pays(plant: Decimal, loads: Decimal, basis: VolumeBasis) -> None:
    terms = PaymentTerms(basis=basis, penalty_per_mwh=D(30))
    runs = [settle(period(scheme, plant, loads, terms)) for scheme in PAYERS]
    for provider in (str(SELLER.id), str(OTHER_SELLER.id)):
        assert len({paid_for_energy(run, provider) for run in runs}) == 1


@given(st.decimals(-20, 20, places=2), st.decimals(-20, 20, places=2))
def test_perimeters_move_by_the_same_energy_whoever_corrects_them(plant: Decimal, loads: Decimal) -> None:
    runs = [settle(period(scheme, plant, loads)) for scheme in PAYERS]
    moved = [[(shift.share, shift.party, shift.energy_mwh) for shift in run.shifts] for run in runs]
    assert all(other == moved[0] for other in moved)
    imbalances = [[(each.perimeter, each.imbalance_mwh, each.price) for each in run.imbalances] for run in runs]
    assert all(other == imbalances[0] for other in imbalances)


@pytest.mark.parametrize("scheme", PAYERS)
def test_the_operators_together_pay_what_the_others_receive(scheme: str) -> None:
    run = settle(period(scheme))
    assert balance(run, *OPERATORS) == D(-144)


@pytest.mark.parametrize(
    ("scheme", "distributor"),
    [
        ("centralised", "0"),
        ("local", "-25"),
        ("shared", "-25"),
        ("common_centralised", "-25"),
        ("common_decentralised", "-25"),
        ("integrated", "-25"),
    ],
)
def test_the_distribution_operator_pays_its_own_need_where_the_scheme_lets_it_buy(
    scheme: str, distributor: str
) -> None:
    assert balance(settle(period(scheme)), str(DSO.id)) == D(distributor)


@pytest.mark.parametrize("scheme", ["common_centralised", "common_decentralised"])
@given(st.integers(0, 100), st.integers(1, 100))
def test_both_common_schemes_end_with_the_same_shares(scheme: str, first: int, second: int) -> None:
    key = {TSO.id: D(first), DSO.id: D(second)}
    case = flexible_period(scheme, cost_key=key, perimeters=())
    run = settle(case)
    share = (D(150) * first / (first + second)).quantize(D("0.01"))
    assert abs(balance(run, str(TSO.id)) + share) <= D("0.01")
    assert abs(balance(run, *OPERATORS) + 150) <= D("0.01")


@pytest.mark.parametrize(
    ("scheme", "kinds"),
    [
        ("centralised", {SettlementKind.BALANCING_ENERGY, SettlementKind.IMBALANCE}),
        ("common_centralised", {SettlementKind.BALANCING_ENERGY, SettlementKind.IMBALANCE, SettlementKind.COST_SHARE}),
        ("integrated", {SettlementKind.BALANCING_ENERGY, SettlementKind.IMBALANCE}),
    ],
)
def test_a_scheme_pays_by_the_kinds_of_its_table(scheme: str, kinds: set[SettlementKind]) -> None:
    run = settle(period(scheme))
    assert {entry.subject.kind for entry in run.ledger.postings if entry.subject} == kinds


@pytest.mark.parametrize("scheme", PAYERS)
def test_every_payment_of_energy_is_quantity_times_price(scheme: str) -> None:
    """FS-002: to a cent, for whoever pays and whoever is paid."""
    prices = {D(50), D(60)}
    for entry in settle(period(scheme)).ledger.postings:
        if entry.subject and entry.subject.energy_mwh:
            assert any(abs(entry.amount - entry.subject.energy_mwh * price) <= D("0.01") for price in prices)
