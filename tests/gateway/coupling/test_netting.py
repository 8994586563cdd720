"""Imbalance netting: as much as borders carry, shared in proportion or to whom it spares most."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing.example import QUARTERS, area
from gateway.coupling.capacities import TransferCapacities, Way
from gateway.coupling.netting import GOALS, Netted, Sharing, net, netted_energy
from gateway.coupling.transport import Demand
from gateway.settlement.exchange import netting_postings, netting_price
from gateway.settlement.ledger import Ledger

ONE, WIDE = Decimal(1), 10_000


def borders(**limits: int) -> TransferCapacities:
    """Return borders to and from C in MW: ``CA=20`` lets 20 MW flow from C to A."""
    ways = (Way(area(name[0]), area(name[1]), Decimal(mw)) for name, mw in limits.items())
    return TransferCapacities(QUARTERS[0], tuple(sorted(ways)))


def demands(**mw: int) -> tuple[Demand, ...]:
    return tuple(Demand(area(name), Decimal(value)) for name, value in mw.items())


def imported(found: Netted) -> dict[str, int]:
    return {each.value: int(mw) for each, mw in found.imported_mw.items()}


STAR = borders(CA=WIDE, CB=WIDE, AC=WIDE, BC=WIDE)
CASES: dict[str, tuple[tuple[Demand, ...], TransferCapacities, dict[str, int]]] = {
    "the shorter side nets whole": (demands(A=60, B=30, C=-60), STAR, {"A": 40, "B": 20, "C": -60}),
    "the long side shares": (demands(A=-60, B=-30, C=45), STAR, {"A": -30, "B": -15, "C": 45}),
    "a narrow border takes its full share first": (
        demands(A=60, B=30, C=-60),
        borders(CA=20, CB=WIDE),
        {"A": 20, "B": 30, "C": -50},
    ),
    "a border near the share moves it": (
        demands(A=60, B=30, C=-60),
        borders(CA=35, CB=WIDE),
        {"A": 35, "B": 25, "C": -60},
    ),
    "a border just wide enough changes nothing": (
        demands(A=60, B=30, C=-60),
        borders(CA=40, CB=WIDE),
        {"A": 40, "B": 20, "C": -60},
    ),
    "no border": (demands(A=60, B=30, C=-60), borders(), {"A": 0, "B": 0, "C": 0}),
    "a border of the wrong direction": (demands(A=60, C=-60), borders(AC=WIDE), {"A": 0, "C": 0}),
    "all short": (demands(A=60, B=30, C=10), STAR, {"A": 0, "B": 0, "C": 0}),
    "a balanced area is passed through": (demands(A=60, B=-60, C=0), STAR, {"A": 60, "B": -60, "C": 0}),
    "what does not divide goes to the largest remainder": (
        demands(A=20, B=10, C=-10),
        STAR,
        {"A": 7, "B": 3, "C": -10},
    ),
    "equal remainders go by area": (demands(A=10, B=10, C=-5), STAR, {"A": 3, "B": 2, "C": -5}),
}


@pytest.mark.parametrize("name", CASES)
def test_netting_is_shared_in_proportion(name: str) -> None:
    wanted, capacities, expected = CASES[name]
    found = net(wanted, capacities, quantity_step=ONE)
    assert imported(found) == expected
    assert found.total_mw == sum(mw for mw in expected.values() if mw > 0)
    assert {each.area.value: each.mw - expected[each.area.value] for each in wanted} == {
        each.value: mw for each, mw in found.left_mw.items()
    }


def test_flows_carry_what_is_netted_and_no_more() -> None:
    found = net(demands(A=60, B=-60), STAR, quantity_step=ONE)
    carried = {f"{start.value}{end.value}": int(mw) for (start, end), mw in found.flows_mw.items() if mw}
    assert carried == {"BC": 60, "CA": 60}


@given(st.lists(st.integers(-90, 90), min_size=2, max_size=3))
def test_without_limits_every_area_nets_its_share_to_the_step(drawn: list[int]) -> None:
    wanted = tuple(Demand(area(name), Decimal(mw)) for name, mw in zip("ABC", drawn, strict=False))
    found = net(wanted, STAR, quantity_step=ONE)
    short, long = sum(mw for mw in drawn if mw > 0), -sum(mw for mw in drawn if mw < 0)
    assert found.total_mw == min(short, long)
    assert sum(found.imported_mw.values()) == 0
    for each in wanted:
        side = short if each.mw > 0 else long
        share = each.mw * min(short, long) / side if side else Decimal(0)
        assert abs(found.imported_mw[each.area] - share) < 1


@given(
    st.lists(st.integers(-40, 40), min_size=3, max_size=3),
    st.lists(st.integers(0, 40), min_size=4, max_size=4),
    st.sampled_from(Sharing),
)
def test_whatever_borders_carry_both_variants_net_as_much(
    drawn: list[int], limits: list[int], sharing: Sharing
) -> None:
    wanted = tuple(Demand(area(name), Decimal(mw), Decimal(mw % 7)) for name, mw in zip("ABC", drawn, strict=True))
    narrow = borders(**dict(zip(("CA", "AC", "CB", "BC"), limits, strict=True)))
    found, other = net(wanted, narrow, sharing, ONE), net(wanted, narrow, quantity_step=ONE)
    assert found.total_mw == other.total_mw
    for each in wanted:
        netted = found.imported_mw[each.area]
        assert 0 <= netted * each.sign <= abs(each.mw)
    assert all(mw <= narrow.limit_mw(*ends) for ends, mw in found.flows_mw.items())


# ---- who is spared most


def test_the_price_aware_variant_spares_the_dearest_first() -> None:
    wanted = (
        Demand(area("A"), Decimal(60), Decimal(60)),
        Demand(area("B"), Decimal(30), Decimal(90)),
        Demand(area("C"), Decimal(-60), Decimal(20)),
    )
    assert imported(net(wanted, STAR, Sharing.PRICE_AWARE, ONE)) == {"A": 30, "B": 30, "C": -60}
    assert imported(net(wanted, STAR, Sharing.PROPORTIONAL, ONE)) == {"A": 40, "B": 20, "C": -60}


def test_among_the_long_the_one_that_would_earn_least_nets_first() -> None:
    wanted = (
        Demand(area("A"), Decimal(-60), Decimal(20)),
        Demand(area("B"), Decimal(-60), Decimal(-5)),
        Demand(area("C"), Decimal(80), Decimal(70)),
    )
    found = net(wanted, STAR, Sharing.PRICE_AWARE, ONE)
    assert imported(found) == {"A": -20, "B": -60, "C": 80}
    assert dict(found.attained)["greatest avoided value [money per hour]"] == 80 * 70 - 20 * 20 + 60 * 5


def test_both_variants_net_first() -> None:
    assert [goals[0] for goals in GOALS.values()] == [GOALS[Sharing.PROPORTIONAL][0]] * 2


# ---- what it costs


def test_netted_energy_is_settled_at_the_mean_of_what_it_avoids() -> None:
    """A avoids 60, B would have earned 20; 30 MWh each: 40 per MWh, A pays B 1200, and each side gains 600."""
    wanted = (Demand(area("A"), Decimal(120), Decimal(60)), Demand(area("B"), Decimal(-120), Decimal(20)))
    netted = net(wanted, borders(BA=150))
    quarter = timedelta(minutes=15)
    energy = tuple(netted_energy(netted, wanted, {area("A"): "TSO A", area("B"): "TSO B"}, quarter))
    assert [(each.operator, int(each.energy_mwh), int(each.value)) for each in energy] == [
        ("TSO A", 30, 60),
        ("TSO B", -30, 20),
    ]
    assert netting_price(energy) == 40
    assert Ledger(tuple(netting_postings(energy))).balances() == {
        "TSO A": -1200,
        "TSO B": 1200,
        "imbalance netting": 0,
    }


def test_who_nets_nothing_settles_nothing() -> None:
    wanted = demands(A=60, C=-60)
    assert not list(netted_energy(net(wanted, borders()), wanted, {}, timedelta(minutes=15)))
