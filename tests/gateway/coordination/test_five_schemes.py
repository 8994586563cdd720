"""The small system under every scheme: each result as calculated by hand, and as in the reference data."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.market import NodalMarket
from gateway.clearing.nodal.physics import feeder_state, injected
from gateway.coordination.example import SMALL
from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import InvalidValue
from gateway.schemes import named
from tests.gateway.clearing.nodal.systems import accepted, case_of_two_feeders, market_of_two_feeders

AT_50 = {"F1": Decimal(50), "F2": Decimal(50)}
RUNS = {
    # which run: scheme, changes of the scheme, switches; the key is that of the reference data
    "centralised_pass1": ("centralised", {"grid_constraints": False, "post_check": False}, {}),
    "centralised_loop": ("centralised", {"grid_constraints": False}, {}),
    "common_centralised": ("common_centralised", {}, {}),
    "common_decentralised": ("common_decentralised", {}, {}),
    "local": ("local", {}, {}),
    "local_with_interface_price_50": ("local", {}, {"reference_prices": AT_50}),
    "shared": ("shared", {}, {}),
    "integrated": ("integrated", {}, {}),
}


@cache
def outcome(which: str) -> Outcome:
    """Return the outcome of one of the runs."""
    name, changes, switches = RUNS[which]
    return run(replace(named(name), **changes), SMALL, Switches(**switches))  # type: ignore[arg-type]  # one field or the other


def published(reference_data: Path, which: str) -> dict[str, Any]:
    """Return what the reference data say of a run."""
    result: dict[str, Any] = case_of_two_feeders(reference_data)["results"][which]
    return result


def volumes(told: dict[str, float]) -> dict[str, Decimal]:
    return {name: Decimal(str(mw)).normalize() for name, mw in told.items() if mw}


def offers(market: NodalMarket) -> list[tuple[object, ...]]:
    return [(each.id, market.buses[each.id], each.direction, each.quantity_mw, each.price) for each in market.bids]


def interval(found: Outcome, bus: str) -> list[Decimal]:
    price = found.prices[bus]
    return [price.lowest, price.price, price.highest]


def test_the_example_is_the_system_of_the_reference_data(reference_data: Path) -> None:
    theirs = market_of_two_feeders(reference_data)
    assert SMALL.market.network == theirs.network
    assert offers(SMALL.market) == offers(theirs)
    assert {bus: mw for bus, mw in theirs.injections_mw.items() if mw} == dict(SMALL.market.injections_mw)
    assert offers(SMALL.with_trades()) == offers(market_of_two_feeders(reference_data, buyers=True))


@pytest.mark.parametrize(
    ("which", "cost", "taken"),
    [
        ("centralised_pass1", 410, {"G1": 4, "E1": 5, "E2": 3}),
        ("centralised_loop", 600, {"G1": 12}),
        ("common_centralised", 668, {"G1": 13, "E4": 1}),
        ("common_decentralised", 668, {"G1": 13, "E4": 1}),
        ("local", 716, {"G1": 14, "E3": 2}),
        ("local_with_interface_price_50", 668, {"G1": 13, "E4": 1}),
        ("shared", 876, {"G1": 10, "E3": 2, "H1u": 4}),
        ("integrated", 633, {"G1": 14, "E4": 1, "BRPX": 3, "BRPY": 2}),
    ],
)
def test_what_each_scheme_accepts_and_what_it_costs(
    which: str, cost: int, taken: dict[str, int], reference_data: Path
) -> None:
    found, theirs = outcome(which), published(reference_data, which)
    assert found.cost == cost == theirs.get("cost", theirs.get("final_cost", theirs.get("cost_minus_value")))
    assert accepted(found.accepted_mw) == taken
    assert found.missing_mw == {}
    assert found.deviations_mw == {}


@pytest.mark.parametrize("which", RUNS)
def test_all_schemes_pay_50_for_energy_in_the_transmission_network(which: str) -> None:
    assert [interval(outcome(which), bus) for bus in ("T1", "T2")] == [[50, 50, 50]] * 2


@pytest.mark.parametrize(
    ("which", "exports"),
    [
        ("centralised_pass1", (10, -8)),
        ("centralised_loop", (2, -8)),
        ("common_centralised", (1, -8)),
        ("common_decentralised", (1, -8)),
        ("local", (0, -8)),
        ("local_with_interface_price_50", (1, -8)),
        ("shared", (0, -4)),
        ("integrated", (1, -8)),
    ],
)
def test_what_flows_at_the_interfaces(which: str, exports: tuple[int, int]) -> None:
    assert outcome(which).exports_mw == {"F1": exports[0], "F2": exports[1]}


@pytest.mark.parametrize(
    ("which", "broken"),
    [
        ("centralised_pass1", {"D1": "1.2", "D2": "1.36"}),
        ("centralised_loop", {"D2": "1.14"}),
        *((which, {}) for which in list(RUNS)[2:]),
    ],
)
def test_what_stays_broken_is_told_and_never_hidden(which: str, broken: dict[str, str]) -> None:
    found = outcome(which)
    assert {each.place: each.value for each in found.unresolved} == {bus: Decimal(w) for bus, w in broken.items()}
    assert {each.limit for each in found.violations} <= {Decimal("1.1")}
    assert [(each.feeder, each.place, each.value) for each in found.violations_before] == [
        ("F1", "D2", Decimal("1.14"))
    ]


# ---- centralised


def test_the_loop_of_check_and_clearing_round_by_round(reference_data: Path) -> None:
    found, theirs = outcome("centralised_loop"), published(reference_data, "centralised_loop")
    assert [(each.round, each.kind, each.cost) for each in found.decisions] == [
        (1, "joint clearing", Decimal(410)),
        (1, "check", Decimal(0)),
        (2, "joint clearing", Decimal(600)),
    ]
    assert found.decided(6).caps_mw == theirs["caps"] == {"E1": 0, "E2": 0}
    assert found.cost_by_buyer == {"TSO": 600}


def test_limits_stated_beforehand_spare_the_loop() -> None:
    found = run(named("centralised"), SMALL)
    assert [each.kind for each in found.decisions] == ["joint clearing"]
    assert (found.cost, [each.place for each in found.unresolved]) == (Decimal(600), ["D2"])


# ---- common


def test_in_the_common_market_the_voltage_at_d2_is_worth_1700(reference_data: Path) -> None:
    found, theirs = outcome("common_centralised"), published(reference_data, "common_centralised")
    result = found.decided(8).result
    assert result is not None
    (binding,) = result.bindings
    assert (binding.place, float(binding.shadow_price)) == ("D2", theirs["shadow"]["w_D2"][0])
    assert {bus: found.prices[bus].price for bus in ("D1", "D2", "H1")} == {"D1": 16, "D2": -18, "H1": 50}


def test_voltages_after_the_common_clearing(reference_data: Path) -> None:
    injections = injected(
        SMALL.market, {name: float(mw) for name, mw in outcome("common_centralised").accepted_mw.items()}
    )
    squared = {bus: w for feeder in SMALL.feeders for bus, w in feeder_state(feeder, injections).squared.items()}
    theirs = published(reference_data, "common_centralised")["w"]
    assert {bus: squared[bus] for bus in theirs} == pytest.approx(theirs)
    assert theirs == {"D1": 1.02, "D2": 1.1, "H1": 0.968}


@pytest.mark.parametrize(("feeder", "base_mw", "cost"), [("F1", 0, 16), ("F2", -8, 0)])
def test_the_base_export_that_the_central_market_counts_with(feeder: str, base_mw: int, cost: int) -> None:
    handed_up = outcome("common_decentralised").decided(5, feeder).handed_up
    assert handed_up is not None
    assert [handed_up.offer.export_mw, handed_up.offer.cost] == [base_mw, cost]


def test_a_market_of_curves_finds_what_one_market_finds_with_the_same_prices() -> None:
    one, curves = outcome("common_centralised"), outcome("common_decentralised")
    assert curves.accepted_mw == one.accepted_mw
    assert {bus: price.price for bus, price in curves.prices.items()} == {
        bus: price.price for bus, price in one.prices.items()
    }


@pytest.mark.parametrize("which", ["common_decentralised", "local", "local_with_interface_price_50"])
@pytest.mark.parametrize("feeder", ["F1", "F2"])
def test_the_curves_that_go_up(which: str, feeder: str, reference_data: Path) -> None:
    found, theirs = outcome(which), published(reference_data, which)
    handed_up = found.decided(6 if which.startswith("local") else 5, feeder).handed_up
    assert handed_up is not None
    assert handed_up.curve is not None
    points = [[float(export), float(cost)] for export, cost in handed_up.curve.points]
    assert points == [pytest.approx(point, abs=1e-6) for point in theirs["rsf"][feeder]]


def test_a_curve_goes_up_as_ordinary_bids_from_the_base_export_on() -> None:
    handed_up = outcome("common_decentralised").decided(5, "F1").handed_up
    assert handed_up is not None
    offer = handed_up.offer
    assert [offer.export_mw, offer.cost, offer.lost_mw] == [0, 16, 0]
    assert [each.direction.value for each in offer.bids] == ["down", "down", "up", "up"]
    assert [each.quantity_mw for each in offer.bids] == [2, Decimal("2.875"), 1, 2]
    assert [each.price for each in offer.bids] == [-8, -18, 2, 78]


# ---- local


@pytest.mark.parametrize(
    ("which", "committed", "shares"),
    [
        ("local", {"E3": 2}, {"DSO F1": 16, "DSO F2": 0, "TSO": 700}),
        ("local_with_interface_price_50", {"E4": 1}, {"DSO F1": 18, "DSO F2": 0, "TSO": 650}),
    ],
)
def test_a_local_market_commits_what_its_operator_needs(
    which: str, committed: dict[str, int], shares: dict[str, int], reference_data: Path
) -> None:
    found, theirs = outcome(which), published(reference_data, which)
    firm = {each.bid_id: each.quantity_mw for each in found.purchases if each.step == 5}
    assert firm == committed == theirs["dso_commit"]["F1"]
    assert found.cost_by_buyer == shares
    assert {f"DSO {name}": cost for name, cost in theirs["dso_cost"].items()}.items() <= found.cost_by_buyer.items()


def test_what_is_bought_for_the_need_of_a_feeder_is_paid_at_the_price_of_its_bus() -> None:
    assert [(e.step, e.buyer, e.bid_id, e.quantity_mw, e.price) for e in outcome("local").purchases] == [
        (5, "DSO F1", "E3", Decimal(2), Decimal(-8)),
        (10, "TSO", "G1", Decimal(14), Decimal(50)),
    ]
    with_price = outcome("local_with_interface_price_50").purchases
    assert {each.bid_id: each.price for each in with_price} == {"E4": -18, "G1": 50}


def test_what_a_local_market_committed_stays_in_when_the_award_is_shared_out() -> None:
    """Where all else costs 100 the TSO takes the curve up to 2.5 MW, at 78; without E3 that would be cheaper to reach."""
    dear = {"G1", "G2"}
    bids = (replace(each, price=Decimal(100)) if each.id in dear else each for each in SMALL.market.bids)
    found = run(named("local"), replace(SMALL, market=replace(SMALL.market, bids=tuple(bids))))

    assert [each.bid_id for each in found.purchases if each.step == 5] == ["E3"]
    inside = {name: found.accepted_mw[name] for name in ("E1", "E2", "E3", "E4", "E5")}
    assert accepted(inside) == {"E1": 5, "E3": 2, "E4": Decimal("2.5")}
    assert found.exports_mw["F1"] == Decimal("2.5")


@pytest.mark.parametrize("surplus_mw", [14, 26], ids="{} MW too many".format)
def test_awards_downward_are_shared_out_like_awards_upward(surplus_mw: int) -> None:
    injections = {**SMALL.market.injections_mw, "T1": Decimal(surplus_mw)}
    bids = (replace(each, price=Decimal(-40)) if each.id in {"G1d", "G2d"} else each for each in SMALL.market.bids)
    given = replace(SMALL, market=replace(SMALL.market, injections_mw=injections, bids=tuple(bids)))
    one, curves = (run(named(f"common_{way}"), given) for way in ("centralised", "decentralised"))

    assert curves.cost == one.cost
    assert curves.exports_mw == one.exports_mw
    assert curves.exports_mw["F1"] < 0


def test_without_forwarding_the_market_of_the_operator_of_the_transmission_network_sees_no_offer() -> None:
    found = run(named("local"), SMALL, Switches(forwarding=False))
    assert [(each.step, each.feeder) for each in found.decisions] == [(5, "F1"), (5, "F2"), (10, None)]
    assert found.cost == 716


# ---- shared


def test_every_feeder_keeps_its_schedule_and_every_operator_pays_for_itself(reference_data: Path) -> None:
    found, theirs = outcome("shared"), published(reference_data, "shared")
    assert found.cost_by_buyer == {"DSO F1": 16, "DSO F2": 360, "TSO": theirs["tso_cost"]}
    assert found.exports_mw == SMALL.schedules_mw


def test_the_price_of_a_schedule_at_a_corner_of_the_curve_is_the_middle_of_its_slopes(reference_data: Path) -> None:
    found, theirs = outcome("shared"), published(reference_data, "shared")["dso_price"]
    assert interval(found, "D0") == [-8, -3, 2]
    assert interval(found, "H0") == [90, 90, 90]
    assert -8 <= theirs["F1"] <= 2
    assert theirs["F2"] == 90


def test_a_schedule_that_a_feeder_cannot_keep_is_told_as_a_deviation_and_has_no_price_of_its_own() -> None:
    found = run(named("shared"), replace(SMALL, schedules_mw={"F1": Decimal(0), "F2": Decimal(1)}))
    # F2 can do no more than all of H1u, 6 MW of its 8: it imports 2 MW instead of exporting 1.
    assert found.exports_mw["F2"] == -2
    assert found.deviations_mw == {"F2": -3}
    assert interval(found, "H1") == [90, 90, 90]
    assert found.missing_mw == {}
    assert found.accepted_mw["G1"] == 8  # of the 10 MW at T1 the deviation from the schedule is no matter: 6 + 2


def test_a_schedule_below_all_that_a_feeder_can_do_is_told_too() -> None:
    found = run(named("shared"), replace(SMALL, schedules_mw={"F1": Decimal(-9), "F2": Decimal(-4)}))
    assert found.exports_mw["F1"] == Decimal("-4.875")
    assert found.deviations_mw == {"F1": Decimal("4.125")}
    assert found.prices["D0"].price == -18


def test_a_scheme_that_keeps_schedules_refuses_a_feeder_without_one() -> None:
    with pytest.raises(InvalidValue, match="expected a schedule of feeder F2, found none"):
        run(named("shared"), replace(SMALL, schedules_mw={"F1": Decimal(0)}))


# ---- integrated


def test_parties_that_balance_themselves_buy_and_sell_beside_the_operators() -> None:
    found = outcome("integrated")
    bought = {each.bid_id: (each.buyer, each.quantity_mw, each.price) for each in found.purchases}
    everybody = "TSO & DSO & CMP as BRP"
    assert bought == {
        "G1": (everybody, Decimal(14), Decimal(50)),
        "E4": (everybody, Decimal(1), Decimal(-18)),
        "BRPX": ("example", Decimal(3), Decimal(50)),
        "BRPY": (everybody, Decimal(2), Decimal(50)),
    }


def test_in_other_schemes_they_do_not_take_part() -> None:
    assert all(outcome(which).accepted_mw["BRPX"] == 0 for which in RUNS if which != "integrated")


# ---- systems that cannot be


def test_a_system_without_bids_is_refused() -> None:
    bare = replace(SMALL.market, bids=(), buses={})
    with pytest.raises(InvalidValue, match="expected at least one bid"):
        CoordinatedSystem(market=bare)


def test_a_schedule_of_no_feeder_is_refused() -> None:
    with pytest.raises(InvalidValue, match="expected feeders of the network, found F3"):
        replace(SMALL, schedules_mw={"F3": Decimal(0)})


def test_a_trade_at_no_bus_is_refused() -> None:
    with pytest.raises(InvalidValue, match="bid X: expected a bus of the network"):
        replace(SMALL, trades=(bid("X", "A", "up", 1, 1),))


def test_no_decision_of_a_row_without_one() -> None:
    with pytest.raises(KeyError):
        outcome("shared").decided(1)
