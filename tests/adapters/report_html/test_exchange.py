"""Exchange is drawn once per border, in the direction in which it flows, with congestion in form and word."""

from decimal import Decimal
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from lxml.etree import _Element, fromstring

from adapters.report_html.exchange import NODE_HEIGHT, NODE_WIDTH, NetFlow, draw, layout, net_flows
from adapters.report_html.figures import Figures
from gateway.identifiers import AreaId
from gateway.results import ExchangeFlow
from tests.adapters.example import MARKET, NORTH, QUARTER, SOUTH, procured

FIGURES = Figures.of(procured().result, MARKET, ZoneInfo("Europe/Oslo"))


def area(name: str) -> AreaId:
    return AreaId(name, "example")


def flow(origin: AreaId, target: AreaId, mw: int, capacity: int) -> ExchangeFlow:
    return ExchangeFlow(
        from_area=origin, to_area=target, interval=QUARTER, quantity_mw=Decimal(mw), capacity_mw=Decimal(capacity)
    )


def test_two_directions_become_the_one_that_flows() -> None:
    both = [flow(SOUTH, NORTH, 0, 60), flow(NORTH, SOUTH, 45, 45)]
    assert net_flows(both, {}) == (NetFlow(NORTH, SOUTH, Decimal(45), Decimal(45)),)
    opposed = [flow(SOUTH, NORTH, 50, 60), flow(NORTH, SOUTH, 45, 45)]
    assert net_flows(opposed, {}) == (NetFlow(SOUTH, NORTH, Decimal(5), Decimal(60)),)


def test_an_idle_border_is_told_in_the_direction_that_would_pay() -> None:
    both = [flow(SOUTH, NORTH, 0, 60), flow(NORTH, SOUTH, 0, 0)]
    prices = {NORTH: Decimal(40), SOUTH: Decimal(90)}
    (idle,) = net_flows(both, prices)
    assert (idle.origin, idle.closed, idle.full) == (NORTH, True, False)
    (idle,) = net_flows(both, {})
    assert (idle.origin, idle.closed) == (SOUTH, False)


@pytest.mark.parametrize(
    ("mw", "capacity", "states"), [(45, 45, {"full"}), (44, 45, set()), (0, 45, set()), (0, 0, {"closed"})]
)
def test_full_and_closed(mw: int, capacity: int, states: set[str]) -> None:
    net = NetFlow(NORTH, SOUTH, Decimal(mw), Decimal(capacity))
    assert {state for state in ("full", "closed") if getattr(net, state)} == states


def drawn(*flows: ExchangeFlow) -> _Element:
    plan = layout([NORTH, SOUTH], [(NORTH, SOUTH)])
    prices = {NORTH: Decimal(60), SOUTH: Decimal(90)}
    return fromstring(draw(net_flows(flows, prices), plan, prices, "T", FIGURES))


def texts(root: _Element) -> list[str]:
    return [element.text or "" for element in root.iter("text")]


def test_a_full_border_is_told_by_line_mark_and_word() -> None:
    root = drawn(flow(NORTH, SOUTH, 45, 45))
    assert [path.attrib["class"] for path in root.iter("path")] == ["flow full", "diamond"]
    assert texts(root) == ["45 / 45 full", "North", "60.00", "South", "90.00"]


def test_a_free_border_has_an_arrow_and_an_idle_one_has_none() -> None:
    (free,) = drawn(flow(NORTH, SOUTH, 20, 45)).iter("path")
    assert (free.attrib["class"], free.attrib["marker-end"]) == ("flow flowing", "url(#arrow-flowing)")
    (idle,) = drawn(flow(NORTH, SOUTH, 0, 45)).iter("path")
    assert (idle.attrib["class"], idle.attrib.get("marker-end")) == ("flow idle", None)
    assert "closed" in texts(drawn(flow(NORTH, SOUTH, 0, 0)))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 40])
def test_nodes_do_not_cover_each_other_and_stay_on_the_page(count: int) -> None:
    areas = [area(f"A{number:02}") for number in range(count)]
    plan = layout(areas, list(pairwise(areas)))
    assert set(plan.places) == set(areas)
    for x, y in plan.places.values():
        assert NODE_WIDTH / 2 <= x <= plan.width - NODE_WIDTH / 2
        assert NODE_HEIGHT / 2 <= y <= plan.height - NODE_HEIGHT / 2
    for (x1, y1), (x2, y2) in combinations(plan.places.values(), 2):
        assert abs(x1 - x2) >= NODE_WIDTH or abs(y1 - y2) >= NODE_HEIGHT


def test_neighbours_stand_side_by_side() -> None:
    ring = [area(name) for name in ("A", "D", "B", "E", "C", "F")]
    borders = [*pairwise(ring), (ring[-1], ring[0])]
    around = list(layout(ring, borders).places)
    steps = {abs(around.index(one) - around.index(other)) for one, other in borders}
    assert steps <= {1, len(ring) - 1}


def test_the_layout_does_not_depend_on_the_order_of_its_input() -> None:
    areas = [area(name) for name in "CABED"]
    borders = [(areas[0], areas[2]), (areas[1], areas[3])]
    assert layout(areas, borders) == layout(reversed(areas), borders[::-1])


def test_labels_do_not_cover_each_other() -> None:
    areas = [area(name) for name in ("A", "B", "C", "D", "E")]
    flows = [flow(one, other, 10, 100) for one, other in combinations(areas, 2)]
    plan = layout(areas, list(combinations(areas, 2)))
    root = fromstring(draw(net_flows(flows, {}), plan, {}, "T", FIGURES))
    grounds = [rect.attrib for rect in root.iter("rect") if rect.attrib["class"] == "flow-ground"]
    boxes = [tuple(float(each[key]) for key in ("x", "y", "width", "height")) for each in grounds]
    assert len(boxes) == 10
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(boxes, 2):
        assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1
