"""A feeder with an indivisible resource: what it hands up is an exclusive group, and the central market chooses."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.market import NodalMarket
from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import InvalidValue
from gateway.network.model import Feeder, Network, Section, Transmission
from gateway.schemes import named

BIDS = (bid("X", "A", "up", 3, 20, divisible=False), bid("Y", "A", "up", 2, 40), bid("G", "A", "up", 20, 50))


def system(need_mw: int) -> CoordinatedSystem:
    """Return X (3 MW at 20, whole or not at all) and Y (2 MW at 40) in a feeder, G at 50 outside, and a need."""
    section = Section(id="RE", parent="R", child="E", r_pu=Decimal("0.001"), x_pu=Decimal(0), limit_mva=Decimal(10))
    feeder = Feeder(id="F", interface="T", root="R", sections=(section,))
    return CoordinatedSystem(
        market=NodalMarket(
            network=Network(transmission=Transmission(buses=("T",), lines=(), reference="T"), feeders=(feeder,)),
            bids=BIDS,
            buses={"X": "E", "Y": "E", "G": "T"},
            injections_mw={"T": Decimal(-need_mw)},
        )
    )


def curves(need_mw: int, **switches: object) -> Outcome:
    return run(named("common_decentralised"), system(need_mw), Switches(**switches))  # type: ignore[arg-type]  # one field or another


@pytest.fixture(scope="module", name="case")
def loaded(reference_data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (reference_data / "schemes/cases/rsf_indivisible.json").read_text(encoding="utf-8")
    )
    return found


def test_every_whole_quantity_goes_up_with_its_total_cost(case: dict[str, Any]) -> None:
    handed_up = curves(4).decided(5, "F").handed_up
    assert handed_up is not None
    assert handed_up.curve is None
    told = {str(each.quantity_mw): float(each.quantity_mw * (each.price or 0)) for each in handed_up.offer.bids}
    assert {"0": 0, **told} == {mw: pytest.approx(cost) for mw, cost in case["rsf_points"].items()}
    assert {(each.exclusive, each.divisible) for each in handed_up.offer.bids} == {("F", False)}


@pytest.mark.parametrize("need_mw", range(8))
def test_the_central_market_takes_the_best_quantity(need_mw: int, case: dict[str, Any]) -> None:
    found, theirs = curves(need_mw), case["tso_choice"][str(need_mw)]
    assert float(found.cost) == pytest.approx(theirs["cost"])
    assert found.exports_mw["F"] == theirs["award"]
    assert found.accepted_mw["G"] == need_mw - theirs["award"]
    assert found.missing_mw == {}


@pytest.mark.parametrize(
    ("need_mw", "whole", "divisible"),
    [(1, 0, 1), (2, 0, 2), (3, 3, 0), (4, 3, 1), (5, 3, 2), (7, 3, 2)],
    ids=str,
)
def test_the_award_is_shared_out_to_what_can_make_it_up(need_mw: int, whole: int, divisible: int) -> None:
    found = curves(need_mw)
    assert [found.accepted_mw["X"], found.accepted_mw["Y"]] == [whole, divisible]


@pytest.mark.parametrize("need_mw", range(8))
def test_one_market_that_knows_the_bids_themselves_does_as_well(need_mw: int) -> None:
    assert run(named("common_centralised"), system(need_mw)).cost == pytest.approx(curves(need_mw).cost)


def test_a_local_market_offers_the_same_where_its_operator_needs_nothing() -> None:
    found = run(named("local"), system(4))
    assert (found.cost, found.cost_by_buyer) == (Decimal(100), {"DSO F": Decimal(0), "TSO": Decimal(100)})


@pytest.mark.parametrize(
    "condition", [{"exclusive": "g"}, {"granularity_mw": Decimal(1)}], ids=["group", "granularity"]
)
def test_resources_that_depend_on_each_other_cannot_stand_behind_an_offer(condition: dict[str, Any]) -> None:
    given = system(4)
    bids = tuple(replace(each, **condition) if each.id == "Y" else each for each in given.market.bids)
    with pytest.raises(InvalidValue, match="bid Y: expected a resource by itself, where its feeder hands up"):
        run(named("common_decentralised"), replace(given, market=replace(given.market, bids=bids)))


def test_steps_of_half_a_megawatt_let_the_divisible_resource_answer_closer() -> None:
    handed_up = curves(4, step_mw=Decimal("0.5")).decided(5, "F").handed_up
    assert handed_up is not None
    assert [each.quantity_mw for each in handed_up.offer.bids] == [
        Decimal(step) / 2 for step in range(1, 11) if step != 5
    ]
