"""Cases with published or independently computed results, read from the reference data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.clearing import ClearingRules, Market, Pricing, clear
from gateway.clearing.example import bid, border, limit, market_of, need
from gateway.model import Bid, Capacity, Limit, Need
from gateway.results import ClearingResult, Fate
from tests.gateway.clearing.reading import accepted, flows, prices, served

Case = dict[str, Any]
MISSED = {Fate.PARADOXICALLY_REJECTED, Fate.EXCLUDED_BY_GROUP}
"""Fates of bids that are rejected although they are in the money."""


@pytest.fixture(scope="module")
def couplings(reference_data: Path) -> Case:
    """The cases of coupled areas: welfare, volumes, flows and prices of each."""
    return _read(reference_data / "schemes/cases/aof_mari_like.json")


@pytest.fixture(scope="module")
def dispatches(reference_data: Path) -> Case:
    """The printed results of an Australian dispatch model's examples."""
    return _read(reference_data / "schemes/cases/nempy_examples.json")


def _read(path: Path) -> Case:
    loaded: Case = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _market(case: Case, zones: Iterable[str] | None = None, pricing: Pricing = Pricing.STRICT) -> Market:
    inside = set(case["zones"] if zones is None else zones)
    things: list[Bid | Need | Capacity] = []
    for each in case["bids"]:
        if each["zone"] in inside:
            more = {"divisible": not each.get("indivisible"), "exclusive": each.get("exclusive")}
            things.append(bid(each["id"], each["zone"], each["dir"], each["q"], each["price"], **more))
    things += [need(d["id"], d["zone"], d["q"], d["price"]) for d in case["demands"] if d["zone"] in inside]
    for line in case["borders"]:
        if {line["a"], line["b"]} <= inside:
            things += border(line["a"], line["b"], line["ab"], line["ba"])
    return market_of(*things, rules=ClearingRules(pricing=pricing))


def _agrees(result: ClearingResult, expected: Case) -> None:
    """Every number that the case states is that of the result."""
    assert result.welfare == number(expected["welfare"])
    assert accepted(result) == {name: number(mw) for name, mw in expected["accepted"].items()}
    assert served(result) == {name: number(mw) for name, mw in expected["demand"].items()}
    assert flows(result) == dict(_directed(name, mw) for name, mw in expected["flows"].items())
    for area, price in expected.get("price", {}).items():
        assert prices(result)[area] == number(price)
    for area, (lowest, highest) in expected.get("price_range", {}).items():
        (found,) = (price for price in result.prices if price.area.value == area)
        assert (found.lowest, found.highest) == (number(lowest), number(highest))
    if "urb" in expected:
        missed = {each.bid_id for each in result.awards if each.fate in MISSED}
        assert missed == set(expected["urb"])


def number(value: float) -> Decimal:
    """Return a number of the file as a decimal."""
    return Decimal(str(value))


def _directed(name: str, mw: float) -> tuple[str, Decimal]:
    """A negative flow from A to B is a flow from B to A."""
    start, end = name.split("->")
    return (f"{start}->{end}", number(mw)) if mw > 0 else (f"{end}->{start}", number(-mw))


def test_three_areas(couplings: Case) -> None:
    case = couplings["mari3"]

    _agrees(clear(_market(case["case"])), case["result"])


def test_three_areas_without_congestion(couplings: Case) -> None:
    case = dict(couplings["mari3"]["case"])
    case["borders"] = [{**line, "ab": 1000, "ba": 1000} for line in case["borders"]]

    _agrees(clear(_market(case)), couplings["mari3_uncongested"])


@pytest.mark.parametrize("partition", ["A|B|C", "AB|C", "A|BC", "ABC"])
def test_balancing_areas_joined_step_by_step(couplings: Case, partition: str) -> None:
    expected = couplings["coba"][partition]
    results = [clear(_market(couplings["mari3"]["case"], part)) for part in partition.split("|")]

    assert sum(result.welfare for result in results) == number(expected["welfare"])
    for result, part in zip(results, expected["parts"], strict=True):
        _agrees(result, part)


@pytest.mark.parametrize("name", ["urb", "counter", "exclusive", "scarcity"])
def test_strict_pricing(couplings: Case, name: str) -> None:
    _agrees(clear(_market(couplings[name]["case"])), couplings[name]["strict"])


def test_welfare_first(couplings: Case) -> None:
    market = _market(couplings["urb"]["case"], pricing=Pricing.WELFARE_FIRST)

    _agrees(clear(market), couplings["urb"]["welfare_first"])


def test_a_stack_of_bids(dispatches: Case) -> None:
    case = dispatches["bidstack"]
    steps = [
        bid(f"{unit}{at}", "R", "up", mw, price)
        for unit, blocks in case["units"].items()
        for at, (mw, price) in enumerate(blocks)
    ]
    result = clear(market_of(*steps, need("demand", "R", case["demand"])))
    taken = accepted(result)

    for unit, mw in case["expected"]["dispatch"].items():
        assert sum(amount for name, amount in taken.items() if name.startswith(unit)) == mw
    assert prices(result) == {"R": case["expected"]["price"]}


def test_an_interconnector_with_losses(dispatches: Case) -> None:
    case = dispatches["interconnector_losses"]
    unit, link, expected = case["unit"]["A"], case["link"], case["expected"]
    fine = ClearingRules(price_step=Decimal("0.000001"), quantity_step=Decimal("0.000001"))
    assert link["loss"].startswith("5%")
    market = market_of(
        bid("A", unit["zone"], "up", unit["q"], unit["p"]),
        *(need(f"demand {zone}", zone, mw) for zone, mw in case["demand"].items()),
        *border(link["f"], link["t"], link["max"], -link["min"], loss="0.05"),
        rules=fine,
    )
    result = clear(market)

    assert accepted(result) == {"A": number(expected["dispatch_A"])}
    assert flows(result) == {f"{link['f']}->{link['t']}": number(expected["flow"])}
    assert prices(result) == {zone: number(price) for zone, price in expected["price"].items()}
    lost = accepted(result)["A"] - sum(served(result).values())
    assert lost == number(expected["losses"])


def test_energy_and_reserves_of_the_same_units(dispatches: Case) -> None:
    case = dispatches["energy_reserve_cooptimisation"]
    offers = [
        bid(f"{unit} {product}", "R", "up", *block, product=product)
        for unit, products in case["bids"].items()
        for product, block in products.items()
    ]
    needs = [need(product, "R", mw, product=product) for product, mw in case["requirement"].items()]
    market = market_of(*offers, need("energy", "R", case["demand"]), *needs, *_joint_capacities(case))
    result = clear(market)

    assert accepted(result) == case["expected"]["dispatch"]
    for product, price in case["expected"]["price"].items():
        assert prices(result, product) == {"R": price}


def _joint_capacities(case: Case) -> Iterable[Limit]:
    """Return the upper slope of each trapezium: energy + slope · reserve (+ regulation) ≤ enablement maximum.

    The lower slopes do not bind in this case and are no limits in the sense of the model, which allows no activation.
    """
    for name, (most, _, _, high_break, maximum) in case["trapezium"].items():
        unit, product = name.split()
        slopes = {f"{unit} energy": 1.0, name: (maximum - high_break) / most}
        regulation = f"{unit} raise_reg"
        if product != "raise_reg" and "raise_reg" in case["bids"][unit]:
            slopes[regulation] = 1.0
        yield limit(name, maximum, **slopes)
