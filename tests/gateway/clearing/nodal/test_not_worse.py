"""Limits that are broken before any activation: a market that does not buy for the feeder makes them no worse."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.certificate import certify_nodal
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket
from gateway.network.model import Thermal
from tests.gateway.clearing.nodal.hand import hand_market
from tests.gateway.clearing.nodal.systems import accepted, market_of_two_feeders, systems
from tests.gateway.clearing.nodal.test_lazy import goals_reached

TOO_HIGH = hand_market(
    "e1", "g2", injections_mw={"N": Decimal(5), "S": Decimal(-50), "G": Decimal(4)}, injections_mvar={}
)
"""4 MW at G alone make w_E 1.08 and w_G 1.16, where 1.1 is allowed."""


def test_a_market_with_limits_mends_what_is_broken_and_one_that_makes_nothing_worse_does_not() -> None:
    mended, left = clear_nodal(TOO_HIGH), clear_nodal(replace(TOO_HIGH, not_worse=True))

    assert mended.accepted_mw["g1"] == Decimal("1.5")  # 0.06 at 0.04 per MW
    assert left.accepted_mw["g1"] == 0
    (binding,) = [each for each in mended.bindings if each.place == "G"]
    assert binding.value == Decimal("1.1")


def test_nothing_is_made_worse() -> None:
    tempting = hand_market(
        "e1", injections_mw={"N": Decimal(5), "S": Decimal(-50), "G": Decimal(4)}, injections_mvar={}, not_worse=True
    )
    result = clear_nodal(tempting)

    # g2 at G costs 40 and g1, the only one that makes room for it, earns 10: both together still beat s1 at 70 - 10.
    assert clear_nodal(replace(tempting, feeder_limits=False)).accepted_mw["g2"] == 6
    assert result.accepted_mw["g2"] == result.accepted_mw["g1"]


def test_the_bounds_of_what_is_broken_are_what_it_is_and_all_others_stay() -> None:
    strict, loose = NodalProblem(TOO_HIGH), NodalProblem(replace(TOO_HIGH, not_worse=True))
    at = strict.radial.index["G"]

    assert strict.voltage_limits[1][at] == 1.1
    assert loose.voltage_limits[1][at] == pytest.approx(1.16)
    assert loose.voltage_limits[0].tolist() == strict.voltage_limits[0].tolist()
    assert loose.voltage_limits[1][strict.radial.index["E"]] == 1.1
    assert loose.section_limits.tolist() == strict.section_limits.tolist()


def test_a_section_that_is_overloaded_one_way_stays_limited_the_other_way() -> None:
    overloaded = hand_market(injections_mw={"E": Decimal(6)}, injections_mvar={}, not_worse=True)
    problem = NodalProblem(overloaded)
    at = problem.radial.index["E"]

    assert problem.section_limits[at].tolist() == [6, 5, 5, 5]


def test_where_nothing_is_broken_limits_are_kept_as_they_stand() -> None:
    market = hand_market()
    strict, loose = clear_nodal(market), clear_nodal(replace(market, not_worse=True))
    assert (loose.accepted_mw, loose.prices, loose.bindings) == (strict.accepted_mw, strict.prices, strict.bindings)


def test_the_small_system_with_limits_stated_beforehand_needs_no_check_afterwards(reference_data: Path) -> None:
    result = clear_nodal(replace(market_of_two_feeders(reference_data), not_worse=True))

    assert result.cost == 600
    assert accepted(result.accepted_mw) == {"G1": 12}
    (limit,) = result.bindings
    assert [limit.value, limit.excess] == [Decimal("1.14"), Decimal(0)]
    assert limit.place == "D2"


def test_the_certificate_tells_an_answer_that_mends_from_one_that_makes_nothing_worse() -> None:
    loose = replace(TOO_HIGH, not_worse=True)
    assert "limits" in {each.item for each in certify_nodal(TOO_HIGH, clear_nodal(loose))}
    assert certify_nodal(loose, clear_nodal(TOO_HIGH))


@settings(max_examples=max(2, settings().max_examples // 3))  # dear to try
@given(systems(Thermal.SEPARATE))
def test_it_costs_no_more_than_with_limits_and_no_less_than_without(market: NodalMarket) -> None:
    kept, loose = clear_nodal(market), clear_nodal(replace(market, not_worse=True))
    free = clear_nodal(replace(market, feeder_limits=False))

    assert not any(each.excess for each in loose.bindings if each.quantity != "flow")
    if not any(goals_reached(loose)[:2]):
        assert float(free.cost) <= float(loose.cost) + 1e-3
        if not any(goals_reached(kept)[:2]):
            assert float(loose.cost) <= float(kept.cost) + 1e-3
