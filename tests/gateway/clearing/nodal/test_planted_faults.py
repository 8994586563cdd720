"""Faults of 0.01 MW and 0.01 EUR, planted into the result of a market that is worked out by hand, item by item.

The certificate must name the item, the place, and the amount. What a fault spoils besides is part of the expectation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.clearing.nodal.certificate import ITEMS, certify_nodal, require_nodal
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import Binding, NodalMarket, NodalResult, Quantity
from gateway.errors import Unsolved
from tests.gateway.clearing.nodal.hand import hand_market

CENT = Decimal("0.01")
Fault = Callable[[NodalResult], NodalResult]
MARKET = hand_market()


def accepting(**more: Decimal) -> Fault:
    """Return the fault of other volumes, with the cost that goes with them."""
    price = {each.id: each.direction.sign * (each.price or Decimal(0)) for each in MARKET.bids}

    def plant(result: NodalResult) -> NodalResult:
        volumes = {name: mw + more.get(name, Decimal(0)) for name, mw in result.accepted_mw.items()}
        cost = sum((mw * price[name] for name, mw in more.items()), Decimal(0))
        return replace(result, accepted_mw=volumes, cost=result.cost + cost)

    return plant


def pricing(*buses: str, more: Decimal = CENT, **fields: Decimal) -> Fault:
    """Return the fault of other prices at some buses: all of the price, or only some of its *fields*."""

    def plant(result: NodalResult) -> NodalResult:
        changes = fields or {"price": more, "lowest": more, "highest": more}
        moved = {
            bus: replace(price, **{name: getattr(price, name) + by for name, by in changes.items()})
            if bus in buses
            else price
            for bus, price in result.prices.items()
        }
        return replace(result, prices=moved)

    return plant


def binding(name: str, /, **changes: Any) -> Fault:  # noqa: ANN401  # a field of one type or another
    """Return the fault of telling something else of one limit."""
    return lambda result: replace(
        result, bindings=tuple(replace(each, **changes) if each.place == name else each for each in result.bindings)
    )


def swapped(field: str, one: str, other: str) -> Fault:
    """Return the fault of telling the numbers of two names the other way round."""

    def plant(result: NodalResult) -> NodalResult:
        told: Mapping[str, Any] = getattr(result, field)
        changes: dict[str, Any] = {field: {**told, one: told[other], other: told[one]}}
        return replace(result, **changes)

    return plant


def duals_swapped(result: NodalResult) -> NodalResult:
    """Tell the shadow price of the line for that of the voltage, and the other way round."""
    one, other = result.bindings
    prices = other.shadow_price, one.shadow_price
    return replace(
        result,
        bindings=tuple(replace(each, shadow_price=price) for each, price in zip((one, other), prices, strict=True)),
    )


def missing(**buses: Decimal) -> Fault:
    """Return the fault of telling that power is missing."""
    return lambda result: replace(result, missing_mw=buses)


def found(result: NodalResult, market: NodalMarket = MARKET) -> dict[str, set[str]]:
    """Return the places that the certificate finds, by item."""
    items: dict[str, set[str]] = {}
    for each in certify_nodal(market, result):
        items.setdefault(each.item, set()).add(each.place)
    return items


def test_the_right_result_is_the_one_by_hand() -> None:
    result = clear_nodal(MARKET)

    assert result.accepted_mw == {
        "e1": Decimal("3.5"),
        "g1": 0,
        "g2": 0,
        "m1": 10,
        "n1": Decimal("20.25"),
        "s1": Decimal("15.25"),
    }
    assert result.cost == Decimal("1927.5")
    assert {bus: price.price for bus, price in result.prices.items()} == {
        "N": 20,
        "S": 70,
        "M": 45,
        "R": 45,
        "E": Decimal("37.5"),
        "G": Decimal("37.5"),
    }
    assert {bus: price.reactive_price for bus, price in result.prices.items()} == {
        **dict.fromkeys("NSMR", Decimal(0)),
        **dict.fromkeys("EG", Decimal(-15)),
    }
    assert result.bindings == (
        Binding(quantity=Quantity.FLOW, place="NS", side=0, upper=True, value=Decimal(20), shadow_price=Decimal(75)),
        Binding(
            quantity=Quantity.VOLTAGE,
            place="E",
            side=0,
            upper=True,
            value=Decimal("1.1"),
            shadow_price=Decimal(375),
        ),
    )
    assert certify_nodal(MARKET, result) == ()


DEARER = {"cost above its bound"}
ALL_BUT_S = {f"price of {bus}" for bus in "NMREG"}
W_OF_E = {"squared voltage of E"}
FAULTS: dict[str, tuple[Fault, dict[str, set[str]]]] = {
    "0.01 MW beyond a bid": (
        accepting(m1=CENT),
        {
            "volumes": {"volume of m1"},
            "balance": {"balance"},
            "limits": {"flow of NS"},
            "bindings": {"flow of NS"},
            "optimality": DEARER,
        },
    ),
    "0.01 MW below nothing": (
        accepting(g2=-CENT),
        {
            "volumes": {"volume of g2"},
            "balance": {"balance"},
            "bindings": {"flow of NS", *W_OF_E},
            "optimality": DEARER,
        },
    ),
    "0.01 MW from nowhere": (accepting(s1=CENT), {"balance": {"balance"}, "optimality": DEARER}),
    "0.01 MW less of one, more of another": (
        accepting(n1=CENT, s1=-CENT),
        {"limits": {"flow of NS"}, "bindings": {"flow of NS"}, "optimality": DEARER},
    ),
    "0.01 MW too much for a voltage": (
        accepting(e1=CENT, m1=-CENT),
        {"limits": W_OF_E, "bindings": W_OF_E, "content": {"surplus of m1"}, "optimality": DEARER},
    ),
    "0.01 MW too little for a voltage": (
        accepting(e1=-CENT, s1=CENT),
        {"bindings": {"flow of NS", *W_OF_E}, "optimality": DEARER},
    ),
    "volumes of two bids swapped": (
        swapped("accepted_mw", "n1", "s1"),
        {"bindings": {"flow of NS"}, "cost": {"cost"}},
    ),
    "0.01 EUR at a bus": (pricing("M"), {"prices": {"price of M"}, "optimality": DEARER}),
    "0.01 EUR at a feeder bus": (pricing("G"), {"prices": {"price of G"}}),
    "0.01 EUR where a bid is marginal": (
        pricing("E"),
        {"prices": {"price of E"}, "content": {"surplus of e1"}, "optimality": DEARER},
    ),
    "0.01 EUR of reactive power": (
        pricing("G", reactive_price=CENT),
        {"prices": {"price of G"}},
    ),
    "0.01 EUR everywhere": (
        pricing(*"NSMREG"),
        {"content": {"surplus of e1", "surplus of n1", "surplus of s1"}, "optimality": DEARER},
    ),
    "prices of two buses swapped": (
        swapped("prices", "N", "M"),
        {"prices": {"price of N", "price of M"}, "content": {"surplus of m1", "surplus of n1"}, "optimality": DEARER},
    ),
    "0.01 EUR above its own interval": (
        pricing("R", price=CENT),
        {"prices": {"price of R"}, "scarcity": {"price of R"}},
    ),
    "shadow prices of two limits swapped": (
        duals_swapped,
        {"prices": ALL_BUT_S, "optimality": DEARER},
    ),
    "0.01 EUR of a line's shadow price": (
        binding("NS", shadow_price=Decimal("75.01")),
        {"prices": ALL_BUT_S, "optimality": DEARER},
    ),
    "1 EUR of a voltage's shadow price": (
        binding("E", shadow_price=Decimal(376)),
        {"prices": {"price of E", "price of G"}, "optimality": DEARER},
    ),
    "a shadow price below nothing": (
        binding("NS", shadow_price=Decimal(-75)),
        {"bindings": {"shadow price of NS"}, "prices": ALL_BUT_S, "optimality": DEARER},
    ),
    "the other side of a limit": (
        binding("NS", upper=False),
        {"bindings": {"flow of NS"}, "prices": ALL_BUT_S, "optimality": DEARER},
    ),
    "0.01 MW of a limit's value": (binding("NS", value=Decimal("20.01")), {"bindings": {"flow of NS"}}),
    "a limit that is not there": (
        binding("NS", place="XY"),
        {"bindings": {"flow of XY"}, "prices": ALL_BUT_S},
    ),
    "a limit that is not full": (
        binding("E", place="G"),
        {"bindings": {"squared voltage of G"}, "prices": {"price of G"}, "optimality": DEARER},
    ),
    "0.01 MW missing where nothing is": (
        missing(S=CENT),
        {"balance": {"balance"}, "scarcity": {"price of S"}},
    ),
    "0.01 EUR of the cost": (lambda r: replace(r, cost=r.cost + CENT), {"cost": {"cost"}}),
    "a price beyond the cap": (pricing("R", more=Decimal(20_000)), {"scarcity": {"price of R"}}),
    "a bid without an answer": (
        lambda r: replace(r, accepted_mw={k: v for k, v in r.accepted_mw.items() if k != "g1"}),
        {"bids": {"g1"}},
    ),
    "an answer to nobody": (lambda r: replace(r, accepted_mw={**r.accepted_mw, "z": CENT}), {"bids": {"z"}}),
    "a bus without a price": (
        lambda r: replace(r, prices={k: v for k, v in r.prices.items() if k != "R"}),
        {"buses": {"R"}},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_its_items_at_its_place_and_by_no_others(name: str) -> None:
    fault, wanted = FAULTS[name]

    assert found(fault(clear_nodal(MARKET))) == wanted


def test_every_item_finds_a_fault() -> None:
    assert {item for _, wanted in FAULTS.values() for item in wanted} == {*ITEMS, "bids", "buses"}


@pytest.mark.parametrize(
    ("fault", "item", "amount"),
    [
        (accepting(m1=CENT), "volumes", 0.01),
        (accepting(s1=CENT), "balance", 0.01 - 5e-6),
        (accepting(n1=CENT, s1=-CENT), "limits", 0.01 * 2 / 3 - 1e-5),
        (accepting(e1=CENT, m1=-CENT), "limits", 0.01 - 1e-5),
        (binding("NS", value=Decimal("20.01")), "bindings", 0.01 - 1e-5),
        (pricing("M"), "prices", 0.01 - 55e-5),
        (pricing("E"), "content", 0.01 - 40.01e-5),
        (pricing("R", price=CENT), "scarcity", 0.01 - 1e-5),
        (lambda r: replace(r, cost=r.cost + CENT), "cost", 0.01),
    ],
    ids=[
        "volumes",
        "balance",
        "limits of a line",
        "limits of a voltage",
        "bindings",
        "prices",
        "content",
        "scarcity",
        "cost",
    ],
)
def test_the_amount_is_what_was_planted_less_what_rounding_explains(fault: Fault, item: str, amount: float) -> None:
    """Rounding: 1e-6 MW for each of five volumes, 1e-5 for a quantity, 1e-5 (10 + λ) for a price."""
    (violation,) = (each for each in certify_nodal(MARKET, fault(clear_nodal(MARKET))) if each.item == item)

    assert float(violation.amount) == pytest.approx(amount, rel=1e-6)


def test_a_refusal_lists_what_it_found() -> None:
    wrong = replace(clear_nodal(MARKET), cost=Decimal("1927.51"))

    with pytest.raises(Unsolved) as refusal:
        require_nodal(MARKET, wrong)
    assert str(refusal.value) == "certificate: expected a result that proves itself, found cost: cost by 0.01"


def test_a_refusal_lists_no_more_than_ten() -> None:
    right = clear_nodal(MARKET)
    wrong = replace(right, prices={bus: replace(price, price=Decimal(1)) for bus, price in right.prices.items()})

    with pytest.raises(Unsolved) as refusal:
        require_nodal(MARKET, wrong)
    assert len(refusal.value.found.split("; ")) == 10
    assert len(certify_nodal(MARKET, wrong)) > 10


def test_the_answer_to_a_market_without_feeder_limits_is_no_answer_to_one_with_them() -> None:
    """As if rows had been dropped: e1 and g2 are full, w_E is 1.24 and w_G 1.34 instead of 1.1, and RE carries 9 MW."""
    free = replace(MARKET, feeder_limits=False)
    result = clear_nodal(free)

    assert [result.accepted_mw[name] for name in ("e1", "g1", "g2")] == [4, 0, 6]
    assert certify_nodal(free, result) == ()
    beyond = {each.place: float(each.amount) for each in certify_nodal(MARKET, result) if each.item == "limits"}
    assert beyond == pytest.approx(
        {
            "squared voltage of E": 25 * 0.14 - 1e-5,
            "squared voltage of G": 25 * 0.24 - 1e-5,
            "power of RE": 4 - 1e-5,
        }
    )


def test_the_answer_to_a_wider_line_breaks_a_narrower_one() -> None:
    """As if the row of the line had been dropped: n1 gives all that is missing."""
    top = MARKET.network.transmission
    wide = replace(top, lines=tuple(replace(line, limit_mw=None) for line in top.lines))
    result = clear_nodal(replace(MARKET, network=replace(MARKET.network, transmission=wide)))

    assert result.accepted_mw["n1"] == 49
    assert found(result)["limits"] == {"flow of NS"}


SHORT = hand_market("s1")
"""Nothing but what comes over the lines reaches S."""


def test_scarcity_has_the_price_cap_for_a_proof() -> None:
    """n1 can give 27 MW, less half of what comes in at M: 10 MW of m1, and 4 of e1 and g2 before w_G is 1.1."""
    result = clear_nodal(SHORT)

    assert result.missing_mw == {"S": 49 - 10 - 4 - (27 - 7)}
    assert [result.accepted_mw[name] for name in ("e1", "g2", "m1", "n1")] == [3, 1, 10, 20]
    assert result.prices["S"].price == 15_000
    assert certify_nodal(SHORT, result) == ()


@pytest.mark.parametrize(
    ("fault", "items"),
    [
        (pricing("S", more=-CENT), {"scarcity", "prices"}),
        (missing(S=Decimal("14.99")), {"balance"}),
        (missing(S=Decimal(15), N=Decimal(0)), {"scarcity"}),
        (missing(), {"balance"}),
        (accepting(n1=-CENT), {"balance", "bindings"}),
    ],
    ids=["0.01 EUR below the cap", "0.01 MW less missing", "missing elsewhere", "nothing missing", "0.01 MW left out"],
)
def test_faults_in_scarcity_are_found(fault: Fault, items: set[str]) -> None:
    assert items <= set(found(fault(clear_nodal(SHORT)), SHORT))
