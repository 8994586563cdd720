"""Runs a reader on damaged documents and keeps what should not have happened."""

import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from gateway.errors import Malformed
from tests.fuzz.byte_noise import damaged

Target = Callable[[bytes], str]
"""Handles a document and names the outcome; only `Malformed` may leave it."""

LONGEST_SECONDS = 5.0
LONGEST_SENTENCE = 1000
"""An error becomes a line of a log and the text of a reason; it does not grow with the document."""


@dataclass
class Outcome:
    """What became of all documents, and each kind of failure with the first document that showed it."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[str, bytes] = field(default_factory=dict)
    slowest_seconds: float = 0.0

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.most_common())
        return f"{counts}; slowest {self.slowest_seconds:.2f} s"

    def told(self) -> str:
        """Say what failed, with the beginning of each document."""
        return "\n".join(f"{failure}\n    {data[:3000]!r}" for failure, data in self.failures.items())


class TooSlow(Exception):
    """The alarm rang."""


def _ring(_: int, __: FrameType | None) -> None:
    raise TooSlow


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` inside the block when the time is over."""
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(target: Target, corpus: Sequence[bytes], count: int, seed: str) -> Outcome:
    """Handle *count* damaged documents."""
    outcome, rng = Outcome(), random.Random(seed)
    for _ in range(count):
        handle(target, damaged(corpus, rng), outcome)
    return outcome


def handle(target: Target, data: bytes, outcome: Outcome) -> None:
    """Handle one document and enter what became of it."""
    start = time.perf_counter()
    try:
        with alarm(LONGEST_SECONDS):
            outcome.counts[target(data)] += 1
    except Malformed as error:
        outcome.counts["malformed"] += 1
        if len(str(error)) > LONGEST_SENTENCE:
            outcome.failures.setdefault(f"a sentence of {len(str(error))} characters: {str(error)[:200]}", data)
    except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
        outcome.counts["escaped"] += 1
        outcome.failures.setdefault(_name(error), data)
    outcome.slowest_seconds = max(outcome.slowest_seconds, time.perf_counter() - start)


def _name(error: Exception) -> str:
    """Name an error by its class and by where it came from, so that each defect is kept once."""
    frames = [
        f"{frame.filename.rpartition('/')[2]}:{frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} {str(error)[:100]} at {' < '.join(reversed(frames[-4:]))}"
