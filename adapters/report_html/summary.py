"""The head of the report: what was cleared, the few numbers that matter, and what is abnormal.

Report by exception: a reader with one minute reads the tiles and the list of problems, which is empty
when all is well. Quantities of several intervals are summed as energy (MWh), because MW of different
times do not add.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median

from adapters.report_html.exchange import net_flows
from adapters.report_html.figures import DASH, Figures, number
from adapters.report_html.page import MarketReport
from adapters.report_html.zones import Slice
from gateway.flow import State
from gateway.model import ZERO
from gateway.report import Severity
from gateway.results import Award, Fate, ServedNeed, Verdict
from gateway.time import Interval, market_day

_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: what it is, its value, what explains it, and whether it is abnormal."""

    label: str
    value: str
    note: str = ""
    abnormal: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something abnormal in words, and the part of the page that shows more."""

    kind: str
    text: str
    link: str


def period(parts: Iterable[Slice]) -> Interval | None:
    """Return the time from the first to the last interval, or None where there is none."""
    intervals = [part.interval for part in parts]
    return Interval(intervals[0].start, intervals[-1].end) if intervals else None


def headline(report: MarketReport, parts: tuple[Slice, ...], figures: Figures) -> tuple[str, str]:
    """Return the title of the page and the sentence below it."""
    market, span = report.procurement.market, period(parts)
    when = "no interval" if span is None else _when(span, figures)
    title = f"{market.reserve} market result, {when}"
    count = f"{len(parts)} interval{'s' if len(parts) != 1 else ''}"
    scheme = report.procurement.scheme.title
    return title, f"{scheme}. Cleared by {market.operator.id.value} ({market.operator.role}): {count}."


def _when(span: Interval, figures: Figures) -> str:
    """Return the day where *span* is a whole one, with its hours; else its clock times."""
    if span == market_day(span.start.astimezone(figures.zone).date(), figures.zone):
        return f"{figures.day(span.start)}, whole day of {span.duration // timedelta(hours=1)} hours"
    return figures.span(span)


def tiles(report: MarketReport, parts: tuple[Slice, ...], figures: Figures) -> tuple[Tile, ...]:
    """Return the few figures that matter, each with a note."""
    result = report.procurement.result
    return (
        _needs_tile(result.needs),
        _bids_tile(result.awards),
        _price_tile(parts, result.currency, figures),
        _borders_tile(parts),
        Tile(
            "Documents read",
            str(len(report.documents)),
            _refusals(report),
            abnormal=any(row.verdict is not Verdict.ACCEPTED for row in report.documents),
        ),
        Tile(
            "Cost at clearing prices",
            f"{figures.money(_cost(result.awards))} {result.currency}",
            "paid to providers less what they pay",
        ),
        Tile(
            "Welfare",
            f"{figures.money(result.welfare)} {result.currency}/h",
            "needs without a limit price count at the price cap",
        ),
    )


def problems(report: MarketReport, figures: Figures) -> tuple[Problem, ...]:
    """Return what is abnormal, the gravest kind first; long lists are cut and say so."""
    kinds = (_refused_documents(report), _unserved_needs(report, figures), _late_steps(report, figures))
    return tuple(problem for kind in kinds for problem in _cut(list(kind)))


def _cut(found: list[Problem]) -> list[Problem]:
    more = len(found) - _MOST_LISTED
    if more <= 0:
        return found
    last = found[_MOST_LISTED]
    return [*found[:_MOST_LISTED], Problem(last.kind, f"{more} more of this kind", last.link)]


def _refused_documents(report: MarketReport) -> Iterator[Problem]:
    for row in sorted(report.documents, key=lambda row: row.verdict is not Verdict.REFUSED):
        if row.verdict is Verdict.ACCEPTED:
            continue
        causes = [finding for finding in row.report.findings if finding.severity is Severity.REJECT]
        cause = str(causes[0]) if causes else "no reason was given"
        more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
        kind = "Document refused" if row.verdict is Verdict.REFUSED else "Series refused"
        yield Problem(kind, f"{row.file}: {cause}{more}", "documents")


def _unserved_needs(report: MarketReport, figures: Figures) -> Iterator[Problem]:
    for need in report.procurement.result.needs:
        if unserved(need):
            where = f"{figures.area(need.area)}, {figures.span(need.interval)}"
            missing = f"{figures.power(need.unserved_mw)} of {figures.power(need.requested_mw)} MW {need.direction}"
            yield Problem("Need not served", f"{where}: {missing} are missing", "needs")


def _late_steps(report: MarketReport, figures: Figures) -> Iterator[Problem]:
    for interval, flow in report.procurement.flows:
        for step in flow.steps:
            if flow.states[step.number] is State.OVERDUE:
                yield Problem("Step late", f"{figures.span(interval)}: {step.origin} {step.action}", "steps")


def unserved(need: ServedNeed) -> bool:
    """Whether a need without a limit price is not met: with one, its own price may be the cause."""
    return need.limit_price is None and need.unserved_mw > ZERO


def _hours(interval: Interval) -> Decimal:
    return Decimal(int(interval.duration.total_seconds())) / 3600


def _refusals(report: MarketReport) -> str:
    partly = sum(row.verdict is Verdict.PARTLY_ACCEPTED for row in report.documents)
    return f"{len(report.refused)} refused" + (f", {partly} in part" if partly else "")


def _needs_tile(needs: tuple[ServedNeed, ...]) -> Tile:
    requested = sum((need.requested_mw * _hours(need.interval) for need in needs), ZERO)
    served = sum((need.served_mw * _hours(need.interval) for need in needs), ZERO)
    left = sum((need.unserved_mw * _hours(need.interval) for need in needs if unserved(need)), ZERO)
    note = f"{number(left, 1)} MWh unserved" if left else "no inelastic need is left unserved"
    return Tile("Needs served", f"{number(served, 1)} of {number(requested, 1)} MWh", note, abnormal=bool(left))


def _bids_tile(awards: tuple[Award, ...]) -> Tile:
    accepted = sum(award.quantity_mw > ZERO for award in awards)
    blocked = sum(award.fate is Fate.BLOCKED for award in awards)
    note = f"{blocked} blocked by a system operator" if blocked else "none blocked"
    return Tile("Bids accepted", f"{number(Decimal(accepted), 0)} of {number(Decimal(len(awards)), 0)}", note)


def _price_tile(parts: tuple[Slice, ...], currency: str, figures: Figures) -> Tile:
    prices = sorted(price.price for part in parts for price in part.prices)
    areas = {price.area for part in parts for price in part.prices}
    if not prices:
        return Tile("Clearing price", DASH, "no price was formed")
    lowest, highest = figures.price(prices[0]), figures.price(prices[-1])
    value = lowest if lowest == highest else f"{lowest} to {highest}"
    note = f"{len(areas)} area{'s' if len(areas) != 1 else ''}, median {figures.price(median(prices))}"
    return Tile("Clearing price", f"{value} {currency}/MWh", note)


def _borders_tile(parts: tuple[Slice, ...]) -> Tile:
    borders = [flow for part in parts for flow in net_flows(part.flows, part.area_prices)]
    full = sum(flow.full for flow in borders)
    return Tile("Full borders", f"{full} of {len(borders)}", "borders times intervals")


def _cost(awards: Iterable[Award]) -> Decimal:
    priced = ((award, award.price) for award in awards if award.price is not None)
    return sum((a.direction.sign * a.quantity_mw * price * _hours(a.interval) for a, price in priced), ZERO)
