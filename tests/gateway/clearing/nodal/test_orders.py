"""A feeder's offer as ordinary bids: divisible ones from its curve, an exclusive group where resources are not."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.clearing import clear
from gateway.clearing.example import bid, market_of, need
from gateway.clearing.nodal.curve import Curve, residual_supply
from gateway.clearing.nodal.market import NodalMarket
from gateway.clearing.nodal.orders import FeederOffer, as_bids, as_exclusive_group
from gateway.model import Bid, Direction
from gateway.network.model import Feeder, Network, Section, Transmission
from tests.gateway.clearing.nodal.systems import market_of_two_feeders, number

BLANK = bid("F", "A", "up", 1, 0)


def told(offer: FeederOffer) -> list[tuple[str, float, float]]:
    """Return direction, MW and price of each bid."""
    return [(each.direction.value, float(each.quantity_mw), float(each.price or 0)) for each in offer.bids]


def test_the_published_translation(reference_data: Path) -> None:
    offer = as_bids(residual_supply(market_of_two_feeders(reference_data), "F1"), BLANK)

    assert told(offer) == [("down", 2, -8), ("down", 2.875, -18), ("up", 1, 2), ("up", 2, 78)]
    assert [offer.export_mw, offer.cost, offer.lost_mw] == [0, 16, 0]
    assert [each.id for each in offer.bids] == ["F-down-1", "F-down-2", "F-up-1", "F-up-2"]


def test_widths_are_rounded_down_to_the_steps_of_the_market(reference_data: Path) -> None:
    offer = as_bids(residual_supply(market_of_two_feeders(reference_data), "F1"), BLANK, Decimal("0.5"))

    assert told(offer)[1] == ("down", 2.5, -18)
    assert offer.lost_mw == Decimal("0.375")


def test_a_stretch_narrower_than_a_step_is_left_out() -> None:
    narrow = Curve(
        ((Decimal(0), Decimal(0)), (Decimal("0.4"), Decimal(4)), (Decimal("1.4"), Decimal(24))), Decimal(0), Decimal(0)
    )

    offer = as_bids(narrow, BLANK, Decimal(1))
    assert told(offer) == [("up", 1, 20)]
    assert offer.lost_mw == Decimal("0.4")


def test_a_curve_that_falls_all_the_way_is_anchored_at_its_end() -> None:
    falling = Curve(((Decimal(0), Decimal(9)), (Decimal(3), Decimal(0))), Decimal(0), Decimal(0))

    assert told(as_bids(falling, BLANK)) == [("down", 3, -3)]


def one_feeder(limit: int, *bids: Bid) -> NodalMarket:
    """Return a market of one feeder with one section and bids behind it."""
    section = Section(id="s", parent="R", child="E", r_pu=Decimal(0), x_pu=Decimal(0), limit_mva=Decimal(limit))
    top = Transmission(buses=("T",), lines=(), reference="T")
    return NodalMarket(
        network=Network(transmission=top, feeders=(Feeder(id="F", interface="T", root="R", sections=(section,)),)),
        bids=bids,
        buses={each.id: "E" for each in bids},
    )


@pytest.fixture(scope="module")
def indivisible(reference_data: Path) -> dict[str, dict[str, object]]:
    """The case of one indivisible and one divisible resource."""
    loaded: dict[str, dict[str, object]] = json.loads(
        (reference_data / "schemes/cases/rsf_indivisible.json").read_text(encoding="utf-8")
    )
    return loaded


def offer_of_case(case: dict[str, object], limit: int = 100) -> FeederOffer:
    """Return the exclusive group of the case's resources."""
    bids: list[dict[str, float]] = case["bids"]  # type: ignore[assignment]  # loaded from a file
    made = [
        bid(str(each["id"]), "A", "up", each["q"], each["price"], divisible=not each.get("indivisible"))
        for each in bids
    ]
    return as_exclusive_group(one_feeder(limit, *made), "F", BLANK, number(case["grid_MW"]))  # type: ignore[arg-type]


def test_the_published_costs_by_step(indivisible: dict[str, dict[str, object]]) -> None:
    offer = offer_of_case(indivisible["case"])

    costs = {int(each.quantity_mw): round(float(each.quantity_mw * (each.price or 0)), 4) for each in offer.bids}
    assert {"0": float(offer.cost)} | {str(mw): cost for mw, cost in costs.items()} == indivisible["rsf_points"]
    assert all(not each.divisible and each.exclusive == "F" for each in offer.bids)


@pytest.mark.parametrize("needed", range(1, 8))
def test_what_the_market_takes_of_the_group(indivisible: dict[str, dict[str, object]], needed: int) -> None:
    wanted: dict[str, float] = indivisible["tso_choice"][str(needed)]  # type: ignore[assignment]  # loaded from a file
    offer = offer_of_case(indivisible["case"])
    # Prices of the group are thirds of money; the market takes cents.
    rounded = [replace(each, price=round(each.price or Decimal(0), 2)) for each in offer.bids]

    result = clear(market_of(*rounded, bid("G", "A", "up", 20, 50), need("d", "A", needed)))
    volumes = {award.bid_id: award.quantity_mw for award in result.awards}
    prices = {each.id: each.price or Decimal(0) for each in rounded} | {"G": Decimal(50)}
    taken = sum((mw for name, mw in volumes.items() if name != "G"), Decimal(0))
    assert taken == wanted["award"]
    assert float(sum(mw * prices[name] for name, mw in volumes.items())) == pytest.approx(wanted["cost"], abs=0.02)


def test_the_limits_of_the_feeder_bound_the_group(indivisible: dict[str, dict[str, object]]) -> None:
    offer = offer_of_case(indivisible["case"], limit=4)

    assert [int(each.quantity_mw) for each in offer.bids] == [1, 2, 3, 4]


def test_exports_between_indivisible_resources_are_not_offered() -> None:
    solid = bid("X", "A", "up", 3, 20, divisible=False)

    offer = as_exclusive_group(one_feeder(100, solid), "F", BLANK, Decimal(1))
    assert told(offer) == [("up", 3, 20)]


def test_a_least_quantity_counts() -> None:
    partly = bid("X", "A", "up", 3, 20, minimum_mw=2)

    offer = as_exclusive_group(one_feeder(100, partly), "F", BLANK, Decimal(1))
    assert told(offer) == [("up", 2, 20), ("up", 3, 20)]


def test_down_bids_pay_what_they_save() -> None:
    down = bid("X", "A", "down", 2, -10, divisible=False)

    offer = as_exclusive_group(one_feeder(100, down), "F", BLANK, Decimal(1))
    assert told(offer) == [("down", 2, -10)]
    assert offer.bids[0].direction is Direction.DOWN
