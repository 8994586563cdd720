"""Settlement at nodal prices, and the split of what a common market costs: the small system S5, and the identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.model import ZERO
from gateway.settlement.cost_split import (
    PurposedActivation,
    by_purpose,
    proportionally,
    purpose,
    shapley,
    standalone,
    unpriced_transfer,
)
from gateway.settlement.ledger import Ledger
from gateway.settlement.nodal import MARKET, BindingLimit, Nodal, NodalChange

D = Decimal
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def change(name: str, party: str, mw: object, price: object) -> NodalChange:
    return NodalChange(name=name, party=party, injection_mw=D(str(mw)), price=D(str(price)))


S5 = Nodal(
    deviations=(change("T1", "TSO", -10, 50), change("D2", "DSO1", 2, -18), change("H1", "DSO2", -4, 50)),
    activations=(change("G1", "G", 13, 50), change("E4", "E", -1, -18)),
    limits=(
        BindingLimit(name="voltage D2", owner="DSO1", shadow_price=D(1700), limit=D("1.10"), scheduled_use=D("1.06")),
    ),
    span=QUARTER,
)
"""Deviations of a transmission node and of two feeders, met by a generator and by a load that limits a voltage."""

ACTIVATIONS = (
    PurposedActivation(bid_id="G1", injection_mw=D(13), price=D(50)),
    PurposedActivation(bid_id="E4", injection_mw=D(-1), price=D(-18), owner="DSO"),
)


@pytest.fixture
def cases(reference_data: Path) -> dict[str, Any]:
    text = (reference_data / "schemes/cases/settlement_examples.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)  # type: ignore[no-any-return]


# ---- nodal prices


def test_the_worked_figures_of_a_common_market(cases: dict[str, Any]) -> None:
    case = cases["A_common_S5"]
    assert {one.name: S5.value(one) for one in S5.activations} == case["bsp_receives_EUR"]
    assert {one.name: -S5.value(one) for one in S5.deviations} == case["deviation_pays_EUR"]
    assert (S5.paid_in, S5.paid_out) == (case["sum_paid_in"], case["sum_paid_out"])
    assert S5.paid_in - S5.paid_out == case["surplus"]
    assert S5.rent(S5.limits[0]) == case["voltage_rent"]
    assert {one.name: one.price for one in S5.deviations}.items() <= case["prices"].items()


def test_the_nodal_price_is_the_balance_price_less_what_the_voltage_takes() -> None:
    balance, shadow = D(50), D(1700)
    assert [balance - h * shadow for h in (D("0.02"), D("0.04"))] == [16, -18]


def test_every_operator_bears_its_deviations_less_the_rent_of_its_limits() -> None:
    assert S5.shares() == {"TSO": D(125), "DSO1": D(-8), "DSO2": D(50)}
    assert sum(S5.shares().values()) == S5.paid_out == 167
    assert S5.gap == 0


def test_the_money_of_a_nodal_market_leaves_its_account_empty() -> None:
    balances = (Ledger() + S5.postings()).balances()
    assert balances == {
        "TSO": D(-125), "DSO1": D(8), "DSO2": D(-50), "G": D("162.50"), "E": D("4.50"), MARKET: ZERO,
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        replace(S5, deviations=(replace(S5.deviations[0], injection_mw=D(10)), *S5.deviations[1:])),
        replace(S5, activations=(S5.activations[0], replace(S5.activations[1], price=D(50)))),
        replace(S5, limits=(replace(S5.limits[0], scheduled_use=D("1.14")),)),
        replace(S5, limits=()),
    ],
    ids=["sign of a deviation", "zone price at the node", "deviation in the schedule", "rent forgotten"],
)
def test_a_wrong_price_sign_or_volume_leaves_a_gap(wrong: Nodal) -> None:
    assert wrong.gap != 0


figures = st.decimals(-50, 50, places=2)


@given(
    st.lists(st.tuples(figures, st.lists(figures, min_size=2, max_size=2)), min_size=1, max_size=6),
    st.lists(st.tuples(st.decimals(0, 500, places=1), figures), min_size=2, max_size=2),
    figures,
)
def test_in_less_out_is_the_rent_of_the_binding_limits(
    nodes: list[tuple[Decimal, list[Decimal]]], limits: list[tuple[Decimal, Decimal]], balance: Decimal
) -> None:
    """Random injections that balance, random sensitivities, limits that bind: the identity holds to the last digit."""
    injections = [mw for mw, _ in nodes]
    injections.append(-sum(injections, ZERO))
    sensitivities = [row for _, row in nodes] + [[D(1), D(-2)]]
    made = []
    for mw, row in zip(injections, sensitivities, strict=True):
        taken = sum((shadow * h for (shadow, _), h in zip(limits, row, strict=True)), ZERO)
        made.append(NodalChange(name="n", party="p", injection_mw=mw, price=balance - taken))
    use = [sum((mw * row[c] for mw, row in zip(injections, sensitivities, strict=True)), ZERO) for c in range(2)]
    binding = tuple(
        BindingLimit(name=str(c), owner="o", shadow_price=shadow, limit=scheduled + use[c], scheduled_use=scheduled)
        for c, (shadow, scheduled) in enumerate(limits)
    )
    split = len(made) // 2
    nodal = Nodal(deviations=tuple(made[:split]), activations=tuple(made[split:]), limits=binding, span=HOUR)
    assert nodal.gap == 0
    assert sum(nodal.shares().values(), ZERO) == nodal.paid_out


# ---- shares of a joint cost


def test_three_keys_agree_where_nothing_is_saved_by_buying_together(cases: dict[str, Any]) -> None:
    case = cases["B_cost_split_S5"]
    alone = {"TSO": case["tso_alone"], "DSO": case["dso_alone_with_own_rebalancing"]}
    coalitions = {frozenset({name}): cost for name, cost in alone.items()} | {frozenset(alone): case["joint"]}
    expected = case["shapley"]
    assert by_purpose(ACTIVATIONS, "TSO", D(50)) == expected
    assert shapley(coalitions) == standalone(case["joint"], alone) == expected
    assert sum(one.injection_mw * one.price for one in ACTIVATIONS) == case["joint"]


def test_an_unpriced_interface_hides_a_transfer(cases: dict[str, Any]) -> None:
    case = cases["B_cost_split_S5"]
    local = case["local_scheme"]
    distribution = [PurposedActivation(bid_id="E3", injection_mw=D(-2), price=D(-8), owner="DSO")]
    transmission = [PurposedActivation(bid_id="G1", injection_mw=D(14), price=D(50))]
    paid = [sum(one.injection_mw * one.price for one in bought) for bought in (distribution, transmission)]
    assert paid == [local["DSO_pays_bids"], local["TSO_pays"]]
    assert sum(paid) == local["total"]
    assert unpriced_transfer(D(-2), D(50)) == local["hidden_transfer_to_TSO"]
    split = by_purpose(ACTIVATIONS, "TSO", D(50))
    assert (paid[1] - split["TSO"], paid[0] - split["DSO"]) == (D(100), D(-52))
    assert sum(paid) - case["joint"] == 48


def test_each_operator_pays_its_own_market_where_responsibility_is_shared(cases: dict[str, Any]) -> None:
    case = cases["B_cost_split_S5"]["shared"]
    bought = {"DSO1": (-2, -8), "DSO2": (4, 90), "TSO": (10, 50)}
    paid = {name: D(mw) * price for name, (mw, price) in bought.items()}
    assert paid == {name: case[name] for name in bought}
    assert sum(paid.values()) == case["total"]


@pytest.mark.parametrize(
    ("sign", "terms", "found"),
    [
        (-1, {"voltage": "68", "flow": "0"}, "voltage"),
        (1, {"voltage": "68"}, None),
        (1, {"voltage": "-68", "flow": "-70"}, "flow"),
        (1, {"b": "-5", "a": "-5"}, "a"),
        (-1, {}, None),
    ],
)
def test_the_constraint_that_speaks_most_for_a_bid_is_its_purpose(
    sign: int, terms: Mapping[str, str], found: str | None
) -> None:
    assert purpose(sign, {name: D(term) for name, term in terms.items()}) == found


@given(st.lists(st.tuples(figures, figures, st.sampled_from([None, "DSO", "TSO", "other"])), max_size=6), figures)
def test_the_shares_by_purpose_are_the_cost(drawn: list[tuple[Decimal, Decimal, str | None]], balance: Decimal) -> None:
    made = [PurposedActivation(bid_id="b", injection_mw=mw, price=price, owner=owner) for mw, price, owner in drawn]
    cost = sum((one.injection_mw * one.price for one in made), ZERO)
    assert sum(by_purpose(made, "TSO", balance).values(), ZERO) == cost


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("167", {"TSO": "600", "DSO": "68"}, {"TSO": "150", "DSO": "17"}),
        (
            "10",
            {"a": "1", "b": "1", "c": "1"},
            {"a": "3.333333333333333333333333333", "c": "3.333333333333333333333333334"},
        ),
        ("41.75", {"TSO": "125", "DSO1": "-8", "DSO2": "50"}, {"TSO": "31.25", "DSO1": "-2", "DSO2": "12.5"}),
        ("0", {"a": "0", "b": "0"}, {"a": "0", "b": "0"}),
        ("7", {"a": "0", "b": "2"}, {"a": "0", "b": "7"}),
    ],
)
def test_a_total_is_split_by_weights_to_the_last_digit(
    total: str, weights: dict[str, str], shares: dict[str, str]
) -> None:
    found = proportionally(D(total), {name: D(weight) for name, weight in weights.items()})
    assert sum(found.values()) == D(total)
    assert {name: found[name] for name in shares} == {name: D(share) for name, share in shares.items()}


def test_weights_that_cancel_split_nothing() -> None:
    with pytest.raises(InvalidValue, match="do not add up to 0"):
        proportionally(D(1), {"a": D(1), "b": D(-1)})
    assert proportionally(ZERO, {}) == {}
