"""How a cell is measured: candidates take turns, and the medians of their CPU seconds are compared."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cell:
    """One auction: how many bids and areas, which share of the bids is non-divisible, and by which seed it is drawn."""

    bids: int
    areas: int
    whole: float = 0.0
    seed: int = 1

    def __str__(self) -> str:
        """Return the cell as the tables name it."""
        return f"{self.bids},{self.areas}" + (f",{self.whole}" if self.whole else "")


def seconds(runs: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return median CPU seconds and the last answer of each candidate; they take turns."""
    taken: dict[str, list[float]] = {each: [] for each in runs}
    answers: dict[str, Any] = {}
    for turn in range(rounds + (rounds > 1)):
        for each, run in runs.items():
            gc.collect()
            started = time.process_time()
            answers[each] = run()
            if turn or rounds == 1:
                taken[each].append(time.process_time() - started)
    return {each: statistics.median(found) for each, found in taken.items()}, answers


def agree(cell: Cell, costs: dict[str, float], near: float) -> None:
    """End where the candidates do not find one objective."""
    if max(costs.values()) - min(costs.values()) > near:
        raise SystemExit(f"{cell}: the candidates find different objectives: {costs}")


def told(name: str, cell: Cell, times: dict[str, float]) -> None:
    """Print one line of figures."""
    figures = ", ".join(f"{each} {1000 * value:.1f} ms" for each, value in times.items())
    print(f"{name:<12}{cell!s:<16}{figures}")
