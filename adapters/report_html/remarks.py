"""What was noted, assumed and lost, each sentence once: with the documents it was said of, or their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.report_html.figures import Figures
from adapters.report_html.page import MarketReport

_MOST_FILES = 3
"""Up to so many documents are named; of more, the number is told."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence, and the documents that it concerns in words."""

    words: str
    files: str = ""


@dataclass(frozen=True, slots=True)
class RemarkList:
    """Remarks of one kind."""

    title: str
    remarks: tuple[Remark, ...]


def remark_lists(report: MarketReport, figures: Figures) -> tuple[RemarkList, ...]:
    """Return the lists of remarks that are not empty."""
    notes, procured = report.procurement.result.notes, report.procurement.report
    lists = (
        RemarkList("Notes of the clearing", _plain(notes, figures)),
        RemarkList("Assumed by the procurement", _plain((w for w in procured.assumptions if w not in notes), figures)),
        RemarkList("Lost by the procurement", _plain(procured.losses, figures)),
        RemarkList("Assumed in documents", _of((row.file, row.report.assumptions) for row in report.documents)),
        RemarkList("Lost in documents", _of((row.file, row.report.losses) for row in report.documents)),
    )
    return tuple(entry for entry in lists if entry.remarks)


def _plain(sentences: Iterable[str], figures: Figures) -> tuple[Remark, ...]:
    return tuple(Remark(figures.named(words)) for words in dict.fromkeys(sentences))


def _of(documents: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Remark, ...]:
    files: dict[str, list[str]] = {}
    for file, sentences in documents:
        for words in sentences:
            files.setdefault(words, []).append(file)
    return tuple(
        Remark(words, ", ".join(named) if len(named) <= _MOST_FILES else f"{len(named)} documents")
        for words, named in files.items()
    )
