"""Many clearings at once: local markets, feeders, whatever does not depend on each other.

A caller that has several processors hands in a `concurrent.futures.Executor`; without one all is done in turn, in this
process. Rules

1. Answers come in the order of the questions, never in that of their completion, and are the same with every executor.
2. A question is small: a feeder takes about a millisecond, as long as sending it to another process. So questions
   travel in groups of `CHUNK`.
3. The first question that fails, in their order, fails the whole call with its own error; what has not begun is called
   off.
4. What is asked must be importable by name where it is answered: a function of a module, or a `functools.partial` of
   one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import chain
from typing import TypeVar

from gateway.clearing.auction import clear
from gateway.clearing.market import Market
from gateway.clearing.nodal.curve import Curve, residual_supply
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket, NodalResult, feeders_alone
from gateway.errors import InvalidValue
from gateway.results import ClearingResult

CHUNK = 50
"""So many questions travel together."""
Q = TypeVar("Q")
A = TypeVar("A")


def each(
    answer: Callable[[Q], A], questions: Sequence[Q], executor: Executor | None = None, chunk: int = CHUNK
) -> tuple[A, ...]:
    """Return the answers to *questions* in their order, worked out by *executor* in groups of *chunk*.

    Raises `InvalidValue` for a chunk that is not positive, and whatever the first question that fails raises.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     each(abs, [-1, 2, -3], pool, chunk=2)
    (1, 2, 3)
    """
    if chunk < 1:
        raise InvalidValue("chunk", "1 question or more", str(chunk))
    if executor is None:
        return tuple(map(answer, questions))
    groups = (questions[at : at + chunk] for at in range(0, len(questions), chunk))
    waiting = [executor.submit(_group, answer, group) for group in groups]
    try:
        return tuple(chain.from_iterable(future.result() for future in waiting))
    finally:
        for future in waiting:
            future.cancel()


def clear_each(
    markets: Sequence[Market], executor: Executor | None = None, chunk: int = CHUNK
) -> tuple[ClearingResult, ...]:
    """Clear *markets* that do not depend on each other; errors as of `gateway.clearing.clear`."""
    return each(clear, markets, executor, chunk)


def clear_each_nodal(
    markets: Sequence[NodalMarket], executor: Executor | None = None, chunk: int = 1
) -> tuple[NodalResult, ...]:
    """Clear nodal *markets* that do not depend on each other; errors as of `gateway.clearing.nodal.clear_nodal`."""
    return each(clear_nodal, markets, executor, chunk)


def curves(market: NodalMarket, executor: Executor | None = None, chunk: int = CHUNK) -> dict[str, Curve]:
    """Return the residual supply curve of every feeder of *market*, by its id.

    Only what concerns a feeder is sent to where its curve is worked out. Errors as of
    `gateway.clearing.nodal.curve.residual_supply`.
    """
    alone = feeders_alone(market)
    return dict(zip(alone, each(_curve, list(alone.values()), executor, chunk), strict=True))


def _curve(alone: NodalMarket) -> Curve:
    (feeder,) = alone.network.feeders
    return residual_supply(alone, feeder.id)


def _group(answer: Callable[[Q], A], questions: Sequence[Q]) -> list[A]:
    return [answer(question) for question in questions]
