"""The clearing with rows on demand gives what the whole program gives, and what is calculated by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clearing.example import bid
from gateway.clearing.nodal import lazy
from gateway.clearing.nodal.arrays import GridRow, NodalProblem
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult, Quantity
from gateway.clearing.nodal.prices import BROKEN_MW
from gateway.clearing.solver import Solution
from gateway.errors import InvalidValue, Unsolved
from gateway.network.model import Line, Network, Thermal, Transmission
from tests.gateway.clearing.nodal.hand import hand_market
from tests.gateway.clearing.nodal.systems import accepted, case_of_two_feeders, market_of_two_feeders, systems
from tests.gateway.clearing.nodal.whole import goals_of

ANY_SYSTEM = st.sampled_from(Thermal).flatmap(lambda thermal: systems(thermal=thermal))


def goals_reached(result: NodalResult) -> tuple[float, float, float]:
    """Return what gives way in a result, what is missing, and what it costs."""
    units = {Quantity.VOLTAGE: 25}
    excess = sum(float(each.excess) * units.get(each.quantity, 1) for each in result.bindings)
    return excess, float(sum(map(abs, result.missing_mw.values()))), float(result.cost)


@given(ANY_SYSTEM)
def test_the_whole_program_gives_the_same(market: NodalMarket) -> None:
    excess, missing, cost = goals_reached(clear_nodal(market))

    wanted = goals_of(market)
    assert (excess, missing) == pytest.approx(wanted[:2], abs=1e-4)
    if max(wanted[:2]) < 1e-6:
        assert cost == pytest.approx(wanted[2], rel=1e-9, abs=1e-4)


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(ANY_SYSTEM, st.randoms(use_true_random=False))
def test_the_order_of_the_bids_does_not_matter(market: NodalMarket, random: object) -> None:
    bids = list(market.bids)
    random.shuffle(bids)  # type: ignore[attr-defined]  # a random.Random of hypothesis

    assert clear_nodal(replace(market, bids=tuple(bids))) == clear_nodal(market)


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(ANY_SYSTEM)
def test_limits_never_make_it_cheaper(market: NodalMarket) -> None:
    with_limits, without = clear_nodal(market), clear_nodal(replace(market, feeder_limits=False))

    if not any(goals_reached(with_limits)[:2]):
        assert float(without.cost) <= float(with_limits.cost) + 1e-3


def test_the_common_clearing_by_hand(reference_data: Path) -> None:
    wanted = case_of_two_feeders(reference_data)["results"]["common_centralised"]

    result = clear_nodal(market_of_two_feeders(reference_data))
    assert float(result.cost) == wanted["cost"] == 668
    assert accepted(result.accepted_mw) == {
        name: Decimal(str(mw)).normalize() for name, mw in wanted["accepted"].items()
    }
    prices = {bus: price.price for bus, price in result.prices.items()}
    assert prices == {"T1": 50, "T2": 50, "D0": 50, "D1": 16, "D2": -18, "H0": 50, "H1": 50}
    (limit,) = result.bindings
    assert (limit.quantity, limit.place, limit.upper) == (Quantity.VOLTAGE, "D2", True)
    assert [limit.value, limit.shadow_price, limit.excess] == [Decimal("1.1"), Decimal(1700), Decimal(0)]
    assert result.missing_mw == {}


def test_the_first_pass_without_limits_of_feeders(reference_data: Path) -> None:
    result = clear_nodal(replace(market_of_two_feeders(reference_data), feeder_limits=False))

    assert accepted(result.accepted_mw) == {"G1": 4, "E1": 5, "E2": 3}
    assert result.cost == 410
    assert {price.price for price in result.prices.values()} == {50}
    assert result.rows == 0


def test_buyers_with_prices_take_part(reference_data: Path) -> None:
    result = clear_nodal(market_of_two_feeders(reference_data, buyers=True))

    assert accepted(result.accepted_mw) == {"G1": 14, "E4": 1, "BRPX": 3, "BRPY": 2}
    assert result.cost == 633


def test_a_commitment_is_kept(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)

    result = clear_nodal(replace(market, committed_mw={"E3": Decimal(2)}))
    assert accepted(result.accepted_mw) == {"G1": 14, "E3": 2}
    assert result.cost == 716


def pair(limit_mw: int | None, north: int, south: int, *offers: tuple[str, str, float, float]) -> NodalMarket:
    """Return two buses N and S, their injections, and offers; an offer's name begins with its bus."""
    line = Line(
        id="NS", from_bus="N", to_bus="S", x_pu=Decimal("0.1"), limit_mw=None if limit_mw is None else Decimal(limit_mw)
    )
    return NodalMarket(
        network=Network(transmission=Transmission(buses=("N", "S"), lines=(line,), reference="S")),
        bids=tuple(bid(name, "A", direction, mw, price) for name, direction, mw, price in offers),
        buses={name: name[0] for name, _, _, _ in offers},
        injections_mw={"N": Decimal(north), "S": Decimal(south)},
    )


CHEAP, DEAR = ("N1", "up", 60, 20), ("S1", "up", 60, 70)


def test_a_full_line_parts_the_prices() -> None:
    result = clear_nodal(pair(30, 0, -50, CHEAP, DEAR))

    assert accepted(result.accepted_mw) == {"N1": 30, "S1": 20}
    assert {bus: price.price for bus, price in result.prices.items()} == {"N": 20, "S": 70}
    (limit,) = result.bindings
    assert (limit.place, limit.upper) == ("NS", True)
    assert [limit.value, limit.shadow_price] == [Decimal(30), Decimal(50)]


def test_a_price_between_two_bids_is_the_midpoint() -> None:
    result = clear_nodal(pair(None, 0, -60, CHEAP, DEAR))

    told = result.prices["S"]
    assert [told.lowest, told.price, told.highest] == [20, 45, 70]
    assert result.prices["N"] == told


def test_scarcity_is_told_by_place_and_priced_at_the_cap() -> None:
    result = clear_nodal(pair(30, 0, -100, CHEAP, DEAR))

    assert accepted(result.accepted_mw) == {"N1": 30, "S1": 60}
    assert result.missing_mw == {"S": 10}
    assert [result.prices["N"].price, result.prices["S"].price] == [20, 15000]


def test_too_much_is_told_with_a_minus() -> None:
    result = clear_nodal(pair(30, 100, 0, CHEAP, ("S1", "down", 60, -5)))

    assert result.missing_mw == {"N": -70}
    assert accepted(result.accepted_mw) == {"S1": 30}
    assert [result.prices["N"].price, result.prices["S"].price] == [-15000, -5]


def test_a_limit_that_nothing_can_hold_gives_way_and_is_told(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)
    rigid = tuple(each for each in market.bids if each.id[0] != "E")

    result = clear_nodal(replace(market, bids=rigid))
    assert accepted(result.accepted_mw) == {"G1": 12}
    (limit,) = result.bindings
    assert (limit.place, limit.quantity) == ("D2", Quantity.VOLTAGE)
    assert [limit.value, limit.excess] == [Decimal("1.14"), Decimal("0.04")]
    assert result.missing_mw == {}


def test_limits_come_before_the_balance(reference_data: Path) -> None:
    """With nothing else on offer the voltage is kept although every MW that keeps it is missing afterwards."""
    market = market_of_two_feeders(reference_data)
    only = tuple(each for each in market.bids if each.id == "E4")

    result = clear_nodal(replace(market, bids=only))
    assert accepted(result.accepted_mw) == {"E4": 1}
    assert sum(result.missing_mw.values()) == 13


def test_a_market_without_bids_has_a_result() -> None:
    result = clear_nodal(pair(30, 5, -5))

    assert not result.accepted_mw
    assert not result.missing_mw
    assert result.cost == 0


def test_bids_with_conditions_are_refused() -> None:
    market = pair(30, 0, -50, CHEAP)

    with pytest.raises(InvalidValue, match="freely divisible"):
        clear_nodal(replace(market, bids=(replace(market.bids[0], divisible=False),)))


def test_where_rounding_leaves_no_answer_the_goals_are_followed_again_with_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without room the second or third goal can be out of reach by the solver's tolerance; here it is made to be."""
    rooms, follow = [], lazy._goal_by_goal

    def impossible_without_room(master: lazy.Master, cap: float, room: float) -> Solution:
        rooms.append(room)
        found = follow(master, cap, room)
        if not room:
            raise Unsolved("solver", "a proven optimum", "Infeasible")
        return found

    market = hand_market("s1")
    usual = clear_nodal(market)
    monkeypatch.setattr(lazy, "_goal_by_goal", impossible_without_room)
    result = clear_nodal(market)

    assert rooms == [0, BROKEN_MW]
    assert result.missing_mw.keys() == {"S"}
    assert float(result.missing_mw["S"]) == pytest.approx(15, abs=1e-4)
    assert float(result.cost) == pytest.approx(float(usual.cost), abs=1e-2)


@pytest.mark.parametrize(
    ("accepted", "known", "broken"),
    [
        ([0, 0, 0, 0, 0, 0], (), []),
        ([0, 0, 0, 0, 28, 0], (), [GridRow(Quantity.FLOW, 0)]),
        ([0, 0, 0, 0, 28, 0], (GridRow(Quantity.FLOW, 0),), []),
        ([4, 0, 0, 0, 0, 0], (), [GridRow(Quantity.VOLTAGE, 1)]),
        ([0, 0, 6, 0, 0, 0], (), [GridRow(Quantity.VOLTAGE, 2)]),
        ([4, 0, 6, 0, 0, 0], (), [GridRow(Quantity.POWER, 1, 0), GridRow(Quantity.VOLTAGE, 2)]),
        (
            [4, 0, 6, 0, 0, 0],
            (GridRow(Quantity.VOLTAGE, 2),),
            [GridRow(Quantity.POWER, 1, 0), GridRow(Quantity.VOLTAGE, 1)],
        ),
        ([4, 0, 6, 0, 0, 0], (GridRow(Quantity.POWER, 1, 0),), [GridRow(Quantity.VOLTAGE, 2)]),
        ([0, 3, 0, 0, 0, 0], (), [GridRow(Quantity.VOLTAGE, 2)]),
    ],
    ids=[
        "at rest",
        "line",
        "line known",
        "w of E",
        "w of G",
        "section and worst w",
        "next w",
        "section known",
        "too low",
    ],
)
def test_which_limits_are_broken(accepted: list[float], known: tuple[GridRow, ...], broken: list[GridRow]) -> None:
    """Of e1, g1, g2, m1, n1, s1; of each feeder the voltage that is furthest out is told first."""
    problem = NodalProblem(hand_market())

    assert lazy.violated(problem, problem.seen(np.array(accepted, dtype=float)), set(known)) == broken


def test_without_limits_of_feeders_only_lines_can_be_broken() -> None:
    problem = NodalProblem(hand_market(feeder_limits=False))

    assert lazy.violated(problem, problem.seen(np.array([4.0, 0, 6, 0, 60, 0])), set()) == [GridRow(Quantity.FLOW, 0)]
