"""The Australian dispatch as nempy computes it (with CBC) and as we do, over random stacks.

Links with losses are compared with its printed results only (`tests/gateway/clearing/test_published_cases.py`): its solver
aborts the process on their interpolation.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from gateway.clearing import clear
from gateway.clearing.example import bid, market_of, need
from gateway.model import Bid

pd = pytest.importorskip("pandas", reason="nempy is not installed: run `make oracles`")
markets = pytest.importorskip("nempy.markets", reason="nempy is not installed: run `make oracles`")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

Stacks = dict[str, tuple[str, list[tuple[int, int]]]]
"""By unit its region, and what it offers: MW and price of each step, the cheapest first."""


def spot_market(stacks: Stacks, demand: dict[str, int]) -> Any:  # noqa: ANN401 - the library carries no types
    """Return the market in their words."""
    places = [(unit, region) for unit, (region, _) in stacks.items()]
    spot = markets.SpotMarket(unit_info=pd.DataFrame(places, columns=["unit", "region"]), market_regions=list(demand))
    for at, column in enumerate((spot.set_unit_volume_bids, spot.set_unit_price_bids)):
        rows = [{"unit": unit, **{str(n): float(step[at]) for n, step in enumerate(steps, start=1)}}
                for unit, (_, steps) in stacks.items()]  # fmt: skip
        column(pd.DataFrame(rows))
    wanted = [(region, float(mw)) for region, mw in demand.items()]
    spot.set_demand_constraints(pd.DataFrame(wanted, columns=["region", "demand"]))
    return spot


def our_bids(stacks: Stacks) -> list[Bid]:
    """Return the same offers in our words."""
    return [
        bid(f"{unit} {at}", region, "up", mw, price)
        for unit, (region, steps) in stacks.items()
        for at, (mw, price) in enumerate(steps)
    ]


def drawn(seed: int, regions: str) -> Stacks:
    """Return three units with three steps each, all prices different."""
    draw = Random(seed)
    levels = iter(draw.sample(range(10, 200), 9))
    return {
        f"U{at}": (
            draw.choice(regions),
            [(draw.randint(5, 40), price) for price in sorted(next(levels) for _ in "123")],
        )
        for at in range(3)
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_stack_of_bids(seed: int) -> None:
    stacks = drawn(seed, "A")
    offered = sum(mw for _, steps in stacks.values() for mw, _ in steps)
    spot = spot_market(stacks, {"A": offered * 2 // 3})
    spot.dispatch()
    ours = clear(market_of(*our_bids(stacks), need("demand", "A", offered * 2 // 3)))

    theirs = spot.get_unit_dispatch().set_index("unit")["dispatch"]
    taken = {
        unit: sum(float(each.quantity_mw) for each in ours.awards if each.bid_id.startswith(unit)) for unit in stacks
    }
    assert taken == pytest.approx(dict(theirs))
    ((low, high),) = ((each.lowest, each.highest) for each in ours.prices)
    assert float(low) <= spot.get_energy_prices()["price"].iloc[0] <= float(high)
