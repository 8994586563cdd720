"""Workers of this machine: the results of one process, from several."""

from __future__ import annotations

from os import getpid

import pytest

from adapters.processes import process_pool
from gateway.clearing import clear
from gateway.clearing.parallel import clear_each, curves, each
from gateway.errors import Misconfigured, Unmappable
from tests.gateway.clearing.nodal.hand import hand_market
from tests.gateway.clearing.test_threads import markets


def process_of(_: int) -> int:
    """Return which process answers."""
    return getpid()


def refuse(question: int) -> int:
    """Refuse any question."""
    raise Unmappable("question", "another one", str(question))


@pytest.mark.slow
def test_processes_give_the_results_of_this_one_in_their_order() -> None:
    given = markets(30)

    with process_pool(2) as pool:
        assert clear_each(given, pool, chunk=4) == tuple(map(clear, given))
        assert curves(hand_market(), pool) == curves(hand_market())
        assert getpid() not in each(process_of, range(8), pool, chunk=1)
        with pytest.raises(Unmappable):
            each(refuse, [1], pool)


@pytest.mark.parametrize("workers", [0, -1])
def test_a_pool_of_nobody_is_refused(workers: int) -> None:
    with pytest.raises(Misconfigured):
        process_pool(workers)
