"""Every row and every column of a two-area market with all kinds of orders, written out beside what the arrays hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from gateway.clearing import arrays, strict_arrays
from gateway.clearing.blocks import Columns, Family, Rows, assemble, pairs, sums, terms
from gateway.clearing.example import bid, border, limit, need, problem_of
from gateway.clearing.problem import Problem

INF = float("inf")
M = 30_000
"""Twice the price cap: what switches an inequality off."""

Row = tuple[dict[str, float], float, float]
"""Coefficients by variable, least, most."""

MIXED = problem_of(
    bid("A1", "A", "up", 40, 60, minimum_mw=15),
    bid("A2", "A", "up", 30, 50, granularity_mw=5),
    bid("B1", "B", "down", 10, 20, exclusive="g"),
    bid("B2", "B", "up", 20, 35, exclusive="g", divisible=False),
    bid("M1", "A", "up", 10, 70, multipart="m", minimum_mw=5),
    bid("M2", "A", "up", 20, 80, multipart="m"),
    need("d", "A", 52),
    need("e", "B", -8, 25),
    *border("A", "B", 25, 20, loss="0.1"),
    limit("cable", 12, A1=1, B1=-0.5),
)
"""Every kind of order, a border with losses, and a grid limit."""

PLAIN = problem_of(
    bid("A1", "A", "up", 40, 60, minimum_mw=15),
    bid("A2", "A", "up", 30, 50),
    bid("B1", "B", "down", 10, 20),
    bid("M1", "A", "up", 10, 70, multipart="m", minimum_mw=5),
    bid("M2", "A", "up", 20, 80, multipart="m"),
    need("d", "A", 52),
    need("e", "B", -8, 25),
    *border("A", "B", 25, 20),
)
"""A network, for which strict prices have a program of their own."""

TWO_PRODUCTS = problem_of(need("d", "A", 50), need("r", "A", 10, product="reserve"), *border("B", "A", 25, 5))


def names(problem: Problem, at: Columns) -> list[str]:
    """Return a name for each column: its family, and the order, node or arc that it belongs to."""
    offers = [offer.id for offer in problem.offers]
    needs = [each.id for each in problem.needs]
    nodes = [node.area.value if len(problem.nodes) == 2 else str(node) for node in problem.nodes]
    arcs = [f"{nodes[arc.start]}>{nodes[arc.end]}" for arc in problem.arcs]
    of = {"x": offers, "y": needs, "f": arcs, "u": offers, "k": offers, "z": offers, "w": arcs, "p": nodes}
    return [f"{family} {of[family[0]][member]}" for family in at.families for member in at.members[family].tolist()]


def written(problem: Problem, at: Columns, blocks: Iterable[Rows]) -> list[Row]:
    """Return rows by the names of their columns, without zeros."""
    named, found = names(problem, at), []
    for block in blocks:
        for row in range(block.lower.size):
            entries = zip(block.row, block.column, block.value, strict=True)
            coefficients = {named[column]: float(value) for here, column, value in entries if here == row and value}
            found.append((coefficients, float(block.lower[row]), float(block.upper[row])))
    return found


@pytest.mark.parametrize(
    ("equation", "rows"),
    [
        (
            arrays.balance,
            [
                ({"x A1": 1, "x A2": 1, "x M1": 1, "x M2": 1, "y d": -1, "f A>B": -1.05, "f B>A": 0.95}, 0, 0),
                ({"x B1": -1, "x B2": 1, "y e": 1, "f A>B": 0.95, "f B>A": -1.05}, 0, 0),
            ],
        ),
        (
            arrays.least_quantity,
            [
                ({"x A1": 1, "u A1": -15}, 0, INF),
                ({"x B2": 1, "u B2": -20}, 0, INF),
                ({"x M1": 1, "u M1": -5}, 0, INF),
            ],
        ),
        (
            arrays.only_if_accepted,
            [
                ({"x A1": 1, "u A1": -40}, -INF, 0),
                ({"x B1": 1, "u B1": -10}, -INF, 0),
                ({"x B2": 1, "u B2": -20}, -INF, 0),
                ({"x M1": 1, "u M1": -10}, -INF, 0),
            ],
        ),
        (arrays.granularity, [({"x A2": 1, "k A2": -5}, 0, 0)]),
        (arrays.exclusive_group, [({"u B1": 1, "u B2": 1}, -INF, 1)]),
        (arrays.step_is_full, [({"x M1": 1, "z M1": -10}, 0, INF)]),
        (arrays.step_opens, [({"x M2": 1, "z M1": -20}, -INF, 0)]),
        (arrays.grid_limit, [({"x A1": 1, "x B1": -0.5}, -INF, 12)]),
        (arrays.shared_border, []),
        (
            arrays.allowed_direction,
            [({"f A>B": 1, "w A>B": -25}, -INF, 0), ({"f B>A": 1, "w B>A": -20}, -INF, 0)],
        ),
        (arrays.one_direction, [({"w A>B": 1, "w B>A": 1}, -INF, 1)]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_an_equation_by_hand(equation: Callable[[Problem, Columns], Rows], rows: list[Row]) -> None:
    at = Columns(MIXED, arrays.FAMILIES)

    assert written(MIXED, at, [equation(MIXED, at)]) == rows


def test_products_share_what_a_border_carries_in_one_direction() -> None:
    at = Columns(TWO_PRODUCTS, arrays.FAMILIES)
    rows = written(TWO_PRODUCTS, at, [arrays.shared_border(TWO_PRODUCTS, at)])

    assert rows == [
        ({f"f A (mFRR {p})>B (mFRR {p})": 1 for p in ("energy", "reserve")}, -INF, 5),
        ({f"f B (mFRR {p})>A (mFRR {p})": 1 for p in ("energy", "reserve")}, -INF, 25),
    ]


def test_columns_bounds_and_costs_by_hand() -> None:
    """Required needs cost nothing in the second goal, and are all there is in the first one."""
    formulation = arrays.formulate(MIXED)
    program, named = formulation.program, names(MIXED, Columns(MIXED, arrays.FAMILIES))
    columns = zip(program.lower, program.upper, program.integer, program.cost, formulation.unserved, strict=True)

    assert dict(zip(named, (tuple(map(float, each)) for each in columns), strict=True)) == {
        "x A1": (0, 40, False, 60, 0),
        "x A2": (0, 30, False, 50, 0),
        "x B1": (0, 10, False, -20, 0),
        "x B2": (0, 20, False, 35, 0),
        "x M1": (0, 10, False, 70, 0),
        "x M2": (0, 20, False, 80, 0),
        "y d": (0, 52, False, 0, -1),
        "y e": (0, 8, False, 25, 0),
        "f A>B": (0, 25, False, 0, 0),
        "f B>A": (0, 20, False, 0, 0),
        "u A1": (0, 1, True, 0, 0),
        "u B1": (0, 1, True, 0, 0),
        "u B2": (0, 1, True, 0, 0),
        "u M1": (0, 1, True, 0, 0),
        "k A2": (0, INF, True, 0, 0),
        "z M1": (0, 1, True, 0, 0),
        "w A>B": (0, 1, True, 0, 0),
        "w B>A": (0, 1, True, 0, 0),
    }


def test_all_equations_stand_below_each_other_in_their_order() -> None:
    formulation = arrays.formulate(MIXED)
    at = Columns(MIXED, arrays.FAMILIES)
    rows = written(MIXED, at, [equation(MIXED, at) for equation in arrays.EQUATIONS])
    dense = formulation.program.matrix.toarray()

    assert dense.shape == (len(rows), 18)
    for row, (coefficients, least, most) in zip(range(len(rows)), rows, strict=True):
        named = zip(names(MIXED, at), dense[row].tolist(), strict=True)
        assert {name: value for name, value in named if value} == coefficients
        assert (formulation.program.row_lower[row], formulation.program.row_upper[row]) == (least, most)


def test_a_family_is_read_back_by_its_members() -> None:
    """Of the switches only those of A1, B1, B2 and M1 have columns, 10 to 13; the others are 0."""
    formulation = arrays.formulate(MIXED)

    assert formulation.columns["u"] == {0: 10, 2: 11, 3: 12, 4: 13}
    assert formulation.values("u", 6, np.arange(18.0)).tolist() == [10, 0, 11, 12, 13, 0]


@pytest.mark.parametrize(
    ("equation", "rows"),
    [
        (
            strict_arrays.nothing_unless,
            [
                ({"x A1": 1, "x_some A1": -40}, -INF, 0),
                ({"x A2": 1, "x_some A2": -30}, -INF, 0),
                ({"x B1": 1, "x_some B1": -10}, -INF, 0),
                ({"x M1": 1, "x_some M1": -10}, -INF, 0),
                ({"x M2": 1, "x_some M2": -20}, -INF, 0),
                ({"y d": 1, "y_some d": -52}, -INF, 0),
                ({"y e": 1, "y_some e": -8}, -INF, 0),
                ({"f A>B": 1, "f_some A>B": -25}, -INF, 0),
                ({"f B>A": 1, "f_some B>A": -20}, -INF, 0),
            ],
        ),
        (
            strict_arrays.all_if,
            [
                ({"x A1": 1, "x_all A1": -40}, 0, INF),
                ({"x A2": 1, "x_all A2": -30}, 0, INF),
                ({"x B1": 1, "x_all B1": -10}, 0, INF),
                ({"x M1": 1, "x_all M1": -10}, 0, INF),
                ({"x M2": 1, "x_all M2": -20}, 0, INF),
                ({"y d": 1, "y_all d": -52}, 0, INF),
                ({"y e": 1, "y_all e": -8}, 0, INF),
                ({"f A>B": 1, "f_all A>B": -25}, 0, INF),
                ({"f B>A": 1, "f_all B>A": -20}, 0, INF),
            ],
        ),
        (
            strict_arrays.no_loss,
            [
                ({"p A": 1, "x_some A1": -M}, 60 - M, INF),
                ({"p A": 1, "x_some A2": -M}, 50 - M, INF),
                ({"p B": -1, "x_some B1": -M}, -20 - M, INF),
                ({"p A": 1, "x_some M1": -M}, 70 - M, INF),
                ({"p A": 1, "x_some M2": -M}, 80 - M, INF),
            ],
        ),
        (
            strict_arrays.in_the_money_is_full,
            [
                ({"p A": 1, "x_all A1": -M, "x_some A1": M}, -INF, 60 + M),
                ({"p A": 1, "x_all A2": -M}, -INF, 50),
                ({"p B": -1, "x_all B1": -M}, -INF, -20),
                ({"p A": 1, "x_all M1": -M, "x_some M1": M}, -INF, 70 + M),
                ({"p A": 1, "x_all M2": -M, "z M1": M}, -INF, 80 + M),
            ],
        ),
        (
            strict_arrays.bought_within_limit,
            [({"p A": 1, "y_some d": M}, -INF, 15_000 + M), ({"p B": -1, "y_some e": M}, -INF, -25 + M)],
        ),
        (
            strict_arrays.unserved_beyond_limit,
            [({"p A": 1, "y_all d": M}, 15_000, INF), ({"p B": -1, "y_all e": M}, -25, INF)],
        ),
        (
            strict_arrays.flow_towards_higher_price,
            [
                ({"p A": 1, "p B": -1, "f_some A>B": M}, -INF, M),
                ({"p A": -1, "p B": 1, "f_some B>A": M}, -INF, M),
            ],
        ),
        (
            strict_arrays.difference_only_when_full,
            [
                ({"p A": -1, "p B": 1, "f_all A>B": -M}, -INF, 0),
                ({"p A": 1, "p B": -1, "f_all B>A": -M}, -INF, 0),
            ],
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_an_equation_of_strict_prices_by_hand(
    equation: Callable[[Problem, Columns], Iterable[Rows]], rows: list[Row]
) -> None:
    at = Columns(PLAIN, strict_arrays.FAMILIES)

    assert written(PLAIN, at, equation(PLAIN, at)) == rows


def test_a_granular_offer_may_stay_in_part_although_it_is_in_the_money() -> None:
    stepped = problem_of(bid("U1", "A", "up", 10, 20, granularity_mw=5), bid("U2", "A", "up", 8, 30), need("d", "A", 7))
    at = Columns(stepped, strict_arrays.FAMILIES)

    assert stepped.granular == (0,)
    rows = written(stepped, at, strict_arrays.in_the_money_is_full(stepped, at))
    assert [set(coefficients) for coefficients, _, _ in rows] == [{"p A (mFRR energy)", "x_all U2"}]


def test_prices_are_columns_between_the_caps_and_switches_whole_numbers() -> None:
    formulation = strict_arrays.strict_formulation(PLAIN)
    program, columns = formulation.program, formulation.columns

    assert [(program.lower[c], program.upper[c]) for c in columns["p"].values()] == [(-15_000, 15_000)] * 2
    assert not program.integer[list(columns["p"].values())].any()
    for family in ("x_some", "x_all", "y_some", "y_all", "f_some", "f_all"):
        assert program.integer[list(columns[family].values())].all()
        assert not program.cost[list(columns[family].values())].any()


ONE_PER_OFFER = {"a": Family(lambda p: range(len(p.offers)), lambda _: 2.0), "b": Family(lambda _: (1,), lambda _: 9.0)}


def test_families_stand_one_after_the_other() -> None:
    at = Columns(PLAIN, ONE_PER_OFFER)

    assert (at.size, at.start) == (6, {"a": 0, "b": 5})
    assert at.of("a", (4, 0, 2)).tolist() == [4, 0, 2]
    assert at.of("b", (1,)).tolist() == [5]
    assert at.all("b").tolist() == [5]
    assert [ends.tolist() for ends in at.bounds()] == [[0] * 6, [2, 2, 2, 2, 2, 9]]


def test_blocks_of_rows_by_hand() -> None:
    volume, switch = np.array([0, 1]), np.array([2, 3])
    paired = pairs(volume, switch, np.array([5.0, 7.0]), least=0.0)
    summed = sums([np.array([0, 1, 2]), np.array([], dtype=np.int64)], [np.ones(3), np.zeros(0)], np.array([4.0, 6.0]))
    three = terms([(volume, np.array([1.0, 2.0])), (switch, np.array([3.0, 4.0])), (volume, np.ones(2))], most=8.0)
    at = Columns(PLAIN, {"a": Family(lambda _: range(4), lambda _: 1.0)})
    program = assemble(at, [paired, summed, three], np.arange(4.0), np.zeros(4)).program

    assert program.matrix.toarray().tolist() == [
        [1, 0, -5, 0],
        [0, 1, 0, -7],
        [1, 1, 1, 0],
        [0, 0, 0, 0],
        [2, 0, 3, 0],
        [0, 3, 0, 4],
    ]
    assert program.row_lower.tolist() == [0, 0, -INF, -INF, -INF, -INF]
    assert program.row_upper.tolist() == [INF, INF, 4, 6, 8, 8]
    assert program.cost.tolist() == [0, 1, 2, 3]
