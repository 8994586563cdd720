"""The market result as one self-contained page.

The page asks the network for nothing and holds its own style sheet and script. Its Content Security
Policy allows exactly these two, by their digests, so that nothing a document says can run or load
anything, whatever it says. Without the script everything can still be read; the script only sorts and
filters. The same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.report_html.assets import asset, environment, policy
from adapters.report_html.figures import Figures
from adapters.report_html.intervals import interval_view, plan
from adapters.report_html.overview import FEW, anchor, overview
from adapters.report_html.page import DocumentRow, MarketReport
from adapters.report_html.remarks import remark_lists
from adapters.report_html.summary import headline, problems, tiles
from adapters.report_html.tables import bid_rows, file_rows, need_rows, step_rows
from adapters.report_html.zones import Slice, slices
from gateway.clearing.price_setters import price_settings
from gateway.results import ClearingResult

__all__ = ["DocumentRow", "MarketReport", "render"]


def render(report: MarketReport) -> str:
    """Return *report* as an HTML page."""
    procurement = report.procurement
    result = procurement.result
    figures = Figures.of(result, procurement.market, report.zone)
    parts = slices(result)
    layout = plan(parts)
    title, subtitle = headline(report, parts, figures)
    return (
        environment()
        .get_template("report.html")
        .render(
            title=title,
            subtitle=subtitle,
            report=report,
            result=result,
            style=asset("report.css"),
            script=asset("report.js"),
            policy=policy(),
            tiles=tiles(report, parts, figures),
            problems=problems(report, figures),
            overview=overview(parts, figures),
            intervals=[interval_view(part, layout, result.currency, figures) for part in parts],
            price_reasons=_price_reasons(result, parts, figures),
            unfolded=len(parts) <= FEW,
            steps=step_rows(report),
            bids=bid_rows(parts, figures),
            needs=need_rows(parts, figures),
            documents=file_rows(report),
            remarks=remark_lists(report, figures),
        )
    )


def _price_reasons(result: ClearingResult, parts: Iterable[Slice], figures: Figures) -> dict[str, list[str]]:
    """Return, by the anchor of an interval, what set each of its prices."""
    settings = price_settings(result)
    return {
        anchor(part): [figures.named(each.reason) for each in settings if each.interval == part.interval]
        for part in parts
    }
