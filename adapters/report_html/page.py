"""What a report is made from: the outcome of a procurement and the documents that led to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.report import Report
from gateway.results import Verdict
from gateway.time import CENTRAL_EUROPE

if TYPE_CHECKING:
    # Loads the solver, for which a page need not wait.
    from gateway.procurement import Procurement


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One received document: its file, what it said it was, who sent it, and what was found.

    ``document`` is the kind in words with its code. Parts that could not be read are None.
    """

    file: str
    verdict: Verdict
    report: Report
    document: str | None = None
    edition: str | None = None
    document_id: str | None = None
    sender: str | None = None
    sent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketReport:
    """Everything that the page shows.

    ``received`` says in a sentence when the documents count as received. ``ignored`` are files that are
    no documents, each with the reason. ``zone`` is the local time that is shown first.
    """

    procurement: Procurement
    documents: tuple[DocumentRow, ...]
    received: str
    ignored: tuple[tuple[str, str], ...] = ()
    zone: ZoneInfo = field(default=CENTRAL_EUROPE)
    version: str = ""

    @property
    def refused(self) -> tuple[DocumentRow, ...]:
        """The documents that were refused as a whole."""
        return tuple(row for row in self.documents if row.verdict is Verdict.REFUSED)
