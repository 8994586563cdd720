"""The array engine and the reference engine write the same programs and give the same results."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.clearing import arrays, clear, strict_arrays
from gateway.clearing.example import bid, border, limit, market_of, need, problem_of
from gateway.clearing.formulation import Formulation
from gateway.clearing.problem import Problem
from gateway.clearing.reference import formulate as reference
from gateway.clearing.strict import REFERENCE
from gateway.clearing.strict import strict_formulation as strict_reference

AREAS = "ABC"
Orders = list[Any]


def orders(seed: int) -> Orders:
    """Return a small market with every kind of order, border and limit."""
    draw = Random(seed)
    made: Orders = [need(f"d{n}", draw.choice(AREAS), draw.choice([-1, 1]) * draw.randint(1, 60)) for n in range(2)]
    made.append(need("e", draw.choice(AREAS), draw.choice([-1, 1]) * draw.randint(1, 30), draw.randint(-20, 120)))
    for n in range(draw.randint(1, 10)):
        kind = draw.choice(["plain", "least", "whole", "step", "rival", "unit"])
        mw = draw.randint(2, 30)
        kinds: dict[str, dict[str, Any]] = {
            "plain": {},
            "least": {"minimum_mw": draw.randint(1, mw)},
            "whole": {"divisible": False},
            "step": {"granularity_mw": 2},
            "rival": {"exclusive": "g", "divisible": draw.random() < 0.5},
            "unit": {"multipart": "m", "divisible": draw.random() < 0.5},
        }
        place, sense = ("A", "up") if kind == "unit" else (draw.choice(AREAS), draw.choice(["up", "down"]))
        made.append(bid(f"b{n}", place, sense, mw, draw.randint(-10, 100), **kinds[kind]))
    loss = draw.choice(["0", "0", "0.05"])
    made += [
        *border("A", "B", draw.randint(0, 40), draw.randint(0, 40), loss=loss),
        *border("B", "C", draw.randint(0, 40)),
    ]
    if draw.random() < 0.4:
        made.append(limit("cable", draw.randint(-5, 30), b0=1, b1=-0.5))
    return made


def shape(formulation: Formulation) -> set[tuple[Any, ...]]:
    """Return the rows by the names of their variables, in no order and with the first coefficient positive."""
    name = {column: (family, at) for family, members in formulation.columns.items() for at, column in members.items()}
    program, rows = formulation.program, formulation.program.matrix.tocsr()
    rows.eliminate_zeros()
    found = set()
    for at in range(rows.shape[0]):
        part = slice(rows.indptr[at], rows.indptr[at + 1])
        entries = sorted((name[c], v) for c, v in zip(rows.indices[part], rows.data[part], strict=True))
        if entries:
            sign = 1 if entries[0][1] > 0 else -1
            bounds = sorted(sign * float(bound) for bound in (program.row_lower[at], program.row_upper[at]))
            coefficients = tuple((variable, round(sign * float(v), 9)) for variable, v in entries)
            found.add((coefficients, *(round(bound, 6) + 0.0 for bound in bounds)))
    return found


def variables(formulation: Formulation) -> dict[tuple[str, int], tuple[float, ...]]:
    """Return bounds, kind and costs of each variable by its name."""
    program = formulation.program
    return {
        (family, at): tuple(
            round(float(value), 6) + 0.0
            for value in (
                program.lower[c],
                program.upper[c],
                program.integer[c],
                program.cost[c],
                formulation.unserved[c],
            )
        )
        for family, members in formulation.columns.items()
        for at, c in members.items()
    }


def same(ours: Formulation, theirs: Formulation) -> None:
    """Fail unless both are one program; the compiler leaves out variables that no row or cost mentions."""
    assert shape(ours) == shape(theirs)
    mine, other = variables(ours), variables(theirs)
    assert {name: mine[name] for name in other} == other
    idle = set(mine) - set(other)
    used = {ours.columns[family][at] for family, at in set(mine) - idle}
    mentioned = set(ours.program.matrix.nonzero()[1].tolist())
    assert not (mentioned - used)


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed >= 15 else []) for seed in range(60)]
)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(arrays.formulate, reference), (strict_arrays.strict_formulation, strict_reference)],
    ids=["volumes", "volumes and prices"],
)
def test_both_engines_write_the_same_program(
    ours: Callable[[Problem], Formulation], theirs: Callable[[Problem], Formulation], seed: int
) -> None:
    problem = problem_of(*orders(seed))
    same(ours(problem), theirs(problem))


@settings(max_examples=max(2, settings().max_examples // 4))  # two clearings each, one of them in Pyomo
@example(11166)
@given(st.integers(1000, 10**9))
def test_both_engines_give_the_same_result(seed: int) -> None:
    market = market_of(*orders(seed))
    ours, theirs = clear(market), clear(market, REFERENCE)
    assert ours.engine != theirs.engine
    assert (ours.welfare, ours.prices, ours.needs) == (theirs.welfare, theirs.prices, theirs.needs)


@pytest.mark.parametrize("equation", arrays.EQUATIONS, ids=lambda equation: str(equation.__name__))
def test_an_equation_that_is_left_out_is_noticed(
    equation: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = arrays.EQUATIONS
    monkeypatch.setattr(arrays, "EQUATIONS", tuple(other for other in complete if other is not equation))
    problems = [problem_of(need("d", "A", 5), need("r", "A", 5, product="reserve"), *border("A", "B", 5))]
    problems += [problem_of(*orders(seed)) for seed in range(60)]
    assert any(shape(arrays.formulate(problem)) != shape(reference(problem)) for problem in problems)


def test_arrays_hold_what_the_solver_needs() -> None:
    program = arrays.formulate(problem_of(*orders(1))).program
    assert program.matrix.has_canonical_format
    assert np.isfinite(program.matrix.data).all()
