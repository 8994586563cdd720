"""One interval in detail: its areas, the exchange between them, and the merit orders of its price zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from adapters.report_html import exchange, merit_order
from adapters.report_html.exchange import Layout, NetFlow
from adapters.report_html.figures import DASH, Figures
from adapters.report_html.merit_order import MeritOrder
from adapters.report_html.overview import anchor
from adapters.report_html.summary import unserved
from adapters.report_html.zones import Slice, price_zones
from gateway.identifiers import AreaId
from gateway.model import ZERO, Direction
from gateway.results import ClearingPrice, ServedNeed

_HALF_PAGE = 760
"""Pictures wider than this take the full width."""

DIRECTIONS = (Direction.UP, Direction.DOWN)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """What happened in one area; ``needs`` and ``accepted`` have a column per direction."""

    name: str
    price: str
    supported: str
    set_by: str
    needs: tuple[str, ...]
    accepted: tuple[str, ...]
    net_export: str
    unserved: bool


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What flows over one border."""

    origin: str
    target: str
    flow: str
    capacity: str
    state: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One bid of a merit order."""

    bid_id: str
    area: str
    price: str
    offered: str
    accepted: str
    up_to: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands out in an interval; ``grave`` where someone has to act."""

    text: str
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """A merit order as picture, sentence and table."""

    title: str
    picture: Markup
    sentence: str
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalView:
    """Everything that the page shows of one interval."""

    anchor: str
    label: str
    utc: str
    price: str
    remarks: tuple[Remark, ...]
    areas: tuple[AreaRow, ...]
    exchange: Markup | None
    wide: bool
    flows: tuple[FlowRow, ...]
    orders: tuple[OrderView, ...]


def plan(parts: Iterable[Slice]) -> Layout:
    """Return one layout of areas and borders that serves the pictures of all intervals."""
    areas: set[AreaId] = set()
    borders: set[tuple[AreaId, AreaId]] = set()
    for part in parts:
        borders.update((flow.from_area, flow.to_area) for flow in part.flows)
        areas.update(part.areas)
    return exchange.layout(areas, {(min(pair), max(pair)) for pair in borders})


def interval_view(part: Slice, layout: Layout, currency: str, figures: Figures) -> IntervalView:
    """Return what the page shows of *part*."""
    prices = part.area_prices
    flows = exchange.net_flows(part.flows, prices)
    label = figures.span(part.interval)
    drawn = exchange.draw(flows, layout, prices, f"Exchange between areas, {label}", figures) if flows else None
    return IntervalView(
        anchor=anchor(part),
        label=label,
        utc=figures.utc(part.interval),
        price=_price_words(part, currency, figures),
        remarks=tuple(_remarks(part, flows, figures)),
        areas=tuple(_area_row(part, area, figures) for area in sorted(part.areas, key=figures.area)),
        exchange=drawn,
        wide=layout.width > _HALF_PAGE,
        flows=tuple(_flow_row(flow, figures) for flow in flows),
        orders=tuple(_orders(part, currency, figures)),
    )


def _price_words(part: Slice, currency: str, figures: Figures) -> str:
    prices = sorted({price.price for price in part.prices})
    if not prices:
        return "no price"
    words = figures.price(prices[0])
    return f"{words if len(prices) == 1 else f'{words} to {figures.price(prices[-1])}'} {currency}/MWh"


def _remarks(part: Slice, flows: tuple[NetFlow, ...], figures: Figures) -> Iterator[Remark]:
    left = sum((need.unserved_mw for need in part.needs if unserved(need)), ZERO)
    if left:
        yield Remark(f"{figures.power(left)} MW unserved", grave=True)
    full = sum(flow.full for flow in flows)
    if full:
        yield Remark(f"{full} border{'s' if full > 1 else ''} full", grave=False)


def _area_row(part: Slice, area: AreaId, figures: Figures) -> AreaRow:
    price = part.price(area)
    return AreaRow(
        name=figures.area(area),
        price=figures.price(price.price if price else None),
        supported=_supported(price, figures),
        set_by=", ".join(price.set_by) if price else "",
        needs=tuple(_served(part.needs_of([area], direction), figures) for direction in DIRECTIONS),
        accepted=tuple(figures.power(part.accepted_mw([area], direction)) for direction in DIRECTIONS),
        net_export=figures.power(part.net_export_mw([area])),
        unserved=any(unserved(need) for need in part.needs if need.area == area),
    )


def _supported(price: ClearingPrice | None, figures: Figures) -> str:
    """Return the range of prices that support the volumes, where it is more than the price."""
    if price is None or price.lowest == price.highest:
        return DASH
    return f"{figures.price(price.lowest)} to {figures.price(price.highest)}"


def _served(needs: tuple[ServedNeed, ...], figures: Figures) -> str:
    if not needs:
        return DASH
    served = sum((need.served_mw for need in needs), ZERO)
    requested = sum((need.requested_mw for need in needs), ZERO)
    return f"{figures.power(served)} of {figures.power(requested)}"


def _flow_row(flow: NetFlow, figures: Figures) -> FlowRow:
    state = "closed" if flow.closed else "full" if flow.full else "free" if flow.quantity_mw else "idle"
    return FlowRow(
        figures.area(flow.origin),
        figures.area(flow.target),
        figures.power(flow.quantity_mw),
        figures.power(flow.capacity_mw),
        state,
    )


def _orders(part: Slice, currency: str, figures: Figures) -> Iterator[OrderView]:
    """Yield the merit orders of every price zone in which a direction has bids or needs."""
    zones = price_zones(part)
    for zone in zones:
        price = part.price(zone[0])
        for direction in DIRECTIONS:
            order = merit_order.merit_order(
                direction,
                [award for award in part.awards if award.area in zone],
                part.needs_of(zone, direction),
                price.price if price else None,
                currency,
            )
            if order.steps or order.needs:
                where = "all areas" if len(zones) == 1 else ", ".join(map(figures.area, zone))
                yield _order_view(order, f"{str(direction).capitalize()}, {where}", part, zone, figures)


def _order_view(order: MeritOrder, title: str, part: Slice, zone: tuple[AreaId, ...], figures: Figures) -> OrderView:
    return OrderView(
        title=title,
        picture=merit_order.draw(order, f"Merit order, {title}, {figures.span(part.interval)}", figures),
        sentence=_balance(order, part, zone, figures) + merit_order.cut_off(order, figures),
        steps=tuple(
            StepRow(
                step.bid_id,
                figures.area(step.area),
                figures.price(step.price),
                figures.power(step.offered_mw),
                figures.power(step.accepted_mw),
                figures.power(step.end_mw),
            )
            for step in order.steps
        ),
    )


def _balance(order: MeritOrder, part: Slice, zone: tuple[AreaId, ...], figures: Figures) -> str:
    """Say why the accepted MW may differ from the need: exchange with other zones."""
    served = sum((need.served_mw for need in order.needs), ZERO)
    words = (
        f"Offered {figures.power(order.offered_mw)}, accepted {figures.power(order.accepted_mw)}, "
        f"needed here {figures.power(order.requested_mw)}, served {figures.power(served)} MW"
    )
    export = part.net_export_mw(zone)
    if export:
        words += f"; the zone {'exports' if export > 0 else 'imports'} {figures.power(abs(export))} MW net"
    return words + "."
