"""The published optimal power flows of PGLib-OPF v23.07 beside ours, as a table.

    python -m tests.oracles.pglib [--most-buses 3000]

Costs that are linear are cleared as a market of bids; quadratic ones, which no market of bids holds, are solved by an
interior-point method on the same network. What is published as infeasible is proven so by that method, and the clearing
tells how many MW are missing or too much. Ends with status 1 where a published digit is missed.

Source: Babaeinejadsarookolaee et al., "The Power Grid Library for Benchmarking AC Optimal Power Flow Algorithms",
arXiv 1908.02788; the column is that of the direct-current model.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from gateway.clearing.example import bid
from gateway.clearing.nodal.lazy import clear_nodal
from profiles.grid.matpower import Case, Cost, read_case
from profiles.grid.matpower_network import oriented, to_dispatch
from tests.conftest import ROOT
from tests.oracles.interior_point import INFEASIBLE, PowerFlow

BLANK = bid("blank", "area", "up", 1, 0)
CAP = Decimal(10**6)


@dataclass(frozen=True)
class Published:
    """A case of the library: its file, its number of buses, whether costs are quadratic, and what is published."""

    path: Path
    buses: int
    quadratic: bool
    value: str
    note: str

    @property
    def name(self) -> str:
        """The name of the case."""
        return self.path.stem.removeprefix("pglib_opf_")

    @property
    def feasible(self) -> bool:
        """Whether a value is published."""
        return self.value != "inf."

    @property
    def case(self) -> Case:
        """The case, parallel branches in one direction as PowerModels has them."""
        return oriented(read_case(self.path.read_bytes())[0])


@dataclass(frozen=True)
class Found:
    """What we find: a cost per hour or None where nothing is feasible, the MW that are missing, and by which method."""

    cost: float | None
    missing_mw: Decimal
    method: str

    def agrees(self, published: Published) -> bool:
        """Return whether all published digits are met."""
        return (f"{self.cost:.4e}" if self.cost is not None else "inf.") == published.value


def published(reference_data: Path) -> tuple[Published, ...]:
    """Return all cases, as they are listed."""
    folder = reference_data / "clearing/samples/pglib"
    with (folder / "baseline.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    return tuple(
        Published(
            path=folder / row["file"],
            buses=int(row["buses"]),
            quadratic=row["quadratic_costs"] != "0",
            value=row["published_dc"],
            note=row["note"],
        )
        for row in rows
    )


def found(listed: Published) -> Found:
    """Return what we find of a case."""
    case = listed.case
    if listed.quadratic and listed.feasible:
        return Found(PowerFlow(case).solve().cost, Decimal(0), "interior point")
    dispatch, _ = to_dispatch(linear(case), BLANK, CAP)
    result = clear_nodal(dispatch.market)
    missing = sum((abs(mw) for mw in result.missing_mw.values()), Decimal(0))
    if not missing:
        return Found(float(result.cost + dispatch.base_cost), missing, "clearing")
    proven = PowerFlow(case).solve().status == INFEASIBLE
    return Found(None if proven else float(result.cost), missing, "clearing, proof by interior point")


def linear(case: Case) -> Case:
    """Return *case* with the linear part of its costs."""
    return replace(case, costs=tuple(Cost(each.coefficients[:2]) for each in case.costs))


def table(reference_data: Path, most_buses: int) -> Iterator[tuple[bool, str]]:
    """Yield, case by case, whether it agrees, and its line of the table."""
    for listed in published(reference_data):
        if listed.buses <= most_buses:
            ours = found(listed)
            told = "inf." if ours.cost is None else f"{ours.cost:.4e}"
            missing = f"{ours.missing_mw:.3f} MW missing" if ours.missing_mw else ""
            verdict = "agrees" if ours.agrees(listed) else "MISSED"
            yield (
                ours.agrees(listed),
                (
                    f"{listed.name:24} {listed.buses:>6} {listed.value:>11} {told:>11}  {verdict}  {ours.method:32} {missing}"
                ).rstrip(),
            )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracles.pglib", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--most-buses", type=int, default=10**6, help="leave out larger cases")
    folder = Path(os.environ.get("GATEWAY_REFERENCE_DATA", ROOT.parent / "shared"))
    agreed = []
    sys.stdout.write(f"{'case':24} {'buses':>6} {'published':>11} {'ours':>11}\n")
    for agrees, line in table(folder, parser.parse_args().most_buses):
        agreed.append(agrees)
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{sum(agreed)} of {len(agreed)} in all digits\n")
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
