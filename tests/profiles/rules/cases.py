"""The rule cases of `tests/data/rules`, in the form that `profiles.cases` describes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gateway.report import Report
from profiles import markets
from profiles.cases import Case, Sound, Suite
from profiles.cases import edits as changes
from profiles.rules.context import Context

__all__ = [
    "BASES",
    "SUITE",
    "Case",
    "Said",
    "Sound",
    "Step",
    "broken",
    "cases",
    "changed",
    "context",
    "judged",
    "market",
    "only",
    "said",
    "sound",
    "source",
]

DATA = Path(__file__).resolve().parents[2] / "data" / "rules"
SUITE = Suite({str(path.relative_to(DATA)): path.read_bytes() for path in DATA.rglob("*") if path.is_file()})
BASES = list(SUITE.bases())


def cases() -> list[Case]:
    """Read every case of the folder."""
    return SUITE.cases()


def sound() -> list[Sound]:
    """Read every change of the folder that breaks nothing."""
    return SUITE.sound()


def source(base: str) -> bytes:
    """Return the bytes of a valid document."""
    return SUITE.source(base)


def changed(base: str, edits: Iterable[tuple[str, ...]]) -> bytes:
    """Return the bytes of a valid document with changes."""
    return changes.changed(source(base), edits)


def context(replaced: dict[str, Any] | None = None) -> Context:
    """Return what is known about the valid documents, with some parts replaced."""
    return SUITE.context(replaced)


Said = tuple[str, str, str, str, str]
"""What a finding says: rule, reason code, place below the root, what was expected, what was found."""

Step = tuple[str, ...]


def judged(base: str, *steps: Step, over: str = "project", terms: str = "", **known: object) -> Report:
    """Return what is said of a valid document with changes, in a market, with some of what is known replaced."""
    return Sound(
        suite=SUITE, what="", base=base, edit=steps, over=over, terms=terms, context=tuple(known.items())
    ).check()


def said(base: str, *steps: Step, over: str = "project", terms: str = "", **known: object) -> list[Said]:
    """Return the findings of `judged` in their order."""
    return [
        (found.rule, found.code, "/" + "/".join(found.path.split("/")[2:]), found.expected, found.found)
        for found in judged(base, *steps, over=over, terms=terms, **known).findings
    ]


def broken(base: str, *steps: Step, over: str = "project", terms: str = "", **known: object) -> list[str]:
    """Return the rules of the findings of `judged` in their order."""
    return [found.rule for found in judged(base, *steps, over=over, terms=terms, **known).findings]


def only(rule: str, findings: Iterable[Said]) -> list[tuple[str, str, str, str]]:
    """Return reason code, place, what was expected and what was found of the findings of one rule."""
    return [finding[1:] for finding in findings if finding[0] == rule]


def market(name: str) -> dict[str, str]:
    """Return how `judged` is told of a market: one of the package, or one of ``markets/`` in the folder of cases."""
    if name in markets.names():
        return {"over": name}
    return {"terms": (DATA / "markets" / f"{name}.toml").read_text("utf-8")}
