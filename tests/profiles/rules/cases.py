"""The rule cases of `tests/data/rules`, in the form that `profiles.cases` describes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from profiles.cases import Case, Sound, Suite
from profiles.cases import edits as changes
from profiles.rules.context import Context

__all__ = ["BASES", "SUITE", "Case", "Sound", "cases", "changed", "context", "sound", "source"]

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
