"""Random markets, every feature mixed: what must hold for every market is asked of each.

    python -m tests.markets [--count 10000] [--first 0] [--jobs 2] [--seconds 3600]

Markets are drawn by number (`tests.markets.drawing`), so that a number names a market everywhere. Prints how many
markets each feature and each pair of features was met in, and of every market that breaks a law (`tests.markets.laws`)
its number, the law, and the smallest market that still breaks it. Ends with status 1 where a law was broken. The last
line is a JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator

from tests.markets.drawing import FEATURES
from tests.markets.tally import Tally, run


def table(tally: Tally) -> Iterator[str]:
    """Yield the counts as lines: of each feature, and of each pair in a triangle."""
    names = list(FEATURES)
    width = max(map(len, names))
    yield f"{'':{width}}  " + "".join(f"{at:>6}" for at in range(1, len(names) + 1))
    for at, name in enumerate(names):
        counts = [tally.pairs[names[other], name] for other in range(at)]
        row = "".join(f"{count:>6}" for count in (*counts, tally.features[name]))
        yield f"{name:{width}}{at + 1:>3}{row[1:]}"


def told(tally: Tally) -> Iterator[str]:
    """Yield the lines of the report."""
    yield "markets in which two features meet; at the end of each row those with that feature"
    yield from table(tally)
    for failure in tally.failures:
        yield f"\nmarket {failure.seed} breaks «{failure.breach.law}»: {failure.breach.how}\n{failure.market}"
    least = min((tally.pairs[one, other] for one, other in _all_pairs()), default=0)
    yield json.dumps(
        {
            "markets": tally.tried,
            "mixtures": len(tally.mixtures),
            "least_of_a_pair": least,
            "failures": [failure.seed for failure in tally.failures],
        }
    )


def _all_pairs() -> list[tuple[str, str]]:
    names = list(FEATURES)
    return [(one, other) for at, other in enumerate(names) for one in names[:at]]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.markets", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="how many markets")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no market is begun after so long")
    chosen = parser.parse_args()
    tally = run(chosen.first, chosen.count, chosen.jobs, chosen.seconds)
    sys.stdout.write("\n".join(told(tally)) + "\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
