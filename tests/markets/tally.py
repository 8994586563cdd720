"""Many markets tried, in one process or several, and counted."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

from tests.markets.drawing import draw
from tests.markets.laws import Breach, breach
from tests.markets.shrinking import smallest, written

CHUNK = 25
"""Markets that a process tries before it answers."""


@dataclass(frozen=True)
class Failure:
    """A market that breaks a law, and the smallest one that still does."""

    seed: int
    breach: Breach
    market: str


@dataclass
class Tally:
    """How many markets were tried, and in how many of them features met."""

    tried: int = 0
    features: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    mixtures: set[tuple[str, ...]] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in what another process counted."""
        self.tried += other.tried
        self.features += other.features
        self.pairs += other.pairs
        self.mixtures |= other.mixtures
        self.failures += other.failures


def tried(seeds: range, until: float = float("inf")) -> Tally:
    """Try the markets of *seeds*, as many as can be begun before *until*, an instant of `time.time`."""
    tally = Tally()
    for seed in seeds:
        if time.time() >= until:
            break
        drawn = draw(seed)
        tally.tried += 1
        tally.features.update(drawn.features)
        tally.pairs.update(drawn.pairs)
        tally.mixtures.add(drawn.features)
        if found := breach(drawn.market):
            tally.failures.append(Failure(seed, found, written(smallest(drawn.market, found))))
    return tally


def run(first: int, count: int, jobs: int, seconds: float = float("inf")) -> Tally:
    """Try *count* markets from number *first* in *jobs* processes."""
    chunks = [range(at, min(at + CHUNK, first + count)) for at in range(first, first + count, CHUNK)]
    tally, one = Tally(), partial(tried, until=time.time() + seconds)
    if jobs == 1:
        for part in map(one, chunks):
            tally.add(part)
        return tally
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for part in pool.map(one, chunks):
            tally.add(part)
    return tally
