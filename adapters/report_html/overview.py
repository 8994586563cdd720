"""Prices at a glance: a picture per market day for many intervals, and always the table of numbers."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from adapters.report_html import heat
from adapters.report_html.exchange import net_flows
from adapters.report_html.figures import Figures
from adapters.report_html.summary import unserved
from adapters.report_html.zones import Slice
from gateway.identifiers import AreaId

FEW = 8
"""Up to so many intervals the table alone is the overview."""


@dataclass(frozen=True, slots=True)
class PriceCell:
    """The price of one area and interval, its shade, and whether a need is unserved there."""

    price: str
    shade: int | None
    unserved: bool


@dataclass(frozen=True, slots=True)
class PriceRow:
    """The prices of one interval; ``anchor`` leads to its details."""

    anchor: str
    day: str
    clock: str
    utc: str
    cells: tuple[PriceCell, ...]
    full_borders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The pictures of the days, the legend of their shades, and the table of prices."""

    pictures: tuple[tuple[str, Markup], ...]
    legend: tuple[tuple[int, str], ...]
    areas: tuple[str, ...]
    rows: tuple[PriceRow, ...]


def anchor(part: Slice) -> str:
    """Return the name of the place on the page where an interval is described."""
    return f"interval-{part.interval.start:%Y%m%dT%H%M%SZ}"


def overview(parts: tuple[Slice, ...], figures: Figures) -> Overview:
    """Return the prices of all intervals at a glance."""
    areas = tuple(sorted({price.area for part in parts for price in part.prices}, key=figures.area))
    prices = {(area, part.interval): price for part in parts for area, price in part.area_prices.items()}
    shading = heat.Shading.of(prices.values())
    days = heat.days(
        prices,
        [part.interval for part in parts if any(map(unserved, part.needs))],
        [part.interval for part in parts if any(flow.full for flow in net_flows(part.flows, part.area_prices))],
        figures.zone,
    )
    pictures = tuple(
        (_day_title(day, figures), heat.draw(day, areas, shading, f"Prices of {figures.day(day.day.start)}", figures))
        for day in days
        if len(parts) > FEW
    )
    return Overview(
        pictures=pictures,
        legend=heat.legend(shading, figures),
        areas=tuple(figures.area(area) for area in areas),
        rows=tuple(_row(part, areas, shading, figures) for part in parts),
    )


def _day_title(day: heat.Day, figures: Figures) -> str:
    hours = int(day.day.duration.total_seconds()) // 3600
    return f"{figures.day(day.day.start)}, a day of {hours} hours, local time {figures.zone.key}"


def _row(part: Slice, areas: tuple[AreaId, ...], shading: heat.Shading, figures: Figures) -> PriceRow:
    return PriceRow(
        anchor=anchor(part),
        day=figures.day(part.interval.start),
        clock=figures.clock(part.interval),
        utc=figures.utc(part.interval),
        cells=tuple(_cell(part, area, shading, figures) for area in areas),
        full_borders=sum(flow.full for flow in net_flows(part.flows, part.area_prices)),
    )


def _cell(part: Slice, area: AreaId, shading: heat.Shading, figures: Figures) -> PriceCell:
    price = part.price(area)
    missing = any(unserved(need) for need in part.needs if need.area == area)
    if price is None:
        return PriceCell(figures.price(None), None, missing)
    shade = None if shading.low == shading.high else shading.shade(price.price)
    return PriceCell(figures.price(price.price), shade, missing)
