"""Tolerance bands: a need that may be served beyond its size, so that indivisible bids fit.

A buyer that cannot name a price may state by how much the clearing may overshoot. What is served beyond the need is its
*excess*. Rules

1. An excess of 0 ≤ e ≤ T stands behind an inelastic need and in its direction. It is served only where the need itself
   is served in full. Between a need of more injection and one of less it is netted like any other.
2. A MW of it is worth nothing: it adds 0 to the welfare, and what is activated for it counts with its full cost. It is
   therefore taken where that is cheaper than every way to serve the need exactly: for a need of 50 MW, 55 MW of an
   indivisible bid at 30 rather than 50 MW at 80. Where down bids pay something, they fill the band.
3. Where every bid of the interval is divisible, the excess is an order like any other, with a limit price of 0. Where a
   yes-or-no decision is open, it is granted with the decisions: the buyer agrees to take it at the clearing price, and
   it does not pull that price down to 0.
4. The buyer pays the clearing price for it as for the need.

The clearing sees the excess as a need of its own beside the one that it belongs to (`spread`); in the result it is told
with that need (`folded`).

Source: Ntomaris, Marneris, Biskas, "Optimal clearing of the European mFRR market", Energies 14 (2021) 5793, tolerance
band of inelastic demand; business requirements of the Nordic mFRR market, "Tolerance band" (2024).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from gateway.clearing.market import Market
from gateway.model import ZERO, Need
from gateway.results import ClearingResult, ServedNeed
from gateway.time import Interval

if TYPE_CHECKING:
    from gateway.clearing.problem import Mask, Problem

MARK = " excess"
"""What the id of an excess adds to that of its need."""
_Key = tuple[Interval, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess(Need):
    """What may be served of a need beyond its size, as an order of its own: worth nothing, insisted on by nobody."""


def spread(market: Market) -> Market:
    """Return *market* with the tolerance of each need as an order of its own.

    >>> from gateway.clearing.example import market_of, need
    >>> [(each.id, str(each.quantity_mw)) for each in spread(market_of(need("d", "A", 50, tolerance_mw=5))).needs]
    [('d', '50'), ('d excess', '5')]
    """
    found = tuple(_excess_of(need) for need in market.needs if need.tolerance_mw)
    return replace(market, needs=(*market.needs, *found)) if found else market


def folded(result: ClearingResult, market: Market) -> ClearingResult:
    """Return *result*, the answer to the spread *market*, with every excess told with its need."""
    excess = {_key(need) for need in spread(market).needs if isinstance(need, Excess)}
    if not excess:
        return result
    served_mw = {(each.interval, each.need_id): each.served_mw for each in result.needs}
    kept = (each for each in result.needs if (each.interval, each.need_id) not in excess)
    return replace(
        result,
        needs=tuple(replace(e, excess_mw=served_mw.get((e.interval, e.need_id + MARK), ZERO)) for e in kept),
    )


def unfolded(result: ClearingResult, market: Market) -> ClearingResult:
    """Return *result* as the answer to the spread *market*: what `folded` took together, apart.

    An excess that no tolerance allows becomes the answer to a need that nobody has, which the certificate finds.
    """
    tolerant = {_key(need) for need in market.needs if need.tolerance_mw}
    apart = tuple(part for each in result.needs for part in _apart(each, tolerant))
    return result if len(apart) == len(result.needs) else replace(result, needs=apart)


def excesses(needs: Iterable[Need]) -> Mask:
    """Return which of *needs* are excesses."""
    return np.array([isinstance(need, Excess) for need in needs], dtype=bool)


def owner_of(excess: Excess) -> str:
    """Return the id of the need that an excess belongs to."""
    return excess.id.removesuffix(MARK)


def granted(problem: Problem) -> Mask:
    """Return which needs of *problem* are excesses that are granted with its decisions: all, if there is any decision.

    >>> from gateway.clearing.example import bid, need, problem_of
    >>> orders = [need("d", "A", 50), Excess(**{f.name: getattr(need("e", "A", 5, 0), f.name) for f in fields(Need)})]
    >>> granted(problem_of(bid("A1", "A", "up", 60, 40), *orders)).tolist()
    [False, False]
    >>> granted(problem_of(bid("A1", "A", "up", 60, 40, divisible=False), *orders)).tolist()
    [False, True]
    """
    return excesses(problem.needs) & bool(problem.decided.any())


def _excess_of(need: Need) -> Excess:
    stated = {field.name: getattr(need, field.name) for field in fields(Need)}
    own = {"id": need.id + MARK, "quantity_mw": need.tolerance_mw, "tolerance_mw": ZERO, "price": ZERO}
    return Excess(**{**stated, **own, "required": False})


def _key(need: Need) -> _Key:
    return need.interval, need.id


def _apart(need: ServedNeed, tolerant: set[_Key]) -> Iterator[ServedNeed]:
    yield need
    if need.excess_mw or (need.interval, need.need_id) in tolerant:
        yield replace(need, need_id=need.need_id + MARK, served_mw=need.excess_mw, excess_mw=ZERO)
