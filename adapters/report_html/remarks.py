"""What was noted, assumed and lost, each sentence once: with the documents it was said of, or their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.report_html.figures import Figures
from adapters.report_html.page import MarketReport
from gateway.results import Method

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
        RemarkList("How the volumes were found", tuple(_methods(report.procurement.result.methods))),
        RemarkList("Notes of the clearing", _plain(notes, figures)),
        RemarkList("Assumed by the procurement", _plain((w for w in procured.assumptions if w not in notes), figures)),
        RemarkList("Lost by the procurement", _plain(procured.losses, figures)),
        RemarkList("Assumed in documents", _of((row.file, row.report.assumptions) for row in report.documents)),
        RemarkList("Lost in documents", _of((row.file, row.report.losses) for row in report.documents)),
    )
    return tuple(entry for entry in lists if entry.remarks)


def _methods(methods: Iterable[Method]) -> Iterator[Remark]:
    """Yield each way in which intervals were cleared, with how many they are and what is proven."""
    for (rung, proven), intervals in Counter((method.rung, method.gap == 0) for method in methods).items():
        proof = "proven to be the best" if proven else "not proven to be the best"
        yield Remark(f"{rung[0].upper()}{rung[1:]}: {proof}", f"{intervals} interval{'s' if intervals > 1 else ''}")


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
