"""The feeder of the hand-made market for itself: its state, its curve, its bids, and the lists that are merged.

With c = e1 + g2 − g1 the change of its export, w_G allows −1 ≤ c ≤ 4 and w_E allows −1.5 ≤ e1 + g2/2 − g1/2 ≤ 3.5. The
cheapest way from −1 to 0 is g1 at 10, to 3.5 e1 at 30; from there a MW more takes two of g2 for one of e1: 80 − 30.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.curve import Curve, activate, curve_of, residual_supply
from gateway.clearing.nodal.market import NodalMarket, NodalResult, feeder_alone
from gateway.clearing.nodal.merge import thermal_supply
from gateway.clearing.nodal.orders import as_bids, as_exclusive_group
from gateway.clearing.nodal.physics import LinearError, MeshedGrid, exactness, feeder_state, injected
from gateway.errors import InvalidValue, Unsolved
from gateway.network.model import Feeder, Line, Network, Section, Transmission
from gateway.network.transmission import LineModel
from tests.gateway.clearing.nodal.hand import TENTH, feeder, hand_market, triangle

MARKET = hand_market()
Points = Sequence[tuple[float, float]]


def corners(curve: Curve | None) -> list[tuple[float, float]]:
    """Return the corners of a curve as plain numbers."""
    assert curve is not None
    return [(float(export), float(cost)) for export, cost in curve.points]


def limited(mva: float | None, **more: Decimal) -> NodalMarket:
    """Return the market with another limit of the first section."""
    first, second = feeder().sections
    limit = None if mva is None else Decimal(str(mva))
    sections = (replace(first, limit_mva=limit), second)
    network = Network(transmission=triangle(), feeders=(replace(feeder(), sections=sections),))
    return hand_market(network=network, committed_mw=more)


def test_the_curve_by_hand() -> None:
    curve = residual_supply(MARKET, "F")

    assert corners(curve) == [(-2, -10), (-1, 0), (2.5, 105), (3, 130)]
    assert [tuple(map(float, each)) for each in curve.segments] == [(1, 10), (3.5, 30), (0.5, 50)]
    assert [curve.rest_mw, curve.excess_mw] == [-1, 0]
    assert list(curve.cheapest) == [-2, -10]


@pytest.mark.parametrize(
    ("export", "cost"), [(-2, -10), (-1.5, -5), (-1, 0), (0, 30), (2.5, 105), (2.8, 120), (3, 130)]
)
def test_the_cost_between_two_corners_lies_on_the_line(export: float, cost: float) -> None:
    assert residual_supply(MARKET, "F").cost(Decimal(str(export))) == cost


@pytest.mark.parametrize(
    ("export", "volumes"),
    [
        (-2, {"e1": 0, "g1": 1, "g2": 0}),
        (-1, {"e1": 0, "g1": 0, "g2": 0}),
        (1, {"e1": 2, "g1": 0, "g2": 0}),
        (2.5, {"e1": 3.5, "g1": 0, "g2": 0}),
        (3, {"e1": 3, "g1": 0, "g2": 1}),
        (3.0000005, {"e1": 3, "g1": 0, "g2": 1}),
    ],
    ids=["least", "rest", "on the first bid", "corner", "most", "most but for rounding"],
)
def test_an_export_is_activated_at_least_cost(export: float, volumes: dict[str, float]) -> None:
    assert {name: float(mw) for name, mw in activate(MARKET, "F", Decimal(str(export))).items()} == pytest.approx(
        volumes, abs=1e-6
    )


@pytest.mark.parametrize("export", ["3.00001", "-2.00001", "50"])
def test_an_export_beyond_the_ends_is_refused(export: str) -> None:
    with pytest.raises(Unsolved) as refusal:
        activate(MARKET, "F", Decimal(export))
    assert str(refusal.value) == "solver: expected a proven optimum, found Infeasible"


@pytest.mark.parametrize(
    ("market", "points"),
    [
        (MARKET, [(-4, -30), (-1, 0), (3, 120), (5, 200)]),
        (limited(3), [(-3, -20), (-1, 0), (3, 120)]),
        (limited(None), [(-4, -30), (-1, 0), (3, 120), (9, 360)]),
        (limited(5, e1=Decimal(2)), [(-2, 30), (1, 60), (3, 120), (5, 200)]),
        (limited(5, g1=Decimal(1)), [(-4, -30), (-2, -10), (2, 110), (5, 230)]),
        (limited(5, g2=Decimal(6)), [(2, 210), (5, 240)]),
        (limited(0), [(0, 30)]),
    ],
    ids=["5 MVA", "3 MVA", "unlimited", "e1 committed", "g1 committed", "g2 committed", "closed"],
)
def test_lists_merged_by_price_and_cut_at_the_section(market: NodalMarket, points: Points) -> None:
    """Without voltages the items are g1 at 10, e1 at 30 and g2 at 40, from an export of −4 on."""
    assert corners(thermal_supply(NodalProblem(feeder_alone(market, "F")))) == points


@pytest.mark.parametrize("sign", [1, -1])
def test_a_section_that_no_activation_can_relieve_has_no_curve(sign: int) -> None:
    market = replace(limited(3), injections_mw={"G": Decimal(10 * sign)}, bids=MARKET.bids[:1], buses={"e1": "E"})

    assert thermal_supply(NodalProblem(feeder_alone(market, "F"))) is None


def test_offers_by_hand() -> None:
    """Anchored at the cheapest point, −2 MW at −10: all that is offered is more export."""
    offer = as_bids(residual_supply(MARKET, "F"), bid("F", "M", "up", 1, 0))

    assert [(each.id, float(each.quantity_mw), float(each.price or 0)) for each in offer.bids] == [
        ("F-up-1", 1, 10),
        ("F-up-2", 3.5, 30),
        ("F-up-3", 0.5, 50),
    ]
    assert [offer.export_mw, offer.cost, offer.lost_mw] == [-2, -10, 0]


def test_an_exclusive_group_by_hand() -> None:
    """In steps of a MW from −2 MW at −10: 0, 30, 60, 90 and 130 at −1, 0, 1, 2 and 3 MW; prices are averages."""
    offer = as_exclusive_group(MARKET, "F", bid("F", "M", "up", 1, 0), Decimal(1))

    assert [offer.export_mw, offer.cost] == [-2, -10]
    assert [(each.id, each.price) for each in offer.bids] == [
        ("F-up-1", 10),
        ("F-up-2", 20),
        ("F-up-3", Decimal("23.333333")),
        ("F-up-4", 25),
        ("F-up-5", 28),
    ]
    assert {(each.exclusive, each.divisible) for each in offer.bids} == {("F", False)}


def test_an_exclusive_group_of_no_known_feeder_is_refused() -> None:
    with pytest.raises(InvalidValue) as refusal:
        as_exclusive_group(MARKET, "X", bid("F", "M", "up", 1, 0), Decimal(1))
    assert str(refusal.value) == "NodalMarket.network: expected the feeder, found X"


@pytest.mark.parametrize(
    ("points", "kept"),
    [
        ({0: 0, 1: 10, 2: 20}, [(0, 0), (2, 20)]),
        ({0: 0, 1: 10, 2: 21}, [(0, 0), (1, 10), (2, 21)]),
        ({2: 20, 0: 0, 1: 9}, [(0, 0), (1, 9), (2, 20)]),
        ({5: 7}, [(5, 7)]),
        ({0: 0, 1: 1, 2: 2, 3: 3, 4: 9}, [(0, 0), (3, 3), (4, 9)]),
    ],
    ids=["straight", "bend", "unsorted", "one", "long stretch"],
)
def test_a_curve_keeps_its_corners_alone(points: dict[float, float], kept: Points) -> None:
    assert corners(curve_of(points, 0.0, 0.0)) == kept


def test_power_and_voltages_of_the_feeder() -> None:
    """2 MW and 1 Mvar of e1 and 1 MW of g2 on top of −1 MW and −0.5 Mvar at G."""
    state = feeder_state(feeder(), injected(MARKET, {"e1": 2, "g2": 1}))

    assert state.power == pytest.approx({"R": 2 + 0.5j, "E": 2 + 0.5j, "G": 0 - 0.5j})
    assert state.squared == pytest.approx({"R": 1, "E": 1 + 2 * 0.02 + 0.5 * 0.04, "G": 1.06})


def test_injections_of_bids_that_are_not_named_are_those_at_rest() -> None:
    assert injected(MARKET, {}) == {"N": 5, "S": -50, "M": -3, "R": 0, "E": 0, "G": -1 - 0.5j}
    assert injected(MARKET, {"g1": 2.0})["G"] == -3 - 0.5j


@pytest.mark.parametrize(
    ("model", "changes", "weight", "flow"),
    [
        (LineModel.REACTANCE, {}, 1000, 20),
        (LineModel.REACTANCE, {"r_pu": TENTH}, 1000, 20),
        (LineModel.ADMITTANCE, {"r_pu": TENTH}, 500, 15),
        (LineModel.REACTANCE, {"tap": Decimal(2)}, 500, 15),
        (LineModel.ADMITTANCE, {"tap": Decimal(2)}, 1000, 20),
        (LineModel.REACTANCE, {"x_pu": Decimal(0)}, 0, 0),
    ],
    ids=["plain", "resistance left out", "resistance", "tap", "tap left out", "no reactance"],
)
def test_what_a_line_carries(model: LineModel, changes: dict[str, Decimal], weight: float, flow: float) -> None:
    """30 MW from N to S: the way over M has 500 MW per radian, the straight way 1000, or what is left of it."""
    top = triangle()
    changed = replace(top, lines=tuple(replace(x, **changes) if x.id == "NS" else x for x in top.lines))  # type: ignore[arg-type]  # Decimals
    grid = MeshedGrid(changed, model)

    assert grid.weight.tolist() == pytest.approx([weight, 1000, 1000])
    assert grid.weight * grid.across(np.array([30.0, -30.0, 0.0])) == pytest.approx([flow, 30 - flow, 30 - flow])


def test_a_phase_shift_drives_a_flow_of_its_own() -> None:
    """1 degree at N on the straight way: what it holds back goes round over M, φ · 1000 / 3 in all three lines."""
    top = triangle()
    shifted = replace(top, lines=tuple(replace(x, shift_deg=Decimal(int(x.id == "NS"))) for x in top.lines))
    grid, round_mw = MeshedGrid(shifted, LineModel.REACTANCE), np.radians(1) * 1000 / 3

    assert 1000 * grid.across(np.zeros(3)) == pytest.approx([-round_mw, round_mw, round_mw])
    assert MeshedGrid(shifted, LineModel.ADMITTANCE).across(np.zeros(3)) == pytest.approx([0, 0, 0])


def chain(**injections: int) -> NodalMarket:
    """Return a market of one feeder R-E-G: RE without impedance, EG of 0.1 without reactance."""
    sections = (
        Section(id="RE", parent="R", child="E", r_pu=Decimal(0), x_pu=Decimal(0)),
        Section(id="EG", parent="E", child="G", r_pu=TENTH, x_pu=Decimal(0)),
    )
    top = Transmission(buses=("T",), lines=(), reference="T")
    network = Network(transmission=top, feeders=(Feeder(id="F", interface="T", root="R", sections=sections),))
    return NodalMarket(
        network=network, bids=(), buses={}, injections_mw={bus: Decimal(mw) for bus, mw in injections.items()}
    )


NOTHING = NodalResult(accepted_mw={}, prices={}, bindings=(), missing_mw={}, cost=Decimal(0))


@pytest.mark.parametrize("mw", [1, -1, 2])
def test_the_linear_model_is_off_by_what_the_losses_do(mw: int) -> None:
    """With p per unit at G exactly V (V − 1) = r p, linearly V² = 1 + 2 r p; RE also carries the losses r (p/V)²."""
    p = mw / 10
    exact = (1 + (1 + 0.4 * p) ** 0.5) / 2
    (error,) = exactness(chain(G=mw), NOTHING)

    assert error.feeder == "F"
    assert error.voltage_pu == pytest.approx(abs((1 + 0.2 * p) ** 0.5 - exact), rel=1e-6)
    assert error.flow_mw == pytest.approx(10 * 0.1 * (p / exact) ** 2, rel=1e-6)


def test_without_power_the_linear_model_is_exact() -> None:
    assert exactness(chain(), NOTHING) == (LinearError("F", 0, 0),)


def test_a_load_that_no_voltage_can_carry_has_no_exact_flow() -> None:
    """1 + 4 r p is below 0 from −25 MW on."""
    with pytest.raises(Unsolved):
        exactness(chain(G=-26), NOTHING)


def test_a_feeder_of_a_root_alone_has_no_error() -> None:
    top = Transmission(buses=("T", "U"), lines=(Line(id="TU", from_bus="T", to_bus="U", x_pu=TENTH),), reference="T")
    network = Network(transmission=top, feeders=(Feeder(id="F", interface="T", root="R", sections=()),))

    assert exactness(NodalMarket(network=network, bids=(), buses={}), NOTHING) == (LinearError("F", 0, 0),)
