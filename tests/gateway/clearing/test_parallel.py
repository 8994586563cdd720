"""Many questions at once: the same answers in the same order, with every executor and in groups of every size."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from time import sleep
from typing import TypeVar

import pytest

from gateway.clearing import clear
from gateway.clearing.nodal.curve import residual_supply
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import feeder_alone, feeders_alone
from gateway.clearing.parallel import clear_each, clear_each_nodal, curves, each
from gateway.errors import InvalidValue
from tests.gateway.clearing.nodal.hand import hand_market
from tests.gateway.clearing.test_threads import markets

T = TypeVar("T")


class Counting(Executor):
    """Answers at once, and counts what it is sent."""

    def __init__(self) -> None:
        self.sent = 0

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        self.sent += 1
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except InvalidValue as error:
            future.set_exception(error)
        return future


def late(question: int) -> int:
    """Answer the first questions last."""
    sleep(0.002 * (4 - question % 4))
    return 10 * question


@pytest.mark.parametrize("chunk", [1, 3, 7, 50])
def test_answers_come_in_the_order_of_the_questions(chunk: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert each(late, range(7), pool, chunk) == each(late, range(7)) == tuple(range(0, 70, 10))


@pytest.mark.parametrize(
    ("questions", "chunk", "groups"), [(0, 50, 0), (1, 50, 1), (50, 50, 1), (51, 50, 2), (7, 3, 3)]
)
def test_questions_travel_in_groups(questions: int, chunk: int, groups: int) -> None:
    counting = Counting()
    each(abs, range(questions), counting, chunk)

    assert counting.sent == groups


def only_small(question: int) -> int:
    """Refuse what is not below 3."""
    if question >= 3:
        raise InvalidValue(f"question {question}", "below 3", str(question))
    return question


@pytest.mark.parametrize("executor", [None, Counting()], ids=["inline", "executor"])
def test_the_first_question_that_fails_tells(executor: Executor | None) -> None:
    with pytest.raises(InvalidValue) as refusal:
        each(only_small, [1, 2, 3, 4], executor, chunk=1)

    assert refusal.value.path == "question 3"


def test_what_has_not_begun_is_called_off() -> None:
    asked: list[int] = []

    def note(question: int) -> int:
        asked.append(question)
        sleep(0.01)
        return only_small(question)

    with ThreadPoolExecutor(1) as pool, pytest.raises(InvalidValue):
        each(note, range(3, 100), pool, chunk=1)

    assert len(asked) < 10


def test_a_group_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue):
        each(abs, [1], chunk=0)


def test_markets_are_cleared_as_if_alone() -> None:
    given = markets(8)

    with ThreadPoolExecutor(2) as pool:
        assert clear_each(given, pool, chunk=3) == clear_each(given) == tuple(map(clear, given))
        assert clear_each_nodal([hand_market()] * 2, pool) == (clear_nodal(hand_market()),) * 2


def test_every_feeder_has_its_curve() -> None:
    market = hand_market()

    with ThreadPoolExecutor(2) as pool:
        assert curves(market, pool) == curves(market) == {"F": residual_supply(market, "F")}


def test_feeders_are_parted_at_once_as_one_by_one() -> None:
    market = hand_market()

    assert feeders_alone(market) == {"F": feeder_alone(market, "F")}
    assert set(feeders_alone(market)["F"].buses) == {"e1", "g1", "g2"}
