"""Coupled areas and nodal markets have the costs and prices that PyPSA finds with a model of its own (linopy).

An up bid is a generator, a down bid one of negative sign whose cost is turned round, a need is a load, a border a link
with a limit for each direction, and two dear generators in each area stand for what is missing and too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.clearing import Market, clear
from gateway.clearing.example import bid, border, market_of, need
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket
from gateway.model import Bid, Capacity, Need
from gateway.network.model import Line
from gateway.network.transmission import LineModel
from gateway.results import ClearingResult
from profiles.grid.matpower_network import to_dispatch
from tests.gateway.clearing.drawn import Thing, auction
from tests.oracles.pglib import BLANK, CAP, published

pypsa = pytest.importorskip("pypsa", reason="PyPSA is not installed: run `make oracles`")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SCARCE = 60_000.0
"""What a missing MW costs there, above all prices."""


def network_of(market: Market) -> Any:  # noqa: ANN401 - the library carries no types
    """Return *market*, of one interval, as a network of PyPSA, solved."""
    network = pypsa.Network()
    areas = sorted({each.area.value for each in market.bids} | {each.area.value for each in market.needs})
    network.add("Bus", areas)
    for sign, word in ((1, "short"), (-1, "over")):
        names = [f"{area} {word}" for area in areas]
        network.add("Generator", names, bus=areas, p_nom=1e6, sign=sign, marginal_cost=SCARCE)
    network.add("Generator", [each.id for each in market.bids], **columns(map(_offered, market.bids)))
    network.add("Load", [each.id for each in market.needs], **columns(map(_asked, market.needs)))
    network.add("Link", [each.id for each in market.capacities], **columns(map(_carried, market.capacities)))
    assert network.optimize(solver_name="highs", output_flag=False) == ("ok", "optimal")
    return network


def columns(rows: Iterable[dict[str, object]]) -> dict[str, list[object]]:
    """Return the columns of *rows*, which have the same fields."""
    listed = list(rows)
    return {name: [row[name] for row in listed] for name in (listed[0] if listed else ())}


def _offered(each: Bid) -> dict[str, object]:
    sign = each.direction.sign
    cost = sign * float(each.price or 0)
    return {"bus": each.area.value, "p_nom": float(each.quantity_mw), "sign": sign, "marginal_cost": cost}


def _asked(each: Need) -> dict[str, object]:
    return {"bus": each.area.value, "p_set": each.direction.sign * float(each.quantity_mw)}


def _carried(each: Capacity) -> dict[str, object]:
    return {"bus0": each.from_area.value, "bus1": each.to_area.value, "p_nom": float(each.quantity_mw)}


def cost_of(result: ClearingResult) -> float:
    """Return what the accepted bids cost per hour, and what is missing at its price there."""
    paid = sum(each.direction.sign * float(each.quantity_mw) * float(each.bid_price or 0) for each in result.awards)
    return paid + SCARCE * sum(float(each.unserved_mw) for each in result.needs)


@pytest.mark.parametrize(
    ("bids", "areas", "seed"), [(40, 3, 1), (100, 5, 2), (200, 5, 3), (200, 8, 4), (1000, 10, 5)], ids=str
)
def test_costs_and_prices_of_coupled_areas(bids: int, areas: int, seed: int) -> None:
    market = market_of(*auction(bids, areas, 0.0, seed))
    ours, theirs = clear(market), network_of(market)

    assert cost_of(ours) == pytest.approx(theirs.objective, rel=1e-9)
    prices = theirs.buses_t.marginal_price.iloc[0]
    for each in ours.prices:
        assert float(each.lowest) - 0.005 <= prices[each.area.value] <= float(each.highest) + 0.005
    unique = [each for each in ours.prices if each.lowest == each.highest]
    assert len(unique) > areas / 2


def test_scarcity_has_their_missing_mw_and_our_cap() -> None:
    market = market_of(
        bid("a", "A", "up", 40, 60), bid("b", "B", "up", 50, 80), need("d", "A", 100), *border("B", "A", 20)
    )
    ours, theirs = clear(market), network_of(market)

    missing = theirs.generators_t.p["A short"].iloc[0]
    assert missing == pytest.approx(40)
    assert float(ours.needs[0].unserved_mw) == pytest.approx(missing)
    assert cost_of(ours) == pytest.approx(theirs.objective)
    assert {each.area.value: float(each.price) for each in ours.prices} == {"A": 15000, "B": 80}


def test_a_wrong_bid_is_noticed() -> None:
    """The second opinion is one: a bid at another price changes it."""
    drawn = auction(40, 3, 0.0, 1)
    expected = network_of(market_of(*drawn)).objective
    dear = [each for each in drawn if not (isinstance(each, Bid) and each.id in _accepted(drawn)[:1])]
    assert cost_of(clear(market_of(*dear))) != pytest.approx(expected, rel=1e-9)


def _accepted(drawn: list[Thing]) -> list[str]:
    result = clear(market_of(*drawn))
    return [each.bid_id for each in result.awards if each.quantity_mw == each.offered_mw]


def test_prices_of_a_nodal_market(reference_data: Path) -> None:
    """The five-bus system, whose lines share flows by their reactances."""
    (listed,) = (each for each in published(reference_data) if each.name == "case5_pjm")
    dispatch, _ = to_dispatch(listed.case, BLANK, CAP)
    market = replace(dispatch.market, line_model=LineModel.REACTANCE)
    ours, theirs = clear_nodal(market), nodal_network_of(market)

    assert float(ours.cost) == pytest.approx(theirs.objective, rel=1e-9)
    prices = theirs.buses_t.marginal_price.iloc[0]
    assert {bus: float(each.price) for bus, each in ours.prices.items()} == pytest.approx(dict(prices), abs=1e-6)


def nodal_network_of(market: NodalMarket) -> Any:  # noqa: ANN401 - the library carries no types
    """Return *market* as a network of PyPSA of 1 kV, where an impedance per unit of 1 MVA is one in ohm, solved."""
    top = market.network.transmission
    network = pypsa.Network()
    network.add("Bus", list(top.buses), v_nom=1.0)
    lines = ({"bus0": each.from_bus, "bus1": each.to_bus, **_ohm(each, float(top.base_mva))} for each in top.lines)
    network.add("Line", [each.id for each in top.lines], **columns(lines))
    offers = ({**_offered(each), "bus": market.buses[each.id]} for each in market.bids)
    network.add("Generator", [each.id for each in market.bids], **columns(offers))
    loads = ({"bus": bus, "p_set": -float(mw)} for bus, mw in market.injections_mw.items())
    network.add("Load", list(market.injections_mw), **columns(loads))
    assert network.optimize(solver_name="highs", output_flag=False) == ("ok", "optimal")
    return network


def _ohm(line: Line, base_mva: float) -> dict[str, object]:
    limit = 1e6 if line.limit_mw is None else float(line.limit_mw)
    return {"x": float(line.x_pu) / base_mva, "r": float(line.r_pu) / base_mva, "s_nom": limit}
