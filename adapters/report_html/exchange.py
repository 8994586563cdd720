"""The picture of exchange: areas on a circle, flows between them as arrows with MW and capacity.

The places of the areas depend only on which borders there are, so the pictures of all intervals can be
compared at a glance. A border that is full is told by a thick line, a diamond and the word, never by
colour alone; one that is closed or idle is dashed and has no arrow.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from adapters.report_html.figures import Figures, plain, shortened
from adapters.report_html.svg import picture, tag, text
from gateway.identifiers import AreaId
from gateway.model import ZERO
from gateway.results import ExchangeFlow

NODE_WIDTH, NODE_HEIGHT = 128.0, 44.0
_LABEL_HEIGHT = 17.0
_LETTER = 6.8
"""Width of a letter of a label, about."""
_ROW = 2
"""So many areas stand in a row; more of them on a circle."""
_SHARES = (0.5, 0.42, 0.58, 0.36, 0.64, 0.3, 0.7, 0.25, 0.75)
"""Where on a line its label may stand, tried in this order."""

_ASIDE = (0.0, -15.0, 15.0)
"""How far above the line it may stand."""

Point = tuple[float, float]
Borders = Collection[tuple[AreaId, AreaId]]


@dataclass(frozen=True, slots=True)
class NetFlow:
    """What flows over one border in the end, in the direction in which it flows."""

    origin: AreaId
    target: AreaId
    quantity_mw: Decimal
    capacity_mw: Decimal

    @property
    def full(self) -> bool:
        """Whether the border carries all it may."""
        return self.quantity_mw > ZERO and self.quantity_mw >= self.capacity_mw

    @property
    def closed(self) -> bool:
        """Whether nothing may flow."""
        return self.capacity_mw == ZERO


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of the areas on a page of ``width`` and ``height``."""

    width: float
    height: float
    places: dict[AreaId, Point]


def net_flows(flows: Iterable[ExchangeFlow], prices: Mapping[AreaId, Decimal]) -> tuple[NetFlow, ...]:
    """Join the two directions of each border, of which at most one is left to flow.

    Where nothing flows, the direction is that in which it would pay to: from the lower of the *prices* to the higher.
    """
    both: dict[tuple[AreaId, AreaId], ExchangeFlow] = {(flow.from_area, flow.to_area): flow for flow in flows}
    found = []
    for origin, target in sorted({(min(pair), max(pair)) for pair in both}):
        forward, backward = both.get((origin, target)), both.get((target, origin))
        net = (forward.quantity_mw if forward else ZERO) - (backward.quantity_mw if backward else ZERO)
        capacity, other = (flow.capacity_mw if flow else ZERO for flow in (forward, backward))
        gain = prices.get(target, ZERO) - prices.get(origin, ZERO)
        if (net, gain, capacity) >= (ZERO, ZERO, other):
            found.append(NetFlow(origin, target, net, capacity))
        else:
            found.append(NetFlow(target, origin, -net, other))
    return tuple(found)


def layout(areas: Iterable[AreaId], borders: Borders) -> Layout:
    """Place *areas* on a circle, neighbours near each other."""
    order = _around(sorted(areas), borders)
    count = len(order)
    # Wide enough for the nodes beside each other and for a label on the lines between them.
    radius = max(130.0, count * (NODE_WIDTH + 44) / (2 * math.pi))
    radius_x, radius_y = (radius * 1.55, radius) if count > _ROW else (240.0, 0.0)
    centre_x, centre_y = radius_x + NODE_WIDTH / 2 + 8, radius_y + NODE_HEIGHT / 2 + 12
    places = {}
    for at, area in enumerate(order):
        angle = 2 * math.pi * at / count - (math.pi / 2 if count > _ROW else math.pi)
        places[area] = (centre_x + radius_x * math.cos(angle), centre_y + radius_y * math.sin(angle))
    return Layout(2 * centre_x, 2 * centre_y, places)


def draw(
    flows: Sequence[NetFlow], plan: Layout, prices: Mapping[AreaId, Decimal], title: str, figures: Figures
) -> Markup:
    """Return the picture of *flows* between areas with their *prices*."""
    taken = [_around_point(place, NODE_WIDTH, NODE_HEIGHT) for place in plan.places.values()]
    content = [_line(flow, plan) for flow in flows]
    for flow in flows:
        words = _words(flow)
        content.append(_label(flow, words, _free_box(flow, plan, _width(words, flow), taken)))
    content += [_node(place, area, prices.get(area), figures) for area, place in plan.places.items()]
    said = [f"{figures.area(f.origin)} to {figures.area(f.target)}: {_words(f)}" for f in flows]
    return picture(plan.width, plan.height, title, "MW flowing / MW of capacity. " + "; ".join(said) + ".", content)


def _words(flow: NetFlow) -> str:
    if flow.closed:
        return "closed"
    amount = f"{plain(flow.quantity_mw)} / {plain(flow.capacity_mw)}"
    return f"{amount} full" if flow.full else amount


def _line(flow: NetFlow, plan: Layout) -> Markup:
    start = _edge(plan.places[flow.origin], plan.places[flow.target])
    end = _edge(plan.places[flow.target], plan.places[flow.origin])
    kind = "full" if flow.full else "flowing" if flow.quantity_mw else "idle"
    marker = None if kind == "idle" else f"url(#arrow-{kind})"
    way = f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
    return tag("path", d=way, class_=f"flow {kind}", marker_end=marker)


def _label(flow: NetFlow, words: str, box: Box) -> Markup:
    """Return the words of a flow on a ground that hides the line behind them."""
    left, top, right, bottom = box
    ground = tag("rect", x=left, y=top, width=right - left, height=bottom - top, class_="flow-ground")
    if not flow.full:
        return ground + text(words, (left + right) / 2, bottom - 4.5, anchor="middle", class_="flow-label")
    diamond = tag("path", d=f"M{left + 8:.1f} {(top + bottom) / 2 - 6:.1f}l6 6l-6 6l-6 -6Z", class_="diamond")
    return ground + diamond + text(words, left + 18, bottom - 4.5, class_="flow-label full")


def _node(place: Point, area: AreaId, price: Decimal | None, figures: Figures) -> Markup:
    x, y = place
    name = shortened(figures.area(area), int((NODE_WIDTH - 8) / (_LETTER + 0.6)))
    return tag(
        "g",
        tag(
            "rect",
            x=x - NODE_WIDTH / 2,
            y=y - NODE_HEIGHT / 2,
            width=NODE_WIDTH,
            height=NODE_HEIGHT,
            rx=6,
            class_="node",
        ),
        text(name, x, y - 4, anchor="middle", class_="node-name"),
        text(figures.price(price), x, y + 13, anchor="middle", class_="node-price"),
    )


def _edge(inside: Point, towards: Point) -> Point:
    """Return where the line from a node's centre leaves its box, with a little air."""
    dx, dy = towards[0] - inside[0], towards[1] - inside[1]
    reach = min(
        (NODE_WIDTH / 2 + 5) / abs(dx) if dx else math.inf,
        (NODE_HEIGHT / 2 + 5) / abs(dy) if dy else math.inf,
    )
    return inside[0] + dx * min(reach, 0.5), inside[1] + dy * min(reach, 0.5)


Box = tuple[float, float, float, float]


def _around_point(place: Point, width: float, height: float) -> Box:
    return place[0] - width / 2, place[1] - height / 2, place[0] + width / 2, place[1] + height / 2


def _width(words: str, flow: NetFlow) -> float:
    return len(words) * _LETTER * (1.08 if flow.full else 1) + 6 + 16 * flow.full


def _free_box(flow: NetFlow, plan: Layout, width: float, taken: list[Box]) -> Box:
    """Return the first box on or beside the line that covers no node and no other label, or the least bad one."""
    (x1, y1), (x2, y2) = plan.places[flow.origin], plan.places[flow.target]
    points = [
        (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share + aside)
        # On a level line the label would hide most of it.
        for aside in (_ASIDE if abs(y1 - y2) > _LABEL_HEIGHT else _ASIDE[1:])
        for share in _SHARES
    ]
    boxes = [_around_point(point, width, _LABEL_HEIGHT) for point in points]
    free = (box for box in boxes if not any(_overlap(box, other) for other in taken))
    box = next(free, None) or min(boxes, key=lambda box: sum(_overlap(box, other) for other in taken))
    taken.append(box)
    return box


def _overlap(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, width) * max(0.0, height)


def _around(areas: list[AreaId], borders: Borders) -> list[AreaId]:
    """Return *areas* in an order around the circle that keeps borders short: pairs are swapped while that helps."""
    order = list(areas)
    length = _length(order, borders)
    improved = True
    while improved:
        improved = False
        for left in range(len(order)):
            for right in range(left + 1, len(order)):
                swapped = [*order[:left], *reversed(order[left : right + 1]), *order[right + 1 :]]
                shorter = _length(swapped, borders)
                if shorter < length:
                    order, length, improved = swapped, shorter, True
    return order


def _length(order: Sequence[AreaId], borders: Borders) -> int:
    """Return the sum of steps around the circle between the ends of all borders."""
    at = {area: place for place, area in enumerate(order)}
    gaps = (abs(at[one] - at[other]) for one, other in borders if one in at and other in at)
    return sum(min(gap, len(order) - gap) for gap in gaps)
