"""The market in numbers, and every kind of limit as a row over the bids, written out and worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from gateway.clearing.example import bid
from gateway.clearing.nodal.arrays import GridRow, NodalProblem, unit_mw
from gateway.clearing.nodal.market import Quantity
from gateway.network.model import Network, Thermal
from tests.gateway.clearing.nodal.hand import feeder, hand_market, triangle

FLOW, POWER, VOLTAGE = Quantity.FLOW, Quantity.POWER, Quantity.VOLTAGE
INF = float("inf")
THIRD = 1 / 3


@pytest.fixture(scope="module")
def problem() -> NodalProblem:
    """The triangle with its feeder."""
    return NodalProblem(hand_market())


def test_bids_stand_by_id_whatever_the_order_they_come_in(problem: NodalProblem) -> None:
    turned = NodalProblem(replace(problem.market, bids=problem.market.bids[::-1]))

    assert [each.id for each in turned.bids] == ["e1", "g1", "g2", "m1", "n1", "s1"]
    assert turned.sign.tolist() == [1, -1, 1, 1, 1, 1]
    assert turned.price.tolist() == [30, 10, 40, 35, 20, 70]
    assert turned.quantity.tolist() == [4, 3, 6, 10, 60, 60]
    assert turned.tan_phi.tolist() == [0.5, 0, 0, 0, 0, 0]


def test_what_is_committed_is_the_least_of_a_bid() -> None:
    market = hand_market(committed_mw={"g2": Decimal(2), "s1": Decimal("0.5")})

    assert NodalProblem(market).least.tolist() == [0, 0, 2, 0, 0, 0.5]


def test_a_bid_counts_at_its_bus_and_at_its_transmission_bus(problem: NodalProblem) -> None:
    """Feeder buses are R, E, G; transmission buses N, S, M."""
    assert problem.radial.buses == ("R", "E", "G")
    assert problem.place.tolist() == [1, 2, 2, -1, -1, -1]
    assert problem.interface.tolist() == [2]
    assert problem.site.tolist() == [2, 2, 2, 2, 0, 1]
    assert problem.below(slice(1, 3)).tolist() == [0, 1, 2]
    assert problem.below(slice(2, 3)).tolist() == [1, 2]
    assert problem.below(slice(0, 1)).tolist() == []


def test_the_state_before_any_activation(problem: NodalProblem) -> None:
    """M takes 4 MW with its feeder: NS = 5 · 2/3 − 4 · 1/3, NM = 5 · 1/3 + 4 · 1/3, MS = 5 · 1/3 − 4 · 2/3."""
    rest = problem.at_rest

    assert problem.imbalance == -49
    assert rest.flows == pytest.approx([2, 3, -1])
    assert rest.active == pytest.approx([-1, -1, -1])
    assert rest.reactive == pytest.approx([-0.5, -0.5, -0.5])
    assert rest.squared == pytest.approx([1, 0.96, 0.94])


def test_the_state_after_activation(problem: NodalProblem) -> None:
    """2 MW and 1 Mvar more at E, 3 MW less at G, 3 MW more at N: N sends 8 MW, and M takes 5 with its feeder."""
    seen = problem.seen(np.array([2.0, 3.0, 0.0, 0.0, 3.0, 0.0]))

    assert seen.active == pytest.approx([-2, -2, -4])
    assert seen.reactive == pytest.approx([0.5, 0.5, -0.5])
    assert seen.squared == pytest.approx([1, 1 - 0.04 + 0.02, 0.98 - 0.08])
    assert seen.flows == pytest.approx([8 * 2 / 3 - 5 / 3, 8 / 3 + 5 / 3, 8 / 3 - 5 * 2 / 3])


def test_power_added_to_transmission_buses_counts_too(problem: NodalProblem) -> None:
    seen = problem.seen(np.zeros(6), np.array([3.0, 99.0, 0.0]))

    assert seen.flows == pytest.approx([4, 4, 0])
    assert seen.active == pytest.approx(problem.at_rest.active)


@pytest.mark.parametrize(
    ("row", "told", "over_bids", "room"),
    [
        (GridRow(FLOW, 0), ("NS", 2, -20, 20), [THIRD, -THIRD, THIRD, THIRD, 2 / 3, 0], (-22, 18)),
        (GridRow(FLOW, 1), ("NM", 3, -INF, INF), [-THIRD, THIRD, -THIRD, -THIRD, THIRD, 0], (-INF, INF)),
        (GridRow(POWER, 1, 0), ("RE", -1, -INF, 5), [1, -1, 1, 0, 0, 0], (-INF, 6)),
        (GridRow(POWER, 1, 1), ("RE", -0.5, -INF, 5), [0.5, 0, 0, 0, 0, 0], (-INF, 5.5)),
        (GridRow(POWER, 1, 2), ("RE", 1, -INF, 5), [-1, 1, -1, 0, 0, 0], (-INF, 4)),
        (GridRow(POWER, 2, 0), ("EG", -1, -INF, INF), [0, -1, 1, 0, 0, 0], (-INF, INF)),
        (GridRow(VOLTAGE, 1), ("E", 0.96, 0.9, 1.1), [1, -0.5, 0.5, 0, 0, 0], (-1.5, 3.5)),
        (GridRow(VOLTAGE, 2), ("G", 0.94, 0.9, 1.1), [1, -1, 1, 0, 0, 0], (-1, 4)),
    ],
    ids=["NS", "NM", "P of RE", "Q of RE", "P of RE down", "P of EG", "w of E", "w of G"],
)
def test_a_limit_is_a_row_over_the_bids(
    problem: NodalProblem,
    row: GridRow,
    told: tuple[str, float, float, float],
    over_bids: list[float],
    room: tuple[float, float],
) -> None:
    """Voltages count 25 MW a unit: 25 · (0.02 + 0.04 · 0.5) of e1 at E is 1, and 25 · 0.14 between 0.96 and 1.1 is 3.5."""
    matrix, _, lower, upper = problem.rows([row])
    name, *numbers = told

    assert problem.name(row) == name
    assert [problem.value(row, problem.at_rest), *problem.bounds(row)] == pytest.approx(numbers)
    assert matrix.toarray()[0] == pytest.approx(over_bids)
    assert (lower[0], upper[0]) == pytest.approx(room)


def test_rows_come_in_the_order_asked_for_with_their_factors_at_transmission_buses(problem: NodalProblem) -> None:
    rows = [GridRow(VOLTAGE, 2), GridRow(FLOW, 2), GridRow(FLOW, 0)]
    matrix, factors, lower, upper = problem.rows(rows)

    assert matrix.toarray()[0] == pytest.approx([1, -1, 1, 0, 0, 0])
    assert matrix.toarray()[1] == pytest.approx([2 / 3, -2 / 3, 2 / 3, 2 / 3, THIRD, 0])
    assert factors[0].tolist() == [0, 0, 0]
    assert factors[1] == pytest.approx([THIRD, 0, 2 / 3])
    assert factors[2] == pytest.approx([2 / 3, 0, THIRD])
    assert lower.tolist() == pytest.approx([-1, -INF, -22])
    assert upper.tolist() == pytest.approx([4, INF, 18])


def test_the_value_of_a_row_moves_by_its_coefficients(problem: NodalProblem) -> None:
    """What a row says of a bid is what the network shows when the bid is moved by a MW."""
    rows = [
        *(GridRow(FLOW, at) for at in range(3)),
        *(GridRow(POWER, at, side) for at in (1, 2) for side in range(4)),
        *(GridRow(VOLTAGE, at) for at in (1, 2)),
    ]
    matrix = problem.rows(rows)[0].toarray()
    for at in range(6):
        moved = problem.seen(np.eye(6)[at])
        change = [unit_mw(row) * (problem.value(row, moved) - problem.value(row, problem.at_rest)) for row in rows]
        assert matrix[:, at] == pytest.approx(change, abs=1e-12)


def test_no_row_is_no_row(problem: NodalProblem) -> None:
    matrix, factors, lower, upper = problem.rows([])

    assert (matrix.shape, factors.shape, lower.size, upper.size) == ((0, 6), (0, 3), 0, 0)


def test_feeders_with_fewer_sides_are_filled_up_with_sides_that_never_bind() -> None:
    """One feeder counts active power alone, the other one also reactive power."""
    other = feeder(Thermal.ACTIVE)
    names = {"R": "r", "E": "e", "G": "g"}
    renamed = tuple(
        replace(each, id=each.id.lower(), parent=names[each.parent], child=names[each.child]) for each in other.sections
    )
    both = Network(transmission=triangle(), feeders=(feeder(), replace(other, id="f", root="r", sections=renamed)))
    a, b, c = NodalProblem(hand_market(network=both)).sides

    assert a[1].tolist() == [1, 0, -1, 0]
    assert b[1].tolist() == [0, 1, 0, -1]
    assert a[4].tolist() == [1, -1, 0, 0]
    assert b[4].tolist() == [0, 0, 0, 0]
    assert c[4].tolist() == [1, 1, INF, INF]


def test_a_network_without_feeders_has_no_sides() -> None:
    market = hand_market(
        "e1", "g1", "g2", network=Network(transmission=triangle()), injections_mw={}, injections_mvar={}
    )
    problem = NodalProblem(market)

    assert [each.size for each in problem.sides] == [0, 0, 0]
    assert problem.site.tolist() == [2, 0, 1]
    assert problem.at_rest.active.size == 0


def test_factors_that_are_nothing_but_rounding_do_not_count() -> None:
    """A bid at the reference bus has no part in any flow, and none of 1e-17 either."""
    market = hand_market("e1", "g1", "g2", "m1", "n1")
    matrix, _, _, _ = NodalProblem(
        replace(market, bids=(*market.bids, bid("s2", "A", "down", 1, 1)), buses={"s1": "S", "s2": "S"})
    ).rows([GridRow(FLOW, 0), GridRow(FLOW, 1)])

    assert matrix.nnz == 0
