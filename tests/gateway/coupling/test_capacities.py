"""What borders can carry: the lower of two statements, and what an exchange leaves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.areas import BalancingArea, Exchange
from gateway.clearing.example import QUARTERS, area
from gateway.coupling.capacities import TransferCapacities, Way, agreed_capacities
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Capacity
from gateway.results import ExchangeFlow
from gateway.time import Interval
from tests.gateway.coupling.three_areas import START, A, B, C, cooperation, operator

NOW = QUARTERS[0]


def states(name: str, start: str, end: str, mw: object, interval: Interval = NOW) -> Capacity:
    """Return what the operator of an area says of one direction."""
    return Capacity(
        id=f"{name} {start}{end}",
        sender=operator(name),
        from_area=area(start),
        to_area=area(end),
        interval=interval,
        quantity_mw=Decimal(str(mw)),
    )


def flow(start: AreaId, end: AreaId, mw: object, interval: Interval = NOW) -> ExchangeFlow:
    quantity = Decimal(str(mw))
    return ExchangeFlow(
        from_area=start, to_area=end, interval=interval, quantity_mw=quantity, capacity_mw=Decimal(1000)
    )


BOTH = (states("A", "A", "B", 50), states("B", "A", "B", 40), states("A", "B", "A", 20), states("B", "B", "A", 20))


def test_the_lower_of_two_statements_counts_and_the_difference_is_reported() -> None:
    found = agreed_capacities(BOTH, NOW, cooperation("AB"))
    assert found.ways == (Way(A, B, Decimal(40)), Way(B, A, Decimal(20)))
    assert found.notes == (
        f"Border A to B in {NOW}: operator A states 50 MW, operator B states 40 MW; the lower counts.",
    )


def test_the_order_of_statements_does_not_matter() -> None:
    assert agreed_capacities(BOTH[::-1], NOW, cooperation("AB")) == agreed_capacities(BOTH, NOW, cooperation("AB"))


def test_one_statement_counts_and_is_reported() -> None:
    found = agreed_capacities(BOTH[:1], NOW, cooperation("AB"))
    assert found.limit_mw(A, B) == 50
    assert found.limit_mw(B, A) == 0
    assert found.notes == (f"Border A to B in {NOW}: only operator A states a capacity, 50 MW; it counts.",)


def test_the_greater_of_two_losses_counts() -> None:
    lossy = (replace(BOTH[0], loss_factor=Decimal("0.03")), replace(BOTH[1], loss_factor=Decimal("0.02")))
    assert agreed_capacities(lossy, NOW, cooperation("AB")).ways == (Way(A, B, Decimal(40), Decimal("0.03")),)


@pytest.mark.parametrize(
    ("start", "end", "counts"), [(0, 1, True), (0, 4, True), (1, 2, False), (1, 4, False)], ids=str
)
def test_a_statement_counts_in_intervals_that_it_covers(start: int, end: int, *, counts: bool) -> None:
    stated = states("A", "A", "B", 50, Interval(QUARTERS[start].start, QUARTERS[end - 1].end))
    assert bool(agreed_capacities([stated], NOW, cooperation("AB")).ways) is counts


def test_a_statement_for_an_hour_counts_only_in_the_quarters_of_the_cooperation() -> None:
    hour = states("A", "A", "B", 50, Interval(QUARTERS[0].start, QUARTERS[3].end))
    torn = cooperation("AB").decoupled({A, B}, QUARTERS[1].start, QUARTERS[2].start)
    assert [bool(agreed_capacities([hour], when, torn).ways) for when in QUARTERS] == [True, False, True, True]


def test_a_border_counts_for_what_its_cooperation_exchanges() -> None:
    only = BalancingArea(name="AB", exchanges=frozenset({Exchange.AUTOMATIC_RESTORATION}))
    pact = replace(cooperation("AB"), cobas=(only,))
    counts = [bool(agreed_capacities(BOTH, NOW, pact, what).ways) for what in Exchange]
    assert counts == [what is Exchange.AUTOMATIC_RESTORATION for what in Exchange]
    assert agreed_capacities(BOTH, NOW, cooperation("A", "B")).ways == ()


# ---- what is left

ROW = TransferCapacities(
    NOW, (Way(A, B, Decimal(50)), Way(B, A, Decimal(50)), Way(B, C, Decimal(30)), Way(C, B, Decimal(30)))
)


def test_an_exchange_loads_one_direction_and_relieves_the_other() -> None:
    left = ROW.after([flow(B, A, 50), flow(B, C, 30)])
    assert [way.ends for way in left.ways] == [(A, B), (B, A), (B, C), (C, B)]
    assert [way.limit_mw for way in left.ways] == [100, 0, 0, 60]


def test_a_border_of_one_direction_can_be_relieved_in_the_other() -> None:
    one_way = TransferCapacities(NOW, (Way(A, B, Decimal(50)),))
    assert one_way.after([flow(A, B, 20)]).ways == (Way(A, B, Decimal(30)), Way(B, A, Decimal(20)))


def test_flows_of_other_intervals_and_of_nothing_change_nothing() -> None:
    assert ROW.after([flow(A, B, 10, QUARTERS[1]), flow(A, C, 0)]) == ROW


def test_a_flow_beyond_what_a_border_carries_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"flow A to B: expected at most its capacity, found 0\.5 MW more"):
        ROW.after([flow(A, B, "50.5")])


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_exchange_and_its_opposite_leave_what_was(there: int, back: int) -> None:
    assert ROW.after([flow(A, B, there)]).after([flow(B, A, there)]) == ROW
    netted = ROW.after([flow(A, B, there), flow(B, A, back)])
    assert netted.limit_mw(A, B) == 50 - there + back
    assert netted.limit_mw(A, B) + netted.limit_mw(B, A) == 100


def test_limits_are_told_as_capacities_with_ids_that_repeat() -> None:
    told = ROW.capacities(operator("A"))
    assert [(each.from_area, each.to_area) for each in told] == [way.ends for way in ROW.ways]
    assert [each.quantity_mw for each in told] == [50, 50, 30, 30]
    assert told == ROW.capacities(operator("A"))
    assert len({each.id for each in (*told, *ROW.capacities(operator("B")))}) == 8
    assert agreed_capacities(told, NOW, cooperation("ABC")).ways == ROW.ways
    assert all(each.interval.start == START for each in told)
