"""Loads and voltages of a cleared network, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from math import cos, hypot, pi, sqrt

import pytest

from adapters.report_html.network_state import Load, NetworkState, Profile, Voltage
from gateway.clearing.nodal.market import NodalMarket
from tests.adapters.report_html.networks import report, top_alone, with_fork

SENT = 4 * cos(pi / 12)
"""What the polygon of section F:3 lets through, in MW."""


def state(market: NodalMarket) -> NetworkState:
    return report(market).state


def load(market: NodalMarket, name: str) -> Load:
    (found,) = (each for each in state(market).loads if each.id == name)
    return found


def voltages(profile: Profile) -> dict[str, Voltage]:
    return {each.bus: each for each in profile.voltages}


def test_a_full_line_has_its_shadow_price() -> None:
    line = load(top_alone(), "1")
    assert (line.start, line.end, line.flow, line.limit, line.unit) == ("1", "2", Decimal(15), Decimal(15), "MW")
    assert line.shadow_price == 30  # 50 at one end, 20 at the other
    assert (line.share, line.excess) == (Decimal(1), Decimal(0))


def test_a_line_with_room_has_none() -> None:
    line = load(top_alone(limit=40), "1")
    assert (line.flow, line.share, line.shadow_price) == (Decimal(20), Decimal("0.5"), None)


def test_a_line_without_a_limit_has_that_of_its_angle() -> None:
    """30 degrees over 0.1 per unit of 100 MVA."""
    line = load(top_alone(limit=0), "1")
    assert float(line.limit or 0) == pytest.approx(pi / 6 / 0.1 * 100)


def test_a_broken_limit_tells_by_how_much() -> None:
    """Nothing can be generated below the feeder's root but 5 MW: 1.5 MW of its own line load remain."""
    market = with_fork(w_min=Decimal("1.05"), w_max=Decimal("1.06"))
    (profile,) = state(market).profiles
    assert voltages(profile)["F:3"].excess > 0


def test_sections_count_in_mva_towards_the_load() -> None:
    """Above bus 3 flow 3.5 MW and 1 Mvar; bus 7 gives 4 cos 15° MW and 0.2 Mvar, more than its load."""
    market = with_fork()
    out = load(market, "F:3")
    assert (out.start, out.end, out.unit, out.limit) == ("F:2", "F:7", "MVA", Decimal(4))
    assert float(out.flow) == pytest.approx(-hypot(SENT, 0.2), abs=1e-6)
    assert float(out.shadow_price or 0) == pytest.approx(10, abs=1e-5)
    into = load(market, "F:2")
    assert float(into.flow) == pytest.approx(hypot(3.5, 1), abs=1e-6)
    assert (into.limit, into.share, into.shadow_price) == (None, None, None)


def test_the_most_loaded_stand_first_and_those_without_limits_last() -> None:
    assert [each.id for each in state(with_fork()).loads] == ["1", "F:3", "F:1", "F:2"]


def test_voltages_along_the_feeder() -> None:
    """W falls by 2 (r P + x Q) / base on the way out; before activation bus 7 draws nothing but gives 1 − 1 MW."""
    (profile,) = state(with_fork()).profiles
    found = voltages(profile)
    first = 1.02**2 + 2 * (0.01 * (SENT - 5.5) + 0.02 * (0.2 - 1.5)) / 10
    assert float(found["F:2"].voltage_pu) == pytest.approx(sqrt(first), abs=1e-6)
    assert float(found["F:3"].voltage_pu) == pytest.approx(sqrt(first - 2 * (0.05 * 3.5 + 0.05) / 10), abs=1e-6)
    before = 1.02**2 + 2 * (0.01 * -5.5 + 0.02 * (0.2 - 1.5)) / 10
    assert float(found["F:2"].before_pu) == pytest.approx(sqrt(before), abs=1e-6)


def test_distances_and_bounds() -> None:
    (profile,) = state(with_fork()).profiles
    found = voltages(profile)
    assert (profile.feeder, profile.least_pu, profile.most_pu) == ("F", Decimal("0.95"), Decimal("1.04"))
    assert (found["F:1"].parent, found["F:1"].distance_pu) == (None, Decimal(0))
    assert found["F:7"].parent == "F:2"
    assert float(found["F:7"].distance_pu) == pytest.approx(hypot(0.01, 0.02) + hypot(0.02, 0.01), abs=1e-6)


def test_a_bound_that_is_reached_has_its_shadow_price() -> None:
    """At most 1.02 at bus 7, which would rise to 1.0236 otherwise: its generator stops where the bound is."""
    (profile,) = state(with_fork(w_max=Decimal("1.0404"))).profiles
    bound = voltages(profile)["F:7"]
    assert (bound.voltage_pu, bound.excess) == (Decimal("1.02"), Decimal(0))
    # A MW at bus 7 raises w by 2 (0.01 + 0.02) / 10 and is worth 50 − 40.
    assert float(bound.shadow_price or 0) == pytest.approx(10 / 0.006, abs=1e-3)


def test_a_market_without_feeders_has_no_profiles() -> None:
    assert state(top_alone()).profiles == ()
