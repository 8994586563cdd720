"""Limits of the networks that are broken: before any activation, and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from gateway.clearing.nodal.arrays import GridRow, NodalProblem, unit_mw
from gateway.clearing.nodal.market import NodalMarket, Quantity
from gateway.clearing.nodal.prices import BROKEN_MW, told
from gateway.model import ZERO
from gateway.network.radial import Floats

NEAR_MW = 10 * BROKEN_MW
"""Up to here a limit counts as kept: volumes are told in watts, and many of them meet in one limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A limit that is broken: what it bounds, of which line, section or bus, at which value, and the limit.

    ``feeder``: whose limit it is; nothing for the transmission network. Values are in MW, MVA or per unit squared.
    """

    feeder: str | None
    quantity: Quantity
    place: str
    value: Decimal
    limit: Decimal


def violations(market: NodalMarket, accepted_mw: Mapping[str, Decimal]) -> tuple[Violation, ...]:
    """Return every limit of the network of *market* that *accepted_mw* of its bids break, the lines first."""
    problem = NodalProblem(market)
    accepted = np.array([accepted_mw.get(bid.id, ZERO) for bid in problem.bids], dtype=float)
    return tuple(_broken(problem, accepted))


def _broken(problem: NodalProblem, accepted: Floats) -> Iterator[Violation]:
    seen, radial = problem.seen(accepted), problem.radial
    for row in _limits(problem):
        value, (low, high) = problem.value(row, seen), problem.bounds(row)
        if max(value - high, low - value) * unit_mw(row) > NEAR_MW:
            feeder = None if row.quantity is Quantity.FLOW else radial.feeders[radial.feeder[row.at]].id
            yield Violation(
                feeder=feeder,
                quantity=row.quantity,
                place=problem.name(row),
                value=told(value),
                limit=told(high if value > high else low),
            )


def _limits(problem: NodalProblem) -> Iterator[GridRow]:
    yield from (GridRow(Quantity.FLOW, at) for at in range(len(problem.grid.transmission.lines)))
    yield from feeder_limits(problem)


def feeder_limits(problem: NodalProblem) -> Iterator[GridRow]:
    """Yield every limit of the feeders of *problem*: voltages, then the sides of sections."""
    sections = np.flatnonzero(problem.radial.parent >= 0)
    yield from (GridRow(Quantity.VOLTAGE, int(at)) for at in sections)
    sides = range(problem.sides[0].shape[1])
    yield from (GridRow(Quantity.POWER, int(at), side) for at in sections for side in sides)
