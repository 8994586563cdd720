"""The certificate accepts every right result, and catches every planted fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clearing.nodal.certificate import ITEMS, certify_nodal, require_nodal
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult
from gateway.clearing.nodal.physics import exactness
from gateway.errors import Unsolved
from gateway.network.model import Thermal
from tests.gateway.clearing.nodal.systems import market_of_two_feeders, systems

ANY_SYSTEM = st.sampled_from(Thermal).flatmap(lambda thermal: systems(thermal=thermal))
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def market(reference_data: Path) -> NodalMarket:
    """The system of two feeders, and its line limited so that it is full."""
    found = market_of_two_feeders(reference_data)
    (line,) = found.network.transmission.lines
    top = replace(found.network.transmission, lines=(replace(line, limit_mw=Decimal(2)),))
    return replace(found, network=replace(found.network, transmission=top))


def accepting(result: NodalResult, name: str, more: Decimal) -> NodalResult:
    """Return the result with more accepted of a bid."""
    return replace(result, accepted_mw={**result.accepted_mw, name: result.accepted_mw[name] + more})


def priced(result: NodalResult, bus: str, more: Decimal) -> NodalResult:
    """Return the result with another price at a bus."""
    told = result.prices[bus]
    moved = replace(told, price=told.price + more, lowest=told.lowest + more, highest=told.highest + more)
    return replace(result, prices={**result.prices, bus: moved})


def shadowed(result: NodalResult, more: Decimal) -> NodalResult:
    """Return the result with another shadow price of its first limit."""
    first, *others = result.bindings
    return replace(result, bindings=(replace(first, shadow_price=first.shadow_price + more), *others))


FAULTS: dict[str, tuple[Callable[[NodalResult], NodalResult], str]] = {
    "a MW that no one offers": (lambda r: accepting(r, "E4", Decimal(3)), "volumes"),
    "0.01 MW of a bid": (lambda r: accepting(r, "G1", CENT), "balance"),
    "0.01 MW from one bid to another": (lambda r: accepting(accepting(r, "E4", -CENT), "E3", CENT), "limits"),
    "0.01 of a price": (lambda r: priced(r, "D2", CENT), "prices"),
    "0.01 of the price of the reference": (lambda r: priced(r, "T1", CENT), "prices"),
    "a shadow price": (lambda r: shadowed(r, CENT), "prices"),
    "a shadow price with the wrong sign": (lambda r: shadowed(r, Decimal(-5000)), "bindings"),
    "a limit left out": (lambda r: replace(r, bindings=r.bindings[1:]), "prices"),
    "the value of a limit": (
        lambda r: replace(r, bindings=(replace(r.bindings[0], value=Decimal(1)), *r.bindings[1:])),
        "bindings",
    ),
    "the side of a limit": (
        lambda r: replace(r, bindings=(replace(r.bindings[0], upper=not r.bindings[0].upper), *r.bindings[1:])),
        "bindings",
    ),
    "a limit of nothing": (
        lambda r: replace(r, bindings=(replace(r.bindings[0], place="nowhere"), *r.bindings[1:])),
        "bindings",
    ),
    "power missing where nothing is": (lambda r: replace(r, missing_mw={"T1": CENT}), "balance"),
    "scarcity without its price": (lambda r: replace(r, missing_mw={"T1": CENT}), "scarcity"),
    "the cost": (lambda r: replace(r, cost=r.cost + CENT), "cost"),
    "a bid without an answer": (lambda r: replace(r, accepted_mw=dict(list(r.accepted_mw.items())[1:])), "bids"),
    "a bus without a price": (lambda r: replace(r, prices=dict(list(r.prices.items())[1:])), "buses"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught(market: NodalMarket, name: str) -> None:
    fault, item = FAULTS[name]
    result = clear_nodal(market)

    assert certify_nodal(market, result) == ()
    assert item in {found.item for found in certify_nodal(market, fault(result))}


def test_the_faults_reach_every_item() -> None:
    assert set(ITEMS) - {item for _, item in FAULTS.values()} == {"content", "optimality"}


def test_volumes_that_are_not_the_best_are_caught(market: NodalMarket) -> None:
    """All limits hold and everything balances, but a cheaper bid is left for a dearer one."""
    result = accepting(accepting(clear_nodal(market), "G1", Decimal(-1)), "H1u", Decimal(1))
    result = replace(result, cost=result.cost + 90 - 50)

    assert {found.item for found in certify_nodal(market, result)} == {"content", "optimality"}


def test_a_row_that_is_dropped_is_caught(market: NodalMarket) -> None:
    """The answer to the market without limits of feeders is what a clearing that forgets them would give."""
    result = clear_nodal(replace(market, feeder_limits=False))

    with pytest.raises(Unsolved, match="limits: squared voltage of D"):
        require_nodal(market, result)


def test_the_refusal_holds_the_evidence(market: NodalMarket) -> None:
    with pytest.raises(Unsolved, match=r"balance: balance by 0\.0099"):
        require_nodal(market, accepting(clear_nodal(market), "G1", CENT))


@settings(max_examples=12)
@given(ANY_SYSTEM, st.data())
def test_a_hundredth_of_a_megawatt_is_caught_anywhere(market: NodalMarket, data: st.DataObject) -> None:
    result = clear_nodal(market)

    name = data.draw(st.sampled_from(sorted(result.accepted_mw)))
    assert certify_nodal(market, result) == ()
    assert certify_nodal(market, accepting(result, name, CENT))


def test_how_far_the_linear_model_is_off(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)

    first, second = exactness(market, clear_nodal(market))
    assert (first.feeder, second.feeder) == ("F1", "F2")
    assert first.voltage_pu == pytest.approx(0.0042739, abs=1e-6)
    assert second.voltage_pu == pytest.approx(0.0002690, abs=1e-6)
