"""What a buyer takes beyond its need, within a tolerance, is paid for and lies in its perimeter like the need itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.results import ServedNeed
from gateway.settlement.case import Perimeter
from gateway.settlement.run import identities, settle
from gateway.settlement.shifts import Share
from tests.gateway.settlement.values import BUYER, PLANT, SUPPLIER, award, definition, flexible_period, need, result
from tests.market_values import WEST, quarter


def bought(served: int, excess: int) -> ServedNeed:
    """Return a need of the buyer that got so many MW, and more beyond it."""
    return replace(need(BUYER, served), excess_mw=Decimal(excess))


@pytest.mark.parametrize(("served", "excess"), [(10, 0), (8, 2), (0, 10)], ids=["need alone", "both", "excess alone"])
def test_ten_megawatts_cost_the_same_whether_they_are_need_or_excess(served: int, excess: int) -> None:
    """A quarter hour of 10 MW at 50 is 2.5 MWh and 125.00; the seller gets what the buyer pays."""
    sale = replace(award(PLANT, 10), provider=SUPPLIER, resource=None)
    case = flexible_period(
        definition=definition("integrated", traders=frozenset({SUPPLIER})),
        result=result(sale, needs=(bought(served, excess),)),
        perimeters=(
            Perimeter(party=SUPPLIER, area=WEST, interval=quarter(), allocated_mwh=Decimal("2.5")),
            Perimeter(party=BUYER, area=WEST, interval=quarter(), allocated_mwh=Decimal("-2.5")),
        ),
        readings=(),
    )
    run = settle(case)

    assert {name: amount for name, amount in run.ledger.balances().items() if amount} == {
        str(SUPPLIER): Decimal(125),
        str(BUYER): Decimal(-125),
    }
    assert [shift.energy_mwh for shift in run.shifts if shift.share is Share.BUYER] == [Decimal("-2.5")]
    assert list(identities(run)) == []
