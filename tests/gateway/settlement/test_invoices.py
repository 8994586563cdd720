"""Whole invoices by hand: activations, penalties, imbalances and exchanges of a quarter hour in one ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import ZERO, Direction
from gateway.settlement.delivery import block, delivered_mwh, energy_mwh
from gateway.settlement.ledger import Ledger
from gateway.settlement.payments import (
    Delivery,
    PaymentTerms,
    VolumeBasis,
    energy_payments,
    make_whole,
    settled_mwh,
)
from gateway.settlement.perimeter import (
    Adjustment,
    adjustments,
    by_party,
    imbalance_mwh,
    imbalance_payment,
    purchase_adjustment,
    supplier_compensation,
)

D = Decimal
QUARTER = timedelta(minutes=15)
UP, DOWN = Direction.UP, Direction.DOWN
REQUESTED = PaymentTerms()
LESSER = PaymentTerms(basis=VolumeBasis.LESSER)
STRICT = PaymentTerms(basis=VolumeBasis.LESSER, penalty_per_mwh=D(40))

GENERATOR = Delivery(
    bid_id="g", provider="BSP", operator="TSO", direction=UP,
    requested_mwh=D("2.5"), delivered_mwh=D("2.5"), price=D(80),
)  # fmt: skip


def paid(delivery: Delivery, terms: PaymentTerms) -> list[tuple[str, str, str, str]]:
    return [(p.payer, p.payee, str(p.amount), p.purpose) for p in energy_payments(delivery, terms)]


@pytest.mark.parametrize(
    ("delivered", "terms", "expected"),
    [
        # as requested: 2.5 MWh at 80
        ("2.5", REQUESTED, [("TSO", "BSP", "200.00", "balancing energy g")]),
        # the request is paid whatever was delivered; the shortfall is imbalance
        ("2.0", REQUESTED, [("TSO", "BSP", "200.00", "balancing energy g")]),
        # 2.0 MWh at 80, and no penalty where the terms have none
        ("2.0", LESSER, [("TSO", "BSP", "160.00", "balancing energy g")]),
        # 0.5 MWh missing at 40
        ("2.0", STRICT, [("TSO", "BSP", "160.00", "balancing energy g"), ("BSP", "TSO", "20.00", "shortfall g")]),
        # more than requested is not balancing energy
        ("3.0", STRICT, [("TSO", "BSP", "200.00", "balancing energy g")]),
        # in the wrong direction: nothing is useful, all is missing
        ("-1.0", STRICT, [("TSO", "BSP", "0.00", "balancing energy g"), ("BSP", "TSO", "100.00", "shortfall g")]),
    ],
)
def test_the_invoice_of_a_generator(
    delivered: str, terms: PaymentTerms, expected: list[tuple[str, str, str, str]]
) -> None:
    assert paid(replace(GENERATOR, delivered_mwh=D(delivered)), terms) == expected


@pytest.mark.parametrize(
    ("price", "expected"),
    [("30", "-75.00"), ("0", "0.00"), ("-12", "30.00")],
    ids=["it pays for energy it need not make", "for nothing", "it is paid for taking"],
)
def test_the_invoice_of_a_downward_activation(price: str, expected: str) -> None:
    ((payer, payee, amount, _),) = paid(replace(GENERATOR, direction=DOWN, price=D(price)), STRICT)
    assert (payer, payee, D(amount)) == ("TSO", "BSP", D(expected))


def test_the_smaller_energy_counts_in_either_direction() -> None:
    down = replace(GENERATOR, direction=DOWN, price=D(30), delivered_mwh=D(1))
    assert paid(down, STRICT) == [
        ("TSO", "BSP", "-30.00", "balancing energy g"),
        ("BSP", "TSO", "60.00", "shortfall g"),
    ]


@pytest.mark.parametrize(
    ("direction", "bid_price", "price", "owed"),
    [
        (UP, "90", "80", "25.00"),
        (UP, "80", "80", None),
        (UP, "70", "80", None),
        (DOWN, "70", "80", "25.00"),
        (DOWN, "90", "80", None),
        (UP, "-10", "-20", "25.00"),
    ],
)
def test_who_is_activated_at_a_loss_is_lifted_to_his_own_price(
    direction: Direction, bid_price: str, price: str, owed: str | None
) -> None:
    found = make_whole(replace(GENERATOR, direction=direction, price=D(price)), D(bid_price))
    if owed is None:
        assert found is None
    else:
        assert found is not None
        assert (found.payer, found.payee, str(found.amount), found.purpose) == ("TSO", "BSP", owed, "make-whole g")


def test_a_quarter_hour_of_a_load_behind_an_aggregator() -> None:
    """A load of 4 MW is asked for 2 MW less and falls to 2.4 MW: 0.5 MWh requested, 0.4 MWh delivered.

    At 60 per MWh the aggregator has 30; its shortfall of 0.1 MWh costs 70 per MWh as imbalance, 7; it owes the
    supplier 45 for each of the 0.4 MWh that could not be billed, 18. It keeps 5.
    """
    requested = block(D(2), QUARTER).total_mwh
    delivered = delivered_mwh(D("-2.4"), D(-4), UP, QUARTER)
    activated = replace(GENERATOR, provider="aggregator", requested_mwh=requested, delivered_mwh=delivered, price=D(60))
    corrections = adjustments(activated, supplier="supplier", provider_responsible="aggregator")
    assert [(c.party, c.energy_mwh, c.bid_id) for c in corrections] == [
        ("supplier", D("0.4"), "g"),
        ("aggregator", D("0.1"), "g"),
    ]
    # The supplier bought 1 MWh for a load that took 0.6: corrected, it is balanced.
    supplier = imbalance_mwh(energy_mwh(D("-2.4"), QUARTER), D(-1), corrections[0].energy_mwh)
    aggregator = imbalance_mwh(ZERO, ZERO, corrections[1].energy_mwh)
    assert (supplier, aggregator) == (ZERO, D("-0.1"))
    ledger = Ledger() + energy_payments(activated, REQUESTED)
    ledger += [
        imbalance_payment("aggregator", "TSO", aggregator, D(70)),
        imbalance_payment("supplier", "TSO", supplier, D(70)),
        supplier_compensation("aggregator", "supplier", delivered, D(45)),
    ]
    assert ledger.balances() == {"TSO": D("-23.00"), "aggregator": D("5.00"), "supplier": D("18.00")}
    assert ledger.rounding() == 0


def test_without_the_correction_the_supplier_would_gain_from_what_it_did_not_do() -> None:
    surplus = imbalance_mwh(energy_mwh(D("-2.4"), QUARTER), D(-1))
    assert surplus == D("0.4")
    assert imbalance_payment("supplier", "TSO", surplus, D(70)).amount == D("28.00")


@pytest.mark.parametrize(
    ("imbalance", "price", "receives"),
    [("0.4", "70", "28.00"), ("-0.4", "70", "-28.00"), ("0.4", "-5", "-2.00"), ("0", "70", "0.00")],
)
def test_a_surplus_earns_and_a_shortage_pays(imbalance: str, price: str, receives: str) -> None:
    entry = imbalance_payment("BRP", "TSO", D(imbalance), D(price))
    assert Ledger((entry,)).balances() == {"BRP": D(receives), "TSO": -D(receives)}
    assert entry.purpose == "imbalance BRP"


def test_corrections_of_one_party_add_up() -> None:
    made = [
        Adjustment(party="P", energy_mwh=D("0.4"), bid_id="a"),
        Adjustment(party="Q", energy_mwh=D("-0.1"), bid_id="a"),
        Adjustment(party="P", energy_mwh=D("-0.3"), bid_id="b"),
    ]
    assert by_party(made) == {"P": D("0.1"), "Q": D("-0.1")}
    assert by_party([]) == {}


energies = st.decimals(0, 100, places=3)


@given(energies, st.decimals(-100, 100, places=3), st.decimals(-500, 500, places=2), st.sampled_from([UP, DOWN]))
def test_the_penalty_never_turns_a_shortfall_into_a_gain(
    requested: Decimal, delivered: Decimal, price: Decimal, direction: Direction
) -> None:
    activated = replace(GENERATOR, requested_mwh=requested, delivered_mwh=delivered, price=price, direction=direction)
    strict, lenient = ((Ledger() + energy_payments(activated, terms)).balances()["BSP"] for terms in (STRICT, LESSER))
    missing = requested - max(ZERO, min(requested, delivered))
    assert strict == lenient - (missing * 40).quantize(D("0.01"))


@given(energies, st.decimals(-500, 500, places=2), st.decimals(-500, 500, places=2), st.sampled_from([UP, DOWN]))
def test_made_whole_a_provider_never_earns_less_than_its_bid(
    requested: Decimal, price: Decimal, bid_price: Decimal, direction: Direction
) -> None:
    activated = replace(GENERATOR, requested_mwh=requested, delivered_mwh=requested, price=price, direction=direction)
    owed = make_whole(activated, bid_price)
    ledger = Ledger() + energy_payments(activated, REQUESTED) + ([owed] if owed else [])
    least = direction.sign * requested * bid_price
    assert ledger.balances()["BSP"] >= least - D("0.01")


@pytest.mark.parametrize(
    ("delivered", "terms", "provider", "total"),
    [
        ("0.5", REQUESTED, "0", "0.5"),
        ("0.4", REQUESTED, "0.1", "0.5"),
        ("0.55", REQUESTED, "-0.05", "0.5"),
        ("0.5", LESSER, "0", "0.5"),
        ("0.4", LESSER, "0", "0.4"),
        ("0.55", LESSER, "-0.05", "0.5"),
        ("-0.1", LESSER, "0.1", "0"),
    ],
)
def test_corrections_add_up_to_the_energy_that_is_paid(
    delivered: str, terms: PaymentTerms, provider: str, total: str
) -> None:
    activated = replace(GENERATOR, requested_mwh=D("0.5"), delivered_mwh=D(delivered))
    made = adjustments(activated, supplier="s", provider_responsible="p", basis=terms.basis)
    assert [correction.energy_mwh for correction in made] == [D(delivered), D(provider)]
    assert sum((correction.energy_mwh for correction in made), ZERO) == D(total)
    assert settled_mwh(activated, terms.basis) == D(total)


def test_what_a_party_buys_for_itself_leaves_the_sum_at_nothing() -> None:
    activated = replace(GENERATOR, requested_mwh=D(2), delivered_mwh=D("1.5"))
    made = [
        *adjustments(activated, supplier="s", provider_responsible="p"),
        purchase_adjustment("buyer", D(2), "purchase"),
    ]
    assert by_party(made) == {"s": D("1.5"), "p": D("0.5"), "buyer": D(-2)}
    assert imbalance_mwh(D(-2), ZERO, by_party(made)["buyer"]) == 0


@given(
    st.lists(
        st.tuples(energies, st.decimals(-100, 100, places=3), st.sampled_from([UP, DOWN]), st.sampled_from("sp")),
        max_size=8,
    ),
    st.sampled_from([REQUESTED, STRICT]),
)
def test_both_sums_hold_whatever_is_delivered(
    drawn: list[tuple[Decimal, Decimal, Direction, str]], terms: PaymentTerms
) -> None:
    suppliers = delivered_energy = paid_energy = ZERO
    corrections: list[Adjustment] = []
    for requested, delivered, way, supplier in drawn:
        done = replace(GENERATOR, direction=way, requested_mwh=requested, delivered_mwh=delivered)
        pair = adjustments(done, supplier=supplier, provider_responsible="p", basis=terms.basis)
        suppliers += pair[0].energy_mwh
        delivered_energy += way.sign * delivered
        paid_energy += way.sign * settled_mwh(done, terms.basis)
        corrections += pair
    assert suppliers == delivered_energy
    assert sum(by_party(corrections).values(), ZERO) == paid_energy
