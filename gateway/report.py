"""What was found, assumed and lost while a message was handled.

Nothing is repaired in silence. Each conversion returns its value together with a
`Report`: findings (a rule is broken), assumptions (a default stood in for something
the sender left out) and losses (something the target cannot hold).

A finding keeps the specific reason code of the rule; how much of it the peer gets to
see depends on the peer's acknowledgement style.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.time import Interval


class Severity(StrEnum):
    """What follows from a finding."""

    REJECT = "reject"
    WARN = "warn"


class Level(StrEnum):
    """How much of a document a finding concerns: all, one series, or some intervals of it."""

    DOCUMENT = "document"
    SERIES = "series"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule is broken at one place.

    ``rule``: id in the rule tables (``RB-006``). ``code``: reason code of the ENTSO-E list.
    ``path``: slash path into the document, elements counted from 1. ``subject``: mRID of the
    series concerned. ``interval``: the part of time concerned, where the level is `INTERVAL`.
    """

    rule: str
    severity: Severity
    level: Level
    code: str
    path: str
    expected: str
    found: str
    subject: str | None = None
    interval: Interval | None = None

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.rule} {self.path}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Report:
    """Findings, assumptions and losses, each in the order in which they came up."""

    findings: tuple[Finding, ...] = ()
    assumptions: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    def __add__(self, other: Report) -> Report:
        """Join two reports; the left one comes first."""
        return Report(self.findings + other.findings, self.assumptions + other.assumptions, self.losses + other.losses)

    @property
    def rejects_document(self) -> bool:
        """Whether a finding refuses the document as a whole."""
        return any(f.severity is Severity.REJECT and f.level is Level.DOCUMENT for f in self.findings)

    @property
    def rejected_subjects(self) -> frozenset[str]:
        """The mRIDs of the series that a finding refuses."""
        return frozenset(f.subject for f in self.findings if f.severity is Severity.REJECT and f.subject is not None)

    @property
    def clean(self) -> bool:
        """Whether there is no finding at all, not even a warning."""
        return not self.findings
