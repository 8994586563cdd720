"""One clearing from beginning to end.

Intervals are cleared in the order of time, each for itself; what they share is only what became of linked bids earlier.
For each: screen the bids, put the rest into numbers, find volumes and prices, say what became of every bid. The answer
is checked by a certificate that knows only the market and the result (`gateway.clearing.certificate`); one that fails
is not given out.
"""

from __future__ import annotations

from itertools import chain

from gateway.clearing.certificate import require
from gateway.clearing.eligibility import Outcome, outcomes_of, screen, strays
from gateway.clearing.engine import ARRAYS, Engine
from gateway.clearing.exclusion import settle
from gateway.clearing.market import Market
from gateway.clearing.outcome import refused, result_of
from gateway.clearing.problem import problem
from gateway.model import ZERO
from gateway.results import ClearingResult
from gateway.time import Interval


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
    outcomes: dict[str, Outcome] = {}
    parts: list[ClearingResult] = []
    for period in market.periods:
        part = _clear_period(market, period, outcomes, engine)
        outcomes.update(outcomes_of(market, part.awards))
        parts.append(part)
    result = ClearingResult(
        awards=(*chain.from_iterable(part.awards for part in parts), *map(refused, strays(market))),
        needs=tuple(chain.from_iterable(part.needs for part in parts)),
        prices=tuple(chain.from_iterable(part.prices for part in parts)),
        flows=tuple(chain.from_iterable(part.flows for part in parts)),
        shadow_prices=tuple(chain.from_iterable(part.shadow_prices for part in parts)),
        welfare=sum((part.welfare for part in parts), ZERO),
        currency=market.rules.currency,
        engine=engine.name,
        methods=tuple(chain.from_iterable(part.methods for part in parts)),
        notes=tuple(chain.from_iterable(part.notes for part in parts)),
    )
    require(market, result)
    return result


def _clear_period(market: Market, period: Interval, outcomes: dict[str, Outcome], engine: Engine) -> ClearingResult:
    numbers = problem(market, period, screen(market, period, outcomes))
    cleared = settle(numbers, engine, market.rules)
    return result_of(numbers, cleared, market.rules.currency)
