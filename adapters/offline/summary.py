"""What `gateway clear` tells a person in the end, as plain lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from adapters.offline.outputs import Outputs
from adapters.offline.reception import shown
from adapters.offline.run import Run
from adapters.report_html.figures import Figures
from adapters.report_html.summary import unserved
from gateway.report import Severity
from gateway.results import ClearingPrice, ClearingResult, ServedNeed, Verdict

MOST_LINES = 24
"""Prices and refusals told one by one; more of them are in the report."""

MOST_NOTES = 6
"""Notes told one by one."""


def summary(outcome: Run, written: Outputs, out: Path) -> Iterator[str]:
    """Yield the lines of the summary of *outcome*, which was written to *out*."""
    result = outcome.procurement.result
    figures = Figures.of(result, outcome.settings.market, outcome.settings.zone)
    yield from _documents(outcome)
    yield from _bids(result)
    yield from _needs(result, figures)
    yield from _prices(result, figures)
    yield f"Welfare: {figures.money(result.welfare)} {result.currency} per hour"
    notes = list(dict.fromkeys(result.notes))
    yield from _limited([f"Note: {figures.named(note)}" for note in notes], "notes", MOST_NOTES)
    yield outcome.clock
    yield f"{len(written.files)} files are in {out}; begin with {out / 'report.html'}"


def _documents(outcome: Run) -> Iterator[str]:
    verdicts = Counter(document.verdict for document in outcome.received)
    told = ", ".join(f"{count} {verdict}" for verdict in Verdict if (count := verdicts[verdict]))
    yield f"Documents: {len(outcome.received)} read, {told or 'none accepted'}"
    refusals = []
    for document in outcome.received:
        if document.verdict is not Verdict.ACCEPTED:
            causes = [str(f) for f in document.report.findings if f.severity is Severity.REJECT]
            more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
            refusals.append(
                f"  {shown(document.file)} {document.verdict}: {causes[0] if causes else 'no reason'}{more}"
            )
    yield from _limited(refusals, "documents")
    if outcome.folder.ignored:
        yield "Ignored: " + ", ".join(f"{shown(entry.name)} ({entry.reason})" for entry in outcome.folder.ignored)


def _bids(result: ClearingResult) -> Iterator[str]:
    yield f"Bids: {len(result.awards)}"
    fates = Counter(award.fate for award in result.awards)
    for fate, count in sorted(fates.items(), key=lambda entry: (-entry[1], entry[0])):
        yield f"  {count:>5} {fate}"


def _needs(result: ClearingResult, figures: Figures) -> Iterator[str]:
    whole = sum(not need.unserved_mw for need in result.needs)
    yield f"Needs: {whole} of {len(result.needs)} served in full"
    yield from _limited([_need(need, figures) for need in result.needs if need.unserved_mw], "needs")


def _need(need: ServedNeed, figures: Figures) -> str:
    why = "UNSERVED" if unserved(need) else "within its limit price"
    amount = f"{figures.power(need.served_mw)} of {figures.power(need.requested_mw)} MW {need.direction}"
    return f"  {figures.area(need.area)} {figures.span(need.interval)}: {amount}, {why}"


def _prices(result: ClearingResult, figures: Figures) -> Iterator[str]:
    yield f"Prices in {result.currency}/MWh:"
    by_interval: dict[str, list[ClearingPrice]] = {}
    for price in sorted(result.prices, key=lambda price: (price.interval, figures.area(price.area))):
        by_interval.setdefault(figures.span(price.interval), []).append(price)
    lines = [f"  {interval}: {_one_interval(prices, figures)}" for interval, prices in by_interval.items()]
    yield from _limited(lines or ["  none was formed"], "intervals")


def _one_interval(prices: list[ClearingPrice], figures: Figures) -> str:
    areas: dict[Decimal, list[str]] = {}
    for price in prices:
        areas.setdefault(price.price, []).append(figures.area(price.area))
    return "; ".join(f"{figures.price(amount)} in {', '.join(names)}" for amount, names in sorted(areas.items()))


def _limited(lines: list[str], what: str, most: int = MOST_LINES) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"  and {len(lines) - most} more {what}: see the report"
