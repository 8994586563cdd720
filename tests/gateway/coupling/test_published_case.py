"""The cross-border case of the reference data: every stated welfare, volume, price and flow, for every partition."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.clearing.example import QUARTERS, bid, border, need
from gateway.coupling import Coupled, couple
from gateway.model import Bid, Capacity, Need
from tests.gateway.clearing.reading import accepted, flows, prices, served
from tests.gateway.coupling.three_areas import BIDS, BORDERS, NEEDS, agreement, contributions

CASE = "schemes/cases/aof_mari_like.json"


@pytest.fixture(scope="module")
def cases(reference_data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference_data / CASE).read_text())
    return found


def orders(case: dict[str, Any]) -> tuple[Bid | Need | Capacity, ...]:
    """Return the bids, demands and borders of a case as orders."""
    return (
        *(bid(each["id"], each["zone"], each["dir"], each["q"], each["price"]) for each in case["bids"]),
        *(need(each["id"], each["zone"], each["q"], each["price"]) for each in case["demands"]),
        *(way for each in case["borders"] for way in border(each["a"], each["b"], each["ab"], each["ba"])),
    )


def gathered(coupled: Coupled) -> list[dict[str, Any]]:
    """Return volumes, prices and net flows of each part, as the case writes them."""
    return [
        {
            "accepted": accepted(part.result),
            "demand": served(part.result),
            "price": prices(part.result),
            "flows": flows(part.result),
            "welfare": part.result.welfare,
        }
        for part in coupled.parts
    ]


def net_flows(stated: dict[str, float]) -> dict[str, Decimal]:
    """Return flows in the direction in which they go."""
    turned = {name if mw >= 0 else "->".join(name.split("->")[::-1]): abs(mw) for name, mw in stated.items()}
    return {name: Decimal(str(mw)) for name, mw in turned.items() if mw}


def test_our_shared_market_is_that_of_the_case(cases: dict[str, Any]) -> None:
    assert orders(cases["mari3"]["case"])[:8] == BIDS
    assert orders(cases["mari3"]["case"])[8:] == (*NEEDS, *BORDERS)


@pytest.mark.parametrize("partition", ["A|B|C", "AB|C", "A|BC", "ABC"])
def test_every_partition_has_the_stated_result(partition: str, cases: dict[str, Any]) -> None:
    stated = cases["coba"][partition]
    coupled = couple(agreement(*partition.split("|")), contributions(orders(cases["mari3"]["case"])))
    assert float(coupled.welfare) == stated["welfare"]
    for found, expected in zip(gathered(coupled), stated["parts"], strict=True):
        for what in ("accepted", "demand", "price", "welfare"):
            assert found[what] == expected[what]
        assert found["flows"] == net_flows(expected["flows"])


def test_without_limits_there_is_the_stated_result(cases: dict[str, Any]) -> None:
    wide = [
        replace(each, quantity_mw=Decimal(1000)) if isinstance(each, Capacity) else each
        for each in orders(cases["mari3"]["case"])
    ]
    (found,) = gathered(couple(agreement("ABC"), contributions(wide)))
    stated = cases["mari3_uncongested"]
    assert all(found[what] == stated[what] for what in ("accepted", "demand", "price", "welfare"))
    assert found["flows"] == net_flows(stated["flows"])


def test_scarcity_across_a_border_has_the_stated_result(cases: dict[str, Any]) -> None:
    case, stated = cases["scarcity"]["case"], cases["scarcity"]["strict"]
    (found,) = gathered(couple(agreement("AB"), contributions(orders(case), QUARTERS[:1], "AB")))
    assert all(found[what] == stated[what] for what in ("accepted", "demand", "price", "welfare"))
    assert found["flows"] == net_flows(stated["flows"])
