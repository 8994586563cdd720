"""Whatever a clearing answers, the page is whole, tells of everything, and draws no nonsense."""

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.report_html import render
from gateway.identifiers import AreaId
from gateway.model import Direction
from gateway.results import Award, ClearingPrice, ExchangeFlow, Fate, ServedNeed
from tests.adapters.example import BUYER, PROVIDER, QUARTERS
from tests.adapters.report_html.pages import Page
from tests.adapters.report_html.results import report_of

AREAS = [AreaId(name, "example") for name in ("A", "B", "C", "D")]
powers = st.decimals(0, 5_000, places=3)
prices = st.decimals(-15_000, 15_000, places=2)
areas = st.sampled_from(AREAS)
intervals = st.sampled_from(QUARTERS)
names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)

awards = st.builds(
    lambda offered, share, **fields: Award(
        provider=PROVIDER.id, offered_mw=offered, quantity_mw=(offered * share).quantize(Decimal("0.001")), **fields
    ),
    offered=powers,
    share=st.decimals(0, 1, places=2),
    bid_id=names,
    area=areas,
    direction=st.sampled_from([Direction.UP, Direction.DOWN]),
    interval=intervals,
    bid_price=st.none() | prices,
    price=st.none() | prices,
    fate=st.sampled_from(Fate),
    reason=names,
)
needs = st.builds(
    lambda requested, share, **fields: ServedNeed(
        buyer=BUYER.id, requested_mw=requested, served_mw=(requested * share).quantize(Decimal("0.001")), **fields
    ),
    requested=powers,
    share=st.decimals(0, 1, places=2),
    need_id=names,
    area=areas,
    direction=st.sampled_from([Direction.UP, Direction.DOWN]),
    interval=intervals,
    price=st.none() | prices,
    limit_price=st.none() | prices,
)
clearing_prices = st.builds(
    lambda price, **fields: ClearingPrice(price=price, lowest=price - 1, highest=price, **fields),
    price=prices,
    area=areas,
    interval=intervals,
    product=st.sampled_from(["energy", "reserve"]),
    set_by=st.lists(names, max_size=2).map(tuple),
)
borders = st.sampled_from([(one, other) for one in AREAS for other in AREAS if one != other])
flows = st.builds(
    lambda border, capacity, share, interval: ExchangeFlow(
        from_area=border[0],
        to_area=border[1],
        interval=interval,
        quantity_mw=(capacity * share).quantize(Decimal("0.001")),
        capacity_mw=capacity,
    ),
    borders,
    powers,
    st.decimals(0, 1, places=2),
    intervals,
)
pieces = st.lists(awards | needs | clearing_prices | flows, max_size=25)


@settings(max_examples=max(8, settings().max_examples))
@given(pieces)
def test_every_result_has_a_whole_page(found: list[Award | ServedNeed | ClearingPrice | ExchangeFlow]) -> None:
    text = render(report_of(*found))
    page = Page(text)
    assert page.faults == []
    assert page.open == []
    numbers = " ".join(
        value for tag, attributes in page.elements if tag in {"path", "text", "rect"} for value in attributes.values()
    )
    assert not re.search(r"nan|inf|e[+-]", numbers.lower().replace("need", "").replace("dense", "").replace("node", ""))


@settings(max_examples=max(8, settings().max_examples))
@given(st.lists(awards, min_size=1, max_size=10))
def test_every_bid_is_told_of(found: list[Award]) -> None:
    page = Page(render(report_of(*found)))
    assert {award.bid_id.strip() for award in found if award.bid_id.strip()} <= set(page.words["th"])


@settings(max_examples=max(8, settings().max_examples))
@given(st.lists(awards, max_size=12, unique_by=lambda award: (award.interval, award.area, award.bid_id)))
def test_the_order_of_a_result_does_not_matter(found: list[Award]) -> None:
    assert render(report_of(*found)) == render(report_of(*found[::-1]))
