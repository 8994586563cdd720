"""The worked settlement numbers of a quarter hour, each small enough to check by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.model import ZERO, Direction
from gateway.settlement.baseline import SimilarDay, highest_days, meter_before, nominated, zero
from gateway.settlement.cost_split import shapley, standalone
from gateway.settlement.delivery import block, delivered_mwh, energy_mwh, trapezoid
from gateway.settlement.exchange import (
    IntendedExchange,
    NettedEnergy,
    exchange_postings,
    interface_deviation,
    netting_postings,
    netting_price,
)
from gateway.settlement.ledger import Ledger, Posting, posting
from gateway.settlement.payments import Delivery, PaymentTerms, VolumeBasis, energy_payments, make_whole
from gateway.settlement.perimeter import (
    adjustments,
    by_party,
    imbalance_mwh,
    imbalance_payment,
    supplier_compensation,
)

QUARTER = timedelta(minutes=15)
UP, DOWN = Direction.UP, Direction.DOWN
amounts = st.decimals("-10000", "10000", places=4)
powers = st.decimals("-500", "500", places=3)


@pytest.fixture
def cases(reference_data: Path) -> dict[str, Any]:
    text = (reference_data / "schemes/cases/settlement_examples.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)  # type: ignore[no-any-return]


def delivery(
    requested: Decimal, delivered: Decimal, direction: Direction = UP, price: Decimal = Decimal(50)
) -> Delivery:
    return Delivery(
        bid_id="b", provider="BSP", operator="TSO", direction=direction,
        requested_mwh=requested, delivered_mwh=delivered, price=price,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "metered"), [("full", "2.0"), ("under", "2.4"), ("over", "1.8")])
def test_metered_delivery_of_a_load(cases: dict[str, Any], name: str, metered: str) -> None:
    expected = cases["C_metered"][name]
    requested = block(Decimal(2), QUARTER).total_mwh
    delivered = delivered_mwh(-Decimal(metered), Decimal(-4), UP, QUARTER)
    assert (requested, delivered) == (expected["E_req"], expected["E_del"])
    activated = delivery(requested, delivered)
    ledger = Ledger() + energy_payments(activated, PaymentTerms())
    assert ledger.balances()["BSP"] == expected["bsp_payment"]
    supplier, provider = adjustments(activated, supplier="supplier", provider_responsible="BSP")
    assert (supplier.energy_mwh, provider.energy_mwh) == (expected["adj_supplier"], expected["adj_bsp"])
    allocated = energy_mwh(-Decimal(metered), QUARTER)
    assert imbalance_mwh(allocated, Decimal(-1)) == expected["imbalance_supplier_without"]
    assert imbalance_mwh(allocated, Decimal(-1), supplier.energy_mwh) == expected["imbalance_supplier"]
    surplus = imbalance_mwh(ZERO, ZERO, provider.energy_mwh)
    assert surplus == expected["imbalance_bsp"]
    ledger += [imbalance_payment("BSP", "TSO", surplus, Decimal(60))]
    assert ledger.balances()["BSP"] == expected["bsp_net"]


def test_exchange_between_three_areas(cases: dict[str, Any]) -> None:
    case = cases["D_cross_border"]
    ledger = Ledger()
    for start, end, flow, start_price, end_price in case["flows"]:
        ends = ((start, start_price), (end, end_price)) if flow > 0 else ((end, end_price), (start, start_price))
        (seller, seller_price), (buyer, buyer_price) = ends
        ledger += exchange_postings(
            IntendedExchange(
                from_operator=seller, to_operator=buyer, power_mw=abs(flow), from_price=seller_price,
                to_price=buyer_price, span=QUARTER,
            )
        )  # fmt: skip
    balances = ledger.balances()
    assert {name: balances[name] for name in "ABC"} == case["final"]
    assert balances["congestion income A-B"] == balances["congestion income B-C"] == 0
    incomes = {entry.payer: entry.amount for entry in ledger.postings if entry.purpose.startswith("income")}
    assert incomes == {f"congestion income {border}": half for border, half in case["half_each"].items()}


def test_what_the_demands_pay_is_what_providers_exchange_and_income_receive(cases: dict[str, Any]) -> None:
    """An operator that pays its providers and its imports pays its demand at the price of its own area."""
    case = cases["D_cross_border"]
    own = {"A": case["bsp"]["A1"], "B": case["bsp"]["B1"], "C": case["bsp"]["C2"]}
    before_income = case["tso_receives_before_income"]
    assert {name: own[name] - before_income[name] for name in "ABC"} == case["demand_payment"]
    assert sum(before_income.values()) == -sum(case["congestion_income"].values())
    assert sum(case["demand_payment"].values()) == sum(own.values()) + sum(case["congestion_income"].values())


def test_netting_saves_both_sides_the_same(cases: dict[str, Any]) -> None:
    case = cases["E_netting"]
    price = case["settlement_price"]
    assert (case["value_A"] - price) * case["import_A"] == case["saving_A"]
    assert (price - case["value_B"]) * case["export_B"] == case["saving_B"]


def test_imbalance_netting(cases: dict[str, Any]) -> None:
    case = cases["E_netting"]
    netted = (
        NettedEnergy(operator="A", energy_mwh=case["import_A"], value=case["value_A"]),
        NettedEnergy(operator="B", energy_mwh=-case["export_B"], value=case["value_B"]),
    )
    assert netting_price(netted) == case["settlement_price"]
    balances = (Ledger() + netting_postings(netted)).balances()
    assert balances == {"A": -case["A_pays_B"], "B": case["A_pays_B"], "imbalance netting": 0}


def test_baseline_of_the_highest_days(cases: dict[str, Any]) -> None:
    case = cases["F_baseline"]
    days = [SimilarDay(before, event) for before, event in case["history_pre_event_MW"]]
    baseline = highest_days(days, case["pre_event_today"])
    assert baseline.power_mw == case["baseline"]
    for figure in ("raw", "pre_event_today", "pre_event_history", "adjustment"):
        assert str(case[figure].normalize()) in baseline.inputs


def test_cost_of_a_common_market_is_split(cases: dict[str, Any]) -> None:
    case = cases["B_cost_split_S5"]
    alone = {"TSO": case["tso_alone"], "DSO": case["dso_alone_with_own_rebalancing"]}
    cost = {frozenset({name}): value for name, value in alone.items()} | {frozenset(alone): case["joint"]}
    assert shapley(cost) == case["shapley"]
    assert standalone(case["joint"], alone) == case["shapley"]


@pytest.mark.parametrize(
    ("direction", "price", "receives"),
    [(UP, 50, "25.00"), (UP, -20, "-10.00"), (DOWN, 30, "-15.00"), (DOWN, -18, "9.00")],
)
def test_who_pays_depends_on_direction_and_sign(direction: Direction, price: int, receives: str) -> None:
    activated = delivery(Decimal("0.5"), Decimal("0.5"), direction, Decimal(price))
    assert (Ledger() + energy_payments(activated, PaymentTerms())).balances()["BSP"] == Decimal(receives)


@pytest.mark.parametrize(
    ("delivered", "receives"), [("0.5", "25.00"), ("0.4", "19.00"), ("0.6", "25.00"), ("-0.1", "-5.00")]
)
def test_shortfall_with_penalty(delivered: str, receives: str) -> None:
    terms = PaymentTerms(basis=VolumeBasis.LESSER, penalty_per_mwh=Decimal(10))
    ledger = Ledger() + energy_payments(delivery(Decimal("0.5"), Decimal(delivered)), terms)
    assert ledger.balances()["BSP"] == Decimal(receives)


def test_a_bid_activated_at_a_loss_is_made_whole() -> None:
    activated = delivery(Decimal("0.5"), Decimal("0.5"))
    due = make_whole(activated, Decimal(60))
    assert due is not None
    assert due.amount == 5
    assert make_whole(activated, Decimal(50)) is None
    down = make_whole(delivery(Decimal("0.5"), Decimal("0.5"), DOWN), Decimal(40))
    assert down is not None
    assert down.amount == 5


def test_a_short_interface_pays() -> None:
    assert interface_deviation("DSO", "TSO", Decimal(-2), Decimal(60)).amount == -120


def test_an_independent_aggregator_compensates_the_supplier() -> None:
    assert supplier_compensation("BSP", "supplier", Decimal("0.4"), Decimal(45)).amount == 18


def test_simple_baselines_say_how_they_came_about() -> None:
    assert nominated(Decimal(4)).power_mw == 4
    assert meter_before(Decimal(3)).power_mw == 3
    assert zero().power_mw == 0
    assert len({nominated(Decimal(4)).method, meter_before(Decimal(4)).method, zero().method}) == 3


def test_the_same_day_adjustment_is_capped() -> None:
    days = [SimilarDay(Decimal(5), Decimal(5))] * 5
    assert highest_days(days, Decimal(50)).power_mw == 6
    assert highest_days(days, Decimal(-50)).power_mw == 4
    load = [SimilarDay(Decimal(-5), Decimal(-5))] * 5
    assert highest_days(load, Decimal(-50)).power_mw == -6
    with pytest.raises(InvalidValue, match="at least 5"):
        highest_days(days[:4], Decimal(5))


@given(powers, st.integers(1, 4 * 60), st.integers(0, 60))
def test_a_trapezoid_holds_the_energy_of_its_block(power: Decimal, minutes: int, ramp: int) -> None:
    span = timedelta(minutes=minutes)
    shape = trapezoid(power, span, timedelta(minutes=min(ramp, minutes)))
    assert abs(shape.total_mwh - block(power, span).total_mwh) < Decimal("1e-20")
    assert shape.before_mwh == shape.after_mwh


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD"), amounts).filter(lambda t: t[0] != t[1])))
def test_every_ledger_sums_to_zero(drawn: list[tuple[str, str, Decimal]]) -> None:
    ledger = Ledger() + [posting(payer, payee, amount, "any") for payer, payee, amount in drawn]
    assert sum(ledger.balances().values(), ZERO) == 0
    assert abs(ledger.rounding()) <= Decimal("0.005") * len(drawn)


@given(st.lists(amounts, min_size=1, max_size=8), st.lists(amounts, min_size=1, max_size=8))
def test_a_correction_leads_from_one_run_to_the_next(first: list[Decimal], second: list[Decimal]) -> None:
    runs = [
        Ledger(tuple(posting("TSO", f"BSP{n}", amount, "energy") for n, amount in enumerate(run)))
        for run in (first, second)
    ]
    total = Ledger(tuple(chain(runs[0].postings, runs[0].correction(runs[1]).postings))).balances()
    assert {name: value for name, value in total.items() if value} == {
        name: value for name, value in runs[1].balances().items() if value
    }
    assert not runs[0].correction(runs[0]).postings


@given(amounts, amounts, st.sampled_from([UP, DOWN]))
def test_corrections_sum_to_what_was_requested(requested: Decimal, delivered: Decimal, direction: Direction) -> None:
    both = adjustments(delivery(requested, delivered, direction), supplier="s", provider_responsible="p")
    assert sum(by_party(both).values(), ZERO) == direction.sign * requested
    same = adjustments(delivery(requested, delivered, direction), supplier="p", provider_responsible="p")
    assert by_party(same) == {"p": direction.sign * requested}


@given(st.dictionaries(st.sampled_from("ABCD"), st.decimals("0", "1000", places=2), min_size=1))
def test_where_nothing_is_saved_everybody_pays_alone(alone: dict[str, Decimal]) -> None:
    cost = {
        frozenset(group): sum((alone[name] for name in group), ZERO)
        for size in range(1, 2 ** len(alone))
        if (group := [name for bit, name in enumerate(sorted(alone)) if size >> bit & 1])
    }
    assert shapley(cost) == alone


def test_shares_add_up_and_missing_coalitions_are_refused() -> None:
    cost = {frozenset("A"): Decimal(10), frozenset("B"): Decimal(20), frozenset("AB"): Decimal(24)}
    assert shapley(cost) == {"A": 7, "B": 17}
    assert standalone(Decimal(24), {"A": Decimal(10), "B": Decimal(20)}) == {"A": 8, "B": 16}
    assert standalone(Decimal(24), {"A": ZERO, "B": ZERO}) == {"A": 12, "B": 12}
    with pytest.raises(InvalidValue, match="the cost of A with B"):
        shapley({frozenset("A"): ZERO, frozenset("B"): ZERO})


def test_what_makes_no_sense_is_refused() -> None:
    exchange = IntendedExchange(
        from_operator="A", to_operator="B", power_mw=Decimal(1), from_price=ZERO, to_price=ZERO, span=QUARTER
    )
    with pytest.raises(InvalidValue, match="0 to 1"):
        list(exchange_postings(exchange, Decimal(2)))
    with pytest.raises(InvalidValue, match="another account"):
        Posting(payer="A", payee="A", amount=ZERO, purpose="", exact=ZERO)
    lone = NettedEnergy(operator="A", energy_mwh=Decimal(1), value=ZERO)
    for unbalanced in ((lone,), (replace(lone, energy_mwh=ZERO),)):
        with pytest.raises(InvalidValue, match="imports that equal exports"):
            netting_price(unbalanced)
