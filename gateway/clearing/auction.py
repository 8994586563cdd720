"""One clearing from beginning to end.

Intervals are cleared in the order of time, each for itself unless bids span several (`gateway.clearing.periods`); what
they share beyond that is what became of linked bids earlier. For each: screen the bids, put the rest into numbers, find
volumes and prices, say what became of every bid. The answer is checked by a certificate that knows only the market and
the result (`gateway.clearing.certificate`); one that fails is not given out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from gateway.clearing.certificate import require
from gateway.clearing.eligibility import Outcome, outcomes_of, strays
from gateway.clearing.engine import ARRAYS, Engine
from gateway.clearing.exclusion import settle
from gateway.clearing.joint import Hanging, History, problem_over
from gateway.clearing.market import Market
from gateway.clearing.outcome import refused, result_of
from gateway.clearing.periods import bound, together
from gateway.clearing.tolerance import folded, spread
from gateway.model import ZERO
from gateway.results import Award, ClearingPrice, ClearingResult, ExchangeFlow, Method, ServedNeed, ShadowPrice
from gateway.time import Interval

Timed = TypeVar("Timed", Award, ServedNeed, ClearingPrice, ExchangeFlow, ShadowPrice, Method)
Answer = Callable[[Market, tuple[Interval, ...], History, Hanging], ClearingResult]
"""Clears intervals together, given what became of bids before them, and which bids hang on others."""


def clear(market: Market, engine: Engine = ARRAYS) -> ClearingResult:
    """Clear every interval of *market*; *engine* writes the arrays that the solver gets.

    The same market gives the same result in whatever order its parts are listed. Raises `gateway.errors.Unsolved` where
    the solver gives no proven answer, or where the answer fails its certificate.

    >>> from gateway.clearing.example import bid, border, market_of, need
    >>> cheap, dear = bid("A1", "A", "up", 40, 60), bid("B1", "B", "up", 60, 80)
    >>> result = clear(market_of(cheap, dear, need("d", "A", 50), *border("B", "A", 30)))
    >>> [(award.bid_id, str(award.quantity_mw), str(award.price)) for award in result.awards]
    [('A1', '40.000', '80.00'), ('B1', '10.000', '80.00')]
    """

    def part(market: Market, periods: tuple[Interval, ...], history: History, hanging: Hanging) -> ClearingResult:
        numbers = problem_over(market, periods, history, hanging)
        return result_of(numbers, settle(numbers, engine, market.rules), market.rules.currency)

    return clear_by(market, part, engine.name)


def clear_by(market: Market, answer: Answer, engine: str) -> ClearingResult:
    """Clear every interval of *market*, with *answer* for those that are cleared together; *engine* goes on record.

    Errors as of `clear`.
    """
    asked, market = market, spread(market)
    past, hanging = _Past(market), bound(market)
    parts: list[ClearingResult] = []
    for periods in together(market):
        parts.append(answer(market, periods, past.before, hanging))
        past.learn(periods, parts[-1])
    parts.sort(key=lambda part: part.methods[0].interval)
    result = ClearingResult(
        awards=(*_by_time(parts, lambda part: part.awards), *map(refused, strays(market))),
        needs=_by_time(parts, lambda part: part.needs),
        prices=_by_time(parts, lambda part: part.prices),
        flows=_by_time(parts, lambda part: part.flows),
        shadow_prices=_by_time(parts, lambda part: part.shadow_prices),
        welfare=sum((part.welfare for part in parts), ZERO),
        currency=market.rules.currency,
        engine=engine,
        methods=_by_time(parts, lambda part: part.methods),
        notes=tuple(chain.from_iterable(part.notes for part in parts)),
    )
    result = folded(result, asked)
    require(asked, result)
    return result


def _by_time(parts: list[ClearingResult], said: Callable[[ClearingResult], tuple[Timed, ...]]) -> tuple[Timed, ...]:
    """Return what is *said* of all intervals in the order of time."""
    every = tuple(chain.from_iterable(map(said, parts)))
    apart = all(len(part.methods) == 1 for part in parts)
    return every if apart else tuple(sorted(every, key=attrgetter("interval")))


@dataclass
class _Past:
    """What became of the bids of the intervals cleared so far."""

    market: Market
    asked: bool = field(init=False)
    known: dict[Interval, dict[str, Outcome]] = field(default_factory=dict)
    latest: dict[str, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """See whether any bid asks what became of others."""
        self.asked = any(bid.links or bid.technical_link for bid in self.market.bids)

    def before(self, period: Interval) -> dict[str, Outcome]:
        """Return what became, in the intervals before *period*, of bids, inclusive groups and technical links."""
        return self.latest if period > max(self.known, default=period) else self._merged(period)

    def learn(self, periods: tuple[Interval, ...], part: ClearingResult) -> None:
        """Remember the result of *periods*, where anybody asks."""
        if not self.asked:
            return
        for period in periods:
            awards = part.awards
            if len(periods) > 1:
                awards = tuple(award for award in awards if award.interval == period)
            self.known[period] = outcomes_of(self.market, awards)
        if len(periods) == 1 and periods[0] == max(self.known):
            self.latest.update(self.known[periods[0]])
        else:
            self.latest = self._merged(None)

    def _merged(self, period: Interval | None) -> dict[str, Outcome]:
        merged: dict[str, Outcome] = {}
        for at in sorted(self.known):
            merged |= self.known[at] if period is None or at < period else {}
        return merged
