"""What a streamed document means, told from its series one by one.

Where each series stands for itself, as in metered data, its meaning does not depend on the others, and none has to be
kept. The report is that of the whole document at once: the same refusal, and the same remarks with the same counts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.errors import Unmappable
from gateway.report import Report
from profiles import reading
from profiles.edition import Edition
from profiles.slots import refuse_many_slots, slots_of_curves
from profiles.streaming import Part

_COUNT = re.compile(r"\b[0-9]+\b")


@dataclass(slots=True)
class Meaning:
    """What the series so far mean, and what was assumed or lost on the way.

    ``head`` is the document without series; ``lines`` gets the line of a series' error.
    """

    edition: Edition
    head: Any
    lines: dict[str, int | None] = field(default_factory=dict)
    _assumptions: Counter[str] = field(default_factory=Counter)
    _losses: Counter[str] = field(default_factory=Counter)
    _common: Report = field(default_factory=Report)
    _slots: int = 0
    _of_head: Unmappable | None = None
    _of_series: Unmappable | None = None

    def __post_init__(self) -> None:
        """Find out what is said of the head alone, which is not to be said once for each series."""
        self._common = self._said(())

    def add(self, part: Part) -> None:
        """Take one series."""
        self._slots += slots_of_curves((part.value,))
        if self._of_series is None:
            report = self._said((part.value,), part)
            self._assumptions += _counted(report.assumptions)
            self._losses += _counted(report.losses)

    def conclude(self) -> Report:
        """Return what is to be said of the whole document."""
        error = self._of_series or self._of_head
        if error is None or not error.path.endswith("/type"):  # all but the type is asked after the number of slots
            error = self._too_many_slots() or error
        if error is not None:
            return Report(findings=(reading.unmappable(error),))
        return self._common + Report((), _told(self._assumptions), _told(self._losses))

    def _said(self, series: tuple[Any, ...], part: Part | None = None) -> Report:
        """Return what is said of a document with this series only, beyond what is said of the head; keep an error."""
        document = replace(self.head, series=series)
        try:
            _, report = reading.to_canonical(
                reading.Parsed(document=document, edition=self.edition, report=Report(), digest="")
            )
        except Unmappable as error:
            self._keep(error, part)
            return Report()
        common = self._common
        return Report(
            assumptions=tuple(one for one in report.assumptions if one not in common.assumptions),
            losses=tuple(one for one in report.losses if one not in common.losses),
        )

    def _keep(self, error: Unmappable, part: Part | None) -> None:
        """Keep the first error of a series, by its number in the whole document, and the first of the head."""
        whole = reading.renumbered(error, self.edition, [part.number]) if part else error
        if part is not None and whole is not error:
            self._of_series = whole
            self.lines[whole.path] = part.line(whole.path)
        elif self._of_head is None:
            self._of_head = error

    def _too_many_slots(self) -> Unmappable | None:
        try:
            refuse_many_slots(self._slots)
        except Unmappable as error:
            return Unmappable(f"/{self.edition.root}/{error.path}", error.expected, error.found, error.code)
        return None


def _counted(sentences: tuple[str, ...]) -> Counter[str]:
    """Return the number in each sentence, by the sentence without it."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        number = _COUNT.search(sentence)
        counts[_COUNT.sub("{}", sentence, count=1)] = int(number[0]) if number else 1
    return counts


def _told(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sentence.replace("{}", str(count), 1) for sentence, count in counts.items())
