"""MATPOWER case files, format version 2, read without running them.

A case file is a program text that fills the fields of a structure ``mpc`` with a number, a text or a matrix. Only such
assignments are read; everything else that the text might do is refused. ``%`` begins a comment, ``...`` continues a
line, rows end with ``;`` or the line. Numbers are matched as texts before they are converted; ``Inf`` is one, ``NaN``
is not. Matrices of other names and cell arrays are left out and reported.

Source: Zimmerman, Murillo-Sánchez, "MATPOWER User's Manual", appendix B (data file format).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TypeVar

from gateway.errors import Malformed
from gateway.report import Report

MOST_BYTES = 50_000_000
MOST_NUMBERS = 5_000_000
"""Bounds on one file; the largest public case has 2.5 million numbers."""

_ASSIGNED = re.compile(r"mpc\.([A-Za-z_][A-Za-z0-9_]*)\s*=\s*")
_HEAD = re.compile(r"function\s+mpc\s*=\s*\w+\s*;?\s*")
_SCALAR = re.compile(r"('[^'\n]*'|[^\s;\[{']+)\s*;?")
_MATRIX = re.compile(r"\[([^\[\]{}=']*)\]\s*;?")
_CELLS = re.compile(r"\{[^{}=]*\}\s*;?")
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?|[Ii]nf)")
_COMMENT = re.compile(r"%[^\n]*")
_CONTINUED = re.compile(r"\.\.\.[^\n]*\n")

Matrix = tuple[tuple[Decimal, ...], ...]
T = TypeVar("T", "Bus", "Generator", "Branch", "DirectCurrentLine")


@dataclass(frozen=True, slots=True)
class Bus:
    """A row of ``bus``; ``kind``: 1 load, 2 generator, 3 reference, 4 isolated."""

    number: Decimal
    kind: Decimal
    load_mw: Decimal
    load_mvar: Decimal
    conductance_mw: Decimal
    susceptance_mvar: Decimal
    area: Decimal
    voltage_pu: Decimal
    angle_deg: Decimal
    base_kv: Decimal
    zone: Decimal
    most_voltage_pu: Decimal
    least_voltage_pu: Decimal


@dataclass(frozen=True, slots=True)
class Generator:
    """A row of ``gen``, as far as every version has it."""

    bus: Decimal
    output_mw: Decimal
    output_mvar: Decimal
    most_mvar: Decimal
    least_mvar: Decimal
    voltage_pu: Decimal
    base_mva: Decimal
    status: Decimal
    most_mw: Decimal
    least_mw: Decimal


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of ``branch``; a ``rate`` of 0 is no limit, a ``tap`` of 0 is that of a line."""

    from_bus: Decimal
    to_bus: Decimal
    r_pu: Decimal
    x_pu: Decimal
    charging_pu: Decimal
    rate_a_mva: Decimal
    rate_b_mva: Decimal
    rate_c_mva: Decimal
    tap: Decimal
    shift_deg: Decimal
    status: Decimal
    least_angle_deg: Decimal
    most_angle_deg: Decimal


@dataclass(frozen=True, slots=True)
class DirectCurrentLine:
    """A row of ``dcline``, as far as its limits and losses."""

    from_bus: Decimal
    to_bus: Decimal
    status: Decimal
    from_mw: Decimal
    to_mw: Decimal
    from_mvar: Decimal
    to_mvar: Decimal
    from_voltage_pu: Decimal
    to_voltage_pu: Decimal
    least_mw: Decimal
    most_mw: Decimal
    least_from_mvar: Decimal
    most_from_mvar: Decimal
    least_to_mvar: Decimal
    most_to_mvar: Decimal
    loss_mw: Decimal
    loss_share: Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """A row of ``gencost``, polynomial: ``coefficients`` from the constant up, per hour and powers of MW."""

    coefficients: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case; ``costs``: of each generator, in their order, or none at all."""

    base_mva: Decimal
    buses: tuple[Bus, ...]
    generators: tuple[Generator, ...]
    branches: tuple[Branch, ...]
    costs: tuple[Cost, ...] = ()
    direct_current_lines: tuple[DirectCurrentLine, ...] = ()


def read_case(data: bytes) -> tuple[Case, Report]:
    """Read a case file.

    Raises `Malformed` where the bytes are no such file.

    >>> case, report = read_case(b'''function mpc = two
    ... mpc.version = '2'; mpc.baseMVA = 100;
    ... mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 0 0 0 1 1 0 110 1 1.1 0.9];
    ... mpc.gen = [1 0 0 0 0 1 100 1 80 0];
    ... mpc.branch = [1 2 0.01 0.1 0 60 0 0 0 0 1 -30 30];''')
    >>> case.branches[0].x_pu, len(case.buses), report.clean
    (Decimal('0.1'), 2, True)
    """
    assigned = dict(_assignments(_plain_text(data)))
    _require_version(assigned)
    matrices = {name: value for name, value in assigned.items() if isinstance(value, tuple)}
    generators = _rows(Generator, "gen", matrices)
    costs, losses = _costs(matrices.get("gencost", ()), len(generators))
    case = Case(
        base_mva=_base(assigned),
        buses=_rows(Bus, "bus", matrices),
        generators=generators,
        branches=_rows(Branch, "branch", matrices),
        costs=costs,
        direct_current_lines=_rows(DirectCurrentLine, "dcline", matrices) if "dcline" in matrices else (),
    )
    others = sorted(set(assigned) - {"version", "baseMVA", "bus", "gen", "branch", "gencost", "dcline"})
    return case, Report(losses=(*losses, *(f"mpc.{name} is not read" for name in others)))


def _plain_text(data: bytes) -> str:
    """Return the text without comments, continued lines joined."""
    if len(data) > MOST_BYTES:
        raise Malformed("/", f"at most {MOST_BYTES} bytes", f"{len(data)} bytes", "A94", "GEN-001")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("/", "a text in UTF-8", str(error), "A94", "GEN-001") from error
    return _CONTINUED.sub(" ", _COMMENT.sub("", text.replace("\r\n", "\n")))


_Value = Matrix | Decimal | str | None


def _assignments(text: str) -> Iterator[tuple[str, _Value]]:
    """Yield each field with its value; nothing for a cell array."""
    names: set[str] = set()
    at = _skip(text, 0)
    if head := _HEAD.match(text, at):
        at = head.end()
    while at < len(text):
        assigned = _ASSIGNED.match(text, at)
        if assigned is None:
            raise Malformed("/", "an assignment to a field of mpc", repr(text[at : at + 40]))
        name = assigned[1]
        if name in names:
            raise Malformed(f"/mpc.{name}", "one assignment", "a second one")
        names.add(name)
        value, at = _value(name, text, assigned.end())
        yield name, value
        at = _skip(text, at)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\n;":
        at += 1
    return at


def _value(name: str, text: str, at: int) -> tuple[_Value, int]:
    if found := _MATRIX.match(text, at):
        return _matrix(name, found[1]), found.end()
    if found := _CELLS.match(text, at):
        return None, found.end()
    if (found := _SCALAR.match(text, at)) is None:
        raise Malformed(f"/mpc.{name}", "a number, a text, or a matrix of numbers", repr(text[at : at + 40]))
    plain = found[1]
    return (plain[1:-1] if plain.startswith("'") else _number(f"/mpc.{name}", plain)), found.end()


def _matrix(name: str, text: str) -> Matrix:
    if text.count(" ") + text.count("\t") + text.count(",") > 4 * MOST_NUMBERS:
        raise Malformed(f"/mpc.{name}", f"at most {MOST_NUMBERS} numbers", "more", "A94", "GEN-001")
    lines = (line.replace(",", " ").split() for line in text.replace("\n", ";").split(";"))
    rows = (row for row in lines if row)
    return tuple(
        tuple(_number(f"/mpc.{name}/row[{at}]", number) for number in row) for at, row in enumerate(rows, start=1)
    )


def _number(path: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Malformed(path, "a number such as -1.5e-3", repr(text[:40]))
    return Decimal(text)


def _require_version(assigned: Mapping[str, _Value]) -> None:
    if assigned.get("version") != "2":
        raise Malformed("/mpc.version", "'2'", repr(assigned.get("version")))


def _base(assigned: Mapping[str, _Value]) -> Decimal:
    base = assigned.get("baseMVA")
    if not isinstance(base, Decimal) or not base.is_finite() or base <= 0:
        raise Malformed("/mpc.baseMVA", "a number above 0", str(base))
    return base


def _rows(kind: type[T], name: str, matrices: Mapping[str, Matrix]) -> tuple[T, ...]:
    """Return the rows of a matrix as values of *kind*, whose fields are its columns in their order."""
    if name not in matrices:
        raise Malformed(f"/mpc.{name}", "a matrix", "none")
    width = len(fields(kind))
    for at, row in enumerate(matrices[name], start=1):
        if len(row) < width:
            raise Malformed(f"/mpc.{name}/row[{at}]", f"at least {width} columns", f"{len(row)}")
    return tuple(kind(*row[:width]) for row in matrices[name])


_POLYNOMIAL = 2
_COST_HEAD = 4


def _costs(rows: Matrix, generators: int) -> tuple[tuple[Cost, ...], tuple[str, ...]]:
    """Return the costs of active power; those of reactive power, a second set of rows, are left out."""
    if rows and len(rows) not in {generators, 2 * generators}:
        raise Malformed("/mpc.gencost", f"{generators} or {2 * generators} rows", str(len(rows)))
    costs = tuple(_cost(f"/mpc.gencost/row[{at}]", row) for at, row in enumerate(rows[:generators], start=1))
    return costs, ("costs of reactive power are not read",) if len(rows) > generators else ()


def _cost(path: str, row: tuple[Decimal, ...]) -> Cost:
    if len(row) < _COST_HEAD or row[0] != _POLYNOMIAL:
        raise Malformed(path, "a polynomial cost (model 2)", ", ".join(map(str, row[:_COST_HEAD])))
    count = row[3]
    if count not in range(1, len(row) - _COST_HEAD + 1):
        raise Malformed(path, "as many coefficients as are announced", f"{count} of {len(row) - _COST_HEAD}")
    return Cost(tuple(reversed(row[_COST_HEAD : _COST_HEAD + int(count)])))
